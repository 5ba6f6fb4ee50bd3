"""The array API target: current files, standard functions only, and no name that could carry code."""

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import Symbol

from modeflow.cli.program import main
from modeflow.codegen import array_api, numpy
from modeflow.language.kernels import Kernel

GENERATED = Path(array_api.__file__).parents[1] / "evaluate" / "generated" / "array_api"
# https://data-apis.org/array-api/2024.12/API_specification
STANDARD = {
    "abs",
    "copysign",
    "exp",
    "expm1",
    "finfo",
    "full_like",
    "log",
    "log1p",
    "ones_like",
    "maximum",
    "minimum",
    "sqrt",
    "square",
    "where",
}


def test_checked_in_files_are_current() -> None:
    assert array_api.stale(GENERATED) == []
    assert main(["generate", "--target", "array_api", "--check"]) == 0


def test_a_changed_file_is_seen(tmp_path: Path) -> None:
    array_api.write(tmp_path)
    file = tmp_path / "direct.py"
    file.write_text(file.read_text().replace("xp.expm1(x)", "(xp.exp(x) - 1.0)", 1))
    (found,) = array_api.stale(tmp_path)
    assert "+    F = xp.expm1(x)" in found


def test_the_arithmetic_is_that_of_the_numpy_target() -> None:
    bound = re.compile(r"np\.full_like\(\w+, ([\d.]+|np\.finfo\(\w+\.dtype\)\.tiny)\)")
    own = re.compile(r"def _(binade|signum)\(.*?\n\n\n", re.DOTALL)  # the standard cannot take numbers apart
    swapped = re.compile(r"imum\(([\d.]+), (\w+)\)")
    for name, text in array_api.generated_sources().items():
        body = text[text.index("\ndef ") :].replace("xp.", "np.").replace(").smallest_normal", ").tiny")
        body = own.sub("", bound.sub(r"\1", body))
        lines = [line for line in body.splitlines() if "array_namespace(" not in line]
        other = re.sub(
            r" if np\.any\(.*\) else s$", "", own.sub("", numpy.generated_sources()[name]), flags=re.MULTILINE
        )
        assert lines == swapped.sub(r"imum(\2, \1)", other[other.index("\ndef ") :]).splitlines()


@pytest.mark.parametrize("path", sorted(GENERATED.glob("[a-z]*.py")), ids=lambda path: str(path.name))
def test_only_standard_functions_of_the_namespace_are_called(path: Path) -> None:
    tree = ast.parse(path.read_text())
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    called = {node.attr for node in attributes if getattr(node.value, "id", "") == "xp"}
    assert called
    assert called <= STANDARD
    assert "np" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_a_function_takes_arrays_of_any_library() -> None:
    array_libraries = pytest.importorskip("array_libraries")
    balanced = pytest.importorskip("modeflow.evaluate.generated.array_api.balanced", reason="needs array-api-compat")
    at = [np.array([0.5, 1.0]), *(np.array(x) for x in (1.2, 0.3, 0.1, 0.4, 1.0))]
    expected = balanced.strength(*at)
    assert isinstance(expected, np.ndarray)
    for name in ("strict", "torch", "jax"):
        try:
            library = array_libraries.library(name)
        except pytest.skip.Exception:
            continue
        found = balanced.strength(*map(library.make, at))
        assert isinstance(found, library.kind)
        np.testing.assert_allclose(library.read(found), expected, rtol=1e-15)


def _kernel(name: str) -> Kernel:
    x: Any = Symbol(name, real=True)
    return Kernel("a_b", "says", (x,), (), (("y", x + 1),), ("some.claim",))


@pytest.mark.parametrize("name", ["xp", "array_namespace"])
def test_names_of_the_namespace_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"'{name}' cannot be a name in this target"):
        array_api.generated_sources([_kernel(name)])


def test_names_are_whitelisted() -> None:
    with pytest.raises(ValueError, match="cannot be a name in generated code"):
        array_api.array_identifier("x): import os #")
    assert "def b(x: Array)" in array_api.generated_sources([_kernel("x")])["a.py"]

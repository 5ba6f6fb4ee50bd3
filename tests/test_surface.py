"""The public surface: every name of `__all__` is there, no name changes its meaning, and old paths lead to the new."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

import modeflow
from modeflow import _surface, manuscript

ROOT = Path(__file__).resolve().parents[1]


def _found(package: object, name: str) -> Any:
    """What the name stands for; None where it is of an extra that is not installed."""
    try:
        found = getattr(package, name)
    except ImportError as error:
        if "pip install 'modeflow[" not in str(error):
            raise
        return None
    assert found is not None, name
    return found


@pytest.mark.parametrize("package", [modeflow, manuscript], ids=["modeflow", "manuscript"])
def test_every_name_of_the_surface_is_there(package: ModuleType) -> None:
    assert set(package.__all__) == set(dir(package))
    with_extras = [name for name in package.__all__ if _found(package, name) is None]
    with pytest.raises(AttributeError, match="streng") as error:
        _ = package.streng
    assert (error.value.name, error.value.obj) == ("streng", package)  # Python finds by these what may be meant
    if with_extras:
        pytest.skip(f"{', '.join(with_extras)}: of extras that are not installed")


def test_functions_stay_functions_whatever_is_imported() -> None:
    for module in ("statements.claims", "statements.catalogue", "proof.prove", "experiments.fitting"):
        import_module(f"modeflow.{module}")
    assert all(isinstance(f, FunctionType) for f in (modeflow.claims, modeflow.prove, modeflow.fit))


@pytest.mark.parametrize("old", sorted(_surface.MOVED))
def test_an_old_path_leads_to_the_new_one_and_warns(old: str) -> None:
    new = import_module(_surface.MOVED[old])
    for name in [name for name in sys.modules if name == old]:
        del sys.modules[name]
    with pytest.warns(DeprecationWarning, match=f"{old} is now {_surface.MOVED[old]}"):
        assert import_module(old) is new
    assert new.__spec__ is not None
    assert new.__name__ == new.__spec__.name == _surface.MOVED[old]


def test_a_path_that_never_was_is_not_found() -> None:
    with warnings.catch_warnings(), pytest.raises(ModuleNotFoundError):
        import_module("modeflow.eigenvalues")


def test_the_warning_names_the_line_that_imports() -> None:
    code = "import modeflow.matrices"
    done = subprocess.run([sys.executable, "-W", "always", "-c", code], capture_output=True, text=True, check=True)
    assert "<string>:1: DeprecationWarning: modeflow.matrices is now modeflow.language.matrices" in done.stderr


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TAUGHT = re.compile(r"(?<![\w./-])modeflow((?:\.[A-Za-z_]\w*)+)(?![\w/])")
NOT_NAMES = {
    "__all__",
    "derivations",
    "toml",
    "sarif",
    "mjs",
    "f90",
    "recheck",
    *(old.split(".")[1] for old in _surface.MOVED),
} - {
    "arrays",
    "data",
}


def _is_public(path: str) -> bool:
    """Whether a dotted name is one of the surface, or an attribute of one."""
    here: Any = modeflow
    for name in path.split("."):
        if not isinstance(here, ModuleType):
            here = getattr(here, name, None)
        elif name not in here.__all__:
            return False
        elif (here := _found(here, name)) is None:
            return True  # of an extra that is not installed
    return here is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_pages_teach_is_public(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {path[1:] for path in TAUGHT.findall(text)}
    named |= {n for names in re.findall(r"from modeflow import ([\w, ]+)", text) for n in names.split(", ")}
    assert [name for name in sorted(named) if name.split(".")[0] not in NOT_NAMES and not _is_public(name)] == []


@pytest.mark.parametrize(
    "path", ["language.solve.NoClosedForm", "witness", "data.pickles", "streng", "strength.streng"]
)
def test_other_names_are_not(path: str) -> None:
    assert not _is_public(path)

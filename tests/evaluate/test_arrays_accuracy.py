"""The evaluators on arrays of other libraries against Arb, in units of what the problem itself allows."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import array_libraries
import numpy as np
import pytest
from array_libraries import Library

arrays = pytest.importorskip(
    "modeflow.evaluate.arrays",
    reason="needs array-api-compat: pip install 'modeflow[arrays]'",
    exc_type=ImportError,
)
FUNCTIONS = ("strength", "weights", "loss", "learning_time")
BOUND = 4.0  # in units of 2^-52 (1 + κ), as for NumPy; measured worst 2.7 at 100 points in each regime


def _benchmark() -> Any:
    """benchmarks/accuracy.py, whose points and errors these are."""
    path = Path(__file__).parents[2] / "benchmarks" / "accuracy.py"
    spec = importlib.util.spec_from_file_location("accuracy", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["accuracy"] = module
    spec.loader.exec_module(module)
    return module


accuracy = _benchmark()


def errors(library: Library, function: str, regime: str, dtype: type[Any], factor: float = 1.0) -> Any:
    """The errors of a library's values, times a factor."""
    path = getattr(arrays, function)
    if library.name == "jax":
        path = library.module.jit(path)

    def evaluate(_: str, p: Any, __: str) -> tuple[Any, ...]:
        first = p.target if function == "learning_time" else p.t
        found = path(library.make(first), library.make(p.lam), **{n: library.make(x) for n, x in p.modes().items()})
        return tuple(library.read(x) * factor for x in (found if isinstance(found, tuple) else (found,)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accuracy, "evaluate", evaluate)
        return accuracy.errors(function, accuracy.points(regime, 40, seed=8, dtype=dtype))


@pytest.mark.costly
@pytest.mark.parametrize("name", ["strict", "torch", "jax"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_as_accurate_as_the_problem_allows(name: str, dtype: type[Any], function: str) -> None:
    library = array_libraries.library(name)
    for regime in accuracy.REGIMES:
        found = errors(library, function, regime, dtype)
        assert found.size >= 20
        assert found.max() <= BOUND, regime


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_small_error_is_seen(function: str) -> None:
    strict = array_libraries.library("strict")
    assert errors(strict, function, "same sign, bending", np.float64, 1 + 1e-13).max() > BOUND

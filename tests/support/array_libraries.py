"""The libraries whose arrays modeflow.arrays is tested with, and modes that meet every special case."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, util
from typing import Any

import numpy as np
import pytest

NAMES = ("t", "lam", "noise", "decay", "w1", "w2", "tau")
MODULES = {"torch": "torch", "jax": "jax", "dask": "dask.array", "strict": "array_api_strict"}
EXTRAS = {"torch": "torch", "jax": "arrays", "dask": "arrays", "strict": "test"}


@dataclass(frozen=True)
class Library:
    """How to make an array of a library, see whether it is one, and read it back."""

    name: str
    module: Any
    make: Callable[..., Any]
    kind: type

    def read(self, x: Any) -> np.ndarray[Any, Any]:
        """The values as a NumPy array."""
        if self.name == "dask":
            x = x.compute()
        return np.asarray(x.detach() if self.name == "torch" else x)


def library(name: str) -> Library:
    """The library, or a test skipped with a reason."""
    pytest.importorskip("array_api_compat", reason="needs array-api-compat: pip install 'modeflow[arrays]'")
    if not util.find_spec(MODULES[name].partition(".")[0]):
        pytest.skip(f"needs {MODULES[name]}: pip install 'modeflow[{EXTRAS[name]}]'")
    module = import_module(MODULES[name])
    if name == "jax":
        module.config.update("jax_enable_x64", True)
        return Library(name, module, module.numpy.asarray, module.Array)
    if name == "dask":
        return Library(name, module, lambda x: module.from_array(np.asarray(x), 37), module.Array)
    if name == "torch":
        return Library(name, module, lambda x: module.asarray(np.asarray(x)), module.Tensor)
    return Library(name, module, module.asarray, type(module.ones(1)))


def modes() -> dict[str, Any]:
    """All signs, equal, opposite and zero weights, no signal, no noise, critical decay, and the start."""
    rng = np.random.default_rng(4)
    n = 200
    at = {name: rng.exponential(1, n) for name in ("t", "lam", "noise", "tau")}
    at |= {name: rng.normal(size=n) for name in ("w1", "w2")}
    at["decay"] = np.zeros(n)
    at["w2"][:30] = at["w1"][:30]
    at["w2"][30:60] = -at["w1"][30:60]
    at["w1"][60:70] = 0
    at["w1"][70:80] = at["w2"][70:80] = 0
    at["decay"][:45] = rng.exponential(1, 45)
    at["decay"][70:75] = 0.5
    at["decay"][10:20] = at["lam"][10:20]
    at["lam"][80:100] = 0
    at["noise"][90:110] = 0
    at["lam"][20:25] = at["noise"][20:25] = at["decay"][20:25] = 0
    at["t"][::7] = 0
    return at


def call(function: Any, at: dict[str, Any], **options: Any) -> tuple[Any, ...]:
    """The function's results at these arguments, as a tuple."""
    rest = {name: x for name, x in at.items() if name not in ("t", "lam")}
    found = function(at["t"], at["lam"], **rest, **options)
    return found if isinstance(found, tuple) else (found,)

"""Arguments of types with arithmetic of their own: they are asked, as by a ufunc, and what they refuse is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modeflow
from modeflow.evaluate import native

MODE: dict[str, Any] = {"noise": 0.5, "w1": 0.1, "w2": 0.2}
BACKENDS = [
    "numpy",
    pytest.param("native", marks=pytest.mark.skipif(not native.available(), reason="no C compiler is installed")),
]


class Metres:
    """A number with a unit that takes functions of its number, and gives what it made of them."""

    def __init__(self, number: Any) -> None:
        self.number = np.asarray(number, float)

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **others: Any) -> Any:
        assert (method, function.signature, function.nargs) == ("__call__", None, function.nin + function.nout)
        found = function(*[x.number if isinstance(x, Metres) else x for x in inputs], **others)
        return tuple(map(Metres, found)) if function.nout > 1 else Metres(found)


class Refusing:
    """A type that takes no part in NumPy's functions."""

    __array_ufunc__ = None

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.ones(3)


class Ignorant:
    """A type that knows none of our functions."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.ones(3)

    def __array_ufunc__(self, *_: Any, **__: Any) -> Any:
        return NotImplemented


CALLS: dict[str, Callable[..., Any]] = {
    "strength": lambda x, **others: modeflow.strength(x, 2.0, **MODE, **others),
    "weights": lambda x, **others: modeflow.weights(x, 2.0, **MODE, **others),
    "loss": lambda x, **others: modeflow.loss(1.0, x, **MODE, **others),
    "strength_grad": lambda x, **others: modeflow.strength_grad(x, 2.0, **MODE, **others),
    "learning_time": lambda x, backend, **others: modeflow.learning_time(x, 2.0, **MODE, **others),
    "fixed_point": lambda x, backend, **others: modeflow.fixed_point(2.0, noise=x, **others),
}


def listed(found: Any) -> list[Any]:
    if isinstance(found, dict):
        return list(found.values())
    return list(found) if isinstance(found, tuple) else [found]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", CALLS)
def test_a_type_that_takes_functions_has_its_say(name: str, backend: str) -> None:
    numbers = np.array([0.1, 0.3, 0.5])
    expected, found = (listed(CALLS[name](x, backend=backend)) for x in (numbers, Metres(numbers)))
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert isinstance(one, Metres)
        np.testing.assert_array_max_ulp(one.number, other, 1)  # NumPy's log of a number may be another than of an array


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("kind", [Refusing, Ignorant])
def test_a_type_that_does_not_is_never_taken_for_its_numbers(name: str, backend: str, kind: type) -> None:
    argument = {"loss": "lam", "learning_time": "target", "fixed_point": "noise"}.get(name, "t")
    message = (
        f"{argument} has the type .*{kind.__name__}, whose arithmetic does not take {name}; give its numbers, numpy"
    )
    with pytest.raises(TypeError, match=message):
        CALLS[name](kind(), backend=backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_it_is_called_with_is_checked_as_ever(backend: str) -> None:
    with pytest.raises(ValueError, match=r"t\[1\] = -1\.0: training starts at t = 0"):
        CALLS["strength"](Metres([0.0, -1.0]), backend=backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("keyword", ["out", "where"])
@pytest.mark.parametrize("name", CALLS)
def test_there_is_no_out_and_no_where(name: str, keyword: str, backend: str) -> None:
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{keyword}'"):
        CALLS[name](1.0, backend=backend, **{keyword: np.ones(3)})


def test_columns_of_a_frame_are_brought_in_line_by_their_index() -> None:
    pandas = pytest.importorskip("pandas")
    t, lam = pandas.Series([1.0, 2.0], index=["a", "b"]), pandas.Series([4.0, 3.0], index=["b", "a"])
    found = modeflow.strength(t, lam, **MODE)
    assert isinstance(found, pandas.Series)
    assert list(found.index) == ["a", "b"]
    assert np.allclose(found, modeflow.strength([1.0, 2.0], [3.0, 4.0], **MODE), rtol=1e-14, atol=0)
    with pytest.raises(TypeError, match="real numbers"):
        modeflow.strength(pandas.Series(["soon", "later"]), 1.0, **MODE)


def test_labelled_arrays_broadcast_by_the_names_of_their_axes() -> None:
    xarray = pytest.importorskip("xarray")
    t, lam = xarray.DataArray([1.0, 2.0], dims="t"), xarray.DataArray([1.0, 2.0], dims="mode")
    slopes = modeflow.strength_grad(t, lam, **MODE)
    found: Any
    for found in (modeflow.strength(t, lam, **MODE), *modeflow.weights(t, lam, **MODE), slopes["lam"]):
        assert (found.dims, found.shape) == (("t", "mode"), (2, 2))
    by_hand = modeflow.strength([[1.0], [2.0]], [1.0, 2.0], **MODE)
    assert np.allclose(modeflow.strength(t, lam, **MODE), by_hand, rtol=1e-14, atol=0)

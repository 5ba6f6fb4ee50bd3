"""The arguments of the evaluators: one type, each in its range, and a message that names what is not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]

PARAMETERS = ("t", "lam", "noise", "decay", "w1", "w2", "tau")  # of a path
_REMEDIES = {
    "t": ("training starts at t = 0", "give times >= 0"),
    "lam": ("eigenvalues of a second moment are >= 0", "clip rounding noise with numpy.clip"),
    "noise": ("a variance is >= 0", "give noise >= 0, the noise variance summed over the samples"),
    "decay": ("weight decay is >= 0", "give decay >= 0"),
    "tau": ("a time constant is > 0", "give tau > 0, the number of samples over the learning rate"),
}
MOST_AXES = 32  # that NumPy broadcasts
_UNBOUNDED = ("t", "target")  # infinity has a meaning for these


def checked(**arguments: ArrayLike) -> dict[str, Array]:
    """The arguments as arrays of the common type, each in its range, not yet broadcast."""
    return in_range(converted(**arguments))


def converted(**arguments: ArrayLike) -> dict[str, Array]:
    """The arguments as arrays of the common type that broadcast together; their values are not looked at."""
    raw = {name: real_array(name, value) for name, value in arguments.items()}
    dtype = common_type(arguments, raw)
    given = raw if all(x.dtype == dtype for x in raw.values()) else _of_type(dtype, raw)
    try:
        shape_of(given)
    except ValueError:
        check_shapes(given)  # which says what is wrong
    return given


def _of_type(dtype: np.dtype[Any], raw: dict[str, NDArray[Any]]) -> dict[str, Array]:
    with np.errstate(over="ignore"):
        return {name: x.astype(dtype, copy=False) for name, x in raw.items()}


def shape_of(given: Mapping[str, Array]) -> tuple[int, ...]:
    """The shape to which the arrays broadcast."""
    return np.broadcast(*given.values()).shape


def in_range(given: dict[str, Array]) -> dict[str, Array]:
    """The arrays, each looked through for values out of its range."""
    for name, x in given.items():
        _check_range(name, x)
    return given


def real_array(name: str, value: ArrayLike) -> NDArray[Any]:
    refuse_masked(name, value)
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise TypeError(f"{name} is not an array of numbers ({error}); give real numbers") from None
    if array.ndim > MOST_AXES:
        raise ValueError(f"{name} has {array.ndim} axes, and {MOST_AXES} are the most; drop axes of length 1")
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise TypeError(
            f"{name} has the type {array.dtype}, but real numbers up to 64 bits are needed; "
            f"convert it with numpy.asarray({name}, dtype=float)"
        )
    return array


def refuse_masked(name: str, value: object) -> None:
    """TypeError for an array some of whose entries are masked: they have no value, and the mask would be lost."""
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise TypeError(
            f"{name} is a masked array, and masked entries have no value; give {name}.filled(numpy.nan), for which "
            f"results are NaN, or leave those entries out with {name}.compressed()"
        )


def common_type(arguments: dict[str, ArrayLike], raw: dict[str, NDArray[Any]]) -> np.dtype[Any]:
    """NumPy's promotion of the arrays; Python numbers follow them. float64 unless that gives float32."""
    strong = {raw[name].dtype for name, value in arguments.items() if not _follows(value)}
    common = np.result_type(*strong) if strong else np.dtype(np.float64)
    small = common.kind == "f" and common.itemsize <= 4
    return np.dtype(np.float32) if small else np.dtype(np.float64)


def _follows(value: ArrayLike) -> bool:
    """Whether it is a Python number; a np.float64 is also one, but has a type of its own."""
    return isinstance(value, (int, float)) and not isinstance(value, np.float64)


def _check_range(name: str, x: Array) -> None:
    """ValueError at the first value that is infinite without a meaning, negative, or a tau of 0."""
    if x.size == 0 or _is_surely_in_range(name, x):
        return
    if name not in _UNBOUNDED:
        _refuse(name, x, np.isinf(x), "it must be finite; leave such values out with numpy.isfinite")
    if name in _REMEDIES:
        _refuse(name, x, x <= 0 if name == "tau" else x < 0, "; ".join(_REMEDIES[name]))


def _is_surely_in_range(name: str, x: Array) -> bool:
    """What the least and the largest value show; they are NaN if there is one, and then the slow look decides."""
    low, high = (x.min(), x.max()) if x.ndim else (x.item(), x.item())
    enough = low > 0.0 if name == "tau" else low >= 0.0 or name not in _REMEDIES
    return bool(enough and -math.inf < low and high < math.inf)


def _refuse(name: str, x: Array, bad: NDArray[np.bool_], why: str) -> None:
    if bad.any():
        raise ValueError(f"{_place(name, x, bad)}: {why}")


def _place(name: str, x: NDArray[Any], bad: NDArray[np.bool_]) -> str:
    """`name[index] = value` of the first bad entry."""
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    where = f"[{', '.join(map(str, index))}]" if index else ""
    return f"{name}{where} = {x[index]}"


def check_shapes(given: dict[str, Array]) -> None:
    """ValueError where the shapes of the arrays, of whatever library, do not broadcast together."""
    try:
        np.broadcast_shapes(*(tuple(x.shape) for x in given.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {tuple(x.shape)}" for name, x in given.items() if x.shape)
        raise ValueError(
            f"shapes do not broadcast together: {shapes}; for every mode at every time give t a new last axis"
        ) from None


def refuse_overflow(outputs: tuple[Array, ...], given: dict[str, Array], infinite: bool = True) -> None:
    """FloatingPointError where a result is not finite although no argument is NaN: never a NaN in silence.

    infinite: whether a result that is infinite is refused as well, or only NaN.
    """
    for output in outputs:
        if np.isfinite(output.sum()):
            continue
        bad = ~np.isfinite(output) if infinite else np.isnan(output)
        for x in given.values():
            bad = bad & ~np.isnan(x)
        if bad.any():
            raise FloatingPointError(
                f"{output.dtype} overflows at {_point(given, bad)}; choose units for the data and the time in which "
                f"all magnitudes are between 1e-75 and 1e75 (1e-9 and 1e9 in float32)"
            )


def _point(given: dict[str, Array], bad: NDArray[np.bool_]) -> str:
    """The arguments of the first bad entry."""
    index = tuple(np.argwhere(bad)[0])
    return ", ".join(f"{n} = {np.broadcast_to(x, bad.shape)[index]}" for n, x in given.items())

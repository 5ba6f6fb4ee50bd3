"""What is done to the numbers of data, and how that is told: nothing, one divisor, or each column by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from .error import DataError
from .stored import Stored

__all__ = [
    "SCALES",
    "Prepared",
    "check_scaling",
    "chosen_scale",
    "divisor",
    "prepared",
    "refuse_gaps",
    "refuse_nothing",
    "refuse_sizes",
]

Array = NDArray[np.float64]

SCALES = ("none", "unit", "standard")
LARGEST = 1e30
"""Numbers beyond it, or all below its inverse, are refused: their squares leave what float64 holds."""


@dataclass(frozen=True)
class Prepared:
    """X (N, D), what was done to it, and "" or why that may not be what was wanted."""

    X: Array
    done: str
    doubt: str = ""


def check_scaling(scale: str | None, white: float | None) -> None:
    """Raises ValueError where these cannot be meant, together or at all."""
    if scale is not None and scale not in SCALES:
        raise ValueError(f"scale = {scale!r}: give one of {', '.join(SCALES)}")
    if white is None:
        return
    if not (math.isfinite(white) and white > 0):
        raise ValueError(f"white = {white}: give the number of a white pixel, finite and > 0, e.g. 255")
    if scale not in (None, "unit"):
        raise ValueError(f"white = {white:g}, scale = {scale!r}: white is for scale unit; leave one of them out")


def prepared(name: object, stored: Stored, scale: str | None, white: float | None, center: bool) -> Prepared:
    """The numbers as float64, scaled, and centred where that is asked for. Raises DataError."""
    X = stored.values.reshape(len(stored.values), -1).astype(np.float64)
    refuse_gaps(name, X, lambda place: (place // X.shape[1] + 1, place % X.shape[1] + 1), stored.columns)
    if not X.any():
        refuse_nothing(name)
    chosen = chosen_scale(stored, scale, white)
    found = _SCALED[chosen](name, X, stored, white)
    if center and chosen != "standard":
        _take_mean_off(X)
        found = Prepared(X, f"{found.done}; the mean of each column is taken off", found.doubt)
    refuse_sizes(name, float(np.abs(X).max()))
    return found


def chosen_scale(stored: Stored, scale: str | None, white: float | None) -> str:
    """The scale, where none is given the one that the data suggest."""
    return scale or ("unit" if _are_shades(stored) or white is not None else "none")


def _are_shades(stored: Stored) -> bool:
    return stored.shades and stored.values.dtype.name in ("uint8", "uint16")


def _as_they_are(name: object, X: Array, stored: Stored, white: float | None) -> Prepared:
    return Prepared(X, f"the numbers are as they are, from {X.min():.6g} to {X.max():.6g}")


def _divided(name: object, X: Array, stored: Stored, white: float | None) -> Prepared:
    """By one number, in place."""
    by, told, doubt = divisor(name, float(X.min()), float(X.max()), stored, white)
    X /= by
    return Prepared(X, told, doubt)


def divisor(name: object, low: float, high: float, stored: Stored, white: float | None) -> tuple[float, str, str]:
    """White; where it is not given, what it must be in this type, or the largest magnitude: told, and a doubt or ""."""
    dtype = stored.values.dtype
    kind = "whole numbers" if dtype.kind in "iu" else "the numbers"
    told = f"{kind} from {low:.6g} to {high:.6g} are divided by"
    if white is not None:
        _check_white(name, low, high, white)
        return white, f"{told} {white:.6g}, white", ""
    if _are_shades(stored):
        largest = float(np.iinfo(dtype.name).max)
        doubt = f"if {high:g} is white, say so (white={high:g}, --white {high:g})" if high < largest / 2 else ""
        return largest, f"{told} {largest:.6g}, the largest of their type", doubt
    largest = max(-low, high)
    return largest, f"{told} {largest:.6g}, the largest magnitude", ""


def _standardised(name: object, X: Array, stored: Stored, white: float | None) -> Prepared:
    """Each column by itself, in place; a constant one becomes 0."""
    largest = np.abs(X).max(axis=0)
    X /= np.where(largest > 0, largest, 1.0)  # so that no square overflows
    constant = _take_mean_off(X)
    spread = X.std(axis=0)
    X /= np.where(constant, 1.0, spread)
    told = "each column has mean 0 and standard deviation 1"
    left = f", but {int(constant.sum()):,} constant, which are 0" if constant.any() else ""
    return Prepared(X, told + left)


_SCALED = {"none": _as_they_are, "unit": _divided, "standard": _standardised}


def _take_mean_off(X: Array) -> NDArray[np.bool_]:
    """In place; which columns are constant, and so become exactly 0."""
    constant: NDArray[np.bool_] = X.min(axis=0) == X.max(axis=0)
    X -= np.where(constant, X[0], X.mean(axis=0))
    return constant


def _check_white(name: object, low: float, high: float, white: float) -> None:
    if not (low >= 0 and high <= white):
        remedy = "give the number of a white pixel, or scale the data in another way (scale=…, --scale)"
        raise DataError(name, f"numbers from {low:.6g} to {high:.6g}, where white is {white:.6g}", remedy)
    if high <= 1 < white / 2:
        what = f"numbers from {low:.6g} to {high:.6g}, where white is said to be {white:.6g}"
        raise DataError(name, what, "they lie in [0, 1] already; say so (white=1, --white 1)")


def refuse_nothing(name: object) -> NoReturn:
    """Raises DataError: there are zeros alone."""
    raise DataError(name, "every number is 0: nothing to learn", "give other data")


def refuse_sizes(name: object, largest: float) -> None:
    """Raises DataError where the largest magnitude that is left is 0 or out of reach."""
    if largest == 0:
        raise DataError(name, "every sample is the same: nothing is left without the mean", "leave the mean in")
    if not 1 / LARGEST <= largest <= LARGEST:
        remedy = "scale them (scale='unit', --scale unit)"
        raise DataError(name, f"numbers of magnitude {largest:.3g}, out of reach of float64's squares", remedy)


def refuse_gaps(
    name: object, values: Array, place: Callable[[int], tuple[int, int]], columns: Sequence[str] = ()
) -> None:
    """Raises DataError where a value is missing or infinite. place: row and column of a value, from 1."""
    finite = np.isfinite(values)
    if finite.all():
        return
    row, column = place(int(np.flatnonzero(~finite)[0]))
    missing, infinite = int(np.isnan(values).sum()), int(np.isinf(values).sum())
    counts = [f"{missing:,} missing" if missing else "", f"{infinite:,} infinite" if infinite else ""]
    told = " and ".join(filter(None, counts))
    what = "values" if missing + infinite > 1 else "value"
    where = f"row {row}, column {column}" + (f" ({columns[column - 1][:40]})" if columns else "")
    first = "the first in" if missing + infinite > 1 else "in"
    raise DataError(name, f"{told} {what}, {first} {where}", "fill the gaps, or leave those rows or columns out")

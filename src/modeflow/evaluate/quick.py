"""Small calls of the compiled evaluators: arguments are copied to places that C knows, which is faster than to ask each
array where it lies.

Only what is plain goes this way: Python numbers and float64 arrays. All else, and whatever needs a closer
look, is left to `modeflow.evaluate.evaluators`.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np

from . import native
from .arguments import MOST_AXES, PARAMETERS
from .blocks import Result

MOST = 4096  # points
_DOUBLE = np.dtype(np.float64)
_NUMBERS = (float, int, np.float64)
_SHARED = native.Steps()
_functions: dict[str, Any] = {}  # of the library, once it is there
_free: list[_Space] = []  # not in use; each call takes one, so that calls in other threads or in between have their own
_plans: dict[tuple[type, ...], _Plan] = {}  # by the types of the arguments


class _Plan(NamedTuple):
    """Which arguments are arrays, which are numbers, and the steps that C takes through their places."""

    arrays: tuple[int, ...]
    numbers: tuple[int, ...]
    steps: Any


class _Space:
    """Places for the arguments and for the results, and the pointers to them."""

    def __init__(self) -> None:
        self.arguments = list(np.empty((len(PARAMETERS), MOST)))
        self.results = list(np.empty((6, MOST)))
        self.numbers = [x.data for x in self.arguments]  # the same places, filled faster with one number
        self.pointers = native.Pointers(*[x.ctypes.data for x in self.arguments])
        self.targets = native.Targets(*[x.ctypes.data for x in self.results])
        self.fading: tuple[Result, ...] = ()  # where weights of different size under decay are computed, once needed


def evaluate(
    path: str, count: int, backend: str, arguments: tuple[Any, ...], wanted: tuple[int, ...] | None = None
) -> tuple[Result, ...] | None:
    """The arrays of a path; None where the arguments are not small and plain, or need a closer look.

    arguments: in the order of PARAMETERS. wanted: which of so many arrays, if not all. With the backend "auto", None as
    well where no library has been built yet.
    """
    kinds = tuple(map(type, arguments))
    plan = _plans.get(kinds) or _planned(kinds)
    shape = _shape(plan, arguments) if plan else None
    if plan is None or shape is None:
        return None
    function = _functions.get(path) or _found(path, backend)
    if function is None:
        return None
    try:
        space = _free.pop()
    except IndexError:
        space = _Space()
    results = space.results[:count] if wanted is None else [space.results[i] for i in wanted]
    try:
        return _computed(path, function, results, arguments, plan, space, shape)
    except (OverflowError, ValueError):  # a whole number that is no float
        return None
    finally:
        _free.append(space)


def _planned(kinds: tuple[type, ...]) -> _Plan | None:
    """None where a type is not plain."""
    arrays = tuple(i for i, kind in enumerate(kinds) if kind is np.ndarray)
    numbers = tuple(i for i, kind in enumerate(kinds) if kind in _NUMBERS)
    if len(arrays) + len(numbers) < len(kinds):
        return None
    steps = native.Steps(*[int(i in arrays) for i, _ in enumerate(kinds)])
    return _plans.setdefault(kinds, _Plan(arrays, numbers, steps))


def _shape(plan: _Plan, arguments: tuple[Any, ...]) -> tuple[int, ...] | None:
    """The shape to which the arrays broadcast; None where one is of another type, or it is empty, large or too deep."""
    if not plan.arrays:
        return ()
    first = arguments[plan.arrays[0]]
    shape: tuple[int, ...] = first.shape
    size, alike = first.size, True
    for i in plan.arrays:
        x = arguments[i]
        if x.dtype is not _DOUBLE:
            return None
        alike = alike and x.shape == shape
    if not alike:
        try:
            together = np.broadcast(*[arguments[i] for i in plan.arrays])
        except ValueError:
            return None
        shape, size = together.shape, together.size
    return shape if 0 < size <= MOST and len(shape) <= MOST_AXES else None


def _computed(
    path: str,
    function: Any,
    results: list[Any],
    arguments: tuple[Any, ...],
    plan: _Plan,
    space: _Space,
    shape: tuple[int, ...],
) -> tuple[Result, ...] | None:
    flat = len(shape) == 1
    size = shape[0] if flat else prod(shape)
    for i in plan.arrays:
        place = space.arguments[i][:size]
        if flat:
            place[:] = arguments[i]
        else:
            place.reshape(shape)[...] = arguments[i]
    for i in plan.numbers:
        space.numbers[i][0] = arguments[i]
    if function(1, size, space.pointers, _SHARED, plan.steps, space.targets):
        if path not in ("strength", "weights", "loss"):
            return None
        results = _fading(path, size, plan, space)
        if not results:
            return None
    if flat:
        return tuple([values[:size].copy() for values in results])
    return tuple([values[:size].reshape(shape).copy()[()] for values in results])


def _fading(path: str, size: int, plan: _Plan, space: _Space) -> list[Result]:
    """The results of weights of different size under decay; none where a point has others or needs a closer look."""
    from .fading import compiled, paths

    if not space.fading:
        space.fading = compiled.room(MOST)
    work, out = space.fading
    if not compiled.small(paths.TAIL_FROM, size, space.pointers, plan.steps, work.ctypes.data, out.ctypes.data):
        return []
    one, two, product = out[: 3 * size].reshape(3, size)
    if path == "strength":
        return [product]
    if path == "weights":
        return [one, two]
    lam, noise, decay = (space.arguments[i][: size if i in plan.arrays else 1] for i in (1, 2, 3))
    with np.errstate(all="ignore"):
        loss = (lam * (1 - product) ** 2 + noise * product**2 + decay * (one**2 + two**2)) / 2
        return [loss] if np.isfinite(loss.sum()) else []


def _found(path: str, backend: str) -> Any:
    """The function of a path; None where nothing was built and the backend is not "native". Raises NoCompiler."""
    if backend != "native" and not native.is_built():
        return None
    return _functions.setdefault(path, getattr(native.library(), f"modeflow_{path}_f64"))

"""Arguments of types with arithmetic of their own: columns of frames, labelled arrays, quantities with units.

Such a type has `__array_ufunc__`, as NumPy's NEP 13 has it, and says what a function of its arrays gives: a column
gives a column, labelled arrays broadcast by the names of their axes, a quantity with a unit refuses what it does not
know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

_PLAIN = np.ndarray.__array_ufunc__


class Elementwise:
    """What such a type is handed where NumPy would hand it a ufunc: it is called with plain arrays."""

    signature = None
    identity = None

    def __init__(self, name: str, function: Callable[..., Any], nin: int, nout: int) -> None:
        self.__name__ = name
        self.function, self.nin, self.nout = function, nin, nout
        self.nargs = nin + nout

    def __call__(self, *arrays: Any) -> Any:
        return self.function(*arrays)


def is_foreign(value: object) -> bool:
    """Whether the type of the value has arithmetic of its own, or refuses that of NumPy."""
    return getattr(type(value), "__array_ufunc__", _PLAIN) is not _PLAIN and not isinstance(value, np.ma.MaskedArray)


def deferred(name: str, function: Callable[..., Any], count: int, arguments: Mapping[str, Any]) -> Any:
    """What the first type that knows says of a function of so many results; None where all arguments are plain.

    Raises TypeError where none of them knows, and where one of them refuses to take part.
    """
    owners = {argument: value for argument, value in arguments.items() if is_foreign(value)}
    if not owners:
        return None
    for argument, value in owners.items():
        if type(value).__array_ufunc__ is None:
            raise _refused(name, argument, value)
    whole = Elementwise(name, function, len(arguments), count)
    for value in owners.values():
        found = type(value).__array_ufunc__(value, whole, "__call__", *arguments.values())
        if found is not NotImplemented:
            return found
    raise _refused(name, *next(iter(owners.items())))


def _refused(name: str, argument: str, value: object) -> TypeError:
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    return TypeError(
        f"{argument} has the type {kind}, whose arithmetic does not take {name}; give its numbers, "
        f"numpy.asarray({argument}), in units that fit the other arguments"
    )

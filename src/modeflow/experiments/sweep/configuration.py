"""What is to be swept: a TOML file with the quantities wanted and a number or an axis for each argument.

    [sweep]
    quantities = ["strength", "loss"]
    chunk = 1048576                     # points in memory at a time, for each worker
    dtype = "float64"

    [arguments]
    lam = { from = 0.01, to = 10, count = 1000, spacing = "log" }
    noise = [0, 0.5, 1]
    t = { from = 0, to = 20, count = 2001 }
    w1 = 1e-3
    w2 = 1e-3

    [units]
    t = "epochs"

The arguments with more than one value are the axes, in the order in which they are written.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...files.inputs import MIB, Unreadable, toml

# For every quantity: the evaluator, the names of what it returns, its arguments in the order of the evaluator.
PATH = ("t", "lam", "noise", "decay", "w1", "w2", "tau")
QUANTITIES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "strength": ("strength", ("strength",), PATH),
    "weights": ("weights", ("weight1", "weight2"), PATH),
    "loss": ("loss", ("loss",), PATH),
    "learning_time": ("learning_time", ("learning_time",), ("target", *PATH[1:])),
    "fixed_point": ("fixed_point", ("fixed_point",), ("lam", "noise", "decay")),
}
MEANINGS = {
    "t": "time since the start of training",
    "target": "the strength to be reached",
    "lam": "eigenvalue of the data's second moment",
    "noise": "input noise, its variance summed over the samples",
    "decay": "weight decay summed over the samples",
    "w1": "encoder weight at t = 0",
    "w2": "decoder weight at t = 0",
    "tau": "time constant",
    "strength": "mode strength w1(t) w2(t)",
    "weight1": "encoder weight w1(t)",
    "weight2": "decoder weight w2(t)",
    "loss": "loss of the mode",
    "learning_time": "first time at which the strength is the target",
    "fixed_point": "strength at which a growing mode comes to rest",
}
_DEFAULTS = {"noise": 0.0, "decay": 0.0, "tau": 1.0}
_MOST_POINTS = 10**12


class UnusableConfiguration(ValueError):
    """The configuration cannot be used; the message names the key, its value and what to do."""


@dataclass(frozen=True)
class Configuration:
    """A checked configuration. arguments: each a number (0-d) or an axis (1-d), in the file's order."""

    quantities: tuple[str, ...]
    arguments: Mapping[str, NDArray[np.floating[Any]]]
    chunk: int
    dtype: str
    units: Mapping[str, str]

    def axes(self, quantity: str) -> tuple[str, ...]:
        """The dimensions of a quantity: those of its arguments that are axes."""
        wanted = QUANTITIES[quantity][2]
        return tuple(name for name, values in self.arguments.items() if values.ndim and name in wanted)

    def shape(self, quantity: str) -> tuple[int, ...]:
        return tuple(self.arguments[name].size for name in self.axes(quantity))

    def digest(self) -> str:
        """What the numbers depend on, as one string: the same for another chunk size."""
        values = {name: [str(v.dtype), v.ravel().tolist()] for name, v in self.arguments.items()}
        said = json.dumps([self.quantities, list(values.items()), self.dtype, sorted(self.units.items())])
        return hashlib.sha256(said.encode()).hexdigest()


def read(path: Path) -> Configuration:
    """The configuration in a TOML file. Raises UnusableConfiguration."""
    try:
        tables = toml(path, 8 * MIB)  # axes may be written out
    except Unreadable as error:
        raise UnusableConfiguration(str(error)) from None
    try:
        return checked(tables)
    except UnusableConfiguration as error:
        raise UnusableConfiguration(f"{path}: {error}") from None


def checked(tables: Mapping[str, Any]) -> Configuration:
    """The configuration in the tables of a file. Raises UnusableConfiguration."""
    _known("", tables, ("sweep", "arguments", "units"))
    settings = _table(tables, "sweep")
    _known("sweep.", settings, ("quantities", "chunk", "dtype"))
    quantities = _quantities(settings.get("quantities", ["strength"]))
    dtype, chunk = _dtype(settings.get("dtype", "float64")), _chunk(settings.get("chunk", 2**20))
    arguments = _arguments(_table(tables, "arguments"), quantities, np.dtype(dtype))
    configuration = Configuration(quantities, arguments, chunk, dtype, _units(_table(tables, "units")))
    for quantity in quantities:
        if math.prod(configuration.shape(quantity)) > _MOST_POINTS:
            raise UnusableConfiguration(f"{quantity}: more than {_MOST_POINTS:g} points; give shorter axes")
        _range_checked(configuration, quantity)
    return configuration


def _dtype(name: Any) -> str:
    if name not in ("float64", "float32"):
        raise UnusableConfiguration(f'sweep.dtype = {name!r}: choose "float64" or "float32"')
    return str(name)


def _chunk(points: Any) -> int:
    if not _is_count(points, 2**27):
        raise UnusableConfiguration(f"sweep.chunk = {points!r}: give a whole number of points from 1 to {2**27}")
    return int(points)


def _units(table: Mapping[str, Any]) -> dict[str, str]:
    _known("units.", table, tuple(MEANINGS))
    for name, unit in table.items():
        if not isinstance(unit, str):
            raise UnusableConfiguration(f'units.{name} = {unit!r}: give a text, such as "epochs"')
    return dict(table)


def _quantities(wanted: Any) -> tuple[str, ...]:
    if not isinstance(wanted, list) or not wanted or any(q not in QUANTITIES for q in wanted):
        raise UnusableConfiguration(f"sweep.quantities = {wanted!r}: give a list from {', '.join(QUANTITIES)}")
    return tuple(dict.fromkeys(wanted))


def _arguments(
    table: Mapping[str, Any], quantities: Sequence[str], dtype: np.dtype[Any]
) -> dict[str, NDArray[np.floating[Any]]]:
    needed = tuple(dict.fromkeys(name for q in quantities for name in QUANTITIES[q][2]))
    _known("arguments.", table, needed, f"; {', '.join(quantities)} takes {', '.join(needed)}")
    arguments = {name: _values(name, value, dtype) for name, value in table.items()}
    missing = [name for name in needed if name not in arguments]
    return arguments | {name: np.asarray(_default(name), dtype) for name in missing}


def _default(name: str) -> float:
    if name not in _DEFAULTS:
        raise UnusableConfiguration(f"arguments.{name} is missing: give a number, a list or a range")
    return _DEFAULTS[name]


def _values(name: str, value: Any, dtype: np.dtype[Any]) -> NDArray[np.floating[Any]]:
    where = f"arguments.{name}"
    if isinstance(value, dict):
        return _range(where, value).astype(dtype)
    if isinstance(value, list):
        if not value or not all(map(_is_number, value)):
            raise UnusableConfiguration(f"{where} = {value!r}: give a list of numbers")
        return np.array(value, dtype)
    if not _is_number(value):
        raise UnusableConfiguration(f"{where} = {value!r}: give a number, a list or {{ from, to, count, spacing }}")
    return np.asarray(value, dtype)


def _range(where: str, table: Mapping[str, Any]) -> NDArray[np.floating[Any]]:
    _check_range(where, table)
    start, stop, count, spacing = table["from"], table["to"], table["count"], table.get("spacing", "linear")
    if spacing == "linear":
        return np.linspace(start, stop, count)
    if spacing != "log":
        raise UnusableConfiguration(f'{where}.spacing = {spacing!r}: choose "linear" or "log"')
    if min(start, stop) <= 0:
        raise UnusableConfiguration(
            f"{where}: from = {start}, to = {stop}: logarithmic spacing needs both > 0; give such"
        )
    return np.geomspace(start, stop, count)


def _check_range(where: str, table: Mapping[str, Any]) -> None:
    _known(f"{where}.", table, ("from", "to", "count", "spacing"))
    for key in ("from", "to", "count"):
        if key not in table:
            raise UnusableConfiguration(f"{where}.{key} is missing; give {{ from, to, count, spacing }}")
    for key in ("from", "to"):
        if not _is_number(table[key]) or not math.isfinite(table[key]):
            raise UnusableConfiguration(f"{where}.{key} = {table[key]!r}: give a finite number")
    if not _is_count(table["count"], 10**8):
        raise UnusableConfiguration(f"{where}.count = {table['count']!r}: give a whole number from 1 to 10^8")


def _range_checked(configuration: Configuration, quantity: str) -> None:
    """Every value of every axis in its range, before the first chunk is computed."""
    from ...evaluate.arguments import checked as in_range

    given = {name: configuration.arguments[name] for name in QUANTITIES[quantity][2]}
    for name, values in given.items():
        try:
            in_range(**{name: values})
        except ValueError as error:
            raise UnusableConfiguration(f"arguments.{error}") from None
        if np.isnan(values).any():
            raise UnusableConfiguration(f"arguments.{name} holds nan: leave it out")


def _is_number(value: Any) -> bool:
    """Of a size that floating-point numbers reach."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= sys.float_info.max
    return isinstance(value, float)


def _is_count(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise UnusableConfiguration(f"{name} = {table!r}: write it as a table, [{name}]")
    return table


def _known(before: str, table: Mapping[str, Any], names: Sequence[str], hint: str = "") -> None:
    for key in table:
        if key not in names:
            raise UnusableConfiguration(f"{before}{key} is not known{hint or '; known are ' + ', '.join(names)}")

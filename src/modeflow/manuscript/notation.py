"""What the paper's symbols stand for: a preset, and a table in modeflow.toml or pyproject.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sympy import Function, Symbol
from sympy.core.function import UndefinedFunction

from ..catalogue import chapters
from ..quantities import Alphabet
from .grammar import key
from .tokens import Unparsed

ASSUMPTIONS = ("real", "positive", "nonnegative", "nonzero", "negative", "nonpositive", "integer")
_ENTRIES = {"notation", "symbols", "labels", "require"}


class UnusableConfiguration(ValueError):
    """A configuration that cannot be used; the message names the entry."""


@dataclass(frozen=True)
class Notation:
    """Keys of symbols (`\\varepsilon`, `w_{1}`, `w(t)`) and the quantities of SymPy they stand for."""

    table: Mapping[str, Any] = field(default_factory=dict)

    def names(self) -> frozenset[str]:
        """What the grammar needs to know: every key, and `w(` for the functions."""
        return frozenset(self.table) | {k[: k.index("(") + 1] for k in self.table if "(" in k}

    def function(self, name: str) -> tuple[UndefinedFunction, str] | None:
        """The function of that name, and the key of its argument."""
        for entry, symbol in self.table.items():
            if entry.startswith(f"{name}("):
                return symbol, entry[len(name) + 1 : -1]
        return None


@dataclass(frozen=True)
class Configuration:
    """Notation, labels that are claims, and the claims that must appear."""

    notation: Notation
    labels: Mapping[str, str] = field(default_factory=dict)
    require: tuple[str, ...] = ()


def preset(name: str) -> Notation:
    """The notation of a published source; raises UnusableConfiguration for one that does not ship."""
    if name != "pretorius2018":
        raise UnusableConfiguration(f"notation = {name!r}: choose pretorius2018, or none")
    return _pretorius2018()


@cache
def alphabet() -> Alphabet:
    """The letters of the chapters on autoencoders."""
    return chapters()["dae"].alphabet


@cache
def _pretorius2018() -> Notation:
    # d is left out: it belongs to d/dt. The half-angle is y(t), the squared sum P(t).
    table: dict[str, Any] = {}
    for quantity in alphabet():
        if quantity.tex in ("d", "U'", "U''") or getattr(quantity.symbol, "is_Matrix", False):
            continue
        if str(quantity.symbol) == "y_lin":
            continue
        argument = "x" if quantity.symbol == Function("T", real=True) else "t"
        written = f"{quantity.tex}({argument})" if isinstance(quantity.symbol, UndefinedFunction) else quantity.tex
        table[key(written)] = quantity.symbol
    return Notation(table)


def load(path: Path | None, beside: Path) -> Configuration:
    """The configuration in the file given, or in modeflow.toml or pyproject.toml in the folder or above."""
    for candidate in [path] if path is not None else list(_candidates(beside)):
        try:
            data = tomllib.loads(candidate.read_text(encoding="utf-8"))
        except OSError as error:
            raise UnusableConfiguration(f"{candidate}: {error.strerror or error}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UnusableConfiguration(f"{candidate}: {error}") from None
        section = _section(data, candidate.name == "pyproject.toml")
        if section is not None:
            return configuration(section, str(candidate))
        if path is not None:
            raise UnusableConfiguration(f"{candidate}: has no [manuscript] table")
    return Configuration(Notation())


def _candidates(beside: Path) -> Iterator[Path]:
    for folder in (beside.resolve(), *beside.resolve().parents):
        for name in ("modeflow.toml", "pyproject.toml"):
            if (folder / name).is_file():
                yield folder / name


def _section(data: Mapping[str, Any], nested: bool) -> Any:
    for name in ("tool", "modeflow") if nested else ():
        data = data.get(name, {})
        if not isinstance(data, dict):
            return None
    return data.get("manuscript")


def configuration(section: Any, place: str) -> Configuration:
    """A configuration from its table; raises UnusableConfiguration, naming the entry."""
    if not isinstance(section, dict):
        raise UnusableConfiguration(f"{place}: manuscript is not a table")
    for name in sorted(section.keys() - _ENTRIES):
        raise UnusableConfiguration(f"{place}: {name} is not known; choose from {', '.join(sorted(_ENTRIES))}")
    table: dict[str, Any] = {}
    if "notation" in section:
        table |= preset(section["notation"]).table
    for written, meaning in _dictionary(section, "symbols", place).items():
        try:
            table[key(written)] = _quantity(written, meaning)
        except (Unparsed, UnusableConfiguration) as reason:
            raise UnusableConfiguration(f"{place}: symbols: {written}: {reason}") from None
    labels = _dictionary(section, "labels", place)
    require = section.get("require", [])
    if not (isinstance(require, list) and all(isinstance(r, str) for r in [*require, *labels.values()])):
        raise UnusableConfiguration(f"{place}: require and labels name claims by their ids")
    return Configuration(Notation(table), labels, tuple(require))


def _dictionary(section: Mapping[str, Any], name: str, place: str) -> dict[str, Any]:
    value = section.get(name, {})
    if not isinstance(value, dict):
        raise UnusableConfiguration(f"{place}: {name} is not a table")
    return value


def _quantity(written: str, meaning: Any) -> Any:
    """A quantity of the package by its name, or a new scalar or function with assumptions."""
    is_function = "(" in written
    if isinstance(meaning, str):
        quantity = alphabet().quantities.get(meaning)
        if quantity is None:
            raise UnusableConfiguration(f"{meaning!r} is not a quantity; `modeflow derive` lists them")
        if getattr(quantity.symbol, "is_Matrix", False):
            raise UnusableConfiguration("matrices are not compared yet")
        if isinstance(quantity.symbol, UndefinedFunction) != is_function:
            raise UnusableConfiguration("write w(t) for a function, and only for a function")
        return quantity.symbol
    if not isinstance(meaning, dict) or not all(k in ASSUMPTIONS and v is True for k, v in meaning.items()):
        raise UnusableConfiguration("give a quantity's name or assumptions, such as { positive = true }")
    try:
        return (Function if is_function else Symbol)(key(written).partition("(")[0], **meaning)
    except ValueError as error:
        raise UnusableConfiguration(str(error)) from None

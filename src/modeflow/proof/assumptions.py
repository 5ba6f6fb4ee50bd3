"""What may be assumed of a symbol: the kinds of numbers that the prover knows, and why others are refused.

A point refutes only where it satisfies everything that is assumed. An assumption that no value can be held against,
such as `hermitian`, must not count as satisfied, and a symbol that may be infinite is no number; both are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sympy import Basic, Dummy, Expr, MatrixSymbol, Symbol

from ..language.expressions import parts

KNOWN = (
    *("complex", "real", "imaginary", "rational", "integer", "noninteger", "even", "odd", "prime", "composite"),
    *("zero", "nonzero", "positive", "negative", "nonnegative", "nonpositive", "finite", "algebraic"),
)
_REMEDIES = {
    "polar": "leave it away",
    "hermitian": "declare a number real, and a matrix by SymmetricSymbol",
    "antihermitian": "declare a number imaginary",
    "irrational": "declare it real: no irrational number is tried",
    "transcendental": "declare it real or complex: no transcendental number is tried",
}

_OF_NO_POINT = ("irrational", "transcendental")


def by_name(symbols: Iterable[Any]) -> list[Any]:
    """Symbols by their names; those of one name by their numbers or assumptions, whatever order a set has them in."""
    return sorted(symbols, key=lambda s: (str(s), getattr(s, "dummy_index", 0), sorted(s.assumptions0.items())))


class UnknownAssumption(ValueError):
    """Something is assumed of a symbol that the prover cannot hold against a value."""


def require_known(*expressions: Basic) -> None:
    """Raises UnknownAssumption, naming the symbol and the remedy, for the first symbol that is no known number."""
    found = {part for e in expressions for part in parts(e) if isinstance(part, Symbol)}
    for symbol in by_name(found):
        if not isinstance(symbol, MatrixSymbol) and (reason := _refused(symbol.assumptions0)):
            raise UnknownAssumption(f"{symbol} {reason}")


def require_known_values(name: str, given: dict[str, bool]) -> None:
    """The same for what is declared of the values of a function."""
    if reason := _refused(Dummy(**given).assumptions0):
        raise UnknownAssumption(f"{name} {reason}")


def satisfies(value: Expr, symbol: Symbol) -> bool:
    """Whether a value is known to have everything that is assumed of a symbol of known kind."""
    given = symbol.assumptions0
    return all(getattr(value, f"is_{name}") is given[name] for name in KNOWN if name in given)


def _refused(given: dict[str, bool]) -> str:
    """Why a symbol of which this is given is refused; empty for one of a known kind."""
    if given.get("infinite"):
        return "is declared infinite: only statements about finite numbers are checked"
    if given.get("extended_real") and not given.get("finite"):
        return "may be infinite: declare it real (or positive, nonnegative, …), or finite as well"
    implied = _implied(tuple(sorted(given.items())))
    unknown = [name for name in given if implied.get(name) is not given[name]]
    return _remedy(given, unknown) or _unneeded(given, unknown)


def _remedy(given: dict[str, bool], unknown: list[str]) -> str:
    """What to declare instead; empty where none is known."""
    for name, remedy in _REMEDIES.items():
        if given.get(name) and (name in unknown or name in _OF_NO_POINT):
            return f"is declared {name}, which is not checked of a value: {remedy}"
    return ""


def _unneeded(given: dict[str, bool], unknown: list[str]) -> str:
    if not unknown:
        return ""
    listed = ", ".join(name if given[name] else f"not {name}" for name in sorted(unknown))
    return f"is declared {listed}, which is not checked of a value: leave it away if it is not needed"


@lru_cache(maxsize=1024)
def _implied(given: tuple[tuple[str, bool], ...]) -> dict[str, bool]:
    """What follows from the assumptions of known kinds alone."""
    return dict(Dummy(**{k: v for k, v in given if k in (*KNOWN, "commutative")}).assumptions0)

"""Long formulas told in parts: "w = A B / (C D), where A = …"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import Any

from sympy import Add, Dummy, Expr, MatrixSymbol, Mul, Pow, Symbol, Tuple, cse
from sympy.core.function import Derivative, Function
from sympy.functions.elementary.exponential import ExpBase

from ..language.definitions import used
from ..language.quantities import Alphabet, Quantity
from ..statements.claims import Equation
from .latex import ClaimPrinter, width

# A part narrower than this, in em, reads better where it stands than under a name.
_WORTH_A_NAME = 4.5


@dataclass(frozen=True)
class Told:
    """Equations in short, and what their abbreviations stand for, each after those that it uses."""

    equations: tuple[Equation, ...]
    where: tuple[Equation, ...] = ()


def free_names(alphabet: Alphabet, *expressions: Any) -> Iterator[Symbol]:
    """Capital letters that neither the alphabet nor the names in the expressions use."""
    taken = {q.tex for q in alphabet} | set(alphabet.quantities) | {d.tex for d in used(*expressions)}
    rounds = ("" if n == 0 else str(n) for n in count())
    names = (letter + index for index in rounds for letter in "ABCDEFGHKLMNPQRSTUVXYZ")
    return (Symbol(name) for name in names if name not in taken)


def tell(equations: Sequence[Equation], alphabet: Alphabet, room: float) -> Told:
    """The equations, with parts named where one of their sides is wider than `room` em as it stands."""
    return _told(tuple(equations), tuple(alphabet.quantities.items()), room)


@lru_cache(maxsize=1024)  # a claim is told in the same parts in every form
def _told(equations: tuple[Equation, ...], quantities: tuple[tuple[str, Quantity], ...], room: float) -> Told:
    alphabet = Alphabet(dict(quantities))
    namer = _Namer(ClaimPrinter(alphabet), room)
    sides = [entry for e in equations for side in (e.lhs, e.rhs) for entry in _entries(side)]
    long = list(dict.fromkeys(side for side in sides if _plain(side) and namer.wide(side, room)))
    if not long:
        return Told(equations)
    parts, short = namer.shared(long)
    told = dict(zip(long, map(namer.name_factors, short), strict=True))
    definitions = _in_order([*parts, *namer.named])
    letters = dict(zip((dummy for dummy, _ in definitions), free_names(alphabet, *sides), strict=False))
    told = {side: value.xreplace(letters) for side, value in told.items()}
    return Told(
        tuple(replace(e, lhs=_retold(e.lhs, told), rhs=_retold(e.rhs, told)) for e in equations),
        tuple(Equation(letters[dummy], value.xreplace(letters)) for dummy, value in definitions),
    )


def _entries(side: Any) -> tuple[Any, ...]:
    return tuple(side) if isinstance(side, Tuple) else (side,)


def _retold(side: Any, told: Mapping[Any, Any]) -> Any:
    values = [told.get(entry, entry) for entry in _entries(side)]
    return Tuple(*values) if isinstance(side, Tuple) else values[0]


def _plain(value: Any) -> bool:
    """Whether parts may be taken out: nothing in it binds a variable or fails to commute."""
    return isinstance(value, Expr) and bool(value.is_commutative) and not value.has(Derivative, MatrixSymbol)


def _in_order(definitions: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Each definition after those that it uses."""
    waiting, done = list(definitions), []
    while waiting:
        blocked = {dummy for dummy, _ in waiting}
        ready = [d for d in waiting if not d[1].free_symbols & (blocked - {d[0]})]
        done += ready
        waiting = [d for d in waiting if d not in ready]
    return done


class _Namer:
    """Finds the parts worth a name: those that come twice, and the wide factors of a wide product."""

    def __init__(self, printer: ClaimPrinter, room: float) -> None:
        self._printer = printer
        self._room = room
        # One letter wide when measured, as the names that take their places will be.
        self._spare = (Dummy("A") for _ in count())
        self.named: list[tuple[Symbol, Any]] = []

    def wide(self, value: Any, room: float) -> bool:
        return width(self._printer.doprint(value)) > room

    def shared(self, values: list[Any]) -> tuple[list[tuple[Symbol, Any]], list[Any]]:
        """The parts that come more than once, and the values in terms of them."""
        found, short = cse(values, symbols=self._spare, list=True)
        inline: dict[Any, Any] = {}
        kept = []
        for dummy, part in found:
            part = part.xreplace(inline)
            if self.wide(part, _WORTH_A_NAME):
                kept.append((dummy, part))
            else:
                inline[dummy] = part
        return kept, [value.xreplace(inline) for value in short]

    def name_factors(self, value: Any) -> Any:
        """The value with the wide factors of its products named, while it stays too wide for a line."""
        if not self.wide(value, self._room) or isinstance(value, Add):
            return value
        if isinstance(value, Mul):
            return value.func(*(self._name_factor(factor) for factor in value.args))
        if isinstance(value, Pow):
            return Pow(self._name_factor(value.base), value.exp)
        if isinstance(value, Function | ExpBase) and len(value.args) == 1:
            return value.func(self.name_factors(value.args[0]))
        return value

    def _name_factor(self, factor: Any) -> Any:
        if isinstance(factor, Pow):
            return Pow(self._name_factor(factor.base), factor.exp)
        if isinstance(factor, Mul):
            return factor.func(*(self._name_factor(one) for one in factor.args))
        if isinstance(factor, Add) and self.wide(factor, self._room / 6):
            dummy = next(self._spare)
            self.named.append((dummy, factor))
            return dummy
        return self.name_factors(factor)

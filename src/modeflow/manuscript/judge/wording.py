"""Messages in the author's letters: as the equation writes them, else the notation, else the chapters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sympy import MatrixSymbol, Symbol
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.printing.str import StrPrinter

from ..mean.notation import Notation, called
from ..read.formula_trees import Node, Statement
from .prover_questions import Comparison

_PLAIN_GROUP = re.compile(r"([_^])\{(\w|\*|\\[A-Za-z]+)\}")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\(\w+\))?")
_NONE: Mapping[Any, Any] = MappingProxyType({})


class Wording:
    """Writes expressions, points and comparisons in the letters of one equation."""

    def __init__(self, notation: Notation, statement: Statement, swaps: Mapping[Any, Any] = _NONE) -> None:
        self._motions = notation.catalogue.motions
        here = {node.value for side in statement.sides for node in _nodes(side)}
        declared = [(called(key)[0], meant) for key, meant in notation.table.items()]
        declared.sort(key=lambda entry: entry[0] in here)
        written = {meant: spelled(name) for name, meant in declared if name in here}
        self._letters: dict[Any, str] = {
            q.symbol: spelled(q.tex) for alphabet in notation.catalogue.alphabets[::-1] for q in alphabet
        }
        self._letters |= {meant: spelled(name) for name, meant in declared if _is_letter(meant)}
        self._letters |= _as_written(swaps, written)
        self._names = dict(self._by_name())
        self._printer = _Printer(self._letters, self._names)

    def _by_name(self) -> Iterable[tuple[str, str]]:
        time = next((self._letters[m.time] for m in self._motions if m.time in self._letters), "t")
        for letter, written in self._letters.items():
            name = _name(letter)
            if isinstance(letter, UndefinedFunction):
                yield f"{name}(t)", f"{written}({time})"
            else:
                yield name, written
                yield f"d{name}/dt", f"d{written}/d{time}"

    def expression(self, e: Any) -> str:
        """An expression on one line."""
        return str(self._printer.doprint(e))

    def statement(self, sides: Sequence[Any], relations: Sequence[str]) -> str:
        """The sides with the relations between them."""
        rest = (f" {relation} {self.expression(side)}" for relation, side in zip(relations, sides[1:], strict=True))
        return self.expression(sides[0]) + "".join(rest)

    def comparison(self, judged: Comparison, understood: str, present: Iterable[Any]) -> Comparison:
        """A comparison with its reason and its point in these letters; present: those of which the prover may speak."""
        names = {_name(letter) for letter in present}
        if judged.about:
            reason = judged.reason.format(*map(self.expression, judged.about))
        else:
            reason = _NAME.sub(lambda m: self._told(m[0]) if m[0].partition("(")[0] in names else m[0], judged.reason)
        witness = judged.witness and {**judged.witness, "point": self._point(judged.witness.get("point"))}
        return judged.worded(understood, reason, witness)

    def _point(self, point: object) -> object:
        if not isinstance(point, Mapping):
            return point
        known = ((self._names.get(str(name)), _applied(str(name)), value) for name, value in point.items())
        return {written or _NAME.sub(lambda m: self._told(m[0]), name): value for written, name, value in known}

    def _told(self, name: str) -> str:
        """A name in what the prover says, where one of one letter may be a word."""
        return self._names.get(name, name) if len(name) > 1 else name


def _applied(name: str) -> str:
    """The name of a value of a function, _f[,](own x, y), as the author may write it."""
    return re.sub(r"own |\[[,;|]+\]", "", name).removeprefix("_") if "(" in name else name


def _as_written(swaps: Mapping[Any, Any], written: Mapping[Any, str]) -> dict[Any, str]:
    """The letters of the claim for quantities that the paper writes by others, with the names that it has for these."""
    names = ((other, written.get(quantity) or written.get(quantity.func)) for quantity, other in swaps.items())
    return {
        other: name
        for other, name in names
        if name and not {other, other.func} & written.keys() and isinstance(other, Symbol | AppliedUndef)
    }


def _name(letter: Any) -> str:
    if isinstance(letter, AppliedUndef):
        return str(letter)
    return str(letter.__name__ if isinstance(letter, UndefinedFunction) else letter.name)


def _is_letter(meant: Any) -> bool:
    return isinstance(meant, Symbol | MatrixSymbol | UndefinedFunction)


def spelled(key: str) -> str:
    """A key as it is typed: w_1 for w_{1}."""
    return _PLAIN_GROUP.sub(r"\1\2", key)


def _nodes(node: Node) -> Iterable[Node]:
    yield node
    for part in node.parts:
        yield from _nodes(part)


class _Printer(StrPrinter):  # type: ignore[misc]
    def __init__(self, letters: Mapping[Any, str], names: Mapping[str, str]) -> None:
        super().__init__()
        self._letters, self._names = letters, names

    def _print_Symbol(self, e: Any) -> str:
        return self._letters.get(e) or self._names.get(e.name) or str(e.name)

    _print_MatrixSymbol = _print_Symbol
    _print_Dummy = _print_Symbol

    def _print_Function(self, e: Any) -> str:
        if e in self._letters:
            return self._letters[e]
        written = self._letters.get(e.func)
        return f"{written}({self.stringify(e.args, ', ')})" if written else str(super()._print_Function(e))

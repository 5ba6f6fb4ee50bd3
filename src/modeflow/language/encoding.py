"""SymPy expressions as plain data and back, without evaluating text.

The data are nested lists of strings and integers. Only the classes listed here can be written or read; any other
raises NotPlain, by name. Used to hand expressions to the checking process and to address the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import sympy
from sympy import Basic, Function, Integer, MatrixSymbol, Rational, Symbol, Tuple
from sympy.codegen.cfunctions import expm1, hypot, log1p
from sympy.core.function import AppliedUndef, UndefinedFunction

from . import matrices
from .definitions import Definition, Named, named
from .flow import FlowRate, HessianAlong
from .matrix_rates import MatrixRate

Plain = Any  # list of strings, integers and Plain


class NotPlain(ValueError):
    """The expression holds an object that this package does not know."""


_SINGLE = {
    name: getattr(sympy, name)
    for name in ("pi", "E", "I", "EulerGamma", "Catalan", "GoldenRatio", "oo", "zoo", "nan", "true", "false")
} | {"-oo": -sympy.oo}

_SINGLE_NAMES = {value: name for name, value in _SINGLE.items()}

_NAMES = tuple(
    """
    Add Mul Pow exp log sin cos tan cot sec csc sinh cosh tanh coth sech csch asin acos atan acot asec acsc
    asinh acosh atanh acoth asech acsch Abs sign Min Max re im arg conjugate floor ceiling Heaviside Piecewise gamma erf
    erfc Ei besseli besselk besselj bessely hyper LambertW Derivative Subs Tuple Identity ZeroMatrix MatAdd MatMul
    MatPow Transpose Trace Inverse
    """.split()  # noqa: SIM905 - a list of this length is read more easily as a text
)

_CLASSES: dict[str, Any] = {
    **{name: getattr(sympy, name) for name in _NAMES},
    **{name: getattr(sympy, name) for name in ("Eq", "Ne", "Lt", "Le", "Gt", "Ge", "And", "Or", "Not")},
    "ExprCondPair": lambda *args: Tuple(*args),
    "expm1": expm1,
    "log1p": log1p,
    "hypot": hypot,
    "NoiseAverage": matrices.NoiseAverage,
    "MatrixGradient": matrices.MatrixGradient,
    "DiagonalEntry": matrices.DiagonalEntry,
    "MatrixRate": MatrixRate,
    "FlowRate": FlowRate,
    "HessianAlong": HessianAlong,
}

_LETTERS = {c.__name__: c for c in (MatrixSymbol, *matrices.LETTER_KINDS)}
_RELATIONS = {
    "Equality": "Eq",
    "Unequality": "Ne",
    "StrictLessThan": "Lt",
    "LessThan": "Le",
    "StrictGreaterThan": "Gt",
    "GreaterThan": "Ge",
}


def encode(e: Basic, written: dict[Basic, Plain] | None = None) -> Plain:
    """The expression as nested lists; raises NotPlain for a class that is not listed.

    written: what is written already, so that a part that comes again is one list.
    """
    written = {} if written is None else written
    pending = [e]
    while pending:
        part = pending[-1]
        missing = [a for a in _inside(part) if a not in written] if part not in written else []
        if not missing:
            written[part] = written.get(part) or _encoded(part, written)
            pending.pop()
        pending += reversed(missing)
    return written[e]


def _inside(e: Basic) -> tuple[Basic, ...]:
    """The parts that are written as such."""
    if type(e).__name__ in _LETTERS:
        return tuple(e.shape)
    return e.args if _name(e) not in ("Integer", "Rational", "Symbol", *_SINGLE) else ()


def _name(e: Basic) -> str:
    """What the list begins with; raises NotPlain."""
    for kind in (Integer, Rational, Symbol, Named):
        if isinstance(e, kind):
            return str(kind.__name__)
    if e in _SINGLE_NAMES:
        return _SINGLE_NAMES[e]
    if type(e).__name__ in _LETTERS:
        return type(e).__name__
    if isinstance(e, AppliedUndef):
        return "Function"
    name = "Tuple" if isinstance(e, Tuple) else _RELATIONS.get(type(e).__name__, type(e).__name__)
    if name not in _CLASSES:
        raise NotPlain(f"{_excerpt(e)} ({type(e).__name__}) is not an expression that can be checked")
    return name


def _encoded(e: Basic, written: Mapping[Basic, Plain]) -> Plain:
    name = _name(e)
    return [name, *_BEGINNINGS.get(name, lambda e: ())(e), *(written[a] for a in _inside(e))]


def decode(data: Plain, dummies: dict[int, Symbol] | None = None) -> Basic:
    """The expression that `encode` wrote; raises NotPlain for anything else."""
    return Reader({} if dummies is None else dummies).read(data)


class Reader:
    """Reads what was written together: of one number is one dummy, and a list that comes again is read once."""

    def __init__(self, dummies: dict[int, Symbol]) -> None:
        self.dummies = dummies
        self._read: dict[int, tuple[Plain, Basic]] = {}  # by the address of a list, which is kept as long as that

    def read(self, data: Plain) -> Basic:
        known = self._read.get(id(data))
        if known is None:
            known = self._read[id(data)] = data, self._decoded(data)
        return known[1]

    def _decoded(self, data: Plain) -> Basic:
        head, *rest = data
        if head in _SINGLE:
            return _SINGLE[head]
        if head == "Integer":
            return Integer(int(rest[0], 16))
        if head == "Rational":
            return Rational(int(rest[0], 16), int(rest[1], 16))
        if head == "Symbol":
            return _symbol(rest[0], rest[1], rest[2], self.dummies)
        if head in _LETTERS:
            return _LETTERS[head](rest[0], self.read(rest[1]), self.read(rest[2]))
        if head == "Function":
            return Function(rest[0], **dict(rest[1]))(*map(self.read, rest[2:]))
        if head == "Named":
            return named(_decoded_definition(rest[0], self.dummies), tuple(map(self.read, rest[1:])))
        if head not in _CLASSES:
            raise NotPlain(f"{head} is not an expression that can be checked")
        return _CLASSES[head](*map(self.read, rest))


def _encoded_definition(d: Definition) -> Plain:
    signs = [] if d.signs is None else [encode(d.signs)]
    domain = [[relation, encode(bound)] for relation, bound in d.domain]
    given = [encode(relation) for relation in d.given]
    return [d.id, d.tex, d.says, [encode(letter) for letter in d.of], encode(d.expression), signs, domain, given]


def _decoded_definition(data: Plain, dummies: dict[int, Symbol]) -> Definition:
    identifier, tex, says, of, expression, signs, domain, given = data
    (form,) = _decoded(signs, dummies) or [None]
    bounds = tuple((relation, decode(bound, dummies)) for relation, bound in domain)
    relations = tuple(_decoded(given, dummies))
    letters = tuple(_decoded(of, dummies))
    return Definition(identifier, tex, says, letters, decode(expression, dummies), form, bounds, relations)


def _decoded(parts: list[Any], dummies: dict[int, Symbol]) -> list[Any]:
    return [decode(part, dummies) for part in parts]


def _symbol(name: str, index: int, assumptions: list[tuple[str, bool]], dummies: dict[int, Symbol]) -> Symbol:
    given = dict(assumptions)
    if index < 0:
        return Symbol(name, **given)
    if index not in dummies:
        dummies[index] = sympy.Dummy(name, **given)
    return dummies[index]


@lru_cache(maxsize=4096)
def _assumptions(symbol: Symbol) -> list[list[Any]]:
    return sorted([k, bool(v)] for k, v in symbol.assumptions0.items())


def _function_assumptions(function: UndefinedFunction) -> list[list[Any]]:
    given = getattr(function, "_kwargs", {})
    return sorted([k, bool(v)] for k, v in given.items())


def _excerpt(e: Any) -> str:
    text = str(e)
    return text if len(text) <= 60 else text[:57] + "..."


_BEGINNINGS: dict[str, Callable[[Any], Iterable[Plain]]] = {
    "Integer": lambda e: [hex(int(e))],
    "Rational": lambda e: [hex(int(e.p)), hex(int(e.q))],
    "Symbol": lambda e: [e.name, getattr(e, "dummy_index", -1), _assumptions(e)],
    "Named": lambda e: [_encoded_definition(e.definition)],
    "Function": lambda e: [type(e).__name__, _function_assumptions(type(e))],
    **dict.fromkeys(_LETTERS, lambda e: [e.args[0].name]),
}

"""SymPy expressions as plain data and back, without evaluating text.

The data are nested lists of strings and integers. Only the classes listed here can be written or read; any other
raises NotPlain, by name. Used to hand expressions to the checking process and to address the cache.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy
from sympy import Basic, Function, Integer, MatrixSymbol, Rational, Symbol, Tuple
from sympy.codegen.cfunctions import expm1, hypot, log1p
from sympy.core.function import AppliedUndef, UndefinedFunction

from . import matrices
from .definitions import Definition, Named, named
from .flow import FlowRate, HessianAlong

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
    erfc besseli besselk besselj bessely hyper LambertW Derivative Subs Tuple Identity ZeroMatrix MatAdd MatMul MatPow
    Transpose Trace Inverse
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


def encode(e: Basic) -> Plain:
    """The expression as nested lists; raises NotPlain for a class that is not listed."""
    if isinstance(e, Integer):
        return ["Integer", hex(int(e))]
    if isinstance(e, Rational):
        return ["Rational", hex(int(e.p)), hex(int(e.q))]
    if e in _SINGLE_NAMES:
        return [_SINGLE_NAMES[e]]
    if isinstance(e, Symbol):
        index = getattr(e, "dummy_index", -1)
        return ["Symbol", e.name, index, _assumptions(e)]
    if type(e).__name__ in _LETTERS:
        return [type(e).__name__, e.args[0].name, encode(e.shape[0]), encode(e.shape[1])]
    if isinstance(e, Named):
        return ["Named", _encoded_definition(e.definition), *map(encode, e.args)]
    if isinstance(e, AppliedUndef):
        return ["Function", type(e).__name__, _function_assumptions(type(e)), *map(encode, e.args)]
    name = "Tuple" if isinstance(e, Tuple) else _RELATIONS.get(type(e).__name__, type(e).__name__)
    if name not in _CLASSES:
        raise NotPlain(f"{_excerpt(e)} ({type(e).__name__}) is not an expression that can be checked")
    return [name, *map(encode, e.args)]


def decode(data: Plain, dummies: dict[int, Symbol] | None = None) -> Basic:
    """The expression that `encode` wrote; raises NotPlain for anything else."""
    dummies = {} if dummies is None else dummies
    head, *rest = data
    if head in _SINGLE:
        return _SINGLE[head]
    if head == "Integer":
        return Integer(int(rest[0], 16))
    if head == "Rational":
        return Rational(int(rest[0], 16), int(rest[1], 16))
    if head == "Symbol":
        return _symbol(rest[0], rest[1], rest[2], dummies)
    if head in _LETTERS:
        return _LETTERS[head](rest[0], decode(rest[1], dummies), decode(rest[2], dummies))
    if head == "Function":
        return Function(rest[0], **dict(rest[1]))(*_decoded(rest[2:], dummies))
    if head == "Named":
        return named(_decoded_definition(rest[0], dummies), tuple(_decoded(rest[1:], dummies)))
    if head not in _CLASSES:
        raise NotPlain(f"{head} is not an expression that can be checked")
    return _CLASSES[head](*_decoded(rest, dummies))


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

"""Assumptions between symbols, such as gamma < lam or 0 < x: what a statement is given beside the assumptions of each.

`assumed` reads them, `box` bounds the symbols by them for the sampler, and `charts` writes the points that satisfy them
as values of new symbols of known sign, for the proofs: lam = gamma + d with d > 0, or x = 1/(1 + d) for 0 < x < 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import And, Dummy, Expr, Integer, Rational, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom, BooleanFalse

from .signs import ANY, NONNEGATIVE, NONPOSITIVE, POSITIVE, Signs, of_expression, of_symbol

RELATIONS = ("=", "!=", ">=", ">", "<=", "<")
TURNED = {"<=": ">=", "<": ">"}  # what is proved with its sides exchanged
MOST_CHARTS = 16
MOST_STEPS = 24
ROUNDS = 12  # of bounds that follow from bounds

Interval = tuple[Rational | None, Rational | None]


def known_relation(relation: Any, place: str = "") -> str:
    """The relation, if it is one that can be proved; raises ValueError with the choices, after the place."""
    if relation not in RELATIONS:
        raise ValueError(f"{place}relation = {relation!r}: choose one of {', '.join(RELATIONS)}")
    return str(relation)


def assumed(given: Any, place: str = "") -> tuple[Any, ...]:
    """The relations as a tuple, those joined by And one by one; a relation that always holds is left out.

    Raises TypeError, after the place, for what is no list of SymPy relations.
    """
    remedy = "give a list of SymPy relations, such as [gamma < lam, Ne(a, b)]"
    if isinstance(given, str | Mapping | BooleanAtom | bool) or not isinstance(given, Iterable):
        raise TypeError(f"{place}given = {given!r}: {remedy}")
    found: dict[Any, None] = {}
    for one in given:
        parts = one.args if isinstance(one, And) else (one,)
        for part in parts:
            if not isinstance(part, Relational | BooleanAtom):
                raise TypeError(f"{place}given holds {part!r}, a {type(part).__name__}: {remedy}")
            found[part] = None
    return tuple(part for part in found if part is not sympy.true)


def bearing(given: Iterable[Any], *statement: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The relations that speak of the statement's letters, directly or through each other, and those that do not."""
    rest = list(given)
    if not rest:
        return (), ()
    letters = set().union(*map(_letters, statement))
    while near := [r for r in rest if _letters(r) & letters or isinstance(r, BooleanFalse)]:
        letters |= set().union(*map(_letters, near))
        rest = [r for r in rest if r not in near]
    return tuple(r for r in given if r not in rest), tuple(rest)


def _letters(e: Any) -> set[Any]:
    return set(e.free_symbols) | {f.func for f in e.atoms(sympy.core.function.AppliedUndef)}


def difference(relation: Relational) -> Expr:
    """What is positive, not negative, zero or not zero if the relation holds."""
    left, right = relation.args if relation.rel_op not in ("<", "<=") else relation.args[::-1]
    return left - right


# --- bounds -------------------------------------------------------------------------------------------------


Linear = Mapping[Any, Rational]  # symbol → coefficient, with 1 for the constant


def linear(given: Iterable[Any]) -> list[Linear]:
    """Linear forms that are not negative where the relations hold, from those that are linear over the rationals."""
    found: list[Linear] = []
    for relation in given:
        if not isinstance(relation, Relational) or relation.rel_op == "!=":
            continue
        form = difference(relation).expand().as_coefficients_dict()
        if all((k.is_Symbol or k == 1) and v.is_Rational for k, v in form.items()):
            found.append(dict(form))
            if relation.rel_op == "==":
                found.append({k: -v for k, v in form.items()})
    return found


def box(symbols: Iterable[Symbol], forms: Sequence[Linear], values: Mapping[Symbol, Expr]) -> dict[Symbol, Interval]:
    """Bounds of each symbol that follow from the forms, its own sign, and the values of those that have one."""
    bounds = {s: _own_interval(s, values.get(s)) for s in symbols}
    for _ in range(ROUNDS):
        before = dict(bounds)
        for form in forms:
            _tighten(bounds, form)
        if bounds == before:
            break
    return bounds


def _own_interval(s: Symbol, value: Expr | None) -> Interval:
    """By the sign of a symbol, or by its value."""
    if value is not None:
        return (value, value) if value.is_Rational else (None, None)
    low = Integer(0) if s.is_extended_nonnegative else None
    return low, Integer(0) if s.is_extended_nonpositive else None


def _tighten(bounds: dict[Symbol, Interval], form: Linear) -> None:
    """c·s + rest >= 0 bounds s by the largest value that the rest can have."""
    for s, c in form.items():
        if s not in bounds:
            continue
        most = _largest(bounds, {k: v for k, v in form.items() if k != s})
        if most is None:
            continue
        bounds[s] = _narrowed(bounds[s], -most / c, is_below=c > 0)


def _narrowed(interval: Interval, bound: Rational, is_below: bool) -> Interval:
    low, high = interval
    if is_below:
        return bound if low is None else max(low, bound), high
    return low, bound if high is None else min(high, bound)


def _largest(bounds: Mapping[Symbol, Interval], form: Linear) -> Rational | None:
    total = Integer(0)
    for k, c in form.items():
        end = Integer(1) if k == 1 else bounds.get(k, (None, None))[1 if c > 0 else 0]
        if end is None:
            return None
        total += c * end
    return total


# --- charts -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chart:
    """A part of the points that satisfy the relations: each symbol by new ones, and each new one by the old."""

    put: Mapping[Symbol, Expr] = field(default_factory=dict)
    back: Mapping[Symbol, Expr] = field(default_factory=dict)

    def then(self, put: Mapping[Symbol, Expr], back: Mapping[Symbol, Expr]) -> Chart:
        """This one with symbols of its own replaced."""
        new = {d: e.xreplace(dict(self.back)) for d, e in back.items()}
        return Chart({**put, **{s: e.xreplace(dict(put)) for s, e in self.put.items()}}, {**self.back, **new})

    def standing_for(self, means: Mapping[Symbol, Expr]) -> Chart:
        """This one with letters besides, which stand for expressions in its new symbols."""
        return Chart(self.put, {**self.back, **{d: e.xreplace(dict(self.back)) for d, e in means.items()}})

    def told(self) -> str:
        """The replacements in words, for whoever reads that they were made."""
        return ", ".join(f"{s} = {e}" for s, e in self.put.items() if not isinstance(s, Dummy))


def charts(given: Sequence[Any]) -> list[Chart]:
    """Charts that together hold every point at which the relations hold, and perhaps others."""
    chart, pending = _with_signs(given)
    return _charts(chart, pending, MOST_STEPS)


def _with_signs(given: Sequence[Any]) -> tuple[Chart, list[Any]]:
    """Negative symbols as -d with d > 0; those of which nothing is assumed as real ones, which < supposes."""
    symbols = sorted(set().union(*(r.free_symbols for r in given)), key=sympy.default_sort_key)
    stand_ins = {s: _stand_in(s, given) for s in symbols}
    put = {s: e for s, e in stand_ins.items() if e is not None}
    back = {(d := next(iter(e.free_symbols))): s if e == d else -s for s, e in put.items()}
    return Chart(put, back), [r.xreplace(put) for r in given]


def _stand_in(s: Symbol, given: Sequence[Any]) -> Expr | None:
    signs = of_symbol(s)
    if signs is None:
        unknown = s.is_extended_real is None and s.is_integer is None
        return Dummy(s.name, real=True) if unknown and _is_bounded(s, given) else None
    if not signs <= NONPOSITIVE:
        return None
    if 0 not in signs and _only(s, "negative"):
        return -Dummy(s.name, positive=True)
    return -Dummy(s.name, nonnegative=True) if _only(s, "nonpositive") else None


def _is_bounded(s: Symbol, given: Sequence[Any]) -> bool:
    """Whether a symbol is by itself a side of an inequality."""
    return any(s in r.args for r in given if isinstance(r, Relational) and r.rel_op not in ("==", "!="))


def _only(symbol: Symbol, *names: str) -> bool:
    """Whether these assumptions, and what follows from them, are all that a symbol has."""
    return bool(symbol.assumptions0 == Dummy(**dict.fromkeys(names, True)).assumptions0)


def _charts(chart: Chart, pending: list[Any], steps: int) -> list[Chart]:
    pending = [r for r in pending if r is not sympy.true]
    if any(isinstance(r, BooleanFalse) for r in pending):
        return []
    split = _first_split(pending) if steps else None
    if split is None:
        return [chart]
    rest, parts = split
    found = [c for part in parts for c in _charts(*_after(chart, rest, part), steps - 1)]
    return found if len(found) <= MOST_CHARTS else [chart]


def _first_split(pending: list[Any]) -> tuple[list[Any], list[_Part]] | None:
    """The other relations, and the parts into which one of them divides the points."""
    for by in (_shifted, _from_both_sides, _apart):
        for n, relation in enumerate(pending):
            parts = by(relation)
            if parts is not None:
                return [*pending[:n], *pending[n + 1 :]], parts
    return None


@dataclass(frozen=True)
class _Part:
    put: Mapping[Symbol, Expr] = field(default_factory=dict)
    back: Mapping[Symbol, Expr] = field(default_factory=dict)
    more: tuple[Any, ...] = ()  # relations that hold besides


def _after(chart: Chart, rest: Sequence[Any], part: _Part) -> tuple[Chart, list[Any]]:
    return chart.then(part.put, part.back), [r.xreplace(dict(part.put)) for r in (*rest, *part.more)]


def _bounds(relation: Relational) -> Iterator[tuple[Symbol, bool, Expr]]:
    """The symbols that the relation bounds: each, whether from below, and the bound."""
    e = sympy.expand(difference(relation))
    for s in sorted(e.free_symbols, key=sympy.default_sort_key):
        c = e.coeff(s, 1)
        rest = sympy.expand(e - c * s)
        if s not in c.free_symbols | rest.free_symbols and (c.is_positive or c.is_negative):
            yield s, bool(c.is_positive), -rest / c


def _shifted(relation: Relational) -> list[_Part] | None:
    """s = bound ± d, where that keeps what is assumed of s; and s = value for an equation."""
    if relation.rel_op == "!=":
        return None
    for s, below, bound in _bounds(relation):
        if relation.rel_op == "==":
            return [_Part({s: bound}, {}, _kept(of_symbol(s), bound))]
        part = _shift(s, below, bound, relation.rel_op in ("<", ">"))
        if part is not None:
            return [part]
    return None


def _shift(s: Symbol, below: bool, bound: Expr, strict: bool) -> _Part | None:
    """s = bound ± d; all points, where a symbol with a sign is above that bound anyway; None for other symbols."""
    if _is_free(s, bound):
        return _by_shift(s, below, bound, strict)
    signs = of_expression(bound)
    if not below or signs is None or not _is_one_sided(s):
        return None
    if signs <= NONNEGATIVE and not _idle(s, bound, strict):
        return _by_shift(s, below, bound, strict)
    return _Part() if signs <= NONPOSITIVE else None


def _is_free(s: Symbol, bound: Expr) -> bool:
    return _only(s, "real") or bool(s.is_integer and bound.is_integer and _only(s, "integer"))


def _is_one_sided(s: Symbol) -> bool:
    kinds = (("positive",), ("nonnegative",), ("integer", "positive"), ("integer", "nonnegative"))
    return any(_only(s, *names) for names in kinds)


def _idle(s: Symbol, bound: Expr, strict: bool) -> bool:
    """Whether the bound is 0 and says no more than the symbol's own sign."""
    return bool(bound == 0 and (s.is_positive or not strict))


def _kept(signs: Signs | None, value: Expr) -> tuple[Any, ...]:
    """What is assumed of a symbol, said of the value that takes its place."""
    if signs is None or signs == ANY:
        return ()
    said = {POSITIVE: value > 0, NONNEGATIVE: value >= 0, frozenset({-1, 1}): sympy.Ne(value, 0)}
    return (said[signs],) if signs in said else ()


def _by_shift(s: Symbol, below: bool, bound: Expr, strict: bool) -> _Part:
    whole = {"integer": True} if s.is_integer and bound.is_integer else {}
    d = Dummy(f"d_{s.name}", **whole, **({"positive": True} if strict else {"nonnegative": True}))
    return _Part({s: bound + d if below else bound - d}, {d: s - bound if below else bound - s})


def _from_both_sides(relation: Relational) -> list[_Part] | None:
    """0 < s < b as s = b/(1 + d) with d > 0, and what else there is between open and closed ends."""
    if relation.rel_op in ("==", "!="):
        return None
    strict = relation.rel_op in ("<", ">")
    for s, below, b in _bounds(relation):
        if below or not (_only(s, "positive") or _only(s, "nonnegative")):
            continue
        return _below(s, b, strict)
    return None


def _below(s: Symbol, b: Expr, strict: bool) -> list[_Part]:
    if s.is_positive:
        d = Dummy(f"d_{s.name}", **({"positive": True} if strict else {"nonnegative": True}))
        return [_Part({s: b / (1 + d)}, {d: b / s - 1}, (b > 0,))]
    d = Dummy(f"d_{s.name}", nonnegative=True)
    inside = _Part({s: b * d / (1 + d)}, {d: s / (b - s)}, (b > 0,))
    return [inside] if strict else [inside, _Part({s: b}, {}, (b >= 0,))]


def _apart(relation: Relational) -> list[_Part] | None:
    """a != b for real numbers: one of them is the larger."""
    if relation.rel_op != "!=" or of_expression(difference(relation)) is None:
        return None
    e = difference(relation)
    return [_Part(more=(e > 0,)), _Part(more=(e < 0,))] if any(_bounds(relation)) else None


__all__ = ["RELATIONS", "TURNED", "Chart", "assumed", "bearing", "box", "charts", "known_relation", "linear"]

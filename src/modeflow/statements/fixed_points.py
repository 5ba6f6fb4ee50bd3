"""All real zeros of polynomials in two unknowns, with the conditions on the symbols under which each is one.

The equations are split into cases until each is a triangle: one equation in y, one in x and y, what must not vanish.

    factors → a case each;  a leading coefficient → a case where it vanishes and one where it does not;
    two equations in the same unknown → the remainder of one by the other

Each step keeps the set of zeros whatever the values of the symbols, so that no zero is lost at special values.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Eq, Expr, Ge, Gt, Le, Lt, Ne, Poly, Symbol
from sympy.core.relational import Relational

from ..language.solve import NoClosedForm
from ..proof.signs import ANY, NONNEGATIVE, NONPOSITIVE, ZERO, of_symbol
from .real_roots import Root, at_least_zero, conditions_of, real_roots, sign

STRICT = {Ge: Gt, Le: Lt}
MOST_CASES = 400
MOST_SECONDS = 60  # of processor time
LARGEST_DEGREES = 400  # of two equations, multiplied: beyond it, eliminating an unknown takes minutes


@dataclass(frozen=True)
class Place:
    """Zeros of the equations: the value of each unknown (one that is left out is free) and the conditions."""

    values: dict[Symbol, Expr]
    conditions: tuple[Relational, ...]
    triangle: tuple[Poly, ...] = ()  # in x, then in y

    def rests(self, e: Expr) -> bool:
        """Whether the equations of the triangle, divided into a polynomial, leave nothing: then it vanishes here."""
        for p in self.triangle:
            e = sympy.prem(e, p.as_expr(), p.gen) if e != 0 else e
        return bool(sympy.expand(e) == 0)


@dataclass(frozen=True)
class _Case:
    equations: tuple[Expr, ...]
    nonzero: frozenset[Expr] = frozenset()
    conditions: tuple[Relational, ...] = ()  # a symbol that must have a certain value, and its sign

    def without(self, e: Expr) -> list[Expr]:
        """The other equations."""
        return [other for other in self.equations if other != e]

    def with_equations(self, equations: Iterable[Expr]) -> _Case:
        return replace(self, equations=tuple(dict.fromkeys(sympy.expand(e) for e in equations)))


def zeros(equations: Sequence[Expr], x: Symbol, y: Symbol, nonzero: Sequence[Expr] = ()) -> list[Place]:
    """All real zeros (x, y) of polynomials; raises NoClosedForm where they cannot all be written down.

    nonzero: what does not vanish, such as the denominators of the loss.
    """
    deadline = time.process_time() + MOST_SECONDS
    try:
        return _zeros(equations, x, y, nonzero, deadline)
    except NoClosedForm as first:
        try:
            return _zeros(equations, y, x, nonzero, deadline)
        except NoClosedForm:
            raise first from None


def _zeros(equations: Sequence[Expr], x: Symbol, y: Symbol, nonzero: Sequence[Expr], deadline: float) -> list[Place]:
    if len(equations) == 2 and _are_swapped(equations[0], equations[1], x, y):
        equations = [equations[0] + equations[1], equations[0] - equations[1]]  # which have factors x + y and x - y
    start = _Case((), _all_factors(nonzero)).with_equations(equations)
    places = [place for case in _triangles(start, x, y, deadline) for place in _places(case, x, y)]
    kept = list({(tuple(p.values.items()), p.conditions): p for p in _joined(places)}.values())
    return [p for p in kept if not any(_lies_on(p, other) for other in kept)]


def _are_swapped(one: Expr, other: Expr, x: Symbol, y: Symbol) -> bool:
    """Whether one equation is the other with x and y swapped, and they have no curve in common."""
    swapped = sympy.expand(one.subs({x: y, y: x}, simultaneous=True) - other) == 0
    return bool(swapped) and not sympy.gcd(one, other).has(x, y)


def _joined(places: list[Place]) -> list[Place]:
    """The places, where one is there for p = 0 and the same one for p != 0, without these conditions."""
    found = {(tuple(p.values.items()), frozenset(p.conditions)) for p in places}
    joined = []
    for place in places:
        for c in place.conditions:
            rest = frozenset(place.conditions) - {c}
            others = {Ne(c.lhs - c.rhs, 0), Ne(c.rhs - c.lhs, 0)} if isinstance(c, Eq) else set()
            if any((tuple(place.values.items()), rest | {other}) in found for other in others):
                place = replace(place, conditions=tuple(k for k in place.conditions if k != c))
        joined.append(place)
    return joined


def _lies_on(place: Place, other: Place) -> bool:
    """Whether a place is a part of another one that is there at least under the same conditions."""
    if place is other or not set(other.values) <= set(place.values):
        return False
    if any(sympy.expand(place.values[u] - v.subs(place.values)) != 0 for u, v in other.values.items()):
        return False
    there = {c.subs(place.values) for c in other.conditions}
    return there - {sympy.true} <= set(place.conditions)


# --- cases ------------------------------------------------------------------------------------------------


def _triangles(start: _Case, x: Symbol, y: Symbol, deadline: float) -> list[_Case]:
    """Cases of at most one equation in y and one in x, that together have the zeros of the equations."""
    work, done = [start], list[_Case]()
    while work:
        if len(work) + len(done) > MOST_CASES:
            raise NoClosedForm(f"no closed form known: the points at rest fall into more than {MOST_CASES} cases")
        if time.process_time() > deadline:
            raise NoClosedForm(f"no closed form known: the points at rest were not all found in {MOST_SECONDS} s")
        case = work.pop()
        parts = _split(case, x, y)
        done += [case] if parts is None else []
        work += reversed(parts or [])
    return list(dict.fromkeys(done))


def _split(case: _Case, x: Symbol, y: Symbol) -> list[_Case] | None:
    """The cases that a case falls into; None for a triangle."""
    for e in case.equations:
        if (factors := _factors(e, case.nonzero)) != [e]:
            return [case.with_equations([*case.without(e), factor]) for factor in factors]
        if not e.has(x, y):
            return _special_value(case, e)
    in_y = [e for e in case.equations if e.has(y) and not e.has(x)]
    in_x = [e for e in case.equations if e.has(x)]
    parts = _split_by_unknown(case, in_y, y, x)
    return _split_by_unknown(case, in_x, x, y) if parts is None else parts


def _split_by_unknown(case: _Case, mine: list[Expr], unknown: Symbol, other: Symbol) -> list[_Case] | None:
    """By the equation of least degree in an unknown: its first coefficient, or remainders of the others by it."""
    if not mine:
        return None
    least = min(mine, key=lambda e: (sympy.degree(e, unknown), len(e.args)))
    if _factors(first := Poly(least, unknown).LC(), case.nonzero):
        return _by_first_coefficient(case, least, unknown, first)
    for e in case.without(least):
        if sympy.degree(e, unknown) >= sympy.degree(least, unknown):
            _check_size(e, least, unknown, other)
            return [case.with_equations([*case.without(e), sympy.prem(e, least, unknown)])]
    return None


def _check_size(one: Expr, other: Expr, x: Symbol, y: Symbol) -> None:
    degrees = [Poly(e, x, y).total_degree() for e in (one, other)]
    if degrees[0] * degrees[1] > LARGEST_DEGREES and min(degrees) > 1:
        raise NoClosedForm(f"no closed form known: at rest two equations of degrees {degrees[0]} and {degrees[1]} hold")


def _factors(e: Expr, nonzero: frozenset[Expr]) -> list[Expr]:
    """The irreducible factors of a polynomial that may vanish; [0] for zero."""
    if e == 0:
        return [e]
    return [f for f, _ in sympy.factor_list(e)[1] if f not in nonzero and sign(f) & ZERO]


def _all_factors(polynomials: Iterable[Expr]) -> frozenset[Expr]:
    return frozenset(f for e in polynomials for f in _factors(e, frozenset()))


def _by_first_coefficient(case: _Case, e: Expr, unknown: Symbol, first: Expr) -> list[_Case]:
    shorter = case.with_equations([*case.without(e), first, e - first * unknown ** sympy.degree(e, unknown)])
    return [shorter, replace(case, nonzero=case.nonzero | set(_factors(first, case.nonzero)))]


def _special_value(case: _Case, e: Expr) -> list[_Case]:
    """The case in which a polynomial in the symbols vanishes: one of them is put in."""
    for symbol in sorted(e.free_symbols, key=lambda s: (not s.is_real, s.name)):
        p = Poly(e, symbol)
        if p.degree() == 1 and not sign(p.LC()) & ZERO:
            return _with_value(case, symbol, sympy.cancel(-p.nth(0) / p.nth(1)))
    if e.free_symbols:
        raise NoClosedForm(f"no closed form known: the points at rest where {e} = 0 are others")
    return [case.with_equations(other for other in case.equations if other != 0)]


def _with_value(case: _Case, symbol: Symbol, value: Expr) -> list[_Case]:
    put = {symbol: value}
    allowed = _is_allowed(symbol, value)
    if allowed is None:
        return []
    conditions = [*(c.subs(put) for c in case.conditions), Eq(symbol, value), *allowed]
    nonzero = [sympy.numer(sympy.together(e.xreplace(put))).expand() for e in case.nonzero]
    if any(e == 0 for e in nonzero):
        return []
    factors = _all_factors(nonzero)
    equations = (sympy.numer(sympy.together(e.xreplace(put))) for e in case.equations)
    return [_Case((), factors, tuple(conditions)).with_equations(equations)]


def _is_allowed(symbol: Symbol, value: Expr) -> tuple[Relational, ...] | None:
    """The conditions under which a value is one that a symbol can have; None where it never is."""
    allowed, known = of_symbol(symbol) or ANY, sign(value)
    if known <= allowed or not known & allowed:
        return () if known <= allowed else None
    if allowed <= NONNEGATIVE or allowed <= NONPOSITIVE:
        way = 1 if allowed <= NONNEGATIVE else -1
        return conditions_of(at_least_zero(way * value, strict=0 not in allowed))
    return (Ne(value, 0),)


# --- from a triangle to values ----------------------------------------------------------------------------


def _places(case: _Case, x: Symbol, y: Symbol) -> Iterator[Place]:
    in_y, in_x = _equation(case, y, x), _equation(case, x)
    triangle = tuple(p for p in (in_x, in_y) if p is not None)
    for below in [Root(y)] if in_y is None else real_roots(in_y):
        for above in [Root(x)] if in_x is None else _roots_above(in_x, in_y, y, below.value):
            apart = _apart(case.nonzero, in_y, y, below.value)
            if apart is not None:
                conditions = _merged([*case.conditions, *below.conditions, *above.conditions, *apart])
                yield Place(_without_free({x: above.value, y: below.value}), conditions, triangle)


def _equation(case: _Case, unknown: Symbol, *others: Symbol) -> Poly | None:
    return next((Poly(e, unknown) for e in case.equations if e.has(unknown) and not e.has(*others)), None)


def _without_free(values: dict[Symbol, Expr]) -> dict[Symbol, Expr]:
    return {u: value for u, value in values.items() if value != u}


def _merged(conditions: Sequence[Relational]) -> tuple[Relational, ...]:
    """Each condition once, and p > 0 for p >= 0 with p != 0."""
    known = set(conditions)
    sharper = {c: STRICT[c.func](c.lhs, 0) for c in known if c.func in STRICT}
    strict = {c: sharp for c, sharp in sharper.items() if sharp in known or Ne(c.lhs, 0) in known}
    implied = {Ne(c.lhs, 0) for c in (*known, *strict.values()) if isinstance(c, Gt | Lt)}
    return tuple(dict.fromkeys(strict.get(c, c) for c in conditions if c not in implied))


def _apart(nonzero: frozenset[Expr], in_y: Poly | None, y: Symbol, value: Expr) -> list[Relational] | None:
    """That what must not vanish does not, unless it is known; None where it does."""
    conditions = []
    for e in sorted(nonzero, key=sympy.default_sort_key):
        if in_y is not None and e.has(y) and not sign(sympy.resultant(e, in_y.as_expr(), y)) & ZERO:
            continue
        there = sympy.factor(e.subs(y, value)) if e.has(y) else e
        known = sign(there)
        if known == ZERO:
            return None
        conditions += [Ne(there, 0)] if 0 in known else []
    return conditions


def _roots_above(p: Poly, in_y: Poly | None, y: Symbol, value: Expr) -> list[Root]:
    """The x of a zero whose y has this value."""
    if in_y is None:
        return _roots_along(p, y)
    if not p.as_expr().has(y):
        return real_roots(p)
    coefficients = {k: _reduced(c, in_y) for k, c in p.terms()}
    if p.degree() == 1:
        ratio = -coefficients.get((0,), sympy.Integer(0)) * sympy.invert(p.LC(), in_y.as_expr(), y)
        return [Root(_put(_reduced(ratio, in_y), y, value))]
    return real_roots(Poly({k: _put(c, y, value) for k, c in coefficients.items()}, p.gen))


def _reduced(e: Expr, modulo: Poly) -> Expr:
    """The remainder of a polynomial in y, with coefficients that may be fractions of the symbols."""
    top, bottom = sympy.fraction(sympy.together(e))
    remainder = sympy.rem(top, modulo.as_expr(), modulo.gen)
    return sympy.Add(*(sympy.factor(c / bottom) * modulo.gen**k for (k,), c in Poly(remainder, modulo.gen).terms()))


def _put(e: Expr, y: Symbol, value: Expr) -> Expr:
    """The polynomial at a value; an odd one as the value times a polynomial in its square."""
    terms = Poly(e, y).terms()
    odd = all(k % 2 for (k,), _ in terms)
    there = sympy.Add(*(c * (value**2) ** (k // 2) if odd else c * value**k for (k,), c in terms))
    return sympy.expand(there) * (value if odd else 1)


def _roots_along(p: Poly, y: Symbol) -> list[Root]:
    """x as a function of a free y; where the equation holds x·y only, as a root over y."""
    u = sympy.Dummy("u", real=True)
    product = sympy.expand(p.as_expr().subs(p.gen, u / y))
    if p.degree() > 1 and not product.has(y):
        return [Root(r.value / y, r.conditions) for r in real_roots(Poly(product, u))]
    return real_roots(p)


# --- letters ----------------------------------------------------------------------------------------------


def real_letters(expressions: Sequence[Expr], unknowns: Sequence[Symbol]) -> dict[Expr, Symbol]:
    """A real symbol for every symbol and every other part, such as exp(s) or √2, that polynomials are made of."""
    gens = {g for e in expressions for g in _generators(e)} | set(unknowns)
    return {g: _letter(g, g in unknowns) for g in sorted(gens, key=sympy.default_sort_key)}


def _generators(e: Expr) -> Iterable[Expr]:
    parts = sympy.fraction(sympy.together(e))
    return [g for part in parts if not part.is_number or part.has(sympy.Pow) for g in Poly(part).gens]


def _letter(part: Expr, is_unknown: bool) -> Symbol:
    kinds = ("positive", "negative", "zero", "nonnegative", "nonpositive", "nonzero")
    known = {} if is_unknown else {k: True for k in kinds if getattr(part, f"is_{k}")}
    if isinstance(part, Symbol) and not isinstance(part, sympy.Dummy):
        return Symbol(part.name, real=True, **known)
    return sympy.Dummy(str(part), real=True, **known)

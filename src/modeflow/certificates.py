"""Certificates: what a proof found, as plain data that `modeflow.recheck` verifies without the prover.

A certificate holds the statement as numbered nodes, the generators, for each transcendental node a hint (why its value
is what it is), and for an equation the numerator of the difference as a sum of quotients times relations. Values of
sums and products are not written down: the checker computes them itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from flint import fmpq, fmpq_mpoly
from sympy import Expr, I, exp, log

from . import matrices
from .recheck import FORMAT, FUNCTIONS
from .signs import ANY, NONNEGATIVE, Signs, of_symbol
from .tower import Fractional, Generator, OutsideTower, Tower, prove_zero, signs_of, with_room

MOST_TERMS = 300  # a longer numerator is left out, with its quotients: the checker computes it anyway
Plain = Any
_BY_CONJUGATES = "the difference is not zero by the relations alone"
_WITH_LETTERS = {
    "Transpose": "transpose",
    "Trace": "trace",
    "NoiseAverage": "average",
    "MatrixGradient": "gradient",
    "DiagonalEntry": "diagonal",
}
_KINDS = {"SymmetricSymbol": "symmetric", "OrthogonalSymbol": "orthogonal", "DiagonalSymbol": "diagonal"}


class Uncertified(Exception):
    """A step for which there is no hint that the checker understands."""


def certificate(tower: Tower, lhs: Expr, rhs: Expr, relation: str) -> Mapping[str, Any]:
    """The certificate of a statement that the tower has shown; one that says why not where there is none."""
    try:
        return _Writer(tower).statement(lhs, rhs, relation)
    except (Uncertified, OutsideTower) as reason:
        return _unchecked(str(reason))


def certified_zero(lhs: Expr, rhs: Expr) -> tuple[bool, Tower, Mapping[str, Any] | None]:
    """Whether lhs - rhs reduces to zero, the tower that says so, and the certificate if it does."""

    def work(tower: Tower) -> tuple[bool, Mapping[str, Any] | None]:
        zero = tower.vanishes(tower.element(lhs - rhs))
        return zero, certificate(tower, lhs, rhs, "=") if zero else None

    try:
        (zero, found), tower = with_room(work)
    except OutsideTower:  # perhaps only the certificate had no room
        zero, tower = prove_zero(lhs - rhs)
        found = _unchecked("the certificate has no room") if zero else None
    return zero, tower, found


def certified_signs(lhs: Expr, rhs: Expr, relation: str) -> tuple[Signs | None, Tower, Mapping[str, Any] | None]:
    """The signs of lhs - rhs, the tower, and the certificate of the inequality if it holds."""

    def work(tower: Tower) -> tuple[Signs | None, Mapping[str, Any] | None]:
        return tower.signs(tower.element(lhs - rhs)), certificate(tower, lhs, rhs, relation)

    try:
        (signs, found), tower = with_room(work)
    except OutsideTower:
        signs, tower = signs_of(lhs - rhs)
        found = _unchecked("the certificate has no room")
    return signs, tower, found


def certified_words(lhs: Any, rhs: Any) -> Mapping[str, Any]:
    """The certificate of an identity in matrix letters, whose words are known to be equal."""
    try:
        found: Mapping[str, Any] = with_room(lambda tower: _Writer(tower).words(lhs, rhs))[0]
    except (Uncertified, OutsideTower) as reason:
        return _unchecked(str(reason))
    return found


def _unchecked(reason: str) -> dict[str, Any]:
    return {"format": FORMAT, "unchecked": reason}


class _Writer:
    """Writes one statement down, node by node."""

    def __init__(self, tower: Tower) -> None:
        self.tower = tower
        self.nodes: list[Plain] = []
        self.hints: dict[str, Plain] = {}
        self.pairs: list[Plain] = []
        self._seen: dict[Expr, int] = {}
        self._pairs: dict[int, int] = {}
        self._values: dict[int, Fractional] = {}
        self._size = sympy.Dummy("size", positive=True)  # of matrices that are written as symbols

    def statement(self, lhs: Expr, rhs: Expr, relation: str) -> dict[str, Any]:
        for symbol in sorted(lhs.free_symbols | rhs.free_symbols, key=sympy.default_sort_key):
            self.node(symbol)  # first, because any hint may speak of them
        left, right = self.node(lhs), self.node(rhs)
        more = self._identity(lhs, rhs) if relation == "=" else self._difference(lhs, rhs)
        return self._written(left, right, relation, more)

    def words(self, lhs: Any, rhs: Any) -> dict[str, Any]:
        for symbol in sorted(lhs.free_symbols | rhs.free_symbols, key=sympy.default_sort_key):
            if symbol.is_Symbol and symbol.is_commutative and not isinstance(symbol, sympy.MatrixSymbol):
                self.node(symbol)
        left, right = self.node(lhs), self.node(rhs)
        forms = {"left": self._normal_form(lhs), "right": self._normal_form(rhs)}
        nothing = {"numerator": None, "multiplier": None, "quotients": None}
        return self._written(left, right, "=", {**nothing, "words": forms})

    def _normal_form(self, side: Any) -> Plain:
        """[[coefficient, traces, word], …] with letters as text, Aᵀ as A'."""

        def text(word: matrices.Word) -> str:
            return " ".join(f"{letter}'" if turned else str(letter) for letter, turned in word)

        terms = matrices.normal_form(side).terms.items()
        return [[str(c), [text(w) for w in traces], text(word)] for (traces, word), c in terms]

    def _written(self, left: int, right: int, relation: str, more: dict[str, Plain]) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "relation": relation,
            "nodes": self.nodes,
            "lhs": left,
            "rhs": right,
            "hints": self.hints,
            "pairs": self.pairs,
            **more,
            "conditions": list(self.tower.condition_texts()),
            "generators": [self._generator(g) for g in self.tower.generators],
        }

    # --- data -----------------------------------------------------------------------------------------------

    def number_of(self, g: Generator) -> int:
        return self.tower.ring.nvars() - 1 - g.index

    def polynomial(self, p: fmpq_mpoly) -> Plain:
        last = self.tower.ring.nvars() - 1
        terms = []
        for monomial, coefficient in p.to_dict().items():
            terms.append([str(coefficient), [[last - i, int(d)] for i, d in enumerate(monomial) if d][::-1]])
        return terms

    def fraction(self, a: Fractional) -> Plain:
        return [self.polynomial(a.num), self.polynomial(a.den)]

    def _generator(self, g: Generator) -> Plain:
        means: dict[str, Plain] = {"kind": "pi" if g.kind == "constant" else g.kind, "means": self._means(g)}
        if g.of is not None:
            means["of"] = self.fraction(g.of)
        if g.kind == "root":
            means["degree"] = g.degree
        if g.index in self._values:
            means["value"] = self.fraction(self._values[g.index])
        return means

    def _means(self, g: Generator) -> str:
        """The generator as text; only its kind where it would fill pages."""
        long = g.of is not None and len(g.of.num) + len(g.of.den) > MOST_TERMS // 6
        return f"{g.kind}(…)" if long else str(g.means)

    def _identity(self, lhs: Expr, rhs: Expr) -> dict[str, Plain]:
        """multiplier · numerator = sum of quotients · relations."""
        t = self.tower
        left, right = t.element(lhs), t.element(rhs)
        common = left.den.gcd(right.den)
        numerator = left.num * (right.den // common) - right.num * (left.den // common)
        if not (zero := t.is_zero(Fractional(numerator, t.one))):
            self._state_roots(numerator)
        if not zero or len(numerator) > MOST_TERMS:
            return {"numerator": None, "multiplier": None, "quotients": None}
        multiplier, quotients = self._quotients(numerator)
        return {
            "numerator": self.polynomial(numerator),
            "multiplier": self.polynomial(multiplier),
            "quotients": [[i, self.polynomial(q)] for i, q in quotients],
        }

    def _state_roots(self, p: fmpq_mpoly) -> None:
        """Where p = u + v·r is zero by its conjugate, that r is -u/v: by its square, and because -u/v >= 0."""
        t, p = self.tower, self.tower.reduced(p)
        if p.is_zero():
            return
        roots = [g for g in reversed(t.generators) if g.kind == "root" and p.degrees()[g.index]]
        if not roots or roots[0].degree != 2 or roots[0].of is None:
            raise Uncertified(_BY_CONJUGATES)
        parts = t.by_power(p, roots[0].index)
        u, v = parts.get(0, t.ring.constant(fmpq(0))), parts[1]
        self._state_roots(u**2 * roots[0].of.den - v**2 * roots[0].of.num)
        value = t.fraction(-u, v)
        if not (t.signs(value) or ANY) <= NONNEGATIVE:
            raise Uncertified(f"{_BY_CONJUGATES}, and the sign of the root's value is not known")
        self._values[roots[0].index] = value

    def _quotients(self, rest: fmpq_mpoly) -> tuple[fmpq_mpoly, list[tuple[int, fmpq_mpoly]]]:
        t = self.tower
        multiplier = t.one
        quotients: list[tuple[int, fmpq_mpoly]] = []
        for g in reversed(t.generators):
            if g.kind != "root" or g.of is None or rest.degrees()[g.index] < g.degree:
                continue
            # A power of d clears every division by d, the leading coefficient of the relation, on the way.
            scale = g.of.den ** (int(rest.degrees()[g.index]) - g.degree + 1)
            quotient, rest = self._divide(rest * scale, g)
            multiplier = multiplier * scale
            quotients = [(i, q * scale) for i, q in quotients] + [(self.number_of(g), quotient)]
        if not rest.is_zero():
            raise Uncertified(_BY_CONJUGATES)
        return multiplier, quotients

    def _divide(self, p: fmpq_mpoly, g: Generator) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        """p = quotient·relation + rest with rest of lower degree in the root; every division by d is exact."""
        t = self.tower
        assert g.of is not None
        quotient = t.ring.constant(fmpq(0))
        while (degree := p.degrees()[g.index]) >= g.degree:
            lead = t.by_power(p, g.index)[degree] * t.variables[g.index] ** (degree - g.degree)
            step, left_over = divmod(lead, g.of.den)
            if not left_over.is_zero():
                raise Uncertified("a relation does not divide evenly")
            quotient, p = quotient + step, p - step * t.relation(g)
        return quotient, p

    def _difference(self, lhs: Expr, rhs: Expr) -> dict[str, Plain]:
        difference = self.tower.element(lhs - rhs)
        return {"numerator": self.polynomial(difference.num), "denominator": self.polynomial(difference.den)}

    # --- nodes ----------------------------------------------------------------------------------------------

    def node(self, e: Expr) -> int:
        """The number of the node that stands for an expression."""
        if e not in self._seen:
            node, hint = self._node(e)
            self.nodes.append(node)
            self._seen[e] = len(self.nodes) - 1
            if hint:
                self.hints[str(self._seen[e])] = hint
        return self._seen[e]

    def _node(self, e: Expr) -> tuple[Plain, Plain]:
        t, name = self.tower, type(e).__name__
        if isinstance(e, sympy.MatrixExpr) or name in _WITH_LETTERS:
            return self._with_letters(name, e), None
        if e.is_Rational:
            return ["number", f"{e.p}/{e.q}" if e.q != 1 else str(e.p)], None
        if e.is_Symbol and not e.is_commutative:
            return ["letter", str(e), "plain", self.node(self._size), self.node(self._size)], None
        if e.is_Symbol:
            signs = of_symbol(e)
            index = self.variable(t.element(e))
            return ["symbol", self._name(e), signs and sorted(signs), index], None
        if e is sympy.pi or e is I:
            return ["pi" if e is sympy.pi else "I"], [self.variable(t.element(e))]
        if e is sympy.E:
            return self._exponential(sympy.Integer(1))
        if e.is_Add or e.is_Mul:
            return ["add" if e.is_Add else "mul", *(self.node(a) for a in e.args)], None
        if isinstance(e, exp):
            return self._exponential(e.args[0])
        if e.is_Pow:
            return self._power(e)
        if isinstance(e, log) and len(e.args) == 1:
            return ["log", self.node(e.args[0])], self.logarithm(t.element(e))
        if name in FUNCTIONS:
            return [name, *(self.node(a) for a in e.args)], self._function(name, e)
        if name in ("besseli", "besselk"):
            return [name, *(self.node(a) for a in e.args)], self._bessel(name, e)
        if name == "Abs" and (e.args[0] ** 2).is_Pow:
            square = self.node(e.args[0] ** 2)
            return ["power", square, "1/2"], [self.root(t.element(e.args[0] ** 2), 2, t.element(e))]
        raise Uncertified(f"{name} has no hint")

    def _with_letters(self, name: str, e: Any) -> Plain:
        if isinstance(e, sympy.MatrixSymbol):
            return ["letter", str(e), _KINDS.get(name, "plain"), *(self.node(n) for n in e.shape)]
        if name in ("Identity", "ZeroMatrix"):
            return ["identity", self.node(e.shape[0])] if name == "Identity" else ["zero", *map(self.node, e.shape)]
        if name in ("MatAdd", "MatMul"):
            return ["add" if name == "MatAdd" else "mul", *(self.node(a) for a in e.args)]
        if name == "MatPow" and e.exp.is_Integer and e.exp > 0:
            return ["power", self.node(e.base), str(e.exp)]
        if name == "DiagonalEntry":
            return ["diagonal", self.node(e.args[0]), [[self.node(a), self.node(b)] for a, b in e.args[1]]]
        if name in _WITH_LETTERS:
            return [_WITH_LETTERS[name], *(self.node(a) for a in e.args)]
        raise Uncertified(f"{name} has no hint")

    def _name(self, symbol: Expr) -> str:
        """The symbol's name, with a number where another one bears it already."""
        namesakes = sum(1 for other in self._seen if other.is_Symbol and other.name == symbol.name)
        return f"{symbol.name}#{namesakes + 1}" if namesakes else str(symbol.name)

    def variable(self, a: Fractional) -> int:
        return self.number_of(self.tower.present(a.num)[0])

    def _exponential(self, exponent: Expr) -> tuple[Plain, Plain]:
        return ["exp", self.node(exponent)], [self.exponential(self.tower.element(exponent))]

    def exponential(self, a: Fractional) -> dict[str, Plain]:
        """exp(a) as a product: the integer powers of known exponentials and the powers of logarithms' arguments."""
        t = self.tower
        powers, rest = [], a
        if a.den.is_constant():
            for monomial, coefficient in a.num.to_dict().items():
                q = coefficient / a.den.leading_coefficient()
                here = [(t.generator_at(i), d) for i, d in enumerate(monomial) if d]
                if len(here) == 1 and here[0][1] == 1 and here[0][0].kind in ("log", "atanh"):
                    known = t._known_power(monomial, q)
                    if known is None:
                        continue
                    powers.append([self.number_of(here[0][0]), str(q), self.fraction(known)])
                    term = Fractional(t.ring.from_dict({monomial: coefficient}), a.den)
                    rest = t.add(rest, t.negative(term))
                elif sorted(str(g.means) for g, _ in here) == ["I", "pi"] and t._known_power(monomial, q):
                    raise Uncertified("a rational multiple of i·pi in an exponent has no hint")
        if rest.num.is_zero():
            return {"exp": [], "log": powers}
        t._pure_exponential(rest)
        combination = t._combination(rest)
        assert combination is not None
        return {"exp": [[self.number_of(t._exponents[i][1]), int(q)] for i, q in combination], "log": powers}

    def _power(self, e: Expr) -> tuple[Plain, Plain]:
        t, exponent = self.tower, e.exp
        if not exponent.is_Rational:
            whole = exponent * log(e.base, evaluate=False)
            return self._exponential(whole)
        node = ["power", self.node(e.base), f"{exponent.p}/{exponent.q}"]
        if exponent.is_Integer:
            return node, None
        base = t.element(e.base)
        return node, [self.root(base, int(exponent.q), t.root(base, int(exponent.q)))]

    def root(self, base: Fractional, q: int, value: Fractional) -> Plain:
        """The value as a factor p >= 0 times at most one root that stays as it is."""
        t = self.tower
        for g in t.present(value.num):
            if g.kind != "root" or g.degree != q or g.signs is not None or g.of is None:
                continue
            factor = t.multiply(value, Fractional(t.one, t.variables[g.index]))
            if t.is_zero(t.add(t.multiply(t.integer_power(factor, q), g.of), t.negative(base))):
                return {"factor": self.fraction(factor), "root": self.number_of(g)}
        return {"factor": self.fraction(value), "root": None}

    def logarithm(self, value: Fractional) -> list[Plain]:
        """The value of a logarithm apart from at most one that stays as it is."""
        t = self.tower
        opaque = [g for g in t.present(value.num) if g.kind == "log" and g.signs is None]
        rest = None
        if opaque:
            rest = opaque[0]
            value = t.add(value, t.negative(t.variable(rest)))
        stated = {"value": self.fraction(value), "rest": None if rest is None else self.number_of(rest)}
        return [stated, self.exponential(value)]

    def _function(self, name: str, e: Expr) -> list[Plain]:
        """Hints for the exponentials, logarithms and roots in the checker's definition of a function."""
        t = self.tower
        here = t.present(t.element(e).num)
        if name == "atanh" and len(here) == 1 and here[0].kind == "atanh":
            return [self.number_of(here[0])]
        steps = _Steps(self)
        FUNCTIONS[name](steps, *(_Operand(t, t.element(a)) for a in e.args))
        return steps.hints

    # --- Bessel functions -----------------------------------------------------------------------------------

    def _bessel(self, name: str, e: Expr) -> Plain:
        t = self.tower
        t.element(e)  # so that its pair exists
        order, argument = (t.element(a) for a in e.args)
        for index, pair in enumerate(t.bessel_pairs):
            if not t.is_zero(t.add(argument, t.negative(pair.argument))):
                continue
            for same in (order, t.negative(order)) if name == "besselk" else (order,):
                steps = t.number(t.add(same, t.negative(pair.order)))
                if steps is not None and steps.denominator == 1:
                    return [{"pair": self._pair(index, e.args[1]), "steps": int(steps)}]
        raise Uncertified(f"{e} is not within whole steps of a known pair")

    def _pair(self, index: int, z: Expr) -> int:
        if index not in self._pairs:
            self.pairs.append(self._new_pair(index, z))
            self._pairs[index] = len(self.pairs) - 1
        return self._pairs[index]

    def _new_pair(self, index: int, z: Expr) -> Plain:
        t, pair = self.tower, self.tower.bessel_pairs[index]
        argument = self.fraction(pair.argument)
        first, second, third = pair.here["besseli"], pair.above["besseli"], pair.here["besselk"]
        here = t.present(first.num)
        if len(here) == 1 and here[0].kind == "bessel" and first.num == t.variables[here[0].index]:
            generators = [self.variable(a) for a in (first, second, third)]
            return {"argument": argument, "order": self.fraction(pair.order), "generators": generators}
        steps = _Steps(self)
        pi, x = steps.pi, _Operand(t, pair.argument)
        steps.exp(x)
        steps.root((pi * x) ** -1 * 2, 2)
        steps.root(pi * (x * 2) ** -1, 2)
        return {"argument": argument, "elementary": steps.hints}


@dataclass(frozen=True)
class _Operand:
    """A fraction of the tower with the operators that the checker's definitions use."""

    tower: Tower
    value: Fractional

    def _other(self, other: _Operand | Fraction | int) -> Fractional:
        return other.value if isinstance(other, _Operand) else self.tower.constant(other)

    def __add__(self, other: _Operand | Fraction | int) -> _Operand:
        return _Operand(self.tower, self.tower.add(self.value, self._other(other)))

    def __mul__(self, other: _Operand | Fraction | int) -> _Operand:
        return _Operand(self.tower, self.tower.multiply(self.value, self._other(other)))

    def __pow__(self, n: int) -> _Operand:
        return _Operand(self.tower, self.tower.integer_power(self.value, n))


class _Steps:
    """Runs a definition of the checker and writes down what each of its steps needs."""

    def __init__(self, writer: _Writer) -> None:
        self.writer, self.tower = writer, writer.tower
        self.hints: list[Plain] = []

    def exp(self, x: _Operand) -> _Operand:
        self.hints.append(self.writer.exponential(x.value))
        return _Operand(self.tower, self.tower.exponential(x.value))

    def log(self, x: _Operand) -> _Operand:
        value = self.tower.logarithm(x.value)
        self.hints += self.writer.logarithm(value)
        return _Operand(self.tower, value)

    def root(self, x: _Operand, q: int) -> _Operand:
        value = self.tower.root(x.value, q)
        self.hints.append(self.writer.root(x.value, q, value))
        return _Operand(self.tower, value)

    @property
    def pi(self) -> _Operand:
        return self._constant(sympy.pi)

    @property
    def i(self) -> _Operand:
        return self._constant(I)

    def _constant(self, e: Expr) -> _Operand:
        value = self.tower.element(e)
        self.hints.append(self.writer.variable(value))
        return _Operand(self.tower, value)

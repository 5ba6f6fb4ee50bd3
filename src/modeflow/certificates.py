"""Certificates: what a proof found, as plain data that `modeflow.recheck` verifies without the prover.

A certificate holds the statement as numbered nodes and the steps that show what the checker cannot compute: values of
exp, log, roots and Bessel functions, and signs. For readers it also holds the numerator of the difference as a sum of
quotients times relations. Values of sums and products are not written down: the checker computes them itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from flint import fmpq, fmpq_mpoly
from sympy import Expr, I, exp, log

from . import matrices
from .recheck import FORMAT, FUNCTIONS
from .sign_steps import SignSteps
from .signs import NONNEGATIVE, POSITIVE, Signs, of_expression, of_symbol
from .tower import Fractional, Generator, OutsideTower, Tower, prove_zero, signs_of, with_room

MOST_TERMS = 300  # a longer numerator is left out, with its quotients: the checker computes it anyway
Plain = Any
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
    """Writes one statement down, node by node, and before each node the steps that it needs."""

    def __init__(self, tower: Tower) -> None:
        self.tower = tower
        self.nodes: list[Plain] = []
        self.steps: list[Plain] = []
        self.means: list[Plain] = [{"kind": "i", "means": "I"}, {"kind": "pi", "means": "pi"}]  # by variable
        self.signs = SignSteps(tower)
        self._seen: dict[Expr, int] = {}
        self._numbers: dict[int, int] = {}  # the tower's variable → the certificate's
        self._values: dict[int, Fractional] = {}  # what is written in the place of a variable
        self._orders: dict[tuple[int, str], tuple[int, int]] = {}  # Bessel pair and kind → first and last order shown
        self._size = sympy.Dummy("size", positive=True)  # of matrices that are written as symbols

    def statement(self, lhs: Expr, rhs: Expr, relation: str) -> dict[str, Any]:
        if relation == "=":
            self._state_roots(self._numerator(lhs, rhs))
        self._symbols(lhs, rhs)
        left, right = self.node(lhs), self.node(rhs)
        if relation == "=":
            return self._written(left, right, relation, self._identity(lhs, rhs))
        difference = self.tower.element(lhs - rhs)
        found, as_written = self.show(difference), of_expression(lhs - rhs)
        wanted: Signs = NONNEGATIVE if relation == ">=" else POSITIVE
        if not any(known is not None and known <= wanted for known in (found, as_written)):
            raise Uncertified("the sign is that of a number in an enclosure, with no elementary derivation")
        num, den = self.fraction(difference)
        return self._written(left, right, relation, {"numerator": num, "denominator": den})

    def words(self, lhs: Any, rhs: Any) -> dict[str, Any]:
        self._symbols(lhs, rhs)
        left, right = self.node(lhs), self.node(rhs)
        forms = {"left": self._normal_form(lhs), "right": self._normal_form(rhs)}
        return self._written(left, right, "=", {"numerator": None, "quotients": None, "words": forms})

    def _symbols(self, *sides: Any) -> None:
        """First, because any step may speak of them."""
        for symbol in sorted(set().union(*(side.free_symbols for side in sides)), key=sympy.default_sort_key):
            if symbol.is_Symbol and symbol.is_commutative and not isinstance(symbol, sympy.MatrixSymbol):
                self.node(symbol)

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
            "variables": len(self.means),
            "steps": self.steps,
            **more,
            "means": self.means,
            "conditions": list(self.tower.condition_texts()),
        }

    # --- data -----------------------------------------------------------------------------------------------

    def step(self, name: str, *stated: Plain) -> None:
        self.steps.append([name, *stated])

    def polynomial(self, p: fmpq_mpoly) -> Plain:
        terms = []
        for monomial, coefficient in p.to_dict().items():
            powers = [[self.number_of(self.tower.generator_at(i)), int(d)] for i, d in enumerate(monomial) if d]
            terms.append([str(coefficient), sorted(powers)])
        return terms

    def fraction(self, a: Fractional) -> Plain:
        """Stated, after what shows that the denominator does not vanish."""
        written = self.replaced(a)
        if not written.den.is_constant():
            self.show(Fractional(written.den, self.tower.one))
        return [self.polynomial(written.num), self.polynomial(written.den)]

    def show(self, a: Fractional) -> Signs | None:
        """The signs that the checker will know a fraction to have, after the steps that show them."""
        written = self.replaced(a)
        for g in self.tower.present(written.num * written.den):
            self.number_of(g)
        found, one = self.signs.of(written), self.tower.one
        steps, self.signs.new = self.signs.new, []
        for name, stated in steps:
            if name == "conjugates":
                self.step(name, *map(self.polynomial, stated))
            else:
                self.step(name, *([c, [[self.fraction(Fractional(p, one)), k] for p, k in fs]] for c, fs in stated))
        return found

    def need(self, a: Fractional, signs: Signs, what: str) -> None:
        found = self.show(a)
        if found is None or not found <= signs:
            raise Uncertified(f"the sign of {what} has no elementary derivation")

    # --- variables ------------------------------------------------------------------------------------------

    def number_of(self, g: Generator) -> int:
        """The number of a generator's variable in the certificate, after the step that brings it."""
        if g.kind == "constant" or g.means is I:
            return 1 if g.kind == "constant" else 0
        if g.index not in self._numbers:
            if g.kind not in _STEPS:
                raise Uncertified(f"{g.means} comes before its node")
            getattr(self, _STEPS[g.kind])(g)
            self._new(g)
        return self._numbers[g.index]

    def _new(self, g: Generator) -> None:
        """The last step or node brings this generator's variable."""
        self._numbers[g.index] = len(self.means)
        long = g.of is not None and len(g.of.num) + len(g.of.den) > MOST_TERMS // 6  # would fill pages
        times = self.tower.expression(self._values[g.index].den) if g.index in self._values else 1
        self.means.append({"kind": g.kind, "means": f"{g.kind}(…)" if long else str(times * g.means)})

    def _exponential(self, g: Generator) -> None:
        assert g.of is not None
        self.show(g.of)
        self.step("exp", self.fraction(g.of))

    def _logarithm(self, g: Generator) -> None:
        assert g.of is not None
        self.show(g.of)
        self.show(self.tower.add(g.of, self.tower.constant(-1)))
        self.step("log", self.fraction(g.of), "log")

    def _branch(self, g: Generator) -> None:
        """The variable stands for 2·atanh(y)."""
        assert g.of is not None
        self.show(g.of)
        self.step("log", self.fraction(g.of), "branch")
        self._values[g.index] = Fractional(self.tower.variables[g.index], self.tower.one * 2)

    def _root(self, g: Generator) -> None:
        """The variable s stands for r·d where r is the root of n/d."""
        assert g.of is not None
        self.show(g.of)
        self.step("root", self.fraction(g.of), g.degree)
        den = self.replaced(g.of).den
        if not den.is_one():
            self._values[g.index] = Fractional(self.tower.variables[g.index], den)

    def replaced(self, a: Fractional) -> Fractional:
        """A fraction of the tower with what the certificate writes in the place of its variables."""
        for g in reversed(self.tower.generators):
            if a.num.degrees()[g.index] > 0 or a.den.degrees()[g.index] > 0:
                if g.index not in self._values:
                    self.number_of(g)
                if g.index in self._values:
                    a = self._put(a, g, self._values[g.index])
        return a

    def _put(self, a: Fractional, g: Generator, value: Fractional) -> Fractional:
        def cleared(p: fmpq_mpoly) -> tuple[fmpq_mpoly, fmpq_mpoly]:
            parts = self.tower.by_power(p, g.index)
            top = max(parts, default=0)
            return sum((c * value.num**k * value.den ** (top - k) for k, c in parts.items()), p * 0), value.den**top

        (num, above), (den, below) = cleared(a.num), cleared(a.den)
        return self.tower.fraction(num * below, den * above)

    # --- for readers, and for proofs by conjugates -----------------------------------------------------------

    def _numerator(self, lhs: Expr, rhs: Expr) -> fmpq_mpoly:
        t = self.tower
        left, right = t.element(lhs), t.element(rhs)
        common = left.den.gcd(right.den)
        return left.num * (right.den // common) - right.num * (left.den // common)

    def _identity(self, lhs: Expr, rhs: Expr) -> dict[str, Plain]:
        """numerator = sum of quotients · relations, where every variable stands for itself."""
        rest = numerator = self._numerator(lhs, rhs)
        plain = all(g.index in self._numbers for g in self.tower.present(rest) if g.kind != "constant")
        if self._values or len(numerator) > MOST_TERMS or not plain:
            return {"numerator": None, "quotients": None}
        quotients = []
        for g in reversed(self.tower.generators):
            if g.kind == "root" and rest.degrees()[g.index] >= g.degree:
                quotient, rest = divmod(rest, self.tower.relation(g))
                quotients.append([self.number_of(g), self.polynomial(quotient)])
        return {"numerator": self.polynomial(numerator), "quotients": quotients}

    def _state_roots(self, p: fmpq_mpoly) -> None:
        """Where p = u + v·r is zero by its conjugate, that r is -u/v: by its square, and because -u/v >= 0."""
        t = self.tower
        if t.is_zero(Fractional(p, t.one)):
            return
        p = t.reduced(p)
        roots = [g for g in reversed(t.generators) if g.kind == "root" and p.degrees()[g.index] > 0]
        if not roots or roots[0].degree != 2 or roots[0].of is None:
            raise Uncertified("the difference is not zero by the relations alone")
        parts = t.by_power(p, roots[0].index)
        u, v = parts.get(0, t.ring.constant(fmpq(0))), parts[1]
        self._state_roots(u**2 * roots[0].of.den - v**2 * roots[0].of.num)
        self._values[roots[0].index] = t.fraction(-u, v)

    # --- nodes ----------------------------------------------------------------------------------------------

    def node(self, e: Expr) -> int:
        """The number of the node that stands for an expression."""
        if e not in self._seen:
            self.nodes.append(self._node(e))
            self._seen[e] = len(self.nodes) - 1
        return self._seen[e]

    def _node(self, e: Expr) -> Plain:
        t, name = self.tower, type(e).__name__
        if isinstance(e, sympy.MatrixExpr) or name in _WITH_LETTERS:
            return self._with_letters(name, e)
        if e.is_Rational:
            return ["number", f"{e.p}/{e.q}" if e.q != 1 else str(e.p)]
        if e.is_Symbol and not e.is_commutative:
            return ["letter", str(e), "plain", self.node(self._size), self.node(self._size)]
        if e.is_Symbol:
            signs = of_symbol(e)
            self._new(t.present(t.element(e).num)[0])
            return ["symbol", self._name(e), signs and sorted(signs)]
        if e is sympy.pi or e is I:
            return ["pi" if e is sympy.pi else "I"]
        if e.is_Add or e.is_Mul:
            return ["add" if e.is_Add else "mul", *(self.node(a) for a in e.args)]
        if e is sympy.E or isinstance(e, exp) or (e.is_Pow and not e.exp.is_Rational):
            return self._by_exponential(e)
        if e.is_Pow:
            return self._power(e.base, e.exp, t.element)
        if name == "Abs" and (e.args[0] ** 2).is_Pow:
            return self._power(e.args[0] ** 2, sympy.Rational(1, 2), lambda _: t.element(e))
        if name in _PLAINLY:
            return self._node(_PLAINLY[name](*e.args))
        arguments = [self.node(a) for a in e.args]
        if name in ("besseli", "besselk"):
            self._bessel(name, e)
        elif name in FUNCTIONS:
            FUNCTIONS[name](_Steps(self), *(_Operand(t, t.element(a)) for a in e.args))
        else:
            raise Uncertified(f"{name} has no steps")
        return [name, *arguments]

    def _with_letters(self, name: str, e: Any) -> Plain:
        if isinstance(e, sympy.MatrixSymbol):
            kind = _KINDS.get(name, "plain")
            square = "square " if kind == "diagonal" and e.shape[0] == e.shape[1] else ""
            return ["letter", str(e), f"{square}{kind}", *(self.node(n) for n in e.shape)]
        if name in ("Identity", "ZeroMatrix"):
            return ["identity", self.node(e.shape[0])] if name == "Identity" else ["zero", *map(self.node, e.shape)]
        if name in ("MatAdd", "MatMul"):
            return ["add" if name == "MatAdd" else "mul", *(self.node(a) for a in e.args)]
        if name == "MatPow" and e.exp.is_Integer and e.exp > 0:
            return ["mul", *[self.node(e.base)] * int(e.exp)]
        if name == "DiagonalEntry":
            return ["diagonal", self.node(e.args[0]), [[self.node(a), self.node(b)] for a, b in e.args[1]]]
        if name in _WITH_LETTERS:
            return [_WITH_LETTERS[name], *(self.node(a) for a in e.args)]
        raise Uncertified(f"{name} has no steps")

    def _name(self, symbol: Expr) -> str:
        """The symbol's name, with a number where another one bears it already."""
        namesakes = sum(1 for other in self._seen if other.is_Symbol and other.name == symbol.name)
        return f"{symbol.name}#{namesakes + 1}" if namesakes else str(symbol.name)

    def _by_exponential(self, e: Expr) -> Plain:
        exponent = sympy.Integer(1) if e is sympy.E else e.args[0]
        if not (e is sympy.E or isinstance(e, exp)):
            exponent = e.exp * log(e.base, evaluate=False)
        argument = self.node(exponent)
        self.exponential(self.tower.element(exponent))
        return ["exp", argument]

    def _power(self, base: Expr, exponent: Any, element: Any) -> Plain:
        node = self.node(base)
        if not base.is_commutative:
            return ["mul", *[node] * int(exponent)]
        if not exponent.is_Integer:
            value, t = base, self.tower
            root = element(base ** sympy.Rational(1, exponent.q)) if element is not t.element else None
            of = t.element(value)
            self.root(of, int(exponent.q), t.root(of, int(exponent.q)) if root is None else root)
        return ["power", node, f"{exponent.p}/{exponent.q}"]

    # --- values of functions ----------------------------------------------------------------------------------

    def exponential(self, a: Fractional) -> None:
        """exp(a) by the exponentials and logarithms that a is made of."""
        t = self.tower
        terms, rest = [], a
        if a.den.is_constant():
            for monomial, coefficient in a.num.to_dict().items():
                q = coefficient / a.den.leading_coefficient()
                here = [(t.generator_at(i), d) for i, d in enumerate(monomial) if d]
                known = t._known_power(monomial, q) if here else None
                if known is None:
                    continue
                if len(here) != 1:
                    raise Uncertified("a rational multiple of i·pi in an exponent has no steps")
                terms.append(self._power_of_argument(here[0][0], q, known))
                rest = t.add(rest, t.negative(Fractional(t.ring.from_dict({monomial: coefficient}), a.den)))
        if not rest.num.is_zero():
            t._pure_exponential(rest)
            for i, k in t._combination(rest) or []:
                g = t._exponents[i][1]
                self.number_of(g)
                assert g.of is not None
                terms.append([self.fraction(g.of), str(k)])
        if [term[1:] for term in terms] != [["1"]]:
            self.step("exponents", *terms)

    def _power_of_argument(self, g: Generator, q: fmpq, known: Fractional) -> Plain:
        """exp(q·v) for a logarithm v, or exp(q/2·v) for the v that stands for 2·atanh(y)."""
        t, times = self.tower, 2 if g.kind == "atanh" else 1
        exponent, v = q / times, self.fraction(t.multiply(t.variable(g), t.constant(times)))
        if exponent.q == 1:
            return [v, str(exponent)]
        self.need(known, NONNEGATIVE, "a power")
        return [v, str(exponent), self.fraction(known)]

    def logarithm(self, value: Fractional) -> None:
        """The value of a logarithm: a real part and at most one logarithm that stays as it is."""
        t = self.tower
        opaque = [g for g in t.present(value.num) if g.kind == "log" and g.signs is None]
        real = t.add(value, t.negative(t.variable(opaque[0]))) if opaque else value
        if t.signs(real) is None:
            raise Uncertified("a logarithm of a negative number has no steps")
        for g in opaque:
            self.number_of(g)
        if not opaque or not real.num.is_zero():
            self.exponential(real)
        if opaque and not real.num.is_zero():
            positive, of = t.exponential(real), opaque[0].of
            assert of is not None
            self.need(positive, NONNEGATIVE, "the positive part of a logarithm")
            self.step("logarithms", self.fraction(positive), self.fraction(of))

    def root(self, base: Fractional, q: int, value: Fractional) -> None:
        """The value as a factor p >= 0 times at most one root that stays as it is."""
        t = self.tower
        for g in t.present(value.num):
            if g.kind != "root" or g.degree != q or g.of is None or (g.index in self._values and g.signs is not None):
                continue
            factor = t.multiply(value, Fractional(t.one, t.variables[g.index]))
            if t.is_zero(t.add(t.multiply(t.integer_power(factor, q), g.of), t.negative(base))):
                self.number_of(g)
                if not (factor.num.is_one() and factor.den.is_one()):
                    self.need(factor, NONNEGATIVE, "the factor of a root")
                    self.step("radical", self.fraction(factor), self.fraction(g.of), q)
                return
        self.need(value, NONNEGATIVE, "a root")
        self.step("radical", self.fraction(value), None, q)

    def _bessel(self, name: str, e: Expr) -> None:
        t = self.tower
        t.element(e)  # so that its pair exists
        order, argument = (t.element(a) for a in e.args)
        for index, pair in enumerate(t.bessel_pairs):
            if not t.is_zero(t.add(argument, t.negative(pair.argument))):
                continue
            for same in (order, t.negative(order)) if name == "besselk" else (order,):
                steps = t.number(t.add(same, t.negative(pair.order)))
                if steps is not None and steps.denominator == 1:
                    self._reach(index, name, int(steps))
                    return
        raise Uncertified(f"{e} is not within whole steps of a known pair")

    def _reach(self, index: int, name: str, order: int) -> None:
        """The function that many orders above the pair's own, one after the other."""
        t, pair = self.tower, self.tower.bessel_pairs[index]
        if (index, name) not in self._orders:
            self._pair(pair)
            self._orders |= {(index, kind): (0, 1) for kind in ("besseli", "besselk")}
        low, high = self._orders[index, name]
        z = self.fraction(pair.argument)
        for n, d in (*((n, 1) for n in range(high, order)), *((n, -1) for n in range(low, order, -1))):
            self.step("recurrence", name, self.fraction(t.add(pair.order, t.constant(n))), z, d)
        self._orders[index, name] = min(low, order), max(high, order)

    def _pair(self, pair: Any) -> None:
        t = self.tower
        functions = [pair.here["besseli"], pair.above["besseli"], pair.here["besselk"]]
        here = t.present(functions[0].num)
        free = len(here) == 1 and here[0].kind == "bessel" and functions[0].num == t.variables[here[0].index]
        self.show(pair.argument)
        self.show(t.add(pair.order, t.constant(1)))
        if not free:
            steps, z = _Steps(self), _Operand(t, pair.argument)
            steps.root((steps.pi * z) ** -1 * 2, 2)
            steps.exp(z)
        self.step("bessel", self.fraction(pair.order), self.fraction(pair.argument))
        for value in functions if free else ():
            self._new(t.present(value.num)[0])


_PLAINLY: dict[str, Callable[..., Expr]] = {  # written as what they abbreviate
    "expm1": lambda x: exp(x) - 1,
    "log1p": lambda x: log(1 + x),
    "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
}
_STEPS = {"exp": "_exponential", "log": "_logarithm", "atanh": "_branch", "root": "_root"}


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
    """Runs a definition of the checker and writes down the steps that it needs."""

    def __init__(self, writer: _Writer) -> None:
        self.writer, self.tower = writer, writer.tower
        self.pi, self.i = (_Operand(self.tower, self.tower.element(e)) for e in (sympy.pi, I))

    def exp(self, x: _Operand) -> _Operand:
        self.writer.exponential(x.value)
        return _Operand(self.tower, self.tower.exponential(x.value))

    def log(self, x: _Operand) -> _Operand:
        value = self.tower.logarithm(x.value)
        self.writer.logarithm(value)
        return _Operand(self.tower, value)

    def root(self, x: _Operand, q: int) -> _Operand:
        value = self.tower.root(x.value, q)
        self.writer.root(x.value, q, value)
        return _Operand(self.tower, value)

    def find(self, name: str, x: _Operand) -> _Operand:
        """2·atanh(y) by the ratio (1 + y)/(1 - y): a logarithm, or opaque."""
        assert name == "branch"
        for g in self.tower.generators:
            if g.kind == "atanh" and g.of and self.tower.is_zero(self.tower.add(g.of, self.tower.negative(x.value))):
                self.writer.number_of(g)
                return _Operand(self.tower, self.tower.variable(g)) * 2
        return self.log(x)

    def nonzero(self, x: _Operand) -> _Operand:
        return x

    def within(self, x: _Operand, signs: Signs) -> _Operand:
        self.writer.need(x.value, signs, "what keeps off a branch cut")
        return x

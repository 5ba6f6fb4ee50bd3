"""Certificates: what a proof found, as plain data that `modeflow.recheck` verifies without the prover.

A certificate holds the statement as numbered nodes, names for some of them, what is provided not to vanish, and the
steps that show what the checker cannot compute: values of exp, log, roots and Bessel functions, signs, and why nothing
else that is divided by vanishes. For readers it also holds the numerator of the difference as a sum of quotients times
relations. Values of sums and products are not written down: the checker computes them itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import sympy
from flint import fmpq, fmpq_mpoly
from sympy import Expr, I, exp, log

from ..language import matrices
from ..language.expressions import letters_in
from ..language.provisos import Proviso
from .certificate_point import exact, point_of
from .certificate_steps import Plain, Uncertified
from .condition_steps import PROVIDED
from .function_steps import FunctionSteps
from .given import Chart
from .settling import MOST_PRODUCTS, Known, Settled, settled
from .signs import NEGATIVE, NONNEGATIVE, POSITIVE, Signs, of_expression, of_symbol
from .stages import entered
from .tower import Fractional, OutsideTower, Tower, ZeroDenominator, prove_zero, with_room
from .tower.conversion import extreme
from .tower.factors import factored

FORMAT = "modeflow certificate 5"
MOST_TERMS = 300  # a longer numerator is left out, with its quotients: the checker computes it anyway
LONGEST_PROVISO = 200  # characters; a longer one is written as the denominator that it comes from
_COMBINED = {"Add": "add", "Mul": "mul", "MatAdd": "add", "MatMul": "mul"}
_SHAPED = {"Identity": "identity", "ZeroMatrix": "zero"}
_WITH_LETTERS = {
    "Transpose": "transpose",
    "Trace": "trace",
    "NoiseAverage": "average",
    "MatrixGradient": "gradient",
    "DiagonalEntry": "diagonal",
}
_KINDS = {"SymmetricSymbol": "symmetric", "OrthogonalSymbol": "orthogonal", "DiagonalSymbol": "diagonal"}


@dataclass(frozen=True)
class Context:
    """The names that a statement may speak of, and how they settle the conditions of a tower."""

    known: Sequence[Known] = ()
    chart: Chart = field(default_factory=Chart)
    told: Sequence[Any] = ()

    def settled(self, tower: Tower, *sides: Expr) -> Settled:
        """What must hold where both sides are defined."""
        entered("settling conditions, after the proof")
        with suppress(OutsideTower, ZeroDenominator):  # of the difference it is known already
            for side in sides:
                tower.element(side)
        return settled(tower, self.known, self.chart, self.told)


NOTHING = Context()


@dataclass(frozen=True)
class Shown:
    """Whether a statement holds, under which conditions, and its certificate if it does."""

    holds: bool
    left: Settled = field(default_factory=Settled)
    certificate: Mapping[str, Any] | None = None


def certificate(
    tower: Tower, lhs: Expr, rhs: Expr, relation: str, context: Context, left: Settled, by_relations: bool = False
) -> Mapping[str, Any]:
    """The certificate of a statement that the tower has shown; one that says why not where there is none.

    by_relations: whether the difference is known to be zero by the relations of the roots alone.
    """
    entered("writing the certificate, after the proof")
    try:
        return _Writer(tower, context.known, left.provisos).statement(lhs, rhs, relation, by_relations)
    except (Uncertified, OutsideTower, ZeroDenominator) as reason:
        return _unchecked(str(reason))


def certified_zero(lhs: Expr, rhs: Expr, context: Context = NOTHING) -> Shown:
    """Whether lhs - rhs reduces to zero."""

    def work(tower: Tower) -> Shown:
        difference = tower.element(lhs - rhs)
        by_relations = tower.is_zero(difference)
        if not by_relations and not tower.vanishes(difference):
            return Shown(False)
        left = context.settled(tower, lhs, rhs)
        return Shown(True, left, certificate(tower, lhs, rhs, "=", context, left, by_relations))

    try:
        found: Shown = with_room(work)[0]
    except OutsideTower:  # perhaps only the certificate had no room
        zero, tower = prove_zero(lhs - rhs)
        found = Shown(True, context.settled(tower, lhs, rhs), _NO_ROOM) if zero else Shown(False)
    return found


def certified_signs(lhs: Expr, rhs: Expr, relation: str, wanted: Signs, context: Context = NOTHING) -> Shown:
    """Whether lhs - rhs has one of the wanted signs."""

    def work(tower: Tower) -> Shown:
        if not _has_signs(tower, lhs - rhs, wanted):
            return Shown(False)
        left = context.settled(tower, lhs, rhs)
        return Shown(True, left, certificate(tower, lhs, rhs, relation, context, left))

    try:
        found: Shown = with_room(work)[0]
    except OutsideTower:
        holds, tower = with_room(lambda tower: _has_signs(tower, lhs - rhs, wanted))
        found = Shown(True, context.settled(tower, lhs, rhs), _NO_ROOM) if holds else Shown(False)
    return found


def _has_signs(tower: Tower, difference: Expr, wanted: Signs) -> bool:
    """By the algebra, or as it is written."""
    known = tower.signs(tower.element(difference)), of_expression(difference)
    return any(signs is not None and signs <= wanted for signs in known)


def certified_nonzero(lhs: Expr, rhs: Expr, context: Context = NOTHING) -> Shown:
    """Whether lhs - rhs is shown to vanish nowhere."""

    def work(tower: Tower) -> Shown:
        if not tower.nowhere_zero(tower.element(lhs - rhs)):
            return Shown(False)
        left = context.settled(tower, lhs, rhs)
        return Shown(True, left, certificate(tower, lhs, rhs, "!=", context, left))

    found: Shown = with_room(work)[0]
    return found


def certified_words(
    lhs: Any, rhs: Any, context: Context = NOTHING, provisos: Sequence[Proviso] = ()
) -> Mapping[str, Any]:
    """The certificate of an identity in matrix letters, whose words are known to be equal."""
    try:
        found: Mapping[str, Any] = with_room(lambda tower: _Writer(tower, context.known, provisos).words(lhs, rhs))[0]
    except (Uncertified, OutsideTower) as reason:
        return _unchecked(str(reason))
    return found


def _unchecked(reason: str) -> dict[str, Any]:
    return {"format": FORMAT, "unchecked": reason}


_NO_ROOM = _unchecked("the certificate has no room")


class _Writer(FunctionSteps):
    """Writes one statement down, node by node, and before each node the steps that it needs."""

    def __init__(self, tower: Tower, known: Sequence[Known] = (), provisos: Sequence[Proviso] = ()) -> None:
        super().__init__(tower, known)
        self.nodes: list[Plain] = []
        self.names: list[list[Plain]] = []  # node and name
        self._seen: dict[Expr, int] = {}
        self._size = sympy.Dummy("size", positive=True)  # of matrices that are written as symbols
        self._provisos = provisos
        self._named: dict[Expr, str] = {}

    def statement(self, lhs: Expr, rhs: Expr, relation: str, by_relations: bool = False) -> dict[str, Any]:
        left_out = by_relations and self._is_long(lhs, rhs)
        numerator = None if relation != "=" or left_out else self._numerator(lhs, rhs)
        if numerator is not None:
            self._state(numerator)
        self._begin(lhs, rhs)
        left, right = self.node(lhs), self.node(rhs)
        if relation == "=":
            return self._written(left, right, relation, self._identity(numerator))
        difference = self.tower.element(lhs - rhs)
        self._require_sign(relation, self.show(difference), of_expression(lhs - rhs))
        num, den = self.fraction(difference)
        return self._written(left, right, relation, {"numerator": num, "denominator": den})

    def _require_sign(self, relation: str, *known: Signs | None) -> None:
        wanted = {">=": NONNEGATIVE, ">": POSITIVE, "!=": POSITIVE | NEGATIVE}[relation]
        if any(signs is not None and signs <= wanted for signs in known):
            return
        if relation == "!=":
            raise Uncertified("the difference is nowhere zero, but not by a sign that the checker can see")
        raise Uncertified("the sign is that of a number in an enclosure, with no elementary derivation")

    def words(self, lhs: Any, rhs: Any) -> dict[str, Any]:
        self._begin(lhs, rhs)
        left, right = self.node(lhs), self.node(rhs)
        forms = {"left": self._normal_form(lhs), "right": self._normal_form(rhs)}
        return self._written(left, right, "=", {"numerator": None, "quotients": None, "words": forms})

    def _begin(self, *sides: Any) -> None:
        """Symbols first, because any step may speak of them; then what is provided."""
        self._symbols(*sides)
        taken = {node[1] for node in self.nodes} | {str(letter) for side in sides for letter in letters_in(side)}
        for name in self.known:
            short = name.name.partition(".")[2]
            if short and short not in taken and len(name.value.args) and name.value not in self._named:
                taken.add(short)
                self._named[name.value] = name.name
        for e, relation in self._first():
            named = e.is_Symbol or any(name.value == e for name in self.known)
            if named or not self.keep_from_zero(self.checked(e).num):
                self.provide(e, relation)

    def _first(self) -> list[tuple[Expr, str]]:
        """The conditions of the statement that are provided, letters first."""
        values = self._values_of_labels()
        found: list[tuple[Any, str]] = [
            (values.get(p.expression, p.expression), p.kind)
            for p in self._provisos
            if p.kind in PROVIDED and (p.expression in values or _is_short(p.expression))
        ]
        here = set(self._seen)
        return sorted((pair for pair in found if pair[0].free_symbols <= here), key=lambda pair: not pair[0].is_Symbol)

    def _values_of_labels(self) -> dict[Any, Any]:
        """What stands in provisos for names and for what domains are given, in letters."""
        values = {name.label: name.value for name in self.known}
        return values | {where.label: where.value for name in self.known for where in name.given}

    def _symbols(self, *sides: Any) -> None:
        for symbol in sorted(set().union(*map(letters_in, sides)), key=sympy.default_sort_key):
            if symbol.is_Symbol and symbol.is_commutative and not isinstance(symbol, sympy.MatrixSymbol):
                self.node(symbol)

    def _normal_form(self, side: Any) -> Plain:
        """[[coefficient, traces, word], …] with letters as text, Aᵀ as A'."""

        def text(word: matrices.Word) -> str:
            return " ".join(f"{letter}'" if turned else str(letter) for letter, turned in word)

        terms = matrices.normal_form(side).terms.items()
        return [[str(c), [text(w) for w in traces], text(word)] for (traces, word), c in terms]

    def _written(self, left: int, right: int, relation: str, more: dict[str, Plain]) -> dict[str, Any]:
        stated = {"format": FORMAT, "relation": relation, "nodes": self.nodes, "lhs": left, "rhs": right}
        return {
            **stated,
            "names": self.names,
            "provided": self.provided,
            "point": self._point(left, right, relation),
            "variables": len(self.means),
            "steps": self.steps,
            **more,
            "means": self.means,
            "conditions": list(dict.fromkeys(map(self._told, self._provisos))),
        }

    def _told(self, proviso: Proviso) -> str:
        """A condition in words, for readers."""
        values = self._values_of_labels()
        names = {name.value: sympy.Symbol(name.name.partition(".")[2]) for name in self.known if name.name}
        return proviso.told(lambda e: str(names.get(values.get(e, e), values.get(e, e))))

    def _point(self, left: int, right: int, relation: str) -> dict[str, Plain]:
        """A point inside the assumptions at which everything in the statement has a value."""
        parts = list(self._seen)
        sizes = [parts[i] for op, *rest in self.nodes for i in _sizes(op, rest)]
        provided = [(parts[node], kind) for node, kind in self.provided]
        point = point_of(parts, sizes, (parts[left], parts[right], relation), provided)
        if point is None:
            raise Uncertified("no point was found at which everything in the statement has a value")
        return {self.nodes[self._seen[symbol]][1]: exact(value) for symbol, value in point.values.items()}

    # --- for readers, and for proofs by conjugates -----------------------------------------------------------

    def _is_long(self, lhs: Expr, rhs: Expr) -> bool:
        """Whether the numerator would be worked out only to be left out: the sides differ, and have many terms."""
        left, right = self.tower.element(lhs), self.tower.element(rhs)
        products = len(left.num) * len(right.den) + len(right.num) * len(left.den)
        return left != right and products > MOST_PRODUCTS

    def _numerator(self, lhs: Expr, rhs: Expr) -> fmpq_mpoly:
        t = self.tower
        left, right = t.element(lhs), t.element(rhs)
        common = left.den.gcd(right.den)
        return left.num * (right.den // common) - right.num * (left.den // common)

    def _identity(self, numerator: fmpq_mpoly | None) -> dict[str, Plain]:
        """numerator = sum of quotients · relations, where every variable stands for itself."""
        if numerator is None:
            return {"numerator": None, "quotients": None}
        rest = numerator
        all_stated = all(g.index in self._numbers for g in self.tower.present(rest) if g.kind != "constant")
        if self._values or len(numerator) > MOST_TERMS or not all_stated:
            return {"numerator": None, "quotients": None}
        quotients = []
        for g in reversed(self.tower.generators):
            if g.kind == "root" and rest.degrees()[g.index] >= g.degree:
                quotient, rest = divmod(rest, self.tower.relation(g))
                quotients.append([self.number_of(g), self.polynomial(quotient)])
        return {"numerator": self.polynomial(numerator), "quotients": quotients}

    def _state(self, p: fmpq_mpoly) -> None:
        """What makes p vanish beyond the relations: the value of a root, or of a logarithm by other ones."""
        t = self.tower
        if t.is_zero(Fractional(p, t.one)):
            return
        for f in t.sums_of_logarithms(Fractional(p, t.one)):
            if t.vanishes_algebraically(above_one := t.above_one(f)):
                self._state(above_one.num)
                self._state_logarithm(f)
                return
        self._state_root(t.reduced(p))

    def _state_root(self, p: fmpq_mpoly) -> None:
        """Where p = u + v·r is zero by its conjugate, that r is -u/v: by its square, and because -u/v >= 0."""
        t = self.tower
        roots = [g for g in reversed(t.generators) if g.kind == "root" and p.degrees()[g.index] > 0]
        if not roots or roots[0].degree != 2 or roots[0].of is None:
            raise Uncertified("the difference is not zero by the relations alone")
        parts = t.by_power(p, roots[0].index)
        u, v = parts.get(0, t.ring.constant(fmpq(0))), parts[1]
        self._state(u**2 * roots[0].of.den - v**2 * roots[0].of.num)
        self._values[roots[0].index] = t.fraction(-u, v)

    def _state_logarithm(self, f: fmpq_mpoly) -> None:
        """Where f = c·v + rest is zero by its exponential, that the logarithm v is -rest/c; others get whole powers."""
        g, c = min(self.tower.logarithms_in(f), key=lambda pair: (abs(pair[1]), pair[0].index))
        value = Fractional(self.tower.variables[g.index] - f * (1 / c), self.tower.one)
        self._values[g.index] = self._sums[g.index] = value

    # --- nodes ----------------------------------------------------------------------------------------------

    def node(self, e: Expr) -> int:
        """The number of the node that stands for an expression."""
        if e not in self._seen:
            written = self._node(e)
            self.nodes.append(written)
            self._seen[e] = len(self.nodes) - 1
            if e in self._named:
                self.names.append([self._seen[e], self._named[e]])
        return self._seen[e]

    def _node(self, e: Expr) -> Plain:
        name = type(e).__name__
        if name in _COMBINED:
            return [_COMBINED[name], *map(self.node, e.args)]
        if isinstance(e, sympy.MatrixExpr) or name in _WITH_LETTERS:
            return self._with_letters(name, e)
        if e.is_Symbol:
            return self._symbol(e)
        if e.is_Rational:
            return ["number", str(e)]
        if e is sympy.pi or e is I:
            return ["pi" if e is sympy.pi else "I"]
        if e.is_Pow and e.exp.is_Rational:
            return self._power(e.base, e.exp)
        return self._function(name, e)

    def _symbol(self, e: Expr) -> Plain:
        if not e.is_commutative:
            return ["letter", str(e), "plain", self.node(self._size), self.node(self._size)]
        signs = of_symbol(e)
        self.new(self.tower.present(self.tower.element(e).num)[0])
        return ["symbol", self._name(e), signs and sorted(signs)]

    def _function(self, name: str, e: Expr) -> Plain:
        if e is sympy.E or e.is_Pow or isinstance(e, exp):
            return self._by_exponential(e)
        if name == "Abs" and (e.args[0] ** 2).is_Pow:
            return self._power(e.args[0] ** 2, sympy.Rational(1, 2))
        if isinstance(e, sympy.Max | sympy.Min):
            return self._node(extreme(e))
        if name in _AS_OTHERS:
            return self._node(_AS_OTHERS[name](*e.args))
        arguments = [self.node(a) for a in e.args]
        if name in ("besseli", "besselk"):
            self.nonzero(self.checked(e.args[1]), e.args[1])
            self.bessel(name, e)
            self._keep_below(self.replaced(self.tower.element(e)).den)
        else:
            self.function(name, e.args[0], self.tower.element(e))
        return [name, *arguments]

    def _keep_below(self, den: fmpq_mpoly) -> None:
        """A Bessel function by which another one is expressed must not vanish."""
        for f, _ in factored(den)[1]:
            single = self.tower._single_variable(f)
            if single is not None and single.kind == "bessel":
                self.nonzero(Fractional(f, self.tower.one), single.means)

    def _with_letters(self, name: str, e: Any) -> Plain:
        if isinstance(e, sympy.MatrixSymbol):
            return self._letter(name, e)
        if name in _SHAPED:
            return [_SHAPED[name], *map(self.node, e.shape[: 1 if name == "Identity" else 2])]
        if name == "Inverse":
            kind = "symmetric" if matrices.is_symmetric(e.arg) else "plain"
            return ["letter", str(e), kind, *map(self.node, e.shape)]
        if name == "MatPow" and e.exp.is_Integer and e.exp != 0:
            return ["mul", *[self.node(e.base if e.exp > 0 else sympy.Inverse(e.base))] * abs(int(e.exp))]
        if name == "DiagonalEntry":
            return ["diagonal", self.node(e.args[0]), [list(map(self.node, pair)) for pair in e.args[1]]]
        if name in _WITH_LETTERS:
            return [_WITH_LETTERS[name], *map(self.node, e.args)]
        raise Uncertified(f"{name} has no steps")

    def _letter(self, name: str, e: Any) -> Plain:
        kind = _KINDS.get(name, "plain")
        square = "square " if kind == "diagonal" and e.shape[0] == e.shape[1] else ""
        return ["letter", str(e), f"{square}{kind}", *map(self.node, e.shape)]

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

    def _power(self, base: Expr, exponent: Any) -> Plain:
        node = self.node(base)
        if not base.is_commutative:
            return ["mul", *[node] * int(exponent)]
        value = self.checked(base)
        if not exponent.is_Integer:
            self.show_as_written(base)
            of, q = self.tower.element(base), int(exponent.q)
            root = self.tower.root(of, q)
            self.root(of, q, root)
            value = self.replaced(root)
        if exponent < 0:
            self.nonzero(value, base)
        return ["power", node, f"{exponent.p}/{exponent.q}"]


def _is_short(e: Expr) -> bool:
    """Whether a condition is told at the start; else it is asked for where something is divided by it."""
    return not e.has(sympy.besseli, sympy.besselk) and len(str(e)) <= LONGEST_PROVISO


def _sizes(op: str, rest: Plain) -> list[int]:
    """The nodes that are numbers of rows or columns."""
    return list(rest[2:]) if op == "letter" else list(rest) if op in ("identity", "zero") else []


_AS_OTHERS: dict[str, Callable[..., Expr]] = {  # written as what they abbreviate
    "expm1": lambda x: exp(x) - 1,
    "log1p": lambda x: log(1 + x),
    "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
}

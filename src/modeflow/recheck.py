"""A second look at certificates of proof, by code that shares nothing with the prover.

    python -m modeflow.recheck DIR      exit 0: all hold; 1: at least one does not; 2: wrong usage

A certificate holds a statement (numbered nodes, `lhs`, `rhs`, `relation`), generators (exp, log, root, …), and for each
transcendental node a hint. The statement is computed again from its leaves: every sum, product and integer power as a
fraction of polynomials over the rationals, in which a generator r = (n/d)^(1/q) obeys r^q·d - n = 0. Rechecked:

* that exp(a) is the stated product of generators and powers, because a is the stated sum of their exponents;
* that a root is p·r: p^q times the radicand of r gives the base back, and p >= 0 by the signs of the symbols;
* that a logarithm or inverse hyperbolic function is the stated v: v is real, and exp(v) gives the argument back;
* sinh, cosh, tanh, … by exp; Bessel functions by recurrence (DLMF 10.29.1) and Wronskian (10.28.2) from the pair;
* that the numerator of the difference, computed here, reduces to zero by the relations, and that the stated numerator
  is the stated sum of quotients times relations; for an inequality that the signs of numerator and denominator suffice;
* for a matrix identity, that both sides have the same words, computed here from the letters.

Not rechecked: that the nodes say what the chapter says (`equations` in the file is text for the reader), what is
written under `words`, `means` and `conditions`, and those identities of functions, which are the axioms. Where a
denominator of the statement, the argument of a Bessel function or I_ν vanishes, nothing is claimed. A proof by
conjugates, or through a function without a hint (asin, acos, atan, …), comes without a certificate and is refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from itertools import product
from math import comb
from pathlib import Path
from typing import Any, NamedTuple

from flint import Ordering, fmpq, fmpq_mpoly_ctx

FORMAT = "modeflow certificate 1"
LARGEST_FILE, MOST_NODES, MOST_GENERATORS = 64_000_000, 200_000, 160
LARGEST_POWER, FARTHEST, LONGEST_NUMBER, MOST_TERMS = 2000, 40, 4000, 10**7

Poly = Any  # flint.fmpq_mpoly
Signs = frozenset[int]
ZERO, POSITIVE, NEGATIVE = frozenset({0}), frozenset({1}), frozenset({-1})
NONNEGATIVE, NONPOSITIVE, ANY = frozenset({0, 1}), frozenset({-1, 0}), frozenset({-1, 0, 1})


class Refused(Exception):
    """The certificate does not show what it says; the message says where."""


class Quotient(NamedTuple):
    """num / den."""

    num: Poly
    den: Poly


class Generator(NamedTuple):
    """What a variable stands for; signs is None where it need not be real."""

    kind: str
    of: Quotient | None
    degree: int
    signs: Signs | None
    bound: int  # -1 for exp(a) with a <= 0, +1 with a >= 0


def need(condition: Any, message: str) -> None:
    if not condition:
        raise Refused(message)


def times(a: Signs, b: Signs) -> Signs:
    return frozenset(x * y for x, y in product(a, b))


def plus(a: Signs, b: Signs) -> Signs:
    total: set[int] = set()
    for x, y in product(a, b):
        total |= ANY if x * y < 0 else {x or y}
    return frozenset(total)


def power_signs(a: Signs, n: int) -> Signs:
    return frozenset(x**n for x in a)


def rational(text: Any) -> Fraction:
    need(isinstance(text, str) and len(text) <= LONGEST_NUMBER, "a number must be a short string")
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Refused(f"{text[:40]!r} is not a rational number") from None


def whole(value: Any, low: int, high: int) -> int:
    need(type(value) is int and low <= value <= high, f"{value!r} is not a whole number from {low} to {high}")
    return int(value)


# --- polynomials modulo the relations of the roots ----------------------------------------------------------


class Algebra:
    """Fractions of polynomials in the generators of one certificate; later generators are larger (lex)."""

    def __init__(self, raw: list[Any]) -> None:
        need(isinstance(raw, list) and len(raw) <= MOST_GENERATORS, "too many generators")
        self.raw, self.count = raw, max(len(raw), 1)
        self.ring = fmpq_mpoly_ctx.get([f"x{i}" for i in range(self.count)], Ordering.lex)
        self.variables = self.ring.gens()[::-1]
        self.known: dict[int, Generator] = {}
        self.nonzero: list[Poly] = []  # denominators of the statement
        self.depth = 0

    def number(self, value: Fraction | int) -> Quotient:
        value = Fraction(value)
        return Quotient(self.ring.constant(fmpq(value.numerator, value.denominator)), self.one)

    @property
    def one(self) -> Poly:
        return self.ring.constant(fmpq(1))

    def variable(self, index: int) -> Quotient:
        return Quotient(self.variables[index], self.one)

    def polynomial(self, raw: Any) -> Poly:
        """From [[coefficient, [[generator, exponent], …]], …]; its generators must be known."""
        terms: dict[tuple[int, ...], fmpq] = {}
        for coefficient, monomial in raw:
            exponents = [0] * self.count
            for index, exponent in monomial:
                self.generator(index)
                exponents[self.count - 1 - index] = whole(exponent, 1, 10**6)
            q = rational(coefficient)
            key = tuple(exponents)
            terms[key] = terms.get(key, fmpq(0)) + fmpq(q.numerator, q.denominator)
        return self.ring.from_dict(terms)

    def read(self, raw: Any) -> Quotient:
        """A stated fraction; its denominator must be known not to vanish."""
        num, den = (self.polynomial(part) for part in raw)
        need(self.never_zero(den), "a stated denominator might vanish")
        return self.quotient(num, den)

    def never_zero(self, p: Poly) -> bool:
        """By its sign, or because each of its factors divides a denominator of the statement."""
        if p.is_zero():
            return False
        for f, _ in p.factor()[1]:
            signs = self.signs_of(f)
            divides = any((d % f).is_zero() for d in self.nonzero)
            if not divides and (signs is None or signs & ZERO) and not self._never_zero_variable(f):
                return False
        return True

    def _never_zero_variable(self, f: Poly) -> bool:
        here = self.present(f)
        if len(here) != 1 or f != self.variables[here[0]]:
            return False
        g = self.known[here[0]]
        return g.kind == "exp" or (g.kind == "root" and g.of is not None and self.never_zero(g.of.num))

    def quotient(self, num: Poly, den: Poly) -> Quotient:
        num, den = self.reduced(num), self.reduced(den)
        need(not den.is_zero(), "division by zero")
        if num.is_zero():
            return Quotient(num, self.one)
        common = num.gcd(den)
        lead = (den // common).leading_coefficient()
        return Quotient(num // common * (1 / lead), den // common * (1 / lead))

    def add(self, a: Quotient, b: Quotient) -> Quotient:
        return self.quotient(a.num * b.den + b.num * a.den, a.den * b.den)

    def minus(self, a: Quotient, b: Quotient) -> Quotient:
        return self.add(a, Quotient(-b.num, b.den))

    def multiply(self, a: Quotient, b: Quotient) -> Quotient:
        return self.quotient(a.num * b.num, a.den * b.den)

    def power(self, a: Quotient, n: int) -> Quotient:
        whole(n, -LARGEST_POWER, LARGEST_POWER)
        terms = max(len(a.num), len(a.den))
        need(abs(n) < 3 or comb(abs(n) + terms - 1, abs(n)) < MOST_TERMS, "a power with too many terms")
        if n >= 0:
            return self.quotient(a.num**n, a.den**n)
        need(not self.is_zero(a.num) and self._by_terms(a.num) != ZERO, "division by zero")
        self.nonzero.append(a.num)
        return self.quotient(a.den**-n, a.num**-n)

    def same(self, a: Quotient, b: Quotient) -> bool:
        return self.is_zero(a.num * b.den - b.num * a.den)

    def relation(self, index: int) -> Poly:
        g = self.known[index]
        need(g.kind == "root" and g.of is not None, f"generator {index} is not a root")
        assert g.of is not None
        return self.variables[index] ** g.degree * g.of.den - g.of.num

    def roots(self) -> list[int]:
        return [i for i in sorted(self.known, reverse=True) if self.known[i].kind == "root"]

    def reduced(self, p: Poly) -> Poly:
        for i in self.roots():
            of = self.known[i].of
            if of is not None and of.den.is_one() and p.degrees()[self.count - 1 - i] >= self.known[i].degree:
                p = divmod(p, self.relation(i))[1]
        return p

    def is_zero(self, p: Poly) -> bool:
        """Whether p, times powers of the denominators d, is in the ideal of the relations r^q·d - n."""
        for i in self.roots():
            p = self._cleared(p, i)
        return bool(p.is_zero())

    def _cleared(self, p: Poly, i: int) -> Poly:
        g, of = self.known[i], self.known[i].of
        assert of is not None
        parts = self.by_power(p, i)
        top = max(parts, default=0) // g.degree
        total = self.ring.constant(fmpq(0))
        for exponent, part in parts.items():
            k, rest = divmod(exponent, g.degree)
            total += part * self.variables[i] ** rest * of.num**k * of.den ** (top - k)
        return total

    def by_power(self, p: Poly, index: int) -> dict[int, Poly]:
        at = self.count - 1 - index
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for m, c in p.to_dict().items():
            parts.setdefault(int(m[at]), {})[(*m[:at], 0, *m[at + 1 :])] = c
        return {k: self.ring.from_dict(d) for k, d in parts.items()}

    def present(self, p: Poly) -> list[int]:
        return [self.count - 1 - i for i, d in enumerate(p.degrees()) if d]

    # --- generators: each is a function of earlier ones ---------------------------------------------------

    def generator(self, index: Any) -> Generator:
        """The generator, read at its first use."""
        whole(index, 0, len(self.raw) - 1)
        if index not in self.known:
            self.known[index] = self._new(self.raw[index], index)
        return self.known[index]

    def _new(self, raw: Any, index: int) -> Generator:
        kind = raw["kind"]
        need(kind in ("root", "exp", "log", "atanh"), f"generator {index} of kind {kind!r} is used before its node")
        need(all(i < index for part in raw["of"] for _, m in part for i, _ in m), "a generator of later ones")
        of = self.read(raw["of"])
        signs = self.signs(of)
        need(kind not in ("log", "atanh") or self.never_zero(of.num), "the logarithm of what might be zero")
        if kind == "root":
            nonnegative = signs is not None and signs <= NONNEGATIVE
            return Generator(kind, of, whole(raw["degree"], 2, LARGEST_POWER), signs if nonnegative else None, 0)
        if kind == "exp":
            bound = 0 if signs is None else -1 if signs <= NONPOSITIVE else 1 if signs <= NONNEGATIVE else 0
            return Generator(kind, of, 0, None if signs is None else POSITIVE, bound)
        if kind == "log" and signs is not None and signs <= NONNEGATIVE:
            above = self.signs(self.minus(of, self.number(1)))
            return Generator(kind, of, 0, above if above is not None and above <= NONNEGATIVE else ANY, 0)
        return Generator(kind, of, 0, None, 0)

    def declare(self, index: Any, kind: str, signs: Signs | None) -> Quotient:
        """A symbol, pi or a Bessel function, which its own node introduces."""
        whole(index, 0, len(self.raw) - 1)
        need(index not in self.known and self.raw[index]["kind"] == kind, f"generator {index} is not a new {kind}")
        self.known[index] = Generator(kind, None, 0, signs, 0)
        return self.variable(index)

    # --- signs ----------------------------------------------------------------------------------------------

    def signs(self, a: Quotient) -> Signs | None:
        above, below = self.signs_of(a.num), self.signs_of(a.den)
        return None if above is None or below is None else times(above, below - ZERO)

    def signs_of(self, p: Poly) -> Signs | None:
        p = self.reduced(p)
        plain = self._by_terms(p)
        if plain != ANY or self.depth > 6:
            return plain
        self.depth += 1
        try:
            found: Iterable[Signs] = (way(p) for way in (self._by_factors, self._by_root, self._by_bound))
            return next((signs for signs in found if signs != ANY), ANY)
        finally:
            self.depth -= 1

    def _by_terms(self, p: Poly, replaced: dict[int, Signs] | None = None) -> Signs | None:
        total = ZERO
        for monomial, coefficient in p.to_dict().items():
            term = POSITIVE if coefficient > 0 else NEGATIVE
            for i, d in enumerate(monomial):
                if d:
                    index = self.count - 1 - i
                    signs = (replaced or {}).get(index, self.known[index].signs)
                    if signs is None:
                        return None
                    term = times(term, power_signs(signs, int(d)))
            total = plus(total, term)
        return total

    def _by_factors(self, p: Poly) -> Signs:
        content, factors = p.factor()
        if len(factors) < 2 and all(m == 1 for _, m in factors):
            return ANY
        total = POSITIVE if content > 0 else NEGATIVE
        for f, m in factors:
            total = times(total, power_signs(self.signs_of(f) or ANY, int(m)))
        return total

    def _by_root(self, p: Poly) -> Signs:
        """u + v·r with r = sqrt(n) >= 0 has the sign of its larger part, which v²n - u² tells."""
        for i in self.roots():
            g, parts = self.known[i], self.by_power(p, i)
            if g.degree != 2 or g.signs is None or g.of is None or not g.of.den.is_one() or max(parts) != 1:
                continue
            u, v = parts.get(0, self.ring.constant(fmpq(0))), parts[1]
            larger, of_u, of_v = (self.signs_of(q) or ANY for q in (v**2 * g.of.num - u**2, u, v))
            if larger <= NONNEGATIVE and (of_v <= NONNEGATIVE or of_v <= NONPOSITIVE):
                return times(POSITIVE if of_v <= NONNEGATIVE else NEGATIVE, larger)
            if larger <= NONPOSITIVE and (of_u <= NONNEGATIVE or of_u <= NONPOSITIVE):
                return times(POSITIVE if of_u <= NONNEGATIVE else NEGATIVE, power_signs(larger, 2))
        return ANY

    def _by_bound(self, p: Poly) -> Signs:
        """With g = 1/(1 + h) for exponentials g <= 1 and g = 1 + h for those >= 1, h >= 0."""
        replaced: dict[int, Signs] = {}
        for i in self.present(p):
            bound, of = self.known[i].bound, self.known[i].of
            if bound and of is not None:
                parts, x = self.by_power(p, i), 1 + self.variables[i]
                top = max(parts)
                p = sum((c * x ** (k if bound > 0 else top - k) for k, c in parts.items()), self.ring.constant(fmpq(0)))
                replaced[i] = NONNEGATIVE if (self.signs(of) or ANY) & ZERO else POSITIVE
        return (self._by_terms(p, replaced) or ANY) if replaced else ANY


# --- words in matrix letters ----------------------------------------------------------------------------------

_WITH_LETTERS = ("letter", "identity", "zero", "transpose", "trace", "average", "gradient", "diagonal")
Word = tuple[tuple[str, bool], ...]  # letters, each with whether it is transposed
Key = tuple[tuple[Word, ...], Word]  # traces that multiply a word
Shape = tuple[Quotient, Quotient]


class Sum(NamedTuple):
    """A sum of coefficient · traces · word; a scalar has no shape."""

    terms: dict[Key, Quotient]
    shape: Shape | None


class Words:
    """Normal forms by V Vᵀ = Vᵀ V = I, Aᵀ = A and cyclic traces."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra
        self.kinds: dict[str, tuple[str, bool]] = {}  # kind of a letter, and whether it is square

    def node(self, op: str, rest: list[Any], at: Any) -> Any:
        if op == "letter":
            return self._letter(rest[0], rest[1], (at(rest[2]), at(rest[3])))
        if op == "identity":
            return Sum({((), ()): self.algebra.number(1)}, (at(rest[0]), at(rest[0])))
        if op == "zero":
            return Sum({}, (at(rest[0]), at(rest[1])))
        if op == "diagonal":
            return self._diagonal(at(rest[0]), {self._name(at(a)): at(b) for a, b in rest[1]})
        values = [self.lift(at(i)) for i in rest]
        if op == "transpose":
            shape = values[0].shape
            need(shape is not None, "the transpose of a scalar")
            assert shape is not None
            return Sum({(t, self.flip(w)): c for (t, w), c in values[0].terms.items()}, shape[::-1])
        if op == "trace":
            return self.trace(values[0])
        if op == "average":
            return self._average(values[0], self._name(values[1]), values[1], values[2])
        if op == "gradient":
            return self._gradient(values[0], self._name(values[1]), values[1].shape)
        return reduce(self.add if op == "add" else self.multiply, values)

    def _letter(self, name: str, kind: str, shape: Shape) -> Sum:
        need(kind in ("plain", "symmetric", "orthogonal", "diagonal"), f"a letter of kind {kind!r}")
        need(name not in self.kinds, f"the letter {name} comes twice")
        square = self.algebra.same(*shape)
        need(square or kind in ("plain", "diagonal"), f"the letter {name} must be square")
        self.kinds[name] = (kind, square)
        return Sum({((), ((name, False),)): self.algebra.number(1)}, shape)

    def _name(self, a: Any) -> str:
        need(isinstance(a, Sum) and len(a.terms) == 1, "not a letter")
        ((traces, word),) = a.terms
        need(not traces and len(word) == 1 and not word[0][1], "not a letter")
        name: str = word[0][0]
        return name

    def lift(self, a: Any) -> Sum:
        return a if isinstance(a, Sum) else Sum({((), ()): a}, None)

    def add(self, a: Sum, b: Sum) -> Sum:
        same = a.shape is b.shape is None or (a.shape and b.shape and all(map(self.algebra.same, a.shape, b.shape)))
        need(same, "a sum of different shapes")
        return self.collect([*a.terms.items(), *b.terms.items()], a.shape)

    def multiply(self, a: Sum, b: Sum) -> Sum:
        need(not (a.shape and b.shape) or self.algebra.same(a.shape[1], b.shape[0]), "a product of unfit shapes")
        shape = (a.shape[0], b.shape[1]) if a.shape and b.shape else a.shape or b.shape
        times, pairs = self.algebra.multiply, product(a.terms.items(), b.terms.items())
        return self.collect([((s + t, v + w), times(c, d)) for ((s, v), c), ((t, w), d) in pairs], shape)

    def power(self, a: Sum, n: int) -> Sum:
        return reduce(self.multiply, [a] * n)

    def collect(self, terms: Iterable[tuple[Key, Quotient]], shape: Shape | None) -> Sum:
        found: dict[Key, Quotient] = {}
        for (traces, word), c in terms:
            key = (tuple(sorted(traces)), self.reduce(word))
            found[key] = self.algebra.add(found[key], c) if key in found else c
        return Sum({k: c for k, c in found.items() if not self.algebra.is_zero(c.num)}, shape)

    def reduce(self, word: Word) -> Word:
        stack: list[tuple[str, bool]] = []
        for name, transposed in word:
            if stack and self.kinds[name][0] == "orthogonal" and stack[-1] == (name, not transposed):
                stack.pop()
            else:
                stack.append((name, transposed))
        return tuple(stack)

    def flip(self, word: Word) -> Word:
        own = {n for n, (kind, square) in self.kinds.items() if kind == "symmetric" or (kind == "diagonal" and square)}
        return tuple((name, t if name in own else not t) for name, t in reversed(word))

    def trace(self, a: Sum) -> Sum:
        need(a.shape is not None and self.algebra.same(*a.shape), "the trace of what is not square")
        assert a.shape is not None
        n, terms = a.shape[0], []
        for (traces, word), c in a.terms.items():
            cycle = self.cycle(word)
            terms.append((((*traces, cycle), ()), c) if cycle else ((traces, ()), self.algebra.multiply(n, c)))
        return self.collect(terms, None)

    def cycle(self, word: Word) -> Word:
        word = self.reduce(word)
        while len(word) > 1 and not self.reduce((word[-1], word[0])):
            word = word[1:-1]
        return min((w[i:] + w[:i] for w in (word, self.flip(word)) for i in range(len(w))), default=())

    def _gradient(self, a: Sum, letter: str, shape: Shape | None) -> Sum:
        need(self.kinds[letter][0] == "plain" and a.shape is None, "the gradient of a scalar in a free letter")
        terms = []
        for (traces, _), c in a.terms.items():
            for position, word in enumerate(traces):
                for i, (name, transposed) in enumerate(word):
                    around = word[i + 1 :] + word[:i]
                    if name == letter:  # ∂tr(A·P)/∂A = Pᵀ and ∂tr(Aᵀ·P)/∂A = P
                        key = (traces[:position] + traces[position + 1 :], around if transposed else self.flip(around))
                        terms.append((key, c))
        return self.collect(terms, shape)

    def _average(self, a: Sum, noise: str, letter: Sum, covariance: Sum) -> Sum:
        """Columns of the noise are independent, with mean zero and this covariance C."""
        need(self.kinds[noise][0] == "plain" and a.shape is None, "the average of a scalar over a free letter")
        need(all(n != noise for t, w in covariance.terms for n, _ in (*w, *sum(t, ()))), "a covariance of itself")
        assert letter.shape is not None
        (rows, columns), total = letter.shape, Sum({}, None)
        for (traces, _), c in a.terms.items():
            noisy = [w for w in traces if any(n == noise for n, _ in w)]
            count = sum(n == noise for w in noisy for n, _ in w)
            need(count in (0, 1, 2) and len(noisy) < 2, "moments beyond the covariance")
            if count == 1:
                continue
            rest = Sum({(tuple(w for w in traces if w not in noisy), ()): c}, None)
            if count:
                word = noisy[0]
                first, second = (i for i, (n, _) in enumerate(word) if n == noise)
                p, q = word[first + 1 : second], word[second + 1 :] + word[:first]
                turned = word[first][1]
                if turned == word[second][1]:  # tr(η P η Q) → tr(C Pᵀ Q), tr(ηᵀ P ηᵀ Q) → tr(C P Qᵀ)
                    outer, inner = (p + self.flip(q) if turned else self.flip(p) + q), None
                else:  # tr(η P ηᵀ Q) → tr(P) tr(C Q)
                    outer, inner = (p, q) if turned else (q, p)
                around = Sum({((), outer): self.algebra.number(1)}, (rows, rows))
                rest = self.multiply(rest, self.trace(self.multiply(covariance, around)))
                if inner is not None:
                    square = Sum({((), inner): self.algebra.number(1)}, (columns, columns))
                    rest = self.multiply(rest, self.trace(square))
            total = self.add(total, rest)
        return total

    def _diagonal(self, a: Sum, entries: dict[str, Quotient]) -> Quotient:
        total = self.algebra.number(0)
        for (traces, word), c in a.terms.items():
            need(not traces, "a trace inside a diagonal entry")
            for name, _ in word:
                need(self.kinds[name][0] == "diagonal" and name in entries, f"{name} is not diagonal, or has no entry")
                c = self.algebra.multiply(c, entries[name])
            total = self.algebra.add(total, c)
        return total


# --- the nodes of a statement --------------------------------------------------------------------------------

# name → coefficients of (numerator, denominator) in w = exp(x) or, for the last two, w = exp(2x)
_BY_EXP = {
    "sinh": ((-1, 0, 1), (0, 2)),
    "cosh": ((1, 0, 1), (0, 2)),
    "sech": ((0, 2), (1, 0, 1)),
    "csch": ((0, 2), (-1, 0, 1)),
    "tanh": ((-1, 1), (1, 1)),
    "coth": ((1, 1), (-1, 1)),
}
# name → (hyperbolic function of i·x, power of i that multiplies it)
_BY_HYPERBOLIC = {"sin": ("sinh", -1), "cos": ("cosh", 0), "tan": ("tanh", -1), "cot": ("coth", 1)}


class Reader:
    """Computes every node of one certificate as a fraction."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw, self.algebra = raw, Algebra(raw["generators"])
        self.words = Words(self.algebra)
        self.pairs: dict[int, tuple[Quotient, Quotient, dict[str, list[Quotient]]]] = {}
        self.values: list[Any] = []
        self.symbols: set[str] = set()
        need(len(raw["nodes"]) <= MOST_NODES, "too many nodes")
        for index, node in enumerate(raw["nodes"]):
            try:
                self.values.append(self.node(node, raw["hints"].get(str(index), {})))
            except Refused as reason:
                raise Refused(f"node {index} ({node[0]}): {reason}") from None
            if isinstance(self.values[-1], Quotient) and not self.values[-1].den.is_constant():
                self.algebra.nonzero.append(self.values[-1].den)  # made of denominators that do not vanish

    def at(self, index: Any) -> Any:
        return self.values[whole(index, 0, len(self.values) - 1)]

    def node(self, node: list[Any], hint: dict[str, Any]) -> Any:
        op, *rest = node
        a = self.algebra
        if op == "number":
            return a.number(rational(rest[0]))
        if op == "symbol":
            return self._symbol(*rest)
        if op == "pi":
            return a.declare(rest[0], "pi", POSITIVE)
        if op == "I":
            return self._imaginary_unit(rest[0])
        if op == "power" and isinstance(self.at(rest[0]), Sum):
            n = rational(rest[1])
            need(n.denominator == 1, "a root of a matrix")
            return self.words.power(self.at(rest[0]), whole(int(n), 1, 16))
        if op == "power":
            return self._power(self.at(rest[0]), rational(rest[1]), hint)
        if op in _WITH_LETTERS or (op in ("add", "mul") and any(isinstance(self.at(i), Sum) for i in rest)):
            return self.words.node(op, rest, self.at)
        values = [self.at(i) for i in rest]
        if op in ("add", "mul"):
            need(values, "nothing to combine")
            return reduce(a.add if op == "add" else a.multiply, values)
        if op == "exp":
            return self.exponential(values[0], hint)
        if op == "log":
            return self._logarithm(values[0], hint)
        if op in _BY_EXP or op in _BY_HYPERBOLIC:
            return self._by_exp(op, values[0], hint)
        if op in ("atanh", "asinh", "acosh"):
            return self._inverse(op, values[0], hint)
        if op in ("besseli", "besselk"):
            return self._bessel(op, values[0], values[1], hint)
        raise Refused("this checker does not know the operation")

    def _symbol(self, name: str, signs: list[int] | None, index: int) -> Quotient:
        need(name not in self.symbols, f"the symbol {name} comes twice")
        self.symbols.add(name)
        known = None if signs is None else frozenset(whole(s, -1, 1) for s in signs)
        need(known is None or known, f"no value is allowed for {name}")
        return self.algebra.declare(index, "symbol", known)

    def _imaginary_unit(self, index: int) -> Quotient:
        g = self.algebra.generator(index)
        need(g.kind == "root" and g.degree == 2 and g.of is not None, "i is a square root")
        assert g.of is not None
        need(self.algebra.same(g.of, self.algebra.number(-1)), "i is the square root of -1")
        return self.algebra.variable(index)

    def _power(self, base: Quotient, exponent: Fraction, hint: dict[str, Any]) -> Quotient:
        root = base if exponent.denominator == 1 else self.root(base, exponent.denominator, hint)
        return self.algebra.power(root, exponent.numerator)

    def root(self, base: Quotient, q: int, hint: dict[str, Any]) -> Quotient:
        """base^(1/q) = p·r because p^q·r^q = base, p >= 0 and r is a principal root."""
        a, p = self.algebra, self.algebra.read(hint["factor"])
        signs = a.signs(p)
        need(signs is not None and signs <= NONNEGATIVE, "the factor of a root is not known to be >= 0")
        if hint["root"] is None:
            need(a.same(a.power(p, q), base), "the stated root does not give its base back")
            return p
        g = a.generator(hint["root"])
        need(g.kind == "root" and g.degree == q and g.of is not None, f"not a root of degree {q}")
        assert g.of is not None
        need(a.same(a.multiply(a.power(p, q), g.of), base), "the stated root does not give its base back")
        return a.multiply(p, a.variable(hint["root"]))

    def exponential(self, exponent: Quotient, hint: dict[str, Any]) -> Quotient:
        """exp(sum of k·a and of q·log(b)) = product of exp(a)^k and of b^q."""
        a = self.algebra
        total, value = a.number(0), a.number(1)
        for index, k in hint["exp"]:
            g = a.generator(index)
            need(g.kind == "exp" and g.of is not None, f"generator {index} is no exponential")
            assert g.of is not None
            total = a.add(total, a.multiply(a.number(whole(k, -LARGEST_POWER, LARGEST_POWER)), g.of))
            n = self.algebra.variables[index] ** abs(k)
            value = a.multiply(value, Quotient(n, a.one) if k >= 0 else Quotient(a.one, n))
        for index, q, stated in hint["log"]:
            total = a.add(total, a.multiply(a.number(rational(q)), a.variable(index)))
            value = a.multiply(value, self._power_of_argument(index, rational(q), stated))
        need(a.same(total, exponent), "the exponents do not add up")
        return value

    def _power_of_argument(self, index: int, q: Fraction, stated: Any) -> Quotient:
        """exp(q·v) for v = log(b) or 2v = log((1 + y)/(1 - y)) on any branch."""
        a, g = self.algebra, self.algebra.generator(index)
        need(g.kind in ("log", "atanh") and g.of is not None, f"generator {index} is no logarithm")
        assert g.of is not None
        q = q if g.kind == "log" else q / 2
        p = a.read(stated)
        if q.denominator > 1:
            need(g.kind == "log" and g.signs is not None, "a broken power of what is not positive")
            need((a.signs(p) or ANY) <= NONNEGATIVE, "the broken power of a logarithm's argument is not >= 0")
        n, of = q.numerator, g.of
        of = of if n >= 0 else Quotient(of.den, of.num)
        right = Quotient(of.num ** abs(n), of.den ** abs(n))
        need(a.same(a.power(p, q.denominator), right), "a stated power of an argument is wrong")
        return p

    def _logarithm(self, argument: Quotient, hint: dict[str, Any]) -> Quotient:
        """log(p·b) = v + log(b) for p = exp(v) and v real; b = 1 where no logarithm is left over."""
        a = self.algebra
        need(not a.is_zero(argument.num) and a._by_terms(argument.num) != ZERO, "the logarithm of zero")
        a.nonzero.append(argument.num)
        v = a.read(hint["value"])
        need(a.signs(v) is not None, "the stated logarithm is not known to be real")
        p = self.exponential(v, hint)
        if hint["rest"] is None:
            need(a.same(p, argument), "the stated logarithm does not give its argument back")
            return v
        g = a.generator(hint["rest"])
        need(g.kind == "log" and g.of is not None, "what is left over is no logarithm")
        assert g.of is not None
        need(a.same(a.multiply(p, g.of), argument), "the stated logarithm does not give its argument back")
        return a.add(v, a.variable(hint["rest"]))

    def _by_exp(self, op: str, x: Quotient, hint: dict[str, Any]) -> Quotient:
        a = self.algebra
        name, turns = _BY_HYPERBOLIC.get(op, (op, 0))
        i = self._imaginary_unit(hint["i"]) if op in _BY_HYPERBOLIC else a.number(1)
        double = a.number(2 if name in ("tanh", "coth") else 1)
        w = self.exponential(a.multiply(double, a.multiply(i, x)), hint)
        num, den = (reduce(lambda t, c: a.add(a.multiply(t, w), a.number(c)), cs[::-1], a.number(0))
                    for cs in _BY_EXP[name])  # fmt: skip
        return a.multiply(a.power(i, turns), a.multiply(num, a.power(den, -1)))

    def _inverse(self, op: str, x: Quotient, hint: dict[str, Any]) -> Quotient:
        """v real with tanh(v), sinh(v) or cosh(v) = x, v >= 0 for the last; or any v with exp(2v) = (1+x)/(1-x)."""
        a, one = self.algebra, self.algebra.number(1)
        if op == "atanh":
            a.nonzero += [a.add(one, x).num, a.minus(one, x).num]
        if "generator" in hint:
            need(op == "atanh", "only atanh may stay as it is")
            g = a.generator(hint["generator"])
            need(g.kind == "atanh" and g.of is not None, "not an atanh")
            assert g.of is not None
            need(a.same(a.multiply(g.of, a.minus(one, x)), a.add(one, x)), "atanh of something else")
            return a.variable(hint["generator"])
        v = a.read(hint["value"])
        signs = a.signs(v)
        need(signs is not None and (op != "acosh" or signs <= NONNEGATIVE), f"{op} is not known to be real, or >= 0")
        w = self.exponential(a.multiply(a.number(2 if op == "atanh" else 1), v), hint)
        if op == "atanh":
            need(a.same(a.multiply(w, a.minus(one, x)), a.add(one, x)), "the stated atanh is wrong")
            return v
        square = a.add(a.multiply(w, w), a.number(-1 if op == "asinh" else 1))
        need(a.same(square, a.multiply(a.number(2), a.multiply(w, x))), f"the stated {op} is wrong")
        return v

    # --- Bessel functions -----------------------------------------------------------------------------------

    def _bessel(self, op: str, order: Quotient, argument: Quotient, hint: dict[str, Any]) -> Quotient:
        """Any order from the pair, a whole number of steps away."""
        a = self.algebra
        index = whole(hint["pair"], 0, len(self.raw["pairs"]) - 1)
        if index not in self.pairs:
            self.pairs[index] = self._pair(self.raw["pairs"][index])
        lowest, z, found = self.pairs[index]
        steps = whole(hint["steps"], -FARTHEST, FARTHEST)
        reached = a.add(lowest, a.number(steps))
        mirrored = op == "besselk" and a.same(Quotient(-order.num, order.den), reached)  # K_{-μ} = K_μ
        need(a.same(argument, z) and (mirrored or a.same(order, reached)), "another order or argument than the pair's")
        low, high = found[op]
        sign = -1 if op == "besseli" else 1
        for step in range(abs(steps)):  # f_{μ+1} = f_{μ-1} ± (2μ/z) f_μ, upwards or downwards
            mu = a.add(lowest, a.number(1 + step if steps > 0 else -step))
            middle, outer = (high, low) if steps > 0 else (low, high)
            factor = a.multiply(a.multiply(a.number(2 * sign if steps > 0 else -2 * sign), mu), middle)
            new = a.add(outer, a.multiply(factor, a.power(z, -1)))
            low, high = (high, new) if steps > 0 else (new, low)
        return low

    def _pair(self, raw: dict[str, Any]) -> tuple[Quotient, Quotient, dict[str, list[Quotient]]]:
        a = self.algebra
        z = a.read(raw["argument"])
        positive = a.signs(z) == POSITIVE
        if "elementary" in raw:
            need(positive, "an elementary Bessel function of what is not positive")
            return self._elementary_pair(z, raw["elementary"])
        order = a.read(raw["order"])
        known = POSITIVE if positive and a.signs(a.add(order, a.number(1))) == POSITIVE else None
        here, above, fading = (a.declare(i, "bessel", known) for i in raw["generators"])
        wronskian = a.minus(a.power(z, -1), a.multiply(above, fading))
        return order, z, {"besseli": [here, above], "besselk": [fading, a.multiply(wronskian, a.power(here, -1))]}

    def _elementary_pair(self, z: Quotient, hint: dict[str, Any]) -> tuple[Any, Any, dict[str, list[Quotient]]]:
        """Orders -1/2 and 1/2 (DLMF 10.39.1, 10.39.2): sqrt(2/(πz)) cosh z, … sinh z and sqrt(π/(2z)) exp(-z)."""
        a = self.algebra
        pi = self.at(hint["pi"])
        need(self.raw["nodes"][hint["pi"]][0] == "pi", "not pi")
        w, inverse = self.exponential(z, hint), a.number(1)
        inverse = a.power(w, -1)
        two = a.number(2)
        growing = self.root(a.multiply(two, a.power(a.multiply(pi, z), -1)), 2, hint["growing"])
        fading = a.multiply(self.root(a.multiply(pi, a.power(a.multiply(two, z), -1)), 2, hint["fading"]), inverse)
        half = a.multiply(growing, a.number(Fraction(1, 2)))
        pair = [a.multiply(half, a.add(w, inverse)), a.multiply(half, a.minus(w, inverse))]
        return a.number(Fraction(-1, 2)), z, {"besseli": pair, "besselk": [fading, fading]}


# --- statements ----------------------------------------------------------------------------------------------


def as_written(nodes: list[Any]) -> list[Signs | None]:
    """The signs of each node read off as it is written."""
    found: list[Signs | None] = []
    for op, *rest in nodes:
        parts = [found[i] for i in (rest[:1] if op == "power" else rest)] if op in _SIGNED else []
        known = [s for s in parts if s is not None]
        signs: Signs | None = None
        if op == "number":
            signs = frozenset({(rational(rest[0]) > 0) - (rational(rest[0]) < 0)})
        elif op == "symbol":
            signs = None if rest[1] is None else frozenset(rest[1])
        elif op == "exp" and known:
            signs = POSITIVE
        elif op in ("add", "mul") and len(known) == len(parts):
            signs = reduce(plus if op == "add" else times, known)
        elif op == "power" and known:
            q = rational(rest[1])
            base = known[0] if q > 0 else known[0] - ZERO
            if q.denominator == 1:
                signs = power_signs(base, abs(int(q)))
            elif base <= NONNEGATIVE:
                signs = base
        found.append(signs)
    return found


_SIGNED = ("add", "mul", "power", "exp")


def recheck(certificate: Any) -> None:
    """Raise Refused unless the certificate proves its statement."""
    try:
        need(certificate["format"] == FORMAT, f"the format is not {FORMAT!r}")
        need("unchecked" not in certificate, f"cannot be rechecked: {certificate.get('unchecked')}")
        reader = Reader(certificate)
        if certificate["relation"] == "=":
            _recheck_equation(certificate, reader)
        else:
            _recheck_inequality(certificate, reader)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, RecursionError) as fault:
        raise Refused(f"not a certificate: {type(fault).__name__}: {str(fault)[:80]}") from None


def _recheck_equation(raw: dict[str, Any], reader: Reader) -> None:
    a, left, right = reader.algebra, reader.at(raw["lhs"]), reader.at(raw["rhs"])
    if isinstance(left, Sum) or isinstance(right, Sum):
        sides = [reader.words.lift(side) for side in (left, right)]
        minus = reader.words.multiply(reader.words.lift(a.number(-1)), sides[1])
        need(not reader.words.add(sides[0], minus).terms, "the words of the two sides differ")
        return
    need(a.same(left, right), "the numerator of the difference does not reduce to zero by the relations")
    if raw["quotients"] is None:  # left out where it would be long
        return
    multiplier = a.polynomial(raw["multiplier"])
    parts = (a.polynomial(q) * a.relation(whole(i, 0, a.count - 1)) for i, q in raw["quotients"])
    total = sum(parts, a.ring.constant(fmpq(0)))
    need(a.never_zero(multiplier), "the multiplier might vanish")
    need(multiplier * a.polynomial(raw["numerator"]) == total, "the quotients do not give the numerator")


def _recheck_inequality(raw: dict[str, Any], reader: Reader) -> None:
    need(raw["relation"] in (">=", ">"), "an unknown relation")
    a, wanted = reader.algebra, NONNEGATIVE if raw["relation"] == ">=" else POSITIVE
    signs = a.signs(a.minus(reader.at(raw["lhs"]), reader.at(raw["rhs"])))
    written = as_written(raw["nodes"])
    left, right = written[raw["lhs"]], written[raw["rhs"]]
    found = (signs, None if left is None or right is None else plus(left, times(NEGATIVE, right)))
    need(any(s is not None and s <= wanted for s in found), "the signs do not show the inequality")


# --- the command ---------------------------------------------------------------------------------------------


def recheck_file(path: Path) -> int:
    """Recheck all certificates of one claim; returns how many there are."""
    need(path.stat().st_size <= LARGEST_FILE, "the file is too large")
    try:
        certificates = json.loads(path.read_text(encoding="utf-8"))["certificates"]
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise Refused(f"not a file of certificates: {fault}") from None
    need(isinstance(certificates, dict) and certificates, "no certificates")
    for name, certificate in certificates.items():
        try:
            recheck(certificate)
        except Refused as reason:
            raise Refused(f"{name}: {reason}") from None
    return len(certificates)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m modeflow.recheck DIR", file=sys.stderr)
        return 2
    files = sorted(Path(arguments[0]).glob("*.json"))
    if not files:
        print(f"{arguments[0]}: holds no .json file", file=sys.stderr)
        return 2
    count, refused = 0, 0
    for path in files:
        try:
            count += recheck_file(path)
        except (Refused, OSError) as reason:
            refused += 1
            print(f"{path.name}: refused: {reason}")
    print(f"{len(files)} files: {count} certificates hold, {refused} files refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

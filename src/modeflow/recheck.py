"""A second look at certificates of proof, by code that shares nothing with the prover.

    python -m modeflow.recheck DIR      exit 0: all hold; 1: at least one does not; 2: wrong usage

A certificate holds a statement (numbered nodes, `lhs`, `rhs`, `relation`), generators (exp, log, root, …), and hints
for the transcendental nodes. The statement is computed again from its leaves: every sum, product and integer power as a
fraction of polynomials over the rationals, in which a generator r = (n/d)^(1/q) obeys r^q·d - n = 0; every function by
exp, log and roots after FUNCTIONS, Bessel functions by recurrence (DLMF 10.29.1) and Wronskian (10.28.2); matrices as
sums of words. A hint is never believed: each method below says what is checked. At the end the difference of the two
sides must reduce to zero, or its signs must suffice.

Not rechecked: that the nodes say what the chapter says (`equations` in the file is text for the reader), what is
written for readers (`means`, `conditions`, `words`, `numerator`, `quotients`), and the identities of functions, which
are the axioms. Where a denominator of the statement, the argument of a Bessel function or I_ν vanishes, nothing is
claimed.
"""

from __future__ import annotations

import json
import operator
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import reduce
from itertools import product
from math import comb
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple

from flint import Ordering, fmpq, fmpq_mpoly_ctx

FORMAT = "modeflow certificate 2"
LARGEST_FILE, MOST_NODES, MOST_GENERATORS, SECONDS, BYTES = 64_000_000, 200_000, 160, 60, 2 << 30
LARGEST_POWER, FARTHEST, LONGEST_NUMBER, MOST_TERMS = 2000, 40, 4000, 10**7

Poly = Any  # flint.fmpq_mpoly
Signs = frozenset[int]  # the signs that a number can have, with 2 where it need not be real
ZERO, POSITIVE, NEGATIVE, ANY = frozenset({0}), frozenset({1}), frozenset({-1}), frozenset({-1, 0, 1})
NONNEGATIVE, NONPOSITIVE, COMPLEX = frozenset({0, 1}), frozenset({-1, 0}), frozenset({-1, 0, 1, 2})


class Refused(Exception):
    """The certificate does not show what it says; the message says where."""


def need(condition: Any, message: str) -> None:
    if not condition:
        raise Refused(message)


def times(a: Signs, b: Signs) -> Signs:
    return frozenset(2 if x * y and 2 in (x, y) else x * y for x, y in product(a, b))


def plus(a: Signs, b: Signs) -> Signs:
    pairs = product(a, b)
    return frozenset().union(*(COMPLEX if 2 in (x, y) else ANY if x * y < 0 else {x or y} for x, y in pairs))


def power(a: Signs, n: int) -> Signs:
    return COMPLEX if 2 in a else frozenset(x**n for x in a)


def rational(text: Any) -> Fraction:
    need(isinstance(text, str) and len(text) <= LONGEST_NUMBER and "e" not in text.lower(), "not a short number")
    return Fraction(text)


def whole(value: Any, low: int, high: int) -> int:
    need(type(value) is int and low <= value <= high, f"{value!r} is not a whole number from {low} to {high}")
    return int(value)


# --- fractions of polynomials modulo the relations of the roots ---------------------------------------------------


class Value:
    """num / den in lowest terms, and the signs it has by the way it was written: a sum of squares stays one."""

    def __init__(self, algebra: Algebra, num: Poly, den: Poly, written: Signs = COMPLEX) -> None:
        num, den = algebra.reduced(num), algebra.reduced(den)
        need(not den.is_zero(), "division by zero")
        common = num.gcd(den)
        scale = 1 / (den // common).leading_coefficient()
        self.algebra, self.written, self.num, self.den = algebra, written, num // common * scale, den // common * scale

    def _other(self, other: Value | Fraction | int) -> Value:
        return other if isinstance(other, Value) else self.algebra.number(other)

    def __add__(self, other: Value | Fraction | int) -> Value:
        b = self._other(other)
        num, den = self.num * b.den + b.num * self.den, self.den * b.den
        return Value(self.algebra, num, den, plus(self.written, b.written))

    def __mul__(self, other: Value | Fraction | int) -> Value:
        b = self._other(other)
        return Value(self.algebra, self.num * b.num, self.den * b.den, times(self.written, b.written))

    def __pow__(self, n: int) -> Value:
        terms, above, below = max(len(self.num), len(self.den)), self.num, self.den
        need(abs(whole(n, -LARGEST_POWER, LARGEST_POWER)) < 3 or comb(abs(n) + terms - 1, abs(n)) < MOST_TERMS,
             "a power with too many terms")  # fmt: skip
        if n < 0:
            self.algebra.divide_by(self)
            above, below = below, above
        written = self.written if n > 0 else self.written - ZERO
        return Value(self.algebra, above ** abs(n), below ** abs(n), power(written, abs(n)))

    def is_zero(self) -> bool:
        return self.algebra.vanishes(self.num)

    def same(self, other: Value | Fraction | int) -> bool:
        return (self + self._other(other) * -1).is_zero()

    @property
    def signs(self) -> Signs:
        a = self.algebra
        return times(a.signs(self.num), a.signs(self.den) - ZERO) & self.written


class Generator(NamedTuple):
    """What a variable stands for; a root r of degree q obeys r^degree = equals."""

    kind: str
    signs: Signs
    of: Any = None  # radicand, exponent or argument, a Value
    q: int = 0
    degree: int = 0
    equals: Any = None


class Algebra:
    """The generators of one certificate, each a function of earlier ones; later ones are larger (lex)."""

    def __init__(self, raw: list[Any]) -> None:
        need(isinstance(raw, list) and len(raw) <= MOST_GENERATORS, "too many generators")
        self.raw, self.count = raw, max(len(raw), 1)
        self.ring = fmpq_mpoly_ctx.get([f"x{i}" for i in range(self.count)], Ordering.lex)
        self.variables = self.ring.gens()[::-1]
        self.zero, self.one = (self.ring.constant(fmpq(n)) for n in (0, 1))
        self.known: dict[int, Generator] = {}
        self.nonzero: list[Poly] = []  # what the statement divides by or takes the logarithm of
        self.depth = 0

    def number(self, n: Fraction | int) -> Value:
        signs = frozenset({(n > 0) - (n < 0)})
        return Value(self, self.ring.constant(fmpq(n.numerator, n.denominator)), self.one, signs)

    def variable(self, index: int, *kinds: str) -> Value:
        return Value(self, self.variables[index], self.one, self.generator(index, *kinds).signs)

    def read(self, raw: Any, before: int | None = None) -> Value:
        """A stated fraction of generators before one; its denominator must be known not to vanish."""
        num, den = (self._polynomial(part, self.count if before is None else before) for part in raw)
        need(self.never_zero(den), "a stated denominator might vanish")
        return Value(self, num, den, COMPLEX)

    def _polynomial(self, raw: Any, before: int) -> Poly:
        """From [[coefficient, [[generator, exponent], …]], …]."""
        terms: dict[tuple[int, ...], fmpq] = {}
        for coefficient, monomial in raw:
            exponents, q = [0] * self.count, rational(coefficient)
            for index, exponent in monomial:
                self.generator(whole(index, 0, before - 1))
                exponents[-1 - index] = whole(exponent, 1, LARGEST_POWER)
            key = tuple(exponents)
            terms[key] = terms.get(key, fmpq(0)) + fmpq(q.numerator, q.denominator)
        return self.ring.from_dict(terms)

    def divide_by(self, a: Value) -> None:
        """Nothing is claimed where the statement divides by zero or takes its logarithm."""
        need(not a.is_zero() and self._by_terms(a.num) != ZERO, "division by zero or its logarithm")
        self.nonzero.append(a.num)

    def never_zero(self, p: Poly) -> bool:
        """By the sign of each factor, or because it divides what the statement divides by, or is an exponential."""
        return not p.is_zero() and all(self._factor_never_zero(f) for f, _ in p.factor()[1])

    def _factor_never_zero(self, f: Poly) -> bool:
        if not self.signs(f) & ZERO or any((d % f).is_zero() for d in self.nonzero):
            return True
        index = self.present(f)[0]
        g = self.known[index]
        return f == self.variables[index] and (g.kind == "exp" or (g.kind == "root" and self.never_zero(g.of.num)))

    def roots(self) -> Iterator[tuple[int, Generator]]:
        return ((i, self.known[i]) for i in sorted(self.known, reverse=True) if self.known[i].kind == "root")

    def reduced(self, p: Poly) -> Poly:
        for i, g in self.roots():
            if g.equals.den.is_one() and p.degrees()[-1 - i] >= g.degree:
                p = divmod(p, self.variables[i] ** g.degree - g.equals.num)[1]
        return p

    def vanishes(self, p: Poly) -> bool:
        """Whether p, times powers of the denominators d, is in the ideal of the relations r^q·d - n."""
        for i, g in self.roots():
            parts, total = self.by_power(p, i), self.zero
            for exponent, part in parts.items():
                k, rest = divmod(exponent, g.degree)
                cleared = g.equals.num**k * g.equals.den ** (max(parts) // g.degree - k)
                total += part * self.variables[i] ** rest * cleared
            p = total
        return bool(p.is_zero())

    def by_power(self, p: Poly, index: int) -> dict[int, Poly]:
        at, parts = self.count - 1 - index, dict[int, dict[tuple[int, ...], fmpq]]()
        for m, c in p.to_dict().items():
            parts.setdefault(int(m[at]), {})[(*m[:at], 0, *m[at + 1 :])] = c
        return {k: self.ring.from_dict(d) for k, d in parts.items()}

    def present(self, p: Poly) -> list[int]:
        return [self.count - 1 - i for i, d in enumerate(p.degrees()) if d > 0]

    def generator(self, index: Any, *kinds: str) -> Generator:
        """The generator, read at its first use, and of one of these kinds."""
        if whole(index, 0, len(self.raw) - 1) not in self.known:
            self.known[index] = self._new(self.raw[index], index)
        need(not kinds or self.known[index].kind in kinds, f"generator {index} is no {' or '.join(kinds)}")
        return self.known[index]

    def _new(self, raw: Any, index: int) -> Generator:
        if (kind := raw["kind"]) == "pi":
            return Generator(kind, POSITIVE)
        need(kind in ("root", "exp", "log", "atanh"), f"generator {index} of kind {kind!r} is used before its node")
        of = self.read(raw["of"], index)
        if kind == "exp":
            return Generator(kind, POSITIVE if of.signs <= ANY else COMPLEX, of)
        if kind == "root":
            q = whole(raw["degree"], 2, LARGEST_POWER)
            if "value" not in raw:
                return Generator(kind, of.signs if of.signs <= NONNEGATIVE else COMPLEX, of, q, q, of)
            value = self.read(raw["value"], index)
            need(value.signs <= NONNEGATIVE and (value**q).same(of), "the stated value is not the principal root")
            return Generator(kind, value.signs, of, q, 1, value)
        need(self.never_zero(of.num), "the logarithm of what might be zero")
        real = kind == "log" and of.signs <= NONNEGATIVE
        return Generator(kind, COMPLEX if not real else NONNEGATIVE if (of + -1).signs <= NONNEGATIVE else ANY, of)

    def declare(self, index: Any, kind: str, signs: Signs) -> Value:
        """A symbol or a Bessel function, which its own node introduces."""
        new = whole(index, 0, len(self.raw) - 1) not in self.known and self.raw[index]["kind"] == kind
        need(new and signs, f"generator {index} is not a new {kind}, or has no value")
        self.known[index] = Generator(kind, signs)
        return self.variable(index)

    def signs(self, p: Poly) -> Signs:
        plain = self._by_terms(p)
        if plain != ANY or self.depth > 6:
            return plain
        self.depth += 1
        try:
            found: Iterable[Signs] = (way(p) for way in (self._by_factors, self._by_root, self._by_bound))
            return next((signs for signs in found if not signs >= ANY), ANY)
        finally:
            self.depth -= 1

    def _by_terms(self, p: Poly, replaced: dict[int, Signs] | None = None) -> Signs:
        total = ZERO
        for monomial, coefficient in p.to_dict().items():
            term = POSITIVE if coefficient > 0 else NEGATIVE
            for index, d in ((self.count - 1 - i, int(d)) for i, d in enumerate(monomial) if d):
                term = times(term, power((replaced or {}).get(index, self.known[index].signs), d))
            total = plus(total, term)
        return total

    def _by_factors(self, p: Poly) -> Signs:
        content, factors = p.factor()
        if len(factors) < 2 and all(m == 1 for _, m in factors):
            return ANY
        return reduce(times, (power(self.signs(f), int(m)) for f, m in factors), self._by_terms(self.one * content))

    def _by_root(self, p: Poly) -> Signs:
        """u + v·r with r = sqrt(n) >= 0 has the sign of its larger part, which v²n - u² tells."""
        for i, g in self.roots():
            parts = self.by_power(p, i)
            if g.degree != 2 or g.signs == COMPLEX or not g.equals.den.is_one() or max(parts) != 1:
                continue
            u, v = parts.get(0, self.zero), parts[1]
            larger, *both = (Value(self, q, self.one).signs for q in (v**2 * g.equals.num - u**2, u, v))
            of_u, of_v = (POSITIVE if s <= NONNEGATIVE else NEGATIVE if s <= NONPOSITIVE else ANY for s in both)
            if larger <= NONNEGATIVE and of_v != ANY:
                return times(of_v, larger)
            if larger <= NONPOSITIVE and of_u != ANY:
                return times(of_u, power(larger, 2))
        return ANY

    def _by_bound(self, p: Poly) -> Signs:
        """With g = 1/(1 + h) for exponentials g <= 1 and g = 1 + h for those >= 1, h >= 0."""
        replaced: dict[int, Signs] = {}
        for i in (i for i in self.present(p) if self.known[i].kind == "exp"):
            signs, parts, x = self.known[i].of.signs, self.by_power(p, i), 1 + self.variables[i]
            if signs <= NONNEGATIVE or signs <= NONPOSITIVE:
                powers = ((k if signs <= NONNEGATIVE else max(parts) - k, c) for k, c in parts.items())
                p = sum((c * x**k for k, c in powers), self.zero)
                replaced[i] = power(signs, 2)
        return self._by_terms(p, replaced) if replaced else ANY


# --- sums of words in matrix letters ------------------------------------------------------------------------------

Word = tuple[tuple[str, str, bool], ...]  # letters: name, kind, whether transposed
Key = tuple[tuple[Word, ...], Word]  # traces that multiply a word


def joined(word: Word) -> Word:
    """The word without V Vᵀ and Vᵀ V of orthogonal V."""
    stack: list[tuple[str, str, bool]] = []
    for name, kind, turned in word:
        if stack and kind == "orthogonal" and stack[-1] == (name, kind, not turned):
            stack.pop()
        else:
            stack.append((name, kind, turned))
    return tuple(stack)


def flipped(word: Word) -> Word:
    own = ("symmetric", "square diagonal")
    return tuple((name, kind, turned ^ (kind not in own)) for name, kind, turned in reversed(word))


def cycle(word: Word) -> Word:
    """The least of the rotations of a word and of its transpose, after cancelling around the end."""
    while len(word) > 1 and not joined((word[-1], word[0])):
        word = word[1:-1]
    return min((w[i:] + w[:i] for w in (word, flipped(word)) for i in range(len(w))), default=())


def holds(key: Key, letter: str) -> bool:
    return any(name == letter for word in (*key[0], key[1]) for name, _, _ in word)


class Sum:
    """A sum of coefficient · traces · word; a scalar has no shape."""

    def __init__(self, terms: Iterable[tuple[Key, Value]], shape: Any = None) -> None:
        found: dict[Key, Value] = {}
        for (traces, word), c in terms:
            key = (tuple(sorted(traces)), joined(word))
            found[key] = found[key] + c if key in found else c
        self.terms, self.shape = {key: c for key, c in found.items() if not c.is_zero()}, shape

    def __add__(self, b: Sum) -> Sum:
        a, shapes = self, (self.shape, b.shape)
        need(shapes == (None, None) or all(map(Value.same, *shapes)), "a sum of unlike shapes")
        return Sum([*a.terms.items(), *b.terms.items()], a.shape)

    def __mul__(self, b: Sum) -> Sum:
        one, other, pairs = self.shape, b.shape, product(self.terms.items(), b.terms.items())
        need(not (one and other) or one[1].same(other[0]), "a product of unfit shapes")
        need(len(self.terms) * len(b.terms) < MOST_NODES, "a product with too many words")
        shape = (one[0], other[1]) if one and other else one or other
        return Sum([((s + t, v + w), c * d) for ((s, v), c), ((t, w), d) in pairs], shape)

    def __pow__(self, n: int) -> Sum:
        return reduce(Sum.__mul__, [self] * whole(n, 1, 16))

    def is_zero(self) -> bool:
        return not self.terms

    def transpose(self) -> Sum:
        return Sum([((traces, flipped(word)), c) for (traces, word), c in self.terms.items()], self.shape[::-1])

    def trace(self) -> Sum:
        need(self.shape[0].same(self.shape[1]), "the trace of what is not square")
        closed = [(traces, cycle(word), c) for (traces, word), c in self.terms.items()]
        return Sum([((((*t, w), ()), c) if w else ((t, ()), self.shape[0] * c)) for t, w, c in closed])

    def letter(self, *kinds: str) -> str:
        """The name of the letter that this is."""
        (((traces, ((name, kind, turned),)), c),) = self.terms.items()
        need(not traces and not turned and c.same(1) and kind in kinds, f"not a letter that is {' or '.join(kinds)}")
        return name

    def gradient(self, by: Sum) -> Sum:
        """∂tr(A·P)/∂A = Pᵀ and ∂tr(Aᵀ·P)/∂A = P for each place of the letter A."""
        letter, terms = by.letter("plain"), []
        need(self.shape is None, "the gradient of a matrix")
        for (traces, _), c in self.terms.items():
            for n, i in ((n, i) for n, word in enumerate(traces) for i, a in enumerate(word) if a[0] == letter):
                around = traces[n][i + 1 :] + traces[n][:i]
                terms.append(((traces[:n] + traces[n + 1 :], around if traces[n][i][2] else flipped(around)), c))
        return Sum(terms, by.shape)

    def average(self, noise: Sum, covariance: Sum) -> Sum:
        """f(0) + ½ sum of C_ik·∂(∂f/∂η_ij)/∂η_kj: the columns of η are independent, of mean 0 and covariance C."""
        name = noise.letter("plain")
        need(not any(holds(key, name) for key in covariance.terms), "a covariance of itself")
        total = Sum([(key, c) for key, c in self.terms.items() if not holds(key, name)])
        for (traces, word), c in self.gradient(noise).terms.items():
            at = [i for i, a in enumerate(word) if a[0] == name]
            need(len(at) < 2 and not holds((traces, ()), name), "moments beyond the covariance")
            for i in at:
                p, q, one, moment = word[:i], word[i + 1 :], c * 0 + 1, Sum([((traces, ()), c * Fraction(1, 2))])
                if word[i][2]:  # P ηᵀ Q gives tr(C P Qᵀ)
                    p += flipped(q)
                else:  # P η Q gives tr(C P)·tr(Q)
                    moment *= Sum([(((), q), one)], (noise.shape[1],) * 2).trace()
                total += moment * (covariance * Sum([(((), p), one)], (noise.shape[0],) * 2)).trace()
        return total

    def diagonal(self, entries: dict[str, Value], zero: Value) -> Value:
        """The entry at one place of the diagonal, of a polynomial in diagonal letters."""
        need(not any(traces for traces, _ in self.terms), "a trace inside a diagonal entry")
        words = [(c, [entries[name] for name, _, _ in word]) for (_, word), c in self.terms.items()]
        return reduce(Value.__add__, (reduce(Value.__mul__, factors, c) for c, factors in words), zero)


# --- the nodes of a statement -------------------------------------------------------------------------------------

# name → definition by f.exp, f.log, f.root, f.i, f.pi; the prover's side runs the same ones to write the hints.
HALF = Fraction(1, 2)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": lambda f, x: f.exp(x),
    "log": lambda f, x: f.log(x),
    "expm1": lambda f, x: f.exp(x) + -1,
    "log1p": lambda f, x: f.log(x + 1),
    "hypot": lambda f, x, y: f.root(x * x + y * y, 2),
    "sinh": lambda f, x: (f.exp(x) + f.exp(x * -1) * -1) * HALF,
    "cosh": lambda f, x: (f.exp(x) + f.exp(x * -1)) * HALF,
    "tanh": lambda f, x: (f.exp(x * 2) + 1) ** -1 * -2 + 1,
    "sin": lambda f, x: FUNCTIONS["sinh"](f, x * f.i) * f.i * -1,
    "cos": lambda f, x: FUNCTIONS["cosh"](f, x * f.i),
    "tan": lambda f, x: FUNCTIONS["tanh"](f, x * f.i) * f.i * -1,
    "asinh": lambda f, x: f.log(x + f.root(x * x + 1, 2)),
    "acosh": lambda f, x: f.log(x + f.root(x * x + -1, 2)),
    "atanh": lambda f, x: (f.log(x + 1) + f.log(x * -1 + 1) * -1) * HALF,
    "atan": lambda f, x: FUNCTIONS["atanh"](f, x * f.i) * f.i * -1,
    "asin": lambda f, x: f.log(x * f.i + f.root(x * x * -1 + 1, 2)) * f.i * -1,
    "acos": lambda f, x: f.pi * HALF + FUNCTIONS["asin"](f, x) * -1,
}
# name → what must be >= 0 so that x is off the branch cuts
OFF_CUTS: dict[str, Callable[[Any], list[Any]]] = {
    "asinh": lambda x: [x * x],
    "atan": lambda x: [x * x],
    "acosh": lambda x: [x + -1],
    "atanh": lambda x: [x * -1 + 1, x + 1],
    "asin": lambda x: [x * -1 + 1, x + 1],
    "acos": lambda x: [x * -1 + 1, x + 1],
}


def _reciprocal(name: str, of: str) -> None:
    FUNCTIONS[name] = lambda f, x: FUNCTIONS[of](f, x) ** -1
    FUNCTIONS[f"a{name}"] = lambda f, x: FUNCTIONS[f"a{of}"](f, x**-1)
    OFF_CUTS[f"a{name}"] = lambda x: OFF_CUTS[f"a{of}"](x**-1)


for _name, _of in {"csch": "sinh", "sech": "cosh", "coth": "tanh", "csc": "sin", "sec": "cos", "cot": "tan"}.items():
    _reciprocal(_name, _of)


class Reader:
    """Computes every node of one certificate."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw, self.algebra = raw, Algebra(raw["generators"])
        self.pairs: dict[int, Any] = {}
        self.values: list[Any] = []
        self.used, self.names = {raw["lhs"], raw["rhs"]}, set[str]()
        self.hints: Iterator[Any] = iter(())
        need(len(raw["nodes"]) <= MOST_NODES, "too many nodes")
        for index, node in enumerate(raw["nodes"]):
            self.hints = iter(raw["hints"].get(str(index), []))
            try:
                self.values.append(self._node(*node))
            except Refused as reason:
                raise Refused(f"node {index} ({node[0]}): {reason}") from None
            if isinstance(self.values[-1], Value):
                self.algebra.nonzero.append(self.values[-1].den)  # made of denominators that do not vanish
        apart = (raw["nodes"][i][0] for i in set(range(len(self.values))) - self.used)
        need(all(op in ("symbol", "number") for op in apart), "a node that says nothing")

    def at(self, index: Any) -> Any:
        self.used.add(whole(index, 0, len(self.values) - 1))
        return self.values[index]

    def _node(self, op: str, *rest: Any) -> Any:
        if op == "number":
            return self.algebra.number(rational(rest[0]))
        if op in ("symbol", "letter"):
            need(rest[0] not in self.names, f"{rest[0]} comes twice")
            self.names.add(rest[0])
            return self._symbol(*rest[1:]) if op == "symbol" else self._letter(*rest)
        if op == "power":
            base, q = self.at(rest[0]), rational(rest[1])
            return (base if q.denominator == 1 else self.root(base, q.denominator)) ** q.numerator
        if op == "diagonal":
            entries = {self.at(a).letter("diagonal", "square diagonal"): self.at(b) for a, b in rest[1]}
            return self.at(rest[0]).diagonal(entries, self.algebra.number(0))
        values = [self.at(i) for i in rest]
        if op in ("pi", "I"):
            return self.pi if op == "pi" else self.i
        if op in ("add", "mul"):
            return self.combine(operator.add if op == "add" else operator.mul, *values)
        if op in ("transpose", "trace", "average", "gradient"):
            return getattr(Sum, op)(*map(self.lifted, values))
        if op in ("identity", "zero"):
            return Sum([(((), ()), self.algebra.number(1))] if op == "identity" else [], (values[0], values[-1]))
        if op in ("besseli", "besselk"):
            return self._bessel(op, *values, **next(self.hints))
        need(op in FUNCTIONS, "this checker does not know the operation")
        return self._function(op, *values)

    def lifted(self, a: Any) -> Sum:
        return a if isinstance(a, Sum) else Sum([(((), ()), a)])

    def combine(self, by: Callable[[Any, Any], Any], *values: Any) -> Any:
        return reduce(by, map(self.lifted, values) if any(isinstance(a, Sum) for a in values) else values)

    def _symbol(self, signs: list[int] | None, index: int) -> Value:
        known = COMPLEX if signs is None else frozenset(whole(s, -1, 1) for s in signs)
        return self.algebra.declare(index, "symbol", known)

    def _letter(self, name: str, kind: str, rows: Any, columns: Any) -> Sum:
        shape = (self.at(rows), self.at(columns))
        square = shape[0].same(shape[1])
        need(kind in ("plain", "diagonal") or (square and kind in ("symmetric", "orthogonal")), f"a {kind} letter")
        kind = "square diagonal" if kind == "diagonal" and square else kind
        return Sum([(((), ((name, kind, False),)), self.algebra.number(1))], shape)

    def _function(self, op: str, *arguments: Value) -> Value:
        x, hints = arguments[0], list(self.hints)
        if op == "atanh" and len(hints) == 1:  # atanh(x) stays as it is, wherever x lies
            self.algebra.divide_by(x + 1)
            self.algebra.divide_by(x + -1)
            found = self.algebra.variable(hints[0], "atanh")
            need((self.algebra.known[hints[0]].of * (x * -1 + 1)).same(x + 1), "atanh of something else")
            return found
        safe = all(part.signs <= NONNEGATIVE for part in (OFF_CUTS[op](x) if op in OFF_CUTS else ()))
        need(safe, f"{op} might be on a branch cut")
        self.hints = iter(hints)
        value: Value = FUNCTIONS[op](self, *arguments)
        return value

    @property
    def pi(self) -> Value:
        return self.algebra.variable(next(self.hints), "pi")

    @property
    def i(self) -> Value:
        i = self.algebra.variable(index := next(self.hints), "root")
        need(self.algebra.known[index].q == 2 and self.algebra.known[index].of.same(-1), "i is the square root of -1")
        return i

    def root(self, base: Value, q: int) -> Value:
        """base^(1/q) = p·r because (p·r)^q = base, p >= 0 and r is a principal root."""
        hint = next(self.hints)
        value = self.algebra.read(hint["factor"])
        need(value.signs <= NONNEGATIVE, "the factor of a root is not known to be >= 0")
        if hint["root"] is not None:
            value *= self.algebra.variable(hint["root"], "root")
            need(self.algebra.known[hint["root"]].q == q, f"not a root of degree {q}")
        need((value**q).same(base), "the stated root does not give its base back")
        value.written = base.signs if base.signs <= NONNEGATIVE else COMPLEX
        return value

    def exp(self, exponent: Value) -> Value:
        """exp(sum of k·a and of q·log(b)) = product of exp(a)^k and of b^q."""
        hint = next(self.hints)
        a = self.algebra
        total, value = a.number(0), a.number(1)
        for index, k in hint["exp"]:
            total += a.generator(index, "exp").of * whole(k, -LARGEST_POWER, LARGEST_POWER)
            n = a.variables[index] ** abs(k)
            value *= Value(a, n, a.one) if k >= 0 else Value(a, a.one, n)
        for index, q, stated in hint["log"]:
            value *= self._power_of_argument(index, rational(q), stated)
            total += a.variable(index) * rational(q)
        need(total.same(exponent), "the exponents do not add up")
        value.written = POSITIVE if exponent.signs <= ANY else COMPLEX
        return value

    def _power_of_argument(self, index: int, q: Fraction, stated: Any) -> Value:
        """exp(q·v) for v = log(b) or 2v = log((1 + y)/(1 - y)) on any branch."""
        a, g, p = self.algebra, self.algebra.generator(index, "log", "atanh"), self.algebra.read(stated)
        q = q if g.kind == "log" else q / 2
        principal = g.signs != COMPLEX and p.signs <= NONNEGATIVE
        need(q.denominator == 1 or principal, "a broken power of what is not positive")
        of = g.of if q >= 0 else Value(a, g.of.den, g.of.num)
        need((p**q.denominator).same(of ** abs(q.numerator)), "a stated power of an argument is wrong")
        return p

    def log(self, argument: Value) -> Value:
        """log(p·b) = v + log(b) for p = exp(v) and v real; b = 1 where no logarithm is left over."""
        a, hint = self.algebra, next(self.hints)
        a.divide_by(argument)
        v = a.read(hint["value"])
        need(v.signs <= ANY, "the stated logarithm is not known to be real")
        p = self.exp(v)
        if hint["rest"] is not None:
            p *= a.generator(hint["rest"], "log").of
            v += a.variable(hint["rest"])
        need(p.same(argument), "the stated logarithm does not give its argument back")
        return v

    def _bessel(self, op: str, order: Value, argument: Value, pair: int, steps: int) -> Value:
        """Any order from the pair, a whole number of steps away: f_{μ+1} = f_{μ-1} ± (2μ/z) f_μ."""
        if whole(pair, 0, len(self.raw["pairs"]) - 1) not in self.pairs:
            self.pairs[pair] = self._pair(**self.raw["pairs"][pair])
        lowest, z, found = self.pairs[pair]
        reached = lowest + whole(steps, -FARTHEST, FARTHEST)
        mirrored = op == "besselk" and reached.same(order * -1)  # K_{-μ} = K_μ
        need(argument.same(z) and (mirrored or reached.same(order)), "another order or argument than the pair's")
        low, high = found[op]
        slope = z**-1 * (-2 if op == "besseli" else 2)
        for step in range(steps):
            low, high = high, low + (lowest + (1 + step)) * slope * high
        for step in range(-steps):
            low, high = high + (lowest + -step) * slope * low * -1, low
        result: Value = low
        return result

    def _pair(self, argument: Any, order: Any = None, generators: Any = (), elementary: Any = None) -> Any:
        """Order, argument and the values at this order and the next of I and K."""
        a, z = self.algebra, self.algebra.read(argument)
        positive = z.signs == POSITIVE
        if elementary is None:
            mu = a.read(order)
            known = POSITIVE if positive and (mu + 1).signs == POSITIVE else COMPLEX
            here, above, fading = (a.declare(i, "bessel", known) for i in generators)
            return mu, z, {"besseli": (here, above), "besselk": (fading, (z**-1 + above * fading * -1) * here**-1)}
        # Orders -1/2 and 1/2 (DLMF 10.39.1, 10.39.2): sqrt(2/(πz)) cosh z, … sinh z and sqrt(π/(2z)) exp(-z).
        need(positive, "an elementary Bessel function of what is not positive")
        self.hints = iter(elementary)
        pi, w = self.pi, self.exp(z)
        growing, fading = self.root((pi * z) ** -1 * 2, 2) * HALF, self.root(pi * (z * 2) ** -1, 2) * w**-1
        return a.number(-HALF), z, {
            "besseli": (growing * (w + w**-1), growing * (w + w**-1 * -1)), "besselk": (fading, fading)
        }  # fmt: skip


def recheck(certificate: Any) -> None:
    """Raise Refused unless the certificate proves its statement."""
    try:
        need(certificate["format"] == FORMAT, f"the format is not {FORMAT!r}")
        need("unchecked" not in certificate, f"cannot be rechecked: {certificate.get('unchecked')}")
        reader, relation = Reader(certificate), certificate["relation"]
        right = reader.combine(operator.mul, reader.algebra.number(-1), reader.at(certificate["rhs"]))
        difference = reader.combine(operator.add, reader.at(certificate["lhs"]), right)
        if relation == "=":
            need(difference.is_zero(), "the difference of the sides does not reduce to zero")
        else:
            wanted = {">": POSITIVE, ">=": NONNEGATIVE}[relation]
            need(difference.signs <= wanted, "the signs do not show the inequality")
    except Refused:
        raise
    except Exception as fault:  # whatever goes wrong in reading or computing, nothing is shown
        raise Refused(f"not a certificate: {type(fault).__name__}: {str(fault)[:80]}") from None


# --- the command --------------------------------------------------------------------------------------------------


def recheck_file(path: Path) -> int:
    """Recheck all certificates of one claim; returns how many there are."""
    need(path.stat().st_size <= LARGEST_FILE, "the file is too large")
    try:
        certificates = json.loads(path.read_text(encoding="utf-8"))["certificates"]
    except (ValueError, LookupError, TypeError, RecursionError) as fault:
        raise Refused(f"not a file of certificates: {fault}") from None
    need(isinstance(certificates, dict) and certificates, "no certificates")
    for name, certificate in certificates.items():
        try:
            recheck(certificate)
        except Refused as reason:
            raise Refused(f"{name}: {reason}") from None
    return len(certificates)


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def main(arguments: list[str]) -> int:
    files = sorted(Path(arguments[0]).glob("*.json")) if len(arguments) == 1 else []
    if not files:
        print("usage: python -m modeflow.recheck DIR, where DIR holds .json files", file=sys.stderr)
        return 2
    count, refused, pool = 0, 0, Pool(1, _limit)
    for path in files:
        try:
            count += pool.apply_async(recheck_file, (path,)).get(SECONDS)
        except (Refused, OSError, TimeoutError, MemoryError) as reason:  # pool: TimeoutError also if it died
            refused += 1
            print(f"{path.name}: refused: {str(reason) or f'more than {SECONDS} s or {BYTES} bytes'}")
            pool.terminate()
            pool = Pool(1, _limit)
    pool.terminate()
    print(f"{len(files)} files: {count} certificates hold, {refused} files refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

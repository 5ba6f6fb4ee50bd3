"""A second look at certificates of proof, by code that shares nothing with the prover.

    python -m modeflow.recheck DIR      exit 0: all hold; 1: at least one does not; 2: wrong usage

A certificate holds a statement (numbered nodes, `lhs`, `rhs`, `relation`), generators (exp, log, root, …), and for each
transcendental node a hint. The statement is computed again from its leaves: every sum, product and integer power as a
fraction of polynomials over the rationals, in which a generator r = (n/d)^(1/q) obeys r^q·d - n = 0. Rechecked:

* that exp(a) is the stated product of generators and powers, because a is the stated sum of their exponents;
* that a root is p·r: (p·r)^q gives the base back, p >= 0 by the signs of the symbols and r is a principal root; and
  where r is stated to be a value v in earlier generators, that v^q is the radicand and v >= 0;
* that a logarithm is the stated v: v is real, and exp(v) gives the argument back;
* sinh, tan, acosh, asin, … by exp, log and roots, after FUNCTIONS; Bessel functions by recurrence (DLMF 10.29.1) and
  Wronskian (10.28.2) from the pair;
* that the numerator of the difference, computed here, reduces to zero by the relations, and that the stated numerator
  is the stated sum of quotients times relations; for an inequality that the signs of numerator and denominator suffice;
* for a matrix identity, that both sides have the same words, computed here from the letters.

Not rechecked: that the nodes say what the chapter says (`equations` in the file is text for the reader), what is
written under `words`, `means` and `conditions`, and those identities of functions, which are the axioms. Where a
denominator of the statement, the argument of a Bessel function or I_ν vanishes, nothing is claimed.
"""

from __future__ import annotations

import json
import operator
import sys
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import reduce
from itertools import product
from math import comb
from pathlib import Path
from typing import Any, NamedTuple

from flint import Ordering, fmpq, fmpq_mpoly_ctx

FORMAT = "modeflow certificate 2"
LARGEST_FILE, MOST_NODES, MOST_GENERATORS = 64_000_000, 200_000, 160
LARGEST_POWER, FARTHEST, LONGEST_NUMBER, MOST_TERMS, MOST_PRODUCTS = 2000, 40, 4000, 10**7, 10**9

Poly = Any  # flint.fmpq_mpoly
Operand = "Value | Fraction | int"
Signs = frozenset[int]
ZERO, POSITIVE, NEGATIVE = frozenset({0}), frozenset({1}), frozenset({-1})
NONNEGATIVE, NONPOSITIVE, ANY = frozenset({0, 1}), frozenset({-1, 0}), frozenset({-1, 0, 1})


class Refused(Exception):
    """The certificate does not show what it says; the message says where."""


def need(condition: Any, message: str) -> None:
    if not condition:
        raise Refused(message)


def times(a: Signs, b: Signs) -> Signs:
    return frozenset(x * y for x, y in product(a, b))


def plus(a: Signs, b: Signs) -> Signs:
    return frozenset().union(*(ANY if x * y < 0 else {x or y} for x, y in product(a, b)))


def power_signs(a: Signs, n: int) -> Signs:
    return frozenset(x**n for x in a)


def rational(text: Any) -> Fraction:
    need(isinstance(text, str) and len(text) <= LONGEST_NUMBER and "e" not in text.lower(), "not a short number")
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Refused(f"{text[:40]!r} is not a rational number") from None


def whole(value: Any, low: int, high: int) -> int:
    need(type(value) is int and low <= value <= high, f"{value!r} is not a whole number from {low} to {high}")
    return int(value)


# --- fractions of polynomials modulo the relations of the roots ---------------------------------------------


class Value:
    """num / den in lowest terms."""

    def __init__(self, algebra: Algebra, num: Poly, den: Poly) -> None:
        num, den = algebra.reduced(num), algebra.reduced(den)
        need(not den.is_zero(), "division by zero")
        common = num.gcd(den)
        scale = 1 / (den // common).leading_coefficient()
        self.algebra, self.num, self.den = algebra, num // common * scale, den // common * scale

    def _other(self, other: Operand) -> Value:
        other = other if isinstance(other, Value) else self.algebra.number(other)
        size = (len(self.num) + len(self.den)) * (len(other.num) + len(other.den))
        need(size < MOST_PRODUCTS, "a product with too many terms")
        return other

    def __add__(self, other: Operand) -> Value:
        b = self._other(other)
        return Value(self.algebra, self.num * b.den + b.num * self.den, self.den * b.den)

    def __mul__(self, other: Operand) -> Value:
        b = self._other(other)
        return Value(self.algebra, self.num * b.num, self.den * b.den)

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Operand) -> Value:
        return self + self._other(other) * -1

    def __rsub__(self, other: Operand) -> Value:
        return self * -1 + other

    def __truediv__(self, other: Operand) -> Value:
        return self * self._other(other) ** -1

    def __rtruediv__(self, other: Operand) -> Value:
        return self**-1 * other

    def __pow__(self, n: int) -> Value:
        terms = max(len(self.num), len(self.den))
        whole(n, -LARGEST_POWER, LARGEST_POWER)
        need(abs(n) < 3 or comb(abs(n) + terms - 1, abs(n)) < MOST_TERMS, "a power with too many terms")
        if n >= 0:
            return Value(self.algebra, self.num**n, self.den**n)
        self.algebra.is_nonzero(self)
        return Value(self.algebra, self.den**-n, self.num**-n)

    def same(self, other: Operand) -> bool:
        return self.algebra.is_zero((self - other).num)


class Generator(NamedTuple):
    """What a variable stands for; signs is None where it need not be real."""

    kind: str
    of: Value | None  # radicand, exponent or argument
    signs: Signs | None
    root: int = 0  # q of a root
    degree: int = 0  # of its relation r^degree = equals
    equals: Value | None = None
    bound: int = 0  # -1 for exp(a) with a <= 0, +1 with a >= 0


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

    def number(self, value: Fraction | int) -> Value:
        return Value(self, self.ring.constant(fmpq(value.numerator, value.denominator)), self.one)

    def variable(self, index: int) -> Value:
        return Value(self, self.variables[index], self.one)

    def polynomial(self, raw: Any) -> Poly:
        """From [[coefficient, [[generator, exponent], …]], …]; its generators must be known."""
        terms: dict[tuple[int, ...], fmpq] = {}
        for coefficient, monomial in raw:
            exponents = [0] * self.count
            for index, exponent in monomial:
                self.generator(index)
                exponents[self.count - 1 - index] = whole(exponent, 1, LARGEST_POWER)
            q, key = rational(coefficient), tuple(exponents)
            terms[key] = terms.get(key, fmpq(0)) + fmpq(q.numerator, q.denominator)
        return self.ring.from_dict(terms)

    def read(self, raw: Any) -> Value:
        """A stated fraction; its denominator must be known not to vanish."""
        num, den = (self.polynomial(part) for part in raw)
        need(self.never_zero(den), "a stated denominator might vanish")
        return Value(self, num, den)

    def is_nonzero(self, a: Value) -> None:
        """The statement divides by a or takes its logarithm: nothing is claimed where a vanishes."""
        need(not self.is_zero(a.num) and self._by_terms(a.num) != ZERO, "division by zero or its logarithm")
        self.nonzero.append(a.num)

    def never_zero(self, p: Poly) -> bool:
        """By the sign of each factor, or because it divides what the statement divides by, or is an exponential."""
        return not p.is_zero() and all(self._factor_never_zero(f) for f, _ in p.factor()[1])

    def _factor_never_zero(self, f: Poly) -> bool:
        signs, here = self.signs_of(f), self.present(f)
        if (signs is not None and not signs & ZERO) or any((d % f).is_zero() for d in self.nonzero):
            return True
        if f != self.variables[here[0]]:
            return False
        g = self.known[here[0]]
        return g.kind == "exp" or (g.kind == "root" and g.of is not None and self.never_zero(g.of.num))

    def relation(self, index: int) -> Poly:
        g = self.known[index]
        need(g.equals is not None, f"generator {index} is not a root")
        return self.variables[index] ** g.degree * g.equals.den - g.equals.num

    def roots(self) -> list[int]:
        return [i for i in sorted(self.known, reverse=True) if self.known[i].kind == "root"]

    def reduced(self, p: Poly) -> Poly:
        for i in self.roots():
            g = self.known[i]
            if g.equals.den.is_one() and p.degrees()[self.count - 1 - i] >= g.degree:
                p = divmod(p, self.relation(i))[1]
        return p

    def is_zero(self, p: Poly) -> bool:
        """Whether p, times powers of the denominators d, is in the ideal of the relations r^q·d - n."""
        for i in self.roots():
            g, parts, total = self.known[i], self.by_power(p, i), self.zero
            top = max(parts, default=0) // g.degree
            for exponent, part in parts.items():
                k, rest = divmod(exponent, g.degree)
                total += part * self.variables[i] ** rest * g.equals.num**k * g.equals.den ** (top - k)
            p = total
        return bool(p.is_zero())

    def by_power(self, p: Poly, index: int) -> dict[int, Poly]:
        at = self.count - 1 - index
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for m, c in p.to_dict().items():
            parts.setdefault(int(m[at]), {})[(*m[:at], 0, *m[at + 1 :])] = c
        return {k: self.ring.from_dict(d) for k, d in parts.items()}

    def present(self, p: Poly) -> list[int]:
        return [self.count - 1 - i for i, d in enumerate(p.degrees()) if d]

    # --- generators -----------------------------------------------------------------------------------------

    def generator(self, index: Any, *kinds: str) -> Generator:
        """The generator, read at its first use, and of one of these kinds."""
        whole(index, 0, len(self.raw) - 1)
        if index not in self.known:
            self.known[index] = self._new(self.raw[index], index)
        need(not kinds or self.known[index].kind in kinds, f"generator {index} is no {' or '.join(kinds)}")
        return self.known[index]

    def _new(self, raw: Any, index: int) -> Generator:
        kind = raw["kind"]
        if kind == "pi":
            return Generator(kind, None, POSITIVE)
        need(kind in ("root", "exp", "log", "atanh"), f"generator {index} of kind {kind!r} is used before its node")
        of = self._of_earlier(raw["of"], index)
        signs = self.signs(of)
        known, nonnegative = signs is not None, signs is not None and signs <= NONNEGATIVE
        if kind == "root":
            q = whole(raw["degree"], 2, LARGEST_POWER)
            if "value" not in raw:
                return Generator(kind, of, signs if nonnegative else None, q, q, of)
            value = self._of_earlier(raw["value"], index)
            need(self.nonnegative(value) and (value**q).same(of), "the stated value is not the principal root")
            return Generator(kind, of, self.signs(value), q, 1, value)
        if kind == "exp":
            bound = 0 if signs is None else -1 if signs <= NONPOSITIVE else 1 if nonnegative else 0
            return Generator(kind, of, POSITIVE if known else None, bound=bound)
        need(self.never_zero(of.num), "the logarithm of what might be zero")
        real = NONNEGATIVE if nonnegative and self.nonnegative(of - 1) else ANY
        return Generator(kind, of, real if kind == "log" and nonnegative else None)

    def _of_earlier(self, raw: Any, index: int) -> Value:
        need(all(i < index for part in raw for _, m in part for i, _ in m), "a generator of later ones")
        return self.read(raw)

    def declare(self, index: Any, kind: str, signs: Signs | None) -> Value:
        """A symbol or a Bessel function, which its own node introduces."""
        whole(index, 0, len(self.raw) - 1)
        need(index not in self.known and self.raw[index]["kind"] == kind, f"generator {index} is not a new {kind}")
        self.known[index] = Generator(kind, None, signs)
        return self.variable(index)

    # --- signs ----------------------------------------------------------------------------------------------

    def nonnegative(self, a: Value) -> bool:
        signs = self.signs(a)
        return signs is not None and signs <= NONNEGATIVE

    def signs(self, a: Value) -> Signs | None:
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
            for index, d in ((self.count - 1 - i, int(d)) for i, d in enumerate(monomial) if d):
                signs = (replaced or {}).get(index, self.known[index].signs)
                if signs is None:
                    return None
                term = times(term, power_signs(signs, d))
            total = plus(total, term)
        return total

    def _by_factors(self, p: Poly) -> Signs:
        content, factors = p.factor()
        if len(factors) < 2 and all(m == 1 for _, m in factors):
            return ANY
        parts = (power_signs(self.signs_of(f) or ANY, int(m)) for f, m in factors)
        return reduce(times, parts, POSITIVE if content > 0 else NEGATIVE)

    def _by_root(self, p: Poly) -> Signs:
        """u + v·r with r = sqrt(n) >= 0 has the sign of its larger part, which v²n - u² tells."""
        for i in self.roots():
            g, parts = self.known[i], self.by_power(p, i)
            if g.degree != 2 or g.signs is None or not g.equals.den.is_one() or max(parts) != 1:
                continue
            u, v = parts.get(0, self.zero), parts[1]
            larger, *both = (self.signs_of(q) or ANY for q in (v**2 * g.equals.num - u**2, u, v))
            of_u, of_v = (POSITIVE if s <= NONNEGATIVE else NEGATIVE if s <= NONPOSITIVE else ANY for s in both)
            if larger <= NONNEGATIVE and of_v != ANY:
                return times(of_v, larger)
            if larger <= NONPOSITIVE and of_u != ANY:
                return times(of_u, power_signs(larger, 2))
        return ANY

    def _by_bound(self, p: Poly) -> Signs:
        """With g = 1/(1 + h) for exponentials g <= 1 and g = 1 + h for those >= 1, h >= 0."""
        replaced: dict[int, Signs] = {}
        for i in self.present(p):
            g = self.known[i]
            if g.bound:
                parts, x = self.by_power(p, i), 1 + self.variables[i]
                top = max(parts)
                p = sum((c * x ** (k if g.bound > 0 else top - k) for k, c in parts.items()), self.zero)
                replaced[i] = NONNEGATIVE if (self.signs(g.of) or ANY) & ZERO else POSITIVE
        return (self._by_terms(p, replaced) or ANY) if replaced else ANY


# --- sums of words in matrix letters ---------------------------------------------------------------------------

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
    return tuple((name, kind, turned ^ (kind not in ("symmetric", "square diagonal"))) for name, kind, turned in reversed(word))


def cycle(word: Word) -> Word:
    """The least of the rotations of a word and of its transpose, after cancelling around the end."""
    while len(word) > 1 and not joined((word[-1], word[0])):
        word = word[1:-1]
    return min((w[i:] + w[:i] for w in (word, flipped(word)) for i in range(len(w))), default=())


def holds(key: Key, letter: str) -> bool:
    return any(name == letter for word in (*key[0], key[1]) for name, _, _ in word)


class Sum:
    """A sum of coefficient · traces · word; a scalar has no shape."""

    def __init__(self, terms: Iterable[tuple[Key, Value]], shape: tuple[Value, Value] | None = None) -> None:
        found: dict[Key, Value] = {}
        for (traces, word), c in terms:
            key = (tuple(sorted(traces)), joined(word))
            found[key] = found[key] + c if key in found else c
        self.terms, self.shape = {key: c for key, c in found.items() if not c.same(0)}, shape

    def __add__(self, b: Sum) -> Sum:
        one, other = self.shape, b.shape
        need(one is other is None or (one and other and all(map(Value.same, one, other))), "a sum of different shapes")
        return Sum([*self.terms.items(), *b.terms.items()], one)

    def __mul__(self, b: Sum) -> Sum:
        one, other = self.shape, b.shape
        need(not (one and other) or one[1].same(other[0]), "a product of unfit shapes")
        need(len(self.terms) * len(b.terms) < MOST_NODES, "a product with too many words")
        pairs = product(self.terms.items(), b.terms.items())
        shape = (one[0], other[1]) if one and other else one or other
        return Sum([((s + t, v + w), c * d) for ((s, v), c), ((t, w), d) in pairs], shape)

    def __pow__(self, n: int) -> Sum:
        return reduce(Sum.__mul__, [self] * whole(n, 1, 16))

    def transpose(self) -> Sum:
        need(self.shape, "the transpose of a scalar")
        return Sum([((traces, flipped(word)), c) for (traces, word), c in self.terms.items()], self.shape[::-1])

    def trace(self) -> Sum:
        need(self.shape and self.shape[0].same(self.shape[1]), "the trace of what is not square")
        closed = [(traces, cycle(word), c) for (traces, word), c in self.terms.items()]
        return Sum([((((*t, w), ()), c) if w else ((t, ()), self.shape[0] * c)) for t, w, c in closed])

    def letter(self, *kinds: str) -> str:
        """The name of the letter that this is."""
        ((traces, word), c), = self.terms.items()  # fmt: skip
        need(not traces and len(word) == 1 and not word[0][2] and c.same(1) and word[0][1] in kinds, "no such letter")
        return word[0][0]

    def gradient(self, by: Sum) -> Sum:
        """∂tr(A·P)/∂A = Pᵀ and ∂tr(Aᵀ·P)/∂A = P for each place of the letter A."""
        letter, terms = by.letter("plain"), []
        need(self.shape is None, "the gradient of a matrix")
        for (traces, _), c in self.terms.items():
            for n, i in ((n, i) for n, word in enumerate(traces) for i, a in enumerate(word) if a[0] == letter):
                around = traces[n][i + 1 :] + traces[n][:i]
                key = (traces[:n] + traces[n + 1 :], around if traces[n][i][2] else flipped(around))
                terms.append((key, c))
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
        return sum((reduce(Value.__mul__, (entries[name] for name, _, _ in w), c) for (_, w), c in self.terms.items()), zero)


# --- functions by exp, log and roots ---------------------------------------------------------------------------

# name → definition in terms of f.exp, f.log, f.sqrt, f.i, f.pi; the prover's side runs the same ones for its hints.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": lambda f, x: f.exp(x),
    "log": lambda f, x: f.log(x),
    "expm1": lambda f, x: f.exp(x) - 1,
    "log1p": lambda f, x: f.log(x + 1),
    "hypot": lambda f, x, y: f.sqrt(x * x + y * y),
    "sinh": lambda f, x: (f.exp(x) - f.exp(x * -1)) / 2,
    "cosh": lambda f, x: (f.exp(x) + f.exp(x * -1)) / 2,
    "tanh": lambda f, x: 1 - 2 / (f.exp(x * 2) + 1),
    "sin": lambda f, x: FUNCTIONS["sinh"](f, x * f.i) / f.i,
    "cos": lambda f, x: FUNCTIONS["cosh"](f, x * f.i),
    "tan": lambda f, x: FUNCTIONS["tanh"](f, x * f.i) / f.i,
    "asinh": lambda f, x: f.log(x + f.sqrt(x * x + 1)),
    "acosh": lambda f, x: f.log(x + f.sqrt(x * x - 1)),
    "atanh": lambda f, x: (f.log(x + 1) - f.log(1 - x)) / 2,
    "atan": lambda f, x: FUNCTIONS["atanh"](f, x * f.i) / f.i,
    "asin": lambda f, x: f.log(x * f.i + f.sqrt(1 - x * x)) / f.i,
    "acos": lambda f, x: f.pi / 2 - FUNCTIONS["asin"](f, x),
}
# name → what must be >= 0 so that x is off the branch cuts
OFF_CUTS: dict[str, Callable[[Any], list[Any]]] = {
    **dict.fromkeys(("asinh", "atan"), lambda x: [x * x]),
    **dict.fromkeys(("atanh", "asin", "acos"), lambda x: [1 - x, x + 1]),
    "acosh": lambda x: [x - 1],
}
for _of, _name in {"sinh": "csch", "cosh": "sech", "tanh": "coth", "sin": "csc", "cos": "sec", "tan": "cot"}.items():
    FUNCTIONS[_name] = lambda f, x, of=_of: 1 / FUNCTIONS[of](f, x)
    FUNCTIONS[f"a{_name}"] = lambda f, x, of=_of: FUNCTIONS[f"a{of}"](f, 1 / x)
    OFF_CUTS[f"a{_name}"] = lambda x, of=_of: OFF_CUTS[f"a{of}"](1 / x)


class Reader:
    """Computes every node of one certificate."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw, self.algebra = raw, Algebra(raw["generators"])
        self.pairs: dict[int, tuple[Value, Value, dict[str, list[Value]]]] = {}
        self.values: list[Any] = []
        self.written: list[Signs | None] = []
        self.used, self.names = {raw["lhs"], raw["rhs"]}, set[str]()
        self.hints: Iterator[Any] = iter(())
        need(len(raw["nodes"]) <= MOST_NODES, "too many nodes")
        for index, node in enumerate(raw["nodes"]):
            self.hints = iter(raw["hints"].get(str(index), []))
            try:
                self.values.append(self._node(*node))
            except Refused as reason:
                raise Refused(f"node {index} ({node[0]}): {reason}") from None
            self.written.append(self._as_written(*node))
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
        if op in ("pi", "I"):
            return self.pi if op == "pi" else self.i
        if op == "power":
            base, q = self.at(rest[0]), rational(rest[1])
            return (base if q.denominator == 1 else self.root(base, q.denominator)) ** q.numerator
        if op == "diagonal":
            entries = {self.at(a).letter("diagonal", "square diagonal"): self.at(b) for a, b in rest[1]}
            return self.at(rest[0]).diagonal(entries, self.algebra.number(0))
        values = [self.at(i) for i in rest]
        if op in ("add", "mul"):
            return reduce(operator.add if op == "add" else operator.mul, self._alike(values))
        if op in ("transpose", "trace", "average", "gradient"):
            return getattr(Sum, op)(*map(self._lifted, values))
        if op in ("identity", "zero"):
            return Sum([(((), ()), self.algebra.number(1))] if op == "identity" else [], (values[0], values[-1]))
        if op in ("besseli", "besselk"):
            return self._bessel(op, *values, **next(self.hints))
        need(op in FUNCTIONS, "this checker does not know the operation")
        return self._function(op, *values)

    def _lifted(self, a: Any) -> Sum:
        return a if isinstance(a, Sum) else Sum([(((), ()), a)])

    def _alike(self, values: list[Any]) -> list[Any]:
        return [self._lifted(a) for a in values] if any(isinstance(a, Sum) for a in values) else values

    def _symbol(self, signs: list[int] | None, index: int) -> Value:
        known = None if signs is None else frozenset(whole(s, -1, 1) for s in signs)
        need(known is None or known, "no value is allowed for the symbol")
        return self.algebra.declare(index, "symbol", known)

    def _letter(self, name: str, kind: str, rows: Any, columns: Any) -> Sum:
        shape = (self.at(rows), self.at(columns))
        need(kind in ("plain", "symmetric", "orthogonal", "diagonal"), f"a letter of kind {kind!r}")
        need(kind in ("plain", "diagonal") or shape[0].same(shape[1]), f"the letter {name} must be square")
        kind = "square diagonal" if kind == "diagonal" and shape[0].same(shape[1]) else kind
        return Sum([(((), ((name, kind, False),)), self.algebra.number(1))], shape)

    def _function(self, op: str, *arguments: Value) -> Value:
        hints = list(self.hints)
        if op == "atanh" and len(hints) == 1:
            return self._any_atanh(arguments[0], hints[0])
        for part in OFF_CUTS[op](arguments[0]) if op in OFF_CUTS else ():
            need(self.algebra.nonnegative(part), f"{op} might be on a branch cut")
        self.hints = iter(hints)
        return FUNCTIONS[op](self, *arguments)

    @property
    def pi(self) -> Value:
        index = next(self.hints)
        self.algebra.generator(index, "pi")
        return self.algebra.variable(index)

    @property
    def i(self) -> Value:
        index = next(self.hints)
        g = self.algebra.generator(index, "root")
        need(g.root == 2 and g.of.same(-1), "i is the square root of -1")
        return self.algebra.variable(index)

    def sqrt(self, base: Value) -> Value:
        return self.root(base, 2)

    def root(self, base: Value, q: int) -> Value:
        """base^(1/q) = p·r because (p·r)^q = base, p >= 0 and r is a principal root."""
        hint = next(self.hints)
        value = self.algebra.read(hint["factor"])
        need(self.algebra.nonnegative(value), "the factor of a root is not known to be >= 0")
        if hint["root"] is not None:
            need(self.algebra.generator(hint["root"], "root").root == q, f"not a root of degree {q}")
            value *= self.algebra.variable(hint["root"])
        need((value**q).same(base), "the stated root does not give its base back")
        return value

    def exp(self, exponent: Value) -> Value:
        return self._exponential(exponent, next(self.hints))

    def _exponential(self, exponent: Value, hint: dict[str, Any]) -> Value:
        """exp(sum of k·a and of q·log(b)) = product of exp(a)^k and of b^q."""
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
        return value

    def _power_of_argument(self, index: int, q: Fraction, stated: Any) -> Value:
        """exp(q·v) for v = log(b) or 2v = log((1 + y)/(1 - y)) on any branch."""
        a, g, p = self.algebra, self.algebra.generator(index, "log", "atanh"), self.algebra.read(stated)
        q = q if g.kind == "log" else q / 2
        broken = q.denominator > 1
        need(not broken or (g.signs is not None and a.nonnegative(p)), "a broken power of what is not positive")
        of = g.of if q >= 0 else Value(a, g.of.den, g.of.num)
        need((p**q.denominator).same(of ** abs(q.numerator)), "a stated power of an argument is wrong")
        return p

    def log(self, argument: Value) -> Value:
        """log(p·b) = v + log(b) for p = exp(v) and v real; b = 1 where no logarithm is left over."""
        a, hint = self.algebra, next(self.hints)
        a.is_nonzero(argument)
        v = a.read(hint["value"])
        need(a.signs(v) is not None, "the stated logarithm is not known to be real")
        p = self._exponential(v, hint)
        if hint["rest"] is not None:
            p *= a.generator(hint["rest"], "log").of
            v += a.variable(hint["rest"])
        need(p.same(argument), "the stated logarithm does not give its argument back")
        return v

    def _any_atanh(self, x: Value, index: int) -> Value:
        """atanh(x) that stays as it is, wherever x lies."""
        self.algebra.is_nonzero(1 - x)
        self.algebra.is_nonzero(x + 1)
        need((self.algebra.generator(index, "atanh").of * (1 - x)).same(x + 1), "atanh of something else")
        return self.algebra.variable(index)

    def _bessel(self, op: str, order: Value, argument: Value, pair: int, steps: int) -> Value:
        """Any order from the pair, a whole number of steps away: f_{μ+1} = f_{μ-1} ± (2μ/z) f_μ."""
        whole(pair, 0, len(self.raw["pairs"]) - 1)
        if pair not in self.pairs:
            self.pairs[pair] = self._pair(**self.raw["pairs"][pair])
        lowest, z, found = self.pairs[pair]
        reached = lowest + whole(steps, -FARTHEST, FARTHEST)
        mirrored = op == "besselk" and reached.same(order * -1)  # K_{-μ} = K_μ
        need(argument.same(z) and (mirrored or reached.same(order)), "another order or argument than the pair's")
        low, high = found[op]
        slope = (-2 if op == "besseli" else 2) / z
        for step in range(steps):
            low, high = high, low + (lowest + (1 + step)) * slope * high
        for step in range(-steps):
            low, high = high - (lowest - step) * slope * low, low
        return low

    def _pair(self, argument: Any, order: Any = None, generators: Any = (), elementary: Any = None) -> Any:
        """Order, argument and the values at this order and the next of I and K."""
        a, z = self.algebra, self.algebra.read(argument)
        positive = a.signs(z) == POSITIVE
        if elementary is None:
            mu = a.read(order)
            known = POSITIVE if positive and a.signs(mu + 1) == POSITIVE else None
            here, above, fading = (a.declare(i, "bessel", known) for i in generators)
            return mu, z, {"besseli": [here, above], "besselk": [fading, (1 / z - above * fading) / here]}
        # Orders -1/2 and 1/2 (DLMF 10.39.1, 10.39.2): sqrt(2/(πz)) cosh z, … sinh z and sqrt(π/(2z)) exp(-z).
        need(positive, "an elementary Bessel function of what is not positive")
        self.hints = iter(elementary)
        pi, w = self.pi, self.exp(z)
        growing, fading = self.sqrt(2 / (pi * z)), self.sqrt(pi / (z * 2)) / w
        pair = [growing * (w + 1 / w) / 2, growing * (w - 1 / w) / 2]
        return a.number(Fraction(-1, 2)), z, {"besseli": pair, "besselk": [fading, fading]}

    # --- statements -----------------------------------------------------------------------------------------

    def _as_written(self, op: str, *rest: Any) -> Signs | None:
        """The signs of a node read off as it is written: a sum of squares stays one."""
        if op == "number":
            return frozenset({(rational(rest[0]) > 0) - (rational(rest[0]) < 0)})
        if op == "symbol":
            return None if rest[1] is None else frozenset(rest[1])
        if op not in ("add", "mul", "power", "exp"):
            return None
        parts = [self.written[i] for i in (rest[:1] if op == "power" else rest)]
        if None in parts:
            return None
        if op != "power":
            return POSITIVE if op == "exp" else reduce(plus if op == "add" else times, parts)
        q = rational(rest[1])
        base = parts[0] if q > 0 else parts[0] - ZERO
        return power_signs(base, abs(q.numerator)) if q.denominator == 1 else base if base <= NONNEGATIVE else None

    def equation(self) -> None:
        raw, a, left, right = self.raw, self.algebra, self.at(self.raw["lhs"]), self.at(self.raw["rhs"])
        if isinstance(left, Sum) or isinstance(right, Sum):
            left, right = self._alike([left, right])
            need(not (left + right * self._lifted(a.number(-1))).terms, "the words of the two sides differ")
            return
        need(left.same(right), "the numerator of the difference does not reduce to zero by the relations")
        if raw["quotients"] is None:  # left out where it would be long
            return
        multiplier = a.polynomial(raw["multiplier"])
        total = sum((a.polynomial(q) * a.relation(whole(i, 0, a.count - 1)) for i, q in raw["quotients"]), a.zero)
        need(a.never_zero(multiplier), "the multiplier might vanish")
        need(multiplier * a.polynomial(raw["numerator"]) == total, "the quotients do not give the numerator")

    def inequality(self) -> None:
        raw, wanted = self.raw, NONNEGATIVE if self.raw["relation"] == ">=" else POSITIVE
        need(raw["relation"] in (">=", ">"), "an unknown relation")
        left, right = self.written[raw["lhs"]], self.written[raw["rhs"]]
        written = None if left is None or right is None else plus(left, times(NEGATIVE, right))
        found = (written, self.algebra.signs(self.at(raw["lhs"]) - self.at(raw["rhs"])))
        need(any(s is not None and s <= wanted for s in found), "the signs do not show the inequality")


def recheck(certificate: Any) -> None:
    """Raise Refused unless the certificate proves its statement."""
    try:
        need(certificate["format"] == FORMAT, f"the format is not {FORMAT!r}")
        need("unchecked" not in certificate, f"cannot be rechecked: {certificate.get('unchecked')}")
        reader = Reader(certificate)
        reader.equation() if certificate["relation"] == "=" else reader.inequality()
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, RecursionError,
            AssertionError, StopIteration) as fault:  # fmt: skip
        raise Refused(f"not a certificate: {type(fault).__name__}: {str(fault)[:80]}") from None


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

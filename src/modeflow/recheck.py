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
import sys
from collections.abc import Iterable, Iterator
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

    def _other(self, other: Value | Fraction | int) -> Value:
        other = other if isinstance(other, Value) else self.algebra.number(other)
        size = (len(self.num) + len(self.den)) * (len(other.num) + len(other.den))
        need(size < MOST_PRODUCTS, "a product with too many terms")
        return other

    def __add__(self, other: Value | Fraction | int) -> Value:
        b = self._other(other)
        return Value(self.algebra, self.num * b.den + b.num * self.den, self.den * b.den)

    def __mul__(self, other: Value | Fraction | int) -> Value:
        b = self._other(other)
        return Value(self.algebra, self.num * b.num, self.den * b.den)

    def __sub__(self, other: Value | Fraction | int) -> Value:
        return self + self._other(other) * -1

    def __pow__(self, n: int) -> Value:
        whole(n, -LARGEST_POWER, LARGEST_POWER)
        terms = max(len(self.num), len(self.den))
        need(abs(n) < 3 or comb(abs(n) + terms - 1, abs(n)) < MOST_TERMS, "a power with too many terms")
        if n >= 0:
            return Value(self.algebra, self.num**n, self.den**n)
        self.algebra.is_nonzero(self)
        return Value(self.algebra, self.den**-n, self.num**-n)

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, Value | Fraction | int)
        b = self._other(other)
        return self.algebra.is_zero(self.num * b.den - b.num * self.den)

    __hash__ = None  # type: ignore[assignment]


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
            need(self.nonnegative(value) and value**q == of, "the stated value is not the principal root")
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


# --- words in matrix letters ----------------------------------------------------------------------------------

_WITH_LETTERS = ("letter", "identity", "zero", "transpose", "trace", "average", "gradient", "diagonal")
Word = tuple[tuple[str, bool], ...]  # letters, each with whether it is transposed
Key = tuple[tuple[Word, ...], Word]  # traces that multiply a word
Shape = tuple[Value, Value]


class Sum(NamedTuple):
    """A sum of coefficient · traces · word; a scalar has no shape."""

    terms: dict[Key, Value]
    shape: Shape | None = None


def holds(key: Key, letter: str) -> bool:
    return any(name == letter for word in (*key[0], key[1]) for name, _ in word)


class Words:
    """Normal forms by V Vᵀ = Vᵀ V = I, Aᵀ = A and cyclic traces."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra
        self.kinds: dict[str, str] = {}
        self.symmetric: set[str] = set()

    def node(self, op: str, rest: list[Any], at: Any) -> Any:
        if op == "letter":
            return self._letter(rest[0], rest[1], (at(rest[2]), at(rest[3])))
        if op == "identity":
            return self.word((), (at(rest[0]), at(rest[0])))
        if op == "zero":
            return Sum({}, (at(rest[0]), at(rest[1])))
        if op == "diagonal":
            return self._diagonal(at(rest[0]), {self._name(at(a)): at(b) for a, b in rest[1]})
        values = [self.lift(at(i)) for i in rest]
        if op == "transpose":
            need(values[0].shape, "the transpose of a scalar")
            return Sum({(t, self.flip(w)): c for (t, w), c in values[0].terms.items()}, values[0].shape[::-1])
        if op == "trace":
            return self.trace(values[0])
        if op == "average":
            return self._average(values[0], values[1], values[2])
        if op == "gradient":
            return self._gradient(values[0], self._name(values[1]), values[1].shape)
        return reduce(self.add if op == "add" else self.multiply, values)

    def word(self, word: Word, shape: Shape) -> Sum:
        return Sum({((), word): self.algebra.number(1)}, shape)

    def _letter(self, name: str, kind: str, shape: Shape) -> Sum:
        need(kind in ("plain", "symmetric", "orthogonal", "diagonal"), f"a letter of kind {kind!r}")
        need(name not in self.kinds, f"the letter {name} comes twice")
        square = shape[0] == shape[1]
        need(square or kind in ("plain", "diagonal"), f"the letter {name} must be square")
        self.kinds[name] = kind
        self.symmetric |= {name} if square and kind in ("symmetric", "diagonal") else set()
        return self.word(((name, False),), shape)

    def _name(self, a: Any) -> str:
        need(isinstance(a, Sum) and len(a.terms) == 1, "not a letter")
        (((traces, word), coefficient),) = a.terms.items()
        need(not traces and len(word) == 1 and not word[0][1] and coefficient == 1, "not a letter")
        return word[0][0]

    def lift(self, a: Any) -> Sum:
        return a if isinstance(a, Sum) else Sum({((), ()): a})

    def add(self, a: Sum, b: Sum) -> Sum:
        need(a.shape == b.shape, "a sum of different shapes")
        return self.collect([*a.terms.items(), *b.terms.items()], a.shape)

    def multiply(self, a: Sum, b: Sum) -> Sum:
        need(not (a.shape and b.shape) or a.shape[1] == b.shape[0], "a product of unfit shapes")
        shape = (a.shape[0], b.shape[1]) if a.shape and b.shape else a.shape or b.shape
        need(len(a.terms) * len(b.terms) < MOST_NODES, "a product with too many words")
        pairs = product(a.terms.items(), b.terms.items())
        return self.collect([((s + t, v + w), c * d) for ((s, v), c), ((t, w), d) in pairs], shape)

    def collect(self, terms: Iterable[tuple[Key, Value]], shape: Shape | None) -> Sum:
        found: dict[Key, Value] = {}
        for (traces, word), c in terms:
            key = (tuple(sorted(traces)), self.reduce(word))
            found[key] = found[key] + c if key in found else c
        return Sum({k: c for k, c in found.items() if c != 0}, shape)

    def reduce(self, word: Word) -> Word:
        stack: list[tuple[str, bool]] = []
        for name, transposed in word:
            if stack and self.kinds[name] == "orthogonal" and stack[-1] == (name, not transposed):
                stack.pop()
            else:
                stack.append((name, transposed))
        return tuple(stack)

    def flip(self, word: Word) -> Word:
        return tuple((name, t if name in self.symmetric else not t) for name, t in reversed(word))

    def trace(self, a: Sum) -> Sum:
        need(a.shape and a.shape[0] == a.shape[1], "the trace of what is not square")
        parts = ((traces, self.cycle(word), c) for (traces, word), c in a.terms.items())
        return self.collect([((((*t, w), ()), c) if w else ((t, ()), a.shape[0] * c)) for t, w, c in parts], None)

    def cycle(self, word: Word) -> Word:
        word = self.reduce(word)
        while len(word) > 1 and not self.reduce((word[-1], word[0])):
            word = word[1:-1]
        return min((w[i:] + w[:i] for w in (word, self.flip(word)) for i in range(len(w))), default=())

    def _gradient(self, a: Sum, letter: str, shape: Shape | None) -> Sum:
        """∂tr(A·P)/∂A = Pᵀ and ∂tr(Aᵀ·P)/∂A = P for each place of the letter A."""
        need(self.kinds[letter] == "plain" and a.shape is None, "the gradient of a scalar in a free letter")
        terms = []
        for (traces, _), c in a.terms.items():
            for n, word in enumerate(traces):
                for i, (name, transposed) in enumerate(word):
                    around = word[i + 1 :] + word[:i]
                    if name == letter:
                        terms.append(((traces[:n] + traces[n + 1 :], around if transposed else self.flip(around)), c))
        return self.collect(terms, shape)

    def _average(self, a: Sum, noise: Sum, covariance: Sum) -> Sum:
        """f(0) + ½ sum of C_ik·∂(∂f/∂η_ij)/∂η_kj: columns of the noise η are independent, of mean 0 and covariance C."""
        name = self._name(noise)
        need(not any(holds(key, name) for key in covariance.terms), "a covariance of itself")
        total = Sum({key: c for key, c in a.terms.items() if not holds(key, name)})
        for (traces, word), c in self._gradient(a, name, noise.shape).terms.items():
            places = [i for i, (letter, _) in enumerate(word) if letter == name]
            need(len(places) < 2 and not holds((traces, ()), name), "moments beyond the covariance")
            for i in places:
                p, q, moment = word[:i], word[i + 1 :], Sum({(traces, ()): c * Fraction(1, 2)})
                if word[i][1]:  # P ηᵀ Q gives tr(C P Qᵀ)
                    p += self.flip(q)
                else:  # P η Q gives tr(C P)·tr(Q)
                    moment = self.multiply(moment, self.trace(self.word(q, (noise.shape[1],) * 2)))
                around = self.trace(self.multiply(covariance, self.word(p, (noise.shape[0],) * 2)))
                total = self.add(total, self.multiply(moment, around))
        return total

    def _diagonal(self, a: Sum, entries: dict[str, Value]) -> Value:
        total = self.algebra.number(0)
        for (traces, word), c in a.terms.items():
            need(not traces, "a trace inside a diagonal entry")
            for name, _ in word:
                need(self.kinds[name] == "diagonal" and name in entries, f"{name} is not diagonal, or has no entry")
                c = c * entries[name]
            total = total + c
        return total


# --- the nodes of a statement --------------------------------------------------------------------------------


def _put(template: Any, x: Any) -> Any:
    """The template with x in the place of its argument."""
    return x if template == "x" else (template[0], *(_put(t, x) for t in template[1:])) if isinstance(template, tuple) \
        else template


def _of_exp(sign: int, twice: int) -> Any:
    """exp(x) ± exp(-x), or exp(2x) ± 1."""
    if twice:
        return ("add", ("exp", ("mul", 2, "x")), sign)
    return ("add", ("exp", "x"), ("mul", sign, ("exp", ("mul", -1, "x"))))


def _functions() -> dict[str, tuple[tuple[Any, ...], Any]]:
    """name → (what must be >= 0 to stay off the branch cuts, the function of x by exp, log and roots)."""
    half, ix, off = Fraction(1, 2), ("mul", "i", "x"), (("add", 1, "x"), ("add", 1, ("mul", -1, "x")))
    square = ("power", "x", 2)
    found: dict[str, Any] = {
        "sinh": ("mul", half, _of_exp(-1, 0)), "cosh": ("mul", half, _of_exp(1, 0)),
        "tanh": ("mul", _of_exp(-1, 1), ("power", _of_exp(1, 1), -1)),
        "expm1": ("add", ("exp", "x"), -1), "log1p": ("log", ("add", 1, "x")),
        "hypot": ("sqrt", ("add", square, ("power", "y", 2))),
    }  # fmt: skip
    for name in ("sin", "cos", "tan"):
        turned = _put(found[name + "h"], ix)
        found[name] = turned if name == "cos" else ("mul", -1, "i", turned)
    reciprocal = {"sech": "cosh", "csch": "sinh", "coth": "tanh", "sec": "cos", "csc": "sin", "cot": "tan"}
    found |= {name: ("power", found[of], -1) for name, of in reciprocal.items()}
    rules = {name: ((), template) for name, template in found.items()}
    asin = ("mul", -1, "i", ("log", ("add", ix, ("sqrt", ("add", 1, ("mul", -1, square))))))
    logs = (("log", ("add", 1, "x")), ("mul", -1, ("log", ("add", 1, ("mul", -1, "x")))))
    atanh = ("mul", half, ("add", *logs))
    rules |= {
        "asin": (off, asin), "acos": (off, ("add", ("mul", half, "pi"), ("mul", -1, asin))),
        "atanh": (off, atanh), "atan": ((square,), ("mul", -1, "i", _put(atanh, ix))),
        "asinh": ((square,), ("log", ("add", "x", ("sqrt", ("add", square, 1))))),
        "acosh": ((("add", "x", -1),), ("log", ("add", "x", ("sqrt", ("add", square, -1))))),
    }  # fmt: skip
    for name in ("sinh", "cosh", "tanh", "sin", "cos", "tan"):
        reciprocal_of = {"sinh": "csch", "cosh": "sech", "tanh": "coth", "sin": "csc", "cos": "sec", "tan": "cot"}[name]
        conditions, template = rules[f"a{name}"]
        inverse = ("power", "x", -1)
        rules[f"a{reciprocal_of}"] = (tuple(_put(c, inverse) for c in conditions), _put(template, inverse))
    return rules


FUNCTIONS = _functions()


class Reader:
    """Computes every node of one certificate."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw, self.algebra = raw, Algebra(raw["generators"])
        self.words = Words(self.algebra)
        self.pairs: dict[int, tuple[Value, Value, dict[str, list[Value]]]] = {}
        self.values: list[Any] = []
        self.written: list[Signs | None] = []
        self.used = {raw["lhs"], raw["rhs"]}
        self.symbols: set[str] = set()
        need(len(raw["nodes"]) <= MOST_NODES, "too many nodes")
        for index, node in enumerate(raw["nodes"]):
            try:
                self.values.append(self._node(node[0], node[1:], raw["hints"].get(str(index), {})))
            except Refused as reason:
                raise Refused(f"node {index} ({node[0]}): {reason}") from None
            self.written.append(self._as_written(*node))
            if isinstance(self.values[-1], Value):
                self.algebra.nonzero.append(self.values[-1].den)  # made of denominators that do not vanish
        left = set(range(len(self.values))) - self.used
        need(all(raw["nodes"][i][0] in ("symbol", "pi", "I", "number") for i in left), "a node that says nothing")

    def at(self, index: Any) -> Any:
        self.used.add(whole(index, 0, len(self.values) - 1))
        return self.values[index]

    def _node(self, op: str, rest: list[Any], hint: dict[str, Any]) -> Any:
        a = self.algebra
        if op == "number":
            return a.number(rational(rest[0]))
        if op == "symbol":
            return self._symbol(*rest)
        if op in ("pi", "I"):
            return self.constant(op, rest[0])
        if op == "power":
            return self._power(self.at(rest[0]), rational(rest[1]), hint)
        if op in _WITH_LETTERS or (op in ("add", "mul") and any(isinstance(self.at(i), Sum) for i in rest)):
            return self.words.node(op, rest, self.at)
        values = [self.at(i) for i in rest]
        if op in ("besseli", "besselk"):
            return self._bessel(op, values[0], values[1], hint)
        if op == "atanh" and "generator" in hint:
            return self._any_atanh(values[0], hint["generator"])
        return self._function(op, values, hint) if op in FUNCTIONS else self.apply(op, values, hint)

    def _symbol(self, name: str, signs: list[int] | None, index: int) -> Value:
        need(name not in self.symbols, f"the symbol {name} comes twice")
        self.symbols.add(name)
        known = None if signs is None else frozenset(whole(s, -1, 1) for s in signs)
        need(known is None or known, f"no value is allowed for {name}")
        return self.algebra.declare(index, "symbol", known)

    def constant(self, name: str, index: Any) -> Value:
        g = self.algebra.generator(index, "pi" if name == "pi" else "root")
        need(name == "pi" or (g.root == 2 and g.of == -1), "i is the square root of -1")
        return self.algebra.variable(index)

    def _power(self, base: Any, exponent: Fraction, hint: dict[str, Any]) -> Any:
        if isinstance(base, Sum):
            need(exponent.denominator == 1, "a root of a matrix")
            return reduce(self.words.multiply, [base] * whole(exponent.numerator, 1, 16))
        return (base if exponent.denominator == 1 else self.root(base, exponent.denominator, hint)) ** exponent.numerator

    def apply(self, op: str, values: list[Value], hint: dict[str, Any]) -> Value:
        if op in ("add", "mul"):
            return reduce(Value.__add__ if op == "add" else Value.__mul__, values)
        if op == "sqrt":
            return self.root(values[0], 2, hint)
        need(op in ("exp", "log"), "this checker does not know the operation")
        return self.exponential(values[0], hint) if op == "exp" else self._logarithm(values[0], hint)

    def _function(self, op: str, values: list[Value], hint: dict[str, Any]) -> Value:
        """One of FUNCTIONS, with the hints for its exponentials, logarithms and roots in their order."""
        given: dict[str, Value] = dict(zip("xy", values, strict=False))
        given |= {name.lower(): self.constant(name, hint[name]) for name in ("I", "pi") if name in hint}
        conditions, template = FUNCTIONS[op]
        for condition in conditions:
            need(self.algebra.nonnegative(self._defined(condition, given, iter(()))), f"{op} might be on a branch cut")
        return self._defined(template, given, iter(hint["steps"]))

    def _defined(self, template: Any, given: dict[str, Value], hints: Iterator[Any]) -> Value:
        if not isinstance(template, tuple):
            return given[template] if isinstance(template, str) else self.algebra.number(template)
        op, *parts = template
        if op == "power":
            return self._defined(parts[0], given, hints) ** parts[1]
        values = [self._defined(part, given, hints) for part in parts]
        return self.apply(op, values, {} if op in ("add", "mul") else next(hints))

    def root(self, base: Value, q: int, hint: dict[str, Any]) -> Value:
        """base^(1/q) = p·r because (p·r)^q = base, p >= 0 and r is a principal root."""
        value = self.algebra.read(hint["factor"])
        need(self.algebra.nonnegative(value), "the factor of a root is not known to be >= 0")
        if hint["root"] is not None:
            need(self.algebra.generator(hint["root"], "root").root == q, f"not a root of degree {q}")
            value = value * self.algebra.variable(hint["root"])
        need(value**q == base, "the stated root does not give its base back")
        return value

    def exponential(self, exponent: Value, hint: dict[str, Any]) -> Value:
        """exp(sum of k·a and of q·log(b)) = product of exp(a)^k and of b^q."""
        a = self.algebra
        total, value = a.number(0), a.number(1)
        for index, k in hint["exp"]:
            total = total + a.generator(index, "exp").of * whole(k, -LARGEST_POWER, LARGEST_POWER)
            n = a.variables[index] ** abs(k)
            value = value * (Value(a, n, a.one) if k >= 0 else Value(a, a.one, n))
        for index, q, stated in hint["log"]:
            total = total + a.variable(index) * rational(q)
            value = value * self._power_of_argument(index, rational(q), stated)
        need(total == exponent, "the exponents do not add up")
        return value

    def _power_of_argument(self, index: int, q: Fraction, stated: Any) -> Value:
        """exp(q·v) for v = log(b) or 2v = log((1 + y)/(1 - y)) on any branch."""
        a, g = self.algebra, self.algebra.generator(index, "log", "atanh")
        q = q if g.kind == "log" else q / 2
        p = a.read(stated)
        if q.denominator > 1:
            need(g.signs is not None, "a broken power of what is not positive")
            need(a.nonnegative(p), "the broken power of a logarithm's argument is not >= 0")
        of = g.of if q >= 0 else Value(a, g.of.den, g.of.num)
        need(p**q.denominator == of ** abs(q.numerator), "a stated power of an argument is wrong")
        return p

    def _logarithm(self, argument: Value, hint: dict[str, Any]) -> Value:
        """log(p·b) = v + log(b) for p = exp(v) and v real; b = 1 where no logarithm is left over."""
        a = self.algebra
        a.is_nonzero(argument)
        v = a.read(hint["value"])
        need(a.signs(v) is not None, "the stated logarithm is not known to be real")
        p = self.exponential(v, hint)
        if hint["rest"] is not None:
            p = p * a.generator(hint["rest"], "log").of
            v = v + a.variable(hint["rest"])
        need(p == argument, "the stated logarithm does not give its argument back")
        return v

    def _any_atanh(self, x: Value, index: int) -> Value:
        """atanh(x) that stays as it is, wherever x lies."""
        a = self.algebra
        a.is_nonzero(x + 1)
        a.is_nonzero(x - 1)
        need(a.generator(index, "atanh").of * (a.number(1) - x) == x + 1, "atanh of something else")
        return a.variable(index)

    # --- Bessel functions -----------------------------------------------------------------------------------

    def _bessel(self, op: str, order: Value, argument: Value, hint: dict[str, Any]) -> Value:
        """Any order from the pair, a whole number of steps away."""
        index = whole(hint["pair"], 0, len(self.raw["pairs"]) - 1)
        if index not in self.pairs:
            self.pairs[index] = self._pair(self.raw["pairs"][index])
        lowest, z, found = self.pairs[index]
        steps = whole(hint["steps"], -FARTHEST, FARTHEST)
        mirrored = op == "besselk" and order * -1 == lowest + steps  # K_{-μ} = K_μ
        need(argument == z and (mirrored or order == lowest + steps), "another order or argument than the pair's")
        low, high = found[op]
        sign = -2 if op == "besseli" else 2
        for step in range(abs(steps)):  # f_{μ+1} = f_{μ-1} ± (2μ/z) f_μ, upwards or downwards
            if steps > 0:
                low, high = high, low + (lowest + (1 + step)) * high * sign * z**-1
            else:
                low, high = high - (lowest - step) * low * sign * z**-1, low
        return low

    def _pair(self, raw: dict[str, Any]) -> tuple[Value, Value, dict[str, list[Value]]]:
        a = self.algebra
        z = a.read(raw["argument"])
        positive = a.signs(z) == POSITIVE
        if "elementary" in raw:
            need(positive, "an elementary Bessel function of what is not positive")
            return self._elementary_pair(z, raw["elementary"])
        order = a.read(raw["order"])
        known = POSITIVE if positive and a.signs(order + 1) == POSITIVE else None
        here, above, fading = (a.declare(i, "bessel", known) for i in raw["generators"])
        return order, z, {"besseli": [here, above], "besselk": [fading, (z**-1 - above * fading) * here**-1]}

    def _elementary_pair(self, z: Value, hint: dict[str, Any]) -> tuple[Value, Value, dict[str, list[Value]]]:
        """Orders -1/2 and 1/2 (DLMF 10.39.1, 10.39.2): sqrt(2/(πz)) cosh z, … sinh z and sqrt(π/(2z)) exp(-z)."""
        pi, w = self.constant("pi", hint["pi"]), self.exponential(z, hint)
        growing = self.root((pi * z) ** -1 * 2, 2, hint["growing"]) * Fraction(1, 2)
        fading = self.root(pi * (z * 2) ** -1, 2, hint["fading"]) * w**-1
        pair = [growing * (w + w**-1), growing * (w - w**-1)]
        return self.algebra.number(Fraction(-1, 2)), z, {"besseli": pair, "besselk": [fading, fading]}

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
            left, right = map(self.words.lift, (left, right))
            minus = self.words.multiply(self.words.lift(a.number(-1)), right)
            need(not self.words.add(left, minus).terms, "the words of the two sides differ")
            return
        need(left == right, "the numerator of the difference does not reduce to zero by the relations")
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

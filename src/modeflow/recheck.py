"""A second look at certificates of proof, by code that shares nothing with the prover.

    python -P -m modeflow.recheck DIR [--manifest FILE]    exit 0: all hold; 1: at least one does not; 2: wrong usage

A certificate holds a statement, as numbered nodes, and steps. Nodes are computed again from the leaves, as fractions of
polynomials over the rationals in variables: 0 is i, 1 is π, each symbol brings its own, and steps bring those of exp,
log, roots and Bessel functions. A step is taken when a node asks for what it shows, and checks what it says. What is
divided by, or has a logarithm, must be known not to vanish: by signs, by steps, or because a node is provided to be
!= 0 or > 0, which is printed. At the end the difference of the sides reduces to zero by the relations of the roots, or
has the right signs. At the point of the certificate, every number in the statement has a finite value, by balls of Arb,
the sides agree, and what is provided holds. The statement is written out from the nodes alone, and by the names of
nodes, each of which is one tree in all files; the manifest, in the folder or better from elsewhere, says which files,
claims and statements there must be. Not rechecked: what the chapter says, what is for readers, and the axioms,
identities of functions. Nothing is claimed where an I_ν vanishes beside which a K_{ν+1} stands.
"""

from __future__ import annotations

import argparse
import errno
import json
import operator
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import reduce
from hashlib import sha256
from itertools import product
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from flint import Ordering, acb, ctx, fmpq, fmpq_mpoly_ctx

FORMAT, MANIFEST, MANIFEST_FORMAT = "modeflow certificate 5", "manifest.json", "modeflow manifest 3"
LARGEST_FILE, MOST_NODES, MOST_VARIABLES, SECONDS, BYTES = 64_000_000, 200_000, 160, 60, 2 << 30
LARGEST_POWER, LONGEST_NUMBER, LONGEST_POWER = 2000, 4000, 1_000_000  # an exponent; characters; bits of a power
PRECISIONS, SHORTEST, LONGEST_TEXT = (64, 256, 1024), 30, 300  # bits; characters that are abbreviated
HALF = Fraction(1, 2)

Poly = Any  # flint.fmpq_mpoly
Signs = frozenset[int]  # the signs that a number can have, with 2 where it need not be real
ZERO, POSITIVE, NONNEGATIVE, NEGATIVE, NONPOSITIVE = map(frozenset, ({0}, {1}, {0, 1}, {-1}, {-1, 0}))
ANY, COMPLEX = frozenset({-1, 0, 1}), frozenset({-1, 0, 1, 2})
RELATIONS: dict[str, Signs] = {  # the signs that the difference of the sides must have
    "=": ZERO, "!=": COMPLEX - ZERO, ">=": NONNEGATIVE, ">": POSITIVE, "<=": NONPOSITIVE, "<": NEGATIVE,
}  # fmt: skip
PROVIDED = {relation: RELATIONS[relation] for relation in ("!=", ">")}  # of a node and 0


class Refused(Exception):
    """The certificate does not show what it says; the message says where."""


def need(condition: Any, message: str) -> None:
    if not condition:
        raise Refused(message)


def rational(text: Any) -> Fraction:
    need(isinstance(text, str) and len(text) <= LONGEST_NUMBER and "e" not in text.lower(), "not a short number")
    return Fraction(text)


def whole(value: Any, low: int, high: int) -> int:
    need(type(value) is int and low <= value <= high, f"{value!r} is not a whole number from {low} to {high}")
    return int(value)


def shown(text: Any) -> str:
    """Text from outside, as printable ASCII on one line."""
    return "".join(c if " " <= c <= "~" else c.encode("unicode_escape").decode() for c in str(text))


def reason(fault: Exception, prefix: str = "") -> str:
    """What went wrong, in one short line; that of Python itself with its name."""
    kind = "" if isinstance(fault, Refused) else f"{prefix}{type(fault).__name__}: "
    return shown(f"{kind}{str(fault)[:150]}")[:200]


def sign(n: Any) -> Signs:
    return frozenset({int(n > 0) - int(n < 0)})


def stated_signs(raw: Any) -> Signs:
    """The signs of a symbol as its node says; null for one that need not be real."""
    return COMPLEX if raw is None else frozenset(whole(s, -1, 1) for s in raw)


def times(a: Signs, b: Signs) -> Signs:
    return frozenset(2 if x * y and 2 in (x, y) else x * y for x, y in product(a, b))


def plus(a: Signs, b: Signs) -> Signs:
    found = set[int]()
    for x, y in product(a, b):
        found |= {x or y} if not x * y or x == y != 2 else COMPLEX if 2 in (x, y) else ANY
    return frozenset(found)


def power(a: Signs, q: Fraction | int) -> Signs:
    """Of the principal power where it has a value."""
    if q < 0:
        return power(a - ZERO, -q)
    if q.denominator == 1 and 2 not in a:
        return frozenset(x**q.numerator for x in a)
    return a if a <= NONNEGATIVE else COMPLEX - (ZERO - a)


class Value:
    """num / den in lowest terms, and the signs it has by the way it was written: a sum of squares stays one."""

    def __init__(self, algebra: Algebra, num: Poly, den: Poly, written: Signs = COMPLEX) -> None:
        num, den = algebra.reduced(num), algebra.reduced(den)
        common = num.gcd(den)
        scale = 1 / (den // common).leading_coefficient()
        self.algebra, self.written, self.num, self.den = algebra, written, num // common * scale, den // common * scale

    def __add__(self, other: Value | Fraction | int) -> Value:
        b = self.algebra.number(other)
        common = self.den.gcd(b.den)
        rest = b.den // common
        num = self.num * rest + b.num * (self.den // common)
        return Value(self.algebra, num, self.den * rest, plus(self.written, b.written))

    def __sub__(self, other: Value | Fraction | int) -> Value:
        return self + self.algebra.number(other) * -1

    def __mul__(self, other: Value | Fraction | int) -> Value:
        b = self.algebra.number(other)
        return Value(self.algebra, self.num * b.num, self.den * b.den, times(self.written, b.written))

    def __pow__(self, n: int) -> Value:
        need(whole(n, -LARGEST_POWER, LARGEST_POWER) >= 0 or not self.signs & ZERO, "division by what might vanish")
        above, below = (self.num, self.den) if n >= 0 else (self.den, self.num)
        need(abs(n) * max(map(bits, (above, below))) <= LONGEST_POWER, "a power that is too long a number")
        return Value(self.algebra, above ** abs(n), below ** abs(n), power(self.written, abs(n)))

    def is_zero(self) -> bool:
        return bool(self.algebra.reduced(self.num, wholly=True).is_zero())

    def same(self, other: Value | Fraction | int) -> bool:
        return (self - other).is_zero()

    @property
    def signs(self) -> Signs:
        return times(self.algebra.signs(self.num), self.algebra.signs(self.den) - ZERO) & self.written


def bits(p: Poly) -> int:
    """How long a constant is."""
    if not p.is_constant() or p.is_zero():
        return 0
    c = p.leading_coefficient()
    return int(c.p).bit_length() + int(c.q).bit_length()


class Algebra:
    """Polynomials in the variables so far, of which later ones are larger (lex), and what is known of their signs."""

    def __init__(self, count: Any) -> None:
        self.ring = fmpq_mpoly_ctx.get([f"x{i}" for i in range(whole(count, 2, MOST_VARIABLES))], Ordering.lex)
        self.variables, self.one = self.ring.gens()[::-1], self.ring.constant(fmpq(1))
        self.known: list[Signs] = []  # of each variable so far
        self.relations: dict[int, tuple[int, Poly, bool]] = {}  # variable of a root → degree, monic, whether small
        self.facts: dict[str, Signs] = {}  # irreducible polynomial → signs

    def number(self, n: Value | Fraction | int) -> Value:
        if isinstance(n, Value):
            return n
        return Value(self, self.ring.constant(fmpq(n.numerator, n.denominator)), self.one, sign(n))

    def new(self, signs: Signs) -> Value:
        """The next variable."""
        need(signs - ZERO, "a variable that can only be zero")
        self.known.append(signs)
        return Value(self, self.variables[len(self.known) - 1], self.one, signs)

    def polynomial(self, raw: Any) -> Poly:
        """From [[coefficient, [[variable, exponent], …]], …]."""
        total, variables = self.one * 0, self.variables[: len(self.known)]
        for coefficient, monomial in raw:
            powers = (variables[whole(i, 0, MOST_VARIABLES)] ** whole(d, 1, LARGEST_POWER) for i, d in monomial)
            total += reduce(operator.mul, powers, self.number(rational(coefficient)).num)
        return self.reduced(total)

    def read(self, raw: Any) -> Value:
        """A stated fraction, whose denominator must be known not to vanish."""
        num, den = map(self.polynomial, raw)
        need(not self.signs(den) & ZERO, "a stated denominator might vanish")
        return Value(self, num, den, times(self.signs(num), self.signs(den)))

    def reduced(self, p: Poly, wholly: bool = False) -> Poly:
        """The remainder by the relations of the roots, or by those of roots of polynomials alone."""
        for i in reversed(self.relations):
            degree, relation, small = self.relations[i]
            if (small or wholly) and p.degrees()[-1 - i] >= degree:
                p = divmod(p, relation)[1]
        return p

    def signs(self, p: Poly) -> Signs:
        """By its terms, and by its factors, each by its terms and the facts."""
        content, factors = p.factor()
        known = (power(self._by_terms(f) & self.facts.get(str(f), COMPLEX), int(m)) for f, m in factors)
        return reduce(times, known, sign(content)) & self._by_terms(p)

    def _by_terms(self, p: Poly) -> Signs:
        total = ZERO
        for monomial, coefficient in p.to_dict().items():
            powers = (power(a, int(d)) for a, d in zip(self.known, monomial[::-1], strict=False) if d)
            total = plus(total, reduce(times, powers, sign(coefficient)))
        return total

    def learn(self, p: Poly, signs: Signs) -> None:
        """The signs of p are kept where p is irreducible, up to a number."""
        content, factors = p.factor()
        if len(factors) == 1 and factors[0][1] == 1:
            self.remember(factors[0][0], times(signs, sign(content)))

    def remember(self, irreducible: Poly, signs: Signs) -> None:
        self.facts[str(irreducible)] = self.facts.get(str(irreducible), COMPLEX) & signs
        if irreducible in self.variables:
            self.known[self.variables.index(irreducible)] &= signs

    def exclude_zero(self, p: Poly) -> None:
        """That p does not vanish is supposed."""
        for factor, _ in p.factor()[1]:
            self.remember(factor, COMPLEX - ZERO)


class Steps(Algebra):
    """What the steps of a certificate show, each taken when something asks for it."""

    def __init__(self, steps: list[Any], count: Any) -> None:
        super().__init__(count)
        self.steps = iter(steps)
        self.evaluated: list[tuple[str, tuple[Value, ...], Value]] = []  # function, arguments, value
        self.i, self.pi = self.step_root([[["-1", []]], [["1", []]]], 2), self.new(POSITIVE)

    def take_step(self) -> None:
        name, *stated = next(self.steps, ("none",))
        need(name != "none", "no step shows what is needed")
        getattr(self, f"step_{name}")(*stated)

    def find(self, name: str, *arguments: Value | int) -> Value:
        """The value of a function; steps are taken until one shows it."""
        while True:
            for other, known, value in self.evaluated:
                if name == other and all(map(Value.same, known, arguments)):
                    return value
            self.take_step()

    def exp(self, x: Value) -> Value:
        return self.find("exp", x)

    def root(self, x: Value, q: int) -> Value:
        return self.find("root", x, q)

    def within(self, x: Value, signs: Signs) -> Value:
        """x with signs among these; steps are taken until they are known to be."""
        while not x.signs <= signs:
            self.take_step()
        return x

    def step_sum(self, of: Any, by: Any, *terms: Any) -> None:
        """The signs of p by those of a sum of coefficient · powers, which is a multiple p·q."""
        p, q, total = self.polynomial(of), self.read(by), self.total(terms)
        need((Value(self, p, self.one) * q).same(total), "the sum is no multiple")
        below = q.signs if total.signs & ZERO else q.signs - ZERO
        need(not below & ZERO, "the sum might vanish")
        self.learn(p, times(total.signs, below))

    def total(self, terms: Iterable[Any]) -> Value:
        total = self.number(0)
        for coefficient, powers in terms:
            factors = [self.read(p) ** whole(k, 1, LARGEST_POWER) for p, k in powers]
            total += reduce(Value.__mul__, factors, self.number(rational(coefficient)))
        return total

    def step_conjugates(self, *raw: Any) -> None:
        """A real p is not negative if its product with a q and its sum with that q are not."""
        p, q = map(self.polynomial, raw)
        of_product, of_sum = self.signs(self.reduced(p * q)), self.signs(p + q)
        need(self.signs(p) <= ANY and of_product <= NONNEGATIVE and of_sum <= NONNEGATIVE, "p or q might be negative")
        self.learn(p, POSITIVE if of_product == POSITIVE else NONNEGATIVE)

    def step_exp(self, of: Any) -> None:
        a = self.read(of)
        real = a.signs <= ANY
        e = self.new(POSITIVE if real else COMPLEX - ZERO)
        self._show_exp(a, e)
        self.learn((e - 1).num, a.signs if real else COMPLEX)

    def step_turn(self, n: int, *parts: Any) -> None:
        """exp(iπ/n) = c + i·s, the one v with v^|n| = -1, c > 0 and s of the sign of n, where |n| <= 6."""
        c, s = map(self.read, parts)
        turned = c + s * self.i
        right = c.signs == POSITIVE and s.signs == sign(n) and (turned ** whole(abs(n), 3, 6)).same(-1)
        need(right, "not the first root of -1")
        self._show_exp(self.i * self.pi * Fraction(1, n), turned)

    def step_log(self, of: Any, branch: str) -> None:
        """The principal logarithm, or a number on an unknown branch with this exponential."""
        b = self.read(of)
        need(branch in ("log", "branch") and not b.signs & ZERO, "the logarithm of what might be zero")
        v = self.new((b - 1).signs if branch == "log" and b.signs == POSITIVE else COMPLEX)
        self._show_exp(v, b, branch)

    def _show_exp(self, a: Value, e: Value, *inverses: str) -> None:
        """exp(a) = e, and log(e) = a for real a and for real a - iπ."""
        if a.signs <= ANY:
            inverses = ("log", "branch")
        elif (a - self.i * self.pi).signs <= ANY:
            inverses = ("log",)
        self.evaluated += [("exp", (a,), e), *((f, (e,), a) for f in inverses)]

    def step_exponents(self, *terms: Any) -> None:
        """exp of a sum of q·a is the product of the exp(a)^q; for a broken q, a is real and the power stated."""
        total, value = self.number(0), self.number(1)
        for of, exponent, *stated in terms:
            a, q = self.read(of), rational(exponent)
            e = self.exp(a)
            p = self.read(*stated) if stated else e**q.numerator
            need(q.denominator == 1 or (a.signs <= ANY and p.signs <= NONNEGATIVE), "a broken power of no real number")
            need((p**q.denominator).same(e**q.numerator), "a stated power is wrong")
            total, value = total + a * q, value * p
        self._show_exp(total, value)

    def step_logarithms(self, positive: Any, other: Any) -> None:
        """log(p·b) = log(p) + log(b) for p > 0."""
        p, b = self.read(positive), self.read(other)
        need(p.signs == POSITIVE, "p might not be positive")
        self.evaluated.append(("log", (p * b,), self.find("log", p) + self.find("log", b)))

    def step_root(self, of: Any, q: int) -> Value:
        """The principal root r of a = n/d, by a variable s = r·d with s^q = n·d^(q-1)."""
        a, index = self.read(of), len(self.known)
        signs = power(a.signs, Fraction(1, whole(q, 2, LARGEST_POWER)))
        s = self.new(times(signs, self.signs(a.den)))
        relation = s.num**q - self.reduced(a.num * a.den ** (q - 1))
        self.relations[index] = q, relation, bool(a.den.is_one())
        root = Value(self, s.num, a.den, signs)
        self.evaluated.append(("root", (a, self.number(q)), root))
        return root

    def step_radical(self, factor: Any, of: Any, q: int) -> None:
        """p·r is the root of (p·r)^q for p >= 0 and a principal root r, if any."""
        p, r = self.read(factor), self.root(self.read(of), q) if of else 1
        need(p.signs <= NONNEGATIVE and whole(q, 2, LARGEST_POWER), "the factor of a root might be negative")
        self.evaluated.append(("root", ((p * r) ** q, self.number(q)), p * r))

    def step_bessel(self, order: Any, argument: Any) -> None:
        """I and K of an order and the next, where I_ν K_{ν+1} + I_{ν+1} K_ν = 1/z (DLMF 10.28.2); K is even in ν."""
        nu, z = self.read(order), self.read(argument)
        if nu.same(-HALF) and z.signs == POSITIVE:  # w·cosh z, w·sinh z, π/2·w·exp(-z), w = sqrt(2/(πz)) (DLMF 10.39)
            w, e = self.root((self.pi * z) ** -1 * 2, 2), self.exp(z)
            i, next_i, k = w * (e + e**-1) * HALF, w * (e - e**-1) * HALF, w * e**-1 * self.pi * HALF
        else:
            signs = POSITIVE if z.signs == (nu + 1).signs == POSITIVE else COMPLEX
            i, next_i, k = (self.new(signs) for _ in range(3))
        rest = z**-1 - next_i * k
        next_k = Value(self, rest.num * i.den, rest.den * i.num)  # I_ν is taken not to vanish
        self.evaluated += [("besseli", (nu, z), i), ("besseli", (nu + 1, z), next_i)]
        self.evaluated += [("besselk", (nu**2, z), k), ("besselk", ((nu + 1) ** 2, z), next_k)]

    def step_recurrence(self, kind: str, order: Any, argument: Any, d: int) -> None:
        """f_{μ+d} = f_{μ-d} ∓ d·(2μ/z)·f_μ for d = 1 or -1 (DLMF 10.29.1)."""
        mu, z, (degree, factor) = self.read(order), self.read(argument), {"besseli": (1, -2), "besselk": (2, 2)}[kind]
        before, here = (self.find(kind, (mu + n) ** degree, z) for n in (whole(-d, -1, 1), 0))
        self.evaluated.append((kind, ((mu + d) ** degree, z), before + mu * z**-1 * here * (factor * d)))


Word = tuple[tuple[str, str, bool], ...]  # matrix letters: name, kind, whether transposed


def joined(word: Word) -> Word:
    """The word without V Vᵀ and Vᵀ V of orthogonal V."""
    for i, (name, kind, turned) in enumerate(word[1:]):
        if kind == "orthogonal" and word[i] == (name, kind, not turned):
            return joined(word[:i] + word[i + 2 :])
        if kind == word[i][1] == "square diagonal" and word[i] > word[i + 1]:  # they commute
            return joined((*word[:i], word[i + 1], word[i], *word[i + 2 :]))
    return word


def flipped(word: Word) -> Word:
    own = ("symmetric", "square diagonal")
    return tuple((name, kind, turned ^ (kind not in own)) for name, kind, turned in reversed(word))


def cycle(word: Word) -> Word:
    """The least of the rotations of a word and of its transpose, after cancelling around the end."""
    while len(word) > 1 and not joined((word[-1], word[0])):
        word = word[1:-1]
    turns = (w[i:] + w[:i] for w in (word, flipped(word)) for i in range(len(w)))
    apart = (joined(w) for w in turns if not w[0][1] == w[-1][1] == "square diagonal")
    return min(apart, default=joined(word))


def places(letter: str, *words: Word) -> list[tuple[int, int]]:
    return [(n, i) for n, word in enumerate(words) for i, (name, _, _) in enumerate(word) if name == letter]


class Sum:
    """A sum of coefficient · traces · word; a scalar has no shape."""

    def __init__(self, terms: Iterable[Any], shape: Any = None) -> None:
        total: dict[tuple[tuple[Word, ...], Word], Value] = {}
        for (traces, word), c in terms:
            key = (tuple(sorted(traces)), joined(word))
            total[key] = total[key] + c if key in total else c
        self.terms, self.shape = {key: c for key, c in total.items() if not c.is_zero()}, shape

    def __add__(self, b: Sum) -> Sum:
        shapes = (self.shape, b.shape)
        need(shapes == (None, None) or all(map(Value.same, *shapes)), "a sum of unlike shapes")
        return Sum([*self.terms.items(), *b.terms.items()], self.shape)

    def __mul__(self, b: Sum) -> Sum:
        one, two, pairs = self.shape, b.shape, product(self.terms.items(), b.terms.items())
        need(not (one and two) or one[1].same(two[0]), "a product of unfit shapes")
        shape = (one[0], two[1]) if one and two else one or two
        return Sum([((s + t, v + w), c * d) for ((s, v), c), ((t, w), d) in pairs], shape)

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
        name, terms = by.letter("plain"), []
        need(self.shape is None, "the gradient of a matrix")
        for (traces, _), c in self.terms.items():
            for n, i in places(name, *traces):
                around, turned = traces[n][i + 1 :] + traces[n][:i], traces[n][i][2]
                terms.append(((traces[:n] + traces[n + 1 :], around if turned else flipped(around)), c))
        return Sum(terms, by.shape)

    def average(self, noise: Sum, covariance: Sum) -> Sum:
        """f(0) + ½ sum of C_ik·∂(∂f/∂η_ij)/∂η_kj: the columns of η are independent, of mean 0 and covariance C."""
        name, (rows, columns) = noise.letter("plain"), noise.shape
        need(not any(places(name, *traces, word) for traces, word in covariance.terms), "a covariance of itself")
        total = Sum([(key, c) for key, c in self.terms.items() if not places(name, *key[0], key[1])])
        for (traces, word), c in (covariance * self.gradient(noise)).terms.items():
            need(len(places(name, *traces, word)) <= len(places(name, word)) <= 1, "moments beyond the covariance")
            for _, i in places(name, word):  # P ηᵀ Q gives tr(P Qᵀ), and P η Q gives tr(P)·tr(Q)
                p, q = word[:i], word[i + 1 :]
                closed = [(p + flipped(q), rows)] if word[i][2] else [(p, rows), (q, columns)]
                parts = [Sum([(((), w), c * 0 + 1)], (n, n)).trace() for w, n in closed]
                total += reduce(Sum.__mul__, parts, Sum([((traces, ()), c * HALF)]))
        return total

    def diagonal(self, entries: list[tuple[Sum, Value]]) -> Any:
        """The entry at one place of the diagonal, of a polynomial in diagonal letters."""
        need(not any(traces for traces, _ in self.terms), "a trace inside a diagonal entry")
        known = {letter.letter("diagonal", "square diagonal"): value for letter, value in entries}
        words = ((c, (known[name] for name, _, _ in word)) for (_, word), c in self.terms.items())
        return reduce(operator.add, (reduce(operator.mul, factors, c) for c, factors in words))


class Statement(Steps):
    """The values of the nodes of one certificate."""

    def __init__(self, nodes: list[Any], provided: list[Any], steps: list[Any], count: Any) -> None:
        super().__init__(steps, count)
        self.values, self.used = list[Any](), set[int]()
        need(len(nodes) <= MOST_NODES, "too many nodes")
        for i, (op, *rest) in enumerate(nodes):
            value = FUNCTIONS[op](self, *map(self.at, rest))
            if isinstance(value, Value):
                self.exclude_zero(value.den)  # it is made of denominators so far
            self.values.append(value)
            for node, relation in provided:
                if node == i:
                    self.suppose(self.at(i), relation)

    def at(self, node: Any) -> Any:
        if not isinstance(node, int):
            return node  # text, for which nothing has to be computed
        self.used.add(node)
        return self.values[whole(node, 0, len(self.values) - 1)]

    def suppose(self, a: Value, relation: str) -> None:
        """Nothing is claimed where this does not hold."""
        self.exclude_zero(a.num)
        self.learn(a.num, times(PROVIDED[relation], self.signs(a.den)))

    def nonzero(self, a: Value) -> Value:
        return self.within(a, COMPLEX - ZERO)

    def defined(self, a: Value) -> Value:
        """A K_{ν+1} that is stated beside an I_ν."""
        self.nonzero(Value(self, a.den, self.one))
        return a

    def letter(self, name: str, kind: str, rows: Value, columns: Value) -> Sum:
        square = kind in ("symmetric", "orthogonal", "square diagonal") and rows.same(columns)
        need(square or kind in ("plain", "diagonal"), f"a {kind} letter")
        return Sum([(((), ((name, kind, False),)), self.number(1))], (rows, columns))

    def power(self, base: Any, q: Fraction) -> Any:
        x = base if q.denominator == 1 else self.root(base, q.denominator)
        return (x if q >= 0 else self.nonzero(x)) ** q.numerator

    def log(self, x: Value) -> Value:
        return self.find("log", self.nonzero(x))

    def combined(self, by: Callable[[Any, Any], Any], *values: Any) -> Any:
        """The sum or product of numbers, or of matrices and numbers."""
        if any(isinstance(a, Sum) for a in values):
            values = tuple(Sum([(((), ()), a)]) if isinstance(a, Value) else a for a in values)
        return reduce(by, values)


FUNCTIONS: dict[str, Callable[..., Any]] = {  # f.nonzero keeps off zero, f.within off the branch cuts
    "number": lambda f, text: f.number(rational(text)),
    "symbol": lambda f, name, signs: f.new(stated_signs(signs)),
    "letter": Statement.letter,
    "power": lambda f, x, exponent: f.power(x, rational(exponent)),
    "diagonal": lambda f, a, entries: a.diagonal([tuple(map(f.at, pair)) for pair in entries]),
    "pi": lambda f: f.pi,
    "I": lambda f: f.i,
    "add": lambda f, *a: f.combined(operator.add, *a),
    "mul": lambda f, *a: f.combined(operator.mul, *a),
    "transpose": lambda f, a: a.transpose(),
    "trace": lambda f, a: a.trace(),
    "gradient": lambda f, a, by: a.gradient(by),
    "average": lambda f, a, noise, covariance: a.average(noise, covariance),
    "identity": lambda f, n: Sum([(((), ()), f.number(1))], (n, n)),
    "zero": lambda f, n, m: Sum([], (n, m)),
    "besseli": lambda f, nu, z: f.find("besseli", nu, f.nonzero(z)),
    "besselk": lambda f, nu, z: f.defined(f.find("besselk", nu**2, f.nonzero(z))),
    "exp": Statement.exp,
    "log": Statement.log,
    "sinh": lambda f, x: (f.exp(x) - f.exp(x * -1)) * HALF,
    "cosh": lambda f, x: (f.exp(x) + f.exp(x * -1)) * HALF,
    "tanh": lambda f, x: f.nonzero(f.exp(x * 2) + 1) ** -1 * -2 + 1,
    "sin": lambda f, x: FUNCTIONS["sinh"](f, x * f.i) * f.i * -1,
    "cos": lambda f, x: FUNCTIONS["cosh"](f, x * f.i),
    "tan": lambda f, x: FUNCTIONS["tanh"](f, x * f.i) * f.i * -1,
    "asinh": lambda f, x: f.log(f.within(x, ANY) + f.root(x * x + 1, 2)),
    "acosh": lambda f, x: f.log(x + f.root(f.within(x - 1, NONNEGATIVE) * (x + 1), 2)),
    "atanh": lambda f, x: f.find("branch", f.nonzero(x + 1) * f.nonzero(x * -1 + 1) ** -1) * HALF,
    "atan": lambda f, x: (f.log(f.within(x, ANY) * f.i + 1) - f.log(x * f.i * -1 + 1)) * f.i * -HALF,
    "asin": lambda f, x: f.log(x * f.i + f.root(f.within(x * x * -1 + 1, NONNEGATIVE), 2)) * f.i * -1,
    "acos": lambda f, x: FUNCTIONS["asin"](f, x) * -1 + f.pi * HALF,
}
RECIPROCAL = {"csch": "sinh", "sech": "cosh", "coth": "tanh", "csc": "sin", "sec": "cos", "cot": "tan"}
for _name, _of in RECIPROCAL.items():
    FUNCTIONS[_name] = lambda f, x, of=_of: f.nonzero(FUNCTIONS[of](f, x)) ** -1
    FUNCTIONS[f"a{_name}"] = lambda f, x, of=_of: FUNCTIONS[f"a{of}"](f, f.nonzero(x) ** -1)


def recheck(certificate: Any, name: str = "") -> dict[str, str]:
    """Raise Refused unless the certificate proves its statement; what its names stand for."""
    try:
        need(certificate["format"] == FORMAT, f"the format is not {FORMAT!r}")
        need("unchecked" not in certificate, f"cannot be rechecked: {certificate.get('unchecked')}")
        _by_algebra(certificate)
        at_point(certificate)
        return trees(certificate)
    except Exception as fault:  # whatever goes wrong in reading or computing, nothing is shown
        raise Refused(f"{shown(name)}{reason(fault, 'not a certificate: ')}") from None


def _by_algebra(certificate: Any) -> None:
    """The difference of the sides has the signs of the relation; for an equation, it reduces to zero."""
    nodes, relation = certificate["nodes"], certificate["relation"]
    statement = Statement(nodes, certificate["provided"], certificate["steps"], certificate["variables"])
    minus = statement.combined(operator.mul, statement.at(certificate["rhs"]), statement.number(-1))
    difference = statement.combined(operator.add, statement.at(certificate["lhs"]), minus)
    need(all(i in statement.used or n[0] in ("symbol", "number") for i, n in enumerate(nodes)), "an idle node")
    if relation == "=":
        need(difference.is_zero(), "the difference of the sides does not reduce to zero")
    else:
        statement.within(difference, RELATIONS[relation])


def trees(certificate: Any) -> dict[str, str]:
    """Each name with the digest of the whole tree that it stands for."""
    digests, found = list[str](), dict[str, str]()

    def whole_tree(part: Any) -> Any:
        return list(map(whole_tree, part)) if isinstance(part, list) else digests[part] if type(part) is int else part

    nodes = certificate["nodes"]
    for op, *rest in nodes:
        tree = [op, *(rest if op == "symbol" else whole_tree(rest))]
        digests.append(sha256(json.dumps(tree).encode()).hexdigest())
    for node, name in certificate["names"]:
        one_tree(found, {name: digests[whole(node, 0, len(nodes) - 1)]})
    called = [*map(label, found), *(node[1] for node in nodes if node[0] in ("symbol", "letter"))]
    need(all(called) and len(set(called)) == len(called), "a name that comes twice, or none")
    return found


def one_tree(known: dict[str, str], more: dict[str, str]) -> None:
    """A name stands for the same tree everywhere."""
    for name, tree in more.items():
        need(known.setdefault(name, tree) == tree, f"{name} is the name of two quantities")


def at_point(certificate: Any) -> None:
    """Every number in the statement is finite at the point, and the sides agree there."""
    nodes, point, relation = certificate["nodes"], certificate["point"], certificate["relation"]
    for precision in PRECISIONS:
        with ctx.workprec(precision):
            values = Balls(nodes, point).values
            left, right = values[certificate["lhs"]], values[certificate["rhs"]]
            if all(value is None or value.is_finite() for value in values):
                need(None in (left, right) or _agree(left - right, relation), "the sides do not agree at the point")
                for node, provided in certificate["provided"]:
                    need(_agree(values[node], provided, surely=True), "what is provided does not hold at the point")
                return
    raise Refused("something in the statement is not known to have a value at the point")


def _agree(difference: acb, relation: str, surely: bool = False) -> bool:
    """Whether the difference may be what the relation says; for !=, or if that is asked, whether it must."""
    if relation in ("=", "!="):
        return bool(difference.contains(0)) == (relation == "=")
    x = difference.real
    possible = {s for s, excluded in ((-1, x >= 0), (0, x != 0), (1, x <= 0)) if not excluded}
    fits = possible <= RELATIONS[relation] if surely else possible & RELATIONS[relation]
    return bool(difference.imag.contains(0) and fits)


class Balls:
    """Balls around the numbers in a statement at a point; None for what is a polynomial in matrices."""

    def __init__(self, nodes: list[Any], point: dict[str, Any]) -> None:
        self.nodes, self.point, self.values = nodes, point, list[Any]()
        for op, *rest in nodes:
            self.values.append(LEAVES[op](self, *rest) if op in LEAVES else self._function(op, rest))

    def _function(self, op: str, rest: list[Any]) -> acb | None:
        if op in ("transpose", "trace", "gradient", "average", "diagonal"):
            return None
        values = [self.values[i] for i in rest]
        if None in values:
            need(op in ("add", "mul"), "a function of matrices")
            return None
        return BALLS[op](*values)

    def symbol(self, name: str, signs: Any) -> acb:
        value = self.point[name]
        real, imaginary = map(exact, (value, "0") if isinstance(value, str) else value)
        need(signs is None or (imaginary == 0 and sign(real) <= set(signs)), "the point is outside the assumptions")
        return acb(real, imaginary)

    def matrix(self, *sizes: int) -> None:
        """That there are matrices of these sizes."""
        for size in (self.values[i] for i in sizes):
            middle = size.real.mid()
            need(size == acb(middle) and middle.is_integer() and middle >= 1, "a matrix without a size at the point")


def exact(text: Any) -> fmpq:
    value = rational(text)
    return fmpq(value.numerator, value.denominator)


LEAVES: dict[str, Callable[..., Any]] = {
    "symbol": Balls.symbol,
    "number": lambda balls, text: acb(exact(text)),
    "letter": lambda balls, name, kind, rows, columns: balls.matrix(rows, columns),
    **dict.fromkeys(("identity", "zero"), Balls.matrix),
    "power": lambda balls, base, exponent: balls.values[base] ** acb(exact(exponent)),
}
BALLS: dict[str, Callable[..., acb]] = {
    "pi": acb.pi,
    "I": lambda: acb(0, 1),
    "add": lambda *a: sum(a, acb(0)),
    "mul": lambda *a: reduce(operator.mul, a, acb(1)),
    "besseli": lambda nu, z: z.bessel_i(nu),
    "besselk": lambda nu, z: z.bessel_k(nu),
    **{name: getattr(acb, name) for name in ("exp", "log", *RECIPROCAL)},
    **{name: getattr(acb, name) for of in RECIPROCAL.values() for name in (of, f"a{of}")},
    **{f"a{name}": lambda z, of=of: getattr(1 / z, f"a{of}")() for name, of in RECIPROCAL.items()},
}


class Account(NamedTuple):
    """A statement as it is printed: the relation with names and abbreviations, the assumptions, what is provided."""

    statement: list[str]
    assumptions: list[str]
    conditions: list[str]


def account(certificate: Any) -> Account:
    """The statement of a certificate, written out from its nodes alone."""
    need(certificate["relation"] in RELATIONS, "an unknown relation")
    text = Writing(certificate["nodes"], dict(certificate["names"]))
    left, right = text.at(certificate["lhs"]), text.at(certificate["rhs"])
    statement = [f"{left} {certificate['relation']} {right}", *text.abbreviations]
    provided = [f"{text.at(node)} {relation} 0" for node, relation in certificate["provided"] if relation in PROVIDED]
    return Account(statement, text.assumptions, provided)


SUM, SIGNED, INVERSE, PRODUCT, POWER, ATOM = range(6)  # levels: in parentheses where the place asks for a higher one
DOMAINS = {
    (1,): "> 0", (0, 1): ">= 0", (-1,): "< 0", (-1, 0): "<= 0", (0,): "= 0", (-1, 0, 1): "real", (-1, 1): "real, != 0",
}  # fmt: skip


class Writing:
    """Each node as text with its level, by its name if it has one; what is long, or needed twice, as {1}, {2}, …"""

    def __init__(self, nodes: list[Any], names: dict[int, Any]) -> None:
        need(len(nodes) <= MOST_NODES, "too many nodes")
        self.texts, self.abbreviations, self.assumptions = list[tuple[str, int]](), list[str](), list[str]()
        uses = Counter(i for _, *rest in nodes for i in rest if type(i) is int)
        for i, (op, *rest) in enumerate(nodes):
            text, level = TEXTS[op](self, *rest) if op in TEXTS else self.function(op, rest)
            short = op in ("number", "symbol", "letter") or len(text) <= (SHORTEST if uses[i] > 1 else LONGEST_TEXT)
            if i in names or not short:
                name = called(label(names[i])) if i in names else f"{{{len(self.abbreviations) + 1}}}"
                self.abbreviations.append(f"{name} = {text}")
                text, level = name, ATOM
            self.texts.append((text, level))

    def at(self, i: Any, level: int = SUM) -> str:
        text, own = self.texts[whole(i, 0, len(self.texts) - 1)]
        return text if own >= level else f"({text})"

    def number(self, raw: Any) -> tuple[str, int]:
        number = rational(raw)
        if number < 0 or number.denominator == 1:
            return str(number), SIGNED if number < 0 else ATOM
        return str(number), INVERSE if number.numerator == 1 else PRODUCT

    def symbol(self, name: Any, signs: Any) -> tuple[str, int]:
        domain = "complex" if signs is None else DOMAINS[tuple(sorted(signs))]
        self.assumptions.append(f"{called(name)} {domain}")
        return called(name), ATOM

    def letter(self, name: Any, kind: Any, rows: int, columns: int) -> tuple[str, int]:
        self.assumptions.append(f"{called(name)} {shown(kind)} matrix, {self.at(rows)} x {self.at(columns)}")
        return called(name), ATOM

    def add(self, first: int, *others: int) -> tuple[str, int]:
        texts = (self.at(i, SIGNED) for i in others)
        return self.at(first) + "".join(f" - {t[1:]}" if t[0] == "-" else f" + {t}" for t in texts), SUM

    def mul(self, *factors: int) -> tuple[str, int]:
        """What is divided by is a number and stands last; other factors may be matrices and keep their order."""
        first, *others = sorted(factors, key=lambda i: self.texts[i][1] == INVERSE)
        text = self.at(first, SIGNED)
        for i in others:
            text += self.at(i)[1:] if self.texts[i][1] == INVERSE else f"*{self.at(i, PRODUCT)}"
        text = re.sub(r"\A(-?)1\*", r"\1", text)
        return text, SIGNED if text[0] == "-" else PRODUCT

    def power(self, base: int, exponent: Any) -> tuple[str, int]:
        q = rational(exponent)
        if q < 0:
            return f"1/{self.power(base, str(-q))[0]}", INVERSE
        if q == HALF:
            return f"sqrt({self.at(base)})", ATOM
        exponent = "" if q == 1 else f"**{q}" if q.denominator == 1 else f"**({q})"
        return self.at(base, ATOM) + exponent, POWER

    def diagonal(self, matrix: int, entries: list[list[int]]) -> tuple[str, int]:
        return f"diagonal({', '.join([self.at(matrix), *(f'{self.at(a)}: {self.at(b)}' for a, b in entries)])})", ATOM

    def function(self, op: str, rest: list[int]) -> tuple[str, int]:
        need(op in FUNCTIONS, "an unknown function")
        return f"{op}({', '.join(map(self.at, rest))})" if rest else op, ATOM


def label(name: Any) -> str:
    """ "rho" for dae.rho."""
    return str(name).partition(".")[2]


def called(name: Any) -> str:
    """A letter as it is; any other name in quotes, so that it is not taken for something else."""
    is_letter = re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", str(name), re.ASCII) and name not in FUNCTIONS and name != "sqrt"
    return str(name) if is_letter else json.dumps(str(name))


TEXTS: dict[str, Callable[..., tuple[str, int]]] = {
    name: getattr(Writing, name) for name in ("number", "symbol", "letter", "add", "mul", "power", "diagonal")
}


def read_json(raw: bytes) -> Any:
    """JSON of whole numbers and text in which no key comes twice."""

    def no_number(text: str) -> Any:
        raise Refused(f"a number that is not whole: {text}")

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs), "a key that comes twice")
        return dict(pairs)

    need(len(raw) <= LARGEST_FILE, "the file is too large")
    return json.loads(raw.decode("utf-8"), parse_float=no_number, parse_constant=no_number, object_pairs_hook=table)


def read_file(path: Path) -> bytes:
    need(path.is_file(), "no such file")
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def recheck_file(path: Path, expected: dict[str, Any]) -> tuple[list[tuple[str, Account]], dict[str, str]]:
    """What the certificates of one claim show, which must be what the manifest says of it, and what names stand for."""
    raw = read_file(path)
    same(sha256(raw).hexdigest(), expected["sha256"], "the file")
    content = read_json(raw)
    same(content["claim"], expected["id"], "the claim")
    statements, names = list[tuple[str, Account]](), dict[str, str]()
    for name, certificate in content["certificates"].items():
        one_tree(names, recheck(certificate, f"{name}: "))
        statements.append((name, account(certificate)))
    same_statements(statements, expected)
    return statements, names


def same(found: Any, expected: Any, what: str) -> None:
    need(found == expected, f"{what} is not the one that the manifest names")


def same_statements(statements: list[tuple[str, Account]], expected: dict[str, Any]) -> None:
    equations = [dict(equation) for equation in expected["equations"]]
    need(statements and len(statements) == len(equations), "the file has more or fewer statements than the manifest")
    for (name, account), equation in zip(statements, equations, strict=True):
        need({"name": name, **account._asdict()} == equation, f"{name}: the manifest has another statement")


def manifest(path: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The claims of a manifest with a proof, and those without one; Refused where it is none."""
    try:
        content = read_json(read_file(path))
        need(content["format"] == MANIFEST_FORMAT, f"the format is not {MANIFEST_FORMAT!r}")
        claims: list[dict[str, Any]] = content["claims"]
        ids = [claim["id"] for claim in claims]
        need(ids and len(set(ids)) == len(ids), "no claims, or one that comes twice")
        need(all(isinstance(i, str) and not set(i) & set("/\\\0") for i in ids), "an id that is no name of a file")
        return claims, {shown(claim): shown(status) for claim, status in content["without a proof"].items()}
    except Exception as fault:
        raise Refused(reason(fault)) from None


def confine() -> None:
    """No more memory than that, and no words from libraries in C that give up there."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def apart(path: Path, expected: dict[str, Any]) -> tuple[list[tuple[str, Account]], dict[str, str]]:
    """What `recheck_file` finds in a process of its own; leaving this ends the process."""
    with Pool(1, confine) as pool:
        return pool.apply_async(recheck_file, (path, expected)).get(SECONDS)


def refusal(path: Path, expected: dict[str, Any], names: dict[str, str]) -> str:
    """Why the file of a claim is refused, empty if it is not; what it shows is printed, its names are kept."""
    try:
        statements, more = apart(path, expected)
        one_tree(names, more)
        print(*printed(expected["id"], statements), sep="\n")
    except Exception as fault:  # refused, or not to be read; TimeoutError also if the process died
        return reason(fault) if str(fault) else f"more than {SECONDS} s or {BYTES} bytes"
    return ""


def printed(claim: str, statements: list[tuple[str, Account]]) -> Iterator[str]:
    yield shown(claim)
    for name, (statement, assumptions, conditions) in statements:
        yield f"  {shown(name)}: {shown(statement[0])}"
        yield from (f"    where {shown(line)}" for line in statement[1:])
        if assumptions:
            yield f"    for {shown('; '.join(assumptions))}"
        if conditions:
            yield f"    provided {shown('; '.join(conditions))}"


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(shown(message))


def command(arguments: list[str] | None = None) -> int:
    """0 where every claim holds as printed, 1 where one does not, 2 where there is nothing to check."""
    parser = Parser("python -P -m modeflow.recheck", description="Recheck certificates of proof.")
    parser.add_argument("folder", metavar="DIR", type=Path, help="what `modeflow verify --certificates DIR` wrote")
    parser.add_argument("--manifest", metavar="FILE", type=Path, help=f"instead of DIR/{MANIFEST}: one that you trust")
    given = parser.parse_args(arguments)
    listed = given.manifest or given.folder / MANIFEST
    try:
        claims, others = manifest(listed)
        files = {name for name in os.listdir(given.folder) if name.endswith(".json") and name != MANIFEST}
    except (Refused, OSError) as fault:
        print(f"{shown(listed)}: {shown(fault)}; write one by: modeflow verify --certificates DIR", file=sys.stderr)
        return 2
    wanted, names = {f"{claim['id']}.json": claim for claim in claims}, dict[str, str]()
    refused = dict.fromkeys(sorted(files - set(wanted)), "not in the manifest")
    refused |= {name: why for name, claim in wanted.items() if (why := refusal(given.folder / name, claim, names))}
    for name, why in refused.items():
        print(f"{shown(name)}: refused: {why}")
    for claim, status in others.items():
        print(f"{claim}: no certificate: {status}")
    held = len(wanted) - len(set(refused) & set(wanted))
    print(f"{held} of {len(wanted)} claims hold as printed, {len(refused)} files refused.")
    print("Checked here: the statements printed above, and that each has a point at which all of it is defined.")
    print(f"Taken from {shown(listed)}: which claims there are, and that these are their statements.")
    return int(bool(refused))


def main(arguments: list[str] | None = None) -> int:
    """The command; an output that cannot be written is one line and exit status 2, for then nobody was told."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, "standard output is closed")
        status = command(arguments)
        sys.stdout.flush()
    except OSError as fault:
        print(f"modeflow-recheck: the output cannot be written ({fault.strerror})", file=sys.stderr)
        if sys.stdout is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # where Python flushes the rest when it ends
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

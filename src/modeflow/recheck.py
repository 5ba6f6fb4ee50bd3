"""A second look at certificates of proof, by code that shares nothing with the prover.

    python -P -m modeflow.recheck DIR [--manifest FILE]    exit 0: all hold; 1: at least one does not; 2: wrong usage

A certificate holds a statement, as numbered nodes, and steps. Nodes are computed again from the leaves, as fractions of
polynomials over the rationals in variables: 0 is i, 1 is π, each symbol brings its own, and steps bring those of exp,
log, roots and Bessel functions. A step is taken when a node asks for what it shows, and checks what it says. At the end
the difference of the sides must reduce to zero by the relations of the roots, or have the right signs. At the point
that comes with the certificate, every number in the statement must have a finite value, by balls of Arb, so that
nothing is said of what exists nowhere, and the sides must agree there. The statement is written out from the nodes
alone. Files, claims and statements must be those of the manifest in the folder or, better, of one from elsewhere. Not
rechecked: what the chapter says, what is for readers (`means`, `words`, `numerator`, …), and the axioms, identities of
functions. Nothing is claimed where a denominator, an argument of log or of a Bessel function, or I_ν vanishes.
"""

from __future__ import annotations

import argparse
import errno
import json
import operator
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import partial, reduce
from hashlib import sha256
from itertools import product
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from flint import Ordering, acb, ctx, fmpq, fmpq_mpoly_ctx

FORMAT, I, K = "modeflow certificate 4", "besseli", "besselk"
MANIFEST, MANIFEST_FORMAT = "manifest.json", "modeflow manifest 1"
LARGEST_FILE, MOST_NODES, MOST_VARIABLES, SECONDS, BYTES = 64_000_000, 200_000, 160, 60, 2 << 30
LARGEST_POWER, LONGEST_NUMBER, LONGEST_POWER, HALF = 2000, 4000, 1_000_000, Fraction(1, 2)  # the third in bits
PRECISIONS, SHORTEST, LONGEST_TEXT = (64, 256, 1024), 30, 300  # bits; characters that are abbreviated

Poly = Any  # flint.fmpq_mpoly
Signs = frozenset[int]  # the signs that a number can have, with 2 where it need not be real
ZERO, POSITIVE, NONNEGATIVE, ANY, COMPLEX = map(frozenset, ({0}, {1}, {0, 1}, {-1, 0, 1}, {-1, 0, 1, 2}))


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


def sign(n: Any) -> Signs:
    return frozenset({int(n > 0) - int(n < 0)})


def times(a: Signs, b: Signs) -> Signs:
    return frozenset(2 if x * y and 2 in (x, y) else x * y for x, y in product(a, b))


def plus(a: Signs, b: Signs) -> Signs:
    pairs = product(a, b)
    return frozenset().union(*(COMPLEX if 2 in (x, y) else ANY if x * y < 0 else {x or y} for x, y in pairs))


def power(a: Signs, n: int) -> Signs:
    return COMPLEX - (ZERO - a) if 2 in a else frozenset(x**n for x in a)


def _bits(p: Poly) -> int:
    """How long a constant is."""
    if not p.is_constant() or p.is_zero():
        return 0
    c = p.leading_coefficient()
    return int(c.p).bit_length() + int(c.q).bit_length()


class Value:
    """num / den in lowest terms, and the signs it has by the way it was written: a sum of squares stays one."""

    def __init__(self, algebra: Statement, num: Poly, den: Poly, written: Signs = COMPLEX) -> None:
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

    def __mul__(self, other: Value | Fraction | int) -> Value:
        b = self.algebra.number(other)
        return Value(self.algebra, self.num * b.num, self.den * b.den, times(self.written, b.written))

    def __pow__(self, n: int) -> Value:
        need(whole(n, -LARGEST_POWER, LARGEST_POWER) >= 0 or not self.signs & ZERO, "division by what might vanish")
        above, below = (self.num, self.den) if n >= 0 else (self.den, self.num)
        need(abs(n) * max(map(_bits, (above, below))) <= LONGEST_POWER, "a power that is too long a number")
        return Value(self.algebra, above ** abs(n), below ** abs(n), power(self.written, abs(n)))

    def is_zero(self) -> bool:
        return bool(self.algebra.reduced(self.num, wholly=True).is_zero())

    def same(self, other: Value | Fraction | int) -> bool:
        return (self + self.algebra.number(other) * -1).is_zero()

    @property
    def signs(self) -> Signs:
        return times(self.algebra.signs(self.num), self.algebra.signs(self.den) - ZERO) & self.written


class Statement:
    """The nodes of one certificate, and what its steps have shown of the variables, later ones larger (lex)."""

    def __init__(self, nodes: list[Any], steps: list[Any], count: Any) -> None:
        self.steps, self.values, self.used = iter(steps), list[Any](), set[int]()
        self.ring = fmpq_mpoly_ctx.get([f"x{i}" for i in range(whole(count, 2, MOST_VARIABLES))], Ordering.lex)
        self.variables, self.one = self.ring.gens()[::-1], self.ring.constant(fmpq(1))
        self.known: list[Signs] = []  # of each variable so far
        self.relations: dict[int, tuple[int, Poly, bool]] = {}  # variable of a root → degree, monic, whether small
        self.facts: dict[str, Signs] = {}  # irreducible polynomial → signs
        self.shown: list[tuple[str, tuple[Value, ...], Value]] = []  # function, arguments, value
        self.exp, self.root = partial(self.find, "exp"), partial(self.find, "root")
        self.log: Callable[[Value], Value] = lambda x: self.find("log", self.nonzero(x))
        self.i, self.pi = self.step_root([[["-1", []]], [["1", []]]], 2), self.new(POSITIVE)
        names = [node[1] for node in nodes if node[0] in ("symbol", "letter")]
        need(len(nodes) <= MOST_NODES and len(set(names)) == len(names), "too many nodes, or a name that comes twice")
        for op, *rest in nodes:
            value = FUNCTIONS[op](self, *map(self.at, rest))
            if isinstance(value, Value) and not value.den.is_one():
                self.nonzero(Value(self, value.den, self.one))  # it is made of denominators so far
            self.values.append(value)

    def at(self, node: Any) -> Any:
        if not isinstance(node, int):
            return node  # text, for which nothing has to be computed
        self.used.add(node)
        return self.values[whole(node, 0, len(self.values) - 1)]

    def letter(self, name: str, kind: str, rows: Value, columns: Value) -> Sum:
        square = kind in ("symmetric", "orthogonal", "square diagonal") and rows.same(columns)
        need(square or kind in ("plain", "diagonal"), f"a {kind} letter")
        return Sum([(((), ((name, kind, False),)), self.number(1))], (rows, columns))

    def power(self, base: Any, q: Fraction) -> Any:
        x = base if q.denominator == 1 else self.root(base, q.denominator)
        return (x if q >= 0 else self.nonzero(x)) ** q.numerator

    def combined(self, by: Callable[[Any, Any], Any], *values: Any) -> Any:
        some = any(isinstance(a, Sum) for a in values)
        return reduce(by, (Sum([(((), ()), a)]) if some and isinstance(a, Value) else a for a in values))

    def number(self, n: Value | Fraction | int) -> Value:
        if isinstance(n, Value):
            return n
        return Value(self, self.ring.constant(fmpq(n.numerator, n.denominator)), self.one, sign(n))

    def new(self, signs: Signs) -> Value:
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
        terms = ((sign(c), zip(self.known, monomial[::-1], strict=False)) for monomial, c in p.to_dict().items())
        products = (reduce(times, (power(a, int(d)) for a, d in powers if d), of_c) for of_c, powers in terms)
        return reduce(plus, products, ZERO)

    def learn(self, p: Poly, signs: Signs) -> None:
        content, factors = p.factor()
        if len(factors) == 1 and factors[0][1] == 1:
            self._remember(factors[0][0], times(signs, sign(content)))

    def _remember(self, irreducible: Poly, signs: Signs) -> None:
        f = str(irreducible)
        self.facts[f] = self.facts.get(f, COMPLEX) & signs

    def nonzero(self, a: Value) -> Value:
        """Nothing is claimed where the statement divides by zero or takes its logarithm. No step may call this."""
        need(not a.is_zero(), "division by zero or its logarithm")
        for factor, _ in a.num.factor()[1]:
            self._remember(factor, COMPLEX - ZERO)
        return a

    def take_step(self) -> None:
        name, *stated = next(self.steps, ("none",))
        need(name != "none", "no step shows what is needed")
        getattr(self, f"step_{name}")(*stated)

    def find(self, name: str, *arguments: Value | int) -> Value:
        """The value of a function; steps are taken until one shows it."""
        while True:
            for other, known, value in self.shown:
                if name == other and all(map(Value.same, known, arguments)):
                    return value
            self.take_step()

    def within(self, x: Value, signs: Signs) -> Value:
        """x with signs among these; steps are taken until they are known to be."""
        while not x.signs <= signs:
            self.take_step()
        return x

    def step_sum(self, *terms: Any) -> None:
        """A sum of coefficient · powers has the signs that it shows when it is written in this way."""
        total = self.number(0)
        for coefficient, powers in terms:
            factors = [self.read(p) ** whole(k, 1, LARGEST_POWER) for p, k in powers]
            total += reduce(Value.__mul__, factors, self.number(rational(coefficient)))
        self.learn(total.num, times(total.written, self.signs(total.den)))

    def step_conjugates(self, *raw: Any) -> None:
        """A real p is not negative if its product with a q and its sum with that q are not."""
        p, q = map(self.polynomial, raw)
        of_product, of_sum = self.signs(self.reduced(p * q)), self.signs(p + q)
        need(self.signs(p) <= ANY and of_product <= NONNEGATIVE and of_sum <= NONNEGATIVE, "p or q might be negative")
        self.learn(p, POSITIVE if of_product == POSITIVE else NONNEGATIVE)

    def step_exp(self, of: Any) -> None:
        a = self.read(of)
        e = self.new(POSITIVE if a.signs <= ANY else COMPLEX - ZERO)
        self._show_exp(a, e)
        self.learn((e + -1).num, a.signs if a.signs <= ANY else COMPLEX)

    def step_turn(self, n: int, *parts: Any) -> None:
        """exp(iπ/n) = c + i·s, the one v with v^|n| = -1, c > 0 and s of the sign of n, where |n| <= 6."""
        c, s = map(self.read, parts)
        right = c.signs == POSITIVE and s.signs == sign(n) and ((c + s * self.i) ** whole(abs(n), 3, 6)).same(-1)
        need(right, "not the first root of -1")
        self._show_exp(self.i * self.pi * Fraction(1, n), c + s * self.i)

    def step_log(self, of: Any, branch: str) -> None:
        """The principal logarithm, or a number on an unknown branch with this exponential."""
        b = self.read(of)
        need(branch in ("log", "branch") and not b.signs & ZERO, "the logarithm of what might be zero")
        v = self.new((b + -1).signs if branch == "log" and b.signs == POSITIVE else COMPLEX)
        self._show_exp(v, b, branch)

    def _show_exp(self, a: Value, e: Value, *inverses: str) -> None:
        """exp(a) = e, and log(e) = a for real a and for real a - iπ."""
        negative = ("log",) if (a + self.i * self.pi * -1).signs <= ANY else inverses
        self.shown += [("exp", (a,), e), *((f, (e,), a) for f in (("log", "branch") if a.signs <= ANY else negative))]

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
        self.shown.append(("log", (p * b,), self.find("log", p) + self.find("log", b)))

    def step_root(self, of: Any, q: int) -> Value:
        """The principal root r of a = n/d, by a variable s = r·d with s^q = n·d^(q-1)."""
        a, index = self.read(of), len(self.known)
        signs = a.signs if a.signs <= NONNEGATIVE else COMPLEX - (ZERO - a.signs)
        s = self.new(times(signs, self.signs(a.den)))
        relation = s.num ** whole(q, 2, LARGEST_POWER) - self.reduced(a.num * a.den ** (q - 1))
        self.relations[index] = q, relation, bool(a.den.is_one())
        self.shown.append(("root", (a, self.number(q)), Value(self, s.num, a.den, signs)))
        return self.shown[-1][2]

    def step_radical(self, factor: Any, of: Any, q: int) -> None:
        """p·r is the root of (p·r)^q for p >= 0 and a principal root r, if any."""
        p, r = self.read(factor), self.root(self.read(of), q) if of else 1
        need(p.signs <= NONNEGATIVE and whole(q, 2, LARGEST_POWER), "the factor of a root might be negative")
        self.shown.append(("root", ((p * r) ** q, self.number(q)), p * r))

    def step_bessel(self, order: Any, argument: Any) -> None:
        """I and K of an order and the next, where I_ν K_{ν+1} + I_{ν+1} K_ν = 1/z (DLMF 10.28.2); K is even in ν."""
        nu, z = self.read(order), self.read(argument)
        if nu.same(-HALF) and z.signs == POSITIVE:  # w·cosh z, w·sinh z, π/2·w·exp(-z), w = sqrt(2/(πz)) (DLMF 10.39)
            w, e = self.root((self.pi * z) ** -1 * 2, 2), self.exp(z)
            i, above, k = w * (e + e**-1) * HALF, w * (e + e**-1 * -1) * HALF, w * e**-1 * self.pi * HALF
        else:
            i, above, k = (self.new(POSITIVE if z.signs == (nu + 1).signs == POSITIVE else COMPLEX) for _ in range(3))
        wronskian = z**-1 + above * k * -1
        next_k = Value(self, wronskian.num * i.den, wronskian.den * i.num)
        self.shown += [(I, (nu, z), i), (I, (nu + 1, z), above), (K, (nu**2, z), k), (K, ((nu + 1) ** 2, z), next_k)]

    def step_recurrence(self, kind: str, order: Any, argument: Any, d: int) -> None:
        """f_{μ+d} = f_{μ-d} ∓ d·(2μ/z)·f_μ for d = 1 or -1 (DLMF 10.29.1)."""
        mu, z, (degree, factor) = self.read(order), self.read(argument), {I: (1, -2), K: (2, 2)}[kind]
        before, here = (self.find(kind, (mu + n) ** degree, z) for n in (whole(-d, -1, 1), 0))
        self.shown.append((kind, ((mu + d) ** degree, z), before + mu * z**-1 * here * (factor * d)))


Word = tuple[tuple[str, str, bool], ...]  # matrix letters: name, kind, whether transposed


def joined(word: Word) -> Word:
    """The word without V Vᵀ and Vᵀ V of orthogonal V."""
    for i, (name, kind, turned) in enumerate(word[1:]):
        if kind == "orthogonal" and word[i] == (name, kind, not turned):
            return joined(word[:i] + word[i + 2 :])
    return word


def flipped(word: Word) -> Word:
    own = ("symmetric", "square diagonal")
    return tuple((name, kind, turned ^ (kind not in own)) for name, kind, turned in reversed(word))


def cycle(word: Word) -> Word:
    """The least of the rotations of a word and of its transpose, after cancelling around the end."""
    while len(word) > 1 and not joined((word[-1], word[0])):
        word = word[1:-1]
    return min((w[i:] + w[:i] for w in (word, flipped(word)) for i in range(len(w))), default=())


def places(letter: str, *words: Word) -> list[tuple[int, int]]:
    return [(n, i) for n, word in enumerate(words) for i, (name, _, _) in enumerate(word) if name == letter]


class Sum:
    """A sum of coefficient · traces · word; a scalar has no shape."""

    def __init__(self, terms: Iterable[Any], shape: Any = None) -> None:
        found: dict[tuple[tuple[Word, ...], Word], Value] = {}
        for (traces, word), c in terms:
            key = (tuple(sorted(traces)), joined(word))
            found[key] = found[key] + c if key in found else c
        self.terms, self.shape = {key: c for key, c in found.items() if not c.is_zero()}, shape

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


FUNCTIONS: dict[str, Callable[..., Any]] = {  # f.nonzero excludes points, f.within keeps off the branch cuts
    "number": lambda f, text: f.number(rational(text)),
    "symbol": lambda f, name, signs: f.new(COMPLEX if signs is None else frozenset(whole(s, -1, 1) for s in signs)),
    "letter": lambda f, name, kind, rows, columns: f.letter(name, kind, rows, columns),
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
    I: lambda f, nu, z: f.find(I, nu, f.nonzero(z)),
    K: lambda f, nu, z: f.find(K, nu**2, f.nonzero(z)),
    "exp": lambda f, x: f.exp(x),
    "log": lambda f, x: f.log(x),
    "sinh": lambda f, x: (f.exp(x) + f.exp(x * -1) * -1) * HALF,
    "cosh": lambda f, x: (f.exp(x) + f.exp(x * -1)) * HALF,
    "tanh": lambda f, x: f.nonzero(f.exp(x * 2) + 1) ** -1 * -2 + 1,
    "sin": lambda f, x: FUNCTIONS["sinh"](f, x * f.i) * f.i * -1,
    "cos": lambda f, x: FUNCTIONS["cosh"](f, x * f.i),
    "tan": lambda f, x: FUNCTIONS["tanh"](f, x * f.i) * f.i * -1,
    "asinh": lambda f, x: f.log(f.within(x, ANY) + f.root(x * x + 1, 2)),
    "acosh": lambda f, x: f.log(x + f.root(f.within(x + -1, NONNEGATIVE) * (x + 1), 2)),
    "atanh": lambda f, x: f.find("branch", f.nonzero(x + 1) * f.nonzero(x * -1 + 1) ** -1) * HALF,
    "atan": lambda f, x: (f.log(f.within(x, ANY) * f.i + 1) + f.log(x * f.i * -1 + 1) * -1) * f.i * -HALF,
    "asin": lambda f, x: f.log(x * f.i + f.root(f.within(x * x * -1 + 1, NONNEGATIVE), 2)) * f.i * -1,
    "acos": lambda f, x: f.pi * HALF + FUNCTIONS["asin"](f, x) * -1,
}
_RECIPROCAL = {"csch": "sinh", "sech": "cosh", "coth": "tanh", "csc": "sin", "sec": "cos", "cot": "tan"}
for _name, _of in _RECIPROCAL.items():
    FUNCTIONS[_name] = lambda f, x, of=_of: f.nonzero(FUNCTIONS[of](f, x)) ** -1
    FUNCTIONS[f"a{_name}"] = lambda f, x, of=_of: FUNCTIONS[f"a{of}"](f, f.nonzero(x) ** -1)


RELATIONS: dict[str, Signs] = {  # the signs that the difference of the sides must have
    "=": ZERO,
    "!=": COMPLEX - ZERO,
    ">=": NONNEGATIVE,
    ">": POSITIVE,
    "<=": frozenset({-1, 0}),
    "<": frozenset({-1}),
}


def recheck(certificate: Any, name: str = "") -> None:
    """Raise Refused unless the certificate proves its statement."""
    try:
        need(certificate["format"] == FORMAT, f"the format is not {FORMAT!r}")
        need("unchecked" not in certificate, f"cannot be rechecked: {certificate.get('unchecked')}")
        _by_algebra(certificate)
        at_point(certificate)
    except Exception as fault:  # whatever goes wrong in reading or computing, nothing is shown
        kind = "" if isinstance(fault, Refused) else f"not a certificate: {type(fault).__name__}: "
        raise Refused(shown(f"{name}{kind}{str(fault)[:80]}")) from None


def _by_algebra(certificate: Any) -> None:
    nodes, relation = certificate["nodes"], certificate["relation"]
    statement = Statement(nodes, certificate["steps"], certificate["variables"])
    minus = statement.combined(operator.mul, statement.at(certificate["rhs"]), statement.number(-1))
    difference = statement.combined(operator.add, statement.at(certificate["lhs"]), minus)
    need(all(i in statement.used or n[0] in ("symbol", "number") for i, n in enumerate(nodes)), "an idle node")
    if relation == "=":
        need(difference.is_zero(), "the difference of the sides does not reduce to zero")
    else:
        statement.within(difference, RELATIONS[relation])


# --- the statement at a point -------------------------------------------------------------------------------


def at_point(certificate: Any) -> None:
    """Every number in the statement is finite at the point, and the sides agree there."""
    nodes, point, relation = certificate["nodes"], certificate["point"], certificate["relation"]
    for bits in PRECISIONS:
        with ctx.workprec(bits):
            balls = Balls(nodes, point)
            left, right = (balls.values[certificate[side]] for side in ("lhs", "rhs"))
            if balls.finite():
                need(None in (left, right) or _agree(left - right, relation), "the sides do not agree at the point")
                return
    need(False, "something in the statement is not known to have a value at the point")


def _agree(difference: acb, relation: str) -> bool:
    """Whether the difference may be what the relation says."""
    x = difference.real
    if relation in ("=", "!="):
        return bool(difference.contains(0)) if relation == "=" else bool(difference != 0)
    possible = {">=": not x < 0, ">": not x <= 0, "<=": not x > 0, "<": not x >= 0}
    return bool(difference.imag.contains(0)) and possible[relation]


class Balls:
    """Balls around the numbers in a statement at a point; None for what is a polynomial in matrices."""

    def __init__(self, nodes: list[Any], point: dict[str, Any]) -> None:
        self.nodes, self.point, self.values = nodes, point, list[Any]()
        for op, *rest in nodes:
            self.values.append(self._value(op, rest))

    def finite(self) -> bool:
        return all(value is None or value.is_finite() for value in self.values)

    def _value(self, op: str, rest: list[Any]) -> acb | None:
        if op == "symbol":
            return self._symbol(*rest)
        if op == "number":
            return acb(_exact(rest[0]))
        if op in ("letter", "identity", "zero"):
            sizes = rest[2:] if op == "letter" else rest
            need(all(_whole_size(self.values[n]) for n in sizes), "a matrix without a size at the point")
            return None
        if op == "diagonal":
            return self._entry(rest[0], {letter: self.values[value] for letter, value in rest[1]})
        if op in ("transpose", "trace", "gradient", "average"):
            return None
        return self._function(op, rest)

    def _function(self, op: str, rest: list[Any]) -> acb | None:
        values = [self.values[i] for i in (rest[:1] if op == "power" else rest)]
        if None in values:
            need(op in ("add", "mul") or Fraction(rest[-1]) in range(1, LARGEST_POWER), "a function of matrices")
            return None
        return _ball_of_power(values[0], rational(rest[1])) if op == "power" else BALLS[op](*values)

    def _symbol(self, name: str, signs: Any) -> acb:
        value = self.point[name]
        real, imaginary = map(_exact, (value, "0") if isinstance(value, str) else value)
        need(signs is None or (imaginary == 0 and sign(real) <= set(signs)), "the point is outside the assumptions")
        return acb(real, imaginary)

    def _entry(self, i: int, known: dict[int, acb]) -> acb:
        """The entry of a polynomial in diagonal letters; balls of its nodes are found in the order of the nodes."""
        found: dict[int, acb] = {}
        for j, (op, *rest) in enumerate(self.nodes[: i + 1]):
            if op == "letter" and j in known:
                found[j] = known[j]
            elif op in ("identity", "zero"):
                found[j] = acb(int(op == "identity"))
            elif self.values[j] is not None:
                found[j] = self.values[j]
            elif op in ("add", "mul", "transpose") and all(k in found for k in rest):
                found[j] = BALLS[op](*(found[k] for k in rest)) if op != "transpose" else found[rest[0]]
        return found[i]


def _exact(text: Any) -> fmpq:
    value = rational(text)
    return fmpq(value.numerator, value.denominator)


def _whole_size(size: acb) -> bool:
    return bool(size == acb(size.real.mid()) and size.real.mid().is_integer() and size.real >= 1)


def _ball_of_power(x: acb, q: Fraction) -> acb:
    if q < 0:
        return 1 / _ball_of_power(x, -q)
    if q.denominator == 1:
        return x ** int(q)
    root = x.sqrt() if q.denominator == 2 else acb(0) if x == 0 else (x.log() / q.denominator).exp()
    return root ** int(q.numerator)


_WHOLE_PLANE = ("exp", "sinh", "cosh", "tanh", "sin", "cos", "tan", "csch", "sech", "coth", "csc", "sec", "cot")
_ON_BRANCHES = ("log", "asinh", "acosh", "atanh", "asin", "acos", "atan")
BALLS: dict[str, Callable[..., acb]] = {
    "pi": acb.pi,
    "I": lambda: acb(0, 1),
    "add": lambda *a: sum(a, acb(0)),
    "mul": lambda *a: reduce(operator.mul, a, acb(1)),
    I: lambda nu, z: z.bessel_i(nu),
    K: lambda nu, z: z.bessel_k(nu),
    **{name: getattr(acb, name) for name in _WHOLE_PLANE},
    **{name: getattr(acb, name) for name in _ON_BRANCHES},
    "acsch": lambda z: (1 / z).asinh(),
    "asech": lambda z: (1 / z).acosh(),
    "acoth": lambda z: (1 / z).atanh(),
    "acsc": lambda z: (1 / z).asin(),
    "asec": lambda z: (1 / z).acos(),
    "acot": lambda z: (1 / z).atan(),
}


# --- the statement in writing -------------------------------------------------------------------------------


class Account(NamedTuple):
    """A statement as it is printed: the relation with its abbreviations, the assumptions, what must not vanish."""

    statement: list[str]
    assumptions: list[str]
    conditions: list[str]


LEVELS = {"sum": 0, "product": 1, "power": 2, "atom": 3}
WORDS = {
    "transpose": "Transpose", "trace": "Trace", "gradient": "MatrixGradient", "average": "NoiseAverage",
    "identity": "Identity", "zero": "ZeroMatrix",
}  # fmt: skip
_DOMAINS = {
    (1,): "> 0", (0, 1): ">= 0", (-1,): "< 0", (-1, 0): "<= 0", (0,): "= 0", (-1, 0, 1): "real", (-1, 1): "real, != 0",
}  # fmt: skip


def account(certificate: Any) -> Account:
    """The statement of a certificate, written out from its nodes alone."""
    nodes, sides = certificate["nodes"], (certificate["lhs"], certificate["rhs"])
    text = Writing(nodes)
    left, right = (text.texts[whole(side, 0, len(nodes) - 1)][0] for side in sides)
    need(certificate["relation"] in RELATIONS, "an unknown relation")
    return Account(
        [f"{left} {certificate['relation']} {right}", *text.abbreviations],
        text.assumptions(),
        list(dict.fromkeys(text.conditions)),
    )


class Writing:
    """Each node as text with its level; what is long, or needed twice, is abbreviated as {1}, {2}, …"""

    def __init__(self, nodes: list[Any]) -> None:
        self.nodes, self.texts, self.signs = nodes, list[tuple[str, str]](), list[Signs]()
        self.abbreviations, self.conditions = list[str](), list[str]()
        need(len(nodes) <= MOST_NODES, "too many nodes")
        uses = _uses(nodes)
        for i, (op, *rest) in enumerate(nodes):
            text, level = self._written(op, rest)
            self.signs.append(self._signs(op, rest))
            if op not in ("number", "symbol", "letter") and len(text) > (SHORTEST if uses[i] > 1 else LONGEST_TEXT):
                self.abbreviations.append(f"{{{len(self.abbreviations) + 1}}} = {text}")
                text, level = f"{{{len(self.abbreviations)}}}", "atom"
            self.texts.append((text, level))

    def at(self, i: Any, level: str = "sum") -> str:
        """The text of a node, in parentheses where its own level is below this one."""
        text, own = self.texts[whole(i, 0, len(self.texts) - 1)]
        return text if LEVELS[own] >= LEVELS[level] else f"({text})"

    def _written(self, op: str, rest: list[Any]) -> tuple[str, str]:
        if op == "number":
            number = str(rational(rest[0]))
            return number, "sum" if number[0] == "-" else "product" if "/" in number else "atom"
        if op in ("symbol", "letter"):
            return _called(rest[0]), "atom"
        if op == "add":
            terms = [self.at(i) for i in rest]
            signed = (f" - {t[1:]}" if t[0] == "-" else f" + {t}" for t in terms[1:])
            return "".join([terms[0], *signed]), "sum"
        if op == "mul":
            return self._product(rest)
        if op == "power":
            return self._power(rest[0], rational(rest[1]))
        if op == "diagonal":
            values = ", ".join(f"{self.at(a)}: {self.at(b)}" for a, b in rest[1])
            return f"DiagonalEntry({self.at(rest[0])}, {values})", "atom"
        need(op in FUNCTIONS, "an unknown function")
        self._exclude(op, rest)
        return (f"{WORDS.get(op, op)}({', '.join(map(self.at, rest))})" if rest else op), "atom"

    def _product(self, factors: list[int]) -> tuple[str, str]:
        """Numbers and factors above the line, negative powers below it."""
        above, below, number = list[str](), list[str](), Fraction(1)
        for i in factors:
            op, *rest = self.nodes[i]
            if op == "number":
                number *= rational(rest[0])
            elif op == "power" and rational(rest[1]) < 0 and self.texts[i][0][0] != "{":
                below.append(self._of_power(rest[0], -rational(rest[1])))
            else:
                above.append(self.at(i, "product") if not above else self.at(i, "power"))
        above = [str(abs(number.numerator)), *above] if abs(number.numerator) != 1 or not above else above
        below = [str(number.denominator), *below] if number.denominator != 1 else below
        text = ("-" if number < 0 else "") + "*".join(above)
        if below:
            text += f"/({'*'.join(below)})" if len(below) > 1 else f"/{below[0]}"
        return text, "sum" if number < 0 else "product"

    def _power(self, base: int, q: Fraction) -> tuple[str, str]:
        if q < 0:
            self._exclude("power", [base])
            return f"1/{self._of_power(base, -q)}", "product"
        return self._of_power(base, q), "atom" if q == HALF else "power"

    def _of_power(self, base: int, q: Fraction) -> str:
        if q == HALF:
            return f"sqrt({self.at(base)})"
        exponent = str(q) if q.denominator == 1 else f"({q})"
        return self.at(base, "atom") if q == 1 else f"{self.at(base, 'atom')}**{exponent}"

    def _exclude(self, op: str, rest: list[int]) -> None:
        """What must not vanish, unless the way it is written shows that it does not."""
        if op in ("power", "log") and self.signs[rest[0]] & ZERO:
            self.conditions.append(f"{self.at(rest[0])} != 0")
        elif op in (I, K):
            self.conditions.append(f"{self.at(rest[1])} != 0")
        elif op in _BY_DIVISION:
            self.conditions.append(f"{op}({self.at(rest[0])}) has a value")

    def _signs(self, op: str, rest: list[Any]) -> Signs:
        if op == "number":
            return sign(rational(rest[0]))
        if op == "symbol":
            return COMPLEX if rest[1] is None else frozenset(whole(s, -1, 1) for s in rest[1])
        if op in ("add", "mul"):
            return reduce(plus if op == "add" else times, (self.signs[i] for i in rest))
        if op == "power":
            return self._signs_of_power(self.signs[rest[0]], rational(rest[1]))
        if op in ("exp", "pi"):
            return POSITIVE if op == "pi" or self.signs[rest[0]] <= ANY else COMPLEX - ZERO
        return COMPLEX

    def _signs_of_power(self, base: Signs, q: Fraction) -> Signs:
        if q.denominator == 1:
            return power(base - ZERO if q < 0 else base, abs(q.numerator))
        return base if base <= NONNEGATIVE else COMPLEX - (ZERO - base)

    def assumptions(self) -> list[str]:
        found = []
        for op, *rest in self.nodes:
            if op == "symbol":
                domain = "complex" if rest[1] is None else _DOMAINS[tuple(sorted(rest[1]))]
                found.append(f"{_called(rest[0])} {domain}")
            if op == "letter":
                found.append(f"{_called(rest[0])} {shown(rest[1])} matrix, {self.at(rest[2])} x {self.at(rest[3])}")
        return found


_BY_DIVISION = {"tanh", "tan", "atanh", *(f"{arc}{name}" for arc in ("", "a") for name in _RECIPROCAL)}


def _uses(nodes: list[Any]) -> list[int]:
    """How often each node is an argument."""
    uses = [0] * len(nodes)
    for _, *rest in nodes:
        for i in rest:
            if type(i) is int and 0 <= i < len(uses):
                uses[i] += 1
    return uses


def _called(name: Any) -> str:
    """A letter as it is; any other name in quotes, so that it is not taken for something else."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", str(name), re.ASCII) and name not in FUNCTIONS and name != "sqrt"
    return str(name) if plain else json.dumps(str(name))


# --- files --------------------------------------------------------------------------------------------------


def _plain(raw: bytes) -> Any:
    """JSON of whole numbers and text in which no key comes twice."""

    def no(text: str) -> Any:
        raise Refused(f"a number that is not whole: {text}")

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs), "a key that comes twice")
        return dict(pairs)

    need(len(raw) <= LARGEST_FILE, "the file is too large")
    return json.loads(raw.decode("utf-8"), parse_float=no, parse_constant=no, object_pairs_hook=table)


def _read(path: Path) -> bytes:
    need(path.is_file(), "no such file")
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def recheck_file(path: Path, expected: dict[str, Any]) -> list[tuple[str, Account]]:
    """What the certificates of one claim show, which must be what the manifest says of it."""
    raw = _read(path)
    same_file(raw, expected)
    content = _plain(raw)
    same_claim(content, expected)
    certificates, found = content["certificates"], list[tuple[str, Account]]()
    for name, certificate in certificates.items():
        recheck(certificate, f"{name}: ")
        found.append((name, account(certificate)))
    same_statements(found, expected)
    return found


def same_file(raw: bytes, expected: dict[str, Any]) -> None:
    need(sha256(raw).hexdigest() == expected["sha256"], "the file is not the one that the manifest names")


def same_claim(content: dict[str, Any], expected: dict[str, Any]) -> None:
    need(content["claim"] == expected["id"], "the file speaks of another claim")


def same_statements(found: list[tuple[str, Account]], expected: dict[str, Any]) -> None:
    equations = [dict(equation) for equation in expected["equations"]]
    need(found and len(found) == len(equations), "the file has more or fewer statements than the manifest")
    for (name, account), equation in zip(found, equations, strict=True):
        need({"name": name, **account._asdict()} == equation, f"{name}: the manifest has another statement")


def manifest(path: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The claims of a manifest with a proof, and those without one; Refused where it is none."""
    try:
        content = _plain(_read(path))
        need(content["format"] == MANIFEST_FORMAT, f"the format is not {MANIFEST_FORMAT!r}")
        claims: list[dict[str, Any]] = content["claims"]
        ids = [claim["id"] for claim in claims]
        need(ids and len(set(ids)) == len(ids), "no claims, or one that comes twice")
        need(all(isinstance(i, str) and not set(i) & set("/\\\0") for i in ids), "an id that is no name of a file")
        return claims, {shown(claim): shown(status) for claim, status in content["without a proof"].items()}
    except Exception as fault:
        kind = "" if isinstance(fault, Refused) else f"{type(fault).__name__}: "
        raise Refused(shown(f"{kind}{str(fault)[:80]}")) from None


def _printed(claim: str, statements: list[tuple[str, Account]]) -> Iterator[str]:
    yield shown(claim)
    for name, (statement, assumptions, conditions) in statements:
        yield f"  {shown(name)}: {shown(statement[0])}"
        yield from (f"    where {shown(line)}" for line in statement[1:])
        if assumptions:
            yield f"    for {shown('; '.join(assumptions))}"
        if conditions:
            yield f"    provided {shown('; '.join(conditions))}"


def confine() -> None:
    """No more memory than that, and no words from libraries in C that give up there."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def apart(path: Path, expected: dict[str, Any]) -> list[tuple[str, Account]]:
    """What `recheck_file` finds in a process of its own; leaving this ends the process."""
    with Pool(1, confine) as pool:
        return pool.apply_async(recheck_file, (path, expected)).get(SECONDS)


def _refusal(path: Path, expected: dict[str, Any]) -> str:
    """Why the file of a claim is refused, empty if it is not; what it shows is printed."""
    try:
        print(*_printed(expected["id"], apart(path, expected)), sep="\n")
    except Exception as reason:  # refused, or not to be read; TimeoutError also if the process died
        kind = "" if isinstance(reason, Refused) else f"{type(reason).__name__}: "
        return shown(f"{kind}{reason}")[:200] if str(reason) else f"more than {SECONDS} s or {BYTES} bytes"
    return ""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(shown(message))


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


def command(arguments: list[str] | None = None) -> int:
    """0 where every claim holds as printed, 1 where one does not, 2 where there is nothing to check."""
    parser = _Parser("python -P -m modeflow.recheck", description="Recheck certificates of proof.")
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
    wanted = {f"{claim['id']}.json": claim for claim in claims}
    refused = dict.fromkeys(sorted(files - set(wanted)), "not in the manifest")
    refused |= {name: why for name, claim in wanted.items() if (why := _refusal(given.folder / name, claim))}
    for name, why in refused.items():
        print(f"{shown(name)}: refused: {why}")
    held = len(wanted) - len(set(refused) & set(wanted))
    for claim, status in others.items():
        print(f"{claim}: no certificate: {status}")
    print(f"{held} of {len(wanted)} claims hold as printed, {len(refused)} files refused.")
    print("Checked here: the statements printed above, and that each has a point at which all of it is defined.")
    print(f"Taken from {shown(listed)}: which claims there are, and that these are their statements.")
    return int(bool(refused))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Statements of certificates by numbers: whether they are true, without the prover and the checker; and corruptions."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

import mpmath

Certificate = dict[str, Any]


def statement(c: Certificate) -> Any:
    return [c.get(key) for key in ("nodes", "lhs", "rhs", "relation", "provided", "names")]


_FOR_READERS = ("format", "words", "means", "conditions", "numerator", "denominator", "quotients")
_OPERATIONS = ("add", "mul", "exp", "log", "tanh", "sinh", "cosh", "besseli", "besselk", "transpose", "trace")


def corrupted(raw: Any, rng: random.Random, part: Any = None) -> list[Any]:
    """Change one thing somewhere in a certificate, or in one of its parts; returns where."""
    key = part if part is not None else rng.choice([k for k in raw if k not in _FOR_READERS and raw[k] not in ([], {})])
    holder: Any = raw
    path: list[Any] = [key]
    while isinstance(holder[path[-1]], list | dict) and holder[path[-1]] and (len(path) < 2 or rng.random() < 0.85):
        holder = holder[path[-1]]
        path.append(rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder))))
    holder[path[-1]] = _changed(holder[path[-1]], holder, path[-1], rng)
    return path


def _changed(value: Any, holder: Any, at: Any, rng: random.Random) -> Any:
    if isinstance(value, int):
        return value + rng.choice((-2, -1, 1, 2))
    if isinstance(value, list) and value:
        return rng.choice((value[:-1], value[1:], value[::-1], [*value, value[0]]))
    if isinstance(value, str):
        try:
            return str(rng.choice((-Fraction(value), Fraction(value) + 1, Fraction(value) / 2, Fraction(0))))
        except ValueError:
            return rng.choice(_OPERATIONS)
    return rng.choice((None, 0, [], "1"))


# --- whether a statement is true, by numbers ----------------------------------------------------------------


def true(c: Certificate) -> bool:
    """Whether a statement holds at random points of its domain and for random matrices, by mpmath."""
    held = 0
    for seed in range(6):
        with mpmath.workdps(60):
            try:
                point = Point(c["nodes"], random.Random(seed))
                left, right = point.value(c["lhs"], {}), point.value(c["rhs"], {})
                difference = left - right
            except (ZeroDivisionError, ValueError, mpmath.libmp.ComplexResult, mpmath.libmp.NoConvergence):
                continue
            held += 1
            scale = mpmath.mpf(10) ** -20 * (1 + size(left) + size(right))
            if c["relation"] == "=" and size(difference) > scale:
                return False
            if c["relation"] != "=" and not difference.real >= -scale:
                return False
    return held > 0


def size(value: Any) -> Any:
    return mpmath.mnorm(value) if isinstance(value, mpmath.matrix) else abs(value)


class Point:
    """Random values for the leaves of a statement, and from them the value of any node."""

    def __init__(self, nodes: list[Any], rng: random.Random) -> None:
        self.nodes, self.rng = nodes, rng
        shapes = {i for node in nodes if node[0] in ("letter", "identity", "zero") for i in node[1:] if type(i) is int}
        self.leaves: dict[int, Any] = {}
        for i, (op, *rest) in enumerate(nodes):
            if op == "symbol":
                size = mpmath.mpf(rng.randint(1, 40)) / rng.randint(9, 23)
                sign = mpmath.mpc(1, 1) if rest[1] is None else rng.choice([s for s in rest[1] if s] or [0])
                self.leaves[i] = mpmath.mpf(rng.randint(1, 3)) if i in shapes else size * sign
            if op == "letter":
                self.leaves[i] = self._letter(rest[1], *(int(self.value(k, {})) for k in rest[2:]))

    def _letter(self, kind: str, rows: int, columns: int) -> Any:
        m = mpmath.matrix(rows, columns)
        for r in range(rows):
            for c in range(columns):
                if kind != "diagonal" or r == c:
                    m[r, c] = mpmath.mpf(self.rng.randint(-9, 9)) / 7
        if kind == "symmetric":
            m = m + m.T
        return mpmath.qr(m)[0] if kind == "orthogonal" else m

    def value(self, i: int, changed: dict[int, Any]) -> Any:
        op, *rest = self.nodes[i]
        if op in ("symbol", "letter"):
            return changed.get(i, self.leaves[i])
        if op in ("pi", "I"):
            return mpmath.pi + 0 if op == "pi" else mpmath.mpc(0, 1)
        if op == "number":
            return mpmath.mpf(Fraction(rest[0]).numerator) / Fraction(rest[0]).denominator
        if op == "average":
            return self._average(rest[0], rest[1], self.value(rest[2], changed), changed)
        if op == "gradient":
            return self._gradient(rest[0], rest[1], changed)
        if op == "diagonal":  # the entries of diagonal letters at one place, as matrices of one row
            return self.value(rest[0], changed | {a: mpmath.matrix([[self.value(b, changed)]]) for a, b in rest[1]})[0]
        if op == "power":
            return self._power(self.value(rest[0], changed), Fraction(rest[1]))
        arguments = [self.value(k, changed) for k in rest]
        if op in ("add", "mul"):
            return reduce(operator.add if op == "add" else operator.mul, arguments)
        if op == "log" and arguments[0] == 0:
            raise ZeroDivisionError
        return getattr(mpmath, op)(*arguments) if op not in _MATRICES else _MATRICES[op](*arguments)

    def _power(self, base: Any, q: Fraction) -> Any:
        return base**q.numerator if q.denominator == 1 else mpmath.power(base, mpmath.mpf(q.numerator) / q.denominator)

    def _average(self, of: int, noise: int, covariance: Any, changed: dict[int, Any]) -> Any:
        """For f of degree two with bilinear part B, the mean is f(0) + ½ sum of C_ik·B(e_ij, e_kj)."""
        zero = self.leaves[noise] * 0

        def f(*places: tuple[int, int]) -> Any:
            at = zero.copy()
            for place in places:
                at[place] += 1
            return self.value(of, changed | {noise: at})

        total = f()
        for i, k, j in product(range(zero.rows), range(zero.rows), range(zero.cols)):
            total += covariance[i, k] * (f((i, j), (k, j)) - f((i, j)) - f((k, j)) + f()) / 2
        return total

    def _gradient(self, of: int, letter: int, changed: dict[int, Any]) -> Any:
        here = self.leaves[letter]
        slope, h = here * 0, mpmath.mpf(10) ** -15
        for r in range(here.rows):
            for c in range(here.cols):
                step = here * 0
                step[r, c] = h
                up, down = (self.value(of, changed | {letter: s}) for s in (here + step, here - step))
                slope[r, c] = (up - down) / (2 * h)
        return slope


_MATRICES: dict[str, Callable[..., Any]] = {
    "identity": lambda n: mpmath.eye(int(n)),
    "zero": lambda n, m: mpmath.zeros(int(n), int(m)),
    "transpose": lambda m: m.T,
    "trace": lambda m: sum(m[i, i] for i in range(m.rows)),
}

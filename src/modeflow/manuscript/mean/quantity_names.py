"""The names that one quantity has: which of them a claim uses, and what the others are in its letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy

from .subject import Subject, function, letter

# A symbol, and the function of time that it is a value of.
_TWINS = {"v": "v_t", "y": "y_t", "P": "P_t", "w1": "w_1", "w2": "w_2", "theta0": "theta"}


def meanings(matrices: bool) -> list[dict[Any, Any]]:
    """Names in others that say the same: the second moment in the data or its eigenvectors, scalars in the weights."""
    if matrices:
        X, V, Sigma, Lambda = (letter(n) for n in ("X", "V", "Sigma", "Lambda"))
        return [{Sigma: X * X.T}, {Sigma: V * Lambda * V.T}, {Lambda: V.T * X * X.T * V}]
    t, a, b = letter("t"), letter("a"), letter("b")
    one, other = function("w_1")(t), function("w_2")(t)
    at_start = {"w_1": a, "w_2": b, "w": a * b, "c": b**2 - a**2, "P_t": (a + b) ** 2, "v_t": 1 / (a * b)}
    over_time = {"w": one * other, "c": other**2 - one**2, "P_t": (one + other) ** 2, "v_t": 1 / (one * other)}
    letters = {"w1": one, "w2": other, "u": one * other, "v": 1 / (one * other), "P": (one + other) ** 2}
    letters |= {"w0": a * b, "c0": b**2 - a**2, "p": a + b, "q": b - a}
    return [
        {letter(name): value for name, value in letters.items()}
        | {function(name)(t): value for name, value in over_time.items()}
        | {function(name)(0): value for name, value in at_start.items()}
    ]


def by_weights(pair: tuple[Any, Any], subject: Subject | None = None) -> tuple[Any, Any]:
    """The sides with what the letters stand for put in, and of a law that is kept the weights at the start."""
    t = letter("t")
    symbols = {function(f"w_{n}")(t): letter(f"w{n}") for n in (1, 2)}
    at_start = subject.weights_at_start if subject and subject.conserves else {}
    one, other = (side.xreplace(at_start).xreplace(meanings(matrices=False)[0]).xreplace(symbols) for side in pair)
    return one, other


@dataclass(frozen=True)
class Names:
    """The names of the quantities around a claim."""

    subject: Subject

    def swaps(self) -> dict[Any, Any]:
        """For a symbol, or a function of t, the one that the claim uses for the same quantity."""
        names = self._at_zero() | self.known() | self.subject.starts
        return {letter: value.xreplace(self.subject.put) for letter, value in names.items()} | self.subject.put

    def known(self) -> dict[Any, Any]:
        """Those that do not follow from the values at time 0."""
        used = self.subject.used
        stronger = {weak: strong for strong, weak in self.subject.stronger.items() if weak not in used}
        names = self._of_the_start() | stronger | dict(self._twins())
        if self.subject.moving.keys() >= {letter("w1"), letter("w2")}:
            names |= self._products_of_weights()
        if self.subject.claim.id.endswith(".theta_substitution"):
            names |= self._on_hyperbola()
        return names | self._of_strength() | self._inverted()

    def _of_the_start(self) -> dict[Any, Any]:
        """What belongs to the start, in the letters that the claim has for it."""
        a, b, c0, w0, p, q, theta0 = (letter(n) for n in ("a", "b", "c0", "w0", "p", "q", "theta0"))
        names: dict[Any, Any] = {}
        if {a, b} & self.subject.used:
            names = {c0: b**2 - a**2, w0: a * b, p: a + b, q: b - a}
        elif {p, q} <= self.subject.used:
            names = {a: (p - q) / 2, b: (p + q) / 2, c0: p * q, w0: (p**2 - q**2) / 4}
        elif {c0, theta0} <= self.subject.used:
            names = {w0: c0 * sympy.sinh(theta0) / 2}
            names |= {a: sympy.sqrt(c0) * sympy.sinh(theta0 / 2), b: sympy.sqrt(c0) * sympy.cosh(theta0 / 2)}
        return self._unused(names)

    def _unused(self, names: dict[Any, Any]) -> dict[Any, Any]:
        """Without the letters of the claim."""
        return {symbol: value for symbol, value in names.items() if symbol not in self.subject.used}

    def _on_hyperbola(self) -> dict[Any, Any]:
        """The weights by their angle."""
        c0, angle, t = letter("c0"), letter("theta0"), letter("t")
        w1, w2 = sympy.sqrt(c0) * sympy.sinh(angle / 2), sympy.sqrt(c0) * sympy.cosh(angle / 2)
        weights = {letter("w1"): w1, letter("w2"): w2, function("w_1")(t): w1, function("w_2")(t): w2}
        return {**weights, function("w")(t): w1 * w2, function("theta")(t): angle}

    def _at_zero(self) -> dict[Any, Any]:
        """The functions at time 0, in the letters for the start."""
        a, b, w0, theta0 = (letter(n) for n in ("a", "b", "w0", "theta0"))
        strength = w0 if w0 in self.subject.used else a * b
        at_start = {"w_1": a, "w_2": b, "c": b**2 - a**2, "P_t": (a + b) ** 2, "theta": theta0}
        at_start |= {"w": strength, "v_t": 1 / strength, "y_t": sympy.tanh(theta0 / 2)}
        return {function(name)(0): value for name, value in at_start.items()}

    def _twins(self) -> Iterator[tuple[Any, Any]]:
        t = letter("t")
        letters_used = self.subject.used | set(self.subject.moving)
        for name, over_time in _TWINS.items():
            symbol, path = letter(name), function(over_time)
            if symbol in letters_used and path not in letters_used:
                yield path(t), symbol
            elif path in letters_used and symbol not in letters_used and name != "theta0":
                yield symbol, path(t)

    def _products_of_weights(self) -> dict[Any, Any]:
        """The quantities that are products of the two weights, whose rates follow from theirs."""
        t, w1, w2 = letter("t"), letter("w1"), letter("w2")
        of_weights = {
            letter("u"): w1 * w2,
            function("w")(t): w1 * w2,
            function("c")(t): w2**2 - w1**2,
            letter("P"): (w1 + w2) ** 2,
            function("P_t")(t): (w1 + w2) ** 2,
            letter("v"): 1 / (w1 * w2),
            function("v_t")(t): 1 / (w1 * w2),
        }
        if self.subject.imbalance_stays and self.subject.laws[0][1] != 0:
            of_weights[letter("c0")] = w2**2 - w1**2
        return {
            k: v
            for k, v in of_weights.items()
            if k not in self.subject.used and getattr(k, "func", None) not in self.subject.used
        }

    def _of_strength(self) -> dict[Any, Any]:
        """A strength on the path, the strength over time, and the time, in the letter that the claim has for it."""
        t, x, u, w0 = (letter(n) for n in ("t", "x", "u", "w0"))
        strength, time = function("w")(t), function("T")(x)
        reciprocal, half_angle, angle = (function(n)(t) for n in ("v_t", "y_t", "theta"))
        from_start = [u] if w0 in self.subject.used else []
        by_unknown = {
            time: {strength: x} | self._unused({t: time} | dict.fromkeys(from_start, x)),
            reciprocal: {strength: 1 / reciprocal, u: 1 / reciprocal},
            half_angle: {angle: 2 * sympy.atanh(half_angle)},
            angle: {half_angle: sympy.tanh(angle / 2), letter("y"): sympy.tanh(angle / 2)},
            strength: self._unused({x: strength} | dict.fromkeys(from_start, strength)),
        }
        given = {unknown for unknown, _ in self.subject.unknowns}
        of_law = {strength: u} if u in self.subject.moving else {}
        return next((names for unknown, names in by_unknown.items() if unknown in given), of_law)

    def _inverted(self) -> dict[Any, Any]:
        """The strength in its reciprocal, and the angle in the half-angle, whose rates follow."""
        t, u, v, y = (letter(n) for n in ("t", "u", "v", "y"))
        if v in self.subject.moving:
            return {u: 1 / v, function("w")(t): 1 / v}
        if y in self.subject.moving:
            return {function("theta")(t): 2 * sympy.atanh(y), letter("theta0"): 2 * sympy.atanh(y)}
        return {}

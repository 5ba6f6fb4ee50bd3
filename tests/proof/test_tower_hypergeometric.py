"""Gauss's function in the tower: contiguous relations, transformations, reducible cases, and what is refused."""

import random
from collections.abc import Callable
from functools import partial

import pytest
import sympy
from sympy import Expr, Integer, Rational, exp, factorial, hyper, log, rf, symbols

from modeflow import prove
from modeflow.proof.enclosures import Point, enclose
from modeflow.proof.tower import Fractional, OutsideTower, Tower, prove_zero, with_room

a, b, c, x = symbols("a b c x", positive=True)
y = symbols("y", negative=True)
r = symbols("r", real=True)
inside = x / (1 + x)  # any number between 0 and 1


def gauss(a: Expr, b: Expr, c: Expr, z: Expr) -> Expr:
    return hyper((a, b), (c,), z)


f = gauss(a, b, c, y)
TRUE: dict[str, tuple[Expr, Expr]] = {
    "equation": (y * (1 - y) * f.diff(y, 2) + (c - (a + b + 1) * y) * f.diff(y), a * b * f),
    "raised": (
        gauss(a + 1, b, c, inside) - gauss(a, b, c, inside),
        inside * b / c * gauss(a + 1, b + 1, c + 1, inside),
    ),
    "three terms": (
        (c - a) * gauss(a - 1, b, c, y) + (2 * a - c + (b - a) * y) * f,
        a * (1 - y) * gauss(a + 1, b, c, y),
    ),
    "Euler": (f, (1 - y) ** (c - a - b) * gauss(c - a, c - b, c, y)),
    "Pfaff": (f, (1 - y) ** (-a) * gauss(a, c - b, c, y / (y - 1))),
    "binomial": (gauss(a, b, b, y), (1 - y) ** (-a)),
    "binomial, one step up": (gauss(a, b + 1, b, y), (1 - y) ** (-a - 1) * (1 - y + a * y / b)),
    "logarithm": (gauss(1, 1, 2, y), -log(1 - y) / y),
    "logarithm, raised": (gauss(2, 2, 3, y), 2 / y**2 * (log(1 - y) + y / (1 - y))),
    "polynomial": (gauss(-3, b, c, y), sum(rf(-3, k) * rf(b, k) / rf(c, k) * y**k / factorial(k) for k in range(4))),
    "incomplete beta": (
        (inside**b * gauss(1, b, b + 1, inside)).diff(x),
        b * inside ** (b - 1) / (1 - inside) * inside.diff(x),
    ),
    "at zero": (gauss(a, b, c, Integer(0)), Integer(1)),
    "far apart": (gauss(a, b, c + 3, y).diff(y, 3), rf(a, 3) * rf(b, 3) / rf(c + 3, 3) * gauss(a + 3, b + 3, c + 6, y)),
}


@pytest.mark.parametrize("name", TRUE)
def test_identities_are_proved(name: str) -> None:
    verdict = prove(*TRUE[name])
    assert (verdict.status, verdict.method) == ("proved", "tower")


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("wrong", [lambda e: 2 * e, lambda e: -e, lambda e: e + Rational(1, 10**9)])
def test_near_misses_are_refuted(name: str, wrong: Callable[[Expr], Expr]) -> None:
    lhs, rhs = TRUE[name]
    assert prove(lhs, wrong(rhs)).status == "refuted"


def _elements(expressions: tuple[Expr, ...], tower: Tower) -> list[Fractional]:
    return [tower.element(e) for e in expressions]


@pytest.mark.parametrize("count", [60, pytest.param(300, marks=pytest.mark.slow)])
def test_every_fraction_has_the_value_of_the_function(count: int) -> None:
    """Random parameters, reducible ones among them: two functions written by one another, against Arb."""
    source = random.Random(7)
    compared = 0
    for _ in range(count):
        start = [Rational(source.randint(-9, 9), source.choice((1, 1, 2, 3))) for _ in "ab"]
        start.append(Rational(source.randint(1, 9), source.choice((1, 2, 3))))
        shift = [source.randint(-3, 3), source.randint(-3, 3), source.randint(0, 3)]
        z = -Rational(source.randint(1, 20), 7)
        (p, q, s), (k, l, m) = start, shift
        pair = (gauss(p, q, s, y), gauss(p + k, q + l, s + m, y))
        fractions, tower = with_room(partial(_elements, pair))
        at = Point({y: z})
        if any(enclose(tower.expression(p), at, 300).contains(0) for p in tower.conditions.values()):
            continue
        for e, fraction in zip(pair, fractions, strict=True):
            difference = enclose(e, at, 300) - enclose(tower.sympy(fraction), at, 300)
            assert difference.contains(0), e
            assert difference.rad() < 1e-40
            compared += 1
    assert compared > 1.6 * count


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (gauss(a, b, c, r), "z < 1 and c > 0 are not known"),
        (gauss(a, b, r, y), "z < 1 and c > 0 are not known"),
        (gauss(a, b, c, 1 + x), "z < 1 and c > 0 are not known"),
        (hyper((a, b, c), (1, 2), y), "only 2F1"),
        (hyper((a,), (c,), y), "only 2F1"),
        (gauss(a, b, c, y) - gauss(a + 60, b, c, y), "more than 40 steps"),
    ],
)
def test_what_is_outside(expression: Expr, reason: str) -> None:
    with pytest.raises(OutsideTower, match=reason):
        prove_zero(expression)


def test_a_point_on_the_cut_refutes_nothing() -> None:
    """Beyond 1 the value is a convention: SymPy's and Arb's differ in the sign of the imaginary part."""
    assert prove(gauss(1, 1, 2, Integer(3)), gauss(1, 1, 2, Integer(3)) + exp(-1)).status != "proved"
    assert prove(gauss(1, 1, 2, 2 + x), -log(-1 - x) / (2 + x)).status == "undecided"


def test_the_limit_at_one_is_no_value() -> None:
    assert prove(gauss(1, 1, 2, Integer(1)), sympy.oo).status in ("undecided", "refuted")

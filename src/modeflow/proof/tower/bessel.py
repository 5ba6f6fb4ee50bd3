"""Modified Bessel functions in the tower: every order ν + n by the pair of orders ν and ν + 1.

I_{μ-1} - I_{μ+1} = (2μ/z) I_μ and K_{μ+1} - K_{μ-1} = (2μ/z) K_μ (DLMF 10.29.1) bring any order to the pair, and the
Wronskian I_ν K_{ν+1} + I_{ν+1} K_ν = 1/z (DLMF 10.28.2) makes K_{ν+1} a fraction in the other three, which are the
generators. Half-integer orders are elementary (DLMF 10.49).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Expr, Rational, besseli, besselk, cosh, exp, pi, sinh, sqrt

from ..signs import POSITIVE, Signs

if TYPE_CHECKING:
    from .conversion import Tower
    from .ring import Fractional

FARTHEST = 40  # integer steps that the recurrence may take


@dataclass(frozen=True)
class Pair:
    """The values of one kind of function at orders `order` and `order` + 1 of one argument."""

    order: Fractional
    argument: Fractional
    here: dict[str, Fractional]
    above: dict[str, Fractional]


def element(tower: Tower, e: Expr) -> Fractional:
    """besseli(order, z) or besselk(order, z) as a fraction of generators; the order and z are in the tower."""
    kind = type(e).__name__
    order, argument = (tower.element(a) for a in e.args)
    for pair in tower.bessel_pairs:
        if tower.is_zero(tower.subtract(argument, pair.argument)):
            steps = _steps(tower, pair, kind, order)
            if steps is not None:
                return _shifted(tower, pair, kind, _near(steps, e))
    tower.bessel_pairs.append(_new_pair(tower, order, argument, *e.args))
    return element(tower, e)


def _steps(tower: Tower, pair: Pair, kind: str, order: Fractional) -> int | None:
    """How many orders above the pair's own; K_{-μ} = K_μ."""
    orders = (order, tower.negative(order)) if kind == "besselk" else (order,)
    found = (_integer(tower, tower.subtract(same, pair.order)) for same in orders)
    return next((steps for steps in found if steps is not None), None)


def _near(steps: int, e: Expr) -> int:
    from .ring import OutsideTower

    if abs(steps) > FARTHEST:
        raise OutsideTower(f"{e} is outside the tower: more than {FARTHEST} orders from another one")
    return steps


def _integer(tower: Tower, a: Fractional) -> int | None:
    """The integer that a fraction is, if it is one."""
    value = tower.number(a)
    return value.numerator if value is not None and value.denominator == 1 else None


def _new_pair(tower: Tower, order: Fractional, argument: Fractional, nu: Expr, z: Expr) -> Pair:
    positive = tower.signs(argument) == POSITIVE
    number = tower.number(order)
    if number is not None and number.denominator == 2 and positive:
        return _elementary_pair(tower, argument, z)
    signs = POSITIVE if positive and _above_minus_one(tower, order) else None
    first, second = (tower.variable(tower.new("bessel", besseli(nu + k, z), signs)) for k in (0, 1))
    third = tower.variable(tower.new("bessel", besselk(nu, z), POSITIVE if positive and signs else None))
    wronskian = tower.subtract(tower.inverse(argument), tower.multiply(second, third))
    fourth = tower.multiply(wronskian, tower.inverse(first))
    return Pair(order, argument, {"besseli": first, "besselk": third}, {"besseli": second, "besselk": fourth})


def _above_minus_one(tower: Tower, order: Fractional) -> bool:
    signs: Signs | None = tower.signs(tower.add(order, tower.constant(1)))
    return signs == POSITIVE


def _elementary_pair(tower: Tower, argument: Fractional, z: Expr) -> Pair:
    """Orders -1/2 and 1/2."""
    growing, fading = sqrt(2 / (pi * z)), sqrt(pi / (2 * z)) * exp(-z)
    return Pair(
        tower.constant(Rational(-1, 2)),
        argument,
        {"besseli": tower.element(growing * cosh(z)), "besselk": tower.element(fading)},
        {"besseli": tower.element(growing * sinh(z)), "besselk": tower.element(fading)},
    )


def _shifted(tower: Tower, pair: Pair, kind: str, steps: int) -> Fractional:
    """The function `steps` orders above the pair's own."""
    sign = -1 if kind == "besseli" else 1
    low, high = pair.here[kind], pair.above[kind]
    order = pair.order
    while steps > 1:  # f_{μ+1} = f_{μ-1} ± (2μ/z) f_μ
        middle = tower.add(order, tower.constant(1))
        low, high = high, tower.add(low, _ratio(tower, pair, middle, high, sign))
        order, steps = middle, steps - 1
    while steps < 0:  # f_{μ-1} = f_{μ+1} ∓ (2μ/z) f_μ
        low, high = tower.add(high, _ratio(tower, pair, order, low, -sign)), low
        order, steps = tower.add(order, tower.constant(-1)), steps + 1
    return high if steps == 1 else low


def _ratio(tower: Tower, pair: Pair, mu: Fractional, value: Fractional, sign: int) -> Fractional:
    scaled = tower.multiply(tower.constant(2 * sign), tower.multiply(mu, value))
    return tower.multiply(scaled, tower.inverse(pair.argument))

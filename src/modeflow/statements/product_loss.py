"""Losses that are a function of one product of the weights: f(h), h = ∏ wᵢ^mᵢ.

The multiplicities are read off the slopes: wᵢ·∂loss/∂wᵢ = mᵢ·h·f'(h). An absolute value is taken by the sign that its
argument has at the start, and the answer holds as long as that sign does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd, lcm
from typing import Any

import sympy
from sympy import Abs, Dummy, Expr, Mul, Symbol, cancel, diff, together

from ..language.solve import NoClosedForm
from ..proof.prove import prove


@dataclass(frozen=True)
class ProductLoss:
    """f(h) of the product h = ∏ wᵢ^mᵢ.

    Attributes:
        weights: the symbols.
        multiplicities: the powers mᵢ, positive whole numbers without a common factor.
        product: the letter h.
        loss: f, in h.
    """

    weights: tuple[Symbol, ...]
    multiplicities: tuple[int, ...]
    product: Symbol
    loss: Expr

    @property
    def slope(self) -> Expr:
        """f'(h)."""
        return without_common_factors(diff(self.loss, self.product))

    def of(self, values: Sequence[Expr]) -> Expr:
        """h where the weights have these values."""
        return Mul(*(v**m for v, m in zip(values, self.multiplicities, strict=True)))


def with_absolute_values(loss: Expr, weights: Sequence[Symbol]) -> Expr:
    """A loss with max(a, b), as of a hinge, by |a - b|; ValueError for steps in the weights, which have no slope."""
    jumping = loss.atoms(sympy.floor, sympy.ceiling, sympy.Heaviside, sympy.DiracDelta)
    if steps := [step for step in jumping if step.has(*weights)]:
        raise ValueError(f"loss = {loss}: {min(steps, key=str)} has no slope to descend; give a loss without steps")
    return loss.rewrite(Abs) if loss.has(sympy.Max, sympy.Min) else loss


def product_loss(loss: Expr, weights: Sequence[Symbol]) -> ProductLoss | None:
    """The loss as a function of a product of all weights; None where it is not seen to be one."""
    smooth = loss.xreplace({bend: Dummy("sigma", real=True) * bend.args[0] for bend in loss.atoms(Abs)})
    multiplicities = _multiplicities(smooth, weights)
    if multiplicities is None:
        return None
    h = Dummy("h", real=True)
    powers = _bezout(multiplicities)
    along = {w: h**p for w, p in zip(weights, powers, strict=True)}
    of_product = without_common_factors(loss.subs(along, simultaneous=True))
    found = ProductLoss(tuple(weights), multiplicities, h, of_product)
    return found if _agree(loss, of_product.xreplace({h: found.of(weights)})) else None


def _agree(one: Expr, other: Expr) -> bool:
    return sympy.expand(one - other) == 0 or prove(one, other).status == "proved"


def without_common_factors(e: Expr) -> Expr:
    """A fraction in lowest terms, with exponentials as letters; itself where it is none."""
    try:
        return cancel(together(e))
    except sympy.PolynomialError:
        return e


def _multiplicities(loss: Expr, weights: Sequence[Symbol]) -> tuple[int, ...] | None:
    """Whole numbers in the ratio of wᵢ·∂loss/∂wᵢ."""
    slopes = [w * diff(loss, w) for w in weights]
    if any(slope == 0 for slope in slopes):
        return None
    ratios = [without_common_factors(slope / slopes[0]) for slope in slopes]
    if not all(r.is_Rational and r.is_positive for r in ratios):
        return None
    whole = reduce(lcm, (int(r.q) for r in ratios))
    counts = [int(r * whole) for r in ratios]
    common = reduce(gcd, counts)
    return tuple(count // common for count in counts)


def _bezout(multiplicities: Sequence[int]) -> list[int]:
    """Whole numbers p with Σ mᵢ·pᵢ = 1."""
    powers, total = [1], multiplicities[0]
    for m in multiplicities[1:]:
        one, other, total = (int(x) for x in sympy.gcdex(sympy.Integer(total), sympy.Integer(m)))
        powers = [p * one for p in powers] + [other]
    return powers


def unbent(loss: Expr, start: Mapping[Symbol, Expr]) -> tuple[Expr, list[Expr]]:
    """The loss without absolute values, by the signs at the start, and what has to stay positive for that."""
    put, kept = dict[Any, Expr](), list[Expr]()
    for bend in sorted(loss.atoms(Abs), key=str):
        inside = bend.args[0]
        if not inside.free_symbols & set(start):
            continue
        sign = sign_of(inside.subs(start, simultaneous=True))
        if not sign:
            raise NoClosedForm(
                f"no closed form known: {bend} has a kink where {inside} = 0, and the start does not say on which side "
                "it is; give a start for which its sign is known, such as positive numbers"
            )
        put[bend] = sign * inside
        kept.append(sign * inside)
    return loss.xreplace(put), kept


def sign_of(value: Expr) -> int:
    """1 or -1 where the sign is known, else 0."""
    if value.is_positive or value.is_negative:
        return 1 if value.is_positive else -1
    for sign in (1, -1):
        if value.free_symbols and prove(sign * value, 0, relation=">").status == "proved":
            return sign
    return 0

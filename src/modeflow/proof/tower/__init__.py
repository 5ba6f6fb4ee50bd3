"""Exact algebra: an expression as a fraction of polynomials in generators, with relations between them.

Each generator stands for something transcendental or algebraic: a symbol, pi, i, exp(a), log(a), a^(1/q). Every
step of the conversion is an identity that holds at each point allowed by the assumptions, principal branches
included, as long as no denominator vanishes; those denominators are collected as conditions. An expression is
zero when its numerator reduces to zero modulo the relations r^q = a of the roots.

Two facts carry everything: exp turns rational combinations of exponents into monomials, so one generator per
rationally independent exponent is enough; and a positive factor may be taken out of a root or a logarithm, but
no other factor may.

    ring → signed → powers → zeros → conversion
"""

from .conversion import Tower, prove_zero, signs_of, with_room
from .ring import Fractional, Generator, OutsideTower, ZeroDenominator

__all__ = [
    "Fractional",
    "Generator",
    "OutsideTower",
    "Tower",
    "ZeroDenominator",
    "prove_zero",
    "signs_of",
    "with_room",
]

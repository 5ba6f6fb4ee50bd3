"""Positive polynomials in one letter as sums of squares with rational coefficients.

A little of every even power is taken from the polynomial p. What is left is its leading coefficient times
(u + iv)(u - iv) = u² + v², where u + iv has the roots of p above the real line. Once u and v are rounded to rational
numbers, a small remainder is left. Its odd powers become squares at the cost of the even powers beside them, which were
kept for that: S. Chevillard, J. Harrison, M. Joldes, C. Lauter, Efficient and accurate computation of upper bounds of
approximation errors, Theoretical Computer Science 412 (2011).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from math import ceil
from typing import cast

from flint import acb, arb, ctx, fmpq, fmpq_mpoly, fmpq_poly, fmpz

from ..signs import NONNEGATIVE, NONPOSITIVE, Signs

Product = tuple[fmpq, list[tuple[fmpq_mpoly, int]]]  # a number times powers of polynomials
Squares = tuple[tuple[fmpq, tuple[fmpq, ...]], ...]  # Σ c·q(x)²: each c > 0, and the coefficients of q, from 1 on

LARGEST_DEGREE = 24
_MOST_DIGITS = 400  # bits of a coefficient
_ROUNDINGS = (8, 16, 32, 64, 128, 256, 512)  # bits behind the point


@cache
def weighted_squares(coefficients: tuple[fmpq, ...]) -> Squares | None:
    """Σ c·q(x)² of a polynomial that is positive for all real x, with a constant among the squares; None of another.

    coefficients: those of 1, x, x², …, at most as many as LARGEST_DEGREE has powers, and of moderate size.
    """
    p = fmpq_poly(list(coefficients))
    if p.degree() % 2 or not 0 < p.degree() <= LARGEST_DEGREE or min(p[0], p[p.degree()]) <= 0 or _is_long(p):
        return None
    if not _is_positive(p):
        return None
    for bits in _ROUNDINGS:
        kept = _kept(p, fmpq(1, fmpz(2) ** bits))
        if kept is not None and (squares := _decomposed(p, kept, 2 * bits)) is not None:
            return squares
    return None


def _is_long(p: fmpq_poly) -> bool:
    return any(max(abs(c.p), c.q).bit_length() > _MOST_DIGITS for c in map(fmpq, p.coeffs()))


def _is_positive(p: fmpq_poly) -> bool:
    """Whether a polynomial with a positive constant has no real root; the imaginary part of one is exactly 0."""
    return all(not root.imag.is_zero() for root in _roots(p))


def _roots(p: fmpq_poly) -> list[acb]:
    found = cast("list[tuple[acb, int]]", p.numer().complex_roots())
    return [root for root, _ in found]


def _even_powers(p: fmpq_poly) -> fmpq_poly:
    return fmpq_poly([1 - k % 2 for k in range(p.degree() + 1)])


def _kept(p: fmpq_poly, least: fmpq) -> fmpq | None:
    """How much of every even power can be taken from p: a power of 1/2 from the ends of p down to `least`."""
    part = min(fmpq(1), p[0], p[p.degree()])
    part = fmpq(1, fmpz(2) ** max(0, ceil(float(-arb(part).log() / arb(2).log())) + 1))
    while part >= least:
        if _is_positive(p - part * _even_powers(p)):
            return part
        part /= 2
    return None


def _decomposed(p: fmpq_poly, kept: fmpq, bits: int) -> Squares | None:
    """The squares, where rounding to so many bits behind the point leaves little enough; else None."""
    less = p - kept * _even_powers(p)
    leading = less[less.degree()]
    u, v = _above_the_line(less, bits)
    rest = p - leading * (u * u + v * v)
    found = [(leading, u), (leading, v), *_of_small(rest, p.degree() // 2)]
    squares = tuple((c, tuple(map(fmpq, q.coeffs()))) for c, q in found if c != 0 and q.degree() >= 0)
    return squares if all(c > 0 for c, _ in squares) and rest[0] > 0 and found[-1][0] > 0 else None


def _above_the_line(p: fmpq_poly, bits: int) -> tuple[fmpq_poly, fmpq_poly]:
    """Real and imaginary part of the product of x - z over the roots z above the real line, rounded."""
    with ctx.workprec(4 * bits + 64):
        product = [acb(1)]
        for root in (z for z in _roots(p) if z.imag > 0):
            product = [
                before - root * here for before, here in zip([acb(0), *product], [*product, acb(0)], strict=True)
            ]
        return (
            fmpq_poly([_rounded(c.real, bits) for c in product]),
            fmpq_poly([_rounded(c.imag, bits) for c in product]),
        )


def _rounded(x: arb, bits: int) -> fmpq:
    whole = (x * arb(2) ** bits).mid().floor().unique_fmpz()
    assert whole is not None
    return fmpq(whole, fmpz(2) ** bits)


def _of_small(rest: fmpq_poly, half: int) -> Iterator[tuple[fmpq, fmpq_poly]]:
    """Σ c·q² of what is left, where its even powers outweigh the odd ones; the weight of 1 comes last."""
    x, even = fmpq_poly([0, 1]), [rest[2 * k] for k in range(half + 1)]
    for k in range(half):
        odd = rest[2 * k + 1]
        share = abs(odd) / 2
        even[k], even[k + 1] = even[k] - share, even[k + 1] - share
        yield share, x ** (k + 1) + (x**k if odd > 0 else -(x**k))
    for k in range(half, -1, -1):
        yield even[k], x**k


def on_half_line(coefficients: Sequence[fmpq]) -> tuple[Squares, Squares] | None:
    """The squares of a and of b with p = Σ c·a(x)² + x·Σ c·b(x)², where p is positive for all x >= 0; else None."""
    doubled = [c for one in coefficients for c in (one, fmpq(0))][:-1]  # of p(y²), where x = y²
    squares = weighted_squares(tuple(doubled))
    if squares is None:
        return None
    even, odd = (tuple((c, q[first::2]) for c, q in squares if any(q[first::2])) for first in (0, 1))
    return even, odd


def in_letters(
    coefficients: Sequence[fmpq], letters: tuple[fmpq_mpoly, fmpq_mpoly], signs: tuple[Signs, Signs]
) -> list[Product]:
    """Terms c·(letters)·q² of one sign that add up to Σ aₖxᵏyⁿ⁻ᵏ, n + 1 coefficients; none where there are no such.

    letters, signs: x and y, and the signs that they can have; y may be the number 1.
    """
    (x, y), degree = letters, len(coefficients) - 1
    sign = 1 if coefficients[0] > 0 else -1
    numbers = [sign * c for c in coefficients]

    def products(squares: Squares, *beside: fmpq_mpoly) -> list[Product]:
        top = (degree - len(beside)) // 2
        roots = [(c, sum((q * x**k * y ** (top - k) for k, q in enumerate(root)), x * 0)) for c, root in squares]
        return [(sign * c, [*((letter, 1) for letter in beside), (root, 2)]) for c, root in roots]

    if degree % 2 == 0 and (everywhere := weighted_squares(tuple(numbers))) is not None:
        return products(everywhere)
    if not all(known <= NONNEGATIVE or known <= NONPOSITIVE for known in signs):
        return []
    if not signs[0] <= NONNEGATIVE:
        x, numbers = -x, [-c if k % 2 else c for k, c in enumerate(numbers)]
    if not signs[1] <= NONNEGATIVE:
        y, numbers = -y, [-c if (degree - k) % 2 else c for k, c in enumerate(numbers)]
    if numbers[0] < 0:
        sign, numbers = -sign, [-c for c in numbers]
    found = on_half_line(numbers)
    if found is None:
        return []
    beside = ((), (x, y)) if degree % 2 == 0 else ((y,), (x,))
    return [*products(found[0], *beside[0]), *products(found[1], *beside[1])]

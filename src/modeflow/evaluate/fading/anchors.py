"""Many times on one mode: X, Y, alpha at anchors, and the Taylor series about the nearest anchor in between."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np

from .modes import Array, Curves, Indices, Mask, Mode, Triple
from .points import directly
from .powers import powers
from .taylor import Operator, applied, derivatives

SPACING = 0.7  # of anchors in (mu + z)·delta + DENSITY·delta
DENSITY = 3.5
TERMS = 16
SHARE = 6  # points that a mode must have for each anchor
INVERSE_FACTORIALS = np.array([1 / factorial(n) for n in range(TERMS)])
LONGEST_CHAIN = 256  # anchors reached one from the other, each of which adds its rounding


def number_of_anchors(mode: Mode, delta: Array) -> Array:
    """How many anchors there are from the start to delta, as real numbers, for they may be very many."""
    number: Array = np.ceil(_number(mode.mu, mode.z0, delta)) + 1
    return number


def _number(mu: Array, z0: Array, delta: Array) -> Array:
    """Which anchor is at delta, as a real number; anchors lie closer together where the mode moves faster."""
    number: Array = (z0 * -np.expm1(-delta) + (mu + DENSITY) * delta) / SPACING
    return number


def _place(mu: Array, z0: Array, number: Array) -> Array:
    """The delta of an anchor, nearly: Newton's method, from the left on a concave function."""
    way = number * SPACING
    delta = np.maximum(way / (mu + z0 + DENSITY), (way - z0) / (mu + DENSITY))
    for _ in range(30):
        rest = way - SPACING * _number(mu, z0, delta)
        delta += rest / (mu + z0 * np.exp(-delta) + DENSITY)
        if rest.max() < 0.01 * SPACING:
            break
    return delta


@dataclass(frozen=True)
class Anchors:
    """The anchors of all modes, mode by mode, and the Taylor series about them."""

    count: Indices  # of each mode
    offset: Indices  # the first of each mode
    delta: Array
    step: Array  # the x of the series are in units of this
    terms: Operator  # [., n, i]: of the operator that takes X, Y, alpha from anchor i to x = step


def anchored(curves: Curves, count: Indices) -> Triple:
    """X, Y, alpha by the Taylor series about the nearest of `count` anchors on each mode."""
    mode = curves.mode
    owner = np.repeat(np.arange(count.size), count)
    anchors = _anchors(mode, count, owner)
    state = _states(mode, owner, anchors)
    coefficients = np.empty((owner.size, 3, TERMS))
    for i, values in enumerate(applied(anchors.terms, *state)):
        coefficients[:, i] = values.T
    number = _number(curves.at_points(mode.mu), curves.at_points(mode.z0), curves.delta)
    nearest = curves.at_points(anchors.offset) + np.rint(number).astype(np.intp)
    x = -np.expm1(anchors.delta[nearest] - curves.delta) / anchors.step[nearest]
    sums = np.einsum("pin,np->ip", coefficients.take(nearest, axis=0), powers(x, TERMS))
    return sums[0], sums[1], sums[2]


def placed(mode: Mode, count: Indices, owner: Indices) -> tuple[Array, Array]:
    """delta of each anchor, and the step that its series are in units of."""
    mu, z0 = mode.mu[owner], mode.z0[owner]
    first = np.cumsum(count) - count
    delta = _place(mu, z0, (np.arange(owner.size) - first[owner]).astype(np.float64))
    return delta, SPACING / (mu + z0 * np.exp(-delta) + DENSITY)


def _anchors(mode: Mode, count: Indices, owner: Indices) -> Anchors:
    delta, step = placed(mode, count, owner)
    mu, z = mode.mu[owner], mode.z0[owner] * np.exp(-delta)
    terms = np.empty((2, TERMS, owner.size), np.complex128)
    for n, derivative in enumerate(derivatives(mu, z, step, TERMS)):
        terms[:, n] = derivative
    terms *= INVERSE_FACTORIALS[:, None]
    return Anchors(count, np.cumsum(count) - count, delta, step, terms)


def _states(mode: Mode, owner: Indices, anchors: Anchors) -> Triple:
    state = np.empty((owner.size, 3))
    short = anchors.count <= LONGEST_CHAIN
    if short.any():
        _fill_chains(state, short, mode, anchors)
    if not short.all():
        long = ~short[owner]
        state[long] = np.transpose(directly(Curves(mode, owner, anchors.delta).part(long)))
    return state[:, 0], state[:, 1], state[:, 2]


def _fill_chains(state: Array, short: Mask, mode: Mode, anchors: Anchors) -> None:
    """The states at the anchors of the chosen modes, each from the one before."""
    onwards = _onwards(anchors)
    start = np.stack([mode.p0, mode.q0, 2 * mode.a], axis=1)[short].tolist()
    offsets, counts = anchors.offset[short].tolist(), anchors.count[short].tolist()
    for (X, Y, alpha), offset, count in zip(start, offsets, counts, strict=True):
        chain = [(X, Y, alpha)]
        for (a, b, _), (c, d, _), (e, f, g) in onwards[offset : offset + count - 1].tolist():
            X, Y, alpha = a * X + b * Y, c * X + d * Y, e * X + f * Y + g * alpha
            chain.append((X, Y, alpha))
        state[offset : offset + count] = chain


def _onwards(anchors: Anchors) -> Array:
    """What takes (X, Y, alpha) from each anchor to the next one, by way of the middle: entries >= 0."""
    half = np.diff(anchors.delta) / 2
    pairs = np.add.outer([0, 1], np.arange(half.size))
    x = powers((-np.expm1([-half, half]) / anchors.step[pairs]).ravel(), TERMS)
    forth, turn = np.einsum("onp,np->op", anchors.terms[..., pairs.ravel()], x).reshape(2, 2, -1)
    forth[1], turn[1] = forth[1].conj(), -turn[1]  # the inverse of the step back from the next one
    first, second = _matrix(forth, turn)
    onwards: Array = second @ first
    return onwards


def _matrix(forth: Operator, turn: Operator) -> Array:
    """The operator as it acts on (X, Y, alpha), on the last two axes."""
    D, G, E, F = forth.real, forth.imag, turn.real, turn.imag
    matrix = np.zeros((*D.shape, 3, 3))
    matrix[..., 0, 0], matrix[..., 0, 1] = D + E, F + G
    matrix[..., 1, 0], matrix[..., 1, 1] = F - G, D - E
    matrix[..., 2, 0] = matrix[..., 2, 1] = E + G
    matrix[..., 2, 2] = D - F
    return matrix

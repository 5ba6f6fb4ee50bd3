"""Reference values: the textbook formulas in ball arithmetic (Arb), with as many bits as it takes.

Nothing here is arranged to round well; every value is a ball that provably contains the true one, and the
working precision is doubled until the ball is small. The formulas are other ones than the evaluators compute:
the Riccati solution for P = (w1 + w2)², the logistic for weights of one size, and for learning times the
logarithm as it comes out of the integral.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import arb, ctx

BITS = 170  # 50 decimal digits
MOST_BITS = 20_000
STEP_BITS = 220  # relative step of the difference quotients: 2^-220
VANISHING_BITS = 1100  # below 2^-1100 every double is 0; smaller values are not resolved further

Ball = Any
Formula = Callable[..., tuple[Ball, ...]]


def path(t: Ball, lam: Ball, eps: Ball, gamma: Ball, a: Ball, b: Ball) -> tuple[Ball, Ball, Ball, Ball]:
    """(w, w1, w2, loss) at time t (in units of tau) from weights a, b; with gamma > 0 only if |a| = |b|."""
    first, second = _equal(t, lam, eps, gamma, a, b) if a in (b, -b) else _unequal(t, lam, eps, a, b)
    w = first * second
    loss = (lam * (1 - w) ** 2 + eps * w**2 + gamma * (first**2 + second**2)) / 2
    return w, first, second, loss


def _unequal(t: Ball, lam: Ball, eps: Ball, a: Ball, b: Ball) -> tuple[Ball, Ball]:
    xi = lam + eps
    if xi == 0:
        return a, b
    p, c = a + b, b**2 - a**2
    rho = (4 * lam**2 + xi**2 * c**2).sqrt()
    high, low = (2 * lam + rho) / xi, (rho - 2 * lam) / xi
    # P' = -(xi/2)(P - high)(P + low); the ratio (P - high)/(P + low) decays at the rate rho.
    ratio = (p**2 - high) / (p**2 + low) * (-rho * t).exp()
    grown = (high + low * ratio) / (1 - ratio)
    p_now = grown.sqrt() * (1 if p > 0 else -1)
    q_now = c / p_now
    return (p_now - q_now) / 2, (p_now + q_now) / 2


def _equal(t: Ball, lam: Ball, eps: Ball, gamma: Ball, a: Ball, b: Ball) -> tuple[Ball, Ball]:
    kappa = (lam if a == b else -lam) - gamma
    growth = (2 * kappa * t).exp()
    spread = 2 * t if kappa == 0 else (growth - 1) / kappa
    size = (growth / (1 + (lam + eps) * a**2 * spread)).sqrt()
    return a * size, b * size


def fixed_point(t: Ball, lam: Ball, eps: Ball, gamma: Ball, a: Ball, b: Ball) -> tuple[Ball]:
    """The strength at which a growing mode comes to rest; 0 without signal and for a mode that the decay outweighs."""
    return ((lam - gamma) / (lam + eps) if lam > gamma else arb(0),)


def learning_time(target: Ball, lam: Ball, eps: Ball, gamma: Ball, a: Ball, b: Ball) -> tuple[Ball]:
    """The time, in units of tau, from the weights a, b to the strength `target`, which must be on the way."""
    xi = lam + eps
    if a in (b, -b):
        kappa = (lam if a == b else -lam) - gamma
        start, end = a**2, abs(target)
        if kappa == 0:
            return ((1 / end - 1 / start) / (2 * xi),)
        return ((end * (kappa - xi * start) / (start * (kappa - xi * end))).log() / (2 * kappa),)
    c = b**2 - a**2
    rho = (4 * lam**2 + xi**2 * c**2).sqrt()

    def level(w: Ball) -> Ball:
        return (4 * lam * w + xi * c**2 + rho * (c**2 + 4 * w**2).sqrt()) / (lam - xi * w)

    return ((level(target) / level(a * b)).log() / rho,)


def enclose(formula: Formula, inputs: Sequence[float], bits: int = BITS) -> tuple[Ball, ...]:
    """The formula's values at these floats, exactly as they are, each good to `bits` bits."""
    return _until_sharp(lambda: formula(*(arb(x) for x in inputs)), bits)


def conditioned(formula: Formula, inputs: Sequence[float]) -> tuple[tuple[Ball, ...], tuple[float, ...]]:
    """(values, condition numbers) of a formula in (t or target, lam, eps, gamma, a, b).

    A condition number is Σ|∂ln f/∂ln x| over the inputs. Weights of one size are varied together, which gives
    the smaller number.
    """
    values = enclose(formula, inputs)
    together = abs(inputs[4]) == abs(inputs[5])
    groups = [[0], [1], [2], [3], [4, 5]] if together else [[0], [1], [2], [4], [5]]
    sums = [0.0] * len(values)
    for group in groups:
        if any(inputs[i] for i in group):
            for k, slope in enumerate(_slopes(formula, inputs, group)):
                sums[k] += slope
    return values, tuple(sums)


def _slopes(formula: Formula, inputs: Sequence[float], group: list[int]) -> list[float]:
    """|∂ln f/∂ln x| for the inputs in the group, moved together."""

    def quotients() -> tuple[Ball, ...]:
        exact = [arb(x) for x in inputs]
        step = arb(2) ** -STEP_BITS
        moved = [x * (1 + step) if i in group else x for i, x in enumerate(exact)]
        both = zip(formula(*moved), formula(*exact), strict=True)
        return tuple((new / old - 1) / step if not _vanishes(old) else arb(0) for new, old in both)

    return [abs(float(q)) for q in _until_sharp(quotients, 12, absolute=1e-3)]


def _until_sharp(evaluate: Callable[[], tuple[Ball, ...]], bits: int, absolute: float = 0.0) -> tuple[Ball, ...]:
    work = 512
    while True:
        with ctx.workprec(work):
            values = evaluate()
            if all(_sharp(v, bits, absolute) for v in values):
                return values
        if work > MOST_BITS:
            raise ArithmeticError(f"not resolved with {work} bits: {values}")
        work *= 2


def _sharp(value: Ball, bits: int, absolute: float) -> bool:
    small = value.is_finite() and (value.rel_accuracy_bits() >= bits or value.rad() <= absolute)
    return bool(small) or _vanishes(value)


def _vanishes(value: Ball) -> bool:
    return bool(value.is_finite() and value.abs_upper() < arb(2) ** -VANISHING_BITS) or value == 0

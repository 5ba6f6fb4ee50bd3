"""How accurate the matrix flows in closed form are: error against mpmath, by regime.

Run: python benchmarks/matrices.py [--points 60] [--seed 0]

Starts W0 of D x H normal entries times a power of 10 from 1e-6 to 1e3, second moments of D + 2 normal samples, times
from 1e-9 to 1e3 units of 1/|G|. The unit of error is 2⁻⁵²(1 + |G|t) of the norm of W·Wᵀ, G the generator of the linear
flow; the reference is the textbook form in as many digits as exp(2|G|t) has, and 60 more. `textbook` is that form in
NumPy, E·W0·(I + W0ᵀ·B·G⁻¹(E² − I)·W0)⁻¹·W0ᵀ·E; inf stands for a value that is not finite, or for 1e15 units and more.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import mpmath
import numpy as np
from numpy.typing import NDArray

from modeflow import oja_gram, whitened_gram

Array = NDArray[np.float64]
UNIT = 2.0**-52
HOPELESS = 1e15


class Problem(NamedTuple):
    """A Riccati flow P' = GP + PG − 2PBP: G, b as a function of G's eigenvalues, the start, the time, what computes P.

    pull: slope and intercept of b in the eigenvalue of G.
    """

    generator: Array
    pull: tuple[float, float]
    start: Array
    time: float
    computed: Callable[[], Array]


def reference(problem: Problem) -> Any:
    """P by the textbook form in mpmath."""
    reach = np.linalg.norm(problem.generator, 2) * problem.time
    with mpmath.workdps(60 + int(1.8 * reach)):
        growth, vectors = mpmath.eigsy(mpmath.matrix(problem.generator.tolist()))
        time, (slope, offset) = mpmath.mpf(problem.time), problem.pull
        grown = mpmath.diag([mpmath.exp(g * time) for g in growth])
        held = [(slope * g + offset) * (mpmath.expm1(2 * g * time) / g if g else 2 * time) for g in growth]
        z = vectors.T * mpmath.matrix(problem.start.tolist())
        inner = (mpmath.eye(z.cols) + z.T * mpmath.diag(held) * z) ** -1
        return vectors * grown * z * inner * z.T * grown * vectors.T


def textbook(problem: Problem) -> Array:
    """The same in double precision."""
    with np.errstate(all="ignore"):
        growth, vectors = np.linalg.eigh(problem.generator)
        slope, offset = problem.pull
        grown = (vectors * np.exp(growth * problem.time)) @ vectors.T
        held = (vectors * ((slope * growth + offset) * (np.exp(2 * growth * problem.time) - 1) / growth)) @ vectors.T
        try:
            inner = np.linalg.inv(np.eye(problem.start.shape[1]) + problem.start.T @ held @ problem.start)
        except np.linalg.LinAlgError:
            return np.full_like(problem.generator, np.nan)
        result: Array = grown @ problem.start @ inner @ problem.start.T @ grown
        return result


def error(problem: Problem, computed: Array, exact: Any) -> float:
    """The error of P in the unit."""
    if not np.isfinite(computed).all():
        return float("inf")
    with mpmath.workdps(60):
        off = mpmath.mnorm(mpmath.matrix(computed.tolist()) - exact, "f") / mpmath.mnorm(exact, "f")
    units = float(off) / (UNIT * (1 + float(np.linalg.norm(problem.generator, 2)) * problem.time))
    return units if units < HOPELESS else float("inf")


def oja(moment: Array, start: Array, reach: float, noise: float = 0.5, decay: float = 0.0) -> Problem:
    """Oja's flow, |G|t = reach."""
    generator = moment - decay * np.eye(len(moment))
    time = reach / float(np.linalg.norm(generator, 2))
    return Problem(
        generator, (1.0, decay + noise), start, time, lambda: oja_gram(time, moment, start, noise=noise, decay=decay)
    )


def whitened(target: Array, w1: Array, w2: Array, reach: float, variance: float = 1.0, decay: float = 0.0) -> Problem:
    """The flow of a network on whitened inputs, |G|t = reach."""
    outputs, inputs = target.shape
    delta = float(np.trace(w2.T @ w2 - w1 @ w1.T)) / len(w1)
    if abs(delta) < 1e-12 * float(np.sum(w1**2) + np.sum(w2**2)):
        delta = 0.0
    half = variance * delta / 2
    flow = np.block([[-half * np.eye(inputs), target.T], [target, half * np.eye(outputs)]])
    generator = flow - decay * np.eye(inputs + outputs)
    time = reach / float(np.linalg.norm(generator, 2))
    start = np.vstack([w1.T, w2])
    return Problem(
        generator, (0.0, variance / 2), start, time,
        lambda: whitened_gram(time, target, w1, w2, variance=variance, decay=decay),
    )  # fmt: skip


def _moment(rng: np.random.Generator, size: int) -> Array:
    samples = rng.standard_normal((size, size + 2))
    moment: Array = samples @ samples.T / size
    return (moment + moment.T) / 2


def _size(rng: np.random.Generator) -> float:
    return float(10.0 ** rng.uniform(-6, 3))


def _frame(rng: np.random.Generator, rows: int, columns: int) -> Array:
    frame: Array = np.linalg.qr(rng.standard_normal((rows, columns)))[0]
    return frame


def _dense(rows: int, columns: int, **options: float) -> Callable[[np.random.Generator, float], Problem]:
    def made(rng: np.random.Generator, reach: float) -> Problem:
        start = _size(rng) * rng.standard_normal((rows, columns))
        return oja(_moment(rng, rows), start, reach, **options)

    return made


def _low_rank(rng: np.random.Generator, reach: float) -> Problem:
    """A start of rank 2, of which three columns are one of the others twice, thrice and again."""
    start = rng.integers(-9, 10, (5, 2)).astype(float) @ np.array([[1.0, 0, 2, 3], [0, 1, 0, 0]])
    return oja(_moment(rng, 5), 2.0 ** int(rng.integers(-20, 8)) * start, reach)


def _dead_inputs(rng: np.random.Generator, reach: float) -> Problem:
    """Data that lie in a plane, without noise: on the others the flow stands still."""
    moment = np.zeros((4, 4))
    moment[1:3, 1:3] = _moment(rng, 2)
    return oja(moment, _size(rng) * rng.standard_normal((4, 3)), reach, noise=0.0)


def _aligned(rng: np.random.Generator, reach: float) -> Problem:
    return oja(np.diag(10.0 ** rng.uniform(-4, 1, 4)), np.diag(10.0 ** rng.uniform(-6, 3, 4)), reach)


def _close(rng: np.random.Generator, reach: float) -> Problem:
    """Eigenvalues that are nearly the same."""
    moment = np.eye(4) + 1e-9 * _moment(rng, 4)
    return oja(moment, _size(rng) * rng.standard_normal((4, 2)), reach)


def _facing(target: Array, w1: Array, w2: Array) -> Array:
    """w2 mirrored where the square layers and the target have determinants of different sign.

    From there the flow leads to a saddle, and rounding decides when it leaves it.
    """
    if w1.shape == w2.shape == w2.T.shape and np.prod([np.linalg.det(m) for m in (target, w1, w2)]) < 0:
        u, _, _ = np.linalg.svd(target)
        mirrored: Array = w2 - 2 * np.outer(u[:, 0], u[:, 0] @ w2)
        return mirrored
    return w2


def _network(
    outputs: int, inputs: int, hidden: int, gap: bool = False, **options: float
) -> Callable[[np.random.Generator, float], Problem]:
    """Layers whose imbalance is 0, or, with a gap, a positive multiple of the identity."""

    def made(rng: np.random.Generator, reach: float) -> Problem:
        target, scale = rng.standard_normal((outputs, inputs)), _size(rng)
        rank = hidden if gap else min(outputs, inputs, hidden)
        core = scale * rng.standard_normal((hidden, min(rank, inputs)))
        w1 = core @ _frame(rng, inputs, core.shape[1]).T
        delta = float(10.0 ** rng.uniform(-6, 1)) if gap else 0.0
        if gap:
            values, vectors = np.linalg.eigh(w1 @ w1.T + delta * np.eye(hidden))
            w2 = _frame(rng, outputs, hidden) @ (vectors * np.sqrt(np.maximum(values, 0))).T
        else:
            w2 = _facing(target, w1, _frame(rng, outputs, core.shape[1]) @ core.T)
        return whitened(target, w1, w2, reach, **options)

    return made


REGIMES: dict[str, Callable[[np.random.Generator, float], Problem]] = {
    "Oja, square": _dense(4, 4),
    "Oja, tall": _dense(6, 2),
    "Oja, wide": _dense(3, 6),
    "Oja, decay": _dense(4, 3, decay=0.7),
    "Oja, decay and no noise": _dense(3, 3, noise=0.0, decay=0.3),
    "Oja, start of rank 2": _low_rank,
    "Oja, dead inputs": _dead_inputs,
    "Oja, aligned": _aligned,
    "Oja, equal but for 1e-9": _close,
    "network, square": _network(3, 3, 3),
    "network, one output": _network(1, 4, 2),
    "network, few inputs": _network(4, 2, 3),
    "network, decay": _network(3, 4, 2, decay=0.4, variance=2.0),
    "network, imbalance": _network(4, 3, 3, gap=True),
}
REACHES = (-9.0, 3.0)  # log10 of |G|t


def problems(regime: str, points: int, seed: int) -> Iterator[Problem]:
    """Problems of a regime, |G|t over the range evenly in its logarithm."""
    rng = np.random.default_rng([seed, sorted(REGIMES).index(regime)])
    for _ in range(points):
        yield REGIMES[regime](rng, float(10 ** rng.uniform(*REACHES)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=60, help="points per regime")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # of the textbook form
    print(f"{options.points} points per regime, seed {options.seed}; unit 2⁻⁵²(1 + |G|t); median / worst\n")
    print(f"{'regime':26} {'modeflow':>16} {'textbook':>22}")
    for regime in REGIMES:
        errors = []
        for problem in problems(regime, options.points, options.seed):
            exact = reference(problem)
            errors.append([error(problem, p, exact) for p in (problem.computed(), textbook(problem))])
        (ours, theirs) = np.array(errors).T
        print(
            f"{regime:26} {np.median(ours):7.2f} /{ours.max():7.2f} {np.median(theirs):10.3g} /{theirs.max():10.3g}",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""How accurate the evaluators are: error against Arb, per function and regime.

Run: python benchmarks/accuracy.py [--points 2000] [--seed 0] [--float32] [--backend native]

The unit is u(1 + κ), u = 2⁻⁵² (2⁻²³ for float32) and κ = Σ|∂ln f/∂ln x| the condition number of the point: an
error of that size is what rounding the inputs alone may cause. The inputs are taken exactly as they are.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import modeflow
from modeflow.witness.enclosures import conditioned, learning_time, path

Array = NDArray[Any]
FUNCTIONS = ("strength", "weights", "loss", "learning_time")


@dataclass(frozen=True)
class Points:
    """Inputs of one regime, arrays of one length; `target` is on the way from the start to the limit."""

    t: Array
    lam: Array
    noise: Array
    decay: Array
    w1: Array
    w2: Array
    target: Array

    def rows(self, first: str) -> list[tuple[float, ...]]:
        """(t or target, lam, noise, decay, w1, w2) of each point, as Python floats."""
        columns = (getattr(self, first), self.lam, self.noise, self.decay, self.w1, self.w2)
        return list(zip(*(c.tolist() for c in columns), strict=True))

    def modes(self) -> dict[str, Array]:
        """The keyword arguments that describe the modes."""
        return {"noise": self.noise, "decay": self.decay, "w1": self.w1, "w2": self.w2}


Draw = Callable[[np.random.Generator, int], dict[str, Array]]


def _log(rng: np.random.Generator, n: int, low: float, high: float) -> Array:
    return 10.0 ** rng.uniform(low, high, n)


def _sign(rng: np.random.Generator, n: int) -> Array:
    return rng.choice([-1.0, 1.0], n)


def _base(rng: np.random.Generator, n: int) -> dict[str, Array]:
    """λ, ε over twelve decades, λt over nine, |w| over seven, the ratio of the weights over six; one sign."""
    lam = _log(rng, n, -6, 6)
    strength, ratio = _log(rng, n, -6, 1), _log(rng, n, -3, 3)
    sign = _sign(rng, n)
    return {
        "lam": lam,
        "noise": _log(rng, n, -6, 6),
        "decay": np.zeros(n),
        "t": _log(rng, n, -6, 3) / lam,
        "w1": sign * np.sqrt(strength * ratio),
        "w2": sign * np.sqrt(strength / ratio),
    }


def _with(**changes: Callable[[np.random.Generator, dict[str, Array]], Array]) -> Draw:
    def draw(rng: np.random.Generator, n: int) -> dict[str, Array]:
        values = _base(rng, n)
        for name, change in changes.items():
            values[name] = change(rng, values)
        return values

    return draw


def _near(rng: np.random.Generator, v: dict[str, Array]) -> Array:
    n = len(v["w1"])
    return v["w1"] * (1.0 + _sign(rng, n) * _log(rng, n, -16, 0))


def _settling(low: float, high: float) -> Callable[[np.random.Generator, dict[str, Array]], Array]:
    """Times at which the rate 2λ + ξ|c| times t lies in a range, so that the path is seen where it bends."""

    def time(rng: np.random.Generator, v: dict[str, Array]) -> Array:
        squares = v["w1"] ** 2, v["w2"] ** 2
        pull = v["lam"] + v["noise"]
        rate = 2 * v["lam"] + pull * np.abs(squares[1] - squares[0])
        rate = np.where(rate > 0, rate, pull * (squares[0] + squares[1]))
        bends: Array = _log(rng, len(rate), low, high) / rate
        return bends

    return time


REGIMES: dict[str, Draw] = {
    "same sign": _with(),
    "opposite sign": _with(w2=lambda rng, v: -v["w2"]),
    "same sign, bending": _with(t=_settling(-1, 2)),
    "opposite sign, bending": _with(w2=lambda rng, v: -v["w2"], t=_settling(-1, 2)),
    "nearly equal": _with(w2=_near),
    "nearly opposite": _with(w2=lambda rng, v: -_near(rng, v)),
    "one weight zero": _with(w1=lambda rng, v: 0 * v["w1"]),
    "no signal": _with(
        w2=lambda rng, v: v["w2"] * _sign(rng, len(v["w2"])), lam=lambda rng, v: 0 * v["lam"], t=_settling(-6, 3)
    ),
    "no signal, nearly +-": _with(
        w2=lambda rng, v: _near(rng, v) * _sign(rng, len(v["w2"])),
        lam=lambda rng, v: 0 * v["lam"],
        t=_settling(-6, 3),
    ),
    "no noise": _with(w2=lambda rng, v: v["w2"] * _sign(rng, len(v["w2"])), noise=lambda rng, v: 0 * v["noise"]),
    "lam << noise": _with(
        w2=lambda rng, v: v["w2"] * _sign(rng, len(v["w2"])),
        lam=lambda rng, v: _log(rng, len(v["lam"]), -6, -4),
        noise=lambda rng, v: _log(rng, len(v["lam"]), 4, 6),
        t=_settling(-6, 3),
    ),
    "tiny t": _with(t=lambda rng, v: v["t"] * 1e-12),
    "huge t": _with(t=lambda rng, v: _log(rng, len(v["lam"]), 3, 9) / v["lam"]),
    "equal": _with(w2=lambda rng, v: v["w1"]),
    "opposite": _with(w2=lambda rng, v: -v["w1"]),
    "equal, decay": _with(w2=lambda rng, v: v["w1"], decay=lambda rng, v: _log(rng, len(v["lam"]), -6, 6)),
    "equal, decay near lam": _with(
        w2=lambda rng, v: v["w1"],
        decay=lambda rng, v: v["lam"] * (1 + _sign(rng, len(v["lam"])) * _log(rng, len(v["lam"]), -16, 0)),
    ),
    "equal, decay = lam": _with(w2=lambda rng, v: v["w1"], decay=lambda rng, v: v["lam"]),
    "opposite, decay": _with(w2=lambda rng, v: -v["w1"], decay=lambda rng, v: _log(rng, len(v["lam"]), -6, 6)),
    "equal, only decay": _with(
        w2=lambda rng, v: v["w1"],
        decay=lambda rng, v: 0.3 / v["t"],
        lam=lambda rng, v: 0 * v["lam"],
        noise=lambda rng, v: 0 * v["lam"],
    ),
}


def points(regime: str, n: int, seed: int, dtype: type[np.floating[Any]] = np.float64) -> Points:
    """n points of a regime, from a fixed seed, rounded to the type in which they will be computed."""
    rng = np.random.default_rng([seed, list(REGIMES).index(regime)])
    values = {name: x.astype(dtype) for name, x in REGIMES[regime](rng, n).items()}
    values["decay"] = np.maximum(values["decay"], 0)
    return Points(**values, target=_targets(rng, values))


def _targets(rng: np.random.Generator, v: dict[str, Array]) -> Array:
    """Strengths on the way, close to the start, close to the limit and in between; NaN for a mode at rest.

    And NaN within rounding of the limit, where the evaluators may take a target for the limit itself.
    """
    wide = {name: x.astype(np.float64) for name, x in v.items()}
    start = wide["w1"] * wide["w2"]
    stuck = (wide["w1"] == -wide["w2"]) | (wide["lam"] + wide["noise"] == 0)
    total = np.where(stuck, 1.0, wide["lam"] + wide["noise"])
    limit = np.where(stuck, 0.0, np.maximum(wide["lam"] - wide["decay"], 0) / total)
    share = np.where(rng.random(len(start)) < 0.5, _log(rng, len(start), -12, 0), 1 - _log(rng, len(start), -12, 0))
    target = (start + share * (limit - start)).astype(v["lam"].dtype)
    inside = (np.minimum(start, limit) < target) & (target < np.maximum(start, limit))
    inside &= np.abs(target - limit) > 8 * np.finfo(target.dtype).eps * np.abs(limit)
    return np.where(inside, target, np.nan).astype(v["lam"].dtype)


Evaluate = Callable[[str, Points], tuple[Array, ...]]


def evaluate(function: str, p: Points, backend: str = "numpy") -> tuple[Array, ...]:
    """What modeflow computes: one array, or two for the weights."""
    if function == "learning_time":
        return (modeflow.learning_time(p.target, p.lam, **p.modes()),)
    values = getattr(modeflow, function)(p.t, p.lam, backend=backend, **p.modes())
    return values if isinstance(values, tuple) else (values,)


def errors(function: str, p: Points, backend: str = "numpy") -> Array:
    """The error of each value in units of u(1 + κ); inf for a value that is not finite."""
    computed = evaluate(function, p, backend)
    unit, floor = float(np.finfo(p.lam.dtype).eps), _floor(p.lam.dtype)
    formula, first = (learning_time, "target") if function == "learning_time" else (path, "t")
    places = {"strength": (0,), "weights": (1, 2), "loss": (3,), "learning_time": (0,)}[function]
    found = []
    for i, row in enumerate(p.rows(first)):
        if row[0] != row[0]:
            continue
        values, numbers = conditioned(formula, row)
        for value, place in zip(computed, places, strict=True):
            found.append(_error(float(value[i]), values[place], numbers[place], unit, floor))
    return np.array(found)


def _floor(dtype: np.dtype[Any]) -> float:
    """Values below this count as this: from here down underflow costs digits."""
    limits = np.finfo(dtype)
    return float(limits.tiny) / float(limits.eps)


def _error(computed: float, exact: Any, condition: float, unit: float, floor: float) -> float:
    if not np.isfinite(computed):
        return float("inf")
    scale = max(abs(float(exact)), floor)
    return abs(float(computed - exact)) / scale / (unit * (1.0 + condition))


def table(
    n: int, seed: int, dtype: type[np.floating[Any]], backend: str = "numpy"
) -> list[tuple[str, str, int, float, float, float]]:
    """(function, regime, points, median, 99.9 %, worst) for every function and regime."""
    rows = []
    for function in FUNCTIONS:
        for regime in REGIMES:
            e = errors(function, points(regime, n, seed, dtype), backend)
            if e.size:
                median, high = np.quantile(e, [0.5, 0.999], method="higher").tolist()
                rows.append((function, regime, e.size, median, high, float(e.max())))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Error of the evaluators against Arb, in units of u(1 + κ).")
    parser.add_argument("--points", type=int, default=2000, help="points per regime")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--backend", choices=["numpy", "native"], default="numpy")
    options = parser.parse_args()
    dtype = np.float32 if options.float32 else np.float64
    print(
        f"{dtype.__name__}, {options.backend}, {options.points} points per regime, seed {options.seed}; unit u(1 + κ)"
    )
    print(f"{'function':14} {'regime':24} {'values':>7} {'median':>8} {'99.9 %':>8} {'worst':>8}")
    for function, regime, count, median, high, worst in table(options.points, options.seed, dtype, options.backend):
        print(f"{function:14} {regime:24} {count:7d} {median:8.3f} {high:8.3f} {worst:8.3f}")


if __name__ == "__main__":
    main()

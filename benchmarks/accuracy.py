"""How accurate the evaluators are: error against Arb, per function and regime; writes docs/accuracy.md.

Run: python benchmarks/accuracy.py > docs/accuracy.md         [--points 1000] [--seed 0] [--function strength ...]

The unit is u(1 + κ), u = 2⁻⁵² (2⁻²³ for float32) and κ = Σ|∂ln f/∂ln x| the condition number of the point: an
error of that size is what rounding the inputs alone may cause. The inputs are taken exactly as they are.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

import numpy as np
from paper_form import Array, Form, lambdified, theta_form
from reference_slopes import error_in_units
from reference_values import conditioned, fixed_point, learning_time, path

import modeflow
from modeflow.evaluate import native
from modeflow.evaluate.evaluators import Backend

COMPILED = ("strength", "weights", "loss")
EVEN = 512  # evenly spaced times of a mode, so many that few of their exponentials are computed
FUNCTIONS = (*COMPILED, "learning_time", "fixed_point")
SLOPES = ("t", "lam", "noise", "decay", "w1", "w2")


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

    def modes(self) -> dict[str, Any]:
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
    "no signal, nearly ±": _with(
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


def evaluate(function: str, p: Points, backend: str = "numpy") -> tuple[Array, ...]:
    """What modeflow computes: one array, or two for the weights."""
    if function == "learning_time":
        whole = p.target.dtype == np.float64 and backend == "numpy"
        target = p.target.tolist() if whole else p.target  # a list is left to NumPy
        return (modeflow.learning_time(target, p.lam, **p.modes()),)
    if function == "fixed_point":
        return (modeflow.fixed_point(p.lam, noise=p.noise, decay=p.decay),)
    values = getattr(modeflow, function)(p.t, p.lam, backend=backend, **p.modes())
    return values if isinstance(values, tuple) else (values,)


@dataclass(frozen=True)
class Exact:
    """A value of a function: of which row, in which of its arrays, and with which condition number."""

    row: int
    column: int
    value: Any
    condition: float


def exact(function: str, p: Points) -> list[Exact]:
    """Every value at every point; none where the learning time has no target."""
    formula = {"learning_time": learning_time, "fixed_point": fixed_point}.get(function, path)
    places = {"weights": (1, 2), "loss": (3,)}.get(function, (0,))
    found = []
    for i, row in enumerate(p.rows("target" if function == "learning_time" else "t")):
        if row[0] == row[0]:
            values, numbers = conditioned(formula, row)
            found += [Exact(i, k, values[place], numbers[place]) for k, place in enumerate(places)]
    return found


def errors(function: str, p: Points, backend: str = "numpy") -> Array:
    """The error of each value in units of u(1 + κ); inf for a value that is not finite."""
    return compared(evaluate(function, p, backend), exact(function, p))


def compared(computed: tuple[Array, ...], values: Iterable[Exact]) -> Array:
    """The error of what was computed in units of u(1 + κ), u that of its type."""
    limits = np.finfo(computed[0].dtype)
    unit = float(limits.eps)
    floor = float(limits.tiny) / unit  # values below this count as this: from here down underflow costs digits

    def error(x: Exact) -> float:
        found = float(computed[x.column][x.row])
        if not np.isfinite(found):
            return float("inf")
        return abs(float(found - x.value)) / max(abs(float(x.value)), floor) / (unit * (1.0 + x.condition))

    return np.array([error(x) for x in values])


def even_errors(function: str, p: Points) -> Array:
    """The errors of compiled values at one time of each mode, that lies among many evenly spaced ones."""
    modes = np.arange(len(p.t))
    times, place = p.t[:, None] * (np.arange(EVEN) / 256).astype(p.t.dtype), 1 + 37 * modes % (EVEN - 1)
    columns = {name: x[:, None] for name, x in p.modes().items()}
    values = getattr(modeflow, function)(times, p.lam[:, None], backend="native", **columns)
    chosen = tuple(v[modes, place] for v in (values if isinstance(values, tuple) else (values,)))
    return compared(chosen, exact(function, replace(p, t=times[modes, place])))


def slope_errors(p: Points, backend: Backend = "numpy") -> dict[str, Array]:
    """The errors of strength_grad by parameter; in the decay for weights of one size only."""
    balanced = bool(np.all(np.abs(p.w1) == np.abs(p.w2)))
    names = [name for name in SLOPES if balanced or name != "decay"]
    computed = modeflow.strength_grad(p.t, p.lam, **p.modes(), wrt=names, backend=backend)
    return {
        name: np.array([error_in_units(name, row, float(v)) for row, v in zip(p.rows("t"), values, strict=True)])
        for name, values in computed.items()
    }


def rival(form: Form, p: Points) -> tuple[Array, ...]:
    """What another formula gives, with the weights in the order that it needs."""
    swapped = np.abs(p.w1) > np.abs(p.w2)
    with np.errstate(all="ignore"):
        return (form(p.t, p.lam, p.noise, np.where(swapped, p.w2, p.w1), np.where(swapped, p.w1, p.w2)),)


# The page -----------------------------------------------------------------------------------------------------

BACKENDS: tuple[tuple[str, Backend], ...] = (("NumPy", "numpy"), ("native", "native"))
TITLES = {
    "strength": ("NumPy", "native", "NumPy, float32", "native, float32", "(a) θ form", "(b) `lambdify`"),
    "weights": ("NumPy", "native", "NumPy, float32", "native, float32"),
    "loss": ("NumPy", "native", "NumPy, float32", "native, float32"),
    "learning_time": ("NumPy", "native", "NumPy, float32"),
    "fixed_point": ("NumPy", "NumPy, float32"),
    "strength_grad": ("NumPy", "native"),
}


def measured(function: str, regime: str, n: int, seed: int) -> dict[str, Array]:
    """Column of the page → errors, all at the same points."""
    p = points(regime, n, seed)
    if function == "strength_grad":
        return {
            title: np.concatenate(list(slope_errors(p, backend).values()))
            for title, backend in BACKENDS
            if title in TITLES[function] and (backend == "numpy" or native.available())
        }
    found: dict[str, Array] = {}
    for ending, at in (("", p), (", float32", points(regime, n, seed, np.float32))):
        values = exact(function, at)
        for title, backend in BACKENDS:
            if title + ending in TITLES[function] and (backend == "numpy" or native.available()):
                found[title + ending] = compared(evaluate(function, at, backend), values)
        if function == "strength" and not ending and not np.any(p.decay):
            found["(a) θ form"] = compared(rival(theta_form, p), values)
            found["(b) `lambdify`"] = compared(rival(lambdified(), p), values)
    return found


def page(functions: Iterable[str], n: int, seed: int) -> Iterator[str]:
    """The lines of docs/accuracy.md."""
    yield HEAD.format(n=n, seed=seed)
    for function in functions:
        titles = TITLES[function]
        yield f"## {function}\n"
        yield f"| regime | values | {' | '.join(titles)} |"
        yield f"|---|---|{'---|' * len(titles)}"
        for regime in REGIMES:
            found = measured(function, regime, n, seed)
            cells = (summary(found[title]) if title in found else "" for title in titles)
            if found["NumPy"].size:
                yield f"| {regime} | {found['NumPy'].size} | {' | '.join(cells)} |"
        yield ""


def summary(e: Array) -> str:
    """Median, 99.9 % and worst; ∞ for what is not finite."""
    figures = (*np.quantile(e, [0.5, 0.999], method="higher").tolist(), float(e.max()))
    return " / ".join("∞" if np.isinf(x) else f"{x:.2f}" if x < 100 else f"{x:.0e}" for x in figures)


HEAD = """# Accuracy

Errors against Arb at {n} points of each regime, drawn from a fixed seed over twelve decades of λ and ε, nine of λt and
seven of the weights. The unit is 2⁻⁵²(1 + κ), for float32 2⁻²³(1 + κ): κ = Σ|∂ln f/∂ln x| is the condition number of
the value in its inputs, and an error of one unit is what rounding them may cause. Each cell holds the median, the
99.9 % quantile and the worst error; ∞ stands for a value that is not finite.

The signs are those of the two weights, `equal` and `opposite` weights of one size; `nearly` leaves a relative gap from
10⁻¹⁶ to 1 between them. `no signal` is λ = 0, `no noise` ε = 0, and `bending` has the times at which the path turns.

(a) is the closed form of the paper, in NumPy, and (b) is `sympy.lambdify` of it; both hold without decay, for weights
of different size and λ > 0. `native` is the compiled evaluator. Weights of different size under decay are measured by
`python benchmarks/unbalanced_decay.py`, single derivatives by `python benchmarks/gradients.py`.

This page is what `python benchmarks/accuracy.py --points {n} --seed {seed} > docs/accuracy.md` prints. On another
processor the last digits may differ. `tests/evaluate/test_accuracy.py` holds that nothing on it exceeds 4 units in
NumPy and 8 compiled or in float32, and measures the same at fewer points.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Error of the evaluators against Arb, in units of u(1 + κ).")
    parser.add_argument("--points", type=int, default=1000, help="points per regime")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--function", nargs="+", choices=list(TITLES), default=list(TITLES))
    options = parser.parse_args()
    if options.points < 1:
        parser.error(f"--points {options.points}: give at least 1")
    for line in page(options.function, options.points, options.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()

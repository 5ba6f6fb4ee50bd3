"""Figure 6: a nonlinear autoencoder, and what of the linear theory it follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from operator import lt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modeflow.evaluate.evaluators import fixed_point
from modeflow.experiments.data import Spectrum, load, spectrum
from modeflow.experiments.style import PALETTE, dots, ruled, spread
from modeflow.witness.samples import train_on_samples

from ..measure import crossing
from .figure_record import Curve, Record
from .three_autoencoders import Progress, panels, part

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

NOISE_DEVIATION, DECAY, LR, EPOCHS, MODES, SEED = 2.0, 0.0045, 0.9, 2000, 4, 0
STD, HIDDEN, SAMPLES = 1e-2, 128, 2000
FAST_HIDDEN, FAST_SAMPLES = 32, 300
RUNS: dict[str, dict[str, float]] = {"AE": {}, "DAE": {"noise": NOISE_DEVIATION**2}, "WAE": {"decay": DECAY}}
APART = 1.2
"""How many times larger an eigenvalue must be to count as well apart."""

TITLE = "A nonlinear autoencoder on MNIST"
CAPTION = (
    "MNIST: what a ReLU autoencoder lets through of the top four modes, vᵀE[x̂xᵀ]v / vᵀE[xxᵀ]v, without noise or "
    "decay (AE), with noise of deviation 2 drawn afresh each epoch (DAE), and with decay 0.0045 (WAE); loss averaged "
    "over all entries, step 0.9, 2,000 epochs, {hidden} hidden units, {samples:,} images, initial weights of "
    "deviation 0.01. Dots are training, joined by lines. Dashes at the right mark where a linear network ends, λ/(λ "
    "+ ε) or 1 − γ/λ."
)


def numbers(
    source: Path,
    *,
    fast: bool = False,
    samples: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Record:
    """Train the three on the first `samples` images, 2,000 unless told (300 if fast)."""
    wanted = (FAST_SAMPLES if fast else SAMPLES) if samples is None else samples
    images = load(source, scale="unit")
    _check_images(images, wanted, source)
    return on_images(images[:wanted], hidden=FAST_HIDDEN if fast else HIDDEN, progress=progress)


def _check_images(images: Array, wanted: int, source: Path) -> None:
    count, pixels = images.shape
    if wanted > count:
        raise ValueError(f"samples = {wanted}: {source} has {count:,} images; give at most that")
    if pixels < MODES:
        raise ValueError(f"{source}: images of {pixels} pixels; figure 6 follows {MODES} modes: give larger ones")


def on_images(
    X: NDArray[np.float64], *, hidden: int, epochs: int = EPOCHS, progress: Callable[[int, int], None] | None = None
) -> Record:
    """The same on images X (N, D), pixels in [0, 1]."""
    eigen = spectrum(X)
    recorded = np.unique(np.r_[0 : epochs : max(epochs // 200, 1), epochs])
    findings: list[dict[str, Any]] = []
    curves: list[Curve] = []
    for number, run in enumerate(RUNS):
        passed = _trained(X, eigen, run, recorded, hidden, part(progress, number, len(RUNS)))
        findings += _findings(run, eigen.eigenvalues[:MODES], recorded, passed, X.shape[1])
        curves += ({"run": run, "mode": j, "epoch": recorded, "training": passed[:, j]} for j in range(MODES))
    setting = {
        "images": len(X),
        "hidden": hidden,
        "lr": LR,
        "epochs": epochs,
        "std": STD,
        "seed": SEED,
        "noise": NOISE_DEVIATION**2,
        "decay": DECAY,
        "decay_summed_over_entries": summed_over_entries(LR, DECAY, X.shape[1])[1],
    }
    caption = CAPTION.format(hidden=hidden, samples=len(X))
    return Record("figure6", TITLE, caption, setting, (*findings, *_statements(findings)), tuple(curves))


def _trained(
    X: Array, eigen: Spectrum, run: str, recorded: NDArray[np.int64], hidden: int, progress: Progress | None
) -> Array:
    """What one of the three lets through of each mode (K, MODES), at the epochs recorded."""
    step, decay = summed_over_entries(LR, RUNS[run].get("decay", 0.0), X.shape[1])
    trained = train_on_samples(
        X,
        eigen.eigenvectors[:, :MODES],
        hidden=hidden,
        lr=step,
        epochs=int(recorded[-1]),
        activation="relu",
        noise=RUNS[run].get("noise", 0.0),
        decay=decay,
        record=recorded,
        seeds=[SEED],
        std=STD,
        precision="single",
        progress=progress,
    )
    passed: Array = trained.passed[0]
    return passed


def _findings(
    run: str, lam: Array, recorded: NDArray[np.int64], passed: Array, dimension: int
) -> Iterator[dict[str, Any]]:
    """Where each mode ends, in a linear network and in this one, and when it is halfway there."""
    _, decay = summed_over_entries(LR, RUNS[run].get("decay", 0.0), dimension)
    linear = fixed_point(lam, noise=RUNS[run].get("noise", 0.0), decay=decay)
    for j in range(MODES):
        path = passed[:, j]
        mode = {"run": run, "mode": j, "lam": lam[j], "linear_fixed_point": linear[j]}
        yield mode | {"end": path[-1], "half_time": crossing(recorded, path, float(path[-1]) / 2)}


def summed_over_entries(lr: float, decay: float, dimension: int) -> tuple[float, float]:
    """Step and decay for the loss ½·mean over samples of ‖x − x̂‖² that act as these do for the mean over all entries.

    mean over entries of (x − x̂)² + (γ/2)·(‖W1‖² + ‖W2‖²) is 2/D times ½·mean ‖x − x̂‖² + (γD/4)·(‖W1‖² + ‖W2‖²).
    """
    return 2 * lr / dimension, decay * dimension / 2


def _statements(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What matches the linear theory, counted: each statement, in how many cases it was tried, and in how many true."""
    lam = _column(rows, "AE", "lam")
    pairs = list(combinations(range(len(lam)), 2))
    apart = [(i, j) for i, j in pairs if lam[i] > APART * lam[j]]
    half = {run: _column(rows, run, "half_time") for run in RUNS}
    end = {run: _column(rows, run, "end") for run in RUNS}
    ending = [[-value for value in end[run]] for run in ("DAE", "WAE")]
    cases = {
        "of two modes, the one of larger λ is learned before": _less(half.values(), pairs),
        "the same, where the λ differ by a fifth": _less(half.values(), apart),
        "under noise and decay it ends higher": _less(ending, pairs),
        "the same, where the λ differ by a fifth (ends)": _less(ending, apart),
        "the DAE is ahead of the WAE at half its end": list(map(lt, half["DAE"], half["WAE"])),
        "noise and decay end each mode lower than neither does": [
            *map(lt, end["DAE"], end["AE"]),
            *map(lt, end["WAE"], end["AE"]),
        ],
    }
    return [{"statement": what, "cases": len(tried), "true": sum(tried)} for what, tried in cases.items()]


def _column(rows: list[dict[str, Any]], run: str, name: str) -> list[float]:
    return [float(row[name]) for row in rows if row["run"] == run]


def _less(runs: Iterable[list[float]], pairs: list[tuple[int, int]]) -> list[bool]:
    """For each run and each pair, whether the value of the first mode is the less."""
    return [values[i] < values[j] for values in runs for i, j in pairs]


def draw(record: Record) -> Figure:
    """A panel for each of the three autoencoders."""
    return panels(RUNS, lambda axes, run: _run(axes, record, run))


def _run(axes: Axes, record: Record, run: str) -> None:
    last = record.setting["epochs"]
    words = {"AE": "no noise, no decay", "DAE": "noise of deviation 2", "WAE": "decay 0.0045"}
    curves = record.only(run=run)
    ends = spread([float(curve["training"][-1]) for curve in curves], 0.055, 0.0, 1.05)
    for colour, curve, end in zip(PALETTE, curves, ends, strict=False):
        ruled(axes).plot(curve["epoch"], curve["training"], color=colour)
        dots(axes, curve["epoch"][::8], curve["training"][::8], size=2.2)
        linear = record.finding(run=run, mode=curve["mode"])["linear_fixed_point"]
        axes.plot([0.88 * last, last], [linear, linear], "--", color=colour, lw=1.2)
        axes.text(1.02 * last, end, f"mode {curve['mode']}", color=colour, size=8, va="center")
    axes.set(xlim=(0, last), ylim=(-0.03, 1.1), xlabel="epoch", xticks=np.linspace(0, last, 3))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_title(f"{run}: {words[run]}", size=9)
    if run == "AE":
        axes.set_ylabel("strength, ReLU network")

"""Theory against training: the closed forms beside gradient descent of the full matrices, on one spectrum."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modeflow.experiments.data import Spectrum, load_and_remark, made_from_spectrum, rounding_of, spectrum
from modeflow.experiments.data.load import name_of, place_of
from modeflow.experiments.data.second_moment import check_width
from modeflow.experiments.matrix_form import all_at_once
from modeflow.experiments.measure import crossings
from modeflow.experiments.prediction import descended_strengths, flow_strengths, predicted_strengths, predicted_times
from modeflow.experiments.prediction import initial_strengths as _in_turn
from modeflow.experiments.style import FAINT, GRID, INK, PALETTE, in_own_style
from modeflow.files import save
from modeflow.witness.train import initial_weights, stable_step, train

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Comparison", "compare", "draw"]

Array = NDArray[np.float64]

INITIAL_DEVIATION = 1e-3
"""Standard deviation of the initial weights."""

MODES = (0, 3, 7, 15, 31)
"""The modes shown unless others are asked for, where the data have a signal in so many."""

LR = 0.01
"""The step size unless another is asked for, or it is more than this part of the largest stable step:"""

STABLE_PART = 0.4

TOP_MODES = 32
"""How many leading modes the overall figure averages over."""

SYNTHETIC_SPECTRUM = tuple(20 / (j + 1) for j in range(64))
"""λ_j of the data used when none are given."""

_SYNTHETIC_SAMPLES = 256


@dataclass(frozen=True, slots=True)
class Comparison:
    """Mode strengths as the closed forms predict them and as training found them; M chosen modes, K epochs.

    The theory starts each mode balanced, w1 = w2, at strength |p|²/4. Here p is W1v + W2ᵀv before training,
    made orthogonal to that of every stronger mode: a mode once learned occupies a hidden direction, in which
    later ones no longer grow. Finite steps are allowed for, as `prediction` says.

    source              what the data were, in words
    hidden, lr, noise, decay, seed   the setting; noise per pixel, decay per weight, one step an epoch
    modes, eigenvalues  (M,), which modes, and their λ
    initial_strengths   (M,), the |p|²/4 above
    fixed_points        (M,), the strengths the theory tends to
    epochs              (K,), 0 to the last
    theory, measured    (K, M), mode strengths
    predicted_half, stepped_half, measured_half   (M,), epochs to half the fixed point, in closed form, for one mode
                        stepped alone, and as trained; infinite where that is never reached
    largest_difference  (M,), max over the epochs of |measured − theory|
    top                 how many leading modes the overall figures are about
    learned             how many of these reached half their fixed point in training; rms says little about the others
    rms                 root mean square of measured − theory over all epochs and the leading modes
    rms_flow            the same for gradient flow, as if steps were infinitely small
    rms_alone           the same for gradient flow with every initial strength |W1v + W2ᵀv|²/4, as if modes never met
    fallen_share        which part of what sets the matrix form apart from each mode alone lies below start and limit;
                        start and spectrum tell it, and below 1/4 the matrix form is taken to be the nearer one
    rms_matrix          the same for the matrix form, all modes at once, at about 120 epochs; None unless it is taken to
                        be the nearer one
    seconds             how long training took
    notes               what a reader should know before believing the figures
    """

    source: str
    hidden: int
    lr: float
    noise: float
    decay: float
    seed: int
    modes: tuple[int, ...]
    eigenvalues: Array
    initial_strengths: Array
    fixed_points: Array
    epochs: NDArray[np.int64]
    theory: Array
    measured: Array
    predicted_half: Array
    stepped_half: Array
    measured_half: Array
    largest_difference: Array
    top: int
    learned: int
    rms: float
    rms_flow: float
    rms_alone: float
    fallen_share: float
    rms_matrix: float | None
    seconds: float
    notes: tuple[str, ...]


def compare(
    data: Any = None,
    *,
    noise: float = 0.0,
    decay: float = 0.0,
    hidden: int = 256,
    lr: float | None = None,
    epochs: int = 2000,
    modes: Sequence[int] | None = None,
    seed: int = 0,
    scale: str | None = None,
    white: float | None = None,
    center: bool = False,
    labels: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Train on the samples in `data` from small random weights, and evaluate the theory at the same epochs.

    Without data, on 256 synthetic samples with λ_j = 20/(j + 1), j < 64. Training is full-batch gradient
    descent of both matrices with marginalised noise, in single precision (which moves a strength by about
    1e-5, far below the differences looked for). data, scale, white, center, labels: as in `modeflow.data.load`.
    lr: None means 0.01, or two fifths of the largest stable step where that is less. modes: which to show, from 0;
    None: at most five of those with a signal. An eigenvalue that is 0 but for rounding is 0 in the theory: its mode is
    never learned. `progress(done, total)` is called with epochs.

    Raises ValueError (DataError for the data) naming the argument, its value and the remedy.
    """
    _check_setting(noise=noise, decay=decay, hidden=hidden, lr=lr, epochs=epochs)
    options: dict[str, Any] = {"scale": scale, "white": white, "center": center, "labels": labels}
    X, source, remarks = _samples(data, seed, options)
    eigen = spectrum(X)
    rank = int(np.count_nonzero(eigen.eigenvalues > rounding_of(eigen.eigenvalues)))
    chosen = _checked_modes(modes, eigen.eigenvalues.size, rank)
    lr = _step(lr, eigen.eigenvalues, decay)
    top = min(TOP_MODES, hidden, rank)
    followed = sorted({*range(top), *chosen})
    start = initial_weights(hidden, eigen.eigenvalues.size, std=INITIAL_DEVIATION, seed=seed)
    setting: dict[str, Any] = {"noise": noise, "decay": decay, "lr": lr}
    theory = _Theory.of(eigen, start, followed, **setting)
    half = theory.half_times()  # what cannot be predicted is refused before any training
    began = time.perf_counter()
    trained: dict[str, Any] = {"weights": start, "epochs": epochs, "modes": followed, "progress": progress, **setting}
    run = train(eigen.eigenvalues, eigen.eigenvectors, precision="single", **trained)
    seconds = time.perf_counter() - began
    strengths = theory.strengths(run.epochs)
    at = [followed.index(mode) for mode in chosen]
    return Comparison(
        source=source,
        hidden=hidden,
        seed=seed,
        modes=chosen,
        epochs=run.epochs,
        seconds=seconds,
        notes=(*remarks, *_notes(chosen, hidden, rank, chosen_lam=theory.eigenvalues[at])),
        **setting,
        **_of_modes(theory.only(at), run.epochs, half[at], strengths[:, at], run.strength[:, at]),
        **_overall(theory.only(range(top)), run.epochs, strengths[:, :top], run.strength[:, :top]),
        **all_at_once(eigen, start, run.strength[:, :top], setting),
    )


@dataclass(frozen=True, slots=True)
class _Theory:
    """What the closed forms say of M modes that start balanced.

    initial, alone: (M,) strengths at the start, with and without what learned modes take up of hidden directions;
    limits: (M,) those they tend to; setting: noise, decay and lr.
    """

    eigenvalues: Array
    initial: Array
    alone: Array
    limits: Array
    setting: Mapping[str, float]

    @classmethod
    def of(
        cls, eigen: Spectrum, weights: tuple[Array, Array], modes: list[int], *, noise: float, decay: float, lr: float
    ) -> _Theory:
        """Of these modes of a spectrum, from the weights of the layers before training."""
        from modeflow.evaluate.evaluators import fixed_point

        lam = np.where(eigen.eigenvalues > rounding_of(eigen.eigenvalues), eigen.eigenvalues, 0.0)[modes]
        sums = (weights[0] + weights[1].T) @ eigen.eigenvectors[:, : modes[-1] + 1]
        limits = np.asarray(fixed_point(lam, noise=noise, decay=decay))
        alone = (sums**2).sum(axis=0) / 4
        return cls(lam, _in_turn(sums)[modes], alone[modes], limits, {"noise": noise, "decay": decay, "lr": lr})

    def only(self, modes: Sequence[int]) -> _Theory:
        """Of some of them, by their places."""
        at = list(modes)
        return _Theory(self.eigenvalues[at], self.initial[at], self.alone[at], self.limits[at], self.setting)

    def half_times(self) -> Array:
        """Epochs (M,) to half the limit; infinite where that is 0."""
        times = predicted_times(self.limits / 2, self.eigenvalues, self.initial, **self.setting)
        return np.where(self.limits > 0, times, np.inf)

    def strengths(self, epochs: NDArray[np.int64]) -> Array:
        """(K, M), with finite steps allowed for."""
        return predicted_strengths(epochs, self.eigenvalues, self.initial, **self.setting)

    def flow(self, epochs: NDArray[np.int64], initial: Array) -> Array:
        """(K, M) under gradient flow, from initial strengths (M,)."""
        return flow_strengths(epochs, self.eigenvalues, initial, **self.setting)


def _of_modes(
    theory: _Theory, epochs: NDArray[np.int64], half: Array, strengths: Array, measured: Array
) -> dict[str, Any]:
    """What a comparison says of each mode that is shown: predicted and measured strengths (K, M), and what follows."""
    stepped = descended_strengths(int(epochs[-1]), theory.eigenvalues, theory.initial, **theory.setting)
    return {
        "eigenvalues": theory.eigenvalues,
        "initial_strengths": theory.initial,
        "fixed_points": theory.limits,
        "theory": strengths,
        "measured": measured,
        "predicted_half": half,
        "stepped_half": crossings(epochs, stepped, theory.limits / 2),
        "measured_half": crossings(epochs, measured, theory.limits / 2),
        "largest_difference": np.abs(measured - strengths).max(axis=0),
    }


def _overall(theory: _Theory, epochs: NDArray[np.int64], strengths: Array, measured: Array) -> dict[str, Any]:
    """What a comparison says of the leading modes together."""
    return {
        "top": theory.limits.size,
        "learned": int(np.isfinite(crossings(epochs, measured, theory.limits / 2)).sum()),
        "rms": _rms(measured - strengths),
        "rms_flow": _rms(measured - theory.flow(epochs, theory.initial)),
        "rms_alone": _rms(measured - theory.flow(epochs, theory.alone)),
    }


def draw(comparison: Comparison, path: str | Path) -> None:
    """Draw theory (lines) and training (dots) against epochs on a logarithmic axis, as .png, .pdf or .svg.

    Raises ValueError where the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with in_own_style():
        figure = Figure(figsize=(9, 5.2), facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.075, 0.115, 0.895, 0.675))
        _draw_curves(comparison, axes)
        _draw_words(comparison, axes)
        save(figure, path, dpi=200)


def _draw_curves(c: Comparison, axes: Axes) -> None:
    first, last = _span(c)
    fine = np.geomspace(first, last, 600)
    lines = predicted_strengths(fine, c.eigenvalues, c.initial_strengths, noise=c.noise, decay=c.decay, lr=c.lr)
    dots = np.unique(np.geomspace(math.ceil(first), last, 48).astype(int))
    for j, colour in zip(range(len(c.modes)), cycle(PALETTE)):
        axes.plot(fine, lines[:, j], color=colour, lw=2, solid_capstyle="round", zorder=2)
        begun = dots[np.maximum(c.measured[dots, j], c.theory[dots, j]) > 0.004]
        marks: dict[str, Any] = {"color": colour, "ms": 5.5, "mec": "white", "mew": 0.9, "zorder": 3, "clip_on": False}
        axes.plot(begun, c.measured[begun, j], "o", **marks)
    axes.set(xscale="log", xlim=(first, last), ylim=(-0.02, 1.04), yticks=(0, 0.25, 0.5, 0.75, 1))
    _draw_axes(axes)


def _draw_axes(axes: Axes) -> None:
    axes.set_xlabel("epoch", color=INK)
    axes.set_ylabel("mode strength  $v^T W_2 W_1 v$", color=INK)
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:,g}")
    axes.xaxis.set_minor_formatter("")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(colors=INK, which="both", color=FAINT)
    axes.grid(axis="y", color=GRID, lw=0.8, zorder=0)
    axes.set_axisbelow(True)


def _draw_words(c: Comparison, axes: Axes) -> None:
    """Title, how to read the marks, and over each curve, in its colour, which mode it is."""
    setting = f"noise {c.noise:g}, decay {c.decay:g}, {c.hidden} hidden units, step {c.lr:g}"
    left = axes.get_position().x0
    axes.figure.text(left, 0.95, c.source, color=INK, size=12, weight="bold", parse_math=False)
    axes.figure.text(left, 0.905, f"lines: closed form    dots: gradient descent    {setting}", color=INK, size=9.5)
    for j, place in enumerate(_label_places(c)):
        text = f"mode {c.modes[j]}\nλ {c.eigenvalues[j]:.3g}"
        colour = PALETTE[j % len(PALETTE)]
        axes.text(place, 1.03, text, color=colour, size=9.5, ha="center", va="bottom", transform=axes.transAxes)


def _span(c: Comparison) -> tuple[float, float]:
    """First and last epoch drawn: from well before the first mode is learned."""
    last = float(c.epochs[-1])
    return min(max(1.0, c.predicted_half.min() / 5), last / 10), last


def _label_places(c: Comparison, gap: float = 0.075) -> Array:
    """Where along the axis (0 to 1) each label stands: at the half-learning time, pushed apart to `gap`."""
    gap = min(gap, 0.94 / len(c.modes))
    first, last = np.log(_span(c))
    half = np.log(np.clip(c.predicted_half, math.exp(first), math.exp(last)))
    wanted = np.clip((half - first) / (last - first), 0.03, 0.97)
    places = np.empty_like(wanted)
    edge = 0.97 + gap
    for j in np.argsort(wanted, kind="stable")[::-1]:
        edge = places[j] = min(wanted[j], edge - gap)
    return np.asarray(places)


def _check_setting(*, noise: float, decay: float, hidden: int, lr: float | None, epochs: int) -> None:
    for name, value in (("noise", noise), ("decay", decay)):
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} = {value}: give a finite number >= 0")
    for name, count in (("hidden", hidden), ("epochs", epochs)):
        if count <= 0:
            raise ValueError(f"{name} = {count}: give at least 1")
    if lr is not None and not (math.isfinite(lr) and lr > 0):
        raise ValueError(f"lr = {lr}: give a finite step size > 0")


def _step(lr: float | None, eigenvalues: Array, decay: float) -> float:
    """The step size given, or chosen to be stable, in one digit where it is less than LR."""
    limit = float(stable_step(eigenvalues, decay=decay))
    if lr is None:
        return LR if STABLE_PART * limit >= LR else float(f"{STABLE_PART * limit:.0e}")
    if lr >= limit:
        raise ValueError(
            f"lr = {lr:g}: gradient descent is unstable on this spectrum (largest λ {eigenvalues[0]:.6g}); "
            f"stay below {limit:.3g}, e.g. {STABLE_PART * limit:.1g}"
        )
    return lr


def _checked_modes(modes: Sequence[int] | None, dimension: int, rank: int) -> tuple[int, ...]:
    if modes is None:
        return MODES if rank > MODES[-1] else _spread(rank)
    if not modes:
        raise ValueError("modes: none given; name at least one, e.g. 0")
    return tuple(dict.fromkeys(_checked_mode(mode, dimension) for mode in modes))


def _spread(rank: int) -> tuple[int, ...]:
    """At most five of so many modes, closest together where they are strong."""
    if rank <= len(MODES):
        return tuple(range(rank))
    return tuple(sorted({round(mode) - 1 for mode in np.geomspace(1, rank, len(MODES))}))


def _checked_mode(mode: int, dimension: int) -> int:
    if not 0 <= mode < dimension:
        raise ValueError(f"modes: {mode} is not a mode of these data; give 0 to {dimension - 1}")
    return int(mode)


def _samples(data: Any, seed: int, options: Mapping[str, Any]) -> tuple[Array, str, list[str]]:
    """X, what it is, in words, and what is to be said of it."""
    if data is None:
        return _synthetic(seed)
    X, remark = load_and_remark(data, **options)
    check_width(place_of(data), X.shape[1])
    samples, features = ("sample" if len(X) == 1 else "samples"), ("feature" if X.shape[1] == 1 else "features")
    return X, f"{name_of(data)}: {len(X):,} {samples} of {X.shape[1]:,} {features}", [f"Note: {remark}."]


def _synthetic(seed: int) -> tuple[Array, str, list[str]]:
    X = made_from_spectrum(SYNTHETIC_SPECTRUM, _SYNTHETIC_SAMPLES, seed)
    note = "No data were given: these are synthetic, made from a stated spectrum."
    return X, f"Synthetic data, λⱼ = 20/(j + 1): {len(X):,} samples of {X.shape[1]:,} numbers", [note]


def _notes(modes: tuple[int, ...], hidden: int, rank: int, chosen_lam: Array) -> list[str]:
    notes = []
    if rank <= MODES[-1]:
        notes.append(f"The data have a signal in {rank} mode{'s' if rank > 1 else ''}.")
    if max(modes) >= hidden:
        notes.append(f"{hidden} hidden units learn {hidden} modes at most; the others stay unlearned.")
    if (chosen_lam == 0).any():
        empty = ", ".join(str(mode) for mode, lam in zip(modes, chosen_lam, strict=True) if lam == 0)
        notes.append(f"No signal but rounding in mode {empty}: nothing is learned there.")
    return notes


def _rms(difference: Array) -> float:
    return float(np.sqrt(np.mean(difference**2)))

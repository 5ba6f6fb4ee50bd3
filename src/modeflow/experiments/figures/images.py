"""Figure 5: gradient descent of the full matrices on MNIST and CIFAR-10, beside the closed forms of each mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modeflow.evaluate.evaluators import fixed_point, learning_time
from modeflow.experiments.data import Spectrum, load, rounding_of, spectrum
from modeflow.experiments.matrix_form import LARGEST_FALLEN_SHARE, together
from modeflow.experiments.prediction import (
    descended_strengths,
    flow_strengths,
    initial_strengths,
    predicted_strengths,
    predicted_times,
)
from modeflow.experiments.style import PALETTE, dots, ruled, spread
from modeflow.witness.train import initial_weights, stable_step, train

from ..measure import crossings, rms_over_time
from .figure_record import Curve, Record, Row
from .three_autoencoders import Progress, panels, part

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

LEVEL, EPOCHS, STD, SEED, MODES, TOP = 0.5, 5000, 1e-4, 0, (0, 3, 7, 15, 31), 32
PREDICTIONS = ("theory", "flow", "alone")
"""What each mode alone is predicted to do at every epoch; the matrix form, "together", is for the epochs shown."""
RUNS: dict[str, Any] = {"AE": {}, "DAE": {"noise": LEVEL}, "WAE": {"decay": LEVEL}}
GROWTH = 0.3
"""A mode whose initial strength noise-free growth multiplies by less than exp(2·GROWTH) during the run is left out."""

FAST_IMAGES, FAST_HIDDEN = 2000, 64


@dataclass(frozen=True)
class DataSet:
    """Images by name: what their file may be called, and the paper's setting for them."""

    name: str
    title: str
    files: tuple[str, ...]
    hidden: int
    lr: float | None

    def found_in(self, folder: Path) -> Path:
        """The first of its files that is there; ValueError naming them where none is."""
        try:
            for name in self.files:
                if (folder / name).is_file():
                    return folder / name
        except OSError as error:
            raise ValueError(f"{folder}: {error.strerror}; give --data DIR, a folder that can be read") from error
        raise ValueError(f"{folder}: no {self.title} images here; give --data DIR with one of {', '.join(self.files)}")


_IDX = tuple(f"{part}-images-idx3-ubyte{end}" for part in ("t10k", "train") for end in (".gz", ""))
_RECORDS = ("cifar10_test_batch.bin.xz", "cifar10_test_batch.bin", "test_batch.bin", "data_batch_1.bin")
MNIST = DataSet("mnist", "MNIST", _IDX, 256, 0.01)
CIFAR = DataSet("cifar10", "CIFAR-10", _RECORDS, 512, 0.001)
DATA_SETS = (MNIST, CIFAR)
LR, STABLE_PART = 0.01, 0.4
"""The step on other data, or this part of the largest stable one where that is less."""


def sources(data: Path) -> list[tuple[DataSet, Path]]:
    """What figure 5 is drawn of: the paper's data, which lie in a folder by their names, or data of one's own."""
    if data.is_file():
        return [(DataSet("data", data.name, (), 256, None), data)]
    return [(data_set, data_set.found_in(data)) for data_set in DATA_SETS]


CAPTION = (
    "{title}: strength of modes 0, 3, 7, 15 and 31 of a linear autoencoder (AE), with noise of variance 0.5 (DAE) "
    "and with decay 0.5 (WAE). Lines: {lines}, from the weights actually drawn, with finite steps allowed for. Dots: "
    "full-batch gradient descent of both matrices with {hidden} hidden units, step {lr:g}, 5,000 epochs, weights of "
    "deviation 1e-4. The numbers beside the figure also have the closed form of each mode alone, that of gradient "
    "flow, and each mode stepped alone."
)


def numbers(
    data_set: DataSet, source: Path, *, fast: bool = False, progress: Callable[[int, int], None] | None = None
) -> Record:
    """Train the three autoencoders, and predict them; `fast` trains 64 hidden units on 2,000 images."""
    X = load(source)[: FAST_IMAGES if fast else None]
    if X.shape[1] < TOP:
        raise ValueError(f"{source}: images of {X.shape[1]} pixels; figure 5 follows {TOP} modes: give larger images")
    eigen = spectrum(X)
    rank = int(np.count_nonzero(eigen.eigenvalues > rounding_of(eigen.eigenvalues)))
    if rank < TOP:
        raise ValueError(f"{source}: a signal in {rank} modes; figure 5 follows {TOP}: give data with more")
    return on_spectrum(
        data_set, eigen, images=len(X), hidden=FAST_HIDDEN if fast else data_set.hidden, progress=progress
    )


def on_spectrum(
    data_set: DataSet,
    eigen: Spectrum,
    *,
    images: int,
    hidden: int,
    growth: float = GROWTH,
    progress: Callable[[int, int], None] | None = None,
) -> Record:
    """The same from the spectrum of that many images. A `growth` of 0 leaves no mode out."""
    lr = data_set.lr or min(LR, float(f"{STABLE_PART * stable_step(eigen.eigenvalues, decay=LEVEL):.0e}"))
    used = max(int(np.count_nonzero(eigen.eigenvalues * lr * EPOCHS >= growth)), TOP)
    weights = initial_weights(hidden, eigen.eigenvalues.size, std=STD, seed=SEED)
    vectors = eigen.eigenvectors[:, :used]
    start = (weights[0] @ vectors, vectors.T @ weights[1])
    findings: list[Row] = []
    curves: list[Curve] = []
    for number, run in enumerate(RUNS):
        told = part(progress, number, len(RUNS))
        trained = _Run.of(run, eigen.eigenvalues[:used], start, lr, told)
        findings += trained.findings()
        curves += trained.curves()
    caption = CAPTION.format(title=data_set.title, hidden=hidden, lr=lr, lines=_lines(findings))
    title = f"Theory against training on {data_set.title}"
    setting = {
        "data": data_set.title,
        "images": images,
        "modes_used": used,
        "modes_in_all": eigen.eigenvalues.size,
        "hidden": hidden,
        "lr": lr,
        "epochs": EPOCHS,
        "std": STD,
        "seed": SEED,
        "noise": LEVEL,
        "decay": LEVEL,
    }
    return Record(f"figure5-{data_set.name}", title, caption, setting, tuple(findings), tuple(curves))


def _lines(findings: list[Row]) -> str:
    """Which form the lines are, in words."""
    apart = [str(row["run"]) for row in findings if row.get("lines") == "theory"]
    if not apart:
        return "the matrix form, all modes at once"
    where = " and ".join(apart)
    return f"the matrix form, all modes at once (of each mode alone in {where}, where that is taken to be nearer)"


@dataclass(frozen=True)
class _Run:
    """One autoencoder, trained and predicted, by its leading modes.

    strengths: (K, TOP) by what says them; at, together: epochs (L,), and there the strengths (L, TOP) of the matrix
    form; lam, initial, limits, half: (TOP,) eigenvalues, strengths at the start and in the end, and epochs to half of
    that; fallen: the fallen share.
    """

    name: str
    lam: Array
    initial: Array
    limits: Array
    fallen: float
    strengths: Mapping[str, Array]
    at: NDArray[np.int64]
    together: Array
    half: Mapping[str, Array]

    @classmethod
    def of(
        cls, name: str, eigenvalues: Array, start: tuple[Array, Array], lr: float, progress: Progress | None
    ) -> _Run:
        """Trained from weights in the basis of the modes."""
        levels, lam = RUNS[name], eigenvalues[:TOP]
        trained = train(
            eigenvalues,
            weights=start,
            lr=lr,
            epochs=EPOCHS,
            modes=range(TOP),
            precision="single",
            progress=progress,
            **levels,
        )
        initial = initial_strengths((start[0] + start[1].T)[:, :TOP])
        strengths = _predicted(trained.epochs, lam, initial, lr, levels) | {"training": trained.strength}
        half = _half_times(trained.epochs, strengths, lam, initial, lr, levels)
        limits = np.asarray(fixed_point(lam, **levels))
        at = np.unique(np.r_[_SHOWN, _around(half["alone"][list(MODES)])])
        at_once = together(at, eigenvalues, start, lr=lr, top=TOP, **levels)
        half["together"] = crossings(at, at_once.strengths, limits / 2)
        return cls(name, lam, initial, limits, at_once.fallen, strengths, at, at_once.strengths, half)

    @property
    def lines(self) -> str:
        """Which prediction is drawn: the matrix form where it is taken to be nearer."""
        return "together" if self.fallen < LARGEST_FALLEN_SHARE else "theory"

    def findings(self) -> Iterator[Row]:
        """A row for each mode that is shown, and one for all together."""
        for j in MODES:
            mode = {"run": self.name, "mode": j, "lam": self.lam[j]}
            mode |= {"fixed_point": self.limits[j], "initial_strength": self.initial[j]}
            mode |= _measures(_of_mode(self.half, j), _of_mode(self.strengths, j))
            yield mode | _measures_together(_of_mode(self.half, j), self._left()[:, j], self.at)
        overall = {"fallen_share": self.fallen, "lines": self.lines, **_overall(self.strengths)}
        overall["rms_together"] = rms_over_time(self._left(), self.at)
        yield {"run": self.name, "mode": f"top {TOP}", **overall}

    def curves(self) -> Iterator[Curve]:
        """The strengths of each mode that is shown."""
        shown = {name: path[_SHOWN] for name, path in self.strengths.items()}
        shown["together"] = self.together[np.searchsorted(self.at, _SHOWN)]
        yield from ({"run": self.name, "mode": j, "epoch": _SHOWN, **_of_mode(shown, j)} for j in MODES)

    def _left(self) -> Array:
        """(L, TOP), what the matrix form leaves of training."""
        return np.asarray(self.strengths["training"][self.at] - self.together)


_SHOWN = np.unique(np.r_[0, np.geomspace(1, EPOCHS, 160).astype(int)])
"""The epochs of the curves."""


def _around(times: Array) -> NDArray[np.int64]:
    """Epochs close to these times, where they are within the run: between them a path is nearly straight."""
    found = np.rint(np.outer(times[np.isfinite(times)], np.linspace(0.98, 1.02, 9))).astype(np.int64)
    return found[found <= EPOCHS]


def _of_mode(values: Mapping[str, Array], j: int) -> dict[str, Any]:
    return {name: value.T[j] for name, value in values.items()}


def _predicted(
    epochs: NDArray[np.int64], lam: Array, initial: Array, lr: float, levels: Mapping[str, Any]
) -> dict[str, Array]:
    """Strengths (K, M) by name: the closed form with finite steps allowed for, that of gradient flow, and the steps of
    each mode alone, taken one by one, which differ from training by the meeting of modes only."""
    return {
        "theory": predicted_strengths(epochs, lam, initial, lr=lr, **levels),
        "flow": flow_strengths(epochs, lam, initial, lr=lr, **levels),
        "alone": descended_strengths(int(epochs[-1]), lam, initial, lr=lr, **levels)[epochs],
    }


def _half_times(
    epochs: NDArray[np.int64],
    strengths: Mapping[str, Array],
    lam: Array,
    initial: Array,
    lr: float,
    levels: Mapping[str, Any],
) -> dict[str, Array]:
    """Epochs (M,) to half the fixed point, by the same names; infinite where there is none, or not in these epochs."""
    w = np.sqrt(initial)
    target = np.asarray(fixed_point(lam, **levels)) / 2
    times = {
        "theory": predicted_times(target, lam, initial, lr=lr, **levels),
        "flow": np.asarray(learning_time(target, lam, w1=w, w2=w, tau=1 / lr, **levels)),
    }
    times |= {name: crossings(epochs, strengths[name], target) for name in ("alone", "training")}
    return {name: np.where(target > 0, epochs, np.inf) for name, epochs in times.items()}


def _measures(half: Mapping[str, float], strengths: Mapping[str, Array]) -> dict[str, float]:
    """Of one mode: when each says it is half learned, and how far each prediction is from training."""
    measured = {f"half_time_{name}": time for name, time in half.items()}
    for name in PREDICTIONS:
        difference = strengths["training"] - strengths[name]
        if np.isfinite(half["training"]):
            measured[f"half_time_error_{name}"] = half[name] / half["training"] - 1
        measured[f"largest_difference_{name}"] = float(np.abs(difference).max())
        measured[f"rms_{name}"] = _rms(difference)
    return measured


def _measures_together(half: Mapping[str, float], left: Array, at: NDArray[np.int64]) -> dict[str, float]:
    """The same for the matrix form, from what it leaves (L,) of training at these epochs."""
    measured = {"largest_difference_together": float(np.abs(left).max())}
    measured["rms_together"] = rms_over_time(left[:, None], at)
    if np.isfinite(half["training"]):
        measured["half_time_error_together"] = half["together"] / half["training"] - 1
    return measured


def _overall(strengths: Mapping[str, Array]) -> dict[str, float]:
    """RMS of all modes together: of each prediction, and of what finite steps do, measured without the other modes."""
    measured = {f"rms_{name}": _rms(strengths["training"] - strengths[name]) for name in PREDICTIONS}
    steps = {f"rms_of_the_step_{name}": _rms(strengths["alone"] - strengths[name]) for name in ("theory", "flow")}
    return measured | steps


def _rms(difference: Array) -> float:
    return float(np.sqrt(np.mean(difference**2)))


def draw(record: Record) -> Figure:
    """A panel for each of the three autoencoders, over epochs on a logarithmic axis."""
    return panels(RUNS, lambda axes, run: _run(axes, record, run))


def _run(axes: Axes, record: Record, run: str) -> None:
    words = {"AE": "no noise, no decay", "DAE": f"noise {LEVEL:g}", "WAE": f"decay {LEVEL:g}"}
    first, last = 1.0, float(EPOCHS)
    halves = []
    lines = str(record.finding(run=run, mode=f"top {TOP}")["lines"])
    for colour, curve in zip(PALETTE, record.only(run=run), strict=False):
        ruled(axes).plot(curve["epoch"][1:], curve[lines][1:], color=colour)
        dots(axes, curve["epoch"][1::2], curve["training"][1::2])
        halves.append(float(record.finding(run=run, mode=curve["mode"])["half_time_theory"]))
    places = [min(np.log(max(h, first)) / np.log(last), 1.0) if np.isfinite(h) else 1.0 for h in halves]
    for colour, mode, place in zip(PALETTE, MODES, spread(places, 0.1, 0.03, 0.97), strict=False):
        word = f"mode {mode}" if mode == MODES[0] else f"{mode}"
        axes.text(place, 1.0, word, color=colour, ha="center", va="bottom", transform=axes.transAxes)
    axes.set(xscale="log", xlim=(first, last), ylim=(-0.03, 1.06), xlabel="epoch")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_title(f"{run}: {words[run]}\n", size=9)
    if run == "AE":
        axes.set_ylabel(f"strength, {record.setting['data']}")

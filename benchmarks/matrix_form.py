"""The matrix form and one mode at a time against training, and whether the criterion says beforehand which is nearer.

    python benchmarks/theory.py matrix mnist      256 modes, H = 128, lr 0.01, 3,000 epochs
    python benchmarks/theory.py matrix centred    centred: 200 modes, H = 64, lr 0.02; 64 modes, lr·λ₀ = 0.3
    python benchmarks/theory.py matrix others     CIFAR-10 in blocks of 2 × 2 pixels, digits, breast cancer, 3 seeds
    python benchmarks/theory.py matrix starts     starts of deviation 1e-6 to 0.3, on spectra and widths of many kinds
    python benchmarks/theory.py matrix held       the same on CIFAR-10, digits and breast cancer
    python benchmarks/theory.py matrix worse      when the matrix form is worse: both criteria, on data of three kinds
    python benchmarks/theory.py matrix depth      three and four layers, aligned, against the path of equal layers

The figures are RMS differences of strengths over the top 32 modes and over time: about 200 epochs are recorded, closely
at first, and each counts for the epochs around it. Training is the full descent of both layers.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

from modeflow import EqualLayers
from modeflow.evaluate.evaluators import fixed_point
from modeflow.experiments.data import load, spectrum
from modeflow.experiments.matrix_form import (
    LARGEST_FALLEN_SHARE,
    fallen_share,
    matrix_strengths,
)
from modeflow.experiments.measure import rms_over_time
from modeflow.experiments.prediction import descended_strengths, initial_strengths, predicted_strengths
from modeflow.witness.train import TrainingDiverged, initial_weights, train

Array = NDArray[np.float64]
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
MNIST, CIFAR = DATA / "t10k-images-idx3-ubyte.gz", DATA / "cifar10_test_batch.bin.xz"
RUNS = {"noise 0.5": (0.5, 0.0), "decay 0.5": (0.0, 0.5), "neither": (0.0, 0.0)}
TOP = 32
HEAD = f"{'':44}{'closed form':>13}{'stepped':>10}{'matrix form':>13}"


def recorded(epochs: int) -> NDArray[np.int64]:
    return np.unique(np.r_[0:30, np.geomspace(1, epochs, 90), np.linspace(0, epochs, 90)].astype(np.int64))


def errors(
    lam: Array, hidden: int, lr: float, epochs: int, noise: float, decay: float, std: float, seed: int
) -> tuple[float, float, float, float, float]:
    """Of the closed form (not a number where a step overshoots), one mode stepped, and the matrix form; then the start
    against the rest, and the fallen share."""
    weights, top = initial_weights(hidden, lam.size, std=std, seed=seed), min(TOP, lam.size, hidden)
    record, setting = recorded(epochs), {"noise": noise, "decay": decay, "lr": lr}
    run = train(lam, weights=weights, epochs=epochs, modes=range(top), record=record, **setting)
    leading, initial = lam[:top], initial_strengths((weights[0] + weights[1].T)[:, :top])
    predictions: list[Any] = [
        lambda: predicted_strengths(record, leading, initial, **setting),
        lambda: descended_strengths(epochs, leading, initial, **setting)[record],
        lambda: matrix_strengths(record, lam, weights, top=top, **setting),
    ]
    found, said = [], []
    for prediction in predictions:
        try:
            said.append(prediction())
            found.append(rms_over_time(said[-1] - run.strength, record))
        except ValueError:
            found.append(math.nan)
    limits = np.asarray(fixed_point(leading, noise=noise, decay=decay))
    fallen = fallen_share(said[-1], said[-2], limits, record)
    return found[0], found[1], found[2], start_against_rest(leading, weights, limits), fallen


def start_against_rest(lam: Array, weights: tuple[Array, Array], limits: Array) -> float:
    """Σ|p|²/4 over Σ(limit) of the leading modes; infinite where no mode has a limit above 0."""
    encoder, decoder = weights
    start, rest = float(((encoder.T + decoder)[: lam.size] ** 2).sum()) / 4, float(limits.sum())
    return start / rest if rest > 0 else math.inf


def row(what: str, found: tuple[float, ...]) -> None:
    print(f"{what:44}{found[0]:>13.5f}{found[1]:>10.5f}{found[2]:>13.5f}", flush=True)


def table(what: str, lam: Array, hidden: int, lr: float, epochs: int, seeds: int = 1) -> None:
    title = f"{what}: {lam.size} modes, H = {hidden}, lr {lr:.3g}, {epochs:,} epochs, deviation 1e-4"
    print(f"\n{title}\n{HEAD}")
    for name, (noise, decay) in RUNS.items():
        for seed in range(seeds):
            row(f"{name}, seed {seed}", errors(lam, hidden, lr, epochs, noise, decay, 1e-4, seed))


def values(source: Any, count: int | None = None, **options: Any) -> Array:
    found = spectrum(load(source, **options) if isinstance(source, Path) else source).eigenvalues
    return found[found > 1e-9 * found[0]][:count]


def blocks_of_cifar() -> Array:
    """CIFAR-10 averaged over blocks of 2 × 2 pixels, at the scale of whole images."""
    return np.asarray(2 * load(CIFAR).reshape(-1, 3, 16, 2, 16, 2).mean(axis=(3, 5)).reshape(-1, 768))


def centred(X: Array) -> Array:
    return np.asarray(X - X.mean(axis=0))


def mnist() -> None:
    table("MNIST, uncentred", values(MNIST, 256), 128, 0.01, 3000)


def centred_mnist() -> None:
    lam = values(centred(load(MNIST)), 200)
    table("MNIST, centred", lam, 64, 0.02, 2000)
    table("MNIST, centred", lam[:64], 32, 0.3 / lam[0], 1000)
    table("MNIST, centred", lam[:64], 32, 0.3 / lam[0], 8000)


def others() -> None:
    from sklearn.datasets import load_breast_cancer, load_digits

    cifar = blocks_of_cifar()
    table("CIFAR-10, uncentred", values(cifar, 64), 32, 0.001, 2000, seeds=3)
    table("CIFAR-10, centred", values(centred(cifar), 64), 32, 0.005, 2000, seeds=3)
    table("digits", values(load_digits().data / 16, 61), 32, 0.03, 2000, seeds=3)
    cancer = load_breast_cancer().data
    table("breast cancer, unit variance", values(centred(cancer) / cancer.std(axis=0)), 15, 0.02, 2000, seeds=3)


def shapes() -> list[Array]:
    """MNIST, and spectra of three shapes."""
    of_mnist = values(MNIST, 48), values(centred(load(MNIST)), 48)
    return [*of_mnist, 20 / np.arange(1.0, 25), np.full(24, 3.0), np.repeat([8.0, 1.0], 12)]


def of_others() -> list[Array]:
    """Data that had no part in the choice of a criterion."""
    from sklearn.datasets import load_breast_cancer, load_digits

    cifar = blocks_of_cifar()
    cancer = load_breast_cancer().data
    return [
        values(cifar, 32),
        values(centred(cifar), 32),
        values(load_digits().data / 16, 32),
        values(centred(cancer) / cancer.std(axis=0), 24),
    ]


def of_a_third_kind() -> list[Array]:
    """Blocks of 8 × 8 pixels of two photographs, wines and patients, which had no part in it either."""
    from sklearn.datasets import load_diabetes, load_wine

    wine = load_wine().data
    return [
        values(blocks_of_photograph("china.jpg"), 32),
        values(centred(blocks_of_photograph("flower.jpg")), 32),
        values(centred(wine) / wine.std(axis=0)),
        values(centred(load_diabetes().data) * 21),
    ]


def blocks_of_photograph(name: str) -> Array:
    from sklearn.datasets import load_sample_image

    grey = load_sample_image(name).mean(axis=2) / 255
    rows, columns = (side // 8 for side in grey.shape)
    whole = grey[: 8 * rows, : 8 * columns].reshape(rows, 8, columns, 8)
    return np.asarray(whole.swapaxes(1, 2).reshape(-1, 64))


def starts() -> None:
    tried(shapes())


def held() -> None:
    tried(of_others(), (1e-6, 1e-4, 1e-2, 0.06, 0.1, 0.2))


def cases(spectra: list[Array], std: float) -> Iterator[tuple[float, ...]]:
    """The errors of every width and every run that does not diverge."""
    for lam in spectra:
        for hidden in (lam.size // 2, lam.size, 4 * lam.size):
            for noise, decay in RUNS.values():
                try:
                    yield errors(lam, hidden, 0.15 / lam[0], 400, noise, decay, std, 0)
                except TrainingDiverged:
                    continue


def worse() -> None:
    """In how many cases the matrix form is further from training, and how many of these each criterion names."""
    print(f"\n{'':28}{'cases':>7}{'worse':>7}{'start >= rest':>15}{'right':>7}{'fallen share':>14}{'right':>7}"
          f"{'said up to 0.03':>17}")  # fmt: skip
    data = {"MNIST and three shapes": shapes, "data not chosen on": of_others, "a third kind": of_a_third_kind}
    for what, spectra in data.items():
        found = [
            (std, *case) for std in (1e-6, 1e-4, 1e-2, 0.03, 0.06, 0.1, 0.2, 0.3) for case in cases(spectra(), std)
        ]
        std, _, one, matrix, size, fallen = np.array(found).T
        wrong, beyond, said = matrix > one, size >= 1, fallen >= LARGEST_FALLEN_SHARE
        counts = (len(found), wrong.sum(), beyond.sum(), (beyond & wrong).sum(), said.sum(), (said & wrong).sum())
        cells = "".join(f"{count:>{width}}" for count, width in zip(counts, (7, 7, 15, 7, 14, 7), strict=True))
        print(f"{what:28}{cells}{(said & (std <= 0.03)).sum():>17}", flush=True)


DEVIATIONS = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.03, 0.06, 0.1, 0.2, 0.3)


def tried(spectra: list[Array], deviations: tuple[float, ...] = DEVIATIONS) -> None:
    """One line a start: in how many of the cases the matrix form is nearer, by what the criterion said."""
    total = {True: [0, 0], False: [0, 0]}
    print(f"\n{'deviation':>9}{'cases':>7}{'start/rest':>16}{'said small':>12}{'and nearer':>12}{'said large':>12}"
          f"{'and nearer':>12}{'largest loss':>14}   (nearer: the matrix form)")  # fmt: skip
    for std in deviations:
        sizes, count, worst = [], {True: [0, 0], False: [0, 0]}, 0.0
        for _, one, matrix, size, _ in cases(spectra, std):
            sizes.append(size)
            said, nearer = size < 1, matrix <= one
            count[said][0] += 1
            count[said][1] += nearer
            if said:
                worst = max(worst, matrix - one)
        for said in total:
            total[said] = [a + b for a, b in zip(total[said], count[said], strict=True)]
        cells = "".join(f"{number:>12}" for number in (*count[True], *count[False]))
        print(f"{std:>9g}{len(sizes):>7}{f'{min(sizes):.1e}…{max(sizes):.1e}':>16}{cells}{worst:>14.5f}", flush=True)
    print(f"in all: said small {total[True][0]}, of these the matrix form is nearer in {total[True][1]}; said large "
          f"{total[False][0]}, of these nearer in {total[False][1]}")  # fmt: skip


def deep_descent(
    layers: list[Array], lam: Array, *, noise: float, lr: float, epochs: int, record: NDArray[np.int64]
) -> Array:
    """Strengths (K, D) at the recorded epochs: full descent of layers W1 … WL in the eigenbasis of the data."""
    found, due = [], set(record.tolist())
    for epoch in range(epochs + 1):
        before = [np.eye(lam.size)]
        for layer in layers:
            before.append(layer @ before[-1])
        if epoch in due:
            found.append(np.diag(before[-1]).copy())
        after, moved = np.diag(lam) - before[-1] * (lam + noise), []
        for layer, below in zip(reversed(layers), reversed(before[:-1]), strict=True):
            moved.append(layer + lr * after @ below.T)
            after = layer.T @ after
        layers = moved[::-1]
    return np.array(found)


def turned_layers(start: Array, depth: int, hidden: int, apart: float) -> list[Array]:
    """Layers with the product diag(start), equal in each mode and turned at random, moved by that part of a weight."""
    rng, size = np.random.default_rng(0), start.size
    widths = [size, *[hidden] * (depth - 1), size]
    inner = [np.linalg.qr(rng.standard_normal((hidden, size)))[0] for _ in range(depth - 1)]
    turns = [np.eye(size), *inner, np.eye(size)]
    weight = start ** (1 / depth)
    layers = [turns[k + 1] * weight @ turns[k].T for k in range(depth)]
    spread = apart * weight.mean() / math.sqrt(hidden)
    return [layer + spread * rng.standard_normal((widths[k + 1], widths[k])) for k, layer in enumerate(layers)]


def depth() -> None:
    """Eight modes of MNIST, each from strength 0.05 or 0.02; halved steps halve the difference of aligned starts."""
    w, t, rate = Symbol("w", positive=True), Symbol("t", nonnegative=True), Symbol("lambda_j", positive=True)
    noise = Symbol("epsilon", nonnegative=True)
    lam, start = values(MNIST, 8), np.where(np.arange(8) % 2, 0.02, 0.05)
    print(f"\n{'layers':>6}{'noise':>7}{'step':>9}{'aligned':>12}{'1 % apart':>12}{'10 % apart':>12}"
          "   RMS from the path of equal layers")  # fmt: skip
    for layers in (2, 3, 4):
        path = EqualLayers(-rate * w + (rate + noise) * w**2 / 2, w, layers, t).solve().evaluator()
        for variance in (0.5,):
            for lr in (0.004, 0.002):
                epochs = int(6 / lr)
                record = np.linspace(0, epochs, 101).astype(np.int64)
                theory = np.array(
                    [
                        path(lr * record, lambda_j=one, epsilon=variance, w_0=w0)
                        for one, w0 in zip(lam, start, strict=True)
                    ]
                ).T
                found = [
                    rms_over_time(deep_descent(turned_layers(start, layers, 16, apart), lam, noise=variance, lr=lr,
                                     epochs=epochs, record=record) - theory, record)
                    for apart in (0.0, 0.01, 0.1)
                ]  # fmt: skip
                cells = "".join(f"{one:>12.5f}" for one in found)
                print(f"{layers:>6}{variance:>7g}{lr:>9g}{cells}", flush=True)


COMMANDS = {
    "mnist": mnist,
    "centred": centred_mnist,
    "others": others,
    "starts": starts,
    "held": held,
    "worse": worse,
    "depth": depth,
}

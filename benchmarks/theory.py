"""How good is the theory? Predicted against trained mode strengths, and where the difference comes from.

    python benchmarks/theory.py modes [mnist|cifar|FILE] [--leading M] [--epochs 5000] [--runs denoising,decay,plain]
    python benchmarks/theory.py noise [FILE] [--epochs 300] [--side 7] [--hidden 24]
    python benchmarks/theory.py matrix [mnist|centred|others|starts|held|depth]

`modes` trains from independent normal weights of deviation 1e-4 (MNIST: H = 256, lr 0.01; CIFAR-10: H = 512,
lr 0.001) with noise 0.5, decay 0.5 and neither, and prints for modes 0, 3, 7, 15, 31 the error of the half-learning
time and the largest and RMS difference; then over the top 32 modes the RMS of six predictions, each without one more
cause of error. `--leading M` keeps the M leading modes of the data alone, 0 all of them.

`noise` trains on 1,000 MNIST images averaged over blocks to `side` × `side` pixels, with each kind of noise drawn
afresh, in batches of several sizes, and prints the RMS difference from the closed forms and from marginalised noise.

`matrix` prints the matrix form beside one mode at a time, in minutes; `benchmarks/matrix_form.py` says on what.
"""

import argparse
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
from matrix_form import COMMANDS
from numpy.typing import NDArray

from modeflow.evaluate.evaluators import fixed_point, strength
from modeflow.experiments.data import Spectrum, load, spectrum
from modeflow.experiments.measure import crossings
from modeflow.experiments.prediction import (
    descended_strengths,
    initial_strengths,
    predicted_strengths,
    predicted_times,
    time_constants,
)
from modeflow.witness.samples import train_on_samples
from modeflow.witness.train import initial_weights, train

Array = NDArray[np.float64]
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILES = {"mnist": DATA / "t10k-images-idx3-ubyte.gz", "cifar": DATA / "cifar10_test_batch.bin.xz"}
RUNS = {"denoising": (0.5, 0.0), "decay": (0.0, 0.5), "plain": (0.0, 0.0)}
SHOWN, TOP = (0, 3, 7, 15, 31), 32


def rms(difference: Array) -> float:
    return float(np.sqrt(np.mean(difference**2)))


def modes(eigen: Spectrum, name: str, hidden: int, lr: float, epochs: int) -> None:
    """One run, its table, and its causes of error."""
    noise, decay = RUNS[name]
    lam = eigen.eigenvalues[:TOP]
    start = initial_weights(hidden, eigen.eigenvalues.size, std=1e-4, seed=0)
    sums = (start[0] + start[1].T)[:, :hidden]
    began = time.perf_counter()
    run = train(
        eigen.eigenvalues, weights=start, lr=lr, epochs=epochs, noise=noise, decay=decay, modes=range(TOP),
        precision="single",
    )  # fmt: skip
    taken = time.perf_counter() - began
    alone, in_turn = (sums[:, :TOP] ** 2).sum(axis=0) / 4, initial_strengths(sums)[:TOP]
    setting: dict[str, Any] = {"noise": noise, "decay": decay, "lr": lr}
    best = predicted_strengths(run.epochs, lam, in_turn, **setting)
    stepped = descended_strengths(epochs, lam, in_turn, **setting)

    def flow(initial: Array, tau: Array | float = 1 / lr) -> Array:
        w = np.sqrt(initial)
        times = run.epochs[:, None].astype(float)
        return np.asarray(strength(times, lam, noise=noise, decay=decay, w1=w, w2=w, tau=tau))

    half = np.asarray(fixed_point(lam, noise=noise, decay=decay)) / 2
    measured = crossings(run.epochs, run.strength, half)
    print(f"\n{name}: noise {noise:g}, decay {decay:g}, H = {hidden}, lr {lr:g}, {epochs:,} epochs in {taken:.0f} s")
    print("mode        λ   half-learning time       error of it (%)      difference (closed form)")
    print("                         (epochs)   closed form   stepped          largest        RMS")
    with np.errstate(invalid="ignore"):  # never, over never
        found = predicted_times(half, lam, in_turn, **setting), crossings(run.epochs, stepped, half)
        errors = [100 * (times / measured - 1) for times in found]
    for j in SHOWN:
        time_of = f"{measured[j]:,.1f}" if math.isfinite(measured[j]) else "not reached"
        shown = [f"{e[j]:+.2f}" if math.isfinite(measured[j]) else "" for e in errors]
        gap = best[:, j] - run.strength[:, j]
        print(
            f"{j:>4} {lam[j]:>9.3f} {time_of:>20} {shown[0]:>13} {shown[1]:>9}"
            f" {abs(gap).max():>16.4f} {rms(gap):>10.5f}"
        )
    predictions = {
        "closed form, one initial strength for all modes": flow(np.full(TOP, alone.mean())),
        "closed form, |W₁v + W₂ᵀv|²/4": flow(alone),
        "  and learned modes take hidden directions": flow(in_turn),
        "  and time constants of finite steps": flow(in_turn, time_constants(lam, lr=lr, decay=decay)),
        "  and what a step misses where a mode slows down": best,
        "one mode at a time, step by step (coupling alone is left out)": stepped,
    }
    print(f"RMS over the top {TOP} modes:")
    for what, curve in predictions.items():
        print(f"  {rms(curve - run.strength):.5f}  {what}")
    reached = np.isfinite(measured)
    print(f"worst half-learning time of the {reached.sum()} modes that reached it: closed form "
          f"{abs(errors[0][reached]).max():.2f} %, stepped {abs(errors[1][reached]).max():.2f} %")  # fmt: skip


def blocks(path: Path, side: int) -> Array:
    """1,000 images of 28 × 28 pixels, averaged over blocks to side × side, at the scale of whole images."""
    edge = 28 // side
    X = load(path)[:1000].reshape(-1, side, edge, side, edge).mean(axis=(2, 4)).reshape(-1, side * side)
    return np.asarray(edge * X)


def noise_kinds(X: Array, hidden: int, epochs: int, runs: int = 2) -> None:
    """An epoch of N/B steps of size lr·B/N covers the same time for every batch size B."""
    eigen, lr, side = spectrum(X), 0.01, math.isqrt(X.shape[1])
    lam, V = eigen.eigenvalues[:TOP], eigen.eigenvectors[:, :TOP]
    start = initial_weights(hidden, X.shape[1], std=1e-2, seed=0)
    sums = ((start[0] + start[1].T) @ eigen.eigenvectors)[:, :hidden]
    initial = initial_strengths(np.pad(sums, ((0, 0), (0, max(0, TOP - hidden)))))[:TOP]
    pixels = (X**2).mean(axis=0)
    kinds: dict[str, tuple[dict[str, float], Any]] = {
        "none": ({}, 0.0),
        "Gaussian, variance 0.5": ({"noise": 0.5}, 0.5),
        "masking, probability 0.3": ({"masking": 0.3}, 0.3 / 0.7 * (V**2 * pixels[:, None]).sum(axis=0)),
        "dropout of hidden units, 0.2": ({"dropout": 0.2}, 0.2 / 0.8 * lam),
    }
    batches = (1000, 100, 20)
    record = np.arange(0, epochs + 1, max(1, epochs // 300))
    keep = slice(0, 16)
    print(f"\n1,000 images of {side} × {side} blocks, H = {hidden}, lr {lr:g}·B/N, {epochs:,} epochs, {runs} runs")
    print("Top 16 modes.", end=" ")
    print("RMS: a, marginalised noise from theory; b, drawn noise from theory; c, drawn from marginalised")
    print(f"{'noise':30}" + "".join(f"{f'batch {b:,}':>26}" for b in batches))
    print(f"{'':30}" + f"{'a':>10}{'b':>8}{'c':>8}" * len(batches))
    for kind, (options, variance) in kinds.items():
        line = f"{kind:30}"
        for size in batches:
            steps, step = 1000 // size, lr * size / 1000
            theory = predicted_strengths(record * steps, lam, initial, noise=variance, lr=step)[:, keep]
            exact = train(
                eigen.eigenvalues, eigen.eigenvectors, weights=start, lr=step, epochs=epochs * steps,
                record=record * steps, **options,
            ).strength[:, keep]  # fmt: skip
            sampled = train_on_samples(
                X, V, weights=start, lr=step, epochs=epochs, batch=size, record=record, seeds=range(runs), **options
            ).strength[:, :, keep]
            line += f"{rms(exact - theory):>10.4f}{rms(sampled - theory):>8.4f}{rms(sampled - exact):>8.4f}"
        print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["modes", "noise", "matrix"])
    parser.add_argument("data", nargs="?", default="mnist")
    parser.add_argument("--leading", type=int, default=0)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--side", type=int, choices=(1, 2, 4, 7, 14, 28), default=7)
    parser.add_argument("--hidden", type=int, default=24)
    parser.add_argument("--runs", default=",".join(RUNS))
    options = parser.parse_args()
    if options.what == "matrix":
        if options.data not in COMMANDS:
            parser.error(f"matrix {options.data}: give one of {', '.join(COMMANDS)}")
        return COMMANDS[options.data]()
    path = FILES.get(options.data, Path(options.data))
    if options.what == "noise":
        return noise_kinds(blocks(path, options.side), options.hidden, options.epochs or 300)
    whole = spectrum(load(path))
    kept = options.leading or whole.eigenvalues.size
    share = whole.eigenvalues[:kept].sum() / whole.eigenvalues.sum()
    print(f"{path.name}: {kept} of {whole.eigenvalues.size} modes, {100 * share:.2f} % of the signal")
    eigen = Spectrum(whole.eigenvalues[:kept], np.eye(kept), whole.clipped)
    hidden, lr = (512, 0.001) if eigen.eigenvalues[0] > 100 else (256, 0.01)
    for name in options.runs.split(","):
        modes(eigen, name, hidden, lr, options.epochs or 5000)
    return None


if __name__ == "__main__":
    main()

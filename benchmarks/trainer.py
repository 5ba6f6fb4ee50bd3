"""How fast the trainer is, and how closely theory meets it, on MNIST.

    python benchmarks/trainer.py [--images FILE] [--epochs 5000]

Prints CPU seconds per 1,000 epochs (H = 256, lr 0.01, noise 0.5) of the trainer and of a straightforward NumPy
loop over the images; the share of the trainer's time that its four matrix products need on their own; and the RMS
difference between theory and training over the top 32 modes for noise 0, noise 0.5, and decay 0.5.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from modeflow.experiments.comparison import compare
from modeflow.experiments.data import Spectrum, load, spectrum
from modeflow.witness.train import initial_weights, train

IMAGES = Path(__file__).resolve().parents[2] / "shared" / "data" / "t10k-images-idx3-ubyte.gz"
HIDDEN, LR, NOISE = 256, 0.01, 0.5


def seconds(action: Callable[[], object], repeats: int) -> float:
    """Best CPU time of one call, after one to warm up: the machine may be busy with other things."""
    action()
    times = []
    for _ in range(repeats):
        began = time.process_time()
        action()
        times.append(time.process_time() - began)
    return min(times)


def plain_loop(X: NDArray[np.float64], epochs: int) -> float:
    """Seconds an epoch of full-batch descent on all images, marginalised noise, as first written down."""
    W1, W2 = initial_weights(HIDDEN, X.shape[1], std=1e-3)
    began = time.process_time()
    for _ in range(epochs):
        code = X @ W1.T
        missing = (X - code @ W2.T) / len(X)
        down1 = W2.T @ (missing.T @ X) - NOISE * W2.T @ W2 @ W1
        down2 = missing.T @ code - NOISE * W2 @ W1 @ W1.T
        W1, W2 = W1 + LR * down1, W2 + LR * down2
    return (time.process_time() - began) / epochs


def products(dimension: int, dtype: type[np.floating[Any]]) -> float:
    """Seconds of the matrix products of one epoch alone: two Gram matrices, two products with one."""
    A = np.random.default_rng(0).standard_normal((HIDDEN, dimension)).astype(dtype)
    B, gram, out = A[:, ::-1].copy(), A @ A.T, np.empty_like(A)

    def epoch() -> None:
        np.matmul(A, A.T, out=gram)
        np.matmul(gram, B, out=out)
        np.matmul(B, B.T, out=gram)
        np.matmul(gram, A, out=out)

    return seconds(epoch, 60)


def report(precision: Literal["double", "single"], dtype: type[np.floating[Any]], eigen: Spectrum) -> None:
    def run() -> None:
        train(
            eigen.eigenvalues,
            hidden=HIDDEN,
            lr=LR,
            epochs=100,
            noise=NOISE,
            modes=range(32),
            std=1e-3,
            precision=precision,
        )

    epoch = seconds(run, 3) / 100
    share = products(eigen.eigenvalues.size, dtype) / epoch
    print(f"trainer, {precision} precision: {1000 * epoch:8.2f} s per 1,000 epochs, {share:.0%} in BLAS")


def main() -> None:
    parser = argparse.ArgumentParser(description="Trainer speed, and theory against training, on MNIST.")
    parser.add_argument("--images", type=Path, default=IMAGES)
    parser.add_argument("--epochs", type=int, default=5000)
    options = parser.parse_args()
    X = load(options.images)
    eigen = spectrum(X)
    print(f"{options.images.name}: N = {len(X):,}, D = {X.shape[1]}, H = {HIDDEN}, lr {LR}, noise {NOISE}")
    report("double", np.float64, eigen)
    report("single", np.float32, eigen)
    plain_loop(X, 1)
    print(f"plain NumPy loop over the images: {1000 * plain_loop(X, 4):6.2f} s per 1,000 epochs (from 4 epochs)")

    print(f"\ntheory against training, top 32 modes, {options.epochs:,} epochs")
    for noise, decay in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5)):
        c = compare(options.images, noise=noise, decay=decay, hidden=HIDDEN, lr=LR, epochs=options.epochs)
        print(
            f"noise {noise:g}, decay {decay:g}: RMS {c.rms:.4f} ({c.rms_flow:.4f} for gradient flow, "
            f"{c.rms_alone:.4f} with initial strengths |W₁v + W₂ᵀv|²/4), {c.seconds:.1f} s"
        )


if __name__ == "__main__":
    main()

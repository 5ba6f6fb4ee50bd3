"""The trainer against its own definition: the loss, its gradient, textbook descent, and sampled noise."""

import contextlib
from typing import Any, Literal

import daily
import numpy as np
import pytest
from numpy.typing import NDArray

from modeflow.witness.train import TrainingDiverged, initial_weights, stable_step, train, train_sampled

Array = NDArray[np.float64]
N, D = 30, 8
SHAPES = [3, 8, 20]


@pytest.fixture(scope="module")
def X() -> Array:
    return np.random.default_rng(1).standard_normal((N, D)) * np.linspace(2.0, 0.2, D)


@pytest.fixture(scope="module")
def eigen(X: Array) -> tuple[Array, Array]:
    values, vectors = np.linalg.eigh(X.T @ X / N)
    return values[::-1].copy(), vectors[:, ::-1].copy()


def expected_loss(X: Array, W1: Array, W2: Array, noise: float, decay: float) -> float:
    """½·E‖x − W2·W1·(x + η)‖² + (γ/2)·(‖W1‖² + ‖W2‖²), the average over η done by hand."""
    missing = X - X @ W1.T @ W2.T
    return (
        0.5 * np.sum(missing**2) / len(X)
        + 0.5 * noise * np.sum((W2 @ W1) ** 2)
        + 0.5 * decay * (np.sum(W1**2) + np.sum(W2**2))
    )


def textbook(
    X: Array, W1: Array, W2: Array, lr: float, epochs: int, noise: float, decay: float
) -> list[tuple[Array, Array]]:
    """Every (W1, W2) along plain gradient descent with the two matrix gradients."""
    moment = X.T @ X / len(X)
    noisy = moment + noise * np.eye(len(moment))
    path = [(W1, W2)]
    for _ in range(epochs):
        down1 = W2.T @ moment - W2.T @ W2 @ W1 @ noisy - decay * W1
        down2 = moment @ W1.T - W2 @ W1 @ noisy @ W1.T - decay * W2
        W1, W2 = W1 + lr * down1, W2 + lr * down2
        path.append((W1, W2))
    return path


@pytest.mark.parametrize("hidden", SHAPES)
@pytest.mark.parametrize(("noise", "decay"), [(0.0, 0.0), (0.6, 0.0), (0.0, 0.3), (0.6, 0.3)])
def test_same_trajectory_as_textbook_descent(
    X: Array, eigen: tuple[Array, Array], hidden: int, noise: float, decay: float
) -> None:
    values, vectors = eigen
    weights = initial_weights(hidden, D, std=0.3, seed=2)
    run = train(values, vectors, weights=weights, lr=0.05, epochs=400, noise=noise, decay=decay)
    path = textbook(X, *weights, 0.05, 400, noise, decay)
    strength = [np.diag(vectors.T @ W2 @ W1 @ vectors) for W1, W2 in path]
    imbalance = [np.sum((W2.T @ vectors) ** 2, axis=0) - np.sum((W1 @ vectors) ** 2, axis=0) for W1, W2 in path]
    loss = [expected_loss(X, W1, W2, noise, decay) for W1, W2 in path]
    np.testing.assert_allclose(run.strength, strength, rtol=0, atol=1e-9)
    np.testing.assert_allclose(run.imbalance, imbalance, rtol=0, atol=1e-9)
    np.testing.assert_allclose(run.loss, loss, rtol=1e-9)
    np.testing.assert_allclose(run.encoder, path[-1][0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(run.decoder, path[-1][1], rtol=0, atol=1e-9)
    assert (np.diff(run.loss) < 0).all()
    assert np.ptp(strength, axis=0).max() > 0.1, "nothing was learned: the comparison would be empty"


@pytest.mark.parametrize("hidden", SHAPES)
def test_one_step_is_the_gradient_of_the_loss(X: Array, eigen: tuple[Array, Array], hidden: int) -> None:
    """Against central differences of the loss, entry by entry."""
    W1, W2 = initial_weights(hidden, D, std=0.5, seed=3)
    run = train(*eigen, weights=(W1, W2), lr=1e-3, epochs=1, noise=0.7, decay=0.4)
    for index, before, after in ((0, W1, run.encoder), (1, W2, run.decoder)):
        gradient = np.empty_like(before)
        for entry in np.ndindex(before.shape):
            ends = []
            for h in (1e-5, -1e-5):
                moved = [W1.copy(), W2.copy()]
                moved[index][entry] += h
                ends.append(expected_loss(X, moved[0], moved[1], 0.7, 0.4))
            gradient[entry] = (ends[0] - ends[1]) / 2e-5
        np.testing.assert_allclose((before - after) / 1e-3, gradient, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("hidden", SHAPES)
def test_dead_modes(hidden: int) -> None:
    """λ = 0 without noise: the encoder's column stays, the decoder's decays, and nothing divides by zero."""
    values = np.array([2.0, 1.0, 0.0, 0.0])
    weights = initial_weights(hidden, 4, std=0.3, seed=5)
    run = train(values, weights=weights, lr=0.05, epochs=300)
    np.testing.assert_array_equal(run.encoder[:, 2:], weights[0][:, 2:])
    assert np.isfinite(run.strength).all()
    path = textbook(np.sqrt(4 * np.diag(values)), *weights, 0.05, 300, 0.0, 0.0)
    np.testing.assert_allclose(run.decoder, path[-1][1], atol=1e-12)


def test_small_steps_conserve_the_imbalance_of_aligned_weights() -> None:
    """c' = −2γc: conserved without decay, and exponentially small with it."""
    values = np.array([2.0, 1.0, 0.5])
    weights = np.diag([0.2, 0.1, 0.3]), np.diag([0.6, 0.4, 0.1])
    start = np.array([0.32, 0.15, -0.08])
    for decay in (0.0, 0.25):
        run = train(values, weights=weights, lr=1e-3, epochs=2000, noise=0.3, decay=decay)
        expected = start * np.exp(-2 * decay * 1e-3 * run.epochs[:, None])
        np.testing.assert_allclose(run.imbalance, expected, atol=1e-3)
    assert abs(run.imbalance[-1] - start).min() > 0.03


def test_coordinate_axes_are_the_default_eigenvectors() -> None:
    values = np.array([3.0, 1.0, 0.25])
    one = train(values, hidden=2, lr=0.1, epochs=50, std=0.1, seed=7)
    other = train(values, np.eye(3), hidden=2, lr=0.1, epochs=50, std=0.1, seed=7)
    np.testing.assert_allclose(one.strength, other.strength, atol=1e-14)


def test_the_seed_decides(eigen: tuple[Array, Array]) -> None:
    options: dict[str, Any] = {"hidden": 4, "lr": 0.05, "epochs": 60, "std": 0.1}
    first, second, other = (train(*eigen, **options, seed=seed) for seed in (11, 11, 12))
    np.testing.assert_array_equal(first.strength, second.strength)
    assert not np.array_equal(first.strength, other.strength)


def test_initial_weights_are_never_overwritten(X: Array, eigen: tuple[Array, Array]) -> None:
    weights = initial_weights(4, D, std=0.1, seed=1)
    kept = weights[0].copy(), weights[1].copy()
    train(eigen[0], weights=weights, lr=0.05, epochs=5, decay=0.1)
    train_sampled(X, eigen[1], weights=weights, lr=0.05, epochs=5, noise=0.1, runs=2)
    np.testing.assert_array_equal(weights[0], kept[0])
    np.testing.assert_array_equal(weights[1], kept[1])


@pytest.mark.parametrize("hidden", [3, 20])
def test_chosen_modes_and_epochs_are_slices_of_all(eigen: tuple[Array, Array], hidden: int) -> None:
    options: dict[str, Any] = {"hidden": hidden, "lr": 0.05, "epochs": 40, "std": 0.1, "noise": 0.2}
    full = train(*eigen, **options)
    part = train(*eigen, **options, modes=[5, 0], record=[0, 7, 40])
    np.testing.assert_array_equal(part.epochs, [0, 7, 40])
    np.testing.assert_allclose(part.strength, full.strength[np.ix_([0, 7, 40], [5, 0])], rtol=1e-12)
    np.testing.assert_array_equal(part.loss, full.loss[[0, 7, 40]])


@pytest.mark.parametrize("hidden", [3, 20])
def test_single_precision_is_close_but_not_double(eigen: tuple[Array, Array], hidden: int) -> None:
    options: dict[str, Any] = {"hidden": hidden, "lr": 0.05, "epochs": 400, "std": 1e-2, "noise": 0.2, "decay": 0.1}
    double, single = train(*eigen, **options), train(*eigen, **options, precision="single")
    assert single.strength.dtype == np.float64
    assert 0 < abs(single.strength - double.strength).max() < 2e-5


@pytest.mark.parametrize("hidden", [3, 20])
@pytest.mark.parametrize("precision", ["single", "double"])
def test_divergence_is_named(eigen: tuple[Array, Array], hidden: int, precision: Literal["single", "double"]) -> None:
    limit = stable_step(eigen[0])
    with pytest.raises(TrainingDiverged, match=f"lr = .* epoch .* {limit:.4g}") as error:
        train(*eigen, hidden=hidden, lr=4 * limit, epochs=500, std=0.1, precision=precision)
    assert 1 < error.value.epoch <= 500


def test_sampled_divergence_is_named(X: Array, eigen: tuple[Array, Array]) -> None:
    limit = stable_step(eigen[0])
    with pytest.raises(TrainingDiverged, match=f"{limit:.4g}"):
        train_sampled(X, eigen[1], hidden=3, lr=4 * limit, epochs=500, noise=0.1, std=0.1, runs=2)


@pytest.mark.costly
@pytest.mark.parametrize(("noise", "decay"), [(0.0, 0.0), (2.0, 0.0), (0.0, 0.5), (1.0, 3.5), (0.0, 9.0)])
def test_the_predicted_step_separates_settling_from_not(noise: float, decay: float) -> None:
    values = np.array([4.0, 1.0, 0.5])
    limit = stable_step(values, decay=decay)
    weights = initial_weights(3, 3, std=1e-2, seed=0)

    def last_moves(lr: float) -> float:
        run = train(values, weights=weights, lr=lr, epochs=4000, noise=noise, decay=decay)
        return float(abs(np.diff(run.loss[-5:])).max())

    assert last_moves(0.95 * limit) < 1e-8
    with contextlib.suppress(TrainingDiverged):
        assert last_moves(1.05 * limit) > 1e-3


def test_no_signal_no_limit() -> None:
    assert stable_step([0.0]) == np.inf


def test_progress_counts_to_the_end(X: Array, eigen: tuple[Array, Array]) -> None:
    seen = []
    train(*eigen, hidden=3, lr=0.01, epochs=1234, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (1234, 1234)
    assert 100 <= len(seen) <= 300
    seen.clear()
    train_sampled(X, eigen[1], hidden=3, lr=0.01, epochs=2, noise=0.1, runs=3, progress=lambda *step: seen.append(step))
    assert seen == [(1, 3), (2, 3), (3, 3)]


BAD = [
    ({"lr": 0.0}, "lr = 0"),
    ({"lr": np.nan}, "lr = nan"),
    ({"epochs": 0}, "epochs = 0"),
    ({"noise": -1.0}, "noise = -1"),
    ({"decay": np.inf}, "decay = inf"),
    ({"hidden": 0}, "hidden = 0"),
    ({"hidden": None}, "hidden = None"),
    ({"modes": [8]}, "modes: 8"),
    ({"modes": [-1]}, "modes: -1"),
    ({"record": [3, 2]}, "record"),
    ({"record": [11]}, "record"),
    ({"weights": (np.ones((3, 7)), np.ones((7, 3)))}, "weights"),
    ({"weights": (np.full((3, 8), np.nan), np.ones((8, 3)))}, "weights: some are not finite"),
    ({"epochs": 2.5}, "epochs = 2.5: give a whole number"),
    ({"hidden": 2.5}, "hidden = 2.5"),
    ({"std": -1.0}, "std = -1"),
    ({"std": np.nan}, "std = nan"),
    ({"seed": -1}, "seed = -1"),
    ({"modes": [0.5]}, "modes = .0.5.: give a list of whole numbers"),
    ({"record": [0.5]}, "record = .0.5.: give a list of whole numbers"),
    ({"precision": "half"}, "precision = 'half': give one of double, single"),
    ({"eigenvectors": np.eye(3)}, "eigenvectors of shape"),
    ({"eigenvectors": np.ones((8, 8))}, "eigenvectors: not orthonormal"),
    ({"eigenvectors": np.full((8, 8), np.nan)}, "eigenvectors: not orthonormal"),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_unusable_arguments(eigen: tuple[Array, Array], change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train(eigen[0], **{"eigenvectors": eigen[1], "hidden": 3, "lr": 0.01, "epochs": 10, **change})


@pytest.mark.parametrize("values", [[], [-1.0], [np.nan], [[1.0]]])
def test_unusable_spectra(values: Any) -> None:
    with pytest.raises(ValueError, match="eigenvalues"):
        train(values, hidden=1, lr=0.1, epochs=1)


def test_a_standard_error_needs_two_runs(X: Array, eigen: tuple[Array, Array]) -> None:
    with pytest.raises(ValueError, match="runs = 1"):
        train_sampled(X, eigen[1], hidden=3, lr=0.01, epochs=2, noise=0.1, runs=1)


@pytest.mark.parametrize("decay", daily.some([0.0, 0.2], 1))
def test_sampled_noise_averages_to_the_marginalised(decay: float) -> None:
    """Within four standard errors at every mode and epoch, and the standard errors are small.

    The mean of nonlinear steps is biased by lr·ε/N, which at N = 1,000 is far below the standard error. The
    same sampled runs reject a marginalised run whose noise is a twentieth too large, or that has none.
    """
    X = np.random.default_rng(1).standard_normal((1000, D)) * np.linspace(2.0, 0.2, D)
    values, vectors = np.linalg.eigh(X.T @ X / 1000)
    shared: dict[str, Any] = {"lr": 0.02, "epochs": 300, "decay": decay, "record": np.arange(25, 301, 25)}
    weights = initial_weights(5, D, std=0.2, seed=4)
    sampled = train_sampled(X, vectors, weights=weights, noise=0.8, runs=40, seed=6, **shared)
    assert sampled.standard_error.max() < 0.01
    assert sampled.standard_error.min() > 0

    def deviation(noise: float) -> Array:
        run = train(values, vectors, weights=weights, noise=noise, **shared)
        return abs(sampled.strength - run.strength) / sampled.standard_error

    assert deviation(0.8).max() <= 4
    assert deviation(0.84).max() > 8
    assert deviation(0.0).max() > 50


def test_sampled_without_noise_is_plain_descent(X: Array, eigen: tuple[Array, Array]) -> None:
    weights = initial_weights(5, D, std=0.2, seed=4)
    sampled = train_sampled(X, eigen[1], weights=weights, noise=0.0, decay=0.1, lr=0.05, epochs=50, runs=2)
    run = train(*eigen, weights=weights, noise=0.0, decay=0.1, lr=0.05, epochs=50)
    np.testing.assert_allclose(sampled.strength, run.strength, atol=1e-12)
    assert sampled.standard_error.max() == 0

"""Descent on samples against finite differences, against marginalised descent, and against itself run by run."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from modeflow.witness.samples import ACTIVATIONS, Activation, loss_and_gradients, train_on_samples, train_sampled
from modeflow.witness.start import TrainingDiverged, initial_weights, stable_step
from modeflow.witness.train import train, train_runs

Array = NDArray[np.float64]
N, D, H = 30, 8, 5
EVERY: list[Activation] = ["linear", "relu", "tanh", "sigmoid"]


@pytest.fixture(scope="module")
def X() -> Array:
    return np.random.default_rng(1).standard_normal((N, D)) * np.linspace(2.0, 0.2, D)


@pytest.fixture(scope="module")
def eigen(X: Array) -> tuple[Array, Array]:
    values, vectors = np.linalg.eigh(X.T @ X / N)
    return values[::-1].copy(), vectors[:, ::-1].copy()


@pytest.mark.parametrize("activation", EVERY)
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_gradients_are_those_of_the_loss(X: Array, activation: Activation, dropout: float) -> None:
    """Central differences in every weight of two runs; the loss itself against its definition."""
    rng = np.random.default_rng(3)
    noisy = X + rng.standard_normal((2, N, D))
    mask = (rng.random((2, N, H)) >= dropout) / (1 - dropout)
    weights = rng.standard_normal((2, H, D)) * 0.5, rng.standard_normal((2, D, H)) * 0.5

    def losses() -> Array:
        out = loss_and_gradients(*weights, X[None], noisy, mask, decay=0.3, activation=activation)[0]
        return np.asarray(out, dtype=np.float64)

    phi: dict[str, Callable[[Array], Any]] = {
        "linear": lambda z: z,
        "relu": lambda z: z * (z > 0),
        "tanh": np.tanh,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    }
    for r in range(2):
        W1, W2 = weights[0][r], weights[1][r]
        missing = X - (mask[r] * phi[activation](noisy[r] @ W1.T)) @ W2.T
        expected = 0.5 * (missing**2).sum() / N + 0.15 * ((W1**2).sum() + (W2**2).sum())
        assert losses()[r] == pytest.approx(expected, rel=1e-12)

    gradients = loss_and_gradients(*weights, X[None], noisy, mask, decay=0.3, activation=activation)[1:]
    for stack, gradient in zip(weights, gradients, strict=True):
        for entry in np.ndindex(stack.shape):
            kept = stack[entry]
            stack[entry] = kept + 1e-6
            above = losses()
            stack[entry] = kept - 1e-6
            below = losses()
            stack[entry] = kept
            assert (above - below)[entry[0]] / 2e-6 == pytest.approx(gradient[entry], rel=2e-6, abs=1e-7)


@pytest.mark.parametrize("hidden", [3, 20])
@pytest.mark.parametrize("kind", [{"masking": 0.3}, {"dropout": 0.3}, {"masking": 0.2, "dropout": 0.4, "noise": 0.3}])
def test_marginalised_step_is_the_average_of_sampled_steps(
    X: Array, eigen: tuple[Array, Array], hidden: int, kind: dict[str, Any]
) -> None:
    """One step from equal weights: the average of 4,000 draws, within five standard errors, and the errors are small.

    The same average refuses a marginalised step with a probability 0.1 larger.
    """
    W1, W2 = weights = initial_weights(hidden, D, std=0.5, seed=3)
    options: dict[str, Any] = {"lr": 1e-2, "epochs": 1, "weights": weights, "decay": 0.1}
    sampled = train_on_samples(X, eigen[1], seeds=range(4000), **kind, **options)
    mean = sampled.encoder.mean(axis=0), sampled.decoder.mean(axis=0)
    error = sampled.encoder.std(axis=0) / np.sqrt(4000), sampled.decoder.std(axis=0) / np.sqrt(4000)

    def deviation(**change: float) -> float:
        run = train(eigen[0], eigen[1], **{**kind, **change, **options})
        pairs = zip((run.encoder, run.decoder), mean, error, strict=True)
        return float(max((abs(a - b) / e).max() for a, b, e in pairs))

    assert error[0].max() < 0.1 * abs(mean[0] - W1).max()
    assert error[1].max() < 0.1 * abs(mean[1] - W2).max()
    assert deviation() < 5
    for name in kind.keys() - {"noise"}:
        assert deviation(**{name: kind[name] + 0.1}) > 8


@pytest.mark.parametrize("hidden", [3, 20])
def test_masking_and_dropout_descend_their_own_loss(eigen: tuple[Array, Array], hidden: int) -> None:
    """The step is minus the gradient of the recorded loss, by central differences along random directions."""
    rng = np.random.default_rng(8)
    weights = initial_weights(hidden, D, std=0.5, seed=3)
    options: dict[str, Any] = {"noise": 0.2, "decay": 0.1, "dropout": 0.4, "lr": 1e-3, "epochs": 1}
    for masking in (0.0, 0.3):
        run = train(*eigen, weights=weights, masking=masking, **options)
        for _ in range(5):
            towards = rng.standard_normal((hidden, D)), rng.standard_normal((D, hidden))
            ends = [
                train(
                    *eigen,
                    weights=(weights[0] + h * towards[0], weights[1] + h * towards[1]),
                    masking=masking,
                    **options,
                ).loss[0]
                for h in (1e-5, -1e-5)
            ]
            moved = (weights[0] - run.encoder, weights[1] - run.decoder)
            slope = sum(float(np.vdot(m, t)) for m, t in zip(moved, towards, strict=True)) / 1e-3
            assert (ends[0] - ends[1]) / 2e-5 == pytest.approx(slope, rel=1e-5)


def test_minibatches_visit_every_sample_once() -> None:
    """From zero weights under a tiny step the decoder learns nothing, the loss stays; with orthogonal samples and one
    sample a step, one epoch equals one full step of N times the size, to first order."""
    X = np.eye(6)
    weights = initial_weights(3, 6, std=0.5, seed=0)
    whole = train_on_samples(X, X, lr=6e-7, epochs=1, weights=weights)
    single = train_on_samples(X, X, lr=1e-7, epochs=1, batch=1, weights=weights)
    uneven = train_on_samples(X, X, lr=1e-7, epochs=1, batch=4, weights=weights)
    step = whole.encoder - weights[0]
    np.testing.assert_allclose(single.encoder - weights[0], step, rtol=1e-5, atol=1e-5 * abs(step).max())
    assert abs(uneven.encoder - weights[0] - step).max() > 0.1 * abs(step).max()


@pytest.mark.parametrize("batch", [None, 7])
@pytest.mark.parametrize("activation", EVERY)
def test_a_run_does_not_depend_on_the_others(
    X: Array, eigen: tuple[Array, Array], batch: int | None, activation: Activation
) -> None:
    options: dict[str, Any] = {
        "hidden": H, "lr": 0.02, "epochs": 20, "batch": batch, "activation": activation,
        "masking": 0.1, "dropout": 0.2, "std": 0.1,
    }  # fmt: skip
    together = train_on_samples(X, eigen[1], seeds=[3, 4, 5], noise=[0.1, 0.2, 0.0], decay=[0.0, 0.3, 0.1], **options)
    for r, (seed, noise, decay) in enumerate([(3, 0.1, 0.0), (4, 0.2, 0.3)]):
        alone = train_on_samples(X, eigen[1], seeds=[seed], noise=noise, decay=decay, **options)
        for name in ("strength", "imbalance", "loss", "norms", "encoder"):
            np.testing.assert_allclose(getattr(together, name)[r], getattr(alone, name)[0], rtol=1e-10, atol=1e-12)
    assert abs(together.strength[0, -1] - together.strength[1, -1]).max() > 1e-3


def test_a_seed_sequence_draws_corruption_apart_from_weights() -> None:
    """One pixel, one unit: the noise of the first step is not the number that the encoder's weight was drawn from."""
    seed = np.random.SeedSequence(7)
    weights = initial_weights(1, 1, std=1.0, seed=seed)
    run = train_on_samples(np.array([[1.0]]), np.eye(1), hidden=1, lr=0.1, epochs=1, noise=1.0, std=1.0, seeds=[seed])
    a, b = weights[0][0, 0], weights[1][0, 0]
    moved = (run.encoder[0, 0, 0] - a) / 0.1
    x = np.roots([-b * a * b, b, -moved])  # moved = b·x − b·a·b·x²
    assert np.abs(x - 1 - a).min() > 0.01
    again = train_on_samples(np.array([[1.0]]), np.eye(1), hidden=1, lr=0.1, epochs=1, noise=1.0, std=1.0, seeds=[seed])
    np.testing.assert_array_equal(run.encoder, again.encoder)


def test_batched_marginalised_runs_are_single_runs(eigen: tuple[Array, Array]) -> None:
    for hidden in (3, 20):
        options: dict[str, Any] = {"hidden": hidden, "epochs": 60, "std": 0.1}
        runs = train_runs(*eigen, seeds=[1, 2], lr=[0.05, 0.02], noise=[0.0, 0.4], decay=0.1, **options)
        for run, seed, lr, noise in zip(runs, (1, 2), (0.05, 0.02), (0.0, 0.4), strict=True):
            alone = train(*eigen, seed=seed, lr=lr, noise=noise, decay=0.1, **options)
            for name in ("strength", "imbalance", "loss", "encoder", "decoder", "norms"):
                np.testing.assert_allclose(getattr(run, name), getattr(alone, name), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(
            runs[0].norms[-1], [np.linalg.norm(runs[0].encoder), np.linalg.norm(runs[0].decoder)]
        )
    with pytest.raises(ValueError, match="runs disagree"):
        train_runs(*eigen, hidden=3, seeds=[1, 2], lr=[0.1, 0.1, 0.1], epochs=1)
    with pytest.raises(TrainingDiverged, match="run 1"):
        train_runs(*eigen, hidden=3, seeds=[1, 2], lr=[0.01, 9.0], epochs=200, std=0.1)


@pytest.mark.parametrize("activation", EVERY[1:])
def test_nonlinear_autoencoders_learn(X: Array, eigen: tuple[Array, Array], activation: Activation) -> None:
    run = train_on_samples(X, eigen[1], hidden=20, lr=0.02, epochs=400, activation=activation, std=0.1, seeds=[2])
    assert run.loss[0, -1] < 0.5 * run.loss[0, 0]
    again = train_on_samples(X, eigen[1], hidden=20, lr=0.02, epochs=400, activation=activation, std=0.1, seeds=[2])
    np.testing.assert_array_equal(run.strength, again.strength)
    single = train_on_samples(
        X, eigen[1], hidden=20, lr=0.02, epochs=50, activation=activation, std=0.1, seeds=[2], precision="single"
    )
    assert 0 < abs(single.strength[0] - run.strength[0, :51]).max() < 1e-4


def test_recorded_loss_is_that_of_the_weights(X: Array, eigen: tuple[Array, Array]) -> None:
    run = train_on_samples(X, eigen[1], hidden=H, lr=0.05, epochs=30, noise=0.5, decay=0.2, activation="tanh", std=0.3)
    W1, W2 = run.encoder[0], run.decoder[0]
    expected = 0.5 * ((X - np.tanh(X @ W1.T) @ W2.T) ** 2).sum() / N + 0.1 * ((W1**2).sum() + (W2**2).sum())
    assert run.loss[0, -1] == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(run.strength[0, -1], np.diag(eigen[1].T @ W2 @ W1 @ eigen[1]), atol=1e-12)
    inputs, outputs = X @ eigen[1], np.tanh(X @ W1.T) @ W2.T @ eigen[1]
    np.testing.assert_allclose(run.passed[0, -1], (outputs * inputs).mean(axis=0) / eigen[0], rtol=1e-9)


def test_a_linear_network_passes_its_strength(X: Array, eigen: tuple[Array, Array]) -> None:
    run = train_on_samples(X, eigen[1][:, :3], hidden=H, lr=0.05, epochs=30, std=0.3)
    np.testing.assert_allclose(run.passed, run.strength, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_divergence_is_named(X: Array, eigen: tuple[Array, Array], activation: Activation) -> None:
    limit = stable_step(eigen[0])
    with pytest.raises(TrainingDiverged, match=f"epoch .* {limit:.4g}") as error:
        train_on_samples(X, eigen[1], hidden=H, lr=4 * limit, epochs=500, std=0.1, activation=activation)
    assert 1 < error.value.epoch <= 500


@pytest.mark.parametrize("kind", ["random", "orthogonal", "aligned"])
@pytest.mark.parametrize("hidden", [3, 8, 12])
def test_initial_weights(eigen: tuple[Array, Array], hidden: int, kind: Any) -> None:
    options: dict[str, Any] = {"std": 0.2, "kind": kind, "eigenvectors": eigen[1]}
    W1, W2 = initial_weights(hidden, D, seed=1, **options)
    assert (W1.shape, W2.shape) == ((hidden, D), (D, hidden))
    np.testing.assert_array_equal(W1, initial_weights(hidden, D, seed=1, **options)[0])
    assert not np.array_equal(W1, initial_weights(hidden, D, seed=2, **options)[0])
    if kind != "random":
        np.testing.assert_allclose(np.linalg.svd(W1)[1], 0.2, rtol=1e-12)
        np.testing.assert_allclose(np.linalg.svd(W2)[1], 0.2, rtol=1e-12)
    if kind == "aligned":
        product = eigen[1].T @ W2 @ W1 @ eigen[1]
        expected = np.diag([0.04] * min(hidden, D) + [0.0] * max(D - hidden, 0))
        np.testing.assert_allclose(product, expected, atol=1e-15)


def test_unknown_initial_weights() -> None:
    with pytest.raises(ValueError, match="kind = 'zero'"):
        initial_weights(2, 2, kind="zero")  # type: ignore[arg-type]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"batch": 0}, "batch = 0"),
    ({"batch": N + 1}, "batch = 31"),
    ({"masking": 1.0}, "masking = 1"),
    ({"dropout": -0.1}, "dropout = -0.1"),
    ({"activation": "swish"}, "activation = 'swish'"),
    ({"seeds": [1, 2], "noise": [0.1, 0.1, 0.1]}, "runs disagree"),
    ({"lr": [0.1, -0.1]}, "lr = -0.1"),
    ({"noise": -1.0}, "noise = -1"),
    ({"batch": 2.5}, "batch = 2.5"),
    ({"precision": "half"}, "precision = 'half'"),
    ({"seeds": [-1]}, "seed = -1"),
    ({"X": np.ones(5)}, "X of shape"),
    ({"X": np.zeros((0, 8))}, "X of shape"),
    ({"X": np.full((3, 8), np.nan)}, "X of shape .3, 8.: give samples .* of finite numbers"),
    ({"directions": np.eye(3)}, "directions of shape"),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_unusable_arguments(X: Array, eigen: tuple[Array, Array], change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train_on_samples(**{"X": X, "directions": eigen[1], "hidden": 3, "lr": 0.01, "epochs": 2, **change})
    for name in change.keys() & {"masking", "dropout"}:
        with pytest.raises(ValueError, match=message):
            train(*eigen, hidden=3, lr=0.1, epochs=1, **{name: change[name]})


def test_sampled_masking_with_minibatches_has_an_error_bar(X: Array, eigen: tuple[Array, Array]) -> None:
    run = train_sampled(
        X, eigen[1], hidden=3, lr=0.05, epochs=5, noise=0.0, masking=0.3, dropout=0.1, batch=10, runs=3, std=0.3
    )
    assert run.strength.shape == (6, D)
    assert (run.standard_error[1:] > 0).all()
    assert set(ACTIVATIONS) == set(EVERY)

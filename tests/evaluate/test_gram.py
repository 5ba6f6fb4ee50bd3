"""The Gram matrices of matrix flows: against mpmath, an integrator and gradient descent; limits and bad input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import daily
import matrices
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from modeflow import oja_gram, strength, train, whitened_gram
from modeflow.evaluate.riccati import axes

Array = NDArray[np.float64]
MOMENT = np.array([[2.0, 0.5, 0.1], [0.5, 1.0, 0.2], [0.1, 0.2, 0.3]])
TALL, WIDE = np.array([[0.3], [-0.2], [0.5]]), np.array([[0.3, 0.1, 0, 0], [-0.2, 0.4, 0, 1], [0.5, 0, 0.2, 0]])
TARGET = np.array([[1.0, 0.4, -0.3], [0.2, -0.5, 0.8]])
W1 = np.array([[0.3, -0.1, 0.2], [0.5, 0.4, 0.1]])


def decoder(w1: Array, delta: float) -> Array:
    """A square W2 with W2ᵀW2 = W1·W1ᵀ + δI."""
    values, vectors = np.linalg.eigh(w1 @ w1.T + delta * np.eye(len(w1)))
    root: Array = (vectors * np.sqrt(values)) @ vectors.T
    return root


# Accuracy ---------------------------------------------------------------------------------------------------------


def worst(regime: str, points: int, seed: int) -> float:
    problems = list(matrices.problems(regime, points, seed))
    return max(matrices.error(p, p.computed(), matrices.reference(p)) for p in problems)


@pytest.mark.parametrize("regime", daily.some(list(matrices.REGIMES), fast=2))
def test_errors_are_at_most_eight_units(regime: str) -> None:
    assert worst(regime, 5, 0) <= 8


@pytest.mark.slow
@pytest.mark.parametrize("regime", matrices.REGIMES)
def test_errors_are_at_most_eight_units_at_many_points(regime: str) -> None:
    assert worst(regime, 60, 1) <= 8


def test_a_wrong_form_is_seen() -> None:
    problem = next(matrices.problems("Oja, square", 1, 0))
    exact = matrices.reference(problem)
    assert matrices.error(problem, problem.computed() * (1 + 1e-11), exact) > 8
    assert matrices.error(problem, matrices.textbook(next(matrices.problems("network, one output", 1, 0))), exact) > 8


def test_close_eigenvalues_keep_orthonormal_eigenvectors() -> None:
    """Refining must not turn eigenvectors that rounding alone tells apart."""
    rng = np.random.default_rng(3)
    for closeness in (1e-9, 1e-13, 0.0):
        noise = rng.standard_normal((5, 5))
        found = axes(np.eye(5) + closeness * (noise + noise.T))
        assert np.abs(found.vectors.T @ found.vectors - np.eye(5)).max() < 1e-15


# Against an integrator and gradient descent -----------------------------------------------------------------------


def integrated(flow: Callable[[Array], Array], start: Array, time: float) -> Array:
    def field(_: float, flat: Array) -> Array:
        return flow(flat.reshape(start.shape)).ravel()

    found = solve_ivp(field, (0, time), start.ravel(), method="DOP853", rtol=1e-12, atol=1e-14)
    end: Array = found.y[:, -1].reshape(start.shape)
    return end


@pytest.mark.parametrize("start", [TALL, WIDE], ids=["tall", "wide"])
@pytest.mark.parametrize("decay", [0.0, 0.4])
def test_one_layer_follows_its_flow(start: Array, decay: float) -> None:
    def flow(w: Array) -> Array:
        rate: Array = ((MOMENT - w @ w.T @ (MOMENT + 0.5 * np.eye(3))) @ w - decay * w) / 2
        return rate

    w = integrated(flow, start, 3.0)
    assert oja_gram(3.0, MOMENT, start, noise=0.5, decay=decay, tau=2) == pytest.approx(w @ w.T, abs=1e-10)


@pytest.mark.parametrize(("delta", "decay"), [(0.0, 0.0), (0.0, 0.3), (0.7, 0.0), (-0.05, 0.0)])
def test_both_layers_follow_their_flow(delta: float, decay: float) -> None:
    w2 = decoder(W1, delta)
    start = np.vstack([W1.T, w2])

    def flow(q: Array) -> Array:
        w1, w2 = q[:3].T, q[3:]
        rest = TARGET - 1.5 * w2 @ w1
        return np.vstack([(w2.T @ rest - decay * w1).T, rest @ w1.T - decay * w2])

    q = integrated(flow, start, 2.0)
    found = whitened_gram(2.0, TARGET, W1, w2, variance=1.5, decay=decay)
    assert found == pytest.approx(q @ q.T, abs=1e-10)


def test_gradient_descent_of_both_layers_comes_closer_with_its_steps() -> None:
    """Inputs that are white, with noise: the correlation of target and input is 1, the variance of the input 1.5."""
    w2 = decoder(W1[:, :2], 0.3)
    errors = []
    for steps in (400, 800):
        setting = {"lr": 4 / steps, "epochs": steps, "record": [steps]}
        run = train([1.0, 1.0], weights=(W1[:, :2], w2), noise=0.5, **setting)  # type: ignore[arg-type]
        found = whitened_gram(steps, np.eye(2), W1[:, :2], w2, variance=1.5, tau=steps / 4)
        ends = np.vstack([run.encoder.T, run.decoder])
        errors.append(np.abs(ends @ ends.T - found).max())
    assert errors[0] < 0.01
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)


def test_both_layers_from_small_weights_are_close_to_the_flow_of_one() -> None:
    values, start = np.array([2.0, 1.0, 0.3]), 1e-3 * np.random.default_rng(0).standard_normal((2, 3, 2))
    run = train(values, weights=(start[0].T, start[1]), lr=0.01, epochs=4000, noise=0.5, record=[250, 1000, 4000])
    found = oja_gram(run.epochs, np.diag(values), start.mean(axis=0), noise=0.5, tau=100)
    strengths = np.diagonal(found, axis1=1, axis2=2)
    assert np.abs(run.strength - strengths).max() < 0.01
    assert strengths[0].max() < 0.1 < 0.6 < strengths[-1, 1]


# What is known of it ----------------------------------------------------------------------------------------------


def test_aligned_modes_are_balanced_modes() -> None:
    values, weights, times = np.array([3.0, 1.0, 0.2]), np.array([0.1, -0.3, 0.02]), [0.0, 0.5, 4.0, np.inf]
    found = oja_gram(times, np.diag(values), np.diag(weights), noise=0.5, decay=0.3)
    modes = strength(np.array(times)[:, None], values, noise=0.5, decay=0.3, w1=weights, w2=weights)
    assert np.diagonal(found, axis1=1, axis2=2) == pytest.approx(modes, rel=1e-14, abs=1e-300)


def test_the_start_and_the_limit() -> None:
    start, end = oja_gram([0.0, np.inf], MOMENT, WIDE, noise=0.5)
    assert start == pytest.approx(WIDE @ WIDE.T, abs=1e-15)
    assert end == pytest.approx(MOMENT @ np.linalg.inv(MOMENT + 0.5 * np.eye(3)), abs=1e-14)


def test_a_start_of_low_rank_ends_with_the_strongest_directions() -> None:
    end = oja_gram([1e3, 1e9, np.inf], MOMENT, np.hstack([TALL, -2 * TALL]), noise=0.5)
    values, vectors = np.linalg.eigh(MOMENT)
    top = vectors[:, -1:]
    assert end == pytest.approx(np.broadcast_to(top @ top.T * values[-1] / (values[-1] + 0.5), (3, 3, 3)), abs=1e-14)


def test_what_does_not_grow_vanishes_and_the_same_growth_keeps_its_directions() -> None:
    assert (oja_gram(np.inf, np.eye(3), np.ones((3, 2)), decay=1.0) == 0).all()
    start = np.array([[0.0, 0], [1, 2], [2, 4]])
    end = oja_gram(np.inf, np.diag([3.0, 1, 1]), start, decay=0.5)
    assert end == pytest.approx(np.array([[0.0, 0, 0], [0, 0.1, 0.2], [0, 0.2, 0.4]]), abs=1e-15)


def test_no_start_stays_and_nan_stays_nan() -> None:
    found = oja_gram([[1.0, np.nan]], MOMENT, np.zeros((3, 2)))
    assert found.shape == (1, 2, 3, 3)
    assert (found[0, 0] == 0).all()
    assert np.isnan(found[0, 1]).all()


# Bad input --------------------------------------------------------------------------------------------------------

OJA: dict[str, Any] = {"t": 1.0, "moment": MOMENT, "w": TALL}
NETWORK: dict[str, Any] = {"t": 1.0, "correlation": TARGET, "w1": W1, "w2": decoder(W1, 0.0)}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"t": -1.0}, r"t = -1.0: training starts at t = 0; give times >= 0"),
        ({"t": "soon"}, r"t has the type <U4, but real numbers"),
        ({"noise": -0.5}, r"noise = -0.5: a variance is >= 0"),
        ({"decay": [0.1, 0.2]}, r"decay has the shape \(2,\), but is one number here; give a number"),
        ({"decay": np.nan}, r"decay = nan: it has no value; give a number"),
        ({"tau": 0.0}, r"tau = 0.0: a time constant is > 0"),
        ({"moment": MOMENT[:2]}, r"moment has the shape \(2, 3\); give a square matrix"),
        ({"moment": -MOMENT}, r"moment has the eigenvalue -2.2\d*: those of a second moment are >= 0"),
        ({"moment": MOMENT + np.eye(3, k=1)}, r"moment\[0, 1\] = 1.5 and moment\[1, 0\] = 0.5: "),
        ({"moment": [[np.inf]], "w": [[1.0]]}, r"moment\[0, 0\] = inf: give finite numbers"),
        ({"w": TALL.T}, r"w has 1 rows, and moment 3; give w as \(D, H\)"),
        ({"w": [0.1, 0.2, 0.3]}, r"w has the shape \(3,\); give a matrix"),
        ({"w": np.zeros((3, 0))}, r"w has the shape \(3, 0\); give a matrix"),
    ],
)
def test_bad_input_of_one_layer_is_named(changed: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        oja_gram(**(OJA | changed))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"variance": 0.0}, r"variance = 0: inputs that vary have a variance > 0; give one"),
        (
            {"w1": W1.T},
            r"w1 and w2 have the shapes \(3, 2\) and \(2, 2\), and correlation \(2, 3\); give w1 as \(H, 3\)",
        ),
        ({"w2": np.eye(2)}, r"w1 and w2: W2ᵀW2 − W1·W1ᵀ is .* away from a multiple of the identity"),
        (
            {"w2": decoder(W1, 0.5), "decay": 0.1},
            r"w1 and w2: W2ᵀW2 − W1·W1ᵀ is 0.5 times the identity, and under decay",
        ),
    ],
)
def test_bad_input_of_a_network_is_named(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        whitened_gram(**(NETWORK | changed))

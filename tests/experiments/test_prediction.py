"""The predictions against training, each correction against its absence, and each limit."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from modeflow.evaluate.evaluators import strength
from modeflow.experiments.prediction import (
    descended_strengths,
    initial_strengths,
    predicted_strengths,
    predicted_times,
    time_constants,
)
from modeflow.witness.train import initial_weights, train

Array = NDArray[np.float64]
LAM = 20 / (1 + np.arange(16.0))


def rms(difference: Array) -> float:
    return float(np.sqrt(np.mean(difference**2)))


@pytest.mark.costly
@pytest.mark.parametrize("hidden", [40, 100])
@pytest.mark.parametrize(("noise", "decay"), [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.3, 0.2)])
def test_each_correction_brings_theory_nearer(hidden: int, noise: float, decay: float) -> None:
    """Random weights, a step of 0.4 of the first mode's limit: where modes start, then how fast a step is.

    With far more hidden units than modes; as many of either leave the last modes next to no room, and couple all.
    """
    start = initial_weights(hidden, 16, std=1e-4, seed=1)
    sums = start[0] + start[1].T
    setting: dict[str, Any] = {"noise": noise, "decay": decay, "lr": 0.02}
    run = train(LAM, weights=start, epochs=1500, **setting)
    initial, alone = initial_strengths(sums), (sums**2).sum(axis=0) / 4

    def flow(w: Array) -> Array:
        w0 = np.sqrt(w)
        return np.asarray(strength(run.epochs[:, None], LAM, noise=noise, decay=decay, w1=w0, w2=w0, tau=50.0))

    errors = [
        rms(curve - run.strength)
        for curve in (
            flow(alone),
            flow(initial),
            predicted_strengths(run.epochs, LAM, initial, **setting),
            descended_strengths(1500, LAM, initial, **setting),
        )
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[2] < 0.4 * errors[1]
    assert errors[3] < 0.003


def test_stepping_is_training_of_aligned_weights() -> None:
    start = initial_weights(6, 6, std=0.05, seed=3, kind="aligned")
    run = train(LAM[:6], weights=start, epochs=400, noise=0.3, decay=0.2, lr=0.02)
    stepped = descended_strengths(400, LAM[:6], np.full(6, 0.0025), noise=0.3, decay=0.2, lr=0.02)
    np.testing.assert_allclose(stepped, run.strength, atol=1e-10)


def test_time_constants() -> None:
    """(1 + g)^t = exp(t·lr·(λ − γ)/(lr·τ)) for growth and decay alike; 1/lr for tiny steps, with no jump."""
    lam, decay, lr = np.array([4.0, 0.5, 0.2]), 0.3, 0.1
    tau = time_constants(lam, lr=lr, decay=decay)
    np.testing.assert_allclose(np.exp((lam - decay) / tau), 1 + lr * (lam - decay), rtol=1e-14)
    near = time_constants(np.array([0.3, 0.3 + 0.99e-7, 0.3 + 1.01e-7]), lr=lr, decay=decay)
    np.testing.assert_allclose(near, 10, rtol=1e-8)
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match=r"lr = \S+: give a finite step size > 0"):
            time_constants(lam, lr=wrong)
    with pytest.raises(ValueError, match="overshoots the origin"):
        time_constants([0.0], lr=2.0, decay=0.5)


@pytest.mark.costly
@pytest.mark.parametrize(("noise", "decay"), [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.3, 0.2)])
def test_what_a_step_misses_is_of_second_order(noise: float, decay: float) -> None:
    """Halving the step quarters the error in epochs, which is the order in lr after the one allowed for."""
    start = np.full(LAM.size, 1e-5)
    half = (LAM - decay) / (LAM + noise) / 2
    errors = []
    for lr in (0.02, 0.01, 0.005):
        setting: dict[str, Any] = {"noise": noise, "decay": decay, "lr": lr}
        path = descended_strengths(round(60 / lr), LAM, start, **setting)
        found = np.array([_smooth_crossing(path[:, j], half[j]) for j in range(4)])
        errors.append(lr * abs(predicted_times(half, LAM, start, **setting)[:4] - found))
    np.testing.assert_allclose(errors[0] / errors[1], 4, rtol=0.25)
    np.testing.assert_allclose(errors[1] / errors[2], 4, rtol=0.15)


def _smooth_crossing(path: Array, target: float) -> float:
    """Between epochs by the cubic through the logits of four; a straight line would itself be of second order."""
    first = int(np.argmax(path >= target)) - 2
    top = path[-1]
    logits = np.log(path[first : first + 4] / (top - path[first : first + 4]))
    wanted = np.log(target / (top - target))
    epochs = first + np.arange(4.0)
    others = [(k, np.delete(np.arange(4), k)) for k in range(4)]
    return float(sum(epochs[k] * np.prod((wanted - logits[o]) / (logits[k] - logits[o])) for k, o in others))


def test_times_and_strengths_are_inverse_to_each_other() -> None:
    start = np.array([1e-6, 1e-3, 0.2, 1e-5, 1e-5, 0.0])
    lam, setting = np.array([30.0, 4.0, 1.0, 0.3, 0.1, 5.0]), {"noise": 0.5, "decay": 0.3, "lr": 0.03}
    goals = np.array([0.9, 0.3, 0.4, 1e-6, 1e-6, 0.5])
    times = predicted_times(goals, lam, start, **setting)
    assert np.isfinite(times).tolist() == [True, True, True, True, True, False]
    reached = np.diag(predicted_strengths(times.clip(0, 1e9), lam, start, **setting))
    np.testing.assert_allclose(reached[:5], goals[:5], rtol=1e-9)
    np.testing.assert_allclose(predicted_times(start, lam, start, **setting), 0, atol=1e-12)


def test_long_after_everything_rests() -> None:
    """Whether modes grow, die, have no signal or never start; no overflow, no drift."""
    lam, start = np.array([30.0, 0.3, 0.0, 0.1, 2.0]), np.array([1e-6, 1e-6, 1e-3, 1e-300, 0.0])
    path = predicted_strengths([0, 1e3, 1e7], lam, start, noise=0.5, decay=0.3, lr=0.03)
    np.testing.assert_allclose(path[0], start, rtol=1e-12)
    np.testing.assert_allclose(path[2], [29.7 / 30.5, 5.6e-6 / 8.7, 0, 0, 0], rtol=0.5, atol=1e-6)
    assert path[2, 0] == pytest.approx(29.7 / 30.5, rel=1e-14)
    assert (path[:, 4] == 0).all()


def test_steps_that_overshoot_are_refused() -> None:
    with pytest.raises(ValueError, match=r"lr = 0.1: a step overshoots where mode 1 starts .* or rests; lower it"):
        predicted_times(np.array([0.1, 0.1]), np.array([0.5, 10.0]), np.full(2, 1e-6), lr=0.1)
    with pytest.raises(ValueError, match=r"mode 0 starts .strength 0.01. or rests"):
        predicted_strengths([1], np.array([0.5, 0.2]), np.full(2, 1e-2), noise=999.5, lr=0.11)


def test_initial_strengths_take_learned_directions_off() -> None:
    sums = np.array([[2.0, 2.0, 1.0], [0.0, 4.0, 7.0]])
    np.testing.assert_allclose(initial_strengths(sums), [1.0, 4.0, 0.0], atol=1e-15)


def test_dropout_is_noise_in_proportion_to_the_signal_where_each_unit_has_its_own_mode() -> None:
    """Exactly, ε = λp/(1 − p); and not where weights are random and units share modes."""
    diagonal = 0.1 * np.eye(6)
    options: dict[str, Any] = {"lr": 0.02, "epochs": 400}
    noise = LAM[:6] * 0.2 / 0.8
    stepped = descended_strengths(400, LAM[:6], np.full(6, 0.01), noise=noise, lr=0.02)
    own = train(LAM[:6], weights=(diagonal, diagonal), dropout=0.2, **options)
    np.testing.assert_allclose(own.strength, stepped, atol=1e-12)
    shared = train(LAM[:6], hidden=6, std=0.1, dropout=0.2, **options)
    assert abs(shared.strength[-1] - stepped[-1]).max() > 0.02

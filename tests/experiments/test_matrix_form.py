"""The matrix form against Oja's flow, training and one mode at a time, and where its criterion says no."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from modeflow import oja_gram
from modeflow.evaluate.riccati import advanced
from modeflow.experiments.matrix_form import (
    LARGEST_FALLEN_SHARE,
    TooMuchWork,
    fallen_share,
    matrix_strengths,
    together,
)
from modeflow.experiments.prediction import descended_strengths, initial_strengths
from modeflow.witness.train import initial_weights, train

Array = NDArray[np.float64]
LAM = 10 / (1 + np.arange(12.0))
RECORD = np.unique(np.r_[0:20, np.geomspace(1, 600, 60).astype(np.int64)])


def rms(difference: Array) -> float:
    return float(np.sqrt(np.mean(difference**2)))


@pytest.mark.parametrize("hidden", [5, 12, 30])
def test_pieces_of_the_way_are_ojas_flow(hidden: int) -> None:
    start = np.random.default_rng(3).normal(size=(12, hidden)) / 50
    root = start
    for _ in range(3):
        root = advanced(0.4, LAM - 0.3, LAM + 0.2, root)
    exact = oja_gram(1.2, np.diag(LAM), start, noise=0.2, decay=0.3)
    assert abs(root @ root.T - exact).max() < 1e-12
    assert abs(root @ root.T - oja_gram(1.1, np.diag(LAM), start, noise=0.2, decay=0.3)).max() > 1e-3


@pytest.mark.parametrize("hidden", [5, 12, 30])
@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_long_pieces_keep_weak_modes_and_let_go_of_strong_ones(hidden: int, decay: float) -> None:
    """In steps of five epochs, and at once: the strongest mode would grow by e^280 in this time."""
    often = np.arange(0, 701, 5)
    weights = initial_weights(hidden, 12, std=1e-3, seed=4)
    setting: dict[str, Any] = {"lr": 0.05, "decay": decay}
    steps = matrix_strengths(often, LAM, weights, **setting)
    for epochs in (np.array([700]), np.array([90, 350, 700])):
        found = matrix_strengths(epochs, LAM, weights, **setting)
        assert abs(found - steps[epochs // 5]).max() < 2e-12  # each lets go of a mode within 1e-12 of its rest
    whole = 140 * (12 + 30) * (min(hidden, 12) + 30) ** 2
    worked = matrix_strengths(often, LAM, weights, most_work=0.95 * whole, **setting)
    assert (worked == steps).all()
    with pytest.raises(TooMuchWork):
        matrix_strengths(often, LAM, weights, most_work=0.1 * whole, **setting)


def test_aligned_weights_are_stepped_exactly() -> None:
    weights = initial_weights(6, 6, std=0.05, seed=3, kind="aligned")
    setting: dict[str, Any] = {"noise": 0.5, "decay": 0.1, "lr": 0.06}
    run = train(LAM[:6], weights=weights, epochs=600, record=RECORD, **setting)
    assert abs(matrix_strengths(RECORD, LAM[:6], weights, **setting) - run.strength).max() < 1e-9


@pytest.mark.parametrize(("noise", "decay"), [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.3, 0.2)])
@pytest.mark.parametrize(("hidden", "std"), [(6, 1e-6), (12, 1e-3), (48, 0.02)])
def test_small_starts_are_predicted_better_than_one_mode_at_a_time(
    hidden: int, std: float, noise: float, decay: float
) -> None:
    weights = initial_weights(hidden, 12, std=std, seed=1)
    setting: dict[str, Any] = {"noise": noise, "decay": decay, "lr": 0.03}
    run = train(LAM, weights=weights, epochs=600, record=RECORD, **setting)
    initial = initial_strengths(weights[0] + weights[1].T)
    one = descended_strengths(600, LAM, initial, **setting)[RECORD]
    at_once = together(RECORD, LAM, weights, **setting)
    assert at_once.is_nearer
    assert rms(at_once.strengths - run.strength) < 0.7 * rms(one - run.strength)


def test_the_leading_modes_are_those_of_all() -> None:
    weights = initial_weights(8, 12, std=1e-3, seed=2)
    whole = matrix_strengths(RECORD, LAM, weights, lr=0.03)
    assert (matrix_strengths(RECORD, LAM, weights, lr=0.03, top=4) == whole[:, :4]).all()


def test_the_fallen_share_tells_where_the_matrix_form_is_worse() -> None:
    """From weights of three sizes under noise; with the limits as they are, and with wrong ones."""
    for std, worse in ((0.4, True), (0.3, False), (0.01, False)):
        weights = initial_weights(48, 12, std=std, seed=1)
        setting: dict[str, Any] = {"noise": 0.5, "lr": 0.015}
        run = train(LAM, weights=weights, epochs=600, record=RECORD, **setting)
        one = descended_strengths(600, LAM, initial_strengths(weights[0] + weights[1].T), **setting)[RECORD]
        found = together(RECORD, LAM, weights, **setting)
        at_once = found.strengths
        share = fallen_share(at_once, one, LAM / (LAM + 0.5), RECORD)
        assert found.fallen == pytest.approx(share, rel=1e-9)
        assert (share >= LARGEST_FALLEN_SHARE) == worse
        assert (rms(at_once - run.strength) > rms(one - run.strength)) == worse
        assert fallen_share(at_once, one, np.full(12, -9.0), RECORD) < LARGEST_FALLEN_SHARE  # no mode is below -9
        assert fallen_share(at_once, at_once, LAM, RECORD) == 0.0
        assert fallen_share(at_once, at_once + 1e-15, LAM, RECORD) == 0.0  # equal up to rounding

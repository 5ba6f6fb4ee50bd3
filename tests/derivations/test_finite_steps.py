"""The laws of finite steps, against the trainer."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
from modeflow.derivations import finite_steps, letters
from modeflow.derivations.alphabet import c0, eps, gamma, lam, w1, w2, x
from scipy.integrate import solve_ivp
from sympy import Rational, lambdify

import modeflow
from modeflow.language.definitions import unfold
from modeflow.witness.samples import train_on_samples

LAM, EPS, START = 2.0, 0.5, (0.1, 0.6)
CLAIMS = finite_steps.chapter.claims


def trained(step: float, epochs: int, decay: float = 0.0) -> Any:
    weights = np.array([[START[0]]]), np.array([[START[1]]])
    return modeflow.train([LAM], weights=weights, lr=step, epochs=epochs, noise=EPS, decay=decay)


@pytest.mark.parametrize(("name", "decay"), [("imbalance", 0.0), ("imbalance_decayed", 0.3)])
def test_every_step_of_the_trainer_obeys_the_law_of_the_imbalance(name: str, decay: float) -> None:
    run = trained(0.1, 50, decay)
    factor = lambdify((w1, w2, lam, eps, gamma, letters.step), CLAIMS[f"step.{name}"].unfolded().rhs)
    strength, imbalance = run.strength[:-1, 0], run.imbalance[:-1, 0]
    total = np.sqrt(imbalance**2 + 4 * strength**2)
    encoder, decoder = np.sqrt((total - imbalance) / 2), np.sqrt((total + imbalance) / 2)
    predicted = factor(encoder, decoder, LAM, EPS, decay, 0.1)
    assert run.imbalance[1:, 0] == pytest.approx(predicted, rel=1e-12)
    assert np.abs(run.imbalance[1:, 0] / imbalance - 1).max() > 1e-3  # a flow without decay would keep it


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_minibatch_adds_on_average_what_is_proved(size: int) -> None:
    """All minibatches of six samples of one number, each a step of the trainer on its samples."""
    X, lr, (start1, start2) = np.array([[0.3], [-1.2], [2.0], [0.7], [1.6], [-0.4]]), 0.1, START
    after = []
    for batch in itertools.combinations(range(6), size):
        given = X[list(batch)]
        weights = np.array([[start1]]), np.array([[start2]])
        run = train_on_samples(given, np.eye(1), weights=weights, lr=lr, epochs=1)
        after.append((run.encoder[0].item(), run.decoder[0].item(), float(np.mean(given**2))))
    first, second, values = np.array(after).T
    eigenvalue, variance = values.mean(), values.var()
    strength, imbalance = start1 * start2, start2**2 - start1**2
    error, excess = eigenvalue * (1 - strength), (1 - strength) ** 2 * variance
    assert np.mean(second**2 - first**2) == pytest.approx(imbalance * (1 - lr**2 * (error**2 + excess)), rel=1e-12)
    grown = strength * (1 + lr**2 * (error**2 + excess)) + lr * error * (start1**2 + start2**2)
    assert np.mean(first * second) == pytest.approx(grown, rel=1e-12)
    for name, found in (("minibatch", second**2 - first**2), ("minibatch_strength", first * second)):
        law = lambdify((w1, w2, lam, eps, letters.step, letters.excess), CLAIMS[f"step.{name}"].unfolded().rhs)
        assert found == pytest.approx(law(start1, start2, eigenvalue, 0.0, lr, values - eigenvalue), rel=1e-12)
    assert lr**2 * excess > 1e-3  # what the minibatch adds is no rounding


def test_a_minibatch_that_would_add_nothing_or_less_is_refuted() -> None:
    claim, excess = CLAIMS["step.minibatch"], letters.excess
    for part in (0, Rational(1, 2)):
        assert dataclasses.replace(claim, rhs=claim.rhs.subs(excess, part * excess)).verify().status == "refuted"


def test_what_a_run_loses_is_known_to_second_order() -> None:
    integral = lambdify((x, c0, lam, eps), CLAIMS["step.travelled"].rhs)
    imbalance = START[1] ** 2 - START[0] ** 2
    ends = [integral(s, imbalance, LAM, EPS) for s in (START[0] * START[1], LAM / (LAM + EPS))]
    errors = []
    for step in (0.05, 0.025):
        run = trained(step, int(15 / step))
        errors.append(abs(np.log(run.imbalance[-1, 0] / imbalance) + step * (ends[1] - ends[0])))
    assert errors[0] < 0.006
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.3)


def test_steps_follow_the_modified_loss_to_second_order() -> None:
    """The flow of L itself is off to first order."""
    bent = lambdify((w1, w2, lam, eps, gamma), list(CLAIMS["step.modified"].unfolded().rhs.doit()))
    down = lambdify((w1, w2, lam, eps, gamma), [unfold(finite_steps.down[w]) for w in (w1, w2)])

    def off(step: float, modified: bool) -> float:
        def field(_: float, w: Any) -> Any:
            rate = np.array(down(*w, LAM, EPS, 0.1))
            return rate - step * np.array(bent(*w, LAM, EPS, 0.1)) if modified else rate

        end = solve_ivp(field, (0, 1.0), START, rtol=1e-10, atol=1e-12).y[:, -1]
        run = trained(step, round(1 / step), 0.1)
        return float(np.abs(end - [run.encoder[0, 0], run.decoder[0, 0]]).max())

    assert off(0.05, True) / off(0.025, True) == pytest.approx(4, rel=0.3)
    assert off(0.05, False) / off(0.025, False) == pytest.approx(2, rel=0.3)
    assert off(0.025, True) < 0.1 * off(0.025, False)

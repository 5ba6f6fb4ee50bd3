"""Fits of synthetic curves: what was put in comes out, with right standard errors; what cannot be told is said."""

import itertools
from typing import Any

import daily
import numpy as np
import pytest

import modeflow

T = np.linspace(0.1, 12, 80)


def curve(seed: int, deviation: float, **truth: Any) -> Any:
    clean = modeflow.strength(T, **truth)
    return clean + deviation * np.random.default_rng(seed).normal(size=clean.shape)


CASES: dict[str, dict[str, Any]] = {
    "noise": {"lam": 1.0, "noise": 0.4, "w1": 0.1, "w2": 0.2},
    "decay": {"lam": 1.0, "decay": 0.3, "w1": 0.1, "w2": 0.1},
    "lam noise": {"lam": 0.7, "noise": 0.2, "w1": 0.1, "w2": 0.3},
    "tau noise": {"lam": 1.0, "noise": 0.5, "tau": 2.0, "w1": 0.2, "w2": 0.1},
    "noise decay": {"lam": 1.3, "noise": 0.4, "decay": 0.2, "w1": 0.15, "w2": 0.15},
    "decay noise": {"lam": 1.3, "noise": 0.4, "decay": 0.2, "w1": 0.05, "w2": 0.4},
    "decay lam": {"lam": 1.3, "noise": 0.4, "decay": 0.2, "w1": 0.4, "w2": -0.1},
    "decay tau": {"lam": 1.0, "noise": 0.3, "decay": 0.15, "tau": 1.5, "w1": 0.1, "w2": 0.3},
    "decay lam noise": {"lam": 1.3, "noise": 0.4, "decay": 0.2, "w1": 0.05, "w2": 0.4},
    "noise decay tau": {"lam": 1.3, "noise": 0.4, "decay": 0.2, "tau": 1.4, "w1": 0.05, "w2": 0.4},
    "decay w1 w2": {"lam": 1.0, "noise": 0.3, "decay": 0.2, "w1": -0.2, "w2": 0.5},
    "noise w1 w2": {"lam": 1.0, "noise": 0.3, "w1": -0.2, "w2": 0.5},
}


@pytest.mark.parametrize("names", CASES)
def test_exact_curves_give_exact_parameters(names: str) -> None:
    truth, chosen = CASES[names], names.split()
    fixed = {k: v for k, v in truth.items() if k not in chosen or k in ("w1", "w2")}
    if "w1" in chosen:
        fixed |= {"w1": -0.1, "w2": 0.4}
    found = modeflow.fit(T, modeflow.strength(T, **truth), estimate=chosen, **fixed)
    assert found.estimates == pytest.approx({name: truth[name] for name in chosen}, rel=1e-6)
    assert found.at_bound == ()


@pytest.mark.costly
@pytest.mark.parametrize(
    ("names", "known"),
    daily.some(itertools.product(["lam noise", "noise decay", "tau noise"], [False, True]), 3),
)
def test_standard_errors_are_calibrated(names: str, known: bool) -> None:
    assert_calibrated(names, 0.01, known)


@pytest.mark.costly
@pytest.mark.parametrize(
    ("names", "deviation"),
    daily.some([("decay noise", 0.01), ("decay tau", 0.01), ("decay lam noise", 1e-4), ("decay lam", 1e-3)], 1),
)
def test_they_are_for_unequal_weights_under_decay(names: str, deviation: float) -> None:
    assert_calibrated(names, deviation, known=False)


def assert_calibrated(names: str, deviation: float, known: bool) -> None:
    truth, chosen = CASES[names], names.split()
    fixed = {k: v for k, v in truth.items() if k not in chosen}
    sigma = deviation if known else None
    scores = []
    for seed in range(60):
        found = modeflow.fit(T, curve(seed, deviation, **truth), estimate=chosen, sigma=sigma, **fixed)
        scores.append([(found.estimates[n] - truth[n]) / found.standard_errors[n] for n in chosen])
    z = np.array(scores)
    # Of 60 standard normal scores the mean square lies in (0.55, 1.6) and the mean in ±0.45 but for 1 case in 1000.
    assert np.all((np.mean(z**2, axis=0) > 0.55) & (np.mean(z**2, axis=0) < 1.6))
    assert np.all(np.abs(np.mean(z, axis=0)) < 0.45)


def test_noise_decay_and_tau_are_recovered_from_three_modes() -> None:
    """lam known, since a common factor of lam, noise, decay and tau changes nothing; weights of different size."""
    lam = np.array([2.0, 1.0, 0.5])[:, None]
    truth: dict[str, Any] = {"noise": 0.4, "decay": 0.2, "tau": 1.4}
    clean = modeflow.strength(T, lam, w1=0.05, w2=0.4, **truth)
    noisy = clean + 0.005 * np.random.default_rng(5).normal(size=clean.shape)
    found = modeflow.fit(T, noisy, estimate=list(truth), lam=lam, w1=0.05, w2=0.4)
    for name, value in truth.items():
        assert 0 < found.standard_errors[name] < 0.01
        assert abs(found.estimates[name] - value) < 4 * found.standard_errors[name]


def test_no_decay_is_found_to_be_none() -> None:
    """The slope in the decay is known at 0 too, for weights of different size."""
    found = modeflow.fit(
        T, curve(4, 0.01, lam=1.0, noise=0.4, w1=0.1, w2=0.5), estimate=["decay"], noise=0.4, w1=0.1, w2=0.5
    )
    assert found.at_bound or found.estimates["decay"] < 4 * found.standard_errors["decay"]
    falling = modeflow.strength(T, 1.0, w1=0.1, w2=0.5) + 0.05  # above every curve with decay
    above = modeflow.fit(T, falling, estimate=["decay"], w1=0.1, w2=0.5)
    assert above.at_bound == ("decay",)


def test_several_modes_share_the_estimate() -> None:
    lam = np.array([2.0, 1.0, 0.5])[:, None]
    clean = modeflow.strength(T, lam, noise=0.3, w1=0.1, w2=0.2)
    noisy = clean + 0.01 * np.random.default_rng(1).normal(size=clean.shape)
    together = modeflow.fit(T, noisy, estimate="noise", lam=lam, w1=0.1, w2=0.2)
    alone = modeflow.fit(T, noisy[0], estimate="noise", lam=2.0, w1=0.1, w2=0.2)
    assert together.standard_errors["noise"] < alone.standard_errors["noise"]
    assert abs(together.estimates["noise"] - 0.3) < 4 * together.standard_errors["noise"]
    assert together.points == 240


def test_deviation_is_that_of_the_measurements() -> None:
    found = modeflow.fit(T, curve(2, 0.02, **CASES["noise"]), estimate=["noise"], w1=0.1, w2=0.2)
    assert found.deviation == pytest.approx(0.02, rel=0.3)


def test_an_estimate_at_its_bound_says_so() -> None:
    rising = modeflow.strength(T, 1.0, w1=0.1, w2=0.2) + 0.05  # above every curve with noise
    found = modeflow.fit(T, rising, estimate=["noise"], w1=0.1, w2=0.2)
    assert found.at_bound == ("noise",)
    assert found.estimates["noise"] == 0
    assert np.isnan(found.standard_errors["noise"])


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_units_of_time_do_not_matter(scale: float) -> None:
    clean = modeflow.strength(T, 1.0, noise=0.4, w1=0.1, w2=0.2)
    found = modeflow.fit(T * scale, clean, estimate=["tau", "noise"], w1=0.1, w2=0.2)
    assert found.estimates == pytest.approx({"tau": scale, "noise": 0.4}, rel=1e-6)


def test_parameters_that_cannot_be_told_apart_are_named() -> None:
    clean = modeflow.strength(T, 1.0, w1=0.1, w2=0.2)
    with pytest.raises(ValueError, match=r"lam and tau cannot be told apart.*lam/tau"):
        modeflow.fit(T, clean, estimate=["lam", "tau"], w1=0.1, w2=0.2)
    with pytest.raises(ValueError, match="noise does not change these curves at all"):
        modeflow.fit(T, 0 * T, estimate=["noise"], w1=0.0, w2=0.0)
    with pytest.raises(ValueError, match="w1 and w2 cannot be told apart"):
        modeflow.fit(T, curve(0, 0.01, lam=1.0, w1=0.1, w2=0.1), estimate=["w1", "w2"], w1=0.12, w2=0.12)


def test_wrong_arguments_are_named() -> None:
    clean = modeflow.strength(T, 1.0, w1=0.1, w2=0.2)
    start = {"w1": 0.1, "w2": 0.2}
    with pytest.raises(ValueError, match="estimate names 'gamma'"):
        modeflow.fit(T, clean, estimate=["gamma"], **start)
    with pytest.raises(ValueError, match="at least one"):
        modeflow.fit(T, clean, estimate=[], **start)
    with pytest.raises(ValueError, match="1 measurements for 1 parameters"):
        modeflow.fit(T[:1], clean[:1], estimate=["noise"], **start)
    with pytest.raises(ValueError, match=r"strengths\[3\] = nan"):
        modeflow.fit(T, np.where(np.arange(80) == 3, np.nan, clean), estimate=["noise"], **start)
    with pytest.raises(ValueError, match="one strength for each time"):
        modeflow.fit(T, clean[0], estimate=["noise"], **start)
    with pytest.raises(ValueError, match=r"sigma = -1\.0"):
        modeflow.fit(T, clean, estimate=["noise"], sigma=-1.0, **start)
    with pytest.raises(ValueError, match="lam has the shape"):
        modeflow.fit(T, clean, estimate=["lam"], lam=np.ones(80), **start)

"""Two integrators of the mode equations against exact solutions, and against each other."""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from modeflow.witness.integrate import IntegrationFailed, integrate_dop853, integrate_taylor


def logistic(t: Any, lam: Any, noise: Any, decay: Any, w0: Any, tau: Any) -> Any:
    """Strength of a balanced mode, from the textbook logistic equation."""
    t, lam, noise, decay, w0, tau = map(mpmath.mpf, (t, lam, noise, decay, w0, tau))
    rate, cap = 2 * (lam - decay) / tau, (lam - decay) / (lam + noise)
    return cap / (1 + (cap / w0 - 1) * mpmath.exp(-rate * t))


CASES = [(2.0, 0.0, 0.0), (2.0, 0.5, 0.0), (2.0, 0.5, 0.75), (0.5, 0.25, 1.5)]


@pytest.mark.parametrize(("lam", "noise", "decay"), CASES)
def test_balanced_modes_are_logistic(lam: float, noise: float, decay: float) -> None:
    times = [0.0, 0.25, 1.0, 3.0]
    start: dict[str, Any] = {"w1": 0.125, "w2": 0.125, "tau": 1.5}
    with mpmath.workdps(30):
        expected = [logistic(t, lam, noise, decay, 0.125**2, 1.5) for t in times]

    w1, w2 = integrate_dop853(times, lam, noise, decay, **start)
    np.testing.assert_allclose(w1 * w2, np.array(expected, float), rtol=1e-11)
    np.testing.assert_array_equal(w1, w2)

    u1, u2 = integrate_taylor(times, lam, noise, decay, **start)
    with mpmath.workdps(30):
        assert max(abs(a * b - e) for a, b, e in zip(u1, u2, expected, strict=True)) < 1e-27


@pytest.mark.costly
@pytest.mark.parametrize(("w1", "w2"), [(0.5, -0.5), (1.0, -0.5), (-0.25, 2.0), (0.0, 0.75), (0.0, 0.0)])
@pytest.mark.parametrize("decay", [0.0, 0.375])
def test_the_two_agree_and_the_imbalance_decays(w1: float, w2: float, decay: float) -> None:
    times = np.array([[2.0, 0.0], [0.5, 2.0]])
    a1, a2 = integrate_dop853(times, 1.25, 0.5, decay, w1=w1, w2=w2)
    assert a1.shape == a2.shape == times.shape
    b1, b2 = integrate_taylor(times.ravel().tolist(), 1.25, 0.5, decay, w1=w1, w2=w2)
    np.testing.assert_allclose(a1.ravel(), np.array(b1, float), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(a2.ravel(), np.array(b2, float), rtol=1e-10, atol=1e-12)
    with mpmath.workdps(30):
        for t, u, v in zip(times.ravel(), b1, b2, strict=True):
            expected = (mpmath.mpf(w2) ** 2 - mpmath.mpf(w1) ** 2) * mpmath.exp(-2 * decay * mpmath.mpf(t))
            assert abs(v**2 - u**2 - expected) < 1e-27


def test_swapping_the_layers_swaps_the_answer() -> None:
    a1, a2 = integrate_dop853([1.0, 2.0], 1.5, 0.25, 0.5, w1=0.1, w2=0.7)
    b1, b2 = integrate_dop853([1.0, 2.0], 1.5, 0.25, 0.5, w1=0.7, w2=0.1)
    np.testing.assert_allclose((a1, a2), (b2, b1), rtol=1e-14)
    assert abs(a1 - a2).max() > 0.01


def test_noise_decay_and_time_constant_each_matter() -> None:
    base: dict[str, Any] = {"lam": 1.5, "noise": 0.25, "decay": 0.5, "tau": 2.0}
    w1, _ = integrate_dop853([1.0], **base, w1=0.4, w2=0.7)
    for name in base:
        other, _ = integrate_dop853([1.0], **{**base, name: 2 * base[name]}, w1=0.4, w2=0.7)
        assert abs(other - w1) > 1e-3


def test_more_digits_give_more_digits() -> None:
    short, _ = integrate_taylor(["0.5"], "0.1", "0.2", w1="0.3", w2="0.7", digits=20)
    long, _ = integrate_taylor(["0.5"], "0.1", "0.2", w1="0.3", w2="0.7", digits=50)
    longer, _ = integrate_taylor(["0.5"], "0.1", "0.2", w1="0.3", w2="0.7", digits=60)
    with mpmath.workdps(70):
        assert 1e-30 < abs(short[0] - longer[0]) < 1e-17
        assert abs(long[0] - longer[0]) < 1e-47


def test_the_start_is_returned_untouched() -> None:
    w1, w2 = integrate_dop853(0.0, 1.0, w1=0.5, w2=-0.25)
    assert (float(w1), float(w2)) == (0.5, -0.25)
    assert integrate_dop853([], 1.0, w1=0.5, w2=1.0)[0].shape == (0,)


@pytest.mark.parametrize("bad", [{"times": [-1.0]}, {"times": [1.0], "tau": 0.0}, {"times": [np.nan]}])
@pytest.mark.parametrize("integrate", [integrate_dop853, integrate_taylor])
def test_unusable_times(integrate: Callable[..., Any], bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"give tau > 0 and (finite )?times >= 0"):
        integrate(**{"lam": 1.0, "w1": 0.1, "w2": 0.1, **bad})


def test_giving_up_is_an_error() -> None:
    with pytest.raises(IntegrationFailed, match="DOP853"), np.errstate(all="ignore"):
        integrate_dop853([1.0], 1.0, w1=1e200, w2=1e200)

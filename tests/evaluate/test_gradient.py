"""The derivatives of the strength against Arb, against complex steps, and their errors."""

from typing import Any

import accuracy
import numpy as np
import pytest
from modeflow.derivations import gradients
from reference_slopes import ORDER, error_in_units

import modeflow

UNITS = 4.0  # measured worst 2.8 at 500 points in each regime


@pytest.mark.parametrize("regime", accuracy.REGIMES)
def test_accuracy(regime: str) -> None:
    p = accuracy.points(regime, 12, seed=5)
    balanced = bool(np.all(np.abs(p.w1) == np.abs(p.w2)))
    names = [name for name in ORDER if balanced or name != "decay"]
    found = modeflow.strength_grad(p.t, p.lam, **p.modes(), wrt=names)
    for name in names:
        errors = [error_in_units(name, row, float(v)) for row, v in zip(p.rows("t"), found[name], strict=True)]
        assert max(errors) <= UNITS, (name, errors)


def test_slopes_in_the_weights_where_the_last_exponential_underflows() -> None:
    row = (
        4864217.239383929,
        8.094908282331644e-05,
        5.645711148803018e-05,
        0.0,
        -0.0007624748587722136,
        0.000762474857987117,
    )
    found = modeflow.strength_grad(row[0], row[1], noise=row[2], w1=row[4], w2=row[5], wrt=["w1", "w2"])
    assert all(error_in_units(name, row, float(slope)) <= UNITS for name, slope in found.items())


@pytest.mark.parametrize("name", ORDER)
def test_the_reference_refuses_a_slope_that_is_a_little_wrong(name: str) -> None:
    row = (1.5, 1.0, 0.4, 0.0, 0.3, 0.3)
    (slope,) = modeflow.strength_grad(
        row[0], row[1], noise=row[2], decay=row[3], w1=row[4], w2=row[5], wrt=[name]
    ).values()
    assert error_in_units(name, row, float(slope)) < 2
    assert error_in_units(name, row, float(slope) * (1 + 1e-13)) > UNITS


def riccati(t: complex, lam: complex, noise: complex, w1: complex, w2: complex) -> complex:
    """The strength through P = (w1 + w2)², as a function of complex numbers."""
    xi, p, c = lam + noise, w1 + w2, w2**2 - w1**2
    rho = np.sqrt(4 * lam**2 + xi**2 * c**2)
    high, low = (2 * lam + rho) / xi, (rho - 2 * lam) / xi
    ratio = (p**2 - high) / (p**2 + low) * np.exp(-rho * t)
    grown = (high + low * ratio) / (1 - ratio)
    return complex((grown - c**2 / grown) / 4)


@pytest.mark.parametrize("weights", [(0.3, 0.7), (0.7, 0.3), (-0.2, 0.9), (0.9, -0.2), (-0.4, -0.5)])
def test_complex_steps_agree(weights: tuple[float, float]) -> None:
    names = ("t", "lam", "noise", "w1", "w2")
    at: dict[str, Any] = dict(zip(names, (1.3, 0.8, 0.25, *weights), strict=True))
    found = modeflow.strength_grad(at["t"], at["lam"], noise=at["noise"], w1=at["w1"], w2=at["w2"])
    for name in names:
        moved = at | {name: at[name] + 1e-30j}
        assert found[name] == pytest.approx(riccati(**moved).imag / 1e-30, rel=1e-12)


def test_time_constant_scales_the_time() -> None:
    at: dict[str, Any] = {"lam": 1.2, "noise": 0.3, "w1": 0.2, "w2": 0.4}
    slow = modeflow.strength_grad(3.0, **at, tau=2.0, wrt=["t", "tau", "lam"])
    one = modeflow.strength_grad(1.5, **at, wrt=["t", "lam"])
    assert slow["t"] == one["t"] / 2
    assert slow["tau"] == pytest.approx(-one["t"] * 1.5 / 2, rel=1e-15)
    assert slow["lam"] == one["lam"]


def test_arrays_broadcast_across_blocks_and_keep_their_type() -> None:
    t, w2 = np.linspace(0, 9, 300)[:, None], np.linspace(0.1, 1, 101)
    found = modeflow.strength_grad(t, 1.0, noise=0.2, w1=0.5, w2=w2)
    assert found["w1"].shape == (300, 101)
    one = modeflow.strength_grad(t[250, 0], 1.0, noise=0.2, w1=0.5, w2=w2[77])
    assert {name: found[name][250, 77] for name in found} == one
    single = modeflow.strength_grad(t.astype(np.float32), 1.0, noise=0.2, w1=0.5, w2=0.25)
    assert single["lam"].dtype == np.float32


def test_limits_and_rest() -> None:
    settled = modeflow.strength_grad(np.inf, 2.0, noise=0.5, w1=0.1, w2=0.3)
    assert settled["t"] == settled["w1"] == settled["w2"] == 0
    assert settled["lam"] == pytest.approx(0.5 / 2.5**2)
    assert settled["noise"] == pytest.approx(-2.0 / 2.5**2)
    resting = modeflow.strength_grad(4.0, 0.0, w1=0.5, w2=2.0)
    assert [float(resting[name]) for name in ("t", "w1", "w2")] == [0.0, 2.0, 0.5]
    for t in (4.0, 1e6, np.inf):
        assert all(v == 0 for v in modeflow.strength_grad(t, 1.0, w1=0.0, w2=0.0).values())


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="wrt names 'gamma'"):
        modeflow.strength_grad(1.0, 1.0, w1=0.1, w2=0.2, wrt=["gamma"])
    with pytest.raises(ValueError, match=r"lam = -1\.0"):
        modeflow.strength_grad(1.0, -1.0, w1=0.1, w2=0.2)


def test_one_name_will_do() -> None:
    both = modeflow.strength_grad(1.0, 1.0, w1=0.1, w2=0.2)
    assert modeflow.strength_grad(1.0, 1.0, w1=0.1, w2=0.2, wrt="lam") == {"lam": both["lam"]}


def test_every_kernel_names_claims_that_exist() -> None:
    stated = modeflow.claims()
    for kernel in gradients.KERNELS:
        assert kernel.claims
        assert not set(kernel.claims) - set(stated)

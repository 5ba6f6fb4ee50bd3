"""Recommended noise and decay against brute force: sums, gradient descent, and every mistake named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import modeflow
from modeflow.cli.program import main
from modeflow.experiments.matrix_form import LARGEST_FALLEN_SHARE
from modeflow.experiments.measure import crossings
from modeflow.experiments.prediction import descended_strengths
from modeflow.experiments.recommendation import Recommendation, draw, noise_that_keeps, recommend, table
from modeflow.experiments.recommended_times import SETTLED, Drawn, one_at_a_time
from modeflow.witness.train import initial_weights, train

LAM = np.array([8.0, 3.0, 1.0, 1.0, 0.2, 0.05])
spectra = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=9)


@pytest.mark.costly
@given(spectra, st.floats(1e-4, 0.9999), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_the_share_wanted_is_the_share_kept(values: list[float], part: float, hidden: int) -> None:
    lam = np.sort(np.array(values))[::-1]
    most = lam[:hidden].sum() / lam.sum()
    r = recommend(values, keep=float(part * most), hidden=hidden)
    top = lam[:hidden]
    noisy = np.sum(top**2 / (top + r.noise.noise)) / lam.sum()
    decayed = np.sum(np.maximum(top - r.decay.decay, 0)) / lam.sum()
    assert noisy == pytest.approx(part * most, rel=1e-9)
    assert decayed == pytest.approx(part * most, rel=1e-9)
    assert (r.noise.share, r.decay.share) == pytest.approx((noisy, decayed))
    assert r.noise.decay == r.decay.noise == 0


@pytest.mark.costly
@given(spectra, st.floats(1e-4, 0.9999))
@settings(max_examples=40, deadline=None)
def test_the_dimension_wanted_is_the_dimension_kept(values: list[float], part: float) -> None:
    lam = np.array(values)
    r = recommend(values, dimension=part * lam.size)
    assert np.sum(lam / (lam + r.noise.noise)) == pytest.approx(part * lam.size, rel=1e-9)
    assert np.sum(np.maximum(1 - r.decay.decay / lam, 0)) == pytest.approx(part * lam.size, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("wanted", [{"keep": 0.8}, {"dimension": 2.5}])
def test_training_keeps_what_was_wanted_in_the_time_predicted(wanted: Any) -> None:
    """Full matrices from random weights, many times wider than the data, at a small step."""
    r = recommend(LAM, **wanted, hidden=400, lr=0.002, std=1e-4)
    for choice in (r.noise, r.decay):
        slowest = choice.half_times[np.isfinite(choice.half_times)].max()
        epochs = int(2 * slowest)
        run = train(LAM, hidden=400, lr=0.002, std=1e-4, epochs=epochs, noise=choice.noise, decay=choice.decay)
        share, dimension = run.strength @ LAM / LAM.sum(), run.strength.sum(axis=1)
        assert share[-1] == pytest.approx(choice.share, rel=1e-3)
        assert dimension[-1] == pytest.approx(choice.dimension, rel=1e-2)
        measured = int(np.argmax(share >= SETTLED * choice.share))
        assert measured == pytest.approx(choice.epochs, rel=0.03)
        for j in range(3):
            half = int(np.argmax(run.strength[:, j] >= choice.strengths[j] / 2))
            assert half == pytest.approx(choice.half_times[j], rel=0.05)


@pytest.mark.parametrize("hidden", [4, 6, 12])
def test_the_times_are_those_of_all_modes_at_once(hidden: int) -> None:
    """Trained from the same weights with half the largest stable step: one mode at a time is further off."""
    r = recommend(LAM, keep=0.8, hidden=hidden)
    drawn = Drawn(1e-3, 0, hidden)
    for choice in (r.noise, r.decay):
        assert choice.one_at_a_time == ""
        assert choice.fallen_share is not None
        assert choice.fallen_share < 0.01
        alive = choice.strengths > 0
        levels: Any = {"noise": choice.noise, "decay": choice.decay, "lr": r.lr}
        weights = initial_weights(hidden, LAM.size, std=1e-3, seed=0)
        run = train(LAM, weights=weights, epochs=int(1.2 * choice.half_times[alive].max()), **levels)
        half = crossings(run.epochs, run.strength[:, : alive.size], choice.strengths / 2)[alive]
        share = run.strength[:, : alive.size] @ r.eigenvalues
        settled = int(np.argmax(share >= SETTLED * (choice.strengths @ r.eigenvalues)))
        alone, _ = one_at_a_time(r.eigenvalues, drawn, **levels)
        assert abs(choice.half_times[alive] / half - 1).max() < 0.01 < abs(alone[alive] / half - 1).max()
        assert choice.epochs == pytest.approx(settled, rel=0.03)


def test_large_weights_and_much_work_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    large = recommend(LAM, keep=0.8, std=0.5)
    for choice in (large.noise, large.decay):
        assert choice.fallen_share is not None
        assert choice.fallen_share >= LARGEST_FALLEN_SHARE
        assert ", not below 25%" in choice.one_at_a_time
    assert "Epochs under noise: each mode alone, as in the matrix form " in table(large)
    small = recommend(LAM, keep=0.8)
    told = "Epochs under decay: all modes at once, the matrix form, as the fallen share is 0%, below 25%."
    assert told in table(small)
    monkeypatch.setattr("modeflow.experiments.recommended_times._MOST_WORK", 100.0)
    worked = recommend(LAM, keep=0.8)
    assert worked.noise.fallen_share is None
    assert worked.noise.one_at_a_time.startswith("6 modes over")
    assert "too long at once" in worked.noise.one_at_a_time
    assert worked.noise.half_times[5] != small.noise.half_times[5]


def test_each_mode_alone_has_finite_steps() -> None:
    """Half the largest stable step, at which gradient flow would be a fifth early for the strongest mode."""
    r = recommend(LAM, keep=0.8)
    start = (LAM.size - np.arange(LAM.size)) * 1e-18 / 2
    for choice in (r.noise, r.decay):
        alive = choice.strengths > 0
        levels: Any = {"noise": choice.noise, "decay": choice.decay, "lr": r.lr}
        times, _ = one_at_a_time(LAM, Drawn(1e-9, 0, LAM.size), **levels)
        stepped = descended_strengths(int(2 * times[alive].max()), LAM[alive], start[alive], **levels)
        half = np.argmax(stepped >= choice.strengths[alive] / 2, axis=0)
        np.testing.assert_allclose(times[alive], half, rtol=0.03)


def test_the_estimator_takes_the_same_noise() -> None:
    assert noise_that_keeps(0.8, LAM, 4) == recommend(LAM, keep=0.8, hidden=4).noise.noise


def test_the_largest_step_is_the_largest() -> None:
    r = recommend(LAM, keep=0.6)
    for choice in (r.noise, r.decay):
        level: Any = {"noise": choice.noise, "decay": choice.decay}
        starts: Any = {"hidden": 8, "epochs": 3000, "std": 1e-2}
        below, above = (
            train(LAM, lr=part * choice.largest_step, **starts, **level).strength[-2:, 0] for part in (0.98, 1.02)
        )
        assert abs(below - choice.strengths[0]).max() < 1e-6
        assert abs(above - choice.strengths[0]).max() > 1e-2


def test_nothing_to_lose_needs_no_level() -> None:
    r = recommend([2.0, 1.0, 0.0], keep=1.0)
    assert (r.noise.noise, r.decay.decay) == (0.0, 0.0)
    np.testing.assert_array_equal(r.noise.strengths, [1.0, 1.0])  # the mode of no signal is left out
    assert r.noise.epochs == r.decay.epochs > 0


def test_decay_kills_modes_and_they_never_reach_half() -> None:
    r = recommend(LAM, keep=0.6)
    assert r.decay.decay > 0.2
    assert (r.decay.strengths[-2:] == 0).all()
    assert (r.decay.half_times[-2:] == np.inf).all()
    assert np.isfinite(r.noise.half_times).all()


def test_eigenvalues_of_rounding_size_are_no_modes() -> None:
    assert recommend([1.0, 1e-18], dimension=0.5).eigenvalues.size == 1


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (LAM, {}, "keep = None, dimension = None: give one of the two"),
        (LAM, {"keep": 0.5, "dimension": 1.0}, "give one of the two"),
        (LAM, {"keep": 0.0}, "keep = 0.0"),
        (LAM, {"keep": float("nan")}, "keep = nan"),
        (LAM, {"keep": 1.01}, "keep = 1.01"),
        (LAM, {"keep": 0.95, "hidden": 2}, "keep = 0.95: 2 hidden units keep 0.83"),
        (LAM, {"dimension": 6.5}, "dimension = 6.5: .* at most 6"),
        (LAM, {"keep": 0.5, "hidden": 0}, "hidden = 0"),
        (LAM, {"keep": 0.5, "lr": 0.2}, "lr = 0.2: .* below 0.125"),
        (LAM, {"keep": 0.5, "lr": -1.0}, "lr = -1"),
        (LAM, {"keep": 0.5, "std": 0.0}, "std = 0"),
        (LAM, {"keep": 0.5, "seed": -1}, "seed = -1: give a whole number"),
        ([], {"keep": 0.5}, "eigenvalues"),
        ([0.0, 0.0], {"keep": 0.5}, "all are 0"),
        ([1.0, -1.0], {"keep": 0.5}, "eigenvalues"),
        ("images.npy", {"keep": 0.5}, "eigenvalues: a str is no vector; give those that modeflow.data.spectrum finds"),
    ],
)
def test_mistakes_are_named(values: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        recommend(values, **options)


@pytest.fixture(scope="module")
def advice() -> Recommendation:
    found: Recommendation = modeflow.recommend(LAM, keep=0.8)
    return found


def test_table(advice: Recommendation) -> None:
    lines = table(advice).splitlines()
    levels = next(line.split() for line in lines if line.startswith("level"))
    assert [float(x) for x in levels[1:]] == pytest.approx([advice.noise.noise, advice.decay.decay], rel=1e-5)
    row = next(line.split() for line in lines if line.split()[:1] == ["1"])
    lam, ε = 3.0, advice.noise.noise
    expected = [1, lam, lam / (lam + ε), 1 - advice.decay.decay / lam]
    assert [float(x) for x in row[:4]] == pytest.approx(expected, abs=6e-5)
    assert float(row[6]) == pytest.approx(lam * ε / (lam + ε), rel=1e-3)


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_drawing(advice: Recommendation, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"strengths.{suffix}"
    draw(advice, path)
    assert path.read_bytes()[:5] in (b"\x89PNG\r", b"%PDF-", b"<?xml")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, picture = tmp_path / "images.npy", tmp_path / "out.png"
    np.save(path, np.random.default_rng(0).random((50, 12)))
    assert main(["recommend", str(path), "--keep", "0.9", "-o", str(picture)]) == 0
    assert "keep 0.9 of the second moment" in capsys.readouterr().out
    assert picture.exists()
    for options, message in (
        ([], "give one of the two"),
        (["--keep", "2"], "keep = 2"),
    ):
        assert main(["recommend", str(path), *options]) == 2
        assert message in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["recommend", str(path), "--keep", "0.9", "-o", "x.gif"])
    assert "unknown kind of figure" in capsys.readouterr().err
    assert main(["recommend", str(tmp_path / "absent"), "--keep", "0.9"]) == 2
    assert "no such file" in capsys.readouterr().err

"""Figures 1 to 4 by their numbers, and how figures are written: whole, equal from run to run, or not at all."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modeflow import files
from modeflow.cli.program import main
from modeflow.experiments.figures import Record, dynamics, figures, noise_and_decay, norms, step_sizes
from modeflow.experiments.figures.write import write
from modeflow.experiments.measure import crossing, matched_decay
from modeflow.experiments.style import canvas, in_house_style, spread
from modeflow.witness.integrate import integrate_dop853
from modeflow.witness.modes import descend, largest_stable_step
from modeflow.witness.train import train

MODULES = {1: dynamics, 2: noise_and_decay, 3: step_sizes, 4: norms}


@pytest.fixture(scope="module")
def records() -> dict[int, Record]:
    return {number: module.numbers() for number, module in MODULES.items()}


# Figure 1


@pytest.mark.costly
def test_every_start_is_on_its_curve(records: dict[int, Record]) -> None:
    """Each path against a Dormand-Prince integrator; unequal, negative and large starts are among them."""
    record = records[1]
    strengths = np.array([c["w1_theory"][0] * c["w2_theory"][0] for c in record.only(noise=0.0)])
    assert (strengths < 0).any()
    assert (strengths > 1).any()
    for curve in record.curves:
        start = {"w1": curve["w1_theory"][0], "w2": curve["w2_theory"][0]}
        w1, w2 = integrate_dop853(curve["epoch"], 1.0, curve["noise"], tau=100.0, **start)
        np.testing.assert_allclose(curve["w1_theory"], w1, atol=1e-9)
        np.testing.assert_allclose(curve["w2_theory"], w2, atol=1e-9)


@pytest.mark.costly
def test_what_is_left_is_the_finite_step(records: dict[int, Record]) -> None:
    for row in records[1].findings:
        assert 0 < row["largest_difference"] < 0.3
        assert 7 < row["largest_difference"] / row["largest_difference_finer_step"] < 15


# Figure 2


def test_noise_and_matched_decay_end_alike_and_decay_is_later(records: dict[int, Record]) -> None:
    record = records[2]
    for lam in noise_and_decay.LAMS:
        for noise in noise_and_decay.NOISES:
            noisy, decayed = (record.finding(kind=kind, lam=lam, noise=noise) for kind in ("noise", "decay"))
            assert noisy["fixed_point"] == pytest.approx(lam / (lam + noise))
            assert decayed["fixed_point"] == pytest.approx(noisy["fixed_point"])
            assert decayed["half_time"] == pytest.approx((1 + noise / lam) * noisy["half_time"])


def test_half_times_are_those_of_gradient_descent(records: dict[int, Record]) -> None:
    reached = 0
    for row in records[2].findings:
        assert row["largest_difference"] < 0.002 * row["lam"]
        if row["half_time"] < noise_and_decay.EPOCHS - 100:
            reached += 1
            assert row["half_time_descent"] == pytest.approx(row["half_time"], abs=4)
        else:
            assert row["half_time_descent"] == np.inf
    assert reached == 52


# Figure 3


def test_noise_costs_no_step_size(records: dict[int, Record]) -> None:
    record = records[3]
    for noise in step_sizes.NOISES:
        noisy, decayed = (record.finding(kind=kind, noise=noise) for kind in ("noise", "decay"))
        gamma = noise / (1 + noise)
        assert noisy["measured"] == pytest.approx(1.0, rel=1e-3)
        assert decayed["measured"] == pytest.approx(1 / max(1 - gamma, gamma), rel=1e-3)
        assert noisy["predicted"] == pytest.approx(noisy["measured"], rel=1e-3)
        assert decayed["predicted"] == pytest.approx(decayed["measured"], rel=1e-3)
        assert noisy["paper"] == pytest.approx(1 / (2 + 3 * noise))
        assert decayed["paper"] == pytest.approx(1 / (2 + gamma))
    assert record.finding(kind="noise", noise=5.0)["measured"] > 16 * record.finding(kind="noise", noise=5.0)["paper"]


@pytest.mark.costly
def test_the_full_matrices_have_the_limit_of_the_top_mode() -> None:
    """Random weights, three modes, much noise: settles just below 1/λ, not just above."""
    lam, noise = np.array([2.0, 1.0, 0.3]), 4.0
    ends = [train(lam, hidden=5, lr=s / 2.0, epochs=4000, noise=noise, std=1e-3).strength[-2:] for s in (0.99, 1.01)]
    np.testing.assert_allclose(ends[0], np.tile(lam / (lam + noise), (2, 1)), rtol=1e-6)
    assert abs(ends[1][:, 0] - 1 / 3).max() > 1e-3


def test_at_the_papers_steps_the_two_mappings_are_one(records: dict[int, Record]) -> None:
    for noise in (1.0, 5.0):
        gap = {}
        for steps in ("paper", "common"):
            (noisy,), (decayed,) = (records[3].only(kind=k, noise=noise, steps=steps) for k in ("noise", "decay"))
            gap[steps] = noisy["theory"] - decayed["theory"]
        assert abs(gap["paper"]).max() < 1e-12
        assert gap["common"].max() > 0.15
        assert gap["common"].min() > -1e-12


# Figure 4


def test_paths_under_decay_are_exact(records: dict[int, Record]) -> None:
    for curve in records[4].curves:
        levels = {"noise": (0.1, 0.0), "decay": (0.0, 0.1 / 1.1)}[curve["kind"]]
        start = {"w1": curve["w1_theory"][0], "w2": curve["w2_theory"][0]}
        w1, w2 = integrate_dop853(curve["epoch"], 1.0, *levels, tau=100.0, **start)
        np.testing.assert_allclose(curve["w1_theory"], w1, atol=1e-9)
        np.testing.assert_allclose(curve["w2_theory"], w2, atol=1e-9)


def test_noise_keeps_the_imbalance_and_decay_removes_it(records: dict[int, Record]) -> None:
    for row in records[4].findings:
        least = 2 / 1.1
        assert row["norm_end"] == pytest.approx(row["norm_limit"], rel=2e-3)
        assert row["norm_end_descent"] == pytest.approx(row["norm_end"], rel=0.02)
        assert 7 < row["largest_difference"] / row["largest_difference_finer_step"] < 15
        if row["kind"] == "noise":
            assert row["norm_limit"] == pytest.approx((row["imbalance"] ** 2 + 4 / 1.21) ** 0.5)
            assert row["norm_limit"] > 1.015 * least
        else:
            assert row["norm_limit"] == pytest.approx(least)


# What they share


def test_descent_of_modes_is_that_of_aligned_matrices() -> None:
    lam, w1, w2 = np.array([2.0, 0.7]), np.array([0.3, -0.2]), np.array([0.1, 0.5])
    a, b = descend(lam, noise=0.4, decay=0.1, w1=w1, w2=w2, lr=0.05, record=range(0, 200, 7))
    weights = np.diag(w1), np.diag(w2)
    full = train(lam, weights=weights, lr=0.05, epochs=199, noise=0.4, decay=0.1, record=range(0, 200, 7))
    np.testing.assert_allclose(a * b, full.strength, atol=1e-12)


def test_bisection_finds_the_edge_and_refuses_a_bracket_without_one() -> None:
    edges = np.array([0.3, 1.7])
    found = largest_stable_step(lambda steps: steps < edges, (2,), low=0.1, high=2.0, rtol=1e-6)
    np.testing.assert_allclose(found, edges, rtol=1e-6)
    for low, high in ((0.5, 2.0), (0.1, 1.0)):
        with pytest.raises(ValueError, match="give low so that every descent settles, and high so that none does"):
            largest_stable_step(lambda steps: steps < edges, (2,), low=low, high=high, rtol=1e-6)


def test_crossing_lies_between_the_epochs() -> None:
    epochs = np.arange(4)
    assert crossing(epochs, np.array([0.0, 1.0, 3.0, 3.5]), 2.0) == 1.5
    assert crossing(epochs, np.array([0.0, 1.0, 3.0, 3.5]), 4.0) == np.inf
    assert matched_decay(2.0, 2.0) == 1.0


def test_labels_are_spread() -> None:
    assert spread([0.5, 0.5, 0.1], 0.1, 0.0, 1.0) == pytest.approx([0.5, 0.6, 0.1])
    crowded = spread([1.0, 1.0, 1.0], 0.3, 0.0, 1.0)
    assert crowded == pytest.approx([0.4, 0.7, 1.0])
    assert spread([0.2, 0.2, 0.2], 5.0, 0.0, 1.0) == pytest.approx([0.0, 0.5, 1.0])


# Writing


def _tiny(**change: Any) -> Record:
    curve = {"kind": "noise", "epoch": np.arange(3), "w": np.array([0.1 + 0.2, np.inf, np.nan])}
    return Record("tiny", "Tiny", "A caption.", {"lam": 1.0} | change, ({"half": np.float64(1 / 3)},), (curve,))


def test_numbers_are_written_as_json_and_csv(tmp_path: Path) -> None:
    with in_house_style():
        files = write(_tiny(), canvas(2, 2), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in files)
    content = json.loads((tmp_path / "tiny.json").read_text())
    assert content["curves"] == [{"kind": "noise", "epoch": [0, 1, 2], "w": [0.3, None, None]}]
    assert content["findings"] == [{"half": 0.333333333}]
    rows = list(csv.DictReader((tmp_path / "tiny.csv").read_text().splitlines()))
    assert rows[0] == {"kind": "noise", "epoch": "0", "w": "0.3"}
    assert [row["w"] for row in rows] == ["0.3", "", ""]


def test_an_interrupted_figure_is_not_taken_for_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with in_house_style():
        write(_tiny(), canvas(2, 2), tmp_path)
        before = (tmp_path / "tiny.csv").read_bytes()
        renamed: list[Path] = []
        really = os.replace

        def killed(source: str, target: Path) -> None:
            if renamed:
                raise KeyboardInterrupt
            renamed.append(target)
            really(source, target)

        monkeypatch.setattr("os.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            write(_tiny(lam=2.0), canvas(2, 2), tmp_path)
    assert not (tmp_path / "tiny.json").exists()
    assert (tmp_path / "tiny.csv").read_bytes() == before


def test_a_file_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "numbers.csv"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        files.write(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["numbers.csv"]
    assert path.read_bytes() == b"old"


@pytest.mark.costly
@pytest.mark.parametrize(
    ("named", "otherwise", "figures"),
    [("4-4", ["4"], ["figure4"]), pytest.param("3-4", ["4", "3"], ["figure3", "figure4"], marks=pytest.mark.slow)],
)
def test_the_command_writes_equal_bytes_twice(
    named: str, otherwise: list[str], figures: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["figures", named, "-o", str(tmp_path / "one")]) == 0
    assert main(["figures", *otherwise, "-o", str(tmp_path / "two")]) == 0
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert [name for name in names if name.endswith(".json")] == [f"{figure}.json" for figure in figures]
    assert len(names) == 5 * len(figures)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert str(tmp_path / "one" / f"{figures[0]}.png") in capsys.readouterr().out


@pytest.mark.costly
@pytest.mark.parametrize("number", [1, 2])
def test_the_others_are_drawn(records: dict[int, Record], number: int, tmp_path: Path) -> None:
    with in_house_style():
        write(records[number], MODULES[number].draw(records[number]), tmp_path)
    assert (tmp_path / f"figure{number}.png").stat().st_size > 20_000
    assert (tmp_path / f"figure{number}.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["7"], "1 to 6"),
        (["4-2"], "1 to 6"),
        (["x"], "'x': there are figures 1 to 6; give one, a range as 1-4, or all"),
        (["1-"], "'1-': there are figures 1 to 6"),
        (["0"], "'0': there are figures 1 to 6"),
        (["5", "--data", "n" * 300], "nnn: File name too long; give --data DIR"),
        (["5", "--data", "/nowhere"], "/nowhere: no MNIST images here; give --data DIR"),
        (["all", "--data", "/nowhere"], "/nowhere: no MNIST images here"),
    ],
)
def test_mistakes_are_named(arguments: list[str], message: str, tmp_path: Path, capsys: Any) -> None:
    folder = tmp_path / "out"
    try:
        status = main(["figures", *arguments, "-o", str(folder)])
    except SystemExit as stop:
        status = int(str(stop.code))
    assert status == 2
    assert message in capsys.readouterr().err
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SystemExit, match="2"):
        main(["figures", "4", "-o", str(file)])
    assert f"{file}: a file; give a folder" in capsys.readouterr().err


def test_nothing_is_computed_for_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    images = tmp_path / "t10k-images-idx3-ubyte"
    images.write_bytes(b"never opened")
    with pytest.raises(FileExistsError):
        list(figures([6], file, data=tmp_path))
    with pytest.raises(ValueError, match="no known format"):
        list(figures([6], tmp_path, data=tmp_path))


def test_the_page_shows_every_figure_with_its_caption(records: dict[int, Record]) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
    for record in records.values():
        assert f"![{record.title}](figures/{record.name}.png)\n\n{record.caption}\n" in page
        assert (Path(__file__).resolve().parents[2] / "docs" / "figures" / f"{record.name}.png").stat().st_size > 20_000

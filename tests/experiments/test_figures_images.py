"""Figures 5 and 6 by their numbers: small spectra and images always, the real ones where they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import daily
import numpy as np
import pytest

from modeflow.cli.program import main
from modeflow.experiments.data import Spectrum, load, made_from_spectrum, spectrum
from modeflow.experiments.figures import Record, images, nonlinear
from modeflow.experiments.matrix_form import LARGEST_FALLEN_SHARE, Together, together
from modeflow.witness.samples import train_on_samples
from modeflow.witness.train import initial_weights, train

# Figure 5

LAM = 20 / np.arange(1, 65)


@pytest.fixture(scope="module")
def synthetic() -> Spectrum:
    return spectrum(made_from_spectrum(LAM, 100, seed=3))


@pytest.fixture(scope="module")
def small(synthetic: Spectrum) -> Record:
    return images.on_spectrum(images.MNIST, synthetic, images=100, hidden=256, growth=0.0)


@pytest.mark.costly
def test_theory_and_training_agree(small: Record) -> None:
    for run in images.RUNS:
        overall = small.finding(run=run, mode="top 32")
        assert overall["rms_alone"] < 0.002
        assert overall["rms_theory"] < 0.5 * overall["rms_flow"] < 0.002
        assert overall["rms_of_the_step_theory"] < 0.3 * overall["rms_of_the_step_flow"]
        assert overall["rms_together"] < 0.2 * overall["rms_alone"]
        assert overall["fallen_share"] < LARGEST_FALLEN_SHARE
        assert overall["lines"] == "together"
        for mode in images.MODES:
            row = small.finding(run=run, mode=mode)
            # A step grows a small strength by (1 + lr·κ)² where the flow grows it by e^(2·lr·κ).
            growth = 0.01 * (row["lam"] - images.RUNS[run].get("decay", 0.0))
            delay = row["half_time_flow"] * (growth / np.log1p(growth) - 1)
            assert row["half_time_alone"] - row["half_time_flow"] == pytest.approx(delay, abs=1)
            assert row["half_time_training"] == pytest.approx(row["half_time_alone"], rel=0.002)
            assert row["half_time_theory"] == pytest.approx(row["half_time_training"], rel=0.005)
            assert row["half_time_together"] == pytest.approx(row["half_time_training"], rel=0.0002)
            late, left = (row["half_time_alone"] - row[f"half_time_{name}"] for name in ("flow", "theory"))
            assert abs(left) < 0.2 * late


def test_the_numbers_are_those_of_the_curves(small: Record) -> None:
    """Each error once more, from the points shown, which are all of the first epochs."""
    (curve,) = small.only(run="DAE", mode=0)
    row = small.finding(run="DAE", mode=0)
    for name in ("theory", "flow", "alone", "together"):
        gap = abs(curve["training"] - curve[name])
        assert gap.max() <= row[f"largest_difference_{name}"] * (1 + 1e-12)
        error = row[f"half_time_{name}"] / row["half_time_training"] - 1
        assert row[f"half_time_error_{name}"] == pytest.approx(error)
        crossed = np.interp(row["fixed_point"] / 2, curve[name], curve["epoch"])
        assert crossed == pytest.approx(row[f"half_time_{name}"], abs=0.6)


@pytest.mark.costly
@pytest.mark.parametrize("run", daily.some(images.RUNS, 1))
def test_the_curves_are_those_of_the_full_matrices(small: Record, synthetic: Spectrum, run: str) -> None:
    """Trained once more from the same weights, in pixels and double precision."""
    weights = initial_weights(256, 64, std=1e-4, seed=0)
    options: dict[str, Any] = {"weights": weights, "lr": 0.01, "epochs": 5000, "modes": [15], **images.RUNS[run]}
    again = train(synthetic.eigenvalues, synthetic.eigenvectors, **options)
    (curve,) = small.only(run=run, mode=15)
    np.testing.assert_allclose(curve["training"], again.strength[curve["epoch"], 0], atol=3e-5)


@pytest.mark.slow
def test_modes_left_out_would_not_be_seen(small: Record, synthetic: Spectrum) -> None:
    fewer = images.on_spectrum(images.MNIST, synthetic, images=100, hidden=256, growth=20.0)
    assert fewer.setting["modes_used"] == 50 < small.setting["modes_used"] == 64
    for few, all_of_them in zip(fewer.curves, small.curves, strict=True):
        assert 0 < abs(few["training"] - all_of_them["training"]).max() < 2e-3


@pytest.mark.costly
def test_a_mode_that_decay_kills_has_no_half_time(small: Record) -> None:
    assert small.finding(run="WAE", mode=31)["fixed_point"] > 0
    dead = images.on_spectrum(
        images.CIFAR, Spectrum(LAM / 50, np.eye(64), 0.0), images=100, hidden=64, growth=0.0
    ).finding(run="WAE", mode=3)
    assert dead["fixed_point"] == 0
    assert {dead[f"half_time_{name}"] for name in (*images.PREDICTIONS, "together", "training")} == {np.inf}
    assert "half_time_error_theory" not in dead


def test_lines_are_of_each_mode_alone_where_the_fallen_share_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given as the limit itself under decay, and as it is elsewhere."""

    def given(*arguments: Any, decay: float = 0.0, **setting: Any) -> Together:
        found = together(*arguments, decay=decay, **setting)
        return found._replace(fallen=LARGEST_FALLEN_SHARE) if decay else found

    monkeypatch.setattr(images, "together", given)
    monkeypatch.setattr(images, "EPOCHS", 60)
    monkeypatch.setattr(images, "_SHOWN", np.arange(61))
    weak = Spectrum(LAM / 50, np.eye(64), 0.0)
    record = images.on_spectrum(images.CIFAR, weak, images=100, hidden=64, growth=0.0)
    assert [record.finding(run=run, mode="top 32")["lines"] for run in images.RUNS] == [
        "together",
        "together",
        "theory",
    ]
    assert "(of each mode alone in WAE, where that is taken to be nearer)" in record.caption


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_on_real_images(name: str, mnist_path: Path, cifar_path: Path) -> None:
    data_set, source = {"mnist": (images.MNIST, mnist_path), "cifar10": (images.CIFAR, cifar_path)}[name]
    record = images.numbers(data_set, source)
    near = {"mnist": 0.004, "cifar10": 0.011}[name]
    for run in images.RUNS:
        overall = record.finding(run=run, mode="top 32")
        assert overall["rms_theory"] < 0.001
        assert overall["rms_alone"] < 0.0005
        assert overall["rms_together"] < 0.2 * overall["rms_alone"]
        halves = [float(record.finding(run=run, mode=mode)["half_time_training"]) for mode in images.MODES]
        assert halves == sorted(halves)
        for mode in images.MODES:
            row = record.finding(run=run, mode=mode)
            if np.isfinite(row["half_time_training"]):
                assert row["half_time_training"] == pytest.approx(row["half_time_theory"], rel=near)
    page = (Path(__file__).parents[2] / "docs" / "figures.md").read_text()
    assert f"![{record.title}](figures/{record.name}.png)\n\n{record.caption}\n" in page
    for line in _told(record):
        assert line in page.splitlines()


def _told(record: Record) -> list[str]:
    """The rows of the page's tables: the RMS over all modes, the half-learning times and their errors in per cent."""
    lines = []
    for run in images.RUNS:
        row = record.finding(run=run, mode="top 32")
        names = ("rms_together", "rms_theory", "rms_flow", "rms_alone", "rms_of_the_step_theory")
        lines.append(f"| {run} | " + " | ".join(f"{row[name]:.5f}" for name in names) + " |")
    for run in images.RUNS:
        for mode in images.MODES:
            row = record.finding(run=run, mode=mode)
            cells = [run, str(mode), f"{row['lam']:.4f}"]
            if row["half_time_training"] == np.inf:
                cells += ["not reached"] + [""] * 6
            else:
                cells.append(f"{row['half_time_training']:,.1f}")
                for name in ("together", "theory", "flow", "alone"):
                    cells.append(f"{100 * row[f'half_time_error_{name}']:+.2f}")
                cells += [f"{row[f'{measure}_together']:.5f}" for measure in ("largest_difference", "rms")]
            lines.append("| " + " | ".join(cells) + " |")
    return lines


@pytest.mark.slow
def test_modes_left_out_on_mnist_would_not_be_seen(mnist_path: Path) -> None:
    """Those that training would multiply by less than e^0.6 before it ends."""
    eigen = spectrum(load(mnist_path))
    used, every = (
        images.on_spectrum(images.MNIST, eigen, images=10_000, hidden=256, growth=growth)
        for growth in (images.GROWTH, 0.0)
    )
    for few, all_of_them in zip(used.curves, every.curves, strict=True):
        assert abs(few["training"] - all_of_them["training"]).max() < 2e-3


# Figure 6


@pytest.fixture(scope="module")
def blobs() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Images of 36 pixels in [0, 1] with a few strong modes."""
    rng = np.random.default_rng(1)
    shapes = rng.random((5, 36)) < 0.3
    return np.clip(rng.random((200, 5)) @ shapes * [1.0] + 0.02 * rng.random((200, 36)), 0, 1)


def test_a_step_is_one_down_the_mean_over_all_entries() -> None:
    """By finite differences of the loss as the figure states it."""
    rng = np.random.default_rng(0)
    X, W1, W2 = rng.random((9, 5)), rng.standard_normal((4, 5)), rng.standard_normal((5, 4))
    lr, decay = 0.01, 0.3
    step, summed = nonlinear.summed_over_entries(lr, decay, 5)
    given: Any = {"weights": (W1.copy(), W2.copy()), "lr": step, "decay": summed, "activation": "relu"}
    moved = train_on_samples(X, np.eye(5), epochs=1, **given)

    def loss() -> float:
        missing = X - np.maximum(X @ W1.T, 0) @ W2.T
        return float(np.mean(missing**2) + decay / 2 * (np.sum(W1**2) + np.sum(W2**2)))

    for weights, after in ((W1, moved.encoder[0]), (W2, moved.decoder[0])):
        for index in np.ndindex(weights.shape):
            ends = []
            for change in (1e-6, -2e-6):
                weights[index] += change
                ends.append(loss())
            weights[index] += 1e-6
            assert weights[index] - after[index] == pytest.approx(lr * (ends[0] - ends[1]) / 2e-6, rel=1e-5, abs=1e-9)


def test_the_training_is_that_of_the_samples(blobs: Any) -> None:
    record = nonlinear.on_images(blobs, hidden=8, epochs=50)
    step, decay = nonlinear.summed_over_entries(nonlinear.LR, nonlinear.DECAY, 36)
    V = spectrum(blobs).eigenvectors[:, : nonlinear.MODES]
    given: Any = {"hidden": 8, "epochs": 50, "std": nonlinear.STD, "activation": "relu", "precision": "single"}
    again = train_on_samples(blobs, V, lr=step, decay=decay, **given)
    for curve in record.only(run="WAE"):
        np.testing.assert_array_equal(curve["training"], again.passed[0, curve["epoch"], curve["mode"]])


def test_statements_are_counted() -> None:
    """In rows made by hand: all in order, then one mode out of it."""
    rows = [
        {
            "run": run,
            "mode": j,
            "lam": (9.0, 3.0, 2.9, 1.0)[j],
            "end": 0.9 - 0.1 * j - (run != "AE") * 0.2,
            "half_time": 10.0 * j + 5 * (run == "WAE"),
        }
        for run in nonlinear.RUNS
        for j in range(4)
    ]
    assert [row["true"] for row in nonlinear._statements(rows)] == [18, 15, 12, 10, 4, 8]
    assert [row["cases"] for row in nonlinear._statements(rows)] == [18, 15, 12, 10, 4, 8]
    rows[5]["half_time"], rows[5]["end"] = 25.0, 0.0  # the DAE's mode 1: behind mode 2, and below modes 2 and 3
    assert [row["true"] for row in nonlinear._statements(rows)] == [17, 15, 10, 9, 3, 8]


def test_small_images(blobs: Any) -> None:
    record = nonlinear.on_images(blobs, hidden=16, epochs=400)
    assert record.setting["decay_summed_over_entries"] == pytest.approx(0.0045 * 18)
    ends = {run: float(record.finding(run=run, mode=0)["end"]) for run in nonlinear.RUNS}
    assert ends["DAE"] < ends["AE"]
    lam = record.finding(run="DAE", mode=0)["lam"]
    assert record.finding(run="DAE", mode=0)["linear_fixed_point"] == pytest.approx(lam / (lam + 4))
    assert record.finding(run="WAE", mode=0)["linear_fixed_point"] == pytest.approx(1 - 0.081 / lam)


@pytest.mark.slow
def test_on_mnist_the_order_is_the_linear_one(mnist_path: Path) -> None:
    record = nonlinear.numbers(mnist_path, fast=True)
    counts = {row["statement"]: (row["true"], row["cases"]) for row in record.findings if "statement" in row}
    assert counts["the DAE is ahead of the WAE at half its end"] == (4, 4)
    assert counts["noise and decay end each mode lower than neither does"] == (8, 8)
    assert counts["the same, where the λ differ by a fifth"] == (15, 15)
    assert counts["the same, where the λ differ by a fifth (ends)"] == (10, 10)


def test_too_many_samples_are_named(mnist_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(mnist_path.parent)
    assert main(["figures", "6", "--data", data, "--samples", "10001", "-o", str(tmp_path)]) == 2
    assert "samples = 10001: " in capsys.readouterr().err


@pytest.mark.parametrize(("number", "pixels"), [("5", 31), ("6", 3)])
def test_images_too_small_are_named(number: str, pixels: int, tmp_path: Path, capsys: Any) -> None:
    shape = np.array([5, 1, pixels], ">u4").tobytes()
    bright = bytes(255 - k for k in range(5 * pixels))
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + shape + bright)
    (tmp_path / "test_batch.bin").touch()
    given = ["--data", str(tmp_path), "-o", str(tmp_path / "out")] + ["--samples", "5"] * (number == "6")
    assert main(["figures", number, *given]) == 2
    assert f"images of {pixels} pixels; figure {number} follows" in capsys.readouterr().err


@pytest.mark.slow
def test_the_command_draws_all(mnist_path: Path, cifar_path: Path, tmp_path: Path) -> None:
    assert mnist_path.parent == cifar_path.parent
    assert main(["figures", "all", "--fast", "--data", str(mnist_path.parent), "-o", str(tmp_path)]) == 0
    done = sorted(path.stem for path in tmp_path.glob("*.json"))
    names = ["figure1", "figure2", "figure3", "figure4", "figure5-cifar10", "figure5-mnist", "figure6"]
    assert done == names
    for name in names:
        assert json.loads((tmp_path / f"{name}.json").read_text())["figure"] == name


def test_without_data_those_that_need_none_are_drawn(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def figures(chosen: Any, *_: Any, **__: Any) -> list[Path]:
        asked.append(chosen)
        return []

    monkeypatch.setattr("modeflow.experiments.figures.figures", figures)
    assert main(["figures", "-o", str(tmp_path / "drawn")]) == 0
    assert main(["figures", "--data", str(tmp_path), "-o", str(tmp_path / "drawn")]) == 0
    assert asked == [[1, 2, 3, 4], [1, 2, 3, 4, 5, 6]]
    monkeypatch.undo()
    for number in ("5", "6"):
        assert main(["figures", number, "-o", str(tmp_path / "drawn")]) == 2
        assert f"figure {number} is drawn of data: give --data DIR" in capsys.readouterr().err


@pytest.mark.slow
def test_data_of_ones_own(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(0)
    path = tmp_path / "table.csv"
    X = rng.standard_normal((300, 40)) * np.geomspace(30, 1, 40)
    np.savetxt(path, X, delimiter=",")
    assert main(["figures", "5", "--fast", "--data", str(path), "-o", str(tmp_path)]) == 0
    found = json.loads((tmp_path / "figure5-data.json").read_text())
    largest = np.linalg.eigvalsh(X.T @ X / 300)[-1]
    assert 0.2 < found["setting"]["lr"] * largest < 0.45
    assert found["title"] == "Theory against training on table.csv"
    np.savetxt(path, rng.standard_normal((300, 3)) @ rng.standard_normal((3, 40)), delimiter=",")
    assert main(["figures", "5", "--data", str(path), "-o", str(tmp_path)]) == 2
    assert "a signal in 3 modes; figure 5 follows 32: give data with more" in capsys.readouterr().err

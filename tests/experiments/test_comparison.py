"""Theory beside training: the figures, the table, the picture, and every mistake named."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modeflow.experiments.comparison import INITIAL_DEVIATION, SYNTHETIC_SPECTRUM, Comparison, compare, draw
from modeflow.experiments.comparison_report import table
from modeflow.experiments.data import DataError, made_from_spectrum, spectrum
from modeflow.files import figure_path
from modeflow.witness.train import initial_weights


@pytest.fixture(scope="module")
def run() -> Comparison:
    return compare(noise=0.5, epochs=1500, hidden=48, modes=(0, 3, 15))


def test_shapes_and_setting(run: Comparison) -> None:
    assert run.modes == (0, 3, 15)
    np.testing.assert_allclose(run.eigenvalues, np.array(SYNTHETIC_SPECTRUM)[[0, 3, 15]])
    np.testing.assert_array_equal(run.epochs, np.arange(1501))
    assert run.theory.shape == run.measured.shape == (1501, 3)
    assert (run.hidden, run.lr, run.noise, run.decay, run.seed, run.top) == (48, 0.01, 0.5, 0.0, 0, 32)
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.rms = 0.0  # type: ignore[misc]


def test_theory_is_the_logistic_of_each_mode_with_finite_steps_allowed_for(run: Comparison) -> None:
    """Time as a function of strength: a step grows a small one by (1 + lr·λ)², and slows down late near its rest."""
    cap = run.eigenvalues / (run.eigenvalues + 0.5)
    np.testing.assert_allclose(run.fixed_points, cap)
    start = run.initial_strengths / cap

    def epochs(share: Any) -> Any:
        step = 0.01 * run.eigenvalues
        grown, slowed = np.log(share / start), np.log((1 - share) / (1 - start))
        return grown / (2 * np.log1p(step)) - slowed / (2 * step) + slowed / 2

    np.testing.assert_allclose(run.predicted_half, epochs(0.5), rtol=1e-10)
    rising = (run.theory / cap < 0.999).all(axis=1)
    assert rising.sum() > 30
    found = epochs(run.theory[rising] / cap)
    np.testing.assert_allclose(found, np.array([run.epochs[rising]] * 3).T, atol=1e-8)


def test_theory_and_training_agree(run: Comparison) -> None:
    assert run.rms < 0.01
    assert run.rms < run.rms_flow < run.rms_alone
    assert run.fallen_share < 0.01
    assert run.rms_matrix is not None
    assert run.rms_matrix < run.rms / 2
    np.testing.assert_allclose(run.measured_half, run.predicted_half, rtol=0.01)
    np.testing.assert_allclose(run.measured_half, run.stepped_half, rtol=0.01)
    np.testing.assert_array_equal(run.largest_difference, abs(run.measured - run.theory).max(axis=0))


def test_the_three_overall_figures() -> None:
    """Recomputed from the initial weights, with projections in place of a QR factorisation."""
    c = compare(epochs=300, hidden=12, modes=range(12), decay=0.25)
    eigen = spectrum(made_from_spectrum(SYNTHETIC_SPECTRUM, 256, seed=0))
    W1, W2 = initial_weights(12, 64, std=INITIAL_DEVIATION, seed=0)
    sums = ((W1 + W2.T) @ eigen.eigenvectors)[:, :12]
    free = np.eye(12)
    for j, p in enumerate(sums.T):
        p = free @ p
        np.testing.assert_allclose(c.initial_strengths[j], p @ p / 4, rtol=1e-8)
        free -= np.outer(p, p) / (p @ p)

    def rms(start: Any, finite_steps: bool = False) -> float:
        rate = c.eigenvalues - 0.25
        cap = rate / c.eigenvalues
        a_step = np.log1p(0.01 * rate) if finite_steps else 0.01 * rate
        moments = np.broadcast_to(c.epochs[:, None], (c.epochs.size, cap.size)).astype(float)
        missed = (1 + 1 / np.log1p(0.01 * rate) - 1 / (0.01 * rate)) / 2
        for _ in range(60 if finite_steps else 0):
            moments = c.epochs[:, None] + missed * np.log1p(start / cap * np.expm1(2 * a_step * moments))
        theory = cap / (1 + (cap / start - 1) * np.exp(-2 * a_step * moments))
        return float(np.sqrt(np.mean((c.measured - theory) ** 2)))

    assert c.top == 12
    np.testing.assert_allclose(c.rms, rms(c.initial_strengths, finite_steps=True), rtol=1e-6)
    np.testing.assert_allclose(c.rms_flow, rms(c.initial_strengths), rtol=1e-6)
    np.testing.assert_allclose(c.rms_alone, rms(np.sum(sums**2, axis=0) / 4), rtol=1e-6)


def test_smaller_steps_come_closer_to_the_flow() -> None:
    coarse = compare(hidden=48, lr=0.02, epochs=500, modes=[0])
    fine = compare(hidden=48, lr=0.002, epochs=5000, modes=[0])
    assert fine.largest_difference[0] < coarse.largest_difference[0] / 5


def test_measured_half_time_lies_between_the_epochs(run: Comparison) -> None:
    for j, time in enumerate(run.measured_half):
        before, after = run.measured[int(time), j], run.measured[int(time) + 1, j]
        assert before < run.fixed_points[j] / 2 <= after


def test_decay_kills_modes_and_hidden_units_run_out() -> None:
    dead = compare(decay=1.0, hidden=48, epochs=400, modes=[0, 63])
    assert dead.fixed_points[1] == 0
    assert dead.predicted_half[1] == dead.measured_half[1] == np.inf
    few = compare(hidden=4, epochs=400, modes=[0, 9])
    assert few.initial_strengths[1] == 0
    assert few.predicted_half[1] == few.measured_half[1] == np.inf
    assert few.measured[-1, 1] < 0.1
    assert few.top == 4
    assert any("4 hidden units" in note for note in few.notes)


def test_the_seed_decides() -> None:
    first, second, other = (compare(epochs=60, hidden=8, modes=[0], seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.measured, second.measured)
    assert not np.array_equal(first.measured, other.measured)


def test_repeated_modes_count_once() -> None:
    assert compare(epochs=5, hidden=8, modes=[2, 0, 2]).modes == (2, 0)


@pytest.mark.parametrize("columns", [60, 70, 80, 81])
def test_the_table_fits_the_terminal(run: Comparison, columns: int) -> None:
    lines = table(run, columns).splitlines()
    assert max(map(len, lines)) <= columns
    numbers = [line.split() for line in table(run).splitlines() if line.split()[:1] == [str(run.modes[0])]]
    assert numbers[0] in [line.split() for line in lines]
    told = " ".join(" ".join(lines).split())
    assert "if initial strengths, too, ignore that learned modes occupy hidden directions)" in told


def test_table(run: Comparison) -> None:
    text = table(run)
    assert "Synthetic data" in text
    assert "No data were given" in text
    assert f"{run.rms:.4f}" in text
    assert f"all modes at once: {run.rms_matrix:.5f}" in text
    large = dataclasses.replace(run, fallen_share=0.4, rms_matrix=None)
    assert "Matrix form: not used, as the fallen share is 40%, not below 25%" in table(large)
    row = next(line for line in text.splitlines() if line.startswith("  15 "))
    expected = [15, run.eigenvalues[2], run.fixed_points[2], run.predicted_half[2]]
    expected += [run.stepped_half[2], run.measured_half[2]]
    figures = [float(cell.replace(",", "")) for cell in row.split()]
    np.testing.assert_allclose(figures, [*expected, run.largest_difference[2]], atol=0.051)
    never = compare(decay=1.0, hidden=8, epochs=20, modes=[63])
    assert "never" in table(never)
    assert "> 20" in table(compare(hidden=48, epochs=20, modes=[31]))


def test_images_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "tiny.npy"
    np.save(path, np.random.default_rng(0).integers(0, 256, (50, 3, 4), dtype=np.uint8))
    c = compare(path, epochs=500, hidden=6, modes=[0, 1])
    assert c.source == "tiny.npy: 50 samples of 12 features"
    assert c.notes[0] == "Note: whole numbers from 0 to 255 are divided by 255, the largest of their type."
    assert abs(c.measured[-1, 0] - 1) < 1e-3


def test_progress_reaches_the_end() -> None:
    seen = []
    compare(epochs=50, hidden=4, modes=[0], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (50, 50)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"noise": -1.0}, "noise = -1"),
        ({"decay": float("nan")}, "decay = nan"),
        ({"hidden": 0}, "hidden = 0"),
        ({"lr": 0.0}, "lr = 0"),
        ({"lr": 0.05}, "lr = 0.05: .* unstable .* stay below 0.05"),
        ({"epochs": -3}, "epochs = -3"),
        ({"modes": [0, 64]}, "modes: 64 .* 0 to 63"),
        ({"modes": [-1]}, "modes: -1"),
        ({"modes": []}, "modes: none"),
    ],
)
def test_mistakes_are_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compare(**change)


def test_missing_data_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        compare(tmp_path / "absent.gz")


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_drawing(run: Comparison, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"figure.{suffix}"
    draw(run, path)
    assert path.read_bytes()[:5] in (b"\x89PNG\r", b"%PDF-", b"<?xml")


def test_a_picture_interrupted_leaves_the_one_before(
    run: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "figure.png"
    path.write_bytes(b"the one before")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        draw(run, path)
    assert [file.name for file in tmp_path.iterdir()] == ["figure.png"]
    assert path.read_bytes() == b"the one before"


def test_the_picture_holds_a_line_dots_and_a_label_for_each_mode(run: Comparison) -> None:
    from matplotlib.figure import Figure

    from modeflow.experiments import comparison as module

    axes = Figure().add_subplot()
    module._draw_curves(run, axes)
    module._draw_words(run, axes)
    lines, dots = axes.lines[::2], axes.lines[1::2]
    assert len(lines) == len(dots) == 3
    for j, (line, marks) in enumerate(zip(lines, dots, strict=True)):
        np.testing.assert_array_equal(marks.get_ydata(), run.measured[np.asarray(marks.get_xdata(), int), j])
        assert line.get_color() == marks.get_color()
    assert [text.get_text().split("\n")[0] for text in axes.texts] == ["mode 0", "mode 3", "mode 15"]


def test_labels_stay_apart_and_inside() -> None:
    from modeflow.experiments.comparison import _label_places

    crowded = compare(epochs=20, hidden=8, modes=range(12), decay=1.0)
    places = np.sort(_label_places(crowded))
    assert np.diff(places).min() > 0.07
    assert places.min() >= 0
    assert places.max() <= 0.98


def test_extremes_are_drawn_without_a_warning(tmp_path: Path) -> None:
    draw(compare(epochs=1, hidden=1, modes=[63]), tmp_path / "one.png")


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.txt", "end the"), ("no/a.png", "no folder"), ("a", "end the"), ("n" * 300 + ".png", "File name too long")],
)
def test_impossible_figures(run: Comparison, tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(run, tmp_path / name)
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ValueError, match="a folder"):
        figure_path(tmp_path / "folder.png")


def test_mnist(mnist_path: Path) -> None:
    c = compare(mnist_path, noise=0.5, epochs=400, hidden=32, modes=(0, 3))
    assert c.source.endswith("10,000 samples of 784 features")
    assert c.rms < 0.03
    np.testing.assert_allclose(c.measured[-1], c.eigenvalues / (c.eigenvalues + 0.5), atol=2e-3)


def small_images(folder: Path, columns: int = 6, rank: int = 6, count: int = 40) -> Path:
    rng = np.random.default_rng(3)
    pixels = rng.random((count, rank)) @ rng.random((rank, columns))
    path = folder / "small.npy"
    np.save(path, pixels / pixels.max())
    return path


def test_the_modes_shown_are_those_that_the_data_have(tmp_path: Path) -> None:
    assert compare(small_images(tmp_path), epochs=5, hidden=4).modes == (0, 1, 3, 5)
    assert compare(small_images(tmp_path, columns=1), epochs=5, hidden=4).modes == (0,)
    assert compare(epochs=2, hidden=4).modes == (0, 3, 7, 15, 31)
    with pytest.raises(ValueError, match=r"modes: 7 is not a mode of these data; give 0 to 5"):
        compare(small_images(tmp_path), epochs=5, hidden=4, modes=(0, 7))


def test_a_mode_without_signal_is_never_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small_images(tmp_path, rank=3)
    found = compare(path, epochs=20, hidden=6, modes=(0, 2, 3, 5))
    assert found.eigenvalues[:2].min() > 0
    np.testing.assert_array_equal(found.eigenvalues[2:], 0)
    np.testing.assert_array_equal(found.predicted_half[2:], np.inf)
    assert "No signal but rounding in mode 3, 5: nothing is learned there." in found.notes
    assert " never " in table(found)
    monkeypatch.setattr("modeflow.experiments.comparison.rounding_of", lambda _: -1.0)
    assert compare(path, epochs=20, hidden=6, modes=(0, 2, 3, 5)).predicted_half[2:].min() > 1e9  # as if it were signal


def test_an_untrained_run_does_not_look_like_agreement(run: Comparison) -> None:
    untrained = compare(epochs=2, hidden=48)
    assert untrained.rms < 0.001
    assert untrained.learned == 0
    said = "Trained too briefly to compare: of the top 32 modes none reached half of its limit; the theory has mode 0"
    assert said in table(untrained)
    assert "RMS" not in table(untrained)
    whole = compare(noise=0.5, epochs=1500, hidden=48, modes=range(32))
    assert run.learned == np.isfinite(whole.measured_half).sum() > 3
    assert f"{run.learned} of the top 32 modes reached half of their limit\n" in table(run)


def test_what_was_done_to_the_numbers_is_among_the_notes(tmp_path: Path) -> None:
    path = tmp_path / "digits.npy"
    np.save(path, np.random.default_rng(0).integers(0, 17, (30, 6)).astype(np.uint8))
    assert "divided by 255, the largest of their type; if 16 is white" in compare(path, epochs=2, hidden=4).notes[0]
    assert compare(path, epochs=2, hidden=4, white=16).notes[0].endswith("are divided by 16, white.")

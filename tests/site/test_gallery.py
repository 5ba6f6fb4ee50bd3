"""Each example of the gallery runs, is short, says what it shows, and draws it."""

from __future__ import annotations

from pathlib import Path

import gallery
import pytest

FOUND = gallery.examples(Path(__file__).resolve().parents[2] / "docs" / "gallery")


def test_there_are_at_least_twelve() -> None:
    assert len(FOUND) >= 12


@pytest.mark.parametrize("example", FOUND, ids=lambda e: e.path.stem)
def test_example(example: gallery.Example) -> None:
    assert example.title
    assert example.text.endswith(".")
    assert len(example.path.read_text(encoding="utf-8").splitlines()) <= 40
    figure, printed = gallery.run(example)
    (axes,) = figure.axes
    assert axes.get_xlabel()
    assert axes.get_ylabel()
    assert len(axes.lines) >= 1
    assert ("print(" in example.code) == bool(printed)
    shown = gallery.page(example, printed)
    assert shown.startswith(f"# {example.title}\n")
    assert example.code.strip() in shown


def test_an_example_that_fails_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text('"""Title\n\nText.\n"""\n\nraise ValueError("broken")\n')
    (broken,) = gallery.examples(tmp_path)
    assert (broken.title, broken.text) == ("Title", "Text.")
    with pytest.raises(ValueError, match="broken"):
        gallery.run(broken)

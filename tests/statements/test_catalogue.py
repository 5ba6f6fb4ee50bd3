"""The table of contents, and chapters read from a reader's own file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from modeflow.statements.catalogue import UnknownClaim, UnusableChapter, chapters, claim, claims, load_chapters

CHAPTER = """
from sympy import cosh, sinh
from modeflow import Alphabet, Chapter

letters = Alphabet()
x = letters.scalar("x", "x", "any number", real=True)
chapter = Chapter("mine", "Mine", letters)
chapter.claim("one", cosh(x)**2 - sinh(x)**2, 1, says="A hyperbola.")
"""


def test_claims_are_those_of_the_chapters_in_their_order() -> None:
    assert list(claims()) == [i for chapter in chapters().values() for i in (*chapter.domains, *chapter.claims)]


def test_every_id_begins_with_its_chapter_and_is_found() -> None:
    for key, chapter in chapters().items():
        for identifier, stated in chapter.stated.items():
            assert identifier.startswith(f"{key}.")
            assert claim(identifier) is stated


def test_every_claim_follows_from_earlier_ones_only() -> None:
    known: set[str] = set()
    for identifier, stated in claims().items():
        assert set(stated.follows_from) <= known, identifier
        known.add(identifier)


def test_claims_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        claims()["new"] = claim("dae.fixed_point")  # type: ignore[index]


def test_unknown_claim_names_close_ones() -> None:
    with pytest.raises(UnknownClaim, match=r"'dae\.fixed_pont'; did you mean dae\.fixed_point"):
        claim("dae.fixed_pont")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(CHAPTER)
    (chapter,) = load_chapters(file)
    assert list(chapter.claims) == ["mine.one"]
    assert os.listdir(tmp_path) == ["mine.py"]


def test_a_file_may_import_its_neighbour_and_our_chapters_are_not_its_own(tmp_path: Path) -> None:
    neighbour = tmp_path / "neighbour.py"
    neighbour.write_text("from modeflow.derivations import CHAPTERS\nshipped = CHAPTERS[0]\n")
    file = tmp_path / "mine.py"
    file.write_text("from neighbour import shipped\n" + CHAPTER)
    assert [chapter.key for chapter in load_chapters(file)] == ["mine"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"x = (\n", r"bad\.py:1: "),
        (b"x = 1\n\nraise ValueError('two\\nlines')\n", r"bad\.py:3: ValueError: two lines$"),
        (b"import sys\nsys.exit(4)\n", r"bad\.py:2: SystemExit: 4"),
        (b"import nowhere_to_be_found\n", r"bad\.py:1: ModuleNotFoundError"),
        (b"", r"bad\.py: defines no chapter"),
        (b"x = 1\n", r"bad\.py: defines no chapter"),
        (b"\x00\x01\x02", r"bad\.py:1: "),
        (b"\xff\xfe\xfa", r"bad\.py:1: "),
        (
            CHAPTER.encode() + b'from sympy.abc import y\nchapter.claim("two", y, 1, says="No.")\n',
            r"bad\.py:10: UndeclaredSymbol: mine\.two uses y",
        ),
        (
            CHAPTER.encode() + b'chapter.claim("one", x, x, says="Again.")\n',
            r"bad\.py:9: ValueError: mine\.one is stated twice",
        ),
        (CHAPTER.encode() + b'chapter.claim("f", x, 0.5, says="No.")\n', r"bad\.py:9: TypeError: 0\.5"),
    ],
)
def test_an_unusable_file_is_named_with_its_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "bad.py"
    file.write_bytes(content)
    with pytest.raises(UnusableChapter, match=complaint) as error:
        load_chapters(file)
    assert "\n" not in str(error.value)


def test_only_readable_python_files(tmp_path: Path) -> None:
    with pytest.raises(UnusableChapter, match="No such file"):
        load_chapters(tmp_path / "missing.py")
    with pytest.raises(UnusableChapter, match="no Python file in it defines a chapter"):
        load_chapters(tmp_path)
    (tmp_path / "notes.txt").write_text(CHAPTER)
    with pytest.raises(UnusableChapter, match="is not a Python file"):
        load_chapters(tmp_path / "notes.txt")


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "mine.py"
    file.write_text(CHAPTER)
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UnusableChapter, match=r"mine\.py: Permission denied"):
        load_chapters(file)

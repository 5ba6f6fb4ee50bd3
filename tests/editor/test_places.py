"""Places in a text, as an editor counts them, and marks that are begun."""

from __future__ import annotations

from typing import Any

import pytest

types = pytest.importorskip("lsprotocol.types", reason="needs modeflow[lsp]")

from pygls.workspace import PositionCodec  # noqa: E402

from modeflow.editor import found as shown  # noqa: E402
from modeflow.editor.places import Lines, begun_mark  # noqa: E402


def lines(text: str, encoding: str = "utf-16") -> Lines:
    return Lines(text, PositionCodec(encoding))


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 5), ("utf-16", 3), ("utf-32", 2)])
def test_signs_outside_the_basic_plane_count_as_the_editor_counts(encoding: str, character: int) -> None:
    text = lines("x\r\n𝔸=b\n", encoding)
    there = text.position((2, 3))
    assert (there.line, there.character) == (1, character)
    assert text.before(there) == "𝔸="


def test_lines_end_as_the_protocol_has_it_and_nowhere_else() -> None:
    text = lines("a\x0cb\u2028c\rd\ne")
    assert [text.position((3, 2)), text.position((9, 9))] == [types.Position(2, 1), types.Position(2, 1)]
    assert text.range((1, 2), None) == types.Range(types.Position(0, 1), types.Position(0, 5))


def test_a_byte_order_mark_is_a_sign_of_the_editor() -> None:
    assert lines("\ufeffab").position((1, 2)) == types.Position(0, 2)


def test_the_first_line_that_differs() -> None:
    assert lines("a\nb\nc").first_change(lines("a\nx\nc")) == 2
    assert lines("a\nb").first_change(lines("a\nb\nc")) == 3


@pytest.mark.parametrize(
    ("before", "begun"),
    [
        ("% modeflow: dae.fi", "dae.fi"),
        ("x = 1 \\\\ %modeflow:", ""),
        ("<!-- modeflow: ", ""),
        (r"100\% modeflow: dae", None),
        ("% modeflow: dae.fixed_point and", None),
        ("modeflow: dae", None),
    ],
)
def test_a_mark_that_is_begun(before: str, begun: str | None) -> None:
    assert begun_mark(before) == begun


def test_a_message_that_is_about_the_end_is_shown_on_the_equation() -> None:
    one: dict[str, Any] = {"verdict": "unparsed", "claim": "prove", "note": "", "message": "stops", "reason": ""}
    one |= {"at": (1, 6), "begin": (1, 1), "end": (1, 6)}
    (told,) = shown.diagnostics([one], lines("a = b"))
    assert told.range == types.Range(types.Position(0, 0), types.Position(0, 5))
    assert told.message == "unparsed prove: stops"

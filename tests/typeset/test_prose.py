"""What pages say in words: mathematics in Unicode, each source once, each symbol once."""

from __future__ import annotations

import re

import pytest
from sympy import Symbol
from verdicts import all_chapters

from modeflow import Alphabet, Chapter
from modeflow.statements.catalogue import chapters
from modeflow.typeset.document import document
from modeflow.typeset.html import html
from modeflow.typeset.markdown import markdown
from modeflow.typeset.narrative import letters_of, prose
from modeflow.typeset.prose import in_unicode, tex_prose
from modeflow.typeset.text import text

ASCII = re.compile(r"<=|>=|!=|->|\*\*|\^|\b[A-Za-z]_\w|\bd?[A-Za-z]\d|\(-\w|\s-\w")


def letters() -> Alphabet:
    made = Alphabet()
    made.scalar("w1", "w_1", "weight w1", real=True)
    made.scalar("x", "x", "a number", real=True)
    return made


def words_of(page: str) -> str:
    """A Markdown page without its formulas, its code, ids of claims, its marks and its tables' rules."""
    return re.sub(
        r"\b[a-z]+\.[a-z]\w*\b|\$\$.*?\$\$|\$.*?\$|`.*?`|\*\*\(\d+\)\*\*|^\|[-|]+\|$",
        "",
        page,
        flags=re.DOTALL | re.MULTILINE,
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("w1^2 >= 0", "w₁² ≥ 0"),
        ("at -x, or 1 - x", "at −x, or 1 − x"),
        ("f(-x) != x", "f(−x) ≠ x"),
        ("dw1/dt is the rate, adw1 and dx none", "dw₁/dt is the rate, adw1 and dx none"),
        ("keep `w1 >= -x` and ``w1^2``", "keep `w1 >= -x` and ``w1^2``"),
        ("well-known w10 and --verdicts", "well-known w10 and --verdicts"),
        ("- an item\n- another", "- an item\n- another"),
    ],
)
def test_prose_has_its_mathematics_in_unicode(written: str, shown: str) -> None:
    assert prose(written, letters()) == shown


def test_letters_with_an_index_are_mathematics_in_latex() -> None:
    assert tex_prose("W₁ and w*") == r"\ensuremath{W_{1}} and w\ensuremath{^{*}}"
    assert in_unicode("w1", {}) == "w1"
    assert tex_prose("dw1/dt", letters_of(letters())) == r"\ensuremath{d w_1}/dt"


def test_ascii_mathematics_is_seen() -> None:
    for bad in ("w1 = 0", "dw1/dt", "a <= b", "x^n", "x_n", "at -λ", "2**x", "f(-x)"):
        assert ASCII.search(bad), bad
    assert not ASCII.search("At λ = 2γ, where μ − 1 ≥ 0, the well-known 3 w₁² is x.")


def test_no_page_has_ascii_mathematics_in_its_words() -> None:
    for key, chapter in chapters().items():
        assert (found := ASCII.findall(words_of(markdown([chapter])))) == [], (key, found)


def quoted() -> Chapter:
    """Claims from two sources: 1, 3, 4 and 5 of one, 2 and 6 of the other."""
    made = letters()
    chapter = Chapter("mine", "Mine", made, source="a letter")
    x = Symbol("x", real=True)
    for number, source in enumerate([None, "a book", None, None, None, "a book", "a book", "a book"]):
        chapter.claim(f"c{number}", x, x, says="It is itself.", source=source)
    return chapter


@pytest.mark.parametrize("write", [text, markdown, html])
def test_a_source_is_told_once(write: object) -> None:
    assert callable(write)
    page = re.sub(r"<[^>]*>", "", write([quoted()]))
    assert page.count("a letter") == page.count("a book") == 1
    assert "Source: a letter. Source of (2) and (6) to (8): a book." in page


def test_a_source_is_told_once_in_latex() -> None:
    said = r"Source: a letter. Source of \eqref{mine.c1} and \eqref{mine.c5} to \eqref{mine.c7}: a book."
    assert said in document([quoted()])
    assert all_chapters(document).count("not found in the literature") <= len(chapters())


@pytest.mark.parametrize("key", [None, *chapters()])
def test_the_notation_has_each_symbol_once_and_only_what_is_used(key: str | None) -> None:
    tex = all_chapters(document) if key is None else document([chapters()[key]])
    body, _, notation = tex.partition(r"\section*{Notation}")
    rows = re.findall(r"^\$(.*?)\$ &", notation, flags=re.MULTILINE)
    symbols = [symbol for row in rows for symbol in row.split("$, $")]
    assert len(symbols) == len(set(symbols)), [s for s in symbols if symbols.count(s) > 1]
    assert symbols
    shapes = "".join(re.findall(r"\$[^$&]* \\times [^$&]*\$", notation))
    for symbol in (re.sub(r"\(\w\)$", "", s) for s in symbols):
        assert symbol in body + shapes, symbol

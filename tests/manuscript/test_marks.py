r"""A mark is for the display right behind it, or an error at its own line: never for a neighbour, and never lost."""

from __future__ import annotations

import random
import re
from pathlib import Path

import daily
import pytest
from manuscript_marks import CLAIM, MARKDOWN_SHAPES, OWN, TEX_SHAPES, Shape, case, fault, unseen

from modeflow.manuscript import check, configuration
from modeflow.manuscript.text import displays, markdown, marks, sources, tex
from modeflow.manuscript.text.displays import Finder
from modeflow.manuscript.text.environments import Displays
from modeflow.manuscript.text.marks import Gap

OWN_COMMANDS = r"\def\be{\[}\def\ee{\]}"
CHOSEN = configuration({"notation": "pretorius2018"}, "test")
RIGHT, WRONG = r"w^* = \frac{\lambda}{\lambda + \varepsilon}", r"w^* = \frac{\lambda}{\lambda - \varepsilon}"


def faults(seed: int, size: int, folder: Path) -> list[tuple[str, str]]:
    rng = random.Random(seed)
    cases = [case(rng) for _ in range(size)]
    return [(found, one.text) for one in cases if (found := fault(one, folder))]


@pytest.mark.parametrize("size", [400, pytest.param(5000, marks=pytest.mark.slow)])
def test_no_mark_is_taken_for_a_neighbour_or_lost(tmp_path: Path, size: int) -> None:
    found = faults(daily.seed(), size, tmp_path)
    assert not found, found[0]


def _nothing(*_: object, **__: object) -> str:
    return ""


SWITCHES: dict[str, tuple[object, str, object]] = {
    "what stands between is passed over": (Gap, "obstacle", _nothing),
    "the author's displays are not known": (Displays, "read", lambda self, definitions: None),
    "brackets in Markdown are not known": (
        sources,
        "MARKDOWN",
        displays._signs("(?!)(?P<doubled>)", "(?!)(?P<doubled>)", ""),
    ),
    "an empty line ends a display": (Finder, "_begins_line", lambda self, at: False),
    "marks are written in one way": (marks, "SAYS", re.compile(r"\s*modeflow:(.*)", re.DOTALL)),
    "no comment behind % in Markdown": (markdown, "percent_marks", lambda text, found: iter(())),
}


@pytest.mark.parametrize("name", SWITCHES)
def test_the_generator_finds_what_was_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(*SWITCHES[name])
    assert faults(1, 300, tmp_path)


@pytest.mark.parametrize("written", ["modeflow {}", "modeflw: {}", "Modflow: {}", "modelflow {}", "modeflow; {}"])
@pytest.mark.parametrize("claim", ["dae.fixed_point", "prove"])
def test_a_mark_without_its_colon_or_misspelt_is_not_passed_over(tmp_path: Path, written: str, claim: str) -> None:
    for name, comment in (("paper.tex", "% {}"), ("paper.md", "<!-- {} -->")):
        paper = tmp_path / name
        paper.write_text(comment.format(written.format(claim)) + f"\n$${WRONG}$$\n", encoding="utf-8")
        (finding,) = check([paper], CHOSEN)
        assert (finding.verdict, finding.line) == ("unparsed", 1)
        assert "a mark is written % modeflow: " in finding.reason


@pytest.mark.parametrize(
    "comment", ["modeflow checks this", "modeflow dae.fixed_point is next", "see modeflow.toml", "overflow: dae.x"]
)
def test_prose_about_the_program_is_no_mark(tmp_path: Path, comment: str) -> None:
    (tmp_path / "paper.tex").write_text(f"% {comment}\n\\[{WRONG}\\]\n", encoding="utf-8")
    assert check([tmp_path / "paper.tex"], CHOSEN) == []


def test_code_between_a_mark_and_an_equation_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tex.blanked
    for module in (tex, markdown):
        monkeypatch.setattr(module, "blanked", lambda text, hides=False: plain(text))
    assert any("neighbour" in found for found, _ in faults(2, 300, tmp_path))


NOT_SEEN = {  # what sets no display, or a formula in a line
    *(
        "math",
        "in a line",
        "in a line, brackets",
        "in a line, code",
        "unknown",
        "unknown commands",
        "a paragraph",
        "typed",
    ),
    *("tikz", "table", "figure", "input", "after endinput", "left out", "verbatim", "not closed", "boxed in a line"),
    *("paragraph of html", "MathML", "script", "picture", "code", "code in a line"),
}


@pytest.mark.parametrize("markdown", [False, True])
def test_every_display_is_seen(tmp_path: Path, markdown: bool) -> None:
    shapes = MARKDOWN_SHAPES if markdown else TEX_SHAPES
    assert {shape.name for shape in shapes if unseen(shape, markdown, tmp_path)} <= NOT_SEEN
    broken = Shape("broken", f"`{OWN}`" if markdown else f"\\begin{{verbatim}}{OWN}\\end{{verbatim}}")
    assert unseen(broken, markdown, tmp_path)


def found(tmp_path: Path, name: str, text: str) -> list[tuple[int, str]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [(f.line, f.verdict) for f in check([path], CHOSEN, jobs=1)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("p.md", f"<!-- modeflow: {CLAIM} -->\n\\[ {WRONG} \\]\n\n$$ {RIGHT} $$\n", [(2, "wrong")]),
        ("p.md", f"<!-- modeflow: {CLAIM} -->\n\\\\[ {WRONG} \\\\]\n\n$$ {RIGHT} $$\n", [(2, "wrong")]),
        ("p.md", f"<!-- modeflow: {CLAIM} -->\n<div>w = 2</div>\n\n$$ {RIGHT} $$\n", [(1, "unparsed")]),
        ("p.md", f"<!-- modeflow: {CLAIM} -->\n$$\n\n{RIGHT}\n\n$$\n", [(4, "ok")]),
        ("p.md", f"<!-- modeflow: {CLAIM} -->\n$$\n{WRONG[:4]}\n\n{WRONG[4:]}$$\n", [(3, "wrong")]),
        ("p.tex", f"% modeflow: {CLAIM}\n\\be {WRONG} \\ee\n\\[ {RIGHT} \\]\n", [(1, "unparsed")]),
        (
            "p.tex",
            f"\\def\\be{{\\[}}\\def\\ee{{\\]}}% modeflow: {CLAIM}\n\\be {WRONG} \\ee\n\\[ {RIGHT} \\]\n",
            [(2, "wrong")],
        ),
        ("p.tex", f"\\be {WRONG} \\ee % modeflow: {CLAIM}\n\\[ {RIGHT} \\]\n", [(1, "unparsed")]),
        ("p.tex", f"\\be % modeflow: {CLAIM}\n{WRONG} \\ee\n\\[ {RIGHT} \\]\n", [(1, "unparsed")]),
        ("p.tex", f"% modeflow: {CLAIM}\n\\begin{{mine}}{WRONG}\\end{{mine}}\n\\[ {RIGHT} \\]\n", [(1, "unparsed")]),
        (
            "p.tex",
            f"\\begin{{align}}\n% modeflow: {CLAIM}\n\\intertext{{\\[ {WRONG} \\]}}\n{RIGHT}\n\\end{{align}}\n",
            [(3, "undecided")],
        ),
        (
            "p.tex",
            f"\\renewenvironment{{subequations}}{{$$ {WRONG} $$}}{{}}\n% modeflow: {CLAIM}\n"
            f"\\begin{{subequations}}\n\\[ {RIGHT} \\]\n\\end{{subequations}}\n",
            [(3, "unparsed")],
        ),
        ("p.tex", f"% modeflow: ignore -- wrong\n\\be {WRONG} \\ee\n\\[ {RIGHT} \\]\n", [(1, "unparsed")]),
    ],
)
def test_a_mark_does_not_slide(tmp_path: Path, name: str, text: str, expected: list[tuple[int, str]]) -> None:
    assert found(tmp_path, name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("p.tex", f"see % the mark modeflow: {CLAIM}\n\\[ {RIGHT} \\]\n", [(1, "unparsed")]),
        ("p.tex", f"\\newcommand{{\\x}}{{% modeflow: {CLAIM}\n\\[ {RIGHT} \\]}}\n", [(1, "unparsed")]),
        ("p.tex", f"\\end{{document}}\n% modeflow: {CLAIM}\n\\[ {RIGHT} \\]\n", [(2, "ignored")]),
        ("p.tex", f"\\iffalse a \\iff b \\fi\n% modeflow: {CLAIM}\n\\[ {RIGHT} \\]\n", [(3, "ok")]),
        ("p.tex", f"\\iffalse % \\fi\n\\[ {RIGHT} \\]\n% modeflow: {CLAIM}\n\\fi\n\\[ {RIGHT} \\]\n", [(3, "ignored")]),
        ("p.tex", f"\\begin{{comment}}\n% modeflow: {CLAIM}\n\\end{{comment}}\n", [(2, "ignored")]),
        ("p.tex", f"\\[ {RIGHT} \\]\n% modeflow: {CLAIM}", [(2, "unparsed")]),
        ("p.tex", f"\r\n% modeflow: {CLAIM}\r\n\r\n\\[ {RIGHT} \\]\r\n", [(4, "ok")]),
        ("p.md", f"text % modeflow: {CLAIM}\n$$ {RIGHT} $$\n", [(1, "unparsed")]),
        ("p.md", f"```\nopen\n<!-- modeflow: {CLAIM} -->\n", [(3, "unparsed")]),
        ("p.md", f"a ` b\n\n<!-- modeflow: {CLAIM} -->\n$$ {RIGHT} $$ `\n", [(4, "ok")]),
        ("p.md", f"```{{note}}\n<!-- modeflow: {CLAIM} -->\n$$ {RIGHT} $$\n```\n", [(3, "ok")]),
        ("p.md", f"- ```\n  open\n\n<!-- modeflow: {CLAIM} -->\n$$ {RIGHT} $$\n", [(5, "ok")]),
        ("p.md", f"```\n> ```\n<!-- modeflow: {CLAIM} -->\n$$ {RIGHT} $$\n```\n", []),
        ("p.md", f"a `\n> b `\n\n<!-- modeflow: {CLAIM} -->\n$$ {RIGHT} $$\n", [(5, "ok")]),
        ("p.md", f"````{{tip}}\n```text\n<!--\n```\n````\n<!-- modeflow: {CLAIM} -->\n$$ {RIGHT} $$\n", [(7, "ok")]),
        ("p.md", f"It costs $5, `a$b`.\n\n<!-- modeflow: {CLAIM} -->\n$ {RIGHT} $\n", [(4, "ok")]),
        ("p.md", f"<!-- a\n\n--> <!-- modeflow: {CLAIM} -->\n$$ {RIGHT} $$\n", [(4, "ok")]),
        ("p.md", f"<!-- a --> <!-- modeflow: {CLAIM}\n\n-->\n$$ {RIGHT} $$\n", [(4, "ok")]),
        ("p.md", f"\t> 1. <!-- modeflow: {CLAIM} -->\n\t>    $$ {RIGHT} $$\n", [(2, "ok")]),
        ("p.md", f"<!-- modeflow: {CLAIM} -->\n$$ {RIGHT} \\text{{ ``at `` rest}} $$\n", [(2, "undecided")]),
        ("p.md", f"{'> ' * 15}<!-- modeflow: {CLAIM} -->\n{'> ' * 15}$$ {RIGHT} $$\n", [(1, "unparsed")]),
        ("p.md", f"<!-- $$ {RIGHT} $$ modeflow: {CLAIM} -->\n", [(1, "unparsed")]),
        ("p.md", f"<!-- modeflow: {CLAIM} \n\n$$ {RIGHT} $$\n", [(1, "unparsed")]),
        ("p.md", f"```text\n<!-- modeflow: {CLAIM} -->\n```\n", []),
        (
            "p.tex",
            f"% modeflow: {CLAIM}\n% modeflow: prove\n\\[ {RIGHT} \\]\n",
            [(1, "unparsed"), (2, "unparsed")],
        ),
    ],
)
def test_a_mark_is_not_lost(tmp_path: Path, name: str, text: str, expected: list[tuple[int, str]]) -> None:
    assert found(tmp_path, name, text) == expected


def test_a_label_in_a_comment_is_none(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"\\[ {RIGHT} % \\label{{eq:rest}}\n\\]\n\\[ {WRONG} \\label{{eq:rest}} \\]\n")
    labelled = configuration({"notation": "pretorius2018", "labels": {"eq:rest": CLAIM}}, "test")
    assert [(f.line, f.verdict) for f in check([paper], labelled, jobs=1)] == [(3, "wrong")]


NEARLY = ["ignored -- right", "ignores", "ignore_this -- right", "ignore.fixed_point", "Ignore -- right", "proved"]


@pytest.mark.parametrize("mark", NEARLY)
def test_a_mark_that_only_begins_as_another_is_unknown(tmp_path: Path, mark: str) -> None:
    assert found(tmp_path, "p.tex", f"% modeflow: {mark}\n\\[ {RIGHT} \\]\n") == [(2, "unknown")]
    two = f"% modeflow: {mark}\n\\begin{{align}}\n{RIGHT}\\\\\n{RIGHT}\n\\end{{align}}\n"
    assert "ignored" not in {verdict for _, verdict in found(tmp_path, "p.tex", two)}


@pytest.mark.parametrize("mark", ["ignore -- right", "ignore--right", "ignore right"])
def test_ignore_with_a_reason(tmp_path: Path, mark: str) -> None:
    assert found(tmp_path, "p.tex", f"% modeflow: {mark}\n\\[ {RIGHT} \\]\n") == [(2, "ignored")]


def test_if_only_the_beginning_counts_it_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(check.__globals__, "IGNORES", re.compile("ignore"))
    assert found(tmp_path, "p.tex", f"% modeflow: {NEARLY[0]}\n\\[ {RIGHT} \\]\n") == [(2, "ignored")]

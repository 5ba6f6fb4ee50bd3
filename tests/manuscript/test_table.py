"""The table of findings in Markdown: what fails comes first, and nothing in a paper is Markdown there."""

from __future__ import annotations

import html
import re

from markdown_it import MarkdownIt

from modeflow.manuscript import Finding, Strictness
from modeflow.manuscript.report.table import MOST, as_table

EVIL = "| a \\| b [x](https://example.org) ![i](y) <img src=z> @somebody #1 `c` *d* __e__ www.example.org \n| f |"


def cells(text: str) -> list[list[str]]:
    """The rows of the table as they are shown."""
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert not re.search("<(a|img|em|strong>(?!wrong|modeflow))", rendered)
    rows = re.findall(r"<tr>(.*?)</tr>", rendered, re.DOTALL)
    return [
        [html.unescape(re.sub("<.*?>", "", cell)) for cell in re.findall("<t[dh]>(.*?)</t[dh]>", row)] for row in rows
    ]


def test_nothing_in_a_paper_is_markdown() -> None:
    text = as_table([Finding("a_b|c.tex", 3, 1, "prove", "wrong", reason=EVIL)], Strictness())
    head, row = cells(text)
    assert head == ["place", "verdict", "claim", "why"]
    assert row == ["a_b|c.tex:3:1", "wrong", "prove", EVIL.replace("\n", "\\u000a")]
    assert not set("@[]`*|") & set(text.splitlines()[-1].replace("**wrong**", "").replace("| ", "").replace(" |", ""))


def test_what_fails_comes_first_and_the_rest_is_counted() -> None:
    findings = [Finding("p.tex", n, 1, "prove", "undecided", reason="why") for n in range(1, MOST + 2)]
    findings += [Finding("p.tex", 99, 1, "prove", "wrong"), Finding("p.tex", 100, 1, "prove", "ok")]
    text = as_table(findings, Strictness())
    rows = cells(text)
    assert rows[1] == ["p.tex:99:1", "wrong", "prove", ""]
    assert (len(rows), text.splitlines()[-1]) == (MOST + 1, "2 more are in the log.")
    assert text.startswith("**modeflow check fails**: 1 ok, 1 wrong, 41 undecided\n")
    assert as_table(findings[-1:], Strictness()) == "**modeflow check passes**: 1 ok\n"

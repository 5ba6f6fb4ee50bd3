"""The examples of the style page: each better sentence is on its page, and what it replaced is gone.

And no sentence that is printed goes on behind its full stop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from verdicts import all_chapters

import modeflow
from modeflow import Chapter, Verdict
from modeflow.statements import explain
from modeflow.statements.verification_report import Outcome, print_outcomes
from modeflow.typeset.document import document
from modeflow.typeset.markdown import markdown
from modeflow.typeset.text import text

ROOT = Path(__file__).resolve().parents[2]
STYLE = (ROOT / "docs" / "style.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| (\S+\.md) \| (.+?) \| (.+?) \|$", STYLE, re.MULTILINE)


def test_there_are_ten() -> None:
    assert len(EXAMPLES) == 10


@pytest.mark.parametrize(
    ("page", "before", "after"), EXAMPLES, ids=[f"{page}-{n}" for n, (page, _, _) in enumerate(EXAMPLES)]
)
def test_the_page_has_the_better_sentence(page: str, before: str, after: str) -> None:
    path = ROOT / page if page == "README.md" else ROOT / "docs" / page
    text = " ".join(path.read_text(encoding="utf-8").split())
    assert after in text
    assert before not in text


def stops_within(said: str) -> list[str]:
    """Where a full stop is followed by a comma or another one, as when something is put behind a sentence."""
    said = re.sub(r"\b(e\.g|i\.e|etc)\.,", "", said)
    return re.findall(r".{0,30}[^\W\d_]\.(?:,|\.(?!\.)).{0,30}", said)


def test_a_stop_within_a_sentence_is_seen() -> None:
    assert stops_within("It rests, whatever the other weight is., given b != 0") != []
    assert stops_within("It rests.. And so on") != []
    assert stops_within("It grows, e.g., for x, y, ... as in [1., 2.]. See a.md.") == []


@pytest.mark.parametrize("page", ["README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))])
def test_no_page_has_a_stop_within_a_sentence(page: str) -> None:
    assert stops_within((ROOT / page).read_text(encoding="utf-8")) == []


def test_no_printed_claim_has_a_stop_within_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    claims, judged = modeflow.claims().values(), Verdict("proved", "tower")
    print_outcomes([Outcome(claim, judged) for claim in claims], 1.0, 1)
    printed = [capsys.readouterr().out, *(explain.text(claim, judged) for claim in claims)]
    assert "given rho != 0." in printed[0]
    assert [found for one in printed for found in stops_within(one)] == []


@pytest.mark.slow
@pytest.mark.parametrize("form", [text, markdown, document])
def test_no_chapter_prints_a_stop_within_a_sentence(form: Callable[[Iterable[Chapter]], str]) -> None:
    assert stops_within(all_chapters(form)) == []

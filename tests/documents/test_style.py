"""The examples of the style page: each better sentence is on its page, and what it replaced is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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

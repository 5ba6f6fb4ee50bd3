"""What the site adds to the page of a chapter: its letters are folded, and a graph says what follows from what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphs import within

from modeflow.statements.catalogue import chapters

_LETTERS = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)


def completed(page: str, text: str, verdicts: Any) -> str:
    """The page of a chapter as the site shows it; any other as it is."""
    folder, _, key = page.rpartition("/")
    if folder != "chapters" or key not in chapters():
        return text
    folded = _LETTERS.sub(r"<details><summary>Letters</summary>\n\n\g<0>\n</details>\n", text, count=1)
    return f"{folded}\n\n## What follows from what\n\n{within(key, verdicts)}\n"


def _complete(app: Any, page: str, source: list[str]) -> None:
    source[0] = completed(page, source[0], app.modeflow_verdicts)


def setup(app: Any) -> Mapping[str, bool]:
    """What Sphinx calls."""
    app.connect("source-read", _complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""What the words beside a symbol say that it is: the evidence for what a first configuration proposes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("wordings.toml")
# What may stand between the words and the symbol. What another word would change, as "inverse" does, says nothing.
_BEFORE = r"(?:\s+(?:of|is|by|as|parameter|constant|denoted|called))*[\s(]*$"
_BEHIND = (
    r"^\s*(?:(?:is|are|be|denotes?|stands\s+for|represents?|means?)\s+(?:(?:the|an?|our|its|some|any)\s+)?"
    r"|[,(]\s*(?:the|an?|our)\s+)"
    r"(?:(?:small|constant|fixed|given|common|usual|scalar|additive|isotropic|gaussian|white|largest|smallest)\s+)*"
)
_NOT = "".join(rf"(?<!{word} )" for word in ("inverse", "reciprocal", "logarithmic", "log", "squared", "no", "per"))


@dataclass(frozen=True)
class Wording:
    """What a paper calls a symbol: the words, the quantities that may be meant, and what is assumed where none is."""

    words: str
    quantities: tuple[str, ...]
    assume: tuple[str, ...]


def wording(before: str, behind: str) -> Wording | None:
    """What the words before or behind a symbol say that it is; None where they say nothing that is known here."""
    for pattern, text in ((_patterns()[0], " ".join(before.split())), (_patterns()[1], " ".join(behind.split()))):
        if (found := pattern.search(text)) is not None:
            return _known()[found["said"].lower()]
    return None


@cache
def _known() -> Mapping[str, Wording]:
    """The wordings by their words."""
    tables: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["wording"]
    return {
        words: Wording(words, tuple(table["quantities"]), tuple(table.get("assume", ())))
        for table in tables
        for words in table["words"]
    }


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words that end before a symbol, and words that begin behind it; the longest of those that fit."""
    said = f"(?P<said>{'|'.join(map(re.escape, sorted(_known(), key=len, reverse=True)))})"
    before = re.compile(rf"(?<![A-Za-z-]){_NOT}{said}{_BEFORE}", re.IGNORECASE)
    return before, re.compile(rf"{_BEHIND}{said}(?![A-Za-z-])", re.IGNORECASE)

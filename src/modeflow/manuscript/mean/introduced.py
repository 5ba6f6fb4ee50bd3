"""Where a paper says in words what a symbol is: the evidence beside what a first configuration proposes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..text.sources import Source
from ..text.spacing import cleaned
from ..text.tokens import Macro, Unparsed, tokens
from .written_names import names_of

LONGEST = 140  # signs of a sentence
_BESIDE = 60  # signs before and behind a formula that are looked at
_AROUND = 1000  # signs before and behind it in which its sentence begins and ends
_INLINE = ("$", "math")
_SAID_BEFORE = re.compile(
    r"(?:\b(?:let|call(?:ed)?|write|denoted?(?:\s+by)?)"
    r"|\b(?:the|an?)(?:\s+(?!(?:in|of|for|by|with|to|from|on|at|that|is|are)\b)[a-z-]+){1,3})\s*$",
    re.IGNORECASE,
)
_SAID_BEHIND = re.compile(
    r"\s*(?:(?:is|are|be)\s+(?:the|an?|our|its|some|any)|denotes?|stands?\s+for|represents?|means?)\b", re.IGNORECASE
)
_ENDS = re.compile(r"[.!?](?=\s)|\n[ \t>]*\n")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")


@dataclass(frozen=True)
class Introduction:
    """A sentence of a paper that says what a symbol is, and where it stands."""

    file: str
    line: int
    sentence: str


def introductions(sources: Iterable[Source], macros: Mapping[str, Macro]) -> dict[str, Introduction]:
    """For each symbol the first sentence that says what it is, before or behind a formula that begins with it."""
    found: dict[str, Introduction] = {}
    weaker: dict[str, Introduction] = {}
    for source in sources:
        for display in source.displays:
            if display.environment not in _INLINE:
                continue
            try:
                names = [name for name, _ in names_of(cleaned(tokens(display.text, display.position, macros)))]
            except (Unparsed, RecursionError):
                continue
            begin, end = display.position, display.position + len(display.text)
            behind = bool(_SAID_BEHIND.match(source.text[end:].lstrip("$)\\")[:_BESIDE]))
            before = bool(_SAID_BEFORE.search(source.text[max(0, begin - _BESIDE) : begin].rstrip("$(\\")))
            if names and (behind or before):
                said = Introduction(str(source.path), source.place(begin)[0], _sentence(source.text, begin, end))
                (found if behind else weaker).setdefault(names[0], said)
    return weaker | found


def _sentence(text: str, begin: int, end: int) -> str:
    """The sentence around a formula, in one line; its part around it, where it is long."""
    first, last = max(0, begin - _AROUND), min(len(text), end + _AROUND)
    start = max((m.end() for m in _ENDS.finditer(text, first, begin)), default=first)
    stop = next((m.start() + 1 for m in _ENDS.finditer(text, end, last)), last)
    words = " ".join(_COMMENT.sub("", text[start:stop]).split())
    if len(words) <= LONGEST:
        return words
    at = max(0, len(" ".join(_COMMENT.sub("", text[start:begin]).split())) - LONGEST // 3)
    part = words[at : at + LONGEST]
    return f"{'…' if at else ''}{part.strip()}{'…' if at + LONGEST < len(words) else ''}"

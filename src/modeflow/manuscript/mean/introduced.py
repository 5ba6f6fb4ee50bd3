"""Where a paper says in words what a symbol is: the evidence beside what a first configuration proposes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile

from ..text.outline_commands import RELATING
from ..text.sources import Source
from ..text.spacing import cleaned
from ..text.tokens import Macro, Token, Unparsed, tokens
from .wordings import Wording, wording
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
    """A sentence of a paper that says what a symbol is, and where it stands; called: in words that are known here."""

    file: str
    line: int
    sentence: str
    called: Wording | None = None


def introductions(sources: Iterable[Source], macros: Mapping[str, Macro]) -> dict[str, Introduction]:
    """For each symbol the first sentence that says what it is, before or behind a formula that begins with it."""
    found: dict[str, Introduction] = {}
    weaker: dict[str, Introduction] = {}
    known: dict[str, Introduction] = {}
    for source in sources:
        for display in source.displays:
            if display.environment not in _INLINE:
                continue
            try:
                formula = cleaned(tokens(display.text, display.position, macros))
                names = [name for name, _ in names_of(formula)]
                is_one = len({name for name, _ in names_of(list(takewhile(_is_before, formula)))}) == 1
            except (Unparsed, RecursionError):
                continue
            begin, end = display.position, display.position + len(display.text)
            head = source.text[max(0, begin - _BESIDE) : begin].rstrip("$(\\")
            tail = source.text[end:].lstrip("$)\\")[:_BESIDE]
            behind, before = bool(_SAID_BEHIND.match(tail)), bool(_SAID_BEFORE.search(head))
            called = wording(head, tail) if is_one else None
            if names and (behind or before or called):
                said = Introduction(
                    str(source.path), source.place(begin)[0], _sentence(source.text, begin, end), called
                )
                (known if called else found if behind else weaker).setdefault(names[0], said)
    return weaker | found | known


def _is_before(token: Token) -> bool:
    """Whether it is no relation, before which a formula says of what it speaks."""
    return token.text not in RELATING


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

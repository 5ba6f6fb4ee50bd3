"""Chapters in other letters: those of a published source, or of a paper of one's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sympy.core.function import UndefinedFunction

from ..language.definitions import used
from ..language.quantities import Alphabet, Quantity, bare
from ..statements.claims import Chapter
from .prose import GREEK, LOWERED, RAISED

_LETTER = re.compile(r"(\\[A-Za-z]+|[A-Za-z])(?:_\{?([0-9+\-nijkt]+)\}?)?(?:\^\{?([0-9+\-nt]+)\}?)?")
_SCRIPT = re.compile(r"\\mathcal\{([ACDGJKNOPQSTUVWXYZ])\}")
_CHARACTERS = {tex: character for character, tex in GREEK.items()}
_INDICES = {index: character for character, index in LOWERED.items()}
_POWERS = {power: character for character, power in RAISED.items()}


def relettered(chapters: Iterable[Chapter], letters: Mapping[Any, str]) -> tuple[Chapter, ...]:
    """The chapters with each quantity in `letters` (its symbol → LaTeX) written so, in formulas and in the prose.

    Greek letters of the prose follow where the new one can be written without LaTeX; where it cannot, the table of
    symbols says which letter stands in the prose.
    """
    alphabets: dict[int, Alphabet] = {}

    def alphabet(old: Alphabet) -> Alphabet:
        if id(old) not in alphabets:
            prose = _prose(old, letters)
            alphabets[id(old)] = Alphabet({name: _quantity(q, letters, prose) for name, q in old.quantities.items()})
        return alphabets[id(old)]

    return tuple(
        replace(
            chapter,
            alphabet=alphabet(chapter.alphabet),
            text=chapter.text.translate(_prose(chapter.alphabet, letters)),
            claims={
                claim.id: replace(
                    claim,
                    alphabet=alphabet(claim.alphabet),
                    says=claim.says.translate(_prose(claim.alphabet, letters)),
                )
                for claim in chapter.claims.values()
            },
        )
        for chapter in chapters
    )


def shared(chapters: Iterable[Chapter]) -> Iterator[tuple[str, str, str]]:
    """Each letter that stands for two scalars or matrices, or for two functions, of one chapter; and their names."""
    for chapter in chapters:
        met: dict[tuple[str, bool], str] = {}
        met |= {(bare(d.tex), False): d.id for d in used(*(s for c in chapter.claims.values() for s in c.sides()))}
        for name, quantity in chapter.alphabet.quantities.items():
            key = (bare(quantity.tex), isinstance(quantity.symbol, UndefinedFunction))
            if key in met:
                yield quantity.tex, met[key], name
            met.setdefault(key, name)


def plain(tex: str) -> str:
    """A letter as Unicode, with its index and its power, or "" where that cannot be."""
    if (script := _SCRIPT.fullmatch(tex)) is not None:
        return unicodedata.lookup(f"MATHEMATICAL SCRIPT CAPITAL {script[1]}")
    found = _LETTER.fullmatch(tex.replace(" ", ""))
    if found is None:
        return ""
    letter = _CHARACTERS.get(found[1], "") if found[1][0] == "\\" else found[1]
    raised = "".join(_INDICES[c] for c in found[2] or "") + "".join(_POWERS[c] for c in found[3] or "")
    return letter + raised if letter else ""


def _quantity(quantity: Quantity, letters: Mapping[Any, str], prose: Mapping[int, str]) -> Quantity:
    tex = letters.get(quantity.symbol, quantity.tex)
    meaning, before = quantity.meaning.translate(prose), plain(quantity.tex)
    if tex != quantity.tex and _follows(before) and not plain(tex):
        meaning += f" ({before} in the text)"
    return replace(quantity, tex=tex, meaning=meaning)


def _prose(alphabet: Alphabet, letters: Mapping[Any, str]) -> dict[int, str]:
    """For str.translate: the Greek letters of the prose whose quantity is written otherwise now."""
    changed = {plain(q.tex): plain(letters[q.symbol]) for q in alphabet if q.symbol in letters}
    return {ord(before): after for before, after in changed.items() if _follows(before) and after}


def _follows(letter: str) -> bool:
    """Whether a letter of the prose can only be the quantity: Greek, and alone."""
    return len(letter) == 1 and not letter.isascii()

"""Chapters in other letters: those of a published source, or of a paper of one's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy.core.function import UndefinedFunction

from ..language.definitions import Definition
from ..language.quantities import Alphabet, Quantity, bare
from ..statements.chapter import Chapter
from .prose import GREEK, LOWERED, OVER, RAISED

Changes = Mapping[Definition, Definition]

_LETTER = re.compile(r"(\\[A-Za-z]+|[A-Za-z])(?:_\{?([0-9+\-nijkt]+)\}?)?(?:\^\{?([0-9+\-nt]+|\*)\}?)?")
_SCRIPT = re.compile(r"\\mathcal\{([A-Z])\}")
_MARKED = re.compile(r"(\\(?:hat|widehat|tilde|bar|overline|dot|check|breve))\{(.+)\}")
_STYLES = {r"\mathbf": "BOLD", r"\mathsf": "SANS-SERIF"}
_STYLED = re.compile(r"(\\mathbf|\\mathsf)\{([A-Za-z])\}")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_RARE = {r"\ell": "ℓ", r"\varkappa": "ϰ"}
_WORDS = {r"\pm": "±", r"\infty": "∞"}
_INSIDE = r"(?:[^{}]|\{[^{}]*\})*"
_PARTS = re.compile(
    rf"(\\[a-z]+\{{{_INSIDE}\}}|\\[A-Za-z]+|[A-Za-z])('*)"
    rf"(?:_(?:\{{({_INSIDE})\}}|(\\[a-z]+|[A-Za-z0-9*])))?(?:\^(?:\{{({_INSIDE})\}}|([A-Za-z0-9*+-])))?"
)
_MARKS = {tex: character for character, tex in reversed(OVER.items())}
_MARKS |= {r"\overline": _MARKS[r"\bar"], r"\widehat": _MARKS[r"\hat"]}
_CHARACTERS = {tex: character for character, tex in GREEK.items()}
_INDICES = {index: character for character, index in LOWERED.items()}
_POWERS = {power: character for character, power in RAISED.items()} | {"*": "*"}


def relettered(chapters: Iterable[Chapter], letters: Mapping[Any, str]) -> tuple[Chapter, ...]:
    """The chapters with each quantity in `letters` (its symbol or its name → LaTeX) written so, in formulas and prose.

    Greek letters of the prose follow where the new one can be written without LaTeX; where it cannot, the table of
    symbols says which letter stands in the prose.
    """
    chapters = list(chapters)
    alphabets: dict[int, Alphabet] = {}
    changes = {d: replace(d, tex=letters[d.applied]) for d in _definitions(chapters) if d.applied in letters}

    def alphabet(old: Alphabet) -> Alphabet:
        if id(old) not in alphabets:
            prose = _prose(old, letters, changes)
            alphabets[id(old)] = Alphabet({name: _quantity(q, letters, prose) for name, q in old.quantities.items()})
        return alphabets[id(old)]

    return tuple(
        _relettered(chapter, alphabet, _prose(chapter.alphabet, letters, changes), changes) for chapter in chapters
    )


def _relettered(
    chapter: Chapter, alphabet: Callable[[Alphabet], Alphabet], prose: Mapping[int, str], changes: Changes
) -> Chapter:
    own = {d: _named(d, prose, changes) for d in _definitions([chapter])}
    claims = {
        i: replace(claim.redefined(own), alphabet=alphabet(claim.alphabet), says=claim.says.translate(prose))
        for i, claim in chapter.claims.items()
    }
    return replace(chapter, alphabet=alphabet(chapter.alphabet), text=chapter.text.translate(prose), claims=claims)


def _definitions(chapters: Iterable[Chapter]) -> Iterable[Definition]:
    claims = (claim for chapter in chapters for claim in chapter.claims.values())
    return dict.fromkeys(d for claim in claims for d in claim.definitions())


def _named(definition: Definition, prose: Mapping[int, str], changes: Changes) -> Definition:
    """A definition as it is written there; says where the text has another letter."""
    new = changes.get(definition, definition)
    says, before = definition.says.translate(prose), plain(definition.tex)
    if new.tex != definition.tex and _follows(before) and not plain(new.tex):
        says = f"{says.removesuffix('.')} ({before} in the text)."
    return replace(new, says=says)


def shared(chapters: Iterable[Chapter]) -> Iterator[tuple[str, str, str]]:
    """Each letter that stands for two scalars or matrices, or for two functions, of one chapter; and their names."""
    for chapter in chapters:
        met: dict[tuple[str, bool], str] = {}
        met |= {(bare(d.tex), False): d.id for d in _definitions([chapter])}
        for name, quantity in chapter.alphabet.quantities.items():
            key = (bare(quantity.tex), isinstance(quantity.symbol, UndefinedFunction))
            if key in met:
                yield quantity.tex, met[key], name
            met.setdefault(key, name)


def plain(tex: str) -> str:
    """A letter as Unicode, with its index and its power, or "" where that cannot be."""
    if (script := _SCRIPT.fullmatch(tex)) is not None:
        block = "" if script[1] in "BEFHILMR" else "MATHEMATICAL "  # these were characters before the others
        return unicodedata.lookup(f"{block}SCRIPT CAPITAL {script[1]}")
    found = _LETTER.fullmatch(tex.replace(" ", ""))
    if found is None:
        return ""
    letter = _CHARACTERS.get(found[1], "") if found[1][0] == "\\" else found[1]
    raised = "".join(_INDICES[c] for c in found[2] or "") + "".join(_POWERS[c] for c in found[3] or "")
    return letter + raised if letter else ""


@lru_cache(maxsize=10_000)
def drawn(tex: str) -> str:
    """A letter as a text writes it: a mark over it as a combining character, an index that has none after a low line.

    It is "" for what is not known to be a letter.
    """
    found = _PARTS.fullmatch(tex.replace(" ", ""))
    letter = _base(found[1]) if found is not None else ""
    if found is None or not letter:
        return ""
    primes, lower, upper = found[2], found[3] or found[4] or "", found[5] or found[6] or ""
    return letter + "\u2032" * len(primes) + _index(lower, _INDICES, "_") + _index(upper, _POWERS, "^")


def _base(tex: str) -> str:
    if (marked := _MARKED.fullmatch(tex)) is not None:
        inside = drawn(marked[2])
        end = next((k for k, c in enumerate(inside) if k and not unicodedata.combining(c)), len(inside))
        return inside[:end] + _MARKS[marked[1]] + inside[end:] if inside else ""
    if (styled := _STYLED.fullmatch(tex)) is not None:
        case = "CAPITAL" if styled[2].isupper() else "SMALL"
        return unicodedata.lookup(f"MATHEMATICAL {_STYLES[styled[1]]} {case} {styled[2].upper()}")
    return plain(tex) or _RARE.get(tex, "")


def _index(tex: str, characters: Mapping[str, str], sign: str) -> str:
    """An index as small characters where all of it has them, else after a sign, in brackets where it is a formula."""
    if all(c in characters for c in tex):
        return "".join(map(characters.__getitem__, tex))
    said = _COMMAND.sub(lambda command: _WORDS.get(command[0]) or _CHARACTERS.get(command[0], command[0][1:]), tex)
    return f"{sign}({said})" if re.search(r"[-+(]", said) and len(said) > 1 else sign + said


def _quantity(quantity: Quantity, letters: Mapping[Any, str], prose: Mapping[int, str]) -> Quantity:
    tex = letters.get(quantity.symbol, quantity.tex)
    meaning, before = quantity.meaning.translate(prose), plain(quantity.tex)
    if tex != quantity.tex and _follows(before) and not plain(tex):
        meaning += f" ({before} in the text)"
    return replace(quantity, tex=tex, meaning=meaning)


def _prose(old: Alphabet, letters: Mapping[Any, str], changes: Changes) -> dict[int, str]:
    """For str.translate: the Greek letters of the prose whose quantity is written otherwise now."""
    changed = {plain(q.tex): plain(letters[q.symbol]) for q in old if q.symbol in letters}
    changed |= {plain(before.tex): plain(after.tex) for before, after in changes.items()}
    return {ord(before): after for before, after in changed.items() if _follows(before) and after}


def _follows(letter: str) -> bool:
    """Whether a letter of the prose can only be the quantity: Greek, and alone."""
    return len(letter) == 1 and not letter.isascii()

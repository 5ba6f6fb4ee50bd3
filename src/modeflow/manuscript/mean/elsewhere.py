r"""What a paper says in its other formulas: what each defines, and which letters it may relate.

A formula counts by the letters that are written in it, whether it can be read or not: \mathbf{x}, x_1 and x^{(i)} all
speak of x.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from ..read.chains import Chain, chain, lone_name
from ..text.outline_commands import RELATING
from ..text.rows import Piece, pieces
from ..text.sources import Source
from ..text.spacing import cleaned
from ..text.surroundings import APPROACHING
from ..text.tokens import Macro, Token, Unparsed, tokens
from .commuting import commuting
from .written_names import names_of

_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_STEM = re.compile(r"\\[A-Za-z]+\s*\{(?P<inside>(?:[^{}]|\{[^{}]*\})*)\}|\\[A-Za-z]+|[A-Za-z]")
_IS = frozenset(["=", "\\approx", "\\sim", "\\simeq", "\\cong", "\\equiv", "\\rightarrow", "\\to"])


@dataclass(frozen=True)
class Formula:
    """A formula of a paper that relates something.

    place: how a message names it. letters: the stems of all names in it. chain: None where brackets do not match.
    defines: the key of its first member, where that is a lone name; "" elsewhere.
    """

    source: Source
    piece: Piece
    place: str
    found: tuple[Token, ...]
    chain: Chain | None
    letters: frozenset[str]
    defines: str

    @cached_property
    def approaches(self) -> bool:
        """Whether it may say that something is small or large, or calculates modulo something."""
        texts = [token.text for token in self.found]
        small = any(text in ("O", "o") for text in texts) and "(" in texts
        return small or any(text in APPROACHING for text in texts)

    @cached_property
    def gives_zero(self) -> bool:
        r"""Whether = 0 or \approx 0 stands in it, also in an index."""
        texts = ["", *(token.text for token in self.found), ""]
        return any(
            (one in _IS and two == "0" and not (three.isdigit() or three == ".")) or (one == "0" and two in _IS)
            for one, two, three in zip(texts, texts[1:], [*texts[2:], ""], strict=False)
        )

    @cached_property
    def counts_above(self) -> bool:
        """Whether a 1 is raised, as only an index is."""
        texts = [token.text for token in self.found if token.text != "{"]
        return any(one == "^" and two == "1" for one, two in pairwise(texts))


def stem(name: str) -> str:
    r"""The letter that a name begins with: x of x_1, \mathbf{x}, \hat x^{(i)}."""
    found = _STEM.match(name)
    if found is None:
        return name
    inside = found["inside"] and _STEM.search(found["inside"])
    return stem(found["inside"][inside.start() :]) if inside else found[0].partition("{")[0]


class Elsewhere:
    """The formulas of a paper, in the order of the text; displayed ones, and those in a line that relate something."""

    def __init__(self, sources: Iterable[Source], macros: Mapping[str, Macro]) -> None:
        sources = list(sources)
        self.formulas = [formula for source in sources for formula in _formulas(source, macros)]
        self.commuting = commuting(sources)

    def before(self, source: Source, piece: Piece) -> list[Formula]:
        """The formulas that stand before that one."""
        for number, formula in enumerate(self.formulas):
            if formula.source is source and formula.piece.position >= piece.position:
                return self.formulas[:number]
        return self.formulas

    def defining(self, name: str) -> list[Formula]:
        """The formulas whose first member is that name alone; with its bracket, as f(, for a function."""
        return self._defining.get(name, [])

    def of(self, letters: Iterable[str], besides: Iterable[Formula]) -> list[Formula]:
        """The formulas in which one of these letters stands."""
        wanted, apart = set(letters), {id(formula) for formula in besides}
        return [f for f in self.formulas if f.letters & wanted and id(f) not in apart]

    def at(self, source: Source, piece: Piece) -> list[Formula]:
        """That formula itself, in the parts in which it is seen."""
        return [f for f in self.formulas if f.source is source and f.piece.position == piece.position]

    @cached_property
    def _defining(self) -> dict[str, list[Formula]]:
        found: dict[str, list[Formula]] = {}
        for formula in self.formulas:
            if formula.defines:
                found.setdefault(formula.defines, []).append(formula)
        return found


def nearest(found: Sequence[Formula], source: Source, piece: Piece) -> list[Formula]:
    """The same, the last of those that stand before first, and then the next of those behind."""
    here = [f for f in found if f.source is source]
    before = [f for f in here if f.piece.position < piece.position]
    behind = [f for f in here if f.piece.position > piece.position]
    return [*reversed(before), *behind, *(f for f in found if f.source is not source)]


def _formulas(source: Source, macros: Mapping[str, Macro]) -> Iterator[Formula]:
    for display in source.displays:
        labels = list(_LABEL.finditer(display.text))
        for piece in pieces(display):
            formula = _formula(source, piece, macros)
            if formula is None:
                continue
            begin, end = piece.position - display.position, piece.end - display.position
            own = [label[1] for label in labels if begin <= label.start() < end]
            own = own or ([labels[0][1]] if len(labels) == 1 else [])
            line = source.place(formula.found[0].position)[0] if formula.found else source.place(piece.position)[0]
            where = f"{own[0]} in line {line}" if own else f"the formula in line {line}"
            yield replace(formula, place=where)


def _formula(source: Source, piece: Piece, macros: Mapping[str, Macro]) -> Formula | None:
    """The formula of a piece with its condition; None where it relates nothing."""
    text = f"{piece.text} {piece.condition}"
    try:
        found = tuple(tokens(piece.text, piece.position, macros))
        beside = tokens(piece.condition, piece.position + len(piece.text), macros)
        letters = _letters((*found, *beside))
    except Unparsed:
        found, letters = (), {stem(name) for name in _LETTER.findall(text)}
    else:
        if not any(token.text in RELATING or token.text == "\\not" for token in (*found, *beside)):
            return None
    try:
        said = chain(found)
    except Unparsed:
        said = None
    is_equation = said is not None and bool(said.relations) and said.relations[0].sign == "="
    defines = lone_name(said.member(0), frozenset()) if said is not None and is_equation else ""
    return Formula(source, piece, "", found, said, frozenset(letters), defines)


def _letters(found: Sequence[Token]) -> set[str]:
    """The stems of the names in a formula; of all its letters where it is not clear what a name is."""
    try:
        named = {stem(name) for name, _ in names_of(cleaned(found))}
    except Unparsed:
        named = set()
    return named | {token.text for token in found if _LETTER.fullmatch(token.text)}

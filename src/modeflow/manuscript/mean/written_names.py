"""The names that stand in the mathematics of a paper, before anything is declared."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set

from ..read.applications import arguments
from ..read.cursor import Cursor
from ..read.symbols import NamesAsWritten, read_name, whole_name
from ..text.commands import FUNCTIONS, PAIRS, RELATIONS, TRANSPOSES
from ..text.outline_commands import DOTS
from ..text.rows import pieces
from ..text.sources import Source
from ..text.spacing import cleaned
from ..text.tokens import Macro, Token, Unparsed, tokens

_NO_SYMBOLS = {"d", "e", "E"}  # the d of d/dt, the base of exponentials, a mean


def names_in(source: Source, macros: Mapping[str, Macro]) -> Iterator[tuple[str, int]]:
    """Every symbol of its mathematics, as often as it stands there, and where; w(t) for a function of t."""
    for formula in _formulas(source, macros):
        yield from names_of(formula)


def applications_in(source: Source, macros: Mapping[str, Macro]) -> Iterator[tuple[str, str]]:
    """What is written as a function of letters in its mathematics: the name, and the separators in its brackets."""
    for formula in _formulas(source, macros):
        yield from applications_of(formula)


def letters_in(sources: Iterable[Source], macros: Mapping[str, Macro]) -> Set[str]:
    """Which of e, E and T are letters in their mathematics, and ^n for each n that r^{n+1} shows to be raised."""
    written = [
        f" {' '.join(token.text for token in formula)} " for source in sources for formula in _formulas(source, macros)
    ]
    found = {f"^{raised[1]}" for text in written for raised in _NEXT.finditer(_LIMITS.sub("", text))}
    found |= {"e"} if any(map(_NO_POWER.search, written)) else set()
    return found | {letter for letter, other in _OTHERS.items() if not any(map(other.search, written))}


_LIMITS = re.compile(r"\\(?:sum|prod|int) (?:_ (?:\{[^{}]*\}|\S+) )?\^ \{[^{}]*\}")
_NEXT = re.compile(r"\^ \{ ([a-z]) [+-] \d \}")
_NO_POWER = re.compile(r" e (?![\^_])")
_OTHERS = {  # what shows that a letter stands for something else: a mean, a transpose
    "E": re.compile(r" E (?:_ (?:\{[^{}]*\}|\S+) )?(?:\[|\(|\\\{|\\lVert|\\\|)"),
    "T": re.compile(r"\^ (?:T|\{ T \}) "),
}


def _formulas(source: Source, macros: Mapping[str, Macro]) -> Iterator[list[Token]]:
    for display in source.displays:
        for piece in pieces(display):
            try:
                formula = cleaned(tokens(piece.text, piece.position, macros))
            except Unparsed:
                continue
            yield formula


def names_of(formula: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """The same in one formula, whose tokens are cleaned."""
    reader, bound, at = Cursor(formula, NamesAsWritten()), _indices(formula), 0
    while at < len(formula):
        name, end = _symbol(reader, formula, at, bound)
        if name:
            yield name, formula[at].position
        at = end


def _symbol(reader: Cursor, formula: Sequence[Token], at: int, bound: Container[str]) -> tuple[str, int]:
    """The symbol that begins there, and where it ends; "" and the next token where none begins."""
    reader.place = at
    name = None if formula[at].text in FUNCTIONS else _name(reader)
    if name is None or name in _NO_SYMBOLS or name in bound or _is_part(formula, at, name):
        return "", at + 1
    name, end = name.rstrip("'"), reader.place
    over_time = reader.next in PAIRS and reader.ahead(1) == "t" and reader.ahead(2) == PAIRS[reader.next]
    return (f"{name}(t)", end + 1) if over_time else (name, end)  # t is counted as well


def applications_of(formula: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """What is written as a function of one letter or of several, in one formula: its name, and how it is applied."""
    reader = Cursor(formula, NamesAsWritten())
    for place, token in enumerate(formula):
        if token.text in FUNCTIONS or (place and formula[place - 1].text in ("_", "^", "{")):
            continue
        reader.place = place
        name = _name(reader)
        if name and reader.next == "(" and name not in _NO_SYMBOLS:
            yield from ((name if how else name.rstrip("'"), how) for how in _how_applied(formula, reader.place))


def _how_applied(formula: Sequence[Token], opened: int) -> Iterator[str]:
    """The separators of brackets that hold letters: one alone, or a list without a relation."""
    try:
        end = Cursor(formula, NamesAsWritten()).matching(opened)
        parts, separators = arguments(formula[opened + 1 : end])
    except Unparsed:
        return
    inner = {token.text for token in formula[opened + 1 : end]}
    if all(parts) and (separators or _is_letter(parts[0])) and not inner & (RELATIONS.keys() | DOTS):
        yield separators


def _is_letter(part: Sequence[Token]) -> bool:
    try:
        name = whole_name(Cursor(part, NamesAsWritten()))
    except Unparsed:
        return False
    return name is not None and name != "t"


def _name(reader: Cursor) -> str | None:
    try:
        return read_name(reader)
    except Unparsed:
        return None


def _indices(formula: Sequence[Token]) -> set[str]:
    """The indices of sums, which mean nothing outside of them."""
    under = (
        [t.text for t in formula[at + 1 : at + 4] if t.text != "{"] for at, t in enumerate(formula) if t.text == "\\sum"
    )
    return {letters[1] for letters in under if letters[:1] == ["_"] and len(letters) > 1}


def _is_part(formula: Sequence[Token], at: int, name: str) -> bool:
    """Whether it is the T of a transpose, or the name of an operator."""
    raised = at > 0 and formula[at - 1].text in ("^", "{") and name in TRANSPOSES
    return raised or name.startswith(("\\mathrm{d}", "\\mathrm{e}"))

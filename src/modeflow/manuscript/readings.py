"""What of a manuscript is read, before anything is declared or marked: each formula, and why one is not."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from .marked_equations import INLINE, is_relation
from .mean.written_names import applications_in, letters_in, names_in
from .read.grammar import expression, statement
from .read.not_compared import not_compared
from .read.outline import outline
from .read.symbols import DIFFERENCES, NamesAsWritten
from .text.folders import listed
from .text.marks import Display
from .text.rows import Piece, pieces
from .text.sources import Source, outermost, read
from .text.tokens import Macro, Token, Unparsed, tokens


@dataclass(frozen=True)
class Reading:
    r"""Whether a row of a display, or an equation in a line, is read.

    `survey` makes it.

    Attributes:
        file: the manuscript, or a file that it inputs.
        line, column: where the row begins, or where reading stopped, from 1.
        display: the number of the display, or of the formula in a line, in its file, from 1.
        row: the number of the row in it, from 1.
        inline: whether it stands in a line of text.
        written: the row as it is written, spaces joined.
        read: whether it is read, every symbol of it taken as declared.
        compared: whether it can be compared with a claim as well: nothing in it stays without a meaning.
        reason: why it is not read, or not compared; "" where it is both.
        cell: of a notebook, the number of the cell; None elsewhere.
    Example:
        >>> from pathlib import Path
        >>> from modeflow import manuscript
        >>> _ = Path("paper.tex").write_text(r"\[ w^* = \lim_{t\to\infty} w(t) \]")
        >>> (row,) = manuscript.survey(["paper.tex"])
        >>> row.read, row.compared, row.reason
        (True, False, 'a limit is read, and not compared')
    """

    file: str
    line: int
    column: int
    display: int
    row: int
    inline: bool
    written: str
    read: bool
    compared: bool
    reason: str = ""
    cell: int | None = None


class Assumed:
    """The names of a manuscript in which every symbol is declared.

    Those written as w(t) are functions of t, and those written as f(x), f(x, y) or f(x | y) functions of such letters.
    letters: of e, E and T those that are no exponential, no mean and no transpose, and ^n where r^{n+1} is written, so
    that n may be an index.
    """

    def __init__(self, names: Iterable[str], applied: Iterable[tuple[str, str]], letters: Set[str]) -> None:
        self._functions = {name.removesuffix("(t)") for name in names if name.endswith("(t)")}
        self._applied = {(name, how) for name, how in applied if name not in self._functions}
        self._names = {name for name, _ in self._applied}
        self._letters = letters

    def __contains__(self, name: object) -> bool:
        written = str(name)
        if written.startswith("time "):
            return written == "time t"
        if written.endswith("·)"):
            return tuple(written.removesuffix("·)").rsplit("(", 1)) in self._applied
        if written in self._names:
            return False
        if written.endswith(("(", "(t)")):
            called = written.removesuffix("t)").removesuffix("(")
            return called in self._functions or (written[-1] == "(" and called in self._names)
        if written.startswith(DIFFERENCES):
            written = written.split(" ", 1)[1]
        if (raised := _RAISED_LETTER.search(written)) is not None:
            return f"^{raised[1]}" in self._letters
        is_letter = written not in (*_UNDECLARED, "T") or written in self._letters
        return not written.endswith(")") and is_letter and written in _AS_WRITTEN


_AS_WRITTEN = NamesAsWritten()
_RAISED_LETTER = re.compile(r"\^\{([a-z])\}$")
# The d of d/dt, the base of exponentials, a mean, and transposes.
_UNDECLARED = {"d", "e", "E", "\\top", "\\intercal"}


def survey(paths: Iterable[str | Path]) -> list[Reading]:
    r"""What of manuscripts can be read, without marks and without a configuration.

    Every symbol is taken as declared. Displays are given row by row, and so are formulas in a line that say that
    something equals or exceeds something. A row that is read can be checked once it has a mark and its symbols a
    meaning; what it says may still be more than can be compared.

    Parameters:
        paths: LaTeX, Markdown or notebook files. A file that another of them inputs is read there.
    Returns: a list with a Reading for each row, in the order of the text.
    Raises:
        UnreadableSource: a file that cannot be read.
        TypeError: a path alone, where a list of paths is wanted.
    Example:
        >>> from pathlib import Path
        >>> from modeflow import manuscript
        >>> _ = Path("paper.tex").write_text(r"Here $a > 0$. \[ \dot w = a - w \\ b \ne \foo c \]")
        >>> [(row.display, row.row, row.read) for row in manuscript.survey(["paper.tex"])]
        [(1, 1, True), (2, 1, True), (2, 2, False)]
    """
    return [row for path in outermost(listed(paths)) for row in _of_paper(path)]


def _of_paper(path: Path) -> Iterator[Reading]:
    sources, macros = read(path)
    names = assumed_names(sources, macros)
    for source in sources:
        number = 0
        for display in source.displays:
            found = list(_of_display(source, display, number + 1, names, macros))
            number += bool(found)
            yield from found


def assumed_names(sources: Sequence[Source], macros: Mapping[str, Macro]) -> Container[str]:
    """The names of a manuscript in which every symbol is declared."""
    applied = (said for source in sources for said in applications_in(source, macros))
    letters = letters_in(sources, macros)
    return Assumed((name for source in sources for name, _ in names_in(source, macros)), applied, letters)


def _of_display(
    source: Source, display: Display, number: int, names: Container[str], macros: Mapping[str, Macro]
) -> Iterator[Reading]:
    inline = display.environment in INLINE
    for row, piece in enumerate(pieces(display), start=1):
        is_equation = is_relation(piece, macros)
        if is_equation or not inline:
            read, reason, position = _how_read(piece, is_equation, names, macros)
            line, column = source.place(position)
            written = " ".join(piece.text.split())
            place = str(source.path), line, column, number, row
            yield Reading(*place, inline, written, read, not reason, reason, source.cell)


def _how_read(
    piece: Piece, is_equation: bool, names: Container[str], macros: Mapping[str, Macro]
) -> tuple[bool, str, int]:
    """Whether a row is read; why it is not, or not compared; and where reading stopped."""
    begin = piece.position + len(piece.text) - len(piece.text.lstrip())
    try:
        found = tokens(piece.text, piece.position, macros)
    except Unparsed as refused:
        return False, str(refused), max(refused.position, begin)
    reason, position = _why_not_compared(piece, is_equation, names, found)
    if not reason:
        return True, "", begin
    try:
        never = not_compared(outline(found))
    except Unparsed as refused:
        return False, str(refused), max(refused.position, begin)
    except RecursionError:
        return False, "nested too deeply", begin
    return True, never or reason, max(position, begin)


def _why_not_compared(piece: Piece, is_equation: bool, names: Container[str], found: list[Token]) -> tuple[str, int]:
    """Why a row has no one meaning, and where; "" where it has."""
    if piece.problem:
        return piece.problem, piece.position
    try:
        (statement if is_equation else expression)(found, names)
    except Unparsed as refused:
        return str(refused), refused.position
    except RecursionError:
        return "nested too deeply", piece.position
    return "", piece.position

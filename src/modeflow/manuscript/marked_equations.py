"""Which mark belongs to which equation: what of a source is to be judged, and what is wrong with its marks."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .calculations import Link, links
from .judge.findings import Finding, Outcome
from .text.marks import Display, Mark
from .text.rows import Piece, pieces
from .text.sources import Source
from .text.tokens import Macro, Token, Unparsed, tokens

MOST_MARKS = 8  # on one equation
IGNORES = re.compile(r"ignore(?:\s+--|--|\s|$)")  # not ignored, nor ignore.x
RELATIONS = frozenset("=<>") | {
    "\\" + name
    for name in (
        *("le", "leq", "leqslant", "ge", "geq", "geqslant", "lt", "gt", "ll", "gg", "ne", "neq", "equiv", "approx"),
        *("propto", "sim", "simeq", "cong", "doteq", "coloneqq", "triangleq", "lesssim", "gtrsim"),
    )
}

_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
INLINE = ("$", "math")
STEPS = "steps"  # what a mark says of a calculation
_STANDS_AFTER = "this mark stands behind an equation: write it on a line of its own before the equation it is for"


@dataclass(frozen=True)
class Job:
    """An equation of a source, and what its mark says of it.

    display: of which it is a part. link: for one step of a calculation, which. asked: whether a mark says so.
    """

    source: Source
    piece: Piece
    says: str
    display: Display | None = None
    link: Link | None = None
    asked: bool = True

    @property
    def begin(self) -> int:
        """Where its first sign is; of a step, its relation."""
        if self.link is not None:
            return self.link.position
        return self.piece.position + len(self.piece.text) - len(self.piece.text.lstrip())

    @property
    def extent(self) -> tuple[int, int]:
        """Where what is judged begins, and where it ends."""
        if self.link is not None:
            step = self.link.chain.step(self.link.number)
            return step[0].position, step[0].position + len(self.link.text.rstrip())
        return self.begin, self.piece.position + len(self.piece.text.rstrip())

    def read(self, macros: Mapping[str, Macro]) -> list[Token]:
        """The tokens of the equation, macros expanded; raises Unparsed."""
        return tokens(self.piece.text, self.piece.position, macros)

    def finding(self, verdict: Outcome, *, at: int | None = None, claim: str | None = None, **told: Any) -> Finding:
        """What was found; at: where, if not at its first sign; claim: of what, if not of what the mark says."""
        source = self.source
        line, column = source.place(self.begin if at is None else at)
        in_file = source.lines_in_file[line - 1] if source.lines_in_file else None
        claim = self.says if claim is None else claim
        written = " ".join((self.link.text if self.link else self.piece.text).split())
        path = str(source.path)
        return Finding(path, line, column, claim, verdict, written, cell=source.cell, line_in_file=in_file, **told)

    def unparsed(self, reason: str, at: int | None = None) -> Finding:
        """That it was not read, and why; at: where reading stopped."""
        return self.finding("unparsed", at=self.piece.position if at is None else at, reason=reason)


def borne_labels(source: Source) -> Iterator[str]:
    """The labels of its equations."""
    for display in source.displays:
        for part in pieces(display):
            yield from _labels(display, part)


def _labels(display: Display, part: Piece) -> list[str]:
    original = display.text[part.position - display.position : part.end - display.position]  # without comments
    return _LABEL.findall(original)


def marked(
    source: Source,
    labels: Mapping[str, str],
    macros: Mapping[str, Macro],
    names: Container[str] = frozenset(),
    steps: bool = False,
) -> Iterator[Job | Finding]:
    """Its equations that are to be judged, and what was found in reading, in the order of the text.

    names: the keys of the declared symbols. steps: whether displays without a mark are calculations.
    """
    for item in _all_marked(source, labels, macros, steps):
        yield from _by_steps(item, macros, names) if isinstance(item, Job) and item.says == STEPS else [item]


def _by_steps(job: Job, macros: Mapping[str, Macro], names: Container[str]) -> Iterator[Job | Finding]:
    """The steps of a calculation; what is wrong with it where it has none."""
    found: list[Link] = []
    problem, why = job.piece.problem, ""
    try:
        found, why = ([], "") if problem else links(job.piece, macros, names)
    except Unparsed as refused:
        problem = str(refused)
    if found:
        yield from (replace(job, link=link) for link in found)
    elif not job.asked:
        yield replace(job, says="").finding("unchecked")
    else:
        yield job.unparsed(problem) if problem else job.finding("undecided", reason=why)


def _all_marked(
    source: Source, labels: Mapping[str, str], macros: Mapping[str, Macro], steps: bool
) -> Iterator[Job | Finding]:
    for before, display in zip([None, *source.displays], source.displays, strict=False):
        refused = [] if before is None else _after_an_equation(source, before, display, macros)
        for mark in refused:
            yield _of_mark(source, mark, before.text if before else "").unparsed(_STANDS_AFTER)
        others = tuple(mark for mark in display.before if mark not in refused)
        yield from _of_display(source, replace(display, before=others), labels, macros, steps)
    for mark in source.lost:
        yield _lost(_of_mark(source, mark), mark)
    for unread in source.unread:
        job = Job(source, Piece(unread.written, unread.position), "")
        yield job.finding("unread", reason=f"{unread.reason}; what is marked there is not checked")


def _of_mark(source: Source, mark: Mark, text: str = "") -> Job:
    """What a mark says, where it stands; text: the equation that it is told with."""
    return Job(source, Piece(text, mark.position), mark.says)


def _lost(job: Job, mark: Mark) -> Job | Finding:
    """A mark that belongs to no equation: a definition, or an error at its own line."""
    if mark.dead:
        return job.finding("ignored", reason=mark.problem)
    return job.unparsed(mark.problem) if mark.waits or mark.problem else job


def _after_an_equation(source: Source, before: Display, display: Display, macros: Mapping[str, Macro]) -> list[Mark]:
    """The marks before a display that stand on the line on which the equation before them ends."""
    if not display.before or not _may_be_for(source, display.before[0], before, macros):
        return []
    line, _ = source.place(display.before[0].position)
    return [mark for mark in display.before if mark.waits and source.place(mark.position)[0] == line]


def _may_be_for(source: Source, mark: Mark, display: Display, macros: Mapping[str, Macro]) -> bool:
    """Whether a mark ends the line on which a display, or a formula without a mark, ends: it may be meant for that."""
    end = display.position + len(display.text)
    line, following = source.text[end : mark.position], source.text[mark.position :].partition("\n")[0]
    following = re.sub(r"<!--.*?-->", "", following)
    is_marked = display.environment == "$" and (display.before or display.inside)
    if "\n" in line or is_marked or not mark.waits:
        return False
    last_on_line = following.startswith("%") or following.strip(" .,;:") == ""
    return last_on_line and any(part.problem or is_relation(part, macros) for part in pieces(display))


def _of_display(
    source: Source, display: Display, labels: Mapping[str, str], macros: Mapping[str, Macro], steps: bool
) -> Iterator[Job | Finding]:
    parts = list(pieces(display))
    rows = {mark: _row_of(source, mark, display.position, parts) for mark in display.inside if mark.waits}
    yield from _for_no_equation(source, display, len(parts), rows)
    before = _said_before(display, len(parts)) or [()] * len(parts)
    for number, part in enumerate(parts):
        said = [*before[number], *(mark.says for mark, row in rows.items() if row == number)]
        said += [labels[label] for label in _labels(display, part) if label in labels]
        yield from _of_equation(source, display, part, said)
        if not said and _is_seen(display, part, macros):
            unmarked = Job(source, part, "", display, asked=False)
            yield replace(unmarked, says=STEPS) if steps else unmarked.finding("unchecked")


def _said_before(display: Display, count: int) -> list[tuple[str, ...]] | None:
    """What the marks before a display say of each of its equations; None where there is not one for each."""
    said = [mark.says for mark in display.before if mark.waits]
    if len(said) == count:
        return [(says,) for says in said]
    if not said or (len(said) == 1 and (IGNORES.match(said[0]) or said[0] == STEPS)):
        return [tuple(said)] * count
    return None


def _for_no_equation(
    source: Source, display: Display, count: int, rows: Mapping[Mark, int | None]
) -> Iterator[Job | Finding]:
    """The definitions at a display, and the marks for which no equation is there."""
    yield from (_of_mark(source, mark) for mark in (*display.before, *display.inside) if not mark.waits)
    before = [mark for mark in display.before if mark.waits]
    if _said_before(display, count) is None:
        counts = f"marks before a display, {len(before)}, and its equations, {count}"
        for mark in before:
            yield _of_mark(source, mark, display.text).unparsed(f"{counts}: write one for each, or mark rows")
    for mark in (mark for mark, row in rows.items() if row is None):
        yield _of_mark(source, mark, display.text).unparsed("no equation here")


def _of_equation(source: Source, display: Display, part: Piece, said: Sequence[str]) -> Iterator[Job | Finding]:
    """What is said of one equation, each once."""
    yield from (Job(source, part, says, display) for says in list(dict.fromkeys(said))[:MOST_MARKS])
    if len(set(said)) > MOST_MARKS:
        yield Job(source, part, said[-1]).unparsed(f"more than {MOST_MARKS} marks on one equation")


def _is_seen(display: Display, part: Piece, macros: Mapping[str, Macro]) -> bool:
    """Whether an equation without a mark is told as one that is not checked."""
    return display.environment not in INLINE and (bool(display.problem) or is_relation(part, macros))


def is_relation(piece: Piece, macros: Mapping[str, Macro]) -> bool:
    """Whether a display says that something equals, or exceeds, something; a macro of the author's may say it."""
    depth, before = 0, ""  # inside indices and limits, where = only names a first term
    for token in _written(piece, macros):
        if token == "{" and (depth or before in ("_", "^")):
            depth += 1
        elif token == "}" and depth:
            depth -= 1
        elif not depth and token in RELATIONS:
            return True
        before = token
    return False


def _written(piece: Piece, macros: Mapping[str, Macro]) -> list[str]:
    try:
        return [token.text for token in tokens(piece.text, piece.position, macros)]
    except Unparsed:
        return re.findall(r"\\[A-Za-z]+|\\.|\S", piece.text)


def _row_of(source: Source, mark: Mark, begin: int, parts: Sequence[Piece]) -> int | None:
    """A comment after a row on its line, or between two of its lines, belongs to that row; any other to the next."""
    end = _end_of_row(source, mark, begin)
    if end is not None:
        return _only(n for n, p in enumerate(parts) if p.position <= end < max(p.end, p.position + 1))
    for number, part in enumerate(parts):
        if part.position + len(part.text.rstrip()) > mark.position:
            return number
    return 0 if len(parts) == 1 else _only(n for n, p in enumerate(parts) if p.position <= mark.position < p.end)


def _end_of_row(source: Source, mark: Mark, begin: int) -> int | None:
    """Where the row ends that is written before a mark on its line; None where none is."""
    start = max(source.text.rfind("\n", 0, mark.position) + 1, begin)
    line = source.text[start : mark.position]
    begins = re.sub(r"\\(begin|end)\s*\{[^}]*\}(\[[^\]]*\]|\{\d+\})?|\\\[|\$\$", "", line).strip()
    before = re.sub(r"\\\\\*?(\s*\[[^\]\n]*\])?\s*$", "", line.rstrip())
    return start + len(before.rstrip(" \t&")) - 1 if begins and before.strip() else None


def _only(numbers: Iterable[int]) -> int | None:
    """The one number, if there is one."""
    given = list(numbers)
    return given[0] if len(given) == 1 else None

"""What checking found, equation by equation, and how it is written for people, programs and pull requests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from ...files.shown import shown
from ...language.verdict import describe_witness

Outcome = Literal["ok", "wrong", "missing", "undecided", "unparsed", "ignored", "unchecked", "unknown", "empty"]


@dataclass(frozen=True)
class Strictness:
    """What makes a check fail besides what is wrong or missing, as the options of `modeflow check`.

    Attributes:
        strict: whether equations undecided and unparsed fail, and that nothing was checked.
        complete: whether displayed equations that are not checked fail.
    Example:
        >>> from modeflow import manuscript
        >>> manuscript.Strictness(strict=True).complete
        False
    """

    strict: bool = False
    complete: bool = False


@dataclass(frozen=True)
class Finding:
    """What was found about one equation, or about a claim that no equation states.

    Attributes:
        file: the manuscript, or the part of it.
        line, column: where the equation begins, or where reading stopped, counted from 1; in a notebook, those in the
            cell.
        claim: the id, "prove", or "".
        verdict: ok, wrong, undecided, unparsed or ignored; missing for a claim that the configuration requires, or
            gives to a label, and nothing states; unchecked for an equation without a mark; unknown for a mark that
            names no claim; empty where nothing was checked.
        latex: the text of the equation.
        understood: the equation as SymPy writes it.
        witness: a point at which it fails, with both sides.
        suggestion: an edit that would make it right, or "".
        reason: why this verdict.
        note: what an ok rests on, where that is not all.
        cell: in a notebook, the number of the cell.
        line_in_file: in a notebook, the line of the file.
    Example:
        >>> from modeflow import manuscript
        >>> manuscript.Finding("paper.tex", 3, 1, "dae.fixed_point", "wrong", reason="the two sides differ").place
        'paper.tex:3:1'
    """

    file: str
    line: int
    column: int
    claim: str
    verdict: Outcome
    latex: str = ""
    understood: str = ""
    witness: Mapping[str, object] | None = None
    suggestion: str = ""
    reason: str = ""
    note: str = ""
    cell: int | None = None
    line_in_file: int | None = None

    def fails(self, asked: Strictness) -> bool:
        """Whether this finding alone makes the check fail.

        Parameters:
            asked: what fails besides what is wrong or missing.
        Returns: True or False.
        Raises: nothing.
        Example:
            >>> from modeflow import manuscript
            >>> found = manuscript.Finding("paper.tex", 3, 1, "", "undecided")
            >>> found.fails(manuscript.Strictness()), found.fails(manuscript.Strictness(strict=True))
            (False, True)
        """
        return (
            self.verdict in ("wrong", "missing", "unknown")
            or (asked.strict and self.verdict in ("undecided", "unparsed", "empty"))
            or (asked.complete and self.verdict == "unchecked")
        )

    @property
    def place(self) -> str:
        """Where it is, as file:line:column, with the cell of a notebook."""
        cell = f":cell {self.cell}" if self.cell is not None else ""
        return f"{self.file}{cell}:{self.line}:{self.column}"

    @property
    def message(self) -> str:
        """The reason, the witness and the suggestion in one line."""
        meant = f"did you mean {self.suggestion}?" if self.suggestion else ""
        parts = [self.reason, describe_witness(self.witness) if self.witness else "", meant]
        return "; ".join(p for p in parts if p)


def with_nothing_checked(findings: Sequence[Finding], file: str) -> list[Finding]:
    """The findings and, where none is a comparison, one that says so, in the file named."""
    if any(f.verdict in ("ok", "wrong", "undecided") for f in findings):
        return list(findings)
    counts = Counter(f.verdict for f in findings)
    marked = {v: counts[v] for v in ("unparsed", "unknown", "ignored") if counts[v]}
    why = ", ".join(f"{number} {verdict}" for verdict, number in marked.items()) or "no equation has a mark"
    return [*findings, Finding(file, 1, 1, "", "empty", reason=f"nothing was checked: {why}")]


def names(findings: Iterable[Finding]) -> Iterator[str]:
    """The claim of each equation, counted where it is there again: names that a changed line does not change."""
    met: Counter[str] = Counter()
    for finding in findings:
        name = finding.claim or "equation"
        met[name] += 1
        yield name if met[name] == 1 else f"{name}-{met[name]}"


def as_text(findings: Sequence[Finding], echo: bool) -> str:
    """A line for each equation, where there are equations that are not checked, and the totals."""
    lines = []
    for f in findings:
        if f.verdict == "unchecked":
            continue
        name = f" {f.claim}" if f.claim else ""
        message = f.note if f.verdict == "ok" else f.message
        message = f": {message}" if message else ""
        lines.append(shown(f"{f.place}: {f.verdict}{name}{message}"))
        if echo and f.understood:
            because = f" ({f.reason})" if f.verdict == "ok" and f.reason else ""
            lines.append(shown(f"    read as {f.understood}{because}"))
    if len(lines) == 0:
        lines.append("no marked equations")
    lines += unchecked(findings)
    counts = Counter(f.verdict for f in findings)
    return "\n".join([*lines, ", ".join(f"{counts[v]} {v}" for v in get_args(Outcome) if counts[v])]).rstrip("\n")


def unchecked(findings: Iterable[Finding]) -> Iterator[str]:
    """For each file, where its displayed equations are that are not checked."""
    places: dict[str, dict[int | None, list[str]]] = {}
    for f in findings:
        if f.verdict == "unchecked":
            places.setdefault(f.file, {}).setdefault(f.cell, []).append(str(f.line))
    for file, cells in places.items():
        said = []
        for cell, numbers in cells.items():
            lines = list(dict.fromkeys(numbers))
            place = f"line{'s' if len(lines) > 1 else ''} {', '.join(lines)}"
            said.append(place if cell is None else f"cell {cell} {place}")
        yield shown(f"{file}: not checked: {'; '.join(said)}")


def as_json(findings: Iterable[Finding]) -> str:
    """A list of objects with the fields of Finding."""
    return json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=2, default=str)


def as_github(findings: Sequence[Finding], asked: Strictness) -> str:
    """Annotations for a pull request."""
    lines = []
    for f in findings:
        if (f.verdict in ("ok", "ignored") and not f.note) or (f.verdict == "unchecked" and not f.fails(asked)):
            continue
        kind = "error" if f.fails(asked) else "notice" if f.note else "warning"
        place = f"file={_escaped(f.file, True)},line={f.line_in_file or f.line}"
        if f.cell is None:
            place += f",col={f.column}"
        cell = f" in cell {f.cell}, line {f.line}" if f.cell is not None else ""
        title = _escaped(f"{f.verdict} {f.claim}".strip() + cell, True)
        lines.append(f"::{kind} {place},title={title}::{_escaped(f.note or f.message or f.verdict, False)}")
    if not asked.complete:
        lines += [f"::notice::{_escaped(where, False)}" for where in unchecked(findings)]
    return "\n".join(lines)


def _escaped(text: str, in_property: bool) -> str:
    text = shown(text).replace("%", "%25")
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text

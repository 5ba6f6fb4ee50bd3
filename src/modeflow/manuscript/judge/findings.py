"""What checking found, equation by equation, and what of it makes a check fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ...language.witness import describe_witness

Outcome = Literal[
    "ok",
    "supported",
    "wrong",
    "missing",
    "undecided",
    "unparsed",
    "ignored",
    "unchecked",
    "unread",
    "unknown",
    "empty",
]
Witness = Mapping[str, object]  # the point at which two sides differ, and what they are there


@dataclass(frozen=True)
class Strictness:
    """What makes a check fail besides what is wrong or missing, as the options of `modeflow check`.

    Attributes:
        strict: whether equations supported, undecided and unparsed fail, and that nothing was checked.
        complete: whether displayed equations that are not checked fail.
    Example:
        >>> from modeflow import manuscript
        >>> manuscript.Strictness(strict=True).complete
        False
    """

    strict: bool = False
    complete: bool = False


@dataclass(frozen=True)
class Edit:
    """What of a manuscript is to be replaced.

    Attributes:
        line, column: where it begins, from 1, in a notebook in the cell.
        end_line, end_column: where the rest of the text goes on.
        text: what is to stand in its place.
    Example:
        >>> from modeflow import manuscript
        >>> manuscript.Edit(3, 7, 3, 8, "+").text
        '+'
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True)
class Correction:
    """A single change that makes a wrong equation right, which is proved.

    Attributes:
        edits: what is to be replaced, in the order of the text.
        refused: why `modeflow check --fix` does not write it; "" where it does.
    Example:
        >>> from modeflow import manuscript
        >>> manuscript.Correction((manuscript.Edit(3, 7, 3, 8, "+"),)).refused
        ''
    """

    edits: tuple[Edit, ...]
    refused: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found about one equation, or about a claim that no equation states.

    Attributes:
        file: the manuscript, or the part of it.
        line, column: where the equation begins, or where reading stopped, counted from 1; in a notebook, those in the
            cell.
        claim: the id, "prove", "steps", or "".
        verdict: ok, wrong, undecided, unparsed or ignored; supported for a step of a calculation that holds at many
            points and is not proved; missing for a claim that the configuration requires, or
            gives to a label, and nothing states; unchecked for an equation without a mark; unread for a file that is
            input and not there; unknown for a mark that names no claim; empty where nothing was checked.
        latex: the text of the equation.
        understood: the equation as SymPy writes it.
        witness: a point at which it fails, with both sides.
        suggestion: the equation with an edit that makes it right, which is proved, and what it is; or "".
        reason: why this verdict.
        note: what an ok rests on, where that is not all.
        cell: in a notebook, the number of the cell.
        line_in_file: in a notebook, the line of the file.
        correction: the same edit for a program; None where there is none.
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
    witness: Witness | None = None
    suggestion: str = ""
    reason: str = ""
    note: str = ""
    cell: int | None = None
    line_in_file: int | None = None
    correction: Correction | None = None

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
            or (asked.strict and self.verdict in ("supported", "undecided", "unparsed", "empty"))
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
    if any(f.verdict in ("ok", "supported", "wrong", "undecided") for f in findings):
        return list(findings)
    counts = Counter(f.verdict for f in findings)
    marked = {v: counts[v] for v in ("unparsed", "unknown", "ignored") if counts[v]}
    why = ", ".join(f"{number} {verdict}" for verdict, number in marked.items()) or "no equation has a mark"
    return [*findings, Finding(file, 1, 1, "", "empty", reason=f"nothing was checked: {why}")]


def names(findings: Iterable[Finding]) -> Iterator[str]:
    """The claim of each equation, counted where it is there again: names that a changed line does not change."""
    times: Counter[str] = Counter()
    for finding in findings:
        name = finding.claim or ("input" if finding.verdict == "unread" else "equation")
        times[name] += 1
        yield name if times[name] == 1 else f"{name}-{times[name]}"

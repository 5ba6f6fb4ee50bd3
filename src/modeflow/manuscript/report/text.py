"""Findings for people: a line for each equation, where there are equations that are not checked, and the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from ...files.printable import shown
from ..judge.findings import Finding, Outcome


def as_text(findings: Sequence[Finding], echo: bool) -> str:
    """The findings in lines; echo: also how each equation was read."""
    lines = [line for f in findings if f.verdict != "unchecked" for line in _lines(f, echo)]
    counts = Counter(f.verdict for f in findings)
    totals = ", ".join(f"{counts[verdict]} {verdict}" for verdict in get_args(Outcome) if counts[verdict])
    return "\n".join([*(lines or ["no marked equations"]), *unchecked(findings), totals]).rstrip("\n")


def _lines(finding: Finding, echo: bool) -> Iterator[str]:
    is_ok = finding.verdict == "ok"
    head = f"{finding.place}: {finding.verdict}" + (f" {finding.claim}" if finding.claim else "")
    message = finding.note if is_ok else finding.message
    yield shown(f"{head}: {message}" if message else head)
    if echo and finding.understood:
        because = f" ({finding.reason})" if is_ok and finding.reason else ""
        yield shown(f"    read as {finding.understood}{because}")


def unchecked(findings: Iterable[Finding]) -> Iterator[str]:
    """For each file, where its displayed equations are that are not checked."""
    lines: dict[str, dict[int | None, list[str]]] = {}
    for finding in findings:
        if finding.verdict == "unchecked":
            lines.setdefault(finding.file, {}).setdefault(finding.cell, []).append(str(finding.line))
    for file, of_cells in lines.items():
        places = "; ".join(_place(cell, list(dict.fromkeys(numbers))) for cell, numbers in of_cells.items())
        yield shown(f"{file}: not checked: {places}")


def _place(cell: int | None, lines: list[str]) -> str:
    place = f"line{'s' if len(lines) > 1 else ''} {', '.join(lines)}"
    return place if cell is None else f"cell {cell} {place}"

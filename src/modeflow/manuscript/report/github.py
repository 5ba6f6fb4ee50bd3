"""Findings as annotations of a pull request, which GitHub reads from what a workflow prints."""

from __future__ import annotations

from collections.abc import Sequence

from ...files.printable import shown
from ..judge.findings import Finding, Strictness
from .text import unchecked


def as_github(findings: Sequence[Finding], asked: Strictness) -> str:
    """A line for each finding that fails, warns or has a note; and for each file, which equations are not checked."""
    lines = [_annotation(f, asked) for f in findings if _is_told(f, asked)]
    if not asked.complete:
        lines += [f"::notice::{_data(where)}" for where in unchecked(findings)]
    return "\n".join(lines)


def _is_told(finding: Finding, asked: Strictness) -> bool:
    if finding.verdict == "unchecked":
        return finding.fails(asked)
    return finding.verdict not in ("ok", "ignored") or bool(finding.note)


def _annotation(finding: Finding, asked: Strictness) -> str:
    is_note = bool(finding.note) or finding.verdict == "unread"
    kind = "error" if finding.fails(asked) else "notice" if is_note else "warning"
    title = f"{finding.verdict} {finding.claim}".strip()
    if finding.cell is not None:
        title += f" in cell {finding.cell}, line {finding.line}"
    message = _data(finding.note or finding.message or finding.verdict)
    return f"::{kind} {_place(finding)},title={_property(title)}::{message}"


def _place(finding: Finding) -> str:
    place = f"file={_property(finding.file)},line={finding.line_in_file or finding.line}"
    return place if finding.cell is not None else f"{place},col={finding.column}"


def _data(text: str) -> str:
    return shown(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

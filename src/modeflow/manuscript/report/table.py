"""Findings as a table in Markdown, for a comment on a pull request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import get_args

from ...files.printable import shown
from ..judge.findings import Finding, Outcome, Strictness

MOST = 40  # rows
LONGEST = 250  # signs of a message
_SIGN = re.compile(r"[^\w ]|_", re.ASCII)


def as_table(findings: Sequence[Finding], asked: Strictness) -> str:
    """The counts of the verdicts, and a row for each finding that is neither ok nor ignored; what fails comes first."""
    counts = Counter(finding.verdict for finding in findings)
    totals = ", ".join(f"{counts[verdict]} {verdict}" for verdict in get_args(Outcome) if counts[verdict])
    fails = any(finding.fails(asked) for finding in findings)
    lines = [f"**modeflow check {'fails' if fails else 'passes'}**: {totals or 'nothing to check'}"]
    told = [f for f in findings if f.verdict not in ("ok", "ignored") and (f.verdict != "unchecked" or f.fails(asked))]
    told.sort(key=lambda finding: not finding.fails(asked))
    if told:
        lines += ["", "| place | verdict | claim | why |", "|---|---|---|---|"]
        lines += [_row(finding, asked) for finding in told[:MOST]]
    if len(told) > MOST:
        lines += ["", f"{len(told) - MOST} more are in the log."]
    return "\n".join(lines) + "\n"


def _row(finding: Finding, asked: Strictness) -> str:
    verdict = f"**{finding.verdict}**" if finding.fails(asked) else finding.verdict
    return f"| {_text(finding.place)} | {verdict} | {_text(finding.claim)} | {_text(finding.message)} |"


def _text(text: str) -> str:
    """Text of a paper, of which nothing is a link, a name or a mark of Markdown."""
    one = shown(text)
    one = one if len(one) <= LONGEST else one[:LONGEST] + "…"
    return f"<code>{_SIGN.sub(lambda sign: f'&#{ord(sign[0])};', one)}</code>" if one else ""

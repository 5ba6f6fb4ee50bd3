"""What checking found, equation by equation, and how it is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from ..verdict import describe_witness

Outcome = Literal["ok", "wrong", "undecided", "unparsed", "ignored"]


@dataclass(frozen=True)
class Finding:
    """One marked equation.

    file, line, column: where it begins, or where reading stopped. claim: the id, "prove", or "". verdict: ok, wrong,
    undecided, unparsed or ignored. latex: the text. understood: the equation as SymPy writes it. witness: a point at
    which it fails, with both sides. suggestion: an edit that would make it right, or "". reason: why this verdict.
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

    def fails(self, strict: bool) -> bool:
        """Whether this alone makes the check fail."""
        return self.verdict == "wrong" or (strict and self.verdict in ("undecided", "unparsed"))

    @property
    def message(self) -> str:
        """The reason, the witness and the suggestion in one line."""
        meant = f"did you mean {self.suggestion}?" if self.suggestion else ""
        parts = [self.reason, describe_witness(self.witness) if self.witness else "", meant]
        return "; ".join(p for p in parts if p)


def as_text(findings: Sequence[Finding], echo: bool) -> str:
    """A line for each equation, and the totals."""
    lines = []
    for f in findings:
        name = f" {f.claim}" if f.claim else ""
        message = f": {f.message}" if f.message and f.verdict != "ok" else ""
        lines.append(f"{f.file}:{f.line}:{f.column}: {f.verdict}{name}{message}")
        if echo and f.understood:
            lines.append(f"    read as {f.understood}" + (f" ({f.reason})" if f.verdict == "ok" and f.reason else ""))
    counts = Counter(f.verdict for f in findings)
    lines.append(
        ", ".join(f"{counts[v]} {v}" for v in ("ok", "wrong", "undecided", "unparsed", "ignored") if counts[v])
    )
    return "\n".join(lines) if findings else "no marked equations"


def as_json(findings: Iterable[Finding]) -> str:
    """A list of objects with the fields of Finding."""
    return json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=2, default=str)


def as_github(findings: Iterable[Finding], strict: bool) -> str:
    """Annotations for a pull request."""
    lines = []
    for f in findings:
        if f.verdict in ("ok", "ignored"):
            continue
        kind = "error" if f.fails(strict) else "warning"
        place = f"file={_escaped(f.file, True)},line={f.line},col={f.column}"
        title = _escaped(f"{f.verdict} {f.claim}".strip(), True)
        lines.append(f"::{kind} {place},title={title}::{_escaped(f.message or f.verdict, False)}")
    return "\n".join(lines)


def _escaped(text: str, in_property: bool) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text

"""What a figure shows, as plain numbers: drawn from, tested, and written beside the picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
"""One line of findings: names to numbers or words."""

Curve = Mapping[str, Any]
"""What one curve is (names to numbers or words) and its points (names to arrays of one length)."""


@dataclass(frozen=True)
class Record:
    """The numbers of one figure.

    name      what its files are called, without ending
    title     one line
    caption   what is seen, and how to read it
    setting   every number that went in
    findings  what was measured, a row for each case
    curves    the points of every curve
    """

    name: str
    title: str
    caption: str
    setting: Row
    findings: tuple[Row, ...]
    curves: tuple[Curve, ...]

    def only(self, **wanted: Any) -> list[Curve]:
        """The curves whose entries are as wanted, in order."""
        return _chosen(self.curves, wanted)

    def rows(self, **wanted: Any) -> list[Row]:
        """The rows of findings whose entries are as wanted, in order."""
        return _chosen(self.findings, wanted)

    def finding(self, **wanted: Any) -> Row:
        """The one row of findings whose entries are as wanted; raises LookupError unless there is just one."""
        rows = self.rows(**wanted)
        if len(rows) != 1:
            raise LookupError(f"{self.name}: {len(rows)} findings with {wanted}")
        return rows[0]


def _chosen(entries: Iterable[Row], wanted: Row) -> list[Row]:
    return [entry for entry in entries if all(entry.get(name) == value for name, value in wanted.items())]

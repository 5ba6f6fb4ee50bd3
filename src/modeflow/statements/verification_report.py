"""What a verification found, as a table or as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from ..files.printable import lines, shown
from ..language.verdict import Verdict
from .claims import Claim

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


@dataclass(frozen=True)
class Outcome:
    """One claim, its verdict, and whether supported is allowed to pass."""

    claim: Claim
    verdict: Verdict
    allow_supported: bool = False

    @property
    def clean(self) -> bool:
        """Whether the claim is what its chapter states it to be.

        Only a proof passes, with two exceptions: an error kept on show must come back refuted, and supported
        passes where it is allowed.
        """
        status, expected = self.verdict.status, self.claim.expects
        if status == "supported":
            return self.allow_supported and expected in {"proved", "supported"}
        return status == expected

    @property
    def label(self) -> str:
        status, expected = self.verdict.status, self.claim.expects
        if expected == "proved":
            return f"{status}, allowed" if status == "supported" and self.clean else status
        return f"{status}, as stated" if status == expected else f"{status}, but stated {expected}"


PIPED = 120
"""Columns of a table that no terminal shows, where COLUMNS says nothing."""

_STYLES = {"proved": "green", "supported": "yellow", "undecided": "yellow", "refuted": "red"}


def console(file: IO[str]) -> Console:
    """A rich console as wide as COLUMNS says, or the terminal, or else PIPED.

    It is coloured where it is a terminal's, unless NO_COLOR or FORCE_COLOR say otherwise.

    What is coloured is steered by rich alone: what it is given to print is shown by our rules.
    """
    from rich.console import Console
    from rich.text import Text

    class Shown(Console):
        def render_str(self, text: str, **given: Any) -> Text:
            return super().render_str(lines(text), **given)

        def on_broken_pipe(self) -> None:
            raise  # the error that is being handled; the program knows what to do

    columns = os.environ.get("COLUMNS", "")
    width = int(columns) if columns.isdecimal() and int(columns) > 0 else None if file.isatty() else PIPED
    steered = file.isatty() or bool(os.environ.get("FORCE_COLOR"))
    file = getattr(file, "stream", file) if steered else file
    return Shown(file=file, width=width, highlight=False, markup=False, emoji=False)


def print_outcomes(outcomes: Sequence[Outcome], seconds: float, jobs: int) -> None:
    """The table, then what is wrong in detail, then the totals, on standard output."""
    out = console(sys.stdout)
    out.print(_table(outcomes, whole_ids=out.width >= 100))
    for outcome in outcomes:
        if not outcome.clean:
            out.print(shown(f"{outcome.claim.id}: {_detail(outcome)}"), soft_wrap=True)
    out.print(totals(outcomes, seconds, jobs), soft_wrap=True)


def _table(outcomes: Iterable[Outcome], whole_ids: bool) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("id", no_wrap=whole_ids, overflow="fold", min_width=12)
    table.add_column("says", overflow="fold", min_width=12)
    table.add_column("verdict", overflow="fold", min_width=9)
    table.add_column("method", overflow="fold", min_width=8)
    table.add_column("seconds", justify="right", no_wrap=True, min_width=7)
    for o in outcomes:
        verdict = Text(o.label, style="green" if o.clean else _STYLES[o.verdict.status])
        said = map(shown, (o.claim.id, o.claim.sentence()))
        table.add_row(*said, verdict, shown(o.verdict.method), f"{o.verdict.seconds:.2f}")
    return table


def _detail(outcome: Outcome) -> str:
    expected = outcome.claim.expects
    stated = "" if expected in {"proved", outcome.verdict.status} else f" (stated {expected})"
    return f"{outcome.verdict}{stated}{_place(outcome.claim)}"


def _place(claim: Claim) -> str:
    """Where the claim is stated, from the folder of the call."""
    file, _, line = claim.where.rpartition(":")
    if not file:
        return ""
    near = os.path.relpath(file)
    return f"; stated at {file if near.startswith(os.pardir) else near}:{line}"


def totals(outcomes: Sequence[Outcome], seconds: float, jobs: int) -> str:
    """One line: how many claims came out how, and the wall time."""
    counted = Counter(outcome.label for outcome in outcomes)
    parts = ", ".join(f"{number} {label}" for label, number in counted.items())
    noun, processes = _plural(len(outcomes), "claim"), _plural(jobs, "process")
    return f"{noun}: {parts}; {seconds:.1f} s with {processes}"


def out_of_time(outcomes: Sequence[Outcome], time_limit: float) -> str:
    """How many claims have no proof because the time was over, and what to do; empty where none has."""
    number = sum(outcome.verdict.out_of_time for outcome in outcomes)
    remedy = f"give more than --time-limit {time_limit:g}, or fewer --jobs on a busy machine"
    return f"{_plural(number, 'claim')} ended by the clock: {remedy}" if number else ""


def _plural(number: int, noun: str) -> str:
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number} {noun}{ending}"


def as_json(outcomes: Iterable[Outcome]) -> str:
    """A list with one object for each claim."""
    return json.dumps([_record(outcome) for outcome in outcomes], indent=2, ensure_ascii=False)


def _record(outcome: Outcome) -> dict[str, Any]:
    claim, verdict = outcome.claim, outcome.verdict
    return {
        "id": claim.id,
        "says": claim.says,
        "latex": claim.latex(),
        "given": [str(relation) for relation in claim.given],
        "verdict": verdict.status,
        "method": verdict.method,
        "conditions": list(verdict.conditions),
        "rests_on": list(verdict.rests_on),
        "witness": as_data(verdict.witness),
        "seconds": round(verdict.seconds, 4),
        "expects": claim.expects,
        "reason": verdict.reason,
    }


def as_data(value: Any) -> Any:
    """A witness in JSON's own types; exact numbers become strings."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "items"):
        return {str(key): as_data(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(entry) for entry in value]
    return str(value)

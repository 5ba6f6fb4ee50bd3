"""What of manuscripts is read, for people: where a row is not, how much is in each file, and why the rest is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from ...files.printable import shown
from ..readings import Reading

MOST_REASONS = 20


def survey_text(readings: Sequence[Reading]) -> str:
    """A line for each row that is not read, one for each file, and the most frequent reasons."""
    unread = [r for r in readings if not r.read]
    lines = [*map(_line, unread), *_of_files(readings), *_reasons("not read", unread)]
    lines += _reasons("read, and not compared", [r for r in readings if r.read and not r.compared])
    return "\n".join(map(shown, lines)) if readings else "no mathematics"


def _line(row: Reading) -> str:
    cell = "" if row.cell is None else f"cell {row.cell}, "
    return f"{row.file}:{cell}{row.line}:{row.column}: not read: {row.reason}"


def _of_files(readings: Sequence[Reading]) -> Iterator[str]:
    files = list(dict.fromkeys(r.file for r in readings))
    for file in files:
        yield f"{file}: {_counts([r for r in readings if r.file == file])}"
    if len(files) > 1:
        yield f"all {len(files)} files: {_counts(readings)}"


def _counts(readings: Sequence[Reading]) -> str:
    """How many displays, rows and equations in lines are read, and how many of these can be compared, of how many."""
    read = [f"{found} of {counted(all_, kind)}" for found, all_, kind in _numbers(readings, lambda r: r.read)]
    compared = [counted(found, kind) for found, _, kind in _numbers(readings, lambda r: r.compared)]
    return f"{', '.join(read)} read; {', '.join(compared)} can be compared"


_PLURALS = {
    "display": "displays",
    "row": "rows",
    "equation in a line": "equations in lines",
    "other reason": "other reasons",
}


def counted(number: int, kind: str) -> str:
    """1 row, 2 rows."""
    return f"{number} {kind if number == 1 else _PLURALS[kind]}"


def _numbers(readings: Sequence[Reading], has: Callable[[Reading], bool]) -> list[tuple[int, int, str]]:
    """How many displays, rows and equations in lines have something, of how many; a display where all its rows do."""
    rows = [r for r in readings if not r.inline]
    of_displays: dict[tuple[str, int | None, int], bool] = {}
    for r in rows:
        place = r.file, r.cell, r.display
        of_displays[place] = of_displays.get(place, True) and has(r)
    kinds = {
        "display": list(of_displays.values()),
        "row": list(map(has, rows)),
        "equation in a line": [has(r) for r in readings if r.inline],
    }
    return [(sum(found), len(found), kind) for kind, found in kinds.items() if found]


def _reasons(what: str, rows: Sequence[Reading]) -> Iterator[str]:
    counts = Counter(r.reason for r in rows)
    if rows:
        yield f"{what}: {len(rows)}"
    for reason, number in counts.most_common(MOST_REASONS):
        yield f"{number:6d}  {reason}"
    rest = counts.most_common()[MOST_REASONS:]
    if rest:
        yield f"{sum(number for _, number in rest):6d}  {counted(len(rest), 'other reason')}"

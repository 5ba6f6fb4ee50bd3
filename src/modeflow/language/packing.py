"""Nested lists as a table in which each stands once: an expression of many equal parts is short in it."""

from __future__ import annotations

from typing import Any


def packed(data: Any) -> list[list[Any]]:
    """Nested lists as a table in which each list stands once, [n] for the n-th; the last one is the whole."""
    table: list[list[Any]] = []
    places: dict[Any, int] = {}
    seen: dict[int, int] = {}
    pending = [data]
    while pending:
        part = pending[-1]
        missing = [entry for entry in part if isinstance(entry, list) and id(entry) not in seen]
        if not missing:
            row = [[seen[id(entry)]] if isinstance(entry, list) else entry for entry in part]
            key = tuple((type(entry), *entry) if isinstance(entry, list) else (type(entry), entry) for entry in row)
            if places.setdefault(key, len(table)) == len(table):
                table.append(row)
            seen[id(part)] = places[key]
            pending.pop()
        pending += missing
    return table


def unpacked(table: list[list[Any]]) -> Any:
    """What `packed` wrote; a list that stood in several places is one."""
    found: list[Any] = []
    for row in table:
        found.append([found[entry[0]] if isinstance(entry, list) else entry for entry in row])
    return found[-1]

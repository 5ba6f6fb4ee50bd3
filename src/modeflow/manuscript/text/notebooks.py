"""The Markdown cells of a Jupyter notebook, and where their lines stand in its file.

Read as data only: code and outputs are not looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


class UnreadableNotebook(ValueError):
    """Text that is no notebook; the message says why."""


@dataclass(frozen=True)
class Cell:
    """A Markdown cell: its number, from 1 among all cells, its text, and the line of the file for each of its lines."""

    number: int
    text: str
    lines: tuple[int, ...]


def markdown_cells(text: str) -> list[Cell]:
    """The Markdown cells of a notebook in nbformat 4; raises UnreadableNotebook."""
    try:
        notebook = json.loads(text, parse_int=float)  # no number of it is used, however long
    except RecursionError:
        raise UnreadableNotebook("is nested too deeply; save it again from Jupyter") from None
    except ValueError as error:
        raise UnreadableNotebook(f"is not JSON: {error}; save it again from Jupyter") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or notebook.get("nbformat") != 4:
        raise UnreadableNotebook("is not a notebook in format 4; convert it with `jupyter nbconvert --to notebook`")
    lines = dict(_source_lines(text))
    return [
        _cell(number, cell["source"], lines)
        for number, cell in enumerate(cells, start=1)
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown" and _is_text(cell.get("source"))
    ]


def _is_text(source: Any) -> bool:
    return isinstance(source, str) or (isinstance(source, list) and all(isinstance(part, str) for part in source))


_LONE_RETURN = re.compile(r"\r(?!\n)")


def _cell(number: int, source: str | list[str], lines: dict[tuple[int, int], int]) -> Cell:
    parts = [_LONE_RETURN.sub("\n", part) for part in ([source] if isinstance(source, str) else source)]
    text, starts = "", [lines[number - 1, 0]] if (number - 1, 0) in lines else [1]
    for place, part in enumerate(parts):
        if text.endswith("\n") or (place and not text):
            starts[-1] = lines[number - 1, place]
        starts += [lines[number - 1, place]] * part.count("\n")
        text += part
    # JSON can hold half of a pair of surrogates, which no output can.
    return Cell(number, text.encode("utf-8", "replace").decode("utf-8"), tuple(starts))


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|\n', re.DOTALL)


def literals(text: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Of the text of a notebook: (cell, part of its source), counted from 0 → where that string begins and ends."""
    return {place: span for place, _, span in _sources(text)}


def _source_lines(text: str) -> Iterator[tuple[tuple[int, int], int]]:
    return ((place, line) for place, line, _ in _sources(text))


def _sources(text: str) -> Iterator[tuple[tuple[int, int], int, tuple[int, int]]]:
    """Of JSON that is known to be sound: (cell, part of its source), line and place; cells and parts counted from 0."""
    path: list[Any] = []  # the key or the number at which we are, in each object or list that is open
    last, line = "", 1
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == "\n":
            line += 1
        elif token[0] != '"':
            _move(path, token, last)
        else:
            last = token
            if place := _source_part(path):
                yield place, line, found.span()


def _move(path: list[Any], token: str, last: str) -> None:
    """The path behind a bracket, a colon or a comma; last: the string before it."""
    if token in "{[":
        path.append(0 if token == "[" else None)
    elif token in "}]":
        path.pop()
    elif token == ":":
        path[-1] = json.loads(last)
    else:
        path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None


def _source_part(path: list[Any]) -> tuple[int, int] | None:
    """The cell, and the part of its source, that is at the path."""
    match path:
        case ["cells", int(cell), "source"]:
            return cell, 0
        case ["cells", int(cell), "source", part]:
            return cell, part
    return None

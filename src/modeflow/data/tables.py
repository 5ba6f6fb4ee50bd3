"""Comma-separated numbers, an image a line."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .error import DataError

__all__ = ["is_table", "read_table"]

_PRINTABLE = frozenset(b"\t\n\r" + bytes(range(32, 127)))
_LABEL = "label"


def is_table(raw: bytes) -> bool:
    """Whether the first line is text with a comma in it."""
    first = raw[:65536].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    return b"," in first and _PRINTABLE.issuperset(first)


def read_table(path: Path, raw: bytes, max_bytes: int) -> NDArray[np.generic]:
    """The numbers, (N, D): uint8 where they are whole and reach beyond 1, up to 255.

    A first line that is not of numbers names the columns; one called label is dropped.
    """
    if (raw.count(b",") + raw.count(b"\n") + 1) * 8 > max_bytes:
        raise DataError(path, f"CSV of more than {max_bytes:,} bytes as float64", "give fewer images")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(path, f"CSV with a byte that is no text at {error.start:,}", "save it as UTF-8") from error
    names = [name.strip().strip('"').lower() for name in text.split("\n", 1)[0].split(",")]
    headed = not all(_is_number(name) for name in names)
    if headed and not text.partition("\n")[2].strip():
        raise DataError(path, "CSV without a line of numbers: no images", "fetch it again, or give another")
    try:
        table = np.loadtxt(io.StringIO(text), delimiter=",", skiprows=int(headed), ndmin=2, comments=None)
    except ValueError as error:
        raise DataError(path, f"CSV with a bad line ({error})", "give equally many numbers on every line") from error
    if headed:
        table = table[:, [name != _LABEL for name in names]]
    if table.shape[1] == 0:
        raise DataError(path, "CSV with labels alone: no images", "give the table of pixels")
    whole = table.min() >= 0 and 1 < table.max() <= 255 and (table == np.floor(table)).all()
    return table.astype(np.uint8) if whole else table


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

"""Tables with typed columns: a frame of pandas, or a Parquet file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .error import DataError
from .labels import label_remark, left_out
from .stored import Stored

__all__ = ["is_frame", "is_parquet", "of_frame", "read_parquet"]


def is_frame(data: object) -> bool:
    """Whether it is a frame of pandas, told without importing pandas."""
    return any(f"{kind.__module__}.{kind.__name__}".startswith("pandas.") for kind in type(data).__mro__[:-1]) and (
        hasattr(data, "columns")
    )


def of_frame(frame: Any, labels: Sequence[str], max_bytes: int) -> Stored:
    """The columns that are not labels; DataError where one is not of numbers."""
    columns = [str(name) for name in frame.columns]
    _check_fits("the frame", len(frame), len(columns), max_bytes)
    labelled = left_out("the frame", labels, columns, len(columns))
    kept = [k for k in range(len(columns)) if k not in labelled]
    for k in kept:
        if getattr(frame.dtypes.iloc[k], "kind", "O") not in "buif":
            raise _of_text("the frame", columns[k], frame.dtypes.iloc[k])
    return _stored(columns, kept, [frame.iloc[:, k].to_numpy(np.float64, na_value=np.nan) for k in kept], "the frame")


def is_parquet(raw: bytes | bytearray) -> bool:
    """Whether it begins as a Parquet file does."""
    return bytes(raw[:4]) == b"PAR1"


def read_parquet(path: Path, raw: bytes | bytearray, max_bytes: int, labels: Sequence[str]) -> Stored:
    """The columns that are not labels; needs pyarrow."""
    try:
        from pyarrow import ArrowException, parquet, types
    except ModuleNotFoundError as error:
        raise DataError(path, "Parquet needs pyarrow", "pip install 'modeflow[tables]', or give CSV") from error
    try:
        file = parquet.ParquetFile(io.BytesIO(raw))
        columns = [str(name) for name in file.schema_arrow.names]
        _check_fits(path, file.metadata.num_rows, len(columns), max_bytes)
        labelled = left_out(path, labels, columns, len(columns))
        kept = [k for k in range(len(columns)) if k not in labelled]
        for k in kept:
            kind = file.schema_arrow.field(k).type
            if not (types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind)):
                raise _of_text(path, columns[k], kind)
        table = file.read(columns=[columns[k] for k in kept]) if kept else None
        values = [] if table is None else [_of_arrow(column) for column in table.columns]
    except (ArrowException, OSError) as error:
        raise DataError(path, f"a damaged Parquet file ({str(error).splitlines()[0][:80]})", "fetch it again") from None
    return _stored(columns, kept, values, path)


def _of_arrow(column: Any) -> Any:
    """A column as float64, with NaN where a value is missing."""
    return np.asarray(column.cast("float64").to_numpy(), np.float64)


def _stored(columns: list[str], kept: list[int], values: list[Any], name: object) -> Stored:
    if not values or not len(values[0]):
        raise DataError(name, "no column of numbers, or no row", "give a table with both")
    names = tuple(columns[k] for k in kept)
    return Stored(np.column_stack(values), names, remark=label_remark(names))


def _check_fits(name: object, rows: int, columns: int, max_bytes: int) -> None:
    if rows * columns * 8 > max_bytes:
        found = f"{rows:,} rows of {columns:,} columns, more than {max_bytes:,} bytes as float64"
        raise DataError(name, found, "give fewer rows or columns")


def _of_text(name: object, column: str, kind: object) -> DataError:
    remedy = f"leave it out (labels=[{column[:40]!r}], --label {column[:40]!r}), or give numbers"
    return DataError(name, f"column {column[:40]!r} holds {str(kind)[:40]}, not numbers", remedy)

"""Files that appear whole or not at all, and pictures put in them."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["figure_path", "replace", "save"]

_FORMATS = (".png", ".pdf", ".svg")


def figure_path(path: str | Path) -> Path:
    """The path, where `save` can write there. Raises ValueError naming the remedy where it cannot."""
    path = Path(path)
    if path.suffix.lower() not in _FORMATS:
        raise ValueError(f"{path}: unknown kind of figure; end the name in {', '.join(_FORMATS)}")
    try:
        if not path.parent.is_dir():
            raise ValueError(f"{path}: no folder {path.parent}; make it first")
        if path.is_dir():
            raise ValueError(f"{path}: a folder; give a file name")
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise ValueError(f"{path}: cannot be written ({error.strerror}); give another file") from error
    return path


def save(figure: Figure, path: str | Path, *, dpi: int) -> None:
    """Draw the figure in the file, by its ending. Raises ValueError where the file cannot be written."""
    path = figure_path(path)
    drawn = io.BytesIO()
    figure.savefig(drawn, format=path.suffix[1:].lower(), dpi=dpi)
    try:
        replace(path, drawn.getvalue())
    except OSError as error:
        raise ValueError(f"{path}: cannot be written ({error.strerror}); give another file") from error


def replace(path: Path, content: bytes) -> None:
    """Put the content in the file in one step: a reader sees the old file or the whole new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

"""A folder of pictures, a sample each, read by Pillow."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...files.inputs import Unreadable, content
from .error import DataError
from .stored import Stored

__all__ = ["read_pictures"]

_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".pgm", ".ppm", ".webp"})
_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "PPM", "WEBP")
_MODES = {"1": "L", "L": "L", "LA": "L", "RGB": "RGB", "RGBA": "RGB", "P": "RGB"}


def read_pictures(folder: Path, max_bytes: int) -> Stored:
    """Every picture in the folder, by name: grey, or of three colours a pixel; all of one size and kind."""
    names, others = _listed(folder)
    first, values = "", None
    for k, path in enumerate(names):
        pixels = _pixels(path, max_bytes)
        if values is None:
            if pixels.size * len(names) * 8 > max_bytes:
                raise DataError(
                    folder,
                    f"{len(names):,} pictures of {pixels.size:,} numbers, more than {max_bytes:,} bytes",
                    "give fewer pictures, or smaller",
                )
            first, values = path.name, np.empty((len(names), *pixels.shape), np.uint8)
        if pixels.shape != values.shape[1:]:
            what = f"{_size(pixels.shape)}, where {first} is {_size(values.shape[1:])}"
            raise DataError(path, what, "give pictures of one size, all grey or all in colour")
        values[k] = pixels
    assert values is not None
    remark = f"{others:,} entries of the folder are no pictures and passed over" if others else ""
    return Stored(values, shades=True, remark=remark)


def _listed(folder: Path) -> tuple[list[Path], int]:
    """The pictures by name, and how many other entries there are."""
    try:
        entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise DataError(folder, error.strerror or str(error), "check the path and its permissions") from None
    names = [path for path in entries if path.suffix.lower() in _ENDINGS]
    if not names:
        raise DataError(folder, "a folder without pictures", f"give a file, or one with {', '.join(sorted(_ENDINGS))}")
    return names, len(entries) - len(names)


def _pixels(path: Path, max_bytes: int) -> NDArray[np.uint8]:
    """(height, width) or (height, width, 3)."""
    try:
        from PIL import Image
    except ModuleNotFoundError as error:
        raise DataError(path, "pictures need Pillow", "pip install pillow") from error
    try:
        raw = content(path, max_bytes)
    except Unreadable as error:
        raise DataError(path, error.why[:1].lower() + error.why[1:], "leave it out of the folder") from None
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as picture:
            return _decoded(path, picture, max_bytes)
    except DataError:
        raise
    except Exception as error:  # the decoders raise whatever they like
        raise DataError(path, f"a damaged picture, or none ({type(error).__name__})", "leave it out") from None


def _decoded(path: Path, picture: Any, max_bytes: int) -> NDArray[np.uint8]:
    if picture.mode not in _MODES:
        raise DataError(path, f"a picture of the kind {picture.mode}", "save it with 8 bits, grey or in colour")
    if picture.width * picture.height * 3 * 8 > max_bytes:
        what = f"a picture of {picture.width:,} × {picture.height:,} pixels"
        raise DataError(path, what, f"give smaller ones: {max_bytes:,} bytes are the most")
    return np.asarray(picture.convert(_MODES[picture.mode]), np.uint8)


def _size(shape: tuple[int, ...]) -> str:
    kind = "in colour" if len(shape) == 3 else "grey"
    return f"{shape[1]} × {shape[0]} pixels, {kind}"

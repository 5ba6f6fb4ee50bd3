"""uPlot, the library that draws the curves: in the package where it was built in, else where npm has put it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...files import inputs

FILES = {"script": "uPlot.iife.min.js", "style": "uPlot.min.css", "licence": "LICENSE"}
VERSION = "1.6.32"
LARGEST = inputs.MIB
_HERE = Path(__file__).parent


class MissingPlotting(ValueError):
    """uPlot is not where it is looked for; the message says what brings it."""


@dataclass(frozen=True)
class Plotting:
    """The texts of the library: its script, its style and its licence."""

    script: str
    style: str
    licence: str


def plotting(folder: Path | None = None) -> Plotting:
    """The library in a folder, be it that of its npm package or one with its three files; else where it is found.

    Raises MissingPlotting.
    """
    places = list(_places()) if folder is None else [folder / "dist", folder]
    found = next((place for place in places if (place / FILES["script"]).is_file()), None)
    if found is None:
        raise MissingPlotting(_missing(folder))
    return Plotting(**{part: _text(found, name) for part, name in FILES.items()})


def _places() -> Iterator[Path]:
    """In an installed package, and in a checkout."""
    yield _HERE / "uplot"
    checkout = _HERE.parents[3]
    if (checkout / "package.json").is_file():
        yield checkout / "node_modules" / "uplot" / "dist"


def _missing(folder: Path | None) -> str:
    if folder is not None:
        return f"{folder}: no {FILES['script']} there; give the folder of the npm package uplot {VERSION}"
    if (_HERE.parents[3] / "package.json").is_file():
        return f"uPlot {VERSION}, which draws the curves, is not here: run npm ci in {_HERE.parents[3]}"
    return (
        f"uPlot {VERSION}, which draws the curves, is not in this package: run npm install uplot@{VERSION}, "
        "then give --uplot node_modules/uplot"
    )


def _text(place: Path, name: str) -> str:
    """The licence of the npm package lies one folder above its files."""
    there = place / name if (place / name).is_file() else place.parent / name
    if not there.is_file():
        raise MissingPlotting(f"{place}: no {name} there; give the whole folder of the npm package uplot {VERSION}")
    return inputs.text(there, LARGEST)

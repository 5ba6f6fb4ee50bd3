"""Where a manuscript has mathematics, what is marked in it, and which macros its author defined.

Read as text only: nothing is executed, and \\input is followed inside the folder of the first file only.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from ...files import inputs
from . import markdown, tex
from .author_macros import Definition, define, definitions
from .displays import MARKDOWN, TEX, Finder, Found
from .environments import Displays, standard
from .folders import DEEPEST, ENDINGS, INPUT, LARGEST, LARGEST_NOTEBOOK, input_name, is_manuscript
from .marks import Display, Gap, Mark, bound, written
from .notebooks import UnreadableNotebook, markdown_cells
from .tokens import Macro


class UnreadableSource(ValueError):
    """A file that cannot be checked; the message says which and why.

    Example:
        >>> from modeflow import manuscript
        >>> manuscript.check(["nothing.tex"])
        Traceback (most recent call last):
        modeflow.manuscript.UnreadableSource: nothing.tex: No such file or directory; check the path ...
    """

    __module__ = "modeflow.manuscript"  # the path that users import, which tracebacks show


@dataclass(frozen=True)
class Unread:
    r"""An \input{…} that is not followed: how it is written, where, and why."""

    written: str
    position: int
    reason: str


@dataclass
class Source:
    """One file, or one Markdown cell of a notebook, with the line of the file for each of its lines."""

    path: Path
    text: str
    cell: int | None = None
    lines_in_file: tuple[int, ...] = ()
    displays: list[Display] = field(default_factory=list)
    lost: list[Mark] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = [0, *(m.end() for m in re.finditer("\n", self.text))]

    def place(self, position: int) -> tuple[int, int]:
        """Line and column, from 1."""
        line = bisect_right(self._lines, position)
        return line, position - self._lines[line - 1] + 1


# What stands behind \\begin{…} and is no part of the equations.
_OPTIONS = {
    **dict.fromkeys(("alignat", "xalignat", "xxalignat"), r"\s*\{\d+\}"),
    **dict.fromkeys(("gather", "align", "equation", "flalign", "multline"), r"\s*\[[a-z]\]"),
    "dmath": r"\s*\[[^\]\n]*\]",
    "IEEEeqnarray": r"\s*(?:\[[^\]\n]*\])?\s*\{[^{}\n]*\}",
}


Unsaved = Mapping[str, str]  # the real name of a file, and the text that is read in the place of what is saved there
_ALL_SAVED: Unsaved = MappingProxyType({})


def read(path: Path, unsaved: Unsaved = _ALL_SAVED) -> tuple[list[Source], dict[str, Macro]]:
    """The file and, for TeX, those that it inputs, or a notebook's Markdown cells; and the macros defined in any.

    Raises UnreadableSource.
    """
    if not is_manuscript(path):
        raise UnreadableSource(f"{path}: only {', '.join(ENDINGS)} are read; give one of these")
    sources = _cells(path) if path.suffix.lower() == ".ipynb" else followed(path, unsaved)
    macros: dict[str, Macro] = {}
    stripped = [tex.Stripped(source.text) for source in sources]
    loaded = [tex.Stripped(text) for text in _packages(path, stripped, unsaved)]
    defined = [definitions(one.text) for one in (*loaded, *stripped)]
    for own, one in zip(defined, (*loaded, *stripped), strict=True):
        define(own, one.text, macros)
    displays = standard()
    displays.read(chain.from_iterable(defined))
    names = {one.name for one in chain.from_iterable(defined)}
    del defined[: len(loaded)]
    for source, own, one in zip(sources, defined, stripped, strict=True):
        if source.path.suffix.lower() == ".tex":
            _tex(source, own, one, displays, names)
        else:
            _markdown(source, own, displays, names)
    return sources, macros if path.suffix.lower() == ".tex" else _OF_KATEX | macros


# What KaTeX, which shows Markdown on the web, knows without a definition, and LaTeX does not.
_OF_KATEX = {
    f"\\{name}": Macro(0, f"\\mathbb{{{letter}}}")
    for letter, names in {"R": "R reals Reals", "N": "N natnums", "Z": "Z", "C": "cnums Complex"}.items()
    for name in names.split()
}
_LOADS = re.compile(
    r"\\(?P<how>usepackage|RequirePackage|documentclass|LoadClass)\s*(?:\[[^\]]*\])?\s*\{(?P<names>[^{}]{1,400})\}"
)
MOST_PACKAGES = 20  # that are read


def _packages(path: Path, stripped: Iterable[tex.Stripped], unsaved: Unsaved) -> Iterator[str]:
    r"""The packages and classes beside a paper that it, or one of them, loads: what they define is defined."""
    folder = path.parent
    waiting = [one.text for one in stripped] if path.suffix.lower() == ".tex" else []
    seen: set[Path] = set()
    while waiting and len(seen) < MOST_PACKAGES:
        for found in _LOADS.finditer(waiting.pop(0)):
            ending = ".cls" if "lass" in found["how"] else ".sty"
            for name in found["names"].split(","):
                child = folder / f"{name.strip()}{ending}"
                if child in seen or len(seen) >= MOST_PACKAGES or _why_not_read(folder, child):
                    continue
                seen.add(child)
                waiting.append(_text(child, unsaved))
                yield waiting[-1]


def _cells(path: Path) -> list[Source]:
    try:
        cells = markdown_cells(_text(path, _ALL_SAVED, LARGEST_NOTEBOOK))
    except UnreadableNotebook as error:
        raise UnreadableSource(f"{path}: {error}") from None
    if sum(len(cell.text) for cell in cells) > LARGEST:
        raise UnreadableSource(f"{path}: its Markdown is larger than {LARGEST >> 20} MiB; split it")
    return [Source(path, cell.text.replace("\r", " "), cell.number, cell.lines) for cell in cells]


def outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths without files that another of them inputs: those are read there, with its macros.

    Of files that input each other the first by name is kept.
    """
    paths = list(paths)
    reached = {os.path.realpath(path): parts(path) for path in paths}
    return [path for path in paths if not _is_part(os.path.realpath(path), reached)]


def _is_part(path: str, reached: Mapping[str, frozenset[str]]) -> bool:
    return any(
        path in inside and other != path and (other not in reached[path] or other < path)
        for other, inside in reached.items()
    )


def parts(path: Path, unsaved: Unsaved = _ALL_SAVED) -> frozenset[str]:
    """The real names of the files that a file inputs, and those input there; of none where one cannot be read."""
    try:
        if path.suffix.lower() != ".tex" or not INPUT.search(_text(path, unsaved)):
            return frozenset()
        return frozenset(os.path.realpath(source.path) for source in followed(path, unsaved)[1:])
    except UnreadableSource:
        return frozenset()


def followed(path: Path, unsaved: Unsaved = _ALL_SAVED) -> list[Source]:
    """The file and, for TeX, those that it inputs. Raises UnreadableSource."""
    sources: list[Source] = []
    _follow(path, path.parent, 0, sources, set(), unsaved)
    return sources


def _follow(path: Path, folder: Path, depth: int, sources: list[Source], seen: set[Path], unsaved: Unsaved) -> None:
    real = Path(os.path.realpath(path))
    if real in seen:
        return
    seen.add(real)
    source = Source(path, _text(path, unsaved))
    sources.append(source)
    if path.suffix.lower() != ".tex":
        return
    if depth > DEEPEST:
        raise UnreadableSource(f"{path}: more than {DEEPEST} files inside files; write \\input in fewer steps")
    for found in INPUT.finditer(tex.Stripped(source.text).text):
        child = input_name(folder, found)
        if why := _why_not_read(folder, child):
            source.unread += [Unread(found[0], found.start(), why)] if "#" not in found[0] else []
        else:
            _follow(child, folder, depth + 1, sources, seen, unsaved)


def _why_not_read(folder: Path, path: Path) -> str:
    """Why the name leads to nothing in the folder; "" if it does. What is there and is no file is refused when read."""
    try:
        is_file = stat.S_ISREG(os.stat(path).st_mode)
    except ValueError:
        return "no file can have this name"
    except OSError as error:
        if error.errno in _ABSENT and not os.path.islink(path):
            return _absent(path) if _is_inside(folder, os.path.abspath(path)) else _OUTSIDE
        is_file = False
    place = os.path.realpath if is_file else os.path.abspath
    return "" if _is_inside(place(folder), place(path)) else _OUTSIDE


def _absent(path: Path) -> str:
    name = str(path)
    return f"there is no file {name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + '…'}"


def _is_inside(folder: str | Path, path: str) -> bool:
    return Path(path).is_relative_to(os.path.abspath(folder))


_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
LONGEST_NAME = 100  # characters of a name that are told
_OUTSIDE = "the file is outside the folder of the first one, and is not read"  # whether it is there is not told


_LINE_END = re.compile(r"\r\n?")


def _text(path: Path, unsaved: Unsaved, largest: int = LARGEST) -> str:
    try:
        text = unsaved.get(os.path.realpath(path)) if unsaved else None
        text = inputs.text(path, largest) if text is None else inputs.no_larger(path, text, largest)
        return _LINE_END.sub("\n", text.removeprefix("\ufeff"))
    except inputs.Unreadable as error:
        raise UnreadableSource(str(error)) from None


# Mathematics and marks -------------------------------------------------------------------------------------


def _tex(
    source: Source, own: Sequence[Definition], stripped: tex.Stripped, displays: Displays, names: Container[str]
) -> None:
    text = tex.without(stripped.text, own)
    found = Finder(text, TEX, displays).all()
    marks = tex.in_definitions(stripped.marks, own)
    marks += written(text, marks, "% modeflow: …")
    pieces, lost = bound(text, found, marks, Gap(names, markdown=False))
    source.displays = [_display(source, *piece, _TEX_COMMENT) for piece in pieces]
    source.lost = sorted([*lost, *stripped.dead], key=lambda m: m.position)


def _markdown(source: Source, own: Sequence[Definition], displays: Displays, names: Container[str]) -> None:
    stripped = markdown.Stripped(source.text)
    text = tex.without(stripped.text, own)
    found = sorted([*Finder(text, MARKDOWN, displays).all(), *stripped.blocks], key=lambda f: f.begin)
    percent = markdown.percent_marks(text, found)
    marks = tex.in_definitions(sorted([*stripped.marks, *percent], key=lambda m: m.position), own)
    marks += written(text, marks, "<!-- modeflow: … -->")
    pieces, lost = bound(text, found, marks, Gap(names, markdown=True))
    source.displays = [_display(source, *piece, _ANY_COMMENT) for piece in pieces]
    source.lost = sorted(lost, key=lambda m: m.position)


_TEX_COMMENT = re.compile(r"\\.|%[^\n]*", re.DOTALL)
_ANY_COMMENT = re.compile(r"\\.|%[^\n]*|<!--.*?(?:-->|\Z)", re.DOTALL)  # Markdown hands both to what sets mathematics
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)  # what a line of a quotation in Markdown begins with


def _display(
    source: Source, piece: Found, before: Sequence[Mark], inside: Sequence[Mark], comment: re.Pattern[str]
) -> Display:
    text = source.text[piece.start : piece.stop]
    if comment is _ANY_COMMENT:
        if _QUOTED.match(source.text, source.text.rfind("\n", 0, piece.start) + 1):
            text = _QUOTED.sub(lambda m: " " * len(m[0]), text)
        text = re.sub(r"\A`|`\Z", " ", text)
    if options := re.match(_OPTIONS.get(piece.environment, r"\Z"), text):
        text = " " * options.end() + text[options.end() :]
    problem = piece.problem or (_TWO if piece.environment == "$$" and _has_two(text) else "")
    text = comment.sub(lambda m: m[0] if m[0][0] == "\\" else tex.blanked(m[0]), text)
    return Display(piece.environment, text, piece.start, tuple(before), tuple(inside), problem)


_TWO = "an empty line stands between two equations of one display: write each as a display of its own"
_EMPTY = re.compile(r"\n[ \t]*\n")


def _has_two(text: str) -> bool:
    """Whether empty lines part equations, which some set apart and others as one."""
    return sum("=" in part for part in _EMPTY.split(text)) > 1 and "\\begin" not in text

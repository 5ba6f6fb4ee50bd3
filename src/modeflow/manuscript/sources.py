"""Where a manuscript has mathematics, what is marked in it, and which macros its author defined.

Read as text only: nothing is executed, and \\input is followed inside the folder of the first file only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from .macros import define
from .notebooks import UnreadableNotebook, markdown_cells
from .tokens import Macro

ENDINGS = (".tex", ".md", ".markdown", ".ipynb")
LARGEST = 4 * 2**20  # bytes of one file
LARGEST_NOTEBOOK = 64 * 2**20  # pictures are kept in it
DEEPEST = 8  # files inside files


class UnreadableSource(ValueError):
    """A file that cannot be checked; the message says which and why."""


@dataclass(frozen=True)
class Mark:
    """A comment `modeflow: …`; what it says, and where."""

    says: str
    position: int


@dataclass(frozen=True)
class Display:
    """One piece of mathematics: its environment ("$" inline), text, place, label marks, and marks in and before it."""

    environment: str
    text: str
    position: int
    before: tuple[Mark, ...]
    inside: tuple[Mark, ...]


@dataclass
class Source:
    """One file, or one Markdown cell of a notebook, with the line of the file for each of its lines."""

    path: Path
    text: str
    cell: int | None = None
    lines_in_file: tuple[int, ...] = ()
    displays: list[Display] = field(default_factory=list)
    lost: list[Mark] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = [0, *(m.end() for m in re.finditer("\n", self.text))]

    def place(self, position: int) -> tuple[int, int]:
        """Line and column, from 1."""
        line = bisect_right(self._lines, position)
        return line, position - self._lines[line - 1] + 1


DISPLAYS = (
    *("equation", "align", "gather", "multline", "eqnarray", "displaymath", "math", "flalign", "alignat"),
    *("xalignat", "xxalignat", "dmath", "IEEEeqnarray"),
)
# What stands behind \\begin{…} and is no part of the equations.
_OPTIONS = {
    **dict.fromkeys(("alignat", "xalignat", "xxalignat"), r"\s*\{\d+\}"),
    **dict.fromkeys(("gather", "align", "equation", "flalign", "multline"), r"\s*\[[a-z]\]"),
    "dmath": r"\s*\[[^\]\n]*\]",
    "IEEEeqnarray": r"\s*(?:\[[^\]\n]*\])?\s*\{[^{}\n]*\}",
}
# Displays of other packages: a mark before one is not meant for the display behind it.
UNREAD = ("dgroup", "dseries", "darray", "empheq", "mathpar")
_VERBATIM = ("verbatim", "Verbatim", "lstlisting", "minted", "comment", "filecontents")
_TEX = re.compile(
    r"(?P<escaped>\\[\\%$&#_{}])"
    r"|(?P<comment>%[^\n]*)"
    r"|(?P<verb>\\(?:verb|lstinline)\*?(?P<quote>[^A-Za-z\s*{])[^\n]*?(?P=quote))"
    r"|(?P<off>\\iffalse\b|\\if\s*0(?!\d))"
    r"|(?P<end>\\end\s*\{document\})"
    r"|\\begin\s*\{(?P<environment>[A-Za-z]+\*?)\}"
    r"|(?P<open>\\\[|\\\(|\$\$|\$)"
)
_MARK = re.compile(r"%+\s*modeflow:(.*)")
_HTML = re.compile(r"<!--(.*?)-->", re.DOTALL)
_CLOSES = {"\\[": "\\]", "\\(": "\\)", "$$": "$$", "$": "$"}


def read(path: Path) -> tuple[list[Source], dict[str, Macro]]:
    """The file and, for TeX, those that it inputs, or a notebook's Markdown cells; and the macros defined in any.

    Raises UnreadableSource.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UnreadableSource(f"{path}: only {', '.join(ENDINGS)} are read")
    if path.suffix.lower() == ".ipynb":
        sources = _cells(path)
    else:
        sources = []
        _follow(path, path.resolve().parent, 0, sources, set())
    macros: dict[str, Macro] = {}
    for source in sources:
        define(_live(source.text), macros)
    for source in sources:
        find = _tex if source.path.suffix.lower() == ".tex" else _markdown
        find(source)
    return sources, macros


def _cells(path: Path) -> list[Source]:
    try:
        cells = markdown_cells(_text(path, LARGEST_NOTEBOOK))
    except UnreadableNotebook as error:
        raise UnreadableSource(f"{path}: {error}") from None
    if sum(len(cell.text) for cell in cells) > LARGEST:
        raise UnreadableSource(f"{path}: its Markdown is larger than {LARGEST >> 20} MiB")
    return [Source(path, cell.text, cell.number, cell.lines) for cell in cells]


def _follow(path: Path, root: Path, depth: int, sources: list[Source], seen: set[Path]) -> None:
    resolved = path.resolve()
    if resolved in seen:
        return
    seen.add(resolved)
    source = Source(path, _text(path))
    sources.append(source)
    if path.suffix.lower() != ".tex" or depth >= DEEPEST:
        return
    for found in re.finditer(r"\\(?:input|include)\s*\{([^{}\n]+)\}", _live(source.text)):
        name = found[1].strip()
        child = root / (name if name.endswith(".tex") else name + ".tex")
        if _is_file_in(root, child):
            _follow(child, root, depth + 1, sources, seen)


def _is_file_in(root: Path, path: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root) and path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _text(path: Path, largest: int = LARGEST) -> str:
    try:
        if path.stat().st_size > largest:
            raise UnreadableSource(f"{path}: larger than {largest >> 20} MiB")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{path}: is not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise UnreadableSource(f"{path}: {error.strerror or error}") from None


def _live(text: str) -> str:
    """The text with what TeX does not carry out blanked, at the same places: comments, verbatim, \\iffalse."""
    parts = []
    at = last = 0
    while found := _TEX.search(text, at):
        at = found.end()
        environment = found["environment"] or ""
        if found["off"]:
            at = _after_fi(text, at)
        elif found["end"]:
            at = len(text)
        elif environment.rstrip("*") in _VERBATIM:
            at = _after(text, f"\\end{{{environment}}}", at)
        elif not (found["comment"] or found["verb"]):
            continue
        parts += [text[last : found.start()], re.sub(r"[^\n]", " ", text[found.start() : at])]
        last = at
    return "".join([*parts, text[last:]])


# TeX ------------------------------------------------------------------------------------------------------


def _tex(source: Source) -> None:
    text, at = source.text, 0
    waiting: list[Mark] = []
    unclosed: dict[str, int] = {}
    while found := _TEX.search(text, at):
        at = found.end()
        if found["comment"]:
            if mark := _MARK.match(found["comment"]):
                waiting.append(Mark(mark[1].strip(), found.start()))
        elif found["off"]:
            at = _after_fi(text, at)
        elif found["end"]:
            break
        elif environment := found["environment"]:
            if environment.rstrip("*") in _VERBATIM:
                at = _after(text, f"\\end{{{environment}}}", at)
            elif environment.rstrip("*") in (*DISPLAYS, *UNREAD):
                end = text.find(f"\\end{{{environment}}}", at)
                end = len(text) if end < 0 else end
                waiting = _add(source, environment.rstrip("*"), at, end, waiting, _TEX_COMMENT)
                at = end
        elif opened := found["open"]:
            close = _closing(text, _CLOSES[opened], at, unclosed)
            if close is None:
                continue
            end = close
            waiting = _add(source, "$" if opened in ("$", "\\(") else "$$", at, end, waiting, _TEX_COMMENT)
            at = end + len(opened)
    source.lost += waiting


_ENDS = re.compile(r"\\\]|\\\)|\\.|%[^\n]*|\$\$?|\n[ \t]*\n", re.DOTALL)


def _closing(text: str, close: str, at: int, unclosed: dict[str, int]) -> int | None:
    """Where mathematics ends; an empty line ends the search, as it stops TeX.

    unclosed: up to where each ending was looked for in vain, so that nothing is searched twice.
    """
    if at < unclosed.get(close, 0):
        return None
    for found in _ENDS.finditer(text, at):
        if found[0] == close or (close == "$" and found[0][:1] == "$"):
            return found.start()
        if found[0][0] == "\n":
            unclosed[close] = found.start()
            return None
    unclosed[close] = len(text)
    return None


def _after(text: str, ending: str, at: int) -> int:
    end = text.find(ending, at)
    return len(text) if end < 0 else end + len(ending)


def _after_fi(text: str, at: int) -> int:
    depth = 1
    for found in re.finditer(r"\\if[A-Za-z]*|\\fi\b|\\else\b", text[at:]):
        if found[0] == "\\fi":
            depth -= 1
        elif found[0] != "\\else":
            depth += 1
        if depth == 0 or (depth == 1 and found[0] == "\\else"):
            return at + found.end()
    return len(text)


_TEX_COMMENT = re.compile(r"\\.|%[^\n]*", re.DOTALL)
_ANY_COMMENT = re.compile(r"\\.|%[^\n]*|<!--.*?(?:-->|\Z)", re.DOTALL)  # Markdown hands both to what sets mathematics


_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)  # what a line of a quotation in Markdown begins with


def _add(
    source: Source, environment: str, start: int, end: int, waiting: list[Mark], comment: re.Pattern[str]
) -> list[Mark]:
    text = source.text[start:end]
    if comment is _ANY_COMMENT and _QUOTED.match(source.text, source.text.rfind("\n", 0, start) + 1):
        text = _QUOTED.sub(lambda m: " " * len(m[0]), text)
    inside = []
    if options := re.match(_OPTIONS.get(environment, r"\Z"), text):
        text = " " * options.end() + text[options.end() :]
    pieces = []
    last = 0
    for found in comment.finditer(text):
        if found[0][0] == "\\":
            continue
        if says := _MARK.match(found[0]) or _html_mark(found[0]):
            inside.append(Mark(says[1].strip(), start + found.start()))
        pieces += [text[last : found.start()], re.sub(r"[^\n]", " ", found[0])]
        last = found.end()
    blanked = "".join([*pieces, text[last:]])
    source.displays.append(Display(environment, blanked, start, tuple(waiting), tuple(inside)))
    return []


def _html_mark(comment: str) -> re.Match[str] | None:
    return re.match(r"<!--\s*modeflow:(.*)-->", comment, re.DOTALL)


# Markdown -------------------------------------------------------------------------------------------------

_MD = re.compile(
    r"(?P<fence>^[ \t]*(?P<ticks>`{3,}+|~{3,}+)(?P<kind>[^\n]*+)\n"
    r"(?P<options>(?:[ \t]*:[^\n]*\n)*)(?P<inside>.*?)(?:^[ \t]*(?P=ticks)[^\n]*$|\Z))"
    r"|(?P<html><!--.*?(?:-->|\Z))"
    r"|(?P<code>(?<!`)(?P<tick>`++).*?(?<!`)(?P=tick)(?!`))"
    r"|(?P<escaped>\\[\\$])"
    r"|\\begin\s*\{(?P<environment>[A-Za-z]+\*?)\}"
    r"|(?P<open>\$\$|\$)",
    re.DOTALL | re.MULTILINE,
)


# Blocks of mathematics on GitHub and GitLab, and in MyST, where options such as a label stand first.
_MATH = ("math", "{math}")


def _markdown(source: Source) -> None:
    text, at = source.text, 0
    waiting: list[Mark] = []
    unclosed: dict[str, int] = {}
    while found := _MD.search(text, at):
        at = found.end()
        if found["html"]:
            if mark := _html_mark(found["html"]):
                waiting.append(Mark(mark[1].strip(), found.start()))
        elif found["fence"] and (kind := found["kind"].strip()) in _MATH:
            begin = found.start("inside" if kind == "{math}" else "options")
            waiting = _add(source, "$$", begin, found.end("inside"), waiting, _ANY_COMMENT)
        elif environment := found["environment"]:
            if environment.rstrip("*") in (*DISPLAYS, *UNREAD):
                end = text.find(f"\\end{{{environment}}}", at)
                end = len(text) if end < 0 else end
                waiting = _add(source, environment.rstrip("*"), at, end, waiting, _ANY_COMMENT)
                at = end
        elif opened := found["open"]:
            close = _closing(text, opened, at, unclosed)
            if close is None:
                continue
            end = close
            waiting = _add(source, opened, at, end, waiting, _ANY_COMMENT)
            at = end + len(opened)
    source.lost += waiting

"""A first configuration for a manuscript: every symbol of its mathematics, those that are known with their meaning."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...statements.catalogue import Catalogue
from ...statements.chapter import Chapter
from ..read.cursor import Cursor
from ..read.symbols import NamesAsWritten, read_name
from ..text.commands import FUNCTIONS, PAIRS, TRANSPOSES
from ..text.rows import pieces
from ..text.sources import Source, read
from ..text.spacing import cleaned
from ..text.tokens import Macro, Token, Unparsed, tokens
from .notation import Notation, configuration
from .presets import PRESETS

_LABEL = re.compile(r"\\label\s*\{([^{}]+)\}")
_NO_SYMBOLS = {"d", "e", "E"}  # the d of d/dt, the base of exponentials, a mean


@dataclass(frozen=True)
class _Use:
    """How often a symbol stands in the mathematics, and where first."""

    times: int
    file: str
    line: int


def first_configuration(paths: Sequence[Path], chapters: Sequence[Chapter] = ()) -> str:
    r"""The text of a modeflow.toml for manuscripts, to be completed by hand.

    It lists every symbol of the mathematics, those that a known notation has with their meaning and the others to fill
    in, and the labels of the equations.

    Parameters:
        paths: LaTeX, Markdown or notebook files.
        chapters: chapters of your own, whose letters are then taken in the place of a known notation.
    Returns: the text, in TOML.
    Raises:
        UnreadableSource: a file that cannot be read.
        UnusableConfiguration: two chapters of one key.
    Example:
        >>> from pathlib import Path
        >>> from modeflow import manuscript
        >>> _ = Path("paper.tex").write_text(r'''
        ... % modeflow: dae.fixed_point
        ... \[ w^* = \frac{\lambda}{\lambda - \varepsilon} \]
        ... ''')
        >>> print(manuscript.first_configuration([Path("paper.tex")]).splitlines()[0])
        # A first configuration for paper.tex.
    """
    uses: Counter[str] = Counter()
    first: dict[str, tuple[str, int]] = {}
    labels: dict[str, str] = {}
    for path in paths:
        sources, macros = read(path)
        for source in sources:
            for name, position in names_in(source, macros):
                uses[name] += 1
                first.setdefault(name, (str(source.path), source.place(position)[0]))
            labels |= _labelled(source)
    for name in [n for n in uses if f"{n}(t)" in uses]:  # w stands for w(t) where that is written as well
        uses[f"{name}(t)"] += uses.pop(name)
    symbols = {name: _Use(times, *first[name]) for name, times in uses.most_common()}
    own = configuration({}, "chapters", chapters).notation
    preset, table = _best(symbols) if not chapters else ("", _known_there(symbols, own.table))
    lines = [
        *_head(paths, len(symbols), preset, len(table)),
        *_symbols(symbols, table, own.catalogue),
        *_labels(labels, own.catalogue),
    ]
    return "\n".join(lines) + "\n"


# What stands in the manuscript ----------------------------------------------------------------------------


def names_in(source: Source, macros: Mapping[str, Macro]) -> Iterator[tuple[str, int]]:
    """Every symbol of its mathematics, as often as it stands there, and where; w(t) for a function of t."""
    for display in source.displays:
        for piece in pieces(display):
            try:
                formula = cleaned(tokens(piece.text, piece.position, macros))
            except Unparsed:
                continue
            yield from names_of(formula)


def names_of(formula: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """The same in one formula, whose tokens are cleaned."""
    reader, bound, at = Cursor(formula, NamesAsWritten()), _indices(formula), 0
    while at < len(formula):
        name, end = _symbol(reader, formula, at, bound)
        if name:
            yield name, formula[at].position
        at = end


def _symbol(reader: Cursor, formula: Sequence[Token], at: int, bound: Container[str]) -> tuple[str, int]:
    """The symbol that begins there, and where it ends; "" and the next token where none begins."""
    reader.place = at
    name = None if formula[at].text in FUNCTIONS else _name(reader)
    if name is None or name in _NO_SYMBOLS or name in bound or _is_part(formula, at, name):
        return "", at + 1
    name, end = name.rstrip("'"), reader.place
    over_time = reader.next in PAIRS and reader.ahead(1) == "t" and reader.ahead(2) == PAIRS[reader.next]
    return (f"{name}(t)", end + 1) if over_time else (name, end)  # t is counted as well


def _name(reader: Cursor) -> str | None:
    try:
        return read_name(reader)
    except Unparsed:
        return None


def _indices(formula: Sequence[Token]) -> set[str]:
    """The indices of sums, which mean nothing outside of them."""
    under = (
        [t.text for t in formula[at + 1 : at + 4] if t.text != "{"] for at, t in enumerate(formula) if t.text == "\\sum"
    )
    return {letters[1] for letters in under if letters[:1] == ["_"] and len(letters) > 1}


def _is_part(formula: Sequence[Token], at: int, name: str) -> bool:
    """Whether it is the T of a transpose, or the name of an operator."""
    raised = at > 0 and formula[at - 1].text in ("^", "{") and name in TRANSPOSES
    return raised or name.startswith(("\\mathrm{d}", "\\mathrm{e}"))


def _labelled(source: Source) -> dict[str, str]:
    """Labels of equations, with the text that they stand at."""
    texts: dict[str, str] = {}
    for display in source.displays:
        for piece in pieces(display):
            original = source.text[piece.position : piece.end]
            labels = _LABEL.findall(original)
            texts |= dict.fromkeys(labels, " ".join(_LABEL.sub("", original).split()) if labels else "")
    return texts


# The file -------------------------------------------------------------------------------------------------


def _head(paths: Sequence[Path], symbols: int, preset: str, known: int) -> list[str]:
    lines = [
        f"# A first configuration for {', '.join(_printable(path.name) for path in paths)}.",
        "# Complete it, and save it beside the manuscript as modeflow.toml.",
        "# `modeflow derive` prints the claims; the page on quantities, their names here.",
        "",
        "[manuscript]",
    ]
    if known and not preset:
        lines.append(f"# With --chapters, {known} of {symbols} symbols are known without this file.")
    elif known:
        lines.append(f"notation = {_quoted(preset)}  # knows {known} of {symbols} symbols")
    return lines


def _best(symbols: Mapping[str, _Use]) -> tuple[str, dict[str, tuple[str, Any]]]:
    """The preset that knows most of what stands there, and what it knows, as it declares it."""
    known = {}
    for name, make in PRESETS.items():
        known[name] = _known_there(symbols, Notation(*make()).table)
    best = max(known, key=lambda name: sum(symbols[written].times for written in known[name]))
    return best, known[best]


def _known_there(symbols: Iterable[str], table: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Of the symbols those in the table: as they are written, with their key there and what it means."""
    as_function = {k.removesuffix("(t)"): k for k in table if k.endswith("(t)")}
    spelled = {written: written if written in table else as_function.get(written, "") for written in symbols}
    return {written: (key, table[key]) for written, key in spelled.items() if key}


_TO_FILL_IN = (
    "",
    "# To fill in: the name of a quantity, or what is known of a new one, such as { positive = true };",
    "# w(t) for a function of t. Lines that are not needed may go.",
)


def _symbols(symbols: Mapping[str, _Use], table: Mapping[str, tuple[str, Any]], catalogue: Catalogue) -> list[str]:
    names = {d.applied: (i, d.says.removesuffix(".")) for i, d in catalogue.definitions.items()}
    names |= {q.symbol: (name, q.meaning) for name, q in catalogue.quantities.items()}
    known = [_known(declared, meant, symbols[name], names) for name, (declared, meant) in table.items()]
    missing = [_to_fill_in(name, use, names) for name, use in symbols.items() if name not in table]
    return ["", "[manuscript.symbols]", *known, *(_TO_FILL_IN if missing else ()), *missing]


def _known(declared: str, meant: Any, use: _Use, names: Mapping[Any, tuple[str, str]]) -> str:
    """A line with what the notation means by the symbol."""
    if meant not in names:
        return f"# {_quoted(declared)}: {_printable(meant)} by the notation; {_said(use)}"
    quantity, meaning = names[meant]
    return f"{_quoted(declared)} = {_quoted(quantity)}  # {meaning}; {_said(use)}"


def _to_fill_in(name: str, use: _Use, names: Mapping[Any, tuple[str, str]]) -> str:
    """A line with what another notation means by the symbol, if one knows it."""
    for preset, make in PRESETS.items():
        meant = Notation(*make()).table.get(name)
        if meant in names:
            return f"# {_quoted(name)} = {_quoted(names[meant][0])}  # as in {preset}? {_said(use)}"
    return f'# {_quoted(name)} = ""  # {_said(use)}'


def _labels(labels: Mapping[str, str], catalogue: Catalogue) -> list[str]:
    if not labels:
        return []
    lines = ["", "[manuscript.labels]", "# The claim that each equation states, or none; or mark it in the text."]
    for label, text in labels.items():
        shown = text if len(text) <= 60 else text[:57] + "..."
        lines.append(f'# {_quoted(label)} = ""  # {_printable(shown)}')
    claim = next(i for i, c in catalogue.claims.items() if c.satisfies)
    return [*lines, f'# for example: "eq:1" = {_quoted(claim)}']


def _said(use: _Use) -> str:
    times = "once" if use.times == 1 else f"{use.times} times"
    return f"{times}, first at {_printable(use.file)}:{use.line}"


def _quoted(text: str) -> str:
    """A TOML string; as it stands, where that is possible."""
    is_literal = "\\" in text and text.isprintable() and "'" not in text
    return f"'{text}'" if is_literal else json.dumps(text)


def _printable(value: object) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(value))

"""A first configuration for a manuscript: every symbol of its mathematics, those that are known with their meaning."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...statements.catalogue import Catalogue
from ...statements.chapter import Chapter
from ..text.rows import pieces
from ..text.sources import Source, read
from .notation import configuration, notations, shipped_notation
from .scalars import Scalars
from .written_names import names_in

_LABEL = re.compile(r"\\label\s*\{([^{}]+)\}")


@dataclass(frozen=True)
class _Use:
    """How often a symbol stands in the mathematics, and where first."""

    times: int
    file: str
    line: int


def first_configuration(paths: Sequence[Path], chapters: Sequence[Chapter] = (), steps: bool = False) -> str:
    r"""The text of a modeflow.toml for manuscripts, to be completed by hand.

    It lists every symbol of the mathematics, those that a known notation has with their meaning and the others to fill
    in, and the labels of the equations.

    Parameters:
        paths: LaTeX, Markdown or notebook files.
        chapters: chapters of your own, whose letters are then taken in the place of a known notation.
        steps: whether it is for the steps of calculations: no notation is chosen, and of letters that look like real
            numbers that is proposed.
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
    proposed: dict[str, str] = {}
    first: dict[str, tuple[str, int]] = {}
    labels: dict[str, str] = {}
    for path in paths:
        sources, macros = read(path)
        for source in sources:
            for name, position in names_in(source, macros):
                uses[name] += 1
                first.setdefault(name, (str(source.path), source.place(position)[0]))
            labels |= _labelled(source)
        if steps:
            proposed |= _proposed(Scalars(sources, macros), uses)
    for name in [n for n in uses if f"{n}(t)" in uses]:  # w stands for w(t) where that is written as well
        uses[f"{name}(t)"] += uses.pop(name)
    symbols = {name: _Use(times, *first[name]) for name, times in uses.most_common()}
    own = configuration({}, "chapters", chapters).notation
    preset, table = _best(symbols) if not (chapters or steps) else ("", _known_there(symbols, own.table))
    lines = [
        *_head(paths, len(symbols), preset, len(table)),
        *(["steps = true"] if steps else []),
        *_symbols(symbols, table, own.catalogue, proposed),
        *_labels(labels, own.catalogue),
    ]
    return "\n".join(lines) + "\n"


# What stands in the manuscript ----------------------------------------------------------------------------


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
    known = {name: _known_there(symbols, shipped_notation(name).table) for name in notations()}
    best = max(known, key=lambda name: sum(symbols[written].times for written in known[name]))
    return best, known[best]


def _known_there(symbols: Iterable[str], table: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Of the symbols those in the table: as they are written, with their key there and what it means."""
    as_function = {k.removesuffix("(t)"): k for k in table if k.endswith("(t)")}
    spelled = {written: written if written in table else as_function.get(written, "") for written in symbols}
    return {written: (key, table[key]) for written, key in spelled.items() if key}


_PROPOSED = ("# These look like real numbers. Correct what is not: a vector among them makes verdicts false.",)
_TO_FILL_IN = (
    "",
    "# To fill in: the name of a quantity, or what is known of a new one, such as { positive = true };",
    "# w(t) for a function of t. Lines that are not needed may go.",
)


def _symbols(
    symbols: Mapping[str, _Use],
    table: Mapping[str, tuple[str, Any]],
    catalogue: Catalogue,
    proposed: Mapping[str, str],
) -> list[str]:
    names = {d.applied: (i, d.says.removesuffix(".")) for i, d in catalogue.definitions.items()}
    names |= {q.symbol: (name, q.meaning) for name, q in catalogue.quantities.items()}
    known = [_known(declared, meant, symbols[name], names) for name, (declared, meant) in table.items()]
    looks = [f"{proposed[n]}  # {_said(use)}" for n, use in symbols.items() if n in proposed]
    rest = {name: use for name, use in symbols.items() if name not in table and name not in proposed}
    missing = [_to_fill_in(name, use, {} if proposed else names) for name, use in rest.items()]
    return [
        "",
        "[manuscript.symbols]",
        *known,
        *(_PROPOSED if looks else ()),
        *looks,
        *(_TO_FILL_IN if missing else ()),
        *missing,
    ]


def _proposed(scalars: Scalars, names: Iterable[str]) -> dict[str, str]:
    """What is proposed of those that look like real numbers, or functions of one, as a configuration writes it."""
    names = list(names)
    functions = {name: _quoted(key) + " = { real = true }" for name in names if (key := scalars.function(name))}
    return functions | {
        name: f"{_quoted(name)} = {_assumed(scalars, name)}" for name in names if not scalars.doubt(name)
    }


def _assumed(scalars: Scalars, name: str) -> str:
    if name == "\\pi":
        return '"pi"'
    return f"{{ {', '.join(f'{word} = true' for word in scalars.assumptions(name))} }}"


def _known(declared: str, meant: Any, use: _Use, names: Mapping[Any, tuple[str, str]]) -> str:
    """A line with what the notation means by the symbol."""
    if meant not in names:
        return f"# {_quoted(declared)}: {_printable(meant)} by the notation; {_said(use)}"
    quantity, meaning = names[meant]
    return f"{_quoted(declared)} = {_quoted(quantity)}  # {meaning}; {_said(use)}"


def _to_fill_in(name: str, use: _Use, names: Mapping[Any, tuple[str, str]]) -> str:
    """A line with what another notation means by the symbol, if one knows it."""
    for preset in notations():
        meant = shipped_notation(preset).table.get(name)
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

"""A first configuration for a manuscript: every symbol of its mathematics, those that are known with their meaning."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...statements.catalogue import chapters
from ..read.symbols import Symbols
from ..text.commands import FUNCTIONS, PAIRS, TRANSPOSES
from ..text.rows import pieces
from ..text.sources import Source, read
from ..text.spacing import cleaned
from ..text.tokens import Macro, Token, Unparsed, tokens
from .notation import Notation
from .presets import PRESETS, alphabet

_LABEL = re.compile(r"\\label\s*\{([^{}]+)\}")
_RAISED = re.compile(r"\^\{(\*|\(.*\)|\+|-|\d\d|[a-z]+|\\(mathrm|text) .*)\}$")
_NO_SYMBOLS = {"d", "e", "E"}  # the d of d/dt, the base of exponentials, a mean


@dataclass(frozen=True)
class _Use:
    """How often a symbol stands in the mathematics, and where first."""

    times: int
    file: str
    line: int


class _Names:
    """Which raised signs belong to a name as far as can be seen: w^* is one symbol, w^2 a power."""

    def __contains__(self, name: object) -> bool:
        return "^" not in str(name) or _RAISED.search(str(name)) is not None


def first_configuration(paths: Sequence[Path]) -> str:
    r"""The text of a modeflow.toml for manuscripts, to be completed by hand.

    It lists every symbol of the mathematics, those that a known notation has with their meaning and the others to fill
    in, and the labels of the equations.

    Parameters:
        paths: LaTeX, Markdown or notebook files.
    Returns: the text, in TOML.
    Raises:
        UnreadableSource: a file that cannot be read.
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
            for name, position in _names(source, macros):
                uses[name] += 1
                first.setdefault(name, (str(source.path), source.place(position)[0]))
            labels |= _labelled(source)
    for name in [n for n in uses if f"{n}(t)" in uses]:  # w stands for w(t) where that is written as well
        uses[f"{name}(t)"] += uses.pop(name)
    found = {name: _Use(times, *first[name]) for name, times in uses.most_common()}
    preset, table = _best(found)
    return "\n".join([*_head(paths, len(found), preset, len(table)), *_symbols(found, table), *_labels(labels)]) + "\n"


# What stands in the manuscript ----------------------------------------------------------------------------


def _names(source: Source, macros: Mapping[str, Macro]) -> Iterator[tuple[str, int]]:
    for display in source.displays:
        for piece in pieces(display):
            try:
                found = cleaned(tokens(piece.text, piece.position, macros))
            except Unparsed:
                continue
            yield from _in_formula(found)


def _in_formula(found: Sequence[Token]) -> Iterator[tuple[str, int]]:
    reader = Symbols(found, _Names())
    at, bound = 0, _indices(found)
    while at < len(found):
        if found[at].text in FUNCTIONS:
            at += 1
            continue
        reader._at = at
        try:
            name = reader.name()
        except Unparsed:
            name = None
        if name is None or name in _NO_SYMBOLS or name in bound or _is_part(found, at, name):
            at += 1
            continue
        end = reader._at
        if reader.next in PAIRS and reader.ahead(1) == "t" and reader.ahead(2) == PAIRS[str(reader.next)]:
            name, end = f"{name.rstrip(chr(39))}(t)", end + 1  # t is counted as well
        yield name if name.endswith(")") else name.rstrip("'"), found[at].position
        at = end


def _indices(found: Sequence[Token]) -> set[str]:
    """The indices of sums, which mean nothing outside of them."""
    under = (
        [t.text for t in found[at + 1 : at + 4] if t.text != "{"] for at, t in enumerate(found) if t.text == "\\sum"
    )
    return {letters[1] for letters in under if letters[:1] == ["_"] and len(letters) > 1}


def _is_part(found: Sequence[Token], at: int, name: str) -> bool:
    """Whether it is the T of a transpose, or the name of an operator."""
    raised = at > 0 and found[at - 1].text in ("^", "{") and name in TRANSPOSES
    return raised or name.startswith(("\\mathrm{d}", "\\mathrm{e}"))


def _labelled(source: Source) -> dict[str, str]:
    """Labels of equations, with the text that they stand at."""
    found: dict[str, str] = {}
    for display in source.displays:
        for piece in pieces(display):
            original = source.text[piece.position : piece.end]
            labels = _LABEL.findall(original)
            found |= dict.fromkeys(labels, " ".join(_LABEL.sub("", original).split()) if labels else "")
    return found


# The file -------------------------------------------------------------------------------------------------


def _head(paths: Sequence[Path], symbols: int, preset: str, known: int) -> list[str]:
    lines = [
        f"# A first configuration for {', '.join(_plain(path.name) for path in paths)}.",
        "# Complete it, and save it beside the manuscript as modeflow.toml.",
        "# `modeflow derive` prints the claims; the page on quantities, their names here.",
        "",
        "[manuscript]",
    ]
    if known:
        lines.append(f"notation = {_quoted(preset)}  # knows {known} of {symbols} symbols")
    return lines


def _best(found: Mapping[str, _Use]) -> tuple[str, dict[str, tuple[str, Any]]]:
    """The preset that knows most of what stands there, and what it knows, as it declares it."""
    known = {}
    for name, make in PRESETS.items():
        table = Notation(*make()).table
        as_function = {k.removesuffix("(t)"): k for k in table if k.endswith("(t)")}
        spelled = {written: written if written in table else as_function.get(written, "") for written in found}
        known[name] = {written: (key, table[key]) for written, key in spelled.items() if key}
    best = max(known, key=lambda name: sum(found[written].times for written in known[name]))
    return best, known[best]


def _symbols(found: Mapping[str, _Use], table: Mapping[str, tuple[str, Any]]) -> list[str]:
    names = {q.symbol: (name, q.meaning) for name, q in alphabet().quantities.items()}
    lines = ["", "[manuscript.symbols]"]
    for name, (declared, meant) in table.items():
        if meant in names:
            quantity, meaning = names[meant]
            lines.append(f"{_quoted(declared)} = {_quoted(quantity)}  # {meaning}; {_said(found[name])}")
        else:
            lines.append(f"# {_quoted(declared)}: {_plain(meant)} by the notation; {_said(found[name])}")
    missing = [name for name in found if name not in table]
    if missing:
        lines += [
            "",
            "# To fill in: the name of a quantity, or what is known of a new one, such as { positive = true };",
            "# w(t) for a function of t. Lines that are not needed may go.",
        ]
        lines += [_to_fill_in(name, found[name], names) for name in missing]
    return lines


def _to_fill_in(name: str, use: _Use, names: Mapping[Any, tuple[str, str]]) -> str:
    """A line with what another notation means by the symbol, if one knows it."""
    for preset, make in PRESETS.items():
        meant = Notation(*make()).table.get(name)
        if meant in names:
            return f"# {_quoted(name)} = {_quoted(names[meant][0])}  # as in {preset}? {_said(use)}"
    return f'# {_quoted(name)} = ""  # {_said(use)}'


def _labels(labels: Mapping[str, str]) -> list[str]:
    if not labels:
        return []
    lines = ["", "[manuscript.labels]", "# The claim that each equation states, or none; or mark it in the text."]
    for label, text in labels.items():
        shown = text if len(text) <= 60 else text[:57] + "..."
        lines.append(f'# {_quoted(label)} = ""  # {_plain(shown)}')
    claim = next(iter(chapters()["dae"].claims))
    return [*lines, f'# for example: "eq:1" = {_quoted(claim)}']


def _said(use: _Use) -> str:
    times = "once" if use.times == 1 else f"{use.times} times"
    return f"{times}, first at {_plain(use.file)}:{use.line}"


def _quoted(text: str) -> str:
    """A TOML string; as it stands, where that is possible."""
    plain = text.isprintable() and "'" not in text
    return f"'{text}'" if plain and "\\" in text else json.dumps(text)


def _plain(value: object) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(value))

"""A first configuration for a manuscript: every symbol of its mathematics, those that are known with their meaning."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..statements.catalogue import Catalogue
from ..statements.chapter import Chapter
from .marked_equations import is_relation
from .mean.introduced import Introduction, introductions
from .mean.notation import Notation, configuration, notations, shipped_notation
from .mean.scalars import Scalars
from .mean.wordings import Wording
from .mean.written_names import names_in
from .read.grammar import statement
from .text.marks import Display
from .text.rows import Piece, pieces
from .text.sources import Source, read
from .text.tokens import Macro, Token, Unparsed, tokens
from .which import Stated, proposed

_LABEL = re.compile(r"\\label\s*\{([^{}]+)\}")
PROPOSING = 60.0  # seconds in which claims are sought for the equations of all papers
MOST_PROPOSED = 3  # claims for one equation
MOST_READ = 400  # equations by which a notation is chosen


@dataclass(frozen=True)
class _Use:
    """How often a symbol stands in the mathematics, where first, and where it is said what it is."""

    times: int
    file: str
    line: int
    said: Introduction | None = None

    @property
    def called(self) -> Wording | None:
        """What the paper calls it."""
        return self.said.called if self.said else None


@dataclass(frozen=True, eq=False)
class _Equation:
    """An equation of a paper."""

    source: Source
    piece: Piece
    found: tuple[Token, ...]
    labels: tuple[str, ...]
    marked: bool

    @property
    def place(self) -> str:
        begin = self.piece.position + len(self.piece.text) - len(self.piece.text.lstrip())
        return f"{_printable(str(self.source.path))}:{self.source.place(begin)[0]}"


def first_configuration(
    paths: Sequence[Path], chapters: Sequence[Chapter] = (), steps: bool = False, marks: bool = False
) -> str:
    r"""The text of a modeflow.toml for manuscripts, to be completed by hand.

    It lists every symbol of the mathematics, those that a known notation has with their meaning and the others to fill
    in, and the labels of the equations. The notation is the one in which most equations are read. What is not sure is
    a comment, with the sentence of the paper that says what a symbol is.

    Parameters:
        paths: LaTeX, Markdown or notebook files.
        chapters: chapters of your own, whose letters are then taken in the place of a known notation.
        steps: whether it is for the steps of calculations: no notation is chosen, and of letters that look like real
            numbers that is proposed.
        marks: whether for each equation without a mark the claims are proposed that it is proved to state; for at most
            a minute, and not for chapters of your own or steps.
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
    guesses: dict[str, str] = {}
    first: dict[str, tuple[str, int]] = {}
    labels: dict[str, str] = {}
    said: dict[str, Introduction] = {}
    equations: list[_Equation] = []
    for path in paths:
        sources, macros = read(path)
        said = introductions(sources, macros) | said
        equations += _equations(sources, macros)
        for source in sources:
            for name, position in names_in(source, macros):
                uses[name] += 1
                first.setdefault(name, (str(source.path), source.place(position)[0]))
            labels |= _labelled(source)
        if steps:
            guesses |= _proposed(Scalars(sources, macros), uses)
    for name in [n for n in uses if f"{n}(t)" in uses]:  # w stands for w(t) where that is written as well
        uses[f"{name}(t)"] += uses.pop(name)
    symbols = {
        name: _Use(times, *first[name], said.get(name) or said.get(name.removesuffix("(t)")))
        for name, times in uses.most_common()
    }
    own = configuration({}, "chapters", chapters).notation
    plain = not (chapters or steps)
    fits = _fits(symbols, equations) if plain else []
    preset, table = fits[0].name if plain else "", _known_there(symbols, fits[0].table if plain else own.table)
    stated = _stated(equations, shipped_notation(preset)) if marks and plain else {}
    lines = [
        *_head(paths, len(symbols), len(table), fits, len(equations)),
        *(["steps = true"] if steps else []),
        *_symbols(symbols, table, own.catalogue, guesses, not fits or _is_sure(fits[0], len(equations))),
        *_labels(labels, own.catalogue, stated),
        *_marks(stated),
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


def _equations(sources: Iterable[Source], macros: Mapping[str, Macro]) -> Iterator[_Equation]:
    for source in sources:
        for display in source.displays:
            for piece in pieces(display):
                if not piece.problem and is_relation(piece, macros):
                    yield from _equation(source, display, piece, macros)


def _equation(source: Source, display: Display, piece: Piece, macros: Mapping[str, Macro]) -> Iterator[_Equation]:
    labels = _LABEL.findall(display.text[piece.position - display.position : piece.end - display.position])
    marked = bool(display.before or display.inside)
    try:
        yield _Equation(source, piece, tuple(tokens(piece.text, piece.position, macros)), tuple(labels), marked)
    except Unparsed:
        return


def _stated(equations: Iterable[_Equation], notation: Notation) -> dict[_Equation, list[Stated]]:
    """The claims that equations state, while there is time."""
    until = time.monotonic() + PROPOSING
    found: dict[_Equation, list[Stated]] = {}
    for one in equations:
        if time.monotonic() > until:
            break
        if not one.marked and (claims := proposed(one.found, notation, until)):
            found[one] = claims[:MOST_PROPOSED]
    return found


# The file -------------------------------------------------------------------------------------------------


def _head(paths: Sequence[Path], symbols: int, known: int, fits: Sequence[_Fit], equations: int) -> list[str]:
    lines = [
        f"# A first configuration for {', '.join(_printable(path.name) for path in paths)}.",
        "# Complete it, and save it beside the manuscript as modeflow.toml.",
        "# `modeflow derive` prints the claims; the page on quantities, their names here.",
        "",
        "[manuscript]",
    ]
    if known and not fits:
        lines.append(f"# With --chapters, {known} of {symbols} symbols are known without this file.")
    elif known:
        best, other = fits[:2]
        guess = "" if _is_sure(best, equations) else "# "
        lines.append(f"{guess}notation = {_quoted(best.name)}  # knows {known} of {symbols} symbols")
        lines.append(f"# In it {best.read} of {equations} equations are read; in {other.name}, {other.read}.")
        lines += ["# That is too few to be sure, so it is a comment, and so is what it means."] if guess else []
    return lines


def _is_sure(best: _Fit, equations: int) -> bool:
    """Whether a notation fits a paper: a third of its equations are read in it, without symbols of its own."""
    return best.read > 0 and 3 * best.read >= min(equations, MOST_READ)


@dataclass(frozen=True)
class _Fit:
    """A notation, how many equations are read in it, and how often symbols stand there that it knows."""

    name: str
    read: int
    known: int
    table: Mapping[str, Any]


def _fits(symbols: Mapping[str, _Use], equations: Sequence[_Equation]) -> list[_Fit]:
    """The notations that ship, first the one in which most equations are read; of equals, that with more symbols."""
    found = []
    for name in notations():
        notation = shipped_notation(name)
        names = notation.names()
        read = sum(_is_read(one, names) for one in equations[:MOST_READ])
        known = sum(symbols[written].times for written in _known_there(symbols, notation.table))
        found.append(_Fit(name, read, known, notation.table))
    return sorted(found, key=lambda fit: (-fit.read, -fit.known))


def _is_read(equation: _Equation, names: Container[str]) -> bool:
    try:
        statement(list(equation.found), names)
    except (Unparsed, RecursionError):
        return False
    return True


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
    guesses: Mapping[str, str],
    sure: bool,
) -> list[str]:
    names = {d.applied: (i, d.says.removesuffix(".")) for i, d in catalogue.definitions.items()}
    names |= {q.symbol: (name, q.meaning) for name, q in catalogue.quantities.items()}
    known = [_known(declared, meant, symbols[name], names) for name, (declared, meant) in table.items()]
    known = known if sure else [line if line.startswith("#") else f"# {line}" for line in known]
    looks = [f"{guesses[n]}  # {_said(use)}" for n, use in symbols.items() if n in guesses]
    rest = {name: use for name, use in symbols.items() if name not in table and name not in guesses}
    missing = [_to_fill_in(name, use, {} if guesses else names) for name, use in rest.items()]
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
    """A line with what the notation means by the symbol, or with what the paper says that it is."""
    if meant not in names:
        return f"# {_quoted(declared)}: {_printable(meant)} by the notation; {_said(use)}"
    quantity, meaning = names[meant]
    if (called := use.called) is None or quantity in called.quantities:
        return f"{_quoted(declared)} = {_quoted(quantity)}  # {meaning}; {_said(use)}"
    perhaps = f", perhaps {_quoted(called.quantities[0])}" if called.quantities else ""
    return (
        f"{_quoted(declared)} = {_new(called)}  # the paper calls it {called.words}{perhaps};"
        f" by the notation {meaning}; {_said(use)}"
    )


def _new(called: Wording) -> str:
    """A symbol of the paper's own, as a configuration declares it."""
    return f"{{ {', '.join(f'{word} = true' for word in called.assume or ('real',))} }}"


def _to_fill_in(name: str, use: _Use, names: Mapping[Any, tuple[str, str]]) -> str:
    """A line with what the paper says that the symbol is, or else with what another notation means by it."""
    said = use.called if names else None
    for preset in notations():
        meant = shipped_notation(preset).table.get(name)
        if meant in names and (said is None or names[meant][0] in said.quantities):
            return f"# {_quoted(name)} = {_quoted(names[meant][0])}  # as in {preset}? {_said(use)}"
    if said is not None and said.quantities:
        return f"# {_quoted(name)} = {_quoted(said.quantities[0])}  # by its name? {_said(use)}"
    if said is not None:
        return f"# {_quoted(name)} = {_new(said)}  # {_said(use)}"
    return f'# {_quoted(name)} = ""  # {_said(use)}'


def _labels(labels: Mapping[str, str], catalogue: Catalogue, stated: Mapping[_Equation, Sequence[Stated]]) -> list[str]:
    if not labels:
        return []
    claims = {label: claims for one, claims in stated.items() for label in one.labels}
    lines = ["", "[manuscript.labels]", "# The claim that each equation states, or none; or mark it in the text."]
    for label, text in labels.items():
        shown = text if len(text) <= 60 else text[:57] + "..."
        lines += [f"# {_quoted(label)} = {_quoted(one.claim)}  # {_proved(one)}" for one in claims.get(label, ())]
        lines += [] if label in claims else [f'# {_quoted(label)} = ""  # {_printable(shown)}']
    claim = next(i for i, c in catalogue.claims.items() if c.satisfies)
    return [*lines, f'# for example: "eq:1" = {_quoted(claim)}']


def _marks(stated: Mapping[_Equation, Sequence[Stated]]) -> list[str]:
    """The marks that are proposed for equations without a label."""
    lines = [
        f"# {equation.place}: % modeflow: {one.claim}  ({_proved(one)})"
        for equation, claims in stated.items()
        for one in claims
        if not equation.labels
    ]
    head = ["", "# Marks for equations without a label, each for a line of its own before the equation:"]
    return [*head, *lines] if lines else []


def _proved(one: Stated) -> str:
    """Under which names a claim is stated."""
    named = ", ".join(f"{ours} is {theirs}" for ours, theirs in one.renamed if ours != theirs)
    return _printable(f"proved, if {named}" if named else "proved, if the symbols are those of the notation")


def _said(use: _Use) -> str:
    times = "once" if use.times == 1 else f"{use.times} times"
    found = f"{times}, first at {_printable(use.file)}:{use.line}"
    if use.said is None:
        return found
    return f"{found}; {_printable(use.said.file)}:{use.said.line} says “{_printable(use.said.sentence)}”"


def _quoted(text: str) -> str:
    """A TOML string; as it stands, where that is possible."""
    is_literal = "\\" in text and text.isprintable() and "'" not in text
    return f"'{text}'" if is_literal else json.dumps(text)


def _printable(value: object) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(value))

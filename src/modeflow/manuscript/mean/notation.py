"""What the paper's symbols stand for: a preset and a table, in modeflow.toml or pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from sympy import E, Expr, Function, MatrixSymbol, Symbol, pi
from sympy.core.function import UndefinedFunction

from ...files.inputs import Unreadable, toml
from ...language.definitions import Definition, used
from ...statements.catalogue import Catalogue, UnusableChapter, shipped
from ...statements.chapter import Chapter
from ...statements.claims import Claim
from ..read.grammar import expression, key
from ..text.folders import UnusableConfiguration, section
from ..text.tokens import Unparsed, tokens
from .fixed_values import UnusableValue, fixed_value, resolved
from .matrix_shapes import IDENTITY
from .meaning import Reader
from .presets import ASSUMPTIONS, PRESETS, letters, names

_UNPROVED = ("prove", "steps")  # marks that name no claim
_OTHER_MARKS = (*_UNPROVED, "define", "ignore")
_ENTRIES = {"notation", "symbols", "fixed", "labels", "require", "steps"}


@dataclass(frozen=True)
class Notation:
    """Keys of symbols (`\\varepsilon`, `w_{1}`, `w(t)`) with their meanings; and quantities with a fixed value.

    A Configuration has one. The times of its equations are those of the chapters.

    Attributes:
        table: key → what it stands for, a symbol, function, matrix letter or expression of SymPy.
        fixed: symbol → value, as in a paper on whitened inputs, whose equations lack the symbol for their variance.
        own: chapters of the reader's besides those that ship; None where there are none.
        declared: the keys that the author declares, where the others are letters of those chapters; None elsewhere.
    Example:
        >>> from modeflow import manuscript
        >>> letters = manuscript.configuration({"symbols": {"c": "lam"}}, "here").notation
        >>> letters.table["c"]
        lam
    """

    table: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[Any, Any] = field(default_factory=dict)
    own: Catalogue | None = None
    declared: frozenset[str] | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The claims and quantities that the manuscript may speak of."""
        return self.own or shipped()

    def for_claim(self, claim: Claim) -> Notation:
        """The notation in which a letter that the author does not declare is that of the claim's chapter.

        Parameters:
            claim: a Claim of the reader's own chapters or of those that ship.
        Returns: a Notation; this one where no chapters of the reader's are given, or where a notation is named.
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> from modeflow import manuscript
            >>> letters = manuscript.configuration({"symbols": {"c": "lam"}}, "here").notation
            >>> letters.for_claim(modeflow.claim("dae.fixed_point")) is letters
            True
        """
        if self.declared is None:
            return self
        there = letters(claim.alphabet) | names(used(*claim.sides()))
        letters_there = {k: v for k, v in there.items() if k not in self.declared}
        return replace(self, table={**self.table, **letters_there})

    def names(self) -> frozenset[str]:
        """What the grammar needs to know: every key, `w(` for the functions, and `time t` for the times.

        Returns: a frozenset of strings.
        Raises: nothing.
        Example:
            >>> from modeflow import manuscript
            >>> letters = manuscript.configuration({"symbols": {"c": "lam"}}, "here").notation
            >>> letters.names()
            frozenset({'c'})
        """
        known = {s for motion in self.catalogue.motions for s in (motion.time, motion.time_constant, *motion.times_of)}
        times = {f"time {name}" for name, meaning in self.table.items() if meaning in known}
        return frozenset(self.table) | {f"{name}(" for name in self._functions} | times | frozenset(self.applied)

    def function(self, name: str) -> tuple[Any, str] | None:
        """The function of that name, and the key of its argument.

        Parameters:
            name: the key without its argument, such as "w" of "w(t)".
        Returns: the pair of both; None where no function has the name.
        Raises: nothing.
        Example:
            >>> from modeflow import manuscript
            >>> manuscript.configuration({"notation": "pretorius2018"}, "here").notation.function("w")
            (w, 't')
        """
        return self._functions.get(name)

    @cached_property
    def applied(self) -> dict[str, Any]:
        """Functions of other letters than t, by their name and separators, such as `p(|·)` for p(x | y)."""
        split = ((called(key), meaning) for key, meaning in self.table.items())
        return {
            f"{name}({separators_of(argument)}·)": meaning
            for (name, argument), meaning in split
            if argument and argument != "t" and isinstance(meaning, UndefinedFunction) and name not in self.table
        }

    @cached_property
    def moving(self) -> list[MatrixSymbol]:
        """The matrices that are written as functions of t."""
        return [meaning for meaning, argument in self._functions.values() if isinstance(meaning, MatrixSymbol)]

    @cached_property
    def over_time(self) -> dict[Symbol, Expr]:
        """For symbols that are functions of t as well, w_1 and w_1(t), the function."""
        both = {name: f for name, (f, argument) in self._functions.items() if argument == "t" and name in self.table}
        return {
            self.table[name]: function(self.table["t"])
            for name, function in both.items()
            if isinstance(function, UndefinedFunction) and isinstance(self.table[name], Symbol)
        }

    @cached_property
    def _functions(self) -> dict[str, tuple[Any, str]]:
        split = ((called(key), meaning) for key, meaning in self.table.items())
        return {name: (meaning, argument) for (name, argument), meaning in split if argument}


def separators_of(argument: str) -> str:
    """What separates the letters of several arguments, as in x,y; those inside of braces are part of a letter."""
    depths = ((sign, argument[:at].count("{") - argument[:at].count("}")) for at, sign in enumerate(argument))
    return "".join(sign for sign, depth in depths if depth == 0 and sign in ",;|")


def called(name: str) -> tuple[str, str]:
    """The function and its argument in a key such as `w(t)`; the key and "" where it is a symbol, as `x^{(2)}` is."""
    if not name.endswith(")"):
        return name, ""
    opened = max(at for at, sign in enumerate(name) if sign == "(" and name[:at].count("{") == name[:at].count("}"))
    return name[:opened], name[opened + 1 : -1]


@dataclass(frozen=True)
class Configuration:
    """What a manuscript's symbols stand for, which labels are claims, and which claims must appear.

    Make one by `configuration` or `load`.

    Attributes:
        notation: the meaning of each symbol.
        labels: label of an equation → id of a claim, or "prove".
        require: ids of claims that some equation must state.
        steps: whether in every displayed chain without a mark each member is held against the next.
    Example:
        >>> from modeflow import manuscript
        >>> manuscript.configuration({"require": ["dae.fixed_point"]}, "here").require
        ('dae.fixed_point',)
    """

    notation: Notation
    labels: Mapping[str, str] = field(default_factory=dict)
    require: tuple[str, ...] = ()
    steps: bool = False


def load(path: Path | None, beside: Path, chapters: Sequence[Chapter] = ()) -> Configuration:
    r"""The configuration in a file, or in modeflow.toml or pyproject.toml of a folder or above.

    Parameters:
        path: a TOML file; None means to look for one.
        beside: the folder where looking begins.
        chapters: chapters of your own, besides those that ship.
    Returns: a Configuration; an empty one where none is found.
    Raises:
        UnusableConfiguration: a file that cannot be read, or an entry that cannot be used.
    Example:
        >>> from pathlib import Path
        >>> from modeflow import manuscript
        >>> _ = Path("modeflow.toml").write_text('[manuscript]\nrequire = ["dae.fixed_point"]\n')
        >>> manuscript.load(None, Path()).require
        ('dae.fixed_point',)
    """
    table, place = section(path, beside) or ({}, "")
    return configuration(table, place, chapters)


def configuration(section: Any, place: str, chapters: Sequence[Chapter] = ()) -> Configuration:
    """A configuration from its table, as the [manuscript] of a TOML file is read.

    Where there are chapters and no notation is named, what the author does not declare is a letter of the chapters.

    Parameters:
        section: a dictionary with any of notation (a name, or a TOML file beside the configuration), symbols, fixed,
            labels, require and steps.
        place: where the table stands, for messages.
        chapters: chapters of your own, besides those that ship.
    Returns: a Configuration.
    Raises:
        UnusableConfiguration: an entry that cannot be used; the message names it.
    Example:
        >>> from modeflow import manuscript
        >>> manuscript.configuration({"notation": "unheard of"}, "here")
        Traceback (most recent call last):
        modeflow.manuscript.UnusableConfiguration: here: notation = 'unheard of': choose ...
    """
    if not isinstance(section, dict):
        raise UnusableConfiguration(f"{place}: manuscript = {section!r} is not a table; write [manuscript]")
    for name in sorted(section.keys() - _ENTRIES):
        raise UnusableConfiguration(f"{place}: {name} is not known; choose from {', '.join(sorted(_ENTRIES))}")
    own = _catalogue(chapters)
    preset = (
        replace(notation_named(section["notation"], place), own=own) if "notation" in section else _of_chapters(own)
    )
    declared = _symbols(_dictionary(section, "symbols", place), preset.catalogue, place)
    table = _table(preset, declared)
    labels = _dictionary(section, "labels", place)
    require = section.get("require", [])
    if not (isinstance(require, list) and all(isinstance(r, str) for r in [*require, *labels.values()])):
        raise UnusableConfiguration(
            f'{place}: require and labels name claims by their ids; give texts such as "dae.fixed_point"'
        )
    if not isinstance(steps := section.get("steps", False), bool):
        raise UnusableConfiguration(f"{place}: steps = {steps!r}: write true or false")
    fixed_there = {s: v for s, v in preset.fixed.items() if s not in table.values()}
    keys = frozenset(declared) if preset.declared is not None else None
    notation = Notation(table, own=own, declared=keys)
    fixed = _values(_dictionary(section, "fixed", place), notation, fixed_there, place)
    _known(f"{place}: require", require, notation.catalogue.claims)
    _known(f"{place}: labels", (s for s in labels.values() if s not in _UNPROVED), notation.catalogue.claims)
    return Configuration(replace(notation, fixed=fixed), labels, tuple(require), steps)


def _known(entry: str, named: Iterable[str], claims: Mapping[str, Claim]) -> None:
    for identifier in named:
        if identifier not in claims:
            raise UnusableConfiguration(f"{entry}: {no_claim(identifier, claims)}")


def no_claim(identifier: str, claims: Mapping[str, Claim]) -> str:
    """What is said of a mark that is none of these claims."""
    if not identifier.strip():
        return "the mark names no claim; write its id, as in dae.fixed_point"
    near = [known for known in claims if known.endswith(f".{identifier}")][:3]
    near = near or get_close_matches(identifier.split()[0], [*claims, *_OTHER_MARKS], 1)
    remedy = f"did you mean {' or '.join(near)}?" if near else "`modeflow derive` lists them"
    return f"no claim {identifier!r}; {remedy}"


def _catalogue(chapters: Sequence[Chapter]) -> Catalogue | None:
    try:
        return Catalogue(tuple(chapters)) if chapters else None
    except UnusableChapter as reason:
        raise UnusableConfiguration(str(reason)) from None


def _of_chapters(own: Catalogue | None) -> Notation:
    """The letters of the reader's own chapters, where there are any."""
    if own is None:
        return Notation()
    known = {name for chapter in own.own for name in chapter.alphabet.quantities}
    table = letters(q for n, q in own.quantities.items() if n in known)
    table |= names(d for chapter in own.own for d in chapter.definitions.values())
    return Notation(table, own=own, declared=frozenset())


def _symbols(section: Mapping[str, Any], catalogue: Catalogue, place: str) -> dict[str, Any]:
    """The keys of the paper's own symbols, with their meanings."""
    own: dict[str, Any] = {}
    for written, meaning in section.items():
        try:
            name = key(written)
            own[name] = _quantity(name, meaning, catalogue)
        except (Unparsed, UnusableConfiguration) as reason:
            raise UnusableConfiguration(f"{place}: symbols: {written}: {reason}") from None
    return own


def _table(preset: Notation, own: Mapping[str, Any]) -> dict[str, Any]:
    """The symbols of a preset and the paper's own: where it declares u(t), u alone is that, not the u of the preset."""
    functions = {called(name)[0] for name in own if called(name)[1]}
    return {name: value for name, value in preset.table.items() if name not in functions} | dict(own)


_SHIPPED = Path(__file__).parent / "notations"
_IN_A_FILE = {"title", "source", "symbols", "expressions", "fixed"}


def notations() -> tuple[str, ...]:
    """The names of the notations that ship."""
    return (*PRESETS, *sorted(path.stem for path in _SHIPPED.glob("*.toml")))


@cache
def shipped_notation(name: str) -> Notation:
    """A notation that ships."""
    return Notation(*PRESETS[name]()) if name in PRESETS else _of_file(_SHIPPED / f"{name}.toml")


def notation_named(name: Any, place: str) -> Notation:
    """A notation that ships, or the one in a file; place: the configuration that names it."""
    if isinstance(name, str) and name in notations():
        return shipped_notation(name)
    if isinstance(name, str) and name.endswith(".toml"):
        return _of_file(Path(place).parent / name)
    known = ", ".join(notations())
    raise UnusableConfiguration(
        f'{place}: notation = {name!r}: choose {known} or a file such as "ours.toml", or leave it out'
    )


def _of_file(path: Path) -> Notation:
    """The notation in a TOML file: symbols and fixed as in a configuration, and what is short for something."""
    try:
        table = toml(path)
    except Unreadable as error:
        raise UnusableConfiguration(str(error)) from None
    for name in sorted(table.keys() - _IN_A_FILE):
        raise UnusableConfiguration(f"{path}: {name} is not known; choose from {', '.join(sorted(_IN_A_FILE))}")
    for name in ("title", "source"):
        if not isinstance(table.get(name, ""), str):
            raise UnusableConfiguration(f"{path}: {name} = {table[name]!r}: give a text in quotes")
    meanings = _symbols(_dictionary(table, "symbols", str(path)), shipped(), str(path))
    for written, text in _dictionary(table, "expressions", str(path)).items():
        meanings[_new_key(written, meanings, path)] = _expression(written, text, Notation(meanings), path)
    notation = Notation(meanings)
    return replace(notation, fixed=_values(_dictionary(table, "fixed", str(path)), notation, {}, str(path)))


def _new_key(written: str, known: Mapping[str, Any], path: Path) -> str:
    try:
        name = key(written)
    except Unparsed as reason:
        raise UnusableConfiguration(f"{path}: expressions: {written}: {reason}") from None
    if name in known or called(name)[1]:
        why = "is a function" if called(name)[1] else "is declared already"
        raise UnusableConfiguration(f"{path}: expressions: {written} {why}; take another letter")
    return name


def _expression(written: str, text: Any, notation: Notation, path: Path) -> Any:
    try:
        if not isinstance(text, str):
            raise UnusableConfiguration("give an expression in quotes")
        return _read(text, notation)
    except (Unparsed, UnusableConfiguration, RecursionError) as reason:
        raise UnusableConfiguration(f"{path}: expressions: {written} = {text!r}: {reason}") from None


def _values(section: Mapping[str, Any], notation: Notation, preset: Mapping[Any, Any], place: str) -> dict[Any, Any]:
    """The quantities that have a value in the paper, numbers or expressions in its letters."""
    given: dict[Any, Any] = {}
    for name, written in section.items():
        try:
            letter, meant = fixed_value(name, written, notation.catalogue, lambda text: _read(text, notation))
            given[letter] = meant
            resolved({letter: meant}, notation.catalogue)
        except (Unparsed, UnusableValue, RecursionError) as reason:
            raise UnusableConfiguration(f"{place}: fixed: {name} = {written!r}: {reason}") from None
    try:
        return resolved({**preset, **given}, notation.catalogue)
    except UnusableValue as reason:
        raise UnusableConfiguration(f"{place}: fixed: {reason}") from None


def _read(text: str, notation: Notation) -> Any:
    return Reader(notation, {}, {}, {}).read(expression(tokens(text), notation.names()))


def _dictionary(section: Mapping[str, Any], name: str, place: str) -> dict[str, Any]:
    value = section.get(name, {})
    if not isinstance(value, dict):
        raise UnusableConfiguration(f"{place}: {name} = {value!r} is not a table; write [manuscript.{name}]")
    return value


def _own(name: str, catalogue: Catalogue) -> str:
    """The name of a letter of the paper's own, which no quantity of the chapters has."""
    taken = {str(quantity.symbol) for alphabet in catalogue.alphabets for quantity in alphabet}
    return f"own {name}" if name in taken else name


def _no_quantity(name: str, catalogue: Catalogue) -> str:
    """Which quantities may be meant: those that a chapter writes by that letter, and those of a similar name."""
    says = {n: q.meaning for n, q in catalogue.quantities.items()}
    says |= {i: f"{d.says[:1].lower()}{d.says[1:].removesuffix('.')}" for i, d in catalogue.definitions.items()}
    near = [n for n, q in catalogue.quantities.items() if name in (q.tex, q.tex.removeprefix("\\"))]
    near = near or get_close_matches(name, says, 2)
    meant = " or ".join(f"{n} ({says[n]})" for n in near)
    return f"{name!r} is not a quantity" + (
        f"; did you mean {meant}?" if meant else "; take one that the page on quantities lists"
    )


_CONSTANTS = {"identity": IDENTITY, "pi": pi, "e": E}


def _quantity(name: str, meaning: Any, catalogue: Catalogue) -> Any:
    """A quantity of the chapters by its name, or a new scalar or function with assumptions, for the key of a symbol."""
    written, argument = called(name)
    if isinstance(meaning, str):
        is_constant = meaning in _CONSTANTS and not argument
        return _CONSTANTS[meaning] if is_constant else _quantity_named(meaning, name, catalogue)
    if not isinstance(meaning, dict) or not all(k in ASSUMPTIONS and v is True for k, v in meaning.items()):
        raise UnusableConfiguration("give a quantity's name or assumptions, such as { positive = true }")
    try:
        return (Function if argument else Symbol)(_own(_told(written, argument), catalogue), **meaning)
    except ValueError as error:
        raise UnusableConfiguration(str(error)) from None


def _told(written: str, argument: str) -> str:
    """The name of a letter; p(x | y) and p(x, y) are two functions."""
    separators = separators_of(argument)
    return f"{written}[{separators}]" if separators else written


def _defined_quantity(definition: Definition, name: str) -> Any:
    """What a chapter defines, for the key of a symbol."""
    written, argument = called(name)
    if argument:
        raise UnusableConfiguration(f"{definition.id} is defined without an argument: declare {written}")
    return definition.applied


def _quantity_named(meaning: str, name: str, catalogue: Catalogue) -> Any:
    """The quantity of that name, for the key of a symbol: a function for that of a function, a matrix for either."""
    if (definition := catalogue.definitions.get(meaning)) is not None:
        return _defined_quantity(definition, name)
    if (quantity := catalogue.quantities.get(meaning)) is None:
        raise UnusableConfiguration(_no_quantity(meaning, catalogue))
    written, argument = called(name)
    is_function = isinstance(quantity.symbol, UndefinedFunction)
    if is_function and not argument:
        raise UnusableConfiguration(f"{meaning} is a function: declare {name}({quantity.of or 't'})")
    if argument and not is_function and not isinstance(quantity.symbol, MatrixSymbol):
        raise UnusableConfiguration(f"{meaning} is no function: declare {written}")
    return quantity.symbol

"""The symbols of a derivation: what each means, its sign, and how it is written.

A chapter may use only symbols that its alphabet declares; `Alphabet.check` names the stranger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from sympy import Basic, Function, MatrixSymbol, Symbol
from sympy.core.assumptions import _assume_defined
from sympy.core.facts import InconsistentAssumptions
from sympy.core.function import AppliedUndef, UndefinedFunction

from .expressions import Letter, parts
from .matrices import DiagonalSymbol, OrthogonalSymbol, SymmetricSymbol
from .motion import Motion


class UndeclaredSymbol(ValueError):
    """A claim uses a symbol that its alphabet does not declare.

    Example:
        >>> from sympy import Symbol
        >>> from modeflow import Alphabet
        >>> Alphabet().check(Symbol("x"), "a claim")
        Traceback (most recent call last):
        modeflow.UndeclaredSymbol: a claim uses x, which its alphabet does not declare with these ...
    """

    __module__ = "modeflow"  # the path that users import, which tracebacks show


@dataclass(frozen=True)
class Quantity:
    """A declared letter.

    Attributes:
        symbol: the SymPy symbol, function or matrix that stands for it.
        tex: how it is written in LaTeX.
        meaning: what it is, in a phrase.
        domain: its assumptions, in words.
        narrows: the letter of which it is the value under a stronger assumption; None for most.
        of: the letter that a function is one of; None for most.
    Example:
        >>> from modeflow import Alphabet
        >>> letters = Alphabet()
        >>> lam = letters.scalar("lam", r"\\lambda", "eigenvalue", positive=True)
        >>> (quantity,) = letters.of(lam)
        >>> quantity.symbol, quantity.meaning, quantity.domain
        (lam, 'eigenvalue', '> 0')
    """

    symbol: Letter
    tex: str
    meaning: str
    domain: str
    narrows: Letter | None = None
    of: Symbol | None = None


_SHAPES = {
    "general": MatrixSymbol,
    "symmetric": SymmetricSymbol,
    "orthogonal": OrthogonalSymbol,
    "diagonal": DiagonalSymbol,
}


@dataclass
class Alphabet:
    r"""The letters of a chapter, in order: what each means, what is assumed of it, and how it is written.

    Iterating over an alphabet gives its quantities, each with `symbol`, `tex`, `meaning` and `domain`.

    Attributes:
        quantities: name → declared quantity, in the order of the declarations.
        motion: how the letters move, for the comparison with what papers write.
    Example:
        >>> from modeflow import Alphabet
        >>> letters = Alphabet()
        >>> lam = letters.scalar("lam", r"\lambda", "eigenvalue", positive=True)
        >>> [(q.tex, q.meaning, q.domain) for q in letters]
        [('\\lambda', 'eigenvalue', '> 0')]
    """

    quantities: dict[str, Quantity] = field(default_factory=dict)
    motion: Motion = field(default_factory=Motion)

    def scalar(
        self, name: str, tex: str, meaning: str, *, narrows: Symbol | None = None, **assumptions: bool
    ) -> Symbol:
        r"""Declare a scalar.

        Parameters:
            name: its name in Python, as SymPy prints it; unique in the alphabet.
            tex: how it is written in LaTeX.
            meaning: one phrase that says what it is.
            narrows: a letter declared before of which this is the value under a stronger assumption: λ₊ > 0 for λ ≥ 0.
            assumptions: SymPy's assumptions, such as positive=True or real=True.
        Returns: the SymPy symbol.
        Raises:
            ValueError: a name that is declared already, a tex that is empty or whose braces do not match, or an
                assumption that SymPy does not know or that contradicts another.
        Example:
            >>> from modeflow import Alphabet
            >>> Alphabet().scalar("lam", r"\lambda", "eigenvalue", positive=True)
            lam
        """
        symbol = _assumed(Symbol, name, assumptions)
        return self._add(symbol, name, tex, meaning, _in_words(assumptions), narrows=narrows)

    def function(
        self, name: str, tex: str, meaning: str, *, of: Symbol | None = None, **assumptions: bool
    ) -> UndefinedFunction:
        """Declare a function of time, such as the strength w(t) of a mode, or of another letter.

        Parameters:
            name: its name in Python, as SymPy prints it; unique in the alphabet.
            tex: how it is written in LaTeX, without its argument.
            meaning: one phrase that says what it is.
            of: the letter that it is a function of; None for the time.
            assumptions: SymPy's assumptions about its values, such as real=True.
        Returns: the undefined SymPy function, to be applied to a letter.
        Raises:
            ValueError: as `scalar` does.
        Example:
            >>> from modeflow import Alphabet
            >>> letters = Alphabet()
            >>> t = letters.scalar("t", "t", "time", nonnegative=True)
            >>> letters.function("w", "w", "strength", real=True)(t)
            w(t)
        """
        return self._add(_assumed(Function, name, assumptions), name, tex, meaning, _in_words(assumptions), of=of)

    def matrix(self, name: str, rows: Any, columns: Any, tex: str, meaning: str, kind: str = "general") -> MatrixSymbol:
        r"""Declare a matrix letter.

        Parameters:
            name: its name in Python, as SymPy prints it; unique in the alphabet.
            rows, columns: its shape, integers or integer symbols.
            tex: how it is written in LaTeX.
            meaning: one phrase that says what it is.
            kind: "general", "symmetric", "orthogonal" or "diagonal".
        Returns: the matrix letter, a SymPy MatrixSymbol.
        Raises:
            ValueError: an unknown kind, or a name that is declared already.
        Example:
            >>> from modeflow import Alphabet
            >>> Alphabet().matrix("Sigma", 3, 3, r"\Sigma", "second moment", kind="symmetric").shape
            (3, 3)
        """
        if kind not in _SHAPES:
            raise ValueError(f"matrix {name}: kind = {kind!r}: choose one of {', '.join(_SHAPES)}")
        symbol = _SHAPES[kind](name, rows, columns)
        domain = f"{rows} x {columns}" + ("" if kind == "general" else f", {kind}")
        return self._add(symbol, name, tex, meaning, domain)

    def _add(self, symbol: Any, name: str, tex: str, meaning: str, domain: str, **related: Any) -> Any:
        if name in self.quantities:
            raise ValueError(f"{name} is declared twice in one alphabet; give the second another name")
        check_tex(name, tex)
        self.quantities[name] = Quantity(symbol, tex, meaning, domain, **related)
        return symbol

    def __iter__(self) -> Iterator[Quantity]:
        return iter(self.quantities.values())

    def of(self, expression: Basic) -> tuple[Quantity, ...]:
        """The declared quantities that occur in an expression, in the order of the alphabet.

        Parameters:
            expression: a SymPy expression.
        Returns: a tuple of quantities, each with `symbol`, `tex`, `meaning` and `domain`.
        Raises: nothing; letters that are not declared are passed over.
        Example:
            >>> from modeflow import Alphabet
            >>> letters = Alphabet()
            >>> x, y = (letters.scalar(name, name, "a number") for name in "xy")
            >>> [q.symbol for q in letters.of(2 * y)]
            [y]
        """
        present = letters(expression)
        return tuple(q for q in self if q.symbol in present)

    def check(self, expression: Basic, place: str) -> None:
        """Refuse an expression that uses a letter which this alphabet does not declare.

        Parameters:
            expression: a SymPy expression.
            place: where it stands, for the message.
        Returns: nothing.
        Raises:
            UndeclaredSymbol: for the first such letter by name.
        Example:
            >>> from sympy import Symbol
            >>> from modeflow import Alphabet
            >>> Alphabet().check(Symbol("x"), "mine.claim")
            Traceback (most recent call last):
            modeflow.UndeclaredSymbol: mine.claim uses x, which its alphabet does not declare with ...
        """
        strangers = {letter for letter in letters(expression) if not self._declares(letter)}
        for letter in sorted(strangers, key=str):
            raise UndeclaredSymbol(
                f"{place} uses {letter}, which its alphabet does not declare with these assumptions; "
                f"declare it with alphabet.scalar({str(letter)!r}, tex, meaning, ...)"
            )

    def _declares(self, letter: Any) -> bool:
        known = self.quantities.get(str(getattr(letter, "name", letter)))  # under which most are declared
        return (known is not None and known.symbol == letter) or any(q.symbol == letter for q in self)

    def tex_names(self) -> dict[Letter, str]:
        r"""How each letter is written, as SymPy's LaTeX printer takes it; functions are left out.

        Returns: a dictionary from SymPy symbol to LaTeX.
        Raises: nothing.
        Example:
            >>> from modeflow import Alphabet
            >>> letters = Alphabet()
            >>> lam = letters.scalar("lam", r"\lambda", "eigenvalue")
            >>> letters.tex_names()
            {lam: '\\lambda'}
        """
        return {q.symbol: q.tex for q in self if not isinstance(q.symbol, UndefinedFunction)}


@lru_cache(maxsize=10_000)
def bare(tex: str) -> str:
    """A letter in LaTeX without braces and spaces, by which two ways of writing one letter are alike."""
    return re.sub(r"[{}\s]", "", tex)


def check_tex(place: str, tex: str) -> None:
    """Raise ValueError for what cannot stand in a formula: nothing, or braces that do not match."""
    braces = re.sub(r"\\.", "", tex)
    depth = [braces[: n + 1].count("{") - braces[: n + 1].count("}") for n in range(len(braces))]
    if not tex.strip() or min(depth) < 0 or depth[-1] != 0:
        raise ValueError(f"{place}: tex = {tex!r}: write how it looks in LaTeX, with braces that match")


def _assumed(make: Any, name: str, assumptions: Mapping[str, bool]) -> Any:
    """The letter with these assumptions; raises ValueError where there is none."""
    for stranger in assumptions.keys() - _assume_defined:
        close = get_close_matches(stranger, _assume_defined, n=1)
        remedy = f"did you mean {close[0]}?" if close else "positive, nonnegative, nonzero, real and integer are known"
        raise ValueError(f"{name}: {stranger} is not an assumption of SymPy's; {remedy}")
    try:
        return make(name, **assumptions)
    except InconsistentAssumptions:
        said = " and ".join(k if v else f"not {k}" for k, v in assumptions.items())
        raise ValueError(f"{name}: {said} contradict each other; leave one out") from None


def letters(expression: Basic) -> set[Any]:
    """Every scalar, matrix letter and undefined function in an expression, bound or free."""
    present = parts(expression)
    found: set[Any] = {part for part in present if isinstance(part, Symbol | MatrixSymbol)}
    names_of_matrices = {m.args[0] for m in found if isinstance(m, MatrixSymbol)}
    return found - names_of_matrices | {f.func for f in present if isinstance(f, AppliedUndef)}


def _in_words(assumptions: dict[str, bool]) -> str:
    words = {
        "positive": "> 0",
        "nonnegative": ">= 0",
        "negative": "< 0",
        "nonpositive": "<= 0",
        "nonzero": "nonzero",
    }
    said = [words.get(k, k) if v else f"not {words.get(k, k)}" for k, v in assumptions.items()]
    return ", ".join(said) or "complex"

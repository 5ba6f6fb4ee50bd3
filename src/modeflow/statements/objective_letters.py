"""How the letters of a loss are written: as its author declares them, or else by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import sympy
from sympy import Expr, Function, Symbol
from sympy.core.function import UndefinedFunction

from ..language.quantities import Alphabet

_INDEXED = re.compile(r"(.+?)_(?:\{(.+)\}|(\w))")


class Subject(Protocol):
    """What letters belong to: a loss or a flow."""

    @property
    def weights(self) -> tuple[Symbol, ...]: ...

    @property
    def time(self) -> Symbol: ...

    @property
    def alphabet(self) -> Alphabet | None: ...

    @property
    def _parameters(self) -> Mapping[Symbol, str]:
        """The letters besides the weights and the time, with what they are."""


class Letters:
    """An alphabet in the making: the author's letters, and those that the derivation adds.

    given: the author's alphabet, whose letters keep what it says of them; None where there is none.
    """

    def __init__(self, given: Alphabet | None) -> None:
        self.alphabet = Alphabet() if given is None else Alphabet(dict(given.quantities), given.motion)

    def add(self, symbol: Symbol, meaning: str, tex: str | None = None) -> None:
        """A scalar, unless it is there already."""
        self._add(symbol, symbol.name, tex or written(symbol), meaning, sign_of(symbol))

    def add_path(self, function: UndefinedFunction, tex: str, meaning: str) -> None:
        """A function of time that has the name of a letter."""
        self._add(function, f"{function.__name__}_over_time", tex, meaning, "real")

    def _add(self, letter: Symbol | UndefinedFunction, name: str, tex: str, meaning: str, domain: str) -> None:
        if all(q.symbol != letter for q in self.alphabet):
            free = next(n for n in _names(name) if n not in self.alphabet.quantities)
            self.alphabet._add(letter, free, tex, meaning, domain)

    def tex(self, symbol: Symbol) -> str:
        """How a letter that is there is written."""
        return next(q.tex for q in self.alphabet if q.symbol == symbol)

    def meaning(self, symbol: Symbol) -> str:
        return next(q.meaning for q in self.alphabet if q.symbol == symbol)


def _names(name: str) -> Iterable[str]:
    yield name
    yield from (f"{name}_{number}" for number in range(2, 1000))


def written(symbol: Symbol) -> str:
    r"""The TeX that the name of a symbol suggests: \lambda_2 for lam2, w_1 for w1."""
    name = re.sub(r"^(lam|eps)(?=\d|_|$)", lambda found: {"lam": "lambda", "eps": "varepsilon"}[found[1]], symbol.name)
    return re.sub(r"_\{(\w)\}", r"_\1", sympy.latex(Symbol(name)))


def at_start(tex: str) -> str:
    r"""How the value of a letter at t = 0 is written: w_{1,0} for w_1, u_0 for u."""
    indexed = _INDEXED.fullmatch(tex)
    return f"{tex}_0" if indexed is None else f"{indexed[1]}_{{{indexed[2] or indexed[3]},0}}"


def timed(says: str, tau: Expr) -> str:
    """A sentence about τ, for the time constant that there is."""
    if tau == 1:
        return says.replace(", times τ,", "").replace("/τ", "")
    if isinstance(tau, Symbol):
        return says.replace("τ", {"tau": "τ"}.get(tau.name, tau.name))
    return says.replace("times τ", "times the time constant").replace("/τ", " over the time constant")


def sign_of(symbol: Symbol) -> str:
    """What is assumed of a symbol, in words."""
    known = {
        "> 0": symbol.is_positive,
        ">= 0": symbol.is_nonnegative,
        "< 0": symbol.is_negative,
        "<= 0": symbol.is_nonpositive,
        "nonzero": symbol.is_nonzero and symbol.is_real,
        "real": symbol.is_real,
    }
    return next((words for words, holds in known.items() if holds), "any number")


def alphabet_of(
    subject: Subject,
    start: Sequence[Expr] = (),
    more: Mapping[Symbol, str] | None = None,
    paths: Mapping[UndefinedFunction, str] | None = None,
) -> Alphabet:
    """Every letter of a loss or a flow, and of its solution from a start.

    more: others, with what they are. paths: functions of time that have the names of such letters.
    """
    letters, weights = Letters(subject.alphabet), subject.weights
    roles = weight_roles(len(weights))
    for symbol, meaning in subject._parameters.items():
        letters.add(symbol, meaning)
    for weight, role in zip(weights, roles, strict=True):
        letters.add(weight, f"{role} weight")
    _add_start(letters, weights, start)
    for symbol, meaning in (more or {}).items():
        letters.add(symbol, meaning)
    letters.add(subject.time, "time")
    for weight, role in zip(weights, roles, strict=True):
        letters.add_path(Function(weight.name, real=True), letters.tex(weight), f"{role} weight over time")
    for path, meaning in (paths or {}).items():
        letters.add_path(path, written(Symbol(path.__name__)), meaning)
    return letters.alphabet


def weight_roles(count: int) -> tuple[str, ...]:
    """What the weights are called."""
    ordinals = ("first", "second", "third", *(f"{k}th" for k in range(4, count + 1)))
    return ("encoder", "decoder") if count == 2 else ordinals[:count]


def _add_start(letters: Letters, weights: Sequence[Symbol], start: Sequence[Expr]) -> None:
    """The letters of the weights at t = 0."""
    for weight, value in zip(weights, start, strict=False):
        if value.is_Symbol:
            letters.add(value, f"{letters.meaning(weight)} at the start", at_start(letters.tex(weight)))
    for symbol in sorted({s for value in start for s in value.free_symbols}, key=str):
        letters.add(symbol, _said_of_start(symbol, start))


def _said_of_start(symbol: Symbol, start: Sequence[Expr]) -> str:
    encoder, decoder, *more = start
    if more:
        return "a letter of the start"
    if sympy.expand(encoder + decoder - symbol) == 0:
        return "sum of the weights at the start"
    if sympy.expand(decoder - encoder - symbol) == 0:
        return "difference of the weights at the start"
    return "a letter of the start"

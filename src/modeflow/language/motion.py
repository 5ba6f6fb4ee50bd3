"""How the letters of an alphabet move: what is a rate, which letters are one quantity on its way, and what is kept.

A paper says the same in other letters than a claim: u for w1 w2, w(t) for w, c0 for b² - a². Whoever compares the two
finds here what a letter is in the weights, in its function of time, and at the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Basic, Expr, Integer, Symbol
from sympy.core.function import UndefinedFunction

from .expressions import Letter


@dataclass(frozen=True)
class Rates:
    r"""The letters whose rates the left side of a claim is, entry by entry.

    A claim that works a rate out, such as -∂L/∂W1 = …, says by this that it is about τ dW1/dt.

    Attributes:
        of: the letters.
        times: by what the rates are multiplied, such as τ.
        written: what in the claim is written by other letters: {u: 1/v} where v is the letter and the claim holds u.
    Example:
        >>> from sympy import Symbol
        >>> from modeflow import Rates
        >>> w, tau = Symbol("w"), Symbol("tau")
        >>> Rates((w,), times=tau).of
        (w,)
    """

    of: tuple[Letter, ...]
    times: Expr = field(default_factory=lambda: Integer(1))
    written: Mapping[Basic, Basic] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Course:
    """One quantity on its way.

    Attributes:
        on_way: its letter there.
        over_time: its function of time.
        at_start: its value at the start.
        of_weights: what it is in the weights.
    Example:
        >>> from sympy import symbols
        >>> from modeflow import Course
        >>> w, w0, w1, w2 = symbols("w w0 w1 w2")
        >>> Course(w, at_start=w0, of_weights=w1 * w2).at_start
        w0
    """

    on_way: Symbol | None = None
    over_time: UndefinedFunction | None = None
    at_start: Expr | None = None
    of_weights: Expr | None = None


@dataclass(frozen=True)
class Restated:
    """Names of other quantities where a claim is about one: where it gives v(t), the strength is 1/v(t).

    Attributes:
        about: the unknown of the claim, or the letter whose rate it gives.
        names: letter → what it is there.
        needs: a letter that the claim must hold.
    Example:
        >>> from sympy import symbols
        >>> from modeflow import Restated
        >>> v, w = symbols("v w")
        >>> Restated(v, {w: 1 / v}).names
        {w: 1/v}
    """

    about: Basic
    names: Mapping[Basic, Basic]
    needs: Symbol | None = None


@dataclass(frozen=True)
class Motion:
    """What an alphabet says of the motion of its letters.

    Attributes:
        time, time_constant: the letters t and τ.
        weights: the letters that a loss moves.
        layers: matrix letters that one flow moves together.
        courses: quantities on their way, the weights first.
        kept: what some letters of the start are on the way, where the flow keeps the first of them.
        coordinates: letters of the start in others, for claims that hold those others and no start of the weights.
        restated: names that depend on what a claim is about.
        synonyms: matrix letters in others that say the same.
        free: parameters that are each by itself, so that the value of one says nothing of another.
        tied: parameters that may depend on these.
    Example:
        >>> from sympy import symbols
        >>> from modeflow import Motion
        >>> t, w1, w2 = symbols("t w1 w2")
        >>> Motion(time=t, weights=(w1, w2)).together([w1])
        (w1, w2)
    """

    time: Symbol | None = None
    time_constant: Symbol | None = None
    weights: tuple[Symbol, ...] = ()
    layers: tuple[tuple[Letter, ...], ...] = ()
    courses: tuple[Course, ...] = ()
    kept: Mapping[Symbol, Expr] = field(default_factory=dict)
    coordinates: tuple[Mapping[Symbol, Expr], ...] = ()
    restated: tuple[Restated, ...] = ()
    synonyms: tuple[Mapping[Any, Any], ...] = ()
    free: tuple[Letter, ...] = ()
    tied: tuple[Letter, ...] = ()

    @cached_property
    def over_time(self) -> dict[Any, Any]:
        """Each weight → its function of time."""
        return {w: c.over_time(self.time) for w in self.weights for c in self.courses if c.on_way == w and c.over_time}

    @cached_property
    def start(self) -> dict[Any, Any]:
        """Each weight → its letter at the start."""
        return {w: c.at_start for w in self.weights for c in self.courses if c.on_way == w and c.at_start is not None}

    @cached_property
    def at_start(self) -> frozenset[Symbol]:
        """The letters for values at the start."""
        return frozenset(c.at_start for c in self.courses if isinstance(c.at_start, Symbol))

    @cached_property
    def on_way(self) -> frozenset[Symbol]:
        """The letters for values on the way."""
        return frozenset(c.on_way for c in self.courses if c.on_way is not None) - self.at_start

    @cached_property
    def of_weights(self) -> frozenset[Any]:
        """The letters and functions whose values depend on the weights or on where they start."""
        functions = {c.over_time for c in self.courses} | {r.about.func for r in self.restated if not r.about.is_Symbol}
        return self.on_way | self.at_start | (functions - {None})

    @cached_property
    def times_of(self) -> frozenset[UndefinedFunction]:
        """The functions whose values are times: where a claim gives one, it stands for the time."""
        return frozenset(r.about.func for r in self.restated if self.time in r.names)

    @cached_property
    def made_of_weights(self) -> tuple[Course, ...]:
        """The quantities that are expressions in the weights, without the weights themselves."""
        return tuple(c for c in self.courses if c.of_weights is not None and c.on_way not in self.weights)

    def together(self, letters: Iterable[Letter]) -> tuple[Letter, ...]:
        """The letters with those that one flow moves together with them.

        Parameters:
            letters: some of the alphabet.
        Returns: a tuple of letters, each once.
        Raises: nothing.
        Example:
            >>> from sympy import symbols
            >>> from modeflow import Motion
            >>> w1, w2 = symbols("w1 w2")
            >>> Motion(weights=(w1, w2)).together([w2])
            (w2, w1)
        """
        own = tuple(letters)
        systems = [s for s in (self.weights, *self.layers) if set(s) & set(own)]
        return tuple(dict.fromkeys([*own, *(letter for system in systems for letter in system)]))

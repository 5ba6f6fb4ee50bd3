"""What a loss and a start may be: every check names the argument, its value and what to give instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy
from sympy import Expr, Poly, Symbol

LARGEST_DEGREE = 32  # of a loss in its weights together: beyond it, factoring takes minutes


def check_expression(name: str, value: Any) -> None:
    """An exact, finite, real expression; raises TypeError or ValueError otherwise."""
    if not isinstance(value, Expr):
        raise TypeError(f"{name} is a {type(value).__name__}, not a SymPy expression; give one, made of symbols")
    if value.has(sympy.Float, sympy.nan, sympy.oo, -sympy.oo, sympy.zoo, sympy.I):
        raise ValueError(
            f"{name} = {value} holds an inexact, infinite or imaginary number: write Rational(1, 2) for 0.5"
        )
    for symbol in sorted(value.free_symbols, key=str):
        if symbol.is_extended_real is False or not symbol.is_commutative:
            raise ValueError(f"{name} = {value}: {symbol} is declared not to be real; declare it with real=True")


def check_symbols(weights: Any, time: Any) -> None:
    if (
        not isinstance(weights, tuple | list)
        or len(weights) != 2
        or not all(isinstance(w, Symbol) for w in (*weights, time))
    ):
        raise ValueError(
            f"weights = {weights}, time = {time}: give two symbols, encoder and decoder, and one for the time"
        )


def check_names(where: str, symbols: Iterable[Symbol], others: Iterable[Symbol]) -> None:
    """Two symbols of one name but other assumptions are two letters that look the same: refused."""
    known = {s.name: s for s in others if not isinstance(s, sympy.Dummy)}
    for symbol in sorted(symbols, key=str):
        other = known.setdefault(symbol.name, symbol) if not isinstance(symbol, sympy.Dummy) else symbol
        if other != symbol:
            raise ValueError(
                f"{where}: two symbols are called {symbol}, one with {_assumed(symbol)} and one with "
                f"{_assumed(other)}; declare the letter once and use it everywhere"
            )


def _assumed(symbol: Symbol) -> str:
    given = ", ".join(f"{k}={v}" for k, v in sorted(symbol._assumptions_orig.items()) if k != "commutative")
    return given or "no assumptions"


def check_loss(loss: Expr, weights: tuple[Symbol, Symbol]) -> None:
    """A polynomial in the weights that depends on one of them at least."""
    if not set(weights) & loss.free_symbols:
        raise ValueError(f"loss = {loss} does not depend on {weights[0]} or {weights[1]}; give one that does")
    if not loss.is_polynomial(*weights):
        raise ValueError(f"loss = {loss} is not a polynomial in {weights[0]} and {weights[1]}; give one that is")
    if (degree := Poly(loss, *weights).total_degree()) > LARGEST_DEGREE:
        why = f"its degree in the weights, {degree}, is larger than {LARGEST_DEGREE}"
        raise ValueError(f"loss: {why}; give a simpler one")


def check_tau(tau: Expr, time: Symbol) -> None:
    if tau.has(time):
        raise ValueError(f"tau = {tau} changes with {time}: give a time constant, and put what changes into the loss")
    if tau.is_extended_positive is False:
        raise ValueError(f"tau = {tau}: a time constant is > 0; give a positive number or a symbol with positive=True")


def checked_start(start: Any, time: Symbol, others: Iterable[Symbol]) -> tuple[Expr, Expr]:
    """The two weights at t = 0 as SymPy expressions."""
    if not isinstance(start, tuple | list | sympy.Tuple) or len(start) != 2:
        raise ValueError(f"start = {start}: give the two weights at {time} = 0, as (encoder, decoder)")
    whole = [isinstance(value, int) and not isinstance(value, bool) for value in start]
    encoder, decoder = (sympy.Integer(v) if w else v for v, w in zip(start, whole, strict=True))
    for index, value in enumerate((encoder, decoder)):
        if isinstance(value, float):
            raise ValueError(f"start[{index}] = {value} is inexact: write Rational(1, 2) for 0.5")
        check_expression(f"start[{index}]", value)
        if value.has(time):
            raise ValueError(f"start[{index}] = {value} changes with {time}: give the weight at {time} = 0")
    check_names(f"start = ({encoder}, {decoder})", encoder.free_symbols | decoder.free_symbols, others)
    return encoder, decoder

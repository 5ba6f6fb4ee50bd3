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
    """At least two different weights and a time, all symbols."""
    if not isinstance(weights, tuple | list) or not all(isinstance(w, Symbol) for w in (*weights, time)):
        raise ValueError(f"weights = {weights}, time = {time}: give two symbols or more, and one for the time")
    if len(weights) < 2:
        raise ValueError(f"weights = {weights}: a path has at least two weights, such as encoder and decoder; give all")
    if len({*weights, time}) != len(weights) + 1:
        raise ValueError(f"weights = {weights}, time = {time}: give different symbols")


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


def check_loss(loss: Expr, weights: tuple[Symbol, ...], needs_product: bool, product: object) -> None:
    """A polynomial in two weights, or a function of the product of all of them."""
    if not set(weights) & loss.free_symbols:
        either = " or ".join(map(str, weights))
        raise ValueError(f"loss = {loss} does not depend on {either}; give one that does")
    if product is None and (len(weights) > 2 or needs_product or not loss.is_polynomial(*weights)):
        left_out = [w for w in weights if w not in loss.free_symbols]
        if left_out:
            raise ValueError(f"loss = {loss} does not depend on {left_out[0]}; give one that does, or leave it out")
        either = "" if len(weights) > 2 or needs_product else f"not a polynomial in {weights[0]} and {weights[1]} and "
        why = "with time constants of their own, " if needs_product else ""
        raise ValueError(
            f"loss = {loss} is {either}not seen to be a function of one product of {', '.join(map(str, weights))}; "
            f"{why}give one that is"
        )
    if loss.is_polynomial(*weights) and (degree := Poly(loss, *weights).total_degree()) > LARGEST_DEGREE:
        why = f"its degree in the weights, {degree}, is larger than {LARGEST_DEGREE}"
        raise ValueError(f"loss: {why}; give a simpler one")


def checked_taus(tau: Any, weights: tuple[Symbol, ...], time: Symbol) -> Any:
    """One time constant, or a tuple with one for each weight, as SymPy expressions."""
    several = isinstance(tau, tuple | list | sympy.Tuple)
    if several and len(tau) != len(weights):
        raise ValueError(f"tau = {tau}: give one time constant, or one for each of the {len(weights)} weights")
    names = [f"tau[{i}]" for i in range(len(weights))] if several else ["tau"]
    found = tuple(
        checked_tau(name, one, weights, time) for name, one in zip(names, tau if several else [tau], strict=True)
    )
    return found if several else found[0]


def checked_tau(name: str, tau: Any, weights: tuple[Symbol, ...], time: Symbol) -> Expr:
    one = sympy.Integer(tau) if isinstance(tau, int) and not isinstance(tau, bool) else tau
    check_expression(name, one)
    if one.has(*weights):
        raise ValueError(f"{name} = {one} has a weight in it: give a time constant")
    if one.has(time):
        raise ValueError(
            f"{name} = {one} changes with {time}: give a time constant, and put what changes into the loss"
        )
    if one.is_extended_positive is False:
        raise ValueError(
            f"{name} = {one}: a time constant is > 0; give a positive number or a symbol with positive=True"
        )
    return one


def checked_start(start: Any, time: Symbol, others: Iterable[Symbol], count: int = 2) -> tuple[Expr, ...]:
    """The weights at t = 0 as SymPy expressions."""
    if not isinstance(start, tuple | list | sympy.Tuple) or len(start) != count:
        wanted = "the two weights" if count == 2 else f"the {count} weights"
        form = "(encoder, decoder)" if count == 2 else "a tuple, in their order"
        raise ValueError(f"start = {start}: give {wanted} at {time} = 0, as {form}")
    whole = [isinstance(value, int) and not isinstance(value, bool) for value in start]
    values = tuple(sympy.Integer(v) if w else v for v, w in zip(start, whole, strict=True))
    for index, value in enumerate(values):
        if isinstance(value, float):
            raise ValueError(f"start[{index}] = {value} is inexact: write Rational(1, 2) for 0.5")
        check_expression(f"start[{index}]", value)
        if value.has(time):
            raise ValueError(f"start[{index}] = {value} changes with {time}: give the weight at {time} = 0")
    check_names(f"start = ({', '.join(map(str, values))})", set().union(*(v.free_symbols for v in values)), others)
    return values

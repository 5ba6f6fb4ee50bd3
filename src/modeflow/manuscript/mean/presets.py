"""The notations of published sources: what their symbols stand for among the quantities of the package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from sympy import Expr, Integer, MatrixSymbol, Symbol, pi
from sympy.core.function import UndefinedFunction

from ...language.definitions import Definition
from ...language.quantities import Alphabet, Quantity
from ...statements import shipped
from ..read.grammar import key
from ..text.tokens import Unparsed
from .matrix_shapes import IDENTITY

ASSUMPTIONS = ("real", "positive", "nonnegative", "nonzero", "negative", "nonpositive", "integer")
OFTEN_FIXED = {"eps": 0, "tau": 1, "pull": 1, "gamma": 0}  # in papers on less general settings
Table = dict[str, Any]
Fixed = Mapping[Symbol, Expr]


def alphabet() -> Alphabet:
    """The letters of the chapters that ship, to which the notations refer."""
    return shipped.alphabets()[0]


@cache
def _pretorius2018() -> tuple[Table, Fixed]:
    """The letters of the chapters on autoencoders, and π; without Bessel's U' and U''."""
    left_out = ("U'", "U''")
    own = letters(q for q in alphabet() if q.tex not in left_out and str(q.symbol) != "y_lin")
    return own | {"\\pi": pi}, {}


def letters(known: Iterable[Quantity]) -> Table:
    """The letters of these quantities, of two alike the last; d is left out, since it belongs to d/dt."""
    table: Table = {}
    known = tuple(known)
    written_as = {quantity.symbol: quantity.tex for quantity in known}
    for quantity in known:
        if quantity.tex == "d":
            continue
        argument = "t" if quantity.of is None else written_as.get(quantity.of, quantity.of)
        written = f"{quantity.tex}({argument})" if isinstance(quantity.symbol, UndefinedFunction) else quantity.tex
        table[key(written)] = quantity.symbol
        if isinstance(quantity.symbol, MatrixSymbol) and quantity.meaning.startswith(("encoder", "decoder")):
            table[key(f"{quantity.tex}(t)")] = quantity.symbol
    return table | {"I": IDENTITY, "\\mathbb{I}": IDENTITY}


def names(known: Iterable[Definition]) -> Table:
    """The letters of these defined quantities, of two alike the last; without those that are more than a letter."""
    table: Table = {}
    for definition in known:
        with suppress(Unparsed):
            table[key(definition.tex)] = definition.applied
    return table


# Written there, and the quantity it is here. The larger of the two weights is a there and the decoder's here, which is
# the same: the equations of a mode do not change when its two weights are exchanged.
# Of several names of one quantity the last is the one in which the package writes it.
_SAXE2014 = {
    "t": "t",
    "\\tau": "tau",
    "s_\\alpha": "growth",
    "s": "growth",
    "a": "w2",
    "b": "w1",
    "a_\\alpha": "w2",
    "b_\\alpha": "w1",
    "a(t)": "w_2",
    "b(t)": "w_1",
    "a_0": "b",
    "b_0": "a",
    "u_\\alpha": "u",
    "u": "u",
    "u_\\alpha(t)": "w",
    "u_f(t)": "w",
    "u(t)": "w",
    "u_0": "w0",
    "u_f": "x",
    "c_0": "c0",
    "\\theta": "theta",
    "\\theta_0": "theta0",
    "W^{21}": "W1",
    "W^{32}": "W2",
    "X": "X",
    "Y": "Y",
}


@cache
def _saxe2014() -> tuple[Table, Fixed]:
    """Saxe, McClelland and Ganguli: whitened inputs, so that k = 1 and only the strength s of a mode drives it."""
    known = alphabet().quantities
    table: Table = {}
    for written, name in _SAXE2014.items():
        symbol = known[name].symbol
        is_function = isinstance(symbol, UndefinedFunction)
        table[key(f"{written}(t)" if is_function and "(" not in written else written)] = symbol
    X, Y = known["X"].symbol, known["Y"].symbol
    for layer in ("21", "32"):
        for transposed in (f"W^{{{{{layer}}}^T}}", f"W^{{{layer}T}}", f"W^{{{layer}^T}}"):
            table[key(transposed)] = table[f"W^{{{layer}}}"].T
    table |= {"\\Sigma^{11}": X * X.T, "\\Sigma^{31}": Y * X.T, "I": IDENTITY, "\\mathbb{I}": IDENTITY}
    return table, {known["pull"].symbol: Integer(1)}


PRESETS: dict[str, Callable[[], tuple[Table, Fixed]]] = {"pretorius2018": _pretorius2018, "saxe2014": _saxe2014}

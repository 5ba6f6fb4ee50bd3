"""Quotients and derivatives: d/dt, dw/dt, a dot above; d stays a letter where it is declared."""

from __future__ import annotations

from collections.abc import Sequence

from ..text.braces import overs
from ..text.commands import BRACKETS, FUNCTIONS, TIMES, TRACES
from ..text.tokens import Token, Unparsed
from .arithmetic import (
    begins_factor,
    divided,
    enclosed,
    factor,
    inside,
    is_at_value_bar,
    is_number,
    number,
    power,
    refuse_factor,
    symbol_power,
)
from .cursor import SCRIPTS, Cursor, texts
from .differentials import after_d, differentials, order_of, take_d
from .formula_trees import Node
from .functions import exponential
from .matrix_forms import NORMS
from .symbols import nested_derivative, read_name, symbol, whole_name

_DIFFERENTIATED = {"\\frac", "\\sqrt", "\\sum", "\\int", "\\lvert", *FUNCTIONS, *TRACES, *NORMS}


def group(at: Cursor) -> Node:
    start, opened, braced = at.position, at.next, at.next == "{"
    inner = at.enclosed()
    if opened == "[" and at.next == "^" and any(map(_is_entry, inner, inner[1:])):
        raise Unparsed("what stands in square brackets may be a row of entries: write a - b, or use parentheses", start)
    if braced and len(bars := overs(inner)) == 1:
        return _quotient(at, inner[: bars[0]], inner[bars[0] + 1 :], start)
    return power(at, inside(at, inner))


def _is_entry(sign: Token, behind: Token) -> bool:
    """Whether a sign belongs to what stands behind it, as in [1 -1]."""
    return sign.text in ("+", "-") and sign.spaced and not behind.spaced


def fraction(at: Cursor) -> Node:
    r"""\frac{a}{b}, \frac{dw}{dt} or \frac{d}{dt} with what it is applied to."""
    start = at.shift().position
    return _quotient(at, at.argument(), at.one_argument(), start)


def _quotient(at: Cursor, above: Sequence[Token], below: Sequence[Token], start: int) -> Node:
    """A quotient with its power, or a derivative that is written as one."""
    if "d" in at.names and texts((*above[:1], *below[:1])) == ["d", "d"]:
        raise Unparsed("d is declared as a symbol, so this can be read in two ways: use \\mathrm{d}", start)
    variables = differentials(at, below)
    if variables:
        return _derivative_fraction(at, above, variables, start)
    return power(at, divided(at, above, below, start))


def _derivative_fraction(at: Cursor, above: Sequence[Token], variables: tuple[str, ...], start: int) -> Node:
    r"""\frac{d}{dt} and what it is applied to, or \frac{dw}{dt}."""
    rest = after_d(at, above, len(variables), start)
    operand = _numerator(at, rest) if rest else _differentiated(at)
    return nested_derivative(operand, variables, start)


def _numerator(at: Cursor, rest: Sequence[Token]) -> Node:
    reader = at.within(rest)
    operand = factor(reader)
    reader.refuse_rest("more than one factor behind d in a numerator can be read in two ways: use parentheses")
    at.refuse_script()
    return operand


def _differentiated(at: Cursor) -> Node:
    """What d/dt is applied to: a bracket, or one factor that nothing else joins."""
    start, is_bracket = at.position, at.next in BRACKETS
    operand = enclosed(at) if is_bracket else _differentiated_factor(at)
    if is_bracket and at.next not in SCRIPTS:
        return operand
    if is_bracket:
        operand = power(at, operand)
    if is_number(operand) and begins_factor(at.next):  # a number is no more differentiated than it is not
        return Node("multiply", "", (operand, _differentiated(at)), start)
    if is_at_value_bar(at):  # the value of the derivative, as the bar checks
        return operand
    refuse_factor(at, "what is differentiated can be read in two ways: use parentheses", "/", *TIMES)
    return operand


def _differentiated_factor(at: Cursor) -> Node:
    if at.is_at_digit:
        return number(at)
    if at.next in _DIFFERENTIATED:
        return factor(at)
    return exponential(at) or symbol_power(at)


def derivative_in_line(at: Cursor) -> Node | None:
    r"""dw/dt, d(…)/dt, d/dt(…) or \partial_t w; None where no d stands next, or one that is declared."""
    start = at.position
    if at.next == "\\partial" and at.ahead(1) == "_":
        return _partial(at, start)
    if not take_d(at):
        return None
    order = order_of(at)
    above = None if at.next == "/" else _above_slash(at)
    variable = _below_slash(at, order, start)
    if above is None:
        above = _differentiated(at)
    elif at.next in ("/", "(", "["):
        at.refuse("what stands behind dt can be read in two ways")
    return nested_derivative(above, (variable,) * order, start)


def _partial(at: Cursor, start: int) -> Node:
    at.place += 2
    variable = whole_name(at.within(at.one_argument()))
    if variable is None:
        raise Unparsed("\\partial with an index that is not one symbol", start)
    return nested_derivative(_differentiated(at), (variable,), start)


def _above_slash(at: Cursor) -> Node:
    return group(at) if at.next in BRACKETS else symbol_power(at)


def _below_slash(at: Cursor, order: int, start: int) -> str:
    if not at.take("/") or not take_d(at):
        raise Unparsed("d that is not part of d/dt is not declared", start)
    variable = read_name(at)
    if variable is None or (order == 1 and at.next in SCRIPTS):
        at.refuse("d/d without the symbol in which is differentiated")
    if order != order_of(at):
        raise Unparsed("d over two differentials", start)
    return variable


def dotted(at: Cursor) -> Node:
    r"""\dot w, \dot{w}_1, \dot w(t)."""
    start = at.position
    order = 2 if at.shift().text == "\\ddot" else 1
    inner = at.argument()
    if not inner or inner[-1].text in ("^", "_"):
        raise Unparsed("a dot over nothing", start)
    # An index, or what else belongs to the symbol, may stand after the dot.
    reader = at.within([*inner, *at.tokens[at.place :]])
    operand = symbol(reader)
    if reader.place < len(inner) or operand.kind not in ("symbol", "apply"):
        raise Unparsed("a dot over more than one symbol", start)
    at.rewrite(len(at.tokens), reader.tokens[reader.place :])
    return power(at, nested_derivative(operand, ("t",) * order, start))

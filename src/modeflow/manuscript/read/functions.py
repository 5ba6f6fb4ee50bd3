"""Functions with their arguments, and exponentials."""

from __future__ import annotations

from ..text.braces import DEEPEST
from ..text.commands import ACCENTS, BRACKETS, FONTS, FUNCTIONS, GREEK, INVERSES, TIMES, TRACES
from ..text.tokens import Unparsed
from .arithmetic import (
    LONGEST_NUMBER,
    absolute,
    begins_factor,
    divided,
    enclosed,
    number,
    refuse_factor,
    root,
    script,
)
from .cursor import SCRIPTS, Cursor, is_digits, spelled, texts
from .differentials import differentials, spelling
from .formula_trees import Node
from .symbols import symbol

_UNCLEAR_END = "where the argument of the function ends is not clear: use parentheses"


def function(at: Cursor) -> Node:
    """A function with its power and its argument."""
    start, command = at.position, at.shift().text
    base = _base_of_logarithm(at) if command == "\\log" else None
    name, power = _function_power(at, FUNCTIONS[command])
    if at.next == "_":
        at.refuse("an index on a function is not read")
    value = Node("function", name, (_function_argument(at),), start)
    if base is not None:
        value = Node("divide", "", (value, Node("function", "ln", (base,), start)), start)
    return value if power is None else Node("power", "", (value, power), start)


def _base_of_logarithm(at: Cursor) -> Node | None:
    r"""The base of \log_2, which is a number above 1; None where none stands there."""
    sign = at.take("_")
    if sign is None:
        return None
    written = spelled(at.one_argument())
    if not is_digits(written) or len(written) > LONGEST_NUMBER or int(written) < 2:
        raise Unparsed("a base of a logarithm that is not a number above 1 is not read", sign.position)
    return Node("number", written, (), sign.position)


def _function_power(at: Cursor, name: str) -> tuple[str, Node | None]:
    r"""The function and its power, which is an inverse in \tanh^{-1}."""
    sign = at.take("^")
    if sign is None:
        return name, None
    power = script(at)
    if power.kind == "number":
        return name, power
    if power.kind != "minus" or power.parts[0].kind != "number":
        raise Unparsed("only a number is read as the power of a function", sign.position)
    if power.parts[0].value != "1" or name not in INVERSES:
        raise Unparsed("this power of a function can be read in two ways", sign.position)
    return INVERSES[name], None


def _function_argument(at: Cursor) -> Node:
    """The argument: in brackets, or one fraction, root, symbol or function that nothing else joins."""
    if at.next in ("|", "\\lvert", "{", *BRACKETS):
        inner = absolute(at) if at.next in ("|", "\\lvert") else enclosed(at)
        at.refuse_script("a power behind the argument of a function can be read in two ways")
        return inner
    inner = _bare_argument(at)
    if at.next not in FUNCTIONS and at.next not in TRACES:
        refuse_factor(at, _UNCLEAR_END, "/", *SCRIPTS, *TIMES)
    return inner


def _bare_argument(at: Cursor) -> Node:
    start = at.position
    if not at.is_at_digit:
        return _bare_factor(at, start)
    times = number(at)
    if not begins_factor(at.next):
        return times
    return Node("multiply", "", (times, _bare_factor(at, start)), start)


def _bare_factor(at: Cursor, start: int) -> Node:
    if at.take("\\frac"):
        return _bare_fraction(at, start)
    if at.take("\\sqrt"):
        return root(at, start)
    if at.next in FUNCTIONS:
        return _function_of_function(at, start)
    if (power := exponential(at)) is not None:
        return power
    if at.next.isalpha() or at.next in GREEK | ACCENTS | FONTS:
        return symbol(at)
    return at.refuse("the argument of the function is not clear: use parentheses")


def _bare_fraction(at: Cursor, start: int) -> Node:
    above, below = at.argument(), at.argument()
    if differentials(at, below):
        raise Unparsed("a derivative as the argument of a function: use parentheses", start)
    return divided(at, above, below, start)


def _function_of_function(at: Cursor, start: int) -> Node:
    r"""The inner one of \ln\cosh x."""
    at.depth += 1
    if at.depth > DEEPEST:
        raise Unparsed(f"functions nested more than {DEEPEST} deep", start)
    inner = function(at)
    at.depth -= 1
    refuse_factor(at, _UNCLEAR_END)
    return inner


def exponential(at: Cursor) -> Node | None:
    r"""e^{…} or \mathrm{e}^{…}, where e is not declared."""
    start, end = at.position, at.place + spelling(at.following(4), "e")
    written = spelled(at.tokens[at.place : end])
    if not written or "e" in at.names or written in at.names or texts(at.tokens[end : end + 1]) == ["_"]:
        return None
    at.place = end
    if not at.take("^"):
        at.refuse("e without an exponent is not declared: write 'e' = \"e\" under [manuscript.symbols]")
    exponent = script(at)
    at.refuse_script()
    return Node("function", "exp", (exponent,), start)

r"""Functions of the paper's own, of one letter or several: f(x + h), p(x | y). f^2(x) may be a power or f(f(x)).

application = name "(" sum (separator sum)* ")"
separator   = "," | ";" | "|"

Only a name that the table knows as such a function, and as no symbol, is one; w(t) stands in `symbols`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..text.braces import nesting
from ..text.tokens import Token, Unparsed
from .arithmetic import inside, power
from .cursor import Cursor, is_digits, spelled
from .formula_trees import Node
from .symbols import is_applied, nested_derivative, read_name, whole_name

SEPARATORS = {",": ",", ";": ";", "|": "|", "\\mid": "|"}
MOST_ARGUMENTS = 6


def application(at: Cursor) -> Node | None:
    """A function of the paper's own with its arguments and the power behind them; None where none stands next."""
    start, before = at.position, (at.place, at.tokens)
    name = _name(at)
    exponent = _exponent(at) if name else None
    if not name or at.next != "(":
        at.place, at.tokens = before
        return None
    end = at.matching(at.place)
    inner = at.tokens[at.place + 1 : end]
    split = _split(at, name, inner)
    if split is None and exponent is None and (slope := _slope(at, name, inner, start)):
        at.place = end + 1
        return power(at, slope)
    if split is None:
        at.place, at.tokens = before
        return None
    if at.tokens[end].text != ")":
        at.refuse("( is closed by another bracket")
    at.place = end + 1
    if exponent is not None:
        raise Unparsed(f"{name}^{exponent.value}(…) can be read in two ways: write a power behind the brackets", start)
    value = _applied(at, name, *split, start)
    return power(at, value)


def _split(at: Cursor, name: str, found: Sequence[Token]) -> tuple[Sequence[Sequence[Token]], str] | None:
    """The arguments and their separators; None where the name is no function of so many. f(|x|) is of one."""
    for bars in (True, False):
        parts, separators = arguments(found, bars)
        if is_applied(name, separators, at.names):
            return parts, separators
    return None


def _slope(at: Cursor, name: str, found: Sequence[Token], start: int) -> Node | None:
    """f'(x), the derivative of f(x) where f is a function of x; None for anything else."""
    function = name.rstrip("'")
    if function == name or not is_applied(function, "", at.names):
        return None
    letter = whole_name(at.within(found))
    if letter is None or f"{function}({letter})" not in at.names:
        raise Unparsed(f"{name} at anything but the letter with which {function} is declared is not read", start)
    value = Node("apply", function, (Node("symbol", letter, (), start),), start)
    return nested_derivative(value, (letter,) * (len(name) - len(function)), start)


def _name(at: Cursor) -> str:
    """The name that stands next; "" where there is none that is read."""
    try:
        return read_name(at) or ""
    except Unparsed:
        return ""


def _exponent(at: Cursor) -> Node | None:
    """The number in f^2(x), taken."""
    position = at.position
    if at.next != "^" or not is_digits(spelled(_raised(at))):
        return None
    at.shift()
    return Node("number", spelled(at.one_argument()), (), position)


def _raised(at: Cursor) -> Sequence[Token]:
    place = at.place
    at.shift()
    found = at.argument() if at.next else []
    at.place = place
    return found


def _applied(at: Cursor, name: str, parts: Sequence[Sequence[Token]], separators: str, start: int) -> Node:
    if not separators and (alone := whole_name(at.within(parts[0]))) and f"{name}({alone})" in at.names:
        return Node("apply", name, (Node("symbol", alone, (), start),), start)
    return Node("application", f"{name}({separators}·)", tuple(inside(at, part) for part in parts), start)


def arguments(found: Sequence[Token], bars: bool = True) -> tuple[list[list[Token]], str]:
    """What stands between the separators of a bracket, and these, in their one spelling; bars: whether | is one."""
    parts: list[list[Token]] = [[]]
    separators, depth = "", 0
    for token in found:
        depth += nesting(token.text)
        if depth == 0 and token.text in SEPARATORS and (bars or token.text != "|"):
            parts.append([])
            separators += SEPARATORS[token.text]
        else:
            parts[-1].append(token)
    if len(parts) > MOST_ARGUMENTS:
        raise Unparsed(f"a function of more than {MOST_ARGUMENTS} arguments", found[0].position)
    return parts, separators

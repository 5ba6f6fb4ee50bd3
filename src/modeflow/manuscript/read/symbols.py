r"""Symbols: a letter with its accent and index, w(t), w'(t), and the names that have a meaning at a place.

symbol    = name [ "(" name or 0 ")" ]; functions of anything else are read in `applications`
name      = ["\Delta"] letter ( "_" index | "'" | "^" what the table declares )*
letter    = Latin | Greek | accent letter | font letter
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from ..text.braces import top_level
from ..text.commands import ACCENTS, ALIKE_IN_INDICES, BRACKETS, FONTS, GREEK, STARS, TRANSPOSES
from ..text.tokens import Token, Unparsed, closing
from .cursor import SCRIPTS, Cursor, spelled
from .formula_trees import Node

# Names that have a meaning


class Everything:
    """Where every name is declared."""

    def __contains__(self, name: object) -> bool:
        return True


class NamesAsWritten:
    """Which raised signs belong to a name as far as can be seen: w^* is one symbol, w^2 a power."""

    def __contains__(self, name: object) -> bool:
        written = str(name)
        return not written.startswith(DIFFERENCES) and ("^" not in written or _RAISED.search(written) is not None)


DIFFERENCES = ("\\Delta ", "\\delta ")  # what a name such as \Delta t, declared as one, begins with
_RAISED = re.compile(r"\^\{(\*|\(.*\)|\+|-|\d\d|[a-z]+|\\(mathrm|text) .*)\}$")


def is_function(name: str, names: Container[str]) -> bool:
    """Whether the table knows the name as a function."""
    return f"{name}(" in names


def is_declared(name: str, names: Container[str]) -> bool:
    """Whether the name has a meaning, as a symbol or a function."""
    return name in names or is_function(name, names)


def is_applied(name: str, separators: str, names: Container[str]) -> bool:
    """Whether the table knows the name as a function that is written with these separators in its brackets, f(x, y)."""
    return f"{name}({separators}·)" in names and name not in names


def is_time(name: str, names: Container[str]) -> bool:
    """Whether the table knows the name as a time."""
    return f"time {name}" in names


def undeclared(name: str) -> str:
    """Why a symbol without a meaning is not read, and the remedy."""
    return f"{name} is not declared: give it a meaning under [manuscript.symbols]"


# Symbols


def symbol(at: Cursor) -> Node:
    """A declared symbol, as w or w(t); raises Unparsed for any other."""
    start, before = at.position, at.place
    name = read_name(at)
    if name is None:
        at.place = before
        at.refuse()
    function = name.rstrip("'")
    if function != name and name not in at.names and is_function(function, at.names):
        return _primed(at, function, len(name) - len(function), start)
    if not is_declared(name, at.names):
        raise Unparsed(undeclared(name), start)
    return applied(at, Node("symbol", name, (), start))


def _primed(at: Cursor, name: str, primes: int, start: int) -> Node:
    """w' or w'(t): the derivative of a function of t."""
    if f"{name}(t)" not in at.names:
        raise Unparsed(f"{name}' is not declared", start)
    operand = applied(at, Node("symbol", name, (), start))
    if operand.kind == "apply" and operand.parts[0].kind == "number":
        raise Unparsed("a derivative at a number is not read", start)
    return nested_derivative(operand, ("t",) * primes, start)


def nested_derivative(operand: Node, variables: Sequence[str], start: int) -> Node:
    """The derivative in each of the variables, the first one outermost."""
    for variable in reversed(variables):
        operand = Node("derivative", variable, (operand,), start)
    return operand


def applied(at: Cursor, function: Node) -> Node:
    """w(t) where the table knows w as a function; brackets around one symbol are refused elsewhere."""
    if at.next not in BRACKETS:
        return function
    end = at.matching(at.place)
    inner = at.tokens[at.place + 1 : end]
    if not inner:
        at.refuse("empty brackets")
    argument = _alone(at, inner)
    if argument is None:
        _refuse_arguments(at, function.value, inner)
        return function
    if _has_value(at, function.value, argument):
        at.place = end + 1
        return _value(function, argument)
    if argument in at.names and not is_time(argument, at.names) and _transposes(at, end + 1):
        return function
    return at.refuse(f"{function.value}({spelled(inner)}) can be read as a product or as a function")


def _alone(at: Cursor, inner: Sequence[Token]) -> str | None:
    """The symbol, digit or value of a function, x(t), that fills brackets alone; None for anything else."""
    if len(inner) == 1 and inner[0].text.isdigit():
        return inner[0].text
    reader = Cursor(inner, Everything(), at.depth + 1)
    name = read_name(reader)
    is_value = name and is_function(name, at.names) and reader.next == "(" and reader.ahead(2) == ")"
    return spelled(inner) if is_value and not reader.ahead(3) else None if reader.next else name


def _refuse_arguments(at: Cursor, name: str, inner: Sequence[Token]) -> None:
    """Raises Unparsed where brackets around more than one symbol may be the arguments of that function."""
    if any(token.text == "," for token in inner):
        at.refuse(f"{name} with several arguments is not read")
    if is_function(name, at.names) and not _is_no_time(at, inner, name):
        at.refuse(f"{name}(…) can be read as a product or as a function: use \\cdot")


def _has_value(at: Cursor, name: str, argument: str) -> bool:
    """Whether the table knows w(t), or w(0), which is a value of w(t)."""
    is_known = f"{name}({argument})" in at.names or (argument == "0" and f"{name}(t)" in at.names)
    return at.next == "(" and is_known


def _value(function: Node, argument: str) -> Node:
    value = Node("number" if argument == "0" else "symbol", argument, (), function.position)
    return Node("apply", function.value, (value,), function.position)


def _is_no_time(at: Cursor, found: Sequence[Token], function: str) -> bool:
    """Whether that cannot be a time: it holds the function itself, or is a sum in which no time stands."""
    names = set(_names_in(found, at.depth + 1))
    if function in names:
        return True
    is_sum = any(token.text in ("+", "-") for _, token in top_level(found))
    return not any(is_time(name, at.names) for name in names) and (is_sum or function in at.names)


def _names_in(found: Sequence[Token], depth: int) -> Iterator[str]:
    """Every name that can be read anywhere in there."""
    reader = Cursor(found, frozenset(), depth)
    for place in range(len(found)):
        reader.place = place
        with suppress(Unparsed):
            if name := read_name(reader):
                yield name


# Transposes behind a symbol


def _transposes(at: Cursor, place: int) -> bool:
    """Whether a transpose stands there, as behind brackets that hold one letter together."""
    if place + 1 >= len(at.tokens) or at.tokens[place].text != "^":
        return False
    return _is_transpose(at, at.tokens[place + 1 : _script_end(at.tokens, place + 1)])


def _script_end(found: Sequence[Token], place: int) -> int:
    if found[place].text in FONTS and place + 1 < len(found):
        place += 1
    return closing(found, place) + 1 if found[place].text == "{" else place + 1


def _is_transpose(at: Cursor, sign: Sequence[Token]) -> bool:
    plain = [token.text for token in sign if token.text not in {*FONTS, "^", "{", "}"}]
    return len(plain) == 1 and plain[0] in TRANSPOSES and plain[0] not in at.names


# Names


def read_name(at: Cursor) -> str | None:
    """The key of a symbol: its letter, accents, index and, where the table says so, what is raised."""
    if f"{at.next} " in DIFFERENCES and (difference := _difference(at)):
        return difference
    base = _letter(at)
    if base is None:
        return None
    index = raised = ""
    while at.next in SCRIPTS:
        if at.take("_"):
            index = _index(at, index)
        elif _take_prime(at):
            raised += "'"
        elif superscript := _superscript(at, base + index, raised):
            raised = superscript
        else:
            break
    return base + index + raised


def _difference(at: Cursor) -> str:
    r"""The key of \Delta t, where it is declared as one symbol; "" where it is not."""
    before = at.place, at.tokens
    sign = at.shift().text
    is_single = at.next not in SCRIPTS and f"{at.next} " not in DIFFERENCES
    name = read_name(at) if is_single else None
    name = name and f"{sign} {name}"
    if not name or not is_declared(name, at.names):
        at.place, at.tokens = before
        return ""
    return name


def whole_name(at: Cursor) -> str | None:
    """The key of the symbol that is all the cursor has; None where there is more, or none."""
    name = read_name(at)
    return None if at.next else name


def _letter(at: Cursor) -> str | None:
    text = at.next
    if text in GREEK or (len(text) == 1 and text.isascii() and text.isalpha()):
        return at.shift().text
    if text not in ACCENTS and text not in FONTS:
        return None
    at.place += 1
    inner = at.argument()
    return f"{text}{{{as_key(inner)}}}" if inner else None


def _index(at: Cursor, before: str) -> str:
    if before:
        at.refuse("two indices")
    written = as_key(at.one_argument())
    return f"_{{{written}}}" if written else ""


def _take_prime(at: Cursor) -> bool:
    if at.next == "^" and at.ahead(1) == "\\prime":
        at.place += 2
        return True
    return at.take("'") is not None


def _superscript(at: Cursor, name: str, raised: str) -> str:
    """What is raised and belongs to the name, taken; "" where it is a power, or something is raised already."""
    here, sign = at.place, at.shift()
    inner = at.argument()
    if not raised and not _is_superscript(at, name, inner):
        inner = _without_transpose(at, name, inner, sign)
    if raised or not inner:
        at.place = here
        return ""
    return f"^{{{as_key(inner)}}}"


def _is_superscript(at: Cursor, name: str, inner: Sequence[Token]) -> bool:
    return is_declared(f"{name}^{{{as_key(inner)}}}", at.names)


def _without_transpose(at: Cursor, name: str, inner: list[Token], power: Token) -> list[Token]:
    r"""What is raised in W^{21\top}, where W^{21} is declared, with the transpose left to be read; else nothing."""
    for tail in range(1, min(len(inner), 5)):
        head, sign = inner[:-tail], inner[-tail:]
        is_balanced = sum((t.text == "{") - (t.text == "}") for t in sign) == 0
        if is_balanced and _is_transpose(at, sign) and _is_superscript(at, name, head):
            at.rewrite(at.place, [power, replace(power, text="\\top")])
            return head
    return []


def as_key(inner: Sequence[Token]) -> str:
    """What is written there, in the one spelling of keys."""
    texts = [STARS.get(t.text) or ALIKE_IN_INDICES.get(t.text, t.text) for t in inner]
    return "".join(t + (" " if len(t) > 2 and t[0] == "\\" else "") for t in texts).strip()

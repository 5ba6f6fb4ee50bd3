"""Operators on matrices: traces, norms, inner products, means, gradients."""

from __future__ import annotations

from ..text.braces import nesting
from ..text.commands import BARS, BRACKETS, FONTS, MEANS, TRACES
from ..text.tokens import Token, Unparsed
from .arithmetic import enclosed, inside, refuse_factor
from .cursor import Cursor, spelled, texts
from .differentials import spelling
from .formula_trees import Node
from .symbols import symbol, whole_name

NORMS = BARS | {"\\lVert"}


def trace(at: Cursor) -> Node:
    start = at.shift().position
    if at.next in ("{", *BRACKETS):
        inner = enclosed(at)
    else:
        inner = symbol(at)
        refuse_factor(at, "where the argument of the trace ends is not clear: use parentheses", "^", "/")
    at.refuse_script("a power behind a trace can be read in two ways")
    return Node("trace", "", (inner,), start)


def norm(at: Cursor) -> Node:
    """A norm, which must be squared and may bear the index F."""
    start = at.position
    inner = at.enclosed() if at.next == "\\lVert" else at.up_to(_closing_norm(at), "bars")
    is_named = at.next == "_"
    if not _takes_frobenius(at):
        raise Unparsed("a norm other than Frobenius is not read", start)
    if is_named and at.next != "^":
        return Node("root", "", (Node("norm", "", (inside(at, inner),), start),), start)
    if not at.take("^") or texts(at.argument()) != ["2"]:
        raise Unparsed("a norm that is not squared is not read", start)
    at.refuse_script()
    return Node("norm", "", (inside(at, inner),), start)


def _closing_norm(at: Cursor) -> int:
    """Where the bars of a norm that open here close."""
    depth, opened = 0, at.tokens[at.place]
    for place in range(at.place + 1, len(at.tokens)):
        text = at.tokens[place].text
        depth += nesting(text)
        if depth < 0:
            break
        if depth == 0 and text == opened.text:
            return place
    raise Unparsed(f"{opened.text} is not closed", opened.position)


def _takes_frobenius(at: Cursor) -> bool:
    """Whether F, or nothing, stands as an index; taken."""
    return not at.take("_") or [text for text in texts(at.argument()) if text not in FONTS | {"{", "}"}] == ["F"]


def inner_product(at: Cursor) -> Node:
    r"""\langle A, B\rangle of two matrices, which is the trace of A transposed times B."""
    start = at.shift().position
    sides = _up_to_rangle(at)
    if not at.take("\\rangle") or len(sides) != 2:
        raise Unparsed("angles are read as the product of two matrices, \\langle A, B\\rangle", start)
    if not _takes_frobenius(at):
        raise Unparsed("an inner product other than Frobenius's is not read", start)
    at.refuse_script()
    one, other = (inside(at, side) for side in sides)
    return Node("trace", "", (Node("multiply", "", (Node("transpose", "", (one,), start), other), start),), start)


def _up_to_rangle(at: Cursor) -> list[list[Token]]:
    """What stands between the commas of an inner product."""
    sides: list[list[Token]] = [[]]
    depth = 0
    while at.next and (depth or at.next != "\\rangle"):
        token = at.shift()
        depth += nesting(token.text)
        if token.text == "," and not depth:
            sides.append([])
        else:
            sides[-1].append(token)
    return sides


def mean_operator(at: Cursor) -> Node:
    r"""\operatorname{E}[…], the one operator of that form that is left: traces and functions are commands."""
    start = at.position
    if (found := mean(at)) is not None:
        return found
    at.place += 1
    raise Unparsed(f"\\operatorname{{{spelled(at.argument())}}} is not known", start)


def mean(at: Cursor) -> Node | None:
    r"""\mathbb{E}[…], with or without the noise as its index; None where none stands next."""
    start, before = at.position, at.place
    if not _take_mean_sign(at):
        return None
    over = _index(at)
    if at.next in NORMS or at.next in TRACES:
        inner = trace(at) if at.next in TRACES else norm(at)
        if inner.kind == "root":
            raise Unparsed("the mean of a norm that is not squared is not read", start)
        refuse_factor(at, "where the argument of the mean ends is not clear: use brackets")
    elif at.next in BRACKETS:
        inner = enclosed(at)
        at.refuse_script()
    elif at.next == "\\lvert":
        at.refuse("where the argument of the mean ends is not clear: use brackets")
    else:
        at.place = before
        return None
    return Node("mean", over, (inner,), start)


def _take_mean_sign(at: Cursor) -> bool:
    length = spelling(at.following(4), "E", FONTS | {"\\operatorname"})
    written = "E" if length == 1 else f"{at.next}{{E}}"
    if not length or written not in MEANS or written in at.names:
        return False
    at.place += length
    return True


def gradient(at: Cursor) -> Node:
    start = at.shift().position
    letter = _index(at)
    if not letter:
        raise Unparsed("\\nabla without the letter in which is differentiated", start)
    if at.next in BRACKETS:
        inner = enclosed(at)
    else:
        inner = symbol(at)
        refuse_factor(at, "what is differentiated can be read in two ways: use parentheses")
    at.refuse_script()
    return Node("gradient", letter, (inner,), start)


def _index(at: Cursor) -> str:
    """The one symbol that stands as an index; "" where there is none."""
    sign = at.take("_")
    if sign is None:
        return ""
    name = whole_name(at.within(at.one_argument()))
    if name is None:
        raise Unparsed("an index that is not one symbol", sign.position)
    return name

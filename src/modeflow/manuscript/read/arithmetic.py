r"""Sums, products, powers, and what they are made of; the rules for other factors are those that the grammar lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..text.braces import overs
from ..text.commands import ACCENTS, CLOSERS, FONTS, FUNCTIONS, GREEK, PAIRS, RELATIONS, TIMES, TRANSPOSES
from ..text.tokens import Token, Unparsed, closing
from .cursor import Cursor, is_digits, spelled, texts
from .formula_trees import Node
from .symbols import applied, is_declared, symbol

LONGEST_NUMBER = 30  # digits
RULES: dict[str, Callable[[Cursor], Node]] = {}  # what a token calls for; the grammar fills it
BY_LETTER: list[Callable[[Cursor], Node | None]] = []  # what a letter may begin besides a symbol; the grammar too
AT_BAR: list[Callable[[Cursor, Product], Node]] = []  # how F|_{x=0} is read; the grammar too
_LETTERS = {"\\partial"} | GREEK | ACCENTS | FONTS
_VALUE_BARS = ("|", "\\rvert", "\\mid")


def whole(at: Cursor) -> Node:
    """All that the cursor has, as one sum."""
    value = signed_sum(at)
    at.refuse_rest()
    return value


def inside(at: Cursor, found: Sequence[Token]) -> Node:
    """A whole group as one sum, {a \\over b} included."""
    bars = overs(found)
    if len(bars) > 1:
        raise Unparsed("\\over twice in one group", found[bars[1]].position)
    if bars:
        return divided(at, found[: bars[0]], found[bars[0] + 1 :], found[bars[0]].position)
    if not found:
        at.refuse("an empty group")
    return whole(at.within(found))


def divided(at: Cursor, above: Sequence[Token], below: Sequence[Token], position: int) -> Node:
    return Node("divide", "", (inside(at, above), inside(at, below)), position)


def signed_sum(at: Cursor) -> Node:
    start, terms = at.position, [_signed(at, at.take("+", "-"))]
    while sign := at.take("+", "-"):
        terms.append(_signed(at, sign))
    return joined("add", terms, start)


def _signed(at: Cursor, sign: Token | None) -> Node:
    term = product(at)
    return Node("minus", "", (term,), sign.position) if sign and sign.text == "-" else term


def joined(kind: str, parts: list[Node], start: int) -> Node:
    """Terms or factors as one node; one alone stays as it is."""
    return parts[0] if len(parts) == 1 else Node(kind, "", tuple(parts), start)


@dataclass
class Product:
    """Factors before a bar, and where the first and the last of them begin."""

    factors: list[Node]
    first: int
    last: int


def product(at: Cursor) -> Node:
    start, first, last = at.position, at.place, at.place
    factors = [factor(at)]
    while True:
        if is_at_value_bar(at):
            factors = [AT_BAR[0](at, Product(factors, first, last))]
        elif sign := at.take(*TIMES):
            last = at.place
            factors.append(factor(at))
            _refuse_vectors(sign, *factors[-2:])
        elif slash := at.take("/"):
            return Node("divide", "", (joined("multiply", factors, start), _divisor(at)), slash.position)
        elif begins_factor(at.next):
            last = at.place
            factors.append(_next_factor(at, factors[-1], start))
        else:
            return joined("multiply", factors, start)


def is_at_value_bar(at: Cursor) -> bool:
    """Whether the bar of F|_{x=0} stands next: no other bar has an index, but one that closes others."""
    return at.next in _VALUE_BARS and at.ahead(1) == "_" and not at.tokens[at.place].grouped


def _refuse_vectors(sign: Token, before: Node, after: Node) -> None:
    r"""Raises Unparsed at \vec a \times \vec b and \vec a \cdot \vec b, no products of numbers or matrices."""
    letters = _VECTOR if sign.text == "\\cdot" else _BOLD
    if sign.text in ("\\cdot", "\\times") and all(letters.match(_letter(node)) for node in (before, after)):
        raise Unparsed(f"{sign.text} between vectors is read, and not compared", sign.position)


_BOLD = re.compile(r"\\(?:vec|mathbf|boldsymbol)\b")
_VECTOR = re.compile(r"\\(?:vec\b|(?:mathbf|boldsymbol)\{\\?[a-z])")


def _letter(node: Node) -> str:
    """The name of a symbol, of a value of a function, or of its derivative."""
    while node.kind == "derivative":
        node = node.parts[0]
    return node.value if node.kind in ("symbol", "apply") else ""


def _divisor(at: Cursor) -> Node:
    below = factor(at)
    refuse_factor(at, "what stands under the / can be read in two ways: use \\frac or parentheses", "/", *TIMES)
    return below


def _next_factor(at: Cursor, before: Node, start: int) -> Node:
    """A factor without a sign before it."""
    if at.next.isdigit():
        at.refuse("a number behind a factor can be read in two ways: write it first, or use \\cdot")
    after = factor(at)
    if before.kind == "number" and after.kind == "divide" and is_number(after):
        raise Unparsed("a number before a fraction of numbers can be read in two ways", start)
    return after


def is_number(node: Node) -> bool:
    """Whether that is a number, or a fraction of numbers."""
    return node.kind == "number" or (node.kind == "divide" and all(part.kind == "number" for part in node.parts))


def begins_factor(text: str) -> bool:
    """Whether a factor may begin with that."""
    return (text.isascii() and text.isalnum()) or text in RULES or text in _LETTERS


def refuse_factor(at: Cursor, reason: str, *signs: str) -> None:
    """Raises Unparsed where a factor, or one of these signs, stands next."""
    if begins_factor(at.next) or at.next in signs:
        at.refuse(reason)


def factor(at: Cursor) -> Node:
    """One factor, by the rule that the next token calls for (`RULES`, at the end)."""
    if at.is_at_digit:
        return power(at, number(at))
    return RULES.get(at.next, _by_letter)(at)


def _by_letter(at: Cursor) -> Node:
    """What d, e, E or the letter of a symbol begins: a derivative, an exponential, a mean, or the symbol itself."""
    if at.next in FONTS:
        _set_apart(at)
    for rule in BY_LETTER:
        if (found := rule(at)) is not None:
            return found
    return symbol_power(at)


def _set_apart(at: Cursor) -> None:
    r"""\mathbf{BA} as \mathbf{B}\mathbf{A}, where these are declared and that is not."""
    if at.ahead(1) != "{":
        return
    end = closing(at.tokens, at.place + 1)
    font, opened, *inner, closed = at.tokens[at.place : end + 1]
    whole, *letters = (f"{font.text}{{{text}}}" for text in (spelled(inner), *texts(inner)))
    if len(inner) > 1 and not is_declared(whole, at.names) and all(is_declared(name, at.names) for name in letters):
        at.rewrite(end + 1, [token for letter in inner for token in (font, opened, letter, closed)])


def symbol_power(at: Cursor) -> Node:
    return power(at, symbol(at))


def power(at: Cursor, base: Node) -> Node:
    """The base with what is raised there."""
    if at.next == "_":
        at.refuse("an index behind something that is not a symbol")
    if at.next != "^":
        return base
    return _transposed(at, base) or _raised(at, base)


def _transposed(at: Cursor, base: Node) -> Node | None:
    r"""The base with ^T, ^\top or ^\intercal; None for any other power."""
    start, before = at.position, at.place
    written = _raised_letter(at)
    if written not in TRANSPOSES or written in at.names:
        at.place = before
        return None
    at.refuse_script()
    return Node("transpose", "", (base,), start)


def _raised_letter(at: Cursor) -> str:
    """The one letter that is raised, without its font; "" where more stands there."""
    at.place += 1
    inner = [text for text in texts(at.argument()) if text not in ("{", "}")]
    if len(inner) == 1 and inner[0] in FONTS and at.next in ("T", "{"):  # ^\mathsf T, where TeX sees one token only
        inner += texts(at.argument())
    letters = inner[1:] if inner and inner[0] in FONTS else inner
    return letters[0] if len(letters) == 1 else ""


def _raised(at: Cursor, base: Node) -> Node:
    position = at.shift().position
    if _is_index(at):
        at.refuse("what is raised in brackets may be an index: write a power without brackets")
    _refuse_next_index(at, base)
    exponent = script(at)
    at.refuse_script()
    if base.kind == "symbol":  # w^2(t) is the square of w(t)
        base = applied(at, base)
    return Node("power", "", (base, exponent), position)


def _refuse_next_index(at: Cursor, base: Node) -> None:
    """Raises Unparsed at r^{n+1} where r^n is declared as a symbol, and so n is an index there."""
    inner = [token.text for token in at.following(4)]
    is_shifted = len(inner) == 4 and inner[0] == "{" and inner[2] in ("+", "-") and is_digits(inner[3])
    if is_shifted and base.kind == "symbol" and f"{base.value}^{{{inner[1]}}}" in at.names:
        at.refuse(f"{inner[1]} is an index in {base.value}^{inner[1]}: declare this as a symbol, too")


def _is_index(at: Cursor) -> bool:
    """Whether a number or a letter alone in brackets is raised here, as in W^{(2)}."""
    if at.next != "{" or at.ahead(1) not in ("(", "["):
        return False
    inner = texts(at.tokens[at.place + 2 : closing(at.tokens, at.place) - 1])
    return len(inner) == 1 or (bool(inner) and all(text.isdigit() for text in inner))


def script(at: Cursor) -> Node:
    """What is raised by the ^ just taken."""
    is_braced, position = at.next == "{", at.position
    inner = at.one_argument()
    if not is_braced and inner[0].text.startswith("\\") and inner[0].text not in GREEK:
        raise Unparsed(f"{inner[0].text} as an exponent: use braces", position)
    return inside(at, inner)


def number(at: Cursor) -> Node:
    start, digits = at.position, at.shift().text
    while _continues_number(at, digits):
        digits += at.shift().text
    if len(digits) > LONGEST_NUMBER:
        raise Unparsed(f"a number of more than {LONGEST_NUMBER} digits", start)
    return Node("number", digits, (), start)


def _continues_number(at: Cursor, digits: str) -> bool:
    is_spaced = any(token.spaced for token in at.following(1))
    if at.is_at_digit and is_spaced:
        at.refuse("a space inside a number")
    if at.is_at_digit:
        return True
    return at.next == "." and not is_spaced and "." not in digits and is_digits(at.ahead(1))


def enclosed(at: Cursor) -> Node:
    """What stands in the braces or brackets that open here."""
    return inside(at, at.enclosed())


def root_power(at: Cursor) -> Node:
    return power(at, root(at, at.shift().position))


def root(at: Cursor, start: int) -> Node:
    degree = (enclosed(at),) if at.next == "[" else ()
    return Node("root", "", (inside(at, at.one_argument()), *degree), start)


def absolute_power(at: Cursor) -> Node:
    value = absolute(at)
    if at.next == "_":
        at.refuse("an index at bars can be read in two ways, as that of a norm or as a place: use \\left.")
    return power(at, value)


def absolute(at: Cursor) -> Node:
    r"""\left|…\right| or |…|."""
    start = at.position
    inner = at.enclosed() if at.next == "\\lvert" else at.up_to(_closing_bar(at), "bars")
    return Node("absolute", "", (inside(at, inner),), start)


def _closing_bar(at: Cursor) -> int:
    """Where the | that stands next is closed; refused where bars can be paired in two ways."""
    bars = list(islice((place for place in _level(at) if at.tokens[place].text == "|"), 2))
    if not bars:
        at.refuse("| is not closed")
    if len(bars) > 1 and (_opens_bars(at, *bars) or at.tokens[bars[0] - 1].text in ("+", "-", "/", *TIMES)):
        at.refuse("the bars can be paired in two ways: use \\left| and \\right|")
    return bars[0]


def _opens_bars(at: Cursor, bar: int, other: int) -> bool:
    """Whether a factor, which may as well stand inside of bars, follows the first of two bars."""
    text = at.tokens[bar + 1].text
    is_apart = text == "|" or (text in FUNCTIONS and other == bar + 2)
    return begins_factor(text) and not is_apart


def _level(at: Cursor) -> Iterator[int]:
    """The places after the next token, up to a relation or the end of its group, outside of groups and brackets."""
    depth = 0
    for place in range(at.place + 1, len(at.tokens)):
        text = at.tokens[place].text
        depth -= text == "}" or text in CLOSERS
        if depth < 0 or (depth == 0 and text in RELATIONS):
            return
        if depth == 0:
            yield place
        depth += text == "{" or text in PAIRS

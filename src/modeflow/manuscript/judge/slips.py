"""Small changes of a formula as it is written: the slips that people make.

A change puts a few tokens in the place of others, and leaves all else as the author typed it. The tree of the formula
says where its terms, factors and symbols stand. What a change means is not assumed: the changed tokens are read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ..read.formula_trees import Node
from ..text.commands import CLOSERS, FUNCTIONS, PAIRS, RELATIONS, SIZES, TIMES
from ..text.tokens import Token, tokens
from .token_spans import Spans

MOST = 600  # changes tried on one side
LARGEST = 12  # number that is changed by 1: a larger one may be rounded
_ALIKE = {"\\sin": "\\cos", "\\cos": "\\sin", "\\sinh": "\\cosh", "\\cosh": "\\sinh"}
_OPENS = frozenset([*PAIRS, "{"])
_BESIDE = frozenset([*_OPENS, *CLOSERS, "}", *RELATIONS, *TIMES, "/", "&"])

Splice = tuple[int, int, str]  # the tokens from the first place up to the second, and what stands in their place


@dataclass(frozen=True)
class Slip:
    """One change: what it is, and the tokens that it puts in the place of others, from left to right."""

    name: str
    splices: tuple[Splice, ...]

    def changed(self, found: Sequence[Token]) -> list[Token]:
        """The tokens with this change."""
        result = list(found)
        for begin, end, text in reversed(self.splices):
            near = found[min(begin, len(found) - 1)]
            put = [replace(token, position=near.position) for token in tokens(text)]
            if put and begin < len(found):
                put[0] = replace(put[0], spaced=near.spaced)
            result[begin:end] = put
        return result


Slips = Iterator[Slip]


def slips(found: Sequence[Token], side: Node, others: Sequence[str], drops: bool = False) -> Slips:
    """The changes of one side, the likeliest first; at most MOST of them.

    side: read from these tokens, each in a place of its own, as `indexed` gives them. others: how the symbols are
    written that may stand in the place of one. drops: whether a letter may be a factor too many.
    """
    spans = Spans(found)
    every = [*_signs(spans, *spans.of(side)), *_Changes(spans, others, drops).whole(side)]
    ways = ("sign", "factor", "letter", "number", "function", "power")
    ranked = sorted(every, key=lambda change: (ways.index(change[0]), not change[1].name.startswith("no ")))
    distinct = {slip.splices: slip for _, slip in reversed(ranked)}
    return islice(reversed(distinct.values()), MOST)


_Kind = tuple[str, Slip]


def _slip(kind: str, name: str, *splices: Splice) -> _Kind:
    return kind, Slip(name, tuple(splices))


# Signs


def _signs(spans: Spans, begin: int, end: int) -> Iterator[_Kind]:
    """Each + as -, each - as +, and a - where a group or the side begins without a sign."""
    texts = spans.texts
    for at in range(begin, end):
        leads = at == begin or texts[at - 1] in _BESIDE
        if texts[at] == "+" and not leads:
            yield _slip("sign", "- for +", (at, at + 1, "-"))
        elif texts[at] == "-" and leads:
            yield _slip("sign", "no -", (at, at + 1, ""))
        elif texts[at] == "-":
            yield _slip("sign", "+ for -", (at, at + 1, "+"))
        elif at == begin or (texts[at - 1] in _OPENS and texts[at] not in CLOSERS):
            yield _slip("sign", "a -", (at, at, "-"))


# All other changes


class _Changes:
    def __init__(self, spans: Spans, others: Sequence[str], drops: bool) -> None:
        self._spans, self._others, self._drops = spans, others, drops

    def whole(self, node: Node) -> Iterator[_Kind]:
        """The changes of a side, and of what fills a group."""
        begin, end = self._spans.of(node)
        if node.kind == "add":
            yield _slip("sign", "a - before all", (begin, begin, "-("), (end, end, ")"))
            yield _slip("factor", "a factor 2", (begin, begin, "2("), (end, end, ")"))
            yield _slip("factor", "a factor 1/2", (begin, begin, "\\frac{1}{2}("), (end, end, ")"))
        yield from self._term(node)

    def _term(self, node: Node) -> Iterator[_Kind]:
        if node.kind not in ("add", "minus"):
            yield from self._factors(node)
        yield from self._parts(node)

    def _parts(self, node: Node) -> Iterator[_Kind]:
        """The changes of a node other than factors, and those of its parts."""
        yield from _POWERS.get(node.kind, _Changes._raised)(self, node)
        if node.kind in ("symbol", "apply"):
            yield from self._letters(node)
            return
        if node.kind == "number":
            yield from self._numbers(node)
        yield from self._function(node)
        for place, part in enumerate(node.parts):
            yield from self._part(node, place, part)

    def _part(self, node: Node, place: int, part: Node) -> Iterator[_Kind]:
        if node.kind in ("add", "minus"):
            return self._term(part)
        if node.kind in ("multiply", "derivative") or (node.kind == "power" and place == 0):
            return self._bound(node, part)
        return self.whole(part)

    def _bound(self, node: Node, part: Node) -> Iterator[_Kind]:
        """The changes of a factor, of a base, and of what is differentiated."""
        if part.kind == "add":
            yield from self.whole(part)
            return
        begin, end = self._spans.of(part)
        if node.kind == "power":
            yield _slip("factor", "a factor 2 under a power", (begin, begin, "(2"), (end, end, ")"))
            yield _slip("factor", "a factor 1/2 under a power", (begin, begin, "(\\frac{1}{2}"), (end, end, ")"))
        if self._drops and node.kind == "multiply" and part.kind in ("symbol", "apply"):
            begin, end = self._spans.with_sign(begin, end)
            yield _slip("factor", f"no factor {part.value}", (begin, end, ""))
        yield from self._parts(part)

    def _letters(self, node: Node) -> Iterator[_Kind]:
        begin, end = self._spans.of(node)
        written = self._spans.written(begin, end)
        for other in self._others:
            if other != written:
                yield _slip("letter", f"{other} for {written}", (begin, end, other))

    def _numbers(self, node: Node) -> Iterator[_Kind]:
        begin, end = self._spans.of(node)
        if node.value.isdigit() and self._spans.written(begin, end) == node.value:
            for value in _near(node.value):
                yield _slip("number", f"{value} for {node.value}", (begin, end, value))

    def _function(self, node: Node) -> Iterator[_Kind]:
        written = self._spans.texts[node.position]
        if node.kind == "function" and written in _ALIKE:
            place = node.position
            yield _slip("function", f"{_ALIKE[written]} for {written}", (place, place + 1, _ALIKE[written]))

    # Factors 2

    def _factors(self, node: Node) -> Iterator[_Kind]:
        begin, end = self._spans.of(node)
        first = node.parts[0] if node.kind == "multiply" else node
        if first.kind == "number" and first.value.isdigit():
            yield from self._of_number(first, alone=first is node)
            return
        if self._is_half(first):
            after = self._spans.of(first)[1]
            yield _slip("factor", "no factor 1/2", (begin, after, "1" if first is node else ""))
        yield _slip("factor", "a factor 2", (begin, begin, "2"))
        yield _slip("factor", "a factor 1/2", (begin, begin, "\\frac{1}{2}"))
        yield _slip("factor", "a factor 1/2", (begin, begin, "\\frac{"), (end, end, "}{2}"))

    def _of_number(self, node: Node, alone: bool) -> Iterator[_Kind]:
        begin, end = self._spans.of(node)
        value = int(node.value)
        yield _slip("factor", "a factor 2", (begin, end, str(2 * value)))
        if value == 2 and not alone:
            yield _slip("factor", "no factor 2", (*self._spans.with_sign(begin, end), ""))
        elif value % 2 == 0:
            yield _slip("factor", "a factor 1/2", (begin, end, str(value // 2)))
        else:
            yield _slip("factor", "a factor 1/2", (begin, end, f"\\frac{{{value}}}{{2}}"))

    def _is_half(self, node: Node) -> bool:
        return node.kind == "divide" and [(part.kind, part.value) for part in node.parts] == [
            ("number", "1"),
            ("number", "2"),
        ]

    # Powers and roots

    def _raised(self, node: Node) -> Iterator[_Kind]:
        """A square or a root of something that has none."""
        if node.kind in ("multiply", "minus", "derivative"):
            return
        begin, end = self._spans.with_brackets(*self._spans.of(node))
        yield _slip("power", "a root", (begin, begin, "\\sqrt{"), (end, end, "}"))
        if node.kind == "function" and self._spans.texts[begin] in FUNCTIONS:
            yield _slip("power", "a square", (begin + 1, begin + 1, "^2"))
        elif node.kind in ("add", "divide", "minus") and self._spans.texts[begin] not in (*PAIRS, "\\left", *SIZES):
            yield _slip("power", "a square", (begin, begin, "("), (end, end, ")^2"))
        else:
            yield _slip("power", "a square", (end, end, "^2"))

    def _power(self, node: Node) -> Iterator[_Kind]:
        at, end = node.position, self._spans.of(node.parts[1])[1]
        if self._spans.texts[at] != "^":
            return
        end = self._spans.balanced(at, end)[1]
        yield _slip("power", "no power", (at, end, ""))
        if self._spans.texts[at + 1] != "{":
            yield _slip("sign", "the sign of an exponent", (at + 1, at + 1, "{-"), (end, end, "}"))

    def _root(self, node: Node) -> Iterator[_Kind]:
        at = node.position
        if self._spans.texts[at : at + 2] == ["\\sqrt", "{"]:
            end = self._spans.balanced(at, at + 2)[1]
            yield _slip("power", "no root", (at, at + 2, "("), (end - 1, end, ")"))

    def _none(self, node: Node) -> Iterator[_Kind]:
        return iter(())


_POWERS = {"power": _Changes._power, "root": _Changes._root, "absolute": _Changes._none, "norm": _Changes._none}


def _near(digits: str) -> list[str]:
    """A number by one more and less; a large one, which may be rounded, with another first digit."""
    if int(digits) <= LARGEST:
        return [str(int(digits) + 1), str(abs(int(digits) - 1))]
    return [f"{first}{digits[1:]}" for first in (int(digits[0]) + 1, int(digits[0]) - 1) if 0 < first < 10]


def indexed(found: Sequence[Token]) -> list[Token]:
    """The tokens, each with its number as its place, so that a tree says by which tokens it is written."""
    return [replace(token, position=number) for number, token in enumerate(found)]


def symbols_in(found: Sequence[Token], *nodes: Node) -> list[str]:
    """How the symbols of a formula are written, each once, and those applied to others as one."""
    spans, written = Spans(found), []
    left = list(nodes)
    while left:
        node = left.pop(0)
        if node.kind in ("symbol", "apply"):
            written.append(spans.written(*spans.of(node)))
        else:
            left += node.parts
    return list(dict.fromkeys(written))

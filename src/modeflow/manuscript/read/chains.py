r"""Chains a = b \le c as they are written: members, and the relations between them, before either is read."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..text.commands import APPROXIMATELY, FRACTIONS, RELATIONS, SIZES
from ..text.outline_commands import CLOSING, LABELLED_RELATIONS, OPENING, RELATING, STACKED
from ..text.spacing import cleaned, without_end
from ..text.tokens import Token, Unparsed, argument
from .cursor import Cursor
from .symbols import NamesAsWritten, is_function, read_name

_DEFINING = frozenset(["\\coloneqq", "\\coloneq", "\\triangleq", "\\eqqcolon", "\\equiv"])
_OPENS = OPENING | {"{", "\\begin"}
_CLOSES = CLOSING | {"}", "\\end"}


@dataclass(frozen=True)
class Relation:
    """A relation of a chain.

    sign: =, !=, <, >, <= or >=; "" where it is not compared. written: how it is written. defines: whether it says so,
    as := does. labelled: whether something stands over or under it. begin, end: its tokens.
    """

    sign: str
    written: str
    defines: bool
    labelled: bool
    begin: int
    end: int


@dataclass(frozen=True)
class Chain:
    """A formula that says that its members are equal, or greater, one after the other."""

    tokens: tuple[Token, ...]
    relations: tuple[Relation, ...]

    def member(self, number: int) -> tuple[Token, ...]:
        """The tokens of a member, which are counted from 0."""
        begin = self.relations[number - 1].end if number else 0
        end = self.relations[number].begin if number < len(self.relations) else len(self.tokens)
        return self.tokens[begin:end]

    def step(self, number: int) -> tuple[Token, ...]:
        """The tokens of two neighbouring members and the relation between them."""
        begin = self.relations[number - 1].end if number else 0
        after = number + 1
        end = self.relations[after].begin if after < len(self.relations) else len(self.tokens)
        return self.tokens[begin:end]


_GREEK = ("\\psi", "\\varphi", "\\Gamma", "\\Phi", "\\Psi", "\\zeta")
_SQUARED = re.compile(r"\[(?:[0-9./]|\\[dt]?frac|[{}])+\]")  # a whole part, [7/2] = 3
_LIKE_FUNCTIONS = frozenset([*"ABCDEFGHIJKLMNOPQRSTUVWXYZfgh", "\\phi", *_GREEK])


def applies(found: Sequence[Token]) -> bool:
    """Whether a letter that may well be a function stands before a bracket: T(a + b)."""
    texts = [token.text for token in found if token.text not in SIZES | {"\\left"}]
    return any(one in _LIKE_FUNCTIONS and two in ("(", "[") for one, two in pairwise(texts))


def has_number_in_brackets(found: Sequence[Token]) -> bool:
    r"""Whether brackets hold a fraction alone, as Legendre's symbol \left(\frac23\right), or square ones a number."""
    texts = [token.text for token in found if token.text not in SIZES | {"\\left", "\\right"}]
    for place in range(len(texts) - 1):
        if texts[place] == "(" and texts[place + 1] in FRACTIONS:
            end = _behind_arguments(texts, place + 2)
            if texts[end : end + 1] == [")"] and texts[end + 1 : end + 2] != ["^"]:
                return True
    return _SQUARED.search("".join(texts)) is not None


def _behind_arguments(texts: Sequence[str], at: int) -> int:
    """Where the two arguments of a fraction end."""
    for _ in range(2):
        depth = 0
        while at < len(texts):
            depth += (texts[at] == "{") - (texts[at] == "}")
            at += 1
            if depth == 0:
                break
    return at


def chain(found: Sequence[Token]) -> Chain:
    """The chain that tokens are; without relations where they are none. Raises Unparsed where brackets do not match."""
    return Chain(tuple(found), tuple(_relations(found)))


def _relations(found: Sequence[Token]) -> Iterator[Relation]:
    depth = at = 0
    while at < len(found):
        text = found[at].text
        depth += (text in _OPENS) - (text in _CLOSES)
        if depth < 0:
            raise Unparsed("brackets that do not match: it is not seen where a member ends", found[at].position)
        relation = _relation(found, at) if depth == 0 else None
        if relation is not None:
            yield relation
        at = at + 1 if relation is None else relation.end
    if depth:
        raise Unparsed("brackets that do not match: it is not seen where a member ends", found[-1].position)


def _relation(found: Sequence[Token], at: int) -> Relation | None:
    """The relation that begins there; None where none does."""
    token, behind = found[at], found[at + 1].text if at + 1 < len(found) else ""
    if token.text in STACKED:
        return _stacked(found, at)
    if token.text in LABELLED_RELATIONS:
        return Relation("", token.text, False, True, at, _behind_label(found, at))
    if (token.text, behind) in ((":", "="), ("=", ":"), ("\\vcentcolon", "=")):
        return Relation("=", token.text + behind, True, False, at, at + 2)
    if token.text == "\\not" and behind:
        return Relation("!=" if behind == "=" else "", f"\\not{behind}", False, False, at, at + 2)
    if token.text not in RELATING:
        return None
    return Relation(_sign(token.text), token.text, token.text in _DEFINING, False, at, at + 1)


def _sign(text: str) -> str:
    return "" if text == APPROXIMATELY else RELATIONS.get(text, "=" if text in _DEFINING else "")


def _stacked(found: Sequence[Token], at: int) -> Relation | None:
    r"""The relation in \overset{(a)}{=}; None where none is stacked."""
    over, end = argument(found, at + 1, found[at])
    inner, end = argument(found, end, found[at])
    if len(inner) != 1 or inner[0].text not in RELATING:
        return None
    says = "".join(token.text for token in over).lower()
    defines = "def" in says or inner[0].text in _DEFINING or any(sign in says for sign in ("triangle", "delta"))
    return Relation(_sign(inner[0].text), inner[0].text, defines, True, at, end)


def _behind_label(found: Sequence[Token], at: int) -> int:
    end = at + 1
    if end < len(found) and found[end].text == "[":
        end = next((n + 1 for n in range(end, len(found)) if found[n].text == "]"), len(found))
    return argument(found, end, found[at])[1]


def lone_name(member: Sequence[Token], names: Container[str]) -> str:
    """The key of the symbol, or of the function of something with its bracket, f(, that is all of a member; "" else.

    names: the keys of the declared symbols: a(b + c) is a product where a is one.
    """
    try:
        at = Cursor(without_end(cleaned(member)), NamesAsWritten())
        name = read_name(at)
    except Unparsed:
        return ""
    if name is None or not at.next:
        return name or ""
    is_product = name in names and not is_function(name, names)
    return f"{name}(" if not is_product and _is_one_bracket(at) else ""


def _is_one_bracket(at: Cursor) -> bool:
    if at.next not in ("(", "["):
        return False
    try:
        return at.matching(at.place) == len(at.tokens) - 1
    except Unparsed:
        return False

r"""Calculations: the steps of a chain that are compared, and what beside them is not."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

from .read.chains import Chain, Relation, chain, lone_name
from .text.rows import Piece
from .text.tokens import Macro, tokens


@dataclass(frozen=True)
class Link:
    """A step of a chain: its number, from 0; its text; where its relation stands; what beside it is not compared."""

    chain: Chain
    number: int
    text: str
    position: int
    beside: str

    @property
    def relation(self) -> Relation:
        return self.chain.relations[self.number]


def links(piece: Piece, macros: Mapping[str, Macro], names: Container[str]) -> tuple[list[Link], str]:
    """The steps that are compared, and why there are none; raises Unparsed where the members are not seen.

    names: the keys of the declared symbols.
    """
    said = chain(tokens(piece.text, piece.position, macros))
    if not said.relations:
        return [], "no step: there is no relation here"
    found: list[Link] = []
    others: list[str] = []
    for number, relation in enumerate(said.relations):
        why = _why_not(said, number, relation, names)
        if why is None:
            found.append(Link(said, number, _text(piece, said, number), _position(said, relation), ""))
        elif why:
            others.append(why)
    if found and others:
        found[-1] = replace(found[-1], beside="; ".join(dict.fromkeys(others)))
    return found, f"no step is compared: {'; '.join(dict.fromkeys(others)) or 'what stands here is defined'}"


def _why_not(said: Chain, number: int, relation: Relation, names: Container[str]) -> str | None:
    """Why a step is not compared, "" for what is defined; None where it is."""
    before, behind = said.member(number), said.member(number + 1)
    if not relation.sign:
        return f"{relation.written} is read, and not compared"
    if relation.defines or not before or not behind or (number == 0 and lone_name(before, names)):
        return ""
    return None


def _text(piece: Piece, said: Chain, number: int) -> str:
    """A step as it is written."""
    step = said.step(number)
    end = said.relations[number + 1].begin if number + 1 < len(said.relations) else len(said.tokens)
    stop = said.tokens[end].position - piece.position if end < len(said.tokens) else len(piece.text)
    return piece.text[step[0].position - piece.position : stop]


def _position(said: Chain, relation: Relation) -> int:
    return said.tokens[relation.begin].position

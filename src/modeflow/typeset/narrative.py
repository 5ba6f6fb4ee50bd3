"""What every form of a derivation tells: which letters, which numbers, how much at once, where from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import MatrixExpr, Tuple

from ..language import definitions
from ..language.definitions import Definition, Named
from ..language.expressions import Side
from ..language.matrices import DiagonalEntry
from ..language.quantities import Alphabet, Quantity
from ..language.verdict import Verdict
from ..statements.claims import Chapter, Claim, Equation

Verdicts = Mapping[str, Verdict]

# The text block of the page that `document` lays out, less the equation number, in em of its 11 pt type.
ROOM = 37.0
LONGEST_CONDITION = 120  # characters; the longer ones are in the JSON report


@dataclass(frozen=True)
class Told:
    """The statement of a claim, the equations it satisfies, and what is told below them."""

    equations: tuple[Equation, ...]
    where: tuple[Equation, ...]


@dataclass(frozen=True)
class Numbers:
    """The number of each claim and definition, counted through all chapters.

    of: id → number. new: id of a claim → the definitions told before it, since no claim before it uses them.
    """

    of: Mapping[str, int]
    new: Mapping[str, tuple[Definition, ...]]

    def told_before(self, claim: Claim) -> tuple[Definition, ...]:
        """The definitions in the claim that were told with an earlier one."""
        return self._earlier(_names(*claim.sides()), self.new[claim.id])

    def used_by(self, definition: Definition) -> tuple[Definition, ...]:
        """The definitions in a definition that were told with an earlier claim than it."""
        (together,) = (new for new in self.new.values() if definition in new)
        return self._earlier(_names(definition.expression), together)

    def reference(self, identifier: str) -> str:
        """The number of a claim or definition in brackets; its id where it is told elsewhere."""
        return f"({self.of[identifier]})" if identifier in self.of else identifier

    def _earlier(self, names: Iterable[Definition], new: Sequence[Definition]) -> tuple[Definition, ...]:
        return tuple(sorted((d for d in names if d not in new), key=lambda d: self.of[d.id]))


def numbered(chapters: Iterable[Chapter]) -> Numbers:
    """Numbers for the claims, and for each definition before the first claim that uses it."""
    new: dict[str, tuple[Definition, ...]] = {}
    ids: list[str] = []
    for claim in (claim for chapter in chapters for claim in chapter.claims.values()):
        new[claim.id] = tuple(d for d in definitions.used(*claim.sides()) if d.id not in ids)
        ids += [*(d.id for d in new[claim.id]), claim.id]
    return Numbers({identifier: n for n, identifier in enumerate(ids, start=1)}, new)


def _names(*expressions: Side) -> set[Definition]:
    return {name.definition for name in Tuple(*expressions).atoms(Named)}


def title(chapters: Sequence[Chapter]) -> str:
    """What the chapters together are about."""
    return chapters[0].title if len(chapters) == 1 else "Learning dynamics of linear autoencoders"


def used(chapters: Sequence[Chapter]) -> Iterator[tuple[Alphabet, Quantity]]:
    """The quantities that the claims use, each once, with the alphabet that declares it."""
    seen: set[Quantity] = set()
    for chapter in chapters:
        present = {q for claim in chapter.claims.values() for q in chapter.alphabet.of(Tuple(*_letters(claim)))}
        for quantity in chapter.alphabet:
            if quantity in present and quantity not in seen:
                seen.add(quantity)
                yield chapter.alphabet, quantity


def _letters(claim: Claim) -> Iterator[Any]:
    """All that the claim is written in, the letters of its rates among them."""
    yield from claim.sides()
    if claim.rates is not None:
        yield from claim.rates.of


def says(claim: Claim) -> str:
    """What the claim says, marked where it is an error kept on show."""
    wrong = " (The formula is wrong, and kept on show.)" if claim.expects == "refuted" else ""
    return claim.says + wrong


def told(claim: Claim) -> Told:
    """The statement and the equations it satisfies; and how a rate in it is worked out."""
    return Told((claim.stated(), *claim.satisfies), tuple(_worked_out(claim)))


def _worked_out(claim: Claim) -> Iterator[Equation]:
    """What the rates are by definition, where an operator says so, and what else the letters of the statement are."""
    if claim.rates is not None:
        if claim.lhs.has(MatrixExpr, DiagonalEntry):
            yield Equation(claim.lhs, claim.stated().lhs)
        yield from (Equation(one, other) for one, other in claim.rates.written.items())


def listed(items: Sequence[str], show: Callable[[str], str]) -> str:
    """The items in words: "(1), (2) and (3)"."""
    shown = [show(item) for item in items]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def recalled(names: Sequence[Definition], written: Callable[[str], str], reference: Callable[[str], str]) -> str:
    """Where names were told: "with ρ and E as in (3) and (4)."; empty where there are none."""
    ids = [d.id for d in names]
    tex = {d.id: d.tex for d in names}
    return f"with {listed(ids, lambda i: written(tex[i]))} as in {listed(ids, reference)}." if names else ""


def aside(chapter: Chapter, claim: Claim, numbers: Numbers, verdict: Verdict | None = None) -> str:
    """Where a claim follows from, who said it, and what verifying it said, in plain words."""
    said = []
    if claim.follows_from:
        said.append(f"By {listed(claim.follows_from, numbers.reference)}.")
    if claim.source and claim.source != chapter.source:
        said.append(f"Source: {claim.source}.")
    if verdict is not None:
        said.append(f"{judged(claim, verdict)}.")
    return " ".join(said)


def judged(claim: Claim, verdict: Verdict, show: Callable[[str], str] = str, code: Callable[[str], str] = str) -> str:
    """The verdict in one sentence, without its point, its seconds and its certificate.

    show, code: how the method and the conditions are written.
    """
    stated = ", as stated" if verdict.status == claim.expects != "proved" else ""
    said = verdict.status.capitalize() + stated + (f" ({show(verdict.method)})" if verdict.method else "")
    return said + (f", where {'; '.join(map(code, _told_conditions(verdict)))}" if verdict.conditions else "")


def _told_conditions(verdict: Verdict) -> list[str]:
    """The conditions of a verdict that can be read in a line, and how many more there are."""
    short = [c for c in verdict.conditions if len(c) <= LONGEST_CONDITION]
    more = len(verdict.conditions) - len(short)
    return [*short, *([f"{more} longer denominator{'s' if more > 1 else ''} != 0"] if more else [])]

"""What every form of a derivation tells: which letters, which numbers, how much at once, where from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..language.quantities import Alphabet, Quantity
from ..language.verdict import Verdict
from ..statements.claims import Chapter, Claim, Equation
from .abbreviate import Told, tell

Numbers = Mapping[str, int]
Verdicts = Mapping[str, Verdict]

# The text block of the page that `document` lays out, less the equation number, in em of its 11 pt type.
ROOM = 37.0
LONGEST_CONDITION = 120  # characters; the longer ones are in the JSON report


def numbered(chapters: Iterable[Chapter]) -> dict[str, int]:
    """The number of each claim, counted through all chapters."""
    return {identifier: n for n, identifier in enumerate((i for c in chapters for i in c.claims), start=1)}


def title(chapters: Sequence[Chapter]) -> str:
    """What the chapters together are about."""
    return chapters[0].title if len(chapters) == 1 else "Learning dynamics of linear autoencoders"


def used(chapters: Sequence[Chapter]) -> Iterator[tuple[Alphabet, Quantity]]:
    """The quantities that the claims use, each once, with the alphabet that declares it."""
    seen: set[Quantity] = set()
    for chapter in chapters:
        present = {q for claim in chapter.claims.values() for q in chapter.alphabet.of(claim._everything())}
        for quantity in chapter.alphabet:
            if quantity in present and quantity not in seen:
                seen.add(quantity)
                yield chapter.alphabet, quantity


def says(claim: Claim) -> str:
    """What the claim says, marked where it is an error kept on show."""
    wrong = " (The formula is wrong, and kept on show.)" if claim.expects == "refuted" else ""
    return claim.says + wrong


def told(claim: Claim) -> Told:
    """The statement and the equations it satisfies, long ones in parts."""
    statement = Equation(claim.lhs, claim.rhs, relation=claim.relation)
    return tell((statement, *claim.satisfies), claim.alphabet, ROOM - 4)


def listed(items: Sequence[str], show: Callable[[str], str]) -> str:
    """The items in words: "(1), (2) and (3)"."""
    shown = [show(item) for item in items]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def aside(chapter: Chapter, claim: Claim, numbers: Numbers, verdict: Verdict | None = None) -> str:
    """Where a claim follows from, who said it, and what verifying it said, in plain words."""
    said = []
    if claim.follows_from:
        said.append(f"By {listed(claim.follows_from, lambda i: f'({numbers[i]})' if i in numbers else i)}.")
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

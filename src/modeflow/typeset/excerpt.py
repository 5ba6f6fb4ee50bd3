"""Claims out of their chapters: one or several with what they need, or with all that they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from ..statements.chapter import Chapter
from ..statements.claims import Claim


@dataclass
class Excerpt(Chapter):
    """Some claims of a chapter, without what else it tells.

    Attributes:
        brief: whether the claims are only stated, since others follow from them.
        whole: id → the claim as its chapter states it.
        asked: the ids of the claims for whose sake the excerpt is made.
        leads_to: id → the claims of the catalogue that follow from it.
    """

    brief: bool = False
    whole: dict[str, Claim] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    leads_to: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def stated(self) -> dict[str, Claim]:
        """What is to be proved: the claims as their chapter states them."""
        return self.whole


def excerpt(
    asked: Iterable[str], chapters: Sequence[Chapter], *, ancestors: bool = False, told: Set[str] = frozenset()
) -> tuple[Excerpt, ...]:
    """The claims of these ids with what they need, as chapters that every form of a derivation can write.

    Without ancestors, the claims that they directly follow from come after them and are only stated. With ancestors,
    all claims that they rest on come before them, in the order in which they are read.

    chapters: in which the claims, and those that they follow from, are looked up.
    told: ids of claims that are told elsewhere, and left out.
    Raises KeyError where an id is none of a claim in them.
    Example: markdown(excerpt(["dae.direct"], tuple(modeflow.chapters().values()))) is a page of one claim.
    """
    stated = {i: claim for chapter in chapters for i, claim in chapter.stated.items()}
    wanted = tuple(dict.fromkeys(asked))
    full = sources(wanted, stated) if ancestors else set(wanted)
    brief = {source for i in full for source in stated[i].follows_from} - full
    after = following(stated.values())
    parts = [
        _part(chapter, ids - told, wanted, after, only_stated)
        for ids, only_stated in ((full, False), (brief, True))
        for chapter in chapters
    ]
    return tuple(part for part in parts if part.claims)


def sources(asked: Iterable[str], stated: Mapping[str, Claim]) -> set[str]:
    """The ids of the claims and of all that they rest on."""
    found, new = set(asked), list(asked)
    while new:
        new = [source for i in new for source in stated[i].follows_from if source not in found]
        found |= set(new)
    return found


def following(claims: Iterable[Claim]) -> dict[str, tuple[str, ...]]:
    """Id of a claim → the ids of those among the claims that directly follow from it, in their order."""
    found: dict[str, list[str]] = {}
    for claim in claims:
        for source in claim.follows_from:
            found.setdefault(source, []).append(claim.id)
    return {source: tuple(dict.fromkeys(ids)) for source, ids in found.items()}


def _part(
    chapter: Chapter, ids: Set[str], asked: tuple[str, ...], after: Mapping[str, tuple[str, ...]], brief: bool
) -> Excerpt:
    whole = {i: claim for i, claim in chapter.stated.items() if i in ids}
    return Excerpt(
        chapter.key,
        chapter.title,
        chapter.alphabet,
        source="" if brief else chapter.source,
        claims={i: _only_stated(claim) for i, claim in whole.items()} if brief else whole,
        definitions=chapter.definitions,
        derived=chapter.derived,
        brief=brief,
        whole=whole,
        asked=asked,
        leads_to={i: after[i] for i in whole if i in after},
    )


def _only_stated(claim: Claim) -> Claim:
    return replace(claim, satisfies=(), follows_from=(), special=None, source="")

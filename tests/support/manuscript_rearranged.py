"""Right displays: the claims of the catalogue as they are printed, rearranged as authors do."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice, product
from pathlib import Path
from typing import Any

import sympy
from sympy import Add, Expr, Subs, Tuple

from modeflow.language.quantities import letters as letters_of
from modeflow.manuscript import Finding, check, configuration
from modeflow.manuscript.judge.agreement import Comparer
from modeflow.manuscript.judge.prover_questions import Comparison
from modeflow.manuscript.mean.notation import Notation
from modeflow.manuscript.mean.presets import Table, letters
from modeflow.manuscript.read.grammar import statement
from modeflow.manuscript.text.tokens import Unparsed, tokens
from modeflow.statements.catalogue import claims
from modeflow.statements.claims import Claim
from modeflow.typeset.latex import ClaimPrinter

OURS: dict[str, Any] = {"notation": "pretorius2018"}
LONGEST = 500  # characters of a display

Way = Callable[[ClaimPrinter, Expr, Expr], str]
Stated = tuple[Claim, Any, Any]


@dataclass(frozen=True)
class Display:
    """A claim, how it is rearranged, and the display."""

    claim: str
    way: str
    tex: str


def _swapped(show: ClaimPrinter, left: Any, right: Any) -> str:
    return f"{show.doprint(right)} = {show.doprint(left)}"


def _negated(show: ClaimPrinter, left: Any, right: Any) -> str:
    return rf"-\left({show.doprint(left)}\right) = -\left({show.doprint(right)}\right)"


def _moved(show: ClaimPrinter, left: Any, right: Any) -> str:
    return rf"{show.doprint(left)} - \left({show.doprint(right)}\right) = 0"


def _term_moved(show: ClaimPrinter, left: Any, right: Any) -> str:
    if not isinstance(right, Add):
        return ""
    term, *rest = right.as_ordered_terms()
    return rf"{show.doprint(left)} - \left({show.doprint(term)}\right) = {show.doprint(Add(*rest))}"


def _doubled(show: ClaimPrinter, left: Any, right: Any) -> str:
    return rf"2 \left({show.doprint(left)}\right) = 2 \left({show.doprint(right)}\right)"


def _over_tau(show: ClaimPrinter, left: Any, right: Any) -> str:
    return rf"\frac{{{show.doprint(left)}}}{{\tau}} = \frac{{1}}{{\tau}} \left({show.doprint(right)}\right)"


def _rewritten(how: Callable[[Any], Any], show: ClaimPrinter, left: Any, right: Any) -> str:
    changed = how(right)
    return "" if changed == right else f"{show.doprint(left)} = {show.doprint(changed)}"


def _roots_as_powers(show: ClaimPrinter, left: Any, right: Any) -> str:
    if not any(p.exp.is_Rational and p.exp.q == 2 for p in right.atoms(sympy.Pow)):
        return ""
    show._settings["root_notation"] = False
    return f"{show.doprint(left)} = {show.doprint(right)}"


def _reversed(show: ClaimPrinter, left: Any, right: Any) -> str:
    if not right.is_Mul or len(right.args) < 2:
        return ""
    factors = [rf"\left({show.doprint(factor)}\right)" for factor in reversed(right.args)]
    return rf"{show.doprint(left)} = {' '.join(factors)}"


WAYS: dict[str, Way] = {
    "as printed": lambda show, left, right: f"{show.doprint(left)} = {show.doprint(right)}",
    "sides swapped": _swapped,
    "both sides negated": _negated,
    "all on one side": _moved,
    "a term moved": _term_moved,
    "both sides doubled": _doubled,
    "divided by tau": _over_tau,
    "expanded": partial(_rewritten, sympy.expand),
    "factored": partial(_rewritten, sympy.factor_terms),
    "over one denominator": partial(_rewritten, sympy.together),
    "roots as powers": _roots_as_powers,
    "factors reversed": _reversed,
}


def stated() -> Iterator[Stated]:
    """The scalar equations of one entry that the catalogue proves, in letters."""
    for claim in (one.unfolded() for one in claims().values()):
        scalar = not isinstance(claim.lhs, Tuple) and not getattr(claim.lhs, "is_Matrix", False)
        if scalar and claim.expects == "proved" and claim.relation == "=" and claim.lhs != claim.rhs:
            left = claim.stated().lhs if claim.lhs.has(Subs) else claim.lhs  # rates at a point are told beside it
            yield claim, left, claim.rhs


def displays(ways: list[str] | None = None, of: Collection[str] = ()) -> list[Display]:
    """All rearrangements of some length at most; of: ids of claims, all where none is given."""
    chosen = [one for one in stated() if not of or one[0].id in of]
    return [d for one in chosen for way in ways or list(WAYS) if (d := _display(one, way)) is not None]


def _display(one: Stated, way: str) -> Display | None:
    """The display, where there is one; a claim that is too long is not rearranged, which may take minutes."""
    claim, left, right = one
    if len(WAYS["as printed"](ClaimPrinter(claim.alphabet), left, right)) > LONGEST:
        return None
    tex = WAYS[way](ClaimPrinter(claim.alphabet), left, right)
    return Display(claim.id, way, tex) if 0 < len(tex) <= LONGEST else None


def sample(count: int, seed: int) -> list[Display]:
    """That many of them, drawn."""
    every = list(product(stated(), WAYS))
    random.Random(seed).shuffle(every)
    return list(islice((d for pair in every if (d := _display(*pair)) is not None), count))


def alone(one: Stated, way: str, time_limit: float = 5.0) -> Comparison | None:
    """The comparison of a claim, however long, with its own rearrangement in its own letters; None where none is."""
    claim, left, right = one
    tex = WAYS[way](ClaimPrinter(claim.alphabet), left, right)
    if not tex:
        return None
    notation = Notation({**configuration(OURS, "test").notation.table, **_letters(claim)})
    try:
        said = statement(tokens(tex), notation.names())
        return Comparer(notation, {}, time_limit).claim(said, claim)
    except Unparsed as reason:
        return Comparison("unparsed", str(reason))


def _letters(claim: Claim) -> Table:
    """What the letters of a claim are called in its chapter, and not in the preset."""
    used = letters_of(Tuple(claim.lhs, claim.rhs))
    return letters(quantity for quantity in claim.alphabet if quantity.symbol in used)


def judged(
    chosen: list[Display], folder: Path, time_limit: float = 5.0, jobs: int = 1
) -> list[tuple[Display, Finding]]:
    """Each with what the check says of it."""
    paper = folder / "paper.tex"
    paper.write_text("".join(f"% modeflow: {d.claim}\n\\[ {d.tex} \\]\n\n" for d in chosen), encoding="utf-8")
    found = check([paper], configuration(OURS, "test"), time_limit=time_limit, jobs=jobs)
    return list(zip(chosen, found, strict=True))

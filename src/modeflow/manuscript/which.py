"""Which claims an equation states, up to the names of its symbols: found by its form, and each proved."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import islice, permutations, product
from pathlib import Path
from typing import Any

from sympy import Expr, exp, expand, numer, together

from ..language.definitions import unfold, used
from ..language.quantities import Quantity
from ..proof import limits
from ..statements.catalogue import claims
from ..statements.claims import Claim
from .judge.agreement import Comparer
from .marked_equations import is_relation
from .mean.notation import Configuration, Notation, notations, shipped_notation
from .mean.presets import letters, names
from .mean.real_points import letters as letters_of
from .mean.written_names import applications_of, names_of
from .read.formula_trees import Node, Statement
from .read.grammar import statement
from .readings import Assumed
from .text.commands import MEANS
from .text.marks import Display
from .text.rows import Piece, pieces
from .text.sources import Source, read
from .text.spacing import cleaned
from .text.tokens import Macro, Token, Unparsed, tokens

NEAREST = 3  # claims that are named where none is stated
LIKE = 0.4  # of the parts of an equation and a claim are in both, where the claim may be stated in other words
MOST_NAMES = 24  # ways to name symbols that stand alike, tried for one claim
ROUNDS = 3  # in which symbols are told apart by what stands around them
LONGEST = 1200  # characters of a claim
_UNORDERED = ("add", "multiply")


@dataclass(frozen=True)
class Stated:
    """A claim that an equation states, or is near; renamed: each symbol of the equation and what the claim calls it."""

    claim: str
    latex: str
    proved: bool
    renamed: tuple[tuple[str, str], ...] = ()


class NoEquation(ValueError):
    """There is no equation at a place; the message says where, and what to do."""


def which(path: Path, line: int, chosen: Configuration | None = None, time_limit: float = 20.0) -> list[Stated]:
    """The claims that the equation in a line states; the nearest where it states none.

    chosen: the notation of the paper, which comes first where it declares the symbols. time_limit: seconds of
    search.
    Under other names a claim is stated only by an equation in which some symbol stands twice, and only where the claim
    is not true whatever its symbols mean; claims of which the equation is the larger part come first.
    Raises NoEquation and UnreadableSource.
    """
    piece, macros = _equation(path, line)
    _catalogue()  # is read once, and not in the time of the search
    until = time.monotonic() + time_limit
    found = tokens(piece.text, piece.position, macros)
    stated = list(_declared(found, chosen.notation, until)) if chosen and chosen.notation.table else []
    try:
        said = statement(found, _assumed(found))
    except Unparsed as reason:
        if stated:
            return stated
        raise NoEquation(f"{path}:{line}: {reason}; write the equation in another way") from None
    for one in _renamed(found, said, until):
        stated += [] if any(one.claim == other.claim for other in stated) else [one]
    return stated or list(_as_published(found, said, until)) or list(_nearest(said))


def proposed(found: Sequence[Token], notation: Notation, until: float) -> list[Stated]:
    """The claims that an equation states, of those that are like it; each proved, in the notation or by renaming.

    until: a time of the monotonic clock. An equation that is not read states none.
    """
    try:
        return _proposed(found, statement(found, _assumed(found)), notation, until)
    except (Unparsed, RecursionError):
        return []


def _proposed(found: Sequence[Token], said: Statement, notation: Notation, until: float) -> list[Stated]:
    stated: dict[str, Stated] = {}
    for claim in _alike(said, LIKE):
        if time.monotonic() < until and _is_stated(found, notation, claim, until):
            stated.setdefault(claim.id, Stated(claim.id, claim.latex(), True))
    for one in () if stated else _renamed(found, said, until):
        stated.setdefault(one.claim, one)
    return list(stated.values())


def _is_telling(said: Statement) -> bool:
    """Whether some symbol stands in it twice; else it is like much that only looks alike, such as c = ab.

    The variable of a derivative is no such symbol: two rates in t have no more in common than that they are rates.
    """
    names = Counter(_name(part) for side in said.sides for part in _nodes(side) if part.kind != "derivative")
    return any(times > 1 for name, times in names.items() if name)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _nodes(part)


def _equation(path: Path, line: int) -> tuple[Piece, Mapping[str, Macro]]:
    sources, macros = read(path)
    for source in sources:
        for piece in _pieces(source) if source.path == path else ():
            begin = piece.position + len(piece.text) - len(piece.text.lstrip())
            end = piece.position + len(piece.text.rstrip())
            if source.place(begin)[0] <= line <= source.place(end)[0] and is_relation(piece, macros):
                return piece, macros
    raise NoEquation(f"{path}:{line}: there is no equation in this line; give the line of one")


def _pieces(source: Source) -> Iterator[Piece]:
    return (piece for display in source.displays for piece in pieces(display) if not piece.problem)


def _assumed(found: Sequence[Token]) -> Assumed:
    formula = cleaned(found)
    letters_too = frozenset() if any(token.text in MEANS - {"E"} for token in formula) else frozenset({"E"})
    return Assumed((name for name, _ in names_of(formula)), applications_of(formula), letters_too)


# In the notation of the paper


def _declared(found: Sequence[Token], notation: Notation, until: float) -> Iterator[Stated]:
    """The claims that it states as its symbols are declared."""
    try:
        said = statement(found, notation.names())
    except Unparsed:
        return
    for claim in _sought():
        if time.monotonic() > until:
            return
        if _states(said, notation, claim, until):
            yield Stated(claim.id, claim.latex(), True)


def _states(said: Statement, notation: Notation, claim: Claim, until: float) -> bool:
    limit = min(2.0, max(0.1, until - time.monotonic()))
    try:
        with limits.within(limit):
            return Comparer(notation, {}, limit).claim(said, claim).verdict == "ok"
    except (Unparsed, RecursionError, limits.OutOfTime):
        return False


def _as_published(found: Sequence[Token], said: Statement, until: float) -> Iterator[Stated]:
    """The claims like it that it states if its symbols are those of a published notation; each claim once.

    So is found what the catalogue prints in another way, or more generally: a notation says what has a fixed value.
    """
    known: set[str] = set()
    claims_alike = _alike(said, 0.0, len(_catalogue())) if _is_telling(said) else []
    for notation in map(shipped_notation, notations()):
        for claim in claims_alike:
            if claim.id in known or time.monotonic() > until or (named := _meanings(said, notation, claim)) is None:
                continue
            if not _is_empty(claim) and _is_stated(found, notation, claim, until):
                known.add(claim.id)
                yield Stated(claim.id, claim.latex(), True, named)


def _meanings(said: Statement, notation: Notation, claim: Claim) -> tuple[tuple[str, str], ...] | None:
    """What the claim calls each symbol of an equation in a notation, and what has a fixed value there.

    None where the claim does not speak of one of them: what it says of 1/u is not what stands there of u.
    """
    theirs = _their_letters(tuple(claim.alphabet))
    ours = {name: part.kind for side in said.sides for part in _nodes(side) if (name := _name(part))}
    keys = {name: (f"{name}(t)", name) if kind == "apply" else (name, f"{name}(t)") for name, kind in ours.items()}
    meanings = {
        name: next((notation.table[k] for k in known if k in notation.table), None) for name, known in keys.items()
    }
    named = {name: theirs.get(meaning, "") for name, meaning in meanings.items()}
    if not set(named.values()) <= _names_of(claim):
        return None
    fixed = {theirs[symbol]: str(value) for symbol, value in notation.fixed.items() if symbol in theirs}
    return tuple(sorted((named | fixed).items()))


@cache
def _their_letters(known: tuple[Quantity, ...]) -> Mapping[Any, str]:
    """How each quantity is written, without its time."""
    return {meaning: key.removesuffix("(t)") for key, meaning in letters(known).items()}


@cache
def _names_of(claim: Claim) -> Set[str]:
    """The symbols that a claim prints, or means by a definition, and the time."""
    theirs = _their_letters(tuple(claim.alphabet))
    said = (printed.said for printed in _catalogue() if printed.claim is claim)
    names = {_name(part) for one in said for side in one.sides for part in _nodes(side)}
    meant = letters_of(*(unfold(side) for side in claim.sides() if isinstance(side, Expr)))
    return (
        names - {""}
        | {theirs.get(getattr(letter, "func", letter), theirs.get(letter, "t")) for letter in meant}
        | {"t"}
    )


# Up to the names of the symbols


@dataclass(frozen=True)
class _Printed:
    """A claim, or one of its equations, as it is printed: its form, and its symbols by what stands around them."""

    claim: Claim
    said: Statement
    length: int  # of all that the claim prints
    form: int
    classes: Mapping[int, tuple[str, ...]]
    parts: Counter[int]  # how often each part stands in it, names aside


def _renamed(found: Sequence[Token], said: Statement, until: float) -> Iterator[Stated]:
    """The claims that it states under other names, those first of which it is the larger part."""
    if not _is_telling(said):
        return
    form, classes = _form(said)
    sizes = {kind: len(alike) for kind, alike in classes.items()}
    for printed in _catalogue():
        if time.monotonic() > until:
            return
        if printed.form != form or sizes != {kind: len(alike) for kind, alike in printed.classes.items()}:
            continue
        if _is_empty(printed.claim):
            continue
        for renamed in islice(_ways(classes, printed.classes), MOST_NAMES):
            notation = _notation(renamed, printed.claim)
            if notation is not None and _is_stated(found, notation, printed.claim, until):
                yield Stated(printed.claim.id, printed.claim.latex(), True, tuple(sorted(renamed.items())))
                break


def _is_stated(found: Sequence[Token], notation: Notation, claim: Claim, until: float) -> bool:
    try:
        return _states(statement(found, notation.names()), notation, claim, until)
    except Unparsed:
        return False


@cache
def _is_empty(claim: Claim) -> bool:
    """Whether it is true whatever its symbols mean, as far as algebra sees: then so is each equation of its form.

    A rate that a flow works out is not: the algebra is of the flow.
    """
    sides = (claim.lhs, claim.rhs)
    if (
        claim.relation != "="
        or claim.rates is not None
        or not all(isinstance(s, Expr) and s.is_commutative for s in sides)
    ):
        return False
    return bool(expand(numer(together((claim.lhs - claim.rhs).rewrite(exp)))) == 0)


def _ways(ours: Mapping[int, tuple[str, ...]], theirs: Mapping[int, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    """The ways to name our symbols as theirs, where those stand alike."""
    kinds = list(ours)
    for chosen in product(*(permutations(theirs[kind]) for kind in kinds)):
        pairs = (zip(ours[kind], named, strict=True) for kind, named in zip(kinds, chosen, strict=True))
        yield {one: other for part in pairs for one, other in part}


def _notation(renamed: Mapping[str, str], claim: Claim) -> Notation | None:
    """The notation in which our symbols are those of the claim; None where one of them is no symbol of its."""
    theirs = letters(claim.alphabet) | names(used(*claim.sides()))
    back = {other: one for one, other in renamed.items()}
    table: dict[str, Any] = {}
    for key, meaning in theirs.items():
        name, bracket, argument = key.partition("(")
        argument = argument.removesuffix(")")
        if bracket and key.endswith(")") and name in back:
            table[f"{back[name]}({back.get(argument, argument)})"] = meaning
        elif key in back:
            table[back[key]] = meaning
    known = {name.partition("(")[0] for name in table} | set(table)
    return Notation(table) if set(renamed) <= known else None


@cache
def _catalogue() -> tuple[_Printed, ...]:
    """What the claims print, the shortest claims first."""
    return tuple(sorted(_printed_claims(), key=lambda printed: printed.length))


def _printed_claims() -> Iterator[_Printed]:
    for claim in _sought():
        display = Display("align", claim.latex(), 0, (), ())
        for piece in pieces(display) if len(display.text) <= LONGEST else ():
            try:
                found = tokens(piece.text)
                said = statement(found, _assumed(found))
            except (Unparsed, RecursionError):
                continue
            yield _Printed(claim, said, len(display.text), *_form(said), _parts(said))


def _sought() -> Iterator[Claim]:
    """The claims that are proved, without those that only say which values a quantity may have."""
    return (claim for claim in claims().values() if claim.expects == "proved" and ".domain" not in claim.id)


def _form(said: Statement) -> tuple[int, dict[int, tuple[str, ...]]]:
    """A number for the form of a statement, the same whatever its symbols are called; and its symbols of each kind."""
    kinds: dict[str, int] = {}
    for _ in range(ROUNDS):
        around: dict[str, Counter[int]] = {}
        for place, side in enumerate(said.sides):
            _look(side, hash((place, said.relations)), kinds, around)
        kinds = {name: hash(tuple(sorted(seen.items()))) for name, seen in around.items()}
    form = hash((said.relations, tuple(_shape(side, kinds) for side in said.sides)))
    classes: dict[int, tuple[str, ...]] = {}
    for name in sorted(kinds):
        classes[kinds[name]] = (*classes.get(kinds[name], ()), name)
    return form, classes


def _look(node: Node, above: int, kinds: Mapping[str, int], around: dict[str, Counter[int]]) -> None:
    """Counts for each symbol where it stands."""
    name = _name(node)
    if name:
        around.setdefault(name, Counter())[hash((above, node.kind))] += 1
    shapes = [_shape(part, kinds) for part in node.parts]
    for place, part in enumerate(node.parts):
        others = tuple(sorted(shapes)) if node.kind in _UNORDERED else (place, *shapes)
        _look(part, hash((above, node.kind, _word(node), others)), kinds, around)


def _shape(node: Node, kinds: Mapping[str, int]) -> int:
    shapes = [_shape(part, kinds) for part in node.parts]
    own = kinds.get(_name(node), 0)
    return hash((node.kind, _word(node), own, tuple(sorted(shapes) if node.kind in _UNORDERED else shapes)))


def _name(node: Node) -> str:
    return node.value if node.kind in ("symbol", "apply", "derivative", "sum", "integral") else ""


def _word(node: Node) -> str:
    return "" if _name(node) else node.value


def _nearest(said: Statement) -> Iterator[Stated]:
    yield from (Stated(claim.id, claim.latex(), False) for claim in _alike(said, 0.0))


def _alike(said: Statement, least: float, most: int = NEAREST) -> list[Claim]:
    """The claims that have most parts in common with it, names aside; least: of all parts more than that share."""
    ours = _parts(said)
    scored = []
    for printed in _catalogue():
        shared = sum(min(ours[part], printed.parts[part]) for part in ours.keys() & printed.parts.keys())
        scored.append((shared / (ours.total() + printed.parts.total() - shared), printed.claim))
    scored.sort(key=lambda pair: -pair[0])
    return list(islice(dict.fromkeys(claim for score, claim in scored if score > least), most))


def _parts(said: Statement) -> Counter[int]:
    """How often each part stands in a statement, names aside."""
    return Counter(_shape(node, {}) for side in said.sides for node in _nodes(side))

"""Chapters: definitions and claims on one subject, in the order in which they are stated."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from sympy import Basic, Expr, Symbol, Tuple, false

from ..language.definitions import Definition, unfold
from ..language.expressions import Condition, Relation, Side
from ..language.flow import Flow
from ..language.motion import Rates
from ..language.quantities import Alphabet, bare
from ..language.shown import excerpt
from ..language.verdict import Status
from ..proof.given import assumed, known_relation
from .claims import Claim, Special
from .corollary import checked, known, rewritten, special_side
from .equations import Equation, numbered, sympified
from .stated import DEFINED, STATED, claim_of, definition_of, unknown_source

if TYPE_CHECKING:
    from .objective_results import Solution

_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)  # of a chapter, a claim or a definition


@dataclass
class Chapter:
    """An ordered list of claims on one subject.

    Building a chapter computes nothing: claims are stated here and proved by `Claim.verify`.

    Attributes:
        key: the first part of every id.
        title: what the chapter is about.
        alphabet: the letters that its claims may use.
        source: where its claims come from, unless a claim says otherwise.
        text: the narrative, usually the module's docstring.
        titles: the second part of a claim's id → the name by which people speak of it, where its words are none.
        claims: id → Claim, in the order in which they are stated.
        domains: id → Claim, what the definitions claim of their values.
        definitions: id → Definition, in the order in which they are stated.
        derived: id of a definition of another chapter → the definition of this one that is its special case.
    Example:
        >>> from modeflow import Alphabet, Chapter
        >>> letters = Alphabet()
        >>> x = letters.scalar("x", "x", "a number", real=True)
        >>> chapter = Chapter("mine", "Squares", letters)
        >>> chapter.claim("square", (x + 1) ** 2, x**2 + 2 * x + 1, says="A square.").verify().status
        'proved'
        >>> list(chapter.claims)
        ['mine.square']
    """

    key: str
    title: str
    alphabet: Alphabet
    source: str = ""
    text: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    domains: dict[str, Claim] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    derived: dict[str, Definition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.key):
            raise ValueError(f"key = {self.key!r}: take a word of letters, digits and _, such as decay")

    @property
    def stated(self) -> dict[str, Claim]:
        """All that the chapter claims, id → Claim: what its definitions claim of their values, then its claims."""
        return {**self.domains, **self.claims}

    def claim(
        self,
        name: str,
        lhs: Side,
        rhs: Side,
        *,
        says: str,
        relation: Relation = "=",
        satisfies: Iterable[Equation] = (),
        follows_from: Sequence[str] = (),
        source: str | None = None,
        expects: Status = "proved",
        given: Sequence[Condition] = (),
        rates: Rates | None = None,
        names: Mapping[Basic, Basic] | None = None,
        beside: Sequence[Expr] = (),
        flow: Flow | None = None,
    ) -> Claim:
        """State a claim and return it, so that later steps can use its sides.

        Parameters:
            name: the second part of its id, unique in the chapter.
            lhs, rhs: SymPy expressions or integers, or tuples of them, which are read entry by entry.
            says: what it says, in one sentence.
            relation: "=", "!=", ">=", ">", "<=" or "<".
            satisfies: the equations that rhs, put in the place of the unknown lhs, must satisfy; each unknown is in one
                of them, and in no entry of rhs.
            follows_from: ids of earlier claims, of this chapter or another.
            source: a key of docs/references.bib and a place, or plain words; None means the chapter's.
            expects: the verdict it has; "refuted" keeps an error on show.
            given: SymPy relations that are assumed besides what the alphabet says, such as [gamma < lam, x < 1].
            rates: the letters whose rates the left side is, where it works them out: Rates((W1,), times=tau).
            names: what letters that the claim does not hold are in those that it holds, for whoever writes it in them.
            beside: names that it does not hold, whose domains may settle its denominators.
            flow: the flow that it is about, weight → velocity; a corollary must be about that flow, with its values.
        Returns: the Claim.
        Raises:
            UndeclaredSymbol: a symbol outside the alphabet.
            ValueError: a repeated id, an unknown relation, or a follows_from that names a later claim or none of this
                chapter's.
            TypeError: a given that is no relation, or a side that is no SymPy expression.
        Example:
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> x = letters.scalar("x", "x", "a number", real=True)
            >>> chapter = Chapter("mine", "Squares", letters)
            >>> chapter.claim("positive", x**2, 0, relation=">=", says="A square is not negative.").id
            'mine.positive'
        """
        identifier = self._new_id(name)
        self._check_sources(identifier, follows_from)
        claim = Claim(
            id=identifier,
            says=says,
            lhs=sympified(lhs),
            rhs=sympified(rhs),
            relation=relation,
            satisfies=tuple(numbered(satisfies)),
            source=self.source if source is None else source,
            follows_from=tuple(follows_from),
            expects=expects,
            given=assumed(given, f"{identifier}: "),
            rates=rates,
            names=names or {},
            beside=tuple(beside),
            flow=flow,
            alphabet=self.alphabet,
            where=_caller(),
        )
        return self._state(claim)

    def corollary(
        self,
        name: str,
        *,
        of: str,
        where: Mapping[Symbol, Expr],
        says: str | None = None,
        flow: Flow | None = None,
        follows_from: Sequence[str] = (),
        source: str | None = None,
        given: Sequence[Condition] = (),
    ) -> Claim:
        r"""State the special case of a claim in which some of its letters have certain values.

        The statement is the general one with these values; names that the chapter has derived by `define_from` take the
        place of the general ones. It is proved through the general claim, as `Claim.verify` says.

        Parameters:
            name: the second part of its id, unique in the chapter.
            of: the id of the general claim, which is stated before.
            where: letter → what is put in for it, an expression in letters and names.
            says: what it says, in one sentence; None means what the general claim says.
            flow: weight → velocity, where the general claim is about a flow; it must be that flow, with these values.
            follows_from: ids of earlier claims, besides the general one.
            source: a key of docs/references.bib and a place, or plain words; None means the chapter's.
            given: SymPy relations that are assumed besides, such as those that the values need.
        Returns: the Claim.
        Raises:
            UndeclaredSymbol: a symbol outside the alphabet.
            ValueError: a repeated id, an unknown general claim, a letter that it does not hold or is differentiated in,
                no flow where it is about one, or a derived name that stands for something else.
            TypeError: a value that is no scalar expression, or a given that is no relation.
        Example:
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> x, y = (letters.scalar(name, name, "a number", real=True) for name in "xy")
            >>> chapter = Chapter("mine", "Squares", letters)
            >>> _ = chapter.claim("square", (x + y) ** 2, x**2 + 2 * x * y + y**2, says="A square.")
            >>> one_more = chapter.corollary("one_more", of="mine.square", where={y: 1})
            >>> one_more.lhs, one_more.rhs, one_more.verify().method
            ((x + 1)**2, x**2 + 2*x + 1, 'corollary of mine.square, 1 obligation')
        """
        identifier = self._new_id(name)
        general = claim_of(of, identifier)
        self._check_sources(identifier, follows_from)
        put = checked(where, general, identifier)
        if set(flow or {}) != set(general.flow or {}):
            moving = sorted(map(str, general.flow or {})) or "no letters"
            raise ValueError(f"{identifier}: the flow of {general.id} moves {moving}; give the flow of this case")
        sides = rewritten(general, lambda side: special_side(side, put, self.derived, identifier))
        carried = [special_side(relation, put, self.derived, identifier) for relation in general.given]
        claim = Claim(
            id=identifier,
            says=general.says if says is None else says,
            **sides,
            source=self.source if source is None else source,
            follows_from=tuple(dict.fromkeys((general.id, *follows_from))),
            given=assumed([*given, *carried], f"{identifier}: "),
            beside=tuple(special_side(name, put, self.derived, identifier) for name in general.beside),
            flow=flow,
            special=Special(general, put, flow),
            alphabet=self.alphabet,
            where=_caller(),
        )
        return self._state(claim)

    def _claim_of(
        self, solution: Solution, follows_from: Sequence[str] = (), name: str = "path", flow: Flow | None = None
    ) -> Claim:
        """State the claim of a solution, whose evaluator it has."""
        claim: Claim = solution.claim
        stated = self.claim(name, claim.lhs, claim.rhs, says=claim.says, satisfies=claim.satisfies,
                            given=list(claim.given), follows_from=follows_from, flow=flow)  # fmt: skip
        return self._state(replace(stated, solution=solution))

    def _state(self, claim: Claim) -> Claim:
        self.alphabet.check(Tuple(*claim.sides(), *claim.beside), claim.id)
        claim = replace(claim, title=self.titles.get(claim.id.partition(".")[2], ""))
        self.claims[claim.id] = STATED[claim.id] = claim
        return claim

    def define(
        self,
        name: str,
        tex: str,
        expression: Expr,
        *,
        says: str,
        domain: Sequence[tuple[Relation, Side]] = (),
        signs: Expr | None = None,
        given: Sequence[Condition] = (),
    ) -> Expr:
        r"""Name a quantity, so that claims can be stated in it.

        The name is a function of the letters in it: derivatives and values put in for letters reach it. It has no
        assumptions. What is proved of a claim is what its names stand for.

        A domain is a claim, with an id of its own: "mine.c.domain", and "mine.c.domain_2" for a second relation. If it
        is proved, and the name is nowhere zero, denominators that divide it are no conditions of other claims.

        Parameters:
            name: the second part of its id, unique in the chapter.
            tex: how it is written in LaTeX, as no letter of the alphabet and no other name of the chapter is.
            expression: what it is: a scalar closed form in letters and in names defined before.
            says: what it is, in one sentence.
            domain: what is claimed of its values: pairs of a relation and a bound, such as [(">", 0), ("<=", 1)]. Add
                new ones at the end, since their place is in their ids.
            signs: the same quantity as a sum of terms of one sign, where its domain needs that to be seen.
            given: SymPy relations under which the domain is claimed, such as [Ne(rho, 0)].
        Returns: the name as a SymPy expression.
        Raises:
            UndeclaredSymbol: a symbol outside the alphabet.
            ValueError: a repeated id, a tex that stands for something else, an expression that is no closed form, or a
                domain with an unknown relation or with letters on which the quantity does not depend.
            TypeError: an expression that is no scalar SymPy expression, or a given that is no relation.
        Example:
            >>> from sympy import sqrt
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> a, b = (letters.scalar(name, name, "a side", positive=True) for name in "ab")
            >>> chapter = Chapter("mine", "Triangles", letters)
            >>> c = chapter.define("c", "c", sqrt(a**2 + b**2), says="The hypotenuse.", domain=[(">", a)])
            >>> chapter.claim("right", a**2 + b**2, c**2, says="The theorem of Pythagoras.").latex()
            'a^{2} + b^{2} = c^{2}'
            >>> chapter.domains["mine.c.domain"].verify().status
            'proved'
        """
        return self._named(self._new_id(name), tex, expression, says, domain, signs, given, _caller())

    def _named(
        self,
        identifier: str,
        tex: str,
        expression: Expr,
        says: str,
        domain: Sequence[tuple[Relation, Side]],
        signs: Expr | None,
        given: Sequence[Condition],
        where: str,
    ) -> Expr:
        self._check_tex(identifier, tex)
        expression, signs = sympified(expression), None if signs is None else sympified(signs)
        relations = assumed(given, f"{identifier}: ")
        bounds = tuple((_known(relation, identifier), sympified(bound)) for relation, bound in domain)
        self.alphabet.check(Tuple(expression, *([] if signs is None else [signs]), *relations), identifier)
        of = tuple(q.symbol for q in self.alphabet.of(unfold(expression)))
        definition = Definition(identifier, tex, says, of, expression, signs, bounds, relations, self.alphabet)
        self.definitions[identifier] = DEFINED[identifier] = definition
        for claim in domain_claims(definition, self.alphabet, self.source, where):
            self.domains[claim.id] = STATED[claim.id] = claim
        return definition.applied

    def define_from(
        self,
        name: str,
        *,
        of: str,
        where: Mapping[Symbol, Expr],
        tex: str | None = None,
        says: str | None = None,
        domain: Sequence[tuple[Relation, Side]] | None = None,
    ) -> Expr:
        r"""Name the special case of a quantity that another chapter has named.

        Corollaries of this chapter are stated in it where the general claim is in the general name. What the general
        definition claims of its values is claimed of the special case, with these values, and is proved for it.

        Parameters:
            name: the second part of its id, unique in the chapter.
            of: the id of the general definition, which is stated before.
            where: letter → what is put in for it, an expression in letters and names.
            tex: how it is written in LaTeX; None means as the general one.
            says: what it is, in one sentence; None means what the general definition says.
            domain: what is claimed of its values, where more is known of the special case; None means what the general
                definition claims. Where it is claimed, and the form with known signs, are the general ones.
        Returns: the name as a SymPy expression.
        Raises:
            UndeclaredSymbol: a symbol outside the alphabet.
            ValueError: a repeated id, a tex that stands for something else, an unknown general definition, a letter
                that it does not hold, or values with which the general domain is claimed nowhere.
            TypeError: a value that is no scalar expression.
        Example:
            >>> from sympy import sqrt
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> a, b = (letters.scalar(name, name, "a side", positive=True) for name in "ab")
            >>> general = Chapter("sides", "Triangles", letters)
            >>> _ = general.define("c", "c", sqrt(a**2 + b**2), says="The hypotenuse.")
            >>> special = Chapter("half", "Half a square", letters)
            >>> special.define_from("d", of="sides.c", where={b: a}, tex="d", says="The diagonal.")
            d
            >>> special.definitions["half.d"].expression
            sqrt(2)*a
        """
        identifier = self._new_id(name)
        general = definition_of(of, identifier)
        for letter, value in where.items():
            known(letter, value, general.of, f"{identifier}: {general.id}")
        put = {letter: sympified(value) for letter, value in where.items()}
        expression, *bounds = (
            special_side(side, put, self.derived, identifier)
            for side in (general.expression, *(bound for _, bound in general.domain))
        )
        carried = [special_side(relation, put, self.derived, identifier) for relation in general.given]
        signs = None if general.signs is None else special_side(general.signs, put, self.derived, identifier)
        if false in carried:
            raise ValueError(f"{identifier}: the domain of {general.id} is claimed nowhere with these values")
        if domain is None:
            domain = [(relation, bound) for (relation, _), bound in zip(general.domain, bounds, strict=True)]
        special = self._named(
            identifier,
            general.tex if tex is None else tex,
            expression,
            general.says if says is None else says,
            domain,
            signs,
            carried,
            _caller(),
        )
        self.derived[general.id] = self.definitions[identifier]
        return special

    def _new_id(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{self.key}.{name}: take a name of letters, digits and _, such as rate_at_start")
        identifier = f"{self.key}.{name}"
        if identifier in {*self.claims, *self.domains, *self.definitions}:
            raise ValueError(f"{identifier} is stated twice; ids are permanent and unique, choose another name")
        return identifier

    def _check_tex(self, identifier: str, tex: str) -> None:
        """Raise ValueError where a letter or another name is written so."""
        alike: list[object] = [q.symbol for q in self.alphabet if bare(q.tex) == bare(tex)]
        alike += [d.id for d in self.definitions.values() if bare(d.tex) == bare(tex)]
        if alike:
            raise ValueError(f"{identifier}: {tex} stands for {alike[-1]} here; write it in another way")

    def _check_sources(self, identifier: str, follows_from: Sequence[str]) -> None:
        """Raise ValueError for a claim of this chapter that is not stated before; those of others are known later."""
        if isinstance(follows_from, str):
            raise TypeError(f"{identifier}: follows_from is one text; write follows_from=[{follows_from!r}]")
        for source in follows_from:
            if source.startswith(f"{self.key}.") and source not in self.claims:
                raise ValueError(unknown_source(identifier, source, self.claims))

    def __repr__(self) -> str:
        return (
            f"<Chapter {self.key}: {excerpt(self.title)}, {_counted(self.claims, 'claim')}"
            f"{', ' * bool(self.definitions)}{_counted(self.definitions, 'definition') * bool(self.definitions)}>"
        )

    def _repr_markdown_(self) -> str:
        """In Jupyter: the whole chapter, its formulas set."""
        from ..typeset.markdown import markdown

        return markdown([self])


def domain_claims(definition: Definition, alphabet: Alphabet, source: str = "", where: str = "") -> Iterable[Claim]:
    """What a definition claims of its values, a claim for each relation."""
    from .domains import domain_id

    for number, (relation, bound) in enumerate(definition.domain, start=1):
        yield Claim(
            id=domain_id(definition, number),
            says=f"The domain of {definition.id}.",
            lhs=definition.applied,
            rhs=bound,
            relation=relation,
            source=source,
            given=definition.given,
            domain_of=definition,
            alphabet=alphabet,
            where=where,
        )


def _counted(things: Mapping[str, object], noun: str) -> str:
    return f"{len(things)} {noun}{'s' * (len(things) != 1)}"


def _known(relation: str, place: str) -> Relation:
    return cast("Relation", known_relation(relation, f"{place}: "))


def _caller() -> str:
    """File and line of the code that states a claim."""
    frame = sys._getframe(2)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"

"""Claims: statements with an address, and the equations that must be proved for each to hold.

A claim states lhs (relation) rhs. Where lhs names an unknown (a function of time, a fixed point, a learning
time), the claim lists the equations its rhs must `satisfy`: the differential equation and the initial value,
the fixed-point equation, and so on. Those, with the unknown replaced by rhs, are what is proved.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

from sympy import (
    Basic,
    Derivative,
    Expr,
    Integer,
    Integral,
    Mul,
    Ne,
    S,
    Subs,
    Symbol,
    Tuple,
    expand,
    factor_terms,
    false,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from ..language.definitions import Definition, redefined, unfold, used
from ..language.expressions import Condition, Relation, Side
from ..language.flow import Flow, FlowRate
from ..language.motion import Rates
from ..language.provisos import Proviso
from ..language.quantities import Alphabet, Quantity, bare
from ..language.verdict import Status, Verdict, combine
from ..proof import derivatives
from ..proof.differentiability import poles_between, stretch
from ..proof.given import assumed, bearing, known_relation
from ..proof.known_signs import NotDifferentiable
from .corollary import checked, known, rewritten, special_side, states, verdict_on

if TYPE_CHECKING:
    from .domains import Names

_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)  # of a chapter, a claim or a definition

LARGEST = 60  # operations in a denominator that is looked at again where letters are not 0
STATED: dict[str, Claim] = {}  # every claim that a chapter of this process has stated, by its id
DEFINED: dict[str, Definition] = {}  # and every definition
T = TypeVar("T")


@dataclass(frozen=True)
class Equation:
    """An equation or inequality lhs (relation) rhs, with the name of the role it plays in a claim.

    Attributes:
        lhs, rhs: SymPy expressions or integers.
        name: its role, such as "rate" or "initial value".
        relation: "=", "!=", ">=", ">", "<=" or "<"; any other raises ValueError.
    Example:
        >>> from sympy import Function, Symbol
        >>> from modeflow import Equation
        >>> t, u = Symbol("t"), Function("u")
        >>> Equation(u(t).diff(t), -u(t), "rate").name
        'rate'
    """

    lhs: Side
    rhs: Side
    name: str = "statement"
    relation: Relation = "="

    def __post_init__(self) -> None:
        object.__setattr__(self, "lhs", _sympy(self.lhs))
        object.__setattr__(self, "rhs", _sympy(self.rhs))
        known_relation(self.relation, f"{self.name}: ")


@dataclass(frozen=True)
class Claim:
    """One statement of a chapter, with what must be proved for it to hold.

    Make claims by `Chapter.claim`, which gives them their id, source and alphabet.

    Attributes:
        id: permanent, "chapter.name".
        says: what it says, in one sentence.
        lhs, rhs: SymPy expressions, or Tuples, which are read entry by entry.
        relation: "=", "!=", ">=", ">", "<=" or "<".
        satisfies: the equations that rhs, put in the place of lhs, must satisfy; empty where the claim is the identity
            itself.
        source: a key of docs/references.bib and a place.
        follows_from: ids of earlier claims.
        expects: the verdict that the chapter states it has; "refuted" for an error kept on show.
        given: SymPy relations between the letters that are assumed besides, such as gamma < lam.
        rates: the letters whose rates the left side is, where it works them out; None elsewhere.
        names: what other letters are in those of the claim, for whoever writes it in them.
        beside: names that it does not hold, whose domains may settle its denominators.
        domain_of: the definition whose domain it states; None elsewhere.
        flow: weight → velocity, the flow that it is about, which must be that of each of its special cases.
        special: of which claim it is a special case, and what is put in there; None for a claim of its own.
        alphabet: the letters it may use.
        where: "file:line" of the statement, where it is known.
    Example:
        >>> import modeflow
        >>> claim = modeflow.claim("dae.fixed_point")
        >>> claim.lhs, claim.rhs, claim.source
        (w_star, lam/(eps + lam), 'pretorius2018, section 3.2')
    """

    id: str
    says: str
    lhs: Side
    rhs: Side
    relation: Relation = "="
    satisfies: tuple[Equation, ...] = ()
    source: str = ""
    follows_from: tuple[str, ...] = ()
    expects: Status = "proved"
    given: tuple[Condition, ...] = ()
    rates: Rates | None = field(default=None, repr=False)
    names: Mapping[Basic, Basic] = field(default_factory=dict, repr=False, hash=False)
    beside: tuple[Expr, ...] = field(default=(), repr=False)
    domain_of: Definition | None = field(default=None, repr=False)
    flow: Flow | None = field(default=None, repr=False, hash=False)
    special: Special | None = field(default=None, repr=False, hash=False)
    alphabet: Alphabet = field(default_factory=Alphabet, repr=False, compare=False)
    where: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        known_relation(self.relation, f"{self.id}: ")
        if self.expects not in get_args(Status):
            raise ValueError(f"{self.id}: expects = {self.expects!r}: choose from {', '.join(get_args(Status))}")
        if not self.says.strip():
            raise ValueError(f"{self.id}: says is empty; say in one sentence what it states")
        object.__setattr__(self, "given", assumed(self.given, f"{self.id}: "))
        object.__setattr__(self, "satisfies", tuple(_numbered(self.satisfies)))
        for unknown in _entries(self.lhs) if self.satisfies else ():
            _require_letters(unknown, self.id)
        if false in self.given:
            raise ValueError(f"{self.id}: given holds a relation that is never true; SymPy has made it False already")

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What is assumed of each symbol that the claim uses, such as "lam >= 0", and what is given besides."""
        said = []
        for quantity in self.letters():
            joint = "" if quantity.domain[:1] in "<>" else ":"
            said.append(f"{quantity.symbol}{joint} {quantity.domain}")
        return (*said, *map(str, self.given))

    def letters(self) -> tuple[Quantity, ...]:
        """The letters that the claim uses, with what is given.

        Returns: a tuple of quantities, each with `symbol`, `tex`, `meaning` and `domain`, in the order of the alphabet.
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> [str(letter.symbol) for letter in modeflow.claim("dae.fixed_point").letters()]
            ['lam', 'eps', 'w_star']
        """
        return self.alphabet.of(Tuple(*self.sides()))

    def sides(self) -> tuple[Side, ...]:
        """Every expression in the claim: its sides, those of the equations it satisfies, and what is given.

        Returns: a tuple of SymPy expressions.
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> modeflow.claim("dae.fixed_point").sides()[0]
            w_star
        """
        conditions = (side for equation in self.satisfies for side in (equation.lhs, equation.rhs))
        return (self.lhs, self.rhs, *conditions, *self.given)

    def stated(self) -> Equation:
        """The statement as people read it: a rate that is worked out stands as the rate that it is.

        Returns: an Equation, in names where the claim has them.
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> modeflow.claim("dae.balanced_rate").stated().lhs
            FlowRate(u, ())
        """
        if self.rates is None:
            return Equation(self.lhs, self.rhs, relation=self.relation)
        left = _alike(self.lhs, [self.rates.times * FlowRate(letter, Tuple()) for letter in self.rates.of])
        return Equation(left, self.rhs.xreplace(dict(self.rates.written)), relation=self.relation)

    def given_equations(self) -> tuple[Equation, ...]:
        """What is given, in the form in which statements are printed.

        Returns: a tuple of Equations.
        Raises: nothing.
        Example:
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> x = letters.scalar("x", "x", "a number", real=True)
            >>> chapter = Chapter("mine", "Mine", letters)
            >>> claim = chapter.claim("grows", x**2, x, relation=">=", given=[x > 1], says="It grows.")
            >>> [(e.lhs, e.relation, e.rhs) for e in claim.given_equations()]
            [(x, '>', 1)]
        """
        signs = {"==": "="}
        return tuple(Equation(r.lhs, r.rhs, relation=signs.get(r.rel_op, r.rel_op)) for r in self.given)

    def given_text(self) -> str:
        """What is given, as the end of a sentence.

        Returns: a text such as ", given gamma < lam"; empty where nothing is given.
        Raises: nothing.
        Example:
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> x = letters.scalar("x", "x", "a number", real=True)
            >>> chapter = Chapter("mine", "Mine", letters)
            >>> chapter.claim("grows", x**2, x, relation=">=", given=[x > 1], says="It grows.").given_text()
            ', given x > 1'
        """
        return f", given {' and '.join(map(str, self.given))}" if self.given else ""

    def obligations(self) -> tuple[Equation, ...]:
        """The equations to prove: the statement itself, or `satisfies` with lhs replaced by rhs.

        Derivatives are worked out; where one needs a condition, `verify` lists it.

        Returns: a tuple of Equations.
        Raises:
            ValueError: two sides with different numbers of entries.
        Example:
            >>> import modeflow
            >>> [equation.name for equation in modeflow.claim("dae.direct").obligations()]
            ['product of the weights', 'rate', 'initial value']
        """
        written = tuple(self.unfolded()._written())
        if not self.satisfies:
            return written
        return tuple(replace(e, lhs=carried_out(e.lhs), rhs=carried_out(e.rhs)) for e in written)

    def unfolded(self) -> Claim:
        """The claim with what each name stands for in the place of the name, which is what is proved.

        Returns: a Claim whose sides hold letters only.
        Raises: nothing.
        Example:
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> x = letters.scalar("x", "x", "a number", real=True)
            >>> chapter = Chapter("mine", "Mine", letters)
            >>> h = chapter.define("h", "h", x / 2, says="Half of it.")
            >>> claim = chapter.claim("half", 2 * h, x, says="Twice the half.")
            >>> claim.lhs, claim.unfolded().lhs
            (2*h, x)
        """
        return self._changed(unfold)

    def redefined(self, changes: Mapping[Definition, Definition]) -> Claim:
        """The claim with other definitions for its names; what it says of them may then be false.

        Parameters:
            changes: definition → the one that takes its place, of the same letters.
        Returns: a Claim.
        Raises:
            ValueError: a definition that would no longer depend on the same letters.
        Example:
            >>> from dataclasses import replace
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> x = letters.scalar("x", "x", "a number", real=True)
            >>> chapter = Chapter("mine", "Mine", letters)
            >>> h = chapter.define("h", "h", x / 2, says="Half of it.")
            >>> claim = chapter.claim("half", 2 * h, x, says="Twice the half.")
            >>> half = chapter.definitions["mine.h"]
            >>> claim.redefined({half: replace(half, expression=x / 3)}).verify().status
            'refuted'
        """
        found = self._changed(lambda side: redefined(side, changes))
        if self.domain_of is None:
            return found
        return replace(found, domain_of=redefined(self.domain_of.applied, changes).definition)

    def _changed(self, change: Callable[[Any], Any]) -> Claim:
        """The claim with every expression in it changed."""
        satisfies = tuple(replace(e, lhs=change(e.lhs), rhs=change(e.rhs)) for e in self.satisfies)
        given = tuple(map(change, self.given))
        names = {letter: change(value) for letter, value in self.names.items()}
        beside = tuple(map(change, self.beside))
        sides = {"lhs": change(self.lhs), "rhs": change(self.rhs)}
        return replace(self, **sides, satisfies=satisfies, given=given, names=names, beside=beside)

    def _written(self) -> Iterable[Equation]:
        """The obligations with their derivatives still to be taken."""
        if not self.satisfies:
            yield from _entry_by_entry(Equation(self.lhs, self.rhs, relation=self.relation))
        for e in self.satisfies:
            yield from _entry_by_entry(replace(e, lhs=self._put_in(e.lhs), rhs=self._put_in(e.rhs)))

    def _put_in(self, expression: Any) -> Any:
        """The expression with every unknown on the left replaced by its value on the right."""
        unknowns, values = _entries(self.lhs), _entries(self.rhs)
        for unknown, value in zip(unknowns, values, strict=True):
            if isinstance(unknown, AppliedUndef):
                expression = expression.replace(unknown.func, _as_function(unknown.args, value))
        by_symbol = {u: v for u, v in zip(unknowns, values, strict=True) if not isinstance(u, AppliedUndef)}
        return expression.xreplace(by_symbol)

    def in_full(self) -> Claim:
        """The claim by itself: the same statement, of which every equation is proved as it stands.

        Returns: a Claim that is nobody's corollary.
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> modeflow.claim("dae.fixed_point").in_full().verify().method
            'tower'
        """
        return replace(self, special=None)

    def verify(self, *, time_limit: float = 10.0, general: Verdict | None = None) -> Verdict:
        """Prove every obligation of the claim.

        A corollary is proved through the claim of which it is a special case. It is undecided if that claim is not
        proved, if a value does not meet the assumptions of the letter whose place it takes, if something that must not
        vanish does so everywhere, or if the flows differ. `in_full` gives the claim that is proved as it stands.

        A closed form that is 0/0 where an equation wants its value is continued to there by taking common factors out.

        Parameters:
            time_limit: seconds of processor time for each obligation, > 0.
            general: for a corollary, the verdict on the general claim, if it is known; None has that one verified.
        Returns: a Verdict: that of the obligation that fares worst, with the conditions of all.
        Raises:
            ValueError: a time limit that is not positive.
        Example:
            >>> import modeflow
            >>> modeflow.claim("dae.fixed_point").verify().status
            'proved'
        """
        from .domains import standing

        if self.special is not None and states(self.special, self):
            known = self.special.of.verify(time_limit=time_limit) if general is None else general
            return verdict_on(self, self.special, known, time_limit)
        return standing(self._judged(time_limit), self.definitions(), time_limit)

    def definitions(self) -> tuple[Definition, ...]:
        """The definitions of the names in and beside the claim and of those inside them, each after those that it uses.

        Returns: a tuple of definitions, each with `id`, `tex`, `says` and `expression`.
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> [definition.id for definition in modeflow.claim("dae.theta_flow").definitions()]
            ['dae.xi', 'dae.beta']
        """
        return used(*self.sides(), *self.beside)

    def _judged(self, time_limit: float) -> Verdict:
        """The verdict, if the domains hold on which it rests."""
        from .domains import Names, proved

        if self.domain_of is not None:
            return combine({"statement": proved(self.domain_of, self.relation, self.rhs, self.given, time_limit)})
        names = Names(*(side for equation in self._written() for side in (equation.lhs, equation.rhs)), *self.beside)
        verdicts: dict[str, Verdict] = {}
        for name, verdict in self.unfolded()._judgements(names, time_limit):
            verdicts[name] = names.restored(verdict)
            if verdict.status == "refuted":
                break
        found = combine(verdicts)
        return replace(found, provisos=_needed(found.provisos, time_limit))

    def _judgements(self, names: Names, time_limit: float) -> Iterable[tuple[str, Verdict]]:
        """The verdict on each obligation, of a claim in letters."""
        from ..proof.prove import prove_knowing

        claim, obligations = self, self.obligations()
        if any(side.has(S.NaN) for equation in obligations for side in (equation.lhs, equation.rhs)):
            claim = claim._continued(time_limit)
            obligations = claim.obligations()
        for equation, written in zip(obligations, claim._written(), strict=True):
            found = _blown_up(equation, claim.given, time_limit)
            if found is None:
                asked = written if _taken_by_the_prover(written) else equation
                given = claim._given_for(asked.lhs, asked.rhs)
                found = prove_knowing(names.known, asked.lhs, asked.rhs, equation.relation, given, time_limit)
            yield equation.name, found
        for name, form, time, starts in claim._solutions():
            yield name, _followed(names, form, time, starts, claim._given_for(form, time), time_limit)

    def _solutions(self) -> Iterable[tuple[str, Expr, Symbol, list[Expr]]]:
        """The entries of rhs that solve an initial value problem, with their derivatives but for the highest.

        Each with a name, its form, the time and the times at which it starts. There is a problem where `satisfies`
        holds a rate of the unknown, or of a function of it, and its value or a slope at another time.
        """
        everything = Tuple(*(side for e in self.satisfies for side in (e.lhs, e.rhs)))
        for unknown, value in zip(_entries(self.lhs), _entries(self.rhs), strict=True):
            for time, order in _times(everything, unknown).items():
                if starts := _starts(everything, unknown, time):
                    name = f"differentiable {unknown.func}" + (f" in {time}" if len(unknown.args) > 1 else "")
                    yield name, value, time, starts
                    for n, slope in enumerate(_slopes(value, time, order - 1), start=1):
                        yield f"{name}, derivative {n}", slope, time, starts

    def _given_for(self, *sides: Any) -> tuple[Any, ...]:
        """The given relations that bear on these sides, such as an initial value without the time."""
        return bearing(self.given, *sides)[0]

    def _continued(self, time_limit: float) -> Claim:
        """The claim with common factors taken out of every entry of rhs where the prover confirms it."""
        from ..proof.prove import prove

        shorter = [factor_terms(entry) for entry in _entries(self.rhs)]
        entries = [
            short if prove(entry, short, given=self._given_for(entry, short), time_limit=time_limit) else entry
            for entry, short in zip(_entries(self.rhs), shorter, strict=True)
        ]
        return replace(self, rhs=Tuple(*entries) if isinstance(self.rhs, Tuple) else entries[0])

    def latex(self) -> str:
        r"""The statement in LaTeX, in the notation of its alphabet.

        Returns: a text without delimiters.
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> print(modeflow.claim("dae.fixed_point").latex())
            w^{*} = \frac{\lambda}{\varepsilon + \lambda}
        """
        from ..typeset.latex import claim_latex

        return claim_latex(self)

    def _repr_latex_(self) -> str:
        from ..typeset.latex import shown_latex

        return rf"$\displaystyle {shown_latex(self)}$"


@dataclass(frozen=True)
class Special:
    """Of which claim another one is a special case, and what is put in there.

    Attributes:
        of: the general claim.
        where: what is put in for its letters, in letters and names.
        flow: weight → velocity in the special case, where the general claim is about a flow.
    Example:
        >>> from modeflow import Alphabet, Chapter
        >>> letters = Alphabet()
        >>> x, y = (letters.scalar(name, name, "a number", real=True) for name in "xy")
        >>> chapter = Chapter("mine", "Squares", letters)
        >>> _ = chapter.claim("square", (x + y) ** 2, x**2 + 2 * x * y + y**2, says="A square.")
        >>> special = chapter.corollary("one_more", of="mine.square", where={y: 1}).special
        >>> special.of.id, special.values
        ('mine.square', {y: 1})
    """

    of: Claim
    where: Mapping[Symbol, Expr] = field(hash=False)
    flow: Flow | None = field(default=None, hash=False)

    @property
    def values(self) -> dict[Symbol, Expr]:
        """What is put in, in letters only."""
        return {letter: unfold(value) for letter, value in self.where.items()}

    @property
    def shown(self) -> dict[Symbol, Expr]:
        """What is put in for the letters that the general statement holds."""
        present = Tuple(*self.of.unfolded().sides()).free_symbols
        return {letter: value for letter, value in self.where.items() if letter in present}


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
            satisfies: the equations that rhs, put in the place of the unknown lhs, must satisfy.
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
            lhs=_sympy(lhs),
            rhs=_sympy(rhs),
            relation=relation,
            satisfies=tuple(_numbered(satisfies)),
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
        general = _stated(of, identifier)
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
            flow=flow,
            special=Special(general, put, flow),
            alphabet=self.alphabet,
            where=_caller(),
        )
        return self._state(claim)

    def _state(self, claim: Claim) -> Claim:
        self.alphabet.check(Tuple(*claim.sides(), *claim.beside), claim.id)
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
        identifier = self._new_id(name)
        self._check_tex(identifier, tex)
        expression, signs = _sympy(expression), None if signs is None else _sympy(signs)
        relations = assumed(given, f"{identifier}: ")
        bounds = tuple((_known(relation, identifier), _sympy(bound)) for relation, bound in domain)
        self.alphabet.check(Tuple(expression, *([] if signs is None else [signs]), *relations), identifier)
        of = tuple(q.symbol for q in self.alphabet.of(unfold(expression)))
        definition = Definition(identifier, tex, says, of, expression, signs, bounds, relations)
        self.definitions[identifier] = DEFINED[identifier] = definition
        for claim in domain_claims(definition, self.alphabet, self.source, _caller()):
            self.domains[claim.id] = STATED[claim.id] = claim
        return definition.applied

    def define_from(
        self, name: str, *, of: str, where: Mapping[Symbol, Expr], tex: str | None = None, says: str | None = None
    ) -> Expr:
        r"""Name the special case of a quantity that another chapter has named.

        Corollaries of this chapter are stated in it where the general claim is in the general name.

        Parameters:
            name: the second part of its id, unique in the chapter.
            of: the id of the general definition, which is stated before.
            where: letter → what is put in for it, an expression in letters and names.
            tex: how it is written in LaTeX; None means as the general one.
            says: what it is, in one sentence; None means what the general definition says.
        Returns: the name as a SymPy expression.
        Raises:
            UndeclaredSymbol: a symbol outside the alphabet.
            ValueError: a repeated id, a tex that stands for something else, an unknown general definition, or a letter
                that it does not hold.
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
        general = _defined(of, identifier)
        for letter, value in where.items():
            known(letter, value, general.of, f"{identifier}: {general.id}")
        put = {letter: _sympy(value) for letter, value in where.items()}
        expression = special_side(general.expression, put, self.derived, identifier)
        says = general.says if says is None else says
        special = self.define(name, general.tex if tex is None else tex, expression, says=says)
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
        written = {bare(q.tex): str(q.symbol) for q in self.alphabet}
        written |= {bare(d.tex): d.id for d in self.definitions.values()}
        if bare(tex) in written:
            raise ValueError(f"{identifier}: {tex} stands for {written[bare(tex)]} here; write it in another way")

    def _check_sources(self, identifier: str, follows_from: Sequence[str]) -> None:
        """Raise ValueError for a claim of this chapter that is not stated before; those of others are known later."""
        if isinstance(follows_from, str):
            raise TypeError(f"{identifier}: follows_from is one text; write follows_from=[{follows_from!r}]")
        for source in follows_from:
            if source.startswith(f"{self.key}.") and source not in self.claims:
                raise ValueError(unknown_source(identifier, source, self.claims))

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


def unknown_source(identifier: str, source: str, known: Iterable[str]) -> str:
    """The sentence that says a claim follows from one that is not there, and which ones are close."""
    return f"{identifier}: {_unknown('follows_from', source, known)}"


def _unknown(argument: str, name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=3, cutoff=0.5)
    remedy = f"did you mean {' or '.join(close)}?" if close else "name one that is stated before it"
    return f"{argument} names {name!r}, which is not stated; {remedy}"


def _stated(of: str, place: str) -> Claim:
    """The general claim of this id; raises ValueError where none is stated."""
    found = _looked_up(of, STATED)
    if found is None:
        raise ValueError(f"{place}: {_unknown('of', of, STATED)}")
    return found


def _defined(of: str, place: str) -> Definition:
    found = _looked_up(of, DEFINED)
    if found is None:
        raise ValueError(f"{place}: {_unknown('of', of, DEFINED)}")
    return found


def _looked_up(identifier: str, table: Mapping[str, T]) -> T | None:
    """What has this id; of the chapters that ship, too, which are loaded where none of them is."""
    if identifier not in table and "modeflow.derivations" not in sys.modules:
        import_module("modeflow.derivations")
    return table.get(identifier)


def _blown_up(equation: Equation, given: Sequence[Any], time_limit: float) -> Verdict | None:
    """Refuted where putting in the closed form left infinity times something on one side only, as 1/0 at a start.

    The witness is a point at which that something is not zero, so that the side is infinite there.
    """
    from ..proof.prove import prove

    infinite = (S.ComplexInfinity, S.Infinity, S.NegativeInfinity)
    for side, other in ((equation.lhs, equation.rhs), (equation.rhs, equation.lhs)):
        factors = Mul.make_args(side)
        if any(f in infinite for f in factors) and getattr(other, "is_finite", None):
            left = Mul(*(f for f in factors if f not in infinite))
            rest = prove(left, 0, given=bearing(given, left)[0], time_limit=time_limit)
            if rest.witness is not None:
                sides = {"left": str(equation.lhs), "right": str(equation.rhs), "relation": equation.relation}
                return Verdict("refuted", "substitution", witness={"point": rest.witness["point"], **sides})
    return None


def _taken_by_the_prover(written: Equation) -> bool:
    """Whether the prover takes the derivatives: where they are of integrals and need no condition, it need not."""
    sides = Tuple(written.lhs, written.rhs)
    if not sides.has(Integral):
        return True
    try:
        return bool(derivatives.listed(derivatives.carried_out(sides)[1]))
    except NotDifferentiable:
        return True


def carried_out(expression: Any) -> Any:
    """The expression with derivatives taken where there are any; integrals stay, except those over nothing."""
    try:
        expression = derivatives.carried_out(expression)[0].doit(integrals=False)
    except NotDifferentiable:
        return expression
    empty = {
        i: Integer(0) for i in expression.atoms(Integral) if len(i.limits[0]) == 3 and i.args[1][1] == i.args[1][2]
    }
    return expression.xreplace(empty)


def _known(relation: str, place: str) -> Relation:
    return cast("Relation", known_relation(relation, f"{place}: "))


def _caller() -> str:
    """File and line of the code that states a claim."""
    frame = sys._getframe(2)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _sympy(value: Any) -> Basic:
    if isinstance(value, Relational):
        remedy = f"give {value.lhs} and {value.rhs} as the two sides, with relation={value.rel_op!r}"
        raise TypeError(f"{value} is a statement by itself and no side of one: {remedy}")
    if isinstance(value, Basic):
        return value
    if isinstance(value, tuple | list):
        return Tuple(*(_sympy(v) for v in value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Integer(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}; a claim is made of SymPy expressions and integers")


def _numbered(equations: Iterable[Equation]) -> Iterable[Equation]:
    """Give the equations of one claim different names, under which their verdicts are kept."""
    taken: set[str] = set()
    for number, equation in enumerate(equations, start=1):
        name = f"equation {number}" if equation.name == "statement" else equation.name
        name = f"{name}, equation {number}" if name in taken else name
        taken.add(name)
        yield replace(equation, name=name)


def _require_letters(unknown: Any, place: str) -> None:
    """A value that is put in the place of an unknown function is one for all arguments, so those are letters."""
    if isinstance(unknown, AppliedUndef) and not all(a.is_Symbol for a in unknown.args):
        remedy = f"give the unknown as a function of letters, such as {unknown.func}(t)"
        raise ValueError(f"{place}: lhs = {unknown}: {remedy}")


def _times(equations: Tuple, unknown: Any) -> dict[Symbol, int]:
    """The arguments in which the equations hold a rate of an unknown function, and the order of the highest."""
    found: dict[Symbol, int] = {}
    if not isinstance(unknown, AppliedUndef):
        return found
    for d in sorted(equations.atoms(Derivative), key=str):
        functions = [f for f in d.expr.atoms(AppliedUndef) if f.func == unknown.func]
        for place, time in enumerate(unknown.args):
            if time.is_Symbol and (order := max((d.variables.count(f.args[place]) for f in functions), default=0)):
                found[time] = max(order, found.get(time, 0))
    return found


def _starts(equations: Tuple, unknown: Any, time: Symbol) -> list[Expr]:
    """The times at which the equations hold a value or a slope of the unknown."""
    place = unknown.args.index(time)
    moving = {time, *(v for d in equations.atoms(Derivative) for v in d.variables)}
    values = [f.args[place] for f in equations.atoms(AppliedUndef) if f.func == unknown.func]
    slopes = [p for e in equations.atoms(Subs) if e.has(unknown.func) for p in e.point]
    return [start for start in (*values, *slopes) if start not in moving]


def _slopes(form: Expr, time: Symbol, count: int) -> Iterable[Expr]:
    """The first derivatives of a form, as far as they are known."""
    try:
        for _ in range(count):
            form = derivatives.derivative(form, time)[0]
            yield form
    except NotDifferentiable:
        return  # and the form itself is not known to be differentiable


def _needed(provisos: Sequence[Proviso], time_limit: float) -> tuple[Proviso, ...]:
    """The provisos without those that follow where letters are not 0, which others ask for."""
    from ..proof.prove import prove

    letters = [Ne(p.expression, 0) for p in provisos if p.kind == "!=" and not p.place and p.expression.is_Symbol]

    def follows(p: Proviso) -> bool:
        e = unfold(p.expression)
        near = [r for r in letters if r.free_symbols <= e.free_symbols] if p.kind == "!=" else []
        if not near or e.is_Symbol or e.has(AppliedUndef) or e.count_ops() > LARGEST:
            return False
        found = prove(e, 0, relation="!=", given=near, time_limit=time_limit)
        return bool(found) and not found.provisos

    return tuple(p for p in provisos if not follows(p) and not _is_an_end(p, provisos))


def _is_an_end(proviso: Proviso, others: Sequence[Proviso]) -> bool:
    """Whether another one asks for the same from the start up to here."""
    along = (p for p in others if len(p.place) == 1 and p.kind == proviso.kind == "!=" and not proviso.place)
    sizes = ((p.expression, p.expression.count_ops() + proviso.expression.count_ops()) for p in along)
    return any(expand(e - sign * proviso.expression) == 0 for e, ops in sizes if ops <= LARGEST for sign in (1, -1))


def _followed(
    names: Names, form: Expr, time: Symbol, starts: list[Expr], given: Sequence[Any], time_limit: float
) -> Verdict:
    """Whether a form is differentiable, or an integral exists, all the way from the starts to the time."""
    from ..proof.prove import prove_differentiable

    if isinstance(form, Integral):
        return _integrable(form)
    along, kept = stretch(time, starts, given)
    whole = not any(start.free_symbols for start in starts)
    put = {time: along}
    kept = [r.xreplace(put) for r in kept]
    return prove_differentiable(names.known, form.xreplace(put), along, whole, kept, time_limit)


def _integrable(form: Integral) -> Verdict:
    """An integral has the rate of its integrand wherever it exists: where nothing is infinite between the limits."""
    return Verdict("proved", "signs", tuple(poles_between(form)))


def _entries(side: Any) -> tuple[Any, ...]:
    return tuple(side) if isinstance(side, Tuple) else (side,)


def _alike(side: Side, entries: list[Any]) -> Any:
    return Tuple(*entries) if isinstance(side, Tuple) else entries[0]


def _entry_by_entry(equation: Equation) -> Iterable[Equation]:
    left, right = _entries(equation.lhs), _entries(equation.rhs)
    if len(left) != len(right):
        raise ValueError(f"{equation.name}: {len(left)} entries on the left, {len(right)} on the right")
    if len(left) == 1:
        yield replace(equation, lhs=left[0], rhs=right[0])
        return
    for number, (one, other) in enumerate(zip(left, right, strict=True), start=1):
        yield replace(equation, lhs=one, rhs=other, name=f"{equation.name} ({number})")


def _as_function(arguments: tuple[Symbol, ...], value: Expr) -> Any:
    return lambda *given: value.xreplace(dict(zip(arguments, given, strict=True)))

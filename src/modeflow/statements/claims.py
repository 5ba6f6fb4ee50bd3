"""Claims: statements with an address, and the equations that must be proved for each to hold.

A claim states lhs (relation) rhs. Where lhs names an unknown (a function of time, a fixed point, a learning
time), the claim lists the equations its rhs must `satisfy`: the differential equation and the initial value,
the fixed-point equation, and so on. Those, with the unknown replaced by rhs, are what is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from sympy import Basic, Expr, S, Symbol, Tuple, factor_terms, false
from sympy.core.function import AppliedUndef

from ..language.definitions import Definition, redefined, unfold, used
from ..language.expressions import Condition, Relation, Side
from ..language.flow import Flow, FlowRate
from ..language.motion import Rates
from ..language.quantities import Alphabet, Quantity
from ..language.shown import claim_latex, displayed, excerpt
from ..language.verdict import Status, Verdict, combine
from ..proof.given import assumed, bearing, known_relation
from .corollary import states, verdict_on
from .equations import Equation, alike, entries, entry_by_entry, numbered
from .evaluated import of_claim
from .judging import blown_up, carried_out, needed, taken_by_the_prover
from .solutions import followed, has_value, in_short, slopes_of, starts_of, times_of, undefined_somewhere

if TYPE_CHECKING:
    from .domains import Names


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
        solution: the Solution that it states, where it is one of an objective or of a flow; None elsewhere.
        title: the name by which people speak of it; empty where the words of its id are one.
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
    solution: Any = field(default=None, repr=False, compare=False)
    title: str = field(default="", repr=False, compare=False)
    where: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        known_relation(self.relation, f"{self.id}: ")
        if self.expects not in get_args(Status):
            raise ValueError(f"{self.id}: expects = {self.expects!r}: choose from {', '.join(get_args(Status))}")
        if not self.says.strip():
            raise ValueError(f"{self.id}: says is empty; say in one sentence what it states")
        object.__setattr__(self, "given", assumed(self.given, f"{self.id}: "))
        object.__setattr__(self, "satisfies", tuple(numbered(self.satisfies)))
        if self.satisfies:
            _require_unknowns(self)
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
        left = alike(self.lhs, [self.rates.times * FlowRate(letter, Tuple()) for letter in self.rates.of])
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
        """What is given, to stand behind a statement.

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
        told = (f"{e.lhs} {e.relation} {e.rhs}" for e in self.given_equations())
        return f", given {' and '.join(told)}" if self.given else ""

    def sentence(self) -> str:
        """What the claim says, with what is given.

        Returns: a sentence.
        Raises: nothing.
        Example:
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> x = letters.scalar("x", "x", "a number", real=True)
            >>> chapter = Chapter("mine", "Mine", letters)
            >>> chapter.claim("grows", x**2, x, relation=">=", given=[x > 1], says="It grows.").sentence()
            'It grows, given x > 1.'
        """
        says = self.says.strip()
        stop = "." if says.endswith(".") else ""
        return f"{says.removesuffix('.')}{self.given_text()}{stop}"

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
        written = self.unfolded()._written
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
        return self._in_letters

    @cached_property
    def _in_letters(self) -> Claim:
        found = self._changed(unfold)
        return self if found == self else found

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

    @cached_property
    def _written(self) -> tuple[Equation, ...]:
        """The obligations with their derivatives still to be taken."""
        if not self.satisfies:
            return tuple(entry_by_entry(Equation(self.lhs, self.rhs, relation=self.relation)))
        put_in = (replace(e, lhs=self._put_in(e.lhs), rhs=self._put_in(e.rhs)) for e in self.satisfies)
        return tuple(written for e in put_in for written in entry_by_entry(e))

    def _put_in(self, expression: Any) -> Any:
        """The expression with every unknown on the left replaced by its value on the right."""
        unknowns, values = entries(self.lhs), entries(self.rhs)
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
        return replace(self._verified(time_limit, general), alphabet=self.alphabet)

    def _verified(self, time_limit: float, general: Verdict | None) -> Verdict:
        from .domains import standing

        if self.special is not None and states(self.special, self):
            known = self.special.of.verify(time_limit=time_limit) if general is None else general
            found = verdict_on(self, self.special, known, time_limit)
            return replace(found, provisos=needed(found.provisos, time_limit, self.unfolded().given))
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
        names = Names(*(side for equation in self._written for side in (equation.lhs, equation.rhs)), *self.beside)
        verdicts: dict[str, Verdict] = {}
        for name, verdict in self.unfolded()._judgements(names, self._parts(), time_limit):
            verdicts[name] = names.restored(verdict)
            if verdict.status == "refuted":
                break
        found = combine(verdicts)
        return replace(found, provisos=needed(found.provisos, time_limit))

    def _judgements(self, names: Names, parts: Mapping[Expr, Expr], time_limit: float) -> Iterable[tuple[str, Verdict]]:
        """The verdict on each obligation, of a claim in letters; parts: those that may be undefined, and of what."""
        from ..proof.prove import prove_knowing

        claim, obligations = self, self.obligations()
        if any(side.has(S.NaN) for equation in obligations for side in (equation.lhs, equation.rhs)):
            claim, parts = claim._continued(time_limit), {}
            obligations = claim.obligations()
        for equation, written in zip(obligations, claim._written, strict=True):
            found = blown_up(equation, claim.given, time_limit)
            if found is None:
                asked = written if taken_by_the_prover(written) else equation
                given = claim._given_for(asked.lhs, asked.rhs)
                found = prove_knowing(names.known, asked.lhs, asked.rhs, equation.relation, given, time_limit)
            yield equation.name, found
        for number, part in enumerate(claim._lost(parts), start=1):
            name = f"value, part {number}" if number > 1 else "value"
            found = has_value(names, part, claim._given_for(part), time_limit)
            yield name, in_short(found, part, parts.get(part, part))
        for name, form, time, starts in claim._solutions():
            yield name, followed(names, form, time, starts, claim._given_for(form, time), time_limit)

    def _parts(self) -> dict[Expr, Expr]:
        """The parts of the statement and of its names that may be undefined, in letters, and of what they are parts."""
        from .domains import names_in

        stated = Tuple(self.rhs, *(side for e in self._written for side in (e.lhs, e.rhs)))
        of = (*undefined_somewhere(stated), *names_in(stated))
        return {part: whole for whole in of for part in undefined_somewhere(unfold(whole))}

    def _lost(self, parts: Iterable[Expr]) -> Iterable[Expr]:
        """What may be undefined and no equation asks for, since in letters it cancels, or does not move."""
        asked = set(undefined_somewhere(Tuple(*(side for e in self.obligations() for side in (e.lhs, e.rhs)))))
        own = undefined_somewhere(self.rhs) if self.satisfies else ()
        return [part for part in dict.fromkeys((*own, *parts)) if part not in asked]

    def _solutions(self) -> Iterable[tuple[str, Expr, Symbol, list[Expr]]]:
        """The entries of rhs that solve an initial value problem, with their derivatives but for the highest.

        Each with a name, its form, the time and the times at which it starts. There is a problem where `satisfies`
        holds a rate of the unknown, or of a function of it, and its value or a slope at another time.
        """
        everything = Tuple(*(side for e in self.satisfies for side in (e.lhs, e.rhs)))
        for unknown, value in zip(entries(self.lhs), entries(self.rhs), strict=True):
            for time, order in times_of(everything, unknown).items():
                if starts := starts_of(everything, unknown, time):
                    name = f"differentiable {unknown.func}" + (f" in {time}" if len(unknown.args) > 1 else "")
                    yield name, value, time, starts
                    for n, slope in enumerate(slopes_of(value, time, order - 1), start=1):
                        yield f"{name}, derivative {n}", slope, time, starts

    def _given_for(self, *sides: Any) -> tuple[Any, ...]:
        """The given relations that bear on these sides, such as an initial value without the time."""
        return bearing(self.given, *sides)[0]

    def _continued(self, time_limit: float) -> Claim:
        """The claim with common factors taken out of every entry of rhs where the prover confirms it."""
        from ..proof.prove import prove

        shorter = [factor_terms(entry) for entry in entries(self.rhs)]
        continued = [
            short if prove(entry, short, given=self._given_for(entry, short), time_limit=time_limit) else entry
            for entry, short in zip(entries(self.rhs), shorter, strict=True)
        ]
        return replace(self, rhs=Tuple(*continued) if isinstance(self.rhs, Tuple) else continued[0])

    def latex(self) -> str:
        r"""The statement in LaTeX, in the notation of its alphabet.

        Returns: a text without delimiters.
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> print(modeflow.claim("dae.fixed_point").latex())
            w^{*} = \frac{\lambda}{\lambda + \varepsilon}
        """
        return claim_latex(self)

    def evaluator(self) -> Any:
        """What the claim gives as a function on NumPy arrays, where it gives a function of a letter, such as w(t).

        Returns: a function f(t, **parameters), which `help` describes; it has `accuracy()` and `plot()`.
        Raises:
            NoEvaluator: a claim that gives no function of a letter, or holds what NumPy and SciPy do not compute.
        Example:
            >>> import modeflow
            >>> strength = modeflow.claim("dae.balanced").evaluator()
            >>> strength([0.0, 1e9], lam=1.0, eps=0.5, w0=0.1, tau=1.0).round(4)
            array([0.1   , 0.6667])
        """
        return of_claim(self)

    def __repr__(self) -> str:
        expected = "" if self.expects == "proved" else f" ({self.expects}, as stated)"
        return f"<Claim {self.id}: {excerpt(self.says)}{expected}>"

    def _repr_latex_(self) -> str:
        return displayed(self)


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


def _require_unknowns(claim: Claim) -> None:
    """Each unknown is in the equations, and in no value; one that is a function is given as one of letters.

    A value that is put in the place of an unknown function is one for all arguments.
    """
    asked = Tuple(*(side for e in claim.satisfies for side in (e.lhs, e.rhs)))
    for unknown in entries(claim.lhs):
        place = f"{claim.id}: lhs = {unknown}"
        is_function = isinstance(unknown, AppliedUndef)
        if is_function and not all(a.is_Symbol for a in unknown.args):
            raise ValueError(f"{place}: give the unknown as a function of letters, such as {unknown.func}(t)")
        sought = unknown.func if is_function else unknown
        if Tuple(*entries(claim.rhs)).has(sought):
            raise ValueError(f"{place}: rhs = {claim.rhs} holds it; give its value in other letters")
        if not unfold(asked).has(sought):
            raise ValueError(
                f"{place}: no equation of satisfies holds it; state one that does, or leave satisfies away"
            )


def _as_function(arguments: tuple[Symbol, ...], value: Expr) -> Any:
    return lambda *given: value.xreplace(dict(zip(arguments, given, strict=True)))

"""Flow in, what it conserves and its path out: for flows that are the gradient of no loss.

flow → invariants → one weight that tells the others → its time, put back into the flow and proved
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sympy
from sympy import Expr, Function, Integer, Integral, Poly, Symbol, Tuple

from ..language.flow import rate_of
from ..language.passing_times import passing_times
from ..language.quantities import Alphabet
from ..language.shown import displayed, excerpt
from ..language.solve import NoClosedForm
from ..proof.prove import prove
from . import common_factor
from .chapter import Chapter
from .claims import Claim
from .conserved import invariants_along
from .equations import Equation
from .loss_checks import check_expression, check_names, check_symbols, checked_start
from .objective_letters import alphabet_of
from .objective_results import Invariant, Solution
from .path_claim import CANDIDATE_LIMIT, CLOSED, IMPLICIT, path_claim
from .streamline import Streamline, streamlines

SOURCE = "modeflow.Dynamics"
COMMON_FACTOR = "linear but for a common factor"
MOST_MONOMIALS = 130  # of an invariant: four weights up to degree 5, eight up to degree 3
LARGEST_DEGREE = 16  # of a velocity


@dataclass(frozen=True)
class Dynamics:
    """A polynomial flow of weights, which need not be the gradient of a loss, to its invariants and its path.

    Losses with a stopped gradient move their weights so, as in self-prediction, and so do rules such as Oja's. Raises
    ValueError for velocities that are no polynomials in the weights, or inexact, and for symbols that are not
    different; TypeError for what is no dictionary from symbols to SymPy expressions.

    Attributes:
        flow: a dictionary from each weight, a real SymPy symbol, to its velocity dw/dt, a SymPy expression.
        time: the SymPy symbol of time.
        alphabet: an Alphabet that says how its letters are written and what they mean; None declares none.
    Example:
        >>> from sympy import Symbol, symbols
        >>> from modeflow import Dynamics
        >>> p, w = symbols("p w", real=True)  # of a predictor and an encoder; the target's gradient is stopped
        >>> lam = Symbol("lam", positive=True)
        >>> error = p * w - w
        >>> stopped = Dynamics({p: -lam * w * error, w: -lam * p * error}, Symbol("t", nonnegative=True))
        >>> stopped.invariants()
        [Invariant(quantity=-p**2 + w**2, fading=0)]
    """

    flow: Mapping[Symbol, Expr]
    time: Symbol
    alphabet: Alphabet | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.flow, Mapping):
            raise TypeError(f"flow is a {type(self.flow).__name__}: give a dictionary from weight to velocity")
        object.__setattr__(self, "flow", {w: _exact(v) for w, v in self.flow.items()})
        check_symbols(self.weights, self.time)
        for weight, velocity in self.flow.items():
            _check_velocity(weight, velocity, self.weights, self.time)
        check_names("flow", set().union(*(v.free_symbols for v in self.flow.values())), (*self.weights, self.time))
        if not isinstance(self.alphabet, Alphabet | None):
            remedy = "give a modeflow.Alphabet that declares its letters, or leave it out"
            raise TypeError(f"alphabet is a {type(self.alphabet).__name__}: {remedy}")

    def __repr__(self) -> str:
        told = ", ".join(f"{w}: {excerpt(v)}" for w, v in self.flow.items())
        return f"Dynamics({{{told}}}, time={self.time})"

    def _repr_latex_(self) -> str:
        return displayed(self)

    @property
    def weights(self) -> tuple[Symbol, ...]:
        """The symbols that move."""
        return tuple(self.flow)

    @property
    def _parameters(self) -> dict[Symbol, str]:
        letters = set().union(*(v.free_symbols for v in self.flow.values())) - {*self.weights, self.time}
        return dict.fromkeys(sorted(letters, key=str), "a letter of the flow")

    @property
    def _symbols(self) -> set[Symbol]:
        return {*self._parameters, *self.weights, self.time}

    def invariants(self, degree: int = 2) -> list[Invariant]:
        """Polynomials in the weights that are conserved, or die out at a rate that is the same everywhere.

        They are all of them up to a degree, except sums of products of others.

        Parameters:
            degree: in the weights together, a whole number >= 1.
        Returns: a list of invariants, each with `quantity`, `fading` (its rate; 0 where it is conserved) and
            `conserved`; each is proved.
        Raises:
            ValueError: a degree that is none, or at which there are too many monomials.
        Example:
            >>> from sympy import symbols
            >>> from modeflow import Dynamics
            >>> a, b, t = symbols("a b t", real=True)
            >>> Dynamics({a: a * b - a, b: -(a**2) - b}, t).invariants()
            [Invariant(quantity=a**2 + b**2, fading=2)]
        """
        count = _monomials(degree, len(self.weights))
        if count > MOST_MONOMIALS:
            many = f"{count} monomials in {len(self.weights)} weights, more than {MOST_MONOMIALS}"
            raise ValueError(f"degree = {degree}: there are {many}; give a smaller degree")
        return [Invariant(q, f) for q, f in invariants_along(self.flow, self.time, degree)]

    def solve(self, start: tuple[Expr, ...] | None = None) -> Solution:
        """The path from given weights, proved before it is given.

        There is one where one weight tells all others, and where the flow is linear but for a factor that all share.

        Parameters:
            start: the weights at t = 0 in their order, exact numbers or expressions; None means new symbols for them.
        Returns: a solution with `kind`, `values` (unknown → expression in the time, or in the place x of one weight),
            `start`, `claim` and `verify()`.
        Raises:
            NoClosedForm: neither is seen, the flow changes with time, or the path is not proved.
            ValueError: a start that is not exact weights.
            TypeError: a start that is no SymPy expression or number.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Dynamics
            >>> p, w = symbols("p w", real=True)
            >>> stopped = Dynamics({p: w**2 * (1 - p), w: p * w * (1 - p)}, Symbol("t", nonnegative=True))
            >>> stopped.solve()
            <Solution: one orbit (implicit), t(x), p(x), w(x) from (p_0, w_0), proved>
        """
        if start is not None:
            start = checked_start(start, self.time, self._symbols, len(self.weights))
        if any(v.has(self.time) for v in self.flow.values()):
            raise NoClosedForm(f"no closed form known: the flow changes with time; it is {self._text()}")
        if (found := self._by_a_common_factor(start)) is not None:
            return found
        begun = self._named_start() if start is None else start
        if self._rests_at(begun):
            raise NoClosedForm(f"the flow rests at the start {begun}, so that there is no path; give another start")
        return self._solved(begun)

    def _by_a_common_factor(self, start: tuple[Expr, ...] | None) -> Solution | None:
        """Each weight over time, where the flow is linear but for a factor that all share, and that is proved."""
        begun = tuple(self._fresh(f"{w.name}_0", ()) for w in self.weights) if start is None else start
        values = common_factor.path(self.flow, begun, self.time)
        if values is None:
            return None
        paths = {w: Function(w.name, real=True) for w in self.weights}
        now = {w: path(self.time) for w, path in paths.items()}
        satisfies = []
        for (w, path), b in zip(paths.items(), begun, strict=True):
            satisfies.append(Equation(path(self.time).diff(self.time), self.flow[w].xreplace(now), f"{w} rate"))
            satisfies.append(Equation(path(0), b, f"{w} at the start"))
        claim = Claim(
            "dynamics.path",
            "The weights over time.",
            Tuple(*now.values()),
            Tuple(*values),
            satisfies=tuple(satisfies),
            source=SOURCE,
            alphabet=alphabet_of(self, begun),
        )
        solution = Solution(COMMON_FACTOR, dict(zip(now.values(), values, strict=True)), begun, claim, objective=self)
        verdict = solution.verify()
        return replace(solution, verdict=verdict) if verdict.status == "proved" else None

    def _lines(self, begun: tuple[Expr, ...]) -> list[Streamline]:
        return streamlines(self.flow, begun, self._fresh("x", begun))

    def _solved(self, begun: tuple[Expr, ...], only: int | None = None) -> Solution:
        """The path by the first weight that tells the others, or only by that of a number."""
        lines = self._lines(begun)[slice(only, None if only is None else only + 1)]
        for line in lines:
            for solution in self._solutions(line):
                if (verdict := solution.verify()).status == "proved":
                    return replace(solution, verdict=verdict, objective=self)
        why = "the path by one weight is not proved" if lines else "no weight is seen to tell the others"
        rest = "invariants() holds all the same; for a path by numbers integrate the flow"
        raise NoClosedForm(f"no closed form known: {why}; the flow is {self._text()}. {rest}")

    def chapter(
        self, start: tuple[Expr, ...] | None = None, *, key: str = "flow", title: str = "A flow of weights"
    ) -> Chapter:
        """The derivation as a chapter: the invariants, and the path where one weight tells the others.

        Parameters:
            start: the weights at t = 0, as `solve` takes them.
            key: the first part of every id.
            title: its title.
        Returns: a Chapter; where no path is known, without one.
        Raises:
            ValueError: a start or a key that is none.
            TypeError: a start that is no SymPy expression or number.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Dynamics
            >>> p, w = symbols("p w", real=True)
            >>> stopped = Dynamics({p: w**2 * (1 - p), w: p * w * (1 - p)}, Symbol("t", nonnegative=True))
            >>> list(stopped.chapter().claims)
            ['flow.invariant_1', 'flow.path']
        """
        try:
            return self.solve(start).chapter(key=key, title=title)
        except NoClosedForm:
            return self._derivation(None, key, title)

    def _derivation(self, solution: Solution | None, key: str, title: str) -> Chapter:
        alphabet = alphabet_of(self) if solution is None else solution.claim.alphabet
        chapter = Chapter(key, title, alphabet, source=SOURCE, text=_told(solution))
        for number, one in enumerate(self.invariants(), start=1):
            says = "A quantity that the flow conserves." if one.conserved else "A quantity that dies out at one rate."
            left = rate_of(one.quantity, self.flow)
            chapter.claim(f"invariant_{number}", left, -one.fading * one.quantity, says=says, flow=self.flow)
        if solution is not None:
            chapter._claim_of(solution)
        return chapter

    def _solutions(self, line: Streamline) -> Iterator[Solution]:
        """The path with its time in closed form, where that is proved soon, and with its time as an integral."""
        x, begun = line.place, line.start[line.lead]
        for found in passing_times(-line.velocity, x, begun, Integer(1), Integer(1)):
            ahead = (sympy.Gt(one.args[0], 0) for one in sorted(found.time.atoms(sympy.log), key=str))
            solution = self._solution(line, found.time, CLOSED, {}, (*found.given, *ahead))
            if solution.verify(time_limit=CANDIDATE_LIMIT).status == "proved":
                yield solution
        inner = self._fresh("s", (*line.start, x))
        value = Integral((1 / line.velocity).xreplace({x: inner}), (inner, begun, x))
        yield self._solution(line, value, IMPLICIT, {inner: "the same, in the integral"})

    def _solution(
        self, line: Streamline, time: Expr, kind: str, more: dict[Symbol, str], given: Sequence[Any] = ()
    ) -> Solution:
        held = replace(line, given=tuple(one for one in (*line.given, *given) if one is not sympy.true))
        meant = f"the weight {self.weights[line.lead]} on its way"
        claim = path_claim(self, self.flow, held, time, {line.place: meant, **more}, "dynamics.path", SOURCE)
        return Solution(kind, dict(zip(claim.lhs, claim.rhs, strict=True)), line.start, claim, form=line)

    def _named_start(self) -> tuple[Expr, ...]:
        return tuple(self._fresh(f"{w.name}_0", (), nonzero=True) for w in self.weights)

    def _fresh(self, name: str, others: Iterable[Expr], **assumed: bool) -> Symbol:
        taken = {s.name for s in self._symbols.union(*(e.free_symbols for e in others))}
        names = (name, *(f"{name}_{k}" for k in range(2, len(taken) + 3)))
        return Symbol(next(n for n in names if n not in taken), real=True, **assumed)

    def _rests_at(self, start: Sequence[Expr]) -> bool:
        at = dict(zip(self.weights, start, strict=True))
        velocities = [v.subs(at, simultaneous=True) for v in self.flow.values()]
        return all(sympy.expand(v) == 0 or prove(v).status == "proved" for v in velocities)

    def _text(self) -> str:
        return ", ".join(f"d{w}/d{self.time} = {excerpt(v)}" for w, v in self.flow.items())


def _told(solution: Solution | None) -> str:
    if solution is None:
        return "The velocities of the weights are given. No closed form of their path is known."
    if solution.kind == COMMON_FACTOR:
        return "The velocities of the weights are given. They are linear but for a factor that all weights share."
    return "The velocities of the weights are given. One weight tells all others, and time is an integral over it."


def _exact(velocity: Any) -> Any:
    return Integer(velocity) if isinstance(velocity, int) and not isinstance(velocity, bool) else velocity


def _check_velocity(weight: Any, velocity: Any, weights: tuple[Symbol, ...], time: Symbol) -> None:
    name = f"flow[{weight}]"
    check_expression(name, velocity)
    if not velocity.is_polynomial(*weights):
        raise ValueError(f"{name} = {velocity} is no polynomial in {', '.join(map(str, weights))}; give one")
    if (degree := Poly(velocity, *weights).total_degree()) > LARGEST_DEGREE:
        raise ValueError(
            f"{name}: its degree in the weights, {degree}, is larger than {LARGEST_DEGREE}; give a simpler one"
        )


def _monomials(degree: Any, count: int) -> int:
    if not isinstance(degree, int) or isinstance(degree, bool) or degree < 1:
        raise ValueError(f"degree = {degree!r}: give a whole number >= 1")
    return int(sympy.binomial(degree + count, count))

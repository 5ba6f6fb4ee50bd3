"""The derivation that belongs to an objective, as a chapter.

    loss → flow → what it conserves → the strength → closed form → where it starts → where it rests

Each step is a claim, stated in the letters of the loss and judged by the prover as those of any chapter are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Expr, Function, Poly, Symbol, Tuple, cancel, diff
from sympy.core.relational import Relational

from ..language.closed_forms import DirectForm, FadingForm
from ..language.definitions import Definition, Named, redefined
from ..language.flow import rate_of
from ..language.motion import Course, Motion, Rates
from ..language.quantities import bare
from ..language.solve import NoClosedForm, riccati_solution
from .chapter import Chapter
from .equations import Equation, alike, entries
from .objective_letters import alphabet_of
from .product_chapter import product_derivation

if TYPE_CHECKING:
    from .objective import Objective
    from .objective_results import FixedPoint, Invariant, Solution

_KINDS = {
    "constant": "The weights start at rest, and stay.",
    "logistic": "The two weights stay alike, and their strength follows a logistic curve.",
    "algebraic": "The two weights stay alike, and their strength dies out like 1/t.",
    "linear": "The loss is quadratic, so that the flow is linear and each of its directions moves by itself.",
    "Riccati with constant coefficients": "The imbalance is conserved, and the squared sum of the weights obeys a "
    "Riccati equation with constant coefficients, which gives both weights in elementary functions.",
    "Riccati with exponential forcing": "The imbalance dies out, and the squared sum of the weights obeys a Riccati "
    "equation which that forces. It leads to Bessel functions.",
    "at a changing pace": "The loss changes with time by a factor, so that the path is passed at a pace that changes.",
    "Bernoulli": "The two weights stay alike, and their strength obeys Bernoulli's equation, which changes.",
    "separable (implicit)": "One quantity alone moves along the path, so that time is an integral over it.",
}

_SOURCES = {  # of a closed form
    "logistic": ("strength_rate",),
    "algebraic": ("strength_rate",),
    "Bernoulli": ("strength_rate",),
    "Riccati with constant coefficients": ("squared_sum", "imbalance"),
    "Riccati with exponential forcing": ("riccati", "imbalance"),
    "separable (implicit)": ("strength_rate", "imbalance"),
}


def derivation(objective: Objective, solution: Solution | None, key: str, title: str) -> Chapter:
    """The chapter of an objective, and of the solution if there is one."""
    if objective._product is not None:
        return product_derivation(objective, objective._product, solution, key, title)
    return _Derivation(objective, solution, key, title).told()


class _Derivation:
    """A chapter in the making, with the letters that it adds to those of the loss."""

    def __init__(self, objective: Objective, solution: Solution | None, key: str, title: str) -> None:
        self.objective, self.solution, self.key = objective, solution, key
        self.start: tuple[Expr, ...] = () if solution is None else solution.start
        self.squared_sum = objective._fresh("P", self.start, nonnegative=True)
        self.strength = objective._fresh("w", self.start, real=True)
        self.flow = objective.flow()
        self.chapter = Chapter(key, title, self._alphabet(), source="modeflow.Objective", text=self._text())
        self.changes: dict[Definition, Definition] = {}

    def told(self) -> Chapter:
        self._flow()
        for number, invariant in enumerate(self.objective.invariants(), start=1):
            self._invariant(invariant, number)
        self._strength_rate()
        if self.solution is not None:
            self._closed_form(self.solution)
        self._rests()
        return self.chapter

    # --- letters and words -----------------------------------------------------------------------------------

    def _alphabet(self) -> Any:
        more = {self.squared_sum: "squared sum of the weights", self.strength: "strength, the product of the weights"}
        claim = None if self.solution is None else self.solution.claim
        declared = {} if claim is None else {q.symbol: q.meaning for q in claim.alphabet if q.symbol in _letters(claim)}
        added = {letter: meaning for letter, meaning in declared.items() if isinstance(letter, Symbol)}
        paths = {
            _path_of(self.squared_sum): "squared sum of the weights over time",
            _path_of(self.strength): "strength over time",
        }
        if claim is not None and self._is_implicit():
            paths[claim.lhs.func] = "the time at which it is passed"
        alphabet = alphabet_of(self.objective, self.start, {**more, **added}, paths)
        if alphabet.motion == Motion():
            alphabet.motion = self._motion()
        return alphabet

    def _motion(self) -> Motion:
        """Which letters are one quantity on its way, for papers that write one for the other."""
        (w1, w2), tau = self.objective.weights, self.objective.tau
        a, b = self.start or (None, None)
        courses = (
            Course(w1, _path_of(w1), a, w1),
            Course(w2, _path_of(w2), b, w2),
            Course(self.strength, _path_of(self.strength), None if a is None else a * b, w1 * w2),
            Course(self.squared_sum, _path_of(self.squared_sum), of_weights=(w1 + w2) ** 2),
        )
        constant = tau if isinstance(tau, Symbol) else None
        return Motion(time=self.objective.time, time_constant=constant, weights=(w1, w2), courses=courses)

    def _is_implicit(self) -> bool:
        return self.solution is not None and self.solution.kind.startswith("separable")

    def _text(self) -> str:
        told = "Gradient flow moves the two weights of a mode down its loss."
        if self.solution is None:
            return f"{told} No closed form of their path is known."
        return f"{told} {_KINDS[self.solution.kind]}"

    def _claim(self, name: str, lhs: Any, rhs: Any, says: str, **more: Any) -> Any:
        more.setdefault("flow", self.flow)
        return self.chapter.claim(name, lhs, rhs, says=says, **more)

    def _after(self, *names: str) -> list[str]:
        """The ids of those of these claims that are stated."""
        return [i for name in names if (i := f"{self.key}.{name}") in self.chapter.claims]

    # --- what can be read off the loss -----------------------------------------------------------------------

    def _flow(self) -> None:
        loss, weights, tau = self.objective.loss, self.objective.weights, self.objective.tau
        written_out = Poly(loss, *weights)
        slopes = Tuple(*(-written_out.diff(w).as_expr() for w in weights))
        drives = Tuple(*(-diff(loss, w) for w in weights))
        says = "Each weight descends the loss."
        self._claim("flow", slopes, drives, says, rates=Rates(weights, times=tau))
        if not loss.has(self.objective.time):
            self._claim(
                "loss_falls",
                tau * rate_of(self._named_loss(), self.flow),
                sympy.Add(*(-(drive**2) for drive in drives)),
                "The loss never rises: its rate is minus a sum of squares.",
                follows_from=self._after("flow"),
            )

    def _named_loss(self) -> Expr:
        """The loss by a letter that stands for nothing else."""
        taken = {bare(q.tex) for q in self.chapter.alphabet}
        tex = next(tex for tex in ("L", r"\mathcal{L}", r"\tilde{\mathcal{L}}") if bare(tex) not in taken)
        return self.chapter.define("loss", tex, self.objective.loss, says="The loss of the mode.")

    def _invariant(self, invariant: Invariant, number: int) -> None:
        w1, w2 = self.objective.weights
        is_imbalance = sympy.expand(invariant.quantity - w2**2 + w1**2) == 0
        what = "The imbalance of the two layers" if is_imbalance else "This combination of the weights"
        how = "never changes" if invariant.conserved else "dies out at a rate that is the same everywhere"
        tau = self.objective.tau
        self._claim(
            "imbalance" if is_imbalance else f"invariant_{number}",
            tau * rate_of(invariant.quantity, self.flow),
            cancel(-invariant.fading * tau) * invariant.quantity,
            f"{what} {how}.",
            follows_from=self._after("flow"),
        )

    def _strength_rate(self) -> None:
        try:
            equation = self.objective.product_equation()
        except NoClosedForm:
            return
        w1, w2 = self.objective.weights
        put = {
            equation.strength: w1 * w2,
            equation.imbalance: w2**2 - w1**2,
            equation.squared_norm: w1**2 + w2**2,
        }
        self._claim(
            "strength_rate",
            self.objective.tau * rate_of(w1 * w2, self.flow),
            self._velocity(equation).xreplace(put),
            "The rate of the strength, from those of the two weights.",
            follows_from=self._after("flow"),
        )

    def _velocity(self, equation: Any) -> Expr:
        """τ dw/dt in w, c and n, as n(g - k w) - 2γw where it has that form."""
        form = None if self.solution is None else self.solution.form
        if form is None:
            return sympy.factor_terms(sympy.expand(equation.velocity * self.objective.tau))
        decay = form.decay if isinstance(form, FadingForm) else sympy.S.Zero
        growing = equation.squared_norm * (form.growth - form.pull * equation.strength)
        return growing - 2 * decay * equation.strength

    # --- the closed form -------------------------------------------------------------------------------------

    def _closed_form(self, solution: Solution) -> None:
        if solution.form is not None:
            self._riccati(solution.form)
        for definition in solution.claim.definitions():
            self._define(definition)
        if isinstance(solution.form, DirectForm):
            self._riccati_solution(solution.form)
        if self._is_implicit():
            self.chapter._claim_of(solution, self._after(*_SOURCES[solution.kind]), "passing_time", self.flow)
            return
        claim = solution.claim.redefined(self.changes)
        stated = self._claim(
            "strength" if _is_one(claim) else "weights",
            claim.lhs,
            claim.rhs,
            claim.says,
            satisfies=claim.satisfies,
            follows_from=self._after(*_SOURCES.get(solution.kind, ("flow",))),
        )
        if isinstance(solution.form, DirectForm):
            self._strength(solution.form, stated)
        self._start(stated)
        if isinstance(solution.form, DirectForm):
            self._end(solution.form)

    def _define(self, definition: Definition) -> None:
        expression = redefined(definition.expression, self.changes)
        self.chapter.define(definition.name, definition.tex, expression, says=definition.says)
        self.changes[definition] = self.chapter.definitions[f"{self.key}.{definition.name}"]

    def _here(self, expression: Expr) -> Expr:
        """A part of the form in the names of the chapter."""
        return redefined(expression, self.changes)

    def _riccati(self, form: DirectForm | FadingForm) -> None:
        w1, w2 = self.objective.weights
        total, imbalance = (w1 + w2) ** 2, w2**2 - w1**2
        decay = form.decay if isinstance(form, FadingForm) else sympy.S.Zero
        self._claim(
            "riccati",
            self.objective.tau * rate_of(total, self.flow),
            2 * (form.growth - decay) * total - form.pull / 2 * (total**2 - imbalance**2),
            "The squared sum of the weights obeys a Riccati equation.",
            follows_from=self._after("flow"),
        )

    def _riccati_solution(self, form: DirectForm) -> None:
        time, tau = self.objective.time, self.objective.tau
        total, path = self.squared_sum, _path_of(self.squared_sum)
        names = (form.imbalance, form.sum, form.rho, form.fading)
        imbalance, begun, rho, fading = map(self._here, names)
        velocity = 2 * form.growth * total - form.pull / 2 * (total**2 - imbalance**2)
        self._claim(
            "squared_sum",
            path(time),
            riccati_solution(velocity, total, begun**2, time, root=rho, fading=fading),
            "The squared sum of the weights over time.",
            satisfies=[
                Equation(path(time).diff(time), velocity.xreplace({total: path(time)}) / tau, "rate"),
                Equation(path(0), begun**2, "initial value"),
            ],
            follows_from=self._after("riccati", "imbalance"),
        )

    def _strength(self, form: DirectForm, weights: Any) -> None:
        time, tau, path = self.objective.time, self.objective.tau, _path_of(self.strength)
        one, two = entries(weights.rhs)
        a, b = self.start
        self._claim(
            "strength",
            path(time),
            self._here(form.strength),
            "The strength over time is the product of the weights.",
            satisfies=[
                Equation(
                    tau * path(time).diff(time), (one**2 + two**2) * (form.growth - form.pull * path(time)), "rate"
                ),
                Equation(path(0), a * b, "initial value"),
            ],
            follows_from=self._after("weights", "strength_rate"),
        )

    def _start(self, stated: Any) -> None:
        """What the closed form is at t = 0."""
        values = [value.xreplace({self.objective.time: sympy.S.Zero}) for value in entries(stated.rhs)]
        begun = [self.start[0] * self.start[1]] if len(values) == 1 else list(self.start)
        if values != begun:
            says = "At the start this is where the path begins."
            self._claim("start", alike(stated.lhs, values), alike(stated.lhs, begun), says, follows_from=[stated.id])

    def _fading_letter(self, form: DirectForm) -> str:
        name = self._here(form.fading)
        return f"{name}\u0303" if name.definition.tex.startswith(r"\tilde") else str(name)

    def _end(self, form: DirectForm) -> None:
        """What is left of the strength where E, which dies out, is 0."""
        gone = {self._here(form.fading): sympy.S.Zero}
        parts = (form.first, form.second, form.numerator, form.denominator)
        first, second, above, below = (_one_step(self._here(part)).xreplace(gone) for part in parts)
        self._claim(
            "end",
            first * second / (above * below),
            form.growth / form.pull,
            f"In the end, where {self._fading_letter(form)} is 0, the strength is the growth over the pull, and rests.",
            follows_from=self._after("strength"),
        )

    # --- where it rests --------------------------------------------------------------------------------------

    def _rests(self) -> None:
        try:
            points = self.objective.fixed_points()
        except NoClosedForm:
            return
        told = [p for p in points if p and _is_told(p)]
        kinds = [_kind_of_rest(point, self.objective.weights) for point in told]
        for n, (point, (name, says)) in enumerate(zip(told, kinds, strict=True)):
            number = kinds[: n + 1].count((name, says))
            several = kinds.count((name, says)) > 1
            self._rest(point, point.conditions, f"{name}_{number}" if several else name, says)

    def _rest(self, point: Mapping[Symbol, Expr], conditions: Iterable[Any], name: str, says: str) -> None:
        loss, weights = self.objective.loss, self.objective.weights
        at_rest = [
            Equation(diff(loss, w), 0, f"{role} at rest")
            for w, role in zip(weights, ("encoder", "decoder"), strict=True)
        ]
        self._claim(
            name,
            Tuple(*point) if len(point) > 1 else next(iter(point)),
            Tuple(*point.values()) if len(point) > 1 else next(iter(point.values())),
            says,
            satisfies=at_rest,
            given=list(conditions),
            follows_from=self._after("flow"),
        )


def _path_of(letter: Symbol) -> Any:
    return Function(letter.name, real=True)


def _letters(claim: Any) -> set[Any]:
    return {q.symbol for q in claim.letters()}


def _is_one(claim: Any) -> bool:
    return len(entries(claim.lhs)) == 1


def _one_step(part: Expr) -> Expr:
    """What a name stands for, in earlier names."""
    return part.first() if isinstance(part, Named) else part


def _is_told(point: FixedPoint) -> bool:
    return all(isinstance(c, Relational) for c in point.conditions) and not _has_roots(point.values())


def _kind_of_rest(point: Mapping[Symbol, Expr], weights: Sequence[Symbol]) -> tuple[str, str]:
    """What a point at rest is called, and said of it."""
    one, two = ({w: w for w in weights} | dict(point)).values()
    if len(point) < len(weights):
        if two in (one, -one):
            return ("rest_equal", "Equal weights rest.") if one == two else ("rest_opposite", "Opposite weights rest.")
        return "rest_curve", "Here the flow rests, whatever the other weight is."
    if one == two == 0:
        return "rest_zero", "The flow rests where both weights are 0."
    if one in (two, -two):
        which = "equal" if one == two else "opposite"
        return f"rest_{which}", f"The flow rests at these {which} weights."
    return "rest", "Here the flow rests."


def _has_roots(values: Iterable[Expr]) -> bool:
    return any(v.has(sympy.ComplexRootOf) for v in values)


__all__ = ["derivation"]

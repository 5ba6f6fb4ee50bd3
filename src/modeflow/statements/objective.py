"""Objective in, closed form out: the dynamics of one mode under any loss of its two weights, or of a product of more.

    loss → flow → invariants → product equation → closed form → put back into the flow and proved

The product equation of a mode is dw/dt as a function of its strength w = w1·w2, its imbalance c = w2² - w1² and
n = w1² + w2² = √(c² + 4w²). What it looks like decides which closed form there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Any

import sympy
from sympy import Add, Dummy, Expr, Function, Integral, Matrix, Poly, Symbol, Tuple, cancel, diff

from ..language.closed_forms import (
    DIRECT_PARTS,
    FADING_PARTS,
    DirectForm,
    FadingForm,
    LinearForm,
    Naming,
    Part,
    logistic_path,
)
from ..language.definitions import Definition, unfold
from ..language.flow import Flow, gradient_flow, rate
from ..language.quantities import Alphabet, bare
from ..language.shown import displayed, excerpt
from ..language.solve import NoClosedForm
from ..proof.prove import prove
from . import orbit_solution, scheduled
from .chapter import Chapter
from .claims import Claim
from .conserved import conserved_squares, invariants_along
from .equations import Equation
from .fixed_points import Place, real_letters, zeros
from .loss_checks import check_expression, check_loss, check_names, check_symbols, checked_start, checked_taus
from .objective_chapter import derivation
from .objective_letters import alphabet_of, timed
from .objective_results import FixedPoint, Invariant, ProductEquation, Solution, growth_and_pull
from .product_loss import ProductLoss, product_loss, with_absolute_values

SOURCE = "modeflow.Objective"  # of its claims
ROLES = ("encoder", "decoder")
_TWO_MOVE = (
    "; strength and imbalance move by each other, and neither tells the other. invariants() and fixed_points() hold "
    "all the same; for a path by numbers integrate flow()"
)
HIGHEST_INVARIANT = 4  # degree up to which invariants are looked for


@dataclass(frozen=True)
class Objective:
    """A loss of one mode in its weights, to its flow, invariants, points at rest and closed form.

    Of two weights the loss may be any polynomial; of any number of weights, any function of their product, or of a
    product of their powers such as w1²·w2. Raises ValueError for a loss that is neither or does not depend on the
    weights, for one with inexact numbers, and for weights that are not different symbols; TypeError for what is not a
    SymPy expression.

    Attributes:
        loss: a SymPy expression.
        weights: (encoder, decoder), or more, real SymPy symbols.
        time: the SymPy symbol of time.
        tau: the time constant of the gradient flow, a SymPy expression; 1 if left out. A tuple has one for each weight,
            where the loss is a function of the product.
        alphabet: an Alphabet that says how its letters are written and what they mean. Letters that it does not
            declare are written by their names, lam and eps as λ and ε; None declares none.
    Example:
        >>> from sympy import Symbol, symbols
        >>> from modeflow import Objective
        >>> w1, w2 = symbols("w1 w2", real=True)
        >>> lam, tau = symbols("lam tau", positive=True)
        >>> t = Symbol("t", nonnegative=True)
        >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
        >>> plain.solve().kind
        'Riccati with constant coefficients'
    """

    loss: Expr
    weights: tuple[Symbol, ...]
    time: Symbol
    tau: Any = field(default_factory=lambda: sympy.Integer(1))
    alphabet: Alphabet | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_expression("loss", self.loss)
        check_symbols(self.weights, self.time)
        if not isinstance(self.alphabet, Alphabet | None):
            remedy = "give a modeflow.Alphabet that declares its letters, or leave it out"
            raise TypeError(f"alphabet is a {type(self.alphabet).__name__}: {remedy}")
        object.__setattr__(self, "loss", with_absolute_values(self.loss, self.weights))
        object.__setattr__(self, "weights", tuple(self.weights))
        object.__setattr__(self, "tau", checked_taus(self.tau, self.weights, self.time))
        check_names("loss", self.loss.free_symbols | self._tau_symbols, (*self.weights, self.time))
        check_loss(self.loss, self.weights, needs_product=isinstance(self.tau, tuple), product=self._product)

    def __repr__(self) -> str:
        return f"Objective({excerpt(self.loss)}, weights={self.weights}, time={self.time}, tau={excerpt(self.tau)})"

    def _repr_latex_(self) -> str:
        return displayed(self)

    @property
    def _symbols(self) -> set[Symbol]:
        return {*self.loss.free_symbols, *self._tau_symbols, *self.weights, self.time}

    @property
    def _tau_symbols(self) -> set[Symbol]:
        return set().union(*(tau.free_symbols for tau in self.taus))

    @property
    def _parameters(self) -> dict[Symbol, str]:
        """The letters besides the weights and the time, with what they are."""
        of_loss = sorted(self.loss.free_symbols - {*self.weights, self.time}, key=str)
        of_tau = sorted(self._tau_symbols - {*of_loss}, key=str)
        times = {s: "time constant" if s in self.taus else "a letter of the time constant" for s in of_tau}
        return {**dict.fromkeys(of_loss, "a letter of the loss"), **times}

    @property
    def taus(self) -> tuple[Expr, ...]:
        """The time constant of each weight."""
        return self.tau if isinstance(self.tau, tuple) else (self.tau,) * len(self.weights)

    @cached_property
    def _product(self) -> ProductLoss | None:
        """The loss as a function of a product; None where it is a polynomial of the strength of two weights."""
        found = product_loss(self.loss, self.weights)
        return None if self._is_polynomial_of_two and found is not None and found.multiplicities == (1, 1) else found

    @property
    def _is_polynomial_of_two(self) -> bool:
        """Whether the loss is a polynomial of two weights with one time constant."""
        one_tau = len(self.weights) == 2 and not isinstance(self.tau, tuple)
        return bool(one_tau and self.loss.is_polynomial(*self.weights))

    # --- what can be read off the loss ---------------------------------------------------------------------

    def flow(self) -> Flow:
        """The gradient flow of the loss.

        Returns: a dictionary from weight to velocity, a SymPy expression.
        Raises: nothing.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
            >>> plain.flow()[w1]
            lam*w2*(-w1*w2 + 1)/tau
        """
        if self.loss.has(sympy.Abs):  # off the kinks
            return {w: -diff(self.loss, w) / tau for w, tau in zip(self.weights, self.taus, strict=True)}
        flows = (gradient_flow(self.loss, (w,), tau) for w, tau in zip(self.weights, self.taus, strict=True))
        return {w: velocity for flow in flows for w, velocity in flow.items()}

    def hessian(self) -> Matrix:
        """The second derivatives of the loss.

        Returns: a 2 × 2 SymPy matrix, in the order of the weights.
        Raises: nothing.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
            >>> plain.hessian()[0, 0]
            lam*w2**2
        """
        return Matrix([[diff(self.loss, r, s) for s in self.weights] for r in self.weights])

    def invariants(self) -> list[Invariant]:
        """Polynomials in the weights that are conserved, or die out at a rate that is the same everywhere.

        They are all of them up to the degree of the loss, or up to degree 4 of a higher one, except sums of products of
        others.

        Returns: a list of invariants, each with `quantity`, `fading` (its rate; 0 where it is conserved) and
            `conserved`.
        Raises: nothing.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
            >>> plain.invariants()
            [Invariant(quantity=-w1**2 + w2**2, fading=0)]
        """
        if self._product is not None:
            return [Invariant(q, sympy.S.Zero) for q in conserved_squares(self._product, self.taus)]
        quadratic = self._quadratic_invariants()
        degree = min(max(2, Poly(self.loss, *self.weights).total_degree()), HIGHEST_INVARIANT)
        return [Invariant(q, f) for q, f in [*quadratic, *invariants_along(self.flow(), self.time, degree, quadratic)]]

    def _quadratic_invariants(self) -> list[tuple[Expr, ...]]:
        """The simplest quantities that fade at the same rate everywhere, with their rates."""
        w1, w2 = self.weights
        forms = [(q, cancel(-rate(q, self.flow()) / q)) for q in (w2**2 - w1**2, w1**2 + w2**2, w1 * w2, w1**2, w2**2)]
        return [(q, fading) for q, fading in forms if not fading.free_symbols & {w1, w2}]

    def _fresh(self, name: str, start: Iterable[Expr] = (), **assumed: bool) -> Symbol:
        """A symbol of this name, or of one like it that nothing else has."""
        taken = {s.name for s in self._symbols.union(*(e.free_symbols for e in start))}
        names = (name, f"{name}_mode", f"{name}_of_mode", *(f"{name}_mode_{k}" for k in range(2, len(taken) + 3)))
        return Symbol(next(n for n in names if n not in taken), **assumed)

    @cached_property
    def _letters(self) -> tuple[Symbol, Symbol, Symbol]:
        """w, c, n, named so that they differ from the symbols of the loss."""
        w, c, n = (self._fresh(name, real=True) for name in ("w", "c", "n"))
        return w, c, n

    def product_equation(self) -> ProductEquation:
        """The equation of the strength w, in w, the imbalance c = w2² − w1² and n = w1² + w2².

        Returns: an equation with `velocity` (dw/dt), `imbalance_velocity` (dc/dt), `explicit` (dw/dt without n), and
            the symbols `strength`, `imbalance` and `squared_norm`.
        Raises:
            NoClosedForm: w, c and n do not suffice to write it.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
            >>> print(plain.product_equation())
            dw/dt = -lam*n*(w - 1)/tau, dc/dt = 0, where n = sqrt(c**2 + 4*w**2)
        """
        if self._product is not None:
            return self._equation_of_product(self._product)
        w1, w2 = self.weights
        velocities = [self._in_product_letters(rate(e, self.flow())) for e in (w1 * w2, w2**2 - w1**2)]
        return ProductEquation(*self._letters, *velocities)

    def _equation_of_product(self, product: ProductLoss) -> ProductEquation:
        w, c, n = self._letters
        if len(self.weights) > 2 or isinstance(self.tau, tuple) or product.multiplicities != (1, 1):
            raise NoClosedForm(
                "no closed form known: there is a product equation for two weights of multiplicity 1 with one time "
                "constant; solve() gives the path of any others by one of them"
            )
        slope = product.slope.xreplace({product.product: w})
        return ProductEquation(w, c, n, -n * slope / self.tau, sympy.S.Zero)

    def _in_product_letters(self, quantity: Expr) -> Expr:
        """A polynomial in the weights by w = w1·w2, with w1² = (n - c)/2 and w2² = (n + c)/2."""
        w, c, n = self._letters
        total = []
        for (i, j), coefficient in Poly(quantity, *self.weights).terms():
            if (i - j) % 2:
                raise NoClosedForm(
                    "no closed form known: the rate of the strength changes with the signs of the weights, so that "
                    f"there is no product equation; the flow is {dict(self.flow())}"
                )
            together, square = min(i, j), ((n - c) / 2 if i > j else (n + c) / 2)
            total.append(coefficient * w**together * square ** (abs(i - j) // 2))
        reduced = Poly(Add(*total), n).rem(Poly(n**2 - c**2 - 4 * w**2, n)) if total else Poly(0, n)
        return Add(*(sympy.factor(a) * n**k for (k,), a in reduced.terms()))

    def fixed_points(self) -> list[FixedPoint]:
        """All real weights at which the flow rests, each proved to be so.

        Of a loss that changes with time, they are the points that rest at all times.

        Returns: a list of dictionaries from weight to value, in which a weight that is free is left out. `conditions`
            holds what must be true for a point to be real and at rest, where that is not known.
        Raises:
            NoClosedForm: not all of the points can be written down and proved; the message shows the equations.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
            >>> plain.fixed_points()
            [{w1: 0, w2: 0}, {w1: 1/w2} where Ne(w2, 0)]
        """
        if not self._is_polynomial_of_two:
            reason = "points at rest are listed for polynomials of two weights with one time constant"
            raise NoClosedForm(f"no closed form known: {reason}; here the flow is {dict(self.flow())}")
        equations = self._at_all_times([diff(self.loss, w) for w in self.weights])
        letters = real_letters(equations, self.weights)
        fractions = [sympy.fraction(sympy.together(e).subs(letters)) for e in equations]
        polynomials, denominators = zip(*fractions, strict=True)
        encoder, decoder = (letters[w] for w in self.weights)
        try:
            places = zeros(polynomials, encoder, decoder, denominators)
        except NoClosedForm as reason:
            raise NoClosedForm(f"{reason}; the fixed points solve {_text(equations)}") from None
        found = [self._fixed_point(place, letters, polynomials) for place in places]
        return sorted((p for p in found if p is not None), key=lambda p: list(p.values()) != [0, 0])

    def _at_all_times(self, slopes: list[Expr]) -> list[Expr]:
        """What must vanish for slopes to vanish at all times: the coefficients of the time, or of a function of it."""
        slopes = [sympy.numer(sympy.together(e)) if e.has(self.time) else e for e in slopes]
        moving = self._moving(slopes)
        if not moving:
            return slopes
        changing = moving.pop()
        if moving or changing.free_symbols != {self.time} or not isinstance(changing, Symbol | sympy.exp):
            reason = "no closed form known: the loss changes with time; the fixed points solve"
            raise NoClosedForm(f"{reason} {_text(slopes)} at all times")
        return [sympy.expand(c) for e in slopes for c in Poly(e, changing).coeffs()]

    def _moving(self, slopes: list[Expr]) -> set[Expr]:
        """What changes with time in polynomials."""
        return {g for e in slopes if e.has(self.time) for g in Poly(e).gens if g.has(self.time)}

    def _fixed_point(self, place: Place, letters: dict[Expr, Symbol], equations: Iterable[Expr]) -> FixedPoint | None:
        """The place in the symbols of the loss, proved to be at rest; None where its conditions never hold."""
        back = {letter: part for part, letter in letters.items()}
        conditions = dict.fromkeys(c.xreplace(back).doit() for c in place.conditions)
        if sympy.false in conditions:
            return None
        values = {w: place.values[letters[w]].xreplace(back) for w in self.weights if letters[w] in place.values}
        point = FixedPoint(values, (c for c in conditions if c != sympy.true))
        if not (_rests_in_letters(place, equations) if _has_root_objects(point) else self._rests(point)):
            raise NoClosedForm(f"no closed form known: the flow is not proved to rest at {point}")
        return point

    def _rests(self, point: FixedPoint) -> bool:
        special = [(c.lhs, c.rhs) for c in point.conditions if isinstance(c, sympy.Eq)]
        slopes = [diff(self.loss, w).subs(point).subs(special) for w in self.weights]
        return all(prove(e).status == "proved" for e in slopes)

    # --- solving -------------------------------------------------------------------------------------------

    def solve(self, start: tuple[Expr, ...] | None = None) -> Solution:
        """The path from given weights in closed form, proved before it is given.

        Equal or opposite weights, for a loss that keeps them so, give the path of the strength.

        Parameters:
            start: the weights (encoder, decoder), or more, at t = 0, exact numbers or expressions; None means new
                symbols for them.
        Returns: a solution with `kind`, `values` (unknown → closed form), `start`, `claim` and `verify()`.
        Raises:
            NoClosedForm: none of the known forms applies or is proved; the message shows the product equation.
            ValueError: a start that is not two exact weights.
            TypeError: a start that is no SymPy expression or number.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
            >>> solution = plain.solve(start=(1, 2))
            >>> solution.kind, solution.verify().status
            ('Riccati with constant coefficients', 'proved')
        """
        if start is not None:
            start = checked_start(start, self.time, self._symbols, len(self.weights))
        solution = self._solved(start)
        if (verdict := solution.verify()).status != "proved":
            form = f"a form of the kind {solution.kind!r} from start = {excerpt(solution.start)}"
            raise NoClosedForm(f"no closed form known: {form} is not proved, {verdict}")
        return replace(solution, verdict=verdict, objective=self)

    def chapter(
        self, start: tuple[Expr, ...] | None = None, *, key: str = "loss", title: str = "A mode under a loss"
    ) -> Chapter:
        """The derivation as a chapter: flow, invariants, equation of the strength, closed form, start and rest.

        It verifies, prints and is checked against as any other chapter. Put it into a file for the commands:
        `modeflow derive my_loss.py --format latex --verdicts`.

        Parameters:
            start: the weights (encoder, decoder) at t = 0, as `solve` takes them.
            key: the first part of every id.
            title: its title.
        Returns: a Chapter; where no closed form is known, without one.
        Raises:
            ValueError: a start or a key that is none.
            TypeError: a start that is no SymPy expression or number.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
            >>> chapter = plain.chapter()
            >>> chapter.claims["loss.strength_rate"].verify().status
            'proved'
        """
        try:
            return self.solve(start).chapter(key=key, title=title)
        except NoClosedForm:
            return derivation(self, None, key, title)

    def _derivation(self, solution: Solution, key: str, title: str) -> Chapter:
        return derivation(self, solution, key, title)

    def _solved(self, start: tuple[Expr, ...] | None) -> Solution:
        if start is not None and self._is_at_rest(start):
            return self._constant(start)
        if self.loss.has(self.time):
            return scheduled.solved(self, start)
        if self._product is not None:
            return orbit_solution.solved(self, start)
        found = self._on_a_diagonal(start) if start is not None else None
        if found is not None:
            return found
        if Poly(self.loss, *self.weights).total_degree() <= 2:
            return self._linear(start)
        return self._by_product_equation(start)

    def _at(self, values: tuple[Expr, ...]) -> dict[Symbol, Expr]:
        return dict(zip(self.weights, values, strict=True))

    def _on_a_diagonal(self, start: tuple[Expr, ...]) -> Solution | None:
        """The path of equal or opposite weights, where the start and the loss are such."""
        for way in (1, -1):
            if sympy.expand(start[1] - way * start[0]) == 0 and self._keeps_ratio(way):
                return self._balanced(start[0], way)
        return None

    def _is_at_rest(self, start: tuple[Expr, ...]) -> bool:
        slopes = [diff(self.loss, w).subs(self._at(start), simultaneous=True) for w in self.weights]
        return all(sympy.expand(e) == 0 or prove(e).status == "proved" for e in slopes)

    def _by_product_equation(self, start: tuple[Expr, ...] | None) -> Solution:
        equation = self.product_equation()
        w, c = equation.strength, equation.imbalance
        fading = cancel(-equation.imbalance_velocity / c)
        if fading.free_symbols & {w, c, equation.squared_norm}:
            raise NoClosedForm(f"no closed form known: product equation is {equation}{_TWO_MOVE}")
        growth_pull_rest = growth_and_pull(equation, self.tau)
        if growth_pull_rest is not None and cancel(growth_pull_rest[2] + fading * w) == 0:
            growth, pull, _ = growth_pull_rest
            if fading == 0:
                return self._direct(growth, pull, start)
            return self._fading(growth, pull, fading * self.tau / 2, start)
        if fading == 0:
            return self._separable(equation, start)
        raise NoClosedForm(f"no closed form known: product equation is {equation}{_TWO_MOVE}")

    def _equation_text(self) -> str:
        try:
            return str(self.product_equation())
        except NoClosedForm:
            return f"that of the flow {dict(self.flow())}"

    def _keeps_ratio(self, way: int) -> bool:
        """Whether weights stay equal (way 1) or opposite (way -1) where they are so once."""
        w1, w2 = self.weights
        return bool(sympy.expand(rate(w2 - way * w1, self.flow()).subs(w2, way * w1)) == 0)

    def _paths(self) -> tuple[Expr, ...]:
        return tuple(Function(s.name, real=True)(self.time) for s in self.weights)

    @property
    def _roles(self) -> tuple[str, ...]:
        return ROLES if len(self.weights) == 2 else tuple(map(str, self.weights))

    def _claim(
        self,
        name: str,
        says: str,
        lhs: Any,
        rhs: Any,
        satisfies: list[Equation],
        start: tuple[Expr, ...],
        more: Mapping[Symbol, str] | None = None,
    ) -> Claim:
        conditions, letters = tuple(satisfies), self._alphabet(start, more)
        return Claim(f"objective.{name}", says, lhs, rhs, satisfies=conditions, source=SOURCE, alphabet=letters)

    def _alphabet(self, start: tuple[Expr, ...], more: Mapping[Symbol, str] | None = None) -> Alphabet:
        return alphabet_of(self, start, more)

    def _weights_claim(self, name: str, says: str, values: tuple[Expr, ...], start: tuple[Expr, ...]) -> Claim:
        paths = self._paths()
        moving = dict(zip(self.weights, paths, strict=True))
        rates = [
            Equation(path.diff(self.time), self.flow()[w].xreplace(moving), f"{role} rate")
            for role, (w, path) in zip(self._roles, moving.items(), strict=True)
        ]
        starts = [
            Equation(p.func(0), s, f"{role} at the start") for role, p, s in zip(self._roles, paths, start, strict=True)
        ]
        return self._claim(name, says, Tuple(*paths), Tuple(*values), rates + starts, start)

    def _named_start(self, start: tuple[Expr, ...] | None) -> tuple[Expr, ...]:
        if start is not None:
            return start
        encoder, decoder = (self._fresh(f"{s.name}_0", real=True) for s in self.weights)
        return encoder, decoder

    def _naming(self, parts: Mapping[str, Part], start: tuple[Expr, ...]) -> Naming:
        """Names for the parts of a form, with a mark over their letters if the loss has one of these letters."""
        letters = self._alphabet(start)
        taken = {bare(q.tex) for q in letters if isinstance(q.symbol, Symbol)}
        mark = r"\tilde" if any(bare(f"{letter}{index}") in taken for _, letter, index, _ in parts.values()) else ""

        def name(part: str, expression: Expr) -> Expr:
            own, letter, index, says = parts[part]
            of = tuple(q.symbol for q in letters.of(unfold(expression)))
            if not of:
                return expression
            tex = (rf"{mark}{{{letter}}}" if mark else letter) + index
            said = timed(says.format("\u0303" if mark else ""), self.tau)
            return Definition(f"solution.{own}", tex, said, of, expression, alphabet=letters).applied

        return name

    def _constant(self, start: tuple[Expr, ...]) -> Solution:
        claim = self._weights_claim("constant", "The weights at rest.", start, start)
        values = {**dict(zip(self._paths(), start, strict=True)), self._strength_path(start): sympy.Mul(*start)}
        return Solution("constant", values, start, claim)

    def _direct(self, growth: Expr, pull: Expr, start: tuple[Expr, ...] | None) -> Solution:
        start = self._named_start(start)
        encoder, decoder = start
        form = DirectForm(growth, pull, encoder, decoder, self.time, self.tau, self._naming(DIRECT_PARTS, start))
        says = "The weights over time, from a Riccati equation with constant coefficients."
        claim = self._weights_claim("direct", says, form.weights, start)
        named = {**dict(zip(self._paths(), form.weights, strict=True)), self._strength_path(start): form.strength}
        values = {unknown: unfold(value) for unknown, value in named.items()}
        return Solution("Riccati with constant coefficients", values, start, claim, form=form)

    def _linear(self, start: tuple[Expr, ...] | None) -> Solution:
        """A quadratic loss: the flow is linear, and each direction grows or fades by itself."""
        start = self._named_start(start)
        hessian = [diff(self.loss, r, s) for r, s in combinations_with_replacement(self.weights, 2)]
        push = [diff(self.loss, w).subs(self._at((sympy.S.Zero, sympy.S.Zero))) for w in self.weights]
        h11, h12, h22, b1, b2 = map(cancel, (*hessian, *push))
        weights = LinearForm(h11, h12, h22, b1, b2, start[0], start[1], self.time, self.tau).weights
        claim = self._weights_claim("linear", "The weights over time, from a linear flow.", weights, start)
        return Solution("linear", dict(zip(self._paths(), weights, strict=True)), start, claim)

    def _fading(self, growth: Expr, pull: Expr, decay: Expr, start: tuple[Expr, ...] | None) -> Solution:
        """By the symmetries of the flow, from a start with w1 + w2 > 0 and w2 - w1 > 0."""
        if start is None:
            p, q = (self._fresh(f"{k}_0", positive=True) for k in ("p", "q"))
            start = ((p - q) / 2, (p + q) / 2)
        p, q = sympy.expand(start[0] + start[1]), sympy.expand(start[1] - start[0])
        of_sum, apart = (1 if e.is_positive else -1 if e.is_negative else 0 for e in (p, q))
        if not of_sum * apart:
            raise NoClosedForm(
                f"start = {start}: the closed form under decay wants the signs of w1 + w2 and w2 - w1 to be known; "
                "declare the symbols positive or negative"
            )
        naming = self._naming(FADING_PARTS, start)
        form = FadingForm(growth, pull, decay, of_sum * p, apart * q, self.time, self.tau, naming)
        first, second = form.weights
        weights = {1: (first, second), -1: (second, first)}[of_sum * apart]
        weights = (of_sum * weights[0], of_sum * weights[1])
        says = "The weights over time, from a Riccati equation with exponential forcing."
        claim = self._weights_claim("fading", says, weights, start)
        values = dict(zip(self._paths(), map(unfold, weights), strict=True))
        return Solution("Riccati with exponential forcing", values, start, claim, form=form)

    def _strength_path(self, start: tuple[Expr, ...]) -> Expr:
        return Function(self._fresh("w", start).name, real=True)(self.time)

    def _balanced(self, encoder: Expr, way: int) -> Solution | None:
        """The path of the strength of equal or opposite weights: logistic, algebraic, or implicit."""
        v, w = Dummy("v", real=True), Dummy("w", real=True)
        start = (encoder, way * encoder)
        speed = sympy.expand(self.flow()[self.weights[0]].subs(self._at((v, way * v)), simultaneous=True))
        if any(k % 2 == 0 for (k,), _ in Poly(speed, v).terms()):
            return None if Poly(self.loss, *self.weights).total_degree() <= 2 else self._along(speed, v, start)
        shape = Poly({((k + 1) // 2,): 2 * way ** ((k - 1) // 2) * c for (k,), c in Poly(speed, v).terms()}, w)
        strength = way * encoder**2
        if shape.degree() > 2:
            return self._implicit(shape.as_expr(), w, strength, start)
        growth, pull = (cancel(e * self.tau / 2) for e in (shape.nth(1), -shape.nth(2)))
        kind = "logistic" if growth != 0 else "algebraic"
        value = (
            logistic_path(growth, pull, strength, self.time, rate=2 / self.tau)
            if growth != 0
            else strength / (1 + 2 * pull * strength * self.time / self.tau)
        )
        path = self._strength_path(start)
        satisfies = [
            Equation(path.diff(self.time), shape.as_expr().xreplace({w: path}), "rate"),
            Equation(path.func(0), strength, "initial value"),
        ]
        says = f"The strength of {'equal' if way == 1 else 'opposite'} weights over time."
        return Solution(kind, {path: value}, start, self._claim(kind, says, path, value, satisfies, start))

    def _along(self, speed: Expr, weight: Symbol, start: tuple[Expr, ...]) -> Solution:
        """The time at which the encoder passes a value, where both weights stay equal or opposite."""
        return self._implicit(speed, weight, start[0], start, self.weights[0].name)

    def _separable(self, equation: ProductEquation, start: tuple[Expr, ...] | None) -> Solution:
        """With the imbalance conserved the strength alone moves, and the time is an integral over it."""
        a, b = self._named_start(start)
        w = Dummy("w", real=True)
        velocity = equation.explicit.xreplace({equation.imbalance: b**2 - a**2, equation.strength: w})
        return self._implicit(velocity, w, a * b, (a, b))

    def _implicit(
        self, velocity: Expr, moving: Symbol, start: Expr, weights: tuple[Expr, ...], name: str = "w"
    ) -> Solution:
        """t = ∫ dw / velocity from the start to w."""
        w, inner = self._fresh(name, weights, real=True), self._fresh("s", weights, real=True)
        passed = Function(self.time.name, real=True)(w)
        value = Integral((1 / velocity).xreplace({moving: inner}), (inner, start, w))
        satisfies = [
            Equation(passed.diff(w), 1 / velocity.xreplace({moving: w}), "inverse rate"),
            Equation(passed.func(start), 0, "start"),
        ]
        more = {w: "what passes on the way", inner: "the same, in the integral"}
        claim = self._claim("separable", f"The time at which {w} is passed.", passed, value, satisfies, weights, more)
        return Solution("separable (implicit)", {passed: value}, weights, claim)


def _has_root_objects(point: FixedPoint) -> bool:
    """Whether a value is a root of a polynomial that SymPy only counts, which the prover does not know."""
    return any(v.has(sympy.ComplexRootOf) for v in point.values())


def _rests_in_letters(place: Place, equations: Iterable[Expr]) -> bool:
    return all(place.rests(e) for e in equations)


def _text(equations: Iterable[Expr]) -> str:
    return " and ".join(f"{e} = 0" for e in equations)

"""What an objective gives: invariants, points at rest, the equation of the strength, closed forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Poly, PolynomialError, Symbol, sqrt

from ..language.shown import excerpt
from ..language.verdict import Verdict
from .chapter import Chapter
from .claims import Claim
from .evaluated import of_solution


@dataclass(frozen=True)
class Invariant:
    """A quantity that the flow leaves alone, or lets die out: d(quantity)/dt = -fading·quantity.

    `Objective.invariants` makes it.

    Attributes:
        quantity: a polynomial in the weights.
        fading: its rate, one over a time; 0 where the quantity is conserved.
    Example:
        >>> from sympy import Symbol, symbols
        >>> from modeflow import Objective
        >>> w1, w2 = symbols("w1 w2", real=True)
        >>> lam, tau = symbols("lam tau", positive=True)
        >>> t = Symbol("t", nonnegative=True)
        >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
        >>> (balance,) = plain.invariants()
        >>> balance.quantity, balance.conserved
        (-w1**2 + w2**2, True)
    """

    quantity: Expr
    fading: Expr

    @property
    def conserved(self) -> bool:
        """Whether it stays as it is."""
        return bool(self.fading == 0)

    def __repr__(self) -> str:
        return f"Invariant(quantity={excerpt(self.quantity)}, fading={excerpt(self.fading)})"


class FixedPoint(dict[Symbol, Expr]):
    """Weights at which the flow rests: weight → value, with the conditions under which the point is real and at rest.

    `Objective.fixed_points` makes it. A weight left out is free. `conditions` is a tuple of SymPy relations.

    Example:
        >>> from sympy import Symbol, symbols
        >>> from modeflow import Objective
        >>> w1, w2 = symbols("w1 w2", real=True)
        >>> lam, tau = symbols("lam tau", positive=True)
        >>> t = Symbol("t", nonnegative=True)
        >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
        >>> origin, manifold = plain.fixed_points()
        >>> manifold[w1], manifold.conditions
        (1/w2, (Ne(w2, 0),))
    """

    def __init__(self, values: Mapping[Symbol, Expr], conditions: Iterable[Any] = ()) -> None:
        super().__init__(values)
        self.conditions: tuple[Any, ...] = tuple(conditions)

    def __repr__(self) -> str:
        where = " and ".join(str(c) for c in self.conditions)
        return f"{super().__repr__()} where {where}" if where else super().__repr__()


@dataclass(frozen=True)
class ProductEquation:
    """The equation of the strength: dw/dt in w, the imbalance c and the squared norm n = √(c² + 4w²); and dc/dt.

    `Objective.product_equation` makes it.

    Attributes:
        strength: the symbol w = w1·w2.
        imbalance: the symbol c = w2² − w1².
        squared_norm: the symbol n = w1² + w2².
        velocity: dw/dt, in w, c and n.
        imbalance_velocity: dc/dt, in w, c and n.
    Example:
        >>> from sympy import Symbol, symbols
        >>> from modeflow import Objective
        >>> w1, w2 = symbols("w1 w2", real=True)
        >>> lam, tau = symbols("lam tau", positive=True)
        >>> t = Symbol("t", nonnegative=True)
        >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
        >>> equation = plain.product_equation()
        >>> equation.velocity, equation.imbalance_velocity
        (-lam*n*(w - 1)/tau, 0)
    """

    strength: Symbol
    imbalance: Symbol
    squared_norm: Symbol
    velocity: Expr
    imbalance_velocity: Expr

    def __repr__(self) -> str:
        return f"<ProductEquation: d{self.strength}/dt = {excerpt(self.velocity)}>"

    def __str__(self) -> str:
        w, c, n = self.strength, self.imbalance, self.squared_norm
        text = f"d{w}/dt = {self.velocity}, d{c}/dt = {self.imbalance_velocity}"
        return f"{text}, where {n} = sqrt({c}**2 + 4*{w}**2)"

    @property
    def explicit(self) -> Expr:
        """The velocity with the squared norm written out."""
        return self.velocity.xreplace({self.squared_norm: sqrt(self.imbalance**2 + 4 * self.strength**2)})


@dataclass(frozen=True)
class Solution:
    """A closed form, explicit or implicit, with the claim that says what it solves.

    `Objective.solve` and `Dynamics.solve` make it.

    Attributes:
        kind: "constant", "logistic", "algebraic", "linear", "Riccati with constant coefficients", "Riccati with
            exponential forcing", "at a changing pace", "Bernoulli", "linear but for a common factor", "separable
            (implicit)" or "one orbit (implicit)".
        values: unknown → expression in the time, or for an implicit solution the time → expression in the strength.
        start: the weights at t = 0 that it belongs to.
        claim: that it solves the flow, or the equation of the strength.
        verdict: what `Objective.solve` found of the claim, which is proved.
        objective: the Objective or the Dynamics whose solution it is.
        form: the parts of a Riccati equation's solution, such as its growth and pull, or the orbit of a product's
            weights; None elsewhere.
    Example:
        >>> from sympy import Symbol, symbols
        >>> from modeflow import Objective
        >>> w1, w2 = symbols("w1 w2", real=True)
        >>> lam, tau = symbols("lam tau", positive=True)
        >>> t = Symbol("t", nonnegative=True)
        >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
        >>> solution = plain.solve(start=(1, 1))
        >>> solution.kind, solution.values
        ('constant', {w1(t): 1, w2(t): 1, w(t): 1})
    """

    kind: str
    values: Mapping[Any, Expr]
    start: tuple[Expr, ...]
    claim: Claim
    verdict: Verdict | None = field(default=None, compare=False, repr=False)
    objective: Any = field(default=None, compare=False, repr=False)
    form: Any = field(default=None, compare=False, repr=False)

    def verify(self, *, time_limit: float = 30.0) -> Verdict:
        """Put it back into the equations it solves, and prove them.

        Parameters:
            time_limit: seconds for each equation.
        Returns: a Verdict.
        Raises: nothing.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
            >>> plain.solve(start=(1, 1)).verify().status
            'proved'
        """
        return self.claim.verify(time_limit=time_limit)

    def evaluator(self) -> Any:
        """The solution as a function on NumPy arrays.

        An implicit solution is evaluated by its time law, inverted by Newton's method inside a bracket.

        Returns: a function f(t, *, start=(…), **parameters), which `help` describes; it has `accuracy()` and `plot()`.
            Of several unknowns it gives a dictionary. A start in letters of its own is given by their names.
        Raises:
            NoEvaluator: a solution that holds what NumPy and SciPy do not compute.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> path = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau).solve().evaluator()
            >>> path([0.0, 10.0], start=(0.1, 0.2), lam=1.0, tau=1.0)["w(t)"].round(4)
            array([0.02, 1.  ])
        """
        return of_solution(self)

    def chapter(self, *, key: str = "loss", title: str = "A mode under a loss") -> Chapter:
        """The derivation of this solution as a chapter, which `Objective.chapter` describes.

        Parameters:
            key: the first part of every id.
            title: its title.
        Returns: a Chapter.
        Raises:
            ValueError: a key that is none.
        Example:
            >>> from sympy import Symbol, symbols
            >>> from modeflow import Objective
            >>> w1, w2 = symbols("w1 w2", real=True)
            >>> lam, tau = symbols("lam tau", positive=True)
            >>> t = Symbol("t", nonnegative=True)
            >>> plain = Objective(lam / 2 * (1 - w1 * w2) ** 2, (w1, w2), t, tau)
            >>> list(plain.solve(start=(1, 1)).chapter().claims)[:3]
            ['loss.flow', 'loss.loss_falls', 'loss.imbalance']
        """
        chapter: Chapter = self.objective._derivation(self, key, title)
        return chapter

    def __repr__(self) -> str:
        what = ", ".join(map(str, self.values))
        judged = "not judged" if self.verdict is None else self.verdict.status
        return f"<Solution: {self.kind}, {what} from {excerpt(self.start)}, {judged}>"

    def _repr_latex_(self) -> str:
        return self.claim._repr_latex_()


def growth_and_pull(equation: ProductEquation, tau: Expr) -> tuple[Expr, Expr, Expr] | None:
    """g, k and rest of τ dw/dt = n(g - k·w) + τ·rest, if the equation of the strength has that form."""
    w, c, n = equation.strength, equation.imbalance, equation.squared_norm
    try:
        by_norm = Poly(equation.velocity, n)
        bracket = Poly(by_norm.coeff_monomial(n) * tau, w)
    except PolynomialError:
        return None
    if by_norm.degree() > 1 or bracket.degree() > 1 or bracket.as_expr().has(c):
        return None
    return bracket.coeff_monomial(1), -bracket.coeff_monomial(w), by_norm.coeff_monomial(1)

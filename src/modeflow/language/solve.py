"""Closed forms of the autonomous equations that modes reduce to: linear and Riccati with constant coefficients.

These return candidates. A chapter still puts each one back into its equation, and the prover decides.
"""

from __future__ import annotations

from sympy import Expr, Poly, PolynomialError, Symbol, exp, sqrt


class NoClosedForm(ValueError):
    """No closed form is known for what was asked; the message shows the equation.

    Example:
        >>> from sympy import Symbol, symbols
        >>> import modeflow
        >>> w1, w2 = symbols("w1 w2", real=True)
        >>> lam = Symbol("lam", positive=True)
        >>> loss = lam / 2 * (1 - w1 * w2) ** 2 + w1**2
        >>> modeflow.Objective(loss, (w1, w2), Symbol("t", nonnegative=True)).solve()
        Traceback (most recent call last):
        modeflow.NoClosedForm: no closed form known: product equation is dw/dt = -lam*n*(w - 1) - ...
    """

    __module__ = "modeflow"  # the path that users import, which tracebacks show


def linear_solution(velocity: Expr, unknown: Symbol, start: Expr, time: Symbol) -> Expr:
    """The solution of du/dt = α + β·u from `start`: the distance to -α/β shrinks or grows by exp(β t)."""
    alpha, beta = _coefficients(velocity, unknown, time, degree=1)
    rest = -alpha / beta
    return rest + (start - rest) * exp(beta * time)


def riccati_solution(
    velocity: Expr, unknown: Symbol, start: Expr, time: Symbol, root: Expr | None = None, fading: Expr | None = None
) -> Expr:
    """The solution of dP/dt = α + β·P + κ·P² from `start`, written with exp(-Δ t), Δ = sqrt(β² - 4ακ).

    root, fading: nicer ways to write Δ and exp(-Δ t), if the caller has them; they must equal these.
    """
    alpha, beta, kappa = _coefficients(velocity, unknown, time, degree=2)
    delta = sqrt(beta**2 - 4 * alpha * kappa) if root is None else root
    fading = exp(-delta * time) if fading is None else fading
    above = start * (delta * (1 + fading) + beta * (1 - fading)) + 2 * alpha * (1 - fading)
    below = delta * (1 + fading) - (beta + 2 * kappa * start) * (1 - fading)
    return above / below


def _coefficients(velocity: Expr, unknown: Symbol, time: Symbol, degree: int) -> list[Expr]:
    """Coefficients of 1, u, …, u^degree; they may not depend on time."""
    try:
        polynomial = Poly(velocity, unknown)
    except PolynomialError:
        raise NoClosedForm(f"{velocity} is not a polynomial in {unknown}") from None
    if polynomial.degree() > degree or polynomial.free_symbols_in_domain & {time}:
        raise NoClosedForm(f"{velocity} is not of degree {degree} in {unknown} with constant coefficients")
    return [polynomial.coeff_monomial(unknown**k) for k in range(degree + 1)]

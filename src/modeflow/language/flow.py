"""Gradient flow of a scalar loss in scalar weights: τ dw/dt = -∂loss/∂w."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sympy import Add, Expr, Symbol, Tuple

from .definitions import Named

Flow = Mapping[Symbol, Expr]
Derive = Callable[[Expr, Symbol], Expr]
Require = Callable[[Expr], None]


def gradient_flow(loss: Expr, weights: Sequence[Symbol], time_constant: Expr) -> Flow:
    """The gradient flow of a loss: each weight's velocity dw/dt = −(∂loss/∂w)/time_constant.

    Parameters:
        loss: a scalar SymPy expression.
        weights: the SymPy symbols that move.
        time_constant: τ, a SymPy expression or number.
    Returns: a dictionary from weight to velocity, a SymPy expression.
    Raises:
        NotDifferentiable: a loss whose derivative does not exist or is not known (a ValueError).
    Example:
        >>> from sympy import symbols
        >>> import modeflow
        >>> w, tau = symbols("w tau", positive=True)
        >>> modeflow.gradient_flow((1 - w) ** 2 / 2, [w], tau)
        {w: (1 - w)/tau}
    """
    from ..proof.derivatives import unconditional_derivative

    return {w: -unconditional_derivative(loss, w) / time_constant for w in weights}


def rate(quantity: Expr, flow: Flow, time: Symbol | None = None) -> Expr:
    """The time derivative of a quantity along a flow, worked out by the chain rule.

    Parameters:
        quantity: a SymPy expression in the weights.
        flow: weight → velocity, as `gradient_flow` gives it.
        time: the symbol of time, where the quantity depends on it besides the weights.
    Returns: a SymPy expression.
    Raises:
        NotDifferentiable: a quantity whose derivative does not exist or is not known (a ValueError).
    Example:
        >>> from sympy import symbols
        >>> import modeflow
        >>> w, k = symbols("w k", positive=True)
        >>> modeflow.rate(w**2, {w: -k * w})
        -2*k*w**2
    """
    from ..proof.derivatives import unconditional_derivative

    along: Expr = Add(*(unconditional_derivative(quantity, w) * velocity for w, velocity in flow.items()))
    return along if time is None else along + unconditional_derivative(quantity, time)


class ByRules(Expr):
    """An expression that is written down by derivatives of others, when it is carried out."""

    def by_rules(self, derive: Derive, require: Require) -> Expr:
        """The expression: `derive` takes derivatives, `require` is told what must not vanish."""
        raise NotImplementedError

    def doit(self, **hints: Any) -> Expr:
        from ..proof.derivatives import without_operators

        return without_operators(self)


class FlowRate(ByRules):
    """The time derivative of a quantity along a flow, not yet carried out; `doit` carries it out."""

    is_commutative = True

    def by_rules(self, derive: Derive, require: Require) -> Expr:
        quantity, flow = self.args
        return Add(*(derive(quantity, w) * velocity for w, velocity in flow))

    def _latex(self, printer: Any) -> str:
        inside = printer._print(self.args[0])
        if self.args[0].is_symbol or isinstance(self.args[0], Named):
            return rf"\frac{{d {inside}}}{{d t}}"
        return rf"\frac{{d}}{{d t}} \left({inside}\right)"


def rate_of(quantity: Expr, flow: Flow) -> Expr:
    """The time derivative of a quantity along a flow as a statement shows it, d/dt(quantity), not worked out.

    The prover works it out; `.doit()` does so by hand.

    Parameters:
        quantity: a SymPy expression in the weights.
        flow: weight → velocity, as `gradient_flow` gives it.
    Returns: a SymPy expression that prints as d/dt(quantity).
    Raises: nothing; what cannot be differentiated is refused when it is worked out.
    Example:
        >>> from sympy import symbols
        >>> import modeflow
        >>> w, k = symbols("w k", positive=True)
        >>> stated = modeflow.rate_of(w**2, {w: -k * w})
        >>> stated.doit()
        -2*k*w**2
        >>> modeflow.prove(stated, -2 * k * w**2).status
        'proved'
    """
    return FlowRate(quantity, Tuple(*(Tuple(w, velocity) for w, velocity in flow.items())))


class HessianAlong(ByRules):
    """One entry of a Hessian applied to a direction at a point, not yet carried out; `doit` carries it out.

    HessianAlong(loss, weights, point, direction, row), the three in the middle Tuples of the same length.
    """

    is_commutative = True

    def by_rules(self, derive: Derive, require: Require) -> Expr:
        from ..proof.derivatives import derivative

        loss, weights, point, direction, row = self.args
        slope, first = derivative(loss, weights[int(row)])
        parts = [derivative(slope, w) for w in weights]
        there = dict(zip(weights, point, strict=True))
        for condition in (c for conditions in (first, *(more for _, more in parts)) for c in conditions):
            require(condition.subs(there, simultaneous=True))
        total: Expr = Add(*(curvature * step for (curvature, _), step in zip(parts, direction, strict=True)))
        return total.subs(there, simultaneous=True)

    def _latex(self, printer: Any) -> str:
        return rf"\left({printer._print(Hessian(*self.args[:4]))}\right)_{{{int(self.args[4]) + 1}}}"


class Hessian(Expr):
    """A Hessian at a point, or its product with a direction, as pages show them.

    Hessian(loss, weights, point) or Hessian(loss, weights, point, direction), all but the loss Tuples.
    """

    def where(self) -> list[tuple[tuple[Expr, ...], Expr]]:
        """The values of the weights, and of letters of a named loss: letters that have one value, and the value."""
        values: dict[Expr, tuple[Expr, ...]] = {}
        loss, weights, point = self.args[:3]
        put_in = loss.changed() if isinstance(loss, Named) else {}
        for letter, value in (*zip(weights, point, strict=True), *put_in.items()):
            values[value] = (*values.get(value, ()), letter)
        return [(letters, value) for value, letters in values.items()]

    def differentiated(self) -> Expr:
        """The loss in its own letters."""
        loss = self.args[0]
        return loss.definition.applied if isinstance(loss, Named) else loss

    def _latex(self, printer: Any) -> str:
        loss = printer._print(self.differentiated())
        inside = loss if isinstance(self.args[0], Named | Symbol) else rf"\left[{loss}\right]"
        at = ", ".join(" = ".join(map(printer._print, (*letters, value))) for letters, value in self.where())
        tall = r" \\ ".join(map(printer._print, self.args[3])) if len(self.args) > 3 else ""
        vector = rf" \begin{{bmatrix}} {tall} \end{{bmatrix}}" if tall else ""
        return rf"\nabla^2 {inside} \big|_{{{at}}}{vector}"

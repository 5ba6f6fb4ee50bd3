"""Gradient flow of a scalar loss in scalar weights: τ dw/dt = -∂loss/∂w."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Add, Expr, Symbol, Tuple, diff

Flow = Mapping[Symbol, Expr]


def gradient_flow(loss: Expr, weights: Sequence[Symbol], time_constant: Expr) -> Flow:
    """The velocity dw/dt of each weight: weight → -(∂loss/∂weight)/time_constant."""
    return {w: -diff(loss, w) / time_constant for w in weights}


def rate(quantity: Expr, flow: Flow, time: Symbol | None = None) -> Expr:
    """The time derivative of a quantity along a flow, by the chain rule; `time` where it also depends on time."""
    along: Expr = Add(*(diff(quantity, w) * velocity for w, velocity in flow.items()))
    return along if time is None else along + diff(quantity, time)


class FlowRate(Expr):
    """The time derivative of a quantity along a flow, not yet carried out; `doit` carries it out."""

    is_commutative = True

    def doit(self, **hints: Any) -> Expr:
        quantity, flow = self.args
        return rate(quantity, dict(flow))

    def _latex(self, printer: Any) -> str:
        inside = printer._print(self.args[0])
        shown = inside if self.args[0].is_Symbol else rf"\left({inside}\right)"
        return rf"\frac{{d}}{{d t}} {shown}"


def rate_of(quantity: Expr, flow: Flow) -> Expr:
    """The same time derivative as a statement shows it, d/dt(quantity), to be carried out by the prover."""
    return FlowRate(quantity, Tuple(*(Tuple(w, velocity) for w, velocity in flow.items())))


class HessianAlong(Expr):
    """One entry of a Hessian applied to a direction at a point, not yet carried out; `doit` carries it out.

    HessianAlong(loss, weights, point, direction, row), the three in the middle Tuples of the same length.
    """

    is_commutative = True

    def doit(self, **hints: Any) -> Expr:
        loss, weights, point, direction, row = self.args
        slope = diff(loss, weights[int(row)])
        total: Expr = Add(*(diff(slope, w) * step for w, step in zip(weights, direction, strict=True)))
        return total.subs(list(zip(weights, point, strict=True)), simultaneous=True)

    def _latex(self, printer: Any) -> str:
        loss, weights, point, direction, row = self.args
        tall = r" \\ ".join(printer._print(d) for d in direction)
        at = ", ".join(f"{printer._print(w)} = {printer._print(v)}" for w, v in zip(weights, point, strict=True))
        vector = rf"\left(\begin{{smallmatrix}} {tall} \end{{smallmatrix}}\right)"
        hessian = rf"\nabla^2 \left[{printer._print(loss)}\right]_{{{at}}}"
        return rf"\left({hessian} {vector}\right)_{{{int(row) + 1}}}"

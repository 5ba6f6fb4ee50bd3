"""Gradient flow of a scalar loss in scalar weights: τ dw/dt = -∂loss/∂w."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Add, Expr, Symbol, diff

Flow = Mapping[Symbol, Expr]


def gradient_flow(loss: Expr, weights: Sequence[Symbol], time_constant: Expr) -> Flow:
    """The velocity dw/dt of each weight: weight → -(∂loss/∂weight)/time_constant."""
    return {w: -diff(loss, w) / time_constant for w in weights}


def rate(quantity: Expr, flow: Flow, time: Symbol | None = None) -> Expr:
    """The time derivative of a quantity along a flow, by the chain rule; `time` where it also depends on time."""
    along: Expr = Add(*(diff(quantity, w) * velocity for w, velocity in flow.items()))
    return along if time is None else along + diff(quantity, time)

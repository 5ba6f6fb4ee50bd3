"""The forms as JAX functions whose derivatives are the proved ones."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax

from .forms import VALUES, Form
from .libraries import Array, known
from .slopes import SLOPES, refuse_unknown_in_decay

_DECAY = 3  # its place among the arguments
_UNKNOWN = jax.custom_derivatives.SymbolicZero  # an unknown slope in what does not move says nothing


def _refuse_unknown(w1: Array, w2: Array) -> None:
    """ValueError where the derivative in decay is wanted and is not known, or may be so in what JAX traces."""
    if not known("jax", {"w1": w1, "w2": w2}):
        raise ValueError(
            "decay: its derivative is wanted, which is known in closed form where |w1| = |w2| only, and the weights "
            "are not known while JAX traces; give check=False, for which it is NaN elsewhere, or hold the decay fixed"
        )
    refuse_unknown_in_decay(w1, w2)


@cache
def differentiable(name: str, check: bool) -> Form:
    """The form of that name, of (t, lam, noise, decay, w1, w2, tau), with its derivatives.

    check: ValueError for a derivative in decay that is not known, or may be so in what JAX traces.
    """
    value: Any = jax.custom_jvp(VALUES[name])
    slopes = jax.custom_jvp(SLOPES[name])

    def rule(given: tuple[Array, ...], moved: tuple[Array, ...]) -> tuple[Any, Any]:
        found = value(*given)
        if check and not isinstance(moved[_DECAY], _UNKNOWN):
            _refuse_unknown(*given[4:6])
        by_output = slopes(*given)
        changes = (
            sum((s * d for s, d in zip(by, moved, strict=True) if not isinstance(d, _UNKNOWN)), jax.numpy.zeros_like(w))
            for w, by in zip(found, by_output, strict=True)
        )
        return found, tuple(changes)

    def twice(given: tuple[Array, ...], moved: tuple[Array, ...]) -> Any:
        raise NotImplementedError(
            f"modeflow.arrays.{name} can be differentiated once; for second derivatives take difference quotients of "
            f"its gradient"
        )

    value.defjvp(rule, symbolic_zeros=True)
    slopes.defjvp(twice)
    form: Form = value
    return form

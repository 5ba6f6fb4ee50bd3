"""The forms as JAX functions whose derivatives are the proved ones."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax

from .forms import VALUES, Form
from .libraries import Array
from .slopes import SLOPES

_UNKNOWN = jax.custom_derivatives.SymbolicZero  # an unknown slope in what does not move says nothing


@cache
def differentiable(name: str) -> Form:
    """The form of that name, of (t, lam, noise, decay, w1, w2, tau), with its derivatives."""
    value: Any = jax.custom_jvp(VALUES[name])
    slopes = jax.custom_jvp(SLOPES[name])

    def rule(given: tuple[Array, ...], moved: tuple[Array, ...]) -> tuple[Any, Any]:
        found = value(*given)
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

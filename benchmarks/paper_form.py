"""The paper's closed form of the strength without decay, as it is printed there, to compare `modeflow.strength` with.

It needs |w1| < |w2| and λ > 0, overflows for large times and loses digits for weights of nearly one size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

Array = NDArray[Any]
Form = Callable[[Array, Array, Array, Array, Array], Array]


def theta_form(t: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
    """The paper's solution, term by term as it is printed there."""
    c0 = b**2 - a**2
    beta = c0 * (1 + eps / lam)
    zeta = np.sqrt(beta**2 + 4)
    delta = np.tanh(np.arcsinh(2 * a * b / c0) / 2)
    f = np.exp(zeta * lam * t)
    top = (1 - f) * (zeta**2 - beta**2 - 2 * beta * delta) - 2 * (1 + f) * zeta * delta
    theta = 2 * np.arctanh(top / ((1 - f) * (2 * beta + 4 * delta) - 2 * (1 + f) * zeta))
    w: Array = c0 / 2 * np.sinh(theta)
    return w


@cache
def lambdified() -> Form:
    """sympy.lambdify of the paper's solution."""
    t, lam, eps, a, b = sympy.symbols("t lam eps a b")
    c0 = b**2 - a**2
    beta = c0 * (1 + eps / lam)
    zeta = sympy.sqrt(beta**2 + 4)
    delta = sympy.tanh(sympy.asinh(2 * a * b / c0) / 2)
    f = sympy.exp(zeta * lam * t)
    top = (1 - f) * (zeta**2 - beta**2 - 2 * beta * delta) - 2 * (1 + f) * zeta * delta
    theta = 2 * sympy.atanh(top / ((1 - f) * (2 * beta + 4 * delta) - 2 * (1 + f) * zeta))
    form: Form = sympy.lambdify((t, lam, eps, a, b), c0 / 2 * sympy.sinh(theta), "numpy")
    return form

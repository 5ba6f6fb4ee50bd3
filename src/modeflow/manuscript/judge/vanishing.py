"""Whether a number vanishes that holds sums and integrals as letters: what stands under them is added up."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Add, Dummy, Expr, Integer

from ..mean.real_points import in_logarithms
from ..mean.uninterpreted import CONSTANT, Values
from ..read.uninterpreted import Part
from .prover_questions import Proofs

_INDEFINITE = "\\int  · d "


class Vanishing:
    """Asks whether the values of one step vanish."""

    def __init__(self, values: Values, proofs: Proofs) -> None:
        self._values, self._proofs = values, proofs

    def vanishes(self, e: Expr) -> bool:
        """Whether a number vanishes, wherever it is defined."""
        under, rest = self._under_operators(sympy.expand(e))
        left = [(part, inside) for part, inside in under.values() if not self.vanishes(inside)]
        if not left:
            return self._is_zero(rest)
        return len(left) == 1 and self._is_antiderivative(*left[0], rest)

    def _under_operators(self, e: Expr) -> tuple[dict[str, tuple[Part, Expr]], Expr]:
        """For each operator what stands under it in all, and the rest."""
        under: dict[str, tuple[Part, Expr]] = {}
        rest: Expr = Integer(0)
        for term in Add.make_args(e):
            found = self._inside(term)
            if found is None:
                rest += term
            else:
                part, inside = found
                under[part.value] = part, under.get(part.value, (part, Integer(0)))[1] + inside
        return under, rest

    def _inside(self, term: Expr) -> tuple[Part, Expr] | None:
        r"""The term c·\int f dx as the operator and cf; None for another term."""
        found = [symbol for symbol in term.free_symbols if symbol in self._values.linear]
        if len(found) != 1:
            return None
        part, body = self._values.linear[found[0]]
        factor = term / found[0]
        if factor.has(found[0]) or self._values.letters(factor) & part.bound:
            return None
        return part, factor * body

    def _is_antiderivative(self, part: Part, integrand: Expr, rest: Expr) -> bool:
        r"""Whether \int f dx + G is constant, where besides x only letters stand that are written for constants."""
        if not part.value.startswith(_INDEFINITE) or len(part.variables) != 1:
            return False
        (name,) = part.variables
        variable = self._values.value(Part("name", name))
        there = (integrand.free_symbols | rest.free_symbols) - {variable}
        names = {symbol: key for key, symbol in self._values.names.items()}
        if not all(CONSTANT.fullmatch(names.get(symbol, "")) for symbol in there):
            return False
        real = {s: Dummy(s.name, real=True) for s in {variable, *there} if not s.is_extended_real}
        integrand, primitive = (in_logarithms(e.xreplace(real)) for e in (integrand, rest))
        return self._is_zero(integrand + primitive.diff(real.get(variable, variable)))

    def _is_zero(self, e: Expr) -> bool:
        """Whether it is proved to vanish: for real letters, and so for all, since what is not analytic is a letter."""
        if e.has(sympy.factorial):
            e = sympy.combsimp(e)
        if e == 0 or e.has(sympy.factorial, sympy.gamma):
            return bool(e == 0)
        if e.is_rational_function(*e.free_symbols):
            return bool(sympy.expand(sympy.fraction(sympy.together(e))[0]) == 0)
        real: dict[Any, Any] = {s: Dummy(s.name, real=True) for s in e.free_symbols if not s.is_extended_real}
        return self._proofs.holds(e.xreplace(real), Integer(0))

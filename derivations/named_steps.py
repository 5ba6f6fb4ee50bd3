"""Computing forms in names: a step that is a quantity with a name is written by it.

A step is the named quantity where the two are the same expression, so that nothing needs a proof here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sympy import Expr, Mul, exp

from modeflow import Chapter
from modeflow.language.definitions import Named

from .naming import Domain

Names = Mapping[str, tuple[str, str, str]]
"""Step of a kernel → the name of what it is, its LaTeX, its meaning; "den 1" is the first factor of the step "den"."""


@dataclass(frozen=True)
class InNames:
    """How the steps of a kernel are written: by names that are there, or by new ones of a chapter.

    chapter: where new names are defined. known: what has a name → the name; new ones are added. names: of the steps.
    domains: what is claimed of the values of steps, given what is written as if nothing had a name.
    """

    chapter: Chapter
    known: dict[Expr, Expr]
    names: Names
    domains: Mapping[str, Domain] = field(default_factory=dict)

    def __call__(self, part: str, expression: Expr) -> Expr:
        """The step as it is written."""
        expression = self._with_factors(part, self._with_exponentials(expression))
        if part in self.names and not isinstance(expression, Named) and expression not in self.known:
            name, tex, says = self.names[part]
            self.known[expression] = self.chapter.define(name, tex, expression, says=says, **self._domain(part))
        return self.known.get(expression, expression)

    def besides(
        self, chapter: Chapter, names: Names, domains: Mapping[str, Domain] = MappingProxyType({})
    ) -> "InNames":
        """The same with more names, which are defined in another chapter."""
        return replace(self, chapter=chapter, names={**self.names, **names}, domains={**self.domains, **domains})

    def _with_factors(self, part: str, expression: Expr) -> Expr:
        """The expression with names for those of its factors that have one."""
        named = [f"{part} {number}" in self.names for number in range(1, len(expression.args) + 1)]
        if not any(named):
            return expression
        return Mul(*(self(f"{part} {number}", f) for number, f in enumerate(expression.args, start=1)))

    def _domain(self, part: str) -> Domain:
        domain = self.domains.get(part, {})
        return {**domain, "given": [relation.xreplace(self.known) for relation in domain.get("given", ())]}

    def _with_exponentials(self, expression: Expr) -> Expr:
        """The expression with names for exponentials and their squares, which expm1 and its like are made of."""
        fading = {e: name for e, name in self.known.items() if isinstance(e, exp)}
        squares = {exp(2 * e.args[0]): name**2 for e, name in fading.items()}
        gone = {name - 1: 1 - name for name in fading.values()}
        written = expression.xreplace(squares | fading)
        return written.replace(lambda e: _turns(e, gone), lambda e: -_rest(e, gone) * _turned(e, gone))


def _turns(e: Any, gone: Mapping[Expr, Expr]) -> bool:
    """Whether it is a product of something negative with one factor E - 1, which reads better with 1 - E."""
    single = isinstance(e, Mul) and sum(f in gone for f in e.args) == 1
    return single and bool(_rest(e, gone).could_extract_minus_sign())


def _rest(product: Mul, gone: Mapping[Expr, Expr]) -> Expr:
    return Mul(*(f for f in product.args if f not in gone))


def _turned(product: Mul, gone: Mapping[Expr, Expr]) -> Expr:
    return Mul(*(gone[f] for f in product.args if f in gone))

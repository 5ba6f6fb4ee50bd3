"""What a notebook shows of claims, definitions, objectives and verdicts, in the letters of whoever stated them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from html import escape
from typing import Any

from sympy import Tuple

from ..language.definitions import Definition
from ..language.flow import Flow, FlowRate
from ..language.provisos import Proviso
from ..language.quantities import Alphabet
from ..statements.claims import Claim
from ..statements.dynamics import Dynamics
from ..statements.equations import Equation
from ..statements.objective import Objective
from ..statements.objective_letters import alphabet_of
from .latex import claim_latex, defining, inline_latex, shown_latex, statement_latex
from .narrative import conditions_told


def displayed(thing: Any) -> str:
    """A formula in LaTeX between $, as notebooks take it."""
    return rf"$\displaystyle {formula(thing)}$"


@singledispatch
def formula(thing: Any) -> str:
    """What it says, in LaTeX without delimiters."""
    raise TypeError(f"{type(thing).__name__} has no formula of its own")


@formula.register
def _(claim: Claim) -> str:
    return shown_latex(claim)


@formula.register
def _(definition: Definition) -> str:
    return statement_latex(defining(definition), definition.alphabet)


@formula.register
def _(objective: Objective) -> str:
    """The loss, and the flow that descends it."""
    alphabet = alphabet_of(objective)
    return _in_rows([rf"L = {inline_latex([objective.loss], alphabet)}", *_flow_rows(objective.flow(), alphabet)])


@formula.register
def _(dynamics: Dynamics) -> str:
    """The velocities."""
    return _in_rows(_flow_rows(dynamics.flow, alphabet_of(dynamics)))


def _flow_rows(flow: Flow, alphabet: Alphabet) -> list[str]:
    return [statement_latex(Equation(FlowRate(w, Tuple()), velocity), alphabet) for w, velocity in flow.items()]


def _in_rows(rows: Sequence[str]) -> str:
    return r"\begin{gathered} " + r" \\ ".join(rows) + r" \end{gathered}"


def conditions_html(provisos: Sequence[Proviso], alphabet: Alphabet) -> str:
    """What must hold, as HTML with formulas between $."""
    return conditions_told(provisos, lambda parts: escape(f"${inline_latex(parts, alphabet)}$"))


__all__ = ["claim_latex", "conditions_html", "displayed", "formula"]

"""What may have a value where a letter has one: nothing that could move with the letter unseen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Derivative, Expr, Symbol

from ...language.matrices import has_letters
from ...language.quantities import letters
from ...statements.catalogue import Catalogue
from ..read.formula_trees import Node
from ..text.tokens import Unparsed


def refuse_moving(body: Expr, letter: Symbol, node: Node, rates: Mapping[Any, Any], catalogue: Catalogue) -> None:
    """Refuses what moves in the time at which the value is taken, or may depend on the letter."""
    moving = (*rates, *rates.values()) if node.value == "t" else ()
    if has_letters(body) or body.has(Derivative, *moving):
        raise Unparsed(f"the value where {node.value} has a value is not read of what moves", node.position)
    if node.value != "t":
        _refuse_dependent(body, letter, node, catalogue)


def refuse_letter(factor: Expr, letter: Symbol, node: Node) -> None:
    """Refuses a factor before the bar in which the letter stands, of which the bar may take the value too."""
    if factor.has(letter):
        raise Unparsed("of what the value is taken can be read in two ways: use parentheses", node.position)


def _refuse_dependent(body: Expr, letter: Symbol, node: Node, catalogue: Catalogue) -> None:
    """Refuses quantities of the claims other than parameters: w^* is another one where a parameter has a value."""
    quantities = {quantity.symbol for quantity in catalogue.quantities.values()} - {letter}
    independent = {s for motion in catalogue.motions for s in (*motion.free, motion.time)}
    if letters(body) & quantities - independent:
        raise Unparsed(
            f"the value where {node.value} has a value is not read of letters that may depend on it", node.position
        )

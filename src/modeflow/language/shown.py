"""How public objects show themselves: in one line, and in a notebook.

What a notebook shows is written by `typeset`, which is loaded when something is shown.
"""

from __future__ import annotations

from typing import Any

LONGEST = 80  # characters of an expression in one line


def excerpt(e: Any) -> str:
    """An expression or a text in one line, its middle left out where it is long."""
    text = " ".join(str(e).split())
    return text if len(text) <= LONGEST else f"{text[:60]} … {text[-15:]}"


def displayed(thing: Any) -> str:
    """A formula in LaTeX between $, as notebooks take it."""
    from ..typeset.display import displayed

    return displayed(thing)


def conditions_html(provisos: Any, alphabet: Any) -> str:
    """What must hold, as HTML with formulas between $."""
    from ..typeset.display import conditions_html

    return conditions_html(provisos, alphabet)


def claim_latex(claim: Any) -> str:
    """The statement of a claim in LaTeX."""
    from ..typeset.display import claim_latex

    return claim_latex(claim)

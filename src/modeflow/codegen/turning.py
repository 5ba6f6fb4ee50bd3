"""Another form of an expression, for where its exponentials are larger than floating point numbers."""

from __future__ import annotations

import sympy
from sympy import Dummy, Expr, exp

from ..proof.prove import prove


def turned_over(form: Expr) -> Expr:
    """The form with growing exponentials e^x as 1/e^(-x), in fractions without them; itself if that is not proved."""
    growing = [e for e in form.atoms(exp) if not e.args[0].could_extract_minus_sign()]
    if not growing:
        return form
    small = {e: Dummy("F", positive=True) for e in growing}
    above, below = sympy.fraction(sympy.together(form.xreplace({e: 1 / f for e, f in small.items()})))
    put = {f: exp(-e.args[0]) for e, f in small.items()}
    found = sympy.factor_terms(above).xreplace(put) / sympy.factor_terms(below).xreplace(put)
    return found if prove(form, found).status == "proved" else form

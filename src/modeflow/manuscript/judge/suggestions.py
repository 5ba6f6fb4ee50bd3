"""Single edits that people make by mistake: what an equation may have been meant to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sympy import Add, Expr, Integer, Mul, Pow, Symbol, sqrt

MOST = 400  # edits tried on one equation

Changes = Iterator[tuple[str, Expr]]
Show = Callable[[Expr], str]
Way = Callable[[Expr, Sequence[Symbol], Show], Changes]


def edits(expression: Expr, letters: Sequence[Symbol], show: Show = str) -> Changes:
    """What was changed, and the expression with that one change, the likeliest first; at most MOST of them.

    letters: the symbols that may stand in the place of others. show: how an expression is written.
    """
    ways = (_signs, _letters, _squares, _factors)
    changes = (change for way in ways for change in _everywhere(expression, way, letters, show))
    for number, (name, changed) in enumerate(changes):
        if number == MOST:
            return
        if changed != expression:
            yield name, changed


def _everywhere(expression: Expr, way: Way, letters: Sequence[Symbol], show: Show) -> Changes:
    """The changes of one kind, at the whole and at every part."""
    yield from way(expression, letters, show)
    for i, part in enumerate(expression.args):
        if not isinstance(part, Expr):
            continue
        for name, changed in _everywhere(part, way, letters, show):
            yield name, expression.func(*expression.args[:i], changed, *expression.args[i + 1 :])


def _signs(part: Expr, letters: Sequence[Symbol], show: Show) -> Changes:
    if isinstance(part, Add):
        for term in part.args:
            yield f"the sign of {show(_unsigned(term))}", part - 2 * term
    elif isinstance(part, Pow) and part.exp.is_number:
        yield f"the sign of the exponent of {show(part.base)}", part.base**-part.exp
    elif part.func.__name__ in ("exp", "sinh", "tanh", "asinh", "atanh"):
        yield f"the sign of the argument of {part.func.__name__}", part.func(-part.args[0])


def _unsigned(term: Expr) -> Expr:
    return -term if term.could_extract_minus_sign() else term


def _letters(part: Expr, letters: Sequence[Symbol], show: Show) -> Changes:
    if isinstance(part, Symbol):
        for other in letters:
            yield f"{show(other)} for {show(part)}", other


def _squares(part: Expr, letters: Sequence[Symbol], show: Show) -> Changes:
    if isinstance(part, Symbol):
        yield f"a square of {show(part)}", part**2
    elif isinstance(part, Pow) and part.exp == 2:
        yield f"no square of {show(part.base)}", part.base
    elif isinstance(part, Add):
        yield f"a square of {show(part)}", part**2
        yield f"a root of {show(part)}", sqrt(part)


def _factors(part: Expr, letters: Sequence[Symbol], show: Show) -> Changes:
    if isinstance(part, Symbol | Pow | Mul) and not part.is_number:
        yield f"2 times {show(part)}", 2 * part
        yield f"half of {show(part)}", part / 2
    if isinstance(part, Mul):
        for factor in part.args:
            if isinstance(factor, Symbol):
                yield f"no factor {show(factor)}", part / factor
    if isinstance(part, Integer) and part not in (0, 1, -1):
        yield f"{part + 1} for {part}", part + 1
        yield f"{part - 1} for {part}", part - 1

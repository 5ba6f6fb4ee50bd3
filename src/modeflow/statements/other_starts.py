"""Starts that the letters of a solution leave out, such as |a| > |b| or opposite signs, by symmetries that are proved.

A flow that is the same in other letters, its weights exchanged or their signs changed, moves a start as it moves the
start so changed. Of a product, any weight may be the one that tells the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Symbol

from ..language.closed_forms import FadingForm
from ..language.flow import Flow
from ..proof.prove import prove
from .orbit import Orbit
from .streamline import Streamline

if TYPE_CHECKING:
    from ..codegen.evaluator import Evaluator, OtherStart
    from .objective_results import Solution

Array = NDArray[np.float64]


def other_starts(solution: Solution) -> tuple[OtherStart, ...]:
    """Those of the starts that a solution in letters leaves out; none where its start is given."""
    if isinstance(solution.form, FadingForm):
        return _of_two_under_decay(solution)
    if isinstance(solution.form, Orbit) and not solution.form.kept:
        return _by_another_weight(solution, solution.form)
    if isinstance(solution.form, Streamline):
        return _by_another_line(solution)
    return ()


def keeps(flow: Flow, put: Mapping[Symbol, Expr]) -> bool:
    """Whether a flow stays the same where each weight is put for another, with a sign."""
    return all(
        prove(flow[w].subs(put, simultaneous=True), _sign(put[w]) * flow[_letter(put[w])]).status == "proved"
        for w in flow
    )


def _letter(value: Expr) -> Symbol:
    (letter,) = value.free_symbols
    assert isinstance(letter, Symbol)
    return letter


def _sign(value: Expr) -> int:
    return 1 if isinstance(value, Symbol) else -1


def _of_two_under_decay(solution: Solution) -> tuple[OtherStart, ...]:
    """From w1 + w2 > 0 and w2 - w1 > 0 to any signs, and to equal and opposite weights."""
    from ..codegen.evaluator import OtherStart

    objective = solution.objective
    one, two = objective.weights
    flow, found = objective.flow(), list[OtherStart]()
    for put in ({one: two, two: one}, {one: -one, two: -two}, {one: -two, two: -one}):
        if keeps(flow, put):
            turn = _turn(put, (one, two))
            found.append(OtherStart(cache(lambda: _plain(solution)), turn, _turn_back(put, objective)))
    for way in (1, -1):
        if objective._keeps_ratio(way):
            found.append(_on_a_diagonal(solution, way))
    return tuple(found)


def _plain(solution: Solution) -> Evaluator:
    """The evaluator of a solution, without those of other starts."""
    from .evaluated import of_solution

    evaluator: Evaluator = of_solution(solution)
    return replace(evaluator, elsewhere=())


def _turn(put: Mapping[Symbol, Expr], weights: Sequence[Symbol]) -> Callable[[Sequence[Array]], list[Array]]:
    """The start, in the other letters."""

    def turned(start: Sequence[Array]) -> list[Array]:
        at = dict(zip(weights, start, strict=True))
        return [_sign(put[w]) * at[_letter(put[w])] for w in weights]

    return turned


def _turn_back(put: Mapping[Symbol, Expr], objective: Any) -> Callable[[Mapping[str, Array], Sequence[Array]], Any]:
    """The weights, from those of the changed start; the strength is the same."""
    names = {w: f"{w.name}({objective.time})" for w in objective.weights}

    def back(found: Mapping[str, Array], start: Sequence[Array]) -> dict[str, Array]:
        return {**found, **{names[w]: _sign(put[w]) * found[names[_letter(put[w])]] for w in names}}

    return back


def _on_a_diagonal(solution: Solution, way: int) -> OtherStart:
    """Equal (way 1) or opposite weights, by the path of their strength."""
    from ..codegen.evaluator import OtherStart

    objective = solution.objective
    letter = objective._fresh("b", (), real=True, nonzero=True)
    one, two = (f"{w.name}({objective.time})" for w in objective.weights)

    def turned(start: Sequence[Array]) -> list[Array]:
        begun = np.where(start[0] == 0, 1.0, start[0])  # the origin, which rests, is put back
        return [np.where(start[1] == way * start[0], begun, np.nan)]

    def back(found: Mapping[str, Array], start: Sequence[Array]) -> dict[str, Array]:
        (strength,) = found.values()
        size = np.sign(start[0]) * np.sqrt(np.abs(strength))
        names = [str(name) for name in solution.values]
        return {name: {one: size, two: way * size}.get(name, np.abs(np.sign(start[0])) * strength) for name in names}

    return OtherStart(cache(lambda: _in_letters(objective.solve((letter, way * letter)), (letter,))), turned, back)


def _in_letters(solution: Solution, letters: Sequence[Symbol]) -> Evaluator:
    """The evaluator of a solution, which takes these letters as its start."""
    from .evaluated import of_solution

    evaluator: Evaluator = of_solution(solution, in_letters=True)
    names = tuple(Symbol(f"start[{n}]", real=True) for n in range(len(letters)))
    return replace(evaluator, start=dict(zip(letters, names, strict=True)), start_names=names, elsewhere=())


def _by_another_weight(solution: Solution, orbit: Orbit) -> tuple[OtherStart, ...]:
    """Each of the other weights as the one that tells all: the same product, its weights in another order."""
    from ..codegen.evaluator import OtherStart

    objective, found = solution.objective, list[OtherStart]()
    for lead in range(len(objective.weights)):
        if lead == orbit.lead or not solution.start[lead].is_Symbol:
            continue
        order = [lead, *(n for n in range(len(objective.weights)) if n != lead)]
        found.append(OtherStart(cache(lambda order=order: _in_order(objective, order)), _reordered(order), _same))
    return tuple(found)


def _in_order(objective: Any, order: Sequence[int]) -> Evaluator:
    taus = tuple(objective.tau[n] for n in order) if isinstance(objective.tau, tuple) else objective.tau
    turned = replace(objective, weights=tuple(objective.weights[n] for n in order), tau=taus)
    return _plain(turned.solve())


def _reordered(order: Sequence[int]) -> Callable[[Sequence[Array]], list[Array]]:
    return lambda start: [start[n] for n in order]


def _same(found: Mapping[str, Array], start: Sequence[Array]) -> dict[str, Array]:
    return dict(found)


def _by_another_line(solution: Solution) -> tuple[OtherStart, ...]:
    """Another weight of a flow that tells all, which asks for something else, and two weights of one size."""
    from ..codegen.evaluator import OtherStart

    dynamics, line, found = solution.objective, solution.form, list[OtherStart]()
    for n, _ in enumerate(dynamics._lines(solution.start)):
        found.append(OtherStart(cache(lambda n=n: _plain(dynamics._solved(solution.start, only=n))), list, _same))
    if len(dynamics.weights) == 2 and line.of_start:
        letter = dynamics._fresh("b", (), nonzero=True)
        for way in (1, -1):
            evaluator = cache(lambda way=way: _in_letters(dynamics.solve((letter, way * letter)), (letter,)))
            found.append(OtherStart(evaluator, _diagonal(way), _same))
    return tuple(found)


def _diagonal(way: int) -> Callable[[Sequence[Array]], list[Array]]:
    return lambda start: [np.where(start[1] == way * start[0], start[0], np.nan)]


__all__ = ["other_starts"]

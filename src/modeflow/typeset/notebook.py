"""Chapters as a Jupyter notebook that runs: what they say, as text; what they state, in SymPy; and verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sympy import Tuple

from ..language.definitions import Definition
from ..statements.chapter import Chapter
from ..statements.claims import Claim
from ..statements.domains import domain_id
from .calls import claim_call
from .markdown import blocks
from .narrative import Verdicts, is_brief, numbered, used
from .python import Code, Unprintable, imported
from .steps import Tone

_EVALUATED = """\
import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import solve_ivp

eigenvalue, noise, decay = 1.0, 0.2, 0.1
start = (0.02, 0.3)


def rates(time, weights):
    w1, w2 = weights
    pull = eigenvalue - (eigenvalue + noise) * w1 * w2
    return w2 * pull - decay * w1, w1 * pull - decay * w2


times = np.linspace(0, 15, 120)
integrated = solve_ivp(rates, (0, 15), start, t_eval=times, rtol=1e-10, atol=1e-12).y.prod(axis=0)
evaluated = modeflow.strength(times, eigenvalue, noise=noise, decay=decay, w1=start[0], w2=start[1])
assert abs(evaluated - integrated).max() < 1e-6

figure, axes = plt.subplots(figsize=(6, 3.5))
axes.plot(times, evaluated, label="modeflow.strength")
axes.plot(times[::6], integrated[::6], "o", markersize=4, label="solve_ivp")
axes.set(xlabel="t, in time constants", ylabel="strength w")
axes.legend();
"""
_EVALUATED_SAID = """\
## The evaluators against an integrator

The strength of one mode from the formulas, and from SciPy's integration of the flow of its two weights."""


_LOOKED_UP = '''

def stated(identifier):
    return chapters[identifier.partition(".")[0]].stated[identifier]


def named(identifier, expression=None):
    """The quantity that has this id, which is the expression, where one is given."""
    definition = chapters[identifier.partition(".")[0]].definitions[identifier]
    assert expression is None or definition.expression == expression
    return definition.applied
'''


def notebook(chapters: Iterable[Chapter], verdicts: Verdicts | None = None, tone: Tone = "lecture") -> str:
    """The chapters in nbformat 4: each opening, definition and claim as text, and after it as code to be run.

    What is printed as code is asserted to be what modeflow proves.
    """
    chosen = tuple(chapters)
    told = list(zip(blocks(chosen, verdicts, tone), _code(chosen), strict=True))
    cells = [_cell("code", _opening(chosen, [code for _, code in told]))] if told else []
    for text, code in told:
        cells += [_cell("markdown", text), *([_cell("code", code)] if code else [])]
    if told:
        cells += [_cell("markdown", _EVALUATED_SAID), _cell("code", _EVALUATED)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _cell(kind: str, text: str) -> dict[str, Any]:
    own: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, **own, "source": text.rstrip("\n").splitlines(keepends=True)}


def _opening(chapters: Sequence[Chapter], code: Iterable[str]) -> str:
    """Imports, the chapters, those that do not ship from the files that state them, and what looks up a definition."""
    needed = imported(code)
    strangers = [c for chapter in chapters for c in chapter.stated.values() if not claim_call(c)]
    files = dict.fromkeys(claim.where.rpartition(":")[0] for claim in strangers)
    lines = ["import modeflow", *([f"from sympy import {', '.join(needed)}"] if needed else []), ""]
    lines += ["chapters = modeflow.chapters()"]
    lines += [f"chapters |= {{own.key: own for own in modeflow.load_chapters({file!r})}}" for file in files]
    return "\n".join([*lines, _LOOKED_UP])


def _code(chapters: Sequence[Chapter]) -> Iterator[str]:
    """The code to each block of `blocks`; "" where a block has none."""
    numbers, code = numbered(chapters), Code()
    for chapter in chapters:
        yield "" if is_brief(chapter) else code.declare(_letters(chapter), chapter.alphabet)
        for claim in chapter.claims.values():
            for definition in numbers.new[claim.id]:
                yield _defined(definition, code)
            yield _verdict(claim.id) if is_brief(chapter) else _claimed(claim, code)


def _letters(chapter: Chapter) -> list[Any]:
    """The letters of the claims and of all that their names stand for."""
    sides = [side for claim in chapter.claims.values() for side in claim.sides()]
    inside = [d.expansion for claim in chapter.claims.values() for d in claim.definitions()]
    present = dict.fromkeys(q.symbol for _, q in used((chapter,)))
    return list(present | dict.fromkeys(q.symbol for q in chapter.alphabet.of(Tuple(*sides, *inside))))


def _defined(definition: Definition, code: Code) -> str:
    name, written = code.define(definition)
    domains = [_verdict(domain_id(definition, n)) for n in range(1, len(definition.domain) + 1)]
    made = f'named("{definition.id}"{f", {written}" if written else ""})'
    return "\n".join([f"{name} = {made}", *([", ".join(domains)] if domains else [])])


def _verdict(identifier: str) -> str:
    return f'stated("{identifier}").verify()'


def _claimed(claim: Claim, code: Code) -> str:
    """The claim, built from its letters where that can be written, and its verdict."""
    try:
        sides = [f"left = {code.written(claim.lhs)}", f"right = {code.written(claim.rhs)}"]
    except Unprintable:
        return _verdict(claim.id)
    check = "assert (left, right) == (claim.lhs, claim.rhs)"
    return "\n".join([f'claim = stated("{claim.id}")', *sides, check, "claim.verify()"])

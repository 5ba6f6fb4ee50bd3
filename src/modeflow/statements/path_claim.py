"""The claim that weights, as functions of one of them, follow a flow, with the time at which each place is passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sympy import Expr, Function, Symbol, Tuple

from ..language.flow import Flow
from .claims import Claim
from .equations import Equation
from .objective_letters import Subject, alphabet_of

IMPLICIT, CLOSED = "one orbit (implicit)", "one orbit (time in closed form)"
CANDIDATE_LIMIT = 6.0  # seconds for an equation of a closed form; beyond it the time is an integral


class Path(Protocol):
    """All weights by one of them, x."""

    @property
    def lead(self) -> int: ...

    @property
    def place(self) -> Symbol: ...

    @property
    def start(self) -> tuple[Expr, ...]: ...

    @property
    def weights(self) -> Sequence[Expr]: ...

    @property
    def velocity(self) -> Expr: ...

    @property
    def given(self) -> Sequence[Any]: ...


def path_claim(
    subject: Subject, flow: Flow, path: Path, time: Expr, more: Mapping[Symbol, str], identifier: str, source: str
) -> Claim:
    """That the weights of a path follow the flow, where dt/dx is the time that x takes."""
    x, begun = path.place, path.start[path.lead]
    passed = Function(subject.time.name, real=True)
    courses = {w: Function(w.name, real=True) for w in subject.weights}
    now = {w: course(x) for w, course in courses.items()}
    satisfies = [
        Equation(passed(x).diff(x), 1 / path.velocity, "inverse rate"),
        Equation(passed(begun), 0, "start"),
    ]
    for (w, course), a in zip(courses.items(), path.start, strict=True):
        satisfies.append(Equation(course(x).diff(x), flow[w].xreplace(now) * passed(x).diff(x), f"{w} rate"))
        satisfies.append(Equation(course(begun), a, f"{w} at the start"))
    return Claim(
        identifier,
        f"The time at which {x} is passed, and what the weights are there.",
        Tuple(passed(x), *now.values()),
        Tuple(time, *path.weights),
        satisfies=tuple(satisfies),
        source=source,
        given=tuple(path.given),
        alphabet=alphabet_of(subject, path.start, more, {passed: "the time at which it is passed"}),
    )

"""Kernels: the record between a formula and the code that computes it.

A kernel is a straight line of named steps, each an elementary expression in the inputs and the steps before
it. Its emitters print those steps in that order, so what is computed is what is written here and nothing
else; `Kernel.branches` turns the same steps back into plain formulas, which the chapters prove equal to the
closed forms they compute.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Expr,
    Max,
    Min,
    Mul,
    Number,
    Piecewise,
    Pow,
    S,
    Symbol,
    exp,
    log,
    preorder_traversal,
)
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanTrue

from .closed_forms import Naming, as_it_is
from .primitives import PRIMITIVES, binade, nested, textbook

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}", re.ASCII)
RESERVED = frozenset({"np", "numpy", "math", "self"})

_ALLOWED = (
    Symbol, Number, Add, Mul, Pow, exp, log, Abs, Min, Max, Piecewise, ExprCondPair, Relational, BooleanTrue, nested,
    *(row.function for row in PRIMITIVES),
)  # fmt: skip


def check_identifier(name: str) -> str:
    """The name, if it may stand in generated code; ValueError otherwise.

    Names are letters, digits and underscores, begin with a letter and are no keyword, so that no name can
    carry code of its own.
    """
    fits = IDENTIFIER.fullmatch(name) and not keyword.iskeyword(name) and name not in RESERVED
    if not fits:
        raise ValueError(
            f"{name!r} cannot be a name in generated code; use letters, digits and underscores, beginning with "
            f"a letter, at most 31 of them, and no Python keyword"
        )
    return name


class Steps:
    """A list of steps being written: `let` names an expression and returns its name."""

    def __init__(self) -> None:
        self.taken: list[tuple[Symbol, Expr]] = []

    def let(self, name: str, expression: Expr) -> Symbol:
        """Add a step and return the symbol later steps use for it."""
        symbol = Symbol(name, real=True)
        self.taken.append((symbol, expression))
        return symbol


@dataclass(frozen=True)
class Branch:
    """One kernel with every case distinction decided.

    conditions: each condition, in the kernel's own step names, with the truth value it is given here.
    """

    kernel: Kernel
    conditions: tuple[tuple[Relational, bool], ...]

    @cached_property
    def outputs(self) -> tuple[tuple[str, Expr], ...]:
        """The outputs as plain expressions in the kernel's inputs."""
        return self.kernel._expanded(dict(self.conditions), {}, as_it_is)


@dataclass(frozen=True)
class Kernel:
    """A computing form: inputs, named steps in order, outputs.

    name: "group_function"; says: what it computes and where it is valid; steps: (symbol, expression), each in
    inputs and earlier steps; outputs: (name, expression); claims: ids of the claims that state it equal to the
    closed form. Raises ValueError when a name is unfit, a symbol is used before it is defined, or an
    expression uses a function that no emitter prints.
    """

    name: str
    says: str
    inputs: tuple[Symbol, ...]
    steps: tuple[tuple[Symbol, Expr], ...]
    outputs: tuple[tuple[str, Expr], ...]
    claims: tuple[str, ...]

    @classmethod
    def of(cls, name: str, cases: str, says: str, inputs: tuple[Symbol, ...], steps: Steps, **outputs: Expr) -> Kernel:
        """The kernel whose claims are eval.NAME_CASE, for each of the cases, words in one string."""
        claims = tuple(f"eval.{name}_{case}" for case in cases.split())
        return cls(name, says, inputs, tuple(steps.taken), tuple(outputs.items()), claims)

    def __post_init__(self) -> None:
        check_identifier(self.name)
        defined: set[Symbol] = set()
        for symbol in self.inputs:
            self._define(symbol, defined)
        for symbol, expression in self.steps:
            self._check(expression, defined, str(symbol))
            self._define(symbol, defined)
        for name, expression in self.outputs:
            check_identifier(name)
            self._check(expression, defined, name)
        if len({part for _, e in (*self.steps, *self.outputs) for part in e.atoms(binade)}) > 1:
            raise ValueError(f"kernel {self.name}: two sizes, for which one number would stand; use one binade")
        if not self.outputs:
            raise ValueError(f"kernel {self.name} has no output")

    def _define(self, symbol: Symbol, defined: set[Symbol]) -> None:
        check_identifier(symbol.name)
        if symbol.name in {s.name for s in defined}:
            raise ValueError(f"kernel {self.name}: {symbol.name} is defined twice; give each step its own name")
        defined.add(symbol)

    def _check(self, expression: Expr, defined: set[Symbol], place: str) -> None:
        for stranger in sorted(expression.free_symbols - defined, key=str):
            raise ValueError(
                f"kernel {self.name}: {place} uses {str(stranger)!r} before it is defined; add it to the inputs "
                f"or move its step up"
            )
        for part in preorder_traversal(expression):
            if not isinstance(part, _ALLOWED):
                raise ValueError(f"kernel {self.name}: {place} uses {type(part).__name__}, which no emitter prints")
            if isinstance(part, Pow) and not (2 * part.exp).is_integer:
                raise ValueError(f"kernel {self.name}: {place} has the power {part}; use integers and square roots")

    def expressions(self) -> list[Expr]:
        """Of the steps and the outputs."""
        return [e for _, e in (*self.steps, *self.outputs)]

    def operations(self) -> int:
        """How many arithmetic operations and function calls one evaluation takes."""
        return sum(int(e.count_ops()) for _, e in (*self.steps, *self.outputs))

    def expanded(self) -> tuple[tuple[str, Expr], ...]:
        """The outputs as expressions in the inputs, and SIZE, with expm1, log1p and hypot written out."""
        return self._expanded({}, {}, as_it_is)

    def written(self, branch: Branch, put: Mapping[Symbol, Expr], naming: Naming) -> dict[str, Expr]:
        """The outputs of a branch with values put in for inputs, each step and output as `naming` writes it."""
        return dict(self._expanded(dict(branch.conditions), put, naming))

    def _expanded(
        self, decided: dict[Relational, bool], put: Mapping[Symbol, Expr], naming: Naming
    ) -> tuple[tuple[str, Expr], ...]:
        values: dict[Basic, Expr] = dict(put)
        for symbol, expression in self.steps:
            values[symbol] = naming(str(symbol), textbook(_decide(expression, decided)).xreplace(values))
        found = ((name, textbook(_decide(e, decided)).xreplace(values)) for name, e in self.outputs)
        return tuple((name, naming(name, value)) for name, value in found)

    def conditions(self) -> tuple[Relational, ...]:
        """Every condition on which a step depends, in the order of the steps."""
        found: dict[Relational, None] = {}
        for _, expression in (*self.steps, *self.outputs):
            for part in _cases(expression).atoms(Piecewise):
                found.update((c, None) for _, c in part.args if isinstance(c, Relational))
        return tuple(found)

    def branches(self) -> Iterator[Branch]:
        """Every consistent way to decide the conditions, with the plain formula each leads to."""
        return iter(self._branches)

    @cached_property
    def _branches(self) -> tuple[Branch, ...]:
        return tuple(self._decided())

    def _decided(self) -> Iterator[Branch]:
        conditions = self.conditions()
        for truths in product((True, False), repeat=len(conditions)):
            decided = dict(zip(conditions, truths, strict=True))
            if _consistent(decided):
                yield Branch(self, tuple(decided.items()))


@cache
def _cases(expression: Expr) -> Expr:
    """Abs, Min and Max written as case distinctions."""
    expression = expression.replace(Abs, lambda x: Piecewise((x, x > 0), (-x, True)))
    expression = expression.replace(Min, lambda x, y: Piecewise((y, x > y), (x, True)))
    return expression.replace(Max, lambda x, y: Piecewise((x, x > y), (y, True)))


def _decide(expression: Expr, decided: dict[Relational, bool]) -> Expr:
    if not decided:
        return expression

    def chosen(*arms: tuple[Expr, Basic]) -> Expr:
        return next(value for value, condition in arms if decided.get(condition, condition is S.true))

    return _cases(expression).replace(Piecewise, chosen)


def _consistent(decided: dict[Relational, bool]) -> bool:
    """False where the conditions on one symbol, as decided, contradict each other."""
    by_symbol: dict[frozenset[Basic], list[Basic]] = {}
    for condition, truth in decided.items():
        fact = condition if truth else condition.negated
        by_symbol.setdefault(frozenset(condition.free_symbols), []).append(fact)
    single = (facts for symbols, facts in by_symbol.items() if len(symbols) == 1)
    return not any(_impossible(*facts) for facts in single if len(facts) > 1)


@cache
def _impossible(*facts: Basic) -> bool:
    conjunction = And(*facts)
    return conjunction is S.false or conjunction.as_set() is S.EmptySet

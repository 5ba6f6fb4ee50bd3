"""Regimes: which closed form serves which arguments, said once for every target.

A path is a public function of a mode. For each regime in which it has a closed form, it says how the public arguments
become the inputs of a kernel, and how the kernel's outputs become its results.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from .kernels import Kernel


@dataclass(frozen=True)
class Regime:
    """Where modes obey one closed form.

    name: a word. holds: the condition, in public arguments; a mode is in the first regime whose condition it meets.
    says: the same in words.
    """

    name: str
    holds: Boolean
    says: str

    @property
    def arguments(self) -> tuple[Symbol, ...]:
        """What the condition asks for, by name; nothing for the regime of all that is left."""
        return tuple(sorted(self.holds.free_symbols, key=str))


def output_symbol(name: str) -> Symbol:
    """An output of a kernel, in the results of a form."""
    return Symbol(f"found_{name}", real=True)


@dataclass(frozen=True)
class Form:
    """A path in one regime: steps, then a kernel, then results.

    path, regime: names. inputs: the public arguments. steps: (symbol, expression) in the inputs and earlier steps.
    arguments: one expression for each input of the kernel. after: more steps, in its outputs as well. results: (name,
    expression) in all of these.
    """

    path: str
    regime: str
    inputs: tuple[Symbol, ...]
    steps: tuple[tuple[Symbol, Expr], ...]
    kernel: Kernel
    arguments: tuple[Expr, ...]
    results: tuple[tuple[str, Expr], ...]
    after: tuple[tuple[Symbol, Expr], ...] = ()

    def __post_init__(self) -> None:
        if len(self.arguments) != len(self.kernel.inputs):
            raise ValueError(f"{self.name}: {len(self.arguments)} arguments, {self.kernel.name} has other inputs")
        self._known(self.arguments, {*self.inputs, *(s for s, _ in self.steps)})
        known = {*self.inputs, *self.outputs, *(s for s, _ in (*self.steps, *self.after))}
        self._known((e for _, e in (*self.after, *self.results)), known)

    def _known(self, expressions: Iterable[Expr], known: set[Symbol]) -> None:
        for expression in expressions:
            for stranger in sorted(expression.free_symbols - known, key=str):
                raise ValueError(f"{self.name} uses {stranger}, which is neither an input, a step nor an output")

    @property
    def name(self) -> str:
        return f"{self.path}_{self.regime}"

    @property
    def says(self) -> str:
        """One line: path, regime and kernel."""
        return f"{self.path.capitalize()} of modes in the regime {self.regime!r}, by {self.kernel.name}"

    @property
    def outputs(self) -> tuple[Symbol, ...]:
        """The kernel's outputs, as symbols."""
        return tuple(output_symbol(name) for name, _ in self.kernel.outputs)

    def expressions(self) -> list[Expr]:
        return [*(e for _, e in (*self.steps, *self.after, *self.results)), *self.arguments]

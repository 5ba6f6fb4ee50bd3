"""What the targets for numbers, not arrays, have in common: a printer whose words each language fills in, and files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from sympy import Expr, Integer, Pow, Rational, Symbol, default_sort_key
from sympy.printing.precedence import PRECEDENCE

from ..language.kernels import Kernel, check_identifier
from ..language.regimes import Form, Regime
from .numpy import DO_NOT_EDIT, ArrayPrinter, shipped_kernels, shipped_regimes

PATHS = ("strength", "weights", "loss")  # that are written whole


class ScalarPrinter(ArrayPrinter):
    """SymPy to expressions in numbers.

    Subclasses say how a number and a case distinction are written; functions have their usual names.
    """

    language = ""
    power = "**"

    def __init__(self, names: Mapping[str, str]) -> None:
        """names: what each symbol is called."""
        super().__init__()
        self.names = names

    def number(self, whole: int) -> str:
        """A whole number in the type of the others."""
        raise NotImplementedError

    def _print_Symbol(self, expr: Symbol) -> str:
        return self.names[expr.name]

    def _print_Integer(self, expr: Integer) -> str:
        return f"({self.number(int(expr.p))})" if expr.p < 0 else self.number(int(expr.p))

    _print_One = _print_Zero = _print_NegativeOne = _print_Integer

    def _print_Rational(self, expr: Rational) -> str:
        return f"({self.number(int(expr.p))}/{self.number(int(expr.q))})"

    _print_Half = _print_Rational

    def _print_Pow(self, expr: Pow, rational: bool = False) -> str:
        whole, odd = divmod(abs(int(2 * expr.exp)), 2)
        base = self.parenthesize(expr.base, PRECEDENCE["Pow"])
        factors = [base if whole == 1 else f"{base}{self.power}{whole}"] if whole else []
        factors += [f"sqrt({self._print(expr.base)})"] if odd else []
        product = "*".join(factors)
        return product if expr.exp > 0 else f"{self.number(1)}/({product})"

    def _call(self, name: str, arguments: Iterable[Expr]) -> str:
        return f"{name}({', '.join(self._print(x) for x in arguments)})"

    def _nested(self, name: str, arguments: Iterable[Expr]) -> str:
        return self._call(name[:3], sorted(arguments, key=default_sort_key))  # minimum, maximum

    def emptyPrinter(self, expr: Any) -> str:
        raise ValueError(f"{type(expr).__name__} in {expr}: the {self.language} target cannot print it")


def identifier(name: str, words: set[str], language: str, same: Callable[[str], str]) -> str:
    """The name, if it may stand in generated code; ValueError otherwise."""
    if same(check_identifier(name)) in words:
        raise ValueError(f"{name!r} cannot be a name in generated {language}: it has a meaning there; choose another")
    return name


def names_in(
    kernel: Kernel, reserved: frozenset[str], language: str, same: Callable[[str], str] = str
) -> dict[str, str]:
    """What each of the kernel's names is called: its own name, or for a step, where that is taken, one with a number.

    same: maps to one text the names that the language does not tell apart. ValueError for a kernel, an input or an
    output that has a meaning in the language, or that another has the name of.
    """
    words = {same(word) for word in reserved}
    fixed = [kernel.name, *(x.name for x in kernel.inputs), *(name for name, _ in kernel.outputs)]
    for name in fixed:
        identifier(name, words, language, same)
    taken = {same(name) for name in fixed} | words
    if len({same(name) for name in fixed}) < len(fixed):
        raise ValueError(f"kernel {kernel.name}: {language} does not tell {', '.join(fixed)} apart; choose other names")
    originals = {same(x.name) for x, _ in kernel.steps}
    names = {name: name for name in fixed[1:]}
    for step, _ in kernel.steps:
        name = check_identifier(step.name)
        spare = (f"{name}_{count}" for count in range(2, len(kernel.steps) + len(taken) + 3))
        while same(name) in taken:
            name = next(other for other in spare if same(other) not in originals)
        taken.add(same(name))
        names[step.name] = name
    return names


def assignments(kernel: Kernel, printer: ScalarPrinter) -> list[tuple[str, str]]:
    """(name, expression) for each step and output, in order."""
    steps = [(x.name, value) for x, value in kernel.steps] + list(kernel.outputs)
    return [(printer.names[name], printer.doprint(value)) for name, value in steps]


@dataclass(frozen=True)
class WholePath:
    """A path that is written whole: its forms by their regimes. first: s, the time over the time constant."""

    name: str
    forms: Mapping[str, Form]
    regimes: tuple[Regime, ...]

    @property
    def mode(self) -> list[str]:
        """The arguments of its forms behind the time: eigenvalue, noise, decay, weights at t = 0."""
        return [x.name for x in next(iter(self.forms.values())).inputs[1:]]

    @property
    def arguments(self) -> list[str]:
        """The public ones."""
        return ["t", *self.mode, "tau"]

    @property
    def results(self) -> list[str]:
        return [name for name, _ in next(iter(self.forms.values())).results]

    def cases(self, printer: ScalarPrinter) -> list[tuple[str, Form | None]]:
        """What holds in each regime, in order, "" for all that is left; and its form, None where it has none."""
        printed = [printer.doprint(regime.holds) if regime.arguments else "" for regime in self.regimes]
        return [(holds, self.forms.get(regime.name)) for holds, regime in zip(printed, self.regimes, strict=True)]


def shipped_paths(kernels: Iterable[Kernel] | None) -> list[WholePath]:
    """The paths that are written beside the kernels that ship; none beside others."""
    if kernels is not None:
        return []
    regimes, forms = shipped_regimes()
    return [WholePath(path, {form.regime: form for form in forms if form.path == path}, regimes) for path in PATHS]


def own_names(form: Form) -> dict[str, str]:
    """Each symbol of a form by its own name."""
    symbols = (*form.inputs, *form.outputs, *(x for x, _ in (*form.steps, *form.after)))
    return {x.name: x.name for x in symbols}


def told(kernel: Kernel) -> list[str]:
    """What a kernel computes, its claims and its operations, in lines that stay within a comment."""
    claims = f"Claims: {', '.join(kernel.claims)}."
    return [" ".join(kernel.says.split()), claims, f"{kernel.operations()} operations."]


def head(command: str) -> list[str]:
    """What stands at the top of every file."""
    return [
        f"How a mode of a linear autoencoder learns. {DO_NOT_EDIT}",
        f"Written by modeflow {metadata.version('modeflow')}: {command}",
        "Units: s = t/tau is a number; lam (eigenvalue of the second moment), eps (input noise) and gamma (weight",
        "decay) are in one unit, summed over the samples; weights and strengths are numbers. Direct: b > |a|.",
        "`modeflow verify eval` proves the claims named.",
    ]


def members(kernels: Iterable[Kernel] | None) -> list[Kernel]:
    """The kernels given, or else those that ship."""
    return list(shipped_kernels() if kernels is None else kernels)

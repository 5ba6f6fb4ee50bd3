"""Kernels and forms cut at their exponentials, for targets that get the exponentials of many times from those of few.

All of a kernel's exponentials are e^x and e^x - 1 of one step x, which is a rate times the first input, the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sympy import Expr, Mul, Symbol, exp
from sympy.codegen.cfunctions import expm1

from ..language.kernels import Kernel
from ..language.regimes import Form

POWER, LESS = Symbol("exp_x", real=True), Symbol("expm1_x", real=True)
Step = tuple[Symbol, Expr]


def rate_kernel(kernel: Kernel) -> Kernel:
    """x at the time 1, from the inputs but for the time."""
    time, *inputs = kernel.inputs
    x = _exponent(kernel)
    rate = dict(kernel.steps)[x] / time
    if time in rate.free_symbols:
        raise ValueError(f"kernel {kernel.name}: {x} is no rate times {time}")
    steps = _needed(kernel.steps, [rate])
    return Kernel(
        f"{kernel.name}_rate", f"Rate in the kernel {kernel.name}.", tuple(inputs), steps, (("rate", rate),), ()
    )


def known_kernel(kernel: Kernel) -> Kernel:
    """The kernel with e^x and e^x - 1 as two more inputs, after the time; its one output as a quotient, in parts."""
    time, *inputs = kernel.inputs
    x = _exponent(kernel)
    known = {exp(x): POWER, expm1(x): LESS}
    ((name, value),) = ((name, value.xreplace(known)) for name, value in kernel.outputs)
    divisors = [1 / f for f in Mul.make_args(value) if f.is_Pow and f.exp == -1 and f.base.free_symbols]
    parts = (Mul(value, *divisors), Mul(*divisors))
    steps = _needed(((s, e.xreplace(known)) for s, e in kernel.steps), parts)
    says = f"The kernel {kernel.name} with its exponentials known, as a quotient."
    outputs = tuple(zip((name, "divisor"), parts, strict=True))
    return Kernel(f"{kernel.name}_known", says, (time, POWER, LESS, *inputs), steps, outputs, ())


def rate_form(form: Form) -> Form:
    """The rate of a form: x at the time 1."""
    kernel = rate_kernel(form.kernel)
    found = Symbol("found_rate", real=True) * form.arguments[0]
    return replace(
        form, path=f"{form.path}_rate", kernel=kernel, arguments=form.arguments[1:], results=(("rate", found),)
    )


def known_form(form: Form) -> Form:
    """A form whose result is that of its kernel, with the exponentials known, as a quotient in two parts."""
    ((name, value),) = form.results
    if (value,) != form.outputs or form.after:
        raise ValueError(f"{form.name}: its result is not that of its kernel")
    kernel = known_kernel(form.kernel)
    time, *inputs = form.inputs
    cut = replace(
        form,
        path=f"{form.path}_known",
        inputs=(time, POWER, LESS, *inputs),
        kernel=kernel,
        arguments=(form.arguments[0], POWER, LESS, *form.arguments[1:]),
        results=(),
    )
    return replace(cut, results=tuple(zip((name, "divisor"), cut.outputs, strict=True)))


def _exponent(kernel: Kernel) -> Symbol:
    arguments = {part.args[0] for e in kernel.expressions() for part in e.atoms(exp, expm1)}
    if len(arguments) != 1:
        raise ValueError(f"kernel {kernel.name}: its exponentials are not of one step")
    (x,) = arguments
    return x


def _needed(steps: Iterable[Step], wanted: Sequence[Expr]) -> tuple[Step, ...]:
    """Those of the steps on which the expressions depend."""
    symbols = {x for e in wanted for x in e.free_symbols}
    kept: list[Step] = []
    for symbol, expression in reversed(list(steps)):
        if symbol in symbols:
            symbols |= expression.free_symbols
            kept.insert(0, (symbol, expression))
    return tuple(kept)

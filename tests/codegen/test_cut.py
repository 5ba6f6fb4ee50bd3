"""Kernels cut at their exponentials: put together again they are the kernel; what cannot be cut is refused."""

import pytest
from sympy import Expr, Symbol, exp, simplify
from sympy.codegen.cfunctions import expm1

from modeflow.codegen.cut import LESS, POWER, known_form, known_kernel, rate_form, rate_kernel
from modeflow.codegen.numpy import shipped_regimes
from modeflow.language.kernels import Kernel
from modeflow.language.regimes import Form

FORMS = [f for f in shipped_regimes()[1] if f.path in ("strength", "loss") and f.regime == "unequal"]
s, k, c = Symbol("s", real=True), Symbol("k", real=True), Symbol("c", real=True)


def kernel(value: Expr, *steps: tuple[Symbol, Expr]) -> Kernel:
    return Kernel("toy_value", "A toy.", (s, k, c), steps, (("value", value),), ())


def test_the_parts_of_a_kernel_make_it_again() -> None:
    x = Symbol("x", real=True)
    whole = kernel(exp(x) / (c - expm1(x)), (x, -2 * k * s))
    rate, known = rate_kernel(whole), known_kernel(whole)
    assert rate.expanded() == (("rate", -2 * k),)
    assert known.inputs == (s, POWER, LESS, k, c)
    (_, above), (_, below) = known.expanded()
    assert (above, below) == (POWER, c - LESS)
    assert not known.steps


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.name)
def test_the_parts_of_the_shipped_kernels_make_them_again(form: Form) -> None:
    whole = form.kernel
    ((_, rate),), ((_, above), (_, below)) = rate_kernel(whole).expanded(), known_kernel(whole).expanded()
    power = exp(rate * whole.inputs[0])
    again = (above / below).subs({POWER: power, LESS: power - 1}, simultaneous=True)
    ((_, value),) = whole.expanded()
    point = dict(zip(whole.inputs, (0.7, 1.3, 0.4, 0.2, 0.9), strict=True))
    size = dict.fromkeys(value.free_symbols - set(whole.inputs), 2.0)
    assert simplify((again - value).subs(point | size)) == pytest.approx(0, abs=1e-12)
    assert value.subs(point | size) > 0.01


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.name)
def test_forms_hand_the_exponentials_on(form: Form) -> None:
    known, rate = known_form(form), rate_form(form)
    assert known.arguments[1:3] == (POWER, LESS)
    assert [name for name, _ in known.results] == [form.results[0][0], "divisor"]
    assert [name for name, _ in rate.results] == ["rate"]


def test_what_has_no_one_rate_is_refused() -> None:
    x, y = Symbol("x", real=True), Symbol("y", real=True)
    with pytest.raises(ValueError, match="x is no rate times s"):
        rate_kernel(kernel(exp(x), (x, k * s + c)))
    with pytest.raises(ValueError, match="not of one step"):
        known_kernel(kernel(exp(x) + exp(y), (x, k * s), (y, c * s)))

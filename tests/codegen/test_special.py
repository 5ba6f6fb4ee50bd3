"""LambertW and the exponential integrals in generated C and JavaScript, by regime against mpmath."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from compiled import library, printed
from numpy.typing import NDArray
from sympy import Ei, LambertW, Symbol, expint
from sympy.printing.codeprinter import PrintMethodNotImplementedError

from modeflow.cli.program import main
from modeflow.codegen.chapter_c import _Printer
from modeflow.codegen.special import helpers, series

NAMES = ("modeflow_lambert_w", "modeflow_e1", "modeflow_ei")
ALL = "".join(f"{name}(" for name in NAMES)
RNG = np.random.default_rng(0)
BRANCH = -0.36787944117144233


def powers(low: float, high: float, count: int = 200) -> NDArray[np.float64]:
    return np.asarray(10 ** RNG.uniform(low, high, count))


def main_branch(x: Any) -> Any:
    return mpmath.lambertw(x).real


def lower_branch(x: Any) -> Any:
    return mpmath.lambertw(x, -1).real


REGIMES: dict[str, tuple[str, list[int], Callable[[Any], Any], NDArray[np.float64], float, bool]] = {
    # function, branch, exact, arguments, units in the last place, or else of max(|value|, 1)
    "W0 near -1/e": (NAMES[0], [0], main_branch, BRANCH + powers(-16, -1), 4, True),
    "W0": (NAMES[0], [0], main_branch, np.r_[powers(-300, 300), -powers(-300, -0.6)], 4, True),
    "W-1 near -1/e": (NAMES[0], [1], lower_branch, BRANCH + powers(-16, -1), 4, True),
    "W-1": (NAMES[0], [1], lower_branch, np.r_[-powers(-307, -1), RNG.uniform(-0.367, -0.1, 200)], 4, True),
    "E1": (NAMES[1], [], mpmath.e1, np.r_[powers(-300, 2.84), RNG.uniform(0.1, 4, 300)], 8, True),
    "Ei below 0": (NAMES[2], [], mpmath.ei, np.r_[-powers(-300, 2.84), RNG.uniform(-4, -0.1, 300)], 8, True),
    "Ei": (NAMES[2], [], mpmath.ei, np.r_[powers(-300, 2.84), RNG.uniform(0.2, 40, 300)], 12, False),
}


def wrong(name: str, found: list[float]) -> float:
    """The largest error, in the units of the regime."""
    _, _, exact, arguments, _, by_place = REGIMES[name]
    errors = []
    with mpmath.workdps(40):
        for x, value in zip(arguments.tolist(), found, strict=True):
            right = exact(mpmath.mpf(x))
            unit = float(np.spacing(abs(float(right)))) if by_place else 2.0**-52 * max(abs(float(right)), 1.0)
            errors.append(float(abs(right - value)) / unit)
    return max(errors)


def in_c(text: str, folder: Path, name: str) -> list[float]:
    function, branch, _, arguments, *_ = REGIMES[name]
    called = getattr(library(text, folder), function)
    called.restype = ctypes.c_double
    return [called(ctypes.c_double(x), *branch) for x in arguments.tolist()]


@pytest.mark.parametrize("name", REGIMES)
def test_c_is_within_its_bound(name: str, tmp_path: Path) -> None:
    text = f"#include <math.h>\n{helpers(ALL, c=True)}".replace("static double", "double")
    assert wrong(name, in_c(text, tmp_path, name)) <= REGIMES[name][4]


def test_a_broken_constant_is_seen(tmp_path: Path) -> None:
    """Without the second part of 1/e the digits near the branch point go."""
    text = f"#include <math.h>\n{helpers(ALL, c=True)}".replace("static double", "double")
    broken = text.replace(" + -1.2428753672788363e-17", "")
    assert broken != text
    assert wrong("W0 near -1/e", in_c(broken, tmp_path, "W0 near -1/e")) > 100


@pytest.mark.parametrize("name", REGIMES)
def test_javascript_is_within_its_bound(name: str, tmp_path: Path) -> None:
    function, branch, _, arguments, *_ = REGIMES[name]
    call = f"{function}(x{''.join(f', {one}' for one in branch)})"
    script = f"{helpers(ALL, c=False)}console.log(JSON.stringify({arguments.tolist()}.map((x) => {call})));"
    assert wrong(name, printed(script, tmp_path)) <= REGIMES[name][4]


def test_the_series_is_that_of_the_branch_point() -> None:
    """W e^W = x to the order of the terms, with x = (p²/2 - 1)/e."""
    p = Symbol("p")
    terms = [one for one, _ in zip(series(), range(8), strict=False)]
    w = sum(sympy.Rational(one.numerator, one.denominator) * p**k for k, one in enumerate(terms))
    left = sympy.series(w * sympy.exp(w + 1), p, 0, 9).removeO()
    missing = sympy.expand(left - (p**2 / 2 - 1))
    assert all(missing.coeff(p, k) == 0 for k in range(9))


def test_what_has_no_real_value_is_no_number(tmp_path: Path) -> None:
    loaded = library(f"#include <math.h>\n{helpers(ALL, c=True)}".replace("static double", "double"), tmp_path)
    for name in NAMES:
        getattr(loaded, name).restype = ctypes.c_double
    w = loaded.modeflow_lambert_w
    assert all(math.isnan(w(ctypes.c_double(x), k)) for x, k in ((-0.4, 0), (-0.4, 1), (0.1, 1), (math.nan, 0)))
    assert w(ctypes.c_double(0.0), 1) == loaded.modeflow_ei(ctypes.c_double(0.0)) == -math.inf
    assert math.isnan(loaded.modeflow_e1(ctypes.c_double(-1.0)))


def test_other_branches_and_orders_are_refused() -> None:
    x = Symbol("x", real=True)
    for form in (LambertW(x, 1), LambertW(x, -2), expint(2, x)):
        with pytest.raises(PrintMethodNotImplementedError):
            _Printer({"strict": True}).doprint(form)


CHAPTER = """
from sympy import Ei, LambertW, exp
from modeflow import Alphabet, Chapter, Equation

letters = Alphabet()
t = letters.scalar("t", "t", "time", nonnegative=True)
a = letters.scalar("a", "a", "start", positive=True)
u = letters.function("u", "u", "what moves", real=True)
chapter = Chapter("own", "Special", letters)
for name, value in (("lambert", LambertW(a * exp(a - t))), ("integral", Ei(-a - t))):
    chapter.claim(name, u(t), value, says="It moves.",
        satisfies=[Equation(u(t).diff(t), value.diff(t), "rate"), Equation(u(0), value.subs(t, 0), "start")])
"""


def test_a_chapter_gets_them(tmp_path: Path) -> None:
    (file := tmp_path / "own.py").write_text(CHAPTER, encoding="utf-8")
    assert main(["generate", str(file), "--target", "c", "-o", str(tmp_path)]) == 0
    text = (tmp_path / "own_evaluators.c").read_text(encoding="utf-8")
    loaded = library(text.replace('#include "own_evaluators.h"', ""), tmp_path)
    a, t = 1.7, np.array([0.0, 0.3, 2.0, 30.0])
    exact = {"lambert": LambertW(a * sympy.exp(a - Symbol("t"))), "integral": Ei(-a - Symbol("t"))}
    for name, form in exact.items():
        for time in t.tolist():
            found = ctypes.c_double()
            call = getattr(loaded, f"own_{name}")
            assert call(ctypes.c_double(time), ctypes.c_double(a), ctypes.byref(found)) == 0
            assert found.value == pytest.approx(float(form.subs(Symbol("t"), time).evalf(30)), rel=4e-15)

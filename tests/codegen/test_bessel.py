"""Bessel functions of real order in generated C and JavaScript, by regime against Arb."""

from __future__ import annotations

import ctypes
import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pytest
from compiled import library, printed
from numpy.typing import NDArray

from modeflow.cli.program import main
from modeflow.codegen.bessel import TERMS, gamma_series
from modeflow.codegen.special import helpers

ALL = "".join(f"modeflow_bessel_{kind}(" for kind in "ijky")
BOUND = 16.0
REGIMES: dict[str, Callable[[Any, int], NDArray[np.float64]]] = {
    "tiny": lambda rng, count: np.asarray(10 ** rng.uniform(-25, -3, count)),
    "by series": lambda rng, count: np.asarray(rng.uniform(1e-3, 2, count)),
    "by fractions": lambda rng, count: np.asarray(rng.uniform(2, 25, count)),
    "by expansions": lambda rng, count: np.asarray(rng.uniform(25, 700, count)),
}


@cache
def points(regime: str, kind: str) -> list[tuple[float, float]]:
    """Orders, of each sort, and arguments."""
    rng = np.random.default_rng([*map(ord, regime + kind)])
    orders = [
        rng.uniform(-10, 10, 40), rng.uniform(-0.5, 0.5, 20), rng.integers(-10, 11, 20), rng.integers(-5, 6, 10) + 0.5,
        rng.integers(0, 6, 10) + 10 ** rng.uniform(-16, -3, 10),
    ]  # fmt: skip
    nu = np.concatenate([np.asarray(some, dtype=float) for some in orders])
    return list(zip(nu.tolist(), REGIMES[regime](rng, nu.size).tolist(), strict=True))


def exact(kind: str, nu: float, x: float) -> Any:
    """The value, with more digits than any error here asks for."""
    for bits in (128, 512, 2048, 8192):
        flint.ctx.prec = bits
        found = getattr(flint.arb(x), f"bessel_{kind}")(flint.arb(nu))
        if found.rel_accuracy_bits() > 100:
            return found
    raise AssertionError(f"no value of {kind} at order {nu} and x = {x}")


def unit(kind: str, nu: float, x: float, right: Any) -> float:
    """In what an error is counted: the last place, or the sum of the parts of which a value is one."""
    if kind in "jy":
        return float((exact("j", nu, x) ** 2 + exact("y", nu, x) ** 2).sqrt()) * 2.0**-52
    if kind == "i" and nu < 0 and nu != round(nu):
        return float(exact("i", -nu, x) + exact("k", nu, x)) * 2.0**-52
    return float(np.spacing(abs(float(right))))


def wrong(regime: str, kind: str, found: list[float]) -> float:
    """The largest error, in units."""
    errors = [0.0]
    for (nu, x), value in zip(points(regime, kind), found, strict=True):
        right = exact(kind, nu, x)
        if 1e-290 < abs(float(right)) < 1e290:
            errors.append(float(abs(right - value)) / unit(kind, nu, x, right) if math.isfinite(value) else math.inf)
    return max(errors)


def compiled(folder: Path, **put: str) -> Any:
    text = f"#include <math.h>\n{helpers(ALL, c=True)}".replace("static double", "double")
    for old, new in put.items():
        text = text.replace(old, new)
    loaded = library(text, folder)
    for kind in "ijky":
        getattr(loaded, f"modeflow_bessel_{kind}").restype = ctypes.c_double
    return loaded


def values(loaded: Any, kind: str, at: list[tuple[float, float]]) -> list[float]:
    called = getattr(loaded, f"modeflow_bessel_{kind}")
    return [called(ctypes.c_double(nu), ctypes.c_double(x)) for nu, x in at]


@pytest.mark.parametrize("kind", "ijky")
def test_c_is_within_its_bound(kind: str, tmp_path: Path) -> None:
    loaded = compiled(tmp_path)
    for regime in REGIMES:
        assert wrong(regime, kind, values(loaded, kind, points(regime, kind))) <= BOUND, regime


def test_javascript_is_within_its_bound(tmp_path: Path) -> None:
    asked = {f"{regime}|{kind}": points(regime, kind) for regime in REGIMES for kind in "ijky"}
    called = ", ".join(f"{kind}: modeflow_bessel_{kind}" for kind in "ijky")
    script = f"""{helpers(ALL, c=False)}
const asked = {json.dumps(asked)}, called = {{ {called} }};
const values = (name) => asked[name].map(([nu, x]) => String(called[name.split("|")[1]](nu, x)));
console.log(JSON.stringify(Object.fromEntries(Object.keys(asked).map((name) => [name, values(name)]))));
"""
    for name, found in printed(script, tmp_path).items():
        regime, kind = name.split("|")
        numbers = [float(one.replace("Infinity", "inf").replace("NaN", "nan")) for one in found]
        assert wrong(regime, kind, numbers) <= BOUND, name


@pytest.mark.parametrize(("old", "new", "kind", "regime"), [
    ("0.65 / sqrt(x + 6)", "0.9 / sqrt(x + 6)", "k", "by fractions"),
    ("k = 200; k > 0", "k = 12; k > 0", "y", "by fractions"),
    ("k = 80; k > 0", "k = 30; k > 0", "j", "by fractions"),
    ("k < 30; k++", "k < 8; k++", "k", "by series"),
    ("nu / 2 + 0.25", "nu / 2 + 0.2500000000001", "j", "by expansions"),
])  # fmt: skip
def test_a_mistake_is_seen(old: str, new: str, kind: str, regime: str, tmp_path: Path) -> None:
    assert old in helpers(ALL, c=True)
    broken = compiled(tmp_path, **{old: new})
    assert wrong(regime, kind, values(broken, kind, points(regime, kind))) > 2 * BOUND


def test_large_orders_and_arguments(tmp_path: Path) -> None:
    """Each step of a recurrence adds some rounding, and no more."""
    loaded, rng = compiled(tmp_path), np.random.default_rng(0)
    for kind in "ijky":
        at = list(zip(rng.uniform(10, 100, 30).tolist(), 10 ** rng.uniform(0, 2.8, 30), strict=True))
        for (nu, x), found in zip(at, values(loaded, kind, at), strict=True):
            right = exact(kind, nu, x)
            if 1e-290 < abs(float(right)) < 1e290:
                assert float(abs(right - found)) < 64 * unit(kind, nu, x, right), (kind, nu, x)


def test_ends_of_the_domain(tmp_path: Path) -> None:
    loaded = compiled(tmp_path)

    def of(kind: str, nu: float, x: float) -> float:
        return values(loaded, kind, [(nu, x)])[0]

    assert [of("j", 0, 0), of("i", 0, 0), of("i", 1.5, 0), of("k", 0.3, 0), of("y", 2, 0)] == [
        1,
        1,
        0,
        math.inf,
        -math.inf,
    ]
    assert of("j", 3, -2.0) == -of("j", 3, 2.0) == of("j", -3, 2.0)
    assert of("i", 3, -2.0) == -of("i", 3, 2.0) == -of("i", -3, 2.0)
    assert of("i", 4, -2.0) == of("i", 4, 2.0)
    assert of("k", 0, 800.0) == 0
    outside = [("i", 0.5, -1.0), ("j", 0.5, -1.0), ("k", 1, -1.0), ("y", 1, -1.0), ("i", 1e5, 1.0), ("i", 1, math.nan)]
    assert all(math.isnan(of(*one)) for one in [*outside, ("k", math.nan, 1.0), ("j", -0.5, 0.0), ("y", 1e5, 1.0)])


def test_the_series_of_the_gamma_function() -> None:
    assert len(gamma_series()) == TERMS
    for mu in (-0.5, 0.1, 0.5):
        assert sum(c * mu**k for k, c in enumerate(gamma_series())) == pytest.approx(1 / math.gamma(1 + mu), rel=1e-15)


CHAPTER = """
from sympy import Rational, besseli, besselj, besselk, bessely, exp
from modeflow import Alphabet, Chapter, Equation

letters = Alphabet()
t = letters.scalar("t", "t", "time", nonnegative=True)
a = letters.scalar("a", "a", "order", positive=True)
u = letters.function("u", "u", "what moves", real=True)
chapter = Chapter("own", "Bessel", letters)
z = 2 * exp(-t)
value = besseli(a, z) + besselk(a, z)
chapter.claim("waves", u(t), value, says="It moves.",
    satisfies=[Equation(u(t).diff(t), value.diff(t), "rate"), Equation(u(0), value.subs(t, 0), "start")])
"""


def test_a_chapter_gets_them(tmp_path: Path) -> None:
    (file := tmp_path / "own.py").write_text(CHAPTER, encoding="utf-8")
    assert main(["generate", str(file), "--target", "c", "-o", str(tmp_path)]) == 0
    text = (tmp_path / "own_evaluators.c").read_text(encoding="utf-8")
    loaded, found = library(text, tmp_path), ctypes.c_double()
    assert loaded.own_waves(ctypes.c_double(0.7), ctypes.c_double(0.4), ctypes.byref(found)) == 0
    z = 2 * math.exp(-0.7)
    assert found.value == pytest.approx(float(exact("i", 0.4, z) + exact("k", 0.4, z)), rel=4e-15)

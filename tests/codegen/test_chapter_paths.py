"""Paths that are known by the time of each place, in generated C and JavaScript, against integration with many digits.

Errors are in units of 2⁻⁵²(1 + κ) of the place, where κ is how much more a relative change of time or start moves it.
"""

from __future__ import annotations

import ctypes
import json
import math
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from compiled import library, printed

from modeflow import load_chapters
from modeflow.cli.program import main
from modeflow.codegen import passing
from modeflow.codegen.special import written

BOUND = 24.0
HEAD = """
from sympy import Abs, Integer, Rational, Symbol, cosh, exp, log, sqrt, symbols
from modeflow import Dynamics, EqualLayers, Objective

w1, w2, w3 = symbols("w1 w2 w3", real=True)
p, first, w = symbols("p first w", real=True)
lam, k, tau, T1, T2 = symbols("lam k tau T1 T2", positive=True)
t = Symbol("t", nonnegative=True)
start = (Rational(1, 2), Integer(1), Rational(6, 5))
"""
CHAPTERS = {
    "quartic": "Objective(lam / 2 * (1 - w1 * w2) ** 2 + k / 4 * (w1 * w2) ** 4, (w1, w2), t, tau)",
    "deep": "Objective(log(1 + exp(-k * w1 * w2 * w3)), (w1, w2, w3), t, (T1, T2, 1))",
    "repeated": "Objective(lam / 2 * (1 - w1 * w2**2 * w3**3) ** 2, (w1, w2, w3), t, tau)",
    "soft": "Objective(log(cosh(1 - w1 * w2)), (w1, w2), t, tau)",
    "bent": "Objective(sqrt(1 + (1 - w1 * w2) ** 2), (w1, w2), t, tau)",
    "poisson": "EqualLayers(exp(w) - k * w, w, 3, t, tau).solve()",
    "decayed": "EqualLayers(lam / 2 * (1 - w) ** 2 + k * sqrt(w), w, 4, t).solve()",
    "predicted": "Dynamics({p: -lam * first * (p * first - first), first: -lam * p * (p * first - first)}, t)",
    "kink": "Objective(Abs(1 - w1 * w2 * w3), (w1, w2, w3), t).solve(start)",
}
POINTS: dict[str, list[dict[str, float]]] = {
    "quartic": [
        {"w1_0": a, "w2_0": b, "lam": lam, "k": k, "tau": 1.5}
        for a, b in ((0.3, 0.5), (0.5, 0.3), (-0.4, 0.5), (0.5, -0.5), (0.0, 0.5), (1.7, 1.2))
        for lam, k in ((1.3, 0.7), (0.2, 2.0))
    ],
    "deep": [{"w1_0": a, "w2_0": -0.6, "w3_0": 0.9, "k": 0.7, "T1": 1.0, "T2": 2.0} for a in (0.3, -0.3, 0.0)],
    "repeated": [
        {"w1_0": a, "w2_0": 0.8, "w3_0": b, "lam": 1.3, "tau": 1.5} for a, b in ((0.3, 0.9), (-0.1, 0.9), (0.2, -0.9))
    ],
    "soft": [{"w1_0": a, "w2_0": b, "tau": 1.5} for a, b in ((0.3, -0.3), (-0.3, 2.0))],
    "bent": [{"w1_0": a, "w2_0": b, "tau": 1.5} for a, b in ((0.3, 0.5), (0.3, 0.3), (-0.3, 2.0))],
    "poisson": [{"w_0": a, "k": 2.0, "tau": 1.5} for a in (0.1, 0.6, 2.0)],
    "decayed": [{"w_0": a, "lam": 1.3, "k": 0.1} for a in (0.01, 0.3, 2.0)],
    "predicted": [{"p_0": a, "first_0": 0.3, "lam": 1.3} for a in (0.1, -0.1, 0.2)],
    "kink": [{}],
}  # fmt: skip
TIMES = (0.0, 1e-9, 0.3, 1.0, 4.0, 100.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("paths")


def generated(key: str, folder: Path) -> Any:
    """The evaluator of a chapter in Python; those in C and JavaScript are written once, into the folder."""
    if not (file := folder / f"{key}.py").exists():
        file.write_text(f"{HEAD}chapter = {CHAPTERS[key]}.chapter(key={key!r})\n", encoding="utf-8")
        for target in ("c", "javascript"):
            assert main(["generate", str(file), "--target", target, "-o", str(folder)]) == 0
    (chapter,) = load_chapters(file)
    return chapter.claims[f"{key}.{_name(key)}"].evaluator()


def _name(key: str) -> str:
    return "passing_time" if key == "quartic" else "path"


def points(path: Any, key: str) -> list[dict[str, float]]:
    """The time and the letters, in the order of the evaluator's arguments."""
    names = [q.symbol.name for q in path.letters]
    times = (0.0, 0.3, 1.0) if key == "soft" else TIMES  # where its integrals with many digits take no minutes
    return [{"t": time, **{name: at[name] for name in names}} for at in POINTS[key] for time in times]


def wrong(path: Any, at: dict[str, float], found: float) -> float:
    """The error of a place in units; at the last time, where it has come to rest, its distance from there."""
    law = path.law
    with mpmath.workdps(30):
        put = {s: sympy.Rational(at[s.name]) for e in law.expressions for s in e.free_symbols - {law.moving}}
        begun, rate = float(law.begun.xreplace(put)), law._rate(put)
        if found == begun:
            return 0.0 if at["t"] == 0 or rate(mpmath.mpf(begun)) == 0 else math.inf
        speed, first = float(rate(mpmath.mpf(found))), float(rate(mpmath.mpf(begun)))
        moved = 2.0**-52 * (abs(found) + abs(speed) * at["t"] + abs(speed / first * begun))
        if at["t"] == TIMES[-1] and (end := law._rest_ahead(put, mpmath.mpf(begun), mpmath.mpf(first))):
            return float(abs(end - found) / moved)
        return float(abs(law.error(at, "t", found)) / moved)


def place(path: Any, results: list[float]) -> float:
    """The place, which is the unknown itself, a weight, or of four layers their root."""
    forms = list(path.forms.values())
    if path.place is None or path.place in forms:
        return results[0 if path.place is None else forms.index(path.place)]
    assert forms == [path.place**4]
    return float(results[0] ** 0.25)


def compiled(key: str, folder: Path, **put: str) -> Any:
    """The function in C, with a text in the place of another."""
    text = (folder / f"{key}_evaluators.c").read_text(encoding="utf-8")
    for old, new in put.items():
        assert old in text
        text = text.replace(old, new)
    return getattr(library(text, folder), f"{key}_{_name(key)}")


def worst_in_c(key: str, folder: Path, **put: str) -> float:
    path = generated(key, folder)
    called, errors = compiled(key, folder, **put), [0.0]
    for at in points(path, key):
        found = [ctypes.c_double() for _ in path.forms]
        status = called(*map(ctypes.c_double, at.values()), *map(ctypes.byref, found))
        errors.append(wrong(path, at, place(path, [x.value for x in found])) if status == 0 else math.inf)
    return max(errors)


KEYS = [key for key in CHAPTERS if key != "kink"]


@pytest.mark.costly
@pytest.mark.parametrize("key", KEYS)
def test_c_finds_each_place(key: str, folder: Path) -> None:
    assert worst_in_c(key, folder) <= BOUND


@pytest.mark.costly
@pytest.mark.parametrize("key", KEYS)
def test_javascript_finds_each_place(key: str, folder: Path) -> None:
    path = generated(key, folder)
    script = f"""import {{ {key}_{_name(key)} as found }} from "./{key}_evaluators.mjs";
const plain = (values) => (typeof values === "number" ? [values] : Object.values(values));
console.log(JSON.stringify({json.dumps(points(path, key))}.map(({{ t, ...letters }}) => plain(found(t, letters)))));
"""
    found = printed(script, folder)
    errors = [wrong(path, at, place(path, one)) for at, one in zip(points(path, key), found, strict=True)]
    assert max(errors) <= BOUND


@pytest.mark.costly
def test_all_weights_are_those_of_the_evaluator(folder: Path) -> None:
    path = generated("deep", folder)
    called = compiled("deep", folder)
    for at in points(path, "deep"):
        found = [ctypes.c_double() for _ in path.forms]
        assert called(*map(ctypes.c_double, at.values()), *map(ctypes.byref, found)) == 0
        right = path(at["t"], **{name: value for name, value in at.items() if name != "t"})
        assert np.allclose([one.value for one in found], [float(x) for x in right.values()], rtol=1e-14, atol=1e-15)


@pytest.mark.costly
@pytest.mark.parametrize(("key", "old", "new"), [
    ("predicted", "double modeflow_nodes[] = {0.0765", "double modeflow_nodes[] = {0.0766"),
    ("quartic", "depth > 45", "depth > 0"),
    ("soft", "total += ", "total -= "),
    ("soft", "p[o + 4] *= factor", "p[o + 4] *= 1"),
    ("soft", "steps += ", "steps -= "),
    ("quartic", "size = sqrt(p[at])", "size = p[at]"),
])  # fmt: skip
def test_a_mistake_is_seen(key: str, old: str, new: str, folder: Path) -> None:
    generated(key, folder)
    assert worst_in_c(key, folder, **{old: new}) > 2 * BOUND


def test_a_path_ends_at_its_kink(folder: Path) -> None:
    generated("kink", folder)
    called, found = compiled("kink", folder), [ctypes.c_double() for _ in range(4)]
    assert called(ctypes.c_double(0.1), *map(ctypes.byref, found)) == 0
    assert called(ctypes.c_double(5.0), *map(ctypes.byref, found)) == -1


def test_zeros_of_a_polynomial(tmp_path: Path) -> None:
    """Simple and double ones, far apart and near, those of a polynomial that begins with 0, and none."""
    body = "".join(passing.helpers("modeflow_path( modeflow_zeros(").partition(passing.PATH)[:1])
    text = f"#include <math.h>\n{written(body, c=True)}".replace("static ", "")
    found_by, buffer = library(text, tmp_path).modeflow_zeros, (ctypes.c_double * 64)()
    cases = [
        [1.0, -3.0, 2.0],
        [1e-8, -1.0, 1e-8],
        [1.0, -2.0, 1.0],
        [0.0, 1.0, -1.0],
        [1.0, 0.0, 1.0],
        [1.0, -6.0, 11.0, -6.0],
    ]
    rights = [[1.0, 2.0], [1e-8, 1e8], [1.0], [1.0], [], [1.0, 2.0, 3.0]]
    for coefficients, right in zip(cases, rights, strict=True):
        given = (ctypes.c_double * len(coefficients))(*coefficients)
        count = found_by(given, 0, len(coefficients) - 1, buffer, 0)
        assert np.allclose(sorted(set(np.round(buffer[:count], 12))), right, rtol=1e-12)

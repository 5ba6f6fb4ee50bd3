"""Evaluators of a chapter of one's own in C and JavaScript: the numbers, bad input, and texts that would break out."""

from __future__ import annotations

import ctypes
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compiled import library, printed
from sympy import Symbol
from sympy.printing.c import C99CodePrinter

from modeflow import EqualLayers, load_chapters
from modeflow.cli.program import main
from modeflow.codegen.chapter_scalar import functions

CHAPTER = """
from sympy import besselj, exp, log, pi, sqrt
from modeflow import Alphabet, Chapter, Equation

letters = Alphabet()
rate = letters.scalar("int", "\\\\lambda", 'a rate */ abort(); /* of "all" `${x}` \\n\\r \\u2028', positive=True)
t = letters.scalar("t", "t", "time", nonnegative=True)
begun = letters.scalar("u_{0}", "u_0", "start", real=True)
u, v = letters.function("u", "u", "what falls", real=True), letters.function("v", "v", "what rises", real=True)
chapter = Chapter("own", "Falls */", letters)

def satisfied(path, value):
    return [Equation(path.diff(t), value.diff(t), "rate"), Equation(path.func(0), value.subs(t, 0), "start")]

def claim(name, says, *pairs):
    paths, values = zip(*pairs)
    both = [e for pair in pairs for e in satisfied(*pair)]
    one = len(pairs) == 1
    chapter.claim(name, paths[0] if one else paths, values[0] if one else values, says=says, satisfies=both)

falls = begun * exp(-rate * t)
rises = 3 * (1 - exp(-rate * t)) / 7 + log(1 + rate * t) * sqrt(pi) + 2**70 * t
claim("fall", "It falls. */ int x; /*", (u(t), falls))
claim("double", "Both.", (u(t), falls), (v(t), rises))
chapter.claim("part", u(t), sqrt((begun - rate)**2) * exp(-t), says="Given.", given=[begun > rate],
    satisfies=satisfied(u(t), (begun - rate) * exp(-t)))
chapter.claim("wrong", u(t), falls * 2, says="Wrong.", satisfies=satisfied(u(t), falls))
"""
POINTS = [(0.0, 0.7, -2.0), (1e-12, 0.3, 1.0), (2.5, 1.9, 0.4), (40.0, 30.0, 1e-3)]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (path := tmp_path_factory.mktemp("own") / "own.py").write_text(CHAPTER, encoding="utf-8")
    return path


def written(file: Path, target: str) -> Path:
    folder = file.parent / target
    assert main(["generate", str(file), "--target", target, "-o", str(folder)]) == 0
    return folder


def expected(file: Path, name: str) -> list[dict[str, float]]:
    (chapter,) = load_chapters(file)
    path = chapter.claims[f"own.{name}"].evaluator()
    found = [path(time, **{"int": rate, "u_{0}": begun}) for time, rate, begun in POINTS]
    return [one if isinstance(one, dict) else {"u(t)": one} for one in found]


def same(found: list[list[float]], exact: list[dict[str, float]]) -> None:
    assert np.allclose(found, [list(map(float, one.values())) for one in exact], rtol=4e-15, atol=0)


def test_c_computes_what_the_evaluator_does(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(file, "c")
    assert "own.wrong is left out: it is refuted, not proved" in capsys.readouterr().err
    loaded = library((folder / "own_evaluators.c").read_text(encoding="utf-8"), folder)
    assert not hasattr(loaded, "own_wrong")
    for name, count in (("fall", 1), ("double", 2)):
        same([list(called(loaded, name, count, point)[1]) for point in POINTS], expected(file, name))
    assert [called(loaded, "fall", 1, p)[0] for p in ((-1.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, math.inf))] == [
        1,
        2,
        3,
    ]
    status, (value,) = called(loaded, "fall", 1, (1.0, math.nan, 1.0))
    assert (status, math.isnan(value)) == (0, True)
    assert called(loaded, "double", 2, (1e300, 1e300, 1.0))[0] == -1
    assert called(loaded, "part", 1, (0.0, 1.0, 3.0)) == (0, [2.0])
    assert called(loaded, "part", 1, (0.0, 1.0, 0.5))[0] == -2


def called(library: Any, name: str, count: int, point: tuple[float, ...]) -> tuple[int, list[float]]:
    found = [ctypes.c_double() for _ in range(count)]
    status = getattr(library, f"own_{name}")(*map(ctypes.c_double, point), *map(ctypes.byref, found))
    return status, [one.value for one in found]


DRIVER = """
import * as own from "./own_evaluators.mjs";
const points = JSON.parse(process.argv[2]);
const said = (f) => { try { return f(); } catch (e) { return `${e.name}: ${e.message}`; } };
const values = (name) => points.map(([t, int, u__0_]) => own[`own_${name}`](t, { int, u__0_ }));
console.log(JSON.stringify({
  names: Object.keys(own), fall: values("fall"), double: values("double"),
  negative: said(() => own.own_fall(-1, { int: 1, u__0_: 1 })),
  text: said(() => own.own_fall(1, { int: "1", u__0_: 1 })),
  missing: said(() => own.own_fall(1, { int: 1 })),
  infinite: said(() => own.own_double(1e300, { int: 1e300, u__0_: 1 })),
  given: said(() => own.own_part(0, { int: 1, u__0_: 0.5 })), part: own.own_part(0, { int: 1, u__0_: 3 }),
  nan: Number.isNaN(own.own_fall(NaN, { int: 1, u__0_: 1 })),
}));
"""


def test_javascript_computes_what_the_evaluator_does(file: Path) -> None:
    said = printed(DRIVER, written(file, "javascript"), json.dumps(POINTS))
    assert said["names"] == ["own_double", "own_fall", "own_part"]
    same([[value] for value in said["fall"]], expected(file, "fall"))
    same([list(one.values()) for one in said["double"]], expected(file, "double"))
    assert said["negative"] == "RangeError: t = -1: time is >= 0 and finite; give a number >= 0"
    assert said["text"].startswith("TypeError: ")
    assert said["missing"] == "TypeError: u__0_ = undefined: start is a number; give one"
    assert said["infinite"].startswith("RangeError: v(t) has no finite value")
    assert said["given"].startswith("RangeError: the closed form holds where u_{0} > int")
    assert said["part"] == 2
    assert said["nan"]


@pytest.mark.parametrize("target", ["c", "javascript"])
def test_what_would_change_is_shown(file: Path, target: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(file, target)
    check = ["generate", str(file), "--target", target, "-o", str(folder), "--check"]
    assert main(check) == 0
    changed = next(path for path in sorted(folder.glob("own_evaluators.[cm]*")))
    changed.write_text(changed.read_text(encoding="utf-8").replace("exp(-", "exp("), encoding="utf-8")
    capsys.readouterr()
    assert main(check) == 1
    assert "+" in capsys.readouterr().out


def test_what_is_left_out_says_why() -> None:
    h, t = Symbol("h", positive=True), Symbol("t", nonnegative=True)
    deep = EqualLayers(h**70, h, 2, t).solve().evaluator()
    written, left_out = functions("own", {"own.deep": deep}, (), C99CodePrinter)
    assert not written
    assert left_out["own.deep"] == "its rate is a polynomial of degree 69, of more than 60"

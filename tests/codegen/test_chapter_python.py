"""Evaluators of a chapter of one's own, written as Python: the numbers, the bad input, and what is left out."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from modeflow import load_chapters
from modeflow.cli.program import main

CHAPTER = """
from sympy import exp, sqrt, zeta
from modeflow import Alphabet, Chapter, Equation

letters = Alphabet()
rate = letters.scalar("lambda", "\\\\lambda", 'a rate \"\"\" of \\\\ all', positive=True)
t = letters.scalar("t", "t", "time", nonnegative=True)
begun = letters.scalar("u_{0}", "u_0", "start", real=True)
u = letters.function("u", "u", "what falls", real=True)
chapter = Chapter("own", 'Falls \"\"\"', letters)

def falling(name, value):
    chapter.claim(name, u(t), value, says="It falls.", satisfies=[
        Equation(u(t).diff(t), -rate * u(t), "rate"), Equation(u(0), begun, "start")])

falling("fall", begun * exp(-rate * t))
falling("wrong", begun * exp(-2 * rate * t))
falling("strange", begun * exp(-rate * t) * zeta(2 + t) / zeta(2 + t) + 0 * t)
falling("zeta", begun * zeta(3 + t) * exp(-rate * t))
chapter.claim("part", u(t), sqrt((begun - rate)**2) * exp(-t), says="Given.", given=[begun > rate], satisfies=[
    Equation(u(t).diff(t), -u(t), "rate"), Equation(u(0), begun - rate, "start")])
chapter.claim("same", rate + rate, 2 * rate, says="No function.")
"""


def written(folder: Path, text: str = CHAPTER) -> tuple[Path, Path]:
    (file := folder / "own.py").write_text(text, encoding="utf-8")
    return file, folder / "out"


def loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("own_evaluators", path)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module


def test_a_function_for_each_proved_claim(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = written(tmp_path)
    assert main(["generate", str(file), "-o", str(out)]) == 0
    said = capsys.readouterr()
    assert "own_evaluators.py" in said.out
    assert "own.wrong is left out: it is refuted, not proved" in said.err
    assert "own.zeta is left out: zeta in zeta(t + 3) has no counterpart" in said.err
    assert "own.same" not in said.err
    module = loaded(out / "own_evaluators.py")
    assert not hasattr(module, "wrong")
    times = np.linspace(0.0, 3.0, 5)
    ran = solve_ivp(lambda _, x: -1.5 * x, (0, 3), [0.7], t_eval=times, rtol=1e-11, atol=1e-13).y[0]
    assert np.abs(module.fall(times, lambda_=1.5, u__0_=0.7) - ran).max() < 1e-9
    (chapter,) = load_chapters(file)
    own = chapter.claims["own.fall"].evaluator()(times, **{"lambda": 1.5, "u_{0}": [[0.7], [-2.0]]})
    assert np.allclose(module.fall(times, lambda_=1.5, u__0_=[[0.7], [-2.0]]), own, rtol=1e-15)
    with pytest.raises(ValueError, match=r"lambda_ = -1.0: a rate .* is > 0 and finite; give values > 0"):
        module.fall(1.0, lambda_=-1.0, u__0_=1.0)
    assert module.part(0.0, lambda_=1.0, u__0_=[3.0, float("nan")]).tolist()[0] == 2.0
    with pytest.raises(ValueError, match=r"the closed form holds where u_\{0\} > lambda; give values"):
        module.part(0.0, lambda_=1.0, u__0_=[3.0, 0.5])
    with pytest.raises(TypeError, match=r"u__0_"):
        module.fall(1.0, lambda_=1.0)


def test_what_would_change_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = written(tmp_path)
    assert main(["generate", str(file), "-o", str(out)]) == 0
    assert main(["generate", str(file), "-o", str(out), "--check"]) == 0
    (path := out / "own_evaluators.py").write_text(path.read_text().replace("numpy.exp(-", "numpy.exp("))
    capsys.readouterr()
    assert main(["generate", str(file), "-o", str(out), "--check"]) == 1
    assert "+" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "add -o DIR"),
        (
            ["-o", "out", "--target", "julia"],
            "--target julia: the evaluators of a chapter are written as python",
        ),
        (["-o", "nowhere", "--check"], "nowhere: no such directory"),
    ],
)
def test_what_is_missing_is_said(
    more: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file, _ = written(tmp_path, "from modeflow import Alphabet, Chapter\nchapter = Chapter('own', 'Own', Alphabet())\n")
    assert main(["generate", str(file), *more]) == 2
    assert said in capsys.readouterr().err

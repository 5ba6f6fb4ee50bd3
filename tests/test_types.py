"""What a user's type checker sees: arrays where there are arrays, and an error for a name that is not there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import modeflow

pytest.importorskip("mypy", reason="mypy is not installed: the types of the surface are not checked")

USER = """\
import modeflow
from modeflow import manuscript

reveal_type(modeflow.strength([0.0, 1.0], 1.0, w1=0.1, w2=0.1))
reveal_type(modeflow.weights(1.0, 1.0, w1=0.1, w2=0.1))
reveal_type(modeflow.loss(1.0, 1.0, w1=0.1, w2=0.1))
reveal_type(modeflow.fixed_point([1.0, 2.0]))
reveal_type(modeflow.learning_time(0.5, 1.0, w1=0.1, w2=0.1))
reveal_type(modeflow.strength_grad(1.0, 1.0, w1=0.1, w2=0.1)["lam"])
reveal_type(modeflow.recommend([1.0], keep=0.5).noise.strengths)
reveal_type(modeflow.time_constants([1.0], lr=0.1))
reveal_type(modeflow.train([1.0], lr=0.1, epochs=1).strength)
reveal_type(modeflow.fit([1.0], [1.0], estimate="lam", w1=0.1, w2=0.1).covariance)
reveal_type(modeflow.data.load("images.npy"))
reveal_type(modeflow.claim("dae.fixed_point").verify().status)
reveal_type(manuscript.check(["paper.tex"])[0].verdict)
modeflow.streng
manuscript.chek
modeflow.strength(1.0, 1.0)
"""
ARRAY = re.compile(r"(numpy\.)?ndarray\[(builtins\.)?tuple\[[^\]]*\], (numpy\.)?dtype\[(numpy\.)?float64\]\]")
PAIR = re.compile(rf"(builtins\.)?tuple\[{ARRAY.pattern}, {ARRAY.pattern}\]")
WORDS = re.compile(r"('\w+' \| )+'\w+'|Union\[.*\]|.*Literal\[.*")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[str]]:
    """Line of the user's file → what mypy says there."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "user.py").write_text(USER, encoding="utf-8")
    package = Path(modeflow.__file__).parents[1]
    found = {} if package.name == "site-packages" else {"MYPYPATH": str(package)}
    call = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--no-error-summary", "user.py"]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False, env=_environment() | found)
    assert done.returncode == 1, done.stdout + done.stderr
    lines: dict[int, list[str]] = {}
    for line in done.stdout.splitlines():
        place = re.match(r"user\.py:(\d+): (.*)", line)
        assert place, line
        lines.setdefault(int(place[1]), []).append(place[2])
    return lines


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "MYPYPATH"}


def revealed(said: dict[int, list[str]], start: str) -> str:
    (line,) = (n for n, text in enumerate(USER.splitlines(), 1) if text.startswith(start))
    (note,) = said[line]
    found = re.match(r'note: Revealed type is "(.*)"', note)
    assert found, note
    return found[1]


@pytest.mark.parametrize(
    "call",
    [
        "modeflow.strength(",
        "modeflow.loss",
        "modeflow.fixed_point",
        "modeflow.learning_time",
        "modeflow.strength_grad",
        "modeflow.recommend",
        "modeflow.time_constants",
        "modeflow.train",
        "modeflow.fit(",
        "modeflow.data.load",
    ],
)
def test_results_are_arrays(said: dict[int, list[str]], call: str) -> None:
    assert ARRAY.fullmatch(revealed(said, f"reveal_type({call}")), said


def test_weights_are_two_arrays(said: dict[int, list[str]]) -> None:
    assert PAIR.fullmatch(revealed(said, "reveal_type(modeflow.weights")), said


@pytest.mark.parametrize("call", ["modeflow.claim", "manuscript.check"])
def test_verdicts_are_words(said: dict[int, list[str]], call: str) -> None:
    assert WORDS.fullmatch(revealed(said, f"reveal_type({call}")), said


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("modeflow.streng", "attr-defined"),
        ("manuscript.chek", "attr-defined"),
        ("modeflow.strength(1.0, 1.0)", "call-arg"),
    ],
)
def test_what_is_not_there_is_an_error(said: dict[int, list[str]], line: str, code: str) -> None:
    assert f"[{code}]" in said[USER.splitlines().index(line) + 1][0]

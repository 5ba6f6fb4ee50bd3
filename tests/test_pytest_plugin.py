"""`pytest --modeflow`: claims and marked equations as tests, and no trace of them without the option."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

CHAPTER = """
from sympy import cosh, sinh
from modeflow import Alphabet, Chapter

letters = Alphabet()
x = letters.scalar("x", "x", "any number", real=True)
chapter = Chapter("mine", "Mine", letters)
chapter.claim("false", cosh(x)**2 + sinh(x)**2, 1, says="Not a hyperbola.")
chapter.claim("true", cosh(x)**2 - sinh(x)**2, 1, says="A hyperbola.")
chapter.claim("shown", cosh(x), sinh(x), says="An error.", expects="refuted")
"""


@pytest.fixture
def mine(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(mine_chapter=CHAPTER)
    return pytester


def run(where: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return where.runpytest_subprocess("-p", "no:randomly", *arguments)


def test_a_failure_shows_statement_witness_and_where(mine: pytest.Pytester) -> None:
    result = run(mine, "--modeflow", "-v")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["mine_chapter.py::mine.false FAILED*", "mine_chapter.py::mine.true PASSED*"])
    statement = "  sinh(x)[*][*]2 + cosh(x)[*][*]2 = 1"
    said = ["mine.false: Not a hyperbola.", statement, "  refuted: at x = *", "*mine_chapter.py:7: refuted"]
    result.stdout.fnmatch_lines(said)
    assert "Traceback" not in result.stdout.str()


def test_an_error_kept_on_show_that_is_true_fails(pytester: pytest.Pytester) -> None:
    stated = CHAPTER.replace('says="A hyperbola."', 'says="A hyperbola.", expects="refuted"')
    pytester.makepyfile(mine_chapter=stated)
    result = run(pytester, "--modeflow", "-k", "mine.true")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(["  proved: *(stated refuted)"])


def test_it_works_with_k_x_and_last_failed(mine: pytest.Pytester) -> None:
    run(mine, "--modeflow", "-k", "true").assert_outcomes(passed=1, deselected=2)
    run(mine, "--modeflow", "-x").assert_outcomes(failed=1)
    run(mine, "--modeflow", "--lf").assert_outcomes(failed=1)
    run(mine, "--modeflow", "mine_chapter.py::mine.true").assert_outcomes(passed=1)


def test_it_works_with_xdist(mine: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    run(mine, "--modeflow", "-n", "2").assert_outcomes(passed=2, failed=1)


def test_a_chapter_that_cannot_be_read_fails_the_run_with_its_line(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(bad_chapter="x = 1\nx / 0\n")
    result = run(pytester, "--modeflow")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*bad_chapter.py:2: ZeroDivisionError: division by zero"])
    assert "Traceback" not in result.stdout.str()


def test_without_the_option_nothing_is_collected(mine: pytest.Pytester) -> None:
    mine.makefile(".tex", paper=r"% modeflow: dae.fixed_point")
    assert run(mine).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_plugin_loads_nothing_before_it_is_asked() -> None:
    program = """
import sys, pytest
before = set(sys.modules)
import modeflow.pytest_plugin
print(sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['modeflow', 'modeflow.pytest_plugin']"


PAPER = r"""\documentclass{article}\begin{document}
% modeflow: dae.fixed_point
\begin{equation} w^* = WHAT \end{equation}
\end{document}
"""


def test_a_paper_without_marks_is_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makefile(".tex", paper=r"\[ 1 = 2 \]")
    assert run(pytester, "--modeflow").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_marked_equations_are_tests(pytester: pytest.Pytester) -> None:
    if importlib.util.find_spec("modeflow.manuscript") is None:
        pytest.skip("modeflow.manuscript, which reads papers, is not in this version")
    pytester.makefile(".toml", modeflow='[manuscript]\nnotation = "pretorius2018"\n')
    right, wrong = (rf"\frac{{\lambda}}{{\lambda + {noise}}}" for noise in (r"\varepsilon", r"2\varepsilon"))
    pytester.makefile(".tex", right=PAPER.replace("WHAT", right), wrong=PAPER.replace("WHAT", wrong))
    result = run(pytester, "--modeflow", "-v")
    result.stdout.fnmatch_lines(["right.tex::dae.fixed_point PASSED*", "wrong.tex::dae.fixed_point FAILED*"])
    result.stdout.fnmatch_lines(["*wrong.tex:3:*: wrong"])


def test_equations_are_compared_once_and_kept(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = pytester.path / "kept"
    monkeypatch.setenv("MODEFLOW_CACHE_DIR", str(kept))
    pytester.makefile(".toml", modeflow='[manuscript]\nnotation = "pretorius2018"\n')
    pytester.makefile(".tex", paper=PAPER.replace("WHAT", r"\frac{\lambda}{\lambda + \varepsilon}"))
    run(pytester, "--modeflow").assert_outcomes(passed=1)
    (record,) = (kept / "equations").rglob("*.json")
    changed = record.read_text(encoding="utf-8").replace('"ok"', '"wrong"')
    record.write_text(changed, encoding="utf-8")
    run(pytester, "--modeflow", "-n", "2").assert_outcomes(failed=1)  # what is kept is what is told


@pytest.mark.skipif(importlib.util.find_spec("modeflow.manuscript") is not None, reason="papers can be read here")
def test_a_marked_paper_that_cannot_be_checked_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makefile(".tex", paper=PAPER)
    result = run(pytester, "--modeflow")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*paper.tex: this version of modeflow checks no manuscripts"])

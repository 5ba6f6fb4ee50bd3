"""`pytest --modeflow`: claims and marked equations as tests, and no trace of them without the option."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import daily
import pytest

from modeflow.cli import pytest_plugin
from modeflow.cli.program import main
from modeflow.manuscript import check
from modeflow.statements import kept

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


def run(where: pytest.Pytester, *arguments: str, alone: bool = False) -> pytest.RunResult:
    """pytest in the folder; alone: in a process of its own, which imports everything anew."""
    assert callable(check)  # the engine is loaded, once for all that run here
    start = where.runpytest_subprocess if alone else where.runpytest_inprocess
    return start("-p", "no:randomly", *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--modeflow", "--modeflow-time-limit", "-1"], "-1 is not > 0"),
        (["--modeflow", "--modeflow-chapters", "none.py"], "--modeflow-chapters none.py: there is no such file"),
        (["--modeflow-chapters", "none.py"], "--modeflow-chapters none.py: goes with --modeflow; add it"),
    ],
)
def test_options_that_cannot_be_are_refused_before_anything_is_collected(
    pytester: pytest.Pytester, arguments: list[str], said: str
) -> None:
    result = pytester.runpytest_subprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in result.stderr.str()


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


@pytest.mark.costly
def test_it_works_with_xdist(mine: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    run(mine, "--modeflow", "-n", "2", alone=True).assert_outcomes(passed=2, failed=1)


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
import modeflow.cli.pytest_plugin
print(sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['modeflow', 'modeflow._surface', 'modeflow.cli', 'modeflow.cli.pytest_plugin']"


PAPER = r"""\documentclass{article}\begin{document}
% modeflow: dae.fixed_point
\begin{equation} w^* = WHAT \end{equation}
\end{document}
"""


def test_a_paper_without_marks_is_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makefile(".tex", paper=r"\[ 1 = 2 \]")
    assert run(pytester, "--modeflow").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_marked_equations_are_tests(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", modeflow='[manuscript]\nnotation = "pretorius2018"\n')
    right, wrong = (rf"\frac{{\lambda}}{{\lambda + {noise}}}" for noise in (r"\varepsilon", r"2\varepsilon"))
    pytester.makefile(".tex", right=PAPER.replace("WHAT", right), wrong=PAPER.replace("WHAT", wrong))
    result = run(pytester, "--modeflow", "-v")
    result.stdout.fnmatch_lines(["right.tex::dae.fixed_point PASSED*", "wrong.tex::dae.fixed_point FAILED*"])
    result.stdout.fnmatch_lines(["*wrong.tex:3:*: wrong"])


@pytest.mark.costly
def test_equations_are_compared_once_and_kept(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = pytester.path / "kept"
    monkeypatch.setenv("MODEFLOW_CACHE_DIR", str(folder))
    monkeypatch.setenv(kept.KEY, "a key of this test, long enough to be one")
    pytester.makefile(".toml", modeflow='[manuscript]\nnotation = "pretorius2018"\n')
    pytester.makefile(".tex", paper=PAPER.replace("WHAT", r"\frac{\lambda}{\lambda + \varepsilon}"))
    run(pytester, "--modeflow").assert_outcomes(passed=1)
    (record,) = (folder / "equations").rglob("*.json")
    found = kept.record(record, "comparison")
    kept.keep(record, "comparison", found | {"verdict": "wrong"})
    run(pytester, "--modeflow", alone=True).assert_outcomes(failed=1)  # what this user kept is what is told
    record.write_bytes(record.read_bytes().replace(b'"wrong"', b'"ok"'))
    run(pytester, "--modeflow").assert_outcomes(passed=1)  # and what another wrote there is not
    assert kept.record(record, "comparison") == found


# The command and the plugin -------------------------------------------------------------------------------

RECORDS = """
import json, pathlib, pytest, sys

TOLD = []

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        file, line, _ = item.location
        TOLD.append([file, line + 1, item.name, report.outcome, str(report.longrepr or "")])
    return report

def pytest_sessionfinish(session):
    loaded = [name for name in ("sympy", "modeflow.manuscript.pipeline") if name in sys.modules]
    worker = sys.modules.get("modeflow.proof.worker")  # which loads SymPy
    provers = len(worker._started) if worker else 0
    pathlib.Path("told.json").write_text(json.dumps({"told": TOLD, "loaded": loaded, "provers": provers}))
"""
RIGHT, WRONG = (rf"w^* = \frac{{\lambda}}{{\lambda + {noise}}}" for noise in (r"\varepsilon", r"2\varepsilon"))
SECTION = rf"""% modeflow: dae.fixed_point
\[ w^* = \q \]
% modeflow: dae.fixed_point
\[ {WRONG} \]
% modeflow: dae.fixed_pont
\[ {RIGHT} \]
"""
MAIN = r"""\newcommand{\q}{\frac{\lambda}{\lambda + \varepsilon}}
\input{sections/one} \input{sections/two}
% modeflow: ignore -- an example
\[ w = 1 \]
\[ w = 2 \]
"""


def told(where: pytest.Pytester, alone: bool = False) -> dict[str, Any]:
    """What the tests of a tree say; alone: in a process of their own."""
    where.makeconftest(RECORDS)
    run(where, "--modeflow", "-p", "no:cacheprovider", "-p", "no:xdist", alone=alone)
    found: dict[str, Any] = json.loads((where.path / "told.json").read_text(encoding="utf-8"))
    return found


def by_plugin(where: pytest.Pytester) -> list[tuple[str, int, bool]]:
    """Places of equations, and whether they passed, as tests tell them."""
    places = []
    for file, line, name, outcome, said in told(where)["told"]:
        if name.startswith(("requires ", "label ")) and outcome == "passed":
            continue  # that a claim is stated, or a label borne, is no finding
        place = re.search(r"(?m)^([^:\n]*):(\d+):\d+: \w+\Z", said)  # where reading stopped
        places.append((place[1], int(place[2]), False) if place else (file, line, outcome == "passed"))
    return sorted(places)


def by_command(where: pytest.Pytester, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int, bool]]:
    """The same as `modeflow check` tells them of all manuscripts in the tree."""
    endings = (".tex", ".md", ".ipynb")
    files = sorted(str(p.relative_to(where.path)) for p in where.path.rglob("*") if p.suffix in endings)
    capsys.readouterr()
    main(["check", *files, "--output-format", "json"])
    found = json.loads(capsys.readouterr().out)
    passed_over = ("ignored", "unchecked", "unread", "empty")
    return sorted(
        (f["file"], f["line_in_file"] or f["line"], f["verdict"] == "ok")
        for f in found
        if f["verdict"] not in passed_over
    )


def tree(where: pytest.Pytester, draw: random.Random) -> None:
    """A paper with sections and macros, Markdown, a notebook, a configuration with labels and what is required."""
    marked = [f"% modeflow: dae.fixed_point\n\\[ {one} \\]\n" for one in (RIGHT, WRONG, r"w^* = \foo", "w^* = w^*")]
    labelled = rf"\begin{{equation}} {draw.choice([RIGHT, WRONG])} \label{{eq:q}} \end{{equation}}"
    html = "<!-- modeflow: dae.fixed_point -->\n$$" + draw.choice([RIGHT, WRONG]) + "$$\n"
    cells = [{"cell_type": "markdown", "source": html}, {"cell_type": "code", "source": "x"}]
    contents = {
        "main.tex": MAIN,
        "sections/one.tex": SECTION + "\\input{sections/deep}\n",
        "sections/two.tex": draw.choice(marked),
        "sections/deep.tex": "\\[ w^* = \\q \\label{eq:q} \\]\n",
        "alone.tex": draw.choice(marked) * 2,
        "labelled.tex": labelled,
        "plain.tex": "\\[ 1 = 2 \\]",
        "cycle/a.tex": "\\input{b}" + draw.choice(marked),
        "cycle/b.tex": "\\input{a}" + draw.choice(marked),
        "notes.md": html,
        "notes.ipynb": json.dumps({"nbformat": 4, "cells": cells}, indent=1),
    }
    contents = {name: text for name, text in contents.items() if name == "main.tex" or draw.random() < 0.8}
    configuration = ["[manuscript]", 'notation = "pretorius2018"']
    if draw.random() < 0.5:
        configuration.append(f"require = {draw.sample(['dae.fixed_point', 'dae.balanced'], draw.randint(1, 2))}")
    if draw.random() < 0.7:
        configuration.append('labels = { "eq:q" = "dae.fixed_point" }')
    contents["modeflow.toml"] = "\n".join(configuration)
    for name, text in contents.items():
        path = where.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("number", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, 5))])
def test_the_plugin_and_the_command_find_the_same(
    pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    tree(pytester, random.Random(daily.seed(number)))
    tests, command = by_plugin(pytester), by_command(pytester, capsys)
    assert tests == command
    assert any(passed for *_, passed in tests) or not all(passed for *_, passed in tests)


@pytest.mark.parametrize("mend", ["_is_part", "_is_wanted"])
def test_without_the_mends_they_differ(
    pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, mend: str
) -> None:
    tree(pytester, random.Random(2))
    for name in ("sections/one.tex", "sections/deep.tex"):
        (pytester.path / name).write_text(SECTION if "one" in name else "", encoding="utf-8")
    (pytester.path / "labelled.tex").write_text(rf"\[ {WRONG} \label{{eq:q}} \]", encoding="utf-8")
    labels = '[manuscript]\nnotation = "pretorius2018"\nlabels = { "eq:q" = "dae.fixed_point" }\n'
    (pytester.path / "modeflow.toml").write_text(labels, encoding="utf-8")
    broken: dict[str, Callable[..., bool]] = {
        "_is_part": lambda self, path, parent: False,
        "_is_wanted": lambda self, path: b"modeflow:" in path.read_bytes(),
    }
    monkeypatch.setattr(pytest_plugin.Run, mend, broken[mend])
    assert by_plugin(pytester) != by_command(pytester, capsys)


@pytest.mark.costly
def test_a_tree_without_marks_costs_no_engine(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", modeflow='[manuscript]\nnotation = "pretorius2018"\n')
    for number in range(300):
        folder = pytester.path / str(number % 3)
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.tex").write_text(rf"\input{{{number}}} \[ 1 = 2 \]", encoding="utf-8")
    assert told(pytester, alone=True) == {"told": [], "loaded": [], "provers": 0}
    (pytester.path / "marked.tex").write_text(f"% modeflow: dae.fixed_point\n$ {RIGHT} $", encoding="utf-8")
    pytester.makefile(".toml", modeflow='[manuscript]\nnotation = "pretorius2018"\n')
    assert "sympy" in told(pytester, alone=True)["loaded"]


@pytest.mark.costly
def test_all_papers_are_judged_by_one_set_of_provers(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("MODEFLOW_CACHE_DIR", str(tmp_path_factory.mktemp("empty")))
    pytester.makefile(".toml", modeflow='[manuscript]\nnotation = "pretorius2018"\n')
    for number in range(2 * (os.cpu_count() or 1) + 3):
        text = f"% modeflow: dae.fixed_point\n\\[ {RIGHT} + {number} - {number} \\]"
        (pytester.path / f"p{number}.tex").write_text(text, encoding="utf-8")
    found = told(pytester, alone=True)
    assert len(found["told"]) == 2 * (os.cpu_count() or 1) + 3
    assert 1 <= found["provers"] <= (os.cpu_count() or 1)


# What cannot be read --------------------------------------------------------------------------------------


def test_a_bad_configuration_is_one_failing_test(pytester: pytest.Pytester) -> None:
    good = pytester.mkdir("good")
    (good / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    (good / "right.tex").write_text(PAPER.replace("WHAT", RIGHT.partition("=")[2]), encoding="utf-8")
    for folder, text in (("deep", "x = " + "[" * 2000), ("odd", "[manuscript]\nnotation = 'nobody'\n")):
        bad = pytester.mkdir(folder)
        (bad / "modeflow.toml").write_text(text, encoding="utf-8")
        for name in ("a.tex", "b.tex", "c.md"):
            (bad / name).write_text(PAPER, encoding="utf-8")
    result = run(pytester, "--modeflow")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*deep/modeflow.toml: is not read: line 1 has brackets more than 64 deep; *"])
    assert "Traceback" not in result.stdout.str()


def test_an_odd_file_is_one_failing_test(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", modeflow='[manuscript]\nnotation = "pretorius2018"\n')
    (pytester.path / "right.tex").write_text(PAPER.replace("WHAT", RIGHT.partition("=")[2]), encoding="utf-8")
    (pytester.path / "latin.tex").write_bytes(b"caf\xe9 % modeflow: dae.fixed_point\n")
    (pytester.path / "wide.tex").write_bytes(PAPER.encode("utf-16"))
    (pytester.path / "notes.ipynb").write_text("[" * 5000 + "modeflow:", encoding="utf-8")
    huge = pytester.path / "huge.tex"
    huge.touch()
    os.truncate(huge, 5 * 2**30)
    (pytester.path / "main.tex").write_text("\\input{device}\n% modeflow: prove\n$x = x$", encoding="utf-8")
    (pytester.path / "device.tex").symlink_to("/dev/zero")
    result = run(pytester, "--modeflow")
    result.assert_outcomes(passed=1, failed=5)
    result.stdout.fnmatch_lines(["device.tex: a device, where a regular file is needed; give the path of a file"])
    assert "Traceback" not in result.stdout.str()


def test_reports_steer_no_terminal(pytester: pytest.Pytester) -> None:
    for text in ("\x1b[2J", "::error file=a.py::x", "\u202ex\r::stop-commands::t", "##[error]x"):
        paper = f"% modeflow: {text}\n$ {text} = 1 $\n% modeflow: prove\n\\[ \\foo{{{text}}} = 1 \\]\n"
        (pytester.path / f"{text.replace('/', '')}.tex").write_text(paper, encoding="utf-8")
    (pytester.path / "mine_chapter.py").write_text(CHAPTER.replace("Not a hyperbola.", "\\x1b[2J\\n::error::x"))
    result = run(pytester, "--modeflow", "-v")
    said = result.stdout.str()
    assert result.parseoutcomes()["failed"] == 9
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]|^\\s*::|##\\[", said, re.MULTILINE)

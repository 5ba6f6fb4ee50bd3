"""Manuscripts from strangers: nothing in them is executed, and none of them takes long."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from sympy import Expr, Symbol, expand

from modeflow.manuscript import check, configuration, first_configuration
from modeflow.manuscript.mean.meaning import Reader
from modeflow.manuscript.read.formula_trees import Node
from modeflow.manuscript.read.grammar import statement
from modeflow.manuscript.text.tokens import Macro, Unparsed, tokens

NOTATION = configuration({"notation": "pretorius2018"}, "test")
SIZE = 64 * 1024

WATCHED = r"""
import json, sys
from pathlib import Path
from modeflow.manuscript import check, configuration, first_configuration

folder = Path(sys.argv[1])
chosen = configuration({"notation": "pretorius2018"}, "test")
events = []

WORKER = [sys.executable, "-P", "-c", "from modeflow.proof.worker import serve; serve()"]
FORBIDDEN = ("exec", "compile", "import", "os.system", "os.exec", "os.posix_spawn", "pickle.find_class")

def watch(event, arguments):
    if event in FORBIDDEN or (event == "subprocess.Popen" and arguments[1] != WORKER):
        events.append([event, str(arguments[:2])])
    elif event == "open" and not isinstance(arguments[0], int):
        events.append([event, str(arguments[0])])

check([folder / "warm.tex"], chosen, jobs=1)
first_configuration([folder / "warm.tex"])
sys.addaudithook(watch)
found = check([folder / "paper.tex", folder / "paper.md"], chosen, jobs=1)
first_configuration([folder / "paper.tex"])
print(json.dumps({"events": events, "verdicts": [f.verdict for f in found]}))
"""

HOSTILE = r"""
\newcommand{\x}{__import__("os").system("touch owned")}
\input{../outside} \input{/etc/passwd} \include{part}
% modeflow: prove
\[ \x = 1 \]
% modeflow: define A = exec(open("x").read())
% modeflow: dae.fixed_point
\[ w^* = \frac{\lambda}{\lambda+\varepsilon} \]
% modeflow: dae.fixed_point
\[ w^* = \frac{\lambda}{\lambda-\varepsilon} \]
% modeflow: dae.balanced
\[ \ln\frac{w}{w_0} = 1 \]
% modeflow: prove
\[ \write18{touch owned} = \immediate \]
% modeflow: __class__.__mro__
\[ x = x \]
"""


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    script = WATCHED.replace("found = check(", "eval('1'); open('/dev/null'); import this; found = check(")
    (tmp_path / "warm.tex").write_text("$x$")
    (tmp_path / "paper.tex").write_text("$x$")
    (tmp_path / "paper.md").write_text("$x$")
    run = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    seen = {event for event, what in json.loads(run.stdout.splitlines()[-1])["events"] if "paper" not in what}
    assert seen >= {"compile", "exec", "open", "import"}


def test_nothing_in_a_manuscript_is_executed_or_opened(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    (tmp_path / "outside.tex").write_text("% modeflow: prove\n$x = x$")
    (folder / "part.tex").write_text("% modeflow: prove\n$x + x = 2x$")
    (folder / "warm.tex").write_text(HOSTILE)
    (folder / "paper.tex").write_text(HOSTILE)
    (folder / "paper.md").write_text('<!-- modeflow: prove -->\n$$ open("x") = 1 $$\n')
    run = subprocess.run([sys.executable, "-c", WATCHED, str(folder)], capture_output=True, text=True, check=True)
    seen = json.loads(run.stdout)
    known = {str(folder / name) for name in ("paper.tex", "paper.md", "part.tex")}
    others = [(event, what) for event, what in seen["events"] if event != "open" or what not in known]
    assert others == []
    assert sorted(seen["verdicts"]) == ["ok", "ok", "unknown", *["unparsed"] * 4, "wrong", "wrong"]
    assert not list(tmp_path.rglob("owned"))


PATTERNS = [
    *(
        "{",
        "}",
        "(",
        "\\frac{",
        "\\sqrt",
        "x^{",
        "-",
        "\\left(",
        "\\dot",
        "\\over ",
        "w(",
        "w(w+",
        "\\sinh ",
        "a/",
        "^_",
        "'",
    ),
    *(
        "~",
        "`",
        " ",
        "\n",
        "\\[",
        "$",
        "\\begin{align}",
        "<!--",
        "\\newcommand{\\m}{",
        "\\iffalse ",
        "\\label{a}",
        "\\\\[",
    ),
    *(
        "% modeflow: prove\n",
        "<!-- modeflow: prove -->",
        "\\newcommand" + " " * 3000,
        "\\end{aligned} " + " " * 3000 + "x",
    ),
]


@pytest.mark.costly
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("suffix", [".tex", ".md"])
def test_large_inputs_are_read_or_refused(tmp_path: Path, pattern: str, suffix: str) -> None:
    many = (pattern * (SIZE // len(pattern)))[:SIZE]
    path = tmp_path / f"paper{suffix}"
    for text in (
        many,
        f"% modeflow: prove\n\\begin{{align}}{many}\\end{{align}}",
        f"<!-- modeflow: prove --> $x = {many}$",
    ):
        path.write_text(text)
        first_configuration([path])
        assert all(f.verdict in ("unparsed", "undecided") and f.reason for f in check([path], NOTATION, jobs=1))


def read(text: str, macros: dict[str, Macro] | None = None) -> None:
    reader = Reader(NOTATION.notation, {}, {}, {})
    for side in statement(tokens(text, 0, macros), NOTATION.notation.names()).sides:
        reader.read(side)


def test_macros_that_expand_to_nothing_are_bounded() -> None:
    names = "abcdefghijklmnopqr"
    macros = {f"\\{a}": Macro(0, f"\\{b}" * 3) for a, b in pairwise(names)} | {"\\r": Macro(0, "")}
    with pytest.raises(Unparsed, match="macros"):
        read(r"x = \a", macros)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + " ".join(r"9^{64}\cdot" for _ in range(500)) + "1",
        r"x = \frac{d}{dt}\left(" + "".join(f"(w(t)+{n})" for n in range(400)) + r"\right)",
        r"x = \frac{d^2}{dt^2}\left(" + "".join(f"(w(t)+{n})" for n in range(40)) + r"\right)",
        r"x = \sinh\sinh\sinh\sinh 9",
        "x = " + r"\cos\tan" * 12 + " 3",
        r"x = e^{e^{e^{9}}}",
        r"x = 1+\cos\left(9^{9}\right)",
        r"x = \sum_{i=1}^{3}\sum_{j=1}^{60}\sum_{k=1}^{60} ijk",
        r"x = \sum_{i=1}^{65} i",
        "x = " + r"\log" * 400 + " x",
        r"w^* = " + r"\sech" * 30 + " w^*",
        "x = " + "+".join(rf"\sinh\ln\cosh({n}-\lambda)" for n in range(30)),
        "x = " + r"\int_0^1 " * 500 + "x",
        "x = " + r"\int_0^1 " * 20 + "x" + r"\,dx" * 20,
    ],
)
def test_growth_is_bounded(text: str) -> None:
    with pytest.raises(Unparsed):
        read(text)


def test_towers_of_exponentials_are_not_evaluated(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    tower = "e^{" * 5 + "9^{30} x" + "}" * 5
    path.write_text(r"% modeflow: prove" + "\n" + rf"\[ \ln\left({tower} - 1\right) = \ln({tower}) \]")
    (found,) = check([path], NOTATION, time_limit=3.0)
    assert found.verdict in ("undecided", "wrong")


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000 + "b", "a\0b", ".", ".." * 5, "/" * 5000])
def test_an_input_that_no_file_can_be_is_passed_over(tmp_path: Path, name: str) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(f"\\input{{{name}}}\n% modeflow: prove\n\\[ \\lambda = \\lambda + 0 \\]\n")
    assert [f.verdict for f in check([path], NOTATION, jobs=1)] == ["ok"]


def test_the_search_for_a_real_part_ends_at_the_limit(tmp_path: Path) -> None:
    """SymPy would look for that of the argument of tanh for minutes."""
    path = tmp_path / "paper.tex"
    path.write_text(
        "% modeflow: prove\n"
        r"\[ x = \coth\frac{w_1}{\tanh\sqrt{\frac{(w_1^2+a-(\frac{a}{w_1})^2)(\lambda-\varepsilon+w_1)"
        r"(a^3+\varepsilon)}{b(2-(\frac{w_1\cdot(1+w_1)}{((\varepsilon\lambda)^2+w_1)(w_1+\lambda)})^3-a)^3}}} \]",
        encoding="utf-8",
    )
    begin = time.monotonic()
    (found,) = check([path], NOTATION, time_limit=0.3, jobs=1)
    assert time.monotonic() - begin < 60
    assert found.verdict == "undecided"
    assert "stopped at the limit of 0.9 s" in found.reason


def test_what_the_checker_calculates_itself_ends_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only proofs have a limit, which is that of another process."""

    def hangs(self: Reader, node: Node) -> Expr:
        while True:
            list(map(abs, range(100)))
            expand(Symbol("x") + 1)

    monkeypatch.setattr(Reader, "_function", hangs)
    path = tmp_path / "paper.tex"
    path.write_text(
        "% modeflow: define \\Xi = \\ln\\lambda\n% modeflow: dae.fixed_point\n"
        "\\[ w^* = \\ln \\lambda \\]\n% modeflow: prove\n\\[ \\ln\\lambda = 0 \\]\n% modeflow: steps\n"
        "\\[ \\lambda^2 = \\ln\\lambda = \\lambda^3 \\]\n% modeflow: dae.fixed_point\n"
        "\\[ w^* = \\frac{\\lambda}{\\lambda + \\varepsilon} \\]\n",
        encoding="utf-8",
    )
    begin = time.monotonic()
    found = check([path], NOTATION, time_limit=0.2, jobs=2)
    assert time.monotonic() - begin < 60
    assert [finding.verdict for finding in found] == [*["unparsed"], *["undecided"] * 4, "ok"]
    assert all("stopped at the limit of 0.6 s" in finding.reason for finding in found[:-1])

"""Notebooks: they say what the pages say, and build in SymPy what they say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import daily
import pytest
from sympy import Function, Integer, MatrixSymbol, Mul, Rational, Symbol, exp, log, sqrt

from modeflow import Alphabet, chapters, claims
from modeflow.cli.program import main
from modeflow.language.verdict import Verdict
from modeflow.typeset.excerpt import excerpt
from modeflow.typeset.markdown import markdown
from modeflow.typeset.notebook import notebook
from modeflow.typeset.python import Code, Unprintable, imported

ALL = tuple(chapters().values())


def cells(text: str, kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == kind]


def test_a_notebook_is_in_format_4_and_says_what_the_markdown_says() -> None:
    chapter = chapters()["dae"]
    verdicts = dict.fromkeys(chapter.claims, Verdict("proved", "tower"))
    text = notebook([chapter], verdicts)
    content = json.loads(text)
    assert (content["nbformat"], type(content["nbformat_minor"]), type(content["metadata"])) == (4, int, dict)
    for cell in content["cells"]:
        own = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "metadata", "source"} | own
        assert all("\n" not in line[:-1] for line in cell["source"])
    *told, last = cells(text, "markdown")
    assert last.startswith("## The evaluators")
    assert "\n\n".join(told) + "\n" == markdown([chapter], verdicts)


def run(text: str, namespace: dict[str, Any], verify: bool = False) -> None:
    """The cells in this process: without the last, which draws, and unless asked without proofs."""
    for code in cells(text, "code")[:-1]:
        lines = code.splitlines()
        kept = lines if verify else [line for line in lines if not re.match(r"(claim|stated\(.*)\.verify\(\)", line)]
        exec("\n".join(kept), namespace)  # noqa: S102 (what this package has just written)


@pytest.mark.parametrize("key", daily.some(chapters(), fast=3))
def test_the_code_of_each_chapter_gives_what_the_chapter_states(key: str) -> None:
    """Each cell asserts it; and of most claims there is a cell that builds both sides."""
    text = notebook([chapters()[key]])
    run(text, {})
    built = sum("assert (left, right)" in code for code in cells(text, "code"))
    without_matrices = sum(not re.search(r"Matrix|FlowRate|Hessian|Noise", str(c)) for c in chapters()[key].claims)
    assert built >= without_matrices / 2 or key in ("objective", "flow", "gram")


def test_code_that_builds_something_else_is_refused() -> None:
    text = notebook(excerpt(["dae.direct"], ALL))
    run(text, {})
    assert "right = S1*S2/(D*N)" in text
    with pytest.raises(AssertionError):
        run(text.replace("right = S1*S2/(D*N)", "right = S1*S2/(D*S1)"), {})
    assert "sqrt(4*lam**2 + " in text
    with pytest.raises(AssertionError):
        run(text.replace("sqrt(4*lam**2", "sqrt(5*lam**2"), {})


x, y = (Symbol(name, positive=True) for name in "xy")
f = Function("f", real=True)


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (x / 2, "x/2"),
        (x ** Rational(3, 2), "x**(Rational(3, 2))"),
        (log(x) / (2 * (x + y)), "log(x)/(2*x + 2*y)"),
        (log(x) / (x + y) / 2, "log(x)/(x + y)/2"),
        ((x + y) / y * 4, "(x + y)/y*4"),
        (-2 * x * exp(1), "-2*exp(1)*x"),
        (f(x).diff(x) + sqrt(y), "sqrt(y) + Derivative(f(x), x)"),
        (Rational(1, 3) + f(Integer(0)), "f(0) + Rational(1, 3)"),
    ],
)
def test_expressions_are_written_as_python_that_gives_them_back(expression: Any, written: str) -> None:
    code = Code()
    made = code.declare([x, y, f], Alphabet())
    assert made.splitlines() == ['x, y = symbols("x y", positive=True)', 'f = symbols("f", cls=Function, real=True)']
    assert code.written(expression) == written


def test_what_python_would_change_and_what_has_no_name_is_not_written() -> None:
    code = Code()
    code.declare([x], Alphabet())
    with pytest.raises(Unprintable, match="evaluated to something else"):
        code.written(Mul(x, Integer(0), evaluate=False))
    with pytest.raises(Unprintable):
        code.written(x + y)
    with pytest.raises(Unprintable):
        code.written(MatrixSymbol("W", 2, 2))


def test_letters_whose_names_python_or_the_cells_use_get_others() -> None:
    code = Code()
    letters = [Symbol("lambda", real=True), Symbol("exp"), Symbol("claim"), Symbol("w'")]
    made = code.declare(letters, Alphabet())
    assert made.splitlines() == [
        'lambda_ = symbols("lambda", real=True)',
        'exp_, claim_, x_w_ = symbols("exp claim w\'")',
    ]
    namespace: dict[str, Any] = {}
    exec(f"from sympy import {', '.join(imported([made]))}\n{made}", namespace)  # noqa: S102
    assert [namespace[name] for name in ("lambda_", "exp_", "claim_", "x_w_")] == letters
    assert code.written(letters[0] + exp(letters[1])) == "lambda_ + exp(exp_)"


def test_a_chapter_of_a_strangers_is_loaded_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(
        "from modeflow import Alphabet, Chapter\nletters = Alphabet()\n"
        'x = letters.scalar("x", "x", "a number", real=True)\nchapter = Chapter("own", "Own", letters)\n'
        'h = chapter.define("h", "h", x / 2, says="Half of it.", domain=[("<=", x**2 + 1)])\n'
        'chapter.claim("twice", 2 * h, x, says="Twice the half.")\n',
        encoding="utf-8",
    )
    assert main(["derive", "mine.py", "--format", "ipynb", "-o", "mine.ipynb"]) == 0
    text = Path("mine.ipynb").read_text(encoding="utf-8")
    namespace: dict[str, Any] = {}
    run(text, namespace, verify=True)
    assert namespace["claim"].verify().status == "proved"
    assert (str(namespace["left"]), str(namespace["h"].unfolded())) == ("2*h", "x/2")
    assert str(tmp_path) not in text


def test_a_notebook_of_nothing_is_one() -> None:
    assert json.loads(notebook([]))["cells"] == []


def executed(text: str) -> list[Any]:
    """The code cells with what a kernel makes of them."""
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient = pytest.importorskip("nbclient", reason="nbclient, which runs notebooks, is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel, which notebooks run in, is not installed")
    read = nbformat.reads(text, as_version=4)
    nbformat.validate(read)
    nbclient.NotebookClient(read, timeout=600, kernel_name="python3").execute()
    return [cell for cell in read.cells if cell.cell_type == "code"]


def outputs(cells: list[Any]) -> list[Any]:
    return [output for cell in cells for output in cell.outputs]


def shown(cells: list[Any]) -> str:
    return " ".join(output["data"].get("text/plain", "") for output in outputs(cells) if "data" in output)


@pytest.mark.costly
@pytest.mark.filterwarnings("ignore")
def test_a_kernel_runs_a_notebook_of_one_claim() -> None:
    cells = executed(notebook(excerpt(["dae.fixed_point"], ALL)))
    assert shown(cells).count("proved") == 1 + len(claims()["dae.fixed_point"].follows_from)
    assert any("image/png" in output.get("data", {}) for output in outputs(cells))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("key", ["ae", "flow", "dae", "cmp"])
def test_a_kernel_runs_the_notebook_of_a_chapter(key: str) -> None:
    said = shown(executed(notebook([chapters()[key]])))
    assert said.count("proved") >= len(chapters()[key].claims)
    assert "refuted" not in said


PARTS = 3
STATED = re.compile(r'(?:claim = )?stated\("([\w.]+)"\)')  # the beginning of the cell of a claim


def told(cell: Any) -> tuple[str, str]:
    """The claim that a cell states, and the verdict that it shows."""
    claim = STATED.match(cell.source)
    (output,) = cell.outputs
    verdict = re.match(r"<Verdict: (\w+)", output["data"]["text/plain"])
    assert claim
    assert verdict
    return claim[1], verdict[1]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("part", range(PARTS))
def test_a_kernel_runs_the_notebook_of_all_chapters(part: int) -> None:
    """Every cell in one kernel, as a reader runs them; of the claims each part proves its own."""
    content = json.loads(notebook(ALL))
    stating = [cell for cell in content["cells"] if STATED.match("".join(cell["source"]))]
    for n, cell in enumerate(stating):
        if n % PARTS != part:
            assert cell["source"].pop().endswith(".verify()")
    cells = executed(json.dumps(content))
    verdicts = [told(cell) for cell in cells if STATED.match(cell.source) and cell.source.endswith(".verify()")]
    stated = [(i, claim.expects) for chapter in ALL for i, claim in chapter.claims.items()]
    assert verdicts == stated[part::PARTS]

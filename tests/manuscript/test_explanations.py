"""Every reason that the checker can give has an explanation, whose equation gives it, and the page has them all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import modeflow
from modeflow.cli.program import main
from modeflow.manuscript import check, configuration
from modeflow.manuscript.report.explanations import explanation_of, explanations, page

ROOM = Path(modeflow.__file__).parent / "manuscript"
# What makes a reason, and which of its arguments it is.
MAKERS = {
    "Unparsed": 0,
    "refuse": 0,
    "refuse_rest": 0,
    "refuse_script": 0,
    "_refuse_factor": 1,
    "Misfit": 0,
    "unparsed": 0,
    "Comparison": 1,
    "Piece": 2,
    "with_nothing_checked": 0,
}


def reasons(path: Path) -> Iterator[str]:
    """The texts of a file that become reasons, with … for what differs."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        place = MAKERS.get(ast.unparse(call.func).rpartition(".")[2], -1)
        given = [call.args[place]] if 0 <= place < len(call.args) else []
        given += [keyword.value for keyword in call.keywords if keyword.arg in ("reason", "problem")]
        for said in given:
            text = written(constants.get(said.id, said) if isinstance(said, ast.Name) else said)
            if any(len(word) > 2 for word in text.split()):
                yield text


def written(said: ast.expr) -> str:
    """The constant parts of a text."""
    if isinstance(said, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in said.values)
    return said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else ""


def files() -> list[Path]:
    return [path for path in sorted(ROOM.rglob("*.py")) if path.parent.name != "report"]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOM)))
def test_every_reason_has_an_explanation(path: Path) -> None:
    without = [text for text in reasons(path) if explanation_of(text) is None]
    assert without == [], "give each a line in manuscript/report/reasons.toml"


def test_reasons_are_found_and_one_without_an_explanation_is_seen(tmp_path: Path) -> None:
    assert sum(len(list(reasons(path))) for path in files()) > 180
    path = tmp_path / "new.py"
    path.write_text("def f(x, at):\n    raise Unparsed(f'the moon over {x} is full', 0)\n    at.refuse('two moons')\n")
    assert [(text, explanation_of(text)) for text in reasons(path)] == [
        ("the moon over … is full", None),
        ("two moons", None),
    ]


SYMBOLS = {letter: {"real": True} for letter in "xyz"}
EXAMPLES = [name for name, one in explanations().items() if one.example]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_equation_of_an_explanation_gives_it(tmp_path: Path, name: str) -> None:
    one = explanations()[name]
    paper = tmp_path / "paper.tex"
    paper.write_text(f"% modeflow: {one.mark}\n{one.example}\n", encoding="utf-8")
    found = check([paper], configuration({"notation": "pretorius2018", "symbols": SYMBOLS}, "test"), jobs=1)
    explained = [explanation_of(finding.reason) for finding in found]
    assert one in explained, [finding.message for finding in found]
    assert {finding.verdict for finding in found} & set(one.verdict.split(" or "))


def test_the_page_has_them_all() -> None:
    written = Path(modeflow.__file__).parents[2] / "docs" / "reasons.md"
    if not written.parent.is_dir():
        pytest.skip("the pages are not beside the package")
    assert written.read_text(encoding="utf-8") == page(), "modeflow explain --page > docs/reasons.md"


def test_a_name_and_a_message_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "undeclared"]) == 0
    by_name = capsys.readouterr().out
    assert main(["explain", "q is not declared: give it a meaning under [manuscript.symbols]"]) == 0
    assert capsys.readouterr().out == by_name
    assert "--new" in by_name
    assert main(["explain"]) == 0
    assert all(name in capsys.readouterr().out for name in ["differs", "two-ways"][:1])
    assert main(["explain", "the moon is full"]) == 2
    assert main(["explain", "--page", "differs"]) == 2

"""Errors of the user say what to do: every message that is raised where arguments, files and options are checked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import modeflow

PACKAGE = Path(modeflow.__file__).parent
ROOMS = ["cli", "evaluate", "experiments", "export", "files", "witness"]
MANUSCRIPT = ["pipeline.py", "mean/notation.py", "mean/fixed_values.py", "text/folders.py", "text/sources.py"]
MANUSCRIPT += ["text/notebooks.py"]
USER = {
    "UsageError", "ValueError", "TypeError", "UnusableConfiguration", "UnusableValue", "UnreadableSource", "Mismatch",
    "UnreadableNotebook", "NoCompiler", "NoneInstalled", "ArgumentTypeError", "NotImplementedError", "ImportError",
    "FloatingPointError", "RuntimeError",
}  # fmt: skip
WITH_REMEDY = {"DataError": 2, "Unreadable": 2}  # and which of their arguments it is
_VERBS = """
    add check choose clip convert declare drop fetch fill give hold install leave lower make mend move name put remove
    rename save say scale set split start stay take try use wait write
"""
REMEDY = re.compile(rf"\b({'|'.join(_VERBS.split())}|did you mean|known are)\b")
FORWARDED = {"error", "reason", "why"}  # messages of errors that are held against this rule where they are raised
INNER = {
    "codegen names the kernel": r"kernel ",
    "a number as an option, whose name argparse puts before it": r"is not a (whole )?number",
    "caught where it is raised, and told as a damaged file": r"^shape ",
}


def files() -> Iterator[Path]:
    for room in ROOMS:
        yield from (path for path in sorted((PACKAGE / room).rglob("*.py")) if "generated" not in path.parts)
    yield from (PACKAGE / "manuscript" / name for name in MANUSCRIPT)


def messages(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the text of each message that is written where it is raised, or in a name that is raised there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        named = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
                continue
            kind = ast.unparse(node.exc.func).rpartition(".")[2]
            place = WITH_REMEDY.get(kind, 0 if kind in USER else -1)
            if place < 0:
                continue
            if kind in WITH_REMEDY:
                assert len(node.exc.args) > place, f"{path}:{node.lineno}: no remedy"
                continue
            said = node.exc.args[0] if node.exc.args else ast.Constant("")
            if isinstance(said, ast.Name):
                said = named.get(said.id, said)
            if _words(said) and not _is_forwarded(said):
                yield node.lineno, _words(said)


def _is_forwarded(said: ast.expr) -> bool:
    """Whether the message ends with that of another error, or with what a function says."""
    last = said.values[-1] if isinstance(said, ast.JoinedStr) else said
    if isinstance(last, ast.FormattedValue):
        last = last.value
    names = {node.id for node in ast.walk(last) if isinstance(node, ast.Name)}
    return isinstance(last, ast.Call) or (isinstance(last, ast.Name) and bool(names & FORWARDED))


def _words(said: ast.expr) -> str:
    """The constant parts of a message, with … for the others."""
    return "…".join(
        part.value for part in ast.walk(said) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


@pytest.mark.parametrize("path", list(files()), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_message_says_what_to_do(path: Path) -> None:
    without = [
        f"{path.relative_to(PACKAGE)}:{line}: {said}"
        for line, said in messages(path)
        if not REMEDY.search(said) and not any(re.search(pattern, said) for pattern in INNER.values())
    ]
    assert not without, "\n".join(without)


def test_a_message_without_a_remedy_is_found(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(
        "def f(x):\n    why = f'{x} is bad'\n    raise ValueError(why)\n\n"
        "def g(x):\n    raise ValueError(f'x = {x}: give another')\n"
    )
    found = [said for _, said in messages(path)]
    assert [bool(REMEDY.search(said)) for said in found] == [False, True]

"""README and documentation: every example is run, and what it prints is what is printed there."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import warm

import modeflow

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "tutorials").glob("*.md"))]
BLOCK = re.compile(r"(?:<!-- file: (\S+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Example:
    """A fenced block: where it begins, its language, its text, and the file that it is to be saved as."""

    page: Path
    line: int
    language: str
    text: str
    file: str | None

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def examples(page: Path) -> list[Example]:
    content = page.read_text(encoding="utf-8")
    return [
        Example(page, content.count("\n", 0, found.start()) + 1, found[2], found[3], found[1])
        for found in BLOCK.finditer(content)
    ]


ALL = [example for page in PAGES for example in examples(page)]
SESSIONS = [e for e in ALL if e.language == "python" and e.file is None]
CONSOLES = [e for e in ALL if e.language == "console"]


@pytest.mark.parametrize("example", SESSIONS, ids=str)
def test_python_example(example: Example) -> None:
    parsed = doctest.DocTestParser().get_doctest(example.text, {}, str(example), str(example.page), example.line)
    assert parsed.examples, f"{example}: a Python block that is not a file must show a session with >>>"
    assert any(one.want for one in parsed.examples), f"{example}: nothing is asserted"
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(parsed, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


@pytest.mark.parametrize("example", CONSOLES, ids=str)
def test_console_example(example: Example, tmp_path: Path) -> None:
    for other in examples(example.page):
        if other.file:
            (tmp_path / other.file).write_text(other.text, encoding="utf-8")
    for command, expected in sessions(example.text):
        shown = run(command, tmp_path)
        assert doctest.OutputChecker().check_output(unruled(expected), unruled(shown), FLAGS), shown


def unruled(text: str) -> str:
    """The text with each ruled line made short: its length depends on how many digits the seconds have."""
    return re.sub("─+", "─", text)


def sessions(text: str) -> list[tuple[str, str]]:
    """(command, expected output) of each `$` line."""
    parts = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def run(command: str, folder: Path) -> str:
    program, *arguments = shlex.split(command)
    assert program == "modeflow", f"{command}: only modeflow is run here"
    done = subprocess.run(
        [warm.command(), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    return done.stdout + done.stderr


def test_examples_were_found() -> None:
    assert len(SESSIONS) >= 3
    assert len(CONSOLES) >= 3
    assert any(example.file == "my_chapter.py" for example in ALL)


def test_the_two_commands_are_one_line_each() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    between = readme.split("<!-- begin: fresh machine -->")[1].split("<!-- end: fresh machine -->")[0]
    commands = [line for line in between.splitlines() if line and not line.startswith("```")]
    assert len(commands) == 2
    assert commands[0].endswith("modeflow verify")
    assert "pytest" in commands[1]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_api_page_names_everything_public() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    missing = [name for name in modeflow.__all__ if f"`{name}" not in page and f"`modeflow.{name}" not in page]
    assert missing == []

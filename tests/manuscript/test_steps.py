"""Reading a file takes steps in proportion to its length: characters looked through and copied are counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from modeflow.manuscript.text import author_macros, displays, markdown, markdown_tokens, marks, sources, tex

MODULES = (tex, markdown, markdown_tokens, displays, marks, author_macros, sources)


class Counter:
    """Counts the characters that patterns look through and that slices of the text copy."""

    def __init__(self) -> None:
        self.steps = 0

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in MODULES:
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    monkeypatch.setattr(module, name, Watched(value, self))
        for signs in (displays.TEX, displays.MARKDOWN):
            patterns: Any = [Watched(p, self) for p in (signs.opens, signs.closes, signs.begins_line)]
            watched = displays.Signs(*patterns)
            monkeypatch.setattr(sources, "TEX" if signs is displays.TEX else "MARKDOWN", watched)


class Watched:
    """A pattern whose every call counts."""

    def __init__(self, pattern: re.Pattern[str], counter: Counter) -> None:
        self._pattern, self._counter = pattern, counter

    def _counted(self, found: re.Match[str] | None, text: str, at: int, end: int | None) -> re.Match[str] | None:
        stop = len(text) if end is None else min(end, len(text))
        self._counter.steps += 1 + max((found.end() if found else stop) - at, 0)
        return found

    def search(self, text: str, at: int = 0, end: int | None = None) -> re.Match[str] | None:
        found = self._pattern.search(text, at, len(text) if end is None else end)
        return self._counted(found, text, at, end)

    def match(self, text: str, at: int = 0, end: int | None = None) -> re.Match[str] | None:
        found = self._pattern.match(text, at, len(text) if end is None else end)
        self._counter.steps += 1 + (found.end() - at if found else 0)
        return found

    def finditer(self, text: str, at: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        last = at
        for found in self._pattern.finditer(text, at, len(text) if end is None else end):
            self._counter.steps += 1 + found.end() - last
            last = found.end()
            yield found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)


class Text(str):
    """A text whose slices count."""

    counter: Counter

    def __getitem__(self, at: Any) -> str:
        found = super().__getitem__(at)
        self.counter.steps += len(found)
        return found


def steps(text: str, name: str, monkeypatch: pytest.MonkeyPatch) -> int:
    counter = Counter()
    with monkeypatch.context() as patched:
        counter.watch(patched)
        held = Text(text)
        held.counter = counter
        patched.setattr(sources, "_text", lambda path, largest=0: held)
        sources.read(Path(name))
    return counter.steps


PATTERNS: dict[str, Callable[[int], str]] = {
    "iffalse": lambda n: "\\iffalse\\fi " * n,
    "open iffalse": lambda n: "\\iffalse \\ifx " * n,
    "verb": lambda n: "".join(f"\\verb{chr(0x4E00 + i % 20000)}" for i in range(n)) + "x" * (20 * n),
    "quoted fences": lambda n: "> ```\n" * n,
    "fences": lambda n: "```\n````\n" * n,
    "runs": lambda n: "` `` ``` " * n,
    "dollars": lambda n: "$ $$ " * n,
    "lonely dollars": lambda n: "$x\n\n" * n,
    "definitions": lambda n: "\\newcommand{\\x}{\\be " * n,
    "own displays": lambda n: "\\be{" * n + "\\def\\be#1{\\[}",
    "marks": lambda n: "<!-- modeflow: prove --> " * n,
    "TeX marks": lambda n: "% modeflow: prove\n" * n,
    "comments": lambda n: "<!-- " * n,
    "open displays": lambda n: "\\begin{align} \\[ \\( " * n,
    "braces": lambda n: "{" * n + "}" * n,
    "displays": lambda n: "$$ x = 1 $$ \\[ y \\]\n" * n,
    "blocks of dollars that end nowhere": lambda n: "$$ x\n\n" * n,
    "long paragraphs": lambda n: "`x` $y$\n" * n,
    "directives": lambda n: "```{note}\n" * n,
}


@pytest.mark.parametrize("name", ["p.tex", "p.md"])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_twice_the_text_takes_twice_the_steps(monkeypatch: pytest.MonkeyPatch, pattern: str, name: str) -> None:
    small, large = (steps(PATTERNS[pattern](n), name, monkeypatch) for n in (200, 800))
    assert large < 5 * small, (small, large)


def test_a_scan_that_begins_anew_each_time_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def again(text: str, at: int) -> tuple[int, bool]:
        return at + len(text[at:].partition("\\fi")[0]) + 3, True

    monkeypatch.setattr(tex, "_after_fi", again)
    small, large = (steps(PATTERNS["iffalse"](n), "p.tex", monkeypatch) for n in (200, 800))
    assert large > 8 * small

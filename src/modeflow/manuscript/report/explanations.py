"""What the reasons of verdicts mean: each with an equation that gives it and what to do, from one table of data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Explanation:
    """A kind of reason: the verdict it comes with, what it means, what to do, and an equation with its mark."""

    name: str
    verdict: str
    means: str
    do: str
    example: str
    mark: str
    texts: tuple[str, ...]

    def said_in(self, message: str) -> int:
        """How many signs of a message are of this kind; 0 where none are."""
        found = (_pattern(text).search(message) for text in self.texts)
        return max(
            (len(re.sub("…|{}", "", text)) for text, there in zip(self.texts, found, strict=True) if there), default=0
        )

    def text(self) -> str:
        """The page."""
        shown = [f"{self.name} ({self.verdict})", "", self.means, "", self.do]
        if self.example:
            shown += ["", f"For example, marked {self.mark}:", "", f"    {self.example}"]
        return "\n".join(shown)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in re.split(r"…|\{\}", text)), re.DOTALL)


@cache
def explanations() -> dict[str, Explanation]:
    """All of them, by name."""
    table = tomllib.loads(files(__package__).joinpath("reasons.toml").read_text(encoding="utf-8"))
    return {name: Explanation(name, **entry | {"texts": tuple(entry["texts"])}) for name, entry in table.items()}


def explanation_of(asked: str) -> Explanation | None:
    """The explanation of that name, or of a message of `modeflow check`; None where there is none."""
    known = explanations()
    if asked in known:
        return known[asked]
    best = max(known.values(), key=lambda one: one.said_in(asked))
    return best if best.said_in(asked) else None


def page() -> str:
    """All of them as a page in Markdown."""
    lines = [
        "# Reasons",
        "",
        "What the reasons of `modeflow check` mean. `modeflow explain` prints the same for a name or a message.",
    ]
    for one in explanations().values():
        lines += ["", f"## {one.name}", "", f"Verdict: {one.verdict}. {one.means}", "", f"What to do: {one.do}"]
        if one.example:
            lines += ["", f"Marked `{one.mark}`, this gives it:", "", "```latex", one.example, "```"]
    return "\n".join(lines) + "\n"

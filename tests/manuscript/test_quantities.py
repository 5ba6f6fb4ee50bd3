"""The page on quantities lists every name that a paper's symbols can be given, and what is said of other names."""

from __future__ import annotations

from pathlib import Path

import pytest
from sympy.core.function import UndefinedFunction

from modeflow import chapters
from modeflow.manuscript import UnusableConfiguration, configuration
from modeflow.manuscript.mean.presets import alphabet
from modeflow.typeset.narrative import domain, prose

PAGE = Path(__file__).parents[2] / "docs" / "quantities.md"


def rows() -> list[str]:
    found = []
    for name, quantity in alphabet().quantities.items():
        argument = "(x)" if name == "T" else "(t)" if isinstance(quantity.symbol, UndefinedFunction) else ""
        found.append(f"| `{name}` | ${quantity.tex}{argument}$ | {quantity.meaning} | {domain(quantity, alphabet())} |")
    return found


def defined() -> list[str]:
    found = ((d, chapter.alphabet) for chapter in chapters().values() for d in chapter.definitions.values())
    return [f"| `{d.id}` | ${d.tex}$ | {prose(d.says, letters)} |" for d, letters in found]


def test_the_page_lists_every_quantity_and_then_every_definition() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("| `")] == [*rows(), *defined()]


@pytest.mark.parametrize(
    ("symbol", "name", "said"),
    [
        (r"\kappa", "k", "did you mean pull (what holds a mode back"),
        ("n", "varepsilon", "did you mean eps (noise"),
        ("s", "grwth", "did you mean growth (what drives a mode"),
        ("s", "zzz", "take one that the page on quantities lists"),
        ("r", "dae.rhoo", "did you mean dae.rho (the rate, times τ, at which the mode comes to rest)"),
        ("E(t)", "dae.E", "dae.E is defined without an argument: declare E"),
        ("u", "w", "w is a function: declare u(t)"),
        ("u(t)", "w0", "w0 is no function: declare u"),
        ("u(0)", "w0", "declare u(t); its value at 0 is then read as u(0)"),
        ("x^{(2)}", "w", "w is a function: declare x^{(2)}(t)"),
    ],
)
def test_what_is_no_quantity_is_met_with_those_that_may_be_meant(symbol: str, name: str, said: str) -> None:
    with pytest.raises(UnusableConfiguration, match="symbols") as refused:
        configuration({"symbols": {symbol: name}}, "modeflow.toml")
    assert said in str(refused.value)

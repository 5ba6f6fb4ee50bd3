"""What checking found: every figure of the page is what the command that it names prints today."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modeflow.cli.program import main
from modeflow.statements.catalogue import claims

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "found.md").read_text(encoding="utf-8")


def output(name: str) -> list[str]:
    found = re.search(rf"<!-- output: {name} -->\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert found, name
    return found[1].splitlines()


def benchmark() -> Any:
    spec = importlib.util.spec_from_file_location("found", ROOT / "benchmarks" / "found.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NUMBER = re.compile(r"-?\d[\d,]*\.?\d*(?:e[-+]\d+)?")


def same(shown: str, said: str) -> bool:
    """The same words and numbers; rounding errors, which differ between machines, within a factor of 30."""
    if " ".join(NUMBER.sub("#", shown).split()) != " ".join(NUMBER.sub("#", said).split()):
        return False
    pairs = zip(NUMBER.findall(shown), NUMBER.findall(said), strict=True)
    return all(a == b or ("e-" in a and "e-" in b and 1 / 30 < float(a) / float(b) < 30) for a, b in pairs)


@pytest.mark.costly
@pytest.mark.parametrize("part", ["equations", "inversion", "shortcut", "angle", "steps"])
def test_the_figures_are_what_the_benchmark_prints(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    run: Callable[[], None] = getattr(benchmark(), part)
    run()
    shown, said = capsys.readouterr().out.splitlines(), output(part)
    assert len(shown) == len(said)
    assert [line for line, other in zip(shown, said, strict=True) if not same(line, other)] == []


def test_another_figure_is_noticed() -> None:
    assert same("off by 0.013, error 2e-16", "off by  0.013, error 5e-16")
    assert not same("off by 0.013, error 2e-16", "off by 0.014, error 2e-16")
    assert not same("off by 0.013, error 2e-16", "off by 0.013, error 2e-12")
    assert not same("off by 0.013", "at least 0.013")


def test_the_equations_as_found_are_wrong_and_the_others_right(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT / "docs" / "found")
    assert main(["check", "--strict", "--complete", "as-found.tex"]) == 1
    assert capsys.readouterr().out.splitlines() == output("as-found")
    assert main(["check", "--strict", "--complete", "right.tex"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 ok"


@pytest.mark.costly
def test_the_claims_named_have_the_verdicts_named(capsys: pytest.CaptureFixture[str]) -> None:
    named = sorted(set(re.findall(r"`((?:ae|dae|wae|cmp)\.\w+)`", PAGE)))
    assert len(named) == 9
    assert {claims()[name].expects for name in named if name != "wae.frozen_shortcut"} == {"proved"}
    assert claims()["wae.frozen_shortcut"].expects == "refuted"
    assert main(["verify", *named]) == 0
    assert f"{len(named)} claims: {len(named) - 1} proved, 1 refuted, as stated" in capsys.readouterr().out

"""Comparisons kept on disk: found again where nothing changed, and only there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modeflow.manuscript import Finding, check, configuration
from modeflow.manuscript.judge.agreement import Comparer
from modeflow.manuscript.judge.steps import StepComparer
from modeflow.proof import limits
from modeflow.statements import cache, kept

PAPER = r"""
% modeflow: define \xi = \lambda + \varepsilon
% modeflow: dae.fixed_point
\[ w^* = \frac{\lambda}{\xi} \]
% modeflow: dae.fixed_point
\[ w^* = \frac{\lambda}{\xi - 2\varepsilon} \]
% modeflow: dae.fixed_point
\[ 0 = 0 \]
"""
NOTATION: dict[str, Any] = {"notation": "pretorius2018"}


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(kept.DIRECTORY, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The claims that were compared anew."""
    calls: list[str] = []
    original = Comparer.claim

    def claim(self: Comparer, statement: Any, claim: Any) -> Any:
        calls.append(claim.id)
        return original(self, statement, claim)

    monkeypatch.setattr(Comparer, "claim", claim)
    return calls


def verdicts(folder: Path, text: str = PAPER, section: dict[str, Any] = NOTATION, on: bool = True) -> list[Finding]:
    path = folder / "paper.tex"
    path.write_text(text, encoding="utf-8")
    return check([path], configuration(section, "test"), jobs=1, cache=on)


def test_what_was_found_is_found_again(tmp_path: Path, compared: list[str]) -> None:
    first = verdicts(tmp_path)
    assert [f.verdict for f in first] == ["ok", "wrong", "undecided"]
    assert len(compared) == 3
    second = verdicts(tmp_path, "\n\n" + PAPER)  # at other places
    assert len(compared) == 3
    assert [(f.verdict, f.understood, f.suggestion) for f in second] == [
        (f.verdict, f.understood, f.suggestion) for f in first
    ]
    assert [f.line for f in second] == [f.line + 2 for f in first]
    assert second[1].message == first[1].message


@pytest.mark.parametrize(
    ("text", "section"),
    [
        (PAPER.replace(r"\lambda + \varepsilon", r"\lambda + 2\varepsilon"), NOTATION),
        (PAPER.replace("dae.fixed_point", "reg.fixed_point"), NOTATION),
        (PAPER, {**NOTATION, "symbols": {r"\mu": {"real": True}}}),
        (PAPER, {**NOTATION, "fixed": {"eps": 1}}),
    ],
)
def test_a_change_is_another_question(tmp_path: Path, compared: list[str], text: str, section: dict[str, Any]) -> None:
    verdicts(tmp_path)
    verdicts(tmp_path, text, section)
    assert len(compared) == 6


def test_what_a_limit_left_undecided_is_compared_again(
    tmp_path: Path, compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Comparer.claim

    def ended(self: Comparer, statement: Any, claim: Any) -> Any:
        limits.reach()
        return judge(self, statement, claim)

    monkeypatch.setattr(Comparer, "claim", ended)
    verdicts(tmp_path)
    verdicts(tmp_path)
    assert len(compared) == 4


def test_another_engine_is_another_question(
    tmp_path: Path, compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts(tmp_path)
    monkeypatch.setattr(cache, "engine", lambda: "another")
    verdicts(tmp_path)
    assert len(compared) == 6


@pytest.mark.costly
@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"key": "x", "comparison": {}}', "edited", "moved"])
def test_what_cannot_be_read_is_compared_again(
    tmp_path: Path, empty_cache: Path, compared: list[str], content: str
) -> None:
    first = verdicts(tmp_path)
    files = sorted((empty_cache / "equations").rglob("*.json"))
    assert len(files) == 3
    other = [file.read_bytes() for file in files]
    for file, good in zip(files, other, strict=True):
        edited = good.replace(b'"reason": "', b'"reason": "x')
        assert edited != good
        file.write_bytes(edited if content == "edited" else content.encode())
    if content == "moved":
        for file, good in zip(files, [*other[1:], other[0]], strict=True):
            file.write_bytes(good)
    assert [f.verdict for f in verdicts(tmp_path)] == [f.verdict for f in first]
    assert len(compared) == 6


def test_without_the_seal_an_edited_finding_would_be_believed(
    tmp_path: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_seal", lambda *_: b"")
    first = verdicts(tmp_path)
    for file in (empty_cache / "equations").rglob("*.json"):
        file.write_bytes(
            file.read_bytes().replace(b'"wrong"', b'"?"').replace(b'"ok"', b'"wrong"').replace(b'"?"', b'"ok"')
        )
    assert [f.verdict for f in verdicts(tmp_path)] != [f.verdict for f in first]


def test_nothing_is_written_unless_asked(tmp_path: Path, empty_cache: Path) -> None:
    verdicts(tmp_path, on=False)
    assert not empty_cache.exists()


STEPS = r"""
We set \[ q = \lambda + 1 \]
\begin{align}
  A &= (\lambda + 1)^2 \\
    &= \lambda^2 + 2\lambda + 1 \\
    &= q^2 \\
    &= q^2 + 2q + q
\end{align}
"""


@pytest.fixture
def stepped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The relations of the steps that were compared anew."""
    calls: list[str] = []
    original = StepComparer.step

    def step(self: StepComparer, step: Any) -> Any:
        calls.append(step.relation)
        return original(self, step)

    monkeypatch.setattr(StepComparer, "step", step)
    return calls


def of_steps(folder: Path, text: str = STEPS, on: bool = True) -> list[tuple[str, str, str]]:
    symbols = {r"\lambda": {"real": True}, "q": {"real": True}, "A": {"real": True}}
    found = verdicts(folder, text, {"symbols": symbols, "steps": True}, on)
    return [(f.verdict, f.note, f.suggestion) for f in found if f.claim == "steps"]


def test_steps_are_found_again(tmp_path: Path, stepped: list[str]) -> None:
    first = of_steps(tmp_path)
    assert [verdict for verdict, *_ in first] == ["ok", "ok", "undecided"]
    assert "put in" in first[1][1]
    assert len(stepped) == 3
    assert of_steps(tmp_path) == first
    assert len(stepped) == 4  # what is undecided is compared again


def test_an_identity_is_found_again_in_another_paper_and_what_rests_on_a_definition_is_not(
    tmp_path: Path, stepped: list[str]
) -> None:
    of_steps(tmp_path)
    changed = of_steps(tmp_path, STEPS.replace(r"q = \lambda + 1", r"q = \lambda + 2"))
    assert [verdict for verdict, *_ in changed] == ["ok", "undecided", "undecided"]
    assert len(stepped) == 5
    assert of_steps(tmp_path, on=False) == of_steps(tmp_path)

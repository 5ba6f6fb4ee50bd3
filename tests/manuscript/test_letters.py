"""Messages speak in the author's letters, in every output, and say what failed."""

from __future__ import annotations

import json
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from modeflow.cli.program import main
from modeflow.manuscript import Finding, check, configuration
from modeflow.manuscript.judge import wording
from modeflow.manuscript.judge.agreement import Comparer
from modeflow.manuscript.mean.subject import Subject

SAXE: dict[str, Any] = {"notation": "saxe2014"}
OWN: dict[str, Any] = {
    "symbols": {r"\eta": "lam", "n": "eps", r"\omega": "w_star", "x": {"real": True}, r"\mu": {"positive": True}}
}


def verdict(folder: Path, section: dict[str, Any], claim: str, tex: str) -> Finding:
    path = folder / "paper.tex"
    path.write_text(f"% modeflow: {claim}\n\\[ {tex} \\]\n", encoding="utf-8")
    (found,) = check([path], configuration(section, "test"), jobs=1, time_limit=3)
    return found


CASES = [
    (SAXE, "lin.mode_flow", r"\tau\frac{da}{dt}=b(s-2ab)", ["s = ", "b = "], ["growth", "w1", "w2"]),
    (SAXE, "lin.mode_flow", r"\tau\frac{da_\alpha}{dt}=b_\alpha(s_\alpha-2a_\alpha b_\alpha)",
     [r"s_\alpha = ", r"b_\alpha = "], ["growth", "w1"]),
    (OWN, "dae.fixed_point", r"\omega = \frac{\eta}{\eta-n}", [r"\eta = ", r"did you mean \omega = \frac{\eta}{\eta+n}",
     "+ for -"], ["lam", "eps", "w_star"]),
    (OWN, "dae.fixed_point", r"\eta = n", [r"does not contain \omega"], ["w_star", "lam"]),
    ({"notation": "pretorius2018"}, "dae.balanced_learning_time", r"t = \frac{\tau}{\lambda}\ln\frac{w}{w_0}", ["w = "],
     [" x = ", "T("]),
    (OWN, "prove", r"x = \mu", ["x = ", r"\mu = "], ["own x"]),
    (OWN, "prove", r"\eta + x > \eta + x", ["left is not greater than right", r"\eta = "], ["lam", "the two sides"]),
    (OWN, "prove", r"x^2 + 1 < x^2", ["left is not less than right"], []),
    (OWN, "prove", r"x^2 + 1 \le x^2", ["left is greater than right"], []),
    (OWN, "prove", r"x^2 \ge x^2 + 1", ["left is less than right"], []),
    ({**OWN, "fixed": {"w_star": 1}}, "dae.fixed_point", r"\omega = \eta", [r"\omega has a fixed value"], ["w_star"]),
]  # fmt: skip


@pytest.mark.parametrize(("section", "claim", "tex", "said", "unsaid"), CASES)
def test_messages_are_in_the_letters_of_the_paper(
    tmp_path: Path, section: dict[str, Any], claim: str, tex: str, said: list[str], unsaid: list[str]
) -> None:
    found = verdict(tmp_path, section, claim, tex)
    told = f"{found.message} {found.understood}"
    assert [part for part in said if part not in told] == []
    assert [part for part in unsaid if part in told] == []


def test_the_sides_of_a_witness_are_those_of_the_paper(tmp_path: Path) -> None:
    for tex in (r"x^2 + 1 < x^2", r"x^2 + 1 \le x^2"):
        witness = verdict(tmp_path, OWN, "prove", tex).witness
        assert witness is not None
        assert Fraction(str(witness["left"])) == Fraction(str(witness["right"])) + 1


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_every_output_does(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    symbols = "\n".join(f"'{key}' = '{name}'" for key, name in list(OWN["symbols"].items())[:3])
    Path("modeflow.toml").write_text(f"[manuscript.symbols]\n{symbols}\n", encoding="utf-8")
    Path("paper.tex").write_text("% modeflow: dae.fixed_point\n\\[ \\omega = \\frac{\\eta}{\\eta-n} \\]\n")
    assert main(["check", "--output-format", form, "--echo", "paper.tex"]) == 1
    said = capsys.readouterr().out
    assert not any(name in said for name in ("lam", "eps", "w_star"))
    if form == "json":
        (record,) = json.loads(said)
        assert set(record["witness"]["point"]) == {r"\eta", "n"}


def test_without_a_wording_the_names_of_the_program_are_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_is_letter", lambda meant: False)
    section, claim, tex, _, _ = CASES[2]
    assert r"\eta" not in verdict(tmp_path, section, claim, tex).message.partition("did you mean")[0]


# Two equations at a time -----------------------------------------------------------------------------------


def in_turns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is suggested for two equations, each judged after the other has been begun."""
    first, second = threading.Event(), threading.Event()
    against, judged = Comparer._against, Comparer._judged

    def begin(self: Comparer, statement: Any, subject: Subject) -> Any:
        assert subject.claim.id == "dae.fixed_point" or first.wait(60)
        return against(self, statement, subject)

    def judge(self: Comparer, said: Any, subject: Subject) -> Any:
        here, other = (first, second) if subject.claim.id == "dae.fixed_point" else (second, first)
        here.set()
        assert other.wait(60)
        return judged(self, said, subject)

    monkeypatch.setattr(Comparer, "_against", begin)
    monkeypatch.setattr(Comparer, "_judged", judge)
    paper = folder / "paper.tex"
    paper.write_text(
        "% modeflow: dae.fixed_point\n\\[ w^* = \\frac{s}{s-\\varepsilon} \\]\n\n"
        "% modeflow: wae.fixed_point\n\\[ w^* = \\frac{\\lambda+\\gamma}{\\lambda} \\]\n"
    )
    both = configuration({"notation": "pretorius2018", "symbols": {"s": "lam"}}, "test")
    return [found.suggestion for found in check([paper], both, jobs=2)]


def test_equations_at_a_time_do_not_speak_in_each_others_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = in_turns(tmp_path, monkeypatch)
    assert r"\frac{s}{s+\varepsilon}" in first
    assert r"\frac{\lambda-\gamma}{\lambda}" in second


def test_with_one_comparer_for_both_they_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one: list[Comparer] = []
    lock = threading.Lock()  # two threads ask at a time

    def shared(*given: Any, **named: Any) -> Comparer:
        with lock:
            one[:] = one or [Comparer(*given, **named)]
        return one[0]

    monkeypatch.setitem(check.__globals__, "Comparer", shared)
    first, second = in_turns(tmp_path, monkeypatch)
    assert "\\frac{s}" not in first or r"\gamma" not in second

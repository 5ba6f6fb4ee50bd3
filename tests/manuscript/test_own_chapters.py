"""A reader's own chapters are checked against as those that ship are."""

from pathlib import Path

import pytest

import modeflow
from modeflow.cli.program import main
from modeflow.manuscript import UnusableConfiguration, check, configuration
from modeflow.statements import cache

pytest_plugins = ["pytester"]

OVERLAP = r"""
from sympy import exp
from modeflow import Alphabet, Chapter, Equation, gradient_flow, rate_of

letters = Alphabet()
s = letters.scalar("s", "s", "signal", positive=True)
t = letters.scalar("t", "t", "time", nonnegative=True)
h0 = letters.scalar("h0", "h_0", "overlap at the start", real=True)
h = letters.function("h", "h", "overlap", real=True)
k = letters.scalar("k", "k", "weight", real=True)
eta = letters.scalar("eta", r"\eta", "rate", positive=True)
chapter = Chapter("overlap", "Overlap", letters)
chapter.claim("solution", h(t), 1 - (1 - h0) * exp(-eta * s * t), says="It goes to one.", satisfies=[
    Equation(h(t).diff(t), eta * s * (1 - h(t)), "rate"), Equation(h(0), h0, "start")])
flow = gradient_flow(s * (1 - k) ** 2 / 2, [k], 1 / eta)
chapter.claim("rate", rate_of(k, flow), eta * s * (1 - k), says="Its rate.")
F = chapter.define("F", r"\mathcal{F}", exp(-eta * s * t), says="What fades.")
chapter.claim("faded", 1 - (1 - h0) * F, 1 - F + h0 * F, says="Multiplied out.")
chapter.claim("bound", s**2 + eta**2, 2 * s * eta, relation=">=", says="A bound.")
"""
# The same letters with another meaning.
GAIN = r"""
from modeflow import Alphabet, Chapter

letters = Alphabet()
s = letters.scalar("s", "s", "gain, of any sign", real=True)
r = letters.scalar("r", "r", "radius", real=True)
chapter = Chapter("gain", "Gain", letters)
chapter.claim("square", (s + r) ** 2, s**2 + 2 * s * r + r**2, says="A square.")
"""
PAIRS = r"""
from modeflow import Alphabet, Chapter, gradient_flow, rate_of
from modeflow.language.motion import Course, Motion

letters = Alphabet()
t = letters.scalar("t", "t", "time", nonnegative=True)
m = letters.scalar("m", "m", "one weight", real=True)
n = letters.scalar("n", "n", "the other", real=True)
s = letters.scalar("s", "s", "what drives them", positive=True)
z = letters.scalar("z", "z", "their product", real=True)
flow = gradient_flow((s - m * n) ** 2 / 2, [m, n], 1)
letters.motion = Motion(time=t, weights=(m, n), courses=(Course(m, of_weights=m), Course(n, of_weights=n),
    Course(z, of_weights=m * n)))
chapter = Chapter("pairs", "Pairs", letters)
chapter.claim("product", rate_of(m * n, flow), (m**2 + n**2) * (s - m * n), says="The rate of the product.")
chapter.claim("kept", rate_of(n**2 - m**2, flow), 0, says="What is kept.")
"""
CASES = [
    ("overlap.solution", r"h(t) = 1 - (1 - h_0) e^{-\eta s t}", "ok"),
    ("overlap.solution", r"h(t) = 1 + (1 - h_0) e^{-\eta s t}", "wrong"),
    ("overlap.solution", r"h(t) - 1 = (h_0 - 1) e^{-\eta s t}", "ok"),
    ("overlap.rate", r"\frac{dk}{dt} = \eta s (1 - k)", "ok"),
    ("overlap.rate", r"\dot k = \eta s (1 + k)", "wrong"),
    ("overlap.faded", r"1 - (1 - h_0) \mathcal{F} = 1 + (h_0 - 1) e^{-\eta s t}", "ok"),
    ("overlap.faded", r"1 - (1 - h_0) \mathcal{F} = 1 - (h_0 - 1) \mathcal{F}", "wrong"),
    ("overlap.bound", r"(s - \eta)^2 \ge 0", "ok"),
    ("overlap.bound", r"s^2 + \eta^2 \ge 3 s \eta", "wrong"),
    ("gain.square", r"(s + r)^2 = s^2 + 2sr + r^2", "ok"),
    ("gain.square", r"(s + r)^2 = s^2 + sr + r^2", "wrong"),
    ("pairs.product", r"\frac{dz}{dt} = (m^2 + n^2)(s - z)", "ok"),
    ("pairs.product", r"\frac{dz}{dt} = (m^2 - n^2)(s - z)", "wrong"),
    ("pairs.product", r"\frac{d}{dt}(mn) = (m^2 + n^2)(s - mn)", "ok"),
    ("pairs.kept", r"\frac{d}{dt}(n^2 - m^2) = 0", "ok"),
    ("pairs.kept", r"\frac{d}{dt}(n^2 + m^2) = 0", "wrong"),
    ("dae.invariant", r"\frac{d}{dt}(n^2 - m^2) = 0", "unparsed"),  # letters of another chapter
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("overlap", OVERLAP), ("gain", GAIN), ("pairs", PAIRS)):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def paper(folder: Path, *equations: tuple[str, str]) -> Path:
    path = folder / "paper.tex"
    path.write_text("\n".join(f"% modeflow: {claim}\n\\[ {tex} \\]\n" for claim, tex in equations), encoding="utf-8")
    return path


def test_equations_are_held_against_them(folder: Path) -> None:
    path = paper(folder, *((claim, tex) for claim, tex, _ in CASES))
    found = check([path], chapters=modeflow.load_chapters(folder), jobs=1)
    assert [(f.claim, f.verdict) for f in found] == [(claim, verdict) for claim, _, verdict in CASES]


def test_what_two_chapters_mean_by_one_letter_is_theirs_and_no_identity_has_it(folder: Path) -> None:
    (found,) = check([paper(folder, ("prove", r"s = s + 0"))], chapters=modeflow.load_chapters(folder), jobs=1)
    assert (found.verdict, "s" in found.reason) == ("unparsed", True)


def test_what_agrees_with_a_false_claim_is_not_ok(folder: Path) -> None:
    false = OVERLAP.replace("1 - (1 - h0) * exp(-eta * s * t)", "1 - (1 - h0) * exp(eta * s * t)")
    (folder / "overlap.py").write_text(false, encoding="utf-8")
    forms = (r"h(t) = 1 - (1 - h_0) e^{\eta s t}", r"h(t) = 1 - (1 - h_0) e^{-\eta s t}")
    path = paper(folder, *(("overlap.solution", form) for form in forms))
    found = check([path], chapters=modeflow.load_chapters(folder / "overlap.py"), jobs=1)
    said = ("undecided", "the claim is refuted itself; `modeflow verify` says why")
    assert [(f.verdict, f.reason) for f in found] == [said] * 2


def test_the_command_and_its_errors(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    paper(folder, ("overlap.solution", r"h(t) = 1 - (1 - h_0) e^{-\eta s t}"), ("overlap.solutoin", r"h(t) = 1"))
    assert main(["check", "paper.tex", "--chapters", "overlap.py"]) == 2
    assert "1 ok, 1 unknown" in (said := capsys.readouterr().out)
    assert "did you mean overlap.solution?" in said
    assert main(["check", "paper.tex", "--chapters", "nothing.py"]) == 2
    assert "nothing.py" in capsys.readouterr().err
    Path("taken.py").write_text(OVERLAP.replace('"overlap"', '"dae"'), encoding="utf-8")
    assert main(["check", "paper.tex", "--chapters", "taken.py"]) == 2
    assert "a chapter that ships has this key" in capsys.readouterr().err
    assert main(["check", "paper.tex", "--chapters", "overlap.py", "--chapters", "overlap.py"]) == 2
    assert "overlap: another chapter has this key" in capsys.readouterr().err


def test_letters_that_are_declared_go_before_those_of_the_chapters(folder: Path) -> None:
    chapters = modeflow.load_chapters(folder / "overlap.py")
    declared = configuration({"symbols": {"a": "eta", "c(t)": "h", r"\eta": {"real": True}}}, "here", chapters)
    forms = (r"c(t) = 1 - (1 - h_0) e^{-a s t}", r"c(t) = 1 - (1 - h_0) e^{-\eta s t}")
    path = paper(folder, *(("overlap.solution", form) for form in forms))
    assert [f.verdict for f in check([path], declared, jobs=1)] == ["ok", "wrong"]
    with pytest.raises(UnusableConfiguration, match="is not a quantity"):
        configuration({"symbols": {"a": "nothing"}}, "here", chapters)


def test_comparisons_with_them_are_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Path] = []
    monkeypatch.setattr(cache, "keep", lambda path, *_: kept.append(path))
    path = paper(folder, ("overlap.bound", r"(s - \eta)^2 \ge 0"))
    check([path], chapters=modeflow.load_chapters(folder / "overlap.py"), jobs=1, cache=True)
    assert kept == []


def test_the_plugin_checks_against_them(folder: Path, pytester: pytest.Pytester) -> None:
    paper(folder, ("overlap.bound", r"(s - \eta)^2 \ge 0"), ("overlap.bound", r"(s - \eta)^2 \le 0"))
    options = ("--modeflow", "--modeflow-chapters", str(folder / "overlap.py"), str(folder / "paper.tex"))
    pytester.runpytest_inprocess(*options).assert_outcomes(passed=1, failed=1)

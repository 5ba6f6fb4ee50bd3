"""Calculations: each member of a chain against the next, slips that must be found, and steps that only seem wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from modeflow.cli.program import main
from modeflow.manuscript import Configuration, Finding, Strictness, UnusableConfiguration, check, configuration

LETTERS = {name: {"real": True} for name in ("a", "b", "c", "x_1", "x_2", "i", "t", "\\delta", "F")} | {
    "p": {"positive": True},
    "f(x)": {"real": True},
    "x": {"real": True},
    "w(t)": {"real": True},
    "n": {"integer": True, "positive": True},
}
NOTATION = configuration({"symbols": LETTERS}, "test")
RIGHT = r"g = (a+b)^2 = a^2 + 2ab + b^2"
SLIP = r"g = (a+b)^2 = a^2 - 2ab + b^2"


def steps(tmp_path: Path, text: str, name: str = "p.tex", chosen: Configuration = NOTATION) -> list[Finding]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [f for f in check([path], chosen, jobs=1, time_limit=3, steps=True) if f.claim == "steps"]


def verdicts(tmp_path: Path, text: str, name: str = "p.tex") -> list[str]:
    return [f.verdict for f in steps(tmp_path, text, name)]


def display(*chains: str) -> str:
    return "".join(f"\\[ {chain} \\]\n\n" for chain in chains)


SLIPS = {
    "a sign": SLIP,
    "a factor 2": r"g = (a+b)^2 = a^2 + ab + b^2",
    "a lost square": r"g = a^2 b(b+1) = a b (b^2+b)",
    "an index": r"g = (x_1 + x_2)^2 = x_1^2 + 2x_1x_2 + x_1^2",
    "a power": r"g = a^2 (1+b)^2 = a^2 + 2 a^2 b + a b^2",
    "a number": r"g = (a+b)^3 - a^3 - b^3 = 2ab(a+b)",
    "the sign of an exponent": r"g = e^{a}(1 + p) = e^{a} + p e^{-a}",
    "a function": r"g = \sin(2a) b = 2 b \sin(a) \sin(a)",
    "no solution": r"g = (a+1)^2 - a^2 = 2a - 1",
    "numbers": r"g = 2 + 3 = 6",
    "a digit": r"g = \dfrac{-66 - 24}{36} = -\dfrac{80}{36}",
    "numbers alone": r"\frac{2 + 4}{3} = 3",
    "a derivative": r"g = \frac{d}{dx}(\ln x + 1) = \frac{2}{x}",
    "a bound": r"g = a^2b^2 + 1 \le a^2 b^2",
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_wrong_with_a_witness_and_what_was_meant(tmp_path: Path, slip: str) -> None:
    (found,) = steps(tmp_path, f"We expand the square.\n{display(SLIPS[slip])}")
    assert (found.verdict, found.witness is not None) == ("wrong", True), found
    assert ("=" in found.suggestion) == ("\\le" not in found.latex)


RIGHTS = [
    RIGHT,
    r"(a+b)^2 = a^2 + 2ab + b^2",
    r"g = \frac{a}{b} + \frac{b}{a} = \frac{a^2+b^2}{ab}",
    r"g = 2\cosh a = e^a + e^{-a}",
    r"g = a^2 + b^2 \le a^2 + b^2 + 1 = (a+b)^2 - 2ab + 1",
    r"g \le a^2 \le a^2 + b^2",
    r"g = \frac{d}{dx}(x^2 a) = 2 a x",
    r"g = \sum_{k=1}^{n} k = \frac{n(n+1)}{2}",
    r"0 \le p",
    r"g = (\sqrt{p})^2 = p",
]


@pytest.mark.parametrize("chain", RIGHTS)
def test_a_right_step_is_ok(tmp_path: Path, chain: str) -> None:
    assert set(verdicts(tmp_path, display(chain))) == {"ok"}


ROWS = {
    r"\begin{align} g &= (a+b)^2 \\ &= a^2 + 2ab + b^2 \\ &= a^2 - 2ab + b^2 \end{align}": ["ok", "wrong"],
    r"\begin{align*} g & = (a+b)^2 \\ & = a^2 + 2ab + b^2 \\ h & = (a-b)^2 = a^2 - ab + b^2 \end{align*}": [
        "ok",
        "wrong",
    ],
    r"\begin{equation} \begin{split} g =& (a+b)^2 \\ =& a^2 + 2ab \\ & + b^2 \end{split} \end{equation}": ["ok"],
    r"\begin{multline} g = (a+b)^2 = a^2 \\ + 2ab + b^2 \end{multline}": ["ok"],
    r"\[ g = \left(a \right. \left. + b\right)^2 = a^2 + 2ab + b^2 \]": ["ok"],
    r"\begin{eqnarray} g &=& (a+b)^2 \\ &\ge& a^2 + 2ab + b^2 \end{eqnarray}": ["ok"],
    r"\begin{align} &= (a+b)^2 \\ &= a^2 + 2ab + b^2 \end{align}": ["ok"],
}


@pytest.mark.parametrize("text", ROWS)
def test_steps_go_over_rows(tmp_path: Path, text: str) -> None:
    assert verdicts(tmp_path, text) == ROWS[text]


def test_a_step_is_told_where_its_relation_stands(tmp_path: Path) -> None:
    text = "\\begin{align}\n  g &= (a+b)^2 \\\\\n    &= a^2 - 2ab + b^2\n\\end{align}"
    (found,) = steps(tmp_path, text)
    assert (found.line, found.column, found.latex) == (3, 6, r"(a+b)^2 = a^2 - 2ab + b^2")


# What only seems wrong. Each of these is a slip if it stands alone.

EARLIER = {  # what is said before a chain that then is not wrong
    "a definition": (r"c = a + b", r"g = a c - a b = a^2 + 0 b", "ok"),
    "a definition of a definition": (r"c = 2x_1 \]\[ x_1 = a + b", r"g = b c = 2ab + 2b^2", "ok"),
    "a function": (r"f(x) = x^2", r"g = f(x) b = b x^2", "ok"),
    "a derivative of a function": (r"f(x) = a x^2", r"g = b \frac{d}{dx} f(x) = 2 a b x", "ok"),
    "a number": (r"a = 1", r"g = a^2 b(b+1) = a b (b^2+b)", "undecided"),
    "a definition from the right": (r"a + b = c", r"g = b c^2 = b (a^2 + 2ab + b^2)", "undecided"),
    "a constraint": (r"a^2 + b^2 = 1", r"g = (a^2+b^2)^2 p = a^2 p + b^2 p", "undecided"),
    "two definitions": (r"c = a + b \]\[ c = a - b", r"g = b c^2 = b a^2 + 2ab^2 + b^3", "undecided"),
    "a limit": (r"a \to 0", SLIP, "undecided"),
    "a zero": (r"ab = 0", SLIP, "undecided"),
    "a small letter": (r"b \ll 1", SLIP, "undecided"),
    "a bold letter": (r"\|\mathbf{x}\| = 1", r"g = x_1(x_1 + x_2) = x_1^2 + x_1^2", "undecided"),
    "a flow": (r"\dot w(t) = -a w(t)", r"g = \frac{d}{dt} w(t)^2 = -2a w(t)^2", "undecided"),
    "an index above": (r"b^1 = c", SLIP, "undecided"),
}  # fmt: skip


@pytest.mark.parametrize("kind", EARLIER)
@pytest.mark.parametrize("order", ["before", "after"])
def test_what_the_paper_says_elsewhere_may_make_a_step_right(tmp_path: Path, kind: str, order: str) -> None:
    said, chain, right = EARLIER[kind]
    texts = [said, chain] if order == "before" else [chain, said]
    found = next(f for f in steps(tmp_path, display(*texts)) if f.line == (3 if order == "before" else 1))
    assert found.verdict == right or (order == "after" and (right, found.verdict) == ("ok", "undecided")), found
    assert found.verdict == "ok" or "perhaps by the formula in line" in found.reason or "index" in found.reason


def test_the_formula_that_may_be_used_is_named_by_its_label(tmp_path: Path) -> None:
    text = "\\begin{equation}\\label{eq:sphere} a^2 + b^2 = 1 \\end{equation}\n" + display(
        r"g = (a^2+b^2)^2 p = a^2 p + b^2 p"
    )
    *_, found = steps(tmp_path, text)
    assert (found.verdict, "perhaps by eq:sphere in line 1" in found.reason) == ("undecided", True)


LOST = SLIPS["a lost square"]  # right where a = 1; the other is right only where a or b is 0
MAY_RELATE = [
    f"For balanced weights\n{display(LOST)}",
    f"We have\n{display(LOST)[:-2]}where the mean is taken.\n",
    f"We have\n\\[ {LOST} \\]\n\nwhere the mean is taken.\n",
    f"By \\eqref{{eq:1}} we get\n{display(LOST)}",
    f"If it is so, $x$ is\n\\[ x_1 = 2 x_2 \\] and then \n\\[ {LOST} \\]\n",
]
MAY_UNDO = [
    f"Assuming that all is well, we have\n\n{display(SLIP)}",
    f"We have\n{display(SLIP)[:-2]}where all is small.\n",
    f"We have\n\\[ {SLIP} \\]\n\nto first order.\n",
    f"Pour les poids\n{display(SLIP)}",  # words that are not read
    "We have " + display(SLIP + r", \text{if so}"),
    "We have " + display(SLIP + r", \quad a > 0"),
    "We have " + display(SLIP.replace("= a^2", r"\stackrel{(a)}{=} a^2")),
    "We have " + display(SLIP + r" \approx a^2"),
    r"We have \[ g = (a+b)^2 = \underbrace{a^2 - 2ab + b^2}_{\text{small}} \]",
    f"This cannot be true:\n{display(SLIP)}",
    f"We have, in binary numbers,\n{display(r'g = 5 + 5 = 12')}",
    f"We have\n{display(SLIP)}\n\n\\section{{More}}\n\n Quaternions are numbers.",
]


@pytest.mark.parametrize("text", [*MAY_RELATE, *MAY_UNDO])
def test_words_around_a_display_may_bring_a_condition(tmp_path: Path, text: str) -> None:
    *_, found = steps(tmp_path, text)
    assert (found.verdict, "perhaps by what is said there" in found.reason) == ("undecided", True), found


@pytest.mark.parametrize("text", MAY_RELATE)
def test_no_relation_between_letters_makes_right_what_vanishes_only_where_one_is_0(tmp_path: Path, text: str) -> None:
    *_, found = steps(tmp_path, text.replace(LOST, SLIP))
    assert found.verdict == "wrong"


NEVER_WRONG = [
    r"(a+b)^2 = a^2 - 2ab + b^2",  # two members: it may be a condition
    r"g = a^2 + b^2 = c",
    r"g = a^2 + b = 0",
    r"g = a^2 = a",
    r"g = (a + i b)^2 = a^2 - b^2 + 2 i a b",
    r"g = f(x) + a f(x) = 2 f(x) + a",
    r"g = a^2 + ab = a^2 + a",
    r"g = a^2 \le a + b",
    r"g = 0.33 a b = \frac{a b}{3}",
    r"g = \sum_{k=1}^{n} k a = a n^2",
    r"g = (a + b)^2 = a^2 + b^2",
    r"g = \frac{1000}{3} = 333",
    r"g = \ln 4 = 3",
    r"\left(\frac{1}{2}\right) = 1",
    r"g = \Big( \frac12 \Big) = 1",
    r"g = \frac{33}{132} = 0.26",
    r"\delta g = \delta (a b) = a \delta b + b \delta a",
    r"g = F(a + b) b = F a b + F b b b",
    r"g = \frac{1000 a}{3} = 333 a",
    r"g = a^x b + a^x = a^x b - a^x",
    r"g = \frac{d}{dx}(a x^2) = -2 a x",
    r"x + 1 = x",
    r"(a + 1) x = a x + 1",
]


@pytest.mark.parametrize("chain", NEVER_WRONG)
def test_what_may_be_a_condition_is_undecided(tmp_path: Path, chain: str) -> None:
    assert verdicts(tmp_path, display(chain))[-1] == "undecided"


# What is compared


def test_what_is_defined_is_not_compared(tmp_path: Path) -> None:
    assert (
        steps(tmp_path, display("g = a", "f(x) = x^2", r"a := b", r"a = b + c \approx 2", r"a + b =: c", "a \\le b^2"))
        == []
    )


def test_an_approximation_is_named_and_not_compared(tmp_path: Path) -> None:
    one, other = steps(tmp_path, display(r"g = (a+b)^2 = a^2 + 2ab + b^2 \approx a^2 = a^2 b / b"))
    assert [one.verdict, other.verdict] == ["ok", "ok"]
    assert other.note == "\\approx is read, and not compared"


def test_a_member_that_is_not_read_leaves_the_others(tmp_path: Path) -> None:
    assert verdicts(tmp_path, display(r"\pm a = (a+b)^2 = a^2 + 2ab + b^2 = \pm a")) == ["unparsed", "ok", "unparsed"]
    assert steps(tmp_path, display(r"g = a(b = c")) == []  # where a member ends is not seen


def test_marks(tmp_path: Path) -> None:
    text = (
        f"% modeflow: steps\n\\begin{{align}} {SLIP} \\\\ {RIGHT} \\end{{align}}\n"
        f"% modeflow: ignore -- on purpose\n\\[ {SLIP} \\]\n% modeflow: steps\n\\[ g = a \\]\n\\[ {SLIP} \\]\n"
    )
    path = tmp_path / "p.tex"
    path.write_text(text, encoding="utf-8")
    found = check([path], NOTATION, jobs=1, time_limit=3)
    assert [f.verdict for f in found] == ["wrong", "ok", "ignored", "undecided"]
    assert found[-1].reason == "no step is compared: what stands here is defined"
    everywhere = check([path], NOTATION, jobs=1, time_limit=3, steps=True)
    assert [f.verdict for f in everywhere] == ["wrong", "ok", "ignored", "undecided", "wrong"]


def test_the_configuration_and_labels(tmp_path: Path) -> None:
    path = tmp_path / "p.tex"
    path.write_text(f"\\begin{{equation}}\\label{{eq:1}} {SLIP} \\end{{equation}}", encoding="utf-8")
    for more in ({"steps": True}, {"labels": {"eq:1": "steps"}}):
        chosen = configuration({"symbols": LETTERS, **more}, "test")
        assert [f.verdict for f in check([path], chosen, jobs=1, time_limit=3)] == ["wrong"]
    with pytest.raises(UnusableConfiguration, match="write true or false"):
        configuration({"steps": "yes"}, "test")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.md", f"We get\n\n$$\n{SLIP}\n$$\n"),
        ("p.md", f"We get\n\n```math\n{SLIP}\n```\n"),
        ("p.md", f"We get\n$$ {SLIP} $$\n"),
    ],
)
def test_markdown(tmp_path: Path, name: str, text: str) -> None:
    assert verdicts(tmp_path, text, name) == ["wrong"]
    assert verdicts(tmp_path, text.replace("We get", "For small $a$ we get"), name) == ["undecided"]


def test_what_is_supported_passes_unless_strict(tmp_path: Path) -> None:
    found = Finding("p.tex", 1, 1, "steps", "supported")
    assert (found.fails(Strictness()), found.fails(Strictness(strict=True))) == (False, True)


def run(tmp_path: Path, text: str, *options: str) -> tuple[int, Path]:
    path = tmp_path / "p.tex"
    path.write_text(text, encoding="utf-8")
    symbols = "".join(f"'{name}' = {{ real = true }}\n" for name in "abg")
    (tmp_path / "modeflow.toml").write_text(f"[manuscript.symbols]\n{symbols}", encoding="utf-8")
    return main(["check", str(path), "--no-cache", "--time-limit", "3", "-j", "1", *options]), path


@pytest.mark.parametrize(("text", "options", "status"), [
    (display(RIGHT), ["--steps", "--strict"], 0),
    (display(SLIP), ["--steps"], 1),
    (display(SLIP), [], 0),
    (display("(a+b)^2 = a^2 + b^2"), ["--steps"], 0),
    (display("(a+b)^2 = a^2 + b^2"), ["--steps", "--strict"], 1),
    (display(RIGHT), ["--steps", "--complete"], 0),
    (display(RIGHT), ["--complete"], 1),
])  # fmt: skip
def test_exit_codes(tmp_path: Path, text: str, options: Sequence[str], status: int) -> None:
    assert run(tmp_path, text, *options)[0] == status


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, display(RIGHT, SLIP), "--steps", "--output-format", "json")
    one, other = json.loads(capsys.readouterr().out)
    assert (one["claim"], one["verdict"], one["line"]) == ("steps", "ok", 1)
    assert (other["claim"], other["verdict"], other["line"]) == ("steps", "wrong", 3)
    assert other["witness"]["left"] != other["witness"]["right"]


# Each part of the rule alone keeps a right step from being called wrong: without it, these tests would fail.


@pytest.mark.parametrize("kind", ["a number", "a constraint", "a zero", "a small letter"])
def test_without_the_other_formulas_the_same_steps_would_be_wrong(tmp_path: Path, kind: str) -> None:
    _, chain, _ = EARLIER[kind]
    assert verdicts(tmp_path, display(chain)) in (["wrong"], ["undecided"])
    assert kind == "a constraint" or verdicts(tmp_path, display(chain)) == ["wrong"]

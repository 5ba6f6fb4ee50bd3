"""Functions of the paper's own, of one letter or several: what of them is read, proved, refuted, and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from modeflow.manuscript import Finding, check, configuration, survey
from modeflow.manuscript.read.grammar import key

REAL = {"real": True}
KEYS = ["x", "y", "h", "n_1", "f(x)", "g(x, y)", "p(x | y)", "p(y)", "p(x, y)"]
CHOSEN = configuration({"symbols": dict.fromkeys(KEYS, REAL)}, "test")


def judged(written: str, folder: Path) -> Finding:
    paper = folder / "paper.tex"
    paper.write_text(f"% modeflow: prove\n\\[ {written} \\]\n", encoding="utf-8")
    (found,) = check([paper], CHOSEN, jobs=1)
    return found


# What is right for all functions, and the same gone wrong.
RIGHT = [
    ("f(x+h) + f(x) = f(x) + f(h+x)", "f(x+h) + f(x) = f(x) + f(h-x)"),
    ("f(x+h)^2 - f(x)^2 = (f(x+h) - f(x))(f(x+h) + f(x))", "f(x+h)^2 - f(x)^2 = (f(x+h) - f(x))^2"),
    ("p(x | y) p(y) = p(y) p(x | y)", "p(x | y) p(y) = p(x, y)"),
    ("g(x, y) - g(y, x) = -(g(y, x) - g(x, y))", "g(x, y) = g(y, x)"),
    (r"g(x\mid y) = 1", ""),
    ("g(x; y) = 1", ""),
    ("g(|x|, y) = g(|x|, y) + 0 x", "g(|x|, y) = g(x, y) + 1"),
    (
        r"\frac{\partial}{\partial x}(x g(x, y)) = g(x, y) + x\frac{\partial g(x, y)}{\partial x}",
        r"\frac{\partial}{\partial x}(x g(x, y)) = g(x, y)",
    ),
    (
        r"\frac{\partial (x f)}{\partial x} = x\frac{\partial f}{\partial x} + f(x)",
        r"\frac{\partial (x f)}{\partial x} = f(x)",
    ),
    (r"\frac{\partial^2 g}{\partial x^2} y = y\frac{\partial^2 g(x, y)}{\partial x^2}", ""),
]


@pytest.mark.costly
@pytest.mark.parametrize(("right", "wrong"), [pair for pair in RIGHT if pair[1]])
def test_an_identity_for_all_functions_is_right_and_another_wrong(right: str, wrong: str, tmp_path: Path) -> None:
    assert judged(right, tmp_path).verdict == "ok"
    found = judged(wrong, tmp_path)
    assert found.verdict == "wrong"
    assert "own" not in str(found.witness)
    assert "[" not in str(found.witness and found.witness["point"])


# Where values of one function depend on each other, or a letter is bound, no verdict is given.
OPEN = [
    ("f(x^2 - 1) = f((x - 1)(x + 1))", "undecided"),
    ("g((x + h)^2, y) = g(x^2 + 2xh + h^2, y)", "undecided"),
    ("f(f(x)) = f(x)", "undecided"),
    (r"\int_0^2 f(x)\,dx = 2\int_0^1 f(x)\,dx", "unparsed"),
    (r"\int_0^2 g(x, y)\,dx = 2\int_0^1 g(x, y)\,dx", "unparsed"),
    (r"\sum_{i=1}^{3} f(i x) = f(x) + f(2x) + f(3x)", "ok"),
    (r"\sum_{i=1}^{h} f(i) = h f(i)", "unparsed"),
    (r"\frac{d f(2x)}{dx} = 0", "unparsed"),
    (r"\frac{d}{dx} g(x, x) = 0", "undecided"),
    ("f = 1", "unparsed"),
    ("f(x, y) = 1", "undecided"),
    ("g(x) = 1", "unparsed"),
    (r"g(x\mid y) = 1", "undecided"),
    ("g(x; y) = 1", "undecided"),
    ("f[x] = 1", "unparsed"),
    ("f(x] = 1", "unparsed"),
    ("f() = 1", "unparsed"),
    ("g(x,) = 1", "unparsed"),
    ("f^2(x) = f(x)^2", "unparsed"),
    ("f^0(x) = 1", "unparsed"),
    ("x[1 -1]^2 = 0", "unparsed"),
    ("x[1 - h]^2 = x(1-h)^2", "ok"),
    ("x[1-h]^2 = x(1 -h)^2", "ok"),
]


@pytest.mark.parametrize(("written", "verdict"), OPEN)
def test_what_may_be_something_else_is_neither_right_nor_wrong(written: str, verdict: str, tmp_path: Path) -> None:
    assert judged(written, tmp_path).verdict == verdict


def test_keys_have_their_separators() -> None:
    assert [key(text) for text in ("g(x, y)", r"p(x \mid y_1)", "p(x; y)")] == ["g(x,y)", "p(x|y_{1})", "p(x;y)"]


def test_a_survey_takes_what_is_written_so_as_a_function(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    rows = ["f(x, y) = f(x + 1, y)", "g(x) = 2", "g(2x - y) = 1", "a(b + c) = 2", "k(1, y) = 1"]
    paper.write_text("".join(f"\\[ {row} \\]\n" for row in rows), encoding="utf-8")
    assert [row.compared for row in survey([paper])] == [True] * 5
    paper.write_text("\\[ x = 1, \\dots, n \\quad a (i = 1, 2) \\]\\[ b(x)_1 = 2 \\]", encoding="utf-8")
    assert not any(row.compared for row in survey([paper]))


OTHERS = configuration(
    {
        "symbols": {
            **dict.fromkeys(
                ["x", "y", "t", r"\Delta", r"\Delta t", r"\delta x_1", "e_1", "e_2", "f(x)", "C'(x, y)"], REAL
            ),
            "e": "e",
        }
    },
    "test",
)
NAMES = [
    (r"\Delta t^2 = \Delta t\Delta t", "ok"),
    (r"\Delta t^2 = \Delta t^3", "wrong"),
    (r"\Delta t = t\Delta", "wrong"),
    (r"\Delta x = x\Delta", "ok"),
    (r"\frac{1}{\delta x_1} = \delta x_1^{-1}", "ok"),
    (r"\delta x_2 = \delta x_2 + 0 x", "unparsed"),
    (r"\Delta\Delta t = \Delta t\Delta", "ok"),
    (r"\ln e + e^{x}e = e^{x+1} + 1", "ok"),
    (r"\ln e + e^{x}e = e^{x} + 1", "wrong"),
    ("e_1 e_2 = e_2 e_1", "ok"),
    ("e_1 e_3 = e_3 e_1", "unparsed"),
    ("\\frac{d}{dx} f(x)^2 = 2f(x) f'(x)", "ok"),
    ("\\frac{d}{dx} f(x)^2 = 2f'(x)", "wrong"),
    ("f''(x) = \\frac{d^2 f(x)}{dx^2} + 0x", "ok"),
    ("f'(2x) = f'(2x)+0x", "unparsed"),
    ("f'(y) = 0", "unparsed"),
    ("C'(x + 1, y) - C'(1 + x, y) = 0x", "ok"),
    ("C(x, y) = 0", "undecided"),
]


@pytest.mark.parametrize(("written", "verdict"), NAMES)
def test_names_of_differences_primes_and_the_base_of_exponentials(written: str, verdict: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"% modeflow: prove\n\\[ {written} \\]\n", encoding="utf-8")
    assert [found.verdict for found in check([paper], OTHERS, jobs=1)] == [verdict]


def test_a_base_of_exponentials_that_is_not_declared_is_asked_for(tmp_path: Path) -> None:
    found = judged("x = 2ex", tmp_path)
    assert (found.verdict, found.reason) == (
        "unparsed",
        "e without an exponent is not declared: write 'e' = \"e\" under [manuscript.symbols]",
    )


VECTORS = ["{0}a \\times {0}b = {0}b \\times {0}a", "{0}a \\cdot {0}b = {0}b \\cdot {0}a", "\\dot{0}a\\times {0}b = 1"]


@pytest.mark.parametrize("bold", [r"\vec ", r"\mathbf ", r"\boldsymbol "])
@pytest.mark.parametrize("written", VECTORS)
def test_products_of_vectors_are_no_products_of_numbers(written: str, bold: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    symbols = dict.fromkeys([rf"{bold.strip()}{{{letter}}}" for letter in "ab"], REAL) | {"t": "t", "x": REAL}
    chosen = configuration({"symbols": symbols}, "test")
    paper.write_text(f"% modeflow: prove\n\\[ {written.replace('{0}', bold)} \\]\n", encoding="utf-8")
    assert [found.verdict for found in check([paper], chosen, jobs=1)] == ["unparsed"]
    paper.write_text(f"% modeflow: prove\n\\[ x \\cdot {bold}a = {bold}a \\times x \\]\n", encoding="utf-8")
    assert [found.verdict for found in check([paper], chosen, jobs=1)] == ["ok"]


INDICES = configuration({"symbols": {**dict.fromkeys(["r", "r^n", "s", "n", "x(t)"], REAL), "t": "t"}}, "test")


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("r^{n+1} = r r^n", "unparsed"),
        ("s^{n+1} = s s^n", "ok"),
        ("s(x(t)) = x(t) s", "unparsed"),
        ("s(x(t) + 0 r) = s x(t)", "ok"),
    ],
)
def test_what_may_be_an_index_or_an_argument_is_refused(written: str, verdict: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"% modeflow: prove\n\\[ {written} \\]\n", encoding="utf-8")
    assert [found.verdict for found in check([paper], INDICES, jobs=1)] == [verdict]

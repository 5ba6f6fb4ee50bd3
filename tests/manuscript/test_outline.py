"""What is read though its meaning is not asked for: its tree, what of it is never compared, and what is refused."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest

from modeflow.manuscript import check, configuration, survey
from modeflow.manuscript.read.formula_trees import Node
from modeflow.manuscript.read.not_compared import not_compared
from modeflow.manuscript.read.outline import outline
from modeflow.manuscript.text.tokens import Unparsed, tokens


def told(node: Node) -> str:
    """A tree in one line: what is written for a leaf, else its kind with its parts."""
    if not node.parts:
        return node.value or node.kind
    value = f":{node.value}" if node.value else ""
    return f"{node.kind}{value}({', '.join(map(told, node.parts))})"


# What is written, its tree, what of it is never compared, and the same broken, which is refused.
READ = [
    (r"\min_x f", r"extremum:\min(x, f)", r"\min", r"\min_"),
    (r"\operatorname*{arg\,min}_\theta L", r"extremum:argmin(\theta, L)", "argmin", r"\operatorname*"),
    (r"\lim_{n\to\infty} a_n", r"limit:\lim(n\to\infty, scripted(a, n))", "a limit", r"\lim_{n\to"),
    (r"x \in X", r"open relation:\in(x, X)", r"the relation \in", r"x \in )"),
    (r"a = b \approx c", r"open relation:\approx(a, b, c)", r"the relation \approx", r"a = b \approx }"),
    (r"x \overset{d}{\to} y", r"open relation:\to(x, y)", r"the relation \to", r"x \overset{d}"),
    (r"A \Downarrow B", r"open relation:\Downarrow(A, B)", r"the relation \Downarrow", r"A \Downarrow )"),
    (
        r"a = \text{the length of } b \text{ on } c",
        "list(relation:=(a, thelengthof), b, on, c)",
        "a list of values or statements",
        r"a = \text{the length of} b )",
    ),
    (r"A \implies B", r"open relation:\implies(A, B)", r"the relation \implies", r"A \implies ]"),
    (r"\{x : x > 0\}", r"set:\{\}(list(x, relation:>(x, 0)))", "a set", r"\{x : x > 0"),
    (r"[0, 1)", "bracket:[)(list(0, 1))", "a list of values or statements", "[0, 1"),
    (
        r"f(x, y) = 1",
        "relation:=(multiply(f, bracket:()(list(x, y))), 1)",
        "a list of values or statements",
        "f(x, y = 1",
    ),
    (r"p(x | y)", "multiply(p, bracket:()(list(x, y)))", "a list of values or statements", "p(x | y"),
    (r"\|x\|_1", r"other norm(norm(x), 1)", "a norm that is not Frobenius's, squared", r"\|x"),
    (r"\|x\|_F^2", r"scripted(norm(x), F, 2)", "", r"\|x\|_"),
    (r"\left.F\right|_{x=0}", "evaluation(F, relation:=(x, 0))", "the value at a place behind a bar", r"\left.F"),
    (r"F|_a^b", "evaluation(F, a, b)", "the value at a place behind a bar", "F|_"),
    (r"\int f\,dx", r"open integral:\int(multiply(f, d, x))", "an integral without two finite limits", r"\int_"),
    (
        r"\int_0^\infty f\,dx",
        r"open integral:\int(0, \infty, multiply(f, d, x))",
        "an integral without two finite limits",
        r"\int_0^",
    ),
    (r"\prod_{k=1}^n a_k", r"product:\prod(k=1, n, scripted(a, k))", r"\prod", r"\prod_{k=1"),
    (
        r"\operatorname{softmax}(x)",
        r"operator:softmax(bracket:()(x))",
        "the operator softmax",
        r"\operatorname{softmax}(x",
    ),
    (r"a \text{ if } b", r"list(a, if, b)", "a list of values or statements", r"a \text{ if } b)"),
    (r"n = \text{number of rows}", r"relation:=(n, numberofrows)", "a text", r"n = \text"),
    (r"1, \dots, n", r"list(1, \dots, n)", "a list of values or statements", r"1, \dots, n]"),
    (r"\pm a", r"signed:\pm(a)", r"\pm", r"\pm )"),
    (r"= a", "open relation:=(nothing, a)", "the relation =", "= )"),
    (
        r"\begin{cases} 1 & x > 0 \\ 0 \end{cases}",
        "cases:cases(list(1, relation:>(x, 0), 0))",
        "an equation by cases",
        r"\begin{cases} 1 & x > 0 \\ 0",
    ),
    (
        r"\begin{pmatrix} a & b \end{pmatrix}",
        "matrix:pmatrix(list(a, b))",
        "a matrix of entries",
        r"\begin{foo} a \end{foo}",
    ),
    (
        r"\left\{\begin{aligned} a &= b \end{aligned}\right.",
        r"set:\{\rnone(rows:aligned(list(a, open relation:=(nothing, b))))",
        "a set",
        r"\left\{ a",
    ),
    (r"|a||b|", "multiply(absolute(a), absolute(b))", "", "|a"),
    (r"\sin x y", r"function:\sin(multiply(x, y))", "", r"\sin x y^"),
    (r"a/bc", "multiply(divide:/(a, b), c)", "", "a/bc_"),
    (r"n!", "scripted(n, !)", "", "n!]"),
    (r"x^{(k)}_i", "scripted(x, bracket:()(k), i)", "", r"x^{(k"),
    (r"x_\text{eff}", r"scripted(x, \text{eff})", "", r"x_\text"),
    (r"\hat{x + y}", r"accent:\hat(add(x, y))", "", r"\hat"),
    (r"{a \over b}", r"divide:\over(a, b)", "", r"{a \over b"),
    (r"|\psi\rangle", r"ket:|ket\rangle(\psi)", "a bra or a ket", r"\psi\rangle"),
    (r"\langle +|", r"ket:\langlebra|(nothing)", "a bra or a ket", r"\langle +"),
    (
        r"|a\rangle\langle b|c",
        r"multiply(ket:|ket\rangle(a), ket:\langlebra|(b), c)",
        "a bra or a ket",
        r"|a\rangle\rangle",
    ),
    (r"\langle a|X|b\rangle", r"bracket:\langle\rangle(multiply(a, absolute(X), b))", "", r"\langle a|X|b"),
    (
        r"H(p(\cdot|X))",
        r"multiply(H, bracket:()(multiply(p, bracket:()(list(multiply:\cdot(nothing, nothing), X)))))",
        "a list of values or statements",
        "H(p(\\cdot|X)",
    ),
    (r"a \equiv b \pmod n", r"list(relation:\equiv(a, b), n)", "a list of values or statements", r"a \equiv b \pmod"),
    ("f(学习)，x", "list(multiply(f, bracket:()(学)), x)", "a list of values or statements", "f(学习"),
    (r"\lambda*x", r"multiply:*(\lambda, x)", "", r"\lambda*x\foo"),
]


@pytest.mark.parametrize(("written", "tree", "never", "broken"), READ)
def test_what_is_read_has_its_tree_and_is_refused_broken(written: str, tree: str, never: str, broken: str) -> None:
    read = outline(tokens(written))
    assert told(read) == tree
    assert not_compared(read).partition(" is read, and not compared")[0] == never
    with pytest.raises(Unparsed) as refused:
        outline(tokens(broken))
    assert str(refused.value)


PATTERNS = [
    *(
        "x^(",
        "x^{",
        "x^{(",
        "x^\\frac{",
        "x_",
        "|",
        "\\|",
        "x|",
        "(",
        "a,",
        "-",
        "/",
        "\\cdot ",
        "\\sum ",
        "\\sqrt",
        "\\hat",
        "\\in ",
    ),
    *(
        "\\begin{cases} a & ",
        "\\left.",
        "\\overset{a}",
        "\\text{a b}",
        "\\not",
        "{",
        "\\over ",
        "|_",
        "\\xrightarrow{a}",
        "\\int_0",
    ),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_long_formulas_are_read_or_refused_in_time(pattern: str) -> None:
    found = tokens((pattern * 4000)[:3900])
    start = time.process_time()
    for broken in (found, [*found, *tokens("\\foo")]):
        with suppress(Unparsed):
            outline(broken)
    assert time.process_time() - start < 5


CHOSEN = configuration({"notation": "pretorius2018"}, "test")
RIGHT = r"w^* = \frac{\lambda}{\lambda+\varepsilon}"
NEVER = [
    rf"{RIGHT}, \lambda",
    rf"X \in {RIGHT}",
    rf"{RIGHT} \sim \lambda \implies \lambda = 1",
    rf"{RIGHT} \text{{ or less}}",
    rf"\lim_{{t\to\infty}} {RIGHT}",
    rf"\{{{RIGHT}\}}",
    r"w^* = \begin{cases} \frac{\lambda}{\lambda+\varepsilon} & \lambda > 0 \\ 0 & \lambda = 0 \end{cases}",
    r"w^* \sim \frac{\lambda}{\lambda+\varepsilon}",
    r"w^* = \operatorname{relu}\left(\frac{\lambda}{\lambda+\varepsilon}\right)",
    r"w^* = \pm\frac{\lambda}{\lambda+\varepsilon}",
    r"w^* = \max(\frac{\lambda}{\lambda+\varepsilon}, 0)",
    r"w^* = 3 \implies \lambda = 3",
]


@pytest.mark.parametrize("written", NEVER)
def test_what_is_not_compared_is_neither_right_nor_wrong(written: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"% modeflow: dae.fixed_point\n\\[ {written} \\]\n", encoding="utf-8")
    (found,) = check([paper], CHOSEN, jobs=1)
    assert (found.verdict, found.line) == ("undecided", 2)
    assert "is read, and not compared" in found.reason
    assert all(row.read and not row.compared for row in survey([paper]))


def test_rows_beside_cases_are_checked(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    other = r"x &= \begin{cases} 1 & a \\ 2 & b \end{cases}"
    rows = [rf"{RIGHT} \\ % modeflow: dae.fixed_point", rf"{other} \\", r"w^* &= 3 % modeflow: dae.fixed_point"]
    paper.write_text("\\begin{align}\n" + "\n".join(rows) + "\n\\end{align}\n", encoding="utf-8")
    found = check([paper], CHOSEN, jobs=1)
    assert [(f.line, f.verdict) for f in found] == [(2, "ok"), (4, "wrong")]


@pytest.mark.parametrize("environment", ["multline", "alignat", "IEEEeqnarray", "array", "gather", "eqnarray"])
def test_environments_inside_of_dollars(environment: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    counted = "{rCl}" if environment in ("array", "IEEEeqnarray") else "{2}" if environment == "alignat" else ""
    for right, verdict in ((RIGHT, "ok"), (r"w^* = \lambda", "wrong")):
        written = (
            right
            if environment in ("multline", "gather")
            else right.replace("=", "&=&" if counted == "{rCl}" else "&=")
        )
        paper.write_text(
            f"% modeflow: dae.fixed_point\n$$\\begin{{{environment}}}{counted}\n{written}\n\\end{{{environment}}}$$\n"
        )
        assert [f.verdict for f in check([paper], CHOSEN, jobs=1)] == [verdict]


def test_columns_of_an_array_are_not_multiplied(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("% modeflow: prove\n$$\\begin{array}{ll} 2x = x & 2 \\end{array}$$\n")
    (found,) = check([paper], CHOSEN, jobs=1)
    assert found.verdict == "undecided"


RATE = r"2u(\lambda-(\lambda+\varepsilon)u)"
# A mark, a right equation, and the same gone wrong.
COMPARED = [
    ("dae.fixed_point", rf"{RIGHT} \approx 1", r"w^* = \lambda \approx 1"),
    ("dae.fixed_point", rf"{RIGHT} \in \mathbb{{R}}", r"w^* = \frac{\lambda}{\lambda-\varepsilon} \in \mathbb{R}"),
    ("dae.fixed_point", rf"{RIGHT}, \lambda > 0", r"w^* = \frac{\lambda}{\lambda-\varepsilon}, \lambda > 0"),
    ("dae.balanced_rate", rf"\tau\,du = {RATE}\,dt", rf"2\tau\,du = {RATE}\,dt"),
    ("dae.balanced_rate", rf"\frac{{\tau\,du}}{{{RATE}}} = dt", rf"\frac{{2\tau\,du}}{{{RATE}}} = dt"),
    ("dae.balanced_rate", rf"\tau{{du\over dt}} = {RATE}", rf"\tau{{du\over dt}} = 2{RATE}"),
    (
        "prove",
        r"\left.\frac{d}{dx}(x^2\lambda)\right|_{x=3} = 6\lambda",
        r"\left.\frac{d}{dx}(x^2\lambda)\right|_{x=3} = 3\lambda",
    ),
    ("prove", r"\left.x^2\right|_{x=1}^{x=2} = 3", r"\left.x^2\right|_{x=1}^{x=2} = 5"),
    ("prove", r"x^2\Big|_{x=1}^{x=2} = 3", r"x^2\Big|_{x=1}^{x=2} = 5"),
    (
        "prove",
        r"\lambda+2\lambda\frac{d}{dx}(x^2)\big|_{x=1} = 5\lambda",
        r"\lambda+2\lambda\frac{d}{dx}(x^2)\big|_{x=1} = 4\lambda",
    ),
    ("prove", r"|\lambda|+(2-x^2)|_{x=1} = |\lambda|+1", r"|\lambda|+(2-x^2)|_{x=1} = |\lambda|+2"),
    ("prove", r"\prod_{k=1}^3 (x+k) = x^3+6x^2+11x+6", r"\prod_{k=1}^3 (x+k) = x^3+6x^2+11x+5"),
    ("prove", r"\binom{x}{2} = \frac{x^2-x}{2}", r"\binom{x}{2} = \frac{x^2+x}{2}"),
    ("prove", r"\ln(2)\log_2(\lambda) = \ln(\lambda)", r"\log_2(\lambda) = \ln(\lambda)"),
    ("prove", r"\partial^2(x^3)/\partial x^2 = 6x", r"\partial^2(x^3)/\partial x^2 = 3x"),
]


@pytest.mark.parametrize(("mark", "right", "wrong"), COMPARED)
def test_what_is_compared_is_right_or_wrong(mark: str, right: str, wrong: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("".join(f"% modeflow: {mark}\n\\[ {tex} \\]\n" for tex in (right, wrong)), encoding="utf-8")
    good, bad = check([paper], CHOSEN, jobs=1)
    assert (good.verdict, bad.verdict) == ("ok", "wrong")
    assert ("is not checked" in good.note) == any(tail in right for tail in ("approx", r"\in "))


UNCLEAR = [
    (r"w\left.(t)\right|_{t=0} = 0", "undecided"),
    (r"\left.w^*\right|_{\varepsilon=0} = 1", "unparsed"),  # which it is, w^* being λ/(λ + ε)
    (r"\left.\frac{w_0}{\lambda}\right|_{\lambda=1} = w_0", "unparsed"),
    (r"\left.w(t)\right|_{\gamma=0} = w(t)", "unparsed"),
    (r"\left.w_1\right|_{t=0} = w_1", "unparsed"),
    (r"\left.\frac{dw(t)}{dt}\right|_{t=0} = 0", "unparsed"),
    (r"\left.\frac{\lambda}{x}\right|_{x=0} = 0", "unparsed"),
    (r"\prod_{k=1}^{20} x = x^{20}", "unparsed"),
    (r"w^*\frac{d(x^2)}{dx}|_{x=1} = 2w^*", "unparsed"),  # which may depend on x
    (r"x\frac{d(x^2)}{dx}|_{x=1} = 2x", "unparsed"),
    (r"w(t)\frac{d(t^2)}{dt}|_{t=1} = 2w(t)", "unparsed"),
    (r"w^*|_{\varepsilon=0} = 1", "unparsed"),
    (r"1+x|_{x=1} = 2", "undecided"),
    (r"x^2|_{x=2}^2 = 4", "undecided"),
    (r"|x|_{x=1} = 1", "unparsed"),
    (r"\prod_{k=1}^3 x \lambda = x^3\lambda^3", "undecided"),
    (r"dX = \lambda\,dt + x\,dW", "unparsed"),
    (r"\frac{x + dX}{\lambda} = dt", "unparsed"),
]


@pytest.mark.parametrize(("written", "verdict"), UNCLEAR)
def test_what_has_no_clear_meaning_is_not_compared(written: str, verdict: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"% modeflow: flow.mode_w1\n\\[ {written} \\]\n", encoding="utf-8")
    assert [f.verdict for f in check([paper], CHOSEN, jobs=1)] == [verdict]


def test_equations_at_commas_have_a_mark_each(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    mark = "% modeflow: dae.fixed_point\n"
    paper.write_text(f"{mark}{mark}\\[ {RIGHT}, \\quad w^* = \\lambda, {RIGHT} \\]\n{mark}\\[ f(a, b) = 3 \\]\n")
    assert [(f.line, f.verdict) for f in check([paper], CHOSEN, jobs=1)] == [
        (1, "unparsed"),
        (2, "unparsed"),
        (5, "undecided"),
    ]
    paper.write_text(f"{mark * 3}\\[ {RIGHT}, \\quad w^* = \\lambda, {RIGHT} \\]\n")
    assert [f.verdict for f in check([paper], CHOSEN, jobs=1)] == ["ok", "wrong", "ok"]

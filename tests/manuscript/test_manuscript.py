"""Marked equations of manuscripts against claims: no false ok above all."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import daily
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modeflow.cli.program import main
from modeflow.manuscript import Configuration, Finding, UnusableConfiguration, check, configuration
from modeflow.manuscript.judge.corrections import Corrections
from modeflow.manuscript.read.grammar import statement
from modeflow.manuscript.text.commands import FUNCTIONS, GREEK
from modeflow.manuscript.text.tokens import Unparsed, tokens
from modeflow.statements.catalogue import claims

NOTATION = configuration({"notation": "pretorius2018"}, "test")


def verdicts(folder: Path, text: str, chosen: Configuration = NOTATION, name: str = "paper.tex") -> list[Finding]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return check([path], chosen, jobs=1)


def marked(equations: list[tuple[str, str]]) -> str:
    return "".join(f"% modeflow: {claim}\n\\[ {tex} \\]\n" for claim, tex in equations)


FIXED, BALANCED, PRODUCT = "dae.fixed_point", "dae.balanced", "dae.product_rate"

RIGHT = [
    (FIXED, r"w^* = \frac{\lambda}{\lambda + \varepsilon}."),
    (FIXED, r"\frac\lambda{\varepsilon+\lambda} = w^{\ast}"),
    (FIXED, r"(\lambda + \varepsilon) w^\star = \lambda"),
    (FIXED, r"\frac1{w^*} = 1 + \varepsilon/\lambda"),
    (FIXED, r"w^* = {\lambda \over \lambda + \varepsilon}"),
    (FIXED, r"\frac{1}{1 + \varepsilon/\lambda} = \frac{\lambda}{\lambda+\varepsilon} = w^*"),
    (FIXED, r"w^* = 1 - \frac{\varepsilon}{\lambda + \varepsilon} = \frac{1}{1 + \varepsilon/\lambda}"),
    ("wae.fixed_point", r"\lambda w^* = \lambda - \gamma"),
    (
        PRODUCT,
        r"\tau \frac{\mathrm{d}}{\mathrm{d}t} (w_2 w_1)"
        r" = (w_1^2 + w_2^2)\bigl(\lambda - (\lambda + \varepsilon) w_1 w_2\bigr)",
    ),
    (PRODUCT, r"\dot w_1 w_2 + w_1 \dot{w}_2 = \frac{w_1^2 + w_2^2}{\tau}(\lambda - (\lambda + \varepsilon) w_1 w_2)"),
    (BALANCED, r"w(t) = \frac{\lambda}{\lambda + \varepsilon - (\lambda+\varepsilon-\lambda/w_0)e^{-2\lambda t/\tau}}"),
    (
        BALANCED,
        r"w = \frac{\lambda \exp(2\lambda t/\tau)}{(\lambda+\varepsilon)(\exp(2\lambda t/\tau) - 1) + \lambda/w_0}",
    ),
    ("dae.theta_flow", r"\tau\dot\theta = 2\lambda - c_0 (\lambda+\varepsilon) \sinh\theta"),
    ("dae.theta_flow", r"\frac{d\theta}{dt} = \frac{2\lambda - c_0 (\lambda+\varepsilon) \sinh(\theta)}{\tau}"),
    ("dae.invariant", r"w_2 \dot w_2 = w_1 \dot w_1"),
    ("wae.imbalance", r"c(t) = (b^2 - a^2)\, e^{-2\gamma t/\tau}"),
    ("prove", r"\cosh^2 x - \sinh^2 x = 1"),
    ("prove", r"\tanh^{-1} (\tanh(x)) = x"),
    ("prove", r"\ln\frac{\lambda_{+}}{\tau} = \ln \lambda_{+} - \ln\tau"),
]

NOT_OK = [
    (FIXED, r"w^* = \frac{\lambda}{\lambda - \varepsilon}", "wrong"),
    (FIXED, r"w^* = \frac{\varepsilon}{\lambda + \varepsilon}", "wrong"),
    (FIXED, r"w^* = \lambda/\lambda + \varepsilon", "wrong"),
    (FIXED, r"w^* = \frac{\lambda}{\lambda + 2\varepsilon}", "wrong"),
    (FIXED, r"\lambda = \lambda", "undecided"),
    (FIXED, r"w^* = w^*", "undecided"),
    (FIXED, r"0 = 0", "undecided"),
    (FIXED, r"\lambda + \varepsilon = \varepsilon + \frac{\lambda^2}{\lambda}", "undecided"),
    (FIXED, r"x - x + \lambda (\gamma - \gamma) w^* = 0", "undecided"),
    (FIXED, r"w^* (\lambda w^* + \varepsilon w^* - \lambda) = 0", "undecided"),
    (FIXED, r"x ((\lambda + \varepsilon) w^* - \lambda) = 0", "undecided"),
    (FIXED, r"(\lambda - \varepsilon) ((\lambda + \varepsilon) w^* - \lambda) = 0", "undecided"),
    (FIXED, r"\cosh^2 x - \sinh^2 x = 1", "wrong"),
    ("cmp.equivalence", r"\tau = \frac{2\tau}{2}", "undecided"),
    (PRODUCT, r"\tau \frac{d}{dt} (w_2 w_1) = (w_1^2 - w_2^2)(\lambda - (\lambda + \varepsilon) w_1 w_2)", "wrong"),
    (PRODUCT, r"\frac{d}{dt} (w_2 w_1) = (w_1^2 + w_2^2)(\lambda - (\lambda + \varepsilon) w_1 w_2)", "wrong"),
    (
        BALANCED,
        r"w(t) = \frac{\lambda e^{\lambda t/\tau}}{(\lambda+\varepsilon)(e^{2\lambda t/\tau} - 1) + \lambda/w_0}",
        "wrong",
    ),
    ("wae.imbalance", r"c(t) = (b^2 - a^2) e^{2\gamma t/\tau}", "wrong"),
    ("wae.imbalance", r"c(t) = (b^2 - a) e^{-2\gamma t/\tau}", "wrong"),
    ("prove", r"\sinh x = \cosh x", "wrong"),
    ("prove", r"-x^2 = (-x)^2", "wrong"),
    ("prove", r"\tanh^{-1}(x/2) = \frac{1}{\tanh(x/2)}", "wrong"),
]

UNPARSED = [
    r"w^* = \lambda/\lambda w_0",
    r"w^* = a/bc_0",
    r"w^* = \lambda t/\tau \varepsilon",
    r"w^* = \sin x y",
    r"w^* = \sinh \theta_0/2",
    r"w^* = \sinh x^2",
    r"w^* = \sinh(x)^2",
    r"w^* = x^12",
    r"w^* = \frac123",
    r"w^* = 2\frac12",
    r"w^* = x 2",
    r"w^* = x^2'",
    r"w^* = \lambda(t)",
    r"w^* = \mu",
    r"w^* = w_7",
    r"w_i^* = \lambda",
    r"w^* = {\lambda + \varepsilon}\lambda",
    r"w^* = \lambda/{\lambda + \varepsilon}",
    r"w^* = 1 - {\lambda + \varepsilon}",
    r"w^* = {-\lambda}^2",
    r"w^* = \boxed{\lambda + \varepsilon}\lambda",
    r"w^* = {\lambda}{2}",
    r"w^* = \underbrace{\lambda}_{\text{signal}}^2",
    r"w^* = \qty{\lambda}",
    r"w^* = |\lambda|\varepsilon|-1|",
    r"w^* = \lambda!",
    r"w^* = e",
    r"w^* = (\lambda",
    r"w^* = (\lambda]",
    r"w^* = \left(\lambda\right.",
    r"w^* = \frac{\lambda}",
    r"w^* = \lambda +",
    r"w^* =",
    r"w^*",
    r"w^* = \frac{d}{dt} w_1 w_2",
    r"w^* = \frac{\lambda}{0}",
    r"w^* = 9^{99999999}",
    r"w^* = \ln x y",
    r"w^* = \iffalse 2 \fi \lambda",
    r"w^* = x^a^b",
]

# Read, and never compared.
UNDECIDED = [
    r"w^* \not< \lambda",
    r"w^* \not\equiv \lambda",
    r"w^* \approx \lambda",
    r"w^* = \pm\lambda",
    r"w^* = \lambda \text{ and } \varepsilon",
    r"w^* = \begin{cases} \lambda \end{cases}",
    r"w^* = \log_2 x",
    r"w^* = 1,000",
    r"w^* = \lambda : 2",
]


def test_right_equations_are_ok(tmp_path: Path) -> None:
    found = verdicts(tmp_path, marked(RIGHT))
    assert [(f.latex, f.verdict, f.reason) for f in found if f.verdict != "ok"] == []
    assert len(found) == len(RIGHT)


def test_other_equations_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Corrections, "right", lambda *_: ([], True))  # what was meant is no part of a verdict
    found = verdicts(tmp_path, marked([(claim, tex) for claim, tex, _ in NOT_OK]))
    assert [(f.latex, f.verdict) for f in found] == [(" ".join(tex.split()), verdict) for _, tex, verdict in NOT_OK]
    assert all(f.witness for f in found if f.verdict == "wrong" and "does not contain" not in f.reason)


@pytest.mark.parametrize(
    ("tex", "verdict"), [*((t, "unparsed") for t in UNPARSED), *((t, "undecided") for t in UNDECIDED)]
)
def test_what_can_be_read_in_two_ways_is_not_compared(tmp_path: Path, tex: str, verdict: str) -> None:
    (found,) = verdicts(tmp_path, marked([(FIXED, tex)]))
    assert found.verdict == verdict
    assert found.reason
    assert found.line == 2


@pytest.mark.costly
def test_printed_claims_read_back_and_agree(tmp_path: Path) -> None:
    """In letters, for this notation knows no names."""
    shown = [
        (c.id, c.unfolded().latex())
        for c in claims().values()
        if c.id.startswith(("ae.", "wae.", "cmp.", "lin.")) and c.expects == "proved" and "\\begin" not in c.latex()
    ]
    found = verdicts(tmp_path, marked(shown))
    assert {f.verdict for f in found} <= {"ok", "unparsed", "undecided"}
    assert sum(f.verdict == "ok" for f in found) >= 50


@pytest.mark.costly
def test_one_token_corruptions_are_ok_only_where_the_change_says_the_same(tmp_path: Path) -> None:
    chance = random.Random(20180605)
    letters = [r"\lambda", r"\varepsilon", r"\gamma", r"\tau", "2", "3", "+", "-", "w_0", "t"]
    right = [
        (FIXED, r"w^* = \frac { \lambda } { \lambda + \varepsilon }"),
        ("wae.fixed_point", r"w^* = 1 - \frac { \gamma } { \lambda }"),
        ("wae.imbalance", r"c(t) = ( b ^ 2 - a ^ 2 ) e ^ { - 2 \gamma t / \tau }"),
        (BALANCED, r"w(t) = \frac { \lambda } { ( \lambda + \varepsilon ) - ( \lambda + \varepsilon - \lambda / w_0 ) e ^ { - 2 \lambda t / \tau } }"),  # noqa: E501
    ]  # fmt: skip
    changed = []
    for _ in range(60):
        claim, tex = chance.choice(right)
        parts = tex.split(" ")
        place = chance.randrange(2, len(parts))
        parts[place] = chance.choice([x for x in letters if x != parts[place]])
        changed.append((claim, " ".join(parts)))
    found = verdicts(tmp_path, marked(changed))
    assert [(f.latex, f.understood) for f in found if f.verdict == "ok"] == []
    assert sum(f.verdict == "wrong" for f in found) >= 15


def test_marks_belong_to_rows(tmp_path: Path) -> None:
    text = r"""
\newcommand{\eps}{\varepsilon}
\newcommand\half[1]{\frac{#1}2}
% modeflow: define \xi = \lambda + \eps
\begin{align}
  w^* &= \frac\lambda\xi, \\ % modeflow: dae.fixed_point
  % modeflow: wae.fixed_point
  w^* &= 1 - \gamma/\lambda \label{eq:decay} \\
  c(t) &= b^2 - a^2 \label{eq:unmarked} \\
  w^* &= \frac{\lambda} % half of it is here: w^* = 7
     {\lambda + \eps} \label{eq:by_label}
\end{align}
% modeflow: ignore -- a deliberate simplification
$w^* = 1$
\begin{verbatim}
% modeflow: dae.fixed_point
\end{verbatim}
\iffalse
% modeflow: dae.fixed_point
\fi
% modeflow: prove
\[ \half{x} + \half x = x \]
% modeflow: no.claim
$x = x$
% modeflow: dae.fixed_point
"""
    chosen = configuration(
        {"notation": "pretorius2018", "labels": {"eq:by_label": FIXED}, "require": [FIXED, "ae.solution"]}, "test"
    )
    found = verdicts(tmp_path, text, chosen)
    assert [(f.line, f.claim, f.verdict) for f in found] == [
        (6, FIXED, "ok"),
        (8, "wae.fixed_point", "ok"),
        (10, FIXED, "ok"),
        (14, "", "ignored"),
        (22, "prove", "ok"),
        (24, "no.claim", "unknown"),
        (19, FIXED, "ignored"),
        (25, FIXED, "unparsed"),
        (1, "ae.solution", "missing"),
    ]


def test_a_macro_as_a_whole_argument_is_a_group(tmp_path: Path) -> None:
    text = r"\newcommand{\x}{\lambda + \varepsilon}" + "\n" + marked([(FIXED, r"w^* = \frac\lambda\x")])
    assert [f.verdict for f in verdicts(tmp_path, text)] == ["ok"]
    root = r"\newcommand{\x}{\lambda \lambda}" + "\n" + marked([("prove", r"\sqrt[2]\x = \lambda")])
    assert [f.verdict for f in verdicts(tmp_path, root)] == ["ok"]
    twice = text + r"\renewcommand{\x}{\lambda}"
    assert [f.verdict for f in verdicts(tmp_path, twice)] == ["unparsed"]
    loop = r"\def\x{\x\x}" + "\n" + marked([(FIXED, r"w^* = \x")])
    assert [f.verdict for f in verdicts(tmp_path, loop)] == ["unparsed"]


def test_a_continued_row_belongs_to_its_equation(tmp_path: Path) -> None:
    text = "\\begin{align} % modeflow: dae.fixed_point\n w^* &= \\frac{\\lambda}{\\lambda+\\varepsilon} \\\\\n &\\quad + 1 \\end{align}"  # noqa: E501
    assert [f.verdict for f in verdicts(tmp_path, text)] == ["wrong"]


def test_a_condition_belongs_to_its_equation_with_the_mark_behind_it(tmp_path: Path) -> None:
    text = r"""\begin{align}
  w^* &= \frac{\lambda}{\lambda+\varepsilon}, \qquad \varepsilon \ge 0, % modeflow: dae.fixed_point
  \label{eq:rest} \\
  w^* &= 1-\frac{\gamma}{\lambda} \quad \text{for } \gamma < \lambda, && \text{(decay)} % modeflow: wae.fixed_point
  \\
  c(t) &= (a^2-b^2)e^{-2\gamma t/\tau} \quad \text{and} \quad \dot c = 0 % modeflow: dae.invariant
\end{align}"""
    labels = configuration({"notation": "pretorius2018", "labels": {"eq:rest": "reg.fixed_point"}}, "test")
    found = [(f.line, f.claim, f.verdict) for f in verdicts(tmp_path, text, labels)]
    assert found == [
        (2, "dae.fixed_point", "ok"),
        (2, "reg.fixed_point", "wrong"),
        (4, "wae.fixed_point", "ok"),
        (6, "dae.invariant", "ok"),
    ]


def test_a_label_that_no_equation_bears_is_told(tmp_path: Path) -> None:
    """One that was renamed, one that a macro writes, one in a comment, and one in a file that is not checked."""
    labels = {"eq:a": "dae.fixed_point", "eq:b": "wae.fixed_point", "eq:c": "prove", "eq:d": "dae.fixed_point"}
    chosen = configuration({"notation": "pretorius2018", "labels": labels}, "test")
    equation = r"w^* = \frac{\lambda}{\lambda+\varepsilon}"
    (tmp_path / "one.tex").write_text(
        r"\newcommand{\beq}[1]{\begin{equation}\label{#1}}\newcommand{\eeq}{\end{equation}}"
        rf"\begin{{equation}}\label{{eq:a}} {equation} \end{{equation}} \beq{{eq:b}} {equation} \eeq"
        + "\n"
        + rf"\begin{{equation}} {equation} % \label{{eq:c}}"
        + "\n"
        + r"\end{equation}",
        encoding="utf-8",
    )
    two = rf"\begin{{equation}}\label{{eq:d}} {equation} \end{{equation}}"
    (tmp_path / "two.tex").write_text(two, encoding="utf-8")
    found = check([tmp_path / "one.tex", tmp_path / "two.tex"], chosen)
    assert [f.verdict for f in found] == ["ok", "ok", "missing", "missing"]
    assert ["eq:b" in found[2].reason, "eq:c" in found[3].reason] == [True, True]
    alone = check([tmp_path / "two.tex"], chosen)
    assert [f.claim for f in alone if f.verdict == "missing"] == ["dae.fixed_point", "wae.fixed_point", "prove"]


def test_a_function_of_the_paper_takes_the_place_of_a_letter_of_the_preset() -> None:
    table = configuration({"notation": "pretorius2018", "symbols": {"u(t)": "w"}}, "test").notation.table
    assert "u" not in table
    assert table["u(t)"] == table["w(t)"]


def test_members_of_a_family_are_what_their_letter_is(tmp_path: Path) -> None:
    letters = {"n": {"positive": True, "integer": True}, "r_j": {"negative": True}, "m_j": {"positive": True}}
    chosen = configuration({"notation": "pretorius2018", "symbols": letters}, "test")
    wrong, right = verdicts(
        tmp_path,
        marked(
            [
                ("prove", r"\sum_{i=1}^n r_im_i = \sum_{i=1}^n r_i+\sum_{k=1}^n m_k"),
                ("prove", r"\sum_{i=1}^n \sqrt{r_i^2}m_i = -\sum_{i=1}^n r_i|m_i|"),
            ]
        ),
        chosen,
    )
    assert (wrong.verdict, right.verdict) == ("wrong", "ok")
    assert wrong.witness is not None
    point = wrong.witness["point"]
    assert isinstance(point, dict)
    values = {name: Fraction(value) for name, value in point.items()}
    assert values["r_{j}[1]"] < 0 < values["m_{j}[1]"]


def test_a_letter_declared_with_and_without_an_index_is_one_family(tmp_path: Path) -> None:
    """Its member was the letter's under one index and the other declaration's under another."""
    rows = [
        ("prove", r"\sum_i(m_i+r_i)=\sum_i m_i+\sum_j r_j"),
        ("prove", r"\sum_j r_jm_j = \sum_k m_kr_k"),
        ("prove", r"\sum_i(m_i-r_i)=\sum_i m_i+\sum_j r_j"),
    ]
    real = {"real": True}
    both = configuration({"symbols": {"r": real, "r_j": {"positive": True}, "m_i": real}}, "test")
    assert [f.verdict for f in verdicts(tmp_path, marked(rows), both)] == ["ok", "ok", "wrong"]
    positive = [("prove", r"\sum_{i=1}^3 |r_i| = \sum_{k=1}^3 r_k")]
    assert [f.verdict for f in verdicts(tmp_path, marked(positive), both)] == ["ok"]
    two = configuration({"symbols": {"r_k": real, "r_j": {"positive": True}, "m_i": real}}, "test")
    unclear = verdicts(tmp_path, marked(rows + positive), two)
    assert {f.verdict for f in unclear} == {"unparsed"}
    assert "may be a member of r_{j} or r_{k}: declare one of them" in unclear[0].reason


def test_brackets_go_over_the_end_of_a_row_and_marks_stand_between_columns(tmp_path: Path) -> None:
    text = r"""
\begin{align}
 w^* &= \lambda\left(\lambda \right. \nonumber\\
 &\qquad \left. + \varepsilon\right)^{-1}, & % modeflow: dae.fixed_point
 w^* &= 1 - \gamma/\lambda % modeflow: wae.fixed_point
\end{align}
% modeflow: dae.fixed_point
\[ w^* = \lambda\left(\lambda\right. \left.\left. + \varepsilon\right)^{-1} \]
"""
    assert [(f.line, f.verdict) for f in verdicts(tmp_path, text)] == [(3, "ok"), (5, "ok"), (8, "unparsed")]


def test_definitions_and_derivatives_do_not_grow_without_bound(tmp_path: Path) -> None:
    names = "ABEFGHIJKLMNOQSUZ"
    lines = [r"% modeflow: define A = \sinh x + \cosh x"]
    lines += [rf"% modeflow: define {b} = \sinh {a} + \cosh {a}" for a, b in pairwise(names)]
    bare = configuration({"symbols": {"x": {"real": True}, "t": {"real": True}}}, "test")
    found = verdicts(tmp_path, "\n".join([*lines, marked([("prove", "Z = x")])]), bare)
    assert found
    assert {f.verdict for f in found} == {"unparsed"}
    nested = r"\frac{d}{dt}(" * 20 + "e^{t x}" + ")" * 20
    assert [f.verdict for f in verdicts(tmp_path, marked([("prove", f"{nested} = x")]), bare)] == ["unparsed"]


def test_markdown(tmp_path: Path) -> None:
    text = r"""
<!-- modeflow: dae.fixed_point -->
$$ w^* = \frac{\lambda}{\lambda + \varepsilon} $$

`$x$` costs \$5.

```
<!-- modeflow: dae.fixed_point -->
```
<!-- modeflow: dae.fixed_point -->
$$
\begin{align}
w^* &= \frac{\lambda}{\lambda - \varepsilon}
\end{align}
$$
"""
    assert [(f.line, f.verdict) for f in verdicts(tmp_path, text, name="p.md")] == [(3, "ok"), (13, "wrong")]


def test_blocks_of_mathematics_in_markdown(tmp_path: Path) -> None:
    text = r"""
<!-- modeflow: dae.fixed_point -->
```math
w^* = \frac{\lambda}{\lambda - \varepsilon}
```

```{math}
:label: eq-fixed

% modeflow: dae.fixed_point
w^* = \frac{\lambda}{\lambda + \varepsilon}
```

```text
<!-- modeflow: dae.fixed_point -->
w^* = 1
```

$$ w^* = 1 $$
"""
    assert [(f.line, f.verdict) for f in verdicts(tmp_path, text, name="p.md")] == [(4, "wrong"), (11, "ok")]


STARTS = ["`", "~", "\\[ ", "$x ", "` `` ", "<!-- ", "text <!-- a\n", "[", "\\begin{align} "]
BLOCKS = ["```math\n", "```{note}\n", "$$x\n\n", "> ", "> > > > > a\nb\n", "- "]
UNCLOSED = [*product(["p.md", "p.tex"], STARTS), *(("p.md", part) for part in BLOCKS)]


@pytest.mark.costly
@pytest.mark.parametrize(("name", "part"), daily.some(UNCLOSED, 9))
def test_what_is_never_closed_is_looked_through_once(tmp_path: Path, name: str, part: str) -> None:
    # Half a megabyte; hours, where each opening looks for its end anew.
    assert verdicts(tmp_path, part * (500_000 // len(part)), name=name) == []


def test_input_stays_inside_the_tree(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text(marked([(FIXED, "w^* = 1")]))
    paper = tmp_path / "paper"
    paper.mkdir()
    (paper / "part.tex").write_text(r"\input{main}" + "\n" + marked([(FIXED, "w^* = 2")]))
    found = verdicts(paper, r"\input{part} \input{../secret}", name="main.tex")
    assert [(Path(f.file).name, f.verdict) for f in found] == [("part.tex", "wrong")]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "modeflow.toml").write_text('[manuscript.symbols]\n"s" = "lam"\n"w^*" = "w_star"\n"n" = "eps"\n')
    paper = tmp_path / "paper.tex"
    paper.write_text(marked([(FIXED, r"w^* = \frac{s}{s+n}")]))
    assert main(["check", str(paper)]) == 0
    paper.write_text(marked([(FIXED, r"w^* = \frac{s}{s-n}"), (FIXED, r"w^* = \lambda")]))
    capsys.readouterr()
    assert main(["check", "--output-format", "json", str(paper)]) == 1
    assert [f["verdict"] for f in json.loads(capsys.readouterr().out)] == ["wrong", "unparsed"]
    assert main(["check", "--output-format", "github", str(paper)]) == 1
    assert capsys.readouterr().out.startswith(f"::error file={paper},line=2,col=4,title=wrong dae.fixed_point::")
    paper.write_text(marked([(FIXED, r"w^* = \lambda")]))
    assert main(["check", str(paper)]) == 0
    assert main(["check", "--strict", str(paper)]) == 1
    assert main(["check", str(tmp_path / "none.tex")]) == 2
    (tmp_path / "modeflow.toml").write_text('[manuscript]\nnotation = "nobody"\n')
    assert main(["check", str(paper)]) == 2


@pytest.mark.parametrize(
    "section", [{"symbol": {}}, {"symbols": {"x": "nothing"}}, {"symbols": {"x": {"big": True}}}, {"notation": 5}]
)
def test_unusable_configurations_are_named(section: dict[str, object]) -> None:
    with pytest.raises(UnusableConfiguration, match=r"symbol|notation"):
        configuration(section, "test")


SNIPPETS = st.sampled_from(
    [
        *sorted(GREEK),
        *FUNCTIONS,
        *"abcdtwx0129+-*/^_={}()[]'&.,|",
        r"\frac",
        r"\sqrt",
        r"\left",
        r"\right",
        r"\dot",
        "w^*",
        r"\\",
    ]
)


@given(st.lists(SNIPPETS, max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(parts: list[str]) -> None:
    try:
        sides = statement(tokens(" ".join(parts)), NOTATION.notation.names()).sides
    except Unparsed as refused:
        sides, reason = (), str(refused)
    assert len(sides) >= 2 or reason


@pytest.mark.parametrize(
    "text", ["{" * 30_000, r"\frac{" * 1300, "(" * 3000, r"\sqrt" * 3000, "x^{" * 1300, "-" * 3900]
)
def test_deep_nesting_is_refused(tmp_path: Path, text: str) -> None:
    chosen = r"\newcommand{\q}{x}" + "\n" + marked([(FIXED, f"w^* = {text}")])
    assert [f.verdict for f in verdicts(tmp_path, chosen)] == ["unparsed"]


MEANT = [
    (
        "dae.fixed_point",
        r"w^* = \frac{\lambda}{\lambda - \varepsilon}",
        r"\frac{\lambda}{\lambda + \varepsilon} (+ for -)",
    ),
    ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda + N\varepsilon}", "no factor N"),
    ("dae.fixed_point", r"w^* = \frac{2\lambda}{\lambda + \varepsilon}", "(no factor 2)"),
    ("wae.fixed_point", r"w^* = 1 - \frac{\varepsilon}{\lambda}", r"\gamma for \varepsilon"),
    ("dae.fixed_point", r"w^* = \frac{\lambda^2}{\lambda + 3\varepsilon}", ""),
]


@pytest.mark.parametrize(("claim", "tex", "meant"), MEANT)
def test_a_single_edit_that_explains_a_wrong_equation_is_suggested(
    tmp_path: Path, claim: str, tex: str, meant: str
) -> None:
    (found,) = verdicts(tmp_path, marked([(claim, tex)]))
    assert found.verdict == "wrong"
    assert (meant in found.suggestion) if meant else found.suggestion == ""
    assert ("did you mean" in found.message) is bool(meant)

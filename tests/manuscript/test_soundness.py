"""Nothing that is not what a claim says is called ok, and nothing that is true is called wrong."""

from __future__ import annotations

from pathlib import Path

import daily
import pytest
from manuscript_cases import CORPUS, NOTATIONS
from manuscript_corruptions import FALSE_OK, FALSE_WRONG, counted, outcomes
from manuscript_oracle import judged

from modeflow.manuscript import check, configuration

CHOSEN = configuration(NOTATIONS["pretorius2018"], "test")


def verdicts(folder: Path, rows: list[tuple[str, str]]) -> list[str]:
    paper = folder / "paper.tex"
    paper.write_text("".join(f"% modeflow: {claim}\n\\[ {tex} \\]\n\n" for claim, tex in rows), encoding="utf-8")
    return [f.verdict for f in check([paper], CHOSEN, jobs=1)]


# True, and not the claim.
SAYS_LESS = [
    # a rate on both sides that cancels
    ("dae.product_rate", r"\tau\frac{d}{dt}(w_1w_2) = \tau w_2\dot w_1+\tau w_1\dot w_2"),
    (
        "dae.product_rate",
        r"\tau\frac{d}{dt}(w_1w_2) = \tau w_2\dot w_1 + w_1^2(\lambda-(\lambda+\varepsilon)w_1w_2)",
    ),
    # the rate of which the claim speaks does not stand there
    (
        "dae.product_rate",
        r"(w_1^2+w_2^2)(\lambda-(\lambda+\varepsilon)w) = \lambda(w_1^2+w_2^2)-(\lambda+\varepsilon)w(w_1^2+w_2^2)",
    ),
    ("dae.balanced_rate", r"2\lambda u - 2(\lambda+\varepsilon)u^2 = 2u(\lambda-(\lambda+\varepsilon)u)"),
    (
        "flow.mode_w1",
        r"w_2(\lambda-(\lambda+\varepsilon)w_1w_2)-\gamma w_1 = \lambda w_2-(\lambda+\varepsilon)w_1w_2^2-\gamma w_1",
    ),
    (
        "flow.w1",
        r"W_2^T\Sigma-W_2^TW_2W_1(\Sigma+\varepsilon I)-\gamma W_1"
        r" = W_2^T(\Sigma-W_2W_1(\Sigma+\varepsilon I))-\gamma W_1",
    ),
    (
        "cmp.low_variance",
        r"\frac{\varepsilon}{(\lambda+\varepsilon)^2}"
        r" = \frac{1}{\lambda+\varepsilon}-\frac{\lambda}{(\lambda+\varepsilon)^2}",
    ),
    ("dae.saddle", r"\lambda = \frac{\lambda^2+\lambda\varepsilon}{\lambda+\varepsilon}"),
    ("cmp.early_growth", r"\frac{d}{d\lambda}\lambda^2 = 2\lambda"),
    ("dae.saddle", r"\frac{d}{dx}(\lambda x) = \lambda"),
    (
        "dae.product_rate",
        r"\frac{d}{dx}\left(x(w_1^2+w_2^2)(\lambda-(\lambda+\varepsilon)w)\right)"
        r" = (w_1^2+w_2^2)(\lambda-(\lambda+\varepsilon)w)",
    ),
    (
        "flow.mode_loss",
        r"\frac{d}{dx}\left(xw_2(\lambda-(\lambda+\varepsilon)w_1w_2)-\gamma w_1x\right)"
        r" = \lambda w_2-(\lambda+\varepsilon)w_1w_2^2-\gamma w_1",
    ),
    # the mean of which it speaks is not worked out
    (
        "objective.noise",
        r"\mathbb{E}\left[\|X-W_2W_1(X+\eta)\|^2\right] = \mathbb{E}\left[\|X-W_2W_1X-W_2W_1\eta\|^2\right]",
    ),
    # whatever is positive is a positive factor times anything else that is
    ("cmp.low_variance_dae", r"0<\frac{\lambda}{\tau+\varepsilon}"),
    ("cmp.low_variance_dae", r"\lambda(\lambda+\varepsilon)>0"),
    ("cmp.low_variance_dae", r"\frac{\lambda}{\varepsilon}>0"),
    ("cmp.speedup_sign", r"\varepsilon\lambda>0"),
    ("reg.stability_sign", r"\frac{\lambda^0}{x^2(\lambda+\varepsilon)}+x^2(\lambda+\varepsilon)\ge0"),
    ("reg.forcing_rate", r"\frac{4\gamma}{\tau}\left(7-e^{-4\gamma t/\tau}\right)\ge0"),
]


def test_a_true_equation_that_says_less_than_the_claim_is_not_ok(tmp_path: Path) -> None:
    assert verdicts(tmp_path, SAYS_LESS) == ["undecided"] * len(SAYS_LESS)


# What stands in print, where braces are not seen, is not this.
NOT_IN_PRINT = [
    ("dae.fixed_point", r"w^* {\lambda+\varepsilon} = \lambda"),
    ("prove", "2{3} = 6"),
    ("prove", "x{-1} = -x"),
    ("prove", "{-x}^2 = x^2"),
    ("prove", "{xw_0}^2 = x^2w_0^2"),
    ("prove", "{x^2}^3 = x^6"),
    ("prove", r"x-{x+w_0} = -w_0"),
    ("prove", r"a/{xw_0} = \frac{a}{xw_0}"),
    ("prove", r"\sinh{x+w_0} = \sinh(x+w_0)"),
    ("prove", r"\ln{x}w_0 = w_0\ln x"),
    ("prove", r"\operatorname{tr}{W_2W_1} = \operatorname{tr}(W_1W_2)"),
    # TeX takes a space for an argument
    ("prove", r"\frac\,{x}{w_0} = \frac{x}{w_0}"),
    ("prove", r"\frac{x}\,{w_0} = \frac{x}{w_0}"),
    ("prove", r"\sqrt\,x = \sqrt{x}"),
    ("prove", r"w_\,0 = w_0"),
    ("prove", r"\dot{}w = \dot w"),
    # a function at another time
    ("prove", r"w_1(2t) = 2tw_1"),
    ("flow.mode_w1", r"\tau\dot w_1 = w_2\left(\lambda-(\lambda+\varepsilon)\frac{w_1(2t)w_2}{2t}\right)-\gamma w_1"),
    ("prove", r"2|x \over w_0| = \frac{2|x|}{|w_0|}"),
    # more than a condition
    ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda+\varepsilon} \quad (\lambda > 0) + 1"),
]


def test_what_print_shows_otherwise_is_not_ok(tmp_path: Path) -> None:
    found = verdicts(tmp_path, NOT_IN_PRINT)
    assert [row for row, verdict in zip(NOT_IN_PRINT, found, strict=True) if verdict not in ("wrong", "unparsed")] == []


def test_braces_that_change_nothing_in_print_are_read(tmp_path: Path) -> None:
    rows = [
        ("prove", r"{x}^{2}+{w}_{0}^{2} = x^2+w_0^2"),
        ("prove", r"{\frac{x}{w_0}}^2 = \frac{x^2}{w_0^2}"),
        ("prove", r"{a \over b}^2 = \frac{a^2}{b^2}"),
        ("prove", r"{W_1}^T{W_2}^T = (W_2W_1)^T"),
        ("prove", r"\sinh{\frac{x}{2}}\cosh{2x} = \sinh\left(\frac x2\right)\cosh(2x)"),
        ("prove", r"\operatorname{tr}{(W_2W_1)} = \operatorname{tr}(W_1W_2)"),
        ("prove", r"\frac{{x+w_0}}{{2}} = \frac{{x}+{w_0}}{2}"),
        ("prove", r"{-x} = -{x}"),
    ]
    assert verdicts(tmp_path, rows) == ["ok"] * len(rows)


def test_bars_in_logarithms_are_not_dropped(tmp_path: Path) -> None:
    rows = [
        ("prove", r"\ln(|x|+1) = \ln(x+1)"),
        ("prove", r"\ln(|x|+0.001) = \ln(x+0.001)"),
        ("prove", r"\ln(3x^2)+\ln(x+0.001) = \ln(2x^2+x|x|)+\ln(x+0.001)"),
        ("prove", r"\ln|x|+\ln|w_0| = \ln|xw_0|"),
    ]
    assert verdicts(tmp_path, rows) == ["wrong", "undecided", "undecided", "ok"]


def test_bars_with_left_are_not_brackets(tmp_path: Path) -> None:
    rows = [
        ("prove", r"\frac{d}{dx}\left|x\right| = 1"),
        ("prove", r"\frac{d}{dx}\left|x\right|^3 = 3x\left|x\right|"),
        ("prove", r"d\left|x\right|/dx = 1"),
        ("prove", r"\ln\left\|x\right\| = \ln(x)"),
        ("prove", r"\operatorname{tr}\left|x\right| = x"),
        ("prove", r"\mathbb{E}\left|x\right| = \mathbb{E}[x]"),
    ]
    assert verdicts(tmp_path, rows) == ["wrong", "ok", "unparsed", "undecided", "unparsed", "unparsed"]


def test_a_transpose_under_a_dot_is_not_dropped(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    rate = r"{W^{32}}^T\left(\Sigma^{31}-W^{32}W^{21}\Sigma^{11}\right)"
    rows = [rf"\tau\dot W^{{21\top}} = {rate}", rf"\tau\dot W^{{21\top}} = \left({rate}\right)^\top"]
    paper.write_text("".join(f"% modeflow: lin.flow\n\\[ {row} \\]\n" for row in rows), encoding="utf-8")
    found = check([paper], configuration(NOTATIONS["saxe2014"], "test"), jobs=1)
    assert [f.verdict for f in found] == ["wrong", "ok"]


def test_a_chain_may_go_on_with_the_unknown(tmp_path: Path) -> None:
    rows = [
        ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda+\varepsilon} = 1-\frac{\varepsilon w^*}{\lambda}"),
        ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda+\varepsilon} = 1+\frac{\varepsilon w^*}{\lambda}"),
    ]
    assert verdicts(tmp_path, rows) == ["ok", "wrong"]


def test_inequalities_with_several_entries_or_roots(tmp_path: Path) -> None:
    rows = [
        ("wae.balanced_bound_sign", r"\lambda p^2q^2e^{-4\gamma t/\tau}\ge 0"),
        ("wae.balanced_bound_sign", r"\lambda p^2q^2e^{-4\gamma t/\tau} < 0"),
        ("cmp.norm_least", r"\sqrt{w_1^2+w_2^2}\ge\sqrt{2w_1w_2}"),
        ("cmp.norm_least", r"\sqrt{w_1^2+w_2^2}\le\sqrt{w_1^2}"),
    ]
    assert verdicts(tmp_path, rows) == ["ok", "wrong", "undecided", "wrong"]


# True of what the letters stand for, or where a convention of the author's holds.
NOT_WRONG = [
    ("prove", "w(0) = w_0"),
    ("prove", "c_0 = b^2-a^2"),
    ("prove", r"\sqrt[3]{x^3} = x"),
    ("prove", r"V^TXX^TV = \Lambda"),
    ("prove", r"XX^T = \Sigma"),
    ("prove", r"\frac{d}{dt}w = \dot w_1w_2+w_1\dot w_2"),
    ("objective.second_moment", r"\|X-W_2W_1X\|^2 = \operatorname{tr}\left((I-W_2W_1)\Sigma(I-W_2W_1)^T\right)"),
    ("flow.w1", r"\tau\dot W_1 = W_2^TXX^T-W_2^TW_2W_1(XX^T+\varepsilon I)-\gamma W_1"),
    ("dae.invariant", "c_0 = b^2-a^2"),
    ("dae.invariant", "w_2^4-w_1^4 = c_0(w_1^2+w_2^2)"),
    ("wae.imbalance", r"w_2-w_1 = \frac{(b^2-a^2)e^{-2\gamma t/\tau}}{w_1+w_2}"),
    (
        "dae.balanced",
        r"w = \frac{\lambda e^{2\lambda t/\tau}}{(\lambda+\varepsilon)(e^{2\lambda t/\tau}-1)+\lambda/(ab)}",
    ),
]
WRONG = [
    ("prove", "c_0 = a^2-b^2"),
    ("prove", "w = w_0"),
    ("dae.invariant", "w_2^4-w_1^4 = c_0(w_1^2+2w_2^2)"),
    ("dae.invariant", "c_0 = a^2-b^2"),
    ("prove", r"\frac{d}{dt}(tw_1) = w_1"),
    ("prove", r"\|X\|^2 = 2\operatorname{tr}\Sigma"),
    ("objective.second_moment", r"\|X-W_2W_1X\|^2 = 2\operatorname{tr}\left((I-W_2W_1)\Sigma(I-W_2W_1)^T\right)"),
    ("flow.w1", r"\tau\dot W_1 = W_2^TXX^T-W_2^TW_2W_1(XX^T-\varepsilon I)-\gamma W_1"),
    ("wae.imbalance", r"\lambda = 1"),
]


@pytest.mark.costly
def test_what_its_letters_stand_for_may_make_an_equation_true(tmp_path: Path) -> None:
    assert verdicts(tmp_path, NOT_WRONG) == ["undecided"] * len(NOT_WRONG)
    assert verdicts(tmp_path, WRONG) == ["wrong"] * len(WRONG)


def test_the_number_of_terms_may_have_a_name(tmp_path: Path) -> None:
    rows = [
        (r"\sum_i(\mu_i+1) = \sum_i\mu_i+n", "undecided"),
        (r"\sum_i(\mu_i+1) = \sum_i\mu_i+2n", "wrong"),
        (r"\sum_{j=1}^nr_j-r_1 = \sum_{j=2}^nr_j", "undecided"),
    ]
    paper = tmp_path / "paper.tex"
    paper.write_text("".join(f"% modeflow: prove\n\\[ {tex} \\]\n\n" for tex, _ in rows))
    found = check([paper], configuration(NOTATIONS["sums"], "test"), jobs=1)
    assert [f.verdict for f in found] == [verdict for _, verdict in rows]


def test_a_letter_of_the_papers_own_is_no_quantity_of_the_package(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("% modeflow: wae.imbalance\n\\[ c(t) = (b^2-a^2)e^{-2\\gamma t/\\tau} \\]\n")
    own = configuration({"notation": "pretorius2018", "symbols": {"b": {"real": True}}}, "test")
    assert [f.verdict for f in check([paper], CHOSEN, jobs=1)] == ["ok"]
    assert [f.verdict for f in check([paper], own, jobs=1)] == ["wrong"]


@pytest.mark.parametrize(
    ("display", "verdict"),
    [
        (
            r"\begin{split} w^* &= \lambda \\ (\lambda+\varepsilon)^{-1} &= \frac{1}{\lambda+\varepsilon}\end{split}",
            "unparsed",
        ),
        (r"\begin{split} w^* &= 1 \\ &\quad-\frac{\varepsilon}{\lambda+\varepsilon}\end{split}", "ok"),
    ],
)
def test_a_row_of_its_own_is_not_multiplied_with_the_one_above(tmp_path: Path, display: str, verdict: str) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"% modeflow: dae.fixed_point\n\\begin{{equation}}{display}\\end{{equation}}\n")
    assert [f.verdict for f in check([paper], CHOSEN, jobs=1)] == [verdict]


@pytest.mark.parametrize("environment", ["dgroup", "empheq", "mathpar"])
def test_a_mark_is_not_for_the_display_behind_one_that_is_not_read(tmp_path: Path, environment: str) -> None:
    paper = tmp_path / "paper.tex"
    other = f"% modeflow: dae.fixed_point\n\\begin{{{environment}}} w^* = 3 \\end{{{environment}}}\n"
    paper.write_text(other + RIGHT.split("\n", 1)[1])
    assert [f.verdict for f in check([paper], CHOSEN, jobs=1)] == ["unparsed"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "paper.tex",
            "\\[ w^* = 3 \\] % modeflow: dae.fixed_point\n" + "\\[ w^* = \\frac{\\lambda}{\\lambda+\\varepsilon} \\]",
        ),
        (
            "paper.md",
            "$$ w^* = 3 $$ <!-- modeflow: dae.fixed_point -->\n$$ w^* = \\frac{\\lambda}{\\lambda+\\varepsilon} $$",
        ),
    ],
)
def test_a_mark_behind_a_display_is_not_for_the_next(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert [f.verdict for f in check([tmp_path / name], CHOSEN, jobs=1)] == ["unparsed"]


def test_an_equation_that_is_not_read_is_found_where_it_stands(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("text\n\n% modeflow: prove\n\\[ I = I \\]\n")
    assert [(f.verdict, f.line) for f in check([paper], CHOSEN, jobs=1)] == [("unparsed", 4)]


RIGHT = "% modeflow: dae.fixed_point\n\\[ w^* = \\frac{\\lambda}{\\lambda+\\varepsilon} \\]\n"


@pytest.mark.parametrize(
    ("before", "behind", "verdict"),
    [
        (r"\renewcommand{\epsilon}{\varepsilon}", "", "ok"),
        (r"\renewcommand{\lambda}{\gamma}", "", "wrong"),
        ("", r"\renewcommand{\lambda}{\gamma}", "unparsed"),
        (r"\providecommand{\lambda}{\gamma}", "", "unparsed"),
        (r"\RenewDocumentCommand{\lambda}{}{\gamma}", "", "unparsed"),
        (r"\renewrobustcmd{\lambda}{\gamma}", "", "unparsed"),
        ("\\begin{verbatim}\n\\renewcommand{\\lambda}{\\gamma}\n\\end{verbatim}", "", "ok"),
        (r"\iffalse \renewcommand{\lambda}{\gamma} \fi", "", "ok"),
        ("", r"\end{document} \renewcommand{\lambda}{\gamma}", "ok"),
    ],
)
def test_a_letter_that_is_given_another_meaning(tmp_path: Path, before: str, behind: str, verdict: str) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"{before}\n{RIGHT}{behind}\n")
    assert [f.verdict for f in check([paper], CHOSEN, jobs=1)] == [verdict]


def test_what_is_switched_off_states_nothing(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"\\if0\n{RIGHT}\\fi\n\\iffalse\n{RIGHT}\\fi\n")
    assert [f.verdict for f in check([paper], CHOSEN, jobs=1)] == ["ignored", "ignored"]


# One-token corruptions ------------------------------------------------------------------------------------------


def test_corruptions_get_no_false_verdict(tmp_path: Path) -> None:
    found = outcomes(80, daily.seed(), tmp_path, jobs=1)
    assert [o for o in found if o.kind in (FALSE_OK, FALSE_WRONG)] == []
    assert sum(o.found.verdict == "wrong" for o in found) > 8, counted(found)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(1, 11))
def test_many_corruptions_get_no_false_verdict(tmp_path: Path, part: int) -> None:
    found = outcomes(250, daily.seed(part), tmp_path, jobs=1)
    assert [o for o in found if o.kind in (FALSE_OK, FALSE_WRONG)] == []
    assert sum(o.found.verdict == "wrong" for o in found) > 50, counted(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CORPUS))
def test_numbers_agree_with_the_corpus(name: str) -> None:
    notation = configuration(NOTATIONS[name], "test").notation
    decided = [case for case in CORPUS[name] if case[2] in ("ok", "wrong")]
    found = [judged(tex, claim, notation) for claim, tex, _ in decided]
    other = [
        (case, numbers)
        for case, numbers in zip(decided, found, strict=True)
        if numbers["true"] is not (case[2] == "ok") and not numbers["why"].startswith("Misfit")
    ]
    assert other == []
    assert not any(numbers["says"] is False for numbers in found)


@pytest.mark.parametrize(
    ("claim", "tex", "true", "says"),
    [
        ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda+\varepsilon}", True, True),
        ("dae.fixed_point", r"w^* = \frac{\lambda}{\lambda-\varepsilon}", False, None),
        ("dae.fixed_point", r"(w^*)^2 = \frac{\lambda^2}{(\lambda+\varepsilon)^2}", True, False),
        ("dae.fixed_point", r"w^*\left(w^*-\frac{\lambda}{\lambda+\varepsilon}\right) = 0", True, False),
        ("dae.fixed_point", r"w^* = w^*\cdot 1", True, False),
        ("dae.balanced", r"w_1w_2 = w_2w_1", True, False),
        ("dae.product_rate", r"\tau\dot w = (w_1^2+w_2^2)(\lambda-(\lambda+\varepsilon)w)", True, True),
        ("dae.product_rate", r"\tau\dot w = \tau w_2\dot w_1+\tau w_1\dot w_2", True, False),
        ("dae.invariant", r"w_2^2-w_1^2 = c_0", True, True),
        ("dae.invariant", r"w_2^2-w_1^2 = w_2^2-w_1^2+c_0-b^2+a^2", True, False),
        ("cmp.norm_least", r"w_1^2+w_2^2 > 2w_1w_2", False, None),
        ("flow.w1", r"\tau\dot W_1 = W_2^T\Sigma-W_2^TW_2W_1(\Sigma+\varepsilon I)-\gamma W_1", True, None),
        ("flow.w1", r"\tau\dot W_1 = W_2^T\Sigma-W_2^TW_2W_1(\Sigma-\varepsilon I)-\gamma W_1", False, None),
        (
            "objective.noise",
            r"\mathbb{E}\left[\|X-W_2W_1(X+\eta)\|^2\right] = \|X-W_2W_1X\|^2+Ns^2\|W_2W_1\|^2",
            True,
            None,
        ),
        (
            "objective.noise",
            r"\mathbb{E}\left[\|X-W_2W_1(X+\eta)\|^2\right] = \|X-W_2W_1X\|^2+s^2\|W_2W_1\|^2",
            False,
            None,
        ),
    ],
)
def test_numbers_see_what_is_true_and_what_it_says(claim: str, tex: str, true: bool, says: bool | None) -> None:
    found = judged(tex, claim, CHOSEN.notation)
    assert (found["true"], found["says"]) == (true, says), found["why"]


def test_a_false_ok_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from modeflow.manuscript.judge.agreement import Comparer
    from modeflow.manuscript.judge.prover_questions import Comparison

    monkeypatch.setattr(Comparer, "claim", lambda *given: Comparison("ok", "", "as it stands"))
    monkeypatch.setattr(Comparer, "identity", lambda *given: Comparison("ok", "", "as it stands"))
    found = outcomes(20, 7, tmp_path, jobs=1)
    assert sum(o.kind == FALSE_OK for o in found) > 3, counted(found)

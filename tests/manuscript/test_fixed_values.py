"""Values that a paper fixes reach rates, matrices and every name of a quantity, and make no right equation wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modeflow.cli.program import main
from modeflow.manuscript import Finding, UnusableConfiguration, check, configuration
from modeflow.manuscript.mean.subject import Subject

SAXE: dict[str, Any] = {"notation": "saxe2014"}
OURS: dict[str, Any] = {"notation": "pretorius2018"}
WHITENED = {
    **SAXE,
    "symbols": {r"\overline{W}^{21}": "B1", r"\overline{W}^{32}": "B2", "S": "S", r"\Lambda": "Lambda"},
    "fixed": {"Lambda": "identity"},
}
MODE, MATRIX = "lin.mode_flow", "lin.decoupling"


def verdict(folder: Path, section: dict[str, Any], claim: str, tex: str) -> Finding:
    path = folder / "paper.tex"
    path.write_text(f"% modeflow: {claim}\n\\[ {tex} \\]\n", encoding="utf-8")
    (found,) = check([path], configuration(section, "test"), jobs=1, time_limit=3)
    return found


def fixing(section: dict[str, Any], **fixed: Any) -> dict[str, Any]:
    return {**section, "fixed": fixed}


CASES = [
    (fixing(SAXE, tau=1), MODE, r"\frac{da}{dt}=b(s-ab)", "ok"),
    (fixing(SAXE, tau=1), MODE, r"\frac{da}{dt}=b(s-2ab)", "wrong"),
    (fixing(SAXE, tau=2), MODE, r"\frac{da}{dt}=b(s-ab)", "wrong"),
    (fixing(SAXE, tau=2), MODE, r"2\frac{da}{dt}=b(s-ab)", "ok"),
    (fixing(SAXE, tau="1/2"), MODE, r"\tau\frac{da}{dt}=b(s-ab)", "ok"),
    (fixing(OURS, tau=1), "dae.product_rate",
     r"\frac{d}{dt} (w_1w_2) = (w_1^2 + w_2^2)(\lambda - (\lambda + \varepsilon) w_1 w_2)", "ok"),
    (fixing(OURS, tau=1, eps=0), "dae.product_rate", r"\frac{d}{dt} (w_1w_2) = \lambda(w_1^2 + w_2^2)(1 - w_1 w_2)",
     "ok"),
    (fixing(OURS, tau=1, lam=1, eps=0), "dae.product_rate", r"\frac{d}{dt} (w_1w_2) = (w_1^2+w_2^2)(1-w_1w_2)", "ok"),
    (fixing(OURS, tau=1, lam=1, eps=0), "dae.product_rate", r"\frac{d}{dt} (w_1w_2) = (w_1^2+w_2^2)(2-w_1w_2)",
     "wrong"),
    (fixing(OURS, eps=r"\lambda/2"), "dae.fixed_point", r"w^* = \frac23", "ok"),
    (fixing(OURS, eps=r"\lambda/2"), "dae.fixed_point", r"w^* = \frac{\lambda}{\lambda+2\varepsilon}", "wrong"),
    (fixing(OURS, eps=r"\lambda/2", lam="4"), "dae.fixed_point", r"w^* = \frac{4}{4+\varepsilon}", "ok"),
    (fixing(OURS, gamma=0.5), "wae.imbalance", r"c(t) = (b^2 - a^2)e^{-t/\tau}", "ok"),
    (fixing(OURS, gamma=0.5), "wae.imbalance", r"c(t) = (b^2 - a^2)e^{-2t/\tau}", "wrong"),
    (fixing(OURS, decay="1/2"), "wae.riccati", r"\tau\frac{dP}{dt} = (2\lambda-1)P - \frac{\lambda}{2}(P^2-c^2)", "ok"),
    (fixing(OURS, gamma="1/2"), "wae.riccati", r"\tau\frac{dP}{dt} = (2\lambda-1)P - \frac{\lambda}{2}(P^2-c^2)", "ok"),
    (fixing(OURS, a=1, b=2), "wae.imbalance", r"c(t) = 3e^{-2\gamma t/\tau}", "ok"),
    (fixing(OURS, a=1, b=2), "wae.imbalance", r"c(t) = c_0e^{-2\gamma t/\tau}", "ok"),
    (fixing(OURS, a=1, b=2), "wae.imbalance", r"c(t) = 2c_0e^{-2\gamma t/\tau}", "wrong"),
    (WHITENED, MATRIX,
     r"\tau\frac{d}{dt}\overline W^{21}=\overline W^{32T}(S-\overline W^{32}\overline W^{21})", "ok"),
    (WHITENED, MATRIX,
     r"\tau\frac{d}{dt}\overline W^{21}=\overline W^{32T}(S-\overline W^{32}\overline W^{21}\Lambda)", "ok"),
    (WHITENED, MATRIX,
     r"\tau\frac{d}{dt}\overline W^{21}=\overline W^{32T}(S-2\overline W^{32}\overline W^{21})", "wrong"),
    ({**WHITENED, "fixed": {"Lambda": "identity", "tau": 1}}, MATRIX,
     r"\frac{d}{dt}\overline W^{32}=(S-\overline W^{32}\overline W^{21})\overline W^{21T}", "ok"),
    ({**WHITENED, "fixed": {"Lambda": "zero"}}, MATRIX,
     r"\tau\frac{d}{dt}\overline W^{21}=\overline W^{32T}S", "ok"),
    (fixing(OURS, Sigma="X X^T"), "flow.w1",
     r"\tau\frac{dW_1}{dt} = W_2^TXX^T - W_2^TW_2W_1(XX^T+\varepsilon I) - \gamma W_1", "ok"),
]  # fmt: skip


@pytest.mark.costly
@pytest.mark.parametrize(("section", "claim", "tex", "right"), CASES)
def test_fixed_values_reach_everything(
    tmp_path: Path, section: dict[str, Any], claim: str, tex: str, right: str
) -> None:
    found = verdict(tmp_path, section, claim, tex)
    assert (found.verdict, found.reason if found.verdict == "undecided" else "") == (right, "")


# What a fixed value says of other letters, and where it leaves nothing of a claim: never wrong, with the reason.
NOT_COMPARED = [
    (fixing(OURS, w1=1), "dae.product_rate", r"\tau\frac{d}{dt}w_2 = \lambda", "varies in the claim"),
    (fixing(OURS, w_star=1), "dae.fixed_point", r"\lambda = \lambda + \varepsilon", "varies in the claim"),
    (fixing(OURS, lam=0), "wae.fixed_point", r"w^* = 1", "not defined"),
    (fixing(OURS, c0=1), "wae.imbalance", r"c(t) = e^{-2\gamma t/\tau}", "has a fixed value"),
    (fixing(OURS, a=1, b=2), "ae.solution", r"w(t) = \frac{2e^{2\lambda t/\tau}}{2e^{2\lambda t/\tau}-1}",
     "fixed value"),
    (fixing(OURS, Lambda="identity"), "flow.w1",
     r"\tau\frac{dW_1}{dt} = W_2^T - W_2^TW_2W_1(1+\varepsilon) - \gamma W_1", "has a fixed value"),
    (fixing(OURS, w0=2), "prove", r"ab = w_0", "depend on each other"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "claim", "tex", "reason"), NOT_COMPARED)
def test_what_fixed_values_leave_open_is_not_compared(
    tmp_path: Path, section: dict[str, Any], claim: str, tex: str, reason: str
) -> None:
    found = verdict(tmp_path, section, claim, tex)
    assert found.verdict == "undecided"
    assert reason in found.reason


@pytest.mark.parametrize(
    ("fixed", "reason"),
    [
        ({"tau": 0}, "tau is > 0, and 0 is not"),
        ({"eps": "-1/3"}, "eps is >= 0"),
        ({"eps": r"-\lambda"}, "eps is >= 0"),
        ({"eps": r"\lambda", "lam": r"\varepsilon"}, "depends on itself"),
        ({"eps": "t"}, "moves in time"),
        ({"nobody": 1}, "not a scalar or a matrix"),
        ({"w": 1}, "not a scalar or a matrix"),
        ({"lam": "X"}, "a matrix, for a quantity that is none"),
        ({"Lambda": 1}, "identity"),
        ({"Lambda": r"\lambda"}, "identity"),
        ({"W1": "identity"}, "H x D"),
        ({"V": "zero"}, "orthogonal"),
        ({"lam": True}, "give a number"),
        ({"lam": r"\frac{1"}, "lam"),
        ({"lam": r"\foo"}, "lam"),
    ],
)
def test_a_value_that_its_quantity_cannot_have_is_wrong_usage(
    tmp_path: Path, fixed: dict[str, Any], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UnusableConfiguration, match="fixed: ") as refused:
        configuration(fixing(OURS, **fixed), "modeflow.toml")
    assert reason in str(refused.value)
    lines = [f"{name} = {str(value).lower() if value is True else repr(value)}" for name, value in fixed.items()]
    (tmp_path / "modeflow.toml").write_text(
        "\n".join(["[manuscript]", 'notation = "pretorius2018"', "[manuscript.fixed]", *lines]), encoding="utf-8"
    )
    (tmp_path / "paper.tex").write_text("x", encoding="utf-8")
    assert main(["check", str(tmp_path / "paper.tex")]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_without_the_values_in_the_laws_a_right_rate_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section, claim, tex, _ = CASES[0]
    monkeypatch.setattr(Subject, "put", dict(configuration(SAXE, "x").notation.fixed))
    assert verdict(tmp_path, section, claim, tex).verdict == "wrong"

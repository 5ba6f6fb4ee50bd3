"""What is claimed of a computing form is what its kernel computes, although it is written in names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from modeflow.derivations import denoising, evaluation, gradients, letters
from modeflow.derivations.alphabet import eps, lam, t, tau
from modeflow.derivations.balanced_kernels import BALANCED_CASES, s, sigma
from modeflow.derivations.named_steps import InNames
from sympy import Expr, Integer

from modeflow import Chapter, prove
from modeflow.language.closed_forms import Naming, as_it_is
from modeflow.language.definitions import unfold
from modeflow.language.kernels import Kernel

Pair = tuple[Any, Any]  # as claimed, as computed
IMBALANCE = evaluation.chapter.claims["eval.imbalance"].unfolded()


def same(claimed: Expr, computed: Expr) -> bool:
    """Whether they are one expression, the imbalance being a product by its own claim, or proved equal."""
    stated = unfold(claimed)
    alike = computed in (stated, stated.xreplace({IMBALANCE.lhs: IMBALANCE.rhs}))
    return alike or prove(stated, computed).status == "proved"


def written(kernel: Kernel, wanted: dict[str, bool], fixed: dict[Any, Any], naming: Naming) -> dict[str, Expr]:
    """What the branch of a kernel with these truths computes."""
    for branch in kernel.branches():
        facts = {str(condition): truth for condition, truth in branch.conditions}
        if all(facts.get(name, truth) == truth for name, truth in wanted.items()):
            return kernel.written(branch, {s: t / tau} | evaluation.values(fixed), naming)
    raise AssertionError(f"{kernel.name} has no branch with {wanted}")


def of_evaluation(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Pair]]:
    kernels = [kernel for kernel in evaluation.KERNELS if kernel.name in evaluation.NAMING]
    claimed = [(f"{k.name}_{case[0]}", formulas) for k in kernels for case, formulas in evaluation.cases(k)]
    monkeypatch.setattr(evaluation, "NAMING", {})
    computed = [formulas for kernel in kernels for _, formulas in evaluation.cases(kernel)]
    for (name, one), other in zip(claimed, computed, strict=True):
        yield from ((name, pair) for pair in zip(one, other, strict=True))


CASES = {
    "growing": {"kappa > 0": True, "Ne(kappa, 0)": True},
    "fading": {"kappa > 0": False, "Ne(kappa, 0)": True},
    "critical": {"kappa > 0": False, "Ne(kappa, 0)": False},
}
CASES |= {"opposite": CASES["fading"], "idle": CASES["critical"]}


def of_gradients() -> Iterator[tuple[str, Pair]]:
    claims = gradients.chapter.claims
    for case in ("rising", "crossing"):
        found = written(gradients.DIRECT, {"rho > 0": True, "a < 0": case == "crossing"}, {}, as_it_is)
        for name, value in found.items():
            claim = claims.get(f"grad.direct_{name[3:]}_{case}") or claims[f"grad.direct_{name[3:]}_moving"]
            yield claim.id, (claim.rhs, value)
    resting = written(gradients.DIRECT, {"rho > 0": False}, {lam: Integer(0), eps: Integer(0)}, as_it_is)
    rest = zip(claims["grad.direct_rest"].rhs, ("by_s", "by_a", "by_b"), strict=True)
    yield from (("grad.direct_rest", (value, resting[name])) for value, name in rest)
    for case in BALANCED_CASES.split():
        fixed = next(f for name, _, f in evaluation.balanced_cases(CASES[case]) if name == case)
        found = written(gradients.BALANCED, CASES[case] | {"sigma > 0": fixed[sigma] == 1}, fixed, as_it_is)
        for name, value in found.items():
            claim = claims[f"grad.balanced_{name[3:]}_{case}"]
            yield claim.id, (claim.rhs, value)


def test_what_is_claimed_in_names_is_what_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [*of_evaluation(monkeypatch), *of_gradients()]
    assert len(pairs) >= 60
    assert [name for name, pair in pairs if not same(*pair)] == []


def test_a_step_under_the_name_of_another_quantity_is_found() -> None:
    own = Chapter("mine", "Wrong", letters.of_computing)
    wrong = own.define("xi", r"\xi", 2 * (lam + eps), says="Twice what holds a mode back.")
    fixed = next(f for name, _, f in evaluation.balanced_cases(CASES["critical"]) if name == "critical")
    wanted = CASES["critical"] | {"sigma > 0": True}
    computed = written(gradients.BALANCED, wanted, fixed, as_it_is)
    claimed = written(gradients.BALANCED, wanted, fixed, InNames(own, {lam + eps: wrong}, {}))
    assert not any(same(claimed[name], value) for name, value in computed.items())


def test_the_factors_of_a_step_are_those_that_their_names_say() -> None:
    """Π is 𝒩/(2ρ) times 𝒟/(2ρ), in this order of names; with ρ for 2ρ it is neither."""
    rho, names = denoising.part("rho"), evaluation.chapter.definitions
    for name, whole in (("eval.N_t", denoising.part("N")), ("eval.D_t", denoising.part("D"))):
        part = names[name].applied
        assert prove(2 * rho * part, whole).status == "proved"
        assert prove(rho * part, whole).status == "refuted"

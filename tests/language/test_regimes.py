"""Which kernel serves which arguments: what the record says is held against the start of every path, and its errors."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from sympy import Expr, Rational, Symbol

from modeflow.codegen.numpy import shipped_regimes
from modeflow.language.primitives import SIZE, textbook
from modeflow.language.regimes import Form

REGIMES, FORMS = shipped_regimes()
SIZES = [Rational(n, 4) for n in (-5, -2, 0, 2, 3)]


def results(form: Form, values: dict[str, Expr]) -> tuple[Expr, ...]:
    """What a form gives at numbers, in plain formulas."""
    known = {x: values[x.name] for x in form.inputs}
    for x, step in form.steps:
        known[x] = textbook(step).xreplace(known)
    given = {x: textbook(a).xreplace(known) for x, a in zip(form.kernel.inputs, form.arguments, strict=True)}
    given[SIZE] = Rational(1)
    for x, (_, e) in zip(form.outputs, form.kernel.expanded(), strict=True):
        known[x] = e.xreplace(given)
    for x, step in form.after:
        known[x] = textbook(step).xreplace(known)
    return tuple(textbook(e).xreplace(known) for _, e in form.results)


def at_the_start(path: str, v: dict[str, Expr]) -> tuple[Expr, ...]:
    w = v["w1"] * v["w2"]
    loss = (v["lam"] * (1 - w) ** 2 + v["noise"] * w**2 + v["decay"] * (v["w1"] ** 2 + v["w2"] ** 2)) / 2
    rate = (v["w1"] ** 2 + v["w2"] ** 2) * (v["lam"] - (v["lam"] + v["noise"]) * w) - 2 * v["decay"] * w
    slopes = (rate, 0, 0, v["w2"], v["w1"])
    return {"strength": (w,), "weights": (v["w1"], v["w2"]), "loss": (loss,), "slopes": slopes}[path]


def pairs(form: Form) -> list[tuple[Expr, Expr]]:
    """Weights in the form's regime; those of direct forms that are ordered divide by b, those of balanced ones by r."""
    pairs = [(one, two) for one, two in product(SIZES, repeat=2) if (abs(one) == abs(two)) == (form.regime == "equal")]
    return [(one, two) for one, two in pairs if form.path != "slopes" or one * two != 0]


def faults(form: Form) -> list[str]:
    """Where the form is not that of the path at the start."""
    found = []
    for w1, w2 in pairs(form):
        decay = Rational(1, 7) if form.regime == "equal" else Rational(0)
        values = {"s": Rational(0), "lam": Rational(3), "noise": Rational(1, 2), "decay": decay, "w1": w1, "w2": w2}
        got = list(results(form, values))
        if form.path == "slopes" and form.regime == "equal":
            del got[3]  # by decay: 0 at the start, and not among those of the other regime
        expected = at_the_start(form.path, values)
        if any(abs((a - b).evalf(30)) > 1e-25 for a, b in zip(got, expected, strict=True)):
            found.append(f"{form.name} at {w1}, {w2}: {got}, not {expected}")
    return found


@pytest.mark.costly
@pytest.mark.parametrize("form", [form for form in FORMS if form.path != "time"], ids=lambda form: form.name)
def test_every_form_begins_where_its_path_begins(form: Form) -> None:
    assert faults(form) == []


@pytest.mark.costly
def test_a_wrong_form_is_found() -> None:
    of = {form.name: form for form in FORMS}
    ordered = of["weights_unequal"]
    (_, first), (_, second) = ordered.results
    assert faults(replace(ordered, results=(("first", second), ("second", first))))
    assert faults(replace(ordered, arguments=(*ordered.arguments[:3], *ordered.arguments[:2:-1])))
    equal = of["strength_equal"]
    assert faults(replace(equal, arguments=(*equal.arguments[:5], Rational(1))))
    slopes = of["slopes_equal"]
    *others, by_one, by_two = slopes.results
    assert faults(replace(slopes, results=(*others, ("by_w1", by_two[1]), ("by_w2", by_one[1]))))


def test_every_path_has_the_same_forms_and_the_last_regime_takes_all_that_is_left() -> None:
    assert {form.regime for form in FORMS} == {"equal", "unequal"}
    assert {form.path for form in FORMS if form.regime == "equal"} == {f.path for f in FORMS if f.regime == "unequal"}
    assert [regime.name for regime in REGIMES if not regime.arguments] == [REGIMES[-1].name]


def test_what_is_wrong_with_a_form_is_named() -> None:
    form = FORMS[0]
    with pytest.raises(ValueError, match="strength_unequal: 4 arguments, direct_strength has other inputs"):
        replace(form, arguments=form.arguments[:4])
    with pytest.raises(ValueError, match="strength_unequal uses q, which is neither an input, a step nor an output"):
        replace(form, results=(("w", Symbol("q")),))

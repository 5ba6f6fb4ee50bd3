"""Why nothing is divided by zero: the checker takes each reason, and no other one in its place."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sympy import I, Ne, besseli, besselk, cos, exp, log, sqrt, symbols, tan

from modeflow import Alphabet, Chapter, Claim, claim
from modeflow.proof.examine import examine
from modeflow.recheck import Refused, account, recheck

x, y = symbols("x y", real=True)
a, nu = symbols("a nu", positive=True)
n = symbols("n", nonnegative=True)
z = symbols("z")


def refusal(certificate: Any) -> str:
    try:
        recheck(certificate)
    except Refused as reason:
        return str(reason) or "refused"
    return ""


def certificates(c: Claim) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(c.in_full().verify(time_limit=60).certificate))
    return found


# left side, right side, and what the certificate provides
DIVIDED: list[tuple[Any, Any, list[str]]] = [
    (1 / (x**2 + 1) - 1, -(x**2) / (x**2 + 1), []),
    ((sqrt(x**2 + 1) + x) / (sqrt(x**2 + 1) - x), (sqrt(x**2 + 1) + x) ** 2, []),
    (1 / (x + I), (x - I) / (x**2 + 1), []),
    (exp(x) / (exp(2 * x) + exp(x)), 1 / (exp(x) + 1), []),
    (x / (x - 1), 1 + 1 / (x - 1), ["-1 + x != 0"]),
    (n / (n**2 + n), 1 / (n + 1) + n - n, ["n != 0"]),
    (log(n**2), 2 * log(n), ["n != 0"]),
    (log(z) - z, -z + log(z), ["z != 0"]),
    (1 / sqrt(n) / sqrt(n), 1 / n, ["n != 0"]),
    (sin_over_cos := tan(x) * cos(x) + 1, (sin_over_cos - 1) + 1, ["1 + exp(2*I*x) != 0"]),
    (besseli(nu, n) * besselk(nu + 1, n), 1 / n - besseli(nu + 1, n) * besselk(nu, n), ["n != 0"]),
    (besselk(z, a) - besselk(z + 2, a), -2 * (z + 1) / a * besselk(z + 1, a), ["besseli(2 + z, a) != 0"]),
]


@pytest.mark.parametrize(("left", "right", "provided"), DIVIDED, ids=lambda v: str(v)[:40])
def test_what_is_provided_is_what_nothing_else_shows(left: Any, right: Any, provided: list[str]) -> None:
    verdict = examine(left, right)
    assert verdict.status == "proved"
    certificate = json.loads(json.dumps(verdict.certificate))
    assert refusal(certificate) == ""
    assert account(certificate).conditions == provided
    for i in range(len(provided)):
        fewer = certificate["provided"][:i] + certificate["provided"][i + 1 :]
        assert refusal(certificate | {"provided": fewer})


# --- reasons by names ---------------------------------------------------------------------------------------

NAMED = ["dae.direct", "dae.riccati_solution", "dae.theta_flow", "lin.direct"]


@pytest.mark.parametrize("identifier", NAMED)
def test_a_claim_is_rechecked_under_its_own_conditions(identifier: str) -> None:
    """What a verdict settles by domains, signs and what is given, the certificate settles too."""
    stated = claim(identifier)
    verdict = stated.in_full().verify(time_limit=60)
    listed = set[str]()
    for certificate in json.loads(json.dumps(verdict.certificate)).values():
        assert refusal(certificate) == ""
        listed |= set(account(certificate).conditions)
    assert listed == set(verdict.conditions)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, list) and value:
        for i, part in enumerate(value):
            yield from leaves(part, (*path, i))
    else:
        yield path


def changed(value: Any) -> list[Any]:
    """Others in the place of a field of a reason."""
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, list):
        return [[["1", []]]]
    return [other for other in ("0", "1", "2", negated(value), None) if other != value]


def negated(number: str) -> str:
    return number[1:] if number[0] == "-" else f"-{number}"


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for i in path:
        value = value[i]
    return value


def spoiled(step: Any) -> Iterator[tuple[Any, bool]]:
    """The step with one field changed, and whether it is only the sign of a term alone, of which there is a square."""
    for path in leaves(step):
        for new in changed(at(step, path)) if path != (0,) else ("exp", "none", "radical"):
            bad = copy.deepcopy(step)
            at(bad, path[:-1])[path[-1]] = new
            alone = isinstance(new, str) and len(path) > 3 and len(at(step, path[:-2])) == 1
            yield bad, alone and new == negated(at(step, path))


def test_every_field_of_a_reason_matters() -> None:
    """A reason that is needed is refused where anything of it is changed."""
    count = 0
    certificate = certificates(domained())["statement"]
    for i, step in enumerate(certificate["steps"]):
        before, after = certificate["steps"][:i], certificate["steps"][i + 1 :]
        if step[0] != "sum" or not refusal(certificate | {"steps": before + after}):
            continue  # the checker knows it without this step
        for bad, turned in spoiled(step):
            assert refusal(certificate | {"steps": [*before, bad, *after]}) or turned, (step, bad)
            count += 1
    assert count > 100


def domained() -> Claim:
    """r/q with r = sqrt(u² + v²), and q > 0 where r != 0; neither sign shows when it is multiplied out."""
    letters = Alphabet()
    u, v = (letters.scalar(letter, letter, "a number", real=True) for letter in "uv")
    chapter = Chapter("own", "Own", letters)
    c = chapter.define("c", "c", (u - v) ** 2 + u**2, says="It.", domain=[(">=", 0)])
    r = chapter.define("r", "r", sqrt(c + v**2), says="It.", domain=[(">=", 0)])
    signs = r + (u - v) ** 2
    q = chapter.define(
        "q", "q", r + u**2 - 2 * u * v + v**2, says="It.", signs=signs, domain=[(">", 0)], given=[Ne(r, 0)]
    )
    return chapter.claim("d", (r * q + v) / q, r + v / q, says="Divided.")


def test_what_a_reason_rests_on_cannot_be_left_out() -> None:
    """Without r != 0 nothing shows that the denominators do not vanish; provided otherwise, it is another account."""
    certificate = certificates(domained())["statement"]
    assert account(certificate).conditions == ["r != 0"]
    assert refusal(certificate | {"provided": []})
    for node in range(len(certificate["nodes"])):
        for relation in ("!=", ">", ">=", "=", "<", ""):
            other = certificate | {"provided": [[node, relation]]}
            if [node, relation] != certificate["provided"][0] and not refusal(other):
                assert account(other).conditions != ["r != 0"]


# --- names --------------------------------------------------------------------------------------------------


def test_names_stand_in_statements() -> None:
    certificate = certificates(claim("dae.direct"))["product of the weights"]
    left, *where = account(certificate).statement
    assert left == "S1*S2/D/N = S1*S2/D/N"
    assert "rho = sqrt(4*lam**2 + xi**2*c_ab**2)" in where


def own(name: str = "n", **more: Any) -> Claim:
    letters = Alphabet()
    u, v = (letters.scalar(letter, letter, "a number", real=True) for letter in "uv")
    chapter = Chapter("own", "Own", letters)
    value = u**2 - 2 * u * v + 2 * v**2 + 1
    q = chapter.define(name, name.upper(), value, says="It.", signs=(u - v) ** 2 + v**2 + 1, domain=[(">", 0)])
    return chapter.claim("divided", (u * q + v) / q, u + v / q, says="Divided.", **more)


def test_a_name_that_is_not_zero_by_its_domain_settles_a_condition() -> None:
    certificate = certificates(own())["statement"]
    assert refusal(certificate) == ""
    assert account(certificate).conditions == []
    assert account(certificate).statement == ["(v + u*n)/n = u + v/n", "n = 1 + u**2 + 2*v**2 - 2*u*v"]


def test_a_name_that_a_letter_has_is_not_written() -> None:
    certificate = certificates(own("v"))["statement"]
    assert refusal(certificate) == ""
    assert certificate["names"] == []


def test_what_a_domain_is_given_is_provided() -> None:
    letters = Alphabet()
    u, v = (letters.scalar(letter, letter, "a number", real=True) for letter in "uv")
    chapter = Chapter("own", "Own", letters)
    r = chapter.define("r", "r", sqrt(u**2 + v**2), says="It.", domain=[(">=", 0)])
    q = chapter.define("q", "q", r + v**2, says="It.", domain=[(">", 0)], given=[Ne(r, 0)])
    certificate = certificates(chapter.claim("d", (u * q + v) / q, u + v / q, says="Divided."))["statement"]
    assert refusal(certificate) == ""
    assert account(certificate).conditions == ["r != 0"]

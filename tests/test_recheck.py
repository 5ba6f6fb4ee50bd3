"""The second checker: it accepts what the prover certifies, and no corruption makes it accept a false statement."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import daily
import pytest
from certificate_attacks import attack
from certificate_truth import Certificate, corrupted, statement, true
from sympy import (
    I,
    Rational,
    acos,
    acosh,
    acoth,
    asin,
    asinh,
    atan,
    besseli,
    besselk,
    cos,
    cosh,
    exp,
    log,
    pi,
    sec,
    sin,
    sinh,
    sqrt,
    symbols,
    sympify,
    tan,
    tanh,
)
from verdicts import shared_verdict

from modeflow import prove
from modeflow.language.verdict import Verdict
from modeflow.proof.examine import examine
from modeflow.recheck import FORMAT, Refused, recheck
from modeflow.statements import catalogue

MOST_LINES = 950

x, y = symbols("x y", real=True)
a, b, nu = symbols("a b nu", positive=True)
n = symbols("n", nonnegative=True)


# --- what the catalogue proves ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates() -> dict[str, Certificate]:
    """The certificates of every equation of every claim, as they come back from a file."""
    found: dict[str, Certificate] = {}
    claims = list(catalogue.claims().values())
    for claim in reversed(claims):  # other tests begin with the first: where both run at once, each proves half
        shared_verdict(claim)
    for claim in claims:
        for name, certificate in (shared_verdict(claim).certificate or {}).items():
            found[f"{claim.id} {name}"] = json.loads(json.dumps(certificate))
    return found


def refusal(certificate: Any) -> str:
    """Why a certificate is refused; an empty string if it holds."""
    try:
        recheck(certificate)
    except Refused as reason:
        return str(reason) or "refused"
    return ""


def test_every_proof_of_the_catalogue_is_rechecked(certificates: dict[str, Certificate]) -> None:
    assert len(certificates) > 200
    assert {name: why for name, c in certificates.items() if (why := refusal(c))} == {}


@pytest.mark.costly
def test_a_statement_cannot_be_put_in_place_of_another(certificates: dict[str, Certificate]) -> None:
    """The right side of each is replaced by another of its nodes."""
    rng = random.Random(daily.seed())
    small = [c for c in certificates.values() if len(json.dumps(c)) < 20_000 and len(c["nodes"]) > 2]
    refused = 0
    for c in small:
        swapped = c | {"rhs": rng.choice([i for i in range(len(c["nodes"])) if i != c["rhs"]])}
        refused += bool(why := refusal(swapped))
        assert why or true(swapped), swapped
    assert refused > len(small) * 0.9


# --- corruptions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [400, pytest.param(20_000, marks=pytest.mark.slow)])
def test_no_corruption_validates_a_false_statement(certificates: dict[str, Certificate], count: int) -> None:
    rng = random.Random(daily.seed())
    pool = sorted(name for name, c in certificates.items() if len(json.dumps(c)) < 3000)
    outcomes: Counter[str] = Counter()
    for _ in range(count):
        name = rng.choice(pool)
        corrupt = copy.deepcopy(certificates[name])
        path = corrupted(corrupt, rng)
        if refusal(corrupt):
            outcomes["refused"] += 1
        elif statement(corrupt) == statement(certificates[name]):
            outcomes["the same statement"] += 1
        else:
            assert true(corrupt), (name, path, corrupt["nodes"])
            outcomes["another true statement"] += 1
    assert outcomes["refused"] > count / 3, outcomes


def test_corrupt_nodes_are_refused(certificates: dict[str, Certificate]) -> None:
    rng = random.Random(f"{daily.seed()} nodes")
    pool = [c for c in certificates.values() if len(json.dumps(c)) < 6000]
    refused = 0
    for _ in range(60):
        corrupt = copy.deepcopy(rng.choice(pool))
        before = statement(corrupt)
        corrupted(corrupt, rng, "nodes")
        refused += bool(why := refusal(corrupt))
        assert why or statement(corrupt) == before or true(corrupt)
    assert refused > 20


STEP_KINDS = ("exp", "log", "exponents", "root", "radical", "bessel", "recurrence", "sum", "conjugates", "turn")


@pytest.mark.costly
@pytest.mark.parametrize("count", [40, pytest.param(400, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", STEP_KINDS)
def test_each_kind_of_step_matters(certificates: dict[str, Certificate], kind: str, count: int) -> None:
    """One thing is changed in one step of the kind, or the step is left out: what is shown never becomes false."""
    rng = random.Random(f"{daily.seed()} {kind}")
    statements = [*STEPS_OF.get(kind, []), *((left, right, "=") for left, right in STEPS)]
    made = [json.loads(json.dumps(examine(sympify(s[0]), sympify(s[1]), s[2]).certificate)) for s in statements]
    pool = [c for c in [*certificates.values(), *made] if len(json.dumps(c)) < 9000]
    pool = [c for c in pool if any(step[0] == kind for step in c["steps"])]
    refused = 0
    for _ in range(count):
        original = rng.choice(pool)
        corrupt = copy.deepcopy(original)
        at = rng.choice([i for i, step in enumerate(corrupt["steps"]) if step[0] == kind])
        if rng.random() < 0.2:
            del corrupt["steps"][at]
        else:
            corrupted(corrupt["steps"], rng, at)
        assert statement(corrupt) == statement(original)
        refused += bool(refusal(corrupt))
    assert refused > count / 4


# --- steps outside the catalogue ----------------------------------------------------------------------------

STEPS = [
    (sqrt(a * b), sqrt(a) * sqrt(b)),
    (sqrt(x**2 * a), sqrt(x**2) * sqrt(a)),
    (log(a * b), log(a) + log(b)),
    (log(sqrt(a)), log(a) / 2),
    (a**b * a**nu, a ** (b + nu)),
    (exp(2 * log(a) / 3), a ** Rational(2, 3)),
    (b / (1 + exp(-2 * b * n / a) * nu), b / 2 * (1 + tanh(b * n / a - log(nu) / 2))),
    (cosh(x) ** 2 - sinh(x) ** 2, 1),
    (tanh(x + y) * (1 + tanh(x) * tanh(y)), tanh(x) + tanh(y)),
    (sqrt(x) * sqrt(x), x),
    (besseli(nu - 1, a) - besseli(nu + 1, a), 2 * nu / a * besseli(nu, a)),
    (besseli(nu, a) * besselk(nu + 1, a) + besseli(nu + 1, a) * besselk(nu, a), 1 / a),
    (besselk(Rational(3, 2), a), besselk(Rational(1, 2), a) * (1 + 1 / a)),
]


@pytest.mark.parametrize(("left", "right"), STEPS, ids=[str(s[0]) for s in STEPS])
def test_each_kind_of_step_is_certified_and_rechecked(left: Any, right: Any) -> None:
    verdict = examine(left, sympify(right))
    assert verdict.status == "proved"
    assert refusal(json.loads(json.dumps(verdict.certificate))) == ""


TURNS = [
    (sin(x + pi / 3), sin(x) / 2 + sqrt(3) * cos(x) / 2),
    (cos(x - pi / 4), (sin(x) + cos(x)) / sqrt(2)),
    (sin(x + pi / 5), sin(x) * cos(pi / 5) + cos(x) * sin(pi / 5)),
    (cos(x + pi / 12), cos(x) * cos(pi / 12) - sin(x) * sin(pi / 12)),
    (exp(x + I * pi / 6), exp(x) * (sqrt(3) + I) / 2),
    (log(-a), log(a) + I * pi),
    ((-a) ** x, a**x * exp(I * pi * x)),
]


@pytest.mark.parametrize(("left", "right"), TURNS, ids=[str(s[0]) for s in TURNS])
def test_multiples_of_i_pi_are_certified(left: Any, right: Any) -> None:
    assert refusal(json.loads(json.dumps(examine(left, right).certificate))) == ""


def test_a_turn_without_steps_says_so() -> None:
    certificate = examine(sin(x + pi / 8), sin(x) * cos(pi / 8) + cos(x) * sin(pi / 8)).certificate
    assert certificate is not None
    assert "1/8" in certificate["unchecked"]


# What the catalogue has too few of, by kind of step.
STEPS_OF: dict[str, list[Any]] = {
    "conjugates": [
        (sqrt(4 * a**2 + b**2), 2 * a, ">"),
        (sqrt(x**2 + 1) + x, 0, ">"),
    ],
    "sum": [(1 - exp(-a), 0, ">"), (exp(a) * exp(b) - exp(b), 0, ">"), (1 - exp(-a) * (1 + b * 0), 0, ">=")],
    "turn": [(left, right, "=") for left, right in TURNS],
    "log": [(log(a * (1 + b)), log(a) + log(1 + b), "="), (log(a * x), log(a) + log(x), "=")],
}
BY_CONJUGATES = [
    (sqrt(3 + 2 * sqrt(2)), 1 + sqrt(2)),
    (sqrt(5 - 2 * sqrt(6)), sqrt(3) - sqrt(2)),
    (sqrt(a + b + 2 * sqrt(a * b)), sqrt(a) + sqrt(b)),
    (sqrt(10 + 2 * sqrt(10) + 2 * sqrt(15) + 2 * sqrt(6)), sqrt(2) + sqrt(3) + sqrt(5)),
]
ARCS = [
    (cos(asin(a / (1 + a))), sqrt(1 - (a / (1 + a)) ** 2)),
    (tan(acos(1 / (1 + a))), sqrt(a * (2 + a))),
    (cos(atan(x)), 1 / sqrt(1 + x**2)),
    (cosh(asinh(x)), sqrt(1 + x**2)),
    (sinh(acosh(1 + a)), sqrt(a * (2 + a))),
    (sinh(acoth(1 + a)), 1 / sqrt(a * (2 + a))),
    (acos(a / (1 + a)) + asin(a / (1 + a)), pi / 2),
    (sec(x) ** 2 - tan(x) ** 2, 1),
    (acosh(1 + 2 * n**2), 2 * asinh(n)),
    (3 * asinh(x), asinh(3 * x + 4 * x**3)),
]


@pytest.mark.costly
@pytest.mark.parametrize(("left", "right"), BY_CONJUGATES + ARCS, ids=[str(s[0]) for s in BY_CONJUGATES + ARCS])
def test_conjugates_and_arc_functions_are_certified_and_their_mutants_refused(left: Any, right: Any) -> None:
    verdict = examine(left, sympify(right))
    assert verdict.status == "proved"
    raw: Any = json.loads(json.dumps(verdict.certificate))
    assert refusal(raw) == ""
    rng = random.Random(str(left))
    for _ in range(60):
        corrupt = copy.deepcopy(raw)
        corrupted(corrupt, rng)
        assert refusal(corrupt) or statement(corrupt) == statement(raw) or true(corrupt), corrupt["nodes"]


def test_noncommuting_symbols_are_certified() -> None:
    left, right = symbols("A B", commutative=False)
    raw: Any = json.loads(json.dumps(examine((left + right) * left, left**2 + right * left).certificate))
    assert refusal(raw) == ""
    nodes = copy.deepcopy(raw["nodes"])
    nodes[raw["lhs"]] = ["mul", *nodes[raw["lhs"]][:0:-1]]
    assert "difference of the sides" in refusal(raw | {"nodes": nodes})


# --- attacks by hand ----------------------------------------------------------------------------------------

X: Any = ["symbol", "x", [-1, 0, 1]]  # variable 2, after i and pi
POSITIVE_X: Any = ["symbol", "x", [1]]


def one(*powers: tuple[int, int], times: str = "1") -> Any:
    """A fraction with one term."""
    return [[[times, [list(p) for p in powers]]], [["1", []]]]


def total(*terms: Any) -> Any:
    """A polynomial, from fractions with one term."""
    return [term[0][0] for term in terms]


def by_root(*steps: Any, symbol: Any = X) -> Certificate:
    """sqrt(x²) = x"""
    return attack([symbol, ["power", 0, "2"], ["power", 1, "1/2"]], 2, 0, steps)


R: Any = ["root", one((2, 2)), 2]
NUMBERS: Any = [["number", "1"], ["number", "2"]]
EXP_X: Any = ["exp", one((2, 1))]
NOISE: Any = [["symbol", "n", [1]], ["letter", "P", "plain", 0, 0], ["letter", "E", "plain", 0, 0]]
Z: Any = ["symbol", "z", None]

HALF_TURN: Any = [["pi"], ["I"], ["number", "1/3"], ["mul", 0, 1, 2], ["exp", 3], ["number", "-1"]]
NEGATIVE: Any = [["symbol", "x", [1]], ["number", "-1"], ["mul", 0, 1], ["log", 2], ["log", 0], ["pi"], ["I"]]


def third_of_a_turn(sign: str, n: int = 3) -> Certificate:
    """exp(iπ/3) = (1 ± i·sqrt(3))/2"""
    nodes = [*HALF_TURN[:-1], ["number", "3"], ["power", 5, "1/2"], ["number", f"{sign}1/2"], ["mul", 1, 6, 7]]
    nodes += [["number", "1/2"], ["add", 8, 9]]
    root = ["root", one(times="3"), 2]
    return attack(nodes, 4, 10, [root, ["turn", n, one(times="1/2"), one((2, 1), times=f"{sign}1/2")]])


def logarithm_of_minus_x(sign: str) -> Certificate:
    """log(-x) = log(x) ± iπ for x > 0"""
    nodes = [*NEGATIVE, ["number", f"{sign}1"], ["mul", 5, 6, 7], ["add", 4, 8]]
    turn = ["turn", int(f"{sign}3"), one(times="1/2"), one((4, 1), times=f"{sign}1/2")]
    terms = [[one((3, 1)), "1"], [one((0, 1), (1, 1), times=f"{sign}1/3"), "3"]]
    logarithm, root = ["log", one((2, 1)), "log"], ["root", one(times="3"), 2]
    return attack(nodes, 3, 9, [logarithm, root, turn, ["exponents", *terms]])


# 1/(x + i), of which x - i is the conjugate: their product is x² + 1
SHIFTED: Any = total(one((2, 1)), one((0, 1)))
INVERSE: Any = [X, ["I"], ["add", 0, 1], ["power", 2, "-1"]]
SQUARE_AND_ONE: Any = [["1", [[one((2, 1)), 2]]], ["1", []]]
BY_CONJUGATE: Any = ["sum", SHIFTED, [total(one((2, 1)), one((0, 1), times="-1")), one()[1]], *SQUARE_AND_ONE]

ATTACKS: dict[str, Certificate] = {
    "another root of -1": attack(HALF_TURN, 4, 5, [["turn", 3, one(times="-1"), [[], one()[1]]]]),
    "the conjugate root of -1": third_of_a_turn("-"),
    "the conjugate of another sign": third_of_a_turn("-", -3),
    "a turn by no number": third_of_a_turn("", True),
    "the other logarithm of a negative number": logarithm_of_minus_x("-"),
    "the wrong branch of a root": by_root(["radical", one((2, 1)), None, 2]),
    "a root stated to have the wrong value": by_root(R, ["radical", one((2, 1)), None, 2], symbol=POSITIVE_X),
    "a root stated to have a value with another square": by_root(
        ["radical", one((2, 1), times="2"), None, 2], symbol=POSITIVE_X
    ),
    "a false relation": attack(NUMBERS, 0, 1, [["root", one(), 2], ["radical", one(times="2"), None, 2]]),
    "a quotient times zero": attack(NUMBERS, 0, 1, multiplier=[], numerator=[["1", []]], quotients=[]),
    "a sign of a symbol invented by naming it twice": attack(
        [X, POSITIVE_X, ["power", 1, "2"], ["power", 2, "1/2"]], 3, 1, [["radical", one((3, 1)), None, 2]]
    ),
    "a symbol with two variables of one index": attack([X, ["symbol", "y", [1], 0]], 0, 1),
    "a variable of a later symbol": attack([X, ["exp", 0], ["symbol", "y", [1]]], 1, 2, [["exp", one((3, 1))]]),
    "a symbol without values": attack([["symbol", "x", []], ["number", "1"]], 0, 1, relation=">"),
    "an exponential of something else": attack(
        [X, ["exp", 0], ["mul", 0, 0], ["exp", 2]], 1, 3, [EXP_X, ["exponents", [one((2, 1)), "1"]]]
    ),
    "an exponential of itself": attack([X, ["exp", 0]], 1, 0, [["exp", one((3, 1))]]),
    "a denominator that may vanish": attack([X, ["exp", 0]], 1, 0, [["exp", [one()[0], one((2, 1))[0]]], EXP_X]),
    "a node that only excludes points": attack([X, ["power", 0, "-1"], ["number", "1"]], 2, 2),
    "a logarithm on another branch": attack([Z, ["exp", 0], ["log", 1]], 2, 0, [EXP_X]),
    "a logarithm of which only the exponential is known": attack(
        [Z, ["exp", 0], ["log", 1]], 2, 0, [EXP_X, ["log", one((3, 1)), "branch"], ["log", one((3, 1)), "any"]]
    ),
    "an arc function on its cut": attack(
        [X, ["log", 0], ["acosh", 0]],
        2,
        1,
        [["log", one((2, 1)), "log"], ["log", one((2, 1)), "log"]],
        provided=[[0, "!="]],
    ),
    "a logarithm of zero": attack([X, ["exp", 0]], 1, 0, [["log", one((2, 1)), "log"]]),
    "a step that divides by what may vanish": attack([X, ["exp", 0]], 1, 0, [["bessel", one(), one((2, 1))]]),
    "a sum of logarithms of no positive number": attack(
        [Z, ["power", 0, "-1"], ["mul", 0, 0], ["log", 2], ["log", 0], ["add", 4, 4], ["mul", 1, 0, 5]],
        3,
        6,
        [["log", one((2, 1)), "log"], ["logarithms", one((2, 1)), one((2, 1))]],
        provided=[[0, "!="]],
    ),
    "half of a complex exponent": attack(
        [Z, ["exp", 0], ["power", 1, "2"], ["power", 2, "1/2"]], 3, 1, [EXP_X, ["radical", one((3, 1)), None, 2]]
    ),
    "a broken power of a complex exponential": attack(
        [Z, ["number", "1/2"], ["mul", 0, 1], ["exp", 2], ["exp", 0], ["power", 4, "1/2"]],
        3,
        5,
        [EXP_X, ["root", one((3, 1)), 2], ["exponents", [one((2, 1)), "1/2", one((4, 1))]]],
    ),
    "a recurrence of roots": by_root(R, ["recurrence", "root", one((2, 2)), one(times="2"), 0]),
    "a sum that is not the polynomial": attack(
        [X, ["number", "0"]], 0, 1, [["sum", one((2, 1))[0], one(), ["1", [[one((2, 2)), 1]]]]], relation=">="
    ),
    "conjugates whose product is zero": attack(
        [POSITIVE_X, ["power", 0, "2"], ["power", 1, "1/2"], ["add", 0, 2], ["number", "0"]],
        4,
        3,
        [R, ["conjugates", total(one((2, 1)), one((3, 1))), total(one((2, 1), times="-1"), one((3, 1)))]],
        relation=">=",
    ),
    "conjugates that are complex": attack(
        [POSITIVE_X, ["I"], ["add", 0, 1], ["number", "0"]],
        2,
        3,
        [["conjugates", total(one((2, 1)), one((0, 1))), total(one((2, 1)), one((0, 1), times="-1"))]],
        relation=">",
    ),
    "conjugates of which one is negative": attack(
        [X, ["number", "0"]], 0, 1, [["conjugates", one((2, 1))[0], one((2, 1))[0]]], relation=">="
    ),
    "no step but another method": attack([X, ["exp", 0]], 1, 0, [["../new", [1]], ["_by_terms", []]]),
    "a negative number above zero": attack(NUMBERS, 0, 1, relation=">"),
    "an unknown relation": attack(NUMBERS, 0, 1, relation="~"),
    "no relation of sides but a loop": attack([["add", 0, 0]], 0, 0),
    "a node of later ones": attack([["add", 1, 1], ["number", "0"]], 0, 1),
    "letters that commute": attack([*NOISE, ["mul", 1, 2], ["mul", 2, 1]], 3, 4),
    "a letter named twice": attack([NOISE[0], NOISE[1], ["letter", "P", "symmetric", 0, 0]], 1, 2),
    "a symmetric letter that is not square": attack(
        [NOISE[0], ["symbol", "m", [1]], ["letter", "S", "symmetric", 0, 1]], 2, 2
    ),
    "a diagonal that is its own transpose but not square": attack(
        [NOISE[0], ["symbol", "m", [1]], ["letter", "S", "square diagonal", 0, 1], ["transpose", 2]], 2, 3
    ),
    "the mean of a product of traces taken as zero": attack(
        [*NOISE, ["trace", 2], ["mul", 3, 3], ["identity", 0], ["average", 4, 2, 5], ["number", "0"]], 6, 7
    ),
    "a fourth moment": attack(
        [*NOISE, ["transpose", 2], ["mul", 2, 3, 2, 3], ["trace", 4], ["identity", 0], ["average", 5, 2, 6]], 7, 7
    ),
    "a quotient by what may vanish": attack([X, ["power", 0, "-1"]], 1, 1),
    "a logarithm of what may vanish": attack([X, ["log", 0]], 1, 1, [["log", one((2, 1)), "log"]]),
    "a multiple of another sum": attack(INVERSE, 3, 3, [["sum", SHIFTED, one((2, 1)), *SQUARE_AND_ONE]]),
    "a multiple that may vanish": attack(
        INVERSE, 3, 3, [["sum", SHIFTED, [SHIFTED, one()[1]], ["1", [[[SHIFTED, one()[1]], 2]]]]]
    ),
    "a multiple by zero": attack(INVERSE, 3, 3, [["sum", SHIFTED, [[], one()[1]]]]),
    "something else that is provided": attack([X, ["exp", 0], ["power", 0, "-1"]], 2, 2, [EXP_X], provided=[[1, "!="]]),
    "what is provided to be zero": attack([X, ["number", "0"]], 0, 1, provided=[[0, "="]]),
    "what is provided of a matrix": attack(NOISE, 1, 1, provided=[[1, "!="]]),
    "a name of two quantities": attack([X, ["mul", 0, 0], ["add", 0, 1]], 2, 2, names=[[1, "own.n"], [2, "own.n"]]),
    "a name that is a letter's": attack([X, ["mul", 0, 0], ["add", 0, 1]], 2, 2, names=[[1, "own.x"]]),
    "two names that are written alike": attack([X, ["mul", 0, 0], ["add", 0, 1]], 2, 2, names=[[1, "a.n"], [2, "b.n"]]),
    "no name": attack([X], 0, 0, names=[[0, "own."]]),
    "a power of ten": attack([["number", "1e999999999"]], 0, 0),
    "a huge power": attack([X, ["power", 0, "99999999999"]], 1, 1),
    "a huge exponent in a step": by_root(["radical", one((2, 10**30)), None, 2]),
    "too many variables": attack(NUMBERS, 0, 0, variables=1000),
    "fewer variables than steps bring": attack([X, ["exp", 0]], 1, 1, [EXP_X], variables=3),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused(name: str) -> None:
    assert refusal(ATTACKS[name])


def test_the_attacks_fail_for_their_reason() -> None:
    """What each attack is built from holds where it is true."""
    assert refusal(third_of_a_turn("")) == ""
    assert refusal(logarithm_of_minus_x("")) == ""
    assert refusal(by_root(["radical", one((2, 1)), None, 2], symbol=POSITIVE_X)) == ""
    assert refusal(attack(NUMBERS, 1, 0, relation=">")) == ""
    assert refusal(attack([*NOISE, ["mul", 1, 2], ["mul", 1, 2]], 3, 4)) == ""
    assert refusal(attack([X, ["exp", 0]], 1, 1, [EXP_X])) == ""
    assert refusal(attack(INVERSE, 3, 3, [BY_CONJUGATE])) == ""
    assert refusal(attack([X, ["power", 0, "-1"]], 1, 1, provided=[[0, "!="]])) == ""
    assert refusal(attack([X, ["mul", 0, 0], ["add", 0, 1]], 2, 2, names=[[1, "own.n"]])) == ""
    logs = [["log", one((2, 1)), "log"], ["logarithms", one((2, 1)), one((2, 1))]]
    nodes = [POSITIVE_X, ["mul", 0, 0], ["log", 1], ["log", 0], ["add", 3, 3]]
    assert refusal(attack(nodes, 2, 4, logs)) == ""
    halves = [EXP_X, ["root", one((3, 1)), 2], ["exponents", [one((2, 1)), "1/2", one((4, 1))]]]
    nodes = [X, ["number", "1/2"], ["mul", 0, 1], ["exp", 2], ["exp", 0], ["power", 4, "1/2"]]
    assert refusal(attack(nodes, 3, 5, halves)) == ""
    # sqrt(x² + 1) + x > 0, of which x - sqrt(x² + 1) is the conjugate turned round
    root = ["root", [total(one((2, 2)), one()), one()[1]], 2]
    pair = ["conjugates", total(one((2, 1)), one((3, 1))), total(one((2, 1), times="-1"), one((3, 1)))]
    nodes = [X, ["power", 0, "2"], NUMBERS[0], ["add", 1, 2], ["power", 3, "1/2"], ["add", 0, 4], ["number", "0"]]
    assert refusal(attack(nodes, 5, 6, [root, pair], relation=">")) == ""
    quadratic = total(one((2, 2)), one((2, 1), times="-2"), one())
    square = ["sum", quadratic, one(), ["1", [[[total(one((2, 1)), one(times="-1")), one()[1]], 2]]]]
    nodes = [X, ["power", 0, "2"], ["number", "-2"], ["mul", 0, 2], NUMBERS[0], ["add", 1, 3, 4], ["number", "0"]]
    assert refusal(attack(nodes, 5, 6, [square], relation=">=")) == ""


def test_exponentials_declared_independent_though_they_are_not_prove_nothing_more() -> None:
    """exp(x) and exp(2x) as two variables: true, but the difference no longer reduces, so nothing is validated."""
    nodes = [X, ["number", "2"], ["mul", 0, 1], ["exp", 2], ["exp", 0], ["power", 4, "2"]]
    assert "does not reduce" in refusal(attack(nodes, 3, 5, [EXP_X, ["exp", one((2, 1), times="2")]]))
    assert refusal(attack(nodes, 3, 5, [EXP_X, ["exponents", [one((2, 1)), "2"]]])) == ""


def test_the_checker_stays_small() -> None:
    lines = Path(recheck.__code__.co_filename).read_text().splitlines()
    assert len(lines) <= MOST_LINES
    imports = [line for line in lines if line.startswith(("from .", "from modeflow", "import modeflow"))]
    assert imports == []


def test_a_wrong_branch_is_refused() -> None:
    """sqrt((n + 1)²) = n + 1 needs n >= -1: the certificate for a nonnegative symbol, with the sign widened, falls."""
    raw: Any = json.loads(json.dumps(examine(sqrt(n**2 + 2 * n + 1), n + 1).certificate))
    assert refusal(raw) == ""
    for node in raw["nodes"]:
        if node[0] == "symbol":
            node[2] = [-1, 0, 1]
    assert refusal(raw)


@pytest.mark.parametrize("raw", [None, [], {}, {"format": "x"}, {"format": FORMAT}, "text", 7])
def test_what_is_no_certificate_is_refused(raw: Any) -> None:
    assert refusal(raw)


# --- two provers that must fail -----------------------------------------------------------------------------

Prover = Callable[[Any, Any], Verdict]
TRUE = [(cosh(x) ** 2 - sinh(x) ** 2, 1), (sqrt(a * b), sqrt(a) * sqrt(b)), ((x + y) ** 2, x**2 + 2 * x * y + y**2)]
FALSE = [(cosh(x) ** 2 + sinh(x) ** 2, 1), (sqrt(x**2), x), ((x + y) ** 2, x**2 + y**2)]


def faults(prover: Prover) -> list[str]:
    """What is wrong with a prover: a verdict that is false, or one without the evidence it owes."""
    found = []
    for expected, statements in (("proved", TRUE), ("refuted", FALSE)):
        for left, right in statements:
            verdict = prover(left, right)
            if verdict.status != expected:
                found.append(f"{left} = {right}: {verdict.status}")
            elif expected == "proved" and (refusal(verdict.certificate) or not true(dict(verdict.certificate or {}))):
                found.append(f"{left} = {right}: no certificate")
            elif expected == "refuted" and not verdict.witness:
                found.append(f"{left} = {right}: no witness")
    return found


def test_the_prover_has_no_fault() -> None:
    assert faults(prove) == []


def test_a_prover_that_always_proves_fails() -> None:
    valid = prove(x, x).certificate
    assert len(faults(lambda left, right: Verdict("proved", "tower"))) == len(TRUE) + len(FALSE)
    assert len(faults(lambda left, right: Verdict("proved", "tower", certificate=valid))) >= len(FALSE)


def test_a_prover_that_always_refutes_fails() -> None:
    assert len(faults(lambda left, right: Verdict("refuted", "balls"))) == len(TRUE) + len(FALSE)


def test_the_checker_loads_neither_sympy_nor_the_prover() -> None:
    code = "import modeflow.recheck, sys; print('sympy' in sys.modules, 'modeflow.proof.tower' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]

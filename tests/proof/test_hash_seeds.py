"""What Python's hash seed must not change: verdicts, witnesses, conditions, certificates and generated code."""

from __future__ import annotations

import functools
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import daily
import pytest

# One process per seed: the seed is fixed when Python starts. Verdicts come from `examine`, so nothing is cached.
PROGRAM = """
import json, sys
import modeflow
from hashlib import sha256
from modeflow.codegen.numpy import generated_sources
from modeflow.proof.examine import examine

verdicts = {}
for name in sys.argv[1:]:
    for equation in modeflow.claim(name).obligations():
        verdict = dict(vars(examine(equation.lhs, equation.rhs, equation.relation)))
        del verdict["seconds"]
        verdicts[f"{name}, {equation.name}"] = verdict
code = {name: sha256(text.encode()).hexdigest() for name, text in generated_sources().items()}
print(json.dumps({"verdicts": verdicts, "code": code}, default=str))
"""

CLAIMS = """
objective.noise flow.w1 flow.decoupling ae.solution ae.learning_time dae.invariant dae.fixed_point dae.saddle
dae.theta_solution dae.direct dae.learning_time wae.imbalance wae.threshold wae.balanced wae.learning_time
wae.frozen_shortcut wae.half_integer reg.balanced reg.stability cmp.equivalence cmp.speedup cmp.low_variance_wae
lin.flow lin.theta_substitution lin.to_dae eval.direct_time_positive
""".split()  # noqa: SIM905 - a list of this length is read more easily as a text
REFUTED = "wae.frozen_shortcut"


def outcome(seed: int, claims: list[str]) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *claims],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return json.loads(done.stdout)


def _known(names: Iterable[str]) -> list[str]:
    import modeflow

    return sorted(set(names) & set(modeflow.claims()))


def test_the_claims_are_a_spread_of_those_that_ship() -> None:
    assert len(_known(CLAIMS)) >= 24, set(CLAIMS) - set(_known(CLAIMS))


@pytest.mark.costly
@pytest.mark.parametrize("part", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, 7))])
def test_nothing_depends_on_the_hash_seed(part: int) -> None:
    """The fast part has some of the claims, among them one that is refuted, the slow ones have all."""
    chance = random.Random(daily.seed(part))
    claims = _known(CLAIMS if part else {REFUTED, *chance.sample(CLAIMS, 8)})
    first = outcome(0, claims)
    assert {v["status"] for v in first["verdicts"].values()} == {"proved", "refuted"}
    assert first["code"]
    for seed in chance.sample(range(1, 2**32), 3 if part else 1):
        other = outcome(seed, claims)
        assert other["code"] == first["code"], f"PYTHONHASHSEED={seed}"
        for name, verdict in first["verdicts"].items():
            assert other["verdicts"][name] == verdict, f"{name}, PYTHONHASHSEED={seed}"


# Letters of one name have no order by it, and a set has them in the order of their hashes.
OF_ONE_NAME = """
import json
from sympy import Dummy, Integer, Symbol
from modeflow.proof.examine import examine

a, b, c = Dummy("a", positive=True), Dummy("a", positive=True), Symbol("_a", positive=True)
d, e = Symbol("d", real=True), Symbol("d", nonzero=True)
differences = [a - 2 * b + 1, (a - 3) * (b - 5), a + b - 2 * c, (d - 2) * (e - 7), d**2 - 3 * e]
found = [examine(difference, Integer(0), relation) for difference in differences for relation in ("!=", "=")]
print(json.dumps([verdict.witness for verdict in found]))
"""


@pytest.mark.costly
@pytest.mark.parametrize("seed", range(1, 4))
def test_a_witness_in_letters_of_one_name_does_not_depend_on_the_hash_seed(seed: int) -> None:
    first, other = (witnesses(s) for s in (0, seed))
    assert None not in first
    assert other == first


@functools.cache
def witnesses(seed: int) -> Any:
    env = {**os.environ, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run([sys.executable, "-c", OF_ONE_NAME], env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)

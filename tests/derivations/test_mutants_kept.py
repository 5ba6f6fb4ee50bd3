"""benchmarks/mutants.py --keep: what is known of a mutant is not judged again, nor is it taken for another one."""

from __future__ import annotations

import importlib.util
import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sympy import Symbol

from modeflow import Alphabet, Chapter, Claim, Verdict


@pytest.fixture
def benchmark() -> ModuleType:
    place = Path(__file__).parents[2] / "benchmarks" / "mutants.py"
    spec = importlib.util.spec_from_file_location("mutants_benchmark", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_known_is_not_judged_again(
    benchmark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    x, judged = Symbol("x", real=True), list[str]()
    claim = Chapter("mine", "Mine", Alphabet()).claim("one", x - x, 0, says="It is.")

    def verify_all(claims: list[Claim], **_: Any) -> Iterator[tuple[Claim, Verdict]]:
        for one in claims:
            judged.append(one.id)
            yield one, Verdict("supported", "balls")

    monkeypatch.setattr(benchmark, "verify_all", verify_all)
    known = {"n": 0, "change": "sign", "claim": "mine.one", "outcome": "refuted", "says": "refuted"}
    other = {**known, "n": 1, "change": "factor 2"}  # of another run: this mutant is not the second one here
    file = tmp_path / "known.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in (known, other)), encoding="utf-8")
    arguments = Namespace(keep=file, jobs=1, seconds=1.0)
    chosen = [(0, ("sign", claim)), (1, ("sign in mine.h", claim))]
    assert benchmark.judged(chosen, arguments) == 1  # one mutant is neither refuted nor true
    assert judged == ["mine.one"]
    printed = capsys.readouterr().out
    assert "| 1 in claims | 1 | 0 | 0 | 0 |" in printed
    assert "| 1 in definitions | 0 | 0 | 0 | 1 |" in printed
    assert benchmark.judged(chosen, arguments) == 1
    assert len(judged) == 1  # both are known now

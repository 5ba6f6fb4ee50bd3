"""The seed of the day, the parts of the slow tests, and verdicts found once in a run."""

from __future__ import annotations

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import daily
import pytest
from verdicts import shared_verdict

from modeflow import Claim, claim
from modeflow.language.verdict import Verdict

NAMES = [f"tests/test_{k}.py::test_{k % 7}[{k}]" for k in range(400)]


def chosen(k: int, n: int) -> set[str]:
    return {name for name in NAMES if daily.in_part(name, k, n)}


def test_a_given_seed_is_kept_and_without_one_it_is_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(daily.VARIABLE, "7")
    assert daily.seed() == 7
    monkeypatch.delenv(daily.VARIABLE)
    assert 20260000 < daily.seed() < 21000000


def test_the_parts_are_all_of_it_once_and_others_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(daily.VARIABLE, "1")
    parts = [chosen(k, 5) for k in range(1, 6)]
    assert sorted(name for part in parts for name in part) == sorted(NAMES)
    assert all(40 < len(part) < 120 for part in parts)
    monkeypatch.setenv(daily.VARIABLE, "2")
    assert chosen(1, 5) != parts[0]


def test_some_cases_are_fast_and_all_are_there_each_day(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = set()
    for day in range(40):
        monkeypatch.setenv(daily.VARIABLE, str(day))
        cases = daily.some([(k, str(k)) for k in range(6)], 2)
        assert [case.values for case in cases] == [(k, str(k)) for k in range(6)]
        chosen = [case.values[0] for case in cases if not case.marks]
        assert len(chosen) == 2
        fast |= set(chosen)
    assert fast == set(range(6))


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "/", "1/0"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - argparse says the rest
        daily.part(text)


def test_the_scripts_are_bash_and_name_a_part() -> None:
    folder = Path(__file__).resolve().parents[1] / ".ci"
    for name in ("run", "nightly", "steps"):
        subprocess.run(["bash", "-n", folder / name], check=True)
        assert name == "steps" or '. "$(dirname "$0")/steps"' in (folder / name).read_text(encoding="utf-8")
    (stated,) = re.findall(r"SLOW_PART:=(\S+)}", (folder / "run").read_text(encoding="utf-8"))
    assert daily.part(stated) == (1, 64)


def test_a_part_is_taken_of_the_slow_and_the_costly_tests_and_all_of_the_others(pytestconfig: pytest.Config) -> None:
    module = pytestconfig.pluginmanager.get_plugin(str(Path(__file__).with_name("conftest.py")))
    assert module is not None

    class Item:
        def __init__(self, name: str, mark: str) -> None:
            self.nodeid, self.marks = name, {mark}

        def get_closest_marker(self, name: str) -> bool:
            return name in self.marks

        def add_marker(self, name: str) -> None:
            self.marks.add(name)

    class Config:
        deselected: list[Item] = []  # noqa: RUF012

        def getoption(self, name: str) -> tuple[int, int] | None:
            return (1, 5)

        @property
        def hook(self) -> Config:
            return self

        def pytest_deselected(self, items: list[Item]) -> None:
            Config.deselected = items

    items = [Item(name, mark) for name in NAMES for mark in ("slow", "costly", "")]
    everything = list(items)
    module.pytest_collection_modifyitems(Config(), items)
    assert {i.nodeid for i in items if i.marks == {"slow"}} == chosen(1, 5)
    assert {i.nodeid for i in items if i.marks == {"costly"}} == chosen(1, daily.COSTLY)
    assert {i.nodeid for i in items if i.marks == {"costly", "slow"}} == chosen(1, 5) - chosen(1, daily.COSTLY)
    assert sum(i.marks == {""} for i in items) == len(NAMES)
    assert set(items) | set(Config.deselected) == set(everything)


def test_a_name_that_differs_between_processes_is_refused(pytestconfig: pytest.Config) -> None:
    module = pytestconfig.pluginmanager.get_plugin(str(Path(__file__).with_name("conftest.py")))
    assert module is not None
    with pytest.raises(pytest.UsageError, match="another name in each process"):
        module.pytest_collection_modifyitems(pytestconfig, [SimpleNamespace(nodeid=f"test_a[{object()}]")])


def test_who_asks_together_gets_one_proof(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MODEFLOW_CACHE_DIR", str(tmp_path))
    asked, really = [], Claim.verify

    def verify(self: Claim, **options: Any) -> Verdict:
        asked.append(self.id)
        return really(self, **options)

    monkeypatch.setattr(Claim, "verify", verify)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(shared_verdict, [claim("mode.fixed_point")] * 4))
    assert asked == ["mode.fixed_point"]
    assert [v.status for v in found] == ["proved"] * 4
    assert all(v.certificate for v in found)

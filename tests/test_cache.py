"""Verdicts on disk: found again only where everything they depend on is the same."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Float, Integer, Symbol, cosh, sinh, sqrt

from modeflow import cache, catalogue
from modeflow.claims import Claim, Equation
from modeflow.cli import main
from modeflow.verdict import Status, Verdict
from modeflow.verify import verify_all

X = Symbol("x", real=True)
TRUE = Claim("mine.true", "A hyperbola.", cosh(X) ** 2 - sinh(X) ** 2, Integer(1))
FALSE = Claim("mine.false", "Not a hyperbola.", cosh(X) ** 2 + sinh(X) ** 2, Integer(1))

CHAPTER = """
from sympy import cosh, sinh
from modeflow import Alphabet, Chapter

letters = Alphabet()
x = letters.scalar("x", "x", "any number", real=True)
chapter = Chapter("mine", "Mine", letters)
chapter.claim("one", cosh(x)**2 - sinh(x)**2, 1, says="A hyperbola.")
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for each test."""
    monkeypatch.setenv(cache.DIRECTORY, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the claims that were really verified."""
    ids: list[str] = []
    really: Callable[..., Verdict] = Claim.verify

    def verify(claim: Claim, *, time_limit: float = 10.0) -> Verdict:
        ids.append(claim.id)
        return really(claim, time_limit=time_limit)

    monkeypatch.setattr(Claim, "verify", verify)
    return ids


def entries(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json"))


@pytest.mark.parametrize(("claim", "status"), [(TRUE, "proved"), (FALSE, "refuted")])
def test_a_verdict_is_found_again_whole(claim: Claim, status: str, asked: list[str]) -> None:
    first = cache.verify(claim)
    second = cache.verify(claim)
    assert first.status == status
    assert vars(second) == vars(first)
    assert isinstance(second.conditions, tuple)
    assert asked == [claim.id]


def test_conditions_come_back(asked: list[str]) -> None:
    claim = Claim("mine.quotient", "A quotient.", (X**2 - 1) / (X - 1), X + 1)
    assert cache.verify(claim).conditions
    assert cache.verify(claim) == cache.verify(claim)
    assert asked == [claim.id]


POSITIVE = Symbol("x", positive=True)
CHANGES: dict[str, Claim] = {
    "left side": replace(TRUE, lhs=cosh(X) ** 2 - sinh(X) ** 2 + X - X**3),
    "right side": replace(TRUE, rhs=Integer(2)),
    "relation": replace(TRUE, relation=">="),
    "assumption": replace(TRUE, lhs=cosh(POSITIVE) ** 2 - sinh(POSITIVE) ** 2),
    "condition": replace(TRUE, satisfies=(Equation(X, X),)),
    "condition's assumption": replace(TRUE, satisfies=(Equation(sqrt(POSITIVE**2), POSITIVE),)),
    "condition's relation": replace(TRUE, satisfies=(Equation(X, X, relation=">="),)),
    "condition's name": replace(TRUE, satisfies=(Equation(X, X, "start"),)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_statement_is_another_entry(change: str) -> None:
    others = [TRUE, *(claim for name, claim in CHANGES.items() if name != change)]
    assert cache.key(CHANGES[change]) not in {cache.key(other) for other in others}


def test_each_claim_of_the_catalogue_has_an_entry_shared_only_by_the_same_statement() -> None:
    """So there are fewer files than claims: `wae.linear` and `reg.linear` say the same in two chapters."""
    entries: dict[str, list[Claim]] = {}
    for claim in catalogue.claims().values():
        entries.setdefault(cache.key(claim), []).append(claim)
    shared = [claims for claims in entries.values() if len(claims) > 1]
    assert ["reg.linear", "wae.linear"] in [sorted(c.id for c in claims) for claims in shared]
    for first, *others in shared:
        assert all((c.lhs, c.rhs, c.relation) == (first.lhs, first.rhs, first.relation) for c in others)


def test_what_a_verdict_does_not_depend_on_is_not_in_its_key() -> None:
    assert cache.key(replace(TRUE, id="mine.other", says="Other words.", source="a book")) == cache.key(TRUE)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of a few files in the place of the engine's."""
    package = tmp_path / "package"
    for name in ("tower.py", "cli/verify.py", "emit/latex.py", "rules/powers.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("x = 1\n")
    monkeypatch.setattr(cache, "__file__", str(package / "cache.py"))
    cache.engine.cache_clear()
    yield package
    cache.engine.cache_clear()


@pytest.mark.parametrize(
    ("name", "decides"), [("tower.py", True), ("rules/powers.py", True), ("new.py", True), ("cli/verify.py", False)]
)
def test_a_change_of_the_engine_misses(copied: Path, asked: list[str], name: str, decides: bool) -> None:
    cache.verify(TRUE)
    (copied / name).write_text("x = 2\n")
    cache.engine.cache_clear()
    cache.verify(TRUE)
    assert asked == [TRUE.id] * (2 if decides else 1)


def test_every_file_that_a_proof_loads_is_part_of_the_engine() -> None:
    loads = "import sys, modeflow.worker, modeflow.prove, modeflow.plain; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, timeout=60, check=True)
    modules = [name.removeprefix("modeflow.") for name in done.stdout.split() if name.startswith("modeflow.")]
    assert "tower" in modules
    sources = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name, _ in cache._sources()}
    assert set(modules) <= sources


def test_another_version_misses(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    cache.verify(TRUE)
    monkeypatch.setattr(cache, "versions", lambda: ("sympy 2.0",))
    cache.verify(TRUE)
    assert asked == [TRUE.id] * 2


def test_versions_name_what_the_engine_runs_on() -> None:
    names = [version.rsplit(" ", 1)[0] for version in cache.versions()]
    assert names == ["sympy", "python-flint", "Python"]


def damaged(good: str) -> dict[str, bytes]:
    record = json.loads(good)
    other = {**record, "key": "0" * 64}
    forged = {**record, "verdict": {**record["verdict"], "status": "supported"}}
    fewer = {**record, "verdict": {k: v for k, v in record["verdict"].items() if k != "method"}}
    more = {**record, "verdict": {**record["verdict"], "mood": "sunny"}}
    texts = [good[: len(good) // 2], *map(json.dumps, (other, forged, fewer, more))]
    odd = [b"", b"\x00\xff\xfe", b"[]", b"null", b"1e999", b'{"key": 1}', b"[" * 100_000]
    return {f"damage {n}": content for n, content in enumerate([*(t.encode() for t in texts), *odd])}


def test_a_damaged_entry_is_verified_again_and_mended(folder: Path, asked: list[str]) -> None:
    first = cache.verify(TRUE)
    (path,) = entries(folder)
    good = path.read_text()
    for times, (name, content) in enumerate(damaged(good).items(), start=2):
        path.write_bytes(content)
        again = cache.verify(TRUE)
        assert replace(again, seconds=0) == replace(first, seconds=0), name
        assert asked == [TRUE.id] * times, name
        assert json.loads(path.read_text())["key"] == path.stem


@pytest.mark.parametrize("status", ["undecided", "supported"])
def test_what_time_or_memory_may_have_decided_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, status: Status
) -> None:
    monkeypatch.setattr(Claim, "verify", lambda claim, **_: Verdict(status, "", reason="stopped at the limit"))
    assert cache.verify(TRUE).status == status
    assert entries(folder) == []


def test_a_statement_outside_plain_data_is_not_kept(folder: Path) -> None:
    claim = replace(TRUE, rhs=Float("0.5"))
    assert cache.verify(claim).status == "undecided"
    assert entries(folder) == []


def test_many_writers_leave_one_whole_entry(folder: Path) -> None:
    verdicts = [Verdict("proved", "tower", ("x != 0",) * n) for n in range(40)]
    path = cache._path(cache.key(TRUE))
    seen: list[Verdict | None] = []

    def write(verdict: Verdict) -> None:
        cache._write(path, verdict)
        seen.append(cache._read(path))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, verdicts * 5))
    assert len(seen) == 200
    assert all(verdict in verdicts for verdict in seen)
    assert [p.name for p in folder.rglob("*") if p.is_file()] == [path.name]


def test_writing_processes_do_not_disturb_each_other(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(CHAPTER)
    command = [sys.executable, "-m", "modeflow", "verify", str(tmp_path / "mine.py"), "-j", "1"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert all("1 proved" in output for output in outputs)
    assert len(entries(folder)) == 1


def test_a_place_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache.DIRECTORY, str(tmp_path / "file"))
    with pytest.warns(RuntimeWarning, match="what is found is not kept there"):
        assert cache.verify(TRUE).status == "proved"
    assert cache.verify(TRUE).status == "proved"  # and says so once


def test_no_cache_neither_reads_nor_writes(
    folder: Path, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_text(CHAPTER)
    for arguments, verified, kept in ((["--no-cache"], 1, 0), ([], 2, 1), ([], 2, 1), (["--no-cache"], 3, 1)):
        assert main(["verify", str(tmp_path / "mine.py"), "-j", "1", *arguments]) == 0
        assert len(asked) == verified
        assert len(entries(folder)) == kept
    assert capsys.readouterr().out.count("1 claim: 1 proved") == 4


def test_verify_all_uses_it_unless_told_not_to(folder: Path, asked: list[str]) -> None:
    assert [v.status for _, v in verify_all([TRUE, FALSE], cache=False)] == ["proved", "refuted"]
    assert entries(folder) == []
    for _ in range(2):
        assert [v.status for _, v in verify_all([TRUE, FALSE], jobs=2)] == ["proved", "refuted"]
    assert sorted(asked) == sorted([TRUE.id, FALSE.id] * 2)


def test_the_directory_is_the_platforms_unless_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert cache.directory() == folder
    monkeypatch.delenv(cache.DIRECTORY)
    assert cache.directory().is_absolute()
    assert "modeflow" in cache.directory().parts

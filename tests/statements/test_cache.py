"""Verdicts on disk: found again only where everything they depend on is the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import warm
from sympy import Float, Integer, Symbol, cosh, sinh, sqrt

from modeflow import files
from modeflow.cli.program import main
from modeflow.language.provisos import Proviso, plain
from modeflow.language.verdict import Status, Verdict
from modeflow.statements import cache, catalogue, deciding_files, kept
from modeflow.statements.claims import Claim
from modeflow.statements.equations import Equation
from modeflow.statements.verify import verify_all

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
    monkeypatch.setenv(kept.DIRECTORY, str(tmp_path / "cache"))
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
    return sorted((folder / "verdicts").rglob("*.json"))


@pytest.mark.parametrize(("claim", "status"), [(TRUE, "proved"), (FALSE, "refuted")])
def test_a_verdict_is_found_again_whole(claim: Claim, status: str, asked: list[str]) -> None:
    first = cache.verify(claim)
    second = cache.verify(claim)
    assert first.status == status
    assert vars(second) == vars(first)
    assert isinstance(second.provisos, tuple)
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
    "condition": replace(TRUE, satisfies=(Equation(TRUE.lhs, 1),)),
    "condition's assumption": replace(TRUE, satisfies=(Equation(TRUE.lhs * sqrt(POSITIVE**2), POSITIVE),)),
    "condition's relation": replace(TRUE, satisfies=(Equation(TRUE.lhs, 1, relation=">="),)),
    "condition's name": replace(TRUE, satisfies=(Equation(TRUE.lhs, 1, "start"),)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_statement_is_another_entry(change: str) -> None:
    others = [TRUE, *(claim for name, claim in CHANGES.items() if name != change)]
    assert cache.key(CHANGES[change]) not in {cache.key(other) for other in others}


def test_each_claim_of_the_catalogue_has_an_entry_shared_only_by_the_same_statement() -> None:
    """So there are fewer files than claims: two derivatives are the same, in letters."""
    entries: dict[str, list[Claim]] = {}
    for claim in catalogue.claims().values():
        entries.setdefault(cache.key(claim), []).append(claim.unfolded())
    shared = [claims for claims in entries.values() if len(claims) > 1]
    assert ["grad.direct_a_crossing", "grad.direct_a_rising"] in [sorted(c.id for c in claims) for claims in shared]
    for first, *others in shared:
        assert all((c.lhs, c.rhs, c.relation) == (first.lhs, first.rhs, first.relation) for c in others)


def test_what_a_verdict_does_not_depend_on_is_not_in_its_key() -> None:
    assert cache.key(replace(TRUE, id="mine.other", says="Other words.", source="a book")) == cache.key(TRUE)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package's source in its place, where digests are concerned."""
    package = tmp_path / "modeflow"
    shutil.copytree(
        Path(deciding_files.__file__).parents[1], package, ignore=shutil.ignore_patterns("__pycache__", "derivations")
    )
    monkeypatch.setattr(deciding_files, "__file__", str(package / "statements" / "deciding_files.py"))
    cache.engine.cache_clear()
    yield package
    cache.engine.cache_clear()


@pytest.mark.parametrize(("name", "decides"), [("proof/tower/powers.py", True), ("cli/verify.py", False)])
def test_a_change_of_the_engine_misses(copied: Path, asked: list[str], name: str, decides: bool) -> None:
    cache.verify(TRUE)
    with (copied / name).open("a") as file:
        file.write("# changed\n")
    cache.engine.cache_clear()
    cache.verify(TRUE)
    assert asked == [TRUE.id] * (2 if decides else 1)


DECIDE = [f"language/{name}" for name in ("encoding", "flow", "matrices", "quantities", "verdict")]
DECIDE += [f"proof/{name}" for name in ("enclosures", "certificates", "given", "prove", "examine", "signs")]
DECIDE += ["proof/sign_steps", "proof/tower/__init__", "proof/tower/ring", "proof/worker", "statements/claims"]
DO_NOT = [
    f"evaluate/{name}" for name in ("arrays/__init__", "arrays/values", "blocks", "evaluators", "native", "quick")
]
DO_NOT += [f"evaluate/{name}" for name in ("gradient", "generated/direct", "variation/paths", "fading/paths")]
DO_NOT += [f"experiments/{name}" for name in ("comparison", "data/files", "figures/write", "fitting", "sweep/run")]
DO_NOT += ["statements/cache", "statements/verification_report", "cli/verify", "typeset/latex", "files/__init__"]
DO_NOT += ["witness/train", "manuscript/pipeline", "codegen/numpy"]


def test_what_decides_verdicts_and_nothing_else_is_in_the_key(copied: Path) -> None:
    before = deciding_files.digest(*cache.ENTRIES)
    for names, decide in ((DECIDE, True), (DO_NOT, False)):
        for name in names:
            path = copied / f"{name}.py"
            content = path.read_bytes()
            path.write_bytes(content + b"# changed\n")
            assert (deciding_files.digest(*cache.ENTRIES) != before) == decide, name
            path.write_bytes(content)
    assert deciding_files.digest(*cache.ENTRIES) == before


def test_a_new_file_decides_once_it_is_imported(copied: Path) -> None:
    (copied / "proof" / "tower" / "fresh.py").write_text("x = 1\n")
    before = deciding_files.digest(*cache.ENTRIES)
    with (copied / "proof" / "tower" / "ring.py").open("a") as file:
        file.write("\n\ndef later():\n    from . import fresh\n")
    imported = deciding_files.digest(*cache.ENTRIES)
    (copied / "proof" / "tower" / "fresh.py").write_text("x = 2\n")
    assert len({before, imported, deciding_files.digest(*cache.ENTRIES)}) == 3


def test_every_file_that_a_proof_loads_is_part_of_the_engine() -> None:
    """Seen from a process that has judged statements of several kinds, whatever the source says."""
    loads = """
import sys
from sympy import MatrixSymbol, Symbol, Trace, besseli, cosh, exp, sinh, sympify
import modeflow.statements.claims
from modeflow.proof.examine import examine
from modeflow.language import encoding
from modeflow.proof import worker
x, A, B = Symbol("x", positive=True), MatrixSymbol("A", 2, 2), MatrixSymbol("B", 2, 2)
for lhs, rhs, relation in (
    (cosh(x)**2 - sinh(x)**2, 1, "="), (exp(x), 1 + x, ">"), (besseli(1, x), 0, ">"), (x + 1, x, "!="),
    (Trace(A*B), Trace(B*A), "="), (x, x + 1, "="), (sinh(2*x), 2*sinh(x), ">="),
):
    examine(encoding.decode(encoding.encode(lhs)), sympify(rhs), relation)
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-P", "-c", loads], capture_output=True, text=True, timeout=120, check=True)
    modules = [name.removeprefix("modeflow.") for name in done.stdout.split() if name.startswith("modeflow.")]
    assert "proof.tower" in modules
    names = {name.removesuffix(".py").removesuffix("/__init__") for name, _ in deciding_files.reached(*cache.ENTRIES)}
    assert set(modules) - {"_surface"} <= {name.replace("/", ".") for name in names}


def test_another_version_misses(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    cache.verify(TRUE)
    monkeypatch.setattr(cache, "versions", lambda: ("sympy 2.0",))
    cache.verify(TRUE)
    assert asked == [TRUE.id] * 2


def test_versions_name_what_the_engine_runs_on() -> None:
    names = [version.rsplit(" ", 1)[0] for version in kept.versions()]
    assert names == ["sympy", "python-flint", "Python"]


def damaged(good: bytes, other: bytes) -> dict[str, bytes]:
    """What may lie in the place of an entry, with another claim's entry; none of it may be believed."""
    seal, content = good.split(b"\n", 1)
    record = json.loads(content)
    changes: dict[str, Any] = {
        "another verdict": {"status": "refuted"},
        "seconds that are none": {"seconds": "y"},
        "seconds that are too many": {"seconds": 10**400},
        "other conditions": {"provisos": [plain(Proviso(X - 1))]},
        "an escape": {"method": "\x1b[31m"},
        "no list": {"provisos": 7},
        "another certificate": {"certificate": {"statement": {"nodes": []}}},
    }
    edited = {name: seal + b"\n" + json.dumps({**record, **change}).encode() for name, change in changes.items()}
    odd = [b"", b"\n", b"\x00\xff\xfe", b"[]", b"null", b"1e999", b"[" * 100_000, content, seal, good[:-1], good + b" "]
    raw = [json.dumps({"key": "0" * 64, "verdict": record}).encode(), b"0" * 64 + b"\n" + content]
    return {**edited, "another claim's": other} | {f"damage {n}": data for n, data in enumerate([*odd, *raw])}


def test_a_damaged_or_forged_entry_is_verified_again_and_mended(folder: Path, asked: list[str]) -> None:
    cache.verify(replace(TRUE, lhs=X, rhs=X))
    (another,) = entries(folder)
    other = another.read_bytes()
    another.unlink()
    first = cache.verify(TRUE)
    (path,) = entries(folder)
    good = path.read_bytes()
    del asked[:]
    for times, (name, content) in enumerate(damaged(good, other).items(), start=1):
        path.write_bytes(content)
        again = cache.verify(TRUE)
        assert replace(again, seconds=0) == replace(first, seconds=0), name
        assert asked == [TRUE.id] * times, name
        assert cache._read(path) == again, name


def test_without_the_seal_forged_entries_would_be_believed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_seal", lambda *_: b"")
    cache.verify(TRUE)
    (path,) = entries(folder)
    forged = cache._path(cache.key(FALSE))
    forged.parent.mkdir(exist_ok=True)
    forged.write_bytes(path.read_bytes())
    assert cache.verify(FALSE).status == "proved"
    monkeypatch.undo()
    monkeypatch.setenv(kept.DIRECTORY, str(folder))
    assert cache.verify(FALSE).status == "refuted"


def test_entries_under_another_key_are_found_again(monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    for key, times in (("the first of two keys", 1), ("the first of two keys", 1), ("the other of two keys", 2)):
        monkeypatch.setenv(kept.KEY, key)
        cache.verify(TRUE)
        assert asked == [TRUE.id] * times


def test_a_short_key_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept.KEY, "short")
    monkeypatch.setattr(files, "say_once", lambda text: None)
    assert cache.verify(TRUE).status == "proved"
    assert entries(folder) == []


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_the_key_lies_in_a_folder_of_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    monkeypatch.delenv(kept.KEY)
    home = tmp_path / "data"
    monkeypatch.setattr(kept, "_key_folder", lambda: home / "modeflow")
    cache.verify(TRUE)
    cache.verify(TRUE)
    assert asked == [TRUE.id]
    assert (home / "modeflow").stat().st_mode & 0o777 == 0o700
    assert len((home / "modeflow" / "cache-key").read_bytes()) == 32
    monkeypatch.setattr(files, "say_once", lambda text: None)
    home.chmod(0o777)  # now others could put another key there
    cache.verify(TRUE)
    assert asked == [TRUE.id] * 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_file_is_no_entry(folder: Path) -> None:
    cache.verify(TRUE)
    (path,) = entries(folder)
    path.unlink()
    os.mkfifo(path)
    assert cache._read(path) is None


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
    verdicts = [Verdict("proved", "tower", (Proviso(X),) * n) for n in range(40)]
    path = cache._path(cache.key(TRUE))
    seen: list[Verdict | None] = []

    def write(verdict: Verdict) -> None:
        cache._write(path, verdict)
        seen.append(cache._read(path))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, verdicts * 5))
    assert len(seen) == 200
    assert all(verdict in verdicts for verdict in seen)
    assert [p.name for p in (folder / "verdicts").rglob("*") if p.is_file()] == [path.name]


def test_writing_processes_do_not_disturb_each_other(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(CHAPTER)
    command = [str(warm.command()), "verify", str(tmp_path / "mine.py"), "-j", "1"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert all("1 proved" in output for output in outputs)
    assert len(entries(folder)) == 1


def test_a_place_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(kept.DIRECTORY, str(tmp_path / "file"))
    with pytest.warns(RuntimeWarning, match="what is found is not kept there"):
        assert cache.verify(TRUE).status == "proved"
    assert cache.verify(TRUE).status == "proved"  # and says so once


def test_no_cache_neither_reads_nor_writes(
    folder: Path, tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_text(CHAPTER)
    for arguments, verified, written in ((["--no-cache"], 1, 0), ([], 2, 1), ([], 2, 1), (["--no-cache"], 3, 1)):
        assert main(["verify", str(tmp_path / "mine.py"), "-j", "1", *arguments]) == 0
        assert len(asked) == verified
        assert len(entries(folder)) == written
    assert capsys.readouterr().out.count("1 claim: 1 proved") == 4


def test_verify_all_uses_it_unless_told_not_to(folder: Path, asked: list[str]) -> None:
    assert [v.status for _, v in verify_all([TRUE, FALSE], cache=False)] == ["proved", "refuted"]
    assert entries(folder) == []
    for _ in range(2):
        assert [v.status for _, v in verify_all([TRUE, FALSE], jobs=2)] == ["proved", "refuted"]
    assert sorted(asked) == sorted([TRUE.id, FALSE.id] * 2)


def test_the_directory_is_the_platforms_unless_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert kept.directory() == folder
    monkeypatch.delenv(kept.DIRECTORY)
    assert kept.directory().is_absolute()
    assert "modeflow" in kept.directory().parts

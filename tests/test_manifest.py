"""Certificates are bound to their claims: nothing missing, extra, renamed, exchanged or edited passes `recheck`."""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from certificate_attacks import attack
from certificate_truth import Certificate, corrupted, true
from sympy import Integer, MatrixSymbol, Symbol, Trace, besseli, besselk, cosh, exp, log, sinh, sqrt, symbols

from modeflow import recheck
from modeflow.proof.examine import examine
from modeflow.recheck import account, main
from modeflow.statements.claims import Claim
from modeflow.statements.explain import write

x, y = symbols("x y", real=True)
a, b, nu = symbols("a b nu", positive=True)
N = Symbol("N", integer=True, positive=True)
A, B = MatrixSymbol("A", N, N), MatrixSymbol("B", N, N)

CLAIMS = (
    Claim("mine.hyperbola", "A hyperbola.", cosh(x) ** 2 - sinh(x) ** 2, Integer(1)),
    Claim("mine.square", "A square.", (x + y) ** 2, x**2 + 2 * x * y + y**2),
    Claim("mine.root", "A root.", sqrt(a * b), sqrt(a) * sqrt(b)),
    Claim("mine.growth", "Growth.", exp(a), Integer(1), ">"),
    Claim("mine.quotient", "A quotient.", (x**2 - 1) / (x - 1), x + 1),
    Claim("mine.words", "Words.", Trace(A * B * A.T), Trace(B * A.T * A)),
    Claim(
        "mine.wronskian", "Bessel.", besseli(nu, a) * besselk(nu + 1, a) + besseli(nu + 1, a) * besselk(nu, a), 1 / a
    ),
    Claim("mine.sums", "Logarithms.", log(a * b), log(a) + log(b)),
)
FALSE = Claim("mine.false", "False.", x, x + 1)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `modeflow verify --certificates` writes of the claims above."""
    folder = tmp_path_factory.mktemp("written")
    assert write([(claim, claim.verify()) for claim in (*CLAIMS, FALSE)], folder) == len(CLAIMS)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to spoil, rechecked in this process."""
    monkeypatch.setattr(recheck, "apart", recheck.recheck_file)
    shutil.copytree(written, tmp_path / "c")
    return tmp_path / "c"


def content(path: Path) -> Any:
    return json.loads(path.read_text())


def put(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False))


def command(*arguments: str | Path, seconds: int = 60) -> subprocess.CompletedProcess[str]:
    """The command in a process without threads of other tests' libraries, for it forks."""
    code = "import sys, modeflow.recheck as r; r.SECONDS = int(sys.argv[1]); sys.exit(r.main(sys.argv[2:]))"
    line = [sys.executable, "-P", "-c", code, str(seconds), *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, timeout=120)


# --- what holds ---------------------------------------------------------------------------------------------


def test_what_was_written_holds_and_is_printed(written: Path) -> None:
    done = command(written)
    assert done.returncode == 0, done.stdout
    for line in (
        "mine.hyperbola",
        "  statement: cosh(x)**2 - sinh(x)**2 = 1",
        "  statement: exp(a) > 1",
        "  statement: (-1 + x**2)/(-1 + x) = 1 + x",
        "    provided -1 + x != 0",
        "    for a > 0; b > 0",
        "  statement: trace(A*B*transpose(A)) = trace(B*transpose(A)*A)",
        "mine.false: no certificate: refuted",
        "8 of 8 claims hold as printed, 0 files refused.",
    ):
        assert line in done.stdout.splitlines()


def test_a_manifest_written_again_is_the_same(written: Path, tmp_path: Path) -> None:
    write([(claim, claim.verify()) for claim in (*CLAIMS, FALSE)], tmp_path)
    assert (tmp_path / "manifest.json").read_bytes() == (written / "manifest.json").read_bytes()
    assert command(tmp_path, "--manifest", written / "manifest.json").returncode == 0


# --- what is not what the manifest says ----------------------------------------------------------------------

Spoil = Callable[[Path], object]


def exchanged(folder: Path) -> None:
    one, other = folder / "mine.root.json", folder / "mine.square.json"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def with_the_names_exchanged(folder: Path) -> None:
    """Each file says that it is the claim that it is filed under."""
    one, other = content(folder / "mine.root.json"), content(folder / "mine.square.json")
    put(folder / "mine.root.json", other | {"claim": "mine.root"})
    put(folder / "mine.square.json", one | {"claim": "mine.square"})


def with_zero_is_zero(folder: Path) -> None:
    certificates = {"statement": attack([["number", "0"]], 0, 0)}
    put(folder / "mine.root.json", content(folder / "mine.root.json") | {"certificates": certificates})


def with_another_assumption(folder: Path) -> None:
    """True and proved, but of fewer numbers than the claim."""
    path = folder / "mine.square.json"
    narrowed = content(path)
    certificate = json.loads(
        json.dumps(examine((a + y) ** 2, a**2 + 2 * a * y + y**2).certificate).replace('"a"', '"x"')
    )
    narrowed["certificates"]["statement"] = certificate
    put(path, narrowed)


def with_another_relation(folder: Path) -> None:
    path = folder / "mine.growth.json"
    weaker = content(path)
    weaker["certificates"]["statement"]["relation"] = ">="
    put(path, weaker)


def with_one_statement_more(folder: Path) -> None:
    path = folder / "mine.square.json"
    more = content(path)
    more["certificates"]["again"] = more["certificates"]["statement"]
    put(path, more)


def with_a_renamed_statement(folder: Path) -> None:
    path = folder / "mine.square.json"
    renamed = content(path)
    renamed["certificates"] = {"initial value": renamed["certificates"]["statement"]}
    put(path, renamed)


def with_longer_steps(folder: Path) -> None:
    """The same statement, proved in another way: not the file that was written."""
    path = folder / "mine.root.json"
    longer = content(path)
    longer["certificates"]["statement"]["conditions"] = ["nothing"]
    put(path, longer)


ABOUT_FILES: dict[str, Spoil] = {
    "missing": lambda folder: (folder / "mine.root.json").unlink(),
    "extra": lambda folder: shutil.copy(folder / "mine.root.json", folder / "mine.other.json"),
    "renamed": lambda folder: (folder / "mine.root.json").rename(folder / "mine.other.json"),
    "exchanged": exchanged,
}
ABOUT_STATEMENTS: dict[str, Spoil] = {
    "exchanged, with their names": with_the_names_exchanged,
    "0 = 0": with_zero_is_zero,
    "another assumption": with_another_assumption,
    "another relation": with_another_relation,
    "one statement more": with_one_statement_more,
    "a renamed statement": with_a_renamed_statement,
}


def nothing(*_: Any) -> None:
    """In the place of a check."""


@pytest.mark.parametrize("kind", [*ABOUT_FILES, *ABOUT_STATEMENTS, "longer steps"])
def test_what_was_spoiled_is_refused(folder: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    {**ABOUT_FILES, **ABOUT_STATEMENTS, "longer steps": with_longer_steps}[kind](folder)
    assert main([str(folder)]) == 1
    assert ".json: refused: " in capsys.readouterr().out


def listed(path: Path) -> Any:
    """A manifest that the files themselves make up: what there was before there were manifests."""
    files = sorted(p for p in path.parent.glob("*.json") if p.name != "manifest.json")
    return [{"id": p.stem, "sha256": "", "equations": []} for p in files], {}


@pytest.mark.parametrize("kind", ABOUT_FILES)
def test_without_a_manifest_it_would_pass(folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ABOUT_FILES[kind](folder)
    monkeypatch.setattr(recheck, "manifest", listed)
    for check in ("same", "same_statements"):
        monkeypatch.setattr(recheck, check, nothing)
    assert main([str(folder)]) == 0


@pytest.mark.parametrize("kind", ABOUT_STATEMENTS)
def test_statements_are_compared_also_where_the_digests_are_forged(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ABOUT_STATEMENTS[kind](folder)
    forged = content(folder / "manifest.json")
    for claim in forged["claims"]:
        claim["sha256"] = sha256((folder / f"{claim['id']}.json").read_bytes()).hexdigest()
    put(folder / "manifest.json", forged)
    assert main([str(folder)]) == 1
    monkeypatch.setattr(recheck, "same_statements", nothing)
    assert main([str(folder)]) == 0


def test_the_manifest_that_is_trusted_lies_elsewhere(folder: Path, written: Path) -> None:
    """Whoever edits a folder can edit its manifest too: only one from elsewhere shows it."""
    other = Claim("mine.root", "Not what it says.", x, x)
    claims = [other if claim.id == other.id else claim for claim in CLAIMS]
    write([(claim, claim.verify()) for claim in (*claims, FALSE)], folder)
    assert main([str(folder)]) == 0
    assert main([str(folder), "--manifest", str(written / "manifest.json")]) == 1


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict | list) and value:
        keys = value if isinstance(value, dict) else range(len(value))
        return [leaf for key in keys for leaf in leaves(value[key], (*path, key))]
    return [path]


def test_every_single_edit_of_a_small_certificate_is_refused_or_leaves_the_statement(folder: Path) -> None:
    """Each number, name and text in it, one after the other, also where digests are not looked at."""
    expected = {claim["id"]: claim for claim in content(folder / "manifest.json")["claims"]}
    outcomes: Counter[str] = Counter()
    others: tuple[Any, ...] = ("7", 1, [], "-1/2", "exp", None)
    for identity in ("mine.root", "mine.growth", "mine.quotient"):
        good = content(folder / f"{identity}.json")["certificates"]["statement"]
        for path in leaves(
            {key: good[key] for key in ("relation", "nodes", "lhs", "rhs", "steps", "point", "variables", "provided")}
        ):
            for new in others:
                outcomes[judged(edited(good, path, new), expected[identity])] += 1
    assert outcomes["refused"] > 400
    assert set(outcomes) == {"refused", "same"}


def edited(good: Certificate, path: tuple[Any, ...], new: Any) -> Certificate:
    bad = copy.deepcopy(good)
    holder: Any = bad
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = new
    return bad


def judged(certificate: Any, claim: dict[str, Any]) -> str:
    """Refused, "same" for a statement that holds and is the claim's, or "another" that was accepted for it."""
    try:
        recheck.recheck(certificate)
        found = account(certificate)
        recheck.same_statements([("statement", found)], claim)
    except Exception:
        return "refused"
    said = {key: value for key, value in claim["equations"][0].items() if key != "name"}
    return "same" if said == found._asdict() and true(certificate) else "another"


def test_seeded_edits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred edits anywhere; where statements are not compared, others than the claim's come through."""
    seed = int(time.time()) // 86_400
    rng = random.Random(seed)
    claims = content(folder / "manifest.json")["claims"]
    pool = {c["id"]: content(folder / f"{c['id']}.json")["certificates"]["statement"] for c in claims}
    spoiled = []
    for _ in range(200):
        claim = rng.choice(claims)
        bad = copy.deepcopy(pool[claim["id"]])
        corrupted(bad, rng)
        spoiled.append((bad, claim))
    # Two that are true and proved, of other claims.
    spoiled += [(pool["mine.square"], claims[0]), (pool["mine.root"], claims[1])]
    outcomes = Counter(judged(*pair) for pair in spoiled)
    assert outcomes["another"] == 0, f"seed {seed}"
    assert outcomes["refused"] > 100, f"seed {seed}"
    monkeypatch.setattr(recheck, "same_statements", nothing)
    assert Counter(judged(*pair) for pair in spoiled)["another"] >= 2, f"seed {seed}"


# --- statements about nothing --------------------------------------------------------------------------------

ONE, TWO, THREE, SIX = (["number", n] for n in ("1", "2", "3", "6"))


def nowhere_defined() -> Certificate:
    """1/(sqrt(6) - sqrt(2)·sqrt(3)) > 0, by the square of it: its roots are independent to the checker."""
    nodes: list[Any] = [SIX, TWO, THREE, *(["power", i, "1/2"] for i in range(3)), ["number", "-1"]]
    nodes += [["mul", 6, 4, 5], ["add", 3, 7], ["power", 8, "-2"], ["number", "0"]]
    roots = [["root", [[[n, []]], [["1", []]]], 2] for n in ("6", "2", "3")]
    return attack(nodes, 9, 10, roots, relation=">=", provided=[[8, "!="]])


EMPTY: dict[str, Certificate] = {
    "a denominator that is zero": nowhere_defined(),
    "a point outside the assumptions": attack([["symbol", "x", [1]]], 0, 0) | {"point": {"x": "-1"}},
    "a point without a letter": attack([["symbol", "x", [1]]], 0, 0) | {"point": {}},
    "a complex point of a real letter": attack([["symbol", "x", [1]]], 0, 0) | {"point": {"x": ["1", "1"]}},
    "a pole": attack([["symbol", "x", [1]], ONE, ["number", "-1"], ["add", 0, 2], ["power", 3, "-1"]], 4, 4)
    | {"point": {"x": "1"}, "provided": [[3, "!="]]},
    "what is provided to be positive and is not": attack([["symbol", "x", [-1, 0, 1]]], 0, 0, provided=[[0, ">"]])
    | {"point": {"x": "-1"}},
    "what is provided and may be zero": attack([["symbol", "x", [-1, 0, 1]]], 0, 0, provided=[[0, "!="]])
    | {"point": {"x": "0"}},
    "a matrix of half a row": attack([["symbol", "n", [1]], ["letter", "A", "plain", 0, 0]], 1, 1)
    | {"point": {"n": "1/2"}},
    "a matrix of no rows": attack([["symbol", "n", [0, 1]], ["letter", "A", "plain", 0, 0]], 1, 1)
    | {"point": {"n": "0"}},
    "an empty set of signs": attack([["symbol", "x", []]], 0, 0) | {"point": {"x": "0"}},
}


@pytest.mark.parametrize("kind", EMPTY)
def test_what_has_no_value_at_its_point_is_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(recheck.Refused):
        recheck.recheck(EMPTY[kind])
    monkeypatch.setattr(recheck, "at_point", nothing)
    if kind != "an empty set of signs":  # which the algebra refuses too
        recheck.recheck(EMPTY[kind])


def test_the_sides_must_agree_at_the_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the algebra took everything."""
    monkeypatch.setattr(recheck, "_by_algebra", nothing)
    with pytest.raises(recheck.Refused, match="do not agree"):
        recheck.recheck(attack([ONE, TWO], 0, 1))
    with pytest.raises(recheck.Refused, match="do not agree"):
        recheck.recheck(attack([ONE, TWO], 0, 1, relation=">"))
    recheck.recheck(attack([ONE, TWO], 0, 1, relation="<"))


@pytest.mark.parametrize(
    ("relation", "holds"), [("!=", True), ("<", True), ("<=", True), ("=", False), (">", False), (">=", False)]
)
def test_every_relation_is_checked(relation: str, holds: bool) -> None:
    certificate = attack([ONE, TWO], 0, 1, relation=relation)
    if holds:
        recheck.recheck(certificate)
        assert account(certificate).statement == [f"1 {relation} 2"]
    else:
        with pytest.raises(recheck.Refused):
            recheck.recheck(certificate)


# --- statements in writing -----------------------------------------------------------------------------------


def test_names_are_not_taken_for_mathematics() -> None:
    nodes = [["symbol", name, [1]] for name in ("x*y", "pi", "exp", "{1}", 'a"b', "\u202ex", "x\n  statement: 1 = 1")]
    text = account(attack([*nodes, ["add", *range(7)]], 7, 7)).statement[0]
    assert text.isascii()
    assert "\n" not in text
    assert text.startswith(r'"x*y" + "pi" + "exp" + "{1}" + "a\"b" + "\u202ex" + "x\n')


def test_what_differs_is_written_differently() -> None:
    """Every pair of small trees with the same text has the same value."""
    rng = random.Random(5)
    seen: dict[str, Any] = {}
    for _ in range(3000):
        nodes: list[Any] = [["symbol", "x", [1]], ["number", "-2"], ["number", "1/3"], ["symbol", "y", [1]]]
        for _ in range(4):
            pick = [rng.randrange(len(nodes)) for _ in range(2)]
            op = rng.choice(("add", "mul", "power", "exp"))
            power = ["power", pick[0], rng.choice(("2", "-1", "1/2", "-1/2", "3/2"))]
            nodes.append(power if op == "power" else [op, *pick[: 1 if op == "exp" else 2]])
        written = account(attack(nodes, len(nodes) - 1, 0)).statement
        if len(written) == 1:
            value = recheck.Balls(nodes, {"x": "7/5", "y": "3/11"}).values[-1]
            assert not value.is_finite() or seen.setdefault(written[0], value).overlaps(value), written
    assert len(seen) > 500


# --- hostile files and names ---------------------------------------------------------------------------------

BOMBS: dict[str, bytes] = {
    "nested": b'{"certificates": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a key twice": b'{"claim": "mine.root", "claim": "mine.root"}',
    "NaN": b'{"claim": NaN}',
    "Infinity": b'{"claim": -Infinity}',
    "a float": b'{"claim": 1.5}',
    "a long number": b'{"claim": ' + b"9" * 100_000 + b"}",
    "no text": b"\xff\xfe\x00",
    "empty": b"",
    "a list": b"[]",
}
CERTIFICATE_BOMBS: dict[str, Any] = {
    "a million nodes": attack([["number", "1"]] * 300_000, 0, 0),
    "a huge exponent": attack([ONE, ["power", 0, "9" * 3000]], 1, 1),
    "a long number": attack([["number", "9" * 5000]], 0, 0),
    "doubling": attack([ONE, *(["add", i, i] for i in range(5000))], 5000, 0),
    "a tower of powers": attack([TWO, *(["power", i, "2000"] for i in range(4))], 4, 0),
    "a point of a million digits": attack([["symbol", "x", [1]]], 0, 0) | {"point": {"x": "9" * 10**6}},
    "escape": attack([["symbol", "\x1b[31m\n::error::", [1]], ONE], 0, 1),
    "escape in an exponent": attack([ONE, ["power", 0, "\x1b[2J\n"]], 1, 1),
    "a surrogate": attack([["symbol", "\ud800", [1]], ["what\ud800", 0]], 1, 1),
}


@pytest.mark.parametrize("kind", [*BOMBS, *CERTIFICATE_BOMBS])
def test_a_hostile_file_is_refused_in_one_line(written: Path, tmp_path: Path, kind: str) -> None:
    shutil.copytree(written, tmp_path / "c")
    path = tmp_path / "c" / "mine.root.json"
    if kind in BOMBS:
        path.write_bytes(BOMBS[kind])
    else:
        path.write_text(json.dumps({"claim": "mine.root", "certificates": {"statement": CERTIFICATE_BOMBS[kind]}}))
    forged = content(tmp_path / "c" / "manifest.json")
    forged["claims"] = [claim for claim in forged["claims"] if claim["id"] == "mine.root"]
    forged["claims"][0]["sha256"] = sha256(path.read_bytes()).hexdigest()
    put(tmp_path / "c" / "manifest.json", forged)
    for name in set(os.listdir(tmp_path / "c")) - {"manifest.json", "mine.root.json"}:
        (tmp_path / "c" / name).unlink()
    done = command(tmp_path / "c", seconds=2)
    assert (done.returncode, done.stderr) == (1, "")
    refused, *rest = [line for line in done.stdout.splitlines() if not line.startswith("mine.false")]
    assert refused.startswith("mine.root.json: refused: ")
    assert len(rest) == 3
    assert_clean(done.stdout)


def assert_clean(text: str) -> None:
    assert all(" " <= c <= "~" or c == "\n" for c in text)


def test_no_file_name_forges_a_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [b"a\nmine.root\n.json", b"\x1b[31m.json", b"\xff\xfe.json", "\u202e.json".encode()]
    for name in names:
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"{}")
    assert main([str(folder)]) == 1
    out = capsys.readouterr().out
    assert_clean(out)
    assert out.count(": refused: not in the manifest") == len(names)


MANIFESTS: dict[str, bytes] = {
    **BOMBS,
    "another format": b'{"format": "modeflow manifest 0"}',
    "the format before": b'{"format": "modeflow manifest 2", "claims": [{"id": "a"}], "without a proof": {}}',
    "no claims": b'{"format": "modeflow manifest 3", "claims": [], "without a proof": {}}',
    "a path": b'{"format": "modeflow manifest 3", "claims": [{"id": "../x"}], "without a proof": {}}',
    "one claim twice": b'{"format": "modeflow manifest 3", "claims": [{"id": "a"}, {"id": "a"}], "without a proof": 0}',
    "escape": b'{"format": "\\u001b[31m\\n"}',
}


@pytest.mark.parametrize("kind", MANIFESTS)
def test_what_is_no_manifest_is_wrong_usage(folder: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "manifest.json").write_bytes(MANIFESTS[kind])
    assert main([str(folder)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert said.err.endswith("; write one by: modeflow verify --certificates DIR\n")
    assert_clean(said.err)


def test_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["a", "b"], ["--what\x1b", "a"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
    assert main([str(tmp_path / "missing")]) == 2
    assert main([str(tmp_path)]) == 2
    assert_clean(capsys.readouterr().err)


def test_a_name_is_one_quantity_in_all_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each claim calls its left side n; where two do, the second is refused, though it holds and is the manifest's."""

    def named(claim: Claim) -> tuple[Claim, Any]:
        verdict = claim.verify()
        (certificate,) = dict(verdict.certificate or {}).values()
        called = certificate | {"names": [[certificate["lhs"], "own.n"]]}
        return claim, replace(verdict, certificate={"first": called, "again": called})

    for path in folder.iterdir():
        path.unlink()
    write([named(CLAIMS[1])], folder)
    assert main([str(folder)]) == 0
    assert "where n = (x + y)**2" in capsys.readouterr().out
    write([named(CLAIMS[1]), named(CLAIMS[2])], folder)
    assert main([str(folder)]) == 1
    assert "mine.root.json: refused: own.n is the name of two quantities" in capsys.readouterr().out


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    wide = [*(["symbol", f"x{i}", None] for i in range(8)), ["add", *range(8)], ["power", 8, "12"], ["power", 9, "40"]]
    verdict = replace(CLAIMS[0].verify(), certificate={"slow": attack(wide, 10, 10)})
    write([(CLAIMS[0], verdict), (CLAIMS[1], CLAIMS[1].verify())], tmp_path)
    done = command(tmp_path, seconds=3)
    assert done.returncode == 1
    assert "mine.hyperbola.json: refused: more than 3 s" in done.stdout
    assert "1 of 2 claims hold" in done.stdout

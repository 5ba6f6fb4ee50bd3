"""That the loops of the C evaluators are vectorised, by the compiler's own report."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from modeflow.codegen import c
from modeflow.codegen.numpy import shipped_kernels
from modeflow.evaluate import native

REPORT = re.compile(r"^\S*?modeflow\.c:(\d+):\d+: optimized: +loop vectorized", re.MULTILINE)
LOOP, FUNCTION = re.compile(r"for \(.*i < \w+; i\+\+\)"), re.compile(r"^(?:static|INLINE|int|void).*?(\w+)\(")
STRIDED = "spread_"  # gathers values that lie apart, which some processors have no instruction for


def loops(text: str) -> dict[int, str]:
    """The line of each loop over points, and the function that it is in."""
    found, function = {}, ""
    for number, line in enumerate(text.partition("#ifdef MODEFLOW_SELF_TEST")[0].splitlines(), 1):
        if head := FUNCTION.match(line):
            function = head[1]
        elif LOOP.search(line):
            found[number] = function
    return found


def left_scalar(text: str, folder: Path) -> list[str]:
    """The functions with a loop that the compiler did not vectorise, with the flags of the package."""
    if shutil.which("gcc") is None:
        pytest.skip("gcc, whose report is read, is not installed")
    path = folder / "modeflow.c"
    path.write_text(text)
    flags = [*native.FLAGS, *native.TUNING[0], "-fopt-info-vec-optimized", "-c"]
    done = subprocess.run(["gcc", *flags, str(path), "-o", "/dev/null"], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"gcc has no such flags here: {done.stderr[:100]}")
    vectorised = set(map(int, REPORT.findall(done.stderr)))
    return [name for line, name in loops(text).items() if line not in vectorised and not name.startswith(STRIDED)]


@pytest.fixture(scope="module")
def strength() -> dict[str, str]:
    """The source of `strength` alone, which takes a compiler less long."""
    return c.sources([k for k in shipped_kernels() if k.name in ("direct_strength", "balanced_strength")])


@pytest.mark.costly
def test_all_loops_of_the_strength_are_vectorised(strength: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "modeflow.h").write_text(strength["modeflow.h"])
    found = loops(strength["modeflow.c"])
    for kind in ("f64", "f32"):
        for part in ("block", "mode"):
            assert list(found.values()).count(f"strength_{part}_{kind}") == 2  # weights of one size, and others
        assert (
            list(found.values()).count(f"strength_rows_{kind}") == 3
        )  # exponentials of a row, of its starts, and points
    assert left_scalar(strength["modeflow.c"], tmp_path) == []


@pytest.mark.costly
def test_a_function_that_is_called_is_seen_to_keep_its_loop_scalar(strength: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "modeflow.h").write_text(strength["modeflow.h"])
    called = "static __attribute__((noinline)) double exp_f64(double x)"
    text = strength["modeflow.c"].replace("INLINE double exp_f64(double x)", called)
    assert called in text
    assert set(left_scalar(text, tmp_path)) == {f"strength_{part}_f64" for part in ("block", "mode", "rows")}


@pytest.mark.slow
def test_all_loops_of_all_paths_are_vectorised(tmp_path: Path) -> None:
    shutil.copy(native.HEADERS[0], tmp_path)
    assert left_scalar((native.SOURCE / "modeflow.c").read_text(encoding="utf-8"), tmp_path) == []

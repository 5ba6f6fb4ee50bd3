"""Which way the imports point, seen from outside: what each thing loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"sympy", "scipy", "matplotlib", "flint", "mpmath", "rich"}


def loaded_after(code: str) -> set[str]:
    """The names in sys.modules after running the code in a fresh interpreter."""
    show = "\nimport sys; print('\\n'.join(['LOADED', *sys.modules]))"
    command = [sys.executable, "-W", "error", "-c", code + show]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split("LOADED\n", 1)[1].splitlines())


def test_importing_loads_nothing_heavy() -> None:
    assert not loaded_after("import modeflow") & (HEAVY | {"numpy"})


@pytest.mark.parametrize(
    "call",
    [
        "strength([0.0, 1.0], 2.0, noise=0.5, w1=0.1, w2=0.2)",
        "weights(1.0, 2.0, noise=0.5, w1=0.1, w2=0.1)",
        "strength(1.0, 2.0, decay=0.5, w1=0.1, w2=0.1)",
        "fixed_point(2.0, decay=0.5)",
        "learning_time(0.5, 2.0, w1=0.1, w2=0.1)",
        "loss(1.0, 2.0, noise=0.5, w1=0.1, w2=0.1)",
    ],
)
def test_evaluating_loads_numpy_only(call: str) -> None:
    loaded = loaded_after(f"import modeflow; modeflow.{call}")
    assert "numpy" in loaded
    assert not loaded & HEAVY


def test_version_loads_nothing_heavy() -> None:
    code = "from modeflow.cli.program import main\ntry: main(['--version'])\nexcept SystemExit: pass"
    assert not loaded_after(code) & (HEAVY | {"numpy"})


def test_witnesses_load_no_other_part_of_modeflow_and_no_sympy() -> None:
    loaded = loaded_after("import modeflow.witness.integrate, modeflow.witness.train")
    ours = {name for name in loaded if name.startswith("modeflow")}
    assert ours - {"modeflow", "modeflow._surface"} == {name for name in ours if name.startswith("modeflow.witness")}
    assert "sympy" not in loaded


def test_the_engine_loads_no_chapter() -> None:
    engine = "proof.prove, statements.verify, statements.catalogue, statements.claims, language.flow, language.matrices"
    engine += ", statements.verification_report, cli.program, typeset.document, codegen.numpy"
    loaded = loaded_after("\n".join(f"import modeflow.{name}" for name in engine.split(", ")))
    assert not {name for name in loaded if name.startswith("modeflow.derivations")}

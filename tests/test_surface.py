"""The public surface: every name of `__all__` is there, no name changes its meaning, and old paths lead to the new."""

from __future__ import annotations

import subprocess
import sys
import warnings
from importlib import import_module
from types import FunctionType, ModuleType

import pytest

import modeflow
from modeflow import _surface, manuscript


@pytest.mark.parametrize("package", [modeflow, manuscript], ids=["modeflow", "manuscript"])
def test_every_name_of_the_surface_is_there(package: ModuleType) -> None:
    assert set(package.__all__) == set(dir(package))
    for name in package.__all__:
        assert getattr(package, name) is not None, name
    with pytest.raises(AttributeError, match="streng"):
        _ = package.streng


def test_functions_stay_functions_whatever_is_imported() -> None:
    for module in ("statements.claims", "statements.catalogue", "proof.prove", "experiments.fitting"):
        import_module(f"modeflow.{module}")
    assert all(isinstance(f, FunctionType) for f in (modeflow.claims, modeflow.prove, modeflow.fit))


@pytest.mark.parametrize("old", sorted(_surface.MOVED))
def test_an_old_path_leads_to_the_new_one_and_warns(old: str) -> None:
    new = import_module(_surface.MOVED[old])
    for name in [name for name in sys.modules if name == old]:
        del sys.modules[name]
    with pytest.warns(DeprecationWarning, match=f"{old} is now {_surface.MOVED[old]}"):
        assert import_module(old) is new
    assert new.__spec__ is not None
    assert new.__name__ == new.__spec__.name == _surface.MOVED[old]


def test_a_path_that_never_was_is_not_found() -> None:
    with warnings.catch_warnings(), pytest.raises(ModuleNotFoundError):
        import_module("modeflow.eigenvalues")


def test_the_warning_names_the_line_that_imports() -> None:
    code = "import modeflow.matrices"
    done = subprocess.run([sys.executable, "-W", "always", "-c", code], capture_output=True, text=True, check=True)
    assert "<string>:1: DeprecationWarning: modeflow.matrices is now modeflow.language.matrices" in done.stderr

"""What a runner for continuous integration does with action.yml: its steps, each in a shell."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import warm

yaml: Any = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[2]


def shell(command: str, folder: Path, variables: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
    """As a runner would, with this modeflow and this Python first on the path."""
    path = os.pathsep.join([str(warm.command().parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, **variables, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def action() -> Any:
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def step(name: str) -> Any:
    (found,) = (s for s in action()["runs"]["steps"] if s.get("name") == name)
    return found

"""What is generated in C and JavaScript, compiled and run."""

from __future__ import annotations

import ctypes
import itertools
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

NUMBERS = itertools.count()
STRICT = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O2", "-fPIC", "-shared"]


def library(text: str, folder: Path) -> Any:
    """A C source as a loaded library; skips where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    source = folder / f"own_{next(NUMBERS)}.c"  # a library of the same path would not be loaded again
    source.write_text(text, encoding="utf-8")
    subprocess.run([compiler, *STRICT, "-o", source.with_suffix(".so"), source, "-lm"], check=True, timeout=60)
    return ctypes.CDLL(str(source.with_suffix(".so")))


def printed(script: str, folder: Path, *arguments: str) -> Any:
    """What a module of JavaScript prints, as JSON; skips where there is no Node.js."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js")
    (folder / "driver.mjs").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [node, "driver.mjs", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)

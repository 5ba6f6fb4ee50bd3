r"""How fast `modeflow lsp` answers.

python benchmarks/lsp.py [--displays N] [--changes M]: opens a paper of N marked displays, and prints how long it takes
until all are judged, with nothing kept on disk, and the imports among it. Then one display in its middle is changed M
times, each time to one that was not there before, half of them right and half wrong with one proved correction; it
prints the median and the longest time from the change to its messages, and to its correction.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from editor_client import Editor, editor

RIGHT = r"w^* = \frac{%d \lambda}{%d \lambda + %d \varepsilon}"
WRONG = r"w^* = \frac{%d \lambda}{%d \lambda - %d \varepsilon}"


def display(form: str, number: int) -> str:
    return f"Some words.\n% modeflow: dae.fixed_point\n\\[ {form % (number, number, number)} \\]\n"


async def measured(folder: Path, displays: int, changes: int) -> None:
    path = folder / "paper.tex"
    (folder / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    parts = [display(RIGHT, number) for number in range(2, displays + 2)]
    async with editor(folder, "--no-cache") as here:
        start = time.perf_counter()
        here.open(path, "".join(parts))
        await _all_judged(here, path, displays)
        print(f"{displays} displays: all judged {time.perf_counter() - start:.1f} s after the start", flush=True)
        seconds: dict[str, list[float]] = {"right": [], "wrong": [], "corrected": []}
        for version in range(2, changes + 2):
            right = version % 2 == 0
            parts[displays // 2] = display(RIGHT if right else WRONG, displays + version)
            start = time.perf_counter()
            here.change(path, "".join(parts), version)
            told = await here.diagnostics(path, version)
            seconds["right" if right else "wrong"].append(time.perf_counter() - start)
            assert len(told) == (0 if right else 1), told
            if not right:
                (corrected,) = await here.diagnostics(path, version)
                seconds["corrected"].append(time.perf_counter() - start)
                assert "did you mean" in corrected.message, corrected
    for kind, times in seconds.items():
        print(f"{kind}: median {1000 * statistics.median(times):.0f} ms, longest {1000 * max(times):.0f} ms")


async def _all_judged(here: Editor, path: Path, displays: int) -> None:
    """Wait until the display farthest from the first line has its verdict."""
    line = 3 * displays - 1
    while "ok" not in await here.hover(path, line, 5):
        await asyncio.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--displays", type=int, default=1)
    parser.add_argument("--changes", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MODEFLOW_CACHE_DIR"] = str(Path(folder) / "cache")
        asyncio.run(measured(Path(folder), given.displays, given.changes))


if __name__ == "__main__":
    main()

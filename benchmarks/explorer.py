"""How soon the explorer has redrawn after a slider moves: milliseconds in headless Chromium, 64 modes.

    python benchmarks/explorer.py

Needs Chromium and playwright, and uPlot by `npm ci`. Each row is one kind of start. A slider moves 40 times, and each
time is from the input event to the end of the drawing of the curves.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from modeflow.typeset.explorer.page import explorer
from modeflow.typeset.explorer.plotting import plotting

MODES = 64
KINDS: dict[str, dict[str, float]] = {
    "equal weights, noise and decay": {"w1": 0.1, "w2": 0.1, "decay": 0.1},
    "unequal weights, noise": {"w1": 0.05, "w2": 0.1, "decay": 0.0},
    "unequal weights, noise and decay": {"w1": 0.05, "w2": 0.1, "decay": 0.1},
}
MOVE = """async given => {
  const set = (id, value) => {
    const field = document.getElementById(id);
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (const [id, value] of Object.entries(given)) set(id, value);
  const taken = [];
  for (let k = 0; k < 40; k++) {
    const start = performance.now();
    set("noise-slider", 150 + k);
    await Promise.resolve().then(() => {}); // uPlot draws in a microtask
    taken.push(performance.now() - start);
    await new Promise(requestAnimationFrame);
  }
  return taken.sort((a, b) => a - b);
}"""


def main() -> None:
    """Print a row for each kind of start."""
    from playwright.sync_api import sync_playwright

    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder, "explorer.html")
        spectrum = [8.0 / k for k in range(1, MODES + 1)]
        file.write_text(explorer(spectrum, source="8/k", plotting=plotting(), verdicts={}))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]")
        for kind, given in KINDS.items():
            taken: Any = page.evaluate(MOVE, given)
            print(f"{kind:34} median {taken[20]:5.1f} ms, 95 % {taken[37]:5.1f} ms, most {taken[-1]:5.1f} ms")
        browser.close()


if __name__ == "__main__":
    main()

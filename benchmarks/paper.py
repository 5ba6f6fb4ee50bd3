"""How long a whole paper takes: 60 pages with 300 marked displays, without and with what was kept on disk.

python benchmarks/paper.py: prints the seconds, and those of processors, of three runs of `modeflow check`, start-up
included, and the verdicts: the first, the same again, and one after a word was added to the paper.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "tests" / "support" / "manuscript_corpus" / "pretorius2018.txt"
DISPLAYS = 300
PROSE = "The strength of a mode grows along a sigmoid until noise and signal hold each other. " * 20


def paper() -> str:
    lines = [line.split(maxsplit=2) for line in CORPUS.read_text(encoding="utf-8").splitlines()[1:]]
    equations = [(claim, tex) for _, claim, tex in lines]
    plain = [(claim, tex) for claim, tex in equations if tex.count("=") == 1]
    for claim, tex in plain[: DISPLAYS - len(equations)]:  # with the sides swapped, they are other equations
        left, right = tex.rstrip(".").split("=")
        equations.append((claim, f"{right} = {left}"))
    shown = (
        f"{PROSE}\n% modeflow: {claim}\n\\begin{{equation}}\n{tex}\n\\end{{equation}}\n" for claim, tex in equations
    )
    return "\n".join([r"\documentclass{article}\begin{document}", *list(shown)[:DISPLAYS], r"\end{document}"])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paper.tex"
        file.write_text(paper(), encoding="utf-8")
        file.with_name("modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
        known = {**os.environ, "MODEFLOW_CACHE_DIR": str(Path(folder) / "cache"), "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "modeflow", "check", str(file)]
        for name in ("cold", "warm", "edited"):
            if name == "edited":
                file.write_text(paper().replace(PROSE, f"{PROSE} Indeed.", 1), encoding="utf-8")
            start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            run = subprocess.run(command, env=known, capture_output=True, text=True, check=False)
            seconds = time.perf_counter() - start
            now = resource.getrusage(resource.RUSAGE_CHILDREN)
            work = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
            found = run.stdout.splitlines()[-1]
            print(f"{name}: {seconds:.1f} s, {work:.1f} s of processors ({os.cpu_count()}); {found}{run.stderr}")


if __name__ == "__main__":
    main()

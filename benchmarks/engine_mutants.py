"""Small mistakes in the engine itself, each against the tests that cover it: how many are found, and which are not.

Run: python benchmarks/engine_mutants.py [--count 300] [--seed 20180606] [--jobs 2] [--only proof/signs.py]

A mutant is the package with one expression of one file changed: a comparison turned, a condition negated, `and` for
`or`, a number off by one, a sum for a difference, a returned value replaced. Its covering tests (`COVERED`) run on a
copy of the package until one fails, for at most 60 seconds; a mutant whose tests do not end counts as found. The same
tests must first pass on the package as it is. Prints each mutant that no test finds, and the score.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 60
# File or folder of the package → the tests that cover it.
COVERED = {
    "proof/tower": ["proof/test_prove.py", "proof/test_inverse_functions.py", "proof/test_tower_hypergeometric.py"],
    "proof/signs.py": [
        "proof/test_signs.py",
        "proof/test_prove.py",
        "proof/test_given.py",
        "proof/test_monotonicity.py",
    ],
    "proof/known_signs.py": ["proof/test_derivatives.py", "proof/test_differentiability.py"],
    "proof/enclosures.py": ["proof/test_enclosures.py", "proof/test_kinds_of_symbols.py"],
    "proof/sample_points.py": ["proof/test_given.py", "proof/test_numerical_support.py"],
    "proof/evidence.py": ["proof/test_numerical_support.py", "proof/test_given.py", "proof/test_prove.py"],
    "proof/numerical_support.py": ["proof/test_numerical_support.py", "proof/test_remedies.py"],
    "proof/critical_points.py": ["proof/test_numerical_support.py", "proof/test_generated_statements.py"],
    "proof/examine.py": ["proof/test_prove.py", "proof/test_given.py", "proof/test_opaque_terms.py"],
    "proof/certificates.py": ["test_recheck.py"],
    "proof/certificate_steps.py": ["test_recheck.py"],
    "proof/certificate_point.py": ["test_recheck.py"],
    "proof/function_steps.py": ["proof/test_function_steps.py"],
    "proof/sign_steps.py": ["test_recheck.py"],
    "proof/constancy.py": ["proof/test_constancy.py"],
    "proof/monotonicity.py": ["proof/test_monotonicity.py"],
    "proof/derivatives.py": ["proof/test_derivatives.py"],
    "proof/derivative_rules.py": ["proof/test_derivatives.py"],
    "proof/differentiability.py": ["proof/test_differentiability.py"],
    "proof/matrix_instances.py": ["language/test_matrices.py", "proof/test_kinds_of_symbols.py", "proof/test_prove.py"],
    "language/matrices.py": ["language/test_matrices.py", "proof/test_prove.py"],
    "recheck.py": ["test_recheck.py", "test_manifest.py"],
    "manuscript/read": ["manuscript/test_manuscript.py", "manuscript/test_letters.py", "manuscript/test_layout.py"],
    "manuscript/judge": ["manuscript/test_manuscript.py", "manuscript/test_chains.py", "manuscript/test_relations.py"],
}
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Mod: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """file: inside the package. before, after: the line that changes."""

    file: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.before}  →  {self.after}"


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What could stand in the place of a node by mistake."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
        yield ast.Compare(node.left, [_COMPARED[type(node.ops[0])]()], node.comparators)
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    if isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    if isinstance(node, ast.BinOp) and type(node.op) in _COMPUTED:
        yield ast.BinOp(node.left, _COMPUTED[type(node.op)](), node.right)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
        yield ast.Return(ast.Constant(True))
        yield ast.Return(ast.Constant(None))


def mutants(path: Path, name: str) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its text."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in _in_functions(ast.parse(text)):
        if node.lineno != node.end_lineno:
            continue
        for changed in changes(node):
            new = ast.unparse(ast.fix_missing_locations(copy.deepcopy(changed)))
            raw = lines[node.lineno - 1].encode()
            if isinstance(changed, ast.expr):
                new = f"({new})"
            line = (raw[: node.col_offset] + new.encode() + raw[node.end_col_offset :]).decode()
            whole = "\n".join([*lines[: node.lineno - 1], line, *lines[node.lineno :], ""])
            yield Mutant(name, node.lineno, lines[node.lineno - 1].strip(), line.strip(), whole)


def _in_functions(tree: ast.Module) -> Iterator[ast.expr | ast.stmt]:
    """The expressions and statements in functions, without annotations, docstrings and messages."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                for node in ast.walk(statement):
                    if isinstance(node, ast.expr | ast.Return) and not isinstance(node, ast.JoinedStr):
                        yield node


def all_mutants(only: str) -> list[Mutant]:
    package = ROOT / "src" / "modeflow"
    found: dict[str, Mutant] = {}
    for covered in COVERED:
        place = package / covered
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            name = path.relative_to(package).as_posix()
            if name.startswith(only):
                found |= {f"{name}\0{m.text}": m for m in mutants(path, name)}
    return list(found.values())


def tests_of(name: str) -> list[str]:
    (key,) = (covered for covered in COVERED if name == covered or name.startswith(f"{covered}/"))
    return [str(ROOT / "tests" / test) for test in COVERED[key]]


def verdict(mutant: Mutant, copied: Path) -> str:
    """What the covering tests say of a mutant, which is undone afterwards."""
    file = copied / "modeflow" / mutant.file
    original = file.read_text(encoding="utf-8")
    file.write_text(mutant.text, encoding="utf-8")
    try:
        return outcome(tests_of(mutant.file), copied, SECONDS)
    finally:
        file.write_text(original, encoding="utf-8")


def outcome(tests: Iterable[str], copied: Path, seconds: float) -> str:
    """ "found" where a test fails on a copy of the package, "not ended", or "survived"."""
    variables = {**os.environ, "PYTHONPATH": str(copied), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]
    whole = [*command, *tests]
    try:
        done = subprocess.run(whole, cwd=ROOT, env=variables, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return "not ended"
    return "survived" if done.returncode == 0 else "found"


def work(number: int, share: list[Mutant], folder: Path) -> list[tuple[Mutant, str]]:
    """The verdicts on a share of the mutants, in a copy of the package of its own."""
    copied = folder / str(number)
    shutil.copytree(ROOT / "src" / "modeflow", copied / "modeflow", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "derivations", copied / "modeflow" / "derivations")
    shutil.copytree(ROOT / "docs", copied / "modeflow" / "docs", ignore=shutil.ignore_patterns("_build"))
    for tests in sorted({tuple(tests_of(mutant.file)) for mutant in share}):
        if (status := outcome(tests, copied, 10 * SECONDS)) != "survived":
            raise SystemExit(f"{', '.join(tests)}: {status} on the package as it is")
    found = []
    for mutant in share:
        status = verdict(mutant, copied)
        if status == "survived":
            print(f"survived: {mutant}", flush=True)
        found.append((mutant, status))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20180606)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", metavar="PLACE", help="a file or folder of the package")
    arguments = parser.parse_args()
    every = all_mutants(arguments.only)
    chosen = random.Random(arguments.seed).sample(every, min(arguments.count, len(every)))
    print(f"{len(chosen)} of {len(every)} mutants, seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.jobs) as pool:
        shares = [chosen[number :: arguments.jobs] for number in range(arguments.jobs)]
        numbers = range(arguments.jobs)
        verdicts = [v for part in pool.map(lambda n: work(n, shares[n], Path(folder)), numbers) for v in part]
    counts = {status: sum(v == status for _, v in verdicts) for status in ("found", "not ended", "survived")}
    share = 1 - counts["survived"] / max(1, len(verdicts))
    print(", ".join(f"{n} {status}" for status, n in counts.items()) + f": {share:.1%} found")
    return int(counts["survived"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())

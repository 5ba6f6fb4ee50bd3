"""Small mistakes in the engine itself, each against the tests that cover it: how many are found, and which are not.

Run: python benchmarks/engine_mutants.py [--count 40] [--seed 20180606] [--only signs tower] [--runs FILE]

A mutant is the package with one expression of one file changed: a comparison turned, a condition negated, `and` for
`or`, a number off by one, a sum for a difference, a returned value replaced. Of the tests that cover the file
(`COVERED`), those that run the changed line are tried, the quickest first, until one fails, for at most 60 seconds. A
mutant whose tests do not end counts as found. Tests that fail on the package as it is count for nothing. Prints each
mutant that no test finds, and the score of each group.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "modeflow"
sys.path.insert(0, str(ROOT / "tests" / "support"))

import daily  # noqa: E402
from forked_tests import LONGEST, ForkedTests, Lines  # noqa: E402

FOUND = ("found", "not ended")
GROUPS = {
    "tower": ["proof/tower"],
    "signs": ["proof/signs.py", "proof/known_signs.py", "proof/sign_steps.py"],
    "enclosures": ["proof/enclosures.py", "proof/sample_points.py", "proof/evidence.py", "proof/numerical_support.py"],
    "certificates": [
        "proof/certificates.py",
        "proof/certificate_steps.py",
        "proof/condition_steps.py",
        "proof/certificate_point.py",
    ],
    "recheck": ["recheck.py"],
    "derivatives": [
        "proof/constancy.py",
        "proof/monotonicity.py",
        "proof/derivatives.py",
        "proof/derivative_rules.py",
        "proof/differentiability.py",
        "proof/function_steps.py",
        "proof/critical_points.py",
        "proof/examine.py",
    ],
    "matrices": ["language/matrices.py", "proof/matrix_instances.py"],
    "read": ["manuscript/read"],
    "judge": ["manuscript/judge"],
}
# File or folder of the package → the tests that cover it.
COVERED = {
    "proof/tower": [
        "proof/test_tower_values.py",
        "proof/test_prove.py",
        "proof/test_inverse_functions.py",
        "proof/test_tower_hypergeometric.py",
    ],
    "proof/signs.py": [
        "proof/test_signs.py",
        "proof/test_prove.py",
        "proof/test_given.py",
        "proof/test_monotonicity.py",
    ],
    "proof/known_signs.py": [
        "proof/test_known_signs.py",
        "proof/test_derivatives.py",
        "proof/test_differentiability.py",
    ],
    "proof/enclosures.py": ["proof/test_enclosures.py", "proof/test_kinds_of_symbols.py"],
    "proof/sample_points.py": ["proof/test_given.py", "proof/test_numerical_support.py"],
    "proof/evidence.py": ["proof/test_numerical_support.py", "proof/test_given.py", "proof/test_prove.py"],
    "proof/numerical_support.py": ["proof/test_numerical_support.py", "proof/test_remedies.py"],
    "proof/critical_points.py": ["proof/test_numerical_support.py", "proof/test_generated_statements.py"],
    "proof/examine.py": ["proof/test_prove.py", "proof/test_given.py", "proof/test_opaque_terms.py"],
    "proof/certificates.py": ["proof/test_certificates.py", "proof/test_sign_steps.py", "test_recheck.py"],
    "proof/certificate_steps.py": ["proof/test_certificates.py", "proof/test_sign_steps.py", "test_recheck.py"],
    "proof/condition_steps.py": ["proof/test_condition_steps.py", "test_recheck.py"],
    "proof/certificate_point.py": ["proof/test_certificates.py", "proof/test_sign_steps.py", "test_recheck.py"],
    "proof/function_steps.py": ["proof/test_function_steps.py"],
    "proof/sign_steps.py": ["proof/test_sign_steps.py", "test_recheck.py"],
    "proof/constancy.py": ["proof/test_constancy.py"],
    "proof/monotonicity.py": ["proof/test_monotonicity.py"],
    "proof/derivatives.py": ["proof/test_derivatives.py"],
    "proof/derivative_rules.py": ["proof/test_derivatives.py"],
    "proof/differentiability.py": ["proof/test_differentiability.py"],
    "proof/matrix_instances.py": ["language/test_matrices.py", "proof/test_kinds_of_symbols.py", "proof/test_prove.py"],
    "language/matrices.py": ["language/test_matrices.py", "proof/test_prove.py"],
    "recheck.py": ["test_recheck.py", "test_manifest.py"],
    "manuscript/read": [
        "manuscript/test_grammar.py",
        "manuscript/test_manuscript.py",
        "manuscript/test_letters.py",
        "manuscript/test_layout.py",
    ],
    "manuscript/judge": [
        "manuscript/test_judging.py",
        "manuscript/test_manuscript.py",
        "manuscript/test_chains.py",
        "manuscript/test_relations.py",
        "manuscript/test_integrals.py",
        "manuscript/test_rounding.py",
        "manuscript/test_steps.py",
        "manuscript/test_findings.py",
        "manuscript/test_comparison_cache.py",
        "manuscript/test_fixed_values.py",
    ],
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


def mutants_of(place: str) -> list[Mutant]:
    """Every mutant in a file or folder of the package, those of nested functions once."""
    whole = PACKAGE / place
    found: dict[str, Mutant] = {}
    for path in sorted(whole.rglob("*.py")) if whole.is_dir() else [whole]:
        name = path.relative_to(PACKAGE).as_posix()
        found |= {f"{name}\0{m.text}": m for m in mutants(path, name)}
    return list(found.values())


def tests_of(name: str) -> list[str]:
    (key,) = (covered for covered in COVERED if name == covered or name.startswith(f"{covered}/"))
    return [f"tests/{test}" for test in COVERED[key]]


class Trial:
    """Mutants tried against the tests that run their line, those that end first before the others.

    kept: a file for what the tests run, so that another run on the same package need not record it again.
    """

    def __init__(self, forked: ForkedTests, kept: Path | None, seconds: float) -> None:
        self._forked, self._kept, self._seconds = forked, kept, seconds
        self._package = sha256(b"".join(path.read_bytes() for path in sorted(PACKAGE.rglob("*.py")))).hexdigest()
        self._runs: dict[str, tuple[Lines, float] | None] = {}
        if kept and kept.is_file():
            package, runs = pickle.loads(kept.read_bytes())  # noqa: S301
            self._runs = runs if package == self._package else {}

    def record(self, files: Iterable[str]) -> None:
        """What each test in these files runs; who fails or takes long on the package as it is counts for nothing."""
        for test in self._in(files):
            if test not in self._runs:
                self._runs[test] = self._forked.record(test)
                if self._kept:
                    self._kept.write_bytes(pickle.dumps((self._package, self._runs)))
        if dropped := [test for test in self._in(files) if self._runs[test] is None]:
            print(f"left out, since they fail or take more than {LONGEST} s: {', '.join(dropped)}", flush=True)

    def verdict(self, mutant: Mutant) -> str:
        tests = self._running(mutant)
        if not tests:
            return self._imported(mutant) or "not run"
        status = self._forked.try_mutant(mutant.file, mutant.text, tests, self._seconds)
        return self._imported(mutant) or status if status == "cannot" else status

    def _in(self, files: Iterable[str]) -> list[str]:
        return [test for test in self._forked.tests if test.partition("::")[0] in files]

    def _running(self, mutant: Mutant) -> list[str]:
        """The tests that run the line of a mutant, the quickest first, as many as end in the time."""
        files = tests_of(mutant.file)
        runs = {test: run for test in self._in(files) if (run := self._runs[test])}
        running = sorted((s, test) for test, (lines, s) in runs.items() if (mutant.file, mutant.line) in lines)
        ending = accumulate(s for s, _ in running)
        return [test for (_, test), end in zip(running, ending, strict=True) if end < self._seconds / 2]

    def _imported(self, mutant: Mutant) -> str:
        """The verdict of new processes on what runs when modules are imported, before tests are collected."""
        if (mutant.file, mutant.line) not in self._forked.at_import:
            return ""
        return outcome(mutant, tests_of(mutant.file), 5 * self._seconds)


def outcome(mutant: Mutant, tests: Iterable[str], seconds: float) -> str:
    """ "found" where a test fails in time on a copy of the package with the mutant; else "survived"."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "modeflow"
        shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "derivations", copied / "derivations")
        shutil.copytree(ROOT / "docs", copied / "docs", ignore=shutil.ignore_patterns("_build"))
        (copied / mutant.file).write_text(mutant.text, encoding="utf-8")
        variables = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
        try:
            done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:  # as on the package as it is, perhaps
            return "survived"
    return "survived" if done.returncode == 0 else "found"


def tried(trial: Trial, group: str, chosen: list[Mutant]) -> Counter[str]:
    """How many mutants of a group got each verdict; those that no test finds are printed."""
    trial.record({test for mutant in chosen for test in tests_of(mutant.file)})
    counts: Counter[str] = Counter()
    for mutant in chosen:
        status = trial.verdict(mutant)
        counts[status] += 1
        if status not in FOUND:
            print(f"{status}: {mutant}", flush=True)
    print(f"{group}: {share(counts)}", flush=True)
    return counts


def share(counts: Counter[str]) -> str:
    found = sum(counts[status] for status in FOUND) / max(1, counts.total())
    return f"{counts.total()} tried, {', '.join(f'{n} {status}' for status, n in counts.items())}: {found:.1%} found"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40, help="mutants of each group")
    parser.add_argument("--seed", type=int, default=20180606)
    parser.add_argument("--only", nargs="*", default=list(GROUPS), metavar="GROUP", help=", ".join(GROUPS))
    parser.add_argument("--seconds", type=float, default=60, help="of the processor, for each mutant")
    parser.add_argument("--runs", type=Path, metavar="FILE", help="keeps what each test runs")
    arguments = parser.parse_args()
    os.environ[daily.VARIABLE] = str(arguments.seed)
    os.chdir(ROOT)
    chosen = {}
    for group in arguments.only:
        every = [mutant for place in GROUPS[group] for mutant in mutants_of(place)]
        chosen[group] = random.Random(arguments.seed).sample(every, min(arguments.count, len(every)))
        print(f"{group}: {len(chosen[group])} of {len(every)} mutants, seed {arguments.seed}", flush=True)
    counts: Counter[str] = Counter()

    def run(forked: ForkedTests) -> None:
        trial = Trial(forked, arguments.runs, arguments.seconds)
        for name, group in chosen.items():
            counts.update(tried(trial, name, group))

    ForkedTests(run).run(sorted({test for group in chosen.values() for m in group for test in tests_of(m.file)}))
    print(share(counts))
    return int(any(counts[status] for status in counts if status not in FOUND))


if __name__ == "__main__":
    raise SystemExit(main())

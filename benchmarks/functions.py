"""How long and how complex the functions of the package are, room by room.

Run: python benchmarks/functions.py

Lines of a function's body without docstring and comments: median, 90th percentile, largest. Share of functions whose
cyclomatic complexity is above 10 (one, and one more for each branch: if, loop, handler, case, condition of a
comprehension, further operand of and/or, conditional expression; functions inside count with the one around them).
"""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "modeflow"
Function = ast.FunctionDef | ast.AsyncFunctionDef
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.Assert)


def functions(tree: ast.AST) -> Iterator[Function]:
    """The functions of a module and the methods of its classes, without those inside functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node
        else:
            yield from functions(node)


def length(function: Function, lines: list[str]) -> int:
    """The lines of code in a body: without its docstring, empty lines and lines of comment."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    if not body:
        return 0
    code = (line.strip() for line in lines[body[0].lineno - 1 : function.end_lineno])
    return sum(bool(line) and not line.startswith("#") for line in code)


def complexity(function: Function) -> int:
    total = 1
    for node in ast.walk(function):
        if isinstance(node, _BRANCHES):
            total += 1
        elif isinstance(node, ast.BoolOp):
            total += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            total += 1 + len(node.ifs)
        elif isinstance(node, ast.match_case):
            total += 1
    return total


def measured(path: Path) -> list[tuple[int, int, str]]:
    """Length, complexity and name of each function in a file."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    return [(length(f, lines), complexity(f), f"{path.name}:{f.name}") for f in functions(ast.parse(text))]


def main() -> None:
    rooms: dict[str, list[tuple[int, int, str]]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "generated" not in path.parts:
            room = path.relative_to(PACKAGE).parts
            rooms.setdefault(room[0] if len(room) > 1 else "top", []).extend(measured(path))
    print(f"{'room':12} functions  median  p90  largest  complexity above 10")
    for room, found in [*rooms.items(), ("all", [f for one in rooms.values() for f in one])]:
        if not found:
            continue
        lengths = sorted(n for n, _, _ in found)
        high = sum(c > 10 for _, c, _ in found)
        p90 = lengths[int(0.9 * (len(lengths) - 1))]
        print(
            f"{room:12} {len(found):9} {statistics.median(lengths):7g} {p90:4} {lengths[-1]:8}"
            f"  {high:3} = {high / len(found):.1%}"
        )


if __name__ == "__main__":
    main()

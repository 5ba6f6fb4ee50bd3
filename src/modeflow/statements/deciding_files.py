"""Which files of this package decide what: the modules that given ones import, read from their source.

Imports inside functions count, those for type checkers do not, nor does what claims load to show themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from . import shipped

# What shows claims and computes with them, on which their verdicts do not depend.
APART = {("language/shown.py", "typeset"), ("statements/evaluated.py", "codegen")}


def digest(*entries: str) -> str:
    """SHA-256 of the source files of modules, such as "proof.prove", and of all that they import."""
    found = sha256()
    for name, content in reached(*entries):
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def whole() -> str:
    """SHA-256 of every source file of this package and of the chapters, and of the tables beside them."""
    found = sha256()
    for folder in (Path(__file__).parents[1], shipped.folder()):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".toml"}):
            content = path.read_bytes()
            found.update(f"{path.relative_to(folder)} {len(content)}\n".encode())
            found.update(content)
    return found.hexdigest()


def reached(*entries: str) -> Iterator[tuple[str, bytes]]:
    """The files, as paths inside the package, with their content."""
    package = Path(__file__).parents[1]
    pending, seen = [part for entry in entries for part in _with_packages(entry)], set[str]()
    while pending:
        path = _file(package, pending.pop())
        if path is not None and path.as_posix() not in seen:
            seen.add(path.as_posix())
            pending += _imported(package, path)
    for name in sorted(seen):
        yield name, (package / name).read_bytes()


def _with_packages(module: str) -> Iterator[str]:
    """A module, after the packages that it is in."""
    parts = module.split(".") if module else []
    yield from (".".join(parts[: n + 1]) for n in range(len(parts)))


def _file(package: Path, module: str) -> Path | None:
    """The file of a module, as a path inside the package; None for what is no module, such as a function in one."""
    inside = Path(*module.split("."))
    for path in (inside.with_suffix(".py"), inside / "__init__.py"):
        if (package / path).is_file():
            return path
    return None


def _imported(package: Path, path: Path) -> Iterator[str]:
    for node in _stated((package / path).read_bytes()):
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.Import):
            yield from (name.removeprefix("modeflow.") for name in names if name.startswith("modeflow."))
        elif (origin := _origin(package, path, node)) is not None and not _is_apart(path, origin):
            yield from _with_packages(".".join(origin))
            yield from (".".join([*origin, name]) for name in names)


def _origin(package: Path, path: Path, node: ast.ImportFrom) -> list[str] | None:
    """From where inside the package names are imported; None for another package."""
    here, parts = path.parent.parts, (node.module or "").split(".")
    if node.level:
        parts = [*here[: len(here) - node.level + 1], *parts]
    elif parts[0] == package.name:
        parts = parts[1:]
    else:
        return None
    return [part for part in parts if part]


def _is_apart(path: Path, origin: list[str]) -> bool:
    return bool(origin) and (path.as_posix(), origin[0]) in APART


@cache
def _stated(content: bytes) -> tuple[ast.Import | ast.ImportFrom, ...]:
    return tuple(_imports(ast.parse(content)))


def _imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, _HOLDS_STATEMENTS) and not (isinstance(node, ast.If) and _is_for_type_checkers(node)):
            yield from _imports(node)


_HOLDS_STATEMENTS = (ast.stmt, ast.ExceptHandler, ast.match_case)  # expressions hold none


def _is_for_type_checkers(node: ast.If) -> bool:
    name = node.test.attr if isinstance(node.test, ast.Attribute) else node.test
    return (name.id if isinstance(name, ast.Name) else name) == "TYPE_CHECKING"

"""ES modules that import each other, as one script: a page opened as a file may not import from other files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

_IMPORT = re.compile(r'^import (\* as (?P<whole>\w+)|\{(?P<names>[^}]*)\}) from "\./(?P<file>[\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:function|const|class) (?P<name>\w+))", re.MULTILINE)
_HANDLER = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)


def bundle(modules: Mapping[str, str], entry: str) -> str:
    """The text of a script that runs the module `entry` and what it imports, each once, in the order of need.

    modules: file name → text. They import with `import { a, b } from "./file"` or `import * as a from "./file"`, and
    export functions, constants and classes where they are declared. ValueError for a module that is not there, and for
    modules that import each other in a circle.
    """
    return "\n".join(_module(name, modules[name]) for name in _in_order(modules, entry))


def _in_order(modules: Mapping[str, str], entry: str) -> list[str]:
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above or name not in modules:
            raise ValueError(f"{' imports '.join((*above, name))}: {'a circle' if name in above else 'no such module'}")
        for needed in _imported(modules[name]):
            visit(needed, (*above, name))
        if name not in order:
            order.append(name)

    visit(entry, ())
    return order


def _imported(text: str) -> Iterator[str]:
    return (found["file"] for found in _IMPORT.finditer(text))


def _module(name: str, text: str) -> str:
    exported = ", ".join(found["name"] for found in _EXPORT.finditer(text))
    body = _EXPORT.sub("", _IMPORT.sub(_taken, text))
    if left := _HANDLER.search(body):
        raise ValueError(f"{name}: {left[0].strip()} is in a form that is not bundled")
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


def _taken(found: re.Match[str]) -> str:
    return f"const {found['whole'] or '{' + found['names'] + '}'} = {_variable(found['file'])};\n"


def _variable(name: str) -> str:
    return f"module_{PurePath(name).stem}"

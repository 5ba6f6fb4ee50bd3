"""The reference: a page for each room of the public surface, from the docstrings, written before Sphinx reads."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import modeflow

_SECTION = re.compile(r"^(Parameters|Attributes|Returns|Raises|Source|Example): ?(.*)$", re.MULTILINE)
_ENTRY = re.compile(r"^    ([\w*]+(?:, [\w*]+)*): ", re.MULTILINE)
_NUMBERS = ("modeflow.evaluate", "modeflow.experiments", "modeflow.witness")
TITLES = {
    "evaluating": "Evaluating",
    "proving": "Deriving and proving",
    "arrays": "`modeflow.arrays`",
    "data": "`modeflow.data`",
    "manuscript": "`modeflow.manuscript`",
}


def public() -> dict[str, dict[str, Any]]:
    """Page → name → object: all that `__all__` of the package and of its public modules lists."""
    found: dict[str, dict[str, Any]] = {page: {} for page in TITLES}
    for name in modeflow.__all__:
        one = getattr(modeflow, name)
        if isinstance(one, ModuleType):
            found[name] = {f"modeflow.{name}.{inner}": getattr(one, inner) for inner in one.__all__}
        elif callable(one):
            page = "evaluating" if one.__module__.startswith(_NUMBERS) else "proving"
            found[page][f"modeflow.{name}"] = one
    return found


def pages() -> dict[str, str]:
    """File name → page, in Markdown."""
    return {f"{page}.md": "\n\n".join(_page(page, objects)) + "\n" for page, objects in public().items()}


def _page(page: str, objects: dict[str, Any]) -> Iterator[str]:
    yield f"# {TITLES[page]}"
    for name, one in objects.items():
        yield f"## {name.rpartition('.')[2]}"
        yield "\n".join(_object(name, one))
        for member, method in _methods(one):
            yield "\n".join(_object(f"{name}.{member}", method))


def _methods(one: Any) -> Iterable[tuple[str, Any]]:
    members = vars(one).items() if isinstance(one, type) else ()
    return [(n, m) for n, m in members if not n.startswith("_") and inspect.getdoc(m) and not _is_field(m)]


def _is_field(member: Any) -> bool:
    return not (inspect.isfunction(member) or isinstance(member, property | classmethod))


def _object(name: str, one: Any) -> Iterator[str]:
    if not callable(one) and not isinstance(one, property | classmethod):
        yield f"````{{py:data}} {name}\n:value: {one!r}\n````"
        return
    kind, signature = _kind(one), "" if isinstance(one, property) else _signature(getattr(one, "__func__", one))
    yield f"````{{py:{kind}}} {name}{signature}\n"
    yield from _told(inspect.getdoc(one) or "")
    yield "````"


def _kind(one: Any) -> str:
    if isinstance(one, type):
        return "exception" if issubclass(one, BaseException) else "class"
    if isinstance(one, property):
        return "property"
    inside = isinstance(one, classmethod) or "." in one.__qualname__
    return "method" if inside else "function"


def _signature(one: Any) -> str:
    try:
        signature = inspect.signature(one)
    except ValueError:
        return ""
    bare = [p.replace(annotation=p.empty) for p in signature.parameters.values() if p.name not in ("self", "cls")]
    if any(len(repr(p.default)) > 60 for p in bare if p.default is not p.empty):
        bare = [p.replace(default=...) if p.default is not p.empty else p for p in bare]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))


def _told(text: str) -> Iterator[str]:
    """A docstring in Markdown: its sections with headings in bold, its entries as a list, its example as code."""
    before, *sections = _SECTION.split(text)
    yield f"{_words(before)}\n"
    for title, first, rest in zip(sections[::3], sections[1::3], sections[2::3], strict=True):
        if title == "Example":
            yield f"```python\n{inspect.cleandoc(rest)}\n```\n"
        elif entries := _ENTRY.split(f"\n{rest}".lstrip("\n") if rest.startswith("\n") else rest)[1:]:
            yield f"**{title}** {_words(first)}\n".replace("** \n", "**\n")
            yield from (
                f"- {_names(n)}: {_words(' '.join(w.split()))}"
                for n, w in zip(entries[::2], entries[1::2], strict=True)
            )
            yield ""
        else:
            yield f"**{title}**: {_words(' '.join(f'{first} {rest}'.split()))}\n"


def _names(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split(", "))


def _words(text: str) -> str:
    """Prose of a docstring: what Markdown would take for more is escaped, code is left alone."""
    parts = re.split(r"(`+[^`]*`+)", text)
    return "".join(part if n % 2 else re.sub(r"([*_$<>\[\]{}|#])", r"\\\1", part) for n, part in enumerate(parts))


def write(app: Any) -> None:
    """Writes the pages."""
    folder = Path(app.srcdir) / "reference"
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

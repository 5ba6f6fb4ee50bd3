"""The reference: a page for each room of the public surface, from the docstrings, written before Sphinx reads."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import modeflow
from modeflow.typeset.prose import in_unicode

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
RESULTS = "Results"


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


def results() -> dict[str, type]:
    """Name → class, of what public functions return and attributes hold but nobody has to import, in their order."""
    known = [one for objects in public().values() for one in objects.values()]
    found = list(known)
    for one in found:  # which grows
        found += [c for c in _types_in(one) if c.__module__.startswith("modeflow") and c not in found]
    return {one.__name__: one for one in found[len(known) :]}


def _types_in(one: Any) -> Iterator[type]:
    """The classes in the types of what a function returns; for a class of its attributes and of what methods return."""
    if not isinstance(one, type):
        yield from _classes(typing.get_type_hints(one).get("return")) if inspect.isfunction(one) else ()
        return
    for hint in typing.get_type_hints(one).values():
        yield from _classes(hint)
    for _, member in _methods(one):
        function = getattr(member, "__func__", None) or getattr(member, "fget", None) or member
        yield from _classes(typing.get_type_hints(function).get("return"))


def _classes(hint: Any) -> Iterator[type]:
    if isinstance(hint, type):
        yield hint
    for part in typing.get_args(hint):
        yield from _classes(part)


def pages() -> dict[str, str]:
    """File name → page, in Markdown."""
    told = {page: _page(TITLES[page], objects) for page, objects in public().items()}
    told["results"] = _page(RESULTS, results(), "What the public functions return. None of these is made by hand.")
    return {f"{page}.md": "\n\n".join(parts) + "\n" for page, parts in told.items()}


def _page(title: str, objects: dict[str, Any], opening: str = "") -> Iterator[str]:
    yield f"# {title}"
    if opening:
        yield opening
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
    by_hand = not isinstance(one, property) and not (isinstance(one, type) and "." not in name)
    kind, signature = _kind(one), _signature(getattr(one, "__func__", one)) if by_hand else ""
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
    """Prose of a docstring: signs as they are printed, what Markdown would take for more escaped, code left alone."""
    parts = re.split(r"(`+[^`]*`+)", in_unicode(text, {}))
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

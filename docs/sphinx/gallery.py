"""The gallery: each script in docs/gallery is run, and becomes a page with its picture, for light and dark screens."""

from __future__ import annotations

import ast
import contextlib
import io
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

_LOOK = {
    "figure.figsize": (7.2, 4.2),
    "figure.constrained_layout.use": True,
    "font.size": 12,  # to be read on a phone as well
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_LOOKS: dict[str, Any] = {"light": {}, "dark": dict(plt.style.library["dark_background"])}


@dataclass(frozen=True)
class Example:
    """A script: the first line of its docstring is the title, the rest says what is seen."""

    path: Path
    title: str
    text: str
    code: str


def examples(folder: Path) -> list[Example]:
    """The scripts of a folder, by name."""
    return [_read(path) for path in sorted(folder.glob("*.py"))]


def _read(path: Path) -> Example:
    source = path.read_text(encoding="utf-8")
    title, _, text = (ast.get_docstring(ast.parse(source)) or "").partition("\n\n")
    return Example(path, title, text, source.partition('"""\n\n')[2])


def run(example: Example, look: str = "light") -> tuple[Any, str]:
    """The figure that a script draws, and what it prints. Whatever it raises is raised."""
    plt.close("all")
    printed = io.StringIO()
    settings: Any = {**matplotlib.rcParamsDefault, **_LOOKS[look], **_LOOK}
    with plt.rc_context(settings), contextlib.redirect_stdout(printed):
        runpy.run_path(str(example.path))
        return plt.gcf(), printed.getvalue()


def page(example: Example, printed: str) -> str:
    """The page of an example, in Markdown."""
    return "\n\n".join([f"# {example.title}", example.text, _picture(example), *_code(example, printed)]) + "\n"


def _picture(example: Example) -> str:
    name = example.path.stem
    return "".join(f"![{example.title}]({name}-{look}.svg){{.only-{look}}}" for look in _LOOKS)


def _code(example: Example, printed: str) -> Iterator[str]:
    yield f"```python\n{example.code.strip()}\n```"
    if printed:
        yield f"It prints\n\n```text\n{printed.strip()}\n```"


def index(found: list[Example]) -> str:
    """The page of all pictures."""
    cards = [f":::{{container}} card\n{_picture(e)}\n\n[{e.title}]({e.path.stem}.md)\n:::" for e in found]
    listed = "\n".join(e.path.stem for e in found)
    return "\n\n".join(
        [
            "# Gallery",
            "Each picture is drawn by the few lines on its page when this site is built.",
            "::::{container} cards\n" + "\n\n".join(cards) + "\n::::",
            f"```{{toctree}}\n:hidden:\n{listed}\n```\n",
        ]
    )


def write(app: Any) -> None:
    """Runs the scripts and writes their pages beside them."""
    folder = Path(app.srcdir) / "gallery"
    found = examples(folder)
    for example in found:
        for look in _LOOKS:
            figure, printed = run(example, look)
            figure.savefig(folder / f"{example.path.stem}-{look}.svg", transparent=True)
        (folder / f"{example.path.stem}.md").write_text(page(example, printed), encoding="utf-8")
    (folder / "index.md").write_text(index(found), encoding="utf-8")


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The page of the explorer: its parts and what it shows, put into one file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib import metadata, resources
from typing import Any

from ...codegen import javascript
from ...language.verdict import Verdict
from .bundle import bundle
from .formulas import formulas, names_source
from .plotting import VERSION, Plotting

EXAMPLE = (4.0, 2.0, 1.0, 0.5, 0.25, 0.125)  # a spectrum for a page without data
MOST = 512  # modes of a page
_SLOT = re.compile(r"@(?P<name>[\w-]+)(?::(?P<arguments>[^@]*))?@")


def explorer(
    eigenvalues: Sequence[float], *, source: str, plotting: Plotting, verdicts: Mapping[str, Verdict], pages: str = ""
) -> str:
    """The page, as HTML that needs nothing else.

    eigenvalues: at most 512 numbers >= 0, those of the modes. source: what they are, in words. verdicts: by id, on the
    claims of `shown_claims`. pages: the start of the addresses of pages of claims, each of which ends in ID.html.
    """
    largest = max(eigenvalues, default=0.0)
    shown = {**formulas(verdicts), "pages": pages}
    data = {"eigenvalues": list(eigenvalues), "noise": float(f"{largest / 10:.1g}"), "formulas": shown}
    edges = resources.files("modeflow.typeset").joinpath("edges.css").read_text(encoding="utf-8")
    return _filled(_asset("explorer.html"), {
        "version": escape(metadata.version("modeflow")),
        "source": escape(source),
        "style": _asset("explorer.css") + edges,
        "plotting-style": plotting.style,
        "plotting-script": _within_script(plotting.script),
        "plotting-licence": escape(plotting.licence),
        "plotting-version": VERSION,
        "data": json.dumps(data).replace("<", r"\u003c"),
        "script": _within_script(bundle(_modules(), "main.js")),
    })  # fmt: skip


def _modules() -> dict[str, str]:
    """The generated evaluators, and what draws them."""
    assets = resources.files(__package__).joinpath("assets").iterdir()
    own = {file.name: file.read_text(encoding="utf-8") for file in assets if file.name.endswith(".js")}
    return javascript.generated_sources() | {"names.mjs": names_source()} | own


def _filled(template: str, parts: Mapping[str, str]) -> str:
    def part(found: re.Match[str]) -> str:
        return _control(found["arguments"]) if found["name"] == "control" else parts[found["name"]]

    return _SLOT.sub(part, template)


def _control(arguments: str) -> str:
    """A number field with its slider."""
    name, label, unit = arguments.split("|")
    return _filled(_asset("control.html"), {"name": name, "label": escape(label), "unit": escape(unit)}).rstrip()


def _within_script(text: str) -> str:
    """Text that cannot end the element it is in."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", text, flags=re.IGNORECASE)


def _asset(name: str) -> Any:
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")

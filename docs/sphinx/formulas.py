"""Formulas of the pages as MathML, made when the pages are: they need no script and no network."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.errors import ExtensionError

from modeflow.typeset.mathml import UnusableFormula, aligned, mathml

_BREAKS = re.compile(r"(\\begin\{\w+\}|\\end\{\w+\}|\\\\(?:\[[\d.]+\w+\])?)")
_STOPS = re.compile(r"[.,;:!?)\]’”]+")
_ROWS = re.compile(r"\\begin\{aligned\}(.*)\\end\{aligned\}", re.DOTALL)


def inline(tex: str, place: str) -> str:
    """A formula within a line. Raises ExtensionError, which ends the build, where it cannot be written."""
    return _written(tex, place, mathml)


def display(tex: str, place: str) -> str:
    """A formula on lines of its own, which scrolls where the page is too narrow. Raises as `inline`."""
    return f'<div class="formula">{_written(tex.strip(), place, _block)}</div>\n'


def _block(tex: str) -> str:
    if rows := _ROWS.fullmatch(tex):
        return aligned(_split(rows[1]))
    return mathml(tex).replace('display="inline"', 'display="block"', 1)


def _split(tex: str) -> list[str]:
    """The rows: parts between line breaks that are in no environment inside."""
    rows, depth = [""], 0
    for part in _BREAKS.split(tex):
        depth += part.startswith(r"\begin") - part.startswith(r"\end")
        if part.startswith(r"\\") and not depth:
            rows.append("")
        else:
            rows[-1] += part
    return [row.strip() for row in rows]


def _written(tex: str, place: str, write: Any) -> str:
    try:
        written = str(write(tex))
    except UnusableFormula as error:
        raise ExtensionError(f"{place}: {error}") from error
    if unknown := re.search(r"\\\w*", written):
        raise ExtensionError(f"{place}: {tex}: cannot be written as MathML ({unknown[0]} is not known)")
    return written


def keep_together(app: Any, tree: nodes.document, page: str) -> None:
    """A stop after a formula stays on its line, where a browser would let the line end before it."""
    for formula in list(tree.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True)
        stop = _STOPS.match(after.astext()) if isinstance(after, nodes.Text) else None
        if stop is not None:
            kept = nodes.inline("", "", formula.deepcopy(), nodes.Text(stop[0]), classes=["kept"])
            formula.parent.replace(formula, kept)
            after.parent.replace(after, nodes.Text(after.astext()[stop.end() :]))


def _place(translator: Any, node: nodes.Node) -> str:
    return f"{translator.builder.current_docname}:{node.line or ''}"


def _visit_inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(inline(node.astext(), _place(translator, node)))
    raise nodes.SkipNode


def _visit_display(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(display(node.astext(), _place(translator, node)))
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("doctree-resolved", keep_together)
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}

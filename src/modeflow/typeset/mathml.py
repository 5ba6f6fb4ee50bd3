"""Formulas as MathML, which browsers set by themselves: made from the LaTeX that this package prints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

# Chromium aligns a cell of mathematics by its own word for it; Firefox by the attribute of the table.
_ALIGNED = ("text-align: -webkit-right; padding: 0.25em 0", "text-align: left; padding: 0.25em 0 0.25em 0.28em")
_FUNCTION = re.compile(r"(?<=[\w})]) (?=\\(?:exp|ln|max|sinh|cosh|tanh|sin|cos|tan)\b)")
_NO_BRACKET = re.compile(r"\\(left|right)\.(?=\d)")  # the point is a bracket that is not drawn, and part of no number


class UnusableFormula(ValueError):
    """LaTeX, from the letters of an alphabet, that cannot be written as MathML; the message is the formula and why."""


def mathml(tex: str) -> str:
    """A formula within a line, given without delimiters, as a <math> element.

    Raises UnusableFormula, and ModuleNotFoundError where latex2mathml is not installed.
    """
    return str(tostring(_converted(tex), encoding="unicode"))


def aligned(rows: Iterable[str]) -> str:
    """A display of rows below each other, aligned where each has its first &. Raises as `mathml`."""
    display = Element("math", xmlns="http://www.w3.org/1998/Math/MathML", display="block")
    table = SubElement(display, "mtable", columnalign="right left", columnspacing="0", displaystyle="true")
    for row in rows:
        before, _, after = row.partition("&")
        line = SubElement(table, "mtr")
        for side, style in zip((before, after), _ALIGNED, strict=True):
            cell = SubElement(line, "mtd", style=style)
            if side.strip():
                cell.extend(_converted(side))
    return str(tostring(display, encoding="unicode"))


def _converted(tex: str) -> Any:
    from latex2mathml import exceptions
    from latex2mathml.converter import convert_to_element

    try:
        element = convert_to_element(_FUNCTION.sub(r" \\, ", _NO_BRACKET.sub(r"\\\1. ", tex)))
    except Exception as error:
        # Its refusals have no base class in common.
        if type(error).__module__ != exceptions.__name__ and not isinstance(error, LookupError | ValueError):
            raise
        raise UnusableFormula(f"{tex}: cannot be written as MathML ({type(error).__name__})") from error
    for part in element.iter():
        # Signs come as character references, which would be escaped once more.
        part.text = unescape(part.text) if part.text else part.text
    return element

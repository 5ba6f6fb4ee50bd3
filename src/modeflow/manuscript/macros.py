"""The commands that a manuscript's author defined: read where they are plain, refused where they are not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from .letters import KNOWN
from .tokens import Macro

LONGEST = 4000  # characters in the body of one
MOST = 1000  # definitions that are read in one file

_COMMAND = re.compile(
    r"\\(?P<how>newcommand|renewcommand|providecommand|DeclareRobustCommand|DeclareMathOperator|[egx]?def|let"
    r"|(?:New|Renew|Provide|Declare)DocumentCommand|(?:new|renew|provide)robustcmd|(?:re)?newcommandx)\*?\s*"
    r"(?P<brace>\{\s*)?(?P<name>\\(?:[A-Za-z]+|.))\s*(?:\}\s*)?(?P<rest>[^{\n]*)"
)
_SIMPLE = {"newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"}


def define(text: str, macros: dict[str, Macro]) -> None:
    """Adds the definitions in the text; a command that is not read, or defined in two ways, has no body."""
    closed = _closed_braces(text)
    first = {m[0]: m.start() for m in reversed(list(re.finditer(r"\\[A-Za-z]+", text)))}
    for found in islice(_COMMAND.finditer(text), MOST):
        how, name, rest = found["how"], found["name"], found["rest"].strip()
        macro = Macro(0, None)
        body = _group(text, found.end(), closed)
        if body is not None and how in _SIMPLE and (takes := re.fullmatch(r"(?:\[(\d)\])?", rest)):
            macro = Macro(int(takes[1] or 0), body)
        elif body is not None and how == "DeclareMathOperator" and not rest:
            macro = Macro(0, rf"\operatorname{{{body}}}")
        elif body is not None and how == "def" and re.fullmatch(r"(#\d)*", rest):
            macro = Macro(len(rest) // 2, body)
        if name in KNOWN and (how == "providecommand" or first.get(name, found.start()) < found.start()):
            macro = Macro(0, None)  # it keeps its own meaning, or has it up to here
        if name in macros and macros[name] != macro:
            macro = Macro(0, None)  # which of the two holds depends on the place
        macros[name] = macro


def _group(text: str, start: int, closed: Mapping[int, int]) -> str | None:
    """The inside of the braces that open there; None where none open, or none close."""
    end = closed.get(start)
    return None if end is None or end - start > LONGEST else text[start + 1 : end]


def _closed_braces(text: str) -> dict[int, int]:
    """Where each brace that is closed closes."""
    opened, closed = [], {}
    for found in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            closed[opened.pop()] = found.start()
    return closed

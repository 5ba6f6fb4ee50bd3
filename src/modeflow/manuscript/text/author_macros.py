"""The commands that a manuscript's author defined: read where they are plain, refused where they are not."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from .commands import KNOWN
from .tokens import Macro

LONGEST = 4000  # characters in the body of one
MOST = 1000  # definitions that are read in one file

_COMMAND = re.compile(
    r"\\(?P<how>newcommand|renewcommand|providecommand|DeclareRobustCommand|DeclareMathOperator|[egx]?def|let"
    r"|(?:New|Renew|Provide|Declare)DocumentCommand|(?:new|renew|provide)robustcmd|(?:re)?newcommandx)\*?\s*"
    r"(?P<brace>\{\s*)?(?P<name>\\(?:[A-Za-z]+|.))\s*(?:\}\s*)?(?P<rest>[^{\n]*)"
)
_CHARACTER = re.compile(
    r"\\(?P<how>newunicodechar|DeclareUnicodeCharacter)\s*\{\s*(?P<name>[^{}\\\s]{1,6})\s*\}(?P<rest>)"
)
_UNREAD = Macro(0, None)
_SIMPLE = {"newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"}
_ENVIRONMENT = re.compile(
    r"\\(?P<how>(?:re)?newenvironment|(?:New|Renew|Provide|Declare)DocumentEnvironment)\*?\s*"
    r"\{\s*(?P<name>[^{}\\\n]+?)\s*\}\s*(?P<rest>[^{\n]*)"
)


@dataclass(frozen=True)
class Definition:
    """What the author defines: a command (`\\be`), a character (`λ`) or an environment (`{myeq}`).

    how, takes: how it is defined, and what it takes. bodies: what it stands for; an environment has two, and a body
    that is not found is None.
    begin, end: where the definition stands.
    """

    how: str
    name: str
    takes: str
    bodies: tuple[str | None, ...]
    begin: int
    end: int


def definitions(text: str) -> list[Definition]:
    """What the author defines in the text, in its order."""
    closed = closed_braces(text)
    commands = (_definition(text, found, found["name"], 1, closed) for found in islice(_COMMAND.finditer(text), MOST))
    characters = (
        _definition(text, found, name, 1, closed)
        for found in islice(_CHARACTER.finditer(text), MOST)
        if (name := _character(found))
    )
    environments = (
        _definition(text, found, f"{{{found['name']}}}", 2, closed)
        for found in islice(_ENVIRONMENT.finditer(text), MOST)
    )
    return sorted([*commands, *characters, *environments], key=lambda d: d.begin)


def _character(found: re.Match[str]) -> str:
    """The character that is defined, by itself or by its number; "" where there is none."""
    name = found["name"]
    if found["how"] == "DeclareUnicodeCharacter":
        is_number = re.fullmatch("[0-9A-Fa-f]+", name) and int(name, 16) <= sys.maxunicode
        return chr(int(name, 16)) if is_number else ""
    return name if len(name) == 1 else ""


def _definition(text: str, found: re.Match[str], name: str, bodies: int, closed: Mapping[int, int]) -> Definition:
    takes, at = found["rest"].strip(), found.end()
    read: list[str | None] = []
    if "Document" in found["how"]:
        takes = _group(text, _blank(text, at), closed) or ""
        at = closed.get(_blank(text, at), at - 1) + 1
    for _ in range(bodies if found["how"] != "let" else 0):
        opened = _blank(text, at)
        read.append(_group(text, opened, closed))
        at = closed[opened] + 1 if opened in closed else at
    return Definition(found["how"], name, takes, tuple(read), found.start(), at)


_SPACE = re.compile(r"\s*+")


def _blank(text: str, at: int) -> int:
    """Where the white space there ends."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def define(found_there: Sequence[Definition], text: str, macros: dict[str, Macro]) -> None:
    """Adds the definitions in the text; a command that is not read, or defined in two ways, has no body."""
    first = {m[0]: m.start() for m in reversed(list(re.finditer(r"\\[A-Za-z]+", text)))}
    last: dict[str, Definition] = {}
    others = _without(found_there, text)
    for found in (one for one in found_there if one.name[0] != "{"):
        name, macro = found.name, _macro(found)
        # A known command keeps its meaning, or has it up to here; which of two definitions holds depends on the place.
        is_kept = name in KNOWN and (found.how == "providecommand" or first.get(name, found.begin) < found.begin)
        is_other = macros.get(name, macro) != macro and not (name in last and _replaces(found, last[name], others))
        macros[name], last[name] = _UNREAD if is_kept or is_other else macro, found


def _without(found_there: Sequence[Definition], text: str) -> str:
    """The text with its definitions blanked: what stands in one is used where it is called."""
    parts, at = [], 0
    for one in found_there:
        if one.begin >= at:
            parts += [text[at : one.begin], " " * (one.end - one.begin)]
            at = max(at, one.end)
    return "".join([*parts, text[at:]])


_DEPENDS = re.compile(r"\\(?:if|else|fi|begin|end)")


def _replaces(found: Definition, before: Definition, text: str) -> bool:
    """Whether a definition holds wherever the one before in the same text does: nothing stands between that uses it."""
    between = text[before.end : found.begin]
    is_used = re.search(re.escape(found.name) + r"(?![A-Za-z])", between)
    is_level = between.count("{") == between.count("}") and not _DEPENDS.search(between)
    return is_level and not is_used and found.how not in ("providecommand", "newcommand", "let")


def _macro(found: Definition) -> Macro:
    """What a command stands for, where its definition is plain."""
    takes = found.takes
    if not found.bodies or (body := found.bodies[0]) is None:
        return _UNREAD
    if found.how in _SIMPLE and (counted := re.fullmatch(r"(?:\[([1-9])\]\s*(?:\[([^\[\]]*)\])?)?", takes)):
        return Macro(int(counted[1] or 0), body, counted[2])
    if "nicode" in found.how:
        return Macro(0, body)
    if found.how == "DeclareMathOperator" and not takes:
        return Macro(0, rf"\operatorname{{{body}}}")
    if found.how == "def" and re.fullmatch(r"(#\d)*", takes):
        return Macro(len(takes) // 2, body)
    return _UNREAD


def _group(text: str, start: int, closed: Mapping[int, int]) -> str | None:
    """The inside of the braces that open there; None where none open, or none close."""
    end = closed.get(start)
    return None if end is None or end - start > LONGEST else text[start + 1 : end]


def closed_braces(text: str) -> dict[int, int]:
    """Where each brace that is closed closes."""
    opened, closed = [], {}
    for found in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            closed[opened.pop()] = found.start()
    return closed

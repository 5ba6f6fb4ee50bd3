r"""What begins and ends a display: the environments of LaTeX and AMS, and what the author made of them.

\newcommand{\be}{\begin{equation}}, \newenvironment{eqn}{\begin{align}}{\end{align}}, \newcommand{\eqn}[1]{\[#1\]}.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .author_macros import Definition

DISPLAYS = (
    *("equation", "align", "gather", "multline", "eqnarray", "displaymath", "math", "flalign", "alignat"),
    *("xalignat", "xxalignat", "dmath", "IEEEeqnarray"),
)
# Displays of other packages: they are seen, and not read.
UNREAD = (
    *("dgroup", "dseries", "darray", "dsuspend", "empheq", "mathpar", "numcases", "subnumcases", "subeqnarray"),
    *("mini", "maxi", "argmini", "argmaxi", "minie", "maxie", "equationarray"),
)
_INSIDE = ("aligned", "split", "gathered")  # what may open inside of a display
DEEPEST = 5  # names that stand for each other


@dataclass(frozen=True)
class Opening:
    """What begins a display: the environments it opens, how many arguments it takes, and why it is not read.

    whole: the argument that is the display itself, as in \\eqn{…}; 0 where a command of its own ends it.
    """

    environments: tuple[str, ...]
    arguments: int = 0
    problem: str = ""
    whole: int = 0


@dataclass
class Displays:
    r"""What begins displays, and what ends them: commands (`\be`, `\[`) and environments (`{equation}`)."""

    opens: dict[str, Opening] = field(default_factory=dict)
    closes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, definitions: Iterable[Definition]) -> None:
        """Adds what the author defined, also by names that stand for each other."""
        known = list(definitions)
        for _ in range(DEEPEST):
            before = dict(self.opens), dict(self.closes)
            found: dict[str, list[_Meaning]] = {}
            for definition in known:
                for name, meaning in self._meanings(definition):
                    found.setdefault(name, []).append(meaning)
            for name, meanings in found.items():
                self._set(name, meanings)
            if before == (self.opens, self.closes):
                break

    def _set(self, name: str, meanings: list[_Meaning]) -> None:
        first = meanings[0]
        if any(m != first for m in meanings) or (name in _BUILT_IN.opens and first.opens != _BUILT_IN.opens[name]):
            reason = f"{_shown(name)} is defined in two ways"
            several = any(m.opens for m in meanings) or name in _BUILT_IN.opens
            first = _Meaning(Opening((name,), 0, reason) if several else None, None)
        self.opens.pop(name, None)
        self.closes.pop(name, None)
        self.opens |= {name: first.opens} if first.opens is not None else {}
        self.closes |= {name: first.closes} if first.closes is not None else {}

    def _meanings(self, definition: Definition) -> list[tuple[str, _Meaning]]:
        name, bodies = definition.name, definition.bodies
        if definition.how == "let":
            bodies = (definition.takes.lstrip("= "),)
        if None in bodies or not bodies:
            return []
        parts = [self._parts(str(body)) for body in bodies]
        if not any(kind in "BE$?" for part in parts for kind, _ in part):
            return [(name, _Meaning(None, None))]
        if name[0] == "{":
            return [(name, _of_environment(name, definition.takes, *parts))] if len(parts) == 2 else []
        delimited = re.fullmatch(r"#1\s*(\\[A-Za-z]+)", definition.takes)
        meaning = _of_command(name, "[1]" if delimited else definition.takes, parts[0])
        if delimited and meaning.opens and meaning.opens.whole:
            ends = (name, *meaning.opens.environments)
            inner = Opening(ends)
            return [(name, _Meaning(inner, None)), (delimited[1], _Meaning(None, ends))]
        return [(name, meaning)]

    def _parts(self, body: str) -> list[tuple[str, str]]:
        """What stands in a body: B and E begin and end environments; $, # an argument; space, label, or other."""
        parts: list[tuple[str, str]] = []
        depth = 0
        for found in _PART.finditer(body):
            name = re.sub(r"\\(?:begin|end)|\s", "", found[0]) if found["environment"] else found[0]
            ends = bool(found["environment"]) and found[0].startswith("\\end")
            opening, closing = None if ends else self.opens.get(name), self.closes.get(name)
            if found[0] in ("$", "$$"):
                parts.append(("$", found[0]))
            elif opening is not None and not (opening.problem or opening.whole):
                parts += [("B", environment) for environment in opening.environments]
            elif opening is not None:
                parts.append(("?", name))
            elif closing is not None and (ends or not found["environment"]):
                parts += [("E", environment) for environment in reversed(closing)]
            elif found["environment"] and name.strip("{}") in _INSIDE and (depth or ends):
                parts.append(("E" if ends else "B", name.strip("{}")))
            else:
                parts.append((found.lastgroup or "other", found[0]) if not found["environment"] else ("other", name))
            depth += (parts[-1][0] == "B") - (parts[-1][0] == "E")
        return parts


@dataclass(frozen=True)
class _Meaning:
    opens: Opening | None
    closes: tuple[str, ...] | None


_PART = re.compile(
    r"\\(?:begin|end)\s*(?P<environment>\{[^{}]*\})|(?P<label>\\label\s*\{[^{}]*\})|(?P<argument>\#\d)|(?P<space>\s+)"
    r"|(?P<stop>[.,;]|\\[,;!]|\\(?:nonumber|notag)(?![A-Za-z]))|(?P<other>\\[A-Za-z]+|\\.|\$\$?|.)",
    re.DOTALL,
)
_TAKES = re.compile(r"(?:\[(\d)\])?|((?:#\d)*)|([m\s]*)")


_IN_WHOLE = {"B", "E", "argument", "stop", "label"}


def _of_command(name: str, takes: str, parts: list[tuple[str, str]]) -> _Meaning:
    kinds = [kind for kind, _ in parts if kind != "space"]
    counted = _TAKES.fullmatch(takes)
    arguments = 0
    if counted:
        arguments = int(counted[1]) if counted[1] else (counted[2] or "").count("#") + (counted[3] or "").count("m")
    if kinds == ["$"]:
        sign = ("$$",) if parts[0][1] == "$$" else ("$",)
        return _Meaning(Opening(sign), sign) if sign == ("$$",) and not arguments else _Meaning(None, None)
    begins = tuple(value for kind, value in parts if kind == "B")
    ends = tuple(reversed([value for kind, value in parts if kind == "E"]))
    if begins and not ends and not {"$", "?"} & set(kinds):
        behind = kinds[kinds.index("B") :]
        plain = set(behind) <= {"B", "label"} and counted is not None
        return _Meaning(Opening(begins, arguments, "" if plain else _beyond(name)), None)
    if ends and not begins and not {"$", "?"} & set(kinds):
        plain = set(kinds[: len(kinds) - kinds[::-1].index("E")]) <= {"E", "stop"}
        return _Meaning(None, ends if plain else (_beyond(name),))
    whole = [value for kind, value in parts if kind == "argument"]
    if begins and begins == ends and len(whole) == 1 and set(kinds) <= _IN_WHOLE and counted:
        return _Meaning(Opening(begins, arguments, "", int(whole[0][1:])), None)
    shows = begins or ends or "?" in kinds or any(value == "$$" for _, value in parts)
    return _Meaning(Opening((name,), 0, _beyond(name)), None) if shows else _Meaning(None, None)


def _of_environment(name: str, takes: str, *parts: list[tuple[str, str]]) -> _Meaning:
    begin, end = _of_command(name, takes, parts[0]), _of_command(name, "", parts[1])
    if begin.opens is not None and begin.opens.environments == end.closes and not begin.opens.whole:
        return _Meaning(begin.opens, end.closes)
    if all(_only_formulas(part) for part in parts):
        return _Meaning(None, None)
    return _Meaning(Opening((name,), 0, _beyond(name)), None)


def _only_formulas(part: list[tuple[str, str]]) -> bool:
    """Whether it holds no more of mathematics than whole formulas, as the end of a proof does."""
    return (
        not any(kind in "BE?" or value == "$$" for kind, value in part)
        and len([k for k, _ in part if k == "$"]) % 2 == 0
    )


def _beyond(name: str) -> str:
    return f"the display that {_shown(name)} sets is not read: write \\begin{{equation}} … \\end{{equation}}"


def _shown(name: str) -> str:
    return f"\\begin{name}" if name[0] == "{" else name


def standard() -> Displays:
    """The displays of LaTeX, AMS and some packages, as environments and as commands of these."""
    found = Displays()
    for name in (*DISPLAYS, *UNREAD):
        problem = f"the environment {name} is not read" if name in UNREAD else ""
        for written in (name, f"{name}*"):
            found.opens[f"{{{written}}}"] = Opening((written,), 0, problem)
            found.closes[f"{{{written}}}"] = (written,)
        if name not in ("math", "gather", "align", "mini", "maxi"):
            found.opens[f"\\{name}"], found.closes[f"\\end{name}"] = Opening((name,), 0, problem), (name,)
    for opened, closed in (("\\[", "\\]"), ("\\(", "\\)")):
        found.opens[opened], found.closes[closed] = Opening((opened,)), (opened,)
    return found


_BUILT_IN = standard()

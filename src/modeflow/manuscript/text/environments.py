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
Part = tuple[str, str]  # of the body of a definition: its kind, and what stands there
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
        name, takes = definition.name, definition.takes
        bodies = (takes.lstrip("= "),) if definition.how == "let" else definition.bodies
        if None in bodies or not bodies:
            return []
        parts = [self._parts(str(body)) for body in bodies]
        if not any(_shows_displays(part) or _values(part, "$") for part in parts):
            return [(name, _NOTHING)]
        if name[0] == "{":
            return [(name, _of_environment(name, takes, *parts))] if len(parts) == 2 else []
        delimited = re.fullmatch(r"#1\s*(\\[A-Za-z]+)", takes)
        return _of_pair(name, delimited[1], parts[0]) if delimited else [(name, _of_command(name, takes, parts[0]))]

    def _parts(self, body: str) -> list[Part]:
        """What stands in a body: B and E begin and end environments; $, # an argument; space, label, or other."""
        parts: list[Part] = []
        depth = 0
        for found in _PART.finditer(body):
            if found["environment"]:
                parts += self._environment(found[0], depth)
            else:
                parts += self._command(found[0]) or [(found.lastgroup or "other", found[0])]
            depth += (parts[-1][0] == "B") - (parts[-1][0] == "E")
        return parts

    def _command(self, name: str) -> list[Part]:
        if name in ("$", "$$"):
            return [("$", name)]
        return self._begun(name) or self._ended(name)

    def _environment(self, written: str, depth: int) -> list[Part]:
        name, ends = re.sub(r"\\(?:begin|end)|\s", "", written), written.startswith("\\end")
        if known := self._ended(name) if ends else self._begun(name):
            return known
        inner = name.strip("{}")
        return [("E" if ends else "B", inner)] if inner in _INSIDE and (depth or ends) else [("other", name)]

    def _begun(self, name: str) -> list[Part]:
        opening = self.opens.get(name)
        if opening is None:
            return []
        if opening.problem or opening.whole:
            return [("?", name)]
        return [("B", environment) for environment in opening.environments]

    def _ended(self, name: str) -> list[Part]:
        return [("E", environment) for environment in reversed(self.closes.get(name, ()))]


@dataclass(frozen=True)
class _Meaning:
    opens: Opening | None
    closes: tuple[str, ...] | None


_NOTHING = _Meaning(None, None)

_PART = re.compile(
    r"\\(?:begin|end)\s*(?P<environment>\{[^{}]*\})|(?P<label>\\label\s*\{[^{}]*\})|(?P<argument>\#\d)|(?P<space>\s+)"
    r"|(?P<stop>[.,;]|\\[,;!]|\\(?:nonumber|notag)(?![A-Za-z]))|(?P<other>\\[A-Za-z]+|\\.|\$\$?|.)",
    re.DOTALL,
)
_TAKES = re.compile(r"(?:\[(\d)\])?|((?:#\d)*)|([m\s]*)")


_IN_WHOLE = {"B", "E", "argument", "stop", "label", "space"}


def _of_command(name: str, takes: str, parts: list[Part]) -> _Meaning:
    kinds = [kind for kind, _ in parts if kind != "space"]
    if kinds == ["$"]:
        return _Meaning(Opening(("$$",)), ("$$",)) if parts[0][1] == "$$" and not _count(takes) else _NOTHING
    begins, ends = _values(parts, "B"), _values(parts, "E")[::-1]
    if bool(begins) != bool(ends) and not {"$", "?"} & set(kinds):
        return _of_beginning(name, takes, begins, kinds) if begins else _of_ending(name, ends, kinds)
    count, whole = _count(takes), _only_argument(parts)
    if begins and begins == ends and None not in (count, whole):
        return _Meaning(Opening(begins, count or 0, "", whole or 0), None)
    return _Meaning(Opening((name,), 0, _beyond(name)), None) if _shows_displays(parts) else _NOTHING


def _only_argument(parts: list[Part]) -> int | None:
    """The argument that stands alone in a display."""
    given, kinds = _values(parts, "argument"), {kind for kind, _ in parts}
    return int(given[0][1:]) if len(given) == 1 and kinds <= _IN_WHOLE else None


def _shows_displays(parts: list[Part]) -> bool:
    return any(kind in "BE?" or value == "$$" for kind, value in parts)


def _count(takes: str) -> int | None:
    """How many arguments; None where that is not plain."""
    counted = _TAKES.fullmatch(takes)
    if counted is None:
        return None
    return int(counted[1]) if counted[1] else (counted[2] or "").count("#") + (counted[3] or "").count("m")


def _values(parts: list[Part], wanted: str) -> tuple[str, ...]:
    return tuple(value for kind, value in parts if kind == wanted)


def _of_beginning(name: str, takes: str, begins: tuple[str, ...], kinds: list[str]) -> _Meaning:
    count = _count(takes)
    plain = set(kinds[kinds.index("B") :]) <= {"B", "label"} and count is not None
    return _Meaning(Opening(begins, count or 0, "" if plain else _beyond(name)), None)


def _of_ending(name: str, ends: tuple[str, ...], kinds: list[str]) -> _Meaning:
    plain = set(kinds[: len(kinds) - kinds[::-1].index("E")]) <= {"E", "stop"}
    return _Meaning(None, ends if plain else (_beyond(name),))


def _of_pair(name: str, end: str, parts: list[Part]) -> list[tuple[str, _Meaning]]:
    r"""\def\be#1\ee{\[#1\]}: the one begins the display that the other ends."""
    meaning = _of_command(name, "[1]", parts)
    if meaning.opens is None or not meaning.opens.whole:
        return [(name, meaning)]
    ends = (name, *meaning.opens.environments)
    return [(name, _Meaning(Opening(ends), None)), (end, _Meaning(None, ends))]


def _of_environment(name: str, takes: str, *parts: list[Part]) -> _Meaning:
    begin, end = _of_command(name, takes, parts[0]), _of_command(name, "", parts[1])
    if begin.opens is not None and begin.opens.environments == end.closes and not begin.opens.whole:
        return _Meaning(begin.opens, end.closes)
    if all(_only_formulas(part) for part in parts):
        return _NOTHING
    return _Meaning(Opening((name,), 0, _beyond(name)), None)


def _only_formulas(part: list[Part]) -> bool:
    """Whether it holds no more of mathematics than whole formulas, as the end of a proof does."""
    return not _shows_displays(part) and len(_values(part, "$")) % 2 == 0


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

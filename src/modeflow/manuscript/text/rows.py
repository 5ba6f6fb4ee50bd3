"""The equations of a display: rows and columns, equations beside each other, and the conditions behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from .marks import Display
from .numbering import is_number, without_number

MOST_REMARKS = 100  # between the rows of one display


@dataclass(frozen=True)
class Piece:
    """One equation of a display: its text and place, why it is not read, and the condition behind it.

    behind: where that condition ends. joined: whether it stands in several rows.
    """

    text: str
    position: int
    problem: str = ""
    condition: str = ""
    behind: int = 0
    joined: bool = False

    @property
    def end(self) -> int:
        """Where it ends, with its condition."""
        return max(self.position + len(self.text), self.behind)

    def under(self, condition: str, place: int) -> Piece:
        """The same, with one more condition that stands there."""
        return replace(self, condition=f"{self.condition} {condition}".strip(), behind=place + len(condition))


# What may stand behind an environment, or a box, that is all of a display.
_END = r"(?:[\s.,;&]|\\(?:tag\*?|label)\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z]))*$"
_NOTHING_MORE = re.compile(_END)
_INNER = re.compile(
    r"\s*\\begin\s*\{(aligned|split|gathered|(?:align|gather|multline|eqnarray|flalign)\*?"
    r"|(?P<counted>alignedat|(?:alignat|IEEEeqnarray)\*?|array))\}\s*(?:\[[tbc]\])?(?(counted)\s*\{[^{}]*\})"
    rf"(?P<inside>.*)\\end\s*\{{\1\}}{_END}",
    re.DOTALL,
)
# Only a length in brackets is an option of \\; a row may begin with any other bracket.
_UNIT = r"(?:pt|em|ex|mu|mm|cm|in|bp|pc|dd|cc|sp|\\(?:jot|[a-z]+(?:skip|amount|width|height|sep|stretch)))"
_CUT = re.compile(rf"\\\\\*?(\s*\[\s*[+-]?[\d.,]{{0,9}}\s*{_UNIT}\s*\])?|\\[A-Za-z]+|\\.|[{{}}&]", re.DOTALL)
# Relations that are seen between the rows of a display, whether they are read or not.
_SEEN = (
    "approx|neq?|propto|sim|simeq|cong|doteq|coloneqq|eqqcolon|triangleq|equiv|l[lt]|g[gt]|lesssim|gtrsim|asymp|to|gets"
    "|in|notin|(?:long)?(?:left|right|leftright)arrow|(?:Long)?(?:Left|Right|Leftright)arrow|mapsto|implies|iff"
)
_JOINS = re.compile(
    rf"(\\quad|\\qquad|\\;|\\,|\{{\}}|\s)*"
    rf"(=|<|>|\\(?:[lg](?:e|eq|eqslant)|not|{_SEEN})(?![A-Za-z])|\+|-|/|\\cdot|\\times|\*)"
)
_OPEN_END = re.compile(r"(=|\+|-|/|\\cdot|\\times|\*)[\s{}]*$")
_RELATES = re.compile(r"[=<>]|\\(?:[lg](?:e|eq|eqslant|t)|neq?|equiv)(?![A-Za-z])")

_EQUALS = r"\\(?:[lg](?:e|eq|eqslant)|approx|neq?|equiv|sim|simeq|propto|in|to|rightarrow)(?![A-Za-z])"
_STATES = re.compile(rf"[=<>]|\\(?:[lg](?:e|eq|eqslant)|{_SEEN})(?![A-Za-z])")


_BY_COLUMNS = ("align", "aligned", "flalign", "alignat", "alignedat", "xalignat", "xxalignat")


def pieces(display: Display) -> Iterator[Piece]:
    """The equations of a display; a row that has no = of its own goes on with the one before."""
    if display.problem:
        yield Piece(display.text, display.position, display.problem)
        return
    text, position, environment = _inside_environments(display)
    for row in _whole_rows(_unfolded(text), position, environment):
        if "\\begin" in row.text:  # what stands in an environment is no equation beside others
            yield row
        else:
            yield from _segments(row)


def _inside_environments(display: Display) -> tuple[str, int, str]:
    """The text inside of environments such as aligned, where it stands, and the innermost of these environments."""
    text, position, environment = _unboxed(_without_remarks(display.text)), display.position, display.environment
    for _ in range(3):
        text = re.sub(r"\\label\s*\{[^{}]*\}", lambda m: " " * len(m[0]), text)
        inner = _INNER.match(text)
        if inner is None or (inner["counted"] == "array" and _APART.search(inner["inside"])):
            break
        text, position, environment = inner["inside"], position + inner.start("inside"), inner[1].rstrip("*")
        text = _unboxed(text)
    return text, position, environment


_BOX = re.compile(r"[\s&]*(\\boxed\s*\{)")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _unboxed(text: str) -> str:
    r"""What stands in a \boxed{…} that is all of a text, the box blanked."""
    if (box := _BOX.match(text)) is None:
        return text
    depth = 1
    for found in _BRACE.finditer(text, box.end()):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth == 0:
            inside, rest = text[box.end() : found.start()], text[found.end() :]
            whole = f"{' ' * box.end()}{inside} {rest}"
            return whole if _NOTHING_MORE.match(rest) else text
    return text


# A column of an array that is no side of a relation: what stands in it may be an entry, or an equation of its own.
_APART = re.compile(rf"(?<!\\)&(?!\s*(?:[=<>]|{_EQUALS}))(?<!=&)(?<!= &)")


def _whole_rows(text: str, position: int, environment: str) -> list[Piece]:
    """The rows, each with those that go on with it and with the remarks below it."""
    joined = environment in ("multline", "split", "equation", "displaymath", "math", "dmath", "$", "$$")
    rows: list[Piece] = []
    for row in _rows(text, position, by_columns=environment in _BY_COLUMNS):
        if not row.text.strip() or (rows and is_number(row.text)):
            continue
        if rows and _ALONE.fullmatch(row.text):
            rows[-1] = rows[-1].under(row.text, row.position)
        elif rows and _goes_on(row.text, joined):
            rows[-1] = _continued(rows[-1], row)
        else:
            rows.append(row)
    return rows


_INDENT = re.compile(r"\A[\s&{}]*(\\q?quad(?![A-Za-z]))*")


def _continued(before: Piece, row: Piece) -> Piece:
    """A row and the one that goes on with it, in one text as long as both and what stands between them."""
    text = _INDENT.sub(lambda m: " " * len(m[0]), row.text)
    gap = row.position - before.position - len(before.text)
    return Piece(before.text + " " * gap + text, before.position, joined=True)


_SHOWS = re.compile(r"\\\[|\$\$|\\begin(?![A-Za-z])|\\displaystyle(?![A-Za-z])")
_REMARK_BETWEEN = re.compile(r"\\(?:short)?intertext\s*\{")


def _without_remarks(text: str) -> str:
    r"""The text with each \intertext{…}, which is no part of a row, blanked."""
    for _ in range(MOST_REMARKS):
        if not (found := _REMARK_BETWEEN.search(text)):
            break
        depth, end = 1, found.end()
        while depth and end < len(text):
            depth += (text[end] == "{") - (text[end] == "}") if text[end - 1] != "\\" else 0
            end += 1
        if _SHOWS.search(text, found.end(), end):
            break  # an equation of its own, which no mark may pass over
        text = text[: found.start()] + " " * (end - found.start()) + text[end:]
    return text


_FOLDED = re.compile(
    r"(?<==)(?P<open>[\s&{}]*\\begin\s*\{(?P<name>aligned|split|gathered|multlined)\}\s*(?:\[[a-z]\])?)"
    r"(?P<inside>(?:(?!\\begin(?![A-Za-z])).)*)(?P<close>\\end\s*\{(?P=name)\})" + _END,
    re.DOTALL,
)


def _unfolded(text: str) -> str:
    r"""A side that goes on over rows, as in x = \begin{aligned} a \\ + b \end{aligned}, as if it stood in one."""
    found = _FOLDED.search(text)
    if found is None or "\\begin" in text[: found.start()]:
        return text
    rows = [row.text for row in _rows(found["inside"], 0, by_columns=False)]
    if not all(_JOINS.match(row.lstrip(" \n\t{}")) or _OPEN_END.search(before) for before, row in pairwise(rows)):
        return text
    inside = _CUT.sub(lambda m: " " * len(m[0]) if m[0][:2] == "\\\\" or m[0] == "&" else m[0], found["inside"])
    blanks = " " * len(found["open"]), " " * len(found["close"])
    return text[: found.start()] + blanks[0] + inside + blanks[1] + text[found.end("close") :]


def _goes_on(row: str, joined: bool) -> bool:
    """Whether a row continues the one before: it has no = of its own, or begins with an operator.

    joined: in an environment for one equation a leading minus does so too.
    """
    begins = row.strip(" {}\n\t")
    first = begins.lstrip("& {}\n\t")
    return not _STATES.search(row) or (
        bool(_JOINS.match(first)) and (joined or first[0] != "-" or begins.startswith("&"))
    )


def _rows(text: str, position: int, by_columns: bool) -> Iterator[Piece]:
    depth = columns = last = environments = 0
    cells: list[str] = []

    def piece(end: int) -> Piece:
        return Piece("".join([*cells, text[last:end]]), position + start)

    start = 0
    for found in _CUT.finditer(text):
        here = found[0]
        depth += (here == "{") - (here == "}")
        environments += (here == "\\begin") - (here == "\\end")
        if depth or environments or (here != "&" and here[:2] != "\\\\"):
            continue
        if here == "&":
            columns += 1
            if by_columns and columns % 2 == 0:
                yield piece(found.start())
                cells, start = [], found.end()
            else:
                cells += [text[last : found.start()], " "]
        else:
            yield piece(found.start())
            cells, start, columns = [], found.end(), 0
        last = found.end()
    yield piece(len(text))


# A word that begins a condition, as text; and what else stands behind \quad and can only be one.
_WORDS = re.compile(
    r"\\(?:text|textrm|textup|mbox|mathrm)\s*\{[\s~,]*\(?(?:for|if|when|whenever|where|with|provided|as long as)\b"
    r"|\\forall(?![A-Za-z])"
)
# Words, of which none calculates or denies what stands before; a number or a formula is no remark.
_TALK = (
    r"\\(?:text|textrm|mbox)\s*\{(?=[^{}]*[^\W\d_]{2})(?![^{}]*\b(?i:minus|plus|times|divided|squared|cubed|halved"
    r"|doubled|false|wrong|incorrect|untrue)\b)(?:[^{}$\\=+*/<>]|\\[^(\[{}$])*\}"
)
# A remark: a text behind a comma that ends the row; text that joins a factor may be one itself.
_REMARK = re.compile(rf"(?<=(?<!\\)[,;])[\s~&{{}}]*{_TALK}[\s.,;]*$")
_ALONE = re.compile(rf"(?:[\s~,]|\\q?quad(?![A-Za-z]))*{_TALK}[\s.,;]*")
_EXCLUDES = re.compile(r"\\(?:neq?|ll|gg|in|notin)(?![A-Za-z])")
_STOP = re.compile(r"\\(?:text|textrm|mbox)\s*\{[\s.,;~]*\}[\s.,;]*$")  # a full stop as text
_BRACKETED = re.compile(r"\s*[(\[](.*)[)\]]\s*([^\s.,;].*)$", re.DOTALL)  # and what stands behind it
_RANGE = re.compile(r"[\s(]*[A-Za-z]\s*(?:=[^=,]{1,4},[\s\\,]*\\[lc]?dots|\\in)(?![A-Za-z])")  # i = 1, \dots, n
_AND = re.compile(r"[\s{},]*\\(?:text|textrm|mbox)\s*\{[\s~,]*(?:and|or)?[\s~,]*\}[\s{},]*")


def _segments(row: Piece) -> Iterator[Piece]:
    """Equations beside each other, apart by \\quad or \\qquad, each with the condition behind it."""
    row = replace(row, text=_unboxed(without_number(_STOP.sub("", row.text))))
    texts = _beside(row)
    found = _with_conditions(texts, row)
    if len(texts) <= 1:
        yield found[0] if found else row
    elif len(found) == 1 or all("=" in f.text and not _JOINS.match(f.text) for f in found):
        yield from found
    else:
        yield Piece(row.text, row.position, "what stands behind \\quad is not an equation of its own")


def _beside(row: Piece) -> list[tuple[str, int]]:
    """The texts between \\quad and \\qquad that say something, and where they stand."""
    parts = re.finditer(r"(.*?)(?:\\qquad(?![A-Za-z])|\\quad(?![A-Za-z])|\Z)", row.text, re.DOTALL)
    texts = (one for part in parts for one in _at_commas(part[1], row.position + part.start(1)))
    return [(text, place) for text, place in texts if text.strip(" \n\t,.;{}") and not _AND.fullmatch(text)]


_SIGN = re.compile(r"\\[A-Za-z]+|\\.|[{}()\[\],=<>]", re.DOTALL)
_NESTS = dict.fromkeys(("{", "(", "[", "\\{", "\\langle"), 1) | dict.fromkeys(("}", ")", "]", "\\}", "\\rangle"), -1)


def _at_commas(text: str, place: int) -> list[tuple[str, int]]:
    """The equations between the commas of a text, where each part is one; else the text as it is.

    A comma after the last equation stays with it, so that a mark after it does too.
    """
    depth, starts, relates = 0, [0], [False]
    for found in _SIGN.finditer(text):
        depth += _NESTS.get(found[0], 0)
        if found[0] == "," and depth == 0 and not _is_decimal(text, found.start()):
            starts.append(found.end())
            relates.append(False)
        elif depth == 0 and _RELATES.fullmatch(found[0]):
            relates[-1] = True
    if len(starts) > 1 and not text[starts[-1] :].strip(" \n\t.;{}~"):
        starts.pop()
    if not all(relates[: len(starts)]) or depth:
        return [(text, place)]
    ends = [start - 1 for start in starts[1:]]
    return [(text[a:b], place + a) for a, b in zip(starts, [*ends, len(text)], strict=True)]


def _is_decimal(text: str, comma: int) -> bool:
    """Whether a comma stands between two digits, and may be part of a number."""
    return text[comma - 1 : comma].isdigit() and text[comma + 1 : comma + 2].isdigit()


def _with_conditions(texts: list[tuple[str, int]], row: Piece) -> list[Piece]:
    """The equations among the texts of a row, each with the conditions that follow it."""
    found: list[Piece] = []
    for text, place in texts:
        if found and _is_condition(text, found[-1].text):
            found[-1] = found[-1].under(text, place)
        else:
            found.append(replace(_with_condition(text, place), joined=row.joined))
    if row.condition and found:
        found[-1] = found[-1].under(row.condition, row.behind - len(row.condition))
    return found


def _is_condition(text: str, before: str) -> bool:
    """Whether it begins with a word that says so, or compares without =, behind an equation."""
    if _WORDS.match(text.lstrip(" \t\n(,")) or _ALONE.fullmatch(text):
        return True
    return not _calculates(text) and (("=" in before and _compares(text)) or bool(_RANGE.match(text)))


def _calculates(text: str) -> bool:
    """Whether something that compares nothing stands behind a comparison in brackets, as in (λ > 0) + 1."""
    more = _BRACKETED.match(text)
    return more is not None and bool(_RELATES.search(more[1])) and not _RELATES.search(more[2])


def _compares(text: str) -> bool:
    return "=" not in text and bool(_RELATES.search(text) or _EXCLUDES.search(text)) and not _JOINS.match(text)


def _with_condition(text: str, place: int) -> Piece:
    """An equation, and what stands behind it from a word such as "for" on."""
    for word in (*_WORDS.finditer(text), *_REMARK.finditer(text)):
        before = text[: word.start()]
        if before.count("{") == before.count("}") and _RELATES.search(before):
            return Piece(before, place).under(text[word.start() :], place + word.start())
    return Piece(text, place)

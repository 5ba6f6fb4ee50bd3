r"""Which symbols of a paper look like real numbers, as far as its formulas show: what a first configuration proposes.

A letter that is anywhere a vector, a matrix, a function or a set may be one everywhere, whatever index it bears.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import ascii_letters

from ..text.braces import nesting
from ..text.commands import FONTS, GREEK, TRANSPOSES
from ..text.rows import pieces
from ..text.sources import Source
from ..text.spacing import cleaned
from ..text.tokens import Macro, Token, Unparsed, tokens
from .elsewhere import stem
from .written_names import names_of

_PLAIN = re.compile(r"(?:\\tilde\{)?(?:[a-ce-hk-z]|\\[a-z]+)\}?(?:_\{[^{}]*\})?(?:\(t\))?")
_CAPITAL = re.compile(r"[A-DF-Z](?:_\{[^{}]*\})?(?:\(t\))?")
_MATRICES = re.compile(r"matri(?:x|c)|operator|opérateur|linear map|tensor|commutator|行列|矩阵", re.IGNORECASE)
_FUNCTIONS = {*"fgh", "\\phi", "\\psi", "\\varphi", "\\Gamma", "\\Phi", "\\Psi"}
_RAISED = {*TRANSPOSES, "\\dagger", "\\ast", "\\perp", "\\prime", "H"}
_PRODUCTS = {"\\otimes", "\\wedge", "\\circ", "\\odot", "\\oplus"}
_OPENING = {"\\|": "\\|", "\\lVert": "\\rVert", "\\langle": "\\rangle"}
_FACTORS = {*ascii_letters, "}", *GREEK, *FONTS, "\\vec"}  # of a product of vectors
VARIATIONS = {"\\delta", "\\Delta", "D"}  # which may be of what stands behind
_BEFORE = {"\\nabla", "\\det", "\\tr", "\\operatorname", "\\ker", "\\dim", "\\operatorname*", "\\mapsto", "\\deg"}
_LINE = {"\\mathbb", "[", "(", "]", "\\{", "\\mathbf", "\\R"}  # what an interval or the real line begins with


_TEXT = ("\\text", "\\mbox", "\\hbox", "\\operatorname", "\\mathrm", "\\mbf", "\\tag", "\\label")
_FUNCTION = "a function?"
_BOLD = ("\\mathbf", "\\boldsymbol", "\\vec", "\\underline")


class Scalars:
    """The letters of a paper, what speaks against each of them being a real number, and what is known of it."""

    def __init__(self, sources: Iterable[Source], macros: Mapping[str, Macro]) -> None:
        self._doubts: dict[str, str] = {}  # of all names that begin with a letter
        self._functions: dict[str, str] = {}
        self._known: dict[str, set[str]] = {}
        self._bold: set[str] = set()
        self._arguments: dict[str, Counter[str]] = {}
        sources = list(sources)
        self._matrices = any(_MATRICES.search(source.text) for source in sources)
        for formula in _formulas(sources, macros):
            self._look_at(formula)

    def doubt(self, name: str) -> str:
        """Why a symbol may be no real number; "" where nothing says so."""
        if "integer" in self._known.get(name, ()):
            return ""
        is_capital = _CAPITAL.fullmatch(name) is not None and not self._matrices
        if not is_capital and (not _PLAIN.fullmatch(name) or (name[0] == "\\" and stem(name) not in GREEK)):
            return "a vector, a matrix, a function or a set?"
        if name in self._bold:
            return "bold elsewhere: a vector?"
        return self._functions.get(name, "") or self._doubts.get(stem(name), "")

    def function(self, name: str) -> str:
        """The key of a function of one real number that a letter stands for; "" where it is none."""
        found = self._arguments.get(name)
        is_plain = _PLAIN.fullmatch(name) or (_CAPITAL.fullmatch(name) and not self._matrices)
        if not found or not is_plain or name.endswith("(t)"):
            return ""
        argument = found.most_common(1)[0][0]
        is_known = stem(name) not in self._doubts and not self.doubt(argument)
        return f"{name}({argument})" if is_known and argument != "t" else ""

    def assumptions(self, name: str) -> list[str]:
        """What is proposed of a symbol, as a configuration declares it."""
        known = self._known.get(name, set())
        if "integer" in known:
            return ["integer", "positive"]
        return [next((word for word in ("positive", "nonnegative") if word in known), "real")]

    def _look_at(self, formula: Sequence[Token]) -> None:
        formula = _without_text(formula, self._bold)
        texts = [token.text for token in formula]
        for name, place, end in _places(formula):
            if why := _doubt(texts, place, end):
                of_all = why != _FUNCTION
                (self._doubts if of_all else self._functions).setdefault(stem(name) if of_all else name, why)
            self._known.setdefault(name, set()).update(_known(texts, place, end))
            if argument := _argument(texts, end):
                self._arguments.setdefault(name, Counter())[argument] += 1
            if name.startswith(_BOLD):
                self._bold.add(stem(name))


def _formulas(sources: Iterable[Source], macros: Mapping[str, Macro]) -> Iterator[list[Token]]:
    for source in sources:
        for display in source.displays:
            for piece in pieces(display):
                try:
                    yield cleaned(tokens(f"{piece.text} {piece.condition}", piece.position, macros))
                except Unparsed:
                    continue


def _without_text(formula: Sequence[Token], bold: set[str]) -> list[Token]:
    r"""A formula without words; the letter in \textbf{e} is one that is bold."""
    kept: list[Token] = []
    at = 0
    while at < len(formula):
        token, end = formula[at], at + 1
        if token.text.startswith(_TEXT) and at + 1 < len(formula) and formula[at + 1].text == "{":
            end = _closed(formula, at + 1)
            inside = [t.text for t in formula[at + 2 : end - 1]]
            bold |= set(inside) if len(inside) == 1 else set()
            kept.append(Token("\\text", token.position))
        else:
            kept.append(token)
        at = end
    return kept


def _places(formula: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """Each name, with the tokens at which it begins and behind which it ends."""
    numbers = {id(token): number for number, token in enumerate(formula)}
    begins = [(name, numbers[id(token)]) for name, token in names_at(formula)]
    for name, begin in begins:
        yield name, begin, _end(formula, begin)


def names_at(formula: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    """Each name and its first token; tokens of one macro stand in one place."""
    apart = [Token(token.text, number, token.spaced, token.grouped) for number, token in enumerate(formula)]
    for name, number in names_of(apart):
        yield name, formula[number]


def _end(formula: Sequence[Token], at: int) -> int:
    """Where a name ends, without what is raised."""
    at += 1
    if at < len(formula) and formula[at].text == "{":
        at = _closed(formula, at)
    while at + 1 < len(formula) and formula[at].text == "_":
        at = _closed(formula, at + 1) if formula[at + 1].text == "{" else at + 2
    return at


def _closed(formula: Sequence[Token], at: int) -> int:
    depth = 0
    for place in range(at, len(formula)):
        depth += nesting(formula[place].text)
        if depth == 0:
            return place + 1
    return len(formula)


def _doubt(texts: Sequence[str], begin: int, end: int) -> str:
    """What in one formula speaks against a letter being a number."""
    behind = [text for text in texts[end : end + 4] if text != "{"]
    first, second = [*behind, "", ""][:2]
    if (first == "^" and second in _RAISED) or first == "'":
        return "it is transposed or differentiated"
    if first == "(" and texts[begin] in ("o", "O"):
        return "a remainder?"
    if first == "(" and (texts[begin] in _FUNCTIONS or _is_argument(texts, end)):
        return _FUNCTION
    if texts[begin] in VARIATIONS and first in {*ascii_letters, *GREEK, *FONTS, "("}:
        return "a difference or a variation?"
    if first in ("\\in", "\\notin", "\\subset", "\\subseteq", "\\perp") and not _is_real(texts, end):
        return "an element of something"
    if (begin and texts[begin - 1] in _PRODUCTS | _BEFORE) or first in _PRODUCTS | {":", "\\mapsto"}:
        return "a vector or a matrix?"
    if (first == "\\times" and second in _FACTORS) or _is_factor(texts[:begin]):
        return "a vector or a matrix?"
    return "a vector or a matrix?" if _is_between(texts, begin) else ""


def _is_factor(before: Sequence[str]) -> bool:
    r"""Whether \times stands before a letter, and a letter before that."""
    return len(before) > 1 and before[-1] == "\\times" and before[-2] in _FACTORS


def _is_argument(texts: Sequence[str], opened: int) -> bool:
    """Whether brackets hold one letter, a digit or a list: the argument of a function."""
    inner = _inside(texts, opened)
    return any(sign in inner for sign in (",", "\\mid", "|", ";")) or len(inner) == 1 or bool(_argument(texts, opened))


def _inside(texts: Sequence[str], opened: int) -> list[str]:
    """What brackets hold."""
    depth = 0
    for place in range(opened, len(texts)):
        depth += (texts[place] == "(") - (texts[place] == ")")
        if depth == 0:
            return list(texts[opened + 1 : place])
    return []


def _argument(texts: Sequence[str], opened: int) -> str:
    """The one letter, with its index, that brackets hold; "" where none opens or they hold anything else."""
    inner = "".join(_inside(texts, opened)) if texts[opened : opened + 1] == ["("] else ""
    name = re.fullmatch(r"([A-Za-z]|\\[a-z]+)(?:_(?:\{(.*)\}|(.)))?", inner)
    if name is None or (name[1][0] == "\\" and name[1] not in GREEK):
        return ""
    index = name[2] or name[3]
    return f"{name[1]}_{{{index}}}" if index else name[1]


def _is_real(texts: Sequence[str], sign: int) -> bool:
    r"""Whether \in \mathbb{R}, or in an interval, stands there, and no power of it."""
    rest = [text for text in texts[sign + 1 : sign + 8] if text not in ("{", "}")]
    if rest[:2] == ["\\mathbb", "R"] or rest[:1] == ["\\R"]:
        return "^" not in rest[1:3]
    return rest[:1] in (["["], ["("]) or rest[:2] == ["\\mathbb", "N"]


def _is_between(texts: Sequence[str], at: int) -> bool:
    """Whether a letter stands between the bars of a norm, or angles."""
    for opened, closed in _OPENING.items():
        before = sum(1 for text in texts[:at] if text == opened)
        if (opened == closed and before % 2) or (opened != closed and before > texts[:at].count(closed)):
            return True
    return False


def _known(texts: Sequence[str], begin: int, end: int) -> Iterator[str]:
    """What a formula says of the sign of a letter, or that it counts."""
    behind = texts[end : end + 3]
    is_whole = begin == 0 or texts[begin - 1] in (",", ";")
    if is_whole and behind[:2] in ([">", "0"], ["\\gt", "0"]) and behind[2:] in ([], [","], [";"]):
        yield "positive"
    if is_whole and behind[:1] and behind[0] in ("\\ge", "\\geq", "\\geqslant") and behind[1:] == ["0"]:
        yield "nonnegative"
    if _is_upper_limit(texts, begin, end):
        yield "integer"


def _is_upper_limit(texts: Sequence[str], begin: int, end: int) -> bool:
    r"""Whether it is the n of \sum_{i=1}^{n}."""
    braced = begin > 1 and texts[begin - 1] == "{" and texts[end : end + 1] == ["}"]
    at = begin - 2 if braced else begin - 1
    if at < 4 or texts[at] != "^" or texts[at - 1] != "}":
        return False
    opened = next((n for n in range(at - 1, max(at - 12, 0), -1) if texts[n] == "{"), 0)
    return opened > 1 and texts[opened - 2 : opened] == ["\\sum", "_"] and "=" in texts[opened:at]

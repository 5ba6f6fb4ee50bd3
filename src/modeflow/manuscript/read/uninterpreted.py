r"""Sides of which not all is known, read as they are written: what has no meaning here stands for itself.

    sum     = ["+" | "-"] term (("+" | "-") term)*
    term    = factor ([times] factor)* ["/" factor]
    factor  = (number | name | application | brackets | bars | fraction | root | function | operator | table) scripts

A name before brackets is applied to them, unless it is known to be a number. What an operator without brackets takes in
is kept letter by letter. Refused is what readers end in different places: the sum under a supremum, \sin x y, a/bc.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..text.commands import FUNCTIONS, GREEK, TIMES, TRACES, TRANSPOSES
from ..text.outline_commands import (
    ABOVE,
    CLOSING,
    DOTS,
    ENDING,
    EXTREMA,
    FRACTIONS,
    INTEGRALS,
    LETTERS,
    LIMITS,
    MULTIPLYING,
    NAMED,
    OPENING,
    OPERATORS,
    RELATING,
    SEPARATING,
    SIGNS,
    STACKED,
    SUMMING,
    SUMS,
    TABLES,
    TEXTS,
)
from ..text.tokens import Token, Unparsed
from .cursor import Cursor, is_digits
from .outline import SHORT_WORDS
from .outline_tokens import BARS, spelled_out
from .symbols import as_key

_LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_POSTFIX = {"*", "\\ast", "\\star", "\\dagger", "\\prime", "\\circ", "\\perp", "+", "-", "\\#"}
_SURELY_TRANSPOSED = {"\\top", "\\intercal", "\\mathsf{T}", "\\mathrm{T}", "\\text{T}"}
_DIFFERENTIALS = {"d", "\\dd", "\\dif", "\\diff", "\\d"}
_FUNCTION_LETTERS = {*"fghFGHPQTLDE", "\\phi", "\\psi", "\\varphi", "\\Phi", "\\Psi", "\\Gamma"}
_DIFFERENCES = {"\\Delta", "\\delta", "d"}
_SPELLED_D = [["d"], ["\\mathrm", "d"], ["\\text", "d"], ["\\textrm", "d"], ["\\operatorname", "d"]]
_RATE_LETTERS = {"d", "D", "\\delta"}
_RATES = {"\\nabla", "\\partial"}
_MEASURES = {"\\det", "\\Pr", "\\dim", "\\deg", "\\gcd", "\\rank"} | TRACES
_MATRICES = {"pmatrix", "bmatrix", "matrix", "smallmatrix", "vmatrix"}
_MEANS = {"\\E", "\\EE", "\\mathbb{E}", "\\operatorname{E}"}
_STOCHASTIC = {"\\E", "\\EE", "\\Var", "\\var", "\\Cov", "\\cov"}  # that papers define as operators before brackets
_TRACE_NAMES = TRACES | {f"\\{font}{{{name}}}" for font in ("mathrm", "operatorname", "text") for name in ("tr", "Tr")}
_UNREADABLE = {"\\infty", "\\pm", "\\mp"} | DOTS | STACKED | ENDING
_SETS = (ABOVE, FRACTIONS, INTEGRALS, LETTERS, LIMITS, EXTREMA, OPERATORS, NAMED, SIGNS, SUMS, TEXTS, STACKED, TIMES)
_MORE = (SUMMING, MULTIPLYING, SEPARATING, RELATING, OPENING, CLOSING, GREEK, FUNCTIONS, BARS)
_OTHERS = ("sqrt", "begin", "end", "over", "choose", "atop", "left", "right", "not", "limits")
_COMMANDS = set().union(*_SETS, *_MORE) | {f"\\{name}" for name in _OTHERS}
_SMALL = re.compile(r"[abckmn](?:_|$)|\\(?:alpha|beta|gamma|kappa|lambda|eta)(?:_|$)")
# Remainders, distributions and sets: o(x) - o(x) is no 0, and the sum of two normal variables is not twice one.
_NO_VALUE = re.compile(
    r"(?:[oONU]|\\omicron|\\Theta|\\Omega|\\(?:mathcal|mathrm|mathscr)\{[oONU]\}|\\(?:tilde|widetilde)\{.*[oO].*\})(?:_.*)?"
)
_NEVER = re.compile(
    r"\\mathbb\{[ZRNQCFT]\}.*"
    r"|\\(?:text|mathrm|operatorname|textrm|mathit|mathsf)\*?\{(?i:h\.?o\.?t\.?|poly(?:log)?|const(?:ant)?\.?|lower.*|higher.*"
    r"|normal|gauss.*|pois.*|bin(?:om.*)?|ber.*|unif.*|exp(?:on.*)|beta|gamma|geom.*|laplace|cauchy|dir.*|cat.*|multi.*"
    r"|student.*|weibull|pareto|wishart|lap)\}.*|\\(?:text|mathrm|operatorname)\{Exp\}.*"
)
_CONDITION = re.compile(r"[\s~(,]*(?:for|if|when|where|whenever|since|because|by|as|provided|using)\b", re.IGNORECASE)
_WIDE = "what stands behind + or - may still belong to {}: use brackets"
_ANY = "*"  # where the end of an operator is not seen from its letters


@dataclass(frozen=True)
class Part:
    """A part of a side.

    kind: number, name, opaque, measure (opaque, and a number), group, add, minus, multiply, times (a sign between
    factors), divide, power, transpose, root, function, factorial, binomial, table, mean, trace, limit, or linear (a sum
    or an integral). value: its name, digits or pattern, in which the parts stand. bound: the letters that an operator
    binds. variables: those of them that are numbers by the way in which they are written.
    """

    kind: str
    value: str = ""
    parts: tuple[Part, ...] = ()
    bound: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()

    def letters(self) -> set[str]:
        """The letters that stand there and are not bound."""
        found = set(_LETTER.findall(self.value)) if self.kind not in ("function", "number") else set()
        return found.union(*(part.letters() for part in self.parts)) - self.bound


def side(found: Sequence[Token], numbers: Container[str]) -> Part:
    """A side; numbers: the names that are known to be numbers. Raises Unparsed where it has no place for a part."""
    rest = _before_words(_without_columns(spelled_out(found)))
    while rest and (rest[-1].text in SEPARATING or rest[-1].text in ENDING):
        rest.pop()
    if not rest:
        raise Unparsed("there is nothing to read", found[0].position if found else 0)
    return _whole(_Sides(rest, numbers))


def _without_columns(found: Sequence[Token]) -> list[Token]:
    """The tokens without the signs that align rows, which are no part of a table."""
    kept, depth = [], 0
    for token in found:
        depth += (token.text == "\\begin") - (token.text == "\\end")
        if depth or token.text != "&":
            kept.append(token)
    return kept


def _before_words(found: list[Token]) -> list[Token]:
    """The tokens before words that say when or why something holds, which end it."""
    depth = 0
    for place, token in enumerate(found):
        depth += (token.text == "{" or token.text in OPENING) - (token.text == "}" or token.text in CLOSING)
        inner = "".join(f" {t.text}" if t.spaced else t.text for t in found[place + 2 : place + 14])
        if depth == 0 and place and token.text in TEXTS and _CONDITION.match(inner):
            return found[:place]
    return found


def bare_names(part: Part) -> set[str]:
    """The small letters that stand there without brackets behind them, and so are no functions."""
    here = {part.value} if part.kind == "name" and _SMALL.match(part.value) else set()
    return here.union(*map(bare_names, part.parts))


class _Sides(Cursor):
    """A cursor that knows the letters which operators before a + or - bind; numbers are its names."""

    def __init__(self, tokens: Sequence[Token], names: Container[str], depth: int = 0) -> None:
        super().__init__(tokens, names, depth)
        self.reach: set[str] = set()

    def inner(self, found: Sequence[Token]) -> _Sides:
        return _Sides(found, self.names, self.depth + 1)

    def close(self) -> int:
        """Where the bracket or group that opens here closes."""
        depth = 0
        for place in range(self.place, len(self.tokens)):
            text = self.tokens[place].text
            depth += (text == "{" or text in OPENING) - (text == "}" or text in CLOSING)
            if depth == 0:
                return place
        return self.refuse(f"{self.next} is not closed")


def _whole(at: _Sides) -> Part:
    found = _sum(at)
    at.refuse_rest()
    return found


# Sums and products


def _sum(at: _Sides) -> Part:
    outside, at.reach = at.reach, set()
    terms: list[Part] = []
    sign = at.take("+", "-")
    while True:
        before = set(at.reach)
        term = _term(at)
        if _ANY in before or before & term.letters():
            at.refuse(_WIDE.format("the operator before"))
        terms.append(Part("minus", "", (term,)) if sign and sign.text == "-" else term)
        if not (sign := at.take("+", "-")):
            break
    at.reach = outside
    return terms[0] if len(terms) == 1 else Part("add", "", tuple(terms))


def _term(at: _Sides) -> Part:
    factors = [_factor(at, True)]
    while True:
        if at.next in TIMES:
            sign = at.shift().text
            factors += [Part("times", sign), _factor(at, True)]
        elif at.take("/"):
            below = _factor(at, True)
            if _begins(at) or at.next in TIMES or at.next == "/":
                at.refuse("what stands under the / can be read in two ways: use \\frac or parentheses")
            is_rate = below.kind == "name" and below.value.startswith(("d ", "\\delta "))
            return Part("opaque" if is_rate else "divide", "·/·" if is_rate else "", (_product(factors), below))
        elif _begins(at):
            if is_digits(at.next):
                at.refuse("a number behind a factor can be read in two ways: write it first, or use \\cdot")
            is_number = factors[-1].kind == "number"
            factors.append(_factor(at, False))
            if is_number and factors[-1].kind == "divide":
                _refuse_mixed(at, factors[-1])
        else:
            return _product(factors)


def _refuse_mixed(at: _Sides, fraction: Part) -> None:
    if all(part.kind == "number" for part in fraction.parts):
        at.refuse("a number before a fraction of numbers can be read in two ways")


def _product(factors: list[Part]) -> Part:
    return factors[0] if len(factors) == 1 else Part("multiply", "", tuple(factors))


def _begins(at: _Sides) -> bool:
    """Whether a factor begins here."""
    text = at.next
    if text in CLOSING or text in SEPARATING or text in RELATING or text in SUMMING or text in MULTIPLYING:
        return False
    return bool(text) and text not in ("}", "^", "_", "'", "!", "&", "\\end", "\\not", "\\mid")


def _factor(at: _Sides, first: bool) -> Part:
    text = at.next
    if is_digits(text) or (text == "." and is_digits(at.ahead(1))):
        return _scripted(at, _number(at))
    if text == "{":
        return _spliced(at, first)
    if text in _UNREADABLE or not text:
        at.refuse()
    rule = _RULES.get(text)
    if rule is not None:
        return _scripted(at, rule(at))
    return _scripted(at, _named(at, first))


def _number(at: _Sides) -> Part:
    digits = ""
    while is_digits(at.next) or (at.next == "." and is_digits(at.ahead(1)) and "." not in digits):
        if digits and at.tokens[at.place].spaced:
            at.refuse("a space inside a number")
        digits += at.shift().text
    return Part("number", digits)


def _spliced(at: _Sides, first: bool) -> Part:
    """Braces that are no argument do not appear on paper: what they hold is read as if they were not there."""
    end = at.close()
    inner = at.tokens[at.place + 1 : end]
    if not inner or any(token.text in ("\\over", "\\choose", "\\atop") for token in inner):
        at.refuse()
    at.rewrite(end + 1, inner)
    return _factor(at, first)


# Scripts


def _scripted(at: _Sides, base: Part) -> Part:
    while at.next in ("^", "_", "'", "!"):
        sign = at.shift().text
        if sign == "!":
            base = Part("factorial", "", (base,))
            if at.next == "!":
                at.refuse("!! can be read in two ways: write the double factorial in words")
        elif sign == "'":
            base = Part("opaque", "·'", (base,))
        elif sign == "_":
            base = Part("opaque", f"·_{{{as_key(at.argument())}}}", (base,))
        else:
            base = _raised(at, base)
    return base


def _raised(at: _Sides, base: Part) -> Part:
    inner = at.one_argument()
    if len(inner) == 1 and inner[0].text in LETTERS and at.next == "{":  # ^\mathsf{T}
        inner = [*inner, Token("{", 0), *at.argument(), Token("}", 0)]
    written = "".join(token.text for token in inner)
    if written in _SURELY_TRANSPOSED or written in TRANSPOSES:
        return Part("transpose", "" if written in _SURELY_TRANSPOSED else "T", (base,))
    if not inner:
        at.refuse("an empty group")
    if base.kind == "power":
        at.refuse("two powers, one behind the other")
    if base.value.startswith("\\chi") and written == "2":
        at.refuse("χ² may be a distribution: it is not compared")
    if _is_postfix(inner) or (base.kind in ("name", "opaque") and base.value != "e" and _may_be_index(inner)):
        return Part("opaque", f"·^{{{as_key(inner)}}}", (base,))
    return Part("power", "", (base, _whole(at.inner(inner))))


def _is_postfix(inner: Sequence[Token]) -> bool:
    """Whether what is raised is no power as far as can be seen: a star, a dagger, (i)."""
    return bool(inner) and (inner[0].text in ("(", "[") or all(token.text in _POSTFIX for token in inner))


def _refuse_without_value(at: _Sides, name: str) -> None:
    if _NEVER.fullmatch(name) or (at.next in ("(", "[") and _NO_VALUE.fullmatch(name)):
        at.refuse(f"{name} may be another thing where it stands again: it is not compared")


def _may_be_index(inner: Sequence[Token]) -> bool:
    """Whether what is raised may number a coordinate, an iterate or an entry: 0, 1, or letters side by side."""
    texts = [token.text for token in inner]
    return texts in (["0"], ["1"]) or (len(texts) > 1 and all(map(_is_letter, texts)))


# Names


def _named(at: _Sides, first: bool) -> Part:
    """A name, applied to the brackets behind it where it is not known to be a number."""
    known = at.next in GREEK or at.next in SIGNS or at.next in LETTERS or at.next in ABOVE or at.next in TEXTS
    is_command = at.next[:1] == "\\" and not known
    if is_command and (at.next in _COMMANDS or not (first or at.next in _STOCHASTIC)):
        at.refuse()
    if at.next in _RATES:
        return _with_rest(at, at.shift().text)
    name = _name(at)
    head = f"{name}^{{{raised}}}" if (raised := _raised_before_brackets(at, name)) else name
    _refuse_without_value(at, name)
    if at.next in ("(", "[") and _is_applied(at, name):
        return _applied(at, head, "opaque")
    if is_command and _begins(at):
        return _with_rest(at, name)
    return Part("name", name)


def _name(at: _Sides) -> str:
    """The key of a name: its letter with accents, indices, primes and what is raised and is no power."""
    width = 1 if at.next in _DIFFERENCES and at.next not in at.names else _width_of_d(at)
    if width and _is_letter(at.ahead(width)):
        sign = "d" if width > 1 else at.next
        at.place += width
        name = f"{sign} {_name_alone(at, at.shift())}"
    else:
        name = _name_alone(at, at.shift())
    while at.next in ("_", "'", "^"):
        if at.take("_"):
            name += f"_{{{as_key(at.one_argument())}}}"
        elif at.take("'"):
            name += "'"
        elif _is_postfix_next(at):
            at.shift()
            name += f"^{{{as_key(at.argument())}}}"
        else:
            break
    return name


def _name_alone(at: _Sides, token: Token) -> str:
    text = token.text
    if text in LETTERS or text in ABOVE or text in TEXTS:
        inner = at.argument(token)
        is_text = text in TEXTS and (not inner or any(t.spaced for t in inner) or at.tokens[at.place - 1].spaced)
        if is_text or "".join(t.text for t in inner).lower() in SHORT_WORDS:
            raise Unparsed("words are not read here", token.position)
        return f"{text}{{{as_key(inner)}}}"
    if _is_letter(text) or text in SIGNS:
        return text
    if text[:1] != "\\" or text in _COMMANDS:
        raise Unparsed(f"{text} is not read here", token.position)
    while at.next == "{":  # of a command that is not known: it may be its argument
        text += f"{{{as_key(at.argument())}}}"
    return text


def _is_letter(text: str) -> bool:
    return (len(text) == 1 and text.isascii() and text.isalpha()) or text in GREEK


def _is_postfix_next(at: _Sides) -> bool:
    here = at.place
    at.shift()
    inner = at.argument()
    at.place = here
    return bool(inner) and _is_postfix(inner)


def _raised_before_brackets(at: _Sides, name: str) -> str:
    """What is raised in f^2(x), taken; "" where no brackets follow, or the name is a number."""
    if at.next != "^" or name in at.names:
        return ""
    here = at.place
    at.shift()
    inner = at.argument()
    is_transposed = "".join(token.text for token in inner) in TRANSPOSES | _SURELY_TRANSPOSED
    if at.next in ("(", "[") and not is_transposed:
        return as_key(inner)
    at.place = here
    return ""


def _is_applied(at: _Sides, name: str) -> bool:
    """Whether the brackets next are an argument: of all but numbers, and of these where one thing stands alone."""
    if name not in at.names or name.partition("_")[0] in _FUNCTION_LETTERS:
        return True
    inner = at.tokens[at.place + 1 : at.close()]
    return len(inner) == 1 or not any(token.text in ("+", "-") for token in inner)


def _applied(at: _Sides, head: str, kind: str) -> Part:
    """A head with all the brackets behind it."""
    parts: list[Part] = []
    while at.next in ("(", "["):
        pattern, inside = _inside(at)
        parts += inside
        if len(inside) == 1 and head in _TRACE_NAMES and at.next not in ("(", "["):
            return Part("trace", head, tuple(parts))
        if head in _MEANS and at.next not in ("(", "["):
            return Part("mean", head + pattern, tuple(parts))
        head += pattern
        if kind == "measure":  # what stands behind is multiplied
            break
    return Part(kind, head, tuple(parts))


def _with_rest(at: _Sides, head: str, kind: str = "opaque") -> Part:
    """An operator without brackets with all that follows in its term, letter by letter."""
    start = at.place
    while _begins(at) or at.next in ("^", "_", "'", "!", "/", *TIMES):
        at.place = at.close() + 1 if at.next in OPENING or at.next == "{" else at.place + 1
    at.reach.add(_ANY)
    return Part(kind, f"{head} {as_key(at.tokens[start : at.place])}")


# Brackets


def _inside(at: _Sides) -> tuple[str, list[Part]]:
    """What brackets hold: a pattern of their signs, and the parts between them."""
    end, opened = at.close(), at.shift()
    inner, closed = at.tokens[at.place : end], at.tokens[end].text
    at.place = end + 1
    pattern, parts = opened.text, []
    for sign, piece in _pieces(inner):
        pattern += f"{sign}·"
        parts.append(_piece(at, piece))
    return pattern + closed, parts


def _pieces(inner: Sequence[Token]) -> list[tuple[str, list[Token]]]:
    """What stands between signs that bind less than + does, each with the sign before it."""
    found: list[tuple[str, list[Token]]] = [("", [])]
    depth = 0
    bars = sum(token.text == "|" for token in _outside(inner))
    for token in inner:
        text = token.text
        depth += (text == "{" or text in OPENING) - (text == "}" or text in CLOSING)
        is_sign = text in (",", ";", ":", "\\mid", "\\\\") or text in RELATING or (text == "|" and bars == 1)
        if depth == 0 and is_sign:
            found.append((text, []))
        else:
            found[-1][1].append(token)
    return found


def _outside(inner: Sequence[Token]) -> list[Token]:
    """The tokens that stand in no bracket or group."""
    found, depth = [], 0
    for token in inner:
        depth += (token.text == "{" or token.text in OPENING) - (token.text == "}" or token.text in CLOSING)
        if depth == 0:
            found.append(token)
    return found


def _piece(at: _Sides, piece: Sequence[Token]) -> Part:
    """One of them, as it is written where it is no sum."""
    try:
        if not _may_be_row(piece):
            return _whole(at.inner(piece))
    except Unparsed:
        pass
    return Part("opaque", f"as written {as_key(piece)}")


def _may_be_row(piece: Sequence[Token]) -> bool:
    """Whether a sign stands before a term and apart from the one before, as between the entries of a row: 1 -1."""
    return any(
        one.text in ("+", "-") and one.spaced and not two.spaced and n > 0
        for n, (one, two) in enumerate(pairwise(piece))
    )


def _brackets(at: _Sides) -> Part:
    square = at.next == "["
    end = at.close()
    inner = at.tokens[at.place + 1 : end]
    is_plain = (at.next, at.tokens[end].text) in (("(", ")"), ("[", "]"))
    if is_plain and len(_pieces(inner)) == 1 and (not square or any(t.text in OPENING for t in inner)):
        at.place = end + 1
        return Part("group", "", (_whole(at.inner(inner)),))
    if square and len(_pieces(inner)) == 1:  # which may be a row of entries
        at.place = end + 1
        return Part("opaque", f"as written [ {as_key(inner)}{at.tokens[end].text}")
    pattern, parts = _inside(at)
    return Part("opaque", pattern, tuple(parts))


def _angles(at: _Sides) -> Part:
    pattern, parts = _inside(at)
    return Part("measure" if len(parts) == 2 else "opaque", pattern, tuple(parts))


def _bars(at: _Sides) -> Part:
    """|…| or \\|…\\|, where these pair in one way; a norm with its index."""
    text = at.next
    if text in ("\\lvert", "\\lVert"):
        inner, end = at.tokens[at.place + 1 : at.close()], at.close()
    else:
        end = next((n for n in range(at.place + 1, len(at.tokens)) if at.tokens[n].text == text), 0)
        inner = at.tokens[at.place + 1 : end]
        if not end or not _closes(inner) or not _are_balanced(inner) or _may_open(at, text, end):
            at.refuse("the bars can be paired in two ways: use \\left| and \\right|")
    at.place = end + 1
    index = f"_{{{as_key(at.argument())}}}" if at.take("_") else ""
    kind = "\\|" if text in ("\\|", "\\lVert") else "|"
    return Part("measure", f"{kind}·{kind}{index}", (_piece(at, inner),))


def _are_balanced(inner: Sequence[Token]) -> bool:
    depth = 0
    for token in inner:
        depth += (token.text == "{" or token.text in OPENING) - (token.text == "}" or token.text in CLOSING)
        if depth < 0:
            return False
    return depth == 0


def _closes(inner: Sequence[Token]) -> bool:
    """Whether a bar behind these may close: something stands there, and no sign before the bar."""
    return bool(inner) and not any(inner[-1].text in signs for signs in (SUMMING, MULTIPLYING, OPENING))


def _may_open(at: _Sides, bar: str, end: int) -> bool:
    """Whether the bar at a place may open another pair: more stand behind it, and a factor follows."""
    behind = at.tokens[end + 1 :]
    return any(token.text == bar for token in behind) and _begins(at.inner(behind)) and behind[0].text != bar


def _braces(at: _Sides) -> Part:
    end = at.close()
    found = Part("opaque", f"as written {as_key(at.tokens[at.place : end + 1])}")
    at.place = end + 1
    return found


# Fractions, roots, functions


def _fraction(at: _Sides) -> Part:
    call = at.shift()
    above, below = at.argument(call), at.argument(call)
    if not above or not below:
        raise Unparsed("an empty group", call.position)
    if call.text in ("\\binom", "\\dbinom", "\\tbinom"):
        return Part("binomial", "", (_whole(at.inner(above)), _whole(at.inner(below))))
    if call.text not in ("\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\nicefrac", "\\sfrac", "\\flatfrac"):
        return Part("opaque", f"{call.text} {{{as_key(above)}}}{{{as_key(below)}}}")
    if _is_rate(below):
        return _rate(at, f"{call.text[-4:]}{{{as_key(above)}}}{{{as_key(below)}}}", above)
    return Part("divide", "", (_whole(at.inner(above)), _whole(at.inner(below))))


def _is_rate(below: Sequence[Token]) -> bool:
    r"""Whether what stands below is a differential, as far as can be seen: \partial x, dx, or \foo x."""
    head = "".join(t.text for t in below[:4])
    if head in ("\\mathrm{d}", "\\text{d}", "\\textrm{d}", "\\operatorname{d}"):
        return True
    first, second = below[0].text, below[1].text if len(below) > 1 else ""
    is_unknown = first[:1] == "\\" and first not in _COMMANDS
    return first == "\\partial" or (
        (is_unknown or first in _RATE_LETTERS) and (_is_letter(second) or second[:1] == "\\")
    )


def _rate(at: _Sides, head: str, above: Sequence[Token]) -> Part:
    """A derivative: of what follows, where nothing stands above."""
    what = [t.text for t in above if not is_digits(t.text) and t.text not in ("^", "{", "}", "~")]
    is_unknown = len(what) == 1 and what[0][:1] == "\\" and what[0] not in _COMMANDS
    if not (is_unknown or what in (["\\partial"], ["D"], ["\\delta"], *_SPELLED_D)):
        return Part("opaque", head)
    if at.next in ("(", "["):
        return _applied(at, head, "opaque")
    return _with_rest(at, head) if _begins(at) else Part("opaque", head)


def _root(at: _Sides) -> Part:
    call = at.shift()
    degree: tuple[Part, ...] = ()
    if at.next == "[":
        end = at.close()
        degree = (_whole(at.inner(at.tokens[at.place + 1 : end])),)
        at.place = end + 1
    return Part("root", "", (_whole(at.inner(at.argument(call))), *degree))


def _function(at: _Sides) -> Part:
    """\\sin x, \\sin(x + y), \\sin^2 x; refused where the end of its argument is not clear."""
    name = FUNCTIONS[at.shift().text]
    power = base = None
    while at.next in ("^", "_"):
        if at.take("_"):
            base = as_key(at.argument())
        else:
            at.shift()
            power = at.argument()
    if at.next == "'":
        at.refuse()
    argument = _argument(at)
    found = Part("function", name, (argument,)) if base is None else Part("measure", f"log_{base}(·)", (argument,))
    if power is None:
        return found
    if not all(is_digits(token.text) for token in power):
        return Part("measure", f"{found.value}^{{{as_key(power)}}}(·)", (argument,))
    return Part("power", "", (found, Part("number", "".join(token.text for token in power))))


def _argument(at: _Sides) -> Part:
    if at.next == "{":
        at.rewrite(at.close() + 1, at.tokens[at.place + 1 : at.close()])
    if at.next in ("(", "["):
        found = _brackets(at)
        at.refuse_script("a power behind the argument of a function can be read in two ways")
        return found
    factors = [_number(at)] if is_digits(at.next) else []
    if _begins(at) and at.next not in ("(", "["):
        rule = _RULES.get(at.next)
        if not (rule is None or at.next in FRACTIONS or at.next in ("\\sqrt", "|", "\\lvert")):
            at.refuse("the argument of the function is not clear: use parentheses")
        factors.append(rule(at) if rule else _lone_name(at))
    if not factors or at.next in ("^", "!", "'", "_", "/"):
        at.refuse("the argument of the function is not clear: use parentheses")
    if _begins(at) and at.next not in FUNCTIONS:
        at.refuse("the argument of the function is not clear: use parentheses")
    return _product(factors)


def _lone_name(at: _Sides) -> Part:
    name = _name(at)
    return _applied(at, name, "opaque") if at.next in ("(", "[") and name not in at.names else Part("name", name)


# Operators


def _operator(at: _Sides) -> Part:
    r"""\sum, \prod, \lim, \max and the like with their limits, and the term that follows."""
    call = at.shift()
    lower, limits = _limits(at)
    bound = frozenset(_LETTER.findall(as_key(lower)))
    if not lower and call.text not in SUMS:
        return _bracketed(at, call.text, "opaque")
    if not _begins(at):
        at.refuse()
    body = _term(at)
    at.reach |= set(_LETTER.findall(as_key(_variables(lower)))) or {_ANY}
    kind = "linear" if call.text == "\\sum" else "limit" if call.text == "\\lim" else "opaque"
    return Part(kind, f"{call.text} {limits} ·", (body,), bound, _counted(lower))


def _limits(at: _Sides) -> tuple[list[Token], str]:
    """The tokens below an operator, and all its limits as they are written."""
    found: dict[str, list[Token]] = {}
    while at.next in ("_", "^") and at.next not in found:
        sign = at.shift().text
        found[sign] = at.argument()
    return found.get("_", []), "".join(f"{sign}{{{as_key(found[sign])}}}" for sign in sorted(found))


def _variables(lower: Sequence[Token]) -> Sequence[Token]:
    """What stands before the one = or \\in below an operator; all where there is another relation."""
    places = [n for n, token in enumerate(lower) if token.text in RELATING]
    return lower[: places[0]] if len(places) == 1 else lower


def _counted(lower: Sequence[Token]) -> frozenset[str]:
    r"""The letter of k = 1 or x \to 0 below an operator, which is a number."""
    is_one = len(lower) > 2 and _is_letter(lower[0].text) and lower[1].text in ("=", "\\to", "\\rightarrow")
    return frozenset([lower[0].text]) if is_one else frozenset()


def _bracketed(at: _Sides, name: str, kind: str) -> Part:
    """An operator applied to brackets, or else to all that follows in its term."""
    if at.next in ("(", "["):
        return _applied(at, name, kind)
    if at.next in ("\\{",):
        found = _braces(at)
        return Part(kind, f"{name}{found.value}")
    return _with_rest(at, name, kind) if _begins(at) else at.refuse()


def _measure(at: _Sides) -> Part:
    r"""\det, \tr, \Pr and the like."""
    name = at.shift().text
    _, limits = _limits(at)
    return _bracketed(at, name + limits, "measure" if name in _MEASURES else "opaque")


def _operator_name(at: _Sides) -> Part:
    call = at.shift()
    name = f"\\operatorname{{{as_key(at.argument(call))}}}"
    _refuse_without_value(at, name)
    lower, limits = _limits(at)
    found = _bracketed(at, name + limits, "opaque")
    return replace(found, bound=frozenset(_LETTER.findall(as_key(lower))))


def _integral(at: _Sides) -> Part:
    """An integral up to its differential, behind which no factor stands."""
    call = at.shift()
    many = {"\\iint": 2, "\\iiint": 3}.get(call.text, 1)
    _, limits = _limits(at)
    begin, wanted, bound = at.place, many, []
    body_end = -1
    while wanted:
        if at.next in INTEGRALS:
            wanted += {"\\iint": 2, "\\iiint": 3}.get(at.shift().text, 1)
            continue
        variable, width = _differential(at)
        if variable:
            if wanted <= many:
                body_end = at.place if body_end < 0 else body_end
                bound.append(variable)
            wanted -= 1
            at.place += width
        elif bound:
            at.refuse("what stands behind the differential can be read in two ways: write it before the integral")
        elif not at.next or (at.next in CLOSING) or at.next == "}" or at.next in RELATING:
            at.refuse("an integral whose differential is not seen")
        else:
            at.place = at.close() + 1 if at.next in OPENING or at.next == "{" else at.place + 1
    if _begins(at) or at.next in ("^", "_", "'", "!", "/", *TIMES):
        at.refuse("what stands behind the differential can be read in two ways: write it before the integral")
    inner = at.tokens[begin:body_end]
    body = _whole(at.inner(inner)) if inner else Part("number", "1")
    is_between = not limits or ("_" in limits and "}^{" in limits)
    letters = frozenset(bound)
    return Part(
        "linear",
        f"{call.text} {limits} · d {' d '.join(bound)}",
        (body,),
        letters,
        letters if is_between else frozenset(),
    )


def _differential(at: _Sides) -> tuple[str, int]:
    """The letter over which is integrated, where its d stands next, and how many tokens both have; "" elsewhere."""
    width = _width_of_d(at)
    letter = at.ahead(width) if width else ""
    is_one = _is_letter(letter) and at.ahead(width + 1) not in ("_", "^", "(")
    return (letter, width + 1) if is_one else ("", 0)


def _width_of_d(at: _Sides) -> int:
    """How many tokens the d of a differential has that stands next; 0 where none does."""
    if at.next in ("\\mathrm", "\\text", "\\textrm", "\\operatorname"):
        return 4 if [token.text for token in at.following(4)][1:] == ["{", "d", "}"] else 0
    return int(at.next in _DIFFERENTIALS)


# Tables


def _table(at: _Sides) -> Part:
    call = at.shift()
    name = as_key(at.argument(call)).replace(" ", "")
    if name not in TABLES:
        raise Unparsed(f"\\begin{{{name}}} inside a display is not read", call.position)
    begin, depth = at.place, 1
    while at.next and depth:
        depth += (at.next == "\\begin") - (at.next == "\\end")
        at.shift()
    if depth:
        raise Unparsed(f"\\begin{{{name}}} is not closed", call.position)
    inner = at.tokens[begin : at.place - 1]
    at.argument()
    pattern, parts = name, []
    for sign, piece in _cells(inner):
        pattern += f"{sign}·"
        parts.append(_piece(at, piece))
    return Part("table" if name in _MATRICES else "opaque", pattern, tuple(parts))


def _cells(inner: Sequence[Token]) -> list[tuple[str, list[Token]]]:
    found: list[tuple[str, list[Token]]] = [("", [])]
    depth = 0
    for token in inner:
        depth += (token.text in ("{", "\\begin")) - (token.text in ("}", "\\end"))
        if depth == 0 and token.text in ("&", "\\\\"):
            found.append((token.text, []))
        else:
            found[-1][1].append(token)
    return found


_Rule = Callable[[_Sides], Part]
_RULES: dict[str, _Rule] = {
    **dict.fromkeys(OPERATORS - FUNCTIONS.keys(), _measure),
    **dict.fromkeys(FUNCTIONS, _function),
    **dict.fromkeys((*LIMITS, *EXTREMA, *SUMS), _operator),
    **dict.fromkeys(INTEGRALS, _integral),
    **dict.fromkeys(NAMED, _operator_name),
    **dict.fromkeys(FRACTIONS, _fraction),
    **dict.fromkeys(("(", "["), _brackets),
    **dict.fromkeys((*BARS, "\\lvert", "\\lVert"), _bars),
    **dict.fromkeys(("\\{", "\\lbrace"), _braces),
    "\\langle": _angles,
    "\\lfloor": _angles,
    "\\lceil": _angles,
    "\\sqrt": _root,
    "\\begin": _table,
}

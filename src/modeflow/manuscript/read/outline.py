r"""What a formula is made of, where its meaning is not asked for: what can be read and not compared is read here.

    formula  = part (separator part)*              separators are , ; : \quad, ends of rows, and words
    part     = [side] relation side (relation side)* | side
    side     = sum | words
    sum      = [sign] product (sign product)*
    product  = factor ([times] factor)*
    factor   = base scripts ["|" script]
    base     = number | name | brackets | bars | fraction | root | accent | operator [product] | environment

Nothing here says what a formula means: f(x) stands as a product of f and (x), \sin x y as the sine of all that follows.
No verdict but "undecided" rests on it. A command that is not known is refused, since it may take arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..text.braces import DEEPEST
from ..text.commands import RELATIONS, named
from ..text.outline_commands import (
    ABOVE,
    ALIGNED,
    BETWEEN,
    BRA,
    CLOSING,
    DOTS,
    ENDING,
    EXTREMA,
    FRACTIONS,
    INTEGRALS,
    KET,
    LABELLED_RELATIONS,
    LETTERS,
    LIMITS,
    MULTIPLYING,
    NAMED,
    OPENING,
    OPERATORS,
    REFERENCES,
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
from .cursor import Cursor, is_digits, spelled
from .formula_trees import Node
from .outline_tokens import BARS, followed, is_foreign, spelled_out
from .symbols import Everything

_NOTHING = "nothing"  # where a side or a term is left to the row before or behind
_COMPARED = frozenset(RELATIONS) - {"\\approx"}
_TAILS = named("approx simeq sim cong propto asymp in to rightarrow longrightarrow ll gg lesssim gtrsim")


class Outline(Cursor):
    """A cursor that knows the bars around: `bars` is what would close the innermost ones, or a bracket inside them."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        super().__init__(tokens, Everything())
        self.bars = [""]
        self.tail = -1  # where what is not checked of a chain begins
        self.said = -1  # where the last words end, behind which a formula may stand as it is
        self.followed = followed(tokens)

    def deeper(self, inside: str) -> None:
        self.depth += 1
        self.bars.append(inside)
        if self.depth > DEEPEST:
            self.refuse(f"groups nested more than {DEEPEST} deep")

    def out(self) -> None:
        self.depth -= 1
        self.bars.pop()


def outline(found: Sequence[Token]) -> Node:
    """The tree of a formula; raises Unparsed where a part has no place in it, or a command is not known."""
    at = Outline(spelled_out(found))
    if not at.tokens:
        raise Unparsed("there is nothing to read", found[0].position if found else 0)
    return _formula(at, "")


def head_of_chain(found: Sequence[Token]) -> tuple[list[Token], str] | None:
    r"""Of a = b \approx c the tokens of a = b, and the relation behind them; None for any other formula.

    A chain says that each of its relations holds, so that a = b is said whatever stands behind it.
    """
    at = Outline(spelled_out(found))
    chain = bool(at.tokens) and _formula(at, "")
    if not chain or chain.kind != "open relation" or at.tail <= 0:
        return None
    cut = [place for place, token in enumerate(found) if token.position == at.tail]
    # All that a macro stands for is in one place: where it ends is not seen.
    return (list(found[: cut[0]]), found[cut[0]].text) if len(cut) == 1 else None


# Formulas


def _formula(at: Outline, *ends: str) -> Node:
    """All up to one of these signs, which is not taken."""
    start = at.position
    parts: list[Node] = []
    while at.next not in ends:
        if (parts or at.next not in BARS) and _takes_separator(at):
            continue
        if _is_words(at):
            parts.append(_words(at))
            continue
        parts.append(_part(at))
        is_apart = (
            at.next in SEPARATING or _is_words(at) or _is_bar_between(at) or (at.place == at.said and _begins(at))
        )
        if at.next not in ends and not is_apart:
            at.refuse()
    if not parts:
        return Node(_NOTHING, "", (), start)
    return parts[0] if len(parts) == 1 else Node("list", "", tuple(parts), start)


def _takes_separator(at: Outline) -> bool:
    if at.next == "." and is_digits(at.ahead(1)):
        return False
    if at.next in ENDING and not at.ahead(1):
        at.shift()
    elif at.next in SEPARATING or _is_bar_between(at):
        _skip_length(at, at.shift().text)
    else:
        return False
    return True


def _skip_length(at: Outline, before: str) -> None:
    r"""\\[2pt] and \\* are ends of rows like any other."""
    if before != "\\\\":
        return
    at.take("*")
    if at.next == "[" and (is_digits(at.ahead(1)) or at.ahead(1) in ("-", ".")):
        while at.next and at.shift().text != "]":
            pass


def _is_bar_between(at: Outline) -> bool:
    """Whether a bar stands next that neither opens nor closes: that of p(x | y), in brackets."""
    return at.depth > 0 and at.next in BARS and at.bars[-1] != at.next and at.place not in at.followed


def _part(at: Outline) -> Node:
    """A side, or sides with relations between them, of which the first and the last may be left out."""
    start = at.position
    sides = [_nothing(at) if _is_relation(at) else _side(at)]
    relations: list[str] = []
    while _is_relation(at):
        here = at.position
        relations.append(_relation(at))
        if at.depth == 0:
            at.tail = _tail(at, relations, here)
        sides.append(_nothing(at) if _is_end(at) else _side(at))
    if not relations:
        return sides[0]
    known = all(relation in _COMPARED for relation in relations)
    other = next((relation for relation in relations if relation not in _COMPARED), "")
    kind = "relation" if known and sides[0].kind != _NOTHING else "open relation"
    return Node(kind, other or relations[0], tuple(sides), start)


def _tail(at: Outline, relations: list[str], here: int) -> int:
    """Where the tail of a chain begins, -1 before it; 0 where one of its relations is no part of a chain."""
    last = relations[-1]
    if at.tail >= 0 or last in _COMPARED:
        return at.tail if last in _COMPARED or last in _TAILS else 0
    return here if len(relations) > 1 and last in _TAILS else 0


def _is_relation(at: Outline) -> bool:
    if at.next in STACKED:
        return _stacked_relation(at) is not None
    return at.next in RELATING or at.next in LABELLED_RELATIONS or at.next == "\\not"


def _stacked_relation(at: Outline) -> str | None:
    r"""The relation in \overset{d}{\to}; None where none stands there."""
    here = at.place
    at.shift()
    at.argument()
    inner = at.argument() if at.next else []
    at.place = here
    return inner[0].text if len(inner) == 1 and inner[0].text in RELATING else None


def _relation(at: Outline) -> str:
    """The relation that stands next, with what stands over it."""
    found = at.next
    if found in STACKED:
        found = str(_stacked_relation(at))
        at.shift()
        at.argument()
        at.argument()
    elif at.shift().text in LABELLED_RELATIONS:
        _optional(at)
        at.argument()
    elif found == "\\not":
        found = f"\\not{at.shift().text}" if at.next else found
    while at.next in RELATING:
        found += at.shift().text
    return found


def _optional(at: Outline) -> None:
    if at.next == "[":
        while at.next and at.shift().text != "]":
            pass


def _is_end(at: Outline) -> bool:
    """Whether nothing stands next that a side or a term could begin with."""
    ends = ("", "}", "\\end", *BETWEEN)
    is_separator = at.next in SEPARATING and not (at.next == "." and is_digits(at.ahead(1)))
    return at.next in ends or at.next in CLOSING or is_separator or at.next == at.bars[-1]


def _nothing(at: Outline) -> Node:
    return Node(_NOTHING, "", (), at.position)


def _side(at: Outline) -> Node:
    return _words(at) if _is_words(at) else _sum(at)


# Words


_WORDS = """
    for if and where with when or is are as else let then since so of on in by at but from to the a an such
    that otherwise s.t. i.e. e.g. st subjectto iff implies thus hence therefore because suchthat a.s. w.p.
    w.r.t. not
"""
SHORT_WORDS = frozenset(_WORDS.split())


def _is_words(at: Outline) -> bool:
    r"""Whether \text{…} stands next and is no name: words have spaces, or are known ones."""
    if at.next in REFERENCES or is_foreign(at.next):
        return True
    if at.next not in TEXTS:
        return False
    here = at.place
    at.shift()
    inner = at.argument() if at.next else []
    behind, after, at.place = at.tokens[at.place - 1], at.next, here
    if after in ("_", "^"):
        return False
    written = spelled(inner).strip("(),;: ").lower()
    spaced = any(t.spaced for t in inner) or behind.spaced or any(t.text in ("~", "$", ",") for t in inner)
    return spaced or written in SHORT_WORDS or not written or not written[0].isalpha()


def _words(at: Outline) -> Node:
    call = at.shift()
    if is_foreign(call.text):
        while is_foreign(at.next):
            at.shift()
        return Node("words", call.text, (), call.position)
    words = spelled(at.argument(call))
    at.said = at.place
    return Node("words", words, (), call.position)


# Sums and products


def _sum(at: Outline) -> Node:
    start, terms = at.position, []
    if at.next not in SUMMING:
        terms.append(_product(at))
    while at.next in SUMMING:
        sign = at.shift().text
        _scripts(at)
        while at.take(*SUMMING):
            pass
        term = _nothing(at) if _is_end(at) or _is_relation(at) else _product(at)
        terms.append(term if sign == "+" else Node("minus" if sign == "-" else "signed", sign, (term,), start))
    return terms[0] if len(terms) == 1 else Node("add", "", tuple(terms), start)


def _product(at: Outline) -> Node:
    start, factors = at.position, [_nothing(at) if at.next in MULTIPLYING else _factor(at)]
    while True:
        if at.next in MULTIPLYING:
            sign = at.shift().text
            _scripts(at)
            is_last = _is_end(at) or _is_relation(at) or _is_bar_between(at)
            after = _nothing(at) if is_last else _signed_factor(at)
            kind = {"/": "divide"}.get(sign, "multiply")
            factors = [Node(kind, sign, (_multiplied(factors, start), after), start)]
        elif _begins(at):
            factors.append(_factor(at))
        else:
            return _multiplied(factors, start)


def _signed_factor(at: Outline) -> Node:
    """A factor, before which a sign may stand: a \\cdot -b."""
    start = at.position
    return Node("minus", at.shift().text, (_factor(at),), start) if at.next in ("-", "+", "\\pm") else _factor(at)


def _multiplied(factors: list[Node], start: int) -> Node:
    return factors[0] if len(factors) == 1 else Node("multiply", "", tuple(factors), start)


def _begins(at: Outline) -> bool:
    """Whether a factor begins here."""
    text = at.next
    if text in BARS:
        return at.bars[-1] != text and at.place in at.followed
    if text in TEXTS:
        return not _is_words(at)
    if text in STACKED:
        return _stacked_relation(at) is None
    is_letter = text.isascii() and text.isalnum()
    return is_letter or text == "{" or text in _RULES or (text == "." and is_digits(at.ahead(1)))


# Factors


def _factor(at: Outline) -> Node:
    text = at.next
    if text.isascii() and text.isalpha():
        base = _letter(at)
    elif is_digits(text) or (text == "." and is_digits(at.ahead(1))):
        base = _number(at)
    else:
        base = _RULES.get(text, _refused)(at)
    return _scripted(at, base)


def _refused(at: Outline) -> Node:
    return at.refuse()


def _letter(at: Outline) -> Node:
    """A letter; a d before another, where the paper has no d of its own, is that of a differential."""
    token = at.shift()
    return Node("symbol", token.text, (), token.position)


def _number(at: Outline) -> Node:
    start, digits = at.position, ""
    while is_digits(at.next) or (at.next == "." and is_digits(at.ahead(1))):
        digits += at.shift().text
    return Node("number", digits, (), start)


def _scripted(at: Outline, base: Node) -> Node:
    start, begin = base.position, at.place
    parts = [base]
    while at.next in ("^", "_", "'", "!") or _is_evaluation(at):
        sign = at.shift().text
        if sign == "_":
            parts.append(_index(at))
        elif sign == "^":
            parts.append(_script(at))
        elif sign in ("'", "!"):
            parts.append(Node("index", sign, (), start))
        else:
            return _scripted(at, Node("evaluation", "", (*parts, *_scripts(at)), start))
    if base.kind == "norm" and spelled(at.tokens[begin : at.place]) not in _FROBENIUS:
        return Node("other norm", "", tuple(parts), start)
    return base if len(parts) == 1 else Node("scripted", "", tuple(parts), start)


_FROBENIUS = {f"{below}{square}" for below in ("", "_F", "_{F}") for square in ("^2", "^{2}")} | {
    "^2_F",
    "^2_{F}",
    "^{2}_{F}",
}


def _is_evaluation(at: Outline) -> bool:
    """Whether the bar of F|_{x=0} stands next."""
    closes = at.next == at.bars[-1]
    return at.next in ("|", "\\rvert", "\\mid") and not closes and at.ahead(1) in ("_", "^")


def _scripts(at: Outline) -> list[Node]:
    found = []
    while at.take("^", "_"):
        found.append(_script(at))
    return found


def _index(at: Outline) -> Node:
    """An index is part of a name, as it is written."""
    start, begin = at.position, at.place
    is_braced = at.next == "{"
    _script(at)
    return Node("index", spelled(at.tokens[begin + is_braced : at.place - is_braced]), (), start)


def _script(at: Outline) -> Node:
    """An index or a power; a group that is no formula is one name, as it is written."""
    if at.next != "{":
        return _argument(at)
    start, here = at.position, at.place
    state = at.depth, list(at.bars)
    try:
        return _argument(at)
    except Unparsed:  # of what is read again no part is tried again, so that the time stays in bounds
        at.place, (at.depth, at.bars) = here, state
    return Node("index", spelled(at.argument()), (), start)


def _argument(at: Outline) -> Node:
    """What a command takes: a group, or one token with its own arguments."""
    at.deeper(at.bars[-1])
    found = _braces(at) if at.next == "{" else _one_token(at)
    at.out()
    return found


def _one_token(at: Outline) -> Node:
    if at.next in CLOSING or at.next in ("", "}", "&", "\\\\", "^", "_"):
        return at.refuse("an argument is missing")
    is_plain = is_digits(at.next) or (at.next.isascii() and at.next.isalpha())
    if (
        at.next[0] == "\\"
        and at.next not in OPENING
        and at.next not in BARS
        and (at.next in TEXTS or at.next in _RULES)
    ):
        return _RULES[at.next](at)
    token = at.shift()
    kind = "number" if is_digits(token.text) else "symbol" if is_plain else "index"
    return Node(kind, token.text, (), token.position)


# Bases


def _braces(at: Outline) -> Node:
    start = at.shift().position
    at.deeper("")
    inside = _formula(at, "}", *BETWEEN)
    while at.take(*BETWEEN):
        inside = Node("divide", "\\over", (inside, _formula(at, "}", *BETWEEN)), start)
    at.shift()
    at.out()
    return inside


def _brackets(at: Outline) -> Node:
    """From a bracket to what closes it, of whatever kind: [0, 1) is an interval."""
    opened = at.shift()
    at.deeper({"\\lvert": "\\rvert", "\\lnone": "\\rvert", "\\lVert": "\\rVert"}.get(opened.text, ""))
    inside = _formula(at, "", *_CLOSED.get(opened.text, CLOSING))
    if not at.next:
        raise Unparsed(f"{opened.text} is not closed", opened.position)
    closed = at.shift().text
    at.out()
    if (opened.text, closed) == ("\\lnone", "\\rvert"):
        return Node("evaluation", "", (inside, *_scripts(at)), opened.position)
    kind = _KINDS_OF_BRACKETS.get(opened.text, "ket" if closed == BRA else "bracket")
    return Node(kind, f"{opened.text}{closed}", (inside,), opened.position)


_KINDS_OF_BRACKETS = {"\\lVert": "norm", "\\{": "set", "\\lbrace": "set", KET: "ket"}


_CLOSED = {"\\lnone": CLOSING | {"|"}, KET: frozenset(["\\rangle"])}


def _bars(at: Outline) -> Node:
    opened = at.shift()
    at.deeper(opened.text)
    inside = _formula(at, "", opened.text)
    if not at.next:
        raise Unparsed(f"{opened.text} is not closed", opened.position)
    at.shift()
    at.out()
    return Node("absolute" if opened.text == "|" else "norm", "", (inside,), opened.position)


def _sign(at: Outline) -> Node:
    token = at.shift()
    kind = "dots" if token.text in DOTS else _KINDS.get(token.text, "symbol")
    return Node(kind if token.text != "\\nabla" or at.next != "_" else "symbol", token.text, (), token.position)


_KINDS = {"\\infty": "infinity", "\\nabla": "gradient"}


def _name(at: Outline) -> Node:
    r"""\mathbf{x}, \text{loss}: a name, as it is written."""
    call = at.shift()
    return Node("symbol", f"{call.text}{{{spelled(at.argument(call))}}}", (), call.position)


def _with_arguments(count: int, kind: str) -> Callable[[Outline], Node]:
    def rule(at: Outline) -> Node:
        call = at.shift()
        parts = tuple(_argument(at) for _ in range(count))
        return Node(kind, call.text, parts, call.position)

    return rule


def _root(at: Outline) -> Node:
    start = at.shift().position
    degree = (_brackets(at),) if at.next == "[" else ()
    return Node("root", "", (_argument(at), *degree), start)


def _operator(at: Outline) -> Node:
    """An operator with its limits, and the product that follows, where one does."""
    call = at.shift()
    name = spelled(at.argument(call)).replace("\\,", "") if call.text in NAMED else call.text
    _optional_star(at)
    begin = at.place
    scripts = _scripts_of_operator(at)
    kind = _kind_of_operator(name, spelled(at.tokens[begin : at.place]))
    body = (_body(at),) if _begins(at) else ()
    return Node(kind, name, (*scripts, *body), call.position)


def _optional_star(at: Outline) -> None:
    if at.next == "*" and at.ahead(1) in ("_", "^", "("):
        at.shift()


def _scripts_of_operator(at: Outline) -> list[Node]:
    found = []
    while sign := at.take("^", "_", "'"):
        if sign.text != "'":
            found.append(_script(at) if sign.text == "^" else _index(at))
    return found


def _body(at: Outline) -> Node:
    at.deeper(at.bars[-1])
    body = _product(at)
    at.out()
    return body


def _kind_of_operator(name: str, scripts: str) -> str:
    plain = name if name[:1] == "\\" else f"\\{name}"
    if plain in LIMITS:
        return "limit"
    if plain in EXTREMA:
        return "extremum"
    if plain in INTEGRALS:
        both = plain == "\\int" and "_" in scripts and "^" in scripts and "infty" not in scripts
        return "integral" if both else "open integral"
    if plain in SUMS:
        return "sum" if plain == "\\sum" and "\\in" not in scripts else "product"
    return "function" if plain in OPERATORS and plain not in _OTHER else "operator"


_OTHER = {
    "\\" + name for name in ("Pr", "det", "dim", "ker", "deg", "gcd", "hom", "arg", "lg", "sgn", "rank", "erf", "erfc")
}


# Environments


def _environment(at: Outline) -> Node:
    start = at.shift().position
    name = spelled(at.argument()).rstrip("*")
    if name not in TABLES and name not in ALIGNED:
        raise Unparsed(f"\\begin{{{name}}} inside a display is not read", start)
    _optional(at)
    if at.next == "{" and name in ("array", "alignedat", "alignat", "subarray", "tabular"):
        at.argument()
    at.deeper("")
    cells = _formula(at, "", "\\end")
    if not at.take("\\end"):
        raise Unparsed(f"\\begin{{{name}}} is not closed", start)
    at.argument()
    at.out()
    kind = "rows" if name in ALIGNED else "cases" if "cases" in name or name == "array" else "matrix"
    return Node(kind, name, (cells,), start)


_Rule = Callable[[Outline], Node]
_RULES: dict[str, _Rule] = {
    **dict.fromkeys(SIGNS, _sign),
    **dict.fromkeys(LETTERS | TEXTS, _name),
    **dict.fromkeys(OPENING, _brackets),
    **dict.fromkeys(BARS, _bars),
    **dict.fromkeys(ABOVE, _with_arguments(1, "accent")),
    **dict.fromkeys(FRACTIONS | STACKED, _with_arguments(2, "divide")),
    **dict.fromkeys((*LIMITS, *EXTREMA, *SUMS, *INTEGRALS, *OPERATORS, *NAMED), _operator),
    "{": _braces,
    "\\sqrt": _root,
    "\\begin": _environment,
}

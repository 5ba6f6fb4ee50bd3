r"""The grammar of TeX mathematics: tokens become trees, and whatever can be read in two ways is refused.

Each rule is a function that reads from a `Cursor`; a rule stands below the rules that use it.

    statement   = sum (relation sum)* | sum "=" const
    sum         = ["+" | "-"] product (("+" | "-") product)*
    product     = factor ([times] factor)* ["|" "_" letter "=" sum ["^" [letter "="] sum]] ["/" factor]
    factor      = power | function | derivative | sum over an index | integral | value | operator
    power       = atom ["^" script | "^" transpose]
    atom        = number | symbol | "(" sum ")" | fraction | root | "|" sum "|" | dotted symbol | "e"
    function    = name ["^" number] (bracket | [number] (fraction | root | function | symbol))
    derivative  = \frac{d factor}{dt} | \frac{d}{dt} factor | d factor/dt | d/dt factor | \partial_t factor
    bound sum   = \sum "_" index ["=" sum "^" sum] product | \prod "_" index "=" sum "^" sum factor
    value       = \left. sum \right| "_" letter "=" sum ["^" [letter "="] sum] | \binom{sum}{number}
    integral    = \int "_" sum "^" sum  sum with a differential at its end
    operator    = \tr bracket | \| sum \|^2 | E "[" sum "]" | \nabla_W bracket | \langle sum "," sum \rangle

Refused rather than guessed: a/bc, sin x y, f(x) for a symbol that is not declared a function, x^12, and every command
that is not listed in `text.commands`. Symbols stand in `symbols`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from ..text.commands import APPROXIMATELY, FUNCTIONS, PAIRS, RELATIONS, TRACES
from ..text.numbering import refuse_number
from ..text.spacing import cleaned, without_end
from ..text.tokens import Token, Unparsed, tokens
from .applications import SEPARATORS, application
from .arithmetic import AT_BAR, BY_LETTER, RULES, absolute_power, root_power, signed_sum, whole
from .bounded import bare_evaluation, binomial, bound_product, bound_sum, evaluation, integral
from .cursor import Cursor
from .derivatives import derivative_in_line, dotted, fraction, group
from .differentials import between_differentials
from .formula_trees import Node, Statement, has_decimal
from .functions import exponential, function
from .matrix_forms import NORMS, gradient, inner_product, mean, mean_operator, norm, trace
from .symbols import Everything, nested_derivative, read_name


def statement(found: Sequence[Token], names: Container[str]) -> Statement:
    """An equation, an inequality or a chain of them; `names` are the keys of the declared symbols."""
    refuse_number(rest := _cleaned(found))
    at = Cursor(between_differentials(rest, names), names)
    said = _chain(at)
    at.refuse_rest()
    if not said.relations:
        raise Unparsed("there is no equation here", rest[0].position)
    return said


def expression(found: Sequence[Token], names: Container[str]) -> Node:
    """One side of an equation."""
    return whole(Cursor(_cleaned(found), names))


def key(text: str) -> str:
    """The key under which a symbol, written in TeX, is declared; a function ends in its argument, w(t)."""
    at = Cursor(cleaned(tokens(text)), Everything())
    name = read_name(at)
    if name is None:
        raise Unparsed(f"{text!r} is not a symbol", 0)
    if at.take("("):
        name = f"{name}({_declared_argument(at, name, text)})"
    if at.next:
        raise Unparsed(f"{text!r} is more than one symbol", 0)
    return name


def _declared_argument(at: Cursor, name: str, text: str) -> str:
    found = ""
    while True:
        argument = read_name(at)
        if at.next == "0":
            raise Unparsed(f"declare {name}(t); its value at 0 is then read as {name}(0)", 0)
        if argument is None or at.next not in (")", *SEPARATORS):
            raise Unparsed(f"{text!r} is not a function of symbols", 0)
        found += argument
        if at.take(")"):
            return found
        found += SEPARATORS[at.shift().text]


def _cleaned(found: Sequence[Token]) -> list[Token]:
    rest = without_end(cleaned(found))
    if not rest:
        raise Unparsed("there is nothing to read", found[0].position if found else 0)
    return rest


def _chain(at: Cursor) -> Statement:
    sides = [signed_sum(at)]
    relations: list[str] = []
    while sign := at.take(*RELATIONS):
        if not relations and RELATIONS[sign.text] == "=" and at.take("\\const"):
            return _constancy(at, sides[0], sign)
        relations.append(RELATIONS[sign.text])
        sides.append(signed_sum(at))
        if sign.text == APPROXIMATELY and not any(map(has_decimal, sides[-2:])):
            raise Unparsed("≈ is read beside a decimal, such as 0.09, and nowhere else", sign.position)
    return Statement(tuple(sides), tuple(relations))


def _constancy(at: Cursor, side: Node, sign: Token) -> Statement:
    """That a side is constant in time: its derivative vanishes."""
    if "t" not in at.names:
        raise Unparsed("t, in which something is constant, is not declared", sign.position)
    rate = nested_derivative(side, ("t",), sign.position)
    return Statement((rate, Node("number", "0", (), sign.position)), ("=",))


# Which rule a token calls for

RULES.update(
    {
        **dict.fromkeys(("{", *PAIRS), group),
        **dict.fromkeys(("|", "\\lvert"), absolute_power),
        **dict.fromkeys(NORMS, norm),
        **dict.fromkeys(FUNCTIONS, function),
        **dict.fromkeys(TRACES, trace),
        **dict.fromkeys(("\\dot", "\\ddot"), dotted),
        "\\frac": fraction,
        "\\sqrt": root_power,
        "\\operatorname": mean_operator,
        "\\sum": bound_sum,
        "\\prod": bound_product,
        "\\binom": binomial,
        "\\left.": evaluation,
        "\\int": integral,
        "\\langle": inner_product,
        "\\nabla": gradient,
    }
)
BY_LETTER.extend((application, derivative_in_line, exponential, mean))
AT_BAR.append(bare_evaluation)

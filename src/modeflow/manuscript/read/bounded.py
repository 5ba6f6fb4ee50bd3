r"""Forms with limits: sums and products over an index, integrals, values at a place, binomial coefficients.

A bound letter has its meaning inside of the form alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..text.commands import BRACKETS, RELATIONS, TIMES
from ..text.tokens import Token, Unparsed
from .arithmetic import Product, factor, inside, is_number, joined, power, product, refuse_factor
from .bound_variables import bind_indices, bind_variable, limits_of, refuse_index_after
from .cursor import SCRIPTS, Cursor, is_digits, spelled
from .differentials import up_to_differential
from .formula_trees import Node
from .symbols import whole_name

LARGEST_BINOMIAL = 12


def bound_sum(at: Cursor) -> Node:
    r"""\sum_i, \sum_{i=1}^{n} or \sum_{i,j=1}^{n}, and the product that follows."""
    start = at.shift().position
    limits, outside = limits_of(at, "sum", start), at.names
    indices, below = bind_indices(at, limits.get("_", []), start)
    above = limits.get("^", [])
    if bool(below) != bool(above):
        raise Unparsed("a sum with one limit alone is not read", start)
    body = product(at)
    at.names = outside
    ends = (inside(at, below), inside(at, above)) if below else ()
    for index in reversed(indices):
        refuse_index_after(at, index)
        body = Node("sum", index, (body, *ends), start)
    return body


def bound_product(at: Cursor) -> Node:
    r"""\prod_{i=1}^{3} and one factor: of more it is not clear which are multiplied."""
    start = at.shift().position
    limits, outside = limits_of(at, "product", start), at.names
    indices, below = bind_indices(at, limits.get("_", []), start)
    if len(indices) != 1 or not below or "^" not in limits:
        raise Unparsed("a product without two limits is not read", start)
    body = factor(at)
    at.names = outside
    refuse_factor(at, "where the product ends is not clear: use parentheses", "/", *TIMES)
    return Node("product", indices[0], (body, inside(at, below), inside(at, limits["^"])), start)


def binomial(at: Cursor) -> Node:
    r"""\binom{n}{2} as n(n - 1)/(1\cdot2), where the lower number is written out."""
    start = at.shift().position
    above, below = inside(at, at.argument()), spelled(at.one_argument())
    if not is_digits(below) or not 0 < int(below[:3]) <= LARGEST_BINOMIAL:
        raise Unparsed(f"a binomial coefficient whose lower number is not one of 1 to {LARGEST_BINOMIAL}", start)
    numbers = [Node("number", str(k), (), start) for k in range(int(below) + 1)]
    factors = (Node("add", "", (above, Node("minus", "", (k,), start)), start) for k in numbers[1:-1])
    upper = joined("multiply", [above, *factors], start)
    return power(at, Node("divide", "", (upper, joined("multiply", numbers[1:], start)), start))


def evaluation(at: Cursor) -> Node:
    r"""\left.F\right|_{x=a}, and \left.F\right|_{x=a}^{x=b}, which is the value at b without that at a."""
    start, before = at.position, at.tokens[at.place - 1].text if at.place else ""
    written = at.enclosed()
    body = inside(at, written)
    # Where the bar begins is not seen on paper.
    is_one = body.kind not in ("add", "multiply", "minus") or _is_bracket(at.within(written), 0, len(written))
    if not is_one or before not in ("", "+", "-", *RELATIONS):
        raise Unparsed(_OF_WHAT, start)
    return _at_place(at, body, start)


_OF_WHAT = "of what the value is taken can be read in two ways: use parentheses"


def bare_evaluation(at: Cursor, before: Product) -> Node:
    r"""F|_{x=a} and F\big|_{x=a}^{x=b}: of the last factor before the bar, where no other reading has another value.

    The meaning refuses factors before that one in which the letter may occur.
    """
    body, bar = before.factors[-1], at.shift().position
    ahead = [token.text for token in at.tokens[max(before.first - 2, 0) : before.first]]
    is_signed = ahead[-1:] in (["+"], ["-"])
    behind = ahead[: len(ahead) - is_signed]
    is_first = not behind or behind[-1] in RELATIONS
    is_bracket = _is_bracket(at, before.last, at.place - 1)
    value = _at_place(at, body, bar)
    # In a sum the bar could take in all terms before it.
    is_free = value.value not in _terms_before(at, before.first)
    is_apart = is_first or (is_signed and is_free and (is_bracket or body.kind == "derivative"))
    is_quotient = is_bracket or _is_fraction(at, before.last, bar)
    if not is_apart or (body.kind == "derivative" and not is_quotient and body.value != value.value):
        raise Unparsed(_OF_WHAT, bar)
    outer = before.factors[:-1]
    return Node("beside", value.value, (*outer, value), bar) if outer else value


def _terms_before(at: Cursor, place: int) -> list[str]:
    """The tokens of the same side before that place, from there on."""
    found: list[str] = []
    depth = 0
    for token in reversed(at.tokens[:place]):
        depth += (token.text == "}") - (token.text == "{")
        if depth == 0 and token.text in RELATIONS:
            break
        found.append(token.text)
    return found


def _is_bracket(at: Cursor, begin: int, end: int) -> bool:
    """Whether one pair of brackets is all that stands there."""
    return begin < end and at.tokens[begin].text in BRACKETS and at.matching(begin) == end - 1


def _is_fraction(at: Cursor, begin: int, bar: int) -> bool:
    r"""Whether \frac{…}{…} is all that stands before the bar, or {…\over…}."""
    reader = at.within(at.tokens[begin:])
    if reader.next == "{":
        reader.enclosed()
    elif reader.take("\\frac"):
        reader.argument()
        reader.argument()
    return reader.position == bar


def _at_place(at: Cursor, body: Node, start: int) -> Node:
    """What stands before a bar, at the place or between the places that stand at the bar."""
    limits = limits_of(at, "value", start)
    letter, lower = _letter_with_value(at, limits.get("_", []))
    other, upper = _letter_with_value(at, limits["^"]) if "^" in limits else (letter, None)
    if lower is None or not letter or other not in ("", letter) or ("^" in limits and upper is None):
        raise Unparsed("a value at a place that is not one letter with its value, as x=0, is not read", start)
    if upper is not None and not other and is_number(upper.parts[0] if upper.kind == "minus" else upper):
        raise Unparsed("a number raised at a bar can be read in two ways: write ^{x=2} for the upper place", start)
    at.refuse_script()
    return Node("evaluation", letter, (body, lower) if upper is None else (body, lower, upper), start)


def _letter_with_value(at: Cursor, found: Sequence[Token]) -> tuple[str, Node | None]:
    """The letter and its value in x = a; no letter where a value stands alone."""
    signs = [place for place, token in enumerate(found) if token.text == "="]
    if not found or len(signs) > 1:
        return "", None
    name = whole_name(at.within(found[: signs[0]])) if signs else ""
    return name or "", inside(at, found[signs[0] + 1 :] if signs else found)


def integral(at: Cursor) -> Node:
    r"""\int_{a}^{b} f(x)\,dx or \int_a^b \frac{dx}{…}."""
    start = at.shift().position
    limits = limits_of(at, "integral", start)
    if len(limits) != 2:
        raise Unparsed("an integral without two limits is not read", start)
    ends = (inside(at, limits["_"]), inside(at, limits["^"]))
    body, variable = up_to_differential(at, start)
    outside, at.names = at.names, bind_variable(at, variable, start)
    inner = inside(at, body)
    at.names = outside
    reason = "what stands behind the differential can be read in two ways: write it before the integral"
    refuse_factor(at, reason, "/", *SCRIPTS, *TIMES)
    return Node("integral", variable, (inner, *ends), start)

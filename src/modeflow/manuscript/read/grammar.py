r"""The grammar of TeX mathematics: tokens become trees, and whatever can be read in two ways is refused.

Each rule is a function that reads from a `Cursor`; a rule stands below the rules that use it.

    statement   = sum (relation sum)* | sum "=" const
    sum         = ["+" | "-"] product (("+" | "-") product)*
    product     = factor ([times] factor)* ["/" factor]
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

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import islice

from ..text.braces import DEEPEST, nesting, overs
from ..text.commands import (
    ACCENTS,
    APPROXIMATELY,
    BARS,
    BRACKETS,
    CLOSERS,
    FONTS,
    FUNCTIONS,
    GREEK,
    INVERSES,
    MEANS,
    PAIRS,
    RELATIONS,
    TIMES,
    TRACES,
    TRANSPOSES,
)
from ..text.numbering import refuse_number
from ..text.spacing import cleaned, without_end
from ..text.tokens import Token, Unparsed, closing, tokens
from .bound_variables import bind_indices, bind_variable, limits_of, refuse_index_after
from .cursor import SCRIPTS, Cursor, is_digits, spelled, texts
from .differentials import after_d, between_differentials, differentials, order_of, spelling, take_d, up_to_differential
from .formula_trees import Node, Statement, has_decimal
from .symbols import Everything, applied, is_declared, nested_derivative, read_name, symbol, whole_name

LONGEST_NUMBER = 30  # digits
LARGEST_BINOMIAL = 12


# Statements


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
    return _whole(Cursor(_cleaned(found), names))


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
    argument = read_name(at)
    if at.next == "0":
        raise Unparsed(f"declare {name}(t); its value at 0 is then read as {name}(0)", 0)
    if argument is None or not at.take(")"):
        raise Unparsed(f"{text!r} is not a function of one symbol", 0)
    return argument


def _cleaned(found: Sequence[Token]) -> list[Token]:
    rest = without_end(cleaned(found))
    if not rest:
        raise Unparsed("there is nothing to read", found[0].position if found else 0)
    return rest


def _chain(at: Cursor) -> Statement:
    sides = [_sum(at)]
    relations: list[str] = []
    while sign := at.take(*RELATIONS):
        if not relations and RELATIONS[sign.text] == "=" and at.take("\\const"):
            return _constancy(at, sides[0], sign)
        relations.append(RELATIONS[sign.text])
        sides.append(_sum(at))
        if sign.text == APPROXIMATELY and not any(map(has_decimal, sides[-2:])):
            raise Unparsed("≈ is read beside a decimal, such as 0.09, and nowhere else", sign.position)
    return Statement(tuple(sides), tuple(relations))


def _constancy(at: Cursor, side: Node, sign: Token) -> Statement:
    """That a side is constant in time: its derivative vanishes."""
    if "t" not in at.names:
        raise Unparsed("t, in which something is constant, is not declared", sign.position)
    rate = nested_derivative(side, ("t",), sign.position)
    return Statement((rate, Node("number", "0", (), sign.position)), ("=",))


# Sums and products


def _whole(at: Cursor) -> Node:
    """All that the cursor has, as one sum."""
    value = _sum(at)
    at.refuse_rest()
    return value


def _inside(at: Cursor, found: Sequence[Token]) -> Node:
    """A whole group as one sum, {a \\over b} included."""
    bars = overs(found)
    if len(bars) > 1:
        raise Unparsed("\\over twice in one group", found[bars[1]].position)
    if bars:
        return _divided(at, found[: bars[0]], found[bars[0] + 1 :], found[bars[0]].position)
    if not found:
        at.refuse("an empty group")
    return _whole(at.within(found))


def _divided(at: Cursor, above: Sequence[Token], below: Sequence[Token], position: int) -> Node:
    return Node("divide", "", (_inside(at, above), _inside(at, below)), position)


def _sum(at: Cursor) -> Node:
    start, terms = at.position, [_signed(at, at.take("+", "-"))]
    while sign := at.take("+", "-"):
        terms.append(_signed(at, sign))
    return _joined("add", terms, start)


def _signed(at: Cursor, sign: Token | None) -> Node:
    term = _product(at)
    return Node("minus", "", (term,), sign.position) if sign and sign.text == "-" else term


def _joined(kind: str, parts: list[Node], start: int) -> Node:
    """Terms or factors as one node; one alone stays as it is."""
    return parts[0] if len(parts) == 1 else Node(kind, "", tuple(parts), start)


def _product(at: Cursor) -> Node:
    start, factors = at.position, [_factor(at)]
    while True:
        if at.take(*TIMES):
            factors.append(_factor(at))
        elif slash := at.take("/"):
            return Node("divide", "", (_joined("multiply", factors, start), _divisor(at)), slash.position)
        elif _begins_factor(at.next):
            factors.append(_next_factor(at, factors[-1], start))
        else:
            return _joined("multiply", factors, start)


def _divisor(at: Cursor) -> Node:
    below = _factor(at)
    _refuse_factor(at, "what stands under the / can be read in two ways: use \\frac or parentheses", "/", *TIMES)
    return below


def _next_factor(at: Cursor, before: Node, start: int) -> Node:
    """A factor without a sign before it."""
    if at.next.isdigit():
        at.refuse("a number behind a factor can be read in two ways: write it first, or use \\cdot")
    factor = _factor(at)
    if before.kind == "number" and factor.kind == "divide" and _is_number(factor):
        raise Unparsed("a number before a fraction of numbers can be read in two ways", start)
    return factor


def _is_number(node: Node) -> bool:
    """Whether that is a number, or a fraction of numbers."""
    return node.kind == "number" or (node.kind == "divide" and all(part.kind == "number" for part in node.parts))


# Factors


def _begins_factor(text: str) -> bool:
    return (text.isascii() and text.isalnum()) or text in _BEGINNINGS


def _refuse_factor(at: Cursor, reason: str, *signs: str) -> None:
    """Raises Unparsed where a factor, or one of these signs, stands next."""
    if _begins_factor(at.next) or at.next in signs:
        at.refuse(reason)


def _factor(at: Cursor) -> Node:
    """One factor, by the rule that the next token calls for (`_RULES`, at the end)."""
    if at.is_at_digit:
        return _power(at, _number(at))
    return _RULES.get(at.next, _by_letter)(at)


def _by_letter(at: Cursor) -> Node:
    """What d, e, E or the letter of a symbol begins: a derivative, an exponential, a mean, or the symbol itself."""
    if at.next in FONTS:
        _set_apart(at)
    return _derivative_in_line(at) or _exponential(at) or _mean(at) or _symbol_power(at)


def _set_apart(at: Cursor) -> None:
    r"""\mathbf{BA} as \mathbf{B}\mathbf{A}, where these are declared and that is not."""
    if at.ahead(1) != "{":
        return
    end = closing(at.tokens, at.place + 1)
    font, opened, *inner, closed = at.tokens[at.place : end + 1]
    whole, *letters = (f"{font.text}{{{text}}}" for text in (spelled(inner), *texts(inner)))
    if len(inner) > 1 and not is_declared(whole, at.names) and all(is_declared(name, at.names) for name in letters):
        at.rewrite(end + 1, [token for letter in inner for token in (font, opened, letter, closed)])


# Powers


def _symbol_power(at: Cursor) -> Node:
    return _power(at, symbol(at))


def _power(at: Cursor, base: Node) -> Node:
    """The base with what is raised there."""
    if at.next == "_":
        at.refuse("an index behind something that is not a symbol")
    if at.next != "^":
        return base
    return _transposed(at, base) or _raised(at, base)


def _transposed(at: Cursor, base: Node) -> Node | None:
    r"""The base with ^T, ^\top or ^\intercal; None for any other power."""
    start, before = at.position, at.place
    written = _raised_letter(at)
    if written not in TRANSPOSES or written in at.names:
        at.place = before
        return None
    at.refuse_script()
    return Node("transpose", "", (base,), start)


def _raised_letter(at: Cursor) -> str:
    """The one letter that is raised, without its font; "" where more stands there."""
    at.place += 1
    inner = [text for text in texts(at.argument()) if text not in ("{", "}")]
    if len(inner) == 1 and inner[0] in FONTS and at.next in ("T", "{"):  # ^\mathsf T, where TeX sees one token only
        inner += texts(at.argument())
    letters = inner[1:] if inner and inner[0] in FONTS else inner
    return letters[0] if len(letters) == 1 else ""


def _raised(at: Cursor, base: Node) -> Node:
    position = at.shift().position
    if _is_index(at):
        at.refuse("what is raised in brackets may be an index: write a power without brackets")
    exponent = _script(at)
    at.refuse_script()
    if base.kind == "symbol":  # w^2(t) is the square of w(t)
        base = applied(at, base)
    return Node("power", "", (base, exponent), position)


def _is_index(at: Cursor) -> bool:
    """Whether a number or a letter alone in brackets is raised here, as in W^{(2)}."""
    if at.next != "{" or at.ahead(1) not in ("(", "["):
        return False
    inner = texts(at.tokens[at.place + 2 : closing(at.tokens, at.place) - 1])
    return len(inner) == 1 or (bool(inner) and all(text.isdigit() for text in inner))


def _script(at: Cursor) -> Node:
    """What is raised by the ^ just taken."""
    is_braced, position = at.next == "{", at.position
    inner = at.one_argument()
    if not is_braced and inner[0].text.startswith("\\") and inner[0].text not in GREEK:
        raise Unparsed(f"{inner[0].text} as an exponent: use braces", position)
    return _inside(at, inner)


# Atoms: numbers, groups, fractions, roots


def _number(at: Cursor) -> Node:
    start, digits = at.position, at.shift().text
    while _continues_number(at, digits):
        digits += at.shift().text
    if len(digits) > LONGEST_NUMBER:
        raise Unparsed(f"a number of more than {LONGEST_NUMBER} digits", start)
    return Node("number", digits, (), start)


def _continues_number(at: Cursor, digits: str) -> bool:
    is_spaced = any(token.spaced for token in at.following(1))
    if at.is_at_digit and is_spaced:
        at.refuse("a space inside a number")
    if at.is_at_digit:
        return True
    return at.next == "." and not is_spaced and "." not in digits and is_digits(at.ahead(1))


def _enclosed(at: Cursor) -> Node:
    """What stands in the braces or brackets that open here."""
    return _inside(at, at.enclosed())


def _group(at: Cursor) -> Node:
    start, braced = at.position, at.next == "{"
    inner = at.enclosed()
    if braced and len(bars := overs(inner)) == 1:
        return _quotient(at, inner[: bars[0]], inner[bars[0] + 1 :], start)
    return _power(at, _inside(at, inner))


def _fraction(at: Cursor) -> Node:
    r"""\frac{a}{b}, \frac{dw}{dt} or \frac{d}{dt} with what it is applied to."""
    start = at.shift().position
    return _quotient(at, at.argument(), at.one_argument(), start)


def _quotient(at: Cursor, above: Sequence[Token], below: Sequence[Token], start: int) -> Node:
    """A quotient with its power, or a derivative that is written as one."""
    if "d" in at.names and texts((*above[:1], *below[:1])) == ["d", "d"]:
        raise Unparsed("d is declared as a symbol, so this can be read in two ways: use \\mathrm{d}", start)
    variables = differentials(at, below)
    if variables:
        return _derivative_fraction(at, above, variables, start)
    return _power(at, _divided(at, above, below, start))


def _root_power(at: Cursor) -> Node:
    return _power(at, _root(at, at.shift().position))


def _root(at: Cursor, start: int) -> Node:
    degree = (_enclosed(at),) if at.next == "[" else ()
    return Node("root", "", (_inside(at, at.one_argument()), *degree), start)


# Absolute values


def _absolute_power(at: Cursor) -> Node:
    return _power(at, _absolute(at))


def _absolute(at: Cursor) -> Node:
    r"""\left|…\right| or |…|."""
    start = at.position
    inner = at.enclosed() if at.next == "\\lvert" else at.up_to(_closing_bar(at), "bars")
    return Node("absolute", "", (_inside(at, inner),), start)


def _closing_bar(at: Cursor) -> int:
    """Where the | that stands next is closed; refused where bars can be paired in two ways."""
    bars = list(islice((place for place in _level(at) if at.tokens[place].text == "|"), 2))
    if not bars:
        at.refuse("| is not closed")
    if len(bars) > 1 and (_opens_bars(at, *bars) or at.tokens[bars[0] - 1].text in ("+", "-", "/", *TIMES)):
        at.refuse("the bars can be paired in two ways: use \\left| and \\right|")
    return bars[0]


def _opens_bars(at: Cursor, bar: int, other: int) -> bool:
    """Whether a factor, which may as well stand inside of bars, follows the first of two bars."""
    text = at.tokens[bar + 1].text
    is_apart = text == "|" or (text in FUNCTIONS and other == bar + 2)
    return _begins_factor(text) and not is_apart


def _level(at: Cursor) -> Iterator[int]:
    """The places after the next token, up to a relation or the end of its group, outside of groups and brackets."""
    depth = 0
    for place in range(at.place + 1, len(at.tokens)):
        text = at.tokens[place].text
        depth -= text == "}" or text in CLOSERS
        if depth < 0 or (depth == 0 and text in RELATIONS):
            return
        if depth == 0:
            yield place
        depth += text == "{" or text in PAIRS


# Functions

_UNCLEAR_END = "where the argument of the function ends is not clear: use parentheses"


def _function(at: Cursor) -> Node:
    """A function with its power and its argument."""
    start, command = at.position, at.shift().text
    base = _base_of_logarithm(at) if command == "\\log" else None
    name, power = _function_power(at, FUNCTIONS[command])
    if at.next == "_":
        at.refuse("an index on a function is not read")
    value = Node("function", name, (_function_argument(at),), start)
    if base is not None:
        value = Node("divide", "", (value, Node("function", "ln", (base,), start)), start)
    return value if power is None else Node("power", "", (value, power), start)


def _base_of_logarithm(at: Cursor) -> Node | None:
    r"""The base of \log_2, which is a number above 1; None where none stands there."""
    sign = at.take("_")
    if sign is None:
        return None
    written = spelled(at.one_argument())
    if not is_digits(written) or len(written) > LONGEST_NUMBER or int(written) < 2:
        raise Unparsed("a base of a logarithm that is not a number above 1 is not read", sign.position)
    return Node("number", written, (), sign.position)


def _function_power(at: Cursor, name: str) -> tuple[str, Node | None]:
    r"""The function and its power, which is an inverse in \tanh^{-1}."""
    sign = at.take("^")
    if sign is None:
        return name, None
    power = _script(at)
    if power.kind == "number":
        return name, power
    if power.kind != "minus" or power.parts[0].kind != "number":
        raise Unparsed("only a number is read as the power of a function", sign.position)
    if power.parts[0].value != "1" or name not in INVERSES:
        raise Unparsed("this power of a function can be read in two ways", sign.position)
    return INVERSES[name], None


def _function_argument(at: Cursor) -> Node:
    """The argument: in brackets, or one fraction, root, symbol or function that nothing else joins."""
    if at.next in ("|", "\\lvert", "{", *BRACKETS):
        inner = _absolute(at) if at.next in ("|", "\\lvert") else _enclosed(at)
        at.refuse_script("a power behind the argument of a function can be read in two ways")
        return inner
    inner = _bare_argument(at)
    if at.next not in FUNCTIONS and at.next not in TRACES:
        _refuse_factor(at, _UNCLEAR_END, "/", *SCRIPTS, *TIMES)
    return inner


def _bare_argument(at: Cursor) -> Node:
    start = at.position
    if not at.is_at_digit:
        return _bare_factor(at, start)
    number = _number(at)
    if not _begins_factor(at.next):
        return number
    return Node("multiply", "", (number, _bare_factor(at, start)), start)


def _bare_factor(at: Cursor, start: int) -> Node:
    if at.take("\\frac"):
        return _bare_fraction(at, start)
    if at.take("\\sqrt"):
        return _root(at, start)
    if at.next in FUNCTIONS:
        return _function_of_function(at, start)
    if (exponential := _exponential(at)) is not None:
        return exponential
    if at.next.isalpha() or at.next in GREEK | ACCENTS | FONTS:
        return symbol(at)
    return at.refuse("the argument of the function is not clear: use parentheses")


def _bare_fraction(at: Cursor, start: int) -> Node:
    above, below = at.argument(), at.argument()
    if differentials(at, below):
        raise Unparsed("a derivative as the argument of a function: use parentheses", start)
    return _divided(at, above, below, start)


def _function_of_function(at: Cursor, start: int) -> Node:
    r"""The inner one of \ln\cosh x."""
    at.depth += 1
    if at.depth > DEEPEST:
        raise Unparsed(f"functions nested more than {DEEPEST} deep", start)
    inner = _function(at)
    at.depth -= 1
    _refuse_factor(at, _UNCLEAR_END)
    return inner


def _exponential(at: Cursor) -> Node | None:
    r"""e^{…} or \mathrm{e}^{…}, where e is not declared."""
    start, end = at.position, at.place + spelling(at.following(4), "e")
    written = spelled(at.tokens[at.place : end])
    if not written or "e" in at.names or written in at.names:
        return None
    at.place = end
    if not at.take("^"):
        at.refuse("e without an exponent is not declared")
    exponent = _script(at)
    at.refuse_script()
    return Node("function", "exp", (exponent,), start)


# Derivatives: d/dt, dw/dt, a dot above; d stays a letter where it is declared


def _derivative_fraction(at: Cursor, above: Sequence[Token], variables: tuple[str, ...], start: int) -> Node:
    r"""\frac{d}{dt} and what it is applied to, or \frac{dw}{dt}."""
    rest = after_d(at, above, len(variables), start)
    operand = _numerator(at, rest) if rest else _differentiated(at)
    return nested_derivative(operand, variables, start)


def _numerator(at: Cursor, rest: Sequence[Token]) -> Node:
    reader = at.within(rest)
    operand = _factor(reader)
    reader.refuse_rest("more than one factor behind d in a numerator can be read in two ways: use parentheses")
    at.refuse_script()
    return operand


def _differentiated(at: Cursor) -> Node:
    """What d/dt is applied to: a bracket, or one factor that nothing else joins."""
    start, is_bracket = at.position, at.next in BRACKETS
    operand = _enclosed(at) if is_bracket else _differentiated_factor(at)
    if is_bracket and at.next not in SCRIPTS:
        return operand
    if is_bracket:
        operand = _power(at, operand)
    if _is_number(operand) and _begins_factor(at.next):  # a number is no more differentiated than it is not
        return Node("multiply", "", (operand, _differentiated(at)), start)
    _refuse_factor(at, "what is differentiated can be read in two ways: use parentheses", "/", *TIMES)
    return operand


def _differentiated_factor(at: Cursor) -> Node:
    if at.is_at_digit:
        return _number(at)
    if at.next in _DIFFERENTIATED:
        return _factor(at)
    return _exponential(at) or _symbol_power(at)


def _derivative_in_line(at: Cursor) -> Node | None:
    r"""dw/dt, d(…)/dt, d/dt(…) or \partial_t w; None where no d stands next, or one that is declared."""
    start = at.position
    if at.next == "\\partial" and at.ahead(1) == "_":
        return _partial(at, start)
    if not take_d(at):
        return None
    order = order_of(at)
    above = None if at.next == "/" else _above_slash(at)
    variable = _below_slash(at, order, start)
    if above is None:
        above = _differentiated(at)
    elif at.next in ("/", "(", "["):
        at.refuse("what stands behind dt can be read in two ways")
    return nested_derivative(above, (variable,) * order, start)


def _partial(at: Cursor, start: int) -> Node:
    at.place += 2
    variable = whole_name(at.within(at.one_argument()))
    if variable is None:
        raise Unparsed("\\partial with an index that is not one symbol", start)
    return nested_derivative(_differentiated(at), (variable,), start)


def _above_slash(at: Cursor) -> Node:
    return _group(at) if at.next in BRACKETS else _symbol_power(at)


def _below_slash(at: Cursor, order: int, start: int) -> str:
    if not at.take("/") or not take_d(at):
        raise Unparsed("d that is not part of d/dt is not declared", start)
    variable = read_name(at)
    if variable is None or (order == 1 and at.next in SCRIPTS):
        at.refuse("d/d without the symbol in which is differentiated")
    if order != order_of(at):
        raise Unparsed("d over two differentials", start)
    return variable


def _dotted(at: Cursor) -> Node:
    r"""\dot w, \dot{w}_1, \dot w(t)."""
    start = at.position
    order = 2 if at.shift().text == "\\ddot" else 1
    inner = at.argument()
    if not inner or inner[-1].text in ("^", "_"):
        raise Unparsed("a dot over nothing", start)
    # An index, or what else belongs to the symbol, may stand after the dot.
    reader = at.within([*inner, *at.tokens[at.place :]])
    operand = symbol(reader)
    if reader.place < len(inner) or operand.kind not in ("symbol", "apply"):
        raise Unparsed("a dot over more than one symbol", start)
    at.rewrite(len(at.tokens), reader.tokens[reader.place :])
    return _power(at, nested_derivative(operand, ("t",) * order, start))


# Sums over a bound index, which has its meaning inside of the sum alone


def _bound_sum(at: Cursor) -> Node:
    r"""\sum_i, \sum_{i=1}^{n} or \sum_{i,j=1}^{n}, and the product that follows."""
    start = at.shift().position
    limits, outside = limits_of(at, "sum", start), at.names
    indices, below = bind_indices(at, limits.get("_", []), start)
    above = limits.get("^", [])
    if bool(below) != bool(above):
        raise Unparsed("a sum with one limit alone is not read", start)
    body = _product(at)
    at.names = outside
    ends = (_inside(at, below), _inside(at, above)) if below else ()
    for index in reversed(indices):
        refuse_index_after(at, index)
        body = Node("sum", index, (body, *ends), start)
    return body


def _bound_product(at: Cursor) -> Node:
    r"""\prod_{i=1}^{3} and one factor: of more it is not clear which are multiplied."""
    start = at.shift().position
    limits, outside = limits_of(at, "product", start), at.names
    indices, below = bind_indices(at, limits.get("_", []), start)
    if len(indices) != 1 or not below or "^" not in limits:
        raise Unparsed("a product without two limits is not read", start)
    body = _factor(at)
    at.names = outside
    _refuse_factor(at, "where the product ends is not clear: use parentheses", "/", *TIMES)
    return Node("product", indices[0], (body, _inside(at, below), _inside(at, limits["^"])), start)


def _binomial(at: Cursor) -> Node:
    r"""\binom{n}{2} as n(n - 1)/(1\cdot2), where the lower number is written out."""
    start = at.shift().position
    above, below = _inside(at, at.argument()), spelled(at.one_argument())
    if not is_digits(below) or not 0 < int(below[:3]) <= LARGEST_BINOMIAL:
        raise Unparsed(f"a binomial coefficient whose lower number is not one of 1 to {LARGEST_BINOMIAL}", start)
    numbers = [Node("number", str(k), (), start) for k in range(int(below) + 1)]
    factors = (Node("add", "", (above, Node("minus", "", (k,), start)), start) for k in numbers[1:-1])
    upper = _joined("multiply", [above, *factors], start)
    return _power(at, Node("divide", "", (upper, _joined("multiply", numbers[1:], start)), start))


# A value at a place


def _evaluation(at: Cursor) -> Node:
    r"""\left.F\right|_{x=a}, and \left.F\right|_{x=a}^{x=b}, which is the value at b without that at a."""
    start, before = at.position, at.tokens[at.place - 1].text if at.place else ""
    body = _inside(at, at.enclosed())
    # Where the bar begins is not seen on paper.
    if body.kind in ("add", "multiply", "minus") or before not in ("", "+", "-", *RELATIONS):
        raise Unparsed("of what the value is taken can be read in two ways: use parentheses", start)
    limits = limits_of(at, "value", start)
    letter, lower = _letter_with_value(at, limits.get("_", []))
    other, upper = _letter_with_value(at, limits["^"]) if "^" in limits else (letter, None)
    if lower is None or not letter or other not in ("", letter) or ("^" in limits and upper is None):
        raise Unparsed("a value at a place that is not one letter with its value, as x=0, is not read", start)
    at.refuse_script()
    return Node("evaluation", letter, (body, lower) if upper is None else (body, lower, upper), start)


def _letter_with_value(at: Cursor, found: Sequence[Token]) -> tuple[str, Node | None]:
    """The letter and its value in x = a; no letter where a value stands alone."""
    signs = [place for place, token in enumerate(found) if token.text == "="]
    if not found or len(signs) > 1:
        return "", None
    name = whole_name(at.within(found[: signs[0]])) if signs else ""
    return name or "", _inside(at, found[signs[0] + 1 :] if signs else found)


# Integrals between two limits: the differential ends them


def _integral(at: Cursor) -> Node:
    r"""\int_{a}^{b} f(x)\,dx or \int_a^b \frac{dx}{…}."""
    start = at.shift().position
    limits = limits_of(at, "integral", start)
    if len(limits) != 2:
        raise Unparsed("an integral without two limits is not read", start)
    ends = (_inside(at, limits["_"]), _inside(at, limits["^"]))
    body, variable = up_to_differential(at, start)
    outside, at.names = at.names, bind_variable(at, variable, start)
    inner = _inside(at, body)
    at.names = outside
    reason = "what stands behind the differential can be read in two ways: write it before the integral"
    _refuse_factor(at, reason, "/", *SCRIPTS, *TIMES)
    return Node("integral", variable, (inner, *ends), start)


# Operators on matrices


def _trace(at: Cursor) -> Node:
    start = at.shift().position
    if at.next in ("{", *BRACKETS):
        inner = _enclosed(at)
    else:
        inner = symbol(at)
        _refuse_factor(at, "where the argument of the trace ends is not clear: use parentheses", "^", "/")
    at.refuse_script("a power behind a trace can be read in two ways")
    return Node("trace", "", (inner,), start)


def _norm(at: Cursor) -> Node:
    """A norm, which must be squared and may bear the index F."""
    start = at.position
    inner = at.enclosed() if at.next == "\\lVert" else at.up_to(_closing_norm(at), "bars")
    is_named = at.next == "_"
    if not _takes_frobenius(at):
        raise Unparsed("a norm other than Frobenius is not read", start)
    if is_named and at.next != "^":
        return Node("root", "", (Node("norm", "", (_inside(at, inner),), start),), start)
    if not at.take("^") or texts(at.argument()) != ["2"]:
        raise Unparsed("a norm that is not squared is not read", start)
    at.refuse_script()
    return Node("norm", "", (_inside(at, inner),), start)


def _closing_norm(at: Cursor) -> int:
    """Where the bars of a norm that open here close."""
    depth, opened = 0, at.tokens[at.place]
    for place in range(at.place + 1, len(at.tokens)):
        text = at.tokens[place].text
        depth += nesting(text)
        if depth < 0:
            break
        if depth == 0 and text == opened.text:
            return place
    raise Unparsed(f"{opened.text} is not closed", opened.position)


def _takes_frobenius(at: Cursor) -> bool:
    """Whether F, or nothing, stands as an index; taken."""
    return not at.take("_") or [text for text in texts(at.argument()) if text not in FONTS | {"{", "}"}] == ["F"]


def _inner_product(at: Cursor) -> Node:
    r"""\langle A, B\rangle of two matrices, which is the trace of A transposed times B."""
    start = at.shift().position
    sides = _up_to_rangle(at)
    if not at.take("\\rangle") or len(sides) != 2:
        raise Unparsed("angles are read as the product of two matrices, \\langle A, B\\rangle", start)
    if not _takes_frobenius(at):
        raise Unparsed("an inner product other than Frobenius's is not read", start)
    at.refuse_script()
    one, other = (_inside(at, side) for side in sides)
    return Node("trace", "", (Node("multiply", "", (Node("transpose", "", (one,), start), other), start),), start)


def _up_to_rangle(at: Cursor) -> list[list[Token]]:
    """What stands between the commas of an inner product."""
    sides: list[list[Token]] = [[]]
    depth = 0
    while at.next and (depth or at.next != "\\rangle"):
        token = at.shift()
        depth += nesting(token.text)
        if token.text == "," and not depth:
            sides.append([])
        else:
            sides[-1].append(token)
    return sides


def _mean_operator(at: Cursor) -> Node:
    r"""\operatorname{E}[…], the one operator of that form that is left: traces and functions are commands."""
    start = at.position
    if (mean := _mean(at)) is not None:
        return mean
    at.place += 1
    raise Unparsed(f"\\operatorname{{{spelled(at.argument())}}} is not known", start)


def _mean(at: Cursor) -> Node | None:
    r"""\mathbb{E}[…], with or without the noise as its index; None where none stands next."""
    start, before = at.position, at.place
    if not _take_mean_sign(at):
        return None
    over = _index(at)
    if at.next in _NORMS or at.next in TRACES:
        inner = _trace(at) if at.next in TRACES else _norm(at)
        if inner.kind == "root":
            raise Unparsed("the mean of a norm that is not squared is not read", start)
        _refuse_factor(at, "where the argument of the mean ends is not clear: use brackets")
    elif at.next in BRACKETS:
        inner = _enclosed(at)
        at.refuse_script()
    elif at.next == "\\lvert":
        at.refuse("where the argument of the mean ends is not clear: use brackets")
    else:
        at.place = before
        return None
    return Node("mean", over, (inner,), start)


def _take_mean_sign(at: Cursor) -> bool:
    length = spelling(at.following(4), "E", FONTS | {"\\operatorname"})
    written = "E" if length == 1 else f"{at.next}{{E}}"
    if not length or written not in MEANS or written in at.names:
        return False
    at.place += length
    return True


def _gradient(at: Cursor) -> Node:
    start = at.shift().position
    letter = _index(at)
    if not letter:
        raise Unparsed("\\nabla without the letter in which is differentiated", start)
    if at.next in BRACKETS:
        inner = _enclosed(at)
    else:
        inner = symbol(at)
        _refuse_factor(at, "what is differentiated can be read in two ways: use parentheses")
    at.refuse_script()
    return Node("gradient", letter, (inner,), start)


def _index(at: Cursor) -> str:
    """The one symbol that stands as an index; "" where there is none."""
    sign = at.take("_")
    if sign is None:
        return ""
    name = whole_name(at.within(at.one_argument()))
    if name is None:
        raise Unparsed("an index that is not one symbol", sign.position)
    return name


# Which rule a token calls for

_NORMS = BARS | {"\\lVert"}
_RULES: dict[str, Callable[[Cursor], Node]] = {
    **dict.fromkeys(("{", *PAIRS), _group),
    **dict.fromkeys(("|", "\\lvert"), _absolute_power),
    **dict.fromkeys(_NORMS, _norm),
    **dict.fromkeys(FUNCTIONS, _function),
    **dict.fromkeys(TRACES, _trace),
    **dict.fromkeys(("\\dot", "\\ddot"), _dotted),
    "\\frac": _fraction,
    "\\sqrt": _root_power,
    "\\operatorname": _mean_operator,
    "\\sum": _bound_sum,
    "\\prod": _bound_product,
    "\\binom": _binomial,
    "\\left.": _evaluation,
    "\\int": _integral,
    "\\langle": _inner_product,
    "\\nabla": _gradient,
}
_BEGINNINGS = _RULES.keys() | {"\\partial"} | GREEK | ACCENTS | FONTS
_DIFFERENTIATED = {"\\frac", "\\sqrt", "\\sum", "\\int", "\\lvert", *FUNCTIONS, *TRACES, *_NORMS}

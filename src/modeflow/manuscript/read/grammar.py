"""The grammar of statements: tokens become trees, and whatever can be read in two ways is refused.

Refused rather than guessed: a/bc, sin x y, f(x) for a symbol that is not declared a function, x^12, and every command
that is not listed in `letters`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from ..text.commands import ACCENTS, APPROXIMATELY, BARS, FONTS, FUNCTIONS, GREEK, PAIRS, RELATIONS, TIMES, TRACES
from ..text.numbering import refuse_number
from ..text.spacing import cleaned, without_end
from ..text.tokens import Token, Unparsed, closing, tokens
from .derivative_notation import is_number
from .integral_notation import Integrals
from .symbols import Everything
from .trees import Node, Statement, has_decimal


def statement(found: Sequence[Token], names: Container[str]) -> Statement:
    """An equation, an inequality or a chain of them; `names` are the keys of the declared symbols."""
    refuse_number(rest := _cleaned(found))
    parser = Parser(rest, names)
    sides, relations = [parser.sum()], []
    while sign := parser.take(*RELATIONS):
        if len(sides) == 1 and RELATIONS[sign.text] == "=" and parser.take("\\const"):
            sides, relations = [parser.rate_of(sides[0], sign.position), Node("number", "0", (), sign.position)], ["="]
            break
        relations.append(RELATIONS[sign.text])
        sides.append(parser.sum())
        if sign.text == APPROXIMATELY and not any(map(has_decimal, sides[-2:])):
            raise Unparsed("≈ is read beside a decimal, such as 0.09, and nowhere else", sign.position)
    if parser.next is not None:
        parser.refuse()
    if not relations:
        raise Unparsed("there is no equation here", parser.first)
    return Statement(tuple(sides), tuple(relations))


def expression(found: Sequence[Token], names: Container[str]) -> Node:
    """One side of an equation."""
    parser = Parser(_cleaned(found), names)
    value = parser.sum()
    if parser.next is not None:
        parser.refuse()
    return value


def _cleaned(found: Sequence[Token]) -> list[Token]:
    rest = without_end(cleaned(found))
    if not rest:
        raise Unparsed("there is nothing to read", found[0].position if found else 0)
    return rest


def key(text: str) -> str:
    """The key under which a symbol, written in TeX, is declared; a function ends in its argument, w(t)."""
    parser = Parser(cleaned(tokens(text)), Everything())
    name = parser.name()
    if name is None:
        raise Unparsed(f"{text!r} is not a symbol", 0)
    if parser.take("("):
        inner = parser.name()
        if parser.next == "0":
            raise Unparsed(f"declare {name}(t); its value at 0 is then read as {name}(0)", 0)
        if inner is None or not parser.take(")"):
            raise Unparsed(f"{text!r} is not a function of one symbol", 0)
        name = f"{name}({inner})"
    if parser.next is not None:
        raise Unparsed(f"{text!r} is more than one symbol", 0)
    return name


class Parser(Integrals):
    """Reads sums, products, powers and fractions."""

    @property
    def first(self) -> int:
        return self._tokens[0].position

    def inside(self, found: Sequence[Token]) -> Node:
        """A whole group as one expression, {a \\over b} included."""
        depth = 0
        overs = []
        for place, token in enumerate(found):
            depth += (token.text == "{") - (token.text == "}")
            if token.text == "\\over" and depth == 0:
                overs.append(place)
        if len(overs) > 1:
            raise Unparsed("\\over twice in one group", found[overs[1]].position)
        if overs:
            above, below = self.inside(found[: overs[0]]), self.inside(found[overs[0] + 1 :])
            return Node("divide", "", (above, below), found[overs[0]].position)
        if not found:
            self.refuse("an empty group")
        parser = Parser(found, self._names, self._depth + 1)
        inner = parser.sum()
        if parser.next is not None:
            parser.refuse()
        return inner

    # sums and products

    def sum(self) -> Node:
        start = self.position
        minus = self.take("-")
        if minus is None:
            self.take("+")
        terms = [_signed(self.product(), minus)]
        while sign := self.take("+", "-"):
            terms.append(_signed(self.product(), sign if sign.text == "-" else None))
        return terms[0] if len(terms) == 1 else Node("add", "", tuple(terms), start)

    def product(self) -> Node:
        start = self.position
        factors = [self.factor()]
        while True:
            if self.take(*TIMES):
                factors.append(self.factor())
            elif slash := self.take("/"):
                below = self.factor()
                if self.next == "/" or self.next in TIMES or self.begins_factor():
                    self.refuse("what stands under the / can be read in two ways: use \\frac or parentheses")
                above = factors[0] if len(factors) == 1 else Node("multiply", "", tuple(factors), start)
                return Node("divide", "", (above, below), slash.position)
            elif self.begins_factor():
                if self.next is not None and self.next.isdigit():
                    self.refuse("a number behind a factor can be read in two ways: write it first, or use \\cdot")
                factors.append(self.factor())
                if factors[-2].kind == "number" and _is_numbers(factors[-1]):
                    raise Unparsed("a number before a fraction of numbers can be read in two ways", start)
            else:
                break
        return factors[0] if len(factors) == 1 else Node("multiply", "", tuple(factors), start)

    def begins_factor(self) -> bool:
        text = self.next
        return text is not None and ((text.isascii() and text.isalnum()) or text in _BEGINNINGS)

    # factors

    def factor(self) -> Node:
        start, text = self.position, self.next
        if text is None:
            self.refuse()
        if text.isascii() and text.isdigit():
            return self.powered(self.number())
        if text in PAIRS and text not in ("\\lVert", "\\lvert"):
            return self.powered(self.inside(self.brackets()))
        if text == "{":
            return self.powered(self.inside(self.group()))
        if self.take("\\frac"):
            return self._fraction(start)
        if self.take("\\sqrt"):
            return self.powered(self.root(start))
        if text in FUNCTIONS:
            return self.function()
        if text == "\\operatorname":
            if (mean := self.operator()) is not None:
                return mean
            raise Unparsed(f"\\operatorname{{{self._name_of_operator()}}} is not known", start)
        if text in ("\\dot", "\\ddot"):
            return self.powered(self.dotted())
        if text == "\\sum":
            return self.bound_sum()
        if text == "\\int":
            return self.bound_integral()
        if text in FONTS:
            self._apart()
        found = self.in_line() or self.exponential() or self.operator()
        return found if found is not None else self.raised_symbol()

    def _apart(self) -> None:
        r"""\mathbf{BA} as \mathbf{B}\mathbf{A}, where these are declared and that is not."""
        if self.ahead(1) != "{":
            return
        font, end = self._tokens[self._at], closing(self._tokens, self._at + 1)
        inner = self._tokens[self._at + 2 : end]
        name = f"{font.text}{{{''.join(t.text for t in inner)}}}"
        if (
            len(inner) < 2
            or self._is_declared(name)
            or not all(self._is_declared(f"{font.text}{{{t.text}}}") for t in inner)
        ):
            return
        opened, closed = self._tokens[self._at + 1], self._tokens[end]
        letters = [token for letter in inner for token in (font, opened, letter, closed)]
        self._tokens = [*self._tokens[: self._at], *letters, *self._tokens[end + 1 :]]

    def _is_declared(self, name: str) -> bool:
        return name in self._names or self.known_function(name)

    def _name_of_operator(self) -> str:
        self._at += 1
        return "".join(t.text for t in self.argument())

    def number(self) -> Node:
        start = self.position
        digits = ""
        while self.next is not None and self.next.isascii() and (self.next.isdigit() or (self.next == "." and digits)):
            if digits and self._tokens[self._at].spaced:
                if self.next.isdigit():
                    self.refuse("a space inside a number")
                break
            after = self.ahead(1)
            if self.next == "." and ("." in digits or not (after.isascii() and after.isdigit())):
                break
            digits += self.next
            self._at += 1
        if len(digits) > 30:
            raise Unparsed("a number of more than 30 digits", start)
        return Node("number", digits, (), start)

    def script(self) -> Node:
        braced = self.next == "{"
        position = self.position
        inner = self.argument()
        if not braced:
            self.no_digit_follows()
            if inner[0].text.startswith("\\") and inner[0].text not in GREEK:
                raise Unparsed(f"{inner[0].text} as an exponent: use braces", position)
        return self.inside(inner)

    def powered(self, base: Node) -> Node:
        """The base with what is raised behind it."""
        if self.next == "_":
            self.refuse("an index behind something that is not a symbol")
        if self.next != "^":
            return base
        if turned := self.transposed(base):
            return turned
        position = self.position
        self._at += 1
        if self._is_index():
            self.refuse("what is raised in brackets may be an index: write a power without brackets")
        exponent = self.script()
        if self.next in ("^", "_", "'"):
            self.refuse()
        if base.kind == "symbol":  # w^2(t) is the square of w(t)
            base = self.applied(base)
        return Node("power", "", (base, exponent), position)

    def _is_index(self) -> bool:
        """Whether a number or a letter alone in brackets is raised here, as in W^{(2)}."""
        if self.next != "{" or self.ahead(1) not in ("(", "["):
            return False
        inner = [token.text for token in self._tokens[self._at + 2 : closing(self._tokens, self._at) - 1]]
        return len(inner) == 1 or (bool(inner) and all(text.isdigit() for text in inner))

    def raised_symbol(self) -> Node:
        return self.powered(self.symbol())

    def _fraction(self, start: int) -> Node:
        above = self.argument()
        below = self.one_argument()
        if "d" in self._names and [t.text for t in (*above[:1], *below[:1])] == ["d", "d"]:
            raise Unparsed("d is declared as a symbol, so this can be read in two ways: use \\mathrm{d}", start)
        if below and (differential := self.differential(below)) is not None:
            return self.fraction_of_d(above, differential, start)
        return self.powered(Node("divide", "", (self.inside(above), self.inside(below)), start))

    def root(self, start: int) -> Node:
        degree = self.inside(self.brackets()) if self.next == "[" else None
        inner = self.inside(self.one_argument())
        return Node("root", "", (inner,) if degree is None else (inner, degree), start)


_BEGINNINGS = (
    {
        *("{", "\\frac", "\\sqrt", "\\operatorname", "\\dot", "\\ddot", "\\nabla", "\\partial", "\\sum", "\\int", "|"),
        "\\langle",
    }
    | {*PAIRS, *FUNCTIONS}
    | (GREEK | ACCENTS | FONTS | TRACES | BARS)
)


def _signed(term: Node, minus: Token | None) -> Node:
    return term if minus is None else Node("minus", "", (term,), minus.position)


def _is_numbers(node: Node) -> bool:
    return node.kind == "divide" and is_number(node)

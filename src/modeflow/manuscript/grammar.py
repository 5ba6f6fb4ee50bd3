"""The grammar of equations: tokens become a tree, and whatever can be read in two ways is refused.

Refused rather than guessed: a/bc, sin x y, f(x) for a symbol that is not declared a function, x^12, and every command
that is not listed here.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import NoReturn

from .tokens import Token, Unparsed, argument, closing, tokens

DEEPEST = 40  # groups inside groups

GREEK = frozenset(
    "\\" + name
    for name in [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "varepsilon",
        "zeta",
        "eta",
        "theta",
        "vartheta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "varrho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "varphi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Upsilon",
        "Phi",
        "Psi",
        "Omega",
        "ell",
    ]
)
FUNCTIONS = {
    "\\" + name: name
    for name in ["exp", "ln", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "coth", "arcsin", "arccos", "arctan"]
}
OPERATORS = {"artanh", "arsinh", "arcosh", "arctanh", "arcsinh", "arccosh"}
INVERSES = {
    "sin": "arcsin",
    "cos": "arccos",
    "tan": "arctan",
    "sinh": "arsinh",
    "cosh": "arcosh",
    "tanh": "artanh",
}
_ACCENTS = frozenset("\\" + name for name in ["tilde", "hat", "bar", "overline", "widehat", "widetilde", "vec"])
_FONTS = frozenset(
    "\\" + name for name in ["mathbf", "boldsymbol", "bm", "mathcal", "mathsf", "mathrm", "mathit", "mathbb"]
)
_SPACES = frozenset(["\\,", "\\;", "\\:", "\\!", "\\ ", "~", "\\displaystyle", "\\textstyle", "\\nonumber", "\\notag"])
_SIZES = frozenset("\\" + size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r"))
_PAIRS = {"(": ")", "[": "]", "\\{": "\\}", "\\lbrack": "\\rbrack"}
_TIMES = frozenset(["\\cdot", "\\times", "*"])
_STARS = {"*": "*", "\\ast": "*", "\\star": "*"}


@dataclass(frozen=True)
class Node:
    """kind: number, symbol, apply, function, add, multiply, divide, power, minus or derivative."""

    kind: str
    value: str
    parts: tuple[Node, ...]
    position: int


def equation(found: Sequence[Token], names: Container[str]) -> list[Node]:
    """The sides of an equation, or of a chain a = b = c; `names` are the keys of the declared symbols."""
    cleaned = _cleaned(found)
    while cleaned and cleaned[-1].text in (".", ",", ";"):
        cleaned.pop()
    if not cleaned:
        raise Unparsed("there is nothing to read", found[0].position if found else 0)
    parser = _Parser(cleaned, names)
    sides = [parser.sum()]
    while parser.take("="):
        sides.append(parser.sum())
    if parser.next is not None:
        parser.refuse()
    if len(sides) == 1:
        raise Unparsed("there is no equation here", cleaned[0].position)
    return sides


def key(text: str) -> str:
    """The key under which a symbol, written in TeX, is declared; a function ends in its argument, w(t)."""
    found = _cleaned(tokens(text))
    parser = _Parser(found, _Everything())
    name = parser.name()
    if name is None:
        raise Unparsed(f"{text!r} is not a symbol", 0)
    if parser.take("("):
        inner = parser.name()
        if inner is None or not parser.take(")"):
            raise Unparsed(f"{text!r} is not a function of one symbol", 0)
        name = f"{name}({inner})"
    if parser.next is not None:
        raise Unparsed(f"{text!r} is more than one symbol", 0)
    return name


def _is_numbers(node: Node) -> bool:
    return node.kind == "divide" and all(part.kind == "number" for part in node.parts)


class _Everything:
    def __contains__(self, name: object) -> bool:
        return True


def _cleaned(found: Sequence[Token]) -> list[Token]:
    """Without spaces, sizes, labels and tags."""
    result: list[Token] = []
    at = 0
    spaced = False
    while at < len(found):
        token = found[at]
        at += 1
        if token.text in _SPACES or token.text in _SIZES:
            spaced = True
        elif token.text in ("\\label", "\\tag", "\\tag*"):
            _, at = argument(found, at, token)
        elif token.text in ("\\left", "\\right"):
            if at >= len(found) or found[at].text not in {*_PAIRS, *_PAIRS.values()}:
                raise Unparsed(f"{token.text} without a bracket that is read here", token.position)
        elif token.text in ("\\dfrac", "\\tfrac"):
            result.append(Token("\\frac", token.position, token.spaced or spaced))
        elif _is_empty_atom(found, at - 1):
            at += 1
        else:
            result.append(Token(token.text, token.position, True) if spaced else token)
            spaced = False
    return result


def _is_empty_atom(found: Sequence[Token], at: int) -> bool:
    """{} before a sign, which only changes the spacing."""
    if [t.text for t in found[at : at + 2]] != ["{", "}"] or at + 2 >= len(found):
        return False
    after_command = at > 0 and (found[at - 1].text in ("^", "_") or found[at - 1].text.startswith("\\"))
    return found[at + 2].text in ("+", "-", "=") and not after_command


class _Parser:
    def __init__(self, found: Sequence[Token], names: Container[str], depth: int = 0) -> None:
        self._tokens, self._names, self._depth, self._at = found, names, depth, 0
        if depth > DEEPEST:
            raise Unparsed(f"groups nested more than {DEEPEST} deep", found[0].position if found else 0)

    # reading tokens

    @property
    def next(self) -> str | None:
        return self._tokens[self._at].text if self._at < len(self._tokens) else None

    @property
    def position(self) -> int:
        if not self._tokens:
            return 0
        return self._tokens[min(self._at, len(self._tokens) - 1)].position

    def take(self, *texts: str) -> Token | None:
        if self.next in texts:
            self._at += 1
            return self._tokens[self._at - 1]
        return None

    def refuse(self, reason: str = "") -> NoReturn:
        if not reason:
            reason = "the equation ends too early" if self.next is None else f"{self.next} is not read here"
        raise Unparsed(reason, self.position)

    def _inside(self, found: Sequence[Token]) -> Node:
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
            above, below = self._inside(found[: overs[0]]), self._inside(found[overs[0] + 1 :])
            return Node("divide", "", (above, below), found[overs[0]].position)
        if not found:
            self.refuse("an empty group")
        parser = _Parser(found, self._names, self._depth + 1)
        inner = parser.sum()
        if parser.next is not None:
            parser.refuse()
        return inner

    def _argument(self) -> list[Token]:
        inner, self._at = argument(self._tokens, self._at, self._tokens[self._at - 1])
        return inner

    def _no_digit_follows(self) -> None:
        if self.next is not None and self.next.isdigit():
            self.refuse(f"TeX takes one digit, and {self.next} follows: use braces")

    # sums and products

    def sum(self) -> Node:
        start = self.position
        minus = self.take("-")
        if minus is None:
            self.take("+")
        terms = [self._signed(self._product(), minus)]
        while sign := self.take("+", "-"):
            terms.append(self._signed(self._product(), sign if sign.text == "-" else None))
        return terms[0] if len(terms) == 1 else Node("add", "", tuple(terms), start)

    @staticmethod
    def _signed(term: Node, minus: Token | None) -> Node:
        return term if minus is None else Node("minus", "", (term,), minus.position)

    def _product(self) -> Node:
        start = self.position
        factors = [self._factor()]
        while True:
            if self.take(*_TIMES):
                factors.append(self._factor())
            elif slash := self.take("/"):
                below = self._factor()
                if self.next == "/" or self.next in _TIMES or self._begins_factor():
                    self.refuse("what stands under the / can be read in two ways: use \\frac or parentheses")
                above = factors[0] if len(factors) == 1 else Node("multiply", "", tuple(factors), start)
                return Node("divide", "", (above, below), slash.position)
            elif self._begins_factor():
                if self.next is not None and self.next.isdigit():
                    self.refuse("a number behind a factor can be read in two ways: write it first, or use \\cdot")
                factors.append(self._factor())
                if factors[-2].kind == "number" and _is_numbers(factors[-1]):
                    raise Unparsed("a number before a fraction of numbers can be read in two ways", start)
            else:
                break
        return factors[0] if len(factors) == 1 else Node("multiply", "", tuple(factors), start)

    def _begins_factor(self) -> bool:
        text = self.next
        if text is None:
            return False
        return (
            (text.isascii() and text.isalnum())
            or text in _PAIRS
            or text == "{"
            or text in GREEK
            or text in FUNCTIONS
            or text in _ACCENTS
            or text in _FONTS
            or text in ("\\frac", "\\sqrt", "\\operatorname", "\\dot", "\\ddot")
        )

    # factors

    def _factor(self) -> Node:
        start = self.position
        text = self.next
        if text is None:
            self.refuse()
        if text.isascii() and text.isdigit():
            return self._powered(self._number())
        if text in _PAIRS:
            return self._powered(self._bracket())
        if self.take("{"):
            self._at -= 1
            end = closing(self._tokens, self._at)
            inner = self._tokens[self._at + 1 : end]
            self._at = end + 1
            return self._powered(self._inside(inner))
        if self.take("\\frac"):
            return self._fraction(start)
        if self.take("\\sqrt"):
            return self._powered(self._root(start))
        if text in FUNCTIONS or (text == "\\operatorname"):
            return self._function(start)
        if text in ("\\dot", "\\ddot"):
            return self._dotted(start)
        if text == "e" and "e" not in self._names:
            self._at += 1
            if not self.take("^"):
                self.refuse("e without an exponent is not declared")
            exponent = self._script()
            return Node("function", "exp", (exponent,), start)
        return self._symbol(start)

    def _number(self) -> Node:
        start = self.position
        digits = ""
        while self.next is not None and self.next.isascii() and (self.next.isdigit() or (self.next == "." and digits)):
            if digits and self._tokens[self._at].spaced:
                if self.next.isdigit():
                    self.refuse("a space inside a number")
                break
            after = self._tokens[self._at + 1].text if self._at + 1 < len(self._tokens) else ""
            if self.next == "." and ("." in digits or not (after.isascii() and after.isdigit())):
                break
            digits += self.next
            self._at += 1
        if len(digits) > 30:
            raise Unparsed("a number of more than 30 digits", start)
        return Node("number", digits, (), start)

    def _bracket(self) -> Node:
        opened = self._at
        close = _PAIRS[self._tokens[opened].text]
        end = self._matching(opened)
        if self._tokens[end].text != close:
            raise Unparsed(f"{self._tokens[opened].text} is closed by another bracket", self._tokens[end].position)
        self._at = end + 1
        return self._inside(self._tokens[opened + 1 : end])

    def _matching(self, opened: int) -> int:
        depth = braces = 0
        for place in range(opened, len(self._tokens)):
            text = self._tokens[place].text
            braces += (text == "{") - (text == "}")
            if braces < 0:
                break
            if braces == 0:
                depth += (text in _PAIRS) - (text in _PAIRS.values())
            if depth == 0 and braces == 0:
                return place
        raise Unparsed(f"{self._tokens[opened].text} is not closed", self._tokens[opened].position)

    def _script(self) -> Node:
        """What stands behind ^."""
        braced = self.next == "{"
        position = self.position
        inner = self._argument()
        if not braced:
            self._no_digit_follows()
            if inner[0].text.startswith("\\") and inner[0].text not in GREEK:
                raise Unparsed(f"{inner[0].text} as an exponent: use braces", position)
        return self._inside(inner)

    def _powered(self, base: Node) -> Node:
        if self.next == "_":
            self.refuse("an index behind something that is not a symbol")
        if not (raised := self.take("^")):
            return base
        exponent = self._script()
        if self.next in ("^", "_", "'"):
            self.refuse()
        return Node("power", "", (base, exponent), raised.position)

    def _fraction(self, start: int) -> Node:
        above = self._argument()
        below = self._argument()
        if self._tokens[self._at - 1].text != "}":
            self._no_digit_follows()
        if "d" in self._names and [t.text for t in (*above[:1], *below[:1])] == ["d", "d"]:
            raise Unparsed("d is declared as a symbol, so this can be read in two ways: use \\mathrm{d}", start)
        variable = self._differential(below)
        if variable is not None:
            return self._derivative(above, variable, start)
        return self._powered(Node("divide", "", (self._inside(above), self._inside(below)), start))

    def _root(self, start: int) -> Node:
        degree = None
        if self.next == "[":
            degree = self._bracket()
        braced = self.next == "{"
        inner = self._inside(self._argument())
        if not braced:
            self._no_digit_follows()
        parts = (inner,) if degree is None else (inner, degree)
        return Node("root", "", parts, start)

    # functions

    def _function(self, start: int) -> Node:
        if self.take("\\operatorname"):
            name = "".join(t.text for t in self._argument())
            if name not in OPERATORS:
                raise Unparsed(f"\\operatorname{{{name}}} is not known", start)
            name = name.replace("arct", "art").replace("arcs", "ars").replace("arcc", "arc")
        else:
            name = FUNCTIONS[self._tokens[self._at].text]
            self._at += 1
        power = None
        if raised := self.take("^"):
            power = self._script()
            if power.kind == "minus" and power.parts[0].kind == "number":
                if power.parts[0].value != "1" or name not in INVERSES:
                    raise Unparsed("this power of a function can be read in two ways", raised.position)
                name, power = INVERSES[name], None
            elif power.kind != "number":
                raise Unparsed("only a number is read as the power of a function", raised.position)
        if self.next == "_":
            self.refuse("an index on a function, such as a base of the logarithm, is not read")
        value = Node("function", "ln" if name == "log" else name, (self._operand(),), start)
        return value if power is None else Node("power", "", (value, power), start)

    def _operand(self) -> Node:
        """The argument of a function: in brackets, or one fraction, root or symbol that nothing else joins."""
        if self.next in _PAIRS or self.next == "{":
            if self.next == "{":
                end = closing(self._tokens, self._at)
                inner = self._inside(self._tokens[self._at + 1 : end])
                self._at = end + 1
            else:
                inner = self._bracket()
            if self.next in ("^", "_", "'"):
                self.refuse("a power behind the argument of a function can be read in two ways")
            return inner
        start = self.position
        number = self._number() if self.next is not None and self.next.isascii() and self.next.isdigit() else None
        bare = None
        if number is None or self._begins_factor():
            if self.take("\\frac"):
                above, below = self._argument(), self._argument()
                if self._differential(below) is not None:
                    raise Unparsed("a derivative as the argument of a function: use parentheses", start)
                bare = Node("divide", "", (self._inside(above), self._inside(below)), start)
            elif self.take("\\sqrt"):
                bare = self._root(start)
            elif self.next is not None and (self.next.isalpha() or self.next in GREEK | _ACCENTS | _FONTS):
                bare = self._symbol(start)
                if bare.kind == "power":
                    raise Unparsed("the argument of the function can be read in two ways: use parentheses", start)
            else:
                self.refuse("the argument of the function is not clear: use parentheses")
        elsewhere = self._begins_factor() and self.next not in FUNCTIONS and self.next != "\\operatorname"
        if elsewhere or self.next in ("/", "^", "_", "'") or self.next in _TIMES:
            self.refuse("where the argument of the function ends is not clear: use parentheses")
        if number is None:
            assert bare is not None
            return bare
        return number if bare is None else Node("multiply", "", (number, bare), start)

    # derivatives

    def _d(self, token: Token) -> bool:
        return token.text == "d" and "d" not in self._names

    def _without_d(self, found: Sequence[Token]) -> list[Token] | None:
        """What follows a leading d or \\mathrm{d}; None where there is none."""
        if found and self._d(found[0]):
            return list(found[1:])
        texts = [t.text for t in found]
        if texts[:4] == ["\\mathrm", "{", "d", "}"]:
            return list(found[4:])
        return list(found[2:]) if texts[:2] == ["\\mathrm", "d"] else None

    def _differential(self, below: Sequence[Token]) -> str | None:
        """t, where the denominator is dt."""
        rest = self._without_d(below)
        if not rest:
            return None
        parser = _Parser(rest, self._names, self._depth + 1)
        name = parser.name()
        if name is None or parser.next is not None:
            raise Unparsed("a denominator that begins with d but is not dt", below[0].position)
        return name

    def _derivative(self, above: Sequence[Token], variable: str, start: int) -> Node:
        rest = self._without_d(above)
        if rest is None:
            raise Unparsed("dt under a fraction whose numerator does not begin with d", start)
        if rest:
            parser = _Parser(rest, self._names, self._depth + 1)
            operand = parser._symbol(start)
            if parser.next is not None or operand.kind == "power":
                parser.refuse("only one symbol is read behind d in a numerator")
            if self.next in ("^", "_", "'"):
                self.refuse()
            return Node("derivative", variable, (operand,), start)
        if self.next in _PAIRS:
            operand = self._bracket()
            if self.next in ("^", "_", "'"):
                self.refuse("a power behind what is differentiated can be read in two ways")
        else:
            operand = self._symbol(self.position)
            if self._begins_factor() or self.next in _TIMES or self.next == "/":
                self.refuse("what is differentiated can be read in two ways: use parentheses")
        return Node("derivative", variable, (operand,), start)

    def _dotted(self, start: int) -> Node:
        order = 2 if self.take("\\ddot") else 1
        if order == 1:
            self.take("\\dot")
        inner = self._argument()
        indices: list[Token] = []
        if self.next == "_":
            indices.append(self._tokens[self._at])
            self._at += 1
            indices += [Token("{", start), *self._argument_checked(), Token("}", start)]
        parser = _Parser([*inner, *indices], self._names, self._depth + 1)
        operand = parser._symbol(start)
        if parser.next is not None or operand.kind != "symbol":
            raise Unparsed("a dot over more than one symbol", start)
        applied = self._applied(operand)
        for _ in range(order):
            applied = Node("derivative", "t", (applied,), start)
        return self._powered(applied)

    # symbols

    def _symbol(self, start: int) -> Node:
        before = self._at
        name = self.name()
        if name is None:
            self._at = before
            self.refuse()
        if name not in self._names and not self._known_function(name):
            raise Unparsed(f"{name} is not declared", start)
        symbol = self._applied(Node("symbol", name, (), start))
        return self._powered(symbol)

    def _known_function(self, name: str) -> bool:
        return f"{name}(" in self._names

    def _applied(self, symbol: Node) -> Node:
        """w(t) where the table knows w as a function; brackets around one symbol are refused elsewhere."""
        if self.next not in _PAIRS:
            return symbol
        opened = self._at
        end = self._matching(opened)
        inner = self._tokens[opened + 1 : end]
        if not inner:
            self.refuse("empty brackets")
        written = _Parser(inner, _Everything(), self._depth + 1)
        name = written.name()
        single = name is not None and written.next is None
        number = len(inner) == 1 and inner[0].text.isdigit()
        if not (single or number):
            if any(t.text == "," for t in inner):
                self.refuse(f"{symbol.value} with several arguments is not read")
            if self._known_function(symbol.value) and symbol.value not in self._names:
                self.refuse(f"{symbol.value}(…) can be read as a product or as a function: use \\cdot")
            return symbol
        argument_ = "0" if number and inner[0].text == "0" else name
        if (
            argument_ is not None
            and self._tokens[opened].text == "("
            and (
                f"{symbol.value}({argument_})" in self._names
                or (argument_ == "0" and f"{symbol.value}(t)" in self._names)
            )
        ):
            self._at = end + 1
            return Node(
                "apply",
                symbol.value,
                (Node("symbol" if single else "number", argument_, (), symbol.position),),
                symbol.position,
            )
        return self.refuse(
            f"{symbol.value}({''.join(t.text for t in inner)}) can be read as a product or as a function"
        )

    def name(self) -> str | None:
        """The key of a symbol: its letter, accents, index and, where the table says so, what is raised."""
        base = self._letter()
        if base is None:
            return None
        index = raised = ""
        while self.next in ("_", "^", "'"):
            if self.take("_"):
                if index:
                    self.refuse("two indices")
                index = "_{" + self._written(self._argument_checked()) + "}"
            elif self.next == "'":
                primes = 0
                while self.take("'"):
                    primes += 1
                raised = "'" * primes
            else:
                here = self._at
                self._at += 1
                text = self._written(self._argument())
                if raised or f"{base}{index}^{{{text}}}" not in self._names:
                    self._at = here
                    break
                raised = f"^{{{text}}}"
        return base + index + raised

    def _argument_checked(self) -> list[Token]:
        braced = self.next == "{"
        inner = self._argument()
        if not braced:
            self._no_digit_follows()
        return inner

    @staticmethod
    def _written(inner: Sequence[Token]) -> str:
        texts = [_STARS.get(t.text, t.text) for t in inner]
        return "".join(t + (" " if len(t) > 2 and t[0] == "\\" else "") for t in texts).strip()

    def _letter(self) -> str | None:
        text = self.next
        if text is None:
            return None
        if text in GREEK or (len(text) == 1 and text.isascii() and text.isalpha()):
            self._at += 1
            return text
        if text in _ACCENTS or text in _FONTS:
            self._at += 1
            inner = self._argument()
            return f"{text}{{{self._written(inner)}}}" if inner else None
        return None

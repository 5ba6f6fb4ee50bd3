"""The grammar of symbols: a letter with its accent and index, w(t), w'(t)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..text.commands import ACCENTS, ALIKE_IN_INDICES, CLOSERS, FONTS, GREEK, PAIRS, STARS, TRANSPOSES
from ..text.tokens import Token, Unparsed, closing
from .cursor import Cursor
from .trees import Node


def undeclared(name: str) -> str:
    """Why a symbol without a meaning is not read, and the remedy."""
    return f"{name} is not declared: give it a meaning under [manuscript.symbols]"


class Everything:
    """Where every name is declared."""

    def __contains__(self, name: object) -> bool:
        return True


class Symbols(Cursor):
    """Reads symbols."""

    def symbol(self) -> Node:
        """A declared symbol, as w or w(t); raises Unparsed for any other."""
        start, before = self.position, self._at
        name = self.name()
        if name is None:
            self._at = before
            self.refuse()
        primes = len(name) - len(name.rstrip("'"))
        if primes and name not in self._names and self.known_function(name.rstrip("'")):
            return self._primed(name.rstrip("'"), primes, start)
        if name not in self._names and not self.known_function(name):
            raise Unparsed(undeclared(name), start)
        return self.applied(Node("symbol", name, (), start))

    def _primed(self, name: str, primes: int, start: int) -> Node:
        """w' or w'(t): the derivative of a function of t."""
        if f"{name}(t)" not in self._names:
            raise Unparsed(f"{name}' is not declared", start)
        derivative = self.applied(Node("symbol", name, (), start))
        if derivative.kind == "apply" and derivative.parts[0].kind == "number":
            raise Unparsed("a derivative at a number is not read", start)
        for _ in range(primes):
            derivative = Node("derivative", "t", (derivative,), start)
        return derivative

    def known_function(self, name: str) -> bool:
        return f"{name}(" in self._names

    def applied(self, symbol: Node) -> Node:
        """w(t) where the table knows w as a function; brackets around one symbol are refused elsewhere."""
        if self.next not in PAIRS or self.next in ("\\lvert", "\\lVert"):
            return symbol
        opened, end = self._at, self.matching(self._at)
        inner = _unwrapped(self._tokens[opened + 1 : end])
        if not inner:
            self.refuse("empty brackets")
        written = Symbols(inner, Everything(), self._depth + 1)
        name = written.name()
        single = name is not None and written.next is None
        number = len(inner) == 1 and inner[0].text.isdigit()
        name_ = symbol.value
        if not (single or number):
            if any(t.text == "," for t in inner):
                self.refuse(f"{name_} with several arguments is not read")
            if self.known_function(name_) and not self._no_time(inner, name_):
                self.refuse(f"{name_}(…) can be read as a product or as a function: use \\cdot")
            return symbol
        argument = "0" if number and inner[0].text == "0" else name
        entries = (f"{name_}({argument})", f"{name_}(t)" if argument == "0" else "")
        if argument is not None and self.next == "(" and any(e and e in self._names for e in entries):
            self._at = end + 1
            value = Node("symbol" if single else "number", argument, (), symbol.position)
            return Node("apply", name_, (value,), symbol.position)
        if name is not None and name in self._names and f"time {name}" not in self._names and self._transposes(end + 1):
            return symbol
        return self.refuse(f"{name_}({''.join(t.text for t in inner)}) can be read as a product or as a function")

    def _transposes(self, at: int) -> bool:
        """Whether a transpose stands there, as behind brackets that hold one letter together."""
        if at + 1 >= len(self._tokens) or self._tokens[at].text != "^":
            return False
        end = self._after_script(at + 1)
        return self._is_transpose(self._tokens[at + 1 : end])

    def _after_script(self, at: int) -> int:
        if self._tokens[at].text in FONTS and at + 1 < len(self._tokens):
            at += 1
        return closing(self._tokens, at) + 1 if self._tokens[at].text == "{" else at + 1

    def _is_transpose(self, sign: Sequence[Token]) -> bool:
        plain = [t.text for t in sign if t.text not in FONTS and t.text not in ("^", "{", "}")]
        return len(plain) == 1 and plain[0] in TRANSPOSES and plain[0] not in self._names

    def _no_time(self, found: Sequence[Token], function: str) -> bool:
        """Whether that cannot be a time: it holds the function itself, or is a sum in which no time stands."""
        depth, is_sum, timeless = 0, False, True
        reader = Symbols(found, frozenset(), self._depth + 1)
        for place, token in enumerate(found):
            opens, closes = token.text == "{" or token.text in PAIRS, token.text == "}" or token.text in CLOSERS
            depth += opens - closes
            is_sum = is_sum or (depth == 0 and token.text in ("+", "-"))
            reader._at = place
            try:
                name = reader.name()
            except Unparsed:
                continue
            if name == function:
                return True
            timeless = timeless and f"time {name}" not in self._names
        return timeless and (is_sum or function in self._names)

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
                written = _written(self.one_argument())
                index = "_{" + written + "}" if written else ""
            elif self.next == "'" or (self.next == "^" and self.ahead(1) == "\\prime"):
                raised += "'"
                self._at += 1 if self.next == "'" else 2
            else:
                here = self._at
                self._at += 1
                inner = self.argument()
                if not raised and not self._is_raised(base + index, inner):
                    inner = self._without_transpose(base + index, inner, here)
                if raised or not inner:
                    self._at = here
                    break
                raised = f"^{{{_written(inner)}}}"
        return base + index + raised

    def _is_raised(self, name: str, inner: Sequence[Token]) -> bool:
        raised = f"{name}^{{{_written(inner)}}}"
        return raised in self._names or self.known_function(raised)

    def _without_transpose(self, name: str, inner: list[Token], here: int) -> list[Token]:
        r"""What is raised in W^{21\top}, where W^{21} is declared, with the transpose left to be read; else nothing."""
        for tail in range(1, min(len(inner), 5)):
            head, sign = inner[:-tail], inner[-tail:]
            balanced = sum((t.text == "{") - (t.text == "}") for t in sign) == 0
            if balanced and self._is_transpose(sign) and self._is_raised(name, head):
                top = [replace(self._tokens[here], text=text) for text in ("^", "\\top")]
                self._tokens = [*self._tokens[: self._at], *top, *self._tokens[self._at :]]
                return head
        return []

    def _letter(self) -> str | None:
        text = self.next
        if text is None:
            return None
        if text in GREEK or (len(text) == 1 and text.isascii() and text.isalpha()):
            self._at += 1
            return text
        if text in ACCENTS or text in FONTS:
            self._at += 1
            inner = self.argument()
            return f"{text}{{{_written(inner)}}}" if inner else None
        return None


def _unwrapped(found: Sequence[Token]) -> Sequence[Token]:
    """Without braces around all of it."""
    while len(found) > 2 and found[0].text == "{" and found[-1].text == "}" and found[1].text not in ("{", "}"):
        if any(t.text in ("{", "}") for t in found[1:-1]):
            break
        found = found[1:-1]
    return found


def _written(inner: Sequence[Token]) -> str:
    texts = [STARS.get(t.text) or ALIKE_IN_INDICES.get(t.text, t.text) for t in inner]
    return "".join(t + (" " if len(t) > 2 and t[0] == "\\" else "") for t in texts).strip()

r"""The grammar of functions: \sinh x, \tanh^{-1}(x), \exp\{…\}; where an argument ends must be clear."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..text.braces import DEEPEST, has_over
from ..text.commands import ACCENTS, CLOSERS, FONTS, FUNCTIONS, GREEK, INVERSES, PAIRS, RELATIONS, TIMES, TRACES
from ..text.tokens import Unparsed
from .derivative_notation import Derivatives
from .trees import Node


class Functions(Derivatives):
    """Reads functions."""

    def script(self) -> Node:
        """What stands behind ^."""
        raise NotImplementedError

    def root(self, start: int) -> Node:
        raise NotImplementedError

    def exponential(self) -> Node | None:
        r"""e^{…} or \mathrm{e}^{…}, where e is not declared."""
        start, before = self.position, self._at
        if self.next == "e":
            self._at += 1
        elif self.next in FONTS and self.ahead(1) in ("{", "e"):
            self._at += 1
            if [t.text for t in self.argument()] != ["e"]:
                self._at = before
                return None
        else:
            return None
        spelled = "".join(t.text for t in self._tokens[before : self._at])
        if "e" in self._names or spelled in self._names:
            self._at = before
            return None
        if not self.take("^"):
            self.refuse("e without an exponent is not declared")
        exponent = self.script()
        if self.next in ("^", "_", "'"):
            self.refuse()
        return Node("function", "exp", (exponent,), start)

    def function(self) -> Node:
        """A function with its power and its argument."""
        start = self.position
        name = FUNCTIONS[self._tokens[self._at].text]
        self._at += 1
        power = None
        if raised := self.take("^"):
            power = self.script()
            if power.kind == "minus" and power.parts[0].kind == "number":
                if power.parts[0].value != "1" or name not in INVERSES:
                    raise Unparsed("this power of a function can be read in two ways", raised.position)
                name, power = INVERSES[name], None
            elif power.kind != "number":
                raise Unparsed("only a number is read as the power of a function", raised.position)
        if self.next == "_":
            self.refuse("an index on a function, such as a base of the logarithm, is not read")
        value = Node("function", name, (self._operand(),), start)
        return value if power is None else Node("power", "", (value, power), start)

    def _operand(self) -> Node:
        """The argument: in brackets, or one fraction, root, symbol or function that nothing else joins."""
        if self.next in ("\\lvert", "|"):
            inner = self.absolute()
            if self.next in ("^", "_", "'"):
                self.refuse("a power behind the argument of a function can be read in two ways")
            return inner
        if self.next in PAIRS or self.next == "{":
            inner = self.inside(self.group() if self.next == "{" else self.brackets())
            if self.next in ("^", "_", "'"):
                self.refuse("a power behind the argument of a function can be read in two ways")
            return inner
        start = self.position
        number = self.number() if self.next is not None and self.next.isascii() and self.next.isdigit() else None
        bare = None
        if number is None or self.begins_factor():
            bare = self._bare(start)
        elsewhere = self.begins_factor() and self.next not in FUNCTIONS and self.next not in TRACES
        if elsewhere or self.next in ("/", "^", "_", "'") or self.next in TIMES:
            self.refuse("where the argument of the function ends is not clear: use parentheses")
        if number is None:
            assert bare is not None
            return bare
        return number if bare is None else Node("multiply", "", (number, bare), start)

    def absolute(self) -> Node:
        r"""\left|…\right| or |…|."""
        start = self.position
        if self.next == "\\lvert":
            inner = self.brackets()
        else:
            end = self._bar()
            inner = list(self._tokens[self._at + 1 : end])
            self._at = end + 1
            if has_over(inner):
                raise Unparsed("\\over between bars without \\left: use \\frac", start)
        return Node("absolute", "", (self.inside(inner),), start)

    def _bar(self) -> int:
        """Where the | that stands next is closed; refused where bars can be paired in two ways."""
        bars = list(islice((place for place in self._level() if self._tokens[place].text == "|"), 2))
        if not bars:
            self.refuse("| is not closed")
        end = bars[0]
        if len(bars) > 1:
            behind = self._tokens[end + 1].text if end + 1 < len(self._tokens) else ""
            apart = behind == "|" or (behind in FUNCTIONS and bars[1] == end + 2)
            here, self._at = self._at, end + 1
            joined = self.begins_factor() and not apart
            self._at = here
            if joined or self._tokens[end - 1].text in ("+", "-", "/", *TIMES):
                self.refuse("the bars can be paired in two ways: use \\left| and \\right|")
        return end

    def _level(self) -> Iterator[int]:
        """The places behind the token that stands next, up to the end of its group, outside of groups and brackets."""
        depth = 0
        for place in range(self._at + 1, len(self._tokens)):
            text = self._tokens[place].text
            depth -= text == "}" or text in CLOSERS
            if depth < 0 or (depth == 0 and text in RELATIONS):
                return
            if depth == 0:
                yield place
            depth += text == "{" or text in PAIRS

    def _bare(self, start: int) -> Node:
        if self.take("\\frac"):
            above, below = self.argument(), self.argument()
            if self.differential(below) is not None:
                raise Unparsed("a derivative as the argument of a function: use parentheses", start)
            return Node("divide", "", (self.inside(above), self.inside(below)), start)
        if self.take("\\sqrt"):
            return self.root(start)
        if self.next in FUNCTIONS:
            return self._function_of_function(start)
        if (exponential := self.exponential()) is not None:
            return exponential
        if self.next is not None and (self.next.isalpha() or self.next in GREEK | ACCENTS | FONTS):
            return self.symbol()
        return self.refuse("the argument of the function is not clear: use parentheses")

    def _function_of_function(self, start: int) -> Node:
        r"""The inner one of \ln\cosh x."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unparsed(f"functions nested more than {DEEPEST} deep", start)
        inner = self.function()
        self._depth -= 1
        if self.begins_factor():
            self.refuse("where the argument of the function ends is not clear: use parentheses")
        return inner

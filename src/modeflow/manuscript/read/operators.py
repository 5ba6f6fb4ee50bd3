r"""The grammar of matrix operators: transposes, \operatorname{tr}(…), \|…\|^2, \mathbb{E}[…] and \nabla_W(…)."""

from __future__ import annotations

from ..text.braces import has_over
from ..text.commands import BARS, CLOSERS, FONTS, MEANS, PAIRS, TRACES, TRANSPOSES
from ..text.tokens import Token, Unparsed
from .functions import Functions
from .symbols import Symbols
from .trees import Node


class Operators(Functions):
    """Reads operators on matrices."""

    def operator(self) -> Node | None:
        """A trace, squared norm, mean or gradient; None where none stands next."""
        if self.next in TRACES:
            return self._trace()
        if self.next in BARS or self.next == "\\lVert":
            return self._norm()
        if self.next in ("\\lvert", "|"):
            return self.powered(self.absolute())
        if self.next == "\\nabla":
            return self._gradient()
        if self.next == "\\langle":
            return self._inner_product()
        return self._mean()

    def transposed(self, base: Node) -> Node | None:
        r"""The base with ^T, ^\top or ^\intercal behind it; None for any other power."""
        start, before = self.position, self._at
        if not self.take("^"):
            return None
        inner = [t.text for t in self.argument() if t.text not in ("{", "}")]
        if inner[:1] and inner[0] in FONTS and len(inner) == 1:  # ^\mathsf T, where TeX sees one token only
            inner += [t.text for t in self.argument()] if self.next in ("T", "{") else [""]
        written = inner[1] if len(inner) == 2 and inner[0] in FONTS else inner[0] if len(inner) == 1 else ""
        if written not in TRANSPOSES or written in self._names:
            self._at = before
            return None
        if self.next in ("^", "_", "'"):
            self.refuse()
        return Node("transpose", "", (base,), start)

    def _trace(self) -> Node:
        start = self.position
        self._at += 1
        if self.next in PAIRS or self.next == "{":
            inner = self.inside(self.group() if self.next == "{" else self.brackets())
        else:
            inner = self.symbol()
            if self.begins_factor() or self.next in ("^", "/"):
                self.refuse("where the argument of the trace ends is not clear: use parentheses")
        if self.next in ("^", "_", "'"):
            self.refuse("a power behind a trace can be read in two ways")
        return Node("trace", "", (inner,), start)

    def _norm(self) -> Node:
        """A norm, which must be squared and may bear the index F."""
        start, opened = self.position, self._tokens[self._at]
        if opened.text == "\\lVert":
            inner = self.brackets()
        else:
            end = self._closing_bar(opened)
            inner = list(self._tokens[self._at + 1 : end])
            self._at = end + 1
            if has_over(inner):
                raise Unparsed("\\over between bars without \\left: use \\frac", start)
        if self.take("_") and [t.text for t in self.argument() if t.text not in FONTS | {"{", "}"}] != ["F"]:
            raise Unparsed("a norm other than Frobenius is not read", start)
        if not self.take("^") or [t.text for t in self.argument()] != ["2"]:
            raise Unparsed("a norm that is not squared is not read", start)
        if self.next in ("^", "_", "'"):
            self.refuse()
        return Node("norm", "", (self.inside(inner),), start)

    def _inner_product(self) -> Node:
        r"""\langle A, B\rangle of two matrices, which is the trace of A transposed times B."""
        start = self.position
        self._at += 1
        sides: list[list[Token]] = [[]]
        depth = 0
        while self.next is not None and (depth or self.next != "\\rangle"):
            token = self._tokens[self._at]
            depth += (token.text == "{" or token.text in PAIRS) - (token.text == "}" or token.text in CLOSERS)
            if token.text == "," and not depth:
                sides.append([])
            else:
                sides[-1].append(token)
            self._at += 1
        if not self.take("\\rangle") or len(sides) != 2:
            raise Unparsed("angles are read as the product of two matrices, \\langle A, B\\rangle", start)
        if self.take("_") and [t.text for t in self.argument() if t.text not in FONTS | {"{", "}"}] != ["F"]:
            raise Unparsed("an inner product other than Frobenius's is not read", start)
        if self.next in ("^", "_", "'"):
            self.refuse()
        one, other = (self.inside(side) for side in sides)
        return Node("trace", "", (Node("multiply", "", (Node("transpose", "", (one,), start), other), start),), start)

    def _closing_bar(self, opened: Token) -> int:
        depth = 0
        for place in range(self._at + 1, len(self._tokens)):
            text = self._tokens[place].text
            depth += (text == "{" or text in PAIRS) - (text == "}" or text in CLOSERS)
            if depth < 0:
                break
            if depth == 0 and text == opened.text:
                return place
        raise Unparsed(f"{opened.text} is not closed", opened.position)

    def _mean(self) -> Node | None:
        r"""\mathbb{E}[…], with or without the noise as its index."""
        start, before = self.position, self._at
        if self.next == "E":
            spelled, self._at = "E", self._at + 1
        elif (self.next in FONTS or self.next == "\\operatorname") and self.ahead(1) in ("{", "E"):
            command = self.next
            self._at += 1
            spelled = f"{command}{{{''.join(t.text for t in self.argument())}}}"
        else:
            return None
        if spelled not in MEANS or spelled in self._names:
            self._at = before
            return None
        over = self._index()
        if self.next in TRACES or self.next in BARS or self.next == "\\lVert":
            inner = self._trace() if self.next in TRACES else self._norm()
            if self.begins_factor():
                self.refuse("where the argument of the mean ends is not clear: use brackets")
            return Node("mean", over, (inner,), start)
        if self.next not in PAIRS:
            self._at = before
            return None
        inner = self.inside(self.brackets())
        if self.next in ("^", "_", "'"):
            self.refuse()
        return Node("mean", over, (inner,), start)

    def _gradient(self) -> Node:
        start = self.position
        self._at += 1
        letter = self._index()
        if not letter:
            raise Unparsed("\\nabla without the letter in which is differentiated", start)
        if self.next in PAIRS:
            inner = self.inside(self.brackets())
        else:
            inner = self.symbol()
            if self.begins_factor():
                self.refuse("what is differentiated can be read in two ways: use parentheses")
        if self.next in ("^", "_", "'"):
            self.refuse()
        return Node("gradient", letter, (inner,), start)

    def _index(self) -> str:
        """The one symbol that stands as an index; "" where there is none."""
        if not (index := self.take("_")):
            return ""
        parser = Symbols(self.one_argument(), self._names, self._depth + 1)
        name = parser.name()
        if name is None or parser.next is not None:
            raise Unparsed("an index that is not one symbol", index.position)
        return name

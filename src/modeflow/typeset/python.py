"""Letters, definitions and claims as Python that builds them in SymPy."""

from __future__ import annotations

import ast
import keyword
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sympy
from sympy import Basic, Expr, Function, MatrixExpr, Symbol, Tuple, fraction, preorder_traversal
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanTrue
from sympy.printing.str import StrPrinter

from ..language.definitions import Definition, Named
from ..language.quantities import Alphabet
from .conventions import Order

_OWN = ("modeflow", "claim", "left", "right", "named", "chapters", "stated")  # what the cells call their own
_WRITTEN = (Expr, Tuple, Relational, ExprCondPair, BooleanTrue)
# Tried in this order: the first that gives the letter back is written.
_ASSUMED: tuple[dict[str, bool], ...] = (
    {},
    *({word: True} for word in ("real", "positive", "nonnegative", "negative", "nonzero", "integer")),
    *({"integer": True, word: True} for word in ("positive", "nonnegative")),
    {"real": True, "nonzero": True},
)


class Unprintable(ValueError):
    """An expression with parts that have no short Python of their own, such as matrices."""


class Code:
    """Writes expressions in Python names, which it gives out: to the letters of a chapter, and to definitions."""

    def __init__(self) -> None:
        self._definitions: dict[Definition, str] = {}
        self._letters: dict[Any, str] = {}
        self._order = Order(Alphabet())

    def declare(self, letters: Iterable[Any], alphabet: Alphabet) -> str:
        """The code that makes the letters that can be written; these names, from here on, are theirs.

        alphabet: in whose order sums are written.
        """
        self._order = Order(alphabet)
        self._letters = {}
        for letter in letters:
            self._letters[letter] = _free(str(letter), {*self._definitions.values(), *self._letters.values()})
        made: dict[str, list[Any]] = {}
        for letter in list(self._letters):
            if isinstance(letter, MatrixExpr) or (how := _assumed(letter)) is None:
                del self._letters[letter]
            else:
                made.setdefault(how, []).append(letter)
        return "\n".join(self._declared(how, group) for how, group in made.items())

    def _declared(self, how: str, letters: Sequence[Any]) -> str:
        names = ", ".join(self._letters[letter] for letter in letters)
        function = ", cls=Function" if isinstance(letters[0], UndefinedFunction) else ""
        return f'{names} = symbols("{" ".join(map(str, letters))}"{function}{how.removeprefix("f")})'

    def define(self, definition: Definition) -> tuple[str, str]:
        """A name for the definition, its own from here on, and what it stands for as Python; "" where there is none."""
        try:
            written = self.written(definition.expression)
        except Unprintable:
            written = ""
        name = _free(definition.name, {*self._letters.values(), *self._definitions.values()})
        self._definitions[definition] = name if name == definition.name else definition.id.replace(".", "_")
        return self._definitions[definition], written

    def written(self, expression: Basic) -> str:
        """The expression as Python that gives it back. Raises Unprintable where there is none."""
        for part in preorder_traversal(expression):
            self._check(part)
        text = str(_Printer(self._letters, self._definitions, self._order).doprint(expression))
        if _value(ast.parse(text, mode="eval").body, self._by_name()) != expression:
            raise Unprintable(f"{text} is evaluated to something else")
        return text

    def _by_name(self) -> dict[str, Any]:
        letters = {name: letter for letter, name in self._letters.items()}
        return letters | {name: definition.applied for definition, name in self._definitions.items()}

    def _check(self, part: Any) -> None:
        named = isinstance(part, Named) and part.definition in self._definitions
        declared = (part.func if isinstance(part, AppliedUndef) else part) in self._letters
        if isinstance(part, Symbol | AppliedUndef) or (isinstance(part, Named) and not named):
            if not (declared or named):
                raise Unprintable(str(part))
        elif not isinstance(part, _WRITTEN) or isinstance(part, MatrixExpr) or not _is_known(part):
            raise Unprintable(str(part))


def _is_known(part: Any) -> bool:
    """Whether SymPy has a class of this name that makes it."""
    return (
        isinstance(part, Named)
        or getattr(sympy, type(part).__name__, None) is type(part)
        or part.is_Atom
        or isinstance(part, ExprCondPair)
    )


_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}


def _value(node: Any, names: Mapping[str, Any]) -> Any:
    """What Python makes of an expression as this module writes them, without running it."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return names[node.id] if node.id in names else getattr(sympy, node.id)
        case ast.BinOp():
            return _OPERATORS[type(node.op)](_value(node.left, names), _value(node.right, names))
        case ast.UnaryOp():
            return _OPERATORS[type(node.op)](_value(node.operand, names))
        case ast.Tuple():
            return tuple(_value(part, names) for part in node.elts)
        case ast.Dict():
            keys, values = ([_value(part, names) for part in parts] for parts in (node.keys, node.values))
            return dict(zip(keys, values, strict=True))
        case ast.Call(func=ast.Attribute(value=whole, attr="xreplace")):
            return _value(whole, names).xreplace(_value(node.args[0], names))
        case ast.Call():
            return _value(node.func, names)(*(_value(part, names) for part in node.args))
    raise Unprintable(type(node).__name__)


def imported(code: Iterable[str]) -> list[str]:
    """The names of SymPy that lines of code call."""
    called = {name for line in code for name in re.findall(r"\b([A-Za-z_]\w*)(?=\()|cls=(\w+)|\b(pi|true)\b", line)}
    return sorted({part for found in called for part in found if part and hasattr(sympy, part)})


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, or one like it that is no keyword and stands for nothing else."""
    if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
        name = re.sub(r"\W", "_", f"x_{name}", flags=re.ASCII)
    while keyword.iskeyword(name) or name in taken or name in _OWN or name in _CALLED:
        name += "_"
    return name


_CALLED = ("symbols", "sqrt", "exp", "log", "pi", "true", "Integer", "Rational", "Tuple", "Derivative", "Piecewise")


def _assumed(letter: Any) -> str | None:
    """The arguments that make the letter with these assumptions, beginning with f for a function."""
    function = isinstance(letter, UndefinedFunction)
    make = Function if function else Symbol
    for words in _ASSUMED:
        if make(str(letter), **words) == letter:
            return "f" * function + "".join(f", {word}=True" for word in words)
    return None


class _Printer(StrPrinter):  # type: ignore[misc]
    """SymPy's text, as Python that gives the same expression."""

    printmethod = ""  # no class prints itself in a way of its own

    def __init__(self, letters: Mapping[Any, str], definitions: Mapping[Definition, str], order: Order) -> None:
        super().__init__()
        self._letters, self._definitions, self._order = letters, definitions, order

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return sorted(self._order.terms(expr), key=lambda term: bool(term.could_extract_minus_sign()))

    def _print_Symbol(self, expr: Any) -> str:
        return str(self._letters[expr])

    def _print_Function(self, expr: Any) -> str:
        if isinstance(expr, Named):
            name, changed = self._definitions[expr.definition], expr.changed()
            values = ", ".join(f"{self._print(x)}: {self._sympified(value)}" for x, value in changed.items())
            return f"{name}.xreplace({{{values}}})" if changed else name
        name = self._letters.get(expr.func, expr.func.__name__)
        return f"{name}({self.stringify(expr.args, ', ')})"

    def _sympified(self, value: Any) -> str:
        return f"Integer({value})" if value.is_Integer else str(self._print(value))

    def _print_Mul(self, expr: Any) -> str:
        """A number last where Python would multiply it into a sum: (a + b)/c*4 and 1/(a + b)/2."""
        number, rest = expr.as_coeff_Mul()
        above, below = fraction(rest)
        into_sum = above.is_Add and abs(number.p) != 1, below.is_Add and number.q != 1
        if number == 1 or rest.is_Add or not any(into_sum):
            return str(super()._print_Mul(expr))
        sign, p = ("-", -number.p) if number.p < 0 else ("", number.p)
        last = f"*{p}" * (p != 1) + f"/{number.q}" * (number.q != 1)
        return f"{sign}{super()._print_Mul(rest)}{last}"

    def _print_Rational(self, expr: Any) -> str:
        return f"Rational({expr.p}, {expr.q})"

    _print_Half = _print_Rational

    def _print_Exp1(self, expr: Any) -> str:
        return "exp(1)"

    def _print_Tuple(self, expr: Any) -> str:
        return f"Tuple({self.stringify(expr, ', ')})"

    def _print_BooleanTrue(self, expr: Any) -> str:
        return "True"

    def _print_ExprCondPair(self, expr: Any) -> str:
        return f"({self._print(expr.expr)}, {self._print(expr.cond)})"

    def _print_Relational(self, expr: Any) -> str:
        return f"{type(expr).__name__}({self._sympified(expr.lhs)}, {self._print(expr.rhs)})"

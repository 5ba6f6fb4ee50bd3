"""Claims in LaTeX: one formula at a time, and formulas broken into lines that fit a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sympy import Add, Basic, Dummy, Mul, Number, Pow, S, Trace, Tuple, fraction
from sympy.core.function import AppliedUndef, Derivative, Function, UndefinedFunction
from sympy.functions.elementary.exponential import ExpBase
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import MatAdd, MatMul, MatrixExpr
from sympy.printing.latex import LatexPrinter

from ..language.definitions import Definition, Named, used
from ..language.flow import Hessian
from ..language.quantities import Alphabet, Quantity
from ..statements.claims import Claim
from ..statements.equations import Equation
from .conventions import beside_a_number, is_kept, without_contents, written_letters
from .hessians import folded

_MATRIX = {"mat_str": "bmatrix", "mat_delim": ""}
RELATIONS = {"=": "=", "!=": r"\neq", ">=": r"\ge", ">": ">", "<=": r"\le", "<": "<"}


def _is_power_of_power(factor: Any) -> bool:
    """Whether a factor is printed as a letter with an exponent, in brackets, with another exponent."""
    return bool(factor.is_Pow and factor.base.is_Pow and factor.base.base.is_Symbol)


def _apart(expr: Any) -> tuple[Any, dict[Any, Any]]:
    """An expression in which all names are changed in one way: without the change, and the change."""
    names = sorted(expr.atoms(Named), key=lambda name: str(name.definition.id))
    values = {letter: value for name in names for letter, value in name.changed().items()}
    if len(names) < 2 or not values:
        return expr, {}
    alike = all(value == values.get(letter, letter) for name in names for letter, value in _values(name))
    bare = {name: name.definition.applied for name in names}
    elsewhere = expr.xreplace({name: Dummy() for name in names}).free_symbols
    if not alike or elsewhere & set(values):
        return expr, {}
    return expr.xreplace(bare), values


def _values(name: Named) -> list[tuple[Any, Any]]:
    return list(zip(name.definition.of, name.args, strict=True))


def _powers_of_numbers(product: Any) -> int:
    return sum(factor.is_Pow and factor.base.is_Number and not factor.exp.is_Number for factor in product.args)


def _is_bracketed(differentiated: Any) -> bool:
    """Whether what is differentiated is printed in brackets, so that it ends where they do."""
    return isinstance(differentiated, Add | Mul | Pow | Number) and not isinstance(differentiated, ExpBase)


class ClaimPrinter(LatexPrinter):  # type: ignore[misc]
    """SymPy's LaTeX in the notation of an alphabet: its names, w(t) and d/dt, transposes as a raised ⊤."""

    def __init__(self, alphabet: Alphabet) -> None:
        letters = written_letters(alphabet)
        super().__init__(
            {"symbol_names": letters.names, "ln_notation": True, "fold_frac_powers": True, "inv_trig_style": "full"}
            | _MATRIX
        )
        self._functions, self._order = letters.functions, letters.order
        self._printed: dict[Any, str] = {}

    def doprint(self, expr: Any) -> str:
        """The expression; values for letters of its names stand once, after the whole, where they concern all."""
        bare, values = _apart(expr)
        written = str(super().doprint(bare))
        shown = ", ".join(f"{self._print(letter)} = {self._print(value)}" for letter, value in values.items())
        return rf"\left.{written}\right|_{{{shown}}}" if values else written

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        terms = expr.as_ordered_terms() if isinstance(expr, MatrixExpr) else self._order.terms(expr)
        return sorted(terms, key=lambda term: self._print(term).startswith("-"))

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        first, *others = (self._term(term) for term in self._as_ordered_terms(expr))
        signed = (f" - {term[1:].lstrip()}" if term.startswith("-") else f" + {term}" for term in others)
        return first + "".join(signed)

    def _term(self, term: Any) -> str:
        written = self._print(term)
        return rf"\left({written}\right)" if self._needs_add_brackets(term) else written

    def _print_Function(self, expr: Any, exp: str | None = None) -> str:
        if not isinstance(expr, AppliedUndef):
            return str(super()._print_Function(expr, exp=exp))
        arguments = ", ".join(self._print(a) for a in expr.args)
        written = f"{self._functions.get(expr.func, expr.func.__name__)}({arguments})"
        return written if exp is None else f"{written}^{{{exp}}}"

    def _print_Derivative(self, expr: Derivative) -> str:
        if len(expr.variable_count) != 1:
            return str(super()._print_Derivative(expr))
        variable, count = expr.variable_count[0]
        order = "" if count == 1 else f"^{{{self._print(count)}}}"
        below = f"d {self._print(variable)}{order}"
        inner = self._print(expr.expr)
        if _is_bracketed(expr.expr):
            inner = rf"\left({inner}\right)"
        return rf"\frac{{d{order}}}{{{below}}} {inner}"

    def _print_ExpBase(self, expr: Any, exp: str | None = None) -> str:
        written = f"e^{{{self._folded(expr.args[0])}}}"
        return written if exp is None else rf"\left({written}\right)^{{{exp}}}"

    def _print(self, expr: Any, **options: Any) -> str:
        """The formula, printed once for each setting: breaking lines asks for the same parts again and again."""
        if options or not isinstance(expr, Basic):
            return str(super()._print(expr, **options))
        key = expr, self._settings["fold_short_frac"], self._settings["mul_symbol_latex"]
        if key not in self._printed:
            # e alone may be a letter
            self._printed[key] = "e^{1}" if expr is S.Exp1 else str(super()._print(expr))
        return self._printed[key]

    def _print_Pow(self, expr: Any) -> str:
        exponent = expr.exp
        is_function = isinstance(expr.base, Function) and not isinstance(expr.base, AppliedUndef | ExpBase | Named)
        plain = exponent.is_Integer or (exponent.is_Rational and (exponent.p == 1 or exponent.is_negative))
        if is_function and not plain:
            return rf"\left({self._print(expr.base)}\right)^{{{self._folded(exponent)}}}"
        return str(super()._print_Pow(expr))

    def _print_Mul(self, expr: Any) -> str:
        r"""A product that has one reading.

        With dots where a power in brackets or a power of a number comes after another factor: x (y^3)^{2/3} may be a
        value of x, and 2^x 3^y is short of a sign. Without a slash where two factors are under it: x / 2 y.
        """
        if S.Zero in expr.args:  # held back from being 0
            return self._product(expr, mul_symbol_latex=r" \cdot ", order="none")
        if any(_is_power_of_power(factor) for factor in expr.args) or _powers_of_numbers(expr) > 1:
            return self._product(expr, mul_symbol_latex=r" \cdot ")
        if self._settings["fold_short_frac"] and fraction(expr)[1].is_Mul:
            return self._product(expr, fold_short_frac=None)
        if not expr.is_Mul or is_kept(expr):
            return str(super()._print_Mul(expr))
        sign, (number, factors) = "", without_contents(expr)
        if number > 0 and expr.could_extract_minus_sign():
            number, factors = without_contents(-expr)
            number = -number
        if number < 0:
            sign, number = "- ", -number
        above, beside = beside_a_number(number, factors)
        if beside and not self._settings["fold_short_frac"]:
            before, behind = self._in_order(number, above), self._in_order(S.One, beside)
            dot = r"\cdot " if behind[:1].isdigit() else ""
            return f"{sign}{before} {dot}{behind}"
        return sign + self._in_order(number, factors)

    def _in_order(self, number: Any, factors: Sequence[Any]) -> str:
        """The product of a number and factors, letters as the alphabet declares them."""
        if not factors:
            return str(self._print(number))
        ordered = self._order.factors(Mul(*factors))
        if number == 1 and len(ordered) == 1:
            return self._bracketed_sum(ordered[0])
        with self._set(order="none"):
            return str(super()._print_Mul(Mul(*([] if number == 1 else [number]), *ordered, evaluate=False)))

    def _bracketed_sum(self, expr: Any) -> str:
        return rf"\left({self._print(expr)}\right)" if expr.is_Add else str(self._print(expr))

    def _product(self, expr: Any, **settings: Any) -> str:
        with self._set(**settings):
            return str(super()._print_Mul(expr))

    def _needs_mul_brackets(self, expr: Any, first: bool = False, last: bool = False) -> bool:
        """Also around d/dx f(x) before another factor, which may be differentiated as well."""
        runs_on = isinstance(expr, Derivative) and not last and not _is_bracketed(expr.expr)
        return runs_on or bool(super()._needs_mul_brackets(expr, first=first, last=last))

    def _print_log(self, expr: Any, exp: str | None = None) -> str:
        written = str(super()._print_log(expr))
        return written if exp is None else written.replace(r"\ln", rf"\ln^{{{exp}}}", 1)

    def _hprint_BesselBase(self, expr: Any, exp: str | None, sym: str) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        order, argument = self._folded(expr.order), self._print(expr.argument)
        return rf"{sym}_{{{order}}}{power}\left({argument}\right)"

    def _folded(self, expr: Any) -> str:
        """In an exponent or an index: short fractions on one line."""
        with self._set(fold_short_frac=True):
            return str(self._print(expr))

    @contextmanager
    def _set(self, **settings: Any) -> Iterator[None]:
        """Within it, the printer has these settings."""
        before = {name: self._settings[name] for name in settings}
        self._settings.update(settings)
        try:
            yield
        finally:
            self._settings.update(before)

    def _print_atanh(self, expr: Any, exp: str | None = None) -> str:
        return self._area("artanh", expr, exp)

    def _print_asinh(self, expr: Any, exp: str | None = None) -> str:
        return self._area("arsinh", expr, exp)

    def _print_acosh(self, expr: Any, exp: str | None = None) -> str:
        return self._area("arcosh", expr, exp)

    def _print_acoth(self, expr: Any, exp: str | None = None) -> str:
        return self._area("arcoth", expr, exp)

    def _area(self, name: str, expr: Any, exp: str | None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\operatorname{{{name}}}{power}\left({self._print(expr.args[0])}\right)"

    def _print_MatrixSymbol(self, expr: Any) -> str:
        names = self._settings["symbol_names"]
        return str(names.get(expr) or super()._print_MatrixSymbol(expr))

    def _print_MatMul(self, expr: Any) -> str:
        """A matrix that is written out stands after its factors, without brackets besides its own."""
        *factors, last = expr.args
        if not isinstance(last, MatrixBase):
            return str(super()._print_MatMul(expr))
        return f"{self._bracketed_sum(Mul(*factors))} {self._print(last)}"

    def _print_Transpose(self, expr: Any) -> str:
        inner = self._print(expr.arg)
        return rf"{inner}^{{\top}}" if expr.arg.is_symbol else rf"\left({inner}\right)^{{\top}}"

    def _print_Tuple(self, expr: Any) -> str:
        return rf"\left({', '.join(self._print(entry) for entry in expr)}\right)"


def claim_latex(claim: Claim) -> str:
    """The statement of a claim, unbroken and without delimiters; several entries stand below each other.

    What is given stands after it: "w > 0, \\quad \\gamma < \\lambda".
    """
    parts = (claim.stated(), *claim.given_equations())
    return r", \quad ".join(statement_latex(part, claim.alphabet) for part in parts)


def shown_latex(claim: Claim) -> str:
    """The statement of a claim with what its names stand for below it."""
    rows = [claim_latex(claim), *(statement_latex(defining(d), claim.alphabet) for d in used(*claim.sides()))]
    return rows[0] if len(rows) == 1 else r"\begin{gathered} " + r" \\ ".join(rows) + r" \end{gathered}"


def defining(definition: Definition) -> Equation:
    """A definition as the equation that is printed."""
    return Equation(definition.applied, definition.expression)


def statement_latex(equation: Equation, alphabet: Alphabet) -> str:
    """One equation or inequality, unbroken and without delimiters."""
    show = ClaimPrinter(alphabet).doprint
    sign = RELATIONS[equation.relation]
    shown = [(show(left), show(right)) for left, right in rows(equation)]
    if len(shown) == 1:
        return f"{shown[0][0]} {sign} {shown[0][1]}"
    body = r" \\ ".join(f"{left} &{sign} {right}" for left, right in shown)
    return rf"\begin{{aligned}} {body} \end{{aligned}}"


def quantity_latex(quantity: Quantity, alphabet: Alphabet) -> str:
    """A letter as a table lists it."""
    shown = standing_for(quantity, alphabet)
    return quantity.tex if shown is quantity.symbol else ClaimPrinter(alphabet).doprint(shown)


def standing_for(quantity: Quantity, alphabet: Alphabet) -> Any:
    """A letter; a function applied to the letter that it is a function of, where that is declared."""
    of, symbol = quantity.of or alphabet.motion.time, quantity.symbol
    return symbol(of) if isinstance(symbol, UndefinedFunction) and of is not None else symbol


def inline_latex(parts: Iterable[Any], alphabet: Alphabet) -> str:
    """Expressions with signs between them, such as 0 < E <= 1, without delimiters."""
    show = ClaimPrinter(alphabet).doprint
    return " ".join(RELATIONS[part] if isinstance(part, str) else show(part) for part in parts)


def broken_lines(equations: Iterable[Equation], alphabet: Alphabet, room: float) -> list[list[str]]:
    """The rows of one aligned display, for each equation its own, at most `room` em wide where terms allow."""
    breaker = _Breaker(ClaimPrinter(alphabet))
    blocks = [
        [line for left, right in rows(e) for line in _fill(breaker, left, RELATIONS[e.relation], right, room)]
        for e in equations
    ]
    cut = [line.partition("&") for block in blocks for line in block]
    if max(width(before) for before, _, _ in cut) + max(width(after) for _, _, after in cut) <= room:
        return blocks
    # Aligned at their relation signs they would not fit: all begin at the left.
    return [["&" + line.replace("&", "", 1) for line in block] for block in blocks]


def set_below(lines: Sequence[str]) -> str:
    """Rows of an aligned display as one formula without delimiters; a single row as it is."""
    if len(lines) == 1:
        return lines[0].replace("&", "", 1)
    return "\n".join([r"\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}"])


def rows(equation: Equation) -> list[tuple[Any, Any]]:
    """The pairs of sides that are printed below each other."""
    left, right = equation.lhs, equation.rhs
    if isinstance(left, Tuple) and isinstance(right, Tuple):
        return folded(left, right)
    return [(left, right)]


# Breaking long formulas -------------------------------------------------------------------------------

_INDENT = 2.0


def _fill(breaker: _Breaker, left: Any, sign: str, right: Any, room: float) -> list[str]:
    """One row, or as many as it takes: the left side first, then the right side's pieces."""
    head, value = breaker.show(left), breaker.show(right)
    own = room - width(head) - _INDENT
    below = room - 2 * _INDENT
    if width(head) <= room / 2 and (width(value) <= own or width(value) > below):
        rest = _pack(breaker.pieces(right, own), own)
        return [f"{head} &{sign} {rest[0]}", *(rf"&\quad {line}" for line in rest[1:])]
    first = _pack(breaker.pieces(left, room - _INDENT), room - _INDENT)
    rest = _pack(breaker.pieces(right, below), below)
    lines = [f"&{first[0]}", *(rf"&\quad {line}" for line in first[1:])]
    return [*lines, rf"&\quad {sign} {rest[0]}", *(rf"&\qquad {line}" for line in rest[1:])]


def _pack(pieces: list[str], room: float) -> list[str]:
    """Put as many pieces on each line as fit."""
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if width(f"{lines[-1]} {piece}") <= room:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece if piece[0] in "+-" else rf"{{}} {piece}")
    return lines


class _Breaker:
    """Cuts an expression into pieces between which a line may end: at sums first, then at products."""

    def __init__(self, printer: ClaimPrinter) -> None:
        self._printer = printer

    def show(self, expression: Any) -> str:
        return str(self._printer.doprint(expression))

    def pieces(self, expression: Any, room: float) -> list[str]:
        written = self.show(expression)
        if width(written) <= room:
            return [written]
        if isinstance(expression, Named | Hessian | MatrixBase) or written.endswith(r"\end{bmatrix}"):
            return [written]
        if isinstance(expression, Add | MatAdd):
            return list(self._sum(expression, room))
        if isinstance(expression, Mul):
            return self._product(expression, room)
        if isinstance(expression, MatMul):
            return self._matrix_product(expression, room)
        if isinstance(expression, ExpBase):
            return self._bracketed(expression.args[0], room, r"\exp")
        if isinstance(expression, Pow):
            return self._bracketed(expression.base, room, after=f"^{{{self.show(expression.exp)}}}")
        if isinstance(expression, AppliedUndef):
            return [written]
        if isinstance(expression, Function) and len(expression.args) == 1:
            return self._bracketed(expression.args[0], room, self._name(expression))
        if hasattr(expression, "_latex") or isinstance(expression, Trace):
            return self._operator(expression, written, room)
        return [written]

    def _operator(self, expression: Any, written: str, room: float) -> list[str]:
        r"""An operator that prints its first argument between \left and \right."""
        before, _, rest = written.partition(r"\left")
        after = rest.rpartition(r"\right")[2]
        return self._bracketed(expression.args[0], room, before, after[1:], rest[0] + after[0])

    def _name(self, applied: Any) -> str:
        """What the printer writes before the argument of a function."""
        return self.show(applied.func(S.One, evaluate=False)).split(r"\left(", 1)[0].rstrip("{ ")

    def _sum(self, total: Any, room: float) -> Iterator[str]:
        terms = total.args if isinstance(total, MatrixExpr) else self._printer._as_ordered_terms(total)
        for number, term in enumerate(terms):
            negative = self.show(term).startswith("-")
            sign = "- " if negative else "+ " if number else ""
            first, *rest = self.pieces(-term if negative else term, room - width("+ "))
            yield sign + first
            yield from rest

    def _product(self, product: Mul, room: float) -> list[str]:
        above, below = fraction(product, exact=True)
        if below == 1:
            if product.could_extract_minus_sign():
                first, *rest = self.pieces(-product, room)
                return ["- " + first, *rest]
            return self._factors(product.as_ordered_factors(), room)
        if width(self.show(below)) <= room / 2:
            first, *rest = self._factor(above, room - width(self.show(below)))
            return [rf"\frac{{1}}{{{self.show(below)}}} {first}", *rest]
        above_pieces = self._factor(above, room)
        return [*above_pieces[:-1], rf"{above_pieces[-1]} \Big/", *self._bracketed(below, room)]

    def _matrix_product(self, product: MatMul, room: float) -> list[str]:
        coefficient, rest = product.as_coeff_mmul()
        if coefficient == -1:
            first, *others = self.pieces(rest, room)
            return ["- " + first, *others]
        return self._factors(product.args, room)

    def _factors(self, factors: Sequence[Any], room: float) -> list[str]:
        """A product: broken inside its one wide factor where there is just one, else between the factors."""
        wide = [n for n, factor in enumerate(factors) if width(self.show(factor)) > room / 2]
        if len(wide) != 1:
            return [piece for factor in factors for piece in self._factor(factor, room)]
        before = self._glued(factors[: wide[0]])
        after = self._glued(factors[wide[0] + 1 :])
        pieces = self._factor(factors[wide[0]], room - width(before + after))
        pieces[0] = f"{before} {pieces[0]}".lstrip()
        pieces[-1] = f"{pieces[-1]} {after}".rstrip()
        return pieces

    def _glued(self, factors: Sequence[Any]) -> str:
        shown = [self.show(factor) for factor in factors]
        sums = [isinstance(factor, Add | MatAdd) for factor in factors]
        return " ".join(rf"\left({s}\right)" if is_sum else s for s, is_sum in zip(shown, sums, strict=True))

    def _factor(self, factor: Any, room: float) -> list[str]:
        if isinstance(factor, Add | MatAdd):
            return self._bracketed(factor, room)
        return self.pieces(factor, room)

    def _bracketed(self, inside: Any, room: float, before: str = "", after: str = "", pair: str = "()") -> list[str]:
        pieces = self.pieces(inside, room - width(before + "()" + after))
        # \Bigl and \Bigr, unlike \left and \right, may stand on different lines.
        pieces[0] = rf"{before}\Bigl{pair[0]}{pieces[0]}"
        pieces[-1] = rf"{pieces[-1]}\Bigr{pair[1]}{after}"
        return pieces


# The width of a formula, in em of Computer Modern, erring on the wide side --------------------------------

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S")
_WRITTEN_OUT = re.compile(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}")
_SPACES = {r"\quad": 1.0, r"\qquad": 2.0, r"\,": 0.17, r"\;": 0.28, r"\:": 0.22, r"\!": 0.0}
_SIGNS = {"+", "-", "=", "<", ">", r"\ge", r"\le", r"\geq", r"\leq", r"\neq", r"\to"}
_SILENT = {r"\left", r"\right", r"\Bigl", r"\Bigr", r"\displaystyle", "&", r"\begin", r"\end"}
_ROMAN = {r"\operatorname", r"\mathrm", r"\text", r"\mathbf", r"\mathcal", r"\mathbb", r"\mathit"}
_NAMED = {r"\sin", r"\cos", r"\tan", r"\sinh", r"\cosh", r"\tanh", r"\exp", r"\ln", r"\log", r"\max", r"\min"}


def width(tex: str) -> float:
    """About how wide a formula will be, in em."""
    tokens = _TOKEN.findall(_WRITTEN_OUT.sub("", tex))
    tokens.reverse()
    return _until(tokens, None) + sum(map(_width_of_matrix, _WRITTEN_OUT.findall(tex)))


def _width_of_matrix(inside: str) -> float:
    """Of a matrix that is written out, by the widest entry of each column."""
    rows = [[width(entry) for entry in row.split("&")] for row in inside.split(r"\\")]
    columns: list[tuple[float, ...]] = list(zip(*rows, strict=True))
    return sum(map(max, columns)) + len(columns) + 0.5


def _until(tokens: list[str], end: str | None) -> float:
    total = 0.0
    while tokens:
        token = tokens.pop()
        if token == end:
            break
        total += _token(token, tokens)
    return total


def _token(token: str, tokens: list[str]) -> float:
    if token == "{":
        return _until(tokens, "}")
    if token in {"^", "_"}:
        return 0.72 * _argument(tokens)
    if token == r"\frac":
        return max(_argument(tokens), _argument(tokens)) + 0.25
    if token == r"\sqrt":
        index = _until(tokens, "]") if tokens and tokens[-1] == "[" else 0.0
        return 0.9 + 0.3 * index + _argument(tokens)
    return _plain(token)


def _argument(tokens: list[str]) -> float:
    return _token(tokens.pop(), tokens) if tokens else 0.0


def _plain(token: str) -> float:
    if token in _SILENT or token in _ROMAN:
        return 0.0
    if token in _SPACES:
        return _SPACES[token]
    if token in _SIGNS:
        return 1.35
    if token in _NAMED:
        return 0.55 * len(token[1:]) + 0.2
    if token in "()[]|,.;/":
        return 0.5
    return 0.55 if token.isdigit() else 0.66 if len(token) == 1 else 0.72


__all__ = [
    "RELATIONS",
    "ClaimPrinter",
    "broken_lines",
    "claim_latex",
    "defining",
    "quantity_latex",
    "shown_latex",
    "statement_latex",
    "width",
]

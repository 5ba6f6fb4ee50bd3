"""From trees to SymPy, by constructors only; no text is evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Add, Dummy, Expr, Integer, Integral, MatrixSymbol, Mul, Pow, Rational, Subs, Symbol
from sympy.core.function import AppliedUndef

from ...language.definitions import unfold
from ...language.matrices import MatrixGradient, NoiseAverage, has_letters
from ...language.quantities import letters
from ..read.bound_variables import keys_of_family
from ..read.formula_trees import Node
from ..read.symbols import undeclared
from ..text.tokens import Unparsed
from . import indexed_families, matrix_shapes, values_at
from .real_points import is_real_where_defined

if TYPE_CHECKING:
    from .notation import Notation

LARGEST_POWER = 64
LARGEST_NUMBER = 4096  # bits
LARGEST_ARGUMENT = 10**6  # of a function
DEEPEST_NUMBER = 4  # functions inside functions of a number
DEEPEST_REAL = 6  # of letters, where SymPy knows that what is inside is real
DEEPEST = 3  # where it does not, and looks for its real part
LARGEST_INSIDE = 250  # parts of such an inside
MOST_NESTED = 20  # functions of functions of functions in one equation
LARGEST = 5000  # parts of one equation, definitions put in
MOST_TERMS = 64  # of a sum between numbers
MOST_FACTORS = 16  # of a product
LARGEST_RATE = 300  # parts of what is differentiated
MOST_DERIVATIVES = 3  # of derivatives

_UNDEFINED = (sympy.zoo, sympy.oo, -sympy.oo, sympy.nan)

FUNCTIONS: dict[str, Any] = {
    "exp": sympy.exp,
    "ln": sympy.log,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "coth": sympy.coth,
    "cot": lambda x: sympy.cos(x) / sympy.sin(x),
    "sec": lambda x: 1 / sympy.cos(x),
    "csc": lambda x: 1 / sympy.sin(x),
    "sech": lambda x: 1 / sympy.cosh(x),
    "csch": lambda x: 1 / sympy.sinh(x),
    "arcsin": sympy.asin,
    "arccos": sympy.acos,
    "arctan": sympy.atan,
    "arsinh": sympy.asinh,
    "arcosh": sympy.acosh,
    "artanh": sympy.atanh,
    "arcoth": lambda x: sympy.atanh(1 / x),
}


_SLOW = frozenset({"ln", "arsinh", "arcosh", "artanh", "arcoth", "arcsin", "arccos", "arctan"})  # that do not grow fast


class Reader:
    """Reads trees in one notation.

    rates: for letters that move in time, the letter of their rate; swaps: for a symbol or an applied function, what it
    stands for here; definitions: symbols replaced by expressions; covariance: of the noise that means are over;
    rounded: whether a decimal is any number that is written so, a letter of its own.
    """

    def __init__(
        self,
        notation: Notation,
        rates: Mapping[Any, Any],
        swaps: Mapping[Any, Any],
        definitions: Mapping[str, Expr],
        covariance: tuple[Any, Any] | None = None,
        rounded: bool = False,
    ) -> None:
        self._notation, self._rates, self._swaps, self._definitions = notation, rates, swaps, definitions
        self._covariance = covariance
        self._size = self._derivatives = self._nested = 0
        self.differentiated: list[tuple[Expr, Symbol]] = []  # what was, and in which letter
        self._rounded = rounded
        self.decimals: dict[Dummy, Rational] = {}  # the letters of those that may be rounded, and what is written
        self.met: set[Any] = set()  # letters, as they were written
        self._variables: dict[str, Dummy] = {}  # over which is integrated here
        self._indices: dict[str, Expr] = {}  # bound here, with the number or the letter that each stands for
        self._families: dict[str, set[str]] = {}  # for each bound index the letters that bear it

    def read(self, node: Node) -> Any:
        """The expression; raises Unparsed where it has no clear meaning, Misfit where shapes do not fit."""
        self._size += 1
        if self._size > LARGEST:
            raise Unparsed(f"more than {LARGEST} parts, definitions put in", node.position)
        value = getattr(self, f"_{node.kind}")(node)
        for part in (value, *value.args):
            if part in _UNDEFINED:
                raise Unparsed("a division by zero", node.position)
            if isinstance(part, Rational) and max(int(part.p).bit_length(), int(part.q).bit_length()) > LARGEST_NUMBER:
                raise Unparsed(f"a number of more than {LARGEST_NUMBER} bits", node.position)
        return value

    def _number(self, node: Node) -> Expr:
        whole, _, part = node.value.partition(".")
        number = Rational(int(whole + part), 10 ** len(part))
        if not (self._rounded and part and number):
            return number
        letter = Dummy(node.value, positive=True)
        self.decimals[letter] = number
        return letter

    def _exactly(self, node: Node) -> Expr:
        """A scalar in which a decimal is what is written."""
        rounded, self._rounded = self._rounded, False
        value = self._scalar(node)
        self._rounded = rounded
        return value

    def _symbol(self, node: Node) -> Any:
        name = node.value
        if name in self._variables:
            return self._variables[name]
        if (bound := self._of_index(name, node.position)) is not None:
            return bound
        if name in self._definitions:
            return self._defined(name, node.position)
        if name in self._notation.table:
            return self._meant(self._notation.table[name])
        known = self._notation.function(name)
        if known is None:
            raise Unparsed(undeclared(name), node.position)
        function, argument = known
        if argument != "t":
            return self._of_its_letters(name, function, argument, node.position)
        return self._at_time(function)

    def _of_its_letters(self, name: str, function: Any, argument: str, position: int) -> Any:
        r"""A function without its letters, as in \partial f/\partial x, which is read where it is differentiated."""
        letters = [self._notation.table.get(one) for one in re.split("[,;|]", argument)]
        if not self._derivatives or not all(isinstance(letter, Symbol) for letter in letters):
            raise Unparsed(f"{name} is a function of {argument}: write {name}({argument})", position)
        return self._meant(function(*letters))

    def _application(self, node: Node) -> Any:
        """A function of the paper's own, of anything but what is bound here."""
        arguments = [self._scalar(part) for part in node.parts]
        bound = {*self._variables.values(), *(i for i in self._indices.values() if not i.is_number)}
        if any(argument.free_symbols & bound for argument in arguments):
            raise Unparsed("a function of the paper's own of a letter that is bound is not read", node.position)
        return self._meant(self._notation.applied[node.value](*arguments))

    def _defined(self, name: str, position: int) -> Any:
        value = self._definitions[name]
        if any(value.has(*self._outside(v)) for v in self._variables):
            raise Unparsed(f"{name} is defined with the letter over which is integrated", position)
        self._size += _parts(value)
        return self._meant(value)

    def _of_index(self, name: str, position: int) -> Any:
        """A bound index, or the member of a family that bears one; None for any other symbol."""
        for index, value in reversed(self._indices.items()):
            if name == index:
                return value
            keys = keys_of_family(name, index, self._notation.table)
            if not keys:
                continue
            declared = f"{name.removesuffix(f'{{{index}}}')}{{{value}}}"
            if value.is_Integer and declared in self._notation.table:
                return self._meant(self._notation.table[declared])
            letter = self._family(name, keys, position)
            self._families.setdefault(index, set()).add(letter.name)
            return indexed_families.member(letter, value)
        return None

    def _family(self, name: str, keys: Sequence[str], position: int) -> Symbol:
        """The letter of the family of which one of these is declared a member."""
        letter = self._notation.table[keys[0]]
        if any(self._notation.table[key] != letter for key in keys):
            raise Unparsed(f"{name} in a sum may be a member of {' or '.join(keys)}: declare one of them", position)
        if not isinstance(letter, Symbol):
            raise Unparsed(f"{name} in a sum: only scalars bear a bound index", position)
        return letter

    def _sum(self, node: Node) -> Any:
        """A sum between numbers, written out; any other as it stands."""
        if len(node.parts) == 1:
            return self._unlimited(node)
        lower, upper = (self._exactly(part) for part in node.parts[1:])
        if not (lower.is_Integer and upper.is_Integer):
            return indexed_families.between(
                self._with(node, index := indexed_families.fresh(node.value)), index, lower, upper, node.position
            )
        if not 0 <= upper - lower + 1 <= MOST_TERMS:
            raise Unparsed(f"a sum of fewer than 0 or more than {MOST_TERMS} terms", node.position)
        return Add(*(self._with(node, Integer(k)) for k in range(int(lower), int(upper) + 1)))

    def _product(self, node: Node) -> Expr:
        """A product between numbers, written out."""
        lower, upper = (self._exactly(part) for part in node.parts[1:])
        if not (lower.is_Integer and upper.is_Integer and 0 <= upper - lower + 1 <= MOST_FACTORS):
            raise Unparsed(f"a product that is not of 0 to {MOST_FACTORS} factors", node.position)
        return Mul(*(self._with(node, Integer(k)) for k in range(int(lower), int(upper) + 1)))

    def _evaluation(self, node: Node) -> Expr:
        """The value at a place, or between two: of what does not move with the letter, nor is left differentiated."""
        letter = self._placed(node)
        body, *values = (self._scalar(part) for part in node.parts)
        values_at.refuse_moving(body, letter, node, self._rates, self._notation.catalogue)
        at_ends = [body.xreplace({letter: value}) for value in values]
        return at_ends[0] if len(at_ends) == 1 else at_ends[1] - at_ends[0]

    def _beside(self, node: Node) -> Expr:
        """What is multiplied with a value at a place, and the same whether the bar takes it in or not."""
        letter = self._placed(node)
        factors = [self._scalar(part) for part in node.parts]
        for factor in factors[:-1]:
            values_at.refuse_moving(factor, letter, node, self._rates, self._notation.catalogue)
            values_at.refuse_letter(factor, letter, node)
        return Mul(*factors)

    def _placed(self, node: Node) -> Symbol:
        """The letter to which a value is given."""
        letter = self._meant(self._notation.table.get(node.value)) if node.value in self._notation.table else None
        if not isinstance(letter, Symbol) or letter in self._rates or node.value in (*self._variables, *self._indices):
            raise Unparsed(f"{node.value}, to which a value is given, is not declared a symbol", node.position)
        return letter

    def _integral(self, node: Node) -> Expr:
        """An integral as it stands; its variable is a real number like no other."""
        lower, upper = (self._scalar(part) for part in node.parts[1:])
        variable, outside = Dummy(node.value.lstrip("\\"), real=True), dict(self._variables)
        self._variables[node.value] = variable
        body = self._scalar(node.parts[0])
        self._variables = outside
        if body.has(*self._outside(node.value), *self._rates.values()):
            raise Unparsed(f"what depends on {node.value} outside of the integral over it is not read", node.position)
        if any(applied.has(variable) for applied in body.atoms(AppliedUndef)):
            raise Unparsed("the integral of a function of the paper's own is not read", node.position)
        return Integral(body, (variable, lower, upper))

    def _outside(self, variable: str) -> list[Any]:
        """What the letter over which is integrated means elsewhere, and what moves where it is the time."""
        known, symbol = self._notation.function(variable), self._notation.table.get(variable)
        meant = [m for m in (symbol, known and known[0]) if m is not None]
        return [*meant, *map(self._meant, meant), *(self._rates if variable == "t" else ())]

    def _unlimited(self, node: Node) -> Any:
        """A sum over all members of the families that bear its index."""
        outside = self._families.pop(node.value, None)
        index = indexed_families.fresh(node.value)
        body = self._with(node, index)
        bearing = self._families.pop(node.value, None)
        if bearing is None:
            raise Unparsed(f"over what {node.value} runs is not said", node.position)
        if outside is not None:
            self._families[node.value] = outside
        return indexed_families.between(body, index, Integer(1), indexed_families.size(bearing), node.position)

    def _with(self, node: Node, value: Expr) -> Any:
        self._indices[node.value] = value
        body = self._scalar(node.parts[0])
        del self._indices[node.value]
        return body

    def _meant(self, value: Any) -> Any:
        if (unfolded := unfold(value)) is not value:
            value, self._size = unfolded, self._size + _parts(unfolded)
        self.met |= letters(value)
        return value.xreplace(self._swaps) if self._swaps else value

    def _at_time(self, function: Any) -> Any:
        if isinstance(function, MatrixSymbol):  # a matrix letter that is written W(t)
            return self._meant(function)
        return self._meant(function(self._notation.table["t"]))

    def _apply(self, node: Node) -> Any:
        if node.value in self._variables:
            raise Unparsed(f"{node.value} is the letter over which is integrated, and no function", node.position)
        known = self._notation.function(node.value)
        assert known is not None
        function, argument = known
        if node.parts[0].kind == "symbol" and node.parts[0].value == argument == "t":
            return self._at_time(function)
        if isinstance(function, MatrixSymbol):
            raise Unparsed(f"{node.value} at a point in time is not read", node.position)
        return self._meant(function(self.read(node.parts[0])))

    def _function(self, node: Node) -> Expr:
        inside = self._scalar(node.parts[0])
        if inside.is_number:
            if _nested(inside) >= DEEPEST_NUMBER:
                raise Unparsed(f"functions of a number nested more than {DEEPEST_NUMBER} deep", node.position)
            if node.value not in _SLOW and not _is_moderate(inside):
                raise Unparsed(f"a function of a number that is not between ±{LARGEST_ARGUMENT}", node.position)
        elif (depth := _nested(inside)) > 1:
            self._bound_nesting(inside, depth, node.position)
        return FUNCTIONS[node.value](inside)

    def _bound_nesting(self, inside: Expr, depth: int, position: int) -> None:
        """Refuses functions of functions for which SymPy may need more than a moment."""
        self._nested += 1
        if _parts(inside) > LARGEST_INSIDE:
            raise Unparsed(f"more than {LARGEST_INSIDE} parts inside of functions of functions", position)
        if depth >= (DEEPEST_REAL if inside.is_extended_real else DEEPEST):
            raise Unparsed(f"functions nested more than {depth} deep", position)
        if self._nested > MOST_NESTED:
            raise Unparsed(f"more than {MOST_NESTED} functions of functions of functions", position)

    def _absolute(self, node: Node) -> Expr:
        return sympy.Abs(self._scalar(node.parts[0]))

    def _scalar(self, node: Node) -> Expr:
        value = self.read(node)
        if matrix_shapes.is_matrix(value):
            raise Unparsed("a matrix where only a scalar is read", node.position)
        return value

    def _add(self, node: Node) -> Any:
        return matrix_shapes.total([self.read(p) for p in node.parts], node.position)

    def _multiply(self, node: Node) -> Any:
        return matrix_shapes.product([self.read(p) for p in node.parts], node.position)

    def _minus(self, node: Node) -> Any:
        return matrix_shapes.product([Integer(-1), self.read(node.parts[0])], node.position)

    def _divide(self, node: Node) -> Any:
        above, below = self.read(node.parts[0]), self._scalar(node.parts[1])
        if below == 0:
            raise Unparsed("a division by zero", node.position)
        return matrix_shapes.product([1 / below, above], node.position)

    def _power(self, node: Node) -> Any:
        base, exponent = self.read(node.parts[0]), self._exponent(node.parts[1])
        if matrix_shapes.is_matrix(base):
            return matrix_shapes.power(base, exponent, node.position)
        return self._raised(base, exponent, node.position)

    def _exponent(self, node: Node) -> Expr:
        """What is raised; a number there is exact, since other powers are not read."""
        return self._exactly(node) if node.kind in ("number", "minus", "divide") else self._scalar(node)

    def _root(self, node: Node) -> Expr:
        degree = self._exactly(node.parts[1]) if len(node.parts) == 2 else Integer(2)
        if not (degree.is_Integer and 2 <= degree <= LARGEST_POWER):
            raise Unparsed("a root of this degree is not read", node.position)
        return self._raised(self._scalar(node.parts[0]), 1 / degree, node.position)

    def _transpose(self, node: Node) -> Any:
        return matrix_shapes.transpose(self.read(node.parts[0]), node.position)

    def _trace(self, node: Node) -> Any:
        return matrix_shapes.trace(self.read(node.parts[0]), node.position)

    def _norm(self, node: Node) -> Any:
        return matrix_shapes.norm(self.read(node.parts[0]), node.position)

    def _mean(self, node: Node) -> Any:
        if self._covariance is None:
            raise Unparsed("a mean is read where a claim on the noise is stated, and nowhere else", node.position)
        noise, covariance = self._covariance
        if node.value and self._notation.table.get(node.value) != noise:
            raise Unparsed(f"a mean over {node.value}, which is not the noise of the claim", node.position)
        return NoiseAverage(self._scalar(node.parts[0]), noise, covariance)

    def _gradient(self, node: Node) -> Any:
        letter = self._notation.table.get(node.value)
        if not isinstance(letter, MatrixSymbol):
            raise Unparsed(f"{node.value}, in which is differentiated, is not declared a matrix", node.position)
        return MatrixGradient(self._scalar(node.parts[0]), letter)

    @staticmethod
    def _raised(base: Expr, exponent: Expr, position: int) -> Expr:
        if exponent.is_number:
            if not exponent.is_Rational or abs(exponent) > LARGEST_POWER or exponent.q > LARGEST_POWER:
                raise Unparsed(f"only rational powers up to {LARGEST_POWER} are read", position)
            if any(int(part).bit_length() > 133 for n in base.atoms(Rational) for part in (n.p, n.q)):
                raise Unparsed("a power of a number of more than 40 digits", position)
            if base.is_zero and not exponent.is_positive:
                raise Unparsed("a division by zero", position)
        return Pow(base, exponent)

    def _derivative(self, node: Node) -> Any:
        variable = self._notation.table.get(node.value)
        if not isinstance(variable, Symbol):
            raise Unparsed(f"{node.value}, in which is differentiated, is not declared a symbol", node.position)
        inner = self._differentiated(node)
        if node.value == "t" and has_letters(inner):
            return matrix_shapes.Rates(self._rates, variable).of(inner, node.position)
        if matrix_shapes.is_matrix(inner):
            raise Unparsed("a matrix is differentiated in t only", node.position)
        return self._rate(inner, variable, node)

    def _differentiated(self, node: Node) -> Any:
        """What stands under a derivative."""
        self._derivatives += 1
        if self._derivatives > MOST_DERIVATIVES:
            raise Unparsed(f"more than {MOST_DERIVATIVES} derivatives inside each other", node.position)
        inner = self.read(node.parts[0])
        self._derivatives -= 1
        return inner

    def _rate(self, inner: Expr, variable: Symbol, node: Node) -> Expr:
        """The derivative of a scalar, in time by the rates of all that moves."""
        if any(inner.has(r) for r in self._rates.values()):
            raise Unparsed("a second derivative of what the claim moves", node.position)
        if sum(1 for _ in islice(sympy.preorder_traversal(inner), LARGEST_RATE + 1)) > LARGEST_RATE:
            raise Unparsed(f"more than {LARGEST_RATE} parts to be differentiated", node.position)
        self.differentiated.append((inner, variable))
        moves = self._rates if node.value == "t" else {}
        moving = [s for s in moves if not matrix_shapes.is_matrix(s) and inner.has(s)]
        if not moving and not inner.has(variable):
            raise Unparsed(f"nothing here is declared to depend on {node.value}", node.position)
        rate = inner.diff(variable) + Add(*(inner.diff(s) * self._rates[s] for s in moving))
        if rate.has(Subs):
            raise Unparsed("the derivative of a function of more than letters is not read", node.position)
        return of_real_parts(rate)


def _nested(e: Expr) -> int:
    """How deep functions and roots stand inside each other; SymPy takes twice the time for every one more."""
    one = isinstance(e, sympy.Function) or (e.is_Pow and not e.exp.is_Integer)
    return int(one) + max(map(_nested, e.args), default=0)


def _parts(e: Expr) -> int:
    return sum(1 for _ in sympy.preorder_traversal(e))


def _is_moderate(number: Expr) -> bool:
    """Whether SymPy, which finds the sign of a function of it by working it out, can do so in a moment."""
    size = abs(number.evalf(5, maxn=60))
    return bool(size.is_comparable and size <= LARGEST_ARGUMENT)


def of_real_parts(rate: Expr) -> Expr:
    """The rate with the sign of x as x/|x|, so that that of ln|x| is one over x."""
    return rate.replace(
        lambda e: isinstance(e, sympy.sign) and is_real_where_defined(e.args[0]),
        lambda e: e.args[0] / sympy.Abs(e.args[0]),
    )


def rates(letters: Iterable[Any]) -> dict[Any, Any]:
    """A letter for the rate of each."""
    return {
        s: MatrixSymbol(f"d{s.name}/dt", *s.shape) if matrix_shapes.is_matrix(s) else Symbol(f"d{s.name}/dt", real=True)
        for s in letters
    }

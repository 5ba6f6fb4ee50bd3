"""Values of what is read as it is written: what has no meaning here is a letter of its own, the same for equal parts.

A letter that is not known to be a number does not commute with others of its kind, so that what is equal here is equal
for matrices, operators and vectors as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import sympy
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol

from ..read.uninterpreted import Part
from ..text.tokens import Unparsed
from .meaning import FUNCTIONS

LARGEST = 400  # operations of one side
LARGEST_POWER = 12
LARGEST_NUMBER = 200  # as an exponent, or in a function
LARGEST_FACTORIAL = 60
_COMPLEX = frozenset(["z", "w", "\\zeta"])  # which may be complex where others are real
_ANALYTIC = frozenset(["exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "cot", "sec", "csc"])
_OF_REAL = frozenset(["ln", "arctan", "arsinh"])
_LETTER = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_FONTS = "mathbf|boldsymbol|bm|pmb|textbf|mathcal|mathscr|mathfrak|mathbb"
_ACTING = re.compile(rf"[A-Z](?:_|$)|\\(?:{_FONTS}|mathrm|hat|widehat|operatorname|text)\b")
CONSTANT = re.compile(r"[a-ckmnA-CK](?:_\{\w\})?|\\(?:alpha|beta|lambda|mu|omega|sigma)")  # written for constants
_NO_NUMBER = re.compile(rf"d |\\(?:{_FONTS}|vec|underline|overrightarrow)\b|\\[dD]elta ")


_E = Part("name", "e")


def variables(part: Part) -> set[str]:
    """The letters over which is integrated or summed, or which go to a limit."""
    return set(part.variables).union(*map(variables, part.parts))


def shown_numbers(part: Part, over_e: bool, matrices: bool = False) -> set[str]:
    """The names that can only be numbers where they stand: below a fraction, under a root, raised, in a sine.

    over_e: whether a small letter that is raised over e is one, and no matrix or operator. matrices: whether the paper
    has such, so that a capital below a fraction may be one.
    """
    found: set[str] = set()
    if part.kind == "divide":
        found = {name for name in _multiplied(part.parts[1]) if over_e and not (matrices and may_act(name))}
    elif part.kind == "power":
        base, exponent = part.parts
        found = _multiplied(exponent) - {"T"}
        if base.value == "e" and exponent.kind != "number":
            found = {name for name in found if over_e and not may_act(name)} | {"e"}
    elif part.kind in ("factorial", "binomial", "function", "root"):
        found = set().union(*map(_multiplied, part.parts))
        if part.kind == "root" or part.value in ("exp", "ln"):
            found = {name for name in found if over_e and not may_act(name)}
    return found.union(*(shown_numbers(inner, over_e, matrices) for inner in part.parts))


def no_numbers(part: Part) -> set[str]:
    """The names that may be vectors where they stand: transposed, in a norm, beside a gradient."""
    found: set[str] = set()
    if part.kind == "transpose" or (part.kind == "measure" and part.value.startswith(("\\|", "\\langle"))):
        found = part.parts[0].letters()
    elif part.kind == "opaque" and ("\\nabla" in part.value or "\\partial" in part.value):
        found = part.letters()
    return found.union(*map(no_numbers, part.parts))


def has_vectors(part: Part) -> bool:
    """Whether vectors or matrices show: something is transposed, adjoint, or multiplied with a dot or a cross."""
    is_one = part.kind in ("transpose", "times") or (part.kind in ("name", "opaque") and "^{" in part.value)
    return is_one or any(map(has_vectors, part.parts))


def _multiplied(part: Part) -> set[str]:
    """The names of which a part is a sum, a product or a power."""
    if part.kind == "name":
        return set() if _NO_NUMBER.match(part.value) else {part.value}
    if part.kind in ("group", "add", "minus", "multiply", "divide", "power", "root"):
        return set().union(*map(_multiplied, part.parts))
    return set()


class Values:
    """The values of the parts of one step.

    numbers: the symbols of the names that are declared to be real numbers. shown: other names that are numbers;
    variables: those of them that some operator binds.
    commuting: whether all other letters commute too. acting: whether a letter may act on what stands behind it.
    transposes: whether ^T is a transpose for sure.
    """

    def __init__(
        self,
        numbers: Mapping[str, Symbol],
        shown: Set[str],
        variables: Set[str],
        *,
        commuting: bool = False,
        acting: bool = True,
        transposes: bool = False,
    ) -> None:
        self._numbers, self._shown, self._real = numbers, shown, variables - _COMPLEX
        self._commuting, self._acting, self._transposes = commuting, acting, transposes
        self._atoms: dict[str, Symbol] = {}
        self._letters: dict[Symbol, set[str]] = {}
        self._declared = frozenset(numbers.values())
        for name, symbol in numbers.items():
            self._letters.setdefault(symbol, set()).update(_LETTER.findall(name))
        self._plain: dict[Symbol, str] = {}  # the letters that are names or wholes, and their keys
        self.linear: dict[Symbol, tuple[Part, Expr]] = {}  # sums and integrals, and what stands under each
        self.names: dict[str, Symbol] = {}  # of the names that were met
        self.unknown: dict[str, None] = {}  # what stands for itself, in the order of the step

    def value(self, part: Part) -> Expr:
        """The value; raises Unparsed where it is too large or not defined."""
        found: Expr = getattr(self, f"_{part.kind}")(part)
        if found.has(sympy.zoo, sympy.nan, sympy.oo):
            raise Unparsed("a division by zero", 0)
        if found.count_ops() > LARGEST:
            raise Unparsed(f"more than {LARGEST} operations in a side that is compared as it is written", 0)
        return found

    # Letters that stand for parts

    def _atom(self, pattern: str, *inside: Expr, number: bool = False, real: bool = False) -> Symbol:
        """The letter for a pattern with these values in it; real: whether it is a real number."""
        key = "\0".join([pattern, *map(_key, inside)])
        if (found := self._atoms.get(key)) is not None:
            return found
        assumed = {"real": True} if real else {}
        symbol = Symbol(f"<{len(self._atoms)}>", commutative=number or self._commuting, **assumed)
        self._atoms[key] = symbol
        self._plain[symbol] = key
        written = set() if pattern.startswith("of ") else set(_LETTER.findall(pattern))
        self._letters[symbol] = written.union(*map(self.letters, inside))
        return symbol

    def letters(self, e: Expr) -> set[str]:
        """The letters that stand anywhere in a value."""
        return set().union(*(self._letters.get(symbol, set()) for symbol in e.free_symbols))

    # Parts

    def _number(self, part: Part) -> Expr:
        whole, _, decimals = part.value.partition(".")
        return Rational(int((whole or "0") + decimals), 10 ** len(decimals))

    def _name(self, part: Part) -> Expr:
        name = part.value
        if name == "\\pi" and name not in self._numbers:
            return sympy.pi
        if name not in self._numbers and name not in self._shown:
            self.unknown.setdefault(name)
        is_number = name in self._shown
        symbol = self._numbers.get(name) or self._atom(name, number=is_number, real=is_number and name in self._real)
        self.names[name] = symbol
        return symbol

    def _opaque(self, part: Part, number: bool = False) -> Expr:
        self.unknown.setdefault(part.value)
        return self._atom(f"·{part.value}", *map(self.value, part.parts), number=number, real=number)

    def _measure(self, part: Part) -> Expr:
        if part.value in ("\\gcd(·,·)", "\\operatorname{gcd}(·,·)"):
            one, other = map(self.value, part.parts)
            if one.is_Integer and other.is_Integer:
                return Integer(sympy.igcd(one, other))
        if part.value == "|·|" and self._is_real(inside := self.value(part.parts[0])) and inside.is_commutative:
            return sympy.Abs(inside)
        return self._opaque(part, True)

    def _table(self, part: Part) -> Expr:
        return self._opaque(part, part.value.startswith("vmatrix"))

    def _mean(self, part: Part) -> Expr:
        """A mean, term by term, with numbers before it."""
        self.unknown.setdefault(part.value)
        first, *others = map(self.value, part.parts)
        found = []
        for term in Add.make_args(sympy.expand(first)):
            number, rest = term.as_coeff_Mul()
            found.append(number if rest == 1 else number * self._atom(f"·{part.value}", rest, *others))
        return Add(*found)

    def _trace(self, part: Part) -> Expr:
        """A trace, term by term, of products whose first factor may be put behind the last."""
        self.unknown.setdefault(f"{part.value}(…)")
        inside = sympy.expand(self.value(part.parts[0]))
        return Add(*map(self._trace_of, Add.make_args(inside)))

    def _trace_of(self, term: Expr) -> Expr:
        numbers, others = term.args_cnc()
        if _has_sign(term) or self._commuting:
            return self._atom("of trace", term, number=True)
        factors = [b for factor in others for b in _repeated(factor)]
        turned = [[*factors[n:], *factors[:n]] for n in range(max(len(factors), 1))]
        first = min((Mul(*one) for one in turned), key=str)
        return Mul(*numbers, self._atom("of trace", first, number=True))

    def _limit(self, part: Part) -> Expr:
        """A limit, with a number before it."""
        self.unknown.setdefault(part.value)
        number, rest = sympy.expand(self.value(part.parts[0])).as_coeff_Mul()
        if rest.is_Add or not number:
            number, rest = Integer(1), number * rest
        return number * self._atom(f"·{part.value}", rest, number=bool(rest.is_commutative))

    def _group(self, part: Part) -> Expr:
        return self.value(part.parts[0])

    def _minus(self, part: Part) -> Expr:
        return -self.value(part.parts[0])

    def _add(self, part: Part) -> Expr:
        return Add(*map(self.value, part.parts))

    def _times(self, part: Part) -> Expr:
        return Symbol(f"times {part.value}", commutative=False)

    def _multiply(self, part: Part) -> Expr:
        found: list[Expr] = []
        values = [self.value(inner) for inner in part.parts]
        for place, (inner, value) in enumerate(zip(part.parts, values, strict=True)):
            if inner.kind == "times":
                if not self._is_product(inner.value, values[place - 1], values[place + 1]):
                    found.append(value)
            elif self._may_act(inner) and any(map(_holds_numbers, values[place + 1 :])):
                return Mul(*found, self._atom("of acting", *values[place:]))
            else:
                found.append(self._whole(value))
        return Mul(*found)

    def _whole(self, e: Expr) -> Expr:
        """A factor as one letter, where a dot or a cross stands in it: (a·b)c is not a·bc."""
        return self._atom("of brackets", e) if _has_sign(e) else e

    def _may_act(self, part: Part) -> bool:
        """Whether a name may act on what stands behind it, as d/dx does."""
        is_known = part.value in self._numbers or part.value in self._shown
        return self._acting and part.kind == "name" and not is_known and may_act(part.value)

    def _is_product(self, sign: str, before: Expr, behind: Expr) -> bool:
        """Whether a sign between factors is that of a product."""
        declared = set(self._numbers.values())
        if before.is_number or behind.is_number or (before.free_symbols | behind.free_symbols) <= declared:
            return True
        return sign != "*" and bool(before.is_commutative and behind.is_commutative)

    def _divide(self, part: Part) -> Expr:
        above, below = map(self.value, part.parts)
        return above * self._inverse(below)

    def _inverse(self, e: Expr) -> Expr:
        if e == 0:
            raise Unparsed("a division by zero", 0)
        is_plain = e.is_commutative or not (e.is_Add or _has_sign(e))
        return Pow(e, -1) if is_plain else self._atom("of inverse", e)

    def _power(self, part: Part) -> Expr:
        base, exponent = map(self.value, part.parts)
        if part.parts[0] == _E and "e" not in self._numbers and exponent.is_commutative and not exponent.is_number:
            return sympy.exp(exponent)
        base = self._whole(base)
        commuting = bool(base.is_commutative and exponent.is_commutative)
        if exponent == -1:
            return self._inverse(base)
        if base == 0 and not exponent.is_positive:
            raise Unparsed("a division by zero", 0)
        is_small = not exponent.is_number or (exponent.is_Rational and abs(exponent) <= LARGEST_NUMBER)
        is_plain = base.is_Symbol or exponent.is_Integer or self._is_real(base)
        if commuting and is_small and is_plain:
            return Pow(base, exponent)
        if exponent.is_Integer and 0 <= exponent <= LARGEST_POWER:
            return Pow(base, exponent)
        return self._atom("of power", base, exponent, number=commuting)

    def _is_real(self, e: Expr) -> bool:
        return all(symbol.is_extended_real for symbol in e.free_symbols)

    def _root(self, part: Part) -> Expr:
        inside, *degree = map(self.value, part.parts)
        if inside.is_commutative and self._is_real(inside) and not degree:
            return sympy.sqrt(inside)
        return self._atom("of root", inside, *degree, number=bool(inside.is_commutative))

    def _function(self, part: Part) -> Expr:
        inside = self.value(part.parts[0])
        is_small = not inside.is_number or (inside.count_ops() < 10 and abs(inside.evalf(5)) < LARGEST_NUMBER)
        is_read = part.value in _ANALYTIC or (part.value in _OF_REAL and self._is_real(inside) and inside != 0)
        if inside.is_commutative and is_small and is_read:
            found: Expr = FUNCTIONS[part.value](inside)
            return found
        return self._atom(f"of {part.value}", inside, number=bool(inside.is_commutative))

    def _factorial(self, part: Part) -> Expr:
        inside = self.value(part.parts[0])
        return sympy.factorial(inside) if _has_factorial(inside) else self._atom("of factorial", inside, number=True)

    def _binomial(self, part: Part) -> Expr:
        above, below = map(self.value, part.parts)
        if not (_has_factorial(above) and _has_factorial(below)):
            return self._atom("of binomial", above, below, number=True)
        if above.is_number and below.is_number:
            return sympy.binomial(above, below)
        return sympy.factorial(above) / (sympy.factorial(below) * sympy.factorial(above - below))

    def _transpose(self, part: Part) -> Expr:
        inside = self.value(part.parts[0])
        if part.value == "T" and not self._transposes:
            return self._atom("of T above", inside, number=bool(inside.is_commutative))
        return self._transposed(sympy.expand(inside))

    def _transposed(self, e: Expr) -> Expr:
        if e.is_Add:
            return Add(*map(self._transposed, e.args))
        if self._commuting or _has_sign(e):
            return self._atom("of transpose", e)
        numbers, others = e.args_cnc()
        return Mul(*numbers, *(self._transposed_factor(factor) for factor in reversed(others)))

    def _transposed_factor(self, factor: Expr) -> Expr:
        base, exponent = factor.as_base_exp()
        if not base.is_Symbol or not exponent.is_Integer:
            return self._atom("of transpose", factor)
        head, key = "of transpose\0", self._plain[base]
        before = next((s for s in self._atoms.values() if key == f"{head}{s.name}"), None)
        return Pow(self._atom("of transpose", base) if before is None else before, exponent)

    def _stands_before(self, part: Part, factor: Expr) -> bool:
        """Whether a factor may stand before an operator: it has no letter of it, and cannot act on one."""
        if self.letters(factor) & part.bound:
            return False
        name = self._plain.get(factor.as_base_exp()[0], "")
        return part.value.startswith("\\sum") or CONSTANT.fullmatch(name) is not None

    def _is_apart(self, part: Part, number: Expr) -> bool:
        """Whether a number is the same under an operator: under an integral, one that is written for a constant."""
        if self.letters(number) & part.bound:
            return False
        here = {symbol: key for key, symbol in self.names.items()}
        apart = (s in self._declared or CONSTANT.fullmatch(here.get(s, "")) is not None for s in number.free_symbols)
        return part.value.startswith("\\sum") or all(apart)

    def _linear(self, part: Part) -> Expr:
        """A sum or an integral, term by term, with what does not hold its letter before it."""
        self.unknown.setdefault(part.value)
        body = sympy.expand(self.value(part.parts[0]))
        return Add(*(self._of_term(part, term) for term in Add.make_args(body)))

    def _of_term(self, part: Part, term: Expr) -> Expr:
        numbers, others = term.args_cnc()
        outside = [factor for factor in numbers if self._is_apart(part, factor)]
        inside = [factor for factor in numbers if not self._is_apart(part, factor)]
        begin, end = 0, len(others)
        if not _has_sign(term):
            while begin < end and self._stands_before(part, others[begin]):
                begin += 1
            while end > begin and self._stands_before(part, others[end - 1]):
                end -= 1
        rest = Mul(*inside, *others[begin:end])
        atom = self._atom(f"·{part.value}", rest, number=bool(rest.is_commutative))
        if rest.is_commutative:
            self.linear[atom] = part, rest
        return Mul(*outside, *others[:begin], atom, *others[end:])


def _repeated(factor: Expr) -> list[Expr]:
    """A power as so many factors."""
    base, exponent = factor.as_base_exp()
    return [base] * int(exponent) if exponent.is_Integer and 0 < exponent <= LARGEST_POWER else [factor]


def may_act(name: str) -> bool:
    """Whether a name looks like that of a matrix or an operator."""
    return _ACTING.match(name) is not None


def _key(e: Expr) -> str:
    """What equal values share."""
    return str(sympy.expand(e))


def _holds_numbers(e: Expr) -> bool:
    """Whether a letter that commutes stands there, on which one before it may act."""
    return any(symbol.is_commutative for symbol in e.free_symbols)


def _has_factorial(e: Expr) -> bool:
    """Whether n! is written out for it."""
    is_small = e.is_Integer and 0 <= e <= LARGEST_FACTORIAL
    return bool(e.is_commutative and (is_small or not e.is_number))


def _has_sign(e: Expr) -> bool:
    """Whether a dot or a cross stands there of which it is not known that it is a product of numbers."""
    return any(symbol.name.startswith("times ") for symbol in e.free_symbols)


def words(e: Expr) -> Iterator[tuple[Sequence[Any], Expr]]:
    """The products of letters that do not commute in a sum, each with all that it is multiplied with."""
    found: dict[tuple[Any, ...], list[Expr]] = {}
    for term in Add.make_args(sympy.expand(e)):
        numbers, others = term.args_cnc()
        found.setdefault(tuple(others), []).append(Mul(*numbers))
    for others, factors in found.items():
        yield others, Add(*factors)

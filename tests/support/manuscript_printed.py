"""What the project prints, read back: the claims in the letters of their chapter, and random statements."""

from __future__ import annotations

import random
from typing import Any

import sympy
from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Integer,
    MatrixSymbol,
    Mul,
    Pow,
    Rational,
    Symbol,
    exp,
    log,
    sqrt,
    symbols,
)
from sympy.core.function import AppliedUndef

from modeflow.language.matrices import NoiseAverage
from modeflow.language.quantities import Alphabet
from modeflow.manuscript.mean.meaning import Reader
from modeflow.manuscript.mean.notation import Notation
from modeflow.manuscript.mean.presets import letters
from modeflow.manuscript.read.grammar import statement
from modeflow.manuscript.text.marks import Display
from modeflow.manuscript.text.rows import pieces
from modeflow.manuscript.text.tokens import Unparsed, tokens
from modeflow.statements.claims import Claim
from modeflow.statements.equations import Equation, entry_by_entry
from modeflow.typeset.latex import statement_latex


def read_back(tex: str, notation: Notation, covariance: tuple[Any, Any] | None = None) -> list[Any]:
    """The sides of a printed statement; raises Unparsed."""
    (piece,) = pieces(Display("$$", tex, 0, (), ()))
    if piece.problem:
        raise Unparsed(piece.problem, 0)
    reader = Reader(notation, {}, {}, {}, covariance)
    return [reader.read(side) for side in statement(tokens(piece.text), notation.names()).sides]


def equations(claim: Claim) -> list[Equation]:
    """What a claim states, each entry by itself."""
    both = Equation(claim.lhs, claim.rhs, relation=claim.relation)
    return list(entry_by_entry(both))


def outcome(equation: Equation, alphabet: Alphabet, notation: Notation) -> str:
    """Either "read", why it is not, or "differs"."""
    try:
        means = [mean.args[1:3] for side in (equation.lhs, equation.rhs) for mean in side.atoms(NoiseAverage)]
        sides = read_back(statement_latex(equation, alphabet), notation, means[0] if means else None)
    except Unparsed as reason:
        return str(reason)
    given = (equation.lhs, equation.rhs)
    return "read" if all(same(one, other) for one, other in zip(sides, given, strict=True)) else "differs"


def same(one: Any, other: Any) -> bool:
    """Whether two expressions are alike, or their numbers at points where they are real are."""
    if one == other or one.doit() == other.doit():
        return True
    difference = (one - other).doit()
    if difference == 0 or getattr(difference, "is_ZeroMatrix", False):
        return True
    free = sorted(difference.free_symbols, key=str)
    if not all(isinstance(s, Symbol) for s in free):
        return False
    points = [dict(zip(free, point, strict=False)) for point in _POINTS]
    values = [(_number(difference, point), one.doit().subs(point).evalf(40)) for point in points]
    known = [(apart, value) for apart, value in values if apart is not None]
    return bool(known) and all(abs(apart) < 1e-20 * (1 + _size(value)) for apart, value in known)


_POINTS = [
    [Rational(n * k % 17 + 1, 18) + shift for n in range(1, 17)] for k, shift in ((3, 0), (5, 1), (7, 2), (11, 0))
]


def _size(value: Any) -> Any:
    """How large a number is; 0 for what is none, which allows no error."""
    size = abs(value)
    return size if size.is_Float and size.is_finite else 0


def _number(expression: Expr, point: dict[Symbol, Expr]) -> Any:
    value = expression.subs(point).evalf(40)
    return value if value.is_number and value.is_finite and not value.has(sympy.zoo, sympy.nan, Derivative) else None


# Random statements ----------------------------------------------------------------------------------------------

P, Q = symbols("p q", positive=True)
X, Y = symbols("x y", real=True)
LETTERS = {"p": P, "q": Q, "x": X, "y": Y, "\\pi": sympy.pi}
_FUNCTIONS = [
    *(exp, log, sympy.sin, sympy.cos, sympy.tan, sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth),
    *(sympy.asin, sympy.acos, sympy.atan, sympy.asinh, sympy.acosh, sympy.atanh, sympy.acoth, Abs, sqrt),
]


def expression(rng: random.Random, depth: int = 3) -> Expr:
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(
            [P, Q, X, Y, Integer(rng.randint(-3, 9)), Rational(rng.randint(1, 9), rng.randint(2, 7)), sympy.pi]
        )
    kind = rng.random()
    if kind < 0.3:
        return Add(*(expression(rng, depth - 1) for _ in range(rng.randint(2, 3))))
    if kind < 0.55:
        return Mul(*(expression(rng, depth - 1) for _ in range(rng.randint(2, 3))))
    if kind < 0.75:
        exponent = rng.choice(
            [Integer(2), Integer(3), Integer(-1), Rational(1, 3), Rational(-1, 2), Rational(2, 3), X, -P]
        )
        base = expression(rng, depth - 1)
        return base if base.is_Pow or base == 0 else Pow(base, exponent)  # x (x^y)^2 may be a function of x^y
    if kind < 0.8:
        inner = X * expression(rng, depth - 1)  # of what depends on no x nothing is known
        return Derivative(inner if inner.has(X) else X, X)
    return rng.choice(_FUNCTIONS)(expression(rng, depth - 1))


_NO_NUMBERS = (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I, sympy.AccumBounds)


def random_equation(rng: random.Random) -> Equation:
    """One that has a value; its sides need not be equal."""
    while True:
        left, right = expression(rng), expression(rng)
        if not any(side.has(*_NO_NUMBERS) for side in (left, right)):
            return Equation(left, right, relation=rng.choice(["=", ">=", "<"]))


def claim_outcomes(claim: Claim) -> list[str]:
    """What becomes of each entry of a claim, in the letters of its chapter; of two alike, the one it uses is meant."""
    claim = claim.unfolded()
    used = set[Any]().union(*(side.atoms(Symbol, AppliedUndef, MatrixSymbol) for side in (claim.lhs, claim.rhs)))
    used |= {one.func for one in used}
    notation = Notation(letters(sorted(claim.alphabet, key=lambda q: q.symbol in used)))
    return [outcome(equation, claim.alphabet, notation) for equation in equations(claim)]

"""Matrix identities for any dimensions: words in letters that do not commute.

A matrix expression becomes a sum of words, each a product of letters and their transposes, with scalar coefficients
and traces. Words are reduced by V Vᵀ = Vᵀ V = I for orthogonal letters and Aᵀ = A for symmetric ones; square diagonal
letters commute; a trace is a word up to rotation and transposition. An inverse is a letter of its own, symmetric where
what is inverted is. Two expressions are equal for all matrices when their normal forms are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import sympy
from sympy import (
    Expr,
    Identity,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Trace,
    Transpose,
    Tuple,
    ZeroMatrix,
)

from .expressions import letters_in, parts


class NotWords(ValueError):
    """The expression is not a polynomial in matrix letters, or asks for a moment that is not known."""


class SymmetricSymbol(MatrixSymbol):
    """A symmetric matrix letter."""

    def _eval_transpose(self) -> MatrixExpr:
        return self


class OrthogonalSymbol(MatrixSymbol):
    """A square matrix letter with V Vᵀ = Vᵀ V = I."""


class DiagonalSymbol(MatrixSymbol):
    """A matrix letter, square or not, that is zero off its main diagonal."""


LETTER_KINDS = (SymmetricSymbol, OrthogonalSymbol, DiagonalSymbol)


# --- operators that appear in statements ------------------------------------------------------------------


class NoiseAverage(Expr):
    """The mean of a scalar over a noise matrix with independent columns of mean 0 and a given covariance.

    NoiseAverage(scalar, noise, covariance): noise is a letter (D x N), covariance a D x D expression. Only the
    first two moments are used, so scalars of degree at most two in the noise are accepted.
    """

    is_commutative = True

    def _latex(self, printer: Any) -> str:
        scalar, noise, _ = self.args
        return rf"\operatorname{{E}}_{{{printer._print(noise)}}}\left[{printer._print(scalar)}\right]"


class MatrixGradient(MatrixExpr):
    """MatrixGradient(scalar, W): the matrix of derivatives ∂scalar/∂W_ij, of the shape of W."""

    @property
    def shape(self) -> Any:
        return self.args[1].shape

    def _latex(self, printer: Any) -> str:
        scalar, letter = self.args
        return rf"\nabla_{{{printer._print(letter)}}}\left[{printer._print(scalar)}\right]"


class DiagonalEntry(Expr):
    """DiagonalEntry(M, ((A, a), (B, b), …)): an entry on the diagonal of M, a polynomial in diagonal letters.

    Products of diagonal matrices are diagonal, and their entries multiply: each letter A contributes its entry a
    at the same place. Entries off the diagonal are zero.
    """

    is_commutative = True

    def _latex(self, printer: Any) -> str:
        return rf"\left[{printer._print(self.args[0])}\right]_{{jj}}"


def squared_norm(matrix: MatrixExpr) -> Expr:
    """The squared Frobenius norm tr(MᵀM)."""
    return Trace(Transpose(matrix).doit() * matrix)


# --- normal form ------------------------------------------------------------------------------------------

Factor = tuple[Any, bool]  # a letter and whether it is transposed
Word = tuple[Factor, ...]
Traces = tuple[Word, ...]
Key = tuple[Traces, Word]


@dataclass(frozen=True)
class Words:
    """A sum of coefficient · traces · word; a scalar has only empty words and shape None."""

    terms: dict[Key, Expr]
    shape: tuple[Any, Any] | None = None

    def coefficients(self) -> Iterable[Expr]:
        return self.terms.values()


def normal_form(e: Any) -> Words:
    """The words of a matrix or scalar expression; raises NotWords outside polynomials in letters."""
    return _matrix(e) if _is_matrix(e) else _scalar(e)


def has_letters(e: Any) -> bool:
    """Whether an expression holds matrix letters or symbols that do not commute."""
    return any(isinstance(part, MatrixExpr | Trace) for part in parts(e)) or any(
        not s.is_commutative for s in letters_in(e)
    )


def _is_matrix(e: Any) -> bool:
    return bool(getattr(e, "is_Matrix", False)) or not e.is_commutative


def _matrix(e: Any) -> Words:
    if e.is_Symbol or isinstance(e, MatrixSymbol):
        return Words({((), ((e, False),)): Integer(1)}, e.shape if isinstance(e, MatrixSymbol) else (None, None))
    if isinstance(e, Identity | ZeroMatrix):
        return Words({((), ()): Integer(1)} if isinstance(e, Identity) else {}, e.shape)
    if type(e) in _OPERATIONS:
        return _OPERATIONS[type(e)](e)
    raise NotWords(f"{_excerpt(e)} is outside the matrix words")


def _scalar(e: Any) -> Words:
    if not has_letters(e):
        return Words({((), ()): e})
    if isinstance(e, Trace):
        return _trace(_matrix(e.arg))
    if e.is_Add:
        return _sum([_scalar(a) for a in e.args])
    if e.is_Mul:
        return _product([_scalar(a) for a in e.args])
    if e.is_Pow:
        return _power(e)
    if isinstance(e, NoiseAverage):
        return _noise_average(_scalar(e.args[0]), e.args[1], _matrix(e.args[2]))
    if isinstance(e, DiagonalEntry):
        return Words({((), ()): _diagonal_entry(_matrix(e.args[0]), dict(e.args[1]))})
    raise NotWords(f"{_excerpt(e)} is outside the matrix words")


def _sum(parts: list[Words]) -> Words:
    collected: dict[Key, list[Expr]] = {}
    for part in parts:
        for key, c in part.terms.items():
            collected.setdefault(key, []).append(c)
    shape = next((p.shape for p in parts if p.shape is not None), None)
    return Words({k: sympy.Add(*cs) for k, cs in collected.items()}, shape)


def _product(parts: list[Words]) -> Words:
    result = Words({((), ()): Integer(1)})
    for part in parts:
        result = _times(result, part)
    return result


def _times(a: Words, b: Words) -> Words:
    collected: dict[Key, list[Expr]] = {}
    for (traces, word), c in a.terms.items():
        for (more, tail), d in b.terms.items():
            key = (tuple(sorted(traces + more, key=str)), _reduced(word + tail))
            collected.setdefault(key, []).append(c * d)
    shapes = [s for s in (a.shape, b.shape) if s is not None]
    shape = (shapes[0][0], shapes[-1][1]) if shapes else None
    return Words({k: sympy.Add(*cs) for k, cs in collected.items()}, shape)


def _power(e: Any) -> Words:
    base, exponent = e.args
    if not (exponent.is_Integer and (-16 if isinstance(e, MatPow) else 0) <= exponent <= 16):
        raise NotWords(f"{_excerpt(e)}: only powers from 0 to 16, or of matrices from -16, are in the matrix words")
    if exponent == 0:
        return Words({((), ()): Integer(1)}, getattr(base, "shape", None))
    if exponent < 0:
        return _product([_inverse(Inverse(base))] * -int(exponent))
    return _product([normal_form(base)] * int(exponent))


def _inverse(e: Inverse) -> Words:
    """A letter of its own; the identity is its own inverse."""
    inner = _matrix(e.arg)
    if inner.terms == {((), ()): Integer(1)}:
        return inner
    return Words({((), ((e, False),)): Integer(1)}, inner.shape)


def _reduced(word: Word) -> Word:
    """The word without V Vᵀ and Vᵀ V, and square diagonal letters that stand together in the order of their names."""
    stack: list[Factor] = []
    for letter, transposed in word:
        if stack and isinstance(letter, OrthogonalSymbol) and stack[-1] == (letter, not transposed):
            stack.pop()
        else:
            stack.append((letter, transposed))
    runs = (list(run) for _, run in groupby(stack, _is_square_diagonal))
    return tuple(factor for run in runs for factor in (sorted(run, key=str) if _is_square_diagonal(run[0]) else run))


def _is_square_diagonal(factor: Factor) -> bool:
    letter = factor[0]
    return isinstance(letter, DiagonalSymbol) and letter.shape[0] == letter.shape[1]


def _flip(word: Word) -> Word:
    return tuple((letter, t if _own_transpose(letter) else not t) for letter, t in reversed(word))


def _own_transpose(letter: Any) -> bool:
    if isinstance(letter, Inverse):
        return is_symmetric(letter.arg)
    return isinstance(letter, SymmetricSymbol) or _is_square_diagonal((letter, False))


@lru_cache(maxsize=256)
def is_symmetric(e: MatrixExpr) -> bool:
    """Whether the words of an expression show that it is its own transpose."""
    words = _matrix(e)
    return _transposed(words).terms == words.terms


def _transposed(a: Words) -> Words:
    if any(not isinstance(letter, MatrixSymbol | Inverse) for (_, word) in a.terms for letter, _ in word):
        raise NotWords("the transpose of a symbol that is not a matrix letter is outside the matrix words")
    rows, columns = a.shape if a.shape is not None else (None, None)
    return Words({(traces, _flip(word)): c for (traces, word), c in a.terms.items()}, (columns, rows))


def _trace(a: Words) -> Words:
    collected: dict[Key, list[Expr]] = {}
    for (traces, word), c in a.terms.items():
        cycle = _cycle(word)
        if cycle:
            key: Key = (tuple(sorted((*traces, cycle), key=str)), ())
        else:
            assert a.shape is not None
            key, c = (traces, ()), c * a.shape[0]
        collected.setdefault(key, []).append(c)
    return Words({k: sympy.Add(*cs) for k, cs in collected.items()})


def _cycle(word: Word) -> Word:
    """The least of all rotations of a word and of its transpose, after cancelling around the end."""
    word = _reduced(word)
    while len(word) > 1 and _reduced((word[-1], word[0])) == ():
        word = word[1:-1]
    turns = [
        _reduced(w[i:] + w[:i])
        for w in (word, _flip(word))
        for i in range(len(w))
        if not (_is_square_diagonal(w[i - 1]) and _is_square_diagonal(w[i]))  # these stay together
    ]
    return min(turns, key=str) if turns else _reduced(word)


def _single_trace(word: Word, coefficient: Expr, traces: Traces, dimension: Any) -> Words:
    return _trace(Words({(traces, word): coefficient}, (dimension, dimension)))


# --- the operators on normal forms ------------------------------------------------------------------------


def _noise_average(a: Words, noise: Any, covariance: Words) -> Words:
    return _sum([_mean_of_traces(traces, c, noise, covariance) for (traces, _), c in a.terms.items()])


def _mean_of_traces(traces: Traces, c: Expr, noise: Any, covariance: Words) -> Words:
    _refuse_in_inverses(traces, noise)
    noisy = [w for w in traces if any(letter == noise for letter, _ in w)]
    count = sum(letter == noise for w in noisy for letter, _ in w)
    if count == 0:
        return Words({(traces, ()): c})
    if count == 1:
        return Words({})
    if count == 2 and len(noisy) == 1:
        at = traces.index(noisy[0])
        return _contracted(noisy[0], c, traces[:at] + traces[at + 1 :], noise, covariance)
    raise NotWords(f"the average over {noise} needs moments beyond the covariance")


def _contracted(word: Word, c: Expr, others: Traces, noise: Any, covariance: Words) -> Words:
    """The mean of a trace with the noise in two places, columns of the noise being independent."""
    first = next(i for i, (letter, _) in enumerate(word) if letter == noise)
    word = word[first:] + word[:first]
    second = next(i for i, (letter, _) in enumerate(word) if letter == noise and i)
    between, after = word[1:second], word[second + 1 :]
    if word[0][1] == word[second][1]:  # tr(η P η Q) -> tr(C Pᵀ Q), and its transpose
        p, q = (_flip(between), after) if not word[0][1] else (between, _flip(after))
        return _trace_with(covariance, p + q, c, others)
    inner, outer = (between, after) if not word[0][1] else (after, between)
    n = noise.shape[1]  # tr(η P ηᵀ Q) -> tr(P) tr(C Q)
    return _times(_single_trace(inner, Integer(1), (), n), _trace_with(covariance, outer, c, others))


def _trace_with(covariance: Words, word: Word, c: Expr, others: Traces) -> Words:
    return _trace(_times(covariance, Words({(others, word): c}, covariance.shape)))


def _gradient(a: Words, letter: Any) -> Words:
    if isinstance(letter, LETTER_KINDS):
        raise NotWords(f"the gradient in {letter} needs a letter without constraints")
    parts = []
    for (traces, _), c in a.terms.items():
        _refuse_in_inverses(traces, letter)
        for position, word in enumerate(traces):
            others = traces[:position] + traces[position + 1 :]
            for i, (here, transposed) in enumerate(word):
                if here == letter:
                    around = word[i + 1 :] + word[:i]
                    derivative = _reduced(around if transposed else _flip(around))
                    parts.append(Words({(others, derivative): c}, letter.shape))
    return _sum(parts) if parts else Words({}, letter.shape)


def _refuse_in_inverses(traces: Traces, letter: Any) -> None:
    """An inverse is a letter, in which another one is not seen."""
    for factor, _ in (f for word in traces for f in word):
        if isinstance(factor, Inverse) and factor.has(letter):
            raise NotWords(f"{letter} in an inverse is outside the matrix words; only its rate in time is not")


def _diagonal_entry(a: Words, entries: dict[Any, Expr]) -> Expr:
    total = []
    for (traces, word), c in a.terms.items():
        if traces:
            raise NotWords("a trace inside a diagonal entry is outside the matrix words")
        for letter, _ in word:
            if not isinstance(letter, DiagonalSymbol) or letter not in entries:
                raise NotWords(f"{letter} is not declared diagonal, or has no entry given")
        total.append(c * sympy.Mul(*(entries[letter] for letter, _ in word)))
    return sympy.Add(*total)


_OPERATIONS: dict[type, Callable[[Any], Words]] = {
    **dict.fromkeys((MatAdd, sympy.Add), lambda e: _sum([normal_form(a) for a in e.args])),
    **dict.fromkeys((MatMul, sympy.Mul), lambda e: _product([normal_form(a) for a in e.args])),
    **dict.fromkeys((MatPow, sympy.Pow), _power),
    Inverse: _inverse,
    Transpose: lambda e: _transposed(_matrix(e.arg)),
    MatrixGradient: lambda e: _gradient(_scalar(e.args[0]), e.args[1]),
}


def entries(pairs: Iterable[tuple[MatrixSymbol, Expr]]) -> Tuple:
    """The second argument of DiagonalEntry from pairs of letter and entry."""
    return Tuple(*(Tuple(letter, entry) for letter, entry in pairs))


def _excerpt(e: Any) -> str:
    text = str(e)
    return text if len(text) <= 60 else text[:57] + "..."


MOST_INVERSES, MOST_WORDS, MOST_ROUNDS = 3, 60, 12


def differences(lhs: Any, rhs: Any) -> Iterator[Words]:
    """The difference of two expressions in ways that are equal where both are defined, or vanish together with it.

    First as it is; then with products of an inverse and what is inverted taken apart; then times what is inverted at
    either end of its words, which is invertible where both sides are defined.
    """
    found = [_difference(lhs, rhs)]
    yield from found
    for _ in range(MOST_INVERSES):
        yield from map(_taken_apart, found)
        found = [more for words in found for more in _each_times_inverted(words)]
        yield from found


def _difference(lhs: Any, rhs: Any) -> Words:
    left, right = normal_form(lhs), normal_form(rhs)
    return _sum([left, Words({k: -c for k, c in right.terms.items()}, right.shape)])


def _each_times_inverted(a: Words) -> Iterator[Words]:
    if any(traces for traces, _ in a.terms) or len(a.terms) > MOST_WORDS:
        return
    for end in (0, -1):
        ends = {word[end] for _, word in a.terms if word}
        for inverse in sorted((f for f in ends if isinstance(f[0], Inverse) and not f[1]), key=str):
            yield _times_what_is_inverted(a, inverse, at_start=end == 0)


def _times_what_is_inverted(a: Words, inverse: Factor, at_start: bool) -> Words:
    """B·a for an inverse B⁻¹, or a·B: words that have it at that end lose it."""
    inner, parts = _matrix(inverse[0].arg), list[Words]()
    for (_, word), c in a.terms.items():
        if word and word[0 if at_start else -1] == inverse:
            parts.append(Words({((), _reduced(word[1:] if at_start else word[:-1])): c}, a.shape))
        else:
            one = Words({((), word): c}, a.shape)
            parts.append(_times(inner, one) if at_start else _times(one, inner))
    return _sum(parts)


def _taken_apart(a: Words) -> Words:
    """With B⁻¹w = I - B⁻¹(B - w) and its mirror image for the longest word w of each B, as often as it can be done."""
    for _ in range(MOST_ROUNDS):
        parts = [_with_one_apart(word, c, traces, a.shape) for (traces, word), c in a.terms.items()]
        if len(parts) > MOST_WORDS or not any(changed for _, changed in parts):
            break
        a = _sum([words for words, _ in parts])
    return a


def _with_one_apart(word: Word, c: Expr, traces: Traces, shape: Any) -> tuple[Words, bool]:
    for place, inverse in enumerate(word):
        if not isinstance(inverse[0], Inverse) or inverse[1] or (split := _leading(inverse[0].arg)) is None:
            continue
        lead, others = split
        end, begin = place + 1 + len(lead), place - len(lead)
        if word[place + 1 : end] == lead:
            around, mirrored = (word[:place], word[end:]), False
        elif begin >= 0 and word[begin:place] == lead:
            around, mirrored = (word[:begin], word[place + 1 :]), True
        else:
            continue
        middle = [((), Integer(1)), *(((*w, inverse) if mirrored else (inverse, *w), -d) for w, d in others)]
        terms = [Words({(traces, _reduced(around[0] + w + around[1])): c * d}, shape) for w, d in middle]
        return _sum(terms), True
    return Words({(traces, word): c}, shape), False


def _leading(e: Any) -> tuple[Word, list[tuple[Word, Expr]]] | None:
    """The longest word of what is inverted, if its coefficient is 1, and the others with theirs."""
    terms = _matrix(e).terms
    if any(traces for traces, _ in terms):
        return None
    lead = max((word for _, word in terms), key=lambda word: (len(word), str(word)))
    if not lead or terms[(), lead] != 1:
        return None
    return lead, [(word, c) for (_, word), c in terms.items() if word != lead]

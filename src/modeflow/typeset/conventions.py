"""How sums and products are written by hand: in which order, what stands before, what in the fraction.

λ + ε by the order of an alphabet, not ε + λ; 2 (λ + ε) and not 2 λ + 2 ε in a product; λ/2 before (1 - w)².
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Mul, Number, S, fraction
from sympy.core.function import UndefinedFunction
from sympy.utilities.iterables import sift

from ..language.definitions import Named
from ..language.expressions import Letter
from ..language.quantities import Alphabet, Quantity
from .lettering import drawn


class Order:
    """The order of terms and factors by that in which an alphabet declares its letters."""

    def __init__(self, alphabet: Alphabet) -> None:
        declared = {q.symbol: number for number, q in enumerate(alphabet)}
        # λ₊ comes where λ does.
        self._rank = {q.symbol: declared.get(q.narrows, declared[q.symbol]) for q in alphabet}

    def terms(self, total: Any) -> list[Any]:
        """The terms of a sum, those of few factors first, then as their letters are declared: λ + ε - λ w.

        What is held back from being 0, such as ν · 0, comes last.
        """
        ordered = total.as_ordered_terms()
        if len(ordered) == 2 and any(term.is_number for term in ordered):
            return list(ordered)
        terms, letters = total.as_terms()
        places = sorted(range(len(letters)), key=lambda n: (self.place(letters[n]), n))
        powers = {term: [monomial[n] for n in places] for term, (_, monomial, _) in terms}
        return sorted(
            ordered, key=lambda term: (S.Zero in term.args, sum(map(abs, powers[term])), [-n for n in powers[term]])
        )

    def factors(self, product: Any) -> list[Any]:
        """The factors of a product, numbers first, letters as they are declared, then sums and functions."""
        return sorted(product.as_ordered_factors(), key=self._place_of_factor)

    def place(self, letter: Any) -> int:
        """Letters as they are declared, a name with the last letter that it depends on, then all else."""
        if isinstance(letter, Named):
            return max(map(self.place, letter.definition.of), default=0)
        return self._rank.get(letter, len(self._rank))

    def _place_of_factor(self, factor: Any) -> int:
        if factor.is_number or (factor.is_Pow and factor.base.is_number):
            return -1
        return self.place(_base(factor)) if _is_plain(factor) else len(self._rank) + 1


class _Same:
    """A quantity by identity, which is quickly compared."""

    def __init__(self, quantity: Quantity) -> None:
        self.quantity = quantity

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.quantity is other.quantity

    def __hash__(self) -> int:
        return id(self.quantity)


@dataclass(frozen=True)
class Letters:
    """How the letters of an alphabet are written, in LaTeX and in a text, and in which order."""

    names: dict[Letter, str]
    functions: dict[Letter, str]
    drawn: dict[Letter, str]
    order: Order


@lru_cache(maxsize=100)
def _letters(quantities: tuple[_Same, ...]) -> Letters:
    alphabet = Alphabet({str(number): one.quantity for number, one in enumerate(quantities)})
    functions = {q.symbol: q.tex for q in alphabet if isinstance(q.symbol, UndefinedFunction)}
    in_text = {q.symbol: letter for q in alphabet if (letter := drawn(q.tex))}
    return Letters(alphabet.tex_names(), functions, in_text, Order(alphabet))


def written_letters(alphabet: Alphabet) -> Letters:
    """Those of an alphabet; a page needs hundreds of printers, and they are listed once for all of them."""
    return _letters(tuple(map(_Same, alphabet)))


def _base(factor: Any) -> Any:
    return factor.base if factor.is_Pow and factor.exp.is_Integer else factor


def _is_plain(factor: Any) -> bool:
    """Whether a factor is a number, a letter or a name, or a power of one."""
    base = _base(factor)
    return bool(base.is_Symbol or base.is_number or isinstance(base, Named))


def is_kept(product: Any) -> bool:
    """Whether a product is printed as it stands: factors do not commute, or it is held back from being evaluated."""
    held_back = product.args[0] is S.One or any(isinstance(factor, Number) for factor in product.args[1:])
    return held_back or not product.is_commutative


def without_contents(product: Any) -> tuple[Any, list[Any]]:
    """The number before a product, and its other factors without the whole numbers that divide them: 2, then λ + ε."""
    number, rest = S.One, list[Any]()
    for factor in product.args:
        content, other = _content(factor)
        number *= content
        rest += [other] if other != 1 else []
    return number, rest


def _content(factor: Any) -> tuple[Any, Any]:
    """The whole number that divides a factor, to its power, and the rest."""
    if factor.is_Rational:
        return factor, S.One
    base, power = factor.as_base_exp()
    if not (base.is_Add and power.is_Integer):
        return S.One, factor
    content, rest = base.primitive()
    if all(term.could_extract_minus_sign() for term in base.args):
        content, rest = -content, -rest
    return (content**power, rest**power) if content.is_Integer else (S.One, factor)


def beside_a_number(number: Any, factors: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """What stands over the number of a fraction, and what beside it: λ and (1 - w)² for λ (1 - w)²/2; [] if nothing."""
    plain, rest = sift(factors, _is_plain, binary=True)
    is_number_alone = number.q != 1 and fraction(Mul(*factors), exact=True)[1] == 1
    return (plain, rest) if is_number_alone else (list(factors), [])

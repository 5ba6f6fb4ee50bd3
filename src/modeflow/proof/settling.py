"""Which of the denominators that might vanish do not, and how the others are written.

A proof leaves conditions f != 0 on irreducible polynomials f in the generators of its tower. One is settled if it
follows from others that stay: λ + ε != 0 from λ != 0, by signs. It is settled too if f divides the numerator of a name
that is nowhere zero, or the product of two such numerators by the relations of the roots: where f vanished, they would.
What is left is written by names where it is the numerator of one, or of a product of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import combinations_with_replacement
from typing import Any

import sympy
from flint import fmpq_mpoly
from sympy import Basic, Expr, Symbol

from ..language.encoding import Plain, Reader, encode
from ..language.provisos import Proviso
from .given import Chart, difference
from .signs import ANY, POSITIVE, ZERO, Signs
from .tower import Fractional, Generator, OutsideTower, Tower, ZeroDenominator, with_room
from .tower.factors import factored
from .tower.ring import Finer, Full

MOST_TERMS, MOST_PRODUCTS = 300, 20_000  # of a condition whose sign is looked for; of two numerators


@dataclass(frozen=True)
class Where:
    """A relation under which something is known of a name: value (kind) 0, and what stands for it in a proviso."""

    label: Symbol
    value: Expr
    kind: str


@dataclass(frozen=True)
class Known:
    """A name in a statement, by its value in letters, and whether that is nowhere zero.

    label: what stands for the name in a proviso. nonzero: whether it is not zero where it is defined and all of
    `given` hold; by: the domains that say so. signs: those that it can have wherever it is defined, and whether it is
    below 1 (bound = -1) or above (1); signs_by: the domains that say so. name: by which certificates call it; form: its
    value, as a sum of terms of one sign if its definition has one.
    """

    label: Symbol
    value: Expr
    nonzero: bool = False
    by: tuple[str, ...] = ()
    given: tuple[Where, ...] = ()
    signs: Signs = ANY
    bound: int = 0
    signs_by: tuple[str, ...] = ()
    name: str = ""
    form: Expr | None = None

    def plain(self, written: dict[Basic, Plain]) -> Plain:
        given = [[g.label.name, encode(g.value, written), g.kind] for g in self.given]
        signs = [sorted(self.signs), self.bound, list(self.signs_by)]
        called = [self.name, None if self.form is None else encode(self.form, written)]
        return [self.label.name, encode(self.value, written), self.nonzero, list(self.by), given, *signs, *called]

    @classmethod
    def read(cls, data: Plain, reader: Reader) -> Known:
        label, value, nonzero, by, given, signs, bound, signs_by, name, form = data
        where = tuple(Where(Symbol(name), reader.read(e), kind) for name, e, kind in given)
        value = reader.read(value)
        form = None if form is None else reader.read(form)
        known = frozenset(signs), bound, tuple(signs_by)
        return cls(Symbol(label), value, nonzero, tuple(by), where, *known, name, form)


@dataclass(frozen=True)
class Settled:
    """What must still hold, and the domains by which the rest does."""

    provisos: tuple[Proviso, ...] = ()
    by: tuple[str, ...] = ()


def settled(
    tower: Tower, known: Sequence[Known], chart: Chart, told: Sequence[Any] = (), defined: Iterable[str] = ()
) -> Settled:
    """The conditions of a tower, settled or named.

    told: what is given besides, in the symbols of the statement. defined: the conditions that need no saying.
    """
    if not tower.conditions:
        return Settled()
    work = _Settling(tower, known, chart, told)
    work.by_signs()
    work.by_names(work.sure())
    work.by_names([*work.sure(), *work.asked_for()])
    work.by_signs()
    for text in defined:
        work.kept.pop(text, None)
    return Settled(tuple(work.provisos()), work.domains())


@dataclass(frozen=True, eq=False)
class _Name:
    """A name as a fraction in the tower, and the polynomials that must not vanish for it to be defined."""

    known: Known
    num: fmpq_mpoly
    needs: tuple[str, ...]
    whole: bool  # whether it is a polynomial


@dataclass
class _Settling:
    tower: Tower
    known: Sequence[Known]
    chart: Chart
    told: Sequence[Any]
    kept: dict[str, fmpq_mpoly] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)  # what others rest on, so that it stays
    used: dict[Known, None] = field(default_factory=dict)  # since they are not zero
    signed: dict[Known, None] = field(default_factory=dict)  # for their signs
    products: dict[tuple[Symbol, Symbol], fmpq_mpoly] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kept = dict(self.tower.conditions)
        self._texts = {self.tower.condition(text): text for text in self.kept}
        self.names = [name for known in self.known if (name := self._in_tower(known)) is not None]

    # --- names ---------------------------------------------------------------------------------------------

    def _in_tower(self, known: Known) -> _Name | None:
        """None for a name that is no fraction in the generators, or not defined wherever the statement is."""
        value = known.value.xreplace(dict(self.chart.put))
        needed = _needed(value)
        fraction = None if needed is None else self._element(value)
        if needed is None or fraction is None:
            return None
        texts = [self._text_of(e) for e in needed] + self._of_bessel_pairs(fraction)
        return (
            None
            if None in texts
            else _Name(known, fraction.num, tuple(t for t in texts if t is not None), bool(fraction.den.is_one()))
        )

    def _of_bessel_pairs(self, fraction: Fractional) -> list[str | None]:
        """The conditions by which Bessel functions in a fraction are fractions of three, unless it is one of these."""
        if fraction.den.is_one() and self.tower._single_variable(fraction.num) is not None:
            return []
        here = {g.index for g in self.tower.present(fraction.num * fraction.den)}
        found = list[str | None]()
        for pair in self.tower.bessel_pairs:
            three = [self.tower._single_variable(f.num) for f in (*pair.here.values(), pair.above["besseli"])]
            below = three[0]
            if below is not None and any(g is not None and g.index in here for g in three):
                found += [] if self._has_sign(pair.here["besseli"].num) else [self._text_of(below.means)]
        return found

    def _element(self, value: Expr) -> Fractional | None:
        """The value in the tower, to which this adds no condition."""
        before = dict(self.tower.conditions)
        try:
            return self.tower.element(value)
        except (OutsideTower, ZeroDenominator, Full, Finer):
            return None
        finally:
            self.tower.conditions = before

    def _text_of(self, e: Expr) -> str | None:
        """Under which text the tower has the condition that e is not zero."""
        return self._texts.get(e) or self._texts.get(sympy.expand(-e))

    def sure(self) -> list[_Name]:
        """The names that are nowhere zero."""
        return [name for name in self.names if name.known.nonzero]

    def asked_for(self) -> list[_Name]:
        """The names that must not vanish by what is left anyway."""
        given = {where.value for where in self._given() if where.kind in ("!=", ">")}
        found = [replace(name, needs=()) for name in self.names if name.known.value in given]
        for text, f in self.kept.items():
            written = [name for name in self.names if self._is(f, (name,)) or self._is(f, (name, name))]
            found += [replace(name, needs=(*name.needs, text)) for name in written]
        return found

    def by_names(self, sure: Sequence[_Name]) -> None:
        """Take away what divides a name that is not zero, or a product of two."""
        for text, f in list(self.kept.items()):
            if text in self.locked:
                continue
            for names in self._groups(sure):
                if all(text not in name.needs for name in names) and self._divides(f, names):
                    self._settle(text, names)
                    break

    def _settle(self, text: str, names: Iterable[_Name]) -> None:
        del self.kept[text]
        for name in names:
            if name.known.nonzero:
                self.used[name.known] = None
            self.locked.update(name.needs)

    def _groups(self, names: Sequence[_Name]) -> Iterator[tuple[_Name, ...]]:
        yield from ((name,) for name in names)
        yield from combinations_with_replacement(names, 2)

    def _divides(self, f: fmpq_mpoly, names: Sequence[_Name]) -> bool:
        product = self._product(f, names)
        return product is not None and bool(divmod(product, f)[1].is_zero())

    def _is(self, f: fmpq_mpoly, names: Sequence[_Name]) -> bool:
        product = self._product(f, names)
        return product is not None and bool(_monic(product) == _monic(f))

    def _product(self, f: fmpq_mpoly, names: Sequence[_Name]) -> fmpq_mpoly | None:
        """The product of the numerators; None where f is seen not to divide it."""
        if len(names) == 1:
            product = names[0].num
        else:
            here = {g.index: g for name in names for g in self.tower.present(name.num)}
            if not any(g.kind == "root" for g in here.values()):
                return None  # f is irreducible, and would divide one of them
            under = [h for g in here.values() if g.of is not None for h in self.tower.present(g.of.num)]
            if len(names[0].num) * len(names[1].num) > MOST_PRODUCTS:
                return None
            if not {g.index for g in self.tower.present(f)} <= {*here, *(h.index for h in under)}:
                return None
            pair = names[0].known.label, names[1].known.label
            if pair not in self.products:
                self.products[pair] = self.tower.reduced(names[0].num * names[1].num)
            product = self.products[pair]
        fits = all(a <= b for a, b in zip(f.degrees(), product.degrees(), strict=True))
        return product if fits else None

    # --- signs ---------------------------------------------------------------------------------------------

    def by_signs(self) -> None:
        """Take away what has a sign, by those of the names, where the letters and roots that must not vanish do not."""
        sources = [*self._sources(), *((t, g) for t, f in self._given_numerators() for g in self._generators(f))]
        signed = self._signed()
        with self._sharpened(sources, signed):
            self._take_away({text for text, _ in sources}, signed)

    def _sources(self) -> list[tuple[str, Generator]]:
        """What is not zero where the conditions that are left hold."""
        return [(text, g) for text, f in self.kept.items() for g in self._generators(f)]

    def _signed(self) -> dict[int, Known]:
        """The generators that are names, of which more is known by their domains."""
        singles = [(self.tower._single_variable(n.num), n.known) for n in self.names if n.whole and not n.needs]
        return {g.index: known for g, known in singles if g is not None and known.signs_by}

    @contextmanager
    def _sharpened(self, sources: Sequence[tuple[str, Generator]], signed: Mapping[int, Known]) -> Iterator[None]:
        """Within it the generators have fewer signs."""
        before = [(g, g.signs, g.bound) for g in self.tower.generators]
        for index, known in signed.items():
            self._sharpen(self.tower.generator_at(index), known)
        for _, g in sources:
            g.signs = None if g.signs is None else g.signs - ZERO
        for g in self.tower.generators:
            if g.kind == "root" and g.of is not None and self.tower.signs(g.of) == POSITIVE:
                g.signs = POSITIVE
        try:
            yield
        finally:
            for g, signs, bound in before:
                g.signs, g.bound = signs, bound

    def _take_away(self, sources: set[str], signed: Mapping[int, Known]) -> None:
        for text, f in list(self.kept.items()):
            if text not in sources | self.locked and len(f) <= MOST_TERMS and self._has_sign(f):
                del self.kept[text]
                self.locked |= sources & set(self.kept)
                self.signed |= {signed[index]: None for index in self._below(f) if index in signed}

    def _below(self, f: fmpq_mpoly) -> set[int]:
        """The generators in f, and those in what they are roots or exponentials of."""
        found, pending = set[int](), self.tower.present(f)
        while pending:
            g = pending.pop()
            if g.index not in found:
                found.add(g.index)
                pending += [] if g.of is None else self.tower.present(g.of.num * g.of.den)
        return found

    def _sharpen(self, g: Generator, known: Known) -> None:
        g.signs = known.signs if g.signs is None else g.signs & known.signs
        if g.kind == "exp" and known.signs == POSITIVE:  # the bound is used as that of an exponential
            g.bound = g.bound or known.bound

    def _has_sign(self, f: fmpq_mpoly) -> bool:
        signs: Signs | None = self.tower.signs_of_polynomial(f)
        return signs is not None and not signs & ZERO

    def _generators(self, f: fmpq_mpoly) -> Iterator[Generator]:
        """The generator that is not zero where f is not: f itself, or a root of it."""
        single = self.tower._single_variable(f)
        if single is not None:
            yield single
        for g in self.tower.generators:
            if g.kind == "root" and g.of is not None and g.of.den.is_one() and _monic(g.of.num) == _monic(f):
                yield g

    # --- what is left --------------------------------------------------------------------------------------

    def _given(self) -> Iterator[Where]:
        """The relations on which the used domains rest and that nothing else says."""
        for where in dict.fromkeys(g for known in self.used for g in known.given):
            if not self._is_told(where) and not self._holds(where):
                yield where

    def _is_told(self, where: Where) -> bool:
        same = (r for r in self.told if as_proviso(r).kind == where.kind)
        return any(sympy.expand(difference(r) - where.value) == 0 for r in same)

    def _given_numerators(self) -> Iterator[tuple[str, fmpq_mpoly]]:
        for where in self._given():
            if where.kind in ("!=", ">") and (fraction := self._fraction(where)) is not None:
                yield where.label.name, fraction.num

    def _holds(self, where: Where) -> bool:
        """Whether it is so by signs, where what is left must not vanish; that then stays."""
        fraction = self._fraction(where)
        if fraction is None or where.kind not in ("!=", ">"):
            return False
        wanted = POSITIVE if where.kind == ">" else ANY - ZERO
        for sources in ([], self._sources()):
            with self._sharpened(sources, {}):
                signs = self.tower.signs(fraction)
            if signs is not None and signs <= wanted:
                self.locked |= {text for text, _ in sources}
                return True
        return False

    def _fraction(self, where: Where) -> Fractional | None:
        return self._element(where.value.xreplace(dict(self.chart.put)))

    def domains(self) -> tuple[str, ...]:
        by = [*(i for known in self.used for i in known.by), *(i for known in self.signed for i in known.signs_by)]
        return tuple(dict.fromkeys(by))

    def provisos(self) -> Iterator[Proviso]:
        told = dict.fromkeys(p for f in self.kept.values() for p in self._written(f))
        told |= dict.fromkeys(Proviso(where.label, where.kind) for where in self._given())
        yield from told

    def _written(self, f: fmpq_mpoly) -> Iterator[Proviso]:
        """By the name, or the two names, of which f is the numerator; else as it is."""
        if self.tower._single_variable(f) is None:
            for names in self._groups(self.names):
                if self._is(f, names):
                    yield from (Proviso(name.known.label) for name in dict.fromkeys(names))
                    return
        e = self.tower.expression(f, self._roots)
        if self.chart.back:
            e = sympy.expand(sympy.fraction(sympy.together(e.xreplace(dict(self.chart.back))))[0])
        yield Proviso(e)

    @cached_property
    def _roots(self) -> dict[int, Expr]:
        """What stands for the roots and exponentials that have a name, by their index."""
        singles = [(self.tower._single_variable(n.num), n) for n in self.names if n.whole]
        return {g.index: n.known.label for g, n in singles if g is not None and g.kind in ("root", "exp")}


def as_proviso(relation: Any) -> Proviso:
    """A relation as what must hold of the difference of its sides."""
    kinds = {"<": ">", "<=": ">=", "==": "="}
    return Proviso(difference(relation), kinds.get(relation.rel_op, relation.rel_op))


def _monic(f: fmpq_mpoly) -> fmpq_mpoly:
    return f * (1 / f.leading_coefficient())


@lru_cache(maxsize=512)
def _needed(value: Expr) -> tuple[Expr, ...] | None:
    """What must not vanish for the value to be defined; None where it is no fraction in generators.

    A Bessel function by which others are written as fractions need not be named: they are defined where it vanishes.
    """
    try:
        _, tower = with_room(lambda tower: tower.element(value))
    except (OutsideTower, ZeroDenominator):
        return None
    by_pairs = [pair.here["besseli"].num for pair in tower.bessel_pairs]
    divided = (f for f in tower.conditions.values() if tower._single_variable(f) is None or f not in by_pairs)
    return tuple(map(tower.expression, divided))


def nowhere_zero(e: Expr, known: Sequence[Known]) -> Settled | None:
    """What keeps an expression from zero, where it is defined; None where there is no algebra for it."""

    def work(tower: Tower) -> Settled:
        value = tower.element(e)
        defined = list(tower.conditions)
        for factor, _ in factored(value.num)[1]:
            tower._require_nonzero(factor)
        return settled(tower, known, Chart(), defined=defined)

    try:
        found: Settled = with_room(work)[0]
    except (OutsideTower, ZeroDenominator):
        return None
    return found

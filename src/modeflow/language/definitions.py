"""Names for quantities: ρ for √(4λ² + ξ²c²), where λ, ξ and c are letters or earlier names.

A name is a function of the letters it depends on, never a letter itself: ∂ρ/∂λ is not 0, and a value put in for λ
reaches ρ. It carries no assumptions, so that nothing is simplified by what has not been proved. People see names;
whatever judges a statement sees `unfold` of it, which holds letters only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from sympy import Basic, Derivative, Expr, Function, MatrixExpr, Subs, Symbol, Tuple
from sympy.core.function import AppliedUndef

from .expressions import Relation, parts
from .quantities import Alphabet, check_tex
from .shown import displayed, excerpt


@dataclass(frozen=True)
class Definition:
    r"""A named quantity.

    Attributes:
        id: permanent, "chapter.name".
        tex: how it is written in LaTeX, such as r"\rho".
        says: what it is, in one sentence.
        of: the letters it depends on.
        expression: what it is, in letters and in earlier names.
        signs: the same quantity as a sum of terms of one sign, in letters and earlier names; None if it needs none.
        domain: what is claimed of its values: pairs of a relation and a bound, such as (">", 0).
        given: SymPy relations under which the domain is claimed, in letters and in earlier names.
        alphabet: the letters in which a notebook shows it.
    Example:
        >>> from modeflow import Alphabet, Chapter
        >>> letters = Alphabet()
        >>> x = letters.scalar("x", "x", "a length", positive=True)
        >>> chapter = Chapter("mine", "Halves", letters)
        >>> _ = chapter.define("h", "h", x / 2, says="Half of it.")
        >>> chapter.definitions["mine.h"].expansion
        x/2
    """

    id: str
    tex: str
    says: str
    of: tuple[Symbol, ...]
    expression: Expr
    signs: Expr | None = None
    domain: tuple[tuple[Relation, Expr], ...] = ()
    given: tuple[Any, ...] = ()
    alphabet: Alphabet = field(default_factory=Alphabet, repr=False, compare=False)

    def __post_init__(self) -> None:
        e = self.expression
        if not isinstance(e, Expr) or not e.is_commutative or e.has(MatrixExpr):
            raise TypeError(f"{self.id}: {e} is a {type(e).__name__}; a name stands for a scalar expression")
        if e.has(AppliedUndef, Derivative, Subs) or e.atoms(Symbol) != e.free_symbols:
            raise ValueError(f"{self.id}: {e}: a name stands for a closed form in letters, without unknown functions")
        check_tex(self.id, self.tex)
        if not self.expansion.free_symbols:
            raise ValueError(
                f"{self.id}: {e} is a number, and needs no name; a name stands for what depends on letters"
            )
        if set(self.of) != self.expansion.free_symbols:
            raise ValueError(f"{self.id}: it depends on {sorted(map(str, self.expansion.free_symbols))}; name these")
        for part in (*(bound for _, bound in self.domain), *(() if self.signs is None else (self.signs,)), *self.given):
            if not unfold(part).free_symbols <= set(self.of):
                raise ValueError(f"{self.id}: {part} holds letters on which it does not depend")

    def __repr__(self) -> str:
        return f"<Definition {self.id}: {excerpt(self.says)}>"

    def _repr_latex_(self) -> str:
        return displayed(self)

    @property
    def name(self) -> str:
        """The second part of the id."""
        return self.id.partition(".")[2]

    @property
    def applied(self) -> Expr:
        """The quantity as it is used in expressions."""
        return named(self, self.of)

    @cached_property
    def expansion(self) -> Expr:
        """What it is, in letters only."""
        return unfold(self.expression)

    def at(self, expression: Any, values: tuple[Expr, ...]) -> Any:
        """An expression in the letters of this definition, with these values for them.

        Parameters:
            expression: in the letters that it depends on.
            values: one for each of these letters, in their order.
        Returns: a SymPy expression.
        Raises:
            ValueError: another number of values.
        Example:
            >>> from modeflow import Alphabet, Chapter
            >>> letters = Alphabet()
            >>> x = letters.scalar("x", "x", "a length", positive=True)
            >>> chapter = Chapter("mine", "Halves", letters)
            >>> _ = chapter.define("h", "h", x / 2, says="Half of it.")
            >>> chapter.definitions["mine.h"].at(x**2, (x + 1,))
            (x + 1)**2
        """
        return expression if values == self.of else expression.xreplace(dict(zip(self.of, values, strict=True)))


class Named(Function):  # type: ignore[misc]
    """A defined quantity in an expression; `args` are the values of the letters it depends on."""

    definition: Definition

    @classmethod
    def eval(cls, *values: Expr) -> None:
        """A name stays a name, whatever it is applied to."""

    def first(self) -> Expr:
        """What it stands for, in earlier names."""
        return self.definition.at(self.definition.expression, self.args)

    def form(self) -> Expr:
        """The same as a sum of terms of one sign, if its definition has one; in earlier names."""
        d = self.definition
        return d.at(d.expression if d.signs is None else d.signs, self.args)

    def unfolded(self) -> Expr:
        """What it stands for, in letters only."""
        return self.definition.at(self.definition.expansion, tuple(map(unfold, self.args)))

    def changed(self) -> dict[Symbol, Expr]:
        """The letters for which a value is put in."""
        return {letter: value for letter, value in zip(self.definition.of, self.args, strict=True) if letter != value}

    def fdiff(self, argindex: int = 1) -> Expr:
        """The derivative of what it stands for, in names."""
        slope = self.definition.expression.diff(self.definition.of[argindex - 1])
        return self.definition.at(slope, self.args)

    def sort_key(self, order: Any = None) -> Any:
        """Names are printed among the letters: ρ(1 + E)."""
        return Symbol(str(self)).sort_key(order)

    def _eval_evalf(self, prec: int) -> Any:
        return self.unfolded()._eval_evalf(prec)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return named, (self.definition, self.args)

    def _sympystr(self, printer: Any) -> str:
        values = ", ".join(f"{letter}={printer._print(value)}" for letter, value in self.changed().items())
        return self.definition.name + (f"({values})" if values else "")

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        values = ", ".join(f"{printer._print(x)} = {printer._print(value)}" for x, value in self.changed().items())
        written = rf"\left.{self.definition.tex}\right|_{{{values}}}" if values else self.definition.tex
        if exp is None:
            return written
        return rf"\left({written}\right)^{{{exp}}}" if values or "^" in written else f"{written}^{{{exp}}}"

    def _code(self, printer: Any) -> str:
        return f"({printer._print(self.unfolded())})"

    _pythoncode = _numpycode = _scipycode = _mpmathcode = _code  # what SymPy's lambdify asks for


def named(definition: Definition, values: tuple[Expr, ...]) -> Expr:
    """A defined quantity at values of the letters it depends on."""
    return _head(definition)(*values)


@cache
def _head(definition: Definition) -> Any:
    return type(definition.id.replace(".", "_"), (Named,), {"definition": definition})


def unfold(expression: Any) -> Any:
    """The expression with every name replaced by what it stands for, down to the letters."""
    return _unfolded(expression) if isinstance(expression, Basic) else expression


@lru_cache(maxsize=20_000)  # the same are asked for again and again
def _unfolded(expression: Basic) -> Basic:
    names = _names(expression)
    return expression.xreplace({name: name.unfolded() for name in names}) if names else expression


def _names(expression: Any) -> list[Named]:
    return [part for part in parts(expression) if isinstance(part, Named)]


def used(*expressions: Basic) -> tuple[Definition, ...]:
    """The definitions of the names in the expressions and in what they stand for, each after those that it uses."""
    found: dict[Definition, None] = {}
    for name in sorted(_names(Tuple(*expressions)), key=lambda name: str(name.definition.id)):
        below = used(name.definition.expression, *name.args)
        found |= dict.fromkeys((*below, name.definition))
    return tuple(found)


def redefined(expression: Any, changes: Mapping[Definition, Definition]) -> Any:
    """The expression with other definitions for its names, also inside definitions; they depend on the same letters."""
    names = _names(expression)
    return expression.xreplace({name: _redefined(name, changes) for name in names}) if names else expression


def _redefined(name: Named, changes: Mapping[Definition, Definition]) -> Expr:
    old = name.definition
    new = changes.get(old, old)
    inside = {
        "expression": redefined(new.expression, changes),
        "signs": None if new.signs is None else redefined(new.signs, changes),
        "domain": tuple((relation, redefined(bound, changes)) for relation, bound in new.domain),
        "given": tuple(redefined(relation, changes) for relation in new.given),
    }
    if any(part != getattr(new, name) for name, part in inside.items()):
        new = replace(new, **inside)
    return named(new, tuple(redefined(value, changes) for value in name.args))

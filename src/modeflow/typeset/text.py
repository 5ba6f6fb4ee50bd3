"""Chapters for a terminal: formulas drawn in two dimensions where they fit."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import MatAdd, Matrix, MatrixBase, MatrixExpr, Mul
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.pretty_symbology import line_width, pretty_symbol, pretty_use_unicode
from sympy.printing.pretty.stringpict import prettyForm, stringPict
from sympy.printing.str import StrPrinter

from ..language.definitions import Definition, Named
from ..language.flow import Hessian
from ..language.quantities import Alphabet
from ..statements.chapter import Chapter
from ..statements.equations import Equation
from .bibliography import named
from .conventions import written_letters
from .latex import defining, rows, standing_for
from .lettering import drawn
from .narrative import (
    Numbers,
    Show,
    Verdicts,
    aside,
    domain,
    domain_told,
    heading,
    numbered,
    prose,
    recalled,
    satisfying,
    says,
    sourced,
    story,
    told,
    used,
)
from .prose import LOWERED
from .steps import Tone

_COLUMNS = 100  # where nothing says how wide the terminal is
_INDICES = {index: character for character, index in LOWERED.items()}
_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}


def text(
    chapters: Iterable[Chapter], verdicts: Verdicts | None = None, tone: Tone = "lecture", columns: int = _COLUMNS
) -> str:
    """The chapters for a terminal of so many columns, at least 40."""
    chosen = tuple(chapters)
    page = _Page(numbered(chosen, tone), verdicts or {}, max(columns, 40))
    # SymPy draws by a setting of the whole process; it is put back afterwards.
    before = pretty_use_unicode(True)
    try:
        parts = [part for chapter in chosen for part in page.chapter(chapter)]
        return "\n\n".join([*parts, *page.symbols(chosen)]) + "\n"
    finally:
        pretty_use_unicode(before)


@dataclass(frozen=True)
class _Page:
    """What all parts of a text share: the numbers of its statements, the verdicts, and how wide it is."""

    numbers: Numbers
    verdicts: Verdicts
    columns: int

    def chapter(self, chapter: Chapter) -> Iterator[str]:
        title = self._filled(prose(heading(chapter), chapter.alphabet))
        yield f"{title}\n{'=' * max(map(len, title.splitlines()))}"
        if chapter.text:
            yield "\n\n".join(map(self._paragraph, story(chapter, self.numbers).split("\n\n")))
        if said := sourced(chapter, named, self.numbers.reference):
            yield self._filled(said)
        for claim in chapter.claims.values():
            for definition in self.numbers.new[claim.id]:
                yield from self._definition(definition, claim.alphabet)
            yield self._heading(claim.id, says(claim))
            parts = told(claim, self.numbers.tone)
            statement, *conditions = parts.equations
            yield from self._formulas(statement, claim.alphabet)
            yield from self._listing("given", claim.given_equations(), claim.alphabet)
            yield from self._recalled(self.numbers.told_before(claim))
            yield from self._listing("where", parts.where, claim.alphabet)
            yield from self._listing(satisfying(claim), conditions, claim.alphabet)
            if said := aside(claim, self.numbers, _inline(claim.alphabet), self.verdicts.get(claim.id)):
                yield "\n".join(self._filled(line, "    ") for line in said.splitlines())

    def symbols(self, chapters: Sequence[Chapter]) -> Iterator[str]:
        """The letters that the claims use, as the formulas draw them, with meaning and assumptions."""
        rows = []
        for alphabet, quantity in used(chapters):
            letter = str(_TextPrinter(alphabet)._print(standing_for(quantity, alphabet)))
            said = prose(quantity.meaning, alphabet), domain(quantity, alphabet)
            rows.append((letter, "; ".join(filter(None, said))))
        if not rows:
            return
        yield "Symbols\n======="
        wide = max(line_width(letter) for letter, _ in rows)
        yield "\n".join(
            self._filled(meaning, f"    {letter}{' ' * (wide - line_width(letter))}  ", " " * (wide + 6))
            for letter, meaning in rows
        )

    def _filled(self, said: str, first: str = "", rest: str | None = None) -> str:
        return textwrap.fill(
            said,
            self.columns,
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _paragraph(self, said: str) -> str:
        """Filled, but for what has an order of its own: items, and lines set in."""
        own = any(line.startswith((" ", "- ", "* ", "|")) for line in said.splitlines())
        return said if own else self._filled(said)

    def _definition(self, definition: Definition, alphabet: Alphabet) -> Iterator[str]:
        yield self._heading(definition.id, prose(definition.says, alphabet))
        yield from self._formulas(defining(definition), alphabet)
        yield from self._recalled(self.numbers.used_by(definition))
        if said := domain_told(definition, self.verdicts, _inline(alphabet)):
            yield self._filled(said, "    ")

    def _heading(self, identifier: str, said: str) -> str:
        return f"({self.numbers.of[identifier]}) {identifier}\n{self._filled(said, '    ')}"

    def _recalled(self, names: Sequence[Definition]) -> Iterator[str]:
        letters = {d.tex: _letter(d) for d in names}
        if said := recalled(names, letters.__getitem__, self.numbers.reference):
            yield self._filled(said, "    ")

    def _listing(self, opening: str, equations: Sequence[Equation], alphabet: Alphabet) -> Iterator[str]:
        if equations:
            yield f"    {opening}"
        for equation in equations:
            yield from self._formulas(equation, alphabet)

    def _formulas(self, equation: Equation, alphabet: Alphabet) -> Iterator[str]:
        printer = _TextPrinter(alphabet)
        for one, other in rows(equation):
            yield textwrap.indent(self._formula(printer, one, equation.relation, other), " " * 8)

    def _formula(self, printer: _TextPrinter, left: Any, relation: str, right: Any) -> str:
        """The formula drawn in two dimensions where it fits, written in one where it does not."""
        sign, room = _SIGNS.get(relation, relation), self.columns - 8
        for draw in (printer.drawn, printer.drawn_apart):
            drawn = draw(left, sign, right)
            if max(map(len, drawn.splitlines())) <= room:
                return drawn
        line = f"{printer.line(left)} {sign} {printer.line(right)}"
        return textwrap.fill(line, room, subsequent_indent="    ", break_on_hyphens=False)


def _is_letter(e: Any) -> bool:
    return bool(e.is_Symbol) or (isinstance(e, Named) and not e.changed())


def _inline(alphabet: Alphabet) -> Show:
    """Expressions with signs between them, each as it is drawn where that takes one line."""
    printer = _TextPrinter(alphabet)

    def one(part: Any) -> str:
        drawn = _SIGNS.get(part, part) if isinstance(part, str) else _lines(printer._print(part))
        return str(part) if "\n" in drawn else drawn

    return lambda parts: " ".join(map(one, parts))


def _letter(definition: Definition) -> str:
    """How it is written in a text; its name where that takes LaTeX."""
    return drawn(definition.tex) or definition.name


class _TextPrinter(PrettyPrinter):  # type: ignore[misc]
    """SymPy's two-dimensional text, with the Greek letters of an alphabet."""

    def __init__(self, alphabet: Alphabet) -> None:
        super().__init__({"use_unicode": True, "wrap_line": False})
        # s^2 is the name of a letter here, a variance, which SymPy would draw as s with an index.
        letters = written_letters(alphabet)
        self._letters, self._order = letters.drawn, letters.order
        self.line = _LinePrinter(self._letters).doprint

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        terms = expr.as_ordered_terms() if isinstance(expr, MatrixExpr) else self._order.terms(expr)
        return sorted(terms, key=lambda term: bool(term.could_extract_minus_sign()))

    def _print_MatAdd(self, expr: Any) -> prettyForm:
        return super()._print_MatAdd(MatAdd(*self._as_ordered_terms(expr)))

    def _print_Symbol(self, expr: Any, bold_name: bool = False) -> prettyForm:
        if expr in self._letters:
            return prettyForm(self._letters[expr])
        return super()._print_Symbol(expr, bold_name)

    def _print_Function(self, expr: Any, **options: Any) -> prettyForm:
        if expr.func in self._letters:
            return super()._print_Function(expr, func_name=self._letters[expr.func], **options)
        if not isinstance(expr, Named):
            return super()._print_Function(expr, **options)
        name = prettyForm(_letter(expr.definition))
        values = [self._print(x).right(" = ", self._print(value)) for x, value in expr.changed().items()]
        return prettyForm(*name.right(self._row([prettyForm(*value) for value in values]))) if values else name

    def _print_BesselBase(self, expr: Any) -> prettyForm:
        inside = prettyForm(*self._print(expr.argument).parens())
        return prettyForm(*inside.left(_bessel(expr, self.line)))

    def _print_FlowRate(self, expr: Any) -> prettyForm:
        if expr.args[0].is_symbol:
            return prettyForm(*self._print(expr.args[0]).left("d/dt "))
        return self._operator("d/dt ", expr.args[0], "()")

    def _print_MatrixRate(self, expr: Any) -> prettyForm:
        return self._operator("d/dt ", expr.args[0], "[]")

    def _print_NoiseAverage(self, expr: Any) -> prettyForm:
        return self._operator("E", expr.args[0], "[]")

    def _print_MatrixGradient(self, expr: Any) -> prettyForm:
        letter = self._letters.get(expr.args[1], str(expr.args[1]))
        return self._operator(f"∇{letter} ", expr.args[0], "[]")

    def _print_DiagonalEntry(self, expr: Any) -> prettyForm:
        return prettyForm(*self._operator("", expr.args[0], "[]").right("ⱼⱼ"))

    def _print_Hessian(self, expr: Any) -> prettyForm:
        loss = expr.differentiated()
        form = prettyForm(*self._print(loss).left("∇²")) if _is_letter(loss) else self._operator("∇²", loss, "[]")
        at = self._row([self._equal((*letters, value)) for letters, value in expr.where()])
        form = prettyForm(*form.right(at))
        return prettyForm(*form.right(" ", self._print(Matrix(expr.args[3])))) if len(expr.args) > 3 else form

    def _print_HessianAlong(self, expr: Any) -> prettyForm:
        applied = self._print_Hessian(Hessian(*expr.args[:4]))
        return prettyForm(*prettyForm(*applied.parens("[", "]")).right("₁₂₃₄₅₆₇₈₉"[int(expr.args[4])]))

    def _print_MatMul(self, expr: Any) -> prettyForm:
        *factors, last = expr.args
        if not isinstance(last, MatrixBase):
            return super()._print_MatMul(expr)
        factor = self._print(Mul(*factors))
        bracketed = prettyForm(*factor.parens()) if Mul(*factors).is_Add else factor
        return prettyForm(*bracketed.right(" ", self._print(last)))

    def _equal(self, parts: Sequence[Any]) -> prettyForm:
        apart = [part for one in parts for part in (" = ", self._print(one))][1:]
        return prettyForm(*stringPict.next(*apart))

    def _row(self, entries: Sequence[prettyForm]) -> prettyForm:
        apart = [part for entry in entries for part in (", ", entry)][1:]
        return prettyForm(*prettyForm(*stringPict.next(*apart)).parens())

    def _operator(self, before: str, inside: Any, pair: str) -> prettyForm:
        return prettyForm(*prettyForm(*self._print(inside).parens(*pair)).left(before))

    def drawn(self, left: Any, sign: str, right: Any) -> str:
        """Both sides beside each other."""
        form = prettyForm(*self._print(left).right(f" {sign} "))
        return _lines(prettyForm(*form.right(self._print(right))))

    def drawn_apart(self, left: Any, sign: str, right: Any) -> str:
        """The right side below the left one."""
        below = prettyForm(*self._print(right).left(f"  {sign} "))
        return f"{_lines(self._print(left))}\n\n{_lines(below)}"


class _LinePrinter(StrPrinter):  # type: ignore[misc]
    """Formulas in one line, in the same letters."""

    printmethod = ""  # a name says how it is written in code

    def __init__(self, letters: Mapping[Any, str]) -> None:
        super().__init__()
        self._letters = letters

    def _print_Function(self, expr: Any) -> str:
        if isinstance(expr, Named):
            values = ", ".join(f"{self._print(x)} = {self._print(value)}" for x, value in expr.changed().items())
            return _letter(expr.definition) + (f"({values})" if values else "")
        name = self._letters.get(expr.func)
        return f"{name}({self.stringify(expr.args, ', ')})" if name else str(super()._print_Function(expr))

    def _print_Symbol(self, expr: Any) -> str:
        return self._letters.get(expr) or str(pretty_symbol(expr.name))

    _print_MatrixSymbol = _print_Symbol

    def _print_BesselBase(self, expr: Any) -> str:
        return f"{_bessel(expr, self._print)}({self._print(expr.argument)})"

    def _print_Transpose(self, expr: Any) -> str:
        return self._inside(expr.arg) + "ᵀ"

    def _print_Trace(self, expr: Any) -> str:
        return f"tr({self._print(expr.arg)})"

    def _print_FlowRate(self, expr: Any) -> str:
        return f"d/dt {self._inside(expr.args[0])}"

    def _print_MatrixRate(self, expr: Any) -> str:
        return f"d/dt [{self._print(expr.args[0])}]"

    def _print_NoiseAverage(self, expr: Any) -> str:
        return f"E[{self._print(expr.args[0])}]"

    def _print_MatrixGradient(self, expr: Any) -> str:
        return f"∇{self._print(expr.args[1])} [{self._print(expr.args[0])}]"

    def _print_DiagonalEntry(self, expr: Any) -> str:
        return f"[{self._print(expr.args[0])}]ⱼⱼ"

    def _inside(self, expr: Any) -> str:
        written = self._print(expr)
        return written if _is_letter(expr) or getattr(expr, "is_symbol", False) else f"({written})"


def _bessel(expr: Any, line: Callable[[Any], str]) -> str:
    """The letter of a Bessel function with its order, as I₀ or I_μ."""
    letter = type(expr).__name__[-1].upper()
    order = line(expr.order)
    if all(c in LOWERED.values() for c in order):
        return letter + "".join(_INDICES[c] for c in order)
    return f"{letter}_{order}" if _is_letter(expr.order) else f"{letter}_({order})"


def _lines(form: prettyForm) -> str:
    return "\n".join(line.rstrip() for line in str(form).splitlines())

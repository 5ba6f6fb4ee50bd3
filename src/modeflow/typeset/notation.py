"""The notation of a LaTeX document: each letter and each name once, grouped by kind, in the order of the alphabet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from sympy.core.function import UndefinedFunction

from ..language.quantities import Alphabet, Quantity
from ..statements.chapter import Chapter
from .latex import quantity_latex
from .narrative import Numbers, letters_of, used
from .prose import GREEK, tex_prose

Refer = Callable[[str], str]
Row = tuple[str, str, str]  # symbol, what it means, and its domain or where it is defined

_GREEK_LETTERS = {name[1:]: letter for letter, name in GREEK.items()}
_ROOMS = r"@{}p{0.17\textwidth}p{0.52\textwidth}p{0.23\textwidth}@{}"


def notation(chapters: Sequence[Chapter], numbers: Numbers, refer: Refer) -> str:
    """Each letter with its domain, and each quantity that is defined with the place; empty where there is no letter.

    refer: what stands for a definition's place, by its id.
    """
    letters = _letters(chapters)
    if not letters:
        return ""
    tables = [
        _table("Domain", letters),
        _table("Defined in", {"Quantities with a definition": _defined(chapters, numbers, refer)}),
    ]
    return "\n".join([r"\section*{Notation}", r"\addcontentsline{toc}{section}{Notation}", *tables])


def alphabetical(tex: str) -> tuple[bool, str, str, str]:
    """A key that sorts by the letter itself, Latin ones first, whatever stands over or beside it."""
    for command, latin in re.findall(r"\\([A-Za-z]+)|([A-Za-z])", tex):
        letter = latin or _GREEK_LETTERS.get(command, "")
        if letter:
            return not latin, letter.lower(), letter, tex
    return True, "", "", tex


def _letters(chapters: Sequence[Chapter]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for alphabet, quantity in used(chapters):
        meaning = tex_prose(quantity.meaning, letters_of(alphabet))
        row = f"${quantity_latex(quantity, alphabet)}$", meaning, _domain(quantity.domain, alphabet)
        found.setdefault(_kind(quantity), []).append(row)
    return {kind: _sorted(found[kind]) for kind in ("Numbers", "Functions", "Matrices") if kind in found}


def _kind(quantity: Quantity) -> str:
    if isinstance(quantity.symbol, UndefinedFunction):
        return "Functions"
    return "Matrices" if hasattr(quantity.symbol, "shape") else "Numbers"


def _domain(domain: str, alphabet: Alphabet) -> str:
    shape = re.match(r"(\w+) x (\w+)(.*)", domain)
    if shape is None:
        return tex_prose(domain)
    letters = alphabet.quantities
    rows, columns = (letters[side].tex if side in letters else side for side in shape.group(1, 2))
    return rf"${rows} \times {columns}$" + tex_prose(shape[3])


def _defined(chapters: Sequence[Chapter], numbers: Numbers, refer: Refer) -> list[Row]:
    """The names, those together of which the same is said: a quantity, and what it is in special cases."""
    found: dict[str, dict[str, list[str]]] = {}
    for claim in (claim for chapter in chapters for claim in chapter.claims.values()):
        for d in numbers.new[claim.id]:
            said = tex_prose(d.says.rstrip("."), letters_of(claim.alphabet))
            found.setdefault(said, {}).setdefault(f"${d.tex}$", []).append(refer(d.id))
    return _sorted(
        [
            (", ".join(names), said, ", ".join(place for one in names.values() for place in one))
            for said, names in found.items()
        ]
    )


def _sorted(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: alphabetical(row[0]))


def _table(last: str, groups: Mapping[str, Sequence[Row]]) -> str:
    if not any(groups.values()):
        return ""
    head = rf"Symbol & Meaning & {last} \\ \midrule \endhead"
    rows = [line for kind, group in groups.items() for line in _group(kind, group)]
    return "\n".join(
        [rf"\begin{{longtable}}{{{_ROOMS}}}", r"\toprule", head, *rows, r"\bottomrule", r"\end{longtable}"]
    )


def _group(kind: str, rows: Sequence[Row]) -> Iterator[str]:
    yield rf"\addlinespace \multicolumn{{3}}{{@{{}}l}}{{\itshape {kind}}} \\*"
    yield from (" & ".join(row) + r" \\" for row in rows)

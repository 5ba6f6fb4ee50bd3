"""How a manuscript writes each quantity: its notation read the other way round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy.core.function import UndefinedFunction

from ..claims import Chapter
from .compare import VARIANTS
from .grammar import key
from .notation import Notation


def letters(notation: Notation, chapters: Iterable[Chapter]) -> dict[Any, str]:
    """The symbol of each quantity that the notation declares → its LaTeX; of several declarations the last counts.

    A quantity that is another one with a stronger assumption, such as λ₊ > 0, follows it: its letter with a plus.
    """
    found = {symbol: _letter(written, symbol) for written, symbol in notation.table.items()}
    for chapter in chapters:
        quantities = chapter.alphabet.quantities
        for variant, base in VARIANTS.items():
            if not (variant in quantities and base in quantities and quantities[base].symbol in found):
                continue
            letter, own = found[quantities[base].symbol], quantities[variant]
            if letter != key(quantities[base].tex) and found.get(own.symbol, key(own.tex)) == key(own.tex):
                found[own.symbol] = f"{letter}_{{+}}" if "_" not in letter else f"{{{letter}}}_{{+}}"
    return found


def _letter(written: str, symbol: Any) -> str:
    return written[: written.rindex("(")] if isinstance(symbol, UndefinedFunction) else written

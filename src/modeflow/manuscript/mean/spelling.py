"""How a manuscript writes each quantity: its notation read the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sympy import MatrixSymbol
from sympy.core.function import UndefinedFunction

from ...statements.chapter import Chapter
from .notation import Notation

_STRONGER = "_{+}"


def spelling(notation: Notation, chapters: Iterable[Chapter]) -> dict[Any, str]:
    """The symbol of each quantity that the notation declares → its LaTeX; of several declarations the last counts.

    A letter with a plus, such as λ₊ for λ > 0, follows the letter without.
    """
    spelled = {symbol: _letter(written, symbol) for written, symbol in notation.table.items()}
    for chapter in chapters:
        symbols = {q.tex: q.symbol for q in chapter.alphabet}
        for quantity in chapter.alphabet:
            stem = quantity.tex.removesuffix(_STRONGER)
            letter = spelled.get(symbols.get(stem)) if stem != quantity.tex else None
            own = spelled.get(quantity.symbol, quantity.tex)
            if letter is not None and _bare(letter) != _bare(stem) and _bare(own) == _bare(quantity.tex):
                spelled[quantity.symbol] = (f"{{{letter}}}" if "_" in letter else letter) + _STRONGER
    return spelled


def _bare(tex: str) -> str:
    return re.sub(r"[{}\s]", "", tex)


def _letter(written: str, symbol: Any) -> str:
    over_time = isinstance(symbol, UndefinedFunction) or (isinstance(symbol, MatrixSymbol) and written.endswith("(t)"))
    return written[: written.rindex("(")] if over_time else written

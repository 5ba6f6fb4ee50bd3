r"""Whether all letters of a paper commute: where it speaks nowhere of matrices, operators, vectors or groups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..text.sources import Source

_WORDS = (
    r"matri(?:x|c|z)|vect|vett|vekt|operat|opérat|tensor|tenseur|commut|kommut|group|grupp|\bring|anneau|anillo|algebra|algèbre"
    r"|quaternion|linear map|homomorphism|hilbert|banach|convol|permutation|quantum|quantique|macierz|wektor"
    r"|матриц|вектор|оператор|групп|алгебр|矩阵|矩陣|向量|矢量|算子|张量|行列|群|环|环|置换|量子|ベクトル|卷积|映射|写像"
)
_SIGNS = (
    r"\\(?:mathbf|boldsymbol|bm|pmb|vec|overrightarrow|hat|widehat|mathcal|mathscr|mathfrak|otimes|circ|wedge|odot|oplus"
    r"|nabla|dagger|top|intercal|langle|rangle|det|tr|Tr|star|ast|rtimes|ltimes)(?![A-Za-z])"
    r"|\^\s*\{?\s*(?:T|H|\*|\\mathsf|\\mathrm\{T)|\{[pbvBV]?(?:small)?matrix|\\times\s*(?:\{\s*)?[A-Za-z\\]"
)
_NO_NUMBERS = re.compile(f"{_WORDS}|{_SIGNS}", re.IGNORECASE)
_SETS = re.compile(r"Minkowski|sums? of (?:the |two |convex )*sets|interval arithmetic|cosets?\b", re.IGNORECASE)
_ACTS = re.compile(
    r"\bLie\b|operat|opérat|commutator|quantum|quantique|exponentials? of (?:a )?matri|算子|量子", re.IGNORECASE
)
_COLUMNS = re.compile(r"binomial|binôm|Stirling|二项|斯特林", re.IGNORECASE)
_INDICES = re.compile(
    r"iterat|itérat|contravariant|covariant|coordinate|Einstein|superscript|tensor|迭代|坐标|[A-Za-z]\s*\^\s*\{?\s*0\s*\}?(?![0-9])",
    re.IGNORECASE,
)
_TRANSPOSES = re.compile(r"transpos|matri(?:x|c|z)|転置|转置|矩阵|матриц", re.IGNORECASE)


@dataclass(frozen=True)
class Commuting:
    """letters: whether all letters of a paper commute; transposes: whether it speaks of what is transposed by ^T.

    sets: whether it adds sets, of which C - C is not 0. exponents: whether what is raised over e is a number.
    columns: whether two numbers in a column may be a coefficient. indices: whether a raised letter may be an index.
    """

    letters: bool
    transposes: bool
    sets: bool
    exponents: bool
    columns: bool
    indices: bool


def commuting(sources: Iterable[Source]) -> Commuting:
    """What is seen of the letters of a paper."""
    texts = [source.text for source in sources]
    patterns = (_NO_NUMBERS, _TRANSPOSES, _SETS, _ACTS, _COLUMNS, _INDICES)
    letters, transposes, sets, acts, columns, indices = (any(map(p.search, texts)) for p in patterns)
    return Commuting(not letters, transposes, sets, not acts, columns, indices)

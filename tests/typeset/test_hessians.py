"""Hessians on pages: the matrix, what it makes of a direction, and single entries where there is no whole column."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Expr, ImmutableMatrix, Integer, Tuple

from modeflow import Alphabet, Chapter
from modeflow.language.flow import Hessian, HessianAlong
from modeflow.typeset.hessians import folded
from modeflow.typeset.html import html
from modeflow.typeset.latex import claim_latex, width
from modeflow.typeset.markdown import markdown
from modeflow.typeset.text import text

letters = Alphabet()
x = letters.scalar("x", "x", "a weight", real=True)
y = letters.scalar("y", "y", "a weight", real=True)
k = letters.scalar("k", "k", "a coupling", real=True)
LOSS = x**2 + y**2 + k * x * y
WEIGHTS, POINT = Tuple(x, y), Tuple(0, 1)


def along(*direction: Any, rows: tuple[int, ...] = (0, 1)) -> list[Expr]:
    return [HessianAlong(LOSS, WEIGHTS, POINT, Tuple(*direction), Integer(row)) for row in rows]


def test_the_columns_along_the_axes_are_one_matrix() -> None:
    ((left, right),) = folded(Tuple(*along(1, 0), *along(0, 1)), Tuple(1, 2, 3, 4))
    assert left == Hessian(LOSS, WEIGHTS, POINT)
    assert right == ImmutableMatrix([[1, 3], [2, 4]])


def test_a_multiple_of_the_direction_is_shown_as_one() -> None:
    ((left, right),) = folded(Tuple(*along(1, -1)), Tuple(k, -k))
    assert left.args[3] == Tuple(1, -1)
    assert right.args == (k, ImmutableMatrix([1, -1]))


@pytest.mark.parametrize(("values", "shown"), [((k, k), (k, k)), ((0, 0), (0, 0)), ((1, 0), (1, 0))])
def test_another_column_is_shown_as_it_is(values: tuple[Any, ...], shown: tuple[Any, ...]) -> None:
    ((_, right),) = folded(Tuple(*along(1, -1)), Tuple(*values))
    assert right == ImmutableMatrix(shown)


def test_what_is_no_whole_column_stays_apart() -> None:
    left = Tuple(*along(1, 1, rows=(1,)), x, *along(1, 0))
    right = Tuple(2, y, 2, k)
    pairs = folded(left, right)
    assert pairs[:2] == [(left[0], 2), (x, y)]
    assert pairs[2][1] == ImmutableMatrix([2, k])  # a column of the matrix, but not all of it


def claim(corner: Expr) -> Any:
    chapter = Chapter("mine", "Mine", letters)
    right = Tuple(2, k, k, corner, 2 + k, 2 + k)
    return chapter.claim("hessian", Tuple(*along(1, 0), *along(0, 1), *along(1, 1)), right, says="Its Hessian.")


def test_a_hessian_is_proved_entry_by_entry() -> None:
    assert claim(Integer(2)).verify().status == "proved"
    assert claim(2 + k).verify().status == "refuted"


def test_every_form_shows_a_matrix() -> None:
    stated = claim(Integer(2))
    tex = claim_latex(stated)
    assert r"\big|_{x = 0, y = 1} &= \begin{bmatrix}2 & k\\k & 2\end{bmatrix}" in tex
    assert r"\begin{bmatrix} 1 \\ 1 \end{bmatrix} &= \left(k + 2\right) \begin{bmatrix}1\\1\end{bmatrix}" in tex
    chapter = Chapter("mine", "Mine", letters, claims={stated.id: stated})
    assert r"\begin{bmatrix}2 & k\\k & 2\end{bmatrix}" in markdown([chapter])
    assert "⎣k  2⎦" in text([chapter])
    assert html([chapter]).count("<mtable>") == 3


def test_a_matrix_is_as_wide_as_its_widest_entries() -> None:
    assert width(r"\begin{bmatrix}1\\1\end{bmatrix}") < 3
    assert width(r"\begin{bmatrix}1 & a + b\\1 & c\end{bmatrix}") > width(r"1 a + b")

"""What cannot be a letter, a name, a claim or a chapter is refused where it is written, with the remedy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from modeflow import Alphabet, Chapter


def own() -> Chapter:
    letters = Alphabet()
    letters.scalar("x", "x", "a number", real=True)
    return Chapter("own", "Own", letters)


def x() -> Any:
    return own().alphabet.quantities["x"].symbol


WRONG: Any = "wrong"
REFUSED: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: Chapter("a b", "Own", Alphabet()), ValueError, "key = 'a b': take a word"),
    (lambda: Alphabet().scalar("k", "k", "a rate", postive=True), ValueError, "did you mean positive?"),
    (lambda: Alphabet().function("k", "k", "a rate", rael=True), ValueError, "did you mean real?"),
    (
        lambda: Alphabet().scalar("k", "k", "a rate", positive=True, negative=True),
        ValueError,
        "k: positive and negative contradict each other",
    ),
    (lambda: Alphabet().scalar("k", "{k", "a rate"), ValueError, "braces that match"),
    (lambda: Alphabet().scalar("k", " ", "a rate"), ValueError, "write how it looks in LaTeX"),
    (lambda: own().define("k", r"\foo{", x() + 1, says="More."), ValueError, "braces that match"),
    (lambda: own().define("e e", "k", x() + 1, says="More."), ValueError, "own.e e: take a name of letters"),
    (lambda: own().define("k", "k", 3, says="Three."), ValueError, "3 is a number, and needs no name"),
    (lambda: own().claim("k", x(), x(), says=" "), ValueError, "own.k: says is empty"),
    (lambda: own().claim("k", x(), x(), says="It is.", expects=WRONG), ValueError, "expects = 'wrong': choose from"),
    (lambda: own().claim("k", x(), x(), says="It is.", follows_from="own.a"), TypeError, "follows_from=['own.a']"),
    (
        lambda: own().claim("k", x() < 1, 1, says="It is."),
        TypeError,
        "give x and 1 as the two sides, with relation='<'",
    ),
    (lambda: own().claim("k", x(), True, says="It is."), TypeError, "True is a bool"),
]


@pytest.mark.parametrize(("state", "kind", "said"), REFUSED, ids=[said for _, _, said in REFUSED])
def test_it_is_refused_with_the_remedy(state: Callable[[], object], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind) as refused:
        state()
    assert said in str(refused.value)


def test_what_is_nearly_so_is_taken() -> None:
    chapter = own()
    k = chapter.define("k_1", r"\{k\}", x() + 1, says="More.")
    assert chapter.claim("more", k, x() + 1, says="It is.", follows_from=[]).verify().status == "proved"

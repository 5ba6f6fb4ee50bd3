"""What a user's type checker sees: arrays where there are arrays, and an error for a name that is not there.

It is mypy that holds `assert_type`, which does nothing when it runs, and that refuses to ignore an error that is none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, assert_type

import numpy as np
import pytest
from numpy.typing import NDArray

import modeflow
from modeflow import manuscript

Array = NDArray[np.float64]


def test_evaluators_give_arrays() -> None:
    assert_type(modeflow.strength([0.0, 1.0], 1.0, w1=0.1, w2=0.1), Array)
    assert_type(modeflow.weights(1.0, 1.0, w1=0.1, w2=0.1), tuple[Array, Array])
    assert_type(modeflow.loss(1.0, 1.0, w1=0.1, w2=0.1), Array)
    assert_type(modeflow.fixed_point([1.0, 2.0]), Array)
    assert_type(modeflow.learning_time(0.5, 1.0, w1=0.1, w2=0.1), Array)
    assert_type(modeflow.oja_gram(1.0, [[1.0]], [[0.1]]), Array)
    assert_type(modeflow.whitened_gram(1.0, [[1.0]], [[0.1]], [[0.1]]), Array)
    assert_type(modeflow.strength_grad(1.0, 1.0, w1=0.1, w2=0.1)["lam"], Array)


def test_what_is_computed_with_them_has_arrays(tmp_path: Path) -> None:
    assert_type(modeflow.recommend([1.0], keep=0.5).noise.strengths, Array)
    assert_type(modeflow.time_constants([1.0], lr=0.1), Array)
    assert_type(modeflow.train([1.0], lr=0.1, epochs=1, hidden=2).strength, Array)
    times = [0.5, 1.0, 2.0, 4.0]
    curve = modeflow.strength(times, 1.0, w1=0.1, w2=0.1)
    assert_type(modeflow.fit(times, curve, estimate="lam", w1=0.1, w2=0.1).covariance, Array)
    np.save(tmp_path / "images.npy", np.ones((2, 4)))
    assert_type(modeflow.data.load(tmp_path / "images.npy"), Array)


def test_verdicts_are_words(tmp_path: Path) -> None:
    x = modeflow.Alphabet().scalar("x", "x", "a number", real=True)
    assert_type(modeflow.prove(x, x).status, Literal["proved", "supported", "undecided", "refuted"])
    (tmp_path / "paper.tex").write_text("% modeflow: ignore -- for the type\n\\[ x = x \\]\n", encoding="utf-8")
    (found,) = manuscript.check([tmp_path / "paper.tex"])
    assert_type(
        found.verdict,
        Literal[
            "ok",
            "supported",
            "wrong",
            "missing",
            "undecided",
            "unparsed",
            "ignored",
            "unchecked",
            "unread",
            "unknown",
            "empty",
        ],
    )


def test_what_is_not_there_is_an_error() -> None:
    with pytest.raises(AttributeError):
        _ = modeflow.streng  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        _ = manuscript.chek  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        modeflow.strength(1.0, 1.0)  # type: ignore[call-arg]


def test_the_package_tells_type_checkers_that_it_has_types() -> None:
    assert (Path(modeflow.__file__).parent / "py.typed").is_file()

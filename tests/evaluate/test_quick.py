"""Small calls of the compiled evaluators: the same values, the same errors, and nothing shared between calls."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import modeflow
from modeflow.evaluate import native, quick
from modeflow.evaluate.arguments import PARAMETERS

pytestmark = pytest.mark.skipif(shutil.which(os.environ.get("CC", "cc")) is None, reason="no C compiler is installed")
MODE: dict[str, Any] = {"lam": 1.0, "noise": 0.3, "decay": 0.0, "w1": 0.1, "w2": 0.25, "tau": 2}
PATHS = {"strength": 1, "weights": 2, "loss": 1}


def quickly(path: str, given: dict[str, Any]) -> tuple[Any, ...] | None:
    return quick.evaluate(path, PATHS[path], "native", tuple(given[name] for name in PARAMETERS))


def at_length(path: str, given: dict[str, Any]) -> tuple[Any, ...]:
    """What C finds from the arrays themselves, all of one shape."""
    arrays = {k: x for k, x in given.items() if isinstance(x, np.ndarray)}
    full = dict(zip(arrays, np.broadcast_arrays(*arrays.values()), strict=True))
    whole = {k: np.array(full.get(k, given[k]), float) for k in PARAMETERS}
    found = native.evaluate(path, PATHS[path], whole)
    assert found is not None
    return found


def layouts() -> dict[str, dict[str, Any]]:
    t = np.linspace(0, 9, 60)
    shared = np.linspace(0.1, 2, 60)
    shared.flags.writeable = False
    return {
        "numbers": MODE | {"t": 3.0},
        "a whole number": MODE | {"t": 3, "w1": np.float64(0.3)},
        "no axes": MODE | {"t": np.array(3.0)},
        "one": MODE | {"t": np.array([3.0])},
        "a curve": MODE | {"t": t},
        "every second": MODE | {"t": t[::2]},
        "backwards, read only": MODE | {"t": t[::-1], "lam": shared},
        "columns": MODE | {"t": t.reshape(6, 10).T, "w1": shared.reshape(10, 6), "tau": shared.reshape(10, 6)},
        "a grid": MODE | {"t": t[:7], "w1": shared[:, None], "tau": np.array(3.0)},
        "two sizes": MODE | {"w1": np.where(t > 3, 0.25, shared), "t": t},
        "the most": MODE | {"t": np.linspace(0, 9, quick.MOST)},
    }


@pytest.mark.parametrize("path", PATHS)
def test_it_is_the_compiled_result_to_the_bit(path: str) -> None:
    for name, given in layouts().items():
        found = quickly(path, given)
        assert found is not None, name
        for one, other in zip(found, at_length(path, given), strict=True):
            assert one.shape == other.shape, name
            assert one.tobytes() == other.tobytes(), name
            assert type(one) is (np.ndarray if one.shape else np.float64)


def test_what_is_not_plain_small_or_usual_is_left_to_others() -> None:
    t = np.linspace(0, 9, 5)
    left: dict[str, Any] = {
        "a list": [1.0, 2.0], "a truth value": True, "single": t.astype(np.float32), "whole": np.arange(5),
        "masked": np.ma.masked_less(t, 2), "records": t.view(np.recarray), "text": "1", "nothing": None, "complex": 1j,
        "swapped": t.astype(">f8"), "empty": t[:0], "large": np.zeros(quick.MOST + 1), "a huge number": 10**400,
        "not a number": np.nan, "negative": -1.0, "one negative": t - 1,
    }  # fmt: skip
    for name, value in left.items():
        assert quickly("strength", MODE | {"t": value}) is None, name
    assert quickly("strength", MODE | {"t": t, "w1": t[:4]}) is None
    assert quickly("strength", MODE | {"t": t, "decay": 0.1, "w1": np.linspace(0.1, 0.25, 5)}) is None
    for name, value in {"decay": -0.1, "noise": -1.0, "lam": np.nan, "tau": np.inf, "w2": np.inf}.items():
        assert quickly("strength", MODE | {"t": t, "decay": 0.1} | {name: value}) is None, name
    assert quickly("loss", MODE | {"t": t, "decay": 1e308, "w1": 1e10}) is None
    assert quickly("strength", MODE | {"t": t, "tau": 0}) is None
    assert quickly("strength", MODE | {"t": t, "w1": 1e200, "w2": 1e190}) is None


def test_errors_are_those_of_numpy() -> None:
    t = np.linspace(0, 9, 5)
    for change in (
        {"t": t - 1}, {"lam": np.inf}, {"noise": -1}, {"decay": -0.5}, {"tau": 0}, {"w1": 1e200, "w2": 1e190},
        {"w1": t, "w2": t[:3]}, {"w1": 1j}, {"t": np.ma.masked_less(t, 2)}, {"w1": 10**400},
    ):  # fmt: skip
        given: dict[str, Any] = MODE | {"t": t} | change
        with pytest.raises((TypeError, ValueError, FloatingPointError)) as by_numpy:
            modeflow.strength(**given, backend="numpy")
        with pytest.raises(type(by_numpy.value)) as here:
            modeflow.strength(**given, backend="native")
        assert str(here.value) == str(by_numpy.value)


def test_results_share_no_memory_with_later_calls() -> None:
    first = modeflow.strength(np.linspace(0, 9, 50), backend="native", **MODE)
    kept = first.copy()
    modeflow.strength(np.linspace(9, 0, 50), backend="native", **MODE)
    assert first.tobytes() == kept.tobytes()


def test_a_call_in_the_middle_of_another_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a signal handler makes it: it has a place of its own."""
    given = MODE | {"t": np.linspace(0, 9, 50)}
    expected = at_length("strength", given)[0]
    function = getattr(native.library(), "modeflow_strength_f64")  # noqa: B009 - mypy knows no attribute of a library

    def interrupted(*arguments: Any) -> Any:
        monkeypatch.setitem(quick._functions, "strength", function)
        quickly("strength", MODE | {"t": np.linspace(9, 0, 70), "lam": 3.0})
        return function(*arguments)

    monkeypatch.setitem(quick._functions, "strength", interrupted)
    found = quickly("strength", given)
    assert found is not None
    assert found[0].tobytes() == expected.tobytes()


def test_threads_have_places_of_their_own() -> None:
    cases = [MODE | {"t": np.linspace(0, 9, 50), "lam": 0.1 * (k + 1)} for k in range(20)]
    expected = [at_length("strength", case)[0].tobytes() for case in cases]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda case: quickly("strength", case), cases * 20))
    assert [values[0].tobytes() for values in found if values] == expected * 20


def test_by_itself_it_builds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the backend "auto" a library that is not there is not built for a small call, and NumPy answers."""
    monkeypatch.setattr(quick, "_functions", {})
    monkeypatch.setattr(native, "is_built", lambda: False)
    monkeypatch.setattr(native, "library", lambda: pytest.fail("built"))
    t = np.linspace(0, 9, 50)
    assert quick.evaluate("strength", 1, "auto", (t, *MODE.values())) is None
    assert modeflow.strength(t, **MODE).tobytes() == modeflow.strength(t, **MODE, backend="numpy").tobytes()


def test_a_library_in_the_cache_is_seen_and_a_damaged_one_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("MODEFLOW_CACHE_DIR", str(tmp_path))
    key = native._key([*native._compiler(), *native.FLAGS, *native.TUNING[0]])
    folder = native._folder()
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of "x"
    path = folder / f"modeflow-{key}-{digest}.so"
    for content, there in ((None, False), (b"x", True), (b"y", False)):
        if content is not None:
            path.write_bytes(content)
        native._is_kept.cache_clear()
        assert native._is_kept() == there
    native._is_kept.cache_clear()


def test_learning_times_that_need_a_closer_look_are_left() -> None:
    plain = (0.5, 1.0, 0.2, 0.0, 0.1, 0.3, 2.0)
    assert quick.evaluate("learning_time", 1, "native", plain) == pytest.approx(
        modeflow.learning_time([0.5], 1.0, noise=0.2, w1=0.1, w2=0.3, tau=2.0), rel=1e-14
    )
    for place, value in (
        (0, np.nan),
        (0, np.inf),
        (1, -1.0),
        (1, 1e80),
        (2, -1.0),
        (3, 0.1),
        (3, -0.1),
        (4, np.inf),
        (6, 0.0),
    ):
        given = [*plain[:place], value, *plain[place + 1 :]]
        assert quick.evaluate("learning_time", 1, "native", tuple(given)) is None, given


@pytest.mark.parametrize("path", PATHS)
def test_weights_of_different_size_under_decay(path: str) -> None:
    mode = MODE | {"decay": 0.1}
    cases: dict[str, dict[str, Any]] = {
        "a number": mode | {"t": 3.0},
        "at the start and at rest": mode | {"t": np.array([0.0, np.inf])},
        "a curve": mode | {"t": np.linspace(0, 200, 50)},
        "points": mode | {"t": np.linspace(0, 9, 40), "lam": np.linspace(0, 2, 40)},
        "a grid": mode | {"t": np.linspace(0, 9, 20), "w1": np.array([[-0.7], [0.0], [0.9]])},
        "the most": mode | {"t": np.linspace(0, 9, quick.MOST)},
    }
    for name, given in cases.items():
        found, others = quickly(path, given), getattr(modeflow, path)(**given, backend="numpy")
        assert found is not None, name
        for one, other in zip(found, others if isinstance(others, tuple) else (others,), strict=True):
            assert type(one) is type(other), name
            assert one.shape == other.shape, name
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-290, err_msg=name)

"""The explorer, in headless Chromium: what it shows is what NumPy computes, and it asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import daily
import numpy as np
import pytest
from browser import browser

import modeflow
from modeflow.typeset.explorer.page import explorer
from modeflow.typeset.explorer.plotting import MissingPlotting, plotting

SPECTRUM = [4.0, 2.0, 1.0, 0.5, 0.25, 0.125]
COLUMNS = ("lam", "rest", "strength", "w1", "w2", "loss", "time")
SET = """given => {
  for (const [id, value] of Object.entries(given)) {
    const field = document.getElementById(id);
    field.value = value;
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  }
  return [...document.querySelectorAll("#modes tr")].map(
    row => [...row.querySelectorAll("data")].map(cell => cell.value));
}"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        library = plotting()
    except MissingPlotting as error:
        pytest.skip(str(error))
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    path.write_text(explorer(SPECTRUM, source="<b>a test</b> </script>", plotting=library))
    return path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture
def page(page_file: Path, chromium: Any) -> Iterator[Any]:
    with opened(page_file, chromium) as found:
        yield found


@pytest.fixture(scope="module")
def shared_page(page_file: Path, chromium: Any) -> Iterator[Any]:
    """For tests that set every field."""
    with opened(page_file, chromium) as found:
        yield found


@contextmanager
def opened(page_file: Path, chromium: Any) -> Iterator[Any]:
    """The page; at its end there was no error on its console, and no request but that for the file itself."""
    page = chromium.new_page(viewport={"width": 1400, "height": 900}, accept_downloads=True)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    page.wait_for_selector("html[data-ready]")
    yield page
    page.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == [page_file.as_uri()]


def table(page: Any, **given: float | str) -> dict[str, Any]:
    """What the table of modes says after fields were filled in."""
    rows = np.array(page.evaluate(SET, {id_: str(value) for id_, value in given.items()}), dtype=float)
    return dict(zip(COLUMNS, rows.T, strict=True))


def expected(lams: list[float], at: float, share: float, **mode: Any) -> dict[str, Any]:
    rest = modeflow.fixed_point(lams, noise=mode["noise"], decay=mode["decay"])
    w1, w2 = modeflow.weights(at, lams, **mode)
    return {
        "lam": np.array(lams), "rest": rest, "strength": modeflow.strength(at, lams, **mode), "w1": w1, "w2": w2,
        "loss": modeflow.loss(at, lams, **mode), "time": modeflow.learning_time(share * rest, lams, **mode),
    }  # fmt: skip


SETTINGS = [
    {},
    {"noise": 0.0, "w1": 0.3, "w2": 0.3},
    {"noise": 0.0, "decay": 0.0, "w1": -0.3, "w2": 0.3},
    {"lams": "0 1 0.5", "noise": 0.0, "w1": 0.2, "w2": 0.7},
    {"lams": "0 0 1", "noise": 0.5, "w1": 0.2, "w2": -0.7, "at": 30.0},
    {"decay": 0.5, "w1": 0.1, "w2": 0.1},
    {"decay": 0.5, "w1": 0.1, "w2": -0.1},
    {"decay": 0.5, "noise": 0.0},
    {"decay": 0.1, "noise": 0.3, "w1": 0.02, "w2": 1.5, "at": 2.0},
    {"decay": 0.1, "noise": 0.3, "w1": -0.8, "w2": 0.7, "at": 7.0},
    {"decay": 3.0, "noise": 0.3, "w1": 1.4, "w2": 0.3, "at": 0.5},
    {"decay": 0.01, "w1": 1e-12, "w2": 3e-12, "at": 12.0},
    {"decay": 0.01, "w1": 1e-12, "w2": -1e-3, "at": 12.0},
    {"decay": 0.2, "w1": 0.0, "w2": 0.5, "at": 3.0},
    {"decay": 0.2, "lams": "0 0.2 3", "noise": 0.0, "w1": 0.1, "w2": 0.5, "at": 40.0},
    {"noise": 0.0, "w1": 1e-20, "w2": 2e-20, "at": 25.0},
    {"w1": 0.0, "w2": 0.0},
    {"tau": 5000.0, "at": 12345.0, "decay": 0.05, "w1": 0.01, "w2": 0.03},
    {"decay": 0.2, "w1": 2.0, "w2": 1.0, "at": 1e6},
    {"at": 0.0, "decay": 0.2, "w1": 2.0, "w2": 1.0},
]
START: dict[str, Any] = {"lams": " ".join(map(str, SPECTRUM)), "noise": 0.4, "decay": 0.0, "w1": 0.05, "w2": 0.1} | {
    "tau": 1.0,
    "at": 5.0,
    "share": 0.5,
}


def _size(rng: np.random.Generator, low: float, high: float) -> float:
    return float(10.0 ** rng.uniform(low, high))


def drawn(part: int, n: int) -> Iterator[dict[str, Any]]:
    rng = np.random.default_rng(daily.seed(part))
    for _ in range(n):
        size = partial(_size, rng)
        w1, w2 = (float(rng.choice([-1, 1])) * size(-6, 0.3) for _ in range(2))
        yield {
            "lams": " ".join(str(size(-1.5, 1)) for _ in range(4)), "noise": size(-2, 1), "w1": w1,
            "decay": float(rng.choice([0.0, size(-1.5, 0.5)])), "w2": [w1, -w1, w2, w2][int(rng.integers(4))],
            "tau": size(-1, 2), "at": size(-1, 1.5), "share": float(rng.uniform(0.05, 0.95)),
        }  # fmt: skip


def held(page: Any, setting: dict[str, Any]) -> None:
    """The values on the page are those of NumPy to 1e-9."""
    found = table(page, **setting)
    mode = {name: setting[name] for name in ("noise", "decay", "w1", "w2", "tau")}
    lams = [float(word) for word in setting["lams"].split()]
    true = expected(lams, setting["at"], setting["share"], **mode)
    for name in COLUMNS:
        assert np.allclose(found[name], true[name], rtol=1e-9, atol=1e-150), (name, setting, found[name], true[name])


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: " ".join(f"{k}={v}" for k, v in setting.items()))
def test_the_values_are_those_of_numpy(setting: dict[str, Any], shared_page: Any) -> None:
    held(shared_page, START | setting)


@pytest.mark.parametrize("part", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_the_values_of_drawn_settings_are_those_of_numpy(part: int, shared_page: Any) -> None:
    for setting in drawn(part, 60 if part else 8):
        held(shared_page, START | setting)


def test_a_wrong_evaluator_would_be_seen(page_file: Path, chromium: Any, tmp_path: Path) -> None:
    spoiled = tmp_path / "explorer.html"
    spoiled.write_text(page_file.read_text().replace("const x = -rho*s;", "const x = -rho*s*1.0000001;"))
    with opened(spoiled, chromium) as page:
        with pytest.raises(AssertionError):
            held(page, START)
        assert "do not rely on the numbers" in page.inner_text("#self-test")

"""The explorer, in headless Chromium: what it shows is what NumPy computes, and it asks nobody for anything."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from runpy import run_path
from typing import Any
from xml.etree import ElementTree

import daily
import numpy as np
import pytest
from browser import browser

import modeflow
from modeflow.cli.program import main
from modeflow.language.definitions import unfold
from modeflow.language.verdict import Verdict
from modeflow.typeset.explorer.bundle import bundle
from modeflow.typeset.explorer.formulas import LETTERS, letters_used, shown_claims
from modeflow.typeset.explorer.page import explorer
from modeflow.typeset.explorer.plotting import MissingPlotting, plotting

SPECTRUM = [4.0, 2.0, 1.0, 0.5, 0.25, 0.125]
COLUMNS = ("lam", "rest", "strength", "w1", "w2", "loss", "time")
SETTLED = (
    "new Promise(done => { const look = () => main.hasAttribute('aria-busy') ? setTimeout(look) : done(); look(); })"
)
SET = f"""async given => {{
  for (const [id, value] of Object.entries(given)) {{
    const field = document.getElementById(id);
    field.value = value;
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", {{ bubbles: true }}));
  }}
  await {SETTLED};
  return [...document.querySelectorAll("#modes tr")].map(
    row => [...row.querySelectorAll("data")].map(cell => cell.value));
}}"""


def verdicts() -> dict[str, Verdict]:
    """Told, not found: the tests of proofs prove these claims."""
    return {claim.id: Verdict("proved", "a test") for claim in shown_claims()}


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        library = plotting()
    except MissingPlotting as error:
        pytest.skip(str(error))
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    text = explorer(SPECTRUM, source="<b>a test</b> </script>", plotting=library, verdicts=verdicts(), pages="claims/")
    path.write_text(text)
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
    page.evaluate(SETTLED)
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


@pytest.mark.parametrize(
    "setting", daily.some(SETTINGS, 4), ids=lambda setting: " ".join(f"{k}={v}" for k, v in setting.items())
)
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


def test_a_window_of_too_many_steps_is_told(page: Any) -> None:
    """Where the curves end, so does what is said of the mode."""
    table(page, decay=1e-7, window=1e9)
    found = table(page, at=3e8)
    assert "Some curves end early" in page.inner_text("#lost")
    assert np.isnan(found["strength"]).all()
    assert page.inner_text("#read-strength") == "not known"
    table(page, window=20)
    assert page.inner_text("#lost") == ""


@pytest.mark.parametrize(
    "spoil",
    ["<script>console.error('x')</script>", "<script>nothing()</script>", '<img src="https://example.org/x.png">'],
)
def test_an_error_or_a_request_would_be_seen(spoil: str, page_file: Path, chromium: Any, tmp_path: Path) -> None:
    spoiled = tmp_path / "explorer.html"
    spoiled.write_text(page_file.read_text().replace("</footer>", f"</footer>{spoil}"))
    with pytest.raises(AssertionError), opened(spoiled, chromium):
        pass


# The keyboard, sliders and fields ----------------------------------------------------------------------------------


def pixels(page: Any) -> str:
    return str(page.evaluate("document.querySelector('#curves canvas').toDataURL()"))


def test_curves_follow_a_slider_at_64_modes(page: Any) -> None:
    """Without waiting for anything but the microtasks of the event: uPlot draws in one."""
    table(page, lams=" ".join(str(8 / k) for k in range(1, 65)), decay=0.1)
    before = pixels(page)
    page.evaluate("""async () => {
      const slider = document.getElementById("noise-slider");
      slider.value = Number(slider.value) + 20;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await Promise.resolve().then(() => {});
    }""")
    assert pixels(page) != before
    noise = float(page.input_value("#noise"))
    page.evaluate(SETTLED)
    strength = float(page.get_attribute("#read-strength", "value"))
    at = float(page.input_value("#at"))
    assert strength == pytest.approx(modeflow.strength(at, 8.0, noise=noise, decay=0.1, w1=0.05, w2=0.1), rel=1e-9)


@pytest.mark.parametrize("name", daily.some(["noise", "decay", "w1", "w2", "tau", "lam", "at", "share"], 2))
def test_the_keyboard_moves_every_slider(name: str, page: Any) -> None:
    page.focus(f"#{name}-slider")
    before = float(page.input_value(f"#{name}"))
    page.keyboard.press("ArrowRight")
    page.evaluate(SETTLED)
    after = float(page.input_value(f"#{name}"))
    assert after > before
    if name == "noise":
        assert float(page.get_attribute("#read-rest", "value")) == pytest.approx(4 / (4 + after), rel=1e-12)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    said = page.get_attribute(f"#{name}-slider", "aria-valuetext")
    assert float(said.replace("−", "-")) == pytest.approx(after, rel=1e-3)


def test_the_tabulator_goes_from_the_curves_to_the_settings_and_the_other_views(page: Any) -> None:
    order = []
    for _ in range(30):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.dataset.picture || ''"))
    views, fields = (
        ["quantity", "save-csv", "curves"],
        ["noise-slider", "noise", "decay-slider", "lams", "mode", "share"],
    )
    wanted = [*views, *fields, "surface"]
    assert [order.index(name) for name in wanted] == sorted(order.index(name) for name in wanted)


@pytest.mark.costly
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1400, "light")])
def test_axe_finds_nothing(width: int, scheme: str, page: Any) -> None:
    """Names, contrasts, landmarks and order, as axe-core judges them."""
    script = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed: npm ci brings it")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(SETTLED)
    page.evaluate(script.read_text())
    assert [(found["id"], found["help"]) for found in page.evaluate("axe.run()")["violations"]] == []
    page.evaluate("document.querySelector('label[for=noise]').remove()")
    assert "label" in [found["id"] for found in page.evaluate("axe.run()")["violations"]]


def test_every_field_has_a_name(page: Any) -> None:
    assert (
        page.evaluate("""[...document.querySelectorAll("input, select, textarea, button")].filter(field =>
      !(field.labels?.length || field.ariaLabel || (field.tagName === "BUTTON" && field.textContent.trim()))).length""")
        == 0
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("lams", "1 x", "x is not a number"),
        ("lams", "1 -2", "-2 is negative"),
        ("lams", " ", "write at least one number"),
        ("lams", "1 " * 513, "give at most 512"),
        ("lams", "1e300", "from 1e-30 to 1e12"),
        ("noise", "-1", "at least 0"),
        ("tau", "0", "above 0"),
        ("tau", "", "Write a number"),
        ("w1", "1e20", "from 1e-30 to 1e12"),
        ("share", "1", "between 0 and 1"),
        ("mode", "7", "from 1 to 6"),
        ("window", "0", "above 0"),
    ],
)
def test_a_wrong_number_is_refused_beside_its_field(name: str, value: str, said: str, shared_page: Any) -> None:
    before = table(shared_page, **START)
    after = table(shared_page, **{name: value})
    assert said in shared_page.inner_text(f"#{name}-error")
    assert shared_page.get_attribute(f"#{name}", "aria-invalid") == "true"
    assert all(np.array_equal(before[column], after[column]) for column in COLUMNS)
    table(shared_page, **START, mode=1, window=20)
    assert shared_page.inner_text(f"#{name}-error") == ""


@pytest.mark.costly
@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen(width: int, scheme: str, page: Any) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(SETTLED)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_what_comes_from_outside_is_text(page: Any) -> None:
    assert "<b>a test</b> </script>" in page.inner_text("header")


# What leaves the page ----------------------------------------------------------------------------------------------

EXPORTS: list[dict[str, Any]] = [
    {"quantity": "strength", "w1": 0.1, "w2": 0.1, "decay": 0.3},
    {"quantity": "w1", "scale": "log"},
    {"quantity": "w2", "decay": 0.2, "scale": "log"},
    {"quantity": "loss", "decay": 0.2, "w2": -0.4},
]


def saved(page: Any, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.click(button)
    path: Path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@pytest.mark.costly
@pytest.mark.parametrize("setting", EXPORTS, ids=lambda setting: str(setting["quantity"]))
def test_the_csv_and_the_python_call_are_numpy(setting: dict[str, Any], page: Any, tmp_path: Path) -> None:
    table(page, **START | setting)
    path = saved(page, "#save-csv", tmp_path)
    head = path.read_text().splitlines()[0].split(",")
    assert head == ["t", *(f"{setting['quantity']} lam={lam:g}" for lam in SPECTRUM)]
    numbers = np.genfromtxt(path, delimiter=",", skip_header=1)
    found = run_path(str(saved(page, "#save-python", tmp_path)))
    assert np.allclose(numbers[:, 0], found["t"], rtol=1e-12, atol=0)
    assert np.allclose(numbers[:, 1:], found[setting["quantity"]], rtol=1e-9, atol=1e-300)
    cells = np.array(page.evaluate(SET, {}), dtype=float).T
    assert np.allclose(cells[COLUMNS.index("rest")], found["rest"], rtol=1e-12)
    assert np.allclose(cells[COLUMNS.index("time")], found["learning_time"], rtol=1e-9)


def test_pictures_are_svg(page: Any, tmp_path: Path) -> None:
    for name, least in (("curves", 7), ("rests", 1), ("waits", 1), ("surface", 30)):
        root = ElementTree.parse(saved(page, f"[data-picture={name}]", tmp_path)).getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert len(root.findall(".//{*}path")) >= least
        assert "NaN" not in ElementTree.tostring(root, encoding="unicode")


# Formulas ----------------------------------------------------------------------------------------------------------

STARTS: dict[str, dict[str, Any]] = {
    "dae.direct": {}, "reg.solution": {"decay": 0.2}, "reg.balanced": {"w1": 0.1, "decay": 0.2},
    "eval.balanced_strength_critical": {"w1": 0.1, "decay": 4.0},
    "eval.balanced_strength_opposite": {"w1": -0.1, "decay": 0.3},
    "eval.balanced_strength_idle": {"w1": -0.1, "lams": "0 1"}, "reg.product_rate": {"w1": 0.0, "w2": 0.0},
}  # fmt: skip
VALUES = """id => Object.fromEntries([...document.getElementById("claim-" + id).querySelectorAll("[data-name]")].map(
  cell => [cell.dataset.name, Number(cell.textContent.replace("= ", "").replace("−", "-"))]))"""


@pytest.mark.parametrize("claim", daily.some(STARTS, 2))
def test_the_formula_has_the_numbers_of_the_mode(claim: str, page: Any) -> None:
    setting = START | STARTS[claim]
    table(page, **setting)
    place = page.locator(f"[id='claim-{claim}']")
    assert "✓ Proved (a test)" in place.inner_text()
    assert place.locator("h3 a").get_attribute("href") == f"claims/{claim}.html"
    assert all(place.locator("mn[data-letter]").all_text_contents())
    if claim == "reg.product_rate":
        return
    shown = float(place.locator(".result data").text_content().replace("−", "-"))
    w1, w2 = (float(page.get_attribute(f"#read-{name}", "value")) for name in ("w1", "w2"))
    assert shown == pytest.approx((w1 + w2) ** 2 if claim == "reg.solution" else w1 * w2, rel=1e-7)


EQUATIONS = """() => Object.fromEntries([...document.querySelectorAll("#formulas article")].filter(
  one => !one.querySelector(".numbers").hidden && !one.querySelector(".result").hidden).map(
  one => [one.id.slice(6), one.querySelector(".result data").textContent.replaceAll("−", "-")]))"""


@pytest.mark.costly
@pytest.mark.parametrize(
    ("setting", "told"),
    daily.some(
        [
            ({}, {"dae.direct", "dae.learning_time", "reg.fixed_point"}),
            ({"w2": 1.5, "share": 0.01}, {"dae.direct", "reg.fixed_point"}),  # the start has exceeded the target
            ({"decay": 0.2}, {"reg.solution", "reg.fixed_point"}),
            ({"decay": 5.0}, {"reg.solution"}),  # the mode dies
            ({"w1": 0.1, "decay": 0.2}, {"reg.balanced", "reg.learning_time", "reg.fixed_point"}),
            ({"w1": 0.1, "decay": 5.0, "at": 0.7}, {"reg.balanced"}),
            ({"w1": 0.1, "decay": 4.0}, {"eval.balanced_strength_critical"}),
            ({"w1": -0.1, "decay": 0.3, "at": 0.2}, {"eval.balanced_strength_opposite"}),
            ({"w1": -0.1, "lams": "0 1"}, {"eval.balanced_strength_idle"}),
            ({"lams": "0 1", "noise": 0.0, "decay": 0.2}, set()),
            ({"w1": 0.0, "w2": 0.0}, set()),
        ],
        4,
    ),
)
def test_an_equation_with_numbers_is_true(setting: dict[str, Any], told: set[str], page: Any) -> None:
    """The claim at the numbers of the mode, unfolded and in 30 digits, is what is shown; else no number is."""
    given = START | setting
    table(page, **given)
    shown = page.evaluate(EQUATIONS)
    assert set(shown) == told
    lam, w1, w2 = float(given["lams"].split()[0]), given["w1"], given["w2"]
    rest = modeflow.fixed_point(lam, noise=given["noise"], decay=given["decay"])
    letters = {
        "lam": lam, "eps": given["noise"], "gamma": given["decay"], "decay": given["decay"], "tau": given["tau"],
        "t": given["at"], "a": w1, "b": w2, "p": w1 + w2, "q": w2 - w1, "r": abs(w1), "w0": w1 * w2,
        "x": given["share"] * rest,
    }  # fmt: skip
    for identifier, text in shown.items():
        side = unfold(modeflow.claim(identifier).stated().rhs)
        value = side.evalf(30, subs={symbol: letters[str(symbol)] for symbol in side.free_symbols})
        assert float(text) == pytest.approx(float(value), rel=2e-7), identifier


def test_the_names_have_their_values(page: Any) -> None:
    table(page, **START)
    value = page.evaluate(VALUES, "dae.direct")
    strength = modeflow.strength(5.0, 4.0, noise=0.4, w1=0.05, w2=0.1)
    assert value["dae.S1"] * value["dae.S2"] / (value["dae.D"] * value["dae.N"]) == pytest.approx(strength, rel=1e-4)
    assert value["dae.rho"] == pytest.approx(np.hypot(8.0, (0.1**2 - 0.05**2) * 4.4), rel=1e-5)


def test_every_letter_of_the_formulas_has_a_number() -> None:
    assert {*letters_used(shown_claims())} - {*LETTERS} == {"w1", "w2", "w_star"}  # of rates, and what is computed


# One script of many modules, and the command -----------------------------------------------------------------------


def test_modules_are_bundled_in_the_order_of_need() -> None:
    modules = {
        "a.js": 'import { b } from "./b.js";\nimport * as c from "./c.mjs";\nb(c.d);\n',
        "b.js": 'import { d } from "./c.mjs";\nexport function b() {}\n',
        "c.mjs": "export const d = 1;\n",
    }
    text = bundle(modules, "a.js")
    assert text.index("module_c = ") < text.index("module_b = ") < text.index("module_a = ")
    assert text.count("module_c = ") == 1
    assert "import" not in text


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ({"a.js": 'import { b } from "./b.js";\n'}, "a.js imports b.js: no such module"),
        ({"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}, "a.js: a circle"),
        ({"a.js": 'import b from "./b.js";\n'}, "a.js: import is in a form that is not bundled"),
        ({"a.js": "export default 1;\n"}, "a.js: export is in a form that is not bundled"),
    ],
)
def test_what_is_not_bundled_is_refused(modules: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        bundle(modules, "a.js")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.npy"], "missing.npy: no such file"),
        (["words.csv"], "words.csv"),
        (["--modes", "0"], "'0' is not a whole number >= 1"),
        (["--modes", "513"], "a page draws at most 512; give fewer"),
        (["--uplot", "nowhere"], "give the folder of the npm package uplot 1.6.32"),
        (["--claims", "javascript:alert(1)"], "is not an address"),
        (["--claims", 'x" onclick="y'], "is not an address"),
    ],
)
def test_wrong_arguments_are_told_in_one_line(
    arguments: list[str], said: str, page_file: Path, tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words.csv").write_text("a,b\nc,d\n")
    try:
        status = main(["explore", *arguments, "-o", "page.html"])
    except SystemExit as error:
        status = error.code  # type: ignore[assignment]
    told = capsys.readouterr().err
    assert status == 2
    assert said in told
    assert len(told.removesuffix("Try `modeflow explore --help`.\n").strip().splitlines()) == 1
    assert not Path("page.html").exists()


def test_without_what_writes_formulas_the_remedy_is_told(
    page_file: Path, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setitem(sys.modules, "latex2mathml", None)
    assert main(["explore", "-o", str(tmp_path / "page.html")]) == 2
    assert "latex2mathml is needed for the formulas: pip install 'modeflow[html]'" in capsys.readouterr().err


def test_without_uplot_the_remedy_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("modeflow.typeset.explorer.plotting._HERE", tmp_path / "a" / "b" / "c" / "d")
    with pytest.raises(MissingPlotting, match=r"npm install uplot@1\.6\.32, then give --uplot"):
        plotting()
    (tmp_path / "package.json").touch()
    with pytest.raises(MissingPlotting, match="run npm ci in"):
        plotting()


def test_the_command_takes_the_spectrum_of_data(page_file: Path, tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr("modeflow.cli.verdicts.verdicts", lambda claims: {})
    images = np.random.default_rng(1).random((20, 5))
    np.save(tmp_path / "images.npy", images)
    out = tmp_path / "page.html"
    assert main(["explore", str(tmp_path / "images.npy"), "--modes", "2", "-o", str(out)]) == 0
    assert "open it in a browser" in capsys.readouterr().out
    assert "the 2 largest eigenvalues of images.npy" in out.read_text()
    largest = modeflow.data.spectrum(images).eigenvalues[:2].tolist()
    assert f'"eigenvalues": {largest}' in out.read_text()

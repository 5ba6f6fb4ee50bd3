"""Graphs of what follows from what: laid out in layers, complete, and clickable."""

from __future__ import annotations

import random
import re
from itertools import combinations, pairwise

import daily
import pytest

from modeflow import Alphabet, Chapter, chapters, claims
from modeflow.language.verdict import Verdict
from modeflow.typeset.excerpt import excerpt
from modeflow.typeset.graph import SIGNS, of_chapters, of_claims
from modeflow.typeset.layers import layered


def boxes(svg: str) -> dict[str, str]:
    """Key → status of each box."""
    return {key: status for status, key in re.findall(r'<g class="box (\w+)" data-key="([^"]+)"', svg)}


def lines(svg: str) -> set[tuple[str, str]]:
    return set(re.findall(r'data-from="([^"]+)" data-to="([^"]+)"', svg))


def links(svg: str) -> set[str]:
    return set(re.findall(r'<a href="#([^"]+)"', svg))


def nowhere(_: str) -> str:
    return ""


def places(svg: str) -> list[tuple[float, float, float, float]]:
    found = re.findall(r'<rect x="(-?\d+)" y="(-?\d+)" width="(\d+)" height="(\d+)"', svg)
    return [(float(x), float(y), float(w), float(h)) for x, y, w, h in found]


def test_each_edge_goes_right_layer_by_layer_and_no_two_places_touch() -> None:
    draw = random.Random(daily.seed())
    for _ in range(30):
        nodes = [f"n{n}" for n in range(draw.randint(1, 25))]
        edges = [pair for pair in combinations(nodes, 2) if draw.random() < 0.15]
        draw.shuffle(nodes)
        layer, height, routes = layered(nodes, edges)
        assert set(nodes) <= set(layer)
        assert set(routes) == set(edges)
        for (one, other), route in routes.items():
            assert (route[0], route[-1]) == (one, other)
            assert all(layer[q] == layer[p] + 1 for p, q in pairwise(route))
        for p, q in combinations(layer, 2):
            assert layer[p] != layer[q] or abs(height[p] - height[q]) > 1 - 1e-9
        assert min(height.values()) == 0


def test_lines_that_need_not_cross_do_not() -> None:
    """Two chains, given in an order in which they would cross at each step."""
    edges = [("a1", "b2"), ("a2", "b1"), ("b2", "c1"), ("b1", "c2")]
    _, height, _ = layered(["a1", "a2", "b1", "b2", "c1", "c2"], edges)
    assert (height["a1"] < height["a2"]) == (height["b2"] < height["b1"]) == (height["c1"] < height["c2"])


def test_edges_of_a_circle_are_left_out() -> None:
    layer, _, routes = layered(["a", "b", "c"], [("a", "b"), ("b", "a"), ("b", "c")])
    assert set(routes) == {("b", "c")}
    assert set(layer) == {"a", "b", "c"}


@pytest.mark.parametrize("key", chapters())
def test_a_chapter_is_drawn_with_all_claims_and_all_that_they_follow_from(key: str) -> None:
    chapter = chapters()[key]
    svg = of_claims([chapter], {}, "#{}".format)
    own = set(chapter.claims)
    assert own <= set(boxes(svg))
    pairs = {(s, i) for i, claim in chapter.claims.items() for s in claim.follows_from}
    assert lines(svg) == {(s if s in own else s.partition(".")[0], i) for s, i in pairs}
    assert links(svg) == set(boxes(svg))
    for (x, y, w, h), (x2, y2, w2, h2) in combinations(places(svg), 2):
        assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_chapters_are_drawn_with_the_worst_verdict_in_them_and_how_many_there_are_of_each() -> None:
    verdicts = {i: Verdict(claim.expects, "") for i, claim in claims().items()}
    svg = of_chapters(tuple(chapters().values()), verdicts, "#{}".format)
    assert boxes(svg) == {key: "refuted" if key == "wae" else "proved" for key in chapters()}
    assert links(svg) == set(chapters())
    _, _, _, tall = map(float, re.findall(r'viewBox="([^"]+)"', svg)[0].split())
    assert all(float(y) < tall for path in re.findall(r' d="([^"]+)"', svg) for y in re.findall(r"\d+ (\d+)", path))
    assert re.search(r"✓ \d+  ✗ 1<", svg)
    assert ("dae", "cmp") in lines(svg)
    assert set(boxes(of_chapters(tuple(chapters().values()), {}, "{}.html".format)).values()) == {"unknown"}


def test_a_verdict_is_told_by_colour_by_sign_and_in_the_legend() -> None:
    letters = Alphabet()
    x = letters.scalar("x", "x", "a number", real=True)
    chapter = Chapter("mine", "Mine", letters)
    for name in ("one", "two", "three", "four", "five"):
        chapter.claim(name, x, x, says="<Itself>.")
    found = dict(zip(chapter.claims, ("proved", "supported", "undecided", "refuted"), strict=False))
    svg = of_claims([chapter], {i: Verdict(status, "") for i, status in found.items()}, nowhere)  # type: ignore[arg-type]
    assert boxes(svg) == {**found, "mine.five": "unknown"}
    assert "&lt;Itself&gt;" in svg
    for status, sign in SIGNS.items():
        assert f'<span class="{status}">{sign} ' in svg
        assert f">{sign} " in svg
    assert "refuted" not in of_claims([chapter], {}, nowhere)


def test_a_claim_by_itself_is_drawn_between_what_leads_to_it_and_what_follows_from_it() -> None:
    parts = excerpt(["dae.direct"], tuple(chapters().values()))
    svg = of_claims(parts, {}, lambda key: "" if key == "grad.curve" else f"#{key}", {"dae.direct": ("grad.curve",)})
    assert lines(svg) == {("mode.direct", "dae.direct"), ("dae.direct", "grad.curve")}
    assert links(svg) == {"mode.direct", "dae.direct"}

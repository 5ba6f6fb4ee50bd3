"""What follows from what, as pictures in SVG: a graph of the chapters, and a graph of the claims of each."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from types import MappingProxyType

from ..language.verdict import ORDER
from ..statements.chapter import Chapter
from ..statements.claims import Claim
from .layers import Place, layered
from .narrative import Verdicts, called, counted_noun, prose

SIGNS: Mapping[str, str] = {"proved": "✓", "supported": "≈", "undecided": "?", "refuted": "✗", "unknown": "·"}
UNKNOWN = "unknown"  # of a claim that is not verified here

_LETTER, _LINE, _PADDING = 6.9, 15.0, 8.0  # of a box: width of a letter, height of a line, room around the text
_ACROSS, _DOWN = 34.0, 7.0  # room between boxes
_NARROW, _WIDE = 14, 34  # letters of a line: of a graph that is wider than high, and of others


@dataclass(frozen=True)
class Box:
    """A box of a graph: the address that it leads to, what is written in it, its status and what is told of it."""

    link: str
    label: str
    status: str
    says: str
    below: str = ""  # written on a line of its own
    aside: bool = False  # whether it is no claim of the chapter that is drawn


def of_chapters(chapters: Sequence[Chapter], verdicts: Verdicts, address: Callable[[str], str]) -> str:
    """A box for each chapter, with the worst verdict in it; a line where a claim follows from one of another.

    address: key of a chapter → where its box leads to.
    """
    home = {i: chapter.key for chapter in chapters for i in chapter.claims}
    counted = Counter(
        (home[source], chapter.key)
        for chapter in chapters
        for claim in chapter.claims.values()
        for source in claim.follows_from
        if source in home and home[source] != chapter.key
    )
    boxes = {chapter.key: _chapter_box(chapter, verdicts, address(chapter.key)) for chapter in chapters}
    return _figure(boxes, _forward(list(boxes), counted), "What follows from what, chapter by chapter.")


def of_claims(
    chapters: Sequence[Chapter],
    verdicts: Verdicts,
    address: Callable[[str], str],
    after: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """A box for each claim of the chapters, and one for each other chapter from which one of them follows.

    address: id of a claim, or key of a chapter → where its box leads to, or "".
    after: claims elsewhere that follow from one of these.
    """
    claims = {i: claim for chapter in chapters for i, claim in chapter.claims.items()}
    edges = {(s if s in claims else s.partition(".")[0], i): None for i, c in claims.items() for s in c.follows_from}
    edges |= {(i, other): None for i, others in after.items() for other in others}
    boxes = {i: _claim_box(claim, verdicts, len(chapters) > 1, address(i)) for i, claim in claims.items()}
    outside = dict.fromkeys(end for edge in edges for end in edge if end not in claims)
    return _figure(
        {key: Box(address(key), key, UNKNOWN, f"{key}, told elsewhere", aside=True) for key in outside} | boxes,
        list(edges),
        "What is on the left leads to what is on the right.",
    )


def _forward(keys: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The edges that go from a chapter to one that is read later."""
    order = {key: n for n, key in enumerate(keys)}
    return [(one, other) for one, other in edges if order[one] < order[other]]


def _chapter_box(chapter: Chapter, verdicts: Verdicts, address: str) -> Box:
    """With how many of its claims have each status; coloured by the worst."""
    found = Counter(_status(i, verdicts) for i in chapter.claims)
    present = [status for status in (UNKNOWN, *ORDER) if found[status]]
    if present in ([], [UNKNOWN]):
        counted = said = counted_noun(len(chapter.claims), "claim")
    else:
        counted = "  ".join(f"{SIGNS[status]} {found[status]}" for status in present)
        said = ", ".join(f"{found[status]} {status}" for status in present)
    return Box(address, chapter.title, present[-1] if present else UNKNOWN, f"{chapter.title}: {said}", counted)


def _claim_box(claim: Claim, verdicts: Verdicts, several: bool, address: str) -> Box:
    key = f"{claim.id.partition('.')[0]}: " if several else ""
    return Box(
        address,
        key + prose(called(claim), claim.alphabet),
        _status(claim.id, verdicts),
        f"{claim.id}: {claim.says}",
    )


def _status(identifier: str, verdicts: Verdicts) -> str:
    return verdicts[identifier].status if identifier in verdicts else UNKNOWN


# Drawing ----------------------------------------------------------------------------------------------------------


def _figure(boxes: Mapping[str, Box], edges: Sequence[tuple[str, str]], caption: str) -> str:
    """The picture with its legend."""
    shown = Counter(box.status for box in boxes.values() if not box.aside)
    names = {UNKNOWN: "not verified here"}
    legend = [f'<span class="{s}">{sign} {names.get(s, s)}</span>' for s, sign in SIGNS.items() if shown[s]]
    if any(box.aside for box in boxes.values()):
        legend.append('<span class="other">told elsewhere</span>')
    return "\n".join(
        [
            '<figure class="graph"><div class="scroll">',
            *_svg(boxes, edges, caption),
            f"</div><figcaption>{escape(caption)} {' '.join(legend)}</figcaption></figure>",
        ]
    )


def _svg(boxes: Mapping[str, Box], edges: Sequence[tuple[str, str]], caption: str) -> Iterator[str]:
    linked = {end for edge in edges for end in edge}
    layer, row, routes = layered([key for key in boxes if key in linked], edges)
    count = 1 + max(layer.values(), default=-1)
    highest = max(Counter(layer[key] for key in boxes if key in layer).values(), default=0)
    lines = {key: _lines(box, _NARROW if highest < 2 * count else _WIDE) for key, box in boxes.items()}
    high = max((len(text) for text in lines.values()), default=1) * _LINE + _PADDING
    left, widths = _columns(lines, layer, count)
    alone = [key for key in boxes if key not in linked]
    bottom = (max(row.values(), default=-1) + 1) * (high + _DOWN)
    places = {
        key: (left[layer[key]], row[key] * (high + _DOWN), widths[layer[key]]) for key in boxes if key in layer
    } | _grid(alone, lines, sum(widths) + _ACROSS * count, bottom, high)
    wide = max((x + w for x, _, w in places.values()), default=0.0) + 2
    lowest = max((y for _, y, _ in places.values()), default=0.0)
    tall = max(lowest + high, bottom if routes else 0.0) + 2
    yield (
        f'<svg role="group" aria-label="{escape(caption)}" viewBox="-1 -1 {wide:.0f} {tall:.0f}"'
        f' width="{wide:.0f}" height="{tall:.0f}">'
    )
    for (one, other), route in routes.items():
        path = _path(route, places, left, widths, layer, row, high)
        yield f'<path data-from="{escape(one)}" data-to="{escape(other)}" d="{path}"/>'
    for key, (x, y, w) in places.items():
        yield _box(key, boxes[key], lines[key], (x, y, w, high))
    yield "</svg>"


def _lines(box: Box, widest: int) -> list[str]:
    sign = "" if box.aside or box.below else f"{SIGNS[box.status]} "
    lines = textwrap.wrap(sign + box.label, max(widest, 20 * bool(box.below)), break_long_words=False) or [sign]
    return [*lines, box.below] if box.below else lines


def _columns(
    lines: Mapping[str, Sequence[str]], layer: Mapping[Place, int], count: int
) -> tuple[list[float], list[float]]:
    """Where each layer begins, and how wide its boxes are."""
    widths = [max((_width(lines[key]) for key in lines if layer.get(key) == n), default=0.0) for n in range(count)]
    return [sum(widths[:n]) + _ACROSS * n for n in range(count)], widths


def _width(lines: Sequence[str]) -> float:
    return max(map(len, lines)) * _LETTER + 2 * _PADDING


def _grid(
    alone: Sequence[str], lines: Mapping[str, Sequence[str]], room: float, top: float, high: float
) -> dict[str, tuple[float, float, float]]:
    """Boxes without lines, in rows below all others."""
    places, x, y = {}, 0.0, top
    for key in alone:
        width = _width(lines[key])
        if x and x + width > max(room, 600.0):
            x, y = 0.0, y + high + _DOWN
        places[key] = (x, y, width)
        x += width + _DOWN
    return places


def _path(
    route: Sequence[Place],
    places: Mapping[str, tuple[float, float, float]],
    left: Sequence[float],
    widths: Sequence[float],
    layer: Mapping[Place, int],
    row: Mapping[Place, float],
    high: float,
) -> str:
    """From the right side of the first box, through each layer between, to the left side of the last."""
    middle = {place: row[place] * (high + _DOWN) + high / 2 for place in route}
    path = ""
    for one, other in pairwise(route):
        x0, x1 = left[layer[one]] + widths[layer[one]], left[layer[other]]
        y0, y1, bend = middle[one], middle[other], (x0 + x1) / 2
        path += f" L{x0:.0f} {y0:.0f}" if path else f"M{x0:.0f} {y0:.0f}"
        path += f"C{bend:.0f} {y0:.0f} {bend:.0f} {y1:.0f} {x1:.0f} {y1:.0f}"
    return path


def _box(key: str, box: Box, lines: Sequence[str], place: tuple[float, float, float, float]) -> str:
    x, y, w, h = place
    first = y + h / 2 - (len(lines) - 1) * _LINE / 2 + 4
    text = " ".join(
        f'<tspan x="{x + _PADDING:.0f}" y="{first + n * _LINE:.0f}">{escape(t)}</tspan>' for n, t in enumerate(lines)
    )
    kind = "other" if box.aside else box.status
    said = escape(box.says if box.aside else f"{box.says} ({kind})")
    inside = (
        f'<g class="box {kind}" data-key="{escape(key)}"><title>{said}</title>'
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{w:.0f}" height="{h:.0f}" rx="4"/><text>{text}</text></g>'
    )
    return f'<a href="{escape(box.link)}">{inside}</a>' if box.link else inside

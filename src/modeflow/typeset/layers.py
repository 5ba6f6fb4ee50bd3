"""A layered layout of a graph without circles: what leads to something is drawn left of it.

As Sugiyama, Tagawa and Toda (1981): layers by depth, an order in each layer with few crossings, then heights that keep
lines straight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TypeVar

Edge = tuple[str, str]
# A node; or, of an edge that passes through a layer, the edge and the layer.
Place = str | tuple[Edge, int]

P = TypeVar("P", str, Place)

_SWEEPS = 12


def layered(
    nodes: Sequence[str], edges: Sequence[Edge]
) -> tuple[dict[Place, int], dict[Place, float], dict[Edge, list[Place]]]:
    """The layer of each place, its height in rows from 0 on, and the places through which each edge goes.

    Where nodes lead to each other in a circle, its edges are left out.
    """
    nodes, edges = _in_order(nodes, edges)
    depth = _depths(nodes, edges)
    routes = {edge: _route(edge, depth) for edge in dict.fromkeys(edges)}
    columns: list[list[Place]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        columns[depth[node]].append(node)
    for edge, route in routes.items():
        for n, place in enumerate(route[1:-1], start=depth[edge[0]] + 1):
            columns[n].append(place)
    links = [link for route in routes.values() for link in pairwise(route)]
    ordered = _uncrossed(columns, links)
    layer = {place: n for n, column in enumerate(ordered) for place in column}
    return layer, _heights(ordered, links), routes


def _in_order(nodes: Sequence[str], edges: Sequence[Edge]) -> tuple[list[str], list[Edge]]:
    """The nodes, each after those that lead to it, and the edges that are in no circle."""
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(nodes, ()))
    for one, other in edges:
        sorter.add(other, one)
    try:
        return list(sorter.static_order()), list(edges)
    except CycleError as error:
        circle = set(pairwise(error.args[1]))
        return _in_order(nodes, [edge for edge in edges if edge not in circle])


def _depths(nodes: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """As far left as what leads to a node allows; what nothing leads to, as far right as what it leads to allows."""
    before, after = _neighbours(edges)
    depth: dict[str, int] = {}
    for node in nodes:
        depth[node] = 1 + max((depth[other] for other in before.get(node, ())), default=-1)
    for node in nodes:
        if node not in before and node in after:
            depth[node] = min(depth[other] for other in after[node]) - 1
    return depth


def _neighbours(edges: Iterable[tuple[P, P]]) -> tuple[dict[P, list[P]], dict[P, list[P]]]:
    """What is left of each place, and what is right of it."""
    before: dict[P, list[P]] = {}
    after: dict[P, list[P]] = {}
    for one, other in edges:
        before.setdefault(other, []).append(one)
        after.setdefault(one, []).append(other)
    return before, after


def _route(edge: Edge, depth: Mapping[str, int]) -> list[Place]:
    one, other = edge
    return [one, *((edge, layer) for layer in range(depth[one] + 1, depth[other])), other]


def _uncrossed(columns: list[list[Place]], links: Sequence[tuple[Place, Place]]) -> list[list[Place]]:
    """The columns in an order with few crossings: each in turn by where its neighbours are, there and back."""
    before, after = _neighbours(links)
    best, fewest = columns, _crossings(columns, after)
    for sweep in range(_SWEEPS):
        columns = _swept(columns, before) if sweep % 2 == 0 else _swept(columns[::-1], after)[::-1]
        if (found := _crossings(columns, after)) < fewest:
            best, fewest = columns, found
    return best


def _swept(columns: Sequence[Sequence[Place]], beside: Mapping[Place, Sequence[Place]]) -> list[list[Place]]:
    """Each column after the first in the order of the means of the places beside it."""
    ordered = [list(columns[0])] if columns else []
    for column in columns[1:]:
        row = {place: n for n, place in enumerate(ordered[-1])}
        own = {place: n * len(row) / max(len(column), 1) for n, place in enumerate(column)}
        mean = {p: _mean([row[q] for q in beside[p]]) if p in beside else own[p] for p in column}
        ordered.append(sorted(column, key=mean.__getitem__))
    return ordered


def _crossings(columns: Sequence[Sequence[Place]], after: Mapping[Place, Sequence[Place]]) -> int:
    return sum(_crossed(*pair, after) for pair in pairwise(columns))


def _crossed(left: Sequence[Place], right: Sequence[Place], after: Mapping[Place, Sequence[Place]]) -> int:
    """How many pairs of lines between two columns cross."""
    row = {place: n for n, place in enumerate(right)}
    ends = [end for place in left for end in sorted(row[q] for q in after.get(place, ()))]
    return sum(one > other for n, one in enumerate(ends) for other in ends[n + 1 :])


def _heights(columns: Sequence[Sequence[Place]], links: Sequence[tuple[Place, Place]]) -> dict[Place, float]:
    """Each place as near to the mean of its neighbours as the order and a row for each allow; the least is 0."""
    before, after = _neighbours(links)
    height = {place: float(n) for column in columns for n, place in enumerate(column)}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            near = {p: [height[q] for q in (*before.get(p, ()), *after.get(p, ()))] for p in column}
            wanted = [_mean(near[p]) if near[p] else height[p] for p in column]
            height |= dict(zip(column, _spread(wanted), strict=True))
    least = min(height.values(), default=0.0)
    return {place: y - least for place, y in height.items()}


def _spread(wanted: Sequence[float]) -> list[float]:
    """The heights nearest to these, in least squares, that keep their order and are a row apart."""
    blocks: list[tuple[float, int]] = []  # mean and size of places that touch
    for n, y in enumerate(wanted):
        mean, size = y - n, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean, size = (other * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    return [mean + n for n, mean in enumerate(mean for mean, size in blocks for _ in range(size))]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)

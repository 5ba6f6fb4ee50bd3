"""Certificates written by hand, to attack the checker with."""

from __future__ import annotations

from typing import Any

from certificate_truth import Certificate

from modeflow.recheck import FORMAT


def attack(nodes: list[Any], lhs: int, rhs: int, steps: Any = (), relation: str = "=", **more: Any) -> Certificate:
    """A certificate of the statement between two nodes, with these steps, at the point 2."""
    point = {node[1]: ["1", "1"] if node[2] is None else "2" for node in nodes if node[0] == "symbol"}
    common: Certificate = {"format": FORMAT, "relation": relation, "variables": 12, "point": point}
    common |= {"provided": [], "names": []}
    return common | {"nodes": nodes, "lhs": lhs, "rhs": rhs, "steps": list(steps)} | more

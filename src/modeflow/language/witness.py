"""How a point is told at which something is false."""

from __future__ import annotations

from collections.abc import Mapping


def describe_witness(witness: Mapping[str, object]) -> str:
    """One line: at which point the two sides differ, and what they are there."""
    point = witness.get("point")
    at = ", ".join(f"{k} = {v}" for k, v in point.items()) if isinstance(point, Mapping) else ""
    sides = f"left {witness.get('left')}, right {witness.get('right')}"
    return f"at {at}: {sides}" if at else sides

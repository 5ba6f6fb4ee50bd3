"""Findings, and what of a manuscript is read, as JSON: a list of objects with the fields of Finding or Reading."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from ..judge.findings import Finding
from ..readings import Reading


def as_json(found: Iterable[Finding | Reading]) -> str:
    """A list of objects with the fields of Finding, or of Reading."""
    return json.dumps([asdict(f) for f in found], ensure_ascii=False, indent=2, default=str)

"""Findings as JSON: a list of objects with the fields of Finding."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from ..judge.findings import Finding


def as_json(findings: Iterable[Finding]) -> str:
    """A list of objects with the fields of Finding."""
    return json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=2, default=str)

"""Findings as SARIF 2.1.0, the form in which code scanning reads the results of static analysis."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..judge.findings import Finding, Strictness
from .text import unchecked

_BASE = "%SRCROOT%"
RULES = {
    "wrong": "The equation does not say what the claim says.",
    "supported": "A step holds at many points and is not proved.",
    "missing": "No equation states a claim that the configuration requires or gives to a label.",
    "undecided": "The equation was neither proved nor refuted.",
    "unparsed": "The equation was not read.",
    "unknown": "A mark names no claim.",
    "empty": "Nothing was checked.",
    "unchecked": "A displayed equation is not checked.",
}


_WARNS = ("supported", "undecided", "unparsed", "empty")


def as_sarif(findings: Sequence[Finding], asked: Strictness) -> str:
    """A log of one run: a result for each finding that fails or warns; what was not looked at is a notification."""
    from ... import __version__

    rules = [{"id": name, "shortDescription": {"text": said}} for name, said in RULES.items()]
    results = [_result(f, asked) for f in findings if f.fails(asked) or f.verdict in _WARNS]
    notes = [] if asked.complete else [_note(said) for said in unchecked(findings)]
    notes += [_note(f.message) | {"locations": [_location(f)]} for f in findings if f.verdict == "unread"]
    run = {
        "tool": {"driver": {"name": "modeflow", "version": __version__, "rules": rules}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The folder in which the check ran."}}},
        "results": results,
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2)


def _result(finding: Finding, asked: Strictness) -> dict[str, Any]:
    said = f"{finding.claim}: " if finding.claim else ""
    return {
        "ruleId": finding.verdict,
        "ruleIndex": list(RULES).index(finding.verdict),
        "level": "error" if finding.fails(asked) else "warning",
        "message": _message(said + (finding.message or RULES[finding.verdict])),
        "locations": [_location(finding)],
        "properties": {"claim": finding.claim, "latex": finding.latex, "understood": finding.understood},
    }


def _note(text: str) -> dict[str, Any]:
    return {"level": "note", "message": _message(text)}


def _message(text: str) -> dict[str, str]:
    """Plain text, in which single braces would be places to fill in."""
    return {"text": text.replace("{", "{{").replace("}", "}}")}


def _location(finding: Finding) -> dict[str, Any]:
    region = {"startLine": finding.line_in_file or finding.line}
    if finding.cell is None:
        region["startColumn"] = finding.column
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": _artifact(finding.file), "region": region}}
    if finding.cell is not None:
        location["logicalLocations"] = [{"name": f"cell {finding.cell}, line {finding.line}"}]
    return location


def _artifact(file: str) -> dict[str, str]:
    """A path below the folder in which the command runs stays relative to it; any other becomes a whole address."""
    path = Path(file)
    if path.is_absolute() or ".." in path.parts:
        return {"uri": Path(os.path.abspath(path)).as_uri()}
    return {"uri": quote(os.fsencode(path.as_posix())), "uriBaseId": _BASE}

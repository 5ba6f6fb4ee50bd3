"""Findings as JUnit XML, the form in which most servers for continuous integration read results of tests."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from ...files.printable import shown
from ..judge.findings import Finding, Strictness, names


def as_junit(findings: Sequence[Finding], asked: Strictness) -> str:
    """A suite for each file and a case for each equation; what neither is right nor fails counts as skipped."""
    root = ElementTree.Element("testsuites", name="modeflow check")
    for file in dict.fromkeys(f.file for f in findings):
        own = [f for f in findings if f.file == file]
        suite = ElementTree.SubElement(root, "testsuite", name=shown(file))
        for name, finding in zip(names(own), own, strict=True):
            suite.append(_case(name, finding, asked))
        _count(suite)
    _count(root)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=True)
    return text.decode("ascii")


def _case(name: str, finding: Finding, asked: Strictness) -> ElementTree.Element:
    file, line = shown(finding.file), str(finding.line_in_file or finding.line)
    case = ElementTree.Element("testcase", name=shown(name), classname=file, file=file, line=line)
    message = shown(f"{finding.verdict}: {finding.message}" if finding.message else finding.verdict)
    if finding.fails(asked):
        failure = ElementTree.SubElement(case, "failure", type=finding.verdict, message=message)
        failure.text = "\n".join(shown(part) for part in (finding.latex, f"{finding.place}: {message}") if part)
    elif finding.note:
        ElementTree.SubElement(case, "system-out").text = shown(finding.note)
    elif finding.verdict != "ok":
        ElementTree.SubElement(case, "skipped", message=message)
    return case


def _count(suite: ElementTree.Element) -> None:
    suite.set("tests", str(len(list(suite.iter("testcase")))))
    suite.set("failures", str(len(list(suite.iter("failure")))))
    suite.set("errors", "0")
    suite.set("skipped", str(len(list(suite.iter("skipped")))))

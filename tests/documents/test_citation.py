"""CITATION.cff says what pyproject.toml and the bibliography say, in the keys of the Citation File Format 1.2."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOFTWARE = {
    "cff-version",
    "message",
    "type",
    "title",
    "abstract",
    "authors",
    "version",
    "license",
    "keywords",
    "references",
}
PAPER = {"type", "title", "authors", "year", "collection-title", "conference", "url", "identifiers"}


@pytest.fixture(scope="module")
def citation() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    found: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def test_every_key_is_one_of_the_format(citation: dict[str, Any]) -> None:
    assert citation["cff-version"] == "1.2.0"
    assert set(citation) == SOFTWARE
    (paper,) = citation["references"]
    assert set(paper) == PAPER
    assert (citation["type"], paper["type"]) == ("software", "conference-paper")
    assert all(set(author) <= {"name"} for author in citation["authors"])
    assert all(set(author) == {"family-names", "given-names"} for author in paper["authors"])


def test_it_says_what_the_package_says(citation: dict[str, Any], project: dict[str, Any]) -> None:
    assert (citation["title"], citation["version"]) == (project["name"], project["version"])
    assert citation["license"] == project["license"]
    assert set(citation["keywords"]) <= set(project["keywords"])


def test_the_paper_is_that_of_the_bibliography(citation: dict[str, Any], project: dict[str, Any]) -> None:
    (paper,) = citation["references"]
    entry = re.search(
        r"@inproceedings\{pretorius2018,(.*?)\n\}", (ROOT / "docs" / "references.bib").read_text(), re.DOTALL
    )
    assert entry
    fields = dict(re.findall(r"(\w+)\s*= \{(.*?)\},?$", entry[1], re.MULTILINE))
    assert (paper["title"], str(paper["year"])) == (fields["title"], fields["year"])
    authors = " and ".join(f"{a['family-names']}, {a['given-names']}" for a in paper["authors"])
    assert authors == fields["author"]
    assert paper["url"] == f"https://arxiv.org/abs/{fields['eprint']}" == project["urls"]["Paper"]


def test_no_other_address_is_named(project: dict[str, Any]) -> None:
    assert set(project["urls"]) == {"Paper"}

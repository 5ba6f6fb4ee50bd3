"""The entries of references.bib, read and written as a LaTeX thebibliography."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from ..statements.chapter import Chapter
from .narrative import Verdicts
from .prose import tex_prose

_ENTRY = re.compile(r"@\w+\{\s*([^\s,]+)\s*,(.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"(\w+)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


@cache
def references() -> dict[str, dict[str, str]]:
    """Key → field → value, of every entry."""
    return {key: dict(_FIELD.findall(body)) for key, body in _ENTRY.findall(_text())}


def _text() -> str:
    return (files("modeflow.docs") / "references.bib").read_text(encoding="utf-8")


def keys_of(source: str) -> list[str]:
    """The keys of references.bib in a source such as "saxe2014; pretorius2018, section 3"."""
    return [key for key, _ in parts_of(source) if key]


def bibtex(chapters: Iterable[Chapter], verdicts: Verdicts | None = None) -> str:
    """The entries that the chapters cite, as they stand in references.bib, in the order in which they are cited."""
    sources = (source for c in chapters for source in (c.source, *(claim.source for claim in c.claims.values())))
    keys = dict.fromkeys(key for source in sources for key in keys_of(source))
    text = _text()
    entries = {match[1]: match[0] for match in _ENTRY.finditer(text)}
    return "".join(f"{entries[key]}\n\n" for key in keys).removesuffix("\n")


def cited(source: str) -> str:
    r"""A claim's source as LaTeX: \cite where references.bib knows the key, else the words themselves."""
    return "; ".join(_cited(key, place) for key, place in parts_of(source))


def named(source: str) -> str:
    """A claim's source in words: authors and year where references.bib knows the key, else the words themselves."""
    return "; ".join(", ".join(filter(None, (_authors_and_year(key), place))) for key, place in parts_of(source))


def linked(source: str) -> str:
    """The same in Markdown, with links to the works that stand in arXiv."""
    return "; ".join(", ".join(filter(None, (_link(key), place))) for key, place in parts_of(source))


def parts_of(source: str) -> list[tuple[str, str]]:
    """(key, place) of each source; the key is "" where references.bib has none."""
    parts = [part.strip() for part in source.split(";")]
    split = [(part, *part.partition(",")[::2]) for part in parts]
    return [(key, place.strip()) if key in references() else ("", part) for part, key, place in split]


def _authors_and_year(key: str) -> str:
    """Such as "Saxe, McClelland and Ganguli (2014)"; "" for no key."""
    if not key:
        return ""
    entry = references()[key]
    *others, last = (name.partition(",")[0] for name in entry["author"].split(" and "))
    return f"{' and '.join([', '.join(others), last] if others else [last])} ({entry['year']})"


def _link(key: str) -> str:
    eprint = references()[key].get("eprint") if key else None
    return f"[{_authors_and_year(key)}](https://arxiv.org/abs/{eprint})" if eprint else _authors_and_year(key)


def _cited(key: str, place: str) -> str:
    if not key:
        return tex_prose(place)
    return rf"\cite[{tex_prose(place)}]{{{key}}}" if place else rf"\cite{{{key}}}"


def bibliography(keys: Iterable[str]) -> str:
    """The thebibliography of these entries, or nothing where there are none."""
    items = [rf"\bibitem{{{key}}} {_written(references()[key])}" for key in dict.fromkeys(keys) if key]
    if not items:
        return ""
    return "\n".join([r"\begin{thebibliography}{9}", *items, r"\end{thebibliography}"])


def _written(entry: dict[str, str]) -> str:
    authors, title, *rest = (tex_prose(part) for part in in_order(entry))
    emphasised = rf"\emph{{{title}}}" if title else ""
    return ", ".join(part for part in (authors, emphasised, *rest) if part) + "."


def in_order(entry: dict[str, str]) -> tuple[str, ...]:
    """Authors, title, place, year, number and note, in one order for every kind of entry; "" for what there is not."""
    authors = " and ".join(_first_last(name) for name in entry.get("author", "").split(" and ") if name)
    venue = entry.get("booktitle") or entry.get("journal") or entry.get("publisher") or ""
    eprint = f"arXiv:{entry['eprint']}" if "eprint" in entry else ""
    parts = (authors, entry.get("title", ""), venue, entry.get("year", ""), eprint, entry.get("note", ""))
    return tuple(part.replace("{", "").replace("}", "") for part in parts)


def _first_last(name: str) -> str:
    last, _, first = name.partition(", ")
    return f"{first} {last}".strip()

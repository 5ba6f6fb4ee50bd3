"""Manuscripts against claims: every marked equation gets a verdict."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache as memoised
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard

from sympy import Expr

from ..statements.catalogue import claims
from .judge.agreement import Comparer
from .judge.comparison_cache import Kept
from .judge.findings import Finding, Outcome
from .judge.questions import Comparison
from .mean.meaning import Reader
from .mean.notation import Configuration, Notation, load
from .read.grammar import expression, key, statement
from .text.marks import Display, Mark
from .text.rows import Piece, pieces
from .text.sources import Source, UnreadableSource, outermost, read
from .text.tokens import Macro, Token, Unparsed, tokens
from .text.tree import UnusableConfiguration, relative

MOST_MARKS = 8  # on one equation

_OTHER_MARKS = ("prove", "define", "ignore")
_IGNORES = re.compile(r"ignore(?:\s+--|--|\s|$)")  # not ignored, nor ignore.x
_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")


@dataclass(frozen=True)
class _Job:
    source: Source
    piece: Piece
    says: str


def check(
    paths: Iterable[str | Path],
    configuration: Configuration | None = None,
    *,
    time_limit: float = 10.0,
    jobs: int | None = None,
    coverage: bool = False,
    cache: bool = False,
) -> list[Finding]:
    r"""Check the marked equations of manuscripts against claims.

    Nothing in a manuscript is executed.

    Parameters:
        paths: LaTeX, Markdown or notebook files.
        configuration: the notation; None means the one in modeflow.toml or pyproject.toml beside each manuscript or
            above.
        time_limit: seconds for each proof, > 0.
        jobs: proofs at a time; None means one for each core.
        coverage: whether to give also a finding "unchecked" for each displayed equation or inequality without a mark.
        cache: whether comparisons are kept on disk, and those kept are used.
    Returns: a list with a Finding for each marked equation, in the order of the text, and for each claim that is
        missing.
    Raises:
        UnreadableSource: a file that cannot be read.
        UnusableConfiguration: a configuration that cannot be used.
    Example:
        >>> from pathlib import Path
        >>> from modeflow import manuscript
        >>> _ = Path("paper.tex").write_text(r'''
        ... % modeflow: dae.fixed_point
        ... \[ w^* = \frac{\lambda}{\lambda - \varepsilon} \]
        ... ''')
        >>> notation = manuscript.configuration({"notation": "pretorius2018"}, "here")
        >>> [finding.verdict for finding in manuscript.check(["paper.tex"], notation)]
        ['wrong']
    """
    findings: list[Finding] = []
    required: dict[str, str] = {}
    borne: set[str] = set()
    labels: dict[str, tuple[str, str]] = {}
    for paper in papers(paths, configuration, time_limit, cache):
        found = threads(jobs or os.cpu_count() or 1).map(paper.finding, paper.work)
        findings += [f for f in found if coverage or f.verdict != "unchecked"]
        required |= {identifier: required.get(identifier, str(paper.path)) for identifier in paper.requires}
        borne |= paper.borne
        labels |= {label: labels.get(label, (says, str(paper.path))) for label, says in paper.labels.items()}
    findings += [missing(i, file) for i, file in required.items() if not is_stated(i, findings)]
    return [*findings, *(unborne(label, *of) for label, of in labels.items() if label not in borne)]


def papers(
    paths: Iterable[str | Path], configuration: Configuration | None, time_limit: float, cache: bool
) -> Iterator[Paper]:
    """The manuscripts among the paths; a file that another of them inputs is read there. Raises as `check` does."""
    beside = memoised(partial(load, None))
    for path in outermost([relative(path) for path in paths]):
        yield Paper(path, configuration or beside(path.parent), time_limit, cache)


@memoised
def threads(jobs: int) -> ThreadPoolExecutor:
    """The threads that judge equations, each with a checking process of its own: the same ones in the whole run."""
    return ThreadPoolExecutor(jobs, "modeflow")


def _known(entry: str, named: Iterable[str]) -> None:
    for identifier in named:
        if identifier not in claims() and (entry, identifier) != ("labels", "prove"):
            raise UnusableConfiguration(f"{entry}: {_no_claim(identifier)}")


def _no_claim(identifier: str) -> str:
    if not identifier:
        return "the mark names no claim"
    near = [known for known in claims() if known.endswith(f".{identifier}")][:3]
    near = near or get_close_matches(identifier.split()[0], [*claims(), *_OTHER_MARKS], 1)
    return f"no claim {identifier!r}" + (f"; did you mean {' or '.join(near)}?" if near else "")


def is_stated(identifier: str, findings: Iterable[Finding]) -> bool:
    """Whether an equation states the claim: if wrongly, it fails by itself; one that was not decided states nothing."""
    return any(f.claim == identifier and f.verdict in ("ok", "wrong") for f in findings)


def missing(identifier: str, file: str) -> Finding:
    """That no equation states a claim, told at the top of the first file that requires it."""
    reason = "required by the configuration, and no equation states it"
    return Finding(file, 1, 1, identifier, "missing", reason=reason)


def unborne(label: str, says: str, file: str) -> Finding:
    """That no equation bears a label to which the configuration gives a claim."""
    reason = f"the configuration gives this claim to the label {label}, which no displayed equation that is seen bears"
    return Finding(file, 1, 1, says, "missing", reason=reason)


class Paper:
    """A manuscript that is read. work: its equations, and what was found in reading, in the order of the text.

    labels: those to which its configuration gives claims; borne: those of them that its equations bear.
    """

    def __init__(self, path: Path, chosen: Configuration, time_limit: float, cache: bool) -> None:
        _known("require", chosen.require)
        _known("labels", chosen.labels.values())
        self.path, self.requires, self.labels = path, chosen.require, chosen.labels
        sources, macros = read(path)
        self.borne = {label for source in sources for label in _borne(source) if label in chosen.labels}
        self.work: list[_Job | Finding] = []
        definitions: dict[str, Expr] = {}
        for source in sources:
            for item in _marked(source, chosen.labels, macros):
                self.work += [item] if not _is_definition(item) else _defined(item, chosen, definitions, macros)
        self._judge = _Judge(chosen.notation, definitions, macros, time_limit, cache)

    def finding(self, item: _Job | Finding) -> Finding:
        """The verdict on an equation; safe to ask from several threads."""
        return item if isinstance(item, Finding) else self._judge.finding(item)

    def unjudged(self, item: _Job | Finding) -> Finding:
        """What is known of an equation without a proof: where it is, and what is claimed."""
        if isinstance(item, Finding) or _IGNORES.match(item.says):
            return self.finding(item)
        begin = item.piece.position + _leading(item.piece.text)
        return _at(item.source, begin, item.says, "undecided", item.piece.text)


def _borne(source: Source) -> Iterator[str]:
    """The labels of its equations, read as `_display` reads them."""
    for display in source.displays:
        for part in pieces(display):
            yield from _LABEL.findall(display.text[part.position - display.position : part.end - display.position])


def _is_definition(item: _Job | Finding) -> TypeGuard[_Job]:
    return isinstance(item, _Job) and item.says.startswith("define ")


def _defined(
    job: _Job, chosen: Configuration, definitions: dict[str, Expr], macros: Mapping[str, Macro]
) -> list[_Job | Finding]:
    """Takes in a definition; what is wrong with it."""
    try:
        _define(job, chosen.notation, definitions, macros)
    except Unparsed as reason:
        return [_unparsed(job, str(reason), job.piece.position)]
    return []


# Which mark belongs to which equation ---------------------------------------------------------------------


def _marked(source: Source, labels: Mapping[str, str], macros: Mapping[str, Macro]) -> Iterator[_Job | Finding]:
    for before, display in zip([None, *source.displays], source.displays, strict=False):
        if before is not None and display.before and _stands_behind(source, display.before[0], before, macros):
            reason = "this mark stands behind an equation: write it on a line of its own before the equation it is for"
            line = source.place(display.before[0].position)[0]
            refused = [m for m in display.before if m.waits and source.place(m.position)[0] == line]
            for mark in refused:
                yield _unparsed(_Job(source, Piece(before.text, mark.position), mark.says), reason, mark.position)
            display = replace(display, before=tuple(m for m in display.before if m not in refused))
        yield from _display(source, display, labels, macros)
    for mark in source.lost:
        yield _lost(source, mark)


def _lost(source: Source, mark: Mark) -> _Job | Finding:
    """A mark that belongs to no equation: a definition, or an error at its own line."""
    job = _Job(source, Piece("", mark.position), mark.says)
    if mark.dead:
        return _at(source, mark.position, mark.says, "ignored", "", reason=mark.problem)
    return job if not (mark.waits or mark.problem) else _unparsed(job, mark.problem, mark.position)


def _stands_behind(source: Source, mark: Mark, display: Display, macros: Mapping[str, Macro]) -> bool:
    """Whether a mark ends the line on which a display, or a formula without a mark, ends: it may be meant for that."""
    end = display.position + len(display.text)
    line, following = source.text[end : mark.position], source.text[mark.position :].partition("\n")[0]
    following = re.sub(r"<!--.*?-->", "", following)
    marked = display.environment == "$" and (display.before or display.inside)
    if "\n" in line or marked or not mark.waits:
        return False
    last_on_line = following.startswith("%") or following.strip(" .,;:") == ""
    return last_on_line and any(part.problem or _relates(part, macros) for part in pieces(display))


def _display(
    source: Source, display: Display, labels: Mapping[str, str], macros: Mapping[str, Macro]
) -> Iterator[_Job | Finding]:
    parts = list(pieces(display))
    for mark in (*display.before, *display.inside):
        if not mark.waits:
            yield _Job(source, Piece("", mark.position), mark.says)
    before = [m for m in display.before if m.waits]
    taken: list[list[str]] = [[] for _ in parts]
    if before and len(before) == len(parts):
        for said, mark in zip(taken, before, strict=True):
            said.append(mark.says)
    elif before and _IGNORES.match(before[0].says) and len(before) == 1:
        for said in taken:
            said.append(before[0].says)
    elif before:
        reason = (
            f"marks before a display, {len(before)}, and its equations, {len(parts)}: write one for each, or mark rows"
        )
        for mark in before:
            yield _unparsed(_Job(source, Piece(display.text, mark.position), mark.says), reason, mark.position)
    for mark in display.inside:
        if mark.waits:
            number = _row_of(source, mark, display.position, parts)
            if number is None:
                yield _unparsed(
                    _Job(source, Piece(display.text, mark.position), mark.says), "no equation here", mark.position
                )
            else:
                taken[number].append(mark.says)
    for part, said in zip(parts, taken, strict=True):
        original = display.text[part.position - display.position : part.end - display.position]  # without comments
        said += [labels[label] for label in _LABEL.findall(original) if label in labels]
        for one in list(dict.fromkeys(said))[:MOST_MARKS]:
            yield _Job(source, part, one)
        if len(set(said)) > MOST_MARKS:
            reason = f"more than {MOST_MARKS} marks on one equation"
            yield _unparsed(_Job(source, part, said[-1]), reason, part.position)
        if not said and display.environment not in _INLINE and (display.problem or _relates(part, macros)):
            yield _at(source, part.position + _leading(part.text), "", "unchecked", part.text)


_INLINE = ("$", "math")
_RELATIONS = frozenset("=<>") | {
    "\\" + name
    for name in (
        *("le", "leq", "leqslant", "ge", "geq", "geqslant", "lt", "gt", "ll", "gg", "ne", "neq", "equiv", "approx"),
        *("propto", "sim", "simeq", "cong", "doteq", "coloneqq", "triangleq", "lesssim", "gtrsim"),
    )
}


def _relates(piece: Piece, macros: Mapping[str, Macro]) -> bool:
    """Whether a display says that something equals, or exceeds, something; a macro of the author's may say it."""
    try:
        written = [token.text for token in tokens(piece.text, piece.position, macros)]
    except Unparsed:
        written = re.findall(r"\\[A-Za-z]+|\\.|\S", piece.text)
    depth, before = 0, ""  # inside indices and limits, where = only names a first term
    for token in written:
        if token == "{" and (depth or before in ("_", "^")):
            depth += 1
        elif token == "}" and depth:
            depth -= 1
        elif not depth and token in _RELATIONS:
            return True
        before = token
    return False


def _row_of(source: Source, mark: Mark, begin: int, parts: list[Piece]) -> int | None:
    """A comment behind a row on its line, or between two of its lines, belongs to that row; any other to the next."""
    start = max(source.text.rfind("\n", 0, mark.position) + 1, begin)
    line = source.text[start : mark.position]
    begins = re.sub(r"\\(begin|end)\s*\{[^}]*\}(\[[^\]]*\]|\{\d+\})?|\\\[|\$\$", "", line).strip()
    before = re.sub(r"\\\\\*?(\s*\[[^\]\n]*\])?\s*$", "", line.rstrip())
    if begins and before.strip():
        place = start + len(before.rstrip(" \t&")) - 1
        inside = [n for n, p in enumerate(parts) if p.position <= place < max(p.end, p.position + 1)]
        return inside[0] if len(inside) == 1 else None
    for number, part in enumerate(parts):
        if part.position + len(part.text.rstrip()) > mark.position:
            return number
    around = [n for n, p in enumerate(parts) if p.position <= mark.position < p.end]
    return around[0] if len(around) == 1 else (len(parts) - 1 if len(parts) == 1 else None)


def _define(job: _Job, notation: Notation, definitions: dict[str, Expr], macros: Mapping[str, Macro]) -> None:
    left, _, right = job.says.removeprefix("define ").partition("=")
    name = key(left)
    if name in notation.table or name in definitions or f"{name}(" in notation.names():
        raise Unparsed(f"{name} is declared already", 0)
    if "=" in right:
        raise Unparsed("a definition has one =", 0)
    value = expression(tokens(right, 0, macros), notation.names() | set(definitions))
    definitions[name] = Reader(notation, {}, {}, definitions).read(value)


# Verdicts -------------------------------------------------------------------------------------------------


class _Judge:
    def __init__(
        self,
        notation: Notation,
        definitions: Mapping[str, Expr],
        macros: Mapping[str, Macro],
        time_limit: float,
        cache: bool,
    ) -> None:
        self._names = notation.names() | set(definitions)
        self._macros = macros
        self._comparer = partial(Comparer, notation, definitions, time_limit)  # one an equation: threads share this
        self._kept = Kept(notation, definitions, cache)

    def finding(self, job: _Job) -> Finding:
        begin = job.piece.position + _leading(job.piece.text)
        if ignores := _IGNORES.match(job.says):
            reason = job.says[ignores.end() :].strip()
            if not reason:
                return _unparsed(
                    job, "an equation is ignored for a reason: % modeflow: ignore -- reason", job.piece.position
                )
            return _at(job.source, begin, "", "ignored", job.piece.text, reason=reason)
        if job.says != "prove" and job.says not in claims():
            return _at(job.source, begin, job.says, "unknown", job.piece.text, reason=_no_claim(job.says))
        if job.piece.problem:
            return _unparsed(job, job.piece.problem, job.piece.position)
        try:
            found = self._conditioned(job.piece.condition, self._compared(job))
        except Unparsed as reason:
            return _unparsed(job, str(reason), max(reason.position, begin))
        except RecursionError:
            return _unparsed(job, "nested too deeply", job.piece.position)
        return _at(job.source, begin, job.says, latex=job.piece.text, **found.told())

    def _conditioned(self, condition: str, found: Comparison) -> Comparison:
        """The verdict on an equation behind which a condition stands: it is wrong where that holds at the witness."""
        if condition and found.verdict == "wrong" and not self._holds(condition, found.witness):
            reason = f"{found.reason}, at a point where the condition behind the equation may not hold"
            return replace(found, verdict="undecided", reason=reason)
        return found

    def _holds(self, condition: str, witness: Mapping[str, object] | None) -> bool:
        point = witness.get("point") if witness else None
        if not isinstance(point, Mapping):
            return False
        written = re.sub(r"\\(?:text|textrm|textup|mbox)\s*\{[^{}]*\}", " ", condition).strip(" \n\t,.;")
        try:
            said = statement(tokens(written, 0, self._macros), self._names)
            return self._comparer().holds_at(said, point)
        except (Unparsed, RecursionError):
            return False

    def _compared(self, job: _Job) -> Comparison:
        read = tokens(job.piece.text, job.piece.position, self._macros)
        _refuse_hidden_relations(job.piece, read)

        def compare() -> Comparison:
            said = statement(read, self._names)
            comparer = self._comparer()
            return comparer.identity(said) if job.says == "prove" else comparer.claim(said, claims()[job.says])

        return self._kept.comparison(job.says, read, compare)


def _refuse_hidden_relations(piece: Piece, read: Sequence[Token]) -> None:
    """Rows whose = stands in a macro may be equations of their own."""
    shown = tokens(piece.text, piece.position)
    if piece.joined and sum(t.text in _RELATIONS for t in read) > sum(t.text in _RELATIONS for t in shown):
        raise Unparsed("a macro stands for a relation in one of several rows: write the relation", piece.position)


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip())


def _unparsed(job: _Job, reason: str, position: int) -> Finding:
    return _at(job.source, position, job.says, "unparsed", job.piece.text, reason=reason)


def _at(source: Source, position: int, claim: str, verdict: Outcome, latex: str, **found: Any) -> Finding:
    line, column = source.place(position)
    in_file = source.lines_in_file[line - 1] if source.lines_in_file else None
    written = " ".join(latex.split())
    return Finding(
        str(source.path), line, column, claim, verdict, written, cell=source.cell, line_in_file=in_file, **found
    )


__all__ = ["UnreadableSource", "UnusableConfiguration", "check"]

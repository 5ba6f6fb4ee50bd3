"""Manuscripts against claims: every marked equation gets a verdict."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache as memoised
from functools import partial
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from typing import Any, TypeGuard

from sympy import Expr

from ..language.verdict import OUT_OF_TIME, Status
from ..proof import limits
from ..statements.chapter import Chapter
from ..statements.claims import Claim
from . import mending
from .calculations import Link
from .judge.agreement import Comparer, Search
from .judge.comparison_cache import ComparisonCache, OnDisk, Store
from .judge.corrections import Correction
from .judge.findings import Finding
from .judge.prover_questions import Comparison
from .judge.steps import Step, StepComparer
from .marked_equations import IGNORES, RELATIONS, Job, borne_labels, marked
from .mean.elsewhere import Elsewhere
from .mean.meaning import Reader
from .mean.notation import Configuration, Notation, load, no_claim
from .read.chains import applies, has_number_in_brackets, lone_name
from .read.formula_trees import Node, Statement
from .read.grammar import expression, key, statement
from .read.not_compared import not_compared
from .read.outline import head_of_chain, outline
from .text.folders import UnusableConfiguration, listed
from .text.rows import Piece
from .text.sources import Source, UnreadableSource, outermost, read
from .text.surroundings import reason_in_display, words_around
from .text.tokens import Macro, Token, Unparsed, tokens

_COVERAGE = ("unchecked", "unread")
OWN = 3  # times the limit of one proof: seconds of what the checker itself calculates on one equation
Verdict = tuple[Finding, Callable[[], Finding] | None]  # and what gives it with corrections, where these are sought


def check(
    paths: Iterable[str | Path],
    configuration: Configuration | None = None,
    *,
    time_limit: float = 10.0,
    jobs: int | None = None,
    coverage: bool = False,
    cache: bool = False,
    chapters: Sequence[Chapter] = (),
    steps: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Finding]:
    r"""Check the marked equations of manuscripts against claims.

    Nothing in a manuscript is executed.

    Parameters:
        paths: LaTeX, Markdown or notebook files.
        configuration: the notation; None means the one in modeflow.toml or pyproject.toml beside each manuscript or
            above.
        time_limit: seconds for each proof, > 0.
        jobs: proofs at a time; None means one for each core.
        coverage: whether to give also a finding "unchecked" for each displayed equation or inequality without a mark,
            and "unread" for each file that is input and not read.
        cache: whether comparisons are kept on disk, and those kept are used; not where chapters are given.
        chapters: chapters of your own, besides those that ship, where the configuration is not given.
        steps: whether in every displayed chain without a mark each member is held against the next, as the
            configuration may say as well.
        progress: called with how many equations are judged, and how many there are.
    Returns: a list with a Finding for each marked equation and each step, in the order of the text, and for each claim
        that is missing.
    Raises:
        UnreadableSource: a file that cannot be read.
        UnusableConfiguration: a configuration that cannot be used.
        TypeError: a path alone, where a list of paths is wanted.
        ValueError: a time limit or a number of jobs that is not > 0.
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
    if jobs is not None and jobs < 1:
        raise ValueError(f"jobs = {jobs}: give a whole number >= 1, or None for one for each core")
    # All are read before any is judged.
    checked = list(papers(paths, configuration, time_limit, cache, chapters, steps))
    number = count(1)
    total = sum(len(paper.work) for paper in checked)
    findings: list[Finding] = []
    for paper in checked:
        judged = []
        for finding in threads(jobs or os.cpu_count() or 1).map(paper.finding, paper.work):
            judged.append(finding)
            if progress:
                progress(next(number), total)
        settled = mending.settled(list(zip(paper.work, judged, strict=True)))
        findings += [finding for finding in settled if coverage or finding.verdict not in _COVERAGE]
    return [*findings, *absent(checked, findings)]


def absent(checked: Iterable[Paper], findings: Sequence[Finding]) -> Iterator[Finding]:
    """That no equation states a claim that is required, or bears a label to which a claim is given."""
    required: dict[str, str] = {}
    labels: dict[str, tuple[str, str]] = {}
    borne: set[str] = set()
    for paper in checked:
        file, borne = str(paper.path), borne | paper.borne
        required |= {identifier: required.get(identifier, file) for identifier in paper.requires}
        labels |= {label: labels.get(label, (says, file)) for label, says in paper.labels.items()}
    yield from (missing(claim, file) for claim, file in required.items() if not is_stated(claim, findings))
    yield from (unborne(label, *given) for label, given in labels.items() if label not in borne)


def papers(
    paths: Iterable[str | Path],
    configuration: Configuration | None,
    time_limit: float,
    cache: bool,
    chapters: Sequence[Chapter] = (),
    steps: bool = False,
) -> Iterator[Paper]:
    """The manuscripts among the paths; a file that another of them inputs is read there. Raises as `check` does."""
    if isinstance(paths, str | Path):
        raise TypeError(f"paths = {str(paths)!r}: give a list of files, such as [{str(paths)!r}]")
    beside = memoised(lambda folder: load(None, folder, chapters))
    for path in outermost(listed(paths)):
        chosen = configuration or beside(path.parent)
        yield Paper(path, replace(chosen, steps=chosen.steps or steps), time_limit, kept(chosen) if cache else None)


def kept(chosen: Configuration) -> OnDisk | None:
    """Where comparisons are kept on disk: nowhere for chapters of the reader's own."""
    return OnDisk() if chosen.notation.own is None else None


@memoised
def threads(jobs: int) -> ThreadPoolExecutor:
    """The threads that judge equations, each with a checking process of its own: the same ones in the whole run."""
    return ThreadPoolExecutor(jobs, "modeflow")


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

    labels: those to which its configuration gives claims; borne: those of them that its equations bear; files: those
    that it is in. store: where comparisons are kept, if anywhere. unsaved: the texts of files that are not saved yet.
    """

    def __init__(
        self,
        path: Path,
        chosen: Configuration,
        time_limit: float,
        store: Store | None,
        unsaved: Mapping[str, str] | None = None,
    ) -> None:
        self.path, self.requires, self.labels = path, chosen.require, chosen.labels
        sources, macros = read(path, unsaved or {})
        self.files = tuple(dict.fromkeys(source.path for source in sources))
        self.borne = {label for source in sources for label in borne_labels(source) if label in chosen.labels}
        self.work: list[Job | Finding] = []
        definitions: dict[str, Expr] = {}
        names = chosen.notation.names()
        found = (marked(source, chosen.labels, macros, names, chosen.steps) for source in sources)
        for item in chain.from_iterable(found):
            self.work += _defined(item, chosen, definitions, macros, time_limit) if _is_definition(item) else [item]
        calculates = any(isinstance(item, Job) and item.link for item in self.work)
        elsewhere = Elsewhere(sources if calculates else (), macros)
        paper = partial(_digest, sources, macros)
        self._judge = _Judge(chosen.notation, definitions, macros, time_limit, store, elsewhere, paper)

    def finding(self, item: Job | Finding) -> Finding:
        """The verdict on an equation; safe to ask from several threads."""
        first, meant = self.verdict(item)
        return first if meant is None else meant()

    def verdict(self, item: Job | Finding) -> Verdict:
        """The same, before the corrections of what is wrong are sought."""
        return (item, None) if isinstance(item, Finding) else self._judge.verdict(item)

    def unjudged(self, item: Job | Finding) -> Finding:
        """What is known of an equation without a proof: where it is, and what is claimed."""
        if isinstance(item, Finding) or IGNORES.match(item.says):
            return self.finding(item)
        return item.finding("undecided")


def _is_definition(item: Job | Finding) -> TypeGuard[Job]:
    return isinstance(item, Job) and item.says.startswith("define ")


def _defined(
    job: Job, chosen: Configuration, definitions: dict[str, Expr], macros: Mapping[str, Macro], time_limit: float
) -> list[Job | Finding]:
    """Takes in a definition; what is wrong with it."""
    try:
        with limits.within(OWN * time_limit):
            _define(job, chosen.notation, definitions, macros)
    except limits.OutOfTime:
        return [job.unparsed(out_of_time(OWN * time_limit))]
    except Unparsed as reason:
        return [job.unparsed(str(reason))]
    return []


def _define(job: Job, notation: Notation, definitions: dict[str, Expr], macros: Mapping[str, Macro]) -> None:
    left, _, right = job.says.removeprefix("define ").partition("=")
    name = key(left)
    if name in notation.table or name in definitions or f"{name}(" in notation.names():
        raise Unparsed(f"{name} is declared already: take another letter", 0)
    if "=" in right:
        raise Unparsed("a definition has one =: write the second in a definition of its own", 0)
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
        store: Store | None,
        elsewhere: Elsewhere,
        paper: Callable[[], str],
    ) -> None:
        self._claims = notation.catalogue.claims
        self._own = {i: c for chapter in notation.catalogue.own for i, c in chapter.claims.items()}
        self._verdict: Callable[[Claim], Status] = memoised(lambda claim: claim.verify(time_limit=time_limit).status)
        self._notation, self._definitions = notation, set(definitions)
        self._macros = macros
        # One an equation: threads share this.
        self._comparer = partial(Comparer, definitions=definitions, time_limit=time_limit)
        self._steps = partial(StepComparer, notation, definitions, time_limit, elsewhere)
        self._elsewhere, self._paper = elsewhere, memoised(paper)
        self._cache, self._limit = ComparisonCache(notation, definitions, store), OWN * time_limit

    def verdict(self, job: Job) -> Verdict:
        if ignores := IGNORES.match(job.says):
            return _ignored(job, job.says[ignores.end() :].strip()), None
        if job.link is not None:
            return self._of_step(job, job.link), None
        if job.says != "prove" and job.says not in self._claims:
            return job.finding("unknown", reason=no_claim(job.says, self._claims)), None
        if job.piece.problem:
            return job.unparsed(job.piece.problem), None
        try:
            read = job.read(self._macros)
            judged, meant = self._compared(job, read)
            first = self._told(job, judged, read)
        except Unparsed as reason:
            return job.unparsed(str(reason), max(reason.position, job.begin)), None
        except RecursionError:
            return job.unparsed("nested too deeply"), None
        return first, None if meant is None else lambda: self._told(job, meant(), read)

    def _within_limit(self, comparing: Callable[[], Comparison]) -> Comparison:
        """What a comparison gives; undecided where what it calculates itself, without the prover, takes too long."""
        try:
            with limits.within(self._limit):
                return comparing()
        except limits.OutOfTime:
            return Comparison("undecided", out_of_time(self._limit))

    def _told(self, job: Job, judged: Comparison, read: Sequence[Token]) -> Finding:
        judged = self._conditioned(job, judged)
        return job.finding(**judged.told(), **self._corrected(job, judged, read))

    def _corrected(self, job: Job, judged: Comparison, read: Sequence[Token]) -> dict[str, Any]:
        """The suggestion and the correction of what is wrong."""
        if judged.verdict != "wrong" or not judged.corrections:
            return {}
        return mending.told(job, read, judged.corrections[0], judged.unique, self._macros)

    def _of_step(self, job: Job, link: Link) -> Finding:
        """The verdict on a step of a calculation."""
        step = link.chain.step(link.number)
        place = f"{job.source.path} {job.source.cell} {link.position}"
        try:
            judged = self._cache.step(
                step,
                lambda: f"{self._paper()} {place}",
                lambda: self._within_limit(lambda: self._compared_step(job, link, step)),
            )
        except Unparsed as reason:
            return job.unparsed(str(reason), max(reason.position, step[0].position))
        except RecursionError:
            return job.unparsed("nested too deeply")
        notes = "; ".join(filter(None, (judged.note, link.beside))) if judged.verdict == "ok" else ""
        return job.finding(**replace(judged, note=notes).told(), **self._corrected(job, judged, step))

    def _compared_step(self, job: Job, link: Link, step: Sequence[Token]) -> Comparison:
        """The comparison of its members, as they are written where not all in them is known."""
        comparer = self._steps(written=step)
        try:
            return comparer.step(self._step(job, link, step))
        except Unparsed as refused:
            return comparer.as_written(link.chain, link.number, refused)

    def _step(self, job: Job, link: Link, step: Sequence[Token]) -> Step:
        return Step(
            statement(step, self._known(self._notation)),
            *_excuses(job, link),
            len(link.chain.relations) == 1,
            tuple(self._elsewhere.at(job.source, job.piece)),
            applies(step),
            has_number_in_brackets(step),
            self._beside(link),
        )

    def _beside(self, link: Link) -> tuple[Node | None, Node | None]:
        """The members before and behind a step, where = leads to them and they are read."""
        return self._member(link, link.number - 1, link.number - 1), self._member(
            link, link.number + 1, link.number + 2
        )

    def _member(self, link: Link, relation: int, number: int) -> Node | None:
        relations = link.chain.relations
        is_step = 0 <= relation < len(relations) and relations[relation].sign == "="
        if not is_step or relations[relation].defines or not (found := link.chain.member(number)):
            return None
        if number == 0 and lone_name(found, self._known(self._notation)):
            return None
        try:
            return expression(found, self._known(self._notation))
        except (Unparsed, RecursionError):
            return None

    def _status(self, says: str) -> Status:
        """The verdict on a claim of the reader's own, which an equation is to state; those that ship are proved."""
        if says not in self._own or self._own[says].expects != "proved":
            return "proved"
        return self._verdict(self._own[says])

    def _notation_for(self, says: str) -> Notation:
        claim = self._claims.get(says)
        return self._notation if claim is None else self._notation.for_claim(claim)

    def _known(self, notation: Notation) -> Set[str]:
        return notation.names() | self._definitions

    def _conditioned(self, job: Job, judged: Comparison) -> Comparison:
        """The verdict on an equation after which a condition stands: it is wrong where that holds at the witness."""
        condition = job.piece.condition
        if condition and judged.verdict == "wrong" and not self._holds(condition, job.says, judged.witness):
            reason = f"{judged.reason}, at a point where the condition behind the equation may not hold"
            return replace(judged, verdict="undecided", reason=reason)
        return judged

    def _holds(self, condition: str, says: str, witness: Mapping[str, object] | None) -> bool:
        point = witness.get("point") if witness else None
        if not isinstance(point, Mapping):
            return False
        written = re.sub(r"\\(?:text|textrm|textup|mbox)\s*\{[^{}]*\}", " ", condition).strip(" \n\t,.;")
        try:
            notation = self._notation_for(says)
            said = statement(tokens(written, 0, self._macros), self._known(notation))
            with limits.within(self._limit):
                return self._comparer(notation).holds_at(said, point)
        except (Unparsed, RecursionError, limits.OutOfTime):
            return False

    def _compared(self, job: Job, read: list[Token]) -> tuple[Comparison, Callable[[], Comparison] | None]:
        """The comparison; and what gives it with corrections, where these are still to be sought."""
        _refuse_hidden_relations(job.piece, read)
        known = self._cache.known(job.says, read)
        if known is not None:
            return known, None
        before = limits.reached()
        judged, meant = self._newly_compared(job, read)
        lasting = limits.reached() == before
        if meant is None:
            return self._cache.keep(job.says, read, judged, lasting), None
        return judged, lambda: self._cache.keep(job.says, read, judged.corrected(*meant()), lasting)

    def _newly_compared(self, job: Job, read: list[Token]) -> tuple[Comparison, Search | None]:
        if (status := self._status(job.says)) != "proved":
            return Comparison("undecided", f"the claim is {status} itself; `modeflow verify` says why"), None
        notation = self._notation_for(job.says)
        names = self._known(notation)
        try:
            said, written, note = statement(read, names), read, ""
        except Unparsed as refused:
            if (head := _head(read, names)) is None:
                return _read_at_least(read, refused), None
            said, written, note = head
        comparer = self._comparer(notation, written=written)
        claim = self._claims.get(job.says)
        judged = self._within_limit(lambda: comparer.identity(said) if claim is None else comparer.claim(said, claim))
        notes = filter(None, (judged.note, note))
        if judged.verdict == "ok":
            return replace(judged, note="; ".join(notes)), None
        return judged, self._search(comparer.meant) if judged.verdict == "wrong" else None

    def _search(self, meant: Search | None) -> Search | None:
        """The same search, which ends with nothing where it calculates too long beyond its own limit."""

        def bounded() -> tuple[list[Correction], bool]:
            assert meant is not None
            try:
                with limits.within(self._limit):
                    return meant()
            except limits.OutOfTime:
                return [], False

        return None if meant is None else bounded


def out_of_time(limit: float) -> str:
    """The reason of what was ended in the checker itself."""
    return f"{OUT_OF_TIME} {limit:g} s of processor time, while the equation was put in the letters of the claim"


def _head(found: Sequence[Token], names: Set[str]) -> tuple[Statement, list[Token], str] | None:
    r"""Of a = b \approx c the statement a = b, its tokens, and that the rest is not checked; None if not read."""
    try:
        head = head_of_chain(found)
        return head and (statement(head[0], names), head[0], f"what stands from {head[1]} on is not checked")
    except Unparsed:
        return None


def _read_at_least(found: Sequence[Token], refused: Unparsed) -> Comparison:
    """Undecided where something is read and never compared; raises `refused` where there is none of that."""
    try:
        never = not_compared(outline(found))
    except Unparsed:
        raise refused from None
    if not never:
        raise refused
    return Comparison("undecided", never)


def _digest(sources: Iterable[Source], macros: Mapping[str, Macro]) -> str:
    """A digest of a paper."""
    texts = [[str(source.path), source.cell, source.text] for source in sources]
    return sha256(
        json.dumps([texts, sorted((name, repr(macro)) for name, macro in macros.items())]).encode()
    ).hexdigest()


def _excuses(job: Job, link: Link) -> tuple[str, str]:
    """What around a step may make any difference right, and what one that letters can make vanish; "" where nothing."""
    if job.piece.condition:
        return (said := " ".join(job.piece.condition.split())), said
    if link.relation.labelled or any(not relation.sign for relation in link.chain.relations):
        return (said := next(r.written for r in link.chain.relations if r.labelled or not r.sign)), said
    if job.display is None:
        return "", ""
    begin, text = job.display.position, job.display.text
    if said := reason_in_display(text):
        return said, said
    words = words_around(job.source.text, begin, begin + len(text))
    return words.may_undo, words.may_relate


def _ignored(job: Job, reason: str) -> Finding:
    if not reason:
        return job.unparsed("an equation is ignored for a reason: % modeflow: ignore -- reason")
    return job.finding("ignored", claim="", reason=reason)


def _refuse_hidden_relations(piece: Piece, read: Sequence[Token]) -> None:
    """Rows whose = stands in a macro may be equations of their own."""
    shown = tokens(piece.text, piece.position)
    if piece.joined and sum(t.text in RELATIONS for t in read) > sum(t.text in RELATIONS for t in shown):
        raise Unparsed("a macro stands for a relation in one of several rows: write the relation", piece.position)


__all__ = ["UnreadableSource", "UnusableConfiguration", "check"]

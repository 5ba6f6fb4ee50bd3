"""The process in which papers are checked for an editor.

It may use as much memory as a proof, and may be killed. Questions and answers are single lines of JSON; nothing that is
read is executed. `checker` is the other side.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sympy import Integer

from ..manuscript.judge.comparison_cache import InMemory, OnDisk
from ..manuscript.judge.findings import Finding
from ..manuscript.marked_equations import Job
from ..manuscript.mean.notation import Configuration, load
from ..manuscript.mending import settled
from ..manuscript.pipeline import Paper, Verdict, absent
from ..manuscript.report.corrected_files import to_correct
from ..manuscript.report.explanations import explanation_of
from ..manuscript.text.folders import UnusableConfiguration
from ..manuscript.text.sources import UnreadableSource, outermost, parts
from ..proof import worker
from ..proof.prove import prove
from ..statements.catalogue import Catalogue, UnusableChapter, load_chapters, shipped
from ..statements.chapter import Chapter
from ..statements.claims import Claim

GRACE = 0.5  # seconds in which a proof that is no longer wanted may end by itself
MOST_FILES = 200  # of a folder, looked through for the paper of which a file is a part

Question = dict[str, Any]
_Item = tuple[Job | Finding, Finding]


def serve() -> None:
    """Answer questions from standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when to stop
    worker.limit_memory()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what else is printed is for the log of the editor

    def tell(answer: dict[str, Any]) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    checks = Checks(json.loads(sys.stdin.readline()), tell)
    checks.start()
    for line in sys.stdin:
        checks.take(json.loads(line))
    worker.stop()
    os._exit(0)


class Checks:
    """One check at a time, in a thread of its own, which a question may stop."""

    def __init__(self, options: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
        self._options, self._tell = options, tell
        self._chapters: Sequence[Chapter] = ()
        self._unusable = ""
        self._store = InMemory(None)
        self._papers: dict[Path, Path] = {}
        self._asked: list[Question] = []
        self._changed = threading.Condition()
        self._running: int | None = None

    def start(self) -> None:
        threading.Thread(target=self._work, daemon=True).start()

    def take(self, question: Question) -> None:
        """A check that is wanted, or one that is to stop."""
        with self._changed:
            if "stop" not in question:
                self._asked.append(question)
                self._changed.notify()
            elif self._running == question["stop"]:
                self._store.closed = True
                threading.Timer(GRACE, self._end, [question["stop"]]).start()
            elif any(one["check"] == question["stop"] for one in self._asked):
                self._asked.clear()
                self._tell({"end": question["stop"], "stopped": True})

    def _end(self, number: int) -> None:
        """End the proof of a check that is to stop; and the next one of it, if it asks for one all the same."""
        with self._changed:
            if self._running == number:
                worker.stop(starting=False)
                threading.Timer(GRACE, self._end, [number]).start()

    def _work(self) -> None:
        self._tell({"claims": self._loaded()})
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._asked))
                question = self._asked.pop(0)
                self._running = question["check"]
                self._store.closed = False
            answer = self._answer(question)
            with self._changed:
                self._running = None
            self._tell(answer)
            prove(Integer(0))  # so that the process of proofs is there before the next one

    def _loaded(self) -> list[tuple[str, str]]:
        """The claims, each with what it says; chapters are loaded."""
        options = self._options
        try:
            self._chapters = [chapter for name in options["chapters"] for chapter in load_chapters(name)]
            catalogue = Catalogue(tuple(self._chapters)) if self._chapters else shipped()
        except UnusableChapter as reason:
            self._unusable, catalogue = str(reason), shipped()
        # Chapters stay what they are while the process runs.
        self._store = InMemory(OnDisk() if options["cache"] and not self._chapters else None)
        return [(claim.id, claim.says) for claim in catalogue.claims.values()]

    def _answer(self, question: Question) -> dict[str, Any]:
        """What ends a check: that it is done, or why not."""
        end = {"end": question["check"]}
        try:
            if self._unusable:
                return end | {"failed": self._unusable}
            for found in self._found(question):
                self._tell(found)
                if self._store.closed:
                    return end | {"stopped": True}
        except (UnreadableSource, UnusableConfiguration) as reason:
            return end | {"failed": str(reason)}
        except (MemoryError, RecursionError):
            return end | {"failed": "checking needs more than its share of memory: split the paper"}
        except Exception as fault:  # a defect: it is told, and ends no editor
            return end | {"failed": f"checking failed: {type(fault).__name__}: {fault}"}
        return end | {"stopped": self._store.closed}

    def _found(self, question: Question) -> Iterator[dict[str, Any]]:
        """The files of the paper, and the findings of each equation, those nearest to the last change first.

        The verdicts come first. Where corrections are sought, "judged" follows, and what is wrong is told once more.
        """
        unsaved = {os.path.realpath(path): text for path, text in question["unsaved"].items()}
        path = self._paper(Path(question["path"]), question, unsaved)
        chosen = self._configuration(path)
        paper = Paper(path, chosen, self._options["time_limit"], self._store, unsaved)
        yield {"files": [str(file) for file in paper.files]}
        claims = chosen.notation.catalogue.claims
        equations = _nearest_first(paper.work, question["path"], question["line"])
        findings: list[Finding] = []
        sought: list[tuple[int, list[Verdict]]] = []
        for number, items in enumerate(equations):
            if self._store.closed:
                return
            verdicts = [paper.verdict(item) for item in items]
            found = settled(list(zip(items, (finding for finding, _ in verdicts), strict=True)))
            findings += found
            sought += [(number, verdicts)] if any(meant for _, meant in verdicts) else []
            yield {"equation": number, "found": plain(list(zip(items, found, strict=True)), claims)}
        missing = plain([(one, one) for one in absent([paper], findings)], claims)
        yield {"equation": len(equations), "found": missing, "judged": bool(sought)}
        for number, verdicts in sought:
            if self._store.closed:
                return
            corrected = [finding if meant is None else meant() for finding, meant in verdicts]
            found = settled(list(zip(equations[number], corrected, strict=True)))
            yield {"equation": number, "found": plain(list(zip(equations[number], found, strict=True)), claims)}

    def _configuration(self, path: Path) -> Configuration:
        config = self._options["config"]
        chosen = load(Path(config) if config else None, path.parent, self._chapters)
        return replace(chosen, steps=chosen.steps or self._options["steps"])

    def _paper(self, path: Path, question: Question, unsaved: dict[str, str]) -> Path:
        """The paper that a file is part of; itself where no file beside it or above, up to the root, inputs it."""
        if question["saved"]:
            self._papers.clear()
        if path not in self._papers:
            self._papers[path] = _outermost(path, question["root"], unsaved)
        return self._papers[path]


def _outermost(path: Path, root: str | None, unsaved: dict[str, str]) -> Path:
    real = os.path.realpath(path)
    above = [f for f in path.parents if root and f.is_relative_to(root)] or [path.parent]
    for folder in reversed(above if path.suffix.lower() == ".tex" else []):
        texts = sorted(folder.glob("*.tex"))[:MOST_FILES]
        mains = [main for main in texts if main != path and real in parts(main, unsaved)]
        if mains:
            return next(iter(outermost(mains)), mains[0])
    return path


def _nearest_first(work: Sequence[Job | Finding], path: str, line: int) -> list[list[Job | Finding]]:
    """What is to be judged, by equations; those of the file by their distance from the line, then the others."""
    equations: dict[Any, list[Job | Finding]] = {}
    for number, item in enumerate(work):
        key = (id(item.source), item.piece.position) if isinstance(item, Job) else number
        equations.setdefault(key, []).append(item)

    def distance(items: list[Job | Finding]) -> tuple[bool, int]:
        file, begin = _place(items[0])
        return file != path, abs(begin - line)

    return sorted(equations.values(), key=distance)


def _place(item: Job | Finding) -> tuple[str, int]:
    if isinstance(item, Finding):
        return item.file, item.line
    return str(item.source.path), item.source.place(item.begin)[0]


def plain(judged: Sequence[_Item], claims: Mapping[str, Claim]) -> list[dict[str, Any]]:
    """The findings of an equation as plain data."""
    written = to_correct([finding for _, finding in judged])
    return [_plain(item, finding, claims.get(finding.claim), finding in written) for item, finding in judged]


@cache
def _formula(claim: Claim) -> str:
    return claim.latex()


def _plain(item: Job | Finding, finding: Finding, claim: Claim | None, is_written: bool) -> dict[str, Any]:
    """at: what a message is about; begin and end: the equation, end being None where that is not known."""
    at = finding.line, finding.column
    begin, end = (item.source.place(place) for place in item.extent) if isinstance(item, Job) else (at, None)
    reason = explanation_of(finding.reason) if finding.reason and finding.verdict != "ok" else None
    edits = finding.correction.edits if is_written and finding.correction else ()
    return {
        "file": finding.file,
        "verdict": finding.verdict,
        "claim": finding.claim,
        "at": at if finding.verdict == "unparsed" else begin,
        "begin": begin,
        "end": end,
        "message": finding.message,
        "note": finding.note,
        "understood": finding.understood,
        "suggestion": finding.suggestion,
        "reason": reason.name if reason else "",
        "says": claim.says if claim else "",
        "formula": _formula(claim) if claim else "",
        "edits": [((edit.line, edit.column), (edit.end_line, edit.end_column), edit.text) for edit in edits],
    }

"""What a wrong equation was meant to say, in the text as its author typed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .judge.findings import Correction, Edit, Finding
from .judge.slips import Slip
from .judge.token_spans import spelled
from .marked_equations import STEPS, Job
from .text.sources import Source
from .text.tokens import Macro, Token, Unparsed, tokens

_Replaced = tuple[int, int, str]  # from where to where in the text of a source, and what is put there

NOT_UNIQUE = "another single change makes it right as well: choose one by hand"


NOT_ALONE = "another mark on this equation does not ask for the same change: choose one by hand"


def settled(judged: Sequence[tuple[Job | Finding, Finding]]) -> list[Finding]:
    """The findings; a correction is refused where another mark on its equation does not ask for it as well."""
    of_equation: dict[tuple[int, int], list[Finding]] = {}
    for item, finding in judged:
        if isinstance(item, Job):
            of_equation.setdefault((id(item.source), item.piece.position), []).append(finding)
    return [
        _refusing(finding, of_equation[id(item.source), item.piece.position]) if isinstance(item, Job) else finding
        for item, finding in judged
    ]


def _refusing(finding: Finding, beside: Sequence[Finding]) -> Finding:
    correction = finding.correction
    if correction is None or correction.refused:
        return finding
    others = (one for one in beside if not (finding.claim == one.claim == STEPS))
    if all(one.correction == correction or one.verdict == "ignored" for one in others):
        return finding
    return replace(finding, correction=replace(correction, refused=NOT_ALONE))


def told(job: Job, read: Sequence[Token], slip: Slip, unique: bool, macros: Mapping[str, Macro]) -> dict[str, Any]:
    """The suggestion and the correction of a finding.

    read: the tokens of what is judged, to which the slip refers. unique: whether no other change makes it right.
    """
    replaced = [one for splice in slip.splices for one in _in_text(job.source.text, read, splice)]
    written = None if None in replaced else _mended(job, read, slip, [one for one in replaced if one], macros)
    if written is None:
        shown = spelled([token.text for token in slip.changed(read)])
        return {"suggestion": f"{shown} ({slip.name})", "correction": Correction((), _refused(job, read, slip))}
    edits = tuple(_edit(job.source, *one) for one in replaced if one)
    correction = Correction(edits, "" if unique else NOT_UNIQUE)
    return {"suggestion": f"{written} ({slip.name})", "correction": correction}


def _in_text(text: str, read: Sequence[Token], splice: tuple[int, int, str]) -> Iterable[_Replaced | None]:
    """What a splice replaces in the text, token by token where something stands between; None inside of a macro."""
    begin, end, put = splice
    if begin == end:
        return [_inserted(text, read, begin, put)]
    taken = read[begin:end]
    if not all(_is_typed(text, token) for token in taken):
        return [None]
    first, last = taken[0].position, taken[-1].position + len(taken[-1].typed)
    if "".join(text[first:last].split()) == "".join(token.typed for token in taken):
        return [(first, last, put)]
    rest = [(token.position, token.position + len(token.typed), "") for token in taken[1:]]
    return [(first, first + len(taken[0].typed), put), *rest]


def _is_typed(text: str, token: Token) -> bool:
    return text.startswith(token.typed, token.position)


def _inserted(text: str, read: Sequence[Token], at: int, put: str) -> _Replaced | None:
    """Where something is inserted before a token; None where both its neighbours come from one macro."""
    before, behind = (read[at - 1] if at else None), (read[at] if at < len(read) else None)
    if before is not None and _is_typed(text, before):
        place = before.position + len(before.typed)
        if behind is None or not _is_typed(text, behind) or put[0] in "^)}":
            return place, place, put
    if behind is not None and (_is_typed(text, behind) or before is None or before.position != behind.position):
        return behind.position, behind.position, put
    return None


def _mended(
    job: Job, read: Sequence[Token], slip: Slip, replaced: Iterable[_Replaced], macros: Mapping[str, Macro]
) -> str | None:
    """The equation as it is typed, with the change; None where it is not read as was meant."""
    begin = job.piece.position
    places = [token.position - begin for token in read]  # the tokens of a macro stand before its arguments
    first, text = min(places), job.piece.text
    after = _end(text, first, max(places))
    for start, stop, put in sorted(replaced, reverse=True):
        put = _apart(text[: start - begin], put, text[stop - begin :])
        text = text[: start - begin] + put + text[stop - begin :]
        after += len(put) - (stop - start)
    try:
        now = [token.text for token in tokens(text, 0, macros)]
        before = [token.text for token in job.read(macros)]
    except Unparsed:
        return None
    at = next((n for n in range(len(before)) if before[n : n + len(read)] == [t.text for t in read]), 0)
    meant = [*before[:at], *(t.text for t in slip.changed(read)), *before[at + len(read) :]]
    return " ".join(text[first:after].split()).rstrip(" .,;") if now == meant else None


def _end(text: str, first: int, last: int) -> int:
    """Where what begins at `first` ends, with the token at `last` in it and the braces closed."""
    found = next(iter(tokens(text[last:])), None)
    end = last + len(found.typed) if found else len(text)
    signs = [token.text for token in tokens(text[first:end])]
    for _ in range(signs.count("{") - signs.count("}")):
        end = text.find("}", end) + 1 or len(text)
    return end


def _apart(before: str, put: str, behind: str) -> str:
    """What is put there, with a space where a command would run into a letter."""
    put = f" {put}" if _ends_in_command(before) and (put or behind)[:1].isalpha() else put
    return f"{put} " if _ends_in_command(put) and behind[:1].isalpha() else put


def _ends_in_command(text: str) -> bool:
    name = text[text.rfind("\\") + 1 :] if "\\" in text else ""
    return name.isalpha()


def _edit(source: Source, start: int, stop: int, put: str) -> Edit:
    put = _apart(source.text[:start], put, source.text[stop:])
    return Edit(*source.place(start), *source.place(stop), put)


def _refused(job: Job, read: Sequence[Token], slip: Slip) -> str:
    """Why a change is not written, and what to do."""
    at = min(slip.splices[0][0], len(read) - 1)
    call = next(iter(tokens(job.source.text[read[at].position :][:80])), read[at]).text
    return f"the slip is in the definition of {call}: correct that by hand, or write it out here"

"""What a check found in a paper, as an editor shows it: messages, words on an equation, and corrections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lsprotocol import types

from .places import Lines

Found = dict[str, Any]  # a finding, as `checks` tells it

_SEVERITY = {
    **dict.fromkeys(("wrong", "missing", "unknown"), types.DiagnosticSeverity.Error),
    **dict.fromkeys(("undecided", "unparsed", "unread"), types.DiagnosticSeverity.Warning),
    "supported": types.DiagnosticSeverity.Information,
}
_SOURCE = "modeflow"
_LONGEST = 2000  # signs of a formula that is shown


def diagnostics(found: Sequence[Found], lines: Lines) -> list[types.Diagnostic]:
    """A message for each equation that is not ok, and a remark where an ok rests on something."""
    return [_diagnostic(one, lines) for one in found if one["verdict"] in _SEVERITY or one["note"]]


def _diagnostic(one: Found, lines: Lines) -> types.Diagnostic:
    where = lines.range(one["at"], one["end"])
    if where.start == where.end:
        where = lines.range(one["begin"], one["end"])
    said = one["note"] if one["verdict"] == "ok" else one["message"]
    head = f"{one['verdict']} {one['claim']}".strip()
    return types.Diagnostic(
        where,
        f"{head}: {said}" if said else head,
        _SEVERITY.get(one["verdict"], types.DiagnosticSeverity.Information),
        code=one["reason"] or None,
        source=_SOURCE,
    )


def failure(reason: str, lines: Lines) -> list[types.Diagnostic]:
    """That a paper cannot be checked, on its first line."""
    return [types.Diagnostic(lines.range((1, 1), None), reason, types.DiagnosticSeverity.Error, source=_SOURCE)]


def at(found: Sequence[Found], position: types.Position, lines: Lines) -> list[Found]:
    """What was found about the equation, or about the mark, in which a position is."""
    says = lines.mark(position)
    if says:
        of_claim = [one for one in found if one["claim"] == says]
        return sorted(of_claim, key=lambda one: abs(one["begin"][0] - 1 - position.line))[:1]
    here = (position.line, position.character)
    return [one for one in found if _within(here, lines.range(one["begin"], one["end"]))]


def _within(here: tuple[int, int], where: types.Range) -> bool:
    return (where.start.line, where.start.character) <= here <= (where.end.line, where.end.character)


def hover(one: Found, markdown: bool) -> str:
    """The verdict on an equation, how it was read, and what the claim says."""
    bold, code, fence = ("**", "`", "```") if markdown else ("", "", "")
    claim = f" {code}{one['claim']}{code}" if one["claim"] else ""
    parts = [f"{bold}{one['verdict']}{bold}{claim}" + (f": {one['says']}" if one["says"] else "")]
    parts += [_block(one["formula"], fence, "latex")] if one["formula"] else []
    parts += [f"read as\n\n{_block(one['understood'], fence, '')}"] if one["understood"] else []
    said = one["note"] or one["message"]
    parts += [_block(said, fence, "")] if said else []
    if one["verdict"] == "unchecked":
        parts = [f"Not checked: no mark, such as {code}% modeflow: dae.fixed_point{code}, says what it states."]
    return "\n\n".join(parts)


def _block(text: str, fence: str, language: str) -> str:
    """Text as it stands, which no Markdown in it changes."""
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
    return f"{fence}{language}\n{text.replace('```', '` ` `')}\n{fence}" if fence else text


def corrections(
    found: Sequence[Found],
    wanted: types.Range,
    lines: Lines,
    edit: Callable[[list[types.TextEdit]], types.WorkspaceEdit],
) -> list[types.CodeAction]:
    """The corrections that `modeflow check --fix` would write, of the equations in a range; of each change one.

    edit: changes of the text as a change of the workspace.
    """
    actions: dict[str, types.CodeAction] = {}
    for one in found:
        where = lines.range(one["begin"], one["end"])
        if one["edits"] and _meet(where, wanted):
            actions.setdefault(repr(one["edits"]), _action(one, lines, edit))
    return list(actions.values())


def _action(one: Found, lines: Lines, edit: Callable[[list[types.TextEdit]], types.WorkspaceEdit]) -> types.CodeAction:
    edits = [types.TextEdit(lines.range(begin, end), text) for begin, end, text in one["edits"]]
    return types.CodeAction(
        f"Correct: {one['suggestion']}",
        types.CodeActionKind.QuickFix,
        diagnostics([one], lines),
        is_preferred=True,
        edit=edit(edits),
    )


def _meet(one: types.Range, other: types.Range) -> bool:
    return _within((one.start.line, one.start.character), other) or _within(
        (other.start.line, other.start.character), one
    )

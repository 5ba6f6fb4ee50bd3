"""The language server: it answers at once from what was found, and has papers checked in another process."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from .. import __version__
from . import found as shown
from .checker import Checker, Ended
from .found import Found
from .places import Lines, begun_mark

DELAY = 0.05  # seconds without a change, after which a text is checked
PARTIAL = 1.0  # seconds after which what was found so far is shown
ENDINGS = (".tex", ".md", ".markdown")
MARKS = {
    "prove": "The equation is an identity, to be proved as it stands.",
    "steps": "A calculation: each member of a chain is held against the next.",
    "define": "In this file the letter is short for what stands behind =.",
    "ignore": "It differs on purpose: % modeflow: ignore -- reason",
}
_WATCHED = ("**/modeflow.toml", "**/pyproject.toml", "**/*.tex", "**/*.sty")


@dataclass
class Document:
    """An open text, and what was found in it.

    checked: the version that was checked last; found: what was found in that, which counts while the text is the same.
    """

    uri: str
    path: str
    text: str
    version: int | None
    lines: Lines
    changed: int = 1
    checked: int | None = None
    found: list[Found] = field(default_factory=list)

    @property
    def is_current(self) -> bool:
        """Whether what was found is about the text as it is."""
        return self.checked is not None and self.checked == self.version


class Server(LanguageServer):
    """A language server for papers. options: those of `modeflow lsp`."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(
            "modeflow",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,  # of odd line ends clients have other opinions
        )
        self.documents: dict[str, Document] = {}
        self.checker = Checker(options)
        self._due: dict[str, float] = {}
        self._saved = True
        self._work: asyncio.Task[None] | None = None

    # Texts

    def take(self, uri: str, changed: bool = False) -> None:
        """A text is there; one that was changed waits for more changes."""
        path = to_fs_path(uri)
        if path is None or Path(path).suffix.lower() not in ENDINGS:
            return
        given = self.workspace.get_text_document(uri)
        lines = Lines(given.source, given.position_codec)
        before = self.documents.get(uri)
        document = Document(uri, path, given.source, given.version, lines)
        if before is None:
            self._saved = True
        else:
            document.changed = lines.first_change(before.lines)
            document.found, document.checked = before.found, before.checked
        self.documents[uri] = document
        self.want(uri, DELAY if changed else 0.0)

    def forget(self, uri: str) -> None:
        """A text is closed, and its messages go."""
        if self.documents.pop(uri, None) is not None:
            self._publish(uri, None, [])

    def want(self, uri: str, delay: float = 0.0) -> None:
        """Have a text checked, before all others; what is checked now is stopped."""
        self._due.pop(uri, None)
        self._due[uri] = asyncio.get_running_loop().time() + delay
        self.checker.stop()
        if self._work is None or self._work.done():
            self._work = asyncio.ensure_future(self._check_all())

    def want_all(self) -> None:
        """Have all texts checked: files were saved, or a configuration is another one."""
        self._saved = True
        for uri in self.documents:
            self.want(uri)

    # Checks

    async def _check_all(self) -> None:
        while self._due:
            uri = next(reversed(self._due))
            wait = self._due[uri] - asyncio.get_running_loop().time()
            if wait > 0:
                await asyncio.sleep(wait)
                continue
            due = self._due.pop(uri)
            document = self.documents.get(uri)
            if document is not None and not await self._check(document) and uri in self.documents:
                self._due = {uri: due} | self._due

    async def _check(self, document: Document) -> bool:
        """Check one text, and show what is found; False where the check was stopped."""
        texts = {one.path: one for one in self.documents.values()}
        question = {
            "path": document.path,
            "line": document.changed,
            "root": self.workspace.root_path,
            "saved": self._saved,
            "unsaved": {path: one.text for path, one in texts.items()},
        }
        self._saved = False
        loop = asyncio.get_running_loop()
        of_equation: dict[int, list[Found]] = {}
        files, shown_at = [document.path], loop.time()
        try:
            async for answer in self.checker.check(question):
                files = answer.get("files", files)
                if "found" in answer:
                    of_equation[answer["equation"]] = answer["found"]
                found = list(chain.from_iterable(of_equation.values()))
                if answer.get("stopped"):
                    return False
                if "failed" in answer:
                    self._show_failure(document, answer["failed"])
                elif "end" in answer:
                    self._show(texts, files, found)
                elif answer.get("judged") or (found and loop.time() - shown_at > PARTIAL):
                    shown_at = loop.time()
                    self._show(texts, files, found)
        except Ended as why:
            self._show_failure(document, str(why))
        return True

    def _show_failure(self, document: Document, reason: str) -> None:
        document.found, document.checked = [], document.version
        self._publish(document.uri, document.version, shown.failure(reason, document.lines))

    def _show(self, texts: dict[str, Document], files: list[str], found: list[Found]) -> None:
        """Show what was found in each open file of a paper, as it was when it was checked."""
        by_name = {os.path.realpath(path): one for path, one in texts.items()}
        of_file: dict[str, list[Found]] = {os.path.realpath(file): [] for file in files}
        for one in found:
            of_file.setdefault(os.path.realpath(one["file"]), []).append(one)
        for name, own in of_file.items():
            checked = by_name.get(name)
            current = self.documents.get(checked.uri) if checked else None
            if checked is None or current is None or current.text != checked.text:  # which is to be checked next
                continue
            current.found, current.checked = own, current.version
            self._publish(current.uri, current.version, shown.diagnostics(own, current.lines))

    def _publish(self, uri: str, version: int | None, told: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, told, version))


def serve(options: dict[str, Any]) -> None:
    """Serve an editor over standard input and output until it says that it is done.

    options: of the checks: config, chapters, steps, time_limit, cache.
    """
    server = Server(options)
    _add_texts(server)
    _add_answers(server)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what else is printed is for the log of the editor
    try:
        server.start_io(sys.stdin.buffer, output)
    finally:
        server.checker.kill()


def _add_texts(server: Server) -> None:
    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        await _watch(server)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.take(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.take(params.text_document.uri, changed=True)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.want_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        server.want_all()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)


async def _watch(server: Server) -> None:
    """Have the editor say when configurations and files that are not open change, where it can."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if not (watching and watching.dynamic_registration):
        return
    watched = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watched)
    one = types.Registration("modeflow-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    await server.client_register_capability_async(types.RegistrationParams([one]))


def _add_answers(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        document = server.documents.get(params.text_document.uri)
        if document is None or not document.is_current:
            return None
        markdown = _takes_markdown(server)
        here = shown.at(document.found, params.position, document.lines)
        text = "\n\n".join(dict.fromkeys(shown.hover(one, markdown) for one in here))
        kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
        return types.Hover(types.MarkupContent(kind, text)) if text else None

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = server.documents.get(params.text_document.uri)
        if document is None or not document.is_current:
            return []
        return shown.corrections(document.found, params.range, document.lines, partial(_edit, server, document))

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[":", " ", "."]))
    async def complete(params: types.CompletionParams) -> list[types.CompletionItem]:
        document = server.documents.get(params.text_document.uri)
        begun = begun_mark(document.lines.before(params.position)) if document else None
        if begun is None:
            return []
        end = params.position
        where = types.Range(types.Position(end.line, end.character - len(begun)), end)
        known = [*MARKS.items(), *server.checker.claims]
        return [_completion(name, says, where) for name, says in known if name.startswith(begun)]


def _edit(server: Server, document: Document, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    """A change of this version of a text, where the editor can refuse it for another one."""
    workspace = server.client_capabilities.workspace
    if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
        identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])
    return types.WorkspaceEdit(changes={document.uri: edits})


def _takes_markdown(server: Server) -> bool:
    text = server.client_capabilities.text_document
    kinds = (text.hover.content_format if text and text.hover else None) or []
    return types.MarkupKind.Markdown in kinds


def _completion(name: str, says: str, where: types.Range) -> types.CompletionItem:
    return types.CompletionItem(
        name,
        kind=types.CompletionItemKind.Reference,
        detail=says,
        filter_text=name,
        text_edit=types.TextEdit(where, name),
    )

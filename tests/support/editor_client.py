"""A language server in a process of its own, and a client that waits for what it says."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 300.0  # seconds for an answer; the first one takes the imports


class Editor:
    """An editor with one server."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self._said: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

        def said(params: types.PublishDiagnosticsParams) -> None:
            self._said.put_nowait(params)

        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(said)

    def open(self, path: Path, text: str) -> None:
        item = types.TextDocumentItem(path.as_uri(), "latex", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, path: Path, text: str, version: int) -> None:
        changed = types.TextDocumentContentChangeWholeDocument(text)
        identifier = types.VersionedTextDocumentIdentifier(version, path.as_uri())
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [changed]))

    async def diagnostics(self, path: Path, version: int) -> list[types.Diagnostic]:
        """The next diagnostics for that version of a text."""
        while True:
            said = await asyncio.wait_for(self._said.get(), PATIENCE)
            if said.uri == path.as_uri() and said.version == version:
                return list(said.diagnostics)

    async def hover(self, path: Path, line: int, character: int) -> str:
        """What is said of a place; "" for nothing."""
        there = types.HoverParams(types.TextDocumentIdentifier(path.as_uri()), types.Position(line, character))
        answer = await self.client.text_document_hover_async(there)
        return answer.contents.value if answer and isinstance(answer.contents, types.MarkupContent) else ""

    async def actions(self, path: Path, where: types.Range) -> list[types.CodeAction]:
        asked = types.CodeActionParams(
            types.TextDocumentIdentifier(path.as_uri()), where, types.CodeActionContext(diagnostics=[])
        )
        answer = await self.client.text_document_code_action_async(asked)
        return [one for one in answer or [] if isinstance(one, types.CodeAction)]

    async def completions(self, path: Path, line: int, character: int) -> list[types.CompletionItem]:
        there = types.CompletionParams(types.TextDocumentIdentifier(path.as_uri()), types.Position(line, character))
        answer = await self.client.text_document_completion_async(there)
        return list(answer) if isinstance(answer, list) else []


@asynccontextmanager
async def editor(
    folder: Path, *options: str, capabilities: types.ClientCapabilities | None = None
) -> AsyncIterator[Editor]:
    """An editor in a folder, whose server it ends as it is to be ended."""
    client = LanguageClient("tests", "1")
    here = Editor(client)
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    await client.start_io(sys.executable, "-P", "-m", "modeflow", "lsp", *options, cwd=folder, env=environment)
    given = capabilities or types.ClientCapabilities()
    await client.initialize_async(types.InitializeParams(given, root_uri=folder.as_uri(), process_id=os.getpid()))
    client.initialized(types.InitializedParams())
    try:
        yield here
        await asyncio.wait_for(client.shutdown_async(None), PATIENCE)
        client.exit(None)
        server = client._server
        assert server is not None
        assert await asyncio.wait_for(server.wait(), PATIENCE) == 0
    finally:
        if client._server is not None and client._server.returncode is None:
            client._server.kill()
        stop: Callable[[], Awaitable[None]] = client.stop  # which has no types
        await stop()

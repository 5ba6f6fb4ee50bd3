"""The language server over standard input and output, as an editor talks to it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

types = pytest.importorskip("lsprotocol.types", reason="needs modeflow[lsp]")

from editor_client import Editor, editor  # noqa: E402

pytestmark = pytest.mark.slow
NOTATION = '[manuscript]\nnotation = "pretorius2018"\n'
RIGHT = "% modeflow: dae.fixed_point\n𝔸 \\( w^* = \\frac{\\lambda}{\\lambda + \\varepsilon} \\)\n"
WRONG = RIGHT.replace("+", "-")
MARKDOWN = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown])
    ),
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    ),
)
Run = Callable[[Callable[[Editor], Coroutine[Any, Any, None]]], None]


class _Session:
    """A server, and the loop in which a client talks to it."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.context = editor(folder, "--no-cache", capabilities=MARKDOWN)
        self.editor = self.do(self.context.__aenter__())

    def do(self, what: Coroutine[Any, Any, Any]) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(what, self.loop)
        return future.result(timeout=600)

    def end(self) -> None:
        try:
            self.do(self.context.__aexit__(None, None, None))
        finally:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
            self.loop.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("papers")


@pytest.fixture(scope="module")
def session(folder: Path) -> Iterator[_Session]:
    session = _Session(folder)
    yield session
    session.end()  # which asserts that the server ends with status 0


@pytest.fixture
def run(folder: Path, session: _Session) -> Run:
    (folder / "modeflow.toml").write_text(NOTATION, encoding="utf-8")
    return lambda talk: session.do(talk(session.editor))


def edited(text: str, edit: Any) -> str:
    """A text of signs that are two units of UTF-16 at most once in a line, with an edit."""
    lines = text.split("\n")
    line = lines[edit.range.start.line].encode("utf-16-le")
    assert edit.range.start.line == edit.range.end.line
    begin, end = 2 * edit.range.start.character, 2 * edit.range.end.character
    lines[edit.range.start.line] = (line[:begin] + edit.new_text.encode("utf-16-le") + line[end:]).decode("utf-16-le")
    return "\n".join(lines)


def test_a_wrong_equation_is_shown_where_it_is_and_its_correction_makes_it_right(folder: Path, run: Run) -> None:
    path = folder / "wrong.tex"

    async def talk(here: Editor) -> None:
        here.open(path, WRONG)
        (first,) = await here.diagnostics(path, 1)
        (told,) = await here.diagnostics(path, 1)  # with the correction
        assert told.message.startswith(first.message)
        assert told.range == first.range
        assert told.severity == types.DiagnosticSeverity.Error
        assert told.message.startswith("wrong dae.fixed_point: the two sides differ; at ")
        line = WRONG.split("\n")[1]
        begin = len(line[: line.index("w^*")].encode("utf-16-le")) // 2
        assert told.range.start == types.Position(1, begin)
        assert told.range.end.character - begin == len(line[line.index("w^*") : line.index(" \\)")])
        (action,) = await here.actions(path, told.range)
        assert action.kind == types.CodeActionKind.QuickFix
        assert action.edit is not None
        assert action.edit.document_changes is not None
        (change,) = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == 1
        (edit,) = change.edits
        mended = edited(WRONG, edit)
        assert mended == RIGHT
        here.change(path, mended, 2)
        assert await here.diagnostics(path, 2) == []
        said = await here.hover(path, 1, begin + 2)
        assert said.startswith("**ok** `dae.fixed_point`: The strength comes to rest")
        assert "```latex\nw^{*} = \\frac{\\lambda}{\\lambda + \\varepsilon}\n```" in said
        assert "read as\n\n```\nw^* = " in said
        assert await here.hover(path, 0, 18) == said  # on the mark
        assert await here.hover(path, 2, 0) == ""
        assert await here.actions(path, told.range) == []

    run(talk)


def test_ids_are_completed_in_marks_alone(folder: Path, run: Run) -> None:
    path = folder / "marks.tex"

    async def talk(here: Editor) -> None:
        here.open(path, "% modeflow: dae.fix\nmodeflow: dae.fix\n% modeflow:\n")
        await here.diagnostics(path, 1)
        offered = await here.completions(path, 0, 19)
        assert "dae.fixed_point" in [one.label for one in offered]
        assert all(one.label.startswith("dae.fix") for one in offered)
        edit = offered[0].text_edit
        assert isinstance(edit, types.TextEdit)
        assert edit.range == types.Range(types.Position(0, 12), types.Position(0, 19))
        assert await here.completions(path, 1, 17) == []
        assert {"prove", "steps", "lin.flow"} <= {one.label for one in await here.completions(path, 2, 11)}

    run(talk)


def test_what_cannot_be_read_is_a_message_and_ends_nothing(folder: Path, run: Run) -> None:
    path, configuration = folder / "broken.tex", folder / "modeflow.toml"
    broken = [
        "\\begin{equation}\n% modeflow: prove\n{{{ = \\frac{\n",
        "\\[ " + "{" * 5000 + "\n% modeflow: prove",
        "\x00\ufffe\ud83d",
        "% modeflow: nothing.at_all\n\\[ x = 1 \\]\n",
    ]

    async def talk(here: Editor) -> None:
        configuration.write_text("[manuscript\n", encoding="utf-8")
        here.open(path, RIGHT)
        (told,) = await here.diagnostics(path, 1)
        assert "modeflow.toml: is not TOML" in told.message
        assert told.range.start == types.Position(0, 0)
        configuration.write_text(NOTATION, encoding="utf-8")
        changed = types.FileEvent(configuration.as_uri(), types.FileChangeType.Changed)
        here.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
        assert await here.diagnostics(path, 1) == []
        for version, text in enumerate(broken, 2):
            here.change(path, text, version)
            await here.diagnostics(path, version)
        here.change(path, WRONG, 9)
        assert [one.severity for one in await here.diagnostics(path, 9)] == [types.DiagnosticSeverity.Error]

    run(talk)


def test_only_the_last_text_counts_and_questions_are_answered_meanwhile(folder: Path, run: Run) -> None:
    path = folder / "typed.tex"
    hard = "% modeflow: prove\n\\[ \\lambda^{NUMBER} = (\\lambda + 1)^{NUMBER} - \\sin(\\lambda) e^{\\lambda^3} \\]\n"

    async def talk(here: Editor) -> None:
        here.open(path, hard * 3)
        for version in range(2, 12):
            here.change(path, hard.replace("NUMBER", str(version)) * 3, version)
            await asyncio.sleep(0.15)
            assert await asyncio.wait_for(here.completions(path, 0, 12), 20)
        here.change(path, WRONG, 12)
        assert [one.severity for one in await here.diagnostics(path, 12)] == [types.DiagnosticSeverity.Error]

    run(talk)


def test_a_checking_process_that_ends_is_started_again(folder: Path, run: Run) -> None:
    path = folder / "killed.tex"

    async def talk(here: Editor) -> None:
        here.open(path, RIGHT)
        assert await here.diagnostics(path, 1) == []
        server = here.client._server
        assert server is not None
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
        if not children.exists():
            pytest.skip("processes are found in /proc")
        for child in children.read_text().split():
            os.kill(int(child), signal.SIGKILL)
        await asyncio.sleep(1)
        here.change(path, WRONG, 2)
        assert len(await here.diagnostics(path, 2)) == 1

    run(talk)

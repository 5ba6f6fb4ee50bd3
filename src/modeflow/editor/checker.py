"""The server's side of the checking process: it starts it, asks it, and ends it where it does not answer."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

STOPPING = 30.0  # seconds in which a check that is no longer wanted has to end, or its process is ended
SILENT = 60.0  # seconds, and as many more as proofs of one equation may take, without a word from the process
PROOFS = 12  # of one equation, each as long as a proof may take
LONGEST = 2**24  # bytes of a line


class Ended(Exception):
    """The process ended or was ended; the text says why."""


class Checker:
    """One checking process, started when it is first needed, and again where it ended."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._process: asyncio.subprocess.Process | None = None
        self._number = 0
        self._asked: int | None = None
        self._patience: asyncio.TimerHandle | None = None
        self.claims: list[tuple[str, str]] = []

    async def start(self) -> None:
        """Have a process that is ready; raises Ended."""
        if self._process is not None and self._process.returncode is None:
            return
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-c",
            "from modeflow.editor.checks import serve; serve()",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST,
        )
        self._send(self._options)
        self.claims = [(name, says) for name, says in (await self._read())["claims"]]

    async def check(self, question: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The answers to a question, one by one; the last has the key "end". Raises Ended."""
        await self.start()
        self._number += 1
        self._asked = self._number
        try:
            self._send(question | {"check": self._number})
            while True:
                answer = await self._read()
                yield answer
                if "end" in answer:
                    return
        finally:
            self._asked = None
            if self._patience is not None:
                self._patience.cancel()
                self._patience = None

    def stop(self) -> None:
        """End the check that runs, if one does."""
        if self._asked is None or self._patience is not None:
            return
        with suppress(Ended):
            self._send({"stop": self._asked})
        self._patience = asyncio.get_running_loop().call_later(STOPPING, self.kill)

    def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()

    def _send(self, question: dict[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        if self._process.stdin.is_closing():
            raise Ended("the checking process ended")
        self._process.stdin.write(json.dumps(question).encode() + b"\n")

    async def _read(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        limit = SILENT + PROOFS * self._options["time_limit"]
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), limit)
        except (TimeoutError, ValueError):
            self.kill()
            raise Ended(f"checking one equation took more than {limit:g} s: write it in shorter ones") from None
        if not line:
            await self._process.wait()
            raise Ended("the checking process ended (out of memory, or too deep): the next change starts it again")
        answer: dict[str, Any] = json.loads(line)
        return answer

"""Checks in a process of their own, so that one that hangs or eats memory can be killed.

A worker is started when it is first needed and kept for the next question. Questions and answers are single lines of
JSON; nothing that is read back is executed.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import threading
from hashlib import sha256
from importlib import import_module
from typing import Any

from ..language.packing import packed, unpacked
from ..language.verdict import OUT_OF_TIME, Verdict
from . import limits
from .stages import entered, tell

MEMORY_LIMIT = 2 * 2**30  # bytes of address space that one check may use
START_UP = 60.0  # seconds allowed for importing SymPy
REMEMBERED = "10000"  # results that SymPy keeps of each of its functions; ten times as many as by itself
PATIENCE = 6.0  # a check may wait for a busy machine this many times as long as it may compute
LONGEST = 86_400.0  # seconds: no limit is above a day
_PROCESSOR_TIMER = hasattr(signal, "setitimer")  # else the limits hold by the clock
KEPT = 500  # verdicts
_ENDED = "the check ended its process (out of memory, or too deep)"
_NO_MEMORY = "the check needs more than its share of memory"
_STAGE = "stage: "  # what begins a line that is no answer


class _Stopped(Exception):
    """A check was ended since its time was over; the text says which time, and at which stage."""


class Worker:
    """One checking process; not safe to share between threads."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._stage = ""
        self.is_starting = False

    def ask(self, statement: list[Any], time_limit: float, proof_only: bool = False) -> Verdict:
        """The verdict on [lhs, rhs, relation, given, known] in plain data; undecided where the limit is reached.

        time_limit: seconds of processor time, so that a verdict does not depend on what else the machine is doing.
        proof_only: whether a statement without a proof is of no interest, so that nothing more is tried on it.
        """
        return self.answer(_question(statement, proof_only), time_limit)

    def answer(self, question: dict[str, Any], time_limit: float) -> Verdict:
        """The verdict on a question."""
        process = self._running()
        try:
            answer = self._exchange(process, question, time_limit)
        except _Stopped as why:
            self.close()
            limits.reach()
            return Verdict("undecided", "", seconds=time_limit, reason=str(why))
        if not answer:
            self.close()
            limits.reach()
            return Verdict("undecided", "", reason=_ENDED)
        found = Verdict.read(json.loads(answer))
        if found.reason.startswith(_NO_MEMORY):
            limits.reach()
        return found

    def rewrite(self, how: str, expression: Any, time_limit: float) -> Any:
        """The expression in plain data, rewritten; None where that fails or a limit is reached."""
        process = self._running()
        try:
            answer = self._exchange(process, {"rewrite": how, "expression": packed(expression)}, time_limit)
        except _Stopped:
            answer = ""
        if not answer:
            self.close()
            limits.reach()
            return None
        rewritten = json.loads(answer)["expression"]
        return None if rewritten is None else unpacked(rewritten)

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", "from modeflow.proof.worker import serve; serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={"SYMPY_CACHE_SIZE": REMEMBERED, **os.environ},
            )
            self.is_starting = True
            is_ready = self._is_ready(self._process)
            self.is_starting = False
            if not is_ready:
                self.close()
                raise RuntimeError("the checking process did not start; try: python -c 'import modeflow.proof.worker'")
        return self._process

    def _is_ready(self, process: subprocess.Popen[str]) -> bool:
        try:
            return self._exchange(process, {}, START_UP) == "ready\n"
        except _Stopped:
            return False

    def _exchange(self, process: subprocess.Popen[str], question: dict[str, Any], limit: float) -> str:
        """One line there and one back, an empty string when the process is gone; raises _Stopped at the limit."""
        assert process.stdin is not None
        limit, self._stage = min(limit, LONGEST), "reading the statement"
        patience = limit * (PATIENCE if _PROCESSOR_TIMER else 1)
        timer = threading.Timer(patience, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps(question | {"limit": limit}) + "\n")
            process.stdin.flush()
            answer = self._answer(process)
        except (BrokenPipeError, OSError):
            answer = ""
        except BaseException:  # an answer that nobody waited for would be taken for that to the next question
            process.kill()
            raise
        finally:
            by_clock = not timer.is_alive()
            timer.cancel()
        if not answer and _PROCESSOR_TIMER and process.wait() == -signal.SIGPROF:
            raise _Stopped(f"{OUT_OF_TIME} {limit:g} s of processor time, while {self._stage}")
        if not answer and by_clock:
            raise _Stopped(f"{OUT_OF_TIME} {patience:g} s by the clock, while {self._stage}")
        return answer

    def _answer(self, process: subprocess.Popen[str]) -> str:
        """The next line that is an answer; those before it say what the check is at."""
        assert process.stdout is not None
        line = process.stdout.readline()
        while line.startswith(_STAGE):
            self._stage = line.removeprefix(_STAGE).strip()
            line = process.stdout.readline()
        return line

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    _close_quietly(stream)
        self._process = None


def _close_quietly(stream: Any) -> None:
    try:
        stream.close()
    except OSError:  # what was still to be written has nobody left to read it
        return


_shared = threading.local()
_started: list[Worker] = []
_answered: dict[bytes, Verdict] = {}  # by the question
_keeping = threading.Lock()


def _question(statement: list[Any], proof_only: bool) -> dict[str, Any]:
    return {"statement": packed(statement), "proof_only": proof_only}


def ask(statement: list[Any], time_limit: float, proof_only: bool = False) -> Verdict:
    """Ask this thread's worker, unless one was asked the same before."""
    question = _question(statement, proof_only)
    key = sha256(json.dumps([question, time_limit]).encode()).digest()
    if key not in _answered:
        found = _of_this_thread().answer(question, time_limit)
        if found.reason.startswith((OUT_OF_TIME, _ENDED, _NO_MEMORY)):
            return found
        with _keeping:
            _answered[key] = found
            if len(_answered) > KEPT:
                del _answered[next(iter(_answered))]
        return found
    return _answered[key]


def rewrite(how: str, expression: Any, time_limit: float) -> Any:
    """An expression (SymPy) after "cancel" or "factor", done by this thread's worker; None where that is not done.

    "integrate" takes an integrand and its variable as a tuple, and gives an antiderivative. What comes back is not
    proved equal. time_limit: seconds.
    """
    from ..language.encoding import NotPlain, decode, encode

    try:
        data = encode(expression)
    except (NotPlain, RecursionError):
        return None
    dummies = {s.dummy_index: s for s in expression.free_symbols if hasattr(s, "dummy_index")}
    answer = _of_this_thread().rewrite(how, data, time_limit)
    return None if answer is None else decode(answer, dummies)


def _of_this_thread() -> Worker:
    if not hasattr(_shared, "worker"):
        _shared.worker = Worker()
        _started.append(_shared.worker)
    worker: Worker = _shared.worker
    return worker


def stop(starting: bool = True) -> None:
    """End the checks that are running, from another thread; who waits for one gets no answer.

    starting: also processes that are not ready yet, which another one would have to start again.
    """
    for worker in _started:
        if starting or not worker.is_starting:
            worker.kill()


@atexit.register
def close_all() -> None:
    """End the checking processes."""
    for worker in _started:
        worker.close()


# --- the other side ---------------------------------------------------------------------------------------


def serve() -> None:
    """Answer questions from standard input until it ends; runs in the checking process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    limit_memory()
    import_module(".examine", __package__)  # before the first question, whose time is limited
    _forget_factors()
    gc.freeze()  # what is imported stays; to look through it for garbage again and again took a tenth of the time
    gc.set_threshold(50_000, 20, 20)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # libraries in C print there before they give up
    sys.setrecursionlimit(10_000)
    sys.stdin.readline()
    print("ready", file=answers, flush=True)
    tell(lambda stage: print(f"{_STAGE}{stage}", file=answers, flush=True))
    for line in sys.stdin:
        question = json.loads(line)
        if _PROCESSOR_TIMER:  # nothing catches the signal: it ends the process
            signal.setitimer(signal.ITIMER_PROF, question["limit"])
        answer = _rewritten_as(question) if "rewrite" in question else _examined(question).plain()
        print(json.dumps(answer), file=answers, flush=True)


def _forget_factors() -> None:
    """SymPy's record of prime factors raises where factorint leaves a factor whole, as it may for a large integer."""
    record = getattr(import_module("sympy.ntheory.factor_"), "factor_cache", None)  # from SymPy 1.14 on
    if record is not None:
        record.add = lambda n, factors: None


def _rewritten_as(question: dict[str, Any]) -> dict[str, Any]:
    found = _rewritten(question["rewrite"], unpacked(question["expression"]))
    return {"expression": None if found is None else packed(found)}


def _examined(question: dict[str, Any]) -> Verdict:
    """The verdict; a defect in the algebra must not pass for one about the statement."""
    from ..language.encoding import Reader
    from .examine import examine
    from .settling import Known

    try:
        left, right, relation, given, known = unpacked(question["statement"])
        reader = Reader({})  # a dummy on both sides is one symbol
        conditions = [reader.read(condition) for condition in given]
        names = [Known.read(one, reader) for one in known]
        return examine(reader.read(left), reader.read(right), relation, conditions, names, question["proof_only"])
    except RecursionError:
        return Verdict("undecided", "", reason="the expression is nested too deeply")
    except MemoryError:
        return Verdict("undecided", "", reason=_NO_MEMORY)
    except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError, NotImplementedError) as fault:
        return Verdict("undecided", "", reason=f"the check failed: {type(fault).__name__}: {fault}")


def _rewritten(how: str, expression: Any) -> Any:
    import sympy

    from ..language.encoding import NotPlain, decode, encode

    dummies: dict[int, Any] = {}
    try:
        entered(f"rewriting by {how}")
        known = {"cancel": sympy.cancel, "factor": sympy.factor, "integrate": lambda pair: sympy.integrate(*pair)}
        done = known[how](decode(expression, dummies))
        for index, dummy in dummies.items():  # by the numbers that the asking side knows
            done = done.xreplace({dummy: _numbered(dummy, index)})
        return encode(done)
    except (RecursionError, MemoryError, NotPlain, ArithmeticError, LookupError, ValueError, TypeError):
        return None
    except (AttributeError, NotImplementedError, sympy.PolynomialError):
        return None


def _numbered(dummy: Any, index: int) -> Any:
    from sympy import Dummy

    return Dummy(dummy.name, dummy_index=index, **dummy.assumptions0)


def limit_memory() -> None:
    """Leave this process MEMORY_LIMIT bytes of address space."""
    try:
        import resource
    except ImportError:  # not on this platform; the time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))

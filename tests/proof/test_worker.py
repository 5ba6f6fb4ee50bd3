"""The limits of a check in a process of its own."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from math import prod
from threading import Timer

import pytest
from sympy import Integer, Rational, besselj, cos, exp, sin, symbols

from modeflow.language.encoding import encode
from modeflow.proof.worker import Worker

x, y = symbols("x y", real=True)


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def test_what_computes_too_long_is_stopped_and_the_next_question_is_answered(worker: Worker) -> None:
    wide = (1 + x + y + exp(x) + exp(y)) ** 200
    found = worker.ask([encode(wide), encode(wide + sin(x) ** 2 + cos(x) ** 2 - 1), "=", [], []], time_limit=0.5)
    assert (found.status, found.out_of_time) == ("undecided", True)
    assert found.reason.startswith("stopped at the limit of 0.5 s of processor time, while ")
    assert worker.ask([encode(x + x), encode(2 * x), "=", [], []], time_limit=1.0).status == "proved"


def test_a_library_that_gives_up_leaves_an_undecided_verdict(worker: Worker) -> None:
    wide = (1 + x + exp(x)) ** 400 * (1 + x + exp(x) + exp(2 * x)) ** 600  # FLINT prints, and ends the process
    found = worker.ask([encode(wide), encode(wide), "=", [], []], time_limit=20)
    assert found.status == "undecided"
    assert "ended its process" in found.reason or "memory" in found.reason


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no signal stops a process here")
def test_waiting_for_the_machine_does_not_count(worker: Worker) -> None:
    process = worker._running()
    process.send_signal(signal.SIGSTOP)
    Timer(2.0, process.send_signal, (signal.SIGCONT,)).start()
    statement = [encode(x + x), encode(2 * x), "=", [], []]
    assert worker.ask(statement, time_limit=1.0).status == "proved"
    process.send_signal(signal.SIGSTOP)  # but one that never answers is not waited for
    late = worker.ask(statement, time_limit=0.2)
    assert late.reason == "stopped at the limit of 1.2 s by the clock, while reading the statement"
    assert late.out_of_time


def test_a_check_that_is_stopped_says_at_which_stage(worker: Worker) -> None:
    wide = 1 + x + y + exp(x) + exp(y)
    sides = [encode(wide**60), encode((wide + sin(x) ** 2 + cos(x) ** 2 - 1) ** 60)]
    assert worker.ask([*sides, "=", [], []], time_limit=0.5).reason.endswith("while proving by algebra")
    waves = encode(prod(besselj(k, s) for s in symbols("x y z u", real=True) for k in range(3)) - 2)
    seen = worker.ask([waves, encode(Integer(0)), "<", [], []], time_limit=0.5)
    assert seen.reason.endswith("while looking for a point that refutes")


def test_a_large_number_with_close_factors_is_left_whole(worker: Worker) -> None:
    """SymPy records factors that it has not split as primes, and then raises; its own limit leaves them whole."""
    one, other = 3000000000130000000000507, 3000000000130000000000513
    root = ["Pow", encode(Integer(one * other)), encode(Rational(1, 2))]
    statement = [["Mul", root, root, encode(x)], encode(one * other * x), "=", [], []]
    assert worker.ask(statement, time_limit=5.0).status == "proved"
    statement = [["Mul", root, encode(x)], encode((one + 2) * x), "=", [], []]
    assert worker.ask(statement, time_limit=5.0).status == "refuted"

"""`modeflow verify`: the claims, proved or not."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .logs import note
from .options import command, folder, positive, whole
from .progress import watched
from .selection import matching, named_claims
from .status import CLEAN, FINDINGS, writing

if TYPE_CHECKING:
    from ..statements.claims import Claim
    from ..statements.verification_report import Outcome


def add(commands: Any) -> None:
    option = command(commands, "verify", run, "Prove claims: all that ship, or those named.")
    option("names", nargs="*", metavar="ID|CHAPTER|FILE.py|FOLDER/", help="what to prove", absent="all that ship")
    option("--output-format", choices=["text", "json"], default="text", help="how verdicts are printed")
    option("-j", "--jobs", type=whole(1), metavar="N", help="claims at a time", unit="processes", absent="one per core")
    option("--time-limit", type=positive, default=10.0, metavar="S", help="most time for each equation", unit="seconds")
    option("--allow-supported", action="store_true", help="let claims pass without a proof")
    option("--no-cache", action="store_true", help="neither read nor write verdicts kept on disk")
    option("--explain", action="store_true", help="print the certificates: generators, relations, conditions, identity")
    option(
        "--certificates",
        type=folder,
        metavar="DIR",
        help="write one JSON file for each proved claim there, and a manifest; made if need be",
        absent="none written",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prove the claims named, print what came of each, and say whether all are as stated."""
    from ..statements import verification_report

    chosen = named_claims(matching(arguments.names))
    if arguments.certificates:  # who rechecks one takes no other claim's word
        chosen = [claim.in_full() for claim in chosen]
    jobs = min(arguments.jobs or os.cpu_count() or 1, max(len(chosen), 1))
    started = time.perf_counter()
    outcomes = list(_outcomes(chosen, jobs, arguments))
    seconds = time.perf_counter() - started
    if arguments.output_format == "json":
        print(verification_report.as_json(outcomes))
    else:
        if arguments.explain:
            _explain(outcomes)
        verification_report.print_outcomes(outcomes, seconds, jobs)
    if late := verification_report.out_of_time(outcomes, arguments.time_limit):
        note(late)
    if arguments.certificates:
        _write_certificates(outcomes, arguments.certificates)
    return CLEAN if all(outcome.clean for outcome in outcomes) else FINDINGS


def _explain(outcomes: Iterable[Outcome]) -> None:
    from ..statements.explain import text

    for outcome in outcomes:
        print(text(outcome.claim, outcome.verdict), end="\n\n")


def _write_certificates(outcomes: Sequence[Outcome], folder: Path) -> None:
    from ..statements.explain import write

    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        written = write([(outcome.claim, outcome.verdict) for outcome in outcomes], folder)
    certificates = "1 certificate" if written == 1 else f"{written} certificates"
    note(f"{folder}: {certificates} and a manifest")


def _outcomes(chosen: Sequence[Claim], jobs: int, arguments: argparse.Namespace) -> Iterator[Outcome]:
    from ..statements.verification_report import Outcome
    from ..statements.verify import verify_all

    limit, cache = arguments.time_limit, not arguments.no_cache
    verified = verify_all(chosen, jobs=jobs, time_limit=limit, cache=cache)
    for claim, verdict in watched(verified, total=len(chosen), doing="verifying"):
        yield Outcome(claim, verdict, arguments.allow_supported)

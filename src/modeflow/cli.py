"""The command line: derive, verify, generate, compare, sweep, figures, recommend, check.

Exit status: 0 clean, 1 findings, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from .claims import Chapter, Claim
    from .report import Outcome
    from .verdict import Verdict

CLEAN, FINDINGS, USAGE = 0, 1, 2
_INTERRUPTED, _PIPE_CLOSED = 130, 141

T = TypeVar("T")


class UsageError(Exception):
    """The user asked for something that cannot be done; the message is all they need to see."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show λ shows a question mark instead of a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        arguments = _parser().parse_args(argv)
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except UsageError as error:
        print(f"modeflow: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("modeflow: interrupted", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # Python flushes stdout once more at exit; give it somewhere to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    return status


# Parsing ------------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}\nTry `{self.prog} --help`.\n")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from . import __version__

        print(f"modeflow {__version__}")
        parser.exit(CLEAN)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="modeflow", description="Derive, prove and evaluate how linear autoencoders learn.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_derive(commands)
    _add_verify(commands)
    _add_new(commands)
    _add_generate(commands)
    _add_compare(commands)
    _add_sweep(commands)
    _add_figures(commands)
    _add_recommend(commands)
    _add_check(commands)
    return parser


def _add(commands: Any, name: str, run: Callable[[argparse.Namespace], int], says: str) -> Any:
    parser = commands.add_parser(name, help=says, description=says)
    parser.set_defaults(run=run)
    return parser.add_argument


def _add_derive(commands: Any) -> None:
    add = _add(commands, "derive", derive, "Print the chapters: every step, with what it follows from.")
    add("chapter", nargs="?", metavar="CHAPTER", help="a chapter's key, or a FILE.py or FOLDER/ of your own")
    add("--format", choices=["text", "latex", "latex-macros", "bibtex", "markdown"], default="text")
    add("--verdicts", action="store_true", help="verify the claims and print what came of each")
    add("-o", "--output", type=Path, metavar="FILE|DIR", help="write there; in a directory, a file per chapter")


def _add_verify(commands: Any) -> None:
    add = _add(commands, "verify", verify, "Prove claims: all that ship, or those named.")
    add("names", nargs="*", metavar="ID|CHAPTER|FILE.py|FOLDER/")
    add("--output-format", choices=["text", "json"], default="text")
    add("-j", "--jobs", type=_whole(1), metavar="N", help="processes (default: one per core)")
    add("--time-limit", type=_positive, default=10.0, metavar="S", help="seconds for each equation")
    add("--allow-supported", action="store_true", help="let claims pass without a proof")
    add("--no-cache", action="store_true", help="neither read nor write verdicts kept on disk")
    add("--explain", action="store_true", help="print the certificates: generators, relations, conditions, identity")
    add("--certificates", type=Path, metavar="DIR", help="write one JSON file for each proved claim there")


def _add_new(commands: Any) -> None:
    add = _add(commands, "new", new, "Write a file to begin with: a chapter that verifies.")
    add("kind", choices=["chapter"])
    add("name", metavar="NAME", help="a lowercase word, the first part of every id; NAME_chapter.py is written")
    add("-o", "--output", type=Path, metavar="FILE.py", help="write there instead")


def _add_generate(commands: Any) -> None:
    add = _add(commands, "generate", generate, "Write the evaluators from the proved expressions.")
    add("--target", choices=["python", "array_api", "c", "javascript"], default="python")
    add("--check", action="store_true", help="write nothing; show what would change, exit 1 if anything")
    add("-o", "--output", type=Path, metavar="DIR", help="default, but for javascript: the package's own")


def _add_compare(commands: Any) -> None:
    add = _add(commands, "compare", compare, "Hold the theory against training on real data.")
    add("data", nargs="?", type=Path, metavar="DATA", help="IDX, CIFAR-10 binary or .npy images")
    add("--noise", type=_not_negative, default=0.0, metavar="S2", help="variance of the input noise")
    add("--decay", type=_not_negative, default=0.0, metavar="G", help="weight decay per sample")
    add("--hidden", type=_whole(1), default=256, metavar="H", help="hidden units")
    add("--lr", type=_positive, default=0.01, help="learning rate")
    add("--epochs", type=_whole(1), default=2000)
    add("--modes", type=_modes, default=(0, 3, 7, 15, 31), metavar="0,3,7", help="modes to follow")
    add("--seed", type=_whole(0), default=0)
    add("-o", "--output", type=Path, metavar="FILE.png", help="draw theory against training")


def _add_sweep(commands: Any) -> None:
    add = _add(commands, "sweep", sweep, "Evaluate over a large grid into a Zarr store; goes on where it was stopped.")
    add("configuration", type=Path, metavar="CONFIG.toml", help="quantities, and a number or an axis for each argument")
    add("-o", "--output", type=Path, metavar="OUT", required=True, help="the store; OUT.ledger says what is done")
    add("--scheduler", metavar="tcp://HOST:PORT", help="a Dask cluster that computes (default: threads)")
    add("-j", "--jobs", type=_whole(1), metavar="N", help="threads (default: one per core)")


def _add_figures(commands: Any) -> None:
    add = _add(commands, "figures", figures, "Draw the paper's figures, their numbers as JSON and CSV beside them.")
    add("numbers", nargs="*", type=_figures, metavar="1-6|all", help="which (default: all)")
    add("--data", type=Path, metavar="DIR", help="folder with MNIST and CIFAR-10 images (default: ../shared/data)")
    add("--fast", action="store_true", help="smaller networks and fewer images in figures 5 and 6")
    add("--samples", type=_whole(1), metavar="N", help="images that figure 6 trains on (default: 2000)")
    add("-o", "--output", type=Path, required=True, metavar="DIR", help="write there; made if need be")


def _add_recommend(commands: Any) -> None:
    add = _add(commands, "recommend", recommend, "The noise, and the decay, for a wanted shrinkage of real data.")
    add("data", type=Path, metavar="DATA", help="IDX, CIFAR-10 binary or .npy images")
    add("--keep", type=_positive, metavar="K", help="share of the second moment to keep, up to 1")
    add("--dimension", type=_positive, metavar="D", help="effective dimension, in place of --keep")
    add("--hidden", type=_whole(1), metavar="H", help="hidden units (default: as many as pixels)")
    add("--lr", type=_positive, help="learning rate (default: half the smaller stable step)")
    add("--std", type=_positive, default=1e-3, help="standard deviation of the initial weights")
    add("-o", "--output", type=Path, metavar="FILE.png", help="draw the strengths over the spectrum")


def _figures(text: str) -> tuple[int, ...]:
    """One number, a range as 1-4, or all."""
    if text == "all":
        return tuple(range(1, 7))
    first, dash, last = text.partition("-")
    ends = _whole(1)(first), _whole(1)(last if dash else first)
    if not ends[0] <= ends[1] <= 6:
        raise argparse.ArgumentTypeError(f"{text!r}: there are figures 1 to 6; give one, a range as 1-4, or all")
    return tuple(range(ends[0], ends[1] + 1))


def _add_check(commands: Any) -> None:
    add = _add(commands, "check", check, "Hold the marked equations of a manuscript (.tex, .md) against claims.")
    add("files", nargs="+", type=Path, metavar="FILE")
    add("--config", type=Path, metavar="FILE", help="TOML with a [manuscript] table (default: found beside FILE)")
    add("--output-format", choices=["text", "json", "github"], default="text")
    add("--echo", action="store_true", help="print how each equation was read")
    add("--strict", action="store_true", help="undecided and unparsed equations fail as well")
    add("-j", "--jobs", type=_whole(1), metavar="N", help="processes (default: one per core)")
    add("--time-limit", type=_positive, default=10.0, metavar="S", help="seconds for each proof")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not finite")
    return value


def _positive(text: str) -> float:
    value = _number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not > 0")
    return value


def _not_negative(text: str) -> float:
    value = _number(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not >= 0")
    return value


def _whole(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number >= {least}")
        return int(text)

    return whole


def _modes(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_whole(0)(part.strip()) for part in text.split(",")))


# Commands -----------------------------------------------------------------------------------------------


def derive(arguments: argparse.Namespace) -> int:
    """Print one chapter or all."""
    from .emit.bibliography import bibtex
    from .emit.document import document
    from .emit.macros import AmbiguousName, macros
    from .emit.markdown import markdown
    from .emit.text import text as plain

    forms: dict[str, tuple[Callable[[Iterable[Chapter], Mapping[str, Verdict] | None], str], str]] = {
        "text": (plain, "txt"),
        "latex": (document, "tex"),
        "latex-macros": (macros, "tex"),
        "bibtex": (bibtex, "bib"),
        "markdown": (markdown, "md"),
    }
    write, ending = forms[arguments.format]
    chosen = _chapters(arguments.chapter)
    verdicts = _verdicts(chosen) if arguments.verdicts else None
    try:
        if arguments.output is None:
            sys.stdout.write(write(chosen, verdicts))
        elif arguments.output.is_dir():
            for chapter in chosen:
                _write(arguments.output / f"{chapter.key}.{ending}", write([chapter], verdicts))
        else:
            _write(arguments.output, write(chosen, verdicts))
    except AmbiguousName as error:
        raise UsageError(str(error)) from error
    return CLEAN


def _verdicts(chosen: Iterable[Chapter]) -> dict[str, Verdict]:
    """What verifying each claim says, by its id."""
    from .verify import verify_all

    stated = [claim for chapter in chosen for claim in chapter.claims.values()]
    verified = verify_all(stated, jobs=os.cpu_count() or 1)
    return {claim.id: verdict for claim, verdict in _watched(verified, total=len(stated), doing="verifying")}


def _chapters(name: str | None) -> Sequence[Chapter]:
    from .catalogue import chapters, unknown

    if name is None:
        return tuple(chapters().values())
    if _is_path(name):
        return _loaded(name)
    if name not in chapters():
        raise UsageError(unknown(name, chapters()))
    return (chapters()[name],)


def _is_path(name: str) -> bool:
    from .catalogue import chapters

    return name.endswith(".py") or os.sep in name or (name not in chapters() and Path(name).is_dir())


def _loaded(name: str) -> Sequence[Chapter]:
    from .catalogue import UnusableChapter, load_chapters

    try:
        return load_chapters(name)
    except UnusableChapter as error:
        raise UsageError(str(error)) from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error


def verify(arguments: argparse.Namespace) -> int:
    """Prove the claims named, print what came of each, and say whether all are as stated."""
    from . import report

    chosen = _claims(arguments.names)
    jobs = min(arguments.jobs or os.cpu_count() or 1, max(len(chosen), 1))
    started = time.perf_counter()
    outcomes = list(_outcomes(chosen, jobs, arguments))
    seconds = time.perf_counter() - started
    if arguments.output_format == "json":
        print(report.as_json(outcomes))
    else:
        if arguments.explain:
            _explain(outcomes)
        report.print_outcomes(outcomes, seconds, jobs)
    if arguments.certificates:
        _write_certificates(outcomes, arguments.certificates)
    return CLEAN if all(outcome.clean for outcome in outcomes) else FINDINGS


def _explain(outcomes: Iterable[Outcome]) -> None:
    from .explain import text

    for outcome in outcomes:
        print(text(outcome.claim, outcome.verdict), end="\n\n")


def _write_certificates(outcomes: Iterable[Outcome], folder: Path) -> None:
    from .explain import write

    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [write(outcome.claim, outcome.verdict, folder) for outcome in outcomes]
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror or error}") from error
    print(f"{folder}: {sum(path is not None for path in written)} certificates", file=sys.stderr)


def _claims(names: Iterable[str]) -> list[Claim]:
    """The claims of the ids, chapters and files named, each once; all that ship where none is named."""
    from .catalogue import chapters, claims, unknown

    chosen: dict[int, Claim] = {}
    for name in names or chapters():
        if _is_path(name):
            found = [claim for chapter in _loaded(name) for claim in chapter.claims.values()]
        elif name in chapters():
            found = list(chapters()[name].claims.values())
        elif name in claims():
            found = [claims()[name]]
        else:
            raise UsageError(unknown(name, [*chapters(), *claims()]))
        chosen |= {id(claim): claim for claim in found}
    return list(chosen.values())


def _outcomes(chosen: Sequence[Claim], jobs: int, arguments: argparse.Namespace) -> Iterator[Outcome]:
    from .report import Outcome
    from .verify import verify_all

    limit, cache = arguments.time_limit, not arguments.no_cache
    verified = verify_all(chosen, jobs=jobs, time_limit=limit, cache=cache)
    for claim, verdict in _watched(verified, total=len(chosen), doing="verifying"):
        yield Outcome(claim, verdict, arguments.allow_supported)


def _watched(items: Iterable[T], *, total: int, doing: str) -> Iterator[T]:
    """The items, with a progress bar on standard error where that is a terminal."""
    from rich.progress import track

    from .report import console

    yield from track(
        items,
        description=doing,
        total=total,
        console=console(sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def new(arguments: argparse.Namespace) -> int:
    """Write a chapter to begin with; never over a file that is there."""
    from .template import chapter

    try:
        text = chapter(arguments.name)
    except ValueError as error:
        raise UsageError(str(error)) from error
    path = arguments.output or Path(f"{arguments.name}_chapter.py")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path}: is there already; choose another name") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error
    print(f"{path}: verify it with `modeflow verify {path}`")
    return CLEAN


def generate(arguments: argparse.Namespace) -> int:
    """Write the evaluators, or show how those on disk differ from what would be written."""
    from .emit import array_api, c, javascript, python

    emitter = {"python": python, "array_api": array_api, "c": c, "javascript": javascript}[arguments.target]
    generated = Path(__file__).parent / "generated"
    own = {"python": generated, "array_api": generated / "array_api", "c": generated / "c"}
    folder = arguments.output or own.get(arguments.target)
    if folder is None:
        raise UsageError(f"--target {arguments.target} needs a directory to write to: add -o DIR")
    if arguments.check:
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such directory")
        differences = emitter.stale(folder)
        print("\n".join(differences) if differences else f"{folder}: up to date")
        return FINDINGS if differences else CLEAN
    try:
        for path in emitter.write(folder):
            print(path)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return CLEAN


def compare(arguments: argparse.Namespace) -> int:
    """Train, predict, and print how far apart they are."""
    from .compare import compare as run
    from .compare import draw, figure_path, table

    given = {name: getattr(arguments, name) for name in _SETTING}
    # The engine raises ValueError for what the user gave, and names it; too large a run is theirs as well.
    try:
        picture = figure_path(arguments.output) if arguments.output else None
        with _bar("training") as progress:
            found = run(arguments.data, **given, progress=progress)
        print(table(found))
        if picture:
            draw(found, picture)
    except (ValueError, MemoryError) as error:
        raise UsageError(" ".join(str(error).split()) or "not enough memory") from error
    return CLEAN


def figures(arguments: argparse.Namespace) -> int:
    """Compute, draw and write the figures named."""
    from .figures import FIGURES
    from .figures import figures as written

    given = {} if arguments.data is None else {"data": arguments.data}
    chosen = sorted({number for numbers in arguments.numbers for number in numbers}) or FIGURES
    try:
        with _bar("training") as progress:
            more = {"fast": arguments.fast, "samples": arguments.samples, "progress": progress}
            for path in written(chosen, arguments.output, **given, **more):
                print(path, flush=True)
    except (ValueError, MemoryError) as error:
        raise UsageError(" ".join(str(error).split()) or "not enough memory") from error
    except OSError as error:
        raise UsageError(f"{arguments.output}: cannot be written: {error.strerror or error}") from error
    return CLEAN


def recommend(arguments: argparse.Namespace) -> int:
    """Print the noise and the decay for a wanted shrinkage, and what each costs."""
    from .compare import figure_path
    from .data import load, spectrum
    from .recommendation import draw, table
    from .recommendation import recommend as found

    given = {name: getattr(arguments, name) for name in ("keep", "dimension", "hidden", "lr", "std")}
    try:
        picture = figure_path(arguments.output) if arguments.output else None
        advice = found(spectrum(load(arguments.data)).eigenvalues, **given)
        print(table(advice))
        if picture:
            draw(advice, picture)
    except (ValueError, MemoryError) as error:
        raise UsageError(" ".join(str(error).split()) or "not enough memory") from error
    return CLEAN


_SETTING = ("noise", "decay", "hidden", "lr", "epochs", "modes", "seed")


@contextmanager
def _bar(doing: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, where that is a terminal, as a function of (done, total)."""
    from rich.progress import Progress

    from .report import console

    with Progress(console=console(sys.stderr), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(doing)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def sweep(arguments: argparse.Namespace) -> int:
    """Evaluate a grid chunk by chunk."""
    try:
        from .sweep import UnusableConfiguration, read
        from .sweep import sweep as run
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is needed for sweeps: pip install 'modeflow[sweep]'") from error
    try:
        with _bar("sweeping") as progress:
            run(
                read(arguments.configuration),
                arguments.output,
                scheduler=arguments.scheduler,
                workers=arguments.jobs,
                progress=progress,
            )
    except (UnusableConfiguration, FloatingPointError) as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"{arguments.output}: cannot be written: {error.strerror or error}") from error
    print(arguments.output)
    return CLEAN


def check(arguments: argparse.Namespace) -> int:
    """Read manuscripts, compare their marked equations with claims, and say whether all agree."""
    from . import manuscript
    from .manuscript import findings

    try:
        chosen = manuscript.load(arguments.config, Path()) if arguments.config else None
        found = manuscript.check(
            arguments.files, chosen, time_limit=arguments.time_limit, jobs=arguments.jobs or os.cpu_count() or 1
        )
    except (manuscript.UnreadableSource, manuscript.UnusableConfiguration) as error:
        raise UsageError(str(error)) from error
    if arguments.output_format == "json":
        print(findings.as_json(found))
    elif arguments.output_format == "github":
        print(findings.as_github(found, arguments.strict))
    else:
        print(findings.as_text(found, arguments.echo))
    return FINDINGS if any(finding.fails(arguments.strict) for finding in found) else CLEAN

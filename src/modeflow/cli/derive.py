"""`modeflow derive`: the chapters, in every form."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .logs import note
from .options import command, file_or_folder
from .printing import columns
from .selection import Selection, selection
from .status import CLEAN, UsageError, usage_errors, writing
from .verdicts import verdicts as verdicts_of

if TYPE_CHECKING:
    from ..language.verdict import Verdict
    from ..manuscript import Configuration
    from ..statements.chapter import Chapter
    from ..statements.claims import Claim

# Chapters to be written as one text, by its name.
Texts = Mapping[str, tuple["Chapter", ...]]

FORMS = ("text", "latex", "latex-macros", "bibtex", "markdown", "html", "ipynb")
_WITHOUT_STEPS = ("latex-macros", "bibtex")
_TITLED = ("latex", "html")


def add(commands: Any) -> None:
    option = command(commands, "derive", run, "Print chapters or claims: every step, with what it follows from.")
    option(
        "names",
        nargs="*",
        metavar="CLAIM|CHAPTER|FILE.py|FOLDER/",
        help="a claim with what it needs, by its id, or whole chapters",
        absent="all that ship",
    )
    option("--ancestors", action="store_true", help="tell all that a claim rests on, in order")
    option("--format", choices=FORMS, default="text", help="what is written")
    option(
        "--tone",
        choices=("lecture", "paper"),
        default="lecture",
        help="all equations that are proved, or what is claimed and in a sentence how it follows",
    )
    option("--title", metavar="TEXT", help="the title of a document or a page", absent="what the chapters are about")
    option("--verdicts", action="store_true", help="verify the claims and print what came of each")
    option(
        "--notation",
        metavar="NAME|FILE.toml",
        help="in the letters of a source, or of the [manuscript] in FILE.toml",
        absent="the letters of the chapters",
    )
    option(
        "-o",
        "--output",
        type=file_or_folder,
        metavar="FILE|DIR",
        help="write there; in a directory that is there, a file for each chapter and each claim named",
        absent="standard output",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what is named, or all chapters."""
    from ..typeset.macros import AmbiguousName
    from ..typeset.mathml import UnusableFormula

    if arguments.tone != "lecture" and arguments.format in _WITHOUT_STEPS:
        told = ", ".join(form for form in FORMS if form not in _WITHOUT_STEPS)
        raise UsageError(f"--tone {arguments.tone}: --format {arguments.format} tells no steps; choose one of {told}")
    if arguments.title and arguments.format not in _TITLED:
        raise UsageError(f"--title: --format {arguments.format} has no title; choose one of {', '.join(_TITLED)}")
    named = _texts(selection(arguments.names), arguments)
    lettered = _relettered(named, arguments.notation) if arguments.notation else named
    try:
        with usage_errors(AmbiguousName, UnusableFormula):
            if arguments.verdicts:  # what cannot be written is found before anything is proved
                _written(lettered, None, arguments)
            verdicts = verdicts_of(_stated(named)) if arguments.verdicts else None
            written = _written(lettered, verdicts, arguments)
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is needed for --format html: pip install 'modeflow[html]'") from error
    _put(written, arguments.output)
    return CLEAN


def _texts(chosen: Selection, arguments: argparse.Namespace) -> Texts:
    """What is written, by the names of the files in a folder; else all of it as one text without a name."""
    if arguments.output is not None and arguments.output.is_dir():
        return chosen.apart(arguments.ancestors)
    return {"": chosen.together(arguments.ancestors)}


def _stated(texts: Texts) -> list[Claim]:
    """The claims of the chapters, and what definitions of others that they use claim of their values."""
    from ..statements.chapter import domain_claims

    found = {i: claim for chapter in _all(texts) for i, claim in chapter.stated.items()}
    for claim in list(found.values()):
        for one in (one for d in claim.definitions() for one in domain_claims(d, claim.alphabet)):
            found.setdefault(one.id, one)
    return list(found.values())


def _all(texts: Texts) -> tuple[Chapter, ...]:
    return tuple(chapter for chapters in texts.values() for chapter in chapters)


def _written(texts: Texts, verdicts: Mapping[str, Verdict] | None, arguments: argparse.Namespace) -> dict[str, str]:
    """Each text, by the name of its file."""
    write, ending = _form(arguments.format)
    wishes = {} if arguments.format in _WITHOUT_STEPS else {"tone": arguments.tone}
    wishes |= {"title": arguments.title} if arguments.title else {}
    wishes |= {"columns": columns()} if arguments.format == "text" and arguments.output is None else {}
    return {f"{name}.{ending}": write(chapters, verdicts, **wishes) for name, chapters in texts.items()}


def _put(written: Mapping[str, str], output: Path | None) -> None:
    """Write to standard output, into a folder, or into one file."""
    if output is None:
        sys.stdout.writelines(written.values())
    elif output.is_dir():
        _write({output / name: text for name, text in written.items()})
    else:
        _write(dict.fromkeys([output], *written.values()))


def _form(name: str) -> tuple[Callable[..., str], str]:
    """What writes chapters in that form, and how its files end."""
    from ..typeset.bibliography import bibtex
    from ..typeset.document import document
    from ..typeset.html import html
    from ..typeset.macros import macros
    from ..typeset.markdown import markdown
    from ..typeset.notebook import notebook
    from ..typeset.text import text

    forms: dict[str, tuple[Callable[..., str], str]] = {
        "text": (text, "txt"),
        "latex": (document, "tex"),
        "latex-macros": (macros, "tex"),
        "bibtex": (bibtex, "bib"),
        "markdown": (markdown, "md"),
        "html": (html, "html"),
        "ipynb": (notebook, "ipynb"),
    }
    return forms[name]


def _relettered(texts: Texts, notation: str) -> Texts:
    """The chapters in the letters of a manuscript."""
    from ..manuscript.mean.spelling import spelling
    from ..typeset.lettering import relettered

    chapters = _all(texts)
    letters = spelling(_declared(notation).notation, chapters)
    written = {name: relettered(parts, letters) for name, parts in texts.items()}
    _tell_shared(chapters, _all(written))
    return written


def _tell_shared(chosen: Sequence[Chapter], written: Sequence[Chapter]) -> None:
    """Say on standard error which letters stand for two things that had a letter each."""
    from ..typeset.lettering import shared

    before = {found[1:] for found in shared(chosen)}
    for tex, one, other in dict.fromkeys(s for s in shared(written) if s[1:] not in before):
        note(f"modeflow: {tex} stands for both {one} and {other}")


def _declared(notation: str) -> Configuration:
    """The letters of a published source, or those that a configuration declares."""
    from ..manuscript import UnusableConfiguration, configuration, load

    path, published = Path(notation), {"notation": notation}
    with usage_errors(UnusableConfiguration):
        return load(path, path.parent) if path.suffix == ".toml" else configuration(published, "--notation")


def _write(texts: Mapping[Path, str]) -> None:
    from ..files import write_all

    with writing():
        write_all(texts)

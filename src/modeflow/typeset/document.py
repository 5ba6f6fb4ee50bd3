"""Chapters as a LaTeX document that compiles as it stands."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..language.definitions import Definition
from ..language.quantities import Alphabet
from ..language.verdict import ORDER, Verdict
from ..statements.chapter import Chapter
from ..statements.claims import Claim
from ..statements.equations import Equation
from .bibliography import bibliography, cited, keys_of
from .latex import broken_lines, defining, inline_latex
from .methods import met
from .narrative import (
    ROOM,
    Numbers,
    Show,
    about,
    by,
    called,
    counted_noun,
    domain_told,
    heading,
    judged,
    letters_of,
    numbered,
    paragraphs,
    recalled,
    satisfying,
    says,
    sourced,
    told,
    unbracketed,
    uncapitalised,
)
from .notation import notation
from .prose import GREEK, tex_prose
from .steps import Tone

Verdicts = Mapping[str, Verdict]

# A display of more rows than this may break across pages.
_ROWS_KEPT_TOGETHER = 12

_SIGNS = {"proved": r"$\checkmark$", "supported": r"$\approx$", "undecided": "?", "refuted": r"$\times$"}

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[a4paper, margin=25mm]{geometry}
\usepackage{amsmath, amssymb, longtable, booktabs}
\usepackage[hidelinks, bookmarksnumbered]{hyperref}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6\baselineskip plus 0.2\baselineskip}
\emergencystretch=3em
\postdisplaypenalty=9000  % what is told below a formula stays with it
% A claim: its verdict in the margin, where there is one, its name, its permanent id, and what it says.
\newcommand{\claim}[4][]{\par\medskip\leavevmode
  \makebox[0pt][r]{\scriptsize\sffamily #1\hspace{3mm}}\textbf{#2.} #4%
  \unskip\nobreak\hfil\penalty50\hskip1em\hbox{}\nobreak\hfill{\footnotesize\ttfamily #3}\nopagebreak}
\newcommand{\remark}[1]{{\small\noindent #1\par}}
"""


_VERDICTS = r"""A mark in the margin says what came of a claim. A claim is \emph{proved} by exact algebra, under what is
assumed of its letters; what must hold besides is told below it. It is \emph{refuted} where a point was found at which
it fails, \emph{supported} where many points agree and there is no proof, else \emph{undecided}. The words behind the
verdict say how."""


def document(
    chapters: Iterable[Chapter], verdicts: Verdicts | None = None, tone: Tone = "lecture", title: str = ""
) -> str:
    """The chapters as one LaTeX document: abstract, contents, narrative, numbered claims, notation, sources.

    verdicts: claim id → Verdict, marked in the margin and told below each claim where given.
    tone: a lecture tells all equations that a claim satisfies, a paper in a sentence how it follows.
    title: what stands over it, if not what the chapters are about.
    """
    chosen = tuple(chapters)
    name = title or about(chosen)
    numbers = numbered(chosen, tone)
    sources = [s for c in chosen for s in (c.source, *(claim.source for claim in c.claims.values()))]
    parts = [
        _PREAMBLE,
        rf"\title{{{_title(name, chosen)}}}" + "\n" + rf"\hypersetup{{pdftitle={{{_plain(name)}}}}}",
        "\\author{}\n\\date{\\vspace{-15mm}}\n\\begin{document}\n\\maketitle",
        _linked(_abstract(chosen, verdicts), numbers),
        r"{\setlength{\parskip}{0pt}\tableofcontents}" if len(chosen) > 1 else "",
        _legend(list((verdicts or {}).values())),
        *(_chapter(chapter, numbers, verdicts or {}, len(chosen) == 1) for chapter in chosen),
        notation(chosen, numbers, lambda i: _reference(i, numbers)),
        bibliography(key for source in sources for key in keys_of(source)),
        "\\end{document}\n",
    ]
    return "\n\n".join(part for part in parts if part)


def _plain(text: str) -> str:
    """Text for the properties and bookmarks of a PDF file: λ by its name, and no command of TeX."""
    spelt = "".join(GREEK[letter][1:] if letter in GREEK else letter for letter in text)
    ascii_only = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[\\{}%#&$^_~]", " ", ascii_only).split())


def _abstract(chapters: Sequence[Chapter], verdicts: Verdicts | None) -> str:
    """What each chapter is about, in its own first sentences, and how many claims there are and what came of them."""
    said = [tex_prose(first, letters_of(c.alphabet)) for c in chapters if (first := paragraphs(c.text)[0])]
    if len(said) > 1:
        said = [r"\begin{itemize}\itemsep0pt\parsep0pt", *(rf"\item {one}" for one in said), r"\end{itemize}"]
    counted = _counted_claims(chapters, verdicts)
    return "\n".join(
        [
            r"\begin{abstract}",
            "\\noindent",
            *((counted, *said) if len(said) > 1 else (*said, counted)),
            r"\end{abstract}",
        ]
    )


def _counted_claims(chapters: Sequence[Chapter], verdicts: Verdicts | None) -> str:
    claims = [claim.id for chapter in chapters for claim in chapter.claims.values()]
    counted = f"The text states {counted_noun(len(claims), 'claim')}" + (
        f" in {counted_noun(len(chapters), 'chapter')}" if len(chapters) > 1 else ""
    )
    if verdicts is None:
        return f"{counted}."
    found = Counter(verdicts[i].status for i in claims if i in verdicts)
    return f"{counted}: {', '.join(f'{found[status]} {status}' for status in ORDER if found[status])}."


def _legend(verdicts: Sequence[Verdict]) -> str:
    """What the verdicts and the words behind them say; nothing where there are none."""
    if not verdicts:
        return ""
    items = [rf"\item[{word}] {tex_prose(said)}" for word, said in met(verdicts).items()]
    listed = "\n".join([r"\begin{description}\itemsep0pt", *items, r"\end{description}"]) if items else ""
    return "\n".join(
        [
            r"\section*{How to read the verdicts}",
            r"\addcontentsline{toc}{section}{How to read the verdicts}",
            _VERDICTS,
            listed,
        ]
    )


def _title(name: str, chapters: Sequence[Chapter]) -> str:
    return tex_prose(name, letters_of(chapters[0].alphabet) if chapters else {})


def _chapter(chapter: Chapter, numbers: Numbers, verdicts: Verdicts, alone: bool) -> str:
    """A section; of a chapter alone, the abstract has the first sentence."""
    names = letters_of(chapter.alphabet)
    shown = tex_prose(heading(chapter), names)
    parts = [
        rf"\section{{\texorpdfstring{{{shown}}}{{{_plain(heading(chapter))}}}}}"
        if "\\" in shown
        else rf"\section{{{shown}}}"
    ]
    told_here = paragraphs(unbracketed(chapter.text, numbers))[1 if alone else 0 :]
    parts += [_linked(tex_prose(paragraph, names), numbers) for paragraph in told_here if paragraph]
    if said := sourced(chapter, cited, lambda i: _reference(i, numbers)):
        parts.append(rf"\remark{{{said}}}")
    for claim in chapter.claims.values():
        parts += _definitions(numbers.new[claim.id], claim.alphabet, numbers, verdicts)
        parts.append(_claim(claim, numbers, verdicts.get(claim.id)))
    return "\n\n".join(parts)


def _linked(words: str, numbers: Numbers) -> str:
    """A paragraph with the numbers of the claims that it names by their ids."""
    ids = {tex_prose(identifier): identifier for identifier in numbers.of}
    return re.sub(r"\\texttt\{([^}]*)\}", lambda m: _reference(ids[m[1]], numbers) if m[1] in ids else m[0], words)


def _opening(identifier: str, name: str, said: str, names: Mapping[str, str], mark: str = "") -> str:
    return rf"\claim{mark}{{{name}}}{{{tex_prose(identifier)}}}{{{tex_prose(said, names)}}}"


def _definitions(new: Sequence[Definition], alphabet: Alphabet, numbers: Numbers, verdicts: Verdicts) -> Iterator[str]:
    """The definitions before a claim: one after the other in a lecture, together in a paper."""
    if numbers.tone == "paper" and new:
        yield _defined_together(new, alphabet, numbers, verdicts)
    else:
        yield from (_definition(d, alphabet, numbers, verdicts) for d in new)


def _definition(definition: Definition, alphabet: Alphabet, numbers: Numbers, verdicts: Verdicts) -> str:
    opening = _opening(definition.id, rf"\boldmath${definition.tex}$", definition.says, letters_of(alphabet))
    display = _display(definition.id, defining(definition), alphabet)
    domain = domain_told(definition, verdicts, _formula(alphabet), tex_prose)
    return "\n".join([opening, display, *_remarks(_recalled(numbers.used_by(definition), numbers), domain)])


def _defined_together(new: Sequence[Definition], alphabet: Alphabet, numbers: Numbers, verdicts: Verdicts) -> str:
    names = letters_of(alphabet)
    said = [f"${d.tex}$ for {tex_prose(uncapitalised(d.says.rstrip('.')), names)}" for d in new]
    rows = []
    for d, lines in zip(new, broken_lines(map(defining, new), alphabet, ROOM), strict=True):
        rows += [rf"{lines[0]} \label{{{d.id}}}", *(rf"{line} \notag" for line in lines[1:])]
    earlier = dict.fromkeys(name for d in new for name in numbers.used_by(d))
    domains = [domain_told(d, verdicts, _formula(alphabet), tex_prose) for d in new]
    display = "\\begin{align}\n  " + " \\\\\n  ".join(rows) + "\n\\end{align}"
    told_below = _remarks(_recalled(tuple(earlier), numbers), *domains)
    return "\n".join([rf"\par\medskip Write {'; '.join(said)}:", display, *told_below])


def _formula(alphabet: Alphabet) -> Show:
    return lambda parts: f"${inline_latex(parts, alphabet)}$"


def _recalled(names: Sequence[Definition], numbers: Numbers) -> str:
    return recalled(names, lambda tex: f"${tex}$", lambda i: _reference(i, numbers))


def _remarks(*said: str) -> list[str]:
    """What is said below a formula, in one paragraph; nothing where that is empty."""
    told_here = " ".join(filter(None, said))
    return [rf"\remark{{{told_here}}}"] if told_here else []


def _claim(claim: Claim, numbers: Numbers, verdict: Verdict | None) -> str:
    parts_told = told(claim, numbers.tone)
    statement, *conditions = parts_told.equations
    mark = f"[{_SIGNS[verdict.status]} {verdict.status}]" if verdict is not None else ""
    names = letters_of(claim.alphabet)
    opening = _opening(claim.id, tex_prose(called(claim), names), says(claim), names, mark)
    parts = [opening, _display(claim.id, statement, claim.alphabet)]
    if claim.given:
        parts.append("{\\small given}\n" + _unnumbered(claim.given_equations(), claim.alphabet))
    earlier = _recalled(numbers.told_before(claim), numbers)
    if not parts_told.where and not conditions:
        return "\n".join([*parts, *_remarks(earlier, _aside(claim, numbers, verdict))])
    parts += _remarks(earlier)
    if parts_told.where:
        parts.append("{\\small where}\n" + _unnumbered(parts_told.where, claim.alphabet))
    if conditions:
        parts.append(f"{{\\small {satisfying(claim)}}}\n" + _unnumbered(conditions, claim.alphabet))
    return "\n".join([*parts, *_remarks(_aside(claim, numbers, verdict))])


def _display(identifier: str, statement: Equation, alphabet: Alphabet) -> str:
    (lines,) = broken_lines([statement], alphabet, ROOM)
    label = rf"\label{{{identifier}}}"
    if len(lines) == 1:
        return f"\\begin{{equation}}{label}\n  {lines[0].replace('&', '', 1)}\n\\end{{equation}}"
    if len(lines) <= _ROWS_KEPT_TOGETHER:
        body = " \\\\\n  ".join(lines)
        aligned = f"\\begin{{aligned}}\n  {body}\n\\end{{aligned}}"
        return f"\\begin{{equation}}{label}\n{aligned}\n\\end{{equation}}"
    body = " \\\\\n  ".join([lines[0], *(rf"{line} \notag" for line in lines[1:])])
    return f"\\begin{{align}}{label}\n  {body}\n\\end{{align}}"


def _unnumbered(equations: Sequence[Equation], alphabet: Alphabet) -> str:
    """Equations below each other, with the names of their roles."""
    names = ["" if e.name == "statement" or e.name.startswith("equation ") else e.name for e in equations]
    blocks = broken_lines(equations, alphabet, ROOM - 0.6 * max(map(len, names)))
    tags = [rf" \tag*{{({tex_prose(name)})}}" if name else "" for name in names]
    rows = [row for block, tag in zip(blocks, tags, strict=True) for row in (*block[:-1], block[-1] + tag)]
    return "\\begin{align*}\n  " + " \\\\\n  ".join(rows) + "\n\\end{align*}"


def _aside(claim: Claim, numbers: Numbers, verdict: Verdict | None) -> str:
    found = by(claim, lambda i: _reference(i, numbers), _formula(claim.alphabet), numbers.tone)
    said = f"{judged(claim, verdict, _formula(claim.alphabet), tex_prose)}." if verdict is not None else ""
    return f"{found} {said}".strip()


def _reference(identifier: str, numbers: Numbers) -> str:
    return rf"\eqref{{{identifier}}}" if identifier in numbers.of else rf"\texttt{{{tex_prose(identifier)}}}"

r"""Displays in every shape of TeX and Markdown, each behind a mark, and a neighbour for which the mark is right.

A mark belongs to the display it stands before, or is an error at its own line; never to the neighbour.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modeflow.manuscript.marked_equations import Job, marked
from modeflow.manuscript.text.sources import Source, read

CLAIM = "dae.fixed_point"
OWN = r"w^* = \lambda"  # what the marked display says, and its neighbour
OTHER = r"w^* = \frac{\lambda}{\lambda + \varepsilon}"


@dataclass(frozen=True)
class Shape:
    """How a display is written: READ where a mark before it is for it, SEEN where the mark is an error."""

    name: str
    text: str  # @ stands for the equation
    is_read: bool = True
    preamble: str = ""


def _environments() -> Iterator[Shape]:
    names = ["equation", "align", "gather", "multline", "eqnarray", "displaymath", "flalign", "dmath", "math"]
    for name in (*names, "equation*", "align*", "gather*"):
        yield Shape(name, f"\\begin{{{name}}}\n  @\n\\end{{{name}}}")
    yield Shape("alignat", "\\begin{alignat}{2}\n  @\n\\end{alignat}")
    yield Shape("spaces", "\\begin {equation}\n  @\n\\end {equation}")
    yield Shape("split", "\\begin{equation}\\begin{split}\n  @\n\\end{split}\\end{equation}")
    yield Shape(
        "subequations", "\\begin{subequations}\\label{x}\n\\begin{align}\n  @\n\\end{align}\n\\end{subequations}"
    )
    yield Shape("end in a comment", "\\begin{equation}\n  @ % \\end{equation} here?\n\\end{equation}")
    for name in ("empheq", "dgroup", "numcases", "mathpar"):
        yield Shape(name, f"\\begin{{{name}}}\n  @\n\\end{{{name}}}", is_read=False)


_BE, _EE = "\\newcommand{\\be}{\\begin{equation}}", "\\newcommand{\\ee}{\\end{equation}}"
TEX_SHAPES = [
    *_environments(),
    Shape("brackets", "\\[ @ \\]"),
    Shape("dollars", "$$\n@\n$$"),
    Shape("an empty line", "$$ @\n\n$$"),
    Shape("in a line", "$@$"),
    Shape("in a line, brackets", "\\(@\\)"),
    Shape(
        "command", "\\be @ \\ee", preamble="\\newcommand{\\be}{\\begin{equation}}\n\\newcommand{\\ee}{\\end{equation}}"
    ),
    Shape("def", "\\be\n @ \\ee", preamble="\\def\\be{\\begin{eqnarray}}\n\\def\\ee{\\end{eqnarray}}"),
    Shape("let", "\\bb @ \\ee", preamble="\\def\\be{\\[}\\let\\bb=\\be\n\\def\\ee{\\]}"),
    Shape("mixed", "\\be @ \\end{equation}", preamble="\\newcommand\\be{\\begin{equation}}"),
    Shape("dollars as commands", "\\be @ \\ee", preamble="\\newcommand\\be{$$}\\newcommand\\ee{$$}"),
    Shape(
        "label",
        "\\beq{a} @ \\eeq",
        preamble="\\newcommand{\\beq}[1]{\\begin{equation}\\label{#1}}\n\\newcommand{\\eeq}{\\end{equation}}",
    ),
    Shape(
        "split in commands",
        "\\bs @ \\es",
        preamble="\\newcommand{\\bs}{\\begin{equation}\\begin{split}}\n\\newcommand{\\es}{\\end{split}\\end{equation}}",
    ),
    Shape("argument", "\\eqn{@}", preamble="\\newcommand{\\eqn}[1]{\\begin{equation}#1\\end{equation}}"),
    Shape(
        "two arguments", "\\eqn{a}{@}", preamble="\\newcommand{\\eqn}[2]{\\begin{equation}\\label{#1}#2\\end{equation}}"
    ),
    Shape("delimited", "\\be @\\ee", preamble="\\def\\be#1\\ee{\\begin{equation}#1\\end{equation}}"),
    Shape(
        "document command",
        "\\be @\\ee",
        preamble="\\NewDocumentCommand{\\be}{}{\\begin{equation}}\n\\NewDocumentCommand{\\ee}{}{\\end{equation}}",
    ),
    Shape(
        "optional",
        "\\be @\\ee",
        False,
        "\\newcommand{\\be}[1][x]{\\begin{equation}}\n\\newcommand{\\ee}{\\end{equation}}",
    ),
    Shape(
        "two meanings",
        "\\be @\\ee",
        False,
        "\\newcommand{\\be}{\\begin{equation}}\n\\renewcommand{\\be}{\\begin{center}}"
        "\n\\newcommand{\\ee}{\\end{equation}}",
    ),
    Shape("fixed", "\\main", False, f"\\newcommand{{\\main}}{{\\[ {OWN} \\]}}"),
    Shape("environment", "\\begin{eqn}\n@\n\\end{eqn}", preamble="\\newenvironment{eqn}{\\begin{align}}{\\end{align}}"),
    Shape(
        "environment with label",
        "\\begin{eqn}{a}\n@\n\\end{eqn}",
        preamble="\\newenvironment{eqn}[1]{\\begin{equation}\\label{#1}}{\\end{equation}}",
    ),
    Shape(
        "environment by commands",
        "\\begin{eqn}\n@\n\\end{eqn}",
        preamble="\\newenvironment{eqn}{\\equation}{\\endequation}",
    ),
    Shape(
        "document environment",
        "\\begin{eqn}\n@\n\\end{eqn}",
        preamble="\\NewDocumentEnvironment{eqn}{}{\\begin{equation}}{\\end{equation}}",
    ),
    Shape(
        "boxed environment",
        "\\begin{eqn}\n@\n\\end{eqn}",
        False,
        "\\newenvironment{eqn}{\\begin{center}$\\displaystyle}{$\\end{center}}",
    ),
    Shape("theorem", "\\begin{thm}\n\\[ @ \\]\n\\end{thm}", False, "\\newtheorem{thm}{Theorem}"),
    Shape("unknown", "\\begin{foo}\n@\n\\end{foo}", False),
    Shape("primitive", "\\equation @ \\endequation"),
    Shape("unknown commands", "\\bea @ \\eea", False),
    Shape("tikz", "\\begin{tikzpicture}\n\\node {$@$};\n\\end{tikzpicture}", False),
    Shape("table", "\\begin{tabular}{c}\n$@$ \\\\\n\\end{tabular}", False),
    Shape("figure", "\\begin{figure}\n\\includegraphics{a}\n\\end{figure}", False),
    Shape("input", "\\input{elsewhere}", False),
    Shape("a paragraph", "Here w is at rest.\n", False),
    Shape("typed", "w* = lambda", False),
    Shape("after endinput", "\\endinput\n\\[ @ \\]", False),
    Shape("left out", "\\iffalse\n\\[ @ \\]\n\\fi", False),
    Shape("conditional", "\\ifdraft\n\\[ @ \\]\n\\fi", False),
    Shape("not closed", "\\begin{align*} @ \\end{align}", False),
    Shape("verbatim", "\\begin{verbatim}\n@\n\\end{verbatim}\nand \\verb|\\[ @ \\]|.", False),
]
MARKDOWN_SHAPES = [
    *_environments(),
    Shape("dollars", "$$ @ $$"),
    Shape("lines", "$$\n@\n$$"),
    Shape("an empty line", "$$\n\n@\n\n$$"),
    Shape("brackets", "\\[ @ \\]"),
    Shape("brackets of Jupyter", "\\\\[ @ \\\\]"),
    Shape("brackets in lines", "\\[\n@\n\\]"),
    Shape("doubled brackets in lines", "\\\\[\n@\n\\\\]"),
    Shape("in a line", "$@$"),
    Shape("in a line, code", "$`@`$"),
    Shape("in a line, brackets", "\\\\(@\\\\)"),
    Shape("GitHub", "```math\n@\n```"),
    Shape("MyST", "```{math}\n:label: a\n@\n```"),
    Shape("tildes", "~~~{math}\n@\n~~~"),
    Shape("colons", ":::{math}\n@\n:::"),
    Shape("a longer fence", "````math\n@\n`````"),
    Shape("Pandoc", "```{.math}\n@\n```"),
    Shape("note", "```{note}\n$$ @ $$\n```", False),
    Shape("html", "<div>\n$$ @ $$\n</div>", False),
    Shape("paragraph of html", "<p align=center>w = &lambda;</p>", False),
    Shape("MathML", "<math display=block><mi>w</mi><mo>=</mo><mi>l</mi></math>", False),
    Shape("script", '<script type="math/tex; mode=display">@</script>', False),
    Shape("picture", "![w at rest](rest.png)", False),
    Shape("code", "```text\n@\n```", False),
    Shape("code in a line", "`@`", False),
    Shape("table", "| a |\n|---|\n| $@$ |", False),
    Shape("typed", "w* = λ", False),
    Shape("an empty comment", "<!--> $$ @ $$ <!-- -->", False),
    Shape("a paragraph", "Here w is at rest.\n", False),
]
# What stands around the mark and its display.
INDENTS = ["", "", "", "  ", "\t"]
MARKDOWN_INDENTS = ["", "", "", "  ", "    ", "> ", "> > ", "- ", "1. ", "\t"]
TEX_MARKS = ["% modeflow: {}", "%modeflow:{}", "%% modeflow: {}", "% MODEFLOW: {}", "%\tmodeflow : {}"]
MARKDOWN_MARKS = [
    *(
        "<!-- modeflow: {} -->",
        "<!--modeflow:{}-->",
        "<!--- modeflow: {} --->",
        "<!-- Modeflow: {}\n-->",
        "% modeflow: {}",
    ),
]
TEX_BETWEEN = ["\n", "\n", "\n\n", "\n% a comment\n", "\n\\noindent\n", "\n\\label{x}\n", "\nso that\n"]
MARKDOWN_BETWEEN = ["\n", "\n", "\n\n", "\n<!-- a comment -->\n", "\nso that\n"]


@dataclass(frozen=True)
class Case:
    """A text, whether it is Markdown, and what should become of its mark."""

    text: str
    markdown: bool
    shape: Shape

    def write(self, folder: Path) -> Path:
        path = folder / ("paper.md" if self.markdown else "paper.tex")
        path.write_bytes(self.text.encode("utf-8"))
        return path


def case(rng: random.Random) -> Case:
    """One of all."""
    markdown = rng.random() < 0.5
    shape = rng.choice(MARKDOWN_SHAPES if markdown else TEX_SHAPES)
    mark = rng.choice(MARKDOWN_MARKS if markdown else TEX_MARKS).format(CLAIM)
    between = rng.choice(MARKDOWN_BETWEEN if markdown else TEX_BETWEEN)
    indent = rng.choice(MARKDOWN_INDENTS if markdown else INDENTS)
    neighbour = rng.choice(["$$\n#\n$$", "\\begin{align}\n#\n\\end{align}", "$#$", "$$ # $$"])
    body = _indented(f"{mark}{between}{shape.text}", indent).replace("@", OWN)
    after = rng.choice(["\n", "\n\n", "\nSo\n", "\n\nIn the end,\n"]) + neighbour.replace("#", OTHER)
    text = "\n".join([shape.preamble, "Some words.", "", body]) + after + "\n"
    if rng.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return Case(("\ufeff" if rng.random() < 0.1 else "") + text, markdown, shape)


def _indented(text: str, indent: str) -> str:
    rest = indent if ">" in indent or not indent.strip() else " " * len(indent)
    first, *lines = text.split("\n")
    return "\n".join([indent + first, *((rest + line).rstrip() for line in lines)])


def fault(case: Case, folder: Path) -> str:
    """What is wrong with how the mark of a case is taken; "" where nothing is."""
    sources, macros = read(case.write(folder))
    items = [item for source in sources for item in marked(source, {}, macros)]
    jobs = [item for item in items if isinstance(item, Job)]
    taken = [" ".join(job.piece.text.replace(">", " ").split()) for job in jobs if job.says == CLAIM]
    if any("frac" in text for text in taken):
        return "the mark is taken for the neighbour"
    if case.shape.is_read and taken != [OWN]:
        return f"the mark is taken for {taken}, not for its equation"
    if not taken and all(isinstance(item, Job) or item.claim != CLAIM for item in items):
        return "the mark is lost"
    return unaccounted(sources)


def unaccounted(sources: list[Source]) -> str:
    """The lines of the comments with `modeflow:` of which no display and no error knows; code is not looked at."""
    for source in sources:
        known = [*source.lost, *(m for d in source.displays for m in (*d.before, *d.inside))]
        lines = {source.place(m.position)[0] for m in known}
        written = {source.place(m.start())[0] for m in re.finditer(r"(?:%|<!-)[^\n]*modeflow\s*:(?i:)", source.text)}
        if missing := sorted(written - lines):
            return f"the marks in lines {missing} are lost"
    return ""


def unseen(shape: Shape, markdown: bool, folder: Path) -> bool:
    """Whether a display without a mark is not listed as unchecked."""
    text = f"{shape.preamble}\n\nSome words.\n\n{shape.text}\n".replace("@", OWN)
    sources, macros = read(Case(text, markdown, shape).write(folder))
    items = [item for source in sources for item in marked(source, {}, macros)]
    return not any(not isinstance(item, Job) and item.verdict == "unchecked" for item in items)

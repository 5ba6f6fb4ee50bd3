r"""The words around a display: whether they may bring a condition under which its lines hold.

A word that may give a reason counts, whatever it says: what is not seen here would make a right step a wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .commands import named

LONGEST = 4000  # characters of a paragraph that are looked through, on either side
_BLANK = re.compile(r"\n[ \t>]*\n")
_HEADING = re.compile(r"\\(?:(?:sub)*section|paragraph|chapter)\*?\s*(?:\[[^\]]*\])?\s*\{|^#{1,6}[ \t]", re.MULTILINE)
_ENDS = re.compile(r"[.!?](?=\s|$)")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*|<!--.*?(?:-->|\Z)", re.DOTALL)

_STEMS = (
    "where|for|if|when|assum|suppos|provid|given|giving that|since|because|under|unless|until|let|set|choos|chose|pick"
    "|tak|fix|substitut|plug|insert|replac|recall|approx|order|neglect|ignor|drop|discard|small|large|tiny|limit"
    "|asymptot|negligib|infinitesim|modul|mod|up to|constan|condition|constrain|subject|such|symmetr|balanc|normal|unit"
    "|orthog|orthon|independen|stationar|equilib|steady|convex|concave|odd|even|zero|vanish|equal|identical|equation"
    "|eqn|eqs?|theorem|lemma|proposition|corollary|definition|property|properties|identit|rule|law|fact|formula"
    "|hypothes|us(?:e|es|ed|ing)|with|by|from|via|due|thanks|owing|accord|view|case|contradict|absurd|impossib|wrong"
    "|incorrect|mistak|error|false|fallac|paradox|linear|first|leading|taylor|series|average|mean|expect|probab|random"
    "|distribut|complex|imaginar|matri|vector|operator|commut|anticommut|characteristic|field|ring|group|finite|prime"
    "|integer|boolean|binary|idempot|project|special|particular|correspond|respectiv|without loss|wlog|w\\.l\\.o\\.g"
    "|one|unity|trivial|negat|posit|minim|maxim|optim|critical|fixed|solv|solution|root|satisf|requir|impos|must"
    "|should|want|need|ask|whether|claim|show that|prove|try|find|exercise|question|problem"
)
CONDITIONS = re.compile(rf"(?<![A-Za-z\\])(?:{_STEMS})[a-z]*(?![A-Za-z])", re.IGNORECASE)
_UNDOING = re.compile(
    r"(?<![A-Za-z\\])(?:(?:approx|order|neglect|ignor|drop|discard|small|large|tiny|limit|asymptot|negligib|infinitesim"
    r"|leading|lineari|taylor|series|zero|vanish|modul|assum|suppos|contradict|absurd|impossib|wrong|incorrect|mistak"
    r"|erro|false|fallac|paradox|cannot|commut|operator|matri|vector|complex|imaginar|variation|perturb|solv|round"
    r"|roughly|binar|hexadecimal|octal|clock|digit)[a-z]*|mod|not|bits?|base)(?![A-Za-z])",
    re.IGNORECASE,
)
# What anywhere in a paper says that its letters may be no real numbers.
_OTHER_ALGEBRA = re.compile(
    r"commut|grassmann|quaternion|clifford|exterior algebra|wedge|geometric algebra|multivector|spinor|pauli|dirac"
    r"|poisson bracket|lie (?:algebra|group|bracket)|congruen|modulo|\\pmod|\\bmod|finite field|tropical|boolean"
    r"|idempoten|nilpoten|dual number|characteristic (?:two|2|p)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\\(?:eqref|[cC]ref|ref|autoref|cite[a-z]*|hyperref|footnote)(?![A-Za-z])")
_ENGLISH = re.compile(
    r"(?<![A-Za-z\\])(?:the|we|this|thus|hence|gives|that|have|obtain|then|becomes|therefore|yields|follows|get|is|of|for|where|with|by|and|which|are|from)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[^\W\d_]{2,}")
# What in a display may say under which condition a line holds, or that it does not; the d of \text{d}t does not.
_IN_DISPLAY = re.compile(
    r"\\(?:(?:text[a-z]*|mbox)(?!\s*(?:\{\s*d\s*\}|d))|hbox|intertext|shortintertext|underbrace|overbrace|underset"
    r"|overset|stackrel|substack|because"
    r"|therefore|[bx]?cancel|cancelto|pmod|bmod|mod|forall|exists|eqref|ref|cref|cite)"
    r"(?![A-Za-z])"
)
APPROACHING = named("to rightarrow longrightarrow ll gg lll ggg lesssim gtrsim infty pmod bmod mod")


_OPENER = re.compile(r"(?:\$\$?|\\+[\[(]|\\begin\s*\{[^{}]*\}|\\[A-Za-z]+|[`:~]{3,}[^\n]*)\s*\Z")
_CLOSER = re.compile(r"\A\s*(?:\$\$?|\\+[\])]|\\end\s*\{[^{}]*\}|\\[A-Za-z]+|[`:~]{3,})")


@dataclass(frozen=True)
class Words:
    """What is said around a display.

    may_relate: a word or a reference that may relate its letters, "" where nothing does. may_undo: one that may say
    that a letter is 0 or small, that letters do not commute, or that what is calculated is not true.
    """

    may_relate: str
    may_undo: str


def words_around(text: str, begin: int, end: int) -> Words:
    """What is said around the mathematics between two places of a text, and in all of it of letters as such."""
    parts = [_COMMENT.sub(" ", part) for part in (_before(text, begin), _after(text, end))]
    words = [_words(part) for part in parts]
    spoken = " ".join(words)
    strange = bool(_PROSE.search(spoken)) and not _ENGLISH.search(spoken)
    found = [
        _REFERS.search(_without_math(part)) or CONDITIONS.search(said) for part, said in zip(parts, words, strict=True)
    ]
    undone = next(filter(None, (*map(_UNDOING.search, words), _OTHER_ALGEBRA.search(text))), None)
    may_undo = "words that are not read" if strange else undone[0] if undone else ""
    return Words(next((one[0] for one in found if one), may_undo), may_undo)


def reason_in_display(text: str) -> str:
    """What in a display may say so; "" where nothing there does."""
    found = _IN_DISPLAY.search(text)
    return found[0] if found else ""


def _before(text: str, begin: int) -> str:
    """The paragraph that ends in the display, or stands before it."""
    head = _OPENER.sub("", text[max(0, begin - LONGEST) : begin]).rstrip(" \t\n>")
    breaks = [found.end() for found in _BLANK.finditer(head)] + [found.start() for found in _HEADING.finditer(head)]
    return head[max(breaks, default=0) :]


def _after(text: str, end: int) -> str:
    """The rest of the sentence, also in a paragraph of its own where that goes on in small letters."""
    tail = _CLOSER.sub("", text[end : end + LONGEST]).lstrip(" \t")
    goes_on = tail.lstrip("\n \t>.,;:")[:1].islower()
    stop = None if goes_on else _BLANK.search(tail)
    tail = tail[: stop.start()] if stop else tail.lstrip("\n \t>")
    ended = _ENDS.search(tail)
    return tail[: ended.start()] if ended else tail


_MATH = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|\\\[.*?\\\]|\\\(.*?\\\)", re.DOTALL)
_ENVIRONMENT = re.compile(
    r"\\begin\s*\{(equation|align|gather|multline|eqnarray|displaymath)(\*?)\}.*?\\end\s*\{\1\2\}", re.DOTALL
)
_COMMAND = re.compile(r"\\(?:begin|end|label|item)\s*(?:\{[^{}]*\})?|\\[A-Za-z]+\*?")


def _without_math(text: str) -> str:
    return _MATH.sub(" ", _ENVIRONMENT.sub(" ", text))


def _words(text: str) -> str:
    return _COMMAND.sub(" ", _without_math(text))

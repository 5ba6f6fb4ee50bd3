"""What markdown-it-py finds in Markdown, with the places in the text that its tokens do not keep.

Of its rules only those are taken that say where code, comments and mathematics begin and end. They take time in
proportion to the text, and to how deep it is nested: what is nested deeper than DEEPEST is left as it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cache, partial

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.fence import make_fence_rule
from markdown_it.rules_inline import StateInline, backtick
from markdown_it.token import Token
from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar

CODE, COMMENT, FENCE = "code_inline", "comment", "fence"
DEEPEST = 12  # quotations, and lists twice, inside each other

_HTML = re.compile(r"<!---?>|<!--")
_BLOCK_ENDS = re.compile(r"[ \t]*(?:\([^()$\n]+\)[ \t]*)?$", re.MULTILINE)
_BARE = re.compile(r"[`~:]{3,}[ \t]*\Z")
# Blocks of mathematics on GitHub and GitLab, in MyST and in Pandoc.
_MATH = re.compile(r"\s*(?:math|\{math\}|\{\s*\.math\s*\})(?=\s|\Z)")
# Directives of MyST that show code; in all others stands Markdown.
_SHOWS_CODE = re.compile(
    r"\s*\{\s*(?:code|code-block|code-cell|sourcecode|literalinclude|raw|eval-rst|parsed-literal|mermaid"
    r"|r|python|julia|bash|ojs|sql)\b"
)

Placed = tuple[Token, int, int]
InlineRule = Callable[[StateInline, bool], bool]


def is_math(fence: Token) -> bool:
    return _MATH.match(fence.info) is not None


def placed_tokens(text: str) -> Iterator[Placed]:
    """Code, comments, mathematics in dollars and blocks between fences, each with where it begins and ends."""
    lines = [0, *(found.end() for found in re.finditer("\n", text)), len(text) + 1]
    for token in _parser().parse(text):
        if "place" in token.meta:
            yield token, *token.meta["place"]
        elif any("place" in child.meta for child in token.children or ()):
            yield from _in_paragraph(token, text, lines)


def _in_paragraph(paragraph: Token, text: str, lines: list[int]) -> Iterator[Placed]:
    """Each line of a paragraph is the end of a line of the text, up to white space and what closes a heading."""
    begins, shifts, at = list[int](), list[int](), 0
    for number, line in enumerate(paragraph.content.split("\n"), start=paragraph.map[0] if paragraph.map else 0):
        source = text[lines[number] : lines[number + 1] - 1].replace("\0", "\ufffd")
        indent = len(line) - len(line.lstrip())
        begins.append(at)
        shifts.append(lines[number] + source.rfind(line.strip()) - indent - at)
        at += len(line) + 1
    for child in paragraph.children or ():
        if "place" in child.meta:
            begin, end = (place + shifts[bisect_right(begins, place) - 1] for place in child.meta["place"])
            yield child, begin, end


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": DEEPEST})
    parser.enable(["blockquote", "list", "heading", "hr", "escape"])
    for name, block in (("comment", _comment_block), ("fences", _fence)):
        parser.block.ruler.before("fence", name, block, {"alt": ["paragraph", "blockquote", "list"]})
    parser.block.ruler.before("fence", "dollars", _dollars)
    parser.block.ruler.at("paragraph", _paragraph)
    for name, inline in (("comment", _comment), ("dollars", _dollars_in_line), ("code", backtick)):
        parser.inline.ruler.before("escape", name, partial(_with_place, inline))
    return parser


# Rules in a line --------------------------------------------------------------------------------------------


def _with_place(rule: InlineRule, state: StateInline, silent: bool) -> bool:
    begin, before = state.pos, len(state.tokens)
    found = rule(state, silent)
    if found and len(state.tokens) > before:
        state.tokens[-1].meta["place"] = begin, state.pos
    return found


def _comment(state: StateInline, silent: bool) -> bool:
    found = _HTML.match(state.src, state.pos)
    if found is None or state.env.get("unclosed") is state.src:
        return False
    end = _after_comment(state.src, found)
    if end is None:
        state.env["unclosed"] = state.src
        return False
    state.push(COMMENT, "", 0)
    state.pos = end
    return True


def _after_comment(text: str, opened: re.Match[str]) -> int | None:
    if opened[0] != "<!--":
        return opened.end()
    close = text.find("-->", opened.end())
    return None if close < 0 else close + 3


_MATH_IN_LINE = math_inline_dollar(allow_double=True)


def _dollars_in_line(state: StateInline, silent: bool) -> bool:
    """Mathematics without code, such as $x$, or all of it written as code, $`x`$: the dollar of a price begins none."""
    begin, before = state.pos, len(state.tokens)
    if not _MATH_IN_LINE(state, silent):
        return False
    inside = state.src[begin : state.pos].strip("$")
    if "`" in inside and not (inside[0] == inside[-1] == "`"):
        del state.tokens[before:]
        state.pos = begin
        return False
    return True


# Rules of blocks --------------------------------------------------------------------------------------------


def _begin(state: StateBlock, line: int) -> int:
    return state.bMarks[line] + state.tShift[line]


def _paragraph(state: StateBlock, start: int, stop: int, silent: bool) -> bool:
    """The paragraph of CommonMark, but a line that is indented by four spaces may begin a block, as any other."""
    rules, end = state.md.block.ruler.getRules("paragraph"), start + 1
    while end < state.lineMax and not state.isEmpty(end):
        if state.sCount[end] >= 0 and any(rule(state, end, state.lineMax, True) for rule in rules):
            break
        end += 1
    state.line = end
    content = state.getLines(start, end, state.blkIndent, False).strip()
    if any(sign in content for sign in "$`<"):  # otherwise nothing is looked for in it
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = content, [start, end], []
    return True


def _comment_block(state: StateBlock, start: int, stop: int, silent: bool) -> bool:
    """Comments that begin a block; what stands behind them on their last line begins one too."""
    if silent:
        return _HTML.match(state.src, _begin(state, start)) is not None
    state.line = start
    while state.line == start and (opened := _HTML.match(state.src, _begin(state, start))):
        end = min(_after_comment(state.src, opened) or len(state.src), state.eMarks[stop - 1])
        last = bisect_left(state.eMarks, end, start, stop)
        state.push(COMMENT, "", 0).meta["place"] = opened.start(), end
        state.bMarks[last] = end
        state.tShift[last] = state.skipSpaces(end) - end
        state.line = last + state.isEmpty(last)
    return state.line > start


_MATH_BLOCK = math_block_dollar()


def _dollars(state: StateBlock, start: int, stop: int, silent: bool) -> bool:
    """A block of dollars that are closed at the end of a line; others are looked for in their line."""
    begin = _begin(state, start)
    close = state.src.find("$$", begin + 2) if state.src.startswith("$$", begin) else -1
    if close < 0 or not _BLOCK_ENDS.match(state.src, close + 2):
        return False
    found = _MATH_BLOCK(state, start, stop, silent)
    if found:
        state.tokens[-1].meta["place"] = begin, state.eMarks[state.line - 1]
    return found


_ANY_FENCE = make_fence_rule(markers=("`", "~", ":"))


def _fence(state: StateBlock, start: int, stop: int, silent: bool) -> bool:
    """Blocks between fences, and the Markdown in directives of MyST."""
    if not _ANY_FENCE(state, start, stop, silent):
        return False
    if silent:
        return True
    token, end = state.tokens[-1], state.line
    holds_text = token.markup[0] == ":" or token.info.lstrip().startswith("{")
    if holds_text and not is_math(token) and not _SHOWS_CODE.match(token.info):
        state.tokens.pop()
        _directive(state, start + 1, end)
    else:
        token.meta["place"] = _begin(state, start), state.eMarks[end - 1]
    return True


def _directive(state: StateBlock, start: int, end: int) -> None:
    is_closed = end > start and _BARE.match(state.src, _begin(state, end - 1), state.eMarks[end - 1])
    outer = state.lineMax
    state.level += 1
    state.lineMax = end - 1 if is_closed else end
    state.md.block.tokenize(state, start, state.lineMax)
    state.level -= 1
    state.lineMax, state.line = outer, end

r"""The tokens of an outline: those that say something, without sizes, spaces and the stars of programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..text.commands import ALIKE, OLD_FONTS, SIZES, SPACES, SPACES_OF_LENGTH, TYPED_GREEK
from ..text.decoration import undressed
from ..text.outline_commands import BRA, CLOSING, KET, OPENING
from ..text.tokens import Token, argument

BARS = ("|", "\\|")

_SIZED = {"\\left": "l", "\\right": "r", "\\middle": "m"} | {
    f"\\{s}{side}": side for s in ("big", "Big", "bigg", "Bigg") for side in "lrm"
}
_DELIMITERS = {
    "l": {"|": "\\lvert", "\\vert": "\\lvert", "\\|": "\\lVert", "\\Vert": "\\lVert", ".": "\\lnone", "<": "\\langle"},
    "r": {"|": "\\rvert", "\\vert": "\\rvert", "\\|": "\\rVert", "\\Vert": "\\rVert", ".": "\\rnone", ">": "\\rangle"},
    "m": {"|": "\\mid", "\\vert": "\\mid", "\\|": "\\mid", ".": ","},
}
_WIDE = {"，": ",", "、": ",", "。": ".", "；": ";", "：": ":", "（": "(", "）": ")", "＝": "="}
_ALIKE = ALIKE | TYPED_GREEK | _WIDE | {"\\vert": "|", "\\Vert": "\\|", "…": "\\dots"}
_SILENT = SPACES | SIZES | OLD_FONTS.keys() | {"\\protect", "\\relax", "\\noindent", "\\strut", "\\null", "\\/"}


def spelled_out(found: Sequence[Token]) -> list[Token]:
    """The tokens that say something, brackets without their sizes."""
    result: list[Token] = []
    found, at = list(_without_stars(undressed(found))), 0
    while at < len(found):
        token = found[at]
        if token.text in _SIZED and at + 1 < len(found):
            at += 1
            delimiters = _DELIMITERS[_SIZED[token.text]]
            result.append(replace(found[at], text=delimiters.get(found[at].text, found[at].text)))
        elif token.text in SPACES_OF_LENGTH or token.text in ("\\label", "\\tag", "\\tag*"):
            at = argument(found, at + 1, token)[1] - 1
        elif token.text not in _SILENT:
            result.append(replace(token, text=_ALIKE.get(token.text, token.text)))
        at += 1
    return _with_kets(_joined(result))


def _without_stars(found: Sequence[Token]) -> Iterator[Token]:
    r"""\lambda*x as \lambda * x."""
    for token in found:
        if token.text[:1] == "\\" and token.text[-1:] == "*" and token.text not in _STARRED:
            yield replace(token, text=token.text[:-1])
            yield Token("*", token.position)
        else:
            yield token


_STARRED = {"\\operatorname*", "\\tag*", *SPACES_OF_LENGTH}
_PAIRED = {("\\rnone", "\\lnone"): "", (":", "="): "=", ("=", ":"): "="}


def _joined(found: list[Token]) -> list[Token]:
    r""":= as =, and without \right. and \left. that carry an open bracket over the end of a row."""
    result: list[Token] = []
    for token in found:
        together = _PAIRED.get((result[-1].text if result else "", token.text))
        if together is None:
            result.append(token)
            continue
        before = result.pop()
        result += [replace(before, text=together)] if together else []
    return result


def _with_kets(found: list[Token]) -> list[Token]:
    r"""The bars of |a\rangle and \langle a| as brackets, which angles that pair leave none for."""
    levels: list[tuple[str, list[int]]] = [("", [])]  # what opened each, and its bars
    signs: dict[int, str] = {}

    def close_bras() -> None:
        while levels[-1][0] == "\\langle":
            bars = levels.pop()[1]
            signs.update(dict.fromkeys(bars[:1], BRA))

    for place, token in enumerate(found):
        if token.text == "\\rangle" and levels[-1][0] != "\\langle":
            signs.update(dict.fromkeys(levels[-1][1][-1:], KET))
            del levels[-1][1][-1:]
        elif token.text == "{" or token.text in OPENING:
            levels.append((token.text, []))
        elif token.text == "}" or token.text in CLOSING:
            if token.text != "\\rangle":
                close_bras()
            del levels[max(len(levels) - 1, 1) :]
        elif token.text == "|":
            levels[-1][1].append(place)
    close_bras()
    return [replace(t, text=signs[n]) if n in signs else t for n, t in enumerate(found)]


def followed(found: Sequence[Token]) -> set[int]:
    """The places of bars behind which another of the kind stands in the same brackets."""
    result: set[int] = set()
    last: list[dict[str, int]] = [{}]
    for place, token in enumerate(found):
        if token.text == "{" or token.text in OPENING:
            last.append({})
        elif (token.text == "}" or token.text in CLOSING) and len(last) > 1:
            last.pop()
        elif token.text in BARS:
            if token.text in last[-1]:
                result.add(last[-1][token.text])
            last[-1][token.text] = place
    return result


def is_foreign(text: str) -> bool:
    """Whether it is a letter of another script than TeX's mathematics, and so of a word."""
    return text.isalpha() and not text.isascii()

"""What is seen but says nothing: boxes, colours, braces with a label; and the shorthands of the package physics."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .tokens import Token, Unparsed, argument

_UNSEEN = {"\\mathstrut", "\\strut"}
_LEFT_OUT = {"\\phantom", "\\hphantom", "\\vphantom", "\\color", "\\textcolor"}  # with their first argument
_AROUND = {
    "\\boxed",
    "\\ensuremath",
    "\\smash",
    "\\mathord",
    "\\mathbin",
    "\\mathrel",
    "\\mathopen",
    "\\mathclose",
    "\\mathinner",
}
_LABELLED = {"\\underbrace": "_", "\\overbrace": "^"}
_LENGTHS = {"\\mkern", "\\mskip", "\\kern", "\\hskip"}
_BARRED = {"\\norm": "Vert", "\\norm*": "Vert", "\\abs": "vert", "\\abs*": "vert"}
_RATES = {"\\dv": "d", "\\derivative": "d", "\\pdv": "\\partial", "\\partialderivative": "\\partial"}


def undressed(found: Sequence[Token]) -> list[Token]:
    """The tokens without what says nothing, shorthands written out; raises Unparsed."""
    result: list[Token] = []
    left = list(reversed(found))  # what is still to be read, the next token last
    while left:
        token = left.pop()
        write = _COMMANDS.get(token.text)
        if write is None or (token.text == "\\qty" and _next(left) not in ("(", "[", "|")):
            result.append(token)
        else:
            left += reversed(write(left, token))
    return result


def _next(left: Sequence[Token]) -> str:
    return left[-1].text if left else ""


def _argument(left: list[Token], call: Token) -> list[Token]:
    """The argument that comes next, taken away."""
    if _next(left) != "{":
        inner, taken = argument([left[-1]] if left else [], 0, call)
        del left[-taken:]
        return inner
    end = _closing(left)
    inner = left[end + 1 : -1][::-1]
    del left[end:]
    return inner


def _closing(left: Sequence[Token]) -> int:
    """Where the group that comes next closes."""
    depth = 0
    for place in range(len(left) - 1, -1, -1):
        depth += (left[place].text == "{") - (left[place].text == "}")
        if depth == 0:
            return place
    raise Unparsed("a brace is not closed", left[-1].position)


def _bracketed(left: list[Token]) -> list[Token]:
    """What stands in the square brackets that come next, taken away."""
    opened = left.pop()
    inner: list[Token] = []
    while left:
        token = left.pop()
        if token.text == "]":
            return inner
        inner.append(token)
    raise Unparsed("[ is not closed", opened.position)


# What stands for a command and its arguments, which are taken away -------------------------------------------------


def _nothing(left: list[Token], call: Token) -> list[Token]:
    return []


def _smashed(left: list[Token], call: Token) -> list[Token]:
    if _next(left) == "[":
        _bracketed(left)
    return []


def _without_argument(left: list[Token], call: Token) -> list[Token]:
    _argument(left, call)
    return []


def _barred(left: list[Token], call: Token) -> list[Token]:
    first, last = (Token(f"\\{side}{_BARRED[call.text]}", call.position, grouped=True) for side in "lr")
    return [first, *_argument(left, call), last]


def _differential(left: list[Token], call: Token) -> list[Token]:
    return _written(call, "\\mathrm", "{", "d", "}")


def _without_label(left: list[Token], call: Token) -> list[Token]:
    """What stands over or under the brace, taken away."""
    inner = _argument(left, call)
    if _next(left) == _LABELLED[call.text]:
        _argument(left, left.pop())
    if _next(left) in ("_", "^", "'"):
        raise Unparsed(f"what stands at {call.text} can be read in two ways", call.position)
    return [Token("{", call.position), *inner, Token("}", call.position)]


def _without_length(left: list[Token], call: Token) -> list[Token]:
    r"""\mkern-1.5mu says nothing."""
    while _next(left) in ("-", "+", ".") or _next(left).isdigit():
        left.pop()
    unit = "".join(token.text for token in left[-1:-3:-1])
    if unit not in ("mu", "pt", "em", "ex"):
        raise Unparsed(f"{call.text} without a length", call.position)
    del left[-2:]
    return []


def _rate(left: list[Token], call: Token) -> list[Token]:
    r"""\dv{w}{t} as \frac{\mathrm{d} w}{\mathrm{d} t}, and \dv{t} as \frac{\mathrm{d}}{\mathrm{d} t}."""
    d = ["\\mathrm", "{", "d", "}"] if _RATES[call.text] == "d" else ["\\partial"]
    order = _bracketed(left) if _next(left) == "[" else []
    raised = [*_written(call, "^", "{"), *order, *_written(call, "}")] if order else []
    first = _argument(left, call)
    second = _argument(left, call) if _next(left) == "{" else None
    if _next(left) == "{":
        raise Unparsed(f"{call.text} of more than one variable is not read", call.position)
    above, below = ([], first) if second is None else (first, second)
    numerator = [*_written(call, "\\frac", "{", *d), *raised, *above]
    return [*numerator, *_written(call, "}", "{", *d), *below, *raised, *_written(call, "}")]


def _written(call: Token, *texts: str) -> list[Token]:
    return [Token(text, call.position) for text in texts]


_COMMANDS: dict[str, Callable[[list[Token], Token], list[Token]]] = {
    **dict.fromkeys((*_UNSEEN, *_AROUND, "\\qty"), _nothing),
    "\\smash": _smashed,
    **dict.fromkeys(_LEFT_OUT, _without_argument),
    **dict.fromkeys(_LABELLED, _without_label),
    **dict.fromkeys(_LENGTHS, _without_length),
    **dict.fromkeys(_BARRED, _barred),
    **dict.fromkeys(_RATES, _rate),
    "\\dd": _differential,
}

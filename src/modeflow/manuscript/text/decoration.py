"""What is seen but says nothing: boxes, colours, braces with a label; and the shorthands of the package physics."""

from __future__ import annotations

from collections.abc import Sequence

from .tokens import Token, Unparsed, argument

_UNSEEN = {"\\mathstrut", "\\strut"}
_LEFT_OUT = {"\\phantom", "\\hphantom", "\\vphantom", "\\color", "\\textcolor"}  # with their first argument
_AROUND = {"\\boxed", "\\smash", "\\mathord", "\\mathbin", "\\mathrel", "\\mathopen", "\\mathclose", "\\mathinner"}
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
        if token.text in _UNSEEN or token.text in _AROUND or (token.text == "\\qty" and _next(left) in ("(", "[", "|")):
            if token.text == "\\smash" and _next(left) == "[":
                _bracketed(left)
        elif token.text in _LEFT_OUT:
            _argument(left, token)
        elif token.text in _LABELLED:
            _without_label(left, token)
        elif token.text in _LENGTHS:
            _without_length(left, token)
        elif token.text in _BARRED:
            bars = [Token(f"\\{side}{_BARRED[token.text]}", token.position, grouped=True) for side in "lr"]
            left += reversed([bars[0], *_argument(left, token), bars[1]])
        elif token.text in _RATES:
            left += reversed(_rate(left, token))
        elif token.text == "\\dd":
            result += _written(token, "\\mathrm", "{", "d", "}")
        else:
            result.append(token)
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


def _without_label(left: list[Token], call: Token) -> None:
    """What stands over or under the brace, taken away."""
    inner = _argument(left, call)
    if _next(left) == _LABELLED[call.text]:
        _argument(left, left.pop())
    if _next(left) in ("_", "^", "'"):
        raise Unparsed(f"what stands at {call.text} can be read in two ways", call.position)
    left += [Token("}", call.position), *reversed(inner), Token("{", call.position)]


def _without_length(left: list[Token], call: Token) -> None:
    r"""\mkern-1.5mu says nothing."""
    while _next(left) in ("-", "+", ".") or _next(left).isdigit():
        left.pop()
    unit = "".join(token.text for token in left[-1:-3:-1])
    if unit not in ("mu", "pt", "em", "ex"):
        raise Unparsed(f"{call.text} without a length", call.position)
    del left[-2:]


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

"""What must hold for a statement to make sense: that a denominator does not vanish, here or on a whole stretch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Dummy, Symbol

from .encoding import Plain, decode, encode
from .expressions import Side

# kind → the proviso in words, with {} for its expression; signs are those of a comparison with 0
KINDS = {
    **{sign: f"{{}} {sign} 0" for sign in ("!=", ">", ">=", "<", "<=", "=")},
    "off cut": "{} is not in (-oo, 0]",
    "not whole": "{} is not a whole number",
    "exists": "{} exists",
    "finite": "{} is finite",
}


@dataclass(frozen=True)
class Proviso:
    """What must hold for a statement to make sense, such as that a denominator is not zero.

    Attributes:
        expression: what it is about, in letters and names.
        kind: how that compares with 0 ("!=", ">", …), or "off cut", "not whole", "exists" or "finite".
        place: empty where it is about the point itself; (t,) if it must hold from the start up to t, and (s, a, b) if
            it must for s between a and b.
    Example:
        >>> import modeflow
        >>> proviso = modeflow.claim("dae.theta_flow").verify().provisos[0]
        >>> proviso.expression, str(proviso)
        (lam, 'lam != 0')
    """

    expression: Side
    kind: str = "!="
    place: tuple[Side, ...] = ()

    def __str__(self) -> str:
        return self.told(lambda e: str(_without_dummies(e)))

    def told(self, show: Callable[[Side], str]) -> str:
        """In words, with its expressions written as `show` says.

        Parameters:
            show: from a SymPy expression to text.
        Returns: a text such as "lam != 0 from the start up to t".
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> modeflow.claim("dae.theta_flow").verify().provisos[0].told(lambda e: f"|{e}|")
            '|lam| != 0'
        """
        return KINDS[self.kind].format(show(self.expression)) + self.where(show)

    def where(self, show: Callable[[Side], str]) -> str:
        """The stretch on which it must hold, as the end of a sentence; empty where it is about the point itself.

        Parameters:
            show: from a SymPy expression to text.
        Returns: a text such as " from the start up to t".
        Raises: nothing.
        Example:
            >>> import modeflow
            >>> modeflow.claim("dae.theta_flow").verify().provisos[0].where(str)
            ''
        """
        if not self.place:
            return ""
        first, *ends = map(show, self.place)
        return f" for {first} between {' and '.join(ends)}" if ends else f" from the start up to {first}"


def _without_dummies(e: Any) -> Any:
    return e.xreplace({s: Symbol(s.name) for s in e.free_symbols if isinstance(s, Dummy)})


def plain(proviso: Proviso) -> Plain:
    """As nested lists; raises NotPlain for an expression that cannot be written so."""
    return [encode(proviso.expression), proviso.kind, [encode(e) for e in proviso.place]]


def read(data: Plain) -> Proviso:
    """What `plain` wrote."""
    expression, kind, place = data
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of proviso")
    dummies: dict[int, Symbol] = {}
    return Proviso(decode(expression, dummies), kind, tuple(decode(e, dummies) for e in place))

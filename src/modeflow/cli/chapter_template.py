"""The chapter that `modeflow new chapter` writes: it verifies as it stands, and shows a claim that does not."""

from __future__ import annotations

import re
from keyword import iskeyword

_CHAPTER = '''"""What this chapter derives, in your own words."""

from sympy import exp

from modeflow import Alphabet, Chapter, Equation

# Every letter, with its meaning; the proofs use the assumptions.
letters = Alphabet()
t = letters.scalar("t", "t", "time", nonnegative=True)
k = letters.scalar("k", "k", "rate of decay", positive=True)
a = letters.scalar("a", "a", "strength at the start", real=True)
w = letters.function("w", "w", "strength over time", real=True)

chapter = Chapter("{name}", "{title}", letters, text=__doc__)

# w(t) is unknown: its value on the right is put into each equation, and those are proved.
solution = chapter.claim(
    "solution",
    w(t),
    a * exp(-k * t),
    satisfies=[Equation(w(t).diff(t), -k * w(t), "rate"), Equation(w(0), a, "initial value")],
    says="The strength decays exponentially.",
)

# An identity is proved as it stands. follows_from names the claims it rests on.
chapter.claim(
    "twice",
    solution.rhs.subs(t, 2 * t),
    a * exp(-k * t) ** 2,
    says="Twice the time squares the decay.",
    follows_from=[solution.id],
)

# This one is refused, with a point at which the sides differ: the minus sign is lost. To keep an error on show,
# uncomment it with expects="refuted".
# chapter.claim(
#     "lost_sign",
#     w(t),
#     a * exp(k * t),
#     satisfies=[Equation(w(t).diff(t), -k * w(t), "rate")],
#     says="The strength grows.",
# )
'''


def chapter(name: str) -> str:
    """The text of a chapter with this key; raises ValueError where it is no lowercase word of letters, digits and _."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or iskeyword(name):
        raise ValueError(f"{name!r} is no name of a chapter: take a lowercase word such as decay or slow_modes")
    return _CHAPTER.format(name=name, title=name.replace("_", " ").capitalize())

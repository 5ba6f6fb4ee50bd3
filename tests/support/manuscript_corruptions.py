"""One token of an equation changed, as a slip of the pen changes it, and what numbers say of the verdict on it."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from manuscript_cases import CORPUS, NOTATIONS
from manuscript_oracle import judged, reading

from modeflow.manuscript import Finding, check, configuration

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S")
_SIGNS = ("+", "-", "=", "(", ")", "{", "}", "^", "_", "/", "2", "3", "0", r"\frac", r"\dot", r"\sqrt", r"\ln", "T")
HOWS = ("delete", "replace", "insert", "exchange", "double", "digit", "symbol", "sign", "brace")


def right_rows() -> list[tuple[str, str, str]]:
    """Notation, claim and TeX of every row of the corpus that is right."""
    return [(name, claim, tex) for name, cases in CORPUS.items() for claim, tex, verdict in cases if verdict == "ok"]


def symbols(name: str) -> list[str]:
    """The symbols of a notation, as TeX, without the arguments of functions."""
    table = configuration(NOTATIONS[name], "test").notation.table
    return sorted({key.partition("(")[0] for key in table})


def corrupted(tex: str, letters: Iterable[str], chance: random.Random) -> str:
    """The equation after one such change, which leaves it as it is only where nothing can be changed so."""
    parts = _TOKEN.findall(tex)
    letters = list(letters)
    for _ in range(20):
        changed = _changed(list(parts), letters, chance)
        if changed != parts:
            break
    return "".join(_apart(changed))


def _apart(parts: list[str]) -> Iterator[str]:
    """The tokens, with a space where two would be one command."""
    for part, behind in pairwise([*parts, ""]):
        yield part
        if part[1:].isalpha() and behind[:1].isalpha():
            yield " "


def _changed(parts: list[str], letters: list[str], chance: random.Random) -> list[str]:
    how = chance.choice(HOWS)
    place = chance.randrange(len(parts))
    if how == "delete":
        del parts[place]
    elif how == "replace":
        parts[place] = chance.choice([*_SIGNS, *letters])
    elif how == "insert":
        parts.insert(place, chance.choice([*_SIGNS, *letters]))
    elif how == "exchange" and place:
        parts[place - 1 : place + 1] = parts[place], parts[place - 1]
    elif how == "double":
        parts.insert(place, parts[place])
    elif how == "brace":
        _move(parts, chance)
    else:
        kinds: dict[str, Callable[[str], bool]] = {
            "digit": str.isdigit,
            "symbol": lambda part: part in letters,
            "sign": lambda part: part in ("+", "-"),
        }
        places = [n for n, part in enumerate(parts) if how in kinds and kinds[how](part)]
        for chosen in chance.sample(places, min(1, len(places))):
            other = {"digit": "0123456789", "symbol": letters, "sign": "-" if parts[chosen] == "+" else "+"}[how]
            parts[chosen] = chance.choice(other)
    return parts


def _move(parts: list[str], chance: random.Random) -> None:
    """A closing brace or bracket one token to the left or right."""
    closers = [n for n, p in enumerate(parts) if p in ("}", ")", "]")]
    if closers:
        one = chance.choice(closers)
        other = one + chance.choice((-1, 1))
        if 0 <= other < len(parts):
            parts[one], parts[other] = parts[other], parts[one]


# What numbers say of the verdicts ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """A corrupted equation, the verdict on it, and how that stands against numbers; "FALSE" where it is wrong."""

    claim: str
    original: str
    tex: str
    found: Finding
    kind: str


SAME = "ok: the same as before the change"
SAYS = "ok: true, and false wherever the claim is"
TRUE = "ok: true (an identity)"
FALSE_OK = "ok: FALSE"
OK_NOT_JUDGED = "ok: not judged"
FALSE_WRONG = "wrong: FALSE"


def outcomes(count: int, seed: int, folder: Path, time_limit: float = 5.0, jobs: int | None = None) -> list[Outcome]:
    """That many corruptions of right rows, checked in the folder and judged."""
    chance = random.Random(seed)
    rows, written = right_rows(), {name: symbols(name) for name in NOTATIONS}
    tried: dict[str, list[tuple[str, str, str]]] = {name: [] for name in NOTATIONS}
    for name, claim, tex in (chance.choice(rows) for _ in range(count)):
        tried[name].append((claim, tex, corrupted(tex, written[name], chance)))
    result = []
    for name, mine in tried.items():
        paper = folder / f"{name}.tex"
        paper.write_text("".join(f"% modeflow: {c}\n\\[ {t} \\]\n\n" for c, _, t in mine), encoding="utf-8")
        chosen = configuration(NOTATIONS[name], name)
        found = {(f.line - 1) // 3: f for f in check([paper], chosen, time_limit=time_limit, jobs=jobs)}
        for number, (claim, original, tex) in enumerate(mine):
            if number in found:
                kind = _kind(name, claim, original, tex, found[number])
                result.append(Outcome(claim, original, tex, found[number], kind))
    return result


def _kind(name: str, claim: str, original: str, tex: str, found: Finding) -> str:
    if found.verdict not in ("ok", "wrong"):
        return found.verdict
    notation = configuration(NOTATIONS[name], name).notation
    numbers = judged(tex, claim, notation)
    if found.verdict == "wrong":
        if numbers["true"] is not None:
            lacks = numbers["true"] and found.witness is None
            return "wrong: says nothing of the claim" if lacks else FALSE_WRONG if numbers["true"] else "wrong: false"
        return "wrong: shapes do not fit" if numbers["why"].startswith("Misfit") else "wrong: not judged"
    if numbers["true"] is False or numbers["says"] is False or numbers["why"].startswith("Misfit"):
        return FALSE_OK
    one, other = reading(original, claim, notation), numbers["read"]
    if other is not None and (str(one.sides), one.relations) == (str(other.sides), other.relations):
        return SAME
    if numbers["true"] is None:
        return OK_NOT_JUDGED
    return SAYS if numbers["says"] else TRUE


def counted(found: Iterable[Outcome]) -> str:
    """How many there are of each kind, one on a line."""
    return "\n".join(f"{number:6} {kind}" for kind, number in sorted(Counter(o.kind for o in found).items()))

"""A second opinion on equations from another computer algebra system: Maxima, where it is installed.

An equation comes as plain data (nested lists, as `modeflow.language.encoding` writes them), is written in Maxima's
syntax by a printer of its own, and the difference of its sides is reduced there. Only elementary expressions in real
letters are written; every letter gets a new name, so that nothing from a statement is ever read as a command.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Mapping
from typing import Any, Literal

Opinion = Literal["agrees", "cannot tell", "disagrees"]

LONGEST = 20_000  # characters of a statement; Maxima's rational form of longer ones takes minutes

_UNARY = {
    name: name
    for name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "coth", "asinh", "acosh", "atanh")
} | {"Abs": "abs"}
_DEFINED = {"expm1": "(exp({0})-1)", "log1p": "log(1+({0}))", "hypot": "sqrt(({0})^2+({1})^2)"}
_CONSTANTS = {"pi": "%pi", "E": "%e"}
_FACTS = {"positive": ">0", "negative": "<0", "nonnegative": ">=0", "nonpositive": "<=0"}
_REAL = ("real", "extended_real", *_FACTS)

# One value for each letter at each point, by its sign; awkward fractions hit few zeros.
_POINTS = ((7, 11), (13, 5), (17, 23))

_PREAMBLE = r"""
:lisp (defun retrieve (msg flag) (declare (ignore flag)) (merror "asked ~M" msg))
display2d:false$ linel:10000$ fpprec:60$
reduce_(d):=block([w,s:d,f,done_:false],
  for f in [ratsimp, radcan, lambda([e],radcan(exponentialize(logarc(e)))),
            lambda([e],block([algebraic:true],ratsimp(radcan(exponentialize(logarc(e))))))] do
    if not done_ then (w:errcatch(apply(f,[d])), if w#[] then (s:first(w), done_:is(s=0))),
  if done_ then "zero" else if ratnump(s) then "number" else "open")$
differ_(a,b):=if bfloatp(a) and bfloatp(b)
  then (if abs(a-b)>1b-40*max(1,abs(a),abs(b)) then "differ" else "same") else "unknown"$
"""


class NotElementary(ValueError):
    """The statement holds something that is not written for Maxima."""


def installed() -> bool:
    """Whether there is a Maxima to ask."""
    return shutil.which("maxima") is not None


class Maxima:
    """A running Maxima, started again when it had to be stopped; use it in a with statement."""

    def __init__(self, time_limit: float = 5.0) -> None:
        self.time_limit = time_limit
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Maxima:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def opinion(self, lhs: Any, rhs: Any) -> Opinion:
        """What Maxima makes of lhs = rhs, both in plain data; raises NotElementary.

        It disagrees where the sides are different real numbers at a point inside the assumptions, or where it
        reduces the difference to a number other than 0. It agrees where it reduces the difference to 0.
        """
        writer = Writer()
        left, right = writer.write(lhs), writer.write(rhs)
        if len(left) + len(right) > LONGEST:
            raise NotElementary("the statement is too long")
        facts = "".join(f"assume({fact})$ " for fact in writer.facts())
        self._ask(f"kill(l_,r_)$ {facts} l_:{left}$ r_:{right}$", '"told"')
        opinion = self._opinion(writer)
        self._ask("".join(f"forget({fact})$ " for fact in writer.facts()), '"forgotten"')
        return opinion

    def _opinion(self, writer: Writer) -> Opinion:
        # Points first: they are quick, and what is false may take the reduction its whole time.
        if self._differ_somewhere(writer):
            return "disagrees"
        found = self._ask("", "reduce_(l_-r_)")
        opinions: dict[str, Opinion] = {"zero": "agrees", "number": "disagrees"}
        return opinions.get(found, "cannot tell")

    def _differ_somewhere(self, writer: Writer) -> bool:
        for point in _POINTS:
            values = ",".join(f"{name}={value}" for name, value in writer.values(point).items())
            question = f"differ_(bfloat(subst([{values}],l_)),bfloat(subst([{values}],r_)))"
            if self._ask("", question) == "differ":
                return True
        return False

    def _ask(self, commands: str, question: str) -> str:
        """The word that the question evaluates to; an empty string where it fails or takes too long."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(self.time_limit, process.kill)
        timer.start()
        try:
            process.stdin.write(f'{commands} w_:errcatch({question})$ print("@@",if w_=[] then "" else first(w_))$\n')
            process.stdin.flush()
            for line in process.stdout:
                if "@@" in line:
                    return line.partition("@@")[2].strip()
        except BrokenPipeError:
            pass
        finally:
            timer.cancel()
        self.close()
        return ""

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                ["maxima", "--very-quiet"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert self._process.stdin is not None
            self._process.stdin.write(_PREAMBLE)
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:  # what was still to be written has nobody left to read it
                    continue
        self._process = None


class Writer:
    """Plain data as Maxima expressions, with letters x1, x2, …; functions of letters count as letters."""

    def __init__(self) -> None:
        self._letters: dict[str, tuple[str, Mapping[str, bool]]] = {}

    def write(self, data: Any) -> str:
        head, *rest = data
        if head == "Integer":
            return f"({int(rest[0], 16)})"
        if head == "Rational":
            return f"({int(rest[0], 16)}/{int(rest[1], 16)})"
        if head in _CONSTANTS:
            return _CONSTANTS[head]
        if head in ("Add", "Mul"):
            return "(" + {"Add": "+", "Mul": "*"}[head].join(map(self.write, rest)) + ")"
        if head == "Pow":
            return f"({self.write(rest[0])}^{self.write(rest[1])})"
        if head in _UNARY:
            return f"{_UNARY[head]}({self.write(rest[0])})"
        if head in _DEFINED:
            return _DEFINED[head].format(*map(self.write, rest))
        return self._letter(data)

    def _letter(self, data: Any) -> str:
        """A name for a letter, for w(t), or for a derivative of w(t), which may all have any value."""
        head = data[0]
        if head == "Symbol":
            known = data[3]
        elif head == "Function":
            known = data[2]
        elif head == "Derivative" and data[1][0] == "Function":
            # What is assumed of w says nothing on its derivative, except that it is real.
            known = [["real", value] for name, value in data[1][2] if value and name in _REAL]
        else:
            raise NotElementary(f"{head} is not written for Maxima")
        assumptions = dict(known)
        if not any(assumptions.get(name) for name in _REAL):
            raise NotElementary("a letter that may be complex")
        name = f"x{len(self._letters) + 1}"
        return self._letters.setdefault(json.dumps(data), (name, assumptions))[0]

    def facts(self) -> list[str]:
        """What is assumed of the letters."""
        found = []
        for name, known in self._letters.values():
            # The strictest comes first in the table, and says all that the others would.
            found += [f"{name}{fact}" for word, fact in _FACTS.items() if known.get(word)][:1]
        return found

    def values(self, point: tuple[int, int]) -> dict[str, str]:
        """A rational value for every letter, inside its assumptions."""
        top, bottom = point
        found = {}
        for number, (name, known) in enumerate(self._letters.values(), start=1):
            if known.get("integer"):
                raise NotElementary("a whole number")
            sign = "-" if known.get("negative") or known.get("nonpositive") else ""
            found[name] = f"{sign}{top + 3 * number}/{bottom + 2 * number}"
        return found

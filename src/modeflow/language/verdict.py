"""What a check can say: proved, supported, undecided or refuted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from html import escape
from typing import Any, Literal

from .provisos import Proviso, plain, read
from .quantities import Alphabet
from .shown import conditions_html, excerpt
from .witness import describe_witness

Status = Literal["proved", "supported", "undecided", "refuted"]

OUT_OF_TIME = "stopped at the limit of"  # in every reason that the time gave, and nowhere else
# From the one that passes to the one that sinks a claim.
ORDER: tuple[Status, ...] = ("proved", "supported", "undecided", "refuted")


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check; it is true where the check is proved, and false otherwise.

    Attributes:
        status: "proved", "supported", "undecided" or "refuted"; only proved passes.
        method: how it was reached ("tower", "matrix words", "certificate of signs", "balls", …).
        provisos: what must hold for the statement to make sense (denominators ≠ 0) that the assumptions and the domains
            of its names do not give.
        witness: for refuted, the point (`point`, name → exact value) and both sides there (`left`, `right`).
        seconds: wall time spent.
        reason: for undecided and supported, why there is no proof; for a refuted claim, which of its equations fails.
        certificate: for proved, what `modeflow.recheck` needs to see it again, as plain data; on the verdict of a
            claim, the certificates of its equations by name.
        rests_on: the ids of the domains by which other such conditions are known to hold.
        alphabet: on the verdict of a claim, the letters in which a notebook shows it; None elsewhere.
    Example:
        >>> import modeflow
        >>> from sympy import Symbol
        >>> verdict = modeflow.prove(Symbol("x", positive=True), 1)
        >>> verdict.status, bool(verdict), sorted(verdict.witness["point"])
        ('refuted', False, ['x'])
    """

    status: Status
    method: str
    provisos: tuple[Proviso, ...] = ()
    witness: Mapping[str, object] | None = None
    seconds: float = 0.0
    reason: str = ""
    certificate: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)
    rests_on: tuple[str, ...] = ()
    alphabet: Alphabet | None = field(default=None, compare=False, repr=False)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The provisos as texts."""
        return tuple(map(str, self.provisos))

    @property
    def out_of_time(self) -> bool:
        """Whether there is no proof because the time was over; with more of it there may be one."""
        return OUT_OF_TIME in self.reason

    def plain(self) -> dict[str, Any]:
        """The verdict as plain data, which `Verdict.read` reads; for files and for other processes.

        Returns: a dictionary of lists, texts and numbers.
        Raises:
            NotPlain: a proviso that cannot be written so.
        Example:
            >>> import modeflow
            >>> modeflow.claim("dae.fixed_point").verify().plain()["status"]
            'proved'
        """
        kept = {name: getattr(self, name) for name in _KEPT}
        return {**kept, "provisos": list(map(plain, self.provisos)), "rests_on": list(self.rests_on)}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Verdict:
        """What `plain` wrote.

        Parameters:
            data: a dictionary with an entry for each attribute.
        Returns: the Verdict.
        Raises:
            ValueError: other entries than those, or a proviso that is none.
        Example:
            >>> import modeflow
            >>> verdict = modeflow.claim("dae.fixed_point").verify()
            >>> modeflow.Verdict.read(verdict.plain()) == verdict
            True
        """
        if set(data) != _KEPT:
            raise ValueError("the record is of another version")
        return cls(**{**data, "provisos": tuple(map(read, data["provisos"])), "rests_on": tuple(data["rests_on"])})

    def __bool__(self) -> bool:
        return self.status == "proved"

    def __str__(self) -> str:
        detail = self.reason or self.method
        if self.witness:
            detail = f"{self.reason}: " * bool(self.reason) + describe_witness(self.witness)
        return f"{self.status}: {detail}" if detail else self.status

    def __repr__(self) -> str:
        told = [f" by {excerpt(self.method)}"] if self.method else []
        told += [f", {len(self.provisos)} condition{'s' * (len(self.provisos) > 1)}"] if self.provisos else []
        if self.reason or self.witness:
            told.append(f": {excerpt(str(self).partition(': ')[2])}")
        return f"<Verdict: {self.status}{''.join(told)}>"

    def _repr_html_(self) -> str:
        """In Jupyter: the status, how it was reached and under which conditions, or the point at which it fails."""
        said = f"<strong>{self.status}</strong>" + (f" ({escape(self.method)})" if self.method else "")
        if self.provisos:
            said += f", where {self._conditions_html()}"
        if self.reason:
            said += f": {escape(self.reason)}"
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td><code>{escape(str(value))}</code></td></tr>"
            for name, value in _rows(self.witness or {})
        )
        return f"{said}<table>{rows}</table>" if rows else said

    def _conditions_html(self) -> str:
        if self.alphabet is None:
            return "; ".join(f"<code>{escape(condition)}</code>" for condition in self.conditions)
        return conditions_html(self.provisos, self.alphabet)


_KEPT = {field.name for field in fields(Verdict)} - {"alphabet"}  # what a record of a verdict holds


def _rows(witness: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """What a witness says, name by name: each letter of the point, then both sides."""
    for name, value in witness.items():
        if isinstance(value, Mapping):
            yield from ((str(letter), number) for letter, number in value.items())
        else:
            yield name, value


def combine(verdicts: Mapping[str, Verdict]) -> Verdict:
    """The verdict on a claim from those on its obligations: the worst one decides, conditions add up."""
    worst_name, worst = max(verdicts.items(), key=lambda item: ORDER.index(item[1].status))
    methods = dict.fromkeys(v.method for v in verdicts.values() if v.method)
    provisos = dict.fromkeys(p for v in verdicts.values() for p in v.provisos)
    domains = dict.fromkeys(i for v in verdicts.values() for i in v.rests_on)
    certificates = {name: v.certificate for name, v in verdicts.items() if v.certificate is not None}
    return replace(
        worst,
        method=worst.method if worst.status == "refuted" else ", ".join(methods),
        provisos=tuple(provisos),
        seconds=sum(v.seconds for v in verdicts.values()),
        reason=_told_reason(worst_name, worst, len(verdicts) > 1),
        certificate=certificates or None,
        rests_on=tuple(domains),
    )


def _told_reason(name: str, worst: Verdict, of_several: bool) -> str:
    """Its reason, or for a refuted obligation without one its name."""
    if worst.reason:
        return f"{name}: {worst.reason}" if of_several else worst.reason
    return name if worst.status == "refuted" and name != "statement" else ""

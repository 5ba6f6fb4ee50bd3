"""What every form of a derivation tells: which letters, which numbers, how much at once, where from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Integer, Interval, MatrixExpr, Tuple, oo

from ..language import definitions
from ..language.definitions import Definition, Named
from ..language.expressions import Side
from ..language.matrices import DiagonalEntry
from ..language.provisos import KINDS, Proviso
from ..language.quantities import Alphabet, Quantity
from ..language.verdict import Verdict, combine
from ..proof.given import RELATIONS
from ..statements import shipped
from ..statements.chapter import Chapter
from ..statements.claims import Claim
from ..statements.domains import domain_id
from ..statements.equations import Equation
from .excerpt import Excerpt
from .lettering import drawn
from .prose import GREEK, in_unicode
from .steps import Tone, followed, listed

Verdicts = Mapping[str, Verdict]

# How what is told is written: an expression or a list of them and of signs, as mathematics within a line.
Show = Callable[[Sequence[Any]], str]

# The text block of the page that `document` lays out, less the equation number, in em of its 11 pt type.
ROOM = 37.0
_NAMED = 3  # chapters whose titles together are that of a document
LONGEST = 40  # operations in a denominator that is printed; longer ones are in the JSON report


@dataclass(frozen=True)
class Told:
    """The statement of a claim, the equations it satisfies, and what is told below them."""

    equations: tuple[Equation, ...]
    where: tuple[Equation, ...]


@dataclass(frozen=True)
class Numbers:
    """The number of each claim and definition, counted through all chapters.

    of: id → number. new: id of a claim → the definitions told before it, since no claim before it uses them.
    tone: whether the equations that a claim satisfies are told, or only that it does.
    """

    of: Mapping[str, int]
    new: Mapping[str, tuple[Definition, ...]]
    tone: Tone = "lecture"

    def told_before(self, claim: Claim) -> tuple[Definition, ...]:
        """The definitions in what is told of the claim that were told with an earlier one."""
        shown = (claim.lhs, claim.rhs, *claim.given) if self.tone == "paper" else claim.sides()
        return self._earlier(_names(*shown), self.new[claim.id])

    def used_by(self, definition: Definition) -> tuple[Definition, ...]:
        """The definitions in a definition that were told with an earlier claim than it."""
        (together,) = (new for new in self.new.values() if definition in new)
        return self._earlier(_names(definition.expression), together)

    def reference(self, identifier: str) -> str:
        """The number of a claim or definition in brackets; its id where it is told elsewhere."""
        return f"({self.of[identifier]})" if identifier in self.of else identifier

    def _earlier(self, names: Iterable[Definition], new: Sequence[Definition]) -> tuple[Definition, ...]:
        earlier = (d for d in names if d not in new)
        return tuple(sorted(earlier, key=lambda d: (self.of.get(d.id, 0), d.id)))


def numbered(chapters: Iterable[Chapter], tone: Tone = "lecture") -> Numbers:
    """Numbers for the claims, and for each definition before the first claim that uses it and is not only stated."""
    new: dict[str, tuple[Definition, ...]] = {}
    ids: list[str] = []
    for told_in, claim in ((chapter, claim) for chapter in chapters for claim in chapter.claims.values()):
        names = () if is_brief(told_in) else claim.definitions()
        new[claim.id] = tuple(d for d in names if d.id not in ids)
        ids += [*(d.id for d in new[claim.id]), claim.id]
    return Numbers({identifier: n for n, identifier in enumerate(ids, start=1)}, new, tone)


def _names(*expressions: Side) -> set[Definition]:
    return {name.definition for name in Tuple(*expressions).atoms(Named)}


def about(chapters: Sequence[Chapter]) -> str:
    """What the chapters together are about: of those that ship it is known, others are told by their titles."""
    if one := _asked_alone(chapters):
        (told_in,) = (chapter.title for chapter in chapters if one in chapter.claims)
        return f"{told_in}: {one}"
    titles = list(dict.fromkeys(chapter.title for chapter in chapters if not is_brief(chapter)))
    if len(titles) == 1:
        return titles[0]
    named = "; ".join(titles) if len(titles) <= _NAMED else f"{titles[0]}, and {len(titles) - 1} more chapters"
    return shipped.title_of(chapter.key for chapter in chapters) or named


def _asked_alone(chapters: Sequence[Chapter]) -> str:
    """The id of the claim for whose sake all of them are told; "" where there are several or none."""
    asked = {i for chapter in chapters for i in (chapter.asked if isinstance(chapter, Excerpt) else ("", ""))}
    return asked.pop() if len(asked) == 1 else ""


def is_brief(chapter: Chapter) -> bool:
    """Whether the claims of a chapter are only stated, since others follow from them."""
    return isinstance(chapter, Excerpt) and chapter.brief


def heading(chapter: Chapter) -> str:
    """What stands over a chapter or an excerpt."""
    return f"What this follows from: {chapter.title}" if is_brief(chapter) else chapter.title


def called(claim: Claim) -> str:
    """The name that people say: its title, or "Balanced learning time" of dae.balanced_learning_time."""
    return claim.title or _spelt_out(claim.id)


def _spelt_out(identifier: str) -> str:
    words = _titled(identifier.rpartition(".")[2].replace("_", " "))
    return words if re.match(r"\w*\d|\w\b|\w+[A-Z]", words) else words[:1].upper() + words[1:]


def _titled(words: str) -> str:
    """Words with the title of a chapter for a key that is an abbreviation, such as dae, and not the first of them."""
    for key in shipped.known_keys() if shipped.is_asked_for() else ():
        before, found, after = f"{words} ".partition(f" {key} ")
        if found and key not in (title := _title(key)):
            parts = [f"{before} {title}"] if before == "to" else [before, title]
            return ", ".join([*parts, *filter(None, [after.strip()])])
    return words


def _title(key: str) -> str:
    title = shipped.chapter(key).title
    return title[:1].lower() + title[1:]


def letters_of(alphabet: Alphabet) -> dict[str, str]:
    """The words of prose that are letters: as they are written where that is one letter, else by their names.

    A name that is an English word, such as noise, stays one: a Greek letter is meant by its own name, or by the
    beginning of it, as in lam.
    """
    written = {q.tex: q.tex for q in alphabet if len(q.tex) == 1}
    named = {name: q.tex for name, q in alphabet.quantities.items() if len(name) > 1}
    telling = {n: tex for n, tex in named.items() if _is_greek(n, tex) or re.search(r"[0-9_]", n)}
    rates = {f"d{name}": f"d {tex}" for name, tex in telling.items() if name[-1].isdigit()}  # as in dw1/dt
    return rates | telling | written


def _is_greek(name: str, tex: str) -> bool:
    spelt = tex.removeprefix("\\").removeprefix("var")
    return tex in GREEK.values() and spelt.startswith(name.removeprefix("var"))


def prose(text: str, alphabet: Alphabet) -> str:
    """What a chapter says in words, with its letters as Unicode has them: w₁ for w1."""
    letters = {name: character for name, tex in letters_of(alphabet).items() if (character := _drawn(tex))}
    return in_unicode(text, letters)


def _drawn(tex: str) -> str:
    """A letter, or the d of its rate and the letter."""
    letter = drawn(tex.removeprefix("d "))
    return letter and "d" * tex.startswith("d ") + letter


def domain(quantity: Quantity, alphabet: Alphabet) -> str:
    """What is assumed of a letter, in words; of a matrix, its shape."""
    return re.sub(r"^(\w+) x (\w+)", r"\1 × \2", prose(quantity.domain, alphabet))


def story(chapter: Chapter, numbers: Numbers) -> str:
    """The narrative of a chapter, with the numbers of the claims that it names by their ids."""
    text = unbracketed(prose(chapter.text.strip(), chapter.alphabet), numbers)
    return re.sub(r"`([\w.]+)`", lambda m: numbers.reference(m[1]) if m[1] in numbers.of else m[0], text)


def unbracketed(text: str, numbers: Numbers) -> str:
    """A text without the brackets around ids whose numbers, which have brackets of their own, take their place."""

    def bare(found: re.Match[str]) -> str:
        return found[1] if set(re.findall(r"`(.*?)`", found[1])) <= set(numbers.of) else found[0]

    return re.sub(r"\((`[\w.]+`(?:(?:,| and)\s`[\w.]+`)*)\)", bare, text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a chapter's text, at least one: the first is the sentence that says what it is about."""
    return [paragraph.strip("\n") for paragraph in re.split(r"\n\s*\n", text.strip("\n"))]


def uncapitalised(sentence: str) -> str:
    """A sentence that begins with a word, as the end of another one."""
    return sentence[:1].lower() + sentence[1:] if re.match(r"[A-Z]([a-z]| )", sentence) else sentence


def counted_noun(count: int, noun: str) -> str:
    """1 claim, 2 claims."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def used(chapters: Sequence[Chapter]) -> Iterator[tuple[Alphabet, Quantity]]:
    """The quantities that the claims use, each once, with the alphabet that declares it."""
    seen: set[Quantity] = set()
    for chapter in chapters:
        present = {q for claim in chapter.claims.values() for q in chapter.alphabet.of(Tuple(*_letters(claim)))}
        for quantity in chapter.alphabet:
            if quantity in present and quantity not in seen:
                seen.add(quantity)
                yield chapter.alphabet, quantity


def _letters(claim: Claim) -> Iterator[Any]:
    """All that the claim is written in, the letters of its rates and those for which it puts in values among them."""
    yield from claim.sides()
    if claim.special is not None:
        yield from claim.special.shown
    if claim.rates is not None:
        yield from claim.rates.of


def says(claim: Claim) -> str:
    """What the claim says, marked where it is an error kept on show."""
    wrong = " (The formula is wrong, and kept on show.)" if claim.expects == "refuted" else ""
    return prose(claim.says, claim.alphabet) + wrong


def satisfying(claim: Claim) -> str:
    """The words before the equations that a claim satisfies, or should."""
    return "It should satisfy" if claim.expects == "refuted" else "It satisfies"


def told(claim: Claim, tone: Tone = "lecture") -> Told:
    """The statement and the equations it satisfies; and how a rate in it is worked out. In a paper, the statement.

    An equation that reads as the statement does, as a product of two closed forms may, is not told a second time.
    """
    stated = claim.stated()
    if tone == "paper":
        return Told((stated,), ())
    others = (
        one for one in claim.satisfies if (one.lhs, one.rhs, one.relation) != (stated.lhs, stated.rhs, stated.relation)
    )
    return Told((stated, *others), tuple(_worked_out(claim)))


def _worked_out(claim: Claim) -> Iterator[Equation]:
    """What the rates are by definition, where an operator says so, and what else the letters of the statement are."""
    if claim.rates is not None:
        if claim.lhs.has(MatrixExpr, DiagonalEntry):
            yield Equation(claim.stated().lhs, claim.lhs)
        yield from (Equation(one, other) for one, other in claim.rates.written.items())


def sourced(chapter: Chapter, cited: Callable[[str], str], reference: Callable[[str], str]) -> str:
    """Where the claims come from, each source once: "Source: [1]. Source of (7) and (9) to (12): [2]."

    cited, reference: how a source, and the number of a claim, are written.
    """
    said = [f"Source: {cited(chapter.source)}."] if chapter.source else []
    others = dict.fromkeys(claim.source for claim in chapter.claims.values())
    for source in (source for source in others if source not in {"", chapter.source}):
        ids = [i for i, claim in chapter.claims.items() if claim.source == source]
        said.append(f"Source of {_ranges(ids, list(chapter.claims), reference)}: {cited(source)}.")
    return " ".join(said)


def _ranges(chosen: Sequence[str], of: Sequence[str], reference: Callable[[str], str]) -> str:
    """The numbers of what is chosen out of a list, three or more in a row by the first and the last: (7) to (9)."""
    runs: list[list[str]] = []
    for identifier in chosen:
        follows = bool(runs) and of.index(runs[-1][-1]) + 1 == of.index(identifier)
        runs = [*runs[:-1], [*runs[-1], identifier]] if follows else [*runs, [identifier]]
    return listed([item for run in runs for item in _from_to([reference(i) for i in run])], str)


def _from_to(run: list[str]) -> list[str]:
    return run if len(run) < 3 else [f"{run[0]} to {run[-1]}"]


def recalled(names: Sequence[Definition], written: Callable[[str], str], reference: Callable[[str], str]) -> str:
    """Where names were told: "with ρ and E as in (3) and (4)."; empty where there are none."""
    ids = [d.id for d in names]
    tex = {d.id: d.tex for d in names}
    return f"with {listed(ids, lambda i: written(tex[i]))} as in {listed(ids, reference)}." if names else ""


def by(claim: Claim, reference: Callable[[str], str], formula: Show, tone: Tone = "lecture") -> str:
    """What a claim follows from: "By (12) with g = λ and k = ξ, and by (30)."; empty where it follows from nothing.

    In a paper also by which step, since its equations are not told.
    """
    said = _sources_told(claim, reference, formula)
    return followed(said, claim) if tone == "paper" and claim.special is None else said


def _sources_told(claim: Claim, reference: Callable[[str], str], formula: Show) -> str:
    if claim.special is None:
        return f"By {listed(claim.follows_from, reference)}." if claim.follows_from else ""
    general = claim.special.of.id
    put_in = [formula([letter, "=", value]) for letter, value in claim.special.shown.items()]
    said = f"By {reference(general)}" + (f" with {listed(put_in, str)}" if put_in else "")
    others = [identifier for identifier in claim.follows_from if identifier != general]
    return f"{said}, and by {listed(others, reference)}." if others else f"{said}."


def aside(claim: Claim, numbers: Numbers, formula: Show, verdict: Verdict | None = None) -> str:
    """Where a claim follows from, and what verifying it said, in plain words."""
    said = [found] if (found := by(claim, numbers.reference, formula, numbers.tone)) else []
    if verdict is not None:
        said.append(f"{judged(claim, verdict, formula)}.")
    return " ".join(said)


def judged(claim: Claim, verdict: Verdict, formula: Show, words: Callable[[str], str] = str) -> str:
    """The verdict in one sentence, without its point, its seconds and its certificate.

    words, formula: how the method, and expressions within a line, are written.
    """
    stated = ", as stated" if verdict.status == claim.expects != "proved" else ""
    said = verdict.status.capitalize() + stated + (f" ({words(verdict.method)})" if verdict.method else "")
    domains = [d for d in claim.definitions() if {domain_id(d, n) for n in _counted(d)} & set(verdict.rests_on)]
    if domains and claim.domain_of is None:
        noun = "domains" if len(domains) > 1 else "domain"
        said += f", by the {noun} of {listed([d.id for d in domains], _written(domains, formula))}"
    told = conditions_told(list(_in_names_of(claim, verdict.provisos)), formula)
    return said + (f", where {told}" if told else "")


def conditions_told(provisos: Sequence[Proviso], formula: Show) -> str:
    """What must hold, one after the other; of long denominators only how many there are."""
    told = [_proviso(p, formula) for p in provisos if p.expression.count_ops() <= LONGEST]
    if more := len(provisos) - len(told):
        told.append("a longer denominator is not 0" if more == 1 else f"{more} longer denominators are not 0")
    return "; ".join(told)


def _counted(definition: Definition) -> range:
    return range(1, len(definition.domain) + 1)


def _written(names: Iterable[Definition], formula: Show) -> Callable[[str], str]:
    by_id = {d.id: d for d in names}
    return lambda identifier: formula([by_id[identifier].applied])


def _in_names_of(claim: Claim, provisos: Iterable[Proviso]) -> Iterator[Proviso]:
    """The provisos as the claim writes its names, which may be in other letters than those that were judged."""
    by_id = {d.id: d for d in claim.definitions()}
    for p in provisos:
        changes = {d: by_id[d.id] for d in definitions.used(p.expression) if d.id in by_id}
        yield replace(p, expression=definitions.redefined(p.expression, changes))


def _proviso(proviso: Proviso, formula: Show) -> str:
    """What must hold, with the stretch on which it must."""
    e, kind = proviso.expression, proviso.kind
    where = proviso.where(lambda place: formula([place]))
    if kind in RELATIONS:
        return formula([e, kind, Integer(0)]) + where
    words = KINDS[kind].partition("{}")[2]
    return formula([e]) + words.replace("(-oo, 0]", formula([Interval(-oo, 0)])) + where


def domain_told(definition: Definition, verdicts: Verdicts, formula: Show, words: Callable[[str], str] = str) -> str:
    """What is claimed of the values of a quantity, with what came of it; empty where nothing is."""
    if not definition.domain:
        return ""
    said = ", ".join(map(formula, _chain(definition)))
    if definition.given:
        said += f" where {' and '.join(formula(_parts(relation)) for relation in definition.given)}"
    found = {i: verdicts[i] for i in (domain_id(definition, n) for n in _counted(definition)) if i in verdicts}
    if not found:
        return f"{said}."
    verdict = combine(found)
    return f"{said}. {verdict.status.capitalize()}" + (f" ({words(verdict.method)})." if verdict.method else ".")


def _chain(definition: Definition) -> list[list[Any]]:
    """0 < E <= 1 where there is a bound from each side; else each relation by itself."""
    name, turned = definition.applied, {">": "<", ">=": "<="}
    below = [(bound, turned[relation]) for relation, bound in definition.domain if relation in turned]
    above = [(relation, bound) for relation, bound in definition.domain if relation in turned.values()]
    if len(below) == len(above) == 1 and len(definition.domain) == 2:
        return [[*below[0], name, *above[0]]]
    return [[name, relation, bound] for relation, bound in definition.domain]


def _parts(relation: Any) -> list[Any]:
    return [relation.lhs, "=" if relation.rel_op == "==" else relation.rel_op, relation.rhs]

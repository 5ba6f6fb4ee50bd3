"""The names that one quantity has: which of them a claim uses, and what the others are in its letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Symbol

from ...language.motion import Course, Motion
from .subject import Subject


def meanings(motion: Motion, matrices: bool) -> list[dict[Any, Any]]:
    """Names in others that say the same: for matrices one after the other, for scalars all in the weights."""
    if matrices:
        return [dict(synonym) for synonym in motion.synonyms]
    letters, functions, starts = dict(motion.over_time), dict[Any, Any](), _start_of_weights(motion)
    for course in motion.made_of_weights:
        over_time, at_start = _over_time(course, motion), _at_start(course, motion)
        if course.on_way is not None:
            letters[course.on_way] = over_time
        if isinstance(course.at_start, Symbol):
            letters[course.at_start] = at_start
        if course.over_time is not None:
            functions |= {course.over_time(motion.time): over_time, course.over_time(0): at_start}
    return [letters | functions | starts]


def by_weights(pair: tuple[Any, Any], motion: Motion, subject: Subject | None = None) -> tuple[Any, Any]:
    """The sides with what the letters stand for put in, and of a law that is kept the weights at the start."""
    symbols = {function: weight for weight, function in motion.over_time.items()}
    at_start = subject.weights_at_start if subject and subject.conserves else {}
    put = meanings(motion, matrices=False)[0]
    one, other = (side.xreplace(at_start).xreplace(put).xreplace(symbols) for side in pair)
    return one, other


def _over_time(course: Course, motion: Motion) -> Any:
    return course.of_weights.xreplace(motion.over_time) if course.of_weights is not None else None


def _at_start(course: Course, motion: Motion) -> Any:
    return course.of_weights.xreplace(motion.start) if course.of_weights is not None else None


def _start_of_weights(motion: Motion) -> dict[Any, Any]:
    """Each weight's function at time 0, and its letter there."""
    return {over_time.func(0): motion.start[w] for w, over_time in motion.over_time.items() if w in motion.start}


@dataclass(frozen=True)
class Names:
    """The names of the quantities around a claim."""

    subject: Subject

    @property
    def _motion(self) -> Motion:
        return self.subject.motion

    def swaps(self) -> dict[Any, Any]:
        """For a symbol, or a function of t, the one that the claim uses for the same quantity."""
        names = self._at_zero() | self.known() | self.subject.starts
        return {letter: value.xreplace(self.subject.put) for letter, value in names.items()} | self.subject.put

    def known(self) -> dict[Any, Any]:
        """Those that do not follow from the values at time 0."""
        used = self.subject.used
        stronger = {weak: strong for strong, weak in self.subject.stronger.items() if weak not in used}
        names = self._of_the_start() | stronger | dict(self._twins())
        if self._motion.weights and self.subject.moving.keys() >= set(self._motion.weights):
            names |= self._products_of_weights()
        return names | dict(self.subject.claim.names) | dict(self._restated())

    def _of_the_start(self) -> dict[Any, Any]:
        """What belongs to the start, in the letters that the claim has for it."""
        motion, used = self._motion, self.subject.used
        if used & set(motion.start.values()):
            made = (c for c in motion.made_of_weights if isinstance(c.at_start, Symbol))
            return self._unused({c.at_start: _at_start(c, motion) for c in made})
        for letters in motion.coordinates:
            if set().union(*(value.free_symbols for value in letters.values())) <= used:
                return self._unused(dict(letters))
        return {}

    def _unused(self, names: dict[Any, Any]) -> dict[Any, Any]:
        """Without the letters of the claim."""
        return {symbol: value for symbol, value in names.items() if symbol not in self.subject.used}

    def _at_zero(self) -> dict[Any, Any]:
        """The functions at time 0, in the letters for the start."""
        motion, used = self._motion, self.subject.used
        names = _start_of_weights(motion)
        for course in motion.courses:
            if course.over_time is None or course.on_way in motion.weights:
                continue
            own = course.at_start
            has_own = own is not None and (course.of_weights is None or own.free_symbols <= used)
            names[course.over_time(0)] = own if has_own else _at_start(course, motion)
        return {function: value for function, value in names.items() if value is not None}

    def _twins(self) -> Iterator[tuple[Any, Any]]:
        """A letter on the way and its function of time, of which the claim uses one."""
        t, used = self._motion.time, self.subject.used | set(self.subject.moving)
        for course in self._motion.courses:
            symbol, path = course.on_way, course.over_time
            if symbol is None or path is None:
                continue
            if symbol in used and path not in used:
                yield path(t), symbol
            elif path in used and symbol not in used and symbol != course.at_start:
                yield symbol, path(t)

    def _products_of_weights(self) -> dict[Any, Any]:
        """The quantities that are made of the weights, whose rates follow from theirs."""
        motion, used = self._motion, self.subject.used
        names: dict[Any, Any] = {}
        for course in motion.made_of_weights:
            if course.on_way is not None and course.on_way not in used:
                names[course.on_way] = course.of_weights
            if course.over_time is not None and course.over_time not in used:
                names[course.over_time(motion.time)] = course.of_weights
        if self.subject.keeps_what_is_kept and self.subject.laws[0][1] != 0:
            kept, value = next(iter(motion.kept.items()))
            names |= self._unused({kept: value})
        return names

    def _restated(self) -> Iterator[tuple[Any, Any]]:
        """Names that depend on what the claim gives, or on the letter whose rate it gives."""
        unknowns, used = {unknown for unknown, _ in self.subject.unknowns}, self.subject.used
        for restated in self._motion.restated:
            if restated.needs is not None and restated.needs not in used:
                continue
            if restated.about in unknowns:
                yield from self._unused(dict(restated.names)).items()
            elif restated.about in self.subject.moving:
                yield from restated.names.items()

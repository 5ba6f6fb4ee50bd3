"""Closed forms as functions on NumPy arrays: parameters by the names of their letters, each held to its domain.

What is computed is the expression that was proved, node by node. Where a value is not finite, another form of it that
is proved equal takes its place, and where there is none, mpmath with 50 digits.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from keyword import iskeyword
from typing import Any

import mpmath
import numpy as np
import sympy
from numpy.typing import ArrayLike, NDArray
from sympy import Expr, Symbol
from sympy.core.evalf import PrecisionExhausted

from ..evaluate.arguments import converted
from ..language.quantities import Alphabet, Quantity
from .orbit_law import Distance, OrbitLaw
from .tape import NoEvaluator, Tape
from .time_law import PathLaw, TimeLaw
from .turning import turned_over

Array = NDArray[np.float64]
TRIES = 20  # points drawn for each that is wanted
DIGITS = 50  # of mpmath, where NumPy has no finite value
_RELATIONS = {
    "==": np.equal, "!=": np.not_equal, ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal,
}  # fmt: skip
_HOLDS = {"> 0": np.greater, ">= 0": np.greater_equal, "< 0": np.less, "<= 0": np.less_equal, "nonzero": np.not_equal}


@dataclass(frozen=True)
class Accuracy:
    """How far an evaluator is from high precision at sampled points, in units in the last place.

    `evaluator.accuracy()` makes it.

    Attributes:
        worst: the largest distance.
        median: the distance that half of the values do not exceed.
        where: the arguments of the worst value, by name.
        count: how many values were compared.
    Example:
        >>> import modeflow
        >>> modeflow.claim("dae.balanced").evaluator().accuracy(count=5).count
        5
    """

    worst: float
    median: float
    where: Mapping[str, float]
    count: int

    @property
    def digits_lost(self) -> float:
        """How many decimal digits of the 16 the worst value lost."""
        return float(np.log10(max(1.0, self.worst)))

    def __repr__(self) -> str:
        at = ", ".join(f"{name} = {value:.6g}" for name, value in self.where.items())
        return (
            f"<Accuracy: {self.count} values, worst {self.worst:.3g} ulp at {at}, median {self.median:.2g} ulp, "
            f"{self.digits_lost:.1f} digits lost>"
        )


@dataclass(frozen=True)
class OtherStart:
    """Starts for which another evaluator has the path.

    Attributes:
        evaluator: makes it; raises ValueError where there is none.
        turned: the start as that evaluator takes it; NaN where it does not.
        back: what is sought, from what it gives and the start.
    """

    evaluator: Callable[[], Evaluator]
    turned: Callable[[Sequence[Array]], list[Array]]
    back: Callable[[Mapping[str, Array], Sequence[Array]], dict[str, Array]]


@dataclass(frozen=True)
class Evaluator:
    """A closed form as a function of the time and of its parameters, which broadcast.

    `Solution.evaluator` and `Claim.evaluator` make it. Called, it takes the time, then parameters by the names of their
    letters. It returns an array, or of several unknowns a dictionary from name to array.

    Attributes:
        says: what it computes, in one sentence.
        forms: unknown, as a text → the proved expression in letters; None for a path by its time law.
        time: the letter of the time.
        alphabet: the letters.
        given: relations between the letters that hold besides.
        inner: letters that are bound, such as the place in a time law.
        start: letters of the start → what they are in `start_names`, where the start is given as start=(…).
        start_names: the two letters that stand for start=(…).
        law: the time law of an implicit solution; None for an explicit one.
        place: the letter of the place that the law gives, where the forms are in it; None where the law gives the
            unknown itself.
        elsewhere: what has the path of starts that these letters leave out.
    Example:
        >>> import modeflow
        >>> strength = modeflow.claim("dae.balanced").evaluator()
        >>> strength([0.0, 1e9], lam=1.0, eps=0.5, w0=0.1, tau=1.0).round(4)
        array([0.1   , 0.6667])
    """

    says: str
    forms: Mapping[str, Expr]
    time: Symbol
    alphabet: Alphabet
    given: tuple[Any, ...] = ()
    inner: tuple[Symbol, ...] = ()
    start: Mapping[Symbol, Expr] = field(default_factory=dict)
    start_names: tuple[Symbol, ...] = ()
    law: PathLaw | None = None
    place: Symbol | None = None
    elsewhere: tuple[OtherStart, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "__doc__", self._documentation())
        object.__setattr__(self, "__signature__", self._signature())
        self._tape  # what cannot be computed is found at once  # noqa: B018

    # --- what it takes ---------------------------------------------------------------------------------------

    @cached_property
    def letters(self) -> tuple[Quantity, ...]:
        """The parameters that are given by name, in the order of the alphabet."""
        used = sympy.Tuple(*self.forms.values(), *(() if self.law is None else self.law.expressions)).free_symbols
        inner = {self.time, *self.inner, *(() if self.law is None else (self.law.moving,))}
        return tuple(q for q in self.alphabet if q.symbol in used - inner - set(self.start))

    @property
    def _names(self) -> list[str]:
        return [q.symbol.name for q in self.letters]

    @property
    def _of_time(self) -> Quantity:
        known = (q for q in self.alphabet if q.symbol == self.time)
        return next(known, Quantity(self.time, self.time.name, "time", ">= 0"))

    @property
    def _start_meaning(self) -> str:
        several = "(encoder, decoder)" if len(self.start_names) == 2 else "in their order"
        return f"the weights {several} at t = 0"

    def _signature(self) -> inspect.Signature:
        kinds = inspect.Parameter
        is_plain = self.time.name.isidentifier() and not iskeyword(self.time.name)
        given = [kinds(self.time.name if is_plain else "time", kinds.POSITIONAL_OR_KEYWORD)]
        names = (["start"] if self.start_names else []) + self._names
        plain = [name for name in names if name.isidentifier() and not iskeyword(name)]
        others = [kinds("letters", kinds.VAR_KEYWORD)] if len(plain) < len(names) else []  # such as **{"lambda": 1.0}
        return inspect.Signature([*given, *(kinds(name, kinds.KEYWORD_ONLY) for name in plain), *others])

    def _documentation(self) -> str:
        told = [f"{name} = {form}" for name, form in self.forms.items()] if self.law is None else [str(self.law)]
        lines = [self.says, "", *(f"    {one}" for one in told), "", "Parameters:"]
        lines += [f"    {self.time.name}: {self._of_time.meaning}, {self._of_time.domain} and finite, any shape."]
        lines += [f"    start: {self._start_meaning}, any shapes."] if self.start_names else []
        lines += [f"    {q.symbol.name}: {q.meaning}, {q.domain}, any shape." for q in self.letters]
        several = "a dictionary from name to array" if len(self.forms) > 1 else "an array"
        return "\n".join([*lines, f"Returns: {several}, in which all shapes are broadcast."])

    def __repr__(self) -> str:
        return f"<Evaluator: {', '.join(self.forms)} by {self._signature()}>".replace("*, ", "")

    # --- calling ---------------------------------------------------------------------------------------------

    def __call__(self, time: ArrayLike, /, *, start: Sequence[ArrayLike] | None = None, **parameters: ArrayLike) -> Any:
        """The closed form at these times.

        Parameters:
            time: at which it is wanted, >= 0 and finite, any shape.
            start: the weights (encoder, decoder) at t = 0, where the start is in letters.
            parameters: the other letters by name, as `help` of the evaluator lists them.
        Returns: an array of float64, or a dictionary from the name of an unknown to its array.
        Raises:
            TypeError: a parameter that is missing, unknown or no real number.
            ValueError: a value outside its domain, or shapes that do not broadcast; the message names it.
            FloatingPointError: a result that is not finite.
        Example:
            >>> import modeflow
            >>> strength = modeflow.claim("dae.balanced").evaluator()
            >>> strength(0.0, lam=1.0, eps=-0.5, w0=0.1, tau=1.0)
            Traceback (most recent call last):
            ValueError: eps = -0.5: noise: N times the variance of the input noise is >= 0; give values >= 0
        """
        values = self._in_letters(time, start, parameters)
        if not self.elsewhere or self._fits(values).all():
            found = self._computed(self._checked(values))
        else:
            found = self._by_starts(values)
        return next(iter(found.values())) if len(found) == 1 else found

    def _in_letters(
        self, time: ArrayLike, start: Sequence[ArrayLike] | None, parameters: Mapping[str, ArrayLike]
    ) -> dict[str, Array]:
        """The time, the start and the other letters by name, as float64 of one shape, each in its domain."""
        self._check_names(start, parameters)
        begun = {s.name: value for s, value in zip(self.start_names, start or (), strict=True)}
        given = converted(**{self.time.name: time}, **begun, **{name: parameters[name] for name in self._names})
        shape = np.broadcast_shapes(*(x.shape for x in given.values()))
        values = {name: np.broadcast_to(x, shape).astype(np.float64) for name, x in given.items()}
        _check_domain(self.time.name, self._of_time.meaning, self._of_time.domain, values[self.time.name])
        for q in self.letters:
            _check_domain(q.symbol.name, q.meaning, q.domain, values[q.symbol.name])
        for s in self.start_names:
            _check_domain(s.name, "a weight", "real", values[s.name])
        return values

    def _checked(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """With the letters of the start, and what must hold of them."""
        values = dict(values)
        self._put_start(values)
        for relation in self.given:
            self._check_given(relation, values)
        return values

    def _computed(self, values: dict[str, Array]) -> dict[str, Array]:
        return self._by_law(values) if self.law is not None else self._by_tape(values)

    def _fits(self, values: Mapping[str, Array]) -> Any:
        """Where the start is in the domains of its letters, and what is given holds."""
        values = dict(values)
        fits, domains = np.ones(values[self.time.name].shape, dtype=bool), {q.symbol: q.domain for q in self.alphabet}
        for letter, written in self.start.items():
            (found,) = Tape([written])(values)
            values[letter.name] = np.asarray(found)
            fits &= ~_outside(domains[letter], values[letter.name])
        for relation in self.given:
            fits &= self._holds(relation, values)
        return fits

    def _by_starts(self, values: dict[str, Array]) -> dict[str, Array]:
        """Each point by the evaluator that has its start; ValueError where none has."""
        shape = values[self.time.name].shape
        flat = {name: x.ravel() for name, x in values.items()}
        left, found = ~self._fits(flat), {name: np.full(flat[self.time.name].shape, np.nan) for name in self.forms}
        inside = ~left
        if inside.any():
            part = self._computed(self._checked({name: x[inside] for name, x in flat.items()}))
            for name, x in part.items():
                found[name][inside] = x
        for other in self.elsewhere:
            if left.any():
                left &= ~self._put_from(other, flat, left, found)
        if left.any():
            self._checked({name: x[left] for name, x in flat.items()})  # which says what does not hold
        return {name: x.reshape(shape) for name, x in found.items()}

    def _put_from(self, other: OtherStart, flat: Mapping[str, Array], left: Any, found: Mapping[str, Array]) -> Any:
        """The values of another evaluator where it has the start of what is left; which those are."""
        start = [flat[s.name] for s in self.start_names]
        try:
            evaluator = other.evaluator()
        except ValueError:
            return np.zeros_like(left)
        turned = {s.name: x for s, x in zip(evaluator.start_names, other.turned(start), strict=True)}
        letters = {self.time.name: flat[self.time.name], **{name: flat[name] for name in evaluator._names}}
        fits = left & evaluator._fits({**letters, **turned})
        for x in turned.values():
            fits &= ~np.isnan(x)
        if fits.any():
            inner = evaluator._checked({name: x[fits] for name, x in {**letters, **turned}.items()})
            for name, x in other.back(evaluator._computed(inner), [x[fits] for x in start]).items():
                found[name][fits] = x
        return fits

    def _check_given(self, relation: Any, values: Mapping[str, Array]) -> None:
        holds = self._holds(relation, values)
        if not holds.all():
            index = tuple(np.argwhere(~holds)[0])
            at = ", ".join(f"{name} = {x[index]}" for name, x in values.items())
            raise ValueError(f"the closed form holds where {relation}, not at {at}; give values for which it does")

    def _holds(self, relation: Any, values: Mapping[str, Array]) -> Any:
        left, right = (np.asarray(x) for x in Tape([relation.lhs, relation.rhs])(values))
        fits = _RELATIONS[relation.rel_op](left, right) | np.isnan(left - right)
        return np.broadcast_to(fits, values[self.time.name].shape)

    def _put_start(self, values: dict[str, Array]) -> None:
        """The letters of the start, from the weights."""
        by_symbol = {q.symbol: q for q in self.alphabet}
        for letter, written in self.start.items():
            (found,) = Tape([written])(values)
            q = by_symbol[letter]
            _check_domain(f"start: {written}", q.meaning, q.domain, np.asarray(found))
            values[letter.name] = np.asarray(found)

    def _check_names(self, start: object, parameters: Mapping[str, object]) -> None:
        known = ["start"] * bool(self.start_names) + self._names
        given = ["start"] * (start is not None) + list(parameters)
        for name in given:
            if name not in known:
                close = get_close_matches(name, known, n=1)
                remedy = f"did you mean {close[0]}?" if close else f"it takes {', '.join(known) or 'the time alone'}"
                raise TypeError(f"{name} is no parameter of this evaluator; {remedy}")
        for name in known:
            if name not in given:
                meaning = {"start": self._start_meaning} | {q.symbol.name: q.meaning for q in self.letters}
                raise TypeError(f"{name} is missing: {meaning[name]}; give it by name, {name}=…")
        if start is not None and (not isinstance(start, tuple | list) or len(start) != len(self.start_names)):
            count = {2: "two"}.get(len(self.start_names), str(len(self.start_names)))
            form = "as (encoder, decoder)" if count == "two" else "in their order"
            raise ValueError(f"start = {start}: give the {count} weights at t = 0, {form}")

    # --- explicit forms --------------------------------------------------------------------------------------

    @cached_property
    def _tape(self) -> Tape:
        return Tape(self.forms.values() if self.law is None or self.place is not None else ())

    @cached_property
    def _other(self) -> Tape | None:
        """Forms in which growing exponentials are turned over, proved equal; None where there are none."""
        turned = [turned_over(form) for form in self.forms.values()]
        if turned == list(self.forms.values()):
            return None
        return Tape(turned)

    def _by_tape(self, values: dict[str, Array]) -> dict[str, Array]:
        shape = values[self.time.name].shape
        found = [np.array(np.broadcast_to(x, shape), dtype=np.float64) for x in self._tape(values)]
        if not all(np.isfinite(x).all() for x in found):
            if self._other is not None:
                found = [np.where(np.isfinite(x), x, y) for x, y in zip(found, self._other(values), strict=True)]
            found = [self._mended(x, form, values) for x, form in zip(found, self.forms.values(), strict=True)]
        return dict(zip(self.forms, found, strict=True))

    def _mended(self, found: Array, form: Expr, values: dict[str, Array]) -> Array:
        """Values that are not finite once more, with many digits, unless an argument is NaN."""
        bad = ~np.isfinite(found) & ~np.any([np.isnan(x) for x in values.values()], axis=0)
        mended = np.array(found)
        for index in map(tuple, np.argwhere(bad)):
            at = {name: float(x[index]) for name, x in values.items()}
            mended[index] = _precisely(form, at)
            if not np.isfinite(mended[index]):
                said = ", ".join(f"{name} = {value}" for name, value in at.items())
                raise FloatingPointError(
                    f"no finite value of the closed form was found at {said}; leave this point out"
                )
        return mended

    def _by_law(self, values: dict[str, Array]) -> dict[str, Array]:
        assert self.law is not None
        places = self.law.solve(values, self.time.name)
        if self.place is None:
            return dict.fromkeys(self.forms, places)
        found = self._tape({**values, self.place.name: places})
        return {name: np.broadcast_to(x, places.shape) + 0.0 for name, x in zip(self.forms, found, strict=True)}

    # --- how good, and how it looks --------------------------------------------------------------------------

    def accuracy(self, *, count: int = 20, seed: int = 0) -> Accuracy:
        """Hold it against high precision at sampled points.

        Parameters are drawn between 0.1 and 3, times between 0 and 5, and weights at the start between -1.5 and 1.5.

        Parameters:
            count: how many points with a value, > 0.
            seed: of the points.
        Returns: an Accuracy.
        Raises:
            ValueError: a count that is not positive, or a closed form without a value at any sampled point.
        Example:
            >>> import modeflow
            >>> modeflow.claim("dae.balanced").evaluator().accuracy(count=20).worst < 100
            True
        """
        if count < 1:
            raise ValueError(f"count = {count}: give a whole number of at least 1")
        rng, far = np.random.default_rng(seed), list[tuple[float, dict[str, float]]]()
        for _ in range(TRIES * count):
            if len(far) >= count * len(self.forms):
                break
            far += self._distances(rng)
        if not far:
            raise ValueError(f"no value of {', '.join(self.forms)} was found at {TRIES * count} sampled points")
        worst, where = max(far, key=lambda one: one[0])
        return Accuracy(worst, float(np.median([distance for distance, _ in far])), where, len(far))

    def _distances(self, rng: np.random.Generator) -> list[tuple[float, dict[str, float]]]:
        """The distance of each unknown at one sampled point, with the point; empty where there are no values."""
        times, start, points = self._points(1, rng)
        try:
            values = self._checked(self._in_letters(times, start, points))
            found = self._computed(values)
        except (ValueError, FloatingPointError):
            return []
        at = {name: float(x[0]) for name, x in values.items() if name not in {s.name for s in self.start}}
        if self.place is not None and self.law is not None:
            exact = {letter: float(x[0]) for letter, x in values.items()}
            place = float(self.law.solve(values, self.time.name)[0])
            with mpmath.workdps(DIGITS):
                right = place + self.law.error(exact, self.time.name, place)
            return [(self._from_place(name, float(x[0]), exact, right), at) for name, x in found.items()]
        return [(self._distance(name, x, values, 0), at) for name, x in found.items()]

    def _from_place(self, name: str, found: float, at: Mapping[str, float], right: Any) -> float:
        """How far a value is from its form at the right place, in units in the last place."""
        with mpmath.workdps(DIGITS):
            put = {s: sympy.Rational(at[s.name]) for s in self.forms[name].free_symbols - {self.place}}
            exact = self.forms[name].xreplace({**put, self.place: sympy.Float(right, DIGITS)}).evalf(DIGITS)
            value = mpmath.mpf(sympy.Float(exact, DIGITS)._mpf_)
            return float(abs(value - found) / float(np.spacing(abs(float(value)))))

    def _points(self, count: int, rng: np.random.Generator) -> tuple[Array, list[Array] | None, dict[str, Array]]:
        times, points = rng.uniform(0, 5, count), dict[str, Array]()
        for q in self.letters:
            sign = -1.0 if q.domain.startswith("<") else 1.0
            points[q.symbol.name] = sign * np.exp(rng.uniform(np.log(0.1), np.log(3.0), count))
        return times, self._starts(count, rng) if self.start_names else None, points

    def _starts(self, count: int, rng: np.random.Generator) -> list[Array]:
        """Weights at the start, in the domains of the letters that they give."""
        if len(self.start_names) > 2 or self.place is not None:
            return list(np.sort(rng.uniform(0.05, 1.5, (len(self.start_names), count)), axis=0))
        one, two = rng.uniform(-1.5, 1.5, (2, count))
        domains = {q.symbol: q.domain for q in self.alphabet}
        if all(domains[letter] == "> 0" for letter in self.start):
            return [np.minimum(one, two), np.abs(np.minimum(one, two)) + np.abs(two - one) + 0.05]
        return [one, two]

    def _distance(self, name: str, found: Array, values: dict[str, Array], n: int) -> float:
        at = {letter: float(x[n]) for letter, x in values.items()}
        with mpmath.workdps(DIGITS):
            if self.law is not None:
                return float(abs(self.law.error(at, self.time.name, float(found[n]))) / np.spacing(abs(found[n])))
            exact = _exactly(self.forms[name], at)
            return float(abs(exact - mpmath.mpf(float(found[n]))) / float(np.spacing(abs(float(exact)))))

    def plot(self, until: float, **parameters: Any) -> Any:
        """Draw the closed form from t = 0 on.

        Parameters:
            until: the last time, > 0.
            parameters: as for a call, numbers.
        Returns: the axes of Matplotlib, on a new figure.
        Raises:
            ValueError: a last time that is no number > 0, and as a call does.
        Example:
            >>> import modeflow
            >>> strength = modeflow.claim("dae.balanced").evaluator()
            >>> axes = strength.plot(5.0, lam=1.0, eps=0.5, w0=0.1, tau=1.0)
            >>> axes.get_xlabel()
            't'
        """
        from matplotlib.figure import Figure

        if not isinstance(until, int | float) or not 0 < until < float("inf"):
            raise ValueError(f"until = {until!r}: give the last time, a number > 0")
        times = np.linspace(0.0, until, 400)
        values = self(times, **parameters)
        axes = Figure(figsize=(6.0, 3.6), layout="constrained").subplots()
        for name, curve in (values if isinstance(values, dict) else dict.fromkeys(self.forms, values)).items():
            axes.plot(times, curve, label=name)
        axes.set_xlabel(self.time.name)
        axes.legend(frameon=False)
        return axes


def _check_domain(name: str, meaning: str, domain: str, x: Array) -> None:
    """ValueError at the first value that is outside; NaN is passed through."""
    bad = _outside(domain, x)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        where = f"[{', '.join(map(str, index))}]" if index else ""
        wanted = f"{domain} and finite" if np.isinf(x[index]) else domain
        raise ValueError(f"{name}{where} = {x[index]}: {meaning} is {wanted}; give values {wanted}")


def _outside(domain: str, x: Array) -> Any:
    """Where values are outside; NaN is inside."""
    bad = np.isinf(x)
    return bad | ~_HOLDS[domain](x, 0.0) & ~np.isnan(x) if domain in _HOLDS else bad


def _precisely(form: Expr, at: Mapping[str, float]) -> float:
    with mpmath.workdps(DIGITS):
        return float(_exactly(form, at))


def _exactly(form: Expr, at: Mapping[str, float]) -> Any:
    """A form at exact values, with DIGITS digits; nan where so many are not found."""
    put = {s: sympy.Rational(at[s.name]) for s in form.free_symbols}
    try:
        value = form.xreplace(put).evalf(DIGITS, maxn=2000, strict=True)
    except PrecisionExhausted:
        return mpmath.nan
    return mpmath.mpf(sympy.Float(value, DIGITS)._mpf_) if value.is_Number else mpmath.nan


__all__ = ["Accuracy", "Distance", "Evaluator", "NoEvaluator", "OrbitLaw", "OtherStart", "TimeLaw"]

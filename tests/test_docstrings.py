"""`help` of a public name suffices: every parameter, the result, the errors and an example, which is run."""

from __future__ import annotations

import dataclasses
import doctest
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, get_args, get_type_hints

import pytest

import modeflow

SECTION = re.compile(r"^(Parameters|Attributes|Returns|Raises|Source|Example):(.*)$", re.MULTILINE)
ENTRY = re.compile(r"^    (\w+(?:, \w+)*): \S", re.MULTILINE)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
NUMBERS = ("strength", "weights", "loss", "fixed_point", "learning_time")
SOURCED = {*NUMBERS, *(f"arrays.{name}" for name in NUMBERS)}
SOURCED |= {
    "strength_grad",
    "fit",
    "recommend",
    "oja_gram",
    "time_constants",
    "train",
    "whitened_gram",
    "data.top_spectrum",
}
SHARED = ("t", "target", "lam", "noise", "decay", "w1, w2", "tau", "backend", "threads", "check")


def public() -> Iterator[tuple[str, Any]]:
    """Every function, class and public method that a user can import from `modeflow`, by its path after it."""
    for name in modeflow.__all__:
        found = getattr(modeflow, name)
        if isinstance(found, ModuleType):
            yield from ((f"{name}.{inner}", getattr(found, inner)) for inner in found.__all__)
        else:
            yield name, found


def methods(name: str, kind: type) -> Iterator[tuple[str, Any]]:
    yield from (
        (f"{name}.{n}", member) for n, member in vars(kind).items() if not n.startswith("_") and _has_text(member)
    )


def _has_text(member: Any) -> bool:
    return isinstance(member, FunctionType | property | classmethod)


def with_members(objects: dict[str, Any]) -> dict[str, Any]:
    return objects | {
        n: m for name, found in objects.items() if isinstance(found, type) for n, m in methods(name, found)
    }


def returned(found: Any) -> Iterator[type]:
    """The classes of this package that a function or property returns, and those of the fields of a class."""
    if isinstance(found, type):
        fields = dataclasses.fields(found) if dataclasses.is_dataclass(found) else ()
        hints = [get_type_hints(found)[field.name] for field in fields if not field.name.startswith("_")]
    else:
        function = found.fget if isinstance(found, property) else getattr(found, "__func__", found)
        hints = [get_type_hints(function).get("return")]
    yield from (kind for hint in hints for kind in _classes(hint) if kind.__module__.startswith("modeflow."))


def _classes(hint: Any) -> Iterator[type]:
    if isinstance(hint, type):
        yield hint
    for inner in get_args(hint):
        yield from _classes(inner)


def with_returned(everything: dict[str, Any]) -> dict[str, Any]:
    """With the classes that a user meets without importing them, and their members, by name."""
    waiting = list(everything.values())
    while waiting:
        for kind in returned(waiting.pop()):
            if kind not in everything.values():
                more = with_members({kind.__name__: kind})
                waiting += more.values()
                everything = everything | more
    return everything


OBJECTS = {name: found for name, found in public() if isinstance(found, type | FunctionType)}
ALL = with_returned(with_members(OBJECTS))


# What is missing from a docstring -------------------------------------------------------------------------------


def sections(text: str) -> dict[str, str]:
    """Section → what it says; what stands before the first is the section ""."""
    before, *parts = SECTION.split(text)
    return {"": before} | {parts[n]: parts[n + 1] + parts[n + 2] for n in range(0, len(parts), 3)}


def entries(section: str) -> list[str]:
    return [name for names in ENTRY.findall(section) for name in names.split(", ")]


def parameters(function: Callable[..., Any]) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


def problems(found: Any, sourced: bool = False) -> list[str]:
    """What `help` of a function, class or property does not say."""
    text = inspect.getdoc(found) or ""
    said = sections(text)
    first = text.partition("\n")[0]
    wrong = [] if re.fullmatch(r"\S.*[.?]", first) else [f"its first line is no sentence: {first!r}"]
    if isinstance(found, property):
        return wrong
    wanted = {"Example"} | ({"Returns", "Raises"} if isinstance(found, FunctionType) else set())
    wrong += [
        f"no {name}" for name in sorted(wanted | ({"Source"} if sourced else set())) if not said.get(name, "").strip()
    ]
    if ">>>" not in said.get("Example", ">>>"):
        wrong.append("an Example without >>>")
    names, place = _named(found)
    documented = entries(said.get(place, ""))
    wrong += [f"{name} is not among its {place}" for name in names if name not in documented]
    return wrong + [f"{name} is documented and not there" for name in documented if name not in names]


def _named(found: Any) -> tuple[list[str], str]:
    """The names that a docstring must explain, and the section that does."""
    if isinstance(found, FunctionType):
        return parameters(found), "Parameters"
    return ([f.name for f in dataclasses.fields(found)] if dataclasses.is_dataclass(found) else []), "Attributes"


def test_classes_that_are_met_only_as_results_are_among_them() -> None:
    met = {"Choice", "Definition", "FixedPoint", "Invariant", "Notation", "ProductEquation", "Quantity"}
    assert met | {"Recommendation", "Solution", "Solution.verify", "Training"} <= ALL.keys() - OBJECTS.keys()


@pytest.mark.parametrize("name", sorted(ALL))
def test_help_says_everything(name: str) -> None:
    assert problems(ALL[name], name in SOURCED) == []


def complete(one: int, two: int) -> int:
    """Add.

    Parameters:
        one, two: summands.
    Returns: the sum.
    Raises: nothing.
    Source: Peano.
    Example:
        >>> complete(1, 2)
        3
    """
    return one + two


@pytest.mark.parametrize(
    ("cut", "missing"),
    [
        ("one, ", "one is not among its Parameters"),
        ("    one, two: summands.\n", "two is not among its Parameters"),
        ("Returns: the sum.\n", "no Returns"),
        ("Raises: nothing.\n", "no Raises"),
        ("Source: Peano.\n", "no Source"),
        (" the sum.", "no Returns"),
        ("Example:\n    >>> complete(1, 2)\n    3", "no Example"),
        (">>> ", "an Example without >>>"),
    ],
)
def test_what_is_missing_is_seen(cut: str, missing: str) -> None:
    assert problems(complete, sourced=True) == []
    text = inspect.getdoc(complete) or ""
    assert cut in text
    broken = FunctionType(complete.__code__, {}, "broken")
    broken.__annotations__ = complete.__annotations__
    broken.__doc__ = text.replace(cut, "")
    assert missing in problems(broken, sourced=True)


def test_a_parameter_that_is_gone_is_seen() -> None:
    broken = FunctionType(complete.__code__, {}, "broken")
    broken.__doc__ = (complete.__doc__ or "").replace("one, two:", "one, two, three:")
    assert problems(broken) == ["three is documented and not there"]


# Examples -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(n for n, found in ALL.items() if not isinstance(found, property)))
def test_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    parsed = doctest.DocTestParser().get_doctest(inspect.getdoc(ALL[name]) or "", {}, name, None, None)
    assert parsed.examples, f"{name} has no example"
    assert any(example.want for example in parsed.examples), f"{name}: nothing is asserted"
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(parsed, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


# One meaning ----------------------------------------------------------------------------------------------------


def _entry(name: str, entry: str) -> str | None:
    """What a docstring says of a parameter, on the lines that say it."""
    text = sections(inspect.getdoc(ALL[name]) or "").get("Parameters", "")
    found = re.search(rf"^    {entry}: (.*(?:\n     .*)*)", text, re.MULTILINE)
    return " ".join(found[1].split()) if found else None


@pytest.mark.parametrize("entry", SHARED)
def test_a_parameter_means_the_same_in_all_evaluators(entry: str) -> None:
    for room in ("", "arrays."):
        said = {_entry(f"{room}{name}", entry) for name in NUMBERS} - {None}
        assert len(said) <= 1, said
    assert any(_entry(f"{room}{name}", entry) for room in ("", "arrays.") for name in NUMBERS)

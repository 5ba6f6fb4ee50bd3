"""What the project prints is read back, and says the same."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import daily
import pytest
from manuscript_printed import LETTERS, claim_outcomes, outcome, random_equation
from sympy import Derivative, Function, Symbol, acoth, atan, exp, log, pi, symbols

from modeflow.language.quantities import Alphabet
from modeflow.manuscript import check, configuration
from modeflow.manuscript.mean.notation import Notation
from modeflow.manuscript.read import symbols as reading
from modeflow.manuscript.read.cursor import Cursor
from modeflow.manuscript.read.formula_trees import Node
from modeflow.statements.catalogue import claims
from modeflow.statements.equations import Equation
from modeflow.typeset.latex import ClaimPrinter, statement_latex

NOTATION = Notation(LETTERS)

# Why some of what the catalogue states is not read, and in how many of its equations at most.
NOT_READ = {
    r"\nabla without the letter": 64,  # Hessians, which are printed with vectors
    "nothing here is declared to depend on t": 36,  # letters that move in one claim only
    "I_{": 27,  # Bessel functions, with their order as an index
    "more than 4000 tokens": 4,
    "an index behind something": 5,  # entries of matrices
    "functions nested more than 3 deep": 1,
    "of what the value is taken": 2,  # values at a point, of a sum
    "more than 250 parts inside of functions": 1,
    "of matrices, only powers": 1,  # an inverse
    "a value at a place that is not one letter": 6,  # rates of balanced weights
    "the equation ends too early": 1,  # d, a letter of the chapter, at the end
    "what is differentiated does not depend on t": 4,
}


def test_some_claims_are_read_as_they_are_printed() -> None:
    chosen = random.Random(daily.seed()).sample([c for c in claims().values() if len(c.latex()) < 400], 25)
    found = {claim.id: claim_outcomes(claim) for claim in chosen}
    others = {one for said in found.values() for one in said if one != "read"}
    assert all(one.startswith(tuple(NOT_READ)) for one in others), found


@pytest.mark.slow
def test_the_claims_are_read_as_they_are_printed() -> None:
    found = Counter(one for claim in claims().values() for one in claim_outcomes(claim))
    assert found["differs"] == 0
    assert found["read"] >= 346
    others = {one: number for one, number in found.items() if one != "read"}
    counted = {start: sum(n for one, n in others.items() if one.startswith(start)) for start in NOT_READ}
    assert sum(counted.values()) == sum(others.values()), others
    assert all(counted[start] <= most for start, most in NOT_READ.items()), counted


def test_functions_of_a_letter_are_read_by_how_that_is_written() -> None:
    """Here the letter zeta, by its LaTeX."""
    assert claim_outcomes(claims()["grad.loss"]) == ["read"]


def failures(seed: int, size: int) -> Iterator[tuple[str, str]]:
    rng = random.Random(seed)
    drawn = (random_equation(rng) for _ in range(size))
    found = ((outcome(one, Alphabet(), NOTATION), one) for one in drawn)
    return ((said, statement_latex(one, Alphabet())) for said, one in found if said != "read")


@pytest.mark.parametrize(("size", "refused"), [(200, 1), pytest.param(5000, 5, marks=pytest.mark.slow)])
def test_random_statements_are_read_as_they_are_printed(size: int, refused: int) -> None:
    """None is read as another; hardly one is refused, such as a derivative that divides by zero."""
    found = list(failures(daily.seed(), size))
    assert [one for one in found if one[0] == "differs"] == []
    assert len(found) <= refused, found


def test_statements_that_were_refused_once_are_read() -> None:
    assert list(failures(20261130, 200)) == []  # π^4 (y^3)^{2/3} was printed without a dot


p, q, x, y = LETTERS["p"], LETTERS["q"], LETTERS["x"], LETTERS["y"]
ONE_READING = {
    r"e^{\frac{x}{2 y}}": exp(x / (2 * y)),
    r"e^{- \frac{x^{2}}{2 p}}": exp(-(x**2) / (2 * p)),
    r"e^{x y / 3}": exp(x * y / 3),
    r"5^{x} \cdot 7^{y} \cdot y": 5**x * 7**y * y,
    r"\frac{\pi y}{9} \cdot 2^{x}": pi * 2**x * y / 9,
    r"\left(\frac{d}{d x} x\right) \frac{d}{d x} \left(q x\right)": Derivative(x, x) * Derivative(q * x, x),
    r"p \frac{d}{d x} \left(x^{2}\right)": p * Derivative(x**2, x),
}


@pytest.mark.parametrize("printed", ONE_READING)
def test_what_could_be_read_in_two_ways_is_printed_so_that_it_cannot(printed: str) -> None:
    statement = Equation(ONE_READING[printed], pi)
    assert statement_latex(statement, Alphabet()) == rf"{printed} = \pi"
    assert outcome(statement, Alphabet(), NOTATION) == "read"


@pytest.mark.parametrize(("rule", "refused"), [("_print_Mul", 3), ("_needs_mul_brackets", 1)])
def test_without_the_rule_they_are_refused(monkeypatch: pytest.MonkeyPatch, rule: str, refused: int) -> None:
    monkeypatch.delattr(ClaimPrinter, rule)
    found = [outcome(Equation(one, pi), Alphabet(), NOTATION) for one in ONE_READING.values()]
    assert sum("can be read in two ways" in one for one in found) == refused
    assert "differs" not in found


@pytest.mark.parametrize("name", ["_print_Pow", "_print_Mul", "_print_log", "_print_acoth", "_print"])
def test_without_a_rule_of_the_printer_some_are_not(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delattr(ClaimPrinter, name)
    assert next(failures(3, 600), None)


def test_without_a_rule_of_the_reader_some_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = reading.applied

    def applied(at: Cursor, function: Node) -> Node:
        if at.next == "\\lvert":
            at.refuse("may be a function")
        return plain(at, function)

    monkeypatch.setattr(reading, "applied", applied)
    assert next(failures(3, 600), None)


@pytest.mark.parametrize(
    "printed",
    [r"\arctan(x) = \operatorname{atan}(x)", r"\arcsin(x) = \operatorname{asin}(x)", r"x|x| = x\left|x\right|"],
)
def test_two_ways_to_write_one_thing(tmp_path: Path, printed: str) -> None:
    assert verdict(tmp_path, printed) == "ok"


def verdict(folder: Path, tex: str) -> str:
    paper = folder / "paper.tex"
    paper.write_text(f"% modeflow: prove\n\\[ {tex} \\]\n")
    own = {"p": {"positive": True}, "x": {"real": True}, r"\pi": "pi"}
    (found,) = check([paper], configuration({"symbols": own}, "test"), jobs=1)
    return found.verdict


def test_the_letters_of_our_pages() -> None:
    p, x = Symbol("p", positive=True), symbols("x", real=True)
    for equation in (Equation(log(p) ** 2, atan(x)), Equation(acoth(1 + p), pi * x), Equation(log(p) ** x, pi)):
        assert outcome(equation, Alphabet(), NOTATION) == "read"
    assert outcome(Equation(Function("f")(x), x), Alphabet(), NOTATION) != "read"
    known = configuration({"notation": "pretorius2018"}, "test").notation.table
    assert {r"\mathbb{I}", r"\pi"} <= known.keys()


def test_pi_is_the_number_where_it_is_declared_so(tmp_path: Path) -> None:
    assert verdict(tmp_path, r"\sin(\pi) = 0") == "ok"
    assert verdict(tmp_path, r"\pi = 3") == "wrong"
    paper = tmp_path / "paper.tex"
    paper.write_text("% modeflow: prove\n\\[ \\sin(\\pi) = 0 \\]\n")
    (found,) = check([paper], configuration({"symbols": {}}, "test"), jobs=1)
    assert found.verdict == "unparsed"

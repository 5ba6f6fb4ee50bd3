"""What a claim is about is said by the claim and its alphabet; the engine has no list of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import modeflow
from modeflow import Alphabet, Chapter
from modeflow.language.motion import Course, Motion, Rates, Restated
from modeflow.manuscript.mean.quantity_names import Names, by_weights, meanings
from modeflow.manuscript.mean.subject import Subject

PACKAGE = Path(modeflow.__file__).parent
CHAPTERS = modeflow.chapters()
IDS = {claim for chapter in CHAPTERS.values() for claim in chapter.claims}
NAMES = {name for name in (i.partition(".")[2] for i in IDS) if "_" in name} - set(modeflow.__all__)  # functions too
LETTERS = {name for name in CHAPTERS["dae"].alphabet.quantities if len(name) > 1}
# In an installed copy the chapters lie inside the package.
PATHS = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
MODULES = sorted(path.as_posix() for path in PATHS if path.parts[0] != "derivations")
NOTATIONS = "manuscript/mean/presets.py"  # data


def texts(source: str) -> Iterator[str]:
    """The strings of a module, without docstrings and annotations."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [n.body[0] for n in ast.walk(tree) if isinstance(n, documented)]
    said = {id(statement.value) for statement in first if isinstance(statement, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def known(source: str, names: set[str]) -> set[str]:
    """What a module names of the chapters: claims, ends of their ids, and of these names."""
    return {t for t in texts(source) if t in IDS | names or t.rpartition(".")[2] in NAMES}


@pytest.mark.parametrize("path", MODULES)
def test_no_module_names_a_claim_or_a_letter_of_a_chapter(path: str) -> None:
    # Elsewhere the letters are names of parameters, of Greek letters and of functions as well.
    reads_papers = path.startswith("manuscript/") and path != NOTATIONS
    assert known((PACKAGE / path).read_text(), LETTERS if reads_papers else set()) == set()


def test_a_table_of_claims_would_be_seen() -> None:
    module = '"""dae.direct"""\nrates = {"flow.w1": ("W1",)}\nlast = "x.theta_substitution"\nletter("gamma")'
    assert known(module, LETTERS) == {"flow.w1", "W1", "x.theta_substitution", "gamma"}


letters = Alphabet()
t = letters.scalar("t", "t", "time", nonnegative=True)
m = letters.scalar("m", "m", "one weight", real=True)
n = letters.scalar("n", "n", "the other", real=True)
m0 = letters.scalar("m0", "m_0", "the first at the start", real=True)
n0 = letters.scalar("n0", "n_0", "the other at the start", real=True)
s = letters.scalar("s", "s", "their product", real=True)
k = letters.scalar("k", "k", "what is kept", real=True)
M = letters.function("M", "m", "one weight over time", real=True)
F = letters.function("F", "n", "the other over time", real=True)
S = letters.function("S", "s", "their product over time", real=True)
letters.motion = Motion(
    time=t,
    weights=(m, n),
    courses=(
        Course(m, M, m0, m),
        Course(n, F, n0, n),
        Course(s, S, None, m * n),
        Course(None, None, k, m - n),
    ),
    kept={k: m - n},
    restated=(Restated(S(t), {s: S(t)}),),
)
chapter = Chapter("strange", "Letters of a stranger's", letters)
law = chapter.claim("law", n * m**2, m**2 * n, rates=Rates((m,)), says="The rate of one weight.")
equal = chapter.claim("equal", k, m0 - n0, says="What is kept.")


def test_the_letters_of_a_stranger_are_read_from_the_alphabet() -> None:
    (put,) = meanings(letters.motion, matrices=False)
    assert put[s] == M(t) * F(t)
    assert put[S(0)] == m0 * n0
    assert put[k] == m0 - n0
    assert by_weights((S(t), M(t)), letters.motion) == (m * n, m)


def test_a_claim_says_whose_rate_it_is() -> None:
    subject = Subject(law)
    assert set(subject.moving) == {m, n}  # the other moves as well
    assert subject.laws == [(subject.moving[m], m**2 * n)]
    assert Names(subject).known()[s] == m * n
    assert Subject(equal).moving == {}


def test_what_is_kept_is_tried_with_the_flow_of_the_claim() -> None:
    both = chapter.claim("both", (m, n), (m, m), rates=Rates((m, n)), says="Both weights move alike.")
    apart = chapter.claim("apart", (m, n), (m, n), rates=Rates((m, n)), says="They do not.")
    assert Subject(both).keeps_what_is_kept
    assert not Subject(apart).keeps_what_is_kept


def test_an_alphabet_without_motion_has_no_other_names() -> None:
    plain = Alphabet()
    x = plain.scalar("x", "x", "a number", real=True)
    claim = Chapter("still", "Nothing moves", plain).claim("same", x, x, says="Itself.")
    assert Names(Subject(claim)).swaps() == {}
    assert meanings(plain.motion, matrices=True) == []

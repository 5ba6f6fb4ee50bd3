"""The chapters that ship are loaded one by one, and each is the same whatever else is loaded."""

import subprocess
import sys

import daily
import pytest

from modeflow import chapters, claims
from modeflow.statements import shipped
from modeflow.statements.catalogue import Catalogue
from modeflow.statements.catalogue import shipped as catalogue


def printed(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_a_key_is_that_of_its_chapter_and_ids_begin_with_it() -> None:
    for key, chapter in chapters().items():
        assert chapter.key == key
        assert all(i.startswith(f"{key}.") for i in [*chapter.stated, *chapter.definitions])


def test_the_alphabets_are_those_of_the_chapters() -> None:
    found = {id(chapter.alphabet): chapter.alphabet for chapter in chapters().values()}
    assert [*map(id, shipped.alphabets())] == list(found)


def test_a_claim_loads_its_chapter_and_what_that_builds_on() -> None:
    code = (
        "import sys, modeflow\nmodeflow.claim('ae.solution')\nprint(*(n for n in sys.modules if 'derivations.' in n))"
    )
    loaded = {name.rpartition(".")[2] for name in printed(code).split()}
    assert "autoencoder" in loaded
    assert not loaded & {"denoising", "evaluation", "gradients", "matrix_flow"}


@pytest.mark.parametrize("key", daily.some(["flow", "step", "wae", "lin", "gram", "grad"], fast=1))
def test_a_chapter_alone_says_the_same(key: str) -> None:
    code = f"from modeflow.statements import shipped\nfor i, c in shipped.chapter({key!r}).stated.items(): "
    alone = printed(code + "print(i, c.lhs, c.rhs, c.given, sep='; ')").splitlines()
    assert alone == [f"{i}; {c.lhs}; {c.rhs}; {c.given}" for i, c in chapters()[key].stated.items()]


def test_who_asks_for_all_finds_all() -> None:
    assert [*claims()] == [i for chapter in chapters().values() for i in chapter.stated]
    assert len(claims()) == sum(len(chapter.stated) for chapter in chapters().values())


@pytest.mark.parametrize("stranger", ["dae.nothing", "nothing.dae", "dae", "", "."])
def test_what_is_no_id_has_no_claim(stranger: str) -> None:
    assert stranger not in claims()
    assert stranger not in catalogue().definitions
    assert stranger not in Catalogue().claims


def test_definitions_are_found_by_their_ids() -> None:
    known = catalogue().definitions
    assert known["dae.rho"] is chapters()["dae"].definitions["dae.rho"]
    assert [*known] == [i for chapter in chapters().values() for i in chapter.definitions]

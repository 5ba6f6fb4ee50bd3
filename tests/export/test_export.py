"""`modeflow export`: every claim as data that reads back as the claim, in documents that fit their schema."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sympy import Function, Symbol

import modeflow
from modeflow.cli.program import main
from modeflow.export.records import VERSION, as_json, schema
from modeflow.language.encoding import NotPlain, decode, encode
from modeflow.language.provisos import Proviso
from modeflow.language.verdict import Verdict
from modeflow.statements.claims import Claim
from modeflow.statements.equations import Equation

Document = dict[str, Any]
VERDICTS = {
    "dae.fixed_point": Verdict("proved", "tower", (Proviso(Symbol("eps") + Symbol("lam")),)),
    "dae.invariant": Verdict("refuted", "balls", witness={"point": {"x": Symbol("y")}, "left": "1", "right": "2"}),
}


@pytest.fixture(scope="module")
def document() -> Document:
    """All claims that ship."""
    found: Document = json.loads(as_json(modeflow.claims().values()))
    return found


@pytest.fixture(scope="module")
def judged() -> Document:
    """Two claims with verdicts."""
    found: Document = json.loads(as_json([modeflow.claim(i) for i in VERDICTS], VERDICTS))
    return found


def holds(spelt: Spelt, written: Any, equation: Equation) -> bool:
    """Whether the data are those of the equation, read with nothing but the document."""
    sides = (written["lhs"]["data"], equation.lhs), (written["rhs"]["data"], equation.rhs)
    read = [(spelt.out(data), side) for data, side in sides]
    readable = all(decode(data).free_symbols <= side.free_symbols for data, side in read)
    return readable and written["relation"] == equation.relation and all(d == _data(side) for d, side in read)


def _data(side: Any) -> Any:
    return json.loads(json.dumps(encode(side)))


class Spelt(dict[str, Any]):
    """The definition of each id that a document uses, in the form that `decode` takes, each worked out once."""

    def __init__(self, document: Document) -> None:
        self._written = {d["id"]: d for d in document["definitions"]}

    def __missing__(self, name: str) -> Any:
        d = self._written[name]
        chapter = modeflow.chapters()[name.partition(".")[0]]
        letters = [_data(chapter.alphabet.quantities[letter].symbol) for letter in d["of"]]
        found = [name, d["tex"], d["says"], letters, self.out(d["expression"]["data"])]
        found += _data(chapter.definitions[name].applied)[1][len(found) :]  # what its domain's claims hold
        return self.setdefault(name, found)

    def out(self, data: Any) -> Any:
        """The data with the definition in the place of the id of each name."""
        if not isinstance(data, list):
            return data
        if data[0] != "Named":
            return [data[0], *map(self.out, data[1:])]
        return [data[0], self[data[1]], *map(self.out, data[2:])]


@pytest.mark.costly
def test_every_claim_is_there_and_its_data_are_its_own(document: Document) -> None:
    assert [entry["id"] for entry in document["claims"]] == list(modeflow.claims())
    spelt = Spelt(document)
    for entry, claim in zip(document["claims"], modeflow.claims().values(), strict=True):
        assert holds(spelt, entry["statement"], Equation(claim.lhs, claim.rhs, relation=claim.relation)), claim.id
        for part, equations in (("satisfies", claim.satisfies), ("given", claim.given_equations())):
            assert all(holds(spelt, e, one) for e, one in zip(entry[part], equations, strict=True)), claim.id
        assert [e["name"] for e in entry["satisfies"]] == [e.name for e in claim.satisfies]


def test_names_stand_in_the_data_by_their_ids_and_are_defined_before_they_are_used(document: Document) -> None:
    claims, defined = {entry["id"]: entry for entry in document["claims"]}, [d["id"] for d in document["definitions"]]
    assert '["Named", "dae.S1", ' in json.dumps(claims["dae.direct"]["statement"])
    assert {"dae.rho", "dae.S1"} <= set(claims["dae.direct"]["definitions"])
    assert set(defined) == set().union(*(entry["definitions"] for entry in claims.values()))
    assert len(defined) == len(set(defined))
    for place, d in enumerate(document["definitions"]):
        assert ids_in(d["expression"]["data"]) <= set(defined[:place]), d["id"]
    for entry in claims.values():
        sides = (entry["statement"], *entry["satisfies"], *entry["given"])
        assert ids_in([side[part]["data"] for side in sides for part in ("lhs", "rhs")]) <= set(entry["definitions"])


def ids_in(data: Any) -> set[str]:
    if not isinstance(data, list):
        return set()
    own = {data[1]} if data[:1] == ["Named"] else set()
    return own.union(*map(ids_in, data))


def test_what_a_claim_says_is_there(document: Document) -> None:
    (entry,) = (entry for entry in document["claims"] if entry["id"] == "dae.fixed_point")
    claim = modeflow.claim("dae.fixed_point")
    assert entry["chapter"] == "dae"
    assert entry["latex"] == claim.latex() == "w^{*} = " + entry["statement"]["rhs"]["latex"]
    assert (entry["says"], entry["source"], entry["expects"]) == (claim.says, claim.source, "proved")
    assert entry["follows_from"] == list(claim.follows_from)
    assert entry["assumptions"] == list(claim.assumptions)
    assert {"name": "lam", "tex": r"\lambda"}.items() <= entry["alphabet"][0].items()
    assert "verdict" not in entry


def test_every_letter_of_the_data_is_in_the_alphabet(document: Document) -> None:
    def names(data: Any) -> set[str]:
        inside = set().union(*(names(part) for part in data if isinstance(part, list)))
        return inside | ({data[1]} if data[0] in ("Symbol", "Function") else set())

    for entry in document["claims"]:
        known = {letter["name"] for letter in entry["alphabet"]}
        assert names(entry["statement"]["lhs"]["data"]) | names(entry["statement"]["rhs"]["data"]) <= known, entry["id"]


def test_verdicts(judged: Document) -> None:
    proved, refuted = (entry["verdict"] for entry in judged["claims"])
    assert (proved["status"], proved["conditions"], proved["witness"]) == ("proved", ["eps + lam != 0"], None)
    assert refuted["witness"] == {"point": {"x": "y"}, "left": "1", "right": "2"}


@pytest.mark.costly
def test_the_same_claims_give_the_same_bytes() -> None:
    claims = list(modeflow.chapters()["dae"].claims.values())
    assert as_json(claims) == as_json(claims)
    assert all(not line.startswith(" ") for line in as_json(claims).splitlines())


def test_what_is_no_data_is_refused_with_the_name_of_the_claim() -> None:
    from sympy import zeta

    with pytest.raises(NotPlain, match=r"mine\.zeta cannot be exported: .*zeta"):
        as_json([Claim("mine.zeta", "A zeta function.", zeta(Symbol("x")), Function("f")(Symbol("x")))])


# The schema -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def errors() -> Callable[[Document], list[str]]:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: documents are not validated")
    validator = jsonschema.Draft202012Validator(json.loads(schema()))
    return lambda document: [error.message for error in validator.iter_errors(document)]


def test_the_schema_is_one_and_names_its_version() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: the schema is not checked")
    jsonschema.Draft202012Validator.check_schema(json.loads(schema()))
    assert json.loads(schema())["properties"]["version"]["const"] == VERSION


LARGE = ("eval", "grad")


@pytest.mark.costly
@pytest.mark.parametrize(
    "chapter", [pytest.param(k, marks=[pytest.mark.slow] * (k in LARGE)) for k in modeflow.chapters()]
)
def test_chapters_fit_the_schema(chapter: str, document: Document, errors: Callable[[Document], list[str]]) -> None:
    claims = [entry for entry in document["claims"] if entry["chapter"] == chapter]
    used = set().union(*(entry["definitions"] for entry in claims))
    part = document | {"claims": claims, "definitions": [d for d in document["definitions"] if d["id"] in used]}
    assert part["claims"]
    assert errors(part) == []


def test_verdicts_fit_the_schema(judged: Document, errors: Callable[[Document], list[str]]) -> None:
    assert errors(judged) == []


def _without(*path: Any) -> Callable[[Document], None]:
    def corrupt(document: Document) -> None:
        *way, last = path
        inside: Any = document
        for step in way:
            inside = inside[step]
        del inside[last]

    return corrupt


def _with(value: Any, *path: Any) -> Callable[[Document], None]:
    def corrupt(document: Document) -> None:
        *way, last = path
        inside: Any = document
        for step in way:
            inside = inside[step]
        inside[last] = value

    return corrupt


FIRST = ("claims", 0)
DATA = (*FIRST, "statement", "lhs", "data")


@pytest.mark.parametrize(
    "corrupt",
    [
        _without("version"),
        _without("definitions"),
        _with([{"id": "dae.rho"}], "definitions"),
        _with(1, "version"),
        _with([], "more"),
        *(
            _without(*FIRST, name)
            for name in ("id", "says", "latex", "statement", "alphabet", "source", "follows_from")
        ),
        _with("fixed_point", *FIRST, "id"),
        _with("==", *FIRST, "statement", "relation"),
        _with("true", *FIRST, "expects"),
        _with("maybe", *FIRST, "verdict", "status"),
        _without(*FIRST, "verdict", "witness"),
        _without(*FIRST, "alphabet", 0, "meaning"),
        _with("w_star", *DATA),
        _with([], *DATA),
        _with(["Integer", "12"], *DATA),
        _with(["Integer", 12], *DATA),
        _with(["Integer"], *DATA),
        _with(["Rational", "0x1"], *DATA),
        _with(["Symbol", "x"], *DATA),
        _with(["Symbol", "x", -1, [["real", "yes"]]], *DATA),
        _with(["Add", "x"], *DATA),
        _with(["MatrixSymbol", "A", "N", "N"], *DATA),
        _with(["Named", "dae.rho"], *DATA),
        _with(["Named", ["dae.rho"], ["Integer", "0x1"]], *DATA),
    ],
)
def test_other_documents_do_not(
    judged: Document, errors: Callable[[Document], list[str]], corrupt: Callable[[Document], None]
) -> None:
    other = copy.deepcopy(judged)
    corrupt(other)
    assert errors(other) != []


# The command ----------------------------------------------------------------------------------------------------


def test_the_command_writes_claims_with_verdicts(tmp_path: Path) -> None:
    file = tmp_path / "claims.json"
    assert main(["export", "json", "dae.fixed_point", "--verdicts", "-o", str(file)]) == 0
    (entry,) = json.loads(file.read_text(encoding="utf-8"))["claims"]
    assert entry["verdict"]["status"] == "proved"


def test_the_command_takes_chapters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "json", "flow", "dae.fixed_point"]) == 0
    found = [entry["id"] for entry in json.loads(capsys.readouterr().out)["claims"]]
    assert found == [*modeflow.chapters()["flow"].claims, "dae.fixed_point"]


def test_the_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "schema"]) == 0
    assert capsys.readouterr().out == schema()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["json", "dae.fixed_pont"], "did you mean dae.fixed_point"),
        (["schema", "dae"], "leave out claims"),
        (["schema", "--verdicts"], "leave out claims"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert shown.err.count("\n") == 1


def test_a_file_that_cannot_be_written_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["export", "json", "dae.fixed_point", "-o", "/nowhere/claims.json"])
    assert "/nowhere/claims.json: cannot be written: no folder /nowhere; make it first" in capsys.readouterr().err

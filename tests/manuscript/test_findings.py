"""What the check writes: coverage both ways, what fails when, and JUnit and SARIF held against their rules."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import pytest

from modeflow.cli.program import main
from modeflow.manuscript import Finding, UnusableConfiguration, check, configuration, survey
from modeflow.manuscript.judge.findings import Strictness, with_nothing_checked
from modeflow.manuscript.report.github import as_github
from modeflow.manuscript.report.junit import as_junit
from modeflow.manuscript.report.sarif import as_sarif
from modeflow.manuscript.report.text import as_text

NOTATION = {"notation": "pretorius2018"}
TEXT = r"""% modeflow: dae.fixed_point
\[ w^* = \frac{\lambda}{\lambda - \varepsilon} \]
\begin{align}
  c &= 0 \\
  w^* &= \lambda/(\lambda + \varepsilon) \label{eq:x} % modeflow: dae.fixed_point
\end{align}
% modeflow: wae.fixed_point
\[ w^* = 1 + \frac{2} \]
% modeflow: dae.fixed_point
\[ \lambda = \lambda \]
% modeflow: ignore -- an approximation
\[ w = 1 \]
In line $t = 0$. A sum \[ \sum_{i=1}^n x_i \] and \[ x \leq y \].
"""
VERDICTS = ["wrong", "unchecked", "ok", "unparsed", "undecided", "ignored", "unchecked", "missing"]


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "modeflow.toml").write_text(
        '[manuscript]\nnotation = "pretorius2018"\nrequire = ["dae.balanced", "dae.fixed_point"]\n', encoding="utf-8"
    )
    path = Path("paper.tex")
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def found(paper: Path) -> list[Finding]:
    return check([paper], coverage=True)


# Coverage


def test_coverage_is_two_way(found: list[Finding], paper: Path) -> None:
    assert [f.verdict for f in found] == VERDICTS
    assert [(f.line, f.latex) for f in found if f.verdict == "unchecked"] == [(4, "c = 0"), (13, r"x \leq y")]
    assert [(f.claim, f.file) for f in found if f.verdict == "missing"] == [("dae.balanced", "paper.tex")]
    assert [f.verdict for f in check([paper])] == [v for v in VERDICTS if v != "unchecked"]


@pytest.mark.parametrize(
    ("display", "listed"),
    [
        (r"\[ x = y \]", True),
        (r"$$ x \approx y $$", True),
        (r"\begin{equation} x \quad\text{for}\quad y = 1 \end{equation}", True),
        (r"\newcommand{\eqn}{x = y} \[ \eqn \]", True),
        (r"\def\eqn#1.{x = #1} \[ \eqn y. \]", False),
        (r"\[ \boxed{x = y} \]", True),
        (r"\[ \sum_{i=1}^{n=2} x_i \]", False),
        (r"\[ \sum_{\substack{i=1\\j>0}} x_i \]", False),
        (r"\[ x_1 = y \]", True),
        (r"\[ \lambda \]", False),
        (r"$x = y$ and \(x = y\)", False),
        ("\\begin{verbatim}\n\\[ x = y \\]\n\\end{verbatim}", False),
        (r"% \[ x = y \]", False),
    ],
)
def test_displays_that_state_something_are_listed(tmp_path: Path, display: str, listed: bool) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(display, encoding="utf-8")
    found = check([path], configuration(NOTATION, "test"), coverage=True)
    assert [f.verdict for f in found] == ["unchecked"] * listed


def test_a_claim_is_required_once_for_all_files(tmp_path: Path) -> None:
    chosen = configuration({**NOTATION, "require": ["dae.fixed_point"]}, "test")
    stated, other = tmp_path / "stated.tex", tmp_path / "other.tex"
    stated.write_text("% modeflow: dae.fixed_point\n\\[ w^* = \\lambda/(\\lambda + \\varepsilon) \\]", encoding="utf-8")
    other.write_text("", encoding="utf-8")
    assert [f.verdict for f in check([other, stated], chosen)] == ["ok"]
    assert [(f.verdict, f.file) for f in check([other, other], chosen)] == [("missing", str(other))]


def test_a_required_claim_stated_wrongly_is_one_finding_and_not_read_it_is_missing(tmp_path: Path) -> None:
    chosen = configuration({**NOTATION, "require": ["dae.fixed_point"]}, "test")
    path = tmp_path / "paper.tex"
    for right, verdicts in (("1", ["wrong"]), (r"\foo", ["unparsed", "missing"]), ("w^*", ["undecided", "missing"])):
        path.write_text(f"% modeflow: dae.fixed_point\n\\[ w^* = {right} \\]", encoding="utf-8")
        assert [f.verdict for f in check([path], chosen)] == verdicts


def test_a_required_claim_that_does_not_exist_is_wrong_usage() -> None:
    said = r"here.toml: require: no claim 'dae.fixed_pont'; did you mean dae.fixed_point\?"
    with pytest.raises(UnusableConfiguration, match=said):
        configuration({"require": ["dae.fixed_pont"]}, "here.toml")


# What fails


@pytest.mark.parametrize(
    ("asked", "failing"),
    [
        (Strictness(), {"wrong", "missing"}),
        (Strictness(strict=True), {"wrong", "missing", "unparsed", "undecided"}),
        (Strictness(complete=True), {"wrong", "missing", "unchecked"}),
    ],
)
def test_what_fails_is_what_was_asked(found: list[Finding], asked: Strictness, failing: set[str]) -> None:
    assert {f.verdict for f in found if f.fails(asked)} == failing
    root = ElementTree.fromstring(as_junit(found, asked))
    assert {failure.get("type") for failure in root.iter("failure")} == failing
    results = json.loads(as_sarif(found, asked))["runs"][0]["results"]
    assert {result["ruleId"] for result in results if result["level"] == "error"} == failing
    annotations = [line for line in as_github(found, asked).splitlines() if line.startswith("::error ")]
    assert len(annotations) == sum(f.verdict in failing for f in found)


def test_an_option_alone_decides_the_exit_status(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (paper.parent / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    paper.write_text("\\[ x = 1 \\]\n% modeflow: dae.fixed_point\n$\\lambda = \\lambda$", encoding="utf-8")
    assert [main(["check", "paper.tex", *more]) for more in ([], ["--strict"], ["--complete"])] == [0, 1, 1]
    capsys.readouterr()


NOTHING = [
    ("Text.", [], "no equation has a mark"),
    (r"\[ x = y \]", ["unchecked"], "no equation has a mark"),
    ("% modeflow: dae.fixed_point\n\\[ \\foo = \\bar \\]", ["unparsed"], "1 unparsed"),
    ("% modeflow: ignore -- a sketch\n\\[ x = y \\]", ["ignored"], "1 ignored"),
]


@pytest.mark.parametrize(("text", "verdicts", "why"), NOTHING)
def test_that_nothing_was_checked_is_said_in_every_format_and_fails_when_strict(
    paper: Path, text: str, verdicts: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (paper.parent / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    paper.write_text(text, encoding="utf-8")
    for form in ("text", "json", "github", "sarif", "junit"):
        assert main(["check", "paper.tex", "--output-format", form]) == 0
        assert f"nothing was checked: {why}" in capsys.readouterr().out.replace("%3A", ":")
        assert main(["check", "paper.tex", "--strict", "--output-format", form]) == 1
        capsys.readouterr()
    main(["check", "paper.tex", "--output-format", "json"])
    assert [r["verdict"] for r in json.loads(capsys.readouterr().out)] == [*verdicts, "empty"]


def test_one_comparison_is_not_nothing(found: list[Finding]) -> None:
    assert with_nothing_checked(found, "paper.tex") == found
    (alone,) = with_nothing_checked([], "a.tex")
    assert (alone.verdict, alone.file) == ("empty", "a.tex")
    assert problems(json.loads(as_sarif([alone], Strictness()))) == []


@pytest.mark.parametrize(
    ("mark", "near"),
    [
        ("dae.fixed_pont", "dae.fixed_point"),
        ("fixed_point", "dae.fixed_point or wae.fixed_point"),
        ("prov", "prove"),
        ("ignor -- a sketch", "did you mean ignore"),
        ("no such thing", ""),
    ],
)
def test_a_mark_that_names_no_claim_is_wrong_usage(
    paper: Path, mark: str, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (paper.parent / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    paper.write_text(f"% modeflow: {mark}\n\\[ w^* = 1 \\]\n" + TEXT, encoding="utf-8")
    for form in ("text", "json", "github", "sarif", "junit"):
        assert main(["check", "paper.tex", "--output-format", form]) == 2
        said = capsys.readouterr().out
        assert "no claim" in said
        assert near in said
        assert "dae.fixed_point" in said


@pytest.mark.parametrize("paths", ["paper.tex", Path("paper.tex")])
def test_a_path_alone_is_no_list_of_its_letters(paths: Any) -> None:
    for ask in (check, survey):
        with pytest.raises(TypeError, match=r"paths = 'paper.tex': give a list of files, such as \['paper.tex'\]"):
            ask(paths)
    with pytest.raises(ValueError, match="jobs = 0: give a whole number >= 1"):
        check([paths], jobs=0)


def test_labels_name_claims() -> None:
    said = r"here.toml: labels: no claim 'dae.fixed_pont'; did you mean dae.fixed_point"
    with pytest.raises(UnusableConfiguration, match=said):
        configuration({**NOTATION, "labels": {"eq:x": "dae.fixed_pont"}}, "here.toml")
    for other in ("prove", "steps"):
        assert configuration({**NOTATION, "labels": {"eq:x": other}}, "here.toml").labels == {"eq:x": other}


def test_text_lists_what_is_not_checked_after_the_findings(found: list[Finding]) -> None:
    *_, missing, unchecked, totals = as_text(found, echo=False).splitlines()
    assert missing.startswith("paper.tex:1:1: missing dae.balanced: required by the configuration")
    assert unchecked == "paper.tex: not checked: lines 4, 13"
    assert totals == "1 ok, 1 wrong, 1 missing, 1 undecided, 1 unparsed, 1 ignored, 2 unchecked"
    assert as_text([], echo=False) == "no marked equations"
    alone = [f for f in found if f.verdict == "unchecked"]
    assert as_text(alone, echo=False).splitlines() == ["no marked equations", unchecked, "2 unchecked"]


def test_github_says_once_what_is_not_checked(found: list[Finding]) -> None:
    lines = as_github(found, Strictness()).splitlines()
    assert lines[-1] == "::notice::paper.tex: not checked: lines 4, 13"
    assert not any(line.startswith("::notice") for line in as_github(found, Strictness(complete=True)).splitlines())


def test_json_has_an_object_for_every_equation_and_every_claim_missing(
    paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "paper.tex", "--output-format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)
    assert [r["verdict"] for r in records] == VERDICTS
    expected = {"file", "line", "claim", "verdict", "latex", "understood", "witness", "suggestion", "cell"}
    assert all(expected <= set(r) for r in records)
    assert records[0]["witness"]["point"]


# JUnit


def test_junit_counts_its_cases_and_names_each_once(found: list[Finding]) -> None:
    root = ElementTree.fromstring(as_junit(found, Strictness()))
    (suite,) = root
    cases = list(suite)
    assert [case.tag for case in cases] == ["testcase"] * len(found)
    for element in (root, suite):
        counted = {name: int(element.get(name, "-1")) for name in ("tests", "failures", "errors", "skipped")}
        assert counted == {"tests": 8, "failures": 2, "errors": 0, "skipped": 5}
    assert len({case.get("name") for case in cases}) == len(cases)
    assert all(len(case) <= 1 for case in cases)
    wrong = cases[0].find("failure")
    assert wrong is not None
    assert "right 0.6" in (wrong.text or "")
    assert r"\frac{\lambda}" in (wrong.text or "")
    assert (cases[0].get("file"), cases[0].get("line")) == ("paper.tex", "2")


def test_junit_holds_what_xml_cannot() -> None:
    odd = Finding("a<b>&\x0c.tex", 1, 1, "x.y", "wrong", latex="\x00 & < \ufffe λ", reason="]]> \x1b")
    (case,) = ElementTree.fromstring(as_junit([odd], Strictness())).iter("testcase")
    assert case.get("classname") == "a<b>&\\u000c.tex"
    (failure,) = case
    assert "λ" in (failure.text or "")


def test_a_check_that_found_nothing_is_a_log_of_nothing() -> None:
    assert ElementTree.fromstring(as_junit([], Strictness())).get("tests") == "0"
    log = json.loads(as_sarif([], Strictness()))
    assert problems(log) == []
    assert log["runs"][0]["results"] == []


# SARIF 2.1.0: for each object that occurs, its properties with their kinds, those required marked by "!". The standard
# allows no others.

TEXT_KIND, WHOLE, TRUTH = "text", "whole", "truth"
OBJECTS: Mapping[str, Mapping[str, Any]] = {
    "log": {"$schema": TEXT_KIND, "version!": TEXT_KIND, "runs!": ["run"]},
    "run": {
        "tool!": "tool", "invocations": ["invocation"], "results": ["result"], "columnKind": TEXT_KIND,
        "originalUriBaseIds": "bag", "properties": "bag",
    },
    "tool": {"driver!": "driver"},
    "driver": {"name!": TEXT_KIND, "version": TEXT_KIND, "informationUri": TEXT_KIND, "rules": ["rule"]},
    "rule": {"id!": TEXT_KIND, "name": TEXT_KIND, "shortDescription": "message", "fullDescription": "message"},
    "invocation": {"executionSuccessful!": TRUTH, "toolExecutionNotifications": ["notification"]},
    "notification": {"message!": "message", "level": TEXT_KIND, "locations": ["location"]},
    "result": {
        "ruleId": TEXT_KIND, "ruleIndex": WHOLE, "level": TEXT_KIND, "kind": TEXT_KIND, "message!": "message",
        "locations": ["location"], "properties": "bag",
    },
    "message": {"text": TEXT_KIND, "id": TEXT_KIND},
    "location": {"physicalLocation": "physical", "logicalLocations": ["logical"]},
    "physical": {"artifactLocation": "artifact", "region": "region"},
    "artifact": {"uri": TEXT_KIND, "uriBaseId": TEXT_KIND},
    "region": {"startLine": WHOLE, "startColumn": WHOLE, "endLine": WHOLE, "endColumn": WHOLE},
    "logical": {"name": TEXT_KIND, "fullyQualifiedName": TEXT_KIND, "kind": TEXT_KIND},
}  # fmt: skip
KINDS: Mapping[str, type] = {TEXT_KIND: str, WHOLE: int, TRUTH: bool, "bag": dict}
UNITS = ("utf16CodeUnits", "unicodeCodePoints")
LEVELS = {"none", "note", "warning", "error"}


def problems(log: Any) -> list[str]:
    """What in a log is against the standard."""
    return _shape(log, "log", "log") or _meaning(log)


def _shape(value: Any, kind: Any, where: str) -> list[str]:
    if isinstance(kind, list):
        if not isinstance(value, list):
            return [f"{where}: no list"]
        return [p for n, entry in enumerate(value) for p in _shape(entry, kind[0], f"{where}[{n}]")]
    if kind in KINDS:
        right = isinstance(value, KINDS[kind]) and (kind == TRUTH or not isinstance(value, bool))
        return [] if right else [f"{where}: not of the kind {kind}"]
    if not isinstance(value, dict):
        return [f"{where}: no object"]
    known = {name.rstrip("!"): of for name, of in OBJECTS[kind].items()}
    found = [f"{where}: {name} is not known" for name in value if name not in known]
    found += [f"{where}: lacks {name[:-1]}" for name in OBJECTS[kind] if name[-1] == "!" and name[:-1] not in value]
    return found + [p for name in value if name in known for p in _shape(value[name], known[name], f"{where}.{name}")]


def _meaning(log: Any) -> list[str]:
    found = [] if log["version"] == "2.1.0" else ["version"]
    for run in log["runs"]:
        rules = [rule["id"] for rule in run["tool"]["driver"].get("rules", [])]
        found += ["rules of one id"] * (len(set(rules)) < len(rules))
        found += ["columnKind"] * (run.get("columnKind", UNITS[0]) not in UNITS)
        notes = [note for i in run.get("invocations", []) for note in i.get("toolExecutionNotifications", [])]
        for said in [*run.get("results", []), *notes]:
            found += ["level"] * (said.get("level", "warning") not in LEVELS)
            text = said["message"].get("text", "").replace("{{", "").replace("}}", "")
            found += ["a message without text"] * (not text) + ["a single brace"] * ("{" in text or "}" in text)
            found += [problem for place in said.get("locations", []) for problem in _place(place["physicalLocation"])]
        for result in run.get("results", []):
            index = result.get("ruleIndex", -1)
            found += ["ruleIndex"] * (index != -1 and rules[index : index + 1] != [result.get("ruleId")])
            found += ["a level on what does not fail"] * (
                result.get("kind", "fail") != "fail" and result.get("level", "none") != "none"
            )
    return found


def _place(physical: Mapping[str, Any]) -> Sequence[str]:
    uri, region = physical["artifactLocation"]["uri"], physical.get("region", {})
    found = ["no address"] * (not uri.isascii() or any(c in uri for c in ' "<>\\^`{|}'))
    if "uriBaseId" in physical["artifactLocation"]:
        found += ["a base beside an absolute address"] * (uri.startswith("/") or ":" in uri.partition("/")[0])
        found += ["dots in a relative address"] * (".." in uri.split("/"))
    return found + ["a number below 1"] * any(number < 1 for number in region.values())


@pytest.mark.parametrize("asked", [Strictness(), Strictness(strict=True, complete=True)])
def test_sarif_obeys_the_standard(found: list[Finding], asked: Strictness) -> None:
    log = json.loads(as_sarif(found, asked))
    assert problems(log) == []
    (run,) = log["runs"]
    assert len(run["results"]) == 4 + 2 * asked.complete
    assert [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]] == (
        [] if asked.complete else ["paper.tex: not checked: lines 4, 13"]
    )
    first = run["results"][0]
    place = first["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("paper.tex", {"startLine": 2, "startColumn": 4})
    assert first["properties"]["claim"] == "dae.fixed_point"


BROKEN = [
    (("version",), "2.0.0"),
    (("runs", 0, "tool"), {}),
    (("runs", 0, "results", 0, "message"), {"text": "a {0}"}),
    (("runs", 0, "results", 0, "level"), "fatal"),
    (("runs", 0, "results", 0, "ruleIndex"), 3),
    (("runs", 0, "results", 0, "severity"), "high"),
    (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"), 0),
    (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"), "2"),
    (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"), "my paper.tex"),
    (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"), "../paper.tex"),
    (("runs", 0, "invocations", 0), {"toolExecutionNotifications": []}),
    (("runs", 0, "results"), {}),
]


@pytest.mark.parametrize(("path", "value"), BROKEN)
def test_a_log_against_the_standard_is_noticed(found: list[Finding], path: tuple[Any, ...], value: object) -> None:
    log = json.loads(as_sarif(found, Strictness()))
    inside = log
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    assert problems(log)


@pytest.mark.parametrize("name", ["a b.tex", "100%.tex", "paper λ.tex", "sub/paper.tex", "a:b.tex", "../paper.tex"])
def test_addresses_of_files_are_addresses(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for file in (name, str(tmp_path / name)):
        log = json.loads(as_sarif([Finding(file, 1, 1, "x", "wrong", reason="{x}")], Strictness()))
        assert problems(log) == []
        artifact = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        if "uriBaseId" in artifact:
            assert unquote(artifact["uri"]) == file
        else:
            assert unquote(artifact["uri"]) == f"file://{Path(file).resolve().as_posix()}"


# Paths


FORMS = ("text", "json", "github", "junit", "sarif")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("named", ["main.tex", "book/main.tex", "{here}/main.tex"])
def test_places_are_relative_to_the_folder_of_the_call(
    form: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "book" if named.startswith("book") else tmp_path
    (folder / "in").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    (folder / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    (folder / "main.tex").write_text("\\input{in/a b}\n", encoding="utf-8")
    (folder / "in" / "a b.tex").write_text("\n\n% modeflow: dae.fixed_point\n\\[ w^* = 1 \\]\n", encoding="utf-8")
    main(["check", named.format(here=tmp_path), "--output-format", form])
    said = capsys.readouterr().out
    place = f"{folder.name}/in/a b.tex" if folder != tmp_path else "in/a b.tex"
    assert str(tmp_path) not in said
    assert {"sarif": quote(place), "github": f"file={place},line=4"}.get(form, place) in said
    if form == "sarif":
        (run,) = json.loads(said)["runs"]
        physical = run["results"][0]["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        assert physical["region"]["startLine"] == 4


def test_a_name_that_is_no_text_has_an_address() -> None:
    name = "caf\udce9.tex"
    log = json.loads(as_sarif([Finding(name, 1, 1, "x", "wrong")], Strictness()))
    artifact = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == "caf%E9.tex"


def test_a_bad_configuration_is_named_from_the_folder_of_the_call(
    paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("modeflow.toml").write_text("x = [", encoding="utf-8")
    assert main(["check", str(paper.resolve())]) == 2
    assert capsys.readouterr().err.startswith("modeflow: modeflow.toml: is not TOML")


# Files that are not read

BOOK = {
    "main.tex": "Text.\n\\input{parts/one}\n% \\input{commented}\n\\newcommand{\\part}[1]{\\input{#1}}\n",
    "parts/one.tex": "\n\n \\include{gone}\n% modeflow: dae.fixed_point\n"
    "\\[ w^* = \\frac{\\lambda}{\\lambda + \\varepsilon} \\]\n",
}


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A paper whose part inputs a file that is not there."""
    monkeypatch.chdir(tmp_path)
    Path("parts").mkdir()
    Path("modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    for name, text in BOOK.items():
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


SAYS = "there is no file gone.tex; what is marked there is not checked"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("text", f"parts/one.tex:3:2: unread: {SAYS}"),
        ("json", f'"reason": "{SAYS}"'),
        ("github", f"::notice file=parts/one.tex,line=3,col=2,title=unread::{SAYS}"),
        ("sarif", f'"text": "{SAYS}"'),
        ("junit", f'<skipped message="unread: {SAYS}" />'),
    ],
)
def test_an_input_that_is_not_there_is_noted(
    form: str, told: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--strict", "--complete", "--output-format", form, "main.tex"]) == 0
    said = capsys.readouterr().out
    assert said.count(told) == 1
    assert said.count(SAYS) == 1  # neither what is commented out nor the body of a macro
    (book / "gone.tex").write_text("", encoding="utf-8")
    assert main(["check", "--output-format", form, "main.tex"]) == 0
    assert "there is no file" not in capsys.readouterr().out


def test_whether_there_is_a_file_outside_is_not_told(book: Path) -> None:
    (book / "parts" / "main.tex").write_text("\\input{../main} \\input{../gone} \\input{/etc/passwd} \\input{/etc/x}\n")
    (book / "parts" / "linked.tex").symlink_to(book / "main.tex")
    with (book / "parts" / "main.tex").open("a") as file:
        file.write("\\input{linked}\n")
    found = check([book / "parts" / "main.tex"], coverage=True)
    assert [f.verdict for f in found] == ["unread"] * 5
    assert {f.reason.partition(";")[0] for f in found} == {
        "the file is outside the folder of the first one, and is not read"
    }


def test_a_long_name_is_cut_and_coverage_is_asked_for(book: Path) -> None:
    (book / "main.tex").write_text(f"\\input{{{'a' * 3000}}}\n", encoding="utf-8")
    (found,) = check([book / "main.tex"], coverage=True)
    assert len(found.reason) < 200
    assert check([book / "main.tex"]) == []

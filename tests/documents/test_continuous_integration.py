"""What the action, the hooks and the snippets of the documentation run: run here, on right and wrong chapters."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from runner import action, shell, step

from modeflow.cli.program import main

yaml: Any = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "continuous-integration.md").read_text(encoding="utf-8")
WRONG = """
chapter.claim("lost_sign", w(t), a * exp(k * t), satisfies=[Equation(w(t).diff(t), -k * w(t), "rate")], says="Up.")
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with my_chapters/decay_chapter.py in it, which verifies."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_chapters").mkdir()
    assert main(["new", "chapter", "decay", "-o", "my_chapters/decay_chapter.py"]) == 0
    return tmp_path


def spoil(project: Path) -> None:
    with (project / "my_chapters" / "decay_chapter.py").open("a") as file:
        file.write(WRONG)


def snippet(name: str) -> Any:
    found = re.search(rf"<!-- snippet: {name} -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found, name
    return yaml.safe_load(found[1])


def hooks() -> dict[str, Any]:
    listed = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return {hook["id"]: hook for hook in listed}


# The action


@pytest.mark.costly
def test_the_action_verifies_chapters_and_fails_on_a_wrong_one(project: Path) -> None:
    command = step("Verify chapters")["run"]
    chapters = {"CHAPTERS": "my_chapters/ dae"}
    done = shell(command, project, chapters)
    assert done.returncode == 0, done.stderr
    assert "decay.solution" in done.stdout
    assert "dae.fixed_point" in done.stdout
    spoil(project)
    done = shell(command, project, chapters)
    assert done.returncode == 1
    assert re.search(r"decay\.lost_sign: refuted: .*\bat .*; stated at my_chapters/decay_chapter\.py:\d+", done.stdout)


@pytest.mark.parametrize(("name", "variable"), [("Verify chapters", "CHAPTERS"), ("Check papers", "PAPERS")])
def test_the_inputs_of_the_action_are_data(project: Path, name: str, variable: str) -> None:
    done = shell(step(name)["run"], project, {variable: "$(touch pwned) ; touch pwned #"})
    assert done.returncode == 2, done.stderr
    assert not (project / "pwned").exists()


def test_the_action_takes_what_its_steps_read_and_no_input_is_pasted_into_a_command() -> None:
    steps = action()["runs"]["steps"]
    read = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
    assert read == set(action()["inputs"])
    assert not any("${{" in s.get("run", "") for s in steps)
    assert all(s["shell"] == "bash" for s in steps if "run" in s)
    assert set(snippet("github")["jobs"]["derivations"]["steps"][1]["with"]) <= set(action()["inputs"])


PAPER = "% modeflow: dae.fixed_point\n\\[ w^* = RIGHT \\]\n"


def write_paper(project: Path, right: str) -> None:
    (project / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    (project / "paper.tex").write_text(PAPER.replace("RIGHT", right), encoding="utf-8")


def test_the_action_checks_papers_as_strictly_as_it_is_told(project: Path) -> None:
    command = step("Check papers")["run"]
    write_paper(project, r"\foo")
    codes = [
        shell(command, project, {"PAPERS": "paper.tex", "OPTIONS": options}).returncode
        for options in ("", "--strict", "--strict --complete", "--nonsense")
    ]
    assert codes == [0, 1, 1, 2]


def test_every_check_in_continuous_integration_is_strict() -> None:
    assert action()["inputs"]["check-options"]["default"] == "--strict"
    commands = [hooks()["modeflow-check"]["entry"], *re.findall(r"modeflow check .*", PAGE)]
    assert len(commands) >= 4
    assert [command for command in commands if "--strict" not in command] == []


def test_the_snippet_for_code_scanning_writes_a_log_whether_or_not_the_paper_is_right(project: Path) -> None:
    steps = snippet("code-scanning")["jobs"]["equations"]["steps"]
    *_, command = (s["run"] for s in steps if "run" in s)
    upload = steps[-1]
    assert upload["if"] == "always()"
    for right, code, results in ((r"\lambda/(\lambda + \varepsilon)", 0, 0), (r"\lambda", 1, 1)):
        write_paper(project, right)
        assert shell(command, project).returncode == code
        log = json.loads((project / upload["with"]["sarif_file"]).read_text(encoding="utf-8"))
        assert len(log["runs"][0]["results"]) == results


# The hooks


def test_the_hook_verifies_the_files_that_it_names(project: Path) -> None:
    hook = hooks()["modeflow-verify"]
    files = [f.relative_to(project).as_posix() for f in project.rglob("*") if re.search(hook["files"], f.name)]
    assert files == ["my_chapters/decay_chapter.py"]
    command = shlex.join([*shlex.split(hook["entry"]), *files])
    assert shell(command, project).returncode == 0
    spoil(project)
    assert shell(command, project).returncode == 1


def test_the_hook_for_papers_runs_a_command_that_is_there(project: Path) -> None:
    pytest.importorskip("modeflow.manuscript", reason="modeflow.manuscript, which reads papers, is not here")
    (project / "paper.tex").write_text("No mathematics.\n")
    command = f"{hooks()['modeflow-check']['entry']} paper.tex"
    assert shell(command, project).returncode == 1
    write_paper(project, r"\lambda/(\lambda + \varepsilon)")
    assert shell(command, project).returncode == 0


def test_the_snippet_for_pre_commit_runs_what_the_hooks_run() -> None:
    (repository,) = snippet("pre-commit")["repos"]
    written = {hook["id"]: hook["entry"] for hook in repository["hooks"]}
    assert written == {name: hook["entry"] for name, hook in hooks().items()}
    assert all(hook["language"] == "system" for hook in repository["hooks"])
    assert [bool(re.search(hook["files"], "my_chapters/decay_chapter.py")) for hook in repository["hooks"]] == [
        True,
        False,
    ]


# Where it comes from

PLACEHOLDER = re.compile(r"OWNER|git\+https|https://github\.com/[^/\s]+/modeflow|uses: [\w-]+/modeflow")


@pytest.mark.parametrize("name", ["continuous-integration.md", "worked-example.md"])
def test_what_is_pasted_needs_no_address(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert not PLACEHOLDER.search(page)
    places = re.findall(r"(?:uses: |pip install )(\./[\w/]+)", page)
    assert len(places) >= 2
    assert set(places) == {"./tools/modeflow"}
    assert "`tools/modeflow`" in page  # it says what to put there


@pytest.mark.parametrize(
    "line", ["uses: OWNER/modeflow@main", "uses: somebody/modeflow@v1", "git+https://example.org/x"]
)
def test_an_address_that_nobody_knows_is_seen(line: str) -> None:
    assert PLACEHOLDER.search(line)


def test_a_checkout_in_the_repository_is_an_action_and_a_package() -> None:
    assert (ROOT / "action.yml").is_file()
    assert (ROOT / "pyproject.toml").is_file()
    assert "github.action_path" in (ROOT / "action.yml").read_text(encoding="utf-8")


# GitLab


def test_the_snippet_for_gitlab_passes_and_fails(project: Path) -> None:
    install, *commands = snippet("gitlab")["derivations"]["script"]
    assert "pip install" in install
    assert shell("\n".join(commands), project).returncode == 0
    spoil(project)
    assert shell("\n".join(commands), project).returncode == 1

"""What the action, the hooks and the snippets of the documentation run: run here, on right and wrong chapters."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
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
    given = {variable: "$(touch pwned) ; touch pwned #", "TABLE": "table.md"}
    done = shell(step(name)["run"], project, given)
    assert done.returncode == 2, done.stderr
    assert not (project / "pwned").exists()


def test_the_action_takes_what_its_steps_read_and_no_input_is_pasted_into_a_command() -> None:
    steps = action()["runs"]["steps"]
    read = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
    assert read == set(action()["inputs"])
    for name, job in (("github", "derivations"), ("github-papers", "equations")):
        assert set(snippet(name)["jobs"][job]["steps"][1]["with"]) <= set(action()["inputs"])
    assert not any("${{" in s.get("run", "") for s in steps)
    assert all(s["shell"] == "bash" for s in steps if "run" in s)


PAPER = "% modeflow: dae.fixed_point\n\\[ w^* = RIGHT \\]\n"


def write_paper(project: Path, right: str) -> None:
    (project / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n', encoding="utf-8")
    (project / "paper.tex").write_text(PAPER.replace("RIGHT", right), encoding="utf-8")


def test_the_action_checks_papers_as_strictly_as_it_is_told(project: Path) -> None:
    command = step("Check papers")["run"]
    write_paper(project, r"\foo")
    codes = [
        shell(command, project, {"PAPERS": "paper.tex", "OPTIONS": options, "TABLE": "table.md"}).returncode
        for options in ("", "--strict", "--strict --complete", "--nonsense")
    ]
    assert codes == [0, 1, 1, 2]


def test_papers_are_files_and_patterns_on_several_lines(project: Path) -> None:
    command, table = step("Check papers")["run"], {"TABLE": str(project / "table.md"), "OPTIONS": "--strict"}
    write_paper(project, r"\lambda/(\lambda + \varepsilon)")
    for folder, right in (("one", r"\lambda/(\lambda + \varepsilon)"), ("one/two", r"\lambda")):
        (project / "papers" / folder).mkdir(parents=True)
        (project / "papers" / folder / "a paper.tex").write_text(PAPER.replace("RIGHT", right), encoding="utf-8")
    assert shell(command, project, table | {"PAPERS": "paper.tex papers/*/*.tex\n"}).returncode == 0
    done = shell(command, project, table | {"PAPERS": "paper.tex\npapers/**/*.tex\n"})
    assert done.returncode == 1
    assert "file=papers/one/two/a paper.tex,line=2" in done.stdout
    assert (project / "table.md").read_text(encoding="utf-8").startswith("**modeflow check fails**: 2 ok, 1 wrong\n")
    done = shell(command, project, table | {"PAPERS": "paper.tex nothing/*.tex"})
    assert (done.returncode, "nothing/*.tex: no path matches" in done.stderr) == (2, True)
    assert not (project / "table.md").exists()  # no table of an earlier run is left


GH = """\
#!PYTHON
# Stands for the program gh: comments are in a file beside it.
import json, re, subprocess, sys
from pathlib import Path

store = Path(__file__).with_name("comments.json")
comments = json.loads(store.read_text())
assert sys.argv[1] == "api", sys.argv
given = sys.argv[2:]
if "--jq" in given:
    found = subprocess.run(["jq", "-r", given[given.index("--jq") + 1]], input=json.dumps(comments), text=True)
    sys.exit(found.returncode)
if store.with_name("forbidden").exists():
    sys.exit("HTTP 403: Resource not accessible by integration")
method, place = given[given.index("--method") + 1], given[given.index("--method") + 2]
body = Path(given[given.index("-F") + 1].removeprefix("body=@")).read_text()
if method == "POST":
    assert place == "repos/me/paper/issues/7/comments", place
    comments.append({"id": 100 + len(comments), "user": {"type": "Bot"}, "body": body})
else:
    (comment,) = (c for c in comments if place == f"repos/me/paper/issues/comments/{c['id']}")
    comment["body"] = body
store.write_text(json.dumps(comments))
"""
OTHERS = [
    {"id": 1, "user": {"type": "User"}, "body": "<!-- modeflow check -->\nsomebody else's"},
    {"id": 2, "user": {"type": "Bot"}, "body": "another bot's"},
]


@pytest.mark.skipif(shutil.which("jq") is None, reason="needs jq, with which gh chooses comments")
def test_a_pull_request_gets_one_comment_which_later_runs_replace(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, gh = project / "bin" / "comments.json", project / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH.replace("PYTHON", sys.executable), encoding="utf-8")
    gh.chmod(0o755)
    store.write_text(json.dumps(OTHERS), encoding="utf-8")
    monkeypatch.setenv("PATH", f"{gh.parent}{os.pathsep}{os.environ['PATH']}")
    table = {"TABLE": str(project / "table.md")}
    given = table | {"REPOSITORY": "me/paper", "NUMBER": "7", "GH_TOKEN": "none"}
    comment, check = step("Comment")["run"], step("Check papers")["run"]
    assert shell(comment, project, given).returncode == 0  # there is no table: nothing was checked
    assert json.loads(store.read_text()) == OTHERS
    for right, said in ((r"\lambda", "fails**: 1 wrong"), (r"\lambda/(\lambda + \varepsilon)", "passes**: 1 ok")):
        write_paper(project, right)
        shell(check, project, table | {"PAPERS": "paper.tex", "OPTIONS": "--strict"})
        done = shell(comment, project, given)
        assert done.returncode == 0, done.stderr
        *others, own = json.loads(store.read_text())
        assert others == OTHERS
        assert own["body"].startswith(f"<!-- modeflow check -->\n**modeflow check {said}")
    (gh.parent / "forbidden").touch()
    done = shell(comment, project, given)
    assert (done.returncode, "::warning::no comment was left" in done.stdout) == (0, True)


def test_the_comment_is_left_also_where_a_paper_is_wrong_and_only_on_pull_requests() -> None:
    condition = step("Comment")["if"]
    assert condition.startswith("always() && ")
    assert "github.event_name == 'pull_request'" in condition
    assert snippet("github-papers")["permissions"] == {"contents": "read", "pull-requests": "write"}


def test_the_cache_is_where_the_steps_look_for_it() -> None:
    kept = step("Keep verdicts")["with"]["path"]
    assert [step(name)["env"]["MODEFLOW_CACHE_DIR"] for name in ("Verify chapters", "Check papers")] == [kept, kept]


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


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with what this one tracks, and a tag."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("needs git, and a checkout")
    folder = tmp_path_factory.mktemp("srv") / "modeflow"
    folder.mkdir()
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", "HEAD"], check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    git = ["git", "-C", str(folder), "-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "config", "uploadpack.allowFilter", "true"], check=True)  # pip asks for a part of it only
    subprocess.run([*git, "add", "--all", "--force"], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "All of it."], check=True)
    subprocess.run([*git, "tag", "-a", "v0.1.0", "-m", "A release."], check=True)
    return folder


def test_a_clone_at_a_tag_has_the_hooks_that_are_named(repository: Path, tmp_path: Path) -> None:
    (written,) = snippet("pre-commit-git")["repos"]
    assert written["repo"].startswith("file:///")
    address = f"file://{repository}"
    clone = ["git", "clone", "--quiet", "--branch", written["rev"], address, str(tmp_path / "clone")]
    subprocess.run(clone, check=True, capture_output=True)
    listed = yaml.safe_load((tmp_path / "clone" / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for hook in written["hooks"]} == {hook["id"] for hook in listed}
    assert {hook["language"] for hook in listed} == {"python"}  # which pre-commit installs from the clone


@pytest.mark.slow
def test_the_package_is_installed_from_a_git_repository(repository: Path, tmp_path: Path) -> None:
    pytest.importorskip("pip", reason="needs pip in this environment")
    if importlib.metadata.version("setuptools") < "77":
        pytest.skip("needs setuptools 77, with which the package is built")
    found = re.search(r"<!-- snippet: git -->\n```sh\n(.*?)```", PAGE, re.DOTALL)
    assert found
    command = found[1].replace("file:///srv/git/modeflow", f"file://{repository}")
    there = tmp_path / "there"
    options = f"--quiet --no-deps --no-build-isolation --target {shlex.quote(str(there))}"
    done = shell(command.replace("pip install", f"pip install {options}"), tmp_path)
    assert done.returncode == 0, done.stderr
    write_paper(tmp_path, r"\lambda")
    checked = shell(
        f"python -P -c 'import sys; sys.path.insert(0, {str(there)!r}); import modeflow.cli.program as p; "
        'print(p.__file__); sys.exit(p.main(["check", "--strict", "--no-cache", "paper.tex"]))\'',
        tmp_path,
    )
    assert checked.returncode == 1, checked.stderr
    assert str(there) in checked.stdout
    assert "1 wrong" in checked.stdout


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

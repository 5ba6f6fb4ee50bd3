"""SECURITY.md: a test of each sentence, by its name, and that no sentence goes without one."""

from __future__ import annotations

import ast
import json
import os
import pickle
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modeflow import files, recheck
from modeflow.cli.program import main
from modeflow.evaluate import native
from modeflow.experiments import data
from modeflow.language.verdict import Verdict
from modeflow.statements import cache, catalogue, kept

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = re.compile(r"^- \*\*([a-z-]+)\*\* [A-Z`].*\.$")
TESTS: dict[str, Callable[..., None]] = {}
RAN = "import pathlib\npathlib.Path('ran').touch()\n"

PAPER = "% modeflow: dae.fixed_point\n\\[ w^* = \\frac{\\lambda}{\\lambda + \\varepsilon} \\]\n"
NOTATION = '[manuscript]\nnotation = "pretorius2018"\n'

Test = Callable[..., None]


def says(name: str) -> Callable[[Test], Test]:
    """The test is of the sentence of that name."""

    def kept(test: Test) -> Test:
        TESTS[name] = test
        return test

    return kept


def sentences(text: str) -> dict[str, str]:
    """Name → sentence. Raises ValueError for a line that is none and no heading."""
    lines = [line for line in text.split("\n\n", 2)[2].splitlines() if line and not line.startswith("## ")]
    found = [(SENTENCE.match(line), line) for line in lines]
    if loose := [line for match, line in found if not match]:
        raise ValueError(f"without a name: {loose}")
    return {match[1]: line for match, line in found if match}


def test_every_sentence_has_a_test() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert set(sentences(text)) == set(TESTS)
    with pytest.raises(ValueError, match="without a name"):
        sentences(text + "\nNothing can happen.\n")
    assert set(sentences(text + "- **more** Nothing can happen.\n")) - set(TESTS) == {"more"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stranger's checkout, the current folder, with a paper that is right."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "paper.tex").write_text(PAPER)
    (tmp_path / "modeflow.toml").write_text(NOTATION)
    return tmp_path


def ran(folder: Path) -> bool:
    """Whether code of the stranger has run since this was asked."""
    touched = (folder / "ran").exists()
    (folder / "ran").unlink(missing_ok=True)
    return touched


def shell(*command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True, timeout=120, check=False
    )


def script(name: str) -> str:
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        pytest.skip(f"{name} is not installed as a console script")
    return str(path)


# What is data


@says("manuscript-data")
def test_manuscripts_are_not_executed(folder: Path) -> None:
    evil = r"\immediate\write18{touch ran}\directlua{os.execute('touch ran')} \input{|touch ran}"
    python = "__import__('pathlib').Path('ran').touch()"
    (folder / "paper.tex").write_text(f"{evil}\n{PAPER}\\[ {python} \\]\n% modeflow: {python}\n\\[ x = 1 \\]\n")
    cell: dict[str, object] = {"cell_type": "code", "source": RAN, "metadata": {}, "outputs": []}
    markdown = f"<!-- modeflow: dae.fixed_point -->\n$$w = {python}$$"
    marked = {"cell_type": "markdown", "source": markdown, "metadata": {}}
    notebook = {"cells": [cell, marked], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "notebook.ipynb").write_text(json.dumps(notebook))
    (folder / "page.md").write_text(f"```python\n{RAN}```\n<!-- modeflow: dae.fixed_point -->\n$$w = {python}$$\n")
    for name in ("paper.tex", "notebook.ipynb", "page.md"):
        assert main(["check", name, "--no-cache"]) in (0, 1, 2)
        assert not ran(folder), name
    exec(RAN)  # noqa: S102 (what would have run does leave its trace)
    assert ran(folder)


@says("configuration-data")
def test_configurations_are_not_evaluated(folder: Path) -> None:
    python = "__import__('pathlib').Path('ran').touch()"
    for text in (f'{NOTATION}[manuscript.symbols]\n"x" = "{python}"\n', f'[manuscript]\nnotation = "{python}"\n'):
        (folder / "modeflow.toml").write_text(text)
        assert main(["check", "paper.tex", "--no-cache"]) in (1, 2)
        assert not ran(folder)


class _Evil:
    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return os.mkdir, ("ran",)


@says("numbers-data")
def test_pickles_are_not_executed(folder: Path) -> None:
    (folder / "data_batch_1").write_bytes(pickle.dumps({b"data": _Evil()}))
    np.savez(folder / "images.npz", images=np.array([_Evil()], dtype=object))
    for name in ("data_batch_1", "images.npz"):
        with pytest.raises(data.DataError):
            data.load(folder / name)
        assert not (folder / "ran").exists()
    pickle.loads((folder / "data_batch_1").read_bytes())  # noqa: S301 (what would have run does leave its trace)
    assert (folder / "ran").exists()


@says("size-data")
def test_a_promise_of_more_than_there_is_takes_no_memory(folder: Path) -> None:
    import tracemalloc

    (folder / "images.idx").write_bytes(bytes([0, 0, 8, 3]) + (2**31 - 1).to_bytes(4, "big") * 3)
    np.save(folder / "images.npy", np.zeros((1, 4)))
    content = (folder / "images.npy").read_bytes()
    (folder / "images.npy").write_bytes(content.replace(b"(1, 4)", b"(10000000000, 400)").replace(b" " * 14, b"", 1))
    tracemalloc.start()
    try:
        for name in ("images.idx", "images.npy"):
            with pytest.raises(data.DataError):
                data.load(folder / name)
        assert tracemalloc.get_traced_memory()[1] < 2**24
    finally:
        tracemalloc.stop()


@says("certificate-data")
def test_certificates_are_not_evaluated() -> None:
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(Path(recheck.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "need" in calls
    assert not calls & {"eval", "exec", "compile", "__import__", "globals"}


@says("cache-data")
def test_what_is_kept_is_not_executed(folder: Path) -> None:
    readers = (
        "statements/cache.py",
        "statements/kept.py",
        "manuscript/remembered.py",
        "manuscript/judge/comparison_cache.py",
        "language/encoding.py",
    )
    for name in readers:
        text = (ROOT / "src" / "modeflow" / name).read_text(encoding="utf-8")
        assert not re.search(r"\b(eval|exec|pickle|sympify|parse_expr|import_module)\b\s*[(.]", text), name
    claim = next(iter(catalogue.claims().values()))
    path = cache._path(cache.key(claim))
    for content in (b"__import__('pathlib').Path('ran').touch()", pickle.dumps(_Evil()), b"[" * 10**5):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        assert kept.record(path, "verdict") is None
        assert not (folder / "ran").exists()


# What is code


@says("chapter-code")
def test_chapters_are_run(folder: Path) -> None:
    assert main(["new", "chapter", "decay"]) == 0
    with (folder / "decay_chapter.py").open("a") as file:
        file.write(RAN)
    for command in ("verify", "derive"):
        assert main([command, "decay_chapter.py"]) == 0
        assert ran(folder), command


@says("folder-code")
def test_of_a_folder_every_python_file_is_run_but_some(folder: Path) -> None:
    (folder / "chapters").mkdir()
    assert main(["new", "chapter", "decay", "-o", "chapters/decay_chapter.py"]) == 0
    for name in ("_private.py", "test_it.py", "conftest.py", "notes.txt"):
        (folder / "chapters" / name).write_text(RAN)
    assert main(["derive", "chapters/"]) == 0
    assert not ran(folder)
    (folder / "chapters" / "helpers.py").write_text(RAN)
    assert main(["derive", "chapters/"]) == 0
    assert ran(folder)


@pytest.mark.costly
@says("check-code")
def test_check_runs_no_file_beside_the_manuscript(folder: Path) -> None:
    for name in ("sympy.py", "flint.py", "paper_chapter.py", "conftest.py", "sitecustomize.py", "modeflow.py"):
        (folder / name).write_text(RAN)
    assert shell(script("modeflow"), "check", "paper.tex", "--no-cache", folder=folder).returncode == 0
    assert not ran(folder)
    for key in ("chapter", "chapters", "plugin"):
        (folder / "modeflow.toml").write_text(f'{NOTATION}{key} = "paper_chapter.py"\n')
        assert main(["check", "paper.tex", "--no-cache"]) == 2
        assert not ran(folder)


@says("editor-code")
@pytest.mark.slow
def test_an_editor_runs_no_file_of_the_folder(folder: Path) -> None:
    for name in ("sympy.py", "paper_chapter.py", "conftest.py", "sitecustomize.py", "modeflow.py"):
        (folder / name).write_text(RAN)
    options: dict[str, Any] = {"config": None, "chapters": [], "steps": False, "time_limit": 5.0, "cache": False}
    texts = {str(folder / "paper.tex"): PAPER}
    question = {"check": 1, "path": str(folder / "paper.tex"), "line": 1, "root": str(folder), "saved": True}
    for table in (NOTATION, f'{NOTATION}chapters = "paper_chapter.py"\n'):
        (folder / "modeflow.toml").write_text(table)
        given = "\n".join(map(json.dumps, (options, question | {"unsaved": texts})))
        command = [sys.executable, "-P", "-c", "from modeflow.editor.checks import serve; serve()"]
        with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            print(given, file=process.stdin, flush=True)
            told = next(line for line in process.stdout if "end" in json.loads(line))
            process.stdin.close()
        assert ("failed" in json.loads(told)) is ("chapters" in table)
        assert not ran(folder)


@pytest.mark.costly
@says("pytest-code")
def test_pytest_runs_the_checkout(folder: Path) -> None:
    (folder / "conftest.py").write_text(RAN)
    shell(sys.executable, "-P", "-m", "pytest", "--modeflow", "paper.tex", "-p", "no:cacheprovider", folder=folder)
    assert ran(folder)


@says("compiler-code")
@pytest.mark.skipif(os.name != "posix", reason="the compiler is a shell script")
def test_the_compiler_of_the_environment_is_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "evil-cc").write_text("#!/bin/sh\ntouch ran\nexit 1\n")
    (folder / "evil-cc").chmod(0o755)
    monkeypatch.setenv("CC", str(folder / "evil-cc"))
    native.library.cache_clear()
    with pytest.raises(native.NoCompiler):
        native.library()
    native.library.cache_clear()
    assert ran(folder)


# What is trusted

SHADOWS = ("sympy.py", "flint.py", "numpy.py", "typing.py", "__future__.py", "argparse.py", "json.py", "mpmath.py")


def shadow(folder: Path) -> None:
    for name in SHADOWS:
        (folder / name).write_text("open('ran', 'w').close()\n")


@pytest.mark.costly
@says("script-trusted")
def test_the_console_scripts_import_nothing_from_here(folder: Path) -> None:
    shadow(folder)
    assert shell(script("modeflow"), "check", "paper.tex", "--no-cache", folder=folder).returncode == 0
    assert not ran(folder)
    assert shell(script("modeflow-recheck"), "nowhere", folder=folder).returncode == 2
    assert not ran(folder)


@pytest.mark.costly
@says("module-trusted")
def test_the_module_imports_nothing_from_here(folder: Path) -> None:
    shadow(folder)
    done = shell(sys.executable, "-m", "modeflow", "check", "paper.tex", "--no-cache", folder=folder, PYTHONSAFEPATH="")
    assert (done.returncode, ran(folder)) == (0, False), done.stderr
    shell(sys.executable, "-m", "modeflow.recheck", "nowhere", folder=folder, PYTHONSAFEPATH="")
    assert not ran(folder)
    shell(sys.executable, "-c", "import sympy", folder=folder, PYTHONSAFEPATH="")  # would have left its trace
    assert ran(folder)


@says("safe-trusted")
def test_only_the_safe_path_helps_against_a_folder_of_our_name(folder: Path) -> None:
    (folder / "modeflow").mkdir()
    (folder / "modeflow" / "__init__.py").write_text(RAN)
    (folder / "modeflow" / "__main__.py").write_text("")
    shell(sys.executable, "-m", "modeflow", "--version", folder=folder, PYTHONSAFEPATH="")
    assert ran(folder)
    done = shell(sys.executable, "-P", "-m", "modeflow", "--version", folder=folder)
    assert (done.returncode, ran(folder)) == (0, False)


@says("action-trusted")
def test_the_action_the_hooks_and_the_examples_are_safe() -> None:
    pages = ["action.yml", ".pre-commit-hooks.yaml", "docs/continuous-integration.md", "docs/worked-example.md"]
    pages += ["docs/checking.md", "docs/proving.md"]
    unsafe = re.compile(r"python3? -m (pip|modeflow)")
    for page in pages:
        assert not unsafe.search((ROOT / page).read_text(encoding="utf-8")), page
    assert unsafe.search("run: python -m modeflow check paper.tex")


@pytest.mark.costly
@says("settings-trusted")
def test_settings_of_matplotlib_here_do_not_reach_the_figures(folder: Path) -> None:
    picture, command = folder / "one.png", [script("modeflow"), "compare", "--epochs", "5", "--modes", "0", "-o"]
    assert shell(*command, str(picture), folder=folder).returncode == 0
    (folder / "matplotlibrc").write_text("lines.linewidth: 33\nsavefig.dpi: 10\ntext.usetex: True\naxes.grid: True\n")
    assert shell(*command, str(folder / "two.png"), folder=folder).returncode == 0
    assert picture.read_bytes() == (folder / "two.png").read_bytes()


# What an attacker can do


@says("marks-attack")
def test_what_is_not_marked_is_not_checked_unless_all_must_be(folder: Path) -> None:
    (folder / "paper.tex").write_text(f"{PAPER}\\[ w = 2\\lambda \\]\n")
    assert main(["check", "paper.tex"]) == 0
    assert main(["check", "paper.tex", "--complete"]) == 1


@says("outside-attack")
def test_files_outside_the_folder_are_not_read(folder: Path) -> None:
    (folder / "paper").mkdir()
    wrong = PAPER.replace(r"+ \varepsilon", r"- \varepsilon")
    (folder / "outside.tex").write_text(wrong)
    (folder / "paper" / "link.tex").symlink_to(folder / "outside.tex")
    inputs = "".join(f"\\input{{{name}}}\n" for name in ("../outside", str(folder / "outside"), "link"))
    (folder / "paper" / "main.tex").write_text(PAPER + inputs)
    assert main(["check", "paper/main.tex"]) == 0
    (folder / "paper" / "inside.tex").write_text(wrong)
    (folder / "paper" / "main.tex").write_text(PAPER + "\\input{inside}\n")
    assert main(["check", "paper/main.tex"]) == 1


@says("meaning-attack")
def test_the_configuration_decides_what_letters_mean(folder: Path) -> None:
    (folder / "paper.tex").write_text(PAPER.replace(r"+ \varepsilon", r"+ \varepsilon + \zeta"))
    assert main(["check", "paper.tex", "--strict"]) == 1
    (folder / "modeflow.toml").write_text(
        NOTATION + '[manuscript.symbols]\n"\\\\zeta" = "zeta"\n[manuscript.assumptions]\nzeta = ["real"]\n'
        "[manuscript.fixed]\nzeta = 0\n"
    )
    assert main(["check", "paper.tex", "--strict"]) in (0, 2)


@pytest.mark.costly
@says("chapter-attack")
def test_a_chapter_can_print_any_verdict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "chapter", "decay"]) == 0
    lie = (
        "import modeflow.cli.verify as command\n"
        "from modeflow.language.verdict import Verdict\n"
        "import modeflow.statements.verify as engine\n"
        "engine.verify_all = lambda claims, **_: ((claim, Verdict('proved', 'lie')) for claim in claims)\n"
        "chapter.claim('wrong', w(t), 2 * w(t), says='Wrong.')\n"
    )
    with (folder / "decay_chapter.py").open("a") as file:
        file.write(lie)
    done = shell(script("modeflow"), "verify", "decay_chapter.py", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "3 proved" in done.stdout


@says("cache-attack")
def test_the_cache_is_private_and_can_be_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.CACHE, str(folder / "cache"))
    claim = catalogue.claims()["dae.fixed_point"]
    cache.verify(claim)
    found = [path for path in (folder / "cache").rglob("*") if path.is_file()]
    assert found
    if os.name == "posix":
        assert stat.S_IMODE((folder / "cache").stat().st_mode) == 0o700
    forged = vars(Verdict("refuted", "forged", witness={"point": {}, "left": "0", "right": "1"}))
    kept.keep(cache._path(cache.key(claim)), "verdict", forged)
    before = {path: path.read_bytes() for path in (folder / "cache").rglob("*") if path.is_file()}
    assert main(["verify", "dae.fixed_point", "--no-cache"]) == 0
    assert {path: path.read_bytes() for path in (folder / "cache").rglob("*") if path.is_file()} == before


@says("library-attack")
@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_compiled_code_of_others_is_not_loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.CACHE, str(folder / "cache"))
    place = files.private_folder(folder / "cache" / "native")
    path = place / f"modeflow-key-{'0' * 64}.so"
    path.write_bytes(b"evil")
    assert not native._is_whole(path)
    place.chmod(0o777)
    native.library.cache_clear()
    with pytest.raises(native.NoCompiler):
        native.library()
    native.library.cache_clear()


@says("temporary-attack")
@pytest.mark.skipif(os.name != "posix", reason="users of POSIX")
def test_the_temporary_cache_is_of_this_user(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    place = folder / f"modeflow-{os.geteuid()}"
    place.mkdir()
    place.chmod(0o777)
    files.say_once.cache_clear()
    with pytest.warns(RuntimeWarning, match="may be written by others"):
        assert files._temporary_cache() != place
    place.chmod(0o700)
    with pytest.warns(RuntimeWarning, match="no home folder"):
        assert files._temporary_cache() == place
    files.say_once.cache_clear()


@pytest.mark.costly
@says("writing-attack")
def test_files_are_written_where_the_command_says(folder: Path) -> None:
    home, work = folder / "home", folder / "work"
    home.mkdir()
    work.mkdir()
    settings = {"HOME": str(home), "MODEFLOW_CACHE_DIR": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    for command in ("derive dae -o dae.txt", "verify dae.fixed_point --certificates proofs", "new chapter mine"):
        assert shell(script("modeflow"), *command.split(), folder=work, **settings).returncode == 0
    assert {path.name for path in work.iterdir()} == {"dae.txt", "proofs", "mine_chapter.py"}
    assert not list(home.iterdir())


@says("network-attack")
def test_only_downloading_by_name_opens_a_connection() -> None:
    wanted, network = set(), {"socket", "urllib.request", "requests", "http.client", "pooch", "distributed", "ftplib"}
    for path in (ROOT / "src").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
        names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
        if names & network:
            wanted.add(path.relative_to(ROOT / "src" / "modeflow").as_posix())
    cluster = "experiments/sweep/run.py"  # the one that --scheduler names
    assert wanted == {"experiments/data/download.py", cluster}


# Reporting


@says("reporting")
def test_reports_have_a_place() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "## Reporting" in text
    assert "OWNER" not in text


@says("linked")
def test_pages_link_to_it() -> None:
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(security.md)" in (ROOT / "docs" / "continuous-integration.md").read_text(encoding="utf-8")

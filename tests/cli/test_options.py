"""Options: each says its default and unit, and what cannot be written is found before the work."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from modeflow.cli import (
    compare,
    derive,
    options,
    program,
    pytest_plugin,
)
from modeflow.cli.program import main
from modeflow.files.places import file_or_folder, file_place, folder_place

COMMANDS = program._COMMANDS
FILES, FOLDERS = {options.file, options.new_file, options.picture}, {options.folder}
NUMBERS = {options.positive, options.not_negative, compare._modes, float}


def actions() -> Iterator[tuple[str, argparse.Action]]:
    """Every option and argument of every command, with the command's name."""
    (commands,) = (a for a in program._parser()._actions if isinstance(a, argparse._SubParsersAction))
    for name, parser in commands.choices.items():
        yield from ((name, action) for action in parser._actions if not isinstance(action, argparse._HelpAction))


ACTIONS = list(actions())
IDS = [f"{name} {'/'.join(action.option_strings) or action.dest}" for name, action in ACTIONS]


def shown(action: argparse.Action) -> str:
    """What stands in parentheses at the end of the help."""
    assert action.help, "no help"
    return action.help.rpartition(" (")[2].removesuffix(")") if action.help.endswith(")") else ""


@pytest.mark.parametrize(("command", "action"), ACTIONS, ids=IDS)
def test_every_option_says_its_default_and_unit(command: str, action: argparse.Action) -> None:
    needed = action.required and not action.option_strings
    last = shown(action).rpartition("; ")[2] if not shown(action).startswith("default: ") else shown(action)
    if action.option_strings and action.required:
        assert last == "required"
    elif not needed:
        assert "default: " in shown(action)
    if isinstance(action, argparse._StoreTrueAction):
        assert shown(action) == "default: off"
    elif action.default not in (None, []):
        default = f"{action.default:g}" if isinstance(action.default, float) else action.default
        assert shown(action).endswith(f"default: {default}")
    if action.type in NUMBERS or getattr(action.type, "__name__", "") == "whole":
        assert "; " in shown(action), "no unit"


def test_there_are_commands_and_options() -> None:
    assert len({name for name, _ in ACTIONS}) == len(COMMANDS)
    assert len(ACTIONS) > 50


def test_the_options_of_pytest_say_theirs() -> None:
    parser = pytest.Parser(_ispytest=True)
    pytest_plugin.pytest_addoption(parser)
    for option in parser.getgroup("modeflow").options:
        assert "default: " in str(option.attrs()["help"]), option


# Where results go


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder with a file and a folder in it, of names that suit every command."""
    (tmp_path / "taken.png").write_text("here")
    (tmp_path / "folder.png").mkdir()
    return tmp_path


@pytest.mark.parametrize("command", [name for name, a in ACTIONS if a.dest in ("output", "certificates")])
def test_what_cannot_be_written_is_refused_before_the_work(
    command: str, odd: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in COMMANDS:
        monkeypatch.setattr(module, "run", lambda arguments: pytest.fail("has begun to work"))
    ((option, kind),) = (
        (action.option_strings[-1], action.type)
        for name, action in ACTIONS
        if name == command and action.dest in ("output", "certificates")
    )
    if command == "generate":
        pytest.skip("--check writes nothing; the next test is about it")
    bad = ["taken.png/below.png"]
    bad += ["taken.png"] if kind in FOLDERS else ["no/such.png"]
    bad += ["folder.png"] if kind in FILES else []
    bad += ["taken.png"] if kind is options.new_file else []
    needed = {"export": ["json"], "new": ["chapter", "mine"], "recommend": ["x"], "sweep": ["x"], "check": ["x"]}
    for name in bad:
        with pytest.raises(SystemExit) as stopped:
            main([command, *needed.get(command, []), option, str(odd / name)])
        assert stopped.value.code == 2
        said = capsys.readouterr().err
        assert f"argument {'-o/--output' if option == '--output' else option}: {odd / name}: " in said
        assert any(remedy in said for remedy in ("give ", "make it first", "choose another name")), said
    assert sorted(path.name for path in odd.iterdir()) == ["folder.png", "taken.png"]


def test_every_output_is_one_that_is_asked_for_first() -> None:
    kinds = {name: a.type for name, a in ACTIONS if a.dest in ("output", "certificates")}
    assert kinds.pop("generate") is Path
    assert set(kinds.values()) == FILES | FOLDERS | {options.file_or_folder}


def test_generate_asks_before_it_prints_code(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from modeflow.codegen import julia

    monkeypatch.setattr(julia, "write", lambda folder: pytest.fail("has begun to work"))
    assert main(["generate", "--target", "julia", "-o", str(odd / "taken.png")]) == 2


def test_places_are_asked_and_left_as_they_are(odd: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = odd / "link.png"
    link.symlink_to(tmp_path_factory.mktemp("other") / "there.png")
    for path in (odd / "taken.png", odd / "new.txt", link, Path(os.devnull), Path("new.txt")):
        assert file_place(path) == path
        assert file_or_folder(path) == path
    assert file_or_folder(odd) == odd
    for path in (odd, odd / "a" / "b", Path("a")):
        assert folder_place(path) == path
    for there in (odd / "taken.png", link):
        with pytest.raises(ValueError, match="is there already; choose another name"):
            file_place(there, new=True)
    assert sorted(path.name for path in odd.iterdir()) == ["folder.png", "link.png", "taken.png"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_what_is_write_protected_is_refused(odd: Path) -> None:
    (odd / "taken.png").chmod(0o444)
    with pytest.raises(ValueError, match="write-protected; give another file"):
        file_place(odd / "taken.png")
    (odd / "folder.png").chmod(0o555)
    with pytest.raises(ValueError, match="Permission denied; give another file"):
        file_place(odd / "folder.png" / "new.txt")
    with pytest.raises(ValueError, match="Permission denied; give another folder"):
        folder_place(odd / "folder.png" / "a")


@pytest.mark.parametrize("name", ["", "-"])
def test_no_file_is_called_as_other_programs_call_standard_output(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        main(["export", "schema", "-o", name])
    assert f"{name!r} is no name here; give another" in capsys.readouterr().err
    assert main(["export", "schema", "-o", "./-"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["-"]


# What else is found before the work


def test_a_notation_or_form_that_cannot_be_is_found_before_proving(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(derive, "verdicts_of", lambda claims: pytest.fail("has begun to prove"))
    assert main(["derive", "dae", "--verdicts", "--notation", "nobody2020"]) == 2
    assert "notation = 'nobody2020': choose" in capsys.readouterr().err

    def needs(*_: object, **__: object) -> str:
        raise ModuleNotFoundError("No module named 'latex2mathml'", name="latex2mathml")

    monkeypatch.setattr("modeflow.typeset.html.html", needs)
    assert main(["derive", "dae", "--verdicts", "--format", "html"]) == 2
    assert "latex2mathml is needed for --format html: pip install" in capsys.readouterr().err


def test_a_second_paper_that_cannot_be_read_is_found_before_the_first_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("modeflow.manuscript.pipeline.Paper.finding", lambda *_: pytest.fail("has begun to judge"))
    (tmp_path / "modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\n')
    (tmp_path / "good.tex").write_text("% modeflow: dae.fixed_point\n\\[ w^* = 1 \\]\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "modeflow.toml").write_text('[manuscript]\nnotation = "nobody2020"\n')
    (tmp_path / "other" / "bad.tex").write_text("% modeflow: dae.fixed_point\n\\[ w^* = 1 \\]\n")
    assert main(["check", str(tmp_path / "good.tex"), str(tmp_path / "other" / "bad.tex")]) == 2
    assert "nobody2020" in capsys.readouterr().err


# Which configuration


def test_check_says_which_configuration_it_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    paper = "% modeflow: ignore -- a test\n\\[ a = 1 \\]\n"
    Path("paper.tex").write_text(paper)
    none = "no configuration (modeflow.toml, pyproject.toml, --config)"
    assert main(["check", "paper.tex"]) == 0
    assert capsys.readouterr().err == f"modeflow: {none}, no notation named\n"
    Path("modeflow.toml").write_text('[manuscript]\nnotation = "pretorius2018"\nsymbols = { c = "lam" }\n')
    assert main(["check", "paper.tex", "--output-format", "json"]) == 0
    out, err = capsys.readouterr()
    assert {finding["verdict"] for finding in json.loads(out)} == {"ignored", "empty"}
    assert err == "modeflow: configuration modeflow.toml, notation pretorius2018, 1 symbol declared\n"
    Path("other.toml").write_text('[manuscript.symbols]\n"c" = "lam"\n"d" = "lam"\n')
    assert main(["check", "paper.tex", "--config", "other.toml"]) == 0
    assert capsys.readouterr().err == "modeflow: configuration other.toml, no notation named, 2 symbols declared\n"


def test_check_says_it_of_each_folder_and_of_chapters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        Path(name).mkdir()
        Path(name, "paper.tex").write_text("% modeflow: ignore -- a test\n\\[ a = 1 \\]\n")
    Path("one/pyproject.toml").write_text('[tool.modeflow.manuscript]\nnotation = "saxe2014"\n')
    main(["new", "chapter", "mine"])
    capsys.readouterr()
    assert main(["check", "one/paper.tex", "two/paper.tex", "--chapters", "mine_chapter.py"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "modeflow: configuration one/pyproject.toml, notation saxe2014: one/paper.tex",
        "modeflow: no configuration (modeflow.toml, pyproject.toml, --config), letters of the chapters given:"
        " two/paper.tex",
    ]


# Pixels that are scaled already


@pytest.mark.parametrize("command", [["compare", "--epochs", "1"], ["recommend", "--keep", "0.9"]])
@pytest.mark.parametrize("kind", ["float64", "float32", "uint8"])
def test_white_of_pixels_that_lie_between_0_and_1(
    command: list[str], kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = tmp_path / "images.npy"
    np.save(images, np.random.default_rng(0).random((8, 4)).round().astype(kind))
    assert main([*command, str(images), "--white", "255"]) == 2
    said = capsys.readouterr().err
    assert "numbers from 0 to 1, where white is said to be 255; they lie in [0, 1] already; say so" in said
    assert "--white 1" in said
    assert main([*command, str(images), "--white", "1"]) == 0

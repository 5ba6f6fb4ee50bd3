"""Data that cannot be used: each command says why in one sentence, and ends as it does for wrong usage."""

from __future__ import annotations

import bz2
import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from modeflow.cli.program import main


def npy(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "1,2")
    return file.getvalue()


def huge(folder: Path) -> None:
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000000)}\n"
    (folder / "data").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)


def holding(raw: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / "data").write_bytes(raw)


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated npy": (holding(npy(np.ones((9, 9)))[:-8]), "truncated, 648 bytes declared, 640 present"),
    "ragged table": (holding(b"1,2\n3\n"), "line 2 has 1 value, line 1 has 2"),
    "binary with the name of a table": (holding(bytes(range(256)) * 9), "no known format"),
    "binary after a line of names": (holding(b"a,b\n" + bytes(range(256))), "a byte that is no text"),
    "huge header": (huge, "more than 4,294,967,296 bytes as float64"),
    "NaN": (holding(b"1,2\nnan,4\n"), "1 missing value, in row 2, column 1"),
    "infinite": (holding(npy(np.array([[1.0, np.inf]]))), "1 infinite value, in row 1, column 2"),
    "text": (holding(b"a,b\n1,cat\n"), "'cat' in line 2, column 2 (b) is no number; leave the column out"),
    "empty": (holding(b""), "an empty file"),
    "directory": (lambda folder: (folder / "data").mkdir(), "a folder without pictures"),
    "null device": (
        lambda folder: (folder / "data").symlink_to("/dev/null"),
        "a device, where a regular file is needed",
    ),
    "pipe": (
        lambda folder: os.mkfifo(folder / "data"),
        "a pipe, where a regular file is needed; save what it gives to",
    ),
    "below a file": (
        lambda folder: (folder / "data").symlink_to(__file__ + "/data"),
        "not a directory; check the path",
    ),
    "loop of links": (lambda folder: (folder / "data").symlink_to("data"), "too many levels of symbolic links"),
    "pickle": (holding(npy(np.array([[{}]], dtype=object))), "object"),
    "decimal comma": (
        holding(b"a;b\n0,5;1\n2;3\n"),
        "'0,5' in line 2, column 1 (a) has a comma; write it with a decimal point",
    ),
    "thousands": (holding(b'a,b\n1,2\n"12,345",3\n'), "'12,345' in line 3, column 1 (a) has a comma; write it"),
    "underscore": (holding(b"a,b\n1,2\n1_000,3\n"), "'1_000' in line 3, column 1 (a) is no number"),
    "digits of another script": (holding("a,b\n1,2\n٣,3\n".encode()), "'٣' in line 3, column 1 (a) is no number"),
    "marks of spreadsheets": (holding(b"a,b\n1,2\n#N/A,3\n<NA>,1\n-nan,2\n"), "3 missing values, the first in line 3"),
    "UTF-16": (holding("a,b\n1,2\n".encode("utf-16")), "text as UTF-16; save it as UTF-8"),
    "workbook": (holding(zipped("xl/workbook.xml")), "an Excel workbook; save a table as CSV"),
    "zip": (holding(zipped("table.csv")), "a zip archive without arrays of NumPy"),
    "HDF5": (holding(b"\x89HDF\r\n\x1a\n" + bytes(99)), "an HDF5 file; save the array"),
    "bzip2": (holding(bz2.compress(b"1,2\n3,4\n")), "a file by bzip2; give it plain"),
    "complex": (holding(npy(np.array([[1j, 2]]))), "complex128; save real numbers, e.g. X.astype('float64')"),
    "JSON": (holding(b'[{"a": 1, "b": 2}, {"a": 3}]\n'), "JSON, or numbers in brackets; save a table as CSV"),
    "JSON in lines": (holding(b'{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n'), "JSON, or numbers in brackets; save"),
    "page of the web": (holding(b"<!DOCTYPE html>\n<html></html>\n"), "a page of the web; fetch the file itself"),
    "mark of Excel": (holding(b"sep=:\n1:2\n"), "values between ':', as line 1 says; put commas, tabulators"),
    "wrong after comments": (holding(b"# by us\n\na,b\n1,2\n# c\n3,x\n"), "'x' in line 6, column 2 (b) is no number"),
    "ragged after comments": (holding(b"# by us\n1,2\n3\n"), "line 3 has 1 value, line 2 has 2"),
    "comments alone": (holding(b"# by us\n# x y\n"), "a table without a line of numbers"),
    "errors of spreadsheets": (holding(b"1,2\n#REF!,3\n"), "'#REF!' in line 2, column 1 is no number"),
    "decimal comma without names": (holding(b"0,5;1\n0,6;2\n"), "'0,5' in line 1, column 1 has a comma"),
    "absent": (lambda folder: None, "no such file or directory"),
}


@pytest.mark.parametrize("command", [["compare"], ["spectrum"], ["recommend", "--keep", "0.9"], ["explore"]], ids=str)
@pytest.mark.parametrize("name", WRONG)
def test_one_sentence_and_status_2(
    name: str, command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, said = WRONG[name]
    make(tmp_path)
    out = ["-o", str(tmp_path / "page.html")] if command == ["explore"] else []
    assert main([*command, str(tmp_path / "data"), *out]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"modeflow: {tmp_path / 'data'}: ")
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert "; " in printed.err, "no remedy"


@pytest.mark.parametrize("command", [["spectrum"], ["recommend", "--keep", "0.9"]], ids=str)
def test_more_columns_than_a_second_moment_has(command: list[str], tmp_path: Path) -> None:
    path = tmp_path / "wide.npy"
    np.save(path, np.random.default_rng(0).normal(size=(3, 16_385)))
    assert main([*command, str(path)]) == 0


def test_more_columns_than_can_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wide.npy"
    np.save(path, np.random.default_rng(0).normal(size=(3, 16_385)))
    assert main(["compare", str(path)]) == 2
    said = "16,385 columns, whose second moment is only formed up to 16,384; give fewer, or smaller pictures"
    assert capsys.readouterr().err == f"modeflow: {path}: {said}\n"

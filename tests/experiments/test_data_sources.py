"""Data as people have them: frames, Parquet, sparse matrices, pictures, arrays; scaled as asked, or refused by name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from modeflow.experiments.data import DataError, load, load_and_remark, second_moment, spectrum
from modeflow.experiments.data.second_moment import eigenvalues_of

NUMBERS: NDArray[np.float64] = np.random.default_rng(0).normal(2, 3, (20, 6)).round(3)


# From Python


def test_arrays_are_as_they_are_and_stay_so() -> None:
    given = NUMBERS.copy()
    for scale in (None, "none", "unit", "standard"):
        load(given, scale=scale, center=True)
    np.testing.assert_array_equal(given, NUMBERS)
    np.testing.assert_array_equal(load(given), NUMBERS)
    np.testing.assert_array_equal(load(np.array([[0, 200]], np.uint8)), [[0, 200]])
    np.testing.assert_array_equal(load([[1, 2], [3, 4]]), [[1, 2], [3, 4]])


def test_scales() -> None:
    np.testing.assert_array_equal(load(NUMBERS, scale="unit"), NUMBERS / np.abs(NUMBERS).max())
    np.testing.assert_allclose(load(NUMBERS, center=True), NUMBERS - NUMBERS.mean(axis=0))
    with_constant = np.hstack([NUMBERS * 1e20, np.full((20, 1), 0.1)])
    X, remark = load_and_remark(with_constant, scale="standard")
    np.testing.assert_allclose(X[:, :6], (NUMBERS - NUMBERS.mean(axis=0)) / NUMBERS.std(axis=0))
    np.testing.assert_array_equal(X[:, 6], 0)
    assert remark == "each column has mean 0 and standard deviation 1, but 1 constant, which are 0"
    np.testing.assert_array_equal(load(with_constant, center=True)[:, 6], 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.ma.masked_less(NUMBERS, 0), "masked entries"),
        (NUMBERS.astype(complex), "entries of the kind complex128; give real numbers"),
        (np.array([["a", "b"]]), "entries of the kind <U1"),
        ([[1, 2], [3]], "a list is none"),
        (np.ones(3), "a single vector"),
        (np.ones((0, 3)), "no samples"),
        (np.zeros((2, 2)), "every number is 0"),
        (np.full((2, 2), 1e-200), "out of reach of float64's squares; scale"),
        (np.array([[np.nan, 1], [np.inf, np.nan]]), "2 missing and 1 infinite values, the first in row 1, column 1"),
    ],
)
def test_what_is_no_table_is_refused(given: Any, said: str) -> None:
    with pytest.raises(DataError, match=said):
        load(given)


def test_samples_that_are_all_the_same() -> None:
    with pytest.raises(DataError, match="every sample is the same: nothing is left without the mean; leave"):
        load(np.full((5, 3), 0.1), center=True)
    with pytest.raises(DataError, match="every sample is the same"):
        load(np.ones((1, 3)), scale="standard")
    np.testing.assert_array_equal(load(np.ones((1, 3))), np.ones((1, 3)))


# Sparse


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "bsr", "dia"])
def test_sparse_matrices(kind: Any, tmp_path: Path) -> None:
    dense = np.where(NUMBERS > 3, NUMBERS, 0)
    matrix = sparse.csr_array(dense).asformat(kind)
    np.testing.assert_array_equal(load(matrix), dense)
    sparse.save_npz(tmp_path / "counts", matrix)
    np.testing.assert_array_equal(load(tmp_path / "counts.npz", labels=["1"]), dense[:, 1:])


def test_sparse_matrices_that_say_what_cannot_be(tmp_path: Path) -> None:
    path = tmp_path / "counts.npz"
    wrong: dict[str, Any] = {
        "data": np.ones(1),
        "indices": np.array([10**6], np.int32),
        "indptr": np.array([0, 1], np.int32),
    }
    np.savez(path, format=np.array(b"csr"), shape=np.array([1, 3]), **wrong)
    with pytest.raises(DataError, match=r"damaged"):
        load(path)
    sparse.save_npz(path, sparse.coo_array(([1.0], ([0], [0])), shape=(10**6, 10**6)))
    with pytest.raises(DataError, match="more than"):
        load(path)
    sparse.save_npz(path, sparse.csr_array(np.eye(3, dtype=complex)))
    with pytest.raises(DataError, match="sparse matrix of complex128"):
        load(path)
    boast = io.BytesIO()
    np.lib.format.write_array_header_1_0(boast, {"descr": "<f8", "fortran_order": False, "shape": (2**40,)})
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("format", "shape", "data"):
            archive.writestr(f"{name}.npy", boast.getvalue())
    with pytest.raises(DataError, match=r"whose format.npy is larger than the file says"):
        load(path)


# Frames and Parquet


def frame() -> Any:
    pandas = pytest.importorskip("pandas")
    made = pandas.DataFrame(NUMBERS[:, :3], columns=["a", "b", "c"])
    return made.assign(kind=["cat", "dog"] * 10, n=pandas.array(range(20), dtype="Int64"))


def test_frames() -> None:
    np.testing.assert_array_equal(load(frame(), labels=["kind"])[:, :3], NUMBERS[:, :3])
    with pytest.raises(DataError, match=r"the frame: column 'kind' holds .*; leave it out .*--label 'kind'"):
        load(frame())
    gaps = frame()
    gaps.loc[3:4, "n"] = None
    with pytest.raises(DataError, match=r"2 missing values, the first in row 4, column 4 \(n\)"):
        load(gaps, labels=["kind"])
    with pytest.raises(DataError, match="no column 'sort' to leave out; give one of a, b, c, kind, n"):
        load(frame(), labels=["sort"])
    with pytest.raises(DataError, match="20 rows of 5 columns, more than 100 bytes"):
        load(frame(), max_bytes=100)
    with pytest.raises(DataError, match="no column of numbers"):
        load(frame()[["kind"]], labels=["kind"])


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "table"
    frame().to_parquet(path)
    np.testing.assert_array_equal(load(path, labels=["kind"]), load(frame(), labels=["kind"]))
    with pytest.raises(DataError, match=r"column 'kind' holds .*string, not numbers; leave it out"):
        load(path)
    pytest.importorskip("pandas").concat([frame()] * 250).assign(n=1, a=1, b=1, c=1).to_parquet(path)
    with pytest.raises(DataError, match="5,000 rows of 6 columns, more than 100,000 bytes"):
        load(path, max_bytes=10**5)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(DataError, match="damaged Parquet file"):
        load(path)


# Pictures


def picture(path: Path, pixels: NDArray[Any]) -> None:
    pytest.importorskip("PIL.Image").fromarray(pixels).save(path)


def test_lines_may_end_as_on_any_system(tmp_path: Path) -> None:
    path = tmp_path / "table"
    for end in ("\n", "\r\n", "\r"):
        path.write_bytes(end.join(["a,b", "1,2", "3,4", ""]).encode())
        assert load(path).tolist() == [[1, 2], [3, 4]]


READ = {
    "as Excel says": "sep=;\na;b\n1;2\n3;4\n",
    "as Excel says, in blanks": "sep= \na b\n1 2\n3 4\n",
    "between bars": "a|b\n1|2\n3|4\n",
    "marks in names": "mass, kg|length\n1|2\n3|4\n",
    "comments before names": "# by us; 2026\n\na,b\n1,2\n3,4\n",
    "comments between": "# by us\na,b\n1,2\n# or so, perhaps\n3,4\n#5,6\n",
    "names in a comment": "# by us\n# a b\n1 2\n3 4\n",
    "a comment that is no names": "# 20 degrees\n1 2\n3 4\n",
    "comments and lines of Excel": "\ufeffsep=,\r\n# by us\r\na,b\r\n1,2\r\n3,4\r\n",
}


@pytest.mark.parametrize("kind", READ)
def test_tables_as_people_have_them(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(READ[kind].encode())
    X, remark = load_and_remark(path)
    assert X.tolist() == [[1, 2], [3, 4]]
    comments = READ[kind].count("#")
    assert (f"{comments} line" in remark) == ("# and" in remark) == bool(comments)
    label = {"marks in names": "length", "a comment that is no names": "2"}.get(kind, "b")
    assert load(path, labels=[label]).tolist() == [[1], [3]]


def test_a_line_that_may_be_a_comment_or_a_sample(tmp_path: Path) -> None:
    path = tmp_path / "colours.csv"
    path.write_text("colour,a,b\nred,1,2\n#ff0000,3,4\n")
    with pytest.raises(DataError, match=r"line 3 begins with #: a comment, or a sample whose label does; delete"):
        load(path, labels=["colour"])
    path.write_text('colour,a,b\nred,1,2\n"#ff0000",3,4\n# all\n')
    assert load(path, labels=["colour"]).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("shape", [(20, 6), (4, 6)])
def test_eigenvalues_from_the_smaller_product(shape: tuple[int, int]) -> None:
    X = NUMBERS[: shape[0]]
    np.testing.assert_allclose(eigenvalues_of("X", X), spectrum(X).eigenvalues, atol=1e-12)


def test_neither_product_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_moment, "MAX_DIMENSION", 3)
    with pytest.raises(DataError, match=r"wide\.csv: 4 samples of 6 columns, neither at most 3; give fewer samples or"):
        eigenvalues_of("wide.csv", NUMBERS[:4])
    with pytest.raises(DataError, match="X: 6 columns, whose second moment is only formed up to 3; give fewer, or ask"):
        spectrum(NUMBERS)


def test_a_label_that_two_columns_have(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,a,b\n1,2,3\n4,5,7\n")
    assert load(path).shape == (2, 3)
    with pytest.raises(DataError, match=r"2 columns are called 'a'; give each column a name of its own"):
        load(path, labels=["a"])


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3), dtype=np.uint8)
    for k, one in enumerate(pixels):
        picture(tmp_path / f"{k}.png", one)
    (tmp_path / "readme.txt").write_text("nothing")
    X, remark = load_and_remark(tmp_path)
    np.testing.assert_array_equal(X, pixels.reshape(3, 60) / 255)
    assert "1 entries of the folder are no pictures and passed over" in remark
    picture(tmp_path / "3.png", pixels[0, :, :, 0])
    with pytest.raises(DataError, match=r"3.png: 5 × 4 pixels, grey, where 0.png is 5 × 4 pixels, in colour; give"):
        load(tmp_path)
    with pytest.raises(DataError, match="pictures of 60 numbers, more than 1,800 bytes"):
        load(tmp_path, max_bytes=1800)
    (tmp_path / "0.png").write_bytes(b"GIF89a no picture")
    with pytest.raises(DataError, match=r"0.png: a damaged picture, or none"):
        load(tmp_path)
    (tmp_path / "0.png").unlink()
    (tmp_path / "0.png").symlink_to("0.png")
    with pytest.raises(DataError, match=r"0.png: too many levels of symbolic links; leave it out"):
        load(tmp_path)

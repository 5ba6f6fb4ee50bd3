"""Sparse data stay sparse: their numbers and eigenvalues are those of the same matrix written out."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from modeflow.cli.program import main
from modeflow.experiments.data import DataError, load, second_moment, sparsely, spectrum, top_spectrum
from modeflow.experiments.data.load import load_as_it_is
from modeflow.experiments.data.second_moment import eigenvalues_of
from modeflow.experiments.data.sparsely import Sparse, eigenvalues_of_sparse, leading_of_sparse

WIDE = sparse.csr_array(([1.0], ([0], [0])), shape=(3, 10**9))
READINGS: list[dict[str, Any]] = [
    {},
    {"center": True},
    {"scale": "unit"},
    {"scale": "unit", "white": 9, "center": True},
    {"scale": "standard"},
]
SHAPES = [(60, 25), (25, 60)]


def matrix(shape: tuple[int, int], seed: int = 0) -> Any:
    """Counts, with a column of the same count, one of zeros, and one that holds no zero."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(0.4, shape) * rng.integers(1, 3, shape)
    counts[:, 3], counts[:, 5], counts[:, 7] = 2, 0, 1 + np.arange(shape[0]) % 4
    return sparse.csr_array(counts)


def kept(given: Any, **reading: Any) -> Sparse:
    found, _ = load_as_it_is(given, **reading)
    assert isinstance(found, Sparse)
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_numbers_and_eigenvalues_are_those_of_the_matrix_written_out(shape: Any, reading: dict[str, Any]) -> None:
    whole, thin = load(matrix(shape), **reading), kept(matrix(shape), **reading)
    np.testing.assert_allclose(thin.X.toarray() - thin.mean, whole, atol=1e-14)
    expected = eigenvalues_of("X", whole)
    np.testing.assert_allclose(eigenvalues_of_sparse("X", thin), expected, atol=1e-13 * expected[0])
    assert thin.total == pytest.approx(expected.sum(), rel=1e-13)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_leading_eigenvalues_are_found_without_a_square_matrix(
    shape: Any, reading: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = eigenvalues_of("X", load(matrix(shape), **reading))
    monkeypatch.setattr(sparsely, "WHOLE", 1)
    monkeypatch.setattr(sparsely, "gram", None)  # it is not asked for
    found = leading_of_sparse("X", kept(matrix(shape), **reading), 6)
    np.testing.assert_allclose(found, expected[:6], rtol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("center", [False, True])
def test_the_public_spectra_take_sparse_matrices(shape: Any, center: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_moment, "_ROWS", 7)
    X = matrix(shape).astype(float)
    expected = spectrum(X.toarray(), center).eigenvalues
    np.testing.assert_allclose(spectrum(X, center).eigenvalues, expected, atol=1e-13 * expected[0])
    top = top_spectrum(X, 4, center=center, iterations=40)
    np.testing.assert_allclose(top.eigenvalues, expected[:4], rtol=1e-9)
    np.testing.assert_allclose(np.abs(np.sum(top.eigenvectors**2, axis=0)), 1, rtol=1e-12)


def test_a_matrix_of_texts_is_never_written_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("written out")

    monkeypatch.setattr(sparse.csr_array, "toarray", refused)
    monkeypatch.setattr(sparse.csr_array, "todense", refused)
    rng = np.random.default_rng(1)
    words, texts = (50_000 * rng.random(200_000) ** 3).astype(int), rng.integers(0, 20_000, 200_000)
    counts = sparse.csr_array((np.ones(200_000, np.int32), (texts, words)), shape=(20_000, 50_000))
    path = tmp_path / "counts.npz"
    sparse.save_npz(path, counts)
    with pytest.raises(DataError, match=r"more than 4,294,967,296 bytes as float64"):
        load(path)
    assert main(["spectrum", str(path), "--modes", "2", "--output-format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["samples"], found["features"], found["rank"]) == (20_000, 50_000, None)
    assert found["total"] == pytest.approx((counts.data.astype(float) ** 2).sum() / 20_000)
    top = top_spectrum(counts.astype(float), 2, iterations=8)
    np.testing.assert_allclose([row["eigenvalue"] for row in found["modes"]], top.eigenvalues, rtol=1e-6)
    assert main(["recommend", str(path), "--keep", "0.9"]) == 2
    assert "20,000 samples of 50,000 columns, neither at most 16,384" in capsys.readouterr().err


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (sparse.csr_array(([1.0, np.nan], ([0, 2], [1, 0])), shape=(3, 2)), {}, "1 missing value, in row 3, column 1"),
    (sparse.csr_array((3, 2)), {}, "every number is 0"),
    (sparse.csr_array(np.ones((3, 2))), {"center": True}, "every sample is the same"),
    (sparse.csr_array(np.full((3, 2), 1e200)), {}, "out of reach"),
    (sparse.csr_array(np.full((3, 2), -1.0)), {"white": 1}, "where white is 1"),
    (
        sparse.csr_array(([1.0], ([0], [0])), shape=(3, 10**9)),
        {},
        r"takes more than .* leave out columns that hold next",
    ),
]


@pytest.mark.parametrize(("given", "reading", "said"), REFUSED, ids=[said for *_, said in REFUSED])
def test_what_cannot_be_used_is_refused_as_a_matrix_written_out_is(given: Any, reading: Any, said: str) -> None:
    with pytest.raises(DataError, match=said):
        load_as_it_is(given, **reading)


def test_what_is_dense_stays_as_it_was() -> None:
    whole = matrix((6, 9)).toarray()
    found, told = load_as_it_is(whole, center=True)
    np.testing.assert_array_equal(found, load(whole, center=True))
    assert told.endswith("the mean of each column is taken off")

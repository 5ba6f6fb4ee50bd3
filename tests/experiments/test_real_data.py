"""Real data that packages carry: read and trained on, theory meets training, and advice keeps what was asked for."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modeflow import recommend
from modeflow.experiments.comparison import compare
from modeflow.experiments.comparison_report import table
from modeflow.experiments.data import load, spectrum

pytestmark = pytest.mark.slow


def sklearn(name: str, **options: Any) -> Any:
    """Data of scikit-learn by name."""
    return getattr(pytest.importorskip("sklearn.datasets"), f"load_{name}")(**options)


def file_of(package: str, name: str) -> Path:
    """A file in a package, which need not be imported."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        pytest.skip(f"{package} is not installed")
    return Path(found.submodule_search_locations[0]) / name


def counts() -> Any:
    """How often each word stands in each description of scikit-learn's data: a sparse matrix."""
    text = pytest.importorskip("sklearn.feature_extraction.text")
    loaders = ("iris", "wine", "breast_cancer", "diabetes", "digits", "linnerud")
    texts = [part for name in loaders for part in sklearn(name).DESCR.split("\n\n")]
    return text.CountVectorizer(min_df=2).fit_transform(texts)


def expression() -> Any:
    """Of 765 genes in 700 blood cells."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(file_of("scanpy", "datasets/10x_pbmc68k_reduced.h5ad")) as file:
        return np.asarray(file["X"])


def of_sklearn(name: str) -> Callable[[], Any]:
    return lambda: sklearn(name, as_frame=True).data


DATA: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    **{name: (of_sklearn(name), {}) for name in ("iris", "digits")},
    **{name: (of_sklearn(name), {"scale": "standard"}) for name in ("wine", "breast_cancer", "diabetes", "linnerud")},
    "words": (counts, {}),
    "gene expression": (expression, {"center": True}),
    "El Niño": (lambda: file_of("statsmodels", "datasets/elnino/elnino.csv"), {"labels": ["YEAR"], "center": True}),
    "Longley": (
        lambda: file_of("statsmodels", "datasets/longley/longley.csv"),
        {"labels": ["Obs"], "scale": "standard"},
    ),
}


@pytest.mark.parametrize("name", list(DATA))
def test_theory_and_training_agree(name: str) -> None:
    make, options = DATA[name]
    data = make()
    X = load(data, **options)
    values = spectrum(X).eigenvalues
    found = compare(data, hidden=min(X.shape[1], 128), epochs=1500, noise=0.2 * float(values[0]), **options)
    assert found.learned > 0
    assert found.rms < 0.01
    learned = np.isfinite(found.measured_half) & (found.measured_half > 50)
    np.testing.assert_allclose(found.measured_half[learned], found.predicted_half[learned], rtol=0.03)
    assert all(len(line) <= 120 for line in table(found).splitlines())


@pytest.mark.parametrize("name", list(DATA))
def test_what_is_recommended_keeps_what_was_asked_for(name: str) -> None:
    make, options = DATA[name]
    X = load(make(), **options)
    advice = recommend(spectrum(X).eigenvalues, keep=0.8)
    W = np.linalg.solve(X.T @ X / len(X) + advice.noise.noise * np.eye(X.shape[1]), (X.T @ X / len(X)).T).T
    assert np.trace(X @ W.T @ X.T) / np.trace(X @ X.T) == pytest.approx(0.8, rel=1e-6)


def test_text_is_refused_by_its_column() -> None:
    frame = sklearn("iris", as_frame=True).frame
    frame["kind"] = sklearn("iris").target_names[frame.target]
    with pytest.raises(ValueError, match="column 'kind' holds"):
        load(frame)
    assert load(frame, labels=["kind", "target"]).shape == (150, 4)

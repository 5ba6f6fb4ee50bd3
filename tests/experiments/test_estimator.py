"""The estimator is the closed form, and an estimator as scikit-learn has them."""

import importlib
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

sklearn = pytest.importorskip("sklearn")

from modeflow import LinearDenoisingAutoencoder, fixed_point, strength, train  # noqa: E402

X: NDArray[np.float64] = np.random.default_rng(0).standard_normal((60, 5)) * [3, 2, 1, 0.5, 0.1] + 1
MOMENT = np.cov(X.T, bias=True)


def network(**given: Any) -> LinearDenoisingAutoencoder:
    return LinearDenoisingAutoencoder(**given).fit(X)


def made(of: LinearDenoisingAutoencoder, samples: Any) -> Any:
    return of.inverse_transform(of.transform(samples))


def test_at_rest_under_noise_it_is_the_best_linear_denoiser() -> None:
    best = MOMENT @ np.linalg.inv(MOMENT + 0.3 * np.eye(5))
    np.testing.assert_allclose(made(network(noise=0.3), X), (X - X.mean(0)) @ best.T + X.mean(0), atol=1e-12)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(made(network(noise=0.31), X), (X - X.mean(0)) @ best.T + X.mean(0), atol=1e-3)


def test_strengths_are_those_of_the_evaluators() -> None:
    lam = np.linalg.eigvalsh(MOMENT)[::-1]
    np.testing.assert_allclose(network(decay=0.4).strengths_, fixed_point(lam, decay=0.4), rtol=1e-10)
    at_2 = network(noise=0.2, decay=0.1, time=2.0, initial_strength=1e-4).strengths_
    np.testing.assert_allclose(at_2, strength(2.0, lam, noise=0.2, decay=0.1, w1=0.01, w2=0.01), rtol=1e-9)
    np.testing.assert_allclose(network(time=0.0).strengths_, 1e-6)


def test_training_comes_to_it() -> None:
    found = train(np.linalg.eigvalsh(MOMENT)[::-1], noise=0.3, lr=0.05, epochs=3000, hidden=8, modes=range(3))
    np.testing.assert_allclose(found.strength[-1], network(noise=0.3).strengths_[:3], atol=1e-6)


@pytest.mark.parametrize("center", [True, False])
def test_chunks_and_sparse_samples_make_the_same(center: bool) -> None:
    whole = network(noise=0.3, center=center)
    chunked = LinearDenoisingAutoencoder(noise=0.3, center=center)
    for piece in (X[:2], X[2:31], X[31:]):
        chunked.partial_fit(piece)
    for other in (chunked, LinearDenoisingAutoencoder(noise=0.3, center=center).fit(sparse.csr_array(X))):
        np.testing.assert_allclose(made(other, X), made(whole, X), atol=1e-11)
        assert other.n_samples_seen_ == 60
    np.testing.assert_allclose(made(whole, sparse.csr_array(X)), made(whole, X), atol=1e-12)
    assert whole.score(sparse.csr_array(X)) == pytest.approx(whole.score(X), rel=1e-12)


def test_fewer_samples_than_features() -> None:
    few = X[:3]
    wide = LinearDenoisingAutoencoder(noise=0.3).fit(few)
    moment = np.cov(few.T, bias=True)
    best = moment @ np.linalg.inv(moment + 0.3 * np.eye(5))
    np.testing.assert_allclose(made(wide, X), (X - few.mean(0)) @ best.T + few.mean(0), atol=1e-12)
    np.testing.assert_allclose(made(wide.partial_fit(X[3:]), X), made(network(noise=0.3), X), atol=1e-11)


def test_keep_is_the_share_that_comes_through() -> None:
    kept = network(keep=0.8)
    assert kept.eigenvalues_ @ kept.strengths_ / np.trace(MOMENT) == pytest.approx(0.8)
    assert kept.noise_ > 0


def test_score_is_one_minus_the_error() -> None:
    two = network(noise=0.3, n_components=2)
    error = ((X - made(two, X)) ** 2).sum() / ((X - X.mean(0)) ** 2).sum()
    assert two.transform(X).shape == (60, 2)
    assert two.score(X) == pytest.approx(1 - error)
    assert network().score(X) == pytest.approx(1)
    assert network().score(np.array([X.mean(0)])) == 1


@pytest.mark.parametrize("samples", [np.ones((4, 3)), np.zeros((4, 3)), np.ones((1, 3))], ids=str)
def test_constant_samples_are_their_mean(samples: Any) -> None:
    constant = LinearDenoisingAutoencoder(noise=0.5).fit(samples)
    np.testing.assert_array_equal(constant.strengths_, 0)
    np.testing.assert_allclose(made(constant, samples + 1), samples)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"noise": -1.0}, "noise = -1.0: give"),
        ({"decay": float("nan")}, "decay = nan: give"),
        ({"time": -1.0}, "time = -1.0: give"),
        ({"time": 1.0, "initial_strength": -1.0}, "initial_strength = -1.0: give"),
        ({"n_components": 6}, "n_components = 6: give a whole number from 1 to 5"),
        ({"n_components": 0}, "n_components = 0: give"),
        ({"keep": 0.5, "noise": 1.0}, "leave noise and decay out"),
        ({"keep": 1.5}, "keep = 1.5"),
    ],
)
def test_wrong_arguments_are_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        network(**given)


def test_wrong_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="X has 4 columns: give 5"):
        network().inverse_transform(np.ones((2, 4)))
    with pytest.raises(ValueError, match="16,385 features, over 16,384; take fewer"):
        LinearDenoisingAutoencoder().fit(sparse.csr_array((2, 16385)))


def test_without_scikit_learn_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "modeflow.experiments.estimator")
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    with pytest.raises(ImportError, match=r"pip install 'modeflow\[sklearn\]'"):
        importlib.import_module("modeflow.experiments.estimator")


@pytest.mark.slow
@pytest.mark.parametrize("given", [{}, {"noise": 0.5, "decay": 0.1, "time": 3.0, "n_components": 1}], ids=str)
def test_scikit_learn_finds_no_fault(given: dict[str, Any]) -> None:
    from sklearn.utils.estimator_checks import check_estimator

    found = check_estimator(LinearDenoisingAutoencoder(**given), on_skip=None)
    assert len(found) > 40
    assert {one["status"] for one in found} <= {"passed", "skipped"}


def test_it_is_a_step_of_a_pipeline() -> None:
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    search = GridSearchCV(
        make_pipeline(LinearDenoisingAutoencoder(), Ridge()),
        {"lineardenoisingautoencoder__noise": [0.1, 1.0]},
        cv=2,
    )
    search.fit(X, X[:, 0])
    assert search.best_params_["lineardenoisingautoencoder__noise"] == 0.1

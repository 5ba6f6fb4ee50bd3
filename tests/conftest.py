"""Fixtures that several test files share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:  # the workers share the cores: a BLAS thread each, set before NumPy loads
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def cache_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Tests leave the verdicts of whoever runs them alone, and are not helped by them."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("MODEFLOW_CACHE_DIR", str(folder))
        patch.setenv("MODEFLOW_CACHE_KEY", "a key for tests only")
        yield folder


SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"needs ../shared/data/{name}, which is not here")
    return path


@pytest.fixture(scope="session")
def mnist_path() -> Path:
    """The 10,000 MNIST test images, IDX, gzip."""
    return _shared("t10k-images-idx3-ubyte.gz")


@pytest.fixture(scope="session")
def cifar_path() -> Path:
    """10,000 CIFAR-10 test images, binary records, xz."""
    return _shared("cifar10_test_batch.bin.xz")

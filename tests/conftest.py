"""Fixtures that several test files share, the seed of the day, and a part of the slow tests."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import daily
import pytest

if "PYTEST_XDIST_WORKER" in os.environ:  # the workers share the cores: a BLAS thread each, set before NumPy loads
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

for name in ("COLUMNS", "LINES"):  # readline, which pytest imports, sets them for the processes that it starts
    os.environ.pop(name, None)

if sys.dont_write_bytecode:  # each of the many processes that tests start would compile the whole package again
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

os.environ.setdefault("SYMPY_CACHE_SIZE", "10000")  # results kept of each function, as in checking processes

daily.settle()  # before the workers of xdist start, which take it over


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if getattr(config.option, "hypothesis_seed", "") is None:  # Hypothesis is installed, and nobody chose
        config.option.hypothesis_seed = daily.seed()


def pytest_report_header() -> str:
    return f"seed of the day: {daily.VARIABLE}={daily.seed()}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(pytest_report_header())  # with -q there is no header


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow-part", metavar="K/N", type=daily.part, help="of the slow tests, part K of N of the day")


@pytest.hookimpl(tryfirst=True)  # before tests are left out by their marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if odd := [i.nodeid for i in items if " at 0x" in i.nodeid]:
        raise pytest.UsageError(f"{odd[0]}: another name in each process, so that xdist runs nothing; give ids")
    for item in items:
        if item.get_closest_marker("costly") and not daily.in_part(item.nodeid, 1, daily.COSTLY):
            item.add_marker("slow")
    if chosen := config.getoption("--slow-part"):
        left_out = {i for i in items if i.get_closest_marker("slow") and not daily.in_part(i.nodeid, *chosen)}
        config.hook.pytest_deselected(items=[i for i in items if i in left_out])
        items[:] = [i for i in items if i not in left_out]


def pytest_collection_finish() -> None:
    gc.freeze()  # thousands of tests and all that they import stay: no search for garbage among them
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def cache_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Verdicts and compiled code of this run, one folder for all its workers.

    Tests leave the cache of whoever runs them alone, and are not helped by it.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"
    folder.mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
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

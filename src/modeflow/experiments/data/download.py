"""Public image files, by name: fetched once, held against a checksum written here, and kept."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modeflow.files import cache_folder, write

from .error import DataError

__all__ = ["SOURCES", "fetch"]

_CIFAR = ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", "md5:c32a1d4ab5d03f1284b67883e8d13530")
_MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/"
_FASHION = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"
SOURCES = {
    "mnist": (_MNIST + "train-images-idx3-ubyte.gz", "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873"),
    "mnist-test": (_MNIST + "t10k-images-idx3-ubyte.gz", "md5:9fb629c4189551a2d022fa330f9573f3"),
    "fashion-mnist": (_FASHION + "train-images-idx3-ubyte.gz", "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    "fashion-mnist-test": (_FASHION + "t10k-images-idx3-ubyte.gz", "md5:bef4ecab320f06d8554ea6380940ec79"),
    **{f"cifar-10-{batch}": _CIFAR for batch in ("1", "2", "3", "4", "5", "test")},
}
"""Name → address and checksum of what its publishers offer."""

MEMBERS = {
    **{f"cifar-10-{batch}": f"cifar-10-batches-bin/data_batch_{batch}.bin" for batch in "12345"},
    "cifar-10-test": "cifar-10-batches-bin/test_batch.bin",
}
"""Name → the file wanted, where the address is that of an archive (.tar.gz) of several."""

_TIMEOUT = 30  # seconds without a byte


def fetch(name: str, folder: str | Path | None = None) -> Path:
    """The file of a public data set by its name, from a cache of the user's or else from the network.

    A file there already is used when its checksum is right, without a connection. A file of an archive (CIFAR-10's
    batches of 10,000 images, 1 to 5 and test) is unpacked beside it. Needs the extra `modeflow[download]`.

    Parameters:
        name: mnist, mnist-test, fashion-mnist, fashion-mnist-test, cifar-10-1 to cifar-10-5, or cifar-10-test.
        folder: where files are kept; None means the user's cache.
    Returns: the path of the file.
    Raises:
        DataError: an unknown name, a failed or cut connection, a wrong checksum (the file is not kept), or a folder
            that cannot be written.
    Example:
        >>> import modeflow
        >>> modeflow.data.fetch("letters")
        Traceback (most recent call last):
        modeflow.experiments.data.error.DataError: letters: no data of that name; give one of ...
    """
    if name not in SOURCES:
        raise DataError(name, "no data of that name", f"give one of {', '.join(SOURCES)}")
    cache = cache_folder() / "data" if folder is None else Path(folder)
    file = cache / _file_name(name)
    with _explained(name, file):
        fetched = _retrieved(name, file)
        return _unpacked(fetched, MEMBERS[name], cache / f"{name}.bin") if name in MEMBERS else fetched


def _file_name(name: str) -> str:
    """That of an archive is its publisher's, as it is fetched once for all its files."""
    offered = SOURCES[name][0].rsplit("/", 1)[1]
    return offered if name in MEMBERS else f"{name}-{offered}"


def _retrieved(name: str, file: Path) -> Path:
    """The file, fetched unless it is there with the right checksum."""
    import pooch

    address, checksum = SOURCES[name]
    get = pooch.HTTPDownloader(timeout=_TIMEOUT)
    return Path(pooch.retrieve(address, checksum, fname=file.name, path=file.parent, downloader=get))


@contextmanager
def _explained(name: str, file: Path) -> Iterator[None]:
    """Within it, what goes wrong is a DataError."""
    address, checksum = SOURCES[name]
    try:
        import requests

        yield
    except ImportError as error:
        raise DataError(name, "downloading needs pooch", "pip install 'modeflow[download]'") from error
    except requests.RequestException as error:
        found = f"{address} could not be fetched ({type(error).__name__})"
        raise DataError(name, found, f"try again, or put the file at {file}") from error
    except (KeyError, tarfile.TarError) as error:
        found = f"{file.name} holds no file {MEMBERS[name]}"
        raise DataError(name, found, f"remove {file} and try again") from error
    except ValueError as error:
        raise DataError(name, f"{address} has not the checksum {checksum}", "do not use it; try again later") from error
    except OSError as error:
        raise DataError(name, f"{file.parent} cannot be written ({error.strerror})", "give another folder") from error


def _unpacked(archive: Path, member: str, target: Path) -> Path:
    """One file of a tar archive, whose checksum is known."""
    with tarfile.open(archive) as tar:
        inside = tar.extractfile(member)
        if inside is None:
            raise KeyError(member)
        with inside:
            write(target, inside.read())
    return target

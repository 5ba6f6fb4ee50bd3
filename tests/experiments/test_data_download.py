"""Downloads, from a server on 127.0.0.1: right, wrong, cut, and from the cache."""

import gc
import gzip
import hashlib
import io
import struct
import tarfile
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from modeflow.experiments.data import DataError, download, fetch, load

pytest.importorskip("pooch", reason="the extra modeflow[download] is not installed")

IMAGES = gzip.compress(struct.pack(">BBBB3I", 0, 0, 8, 3, 2, 2, 2) + bytes(range(1, 9)))


class Server:
    """What is served, whether it is cut short, and how often it was asked for."""

    def __init__(self) -> None:
        self.body, self.cut, self.status, self.asked = IMAGES, 0, 200, 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body[: len(outer.body) - outer.cut])

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/images-idx3-ubyte.gz"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    served = Server()
    thread = threading.Thread(target=served.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    checksum = "md5:" + hashlib.md5(IMAGES, usedforsecurity=False).hexdigest()
    monkeypatch.setitem(download.SOURCES, "mnist", (served.address, checksum))
    yield served
    served.http.shutdown()
    thread.join()
    served.http.server_close()
    with warnings.catch_warnings():  # requests leaves the socket of a connection that was cut
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_fetched_once_and_then_from_the_cache(server: Server, tmp_path: Path) -> None:
    path = fetch("mnist", tmp_path / "new")
    np.testing.assert_array_equal(load(path, white=8), np.arange(1, 9).reshape(2, 4) / 8)
    assert server.asked == 1
    server.status = 500
    assert fetch("mnist", tmp_path / "new") == path
    assert server.asked == 1
    path.write_bytes(b"damaged since")
    with pytest.raises(DataError, match="could not be fetched"):
        fetch("mnist", tmp_path / "new")
    server.status = 200
    assert fetch("mnist", tmp_path / "new").read_bytes() == IMAGES


def test_a_wrong_checksum_is_refused_and_not_kept(server: Server, tmp_path: Path) -> None:
    server.body = IMAGES[:-1] + b"\x01"
    with pytest.raises(DataError, match="has not the checksum md5"):
        fetch("mnist", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cut", [1, len(IMAGES)])
def test_a_cut_connection_is_told_and_nothing_kept(server: Server, tmp_path: Path, cut: int) -> None:
    server.cut = cut
    with pytest.raises(DataError, match="could not be fetched"):
        fetch("mnist", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_server(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(download.SOURCES, "mnist", ("http://127.0.0.1:9/x.gz", "md5:0"))
    with pytest.raises(DataError, match="could not be fetched") as error:
        fetch("mnist", tmp_path)
    assert str(tmp_path) in str(error.value), "no remedy"


def test_folder_that_is_a_file(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written"):
        fetch("mnist", tmp_path / "file")


def _archive(**members: bytes) -> bytes:
    """A .tar.gz as CIFAR-10's publishers offer it."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(f"cifar-10-batches-bin/{name}.bin")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return whole.getvalue()


def test_a_batch_out_of_an_archive(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = np.arange(2 * 3073, dtype=np.uint8) % 10
    server.body = _archive(data_batch_1=bytes(3073), test_batch=images.tobytes())
    checksum = "md5:" + hashlib.md5(server.body, usedforsecurity=False).hexdigest()
    for name in ("cifar-10-test", "cifar-10-1", "cifar-10-2"):
        monkeypatch.setitem(download.SOURCES, name, (server.address, checksum))
    test = fetch("cifar-10-test", tmp_path)
    np.testing.assert_array_equal(load(test, white=9), images.reshape(2, 3073)[:, 1:] / 9)
    test.unlink()
    assert fetch("cifar-10-test", tmp_path).read_bytes() == images.tobytes()
    assert fetch("cifar-10-1", tmp_path).read_bytes() == bytes(3073)
    assert server.asked == 1, "one archive for all batches"
    with pytest.raises(DataError, match=r"holds no file cifar-10-batches-bin/data_batch_2\.bin"):
        fetch("cifar-10-2", tmp_path)


def test_unknown_name() -> None:
    with pytest.raises(DataError, match="give one of mnist, mnist-test"):
        fetch("minst")

"""Images in, spectrum out; and every unusable file named for what it is."""

import gzip
import io
import lzma
import os
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse.linalg import eigsh

from modeflow.experiments.data import (
    DataError,
    ScaleWarning,
    load,
    load_and_remark,
    made_from_spectrum,
    spectrum,
    spectrum_of_chunks,
    top_spectrum,
)

Array = NDArray[np.float64]
PIXELS = np.random.default_rng(0).integers(0, 256, (7, 4, 5), dtype=np.uint8)


def idx(images: NDArray[Any], code: int = 0x08) -> bytes:
    return struct.pack(f">BBBB{images.ndim}I", 0, 0, code, images.ndim, *images.shape) + images.tobytes()


def cifar(n: int = 3, label: int = 9) -> NDArray[np.uint8]:
    records = np.random.default_rng(1).integers(0, 256, (n, 3073), dtype=np.uint8)
    records[:, 0] = label
    return records


def npy(array: NDArray[Any], **options: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def write(folder: Path, raw: bytes, name: str = "images") -> Path:
    path = Path(folder) / name
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress, lzma.compress])
@pytest.mark.parametrize("store", [idx, npy])
def test_images_are_scaled_and_flattened(
    tmp_path: Path, squeeze: Callable[[bytes], bytes], store: Callable[[NDArray[Any]], bytes]
) -> None:
    X = load(write(tmp_path, squeeze(store(PIXELS))))
    assert X.dtype == np.float64
    np.testing.assert_array_equal(X, PIXELS.reshape(7, 20) / 255)


def test_several_streams_in_one_file(tmp_path: Path) -> None:
    raw = idx(PIXELS)
    for squeeze in (gzip.compress, lzma.compress):
        X = load(write(tmp_path, squeeze(raw[:50]) + squeeze(raw[50:])))
        np.testing.assert_array_equal(X, PIXELS.reshape(7, 20) / 255)


def test_big_endian_floats(tmp_path: Path) -> None:
    values = np.random.default_rng(0).random((3, 2, 2))
    X = load(write(tmp_path, idx(values.astype(">f4"), code=0x0D)))
    np.testing.assert_allclose(X, values.reshape(3, 4), rtol=1e-7)


def test_cifar_records_drop_their_labels(tmp_path: Path) -> None:
    records = cifar()
    np.testing.assert_array_equal(load(write(tmp_path, records.tobytes())), records[:, 1:] / 255)


def test_other_dtypes_of_npy(tmp_path: Path) -> None:
    wide = (PIXELS.astype(np.uint16)) * 257
    np.testing.assert_allclose(load(write(tmp_path, npy(wide))), PIXELS.reshape(7, 20) / 255)
    single = (PIXELS / 255).astype(np.float32)
    np.testing.assert_array_equal(load(write(tmp_path, npy(single))), single.reshape(7, 20))
    np.testing.assert_array_equal(load(write(tmp_path, npy(PIXELS > 99))), (PIXELS > 99).reshape(7, 20))


@pytest.mark.parametrize("dtype", [">i2", "u4", np.int64, np.uint64])
def test_whole_numbers_of_other_types_are_as_they_are(tmp_path: Path, dtype: Any) -> None:
    path = write(tmp_path, npy(PIXELS.astype(dtype)))
    X, remark = load_and_remark(path)
    np.testing.assert_array_equal(X, PIXELS.reshape(7, 20))
    assert remark == f"the numbers are as they are, from {PIXELS.min()} to {PIXELS.max()}"
    np.testing.assert_array_equal(load(path, white=510), PIXELS.reshape(7, 20) / 510)
    np.testing.assert_array_equal(load(path, scale="unit"), PIXELS.reshape(7, 20) / PIXELS.max())


@pytest.mark.parametrize(
    ("images", "divisor", "largest"),
    [
        (np.arange(17).reshape(1, 17).astype(np.uint8), 255, 16),  # handwritten digits of 17 shades of grey
        (np.eye(3, dtype=np.uint8), 255, 1),
        (np.arange(0, 4096, 63, dtype=np.uint16).reshape(1, -1), 65535, 4095),  # 12 bits of a camera
    ],
)
def test_a_guessed_white_is_said_where_it_may_be_wrong(
    tmp_path: Path, images: NDArray[Any], divisor: int, largest: int
) -> None:
    path = write(tmp_path, npy(images))
    said = rf"whole numbers from 0 to {largest} are divided by {divisor}, the largest .*white={largest}"
    with pytest.warns(ScaleWarning, match=said):
        X = load(path)
    np.testing.assert_array_equal(X, images / divisor)
    np.testing.assert_array_equal(load(path, white=largest), images / largest)


def test_white_is_checked(tmp_path: Path) -> None:
    path = write(tmp_path, npy(PIXELS))
    for white in (0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match=rf"white = {white}: give the number of a white pixel"):
            load(path, white=white)
    with pytest.raises(ValueError, match=r"white = 5, scale = 'standard': .*leave one"):
        load(path, white=5, scale="standard")
    with pytest.raises(ValueError, match=r"scale = 'big': give one of none, unit, standard"):
        load(path, scale="big")
    with pytest.raises(DataError, match=r"numbers from 0 to 255, where white is 100; give"):
        load(write(tmp_path, npy(np.array([[0, 255]], np.uint8))), white=100)
    with pytest.raises(DataError, match=r"numbers from -3 to 4.*white"):
        load(write(tmp_path, npy(np.array([[-3.0, 4.0]]))), white=4)
    with pytest.raises(DataError, match=r"they lie in \[0, 1\] already"):
        load(write(tmp_path, npy(np.array([[0.0, 1.0]]))), white=255)
    np.testing.assert_array_equal(load(write(tmp_path, npy(np.array([[1.0, 4.0]]))), white=4), [[0.25, 1.0]])


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("label,a,b\ncat,0,255\ndog,10,20\n", ["label"]),
        ('a,Label,b\n0,"cat, black",255\n10,,20\n', ["Label"]),
        ('a;b;"label"\r\n0;255;ship\r\n10;20;3\r\n', ["label"]),
        ("kind\ta\tof\tb\nx\t0\ty\t255\nz\t10\tw\t20\n", ["kind", "of"]),
        ("0,255,cat\n10,20,dog\n", ["3"]),
        (",a,b\n0,0,255\n1,10,20\n", ["1"]),
        ("0,kind,1\n0,x,255\n10,y,20\n", ["kind"]),
    ],
)
def test_columns_are_left_out_where_they_are_named(tmp_path: Path, text: str, labels: list[str]) -> None:
    np.testing.assert_array_equal(load(write(tmp_path, text.encode()), labels=labels), [[0, 255], [10, 20]])
    np.testing.assert_array_equal(load(write(tmp_path, gzip.compress(text.encode())), labels=labels)[1], [10, 20])


def test_no_column_is_left_out_unless_it_is_named(tmp_path: Path) -> None:
    X, remark = load_and_remark(write(tmp_path, b"label,a\n7,1\n8,2\n"))
    np.testing.assert_array_equal(X, [[7, 1], [8, 2]])
    assert remark.endswith("column 'label' is used like the others; --label label leaves it out")
    for label, said in [("c", "no column 'c' to leave out; give one of label, a"), ("2", "no column '2'")]:
        with pytest.raises(DataError, match=said):
            load(tmp_path / "images", labels=[label])
    with pytest.raises(DataError, match="columns have no names here; give a number from 1 to 20"):
        load(write(tmp_path, npy(PIXELS)), labels=["label"])
    np.testing.assert_array_equal(load(tmp_path / "images", labels="2")[:, 1], PIXELS[:, 0, 2] / 255)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind,a,b\ncat,0,255\n", r"'cat' in line 2, column 1 \(kind\) is no number; leave .*--label 'kind'"),
        ("label,a,b\n1,0,255\n2,x,1\n", r"'x' in line 3, column 2 \(a\) is no number"),
        ("1,2\n3,x\n", r"'x' in line 2, column 2 is no number; leave .*--label '2'"),
        ("label,a\n1,0,255\n", "line 2 has 3 values, there are 2 names"),
        ("a,b\n1,\n,\n2,NA\n", r"4 missing values, the first in line 2, column 2 \(b\); fill"),
        ("1 2\n3\n", "line 2 has 1 value, line 1 has 2"),
    ],
)
def test_what_is_no_number_is_named_by_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        load(write(tmp_path, text.encode()))


def test_a_ragged_line_is_seen_beside_labels(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 3 has 4 values"):
        load(write(tmp_path, b"kind,a,b\nx,1,2\ny,3,4,5\n"), labels=["kind"])


def test_text_between_any_marks(tmp_path: Path) -> None:
    for text in ("1\t2\n3\t4\n", "1;2\n3;4\n", "1 2\n3   4\n", "a b,c\n1,2\n3,4\n", "x\n1\n"):
        found = load(write(tmp_path, text.encode()))
        np.testing.assert_array_equal(found, [[1, 2], [3, 4]] if found.shape[1] == 2 else [[1]])


def test_masked_images_are_refused() -> None:
    with pytest.raises(DataError, match="masked"):
        spectrum(np.ma.masked_less(np.ones((2, 3)) * [0, 1, 2], 1))


def test_npy_as_python_2_wrote_it(tmp_path: Path) -> None:
    """Its header has long numbers, at which NumPy warns."""
    header = b"{'descr': '<f8', 'fortran_order': True, 'shape': (2L, 2L)}\n"
    raw = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + np.array([0.0, 0.25, 0.5, 1.0]).tobytes()
    np.testing.assert_array_equal(load(write(tmp_path, raw)), [[0, 0.5], [0.25, 1]])


def test_npz_passes_over_labels(tmp_path: Path) -> None:
    path = write(tmp_path, npz(labels=np.arange(7), images=PIXELS))
    np.testing.assert_array_equal(load(path), PIXELS.reshape(7, 20) / 255)


def test_tables_and_archives_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="more than"):
        load(write(tmp_path, b"1,1\n" * 1000), max_bytes=8000)
    with pytest.raises(DataError, match="more than"):
        load(write(tmp_path, npz(x=np.zeros((1000, 1000), np.uint8))), max_bytes=2**16)


def npy_header(entries: str) -> bytes:
    """An array of format 1.0 with that dictionary, and four numbers after it."""
    header = f"{{{entries}}}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(32)


UNUSABLE = {
    "empty": (b"", "empty file"),
    "text": (b"not an image at all\n", "no known format"),
    "one byte": (b"\x00", "no known format"),
    "labels": (idx(np.zeros(7, np.uint8)), "labels"),
    "no images": (idx(np.zeros((0, 4, 5), np.uint8)), "no samples"),
    "idx header cut": (idx(PIXELS)[:9], "header cut off"),
    "idx truncated": (idx(PIXELS)[:-1], "truncated"),
    "idx too long": (idx(PIXELS) + b"\0", "too long"),
    "idx boasting": (struct.pack(">BBBB3I", 0, 0, 8, 3, 2**31, 2**31, 2**31), "more than"),
    "gzip truncated": (gzip.compress(idx(PIXELS))[:-30], "truncated gzip"),
    "gzip damaged": (gzip.compress(idx(PIXELS))[:20] + b"\xff" * 30, "gzip stream"),
    "gzip trailing junk": (gzip.compress(idx(PIXELS)) + b"junk", "damaged gzip"),
    "gzip of text": (gzip.compress(b"hello"), "no known format"),
    "xz truncated": (lzma.compress(idx(PIXELS))[:-30], "truncated xz"),
    "xz damaged": (lzma.compress(idx(PIXELS))[:40] + b"\xff" * 60, "xz stream"),
    "cifar truncated": (cifar().tobytes()[:-1], "no known format"),
    "not cifar": (cifar(label=10).tobytes(), "label is 10"),
    "npz": (b"PK\x03\x04" + b"\0" * 60, "damaged .npz"),
    "npz of labels": (npz(y=np.arange(5)), "0 arrays of samples"),
    "npz of two": (npz(x_train=PIXELS, x_test=PIXELS), "2 arrays of samples (x_train, x_test)"),
    "npz truncated": (npz(x=PIXELS)[:-30], "damaged .npz"),
    "npz pickle": (npz(x=np.array([[{}]], dtype=object)), "object"),
    "csv ragged": (b"1,2,3\n4,5\n", "line 2 has 2 values, line 1 has 3"),
    "csv words": (b"a,b\n1,two\n", "'two' in line 2, column 2 (b) is no number"),
    "csv gap": (b"0.1,,0.3\n0.1,0.2,0.3\n", "1 missing value, in line 1, column 2"),
    "csv NaN": (b"0.1,0.2\n0.3,nan\n", "1 missing value, in row 2, column 2"),
    "csv of labels": (b"label,\n", "without a line of numbers"),
    "csv header alone": (b"a,b\n", "without a line of numbers"),
    "csv of binary": (b"a,b\n\0\1,2\n", "a byte that is no text at 4"),
    "csv of another encoding": ("a,b\nä,2\n".encode("latin-1"), "a byte that is no text at 4"),
    "csv huge": (b"a,b\n1e200,2\n", "out of reach of float64's squares; scale"),
    "csv infinite": (b"a,b\n1,inf\nnan,-inf\n", "1 missing and 2 infinite values, the first in row 1, column 2 (b)"),
    "npy header": (b"\x93NUMPY\x01\x00\x10\x00{'descr': oops   ", "damaged .npy header"),
    "npy magic only": (b"\x93NUMPY", "damaged .npy header"),
    "npy truncated": (npy(PIXELS)[:-1], "truncated"),
    "npy vector": (npy(np.arange(5)), "single vector"),
    "npy scalar": (npy(np.array(0.5)), "single vector"),
    "npy complex": (npy(np.zeros((2, 2), complex)), "complex128"),
    "npy pickle": (npy(np.array([[{}, 1]], dtype=object), allow_pickle=True), "object"),
    "npy NaN": (npy(np.array([[0.5, np.nan]])), "1 missing value, in row 1, column 2"),
    "npy infinite": (npy(np.array([[0.5, 0.1], [np.inf, 0.0]])), "1 infinite value, in row 2, column 1"),
    "npy shape below 0": (
        npy_header("'descr': '<f8', 'fortran_order': False, 'shape': (-2, -2)"),
        "damaged .npy header",
    ),
    "npy shape of truths": (npy_header("'descr': '<f8', 'fortran_order': False, 'shape': (True, 2)"), "damaged .npy"),
    "npy header too deep": (npy_header("'shape': " + "-" * 9000 + "1"), "damaged .npy header"),
    "black": (npy(np.zeros((2, 3), np.uint8)), "every number is 0"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_unusable_files_are_named(tmp_path: Path, name: str) -> None:
    raw, found = UNUSABLE[name]
    path = write(tmp_path, raw, "some file")
    with pytest.raises(DataError) as error:
        load(path)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert found in message
    assert "; " in message, "no remedy"
    assert "\n" not in message


def test_no_file_and_no_regular_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        load(tmp_path / "absent")
    with pytest.raises(DataError, match="a folder without pictures"):
        load(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(DataError, match=r"loop: too many levels of symbolic links; check the path"):
        load(tmp_path / "loop")
    with pytest.raises(DataError, match="file name too long; check the path"):
        load(tmp_path / ("n" * 300))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    path = write(folder, idx(PIXELS))
    for closed in (path, folder):
        closed.chmod(0)
        with pytest.raises(DataError, match=r"unreadable .Permission denied.; check the path and its permissions"):
            load(path)
        closed.chmod(0o700)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "sprung",))

    with pytest.raises(DataError):
        load(write(tmp_path, npy(np.array([[Trap()]], dtype=object), allow_pickle=True)))
    assert not (tmp_path / "sprung").exists()


@pytest.mark.costly
@pytest.mark.parametrize("squeeze", [gzip.compress, lzma.compress])
def test_a_decompression_bomb_stays_small(tmp_path: Path, squeeze: Callable[[bytes], bytes]) -> None:
    bomb = write(tmp_path, squeeze(struct.pack(">BBBB2I", 0, 0, 8, 2, 1, 1) + bytes(2**26)))
    tracemalloc.start()
    with pytest.raises(DataError, match="stream of more than"):
        load(bomb, max_bytes=2**20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**24


@pytest.mark.costly
@pytest.mark.parametrize("squeeze", [gzip.compress, lzma.compress])
def test_decompression_copies_no_more_than_pieces(tmp_path: Path, squeeze: Callable[[bytes], bytes]) -> None:
    images = np.zeros((2**17, 2**10), np.uint8)  # of 2²⁷ bytes, eight pieces
    images[::1000] = 1
    path = write(tmp_path, squeeze(idx(images)))
    tracemalloc.start()
    with pytest.raises(DataError, match="more than 134,217,999 bytes as float64"):
        load(path, max_bytes=2**27 + 271)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.5 * 2**27


def test_many_streams_take_no_longer_than_their_bytes(tmp_path: Path) -> None:
    """An image a stream, and streams of nothing between them."""
    nothing, rows = gzip.compress(b""), [gzip.compress(row.tobytes()) for row in PIXELS.reshape(140, 1)]
    head = gzip.compress(idx(PIXELS)[:16])
    path = write(tmp_path, head + nothing * 50_000 + b"".join(rows) + b"\0" * 100)
    np.testing.assert_array_equal(load(path), PIXELS.reshape(7, 20) / 255)


def test_the_limit_counts_float64_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, idx(PIXELS))
    assert load(path, max_bytes=PIXELS.size * 8).nbytes == PIXELS.size * 8
    with pytest.raises(DataError, match="more than"):
        load(path, max_bytes=PIXELS.size * 8 - 1)


def test_spectrum_diagonalises_the_second_moment() -> None:
    X = np.random.default_rng(3).random((40, 12))
    s = spectrum(X)
    assert (np.diff(s.eigenvalues) <= 0).all()
    np.testing.assert_allclose(s.eigenvectors * s.eigenvalues @ s.eigenvectors.T, X.T @ X / 40, atol=1e-13)
    np.testing.assert_allclose(s.eigenvectors.T @ s.eigenvectors, np.eye(12), atol=1e-13)
    assert s.clipped == 0


def test_rounding_below_zero_is_clipped_and_told() -> None:
    X = np.outer(np.linspace(0.1, 1, 30), np.linspace(0.3, 1, 25))
    s = spectrum(X)
    assert s.eigenvalues.min() == 0
    assert 0 < s.clipped < 1e-14


@pytest.mark.parametrize("center", [False, True])
def test_chunks_and_leading_modes_agree_with_the_whole(center: bool) -> None:
    rng = np.random.default_rng(5)
    X = rng.standard_normal((200, 40)) * 0.8 ** np.arange(40) + 5.0
    whole = spectrum(X, center=center)
    expected = np.linalg.svd(X - X.mean(axis=0) if center else X)[1] ** 2 / 200
    np.testing.assert_allclose(whole.eigenvalues, expected, atol=1e-12 * expected[0])
    chunked = spectrum_of_chunks((X[k : k + 33] for k in range(0, 200, 33)), center=center)
    np.testing.assert_allclose(chunked.eigenvalues, expected, atol=1e-12 * expected[0])
    top = top_spectrum(X, 5, center=center)
    np.testing.assert_allclose(top.eigenvalues, expected[:5], rtol=1e-6)
    np.testing.assert_allclose(abs((top.eigenvectors * whole.eigenvectors[:, :5]).sum(axis=0)), 1, atol=1e-5)
    exact = top_spectrum(X, 40, center=center, iterations=1)
    np.testing.assert_allclose(exact.eigenvalues, expected, atol=1e-12 * expected[0])


def test_centring_in_chunks_keeps_its_digits() -> None:
    X = np.random.default_rng(6).standard_normal((90, 5)) + 1e6
    chunked = spectrum_of_chunks([X[:30], X[30:]], center=True)
    np.testing.assert_allclose(chunked.eigenvalues, spectrum(X, center=True).eigenvalues, rtol=1e-9)


def test_chunks_that_do_not_fit_together() -> None:
    with pytest.raises(DataError, match="no chunk"):
        spectrum_of_chunks([])
    with pytest.raises(DataError, match="chunk 1 has 3"):
        spectrum_of_chunks([np.ones((2, 4)), np.ones((2, 3))])
    with pytest.raises(ValueError, match="k = 4"):
        top_spectrum(np.ones((5, 3)), 4)


@pytest.mark.parametrize("X", [np.zeros((0, 3)), np.zeros((3, 0)), np.zeros(3), np.full((2, 2), np.inf)])
def test_spectrum_refuses_what_has_none(X: Array) -> None:
    with pytest.raises(DataError), np.errstate(invalid="ignore"):
        spectrum(X)


@pytest.mark.parametrize("values", [(3.0, 1.0, 0.5), (2.0, 2.0, 0.0, 0.0), (1e6, 1.0, 1e-6)])
def test_made_data_have_the_stated_spectrum(values: Any) -> None:
    X = made_from_spectrum(values, n=11, seed=4)
    assert X.shape == (11, len(values))
    np.testing.assert_allclose(spectrum(X).eigenvalues, values, atol=1e-14 * max(values))
    np.testing.assert_array_equal(X, made_from_spectrum(values, n=11, seed=4))
    assert not np.array_equal(X, made_from_spectrum(values, n=11, seed=5))


@pytest.mark.parametrize(("values", "n"), [([], 3), ([1.0, -1.0], 3), ([np.inf], 3), ([1.0, 1.0], 1)])
def test_impossible_spectra(values: Any, n: int) -> None:
    with pytest.raises(ValueError, match="eigenvalues"):
        made_from_spectrum(values, n, seed=0)


def test_mnist(mnist_path: Path) -> None:
    X = load(mnist_path)
    assert X.shape == (10_000, 784)
    values = spectrum(X).eigenvalues
    np.testing.assert_allclose(values[:3], [39.643138, 4.516109, 3.986829], atol=1e-6)
    assert np.count_nonzero(values > 1e-12) == 661


@pytest.mark.costly
def test_cifar(cifar_path: Path) -> None:
    X = load(cifar_path)
    assert X.shape == (10_000, 3072)
    top = eigsh(X.T @ X / len(X), k=3, return_eigenvectors=False)[::-1]
    np.testing.assert_allclose(top, [750.404524, 23.766276, 14.987011], atol=1e-6)

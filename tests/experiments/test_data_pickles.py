"""Pickled batches: every protocol and spelling is read, and nothing in a file is ever run."""

import pickle
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from modeflow.experiments.data import DataError, load, pickles

PIXELS = np.random.default_rng(2).integers(0, 256, (5, 3072), dtype=np.uint8)


def batch(data: Any = PIXELS, **more: Any) -> dict[Any, Any]:
    return {b"data": data, b"labels": [3, 1, 4, 1, 5], b"filenames": [b"a.png"] * 5, b"batch_label": b"1 of 1", **more}


def write(folder: Path, raw: bytes) -> Path:
    path = folder / "batch"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_protocol(tmp_path: Path, protocol: int, order: Any) -> None:
    raw = pickle.dumps(batch(np.asarray(PIXELS, order=order)), protocol=protocol)
    np.testing.assert_array_equal(load(write(tmp_path, raw)), PIXELS / 255)


@pytest.mark.parametrize("protocol", range(6))
def test_old_and_new_names_of_numpy(tmp_path: Path, protocol: int) -> None:
    raw = pickle.dumps(batch(), protocol=protocol)
    names = [(b"numpy._core.multiarray", b"numpy.core.multiarray"), (b"numpy._core.numeric", b"numpy.core.numeric")]
    for new, old in [pair for one, other in names for pair in ((one, other), (other, one))]:
        for before, after in ((new, old), (bytes([len(new)]) + new, bytes([len(old)]) + old)):
            if protocol < 4 or before[0] == len(new):
                renamed = raw.replace(before, after)
                np.testing.assert_array_equal(load(write(tmp_path, renamed)), PIXELS / 255)


def python2() -> bytes:
    """As Python 2 wrote the published batches: byte strings are text."""
    pixels = PIXELS.tobytes()
    size = len(pixels).to_bytes(4, "little")
    return (
        b"\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04K\x00\x85q\x05"
        b"U\x01bq\x06\x87q\x07Rq\x08(K\x01M\x05\x00M\x00\x0c\x86q\x09cnumpy\ndtype\nq\x0aU\x02u1q\x0bK\x00K\x01\x87q"
        b"\x0cRq\x0d(K\x03U\x01|q\x0eNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x0fb\x89T"
        + size
        + pixels
        + b"q\x10tq"
        b"\x11bU\x06labelsq\x12]q\x13(K\x01K\x02K\x03K\x04K\x05eu."
    )


def test_batches_as_python_2_wrote_them(tmp_path: Path) -> None:
    raw = python2()
    np.testing.assert_array_equal(pickle.loads(raw, encoding="latin1")["data"], PIXELS)  # noqa: S301
    np.testing.assert_array_equal(load(write(tmp_path, raw)), PIXELS / 255)


class Call:
    """Pickles as a call of anything."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("where", ["whole", "value", "array"])
def test_a_call_is_refused_and_not_made(tmp_path: Path, protocol: int, where: str) -> None:
    trap = Call(Path.touch, tmp_path / "sprung")
    thing = {"whole": trap, "value": {**batch(), "x": trap}, "array": batch(np.array([trap], dtype=object))}[where]
    raw = pickle.dumps(thing, protocol=protocol)
    with pytest.raises(DataError):
        load(write(tmp_path, raw))
    assert not (tmp_path / "sprung").exists()
    pickle.loads(raw)  # noqa: S301
    assert (tmp_path / "sprung").exists(), "the trap was no trap"


def named(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def stacked(module: str, name: str) -> bytes:
    return b"".join(b"\x8c" + bytes([len(part)]) + part.encode() for part in (module, name)) + b"\x93"


GLOBALS = [
    ("os", "system"),
    ("posix", "system"),
    ("builtins", "eval"),
    ("builtins", "getattr"),
    ("builtins", "bytearray"),
    ("numpy", "load"),
    ("numpy", "memmap"),
    ("numpy", "dtype.type"),
    ("numpy", "ndarray.tofile"),
    ("numpy.core", "multiarray._reconstruct"),
    ("numpy.core.multiarray", "_reconstruct.__globals__"),
    ("numpy.core.multiarray", "fromfile"),
    ("numpy.core.multiarray.evil", "_reconstruct"),
    ("numpy._core.multiarray ", "_reconstruct"),
    ("Numpy", "dtype"),
    ("_codecs", "decode"),
    ("codecs", "encode"),
    ("", ""),
]


@pytest.mark.parametrize(("module", "name"), GLOBALS)
@pytest.mark.parametrize("spell", [named, stacked])
def test_only_exact_pairs(tmp_path: Path, module: str, name: str, spell: Any) -> None:
    raw = b"\x80\x04" + spell(module, name) + b"\x8c\x04true\x85R."
    with pytest.raises(DataError, match="asks for") as error:
        load(write(tmp_path, raw))
    assert "\n" not in str(error.value)


HEAD = b"\x80\x04"
RECONSTRUCT = named("numpy.core.multiarray", "_reconstruct")
ARRAY = named("numpy", "ndarray")
DTYPE = named("numpy", "dtype")
ENCODE = named("_codecs", "encode")
HOSTILE = {
    "INST": (b"(ios\nsystem\n.", "INST"),
    "OBJ": (b"(" + DTYPE + b"U\x02u1o.", "OBJ"),
    "NEWOBJ": (DTYPE + b"U\x02u1\x85\x81.", "NEWOBJ"),
    "NEWOBJ_EX": (DTYPE + b")}\x92.", "NEWOBJ_EX"),
    "EXT1": (b"\x82\x01.", "EXT1"),
    "EXT2": (b"\x83\x01\x00.", "EXT2"),
    "EXT4": (b"\x84\x01\x00\x00\x00.", "EXT4"),
    "PERSID": (b"Pfile\n.", "PERSID"),
    "BINPERSID": (b"U\x04fileQ.", "BINPERSID"),
    "NEXT_BUFFER": (b"\x97.", "NEXT_BUFFER"),
    "READONLY_BUFFER": (b"U\x01a\x98.", "READONLY_BUFFER"),
    "EMPTY_SET": (b"\x8f.", "EMPTY_SET"),
    "DUP": (b"]2.", "DUP"),
    "calls an array type": (ARRAY + b"J\xff\xff\xff\x7f\x85\x85R.", "no function"),
    "calls what a call gave": (ENCODE + b"X\x01\x00\x00\x00aU\x06latin1\x86R)R.", "no function"),
    "huge reconstruction": (RECONSTRUCT + ARRAY + b"J\xff\xff\xff\x7f\x85U\x01b\x87R.", "no dictionary"),
    "another subtype": (RECONSTRUCT + DTYPE + b"K\x00\x85U\x01b\x87R.", "unknown kind"),
    "too many arguments": (DTYPE + b"(U\x02u1K\x00K\x01K\x02K\x03tR.", "damaged"),
    "builds a dictionary": (b"}}b.", "has none"),
    "builds a global": (DTYPE + b"}b.", "has none"),
    "encodes by another codec": (ENCODE + b"X\x01\x00\x00\x00aU\x03hex\x86R.", "no text"),
    "appends to text": (b"U\x01aU\x01ba.", "no container"),
    "sets into a list": (b"]U\x01aU\x01bs.", "no container"),
    "key of an array": (b"}K\x01K\x02s.", "no text"),
    "mark misplaced": (b"(a.", "misplaces a mark"),
    "no mark": (b"t.", "damaged"),
    "empty stack": (b".", "damaged"),
    "unknown memo": (b"h\x05.", "never stored"),
    "no end": (b"}", "damaged"),
    "trailing": (b"}.}", "after its end"),
    "cut in an argument": (b"X\xff\xff\xff\x7fabc", "damaged"),
    "no instruction": (b"\xff.", "damaged"),
    "long of a gigabyte": (b"\x8b\xff\xff\xff\x3f.", "damaged"),
    "not a batch": (b"].", "no dictionary"),
    "no data": (b"}.", "under the key 'data'"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_damaged_pickles(tmp_path: Path, name: str) -> None:
    body, found = HOSTILE[name]
    path = write(tmp_path, HEAD + body)
    tracemalloc.start()
    with pytest.raises(DataError) as error:
        load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found in str(error.value)
    assert str(error.value).startswith(f"{path}: ")
    assert peak < 2**22


ARRAYS: dict[str, tuple[NDArray[Any], str]] = {
    "floats": (PIXELS / 255, "uint8"),
    "signed": (PIXELS.astype(np.int8), "uint8"),
    "objects": (np.full((5, 3072), None, dtype=object), "uint8"),
    "narrow": (PIXELS[:, :100], "5 × 100"),
    "images": (PIXELS.reshape(5, 3, 32, 32), "two axes"),
    "none": (PIXELS[:0], "0 × 3072|'bytes'"),
    "labels": (PIXELS[:4], "4 images but 5 labels"),
}


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_batches_without_images(tmp_path: Path, name: str, protocol: int) -> None:
    data, found = ARRAYS[name]
    with pytest.raises(DataError, match=found):
        load(write(tmp_path, pickle.dumps(batch(data), protocol=protocol)))


@pytest.mark.parametrize("protocol", range(6))
def test_every_truncation_is_refused(tmp_path: Path, protocol: int) -> None:
    raw = pickle.dumps(batch(PIXELS[:1], labels=[1]), protocol=protocol)
    for end in range(1, len(raw), 97):
        with pytest.raises(DataError):
            load(write(tmp_path, raw[:end]))


def test_shape_that_overstates_the_bytes(tmp_path: Path) -> None:
    raw = pickle.dumps(batch(), protocol=2).replace(b"K\x05M\x00\x0c\x86", b"J\xff\xff\xff\x7fM\x00\x0c\x86")
    with pytest.raises(DataError, match="bytes declared"):
        load(write(tmp_path, raw))


@pytest.mark.costly
def test_memo_bombs_stay_small(tmp_path: Path) -> None:
    """Doubling by the memo nests without growing; encoding the same text again and again is stopped."""
    billion_laughs = HEAD + b"U\x03ha!q\x00" + b"".join(b"(" + b"h" + bytes([k]) + b"h" + bytes([k]) + b"lq"
        + bytes([k + 1]) for k in range(200)) + b"."  # fmt: skip
    text = b"X" + (2**20).to_bytes(4, "little") + b"a" * 2**20
    encodings = HEAD + text + b"q\x00" + (ENCODE + b"h\x00U\x06latin1\x86R") * 1000 + b"."
    deep = HEAD + b"]" * 200_000 + b"a" * 199_999 + b"."
    for raw, found in ((billion_laughs, "no dictionary"), (encodings, "encodes more"), (deep, "no dictionary")):
        path = write(tmp_path, raw)
        tracemalloc.start()
        with pytest.raises(DataError, match=found):
            load(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2**25


def test_instructions_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickles, "MAX_INSTRUCTIONS", 1000)
    with pytest.raises(DataError, match="more than 1,000 instructions"):
        load(write(tmp_path, HEAD + b"]" * 2000 + b"."))

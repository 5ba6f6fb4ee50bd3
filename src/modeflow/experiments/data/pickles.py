"""The pickled batches of CIFAR-10, read without executing them.

A pickle is a program. This reads it with `pickletools.genops`, which only splits it into instructions, and follows
those that build numbers, text, lists, dictionaries and NumPy arrays; nothing is imported and nothing named in the file
is called. A global must be one of a few exact module-and-name pairs, and stands for itself until the one thing it is
good for. Every other instruction is refused by name. Memory is bounded: an instruction adds at most a small object or a
piece of the file, and their number is limited.
"""

from __future__ import annotations

import pickletools
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .error import DataError

__all__ = ["MAX_INSTRUCTIONS", "is_pickle", "pickled_images"]

MAX_INSTRUCTIONS = 2_000_000
"""Ten times what 50,000 labels and file names take."""

_PIXELS = 3072
_BEGINNINGS = (b"(dp", b"}q", b"(dq", b"(lp", b"]q", b"(cos", b"cos")
_MARK = object()
_REMEDY = "give a batch of CIFAR-10 as published, or the binary version"


class _Refused(ValueError):
    """Why the pickle is not followed any further."""


@dataclass(frozen=True, slots=True)
class _Global:
    module: str
    name: str


@dataclass(frozen=True, slots=True)
class _Dtype:
    code: object


@dataclass(slots=True)
class _Pixels:
    """An array under construction."""

    shape: object = None
    dtype: object = None
    by_columns: object = None
    raw: object = None


_ARRAY = _Global("numpy", "ndarray")


def is_pickle(raw: bytes | bytearray) -> bool:
    """Whether it begins as a pickle does: with a protocol, or, of protocols 0 and 1, with a container."""
    return (raw[:1] == b"\x80" and raw[1:2] <= b"\x05") or raw.startswith(_BEGINNINGS)


def pickled_images(path: Path, raw: bytes | bytearray) -> NDArray[np.uint8]:
    """The pixels (N, 3072) under the key `data`. Raises DataError for anything but a dictionary that has them."""
    try:
        return _pixels(_Machine(len(raw)).run(raw))
    except _Refused as error:
        raise DataError(path, f"a pickle that {error}", _REMEDY) from error
    except (ValueError, IndexError, TypeError, OverflowError, struct.error) as error:
        raise DataError(path, f"a damaged pickle ({type(error).__name__})", _REMEDY) from error


def _pixels(batch: object) -> NDArray[np.uint8]:
    if not isinstance(batch, dict):
        raise _Refused("holds no dictionary")
    entries = {key.decode("latin-1") if isinstance(key, bytes) else key: value for key, value in batch.items()}
    data = entries.get("data")
    if not isinstance(data, _Pixels):
        raise _Refused("has no array under the key 'data'")
    images = _array(data)
    labels = entries.get("labels", entries.get("fine_labels"))
    if isinstance(labels, list) and len(labels) != len(images):
        raise _Refused(f"has {len(images):,} images but {len(labels):,} labels")
    return images


def _array(data: _Pixels) -> NDArray[np.uint8]:
    if not isinstance(data.dtype, _Dtype) or data.dtype.code not in ("u1", b"u1"):
        raise _Refused("holds an array that is not of bytes (uint8)")
    count, width = _two_axes(data.shape)
    if width != _PIXELS or count <= 0:
        raise _Refused(f"holds an array of shape {count} × {width}, not N × {_PIXELS}")
    raw = _as_bytes(data.raw)
    if len(raw) != count * width:
        raise _Refused(f"is truncated or too long: {count * width:,} bytes declared, {len(raw):,} present")
    return np.frombuffer(raw, np.uint8).reshape((count, width), order="F" if data.by_columns else "C")


def _two_axes(shape: object) -> tuple[int, int]:
    if not (isinstance(shape, tuple) and len(shape) == 2 and all(type(n) is int for n in shape)):
        raise _Refused("holds an array without two axes")
    count, width = shape
    return count, width


def _as_bytes(raw: object) -> bytes:
    """Bytes, or the text that Python 2 wrote for them."""
    if isinstance(raw, str):
        return raw.encode("latin-1")
    if isinstance(raw, bytes | bytearray):
        return bytes(raw)
    raise _Refused("holds an array without bytes")


class _Machine:
    """A stack, a memo, and what each allowed instruction does to them."""

    def __init__(self, budget: int) -> None:
        self._budget = budget  # what encoding text may add in bytes, over and over, to what the file holds
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def run(self, raw: bytes | bytearray) -> object:
        for count, (opcode, argument, place) in enumerate(pickletools.genops(raw)):
            if count >= MAX_INSTRUCTIONS:
                raise _Refused(f"has more than {MAX_INSTRUCTIONS:,} instructions")
            if opcode.name == "STOP":
                if place is None or place + 1 != len(raw):
                    raise _Refused("goes on after its end")
                return self._pop()
            self._do(opcode.name, argument)
        raise _Refused("has no end")

    def _do(self, name: str, argument: Any) -> None:
        """One instruction."""
        if name in _CONSTANTS:
            self._stack.append(argument)
        elif name in _FRESH:
            self._stack.append(_FRESH[name]())
        elif name in _ACTIONS:
            _ACTIONS[name](self, argument)
        elif name not in _IGNORED:
            raise _Refused(f"uses the instruction {name}")

    def _pop(self) -> Any:
        value = self._stack.pop()
        if value is _MARK:
            raise _Refused("misplaces a mark")
        return value

    def _top(self, kind: type[Any]) -> Any:
        value = self._stack[-1]
        if type(value) is not kind:
            raise _Refused("adds to what is no container")
        return value

    def _since_mark(self) -> list[Any]:
        values: list[Any] = []
        while (value := self._stack.pop()) is not _MARK:
            values.append(value)
        return values[::-1]

    def append(self, _: object) -> None:
        value = self._pop()
        self._top(list).append(value)

    def appends(self, _: object) -> None:
        values = self._since_mark()
        self._top(list).extend(values)

    def make_list(self, _: object) -> None:
        self._stack.append(self._since_mark())

    def make_tuple(self, _: object) -> None:
        self._stack.append(tuple(self._since_mark()))

    def tuple_of(self, count: int) -> None:
        values = [self._pop() for _ in range(count)]
        self._stack.append(tuple(values[::-1]))

    def make_dict(self, _: object) -> None:
        values = self._since_mark()
        self._stack.append({})
        self._set(values)

    def set_item(self, _: object) -> None:
        value, key = self._pop(), self._pop()
        self._set([key, value])

    def set_items(self, _: object) -> None:
        self._set(self._since_mark())

    def _set(self, pairs: list[Any]) -> None:
        target = self._top(dict)
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            if not isinstance(key, str | bytes):
                raise _Refused("has a dictionary with a key that is no text")
            target[key] = value

    def put(self, index: int) -> None:
        self._memo[index] = self._stack[-1]

    def memoize(self, _: object) -> None:
        self._memo[len(self._memo)] = self._stack[-1]

    def get(self, index: int) -> None:
        if index not in self._memo:
            raise _Refused("recalls what it never stored")
        self._stack.append(self._memo[index])

    def find(self, argument: str) -> None:
        module, name = argument.split(" ", 1)
        self._push_global(module, name)

    def find_on_stack(self, _: object) -> None:
        name, module = self._pop(), self._pop()
        self._push_global(module, name)

    def _push_global(self, module: object, name: object) -> None:
        if not (isinstance(module, str) and isinstance(name, str)):
            raise _Refused("names something by what is no text")
        named = _Global(module, name)
        if named != _ARRAY and named not in _CALLS:
            raise _Refused(f"asks for {module[:60]!r} {name[:60]!r}, which no batch of images needs")
        self._stack.append(named)

    def reduce(self, _: object) -> None:
        arguments, target = self._pop(), self._pop()
        if not isinstance(target, _Global) or target not in _CALLS or not isinstance(arguments, tuple):
            raise _Refused("calls what is no function")
        result = _CALLS[target](*arguments)
        self._budget -= len(result) if isinstance(result, bytes) else 0
        if self._budget < 0:
            raise _Refused("encodes more text than it holds")
        self._stack.append(result)

    def build(self, _: object) -> None:
        state, target = self._pop(), self._stack[-1]
        if isinstance(target, _Pixels) and isinstance(state, tuple) and len(state) == 5:
            _, target.shape, target.dtype, target.by_columns, target.raw = state
        elif not (isinstance(target, _Dtype) and isinstance(state, tuple)):
            raise _Refused("sets the state of what has none")


def _empty_array(kind: object, shape: object, code: object) -> _Pixels:
    if kind != _ARRAY:
        raise _Refused("makes an array of an unknown kind")
    return _Pixels()


def _array_of_buffer(raw: object, dtype: object, shape: object, order: object) -> _Pixels:
    return _Pixels(shape, dtype, order == "F", raw)


def _encoded(text: object, encoding: object) -> bytes:
    """How Python 3 writes bytes in protocols 0 to 2."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise _Refused("encodes what is no text")
    return text.encode("latin-1")


_CALLS: dict[_Global, Callable[..., Any]] = {
    _Global("numpy", "dtype"): lambda code, align=False, copy=True: _Dtype(code),
    _Global("_codecs", "encode"): _encoded,
    _Global("numpy.core.multiarray", "_reconstruct"): _empty_array,
    _Global("numpy._core.multiarray", "_reconstruct"): _empty_array,
    _Global("numpy.core.numeric", "_frombuffer"): _array_of_buffer,
    _Global("numpy._core.numeric", "_frombuffer"): _array_of_buffer,
}
_IGNORED = frozenset({"PROTO", "FRAME"})
_NUMBERS = {"INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"}
_TEXTS = {"STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"}
_CONSTANTS = _NUMBERS | _TEXTS | {"BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"}
_FRESH: dict[str, Callable[[], object]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_TUPLE": tuple,
    "MARK": lambda: _MARK,
}
_ACTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    "APPEND": _Machine.append,
    "APPENDS": _Machine.appends,
    "LIST": _Machine.make_list,
    "TUPLE": _Machine.make_tuple,
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    "DICT": _Machine.make_dict,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "PUT": _Machine.put,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.memoize,
    "GET": _Machine.get,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "GLOBAL": _Machine.find,
    "STACK_GLOBAL": _Machine.find_on_stack,
    "REDUCE": _Machine.reduce,
    "BUILD": _Machine.build,
}

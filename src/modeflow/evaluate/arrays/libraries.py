"""Whose arrays the arguments are; all arguments as arrays of that library, of one type, on one device."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from ..arguments import check_shapes, common_type, real_array
from .array_api import array_api_compat

Array = Any


def library_of(arguments: dict[str, Array]) -> str:
    """The library of the arrays other than NumPy's: "torch", "jax", "cupy", "dask" …; "numpy" if there is none.

    TypeError for two libraries.
    """
    found = {_library(x): name for name, x in arguments.items() if _foreign(x)}
    if len(found) > 1:
        places = " and ".join(f"{name} is an array of {library}" for library, name in found.items())
        raise TypeError(f"{places}; give arrays of one library (numpy.from_dlpack and its like convert)")
    return next(iter(found), "numpy")


def _foreign(x: Array) -> bool:
    return array_api_compat.is_array_api_obj(x) and not isinstance(x, (np.ndarray, np.generic))


def _library(x: Array) -> str:
    name: str = array_api_compat.array_namespace(x).__name__
    return name.removeprefix("array_api_compat.").partition(".")[0]


def namespace(given: dict[str, Array]) -> Any:
    """The array API namespace of the arrays."""
    return array_api_compat.array_namespace(*given.values())


def converted(library: str, arguments: dict[str, Array]) -> dict[str, Array]:
    """The arguments as arrays of the library that broadcast together; their values are not looked at."""
    foreign = {name: x for name, x in arguments.items() if _foreign(x)}
    xp = namespace(foreign)
    device = None if library == "jax" else _device(foreign)  # JAX moves what is not bound to a device by itself
    raw = {name: real_array(name, x) for name, x in arguments.items() if name not in foreign}
    kinds = {name: np.empty((), _numpy_type(xp, name, x)) for name, x in foreign.items()}
    wanted = common_type(arguments, kinds | raw)
    dtype = _available(xp, wanted, device)
    with np.errstate(over="ignore"):
        native = {name: np.array(x, wanted) for name, x in raw.items()}  # copies, which may be written to
    given = {
        name: xp.astype(x, dtype, copy=False)
        if name in foreign
        else xp.asarray(native[name], dtype=dtype, device=device)
        for name, x in arguments.items()
    }
    check_shapes(given)
    return given


def _device(foreign: dict[str, Array]) -> Any:
    devices = {array_api_compat.device(x): name for name, x in foreign.items()}
    if len(devices) > 1:
        places = ", ".join(f"{name} on {device}" for device, name in devices.items())
        raise ValueError(f"{places}: move all arrays to one device")
    return next(iter(devices))


def _numpy_type(xp: Any, name: str, x: Array) -> np.dtype[Any]:
    """NumPy's type of the same kind and size, so that one rule gives the common type."""
    if xp.isdtype(x.dtype, "real floating"):
        return np.dtype(f"f{max(xp.finfo(x.dtype).bits, 16) // 8}")
    if xp.isdtype(x.dtype, "integral"):
        kind = "u" if xp.isdtype(x.dtype, "unsigned integer") else "i"
        return np.dtype(f"{kind}{max(xp.iinfo(x.dtype).bits, 8) // 8}")
    if xp.isdtype(x.dtype, "bool"):
        return np.dtype(np.bool_)
    raise TypeError(
        f"{name} has the type {x.dtype}, but real numbers up to 64 bits are needed; give its real part or its size"
    )


def _available(xp: Any, wanted: np.dtype[Any], device: Any) -> Any:
    types = xp.__array_namespace_info__().dtypes(kind="real floating", device=device)
    return types.get(wanted.name, xp.float32)


def on_host(x: Array) -> np.ndarray[Any, Any]:
    """A NumPy array of the same values."""
    if array_api_compat.is_torch_array(x):
        x = x.detach().cpu()
    elif array_api_compat.is_cupy_array(x):
        x = x.get()
    return np.asarray(x)


def known(library: str, given: dict[str, Array]) -> bool:
    """Whether the values can be looked at: they cannot while JAX or PyTorch trace a function to compile it."""
    if library == "jax":
        return not any(isinstance(x, sys.modules["jax"].core.Tracer) for x in given.values())
    return library != "torch" or not sys.modules["torch"].compiler.is_compiling()

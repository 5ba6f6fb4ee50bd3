"""What `speed.py` holds `strength` against: one plain formula in NumPy, JAX and numba, and a copy of the arguments.

The plain form is the closed form without decay as a person would write it: one exponential, one root, and no care for
rounding. With c = b² - a² and u = (b + a)/(b - a) at the start, w = (c/4)(u - 1/u), and u solves a Riccati equation,
du/ds = 2·lam·u - (xi·c/2)(u² - 1). JAX and numba come with `pip install '.[benchmark]'`; without them their rows are
left out.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from paper_form import Array, Form

CORE = min(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
Peer = Callable[..., Callable[[], Any]]  # of the points: the call that is timed


def plain_form(xp: Any) -> Form:
    """The plain form with the functions of a library."""

    def form(t: Array, lam: Array, eps: Array, a: Array, b: Array) -> Array:
        xi, c = lam + eps, (b - a) * (b + a)
        rho = xp.sqrt(4 * lam * lam + xi * xi * c * c)
        up, down, u = (2 * lam + rho) / (xi * c), (2 * lam - rho) / (xi * c), (b + a) / (b - a)
        gone = (u - up) / (u - down) * xp.exp(-rho * t)
        u = (up - gone * down) / (1 - gone)
        w: Array = c / 4 * (u - 1 / u)
        return w

    return form


def jax_peer(*points: Array) -> Callable[[], Any]:
    """jax.jit of the plain form on one core, its arguments on the device already. Raises ImportError."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax

    jax.config.update("jax_enable_x64", True)
    jitted = jax.jit(plain_form(jax.numpy))
    there = [jax.numpy.asarray(x) for x in points]
    return lambda: jitted(*there).block_until_ready()


def numba_peer(*points: Array) -> Callable[[], Any]:
    """numba.vectorize of the plain form, one core. Raises ImportError."""
    import numba

    types = [[getattr(numba, points[0].dtype.name)] * 6]
    signature = types[0][0](*types[0][1:])
    compiled = numba.vectorize([signature])(plain_form(math))
    return lambda: compiled(*points)


def copy_peer(*points: Array) -> Callable[[], Any]:
    """Reading six streams and writing six: what the memory allows for points that share nothing."""
    streams = [*points, points[0]]
    places = [np.empty_like(x) for x in streams]

    def copy() -> None:
        for place, stream in zip(places, streams, strict=True):
            np.copyto(place, stream)

    return copy


PEERS: dict[str, Peer] = {"JAX jit, plain form": jax_peer, "numba, plain form": numba_peer, "copy of six": copy_peer}


def found(points: tuple[Array, ...], names: Iterable[str]) -> tuple[dict[str, Callable[[], Any]], list[str]]:
    """The calls of those of the peers that are installed, and a sentence for each that is not."""
    calls, missing = {}, []
    for name in names:
        try:
            calls[name] = PEERS[name](*points)
            calls[name]()  # compiles
        except ImportError as error:
            missing.append(f"{name}: left out, as {error.name} is not installed (pip install '.[benchmark]')")
    return calls, missing


def on_one_core() -> None:
    """Keeps this process, and the threads that it will start, on one core, so that all are timed alike."""
    if CORE is not None:
        os.sched_setaffinity(0, {CORE})

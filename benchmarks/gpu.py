"""How fast the evaluators are on a GPU: points per second, and the share of the memory bandwidth that is.

Run: python benchmarks/gpu.py [--points 16777216] [--repeat 5] [--library torch] [--float32]

Every point has its own t, lam, noise, w1 and w2 and one result, so a point moves six numbers through memory at least;
times points per second that is what is compared with the bandwidth, measured by a copy in the same run. Plain PyTorch
runs one kernel for each operation and moves many times as much; torch.compile and jax.jit fuse them. `slopes` are the
derivatives in all five, with the result: eleven numbers. The last column is the largest relative difference from
modeflow.strength at the first 1,000 points. Without a GPU it says so and measures the CPU.
"""

from __future__ import annotations

import argparse
import math
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, util
from typing import Any

import numpy as np

import modeflow

LIBRARIES = ("torch", "jax")


@dataclass(frozen=True)
class Case:
    """What is timed: a call that returns an array, the numbers it moves for each point, how to wait for it."""

    name: str
    call: Callable[[], Any]
    numbers: int


def columns(n: int, dtype: type[Any]) -> list[Any]:
    """t, lam, noise, w1 and w2 of n points, none of whose weights are of one size."""
    rng = np.random.default_rng(0)
    small, large = rng.uniform(-0.5, 0.5, n), rng.uniform(0.51, 1, n)
    drawn = (rng.exponential(3, n), rng.uniform(0.1, 5, n), rng.uniform(0, 2, n), small, large)
    return [x.astype(dtype) for x in drawn]


def strength(t: Any, lam: Any, noise: Any, w1: Any, w2: Any, check: bool = False) -> Any:
    """The strength, of columns."""
    from modeflow.evaluate import arrays

    return arrays.strength(t, lam, noise=noise, w1=w1, w2=w2, check=check)


def on_gpu(library: str) -> bool:
    """Whether the library sees a GPU."""
    module = import_module(library)
    return bool(module.cuda.is_available() if library == "torch" else module.devices()[0].platform != "cpu")


def torch_cases(given: list[Any]) -> tuple[str, Callable[[], None], Iterator[Case]]:
    """The device, how to wait for it, and what to time."""
    torch = import_module("torch")
    there = on_gpu("torch")
    device = torch.device("cuda" if there else "cpu")
    x = [torch.asarray(column, device=device) for column in given]
    moved = [column.clone().requires_grad_() for column in x]
    target = torch.empty_like(x[0])
    compiled = torch.compile(strength)

    def slopes() -> Any:
        return torch.autograd.grad(compiled(*moved).sum(), moved)[0]

    def cases() -> Iterator[Case]:
        yield Case("copy", lambda: target.copy_(x[0]), 2)
        yield Case("strength, checked", lambda: strength(*x, check=True), 6)
        yield Case("strength", lambda: strength(*x), 6)
        yield Case("strength, torch.compile", lambda: compiled(*x), 6)
        yield Case("slopes, torch.compile", slopes, 11)

    name = torch.cuda.get_device_name() if there else f"CPU, {torch.get_num_threads()} threads; no GPU is visible"
    return f"torch {torch.__version__}: {name}", torch.cuda.synchronize if there else lambda: None, cases()


def jax_cases(given: list[Any]) -> tuple[str, Callable[[], None], Iterator[Case]]:
    """The device, how to wait for it, and what to time."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    device = jax.devices()[0]
    x = [jax.device_put(column, device) for column in given]
    copy = jax.jit(lambda column: -column)
    compiled = jax.jit(strength)
    slopes = jax.jit(jax.value_and_grad(lambda *moved: strength(*moved).sum(), argnums=range(5)))

    def cases() -> Iterator[Case]:
        yield Case("copy (with its sign changed)", lambda: copy(x[0]).block_until_ready(), 2)
        yield Case("strength, jax.jit", lambda: compiled(*x).block_until_ready(), 6)
        yield Case("slopes, jax.jit", lambda: jax.block_until_ready(slopes(*x))[1][0], 11)

    kind = device.device_kind if on_gpu("jax") else "CPU; no GPU is visible"
    return f"jax {jax.__version__}: {kind}", lambda: None, cases()


def seconds(call: Callable[[], Any], wait: Callable[[], None], repeat: int) -> float:
    """The shortest of several calls, after two to warm up."""
    best = math.inf
    for turn in range(repeat + 2):
        begin = time.perf_counter()
        call()
        wait()
        if turn >= 2:
            best = min(best, time.perf_counter() - begin)
    return best


def difference(case: Case, given: list[Any]) -> float:
    """The largest relative difference from NumPy."""
    t, lam, noise, w1, w2 = (column[:1000] for column in given)
    found = np.asarray(on_host(case.call()))[:1000]
    if case.name.startswith("slopes"):
        exact = modeflow.strength_grad(t, lam, noise=noise, w1=w1, w2=w2, wrt="t")["t"]
    else:
        exact = modeflow.strength(t, lam, noise=noise, w1=w1, w2=w2, backend="numpy")
    return float(np.max(np.abs(found - exact) / np.maximum(np.abs(exact), np.finfo(exact.dtype).tiny / 1e-10)))


def on_host(x: Any) -> Any:
    """On the host."""
    return x.detach().cpu() if hasattr(x, "detach") else x


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, help="default: 16,777,216 on a GPU, 4,194,304 without")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--library", choices=LIBRARIES, action="append", help="default: those installed")
    parser.add_argument("--float32", action="store_true")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", "Dynamo detected")  # of caches in array-api-compat, which are sound
    chosen = options.library or [name for name in LIBRARIES if util.find_spec(name)]
    if not chosen:
        parser.error("neither torch nor jax is installed: pip install 'modeflow[torch]' or 'modeflow[arrays]'")
    for library in chosen:
        points = options.points or (2**24 if on_gpu(library) else 2**22)
        given = columns(points, np.float32 if options.float32 else np.float64)
        device, wait, cases = (torch_cases if library == "torch" else jax_cases)(given)
        print(f"\n{device}; {points:,} points, {given[0].dtype}")
        print(f"  {'':30} {'points/s':>9} {'GB/s':>8} {'of bandwidth':>13} {'difference':>11}")
        bandwidth = math.nan
        for case in cases:
            spent = seconds(case.call, wait, options.repeat)
            moved = case.numbers * given[0].itemsize * points / spent / 1e9
            bandwidth = moved if case.name.startswith("copy") else bandwidth
            line = f"  {case.name:30} {points / spent:9.2e} {moved:8.1f} {moved / bandwidth:13.1%}"
            print(line if case.name.startswith("copy") else f"{line} {difference(case, given):11.1e}", flush=True)


if __name__ == "__main__":
    main()

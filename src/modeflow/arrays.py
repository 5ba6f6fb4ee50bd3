"""The strength on JAX and Dask arrays: the generated functions, on another library's operations.

JAX: traceable by jax.jit, and differentiable once, by the generated derivatives instead of JAX's own, so that slopes
are finite and right also where a case distinction meets 0/0. Dask: lazily, block by block, the same numbers as NumPy
(for weights of different size under decay to 1e-13, as their times share anchors within a block).
On JAX arrays arguments are not checked, because values are not known while tracing; on Dask arrays each block is.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

from . import evaluators
from .generated import balanced, direct, gradient

Array = Any


def strength(
    t: Array,
    lam: Array,
    *,
    noise: Array = 0.0,
    decay: Array = 0.0,
    w1: Array,
    w2: Array,
    tau: Array = 1.0,
) -> Array:
    """Strength w(t) of a mode, where at least one argument is a JAX or a Dask array; the rest as in modeflow.strength.

    Weights of different size under decay are NaN on JAX arrays, and computed on Dask arrays. TypeError where no
    argument is a JAX or Dask array, or some are one and some the other. Source: as modeflow.strength.
    """
    given = (t, lam, noise, decay, w1, w2, tau)
    kind = _kind(given)
    if kind == "dask":
        names = ("t", "lam", "noise", "decay", "w1", "w2", "tau")
        return import_module("dask.array").map_blocks(_on_block, *given, names=names, dtype=float)
    numbers = import_module("jax.numpy")
    return _jax_strength()(*_broadcast(numbers, given))


def _kind(given: tuple[Array, ...]) -> str:
    homes = {type(x).__module__.partition(".")[0] for x in given} & {"jax", "jaxlib", "dask"}
    kinds = {"jax" if home == "jaxlib" else home for home in homes}
    if len(kinds) != 1:
        found = "a JAX and a Dask array" if kinds else "no JAX or Dask array"
        raise TypeError(f"{found} among the arguments; give arrays of one library, or use modeflow.strength for NumPy")
    return kinds.pop()


def _on_block(*blocks: Array, names: tuple[str, ...]) -> Array:
    return evaluators.strength(**dict(zip(names, blocks, strict=True)))


def _broadcast(numbers: Any, given: tuple[Array, ...]) -> list[Array]:
    dtype = numbers.result_type(*given, float)
    return list(numbers.broadcast_arrays(*(numbers.asarray(x, dtype) for x in given)))


def _on(numbers: Any, module: ModuleType) -> SimpleNamespace:
    """The functions of a generated module, computing with another library in the place of NumPy."""
    around: dict[str, Any] = {"np": numbers, "Array": Any}
    for name, value in vars(module).items():
        if isinstance(value, FunctionType):
            around[name] = FunctionType(value.__code__, around, name)
    return SimpleNamespace(**around)


@cache
def _jax_strength() -> Any:
    """The strength of arrays of one shape and type, with its derivatives."""
    jax = import_module("jax")
    numbers = jax.numpy
    forms = {module: _on(numbers, module) for module in (direct, balanced, gradient)}

    def cases(t: Array, tau: Array, w1: Array, w2: Array) -> tuple[Array, ...]:
        limits = numbers.finfo(w1.dtype)
        one, two = numbers.abs(w1), numbers.abs(w2)
        small = numbers.copysign(numbers.minimum(one, two), w1 * w2)
        sign = numbers.copysign(numbers.ones_like(w1), w1) * numbers.copysign(numbers.ones_like(w1), w2)
        steps = numbers.minimum(t / tau, limits.max**0.48)
        return steps, small, numbers.maximum(one, two), sign, one == two

    def chosen(equal: Array, decay: Array, same: Array, other: Array) -> Array:
        return numbers.where(equal, same, numbers.where(decay > 0, numbers.nan, other))

    @jax.custom_jvp  # type: ignore[untyped-decorator]
    def value(t: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array, tau: Array) -> Array:
        steps, small, large, sign, equal = cases(t, tau, w1, w2)
        same = forms[balanced].strength(numbers.where(large == 0, 0, steps), lam, noise, decay, large, sign)
        return chosen(equal, decay, same, forms[direct].strength(steps, lam, noise, small, large))

    def slope(primals: tuple[Array, ...], tangents: tuple[Array, ...]) -> tuple[Array, Array]:
        t, lam, noise, decay, w1, w2, tau = primals
        steps, small, large, sign, equal = cases(t, tau, w1, w2)
        same = forms[gradient].balanced(steps, lam, noise, decay, large, sign)
        other = forms[gradient].direct(steps, lam, noise, small, large)
        by_step, by_lam, by_noise, by_product = (
            chosen(equal, decay, same[i], other[j]) for i, j in ((0, 0), (1, 1), (2, 2), (4, 3))
        )
        by_decay = numbers.where(equal, same[3], numbers.nan)
        across = numbers.where(equal, 0, by_step * numbers.where(equal, 0, other[4]))
        across = numbers.where(numbers.abs(w1) > numbers.abs(w2), -across, across)
        slopes = (
            by_step / tau,
            by_lam,
            by_noise,
            by_decay,
            w2 * by_product - 2 * w1 * across,
            w1 * by_product + 2 * w2 * across,
            -by_step * (steps / tau),
        )
        still = jax.custom_derivatives.SymbolicZero  # an unknown slope in what does not move says nothing
        moved = (s * d for s, d in zip(slopes, tangents, strict=True) if not isinstance(d, still))
        return value(*primals), sum(moved)

    value.defjvp(slope, symbolic_zeros=True)
    return value

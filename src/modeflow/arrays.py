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

from . import evaluators, pairs
from .arguments import PARAMETERS
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
        return import_module("dask.array").map_blocks(_on_block, *given, names=PARAMETERS, dtype=float)
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
    forms = {module: _on(numbers, module) for module in (direct, balanced, gradient, pairs)}

    def paced(t: Array, tau: Array) -> Array:
        return numbers.minimum(t / tau, numbers.finfo(t.dtype).max ** 0.48)

    def chosen(equal: Array, decay: Array, same: Array, other: Array) -> Array:
        return numbers.where(equal, same, numbers.where(decay > 0, numbers.nan, other))

    @jax.custom_jvp  # type: ignore[untyped-decorator]
    def value(t: Array, lam: Array, noise: Array, decay: Array, w1: Array, w2: Array, tau: Array) -> Array:
        steps, size_and_sign = paced(t, tau), forms[pairs].size_and_sign(w1, w2)
        same = forms[balanced].strength(numbers.where(w1 == 0, 0, steps), lam, noise, decay, *size_and_sign)
        other = forms[direct].strength(steps, lam, noise, w1, w2)
        return chosen(numbers.abs(w1) == numbers.abs(w2), decay, same, other)

    def slope(primals: tuple[Array, ...], tangents: tuple[Array, ...]) -> tuple[Array, Array]:
        t, lam, noise, decay, w1, w2, tau = primals
        steps, equal = paced(t, tau), numbers.abs(w1) == numbers.abs(w2)
        *same, product = forms[gradient].balanced(steps, lam, noise, decay, *forms[pairs].size_and_sign(w1, w2))
        *other, small, large = forms[gradient].direct(steps, lam, noise, *forms[pairs].ordered(w1, w2))
        same += [w2 * product, w1 * product]
        other += [numbers.full_like(w1, numbers.nan), *forms[pairs].unordered(w1, w2, small, large)]
        by_step, *by_others = (chosen(equal, decay, x, y) for x, y in zip(same, other, strict=True))
        slopes = (by_step / tau, *by_others, -by_step * (steps / tau))
        still = jax.custom_derivatives.SymbolicZero  # an unknown slope in what does not move says nothing
        moved = (s * d for s, d in zip(slopes, tangents, strict=True) if not isinstance(d, still))
        return value(*primals), sum(moved)

    value.defjvp(slope, symbolic_zeros=True)
    return value

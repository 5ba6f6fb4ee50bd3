"""The forms as PyTorch functions whose derivatives are the proved ones."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch

from . import libraries
from .forms import VALUES, Form
from .libraries import Array
from .slopes import SLOPES, refuse_unknown_in_decay

_DECAY = 3  # its place among the arguments

# What torch.compile cannot trace it shall leave in one piece, so that all that follows is one graph.
converted = torch.compiler.disable(libraries.converted)


class _Reverse(torch.autograd.Function):  # type: ignore[misc]
    """The form of a name, of (t, lam, noise, decay, w1, w2, tau), in reverse mode."""

    generate_vmap_rule = True

    @staticmethod
    def forward(name: str, check: bool, *given: Array) -> tuple[Array, ...]:
        return VALUES[name](*given)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Array, ...]) -> None:
        ctx.name, ctx.check, *given = inputs
        ctx.set_materialize_grads(False)  # an unknown slope in what does not move says nothing
        ctx.save_for_backward(*given)
        ctx.save_for_forward(*given)

    @staticmethod
    def backward(ctx: Any, *gradients: Array | None) -> tuple[Array | None, ...]:
        given = ctx.saved_tensors
        needed = ctx.needs_input_grad[2:]
        if ctx.check and needed[_DECAY] and not torch.compiler.is_compiling():
            refuse_unknown_in_decay(*given[4:6])
        by_output = _slopes(ctx.name, given)
        count = len(given)
        moved: list[Array | None] = [None, None]
        for i, x in enumerate(given):
            parts = [g * by_output[count * k + i] for k, g in enumerate(gradients) if g is not None]
            moved.append(sum(parts).sum_to_size(x.shape) if parts and needed[i] else None)
        return tuple(moved)


class _Form(_Reverse):
    """The same in forward mode as well, which torch.compile does not trace."""

    @staticmethod
    def jvp(ctx: Any, _: None, __: None, *moved: Array | None) -> tuple[Array, ...]:
        given = ctx.saved_tensors
        by_output = _slopes(ctx.name, given)
        count = len(given)
        shape = torch.broadcast_shapes(*(x.shape for x in given))
        return tuple(
            sum(by_output[start + i] * d for i, d in enumerate(moved) if d is not None).expand(shape)
            for start in range(0, len(by_output), count)
        )


class _Slopes(torch.autograd.Function):  # type: ignore[misc]
    """The derivatives of the form of a name, one output after the other."""

    generate_vmap_rule = True

    @staticmethod
    def forward(name: str, *given: Array) -> tuple[Array, ...]:
        return _flat(name, given)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Array, ...]) -> None:
        ctx.name = inputs[0]

    @staticmethod
    def backward(ctx: Any, *gradients: Array) -> Any:
        raise NotImplementedError(
            f"modeflow.arrays.{ctx.name} can be differentiated once; for second derivatives take difference quotients "
            f"of its gradient"
        )


def _flat(name: str, given: tuple[Array, ...]) -> tuple[Array, ...]:
    return tuple(slope for by in SLOPES[name](*given) for slope in by)


def _slopes(name: str, given: tuple[Array, ...]) -> tuple[Array, ...]:
    """The derivatives, which refuse to be differentiated; what is compiled refuses by itself."""
    slopes: tuple[Array, ...] = _flat(name, given) if torch.compiler.is_compiling() else _Slopes.apply(name, *given)
    return slopes


def _traced(name: str, check: bool, *given: Array) -> tuple[Array, ...]:
    """The form as torch.compile can trace it."""
    found: tuple[Array, ...]
    if torch.is_grad_enabled() and any(x.requires_grad for x in given):
        found = _Reverse.apply(name, check, *given)
    else:
        found = VALUES[name](*given)
    return found


def differentiable(name: str, check: bool) -> Form:
    """The form of that name, with its derivatives. check: ValueError for a derivative in decay that is not known."""
    if torch.compiler.is_compiling():
        return partial(_traced, name, check)
    return partial(_Form.apply, name, check)

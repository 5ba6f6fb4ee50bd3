"""The derivations, in the order of the argument: from the expected loss to closed forms.

A chapter is loaded when it is first asked for, and so are those that it builds on.
"""

from importlib import import_module
from typing import Any

from .alphabet import alphabet
from .letters import of_computing, of_derivatives, of_matrices, of_steps

TITLE = "Learning dynamics of linear autoencoders"  # of them all
ALPHABETS = (alphabet, of_matrices, of_steps, of_computing, of_derivatives)
MODULES = {  # the key of a chapter, with which its ids begin → where it is
    "objective": "objective",
    "flow": "flow",
    "mode": "mode",
    "ae": "autoencoder",
    "dae": "denoising",
    "wae": "weight_decay",
    "reg": "regularised",
    "cmp": "comparison",
    "lin": "linear_network",
    "gram": "matrix_flow",
    "step": "finite_steps",
    "eval": "evaluation",
    "grad": "gradients",
}


def __getattr__(name: str) -> Any:
    if name == "CHAPTERS":
        return tuple(import_module(f"{__name__}.{module}").chapter for module in MODULES.values())
    if name in MODULES.values():
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Learning dynamics of linear autoencoders: from the loss to the evaluator, every step proved.

Names are imported when first used: importing modeflow, or evaluating with it, loads no SymPy.
"""

# No import above these lines, not even of __future__.
import sys

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:
    # `python -m modeflow` puts the current folder first, where a sympy.py may lie that came with a paper.
    del sys.path[0]

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .catalogue import UnknownClaim, chapters, claim, claims, load_chapters
    from .claims import Chapter, Claim, Equation
    from .evaluators import fixed_point, learning_time, loss, strength, weights
    from .fitting import Fit, fit
    from .flow import gradient_flow, rate, rate_of
    from .gradient import strength_grad
    from .objective import Objective
    from .prove import prove
    from .quantities import Alphabet, UndeclaredSymbol
    from .recommendation import recommend
    from .verdict import Verdict

    __version__: str

_HOME = {
    "Alphabet": "quantities",
    "Chapter": "claims",
    "Claim": "claims",
    "Equation": "claims",
    "Fit": "fitting",
    "Objective": "objective",
    "UndeclaredSymbol": "quantities",
    "UnknownClaim": "catalogue",
    "Verdict": "verdict",
    "chapters": "catalogue",
    "claim": "catalogue",
    "claims": "catalogue",
    "fit": "fitting",
    "fixed_point": "evaluators",
    "gradient_flow": "flow",
    "learning_time": "evaluators",
    "load_chapters": "catalogue",
    "loss": "evaluators",
    "prove": "prove",
    "rate": "flow",
    "rate_of": "flow",
    "recommend": "recommendation",
    "strength": "evaluators",
    "strength_grad": "gradient",
    "weights": "evaluators",
}

__all__ = [
    "Alphabet",
    "Chapter",
    "Claim",
    "Equation",
    "Fit",
    "Objective",
    "UndeclaredSymbol",
    "UnknownClaim",
    "Verdict",
    "__version__",
    "chapters",
    "claim",
    "claims",
    "fit",
    "fixed_point",
    "gradient_flow",
    "learning_time",
    "load_chapters",
    "loss",
    "prove",
    "rate",
    "rate_of",
    "recommend",
    "strength",
    "strength_grad",
    "weights",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("modeflow")
    elif name in _HOME:
        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """A package in which `modeflow.claims` and `modeflow.prove` stay the public functions.

    Importing the submodules of the same names would otherwise put the modules in their places.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

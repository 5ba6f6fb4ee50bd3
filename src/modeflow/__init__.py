"""Learning dynamics of linear autoencoders: from the loss to the evaluator, every step proved.

Names are imported when first used: importing modeflow, or evaluating with it, loads no SymPy.
"""

# No import above these lines, not even of __future__.
import sys

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:
    # `python -m modeflow` puts the current folder first, where a sympy.py may lie that came with a paper.
    del sys.path[0]

from typing import TYPE_CHECKING

from . import _surface

if TYPE_CHECKING:
    from . import manuscript
    from .codegen.tape import NoEvaluator
    from .evaluate import arrays
    from .evaluate.evaluators import fixed_point, learning_time, loss, strength, weights
    from .evaluate.gradient import strength_grad
    from .evaluate.gram import oja_gram, whitened_gram
    from .experiments import data
    from .experiments.estimator import LinearDenoisingAutoencoder
    from .experiments.fitting import Fit, fit
    from .experiments.prediction import time_constants
    from .experiments.recommendation import recommend
    from .language.flow import gradient_flow, rate, rate_of
    from .language.motion import Course, Motion, Rates, Restated
    from .language.quantities import Alphabet, UndeclaredSymbol
    from .language.solve import NoClosedForm
    from .language.verdict import Verdict
    from .proof.prove import prove
    from .statements.catalogue import UnknownClaim, UnusableChapter, chapters, claim, claims, load_chapters
    from .statements.chapter import Chapter
    from .statements.claims import Claim
    from .statements.dynamics import Dynamics
    from .statements.equal_layers import EqualLayers
    from .statements.equations import Equation
    from .statements.objective import Objective
    from .witness.start import TrainingDiverged
    from .witness.train import train

    __version__: str

_HOME = {
    "Alphabet": "language.quantities",
    "Chapter": "statements.chapter",
    "Claim": "statements.claims",
    "Course": "language.motion",
    "Dynamics": "statements.dynamics",
    "Equation": "statements.equations",
    "Fit": "experiments.fitting",
    "LinearDenoisingAutoencoder": "experiments.estimator",
    "Motion": "language.motion",
    "NoClosedForm": "language.solve",
    "NoEvaluator": "codegen.tape",
    "EqualLayers": "statements.equal_layers",
    "Objective": "statements.objective",
    "Rates": "language.motion",
    "Restated": "language.motion",
    "TrainingDiverged": "witness.start",
    "UndeclaredSymbol": "language.quantities",
    "UnknownClaim": "statements.catalogue",
    "UnusableChapter": "statements.catalogue",
    "Verdict": "language.verdict",
    "arrays": "evaluate.arrays:",
    "chapters": "statements.catalogue",
    "claim": "statements.catalogue",
    "claims": "statements.catalogue",
    "data": "experiments.data:",
    "fit": "experiments.fitting",
    "fixed_point": "evaluate.evaluators",
    "gradient_flow": "language.flow",
    "learning_time": "evaluate.evaluators",
    "load_chapters": "statements.catalogue",
    "loss": "evaluate.evaluators",
    "manuscript": "manuscript:",
    "prove": "proof.prove",
    "rate": "language.flow",
    "rate_of": "language.flow",
    "recommend": "experiments.recommendation",
    "strength": "evaluate.evaluators",
    "strength_grad": "evaluate.gradient",
    "oja_gram": "evaluate.gram",
    "time_constants": "experiments.prediction",
    "train": "witness.train",
    "weights": "evaluate.evaluators",
    "whitened_gram": "evaluate.gram",
}

__all__ = [
    "Alphabet",
    "Chapter",
    "Claim",
    "Course",
    "Dynamics",
    "EqualLayers",
    "Equation",
    "Fit",
    "LinearDenoisingAutoencoder",
    "Motion",
    "NoClosedForm",
    "NoEvaluator",
    "Objective",
    "Rates",
    "Restated",
    "TrainingDiverged",
    "UndeclaredSymbol",
    "UnknownClaim",
    "UnusableChapter",
    "Verdict",
    "__version__",
    "arrays",
    "chapters",
    "claim",
    "claims",
    "data",
    "fit",
    "fixed_point",
    "gradient_flow",
    "learning_time",
    "load_chapters",
    "loss",
    "manuscript",
    "oja_gram",
    "prove",
    "rate",
    "rate_of",
    "recommend",
    "strength",
    "strength_grad",
    "time_constants",
    "train",
    "weights",
    "whitened_gram",
]


_surface.install()

if not TYPE_CHECKING:  # for a type checker a name that is not imported above is an error
    _load = _surface.loader_of(__name__, _HOME)

    def __getattr__(name):
        if name == "__version__":
            from importlib.metadata import version

            return version("modeflow")
        return _load(name)


def __dir__() -> list[str]:
    return sorted(__all__)

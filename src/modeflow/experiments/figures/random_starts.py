"""What figures 1 and 4 share: the weights of one mode from ten random starts, in closed form and as descended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modeflow.evaluate.evaluators import weights
from modeflow.experiments.style import INK, PALETTE, dots
from modeflow.witness.modes import descend

from .figure_record import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

STARTS, REACH, SEED = 10, 2.0, 0
FINER = 10
"""How many times smaller the step is that shows what of the difference is due to the step."""


@dataclass(frozen=True)
class Paths:
    """Encoder and decoder weights (K, S) at K epochs from S starts, each pair in closed form and as descended."""

    epochs: NDArray[np.int64]
    exact: tuple[Array, Array]
    descent: tuple[Array, Array]
    finer: tuple[Array, Array]

    def curves(self) -> Iterator[dict[str, Any]]:
        """The paths of each start."""
        for run in range(STARTS):
            yield {
                "run": run,
                "epoch": self.epochs,
                "w1_theory": self.exact[0][:, run],
                "w2_theory": self.exact[1][:, run],
                "w1_descent": self.descent[0][:, run],
                "w2_descent": self.descent[1][:, run],
            }


def starts() -> Array:
    """The weights (S, 2) at the start."""
    return np.random.default_rng(SEED).uniform(-REACH, REACH, (STARTS, 2))


def from_starts(lam: float, *, lr: float, epochs: NDArray[np.int64], **level: float) -> Paths:
    """The paths at these epochs under a level of noise or decay, in steps of lr."""
    start = starts()
    given: dict[str, Any] = {**level, "w1": start[:, 0], "w2": start[:, 1]}
    exact = weights(epochs[:, None].astype(float), lam, tau=1 / lr, **given)
    descent = descend(lam, lr=lr, record=epochs, **given)
    return Paths(epochs, exact, descent, descend(lam, lr=lr / FINER, record=FINER * epochs, **given))


def colour_of(curve: Curve) -> str:
    """The same for a start in all panels."""
    return PALETTE[curve["run"] % len(PALETTE)]


def draw_least(axes: Axes, least: float, reach: float) -> None:
    """The hyperbola w1·w2 = least, dashed."""
    right = np.linspace(least / reach, reach, 200)
    for sign in (1, -1):
        axes.plot(sign * right, sign * least / right, "--", color=INK, lw=1)


def draw_path(axes: Axes, curve: Curve, every: int, size: float) -> None:
    """A path of weights in closed form, every so many epochs of its descent as dots, and a ring where it starts."""
    colour = colour_of(curve)
    axes.plot(curve["w1_theory"], curve["w2_theory"], color=colour, lw=1.5)
    dots(axes, curve["w1_descent"][::every], curve["w2_descent"][::every], size=size)
    axes.plot(curve["w1_theory"][0], curve["w2_theory"][0], "o", color="white", mec=colour, ms=4.5, mew=1.2)

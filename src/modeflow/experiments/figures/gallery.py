"""All six figures by their numbers, and the one call that computes, draws and writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from modeflow.experiments.style import in_house_style
from modeflow.files import make_folder

from . import dynamics, images, noise_and_decay, nonlinear, norms, step_sizes
from .figure_record import Record
from .write import write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Progress = Callable[[int, int], None]
"""Called with (done, total)."""

FIGURES = (1, 2, 3, 4, 5, 6)
DATA = Path("../shared/data")


@dataclass(frozen=True)
class Order:
    """What is asked for: the folder with the images, speed or size, how many images for figure 6, who is told."""

    data: Path
    fast: bool
    samples: int | None
    progress: Progress | None


@dataclass(frozen=True)
class _Recipe:
    record: Callable[[], Record]
    draw: Callable[[Record], Figure]


def figures(
    chosen: Sequence[int],
    folder: Path,
    *,
    data: Path = DATA,
    fast: bool = False,
    samples: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Path]:
    """Compute, draw and write the figures chosen, yielding each file as it is written.

    data      the folder with MNIST images (figures 5, 6) and CIFAR-10 images (figure 5), looked for before anything
              is computed
    fast      smaller networks and fewer images in figures 5 and 6
    samples   how many images figure 6 trains on
    Raises ValueError for what cannot be drawn, naming the remedy, OSError where the folder cannot be written, before
    anything is computed.
    """
    order = Order(Path(data), fast, samples, progress)
    recipes = [recipe for number in chosen for recipe in _recipes(number, order)]
    make_folder(folder)
    for recipe in recipes:
        record = recipe.record()
        with in_house_style():
            yield from write(record, recipe.draw(record), folder)


def _recipes(number: int, order: Order) -> Iterator[_Recipe]:
    if number in _PLAIN:
        module = _PLAIN[number]
        yield _Recipe(module.numbers, module.draw)
    elif number == 5:
        for data_set in images.DATA_SETS:
            source = data_set.found_in(order.data)
            yield _Recipe(_images(data_set, source, order), images.draw)
    elif number == 6:
        source = images.MNIST.found_in(order.data)
        yield _Recipe(_nonlinear(source, order), nonlinear.draw)
    else:
        raise ValueError(f"figure {number}: there are figures 1 to 6; give one of them")


def _images(data_set: images.DataSet, source: Path, order: Order) -> Callable[[], Record]:
    return lambda: images.numbers(data_set, source, fast=order.fast, progress=order.progress)


def _nonlinear(source: Path, order: Order) -> Callable[[], Record]:
    return lambda: nonlinear.numbers(source, fast=order.fast, samples=order.samples, progress=order.progress)


_PLAIN = {1: dynamics, 2: noise_and_decay, 3: step_sizes, 4: norms}

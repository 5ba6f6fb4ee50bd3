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
WITHOUT_DATA = (1, 2, 3, 4)


@dataclass(frozen=True)
class Order:
    """What is asked for: the folder with the images, speed or size, how many images for figure 6, who is told."""

    data: Path | None
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
    data: Path | None = None,
    fast: bool = False,
    samples: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Path]:
    """Compute, draw and write the figures chosen, yielding each file as it is written.

    data      for figures 5 and 6 the folder with MNIST images (both) and CIFAR-10 images (figure 5), or a file of other
              data, looked for before anything is computed
    fast      smaller networks and fewer images in figures 5 and 6
    samples   how many images figure 6 trains on
    Raises ValueError for what cannot be drawn, naming the remedy, OSError where the folder cannot be written, before
    anything is computed.
    """
    order = Order(None if data is None else Path(data), fast, samples, progress)
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
    elif number in FIGURES and order.data is None:
        raise ValueError(f"figure {number} is drawn of data: give --data DIR with MNIST and CIFAR-10, or --data FILE")
    elif number == 5:
        for data_set, source in images.sources(_given(order)):
            yield _Recipe(_images(data_set, source, order), images.draw)
    elif number == 6:
        data = _given(order)
        yield _Recipe(_nonlinear(data if data.is_file() else images.MNIST.found_in(data), order), nonlinear.draw)
    else:
        raise ValueError(f"figure {number}: there are figures 1 to 6; give one of them")


def _given(order: Order) -> Path:
    """The data that are drawn. Raises ValueError for a path that names no place at all, as one that is too long."""
    assert order.data is not None
    try:
        order.data.exists()
    except OSError as error:
        raise ValueError(f"{order.data}: {error.strerror}; give --data DIR or --data FILE") from None
    return order.data


def _images(data_set: images.DataSet, source: Path, order: Order) -> Callable[[], Record]:
    return lambda: images.numbers(data_set, source, fast=order.fast, progress=order.progress)


def _nonlinear(source: Path, order: Order) -> Callable[[], Record]:
    return lambda: nonlinear.numbers(source, fast=order.fast, samples=order.samples, progress=order.progress)


_PLAIN = {1: dynamics, 2: noise_and_decay, 3: step_sizes, 4: norms}

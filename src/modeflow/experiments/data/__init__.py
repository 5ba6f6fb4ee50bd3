"""Real images in, a spectrum out: everything a linear autoencoder ever sees of its data.

`files`     images from files, told apart by their content
`pickles`   the pickled batches of CIFAR-10, read without executing them
`tables`    comma-separated numbers
`download`  public files by name, with pinned checksums
`moment`    the second moment, its spectrum, and data made to have a given one
"""

from .download import fetch
from .error import DataError
from .files import MAX_BYTES, ScaleWarning, load, load_and_remark
from .second_moment import (
    MAX_DIMENSION,
    Spectrum,
    made_from_spectrum,
    rounding_of,
    spectrum,
    spectrum_of_chunks,
    top_spectrum,
)

__all__ = [
    "MAX_BYTES",
    "MAX_DIMENSION",
    "DataError",
    "ScaleWarning",
    "Spectrum",
    "fetch",
    "load",
    "load_and_remark",
    "made_from_spectrum",
    "rounding_of",
    "spectrum",
    "spectrum_of_chunks",
    "top_spectrum",
]

"""Data in, a spectrum out: everything a linear autoencoder ever sees of its data.

`load`      data as people have them, to a matrix with a sample a row
`files`     numbers from files, told apart by their content
`arrays`    .npy, .npz and sparse matrices
`tables`    tables as text
`frames`    frames of pandas, and Parquet
`pictures`  a folder of pictures
`pickles`   the pickled batches of CIFAR-10, read without executing them
`labels`    which columns are left out
`scaling`   what is done to the numbers
`sparsely`  the same for sparse data, which stay sparse, and their eigenvalues
`download`  public files by name, with pinned checksums
`moment`    the second moment, its spectrum, and data made to have a given one
"""

from .download import fetch
from .error import DataError
from .load import MAX_BYTES, ScaleWarning, load, load_and_remark
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

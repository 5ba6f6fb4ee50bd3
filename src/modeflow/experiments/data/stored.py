"""What a source of data holds before anything is done to its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from .error import DataError
from .labels import left_out

__all__ = ["Stored"]


@dataclass(frozen=True)
class Stored:
    """Numbers as they are stored, first axis the sample, in their own type: an array, or a sparse matrix of SciPy.

    columns: what the columns are called; none where they have no names. shades: whether whole numbers of one or two
    bytes are shades of pictures, of which the largest of their type is white.
    """

    values: Any
    columns: tuple[str, ...] = ()
    shades: bool = False
    remark: str = ""

    def without(self, name: object, labels: Sequence[str]) -> Stored:
        """Without these columns, by their numbers from 1, as they have no names. Raises DataError."""
        if not labels:
            return self
        flat = self.values if self.is_sparse else self.values.reshape(len(self.values), -1)
        out = left_out(name, labels, (), flat.shape[1])
        if len(out) == flat.shape[1]:
            raise DataError(name, "labels alone", "name fewer labels, or give other data")
        kept = np.delete(np.arange(flat.shape[1]), sorted(out))
        return replace(self, values=flat[:, kept])

    @property
    def is_sparse(self) -> bool:
        return bool(sparse.issparse(self.values))

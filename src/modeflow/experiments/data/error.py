"""What every unusable file is refused with."""

__all__ = ["DataError"]


class DataError(ValueError):
    """A file that holds no usable images; the message names the file, what was found, and the remedy.

    Example:
        >>> import modeflow
        >>> modeflow.data.load("nothing.npy")
        Traceback (most recent call last):
        modeflow.experiments.data.error.DataError: nothing.npy: no such file or directory; check ...
    """

    def __init__(self, path: object, found: str, remedy: str) -> None:
        super().__init__(f"{path}: {found}; {remedy}")

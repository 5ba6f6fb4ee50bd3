"""The equations of a manuscript, held against claims."""

from .beginning import first_configuration
from .check import check
from .findings import Finding
from .notation import Configuration, UnusableConfiguration, configuration, load
from .sources import UnreadableSource

__all__ = [
    "Configuration",
    "Finding",
    "UnreadableSource",
    "UnusableConfiguration",
    "check",
    "configuration",
    "first_configuration",
    "load",
]

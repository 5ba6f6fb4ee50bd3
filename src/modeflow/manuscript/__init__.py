"""The equations of a manuscript, held against claims."""

from ..tree import UnusableConfiguration
from .beginning import first_configuration
from .check import check
from .findings import Finding
from .notation import Configuration, configuration, load
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

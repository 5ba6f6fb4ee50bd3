"""The equations of a manuscript, held against claims.

text → read → mean → judge → report; `pipeline` tells the whole
"""

from typing import TYPE_CHECKING

from .. import _surface

if TYPE_CHECKING:
    from .first_configuration import first_configuration
    from .judge.findings import Correction, Edit, Finding, Strictness
    from .mean.notation import Configuration, configuration, load
    from .pipeline import check
    from .readings import Reading, survey
    from .text.folders import UnusableConfiguration
    from .text.sources import UnreadableSource

_HOME = {
    "Configuration": "mean.notation",
    "Correction": "judge.findings",
    "Edit": "judge.findings",
    "Finding": "judge.findings",
    "Reading": "readings",
    "Strictness": "judge.findings",
    "UnreadableSource": "text.sources",
    "UnusableConfiguration": "text.folders",
    "check": "pipeline",
    "configuration": "mean.notation",
    "first_configuration": "first_configuration",
    "load": "mean.notation",
    "survey": "readings",
}

__all__ = [
    "Configuration",
    "Correction",
    "Edit",
    "Finding",
    "Reading",
    "Strictness",
    "UnreadableSource",
    "UnusableConfiguration",
    "check",
    "configuration",
    "first_configuration",
    "load",
    "survey",
]

if not TYPE_CHECKING:  # for a type checker a name that is not imported above is an error
    __getattr__ = _surface.loader_of(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)

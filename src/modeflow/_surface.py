"""Where the names of the public surface live: each is loaded when it is first used, and old paths lead to the new.

Importing modeflow loads no SymPy.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module, machinery
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType
from typing import Any

# Modules whose names are public → where they are.
PUBLIC = {"modeflow.arrays": "modeflow.evaluate.arrays", "modeflow.data": "modeflow.experiments.data"}
# Paths that pages taught before version 0.2 → where they lead. They go with version 0.3.
MOVED = {
    "modeflow.closed_forms": "modeflow.language.closed_forms",
    "modeflow.evaluators": "modeflow.evaluate.evaluators",
    "modeflow.flow": "modeflow.language.flow",
    "modeflow.generated": "modeflow.evaluate.generated",
    "modeflow.kernels": "modeflow.language.kernels",
    "modeflow.matrices": "modeflow.language.matrices",
    "modeflow.prediction": "modeflow.experiments.prediction",
    "modeflow.quantities": "modeflow.language.quantities",
    "modeflow.solve": "modeflow.language.solve",
    "modeflow.unbalanced_decay": "modeflow.evaluate.fading",
}


def loader_of(package: str, home: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package: name → the same name in the module `home[name]`, or that module itself (":")."""

    def load(name: str) -> Any:
        if name not in home:
            raise AttributeError(
                f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package]
            )  # by which Python finds what may be meant
        module = import_module(f"{package}.{home[name].removesuffix(':')}")
        value = module if home[name].endswith(":") else getattr(module, name)
        setattr(sys.modules[package], name, value)
        return value

    return load


_own_specs: dict[str, machinery.ModuleSpec | None] = {}


class _Moved(MetaPathFinder, Loader):
    """Finds a module under its public name, or under its old path, and warns of that."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> machinery.ModuleSpec | None:
        return machinery.ModuleSpec(fullname, self) if fullname in PUBLIC or fullname in MOVED else None

    def create_module(self, spec: machinery.ModuleSpec) -> ModuleType:
        place = PUBLIC.get(spec.name) or MOVED[spec.name]
        if spec.name in MOVED:
            text = f"{spec.name} is now {place}; the old path goes with version 0.3"
            warnings.warn(text, DeprecationWarning, stacklevel=2)
        module = import_module(place)
        _own_specs[module.__name__] = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """The module has run under its own name, which it keeps."""
        module.__spec__ = _own_specs[module.__name__]


def install() -> None:
    """Let public names and old paths be found."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.append(_Moved())

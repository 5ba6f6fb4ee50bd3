"""The one optional package that arrays of other libraries need, or a sentence that says how to get it."""

from __future__ import annotations

try:
    import array_api_compat
except ImportError as error:
    raise ImportError("modeflow.arrays needs array-api-compat: pip install 'modeflow[arrays]'") from error

__all__ = ["array_api_compat"]

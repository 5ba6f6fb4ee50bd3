"""Evaluating over grids too large for memory: chunk by chunk, resumed after being killed, written as Zarr.

configuration (TOML) → chunks → values → store, and a ledger of the chunks that are done
"""

from .configuration import Configuration, UnusableConfiguration, read
from .run import sweep

__all__ = ["Configuration", "UnusableConfiguration", "read", "sweep"]

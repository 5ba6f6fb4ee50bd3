"""Generated modules for arrays of any library; see docs/arrays.md."""

"""Nothing to import: the wheel carries references.bib as part of this package, for the LaTeX that cites it."""

"""Sphinx: `sphinx-build -W -c docs/sphinx docs docs/_build`. Kept apart from docs/, which the wheel carries in part."""

from importlib import metadata

project = "modeflow"
author = "The modeflow authors"
release = metadata.version("modeflow")
extensions = ["myst_parser", "sphinxcontrib.bibtex"]
bibtex_bibfiles = ["../references.bib"]
exclude_patterns = ["_build", "sphinx"]
html_theme = "alabaster"
myst_heading_anchors = 2
myst_enable_extensions = ["dollarmath"]

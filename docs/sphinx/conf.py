"""Sphinx: `sphinx-build -W -c docs/sphinx docs docs/_build`. Kept apart from docs/, which the wheel carries in part."""

import sys
from importlib import metadata, resources
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "modeflow"
author = "The modeflow authors"
release = metadata.version("modeflow")
extensions = [
    "myst_parser",
    "sphinxcontrib.bibtex",
    "sphinx_copybutton",
    "formulas",
    "claim_pages",
    "chapter_pages",
    "explorer_page",
    "gallery",
    "pdf",
    "reference",
]
bibtex_bibfiles = ["../references.bib"]
exclude_patterns = ["_build", "sphinx"]
myst_heading_anchors = 3
myst_enable_extensions = ["attrs_inline", "colon_fence", "dollarmath"]

html_theme = "furo"
html_title = "modeflow"
html_static_path = ["static", str(resources.files("modeflow.typeset") / "edges.css")]
html_css_files = ["site.css", "edges.css"]
html_js_files = ["scrolling.js"]
html_search_scorer = str(Path(__file__).parent / "static" / "scorer.js")
html_favicon = "static/mark.svg"
html_copy_source = False
html_show_copyright = False
html_math_renderer = "mathml"
html_theme_options = {"navigation_with_keys": True}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True


def _level_of_captions(app, page, template, context, tree):
    """The captions of the navigation are headings: of which level, the theme does not say."""
    shown = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = shown.replace('role="heading"', 'role="heading" aria-level="2"')


def setup(app):
    """What Sphinx calls."""
    app.connect("html-page-context", _level_of_captions, priority=900)  # after the theme

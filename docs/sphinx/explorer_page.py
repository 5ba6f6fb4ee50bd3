"""The explorer on the site, where uPlot is: a page beside those of the claims, to which it links."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modeflow.statements.verify import verify_all
from modeflow.typeset.explorer.formulas import shown_claims
from modeflow.typeset.explorer.page import EXAMPLE, explorer
from modeflow.typeset.explorer.plotting import MissingPlotting, plotting

NAME = "explore.html"
LINK = f'<p><a href="{NAME}">Open the explorer</a> of this site, with an example spectrum.</p>'


def _library() -> Any:
    try:
        return plotting()
    except MissingPlotting:
        return None


def write(app: Any, error: Exception | None) -> None:
    """Writes the page, at the end of a build of HTML."""
    library = _library()
    if error is not None or app.builder.name != "html" or library is None:
        return
    verdicts = {claim.id: verdict for claim, verdict in verify_all(shown_claims(), jobs=os.cpu_count() or 1)}
    page = explorer(EXAMPLE, source="an example", plotting=library, verdicts=verdicts, pages="claims/")
    (Path(app.outdir) / NAME).write_text(page, encoding="utf-8")


def link(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Puts a link to it at the end of its chapter, where there is one."""
    if page == "explorer" and _library() is not None:
        context["body"] += LINK


def setup(app: Any) -> Mapping[str, bool]:
    """What Sphinx calls."""
    app.connect("build-finished", write)
    app.connect("html-page-context", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

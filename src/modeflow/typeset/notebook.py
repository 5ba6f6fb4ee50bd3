"""Chapters as a Jupyter notebook of Markdown cells, to be annotated and computed in."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..statements.chapter import Chapter
from .markdown import blocks
from .narrative import Verdicts


def notebook(chapters: Iterable[Chapter], verdicts: Verdicts | None = None) -> str:
    """The chapters in nbformat 4: a cell for the opening of each chapter, and for each claim."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": block.splitlines(keepends=True)}
        for block in blocks(chapters, verdicts)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

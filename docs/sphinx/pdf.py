"""The derivations as a PDF on the site, where TeX is: all chapters with their verdicts."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.errors import ExtensionError

from modeflow.statements.catalogue import chapters
from modeflow.typeset.document import document

NAME = "derivations.pdf"
LINK = f'<p><a class="open" href="{NAME}">Open the derivations</a> as they were when this site was built.</p>'
SECONDS = 300  # for one run of TeX


def compiled(tex: str) -> bytes:
    """What pdflatex makes of a document. Raises ExtensionError, which ends the build, where it does not compile."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "derivations.tex").write_text(tex, encoding="utf-8")
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "derivations.tex"]
        for _ in range(2):  # the second knows the numbers of the first
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False)
            if done.returncode:
                said = done.stdout.decode("utf-8", "replace").splitlines()
                raise ExtensionError(f"{NAME}: {next((line for line in said if line.startswith('!')), said[-1:])}")
        return (Path(folder) / NAME).read_bytes()


def write(app: Any, error: Exception | None) -> None:
    """Writes the PDF, at the end of a build of HTML."""
    if error is None and app.builder.name == "html" and shutil.which("pdflatex"):
        (Path(app.outdir) / NAME).write_bytes(compiled(document(chapters().values(), app.modeflow_verdicts)))


def link(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Puts a link to it at the end of its page, where there is one."""
    if page == "pdf" and shutil.which("pdflatex"):
        context["body"] += LINK


def setup(app: Any) -> Mapping[str, bool]:
    """What Sphinx calls."""
    app.connect("build-finished", write)
    app.connect("html-page-context", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The derivations as a PDF on the site: where TeX is, and only if the document compiles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from built_site import BUILT, needs_site, page_of

pytest.importorskip("sphinx", reason="Sphinx, of the extra `docs`, is not installed")
pytest.importorskip("latex2mathml", reason="latex2mathml, of the extra `html`, is not installed")

import pdf
from sphinx.errors import ExtensionError

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
DOCUMENT = r"\documentclass{article}\begin{document}On page~\pageref{end}: %s\label{end}\end{document}"


@needs_tex
def test_a_document_becomes_a_pdf_and_one_that_does_not_compile_ends_the_build() -> None:
    assert pdf.compiled(DOCUMENT % "words.").startswith(b"%PDF")
    with pytest.raises(ExtensionError, match=r"derivations\.pdf: ! Undefined control sequence"):
        pdf.compiled(DOCUMENT % r"\unknown")


@needs_tex
@needs_site
def test_the_site_has_it_with_a_link() -> None:
    built = Path(BUILT or "")
    written = (built / pdf.NAME).read_bytes()
    assert written.startswith(b"%PDF")
    assert len(written) > 300_000
    assert pdf.NAME in page_of(built / "pdf.html").links

"""Claims as pages: LaTeX, HTML, Markdown, notebooks, plain text."""

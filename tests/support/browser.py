"""Chromium without a window, for tests of pages: they skip where it, or playwright, is not installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

ARGUMENTS = ["--no-sandbox", "--disable-gpu"]


@contextmanager
def browser() -> Iterator[Any]:
    """A browser of playwright: its own Chromium, or the one that is on the path."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright, which drives a browser, is not installed")
    with api.sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=_path(), args=ARGUMENTS)
        except api.Error as error:
            pytest.skip(f"Chromium is not installed: {str(error).splitlines()[0]}")
        try:
            yield found
        finally:
            found.close()


def _path() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

"""The browser of the tests: one on PATH, or Playwright's own. As a script, prints which."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")


def find_browser() -> str | None:
    """The path of a Chromium: ``NBBLOG_CHROMIUM``, PATH, Playwright's download; None if there is none."""
    for name in (os.environ.get("NBBLOG_CHROMIUM", ""), *NAMES):
        if path := name and shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    sys.exit(print(path) if (path := find_browser()) else "no Chromium found")

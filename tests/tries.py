"""What the tests try many times: how often in a run of the tests, and how often in one of ``scripts/tried``.

A test says it with a mark, ``@pytest.mark.tries(part, what, count)``; ``part`` is one of ``PARTS``.
"""

from __future__ import annotations

import os

PARTS = {
    "Hostile content": "In Chromium nothing was executed, fetched or laid over the page, and every page still worked.",
    "Hostile notebooks": "Each gave a page or an error of one line.",
    "Real notebooks": "Each gave a page with every word of its text, or an error of one line.",
    "Builds": "The site was the old one or the new one, whole, and the next build worked.",
    "Publishing": "The branch held the old site or the new one, whole; nothing else changed, here or there.",
    "Secrets": "Each was found in its place, and is repeated nowhere.",
    "Running long": "Neither memory nor open files grew.",
}
"""What the page of results says of each, if its tests passed."""

THOROUGH = bool(os.environ.get("NBBLOG_THOROUGH"))


def many(few: int, thorough: int) -> int:
    """How many tries there are: few in a run of the tests."""
    return thorough if THOROUGH else few

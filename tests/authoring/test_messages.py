"""What the author is told."""

from __future__ import annotations

import ipywidgets as widgets
import pytest

from nbblog.authoring.baking import Baked
from nbblog.authoring.controls import Control, make_control
from nbblog.authoring.messages import message


def baked(count: int, *sizes: int, size: int = 41_200, pure: bool = True, limit: str = "") -> Baked:
    states = [(place,) for place in range(count)]
    return Baked(sizes, states, [0] * count, pure=pure, limit=limit, bytes=size)


TEXT = make_control("word", "x", "x")


@pytest.mark.parametrize(
    ("given", "reason", "controls", "text"),
    [
        (baked(2000, 2000), "", [], "2,000 of 2,000 states baked, 41 KB: every answer is instant and works offline"),
        (baked(2000, 2000), "it uses files", [], "2,000 of 2,000 states baked, 41 KB: every answer is instant and"
         " works offline"),
        (baked(60, 64_000), "", [], "60 of 64,000 baked: other answers load Python in the reader's browser"
         " (5.6 MB, once)"),
        (baked(60, 64_000), "it uses files", [], "60 of 64,000 states baked, 41 KB: the page has no other answers,"
         " because it uses files"),
        (baked(9, 99, limit="stopped"), "", [], "9 of 99 baked (stopped): other answers load Python in the reader's"
         " browser (5.6 MB, once)"),
        (baked(1, size=10), "", [], "1 of 1 state baked, 1 KB: every answer is instant and works offline"),
        (baked(3, 3), "", [TEXT], "3 of 3 baked: answers for another word load Python in the reader's browser"
         " (5.6 MB, once)"),
    ],
)
def test_message_says_what_readers_get(given: Baked, reason: str, controls: list[Control], text: str) -> None:
    """How many states, how many bytes, and what of the others."""
    assert message(given, reason, controls) == text


def test_packages_are_told_where_they_are_needed() -> None:
    """A page's Python has the standard library; the site may add to it."""
    assert message(baked(3, 9), "", [], (), ["numpy"]).endswith("(5.6 MB, once), and numpy where the site has it")
    assert "numpy" not in message(baked(3, 3), "", [], (), ["numpy"])


def test_impure_section_is_told() -> None:
    """With what to do."""
    text = message(baked(3, 3, pure=False), "", [])
    assert "offline. Two runs of the same state differ: readers see one of them. Set a seed" in text


def test_control_that_a_page_cannot_have_is_told() -> None:
    """By its name."""
    control = make_control("span", widgets.IntRangeSlider(), None)
    assert message(baked(3, 3), "", [control]).endswith("A page has no IntRangeSlider: span keeps its value there.")


def test_output_that_a_page_cannot_show_is_told() -> None:
    """With what can be returned instead."""
    text = message(baked(3, 3), "", [], {"application/x"})
    assert text.endswith("The page shows only the text of what is application/x: return a plot or a picture.")

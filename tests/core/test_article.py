"""What an article is besides its cells."""

from __future__ import annotations

from typing import Any

import pytest

from nbblog.core.article import render_article
from nbblog.core.errors import FileRefused
from nbblog.core.reading import read_post
from nbblog.core.surroundings import Surroundings
from nbblog.onepage import math_renderer

PICTURE = "[[image:https://example.org/a.jpg|A]]"
SENTENCE = "A sentence that fills a line of a phone. "


def refuse(target: str) -> bytes:
    raise FileRefused(target, "no such file")


def render(*cells: tuple[str, str]) -> str:
    """The article's HTML; a cell is its kind and its source."""
    written: list[dict[str, Any]] = [
        {"cell_type": kind, "id": f"c{number}", "metadata": {}, "source": source, "outputs": []}
        for number, (kind, source) in enumerate(cells)
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"title": "T"}, "cells": written}
    around = Surroundings(asset_url=lambda asset: asset.name, read_file=refuse, maths=math_renderer())
    return render_article(read_post(notebook, name="post.ipynb"), around).html


@pytest.mark.parametrize(
    "before", [[], [("markdown", SENTENCE * 5)], [("code", "a = 1\nb = 2")], [("markdown", "- a\n- b\n- c")]]
)
def test_a_picture_on_the_first_screen_comes_first(before: list[tuple[str, str]]) -> None:
    """One only; those below it come when they are near."""
    html = render(*before, ("markdown", f"{PICTURE}\n\n{PICTURE}"))
    assert html.count('fetchpriority="high"') == 1
    assert html.count('loading="lazy"') == 1


@pytest.mark.parametrize(
    "before", [[("markdown", SENTENCE * 15)], [("code", "a = 1\n" * 15)], [("markdown", "- a\n" * 15)]]
)
def test_a_picture_below_the_first_screen_keeps_nothing_waiting(before: list[tuple[str, str]]) -> None:
    """It would take the line from the text that is read first."""
    for cells in ([*before, ("markdown", PICTURE)], [("markdown", f"{before[0][1]}\n\n{PICTURE}")]):
        html = render(*cells)
        assert "fetchpriority" not in html
        assert html.count('loading="lazy"') == 1

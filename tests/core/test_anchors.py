"""Links within an article that lead nowhere."""

from __future__ import annotations

import pytest
from hostile_notebooks import code_cell, raw_cell, render, shown, text_cell

from nbblog.core.notices import Notice


def missing(*cells: object) -> list[Notice]:
    page = render(list(cells))  # type: ignore[arg-type]
    return [notice for notice in page.notices if notice.code == "anchor-missing"]


def test_a_link_to_no_anchor_gives_a_notice() -> None:
    """Once for each name and cell, with the line."""
    text = text_cell("Words.\n\n[a](#nowhere) [b](#nowhere) [c](#first)")
    (one, two) = missing(text, raw_cell('<a href="#x-y">a</a>'))
    assert (one.detail, one.place.cell, one.place.line) == ("#nowhere", 2, 3)
    assert (two.detail, two.place.cell) == ("#x-y", 3)


NAMES = ["first", "First", "%66irst", "last", "top", "title", "Title", "here", "made", "eq", "my-st", "it's-'so'"]


@pytest.mark.parametrize("name", NAMES)
def test_a_link_to_an_anchor_gives_none(name: str) -> None:
    """Headings, also of cells below and by the names that other tools give them; ids in HTML, outputs and MyST; the
    title."""
    anchors = text_cell('<a name="here"></a>\n\n$$x \\label{eq}$$\n\n(my-st)=\n## It\'s \'so\'')
    made = code_cell(shown(text__html='<b id="made">x</b><a href="#made">y</a>'))
    assert missing(text_cell(f"[a](#{name}) [b](#) [^1]\n\n[^1]: c"), anchors, made) == []


def test_links_in_outputs_are_not_an_authors() -> None:
    """Programs write links to what a page of theirs would have."""
    assert missing(code_cell(shown(text__html='<a href="#none">x</a>'))) == []

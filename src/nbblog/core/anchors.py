"""Links within the article that lead nowhere: found once all of it is there."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from itertools import chain
from urllib.parse import unquote

from .html import ID_PREFIX
from .notices import Notice, NoticeCode, Place
from .post import Cell
from .tags import Tags


def find_missing_anchors(parts: Sequence[tuple[Cell, Tags]]) -> list[Notice]:
    """A notice for each anchor that a text's links name and no element of the article has. ``parts`` are the cells of
    the article with the tags of their HTML. The top of a page needs none (HTML, "find a potential indicated
    element")."""
    linking = [(cell, tags.leaving) for cell, tags in parts if tags.leaving and cell.kind != "code"]
    if not linking:
        return []
    ids = {"top", *chain.from_iterable(tags.ids for _, tags in parts)}
    return [
        _missing(cell, unescape(name))
        for cell, names in linking
        for name in names
        # Notes and the ways back from them are ours, and those of all cells stand at the end.
        if name not in ids and not name.startswith("note-")
    ]


def _missing(cell: Cell, name: str) -> Notice:
    written = name.removeprefix(ID_PREFIX)
    at = max(cell.source.find(f"#{written}"), cell.source.find(f"#{unquote(written)}"))
    line = None if at < 0 else cell.first_line + cell.source.count("\n", 0, at)
    return Notice(NoticeCode.ANCHOR_MISSING, f"#{written}"[:200], Place(cell.number, cell.id, line))

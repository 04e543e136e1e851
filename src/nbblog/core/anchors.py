"""Links within the article that lead nowhere: found once all of it is there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote

from .html import ID_PREFIX
from .notices import Notice, NoticeCode, Place
from .post import Cell

_LINK = re.compile(r'<a [^<>]*?href="#([^"]+)"')
_ID = re.compile(r'<[a-z][^<>]*? id="([^"]+)"')


def find_missing_anchors(parts: Iterable[tuple[Cell, str]]) -> list[Notice]:
    """A notice for each anchor that a text's links name and no element of the article has. ``parts`` are the cells of
    the article with their HTML. The top of a page needs none (HTML, "find a potential indicated element")."""
    pairs = [(cell, html) for cell, html in parts if html]
    linking = [(cell, _find_leaving(html)) for cell, html in pairs if cell.kind != "code" and 'href="#' in html]
    if not any(names for _, names in linking):
        return []
    ids = {"top", *(id for _, html in pairs for id in _ID.findall(html))}
    return [
        _missing(cell, unescape(name))
        for cell, names in linking
        for name in dict.fromkeys(names)
        # Notes and the ways back from them are ours, and those of all cells stand at the end.
        if name not in ids and not name.startswith("note-")
    ]


def _find_leaving(html: str) -> list[str]:
    """The anchors that a cell's links name and that are not in the cell: those of its headings are, nearly always."""
    return [name for name in _LINK.findall(html) if f' id="{name}"' not in html]


def _missing(cell: Cell, name: str) -> Notice:
    written = name.removeprefix(ID_PREFIX)
    at = max(cell.source.find(f"#{written}"), cell.source.find(f"#{unquote(written)}"))
    line = None if at < 0 else cell.first_line + cell.source.count("\n", 0, at)
    return Notice(NoticeCode.ANCHOR_MISSING, f"#{written}"[:200], Place(cell.number, cell.id, line))

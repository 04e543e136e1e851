"""The one gate to safe HTML.

``Safe`` marks a string that may be written into a page as it is. It comes from three places only: ``escape`` and
``tag`` (plain text made into HTML), ``sanitise`` (a notebook's HTML through the allowlist), and ``trusted`` (the
output of a renderer of ours, such as KaTeX, named at the call).

Sanitising is the last string step over a notebook's HTML. What our own renderers make inside it (a figure, a
formula, highlighted code) waits in ``Slots`` meanwhile: the sanitiser sees an empty placeholder element, and the
piece takes its place afterwards. That is sound because the placeholder's exact text, with its raw quotation marks,
can only come out of the serialiser for a real element: within attribute values quotation marks are escaped, and
elements whose content is raw text (``style``, ``script``, ``xmp``…) are not allowed at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape as _escape
from typing import NewType
from urllib.parse import urlsplit

Safe = NewType("Safe", str)

ID_PREFIX = "user-"
"""Put before every id that comes from a notebook, so that it cannot stand for one of the page's own."""

_VOID = frozenset({"img", "br", "hr", "input", "source", "track", "wbr", "col", "meta", "link"})
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# C0 and C1 controls, white space, and invisible format characters: browsers drop some of them inside a scheme.
_INVISIBLE = re.compile("[\x00-\x20\x7f-\xa0\xad\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")


def escape(text: str) -> Safe:
    """Plain text as HTML, fit for element content and for quoted attribute values."""
    return Safe(_escape(text, quote=True))


def trusted(html: str) -> Safe:
    """Mark HTML made by code of ours (never a notebook's own) as safe. Every call is a place to review."""
    return Safe(html)


def join(parts: list[Safe] | tuple[Safe, ...], between: str = "") -> Safe:
    """Safe pieces put together; ``between`` is white space or another safe piece."""
    return Safe(between.join(parts))


def tag(name: str, content: Safe | None = None, /, **attributes: str | int | bool | None) -> Safe:
    """An element. ``class_`` is ``class``, ``data_cell`` is ``data-cell``; ``None`` and ``False`` leave the
    attribute out, ``True`` writes it bare; values are escaped."""
    written = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        written.append(key if value is True else f'{key}="{_escape(str(value))}"')
    start = f"<{' '.join(written)}>"
    return Safe(start if name in _VOID else f"{start}{content or ''}</{name}>")


def safe_url(url: str) -> str | None:
    """``url`` when its scheme is http, https, mailto, tel, or when it is relative; else ``None``.

    Invisible characters are taken out before the scheme is looked at, as browsers do (WHATWG URL, "basic URL parser"
    steps 1–3), and the rest more strictly than they do. ``data:image/…`` is for ``render_image`` to accept."""
    visible = _INVISIBLE.sub("", url)
    head = re.split(r"[/?#]", visible, maxsplit=1)[0]
    if ":" in head and head.split(":", 1)[0].lower() not in _SCHEMES:
        return None
    try:
        urlsplit(visible)
    except ValueError:
        return None
    return url.strip()


class Slots:
    """Finished pieces of HTML that wait while what surrounds them is sanitised."""

    def __init__(self) -> None:
        self._pieces: list[Safe] = []

    def put(self, piece: Safe, *, block: bool = True) -> str:
        """Keep ``piece`` and return the placeholder to write in its place: a ``div``, or a ``span`` in a line."""
        self._pieces.append(piece)
        name = "div" if block else "span"
        return f'<{name} data-slot="{len(self._pieces) - 1}"></{name}>'

    def fill(self, html: Safe) -> Safe:
        """``html`` with every placeholder replaced by its piece; an unknown number becomes nothing."""
        return Safe(_SLOT.sub(self._piece, html))

    def _piece(self, match: re.Match[str]) -> str:
        number = int(match[2])
        # A piece may hold placeholders of earlier ones (an image in a table of a quotation), never of itself.
        return _SLOT.sub(self._piece, self._pieces[number]) if number < len(self._pieces) else ""


_SLOT = re.compile(r'<(div|span) data-slot="(\d{1,9})"></\1>')

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
from collections.abc import Callable, Container
from contextvars import ContextVar
from dataclasses import dataclass
from html import escape as _escape
from typing import NewType
from urllib.parse import urlsplit

import nh3

from . import allowlist

Safe = NewType("Safe", str)

ID_PREFIX = "user-"
"""Put before every id that comes from a notebook, so that it cannot stand for one of the page's own."""

_VOID = frozenset({"img", "br", "hr", "input", "source", "track", "wbr", "col", "meta", "link"})
_INVISIBLE = re.compile(allowlist.INVISIBLE)


def escape(text: str) -> Safe:
    """Plain text as HTML, fit for element content and for quoted attribute values."""
    return Safe(_escape(text, quote=True))


def escape_text(text: str) -> Safe:
    """Plain text as element content only, where quotation marks need no escape: code has many of them."""
    return Safe(_escape(text, quote=False))


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

    Invisible characters are taken out before the scheme is looked at, as browsers do (WHATWG URL, "basic URL parser",
    steps 1 to 3), and more of them than browsers do."""
    visible = _INVISIBLE.sub("", url)
    head = re.split(r"[/?#]", visible, maxsplit=1)[0]
    if ":" in head and head.split(":", 1)[0].lower() not in allowlist.URL_SCHEMES:
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

    def fill(self, html: str) -> Safe:
        """``html`` with every placeholder replaced by its piece; an unknown number becomes nothing."""
        return Safe(_SLOT.sub(self._piece, html))

    def _piece(self, match: re.Match[str]) -> str:
        number = int(match[2])
        return self._pieces[number] if number < len(self._pieces) else ""


_SLOT = re.compile(r'<(div|span) data-slot="(\d{1,9})"></\1>')


def _no_fragment(fragment: str) -> str:
    return ID_PREFIX + fragment


@dataclass(frozen=True, slots=True)
class Links:
    """How ids and links inside a notebook's HTML fit into the article around it."""

    own_ids: Container[str] = frozenset()
    """Ids that our renderer gave (headings, notes): these keep their name, all others get ``ID_PREFIX``."""
    fragment: Callable[[str], str] = _no_fragment
    """What ``#x`` leads to: takes and gives the id without its ``#``."""


_NO_LINKS = Links()


def sanitise(html: str, *, slots: Slots | None = None, links: Links = _NO_LINKS) -> Safe:
    """A notebook's HTML through the allowlist; then the pieces in ``slots`` take their places.

    Nothing may edit the result afterwards. Never raises; unclosed elements are closed, so that a fragment cannot
    reach out of the element it is put into."""
    token = _links.set(links)
    try:
        clean = _ELEMENT.sub(_add_attributes, _CLEANER.clean(_show_unclosed(html)))
    finally:
        _links.reset(token)
    return slots.fill(clean) if slots else Safe(clean)


# As with placeholders: with its raw quotation marks this can only be a real element's start tag.
_ELEMENT = re.compile(rf'<({"|".join(allowlist.ADDED_ATTRIBUTES)})((?: [a-z-]+="[^"]*")*)>')


def _add_attributes(match: re.Match[str]) -> str:
    return f"<{match[1]}{match[2]}{allowlist.ADDED_ATTRIBUTES[match[1]]}>"


# <embed> has no end tag, and a self-closing drawing or formula needs none. Nothing ends <plaintext>.
_NAMES = "|".join(allowlist.SWALLOWING)
_SWALLOWING = re.compile(rf"<({_NAMES})(?=[\s/>])", re.IGNORECASE)
_END = re.compile(rf"</({_NAMES})\b", re.IGNORECASE)
_SELF_CLOSED = re.compile(r"<(?:svg|math)\b[^<>]*/>", re.IGNORECASE)


def _show_unclosed(html: str) -> str:
    """``html`` with those start tags as text that would take all that follows with them, for want of an end tag:
    "the <title> of a page" in a sentence. The gate drops such an element with everything in it."""
    if not _SWALLOWING.search(html):
        return html
    last_ends = {match[1].lower(): match.start() for match in _END.finditer(html)}
    last_ends.pop("plaintext", None)

    def show(match: re.Match[str]) -> str:
        is_closed = match.start() < last_ends.get(match[1].lower(), -1) or _SELF_CLOSED.match(html, match.start())
        return match[0] if is_closed else f"&lt;{match[1]}"

    return _SWALLOWING.sub(show, html)


# A cleaner is twenty times dearer to make than to use, so there is one; its filter finds the caller's links here.
_links: ContextVar[Links] = ContextVar("links", default=_NO_LINKS)


def _filter(element: str, name: str, value: str) -> str | None:
    if name == "class":
        words = [allowlist.RENAMED_CLASSES.get(word, word) for word in value.split()]
        return " ".join(word for word in words if allowlist.CLASS.fullmatch(word)) or None
    if name == "style":
        return filter_style(value) or None
    if name in ("id", "headers", "aria-labelledby", "aria-describedby"):
        own = _links.get().own_ids
        return " ".join(word if word in own else ID_PREFIX + word for word in value.split()) or None
    if name == "href" and value.strip().startswith("#"):
        fragment = value.strip()[1:]
        return "#" + _links.get().fragment(fragment) if fragment else "#"
    if name in allowlist.URL_ATTRIBUTES:
        # A link without an address is no valid HTML beside the rel that every link gets: a refused one leads nowhere.
        return safe_url(value) or ("#" if element == "a" else None)
    if name == "tabindex":
        return "0"
    if name == "srcset":
        return value if all(safe_url(part) is not None for part in value.split(",")) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=allowlist.TAGS,
    clean_content_tags=allowlist.DROPPED_WITH_CONTENT,
    attributes=allowlist.ATTRIBUTES,
    tag_attribute_values=allowlist.ATTRIBUTE_VALUES,
    set_tag_attribute_values=allowlist.FORCED_ATTRIBUTES,
    # "javascript" only so that such a link reaches _filter, which turns it into "#"; safe_url lets none through.
    url_schemes={*allowlist.URL_SCHEMES, "javascript"},
    link_rel=allowlist.LINK_REL,
    attribute_filter=_filter,
)


def filter_style(style: str) -> str:
    """The declarations of a ``style`` attribute that change how text looks, and no others.

    No position, no ``url()``, no escape, no negative length, no custom property: nothing that can load a file, cover
    another part of the page, or reach the theme."""
    kept = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.replace("!important", "").strip()
        if colon and name in allowlist.STYLE_PROPERTIES and _is_plain(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _is_plain(value: str) -> bool:
    # Token by token, not by one expression over the whole: that one would try every way to cut a long word.
    position = 0
    while position < len(value):
        token = allowlist.STYLE_TOKEN.match(value, position)
        if token is None:
            return False
        position = token.end()
    return bool(value)

"""Pictures of an article: one function for every way to write one, ``[[image:…]]``, ``![alt](src)``, an output.

Local files are kept as assets under a name made of their content; what they are is read from their first bytes.
Remote pictures stay where they are: nothing here, and nothing in a build, fetches them.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, unquote_to_bytes

from .errors import FileRefused
from .fragment import Asset, Collector
from .html import ID_PREFIX, Safe, escape, join, safe_url, tag
from .notices import NoticeCode
from .pictures import LARGEST_FILE, read_picture
from .svg import SvgError, sanitise_svg

ALIGNMENTS = ("wide", "full", "left", "right")
# The widths of the theme's tracks (theme/css/base.css). Where a theme has others, a browser fetches a larger or a
# smaller file than it would need, and nothing looks different.
_SIZES = {
    "": "(min-width: 43rem) 39.2rem, 100vw",
    "wide": "(min-width: 59rem) 55.2rem, 100vw",
    "full": "100vw",
    "left": "(min-width: 40rem) 18rem, 100vw",
    "right": "(min-width: 40rem) 18rem, 100vw",
}
_LENGTH = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,4})?)\s*(px|%|em|rem|vw|)")
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_DATA = re.compile(r"data:(image/[\w.+-]+)(?:;[\w=-]+)*?(;base64)?,(.*)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as its author asked for it."""

    target: str
    """A path beside the notebook, an ``http`` address, ``attachment:NAME`` or a ``data:`` URI."""
    alt: str = ""
    caption: Safe | None = None
    width: str = ""
    """A number of pixels, or with ``%``, ``em``, ``rem``, ``vw``."""
    height: str = ""
    align: str = ""
    """One of ``ALIGNMENTS``, or empty."""
    link: str = ""
    """Where a click leads; by default to the picture itself."""
    title: str = ""
    id: str = ""
    line: int | None = None
    """Where it stands, for notices."""


@dataclass(frozen=True, slots=True)
class MediaContext:
    """What rendering a medium needs to know of its cell."""

    collector: Collector
    attachments: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A picture that can be shown."""

    url: str
    width: int | None = None
    height: int | None = None
    srcset: str | None = None
    """Smaller forms of it for browsers to choose from, each URL with its width."""

    def sizes(self, align: str = "", width: str | None = None) -> str | None:
        """How wide the page will show it (HTML's ``sizes``), where there is a choice: on the track ``align``, or as
        wide as the CSS length ``width``."""
        if self.srcset is None:
            return None
        return width if width and not width.endswith("%") else _SIZES.get(align, _SIZES[""])


def render_image(image: Image, context: MediaContext, *, eager: bool = False) -> Safe:
    """A picture within a line; where it cannot be shown, its alt text or name, and a notice."""
    shown = _find(image, context)
    if shown is None:
        return _placeholder(image)
    element = _render_element(image, shown, eager=eager)
    link = _read_link(image, context)
    return tag("a", element, href=link, rel="noopener noreferrer") if link else element


def render_figure(image: Image, context: MediaContext, *, eager: bool = False) -> Safe:
    """A picture as a block of its own, which leads to the picture at full size (or to ``image.link``)."""
    shown = _find(image, context)
    if shown is None:
        content = _placeholder(image)
    else:
        content = tag(
            "a",
            _render_element(
                replace(image, width="", title="" if image.caption else image.title),
                shown,
                eager=eager,
                sizes=shown.sizes(image.align, read_length(image.width)),
            ),
            href=_read_link(image, context) or shown.url,
            rel="noopener noreferrer" if image.link or _REMOTE.match(shown.url) else None,
            aria_label=None if image.alt else "Picture at full size",
        )
    return tag(
        "figure",
        join([content, *([tag("figcaption", image.caption)] if image.caption else [])]),
        class_=f"nb-figure nb-{image.align}" if image.align in ALIGNMENTS else "nb-figure",
        style=f"--nb-width:{width}" if (width := read_length(image.width)) else None,
        id=ID_PREFIX + image.id if image.id else None,
    )


def render_gallery(images: Sequence[Image], context: MediaContext, *, eager: bool = False) -> Safe:
    """Several pictures together; of them only the first may be loaded at once."""
    figures = [render_figure(image, context, eager=eager and not number) for number, image in enumerate(images)]
    return tag("div", join(figures), class_="nb-gallery", role="group", aria_label="Gallery")


def find_image(target: str, context: MediaContext, line: int | None = None) -> ImageFile | None:
    """The file behind ``target``, kept as an asset if it is not remote; ``None``, with a notice, if there is none."""
    if _REMOTE.match(target):
        url = safe_url(target)
        if url is None:
            context.collector.notice(NoticeCode.IMAGE_REFUSED, f"{target[:200]}: not an address", line=line)
        return ImageFile(url) if url else None
    data = _read(target, context, line)
    return None if data is None else keep_image(data, context.collector, _short(target), line=line)


def keep_image(data: bytes, collector: Collector, name: str, *, line: int | None = None) -> ImageFile | None:
    """A picture's bytes as an asset; ``None``, with a notice, if they are no picture. ``name`` is for the notice."""
    picture = read_picture(data)
    if picture is None:
        collector.notice(NoticeCode.IMAGE_REFUSED, f"{name}: not a picture that browsers show", line=line)
        return None
    width, height = picture.width, picture.height
    if picture.suffix == ".svg":
        try:
            drawing = sanitise_svg(data)
        except SvgError as error:
            collector.notice(NoticeCode.IMAGE_REFUSED, f"{name}: {error}", line=line)
            return None
        data, width, height = drawing.data, drawing.width, drawing.height
    elif len(data) > LARGEST_FILE or picture.is_large:
        size = f"{width}×{height} pixels, {len(data) / (1 << 20):.0f} MiB"
        collector.notice(NoticeCode.IMAGE_TOO_LARGE, f"{name}: {size}", line=line)
    try:
        rendition = collector.prepare_picture(Asset("image", picture.suffix, data))
    except FileRefused as refusal:
        collector.notice(NoticeCode.IMAGE_REFUSED, f"{name}: {refusal.reason}", line=line)
        return None
    # It may have been turned as it is to be seen.
    shown = read_picture(rendition.asset.data) if rendition.asset.data is not data else None
    if shown is not None and shown.width:
        width, height = shown.width, shown.height
    srcset = ", ".join(f"{collector.add_asset(asset)} {wide}w" for asset, wide in rendition.smaller)
    return ImageFile(collector.add_asset(rendition.asset), width, height, srcset or None)


def read_target(target: str, collector: Collector) -> bytes:
    """The bytes of a file beside the notebook. Raises ``FileRefused``.

    A link's target may be percent-encoded, a path from Windows may have backslashes: those are tried second."""
    try:
        return collector.read_file(target)
    except FileRefused as refusal:
        other = unquote(target).replace("\\", "/")
        if other == target:
            raise
        try:
            return collector.read_file(other)
        except FileRefused:
            raise refusal from None


def read_length(written: str) -> str | None:
    """A CSS length from ``60%``, ``300``, ``300px``…; ``None`` if it is none."""
    match = _LENGTH.fullmatch(written.strip())
    return f"{match[1]}{match[2] or 'px'}" if match and float(match[1]) > 0 else None


def _find(image: Image, context: MediaContext) -> ImageFile | None:
    if not image.alt:
        context.collector.notice(NoticeCode.IMAGE_ALT_MISSING, _short(image.target), line=image.line)
    for name, written in (("width", image.width), ("height", image.height)):
        if written and read_length(written) is None:
            context.collector.notice(NoticeCode.BRACKET_OPTION, f"{name}={written[:60]}", line=image.line)
    return find_image(image.target, context, image.line)


def _render_element(image: Image, shown: ImageFile, *, eager: bool, sizes: str | None = None) -> Safe:
    width, height = read_length(image.width), read_length(image.height)
    style = ";".join(f"{name}:{value}" for name, value in (("width", width), ("height", height)) if value)
    return tag(
        "img",
        src=shown.url,
        srcset=shown.srcset,
        sizes=sizes or shown.sizes(image.align, width),
        alt=image.alt,
        width=shown.width,
        height=shown.height,
        title=image.title or None,
        style=style or None,
        loading=None if eager else "lazy",
        fetchpriority="high" if eager else None,
        decoding="async",
        referrerpolicy="no-referrer" if _REMOTE.match(shown.url) else None,
    )  # fmt: skip


def _placeholder(image: Image) -> Safe:
    return tag("span", escape(image.alt or f"Picture not available: {_short(image.target)}"), class_="nb-missing")


def _read_link(image: Image, context: MediaContext) -> str | None:
    if not image.link:
        return None
    url = safe_url(image.link)
    if url is None:
        context.collector.notice(NoticeCode.LINK_REFUSED, image.link[:200], line=image.line)
    return url


def _read(target: str, context: MediaContext, line: int | None) -> bytes | None:
    collector = context.collector
    if target[:5].lower() == "data:":
        data = _decode(target)
        if data is None:
            collector.notice(NoticeCode.IMAGE_REFUSED, f"{_short(target)}: not a picture's data", line=line)
        return data
    if target[:11].lower() == "attachment:":
        name = target[11:]
        data = context.attachments.get(name) or context.attachments.get(unquote(name))
        if data is None:
            collector.notice(NoticeCode.ATTACHMENT_MISSING, name[:200], line=line)
        return data
    try:
        return read_target(target, collector)
    except FileRefused as refusal:
        collector.notice(NoticeCode.IMAGE_REFUSED, str(refusal)[:300], line=line)
        return None


def _decode(uri: str) -> bytes | None:
    match = _DATA.fullmatch(uri)
    if match is None:
        return None
    if not match[2]:
        return unquote_to_bytes(match[3])
    try:
        return b64decode("".join(unquote(match[3]).split()))
    except (Base64Error, ValueError):
        return None


def _short(target: str) -> str:
    return target if len(target) <= 100 else target[:60] + "…"

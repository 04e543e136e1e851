"""Pictures, sounds and films inside a notebook's own HTML: what they hold or name becomes a file of the page's.

Works on HTML before it goes through the gate. A tag ends at the next ``<`` at the latest, so the time is in proportion
to the length.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from html import escape, unescape

from .fragment import Asset
from .media import MediaContext, find_image
from .notices import NoticeCode
from .players import find_media_type

_TAG = re.compile(
    r"<(?P<name>img|source|audio|video)\b(?P<attributes>[^<>\"']*(?:\"[^\"<]*\"[^<>\"']*|'[^'<]*'[^<>\"']*)*)>",
    re.IGNORECASE,
)
_SRC = re.compile(r"""(?<![^\s"'])src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_SIZED = re.compile(r"""(?<![^\s"'])(?:width|height|style)\s*=""", re.IGNORECASE)
_ALT = re.compile(r"""(?<![^\s"'])alt\s*=\s*(?:"([^"]*)"|'([^']*)'|)""", re.IGNORECASE)
_DATA = re.compile(r"\s*data:(?:audio|video)/[\w.+-]+(?:;[\w=.-]+)*?;base64,(.*)", re.DOTALL | re.IGNORECASE)


def keep_media(html: str, context: MediaContext) -> str:
    """``html`` with ``data:`` URIs and files beside the notebook as files of the page's; pictures get their size, and
    an ``alt`` where they have none (with a notice). Of a picture that cannot be used words stay (with a notice)."""
    return _TAG.sub(lambda match: _rewrite(match, context), html)


def _rewrite(match: re.Match[str], context: MediaContext) -> str:
    attributes = match["attributes"]
    is_image = match["name"].lower() == "img"
    added = ""
    if is_image and not _ALT.search(attributes):
        added = ' alt=""'
        context.collector.notice(NoticeCode.IMAGE_ALT_MISSING, "a picture in HTML")
    source = _SRC.search(attributes)
    if source is None:
        return f"<{match['name']}{added}{attributes}>"
    url = unescape(source[1] or source[2] or source[3] or "")
    if not _REMOTE.match(url):
        url, size = _keep_image(url, context) if is_image else (_keep_sound(url, context), "")
        if not _SIZED.search(attributes):
            added += size
    if is_image and not url:
        return _words_for(attributes)
    before, after = attributes[: source.start()], attributes[source.end() :]
    written = f' src="{escape(url)}"' if url else ""
    return f"<{match['name']}{written}{added}{before}{after}>"


def _words_for(attributes: str) -> str:
    alt = _ALT.search(attributes)
    return (alt and (alt[1] or alt[2])) or "Picture not available"


def _keep_image(target: str, context: MediaContext) -> tuple[str, str]:
    """The URL, empty if there is none, and the size as attributes."""
    image = find_image(target, context)
    if image is None:
        return "", ""
    known = image.width and image.height
    return image.url, f' width="{image.width}" height="{image.height}"' if known else ""


def _keep_sound(target: str, context: MediaContext) -> str:
    match = _DATA.match(target)
    try:
        data = b64decode("".join(match[1].split())) if match else b""
    except (Base64Error, ValueError):
        data = b""
    suffix = find_media_type(data)
    if suffix:
        return context.collector.add_asset(Asset("media", suffix, data))
    context.collector.notice(NoticeCode.MEDIA_REFUSED, f"{target[:60]}: not a sound or film in HTML")
    return ""

"""Pictures, sounds, films and links inside a notebook's own HTML: what they hold or name becomes a file of the page's.

Works on HTML before it goes through the gate. A tag ends at the next ``<`` at the latest, so the time is in proportion
to the length.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from html import escape, unescape

from .drawings import keep_drawings
from .fragment import Asset
from .media import ImageFile, MediaContext, find_image
from .notices import NoticeCode
from .players import find_media_type

_NO_TAG = r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|textarea|xmp)\b.*?(?:</(?P=raw)\s*>|\Z)"
_ATTRIBUTES = r"""(?P<attributes>[^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*)"""
_TAG = re.compile(rf"{_NO_TAG}|<(?P<name>img|source|audio|video)\b{_ATTRIBUTES}>", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(rf"{_NO_TAG}|<(?P<name>a)(?=\s){_ATTRIBUTES}>", re.DOTALL | re.IGNORECASE)
_MEDIA = re.compile(r"<(?:img|source|audio|video|svg)\b", re.IGNORECASE)
_CONTROLS = re.compile(r"""(?<![^\s"'])controls\b""", re.IGNORECASE)
_SRC = re.compile(r"""(?<![^\s"'])src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HREF = re.compile(_SRC.pattern.replace("src", "href"), re.IGNORECASE)
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_SIZED = re.compile(r"""(?<![^\s"'])(?:width|height|style)\s*=""", re.IGNORECASE)
_WIDTH = re.compile(r"""(?<![^\s"'])width\s*=\s*["']?\s*(\d{1,5})(?:px)?\s*(?:["'\s]|\Z)""", re.IGNORECASE)
_CHOICE = re.compile(r"""(?<![^\s"'])(?:srcset|sizes)\s*=""", re.IGNORECASE)
_ALT = re.compile(r"""(?<![^\s"'])alt\s*=\s*(?:"([^"]*)"|'([^']*)'|)""", re.IGNORECASE)
_DATA = re.compile(r"\s*data:(?:audio|video)/[\w.+-]+(?:;[\w=.-]+)*?;base64,(.*)", re.DOTALL | re.IGNORECASE)


def keep_media(html: str, context: MediaContext, *, authored: bool = False) -> str:
    """``html`` with ``data:`` URIs, drawings and files beside the notebook as files of the page's; pictures get their
    size, and an ``alt`` where they have none (with a notice), players their controls. Of a picture that cannot be used
    words stay (with a notice). ``authored`` HTML is a person's, not a program's: drawings should have names."""
    if not _MEDIA.search(html):
        return html
    kept = _TAG.sub(lambda match: _rewrite(match, context), html)
    return keep_drawings(kept, context.collector, authored=authored)


def keep_links(html: str, resolve: Callable[[str], Mapping[str, str]]) -> str:
    """A person's ``html`` with its links as those of Markdown: ``resolve`` gives the attributes of one to a post or a
    file beside the notebook, by its URL."""

    def rewrite(match: re.Match[str]) -> str:
        href = _HREF.search(match["attributes"]) if match["name"] else None
        changed = resolve(unescape(href[1] or href[2] or href[3] or "").strip()) if href else {}
        if not href or not changed:
            return match[0]
        rest = match["attributes"][: href.start()] + match["attributes"][href.end() :]
        written = "".join(f' {name}="{escape(value)}"' for name, value in changed.items())
        # Of two attributes of one name the first counts.
        return f"<{match['name']}{written}{rest}>"

    return _LINK.sub(rewrite, html) if "href" in html.lower() else html


def _rewrite(match: re.Match[str], context: MediaContext) -> str:
    if match["name"] is None:
        return match[0]
    attributes = match["attributes"]
    is_image = match["name"].lower() == "img"
    added = ""
    if match["name"].lower() in ("audio", "video") and not _CONTROLS.search(attributes):
        added = " controls"
    if is_image and not _ALT.search(attributes):
        added = ' alt=""'
        context.collector.notice(NoticeCode.IMAGE_ALT_MISSING, "a picture in HTML")
    source = _SRC.search(attributes)
    if source is None:
        return f"<{match['name']}{added}{attributes}>"
    url = unescape(source[1] or source[2] or source[3] or "")
    if not _REMOTE.match(url):
        if is_image:
            image = find_image(url, context)
            url = image.url if image else ""
            added += _missing_size(attributes, image) + _add_choice(attributes, image)
        else:
            url = _keep_sound(url, context)
    if is_image and not url:
        return _words_for(attributes)
    before, after = attributes[: source.start()], attributes[source.end() :]
    written = f' src="{escape(url)}"' if url else ""
    return f"<{match['name']}{written}{added}{before}{after}>"


def _missing_size(attributes: str, image: ImageFile | None) -> str:
    """The width and height that the tag does not say, so that the text does not move when the picture comes."""
    if image is None or not image.width or not image.height:
        return ""
    sized = _SIZED.findall(attributes)
    if not sized:
        return f' width="{image.width}" height="{image.height}"'
    width = _WIDTH.search(attributes)
    if len(sized) > 1 or width is None:
        return ""
    return f' height="{round(int(width[1]) * image.height / image.width)}"'


def _add_choice(attributes: str, image: ImageFile | None) -> str:
    """Smaller forms of the picture, where there are some and the tag names none itself."""
    if image is None or image.srcset is None or _CHOICE.search(attributes):
        return ""
    width = _WIDTH.search(attributes)
    sizes = image.sizes(width=f"{width[1]}px" if width else None) or ""
    return f' srcset="{escape(image.srcset)}" sizes="{escape(sizes)}"'


def _words_for(attributes: str) -> str:
    alt = _ALT.search(attributes)
    return (alt and (alt[1] or alt[2])) or "Picture not available"


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

"""Drawings (``<svg>``) inside a notebook's own HTML: each becomes a file that the page shows as a picture.

Works on HTML before it goes through the gate, which lets no drawing through. A browser reads them by HTML's rules; here
they are brought near enough to XML for the strict reader in ``svg``, and what that refuses goes, with a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from .fragment import Asset, Collector
from .notices import NoticeCode
from .svg import Drawing, SvgError, sanitise_svg

_PIECE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|textarea|xmp)\b.*?(?:</(?P=raw)\s*>|\Z)"
    r"|<(?P<end>/?)svg\b(?P<attributes>[^<>\"']*(?:\"[^\"<]*\"[^<>\"']*|'[^'<]*'[^<>\"']*)*)>",
    re.DOTALL | re.IGNORECASE,
)
_PREFIX = re.compile(r"(?<![\w:.-])(?!xml)([A-Za-z][\w.-]{0,30}):[A-Za-z]")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(\w{1,32};)?")
_BARE = re.compile(r"(\s[A-Za-z][\w:.-]*\s*=\s*)([^\s\"'<>`=]+)(?=[\s>]|/>)")
_STYLE = re.compile(r"""(?<![^\s"'])style\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_LABEL = re.compile(r"""\saria-label="([^"]*)"|<title>([^<]*)</title>""")
_WORDS = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_STORED = re.compile(r"<(defs|symbol)\b.*?</\1>", re.DOTALL)
_DRAWN = re.compile(r"<(?:path|rect|circle|ellipse|line|polyline|polygon|text|image)\b")
_USE = re.compile(r'<use\b[^>]*href="#([^"]*)"')


def keep_drawings(html: str, collector: Collector, *, authored: bool = False) -> str:
    """``html`` with each drawing as an ``img``; one that shows nothing by itself (a store of symbols, an icon from such
    a store) goes. For those that an author wrote a notice asks for a name where they have none."""
    written: list[str] = []
    end = 0
    for start, stop in _find(html):
        written += [html[end:start], _keep(html[start:stop], collector, authored)]
        end = stop
    return "".join(written) + html[end:]


def _find(html: str) -> Iterator[tuple[int, int]]:
    """Where each outermost drawing stands."""
    depth = start = 0
    for match in _PIECE.finditer(html):
        if match["end"]:
            if depth == 1:
                yield start, match.end()
            depth = max(depth - 1, 0)
        elif match["end"] is not None and not match["attributes"].endswith("/"):
            start = start if depth else match.start()
            depth += 1


def _keep(source: str, collector: Collector, authored: bool) -> str:
    try:
        drawing = _read(source)
    except SvgError as error:
        collector.notice(NoticeCode.HTML_DROPPED, f"<svg>: {error}"[:200])
        return ""
    text = drawing.data.decode()
    shown = _STORED.sub("", text)
    if not _DRAWN.search(shown) and not any(f'id="{name}"' in text for name in _USE.findall(shown)):
        return ""
    name = _find_name(text)
    if authored and not name:
        collector.notice(NoticeCode.IMAGE_ALT_MISSING, "a drawing in HTML: <title>…</title>")
    url = collector.add_asset(Asset("drawing", ".svg", drawing.data))
    size = f' width="{drawing.width}" height="{drawing.height}"' if drawing.width else ""
    style = _STYLE.search(source, 0, source.index(">"))
    looks = f' style="{escape(unescape(style[1] or style[2] or ""))}"' if style else ""
    return f'<img src="{escape(url)}" alt="{escape(name)}"{size}{looks}>'


def _read(source: str) -> Drawing:
    """The drawing in ``source``. Raises ``SvgError``."""
    opened = source.index(">")
    head = source[:opened]
    spaces = {f"xmlns:{prefix}": f"urn:{prefix}" for prefix in sorted(set(_PREFIX.findall(source)))}
    spaces |= {"xmlns:xlink": "http://www.w3.org/1999/xlink", "xmlns=": "http://www.w3.org/2000/svg"}
    declared = [f' {name.rstrip("=")}="{uri}"' for name, uri in spaces.items() if name not in head]
    text = source[:4] + "".join(declared) + source[4:]
    text = _ENTITY.sub(lambda match: escape(unescape(match[0])) if match[1] else "&amp;", text)
    try:
        return sanitise_svg(text)
    except SvgError:
        return sanitise_svg(_BARE.sub(r'\1"\2"', text))


def _find_name(text: str) -> str:
    """What the drawing is called, or the words in it."""
    label = _LABEL.search(text)
    words = (label[1] or label[2] or "") if label else " ".join(_WORDS.findall(text))
    return " ".join(unescape(_TAG.sub(" ", words)).split())[:200]

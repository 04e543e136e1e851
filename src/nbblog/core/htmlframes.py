"""Frames of other sites inside a notebook's own HTML: a card with a link in place of each ``<iframe>``."""

from __future__ import annotations

import re
from html import escape, unescape

from .html import Slots, safe_url
from .media import MediaContext
from .notices import NoticeCode
from .players import Medium, render_embed

_FRAME = re.compile(
    r"(?P<before><p>\s*)?<iframe\b(?P<attributes>[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*)>"
    r"[^<]*(?:</iframe\s*>(?P<after>\s*</p>)?)?",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""(?<![^\s"'])(src|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_MOST = 200


def keep_frames(html: str, context: MediaContext, slots: Slots) -> str:
    """``html`` with a card for each frame of a web page, a link for a file's; other frames go, with a notice."""
    if "<iframe" not in html.lower() or html.lower().count("<iframe") > _MOST:
        return html
    return _FRAME.sub(lambda match: _rewrite(match, context, slots), html)


def _rewrite(match: re.Match[str], context: MediaContext, slots: Slots) -> str:
    found = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(match["attributes"])}
    url, title = found.get("src", "").strip(), " ".join(found.get("title", "").split())[:200]
    before, after = match["before"] or "", match["after"] or ""
    if url.startswith("//"):
        url = f"https:{url}"
    if re.match("https?://", url, re.IGNORECASE) and safe_url(url):
        if bool(before) == bool(after) and not _is_in_paragraph(match.string, match.start()):
            return slots.put(render_embed(Medium(url, title), context))
        return f'{before}<a href="{escape(url)}">{escape(title or url)}</a>{after}'
    context.collector.notice(NoticeCode.HTML_DROPPED, f"<iframe> {url[:100]}".strip())
    if url and safe_url(url) and ":" not in url:
        return f'{before}<a href="{escape(url)}">{escape(title or url)}</a>{after}'
    return before + after


def _is_in_paragraph(html: str, at: int) -> bool:
    return html.rfind("<p>", 0, at) > html.rfind("</p>", 0, at)

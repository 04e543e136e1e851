"""Frames of other sites in an output: a card with a link, which becomes a player only when the reader presses it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from nbblog.core.html import Safe, escape, safe_url, tag

PLAYER_HOSTS = ("www.youtube-nocookie.com", "player.vimeo.com")
"""The hosts whose frames a page may hold, and then only after a click."""
_YOUTUBE = re.compile(
    r"(?:https?:)?//(?:www\.)?(?:youtube(?:-nocookie)?\.com/(?:embed/|watch\?v=)|youtu\.be/)([\w-]{6,20})", re.ASCII
)
_VIMEO = re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(\d{1,12})")


def find_player(url: str) -> tuple[str, str] | None:
    """The player's address and the video's own page, of a host whose player may be shown; else ``None``."""
    if match := _YOUTUBE.match(url):
        return f"https://{PLAYER_HOSTS[0]}/embed/{match[1]}", f"https://www.youtube.com/watch?v={match[1]}"
    if match := _VIMEO.match(url):
        return f"https://{PLAYER_HOSTS[1]}/video/{match[1]}", f"https://vimeo.com/{match[1]}"
    return None


def render_embed(url: str, title: str = "") -> Safe | None:
    """A card for a frame of another site, or ``None`` when the address is no web address."""
    url = f"https:{url}" if url.startswith("//") else url
    link = safe_url(url)
    host = urlsplit(link).hostname if link and link.startswith(("http://", "https://")) else None
    if link is None or host is None:
        return None
    player = find_player(url)
    if player is None:
        label = escape(f"{title or 'Embedded page'} ({host})")
        anchor = tag("a", label, href=link, rel="noopener noreferrer")
        return tag("p", anchor, class_="nb-output nb-dropped")
    label = escape(title or f"Video on {urlsplit(player[1]).hostname}")
    anchor = tag("a", label, href=player[1], rel="noopener noreferrer")
    return tag("div", tag("div", anchor, class_="nb-embed", data_src=player[0]), class_="nb-output nb-html")

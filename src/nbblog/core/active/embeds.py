"""Frames of other sites in an output: a card with a link, which becomes a player only when the reader presses it."""

from __future__ import annotations

from urllib.parse import urlsplit

from nbblog.core.html import Safe, escape, safe_url, tag
from nbblog.core.players import find_film_page, find_player


def render_embed(url: str, title: str = "") -> Safe | None:
    """A card for a frame of another site, a plain link where its host is no player's, or ``None`` when the address is
    no web address."""
    url = f"https:{url}" if url.startswith("//") else url
    link = safe_url(url)
    host = urlsplit(link).hostname if link and link.startswith(("http://", "https://")) else None
    if link is None or host is None:
        return None
    player = find_player(link)
    label = escape(title or (f"Watch on {host.removeprefix('www.')}" if player else f"Embedded page ({host})"))
    if player is None:
        return tag("p", tag("a", label, href=link, rel="noopener noreferrer"), class_="nb-output nb-dropped")
    anchor = tag("a", label, href=find_film_page(player), rel="noopener noreferrer")
    return tag("div", tag("div", anchor, class_="nb-embed", data_src=player), class_="nb-output nb-html")

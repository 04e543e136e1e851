"""Feeds of a site: Atom (RFC 4287), RSS 2.0 with its modules for content and names, and JSON Feed 1.1.

All have the whole text with full addresses, so they need a site whose address is known. A post is known by the address
of its page, which stays the same when its text changes. Dates have no time of day; they are midnight in UTC.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any
from urllib.parse import quote

from .config import BlogConfig
from .entry import Entry
from .site import Head, SitePlan
from .text import replace_bad

_NEVER = date(1970, 1, 1)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of a site."""

    path: str
    title: str
    name: str
    """Of its format, as readers know it."""
    type: str
    """Its media type."""
    heads: tuple[Head, ...]
    """The posts in it, newest first."""
    render: Callable[..., str] = field(repr=False)
    """``render_atom`` or one of its like."""


def plan_feeds(plan: SitePlan, config: BlogConfig, title: str) -> tuple[Feed, ...]:
    """The feeds of a site called ``title``: one of all posts in each format, and one of each topic. A site without an
    address has none."""
    if not config.site_url or not config.feed_posts:
        return ()
    newest = plan.heads[: config.feed_posts]
    of_all = [
        Feed("feed.xml", title, "Atom", "application/atom+xml", newest, render_atom),
        Feed("rss.xml", title, "RSS", "application/rss+xml", newest, render_rss),
        Feed("feed.json", title, "JSON Feed", "application/feed+json", newest, render_json_feed),
    ]
    of_topics = [
        Feed(
            f"{group.path}feed.xml", f"{title}: {group.name}", "Atom", "application/atom+xml",
            group.heads[: config.feed_posts], render_atom,
        )
        for group in plan.tags.values()
    ]  # fmt: skip
    return (*of_all, *of_topics)


def render_atom(entries: Sequence[Entry], config: BlogConfig, *, path: str, title: str) -> str:
    """The Atom feed at the site path ``path`` of the first ``feed_posts`` of ``entries``, in their order."""
    feed = _Feed(entries, config, path)
    url, home = feed.url, feed.home
    authors = config.author or (config.site_title or title,)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_xml(config.lang)}">',
        _element("title", title),
        *([_element("subtitle", config.description)] if config.description else []),
        _element("id", url),
        f'<link rel="self" type="application/atom+xml" href="{_xml(url)}"/>',
        f'<link rel="alternate" type="text/html" href="{_xml(home)}"/>',
        _element("updated", _instant(feed.updated)),
        *(f"<author>{_element('name', name)}</author>" for name in authors),
    ]
    for entry in feed.entries:
        lines += _atom_entry(entry, feed)
    return "\n".join([*lines, "</feed>", ""])


def _atom_entry(entry: Entry, feed: _Feed) -> list[str]:
    front, page = entry.front, feed.page(entry)
    lang = f' xml:lang="{_xml(front.lang)}"' if front.lang else ""
    return [
        f"<entry{lang}>",
        _element("title", front.title),
        _element("id", page),
        f'<link rel="alternate" type="text/html" href="{_xml(page)}"/>',
        *([_element("published", _instant(front.date))] if front.date else []),
        _element("updated", _instant(_changed(entry) or feed.updated)),
        *(f"<author>{_element('name', name)}</author>" for name in front.authors),
        *(f'<category term="{_xml(name)}"/>' for name in front.categories),
        *([_element("summary", entry.summary)] if entry.summary else []),
        f'<content type="html">{_xml(entry.html)}</content>',
        "</entry>",
    ]


def render_rss(entries: Sequence[Entry], config: BlogConfig, *, path: str, title: str) -> str:
    """The RSS feed at the site path ``path`` of the first ``feed_posts`` of ``entries``, in their order."""
    feed = _Feed(entries, config, path)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">',
        "<channel>",
        _element("title", title),
        _element("link", feed.home),
        _element("description", config.description or title),
        _element("language", config.lang),
        f'<atom:link rel="self" type="application/rss+xml" href="{_xml(feed.url)}"/>',
        *([_element("lastBuildDate", _mail_date(feed.updated))] if feed.updated != _NEVER else []),
    ]
    for entry in feed.entries:
        lines += _rss_item(entry, feed)
    return "\n".join([*lines, "</channel>", "</rss>", ""])


def _rss_item(entry: Entry, feed: _Feed) -> list[str]:
    front, page = entry.front, feed.page(entry)
    return [
        "<item>",
        _element("title", front.title),
        _element("link", page),
        f'<guid isPermaLink="true">{_xml(page)}</guid>',
        *([_element("pubDate", _mail_date(front.date))] if front.date else []),
        *(_element("dc:creator", name) for name in front.authors),
        *(_element("category", name) for name in front.categories),
        *([_element("description", entry.summary)] if entry.summary else []),
        _element("content:encoded", entry.html),
        "</item>",
    ]


def render_json_feed(entries: Sequence[Entry], config: BlogConfig, *, path: str, title: str) -> str:
    """The JSON Feed at the site path ``path`` of the first ``feed_posts`` of ``entries``, in their order."""
    feed = _Feed(entries, config, path)
    known = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "description": config.description,
        "language": config.lang,
        "authors": [{"name": name} for name in config.author],
    }
    whole = {**_told(known), "items": [_json_item(entry, feed) for entry in feed.entries]}
    return f"{json.dumps(_clean(whole), ensure_ascii=False, indent=1)}\n"


def _json_item(entry: Entry, feed: _Feed) -> dict[str, Any]:
    front, page = entry.front, feed.page(entry)
    known = {
        "id": page,
        "url": page,
        "title": front.title,
        "summary": entry.summary,
        "image": feed.file(entry.image) if entry.image else None,
        "date_published": _instant(front.date) if front.date else None,
        "date_modified": _instant(changed) if (changed := _changed(entry)) else None,
        "authors": [{"name": name} for name in front.authors],
        "tags": list(front.categories),
        "language": front.lang,
    }
    # The text is asked for, even where it is empty.
    return {**_told(known), "content_html": entry.html}


class _Feed:
    """What the three formats share."""

    def __init__(self, entries: Sequence[Entry], config: BlogConfig, path: str) -> None:
        self._site = f"{(config.site_url or '').rstrip('/')}/"
        self.entries = entries[: config.feed_posts]
        self.url = self.file(path)
        self.home = self.file(path[: path.rfind("/") + 1])
        self.updated = max((day for entry in self.entries if (day := _changed(entry))), default=_NEVER)
        """The newest change; that of a post without a date too, for want of another."""

    def file(self, path: str) -> str:
        """The full address of a site path; a full address stays."""
        return path if "://" in path else f"{self._site}{quote(path)}"

    def page(self, entry: Entry) -> str:
        return self.file(entry.path)


def _changed(entry: Entry) -> date | None:
    return entry.front.date_modified or entry.front.date


def _instant(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _mail_date(day: date) -> str:
    """RFC 822's form, whose names are English ones; Python's own writer of it brings a socket along."""
    return f"{_DAYS[day.weekday()]}, {day.day:02} {_MONTHS[day.month - 1]} {day.year:04} 00:00:00 GMT"


def _element(name: str, text: str) -> str:
    return f"<{name}>{_xml(text)}</{name}>"


def _xml(text: str) -> str:
    """``text`` without the characters that XML 1.0 forbids or warns of, escaped."""
    return escape(replace_bad(text))


def _told(known: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in known.items() if value}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return replace_bad(value)
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list) else value

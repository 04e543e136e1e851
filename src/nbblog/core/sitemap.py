"""What search engines and language models are told: which pages there are, and where the list of them is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import quote, urljoin

from .config import BlogConfig
from .entry import Entry
from .html import Safe, escape, trusted
from .island import write_json
from .listing import Listing
from .text import one_line


def render_sitemap(pages: Iterable[tuple[str, date | None]], site_url: str) -> str:
    """The pages (folder, last change) in the form of sitemaps.org's protocol 0.9, in the order given."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for path, changed in pages:
        dated = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(f'{site_url}/{quote(path)}')}</loc>{dated}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def render_robots(site_url: str) -> str:
    """A ``robots.txt`` (RFC 9309) that keeps nothing from anybody and names the sitemap."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site_url}/sitemap.xml\n"


def render_llms(entries: Iterable[Entry], config: BlogConfig, *, file: str = "") -> str:
    """An ``llms.txt`` (llmstxt.org) of the posts in their order, for a site whose address is known.

    ``file`` is what is linked to in the folder of each post's page; the page itself, if it is empty."""
    lines = [f"# {_plain(config.site_title or 'Blog')}", ""]
    if config.description:
        lines += [f"> {_plain(config.description)}", ""]
    lines += ["## Posts", ""]
    for entry in entries:
        told = f": {summary}" if (summary := _plain(entry.summary)) else ""
        lines.append(f"- [{_plain(entry.front.title)}]({config.site_url}/{quote(entry.path)}{file}){told}")
    return "\n".join([*lines, ""])


_MARKUP = re.compile(r"[\\`*_\[\]<>]")


def _plain(text: str) -> str:
    """One line of Markdown that says ``text``."""
    return _MARKUP.sub(lambda match: f"\\{match[0]}", one_line(text))


def describe_listing(listing: Listing, config: BlogConfig) -> Safe:
    """schema.org's ``Blog`` (of the home page) or ``CollectionPage`` as JSON, for a site whose address is known."""
    path = listing.path
    page = f"{config.site_url}/{quote(path)}"
    cards = [*listing.cards, *(card for year in listing.years for card in year.cards)]
    posts = [
        {
            "@type": "BlogPosting",
            "headline": card.title,
            "url": urljoin(page, card.url),
            **({"datePublished": card.date.isoformat()} if card.date else {}),
        }
        for card in cards
    ]
    listed = {"blogPost": posts} if not path else {"mainEntity": {"@type": "ItemList", "itemListElement": posts}}
    known = {
        "@context": "https://schema.org",
        "@type": "CollectionPage" if path else "Blog",
        "name": listing.title,
        "description": listing.intro,
        "url": page,
        "inLanguage": config.lang,
        **(listed if posts else {}),
    }
    # An island's JSON: no parser takes it for markup.
    return trusted(write_json({key: value for key, value in known.items() if value}) or "{}")

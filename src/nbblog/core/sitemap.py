"""What search engines are told: which pages there are, and where the list of them is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from .html import escape


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

"""What search engines and language models are told of a site."""

from __future__ import annotations

import json
from datetime import date

from nbblog.core.config import BlogConfig
from nbblog.core.entry import Entry
from nbblog.core.html import trusted
from nbblog.core.listing import Card, Listing
from nbblog.core.markdown import parse_markdown
from nbblog.core.post import FrontMatter
from nbblog.core.site import relative_url
from nbblog.core.sitemap import describe_listing, render_llms

CONFIG = BlogConfig(site_title="Tides", site_url="https://example.org/repo", description="About the sea.")


def make_entry(title: str, summary: str = "What it is about.") -> Entry:
    """A published post."""
    front = FrontMatter(title, date=date(2026, 1, 2), slug="höhle")
    return Entry(front, "posts/höhle/", "one.ipynb", summary, 1, 2, trusted(""))


def make_listing(path: str, title: str) -> Listing:
    """A page that lists one post."""
    url = relative_url(path, "posts/höhle/")
    return Listing(path, f"{title}s", cards=(Card(title, url, date=date(2026, 1, 2)),))


def test_llms_txt_has_the_form_of_its_description() -> None:
    """A heading, a quotation, and a section of links with what they lead to."""
    assert render_llms([make_entry("One")], CONFIG, file="index.md") == (
        "# Tides\n\n> About the sea.\n\n## Posts\n\n"
        "- [One](https://example.org/repo/posts/h%C3%B6hle/index.md): What it is about.\n"
    )


def test_a_hostile_title_is_one_line_of_text() -> None:
    """It adds no link and no section."""
    text = render_llms([make_entry("a](http://evil)\n## b", "c\n- [d](e)\ud800")], CONFIG)
    text.encode()
    assert text.splitlines()[-1].startswith("- [a\\](http://evil) ## b](https://example.org/repo/posts/")
    assert parse_markdown(text) and len(text.splitlines()) == 7


def test_the_home_page_is_a_blog_and_other_listings_are_collections() -> None:
    """With full addresses."""
    home = json.loads(describe_listing(make_listing("", "One"), CONFIG))
    assert (home["@type"], home["url"]) == ("Blog", "https://example.org/repo/")
    assert home["blogPost"][0]["url"] == "https://example.org/repo/posts/h%C3%B6hle/"
    topic = json.loads(describe_listing(make_listing("tags/sea/", "One"), CONFIG))
    assert topic["@type"] == "CollectionPage"
    assert topic["mainEntity"]["itemListElement"][0]["headline"] == "One"


def test_what_describes_a_listing_cannot_leave_its_script() -> None:
    """It stands in a script element."""
    assert "<" not in describe_listing(make_listing("", "</script>"), CONFIG)

"""The words of the page's own interface. A translation is another mapping with the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "skip": "Skip to the article",
        "contents": "Contents",
        "site": "Site",
        "scheme": "Dark colours",
        "by": "By",
        "and": "and",
        "minutes": "{} min read",
        "topics": "Topics",
        "updated": "Updated",
        "series": "Part of the series",
        "fresh_run": "The outputs were made by running exactly this code, from top to bottom.",
        "fresh_in_order": "The cells ran once each, in order, in a new kernel.",
        "fresh_mixed": "Some cells ran out of order or not at all.",
        "license": "Licence:",
        "notebook": "Download the notebook",
        "feed": "Feed",
        "draft": "Draft",
        "copy": "Copy",
        "copied": "Copied",
        "earlier": "Previous part",
        "later": "Next part",
        "related": "Read on",
        "home": "Home",
        "archive": "Archive",
        "all_topics": "Topics",
        "all_series": "Series",
        "all_authors": "Authors",
        "topic": "Topic",
        "author": "Author",
        "a_series": "Series",
        "undated": "Without a date",
        "one_post": "1 post",
        "posts": "{} posts",
        "no_posts": "There are no posts yet.",
        "pages": "Pages",
        "newer": "Newer posts",
        "older": "Older posts",
        "page_of": "Page {} of {}",
        "not_found": "This page is not here",
        "not_found_advice": "It may have moved. The archive has every post.",
        "search": "Search",
        "search_none": "Nothing found for “{}”.",
        "search_one": "1 post found.",
        "search_many": "{} posts found.",
        "search_failed": "Search does not work here: it needs a connection, and a page that comes from a web server.",
        "search_script": "Search needs JavaScript. The archive has every post.",
        "search_more": "More",
        "moved": "This page has moved",
        "markdown": "Read it as Markdown",
        "open_article": "Open the article",
        "broken": "This picture could not be loaded.",
    }
)
"""Word by key. ``minutes`` and ``posts`` have one ``{}`` for the number; ``page_of`` has two."""

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
        "license": "Licence:",
        "notebook": "Download the notebook",
        "feed": "Feed",
        "draft": "Draft",
        "copy": "Copy",
        "copied": "Copied",
        "broken": "This picture could not be loaded.",
    }
)
"""Word by key. ``minutes`` has one ``{}`` for the number."""

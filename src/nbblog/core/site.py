"""The site: which pages there are and what stands around each post, from the heads of all posts.

Site paths have ``/`` between folders and none at the beginning; that of a page is its folder, with ``/`` at the end.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, unquote

from .post import FrontMatter
from .text import build_slug

_RELATED = 3
_NEWEST = 50
"""Of each category so many posts are weighed as related ones."""


@dataclass(frozen=True, slots=True)
class Head:
    """A post before it is rendered."""

    front: FrontMatter
    source: str
    """The notebook's path below the content folder, with ``/``."""

    @property
    def path(self) -> str:
        """The folder of its page."""
        return f"posts/{self.front.slug}/"


@dataclass(frozen=True, slots=True)
class Group:
    """Posts that have something in common: a category, a series or an author."""

    name: str
    path: str
    """The folder of its first page."""
    heads: tuple[Head, ...]
    """Newest first; of a series in reading order."""


@dataclass(frozen=True, slots=True)
class SitePlan:
    """All posts, newest first, and their groups, each kind by name in the order of names."""

    heads: tuple[Head, ...] = ()
    tags: Mapping[str, Group] = field(default_factory=dict)
    series: Mapping[str, Group] = field(default_factory=dict)
    authors: Mapping[str, Group] = field(default_factory=dict)
    related: Mapping[str, tuple[Head, ...]] = field(default_factory=dict)
    """By slug."""

    def neighbours(self, head: Head) -> tuple[Head | None, Head | None]:
        """The parts before and after it in its series."""
        if head.front.series is None:
            return None, None
        parts = self.series[group_key(head.front.series)].heads
        at = next(place for place, part in enumerate(parts) if part.front.slug == head.front.slug)
        return parts[at - 1] if at else None, parts[at + 1] if at + 1 < len(parts) else None


def plan_site(heads: Iterable[Head]) -> SitePlan:
    """The plan of a site with these posts, whatever order they come in. Their slugs must differ."""
    ordered = tuple(sorted(sorted(heads, key=lambda head: head.source), key=_newest_first))
    series = _group(ordered, "series", lambda front: (front.series,) if front.series else ())
    return SitePlan(
        ordered,
        _group(ordered, "tags", lambda front: front.categories),
        {key: Group(group.name, group.path, group.heads[::-1]) for key, group in series.items()},
        _group(ordered, "authors", lambda front: front.authors),
        _relate(ordered),
    )


def _newest_first(head: Head) -> int:
    return -(head.front.date or date.min).toordinal()


def group_key(name: str) -> str:
    """Names that differ only in their capitals or spaces are one group."""
    return " ".join(name.casefold().split())


def _group(
    heads: Sequence[Head], folder: str, names_of: Callable[[FrontMatter], Iterable[str]]
) -> dict[str, Group]:
    members: dict[str, dict[str, Head]] = defaultdict(dict)
    shown: dict[str, str] = {}
    for head in heads:
        for name in names_of(head.front):
            shown.setdefault(group_key(name), name)
            members[group_key(name)].setdefault(head.front.slug, head)
    taken: set[str] = set()
    groups = {}
    for key in sorted(members):
        slug = unique_slug(build_slug(shown[key]), taken)
        groups[key] = Group(shown[key], f"{folder}/{slug}/", tuple(members[key].values()))
    return groups


def unique_slug(slug: str, taken: set[str]) -> str:
    """The slug, with a number behind it if it is taken or stands for pages of a listing; it is taken then."""
    chosen, number = slug, 1
    while chosen in taken or chosen == "page":
        number += 1
        chosen = f"{slug}-{number}"
    taken.add(chosen)
    return chosen


def _relate(heads: Sequence[Head]) -> dict[str, tuple[Head, ...]]:
    """Of each post those that share most with it: a rare category counts more, and the newer one of two alike."""
    by_category: dict[str, list[int]] = defaultdict(list)
    for place, head in enumerate(heads):
        for category in dict.fromkeys(map(group_key, head.front.categories)):
            by_category[category].append(place)
    # Posts with the same categories share their candidates, of which each leaves itself out.
    candidates: dict[tuple[str, ...], list[int]] = {}
    related = {}
    for place, head in enumerate(heads):
        categories = tuple(dict.fromkeys(map(group_key, head.front.categories)))
        if categories not in candidates:
            candidates[categories] = _best(categories, by_category)
        best = [other for other in candidates[categories] if other != place]
        related[head.front.slug] = tuple(heads[other] for other in best[:_RELATED])
    return related


def _best(categories: Iterable[str], by_category: Mapping[str, Sequence[int]]) -> list[int]:
    """The places of the posts that share most with one of these categories, and one more."""
    weights: Counter[int] = Counter()
    for category in categories:
        for other in by_category[category][:_NEWEST]:
            # Whole numbers, so that the order of adding does not matter.
            weights[other] += 1_000_000 // len(by_category[category])
    return sorted(weights, key=lambda other: (-weights[other], other))[: _RELATED + 1]


_PLAIN_URL = re.compile(r"[\w./~-]*\Z", re.ASCII)


def relative_url(page: str, target: str) -> str:
    """The URL by which the page in the folder ``page`` finds the site path ``target``, wherever the site stands."""
    here, there = page.split("/")[:-1], target.split("/")
    shared, most = 0, min(len(here), len(there) - 1)
    while shared < most and here[shared] == there[shared]:
        shared += 1
    url = "../" * (len(here) - shared) + "/".join(there[shared:]) or "./"
    return url if _PLAIN_URL.match(url) else quote(url)


_ALIAS_PART = re.compile(r"(?!\.)[^\x00-\x1f\x7f<>:\"\\|?*]*[^\x00-\x20\x7f<>:\"\\|?*.]\Z")
# What Windows keeps for itself, with any extension.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?\Z", re.IGNORECASE)
# What a site has as files, and folders that are no pages'.
_NO_PAGES = frozenset(
    ["assets", "pagefind", "feed.xml", "rss.xml", "feed.json", "sitemap.xml", "robots.txt", "llms.txt", "cname"]
)
_LONGEST_PART, _LONGEST_PATH = 120, 500
"""Bytes."""


def redirect_path(alias: str) -> str | None:
    """The file that takes readers of an old address to its new one; ``None`` for what cannot be one: an address that
    leaves the site, that some system cannot have as a file, or where something else of a site stands."""
    parts = [part for part in alias.split("#")[0].split("/") if part]
    if not parts or not all(map(_can_be_folder, parts)) or len(alias.encode("utf-8", "replace")) > _LONGEST_PATH:
        return None
    path = "/".join(parts)
    return path if path.endswith((".html", ".htm")) else f"{path}/index.html"


def _can_be_folder(part: str) -> bool:
    # A server may take the marks of an address for what they stand for.
    meant = unquote(part)
    return (
        bool(_ALIAS_PART.match(part) and _ALIAS_PART.match(meant))
        and "/" not in meant
        and meant.isprintable()
        and len(part.encode("utf-8", "replace")) <= _LONGEST_PART
        and not _DEVICE.match(part)
        and part.lower() not in _NO_PAGES
    )


def page_paths(first: str, count: int, size: int) -> list[str]:
    """The folders of a listing's pages that shows ``count`` posts, ``size`` a page; at least one."""
    pages = max(1, -(-count // size))
    return [first if number == 1 else f"{first}page/{number}/" for number in range(1, pages + 1)]

"""Pages that list posts: home, archive, topics, series, authors; and the one for addresses that are not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from .article import Article
from .config import BlogConfig
from .csp import SEARCH
from .entry import Entry
from .html import trusted
from .page import Named
from .post import FrontMatter, Post
from .site import SitePlan, group_key, page_paths, relative_url


@dataclass(frozen=True, slots=True)
class Card:
    """A post in a list; its URLs are relative to the list's page."""

    title: str
    url: str
    summary: str = ""
    date: date | None = None
    minutes: int = 1
    draft: bool = False
    image: str | None = None
    categories: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    """The posts of a year in the archive."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A topic, series or author, and how many posts it has."""

    title: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What the template of listings is given, and the folder of the page."""

    path: str
    title: str
    kind: str = ""
    intro: str = ""
    cards: tuple[Card, ...] = ()
    years: tuple[Year, ...] = ()
    terms: tuple[Term, ...] = ()
    empty: bool = False
    number: int = 1
    count: int = 1
    newer: str | None = None
    older: str | None = None
    index: str = ""
    """The URL of the search engine's script, on the page that has a search."""
    marks: str = field(default='<div class="nb-listing">', repr=False)

    def describe(self, config: BlogConfig) -> str:
        """A line for those who find the page by a search: its introduction, or what it lists, and of which blog."""
        what = f"{self.kind}: {self.title}" if self.kind else self.title
        blog = [text for text in (config.site_title, config.description) if text and text != what]
        return self.intro or " · ".join([what, ": ".join(blog)] if blog else [what])

    def as_article(self, config: BlogConfig) -> Article:
        """The page's frame takes its title and summary from an article; the theme chooses style sheets by its tags."""
        marks = trusted(f'{self.marks}<form class="nb-search"><mark>' if self.index else self.marks)
        libraries = frozenset({SEARCH} if self.index else ())
        post = Post("", FrontMatter(self.title), ())
        return Article(post, marks, summary=self.describe(config), libraries=libraries)


def list_site(
    plan: SitePlan, entries: Sequence[Entry], config: BlogConfig, words: Callable[[str], str]
) -> Iterator[Listing]:
    """Every listing of the site. ``entries`` are newest first; ``words`` gives our own word for a key."""
    by_slug = {entry.front.slug: entry for entry in entries}
    yield from _pages(plan, "", config.site_title or words("home"), "", config.description, entries, config)
    yield _archive(entries, words)
    kinds = (("tags", plan.tags, "topic", "all_topics"), ("series", plan.series, "a_series", "all_series"),
             ("authors", plan.authors, "author", "all_authors"))  # fmt: skip
    for folder, groups, kind, title in kinds:
        if groups:
            here = f"{folder}/"
            terms = (Term(g.name, relative_url(here, g.path), len(g.heads)) for g in groups.values())
            yield Listing(here, words(title), terms=tuple(terms))
        for group in groups.values():
            posts = [by_slug[head.front.slug] for head in group.heads if head.front.slug in by_slug]
            yield from _pages(plan, group.path, group.name, words(kind), "", posts, config)


def _pages(
    plan: SitePlan, first: str, title: str, kind: str, intro: str, entries: Sequence[Entry], config: BlogConfig
) -> Iterator[Listing]:
    size = config.posts_per_page
    paths = page_paths(first, len(entries), size)
    for at, path in enumerate(paths):
        yield Listing(
            path, title, kind, intro,
            tuple(_card(plan, path, entry) for entry in entries[at * size : (at + 1) * size]),
            empty=not entries, number=at + 1, count=len(paths),
            newer=relative_url(path, paths[at - 1]) if at else None,
            older=relative_url(path, paths[at + 1]) if at + 1 < len(paths) else None,
        )  # fmt: skip


def _archive(entries: Iterable[Entry], words: Callable[[str], str]) -> Listing:
    here = "archive/"
    years = groupby(entries, lambda entry: entry.front.date.year if entry.front.date else None)
    listed = tuple(
        Year(str(year or words("undated")), tuple(_card(None, here, entry) for entry in group))
        for year, group in years
    )
    return Listing(here, words("archive"), years=listed, empty=not listed)


def _card(plan: SitePlan | None, here: str, entry: Entry) -> Card:
    front, image = entry.front, entry.image
    names = front.categories if plan else ()
    topics = (Named(name, relative_url(here, plan.tags[group_key(name)].path)) for name in names if plan)
    if image and "://" not in image:
        image = relative_url(here, image)
    return Card(
        front.title, relative_url(here, entry.path), entry.summary, front.date, entry.minutes, front.draft, image,
        tuple(topics),
    )  # fmt: skip

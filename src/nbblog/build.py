"""The blog as a site: its notebooks are read, rendered, listed, and put in place of the site that was there.

Notebooks are read once. A post that cannot be rendered keeps the whole site as it was, and every other post is still
looked at, so that an author sees all that is to be mended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .core.entry import Entry
from .core.errors import BuildError, NbblogError
from .core.listing import Listing, list_site
from .core.markdown import PostLink
from .core.notices import Notice
from .core.page import Named, SiteLinks, fill_template, page_values
from .core.reading import read_post
from .core.site import Head, SitePlan, group_key, plan_site, redirect_path, relative_url
from .core.sitemap import render_robots, render_sitemap
from .files import folder_reader, parse_notebook
from .images import picture_preparer
from .kept import Kept, cache_folder
from .onepage import Place, find_theme, page_links, render_article_at, render_page_at, wanted_notices
from .settings import Blog
from .staging import replace_site

Say = Callable[[int, int], None]
"""Is told how many posts are done, and of how many."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What became of a build. With errors, nothing was written."""

    output: Path
    posts: int = 0
    pages: int = 0
    deploy: str = ""
    notices: Mapping[str, tuple[Notice, ...]] = field(default_factory=dict)
    """By the notebook's path below the content folder; those with none are not there."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """One line by the notebook's path."""


def build_blog(blog: Blog, *, drafts: bool = False, today: date, say: Say = lambda done, of: None) -> BuildResult:
    """Build the site of ``blog`` into its output folder. Posts dated after ``today`` are drafts.

    Raises ``NbblogError`` for what concerns the whole site; what concerns a post is in the result's ``errors``."""
    _refuse_overlap(blog)
    notebooks, heads, errors = _read_heads(blog, drafts, today)
    site = _Site(blog, plan_site(heads))
    entries, notices = [], {}
    for done, head in enumerate(site.plan.heads):
        say(done, len(site.plan.heads))
        try:
            entry = site.add_post(head, notebooks[head.source])
        except NbblogError as error:
            errors[head.source] = str(error)
            continue
        entries.append(entry)
        if entry.notices:
            notices[head.source] = entry.notices
    if errors:
        return BuildResult(blog.output, len(entries), 0, "", notices, errors)
    site.add_listings(entries)
    site.add_redirects()
    site.add_sitemap(entries)
    deploy = replace_site(blog.output, site.files, version("nbblog"))
    pages = sum(path.endswith(".html") for path in site.files)
    return BuildResult(blog.output, len(entries), pages, deploy, notices, errors)


def find_notebooks(blog: Blog) -> list[str]:
    """The paths of the blog's notebooks below its content folder, with ``/``, in order. Hidden ones, those that the
    settings exclude, and what links lead to are not among them. Raises ``BuildError`` if the folder is not there."""
    root = blog.content
    if not root.is_dir():
        raise BuildError(f"{root}: the folder of posts is not there")
    found = []
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in names:
            path = Path(folder, name)
            source = path.relative_to(root).as_posix()
            is_excluded = any(fnmatch(source, pattern) for pattern in blog.config.exclude)
            if name.endswith(".ipynb") and name[0] != "." and not is_excluded and not path.is_symlink():
                found.append(source)
    return sorted(found)


def _refuse_overlap(blog: Blog) -> None:
    output, content = blog.output.resolve(), blog.content.resolve()
    if output == content or content in output.parents or output in content.parents or output == blog.root.resolve():
        raise BuildError(f"{blog.output}: the site's folder and the folder of posts must lie beside each other")


def _read_heads(blog: Blog, drafts: bool, today: date) -> tuple[dict[str, Any], list[Head], dict[str, str]]:
    """Notebooks by path, the heads of those to be published, and errors by path."""
    notebooks: dict[str, Any] = {}
    heads: dict[str, Head] = {}
    errors: dict[str, str] = {}
    read = folder_reader(blog.content)
    for source in find_notebooks(blog):
        name = source.rpartition("/")[2]
        try:
            notebook = parse_notebook(read(source), source, max_bytes=blog.config.limits.notebook_bytes)
            front = read_post(notebook, name=name, config=blog.config).front
        except NbblogError as error:
            errors[source] = str(error)
            continue
        if drafts or not (front.draft or (front.date or date.min) > today):
            if front.slug in heads:
                errors[source] = f"{source}: has the slug `{front.slug}` of {heads[front.slug].source}"
                continue
            heads[front.slug] = Head(front, source)
            notebooks[source] = notebook
    return notebooks, list(heads.values()), errors


class _SitePlace(Place):
    """A page's files are in one folder for the whole site."""

    def __init__(self, page: str) -> None:
        super().__init__("assets")
        self._page = page

    def add(self, name: str, data: bytes) -> str:
        super().add(name, data)
        return relative_url(self._page, f"assets/{name}")


class _Site:
    """The files of the site as they come together."""

    def __init__(self, blog: Blog, plan: SitePlan) -> None:
        self._blog = blog
        self.plan = plan
        self.files: dict[str, bytes] = {".nojekyll": b""}
        if blog.config.cname:
            self.files["CNAME"] = f"{blog.config.cname}\n".encode()
        self._theme = find_theme(blog.template)
        self._prepare = picture_preparer(Kept(cache_folder(), "pictures"))
        self._redirects: set[str] = set()
        self._by_slug = {head.front.slug: head for head in plan.heads}

    def add_post(self, head: Head, notebook: Mapping[str, Any]) -> Entry:
        """Render the post and its page. Raises ``NbblogError``."""
        blog, config = self._blog, self._blog.config
        place = _SitePlace(head.path)
        article = render_article_at(
            place,
            notebook,
            name=head.source.rpartition("/")[2],
            config=config,
            read_file=folder_reader(blog.content, (blog.content / head.source).parent),
            find_post=self._finder(head.path),
            prepare_picture=self._prepare,
        )
        links = self._links(head)
        canonical = f"{config.site_url}/{head.path}" if config.site_url else None
        html = render_page_at(
            place, article, config=config, template_dir=blog.template, site=links, canonical=canonical
        )
        self.files |= place.files
        self.files[f"{head.path}index.html"] = html.encode()
        return Entry(
            head.front, head.path, head.source, article.summary, article.minutes, article.words, article.html,
            tuple(place.files), head.front.image if _is_remote(head.front.image) else None,
            wanted_notices(article, config),
        )  # fmt: skip

    def add_listings(self, entries: Sequence[Entry]) -> None:
        """The pages that list posts, and the one for addresses that are not there."""
        for listing in list_site(self.plan, entries, self._blog.config, self._theme.words.__getitem__):
            self._add_listing(listing, f"{listing.path}index.html")
        words = self._theme.words
        self._add_listing(Listing("", words["not_found"], intro=words["not_found_advice"]), "404.html", lost=True)

    def _add_listing(self, listing: Listing, path: str, *, lost: bool = False) -> None:
        config = self._blog.config
        place, article = _SitePlace(listing.path), listing.as_article()
        links = replace(page_links(article, place), site=self._frame(listing.path))
        if config.site_url and not lost:
            links = replace(links, canonical=f"{config.site_url}/{listing.path}")
        values = page_values(article, self._theme, config, links)
        values["page"]["json_ld"] = None
        values |= {"listing": listing, "page_template": self._theme.template}
        html = fill_template("nbblog/listing.html.j2", values, self._theme)
        if lost and config.site_url:
            html = html.replace("<head>", f'<head>\n<base href="{config.site_url}/">', 1)
        self.files |= place.files
        self.files[path] = html.encode()

    def add_redirects(self) -> None:
        """A page at each post's former addresses."""
        for head in self.plan.heads:
            for alias in head.front.aliases:
                path = redirect_path(alias)
                if path and path not in self.files:
                    folder = path.rpartition("/")[0]
                    target = relative_url(f"{folder}/" if folder else "", head.path)
                    self._redirects.add(path.removesuffix("index.html"))
                    self.files[path] = _REDIRECT.format(target, self._theme.words["moved"]).encode()

    def add_sitemap(self, entries: Sequence[Entry]) -> None:
        """The sitemap and ``robots.txt``, for a site whose address is known: both want full addresses."""
        url = self._blog.config.site_url
        if url:
            changed = {entry.path: entry.front.date_modified or entry.front.date for entry in entries}
            ends = "index.html"
            pages = sorted({path.removesuffix(ends) for path in self.files if path.endswith(ends)} - self._redirects)
            self.files["sitemap.xml"] = render_sitemap(((page, changed.get(page)) for page in pages), url).encode()
            self.files["robots.txt"] = render_robots(url).encode()

    def _finder(self, page: str) -> Callable[[str], PostLink | None]:
        def find(slug: str) -> PostLink | None:
            head = self._by_slug.get(slug)
            return PostLink(relative_url(page, head.path), head.front.title) if head else None

        return find

    def _frame(self, page: str) -> SiteLinks:
        """What every page has around it."""
        config, words = self._blog.config, self._theme.words

        def url(link: str) -> str:
            return link if ":" in link.partition("/")[0] else relative_url(page, link)

        own = [("archive", "archive/")] + ([("all_topics", "tags/")] if self.plan.tags else [])
        nav = [Named(link.title, url(link.url)) for link in config.nav]
        return SiteLinks(
            home=relative_url(page, ""),
            nav=tuple(nav or [Named(words[word], relative_url(page, path)) for word, path in own]),
            links=tuple(Named(link.title, url(link.url)) for link in config.links),
            categories={group.name: relative_url(page, group.path) for group in self.plan.tags.values()},
            authors={group.name: relative_url(page, group.path) for group in self.plan.authors.values()},
        )

    def _links(self, head: Head) -> SiteLinks:
        def named(other: Head | None) -> Named | None:
            return Named(other.front.title, relative_url(head.path, other.path)) if other else None

        earlier, later = self.plan.neighbours(head)
        frame = self._frame(head.path)
        series = head.front.series
        return replace(
            frame,
            categories=_by_spelling(head.front.categories, self.plan.tags, head.path),
            authors=_by_spelling(head.front.authors, self.plan.authors, head.path),
            series=relative_url(head.path, self.plan.series[group_key(series)].path) if series else None,
            earlier=named(earlier),
            later=named(later),
            related=tuple(link for other in self.plan.related[head.front.slug] if (link := named(other))),
        )


_REDIRECT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{1}</title><meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={0}"><link rel="canonical" href="{0}"></head>
<body><p><a href="{0}">{1}</a></p></body></html>
"""


def _by_spelling(names: Sequence[str], groups: Mapping[str, Any], page: str) -> dict[str, str]:
    return {name: relative_url(page, groups[group_key(name)].path) for name in names}


def _is_remote(image: str | None) -> bool:
    return bool(image and image.startswith(("https://", "http://")))

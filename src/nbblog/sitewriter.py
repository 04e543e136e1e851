"""The site as it comes together from its posts: what would come out as it did last time is taken over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from urllib.parse import quote

from .core.entry import Entry
from .core.feed import Feed, plan_feeds
from .core.html import Safe
from .core.listing import Listing, list_site
from .core.markdown.lines import render_line
from .core.notices import Notice, NoticeCode
from .core.page import Named, SiteLinks, fill_template, page_values
from .core.site import Group, Head, SitePlan, group_key, redirect_path, relative_url
from .core.sitemap import describe_listing, render_llms, render_robots, render_sitemap
from .onepage import find_theme, page_links
from .postpage import PostRenderer, PostTask, SitePlace, post_reader, read_digest, twin_paths
from .records import PartRecord, PostRecord, Record
from .search import FOLDER, build_index, can_index
from .settings import Blog
from .staging import Staging
from .workers import Crew, WrittenPost

Say = Callable[[int, int], None]
"""Is told how many posts are done, and of how many are to be rendered."""


class SiteWriter:
    """The site as it comes together."""

    def __init__(self, blog: Blog, plan: SitePlan, staging: Staging, before: Record, after: Record) -> None:
        self._blog = blog
        self.plan = plan
        self._staging = staging
        self._before, self.after = before, after
        self._theme = find_theme(blog.template)
        pages = [(head, (head.path, head.front.title)) for head in plan.heads]
        self._posts = {head.source: page for head, page in pages} | {head.front.slug: page for head, page in pages}
        self._renderer = PostRenderer(blog, self._posts)
        self._feeds = plan_feeds(plan, blog.config, self._title)
        self._has_search = blog.config.search and bool(plan.heads) and can_index()
        self._redirects: set[str] = set()
        self._post_frame: SiteLinks | None = None
        self.rendered = 0

    @property
    def _title(self) -> str:
        return self._blog.config.site_title or self._theme.words["home"]

    def add_posts(self, errors: dict[str, str], crew: Crew, keep_going: bool, say: Say) -> list[Entry]:
        """All posts, newest first. What fails is added to ``errors``, and left out or, with ``keep_going``, as it
        was."""
        fed = {head.source for feed in self._feeds for head in feed.heads}
        tasks = [PostTask(head, self._links(head), head.source in fed) for head in self.plan.heads]
        stale = [task for task in tasks if task.head.source not in errors and not self._keep_post(task)]
        self.rendered = len(stale)
        if stale:
            self._staging.begin()
        written = crew.write_posts(self._blog, self._posts, self._staging.folder, stale)
        for done, (task, post) in enumerate(zip(stale, written, strict=True), start=1):
            if isinstance(post, str):
                errors[task.head.source] = post
            else:
                self._add_written(task, post)
            say(done, len(stale))
        if keep_going:
            for source in errors:
                self._keep_failed(source)
        posts = self.after.posts
        return [posts[head.source].entry for head in self.plan.heads if head.source in posts]

    def _add_written(self, task: PostTask, post: WrittenPost) -> None:
        self._staging.add_written(post.files)
        # The same object as in the record of heads: it is written and read once.
        entry = replace(post.entry, front=task.head.front)
        self.after.posts[task.head.source] = PostRecord(
            _post_key(task, post.notebook), entry, task.is_in_feed, post.files, post.asked, post.read
        )

    def _keep_post(self, task: PostTask) -> bool:
        """Take the post over from the old site if it would come out the same."""
        source = task.head.source
        record = self._before.posts.get(source)
        if record is None or record.key != _post_key(task, self.after.heads[source][0]):
            return False
        same = (
            record.is_in_feed >= task.is_in_feed
            and all(self._renderer.find(task.head.path, slug) == link for slug, link in record.asked.items())
            and self._reads_the_same(source, record.read)
            and self._staging.keep(record.files)
        )
        if same:
            self.after.posts[source] = record
        return same

    def _reads_the_same(self, source: str, before: Mapping[str, str]) -> bool:
        if not before:  # most posts: no need for a reader of their folder
            return True
        read = post_reader(self._blog, source)
        return all(read_digest(read, target) == digest for target, digest in before.items())

    def _keep_failed(self, source: str) -> None:
        record = self._before.posts.get(source)
        if record and self._staging.keep(record.files):
            self.after.posts[source] = replace(record, key="")

    def _add_part(self, name: str, made_from: object, make: Callable[[], Mapping[str, bytes]]) -> None:
        """Files that are made from several posts; they are made only if what they are made from has changed."""
        key = _hash(made_from)
        part = self._before.parts.get(name)
        if part is None or part.key != key or not self._staging.keep(part.files):
            files = make()
            for path, content in files.items():
                self._staging.write(path, content)
            part = PartRecord(key, {path: self._staging.files[path] for path in files})
        self.after.parts[name] = part

    def add_fixed_files(self) -> None:
        """What hosts look for."""
        cname = self._blog.config.cname
        files = {".nojekyll": b"", **({"CNAME": f"{cname}\n".encode()} if cname else {})}
        self._add_part("hosts", cname, lambda: files)

    def add_listings(self, entries: Sequence[Entry]) -> None:
        """The pages that list posts, and the one for addresses that are not there."""
        shown = [(entry.path, entry.summary, entry.minutes, entry.image) for entry in entries]
        key = _hash((self.plan.heads, shown, self._has_search))
        before, parts = self._before.parts.get(_LISTINGS), self._before.parts
        # Most edits change no list, and to find that out page by page takes longer than all the lists' files.
        if before and before.key == key and self._staging.keep(before.files):
            self.after.parts |= {name: part for name, part in parts.items() if name.endswith(".html")}
            self.after.parts[_LISTINGS] = before
            return
        self._add_all_listings(entries)
        made = [part.files for name, part in self.after.parts.items() if name.endswith(".html")]
        self.after.parts[_LISTINGS] = PartRecord(key, {path: one for files in made for path, one in files.items()})

    def _add_all_listings(self, entries: Sequence[Entry]) -> None:
        for listing in list_site(self.plan, entries, self._blog.config, self._theme.words.__getitem__):
            self._add_listing(listing, f"{listing.path}index.html")
        words = self._theme.words
        self._add_listing(Listing("", words["not_found"], intro=words["not_found_advice"]), "404.html", lost=True)

    def _add_listing(self, listing: Listing, path: str, *, lost: bool = False) -> None:
        frame = self._frame(listing.path)
        self._add_part(path, (listing, frame), lambda: self._render_listing(listing, frame, path, lost))

    def _render_listing(self, listing: Listing, frame: SiteLinks, path: str, lost: bool) -> dict[str, bytes]:
        config = self._blog.config
        place, article = SitePlace(listing.path), listing.as_article(config)
        links = replace(page_links(article, place), site=frame)
        if config.site_url and not lost:
            links = replace(links, canonical=f"{config.site_url}/{listing.path}")
        values = page_values(article, self._theme, config, links)
        values["page"]["json_ld"] = describe_listing(listing, config) if config.site_url and not lost else None
        values |= {"listing": listing, "page_template": self._theme.template}
        html = fill_template("nbblog/listing.html.j2", values, self._theme)
        if lost and config.site_url:
            html = html.replace("<head>", f'<head>\n<base href="{config.site_url}/">', 1)
            html = html.replace("base-uri &#39;none&#39;", "base-uri &#39;self&#39;", 1)
        return {**place.files, path: html.encode()}

    def add_feeds(self, entries: Sequence[Entry]) -> None:
        """The feeds, and the list of posts for language models."""
        config = self._blog.config
        by_slug = {entry.front.slug: entry for entry in entries}
        for feed in self._feeds:
            self._add_feed(feed, [by_slug[head.front.slug] for head in feed.heads if head.front.slug in by_slug])
        if config.site_url:
            file = "index.md" if config.twins else ""
            made_from = [(entry.front.title, entry.path, entry.summary) for entry in entries]
            self._add_part(
                "llms.txt", made_from, lambda: {"llms.txt": render_llms(entries, config, file=file).encode()}
            )

    def _add_feed(self, feed: Feed, entries: Sequence[Entry]) -> None:
        def render() -> dict[str, bytes]:
            text = feed.render(entries, self._blog.config, path=feed.path, title=feed.title)
            return {feed.path: text.encode()}

        # A page changes whenever its article does.
        pages = [self.after.posts[entry.source].files[f"{entry.path}index.html"] for entry in entries]
        self._add_part(feed.path, (feed.title, pages), render)

    def add_search(self, entries: Sequence[Entry]) -> None:
        """The page where readers search, and what it searches in."""
        if not self._has_search or not entries:
            return
        listing = Listing(_SEARCH, self._theme.words["search"], index=f"../{FOLDER}/pagefind.js")
        self._add_listing(listing, f"{_SEARCH}index.html")
        pages = [self.after.posts[entry.source].files[f"{entry.path}index.html"].digest for entry in entries]
        language = self._blog.config.lang.partition("-")[0]

        def build() -> dict[str, bytes]:
            self._staging.begin()
            return build_index(self._staging.folder, language)

        self._add_part(FOLDER, (language, sorted(pages)), build)

    def add_redirects(self) -> dict[str, list[Notice]]:
        """A page at each post's former addresses. By the notebook's path: a notice for each that cannot have one."""
        targets: dict[str, str] = {}
        dropped: dict[str, list[Notice]] = {}
        files = {path.casefold() for path in self._staging.files}
        folders = {folder for path in files for folder in _folders(path)}
        for head in self.plan.heads:
            for alias in head.front.aliases:
                path = redirect_path(alias)
                key = (path or "").casefold()
                if path and key not in folders and files.isdisjoint((key, *_folders(key))):
                    folder = path.rpartition("/")[0]
                    targets[path] = relative_url(f"{folder}/" if folder else "", head.path)
                    files.add(key)
                    folders.update(_folders(key))
                elif path != f"{head.path}index.html":
                    dropped.setdefault(head.source, []).append(Notice(NoticeCode.ALIAS_UNUSED, alias))
        self._redirects = {path.removesuffix("index.html") for path in targets}
        moved = self._theme.words["moved"]
        pages = {path: _REDIRECT.format(target, moved).encode() for path, target in targets.items()}
        self._add_part("redirects", pages, lambda: pages)
        return dropped

    def add_sitemap(self, entries: Sequence[Entry]) -> None:
        """The sitemap and ``robots.txt``, for a site whose address is known: both want full addresses."""
        url = self._blog.config.site_url
        if url:
            changed = {entry.path: entry.front.date_modified or entry.front.date for entry in entries}
            ends = "index.html"
            files = self._staging.files
            pages = sorted({path.removesuffix(ends) for path in files if path.endswith(ends)} - self._redirects)
            dated = [(page, changed.get(page)) for page in pages]
            self._add_part("sitemap.xml", dated, lambda: {
                "sitemap.xml": render_sitemap(dated, url).encode(), "robots.txt": render_robots(url).encode(),
            })  # fmt: skip

    def _frame(self, page: str) -> SiteLinks:
        """What every page has around it. The feeds are those of all posts, or the one of the page's own topic."""
        if not page.startswith("posts/"):
            return self._make_frame(page)
        # To all but other posts, all posts have the same links.
        if self._post_frame is None:
            self._post_frame = self._make_frame(page)
        return self._post_frame

    def _make_frame(self, page: str) -> SiteLinks:
        config, words = self._blog.config, self._theme.words

        def url(link: str) -> str:
            return link if link[:1] in "/#" or ":" in link.partition("/")[0] else relative_url(page, link)

        own = [("archive", "archive/")] + ([("all_topics", "tags/")] if self.plan.tags else [])
        nav = [Named(link.title, url(link.url)) for link in config.nav]
        if self._has_search:
            own.append(("search", _SEARCH))
            nav = nav and [*nav, Named(words["search"], relative_url(page, _SEARCH))]
        return SiteLinks(
            home=relative_url(page, ""),
            nav=tuple(nav or [Named(words[word], relative_url(page, path)) for word, path in own]),
            links=tuple(Named(link.title, url(link.url)) for link in config.links),
            footer=render_line(config.footer, url) if config.footer else Safe(""),
            feeds=tuple(
                Named(feed.name, relative_url(page, feed.path), feed.type) for feed in self._feeds_of(page)
            ),
        )

    def _feeds_of(self, page: str) -> list[Feed]:
        folder = re.sub(r"page/\d+/\Z", "", page)
        own = [feed for feed in self._feeds if feed.path.rpartition("/")[0] == folder.rstrip("/")]
        return own or [feed for feed in self._feeds if "/" not in feed.path]

    def _links(self, head: Head) -> SiteLinks:
        def named(other: Head | None) -> Named | None:
            return Named(other.front.title, relative_url(head.path, other.path)) if other else None

        earlier, later = self.plan.neighbours(head)
        frame = self._frame(head.path)
        series = head.front.series
        twins = zip(twin_paths(head), _TWINS, strict=True) if self._blog.config.twins else ()
        return replace(
            frame,
            twins=tuple(
                Named(self._theme.words[word], relative_url(head.path, path), type_)
                for path, (word, type_) in twins
            ),
            categories=_by_spelling(head.front.categories, self.plan.tags, head.path),
            authors=_by_spelling(head.front.authors, self.plan.authors, head.path),
            sources=self._sources(head),
            series=relative_url(head.path, self.plan.series[group_key(series)].path) if series else None,
            earlier=named(earlier),
            later=named(later),
            related=tuple(link for other in self.plan.related[head.front.slug] if (link := named(other))),
        )


    def _sources(self, head: Head) -> tuple[Named, ...]:
        """Where the author's own notebook is at GitHub, and where it can be run."""
        repository, words = self._blog.config.repository, self._theme.words
        if not repository:
            return ()
        place = quote(f"{repository}/blob/HEAD/{self._content_below_repository}{head.source}")
        return (
            Named(words["source"], f"https://github.com/{place}"),
            Named(words["run_in_colab"], f"https://colab.research.google.com/github/{place}"),
        )

    @cached_property
    def _content_below_repository(self) -> str:
        """With a slash at its end, unless it is the repository's first folder."""
        content = self._blog.content.resolve()
        top = next((folder for folder in content.parents if (folder / ".git").exists()), self._blog.root.resolve())
        below = content.relative_to(top).as_posix()
        return "" if below == "." else f"{below}/"


def _folders(path: str) -> list[str]:
    return [path[:at] for at, mark in enumerate(path) if mark == "/"]


_TWINS = (("notebook", "application/x-ipynb+json"), ("markdown", "text/markdown"))
_SEARCH = "search/"
_LISTINGS = "listings"
"""The name of the part that all pages with lists make."""
_REDIRECT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{1}</title><meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={0}"><link rel="canonical" href="{0}"></head>
<body><p><a href="{0}">{1}</a></p></body></html>
"""


def _by_spelling(names: Sequence[str], groups: Mapping[str, Group], page: str) -> dict[str, str]:
    return {name: relative_url(page, groups[group_key(name)].path) for name in names}


def _post_key(task: PostTask, notebook: str) -> str:
    """The hash of all that a post's page is made from but for the settings, and the files that it asks for."""
    return _hash((notebook, task.head, task.links))


def _hash(made_from: object) -> str:
    """Of whatever says all that it is made of when it is printed."""
    return sha256(repr(made_from).encode("utf-8", "surrogatepass")).hexdigest()

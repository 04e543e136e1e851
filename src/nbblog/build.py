"""The blog as a site: its notebooks are read, rendered, listed, and put in place of the site that was there.

What would come out as it did last time is taken over from the old site. A post that cannot be rendered keeps the whole
site as it was, and every other post is still looked at, so that an author sees all that is to be mended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatch
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from .core.entry import Entry
from .core.errors import BuildError, NbblogError
from .core.listing import Listing, list_site
from .core.notices import Notice
from .core.page import Named, SiteLinks, fill_template, page_values
from .core.post import FrontMatter
from .core.reading import read_post
from .core.site import Group, Head, SitePlan, group_key, plan_site, redirect_path, relative_url
from .core.sitemap import render_robots, render_sitemap
from .files import parse_notebook
from .onepage import find_theme, page_links
from .postpage import PostRenderer, PostTask, SitePlace, post_reader, read_digest, read_notebook_file
from .records import PartRecord, PostRecord, Record, load_record, save_record
from .settings import Blog, settings_digest
from .staging import Staging, stage_site
from .workers import WrittenPost, write_posts

Say = Callable[[int, int], None]
"""Is told how many posts are done, and of how many are to be rendered."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What became of a build. With errors, nothing was written, unless it was to keep going."""

    output: Path
    posts: int = 0
    pages: int = 0
    deploy: str = ""
    rendered: int = 0
    """How many of the posts were not taken over from the old site."""
    notices: Mapping[str, tuple[Notice, ...]] = field(default_factory=dict)
    """By the notebook's path below the content folder; those with none are not there."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """One line by the notebook's path."""


def build_blog(
    blog: Blog,
    *,
    drafts: bool = False,
    today: date,
    jobs: int | None = None,
    keep_going: bool = False,
    say: Say = lambda done, of: None,
) -> BuildResult:
    """Build the site of ``blog`` into its output folder. Posts dated after ``today`` are drafts.

    ``jobs`` is the number of processes, by itself what suits the work. With ``keep_going`` the site is renewed although
    a post failed, which stays as it last was. Raises ``NbblogError`` for what concerns the whole site; what concerns a
    post is in the result's ``errors``."""
    _refuse_overlap(blog)
    find_notebooks(blog)
    digest = settings_digest(blog)
    with stage_site(blog.output) as staging:
        before = load_record(blog.output, digest)
        heads = _read_heads(blog, before.heads, drafts, today, keep_going)
        site = _Site(blog, plan_site(heads.published), staging, before, Record(heads.all))
        entries = site.add_posts(heads.errors, jobs, keep_going, say)
        result = BuildResult(
            blog.output, len(entries), rendered=site.rendered, errors=heads.errors,
            notices={entry.source: entry.notices for entry in entries if entry.notices},
        )  # fmt: skip
        if heads.errors and not keep_going:
            return result
        site.add_fixed_files()
        site.add_listings(entries)
        site.add_redirects()
        site.add_sitemap(entries)
        deploy = staging.finish(version("nbblog"))
        save_record(blog.output, digest, site.after)
    return replace(result, pages=sum(path.endswith(".html") for path in staging.files), deploy=deploy)


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


@dataclass(slots=True)
class _Heads:
    """The heads of all notebooks."""

    all: dict[str, tuple[str, FrontMatter]] = field(default_factory=dict)
    """By path, with the hash of the notebook."""
    published: list[Head] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    """One line by path."""


def _read_heads(
    blog: Blog, before: Mapping[str, tuple[str, FrontMatter]], drafts: bool, today: date, keep_going: bool
) -> _Heads:
    """``before`` has them as they were; with ``keep_going`` they stand in for those that cannot be read."""
    heads = _Heads()
    slugs: dict[str, str] = {}
    for source in find_notebooks(blog):
        try:
            digest, front = _read_head(blog, source, before.get(source))
        except NbblogError as error:
            heads.errors[source] = str(error)
            if not keep_going or source not in before:
                continue
            digest, front = "", before[source][1]
        heads.all[source] = digest, front
        if drafts or not (front.draft or (front.date or date.min) > today):
            if front.slug in slugs:
                heads.errors[source] = f"{source}: has the slug `{front.slug}` of {slugs[front.slug]}"
                continue
            slugs[front.slug] = source
            heads.published.append(Head(front, source))
    return heads


def _read_head(blog: Blog, source: str, before: tuple[str, FrontMatter] | None) -> tuple[str, FrontMatter]:
    raw = read_notebook_file(blog, source)
    digest = sha256(raw).hexdigest()
    if before and before[0] == digest:
        return before
    notebook = parse_notebook(raw, source, max_bytes=blog.config.limits.notebook_bytes)
    return digest, read_post(notebook, name=source.rpartition("/")[2], config=blog.config).front


class _Site:
    """The site as it comes together."""

    def __init__(self, blog: Blog, plan: SitePlan, staging: Staging, before: Record, after: Record) -> None:
        self._blog = blog
        self.plan = plan
        self._staging = staging
        self._before, self.after = before, after
        self._theme = find_theme(blog.template)
        self._posts = {head.front.slug: (head.path, head.front.title) for head in plan.heads}
        self._renderer = PostRenderer(blog, self._posts)
        self._redirects: set[str] = set()
        self.rendered = 0

    def add_posts(self, errors: dict[str, str], jobs: int | None, keep_going: bool, say: Say) -> list[Entry]:
        """All posts, newest first. What fails is added to ``errors``, and left out or, with ``keep_going``, as it
        was."""
        tasks = [PostTask(head, self._links(head)) for head in self.plan.heads]
        stale = [task for task in tasks if task.head.source not in errors and not self._keep_post(task)]
        self.rendered = len(stale)
        written = write_posts(self._blog, self._posts, self._staging.folder, stale, jobs)
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
        self.after.posts[task.head.source] = PostRecord(
            _post_key(task, post.notebook), post.entry, task.is_in_feed, post.files, post.asked, post.read
        )

    def _keep_post(self, task: PostTask) -> bool:
        """Take the post over from the old site if it would come out the same."""
        source = task.head.source
        record = self._before.posts.get(source)
        if record is None or record.key != _post_key(task, self.after.heads[source][0]):
            return False
        read = post_reader(self._blog, source)
        same = (
            record.is_in_feed >= task.is_in_feed
            and all(self._renderer.find(task.head.path, slug) == link for slug, link in record.asked.items())
            and all(read_digest(read, target) == digest for target, digest in record.read.items())
            and self._staging.keep(record.files)
        )
        if same:
            self.after.posts[source] = record
        return same

    def _keep_failed(self, source: str) -> None:
        record = self._before.posts.get(source)
        if record and self._staging.keep(record.files):
            self.after.posts[source] = replace(record, key="")

    def _add_part(self, name: str, made_from: object, make: Callable[[], Mapping[str, bytes]]) -> None:
        """Files that are made from several posts; they are made only if what they are made from has changed."""
        key = sha256(repr(made_from).encode("utf-8", "surrogatepass")).hexdigest()
        part = self._before.parts.get(name)
        if part is None or part.key != key or not self._staging.keep(part.files):
            files = make()
            for path, content in files.items():
                self._staging.write(path, content)
            part = PartRecord(key, {path: self._staging.files[path] for path in files})
        self.after.parts[name] = part

    def add_fixed_files(self) -> None:
        """What hosts look for."""
        self._staging.write(".nojekyll", b"")
        if self._blog.config.cname:
            self._staging.write("CNAME", f"{self._blog.config.cname}\n".encode())

    def add_listings(self, entries: Sequence[Entry]) -> None:
        """The pages that list posts, and the one for addresses that are not there."""
        for listing in list_site(self.plan, entries, self._blog.config, self._theme.words.__getitem__):
            self._add_listing(listing, f"{listing.path}index.html")
        words = self._theme.words
        self._add_listing(Listing("", words["not_found"], intro=words["not_found_advice"]), "404.html", lost=True)

    def _add_listing(self, listing: Listing, path: str, *, lost: bool = False) -> None:
        frame = self._frame(listing.path)
        self._add_part(path, (listing, frame), lambda: self._render_listing(listing, frame, path, lost))

    def _render_listing(self, listing: Listing, frame: SiteLinks, path: str, lost: bool) -> dict[str, bytes]:
        config = self._blog.config
        place, article = SitePlace(listing.path), listing.as_article()
        links = replace(page_links(article, place), site=frame)
        if config.site_url and not lost:
            links = replace(links, canonical=f"{config.site_url}/{listing.path}")
        values = page_values(article, self._theme, config, links)
        values["page"]["json_ld"] = None
        values |= {"listing": listing, "page_template": self._theme.template}
        html = fill_template("nbblog/listing.html.j2", values, self._theme)
        if lost and config.site_url:
            html = html.replace("<head>", f'<head>\n<base href="{config.site_url}/">', 1)
            html = html.replace("base-uri &#39;none&#39;", "base-uri &#39;self&#39;", 1)
        return {**place.files, path: html.encode()}

    def add_redirects(self) -> None:
        """A page at each post's former addresses."""
        for head in self.plan.heads:
            for alias in head.front.aliases:
                path = redirect_path(alias)
                if path and path not in self._staging.files:
                    folder = path.rpartition("/")[0]
                    target = relative_url(f"{folder}/" if folder else "", head.path)
                    self._redirects.add(path.removesuffix("index.html"))
                    page = _REDIRECT.format(target, self._theme.words["moved"])
                    self._staging.write(path, page.encode())

    def add_sitemap(self, entries: Sequence[Entry]) -> None:
        """The sitemap and ``robots.txt``, for a site whose address is known: both want full addresses."""
        url = self._blog.config.site_url
        if url:
            changed = {entry.path: entry.front.date_modified or entry.front.date for entry in entries}
            ends = "index.html"
            files = self._staging.files
            pages = sorted({path.removesuffix(ends) for path in files if path.endswith(ends)} - self._redirects)
            sitemap = render_sitemap(((page, changed.get(page)) for page in pages), url)
            self._staging.write("sitemap.xml", sitemap.encode())
            self._staging.write("robots.txt", render_robots(url).encode())

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


def _by_spelling(names: Sequence[str], groups: Mapping[str, Group], page: str) -> dict[str, str]:
    return {name: relative_url(page, groups[group_key(name)].path) for name in names}


def _post_key(task: PostTask, notebook: str) -> str:
    """The hash of all that a post's page is made from but for the settings, and the files that it asks for."""
    made_from = repr((notebook, task.head, task.links))
    return sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()

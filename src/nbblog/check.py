"""What is to be mended in a blog before it is published: every finding with its notebook, cell, line and advice.

The blog is built into a folder that is thrown away, so that what is looked at is what readers would get.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from .build import BuildResult, build_blog, find_notebooks
from .core.audit import audit_post
from .core.errors import NbblogError
from .core.notices import Notice, NoticeCode, Place, Severity
from .core.post import Post
from .core.reading import read_post
from .core.saved import join_text
from .core.site import Head
from .files import parse_notebook
from .links import find_dead
from .postpage import notebook_reader
from .scratch import temporary_folder
from .settings import Blog
from .sitewriter import Say

_HREF = re.compile(r"""\s(?:href|src)=["']?([^"'\s>]+)""")
_UNSHOWN = re.compile(r"<(script|style|pre|code)\b[^>]*>.*?</\1>|<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that its author should see to, or know."""

    source: str
    """The notebook's path below the blog's folder; a page's path in the site where no notebook has it."""
    severity: Severity
    code: str
    """That of a notice, or ``post-failed``."""
    message: str
    """What was found, in one line."""
    fix: str = ""
    """What to do about it."""
    cell: int | None = None
    """Counted from 1."""
    line: int | None = None
    """In the cell's source, counted from 1."""
    file_line: int | None = None
    """In the notebook's file, counted from 1."""


def check_blog(
    blog: Blog, *, drafts: bool = True, links: bool = False, today: date, say: Say = lambda done, of: None
) -> list[Finding]:
    """The findings of all posts, in order of notebooks and cells. With ``links`` other sites are asked for what posts
    link to. Raises ``NbblogError`` for what concerns the whole blog."""
    with temporary_folder() as folder:
        here = replace(blog, config=replace(blog.config, output=str(folder / "site")))
        result = build_blog(here, drafts=drafts, today=today, keep_going=True, say=say)
        pages = _read_pages(result.output)
        paths = {path.relative_to(result.output).as_posix() for path in result.output.rglob("*") if path.is_file()}
    posts = list(_read_posts(blog, result))
    broken = _find_broken(pages, paths, {post.head.path: post for post in posts})
    found: list[Finding] = [_failed(blog, source, error) for source, error in result.errors.items()]
    for post in posts:
        notices = [*post.notices, *audit_post(post.notebook, post.post), *broken.pop(post.head.path, ())]
        found += [post.tell(blog, notice) for notice in notices if notice.code not in blog.config.ignore]
    found += [_in_page(page, notice) for page, notices in broken.items() for notice in notices]
    if links and "link-dead" not in blog.config.ignore:
        found += _find_dead(blog, posts, pages)
    return sorted(found, key=lambda one: (one.source, one.cell or 0, one.line or 0, one.code))


@dataclass(frozen=True, slots=True)
class _Read:
    """A post that could be rendered."""

    head: Head
    notebook: Mapping[str, Any]
    text: str
    post: Post
    notices: tuple[Notice, ...]

    def find(self, *targets: str) -> Place:
        """The first cell, and the line in it, whose source has one of these texts."""
        for number, cell in enumerate(self.notebook.get("cells") or (), 1):
            source = join_text(cell.get("source")) if isinstance(cell, Mapping) else None
            for target in targets:
                if source and (at := source.find(target)) >= 0:
                    return Place(number, line=source.count("\n", 0, at) + 1)
        return Place()

    def tell(self, blog: Blog, notice: Notice) -> Finding:
        place = notice.place
        kind = notice.kind
        where = file_line(self.text, place.cell, place.line) if place.cell else None
        source = f"{blog.config.content}/{self.head.source}"
        return Finding(source, kind.severity, kind.code, notice.detail, kind.advice, place.cell, place.line, where)


def _read_posts(blog: Blog, result: BuildResult) -> Iterator[_Read]:
    read = notebook_reader(blog)
    for source in find_notebooks(blog):
        try:
            raw = read(source)
            notebook = parse_notebook(raw, source, max_bytes=blog.config.limits.notebook_bytes)
            post = read_post(notebook, name=source.rpartition("/")[2], config=blog.config)
        except NbblogError:
            continue  # the build has said so
        if source not in result.errors:
            text = raw.decode("utf-8", "replace")
            yield _Read(Head(post.front, source), notebook, text, post, result.notices.get(source, post.notices))


def _failed(blog: Blog, source: str, error: str) -> Finding:
    cell = re.search(r", cell (\d+): ", error)
    return Finding(
        f"{blog.config.content}/{source}", "error", "post-failed", error,
        "Mend it: as it is, no site is written.", int(cell[1]) if cell else None,
    )  # fmt: skip


def _read_pages(site: Path) -> dict[str, str]:
    """The text of each page by its site path, without ``index.html``."""
    return {
        path.relative_to(site).as_posix().removesuffix("index.html"): path.read_text("utf-8")
        for path in sorted(site.rglob("*.html"))
        if "assets" not in path.relative_to(site).parts
    }


def _links_of(html: str) -> list[str]:
    shown = _UNSHOWN.sub("", html)
    return list(dict.fromkeys(unescape(url) for url in _HREF.findall(shown)))


def _find_broken(pages: Mapping[str, str], paths: set[str], posts: Mapping[str, _Read]) -> dict[str, list[Notice]]:
    """By page: a notice for each of its links that leads to nothing in the site."""
    found: dict[str, list[Notice]] = {}
    for page, html in pages.items():
        if page == "404.html":  # its links are full ones, since it stands at any address
            continue
        for url in _links_of(html):
            if not _leads_to(page, url, paths):
                post = posts.get(page)
                place = post.find(url, unquote(url), url.partition("#")[0]) if post else Place()
                found.setdefault(page, []).append(Notice(NoticeCode.LINK_BROKEN, url[:200], place))
    return found


def _leads_to(page: str, url: str, paths: set[str]) -> bool:
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not parts.path:
        return True
    if parts.path.startswith("/"):
        return False  # of the host, which need not be the blog's alone: a project's site stands in a folder
    target = urlsplit(urljoin(f"http://site/0/1/2/3/{quote(page)}", url)).path.removeprefix("/0/1/2/3/")
    path = unquote(target)
    return (path + "index.html" if path.endswith("/") or not path else path) in paths


def _find_dead(blog: Blog, posts: Iterable[_Read], pages: Mapping[str, str]) -> list[Finding]:
    linking = {post.head.path: (post, [url for url in _links_of(_article(pages.get(post.head.path, "")))
                                       if url.startswith(("http://", "https://"))]) for post in posts}  # fmt: skip
    dead = find_dead({url for _, urls in linking.values() for url in urls})
    return [
        post.tell(blog, Notice(NoticeCode.LINK_DEAD, f"{url[:200]}: {dead[url]}", post.find(url, unquote(url))))
        for post, urls in linking.values()
        for url in urls
        if url in dead
    ]


def _article(html: str) -> str:
    """What the author wrote of a page, not what is around it."""
    return html.partition("<main")[2].partition("</main>")[0]


def _in_page(page: str, notice: Notice) -> Finding:
    return Finding(page or "index.html", notice.kind.severity, notice.code, notice.detail, notice.kind.advice)


def file_line(text: str, cell: int, line: int | None) -> int | None:
    """The line of a notebook's file, counted from 1, at which a cell stands, or a line of its source; None where it
    cannot be told."""
    start = re.search(r'"cells"\s*:\s*\[\s*', text)
    at, decoder = start.end() if start else len(text), json.JSONDecoder()
    for _ in range(cell - 1):
        try:
            at = decoder.raw_decode(text, at)[1]
        except (ValueError, RecursionError):
            return None
        at += len(text) - at - len(text[at:].lstrip(" \t\r\n,"))
    source = re.compile(r'"source"\s*:\s*\[').search(text, at) if line else None
    found = source.end() if source else at
    # A file has one line for each line of a source.
    return text.count("\n", 0, found) + 1 + (line or 0 if source else 0)

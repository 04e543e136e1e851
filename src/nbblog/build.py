"""The blog as a site: its notebooks are read, rendered, listed, and put in place of the site that was there.

What would come out as it did last time is taken over from the old site. A post that cannot be rendered keeps the whole
site as it was, and every other post is still looked at, so that an author sees all that is to be mended.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from .core.errors import BuildError, NbblogError
from .core.notices import Notice
from .core.post import FrontMatter
from .core.reading import read_post
from .core.site import Head, plan_site
from .files import parse_notebook
from .installed import read_version
from .postpage import notebook_reader
from .records import Record, load_record, save_record
from .settings import Blog, settings_digest
from .sitewriter import Say, SiteWriter
from .staging import stage_site
from .workers import Cores, Crew

_HERE = Cores()


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
    crew: Crew = _HERE,
    keep_going: bool = False,
    failed: Mapping[str, str] = MappingProxyType({}),
    say: Say = lambda done, of: None,
) -> BuildResult:
    """Build the site of ``blog`` into its output folder. Posts dated after ``today`` are drafts.

    ``crew`` renders the posts, by itself as many processes as suit the work. With ``keep_going`` the site is renewed
    although a post failed, which stays as it last was. ``failed`` has, by path, those that failed before. Raises
    ``NbblogError`` for what concerns the whole site; what concerns a post is in the result's ``errors``."""
    _refuse_overlap(blog)
    sources = find_notebooks(blog)
    digest = settings_digest(blog)
    with stage_site(blog.output) as staging:
        before = load_record(blog.output, digest)
        heads = _read_heads(blog, sources, before.heads, failed, drafts, today, keep_going)
        site = SiteWriter(blog, plan_site(heads.published), staging, before, Record(heads.all))
        entries = site.add_posts(heads.errors, crew, keep_going, say)
        result = BuildResult(
            blog.output, len(entries), rendered=site.rendered, errors=heads.errors,
            notices={entry.source: entry.notices for entry in entries if entry.notices},
        )  # fmt: skip
        if heads.errors and not keep_going:
            return result
        site.add_fixed_files()
        site.add_listings(entries)
        site.add_search(entries)
        dropped = site.add_redirects()
        site.add_feeds(entries)
        site.add_sitemap(entries)
        deploy = staging.finish(read_version("nbblog"))
        save_record(blog.output, digest, site.after)
    notices = {**result.notices}
    for source, more in dropped.items():
        notices[source] = (*notices.get(source, ()), *more)
    pages = sum(path.endswith(".html") for path in staging.files)
    return replace(result, pages=pages, deploy=deploy, notices=notices)


def find_notebooks(blog: Blog) -> list[str]:
    """The paths of the blog's notebooks below its content folder, with ``/``, in order. Hidden ones, those that the
    settings exclude, and what links lead to are not among them. Raises ``BuildError`` if the folder is not there."""
    root = blog.content
    if not root.is_dir():
        raise BuildError(f"{root}: the folder of posts is not there")
    found = []
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        inside = Path(folder).relative_to(root).as_posix()
        for name in names:
            if not name.endswith(".ipynb") or name.startswith("."):
                continue
            source = name if inside == "." else f"{inside}/{name}"
            is_excluded = any(fnmatch(source, pattern) for pattern in blog.config.exclude)
            if not is_excluded and not os.path.islink(f"{folder}/{name}"):
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
    blog: Blog,
    sources: list[str],
    before: Mapping[str, tuple[str, FrontMatter]],
    failed: Mapping[str, str],
    drafts: bool,
    today: date,
    keep_going: bool,
) -> _Heads:
    """``before`` has them as they were; with ``keep_going`` they stand in for those that cannot be read."""
    heads = _Heads()
    slugs: dict[str, str] = {}
    read = notebook_reader(blog)
    for source in sources:
        try:
            if source in failed:
                raise BuildError(failed[source])
            digest, front = _read_head(blog, source, read(source), before.get(source))
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


def _read_head(blog: Blog, source: str, raw: bytes, before: tuple[str, FrontMatter] | None) -> tuple[str, FrontMatter]:
    digest = sha256(raw).hexdigest()
    if before and before[0] == digest:
        return before
    notebook = parse_notebook(raw, source, max_bytes=blog.config.limits.notebook_bytes)
    return digest, read_post(notebook, name=source.rpartition("/")[2], config=blog.config).front

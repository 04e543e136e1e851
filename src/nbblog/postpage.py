"""A post of a blog as its page with all its files: a function of its task alone, wherever it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import quote

from .cards import RECIPE, draw_card
from .core.article import Article
from .core.asmarkdown import build_head, build_markdown
from .core.asnotebook import build_notebook
from .core.entry import Entry
from .core.errors import FileRefused
from .core.feedhtml import build_feed_html
from .core.fragment import Asset
from .core.html import Safe, trusted
from .core.markdown import PostLink
from .core.notices import Notice, NoticeCode
from .core.page import SiteLinks, format_date
from .core.pictures import read_picture
from .core.reading import read_post
from .core.site import Head, relative_url
from .files import folder_reader, parse_notebook
from .images import picture_preparer
from .kept import Kept, cache_folder
from .onepage import Place, find_theme, render_article_at, render_page_at, wanted_notices
from .settings import Blog


@dataclass(frozen=True, slots=True)
class PostTask:
    """A post to be rendered."""

    head: Head
    links: SiteLinks
    is_in_feed: bool = False
    """Whether its article's HTML is wanted besides the page."""


@dataclass(frozen=True, slots=True)
class RenderedPost:
    """What became of a task, and what that depended on besides the task and the settings."""

    entry: Entry
    notebook: str
    """The hash of the notebook's bytes."""
    files: Mapping[str, bytes]
    """By site path."""
    asked: Mapping[str, PostLink | None] = field(default_factory=dict)
    """By slug or path: what its links to other posts were answered."""
    read: Mapping[str, str] = field(default_factory=dict)
    """By the target as the post writes it: ``read_digest`` of the files that it uses."""


class SitePlace(Place):
    """A page's files are in one folder for the whole site."""

    def __init__(self, page: str) -> None:
        super().__init__("assets")
        self._page = page

    def add(self, name: str, data: bytes) -> str:
        super().add(name, data)
        return relative_url(self._page, f"assets/{name}")


class PostRenderer:
    """Renders the posts of one blog, in this process."""

    def __init__(self, blog: Blog, posts: Mapping[str, tuple[str, str]]) -> None:
        """``posts`` has the folder of the page and the title of every post, by its slug and by its notebook's path."""
        self._blog = blog
        self._posts = posts
        self._read_notebook = notebook_reader(blog)
        self._prepare = picture_preparer(Kept(cache_folder(), "pictures"))
        self._cards = Kept(cache_folder(), "cards")

    def __reduce__(self) -> tuple[type[PostRenderer], tuple[Blog, Mapping[str, tuple[str, str]]]]:
        """Another process begins with what this one began with."""
        return PostRenderer, (self._blog, self._posts)

    def render(self, task: PostTask) -> RenderedPost:
        """The page and its files. Raises ``NbblogError``."""
        return self.render_notebook(task, self._read_notebook(task.head.source))

    def render_notebook(self, task: PostTask, notebook: bytes) -> RenderedPost:
        """As if these bytes were what the blog's folder has. Raises ``NbblogError``."""
        blog, config, head = self._blog, self._blog.config, task.head
        place = SitePlace(head.path)
        read_file = post_reader(blog, head.source)
        asked: dict[str, PostLink | None] = {}
        read: dict[str, str] = {}
        parsed = parse_notebook(notebook, head.source, max_bytes=config.limits.notebook_bytes)
        article = render_article_at(
            place,
            read_post(parsed, name=head.source.rpartition("/")[2], config=config),
            config=config,
            read_file=_noting(read_file, read),
            find_post=self._finder(head, asked),
            prepare_picture=self._prepare,
        )
        picture, refused = self._find_picture(place, head, read_file)
        card = {} if picture else self._draw_card(head)
        canonical = f"{config.site_url}/{head.path}" if config.site_url else None
        shared = f"{config.site_url}/{quote(picture or next(iter(card)))}" if canonical and (picture or card) else None
        links = replace(task.links, image=shared)
        html = render_page_at(
            place, article, config=config, template_dir=blog.template, site=links, canonical=canonical
        )
        remote = head.front.image if head.front.image and _is_remote(head.front.image) else None
        entry = Entry(
            head.front, head.path, head.source, article.summary, article.minutes, article.words,
            self._tell_feeds(article, head) if task.is_in_feed else Safe(""), tuple(place.files),
            picture or remote, (*wanted_notices(article, config), *refused),
        )  # fmt: skip
        files = {**place.files, **card, **self._twins(parsed, article, head), f"{head.path}index.html": html.encode()}
        return RenderedPost(entry, sha256(notebook).hexdigest(), files, asked, read)

    def _find_picture(
        self, place: SitePlace, head: Head, read_file: Callable[[str], bytes]
    ) -> tuple[str | None, tuple[Notice, ...]]:
        """The site path of the picture that the head names, unless it is another site's; or a notice of why not."""
        target = head.front.image
        # Nobody who shows links takes a drawing: a card stands for the post then.
        if not target or _is_remote(target) or _is_drawing(target):
            return None, ()
        try:
            data = read_file(target)
            found = read_picture(data)
            if found is None or found.suffix == ".svg":
                raise FileRefused(target, "not a picture of pixels, as cards want")
            asset = self._prepare(Asset(Path(target).stem, found.suffix, data)).asset
        except FileRefused as error:
            notice = Notice(NoticeCode.IMAGE_REFUSED, f"`image`: {error}")
            return None, () if notice.code in self._blog.config.ignore else (notice,)
        place.add_asset(asset)
        return f"assets/{asset.name}", ()

    def _draw_card(self, head: Head) -> dict[str, bytes]:
        """By site path: the picture that stands for a post which names none; links to it need the site's address."""
        config, front = self._blog.config, head.front
        if not (config.site_url and config.social_cards) or (front.image and not _is_drawing(front.image)):
            return {}
        day = [format_date(front.date, config.locale)] if front.date else []
        texts = (front.title, config.site_title, " · ".join([", ".join(front.authors), *day][not front.authors :]))
        key = repr((RECIPE, texts))
        drawn = self._cards.get(key)
        if drawn is None:
            drawn = draw_card(*texts) or b""
            self._cards.put(key, drawn)
        return {f"{head.path}card.png": drawn} if drawn else {}

    def _twins(self, notebook: Mapping[str, Any], article: Article, head: Head) -> dict[str, bytes]:
        if not self._blog.config.twins:
            return {}
        page = self._full_address(head) if self._blog.config.site_url else None
        markdown = build_markdown(article, page)
        twin = build_notebook(notebook, article.post, build_head(article.post, article.summary, page))
        written = json.dumps(twin, ensure_ascii=False, indent=1, sort_keys=True)
        files = {twin_paths(head)[0]: f"{written}\n", twin_paths(head)[1]: markdown}
        return {path: text.encode("utf-8", "replace") for path, text in files.items()}

    def _full_address(self, head: Head) -> str:
        return f"{self._blog.config.site_url}/{quote(head.path)}"

    def _tell_feeds(self, article: Article, head: Head) -> Safe:
        words = find_theme(self._blog.template).words
        return trusted(build_feed_html(article.html, self._full_address(head), words["open_article"]))

    def find(self, page: str, name: str) -> PostLink | None:
        """How the page links to the post of this slug, or of the notebook at this path below the content folder."""
        found = self._posts.get(name)
        return PostLink(relative_url(page, found[0]), found[1]) if found else None

    def _finder(self, head: Head, asked: dict[str, PostLink | None]) -> Callable[[str], PostLink | None]:
        def find(name: str) -> PostLink | None:
            if name.lower().endswith(".ipynb"):  # a path beside the post's own notebook
                name = normpath(join(dirname(head.source), name))
            asked[name] = self.find(head.path, name)
            return asked[name]

        return find


def twin_paths(head: Head) -> tuple[str, str]:
    """Where the post's notebook and Markdown for readers are."""
    return f"{head.path}{head.front.slug}.ipynb", f"{head.path}index.md"


def notebook_reader(blog: Blog) -> Callable[[str], bytes]:
    """Gives a notebook's bytes by its path below the content folder. Raises ``FileRefused``."""
    most = blog.config.limits.notebook_bytes
    read = folder_reader(blog.content, max_bytes=most)
    folder = blog.executed
    if folder is None:
        return lambda source: read(quote(source))
    # Outputs may be larger than what was saved.
    read_executed = folder_reader(folder, max_bytes=most)
    return lambda source: (read_executed if (folder / source).exists() else read)(quote(source))


def post_reader(blog: Blog, source: str) -> Callable[[str], bytes]:
    """Reads the files that the post may use."""
    return folder_reader(blog.content, (blog.content / source).parent)


def read_digest(read: Callable[[str], bytes], target: str) -> str:
    """The hash of the file, or why there is none."""
    try:
        return sha256(read(target)).hexdigest()
    except FileRefused as error:
        return str(error)


def _noting(read: Callable[[str], bytes], digests: dict[str, str]) -> Callable[[str], Any]:
    def note(target: str) -> bytes:
        try:
            data = read(target)
        except FileRefused as error:
            digests[target] = str(error)
            raise
        digests[target] = sha256(data).hexdigest()
        return data

    return note


def _is_remote(target: str) -> bool:
    return target.startswith(("https://", "http://"))


def _is_drawing(target: str) -> bool:
    return target.lower().endswith(".svg") and not _is_remote(target)

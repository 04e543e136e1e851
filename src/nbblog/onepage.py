"""One post as one page with its files: what ``jupyter nbconvert --to nbblog`` writes."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .charts import draw_chart
from .core.article import Article, render_article
from .core.config import BlogConfig
from .core.csp import FRAMED, LOADED
from .core.fragment import Asset, PreparePicture, Rendition
from .core.markdown import PostLink
from .core.maths import MathRenderer
from .core.notices import Notice
from .core.page import PageLinks, SiteLinks, render_page
from .core.post import Post
from .core.reading import read_post
from .core.surroundings import Surroundings
from .kept import Kept, cache_folder
from .libraries import page_library, page_script, page_style
from .theme import Theme, load_theme
from .vendored import library_file, library_files, library_hashes

_MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".js": "text/javascript",
    ".html": "text/html",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".txt": "text/plain;charset=utf-8",
}


def media_type(name: str) -> str:
    """The MIME type of a file that goes beside a page."""
    return _MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")


@dataclass(frozen=True, slots=True)
class OnePage:
    """A page and what stands beside it."""

    html: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    """By path relative to the page, with ``/``."""
    notices: tuple[Notice, ...] = ()


@cache
def math_renderer() -> MathRenderer:
    """The formula engine of this process; KaTeX is read when the first formula comes."""

    def load() -> tuple[str, str]:
        return (
            library_file("katex", "katex-", ".js").decode("utf-8"),
            library_file("katex", "katex-mhchem-", ".js").decode("utf-8"),
        )

    return MathRenderer(load, Kept(cache_folder(), "formulas", of=repr(sorted(library_hashes("katex").items()))))


@cache
def _templates() -> Kept:
    return Kept(cache_folder(), "templates")


@cache
def own_theme() -> Theme:
    """The theme without an author's pieces, read once; an author's own folder may change between two pages."""
    return load_theme(kept=_templates())


def render_one_page(
    notebook: Mapping[str, Any],
    *,
    name: str,
    config: BlogConfig,
    read_file: Callable[[str], bytes],
    files_dir: str | None,
    template_dir: Path | None = None,
    trust: bool = False,
    find_post: Callable[[str], PostLink | None] = lambda slug: None,
) -> OnePage:
    """The notebook (version 4, a mapping) as a page whose files go into the folder ``files_dir`` beside it.

    With ``files_dir=None`` the page is one file: pictures, fonts and libraries are written into it as ``data:`` URLs.
    Raises ``NbblogError`` for what an author can mend."""
    place = Place(files_dir)
    post = read_post(notebook, name=name, config=config)
    article = render_article_at(place, post, config=config, read_file=read_file, trust=trust, find_post=find_post)
    html = render_page_at(place, article, config=config, template_dir=template_dir)
    return OnePage(html, place.files, wanted_notices(article, config))


def render_article_at(
    place: Place,
    post: Post,
    *,
    config: BlogConfig,
    read_file: Callable[[str], bytes],
    trust: bool = False,
    find_post: Callable[[str], PostLink | None] = lambda slug: None,
    before: Article | None = None,
    prepare_picture: PreparePicture = Rendition,
) -> Article:
    """The post as an article whose files are in ``place``. Of ``before``, the same post's article as it was, what would
    come out the same is kept."""
    around = Surroundings(
        asset_url=place.add_asset,
        read_file=read_file,
        maths=math_renderer(),
        lang=config.lang,
        find_post=find_post,
        trust=trust,
        output_bytes=config.limits.output_bytes,
        frames=place.has_files,
        prepare_picture=prepare_picture,
        draw_chart=draw_chart,
    )
    return render_article(post, around, before)


def render_page_at(
    place: Place,
    article: Article,
    *,
    config: BlogConfig,
    template_dir: Path | None = None,
    site: SiteLinks = SiteLinks(),
    canonical: str | None = None,
) -> str:
    """The article as a page whose fonts and libraries are in ``place`` too. Raises ``NbblogError``."""
    links = replace(page_links(article, place), site=site, canonical=canonical)
    return render_page(article, theme=find_theme(template_dir), config=config, links=links)


def find_theme(template_dir: Path | None) -> Theme:
    """The theme with the author's pieces, if there are any. Raises ``ConfigError``."""
    return load_theme(template_dir, kept=_templates()) if template_dir else own_theme()


def wanted_notices(article: Article, config: BlogConfig) -> tuple[Notice, ...]:
    """The article's notices but for those that the blog ignores."""
    return tuple(notice for notice in article.notices if notice.code not in config.ignore)


class Place:
    """Where a page's files end up: in a folder beside it, or in the page."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self.files: dict[str, bytes] = {}

    @property
    def has_files(self) -> bool:
        """Whether there are files beside the page."""
        return self._folder is not None

    def add_asset(self, asset: Asset) -> str:
        """Keep the asset's file and return its URL."""
        return self.add(asset.name, asset.data)

    def add(self, name: str, data: bytes) -> str:
        """Keep the file and return its URL."""
        if self._folder is None:
            return f"data:{media_type(name)};base64,{b64encode(data).decode('ascii')}"
        self.files[f"{self._folder}/{name}"] = data
        return quote(f"{self._folder}/{name}")


def page_links(article: Article, place: Place) -> PageLinks:
    """Where the page finds its fonts, libraries and their scripts, which are in ``place`` then."""
    fonts = {re.split(r"-(?=\d+\.)", name)[0]: place.add(name, data) for name, data in library_files("fonts").items()}
    tags = article.tags.text
    frames = "<nbblog-frame" in tags
    styles = [_formula_styles(place)] if "katex" in article.libraries else []
    drawn = sorted(article.libraries & (LOADED | FRAMED))
    script = page_script(article.libraries, frames=frames, tags=tags)
    if drawn or frames:
        styles.insert(0, page_style())
    urls = {name: _add_library(name, place) for name in drawn}
    return PageLinks(fonts, urls, "".join(styles), script)


def _add_library(name: str, place: Place) -> str:
    library = page_library(name)
    return {file: place.add(file, data) for file, data in library.files.items()}[library.entry]


def _formula_styles(place: Place) -> str:
    """KaTeX's style sheet with its fonts where this page has them. It stands in the page: as a file it would hold up
    the first paint for 4 KB."""
    files = library_files("katex")
    sheet = library_file("katex", "katex-", ".css").decode("utf-8").replace("font-display:block", "font-display:swap")
    return re.sub(r"url\(([\w.-]+\.woff2)\)", lambda match: f"url({place.add(match[1], files[match[1]])})", sheet)

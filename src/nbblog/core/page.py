"""The page: an article in its theme, a whole HTML document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .article import Article
from .config import BlogConfig
from .csp import content_security_policy
from .errors import ConfigError
from .html import Safe, trusted
from .island import write_json
from .markdown import Heading

if TYPE_CHECKING:
    from nbblog.theme import Theme

_NOTHING = Safe("")
MIN_HEADINGS_FOR_TOC = 3
"""A post that does not say has a table of contents from this many headings on."""


@dataclass(frozen=True, slots=True)
class Named:
    """A link with its text; ``type`` is the media type of what it leads to, where that is no page."""

    title: str
    url: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class SiteLinks:
    """What a page of a site leads to, besides its own: a page that stands alone has none of it."""

    home: str | None = None
    nav: tuple[Named, ...] = ()
    links: tuple[Named, ...] = ()
    """Of the footer."""
    footer: Safe = _NOTHING
    feeds: tuple[Named, ...] = ()
    twins: tuple[Named, ...] = ()
    """The same in another format."""
    sources: tuple[Named, ...] = ()
    """Where the author's own notebook is."""
    categories: Mapping[str, str] = field(default_factory=dict)
    """The URL of each category's listing, by the name as the post writes it."""
    authors: Mapping[str, str] = field(default_factory=dict)
    series: str | None = None
    earlier: Named | None = None
    """The part of the series before this one."""
    later: Named | None = None
    related: tuple[Named, ...] = ()
    image: str | None = None
    """The full address of the picture that stands for the page."""

    @property
    def marks(self) -> str:
        """What the theme looks for when it chooses style sheets and scripts."""
        named = {"nb-site": self.home is not None, "nb-after": self.earlier or self.later or self.related}
        return " ".join(name for name, there in named.items() if there)


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page links to, each URL as the page must write it."""

    fonts: Mapping[str, str] = field(default_factory=dict)
    """By ``Font.key`` of the theme."""
    libraries: Mapping[str, str] = field(default_factory=dict)
    """What ``library_script`` loads for each library, by the library's name."""
    library_styles: str = ""
    """What the page's libraries need in its style sheet, with URLs as the page must write them."""
    library_script: str = ""
    """The script that loads and draws with them."""
    canonical: str | None = None
    """The page's own full address."""
    site: SiteLinks = SiteLinks()


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading of the table of contents, with those below it."""

    id: str
    text: str
    level: int
    children: tuple[TocEntry, ...] = ()


def render_page(article: Article, *, theme: Theme, config: BlogConfig, links: PageLinks = PageLinks()) -> str:
    """The article as a whole HTML document. Raises ``ConfigError`` when an author's own template has a fault."""
    toc = build_toc(article.headings) if _has_toc(article, config) else ()
    return fill_template(theme.template, page_values(article, theme, config, links, toc), theme)


def fill_template(name: str, values: Mapping[str, Any], theme: Theme) -> str:
    """The template of this name with its values. Raises ``ConfigError`` when an author's own has a fault."""
    from jinja2 import TemplateError

    try:
        return theme.environment.get_template(name).render(values)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        raise ConfigError(
            f"template {getattr(error, 'name', None) or name}{where}: {error.message or error}"
        ) from error


def page_values(
    article: Article, theme: Theme, config: BlogConfig, links: PageLinks, toc: tuple[TocEntry, ...] = ()
) -> dict[str, Any]:
    """What a template is given: docs/reference/theme.md."""
    return {
        "page": _page_values(article, theme, config, links, toc),
        "site": links.site,
        "front": article.post.front,
        "article": article,
        "toc": toc,
        "words": theme.words,
        "format_date": lambda day: format_date(day, config.locale),
    }


def _page_values(
    article: Article, theme: Theme, config: BlogConfig, links: PageLinks, toc: tuple[TocEntry, ...]
) -> dict[str, Any]:
    front = article.post.front
    fonts = [links.fonts[key] for key in theme.early_fonts if not links.fonts.get(key, "data:").startswith("data:")]
    toggle, tags = config.theme == "auto", article.tags.text + links.site.marks
    scripts = dict(theme.scripts_for(tags, fonts=bool(fonts), toc=bool(toc), toggle=toggle))
    if links.library_script:
        scripts["libraries"] = links.library_script
    styles, late = theme.styles_for(tags, links.fonts) + links.library_styles, ""
    if fonts:
        styles, late = split_late_fonts(styles)
    image = front.image if front.image and front.image.startswith(("https://", "http://")) else links.site.image
    return {
        "lang": front.lang or config.lang,
        "site_title": config.site_title,
        "site_url": config.site_url,
        "canonical": links.canonical,
        "description": article.summary,
        "csp": content_security_policy(
            scripts=tuple(scripts.values()),
            libraries=article.libraries,
            embeds=article.tags.players,
            frames="<nbblog-frame" in tags,
        ),
        "fonts": fonts,
        "styles": trusted(styles),
        "late_styles": trusted(late),
        "libraries": links.libraries,
        "scripts": {name: trusted(text) for name, text in scripts.items()},
        "scheme": config.theme,
        "feeds": links.site.feeds,
        "json_ld": _json_ld(article, config, links, image),
        "image": image,
    }


_FONT_FACE = re.compile(r"@font-face\s*\{[^{}]*\}")


@lru_cache(maxsize=32)
def split_late_fonts(styles: str) -> tuple[str, str]:
    """A style sheet, and the faces in it that can wait until the page was painted: the italics', and the formulas'.

    A browser fetches a font as soon as it has laid out a letter of it, before it paints; on a slow line these would
    hold the text up by a second."""
    late = [
        face
        for face in _FONT_FACE.findall(styles)
        if "url(" in face and ("KaTeX" in face or re.search(r"font-style:\s*italic", face))
    ]
    for face in late:
        styles = styles.replace(face, "", 1)
    return styles, "".join(late)


def _has_toc(article: Article, config: BlogConfig) -> bool:
    wanted = article.post.front.toc if article.post.front.toc is not None else config.toc
    return len(article.headings) >= MIN_HEADINGS_FOR_TOC if wanted is None else wanted


def build_toc(headings: tuple[Heading, ...], *, deepest: int = 3) -> tuple[TocEntry, ...]:
    """The headings down to level ``deepest`` as a tree."""
    shown = [heading for heading in headings if heading.level <= deepest]
    entries: list[TocEntry] = []
    start = 0
    while start < len(shown):
        end = start + 1
        while end < len(shown) and shown[end].level > shown[start].level:
            end += 1
        heading, below = shown[start], build_toc(tuple(shown[start + 1 : end]), deepest=deepest)
        entries.append(TocEntry(heading.id, heading.text, heading.level, below))
        start = end
    return tuple(entries)


def format_date(day: date, locale: str) -> str:
    """The date in numbers, as the locale writes it (CLDR ``yMd``): ``1/21/2026`` in ``en_US``."""
    if locale == "en_US":
        # Without Babel, which takes longer to load than a page of text to render.
        return f"{day.month}/{day.day}/{day.year}"
    from babel.core import UnknownLocaleError
    from babel.dates import format_skeleton

    try:
        return str(format_skeleton("yMd", day, locale=locale))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()


def _json_ld(article: Article, config: BlogConfig, links: PageLinks, image: str | None) -> Safe | None:
    """schema.org's ``BlogPosting``, as search engines ask for it."""
    front = article.post.front
    known = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": front.title,
        "description": article.summary,
        "datePublished": front.date.isoformat() if front.date else None,
        "dateModified": front.date_modified.isoformat() if front.date_modified else None,
        "author": [{"@type": "Person", "name": name} for name in front.authors],
        "keywords": list(front.categories),
        "image": image,
        "inLanguage": front.lang or config.lang,
        "url": links.canonical,
        "wordCount": article.words,
    }
    written = write_json({key: value for key, value in known.items() if value})
    return trusted(written) if written else None

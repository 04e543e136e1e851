"""The blog's settings, as a mapping from ``nbblog.toml`` or a host's options, checked once and frozen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from .dates import DateOrder
from .errors import ConfigError, near
from .html import safe_url
from .notebook import MAX_BYTES
from .notices import NoticeCode
from .post import OUTPUT_BYTES

ColourScheme = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one post may bring, in bytes."""

    notebook_bytes: int = MAX_BYTES
    """A larger notebook is refused."""
    output_bytes: int = OUTPUT_BYTES
    """Of a longer output the page shows the beginning, and says so; a text is a file beside the page then."""


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A link that an author put into the header or footer."""

    title: str
    url: str
    """A full address, or a path in the site without a slash at its beginning."""


@dataclass(frozen=True, slots=True)
class BlogConfig:
    """What reading a post and rendering one page need to know of the blog."""

    site_title: str = ""
    """The blog's name, for the page's header."""
    site_url: str | None = None
    """Where the blog will stand, without a slash at the end; ``None`` while unknown."""
    theme: ColourScheme = "auto"
    """The colour scheme a page starts with; ``auto`` is the reader's own."""
    locale: str = "en_US"
    """How dates and numbers are written, and the language of our own words: ``language[_Script][_REGION]``."""
    date_order: DateOrder | None = None
    """How ``1/2/2026`` is read: ``mdy`` (January), ``dmy`` (February); ``None`` is ``mdy`` with a notice."""
    author: tuple[str, ...] = ()
    """Who writes a post that does not say."""
    description: str = ""
    """What the blog is about, in a sentence."""
    echo: bool = True
    """Whether code is shown in posts that do not say."""
    code_fold: bool = False
    """Whether code is folded in posts that do not say."""
    toc: bool | None = None
    """Whether pages have a table of contents; ``None``: those with enough headings."""
    ignore: frozenset[str] = frozenset()
    """The codes of notices that are not wanted."""
    limits: Limits = Limits()
    content: str = "posts"
    """The folder of the notebooks, below the blog's own."""
    output: str = "_site"
    """The folder that a build writes, below the blog's own."""
    template: str = ""
    """A folder with templates and a style sheet of the author's, below the blog's own."""
    posts_per_page: int = 10
    """How many posts a listing shows before it goes on in another page."""
    feed_posts: int = 20
    """How many posts a feed has."""
    nav: tuple[SiteLink, ...] = ()
    """What the header links to; empty: archive and topics."""
    links: tuple[SiteLink, ...] = ()
    """What the footer links to: where else the author is."""
    footer: str = ""
    """A line of inline Markdown at the end of every page."""
    cname: str = ""
    """The host name of a site with a domain of its own."""
    search: bool = True
    """Whether the site can be searched."""
    social_cards: bool = True
    """Whether posts without a picture get one for where links to them are shown."""
    twins: bool = True
    """Whether each page has its article as Markdown and as a notebook beside it."""
    repository: str = ""
    """``owner/name`` at GitHub, where the notebooks of posts are."""
    branch: str = "gh-pages"
    """The branch that is published."""
    exclude: tuple[str, ...] = ()
    """Patterns of notebooks' paths that are no posts."""

    @property
    def lang(self) -> str:
        """The locale as a language tag of HTML (BCP 47): ``en-US``."""
        return self.locale.replace("_", "-")


DEFAULTS = BlogConfig()
"""A blog that says nothing of itself."""


def read_config(settings: Mapping[str, Any]) -> BlogConfig:
    """The settings as a ``BlogConfig``. Dashes in names are the same as underscores.

    Raises ``ConfigError`` for an unknown name (with the nearest known one) and for a value of the wrong kind."""
    values: dict[str, Any] = {}
    for written, value in settings.items():
        name = str(written).replace("-", "_")
        if name not in _READERS:
            raise ConfigError(f"`{written}` is not a setting{near(name, _READERS)}")
        if name in values:
            raise ConfigError(f"`{written}` is set twice, with a dash and with an underscore")
        values[name] = _READERS[name](written, value)
    return BlogConfig(**values)


def _wrong(name: str, value: object, wanted: str) -> ConfigError:
    return ConfigError(f"`{name}` must be {wanted}, not {_shown(value)}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(name, value, "text")
    return " ".join(value.split())


def _truth(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def _truth_or_auto(name: str, value: object) -> bool | None:
    return None if value in (None, "auto") else _truth(name, value)


def _texts(name: str, value: object) -> tuple[str, ...]:
    """One text, or a list of them."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(entry, str) for entry in value):
        raise _wrong(name, value, "text or a list of texts")
    return tuple(text for entry in value if (text := " ".join(entry.split())))


def _choice(*choices: str) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        if value not in choices:
            wanted = " or ".join((", ".join(f'"{choice}"' for choice in choices[:-1]), f'"{choices[-1]}"'))
            raise ConfigError(f"`{name}` must be {wanted}, not {_shown(value)}{near(str(value), choices)}")
        return str(value)

    return read


def _site_url(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    text = _text(name, value)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        usable = False
    if not usable or " " in text:
        raise _wrong(name, value, "an address such as https://example.org/blog")
    return text.rstrip("/")


_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?\Z")


def _locale(name: str, value: object) -> str:
    match = _LOCALE.match(value) if isinstance(value, str) else None
    if match is None:
        raise _wrong(name, value, "a locale such as en_US, de or zh_Hant_TW")
    language, script, region = match.groups()
    return "_".join(filter(None, (language.lower(), script and script.title(), region and region.upper())))


def _ignore(name: str, value: object) -> frozenset[str]:
    known = {kind.code for kind in NoticeCode}
    codes = frozenset(_texts(name, value))
    for code in sorted(codes - known):
        raise ConfigError(f"`{name}`: there is no notice `{code}`{near(code, known)}")
    return codes


def _limits(name: str, value: object) -> Limits:
    if isinstance(value, Limits):
        return value
    if not isinstance(value, Mapping):
        raise _wrong(name, value, "a table")
    known = [field.name for field in fields(Limits)]
    limits: dict[str, int] = {}
    for written, size in value.items():
        key = str(written).replace("-", "_")
        if key not in known:
            raise ConfigError(f"`{name}.{written}` is not a setting{near(key, known)}")
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise _wrong(f"{name}.{written}", size, "a number of bytes")
        limits[key] = size
    return Limits(**limits)


def _count(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(name, value, "a number from 1 on")
    return value


def _folder(name: str, value: object) -> str:
    """A path below the blog's folder, with ``/``."""
    path = _text(name, value).replace("\\", "/").strip("/") if str(value)[:1] != "/" else ".."
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts or (parts and ":" in parts[0]):
        raise _wrong(name, value, "a folder inside the blog's")
    return "/".join(parts)


def _links(name: str, value: object) -> tuple[SiteLink, ...]:
    if not isinstance(value, list | tuple):
        raise _wrong(name, value, "a list of {title, url}")
    return tuple(_link(name, entry) for entry in value)


def _link(name: str, entry: object) -> SiteLink:
    if isinstance(entry, SiteLink):
        return entry
    if not isinstance(entry, Mapping) or set(entry) != {"title", "url"}:
        raise _wrong(name, entry, "a list of {title, url}")
    url = safe_url(_text(f"{name}.url", entry["url"]))
    if url is None:
        raise _wrong(f"{name}.url", entry["url"], "an http, https, mailto or relative address")
    return SiteLink(_text(f"{name}.title", entry["title"]), url if urlsplit(url).scheme else url.lstrip("/"))


_HOST = re.compile(r"(?=.{1,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]+\Z")


def _host(name: str, value: object) -> str:
    text = _text(name, value)
    if text and not _HOST.match(text):
        raise _wrong(name, value, "a host name such as blog.example.org")
    return text.lower()


_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}\Z")


def _repository(name: str, value: object) -> str:
    text = _text(name, value).removeprefix("https://github.com/").strip("/").removesuffix(".git")
    if text and not _REPOSITORY.match(text):
        raise _wrong(name, value, "a repository at GitHub such as ada/tides")
    return text


_DATE_ORDER = _choice(*get_args(DateOrder))
_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "site_title": _text,
    "site_url": _site_url,
    "theme": _choice(*get_args(ColourScheme)),
    "locale": _locale,
    "date_order": lambda name, value: None if value is None else _DATE_ORDER(name, value),
    "author": _texts,
    "description": _text,
    "echo": _truth,
    "code_fold": _truth,
    "toc": _truth_or_auto,
    "ignore": _ignore,
    "limits": _limits,
    "content": _folder,
    "output": _folder,
    "template": _folder,
    "posts_per_page": _count,
    "feed_posts": _count,
    "nav": _links,
    "links": _links,
    "footer": _text,
    "cname": _host,
    "search": _truth,
    "social_cards": _truth,
    "twins": _truth,
    "repository": _repository,
    "branch": _text,
    "exclude": _texts,
}

"""The fields of a post's head: their names, their synonyms, and the kinds of value each may have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from .dates import DateOrder, DateRead, read_date
from .text import build_slug, one_line

SYNONYMS: Mapping[str, str] = {
    "authors": "author",
    "by": "author",
    "category": "categories",
    "language": "lang",
    "lastmod": "date-modified",
    "previewimage": "image",
    "preview-image": "image",
    "summary": "description",
    "tags": "categories",
    "thumbnail": "image",
    "updated": "date-modified",
}
"""Other names of a field; the values are Quarto's names."""

OTHER_TOOLS: frozenset[str] = frozenset(
    """
    about abbreviations abstract affiliations badges banner branch citation code-annotations code-copy
    code-line-numbers code-link code-overflow code-tools comments crossref css csl dependencies docinfo doi downloads
    editor editor-options engine exports filters format-links freeze from funding github header-includes
    hide hide-binder-badge hide-colab-badge hide-deepnote-badge hide-github-badge highlight-style html identifier
    image-height image-width include-after-body include-before-body include-in-header index jupyter jupytext kernelspec
    keywords layout license-text lightbox link-citations listing math myst nocite number-sections numbering open-access
    options order other-links output output-file page-layout params parts pdf project rank reference-location render
    repository resources rss search search-exclude short-title show-tags skip-exec skip-showdoc sidebar site
    sticky-rank subject theme title-block-banner title-block-style toc-depth toc-expand toc-location toc-title use-math
    venue website weight
    """.split()  # noqa: SIM905 - a list of words reads better as text
)
"""Keys that Quarto, MyST, nbdev, fastpages, Jekyll or jupytext know and that mean nothing to us: no notice."""


class Unusable(ValueError):
    """The value is not of the field's kind; the message says what would be."""


def canonical(key: str) -> str:
    """A key in Quarto's spelling: lower case, dashes, no synonym."""
    spelled = key.strip().lower().replace("_", "-")
    return SYNONYMS.get(spelled, spelled)


def is_known(key: str) -> bool:
    """Whether the key means something to us or to another tool."""
    name = canonical(key)
    return name in NAMES or name in OTHER_TOOLS or name in NESTED


def read_text(value: object) -> str | None:
    """One line of text; a number is its digits; an empty text is ``None``."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, date):
        value = value.isoformat()
    if not isinstance(value, str):
        raise Unusable("text")
    return one_line(value) or None


def read_truth(value: object) -> bool:
    """A boolean, or one of its names in YAML 1.1."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    if word in ("true", "yes", "on", "1"):
        return True
    if word in ("false", "no", "off", "0"):
        return False
    raise Unusable("true or false")


def read_texts(value: object) -> tuple[str, ...]:
    """A list of texts, or one text with commas; without repetitions."""
    if isinstance(value, str):
        value = value.split(",")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, list | tuple):
        raise Unusable("a list of texts")
    return tuple(dict.fromkeys(text for entry in value if (text := read_text(entry))))


def read_paths(value: object) -> tuple[str, ...]:
    """A list of paths or addresses, or a single one."""
    return read_texts([value] if isinstance(value, str) else value)


def read_names(value: object) -> tuple[str, ...]:
    """Authors: ``A, B and C``, a list of names, or mappings with a ``name`` as Quarto and nbformat have them."""
    if isinstance(value, str):
        return split_names(one_line(value))
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, list | tuple):
        raise Unusable("a name, or a list of names")
    names = (_name(entry) for entry in value)
    return tuple(dict.fromkeys(name for name in names if name))


def _name(entry: object) -> str | None:
    if not isinstance(entry, Mapping):
        return read_text(entry)
    name = entry.get("name")
    if isinstance(name, Mapping):
        parts = [name["literal"]] if "literal" in name else [name.get("given"), name.get("family")]
        return read_text(" ".join(part for part in parts if isinstance(part, str)))
    return read_text(name)


_BETWEEN_NAMES = re.compile(r"\s*,\s*and\s+|\s*,\s*&\s*|\s*,\s*|\s+and\s+|\s+&\s+")
_AFTER_A_NAME = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md", "m.d.", "esq.", "dds"})


def split_names(text: str) -> tuple[str, ...]:
    """``A, B and C`` as three names; ``King, Jr.`` stays one."""
    names: list[str] = []
    for name in filter(None, _BETWEEN_NAMES.split(text)):
        if names and name.lower() in _AFTER_A_NAME:
            names[-1] += f", {name}"
        else:
            names.append(name)
    return tuple(dict.fromkeys(names))


def read_day(value: object, order: DateOrder | None) -> DateRead:
    """A date in one of the forms of ``dates.read_date``."""
    if isinstance(value, date):
        return DateRead(date(value.year, value.month, value.day))
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    found = read_date(one_line(text), order)
    if found is None:
        raise Unusable("a date such as 2026-01-21")
    return found


_LANG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,8}\Z")


def read_lang(value: object) -> str | None:
    """A BCP 47 language tag; underscores are read as dashes."""
    text = read_text(value)
    if text is None or not _LANG.match(text):
        raise Unusable("a language such as en or pt-BR")
    return text.replace("_", "-")


def read_license(value: object) -> str | None:
    """A licence's name, or MyST's mapping (``content``) or Quarto's (``text``)."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("text", "content", "name", "id", "url") if key in value), None)
    return read_text(value)


def read_fold(value: object) -> bool:
    """Quarto's ``code-fold``: ``show`` is a fold that stands open, so nothing is hidden."""
    return False if value == "show" else read_truth(value)


def read_slug(value: object) -> str | None:
    """A slug that is safe in any path."""
    text = read_text(value)
    return build_slug(text) if text else None


READERS: Mapping[str, Callable[[Any], Any]] = {
    "title": read_text,
    "subtitle": read_text,
    "description": read_text,
    "author": read_names,
    "categories": read_texts,
    "image": read_text,
    "image-alt": read_text,
    "slug": read_slug,
    "draft": read_truth,
    "aliases": read_paths,
    "series": read_text,
    "toc": read_truth,
    "lang": read_lang,
    "license": read_license,
    "bibliography": read_paths,
    "echo": read_truth,
    "code-fold": read_fold,
    "published": read_truth,
}
"""How each field's value is read, but for ``DATES``; raises ``Unusable``. ``published: false`` is a draft."""

DATES = frozenset({"date", "date-modified"})
"""The fields that ``read_day`` reads: it needs the blog's order of day and month."""

NAMES = frozenset({*READERS, *DATES})
"""All fields, in Quarto's spelling."""

NESTED: Mapping[str, tuple[str, ...]] = {"execute": ("echo",), "format": ("toc", "code-fold", "echo")}
"""Quarto's mappings within the head, and the fields of ours that are read from them."""

"""The head of a post, gathered from all the places where one may stand.

In order, and what is set is not overwritten: a YAML block; the title and byline at the top of the first markdown
cell; fastpages' and nbdev's list under the title; the notebook's metadata; the file's name; the blog's settings.
What was read as a head is cut out of the cells; a heading that only repeats the title goes too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .config import DEFAULTS, BlogConfig
from .dates import DateRead, read_date
from .errors import near
from .fields import DATES, NAMES, NESTED, OTHER_TOOLS, READERS, SYNONYMS, Unusable, canonical, read_day
from .heads import TitleHead, Unread, find_headings, find_title_head, find_yaml_head, without_lines
from .notices import Notice, NoticeCode, Place
from .post import FrontMatter
from .text import build_slug, one_line

NOTEBOOK = Place()
_MOST_UNKNOWN = 20
"""No more unknown keys than these are named: looking for a near word takes time."""
_NO_LINES: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of one cell, as far as its head concerns."""

    kind: str
    source: str
    place: Place = NOTEBOOK
    removed: bool = False
    """Its author does not want it in the page."""
    first_line: int = 1
    """The line of the cell at which ``source`` begins."""


@dataclass(frozen=True, slots=True)
class FrontMatterRead:
    """The head, the cells' texts without it (as many as there were), and what was odd."""

    front: FrontMatter
    passages: tuple[Passage, ...]
    notices: tuple[Notice, ...]


def read_front_matter(
    passages: Sequence[Passage], metadata: Mapping[str, Any], *, name: str, config: BlogConfig = DEFAULTS
) -> FrontMatterRead:
    """The head of the post with these texts; ``metadata`` is the notebook's, ``name`` its file's.

    Never fails: what cannot be used gives a notice."""
    found = _Fields(config)
    texts = list(passages)
    _take_yaml(texts, found)
    _take_title_head(texts, found)
    _take_metadata(metadata, found)
    stem, day = _split_name(name)
    if day:
        found.offer({"date": day}, "the file's name", NOTEBOOK)
    _take_title_heading(texts, found)
    front = found.finish(stem)
    return FrontMatterRead(front, tuple(texts), tuple(found.notices))


class _Fields:
    """The fields gathered so far, with where each came from."""

    def __init__(self, config: BlogConfig) -> None:
        self.config = config
        self.values: dict[str, Any] = {}
        self.notices: list[Notice] = []
        self._sources: dict[str, str] = {}
        self._unknown = 0

    def offer(self, fields: Mapping[str, Any], source: str, place: Place, lines: Mapping[str, int] = _NO_LINES) -> None:
        """Set the fields that are not set yet; ``lines`` says where in the cell some of them stand."""
        for written, value in fields.items():
            line = lines.get(written)
            at = place if line is None else replace(place, line=line)
            key = canonical(str(written))
            if key in NESTED and isinstance(value, Mapping):
                self._offer_nested(key, value, source, at)
            elif key in NAMES:
                self._offer_field(key, str(written), value, source, at)
            elif key not in OTHER_TOOLS and key not in NESTED:
                self._unknown += 1
                if self._unknown <= _MOST_UNKNOWN:
                    self.notice(NoticeCode.FRONT_MATTER_KEY, f"`{_cut(written)}` is not a field{_suggestion(key)}", at)

    def notice(self, kind: NoticeCode, detail: str, place: Place) -> None:
        self.notices.append(Notice(kind, detail, place))

    def _offer_nested(self, outer: str, value: Mapping[str, Any], source: str, place: Place) -> None:
        """Quarto's ``execute: {echo: false}`` and ``format: {html: {toc: true}}``."""
        inner = value.get("html") if outer == "format" else value
        if isinstance(inner, Mapping):
            self.offer({key: inner[key] for key in NESTED[outer] if key in inner}, source, place)

    def _offer_field(self, key: str, written: str, value: Any, source: str, place: Place) -> None:
        if value is None:
            return
        try:
            value = self._read(key, written, value, place)
        except Unusable as wanted:
            if key in ("draft", "published"):  # a slip here must not publish what was to stay private
                self._set("draft", True, source, place)
            kind = NoticeCode.DATE_UNREADABLE if key in DATES else NoticeCode.FRONT_MATTER_VALUE
            self.notice(kind, f"`{written}` must be {wanted}, not `{_cut(value)}`", place)
            return
        if value is not None and value != ():
            key, value = ("draft", not value) if key == "published" else (key, value)
            self._set(key, value, source, place)

    def _read(self, key: str, written: str, value: Any, place: Place) -> Any:
        if key not in DATES:
            read = READERS[key](value)
            if key == "slug" and read is not None and read != str(value).strip().lower():
                self.notice(NoticeCode.SLUG_CHANGED, f"`{_cut(value)}` became `{read}`", place)
            return read
        day: DateRead = read_day(value, self.config.date_order)
        if day.ambiguous:
            read_as = f"{day.date.day} {day.date:%B} {day.date.year}"
            self.notice(NoticeCode.DATE_AMBIGUOUS, f"`{written}: {_cut(value)}` is read as {read_as}", place)
        return day.date

    def _set(self, key: str, value: Any, source: str, place: Place) -> None:
        if key not in self.values:
            self.values[key] = value
            self._sources[key] = source
        elif not _same(self.values[key], value):
            first, second = _shown(self.values[key]), _shown(value)
            detail = f"`{key}` is {first} in {self._sources[key]}, and {second} in {source}"
            self.notice(NoticeCode.FRONT_MATTER_DISAGREES, detail, place)

    def finish(self, stem: str) -> FrontMatter:
        """The head, with the file's name and the blog's settings for what is not said."""
        values = {_ATTRIBUTES.get(key, key.replace("-", "_")): value for key, value in self.values.items()}
        if "title" not in values:
            values["title"] = _readable(stem)
            self.notice(NoticeCode.TITLE_MISSING, f"the title is `{values['title']}`, from the file's name", NOTEBOOK)
        values.setdefault("slug", build_slug(stem if _says_something(stem) else values["title"]))
        values.setdefault("authors", self.config.author)
        values.setdefault("echo", self.config.echo)
        values.setdefault("code_fold", self.config.code_fold)
        values.setdefault("toc", self.config.toc)
        return FrontMatter(**values)


_ATTRIBUTES = {"author": "authors"}
_HINTS = {"permalink": "slug", "url": "slug", "headline": "title", "cover": "image", "keyword": "categories"}


def _suggestion(key: str) -> str:
    if hint := _HINTS.get(key):
        return f"; did you mean `{hint}`?"
    return near(key, [*NAMES, *SYNONYMS])


def _cut(value: object) -> str:
    text = one_line(str(value))
    return text if len(text) <= 60 else f"{text[:57]}…"


def _shown(value: object) -> str:
    return f"`{_cut(', '.join(value) if isinstance(value, tuple) else value)}`"


def _same(first: object, second: object) -> bool:
    if isinstance(first, str) and isinstance(second, str):
        return _folded(first) == _folded(second)
    return first == second


def _folded(text: str) -> str:
    """A title as far as it matters for being the same as another."""
    return re.sub(r"[\s\W_]+", " ", text.casefold()).strip() or text.strip()


# --- The places -----------------------------------------------------------------------------------------------------


_DRAFT = re.compile(r"^draft[ \t]*:[ \t]*(?:true|yes|on)\b", re.MULTILINE | re.IGNORECASE)


def _cut_out(texts: list[Passage], index: int, lines: Sequence[range]) -> None:
    passage = texts[index]
    source, cut = without_lines(passage.source, lines)
    texts[index] = replace(passage, source=source, first_line=passage.first_line + cut)


def _take_yaml(texts: list[Passage], found: _Fields) -> None:
    """Form 1: the first markdown cell, and a raw cell before it."""
    first = next((at for at, text in enumerate(texts) if text.kind == "markdown"), len(texts))
    raw = next((at for at, text in enumerate(texts[:first]) if text.kind == "raw"), None)
    for index in (raw, first):
        if index is None or index == len(texts):
            continue
        place = texts[index].place
        head = find_yaml_head(texts[index].source, raw=texts[index].kind == "raw")
        if isinstance(head, Unread):
            found.notice(NoticeCode.FRONT_MATTER_UNREADABLE, head.reason, replace(place, line=head.line))
            if _DRAFT.search(texts[index].source):  # a slip elsewhere must not publish what was to stay private
                found.offer({"draft": True}, "the front matter", place)
        elif head is not None:
            found.offer(head.fields, "the front matter", place, head.key_lines)
            _cut_out(texts, index, head.lines)


def _take_title_head(texts: list[Passage], found: _Fields) -> None:
    """Forms 2 and 3: the first markdown cell that is to be seen."""
    index = next((at for at, text in enumerate(texts) if text.kind == "markdown" and not text.removed), None)
    head = find_title_head(texts[index].source) if index is not None else None
    if index is None or head is None:
        return
    place, above = texts[index].place, texts[index].first_line - 1
    if head.unread:
        at = replace(place, line=head.unread.line + above)
        found.notice(NoticeCode.DATE_UNREADABLE, f"{head.unread.reason} cannot be read", at)
    title = found.values.get("title")
    if title is not None and not _same(title, head.title):
        _take_fields_only(texts, index, head, found)
        return
    lines = {key: line + above for key, line in head.rest.key_lines.items()}
    found.offer({"title": head.title}, "the first heading", place)
    found.offer(head.rest.fields, "the head under the title", place, lines)
    _cut_out(texts, index, [head.title_lines, *head.rest.lines])


def _take_fields_only(texts: list[Passage], index: int, head: TitleHead, found: _Fields) -> None:
    """The title was set elsewhere: this heading belongs to the body, with the quotation under it."""
    if not (head.rest.key_lines or "author" in head.rest.fields or "date" in head.rest.fields):
        return
    found.offer({"title": head.title}, "the first heading", texts[index].place)
    found.offer(head.rest.fields, "the head under the first heading", texts[index].place)
    _cut_out(texts, index, head.rest.lines)


def _take_metadata(metadata: Mapping[str, Any], found: _Fields) -> None:
    """Form 4: ``metadata.nbblog``, and nbformat's own ``title`` and ``authors``."""
    ours = metadata.get("nbblog")
    if isinstance(ours, Mapping):
        found.offer(ours, "the notebook's metadata.nbblog", NOTEBOOK)
    elif ours is not None:
        detail = f"`metadata.nbblog` must be a mapping, not `{_cut(ours)}`"
        found.notice(NoticeCode.FRONT_MATTER_VALUE, detail, NOTEBOOK)
    found.offer({"title": metadata.get("title")}, "the notebook's metadata.title", NOTEBOOK)
    authors = metadata.get("authors")
    if isinstance(authors, list):
        found.offer({"authors": authors}, "the notebook's metadata.authors", NOTEBOOK)
    elif authors is not None:
        detail = f"`metadata.authors` must be a list of names, not `{_cut(authors)}`"
        found.notice(NoticeCode.FRONT_MATTER_VALUE, detail, NOTEBOOK)


_DATED_NAME = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:[-_ ]+(.*))?\Z", re.DOTALL)


def _split_name(name: str) -> tuple[str, str | None]:
    """Form 5: ``2026-01-21-my-post.ipynb`` as ``my-post`` and ``2026-01-21``."""
    stem = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"\.ipynb\Z", "", stem, flags=re.IGNORECASE)
    match = _DATED_NAME.match(stem)
    if match is None or read_date(match[1]) is None:
        return stem, None
    return match[2] or "", match[1]


def _readable(stem: str) -> str:
    """A file's name as a title: ``my-first_post`` is ``My first post``."""
    words = one_line(re.sub(r"[-_]+", " ", stem))
    return words[:1].upper() + words[1:] or "Untitled"


def _says_something(stem: str) -> bool:
    return any(character.isalnum() for character in stem) and not re.match(r"(?i)untitled[0-9 ]*\Z", stem)


# --- A heading that is the title ------------------------------------------------------------------------------------

_NO_PROSE = re.compile(r"<[^<>]*>|!\[[^\]]*\]\([^)]*\)|\[!\[.*?\]\([^)]*\)|\$\$.*?\$\$", re.DOTALL)


def _take_title_heading(texts: list[Passage], found: _Fields) -> None:
    """Cut the first heading out when it repeats the title; when there is no title, let it be the title if it opens
    the notebook or is its only heading of the first level."""
    shown = [at for at, text in enumerate(texts) if text.kind == "markdown" and not text.removed]
    headings = [(at, heading) for at in shown for heading in find_headings(texts[at].source)]
    if not headings:
        return
    index, first = headings[0]
    if first.level != 1 or not first.text:
        return
    title = found.values.get("title")
    only = sum(heading.level == 1 for _, heading in headings) == 1
    if title is None and (only or _opens(texts, shown, index)):
        found.offer({"title": first.text}, "the first heading", texts[index].place)
    elif title is None or not _same(title, first.text):
        return
    _cut_out(texts, index, [first.lines])


def _opens(texts: list[Passage], shown: list[int], index: int) -> bool:
    """Whether this cell is the first of Markdown, or the others before it hold only pictures, formulas and tags."""
    before = [texts[at].source for at in shown if at < index]
    return len(before) <= 5 and not any(_NO_PROSE.sub("", source[:4000]).strip() for source in before)

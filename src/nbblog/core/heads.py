"""The forms in which a head of a post stands in a cell's text: YAML, a title with a byline, a title with a list.

Only finds: what the values mean is for ``frontmatter``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .dates import looks_like_date, read_date
from .fields import is_known, split_names
from .text import plain_text
from .yaml import YamlError, load_yaml

TITLE_LENGTH = 300
"""A longer heading is text, not a title."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of Markdown: its level, its text as written, and its lines (counted from 0)."""

    level: int
    written: str
    lines: range

    @property
    def text(self) -> str:
        """The plain text, without the ``##`` that may close it; empty when it is too long for a heading."""
        written = self.written.strip()
        return plain_text(_CLOSING.sub("", written)) if len(written) <= TITLE_LENGTH else ""


@dataclass(frozen=True, slots=True)
class Head:
    """The fields found in a cell, as written, and the lines (counted from 0) in which they stand."""

    fields: Mapping[str, Any]
    lines: tuple[range, ...]
    key_lines: Mapping[str, int] = field(default_factory=dict)
    """For some of the fields, the line of the cell (from 1)."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was meant as a head and cannot be read: why, and at which line of the cell (from 1)."""

    reason: str
    line: int


def without_lines(source: str, cut: Iterable[range]) -> tuple[str, int]:
    """``source`` with the lines of ``cut`` gone, and the number of lines cut at the top.

    Lines further down become empty, so that all others keep their numbers."""
    lines = source.split("\n")
    for place in (place for lines_cut in cut for place in lines_cut):
        lines[place] = ""
    start = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    return "\n".join(lines[start:]), start


# --- YAML ---------------------------------------------------------------------------------------------------------

_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?=[ \t]|$)")


def find_yaml_head(source: str, *, raw: bool) -> Head | Unread | None:
    """The YAML block between ``---`` lines at the top of a cell.

    In a markdown cell ``---`` may also be a rule: there the block must have at least one key that is known. A block
    that has such a key, and is not YAML or not closed, is ``Unread``."""
    lines = source.split("\n")
    start = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    if start == len(lines) or lines[start].rstrip() != "---":
        return None
    end = next((place for place in range(start + 1, len(lines)) if lines[place].rstrip() in ("---", "...")), None)
    key_lines = _key_lines(lines, start + 1, len(lines) if end is None else end)
    meant = any(is_known(key) for key in key_lines)
    if end is None:
        return Unread("the line --- that ends the front matter is missing", start + 1) if meant else None
    try:
        value = load_yaml("\n".join(lines[start + 1 : end]))
    except YamlError as error:
        return Unread(error.reason, start + 1 + error.line) if meant else None
    if not isinstance(value, dict) or not (raw or any(is_known(key) for key in value)):
        return None
    return Head(value, (range(start, end + 1),), key_lines)


def _key_lines(lines: list[str], start: int, end: int) -> dict[str, int]:
    """The keys at the left edge, and their lines counted from 1."""
    found: dict[str, int] = {}
    for place in range(start, end):
        if match := _KEY.match(lines[place]):
            found.setdefault(match[1], place + 1)
    return found


# --- Headings -----------------------------------------------------------------------------------------------------

_ATX = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_CLOSING = re.compile(r"(?:^|[ \t])#+$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_NO_PARAGRAPH = re.compile(r" {4}| {0,3}(?:[>#|<]|[-+*](?:[ \t]|$)|[0-9]{1,9}[.)][ \t]|`{3}|~{3}|(?:[-_*][ \t]*){3,}$)")
"""Lines that begin something other than a paragraph."""


def heading_at(lines: list[str], place: int) -> Heading | None:
    """The heading that begins at a line: ``# Title``, or ``Title`` over ``=====``."""
    if match := _ATX.match(lines[place]):
        return Heading(len(match[1]), lines[place][match.end() :], range(place, place + 1))
    if place + 1 == len(lines) or not lines[place].strip() or _NO_PARAGRAPH.match(lines[place]):
        return None
    if match := _SETEXT.match(lines[place + 1]):
        return Heading(1 if match[1][0] == "=" else 2, lines[place], range(place, place + 2))
    return None


def find_headings(source: str) -> tuple[Heading, ...]:
    """All headings of a cell outside fenced code and comments, in order."""
    # A preview asks again for all cells after each keystroke in one; large ones would only be held.
    return _find_known_headings(source) if len(source) <= _SMALL else _find_headings(source)


def _find_headings(source: str) -> tuple[Heading, ...]:
    if "#" not in source and "\n=" not in source and "\n-" not in source:
        return ()
    headings: list[Heading] = []
    lines, fence, comment, place = source.split("\n"), "", False, 0
    while place < len(lines):
        line = lines[place]
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not mark[2].strip() else fence
        elif comment or line.lstrip().startswith("<!--"):
            comment = "-->" not in line
        elif mark:
            fence = mark[1]
        elif heading := heading_at(lines, place):
            headings.append(heading)
            place = heading.lines.stop - 1
        place += 1
    return tuple(headings)


_SMALL = 8_000
_find_known_headings = lru_cache(maxsize=2048)(_find_headings)


# --- A title, a byline, a description, a list -----------------------------------------------------------------------

_ITEM = re.compile(r" {0,3}[-*+][ \t]*([A-Za-z][\w-]{0,40})[ \t]*:[ \t]*(.*)$")
_MOST_ITEMS = 60
_QUOTE = re.compile(r" {0,3}>[ \t]?(?!\[!)(.*)$")


@dataclass(frozen=True, slots=True)
class TitleHead:
    """``# Title`` at the top of a cell with what follows it: the fields but for the title, and their lines."""

    title: str
    title_lines: range
    rest: Head
    unread: Unread | None = None


def find_title_head(source: str) -> TitleHead | None:
    """The blog's own head (a byline), or that of fastpages and nbdev (``> description``, ``- key: value``)."""
    lines = source.split("\n")
    start = _next_text(lines, 0)
    heading = heading_at(lines, start) if start < len(lines) else None
    if heading is None or heading.level != 1 or not heading.text:
        return None
    byline = _find_byline(lines, _next_text(lines, heading.lines.stop))
    unread = byline if isinstance(byline, Unread) else None
    above = byline if isinstance(byline, Head) else Head({}, ())
    below = _find_list(lines, above.lines[-1].stop if above.lines else heading.lines.stop, described=bool(above.lines))
    title = heading.text
    rest = Head({**below.fields, **above.fields}, above.lines + below.lines, below.key_lines)
    if below.key_lines and (quoted := re.match(r'"(.+)"\Z', title)):
        title = quoted[1]  # fastpages has titles with quotation marks
    return TitleHead(title, heading.lines, rest, unread)


def _next_text(lines: list[str], place: int) -> int:
    """The next line that is not blank, or the number of lines."""
    return next((at for at in range(place, len(lines)) if lines[at].strip()), len(lines))


def _find_byline(lines: list[str], place: int) -> Head | Unread | None:
    if place == len(lines) or len(lines[place]) > TITLE_LENGTH:
        return None
    ends = place + 1 == len(lines) or not lines[place + 1].strip() or bool(_NO_PARAGRAPH.match(lines[place + 1]))
    try:
        fields = read_byline(plain_text(lines[place].rstrip().removesuffix("\\")), ends=ends)
    except ValueError as error:
        return Unread(str(error), place + 1)
    return Head(fields, (range(place, place + 1),), {}) if fields else None


_SEPARATOR = re.compile(r"\s*[·•|]\s*|\s*—\s*|\s+–\s+")
_READING_TIME = re.compile(r"[0-9]{1,3}\s*min(?:ute)?s?\.?(?:\s+read)?\Z", re.IGNORECASE)
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)


def read_byline(line: str, *, ends: bool) -> dict[str, Any]:
    """The fields of ``By A, B and C · DATE`` in plain text; empty when the line is no byline.

    The author alone or the date alone will do. Without a date, ``By the end of…`` must not be taken for an author:
    then the names have to look like names and the paragraph has to end here (``ends``).
    Raises ``ValueError`` for a byline whose date cannot be read."""
    fields: dict[str, Any] = {}
    unread = None
    for part in filter(None, _SEPARATOR.split(line.strip())):
        names, day = _names_and_day(part)
        if day and "date" not in fields:
            fields["date"] = day
        elif looks_like_date(part):
            unread = part
        elif not names and not _READING_TIME.match(part):
            return {}
        if names and "author" in fields:
            return {}
        if names:
            fields["author"] = list(names)
    if unread and "author" in fields:
        raise ValueError(f"the date `{unread}` in the byline")
    if unread or not ("date" in fields or _names_alone(fields.get("author", []), ends)):
        return {}
    return fields


def _names_and_day(part: str) -> tuple[tuple[str, ...], str | None]:
    """``By A and B`` as names, ``1/21/2026`` as a date, ``By A, 1/21/2026`` as both."""
    if read_date(part):
        return (), part
    match = _BY.match(part)
    if match is None:
        return (), None
    names = part[match.end() :]
    for comma in (at for at, character in enumerate(names) if character == ","):
        if read_date(names[comma + 1 :]):
            return split_names(names[:comma].strip()), names[comma + 1 :].strip()
    return split_names(names), None


_PARTICLES = frozenset("al bin da das de del der di do dos du el ibn la le van von y zu".split())  # noqa: SIM905 - a list of words


def _names_alone(names: list[str], ends: bool) -> bool:
    """Whether names without a date look like names: capitalised words, at most five, or a single word."""
    if not names or not ends:
        return False
    for name in names:
        words = name.split()
        if len(words) > 5 or len(name) > 60 or name.endswith((":", "!", "?", ";")):
            return False
        if len(words) > 1 and any(word[0].islower() and word not in _PARTICLES for word in words):
            return False
    return not (names[-1].endswith(".") and len(names[-1].split()[-1]) > 4)


def _find_list(lines: list[str], place: int, *, described: bool) -> Head:
    """fastpages' ``> description`` and ``- key: value`` lines. A quotation alone is a description only if it is one
    line directly under the title, as in nbdev, with no byline in between (``described``)."""
    quote = _lines_like(_QUOTE, lines, _next_text(lines, place))
    items = _lines_like(_ITEM, lines, _next_text(lines, quote.stop if quote else place))
    keys = [match[1] for at in items if (match := _ITEM.match(lines[at]))]
    if len(items) > _MOST_ITEMS or not any(is_known(key) for key in keys) or _continued(lines, items.stop):
        items = range(0)
    fields: dict[str, Any] = {}
    key_lines: dict[str, int] = {}
    for at in items:
        if (match := _ITEM.match(lines[at])) and match[1] not in fields:
            fields[match[1]] = _item_value(match[2])
            key_lines[match[1]] = at + 1
    if quote and (items or (len(quote) == 1 and not described and not _continued(lines, quote.stop))):
        text = " ".join(match[1] for at in quote if (match := _QUOTE.match(lines[at])))
        fields.setdefault("description", _unquoted(plain_text(text[:1000])))
    else:
        quote = range(0)
    return Head(fields, tuple(span for span in (quote, items) if span), key_lines)


def _lines_like(pattern: re.Pattern[str], lines: list[str], place: int) -> range:
    """The lines from ``place`` on that all match."""
    end = next((at for at in range(place, len(lines)) if not pattern.match(lines[at])), len(lines))
    return range(place, end)


def _continued(lines: list[str], place: int) -> bool:
    """Whether the line at ``place`` goes on with the paragraph, quotation or list above it."""
    return place < len(lines) and bool(lines[place].strip()) and not _ATX.match(lines[place])


def _item_value(text: str) -> Any:
    """The value of a ``- key: value`` line: YAML where it is, else the text; HTML in it is not meant to be seen."""
    try:
        value = load_yaml(text)
    except YamlError:
        value = text
    return plain_text(value[:1000]) if isinstance(value, str) else value


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == '"' else text

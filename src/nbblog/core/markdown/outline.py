"""The order of a whole article: its headings with levels and ids, its notes with numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from urllib.parse import unquote

from ..equations import Equation, number_formula
from ..html import ID_PREFIX, Links, Safe, escape, join, tag
from .model import Markdown, WrittenHeading
from .slugs import Slugger, heading_slug

_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in its place in the article."""

    level: int
    """2 to 6; the page's title is the only 1. Never more than one deeper than the heading it stands under."""
    text: str
    id: str
    nested: bool = False
    """It stands inside a quotation, a list or a callout, so tables of contents leave it out."""


@dataclass(frozen=True, slots=True)
class NotePlace:
    """Where a footnote is defined and how often the article refers to it."""

    number: int
    """From 1, in the order of first reference."""
    part: int
    """The index of the text that defines it."""
    references: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """What the parts of an article must know of each other."""

    parts: tuple[tuple[Heading, ...], ...] = ()
    """The headings of each text, in its order."""
    notes: Mapping[str, NotePlace] = field(default_factory=dict)
    """By label, in the order of their numbers."""
    first_references: tuple[Mapping[str, int], ...] = ()
    """For each text: how many references to a label the texts before it hold."""
    shift: int = 0
    _anchors: Mapping[str, str] = field(default_factory=dict)
    first_equations: tuple[int, ...] = ()
    """For each text: the last number of a formula before it; 0 where it has none with a number."""
    equations: Mapping[str, Equation] = field(default_factory=dict)
    """By label."""

    @property
    def headings(self) -> tuple[Heading, ...]:
        """All headings of the article, in order."""
        return all_headings(self.parts)

    def find_anchor(self, fragment: str) -> str | None:
        """The id that ``#fragment`` means: one of ours, or JupyterLab's and Colab's name for a heading (its text with
        dashes for spaces), or the same in another case; ``None`` if no heading has it."""
        name = unquote(fragment)
        return self._anchors.get(name) or self._anchors.get(name.lower())

    def find_equation(self, label: str) -> Equation | None:
        """The formula with this label."""
        return self.equations.get(label)

    def links(self) -> Links:
        """How the safety gate maps ``#x`` in this article's own HTML."""
        return Links(fragment=lambda fragment: self.find_anchor(fragment) or ID_PREFIX + fragment)


def all_headings(parts: Iterable[tuple[Heading, ...]]) -> tuple[Heading, ...]:
    """Those of all parts, in order."""
    return tuple(chain.from_iterable(parts))


def heading_shift(texts: Iterable[Markdown]) -> int:
    """1 when the body has a first-level heading of its own, which must then stand below the title; else 0."""
    return int(any(heading.level == 1 for text in texts for heading in text.headings))


def build_outline(texts: Sequence[Markdown], *, shift: int | None = None, title: str = "") -> Outline:
    """The outline of an article whose parts, in order, are ``texts``. ``shift`` levels are added to each heading;
    by default as many as ``heading_shift`` says. A link to the article's ``title`` leads to the top of the page."""
    shift = heading_shift(texts) if shift is None else shift
    slugger = Slugger()
    levels = _Levels(shift)
    anchors: dict[str, str] = {}
    parts = tuple(tuple(_place(heading, slugger, levels, anchors) for heading in text.headings) for text in texts)
    counts: dict[str, int] = {}
    before = []
    for text in texts:
        before.append(dict(counts))
        _count(text.note_references, counts)
    dashed = title.replace(" ", "-")
    for name in ("top", heading_slug(title), dashed, dashed.lower()) if title else ("top",):
        anchors.setdefault(name, "top")
    return Outline(parts, _number_notes(texts), tuple(before), shift, anchors, *_number_equations(texts))


def _number_equations(texts: Sequence[Markdown]) -> tuple[tuple[int, ...], dict[str, Equation]]:
    equations: dict[str, Equation] = {}
    starts, last = [], 0
    for text in texts:
        start = last
        for tex in text.formulas:
            numbered = number_formula(tex, last)
            last = numbered.last
            anchor = next((equation_id(label) for label in numbered.labels), "")
            for label, number in numbered.labels.items():
                equations.setdefault(label, Equation(number, anchor))
        starts.append(start if last > start else 0)
    return tuple(starts), equations


def equation_id(label: str) -> str:
    """The anchor of a formula with this label."""
    return ID_PREFIX + re.sub(r"\s+", "-", label.strip())


class _Levels:
    """Levels without a gap: a heading stands one below the nearest heading before it that is above it."""

    def __init__(self, shift: int) -> None:
        self._shift = shift
        self._open: list[tuple[int, int]] = []

    def place(self, written: int) -> int:
        while self._open and self._open[-1][0] >= written:
            self._open.pop()
        above = self._open[-1][1] if self._open else 1
        level = min(max(written + self._shift, 2), above + 1, 6)
        self._open.append((written, level))
        return level


def _place(heading: WrittenHeading, slugger: Slugger, levels: _Levels, anchors: dict[str, str]) -> Heading:
    slug = slugger.assign(heading.id or heading.text)
    for name in (slug, *_other_names(heading.text)):
        anchors.setdefault(name, slug)
    return Heading(levels.place(heading.level), heading.text, slug, heading.nested)


@lru_cache(maxsize=4096)
def _other_names(text: str) -> tuple[str, ...]:
    """What Jupyter calls a heading, also with its text as it was typed: quotation marks have become the language's."""
    dashed = [one.replace(" ", "-") for one in (text, text.translate(_STRAIGHT))]
    return tuple(dict.fromkeys(name for one in dashed for name in (one, one.lower())))


def _number_notes(texts: Sequence[Markdown]) -> dict[str, NotePlace]:
    """Notes in the order in which the text, and then the notes themselves, refer to them; those that nothing refers
    to come last, for an author's words are never lost."""
    homes: dict[str, int] = {}
    for part, text in enumerate(texts):
        for label in text.notes:
            homes.setdefault(label, part)
    waiting = [label for text in texts for label in text.note_references]
    order: list[str] = []
    counts: dict[str, int] = {}
    seen: set[str] = set()
    for label in waiting:  # the list grows while it is read: a note may refer to a further one
        counts[label] = counts.get(label, 0) + 1
        if label in homes and label not in seen:
            seen.add(label)
            order.append(label)
            waiting += texts[homes[label]].notes[label].references
    order += [label for label in homes if label not in seen]
    return {label: NotePlace(number, homes[label], counts.get(label, 0)) for number, label in enumerate(order, start=1)}


def _count(labels: Iterable[str], counts: dict[str, int]) -> None:
    for label in labels:
        counts[label] = counts.get(label, 0) + 1


def render_toc(headings: Sequence[Heading], *, deepest: int = 3) -> Safe:
    """The headings as nested ordered lists of links, down to level ``deepest``; empty when there are none."""
    shown = [heading for heading in headings if not heading.nested and heading.level <= deepest]
    return _render_list(shown) if shown else escape("")


def _render_list(headings: Sequence[Heading]) -> Safe:
    """One list for the headings of the level of the first; deeper ones go into the entry before them."""
    entries = []
    start = 0
    while start < len(headings):
        end = start + 1
        while end < len(headings) and headings[end].level > headings[start].level:
            end += 1
        link = tag("a", escape(headings[start].text), href=f"#{headings[start].id}")
        below = [_render_list(headings[start + 1 : end])] if end > start + 1 else []
        entries.append(tag("li", join([link, *below])))
        start = end
    return tag("ol", join(entries))

"""The types of parsed Markdown: what one cell says, what it defines, and what it is part of.

Nothing here imports the parser, so that a host may name these types without loading it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..fragment import Collector
from ..html import Links, Safe
from ..maths import MathError, RenderMath
from ..notices import NoticeCode

if TYPE_CHECKING:
    from markdown_it.token import Token

    from .outline import Heading, Outline


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """What a link reference definition (``[label]: url "title"``) says."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Definitions:
    """What a cell, or a whole article, defines for others to refer to. Labels are normalised as CommonMark says."""

    links: Mapping[str, LinkTarget] = field(default_factory=dict)
    notes: frozenset[str] = frozenset()


def join_definitions(several: Iterable[Definitions]) -> Definitions:
    """The definitions of an article from those of its cells; of two of one label the first counts."""
    links: dict[str, LinkTarget] = {}
    notes: set[str] = set()
    for definitions in several:
        for label, target in definitions.links.items():
            links.setdefault(label, target)
        notes |= definitions.notes
    return Definitions(links, frozenset(notes))


@dataclass(frozen=True, slots=True)
class Finding:
    """A notice that parsing gave, before it is known which cell of which notebook the text stands in."""

    kind: NoticeCode
    detail: str
    line: int
    """Counted from 1 within the text."""


@dataclass(frozen=True, slots=True)
class WrittenHeading:
    """A heading as it stands in the text."""

    level: int
    """1 to 6, as written."""
    text: str
    """Its words, without markup."""
    id: str | None = None
    """The id that the author gave (``## Title {#id}``)."""
    nested: bool = False
    """Inside a quotation, a list or a callout: it has an anchor but is no part of the table of contents."""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote's definition."""

    tokens: tuple[Token, ...]
    line: int
    references: tuple[str, ...]
    """The labels of notes that this note refers to, in order."""


@dataclass(frozen=True, slots=True)
class Markdown:
    """One text, parsed. Rendering never changes it, so it may be kept by the text it came from."""

    tokens: tuple[Token, ...]
    headings: tuple[WrittenHeading, ...] = ()
    definitions: Definitions = Definitions()
    notes: Mapping[str, Note] = field(default_factory=dict)
    """By normalised label."""
    note_references: tuple[str, ...] = ()
    """Labels in the order in which the text, its notes aside, refers to them; one may stand there several times."""
    formulas: tuple[str, ...] = ()
    """The displayed ones, in order."""
    images: int = 0
    """How many pictures the text shows, raw HTML aside."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PostLink:
    """Where another post is, and what it is called."""

    url: str
    title: str


def _no_post(slug: str) -> PostLink | None:
    return None


def _no_maths(tex: str, *, display: bool) -> Safe:
    raise MathError("no renderer for formulas was given")


@dataclass(frozen=True, slots=True)
class ArticleContext:
    """What every cell of an article is rendered with."""

    outline: Outline
    find_post: Callable[[str], PostLink | None] = _no_post
    """Finds a post of the blog by its slug."""
    render_math: RenderMath = _no_maths
    """Sets a formula; without one, TeX is shown as code."""


@dataclass(frozen=True, slots=True)
class CellContext:
    """What one cell is rendered with."""

    article: ArticleContext
    collector: Collector
    part: int | None = None
    """The cell's index among the texts of the outline, or ``None`` for a text that is not in it (an output's, say):
    then headings get neither id nor anchor and notes are not numbered."""
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    first_line: int = 1
    """The line of the notebook's cell at which the text begins."""
    eager_image: bool = False
    """Whether the first picture of this text is the first of the article, and so is loaded at once."""
    links: Links | None = None
    """How raw HTML's ids and fragments are mapped; by default the outline's way."""

    def headings(self) -> tuple[Heading, ...]:
        """The headings that the outline has for this text, in its order."""
        return () if self.part is None else self.article.outline.parts[self.part]

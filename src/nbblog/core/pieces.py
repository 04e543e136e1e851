"""Pieces of an article, each with all that it rests on, so that a later rendering can keep those that stay the same.

A piece rests on its cell, on its place in the article (ids of headings, numbers of notes), and on the answers to what
it asked while it was rendered: what is in that file, where is that post, which heading does that link mean?
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from .equations import Equation
from .errors import FileRefused
from .fragment import Fragment
from .html import Safe
from .markdown import (
    Definitions,
    Heading,
    Markdown,
    Outline,
    PostLink,
    all_headings,
    build_outline,
    parse_markdown,
    scan_definitions,
)
from .maths import MathRenderer, RenderMath
from .tags import Tags

Question = tuple[Literal["file", "post", "anchor", "contents", "equation", "maths"], str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell of an article, or its notes, as rendered."""

    id: str
    """The cell's; empty for the notes."""
    fragment: Fragment
    rests_on: tuple[Any, ...] = ()
    """What the piece was made of, to be compared."""
    answers: Mapping[Question, Any] = field(default_factory=dict)
    """What it asked, and was told."""
    tags: Tags = field(default_factory=Tags)
    """Of its HTML."""
    words: int = 0
    """That a reader of the prose reads."""
    code_words: int = 0
    """That are in code which is shown."""

    def move(self, number: int) -> Piece:
        """The piece of the cell that is now the one of this number: its notices name it."""
        notices = self.fragment.notices
        if all(notice.place.cell == number for notice in notices):
            return self
        moved = tuple(replace(notice, place=replace(notice.place, cell=number)) for notice in notices)
        return replace(self, fragment=replace(self.fragment, notices=moved))


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of an article as they were parsed, by what they say."""

    language: str = ""
    definitions: Definitions = field(default_factory=Definitions)
    """Those of all texts, which each was parsed with."""
    defined: Mapping[str, Definitions] = field(default_factory=dict)
    parsed: Mapping[str, Markdown] = field(default_factory=dict)
    outline: Outline = field(default_factory=Outline)
    outlined: tuple[Any, ...] = ()
    """What the outline was made of."""

    def scan(self, source: str) -> Definitions:
        """What the text defines."""
        return self.defined.get(source) or scan_definitions(source)

    def parse(self, sources: Iterable[str], definitions: Definitions, language: str) -> dict[str, Markdown]:
        """The texts parsed, each the same object as before, if it was parsed with the same before."""
        known = self.parsed if (language, definitions) == (self.language, self.definitions) else {}
        return {source: known.get(source) or parse_markdown(source, definitions, language=language)
                for source in sources}  # fmt: skip

    def with_outline(self, texts: Iterable[Markdown], title: str, known: Texts) -> Texts:
        """The same with the outline of an article of this title, whose parts are ``texts``; the known one, if it would
        be equal."""
        parts = tuple(texts)
        grounds = (title, *((text.headings, text.notes, text.note_references, text.formulas) for text in parts))
        outline = known.outline if grounds == known.outlined else build_outline(parts, title=title)
        return replace(self, outline=outline, outlined=grounds)


@dataclass(frozen=True, slots=True)
class Oracle:
    """What the pieces of one article may ask."""

    outline: Outline
    read_file: Callable[[str], bytes]
    find_post: Callable[[str], PostLink | None]
    maths: MathRenderer
    commands: tuple[str, ...]
    """The definitions of TeX commands that hold in the article."""

    def answers_alike(self, answers: Mapping[Question, Any]) -> bool:
        """Whether the same questions would be answered in the same way now."""
        return all(self._ask(kind, about) == answer for (kind, about), answer in answers.items())

    def _ask(self, kind: str, about: str) -> object:
        if kind == "file":
            try:
                return self.read_file(about)
            except FileRefused as refusal:
                return str(refusal)
        if kind == "post":
            return self.find_post(about)
        if kind == "anchor":
            return self.outline.find_anchor(about)
        if kind == "equation":
            return self.outline.find_equation(about)
        return self.commands if kind == "maths" else self.outline.headings


class Asking:
    """What one piece asks; the answers are written down."""

    def __init__(self, oracle: Oracle) -> None:
        self.answers: dict[Question, Any] = {}
        self.outline = _AskedOutline(
            **{each.name: getattr(oracle.outline, each.name) for each in fields(Outline)}, answers=self.answers
        )
        self._oracle = oracle
        self._set_formula: RenderMath = oracle.maths.with_definitions(oracle.commands)

    def read_file(self, target: str) -> bytes:
        """As ``Surroundings.read_file``."""
        try:
            content = self._oracle.read_file(target)
        except FileRefused as refusal:
            self.answers["file", target] = str(refusal)
            raise
        self.answers["file", target] = content
        return content

    def find_post(self, slug: str) -> PostLink | None:
        """As ``Surroundings.find_post``."""
        post = self.answers["post", slug] = self._oracle.find_post(slug)
        return post

    def render_math(self, tex: str, *, display: bool) -> Safe:
        """As ``RenderMath``."""
        self.answers["maths", ""] = self._oracle.commands
        return self._set_formula(tex, display=display)


@dataclass(frozen=True, slots=True)
class _AskedOutline(Outline):
    """An outline that writes down which of its headings somebody asked for."""

    answers: dict[Question, Any] = field(default_factory=dict)

    @property
    def headings(self) -> tuple[Heading, ...]:
        self.answers["contents", ""] = headings = all_headings(self.parts)
        return headings

    def find_anchor(self, fragment: str) -> str | None:
        anchor = self.answers["anchor", fragment] = Outline.find_anchor(self, fragment)
        return anchor

    def find_equation(self, label: str) -> Equation | None:
        equation = self.answers["equation", label] = Outline.find_equation(self, label)
        return equation

"""The blog's Markdown: CommonMark, GitHub's extensions, Jupyter's formulas, double brackets, callouts and notes.

An article is rendered in three steps. Parse every text (``scan_definitions`` of all first, so that a note or a link
may be defined in another cell); ``build_outline`` of them all; ``render_markdown`` each, and ``render_notes`` at the
end. The parser itself is loaded when the first text is parsed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..fragment import Collector
from ..html import Safe
from .model import (
    ArticleContext,
    CellContext,
    Definitions,
    Finding,
    LinkTarget,
    Markdown,
    Note,
    PostLink,
    WrittenHeading,
    join_definitions,
)
from .outline import Heading, NotePlace, Outline, all_headings, build_outline, heading_shift, render_toc

__all__ = [
    "ArticleContext",
    "CellContext",
    "Definitions",
    "Finding",
    "Heading",
    "LinkTarget",
    "Markdown",
    "Note",
    "NotePlace",
    "Outline",
    "PostLink",
    "WrittenHeading",
    "all_headings",
    "build_outline",
    "heading_shift",
    "join_definitions",
    "parse_markdown",
    "render_inline",
    "render_markdown",
    "render_notes",
    "render_toc",
    "scan_definitions",
]


def scan_definitions(source: str) -> Definitions:
    """The link references and notes that a text defines; cheap for one that defines none."""
    if "]:" not in source:
        return Definitions()
    from .parser import scan_definitions as scan

    return scan(source)


def parse_markdown(source: str, definitions: Definitions | None = None, *, language: str | None = None) -> Markdown:
    """``source`` parsed. What it does not define itself is looked up in ``definitions``, the article's.

    ``language`` (a BCP 47 tag) asks for that language's quotation marks and dashes; with ``None`` they stay as typed.
    The result depends on the arguments only and is never changed, so a host may keep it. Never raises."""
    from .parser import parse_markdown as parse

    return parse(source, definitions, language=language)


def render_markdown(parsed: Markdown, context: CellContext) -> Safe:
    """The text as it stands in the article. Reports what parsing found to the cell's collector. Never raises."""
    from .render import render_markdown as render

    return render(parsed, context)


def render_inline(source: str, context: CellContext, *, language: str | None = None) -> Safe:
    """One line of markup without blocks, such as a figure's caption. Never raises."""
    from .parser import parse_inline
    from .render import render_spans

    return render_spans(parse_inline(source, language=language), context)


def render_notes(
    texts: Sequence[Markdown],
    article: ArticleContext,
    collector: Collector,
    attachments: Sequence[Mapping[str, bytes]] = (),
) -> Safe:
    """The endnotes of an article, numbered in the order of first reference, each with ways back; empty without any.
    ``attachments`` are those of the texts' cells, in the same order."""
    from .endnotes import render_notes as render

    return render(texts, article, collector, attachments)

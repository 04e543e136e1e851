"""The notes at the end of an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..fragment import Collector
from ..html import Safe, escape, join, tag
from .model import ArticleContext, CellContext, Markdown
from .noteplaces import ways_back
from .render import CellRenderer


def render_notes(
    texts: Sequence[Markdown],
    article: ArticleContext,
    collector: Collector,
    attachments: Sequence[Mapping[str, bytes]] = (),
) -> Safe:
    """The endnotes of an article, numbered in the order of first reference, each with ways back; empty without any.
    ``attachments`` are those of the texts' cells, in the same order."""
    places = article.outline.notes
    if not places:
        return escape("")
    counts: dict[str, int] = {}
    for text in texts:
        for label in text.note_references:
            counts[label] = counts.get(label, 0) + 1
    entries = []
    for label, place in places.items():
        files = attachments[place.part] if place.part < len(attachments) else {}
        renderer = CellRenderer(CellContext(article, collector, attachments=files), counts=counts)
        body = renderer.render_note(texts[place.part].notes[label].tokens, ways_back(place))
        entries.append(tag("li", renderer.sanitise(body), id=f"note-{place.number}"))
    return tag("section", tag("ol", join(entries)), class_="nb-notes", role="doc-endnotes", aria_label="Notes")

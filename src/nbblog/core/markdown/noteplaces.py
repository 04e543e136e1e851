"""References to notes and the ways back from them: ids, links, notices."""

from __future__ import annotations

from ..html import Safe, escape, join, tag
from ..notices import NoticeCode
from .model import CellContext, Markdown
from .outline import NotePlace


def report_notes(parsed: Markdown, context: CellContext) -> None:
    """Give notices of a text's notes that nothing refers to, and of those whose label another cell defined before."""
    if context.part is None:
        return
    for label, note in parsed.notes.items():
        place = context.article.outline.notes[label]
        line = context.first_line + note.line
        if place.part != context.part:
            context.collector.notice(NoticeCode.NOTE_DUPLICATE, f"[^{label.lower()}]", line=line)
        elif not place.references:
            context.collector.notice(NoticeCode.NOTE_UNUSED, f"[^{label.lower()}]", line=line)


def reference_id(number: int, time: int) -> str:
    """The id of the ``time``-th reference to a note."""
    return f"note-ref-{number}" if time == 1 else f"note-ref-{number}-{time}"


def ways_back(place: NotePlace) -> Safe:
    """A link to each reference of a note."""
    return join([_way_back(place.number, time, place.references) for time in range(1, place.references + 1)], " ")


def _way_back(number: int, time: int, times: int) -> Safe:
    which = number if times == 1 else f"{number}-{time}"
    return tag(
        "a",
        escape("↩") if times == 1 else join([escape("↩"), tag("sup", escape(str(time)))]),
        class_="nb-note-back",
        href=f"#{reference_id(number, time)}",
        role="doc-backlink",
        aria_label=f"Back to reference {which}",
    )

"""A raw cell: HTML is shown as far as it is safe, and what is meant for other formats is left out."""

from __future__ import annotations

from .active.scripts import has_scripts
from .fragment import Collector
from .html import Safe, Slots, escape, sanitise
from .htmlframes import keep_frames
from .htmlmedia import keep_media
from .markdown.rawhtml import wrap_loose
from .media import MediaContext
from .notices import NoticeCode
from .post import Cell
from .tables import tidy_tables


def render_raw(cell: Cell, collector: Collector) -> Safe:
    """The HTML of the cell, or nothing and a notice."""
    if cell.language != "text/html":
        collector.notice(NoticeCode.RAW_CELL_DROPPED, cell.language or "no format")
        return escape("")
    if has_scripts(cell.source):
        collector.notice(NoticeCode.OUTPUT_SCRIPT_DROPPED, "a script in a raw cell")
    context, slots = MediaContext(collector, attachments=cell.attachments), Slots()
    html = keep_media(keep_frames(cell.source, context, slots), context, authored=True)
    return sanitise(wrap_loose(tidy_tables(html)), slots=slots)

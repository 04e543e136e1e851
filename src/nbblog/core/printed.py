"""Text that a cell printed, as a block: all of it, or its beginning and a file with the rest."""

from __future__ import annotations

from .ansi import render_ansi, settle, strip_ansi
from .fragment import Asset, Collector
from .html import Safe, escape, join, tag
from .notices import NoticeCode
from .post import OUTPUT_BYTES

MOST_LINES = 2000
"""A text of more lines, or one longer than the collector's ``output_bytes``, is cut after ``KEPT_LINES`` lines. Where
the blog allows more bytes or fewer, so it does lines."""
KEPT_LINES = 1000
_KEPT_PART = 4
"""Of a text in long lines a quarter of what is allowed is kept."""


def render_printed(text: str, collector: Collector, *, label: str = "Output") -> Safe:
    """Terminal text as a ``pre`` that takes the focus, its name ``label``; empty if there is nothing to see.

    Of a text that is too long for a page the beginning stays, with a link to the whole as a plain text file."""
    text = settle(text).rstrip()
    if not text:
        return Safe("")
    lines, most = text.count("\n") + 1, collector.output_bytes
    if len(text) <= most and lines <= _scale(MOST_LINES, most):
        return render_block(render_ansi(text), label=label)
    kept = _beginning(text, _scale(KEPT_LINES, most), most // _KEPT_PART)
    left = lines - kept.count("\n") - 1
    rest = f"{left:,} more lines" if left else f"{len(text) - len(kept):,} more characters"
    collector.notice(NoticeCode.OUTPUT_TRUNCATED, rest)
    whole = Asset("output", ".txt", strip_ansi(text).encode("utf-8", "replace"))
    link = render_download(whole, "the whole output", collector)
    note = tag("p", join([escape(f"… {rest} · "), link]), class_="nb-more")
    return join([render_block(render_ansi(kept), label=label), note])


def _scale(lines: int, most: int) -> int:
    return max(lines * most // OUTPUT_BYTES, 1)


def _beginning(text: str, lines: int, characters: int) -> str:
    end = -1
    for _ in range(lines):
        following = text.find("\n", end + 1)
        if following < 0 or following > characters:
            break
        end = following
    return text[:end] if end > 0 else text[:characters]


def render_block(content: Safe, *, label: str) -> Safe:
    """A ``pre`` that scrolls by itself, so the keyboard must reach it."""
    # A group, not a region: a page has many of them, and regions are landmarks with names of their own.
    return tag("pre", content, tabindex=0, role="group", aria_label=label)


def render_download(asset: Asset, text: str, collector: Collector) -> Safe:
    """A link that saves a file, with the file's size."""
    size = tag("span", escape(_write_size(len(asset.data))), class_="nb-size")
    url = collector.add_asset(asset)
    return tag(
        "a", join([escape(text), escape(" "), size]), class_="nb-file", href=url, download=asset.stem + asset.suffix
    )


def _write_size(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"

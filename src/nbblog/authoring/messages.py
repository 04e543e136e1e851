"""What the author is told of a section, in plain words."""

from __future__ import annotations

from .baking import Baked


def baking_message(baked: Baked, *, live: bool) -> str:
    """How many answers the page has, and what readers get for the others."""
    done = f"{len(baked.states):,} of {baked.total:,}"
    if len(baked.states) == baked.total:
        return f"{done} states baked, {size(baked.bytes)}: every answer is instant and works offline"
    if live:
        return f"{done} baked: other answers load Python in the reader's browser (6.3 MB, once)"
    return f"{done} states baked, {size(baked.bytes)}: the page has no other answers"


def size(count: int) -> str:
    """Bytes for a reader: ``41 KB``."""
    return f"{max(round(count / 1000), 1):,} KB"

"""Whether a notebook's outputs come from its code: what the saved counts say, and what a run of ours has noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from .post import CodeSource, Freshness

RUN_BY_US = "nbblog_run"
"""The notebook's metadata has this where its outputs were made by a run of exactly this code."""


def execution_counts(notebook: Mapping[str, Any], code: Sequence[CodeSource]) -> dict[int, int | None]:
    """By the number of each of these cells that is not empty: its saved count, if any."""
    cells = notebook.get("cells")
    counts: dict[int, int | None] = {}
    for one in code:
        parts = cells[one.number - 1] if isinstance(cells, list | tuple) and one.number <= len(cells) else None
        count = parts.get("execution_count") if isinstance(parts, Mapping) else None
        if one.source.strip():
            counts[one.number] = count if isinstance(count, int) and not isinstance(count, bool) else None
    return counts


def judge(notebook: Mapping[str, Any], code: Sequence[CodeSource]) -> Freshness:
    """What can be said of the outputs of a parsed notebook, whose cells that run with it are ``code``. Never raises.

    Jupyter counts what a kernel runs from 1 on: counts that rise by one from 1 say that the cells ran once each, in
    order, in a kernel that had run nothing else. That their code is still the same, only a run of ours knows."""
    counts = list(execution_counts(notebook, code).values())
    metadata = notebook.get("metadata")
    if isinstance(metadata, Mapping) and metadata.get(RUN_BY_US) is True and counts:
        return "run"
    known: list[int] = [count for count in counts if count is not None]
    if not known:
        return "unknown"
    if known == list(range(1, len(counts) + 1)):
        return "in order"
    falls = any(later <= earlier for earlier, later in pairwise(known))
    return "mixed" if falls or len(known) < len(counts) else "unknown"


def mark_run(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook with the note that its outputs are those of a run of exactly this code."""
    metadata = notebook.get("metadata")
    return {**notebook, "metadata": {**(metadata if isinstance(metadata, Mapping) else {}), RUN_BY_US: True}}

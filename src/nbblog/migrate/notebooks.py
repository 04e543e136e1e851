"""The heads of notebooks of other tools, where they do not stand in the notebook's text as ours do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.heads import Head, find_title_head, find_yaml_head
from ..core.saved import join_text
from .heads import adapt_keys, read_lines
from .places import read_text

_META_CELL = re.compile(r"\s*(?:[-*][ \t]+[A-Za-z][\w -]*:.*(?:\n|\Z))+\s*\Z")


@dataclass(frozen=True, slots=True)
class NotebookHead:
    """What is known of a notebook's post before it is read."""

    fields: Mapping[str, Any]
    read_elsewhere: bool = False
    """They stand where we would not look: beside the notebook, or in a tool's own metadata."""
    raw_head: str = ""
    """The YAML of the first cell, if it is a raw cell with a head."""
    has_raw_head: bool = False
    changed: bool = False
    """Whether the notebook was changed: a cell that only held the head is gone."""


def notebook_head(notebook: dict[str, Any], path: Path) -> NotebookHead:
    """The head of a parsed notebook: a file beside it, Nikola's metadata, Pelican's first cell, else as we have it."""
    for name in (f"{path.stem}.nbdata", f"{path.name}-meta", f"{path.stem}.ipynb-meta", f"{path.stem}.meta"):
        beside = path.with_name(name)
        if beside.is_file() and not beside.is_symlink():
            return NotebookHead(read_lines(read_text(beside))[1], True)
    metadata = notebook.get("metadata")
    nikola = metadata.get("nikola") if isinstance(metadata, dict) else None
    if isinstance(nikola, dict) and nikola.get("title"):
        return NotebookHead(adapt_keys(nikola.items())[1], True)
    cells = notebook.get("cells")
    first = cells[0] if isinstance(cells, list) and cells and isinstance(cells[0], dict) else {}
    source = join_text(first.get("source")) or ""
    if first.get("cell_type") == "markdown" and _META_CELL.match(source) and re.search(r"(?i)\btitle[ \t]*:", source):
        del notebook["cells"][0]
        return NotebookHead(read_lines(re.sub(r"(?m)^\s*[-*][ \t]+", "", source))[1], True, changed=True)
    if first.get("cell_type") == "raw" and isinstance(head := find_yaml_head(source, raw=True), Head):
        inside = source.strip().split("\n")[1:-1]
        return NotebookHead(head.fields, raw_head="\n".join(inside), has_raw_head=True)
    title = find_title_head(source) if first.get("cell_type") == "markdown" else None
    return NotebookHead({**title.rest.fields, "title": title.title} if title else {})

"""A post as a notebook that others may have: what the page shows of it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from .post import Cell, Post

NOT_SHOWN = "# The article does not show this cell's code."
_COMMENT = re.compile(r"(^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\2|\Z)|`[^`\n]*`)|<!--.*?(?:-->|\Z)", re.S | re.M)
_LANGUAGE_KEYS = ("name", "file_extension", "mimetype", "pygments_lexer", "codemirror_mode", "version")


def build_notebook(notebook: Mapping[str, Any], post: Post, head: str) -> dict[str, Any]:
    """The notebook (version 4, a mapping) that ``post`` was read from, with ``head`` (YAML between its lines of
    hyphens) as its first cell. Metadata that programs leave behind, and what the article hides, are not in it."""
    cells: list[dict[str, Any]] = [{"cell_type": "raw", "id": "front-matter", "metadata": {}, "source": head}]
    for cell in post.cells:
        if cell.options.cell != "hide":
            cells.append(_clean(notebook["cells"][cell.number - 1], cell))
    metadata = notebook.get("metadata") or {}
    language = _mapping(metadata.get("language_info"))
    kept = {
        "kernelspec": {key: value for key, value in _mapping(metadata.get("kernelspec")).items() if key != "path"},
        "language_info": {key: language[key] for key in _LANGUAGE_KEYS if key in language},
    }
    return {"cells": cells, "metadata": {key: value for key, value in kept.items() if value},
            "nbformat": 4, "nbformat_minor": 5}  # fmt: skip


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _clean(raw: Mapping[str, Any], cell: Cell) -> dict[str, Any]:
    source = raw.get("source", "")
    source = "".join(source) if isinstance(source, list) else source
    tags = [tag for tag in _mapping(raw.get("metadata")).get("tags") or () if isinstance(tag, str)]
    clean: dict[str, Any] = {"cell_type": cell.kind, "id": cell.id[:64], "metadata": {"tags": tags} if tags else {}}
    if cell.kind == "code":
        outputs = [output for output in raw.get("outputs") or () if _is_shown(output, cell)]
        shown = cell.options.input != "hide"
        count = raw.get("execution_count")
        clean |= {"source": source if shown else NOT_SHOWN, "outputs": outputs,
                  "execution_count": count if isinstance(count, int) else None}  # fmt: skip
        return clean
    if cell.kind == "raw":
        kind = _mapping(raw.get("metadata")).get("raw_mimetype") or _mapping(raw.get("metadata")).get("format")
        clean["metadata"] |= {"format": kind} if kind else {}
    # Front matter that the first text cell had is in the head now.
    clean["source"] = _COMMENT.sub(lambda match: match[1] or "", cell.source)
    source = unquote(clean["source"])
    # A picture that was taken out of the text often stays in the cell.
    used = {name: data for name, data in _mapping(raw.get("attachments")).items() if f"attachment:{name}" in source}
    if used:
        clean["attachments"] = used
    return clean


def _is_shown(output: object, cell: Cell) -> bool:
    options = cell.options
    if not isinstance(output, Mapping) or options.output == "hide":
        return False
    if output.get("output_type") != "stream":
        return True
    return options.stderr if output.get("name") == "stderr" else options.stdout

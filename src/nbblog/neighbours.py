"""The other notebooks of a folder, for links from one post to another (``[[post:slug]]``) when one page is made."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .core.config import BlogConfig
from .core.errors import NbblogError
from .core.markdown import PostLink
from .core.notebook import read_notebook
from .core.post import FrontMatter
from .core.reading import read_post

MOST_NEIGHBOURS = 2_000
_WHOLE = 2 << 20
"""Bytes; of a larger file only the first cells are looked at."""
_BEGINNING = 1 << 18
_CELLS = 4
"""A head is in the first cells."""


def folder_posts(folder: Path, config: BlogConfig) -> Callable[[str], PostLink | None]:
    """A function that finds the post with a slug among the notebooks of ``folder``: its title, and the address that its
    page has beside this one. Nothing is read before the first question, and then heads only, likely files first."""
    found: dict[str, PostLink] = {}
    waiting: list[Path] | None = None

    def find(slug: str) -> PostLink | None:
        nonlocal waiting
        if waiting is None:
            waiting = list_notebooks(folder)
        if slug not in found:
            waiting.sort(key=lambda path: not path.stem.lower().endswith(slug))
        while slug not in found and waiting:
            path = waiting.pop(0)
            if front := read_front(path, config):
                found.setdefault(front.slug, PostLink(f"{quote(path.stem)}.html", front.title))
        return found.get(slug)

    return find


def list_notebooks(folder: Path) -> list[Path]:
    """The first notebooks of a folder by name, without hidden ones and links; none where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            names = [
                entry.name
                for entry in entries
                if entry.name.endswith(".ipynb") and entry.name[0] != "." and entry.is_file(follow_symlinks=False)
            ]
    except OSError:
        return []
    return [folder / name for name in sorted(names)[:MOST_NEIGHBOURS]]


def read_front(path: Path, config: BlogConfig) -> FrontMatter | None:
    """The head of the post at ``path``, if it is one that can be read."""
    try:
        return read_post(_read_beginning(path), name=path.name, config=config).front
    except (OSError, NbblogError):
        return None


def _read_beginning(path: Path) -> dict[str, Any]:
    """The first cells of the notebook at ``path``, without outputs. Raises ``OSError`` and ``NotebookError``."""
    with path.open("rb") as file:
        raw = file.read(_WHOLE + 1)
    if len(raw) <= _WHOLE:
        notebook = read_notebook(raw, path.name)
        sheets = notebook.get("worksheets") or [{}]
        cells = notebook.get("cells") or (sheets[0].get("cells") if isinstance(sheets[0], dict) else None)
    else:
        notebook, cells = {}, _first_cells(raw[:_BEGINNING].decode("utf-8", "replace"))
    kept = [{**cell, "outputs": []} for cell in (cells or [])[:_CELLS] if isinstance(cell, dict)]
    return {"nbformat": 4, "cells": kept, "metadata": notebook.get("metadata")}


def _first_cells(text: str) -> list[Any]:
    """The cells at the beginning of a notebook's text that is cut off somewhere; Jupyter writes them first."""
    decoder = json.JSONDecoder()
    cells: list[Any] = []
    at = text.find("[", text.find('"cells"')) + 1
    while at and len(cells) < _CELLS:
        at += len(text[at : at + 100]) - len(text[at : at + 100].lstrip(" \t\r\n,"))
        try:
            cell, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        cells.append(cell)
    return cells

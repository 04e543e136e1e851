"""Notebooks with hostile or odd content, as an attacker or a broken program would write them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbblog.core.config import BlogConfig
from nbblog.files import folder_reader, parse_notebook
from nbblog.onepage import OnePage, render_one_page

SITE = BlogConfig(site_title="The site", site_url="https://site.test/", toc=True)


def text_cell(source: str, **more: Any) -> dict[str, Any]:
    """A markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def raw_cell(source: str, kind: str = "text/html") -> dict[str, Any]:
    """A raw cell of a MIME type."""
    return {"cell_type": "raw", "metadata": {"format": kind, "raw_mimetype": kind}, "source": source}


def code_cell(*outputs: dict[str, Any], source: str = "", **metadata: Any) -> dict[str, Any]:
    """A code cell that was run."""
    return {"cell_type": "code", "metadata": metadata, "source": source, "execution_count": 1, "outputs": list(outputs)}


def shown(**bundle: Any) -> dict[str, Any]:
    """What ``display`` saves; ``text__html`` is ``text/html``, ``_xml`` is ``+xml``."""
    data = {kind.replace("__", "/").replace("_", "+"): value for kind, value in bundle.items()}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def bundle(kind: str, content: Any, **metadata: Any) -> dict[str, Any]:
    """An output of one MIME type."""
    return {"output_type": "display_data", "data": {kind: content}, "metadata": metadata}


def printed(text: str, name: str = "stdout") -> dict[str, Any]:
    """What ``print`` saves."""
    return {"output_type": "stream", "name": name, "text": text}


def failed(name: str, value: str, *lines: str) -> dict[str, Any]:
    """What an exception saves."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": list(lines)}


START = text_cell("# Title\n\n## First\n\nWords.")


def render(cells: Sequence[dict[str, Any]], *, start: dict[str, Any] = START, **metadata: Any) -> OnePage:
    """The page of a notebook with two headings of its own around the cells, read from bytes as a file would be."""
    whole = [start, *cells, text_cell("## Last\n\nMore words.")]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": whole}
    return render_bytes(json.dumps(notebook).encode())


def render_bytes(raw: bytes, folder: Path = Path(__file__).parent / "look", name: str = "hostile.ipynb") -> OnePage:
    """The page of a notebook file's bytes; the files it may use are in ``folder``."""
    notebook = parse_notebook(raw, name)
    read_file = folder_reader(folder)
    return render_one_page(notebook, name=name, config=SITE, read_file=read_file, files_dir="hostile_files")

"""A blog's folder as tests make and read it."""

from __future__ import annotations

import json
from pathlib import Path


def write_post(blog: Path, name: str, text: str, **front: object) -> Path:
    """A notebook with a head of these values and one markdown cell."""
    head = "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items()) + "---"
    cells = [{"cell_type": "raw", "metadata": {}, "source": head, "id": "head"},
             {"cell_type": "markdown", "metadata": {}, "source": text, "id": "text"}]  # fmt: skip
    path = blog / "posts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), "utf-8")
    return path


def read_site(blog: Path) -> dict[str, bytes]:
    """The files in the output folder, by path."""
    site = blog / "_site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def read_pages(blog: Path) -> dict[str, bytes]:
    """The same but for the marker, which has the time."""
    return {path: content for path, content in read_site(blog).items() if path != ".nbblog-site.json"}

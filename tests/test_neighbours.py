"""Links from one post to another in the same folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nbblog.core.config import BlogConfig
from nbblog.core.markdown import PostLink
from nbblog.neighbours import folder_posts


def write(folder: Path, name: str, *sources: str, **parts: Any) -> None:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source} for source in sources]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **parts}
    (folder / name).write_text(json.dumps(notebook), "utf-8")


def find(folder: Path, slug: str) -> PostLink | None:
    return folder_posts(folder, BlogConfig())(slug)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "2026-01-21-first post.ipynb", "# The first\n\nBy A · 1/21/2026")
    write(tmp_path, "b.ipynb", "---\ntitle: The second\nslug: other\n---", "words")
    sheet = {"cells": [{"cell_type": "heading", "level": 1, "source": "The old", "metadata": {}}]}
    (tmp_path / "old.ipynb").write_text(json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [sheet]}))
    return tmp_path


@pytest.mark.parametrize(
    ("slug", "url", "title"),
    [
        ("first-post", "2026-01-21-first%20post.html", "The first"),
        ("other", "b.html", "The second"),
        ("old", "old.html", "The old"),
    ],
)
def test_a_post_is_found_by_its_slug(folder: Path, slug: str, url: str, title: str) -> None:
    """From its name or its head; the link leads to the page beside this one."""
    assert find(folder, slug) == PostLink(url, title)


def test_an_unknown_post_is_none(folder: Path) -> None:
    """Also in a folder with files that are no notebooks, and in none."""
    (folder / "broken.ipynb").write_text("{", "utf-8")
    (folder / ".hidden.ipynb").write_bytes((folder / "b.ipynb").read_bytes())
    (folder / "b.ipynb").unlink()
    assert find(folder, "other") is None
    assert find(folder / "none", "other") is None


def test_links_are_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A symbolic link to a notebook elsewhere is no post of this folder."""
    write(tmp_path_factory.mktemp("else"), "secret.ipynb", "# Secret")
    (folder / "secret.ipynb").symlink_to(tmp_path_factory.getbasetemp() / "else0" / "secret.ipynb")
    assert find(folder, "secret") is None


def test_of_a_large_notebook_the_beginning_is_read(tmp_path: Path) -> None:
    """Its head is in its first cells, and they come first in the file."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": "x" * (3 << 20)}]
    big = [{"cell_type": "code", "source": "", "metadata": {}, "outputs": outputs}]
    head = [{"cell_type": "markdown", "metadata": {}, "source": "# A large one"}]
    write(tmp_path, "big.ipynb", cells=head + big)
    assert find(tmp_path, "big") == PostLink("big.html", "A large one")

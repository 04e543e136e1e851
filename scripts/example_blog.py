"""The example blog: the example notebooks and the documentation itself, as notebooks of a blog.

    python scripts/example_blog.py FOLDER        (then: cd FOLDER && nbblog build)
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook, new_raw_cell

ROOT = Path(__file__).resolve().parent.parent
# What two of the examples show is what these notices are about.
SETTINGS = """\
site_title = "nbblog"
site_url = "https://nbblog.example/"
description = "A notebook is a blog post."
author = ["The authors of nbblog"]
ignore = ["html-dropped", "output-script-dropped"]
"""


def write_blog(folder: Path) -> None:
    """Write it into the folder, which must not be there."""
    posts = folder / "posts"
    shutil.copytree(ROOT / "example_notebooks", posts)
    (folder / "nbblog.toml").write_text(SETTINGS, "utf-8")
    for page in sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "reference").glob("*.md")]):
        if page.name == "README.md":
            continue
        below = page.parent.relative_to(ROOT / "docs")
        (posts / "docs" / below).mkdir(parents=True, exist_ok=True)
        nbformat.write(_make_notebook(page), posts / "docs" / below / f"{page.stem}.ipynb")
    shutil.copytree(ROOT / "docs" / "images", posts / "docs" / "images")


def _make_notebook(page: Path) -> nbformat.NotebookNode:
    """A cell for each section. Links between pages lead to the notebooks that they are here."""
    title, _, text = page.read_text("utf-8").partition("\n")
    text = re.sub(r"\]\((?!https?:)([^)#]+)\.md(#[^)]*)?\)", r"](\1.ipynb\2)", text)
    text = re.sub(r"\]\((?:\.\./)+example_notebooks/", "](../" + "../" * (page.parent.name == "reference"), text)
    topic = "reference" if page.parent.name == "reference" else "guide"
    about = {"title": f'"{title.removeprefix("# ")}"', "slug": f"{topic}-{page.stem}", "categories": f"[{topic}]"}
    lines = [f"{key}: {value}" for key, value in about.items()]
    head = "\n".join(["---", *lines, "date: 2026-01-01", "---"])
    sections = re.split(r"(?m)^(?=## )", text.strip())
    cells = [new_raw_cell(head), *(new_markdown_cell(section.strip()) for section in sections)]
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number}"
    return new_notebook(cells=cells)


if __name__ == "__main__":
    if len(sys.argv) != 2 or Path(sys.argv[1]).exists():
        sys.exit(f"{__doc__}\nFOLDER must not be there")
    write_blog(Path(sys.argv[1]))

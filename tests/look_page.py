"""Pages for the tests of the look: the theme around an article written by hand, with pictures made here.

``look/contract.html`` holds every construct that a notebook can bring to a page, once.
"""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

from nbblog.core.article import Article
from nbblog.core.config import BlogConfig
from nbblog.core.html import trusted
from nbblog.core.markdown.outline import Heading
from nbblog.core.page import PageLinks, render_page
from nbblog.core.post import FrontMatter, Post
from nbblog.files import folder_reader
from nbblog.onepage import render_one_page
from nbblog.theme import Theme, load_theme
from nbblog.vendored import library_files

CONTRACT = Path(__file__).parent / "look" / "contract.html"
FRONT = FrontMatter(
    title="System Design: How to Think Like a Backend Engineer",
    subtitle="Trade-offs, scale, and systems that are reliable, maintainable and cost-effective.",
    description="A page with every construct, on which the look of each is measured in a browser.",
    authors=("Admin", "A Second Writer"),
    date=date(2026, 1, 21),
    date_modified=date(2026, 2, 3),
    categories=("system design", "backend"),
    license="CC BY 4.0",
)
_PARAGRAPH = (
    "System design is the process of defining architecture, components, data flow and communication patterns. The goal "
    "is to build a system that can handle expected traffic, scale when needed, and fail gracefully when it has to. "
)
TEXT = "".join(
    f'<div class="nb-cell nb-markdown"><h2 id="part-{number}">{number}. A part of the text'
    f'<a class="nb-anchor" href="#part-{number}" aria-label="Link to this section"></a></h2>'
    f"{f'<p>{_PARAGRAPH * 3}</p>' * 3}<ul><li>Databases</li><li>Caches</li></ul></div>\n"
    for number in range(1, 9)
)
"""An article of text alone: eight sections, about 1,800 words."""


def write_page(
    folder: Path, name: str, body: str, *, front: FrontMatter = FRONT, theme: Theme | None = None, scheme: str = "auto"
) -> None:
    """Write ``name`` and the files beside it that the page needs."""
    fonts = _write_fonts(folder)
    headings = tuple(
        Heading(int(level), unescape(re.sub("<[^>]*>", "", text)), id_)
        for level, id_, text in re.findall(r'<h([2-6]) id="([^"]*)">(.*?)</h', body)
    )
    article = Article(
        Post("look.ipynb", front, ()),
        trusted(body),
        headings=headings,
        summary=front.description or "",
        words=1800,
        minutes=8,
    )
    links = PageLinks(fonts=fonts)
    config = BlogConfig(site_title="Testing Enivroment", theme=scheme)
    (folder / name).write_text(render_page(article, theme=theme or load_theme(), config=config, links=links), "utf-8")
    (folder / "photo.svg").write_text(_svg(1200, 675, '<rect width="1200" height="675" fill="#35647a"/>'), "utf-8")
    (folder / "plot.svg").write_text(_svg(640, 320, '<path d="M60 270L610 30" stroke="#1f77b4"/>'), "utf-8")
    (folder / "data.csv").write_text("a,b\n1,2\n", "utf-8")


def write_example(notebooks: Path, folder: Path, name: str) -> None:
    """Write the page of ``notebooks/NAME.ipynb`` and its files, as the exporter does."""
    page = render_one_page(
        json.loads((notebooks / f"{name}.ipynb").read_text("utf-8")),
        name=f"{name}.ipynb",
        config=BlogConfig(site_title="Testing Enivroment"),
        read_file=folder_reader(notebooks, notebooks),
        files_dir=f"{name}_files",
    )
    (folder / f"{name}.html").write_text(page.html, "utf-8")
    for path, content in page.files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)


def _svg(width: int, height: int, inner: str) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inner}</svg>'


def _write_fonts(folder: Path) -> dict[str, str]:
    files = library_files("fonts")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {re.sub(r"-\d[\d.]*\.woff2$", "", name): name for name in files}

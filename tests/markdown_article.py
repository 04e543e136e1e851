"""A small article of markdown cells, rendered with real parts, for the tests of Markdown."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nbblog.core.errors import FileRefused
from nbblog.core.fragment import Asset, Collector
from nbblog.core.html import Safe, tag, trusted
from nbblog.core.markdown import (
    ArticleContext,
    CellContext,
    Heading,
    PostLink,
    build_outline,
    join_definitions,
    parse_markdown,
    render_markdown,
    render_notes,
    scan_definitions,
)
from nbblog.core.maths import MathError
from nbblog.core.notices import Notice


def write_png(width: int = 4, height: int = 3) -> bytes:
    """The head of a PNG, which is all that anything here reads."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0"


FILES = {
    "a.png": write_png(),
    "b.png": write_png(8, 6),
    "my picture.png": write_png(),
    "data.csv": b"a,b\n" * 400,
    "page.html": b"<script>alert(1)</script>",
    "film.mp4": b"\0\0\0\x18ftypisom" + bytes(16),
    "song.mp3": b"ID3\x04" + bytes(16),
    "secret.png": b"root:x:0:0",
}


def set_formula(tex: str, *, display: bool) -> Safe:
    """A stand-in for KaTeX: the TeX in the frame of a formula; ``\\bad`` cannot be set."""
    if "\\bad" in tex:
        raise MathError("unknown command")
    return tag("div" if display else "span", trusted(tex.strip()), class_="nb-math-block" if display else "nb-math")


@dataclass(frozen=True)
class Rendered:
    """What came of it."""

    html: str
    notes: str
    headings: tuple[Heading, ...]
    notices: tuple[Notice, ...]
    assets: tuple[Asset, ...]
    libraries: frozenset[str]

    @property
    def codes(self) -> list[str]:
        """The notices' codes, in order."""
        return [notice.code for notice in self.notices]


def render(
    *cells: str,
    language: str | None = None,
    attachments: Mapping[str, bytes] | None = None,
    find_post: Callable[[str], PostLink | None] = lambda slug: None,
    eager: bool = False,
) -> Rendered:
    """The cells as one article; the HTML of the cells is joined."""

    def read_file(target: str) -> bytes:
        if target not in FILES:
            raise FileRefused(target, "there is no such file")
        return FILES[target]

    collector = Collector(asset_url=lambda asset: f"files/{asset.name}", read_file=read_file)
    definitions = join_definitions(scan_definitions(cell) for cell in cells)
    texts = [parse_markdown(cell, definitions, language=language) for cell in cells]
    outline = build_outline(texts)
    article = ArticleContext(outline, find_post, set_formula)
    written = [
        render_markdown(
            text,
            CellContext(article, collector, part=part, attachments=attachments or {}, eager_image=eager and not part),
        )
        for part, text in enumerate(texts)
    ]
    notes = render_notes(texts, article, collector)
    fragment = collector.finish(notes)
    headings = outline.headings
    return Rendered("".join(written), notes, headings, fragment.notices, fragment.assets, fragment.libraries)

"""The live preview: the article of a notebook as it stands in an editor, and of it only what changed since last time.

A panel in the browser holds the page in a frame without an origin. Each request has the cells that changed; each answer
has the cells of the article that changed, and the page around them where that did. The page is the one of the
exporter, its pictures named as if they lay beside it; the panel puts them in their places.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .core.article import Article
from .core.config import DEFAULTS, BlogConfig
from .core.errors import ConfigError, NbblogError
from .core.fixes import find_fix
from .core.fragment import Asset
from .core.html import join, trusted
from .core.island import script_hash
from .core.markdown import PostLink
from .core.notices import Notice
from .core.reading import Reader
from .core.saved import join_text
from .libraries import preview_script
from .onepage import Place, media_type, render_article_at, render_page_at, wanted_notices


class RequestError(NbblogError):
    """The request is not one of a preview panel."""


class CellsMissing(NbblogError):
    """The request names cells that are not here (any more): all are to be sent again."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a panel sends."""

    cells: tuple[tuple[str, Mapping[str, Any] | None], ...]
    """In order: the panel's key for each cell's content, and the cell if that key is new."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """The notebook's."""
    minor: int = 5
    """Of the notebook's format 4."""
    have: int = 0
    """The number of the last answer that arrived; 0 for none."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a notebook lies, and how its blog wants it."""

    name: str
    """The notebook's file name."""
    read_file: Callable[[str], bytes]
    find_post: Callable[[str], PostLink | None] = lambda slug: None
    config: BlogConfig = DEFAULTS
    trust: bool = False
    template_dir: Path | None = None

    @property
    def folder(self) -> str:
        """The folder beside the page: where the exporter would put the files."""
        return f"{Path(self.name).stem}_files"


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page without its article."""

    head: str
    """To the end of ``head``, the style sheet's text left out."""
    styles: str
    top: str
    """From ``<body`` to the article."""
    bottom: str


@dataclass(frozen=True, slots=True)
class _State:
    """What an answer said in all."""

    article: Article | None = None
    page: PageParts = PageParts("", "", "", "")
    policy: str = ""
    files: frozenset[str] = frozenset()
    rests_on: tuple[Any, ...] = ()
    """What the page was made of, where that is known."""


class Preview:
    """One notebook in one panel."""

    def __init__(self) -> None:
        self._cells: dict[str, Mapping[str, Any]] = {}
        self._ordered: list[Mapping[str, Any]] = []
        self._reader = Reader()
        self._state = _State()
        self._number = 0

    def answer(self, request: Request, desk: Desk) -> dict[str, Any]:
        """What changed since the answer that the panel has. Raises ``NbblogError``; the panel's article is good then
        until the next answer."""
        notebook = self._complete(request)
        place, known = Place(desk.folder), self._state
        article = render_article_at(
            place,
            self._reader.read(notebook, name=desk.name, config=desk.config),
            config=desk.config,
            read_file=desk.read_file,
            trust=desk.trust,
            find_post=desk.find_post,
            before=known.article,
        )
        state = _look_at(article, place, desk, known)
        answer = _compare(state, known if request.have == self._number else _State())
        self._state, self._number = state, self._number + 1
        return {
            "number": self._number,
            **answer,
            "folder": escape(quote(desk.folder)),
            "notices": [self._describe(notice) for notice in wanted_notices(article, desk.config)],
        }

    def _complete(self, request: Request) -> dict[str, Any]:
        """The notebook of the request, with the cells that came with earlier ones."""
        cells = {key: cell for key, given in request.cells if (cell := given or self._cells.get(key))}
        if not all(key in cells for key, _ in request.cells):
            raise CellsMissing("some cells are not here; send all of them")
        self._cells = cells
        self._ordered = [cells[key] for key, _ in request.cells]
        return {"nbformat": 4, "nbformat_minor": request.minor, "metadata": request.metadata, "cells": self._ordered}

    def _describe(self, notice: Notice) -> dict[str, Any]:
        number = notice.place.cell
        fix = find_fix(notice, (join_text(self._ordered[number - 1].get("source")) or "") if number else "")
        return {
            "code": notice.code,
            "severity": notice.kind.severity,
            "detail": notice.detail,
            "advice": notice.kind.advice,
            "number": number,
            "cell": notice.place.cell_id,
            "line": notice.place.line,
            "fix": asdict(fix) if fix else None,
        }


def read_request(body: bytes) -> Request:
    """The request in a JSON text. Raises ``RequestError``."""
    try:
        written = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError("the request is not JSON") from None
    notebook = written.get("notebook") if isinstance(written, dict) else None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise RequestError("the request has no `notebook` with a list of cells")
    metadata, minor, have = notebook.get("metadata"), notebook.get("nbformat_minor"), written.get("have")
    return Request(
        cells=tuple(_read_cell(entry) for entry in notebook["cells"]),
        metadata=metadata if isinstance(metadata, dict) else {},
        minor=minor if isinstance(minor, int) else 5,
        have=have if isinstance(have, int) else 0,
    )


def _read_cell(entry: object) -> tuple[str, Mapping[str, Any] | None]:
    key = entry.get("key") if isinstance(entry, dict) else entry
    cell = entry.get("cell") if isinstance(entry, dict) else None
    if not isinstance(key, str) or not (cell is None or isinstance(cell, dict)):
        raise RequestError("a cell is a key, or a `key` and the `cell`")
    return key, cell


def _look_at(article: Article, place: Place, desk: Desk, known: _State) -> _State:
    """All that the panel is to know of an article. The page is made anew if it could be another than the known one."""
    rests_on = _find_grounds(article, desk)
    if rests_on and rests_on == known.rests_on:
        return replace(known, article=article)
    page = split_page(article, place, desk)
    head, policy = _open_policy(page.head, (data for name, data in place.files.items() if name.endswith(".html")))
    assets = {asset.name for asset in article.assets}
    names = {name.rpartition("/")[2] for name in place.files} - assets
    return _State(article, replace(page, head=head), policy, frozenset(names), rests_on)


def _find_grounds(article: Article, desk: Desk) -> tuple[Any, ...]:
    """What the templates of our theme make a page of, the article's HTML aside; an author's may use anything."""
    if desk.template_dir:
        return ()
    post, tags = article.post, article.tags
    frames = tuple(asset.name for asset in article.assets if asset.name.endswith(".html"))
    counts = article.words, article.minutes, article.summary, post.freshness
    needs = article.libraries, tags.written, tags.players, frames
    return (post.front, article.headings, counts, needs, desk.name, desk.config)


def split_page(article: Article, place: Place, desk: Desk) -> PageParts:
    """The exporter's page of the article, without it. Raises ``ConfigError`` when the author's template shows none."""
    # The article is given with a mark behind it, which no notebook can write: the safety gate drops comments.
    marked = replace(article, html=join([article.html, _MARK]), known_tags=article.tags)
    page = render_page_at(place, marked, config=desk.config, template_dir=desk.template_dir)
    before, mark, bottom = page.partition(_MARK)
    if not mark or not before.endswith(article.html):
        raise ConfigError("the theme's template does not write `article.html`, so there is nothing to preview")
    head, body, top = before.removesuffix(article.html).partition("<body")
    before_styles, styles, after_styles = _partition_styles(_PRELOAD.sub("", head))
    return PageParts(before_styles + after_styles, styles, body + top, bottom)


_MARK = trusted("<!--nbblog:article-->")
# The fonts are in the style sheet that the panel makes; there is nothing to load before it.
_PRELOAD = re.compile(r'<script data-urls="[^"]*">.*?</script>\n?', re.DOTALL)
_STYLES = re.compile(r"(?<=<style>).*?(?=</style>)", re.DOTALL)
_POLICY = re.compile(r'(?<=http-equiv="Content-Security-Policy" content=")[^"]*')


def _partition_styles(head: str) -> tuple[str, str, str]:
    match = _STYLES.search(head)
    return (head[: match.start()], match[0], head[match.end() :]) if match else (head, "", "")


def _open_policy(head: str, frames: Iterable[bytes]) -> tuple[str, str]:
    """The head with the panel's script, and the policy that lets it and the frames of libraries run.

    A page without an origin has no files beside it: its frames are made in the browser from what the panel hands over,
    and they inherit its policy. So what runs in them is added to it, by its hash."""
    script = preview_script()
    match = _POLICY.search(head)
    if match is None:
        policy = head
    else:
        hashes = [script_hash(script), *(found for frame in frames for found in _frame_hashes(frame))]
        policy = _add_sources(unescape(match[0]), {"script-src": hashes, "frame-src": ["blob:"]})
        head = head[: match.start()] + escape(policy) + head[match.end() :]
    start, tag, end = head.rpartition("</head>")
    return f"{start}<script>{script}</script>{tag}{end}", policy


def _frame_hashes(frame: bytes) -> list[str]:
    match = _POLICY.search(frame[:8192].decode("utf-8", "replace"))
    return re.findall(r"'sha256-[^']*'", unescape(match[0])) if match else []


def _add_sources(policy: str, sources: Mapping[str, Iterable[str]]) -> str:
    directives = []
    for directive in policy.split("; "):
        name, *old = directive.split(" ")
        new = [*(source for source in old if source != "'none'"), *sources.get(name, ())]
        directives.append(" ".join([name, *(dict.fromkeys(new) or ["'none'"])]))
    return "; ".join(directives)


def _compare(state: _State, known: _State) -> dict[str, Any]:
    """What a panel that knows one state must be told of the next; ``None`` stands for what is the same."""
    assert state.article
    pieces = {piece.id: piece.fragment for piece in state.article.pieces}
    before = {piece.id: piece.fragment for piece in known.article.pieces} if known.article else {}
    changed = {id: piece for id, piece in pieces.items() if id not in before or before[id].html != piece.html}
    has = {asset.name for piece in before.values() for asset in piece.assets}
    assets = [asset for piece in changed.values() for asset in piece.assets if asset.name not in has]
    new, old = state.page, known.page
    return {
        "document": new.head if state.policy != known.policy else None,
        "policy": sha256(state.policy.encode()).hexdigest()[:16],
        "styles": new.styles if new.styles != old.styles else None,
        "top": new.top if new.top != old.top else None,
        "bottom": new.bottom if new.bottom != old.bottom else None,
        "order": list(pieces) if list(pieces) != list(before) else None,
        "cells": {id: piece.html for id, piece in changed.items()},
        "files": {asset.name: _write_file(asset) for asset in assets},
        "libraries": sorted(state.files) if state.files != known.files else None,
    }


def _write_file(asset: Asset) -> list[str]:
    return [media_type(asset.name), b64encode(asset.data).decode("ascii")]

"""The post: what the author means. Front matter, and cells in order with their tags and options already obeyed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .notices import Notice

CellKind = Literal["markdown", "code", "raw"]
Show = Literal["show", "fold", "hide"]
Track = Literal["text", "wide", "full"]
Freshness = Literal["unknown", "mixed", "in order", "run"]
"""Of a notebook's outputs: nothing is known; some cells ran out of order or not at all; all ran once, in order, in a
new kernel; they were made by a run of exactly this code."""

OUTPUT_BYTES = 1 << 20
"""How long one output may be in the page, unless the blog says otherwise; of a longer one the beginning is shown."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a post. All text is plain text, never HTML. Quarto's field names."""

    title: str
    subtitle: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    date: datetime.date | None = None
    date_modified: datetime.date | None = None
    categories: tuple[str, ...] = ()
    image: str | None = None
    image_alt: str | None = None
    slug: str = ""
    draft: bool = False
    aliases: tuple[str, ...] = ()
    series: str | None = None
    toc: bool | None = None
    lang: str | None = None
    license: str | None = None
    bibliography: tuple[str, ...] = ()
    echo: bool = True
    code_fold: bool = False


@dataclass(frozen=True, slots=True)
class CellOptions:
    """What the author asked for, after ``#|`` lines, tags and metadata were weighed (in that order)."""

    cell: Show = "show"
    """The whole cell: ``fold`` puts it in a closed ``<details>``."""
    input: Show = "show"
    output: Show = "show"
    stdout: bool = True
    stderr: bool = True
    label: str | None = None
    caption: str | None = None
    """``fig-cap``: inline markup allowed."""
    table_caption: str | None = None
    alt: str | None = None
    """``fig-alt``: plain text."""
    track: Track = "text"
    fold_summary: str | None = None
    """``code-summary``: plain text."""
    fold_open: bool = False
    """A folded input stands open at first (Quarto's ``code-fold: show``)."""
    runnable: bool = False
    evaluate: bool = True
    """Whether the cell is to run when the notebook is executed (``eval``, tag ``skip-execution``)."""
    may_raise: bool = False
    """Tag ``raises-exception``: an error in the output is meant to be there."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Every ``#|`` option, its key with dashes and its value as parsed, for the site's checks."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Text printed to ``stdout`` or ``stderr``; neighbours of the same name are already joined."""

    name: Literal["stdout", "stderr"]
    text: str


@dataclass(frozen=True, slots=True)
class Traceback:
    """An ``error`` output."""

    ename: str
    evalue: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A ``display_data`` or ``execute_result`` output: MIME type → content (strings joined, JSON as parsed)."""

    data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)


Output = Stream | Traceback | Bundle


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that the reader is to see, its text free of surrogates, NUL and control characters."""

    kind: CellKind
    number: int = field(compare=False)
    """The place in the notebook, counted from 1 over all its cells, removed ones included. Two cells are equal
    wherever they stand: others come and go above them."""
    id: str
    """nbformat's cell id, or one made from the content; letters, digits, ``-`` and ``_`` only, unique in the post."""
    source: str
    """The text without option lines."""
    first_line: int = 1
    """The line of the notebook's cell at which ``source`` begins (option lines and front matter are cut off)."""
    language: str = "python"
    """Of a code cell (a ``%%bash`` cell is ``bash``); for a raw cell its MIME type."""
    outputs: tuple[Output, ...] = ()
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    options: CellOptions = CellOptions()


@dataclass(frozen=True, slots=True)
class CodeSource:
    """The text of a code cell, whether or not the reader sees it."""

    number: int
    """That of the ``Cell``."""
    source: str
    """The text without option lines."""
    first_line: int = 1
    """The line of the notebook's cell at which ``source`` begins."""


@dataclass(frozen=True, slots=True)
class Post:
    """A notebook as a post."""

    name: str
    """The notebook's file name, for messages."""
    front: FrontMatter
    cells: tuple[Cell, ...]
    language: str = "python"
    """The kernel's language, in lower case."""
    widget_state: Mapping[str, Any] = field(default_factory=dict)
    """``metadata.widgets["application/vnd.jupyter.widget-state+json"]``, or empty."""
    freshness: Freshness = "unknown"
    notices: tuple[Notice, ...] = ()
    """What reading found; rendering adds its own."""
    code: tuple[CodeSource, ...] = field(default=(), repr=False)
    """Every cell in the kernel's language that runs with the notebook, in order: what a runnable section may need.
    Removed cells are among them, so nothing but such a section's program may be made of it."""

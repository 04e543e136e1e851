"""A notebook becomes a post: cells in order, with everything obeyed that their author said about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Generic, TypeVar

from .config import DEFAULTS, BlogConfig
from .errors import NotebookError
from .freshness import judge
from .frontmatter import Passage, read_front_matter
from .languages import cell_language, find_language
from .notebook import check_notebook, needs_upgrade, newer_minor
from .notices import Notice, NoticeCode, Place
from .option_lines import split_option_lines
from .options import NO_LINES, is_removed, read_options
from .post import Bundle, Cell, CellKind, CellOptions, CodeSource, Output, Post, Stream
from .saved import Report, join_text, read_attachments, read_outputs, read_widget_state
from .text import clean_text, one_line

_KINDS: Mapping[object, CellKind] = {"markdown": "markdown", "code": "code", "raw": "raw"}
_RAW_TYPES = {
    "html": "text/html",
    "latex": "text/latex",
    "markdown": "text/markdown",
    "md": "text/markdown",
    "rst": "text/restructuredtext",
    "text/x-rst": "text/restructuredtext",
}


def read_post(notebook: Mapping[str, Any], *, name: str, config: BlogConfig = DEFAULTS) -> Post:
    """The post in a parsed notebook of format 4 (a ``NotebookNode`` will do); ``name`` is its file's name.

    Raises ``NotebookError`` for what is no notebook and for formats that want ``nbformat.convert`` first. Whatever else
    is missing, misspelt or of the wrong type is read as far as it goes, and said in ``notices``."""
    return Reader().read(notebook, name=name, config=config)


class Reader:
    """Reads a notebook again and again while it changes. A cell is read anew only when its mapping is another object
    than last time, or in another place: so nobody may write into a mapping that was read."""

    def __init__(self) -> None:
        self._written = _Memory[_Written]()
        self._cells = _Memory[Cell | None]()

    def read(self, notebook: Mapping[str, Any], *, name: str, config: BlogConfig = DEFAULTS) -> Post:
        """As ``read_post``."""
        check_notebook(notebook, name)
        if needs_upgrade(notebook):
            raise NotebookError(name, "has a notebook format before 4; open it in Jupyter and save it to upgrade it")
        findings = _Findings()
        if (minor := newer_minor(notebook)) is not None:
            findings.add(NoticeCode.NOTEBOOK_NEWER, f"the notebook has format 4.{minor}")
        metadata = _mapping(notebook.get("metadata"), "`metadata`", findings.reporter())
        language = find_language(metadata)
        written = self._read_written(notebook.get("cells"), findings)
        head = read_front_matter([cell.passage for cell in written], metadata, name=name, config=config)
        defaults = _Defaults(language, head.front.echo, head.front.code_fold)
        texts = [cell if passage is cell.passage else replace(cell, passage=passage)
                 for cell, passage in zip(written, head.passages, strict=True)]  # fmt: skip
        cells = [self._read_cell(text, defaults, findings) for text in texts]
        for memory in (self._written, self._cells):
            memory.forget_after(texts[-1].number if texts else 0)
        widgets = read_widget_state(metadata, findings.reporter())
        notices = tuple(notice for notice in (*head.notices, *findings.notices) if notice.code not in config.ignore)
        seen = tuple(cell for cell in cells if cell is not None)
        fresh = judge(notebook, findings.code)
        return Post(name, head.front, seen, language, widgets, fresh, notices, tuple(findings.code))

    def _read_written(self, cells: object, findings: _Findings) -> list[_Written]:
        if not isinstance(cells, list | tuple):
            findings.add(NoticeCode.NOTEBOOK_MALFORMED, "there is no list of cells")
            return []
        ids: dict[str, int] = {}
        written: list[_Written] = []
        for number, parts in enumerate(cells, 1):
            if isinstance(parts, Mapping):
                known = self._written.last(number, parts)
                own_id = known.own_id if known else _own_id(parts)
                place = number, _unique_id(own_id, ids), own_id
                written.append(self._written.recall(parts, place, findings, _read_parts))
            else:
                findings.add(NoticeCode.NOTEBOOK_MALFORMED, "the cell is not a mapping", Place(number))
        return written

    def _read_cell(self, cell: _Written, defaults: _Defaults, findings: _Findings) -> Cell | None:
        return self._cells.recall(cell, (cell.number, defaults), findings, _read_cell)


class _Findings:
    """The notices of one reading, and the code that runs whether it is seen or not."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.code: list[CodeSource] = []

    def add(self, kind: NoticeCode, detail: str, place: Place = Place()) -> None:
        self.notices.append(Notice(kind, detail, place))

    def reporter(self, place: Place = Place()) -> Report:
        """A function that adds findings at one place."""
        return lambda kind, detail: self.add(kind, detail, place)

    def extend(self, others: _Findings) -> None:
        if others.notices:
            self.notices += others.notices
        if others.code:
            self.code += others.code


_Read = TypeVar("_Read")
_Source = TypeVar("_Source")
_Around = TypeVar("_Around", bound=tuple[Any, ...])


class _Memory(Generic[_Read]):
    """What was read of the cell at each place, and from what."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, tuple[Any, ...], _Read, _Findings]] = {}

    def last(self, number: int, source: object) -> _Read | None:
        """What was read of the cell at this place, if it was read from this very ``source``."""
        known = self._known.get(number)
        return known[2] if known and known[0] is source else None

    def recall(
        self,
        source: _Source,
        around: _Around,
        findings: _Findings,
        read: Callable[[_Source, _Around, _Findings], _Read],
    ) -> _Read:
        """``read(source, around, findings)``, or what it came to last time, if this is the very same ``source`` with
        an equal ``around``, whose first is the cell's number."""
        known = self._known.get(around[0])
        if known is None or known[0] is not source or known[1] != around:
            own = _Findings()
            known = self._known[around[0]] = (source, around, read(source, around, own), own)
        findings.extend(known[3])
        return known[2]

    def forget_after(self, number: int) -> None:
        """Keep nothing of the cells that stood behind this one."""
        for gone in [known for known in self._known if known > number]:
            del self._known[gone]


@dataclass(frozen=True, slots=True)
class _Written:
    """A cell as it stands in the notebook, its text joined and clean."""

    number: int
    id: str
    own_id: str
    """The same without the number that tells it from another's."""
    kind: CellKind
    passage: Passage
    metadata: Mapping[str, Any]
    parts: Mapping[str, Any]
    """All that the notebook has of the cell."""

    @property
    def source(self) -> str:
        return self.passage.source

    @property
    def first_line(self) -> int:
        return self.passage.first_line

    @property
    def place(self) -> Place:
        return self.passage.place

    def bare(self) -> Cell:
        """The cell without options and outputs."""
        return Cell(self.kind, self.number, self.id, self.source, self.first_line)


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What the notebook's head says of all its cells."""

    language: str
    echo: bool
    code_fold: bool


def _mapping(value: object, what: str, report: Report) -> Mapping[str, Any]:
    """``value`` if it is a mapping, else an empty one, with a finding unless it is simply missing."""
    if isinstance(value, Mapping):
        return value
    if value is not None:
        report(NoticeCode.NOTEBOOK_MALFORMED, f"{what} is not a mapping")
    return {}


# --- Cells ----------------------------------------------------------------------------------------------------------


def _read_parts(parts: Mapping[str, Any], where: tuple[int, str, str], findings: _Findings) -> _Written:
    source = _written_source(parts)
    kind = parts.get("cell_type")
    place = Place(*where[:2])
    if source is None:
        findings.add(NoticeCode.NOTEBOOK_MALFORMED, "the cell's source is not text", place)
    text = clean_text(source or "")
    known = _KINDS.get(kind) if isinstance(kind, str) else None
    if kind == "heading":
        known, text = "markdown", _heading(text, parts.get("level"))
    elif known is None:
        findings.add(NoticeCode.CELL_TYPE_UNKNOWN, f"the cell's type is `{one_line(str(kind)[:40])}`", place)
        known = "code" if parts.get("outputs") else "markdown"
    metadata = _mapping(parts.get("metadata"), "the cell's metadata", findings.reporter(place))
    passage = Passage(known, text, place, known != "code" and is_removed(metadata))
    return _Written(*where, known, passage, metadata, parts)


def _written_source(parts: Mapping[str, Any]) -> str | None:
    return join_text(parts.get("source", parts.get("input", "")))


def _heading(text: str, level: object) -> str:
    """nbformat 3's heading cell in Markdown."""
    depth = min(max(level, 1), 6) if isinstance(level, int) else 1
    return f"{'#' * depth} {' '.join(text.split())}"


def _own_id(parts: Mapping[str, Any]) -> str:
    """The cell's id in letters, digits, ``-`` and ``_``; of its content where it has none."""
    written = parts.get("id")
    if isinstance(written, str) and (cell_id := re.sub(r"[^A-Za-z0-9_-]", "", written)[:64]):
        return cell_id
    content = f"{parts.get('cell_type')}\n{_written_source(parts)}"
    return sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _unique_id(cell_id: str, taken: dict[str, int]) -> str:
    """The id, numbered if another cell has it already."""
    unique, number = cell_id, taken.get(cell_id, 1)
    while unique in taken:
        number += 1
        unique = f"{cell_id}-{number}"
    taken[cell_id] = number
    taken[unique] = 1
    return unique


def _read_cell(cell: _Written, around: tuple[int, _Defaults], findings: _Findings) -> Cell | None:
    """The cell as its reader is to see it, or ``None`` when nothing of it is to be seen."""
    if cell.kind == "code":
        return _read_code(cell, around[1], findings)
    read = read_options(NO_LINES, cell.metadata)
    _report_options(read.problems, cell, findings)
    options = read.options
    if "hide" in (options.cell, options.input) or not cell.source.strip():
        return None
    attachments: dict[str, bytes] = {}
    if "attachment:" in cell.source:  # deleted pictures stay behind in many notebooks
        attachments = read_attachments(cell.parts.get("attachments"), findings.reporter(cell.place))
    mime = _raw_type(cell.metadata) if cell.kind == "raw" else "markdown"
    return replace(cell.bare(), language=mime, attachments=attachments, options=options)


def _raw_type(metadata: Mapping[str, Any]) -> str:
    """The MIME type of a raw cell, or empty: nbformat's ``format``, and the older ``raw_mimetype``."""
    for key in ("format", "raw_mimetype"):
        if isinstance(written := metadata.get(key), str) and written.strip():
            mime = clean_text(written).strip().lower()
            return _RAW_TYPES.get(mime, mime)
    return ""


def _read_code(cell: _Written, defaults: _Defaults, findings: _Findings) -> Cell | None:
    language = cell_language(cell.source, cell.metadata, defaults.language)
    lines = split_option_lines(cell.source, language)
    read = read_options(lines, cell.metadata, echo=defaults.echo, code_fold=defaults.code_fold)
    _report_options(read.problems, cell, findings)
    options = read.options
    first_line = cell.first_line + lines.lines_cut
    if options.evaluate and language == defaults.language:
        # Lines that are hidden from readers run all the same.
        whole = CodeSource(cell.number, cell.source, cell.first_line)
        own = CodeSource(cell.number, lines.source, first_line)
        findings.code.append(whole if "hide_line" in cell.source else own)
    if options.cell == "hide":
        return None
    if _is_preview(cell.parts.get("outputs")):
        return None
    outputs: tuple[Output, ...] = ()
    if options.output != "hide":
        saved = read_outputs(cell.parts.get("outputs"), findings.reporter(cell.place))
        outputs = _shown(saved, options, cell.metadata)
    # The page needs the program of a runnable cell even where its text is not shown.
    source = lines.source if options.input != "hide" or options.runnable else ""
    if not source.strip() and not outputs:
        return None
    return replace(
        cell.bare(), source=source, first_line=first_line, language=language, outputs=outputs, options=options
    )


def _is_preview(outputs: object) -> bool:
    """Whether the cell is the author's ``nbblog.preview()``, and so no part of what it shows."""
    found = outputs if isinstance(outputs, list) else []
    metadata = [output.get("metadata") for output in found if isinstance(output, Mapping)]
    marks = [one.get("nbblog") for one in metadata if isinstance(one, Mapping)]
    return any(isinstance(mark, Mapping) and mark.get("preview") is True for mark in marks)


def _shown(outputs: tuple[Output, ...], options: CellOptions, metadata: Mapping[str, Any]) -> tuple[Output, ...]:
    """The outputs that are wanted. The cell's ``alt`` serves pictures that have none of their own, and text printed
    with ``output: asis`` is Markdown, as in Quarto."""
    alt = metadata.get("alt")
    shown: list[Output] = []
    for output in outputs:
        if isinstance(output, Stream):
            if not (options.stdout if output.name == "stdout" else options.stderr):
                continue
            if output.name == "stdout" and options.options.get("output") == "asis":
                output = Bundle({"text/markdown": clean_text(output.text)})
        elif isinstance(output, Bundle) and isinstance(alt, str):
            output = Bundle(output.data, {"alt": clean_text(alt), **output.metadata})
        shown.append(output)
    return tuple(shown)


def _report_options(
    problems: tuple[tuple[NoticeCode, str, int | None], ...], cell: _Written, findings: _Findings
) -> None:
    for kind, detail, line in problems:
        findings.add(kind, detail, replace(cell.place, line=line))

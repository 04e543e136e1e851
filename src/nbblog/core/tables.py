"""The HTML tables of data frames made fit to read: their cells only, headers with scopes, numbers to the right.

Works on a notebook's HTML before it goes through the gate, so nothing here has to be safe: what it writes is sanitised
like everything else. It reads the tags that make up tables and no others; a tag ends at the next ``<`` at the latest,
which keeps the time in proportion to the length whatever is in it. Tables within cells are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape, unescape

from .post import OUTPUT_BYTES
from .styler import StylerRules, read_styler_rules

MOST_ROWS = 2000
"""A longer table is cut; so is one whose HTML grows beyond what is asked for."""
_MOST_COLUMNS = 1000

# To the tag's end, past quoted values, but never past the next tag.
_REST = r"[^<>\"']*(?:\"[^\"<]*\"[^<>\"']*|'[^'<]*'[^<>\"']*)*"
_TAG = re.compile(
    # A whole cell of text is one match: most cells are, and tables can have thousands.
    rf"<(?P<cell>td|th)\b(?P<given>{_REST})>(?P<text>[^<]*)</(?P=cell)\s*>"
    r"|<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>style|script|textarea|xmp)\b[^<>]*>(?P<content>.*?)(?:</(?P=raw)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<name>table|thead|tbody|tfoot|tr|th|td|caption|colgroup|col)\b"
    rf"(?P<attributes>{_REST})>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_ANY_TAG = re.compile(r"<[^<>]*>")
_NUMBER = re.compile(
    r"[-+−±~<>≤≥(]?\s*[$€£¥]?\s*[-+−]?(?:\d[\d,_' \u00a0\u202f]*(?:[.,]\d*)?|\.\d+|inf|∞)(?:[eE][-+]?\d+)?"
    r"(?:j|\s*%|\s*[€£¥]|\s*±.*)?\)?",
)
_NO_VALUE = frozenset({"", "nan", "none", "nat", "<na>", "na", "null", "missing", "...", "…", "⋮", "-", "–", "—"})
_StyleOf = Callable[[str, Mapping[str, str]], str]
_BLANK = frozenset({"", "&nbsp;", "\N{NO-BREAK SPACE}"})
_KEPT = ("colspan", "rowspan", "title", "scope")


@dataclass(slots=True)
class _Cell:
    name: str
    attributes: str
    start: int
    content: str = ""


@dataclass(slots=True)
class _Row:
    section: str
    cells: list[_Cell] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    attributes: dict[str, str]
    rows: list[_Row] = field(default_factory=list)
    caption: str = ""
    label: str = ""
    strays: list[str] = field(default_factory=list)
    """What stood between the rows, where HTML allows nothing: browsers show it before the table."""


def tidy_tables(html: str, *, caption: str = "", label: str = "", most: int = OUTPUT_BYTES) -> str:
    """``html`` with each of its tables in a scroll box of its own, without borders, alignments and style sheets.

    The styles that a pandas Styler gives to single cells are written into them; a column of numbers gets the class
    ``nb-num``; empty header cells become plain ones. ``caption`` (HTML) is for the first table that has none, and
    ``label`` is the same in plain text. Of a table of more than ``most`` characters the first rows stay."""
    if "<table" not in html and "<TABLE" not in html:
        return html
    written: list[str] = []
    rules = StylerRules()
    for piece in _read(html):
        if isinstance(piece, StylerRules):
            rules.update(piece)
        elif isinstance(piece, str):
            written.append(piece)
        else:
            if caption and not piece.caption:
                piece.caption, piece.label, caption = caption, label, ""
            written.append(_write_table(piece, rules, most))
    return "".join(written)


def _read(html: str) -> Iterator[str | StylerRules | _Table]:
    """The text between tables, style sheets, and tables, as they come."""
    end = 0
    tags = _TAG.finditer(html)
    for match in tags:
        name = (match["name"] or "").lower()
        is_style = (match["raw"] or "").lower() == "style"
        if is_style or name == "table":
            yield html[end : match.start()]
            end = match.end()
        if is_style:
            yield read_styler_rules(match["content"])
        if name == "table" and not match["end"]:
            reader = _TableReader(html, match)
            end = reader.read(tags)
            yield reader.table
    yield html[end:]


class _TableReader:
    """Reads one table; elements that are not closed end where the next one begins, as in browsers."""

    def __init__(self, html: str, start: re.Match[str]) -> None:
        self._html = html
        self._depth = 1
        self._section = ""
        self._cell: _Cell | None = None
        self._after = start.end()
        self.table = _Table(_attributes(start["attributes"]))

    def read(self, tags: Iterator[re.Match[str]]) -> int:
        """Takes tags up to the table's end; returns where that is."""
        for match in tags:
            if match["cell"]:
                if self._depth == 1:
                    self._close_cell(match.start())
                    self._after = match.end()
                    self._add_cell(_Cell(match["cell"].lower(), match["given"], 0, match["text"].strip()))
                continue
            name = (match["name"] or "").lower()
            if name == "table":
                self._depth += -1 if match["end"] else 1
                if self._depth == 0:
                    self._close_cell(match.start())
                    return match.end()
            elif name and self._depth == 1:
                self._take(name, match)
        self._close_cell(len(self._html))
        return len(self._html)

    def _take(self, name: str, match: re.Match[str]) -> None:
        self._close_cell(match.start())
        self._after = match.end()
        if match["end"]:
            if name in ("thead", "tbody", "tfoot"):
                self._section = ""
        elif name in ("thead", "tbody", "tfoot"):
            self._section = name
        elif name == "tr":
            self.table.rows.append(_Row(self._section))
        elif name in ("th", "td", "caption"):
            self._cell = _Cell(name, match["attributes"], match.end())
            if name != "caption":
                self._add_cell(self._cell)

    def _add_cell(self, cell: _Cell) -> None:
        if not self.table.rows:
            self.table.rows.append(_Row(self._section))
        row = self.table.rows[-1]
        # Of rows that will not be shown one cell is enough to count them.
        if not row.cells or len(self.table.rows) <= 2 * MOST_ROWS:
            row.cells.append(cell)

    def _close_cell(self, end: int) -> None:
        cell = self._cell
        if cell is None:
            stray = self._html[self._after : end]
            if stray and not stray.isspace():
                self.table.strays.append(stray)
            return
        cell.content = self._html[cell.start : end].strip()
        if cell.name == "caption":
            self.table.caption = cell.content
        self._cell = None


def _attributes(text: str) -> dict[str, str]:
    if "=" not in text:
        return {}
    found = _ATTRIBUTE.findall(text)
    return {name.lower(): (double or single or bare).replace('"', "&quot;") for name, double, single, bare in found}


def _plain(html: str) -> str:
    text = _ANY_TAG.sub("", html) if "<" in html else html
    return (unescape(text) if "&" in text else text).strip()


def _write_table(table: _Table, rules: StylerRules, most: int) -> str:
    rows = [row for row in table.rows if row.cells]
    _find_head(rows)
    numeric = _numeric_columns(rows)
    style = partial(rules.style_of, table.attributes.get("id", ""))
    section, size, shown = "", 0, 0
    grid = _Grid()
    written: list[str] = []
    for row in rows:
        if shown == MOST_ROWS or size > most:
            break
        if row.section != section:
            written.append(f"</{section}><{row.section}>" if section else f"<{row.section}>")
            section = row.section
        html = "".join(_write_cell(cell, section, column in numeric, style) for column, cell in grid.place(row))
        written.append(f"<tr>{html}</tr>")
        size += len(html)
        shown += section == "tbody"
    left = sum(row.section == "tbody" for row in rows) - shown
    return _frame(table, "".join(written) + (f"</{section}>" if section else ""), left)


def _frame(table: _Table, rows: str, left: int) -> str:
    """The table with what goes around its rows; ``left`` are the rows left out."""
    class_ = table.attributes.get("class")
    start = f'<table class="{class_}">' if class_ else "<table>"
    caption = f"<caption>{table.caption}</caption>" if table.caption else ""
    note = f"<p>… {left:,} more rows</p>" if left else ""
    # A group, not a region: a page may have many tables, and regions are landmarks with names of their own.
    box = f'<div class="nb-table" role="group" tabindex="0" aria-label="{_label(table)}">'
    return f"{''.join(table.strays)}{box}{start}{caption}{rows}</table></div>{note}"


def _label(table: _Table) -> str:
    caption = " ".join((table.label or _plain(table.caption)).split())
    return escape(f"Table: {caption}" if caption else "Table")


def _find_head(rows: list[_Row]) -> None:
    """Give every row its section: without ``thead``, a first row of headers only is the head."""
    if rows and not any(row.section == "thead" for row in rows) and all(cell.name == "th" for cell in rows[0].cells):
        rows[0].section = "thead"
    for row in rows:
        row.section = row.section or "tbody"
    _merge_index_names(rows)


def _merge_index_names(rows: list[_Row]) -> None:
    """pandas writes the names of columns and of the index in two rows, each empty where the other is not: one row."""
    last = sum(row.section == "thead" for row in rows) - 1
    if last < 1:
        return
    names, index = rows[last - 1].cells, rows[last].cells
    if len(names) != len(index) or any("span" in cell.attributes for cell in (*names, *index)):
        return
    width = next((at for at, cell in enumerate(names) if cell.content not in _BLANK), 0)
    if width and all((cell.content in _BLANK) == (at >= width) for at, cell in enumerate(index)):
        rows[last - 1].cells = [*index[:width], *names[width:]]
        del rows[last]


class _Grid:
    """Gives cells their columns, counted from 0, over cells that span several rows or columns."""

    def __init__(self) -> None:
        self._taken: dict[int, int] = {}
        """Column → how many more rows a cell from above covers it."""

    def place(self, row: _Row) -> Iterable[tuple[int, _Cell]]:
        if not self._taken and not any("span" in cell.attributes for cell in row.cells):
            return enumerate(row.cells)
        return self._place_around(row)

    def _place_around(self, row: _Row) -> list[tuple[int, _Cell]]:
        covered = {column for column, rows in self._taken.items() if rows > 0}
        self._taken = {column: rows - 1 for column, rows in self._taken.items() if rows > 1}
        placed, column = [], 0
        for cell in row.cells:
            while column in covered:
                column += 1
            placed.append((column, cell))
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if height > 1:
                columns = range(column, min(column + width, _MOST_COLUMNS))
                self._taken.update((covered_column, height - 1) for covered_column in columns)
            column += width
        return placed


def _span(cell: _Cell, name: str) -> int:
    value = _attributes(cell.attributes).get(name, "1") if name in cell.attributes else "1"
    return min(max(int(value), 1), _MOST_COLUMNS) if value.isdecimal() and len(value) < 9 else 1


def _numeric_columns(rows: list[_Row]) -> set[int]:
    """Columns whose cells in the body are numbers, or have no value; at least one number."""
    numeric: set[int] = set()
    other: set[int] = set()
    grid = _Grid()
    for row in rows[:MOST_ROWS]:
        for column, cell in grid.place(row):
            if row.section != "tbody" or cell.name == "th" or column in other:
                continue
            text = _plain(cell.content)
            if _NUMBER.fullmatch(text):
                numeric.add(column)
            elif text.lower() not in _NO_VALUE:
                other.add(column)
    return numeric - other


def _write_cell(cell: _Cell, section: str, is_number: bool, style_of: _StyleOf) -> str:
    name = cell.name if cell.content not in _BLANK else "td"
    written = f"<{name}"
    given = _attributes(cell.attributes) if cell.attributes else {}
    for key in _KEPT if given else ():
        if key in given and (key != "scope" or name == "th"):
            written += f' {key}="{given[key]}"'
    if name == "th" and "scope" not in given:
        written += ' scope="row"' if section == "tbody" else ' scope="col"'
    if is_number and cell.content:
        written += ' class="nb-num"'
    style = style_of(cell.name, given) if given else ""
    if style:
        written += f' style="{style}"'
    return f"{written}>{cell.content}</{name}>"

"""Pipe tables: a rule for the parser.

Source of the rules: the GitHub Flavored Markdown Specification 0.29, section 4.10. One is added: a bar within double
brackets or within a formula does not end a cell, as Jupyter takes formulas out before it looks for tables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..notices import NoticeCode
from .spans import report

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

MOST_CELLS = 20_000
"""A table of more is shown as the text it was typed as."""

_RULER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
# A cell's text: an escape, brackets, a formula (a dollar that touches a letter or digit behind it ends none), a char.
_CELL = re.compile(
    r"(?:\\.|\[\[[a-z]+:[^\[\]]{1,2000}\]\]|\$(?![\s$])[^$|]*\|[^$]{0,400}?(?<![\s\\])\$(?![\w$])|\$\$[^$]{1,400}\$\$|[^|\\])*",
    re.DOTALL,
)


_NUMBER = re.compile(
    r"[-+−±~≈<>≤≥]{0,2}\s*[$€£¥]?\s*[-−]?\d[\d.,_'\u00a0\u202f]*(?:e[-+]?\d+)?\s*(?:%|[$€£¥])?", re.IGNORECASE
)
_NO_VALUE = frozenset({"", "-", "–", "—", "n/a", "nan"})


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A header, a ruler with as many columns, and rows until a blank line or another block."""
    if start + 2 > end or state.sCount[start + 1] < state.blkIndent or state.is_code_block(start + 1):
        return False
    ruler = _line(state, start + 1)
    # A ruler of one column without a bar is a heading's underline or a list's dash; only a bar above makes it ours.
    if ruler[:1] not in "|-:" or not _RULER.fullmatch(ruler) or state.is_code_block(start):
        return False
    header = _line(state, start)
    if "|" not in header:
        return False
    aligns = [_read_align(cell) for cell in split_row(ruler)]
    names = split_row(header)
    if len(names) != len(aligns) or (ruler.startswith("- ") and "|" not in ruler):
        return False
    if not silent:
        _push_table(state, start, end, names, aligns)
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def _read_align(cell: str) -> str:
    return {(True, True): "center", (False, True): "right", (True, False): "left"}.get(
        (cell.startswith(":"), cell.endswith(":")), ""
    )


def split_row(row: str) -> list[str]:
    """The cells of a row, trimmed; an outer bar on either side makes none."""
    cells = []
    pos = 0
    while True:
        match = _CELL.match(row, pos)
        stop = match.end() if match else pos
        cells.append(row[pos:stop].strip().replace("\\|", "|"))
        if stop >= len(row):
            break
        pos = stop + 1
    if len(cells) > 1 and cells[0] == "":
        cells.pop(0)
    if len(cells) > 1 and cells[-1] == "":
        cells.pop()
    return cells


def _push_table(state: StateBlock, start: int, end: int, names: list[str], aligns: list[str]) -> None:
    rows = _read_rows(state, start + 2, end)
    state.line = start + 2 + len(rows)
    if len(names) * (len(rows) + 1) > MOST_CELLS:
        token = state.push("plain", "", 0)
        token.content = state.getLines(start, state.line, state.blkIndent, False)
        token.map = [start, state.line]
        report(state.env, NoticeCode.MARKDOWN_TOO_LARGE, f"a table of {len(rows)} rows", start)
        return
    numeric = _find_numeric(rows, aligns)
    state.push("table_open", "table", 1).map = [start, state.line]
    state.push("thead_open", "thead", 1)
    _push_row(state, start, "th", names, aligns, numeric)
    state.push("thead_close", "thead", -1)
    if rows:
        state.push("tbody_open", "tbody", 1)
        for number, cells in enumerate(rows, start=start + 2):
            if len(cells) > len(aligns):
                report(state.env, NoticeCode.TABLE_CELLS_DROPPED, " | ".join(cells[len(aligns) :]), number)
            _push_row(state, number, "td", cells, aligns, numeric)
        state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)


def _read_rows(state: StateBlock, line: int, end: int) -> list[list[str]]:
    enders = state.md.block.ruler.getRules("blockquote")
    rows = []
    while line < end and state.sCount[line] >= state.blkIndent and not state.is_code_block(line):
        text = _line(state, line)
        if not text or any(ender(state, line, end, True) for ender in enders):
            break
        rows.append(split_row(text))
        line += 1
    return rows


def _find_numeric(rows: list[list[str]], aligns: list[str]) -> set[int]:
    """The columns that hold numbers and nothing else, where the author did not say how they are aligned."""
    numeric = set()
    for column in (column for column, align in enumerate(aligns) if not align):
        cells = [row[column] for row in rows if column < len(row) and row[column].lower() not in _NO_VALUE]
        if cells and all(len(cell) < 40 and _NUMBER.fullmatch(cell) for cell in cells):
            numeric.add(column)
    return numeric


def _push_row(state: StateBlock, line: int, tag: str, cells: list[str], aligns: list[str], numeric: set[int]) -> None:
    state.push("tr_open", "tr", 1)
    for number, align in enumerate(aligns):
        opened = state.push(f"{tag}_open", tag, 1)
        if align:
            opened.attrs = {"style": f"text-align:{align}"}
        elif number in numeric:
            opened.attrs = {"class": "nb-num"}
        content = state.push("inline", "", 0)
        content.content = cells[number] if number < len(cells) else ""
        content.map = [line, line + 1]
        content.children = []
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)

"""Parts as HTML and as text for the notebook's own file: what a reader sees there when nothing runs."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from html.parser import HTMLParser

from ..shared.plotting import plot_text
from ..shared.showing import Part
from .charts import draw
from .controls import Control


def parts_html(parts: Sequence[Part], *, inline: bool) -> str:
    """One piece of HTML for all parts. A chart is an element where ``inline``, else a picture: sites that show
    notebooks take elements out."""
    return "\n".join(_part_html(part, inline=inline) for part in parts)


def _part_html(part: Part, *, inline: bool) -> str:
    kind = part["kind"]
    if kind in ("table", "html"):
        return str(part["html"])
    if kind == "plot":
        svg = draw(part["spec"])
        return (svg if inline else _picture("image/svg+xml", svg, part["spec"]["title"] or "")) if svg else _pre(part)
    if kind == "image":
        return _picture(part["mime"], part["data"], "")
    if kind == "prose":
        return f"<p>{escape(part['text'])}</p>"
    return _pre(part)


def _pre(part: Part) -> str:
    return f"<pre>{escape(part_text(part))}</pre>"


def _picture(mime: str, content: str, alternative: str) -> str:
    encoded = b64encode(content.encode()).decode() if mime == "image/svg+xml" else content
    return f'<img alt="{escape(alternative)}" src="data:{mime};base64,{encoded}">'


def part_text(part: Part) -> str:
    """One part for a terminal."""
    kind = part["kind"]
    if kind == "plot":
        return plot_text(part["spec"])
    if kind in ("table", "html"):
        return html_text(part["html"])
    if kind == "image":
        return "(a picture)"
    return str(part["traceback"] if kind == "error" else part["text"]).rstrip("\n")


class _Reader(HTMLParser):
    """The rows of the tables in a piece of HTML, and the text outside them as rows of one cell."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("style", "script"):
            self._silent += 1
        elif tag in ("tr", "p", "div", "table"):
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if self._silent or not data.strip():
            return
        if not self.rows:
            self.rows.append([])
        if not self.rows[-1]:
            self.rows[-1].append("")
        self.rows[-1][-1] += data


def html_text(html: str) -> str:
    """The text of HTML, table cells in columns."""
    reader = _Reader()
    reader.feed(html)
    rows = [[" ".join(cell.split()) for cell in row] for row in reader.rows if row]
    count = max(map(len, rows), default=0)
    widths = [max((len(row[place]) for row in rows if place < len(row) > 1), default=0) for place in range(count)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: list[str], widths: list[int]) -> str:
    if len(row) == 1:
        return row[0]
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()


def section_html(title: str, controls: Iterable[Control], parts: Sequence[Part]) -> str:
    """The default state, complete, without style sheets or scripts."""
    head = f"<p><strong>{escape(title)}</strong></p>\n" if title else ""
    settings = " · ".join(f"{escape(label)}: <b>{escape(value)}</b>" for label, value in _settings(controls))
    shown = f"<p>{settings}</p>\n" if settings else ""
    return f"<div>\n{head}{shown}{parts_html(parts, inline=False)}\n</div>"


def section_text(title: str, controls: Iterable[Control], parts: Sequence[Part]) -> str:
    """The default state for a terminal."""
    settings = ", ".join(f"{label}: {value}" for label, value in _settings(controls))
    return "\n".join(filter(None, [title, settings, *map(part_text, parts)]))


def _settings(controls: Iterable[Control]) -> Iterable[tuple[str, str]]:
    for control in controls:
        if control.stops:
            yield control.label, f"{control.labels[control.default]} {control.unit}".strip()
        elif control.kind in ("text", "number"):
            yield control.label, str(control.value)

"""A chart drawn from data by the site's own library: the element, and what stands there without JavaScript.

The element keeps three children: what is seen until the chart is drawn, the figures as a table (which stay, for
those who cannot see the chart), and the data for the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nbblog.core.html import Safe, escape, join, tag, trusted
from nbblog.core.island import render_island

MAX_ROWS = 200
"""Rows of the table of figures: more would double the page for no reader's gain."""
MAX_COLUMNS = 20
HEIGHTS = (80, 1600)
"""The least and the greatest height in CSS pixels that is kept free for a chart before it is drawn."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A table: column names, the first rows, and how many rows there are in all."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What is known of a chart without drawing it. All text is plain text."""

    library: str
    """``plotly`` or ``vega``."""
    title: str
    description: str
    height: int
    """In CSS pixels, as it will be drawn."""
    figures: tuple[Figures, ...] = ()
    dialect: str = ""
    """``lite`` for Vega-Lite."""


def render_chart(chart: Chart, island: str | None, fallback: Safe, alt: str = "") -> Safe:
    """The chart as an output. ``island`` is its JSON, or ``None`` where it cannot be drawn and the words must do.
    ``fallback`` is a picture of it, or empty; ``alt`` is what its author says that it shows, or empty."""
    words = fallback or render_words(chart.title, alt or chart.description)
    low, high = HEIGHTS
    height = min(max(chart.height, low), high)
    style = f"--nb-height:{height}px" if island is not None else None
    parts = [tag("div", words, class_="nb-plot-fallback", style=style)]
    parts += [_render_figures(chart.figures)] if chart.figures else []
    parts += [render_island(island)] if island is not None else []
    name = f"nbblog-{chart.library}" if island is not None else "div"
    kind = chart.dialect or None
    element = tag(name, join(parts), class_="nb-plot", role="figure", aria_label=alt or chart.title, data_kind=kind)
    return tag("div", element, class_=f"nb-output nb-{chart.library}")


def render_words(title: str, description: str) -> Safe:
    """A title and a sentence, where there is no picture."""
    return join(
        [tag("p", escape(title), class_="nb-plot-title"), tag("p", escape(description), class_="nb-plot-words")]
    )


def _render_figures(tables: Sequence[Figures]) -> Safe:
    content = [tag("summary", escape("Figures as a table")), *map(_render_table, tables)]
    return tag("details", join(content), class_="nb-plot-figures")


def _render_table(figures: Figures) -> Safe:
    columns = figures.columns[:MAX_COLUMNS]
    head = join([tag("th", escape(name), scope="col") for name in columns])
    body = [join([_render_number(cell) for cell in row[:MAX_COLUMNS]]) for row in figures.rows[:MAX_ROWS]]
    rows = join([tag("tr", row) for row in body])
    table = trusted(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    box = tag("div", table, class_="nb-table", role="region", tabindex=0, aria_label="Table: figures of the chart")
    left = figures.total - len(body)
    return join([box, tag("p", escape(f"… and {left:,} more rows"))]) if left > 0 else box


def _render_number(value: Any) -> Safe:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return tag("td", escape(plain(value)))
    return tag("td", escape(f"{value:.6g}" if isinstance(value, float) else str(value)[:40]), class_="nb-num")


def plain(value: Any) -> str:
    """A value of a data set as short text."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else repr(value) if isinstance(value, (int, float)) else str(value)[:200]
    return text if len(text) <= 200 else text[:199] + "…"

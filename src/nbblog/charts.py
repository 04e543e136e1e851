"""``draw_chart``: the picture of an ``nbblog.plot``, for the notebook, the command line and the page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .core.sections.chart import WIDTH, ChartRenderer

__all__ = ["WIDTH", "chart_script", "draw_chart"]


@cache
def chart_script() -> str:
    """The script that draws: it declares ``drawChart(spec, width)``, which returns an SVG element as text."""
    return (Path(__file__).parent / "browser" / "chart.js").read_text("utf-8")


draw_chart = ChartRenderer(chart_script)
"""``draw_chart(spec, width=640)`` is one ``svg`` element as text, with its own size, readable by itself and in a page.

``spec`` is a plot's specification (docs/reference/sections.md); what is wrong in it is left out. Never raises."""

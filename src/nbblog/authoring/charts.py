"""``plot`` in the notebook: the chart of ``shared/plotting.py`` with its picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import wraps
from typing import Any

from ..shared import plotting


class Plot(plotting.Plot):
    """A chart that Jupyter can show."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        svg = draw(self.spec)
        return {**({"image/svg+xml": svg} if svg else {}), "text/plain": plotting.plot_text(self.spec)}


@wraps(plotting.plot)
def plot(x: Iterable[object], y: Iterable[object] | Mapping[str, Iterable[object]], **options: Any) -> Plot:
    return Plot(plotting.plot(x, y, **options).spec)



def draw(spec: Mapping[str, Any]) -> str:
    """The chart as an SVG element; empty where it cannot be drawn."""
    # Imported here: the page needs no JavaScript engine, and a notebook only for its first chart.
    from ..charts import draw_chart

    return draw_chart(spec)

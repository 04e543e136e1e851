"""Charts of ``nbblog.plot`` as SVG, by ``browser/chart.js`` in a QuickJS engine that has no disk, network or clock.

The reader's browser runs the same script, so a chart looks the same wherever it was drawn. Hosts take
``nbblog.charts.draw_chart``, which is this with the script that comes with the package.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nbblog.core.html import Safe, tag, trusted
from nbblog.core.island import write_json

if TYPE_CHECKING:
    from quickjs import Context

LONGEST = 4 << 20
"""Characters of JSON. A longer specification is not drawn."""
_MEMORY = 128 << 20
_SECONDS = 2.0
WIDTH = 640
"""CSS pixels: the width of the text."""

DrawChart = Callable[[Any, int], Safe]
"""Takes a specification and a width in CSS pixels."""


class ChartRenderer:
    """One engine with the chart script in it. May be shared by threads: they take turns."""

    def __init__(self, load: Callable[[], str]) -> None:
        """``load`` gives the text of ``browser/chart.js``; called when the first chart comes."""
        self._load = load
        self._lock = threading.Lock()
        self._call: Callable[[str, int], str] | None = None

    def __call__(self, spec: Any, width: int = WIDTH) -> Safe:
        """The chart as one ``svg`` element, for a page or a file. Whatever ``spec`` is, there is one: of a
        specification that is no JSON or cannot be drawn, an empty chart. Never raises."""
        written = write_json(spec)
        if written is None or len(written) > LONGEST:
            written = "null"
        drawn = self._run(written, width) or self._run("null", width)
        # The script escapes every text, and has no other way in than the specification.
        return trusted(drawn) if drawn else tag("svg", xmlns="http://www.w3.org/2000/svg", class_="nb-chart")

    def _run(self, written: str, width: int) -> str | None:
        import quickjs

        with self._lock:
            if self._call is None:
                self._call = _start_engine(self._load())
            try:
                return self._call(written, width)
            except quickjs.JSException:
                self._call = None  # out of memory, time or stack: what state it is in, nobody knows
                return None


def _start_engine(script: str) -> Callable[[str, int], str]:
    from quickjs import Context

    context: Context = Context()
    context.set_memory_limit(_MEMORY)
    context.set_time_limit(_SECONDS)
    # ``join`` at the end makes one string of what may be a rope of many, which the binding cannot hand over.
    function: Callable[[str, int], str] = context.eval(
        f"(() => {{ {script}\nreturn (spec, width) => [drawChart(JSON.parse(spec), width)].join('') }})()"
    )
    return function

"""A backend for Matplotlib where no notebook is one: ``show`` gives the figures to the call that is being recorded.

Matplotlib loads this by its name, from ``MPLBACKEND``; nothing else does.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .calling import recorder
from .figures import close_figure, open_figures

FigureCanvas: Any = import_module("matplotlib.backends.backend_agg").FigureCanvasAgg


def show(*arguments: Any, **options: Any) -> None:
    """What ``pyplot.show()`` does in a notebook: each figure is shown where the program is, and is done with."""
    record = recorder()
    for figure in open_figures():
        if record is not None:
            record.show(figure)
        close_figure(figure)

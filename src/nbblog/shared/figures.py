"""Matplotlib's figures as pictures, where a program has loaded Matplotlib; this never loads it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


def is_figure(thing: object) -> bool:
    """Whether it is a figure of Matplotlib's."""
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(thing, module.Figure)


def is_drawing(thing: object) -> bool:
    """Whether it is what a drawing call returns: axes, a line, a list of lines. The picture says it all."""
    if isinstance(thing, (list, tuple)):
        return bool(thing) and all(is_drawing(one) for one in thing)
    return type(thing).__module__.startswith("matplotlib.") and not is_figure(thing)


def open_figures() -> list[Any]:
    """The figures that pyplot holds, oldest first. Asking pyplot itself would make another one its current figure."""
    held = sys.modules.get("matplotlib._pylab_helpers")
    return [manager.canvas.figure for manager in held.Gcf.get_all_fig_managers()] if held else []


def close_figure(figure: Any) -> None:
    """Take the figure from pyplot's list, so that neither Jupyter nor the next call shows it again."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot:
        pyplot.close(figure)


def figure_bundle(figure: Any, bundle_of: Callable[[object], Mapping[str, Any]]) -> Mapping[str, Any]:
    """The picture in the format that the notebook has chosen, else PNG. The same figure gives the same bytes: SVG's
    random ids and its date are left out."""
    matplotlib = sys.modules["matplotlib"]
    with matplotlib.rc_context({"svg.hashsalt": "nbblog"}):
        bundle = {mime: content for mime, content in bundle_of(figure).items() if mime.startswith("image/")}
        if not bundle:
            written = BytesIO()
            figure.savefig(written, format="png", bbox_inches="tight")
            bundle = {"image/png": written.getvalue()}
    if isinstance(bundle.get("image/svg+xml"), str):
        bundle["image/svg+xml"] = _METADATA.sub("", bundle["image/svg+xml"], count=1)
    return bundle

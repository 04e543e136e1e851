"""Bokeh documents: what they say without being drawn, and whether the vendored BokehJS can draw them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

OLDEST_MAJOR = 3
"""Bokeh 3 changed how documents are written; its BokehJS cannot read older ones."""
_MAX_MODELS = 20_000
_CONTROLS = frozenset({"Button", "CheckboxGroup", "Div", "RadioGroup", "RangeSlider", "Select", "Slider", "TextInput"})


def read_version(documents: Mapping[str, Any]) -> str:
    """The version of Bokeh that wrote the documents, or ``unknown``."""
    return next((str(document["version"]) for document in documents.values() if document.get("version")), "unknown")


def is_drawable(documents: Mapping[str, Any]) -> bool:
    """Whether the vendored BokehJS reads this version's format."""
    match = re.match(r"\d{1,3}", read_version(documents))
    return match is not None and int(match[0]) >= OLDEST_MAJOR


def read_title(documents: Mapping[str, Any]) -> str:
    """The title of the first plot that has one, or a word for it."""
    for model in _models(documents):
        text = _attributes(model).get("text")
        if model.get("name") == "Title" and isinstance(text, str) and text.strip():
            return text.strip()[:200]
    return "Bokeh plot"


def read_height(documents: Mapping[str, Any]) -> int:
    """The height in CSS pixels to keep free: of the plots as if below one another where there is a column."""
    heights = []
    for model in _models(documents):
        height = _attributes(model).get("height")
        if model.get("name") in ("Figure", "Plot", "GridPlot", "DataTable") and isinstance(height, int):
            heights.append(min(max(height, 50), 2000))
    rows = any(model.get("name") in ("Column", "GridBox", "GridPlot") for model in _models(documents))
    controls = sum(str(model.get("name")) in _CONTROLS for model in _models(documents)) if rows else 0
    return min(sum(heights) if rows else max(heights, default=600), 4000) + 48 * min(controls, 20) + 16


def _models(documents: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Objects of the documents, nested ones too, outermost first; arrays of numbers are passed over."""
    waiting: list[Any] = [root for document in documents.values() for root in _list(document.get("roots"))]
    for _ in range(_MAX_MODELS):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting += [part for part in value.values() if isinstance(part, (dict, list))]
        elif isinstance(value, list):
            waiting += [part for part in value[:200] if isinstance(part, (dict, list))]


def _attributes(model: Mapping[str, Any]) -> Mapping[str, Any]:
    attributes = model.get("attributes")
    return attributes if isinstance(attributes, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

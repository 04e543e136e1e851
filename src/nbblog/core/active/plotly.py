"""Plotly figures: what they say without being drawn, and old ones brought up to date.

The figure format is Plotly's JSON (``data``, ``layout``, ``frames``); typed arrays are base64 since Plotly.py 6.
"""

from __future__ import annotations

import re
import sys
from array import array
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import zip_longest
from typing import Any

from .charts import MAX_COLUMNS, MAX_ROWS, Chart, Figures

_DTYPES = {"i1": "b", "u1": "B", "u1c": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}
_LONG_DTYPES = {"int8": "b", "uint8": "B", "uint8c": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I"}
_CODES = {**_DTYPES, **_LONG_DTYPES, "float32": "f", "float64": "d"}

_SERIES = ("x", "y", "z", "labels", "parents", "values", "locations", "lat", "lon", "r", "theta", "a", "b", "c")
_MORE_SERIES = ("open", "high", "low", "close", "value", "text")
_KINDS = {"scatter": "line or scatter", "scattergl": "line or scatter", "bar": "bar", "pie": "pie", "box": "box"}
_RENAMED = {"heatmapgl": "heatmap", "pointcloud": "scattergl"}
_MAPS = re.compile(r"(?:scatter|choropleth|density)(?:map|mapbox)\Z")
_USER_KEYS = frozenset({"customdata", "meta", "text", "hovertext", "x", "y", "z", "ids", "labels", "values", "geojson"})
_DEFAULT_HEIGHT = 450


def read_chart(figure: Mapping[str, Any]) -> Chart:
    """What can be said of a figure in words and numbers. Never raises on any figure."""
    traces = [trace for trace in _list(figure.get("data")) if isinstance(trace, dict)]
    layout = _dict(figure.get("layout"))
    title = _title(layout) or "Plotly chart"
    height = layout.get("height")
    pixels = int(height) if isinstance(height, (int, float)) and 0 < height < 10_000 else _DEFAULT_HEIGHT
    return Chart("plotly", title, _describe(traces, layout), pixels, tuple(_find_figures(traces, layout)))


def needs_network(figure: Mapping[str, Any]) -> bool:
    """Whether the figure is laid over map tiles, which only a map server has."""
    return any(_MAPS.match(str(trace.get("type"))) for trace in _list(figure.get("data")) if isinstance(trace, dict))


def upgrade_figure(figure: Mapping[str, Any]) -> dict[str, Any]:
    """The figure as today's Plotly reads it: titles are objects since Plotly.js 3, and two trace types have gone."""
    data = [_upgrade(trace) for trace in _list(figure.get("data")) if isinstance(trace, dict)]
    for trace in data:
        kind = str(trace.get("type") or "scatter")
        trace["type"] = _RENAMED.get(kind, kind)
    upgraded = {"data": data, "layout": _upgrade(_dict(figure.get("layout")))}
    frames = figure.get("frames")
    return {**upgraded, "frames": frames} if isinstance(frames, list) and frames else upgraded


def _upgrade(value: Any) -> Any:
    if isinstance(value, list):
        return [_upgrade(item) for item in value] if value and isinstance(value[0], dict) else value
    if not isinstance(value, dict) or "bdata" in value:
        return value
    new = {key: item if key in _USER_KEYS else _upgrade(item) for key, item in value.items()}
    if isinstance(new.get("title"), (str, int, float)):
        new["title"] = {"text": str(new["title"])}
    for part in ("font", "side", "position"):
        if f"title{part}" in new:
            old = new.pop(f"title{part}")
            new["title"] = {part: old, **_dict(new.get("title"))}
    return new


def decode_array(value: Any) -> list[Any]:
    """An array of a trace as a list, at most a million numbers: a plain list, or ``{"dtype", "bdata", "shape"}``."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or not isinstance(value.get("bdata"), str):
        return []
    code = _CODES.get(str(value.get("dtype")))
    if code is None:
        return []
    numbers = array(code)
    try:
        raw = b64decode(value["bdata"], validate=False)
        numbers.frombytes(raw[: len(raw) // numbers.itemsize * numbers.itemsize][: 1_000_000 * numbers.itemsize])
    except (Base64Error, ValueError):
        return []
    if sys.byteorder == "big":
        numbers.byteswap()
    return _reshape(numbers.tolist(), str(value.get("shape", "")))


def _reshape(numbers: list[Any], shape: str) -> list[Any]:
    sizes = [int(size) for size in re.findall(r"\d{1,9}", shape)]
    if len(sizes) != 2 or sizes[1] == 0:
        return numbers
    return [numbers[start : start + sizes[1]] for start in range(0, len(numbers), sizes[1])]


def _find_figures(traces: list[dict[str, Any]], layout: dict[str, Any]) -> Iterator[Figures]:
    grouped: dict[tuple[str, ...], list[tuple[str, list[list[Any]]]]] = {}
    for number, trace in enumerate(traces, 1):
        arrays = {key: decode_array(trace.get(key)) for key in (*_SERIES, *_MORE_SERIES)}
        if any(isinstance(item, list) for item in arrays["z"][:1]):
            yield _matrix(arrays)
            continue
        named = {key: column for key, column in arrays.items() if column and not isinstance(column[0], (list, dict))}
        if named:
            name = _text(trace.get("name")) or f"Series {number}"
            grouped.setdefault(tuple(named), []).append((name, list(named.values())))
    for keys, series in list(grouped.items())[:5]:
        yield _long(tuple(_axis_title(layout, key) for key in keys), series)


def _long(names: tuple[str, ...], series: list[tuple[str, list[list[Any]]]]) -> Figures:
    """Series below one another, with a first column that names them if there are several."""
    rows: list[tuple[Any, ...]] = []
    total = 0
    for name, columns in series:
        total += max(map(len, columns))
        start = () if len(series) == 1 else (name,)
        room = MAX_ROWS - len(rows)
        rows += [(*start, *row) for row in zip_longest(*(column[:room] for column in columns))]
    return Figures(names if len(series) == 1 else ("Series", *names), tuple(rows), total)


def _matrix(arrays: dict[str, list[Any]]) -> Figures:
    rows = [row for row in arrays["z"] if isinstance(row, list)]
    width = min(max(len(row) for row in rows), MAX_COLUMNS - 1)
    across = [_text(name) for name in arrays["x"][:width]] + [str(n) for n in range(len(arrays["x"]), width)]
    down = arrays["y"] + list(range(len(arrays["y"]), len(rows)))
    shown = tuple((down[n], *row[:width]) for n, row in enumerate(rows[:MAX_ROWS]))
    return Figures(("", *across), shown, len(rows))


def _describe(traces: list[dict[str, Any]], layout: dict[str, Any]) -> str:
    kinds = dict.fromkeys(str(trace.get("type") or "scatter") for trace in traces)
    kind = ", ".join(_KINDS.get(name, name) for name in list(kinds)[:4]) or "empty"
    axes = [f"{key}: {_axis_title(layout, key)}" for key in ("x", "y") if _axis_title(layout, key) != key]
    count = f"{len(traces)} series" if len(traces) != 1 else "one series"
    return "; ".join([f"Interactive chart ({kind}), {count}", *axes]) + "."


def _axis_title(layout: dict[str, Any], key: str) -> str:
    return _title(_dict(layout.get(f"{key}axis"))) or key


def _title(holder: dict[str, Any]) -> str:
    title = holder.get("title")
    return _text(title.get("text") if isinstance(title, dict) else title)


def _text(value: Any) -> str:
    """Plotly's label (a few tags are allowed in it) as plain text."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    return " ".join(unescape(re.sub(r"<[^<>]{0,200}>", " ", str(value)[:500])).split())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

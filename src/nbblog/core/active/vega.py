"""Vega and Vega-Lite specifications: what they say without being drawn, and their data brought along.

The page may not fetch: a file that a specification names beside the notebook is put into it here, and one on
another host makes the chart undrawable.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from nbblog.core.errors import FileRefused

from .charts import MAX_ROWS, Chart, Figures, plain

_COMPOSED = ("layer", "hconcat", "vconcat", "concat")
_MARKS = (*_COMPOSED, "mark", "spec", "marks")
_AXES = 60
"""CSS pixels that the title and the horizontal axis take."""


class RemoteFigures(Exception):
    """The specification takes its data from elsewhere; ``url`` says where."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def is_spec(value: Any) -> bool:
    """Whether ``value`` is a Vega or Vega-Lite specification."""
    return isinstance(value, dict) and ("vega" in str(value.get("$schema")) or any(key in value for key in _MARKS))


def is_vega_lite(spec: Mapping[str, Any]) -> bool:
    """Vega-Lite, not Vega: by its schema, or else by what only Vega-Lite has."""
    schema = str(spec.get("$schema", ""))
    return "vega-lite" in schema if "vega" in schema else "marks" not in spec


def read_chart(spec: Mapping[str, Any]) -> Chart:
    """What can be said of a specification in words and numbers. Never raises on any specification."""
    title = _title(spec.get("title")) or next(filter(None, (_title(part.get("title")) for part in _units(spec))), "")
    figures = _find_figures(spec)
    dialect = "lite" if is_vega_lite(spec) else ""
    return Chart("vega", title or "Vega chart", _describe(spec), _height(spec), (figures,) if figures else (), dialect)


def inline_files(spec: Mapping[str, Any], read_file: Callable[[str], bytes]) -> dict[str, Any]:
    """The specification with the files beside the notebook put into it.

    Raises ``RemoteFigures`` for data on another host and ``FileRefused`` for a file that cannot be had."""
    return {key: _inline(value, key, read_file) for key, value in spec.items() if key != "usermeta"}


def _inline(value: Any, key: str, read_file: Callable[[str], bytes]) -> Any:
    if isinstance(value, list):
        # Rows of figures hold no sources; walking a million of them would take seconds.
        return value if key in ("values", "datasets") else [_inline(item, key, read_file) for item in value]
    if not isinstance(value, dict) or key in ("values", "datasets"):
        return value
    if key == "data" and isinstance(value.get("url"), str):
        return _read_source(value, read_file)
    if key == "data" and isinstance(value.get("url"), dict):
        raise RemoteFigures("a computed address")
    return {name: _inline(item, name, read_file) for name, item in value.items()}


def _read_source(source: dict[str, Any], read_file: Callable[[str], bytes]) -> dict[str, Any]:
    url = source["url"]
    if re.match(r"[a-z][a-z0-9+.-]*:|//", url, re.IGNORECASE):
        raise RemoteFigures(url)
    written = source.get("format")
    form = dict(written) if isinstance(written, dict) else {}
    kind = str(form.get("type") or url.rsplit(".", 1)[-1]).lower()
    values = _parse_file(read_file(url), kind, url)
    if kind in ("csv", "tsv"):
        form["type"] = "json"
    rest = {key: item for key, item in source.items() if key not in ("url", "format")}
    return {**rest, "values": values, **({"format": form} if form else {})}


def _parse_file(content: bytes, kind: str, url: str) -> Any:
    try:
        text = content.decode("utf-8-sig")
        if kind not in ("csv", "tsv"):
            return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileRefused(url, "is neither JSON nor CSV in UTF-8") from error
    import csv

    # Here, because Vega's own reader of CSV makes a program of the header, which the page's policy forbids.
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t" if kind == "tsv" else ","))
    return [{key: _number(cell) for key, cell in row.items() if key is not None} for row in rows]


def _number(cell: Any) -> Any:
    if not isinstance(cell, str) or not re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,3})?", cell):
        return cell
    return float(cell) if re.search(r"[.eE]", cell) else int(cell)


def _units(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The specification and those it is composed of, at most a hundred, outermost first."""
    waiting: list[Any] = [spec]
    for _ in range(100):
        if not waiting:
            return
        unit = waiting.pop(0)
        if isinstance(unit, dict):
            yield unit
            waiting += [part for key in _COMPOSED for part in _list(unit.get(key))] + [unit.get("spec")]


def _describe(spec: Mapping[str, Any]) -> str:
    if isinstance(spec.get("description"), str):
        return plain(spec["description"])
    marks: list[str] = []
    axes: dict[str, str] = {}
    for unit in _units(spec):
        mark = unit.get("mark")
        marks += [plain(mark.get("type") if isinstance(mark, dict) else mark)] if mark else []
        marks += [plain(item.get("type")) for item in _list(unit.get("marks"))[:5] if isinstance(item, dict)]
        for channel in ("x", "y", "color"):
            axes.setdefault(channel, _channel_title(_dict(unit.get("encoding")).get(channel)))
    kind = ", ".join(dict.fromkeys(marks)) or "composed"
    return "; ".join([f"Interactive chart ({kind})", *(f"{key}: {name}" for key, name in axes.items() if name)]) + "."


def _channel_title(channel: Any) -> str:
    if not isinstance(channel, dict):
        return ""
    title = channel.get("title") or _dict(channel.get("axis")).get("title") or channel.get("field")
    aggregate = channel.get("aggregate")
    name = _title(title)
    return f"{plain(aggregate)} of {name}" if isinstance(aggregate, str) and name and not channel.get("title") else name


def _title(title: Any) -> str:
    text = title.get("text") if isinstance(title, dict) else title
    if isinstance(text, list):
        return " ".join(plain(line) for line in text[:5])
    return plain(text) if isinstance(text, (str, int, float)) else ""


def _find_rows(spec: Mapping[str, Any]) -> list[Any]:
    for unit in _units(spec):
        for source in unit["data"] if isinstance(unit.get("data"), list) else [unit.get("data")]:
            values = _dict(source).get("values")
            name = _dict(source).get("name")
            if values is None and isinstance(name, str):
                values = _dict(spec.get("datasets")).get(name)
            if isinstance(values, list) and values:
                return values
    return []


def _find_figures(spec: Mapping[str, Any]) -> Figures | None:
    rows = _find_rows(spec)
    if not rows:
        return None
    if not isinstance(rows[0], dict):
        return Figures(("value",), tuple((row,) for row in rows[:MAX_ROWS]), len(rows))
    shown = [row for row in islice(rows, MAX_ROWS) if isinstance(row, dict)]
    names = [key for key, value in shown[0].items() if not isinstance(value, (dict, list))]
    if not names:
        return None
    cells = tuple(tuple(row.get(name) for name in names) for row in shown)
    return Figures(tuple(map(str, names)), cells, len(rows))


def _height(spec: Mapping[str, Any], depth: int = 0) -> int:
    """The height to keep free: exact for a chart of a stated height, a guess for composed ones."""
    for key in ("vconcat", "hconcat", "concat"):
        units = [unit for unit in _list(spec.get(key)) if isinstance(unit, dict)]
        if units and depth < 4:
            heights = [_height(unit, depth + 1) for unit in units[:50]]
            return sum(heights) if key == "vconcat" else max(heights)
    height = spec.get("height")
    if isinstance(height, (int, float)) and 0 < height < 10_000:
        return int(height) + _AXES
    channel = _dict(_dict(spec.get("encoding")).get("y"))
    if channel.get("type") in ("nominal", "ordinal") or isinstance(height, dict):
        field = channel.get("field")
        steps = {str(row.get(str(field))) for row in _find_rows(spec)[:2000] if isinstance(row, dict)}
        return 20 * max(len(steps), 1) + _AXES
    view = _dict(_dict(spec.get("config")).get("view"))
    continuous = view.get("continuousHeight")
    return (int(continuous) if isinstance(continuous, (int, float)) and 0 < continuous < 10_000 else 200) + _AXES


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

"""``plot``: a small chart as data. It needs no library and draws nothing itself; ``browser/chart.js`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from math import floor, isfinite, log10
from numbers import Real
from typing import Any

KINDS = ("line", "step", "bar", "barh")
_DIGITS = 4
"""Significant digits of a number in the specification: more than a screen can show."""
_TEXT_ROWS = 20
_LARGEST = 1e300
"""What is larger may not be a number any more when it is rounded."""
_Rounded = Callable[[object], "float | None"]


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart. ``spec`` is JSON: ``v``, ``kind``, ``title``, ``x``, ``series``, ``xLabel``, ``yLabel``, ``logX``,
    ``logY``, ``marks``, ``lines``, ``yMin``, ``yMax``."""

    spec: dict[str, Any]

    def __repr__(self) -> str:
        return plot_text(self.spec)


def plot(
    x: Iterable[object],
    y: Iterable[object] | Mapping[str, Iterable[object]],
    *,
    kind: str = "line",
    title: str | None = None,
    x_label: str | None = None,
    y_label: str | None = None,
    log_x: bool = False,
    log_y: bool = False,
    marks: Iterable[tuple[object, object, str]] = (),
    lines: Iterable[tuple[object, str]] = (),
    y_min: float | None = None,
    y_max: float | None = None,
) -> Plot:
    """A chart of ``y`` over ``x``. ``y`` may be a dict: name → numbers, one series each.

    ``marks`` are labelled points ``(x, y, "text")``, ``lines`` are horizontal lines ``(y, "text")``. Where a number is
    ``None``, NaN or infinite, the line has a gap. Raises ``ValueError`` when a series is not as long as ``x``."""
    if kind not in KINDS:
        raise ValueError(f"plot: kind is one of {', '.join(KINDS)}, not {kind!r}")
    is_named = isinstance(y, Mapping)
    series = {str(name): list(values) for name, values in y.items()} if isinstance(y, Mapping) else {"": list(y)}
    places = list(x)
    for name, values in series.items():
        if len(values) != len(places):
            which = f"the series {name!r} has" if is_named else "y has"
            raise ValueError(f"plot: {which} {len(values)} values, and x has {len(places)}")
    points, levels = list(marks), list(lines)
    round_x, round_y = _rounding(places), _rounding(chain.from_iterable(series.values()))
    return Plot(
        {
            "v": 1,
            "kind": kind,
            "title": title,
            "x": [str(place) if "bar" in kind else _place(place, round_x) for place in places],
            "series": [{"name": name, "y": [round_y(value) for value in values]} for name, values in series.items()],
            "xLabel": x_label,
            "yLabel": y_label,
            "logX": bool(log_x),
            "logY": bool(log_y),
            "marks": [[_place(place, round_x), round_y(value), str(text)] for place, value, text in points],
            "lines": [[round_y(value), str(text)] for value, text in levels],
            "yMin": round_y(y_min),
            "yMax": round_y(y_max),
        }
    )


def _place(value: object, rounded: _Rounded) -> float | str | None:
    number = rounded(value)
    return str(value) if number is None and value is not None and _number(value) is None else number


def _number(value: object) -> float | None:
    """A number as a float; ``None`` for anything else."""
    # The two common types first: a section draws thousands of charts.
    is_number = type(value) is float or type(value) is int
    if not is_number and (isinstance(value, bool) or not isinstance(value, (Real, Decimal))):
        return None
    try:
        return float(value)  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        return None


def _rounding(values: Iterable[object]) -> _Rounded:
    """A function that rounds to as many digits as a reader can see in a picture of all the values: four significant
    ones, and no coarser than a thousandth part of their span, since years or large ids would fall together."""
    finite = [number for value in values if (number := _number(value)) is not None and isfinite(number)]
    span = max(finite) - min(finite) if finite else 0.0
    finest = floor(log10(span)) - _DIGITS + 1 if 0 < span < float("inf") else 400

    def rounded(value: object) -> float | None:
        number = _number(value)
        if number is None or not isfinite(number):
            return None
        if number == 0:
            return 0
        if abs(number) < _LARGEST:
            number = round(number, -min(floor(log10(abs(number))) - _DIGITS + 1, finest))
        return int(number) if number.is_integer() and abs(number) < 1e15 else number

    return rounded


def plot_text(spec: Mapping[str, Any]) -> str:
    """The chart as a small table, for a terminal."""
    heads = [spec["xLabel"] or "x", *(series["name"] or spec["yLabel"] or "y" for series in spec["series"])]
    rows = [[_cell(place) for place in (x, *ys)] for x, *ys in zip(spec["x"], *_columns(spec), strict=True)]
    more = len(rows) - _TEXT_ROWS
    shown = [heads, *rows[:_TEXT_ROWS]]
    widths = [max(len(row[column]) for row in shown) for column in range(len(heads))]
    text = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown]
    return "\n".join([*([spec["title"]] if spec["title"] else []), *text, *([f"… {more} more"] if more > 0 else [])])


def _columns(spec: Mapping[str, Any]) -> list[list[float | None]]:
    return [series["y"] for series in spec["series"]]


def _cell(value: object) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, (int, float)) else str(value)

"""``plot``: a small chart as data. It needs no library and draws nothing itself; ``browser/chart.js`` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor, isfinite, log10
from numbers import Real
from typing import Any

KINDS = ("line", "step", "bar", "barh")
_DIGITS = 4
"""Significant digits of a number in the specification: more than a screen can show."""
_TEXT_ROWS = 20


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
    round_x, round_y = _rounding(places), _rounding(value for values in series.values() for value in values)
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


def _place(value: object, rounded: Any) -> float | str | None:
    return rounded(value) if value is None or _is_number(value) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, (Real, Decimal)) and not isinstance(value, bool)


def _rounding(values: Iterable[object]) -> Any:
    """A function that rounds to as many digits as a reader can see in a picture of all the values: four significant
    ones, and no coarser than a thousandth part of their span, since years or large ids would fall together."""
    numbers = [float(value) for value in values if _is_number(value)]  # type: ignore[arg-type]
    finite = [number for number in numbers if isfinite(number)]
    span = max(finite) - min(finite) if finite else 0.0
    finest = floor(log10(span)) - _DIGITS + 1 if 0 < span < float("inf") else None

    def rounded(value: object) -> float | None:
        if not _is_number(value):
            return None
        number = float(value)  # type: ignore[arg-type]
        if not isfinite(number):
            return None
        if number == 0:
            return 0
        place = floor(log10(abs(number))) - _DIGITS + 1
        number = _round(number, place if finest is None else min(place, finest))
        return int(number) if number.is_integer() and abs(number) < 1e15 else number

    return rounded


def _round(number: float, place: int) -> float:
    """To the digit that stands for ``10 ** place``, in decimals: a binary division leaves 0.30000000000000004."""
    return float(f"{number:.{-place}f}") if place <= 0 else float(round(Decimal(number), -place))


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

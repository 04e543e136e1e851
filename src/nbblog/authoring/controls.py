"""One control: what the page needs to know of it, and the widget that it is in the notebook."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import Parameter
from math import isfinite
from typing import Any

import ipywidgets as widgets

from .sliders import Slider
from .stops import MOST_STOPS, Number, Stops, grid, grid_size, listed, number_labels, snapped

_CHOICES = {
    "SelectionSlider": "range",
    "Dropdown": "select",
    "Select": "select",
    "RadioButtons": "radio",
    "ToggleButtons": "radio",
}
_JSON = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class Control:
    """A parameter of the function. ``kind`` says which fields count."""

    name: str
    label: str
    kind: str
    """``range``, ``select``, ``radio``, ``checkbox``: have ``stops``; ``text``, ``number``: have ``value``;
    ``fixed``: the same value always, not seen; ``unsupported``: a widget that a page has no counterpart of."""
    widget: Any
    unit: str = ""
    stops: tuple[Any, ...] = ()
    labels: tuple[str, ...] = ()
    default: int = 0
    step: Number | None = None
    """The distance of the stops where it is always the same."""
    limits: tuple[Number | None, Number | None, Number | None] = (None, None, None)
    """``min``, ``max`` and ``step`` of a number."""
    numbers: Stops | None = None

    @property
    def value(self) -> Any:
        """What the function is called with now."""
        if not self.stops:
            return self.widget.get_interact_value()
        return self.stops[self.index]

    @property
    def index(self) -> int:
        """The stop that the widget stands at now."""
        if self.kind == "checkbox":
            return int(bool(self.widget.value))
        if hasattr(self.widget, "index"):
            first = 1 if self.stops[0] is None and self.labels[0] == "" else 0
            return self.default if self.widget.index is None else int(self.widget.index) + first
        assert self.numbers is not None
        return self.numbers.nearest(self.widget.value)

    def as_json(self) -> dict[str, Any]:
        """The control as the saved output describes it."""
        described: dict[str, Any] = {"name": self.name, "label": self.label, "kind": self.kind}
        if self.kind == "text":
            return {**described, "value": self.value}
        if self.kind == "number":
            low, high, step = self.limits
            return {**described, "unit": self.unit, "value": self.value, "min": low, "max": high, "step": step}
        described |= {"stops": [_json(stop) for stop in self.stops], "labels": list(self.labels)}
        described["default"] = self.default
        if self.kind == "range":
            described |= {"unit": self.unit, "uniform": self.step is not None}
        return described


def _json(stop: object) -> object:
    is_plain = isinstance(stop, _JSON) and not (isinstance(stop, float) and not isfinite(stop))
    return stop if is_plain and type(stop) in _JSON else None


def make_control(name: str, abbreviation: Any, default: Any) -> Control:
    """The control that ipywidgets would make of the same abbreviation, with stops that a page can have.

    Raises ``ValueError`` for what no widget can be made of, as ipywidgets does."""
    if isinstance(abbreviation, widgets.fixed):
        return Control(name, name, "fixed", abbreviation)
    if isinstance(abbreviation, Slider):
        return _slider_control(name, abbreviation, default)
    widget = widgets.interactive.widget_from_abbrev(abbreviation, default)
    if widget is None:
        raise ValueError(f"{abbreviation!r} cannot be transformed to a widget")
    if not getattr(widget, "description", ""):
        widget.description = name
    is_plain_range = not isinstance(abbreviation, widgets.Widget) and type(widget).__name__ in _SLIDERS
    if not is_plain_range:
        return widget_control(name, widget)
    low, high, value = widget.min, widget.max, widget.value
    if isinstance(abbreviation, tuple) and len(abbreviation) == 3:
        if grid_size(low, high, widget.step) > MOST_STOPS:
            return widget_control(name, widget)
        return _range_control(name, name, "", grid(low, high, widget.step, value))
    return _range_control(name, name, "", snapped(low, high, value))


_SLIDERS = ("IntSlider", "FloatSlider")


def _slider_control(name: str, given: Slider, default: Any) -> Control:
    value = given.value if default is Parameter.empty else default
    if given.stops:
        stops = listed(given.stops, value)
    elif given.step is not None:
        stops = grid(given.min, given.max, given.step, value)
    else:
        stops = snapped(given.min, given.max, value, log=given.log)
    return _range_control(name, given.label or name, given.unit, stops)


def _range_control(name: str, label: str, unit: str, stops: Stops) -> Control:
    """A slider of ipywidgets' that stops where the page's does."""
    labels = number_labels(stops)
    first, last, value = stops.values[0], stops.values[-1], stops.values[stops.default]
    if stops.step is None or unit:
        options = [(f"{text} {unit}".strip(), stop) for text, stop in zip(labels, stops.values, strict=True)]
        widget = widgets.SelectionSlider(options=options, value=value, description=label)
    else:
        kind = widgets.IntSlider if isinstance(stops.step, int) else widgets.FloatSlider
        widget = kind(min=first, max=last, step=stops.step, value=value, description=label)
    return Control(
        name, label, "range", widget, unit, stops.values, labels, stops.default, step=stops.step, numbers=stops
    )


def widget_control(name: str, widget: Any) -> Control:
    """The control for a widget that the author has made, or that ipywidgets makes."""
    kind, label = type(widget).__name__, widget.description or name
    if kind in _CHOICES:
        return _choice_control(name, label, _CHOICES[kind], widget)
    if kind in ("Checkbox", "ToggleButton", "Valid"):
        return Control(name, label, "checkbox", widget, "", (False, True), ("no", "yes"), int(bool(widget.value)))
    if kind in ("Text", "Textarea", "Combobox"):
        return Control(name, label, "text", widget)
    if kind in ("IntText", "FloatText", "BoundedIntText", "BoundedFloatText"):
        return _number_control(name, label, widget)
    stops = _stops_of(kind, widget)
    if stops is not None:
        labels = number_labels(stops)
        return Control(
            name, label, "range", widget, "", stops.values, labels, stops.default, step=stops.step, numbers=stops
        )
    return _number_control(name, label, widget) if kind in _SLIDERS else Control(name, label, "unsupported", widget)


def _number_control(name: str, label: str, widget: Any) -> Control:
    limits = tuple(getattr(widget, key, None) for key in ("min", "max", "step"))
    return Control(name, label, "number", widget, limits=limits)  # type: ignore[arg-type]


def _stops_of(kind: str, widget: Any) -> Stops | None:
    """The stops of a slider; ``None`` for other widgets, and for a slider with too many."""
    if kind == "FloatLogSlider":
        powers = grid(widget.min, widget.max, widget.step, None).values
        return listed([float(widget.base**power) for power in powers], float(widget.value))
    if kind not in _SLIDERS or not widget.step or grid_size(widget.min, widget.max, widget.step) > MOST_STOPS:
        return None
    return grid(widget.min, widget.max, widget.step, widget.value)


def _choice_control(name: str, label: str, kind: str, widget: Any) -> Control:
    pairs = list(widget._options_full)
    if widget.index is None:
        pairs.insert(0, ("", None))
    labels, values = tuple(str(label) for label, _ in pairs), tuple(value for _, value in pairs)
    return Control(name, label, kind, widget, "", values, labels, int(widget.index or 0))


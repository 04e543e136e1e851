"""One control: what the page needs to know of it, and the widget that it is in the notebook."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import Any

import ipywidgets as widgets

from .sliders import Slider, plain_number
from .stops import MOST_STOPS, Number, Stops, grid, grid_size, listed, number_labels, snapped

_CHOICES = {
    "SelectionSlider": "range",
    "Dropdown": "select",
    "Select": "select",
    "RadioButtons": "radio",
    "ToggleButtons": "radio",
}
_SWITCHES = ("Checkbox", "ToggleButton", "Valid")
_TEXTS = ("Text", "Textarea", "Combobox")
_NUMBERS = ("IntText", "FloatText", "BoundedIntText", "BoundedFloatText")
_SLIDERS = ("IntSlider", "FloatSlider")
_JSON = (str, int, float, bool, type(None))
_ROOM = 12
"""Characters of a label that ipywidgets shows in full."""


@dataclass(frozen=True, slots=True)
class Control:
    """A parameter of the function. ``kind`` says which fields count."""

    name: str
    label: str
    kind: str
    """``range``, ``select``, ``radio`` and ``checkbox`` have ``stops``; ``text`` and ``number`` have none; ``fixed`` is
    the same value always, and not seen; ``unsupported`` is a widget that a page has no counterpart of."""
    widget: Any
    stops: tuple[Any, ...] = ()
    labels: tuple[str, ...] = ()
    default: int = 0
    """Where the control stood when it was made: an index into ``stops``."""
    unit: str = ""
    numbers: Stops | None = None
    """The stops of a slider over numbers."""
    blank: bool = False
    """Whether the first stop stands for "nothing chosen"."""

    @property
    def value(self) -> Any:
        """What the function is called with now."""
        return self.stops[self.index] if self.stops else self.widget.get_interact_value()

    @property
    def index(self) -> int:
        """The stop that the widget stands at now."""
        if self.kind == "checkbox":
            return int(bool(self.widget.value))
        if hasattr(self.widget, "index"):
            return 0 if self.widget.index is None else int(self.widget.index) + self.blank
        assert self.numbers is not None
        return self.numbers.nearest(self.widget.value)

    @property
    def is_seen(self) -> bool:
        """Whether the page shows it."""
        return self.kind not in ("fixed", "unsupported")

    def as_json(self) -> dict[str, Any]:
        """The control as the saved output describes it. A stop that JSON cannot hold is ``None`` there."""
        described: dict[str, Any] = {"name": self.name, "label": self.label, "kind": self.kind}
        if self.kind == "text":
            return {**described, "value": str(self.value)}
        if self.kind == "number":
            limits = {name: _finite(getattr(self.widget, name, None)) for name in ("min", "max", "step")}
            return {**described, "value": self.value, **limits}
        described |= {"stops": [stop if is_json(stop) else None for stop in self.stops]}
        described |= {"labels": list(self.labels), "default": self.default}
        if self.kind == "range":
            described |= {"unit": self.unit, "uniform": self.numbers is not None and self.numbers.step is not None}
        return described


def is_json(value: object) -> bool:
    """Whether JSON gives the same value back, apart from 1 and 1.0."""
    return type(value) in _JSON and not (isinstance(value, float) and not isfinite(value))


def _finite(limit: Number | None) -> Number | None:
    return limit if limit is not None and isfinite(limit) else None


def make_control(name: str, abbreviation: Any, default: Any) -> Control:
    """The control that ipywidgets would make of the same abbreviation, with stops that a page can have.

    ``default`` is the parameter's, or ``Parameter.empty``. Raises ``ValueError`` for what no widget can be made of."""
    if isinstance(abbreviation, widgets.fixed):
        return Control(name, name, "fixed", abbreviation)
    if isinstance(abbreviation, Slider):
        return _slider_control(name, abbreviation, default)
    widget = widgets.interactive.widget_from_abbrev(abbreviation, default)
    if widget is None:
        raise ValueError(f"{abbreviation!r} cannot be transformed to a widget")
    if not getattr(widget, "description", ""):
        widget.description = name
    if isinstance(abbreviation, widgets.Widget) or type(widget).__name__ not in _SLIDERS:
        return widget_control(name, widget)
    low, high, step, value = widget.min, widget.max, widget.step, widget.value
    if not isinstance(abbreviation, tuple) or len(abbreviation) == 2:
        return _range_control(name, name, "", snapped(low, high, value))
    if grid_size(low, high, step) > MOST_STOPS:
        return widget_control(name, widget)
    return _range_control(name, name, "", grid(low, high, step, value))


def _slider_control(name: str, given: Slider, default: Any) -> Control:
    """A parameter's own default counts more than the slider's; ``f(x=slider(1, 9))`` has no other."""
    is_number = isinstance(default, Real) and not isinstance(default, bool)
    value = plain_number(default) if is_number else given.value
    if value is not None and not given.min <= value <= given.max:
        raise ValueError(f"slider: the value of {name}, {value}, is not between {given.min} and {given.max}")
    if given.stops:
        stops = listed(given.stops, value)
    elif given.step is not None:
        if grid_size(given.min, given.max, given.step) > MOST_STOPS:
            raise ValueError(f"slider: a step of {given.step} makes more than {MOST_STOPS:,} stops for {name}")
        stops = grid(given.min, given.max, given.step, value)
    else:
        stops = snapped(given.min, given.max, value, log=given.log)
    return _range_control(name, given.label or name, given.unit, stops)


def _range_control(name: str, label: str, unit: str, stops: Stops) -> Control:
    """A slider of ipywidgets' that stops where the page's does."""
    labels, value = number_labels(stops), stops.values[stops.default]
    # Beside the slider a front end has room for a number, and no more.
    description = label if unit.lower() in ("", label.lower()) else f"{label} ({unit})"
    wide = {"description_width": "initial"} if len(description) > _ROOM else {}
    common = {"value": value, "description": description, "style": wide}
    if stops.step is None:
        widget = widgets.SelectionSlider(options=list(zip(labels, stops.values, strict=True)), **common)
    else:
        kind = widgets.IntSlider if isinstance(stops.step, int) else widgets.FloatSlider
        widget = kind(min=stops.values[0], max=stops.values[-1], step=stops.step, **common)
        if kind is widgets.FloatSlider:
            widget.readout_format = f".{len(labels[0].partition('.')[2])}f"
    return _stops_control(name, label, widget, stops, unit)


def _stops_control(name: str, label: str, widget: Any, stops: Stops, unit: str = "") -> Control:
    return Control(name, label, "range", widget, stops.values, number_labels(stops), stops.default, unit, stops)


def widget_control(name: str, widget: Any) -> Control:
    """The control for a widget that the author has made, or that ipywidgets makes."""
    kind, label = type(widget).__name__, widget.description or name
    if kind in _CHOICES:
        return _choice_control(name, label, _CHOICES[kind], widget)
    if kind in _SWITCHES:
        return Control(name, label, "checkbox", widget, (False, True), ("no", "yes"), int(bool(widget.value)))
    if kind in _TEXTS:
        return Control(name, label, "text", widget)
    stops = _stops_of(kind, widget)
    if stops is not None:
        return _stops_control(name, label, widget, stops)
    return Control(name, label, "number" if kind in (*_NUMBERS, *_SLIDERS) else "unsupported", widget)


def _stops_of(kind: str, widget: Any) -> Stops | None:
    """The stops of a slider; ``None`` for other widgets, and for a slider with too many."""
    if kind not in (*_SLIDERS, "FloatLogSlider") or not widget.step:
        return None
    if grid_size(widget.min, widget.max, widget.step) > MOST_STOPS:
        return None
    if kind != "FloatLogSlider":
        return grid(widget.min, widget.max, widget.step, widget.value)
    powers = grid(widget.min, widget.max, widget.step, None).values
    return listed([_power(widget.base, power) for power in powers], _clean(float(widget.value)))


def _power(base: float, exponent: Number) -> float:
    """A stop of a logarithmic slider, as near to the power as twelve digits say: 1000, not 999.9999999999998."""
    return _clean(float(base**exponent))


def _clean(number: float) -> float:
    return float(f"{number:.12g}")


def _choice_control(name: str, label: str, kind: str, widget: Any) -> Control:
    pairs = list(widget._options_full)
    blank = widget.index is None
    if blank:
        pairs.insert(0, ("", None))
    labels, values = tuple(str(text) for text, _ in pairs), tuple(value for _, value in pairs)
    return Control(name, label, kind, widget, values, labels, int(widget.index or 0), blank=blank)

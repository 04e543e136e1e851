"""Controls are those that ipywidgets makes of the same abbreviation."""

from __future__ import annotations

from enum import Enum
from inspect import Parameter
from typing import Any

import ipywidgets as widgets
import numpy as np
import pytest

from nbblog import slider
from nbblog.authoring.controls import Control, make_control

EMPTY = Parameter.empty


def control(abbreviation: Any, default: Any = EMPTY) -> Control:
    return make_control("n", abbreviation, default)


@pytest.mark.parametrize(
    ("abbreviation", "default", "stops", "value"),
    [
        ((0, 4), EMPTY, (0, 1, 2, 3, 4), 2),
        ((0, 4), 3, (0, 1, 2, 3, 4), 3),
        ((0, 10, 5), 5, (0, 5, 10), 5),
        ((0.0, 1.0, 0.25), 0.5, (0.0, 0.25, 0.5, 0.75, 1.0), 0.5),
        ((np.int64(0), np.int64(2)), EMPTY, (0, 1, 2), 1),
        (2, EMPTY, tuple(range(-2, 7)), 2),
        (slider(1, 3), 2, (1, 2, 3), 2),
        (slider(1, 3), EMPTY, (1, 2, 3), 2),
        (slider(1, 3, value=3), EMPTY, (1, 2, 3), 3),
        (slider(1, 3, value=3), 1, (1, 2, 3), 1),
        (slider(0, 1, step=0.5), 0.5, (0.0, 0.5, 1.0), 0.5),
        (slider(stops=[1, 10, 100]), 10, (1, 10, 100), 10),
        (slider(stops=[7]), EMPTY, (7,), 7),
        (widgets.IntSlider(value=2, min=1, max=3), 1, (1, 2, 3), 2),
        (widgets.FloatSlider(value=0.5, min=0, max=1, step=0.5), EMPTY, (0.0, 0.5, 1.0), 0.5),
        (widgets.FloatLogSlider(value=10, min=0, max=2, step=1), EMPTY, (1.0, 10.0, 100.0), 10.0),
        (widgets.SelectionSlider(options=["a", "b"], value="b"), EMPTY, ("a", "b"), "b"),
    ],
)
def test_range_has_stops(abbreviation: Any, default: Any, stops: tuple[Any, ...], value: Any) -> None:
    """Of the same type as in ipywidgets; the default is where the slider stands."""
    made = control(abbreviation, default)
    assert (made.kind, made.stops, made.stops[made.default], made.value) == ("range", stops, value, value)
    assert [type(stop) for stop in made.stops] == [type(stop) for stop in stops]


@pytest.mark.parametrize(
    ("abbreviation", "kind", "stops", "labels", "value"),
    [
        (["a", "b"], "select", ("a", "b"), ("a", "b"), "a"),
        ({"one": 1, "two": 2}, "select", (1, 2), ("one", "two"), 1),
        ([("one", 1), ("two", 2)], "select", (1, 2), ("one", "two"), 1),
        ((letter for letter in "ab"), "select", ("a", "b"), ("a", "b"), "a"),
        (widgets.Dropdown(options=["a", "b"], value=None), "select", (None, "a", "b"), ("", "a", "b"), None),
        (widgets.Select(options=["a", "b"], value="b"), "select", ("a", "b"), ("a", "b"), "b"),
        (widgets.RadioButtons(options=["a", "b"]), "radio", ("a", "b"), ("a", "b"), "a"),
        (widgets.ToggleButtons(options=[("A", 1.5)]), "radio", (1.5,), ("A",), 1.5),
        (True, "checkbox", (False, True), ("no", "yes"), True),
        (bool, "checkbox", (False, True), ("no", "yes"), False),
        (widgets.Checkbox(value=False), "checkbox", (False, True), ("no", "yes"), False),
        (widgets.ToggleButton(value=True), "checkbox", (False, True), ("no", "yes"), True),
    ],
)
def test_choice_has_its_values(
    abbreviation: Any, kind: str, stops: tuple[Any, ...], labels: tuple[str, ...], value: Any
) -> None:
    """With their labels."""
    made = control(abbreviation)
    assert (made.kind, made.stops, made.labels, made.value) == (kind, stops, labels, value)
    assert made.stops[made.default] == value


def test_default_chooses_among_values() -> None:
    """As in ipywidgets."""
    assert control(["a", "b"], "b").value == "b"


@pytest.mark.parametrize(
    ("abbreviation", "described"),
    [
        ("x", {"kind": "text", "value": "x"}),
        (str, {"kind": "text", "value": ""}),
        (widgets.Textarea("x"), {"kind": "text", "value": "x"}),
        (widgets.Combobox(value="x", options=["x"]), {"kind": "text", "value": "x"}),
        (int, {"kind": "number", "value": 0, "min": None, "max": None, "step": 1}),
        (float, {"kind": "number", "value": 0.0, "min": None, "max": None, "step": None}),
        (widgets.BoundedIntText(3, min=1, max=5), {"kind": "number", "value": 3, "min": 1, "max": 5, "step": 1}),
        (widgets.BoundedFloatText(0.5), {"kind": "number", "value": 0.5, "min": 0.0, "max": 100.0, "step": None}),
        ((0, 10**6, 1), {"kind": "number", "value": 500_000, "min": 0, "max": 10**6, "step": 1}),
    ],
)
def test_field_has_no_stops(abbreviation: Any, described: dict[str, Any]) -> None:
    """Nobody can compute all that may be typed; nor a million states of one slider."""
    assert control(abbreviation).as_json() == {"name": "n", "label": "n", **described}


def test_enum_is_a_choice_that_json_cannot_hold() -> None:
    """The page sees labels only."""

    class Size(Enum):
        SMALL = 1
        LARGE = 2

    made = control(Size)
    assert made.stops == (Size.SMALL, Size.LARGE)
    described = made.as_json()
    assert (described["stops"], described["labels"]) == ([None, None], ["SMALL", "LARGE"])


@pytest.mark.parametrize(
    "widget", [widgets.IntRangeSlider(), widgets.SelectMultiple(options=["a"]), widgets.ColorPicker(value="red")]
)
def test_widget_without_a_counterpart_keeps_its_value(widget: Any) -> None:
    """It works in the notebook."""
    made = control(widget)
    assert (made.kind, made.is_seen, made.value) == ("unsupported", False, widget.value)


def test_fixed_value_is_not_seen() -> None:
    """Whatever it is."""
    thing = object()
    made = control(widgets.fixed(thing))
    assert (made.is_seen, made.value) == (False, thing)


@pytest.mark.parametrize("abbreviation", [object(), (1, 2, 3, 4), None])
def test_what_is_no_control_is_refused(abbreviation: Any) -> None:
    """As by ipywidgets."""
    with pytest.raises(ValueError, match="cannot be transformed to a widget"):
        control(abbreviation)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"min": 1},
        {"min": 3, "max": 3},
        {"min": 0, "max": 9, "log": True},
        {"min": 1, "max": 9, "step": 0},
        {"min": 1, "max": 9, "step": 1, "log": True},
        {"min": 1, "stops": [1, 2]},
    ],
)
def test_slider_without_a_range_is_refused(options: dict[str, Any]) -> None:
    """When it is made, in words."""
    with pytest.raises(ValueError, match=r"^slider: "):
        slider(**options)


def test_slider_of_something_else_is_refused() -> None:
    """A number is needed."""
    with pytest.raises(TypeError, match="expected a number"):
        slider("a", "b")  # type: ignore[arg-type]


@pytest.mark.parametrize(("given", "default"), [(slider(1, 9), 10), (slider(0, 10**9, step=1), 5)])
def test_slider_that_cannot_be_is_refused(given: Any, default: int) -> None:
    """A default outside the range, more stops than a screen has places."""
    with pytest.raises(ValueError, match=r"^slider: .*\bn\b"):
        control(given, default)


def test_slider_as_a_default() -> None:
    """``def f(n=slider(1, 3))``."""
    given = slider(1, 3)
    assert control(given, given).value == 2


def test_label_and_unit_are_shown_in_the_notebook() -> None:
    """As on the page."""
    made = control(slider(1, 3, label="Number", unit="m"))
    assert made.widget.description == "Number (m)"
    described = made.as_json()
    assert (described["label"], described["unit"], described["labels"]) == ("Number", "m", ["1", "2", "3"])


@pytest.mark.parametrize(
    ("abbreviation", "uniform"),
    [((0, 4), True), (slider(1, 3, unit="m"), True), (slider(1, 10**6), False), (["a"], None), ((0, 10, 4), True)],
)
def test_range_says_whether_its_stops_are_at_equal_distances(abbreviation: Any, uniform: bool | None) -> None:
    """The page then needs no list of them."""
    assert control(abbreviation, 4 if abbreviation == (0, 10, 4) else EMPTY).as_json().get("uniform") is uniform


def test_slider_of_the_notebook_stops_where_the_pages_does() -> None:
    """What ipywidgets' slider gives is brought to the nearest stop."""
    made = control((0.0, 1.0, 0.1), 0.5)
    made.widget.value = 0.1 + 0.2
    assert made.value == 0.3


def test_wide_slider_of_the_notebook_has_the_pages_stops() -> None:
    """``(1_000, 10_000_000)`` is ten million states to ipywidgets."""
    made = control((1_000, 10_000_000), 1_000_000)
    assert type(made.widget).__name__ == "SelectionSlider"
    made.widget.index = 0
    assert made.value == 1_000


def test_choice_of_the_notebook_is_found_by_its_place() -> None:
    """Also where nothing is chosen."""
    made = control(widgets.Dropdown(options=["a", "b"], value=None))
    made.widget.index = 1
    assert (made.index, made.value) == (2, "b")

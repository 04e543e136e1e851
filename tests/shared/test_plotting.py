"""Charts as data."""

from __future__ import annotations

import json
from math import inf, nan
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.shared.plotting import KINDS, plot


def test_specification_is_complete() -> None:
    """Every key is there, whether the author set it or not."""
    assert plot([1, 2], [3, 4]).spec == {
        "v": 1,
        "kind": "line",
        "title": None,
        "x": [1, 2],
        "series": [{"name": "", "y": [3, 4]}],
        "xLabel": None,
        "yLabel": None,
        "logX": False,
        "logY": False,
        "marks": [],
        "lines": [],
        "yMin": None,
        "yMax": None,
    }


def test_dict_is_several_series() -> None:
    """In the dict's order."""
    series = plot([1], {"b": [2], "a": (3,)}).spec["series"]
    assert series == [{"name": "b", "y": [2]}, {"name": "a", "y": [3]}]


def test_marks_and_lines_are_kept() -> None:
    """With their words."""
    spec = plot([1], [2], marks=[(1, 2.00001, "here")], lines=[(3, "limit")]).spec
    assert (spec["marks"], spec["lines"]) == ([[1, 2, "here"]], [[3, "limit"]])


def test_bars_have_names() -> None:
    """Numbers among them too."""
    assert plot(["a", 2], [1, 2], kind="bar").spec["x"] == ["a", "2"]


def test_value_that_is_no_number_is_a_gap() -> None:
    """As is one that JSON cannot hold."""
    assert plot(range(5), [None, nan, inf, "x", 10**400]).spec["series"][0]["y"] == [None] * 5


def test_numbers_are_rounded_to_four_digits() -> None:
    """A screen shows no more."""
    assert plot([1, 2], [0.123456, 0.1 + 0.2]).spec["series"][0]["y"] == [0.1235, 0.3]


def test_large_neighbours_stay_apart() -> None:
    """Years, or ids of eight digits."""
    assert plot([20_000_001, 20_000_002], [2024.5, 2025]).spec["x"] == [20_000_001, 20_000_002]


def test_arrays_and_series_are_sequences() -> None:
    """NumPy's numbers are numbers."""
    assert plot(np.arange(2), pd.Series([0.5, 1.0])).spec["series"][0]["y"] == [0.5, 1]


@pytest.mark.parametrize("options", [{"kind": "pie"}, {"y": [1, 2]}, {"y": {"a": [1], "b": []}}])
def test_what_cannot_be_drawn_is_refused(options: dict[str, Any]) -> None:
    """In words that say what is wrong."""
    with pytest.raises(ValueError, match=r"^plot: "):
        plot(**{"x": [1], "y": [1], **options})


def test_text_of_a_chart_is_a_small_table() -> None:
    """For a terminal."""
    assert repr(plot([1, 2], {"up": [1000, None]}, title="T", x_label="n")) == "T\nn     up\n1  1,000\n2"


numbers = st.none() | st.integers() | st.floats()


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, numbers), max_size=20), st.sampled_from(KINDS))
def test_any_numbers_make_a_specification(points: list[tuple[Any, Any]], kind: str) -> None:
    """Strict JSON, and each number near its own."""
    spec = plot([x for x, _ in points], [y for _, y in points], kind=kind).spec
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    for (_, given_y), drawn in zip(points, spec["series"][0]["y"], strict=True):
        assert drawn is None or abs(drawn - given_y) <= abs(given_y) * 5.0001e-4

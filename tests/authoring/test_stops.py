"""Where sliders stop."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.authoring.stops import Stops, grid, grid_size, listed, number_label, number_labels, snapped

numbers = st.integers(-(10**12), 10**12) | st.decimals(-(10**12), 10**12, places=6).map(float)


def test_wide_range_has_preferred_numbers() -> None:
    """Ten to a decade, as ISO 3 has them in its series R10."""
    assert snapped(1_000, 10_000_000, 1_000_000).values[:11] == (
        *(1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000),
        10_000,
    )


def test_very_wide_range_has_fewer_to_a_decade() -> None:
    """About fifty stops in all."""
    assert snapped(1, 10**9, 1).values[-6:] == (10**8, 160_000_000, 250_000_000, 400_000_000, 630_000_000, 10**9)
    assert snapped(1, 10**12, 1).values[:7] == (1, 2, 5, 10, 20, 50, 100)
    assert len(snapped(1e-30, 1e30, 1.0).values) == 61


def test_small_range_of_integers_keeps_each() -> None:
    """As ipywidgets has it."""
    assert snapped(0, 100, 50).values == tuple(range(101))


@pytest.mark.parametrize(("low", "high", "step"), [(0, 1000, 20), (0, 5000, 100), (-500, 500, 20)])
def test_longer_range_of_integers_has_about_fifty_round_steps(low: int, high: int, step: int) -> None:
    """1, 2 or 5 times a power of ten."""
    assert snapped(low, high, low) == grid(low, high, step, low)


def test_ends_of_a_range_that_are_not_round_are_stops() -> None:
    """And so is the default."""
    stops = snapped(3, 997, 123)
    assert (stops.values[:3], stops.values[-1], stops.values[stops.default]) == ((3, 20, 40), 997, 123)


@pytest.mark.parametrize(
    ("low", "high", "step"), [(0.0, 1.0, 0.1), (0.0, 10.0, 0.1), (0.0, 100.0, 2.0), (0.0, 0.05, 0.001)]
)
def test_range_of_floats_has_tenths_where_they_fit(low: float, high: float, step: float) -> None:
    """Else about fifty round steps."""
    assert snapped(low, high, low) == grid(low, high, step, low)


@pytest.mark.parametrize(("log", "count"), [(True, 11), (False, 91), (None, 91)])
def test_author_chooses_the_scale(log: bool | None, count: int) -> None:
    """``log=True`` holds whatever the range is."""
    assert len(snapped(10, 100, 10, log=log).values) == count


def test_even_scale_for_a_wide_range() -> None:
    """``log=False``."""
    assert snapped(0, 1_000_000, 0, log=False).step == 20_000


def test_steps_are_exact() -> None:
    """No 0.30000000000000004."""
    assert grid(0.0, 1.0, 0.1, 0.3).values == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def test_grid_ends_where_its_last_step_does() -> None:
    """As an HTML range does."""
    assert grid(0, 10, 3, 0).values == (0, 3, 6, 9)


def test_default_beside_the_grid_is_a_stop() -> None:
    """The distances are then not all equal."""
    stops = grid(0.0, 1.0, 0.25, 0.3)
    assert (stops.values, stops.default, stops.step) == ((0.0, 0.25, 0.3, 0.5, 0.75, 1.0), 2, None)


def test_stops_of_the_author_are_sorted() -> None:
    """Each once; without a default the middle one."""
    assert listed([5, 1, 3, 3], None) == Stops((1, 3, 5), 1, 2)


@pytest.mark.parametrize("value", [0.30000000000000004, 0.29, 0.34])
def test_nearest_stop_is_found(value: float) -> None:
    """A browser's arithmetic is binary."""
    assert grid(0.0, 1.0, 0.1, 0.0).nearest(value) == 3


@settings(deadline=None)
@given(st.lists(numbers, min_size=3, max_size=3, unique=True).map(sorted), st.sampled_from([None, True, False]))
def test_snapped_stops_hold_what_they_must(three: list[Any], log: bool | None) -> None:
    """Ascending, few, with both ends and the default; all integers or all floats."""
    low, value, high = three
    stops = snapped(low, high, value, log=log if low > 0 else None)
    assert all(before < after for before, after in pairwise(stops.values))
    assert {low, high, value} <= set(stops.values) or isinstance(low, int) is not isinstance(high, int)
    assert stops.values[stops.default] == value
    assert len(stops.values) <= 110
    assert len({type(stop) for stop in stops.values}) == 1
    check_labels(stops)


@settings(deadline=None)
@given(
    st.integers(-1000, 1000),
    st.integers(0, 300),
    st.sampled_from(["1", "0.1", "0.05", "0.25", "0.001", "2.5", "1e-6", "3"]),
    st.booleans(),
)
def test_grid_is_exact(first: int, count: int, step: str, as_float: bool) -> None:
    """Every stop is the float nearest to the exact number."""
    distance = Fraction(step)
    low, high = first * distance, (first + count) * distance
    is_int = not as_float and distance.denominator == 1
    convert = int if is_int else float
    stops = grid(convert(low), convert(high), convert(distance), convert(low))
    assert stops.values == tuple(convert(low + place * distance) for place in range(count + 1))
    assert grid_size(convert(low), convert(high), convert(distance)) == count + 1
    assert all(stops.nearest(value) == place for place, value in enumerate(stops.values))
    check_labels(stops)


def check_labels(stops: Stops) -> None:
    """A label for each stop, all different, each the number itself."""
    labels = number_labels(stops)
    assert [float(label.replace(",", "")) for label in labels] == [float(value) for value in stops.values]
    assert len(set(labels)) == len(stops.values)


@pytest.mark.parametrize(
    ("number", "label"), [(1_000_000, "1,000,000"), (0.5, "0.5"), (2.0, "2"), (12345.25, "12,345.25"), (1e-9, "1e-09")]
)
def test_label_is_for_a_reader(number: float, label: str) -> None:
    """With separators, without what says nothing."""
    assert number_label(number) == label


def test_labels_of_equal_steps_have_equal_decimals() -> None:
    """They stand in one place on the page."""
    assert number_labels(grid(0.0, 0.5, 0.25, 0.0)) == ("0.00", "0.25", "0.50")

"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.core.dates import looks_like_date, read_date

READ = [
    ("2026-01-21", date(2026, 1, 21)),
    ("2026-1-2", date(2026, 1, 2)),
    ("2026/01/21", date(2026, 1, 21)),
    ("20260121", date(2026, 1, 21)),
    ("1/21/2026", date(2026, 1, 21)),
    ("21/1/2026", date(2026, 1, 21)),
    ("21.1.2026", date(2026, 1, 21)),
    ("2.1.2026", date(2026, 1, 2)),
    ("21 January 2026", date(2026, 1, 21)),
    ("21 Jan 2026", date(2026, 1, 21)),
    ("3rd  September, 2026", date(2026, 9, 3)),
    ("1 Sept 2026", date(2026, 9, 1)),
    ("January 21, 2026", date(2026, 1, 21)),
    ("Jan. 21st 2026", date(2026, 1, 21)),
    ("2026-01-21T23:30:00-08:00", date(2026, 1, 21)),
    ("2026-01-21t10:00:00.123z", date(2026, 1, 21)),
    ("2026-01-21 10:00", date(2026, 1, 21)),
    ("2026-01-21 10:00:00 +0100", date(2026, 1, 21)),
    ("29/2/2024", date(2024, 2, 29)),
]


@pytest.mark.parametrize(("text", "day"), READ)
def test_read(text: str, day: date) -> None:
    """Every form has one meaning."""
    found = read_date(text)
    assert found is not None
    assert (found.date, found.ambiguous) == (day, False)


@pytest.mark.parametrize(
    "text",
    ["", "today", "13/45/2026", "2026-02-30", "1/2/26", "2026", "21 Janvier 2026", "1 2026", "0/1/2026", "2026-01-21x",
     "1/21/2026 or so", "May 2026", "٢١/١/٢٠٢٦", "2026-01/21", "0000-01-01"],
)  # fmt: skip
def test_not_a_date(text: str) -> None:
    """No guess is made."""
    assert read_date(text) is None


def test_slashed_date_is_read_month_first() -> None:
    """As in the seed; that it could be the other way is said."""
    found = read_date("1/2/2026")
    assert found is not None
    assert (found.date, found.ambiguous) == (date(2026, 1, 2), True)


@pytest.mark.parametrize(("order", "day"), [("mdy", date(2026, 1, 2)), ("dmy", date(2026, 2, 1))])
def test_order_settles_it(order: str, day: date) -> None:
    """A blog that says its order gets no notice."""
    found = read_date("1/2/2026", order)  # type: ignore[arg-type]
    assert found is not None
    assert (found.date, found.ambiguous) == (day, False)


def test_same_day_either_way_is_not_ambiguous() -> None:
    """3/3 is the third of March in every country."""
    found = read_date("3/3/2026")
    assert found is not None
    assert not found.ambiguous


@settings(deadline=None)
@given(st.dates(min_value=date(1000, 1, 1)))
def test_own_forms_round_trip(day: date) -> None:
    """What Python writes is read again."""
    for text in (day.isoformat(), f"{day.month}/{day.day}/{day.year}", f"{day.day} {day:%B} {day.year}"):
        found = read_date(text, "mdy")
        assert found is not None
        assert found.date == day


def test_looks_like_date() -> None:
    """A date in digits is known by its shape, even one that does not exist."""
    assert looks_like_date("13/45/2026")
    assert not looks_like_date("6 min read")

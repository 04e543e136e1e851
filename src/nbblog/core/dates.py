"""Dates as people write them at the head of a post."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

DateOrder = Literal["mdy", "dmy"]

_MONTHS = ("january", "february", "march", "april", "may", "june",
           "july", "august", "september", "october", "november", "december")  # fmt: skip
_TIME = r"(?:[Tt ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?:[Zz]|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
_ISO = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}\Z")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})\Z")
_SLASHED = re.compile(r"([0-9]{1,2})\s?/\s?([0-9]{1,2})\s?/\s?([0-9]{4})\Z")
_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})\Z")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\.?\s+([A-Za-z]{3,9})\.?,?\s+([0-9]{4})\Z")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})\Z")
_DATE_LIKE = re.compile(r"[0-9]{1,4}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?[0-9]{1,4}\Z")


@dataclass(frozen=True, slots=True)
class DateRead:
    """A date, and whether its text could have meant another one."""

    date: date
    ambiguous: bool = False


def read_date(text: str, order: DateOrder | None = None) -> DateRead | None:
    """The date in ``text``, or ``None``.

    Read are ISO 8601 and RFC 3339 (the day as written, in its own time zone), ``M/D/YYYY``, ``D.M.YYYY``,
    ``D Month YYYY`` and ``Month D, YYYY`` with English names. A slashed date is read month first unless ``order`` is
    ``dmy``, or unless only the other way gives a date; it is ambiguous when both would do and ``order`` is ``None``."""
    text = " ".join(text.split())
    if match := _ISO.match(text):
        return _read(match[1], match[3], match[4])
    if match := _COMPACT.match(text):
        return _read(match[1], match[2], match[3])
    if match := _DOTTED.match(text):
        return _read(match[3], match[2], match[1])
    if match := _DAY_FIRST.match(text):
        return _read(match[3], _month(match[2]), match[1])
    if match := _MONTH_FIRST.match(text):
        return _read(match[3], _month(match[1]), match[2])
    match = _SLASHED.match(text)
    return _read_slashed(match[1], match[2], match[3], order) if match else None


def looks_like_date(text: str) -> bool:
    """Whether ``text`` has the shape of a date in digits, readable or not."""
    return _DATE_LIKE.match(text.strip()) is not None


def _read_slashed(first: str, second: str, year: str, order: DateOrder | None) -> DateRead | None:
    month_first, day_first = _read(year, first, second), _read(year, second, first)
    chosen, other = (day_first, month_first) if order == "dmy" else (month_first, day_first)
    if chosen is None or other is None or chosen == other:
        return chosen or other
    return DateRead(chosen.date, ambiguous=order is None)


def _read(year: str | int, month: str | int, day: str | int) -> DateRead | None:
    try:
        return DateRead(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def _month(name: str) -> int:
    """The month's number from its English name or a beginning of it, at least three letters; 0 if there is none."""
    name = name.lower()
    if name == "sept":
        return 9
    return next((place for place, month in enumerate(_MONTHS, 1) if name in (month, month[:3])), 0)

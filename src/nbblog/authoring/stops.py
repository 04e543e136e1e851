"""Where a slider can stop. The same in the notebook and on the page: what is baked is what can be asked.

All arithmetic is of fractions, so that the third stop of 0, 0.1, 0.2… is 0.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, log10

Number = int | float

MOST_STOPS = 10_000
"""A range of more is a field for a number: no slider on a screen has so many places."""
_KEPT = 101
"""A range of so many integers (0 to 100), or of so many tenths, needs no other grid."""
_FEW = 10
"""Tenths of a range that has fewer say too little."""
_ABOUT = 50
_WIDE = 1000
"""The ratio of maximum and minimum from which stops are logarithmic."""

# ISO 3, series R10 and R5; then round numbers, which have no standard.
_SERIES = (
    ("1", "1.25", "1.6", "2", "2.5", "3.15", "4", "5", "6.3", "8"),
    ("1", "1.6", "2.5", "4", "6.3"),
    ("1", "2", "5"),
    ("1",),
)


@dataclass(frozen=True, slots=True)
class Stops:
    """Values in ascending order, at least one; ``default`` is an index into them."""

    values: tuple[Number, ...]
    default: int
    step: Number | None
    """The distance of neighbours where all distances are equal, else ``None``."""

    def nearest(self, value: Number) -> int:
        """The index of the stop that is nearest to ``value``: a browser computes 0.30000000000000004."""
        return min(range(len(self.values)), key=lambda index: abs(self.values[index] - value))


def grid_size(low: Number, high: Number, step: Number) -> int:
    """How many stops there are from ``low`` to ``high``."""
    return floor((_exact(high) - _exact(low)) / _exact(step)) + 1


def grid(low: Number, high: Number, step: Number, value: Number | None) -> Stops:
    """Exactly ``low``, ``low + step``… up to ``high``, and ``value``."""
    first, distance = _exact(low), _exact(step)
    exact = [first + index * distance for index in range(grid_size(low, high, step))]
    return _stops(exact, value, is_int=_all_int(low, high, step))


def listed(values: Iterable[Number], value: Number | None) -> Stops:
    """The author's own stops."""
    own = list(values)
    return _stops([_exact(stop) for stop in own], value, is_int=_all_int(*own))


def snapped(low: Number, high: Number, value: Number | None, *, log: bool | None = None) -> Stops:
    """Stops for a range that was given no step. ``log=None``: logarithmic where the range is wide and positive."""
    is_int = _all_int(low, high)
    if log or (log is None and low > 0 and high / low >= _WIDE):
        return _with_ends(_preferred(low, high), low, high, value, is_int=is_int)
    if is_int and high - low < _KEPT:
        return grid(low, high, 1, value)
    if not is_int and _FEW <= grid_size(low, high, 0.1) <= _KEPT:
        tenths = [_exact(low) + Fraction(place, 10) for place in range(grid_size(low, high, 0.1))]
        return _with_ends(tenths, low, high, value, is_int=False)
    return _with_ends(_round_steps(low, high, is_int=is_int), low, high, value, is_int=is_int)


def _preferred(low: Number, high: Number) -> list[Fraction]:
    """Preferred numbers between the two, in the series with the most members that are no more than about fifty."""
    first, last = floor(log10(low)), ceil(log10(high))
    found: list[Fraction] = []
    for series in _SERIES:
        every = (Fraction(10) ** power * Fraction(member) for power in range(first, last + 1) for member in series)
        found = [place for place in every if low <= place <= high]
        if len(found) <= _ABOUT + 1:
            break
    return found


def _round_steps(low: Number, high: Number, *, is_int: bool) -> list[Fraction]:
    """The multiples of 1, 2 or 5 times a power of ten that make about fifty stops."""
    span = _exact(high) - _exact(low)
    if span <= 0:
        return []
    power = floor(log10(span / _ABOUT))
    steps = [Fraction(10) ** (power + shift) * factor for shift in (0, 1) for factor in (1, 2, 5)]
    whole = [step for step in steps if not is_int or step.denominator == 1]
    step = min(whole, key=lambda step: abs(log10(span / step / _ABOUT)))
    return [index * step for index in range(ceil(_exact(low) / step), floor(_exact(high) / step) + 1)]


def _with_ends(inner: list[Fraction], low: Number, high: Number, value: Number | None, *, is_int: bool) -> Stops:
    return _stops([_exact(low), *inner, _exact(high)], value, is_int=is_int)


def _stops(exact: list[Fraction], value: Number | None, *, is_int: bool) -> Stops:
    """Sorted, each once, with the default value among them; without one the middle stop is the default."""
    is_int = is_int and (value is None or _all_int(value))
    places = {Fraction(round(stop)) if is_int else stop for stop in exact}
    if value is not None:
        places.add(_exact(value))
    ordered = sorted(places)
    distances = {after - before for before, after in pairwise(ordered)}
    convert = int if is_int else float
    default = len(ordered) // 2 if value is None else ordered.index(_exact(value))
    step = convert(distances.pop()) if len(distances) == 1 else None
    return Stops(tuple(convert(stop) for stop in ordered), default, step)


def _exact(number: Number) -> Fraction:
    """The number as it is written: ``0.1`` is a tenth."""
    return Fraction(number) if isinstance(number, int) else Fraction(repr(float(number)))


def _all_int(*numbers: Number) -> bool:
    return all(isinstance(number, int) for number in numbers)


def number_label(number: Number, decimals: int | None = None) -> str:
    """A number for a reader: ``1,000,000``, ``0.5``. With ``decimals``, that many of them."""
    if isinstance(number, int):
        return f"{number:,}"
    if decimals is not None:
        return f"{number:,.{decimals}f}"
    if number and not 1e-6 <= abs(number) < 1e16:
        return repr(number)
    text = f"{Decimal(repr(number)):,f}"
    return text[:-2] if text.endswith(".0") else text


def number_labels(stops: Stops) -> tuple[str, ...]:
    """A label for each stop; all have as many decimals where the distances are equal."""
    decimals = None
    if isinstance(stops.step, float):
        decimals = max(map(_decimals, stops.values))
    return tuple(number_label(value, decimals if decimals in _PLAIN else None) for value in stops.values)


_PLAIN = range(7)
"""As many decimals as a label may have."""


def _decimals(number: Number) -> int:
    written = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(-written, 0) if isinstance(written, int) else 0

"""``slider``: what ipywidgets' abbreviations cannot say of a range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real

from .stops import Number


@dataclass(frozen=True, slots=True)
class Slider:
    """A range as the author described it."""

    min: Number
    max: Number
    step: Number | None
    log: bool | None
    value: Number | None
    label: str
    unit: str
    stops: tuple[Number, ...]


def plain_number(number: object) -> Number:
    """An ``int`` or a ``float``, also from NumPy's numbers. Raises ``TypeError`` for what is no number."""
    if isinstance(number, Integral):
        return int(number)
    if isinstance(number, (Real, Decimal)):
        return float(number)
    raise TypeError(f"slider: expected a number, not {number!r}")


def slider(
    min: Number | None = None,
    max: Number | None = None,
    *,
    step: Number | None = None,
    log: bool | None = None,
    value: Number | None = None,
    label: str | None = None,
    unit: str | None = None,
    stops: Sequence[Number] | None = None,
) -> Slider:
    """A slider for ``interact``: from ``min`` to ``max``, or over the ``stops`` given.

    ``log=True`` places the stops logarithmically, ``log=False`` evenly; without ``step`` and ``log`` the range decides.
    ``label`` stands beside the slider instead of the parameter's name, ``unit`` after its value. The parameter's own
    default is the slider's; ``value`` is for a parameter without one. Raises ``ValueError`` where no range results."""
    own = tuple(plain_number(stop) for stop in stops or ())
    min, max, step, value = (None if one is None else plain_number(one) for one in (min, max, step, value))
    if own and (min is not None or max is not None or step is not None or log is not None):
        raise ValueError("slider: give either stops, or min and max")
    if not own and (min is None or max is None):
        raise ValueError("slider: give min and max, or stops")
    low, high = (sorted(own)[0], sorted(own)[-1]) if own else (min, max)
    assert low is not None and high is not None
    if low >= high and len(own) != 1:
        raise ValueError(f"slider: min ({low}) must be less than max ({high})")
    if step is not None and (step <= 0 or log):
        raise ValueError("slider: step must be more than 0, and there is none when log=True")
    if log and low <= 0:
        raise ValueError(f"slider: log=True needs a min above 0, not {low}")
    return Slider(low, high, step, log, value, label or "", unit or "", own)

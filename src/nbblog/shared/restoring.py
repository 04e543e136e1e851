"""What a control's value is in Python, from what it is in JSON: JavaScript writes 1.0 as 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import Parameter
from numbers import Integral, Real
from typing import Any


def restore(abbreviation: Any, default: Any, value: Any) -> Any:
    """``value`` as the control of the abbreviation (or of the parameter's default or annotation) gives it.

    A choice becomes the author's own object; a number is a float where the control's numbers are. Anything else, and
    what does not fit, is ``value`` itself."""
    given = default if abbreviation is Parameter.empty else abbreviation
    for choice in _choices(given):
        if choice == value and isinstance(choice, bool) is isinstance(value, bool):
            return choice
    if isinstance(value, int) and not isinstance(value, bool) and _is_float(given, default):
        return float(value)
    return value


def _choices(given: Any) -> Iterable[Any]:
    options = getattr(given, "given", {}).get("options", given) if not isinstance(given, (list, Mapping)) else given
    if isinstance(options, Mapping):
        return list(options.values())
    if not isinstance(options, (list, tuple)) or (options is given and isinstance(given, tuple)):
        return []
    pairs = all(isinstance(option, (list, tuple)) and len(option) == 2 for option in options)
    return [option[1] for option in options] if pairs else list(options)


def _is_float(given: Any, default: Any) -> bool:
    kind = type(given).__name__
    if kind == "Slider":
        numbers = (*given.arguments, *(given.given.get(name) for name in ("min", "max", "step", "value")))
        stops = given.given.get("stops") or ()
        # As in the notebook: the function's own default is a stop, whatever the others are.
        return any(_is_fraction(number) for number in (*numbers, *stops, default))
    if kind.startswith(("Float", "BoundedFloat")):
        return True
    if isinstance(given, tuple):
        return any(_is_fraction(number) for number in given)
    return given is float or _is_fraction(given)


def _is_fraction(number: Any) -> bool:
    return isinstance(number, Real) and not isinstance(number, Integral)

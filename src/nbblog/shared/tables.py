"""Dicts and lists of dicts as HTML tables, and how a value is written in a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from math import isfinite
from numbers import Integral, Real
from typing import Any

_DIGITS = 6
"""Significant digits of a float in a cell."""
_PLAIN_FROM, _PLAIN_BELOW = 1e-4, 1e16
"""Between these a number is written without an exponent."""


def cell_text(value: object) -> str:
    """A value as a reader likes it: ``1,000,000``, ``0.123457``, yes or no, nothing for ``None``."""
    if value is None:
        return ""
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        return f"{int(value):,}"
    if isinstance(value, (Real, Decimal)):
        return number_text(float(value))
    return str(value)


def number_text(value: float) -> str:
    """Up to six significant digits, with separators for the thousands."""
    if not isfinite(value):
        return {"inf": "∞", "-inf": "-∞"}.get(str(value), "nan")
    digits = Decimal(f"{value:.{_DIGITS}g}")
    if digits == 0:
        return "0"
    if not _PLAIN_FROM <= abs(digits) < _PLAIN_BELOW:
        return f"{value:.{_DIGITS}g}"
    text = f"{digits:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_table(value: object) -> bool:
    """Whether the value is shown as a table: a dict, or a list of dicts; an empty one is not."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(row, dict) and row for row in value)
    return isinstance(value, dict) and bool(value)


def table_html(value: Any) -> str:
    """The finished HTML of what ``is_table`` says is one."""
    return _rows_html(value) if isinstance(value, list) else _pairs_html(value)


def _rows_html(rows: Sequence[Mapping[Any, Any]]) -> str:
    heads = list(dict.fromkeys(key for row in rows for key in row))
    numeric = {head for head in heads if _is_numeric([row.get(head) for row in rows])}
    head = "".join(f'<th scope="col"{_class(key in numeric)}>{escape(str(key))}</th>' for key in heads)
    body = "".join(
        f"<tr>{''.join(_cell(row.get(key), numeric=key in numeric) for key in heads)}</tr>" for row in rows
    )
    return f'<table class="nb-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _pairs_html(pairs: Mapping[Any, Any]) -> str:
    numeric = _is_numeric(list(pairs.values()))
    body = "".join(
        f'<tr><th scope="row">{escape(str(key))}</th>{_cell(value, numeric=numeric)}</tr>'
        for key, value in pairs.items()
    )
    return f'<table class="nb-table"><tbody>{body}</tbody></table>'


def _cell(value: object, *, numeric: bool) -> str:
    return f"<td{_class(numeric)}>{escape(cell_text(value))}</td>"


def _class(numeric: bool) -> str:
    return ' class="nb-num"' if numeric else ""


def _is_numeric(values: Sequence[object]) -> bool:
    """Whether a column holds numbers only; empty cells say nothing."""
    given = [value for value in values if value is not None]
    return bool(given) and all(isinstance(value, (Real, Decimal)) and not isinstance(value, bool) for value in given)

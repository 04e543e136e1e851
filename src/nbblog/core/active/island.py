"""JSON inside a page: text that no parser can take for markup."""

from __future__ import annotations

import json
import math
from typing import Any

from nbblog.core.html import Safe, trusted

_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"},
)


def write_json(value: Any) -> str | None:
    """``value`` as strict JSON in which ``<``, ``>``, ``&`` and the two line separators are escapes.

    These characters occur only within JSON strings, where an escape means the same. NaN and the infinities, which
    Python writes and browsers refuse, become ``null``. ``None`` for what is no JSON or is nested too deeply."""
    try:
        try:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        except ValueError:
            text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return None
    return text.translate(_ESCAPES)


def render_island(json_text: str) -> Safe:
    """A ``script`` element of JSON made by ``write_json``; no browser runs it."""
    return trusted(f'<script type="application/json">{json_text}</script>')


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value

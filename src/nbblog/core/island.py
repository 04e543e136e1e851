"""Data and scripts inside a page: JSON that no parser can take for markup, and the hash that lets a script run."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from hashlib import sha256
from typing import Any

from .html import Safe, trusted

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


def script_hash(script: str | bytes) -> str:
    """The source expression that allows an inline script, as CSP level 2 computes it: of the text a parser sees.

    Bytes are UTF-8."""
    written = script.encode("utf-8") if isinstance(script, str) else script
    seen = written.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\0", "\ufffd".encode())
    return f"'sha256-{b64encode(sha256(seen).digest()).decode('ascii')}'"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value

"""A Python value as **parts**: plain data that a page, a notebook and a feed can each make into HTML.

=========================================================  ==========================================================
part                                                       what it is
=========================================================  ==========================================================
``{"kind": "text", "text"}``                               printed text, or the ``repr`` of a value
``{"kind": "prose", "text"}``                              a string among other results: a paragraph
``{"kind": "table", "html"}``                              a dict or a list of dicts; HTML made and escaped here
``{"kind": "html", "html"}``                               an object's own HTML, not sanitised
``{"kind": "markdown", "text"}``, ``{"kind": "latex"…}``   an object's own Markdown or LaTeX
``{"kind": "plot", "spec"}``                               a chart; see ``plotting``
``{"kind": "image", "mime", "data"}``                      ``image/png`` or ``image/jpeg`` in base64, or SVG as text
``{"kind": "error", "name", "message", "traceback"}``      what the function raised
=========================================================  ==========================================================
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from pprint import pformat
from typing import Any

from .figures import figure_bundle, is_figure
from .plotting import Plot
from .tables import is_table, table_html

Part = dict[str, Any]
BundleOf = Callable[[object], "Mapping[str, Any]"]
"""The MIME bundle of a rich object: ``text/html`` → text, ``image/png`` → bytes or base64."""

_METHODS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
}
_LINE = 79
"""Characters; a longer list is written one item a line, as Jupyter does it."""
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+(?=[> ])")
_OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)")
"""What a progress bar has written before it goes back to the line's start."""
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def show(value: object, printed: str = "", shown: Iterable[object] = ()) -> list[Part]:
    """The parts of what a function printed, displayed and returned, in this order."""
    parts = text_parts(printed)
    for thing in shown:
        parts += value_parts(thing)
    return parts + value_parts(value)


def text_parts(text: str) -> list[Part]:
    """Printed text as it is in the end, without colours and other escape sequences."""
    plain = _OVERWRITTEN.sub("", _ESCAPES.sub("", text))
    return [{"kind": "text", "text": plain}] if plain.strip() else []


def own_bundle(thing: object) -> Mapping[str, Any]:
    """What an object says of itself, by the methods that Jupyter calls. Nothing for a class, or where they fail."""
    if isinstance(thing, type):
        return {}
    bundle = dict(_call(thing, "_repr_mimebundle_") or {})
    for mime, method in _METHODS.items():
        content = None if mime in bundle else _call(thing, method)
        if content is not None:
            bundle[mime] = content
    return bundle


def _call(thing: object, method: str) -> Any:
    function = getattr(type(thing), method, None)
    if function is None:
        return None
    try:
        result = function(thing)
    except Exception:
        return None
    # Some give their metadata as well.
    return result[0] if isinstance(result, tuple) else result


def value_parts(value: object, bundle_of: BundleOf = own_bundle) -> list[Part]:
    """The parts of one value; none for ``None``. A tuple that holds anything richer than text is its items, one after
    another."""
    if value is None:
        return []
    if isinstance(value, tuple):
        items = [(item, _rich_parts(item, bundle_of)) for item in value]
        if any(parts for _, parts in items):
            return [part for item, parts in items for part in parts or _plain_parts(item)]
    return _rich_parts(value, bundle_of) or [{"kind": "text", "text": value_text(value)}]


def _plain_parts(item: object) -> list[Part]:
    """An item among richer ones."""
    if isinstance(item, str):
        return [{"kind": "prose", "text": item}] if item.strip() else []
    return [] if item is None else [{"kind": "text", "text": value_text(item)}]


def _rich_parts(value: object, bundle_of: BundleOf) -> list[Part]:
    """Nothing when only the value's text can be shown."""
    if value is None or isinstance(value, (str, bytes, int, float, complex)):
        return []
    if isinstance(value, Plot):
        return [{"kind": "plot", "spec": value.spec}]
    if type(value) not in (dict, list, tuple, set):
        parts = bundle_parts(figure_bundle(value, bundle_of) if is_figure(value) else bundle_of(value))
        if parts and (parts[0]["kind"] != "text" or "bundle" in parts[0]):
            return parts
    return [{"kind": "table", "html": table_html(value)}] if is_table(value) else []


def bundle_parts(bundle: Mapping[str, Any]) -> list[Part]:
    """The best form of a MIME bundle as a part; its text when there is no other.

    Forms that only a notebook can show (a Plotly chart's data, a widget) come along under the key ``bundle``."""
    is_foreign = any(mime.startswith("application/") for mime in bundle)
    foreign = {"bundle": {mime: _content(mime, bundle[mime]) for mime in bundle}} if is_foreign else {}
    for mime, kind, key in (
        ("text/html", "html", "html"),
        ("text/markdown", "markdown", "text"),
        ("text/latex", "latex", "text"),
    ):
        if isinstance(bundle.get(mime), str):
            return [{"kind": kind, key: bundle[mime], **foreign}]
    for mime in ("image/svg+xml", "image/png", "image/jpeg"):
        if bundle.get(mime):
            return [{"kind": "image", "mime": mime, "data": _content(mime, bundle[mime]), **foreign}]
    text = str(bundle.get("text/plain", ""))
    return [{"kind": "text", "text": text, **foreign}] if foreign else text_parts(text)


def _content(mime: str, content: Any) -> Any:
    """Bytes as text: SVG as it is, all else in base64."""
    if isinstance(content, bytes):
        return content.decode() if mime == "image/svg+xml" else b64encode(content).decode()
    return "".join(content.split()) if mime in ("image/png", "image/jpeg") else content


def value_text(value: object) -> str:
    """A value's ``repr``, over several lines where it is long, without addresses: they differ from run to run."""
    try:
        if isinstance(value, (list, tuple, set, frozenset, dict)):
            text = pformat(value, width=_LINE, sort_dicts=False)
        else:
            text = repr(value)
        return _ADDRESS.sub("", text)
    except Exception as error:
        return f"<{type(value).__name__}: its repr raises {type(error).__name__}>"

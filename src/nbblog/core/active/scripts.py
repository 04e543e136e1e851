"""What is active in a saved ``text/html`` output: its scripts and frames, and the data in scripts that need not run.

Older outputs of Plotly, Altair and Bokeh are a script with the figure as a JSON literal in it. The literal is read
here; the script is never run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,40})\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Element:
    """A ``script`` or ``iframe`` as written: its attributes in lower case, unescaped, and the text in it."""

    attributes: dict[str, str]
    text: str


def find_elements(html: str, name: str) -> Iterator[Element]:
    """Every element of that name whose content is raw text. Time is linear in the length of ``html``."""
    lower = html.lower() if html.isascii() else re.sub("[A-Z]+", lambda match: match[0].lower(), html)
    end = 0
    while (start := lower.find(f"<{name}", end)) >= 0:
        end = start + len(name) + 1
        if lower[end : end + 1].isalnum() or lower[end : end + 1] == "-":
            continue
        opened = _tag_end(html, end)
        closed = lower.find(f"</{name}", opened)
        text = html[opened : closed if closed >= 0 else len(html)]
        yield Element({match[1].lower(): _value(match[2]) for match in _ATTRIBUTE.finditer(html, end, opened)}, text)
        end = closed if closed >= 0 else len(html)


def _tag_end(html: str, start: int) -> int:
    """Just after the ``>`` that ends the tag, past quoted values (``srcdoc`` holds whole documents)."""
    match = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*>""").match(html, start)
    return match.end() if match else len(html)


def _value(written: str) -> str:
    return unescape(written[1:-1] if written[:1] in "\"'" else written)


def has_scripts(html: str) -> bool:
    """Whether anything in the HTML would run, or is a frame: a quick look that may say yes too often."""
    return re.search(r"<(?:script|iframe|object|embed)\b|\son[a-z]{3,}\s*=", html, re.IGNORECASE) is not None


def read_literal(text: str, start: int) -> tuple[Any, int] | None:
    """The JSON value that starts at ``start`` (white space before it is passed over), and where it ends."""
    start = _skip(text, start)
    if text[start : start + 1] == "'":
        end = text.find("'", start + 1)
        return (text[start + 1 : end], end + 1) if end > 0 else None
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None


def _skip(text: str, start: int) -> int:
    while text[start : start + 1] in {" ", "\t", "\n", "\r", ","}:
        start += 1
    return start


def find_plotly(html: str) -> Iterator[dict[str, Any]]:
    """The figures of ``Plotly.newPlot("id", [...], {...})`` and its older forms."""
    for match in re.finditer(r"Plotly\.(?:newPlot|plot|react)\(", html):
        arguments = _arguments(html, match.end(), 3)
        if len(arguments) < 2 or not isinstance(arguments[0], str):
            continue
        figure = arguments[1] if isinstance(arguments[1], dict) else {"data": arguments[1]}
        if len(arguments) > 2 and isinstance(arguments[2], dict):
            figure = {**figure, "layout": arguments[2]}
        if isinstance(figure.get("data"), list):
            frames = _frames(html, match.end(), arguments[0])
            yield {**figure, "frames": frames} if frames else figure


def _frames(html: str, start: int, target: str) -> list[Any]:
    match = re.compile(r"Plotly\.addFrames\(").search(html, start)
    arguments = _arguments(html, match.end(), 2) if match else []
    return arguments[1] if len(arguments) == 2 and arguments[0] == target and isinstance(arguments[1], list) else []


def _arguments(text: str, start: int, count: int) -> list[Any]:
    """Up to ``count`` literals with commas between them."""
    values: list[Any] = []
    while len(values) < count and (read := read_literal(text, start)) is not None:
        values.append(read[0])
        start = read[1]
    return values


_VEGA_STARTS = re.compile(r"""\bspec\s*=\s*(?=\{)|\}\)\((?=\s*\{)|vegaEmbed\(\s*["'][^"']{0,200}["']\s*,\s*(?=\{)""")


def find_vega(html: str) -> Iterator[dict[str, Any]]:
    """The specifications given to vega-embed, as Altair and Vega's own pages write them."""
    if "vega" not in html:
        return
    for match in _VEGA_STARTS.finditer(html):
        read = read_literal(html, match.end())
        if read is not None and isinstance(read[0], dict):
            yield read[0]


_BOKEH_START = re.compile(r"\bdocs_json\s*=\s*(?=[{'\"])")


def find_bokeh(code: str) -> dict[str, Any] | None:
    """The documents (id → document) in a script or HTML that BokehJS's ``embed_items`` is given, or ``None``."""
    for match in _BOKEH_START.finditer(code):
        read = read_literal(code, match.end())
        value = read[0] if read else None
        if isinstance(value, str):
            inner = read_literal(value, 0)
            value = inner[0] if inner else None
        if isinstance(value, dict) and _is_bokeh(value):
            return value
    for element in find_elements(code, "script"):
        if element.attributes.get("type") == "application/json":
            read = read_literal(element.text, 0)
            if read and _is_bokeh(read[0]):
                documents: dict[str, Any] = read[0]
                return documents
    return None


def _is_bokeh(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(d, dict) and "roots" in d for d in value.values())

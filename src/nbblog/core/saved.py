"""The saved parts of a notebook with types and clean text: outputs, attachments, widget state.

Notebooks in the wild hold every malformed shape; what cannot be used is left out and said.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from operator import is_
from typing import Any

from .notices import NoticeCode
from .post import Bundle, Output, Stream, Traceback
from .text import clean_terminal_text, clean_text, one_line

Report = Callable[[NoticeCode, str], None]
"""Takes a finding and its detail; the caller knows the place."""

MAX_DEPTH = 100
"""Levels of lists and mappings in an output's JSON; the deepest of real ones have about twenty."""

_BUNDLES = frozenset({"display_data", "execute_result", "update_display_data", "pyout"})
# Altair 6 writes "vnd.vegalite.v6.json", without the plus sign.
_JSON = re.compile(r"(?:application/json|application/vnd\.vega(?:lite)?\.v\d{1,2}\.json|.*\+json)(?:;.*)?\Z")


class _TooDeep(ValueError):
    pass


def join_text(value: object) -> str | None:
    """nbformat's multi-line text, one string or a list of them, as it stands; ``None`` when it is neither."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return None


def clean_json(value: Any, depth: int = 0) -> Any:
    """JSON with clean text in it: ``value`` itself where it is clean (it may be most of a notebook), else a new value.
    Raises ``ValueError`` beyond ``MAX_DEPTH``."""
    if isinstance(value, str):
        text = clean_text(value)
        return value if text == value else text
    if depth >= MAX_DEPTH:
        raise _TooDeep
    if isinstance(value, Mapping):
        mapping = {clean_text(str(key)): clean_json(entry, depth + 1) for key, entry in value.items()}
        is_same = list(mapping) == list(value) and all(map(is_, mapping.values(), value.values()))
        return value if is_same and type(value) is dict else mapping
    if isinstance(value, list | tuple):
        # A column of a plot is a million numbers: only what can hold text is looked into.
        entries = [clean_json(entry, depth + 1) if isinstance(entry, _HOLDS_TEXT) else entry for entry in value]
        return value if type(value) is list and all(map(is_, entries, value)) else entries
    return value


_HOLDS_TEXT = (str, dict, list, tuple, Mapping)


def read_outputs(outputs: object, report: Report) -> tuple[Output, ...]:
    """The outputs of a code cell. Printed text of the same stream that follows itself is joined."""
    if not isinstance(outputs, list | tuple):
        if outputs is not None:
            report(NoticeCode.OUTPUT_MALFORMED, "the outputs are not a list")
        return ()
    read: list[Output] = []
    printed: list[str] = []
    for number, written in enumerate(outputs, 1):
        output = _read_output(written, number, report)
        if isinstance(output, Stream):
            if not (printed and isinstance(read[-1], Stream) and read[-1].name == output.name):
                _end_stream(read, printed)
                read.append(output)
            printed.append(output.text)
        elif output is not None:
            _end_stream(read, printed)
            read.append(output)
    _end_stream(read, printed)
    return tuple(read)


def _end_stream(read: list[Output], printed: list[str]) -> None:
    """Give the last stream all its text, in one join, and drop it if there is none."""
    if printed and isinstance(last := read[-1], Stream):
        text = clean_terminal_text("".join(printed))
        read[-1:] = [Stream(last.name, text)] if text else []
        printed.clear()


def _read_output(written: object, number: int, report: Report) -> Output | None:
    kind = written.get("output_type") if isinstance(written, Mapping) else None
    if not isinstance(written, Mapping):
        report(NoticeCode.OUTPUT_MALFORMED, f"output {number} is not a mapping")
    elif kind == "stream":
        return _read_stream(written, number, report)
    elif kind in ("error", "pyerr"):
        return _read_traceback(written)
    elif (isinstance(kind, str) and kind in _BUNDLES) or isinstance(written.get("data"), Mapping):
        return _read_bundle(written, number, report)
    else:
        report(NoticeCode.OUTPUT_MALFORMED, f"output {number} is of the unknown type `{one_line(str(kind))[:60]}`")
    return None


def _read_stream(written: Mapping[str, Any], number: int, report: Report) -> Stream | None:
    text = join_text(written.get("text"))
    if text is None:
        report(NoticeCode.OUTPUT_MALFORMED, f"output {number} has no text")
        return None
    return Stream("stderr" if "stderr" in (written.get("name"), written.get("stream")) else "stdout", text)


def _read_traceback(written: Mapping[str, Any]) -> Traceback:
    """An error; what is missing is empty, for there is nothing better to show in its place."""
    frames = written.get("traceback")
    if isinstance(frames, list | tuple):
        frames = "\n".join(frame for frame in frames if isinstance(frame, str))
    text = clean_terminal_text(frames) if isinstance(frames, str) else ""
    name, value = (one_line(part) if isinstance(part := written.get(key), str) else "" for key in ("ename", "evalue"))
    return Traceback(name, value, tuple(text.split("\n")) if text else ())


def _read_bundle(written: Mapping[str, Any], number: int, report: Report) -> Bundle | None:
    data = written.get("data")
    if not isinstance(data, Mapping):
        report(NoticeCode.OUTPUT_MALFORMED, f"output {number} has no data")
        return None
    read: dict[str, Any] = {}
    for mime, content in data.items():
        kind = one_line(str(mime)).lower()
        value = _read_content(kind, content)
        if value is None:
            report(NoticeCode.OUTPUT_MALFORMED, f"output {number}: the content of `{kind[:80]}` is not of its kind")
        else:
            read.setdefault(kind, value)
    metadata = written.get("metadata")
    return Bundle(read, _read_metadata(metadata)) if read else None


def _read_content(kind: str, content: Any) -> Any:
    """One MIME type's content: text joined and clean, JSON as parsed and clean; ``None`` when it is neither."""
    if _JSON.match(kind):
        try:
            return clean_json(_parsed(content))
        except ValueError:
            return None
    text = join_text(content)
    if text is None or (kind.startswith("image/") and kind != "image/svg+xml"):
        return text  # base64; decoding says what is wrong with it
    return clean_terminal_text(text) if kind == "text/plain" else clean_text(text)


def _parsed(content: Any) -> Any:
    """JSON that nbformat 4.0 kept as text is parsed; a text that is meant as text stays."""
    text = join_text(content)
    if not text or text.lstrip()[:1] not in ("{", "["):
        return content
    try:
        return json.loads(text)
    except RecursionError:
        raise _TooDeep from None
    except ValueError:
        return content


def _read_metadata(metadata: object) -> dict[str, Any]:
    try:
        return clean_json(metadata) if isinstance(metadata, Mapping) else {}
    except _TooDeep:
        return {}


# --- Attachments and widgets ----------------------------------------------------------------------------------------

_PLAIN_NAME = re.compile(r"[^/\\\x00-\x1f\x7f-\x9f\ud800-\udfff]*\Z")


def read_attachments(attachments: object, report: Report) -> dict[str, bytes]:
    """The files kept in a cell, by the names that its text uses. Names are keys only and never part of a path."""
    if not isinstance(attachments, Mapping):
        if attachments is not None:
            report(NoticeCode.ATTACHMENT_BROKEN, "the attachments are not a mapping")
        return {}
    files: dict[str, bytes] = {}
    for written, bundle in attachments.items():
        name = str(written)
        if name in ("", ".", "..") or not _PLAIN_NAME.match(name):
            report(NoticeCode.ATTACHMENT_NAME, f"the attachment `{one_line(name)[:80]}`")
        content = _read_file(bundle)
        if content is None:
            report(NoticeCode.ATTACHMENT_BROKEN, f"the attachment `{one_line(name)[:80]}`")
        else:
            files.setdefault(clean_text(name), content)
    return files


def _read_file(bundle: object) -> bytes | None:
    """The bytes of the first usable form of an attachment, pictures first."""
    if not isinstance(bundle, Mapping):
        return None
    for mime in sorted(map(str, bundle), key=lambda mime: not mime.startswith("image/")):
        text = join_text(bundle.get(mime))
        if not text:
            continue
        if text.lstrip()[:1] == "<" or mime.startswith("text/"):
            return clean_text(text).encode()
        try:
            return b64decode("".join(text.split()), validate=True)
        except (Base64Error, ValueError):
            continue
    return None


_WIDGETS = "application/vnd.jupyter.widget-state+json"


def read_widget_state(metadata: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """The state of the notebook's widgets as it was saved, or empty."""
    widgets = metadata.get("widgets")
    if widgets is None:
        return {}
    state = widgets.get(_WIDGETS) if isinstance(widgets, Mapping) else None
    try:
        if isinstance(state, Mapping):
            cleaned: dict[str, Any] = clean_json(state)
            return cleaned
    except _TooDeep:
        state = ()
    if state is not None or not isinstance(widgets, Mapping):
        report(NoticeCode.NOTEBOOK_MALFORMED, "`metadata.widgets` is not the state of widgets")
    return {}

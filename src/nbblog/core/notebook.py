"""Bytes become a notebook, or one line that says what the file is instead and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .errors import NotebookError

MAX_BYTES = 64 * 1024 * 1024
"""The default limit for one notebook file."""
DEEPEST = 500
"""Levels of lists and objects; the deepest of real notebooks have about thirty."""
MAJOR, MINOR = 4, 5
"""The newest nbformat that is known here."""

_LFS = b"version https://git-lfs.github.com/spec/"
_SIGNATURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"<!doctype html", "a web page; download the raw notebook instead"),
    (b"<html", "a web page; download the raw notebook instead"),
)
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


def read_notebook(raw: bytes, name: str, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The notebook in a file's bytes, as parsed JSON of any format version; see ``needs_upgrade``.

    ``name`` is the file's name for messages. Raises ``NotebookError``. Text is cleaned later, by ``read_post``."""
    if len(raw) > max_bytes:
        raise NotebookError(
            name,
            f"is {len(raw) / 2**20:.0f} MiB, over the limit of {max_bytes / 2**20:.0f} MiB; "
            "clear large outputs or raise `limits.notebook_bytes`",
        )
    _refuse_other_files(raw, name)
    notebook = _parse(_decode(raw, name), name)
    check_notebook(notebook, name)
    assert isinstance(notebook, dict)
    return notebook


def check_notebook(notebook: object, name: str) -> None:
    """Raise ``NotebookError`` when parsed JSON is no notebook, or one of a format that is not known yet."""
    if not isinstance(notebook, Mapping):
        raise NotebookError(name, f"is JSON, but {_json_name(notebook)}, not a notebook")
    if not notebook:
        raise NotebookError(name, "is an empty JSON object, not a notebook; save it again from Jupyter")
    major = _whole_number(notebook.get("nbformat"))
    if major is not None and major > MAJOR:
        known = f"nbblog reads formats up to {MAJOR}; upgrade nbblog, or save the notebook as {MAJOR}"
        raise NotebookError(name, f"has notebook format {major}, and {known}")
    if not isinstance(notebook.get("cells"), list) and not needs_upgrade(notebook) and major != MAJOR:
        raise NotebookError(name, "is JSON, but not a notebook: it has no list of cells")


def needs_upgrade(notebook: Mapping[str, Any]) -> bool:
    """Whether the notebook has format 1, 2 or 3, which a host brings to 4 with ``nbformat.convert``."""
    major = _whole_number(notebook.get("nbformat"))
    if major is None:
        return isinstance(notebook.get("worksheets"), list) and "cells" not in notebook
    return 1 <= major < MAJOR


def newer_minor(notebook: Mapping[str, Any]) -> int | None:
    """The minor version when it is newer than the newest known one, else ``None``."""
    minor = _whole_number(notebook.get("nbformat_minor"))
    return minor if minor is not None and minor > MINOR else None


def _refuse_other_files(raw: bytes, name: str) -> None:
    """Raise for what its first bytes show to be something else."""
    start = raw[:64].lstrip().lower()
    if not raw.strip(b"\x00 \t\r\n"):
        size = "is empty (0 bytes)" if not raw else f"is empty ({len(raw)} bytes of white space)"
        raise NotebookError(name, f"{size}; save it again from Jupyter")
    if raw.startswith(_LFS):
        raise NotebookError(name, "is a Git LFS pointer, not the notebook itself; run `git lfs pull`")
    for signature, what in _SIGNATURES:
        if start.startswith(signature.lower()):
            raise NotebookError(name, f"is {what}, not a notebook{_first_bad_byte(raw)}")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:4] == b"\x00\x00\xfe\xff" or b"\x00" in raw[:4]:
        raise NotebookError(name, "is UTF-16 or UTF-32 text; a notebook is UTF-8: save it again with that encoding")


def _first_bad_byte(raw: bytes) -> str:
    """Where a file stops being UTF-8, as the end of a message."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return f" (byte 0x{raw[error.start]:02x} at offset {error.start} is not UTF-8)"
    return ""


def _decode(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # utf-8-sig counts from behind the byte order mark.
        offset = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        reason = f"is not UTF-8: byte 0x{raw[offset]:02x} at offset {offset}; save it again as UTF-8"
        raise NotebookError(name, reason) from None


def _parse(text: str, name: str) -> object:
    try:
        parsed = json.loads(text)
        if _is_deep(parsed):
            raise RecursionError
        return parsed
    except RecursionError:
        raise NotebookError(name, "nested too deeply to be a notebook") from None
    except json.JSONDecodeError as error:
        if conflict := _CONFLICT.search(text):
            line = text.count("\n", 0, conflict.start()) + 1
            reason = f"has Git conflict markers (line {line}); resolve the merge first, `nbdime mergetool` can help"
            raise NotebookError(name, reason) from None
        where = f"line {error.lineno}, column {error.colno}"
        raise NotebookError(name, f"is not JSON: {error.msg} at {where}") from None
    except ValueError:  # int() refuses numbers of more than 4,300 digits
        raise NotebookError(name, "holds a number of thousands of digits; it cannot be read") from None


def _is_deep(value: object) -> bool:
    """Whether there are more than ``DEEPEST`` levels of lists and objects: how many the parser takes depends on the
    version of Python, what comes after it recurses."""
    level: list[Any] = [[value]]
    for _ in range(DEEPEST + 1):
        level = [
            part
            for whole in level
            for part in (whole.values() if type(whole) is dict else whole)
            if type(part) is list or type(part) is dict
        ]
        if not level:
            return False
    return True


def _json_name(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "true or false", int: "a number", float: "a number", str: "a string", list: "a list"}
    return names.get(type(value), "no object")


def _whole_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None

"""Passwords, keys and tokens that a notebook would publish: in its sources, outputs, metadata and attachments.

A strict kind is a shape that a service gives to its own tokens, or a place where nothing but a secret stands; it stops
a publishing. A loose one is text that only looks like a secret. What is found is never repeated, only how it begins.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .notices import Place
from .saved import join_text
from .secretkinds import LOOSE, STRICT, SecretKind

Part = Literal["source", "output", "metadata", "attachment"]


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret, and where it stands."""

    kind: str
    """In words: ``a GitHub token``."""
    part: Part
    place: Place
    """The cell; the line only in a source. The notebook's own metadata has no cell, and other texts only lines."""
    masked: str
    """How it begins, and how long it is: safe to print."""
    strict: bool
    """Whether it is of a shape that stands for nothing else."""

    def __str__(self) -> str:
        where = [] if self.place.cell is None else [f"cell {self.place.cell}, {self.part}"]
        if self.place.line is not None:
            where.append(f"line {self.place.line}")
        return f"{', '.join(where) or 'the notebook’s metadata'}: {self.kind}, {self.masked}"


def find_secrets(notebook: Mapping[str, Any], *, loose: bool = True) -> list[Secret]:
    """Every secret of a parsed notebook of any format, in order, each once for each cell and part. Never raises.

    Loose kinds are looked for only in what a person wrote or printed."""
    found: dict[tuple[object, ...], Secret] = {}
    for cell, id, part, text, plain in _texts(notebook):
        for match in _matches(text, loose and plain):
            line = text.count("\n", 0, match.start) + 1 if part == "source" else None
            key = (cell, part, match.secret)
            if key not in found:
                masked = mask(match.secret)
                found[key] = Secret(match.kind.name, part, Place(cell, id, line), masked, match.kind.strict)
    return list(found.values())


def find_in_text(text: str) -> list[Secret]:
    """The same for any text, such as a page; only strict kinds."""
    return [
        Secret(match.kind.name, "source", Place(line=text.count("\n", 0, match.start) + 1), mask(match.secret), True)
        for match in _matches(text, False)
    ]


def mask_secrets(text: str) -> str:
    """The text with every secret of a strict kind replaced by how it begins."""
    kept, end = [], 0
    for match in _matches(text, False):
        kept += [text[end : match.start], mask(match.secret)]
        end = match.start + len(match.secret)
    return "".join([*kept, text[end:]])


def mask(secret: str) -> str:
    """``ghp_… (40 characters)``: what tells its owner which one it is, and nobody else anything."""
    shown = re.match(r"[A-Za-z]{1,6}[-_]|(?:AKIA|ASIA|AIza|eyJ)|-----BEGIN [A-Z ]*KEY", secret)
    return f"{shown[0] if shown else ''}… ({len(secret)} characters)"


@dataclass(frozen=True, slots=True)
class _Match:
    kind: SecretKind
    secret: str
    start: int


def _matches(text: str, loose: bool) -> list[_Match]:
    """What is found in one text, in order; kinds that come first go first."""
    # This letter alone has another length in lower case.
    lower = text.replace("İ", "I").lower()
    found: list[_Match] = []
    for kind in (*STRICT, *LOOSE) if loose else STRICT:
        for match in _matches_of(kind, text, lower if kind.folded else text):
            start, end = match.span("secret")
            is_new = all(end <= other.start or other.start + len(other.secret) <= start for other in found)
            if is_new and kind.is_real(match):
                found.append(_Match(kind, match["secret"], start))
    return sorted(found, key=lambda match: match.start)


def _matches_of(kind: SecretKind, text: str, searched: str) -> Iterator[re.Match[str]]:
    """A pattern is tried only where its words stand: looking for words is many times faster."""
    for word in kind.beginnings:
        place = searched.find(word)
        while place >= 0:
            starts = range(max(0, place - kind.before), place + 1)
            match = next(filter(None, (kind.pattern.match(text, start) for start in starts)), None)
            if match:
                yield match
            place = searched.find(word, max(place + 1, match.end() if match else 0))


# --- The texts of a notebook ----------------------------------------------------------------------------------------

_Text = tuple[int | None, str | None, Part, str, bool]
"""The cell's number and id, the part, its text, and whether it was written or printed for people."""
_MOST = 16 << 20
"""Characters of one text that are looked at."""


def _texts(notebook: Mapping[str, Any]) -> Iterator[_Text]:
    for number, cell in enumerate(_cells(notebook), 1):
        if isinstance(cell, Mapping):
            id = cell.get("id")
            for part, text, plain in _cell_texts(cell):
                yield number, id if isinstance(id, str) else None, part, text[:_MOST], plain
    for text in _strings({key: value for key, value in notebook.items() if key not in ("cells", "worksheets")}):
        yield None, None, "metadata", text[:_MOST], False


def _cells(notebook: Mapping[str, Any]) -> Iterator[object]:
    sheets = notebook.get("worksheets")
    for holder in (notebook, *(sheets if isinstance(sheets, list) else ())):
        cells = holder.get("cells") if isinstance(holder, Mapping) else None
        yield from cells if isinstance(cells, list | tuple) else ()


def _cell_texts(cell: Mapping[str, Any]) -> Iterator[tuple[Part, str, bool]]:
    source = join_text(cell.get("source", cell.get("input")))
    if source:
        yield "source", source, True
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list | tuple) else ():
        for text, plain in _output_texts(output):
            yield "output", text, plain
    attachments = cell.get("attachments")
    for bundle in attachments.values() if isinstance(attachments, Mapping) else ():
        for text in _attached(bundle):
            yield "attachment", text, True
    for text in _strings(cell.get("metadata")):
        yield "metadata", text, False


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_BINARY = re.compile(r"(?:image/(?!svg)|audio/|video/|application/pdf|png\Z|jpeg\Z)")


def _output_texts(output: object) -> Iterator[tuple[str, bool]]:
    """The texts of one output, pictures and films left out; nbformat 3 has its data beside the type."""
    if not isinstance(output, Mapping):
        return
    data = output.get("data")
    for key, value in {**output, **(data if isinstance(data, Mapping) else {})}.items():
        if key == "data" or _BINARY.match(str(key)):
            continue
        lines = key == "traceback" and isinstance(value, list) and all(isinstance(line, str) for line in value)
        text = "\n".join(value) if lines else join_text(value)
        if text is not None:
            yield _COLOUR.sub("", text), key in ("text", "text/plain", "evalue")
        else:
            yield from ((text, False) for text in _strings(value))


def _attached(bundle: object) -> Iterator[str]:
    """The text in an attachment: all but pictures is base64 too."""
    for kind, value in bundle.items() if isinstance(bundle, Mapping) else ():
        text = join_text(value)
        if text is None or (_BINARY.match(str(kind)) and "svg" not in str(kind)):
            continue
        try:
            yield b64decode(text, validate=False)[:_MOST].decode("utf-8", "replace")
        except (Base64Error, ValueError):
            yield text


def _strings(value: object) -> Iterator[str]:
    """All strings in some JSON, each of a mapping together with its key: a name makes a secret of a value."""
    waiting: list[object] = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, Mapping):
            texts = [f'"{key}": "{text}"' for key, text in part.items() if isinstance(text, str)]
            if texts:
                yield ", ".join(texts)
            waiting += [entry for entry in part.values() if not isinstance(entry, str)]
        elif isinstance(part, list | tuple):
            whole = join_text(part)
            waiting += [entry for entry in part if isinstance(entry, Mapping | list | tuple)] if whole is None else []
            yield from [whole] if whole else [entry for entry in part if isinstance(entry, str)]

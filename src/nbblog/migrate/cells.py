"""Markdown parted into the cells of a notebook: at its headings, and where code is to run.

Joined again with an empty line between them the cells are the text, but for how many empty lines stood there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ..core.yaml import YamlError, load_yaml
from .shortcodes import bracket

_OPEN = re.compile(r"( {0,3})(`{3,}|~{3,}|:{3,})[ \t]*(\{[^}\n]*\}|[^\s`]*)?[ \t]*(.*)$")
_HEADING = re.compile(r"#{1,2}(?:[ \t]|$)")
_LANGUAGE = {"py": "python", "python3": "python", "ipython": "python", "ipython3": "python", "jl": "julia"}
_KERNELS = {"python": ("python3", "Python 3 (ipykernel)"), "r": ("ir", "R"), "julia": ("julia-1", "Julia")}


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell to be: ``markdown`` or ``code``."""

    kind: str
    source: str
    line: int
    """Of the body, from 1."""
    language: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


def split_body(body: str) -> list[Piece]:
    """The cells of a Markdown text. Fenced blocks of Quarto (``{python}``) and MyST (``{code-cell}``) are code."""
    pieces: list[Piece] = []
    kept: list[str] = []
    start = 1
    lines = body.expandtabs(4).split("\n") if "\t```" in body else body.split("\n")

    def flush(place: int) -> None:
        nonlocal start
        text = "\n".join(kept).strip("\n")
        if text.strip():
            pieces.append(Piece("markdown", text, start))
        kept.clear()
        start = place + 1

    for place, end, match in _blocks(lines):
        code = _code(lines[place:end], match, place + 1) if match and end - place > 1 else None
        if code or (match is None and _HEADING.match(lines[place])):
            flush(place)
        if code:
            pieces.append(code)
            start = end + 1
        else:
            kept += _figure(lines[place:end], match)
    flush(len(lines))
    return pieces


def _blocks(lines: list[str]) -> Iterator[tuple[int, int, re.Match[str] | None]]:
    """Lines by themselves, and fenced blocks as a whole: from, to, and how it opens."""
    place = 0
    while place < len(lines):
        match = _OPEN.match(lines[place])
        end = place + 1
        if match:
            depth, marks = 1, match[2]
            close = re.compile(rf" {{0,3}}{re.escape(marks)}{re.escape(marks[0])}*[ \t]*$")
            while end < len(lines) and depth:
                if close.match(lines[end]):
                    depth -= 1
                elif marks[0] == ":" and _OPEN.match(lines[end]) and lines[end].lstrip().startswith(marks):
                    depth += 1
                end += 1
            if depth:  # never closed: a line like any other
                match, end = None, place + 1
        yield place, end, match
        place = end


def _code(block: list[str], match: re.Match[str], line: int) -> Piece | None:
    """The code cell that a fenced block stands for, if it is one that runs."""
    braces = match[3] or ""
    if not braces.startswith("{") or match[2][0] == ":":
        return None
    words = braces[1:-1].replace(",", " ").split()
    name, inside = (words[0] if words else ""), block[1:-1]
    if name == "code-cell":
        metadata, inside = _options(inside)
        return Piece("code", "\n".join(inside), line, _spelled(match[4] or "python"), metadata)
    language = _spelled(name)
    if language in _KERNELS and (match[4] == "" or "=" in match[4]):
        return Piece("code", "\n".join(inside), line, language)
    return None


def _spelled(name: str) -> str:
    word = (name.split() or ["python"])[0].lower()
    return _LANGUAGE.get(word, word)


def _options(inside: list[str]) -> tuple[dict[str, Any], list[str]]:
    """MyST's options at the top of a directive: ``:tags: [a, b]`` lines, or YAML between ``---``."""
    end = 0
    if inside and inside[0].strip() == "---" and "---" in (line.strip() for line in inside[1:]):
        end = next(place for place, line in enumerate(inside[1:], 1) if line.strip() == "---") + 1
        written = "\n".join(inside[1 : end - 1])
    else:
        while end < len(inside) and re.match(r":[\w-]+:", inside[end]):
            end += 1
        written = "\n".join(line[1:] for line in inside[:end])
    try:
        options = load_yaml(written) if written.strip() else {}
    except YamlError:
        return {}, inside
    if not isinstance(options, dict):
        return {}, inside
    if isinstance(options.get("tags"), str):
        options["tags"] = options["tags"].split()
    return options, inside[end:]


def _figure(block: list[str], match: re.Match[str] | None) -> list[str]:
    """MyST's figure and image as markup; any other block as it is."""
    name = (match[3] or "").strip("{}") if match else ""
    if match is None or name not in ("figure", "image") or not match[4].strip():
        return block
    options, text = _options(block[1:-1])
    caption = " ".join(" ".join(text).split()) or str(options.get("caption", ""))
    width, link = str(options.get("width", "")), str(options.get("target", ""))
    return [bracket("image", match[4].strip(), str(options.get("alt", "")), caption=caption, width=width, link=link)]


def make_notebook(head: str, pieces: list[Piece], fields: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook of format 4.5: a raw cell with the head (YAML text), then the cells. Code of another language than the
    first is shown, not run. Cells have no outputs: nothing has been run yet."""
    language = next((piece.language for piece in pieces if piece.kind == "code"), "python")
    taken: set[str] = set()
    cells = [_cell("raw", f"---\n{head.rstrip()}\n---", {}, taken)] if head.strip() else []
    for piece in pieces:
        if piece.kind == "code" and piece.language == language:
            cells.append(_cell("code", piece.source, dict(piece.metadata), taken))
        elif piece.kind == "code":
            cells.append(_cell("markdown", f"```{piece.language}\n{piece.source}\n```", {}, taken))
        else:
            cells.append(_cell("markdown", piece.source, {}, taken))
    kernel = fields.get("kernelspec")
    name, shown = _KERNELS.get(language, (language, language))
    if isinstance(kernel, dict) and isinstance(kernel.get("name"), str):
        name, shown = kernel["name"], str(kernel.get("display_name") or kernel["name"])
    elif isinstance(fields.get("jupyter"), str):
        name = fields["jupyter"]
    spec = {"display_name": shown, "language": language, "name": name}
    metadata = {"kernelspec": spec, "language_info": {"name": language}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cell(kind: str, source: str, metadata: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """A cell whose id is that of its content, so that the same post gives the same bytes."""
    number = 0
    while (cell_id := sha256(f"{kind}\n{source}\n{number}".encode("utf-8", "surrogatepass")).hexdigest()[:8]) in taken:
        number += 1
    taken.add(cell_id)
    cell = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}
    return {**cell, "execution_count": None, "outputs": []} if kind == "code" else cell

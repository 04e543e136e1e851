"""The double brackets' grammar: ``[[name:target|positional|key=value]]``. Text in, data out.

White space around ``|``, ``:`` and ``=`` is free, ``\\|`` and ``\\]`` stand for themselves, and a target may hold
brackets as long as they are balanced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

NAMES = ("image", "video", "audio", "embed", "post", "file", "toc")
KEYS = ("alt", "caption", "width", "height", "align", "link", "poster", "title", "text")
BLOCK_NAMES = frozenset({"image", "video", "audio", "embed", "toc"})
"""These stand for a block of their own when they fill a line."""
LONGEST = 4_000
"""Characters; a longer text between brackets is not looked at (a picture written as a data URI is put aside first)."""

_DEEPEST = 8
_NEAR = 1_000
_STOP = re.compile(r"\\[\s\S]|[\[\]]")
_CLOSE = re.compile(r"(?:\\[\s\S]|[^\]\\]|\](?!\]))*\]\]")
_HEAD = re.compile(r"\[\[\s*([A-Za-z][A-Za-z0-9_-]*)\s*(?=[:|\]])")
_BAR = re.compile(r"\\[\s\S]|\|")
_KEY = re.compile(r"\s*([A-Za-z][A-Za-z-]*)\s*=([\s\S]*)")
_ESCAPED = re.compile(r"\\([|\[\]])")


@dataclass(frozen=True, slots=True)
class Bracket:
    """What stands between double brackets."""

    name: str
    """In lower case; one of ``NAMES`` or not."""
    target: str
    positional: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    """The ``key=value`` parts, with keys of ``KEYS`` only: any other part that holds a ``=`` is positional."""

    @property
    def text(self) -> str:
        """The alt text of a picture, the label of a link; empty if none is given."""
        return self.options.get("alt") or self.options.get("text") or (self.positional[0] if self.positional else "")

    @property
    def is_known(self) -> bool:
        """A name of ours, with a target where it needs one."""
        return self.name in NAMES and (bool(self.target) or self.name == "toc")


def find_bracket(source: str, start: int, end: int) -> tuple[Bracket, int] | None:
    """The bracket that begins at ``start`` (where ``[[`` stands) and where it ends, or ``None`` if none does."""
    head = _HEAD.match(source, start, end)
    if head is None:
        return None
    close = _find_close(source, head.end(), min(end, start + LONGEST))
    if close < 0:
        return None
    inside = source[head.end() : close]
    return read_bracket(head[1], inside), close + 2


def read_bracket(name: str, inside: str) -> Bracket:
    """The parts of ``inside``, which begins with ``:`` or ``|`` or is empty."""
    target, *parts = _split(inside)
    positional: list[str] = []
    options: dict[str, str] = {}
    for part in parts:
        match = _KEY.fullmatch(part)
        if match and match[1].lower() in KEYS:
            options.setdefault(match[1].lower(), _plain(match[2]))
        elif part.strip():
            positional.append(_plain(part))
    return Bracket(name.lower(), _plain(target.removeprefix(":")), tuple(positional), options)


def _plain(part: str) -> str:
    return _ESCAPED.sub(r"\1", part).strip()


def _split(inside: str) -> list[str]:
    parts, start = [], 0
    for match in _BAR.finditer(inside):
        if match[0] == "|":
            parts.append(inside[start : match.start()])
            start = match.end()
    return [*parts, inside[start:]]


def _find_close(source: str, start: int, end: int) -> int:
    """Where the closing ``]]`` stands, brackets inside being balanced; else where the first ``]]`` does; else -1."""
    depth = 0
    for match in _STOP.finditer(source, start, end):
        mark, at = match[0], match.start()
        if depth == 0 and mark == "]" and source.startswith("]]", at, end):
            return at
        depth += (mark == "[") - (mark == "]")
        if depth > _DEEPEST:
            return -1
        if depth < 0:
            break
    first = _CLOSE.match(source, start, min(end, start + _NEAR))
    return first.end() - 2 if first else -1

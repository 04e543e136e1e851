"""What a panel can do about a notice without asking: a few letters of one line, written otherwise.

Only changes that leave the author's words as they are: a name that was misspelt, brackets that were meant as text, and
the place where a picture's description goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .errors import suggested
from .notices import Notice, NoticeCode


@dataclass(frozen=True, slots=True)
class Fix:
    """``old``, which stands once in the notice's line (or is one of its cell's tags), becomes ``new``."""

    old: str
    new: str
    cursor: int | None = None
    """Where in ``new`` the author goes on writing, if there is something to be said."""


def find_fix(notice: Notice, source: str) -> Fix | None:
    """The fix for a notice of a cell with this source, if there is a safe one."""
    find = _FINDERS.get(notice.kind)
    if find is None:
        return None
    written = notice.detail.rpartition("; did you mean")[0] or notice.detail
    fix = find(written, suggested(notice.detail))
    if fix is None or notice.kind is NoticeCode.TAG_UNKNOWN:
        return fix
    line = _line(source, notice.place.line)
    return fix if line.count(fix.old) == 1 else None


def _line(source: str, number: int | None) -> str:
    lines = source.splitlines()
    return lines[number - 1] if number is not None and 0 < number <= len(lines) else ""


def _quoted(written: str) -> str:
    match = re.search(r"`([^`]+)`", written)
    return match[1] if match else ""


def _key(written: str, meant: str | None) -> Fix | None:
    """An option line or a line of the front matter: the name before the colon, or a word alone."""
    name = _quoted(written)
    return Fix(name, meant) if meant and re.fullmatch(r"[\w-]+", name) else None


def _bracket(written: str, meant: str | None) -> Fix | None:
    name = re.match(r"\[\[\s*([\w-]*)", written)
    if name is None:
        return None
    return Fix(written, written.replace(name[1], meant, 1)) if meant and name[1] else Fix(written, f"\\{written}")


def _note(written: str, meant: str | None) -> Fix | None:
    return Fix(written, f"\\{written}")


def _callout(written: str, meant: str | None) -> Fix | None:
    name = re.search(r"[A-Za-z][\w-]*", written.replace("callout-", " " * 8))
    if name is None or meant is None:
        return None
    word = meant.upper() if name[0].isupper() else meant
    return Fix(written, written[: name.start()] + word + written[name.end() :])


def _option(written: str, meant: str | None) -> Fix | None:
    key, equals, value = written.partition("=")
    if not meant or not equals:
        return None
    # The suggestion is for the value where the key is right, as in `align=lft`.
    return Fix(written, f"{key}={meant}" if key == "align" else f"{meant}={value}")


def _alt(written: str, meant: str | None) -> Fix | None:
    old = f"[[image:{written}]]"
    return Fix(old, f"{old[:-2]}|]]", len(old) - 1)


_FINDERS: Mapping[NoticeCode, Callable[[str, str | None], Fix | None]] = {
    NoticeCode.OPTION_UNKNOWN: _key,
    NoticeCode.FRONT_MATTER_KEY: _key,
    NoticeCode.TAG_UNKNOWN: _key,
    NoticeCode.BRACKET_UNKNOWN: _bracket,
    NoticeCode.BRACKET_OPTION: _option,
    NoticeCode.NOTE_UNDEFINED: _note,
    NoticeCode.CALLOUT_UNKNOWN: _callout,
    NoticeCode.IMAGE_ALT_MISSING: _alt,
}

"""What an author should know of a runnable section before its page is published, besides what its answers show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .notices import Notice, NoticeCode, Place
from .post import Cell, Post
from .programs.packages import NOTHING, BrowserPackages, why_not_loaded
from .runnable import has_changed
from .text import clean_text, one_line

_CHOSEN = "the section says"
"""So begins a reason that is the author's own wish."""


def check_section(
    post: Post, cell: Cell, content: object, available: BrowserPackages = NOTHING
) -> tuple[Notice, ...]:
    """The notices of one section: ``content`` is the JSON that ``nbblog.interact`` saved in an output of ``cell``, and
    ``available`` is what the page's Python can import besides the standard library. Never raises.

    Called for each output of that kind that could be rendered; that answers are missing or not pure, rendering says.
    """
    code = content.get("code") if isinstance(content, Mapping) else None
    if not isinstance(content, Mapping) or not isinstance(code, Mapping):
        return ()
    name = f"`{_words(content.get('name'))[:60]}`"
    place = Place(cell.number, cell.id)
    notices: list[Notice] = []
    if has_changed(post, cell, _words(code.get("sha256"))):
        notices.append(Notice(NoticeCode.SECTION_STALE, f"{name} was baked from other code than stands here", place))
    packages = why_not_loaded(_packages(code), available)
    if packages and not _is_whole(content):
        notices.append(Notice(NoticeCode.SECTION_PACKAGES, f"readers cannot run {name}: {packages}", place))
    elif reason := packages or _own_reason(code):
        notices.append(Notice(NoticeCode.SECTION_NOT_LIVE, f"readers cannot run {name}: {reason}", place))
    return tuple(notices)


def _packages(code: Mapping[str, Any]) -> list[str]:
    listed = code.get("packages") if code.get("live") is True else None
    return [_words(one)[:60] for one in listed[:20]] if isinstance(listed, list) else []


def _own_reason(code: Mapping[str, Any]) -> str:
    """Why the code cannot run, unless its author wants it so."""
    reason = "" if code.get("live") is True else _words(code.get("reason"))
    return "" if reason.startswith(_CHOSEN) else reason


def _is_whole(content: Mapping[str, Any]) -> bool:
    """Whether every answer that a reader can ask for is baked."""
    states, controls = content.get("states"), content.get("controls")
    if not isinstance(states, Mapping) or states.get("baked") != states.get("total"):
        return False
    kinds = [one.get("kind") for one in controls if isinstance(one, Mapping)] if isinstance(controls, list) else []
    return not {"text", "number"} & {kind for kind in kinds if isinstance(kind, str)}


def _words(value: object) -> str:
    return one_line(clean_text(value[:300])) if isinstance(value, str) else ""

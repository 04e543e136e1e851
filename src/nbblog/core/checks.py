"""What an author should know of a runnable section before its page is published, besides what its answers show."""

from __future__ import annotations

from collections.abc import Mapping

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
    listed = code.get("packages")
    packages = [_words(one)[:60] for one in listed[:20]] if isinstance(listed, list) else []
    reason = _words(code.get("reason"))
    if missing := why_not_loaded(packages, available):
        notices.append(Notice(NoticeCode.SECTION_PACKAGES, f"readers cannot run {name}: {missing}", place))
    elif code.get("live") is not True and reason and not reason.startswith(_CHOSEN):
        notices.append(Notice(NoticeCode.SECTION_NOT_LIVE, f"readers cannot run {name}: {reason}", place))
    return tuple(notices)


def _words(value: object) -> str:
    return one_line(clean_text(value[:300])) if isinstance(value, str) else ""

"""What can go wrong for a reason that a person can mend.

Every message is one line and says what, where, and what to do. Anything that is not an ``NbblogError`` is a bug
and keeps its traceback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches


class NbblogError(Exception):
    """The root of all errors that a user can cause."""


class NotebookError(NbblogError):
    """The file is not a notebook that can be read. ``name`` is the file's name as the user gave it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class PostError(NbblogError):
    """The notebook is readable but cannot be a post. ``cell`` is the cell's number, counted from 1."""

    def __init__(self, name: str, reason: str, *, cell: int | None = None) -> None:
        super().__init__(f"{name}: {reason}" if cell is None else f"{name}, cell {cell}: {reason}")
        self.name = name
        self.reason = reason
        self.cell = cell


class ConfigError(NbblogError):
    """A setting has a wrong name or value."""


class NoBlogError(ConfigError):
    """Neither the folder nor any above it is a blog's."""


class BuildError(NbblogError):
    """The site cannot be written where it is wanted."""


class PublishError(NbblogError):
    """The site cannot be published; nothing on the remote has changed."""


class FileRefused(NbblogError):
    """A file beside the notebook cannot be used; ``reason`` says why (missing, outside the folder, a link…)."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"{target}: {reason}")
        self.target = target
        self.reason = reason


def near(word: str, known: Iterable[str]) -> str:
    """The end of a message that offers the nearest known word: ``; did you mean `x`?``, or nothing."""
    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{matches[0]}`?" if matches else ""


def suggested(message: str) -> str | None:
    """The word that ``near`` put at the end of a message."""
    match = re.search(r"; did you mean `([^`]+)`\?$", message)
    return match[1] if match else None

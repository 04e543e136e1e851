"""Named warnings. They are data: the command line prints them, the preview shows them beside the cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Severity = Literal["info", "warning", "error"]


class NoticeCode(Enum):
    """Each kind of notice: its code, severity, and a sentence that says what to do about it."""

    IMAGE_ALT_MISSING = ("image-alt-missing", "warning", "Say what the picture shows: [[image:URL|Alt text]].")

    def __init__(self, code: str, severity: Severity, advice: str) -> None:
        self.code = code
        self.severity: Severity = severity
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a notebook: the cell's number (from 1), its id, and a line of its source (from 1), where known."""

    cell: int | None = None
    cell_id: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One finding about a post."""

    kind: NoticeCode
    """Which of the known findings."""
    detail: str
    """What exactly was found, in a few words (the target, the key, the name)."""
    place: Place = Place()
    """Where it was found."""

    @property
    def code(self) -> str:
        """The stable name, as used in ``ignore = [...]``."""
        return self.kind.code

    def __str__(self) -> str:
        where = f"cell {self.place.cell}" if self.place.cell is not None else "notebook"
        if self.place.line is not None:
            where += f", line {self.place.line}"
        return f"{where}: {self.detail} [{self.code}] {self.kind.advice}"

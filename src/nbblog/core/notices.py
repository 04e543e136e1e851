"""Named warnings. They are data: the command line prints them, the preview shows them beside the cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Severity = Literal["info", "warning", "error"]


class NoticeCode(Enum):
    """Each kind of notice: its code, severity, and a sentence that says what to do about it."""

    IMAGE_ALT_MISSING = ("image-alt-missing", "warning", "Say what the picture shows: [[image:URL|Alt text]].")

    # Reading a notebook and its front matter.
    FRONT_MATTER_UNREADABLE = ("front-matter-unreadable", "error", "Mend the YAML between the --- lines; it is shown as text.")
    FRONT_MATTER_KEY = ("front-matter-key", "warning", "Correct the key's name or take it out; it does nothing.")
    FRONT_MATTER_VALUE = ("front-matter-value", "warning", "Write a value of the right kind.")
    FRONT_MATTER_DISAGREES = ("front-matter-disagrees", "warning", "Keep one of the two; the first is used.")
    DATE_AMBIGUOUS = ("date-ambiguous", "warning", "Write the date as YYYY-MM-DD, or set `date_order` for the blog.")
    DATE_UNREADABLE = ("date-unreadable", "warning", "Write the date as YYYY-MM-DD.")
    SLUG_CHANGED = ("slug-changed", "info", "Write the slug in letters, digits and dashes, at most 100 bytes.")
    TITLE_MISSING = ("title-missing", "warning", "Begin the notebook with `# Title`; the file's name stands in for it.")
    NOTEBOOK_NEWER = ("notebook-newer", "info", "Upgrade nbblog if something is missing from the page.")
    NOTEBOOK_MALFORMED = ("notebook-malformed", "warning", "Open the notebook in Jupyter and save it; the part is left out.")
    CELL_TYPE_UNKNOWN = ("cell-type-unknown", "warning", "Make it a markdown, code or raw cell; it is read as markdown.")
    OPTION_UNKNOWN = ("option-unknown", "warning", "Correct the option's name or take it out; it does nothing.")
    OPTION_VALUE = ("option-value", "warning", "Write a value that the option knows; it is ignored.")
    TAG_UNKNOWN = ("tag-unknown", "warning", "Correct the cell's tag; as it is it does nothing.")
    ATTACHMENT_BROKEN = ("attachment-broken", "warning", "Paste the picture into the cell again; it cannot be shown.")
    ATTACHMENT_NAME = ("attachment-name", "info", "Rename the attachment to a plain file name.")
    OUTPUT_MALFORMED = ("output-malformed", "warning", "Run the cell again and save; the output is left out.")

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

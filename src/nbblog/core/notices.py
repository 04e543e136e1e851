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
    FRONT_MATTER_UNREADABLE = ("front-matter-unreadable", "error", "Mend the YAML; it is shown as text.")
    FRONT_MATTER_KEY = ("front-matter-key", "warning", "Correct the key's name or take it out; it does nothing.")
    FRONT_MATTER_VALUE = ("front-matter-value", "warning", "Write a value of the right kind.")
    FRONT_MATTER_DISAGREES = ("front-matter-disagrees", "warning", "Keep one of the two; the first is used.")
    DATE_AMBIGUOUS = ("date-ambiguous", "warning", "Write YYYY-MM-DD, or set `date_order`.")
    DATE_UNREADABLE = ("date-unreadable", "warning", "Write the date as YYYY-MM-DD.")
    SLUG_CHANGED = ("slug-changed", "info", "Use letters, digits and dashes, 100 bytes at most.")
    TITLE_MISSING = ("title-missing", "warning", "Begin the notebook with `# Title`.")
    NOTEBOOK_NEWER = ("notebook-newer", "info", "Upgrade nbblog if something is missing.")
    NOTEBOOK_MALFORMED = ("notebook-malformed", "warning", "Save it again from Jupyter; the part is left out.")
    CELL_TYPE_UNKNOWN = ("cell-type-unknown", "warning", "Make it markdown, code or raw.")
    OPTION_UNKNOWN = ("option-unknown", "warning", "Correct the option's name or take it out.")
    OPTION_VALUE = ("option-value", "warning", "Write a value that the option knows; it is ignored.")
    TAG_UNKNOWN = ("tag-unknown", "warning", "Correct the cell's tag; as it is it does nothing.")
    ATTACHMENT_BROKEN = ("attachment-broken", "warning", "Paste the picture into the cell again.")
    ATTACHMENT_NAME = ("attachment-name", "info", "Rename the attachment to a plain file name.")
    OUTPUT_MALFORMED = ("output-malformed", "warning", "Run the cell again and save; the output is left out.")

    # Outputs that are more than text and pictures.
    OUTPUT_SCRIPT_DROPPED = ("output-script-dropped", "warning", "Scripts run only in posts you trust; save a picture of it too.")
    OUTPUT_NEEDS_NETWORK = ("output-needs-network", "warning", "A page fetches nothing: put the figures into the chart.")
    OUTPUT_NOT_DRAWN = ("output-not-drawn", "warning", "Run the cell again and save widget state, or save a picture of it.")

    # Runnable sections.
    SECTION_UNREADABLE = ("section-unreadable", "warning", "Run the cell again and save; what it showed first stands there.")
    SECTION_PARTIAL = ("section-partial", "info", "Bake more states, or know that readers wait for Python.")
    SECTION_INCOMPLETE = ("section-incomplete", "warning", "Bake all states, or take out what no browser has.")
    SECTION_STALE = ("section-stale", "warning", "Run the cells above and this one again, in their order, and save.")
    SECTION_PACKAGES = ("section-packages", "info", "Bake all states: a page's Python has the standard library alone.")
    SECTION_NOT_LIVE = ("section-not-live", "info", "Baked answers are there; take out what no browser has if readers should run the code.")
    SECTION_NOT_RUN = ("section-not-run", "warning", "Take out what no browser has, or the tag `runnable`.")
    SECTION_IMPURE = ("section-impure", "warning", "Set a seed, and use no clock: the same choice should give the same.")

    # What `nbblog check` says besides.
    CELL_NOT_RUN = ("cell-not-run", "warning", "Run all cells and save, or write `#| eval: false` into those that should not run.")
    EXECUTION_ORDER = ("execution-order", "warning", "Restart the kernel, run all cells, and save.")
    OUTPUT_ERROR = ("output-error", "warning", "Mend the code and run it again, or tag the cell `raises-exception` if readers should see it.")
    LINK_BROKEN = ("link-broken", "error", "Correct the address: nothing stands there in the site.")
    LINK_DEAD = ("link-dead", "warning", "Correct the address or take the link out, unless the other site is only down.")
    SECRET = ("secret", "error", "Take it out, save, and withdraw it where it was given out: the file's history keeps it.")
    SECRET_LIKE = ("secret-like", "warning", "Take it out if it is one.")
    SECTION_COST = ("section-cost", "info", "Fewer or coarser stops make it lighter.")

    # Outputs of text, pictures and tables.
    OUTPUT_TRUNCATED = ("output-truncated", "info", "Print less; the whole text is a file beside the page.")
    OUTPUT_UNKNOWN = ("output-unknown", "warning", "Save it with a picture or text as well; it is left out.")

    # Raw cells.
    RAW_CELL_DROPPED = ("raw-cell-dropped", "warning", "Give the raw cell the format HTML or Markdown, or tag it remove-cell.")

    # Markdown.
    IMAGE_REFUSED = ("image-refused", "error", "Put a PNG, JPEG, GIF, WebP, AVIF or SVG there, beside the notebook.")
    IMAGE_TOO_LARGE = ("image-too-large", "warning", "Make it smaller than 20 MiB and 40 megapixels; it is copied as is.")
    ATTACHMENT_MISSING = ("attachment-missing", "error", "Paste the picture into the cell again, or correct its name.")
    MEDIA_REFUSED = ("media-refused", "error", "Put the file there, beside the notebook, in a format that browsers play.")
    FILE_REFUSED = ("file-refused", "error", "Put the file there, beside the notebook, or correct its name.")
    LINK_REFUSED = ("link-refused", "warning", "Write an http, https, mailto or relative address.")
    POST_UNKNOWN = ("post-unknown", "warning", "Correct the slug; the text stands there without a link.")
    ALIAS_UNUSED = ("alias-unused", "warning", "Correct or remove the address: it leaves the site, or something else stands there.")
    BRACKET_UNKNOWN = ("bracket-unknown", "info", "Use image, video, audio, embed, post, file or toc, or write \\[[.")
    BRACKET_EMPTY = ("bracket-empty", "warning", "Name the file or address: [[image:URL]].")
    BRACKET_OPTION = ("bracket-option", "warning", "Correct the option; it does nothing as it is.")
    HTML_DROPPED = ("html-dropped", "warning", "Scripts, styles, forms and other pages stay out; use the blog's marks, or a picture.")
    ANCHOR_MISSING = ("anchor-missing", "warning", "Correct the name behind #, or give the heading that id: ## Title {#name}.")
    CALLOUT_UNKNOWN = ("callout-unknown", "info", "Use note, tip, important, warning or caution; it has no frame.")
    CALLOUT_OPEN = ("callout-open", "warning", "Open and close the block in one cell, by lines of colons (:::).")
    NOTE_UNDEFINED = ("note-undefined", "info", "Define the note with `[^label]: text`, or write \\[^.")
    NOTE_DUPLICATE = ("note-duplicate", "warning", "Give the second note another label; it is left out.")
    NOTE_UNUSED = ("note-unused", "warning", "Refer to the note with [^label]; it stands at the end as it is.")
    TABLE_CELLS_DROPPED = ("table-cells-dropped", "warning", "Write as many cells as there are columns, and | as \\|.")
    MATHS_UNREADABLE = ("maths-unreadable", "warning", "Correct the TeX; it is shown as it was typed.")
    MARKDOWN_TOO_LARGE = ("markdown-too-large", "warning", "Split it up; it is shown as it was typed.")

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

"""The parts of an answer as HTML: each form of an answer goes through the gate once, however many answers have it.

A chart stays data: its specification stands between two characters ``CHART``, which no HTML of ours holds, and is drawn
when the answer is shown, by the same script at build time and in the page.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbblog.core.fragment import Collector
from nbblog.core.html import Safe, escape, join, sanitise, tag
from nbblog.core.island import write_json
from nbblog.core.media import keep_image
from nbblog.core.notices import NoticeCode
from nbblog.core.printed import render_printed
from nbblog.core.text import REPLACEMENT, clean_text

from .model import SectionProblem
from .skeleton import Form, Split, render_skeleton, split_html, split_json, split_text

CHART = "\x01"
MOST_FORMS = 20_000
"""Different pieces of text or HTML in the answers of one section."""
_LARGEST_CHART = 1 << 20
"""Characters of JSON."""
_SHORT = 120
"""Characters, the markers of numbers included: such a line is set larger."""


@dataclass(frozen=True, slots=True)
class SectionContext:
    """What rendering a section may use of its surroundings."""

    key: str
    """Unique in the page: the cell's id."""
    collector: Collector
    prepare_html: Callable[[str], str]
    """A notebook's HTML made ready for the gate: pictures kept, tables tidy."""
    render_markdown: Callable[[str], Safe]
    render_latex: Callable[[str], Safe | None]
    """``None`` for what is no formula."""
    draw_chart: Callable[[Any, int], Safe] | None = None
    """A chart's specification and its width in CSS pixels."""
    alt: str = ""
    """What the author says of the pictures."""
    can_run: bool = True
    """Whether the page can have Python's files beside it."""
    source: str = ""
    """The code that readers see above the section."""


class PartPress:
    """Renders the answers of one section."""

    def __init__(self, context: SectionContext) -> None:
        self._context = context
        self._forms: dict[tuple[str, tuple[str, ...]], Form | None] = {}
        self._whole: dict[tuple[str, str], Safe] = {}
        self._split: dict[str, Callable[[str], Safe]] = {
            "text": self._render_text,
            "prose": _render_prose,
            "table": self._render_html,
            "html": self._render_html,
        }

    def render(self, parts: Sequence[Mapping[str, Any]]) -> Split:
        """One answer as HTML with its charts as data. Raises ``SectionProblem`` when there are too many forms."""
        literals: list[str] = [""]
        numbers: list[str] = []
        for part in parts:
            piece = self._render_part(part)
            literals[-1] += piece.literals[0]
            literals += piece.literals[1:]
            numbers += piece.numbers
        return Split(tuple(literals), tuple(numbers))

    def _render_part(self, part: Mapping[str, Any]) -> Split:
        kind = part["kind"]
        if kind in self._split:
            return self._render_split(kind, _text_of(part, "html" if kind in ("table", "html") else "text"))
        if kind == "plot":
            return self._render_plot(part)
        if kind in ("markdown", "latex"):
            return self._render_whole(kind, _text_of(part, "text"), self._render_marked)
        if kind == "image":
            return self._render_whole(_text_of(part, "mime"), _text_of(part, "data"), self._render_image)
        if kind == "error":
            head = f"{_text_of(part, 'name')}: {_text_of(part, 'message')}".removesuffix(": ")
            return self._render_whole(head[:1000], _text_of(part, "traceback"), self._render_error)
        return Split(("",))

    def _render_split(self, kind: str, text: str) -> Split:
        """Text or HTML, by its skeleton where it has one."""
        if kind == "table":
            text = text.replace('<table class="nb-table">', "<table>", 1)  # the box around it has this class
        split = split_html(text) if kind in ("table", "html") else split_text(text)
        if "\x1b" in text:  # numbers mean something in a terminal's sequences
            split = Split((text,))
        key = (kind, split.literals)
        if key not in self._forms:
            self._count()
            self._forms[key] = render_skeleton(split.literals, lambda marked: _unmark(self._split[kind](marked)))
        form = self._forms[key]
        if form is None:
            return self._render_whole(kind, text, lambda _, whole: self._split[kind](whole))
        return form.fill(split.numbers)

    def _render_whole(self, kind: str, text: str, render: Callable[[str, str], Safe]) -> Split:
        key = (kind, text)
        if key not in self._whole:
            self._count()
            self._whole[key] = _unmark(render(kind, text))
        return Split((self._whole[key],))

    def _count(self) -> None:
        if len(self._forms) + len(self._whole) >= MOST_FORMS:
            raise SectionProblem(f"its answers have more than {MOST_FORMS:,} forms")

    def _render_text(self, text: str) -> Safe:
        printed = render_printed(text, self._context.collector)
        short = " nb-short" if len(text) <= _SHORT and "\n" not in text.strip() else ""
        return tag("div", printed, class_=f"nb-output nb-text{short}") if printed else printed

    def _render_html(self, html: str) -> Safe:
        return tag("div", sanitise(self._context.prepare_html(html)), class_="nb-output nb-html")

    def _render_marked(self, kind: str, text: str) -> Safe:
        if kind == "markdown":
            return tag("div", self._context.render_markdown(text), class_="nb-output nb-markdown")
        return self._context.render_latex(text) or self._render_text(text)

    def _render_image(self, mime: str, data: str) -> Safe:
        context = self._context
        image = keep_image(_read_bytes(data), context.collector, f"a picture of the kind {mime[:40]} in an answer")
        if image is None:
            return Safe("")
        if not context.alt and not any(key[0].startswith("image/") for key in self._whole):
            context.collector.notice(NoticeCode.IMAGE_ALT_MISSING, "pictures among the answers: `#| fig-alt: …`")
        picture = tag("img", src=image.url, alt=context.alt, width=image.width, height=image.height, decoding="async")
        return tag("div", picture, class_="nb-output nb-image")

    def _render_error(self, head: str, traceback: str) -> Safe:
        parts = [tag("p", escape(head or "Error"))]
        if printed := render_printed(traceback, self._context.collector, label="Traceback"):
            parts.append(tag("details", join([tag("summary", escape("Show the traceback")), printed])))
        return tag("div", join(parts), class_="nb-output nb-error")

    def _render_plot(self, part: Mapping[str, Any]) -> Split:
        spec = part.get("spec")
        written = write_json(spec) if isinstance(spec, Mapping) else None
        if written is None or len(written) > _LARGEST_CHART:
            return Split(("",))
        split = split_json(clean_text(written))
        first, *rest = split.literals
        opened = '<div class="nb-output nb-plotted">' + CHART
        literals = [opened + first, *rest]
        literals[-1] += CHART + "</div>"
        return Split(tuple(literals), split.numbers)


def _render_prose(text: str) -> Safe:
    return tag("p", escape(text.strip()), class_="nb-output nb-prose")


def _unmark(html: Safe) -> Safe:
    """HTML without the character that means a chart; ``&#1;`` in a notebook's HTML gives one."""
    return Safe(html.replace(CHART, REPLACEMENT))


def _text_of(part: Mapping[str, Any], key: str) -> str:
    value = part.get(key)
    return clean_text(value) if isinstance(value, str) else ""


def _read_bytes(data: str) -> bytes:
    if "<" in data:
        return data.encode("utf-8", "replace")
    try:
        return b64decode("".join(data.split()))
    except (Base64Error, ValueError):
        return b""

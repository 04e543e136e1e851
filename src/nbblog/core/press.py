"""The cells of a post, each rendered as a piece of the article; a piece that would come out as before is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, Protocol

from .code import render_code
from .fragment import Collector, Fragment
from .html import Safe, escape, join, tag
from .markdown import (
    ArticleContext,
    CellContext,
    Markdown,
    Outline,
    parse_markdown,
    render_inline,
    render_markdown,
    render_notes,
)
from .notices import Place
from .pieces import Asking, Oracle, Piece, Texts
from .post import Bundle, Cell, Post
from .surroundings import Surroundings
from .tags import find_tags
from .texsource import find_definitions

_NO_TEXT = Markdown(())


class Rendered(Protocol):
    """What is there of an earlier rendering of the same post."""

    @property
    def post(self) -> Post:
        """The post as it was."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Its cells, then its notes."""

    @property
    def texts(self) -> Texts:
        """Its texts as they were parsed."""


def is_markdown(cell: Cell) -> bool:
    """Whether the cell is text in the blog's markup."""
    return cell.kind == "markdown" or (cell.kind == "raw" and cell.language == "text/markdown")


_FIRST_SCREEN = 12
"""Lines of text that a phone shows below the title; each has about ``_PHONE_LINE`` characters."""
_PHONE_LINE = 42
_PICTURE = re.compile(r"!\[|\[\[image:|<img\b")


def _find_early_picture(post: Post, texts: Mapping[int, Markdown]) -> int | None:
    """The number of the cell whose first picture is seen without scrolling; only such a one is worth a hurry."""
    lines = 0
    for cell in post.cells:
        if cell.number in texts and texts[cell.number].images:
            lines += _count_lines(_PICTURE.split(cell.source, maxsplit=1)[0])
            return cell.number if lines <= _FIRST_SCREEN else None
        lines += _count_lines(cell.source)
        if lines > _FIRST_SCREEN:
            break
    return None


def _count_lines(source: str) -> int:
    return sum(1 + len(line) // _PHONE_LINE for line in source.splitlines() if line.strip())


class Press:
    """Renders the cells of one post."""

    def __init__(
        self,
        post: Post,
        surroundings: Surroundings,
        outline: Outline,
        texts: dict[int, Markdown],
        before: Rendered | None,
    ) -> None:
        self._post = post
        self._language = post.front.lang or surroundings.lang
        self._surroundings = surroundings
        self._outline = outline
        self._texts = texts
        self._parts = {number: index for index, number in enumerate(texts)}
        self._first_image = _find_early_picture(post, texts)
        self._before = {piece.id: piece for piece in before.pieces} if before else {}
        commands = find_definitions(cell.source for cell in post.cells if cell.number in texts)
        around = surroundings
        self._oracle = Oracle(outline, around.read_file, around.find_post, around.maths, commands)
        self._settings = (self._language, around.trust, around.output_bytes, around.frames, around.draw_chart)
        self._is_same_around = before is not None and self._has_same_around(before)
        self._is_same_whole = before is not None and _find_whole(post) == _find_whole(before.post)

    def _has_same_around(self, before: Rendered) -> bool:
        """Whether the article is the same as before but for what single cells say and no other cell refers to. Then a
        cell that is the same object rests on nothing else that could have changed, and need not be compared."""
        same_order = [cell.id for cell in self._post.cells] == [cell.id for cell in before.post.cells]
        return same_order and before.texts.outline is self._outline

    def render(self, cell: Cell) -> Piece:
        """One cell as a ``div.nb-cell``, or nothing where the cell has nothing to show."""
        own = cell, self._texts.get(cell.number), cell.number == self._first_image, self._settings
        piece = self._before.get(cell.id) if self._is_same_around else None
        if piece and self._is_same(piece, own):
            return piece
        rests_on = (*own, *self._find_grounds(cell))
        piece = self._find_before(cell.id, rests_on)
        if piece is None:
            piece = self._make(cell.id, rests_on, lambda asking: self._render_cell(cell, asking))
            words = len(cell.source.split())
            if is_markdown(cell):
                piece = replace(piece, words=words)
            elif cell.kind == "code" and cell.options.input == "show":
                piece = replace(piece, code_words=words)
        return piece.move(cell.number)

    def _is_same(self, piece: Piece, own: tuple[Any, ...]) -> bool:
        known = piece.rests_on
        is_known = known[0] is own[0] and known[1] is own[1] and known[2:4] == own[2:4]
        rests_on_whole = own[1] is None and len(known) > len(own)
        return (
            is_known
            and (self._is_same_whole or not rests_on_whole)
            and (not piece.answers or self._oracle.answers_alike(piece.answers))
        )

    def render_notes(self) -> Piece:
        """The endnotes of the article."""
        noted = [text if text.notes or text.note_references else _NO_TEXT for text in self._texts.values()]
        texts = noted if self._outline.notes else []
        attachments = [cell.attachments for cell in self._post.cells if cell.number in self._texts] if texts else []

        def render(asking: Asking) -> Fragment:
            collector = self._collector(Place(), asking)
            return collector.finish(render_notes(texts, self._context(asking), collector, attachments))

        rests_on = (self._outline.notes, texts, attachments, self._settings)
        return self._find_before("", rests_on) or self._make("", rests_on, render)

    def _find_before(self, id: str, rests_on: tuple[Any, ...]) -> Piece | None:
        """The piece as it was before, if it would come out the same."""
        before = self._before.get(id)
        if before is None or before.rests_on != rests_on or not self._oracle.answers_alike(before.answers):
            return None
        return before

    def _make(self, id: str, rests_on: tuple[Any, ...], render: Callable[[Asking], Fragment]) -> Piece:
        asking = Asking(self._oracle)
        fragment = render(asking)
        return Piece(id, fragment, rests_on, asking.answers, find_tags(fragment.html))

    def _find_grounds(self, cell: Cell) -> tuple[Any, ...]:
        """What the cell's piece rests on beside itself. Not on its number: cells may come and go above it."""
        if not is_markdown(cell):
            # Only data for scripts is ever completed by other cells, or by what the notebook says of itself.
            return _find_whole(self._post) if _has_data(cell) else ()
        text, part, outline = self._texts[cell.number], self._parts[cell.number], self._outline
        labels = {*text.notes, *text.note_references}
        places = {label: (place.number, place.references, place.part == part)
                  for label in labels if (place := outline.notes.get(label))}  # fmt: skip
        counts = {label: outline.first_references[part].get(label) for label in labels}
        return (outline.parts[part], outline.shift, places, counts, outline.first_equations[part])

    def _render_cell(self, cell: Cell, asking: Asking) -> Fragment:
        collector = self._collector(Place(cell.number, cell.id), asking)
        if is_markdown(cell):
            context = self._text_context(cell, collector, asking)
            html, kind = render_markdown(self._texts[cell.number], context), "nb-markdown"
        elif cell.kind == "raw":
            from .raw import render_raw

            html, kind = render_raw(cell, collector), "nb-raw"
        else:
            html, kind = self._render_code(cell, collector, asking), "nb-code-cell"
        return collector.finish(_frame(cell, html, kind) if html else html)

    def _collector(self, place: Place, asking: Asking) -> Collector:
        around = self._surroundings
        return Collector(
            asset_url=around.asset_url,
            read_file=asking.read_file,
            place=place,
            output_bytes=around.output_bytes,
            prepare_picture=around.prepare_picture,
        )

    def _context(self, asking: Asking) -> ArticleContext:
        return ArticleContext(asking.outline, asking.find_post, asking.render_math)

    def _text_context(self, cell: Cell, collector: Collector, asking: Asking) -> CellContext:
        return CellContext(
            self._context(asking),
            collector,
            part=self._parts.get(cell.number),
            attachments=cell.attachments,
            first_line=cell.first_line,
            eager_image=cell.number == self._first_image,
        )

    def _render_code(self, cell: Cell, collector: Collector, asking: Asking) -> Safe:
        options = cell.options
        parts = []
        if options.input != "hide" and cell.source.strip():
            code = render_code(cell.source, cell.language)
            folded = options.input == "fold"
            parts.append(_fold(code, options.fold_summary or "Show code", options.fold_open) if folded else code)
        if options.output != "hide" and (cell.outputs or options.runnable):
            outputs = self._render_outputs(cell, collector, asking) if cell.outputs else Safe("")
            if options.runnable and cell.language == "python" and "<nbblog-interact" not in outputs:
                outputs = self._make_runnable(cell, outputs, collector)
            parts.append(_fold(outputs, "Show output") if options.output == "fold" and outputs else outputs)
        return join(parts)

    def _make_runnable(self, cell: Cell, outputs: Safe, collector: Collector) -> Safe:
        """The outputs of a cell tagged ``runnable``, with what lets a reader run it."""
        from .programs.packages import why_not_loaded
        from .runnable import program_of
        from .sections import Code, render_runnable

        program = program_of(self._post, cell)
        reason = program.reason or why_not_loaded(program.packages)
        shown = "" if cell.options.input == "hide" else cell.source
        code = Code(program.cell, program.prelude, None, program.packages, not reason, reason)
        return render_runnable(code, cell.id, outputs, collector, source=shown, can_run=self._surroundings.frames)

    def _render_outputs(self, cell: Cell, collector: Collector, asking: Asking) -> Safe:
        # Imported here, as posts without outputs need none of the charts, tables and frames that it brings along.
        from .outputs import render_outputs

        context = self._text_context(cell, collector, asking)
        html = render_outputs(
            cell,
            self._post,
            collector,
            render_math=asking.render_math,
            render_markdown=lambda source: render_markdown(parse_markdown(source), context),
            render_caption=lambda source: render_inline(source, context, language=self._language),
            trust=self._surroundings.trust,
            frames=self._surroundings.frames,
            draw_chart=self._surroundings.draw_chart,
        )
        if "<nbblog-interact" in html:
            self._check_sections(cell, collector)
        return html

    def _check_sections(self, cell: Cell, collector: Collector) -> None:
        from .bundles import SECTION
        from .checks import check_section

        for output in cell.outputs:
            if isinstance(output, Bundle) and SECTION in output.data:
                for notice in check_section(self._post, cell, output.data[SECTION]):
                    collector.notice(notice.kind, notice.detail)


def _find_whole(post: Post) -> tuple[Any, ...]:
    return post.code, post.widget_state, post.language


def _has_data(cell: Cell) -> bool:
    """Whether readers can run the cell, or one of its outputs is more than text and pictures."""
    kinds = chain.from_iterable(output.data for output in cell.outputs if isinstance(output, Bundle))
    return cell.options.runnable or any("json" in kind or "javascript" in kind for kind in kinds)


def _frame(cell: Cell, html: Safe, kind: str) -> Safe:
    track = f" nb-{cell.options.track}" if cell.options.track != "text" else ""
    if cell.options.cell == "fold":
        html = _fold(html, cell.options.fold_summary or "Show this part")
    return tag("div", html, class_=f"nb-cell {kind}{track}", data_cell=cell.id)


def _fold(html: Safe, summary: str, is_open: bool = False) -> Safe:
    return tag("details", join([tag("summary", escape(summary)), html]), class_="nb-fold", open=is_open)

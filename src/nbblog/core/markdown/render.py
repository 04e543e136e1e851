"""``Markdown`` → HTML: the tokens through one renderer, the result through the safety gate.

What the renderer makes itself (figures, formulas, code, headings, notes) waits in slots while the rest is sanitised.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from ..code import render_code
from ..equations import number_formula, set_references, unnumbered
from ..html import Links, Safe, Slots, escape, filter_style, join, sanitise, tag, trusted
from ..htmlframes import keep_frames
from ..htmlmedia import keep_links, keep_media
from ..maths import MathError
from ..media import MediaContext, render_figure, render_gallery, render_image
from ..notices import NoticeCode
from ..tables import tidy_tables
from .callouts import Alert
from .model import CellContext, Finding, Markdown
from .noteplaces import reference_id, report_notes
from .outline import Heading, Outline, equation_id, render_toc
from .rawhtml import RawHeading, RawMaths, mend_tags, split_html, wrap_loose
from .show import read_image, render_bracket, resolve_link

_DROPPED = re.compile(r"<(script|style|object|embed|link|form)\b", re.IGNORECASE)
_OPTIONS: Any = {"xhtmlOut": False, "breaks": False, "langPrefix": "language-", "highlight": None}
_CAPTION = re.compile(r"""(?:filename|title|caption)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'}]+))""")


def render_markdown(parsed: Markdown, context: CellContext) -> Safe:
    """The text as it stands in the article. Reports what parsing found to the cell's collector. Never raises."""
    _report(parsed.findings, context)
    report_notes(parsed, context)
    renderer = CellRenderer(context)
    html = renderer.render_blocks(parsed.tokens)
    if context.part is None and parsed.notes:
        html += renderer.render_own_notes(parsed)
    return renderer.sanitise(html)


def render_spans(parsed: Markdown, context: CellContext) -> Safe:
    """One line of text, such as a caption."""
    _report(parsed.findings, context)
    renderer = CellRenderer(context)
    return renderer.sanitise(renderer.render_inline(parsed.tokens[0].children or []))


def _report(findings: Sequence[Finding], context: CellContext) -> None:
    for finding in findings:
        context.collector.notice(finding.kind, finding.detail, line=context.first_line + finding.line - 1)


class CellRenderer(RendererHTML):
    """Renders the tokens of one text. CommonMark's own are left to the parser's renderer."""

    def __init__(self, context: CellContext, counts: dict[str, int] | None = None) -> None:
        self._context = context
        self._outline: Outline = context.article.outline
        self._links: Links = context.links or self._outline.links()
        self._slots = Slots()
        self._media = MediaContext(context.collector, context.attachments)
        self._headings: Iterator[Heading] = iter(context.headings())
        self._eager = context.eager_image
        before = {} if context.part is None else self._outline.first_references[context.part]
        self._equation = None if context.part is None else self._outline.first_equations[context.part]
        self._counts = dict(before) if counts is None else counts
        self._has_raw = False
        self._numbers_notes = context.part is not None or counts is not None

    # --- whole texts ---------------------------------------------------------------------------------------------

    def sanitise(self, html: str) -> Safe:
        """The last step over any HTML of this text."""
        if self._has_raw:
            html = keep_media(keep_frames(html, self._media, self._slots), self._media, authored=True)
        return sanitise(html, slots=self._slots, links=self._links)

    def render_blocks(self, tokens: Sequence[Token]) -> str:
        """Blocks in order. A heading is taken with its content, as it becomes one piece."""
        written: list[str] = []
        number, length = 0, len(tokens)
        while number < length:
            token = tokens[number]
            kind = token.type
            if kind == "inline":
                written.append(self.render_inline(token.children or []))
            elif kind == "heading_open":
                written.append(self._render_heading(token, tokens[number + 1].children or []))
                number += 2
            elif kind in _RULES:
                written.append(getattr(self, kind)(tokens, number, _OPTIONS, {}))
            else:
                written.append(self.renderToken(tokens, number, _OPTIONS, {}))
            number += 1
        return "".join(written)

    def render_inline(self, children: Sequence[Token]) -> str:
        """Spans in order."""
        return "".join(
            getattr(self, child.type)(children, number, _OPTIONS, {})
            if child.type in _RULES
            else self.renderToken(children, number, _OPTIONS, {})
            for number, child in enumerate(children)
        )

    def render_note(self, tokens: Sequence[Token], back: Safe) -> str:
        """A note's blocks, with the links ``back`` at the end of its last paragraph."""
        links = self._slots.put(back, block=False)
        if tokens and tokens[-1].type == "paragraph_close":
            return f"{self.render_blocks(tokens[:-1])} {links}</p>"
        return self.render_blocks(tokens) + links

    def render_own_notes(self, parsed: Markdown) -> str:
        """The notes of a text that is no part of the article's outline, below it and without numbers."""
        notes = (f"<li>{self.render_blocks(note.tokens)}</li>" for note in parsed.notes.values())
        return f"<ul>{''.join(notes)}</ul>"

    # --- blocks --------------------------------------------------------------------------------------------------

    def _render_heading(self, token: Token, children: Sequence[Token]) -> str:
        inner = self.render_inline(children)
        return self._put_heading(int(token.tag[1]), inner, None) + "\n" if inner.strip() else self._skip_heading()

    def _skip_heading(self) -> str:
        next(self._headings, None)
        return ""

    def _put_heading(self, written: int, inner: str, style: str | None) -> str:
        heading = next(self._headings, None)
        content = self.sanitise(inner)
        if heading is None:
            return self._slots.put(tag(f"h{min(max(written + self._outline.shift, 2), 6)}", content, style=style))
        anchor = tag("a", class_="nb-anchor", href=f"#{heading.id}", aria_label="Link to this section")
        return self._slots.put(tag(f"h{heading.level}", join([content, anchor]), id=heading.id, style=style))

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        info = token.info.strip()
        language = re.split(r"[\s{,:]", info.lstrip("{."), maxsplit=1)[0].strip(".}") if info else ""
        if language == "mermaid":
            self._context.collector.require("mermaid")
            source = tag("pre", tag("code", escape(token.content)))
            return self._slots.put(tag("nbblog-mermaid", source, class_="nb-mermaid")) + "\n"
        caption = _CAPTION.search(info)
        title = (caption[1] or caption[2] or caption[3]) if caption else None
        return self._slots.put(render_code(token.content, language, caption=title)) + "\n"

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return self._slots.put(render_code(tokens[idx].content, "")) + "\n"

    def plain(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<pre tabindex="0">{escape(tokens[idx].content)}</pre>\n'

    def maths_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return self._put_numbered(tokens[idx].content, _line(tokens[idx])) + "\n"

    def figures(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        media = tokens[idx].children or []
        if len(media) == 1 and "bracket" in media[0].meta:
            return self._slots.put(self._render_bracket(media[0], block=True)) + "\n"
        images = [read_image(token, self) for token in media]
        eager, self._eager = self._eager, False
        figure = (
            render_figure(images[0], self._media, eager=eager)
            if len(images) == 1
            else render_gallery(images, self._media, eager=eager)
        )
        return self._slots.put(figure) + "\n"

    def html_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        pieces = tokens[idx].meta.get("pieces")
        self._note_raw(tokens[idx].content, _line(tokens[idx]))
        pieces = split_html(tokens[idx].content) if pieces is None else pieces
        html = "".join(
            self._put_numbered(piece.tex, None)
            if isinstance(piece, RawMaths) and piece.display
            else self._render_piece(piece)
            for piece in pieces
        )
        lowered = html.lower()
        return wrap_loose(tidy_tables(html) if lowered.count("<table") == lowered.count("</table") else html)

    def _render_piece(self, piece: str | RawHeading | RawMaths) -> str:
        if isinstance(piece, RawMaths):
            return self._put_maths(piece.tex, None, display=piece.display)
        if isinstance(piece, RawHeading):
            inner = "".join(map(self._render_piece, split_html(piece.inner)))
            return self._put_heading(piece.level, inner, filter_style(piece.style) or None)
        return keep_links(piece, self._resolve)

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="nb-table" role="group" tabindex="0" aria-label="Table"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<th scope="col"{self.renderAttrs(tokens[idx])}>'

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        opened = self.renderToken(tokens, idx, options, env)
        checked = tokens[idx].meta.get("checked")
        if checked is None:
            return opened
        label = "Done" if checked else "To do"
        box = tag("input", type="checkbox", disabled=True, checked=checked, aria_label=label)
        return f"{opened}{self._slots.put(box, block=False)} "

    def alert_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        alert: Alert = tokens[idx].meta["alert"]
        title = self.render_inline(tokens[idx].meta["title"].children or []) or _WORDS.get(
            alert.word, alert.word.capitalize()
        )
        frame = f'class="nb-alert nb-alert-{alert.kind}"'
        if alert.collapse is None:
            return f'<div {frame} role="note">\n<p class="nb-alert-title">{title}</p>\n'
        opened = "" if alert.collapse else " open"
        return f'<details {frame}{opened}>\n<summary class="nb-alert-title">{title}</summary>\n'

    def alert_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</div>\n" if tokens[idx].meta["alert"].collapse is None else "</details>\n"

    def track_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        track = tokens[idx].meta.get("track")
        return f'<div class="{track}">\n' if track else "<div>\n"

    # --- spans ---------------------------------------------------------------------------------------------------

    def text(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return escape(tokens[idx].content)

    def softbreak(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "\n"

    def hardbreak(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "<br>\n"

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        link = tokens[idx]
        changed = self._resolve(str(link.attrs.get("href", "")))
        return self.renderToken([link.copy(attrs={**link.attrs, **changed})], 0, options, env)

    def _resolve(self, href: str) -> dict[str, str]:
        return resolve_link(href, self._media, self._context.article.find_post)

    def s_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "<del>"

    def s_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</del>"

    def html_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        self._note_raw(tokens[idx].content, None)
        return keep_links(mend_tags(tokens[idx].content), self._resolve)

    def _note_raw(self, html: str, line: int | None) -> None:
        """Remember that there is HTML of the author's, and report what the gate will drop."""
        self._has_raw = True
        for name in dict.fromkeys(match[1].lower() for match in _DROPPED.finditer(html)):
            where = None if line is None else self.line(line)
            self._context.collector.notice(NoticeCode.HTML_DROPPED, f"<{name}>", line=where)

    def maths(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return self._put_maths(tokens[idx].content, tokens[idx].meta["line"], display=False)

    def maths_display(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        # Within a heading, a cell or emphasis there is no place for a block.
        return self._put_maths(rf"\displaystyle {tokens[idx].content}", tokens[idx].meta["line"], display=False)

    def _put_numbered(self, tex: str, line: int | None) -> str:
        """A displayed formula with its numbers, which a note and an output have not."""
        if self._equation is None:
            return self._put_maths(unnumbered(tex), line, display=True)
        numbered = number_formula(tex, self._equation)
        self._equation = numbered.last
        id = next((equation_id(label) for label in numbered.labels), None)
        return self._put_maths(tex, line, display=True, numbered=numbered.tex, id=id)

    def _put_maths(
        self, tex: str, line: int | None, *, display: bool, numbered: str = "", id: str | None = None
    ) -> str:
        find = self._outline.find_equation
        try:
            formula = self._set_formula(set_references(tex, find), set_references(numbered, find), display=display)
        except MathError as error:
            where = None if line is None else self.line(line)
            self._context.collector.notice(NoticeCode.MATHS_UNREADABLE, f"{tex.strip()[:80]}: {error}", line=where)
            code = tag("code", escape(tex.strip()))
            formula = tag("pre", code, tabindex=0) if display else code
        else:
            self._context.collector.require("katex")
        if id:
            # Into the renderer's own element: an empty one before it would be a block of the page's grid.
            formula = trusted(formula.replace("<div ", f'<div id="{escape(id)}" ', 1))
        return self._slots.put(formula, block=display)

    def _set_formula(self, tex: str, numbered: str, *, display: bool) -> Safe:
        render = self._context.article.render_math
        if numbered and numbered != tex:
            try:
                return render(numbered, display=display)
            except MathError:
                pass  # a second tag, or one where none may stand: better no number than no formula
        return render(tex, display=display)

    def equation_ref(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        equation = self._outline.find_equation(token.meta["label"])
        if equation is None:
            self.notice(NoticeCode.MATHS_UNREADABLE, f"{token.content}: no formula has this label", token.meta["line"])
            return escape(token.content)
        words = escape(f"({equation.number})" if token.content.startswith("\\eq") else equation.number)
        return self._slots.put(tag("a", words, href=f"#{equation.id}"), block=False)

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        eager, self._eager = self._eager, False
        return self._slots.put(render_image(read_image(tokens[idx], self), self._media, eager=eager), block=False)

    def bracket(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return self._slots.put(self._render_bracket(tokens[idx], block=False), block=False)

    def _render_bracket(self, token: Token, *, block: bool) -> Safe:
        if token.meta["bracket"].name == "toc":
            return self._render_toc(token) if block else escape(token.content)
        if token.meta["bracket"].name == "image":
            eager, self._eager = self._eager, False
            render: Callable[..., Safe] = render_figure if block else render_image
            return render(read_image(token, self), self._media, eager=eager)
        return render_bracket(token, self, self._media, self._context.article.find_post, block=block)

    def _render_toc(self, token: Token) -> Safe:
        listed = render_toc(self._outline.headings)
        return tag("nav", listed, class_="nb-toc-inline", aria_label="Contents of this article") if listed else listed

    def note_ref(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        label = tokens[idx].meta["label"]
        place = self._outline.notes.get(label)
        if place is None or not self._numbers_notes:
            return escape(tokens[idx].content)
        self._counts[label] = time = self._counts.get(label, 0) + 1
        link = tag(
            "a",
            escape(str(place.number)),
            href=f"#note-{place.number}",
            id=reference_id(place.number, time),
            role="doc-noteref",
            aria_label=f"Note {place.number}",
        )
        return self._slots.put(tag("sup", link, class_="nb-note-ref"), block=False)

    # --- what ``show`` asks ---------------------------------------------------------------------------------------

    def caption(self, children: Sequence[Token] | None) -> Safe | None:
        """A caption's spans as HTML of their own."""
        return self.sanitise(self.render_inline(children)) if children else None

    def line(self, line: int) -> int:
        """A line of the text, from 0, as a line of the notebook's cell, from 1."""
        return self._context.first_line + line

    def link(self, url: str) -> str:
        """A link's address as it is in the article: a fragment of another tool's is one of ours."""
        return f"#{self._links.fragment(url[1:])}" if len(url) > 1 and url.startswith("#") else url

    def notice(self, kind: NoticeCode, detail: str, line: int) -> None:
        """Report something at a line of the text, from 0."""
        self._context.collector.notice(kind, detail, line=self.line(line))


_WORDS = {"seealso": "See also", "info": "Info"}
# What has a method of its own here; the rest is an element and its attributes.
_RULES = frozenset(
    (
        *("fence", "code_block", "code_inline", "plain", "maths_block", "figures", "html_block", "table_open"),
        *("table_close", "th_open", "list_item_open", "alert_open", "alert_close", "track_open", "text", "s_open"),
        *("s_close", "html_inline", "maths", "maths_display", "equation_ref", "image", "bracket", "note_ref"),
        *("link_open", "softbreak", "hardbreak"),
    )
)


def _line(token: Token) -> int | None:
    return token.map[0] if token.map else None

"""Markdown text → ``Markdown``. The only module that builds a parser; it is loaded when the first text is parsed."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..notices import NoticeCode
from . import blocks, spans
from .asides import Asides
from .callouts import expand_fences, find_alerts
from .model import Definitions, Finding, LinkTarget, Markdown, Note
from .quotes import Quotes, find_quotes, set_quotes
from .structure import (
    collect_formulas,
    collect_headings,
    count_images,
    cut_paragraphs,
    find_labels,
    take_heading_attributes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 1 << 20
"""Characters of one text, pictures in data URIs aside. A longer one is shown as it was typed."""

MOST_BRACKETS = 5_000
"""Opening brackets in one paragraph. With more it is shown as it was typed."""

_LINE_END = re.compile(r"\r\n?")


@lru_cache(maxsize=1)
def build_parser() -> MarkdownIt:
    """CommonMark, GitHub's extensions and the blog's own rules. Calls share it; it keeps nothing of a text."""
    options = {"maxNesting": 2 * blocks.DEEPEST, "tasklists": True, "strikethrough_single_tilde": True}
    md = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    blocks.add_rules(md)
    spans.add_rules(md)
    return md


def scan_definitions(source: str) -> Definitions:
    """The link references and notes that a text defines; cheap for one that defines none."""
    if "]:" not in source or len(source) > LONGEST:
        return Definitions()
    env = _new_env(Definitions())
    build_parser().block.parse(_normalise(source), build_parser(), env, [])
    return _read_definitions(env)


def parse_markdown(source: str, definitions: Definitions | None = None, *, language: str | None = None) -> Markdown:
    """``source`` parsed. What it does not define itself is looked up in ``definitions``, the article's.

    ``language`` (a BCP 47 tag) asks for that language's quotation marks and dashes; with ``None`` they stay as typed.
    Never raises."""
    asides = Asides()
    text = asides.put(_normalise(source))
    if len(text) > LONGEST:
        return _as_typed(source)
    md = build_parser()
    env = _new_env(definitions or Definitions())
    tokens: list[Token] = []
    md.block.parse(text, md, env, tokens)
    tokens = expand_fences(tokens, md, env)
    find_alerts(tokens, env)
    own = _read_definitions(env)
    _add_definitions(env, definitions or Definitions(), own)
    reader = _SpanReader(md, env, find_quotes(language) if language else None, asides)
    tokens = cut_paragraphs(reader.read_all(tokens))
    notes = {label: _read_note(reader, *found) for label, found in env["notes"].items()}
    headings = tuple(collect_headings(tokens))
    _lighten(tokens)
    return Markdown(
        tokens=tuple(tokens),
        headings=headings,
        definitions=own,
        notes=notes,
        note_references=tuple(find_labels(tokens)),
        formulas=tuple(collect_formulas(tokens)),
        images=count_images(tokens),
        findings=tuple(sorted(env["findings"], key=lambda finding: finding.line)),
    )


def parse_inline(source: str, *, language: str | None = None) -> Markdown:
    """One line of text, such as a caption, without blocks."""
    asides = Asides()
    md = build_parser()
    env = _new_env(Definitions())
    content = Token("inline", "", 0, content=asides.put(_normalise(source))[:LONGEST], map=[0, 1], children=[])
    reader = _SpanReader(md, env, find_quotes(language) if language else None, asides)
    return Markdown(tokens=tuple(reader.read_all([content])), findings=tuple(env["findings"]))


def _normalise(source: str) -> str:
    return _LINE_END.sub("\n", source).replace("\0", "\ufffd")


def _new_env(definitions: Definitions) -> dict[str, Any]:
    return {
        "references": {},
        "notes": {},
        "note_labels": set(definitions.notes),
        "findings": [],
        "line": 0,
        "caption_depth": 0,
    }


def _read_definitions(env: dict[str, Any]) -> Definitions:
    links = {label: LinkTarget(link["href"], link["title"]) for label, link in env["references"].items()}
    return Definitions(links, frozenset(env["notes"]))


def _add_definitions(env: dict[str, Any], article: Definitions, own: Definitions) -> None:
    for label, target in article.links.items():
        env["references"].setdefault(label, {"href": target.url, "title": target.title})
    env["note_labels"] |= own.notes


def _as_typed(source: str) -> Markdown:
    finding = Finding(NoticeCode.MARKDOWN_TOO_LARGE, f"{len(source)} characters", 1)
    return Markdown((Token("plain", "", 0, content=source, map=[0, 1]),), findings=(finding,))


def _read_note(reader: _SpanReader, tokens: list[Token], line: int) -> Note:
    env_findings = reader.env
    find_alerts(tokens, env_findings)
    read = cut_paragraphs(reader.read_all(expand_fences(tokens, reader.md, env_findings)))
    return Note(tuple(read), line, tuple(find_labels(read)))


class _SpanReader:
    """Reads the spans of all paragraphs of one text."""

    def __init__(self, md: MarkdownIt, env: dict[str, Any], quotes: Quotes | None, asides: Asides) -> None:
        self.md = md
        self.env = env
        self._quotes = quotes
        self._asides = asides

    def read_all(self, tokens: list[Token]) -> list[Token]:
        """The same tokens, with their spans read."""
        for number, token in enumerate(tokens):
            if token.type == "inline":
                if number and tokens[number - 1].type == "heading_open":
                    tokens[number - 1].meta["id"] = take_heading_attributes(token)
                token.children = self._read(token)
            elif token.type == "alert_open":
                token.meta["title"].children = self._read(token.meta["title"])
        self._asides.restore(tokens)
        return tokens

    def _read(self, token: Token) -> list[Token]:
        content = token.content
        if not content:
            return []
        if self.md.inline.terminator_re.search(content) is None:
            children = [Token("text", "", 0, content=content)]
        elif content.count("[") > MOST_BRACKETS or content.count("![") > MOST_BRACKETS // 5:
            spans.report(self.env, NoticeCode.MARKDOWN_TOO_LARGE, "brackets", token.map[0] if token.map else 0)
            children = [Token("text", "", 0, content=content)]
        else:
            self.env["line"] = token.map[0] if token.map else 0
            children = self.md.inline.parse(content, self.md, self.env, [])
        return self._finish(children)

    def _finish(self, children: list[Token]) -> list[Token]:
        if self._quotes:
            set_quotes(children, self._quotes)
        for child in children:
            if child.children and child.type == "bracket":
                child.children = self._finish(child.children)
            elif child.children:
                child.children = _join(child.children)
        return _join(children)


def _join(children: list[Token]) -> list[Token]:
    """Neighbouring texts as one; an escaped character (``text_special``) is text like any other."""
    joined: list[Token] = []
    for is_text, run in groupby(children, _is_text):
        pieces = list(run)
        if is_text and (len(pieces) > 1 or pieces[0].type != "text"):
            content = "".join(piece.content for piece in pieces)
            pieces = [Token("text", "", 0, content=content, level=pieces[0].level)]
        joined += pieces
    return joined


def _is_text(token: Token) -> bool:
    return token.type == "text" or token.type == "text_special"


_NOTHING: dict[Any, Any] = {}


def _lighten(tokens: Iterable[Token]) -> None:
    """Let tokens share one empty mapping: of a long article all are kept until it is rendered, and nothing changes
    them any more."""
    for token in tokens:
        token.attrs = token.attrs or _NOTHING
        token.meta = token.meta or _NOTHING
        if token.children:
            _lighten(token.children)

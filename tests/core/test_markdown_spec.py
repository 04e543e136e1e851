"""The specifications' own examples, through the parser that articles are parsed with.

What is compared is the parser's result, written as the specification writes it. The blog's own layer on top (frames of
code, anchors, figures) is tested elsewhere; that it neither loses nor adds words is tested here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from spec_examples import Example, read_commonmark, read_gfm

from nbblog.core.fragment import Collector
from nbblog.core.html import sanitise
from nbblog.core.markdown import (
    ArticleContext,
    CellContext,
    build_outline,
    parse_markdown,
    render_markdown,
    scan_definitions,
)
from nbblog.core.markdown.parser import build_parser

BARE_LINKS = "GitHub's bare links, which CommonMark does not have, make a link of an address in running text"
NO_XMPP = "the safety gate lets no xmpp: address through, so none is made"
NOT_FILTERED = "raw HTML goes through the safety gate at the end, which takes out more than GitHub's tag filter"
FIGURE = "a picture that fills the first or the last line of a paragraph is a figure, so the paragraph is cut"

COMMONMARK_DEVIATIONS = {587: FIGURE, 602: BARE_LINKS, 608: BARE_LINKS, 611: BARE_LINKS, 612: BARE_LINKS}
GFM_DEVIATIONS = {633: NO_XMPP, 634: NO_XMPP, 635: NO_XMPP, 657: NOT_FILTERED}


class SpecRenderer(RendererHTML):
    """Writes our tokens in the form that the specifications use."""

    def figures(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return f"<p>{self.renderInline(tokens[idx].children or [], options, env)}</p>\n"

    def s_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return "<del>"

    def s_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        return "</del>"

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        checked = tokens[idx].meta.get("checked")
        if checked is None:
            return self.renderToken(tokens, idx, options, env)
        mark = 'checked="" ' if checked else ""
        return f'<li><input {mark}disabled="" type="checkbox"> '

    def bullet_list_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        tokens[idx].attrs.pop("class", None)
        return self.renderToken(tokens, idx, options, env)


def write_as_spec(source: str) -> str:
    """The parser's result in the form of the specifications."""
    parsed = parse_markdown(source, scan_definitions(source))
    return SpecRenderer().render(parsed.tokens, build_parser().options, {})


def as_article(source: str) -> str:
    """The text as it stands in an article."""

    collector = Collector(asset_url=lambda asset: asset.name, read_file=lambda target: ONE_PIXEL)
    parsed = parse_markdown(source, scan_definitions(source))
    context = CellContext(ArticleContext(build_outline([parsed])), collector, part=0)
    return render_markdown(parsed, context)


ONE_PIXEL = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"
HEAD = re.compile(r'<div class="nb-code-head">.*?</div>')


def tidy(html: str) -> str:
    """Without differences that mean nothing: how alignment is written, the slash of void elements, blank lines."""
    html = re.sub(r' style="text-align:(\w+)"', r' align="\1"', html)
    html = html.replace(" />", ">").replace("<blockquote>\n</blockquote>", "<blockquote></blockquote>")
    return re.sub(r"\n+", "\n", html).strip()


class Words(HTMLParser):
    """The words of a page, those of pictures' descriptions and titles included."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found += [dict(attrs).get(name) or "" for name in ("alt", "title")]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def words(html: str) -> list[str]:
    """The words of some HTML, in order."""
    reader = Words()
    reader.feed(html)
    reader.close()
    return re.findall(r"\w+", unescape(" ".join(reader.found)))


def name(example: Example) -> str:
    return f"{example.number}"


@pytest.mark.parametrize("example", read_commonmark(), ids=name)
def test_commonmark(example: Example) -> None:
    """Each of CommonMark's examples comes out as the specification says, or is listed as a deviation."""
    same = tidy(write_as_spec(example.markdown)) == tidy(example.html)
    assert same is (example.number not in COMMONMARK_DEVIATIONS), write_as_spec(example.markdown)


@pytest.mark.parametrize("example", read_gfm(), ids=name)
def test_gfm(example: Example) -> None:
    """Each example of GitHub's extensions comes out as the specification says, or is listed as a deviation."""
    same = tidy(write_as_spec(example.markdown)) == tidy(example.html)
    assert same is (example.number not in GFM_DEVIATIONS), write_as_spec(example.markdown)


@pytest.mark.parametrize("example", read_commonmark(), ids=name)
def test_an_article_keeps_the_words(example: Example) -> None:
    """Frames, figures and anchors neither take words away from an example nor add any."""
    assert words(HEAD.sub("", as_article(example.markdown))) == words(sanitise(example.html))


def test_every_example_is_there() -> None:
    """The specification has 652 examples, so a change of its form cannot empty the test."""
    assert len(read_commonmark()) == 652
    assert len(read_gfm()) >= 24

"""The article: a post as one piece of HTML, with its headings, its summary, and what it needs beside it.

A page, a feed and a preview share it. What differs between them (where a file ends up, where other posts are) is in
``Surroundings``; there is no mode.
"""

from __future__ import annotations

import re
from dataclasses import InitVar, dataclass, field
from html import unescape
from itertools import chain

from .anchors import find_missing_anchors
from .fragment import Asset
from .html import Safe, join
from .markdown import Heading, Markdown, join_definitions
from .notices import Notice
from .pieces import Piece, Texts
from .post import Post
from .press import Press, is_markdown
from .surroundings import Surroundings
from .tags import Tags, find_tags, join_tags

WORDS_A_MINUTE = 220
"""Silent reading of English non-fiction: 238 words a minute on average (Brysbaert 2019), less for technical text."""
_SUMMARY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Article:
    """A post, rendered."""

    post: Post
    html: Safe
    """The body: cells in order, then the notes. Without title and byline, which the page's template writes."""
    headings: tuple[Heading, ...] = ()
    """Those for a table of contents, in order."""
    summary: str = ""
    """Plain text: the description, or the beginning of the first paragraph."""
    words: int = 0
    """Of prose."""
    minutes: int = 1
    """Reading time, code at half the speed of prose."""
    assets: tuple[Asset, ...] = ()
    libraries: frozenset[str] = field(default_factory=frozenset)
    """The vendored libraries that the page needs."""
    notices: tuple[Notice, ...] = ()
    pieces: tuple[Piece, ...] = field(default=(), repr=False)
    """What ``html`` is made of: the cells in order, then the notes."""
    texts: Texts = field(default=Texts(), repr=False)

    tags: Tags = field(init=False, repr=False, compare=False)
    """All start tags of ``html``."""
    known_tags: InitVar[Tags | None] = None
    """The same, of who has them already."""

    def __post_init__(self, known_tags: Tags | None) -> None:
        object.__setattr__(self, "tags", known_tags or find_tags(self.html))


def render_article(post: Post, surroundings: Surroundings, before: Article | None = None) -> Article:
    """The post as an article. Never fails: what cannot be shown leaves a note in its place, and a notice.

    ``before`` is the same post as it was rendered last, in surroundings that name files alike: pieces of it that would
    come out the same are kept, and are the same objects."""
    known = before.texts if before else Texts()
    texts, parsed = _parse_texts(post, post.front.lang or surroundings.lang, known)
    texts = texts.with_outline(parsed.values(), post.front.title, known)
    outline = texts.outline
    press = Press(post, surroundings, outline, parsed, before)
    pieces = (*map(press.render, post.cells), press.render_notes())
    fragments = [piece.fragment for piece in pieces]
    words, code_words = sum(piece.words for piece in pieces), sum(piece.code_words for piece in pieces)
    html = join([fragment.html for fragment in fragments if fragment.html], "\n")
    # A heading may stand inside HTML of which the gate keeps nothing.
    each = [piece.tags for piece in pieces]
    tags = before.tags if before and each == [piece.tags for piece in before.pieces] else join_tags(each)
    return Article(
        post,
        html,
        headings=tuple(heading for heading in outline.headings if heading.id in tags.headings and not heading.nested),
        summary=post.front.description or find_summary(html),
        words=words,
        minutes=max(1, round((words + code_words / 2) / WORDS_A_MINUTE)),
        assets=tuple({asset.name: asset for fragment in fragments for asset in fragment.assets}.values()),
        libraries=frozenset(chain.from_iterable(fragment.libraries for fragment in fragments)),
        notices=(
            *post.notices,
            *chain.from_iterable(fragment.notices for fragment in fragments),
            *find_missing_anchors([(cell, piece.tags) for cell, piece in zip(post.cells, pieces, strict=False)]),
        ),
        pieces=pieces,
        texts=texts,
        known_tags=tags,
    )


def _parse_texts(post: Post, language: str, known: Texts) -> tuple[Texts, dict[int, Markdown]]:
    """The markdown cells by number, each parsed with the definitions of all."""
    sources = {cell.number: cell.source for cell in post.cells if is_markdown(cell)}
    defined = {source: known.scan(source) for source in sources.values()}
    definitions = join_definitions(defined.values())
    parsed = known.parse(defined, definitions, language)
    return Texts(language, definitions, defined, parsed), {number: parsed[text] for number, text in sources.items()}


_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_DROPPED = re.compile(r"<(math|sup|script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


def find_summary(html: str) -> str:
    """The first paragraph that has at least a few words, as plain text of at most about 200 characters."""
    for match in _PARAGRAPH.finditer(html):
        text = " ".join(unescape(_DROPPED.sub("", match[1])).split())
        if len(text) >= 40:
            return (
                text if len(text) <= _SUMMARY_LENGTH else text[:_SUMMARY_LENGTH].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
            )
    return ""

"""Tokens of pictures and double brackets → what ``media`` and ``players`` render."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from ..errors import near
from ..html import Safe, escape, safe_url, tag
from ..media import ALIGNMENTS, Image, MediaContext
from ..notices import NoticeCode
from ..players import Medium, keep_linked, render_audio, render_embed, render_file, render_video
from .brackets import KEYS, Bracket
from .callouts import read_attributes
from .model import PostLink
from .slugs import heading_slug
from .structure import plain_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_OPTION = re.compile(r"([a-z]{3,12})\s*=.*", re.DOTALL)
# Quarto's names for the same things.
_QUARTO = {"fig-alt": "alt", "fig-align": "align", "fig-cap": "caption"}


class Surroundings(Protocol):
    """What the renderer knows of the text around a token."""

    def caption(self, children: Sequence[Token] | None) -> Safe | None:
        """The tokens as HTML of their own, without a paragraph around; ``None`` if there are none."""

    def line(self, line: int) -> int:
        """The line of the cell, counted from 1, at which this one of the parsed text (from 0) stands."""

    def link(self, url: str) -> str:
        """The URL as the article has it: a fragment of another tool's is one of ours."""

    def notice(self, kind: NoticeCode, detail: str, line: int) -> None:
        """Tell the author something about this line of the parsed text."""


def read_image(token: Token, around: Surroundings) -> Image:
    """A picture from ``[[image:…]]`` or from ``![alt](src "title"){…}``; a title becomes the caption."""
    if token.type == "image":
        return _read_markdown_image(token, around)
    read: Bracket = token.meta["bracket"]
    _check_options(read, token.meta["line"], around)
    return Image(
        target=read.target,
        alt=read.text,
        caption=_read_caption(token, read, around),
        width=read.options.get("width", ""),
        height=read.options.get("height", ""),
        align=_read_align(read.options.get("align", ""), token.meta["line"], around),
        link=around.link(read.options.get("link", "")),
        title=read.options.get("title", ""),
        line=around.line(token.meta["line"]),
    )


def render_bracket(
    token: Token,
    around: Surroundings,
    context: MediaContext,
    find_post: Callable[[str], PostLink | None],
    *,
    block: bool,
) -> Safe:
    """Any bracket but a picture's or the table of contents'. Within a line there is no place for a caption."""
    read: Bracket = token.meta["bracket"]
    line = token.meta["line"]
    _check_options(read, line, around)
    if read.name == "post":
        return _render_post(read, line, around, find_post)
    medium = Medium(
        target=read.target,
        text=read.text or read.options.get("title", ""),
        caption=_read_caption(token, read, around) if block else None,
        poster=read.options.get("poster", ""),
        width=read.options.get("width", ""),
        line=around.line(line),
    )
    if read.name == "file":
        return render_file(medium, context)
    if read.name == "embed" and not block:
        url = safe_url(read.target)
        return tag("a", escape(medium.text or read.target), href=url, rel="noopener noreferrer" if url else None)
    return {"video": render_video, "audio": render_audio, "embed": render_embed}[read.name](medium, context)


def _render_post(read: Bracket, line: int, around: Surroundings, find_post: Callable[[str], PostLink | None]) -> Safe:
    slug, mark, heading = read.target.partition("#")
    post = find_post(slug.strip())
    if post is None:
        around.notice(NoticeCode.POST_UNKNOWN, slug[:200], line)
        return escape(read.text or slug)
    return tag("a", escape(read.text or post.title), href=f"{post.url}{mark}{heading}")


def resolve_link(href: str, context: MediaContext, find_post: Callable[[str], PostLink | None]) -> dict[str, str]:
    """What becomes of the attributes of a Markdown link: to another notebook, that of its post's page; to a file beside
    the notebook, that of its copy. Empty for any other link, and where there is no such post or file."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return {}
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith(("/", "\\")):
        return {}
    path = unquote(parts.path)
    if not path.lower().endswith(".ipynb"):
        return keep_linked(parts.path, context)
    # A notebook that is no post may be a draft: its file is never copied for a link's sake.
    post = find_post(path)
    # Jupyter's anchors are the heading's words with dashes between them.
    heading = f"#{heading_slug(unquote(parts.fragment).replace('-', ' '))}" if parts.fragment else ""
    return {"href": f"{post.url}{heading}"} if post else {}


def _read_markdown_image(token: Token, around: Surroundings) -> Image:
    classes, pairs = read_attributes(str(token.meta.get("attributes", "")))
    options = {_QUARTO.get(name, name): value for name, value in pairs.items()}
    title = str(token.attrs.get("title", ""))
    caption = options.get("caption", title)
    # As in Quarto: with an `alt` of its own, what stands between the brackets is the caption.
    written = around.caption(token.children) if options.get("alt") and not caption else None
    named = [name.removeprefix("column-").replace("page", "wide").replace("screen", "full") for name in classes]
    align = next((name for name in named if name in ALIGNMENTS), options.get("align", ""))
    return Image(
        target=str(token.attrs.get("src", "")),
        alt=options.get("alt") or plain_text(list(token.children or ())),
        caption=escape(caption) if caption else written,
        width=options.get("width", ""),
        height=options.get("height", ""),
        align=align if align in ALIGNMENTS else "",
        link=around.link(options.get("link", "")),
        title=title,
        id=options.get("id", ""),
        line=around.line(token.meta.get("line", 0)),
    )


def _read_caption(token: Token, read: Bracket, around: Surroundings) -> Safe | None:
    written = read.options.get("caption", "")
    return around.caption(token.children) or (escape(written) if written else None)


def _read_align(written: str, line: int, around: Surroundings) -> str:
    align = written.lower()
    if align and align not in (*ALIGNMENTS, "center"):
        around.notice(NoticeCode.BRACKET_OPTION, f"align={written[:60]}{near(align, ALIGNMENTS)}", line)
    return align if align in ALIGNMENTS else ""


def _check_options(read: Bracket, line: int, around: Surroundings) -> None:
    """Report a part that looks like a misspelt option; it was taken as text."""
    for part in read.positional:
        match = _OPTION.fullmatch(part)
        if match and (guess := near(match[1], KEYS)):
            around.notice(NoticeCode.BRACKET_OPTION, part[:80] + guess, line)

"""Raw HTML inside Markdown: its headings, its formulas and its old anchors, found without parsing it.

The pieces go through the safety gate like all other HTML; nothing here needs to be right about what HTML means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

LONGEST = 100_000
"""Characters; longer HTML is passed on in one piece."""

_OPENINGS = 400
_PIECE = re.compile(
    r"(?P<skip><(?P<name>pre|code|script|style|svg|math|textarea|kbd|samp)\b[\s\S]*?</(?P=name)\s*>)"
    r"|<h(?P<level>[1-6])\b(?P<attributes>[^>]{0,1000})>(?P<inner>(?:(?!</?h[1-6])[\s\S]){0,4000}?)</h(?P=level)\s*>"
    r"|(?P<tag><[^>]*>)"
    r"|\$\$(?P<display>[^$<]{1,4000})\$\$|\$(?P<inline>(?![\s$])[^$<]{1,400}?(?<![\s\\]))\$(?![\w$])"
    r"|(?P<environment>\\begin\{(?P<environment_name>[A-Za-z]{1,30}\*?)\}[^<]{0,4000}?\\end\{(?P=environment_name)\})",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
_OLD_ANCHOR = re.compile(r"<a\s(?![^>]*\sid\s*=)([^>]*?)\bname(\s*=\s*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(id|style|align)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_FIRST_LEVEL = re.compile(r"<(/?)h1\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RawHeading:
    """``<h2 …>inner</h2>``."""

    level: int
    inner: str
    id: str | None = None
    style: str = ""

    @property
    def text(self) -> str:
        """Its words, without tags."""
        return " ".join(unescape(_TAG.sub("", self.inner)).split())


@dataclass(frozen=True, slots=True)
class RawMaths:
    """A formula between dollars, entities resolved."""

    tex: str
    display: bool


Piece = str | RawHeading | RawMaths


def split_html(html: str) -> tuple[Piece, ...]:
    """``html`` as stretches of HTML, headings and formulas, in order; comments are left out."""
    html = _without_comments(html)
    if len(html) > LONGEST or html.count("<") > _OPENINGS * 10 or _count_openings(html) > _OPENINGS:
        return (mend_tags(html),)
    pieces: list[Piece] = []
    plain: list[str] = []
    start = 0
    for match in _PIECE.finditer(html):
        piece = _read_piece(match)
        if piece is None:
            continue
        plain.append(html[start : match.start()])
        start = match.end()
        pieces += [mend_tags("".join(plain)), piece]
        plain.clear()
    pieces.append(mend_tags(html[start:]))
    return tuple(piece for piece in pieces if piece)


def _without_comments(html: str) -> str:
    # Not by an expression: that would look for each comment's end again.
    kept, start = [], 0
    while (opening := html.find("<!--", start)) >= 0 and (closing := html.find("-->", opening + 4)) >= 0:
        kept.append(html[start:opening])
        start = closing + 3
    return "".join(kept) + html[start:]


def _count_openings(html: str) -> int:
    lowered = html.lower()
    return sum(lowered.count(f"<{name}") for name in ("pre", "code", "script", "style", "svg", "math", "h"))


def _read_piece(match: re.Match[str]) -> Piece | None:
    if match["level"]:
        pairs = {
            name.lower(): double or single or bare
            for name, double, single, bare in _ATTRIBUTE.findall(match["attributes"])
        }
        align = f"text-align:{pairs['align']};" if "align" in pairs else ""
        return RawHeading(int(match["level"]), match["inner"], pairs.get("id"), align + pairs.get("style", ""))
    tex = match["display"] or match["inline"] or match["environment"]
    return RawMaths(unescape(tex), display=not match["inline"]) if tex and tex.strip() else None


_LOOSE = re.compile(
    r"<(?P<raw>script|style|textarea|svg|math)\b[\s\S]*?(?:</(?P=raw)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?P<rest>[^<>\"']*(?:\"[^\"<]*\"[^<>\"']*|'[^'<]*'[^<>\"']*)*)>"
)
_BLOCKS_NAMES = """
address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3
h4 h5 h6 header hr iframe li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
_ALONE = frozenset({"hr"})


def wrap_loose(html: str) -> str:
    """``html`` with the words that stand between its blocks, not in one, as paragraphs: each part of a cell is an item
    of the page's grid, and words without a block around them would fall out of their column."""
    written: list[str] = []
    depth = start = 0
    for match in _LOOSE.finditer(html):
        name = (match["name"] or "").lower()
        if name not in _BLOCKS:
            continue
        if depth == 0:
            written.append(_as_paragraph(html[start : match.start()]))
            start = match.start()
        if match["end"]:
            depth = max(depth - 1, 0)
        elif name not in _ALONE:
            depth += 1
        if depth == 0:
            written.append(html[start : match.end()])
            start = match.end()
    rest = html[start:]
    return "".join(written) + (rest if depth else _as_paragraph(rest))


def _as_paragraph(loose: str) -> str:
    """Words, or several pictures side by side, in a paragraph; one picture, an anchor or white space as it is."""
    has_words = bool(_TAG.sub("", loose).strip())
    return f"<p>{loose.strip()}</p>\n" if has_words or loose.lower().count("<img") > 1 else loose


def mend_tags(html: str) -> str:
    """``<a name>`` as ``<a id>``, and no heading of the first level: the page's title is the only one."""
    if "<a" in html or "<A" in html:
        html = _OLD_ANCHOR.sub(r"<a \1id\2", html)
    return _FIRST_LEVEL.sub(r"<\1h2", html)

"""Typographic quotation marks, dashes and ellipses, as the article's language writes them.

A step over parsed text: it sees words only, so code, maths, raw HTML and targets of links stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

NBSP = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"


class Quotes(NamedTuple):
    """Opening and closing marks: of a quotation, and of one within it."""

    open: str
    close: str
    inner_open: str
    inner_close: str


_ENGLISH = Quotes("“", "”", "‘", "’")
_GERMAN = Quotes("„", "“", "‚", "‘")
_FRENCH = Quotes(f"«{THIN}", f"{THIN}»", "“", "”")
_GUILLEMETS = Quotes("«", "»", "“", "”")
_SLAVIC = Quotes("«", "»", "„", "“")
_LOW = Quotes("„", "”", "‚", "’")
_NORDIC = Quotes("”", "”", "’", "’")
# Source: the Unicode CLDR's delimiters for each language (quotationStart and the three after it), French with the
# narrow space that the Imprimerie nationale asks for.
_BY_LANGUAGE = {
    "en": _ENGLISH, "zh": _ENGLISH, "ko": _ENGLISH, "tr": _ENGLISH, "id": _ENGLISH, "vi": _ENGLISH, "hi": _ENGLISH,
    "de": _GERMAN, "cs": _GERMAN, "sk": _GERMAN, "sl": _GERMAN, "bg": _GERMAN, "is": _GERMAN,
    "fr": _FRENCH, "es": _GUILLEMETS, "it": _GUILLEMETS, "pt": _ENGLISH, "ca": _GUILLEMETS, "el": _GUILLEMETS,
    "no": _GUILLEMETS, "nb": _GUILLEMETS, "nn": _GUILLEMETS, "ru": _SLAVIC, "uk": _SLAVIC, "be": _SLAVIC,
    "pl": _LOW, "nl": _ENGLISH, "hu": _LOW, "ro": _LOW, "hr": _LOW, "sr": _LOW, "fi": _NORDIC, "sv": _NORDIC,
    "da": _ENGLISH, "ja": Quotes("「", "」", "『", "』"),
}  # fmt: skip

APOSTROPHE = "’"
_MARK = re.compile(r"['\"]")
_MARKED = re.compile(r"['\"]|--|\.\.\.")
_DASHES = re.compile(r"(?<!-)(?:(?<=\w)---(?=\w)|(?<=\s)---(?=\s)|(?<=[\w.,;:!?)])--(?=[\w(])|(?<=\s)--(?=\s))(?!-)")
_ELLIPSIS = re.compile(r"(?<!\.)\.\.\.(?!\.)")
_OPENS_AFTER = frozenset(" \t\n\xa0([{<«„“‘—–-/=|" + THIN)
_WORDLIKE = frozenset({"code_inline", "maths", "maths_display", "image", "bracket", "note_ref"})


def find_quotes(language: str) -> Quotes:
    """The marks for a BCP 47 tag (``de-AT``); English ones for a language that is not listed."""
    return _BY_LANGUAGE.get(language.replace("_", "-").split("-")[0].lower(), _ENGLISH)


def set_quotes(children: Sequence[Token], quotes: Quotes) -> None:
    """Replace the marks in one paragraph's text tokens, in place."""
    texts = [token for token in children if token.type == "text" and _MARKED.search(token.content)]
    if not texts:
        return
    if any(_MARK.search(token.content) for token in texts):
        _pair(children, quotes)
    for token in texts:
        if "--" in token.content:
            token.content = _DASHES.sub(lambda match: "—" if len(match[0]) == 3 else "–", token.content)
        token.content = _ELLIPSIS.sub("…", token.content)


class _Place(NamedTuple):
    token: int
    at: int


def _pair(children: Sequence[Token], quotes: Quotes) -> None:
    """Find which marks open and which close; a double one without a partner stays straight, a single one without is
    an apostrophe."""
    waiting: dict[str, list[_Place]] = {'"': [], "'": []}
    new: dict[_Place, str] = {}
    for number, token in enumerate(children):
        if token.type == "text":
            for match in _MARK.finditer(token.content):
                place = _Place(number, match.start())
                before, after = _neighbours(children, place)
                _weigh(place, match[0], before, after, waiting, new, quotes)
    _write(children, new)


def _write(children: Sequence[Token], new: dict[_Place, str]) -> None:
    for number, token in enumerate(children):
        if token.type == "text":
            marks = _MARK.finditer(token.content)
            places = [(match.start(), _Place(number, match.start())) for match in marks]
            parts, start = [], 0
            for at, place in places:
                parts += [token.content[start:at], new.get(place, token.content[at])]
                start = at + 1
            token.content = "".join(parts) + token.content[start:]


def _weigh(
    place: _Place,
    mark: str,
    before: str,
    after: str,
    waiting: dict[str, list[_Place]],
    new: dict[_Place, str],
    quotes: Quotes,
) -> None:
    opens = before in _OPENS_AFTER or before in "\"'"
    can_close = not before.isspace() and bool(waiting[mark])
    if mark == "'":
        new[place] = APOSTROPHE
        if before.isalnum() and after.isalnum():
            return
    if can_close and not (opens and not after.isspace() and after.isalnum()):
        start = waiting[mark].pop()
        double = mark == '"'
        new[start], new[place] = quotes[:2] if double else quotes[2:]
        # Quotation marks do not cross: what was opened inside can no longer be closed.
        other = waiting["'" if double else '"']
        while other and other[-1] > start:
            other.pop()
    elif opens and not after.isspace():
        waiting[mark].append(place)


def _neighbours(children: Sequence[Token], place: _Place) -> tuple[str, str]:
    """The characters on both sides; the edge of the text and a line break count as a space, code as a letter."""
    text = children[place.token].content
    before = text[place.at - 1] if place.at else _edge(children, range(place.token - 1, -1, -1), -1)
    after = (
        text[place.at + 1] if place.at + 1 < len(text) else _edge(children, range(place.token + 1, len(children)), 0)
    )
    return before, after


def _edge(children: Sequence[Token], order: range, end: int) -> str:
    for number in order:
        token = children[number]
        if token.type == "text" and token.content:
            return token.content[end]
        if token.type in ("softbreak", "hardbreak"):
            return " "
        if token.type in _WORDLIKE:
            return "x"
    return " "

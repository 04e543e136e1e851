"""What a piece of an article has in it, told by its start tags: looked for once, and kept with the piece."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TAG = re.compile(r'<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>')
_HEADING = re.compile(r'<h[1-6] id="([^"]*)"')
_LINK = re.compile(r'<a [^<>]*?href="#([^"]+)"')
_ID = re.compile(r'<[a-z][^<>]*? id="([^"]+)"')
# The safety gate lets no notebook write data-src, so this can only be a card of ours.
_PLAYER = re.compile(r'<div class="nb-embed" data-src="https://([\w.-]+)/')


@dataclass(frozen=True, slots=True)
class Tags:
    """The start tags of a piece of HTML as our serialisers write them, each once."""

    written: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()
    """The ids of its headings."""
    leaving: tuple[str, ...] = ()
    """The anchors that its links name and that are not in it, in order."""
    players: frozenset[str] = frozenset()
    """The hosts of players that a reader may open in it."""

    @property
    def text(self) -> str:
        """All in one: they tell which styles and scripts a page needs."""
        return "".join(self.written)

    @property
    def ids(self) -> frozenset[str]:
        """All ids of its elements."""
        return frozenset(_ID.findall("".join(self.written)))


def find_tags(html: str) -> Tags:
    """The start tags of the HTML."""
    tags = dict.fromkeys(_TAG.findall(html))
    text = "".join(tags)
    leaving = tuple(dict.fromkeys(name for name in _LINK.findall(text) if f' id="{name}"' not in text))
    return Tags(frozenset(tags), frozenset(_HEADING.findall(text)), leaving, frozenset(_PLAYER.findall(text)))


def join_tags(several: Iterable[Tags]) -> Tags:
    """Those of an article from those of its pieces; what leads from one of them to another leaves none."""
    written, headings, players = set[str](), set[str](), set[str]()
    for tags in several:
        written |= tags.written
        headings |= tags.headings
        players |= tags.players
    return Tags(frozenset(written), frozenset(headings), players=frozenset(players))

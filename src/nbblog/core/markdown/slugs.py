"""Heading anchors, by GitHub's rule.

Source of the rule: the package ``github-slugger`` 2, which reproduces what github.com does: lower case, punctuation
and symbols out, each space a dash; the second of the same name gets ``-1``. Beyond it, invisible format characters
go, a name of nothing becomes ``section``, and names that the page keeps for itself are never given.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_KEPT = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})
_ASCII = re.compile(r"[^a-z0-9_ -]+")
_RESERVED = re.compile(r"(?:note|note-ref)-\d.*|nb-.*|user-.*")


@lru_cache(maxsize=4096)
def heading_slug(text: str) -> str:
    """The anchor of a heading with this text, before it is made unique; never empty."""
    lowered = text.strip().lower()
    if lowered.isascii():
        kept = _ASCII.sub("", " ".join(lowered.split("\n")))
    else:
        kept = "".join(
            char for char in lowered.replace("\n", " ") if char in "- " or unicodedata.category(char) in _KEPT
        )
    return kept.replace(" ", "-") or "section"


class Slugger:
    """Gives each heading of an article an id of its own."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def assign(self, text: str) -> str:
        """The id for a heading with this text."""
        base = heading_slug(text)
        count = self._counts.get(base, 0)
        slug = _unreserved(base)
        while slug in self._counts:
            count += 1
            slug = _unreserved(f"{base}-{count}")
        self._counts[base] = count
        self._counts.setdefault(slug, 0)
        return slug


def _unreserved(slug: str) -> str:
    return f"section-{slug}" if _RESERVED.fullmatch(slug) else slug

"""The entry: a published post as listings, feeds and other posts know it."""

from __future__ import annotations

from dataclasses import dataclass

from .html import Safe
from .notices import Notice
from .post import FrontMatter


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a rendered post the rest of the site needs: picklable, and kept in the build's cache."""

    front: FrontMatter
    """Its slug is unique in the site; its date is set by the file's name or the head, or is ``None``."""
    path: str
    """The folder of its page, ``posts/<slug>/``: no slash at the beginning, one at the end."""
    source: str
    """The notebook's path below the content folder, with ``/``."""
    summary: str
    """Plain text."""
    minutes: int
    words: int
    html: Safe
    """The article as a feed has it. Empty in entries that no feed shows."""
    assets: tuple[str, ...] = ()
    """Site paths of the files that the page uses."""
    image: str | None = None
    """The site path of its picture for cards, or an http(s) URL."""
    notices: tuple[Notice, ...] = ()

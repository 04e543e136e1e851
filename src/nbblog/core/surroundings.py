"""What an article cannot know by itself: where a file ends up, where other posts are, what may run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .fragment import Asset, PreparePicture, Rendition
from .html import Safe
from .markdown import PostLink
from .maths import MathRenderer
from .post import OUTPUT_BYTES


def _no_post(slug: str) -> PostLink | None:
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an article cannot know by itself; each host has its own."""

    asset_url: Callable[[Asset], str]
    """The URL at which the page will find a file."""
    read_file: Callable[[str], bytes]
    """The bytes of a file beside the notebook; raises ``FileRefused``."""
    maths: MathRenderer
    """Sets formulas; the host has one for all its posts."""
    lang: str = "en"
    """The language (BCP 47) of posts that do not say theirs: it decides the quotation marks."""
    find_post: Callable[[str], PostLink | None] = _no_post
    """Finds another post by its slug."""
    trust: bool = False
    """Whether scripts in saved outputs may run, each in a sandboxed frame."""
    output_bytes: int = OUTPUT_BYTES
    """How long one output may be in the page; of a longer one the beginning is shown, and the whole is a file."""
    frames: bool = True
    """Whether a file beside the page can be shown in a frame; not so in a page that is one file."""
    prepare_picture: PreparePicture = Rendition
    """Makes a picture fit for publishing; by default it is taken as it is."""
    draw_chart: Callable[[Any, int], Safe] | None = None
    """Draws a chart of ``nbblog.plot``: its specification, and a width in CSS pixels. Without it there are words."""

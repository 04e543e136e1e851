"""The picture that stands for a post where links to it are shown: its title on the blog's own paper.

1200 by 630 pixels is what the Open Graph's readers ask for ("Sharing/Webmasters", images). Sixteen colours are enough
for letters with smooth edges and one bar, and are drawn and packed in a few milliseconds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from .vendored import library_file

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

RECIPE = "1"
"""Changes whenever the same card would come out differently."""
WIDTH, HEIGHT = 1200, 630
_MARGIN = 84
_PAPER, _INK, _ACCENT = (0xFD, 0xFD, 0xFB), (0x1C, 0x1E, 0x20), (0x0A, 0x4A, 0x73)
_MUTED = 0.72
_SIZES = (88, 76, 66, 56, 48)
_MOST_LINES = 4
_BAR = 14
# What the fonts were cut to (theme/fonts.py): of other letters a card would have empty boxes.
_LETTERS = re.compile(
    r"[\u0020-\u00ff\u0131\u0152\u0153\u02bb\u02bc\u02c6\u02da\u02dc\u2000-\u206f\u20ac\u2122\u2191\u2193\u2212\u2215]*\Z"
)


def draw_card(title: str, site_title: str, byline: str) -> bytes | None:
    """The card as a PNG file, the same each time; ``None`` where the fonts lack letters of it, or Pillow cannot read
    them."""
    from PIL import Image, ImageDraw

    if not title.strip() or not _LETTERS.match(title + site_title + byline):
        return None
    image = Image.new("L", (WIDTH, HEIGHT), 0)
    draw = ImageDraw.Draw(image)
    try:
        small = _font("inter", 34, 600)
        _write(draw, (_MARGIN, _MARGIN - 8), [_cut(site_title, small)], small, _MUTED)
        _write(draw, (_MARGIN, HEIGHT - _MARGIN - 34), [_cut(byline, small)], _font("inter", 34, 400), _MUTED)
        font, lines = _fit(title)
    except OSError:  # a Pillow whose FreeType reads no WOFF2
        return None
    room = (HEIGHT - len(lines) * font.size * 1.16) / 2
    _write(draw, (_MARGIN, room), lines, font, 1)
    # Fifteen steps from paper to ink, and the bar.
    drawn = image.point([value * 14 // 255 for value in range(256)])
    drawn.paste(15, (0, 0, _BAR, HEIGHT))
    packed = Image.frombytes("P", drawn.size, drawn.tobytes())
    packed.putpalette([part for step in range(15) for part in _mix(step / 14)] + list(_ACCENT))
    written = BytesIO()
    packed.save(written, "PNG", bits=4, compress_level=2)
    return written.getvalue()


def _mix(share: float) -> list[int]:
    return [round(paper + (ink - paper) * share) for paper, ink in zip(_PAPER, _INK, strict=True)]


def _write(draw: ImageDraw, at: tuple[float, float], lines: list[str], font: FreeTypeFont, ink: float) -> None:
    for number, line in enumerate(lines):
        draw.text((at[0], at[1] + number * font.size * 1.16), line, fill=round(255 * ink), font=font)


@lru_cache(maxsize=16)
def _font(name: str, size: int, weight: int) -> FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.truetype(BytesIO(library_file("fonts", f"{name}-", ".woff2")), size)
    font.set_variation_by_axes([weight])
    return font


def _fit(title: str) -> tuple[FreeTypeFont, list[str]]:
    """The largest letters in which the title has room, and its lines; at last its beginning."""
    for size in _SIZES:
        font = _font("source-serif-4", size, 700)
        lines = _wrap(title, font)
        if len(lines) <= _MOST_LINES and all(font.getlength(line) <= WIDTH - 2 * _MARGIN for line in lines):
            break
    else:
        lines = [_cut(line, font) for line in lines[:_MOST_LINES]]
        lines[-1] = _cut(f"{lines[-1]} …", font)
    return font, lines


def _wrap(text: str, font: FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or font.getlength(longer) <= WIDTH - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(text: str, font: FreeTypeFont) -> str:
    """The text, or its beginning with an ellipsis, in one line."""
    if font.getlength(text) <= WIDTH - 2 * _MARGIN:
        return text
    end = len(text)
    while end and font.getlength(f"{text[:end]}…") > WIDTH - 2 * _MARGIN:
        end -= 1
    return f"{text[:end].rstrip()}…"

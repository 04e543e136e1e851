"""The page's typefaces, and the stand-ins that hold their place until they have come.

A stand-in is a font of the reader's machine, scaled and with its lines set as high as in the real one, so that the
text does not move when the real one takes over. ``size-adjust`` is the width of 12,000 characters of English prose in
the font over their width in the stand-in, both with kerning, measured in Chromium; the overrides are the font's
vertical metrics (``hhea``) over ``size-adjust`` (CSS Fonts 5, "font metrics override descriptors"). Liberation and the
Microsoft core fonts have the same widths, so one number serves Linux, Windows and macOS; Android's own and those of a
bare Linux have theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Font:
    """A file of the library ``fonts``."""

    key: str
    """The start of the file's name, before its version: ``source-serif-4-5.3.1.woff2`` has ``source-serif-4``."""
    family: str
    style: str
    weight: str


FONTS = (
    Font("source-serif-4", "Source Serif 4", "normal", "200 900"),
    Font("source-serif-4-italic", "Source Serif 4", "italic", "200 900"),
    Font("inter", "Inter", "normal", "100 900"),
)

# Latin as the font files were cut; other letters come from the reader's own fonts without a download.
_RANGE = (
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,"
    "U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
)

_STAND_INS = (
    ("nb-serif", "normal", "400", ("Liberation Serif", "Times New Roman"), 116.67),
    ("nb-serif", "normal", "700", ("Liberation Serif Bold", "Times New Roman Bold"), 113.2),
    ("nb-serif", "italic", "400", ("Liberation Serif Italic", "Times New Roman Italic"), 107.06),
    ("nb-serif-2", "normal", "400", ("Noto Serif", "NotoSerif"), 99.29),
    ("nb-serif-2", "normal", "700", ("Noto Serif Bold", "NotoSerif-Bold"), 96.49),
    ("nb-serif-2", "italic", "400", ("Noto Serif Italic", "NotoSerif-Italic"), 93.76),
    ("nb-serif-3", "normal", "400", ("DejaVu Serif",), 91.91),
    ("nb-serif-3", "normal", "700", ("DejaVu Serif Bold",), 85.92),
    ("nb-serif-3", "italic", "400", ("DejaVu Serif Italic",), 84.53),
    ("nb-sans", "normal", "400", ("Liberation Sans", "Arial"), 106.66),
    ("nb-sans", "normal", "700", ("Liberation Sans Bold", "Arial Bold"), 101.5),
    ("nb-sans-2", "normal", "400", ("Roboto", "Roboto-Regular"), 107.46),
    ("nb-sans-2", "normal", "700", ("Roboto Bold", "Roboto-Bold"), 108.5),
    ("nb-sans-3", "normal", "400", ("DejaVu Sans",), 93.79),
    ("nb-sans-3", "normal", "700", ("DejaVu Sans Bold",), 85.27),
)
"""Family, style, weight, names on the reader's machine, and ``size-adjust`` in per cent. The first family of each
kind is on Windows, macOS and most Linux desktops, the second on Android, the third on a bare Linux."""

_METRICS = {"nb-serif": (103.6, 33.5), "nb-sans": (96.88, 24.12)}
"""Ascent and descent of the real font in per cent of its size."""


def render_font_faces(urls: Mapping[str, str]) -> str:
    """``@font-face`` rules for the fonts whose key has a URL, and for the stand-ins."""
    faces = [
        f'@font-face{{font-family:"{font.family}";font-style:{font.style};font-weight:{font.weight};font-display:swap;'
        f'src:url("{_quotable(urls[font.key])}") format("woff2");unicode-range:{_RANGE}}}'
        for font in FONTS
        if font.key in urls
    ]
    for family, style, weight, names, size in _STAND_INS:
        local = ",".join(f'local("{name}")' for name in names)
        ascent, descent = (round(100 * metric / size, 2) for metric in _METRICS[family.rstrip("-23")])
        faces.append(
            f'@font-face{{font-family:"{family}";font-style:{style};font-weight:{weight};src:{local};size-adjust:{size}%;'
            f"ascent-override:{ascent}%;descent-override:{descent}%;line-gap-override:0%}}"
        )
    return "".join(faces)


def _quotable(url: str) -> str:
    # The URL is the host's, but a file name may hold a quotation mark; in a style sheet these three end a string,
    # and "<" could end the style element.
    return url.replace("\\", "%5C").replace('"', "%22").replace("\n", "%0A").replace("<", "%3C")

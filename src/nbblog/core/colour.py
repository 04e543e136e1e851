"""Colours that a notebook chose, made legible on the page's backgrounds (WCAG 2.2: luminance, contrast)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

# A text has a contrast of 7:1 (WCAG 1.4.6) when it is no brighter than the first of these on the darkest of the light
# theme's output backgrounds (luminance 0.9), and no darker than the second on the brightest of the dark theme's
# (0.016).
_DARK_ENOUGH = (0.9 + 0.05) / 7 - 0.05
_BRIGHT_ENOUGH = (0.016 + 0.05) * 7 - 0.05


def hexadecimal(levels: Sequence[int]) -> str:
    """``#rrggbb`` for three levels; those above 255 count as 255."""
    return "#" + "".join(f"{min(level, 255):02x}" for level in levels)


@lru_cache(maxsize=256)
def legible(colour: str) -> tuple[str, str]:
    """``#rrggbb`` as text in the light theme and in the dark one: the same hue, darkened or brightened to 7:1."""
    linear = _linear(colour)
    brightness = _luminance(linear)
    scale = min(_DARK_ENOUGH / brightness, 1) if brightness else 1
    lift = max((_BRIGHT_ENOUGH - brightness) / (1 - brightness), 0) if brightness < 1 else 0
    return _written([level * scale for level in linear]), _written([level + lift * (1 - level) for level in linear])


@lru_cache(maxsize=256)
def ink_on(background: str) -> str:
    """Black or white, whichever reads better on ``#rrggbb``."""
    return "#000000" if _luminance(_linear(background)) > 0.179 else "#ffffff"


def _linear(colour: str) -> list[float]:
    """sRGB to linear light (IEC 61966-2-1)."""
    levels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    return [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]


def _luminance(linear: Sequence[float]) -> float:
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _written(linear: Sequence[float]) -> str:
    levels = [12.92 * level if level <= 0.0031308 else 1.055 * level ** (1 / 2.4) - 0.055 for level in linear]
    return hexadecimal([round(level * 255) for level in levels])

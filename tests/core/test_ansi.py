"""Terminal text as HTML."""

from __future__ import annotations

import pytest

from nbblog.core.ansi import MOST_SEQUENCES, render_ansi, settle, strip_ansi
from nbblog.core.colour import ink_on, legible

ESC = "\x1b"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (f"a{ESC}[31mb{ESC}[0mc", 'a<span class="nb-ansi-fg-1">b</span>c'),
        (f"{ESC}[1;3;4mx", '<span class="nb-ansi-bold nb-ansi-italic nb-ansi-underline">x</span>'),
        (f"{ESC}[1mx{ESC}[22my", '<span class="nb-ansi-bold">x</span>y'),
        (f"{ESC}[92;101mx", '<span class="nb-ansi-bg-9 nb-ansi-fg-10">x</span>'),
        (f"{ESC}[31;42mx", '<span class="nb-ansi-bg-2 nb-ansi-fg-1">x</span>'),
        (f"{ESC}[31;42m{ESC}[39my", '<span class="nb-ansi-bg-2">y</span>'),
        (f"{ESC}[7mx{ESC}[27my", '<span class="nb-ansi-bg-0">x</span>y'),
        (f"{ESC}[31;7mx", '<span class="nb-ansi-bg-1">x</span>'),
        (f"{ESC}[38;5;9mx", '<span class="nb-ansi-fg-9">x</span>'),
        (f"{ESC}[48;5;196mx", '<span style="background-color:#ff0000;color:#000000">x</span>'),
        (f"{ESC}[48;2;0;0;9;38;2;255;255;0mx", '<span style="background-color:#000009;color:#ffff00">x</span>'),
        (f"{ESC}[38:5:1mx", '<span class="nb-ansi-fg-1">x</span>'),
        (f"{ESC}[38;2mx{ESC}[99mx", "xx"),
        (f"{ESC}[31m<b>&", '<span class="nb-ansi-fg-1">&lt;b&gt;&amp;</span>'),
    ],
)  # fmt: skip
def test_colours_become_elements(text: str, html: str) -> None:
    """SGR: the sixteen colours by class, others by style, text escaped first."""
    assert render_ansi(text) == html


def test_a_free_colour_is_legible_in_both_themes() -> None:
    """Dark grey is written for a white terminal or a black one; the page is both."""
    assert render_ansi(f"{ESC}[38;5;238mx") == '<span style="color:light-dark(#444444,#acacac)">x</span>'


@pytest.mark.parametrize(
    "text",
    [f"{ESC}[2J", f"{ESC}]0;title\x07", f"{ESC}]8;;javascript:alert(1)\x07", f"{ESC}]8;;{ESC}\\", f"{ESC}(B", f"{ESC}c",
     f"{ESC}[?25l", f"{ESC}Pq#0{ESC}\\", "\x07", "\x00", "\x9d"],
)  # fmt: skip
def test_other_sequences_vanish(text: str) -> None:
    """Titles, links, modes, pictures: nothing of them is text, nothing of them has an effect."""
    assert render_ansi(f"a{text}b") == "ab"


def test_a_sequence_without_end_is_text() -> None:
    """It cannot swallow what follows."""
    assert render_ansi(f"{ESC}]8;;javascript:alert(1) and more") == "]8;;javascript:alert(1) and more"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\r\nb", "a\nb"),
        (" 10%|#  |\r 99%|## |\r100%|###|\n", "100%|###|\n"),
        ("long line\rshort", "shortline"),
        (f"long line\r{ESC}[Kshort", "short"),
        ("abc\b\bX", "aXc"),
        (f"one\ntwo\n{ESC}[2A{ESC}[2KONE{ESC}[B\n", "ONE\ntwo\n"),
        (f"a{ESC}[3Cb\r", "a   b"),
        (f"abc{ESC}[2D{ESC}[1KX", " Xc"),
        (f"a\nb\r{ESC}[A{ESC}[J", ""),
        ("\b\b\r", ""),
    ],
)
def test_what_was_overwritten_is_gone(text: str, left: str) -> None:
    """Progress bars end as in a terminal: carriage return, backspace, moves of the cursor, erasing."""
    assert settle(text) == left


def test_colours_survive_a_carriage_return() -> None:
    """Each character keeps the colour it was written in."""
    assert render_ansi(f"{ESC}[31mred\rb{ESC}[0m") == '<span class="nb-ansi-fg-1">bed</span>'


def test_plain_text_has_no_sequences() -> None:
    """For files and names."""
    assert strip_ansi(f"{ESC}[31ma{ESC}]0;t\x07\tb\x08\n") == "a\tb\n"


@pytest.mark.parametrize(
    "text",
    [f"{ESC}]" * 200_000, ESC * 300_000, "\r" * 300_000, f"{ESC}[" * 200_000, f"{ESC}[A\n" * 100_000,
     f"{ESC}[500Cx\n" * 100_000 + "\r", f"{ESC}[31m" * 100_000],
)  # fmt: skip
def test_hostile_text_stays_small(text: str) -> None:
    """A few bytes cannot ask for megabytes, nor for minutes."""
    assert len(render_ansi(text)) <= len(text) * 2


def test_text_of_many_colours_loses_them() -> None:
    """Each change of colour costs an element, and a page can have only so many."""
    assert render_ansi(f"{ESC}[31mx{ESC}[32my" * MOST_SEQUENCES) == "xy" * MOST_SEQUENCES


def contrast(one: str, other: str) -> float:
    levels = []
    for colour in (one, other):
        linear = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in linear]
        levels.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(levels) / min(levels)


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#808080"])
def test_any_colour_is_made_to_contrast(colour: str) -> None:
    """WCAG's enhanced contrast, 7:1, on the themes' backgrounds of error outputs and of plain ones."""
    light, dark = legible(colour)
    assert contrast(light, "#fff3f2") >= 7
    assert contrast(dark, "#2b1a1b") >= 7
    assert contrast(ink_on(colour), colour) >= 4.5

"""Terminal text as HTML: colours become elements, progress bars their last state, everything else of a terminal goes.

Text is escaped before anything is put around it. Of the control sequences (ECMA-48) only SGR, "select graphic
rendition", has an effect on the page; carriage returns, backspaces and the cursor's moves decide which text is left;
titles, links (OSC 8) and the rest vanish. A sequence that never ends is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .colour import hexadecimal, ink_on, legible
from .html import Safe, escape_text, tag, trusted

MOST_SEQUENCES = 20_000
"""Above this the text loses its colours: each change of colour costs an element."""

_MOST_BLANKS = 200_000
_OSC = r"\x1b[\]PX^_][^\x07\x1b\n]{0,4096}(?:\x07|\x1b\\)"
_CSI = r"\x1b\[[0-?]{0,64}[ -/]{0,4}[@-~]"
_OTHER = r"\x1b[ -/]{1,4}[0-~]|\x1b[0-Z\\^-~]"
_SEQUENCE = re.compile(f"{_OSC}|{_CSI}|{_OTHER}")
_SGR = re.compile(r"\x1b\[([\d;:]{0,64})m")
# What moves the cursor back over text: then the text must be played, not just read.
_MOVES = re.compile(r"\r|\x08|\x1b\[\d{0,4}[ABCDGJK]")
_STEP = re.compile(rf"(\n)|(\r)|(\x08)|\x1b\[(\d{{0,4}})([ABCDGJK])|\x1b\[([\d;:]{{0,64}})m|{_SEQUENCE.pattern}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def render_ansi(text: str) -> Safe:
    """``text`` as the content of a ``pre``. Never raises; takes time in proportion to the length."""
    text = settle(text)
    if "\x1b" not in text:
        return escape_text(text)
    if text.count("\x1b") > MOST_SEQUENCES:
        return escape_text(strip_ansi(text))
    written: list[str] = []
    style, end = _PLAIN, 0
    for match in _SGR.finditer(text):
        if match.start() > end:
            written.append(_write(text[end : match.start()], style))
        style, end = _next_style(style, match[1]), match.end()
    written.append(_write(text[end:], style))
    return trusted("".join(written))


def strip_ansi(text: str) -> str:
    """``text`` without its control sequences and control characters (tab and line feed stay)."""
    return _CONTROL.sub("", _SEQUENCE.sub("", text) if "\x1b" in text else text)


def settle(text: str) -> str:
    """What a terminal shows at the end: lines of text in which SGR is the only control sequence left."""
    text = text.replace("\r\n", "\n")
    if _MOVES.search(text):
        screen = _Screen()
        screen.play(text)
        text = screen.text()
    elif "\x1b" in text:
        text = _SEQUENCE.sub(lambda match: match[0] if _SGR.fullmatch(match[0]) else "", text)
    # An escape character that begins no sequence goes here, those of SGR stay.
    return _CONTROL.sub(lambda match: "\x1b" if _SGR.match(text, match.start()) else "", text)


class _Screen:
    """Lines without end, as a list of characters and one of the SGR state that each was written in."""

    def __init__(self) -> None:
        self._rows: list[tuple[list[str], list[str]]] = [([], [])]
        self._row = 0
        self._column = 0
        self._sgr = ""
        self._blanks = _MOST_BLANKS

    def play(self, text: str) -> None:
        end = 0
        for match in _STEP.finditer(text):
            if match.start() > end:
                self._put(text[end : match.start()])
            end = match.end()
            line_feed, carriage_return, backspace, count, move, sgr = match.groups()
            if line_feed:
                self._row, self._column = self._row + 1, 0
            elif carriage_return:
                self._column = 0
            elif backspace:
                self._column = max(self._column - 1, 0)
            elif move:
                self._move(move, int(count) if count else None)
            elif sgr is not None:
                self._select(sgr)
        self._put(text[end:])

    def _select(self, sgr: str) -> None:
        sequence = f"\x1b[{sgr}m" if sgr.strip("0;") else ""
        starts_anew = not sequence or sgr.startswith("0;") or len(self._sgr) > 256
        self._sgr = sequence if starts_anew else self._sgr + sequence

    def _put(self, text: str) -> None:
        characters, styles = self._open_row()
        self._fill(characters, styles)
        end = self._column + len(text)
        characters[self._column : end] = text
        styles[self._column : end] = [self._sgr] * len(text)
        self._column = end

    def _fill(self, characters: list[str], styles: list[str]) -> None:
        """Blanks up to a column beyond the end; only so many in all, as a few bytes can ask for thousands."""
        gap = max(self._column - len(characters), 0)
        if gap > self._blanks:
            self._column, gap = len(characters), 0
        self._blanks -= gap
        characters.extend(" " * gap)
        styles.extend([""] * gap)

    def _open_row(self) -> tuple[list[str], list[str]]:
        while self._row >= len(self._rows):
            self._rows.append(([], []))
        return self._rows[self._row]

    def _move(self, move: str, count: int | None) -> None:
        steps = count or 1
        if move == "A":
            self._row = max(self._row - steps, 0)
        elif move == "B":
            self._row = min(self._row + steps, len(self._rows) - 1)
        elif move == "C":
            self._column = min(self._column + steps, 500)
        elif move == "D":
            self._column = max(self._column - steps, 0)
        elif move == "G":
            self._column = min(steps - 1, 500)
        elif move == "K":
            self._erase_line(count or 0)
        elif move == "J" and not count:
            self._erase_line(0)
            del self._rows[self._row + 1 :]

    def _erase_line(self, part: int) -> None:
        """EL: 0 from the cursor to the end, 1 from the start to the cursor, 2 all of it."""
        characters, styles = self._open_row()
        if part == 1:
            width = min(self._column + 1, len(characters))
            characters[:width], styles[:width] = " " * width, [""] * width
        else:
            start = 0 if part == 2 else self._column
            del characters[start:], styles[start:]

    def text(self) -> str:
        return "\n".join(_join_runs(characters, styles) for characters, styles in self._rows)


def _join_runs(characters: list[str], styles: list[str]) -> str:
    if not any(styles):
        return "".join(characters)
    written, before = [], ""
    for character, style in zip(characters, styles, strict=True):
        if style != before:
            written.append(f"\x1b[0m{style}")
            before = style
        written.append(character)
    if before:
        written.append("\x1b[0m")
    return "".join(written)


@dataclass(frozen=True, slots=True)
class _Style:
    foreground: int | str | None = None
    """0 to 15 of the palette, or ``#rrggbb``."""
    background: int | str | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    inverse: bool = False


_PLAIN = _Style()
_SWITCHES: dict[int, tuple[str, bool]] = {
    1: ("bold", True), 3: ("italic", True), 4: ("underline", True), 7: ("inverse", True),
    21: ("bold", False), 22: ("bold", False), 23: ("italic", False), 24: ("underline", False), 27: ("inverse", False),
}  # fmt: skip


def _next_style(style: _Style, parameters: str) -> _Style:
    """ECMA-48 8.3.117, with the 256 and 16 million colours of ITU T.416 as terminals write them."""
    codes = [int(code) if code else 0 for code in re.split("[;:]", parameters)]
    index = 0
    while index < len(codes):
        code = codes[index]
        index += 1
        if code in (38, 48):
            colour, index = _read_colour(codes, index)
            style = replace(style, foreground=colour) if code == 38 else replace(style, background=colour)
        else:
            style = _with_code(style, code)
    return style


def _with_code(style: _Style, code: int) -> _Style:
    if code == 0:
        return _PLAIN
    if code in _SWITCHES:
        name, on = _SWITCHES[code]
        return replace(style, **{name: on})
    if 30 <= code <= 37 or 90 <= code <= 97:
        return replace(style, foreground=code - 30 if code < 90 else code - 82)
    if 40 <= code <= 47 or 100 <= code <= 107:
        return replace(style, background=code - 40 if code < 100 else code - 92)
    if code == 39:
        return replace(style, foreground=None)
    return replace(style, background=None) if code == 49 else style


def _read_colour(codes: list[int], index: int) -> tuple[int | str | None, int]:
    """What follows 38 or 48: ``5;N`` or ``2;R;G;B``; and the index after it."""
    kind = codes[index] if index < len(codes) else 0
    if kind == 5 and index + 1 < len(codes):
        return _palette(min(codes[index + 1], 255)), index + 2
    if kind == 2 and index + 3 < len(codes):
        return hexadecimal(codes[index + 1 : index + 4]), index + 4
    return None, len(codes)


def _palette(number: int) -> int | str:
    """xterm's 256: 16 named ones, a cube of 6 × 6 × 6, 24 greys."""
    if number < 16:
        return number
    if number >= 232:
        return hexadecimal([8 + 10 * (number - 232)] * 3)
    number -= 16
    return hexadecimal([0 if level == 0 else 55 + 40 * level for level in (number // 36, number // 6 % 6, number % 6)])


def _write(text: str, style: _Style) -> Safe:
    if style == _PLAIN or not text:
        return escape_text(text)
    front, back = style.foreground, style.background
    if style.inverse:
        front, back = back, front
    names = [f"nb-ansi-{name}" for name in ("bold", "italic", "underline") if getattr(style, name)]
    if style.inverse and back is None:
        back = 0
    css = []
    if isinstance(back, int):
        names.append(f"nb-ansi-bg-{back}")
    elif back:
        css.append(f"background-color:{back};color:{front if isinstance(front, str) else ink_on(back)}")
    if isinstance(front, int):
        names.append(f"nb-ansi-fg-{front}")
    elif front and back is None:
        css.append(f"color:light-dark({','.join(legible(front))})")
    return tag("span", escape_text(text), class_=" ".join(names) or None, style=";".join(css) or None)

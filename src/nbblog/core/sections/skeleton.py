"""Answers that differ in their numbers only, rendered once.

A text is split into its **skeleton** (what stands between the numbers) and its numbers. The skeleton goes through the
gate with a marker of digits in the place of each number; afterwards the numbers take the markers' places. That is
sound because it is checked in what the gate has written: a marker counts only in the text between tags, never within
one, and a number is made of digits, sign, comma, point and exponent, none of which mean anything in text. Where a
marker comes out within a tag, the text has no skeleton, and each such text goes through the gate by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Neither part of a word or of a number with points in it, nor behind what begins an entity or an escape.
_NUMBER = re.compile(
    r"(?<![\w.,#&;\\+-])[+-]?[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9]|[.,][0-9])"
)
_JSON_PIECE = re.compile(r'("(?:[^"\\]|\\.)*")|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?')
# What is no text in HTML that has not been read by the gate: a guess, which the check afterwards makes safe.
_MARKUP = re.compile(r"<!--.*?-->|<(style|script|textarea|title|xmp)\b.*?</\1\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
# A tag as the gate, or our own code, writes it: quotation marks in values are escaped.
_WRITTEN_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_ENTITY_BEGUN = re.compile(r"&[#\w]*\Z")
LONGEST = 1 << 18
"""Characters. A longer text is not split."""
_MOST_NUMBERS = 5000


@dataclass(frozen=True, slots=True)
class Split:
    """A text as ``literals[0] + numbers[0] + literals[1] + …``: always one literal more than numbers."""

    literals: tuple[str, ...]
    numbers: tuple[str, ...] = ()

    def __str__(self) -> str:
        pairs = zip(self.literals, (*self.numbers, ""), strict=True)
        return "".join(part for pair in pairs for part in pair)


@dataclass(frozen=True, slots=True)
class Form:
    """What a skeleton was rendered to: literals, and between them the places of the numbers that stand there."""

    literals: tuple[str, ...]
    places: tuple[int, ...]

    def fill(self, numbers: tuple[str, ...]) -> Split:
        """The rendered text with the numbers of one of the texts that have the skeleton."""
        return Split(self.literals, tuple(numbers[place] for place in self.places))


def split_text(text: str) -> Split:
    """Plain text, or text that has been escaped."""
    return _split(text, _numbers_in(text, 0, len(text)))


def split_html(html: str) -> Split:
    """HTML as a notebook has it: the numbers between its tags."""

    def numbers() -> Iterator[tuple[int, int]]:
        start = 0
        for match in _MARKUP.finditer(html):
            yield from _numbers_in(html, start, match.start())
            start = match.end()
        yield from _numbers_in(html, start, len(html))

    return _split(html, numbers())


def split_json(text: str) -> Split:
    """JSON as ``write_json`` writes it: its numbers, and those within its strings."""

    def numbers() -> Iterator[tuple[int, int]]:
        for match in _JSON_PIECE.finditer(text):
            if match[1] is None:
                yield match.span()
            else:
                yield from _numbers_in(text, match.start() + 1, match.end() - 1)

    return _split(text, numbers())


def _numbers_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _NUMBER.finditer(text, start, end))


def _split(text: str, numbers: Iterator[tuple[int, int]]) -> Split:
    if len(text) > LONGEST:
        return Split((text,))
    literals: list[str] = []
    found: list[str] = []
    end = 0
    for first, last in numbers:
        literals.append(text[end:first])
        found.append(text[first:last])
        end = last
    if len(found) > _MOST_NUMBERS:
        return Split((text,))
    return Split((*literals, text[end:]), tuple(found))


def render_skeleton(literals: tuple[str, ...], render: Callable[[str], str]) -> Form | None:
    """``render`` over the text with markers in the place of its numbers; ``None`` if the numbers cannot be put into
    what it returns, which must be HTML written by the gate or by code of ours."""
    if len(literals) == 1:
        return Form((render(literals[0]),), ())
    start = _unused_digits("".join(literals))
    marked = "".join(f"{literal}{start}{place:04d}" for place, literal in enumerate(literals))
    marked = marked[: -len(start) - 4]
    return _cut(render(marked), re.compile(f"{start}([0-9]{{4}})"), len(literals) - 1)


def _cut(html: str, marker: re.Pattern[str], count: int) -> Form | None:
    if any(marker.search(tag) for tag in _WRITTEN_TAG.findall(html)):
        return None
    literals: list[str] = []
    places: list[int] = []
    end = 0
    for match in marker.finditer(html):
        if int(match[1]) >= count or _ENTITY_BEGUN.search(html, max(end, match.start() - 40), match.start()):
            return None
        literals.append(html[end : match.start()])
        places.append(int(match[1]))
        end = match.end()
    return Form((*literals, html[end:]), tuple(places))


def _unused_digits(text: str) -> str:
    """Six digits, a nine and no other nine, that do not occur in the text: nor can they with a marker beside them."""
    number = 0
    while (start := f"9{number:05o}") in text:
        number += 1
    return start

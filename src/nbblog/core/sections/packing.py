"""A section's answers packed for the page: skeletons once, numbers in columns, compressed where they are many.

What the page unpacks, as JSON (``browser/interact.js`` reads it):

- ``groups``: for each skeleton ``[literals, columns]``. A column is the numbers of one place, one for each answer of
  the group, with spaces between; an answer is its literals with its numbers between them.
- ``group``: for each answer the number of its group, with spaces between; left out where there is one group. Answers
  of a group are numbered in the order in which they come.
- ``answers``: for each baked state the number of its answer; left out where they are the same.
- ``keys``: the numbers of the baked states; left out where all are baked.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any

from nbblog.core.island import write_json

from .model import SectionProblem
from .skeleton import Split


def pack_answers(answers: Sequence[Split]) -> dict[str, Any]:
    """``groups`` and ``group`` for the answers, in their order."""
    members: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    numbers: dict[tuple[str, ...], int] = {}
    group = []
    for answer in answers:
        members.setdefault(answer.literals, []).append(answer.numbers)
        group.append(numbers.setdefault(answer.literals, len(numbers)))
    packed: dict[str, Any] = {"groups": [_pack_group(literals, rows) for literals, rows in members.items()]}
    if len(members) > 1:
        packed["group"] = _spaced(group)
    return packed


def _pack_group(literals: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[list[str]]:
    """A number that is the same in all answers becomes part of the literals."""
    kept, columns = [literals[0]], []
    for literal, column in zip(literals[1:], zip(*rows, strict=True), strict=True):
        if all(number == column[0] for number in column):
            kept[-1] += column[0] + literal
        else:
            columns.append(" ".join(column))
            kept.append(literal)
    return [kept, columns]


def pack_states(keys: tuple[int, ...] | None, answers: tuple[int, ...]) -> dict[str, str]:
    """``keys`` and ``answers``, where they say something."""
    packed = {} if keys is None else {"keys": _spaced(keys)}
    if any(answer != place for place, answer in enumerate(answers)):
        packed["answers"] = _spaced(answers)
    return packed


def _spaced(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


SMALL = 1 << 15
"""Characters of JSON that stand in the page as they are: a server compresses them together with the text and the other
sections, which they resemble, for half of what each takes alone."""


def write_content(content: dict[str, Any]) -> str:
    """JSON for a ``script`` element: an object, or, where that is long, a string of base64 of raw DEFLATE of it."""
    written = write_json(content)
    if written is None:  # of strings and numbers of ours it cannot be
        raise SectionProblem("its answers are no JSON")
    return written if len(written) <= SMALL else f'"{_compress(written)}"'


def _compress(written: str) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(written.encode("utf-8", "replace")) + packer.flush()
    return b64encode(packed).decode("ascii")

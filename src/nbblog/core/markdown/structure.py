"""What becomes of paragraphs once their spans are known: figures, galleries, formulas of their own; and the headings.

A paragraph may mix words, pictures on lines of their own and displayed formulas; here it is cut into blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .brackets import BLOCK_NAMES, Bracket
from .callouts import read_attributes
from .model import WrittenHeading
from .rawhtml import RawHeading, RawMaths, split_html

if TYPE_CHECKING:
    from markdown_it.token import Token

_CUTTING = frozenset({"image", "bracket", "maths_display"})
_BREAKS = frozenset({"softbreak", "hardbreak"})
_OPENING = frozenset({"blockquote_open", "alert_open", "bullet_list_open", "ordered_list_open", "table_open"})
_CLOSING = frozenset({"blockquote_close", "alert_close", "bullet_list_close", "ordered_list_close", "table_close"})
_HEADING_END = re.compile(
    r"[ \t]+\{((?:[#.][\w:-]{1,80}|-)(?:[ \t]+(?:[#.][\w:-]{1,80}|[\w-]{1,40}=[^\s{}]{1,80}))*)\}[ \t]*$"
)


def cut_paragraphs(tokens: list[Token]) -> list[Token]:
    """The tokens with every paragraph cut where it holds pictures on lines of their own or displayed formulas."""
    result: list[Token] = []
    number = 0
    while number < len(tokens):
        token = tokens[number]
        if token.type == "paragraph_open" and _must_cut(tokens[number + 1]):
            for block in _cut(tokens[number : number + 3]):
                _append(result, block)
            number += 3
        else:
            result.append(token)
            number += 1
    return result


def _must_cut(content: Token) -> bool:
    return any(child.type in _CUTTING for child in content.children or ())


def _append(result: list[Token], block: Token) -> None:
    """Add a block; pictures of neighbouring lines become one gallery."""
    last = result[-1] if result else None
    if last and last.map and block.map and last.map[1] == block.map[0] and _is_gallery(last) and _is_gallery(block):
        (last.children or []).extend(block.children or [])
        last.map = [last.map[0], block.map[1]]
    else:
        result.append(block)


def _is_gallery(block: Token) -> bool:
    """Whether the block shows pictures; it never mixes them with other media."""
    if block.type != "figures" or not block.children:
        return False
    first = block.children[0]
    return first.type == "image" or bool(first.meta["bracket"].name == "image")


def _cut(paragraph: list[Token]) -> Iterator[Token]:
    opened, content, closed = paragraph
    for kind, children in _segments(content.children or []):
        if kind == "words":
            yield opened
            yield content.copy(children=children)
            yield closed
        elif kind == "maths":
            yield content.copy(type="maths_block", content=children[0].content, children=None)
        else:
            yield content.copy(type="figures", children=children)


def _segments(children: list[Token]) -> Iterator[tuple[str, list[Token]]]:
    """The paragraph's parts in order: words, one displayed formula, or figures."""
    run: list[Token] = []
    for child in [*children, None]:
        if child is not None and not (child.type == "maths_display" and child.level == 0):
            run.append(child)
            continue
        yield from _cut_lines(run)
        run = []
        if child is not None:
            yield "maths", [child]


def _cut_lines(run: list[Token]) -> Iterator[tuple[str, list[Token]]]:
    """Pictures that fill the first or the last lines are figures; what is left is words."""
    lines = list(_lines(run))
    first, last = 0, len(lines)
    while first < last and _is_media(lines[first]):
        first += 1
    while last > first and _is_media(lines[last - 1]):
        last -= 1
    if first:
        yield from _figures(lines[:first])
    words = [token for line in lines[first:last] for token in line]
    words = _without_edges(words)
    if words:
        yield "words", words
    if last < len(lines):
        yield from _figures(lines[last:])


def _lines(run: list[Token]) -> Iterator[list[Token]]:
    """Lines, each with the break that ends it. Breaks inside emphasis or a link end none."""
    line: list[Token] = []
    for token in run:
        line.append(token)
        if token.type in _BREAKS and token.level == 0:
            yield line
            line = []
    if line:
        yield line


def _is_media(line: list[Token]) -> bool:
    solid = [token for token in line if token.type not in _BREAKS and (token.type != "text" or token.content.strip())]
    if len(solid) != 1 or solid[0].type not in ("image", "bracket"):
        return False
    return solid[0].type == "image" or solid[0].meta["bracket"].name in BLOCK_NAMES


def _figures(lines: list[list[Token]]) -> Iterator[tuple[str, list[Token]]]:
    """Pictures of neighbouring lines together, every other medium alone."""
    group: list[Token] = []
    for line in lines:
        medium = next(token for token in line if token.type in ("image", "bracket"))
        read: Bracket | None = medium.meta.get("bracket")
        if read is None or read.name == "image":
            group.append(medium)
            continue
        if group:
            yield "figures", group
            group = []
        yield "figures", [medium]
    if group:
        yield "figures", group


def _without_edges(words: list[Token]) -> list[Token]:
    """Without the breaks and blanks at both ends that the cut left."""
    start, end = 0, len(words)
    while start < end and _is_blank(words[start]):
        start += 1
    while end > start and _is_blank(words[end - 1]):
        end -= 1
    return words[start:end]


def _is_blank(token: Token) -> bool:
    return token.type in _BREAKS or (token.type == "text" and not token.content.strip())


def take_heading_attributes(content: Token) -> str | None:
    """Cut ``{#id .class}`` off a heading's text, and return the id."""
    match = _HEADING_END.search(content.content) if content.content.endswith("}") else None
    if match is None:
        return None
    content.content = content.content[: match.start()]
    return read_attributes(match[1])[1].get("id")


def collect_headings(tokens: list[Token]) -> Iterator[WrittenHeading]:
    """The headings in the order in which they will be rendered, those of raw HTML included."""
    depth = 0
    for number, token in enumerate(tokens):
        if token.type in _OPENING:
            depth += 1
        elif token.type in _CLOSING:
            depth -= 1
        elif token.type == "heading_open":
            text = plain_text(tokens[number + 1].children or [])
            yield WrittenHeading(int(token.tag[1]), text, token.meta.get("id"), nested=depth > 0)
        elif token.type == "html_block":
            token.meta["pieces"] = pieces = split_html(token.content)
            for piece in pieces:
                if isinstance(piece, RawHeading):
                    yield WrittenHeading(piece.level, piece.text, piece.id, nested=depth > 0 or not piece.text)


def collect_formulas(tokens: list[Token]) -> Iterator[str]:
    """The displayed formulas in the order in which they will be rendered; after ``collect_headings``."""
    for token in tokens:
        if token.type == "maths_block":
            yield token.content
        elif token.type == "html_block":
            yield from (piece.tex for piece in token.meta["pieces"] if isinstance(piece, RawMaths) and piece.display)


def plain_text(children: list[Token]) -> str:
    """The words of a paragraph: text, code, alt texts and TeX, without markup."""
    words: list[str] = []
    waiting = children[::-1]
    while waiting:
        token = waiting.pop()
        if token.type in ("text", "code_inline", "maths", "maths_display", "text_special"):
            words.append(token.content)
        elif token.type in _BREAKS:
            words.append(" ")
        elif token.type == "image":
            waiting += reversed(token.children or [])
        elif token.type == "bracket":
            words.append(token.meta["bracket"].text)
        elif token.type == "equation_ref":
            words.append(token.content)
    return "".join(words).strip()


def find_labels(tokens: list[Token]) -> Iterator[str]:
    """The labels of the notes referred to, in the order in which they will be rendered."""
    for token in tokens:
        if token.type == "note_ref":
            yield token.meta["label"]
        title: Any = token.meta.get("title")
        if title is not None:
            yield from find_labels(title.children or [])
        if token.children and token.type != "image":
            yield from find_labels(token.children)


def count_images(tokens: list[Token]) -> int:
    """How many pictures there are in the tokens, captions and titles aside."""
    count = 0
    for token in tokens:
        if token.type == "image" or (token.type == "bracket" and token.meta["bracket"].name == "image"):
            count += 1
        elif token.children:
            count += count_images(token.children)
    return count

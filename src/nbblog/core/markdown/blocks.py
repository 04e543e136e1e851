"""Blocks beyond CommonMark: formulas on lines of their own, lines of double brackets, definitions of notes, and an end
to nesting. Rules for the parser.

A rule of markdown-it takes the state at a line, says whether a block of its kind begins there, and, unless
``silent``, adds its tokens and moves on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it.common.utils import normalizeReference

from ..notices import NoticeCode
from .brackets import BLOCK_NAMES, find_bracket
from .callouts import colon_fence
from .spans import report
from .tables import table

if TYPE_CHECKING:
    from markdown_it.main import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock

DEEPEST = 60
"""Levels of quotations and lists (a list counts two). What is nested deeper is shown as the text it was typed as."""

_LONGEST_FORMULA = 500
_MATHS = re.compile(r"(\$\$)|\\\\\[|\\begin\{([A-Za-z]{1,30}\*?)\}")
_AFTER_MATHS = re.compile(r"\s*(?:\{#[\w:.-]+\}|\([\w:.-]+\))?\s*")
_TARGET = re.compile(r"\(([A-Za-z][\w:.-]{0,100})\)=[ \t]*")
_NOTE = re.compile(r"\[\^([^\]\s\[]{1,200})\]:")


def add_rules(md: MarkdownIt) -> None:
    """Make the parser's block part read this blog's blocks."""
    anywhere: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    ruler = md.block.ruler
    ruler.before("table", "too_deep", too_deep)
    ruler.at("table", table, {"alt": ["paragraph", "reference"]})
    ruler.before("blockquote", "maths_block", maths_block, anywhere)
    ruler.before("blockquote", "bracket_line", bracket_line, anywhere)
    ruler.before("blockquote", "colon_fence", colon_fence, anywhere)
    ruler.before("blockquote", "target", target, anywhere)
    ruler.before("reference", "note_definition", note_definition, {"alt": ["paragraph", "reference"]})


def too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Past the deepest level, the rest of the block is text."""
    if silent or state.level < DEEPEST:
        return False
    token = state.push("plain", "", 0)
    token.content = state.getLines(start, end, state.blkIndent, False)
    token.map = [start, end]
    state.line = end
    report(state.env, NoticeCode.MARKDOWN_TOO_LARGE, f"more than {DEEPEST} levels", start)
    return True


def maths_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""``$$…$$``, ``\\[…\\]`` or ``\begin{name}…\end{name}`` that begins a line and ends one."""
    if state.is_code_block(start):
        return False
    first = state.bMarks[start] + state.tShift[start]
    opening = _MATHS.match(state.src, first, state.eMarks[start])
    if opening is None:
        return False
    closing = opening[1] or (f"\\end{{{opening[2]}}}" if opening[2] else "\\\\]")
    found = _find_end(state, start, min(end, start + _LONGEST_FORMULA), opening.end(), closing)
    if found is None:
        return False
    if silent:
        return True
    last, at = found
    token = state.push("maths_block", "", 0)
    token.content = _read_formula(state, start, last, opening, at, closing)
    token.map = [start, last + 1]
    state.line = last + 1
    return True


def _find_end(state: StateBlock, start: int, end: int, pos: int, closing: str) -> tuple[int, int] | None:
    """The line and the position of ``closing``, if nothing but a label follows it on its line."""
    if state.src.find(closing, pos) < 0:
        return None
    alone = not state.src[pos : state.eMarks[start]].strip()
    for line in range(start, end):
        if line > start and (state.sCount[line] < state.blkIndent or (state.isEmpty(line) and not alone)):
            return None
        begin = pos if line == start else state.bMarks[line] + state.tShift[line]
        at = state.src.find(closing, begin, state.eMarks[line])
        if at >= 0:
            rest = state.src[at + len(closing) : state.eMarks[line]]
            empty = closing == "$$" and not state.src[pos:at].strip()
            return (line, at) if _AFTER_MATHS.fullmatch(rest) and not empty else None
    return None


def _read_formula(state: StateBlock, start: int, last: int, opening: re.Match[str], at: int, closing: str) -> str:
    lines = state.getLines(start, last + 1, state.blkIndent, False)
    if opening[2]:
        first = lines.index("\\begin")
        return lines[first : lines.index(closing, first) + len(closing)]
    first = lines.index(opening[0]) + len(opening[0])
    return lines[first : lines.index(closing, first)]


def bracket_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line that is one ``[[image:…]]``, ``[[video:…]]``, ``[[toc]]``…: a paragraph of its own, whatever is around."""
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("[[", first) or state.is_code_block(start):
        return False
    found = find_bracket(state.src, first, state.eMarks[start])
    if found is None or state.src[found[1] : state.eMarks[start]].strip():
        return False
    if not found[0].is_known or found[0].name not in BLOCK_NAMES:
        return False
    if silent:
        return True
    state.push("paragraph_open", "p", 1).map = [start, start + 1]
    content = state.push("inline", "", 0)
    content.content = state.src[first : found[1]]
    content.map = [start, start + 1]
    content.children = []
    state.push("paragraph_close", "p", -1)
    state.line = start + 1
    return True


def target(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """MyST's ``(name)=`` on a line of its own: an anchor for what follows."""
    first = state.bMarks[start] + state.tShift[start]
    if state.src[first : first + 1] != "(" or state.is_code_block(start):
        return False
    match = _TARGET.fullmatch(state.src, first, state.eMarks[start])
    if match is None:
        return False
    if not silent:
        token = state.push("html_block", "", 0)
        token.content = f'<a id="{match[1]}"></a>\n'
        token.map = [start, start + 1]
        state.line = start + 1
    return True


def note_definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """``[^label]: text``, with further blocks indented by four columns."""
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("[^", first) or state.is_code_block(start):
        return False
    match = _NOTE.match(state.src, first, state.eMarks[start])
    if match is None:
        return False
    if silent:
        return True
    label = normalizeReference(match[1])
    tokens = _read_note(state, start, end, match.end())
    if label in state.env["notes"]:
        report(state.env, NoticeCode.NOTE_DUPLICATE, f"[^{match[1]}]", start)
    else:
        state.env["notes"][label] = (tokens, start)
    return True


def _read_note(state: StateBlock, start: int, end: int, pos: int) -> list[Any]:
    """The blocks of a note whose text begins at ``pos``, read as a list item's are, into tokens of their own."""
    kept = (
        state.bMarks[start],
        state.tShift[start],
        state.sCount[start],
        state.blkIndent,
        state.parentType,
        state.tokens,
    )
    text = pos
    while text < state.eMarks[start] and state.src[text] in " \t":
        text += 1
    state.bMarks[start] = pos
    state.tShift[start] = text - pos
    state.blkIndent += 4
    # The first line's text stands at the note's own indentation, however wide its label is.
    state.sCount[start] = state.blkIndent
    state.parentType = "footnote"
    state.tokens = []
    state.level += 1
    if state.isEmpty(start):
        _read_from(state, start + 1, end)
    else:
        state.md.block.tokenize(state, start, end)
    state.level -= 1
    tokens = state.tokens
    (state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent, state.parentType, state.tokens) = (
        kept
    )
    return tokens


def _read_from(state: StateBlock, line: int, end: int) -> None:
    state.line = line
    if line < end:
        state.md.block.tokenize(state, line, end)

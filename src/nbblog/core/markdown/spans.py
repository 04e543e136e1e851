"""What stands within a line beyond CommonMark: formulas, double brackets, references to notes. Rules for the parser.

A rule of markdown-it takes the state at a position, says whether something of its kind begins there, and, unless
``silent``, adds its token.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it.common.utils import normalizeReference

from ..equations import REFERENCE
from ..errors import near
from ..notices import NoticeCode
from .autolinks import bare_link
from .brackets import NAMES, Bracket, find_bracket
from .model import Finding

if TYPE_CHECKING:
    from markdown_it.main import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

# Where the reading of plain text must stop: at a character that a rule below or of CommonMark begins with. Not at an
# underscore within a word, which CommonMark lets neither open nor close anything.
_STOP = re.compile(
    r"[\n$*<\[\\\]`~]|!(?=\[)|:(?=//)|@(?=[A-Za-z0-9])|&(?=[#A-Za-z])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    r"|(?<=[)\]])\{|(?<![^\s*_~(\[\"'])www\.",
    re.IGNORECASE,
)
_BEGIN = re.compile(r"\\begin\{([A-Za-z]{1,30}\*?)\}")
_COMMAND = re.compile(r"\\[A-Za-z]")
_PROSE = re.compile(r"(?<![\\A-Za-z{])(?:[a-z]{2,}|[A-Z][a-z]{2,})(?![A-Za-z(_^}'])")
_RELATION = re.compile(r"[=^_<>]")
_NOTE = re.compile(r"\[\^([^\]\s\[]{1,200})\]")


def add_rules(md: MarkdownIt) -> None:
    """Make the parser's inline part read this blog's spans."""
    md.inline.terminator_re = _STOP
    ruler = md.inline.ruler
    ruler.after("text", "bare_link", bare_link)
    ruler.before("escape", "maths_backslash", maths_backslash)
    ruler.before("escape", "maths_dollar", maths_dollar)
    ruler.before("escape", "equation_ref", equation_ref)
    ruler.before("link", "bracket", bracket)
    ruler.before("link", "note_ref", note_ref)
    ruler.after("image", "image_attributes", image_attributes)


def report(env: Any, kind: NoticeCode, detail: str, line: int) -> None:
    """Keep a finding; ``line`` counts from 0 within the text."""
    env["findings"].append(Finding(kind, detail[:200], line + 1))


def line_of(state: StateInline, pos: int) -> int:
    """The line, from 0, of a position in the paragraph being read."""
    return int(state.env["line"]) + state.src.count("\n", 0, pos)


# --- formulas -----------------------------------------------------------------------------------------------------


def maths_dollar(state: StateInline, silent: bool) -> bool:
    """``$x$`` within the line, ``$$x$$`` as a formula of its own."""
    if state.src[state.pos] != "$":
        return False
    if state.src.startswith("$$", state.pos):
        return _read_maths(state, silent, "$$", "$$")
    start = state.pos + 1
    close = _find_unescaped(state, "$", start)
    if close < 0 or not _is_maths(state, state.src[start:close], close):
        return False
    return _push_maths(state, silent, state.src[start:close], close + 1, display=False)


def maths_backslash(state: StateInline, silent: bool) -> bool:
    r"""Jupyter's other forms: ``\\(x\\)``, ``\\[x\\]`` (with two backslashes) and ``\begin{name}…\end{name}``."""
    if state.src[state.pos] != "\\":
        return False
    if state.src.startswith("\\\\(", state.pos):
        return _read_maths(state, silent, "\\\\(", "\\\\)", display=False)
    if state.src.startswith("\\\\[", state.pos):
        return _read_maths(state, silent, "\\\\[", "\\\\]")
    begin = _BEGIN.match(state.src, state.pos, state.posMax)
    if begin is None:
        return False
    end = f"\\end{{{begin[1]}}}"
    if state.html_terminator_last(end) < begin.end():
        return False
    close = state.src.find(end, begin.end(), state.posMax)
    if close < 0:
        return False
    stop = close + len(end)
    return _push_maths(state, silent, state.src[state.pos : stop], stop, display=True)


def equation_ref(state: StateInline, silent: bool) -> bool:
    r"""``\ref{label}`` and ``\eqref{label}`` in the text, which Jupyter's MathJax reads too."""
    match = REFERENCE.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "\\" else None
    if match is None:
        return False
    if not silent:
        token = state.push("equation_ref", "", 0)
        token.content = match[0]
        token.meta = {"label": match[2], "line": line_of(state, state.pos)}
    state.pos = match.end()
    return True


def _read_maths(state: StateInline, silent: bool, opening: str, closing: str, *, display: bool = True) -> bool:
    start = state.pos + len(opening)
    close = _find_unescaped(state, closing, start)
    if close < 0 or not state.src[start:close].strip():
        return False
    return _push_maths(state, silent, state.src[start:close], close + len(closing), display=display)


def _find_unescaped(state: StateInline, mark: str, start: int) -> int:
    if state.html_terminator_last(mark) < start:
        return -1
    at = state.src.find(mark, start, state.posMax)
    while at >= 0 and mark[0] == "$" and _is_escaped(state.src, at, start):
        at = state.src.find(mark, at + 1, state.posMax)
    return at


def _is_escaped(source: str, at: int, start: int) -> bool:
    backslashes = 0
    while at - backslashes > start and source[at - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _is_maths(state: StateInline, tex: str, close: int) -> bool:
    """Whether dollars around ``tex`` mean a formula and not two prices: no white space inside them, no digit after.

    Notebooks also hold ``$ x $``, which Jupyter shows as a formula: with white space inside there must be TeX between
    the dollars, or nothing that reads as words."""
    after = state.src[close + 1] if close + 1 < state.posMax else " "
    if not tex.strip() or after.isdigit():
        return False
    left, right = tex[0].isspace(), tex[-1].isspace()
    if not left and not right:
        return True
    if after.isalnum() and not (left and right and len(tex.split()) == 1):
        return False
    return bool(_COMMAND.search(tex) or (_PROSE.search(tex) is None and (left or _RELATION.search(tex))))


def _push_maths(state: StateInline, silent: bool, tex: str, end: int, *, display: bool) -> bool:
    if not silent:
        token = state.push("maths_display" if display else "maths", "", 0)
        token.content = tex
        token.meta = {"line": line_of(state, state.pos)}
    state.pos = end
    return True


# --- double brackets ----------------------------------------------------------------------------------------------


def bracket(state: StateInline, silent: bool) -> bool:
    """``[[name:target|…]]``; an unknown name or an empty target stays text, and is reported."""
    if not state.src.startswith("[[", state.pos) or state.html_terminator_last("]]") < state.pos:
        return False
    found = find_bracket(state.src, state.pos, state.posMax)
    if found is None:
        return False
    read, end = found
    if not read.is_known:
        if not silent and state.src[end : end + 1] not in ("(", "[", ":"):
            _report_unknown(state, read, end)
        return False
    if not silent:
        token = state.push("bracket", "", 0)
        token.content = state.src[state.pos : end]
        token.meta = {"bracket": read, "line": line_of(state, state.pos)}
        token.children = read_caption(state, read.options.get("caption", ""))
    state.pos = end
    return True


def _report_unknown(state: StateInline, read: Bracket, end: int) -> None:
    kind = NoticeCode.BRACKET_EMPTY if read.name in NAMES else NoticeCode.BRACKET_UNKNOWN
    written = state.src[state.pos : end]
    report(state.env, kind, written + near(read.name, NAMES) * (read.name not in NAMES), line_of(state, state.pos))


def read_caption(state: StateInline, caption: str) -> list[Token] | None:
    """The caption's own spans. A caption within a caption within a caption is plain text."""
    if not caption:
        return None
    tokens: list[Token] = []
    depth = state.env["caption_depth"]
    if depth >= 2:
        return None
    state.env["caption_depth"] = depth + 1
    state.md.inline.parse(caption, state.md, state.env, tokens)
    state.env["caption_depth"] = depth
    return tokens


_ATTRIBUTES = re.compile(
    r"""\{\s*((?:[.#][\w:-]{1,60}|[A-Za-z][\w-]{0,60}=(?:"[^"{}\n]{0,500}"|'[^'{}\n]{0,500}'|[^\s"'{}]{1,200}))(?:\s+|(?=\})))+\}"""
)


def image_attributes(state: StateInline, silent: bool) -> bool:
    """``{width=60% .wide #id}`` right behind a picture."""
    if silent or state.src[state.pos] != "{" or state.pending or not state.tokens:
        return False
    image = state.tokens[-1]
    match = _ATTRIBUTES.match(state.src, state.pos, state.posMax) if image.type == "image" else None
    if match is None or "attributes" in image.meta:
        return False
    image.meta["attributes"] = match[0]
    state.pos = match.end()
    return True


# --- references to notes ------------------------------------------------------------------------------------------


def note_ref(state: StateInline, silent: bool) -> bool:
    """``[^label]``, where the article defines that note."""
    if not state.src.startswith("[^", state.pos):
        return False
    match = _NOTE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    label = normalizeReference(match[1])
    if label not in state.env["note_labels"]:
        if not silent and state.src[match.end() : match.end() + 1] not in ("(", "[", ":"):
            report(state.env, NoticeCode.NOTE_UNDEFINED, match[0], line_of(state, state.pos))
        return False
    if not silent:
        token = state.push("note_ref", "", 0)
        token.content = match[0]
        token.meta = {"label": label}
    state.pos = match.end()
    return True

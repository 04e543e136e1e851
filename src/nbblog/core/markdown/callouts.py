"""Alerts and callouts: GitHub's ``> [!NOTE]``, Quarto's ``::: {.callout-note}``, MyST's ``:::{note}`` and its fence.

All of them become ``alert_open`` … ``alert_close`` tokens, whose ``meta`` holds an ``Alert``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markdown_it.token import Token

from ..errors import near
from ..notices import NoticeCode
from .spans import report

if TYPE_CHECKING:
    from markdown_it.main import MarkdownIt
    from markdown_it.rules_block import StateBlock

# GitHub's five, and what the other two call theirs (MyST: docutils' admonitions).
KINDS = {
    "note": "note", "tip": "tip", "important": "important", "warning": "warning", "caution": "caution",
    "info": "note", "seealso": "note", "admonition": "note", "abstract": "note", "hint": "tip", "success": "tip",
    "attention": "warning", "danger": "caution", "error": "caution",
}  # fmt: skip

_GITHUB = re.compile(r"\[!([A-Za-z]{2,20})\][ \t]*([^\n]*)(?:\n|$)")
_FENCE = re.compile(r"(:{3,})[ \t]*(\{[^}\n]{0,400}\}|[A-Za-z][\w-]{0,60})?[ \t]*([^\n]*?)[ \t]*:*[ \t]*$")
_CODE_FENCE = re.compile(r"`{3,}|~{3,}")
_DIRECTIVE = re.compile(r"\{([A-Za-z][\w:.-]{0,60})\}(.*)", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([#.])([\w:-]+)|([\w-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"'}]+))""")
_DEEPEST_FENCE = 40
_OPTION = re.compile(r":([A-Za-z][\w-]*):[ \t]*([^\n]*)(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Alert:
    """The frame of an alert."""

    kind: str
    """``note``, ``tip``, ``important``, ``warning`` or ``caution``."""
    word: str
    """The author's own word for it (``Hint``), which heads an alert without a title."""
    collapse: bool | None = None
    """``True`` is closed, ``False`` is open and can be closed; ``None`` cannot."""


def read_attributes(written: str) -> tuple[list[str], dict[str, str]]:
    """The classes and the ``key=value`` pairs of a Pandoc attribute list; the id is the pair ``id``."""
    classes: list[str] = []
    pairs: dict[str, str] = {}
    for mark, name, key, double, single, bare in _ATTRIBUTE.findall(written):
        if mark == ".":
            classes.append(name)
        elif mark == "#":
            pairs["id"] = name
        else:
            pairs[key] = double or single or bare
    return classes, pairs


# --- ::: ----------------------------------------------------------------------------------------------------------


def colon_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block between lines of three or more colons. A rule for the parser."""
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(":::", first) or state.is_code_block(start):
        return False
    opened = _FENCE.match(state.src[first : state.eMarks[start]])
    if opened is None or (not opened[2] and opened[3]):
        return False
    if silent:
        return True
    if not opened[2]:
        # What it closes was opened in another cell (Quarto allows that); it has no words of its own.
        report(state.env, NoticeCode.CALLOUT_OPEN, opened[1], start)
        state.line = start + 1
        return True
    close = _find_close(state, start + 1, end)
    if close is None:
        report(state.env, NoticeCode.CALLOUT_OPEN, opened[0], start)
    _push_container(state, start, end if close is None else close, opened)
    state.line = end if close is None else close + 1
    return True


def _find_close(state: StateBlock, line: int, end: int) -> int | None:
    """The line of the colons that close the block; blocks inside it and code fences are stepped over."""
    depth, code = 0, ""
    for number in range(line, end):
        text = state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()
        fence = _CODE_FENCE.match(text)
        if code:
            code = "" if fence and text.startswith(code) and not text.strip("`~") else code
        elif fence:
            code = fence[0]
        elif text.startswith(":::") and state.sCount[number] >= state.blkIndent:
            if text.strip(":"):
                depth += 1
            elif depth == 0:
                return number
            else:
                depth -= 1
    return None


def _push_container(state: StateBlock, start: int, close: int, opened: re.Match[str]) -> None:
    alert, title, track = _read_head(opened[2], opened[3])
    if alert is None and track is None:
        name = opened[2].strip("{}. ")
        report(state.env, NoticeCode.CALLOUT_UNKNOWN, opened[2] + near(name.removeprefix("callout-"), KINDS), start)
        if title:
            _push_paragraph(state, title, start)
    kind = "alert" if alert else "track"
    head = state.push(f"{kind}_open", "div", 1)
    head.map = [start, close]
    head.meta = {"alert": alert, "track": track}
    body = len(state.tokens)
    kept = state.lineMax, state.parentType
    state.lineMax, state.parentType = close, "container"
    state.md.block.tokenize(state, _skip_options(state, start + 1, close, head), close)
    state.lineMax, state.parentType = kept
    if alert:
        head.meta["title"] = _title(title or _lift_heading(state.tokens, body), start)
    state.push(f"{kind}_close", "div", -1).meta = head.meta


def _read_head(written: str, rest: str) -> tuple[Alert | None, str, str | None]:
    """The alert, its title, and the column track that an opening line asks for."""
    directive = _DIRECTIVE.fullmatch(written)
    if directive:
        word = directive[1].lower()
        return (Alert(KINDS[word], word) if word in KINDS else None), rest.strip(), None
    if not written.startswith("{"):
        word = written.lower().removeprefix("callout-")
        return (Alert(KINDS[word], word) if word in KINDS else None), rest.strip(), None
    classes, pairs = read_attributes(written)
    track = next((_TRACKS[name] for name in classes if name in _TRACKS), None)
    word = next((name.removeprefix("callout-") for name in classes if name.removeprefix("callout-") in KINDS), "")
    collapse = {"true": True, "false": False}.get(pairs.get("collapse", "").lower())
    alert = Alert(KINDS[word], word, collapse) if word else None
    return alert, pairs.get("title", ""), track


_TRACKS = {
    "column-page": "nb-wide", "column-body-outset": "nb-wide", "column-page-inset": "nb-wide",
    "column-screen": "nb-full", "column-screen-inset": "nb-full",
}  # fmt: skip


def _skip_options(state: StateBlock, line: int, close: int, head: Token) -> int:
    """Past MyST's option lines (``:class: dropdown``), which are obeyed where they mean something."""
    while line < close:
        option = _OPTION.fullmatch(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
        if option is None:
            break
        alert = head.meta["alert"]
        if alert and option[1] == "class":
            head.meta["alert"] = _with_classes(alert, option[2])
        line += 1
    return line


def _with_classes(alert: Alert, classes: str) -> Alert:
    """The alert with what MyST's ``:class:`` says: ``dropdown``, or another kind's look."""
    words = classes.lower().split()
    kind = next((KINDS[word] for word in words if word in KINDS), alert.kind)
    return Alert(kind, alert.word, True if "dropdown" in words else alert.collapse)


def _title(text: str, line: int) -> Token:
    """The title as a paragraph's content; the parser reads its spans with all others."""
    return Token("inline", "", 0, content=text, map=[line, line + 1], children=[])


def _push_paragraph(state: StateBlock, text: str, line: int) -> None:
    state.push("paragraph_open", "p", 1).map = [line, line + 1]
    content = state.push("inline", "", 0)
    content.content, content.map, content.children = text, [line, line + 1], []
    state.push("paragraph_close", "p", -1)


def _lift_heading(tokens: list[Token], start: int) -> str:
    """A heading that opens a callout is its title (Quarto): take it out."""
    if len(tokens) < start + 3 or tokens[start].type != "heading_open":
        return ""
    text = tokens[start + 1].content
    del tokens[start : start + 3]
    return text


# --- > [!NOTE] and ```{note} --------------------------------------------------------------------------------------


def find_alerts(tokens: list[Token], env: Any) -> None:
    """A step between blocks and spans: quotations that begin with ``[!KIND]`` become alerts, in place."""
    for number, token in enumerate(tokens):
        if token.type == "blockquote_open" and tokens[number + 1].type == "paragraph_open":
            _read_quotation(tokens, number, env)


def _read_quotation(tokens: list[Token], start: int, env: Any) -> None:
    first = tokens[start + 2]
    match = _GITHUB.match(first.content) if first.content.startswith("[!") else None
    if match is None:
        return
    word, line = match[1].lower(), _first_line(first)
    if word not in KINDS:
        report(env, NoticeCode.CALLOUT_UNKNOWN, f"[!{match[1]}]{near(word, KINDS)}", line)
        return
    end = _find_partner(tokens, start)
    tokens[start].type, tokens[start].tag = "alert_open", "div"
    tokens[start].meta = {"alert": Alert(KINDS[word], word), "title": _title(match[2].strip(), line)}
    tokens[end].type, tokens[end].tag, tokens[end].meta = "alert_close", "div", tokens[start].meta
    first.content = first.content[match.end() :]
    first.map = [line + 1, line + 2]
    tokens[start + 1].hidden = tokens[start + 3].hidden = not first.content.strip()


def _first_line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _find_partner(tokens: list[Token], start: int) -> int:
    level = tokens[start].level
    ends = (number for number in range(start + 1, len(tokens)) if tokens[number].type == "blockquote_close")
    return next(number for number in ends if tokens[number].level == level)


def expand_fences(tokens: list[Token], md: MarkdownIt, env: Any) -> list[Token]:
    """A step between blocks and spans: MyST's fenced directives (```` ```{note} ````) become what they stand for."""
    if not any(token.type == "fence" and token.info.lstrip().startswith("{") for token in tokens):
        return tokens
    expanded: list[Token] = []
    waiting = tokens[::-1]
    while waiting:
        token = waiting.pop()
        if token.type == "fence" and token.info.lstrip().startswith("{"):
            waiting += reversed(_read_fence(token, md, env))
        else:
            expanded.append(token)
    return expanded


def _read_fence(token: Token, md: MarkdownIt, env: Any) -> list[Token]:
    """What a MyST fence stands for: an alert, a formula, code; an unknown one stays code, and is reported."""
    match = _DIRECTIVE.fullmatch(token.info.strip())
    name, argument = (match[1].lower(), match[2].strip()) if match else ("", "")
    body = token.content
    while body.startswith(":") and (option := _OPTION.match(body)):
        body = body[option.end() :]
    if name in KINDS and token.level < _DEEPEST_FENCE:
        return _parse_fence(token, name, argument, md, env)
    if name == "math":
        return [token.copy(type="maths_block", content=body)]
    if name in ("code", "code-block", "code-cell", "sourcecode", "mermaid"):
        return [token.copy(info="mermaid" if name == "mermaid" else argument.lstrip("{"), content=body)]
    if match:
        report(env, NoticeCode.CALLOUT_UNKNOWN, f"{{{name}}}{near(name, KINDS)}", _first_line(token))
    return [token.copy(info=token.info.strip().strip("{}").strip(" ."))]


def _parse_fence(token: Token, name: str, title: str, md: MarkdownIt, env: Any) -> list[Token]:
    line = _first_line(token)
    body, first, alert = token.content, line + 1, Alert(KINDS[name], name)
    while option := _OPTION.match(body):
        alert = _with_classes(alert, option[2]) if option[1] == "class" else alert
        body = body[option.end() :]
        first += 1
    inner: list[Token] = []
    md.block.parse(body, md, env, inner)
    for child in inner:
        child.level += token.level + 1
        child.map = [child.map[0] + first, child.map[1] + first] if child.map else None
    meta = {"alert": alert, "title": _title(title, line)}
    opened = token.copy(type="alert_open", tag="div", nesting=1, meta=meta, content="", children=None)
    return [opened, *inner, opened.copy(type="alert_close", nesting=-1)]

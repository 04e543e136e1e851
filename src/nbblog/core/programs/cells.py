"""A cell's text becomes statements with their facts; IPython's own lines are cut out. Each text is parsed once."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from .facts import Facts
from .walking import read_facts


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement at the top of a cell."""

    text: str
    node: ast.stmt
    facts: Facts


@dataclass(frozen=True, slots=True)
class ParsedCell:
    """A cell as Python."""

    text: str
    """The cell with IPython's lines as comments, so that line numbers stay as they were."""
    statements: tuple[Statement, ...] = ()
    cut: tuple[tuple[int, str], ...] = ()
    """The lines (from 1) that are IPython's alone and cannot be done without, each with its text."""
    error: str = ""
    """Why it cannot be parsed, and then there are no statements."""


_NONE: tuple[tuple[int, str], ...] = ()


@lru_cache(maxsize=2048)
def parse_cell(source: str) -> ParsedCell:
    """Parse the text of a code cell. Never raises: what is no Python for this version has an ``error``."""
    text, cut = source.replace("\r\n", "\n").replace("\r", "\n"), _NONE
    if _CANDIDATE.search(text):
        text, cut = _without_ipython(text)
    try:
        module = ast.parse(text)
        lines = text.split("\n")
        statements = tuple(Statement(_text_of(node, lines), node, read_facts(node)) for node in module.body)
    except SyntaxError as error:
        return ParsedCell(text, cut=cut, error=f"{error.msg} (line {error.lineno})")
    except (ValueError, RecursionError, MemoryError) as error:
        return ParsedCell(text, cut=cut, error=f"it cannot be parsed: {str(error)[:80]}")
    return ParsedCell(text, statements, cut)


def _text_of(node: ast.stmt, lines: list[str]) -> str:
    """The statement's own text, decorators included; columns are bytes of UTF-8."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    start = node.col_offset if first == node.lineno else 0
    last = (node.end_lineno or first) - 1
    end = node.end_col_offset or 0
    if last == first - 1:
        return lines[last].encode()[start:end].decode()
    top = lines[first - 1].encode()[start:].decode()
    return "\n".join([top, *lines[first:last], lines[last].encode()[:end].decode()])


# --- IPython --------------------------------------------------------------------------------------------------------

_CANDIDATE = re.compile(r"^[ \t]*[%!?]|=[ \t]*[%!](?!=)|\?[ \t]*$", re.MULTILINE)
_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?P<rest>[%!?].*|[^\n\#'\"]*\?[ \t]*|[\w., \t\[\]]+=[ \t]*(?:%(?=[A-Za-z])|!(?!=)).*)$"
)
_TIMED = re.compile(r"%time[ \t]+(?=\S)")
_HARMLESS = re.compile(
    r"%%?(?:alias_magic|autoreload|autosave|capture|colors|conda|config|load_ext|logstart|logstop|matplotlib|memit|mprun"
    r"|notebook|pdb|pip|pinfo|pprint|precision|prun|reload_ext|time|timeit|unload_ext|who|whos|xmode)\b"
    r"|!\s*(?:\S*/)?(?:pip3?|conda|mamba|uv|python3? -m pip)\b|\?|.*\?[ \t]*$"
)
"""What a program can do without: measuring, settings of the notebook, installing, help."""

_PIECE = re.compile(
    r"""
      (?P<comment> \#.* )
    | (?P<string> (?:\b[rbuftRBUFT]{1,2})? (?: ""\"(?:[^\\]|\\[\s\S])*?(?:""\"|\Z) | '''(?:[^\\]|\\[\s\S])*?(?:'''|\Z)
                                               | "(?:[^"\\\n]|\\[\s\S])*"? | '(?:[^'\\\n]|\\[\s\S])*'? ) )
    | (?P<open> [(\[{] ) | (?P<close> [)\]}] ) | (?P<joined> \\\n ) | (?P<line> \n )
    """,
    re.VERBOSE,
)


def _without_ipython(source: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The text with IPython's lines as comments, and those of them that mattered."""
    lines = source.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    cut: list[tuple[int, str]] = []
    place = 0
    while place < len(lines):
        match = _LINE.match(lines[place])
        if match is None:
            place = bisect_left(starts, _end_of_statement(source, starts[place]))
            continue
        end = place
        while lines[end].endswith("\\") and end + 1 < len(lines):
            end += 1
        if not _HARMLESS.match(match["rest"]):
            cut.append((place + 1, match["rest"]))
        lines[place : end + 1] = _as_comments(match, lines[place : end + 1])
        place = end + 1
    return "\n".join(lines), tuple(cut)


def _as_comments(match: re.Match[str], lines: list[str]) -> list[str]:
    if timed := _TIMED.match(match["rest"]):
        return [match["indent"] + match["rest"][timed.end() :], *lines[1:]]
    comments = [f"# {line.strip()}" for line in lines]
    if match["indent"]:  # a block may have nothing else
        comments[0] = f"{match['indent']}pass  {comments[0]}"
    return comments


def _end_of_statement(text: str, start: int) -> int:
    """Where the logical line that begins at ``start`` has ended: strings, brackets and backslashes join lines."""
    depth = 0
    for match in _PIECE.finditer(text, start):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(0, depth - 1)
        elif match["line"] and not depth:
            return match.end()
    return len(text) + 1

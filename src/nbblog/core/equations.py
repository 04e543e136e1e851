r"""Numbers of displayed formulas, and what refers to them: TeX in, TeX out.

LaTeX's rules, which are also those of MathJax in nbconvert's pages: the unstarred environments are numbered, each row
of one that has rows, unless it says ``\tag``, ``\notag`` or ``\nonumber``. Beyond them a formula between dollars is
numbered if it has a ``\label``: its author means to refer to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

_ENVIRONMENT = re.compile(
    r"\s*\\begin\{(?P<name>equation|align|alignat|gather|multline|flalign|eqnarray)\}(?P<body>.*)\\end\{(?P=name)\}\s*",
    re.DOTALL,
)
_OF_ROWS = frozenset({"align", "alignat", "gather", "flalign", "eqnarray"})
_LABEL = re.compile(r"\\label\s*\{([^{}]{1,200})\}")
_TAG = re.compile(r"\\tag\*?\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_NO_NUMBER = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])")
REFERENCE = re.compile(r"\\(eq)?ref\s*\{([^{}]{1,200})\}")
"""To a formula, by its label; with ``eq`` the number stands in parentheses."""
_BREAK = re.compile(r"(?:\\\\\*?(?:\s*\[[^\]]*\])?)?\s*\Z")
_LAST_BREAK = re.compile(r"(?:\\\\\*?\s*(?:\[[^\]]*\])?\s*)+\Z")
_EMPTY = re.compile(r"\s*(?:\[[^\]]*\])?\s*(?:\\hline\s*)*(?:\\\\\*?)?\s*")
_MARK = re.compile(r"\\(begin|end)\s*\{|(\\\\\*?)|\\.|[{}]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Equation:
    """A formula, or a row of one, that can be referred to."""

    number: str
    """As it is shown, without parentheses: a number, or what a ``\\tag`` says."""
    id: str
    """The anchor of the formula; empty while it has none."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A formula with its numbers."""

    tex: str
    last: int
    """The last number given so far in the article."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Label → number."""


def number_formula(tex: str, last: int) -> Numbered:
    """A displayed formula with the numbers that follow ``last`` written into it as tags."""
    found = _ENVIRONMENT.fullmatch(tex)
    if found is None:
        return _number_whole(tex, last) if "\\label" in tex else Numbered(tex, last)
    name, body = found["name"], found["body"]
    labels: dict[str, str] = {}
    if name not in _OF_ROWS:
        numbered = _number_whole(body, last)
        # A multline is set as rows, of which only the last has the number.
        *rows, end = _rows(numbered.tex) if name == "multline" else [numbered.tex]
        body = "".join(_add(row, "\\notag") for row in rows) + end
        return Numbered(f"\\begin{{{name}}}{body}\\end{{{name}}}", numbered.last, numbered.labels)
    written = []
    for row in _rows(_LAST_BREAK.sub("", body)):
        numbered = Numbered(row, last) if _EMPTY.fullmatch(row) else _number_whole(row, last)
        written.append(numbered.tex)
        last = numbered.last
        labels |= numbered.labels
    return Numbered(f"\\begin{{{name}}}{''.join(written)}\\end{{{name}}}", last, labels)


def _number_whole(tex: str, last: int) -> Numbered:
    """One row, or a formula without rows."""
    names = _LABEL.findall(tex)
    tag = _TAG.search(tex)
    if tag is not None:
        return Numbered(tex, last, dict.fromkeys(names, tag[1]))
    if _NO_NUMBER.search(tex):
        return Numbered(tex, last)
    return Numbered(_add(tex, f"\\tag{{{last + 1}}}"), last + 1, dict.fromkeys(names, str(last + 1)))


def _add(row: str, command: str) -> str:
    """The row with a command more, before the break that ends it."""
    end = _BREAK.search(row)
    at = end.start() if end else len(row)
    # On a line of its own: a comment would swallow it.
    return f"{row[:at]}\n{command}{row[at:]}"


def _rows(body: str) -> Iterator[str]:
    """The rows, each with the break that ends it; braces and inner environments are stepped over."""
    start = depth = 0
    for mark in _MARK.finditer(body):
        if mark[1]:
            # With the brace behind the word, which is closed by one that is counted.
            depth += 2 if mark[1] == "begin" else 0
        elif mark[0] in ("{", "}"):
            depth += 1 if mark[0] == "{" else -1
        elif mark[2] and depth <= 0:
            yield body[start : mark.end()]
            start = mark.end()
    yield body[start:]


def unnumbered(tex: str) -> str:
    """A formula that is outside the article's count, without numbers of its own."""
    found = _ENVIRONMENT.fullmatch(tex)
    return f"\\begin{{{found['name']}*}}{found['body']}\\end{{{found['name']}*}}" if found else tex


def set_references(tex: str, find: Callable[[str], Equation | None]) -> str:
    r"""``\ref`` and ``\eqref`` in a formula as the numbers they mean; unknown labels stay for the renderer."""
    if "ref" not in tex:
        return tex

    def number(match: re.Match[str]) -> str:
        equation = find(match[2])
        if equation is None:
            return match[0]
        return f"\\text{{({equation.number})}}" if match[1] else f"\\text{{{equation.number}}}"

    return REFERENCE.sub(number, tex)

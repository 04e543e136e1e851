"""The comment lines at the top of a code cell that are instructions, not code.

``#| key: value`` (Quarto), ``#| word`` (nbdev) and ``#word`` (fastpages, nbdev 1) are found and taken out; what they
mean is for ``options``. Other languages write their own comment mark: ``//|``, ``--|``, ``%%|``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import near
from .notices import NoticeCode
from .yaml import YamlError, load_yaml

_MARKS = {
    "//": "c c++ cpp csharp c# dart f# fsharp go groovy java javascript js kotlin php rust scala swift typescript ts",
    "--": "ada elm haskell lua sql",
    "%": "erlang latex matlab octave prolog tex",
    "%%": "mermaid",
    ";": "clojure common-lisp emacs-lisp lisp racket scheme",
    "!": "fortran",
}
_MARK_OF = {language: mark for mark, languages in _MARKS.items() for language in languages.split()}

FLAGS = frozenset(
    {
        "hide", "hide-input", "hide-output", "collapse", "collapse-hide", "collapse-input", "collapse-show",
        "collapse-output",
    }
)  # fmt: skip
"""Words that stand alone."""

_EXPORTS = frozenset({"export", "exporti", "exports", "export-internal", "exports-internal"})
_NBDEV = _EXPORTS | {
    "code", "cuda", "default-cls-lvl", "default-exp", "filter-stream", "hide-line", "notest", "skip", "slow",
}  # fmt: skip
"""nbdev's words that say nothing about the page."""

OPTIONS = frozenset(
    """
    cache cap-location classes class code-annotations code-fold code-line-numbers code-overflow code-summary column
    dependson echo error eval export fig-align fig-alt fig-asp fig-cap fig-cap-location fig-column fig-dpi fig-env
    fig-format fig-height fig-link fig-pos fig-scap fig-subcap fig-width file filename freeze hide html-table-processing
    id include label layout layout-align layout-ncol layout-nrow layout-valign lightbox lst-cap lst-label message
    out-height out-width output panel results runnable tags tbl-cap tbl-cap-location tbl-colwidths tbl-column
    tbl-subcap warning
    """.split()  # noqa: SIM905 - a list of words reads better as text
)
"""Quarto's options and ours. Those that ``options`` does not read are about running the code, or about print."""


@dataclass(frozen=True, slots=True)
class OptionLines:
    """The source without its option lines, and what they say."""

    source: str
    lines_cut: int
    """How many lines were taken off the top."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Keys with dashes; values as parsed."""
    flags: tuple[str, ...] = ()
    key_lines: Mapping[str, int] = field(default_factory=dict)
    """The line of the cell (from 1) of each option."""
    problems: tuple[tuple[NoticeCode, str, int | None], ...] = ()


def split_option_lines(source: str, language: str = "python") -> OptionLines:
    """Take the options off the top of a code cell. They may also stand under a ``%%magic`` line."""
    mark = _MARK_OF.get(language, "#")
    marks = {mark} if mark == ";" else {mark, "#"}  # `#|` opens a comment in Lisp
    start = re.compile(rf"[ \t]*(?:{'|'.join(sorted(map(re.escape, marks)))})[ \t]*(\|)?[ \t]?(.*)$")
    lines = source.split("\n")
    top = 1 if lines[0].startswith("%%") and not lines[0].startswith("%%|") else 0
    found, end = _find_lines(lines, top, start)
    if not found:
        return OptionLines(_without_hidden_lines(source), 0)
    read = _Reader()
    for number, text, piped in found:
        read.line(number, text, piped=piped)
    read.finish()
    while end < len(lines) and not lines[end].strip():
        end += 1
    rest = "\n".join(lines[:top] + lines[end:])
    return OptionLines(
        _without_hidden_lines(rest), end - top, read.options, tuple(read.flags), read.key_lines, tuple(read.problems)
    )


_MOST_LINES = 200


def _find_lines(lines: list[str], top: int, start: re.Pattern[str]) -> tuple[list[tuple[int, str, bool]], int]:
    """The option lines from ``top`` on (number, text, with a bar), and the place of the first line after them."""
    found: list[tuple[int, str, bool]] = []
    end = top
    for place in range(top, min(len(lines), top + _MOST_LINES)):
        if not lines[place].strip():
            continue
        match = start.match(lines[place])
        if match is None or not (match[1] or _is_flag(match[2])):
            break
        found.append((place + 1, match[2], bool(match[1])))
        end = place + 1
    return found, end


def _is_flag(comment: str) -> bool:
    """Whether a comment without a bar is one of the old words, as a line of its own."""
    words = comment.lower().replace("_", "-").split()
    if len(words) == 2:
        return words[0] in ("default-exp", "default-cls-lvl") or (words[0] in _EXPORTS and "." in words[1].strip("."))
    return len(words) == 1 and (words[0] in FLAGS or words[0] in _EXPORTS)


_HIDDEN_LINE = re.compile(r"^.*#[ \t]*\|[ \t]*hide_line[ \t]*$\n?", re.MULTILINE)


def _without_hidden_lines(source: str) -> str:
    """nbdev's ``#| hide_line`` at the end of a line of code."""
    return _HIDDEN_LINE.sub("", source) if "hide_line" in source else source


_ENTRY = re.compile(r"([A-Za-z][\w.-]*)[ \t]*:(?P<value>.*)$", re.DOTALL)
_BROKEN = re.compile(r"[\[{\"'&*!|>%@`]")


class _Reader:
    """Puts lines together to entries, and entries to options and flags."""

    def __init__(self) -> None:
        self.options: dict[str, Any] = {}
        self.flags: list[str] = []
        self.key_lines: dict[str, int] = {}
        self.problems: list[tuple[NoticeCode, str, int | None]] = []
        self._entry: list[str] = []
        self._number = 0

    def line(self, number: int, text: str, *, piped: bool) -> None:
        if self._entry and piped and (not text.strip() or text[0] in " \t" or text.startswith("- ")):
            self._entry.append(text)
            return
        self.finish()
        if text.strip():
            self._entry, self._number = [text.strip()], number

    def finish(self) -> None:
        """Read the entry that was gathered."""
        entry, self._entry = "\n".join(self._entry).rstrip(), []
        if match := _ENTRY.match(entry):
            self._option(match[1].lower().replace("_", "-"), match["value"])
        elif entry:
            self._word(entry)

    def _option(self, key: str, text: str) -> None:
        if key not in OPTIONS and key not in FLAGS and key not in _NBDEV:
            self._problem(NoticeCode.OPTION_UNKNOWN, f"`{key[:60]}` is not an option{near(key, OPTIONS)}")
        if key in self.options:
            self._problem(NoticeCode.OPTION_VALUE, f"`{key}` is said twice; the first is used")
            return
        self.options[key] = self._value(key, text)
        self.key_lines[key] = self._number

    def _value(self, key: str, text: str) -> Any:
        """The value as YAML; a caption with a colon in it, which YAML refuses, as it stands."""
        try:
            value = load_yaml(f"{key}:{text if text[:1] in ('', ' ', chr(9), chr(10)) else ' ' + text}")
        except YamlError as error:
            plain = text.strip()
            if "\n" in plain or _BROKEN.match(plain):
                self._problem(NoticeCode.OPTION_VALUE, f"`{key}` cannot be read: {error.reason}")
                return None
            return plain
        return value.get(key) if isinstance(value, dict) else None

    def _word(self, entry: str) -> None:
        word = (entry.split() or [""])[0].lower().replace("_", "-")
        if word in FLAGS:
            self.flags.append(word)
        elif word not in _NBDEV:
            detail = f"`{entry[:60]}` is not an option{near(word, OPTIONS | FLAGS)}"
            self._problem(NoticeCode.OPTION_UNKNOWN, detail)

    def _problem(self, kind: NoticeCode, detail: str) -> None:
        self.problems.append((kind, detail, self._number))

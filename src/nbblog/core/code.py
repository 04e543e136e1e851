"""Source code as HTML: Pygments' tokens, in the fewest elements that show them.

The class names are Pygments' short ones (``k``, ``s1``, ``c1``), so any Pygments palette fits. Names, punctuation and
white space stay bare text: palettes give them the colour of the text, and without them a page has half the elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from .html import Safe, escape, escape_text, join, tag, trusted
from .pytokens import read_python_tokens
from .text import BIDI

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

LONGEST_HIGHLIGHTED = 200_000
"""Characters. A longer cell is shown as plain text: nobody reads it, and the lexers take seconds over it."""

# What kernels and authors call a language, where Pygments calls it otherwise.
_ALIASES = {
    "ipython": "python", "ipython2": "python", "ipython3": "python", "python3": "python", "py3": "python",
    "xpython": "python", "sage": "python", "pyodide": "python", "ir": "r", "c++11": "c++", "c++14": "c++",
    "c++17": "c++", "c++20": "c++", "xcpp": "c++", "plaintext": "text", "txt": "text", "plain": "text", "none": "text",
    "node": "javascript", "vega-lite": "json", "ijavascript": "javascript", "rlang": "r",
}  # fmt: skip
_LABELS = {
    "python": "Python",
    "r": "R",
    "text": "Text",
    "console": "Console",
    "pycon": "Python console",
    "c++": "C++",
    "c#": "C#",
}
_BARE = frozenset({"", "n", "p", "w", "err", "x", "esc"})
_MARKDOWN = "Markdown"
_NAME = re.compile(r"[\w+#.-]{1,40}")


@lru_cache(maxsize=256)
def render_code(source: str, language: str, *, caption: str | None = None) -> Safe:
    """The frame with ``source`` in it: a head with the language's label, and a ``pre`` that takes the focus.

    ``language`` is a Pygments alias or a kernel's name for its language; one that nobody knows gives plain text under
    its own name. ``caption`` is plain text for the head, such as a file name. Never raises."""
    name = _canonical(language)
    label = language_label(language)
    head = [tag("span", escape(label), class_="nb-lang")]
    if caption:
        head.append(tag("span", escape(caption), class_="nb-code-caption"))
    # A group, not a region: a page has many blocks of one language, and regions are landmarks with names of their own.
    block = tag(
        "pre",
        tag("code", highlight(source.strip("\n"), name), class_=f"language-{name}"),
        tabindex=0,
        role="group",
        aria_label=label if label == "Code" else f"{label} code",
    )
    return tag("div", join([tag("div", join(head), class_="nb-code-head"), block]), class_="nb-code")


def language_label(language: str) -> str:
    """What people call the language: ``Python``, ``C++``; ``Code`` where none is named."""
    name = _canonical(language)
    if name in _LABELS:
        return _LABELS[name]
    lexer = _find_lexer(name)
    return lexer.name if lexer else language.strip()[:40] or "Code"


def highlight(source: str, language: str) -> Safe:
    """``source`` with its tokens in ``span`` elements; its text is that of ``source``, but for marks that would show
    code in another order than it runs ("Trojan Source", CVE-2021-42574): their numbers stand there instead."""
    written: list[str] = []
    open_class, run, space = "", "", ""
    for class_, text in _read_tokens(source, _canonical(language)):
        if class_ == open_class:
            run, space = f"{run}{space}{text}", ""
        elif text.isspace():
            space += text
        else:
            written += (_span(run, open_class), space)
            open_class, run, space = class_, text, ""
    written += (_span(run, open_class), space)
    html = "".join(written)
    return trusted(html if html.isascii() else BIDI.sub(_show_mark, html))


def _read_tokens(source: str, name: str) -> Iterable[tuple[str, str]]:
    if len(source) > LONGEST_HIGHLIGHTED:
        return [("", source)]
    if name == "python":
        return read_python_tokens(source)
    lexer = _find_lexer(name)
    if lexer is None:
        return [("", source)]
    # Many lexers want the line feed at the end, and some lose text that they do not expect.
    pieces = lexer.get_tokens_unprocessed(f"{source}\n")
    tokens = [(_css_class(kind), text) for _, kind, text in pieces if text]
    if lexer.name == _MARKDOWN:
        tokens = list(_read_fences(tokens))
    if "".join(text for _, text in tokens) != f"{source}\n":
        return [("", source)]
    class_, text = tokens.pop()
    return [*tokens, (class_, text[:-1])]


def _read_fences(tokens: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Markdown's tokens with the code in its fences, which is one string, as that language's tokens."""
    backticked = ""
    for class_, text in tokens:
        if class_ == "s":
            name = _canonical(backticked)
            yield from _read_tokens(text, name if name in _built_in_names() else "text")
        else:
            backticked = text if class_ == "sb" else backticked
            yield class_, text


@cache
def _built_in_names() -> frozenset[str]:
    """What Pygments itself knows: for others it would look through every installed package, in 7 ms."""
    from pygments.lexers import get_all_lexers

    return frozenset(alias for lexer in get_all_lexers(plugins=False) for alias in lexer[1])


def _show_mark(found: re.Match[str]) -> str:
    return f'<span class="nb-bidi">U+{ord(found[0]):04X}</span>'


def _span(text: str, class_: str) -> str:
    return f'<span class="{class_}">{escape_text(text)}</span>' if class_ else escape_text(text)


def _canonical(language: str) -> str:
    match = _NAME.match(language.strip().lower())
    name = match[0] if match else "text"
    return _ALIASES.get(name, name)


@cache
def _css_class(kind: _TokenType) -> str:
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES and kind.parent is not None:
        kind = kind.parent
    class_ = STANDARD_TYPES.get(kind, "")
    return "" if class_ in _BARE else class_


@lru_cache(maxsize=128)
def _find_lexer(name: str) -> Lexer | None:
    """The lexer, made once; ``None`` for plain text and unknown names."""
    if name == "text":
        return None
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    try:
        lexer_class = find_lexer_class_by_name(name)
    except ClassNotFound:
        return None
    # Fences in Markdown are coloured here: Pygments' own lexer of Python, which it would take for them, starts slowly.
    lexer = lexer_class(handlecodeblocks=False) if lexer_class.name == _MARKDOWN else lexer_class()
    return lexer if hasattr(lexer, "get_tokens_unprocessed") else None

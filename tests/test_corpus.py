"""Real notebooks: each becomes a page on which every word of its text stands, or is refused in one line.

The folder is in the environment variable ``NBBLOG_CORPUS``; without it, the example notebooks are read.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from nbblog.core.config import BlogConfig
from nbblog.core.errors import NotebookError
from nbblog.core.secrets import find_secrets
from nbblog.files import folder_reader, load_notebook
from nbblog.onepage import OnePage, render_one_page

EXAMPLES = Path(__file__).resolve().parent.parent / "example_notebooks"
CORPUS = Path(os.environ.get("NBBLOG_CORPUS") or EXAMPLES)
NOTEBOOKS = sorted(CORPUS.rglob("*.ipynb"))

# --- What an author typed ---------------------------------------------------------------------------------------------

_NOT_WORDS = (
    r"\A---\n[\s\S]*?\n---[ \t]*$",  # front matter
    r"(?<=\n\n)By [^\n]*\d{4}[^\n]*\n",  # a byline: its date is written anew
    r"<!--[\s\S]*?-->",
    r"(?i:<(style|script|svg|math|iframe|video|audio|object|head|select)\b[\s\S]*?</\1\s*>)",
    r"\$\$[\s\S]*?\$\$|\\\[[\s\S]*?\\\]|\\begin\{(\w+\*?)\}[\s\S]*?\\end\{\2\}",
    r"(?<!\\)\$[^$\n]+(?:\n[^$\n]+)*\$|\\\(.*?\\\)",
    r"<[a-zA-Z/!?][^<>]*>",
    r"\[\[(?:image|video|audio|embed|file|toc|post)\b[^\]]*\]\]",
    r"^[ \t]*(?:`{3,}|~{3,})[^\n]*$",  # a fence and its language
    r"^[ >\t]*:{3,}[^\n]*$|^>\s*\[![A-Za-z]+\][+-]?",  # the line of a callout
    r"^ {0,3}\[[^\]\n]+\]:\s*\S+.*$",  # a definition
    r"\[\^[^\]\n]+\]",
    r"^\([A-Za-z][\w:.-]*\)=[ \t]*$",  # an anchor
    r"\\(?:eq)?ref\{[^{}\n]+\}",  # the number of a formula
)
_BETWEEN_WORDS = re.compile("|".join(_NOT_WORDS), re.MULTILINE)
_LEADING = re.compile(r"^[ \t>]*(?:\d{1,9}[.)](?=\s)|[-*+] \[[ xX]\])", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?|ftp|file)://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.[\w.]+")
_ATTRIBUTES = re.compile(r"\{[#.:%][^{}\n]*\}|\{[\w-]+=[^{}\n]*\}")
# Where a link leads, and marks around words: a word goes on behind them.
_WITHIN_WORDS = re.compile(
    r"\]\((?:[^()\s]|\([^()]*\))*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)|\]\[[^\]\n]*\]|[*`~\[\]]|\\(?=[!-/:-@\[-`{-~])"
)
_LIST_UNDER_TITLE = re.compile(r"\A(# .*\n(?:\s*>.*\n)?)(?:\s*[-*] ?[\w-]+:.*(?:\n|\Z))+")
_WORD = re.compile(r"[^\W_]+")


def find_words(source: str) -> Counter[str]:
    """The words that a reader is to see: without marks, addresses, formulas, attributes and tags."""
    source = _LIST_UNDER_TITLE.sub(r"\1", source)  # fastpages' front matter
    source = _LEADING.sub(" ", _BETWEEN_WORDS.sub(" ", source))
    source = _ATTRIBUTES.sub(" ", _ADDRESS.sub(" ", _WITHIN_WORDS.sub("", source)))
    return Counter(_WORD.findall(unescape(source)))


def read_texts(notebook: Any) -> list[str]:
    """The sources of the markdown cells that their authors did not hide."""
    texts = []
    for cell in notebook["cells"]:
        source = cell.get("source", "")
        if cell.get("cell_type") == "markdown" and not (cell.get("metadata") or {}).get("tags"):
            texts.append("".join(source) if isinstance(source, list) else source)
    return texts


# --- What a reader sees -----------------------------------------------------------------------------------------------

_IN_A_LINE = {
    *(
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
    ),
    *("s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
}
_SHOWN = re.compile(r"\b(?:nb-markdown|nb-head|nb-notes)\b")
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Reader(HTMLParser):
    """The words of an article's head, its text and its notes; words that stand for a picture too."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._open: list[bool] = []

    def _is_shown(self) -> bool:
        return bool(self._open and self._open[-1])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        names = values.get("class") or ""
        # Neither a formula nor the number of a note is a word.
        is_mark = names.startswith(("nb-math", "nb-note-ref"))
        if tag not in _VOID:
            self._open.append(not is_mark and (self._is_shown() or bool(_SHOWN.search(names))))
        if tag not in _IN_A_LINE or is_mark:
            self.parts.append(" ")
        if tag == "img" and self._is_shown():
            self.parts.append(f" {values.get('alt') or ''} ")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()
        if tag not in _IN_A_LINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if self._is_shown():
            self.parts.append(data)


def read_words(html: str) -> Counter[str]:
    """How often each word stands in the text of the page."""
    article = re.search(r"<article.*</article>", html, re.DOTALL)
    assert article
    # A formula is written twice, for eyes and for screen readers.
    reader = Reader()
    reader.feed(re.sub(r"<(script|svg|math)\b.*?</\1>", " ", article[0], flags=re.DOTALL))
    return Counter(_WORD.findall(re.sub(r"[*`~\[\]]", "", "".join(reader.parts))))


# --- The tests --------------------------------------------------------------------------------------------------------


def render(path: Path) -> tuple[Any, OnePage] | None:
    """The notebook and its page, or nothing where it is refused in one line."""
    try:
        notebook = load_notebook(path)
    except NotebookError as error:
        if not str(error).isprintable():
            raise
        return None
    read_file = folder_reader(path.parent)
    return notebook, render_one_page(
        notebook, name=path.name, config=BlogConfig(), read_file=read_file, files_dir="files"
    )


@pytest.mark.tries("Real notebooks", "notebooks", 1)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.relative_to(CORPUS)))
def test_every_word_stands_on_the_page(path: Path) -> None:
    """No word of the text is lost, as often as it was typed; what is refused is refused in one line."""
    done = render(path)
    if done is None:
        return
    notebook, page = done
    texts = read_texts(notebook)
    typed = sum(map(find_words, texts), Counter[str]())
    shown = read_words(page.html)
    # A heading that repeats the title is left out.
    title = Counter(_WORD.findall(" ".join(re.findall(r"<h1>(.*?)</h1>", page.html))))
    assert dict(typed - shown - title) == {}


@pytest.mark.tries("Secrets", "real notebooks searched for false alarms", len(NOTEBOOKS))
def test_real_notebooks_raise_few_alarms(record_property: Callable[[str, object], None]) -> None:
    """An author who is warned for nothing soon reads no warning."""
    alarms: Counter[str] = Counter()
    searched = 0
    for path in NOTEBOOKS:
        with suppress(NotebookError):
            alarms[path.name] += len(find_secrets(load_notebook(path)))
            searched += 1
    alarmed = sum(map(bool, alarms.values()))
    record_property("measured", f"Secrets|{alarms.total()} alarms in {alarmed} of {searched} real notebooks")
    assert alarmed <= searched / 20


def test_the_words_of_a_text_are_found() -> None:
    """The measure itself: what counts as a word, and that a lost one shows."""
    typed = find_words(
        '# A *B*c\n\n[d](e.html "f") `g_h` $i$ <b title="j">k</b> ![l](m.png) https://n.org {.o} &amp; p\\_q'
    )
    assert typed == Counter(["A", "Bc", "d", "g", "h", "k", "l", "p", "q"])
    html = '<article><div class="nb-markdown"><p>A <b>B</b>c d</p><img alt="l"></div><div>k</div></article>'
    assert typed - read_words(html) == Counter(["g", "h", "k", "p", "q"])


def test_every_notebook_was_read() -> None:
    """A folder without notebooks would prove nothing."""
    assert len(NOTEBOOKS) >= 3

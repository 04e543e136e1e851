"""Texts and notebooks put together at random: always a page, or an error of ours; never anything else."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hostile_notebooks import SITE, code_cell, printed, raw_cell, render, shown, text_cell
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tries import many

from nbblog.core.errors import NbblogError
from nbblog.core.html import sanitise
from nbblog.files import folder_reader, load_notebook, parse_notebook
from nbblog.onepage import render_one_page

EXAMPLES = Path(__file__).resolve().parent.parent / "example_notebooks"
LOAD = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

# --- Texts ------------------------------------------------------------------------------------------------------------

MARKDOWN = st.sampled_from(
    [
        *(
            "# ",
            "## ",
            "> ",
            "- ",
            "1. ",
            "    ",
            "\t",
            "\n",
            "\n\n",
            "***",
            "**",
            "*",
            "_",
            "~~",
            "`",
            "```",
            "````\n",
        ),
        *(
            "[",
            "]",
            "(",
            ")",
            "![",
            "](x.png)",
            "](#a)",
            "]: ",
            "[^1]",
            "[^1]: ",
            "[[",
            "]]",
            "[[image:x.png|",
            "[[toc]]",
        ),
        *("[[embed:https://youtu.be/x]]", "[[file:x|", "[[post:x]]", "{#a .b c=d}", "{.wide}", "|", "|-|-|\n", ": "),
        *("$", "$$", "\\(", "\\)", "\\[", "\\]", "\\frac{a}{b}", "\\begin{align}", "\\end{align}", "&", "\\\\", "\\"),
        *(
            ":::",
            "::: {.callout-note}\n",
            ":::{tip} x\n",
            "> [!NOTE]\n",
            "```{python}\n",
            "---\n",
            "title: x\n",
            "<!--",
        ),
        *(
            "-->",
            "<div>",
            "</div>",
            "<h1>",
            "</h1>",
            "<pre>",
            "</pre>",
            "<script>",
            "</script>",
            "<svg>",
            "<style>",
            "<a ",
        ),
        *(
            "href=",
            '"',
            "'",
            "<b",
            ">",
            "/>",
            "<details>",
            "<summary>",
            "<img src=x:",
            " onerror=alert(1)",
            "&lt;",
            "&#0;",
        ),
        *(
            "https://x.org",
            "www.x.org",
            "a@b.org",
            "javascript:",
            "\x00",
            "\r",
            "\u2028",
            "\u202e",
            "\ud800",
            "é",
            "漢字",
            "🙂",
        ),
        *(
            "word",
            " ",
            "  \n",
            "İ",
            "<title>",
            "<textarea>",
            "<select>",
            "<math>",
            "<table>",
            "<td>",
            "<plaintext>",
            "<!",
        ),
    ]
)
TEXT = st.lists(MARKDOWN, max_size=40).map("".join)


TEXTS, GATE, EXAMPLES_DAMAGED = many(150, 4000), many(400, 10_000), many(60, 2000)


@pytest.mark.tries("Hostile notebooks", "fragments of Markdown, HTML and TeX in any order", TEXTS)
@settings(LOAD, max_examples=TEXTS)
@given(st.lists(TEXT, min_size=1, max_size=3), st.sampled_from(["md", "raw", "html", "asis", "printed"]))
def test_any_text_anywhere_is_a_page(texts: list[str], place: str) -> None:
    """Fragments of Markdown, HTML and TeX in any order, in any kind of cell: a page whose frame is whole."""
    make = {
        "md": text_cell,
        "raw": raw_cell,
        "html": lambda text: code_cell(shown(text__html=text)),
        "asis": lambda text: code_cell(shown(text__markdown=text), source=text),
        "printed": lambda text: code_cell(printed(text), shown(text__plain=text, text__latex=text)),
    }
    html = render([make[place](text) for text in texts]).html
    assert_whole(html)


class _Balance(HTMLParser):
    """The elements that are open when the last cell begins, and which cells there are."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.cells: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag == "div"
        if any(name == "data-cell" for name, _ in attrs):
            self.cells.append(self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "div"


def assert_whole(html: str) -> None:
    """Every cell stands in the body, none in another, and the page has its end."""
    start = html.index('<div class="nb-body">')
    end = html.rindex("</article>")
    balance = _Balance()
    balance.feed(html[start:end])
    balance.close()
    assert set(balance.cells) <= {2} and balance.depth == 0
    assert html.rstrip().endswith("</html>")
    html.encode()


@pytest.mark.tries("Hostile notebooks", "texts through the gate twice", GATE)
@settings(LOAD, max_examples=GATE)
@given(TEXT)
def test_the_gate_has_nothing_more_to_do(text: str) -> None:
    """A second parser finds the same elements and words in what went through the gate.

    Only where they end may move, of a link in a link or a block in a paragraph, and then for good. (The first line
    break of a ``pre`` is none.)"""
    clean = sanitise(text.replace("\ud800", ""))
    again = sanitise(clean)
    assert find_elements(again) == find_elements(clean)
    assert sanitise(again).split() == again.split()


def find_elements(html: str) -> tuple[Counter[str], str]:
    """The start tags but those of paragraphs, which a stray end tag makes too; and the text."""
    tags = Counter(re.findall(r"<[a-z](?:[^>\"]|\"[^\"]*\")*>", html))
    del tags["<p>"]
    return tags, "".join(re.sub(r"<[a-z/](?:[^>\"]|\"[^\"]*\")*>", "", html).split())


# --- Notebooks --------------------------------------------------------------------------------------------------------


def find_places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value; of long lists the first."""
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value[:20]) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from find_places(inner, (*path, key))


def thin(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without what is only large."""
    text = json.dumps(notebook)
    cut = json.loads(text, object_hook=lambda pairs: {key: _short(value) for key, value in pairs.items()})
    assert isinstance(cut, dict)
    return cut


def _short(value: Any) -> Any:
    return value[:2000] if isinstance(value, str) else value


NOTEBOOKS = [thin(load_notebook(path)) for path in sorted(EXAMPLES.glob("*.ipynb"))]
PLACES = [(number, path) for number, notebook in enumerate(NOTEBOOKS) for path in find_places(notebook)]
ODD: list[Any] = [
    None,
    True,
    -1,
    3.5,
    float("nan"),
    "",
    "x",
    "\ud800\x00",
    "<b>",
    [],
    [None],
    {},
    {"a": {"b": []}},
    [["x"]],
]


@pytest.mark.tries("Hostile notebooks", "notebooks with keys deleted or set to anything", EXAMPLES_DAMAGED)
@settings(LOAD, max_examples=EXAMPLES_DAMAGED)
@given(st.data())
def test_a_damaged_example_is_a_page_or_an_error(data: st.DataObject) -> None:
    """Keys of the example notebooks deleted or set to anything, a few at once."""
    number, _ = data.draw(st.sampled_from(PLACES))
    places = [path for other, path in PLACES if other == number]
    notebook: Any = copy.deepcopy(NOTEBOOKS[number])
    changes = data.draw(st.lists(st.tuples(st.sampled_from(places), st.sampled_from([*ODD, "delete"])), max_size=12))
    for path, value in changes:
        _change(notebook, path, value)
    assert_page_or_line(json.dumps(notebook).encode())


FOUND = sorted((Path(__file__).parent / "fuzz_corpus").iterdir())
"""A notebook for each fault that was found, by its name; CONTRIBUTING.md says how one is added."""


@pytest.mark.tries("Hostile notebooks", "notebooks that once came out wrong", 1)
@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_a_fault_that_was_found_stays_mended(path: Path) -> None:
    """Each gives a page, or an error of one line, in less than the minutes that one of them took for ever."""
    assert_page_or_line(path.read_bytes())


def assert_page_or_line(raw: bytes) -> None:
    """What a notebook's file gives."""
    read_file = folder_reader(EXAMPLES)
    try:
        parsed = parse_notebook(raw, "x.ipynb")
        html = render_one_page(parsed, name="x.ipynb", config=SITE, read_file=read_file, files_dir="x_files").html
    except NbblogError:
        return
    assert_whole(html)


def _change(value: Any, path: tuple[Any, ...], new: Any) -> None:
    try:
        for key in path[:-1]:
            value = value[key]
        if new == "delete":
            del value[path[-1]]
        else:
            value[path[-1]] = copy.deepcopy(new)
    except (LookupError, TypeError):
        pass  # an earlier change took the place away

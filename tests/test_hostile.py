"""Hostile notebooks in a real browser: nothing runs, loads or covers anything, and the page still works."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hostile_embedded import write_embedded
from hostile_notebooks import bundle, code_cell, failed, printed, raw_cell, render, shown, text_cell
from hostile_payloads import (
    BREAKOUTS,
    CLOBBERED,
    TERMINAL,
    write_borrowed,
    write_clobbers,
    write_drawings,
    write_links,
    write_marks,
    write_markup,
    write_styles,
)

from nbblog.onepage import OnePage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

MARKUP = write_markup()
EMBEDDED = list(write_embedded())
STYLES, CLOBBERS, BORROWED = list(write_styles()), list(write_clobbers()), list(write_borrowed())
LINKS, MARKS, DRAWINGS = list(write_links()), list(write_marks()), list(write_drawings())

# --- Looking at them in a browser -------------------------------------------------------------------------------------

WATCH = """{
const calls = window.__calls = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...rest) => calls.push(`${name}: ${rest}`);
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
  calls.push(`policy: ${violatedDirective} ${blockedURI} ${sample}`));
}"""

LOOK = (Path(__file__).parent / "hostile_look.js").read_text("utf-8")
TOUCH = """() => {
  addEventListener("click", (event) => event.preventDefault(), true);
  const names = ["load", "error", "focus", "mouseover", "pointerenter", "toggle", "scroll", "animationstart", "click"];
  for (const element of document.querySelectorAll("article :not(.nb-plot-canvas *)"))
    for (const name of names) element.dispatchEvent(new Event(name, { bubbles: name === "click", cancelable: true }));
}"""

CHART = ":is(nbblog-plotly, nbblog-vega, nbblog-mermaid)"
SCHEME = """() => {
  const button = document.querySelector("header.nb-site button.nb-scheme");
  const before = button.getAttribute("aria-pressed");
  button.click();
  return !button.hidden && before !== button.getAttribute("aria-pressed");
}"""


@dataclass
class Visitor:
    """Opens pages in a browser and says what is wrong with them."""

    context: BrowserContext
    folder: Path
    url: str
    numbers: Iterator[int]

    def write(self, page: OnePage) -> str:
        """The page and its files on the server; the address."""
        place = self.folder / str(next(self.numbers))
        for name, data in {**page.files, "page.html": page.html.encode()}.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data)
        return f"{self.url}{place.name}/"

    def find_faults(self, page: OnePage, *, drawn: int = 0) -> list[str]:
        """Everything that ran, was fetched, is covered or does not work once ``drawn`` charts stand there."""
        address = f"{self.write(page)}page.html"
        with self.open_tab() as (tab, faults):
            tab.goto(address, wait_until="load")
            for number in range(drawn):
                tab.locator(CHART).nth(number).scroll_into_view_if_needed()
                tab.locator(f"{CHART}[data-drawn]").nth(number).wait_for()
            tab.evaluate(TOUCH)
            tab.wait_for_timeout(50)
            faults += tab.evaluate(LOOK)
            if not tab.evaluate(SCHEME):
                faults.append("the button for the scheme is dead")
            if tab.url.split("#")[0] != address:
                faults.append(f"gone to {tab.url}")
        return faults

    @contextmanager
    def open_tab(self) -> Iterator[tuple[Page, list[str]]]:
        """A new tab, and what it complains about as it comes."""
        tab = self.context.new_page()
        faults: list[str] = []
        tab.on("request", lambda request: faults.extend(_unexpected(request.url, request.resource_type, self.url)))
        tab.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        tab.on("pageerror", lambda error: faults.append(f"error {error}"))
        try:
            yield tab, faults
        finally:
            tab.close()


def _unexpected(url: str, kind: str, own: str) -> list[str]:
    """Pictures, sounds and films may come from elsewhere: authors show those of other sites."""
    known = url.startswith((own, "data:", "blob:")) or kind in ("image", "media")
    return [] if known and "canary.test" not in url else [f"asked for {kind} {url}"]


@pytest.fixture(scope="module")
def visitor(
    browser: Browser, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visitor]:
    """A reader whose browser knows no other host than this machine."""
    folder = tmp_path_factory.mktemp("hostile")
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(8_000)
    own = serve(folder)
    context.add_init_script(WATCH)
    context.route(lambda url: not url.startswith(own), lambda route: route.abort())
    yield Visitor(context, folder, own, count())
    context.close()


def in_text(vector: str) -> dict[str, Any]:
    """A markdown cell with the vector inside every kind of block."""
    line = " ".join(vector.split("\n"))
    parts = (
        f"Words {line} words",
        f"> {line}",
        f"- {line}",
        f"### {line}",
        f"| {line} | b |\n|-|-|\n| a | {line} |",
        f"a[^n]\n\n[^n]: {line}",
    )
    return text_cell("\n\n".join(parts))


SAMPLE = [*MARKUP[::9], *DRAWINGS[::3]]
"""Every ninth: as many as a page holds where each stands in several places."""

PLACES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "markdown": lambda: [text_cell(vector) for vector in MARKUP],
    "markdown within a line": lambda: [in_text(vector) for vector in SAMPLE],
    "raw HTML": lambda: [raw_cell(vector) for vector in MARKUP],
    "raw Markdown": lambda: [raw_cell(vector, "text/markdown") for vector in SAMPLE],
    "HTML output": lambda: [code_cell(shown(text__html=vector)) for vector in MARKUP],
    "Markdown output": lambda: [
        code_cell(shown(text__markdown=vector)) for vector in [*SAMPLE, *LINKS[::3], *MARKS[::3]]
    ],
    "links": lambda: [text_cell(vector) for vector in LINKS],
    "marks": lambda: [text_cell(vector) for vector in MARKS],
    "SVG output": lambda: [code_cell(shown(image__svg_xml=vector)) for vector in DRAWINGS],
    "SVG in HTML": lambda: [code_cell(shown(text__html=vector)) for vector in DRAWINGS],
    "plain outputs": lambda: [
        code_cell(
            shown(text__plain=vector), shown(text__latex=f"${vector}$"), shown(application__json={vector: [vector]})
        )
        for vector in SAMPLE
    ],
    "embedded in markdown": lambda: [text_cell(vector) for vector in EMBEDDED],
    "embedded in a line": lambda: [in_text(vector) for vector in EMBEDDED[::5]],
    "embedded in raw HTML": lambda: [raw_cell(vector) for vector in EMBEDDED],
    "embedded in outputs": lambda: [
        code_cell(shown(text__html=vector), shown(text__markdown=vector)) for vector in EMBEDDED[::2]
    ],
    "terminal": lambda: [
        code_cell(
            printed(vector), printed(vector, "stderr"), failed(vector[:80], vector, vector, f"\x1b[31m{vector}\x1b[0m")
        )
        for vector in [*SAMPLE, *TERMINAL]
    ],
    "code": lambda: [
        code_cell(source=f"%%{('html', 'javascript', 'svg', 'bash')[number % 4]}\n{vector}", tags=[vector, "x"])
        for number, vector in enumerate(SAMPLE)
    ],
}


def _count(place: str) -> int:
    return len(PLACES[place]()) * (6 if "within" in place or "in a line" in place else 1)


COUNTED = [
    pytest.param(place, marks=pytest.mark.tries("Hostile content", "pieces of hostile markup", _count(place)))
    for place in PLACES
]


@pytest.mark.parametrize("place", COUNTED)
def test_nothing_acts(place: str, visitor: Visitor) -> None:
    """Wherever in a notebook it stands, hostile markup calls nothing, loads nothing and covers nothing."""
    assert visitor.find_faults(render(PLACES[place]())) == []


LISTED = os.environ.get("NBBLOG_PAYLOADS")
LISTS = Path(LISTED).read_text("utf-8", "replace").splitlines() if LISTED else MARKUP[4::17]
"""One a line: a public list, whose file the variable names, or some of ours."""
ROOM = 400


@pytest.mark.tries("Hostile content", "lines of a list of payloads, each in five places", len(LISTS))
def test_a_list_of_payloads_does_nothing(visitor: Visitor) -> None:
    """So many to a page as a browser shows without taking minutes."""
    for start in range(0, len(LISTS), ROOM):
        lines = LISTS[start : start + ROOM]
        makers: tuple[Callable[[str], dict[str, Any]], ...] = (
            text_cell, in_text, raw_cell,
            lambda line: code_cell(shown(text__html=line, text__plain=line)),
            lambda line: code_cell(shown(text__markdown=line), printed(line), source=line),
        )  # fmt: skip
        for make in makers:
            assert visitor.find_faults(render([make(line) for line in lines])) == [], start


@pytest.mark.tries("Hostile content", "style sheets and style attributes", 2 * len(STYLES))
def test_styles_cover_and_load_nothing(visitor: Visitor) -> None:
    """Neither a style attribute nor a style sheet of a notebook reaches beyond its cell, or loads anything."""
    cells = [*map(text_cell, STYLES), *(code_cell(shown(text__html=style)) for style in STYLES)]
    assert visitor.find_faults(render(cells)) == []


@pytest.mark.tries("Hostile content", "ids and names that stand for the page's own", 2 * len(CLOBBERS))
def test_names_stand_for_nothing(visitor: Visitor) -> None:
    """No id or name of a notebook stands for what the theme's scripts, or those of the charts, look up."""
    headings = [text_cell(f"## {name}\n\n### {name} {{#{name}}}") for name in CLOBBERED]
    plotly = code_cell(bundle("application/vnd.plotly.v1+json", {"data": [{"y": [1, 2]}], "layout": {}}))
    vega = code_cell(bundle("application/vnd.vegalite.v5+json", VEGA))
    mermaid = text_cell("```mermaid\ngraph TD; A --> B\n```")
    cells = [mermaid, plotly, vega, *headings, *map(text_cell, CLOBBERS), *map(raw_cell, CLOBBERS)]
    assert visitor.find_faults(render(cells), drawn=3) == []


@pytest.mark.tries("Hostile content", "elements with classes of the page's own", 2 * len(BORROWED))
def test_borrowed_classes_break_nothing(visitor: Visitor) -> None:
    """The theme's scripts find their way around elements that only look like the theme's."""
    assert visitor.find_faults(render([*map(text_cell, BORROWED), *map(raw_cell, BORROWED)])) == []


VEGA: dict[str, Any] = {
    "data": {"values": [{"a": 1}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "quantitative"}},
}


@pytest.mark.tries("Hostile content", "charts of hostile words", 12)
def test_charts_of_hostile_words_only_say_them(visitor: Visitor) -> None:
    """Titles, labels, links and settings of Plotly, Vega and mermaid charts are words, whatever they hold."""
    link = "<a href='javascript:alert(1)' onclick='alert(1)'>x</a>"
    # Vega-Lite makes an expression of a title and forgets the backslash: such a chart stays a table.
    mixed = "".join(breakout for breakout in BREAKOUTS if not set("\\\u2028") & set(breakout))
    words = (mixed, link, "<img src=x: onerror=alert(1)>", "$\\href{javascript:alert(1)}{x}$")
    cells = [cell for text in words for cell in draw_charts(text)]
    # Chromium reports handlers in documents that are only parsed too, as mermaid's sanitiser does; they cannot run.
    faults = visitor.find_faults(render(cells), drawn=len(cells))
    assert [fault for fault in faults if fault != "policy: script-src-attr inline "] == []


def draw_charts(words: str) -> list[dict[str, Any]]:
    """A chart of each library with the words in all places that take some."""
    title = {"text": words}
    axes = {"title": title, "xaxis": {"title": title}, "annotations": [{"text": words, "hovertext": words}]}
    trace = {"y": [1, 2], "x": [words, "b"], "name": words, "text": [words], "hovertemplate": words, "meta": words}
    values = {"values": [{"a": 1, "b": words, "href": "javascript:alert(1)"}]}
    marks = {
        "href": {"field": "href"},
        "tooltip": {"field": "b"},
        "y": {"field": "b", "title": words.replace("\\", "")},
    }
    spec = {**VEGA, "title": words, "data": values, "encoding": {**VEGA["encoding"], **marks}}
    label = words.replace('"', "#quot;").replace("`", "")
    return [
        code_cell(bundle("application/vnd.plotly.v1+json", {"data": [trace], "layout": axes})),
        code_cell(bundle("application/vnd.vegalite.v5+json", spec)),
        text_cell(f'```mermaid\n{MERMAID}\nA["{label}"] --> B\n```'),
    ]


MERMAID = """%%{init: {"securityLevel": "loose", "themeCSS": "}*{position:fixed}body{display:none}"}}%%
graph TD
click A "javascript:alert(1)"
click B call alert(1)"""


FIELDS = ("title", "subtitle", "description", "series", "license", "image", "image-alt", "slug", "lang", "date")


@pytest.mark.tries("Hostile content", "fields of front matter", 13)
@pytest.mark.parametrize("turn", [0, 7, 14])
def test_front_matter_is_plain_text(turn: int, visitor: Visitor) -> None:
    """Every field of the front matter stays text in every place of the page, as do cells' ids and tags."""
    words = [*BREAKOUTS[turn:], *BREAKOUTS[:turn]]
    fields = {**dict(zip(FIELDS, words, strict=False)), "author": words, "categories": words, "aliases": words}
    start = text_cell(f"---\n{json.dumps(fields)}\n---\n\n## First\n\nWords.")
    cells = [{**text_cell("x"), "id": word, "metadata": {"tags": [word], "nbblog": {word: word}}} for word in words]
    page = render(cells, start=start, kernelspec={"name": words[0], "language": words[1], "display_name": words[2]})
    assert visitor.find_faults(page) == []
    with visitor.open_tab() as (tab, _):
        tab.set_content(page.html)
        said = tab.evaluate(SAID)
    titles, authors = said[:4], said[4:]
    assert titles == titles[:1] * 4
    assert authors == authors[:1] * 2


SAID = """() => {
  const linked = JSON.parse(document.querySelector("script[type='application/ld+json']").textContent);
  return [
    document.querySelector("h1").textContent,
    document.title.replace(/ · The site$/, ""),
    document.querySelector("meta[property='og:title']").content,
    linked.headline,
    [...document.querySelectorAll(".nb-author")].map((author) => author.textContent),
    linked.author.map(({ name }) => name),
  ];
}"""


@pytest.mark.tries("Hostile content", "drawings (SVG), opened by themselves", len(DRAWINGS))
def test_drawings_do_nothing_when_opened(visitor: Visitor) -> None:
    """An SVG file beside the page, opened by itself in a tab, runs and loads nothing."""
    page = render([code_cell(shown(image__svg_xml=drawing)) for drawing in DRAWINGS])
    address = visitor.write(page)
    names = [name for name in page.files if name.endswith(".svg")]
    assert names
    with visitor.open_tab() as (tab, faults):
        for name in names:
            tab.goto(address + name)
            faults += tab.evaluate("window.__calls")
        assert faults == []

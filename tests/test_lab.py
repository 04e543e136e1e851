"""The panel in a real JupyterLab, driven in Chromium: open, type, click, scroll, reload."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from notebook_server import TOKEN, NotebookServer, start_lab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, Route

EXAMPLES = Path(__file__).resolve().parent.parent / "example_notebooks"
PNG = next((EXAMPLES / "images").glob("*.png"))
BUTTON = '[data-jp-item-name="nbblog"] jp-button'
SHOWN = ".nbblog-Frame > iframe:not(.nbblog-mod-loading)"
SECONDS = 20_000
"""Milliseconds that a busy machine may take for anything."""


def text(source: str, id: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def code(source: str, id: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": id, "metadata": {}, "source": source, "outputs": [], "execution_count": None}


PARAGRAPHS = "\n\n".join(f"Paragraph {number} has its own words." for number in range(4))
POST = [
    text("# A post\n\nBy Ada", "title"),
    text("First words.\n\n## A section\n\nWords below the section.\n\nA last paragraph.", "first"),
    text("[[image:a picture.png|A picture|caption=What it shows]]", "picture"),
    code("print('shown')", "code"),
    *(text(f"## Part {number}\n\n{PARAGRAPHS}", f"part{number}") for number in range(30)),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    """JupyterLab on some posts, with its page's application open to the tests."""
    base = tmp_path_factory.mktemp("lab")
    shutil.copytree(EXAMPLES, base / "posts")
    shutil.copyfile(PNG, base / "posts" / "a picture.png")
    write_notebook(base / "posts" / "second.ipynb", [text("# The second\n\nWords.", "title")])
    running = start_lab(base / "posts", base / "home", NbblogServer={"body_limit": 400_000})
    yield running
    running.close()


class Lab:
    """A page of JupyterLab with one notebook, whose cells each test sets."""

    def __init__(self, page: Page, server: NotebookServer, where: str = "lab/tree") -> None:
        self.page, self.server = page, server
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.set_default_timeout(SECONDS)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        write_notebook(server.folder / "post.ipynb", POST)
        page.goto(f"{server.url}{where}/post.ipynb?reset&token={TOKEN}")
        page.wait_for_selector(BUTTON)
        # Cells that were set before the notebook has its file's would be lost.
        page.evaluate("window.jupyterapp?.restored")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        if where.startswith("lab"):
            self.do("(panel) => panel.context.ready.then(() => panel.revealed)")

    def _note(self, said: ConsoleMessage) -> None:
        """Keep an error, but not that JupyterLab itself misses a file: that says nothing of us, and comes late."""
        asked = said.location.get("url", "")
        is_of_lab = said.text.startswith("Failed to load resource") and asked.startswith(self.server.url)
        if said.type == "error" and not (is_of_lab and "nbblog" not in asked and "post.ipynb" not in asked):
            self.errors.append(f"{said.text} {asked}")

    def preview(self, cells: list[dict[str, Any]] = POST) -> Frame:
        """Give the notebook these cells, press the button, and give the article's frame when it is complete."""
        self.do(
            """(panel, cells) => {
              jupyterapp.shell.activateById(panel.id);
              panel.content.model.sharedModel.setSource({ ...panel.content.model.toJSON(), cells });
              panel.content.activeCellIndex = 0;
            }""",
            cells,
        )
        self.asked.clear()
        self.errors.clear()
        self.page.click(BUTTON)
        frame = self.frame()
        frame.wait_for_selector(f"[data-cell={cells[-1]['id']}]")
        return frame

    def frame(self) -> Frame:
        """The article's frame as it is now."""
        while True:
            element = self.page.wait_for_selector(SHOWN, state="attached")
            if element and (frame := element.content_frame()):
                return frame

    def do(self, script: str, *arguments: Any) -> Any:
        """Call a function in JupyterLab's page with the notebook's panel and the arguments."""
        panel = "[...jupyterapp.shell.widgets('main')].find(({ content }) => content.model?.cells)"
        return self.page.evaluate(f"(given) => ({script})({panel}, ...given)", list(arguments))

    def write(self, index: int, source: str) -> None:
        """Make it the source of a cell, as an editor does."""
        set_source = "(panel, index, source) => panel.content.widgets[index].model.sharedModel.setSource(source)"
        self.do(set_source, index, source)

    def source(self, index: int) -> str:
        """A cell's source."""
        source: str = self.do("(panel, at) => panel.content.widgets[at].model.sharedModel.getSource()", index)
        return source

    def active(self) -> int:
        """The index of the active cell."""
        index: int = self.do("(panel) => panel.content.activeCellIndex")
        return index

    def close(self) -> None:
        """Close the previews."""
        self.do("() => [...jupyterapp.shell.widgets('main')].forEach((one) => one.content.frame && one.dispose())")


def write_notebook(path: Path, cells: list[dict[str, Any]]) -> None:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, server: NotebookServer) -> Iterator[Lab]:
    """One page of JupyterLab, as loading it takes longer than any test."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    yield Lab(context.new_page(), server)
    context.close()


@pytest.fixture
def lab(page_of_lab: Lab) -> Iterator[Lab]:
    """JupyterLab without a preview."""
    yield page_of_lab
    page_of_lab.close()


def until(page: Page | Frame, holds: Callable[[], Any]) -> None:
    """Wait until it holds."""
    for _ in range(SECONDS // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never holds")


def shows(frame: Frame, expression: str, argument: Any = None) -> None:
    """Wait until it is true in the frame. (Playwright's own way is ``eval``, which the article's policy forbids.)"""
    until(frame, lambda: frame.evaluate(expression, argument))


def has_text(frame: Frame, words: str, selector: str = "article") -> None:
    """Wait until the element has the words."""
    shows(frame, f"(words) => document.querySelector({json.dumps(selector)})?.textContent.includes(words)", words)


def test_article_is_beside_the_notebook(lab: Lab) -> None:
    """Complete, with its picture and fonts, and without a request to anybody else or a fault in the console."""
    frame = lab.preview()
    has_text(frame, "A post", "h1")
    shows(frame, "document.querySelector('figure img')?.naturalWidth > 0")
    shows(frame, "document.fonts.check('16px \"Source Serif 4\"')")
    left, right = (lab.page.locator(part).bounding_box() for part in (".jp-NotebookPanel", ".nbblog-Preview"))
    assert left and right and left["x"] + left["width"] <= right["x"]
    own = (lab.server.url, "blob:", "data:")
    assert [url for url in lab.asked if not url.startswith(own)] == []
    assert lab.errors == []


@pytest.mark.parametrize("attempt", ["document.cookie", "parent.document", "localStorage", "top.location = '/'"])
def test_frame_reaches_nothing_of_jupyterlab(lab: Lab, attempt: str) -> None:
    """It has no origin: no cookies, no storage, and no way to the page around it."""
    frame = lab.preview(POST[:3])
    assert lab.page.get_attribute(SHOWN, "sandbox") == "allow-scripts"
    tried = f"() => {{ try {{ {attempt}; return 'done'; }} catch {{ return 'refused'; }} }}"
    assert frame.evaluate(tried) == "refused"
    assert frame.evaluate("origin") == "null"


def test_frame_reaches_nothing_of_the_server(lab: Lab) -> None:
    """Its requests are refused, even those that a page may send anywhere."""
    frame = lab.preview(POST[:3])
    contents = f"{lab.server.url}api/contents"
    assert frame.evaluate("(url) => fetch(url).then(() => 'read', () => 'refused')", contents) == "refused"
    lab.errors.clear()


def test_typing_changes_the_words_and_nothing_else(lab: Lab) -> None:
    """The other elements stay the same ones, the frame is not loaded again, and the place in the text stays."""
    frame = lab.preview()
    frame.evaluate(
        """() => {
          scrollTo({ top: 1500, behavior: 'instant' });
          self.mine = true;
          self.touched = [];
          const cell = (node) => (node.closest ? node : node.parentElement)?.closest('[data-cell]')?.dataset.cell;
          new MutationObserver((seen) => seen.forEach(({ target }) => touched.push(cell(target))))
            .observe(document.querySelector('.nb-body'), { childList: true, subtree: true, characterData: true });
          document.querySelector('[data-cell=first] h2').mine = true;
        }"""
    )
    before = frame.evaluate("scrollY")
    lab.write(1, POST[1]["source"].replace("First words.", "First words, and more."))
    has_text(frame, "First words, and more.")
    assert frame.evaluate("[self.mine, document.querySelector('[data-cell=first] h2').mine]") == [True, True]
    assert frame.evaluate("[...new Set(touched)]") == ["first"]
    assert frame.evaluate("scrollY") == before


def test_keys_reach_the_article(lab: Lab) -> None:
    """Typed by hand, letter by letter, into the cell's editor."""
    frame = lab.preview(POST[:6])
    lab.do("(panel) => { panel.content.activeCellIndex = 1; panel.content.activate(); }")
    lab.page.keyboard.press("Enter")
    lab.page.locator(".jp-MarkdownCell.jp-mod-active .cm-content").wait_for()
    lab.page.keyboard.press("Control+Home")
    lab.page.keyboard.type("Typed: ", delay=20)
    has_text(frame, "Typed: First words.", "[data-cell=first] p")
    assert lab.do("(panel) => panel.content.activeCell.model.sharedModel.getSource()").startswith("Typed: First")


def test_title_and_contents_follow(lab: Lab) -> None:
    """What stands around the article is changed in place, too."""
    frame = lab.preview()
    frame.evaluate("self.mine = true")
    lab.write(0, "# Another title\n\nBy Grace")
    has_text(frame, "Another title", "h1")
    has_text(frame, "Grace", ".nb-byline")
    lab.write(4, "## Renamed")
    has_text(frame, "Renamed", "nav.nb-toc")
    assert frame.evaluate("self.mine")


def test_cells_come_go_and_move(lab: Lab) -> None:
    """The article has the notebook's order."""
    frame = lab.preview(POST[:6])
    order = "[...document.querySelectorAll('[data-cell]')].map((cell) => cell.dataset.cell).join()"
    lab.do("(panel) => panel.content.model.sharedModel.moveCell(1, 4)")
    shows(frame, f"{order} === 'picture,code,part0,first,part1'")
    lab.do("(panel) => panel.content.model.sharedModel.deleteCell(2)")
    shows(frame, f"{order} === 'picture,part0,first,part1'")


def test_first_formula_and_chart_are_drawn(lab: Lab) -> None:
    """A page that needs more than before is made beside the old one, and takes its place without a fault."""
    frame = lab.preview()
    lab.write(25, "## Part 21\n\n$\\frac{a}{b}$\n\n```mermaid\ngraph TD; A-->B\n```")
    until(lab.page, lambda: lab.frame() != frame and lab.frame().query_selector(".katex") is not None)
    frame = lab.frame()
    frame.evaluate("() => document.querySelector('nbblog-mermaid').scrollIntoView()")
    frame.wait_for_selector("nbblog-mermaid svg")
    shows(frame, "document.fonts.check('16px KaTeX_Math')")
    assert lab.page.locator(".nbblog-Frame > iframe").count() == 1
    assert lab.errors == []


def test_new_document_is_at_the_same_place(lab: Lab) -> None:
    """A reader sees the same words before and after."""
    frame = lab.preview()
    lab.page.hover(SHOWN)
    lab.page.mouse.wheel(0, 2500)
    shows(frame, "scrollY > 2000")
    here = "[...document.querySelectorAll('[data-cell]')].find((cell) => cell.getBoundingClientRect().bottom > 0).id"
    here = here.replace(".id", ".dataset.cell")
    before = frame.evaluate(here)
    lab.write(33, "Text with a note[^n].\n\n[^n]: The note.")
    until(lab.page, lambda: lab.frame() != frame)
    until(lab.page, lambda: lab.frame().evaluate(here) == before)


def test_slider_stays_where_a_reader_moved_it(lab: Lab) -> None:
    """Typing elsewhere does not set the article's sections back."""
    cells = json.loads((EXAMPLES / "interact.ipynb").read_text("utf-8"))["cells"]
    frame = lab.preview([*cells, text("Last words.", "last")])
    slider = frame.wait_for_selector("nbblog-interact input[type=range]")
    assert slider
    move = "(input) => { input.value = input.max; input.dispatchEvent(new Event('input', { bubbles: true })); }"
    slider.evaluate(move)
    moved = slider.evaluate("(input) => input.value")
    lab.write(len(cells), "Other words.")
    has_text(frame, "Other words.")
    assert slider.evaluate("(input) => input.isConnected && input.value") == moved


def test_click_leads_to_the_cell_and_the_line(lab: Lab) -> None:
    """In text the cursor is put where the words are; a code cell becomes the active one."""
    frame = lab.preview()
    frame.click("text=Words below the section.")
    until(lab.page, lambda: lab.active() == 1)
    line = "(panel) => panel.content.activeCell.editor?.getCursorPosition().line"
    until(lab.page, lambda: lab.do(line) == 4)
    frame.click("[data-cell=code] pre")
    until(lab.page, lambda: lab.active() == 3)


def test_active_cell_is_marked(lab: Lab) -> None:
    """And brought into view."""
    frame = lab.preview()
    lab.do("(panel) => { panel.content.activate(); panel.content.activeCellIndex = 30; }")
    frame.wait_for_selector("[data-nbblog-active][data-cell=part26]")
    shows(frame, "document.querySelector('[data-nbblog-active]').getBoundingClientRect().top < innerHeight")
    assert frame.locator("[data-nbblog-active]").count() == 1


def test_notebook_follows_the_article(lab: Lab) -> None:
    """Where a reader scrolls it."""
    frame = lab.preview()
    lab.page.hover(SHOWN)
    for _ in range(6):
        lab.page.mouse.wheel(0, 600)
    shows(frame, "scrollY > 2000")
    top = """({ content }) => content.widgets.find(({ node }) => node.isConnected
      && node.getBoundingClientRect().bottom > content.node.getBoundingClientRect().top + 4).model.id"""
    here = "[...document.querySelectorAll('[data-cell]')].find((cell) => cell.getBoundingClientRect().bottom > 4)"
    until(lab.page, lambda: lab.do(top) == frame.evaluate(f"{here}.dataset.cell"))


def test_article_follows_the_notebook(lab: Lab) -> None:
    """Where its author scrolls it."""
    frame = lab.preview()
    lab.page.hover(".jp-Notebook")
    for _ in range(6):
        lab.page.mouse.wheel(0, 600)
    shows(frame, "scrollY > 1000")


def test_error_keeps_the_last_article(lab: Lab) -> None:
    """With a line that says what is wrong; when it is mended, the line goes and the article follows again."""
    frame = lab.preview(POST[:4])
    frame.evaluate("self.mine = true")
    lab.write(1, "Too long. " * 60_000)
    message = lab.page.locator(".nbblog-Message")
    message.wait_for()
    assert "clear large outputs" in message.inner_text()
    assert "First words." in frame.locator("[data-cell=first]").inner_text()
    lab.write(1, "Mended.")
    has_text(frame, "Mended.")
    message.wait_for(state="hidden")
    assert frame.evaluate("self.mine")


def test_server_that_is_gone_and_comes_back(lab: Lab) -> None:
    """The panel says so, and follows again by itself."""
    frame = lab.preview(POST[:4])
    lab.page.route("**/nbblog/api/**", lambda route: route.abort())
    lab.write(1, "Written without a server.")
    lab.page.locator(".nbblog-Message", has_text="does not answer").wait_for()
    lab.page.unroute("**/nbblog/api/**")
    has_text(frame, "Written without a server.")
    lab.page.locator(".nbblog-Message").wait_for(state="hidden")


def test_renderer_that_is_started_anew_gets_everything(lab: Lab) -> None:
    """Nothing of that shows: the frame is not even loaded again."""
    frame = lab.preview(POST[:4])
    children = psutil.Process(lab.server.pid).children(recursive=True)
    next(child for child in children if "nbblog.worker" in child.cmdline()).kill()
    lab.write(1, "Written afterwards.")
    has_text(frame, "Written afterwards.")
    lab.page.locator(".nbblog-Message").wait_for(state="hidden")


def test_widths(lab: Lab) -> None:
    """A phone's page is a phone's, and a wide one is shown smaller."""
    frame = lab.preview(POST[:6])
    for name, width in (("phone", 390), ("tablet", 820), ("desktop", 1280)):
        lab.page.click(f'[data-jp-item-name="{name}"] jp-button')
        shows(frame, f"innerWidth === {width}")
    article, panel = (lab.page.locator(part).bounding_box() for part in (SHOWN, ".nbblog-Frame"))
    assert article and panel and panel["width"] - 2 < article["width"] < panel["width"] + 2
    lab.page.click('[data-jp-item-name="desktop"] jp-button')
    shows(frame, f"innerWidth === {round(panel['width'])}")


def test_colours_are_jupyterlab_s_until_chosen(lab: Lab) -> None:
    """Its theme is light or dark; the button in the panel says otherwise."""
    frame = lab.preview(POST[:6])
    is_scheme = "(scheme) => document.documentElement.dataset.scheme === scheme"
    change = "(panel, theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })"
    shows(frame, is_scheme, "light")
    lab.do(change, "JupyterLab Dark")
    shows(frame, is_scheme, "dark")
    lab.page.click('[data-jp-item-name="scheme"] jp-button')
    shows(frame, is_scheme, "light")
    lab.do(change, "JupyterLab Light")
    lab.page.click('[data-jp-item-name="scheme"] jp-button')
    shows(frame, is_scheme, "dark")


def test_notices_lead_to_their_cells(lab: Lab) -> None:
    """They stand below the article, with what to do."""
    lab.preview([*POST[:4], text("One\n\n[[image:missing.png|Alt]]", "bad")])
    lab.page.click(".nbblog-Notices > summary")
    notice = lab.page.locator(".nbblog-Notices li[data-code=image-refused]")
    assert "missing.png: no such file" in notice.inner_text()
    notice.locator("button", has_text="Cell 5, line 3").click()
    until(lab.page, lambda: lab.active() == 4)
    lab.write(4, "No picture")
    lab.page.locator(".nbblog-Notices").wait_for(state="hidden")


def test_notices_stand_at_their_cells_with_what_mends_them(lab: Lab) -> None:
    """A click writes what was meant, as one step that can be undone; without the panel there are none."""
    wrong = "Words.\n\n[[imgae:a picture.png|A picture]] and [[image:a picture.png]]"
    lab.preview([POST[0], text(wrong, "bad"), {**code("1", "code"), "metadata": {"tags": ["hide-inptu"]}}])
    at = lab.page.locator(".nbblog-CellNotices")
    tags = "(panel) => panel.content.widgets[2].model.getMetadata('tags')"
    lab.page.locator(".jp-MarkdownCell .nbblog-CellNotices li[data-code=bracket-unknown] button").click()
    mended = wrong.replace("imgae", "image")
    until(lab.page, lambda: lab.source(1) == mended)
    # What is below moves up when it goes.
    lab.page.locator(".jp-MarkdownCell .nbblog-CellNotices li[data-code=bracket-unknown]").wait_for(state="detached")
    lab.page.locator(".jp-CodeCell .nbblog-CellNotices button").click()
    until(lab.page, lambda: lab.do(tags) == ["hide-input"])
    until(lab.page, lambda: lab.page.locator(".jp-CodeCell .nbblog-CellNotices").count() == 0)
    at.locator("button", has_text="Say what it shows").click()
    until(lab.page, lambda: lab.source(1).endswith("[[image:a picture.png|]]"))
    lab.page.keyboard.type("The sea")
    until(lab.page, lambda: lab.source(1).endswith("[[image:a picture.png|The sea]]"))
    until(lab.page, lambda: at.count() == 0)
    lab.write(1, "[[imgae:x.png]]")
    at.wait_for()
    lab.close()
    until(lab.page, lambda: at.count() == 0)


def test_markdown_cells_show_pictures(lab: Lab) -> None:
    """As JupyterLab shows its own: files beside the notebook, but nothing inside of code."""
    lab.preview([*POST[:3], text("`[[image:a.png]]`\n\n```\n[[image:a.png]]\n```", "code")])
    picture, code_in_text = (lab.page.locator(f".jp-MarkdownCell >> nth={number}") for number in (2, 3))
    picture.locator("img").wait_for()
    until(lab.page, lambda: picture.locator("img").evaluate("(image) => image.naturalWidth > 0"))
    assert picture.locator("img").get_attribute("alt") == "A picture"
    assert picture.inner_text().strip() == "What it shows"
    assert code_in_text.locator("img").count() == 0
    assert code_in_text.inner_text().count("[[image:a.png]]") == 2


def test_markdown_cells_show_alerts_links_and_the_head(lab: Lab) -> None:
    """As Markdown of JupyterLab's own: a head is no heading, and the words in code stay."""
    lab.preview(
        [
            text("---\ntitle: The sea\ndate: 2026-02-03\n---\n\nFirst words.", "head"),
            text("> [!WARNING] Mind the tide\n> It comes twice.\n\n> [!NOTE]\n> Words.\n\n`> [!NOTE]`", "alert"),
            text("[[audio:a.mp3|Waves]] [[file:data.csv|Figures]] [[post:other|Another post]] \\[[post:x]]", "links"),
        ]
    )
    head, alert, links = (lab.page.locator(f".jp-MarkdownCell .jp-RenderedMarkdown >> nth={at}") for at in range(3))
    head.locator("pre code").wait_for()
    assert head.locator("h1, h2, hr").count() == 0
    assert "title: The sea" in head.locator("pre").inner_text() and "First words." in head.inner_text()
    assert alert.locator("blockquote strong").all_inner_texts() == ["Mind the tide", "Note"]
    assert "It comes twice." in alert.locator("blockquote").first.inner_text()
    assert alert.locator("code").inner_text() == "> [!NOTE]"
    assert links.locator("audio[controls]").count() == 1
    assert "/files/data.csv" in str(links.locator("a", has_text="Figures").get_attribute("href"))
    assert links.locator("em").inner_text() == "Another post" and "[[post:x]]" in links.inner_text()


def test_markdown_cells_show_galleries_and_links_to_posts(lab: Lab) -> None:
    """Pictures of lines in a row stand side by side; a post's link has its title and opens its notebook."""
    gallery = "[[image:a.png|One|caption=First]]\n[[image:a.png|Two|caption=Second|width=90%]]\n\nWords."
    code_text = "```\n[[image:a.png]]\n[[image:a.png]]\n```"
    posts = "[[post:second]] [[post:second#a|It]] [[post:no]]"
    lab.preview([text(gallery, "gallery"), text(code_text, "code"), text(posts, "links")])
    pictures, fence, links = (lab.page.locator(f".jp-MarkdownCell .jp-RenderedMarkdown >> nth={at}") for at in range(3))
    pictures.locator("img").nth(1).wait_for()
    boxes = [picture.bounding_box() for picture in pictures.locator("img").all()]
    assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"] and boxes[1]["x"] > boxes[0]["x"]
    assert pictures.locator("em").all_inner_texts() == ["First · Second"]
    assert "Words." in pictures.inner_text()
    assert fence.locator("img").count() == 0
    until(lab.page, lambda: links.locator("a").all_inner_texts() == ["The second", "It"])
    assert links.locator("em").inner_text() == "no"
    links.locator("a", has_text="It").click()
    lab.page.wait_for_selector(".lm-TabBar-tab.lm-mod-current >> text=second.ipynb")
    find_second = "[...jupyterapp.shell.widgets('main')].find(({ context }) => context?.path === 'second.ipynb')"
    lab.page.evaluate(f"{find_second}.dispose()")


def test_forged_messages_are_ignored(lab: Lab) -> None:
    """Neither another window's, nor the frame's own of another form, do anything."""
    frame = lab.preview()
    before = lab.active(), lab.page.url
    lab.page.evaluate("() => postMessage({ nbblog: 'click', id: 'part3', text: '' }, '*')")
    for forged in (
        "{ nbblog: 'open', url: 'https://evil.test' }",
        "{ nbblog: 'click', id: 7 }",
        "{ nbblog: 'click', id: '__proto__' }",
        "{ nbblog: 'scroll', id: 'part3', part: '1' }",
        "{ nbblog: 'shown', number: 'x' }",
        "null",
        "'text'",
    ):
        frame.evaluate(f"() => parent.postMessage({forged}, '*')")
    lab.page.wait_for_timeout(300)
    assert (lab.active(), lab.page.url) == before
    assert len(lab.page.context.pages) == 1
    assert lab.errors == []


def test_links_of_the_article_lead_nowhere_else(lab: Lab) -> None:
    """Within the article they do; the frame stays the article's."""
    frame = lab.preview([*POST, text("[Out](https://evil.test) and [back](#a-section)", "links")])
    frame.click("text=Out")
    frame.click("a:text-is('back')")
    shows(frame, "Math.abs(document.getElementById('a-section').getBoundingClientRect().top) < 200")
    assert frame.evaluate("document.querySelector('h1').textContent") == "A post"
    assert not [url for url in lab.asked if "evil" in url]


def test_notebook_that_is_closed_takes_its_preview_along(browser: Browser, server: NotebookServer) -> None:
    """Nothing is left of it. And before: after a reload it was there again, beside its notebook."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    lab = Lab(context.new_page(), server, "lab/workspaces/own/tree")
    lab.preview(POST[:4])
    lab.do("(panel) => panel.context.save()")
    lab.page.wait_for_timeout(1500)  # JupyterLab keeps its layout a second after a change
    lab.page.goto(f"{server.url}lab/workspaces/own")
    has_text(lab.frame(), "First words.")
    assert lab.page.locator(".nbblog-Preview").count() == 1
    lab.do("(panel) => panel.dispose()")
    lab.page.wait_for_selector(".nbblog-Preview", state="detached")
    assert lab.page.locator("iframe").count() == 0
    context.close()


def test_notebook_that_may_not_be_written(browser: Browser, server: NotebookServer) -> None:
    """It has its article, and no form takes anything in."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()

    def protect(route: Route) -> None:
        answer = route.fetch()
        # The tests' user may write everything, so that no file is protected from the server.
        route.fulfill(response=answer, json={**answer.json(), "writable": False})

    page.route(re.compile(r"/api/contents/post\.ipynb(\?|$)"), protect)
    lab = Lab(page, server)
    lab.page.click(BUTTON)
    has_text(lab.frame(), "Part 29")
    lab.do("() => void jupyterapp.commands.execute('nbblog:edit-head')")
    lab.page.wait_for_selector(".nbblog-Form fieldset:disabled")
    context.close()


def test_notebook_that_is_not_trusted(lab: Lab) -> None:
    """Nothing in it runs, neither beside it nor in it; its words are there."""
    act = "top.attacked = attacked = 1"
    attack = f"<img src=x onerror='{act}'><script>{act}</script>Words of HTML"
    output = {"output_type": "display_data", "data": {"text/html": attack, "text/plain": "-"}, "metadata": {}}
    frame = lab.preview([POST[0], text(f"Hello {attack}", "attack"), {**code("1", "shown"), "outputs": [output]}])
    has_text(frame, "Words of HTML", "[data-cell=shown]")
    lab.page.wait_for_timeout(500)
    assert not lab.page.evaluate("window.attacked") and not frame.evaluate("window.attacked")


def test_notebook_7_has_it_too(browser: Browser, server: NotebookServer) -> None:
    """There the article is in the right area."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    lab = Lab(context.new_page(), server, "notebooks")
    lab.page.click(BUTTON)
    has_text(lab.frame(), "Part 29")
    lab.page.wait_for_function("document.querySelector('.nbblog-Frame').clientWidth > 100")
    assert [error for error in lab.errors if "nbblog" in error] == []
    context.close()

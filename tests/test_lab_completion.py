"""Completion of the blog's markup in a real JupyterLab, driven in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from blog_folder import write_post
from notebook_server import TOKEN, NotebookServer, start_lab
from test_lab import SECONDS, code, text, until, write_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

POPUP = ".cm-tooltip-autocomplete li"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    """JupyterLab in the folder of a blog with a post, and pictures beside the notebook that is open."""
    base = tmp_path_factory.mktemp("lab")
    (base / "blog").mkdir()
    (base / "blog" / "nbblog.toml").write_text('site_title = "A blog"\n')
    write_post(base / "blog", "one.ipynb", "Words.", title="One of them", slug="one-of-them")
    write_notebook(base / "blog" / "posts" / "post.ipynb", [text("Words.", "words"), code("1", "code")])
    (base / "blog" / "posts" / "img").mkdir()
    for name in ("img/wave.png", "sea.jpg", "table.csv"):
        (base / "blog" / "posts" / name).write_bytes(b"x")
    running = start_lab(base / "blog", base / "home")
    yield running
    running.close()


@pytest.fixture(scope="module")
def page(browser: Browser, server: NotebookServer) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    page.goto(f"{server.url}lab/tree/posts/post.ipynb?reset&token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    # The notebook is opened again with the rest of what was open, and until then takes the keyboard for itself.
    page.evaluate("jupyterapp.restored")
    page.evaluate("jupyterapp.shell.currentWidget.revealed")
    page.wait_for_selector(".jp-Notebook .jp-mod-rendered")
    yield page
    context.close()


def type_into(page: Page, cell: int, before: str, typed: str) -> None:
    """Put the cursor behind ``before``, and type."""
    page.keyboard.press("Escape")
    page.evaluate(
        """async ([at, before]) => {
          const { content } = jupyterapp.shell.currentWidget;
          content.activeCellIndex = at;
          const cell = content.widgets[at];
          await cell.ready;
          cell.model.sharedModel.setSource(before);
          content.mode = 'edit';
          if (cell.model.type === 'markdown') cell.rendered = false;
          const { editor } = cell;
          editor.focus();
          editor.setCursorPosition(editor.getPositionAt(before.length));
        }""",
        [cell, before],
    )
    page.keyboard.type(typed, delay=15)


def source(page: Page, cell: int) -> str:
    return str(page.evaluate(f"jupyterapp.shell.currentWidget.content.model.cells.get({cell}).sharedModel.getSource()"))


def offered(page: Page) -> list[str]:
    page.wait_for_selector(POPUP)
    return page.locator(f"{POPUP} .cm-completionLabel").all_inner_texts()


def take(page: Page, label: str) -> None:
    page.locator(f"{POPUP} .cm-completionLabel", has_text=label).click()


def test_two_brackets_offer_what_may_stand_in_them(page: Page) -> None:
    """Enter takes the first; what follows is offered at once or as one types."""
    type_into(page, 0, "Words.\n\n", "[[")
    assert offered(page) == ["audio", "embed", "file", "image", "post", "toc", "video"]
    page.keyboard.type("im", delay=15)
    until(page, lambda: page.locator(POPUP).count() == 1)
    # CodeMirror takes no key for a moment after a popup opens, so that nobody takes what they have not read.
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    until(page, lambda: source(page, 0).replace("]]", "") == "Words.\n\n[[image:")


def test_a_picture_is_found_in_its_folder_and_asks_for_words(page: Page) -> None:
    """Only pictures and folders are offered, and the cursor stands where its description goes."""
    type_into(page, 0, "", "[[image:")
    assert offered(page) == ["img/", "sea.jpg"]
    take(page, "img/")
    until(page, lambda: source(page, 0).startswith("[[image:img/"))
    page.keyboard.type("w", delay=15)
    assert offered(page) == ["wave.png"]
    take(page, "wave.png")
    until(page, lambda: source(page, 0) == "[[image:img/wave.png|]]")
    page.keyboard.type("A wave")
    assert source(page, 0) == "[[image:img/wave.png|A wave]]"


def test_a_post_is_found_by_its_slug(page: Page) -> None:
    """Its title stands beside it, and the open notebook itself is no link."""
    type_into(page, 0, "See ", "[[post:")
    assert offered(page) == ["one-of-them"]
    assert page.locator(f"{POPUP} .cm-completionDetail").inner_text() == "One of them"
    take(page, "one-of-them")
    until(page, lambda: source(page, 0) == "See [[post:one-of-them]]")
    page.keyboard.type(" for more")
    assert source(page, 0) == "See [[post:one-of-them]] for more"


def test_the_kinds_of_alerts_are_offered_in_a_quotation(page: Page) -> None:
    """GitHub's, and the cursor stands where the alert's words go."""
    type_into(page, 0, "Words.\n\n", "> [!")
    assert offered(page) == ["CAUTION", "IMPORTANT", "NOTE", "TIP", "WARNING"]
    take(page, "TIP")
    until(page, lambda: source(page, 0) == "Words.\n\n> [!TIP]\n> ")
    page.keyboard.type("Do this")
    assert source(page, 0) == "Words.\n\n> [!TIP]\n> Do this"


@pytest.mark.parametrize("before", ["```\n", "`", "    ", "[[image:https://x.example/"])
def test_code_and_addresses_are_left_alone(page: Page, before: str) -> None:
    """There brackets are only text."""
    type_into(page, 0, before, "[[im" if "image" not in before else "a")
    page.wait_for_timeout(400)
    assert page.locator(POPUP).count() == 0


def test_option_lines_of_a_code_cell(page: Page) -> None:
    """Keys, then values, at the top of the cell only."""
    type_into(page, 1, "", "#| ec")
    assert offered(page) == ["echo"]
    take(page, "echo")
    until(page, lambda: source(page, 1) == "#| echo: ")
    page.keyboard.type("f", delay=15)
    assert offered(page) == ["false"]
    take(page, "false")
    until(page, lambda: source(page, 1) == "#| echo: false")
    type_into(page, 1, "x = 1\n", "#| ec")
    page.wait_for_timeout(400)
    assert page.locator(POPUP).count() == 0


def test_jupyterlabs_own_completion_still_works(page: Page) -> None:
    """Names of Python are JupyterLab's; Tab asks for them."""
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
    type_into(page, 1, "", "import colle")
    page.wait_for_function(
        "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'", timeout=SECONDS * 3
    )
    page.keyboard.press("Tab")
    page.wait_for_function("jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.getSource() "
                           "=== 'import collections' || !!document.querySelector('.jp-Completer:not(.lm-mod-hidden)')")


def test_a_file_outside_notebooks_is_left_alone(page: Page, server: NotebookServer) -> None:
    """Brackets in any other editor are nobody's markup."""
    (server.folder / "notes.md").write_text("")
    page.evaluate("jupyterapp.commands.execute('docmanager:open', {path: 'notes.md', factory: 'Editor'})")
    page.locator(".jp-FileEditor .cm-content").click()
    page.keyboard.type("[[im", delay=15)
    page.wait_for_timeout(400)
    assert page.locator(POPUP).count() == 0

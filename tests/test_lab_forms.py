"""The forms in a real JupyterLab, driven in Chromium: the head of the post, and what becomes of a cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from blog_folder import write_post
from notebook_server import TOKEN, NotebookServer, start_lab
from test_lab import SECONDS, code, text, until, write_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

HEAD = """---
# What it is about
title: A post   # for now
author: Ada
tags:
- sea # all of it
- sky
date: 2026-01-02
custom: {kept: [1, 2]}
---"""


def raw(source: str, id: str = "head") -> dict[str, Any]:
    return {"cell_type": "raw", "id": id, "metadata": {}, "source": source}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    """JupyterLab in the folder of a blog with two posts."""
    base = tmp_path_factory.mktemp("lab")
    (base / "blog").mkdir()
    (base / "blog" / "nbblog.toml").write_text('site_title = "A blog"\n')
    write_post(base / "blog", "one.ipynb", "Words.", title="One", categories=["sea", "tides"], author="Grace")
    write_post(base / "blog", "two.ipynb", "Words.", title="Two", categories=["sea"], series="Tides")
    running = start_lab(base / "blog", base / "home")
    yield running
    running.close()


@pytest.fixture(scope="module")
def shared_page(browser: Browser, server: NotebookServer) -> Iterator[Page]:
    """One page of JupyterLab, as loading it takes longer than any test."""
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    write_notebook(server.folder / "posts" / "post.ipynb", [raw(HEAD)])
    page.goto(f"{server.url}lab/tree/posts/post.ipynb?reset&token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-RawCell")
    page.evaluate("jupyterapp.commands.execute('nbblog:edit-head')")
    page.wait_for_selector("#nbblog-head-title")
    yield page
    context.close()


class Post:
    """The open notebook, with cells of a test's own."""

    def __init__(self, page: Page, cells: list[dict[str, Any]], active: int = 0) -> None:
        self.page = page
        page.evaluate(
            """([cells, active]) => {
              const panel = jupyterapp.shell.currentWidget;
              panel.content.model.sharedModel.setSource({ ...panel.content.model.toJSON(), cells });
              panel.content.activeCellIndex = active;
            }""",
            [cells, active],
        )

    def source(self, cell: int = 0) -> str:
        return str(self._of(cell, "sharedModel.getSource()"))

    def _of(self, cell: int, what: str) -> Any:
        return self.page.evaluate(f"jupyterapp.shell.currentWidget.content.model.cells.get({cell}).{what}")

    def tags(self, cell: int) -> Any:
        return self._of(cell, "getMetadata('tags')")

    def field(self, name: str) -> Locator:
        return self.page.locator(f"#nbblog-head-{name}")

    def fill(self, name: str, value: str) -> None:
        self.field(name).fill(value)
        self.field(name).press("Tab")

    def option(self, name: str, kind: str = "code") -> Locator:
        return self.page.locator(f"#nbblog-cell-{kind}-{name}")

    def until_source(self, wanted: str, cell: int = 0) -> None:
        until(self.page, lambda: self.source(cell) == wanted)


def until_value(page: Page, field: Locator, wanted: str) -> None:
    until(page, lambda: field.input_value() == wanted)


def test_the_form_shows_the_head_and_writes_one_field(shared_page: Page) -> None:
    """Comments, quotes, order, unknown keys and the author's word for a field stay; it can be undone."""
    post = Post(shared_page, [raw(HEAD), text("Words.", "words")])
    until_value(shared_page, post.field("title"), "A post")
    assert post.field("author").input_value() == "Ada"
    assert post.field("categories").input_value() == "sea, sky"
    assert post.field("date").input_value() == "2026-01-02"
    assert post.field("date").get_attribute("type") == "date"
    post.fill("title", "Tides: a post")
    post.until_source(HEAD.replace("A post   #", 'Tides: a post   #').replace("Tides: a post   #", '"Tides: a post" #'))
    post.fill("categories", "sky, sea, wind")
    post.until_source(post.source().replace("- sea # all of it\n- sky\n", "- sky\n- sea # all of it\n- wind\n"))
    until(shared_page, lambda: "- wind" in post.source())
    assert "- sky\n- sea # all of it\n- wind\n" in post.source()
    assert "custom: {kept: [1, 2]}" in post.source()
    assert "# What it is about" in post.source()
    post.fill("date", "2026-03-04")
    until(shared_page, lambda: "date: 2026-03-04\n" in post.source())
    post.field("draft").check()
    until(shared_page, lambda: "draft: true\n" in post.source())
    post.field("draft").uncheck()
    until(shared_page, lambda: "draft" not in post.source())
    assert post.source().startswith("---\n") and post.source().endswith("\n---")


def test_an_emptied_field_goes_and_words_that_mislead_are_quoted(shared_page: Page) -> None:
    """YAML would take some titles for something else."""
    post = Post(shared_page, [raw("---\ntitle: One\nslug: one\n---"), text("Words.", "words")])
    until_value(shared_page, post.field("slug"), "one")
    post.fill("slug", "")
    post.until_source("---\ntitle: One\n---")
    for title, written in (("No", '"No"'), ("12:30", '"12:30"'), ("2026", '"2026"'), ("a # b", '"a # b"')):
        post.fill("title", title)
        post.until_source(f"---\ntitle: {written}\n---")
        until_value(shared_page, post.field("title"), title)


def test_a_notebook_without_a_head_gets_a_cell_for_it(shared_page: Page) -> None:
    """At the top, once; the blog's own words are offered as buttons."""
    post = Post(shared_page, [text("# A post\n\nWords.", "words")])
    until_value(shared_page, post.field("title"), "")
    shared_page.locator(".nbblog-FormMessage >> text=makes a first cell").wait_for()
    post.field("categories").focus()
    offered = shared_page.locator(".nbblog-FormRow:has(#nbblog-head-categories) .nbblog-FormWords button")
    offered.first.wait_for()
    assert offered.all_inner_texts() == ["sea", "tides"]
    offered.first.click()
    until(shared_page, lambda: post.source() == "---\ncategories: [sea]\n---")
    assert post.source(1) == "# A post\n\nWords."
    offered.last.click()
    post.until_source("---\ncategories: [sea, tides]\n---")
    offered.first.click()
    post.until_source("---\ncategories: [tides]\n---")
    assert shared_page.locator(".nbblog-FormRow:has(#nbblog-head-series) button").all_inner_texts() == ["Tides"]


def test_what_the_post_has_without_a_head_is_shown_pale(shared_page: Page) -> None:
    """As the saved notebook has it: from its first heading, its byline, its file's name."""
    post = Post(shared_page, [text("Words.", "words")])
    post.field("title").focus()
    until(shared_page, lambda: post.field("slug").get_attribute("placeholder") == "post")
    assert post.field("title").get_attribute("placeholder") == "A post"
    assert post.field("author").get_attribute("placeholder") == "Ada"


@pytest.mark.parametrize("broken", ["---\ntitle: [a\n---", "---\n- a\n---", "---\na: 1\na: 2\n---"])
def test_a_head_that_cannot_be_read_is_left_alone(shared_page: Page, broken: str) -> None:
    """The form says why, and takes nothing in."""
    post = Post(shared_page, [raw(broken), text("Words.", "words")])
    shared_page.locator(".nbblog-FormMessage.nbblog-mod-error").first.wait_for()
    assert post.field("title").is_disabled()
    assert post.source() == broken


def test_a_value_that_is_no_plain_text_is_not_offered(shared_page: Page) -> None:
    """It is for the cell; other fields work."""
    head = "---\ntitle: One\nauthor:\n  - name: Ada\n    url: https://ada.example\n---"
    post = Post(shared_page, [raw(head), text("Words.", "words")])
    until_value(shared_page, post.field("title"), "One")
    assert post.field("author").is_disabled()
    post.fill("title", "Two")
    post.until_source(head.replace("One", "Two"))


def test_options_of_a_code_cell_are_lines_at_its_top(shared_page: Page) -> None:
    """Other lines stay; a tag that says the same is replaced."""
    cell = {**code("#| label: fig-one\nplot()", "code"), "metadata": {"tags": ["hide-input", "mine"]}}
    post = Post(shared_page, [text("Words.", "words"), cell], active=1)
    echo = post.option("echo")
    until(shared_page, lambda: echo.evaluate("one => one.selectedOptions[0].textContent") == "Folded")
    echo.select_option(label="Left out")
    post.until_source("#| label: fig-one\n#| echo: false\nplot()", 1)
    assert post.tags(1) == ["mine"]
    post.option("fig-cap").fill("Waves: high and low")
    post.option("fig-cap").press("Tab")
    post.until_source('#| label: fig-one\n#| echo: false\n#| fig-cap: "Waves: high and low"\nplot()', 1)
    post.option("output").select_option(label="Folded")
    until(shared_page, lambda: "#| output: fold\nplot()" in post.source(1))
    post.option("output").select_option(label="Shown")
    until(shared_page, lambda: "output" not in post.source(1))
    echo.select_option(label="As the post has it")
    post.option("fig-cap").fill("")
    post.option("fig-cap").press("Tab")
    post.until_source("#| label: fig-one\nplot()", 1)


def test_a_markdown_cell_is_hidden_by_a_tag(shared_page: Page) -> None:
    """Its text has no place for options."""
    post = Post(shared_page, [text("Words.", "words")])
    control = post.option("cell", "markdown")
    control.select_option(label="Left out")
    until(shared_page, lambda: post.tags(0) == ["remove-cell"])
    control.select_option(label="Shown")
    until(shared_page, lambda: post.tags(0) is None)
    assert not post.option("echo").is_visible()


def test_every_control_has_a_name_and_can_be_reached_by_key(shared_page: Page) -> None:
    """In the order in which they stand."""
    post = Post(shared_page, [raw(HEAD), text("Words.", "words")])
    until_value(shared_page, post.field("title"), "A post")
    unnamed = shared_page.evaluate(
        """[...document.querySelectorAll('.nbblog-Form :is(input, textarea, select)')]
            .filter(one => !one.labels.length).map(one => one.name)"""
    )
    assert unnamed == []
    post.field("title").focus()
    shared_page.keyboard.press("Tab")
    assert shared_page.evaluate("document.activeElement.name") == "description"
    # Shortcuts of the notebook must not take the letters that are typed.
    post.field("description").press_sequentially("about dd and bb")
    assert post.field("description").input_value() == "about dd and bb"
    assert shared_page.evaluate("jupyterapp.shell.currentWidget.content.model.cells.length") == 2

"""The blog in a real JupyterLab, driven in Chromium: new posts, what is to be mended, publishing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from notebook_server import TOKEN, NotebookServer, start_lab
from test_lab import SECONDS, text, until, write_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SETTINGS = 'site_title = "A blog"\nauthor = ["Ada"]\nsite_url = "https://ada.example/blog/"\n'


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    """JupyterLab in the folder of a blog with one post."""
    base = tmp_path_factory.mktemp("lab")
    posts = base / "blog" / "posts"
    posts.mkdir(parents=True)
    (base / "blog" / "nbblog.toml").write_text(SETTINGS)
    write_notebook(posts / "2026-01-02-first.ipynb", [text("# First\n\nBy Ada", "title"), text("Words.", "words")])
    git(base, "init", "--quiet", "--bare", "remote.git")
    git(base, "init", "--quiet", "blog")
    git(base / "blog", "remote", "add", "origin", str(base / "remote.git"))
    running = start_lab(base / "blog", base / "home")
    yield running
    running.close()


@pytest.fixture(scope="module")
def shared_page(browser: Browser, server: NotebookServer) -> Iterator[Page]:
    """One page of JupyterLab, as loading it takes longer than any test."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    page.goto(f"{server.url}lab?reset&token={TOKEN}")
    page.wait_for_selector(".jp-Launcher")
    yield page
    context.close()


@pytest.fixture
def page(shared_page: Page) -> Iterator[Page]:
    """JupyterLab with nothing open but the launcher."""
    yield shared_page
    close_notebooks(shared_page)


def close_notebooks(page: Page) -> None:
    page.evaluate("[...jupyterapp.shell.widgets('main')].forEach((one) => one.content?.model?.cells && one.dispose())")


def test_posts_in_the_sidebar(page: Page, server: NotebookServer) -> None:
    """With what is to be mended in each; it is found by its words, and a click leads there. A save renews the list."""
    drafted = server.folder / "posts" / "draft.ipynb"
    write_notebook(drafted, [text("---\ntitle: Half done\ndraft: true\n---\n\n[[image:none.png|A]]", "head")])
    page.evaluate("jupyterapp.commands.execute('nbblog:posts')")
    listed = page.locator(".nbblog-Overview li")
    page.locator(".nbblog-Overview li", has_text="Half done").locator("[data-kind=error]").wait_for()
    assert listed.first.inner_text().startswith("Half done")
    assert "2026-01-02" in listed.last.inner_text()
    assert page.locator(".nbblog-Overview [role=status]").inner_text() == "1 post · 1 draft"
    page.fill(".nbblog-Overview input", "FIRST")
    assert listed.count() == 1
    page.fill(".nbblog-Overview input", "")
    page.locator(".nbblog-Overview li [data-kind=error]").click()
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden)")
    page.evaluate("""async () => {
      const { content, context } = jupyterapp.shell.currentWidget;
      await context.ready;
      content.widgets[0].model.sharedModel.setSource('---\\ntitle: All done\\n---\\n\\nWords.');
      await context.save();
    }""")
    page.locator(".nbblog-Overview li", has_text="All done").wait_for()
    until(page, lambda: page.locator(".nbblog-Overview [data-kind]").count() == 0)
    page.evaluate("jupyterapp.shell.activateById('filebrowser')")
    close_notebooks(page)
    drafted.unlink()


def test_new_post_from_the_launcher(page: Page, server: NotebookServer) -> None:
    """Its title is asked for; the notebook is among the blog's posts, and opens."""
    page.evaluate("() => void jupyterapp.commands.execute('launcher:create')")
    page.click(".jp-LauncherCard:visible >> text=New Post")
    page.fill(".jp-Dialog input", "How high is the tide?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden)")
    (made,) = (server.folder / "posts").glob("*-how-high-is-the-tide.ipynb")
    assert 'title: "How high is the tide?"' in json.loads(made.read_text("utf-8"))["cells"][0]["source"]
    until(page, lambda: page.evaluate("jupyterapp.shell.currentWidget.context?.path") == f"posts/{made.name}")


def test_title_that_is_taken(page: Page, server: NotebookServer) -> None:
    """What is wrong is said, and nothing is written."""
    before = sorted(server.folder.rglob("*.ipynb"))
    page.evaluate("() => void jupyterapp.commands.execute('nbblog:new-post', { cwd: '', title: 'First' })")
    page.wait_for_selector(".jp-Dialog >> text=there is a post with this name")
    page.keyboard.press("Enter")
    page.wait_for_selector(".jp-Dialog", state="detached")
    assert sorted(server.folder.rglob("*.ipynb")) == before


def run(page: Page, command: str, **arguments: str) -> None:
    page.evaluate("([command, given]) => void jupyterapp.commands.execute(command, given)", [command, arguments])


def test_what_is_to_be_mended_leads_to_its_cell(page: Page, server: NotebookServer) -> None:
    """In a panel below; it can be asked for again."""
    bad = server.folder / "posts" / "2026-01-03-bad.ipynb"
    write_notebook(bad, [text("# Bad\n\nBy Ada", "title"), text("One\n\n[[image:missing.png|Alt]]", "bad")])
    run(page, "nbblog:check", cwd="posts")
    finding = page.locator(".nbblog-Findings li[data-code=image-refused]")
    finding.wait_for()
    assert "missing.png" in finding.inner_text()
    finding.locator("button", has_text="Cell 2, line 3").click()
    here = "jupyterapp.shell.currentWidget"
    until(page, lambda: page.evaluate(f"{here}.context?.path") == "posts/2026-01-03-bad.ipynb")
    until(page, lambda: page.evaluate(f"{here}.content.activeCellIndex") == 1)
    until(page, lambda: page.evaluate(f"{here}.content.activeCell.editor?.getCursorPosition().line") == 2)
    close_notebooks(page)
    bad.unlink()
    page.locator(".lm-Widget:has(> .nbblog-Findings) [data-jp-item-name=refresh] jp-button").click()
    finding.wait_for(state="detached")
    assert not (server.folder / "_site").exists()


def test_publishing_is_confirmed_and_gives_the_link(page: Page, server: NotebookServer) -> None:
    """Before that, it says what would change, and nothing is sent."""
    remote = server.folder.parent / "remote.git"
    run(page, "nbblog:publish", cwd="")
    summary = page.locator(".nbblog-Plan")
    summary.wait_for()
    assert "+ posts/first/index.html" in summary.inner_text().replace("blog/first", "posts/first")
    assert "gh-pages" in summary.inner_text()
    assert git(remote, "branch", "--list") == ""
    page.click(".jp-Dialog button >> text=Publish")
    link = page.locator(".Toastify__toast button, .Toastify__toast jp-button", has_text="https://ada.example/blog/")
    link.wait_for()
    assert "gh-pages" in git(remote, "branch", "--list")


def test_cancelled_publishing_sends_nothing(page: Page, server: NotebookServer) -> None:
    """The branch stays as it is."""
    remote = server.folder.parent / "remote.git"
    before = git(remote, "for-each-ref")
    write_notebook(server.folder / "posts" / "2026-01-04-next.ipynb", [text("# Next\n\nBy Ada", "title")])
    run(page, "nbblog:publish", cwd="")
    page.locator(".nbblog-Plan").wait_for()
    page.keyboard.press("Escape")
    page.locator(".jp-Dialog").wait_for(state="detached")
    assert git(remote, "for-each-ref") == before


def test_unsaved_notebooks_are_saved_first(page: Page, server: NotebookServer) -> None:
    """If their author wants that: what is published is what is saved."""
    open_it = """async () => {
      const open = { path: 'posts/2026-01-02-first.ipynb', factory: 'Notebook' };
      const panel = await jupyterapp.commands.execute('docmanager:open', open);
      await panel.context.ready;
      panel.content.model.sharedModel.cells[1].setSource('Words, and a change.');
    }"""
    page.evaluate(open_it)
    run(page, "nbblog:publish", cwd="")
    page.wait_for_selector(".jp-Dialog >> text=posts/2026-01-02-first.ipynb")
    page.click(".jp-Dialog button >> text=Save and go on")
    summary = page.locator(".nbblog-Plan")
    summary.wait_for()
    assert "~" in summary.inner_text()
    page.keyboard.press("Escape")
    assert "and a change" in (server.folder / "posts" / "2026-01-02-first.ipynb").read_text("utf-8")


def test_without_a_blog_it_is_said_how_to_make_one(page: Page, server: NotebookServer) -> None:
    """There is nothing to publish."""
    settings = server.folder / "nbblog.toml"
    kept = settings.read_text("utf-8")
    settings.unlink()
    run(page, "nbblog:publish", cwd="")
    page.wait_for_selector(".jp-Dialog >> text=nbblog init")
    page.keyboard.press("Enter")
    settings.write_text(kept)

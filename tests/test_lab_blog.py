"""The blog in a real JupyterLab, driven in Chromium: a new post."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from notebook_server import TOKEN, NotebookServer
from test_lab import SECONDS, text, until, write_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SETTINGS = 'site_title = "A blog"\nauthor = ["Ada"]\n'
HIDE_NEWS = '{"fetchNews": "false", "checkForUpdates": false}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    """JupyterLab in the folder of a blog with one post."""
    base = tmp_path_factory.mktemp("lab")
    posts = base / "blog" / "posts"
    posts.mkdir(parents=True)
    (base / "blog" / "nbblog.toml").write_text(SETTINGS)
    write_notebook(posts / "2026-01-02-first.ipynb", [text("# First\n\nBy Ada", "title"), text("Words.", "words")])
    settings = base / "home" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(HIDE_NEWS)
    running = NotebookServer(base / "blog", base / "home", application="lab", LabApp={"expose_app_in_browser": True})
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
    shared_page.evaluate(
        """async () => {
          [...jupyterapp.shell.widgets('main')].forEach((one) => one.content?.model?.cells && one.dispose());
        }"""
    )


def test_new_post_from_the_launcher(page: Page, server: NotebookServer) -> None:
    """Its title is asked for; the notebook is among the blog's posts, and opens."""
    page.evaluate("() => jupyterapp.commands.execute('launcher:create')")
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

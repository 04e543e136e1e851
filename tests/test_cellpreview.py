"""``nbblog.preview()``: in a kernel of its own, and in the output of a cell in a real JupyterLab."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient
from notebook_server import TOKEN, NotebookServer, start_lab
from test_lab import SECONDS, code, text, until, write_notebook

from nbblog import read_post
from nbblog.exporter import NbBlogExporter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHOW = "import nbblog\nnbblog.preview()"


def run(folder: Path, *sources: str) -> Any:
    """The notebook ``post.ipynb``, with a title and these cells, after a real kernel has run it in its folder."""
    cells = [text("# The sea\n\nWords of it.", "title"), *(code(source, f"c{at}") for at, source in enumerate(sources))]
    write_notebook(folder / "post.ipynb", cells)
    notebook = nbformat.read(folder / "post.ipynb", as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, allow_errors=True).execute()
    return notebook


def widgets_of(notebook: Any) -> list[dict[str, Any]]:
    states = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    return [one["state"] for one in states.values()]


def test_it_shows_the_notebook_that_vs_code_names(tmp_path: Path) -> None:
    """In a frame without an origin, with fonts and all inside."""
    path = json.dumps(str(tmp_path / "post.ipynb"))
    notebook = run(tmp_path, f"__vsc_ipynb_file__ = {path}", SHOW)
    (shown,) = [one["value"] for one in widgets_of(notebook) if "<iframe" in str(one.get("value"))]
    assert shown.startswith('<iframe sandbox="allow-scripts" title="Article of post.ipynb"')
    page = unescape(shown.partition('srcdoc="')[2])
    assert "Words of it." in page and "data:font/woff2" in page
    assert 'src="http' not in page and 'href="post_files' not in page


def test_its_cell_is_not_in_the_article(tmp_path: Path) -> None:
    """Neither its code nor what it shows, as nobody reads an article in itself."""
    notebook = run(tmp_path, "1 + 1", "from nbblog import preview\npreview('post.ipynb')")
    page, _ = NbBlogExporter().from_notebook_node(notebook)
    assert "Words of it." in page and "1 + 1" not in page.replace("<span", "")
    assert "preview" not in page.partition("<article")[2].partition("</article>")[0]
    assert len(read_post(notebook, name="post.ipynb").cells) == 2


@pytest.mark.parametrize(
    ("call", "said"),
    [("'nowhere.ipynb'", "nowhere.ipynb: cannot be read: No such file"), ("'broken.ipynb'", "broken.ipynb")],
)
def test_a_notebook_that_cannot_be_shown(tmp_path: Path, call: str, said: str) -> None:
    """One line says why; there is no frame yet."""
    (tmp_path / "broken.ipynb").write_text("{")
    states = widgets_of(run(tmp_path, f"import nbblog\nnbblog.preview({call})"))
    assert any(said in str(one.get("value")) for one in states)
    assert not any("<iframe" in str(one.get("value")) for one in states)


def test_without_a_name_it_asks_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that nobody told which notebook it is for."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    notebook = run(tmp_path, SHOW)
    (output,) = notebook.cells[-1].outputs
    assert output.ename == "NotebookUnknown" and "nbblog.preview('post.ipynb')" in output.evalue


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    base = tmp_path_factory.mktemp("lab")
    (base / "posts").mkdir()
    write_notebook(base / "posts" / "sea.ipynb", [text("# The sea\n\nWords of it.", "title"), code(SHOW, "show")])
    running = start_lab(base / "posts", base / "home")
    yield running
    running.close()


def test_it_shows_the_running_notebook_and_follows_its_saves(browser: Browser, server: NotebookServer) -> None:
    """The server tells the kernel which one it is; a save is shown without a click."""
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(SECONDS * 2)
    page.goto(f"{server.url}lab/tree/sea.ipynb?reset&token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.evaluate("jupyterapp.restored")
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.ready")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    frame = page.frame_locator(".jp-OutputArea iframe[title='Article of sea.ipynb']")
    assert frame.locator("h1").inner_text() == "The sea"
    page.evaluate("""async () => {
      const { content, context } = jupyterapp.shell.currentWidget;
      content.widgets[0].model.sharedModel.setSource('# The moon');
      await context.save();
    }""")
    until(page, lambda: frame.locator("h1").inner_text() == "The moon")
    reach = "() => { try { return parent.document.title } catch (error) { return error.name } }"
    assert frame.locator("body").evaluate(reach) == "SecurityError"
    context.close()

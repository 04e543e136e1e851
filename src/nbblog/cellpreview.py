"""``nbblog.preview()``: the article of a notebook in the output of one of its cells, in any front end with widgets.

For where JupyterLab's panel cannot be: VS Code, Colab, Notebook 6. It shows what is saved, and follows each save."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import ipywidgets as widgets
from IPython.core.getipython import get_ipython

from .core.config import DEFAULTS, BlogConfig
from .core.errors import FileRefused, NbblogError, NoBlogError
from .files import folder_reader, load_notebook
from .neighbours import folder_posts
from .onepage import OnePage, render_one_page
from .settings import load_settings

SECONDS = 1.0
"""Between two looks at the notebook's file."""
_PIXELS = 640


class NotebookUnknown(NbblogError):
    """Nobody says which notebook the kernel belongs to."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the notebook comes from."""

    name: str
    render: Callable[[], OnePage]
    """Raises ``NbblogError``."""
    stamp: Callable[[], object]
    """Another value than before when there is something new."""


def preview(path: str | os.PathLike[str] | None = None) -> ArticlePreview:
    """The article of the notebook at ``path``, by default of the running one, as it was saved last.

    The cell that shows it is not part of the article. Raises ``NotebookUnknown`` where the front end does not say which
    notebook is running."""
    return ArticlePreview(_find_source(path))


class ArticlePreview(widgets.VBox):  # type: ignore[misc]
    """The article in a frame, a line that says of when it is, and a button."""

    _latest: ClassVar[ArticlePreview | None] = None

    def __init__(self, source: Source) -> None:
        self._source = source
        self._button = widgets.Button(description="Refresh", icon="refresh", tooltip="Show what was saved last")
        self._button.on_click(lambda _: self.refresh())
        self.line = widgets.Label()
        self.page = widgets.HTML()
        super().__init__([widgets.HBox([self._button, self.line]), self.page])
        ArticlePreview._latest = self
        self.refresh()
        # In the loop of the kernel; a shell without one has only the button.
        with suppress(RuntimeError):
            self._task = asyncio.get_running_loop().create_task(self._follow())

    def refresh(self) -> None:
        """Show what is saved; where that cannot be shown, what was shown before, and why."""
        self._seen = self._source.stamp()
        try:
            page = self._source.render()
        except NbblogError as error:
            self.line.value = str(error)
            return
        # No origin of its own, and nothing but scripts: the frame reaches neither the front end nor its server.
        style = f"width:100%;height:{_PIXELS}px;border:1px solid #8888;resize:vertical"
        self.page.value = (
            f'<iframe sandbox="allow-scripts" title="Article of {escape(self._source.name)}" style="{style}" '
            f'srcdoc="{escape(page.html)}"></iframe>'
        )
        count = len(page.notices)
        noticed = f" · {count} notice{'s' * (count != 1)}: {page.notices[0]}" if count else ""
        self.line.value = f"As saved, shown at {time.strftime('%H:%M:%S')}{noticed}"

    async def _follow(self) -> None:
        while self.comm is not None and ArticlePreview._latest is self:
            await asyncio.sleep(SECONDS)
            if self._source.stamp() != self._seen:
                self.refresh()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the cell saves: by the mark, an article leaves the cell out."""
        return super()._repr_mimebundle_(**kwargs), {"nbblog": {"preview": True}}


def _find_source(path: str | os.PathLike[str] | None) -> Source:
    if path is None and "google.colab" in sys.modules:
        return _of_colab()
    found = Path(path) if path is not None else _find_path()
    if found is None:
        raise NotebookUnknown("it is not known which notebook this is: name its file, nbblog.preview('post.ipynb')")
    # Relative to where the kernel was started; a cell may change the folder later.
    notebook = found.resolve()
    return Source(notebook.name, lambda: _render_file(notebook), lambda: _modified(notebook))


def _find_path() -> Path | None:
    """The notebook's file, as VS Code tells the kernel, or Jupyter Server."""
    shell = get_ipython()
    told = shell.user_ns.get("__vsc_ipynb_file__") if shell is not None else None
    written = told or os.environ.get("JPY_SESSION_NAME")
    # Jupyter gives consoles a name that is no file.
    return Path(str(written)) if written and str(written).endswith(".ipynb") else None


def _modified(path: Path) -> object:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _render_file(path: Path) -> OnePage:
    try:
        blog = load_settings(path.parent)
    except NoBlogError:
        config, template = DEFAULTS, None
    else:
        config, template = blog.config, blog.template
    return render_one_page(
        load_notebook(path), name=path.name, config=config, read_file=folder_reader(path.parent), files_dir=None,
        template_dir=template, find_post=folder_posts(path.parent, config),
    )  # fmt: skip


def _of_colab() -> Source:
    """Colab has no file, but gives the notebook to who asks; pictures beside it there are none."""
    # Colab's own, and there only.
    message = import_module("google.colab._message")

    def refuse(target: str) -> bytes:
        raise FileRefused(target, "Colab keeps no files beside a notebook")

    def render() -> OnePage:
        answer = message.blocking_request("get_ipynb", timeout_sec=20)
        if not isinstance(answer, Mapping) or not isinstance(notebook := answer.get("ipynb"), Mapping):
            raise NotebookUnknown("Colab did not give the notebook: try again")
        config: BlogConfig = DEFAULTS
        return render_one_page(notebook, name="notebook.ipynb", config=config, read_file=refuse, files_dir=None)

    return Source("notebook.ipynb", render, lambda: None)

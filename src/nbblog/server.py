"""The extension of Jupyter Server: what the panel in JupyterLab and in Notebook asks for.

Every address needs the server's own login, like its contents do. No code of a notebook is executed here. A preview
writes nothing; what is asked for a blog as a whole is in ``bloghandlers``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.services.contents.fileio import FileManagerMixin
from jupyter_server.utils import ensure_async, to_os_path, url_path_join
from tornado import web
from traitlets import Float, Integer
from traitlets.config.loader import LazyConfigValue

from . import __version__
from .bloghandlers import BlogHandler, Errands
from .core.config import BlogConfig
from .worker import RenderingFailed, Worker

_RESOURCE = "contents"
_CONFIG = frozenset(BlogConfig.__dataclass_fields__)
MOST_WAITING = 16
"""Requests that wait for their turn; one beyond that is refused."""


class NbblogServer(ExtensionApp):
    """Adds the preview to a Jupyter server. The blog's own settings are those of ``NbBlogExporter``."""

    name = "nbblog"
    description = "A live preview of the article that a notebook becomes."
    load_other_extensions = True

    time_limit = Float(10.0, help="Seconds that one rendering of a preview may take.").tag(config=True)
    body_limit = Integer(32 << 20, help="Bytes that a preview's request may have.").tag(config=True)
    errand_limit = Float(1800.0, help="Seconds that building or publishing a blog may take.").tag(config=True)

    def initialize_settings(self) -> None:
        """The processes, none of which is started yet, and the thread that waits for the one that renders."""
        self._worker, self._errands = Worker(self.time_limit), Errands(self.errand_limit)
        self.settings.update(
            nbblog_preview=_Queue(self._worker), nbblog_errands=self._errands, nbblog_body_limit=self.body_limit
        )

    def initialize_handlers(self) -> None:
        """The addresses, below the server's base URL."""
        self.handlers.extend(
            [
                (url_path_join("nbblog", "api", "hello"), HelloHandler),
                (url_path_join("nbblog", "api", "preview"), PreviewHandler),
                (url_path_join("nbblog", "api", "library", r"([\w.-]+)"), LibraryHandler),
                (url_path_join("nbblog", "api", "blog", r"(\w+)"), BlogHandler),
            ]
        )

    async def stop_extension(self) -> None:
        """The processes end with the server."""
        self._worker.close()
        self._errands.close()


class _Queue:
    """The way from the event loop to the process that renders."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="nbblog-preview")
        self._waiting = 0

    async def ask(self, header: Mapping[str, Any], body: bytes) -> tuple[int, bytes]:
        """As ``Worker.ask``, without holding up the loop."""
        if self._waiting >= MOST_WAITING:
            raise web.HTTPError(429, "Too many previews at once")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._worker.ask, header, body)
        finally:
            self._waiting -= 1


class HelloHandler(APIHandler):
    """``GET``: which nbblog this is, so that the panel can tell when the two do not belong together."""

    auth_resource = _RESOURCE

    @web.authenticated
    @authorized
    def get(self) -> None:
        """The version, and how long a request may be."""
        self.finish(json.dumps({"version": __version__, "body_limit": self.settings["nbblog_body_limit"]}))


@web.stream_request_body
class PreviewHandler(APIHandler):
    """``POST ?path=…&session=…``: a notebook's cells; the answer is what changed in its article."""

    auth_resource = _RESOURCE

    async def prepare(self) -> None:
        """Refuse what is too long before it has arrived."""
        self._body, self._is_too_long = bytearray(), False
        await ensure_async(super().prepare())
        if int(self.request.headers.get("Content-Length", 0)) > self.settings["nbblog_body_limit"]:
            self._refuse_length()

    def data_received(self, chunk: bytes) -> None:
        """One more piece of the request."""
        self._is_too_long |= len(self._body) + len(chunk) > self.settings["nbblog_body_limit"]
        if not self._is_too_long:
            self._body += chunk

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Render what the editor has."""
        if self._is_too_long:
            self._refuse_length()
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise web.HTTPError(415, "The request must be application/json")
        header = await self._find_notebook(self.get_query_argument("path").strip("/"))
        header["session"] = self.get_query_argument("session")
        try:
            status, text = await self.settings["nbblog_preview"].ask(header, bytes(self._body))
        except RenderingFailed as error:
            status, text = 422, json.dumps({"message": str(error)}).encode()
        self.set_status(status)
        self.finish(text)

    async def _find_notebook(self, path: str) -> dict[str, Any]:
        """What the rendering process must know of the notebook at ``path``. Raises 404 where the server's own
        contents have none there."""
        contents = self.contents_manager
        await ensure_async(contents.get(path, content=False, type="notebook"))
        settings = {name: _plain(value) for name, value in self.config.NbBlogExporter.items()}
        template = str(settings.get("template_name", ""))
        return {
            "name": path.rpartition("/")[2],
            **_find_folders(path, contents, settings.get("root_dir")),
            "hidden": bool(contents.allow_hidden),
            "config": {name: value for name, value in settings.items() if name in _CONFIG},
            "trust": bool(settings.get("trust")),
            "template": template if Path(template).is_absolute() else "",
        }

    def _refuse_length(self) -> None:
        raise web.HTTPError(413, f"More than {self.settings['nbblog_body_limit'] >> 20} MiB: clear large outputs")


class LibraryHandler(APIHandler):
    """``GET``: a file of a library that comes with nbblog. Its name changes with its content."""

    auth_resource = _RESOURCE

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """The file's bytes."""
        from .libraries import shipped_file
        from .onepage import media_type

        content = await asyncio.get_running_loop().run_in_executor(None, shipped_file, name)
        if content is None:
            raise web.HTTPError(404, "There is no such file")
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.finish(content, set_content_type=media_type(name))


def _plain(value: Any) -> Any:
    """A setting that a configuration file appends to, as the list that it is then."""
    return value.get_value([]) if isinstance(value, LazyConfigValue) else value


def _find_folders(path: str, contents: Any, wanted: str | None) -> dict[str, str | None]:
    """The notebook's folder, and the one whose files it may use: what the blog says, else the same; but nothing that
    the server does not show. ``None`` where its contents are no files."""
    if not isinstance(contents, FileManagerMixin):
        return {"folder": None, "root": None}
    allowed = Path(contents.root_dir).resolve()
    folder = Path(to_os_path(path, contents.root_dir)).parent.resolve()
    root = Path(wanted).expanduser().resolve() if wanted else folder
    if not root.is_relative_to(allowed):
        root = allowed if allowed.is_relative_to(root) or not folder.is_relative_to(allowed) else folder
    return {"folder": str(folder), "root": str(root)}

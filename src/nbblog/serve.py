"""The blog in the author's own browser: built again when a file is saved, and shown there without a reload.

The site is built into a folder of its own; what an answer holds beside the page's own bytes is the script that renews
it. Only this machine is answered, and only under its own name: a foreign site that lets its name lead here (DNS
rebinding) sends another ``Host``, and a page of such a site that asks for more sends its ``Origin``.
"""

from __future__ import annotations

import errno
import json
import mimetypes
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Condition, Event, Thread
from urllib.parse import quote, unquote, urlsplit

from .build import build_blog
from .core.errors import BuildError, FileRefused, NbblogError
from .core.island import script_hash
from .files import folder_reader
from .settings import Blog, load_settings

EVENTS = "/-/events"
_MOST = 2**30
_SCRIPT = (files("nbblog") / "browser" / "reload.js").read_text("utf-8")
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content="[^"]*?script-src )([^"]*?)(?=; [a-z])')
_TYPES = {
    ".css": "text/css", ".html": "text/html", ".ipynb": "application/x-ipynb+json", ".js": "text/javascript",
    ".json": "application/json", ".md": "text/markdown", ".mjs": "text/javascript", ".svg": "image/svg+xml",
    ".txt": "text/plain", ".wasm": "application/wasm", ".webp": "image/webp", ".avif": "image/avif",
    ".woff2": "font/woff2", ".xml": "application/xml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """What browsers are told: which build they may see, and what is wrong with what was saved since."""

    version: int = 0
    errors: tuple[str, ...] = ()


class BlogServer:
    """Builds ``blog`` into ``folder`` and serves that at ``url`` until it is closed.

    Raises ``BuildError`` if the port is taken; the blog's own errors are shown in its pages."""

    def __init__(
        self, blog: Blog, folder: Path, port: int, *, drafts: bool = True, say: Callable[[State], None] = lambda _: None
    ) -> None:
        self._blog, self._folder, self._drafts, self._say = blog, folder, drafts, say
        self._changed = Condition()
        self._state = State()
        self._closing, self._moved = Event(), Event()
        self._http = _listen(port, self)
        self.url = f"http://127.0.0.1:{self._http.server_port}/"
        self.read = folder_reader(folder, max_bytes=_MOST)
        self.build()
        works = (self._http.serve_forever, self._watch_posts, self._watch_settings)
        self._threads = [Thread(target=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def build(self) -> None:
        """Build the blog as its files are now, and tell the browsers."""
        errors: tuple[str, ...]
        try:
            blog = load_settings(self._blog.root)
            # Absolute addresses too lead here, not to the blog's public site.
            url = self.url.rstrip("/") if blog.config.site_url else blog.config.site_url
            here = replace(blog, config=replace(blog.config, output=str(self._folder), site_url=url))
            errors = tuple(build_blog(here, drafts=self._drafts, today=date.today()).errors.values())
            self._blog = blog
        except NbblogError as error:
            errors = (str(error),)
        with self._changed:
            self._state = State(self._state.version + (not errors), errors)
            self._changed.notify_all()
        self._say(self._state)

    def wait(self, known: State | None, seconds: float) -> State | None:
        """The state as soon as it is another than ``known``; None when the server closes."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing.is_set() or self._state != known, seconds)
            return None if self._closing.is_set() else self._state

    def close(self) -> None:
        """End every answer that is under way, and free the port."""
        with self._changed:
            self._closing.set()
            self._changed.notify_all()
        self._moved.set()
        self._http.shutdown()
        self._http.server_close()
        # One that is still in the library that watches when Python ends would hang there.
        for thread in self._threads:
            thread.join(5)

    def _watch_posts(self) -> None:
        from watchfiles import watch

        while not self._closing.is_set():
            self._moved.clear()
            paths = [path for path in (self._blog.content, self._blog.template) if path and path.is_dir()]
            if not paths:
                self._moved.wait(1)
                continue
            for _ in watch(*paths, stop_event=self._moved, debounce=200, step=20, raise_interrupt=False):
                self.build()

    def _watch_settings(self) -> None:
        from watchfiles import watch

        # The folder, not the file: editors put a new file in the old one's place.
        changes = watch(
            self._blog.root, recursive=False, stop_event=self._closing, debounce=200, step=20, raise_interrupt=False,
            watch_filter=lambda _, path: Path(path).name in ("nbblog.toml", "pyproject.toml"),
        )  # fmt: skip
        for _ in changes:
            before = self._blog
            self.build()
            if (before.content, before.template) != (self._blog.content, self._blog.template):
                self._moved.set()


def add_script(page: str, version: int) -> str:
    """A page of the site with the script that renews it, which its policy then allows, and nothing else."""
    source = escape(script_hash(_SCRIPT))
    page = _POLICY.sub(lambda m: m[1] + (f"{m[2]} {source}" if "none" not in m[2] else source), page, count=1)
    return page.replace("</head>", f'<script data-nb-serve="{version}">{_SCRIPT}</script>\n</head>', 1)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    blog: BlogServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle of an answer is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _listen(port: int, blog: BlogServer) -> _Http:
    try:
        server = _Http(("127.0.0.1", port), _Handler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        advice = f"; try --port {port + 1}" if port < 65535 else ""
        raise BuildError(f"port {port} of 127.0.0.1 cannot be had: {error.strerror}{advice}") from None
    server.blog = blog
    return server


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        names = [f"{name}:{self.server.server_port}" for name in ("127.0.0.1", "localhost")]
        origin = self.headers.get("Origin")
        if self.headers.get("Host") not in names or (origin and origin not in [f"http://{name}" for name in names]):
            self._answer(403, b"Only pages of this server may ask.\n", "text/plain")
        elif self.path == EVENTS:
            self._send_events()
        else:
            self._send_file()

    do_HEAD = do_GET

    def log_message(self, format: str, *arguments: object) -> None:
        """Silent: what an author wants to see is what was built."""

    def _send_file(self) -> None:
        path = unquote(urlsplit(self.path).path)
        parts = path.split("/")[1:]
        name = parts[-1] or "index.html"
        parts = [*parts[:-1], name]
        content = self._read(parts)
        if content is not None:
            self._send_content(200, "/".join(parts), content)
        elif self._read([*parts, "index.html"]) is not None:
            self.send_response(301)
            self.send_header("Location", f"/{quote('/'.join(parts))}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send_content(404, "404.html", self._read(["404.html"]) or b"<head></head>There is no such page.")

    def _read(self, parts: list[str]) -> bytes | None:
        if any(part in ("", ".", "..") or "\\" in part or "\0" in part or part.startswith(".") for part in parts):
            return None
        try:
            return self.server.blog.read(f"./{quote('/'.join(parts))}")
        except (FileRefused, ValueError):
            return None

    def _send_content(self, status: int, path: str, content: bytes) -> None:
        ending = Path(path).suffix.lower()
        # Documents among the assets are frames with a policy of their own, which stay as they are.
        if ending == ".html" and not path.startswith("assets/"):
            state = self.server.blog.wait(None, 0)
            content = add_script(content.decode("utf-8", "replace"), state.version if state else 0).encode()
        kind = _TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        self._answer(status, content, kind)

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        self.send_response(status)
        self.send_header("Content-Type", kind + charset)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _send_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        known: State | None = None
        while self.command != "HEAD" and (state := self.server.blog.wait(known, 15)):
            told = json.dumps({"version": state.version, "errors": state.errors})
            # A line that says nothing, now and then, shows whether the browser is still there.
            self.wfile.write((f"data: {told}\n\n" if state != known else ":\n\n").encode())
            known = state

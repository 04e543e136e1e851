"""What the benchmarks that drive a browser share: a static host as the usual ones are, and a Chromium."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
_KINDS = {".mjs": "text/javascript", ".wasm": "application/wasm"}
_COMPRESSED = (".html", ".css", ".js", ".mjs", ".wasm", ".svg", ".json", ".csv", ".txt")


class StaticHost(SimpleHTTPRequestHandler):
    """Answers as the usual hosts of static pages do: compressed, to be kept for ten minutes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A file whole, compressed where that helps."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        body = _compressed(path) if path.suffix in _COMPRESSED else path.read_bytes()
        self.send_response(200)
        kind = _KINDS.get(path.suffix) or self.guess_type(str(path))
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        if path.suffix in _COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Silent."""


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The folder's address while it is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(StaticHost, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def find_browser() -> str:
    """The path of a Chromium, which ``NBBLOG_CHROMIUM`` may name."""
    for name in (os.environ.get("NBBLOG_CHROMIUM", ""), *BROWSERS):
        if path := name and shutil.which(name):
            return path
    sys.exit("no Chromium on PATH: set NBBLOG_CHROMIUM")


def cache_folder() -> Path:
    """For what a benchmark fetches."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nbblog-benchmarks"

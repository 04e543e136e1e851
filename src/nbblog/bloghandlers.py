"""What a Jupyter server is asked for a blog as a whole: new posts, its list of posts, building and publishing.

Each is done by a process of its own (``errands``), so that previews go on, and so that one that takes too long is
ended. Which folder it is about is said as the server's own contents name it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.services.contents.fileio import FileManagerMixin
from jupyter_server.utils import ensure_async, to_os_path
from tornado import web
from tornado.iostream import StreamClosedError

MOST_ERRANDS = 4
"""Processes at a time; one beyond that is refused."""
_TASKS = frozenset({"new", "posts", "check", "plan", "publish"})


class Errands:
    """The processes that are at work."""

    def __init__(self, seconds: float) -> None:
        """``seconds`` is how long one may take."""
        self._seconds = seconds
        self._running: set[subprocess.Popen[bytes]] = set()
        self._threads = ThreadPoolExecutor(MOST_ERRANDS, thread_name_prefix="nbblog-errand")

    async def run(self, question: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """The lines that the process writes. Raises 429 where too many are at work."""
        if len(self._running) >= MOST_ERRANDS:
            raise web.HTTPError(429, "Too many errands at once")
        process = _start()
        self._running.add(process)
        late = threading.Timer(self._seconds, process.kill)
        late.start()
        loop, line, last = asyncio.get_running_loop(), b"", b""
        assert process.stdin and process.stdout
        try:
            await loop.run_in_executor(self._threads, process.stdin.write, json.dumps(question).encode())
            process.stdin.close()
            while line := await loop.run_in_executor(self._threads, process.stdout.readline):
                last = line
                yield line
            if not last.startswith((b'{"answer"', b'{"error"')):
                yield json.dumps({"error": "the process ended before it was done"}).encode() + b"\n"
        finally:
            late.cancel()
            process.kill()
            self._running.discard(process)
            await loop.run_in_executor(None, _end, process)

    def close(self) -> None:
        """End them all."""
        for process in self._running:
            process.kill()


def _start() -> subprocess.Popen[bytes]:
    # Python looks for modules in the current folder first, and that must not be one with somebody's files.
    return subprocess.Popen(  # noqa: S603  no word of it comes from outside
        [sys.executable, "-m", f"{__package__}.errands"],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            # What it can no longer be sent is sent in closing, once more in vain.
            with suppress(OSError):
                pipe.close()


class BlogHandler(APIHandler):
    """``POST ?path=…``: an errand for the blog that a folder is in; the answer is its lines of JSON as they come."""

    auth_resource = "contents"

    @web.authenticated
    @authorized
    async def post(self, task: str) -> None:
        """Do it. With whoever asked gone, it is ended."""
        if task not in _TASKS:
            raise web.HTTPError(404, "There is no such errand")
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise web.HTTPError(415, "The request must be application/json")
        wishes = self.get_json_body()
        if not isinstance(wishes, dict):
            raise web.HTTPError(400, "The request must be an object")
        question = {**wishes, **await self._find_folder(self.get_query_argument("path").strip("/")), "task": task}
        self.set_header("Content-Type", "application/x-ndjson")
        # Some proxies keep an answer until it is whole.
        self.set_header("X-Accel-Buffering", "no")
        with suppress(StreamClosedError):
            async with aclosing(self.settings["nbblog_errands"].run(question)) as lines:
                async for line in lines:
                    self.write(line)
                    await self.flush()
        self.finish()

    async def _find_folder(self, path: str) -> dict[str, str]:
        """The folder, and the one that the server shows. Raises 404 where its contents have none there."""
        contents = self.contents_manager
        await ensure_async(contents.get(path, content=False, type="directory"))
        if not isinstance(contents, FileManagerMixin):
            raise web.HTTPError(404, "This server keeps its contents elsewhere than in files")
        allowed = Path(contents.root_dir).resolve()
        folder = Path(to_os_path(path, contents.root_dir)).resolve()
        if not folder.is_relative_to(allowed):
            raise web.HTTPError(404, "The folder lies outside of those that the server shows")
        return {"folder": str(folder), "allowed": str(allowed)}

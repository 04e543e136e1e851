"""Previews are rendered in a process of their own: one that takes too long is ended, and the Jupyter server, whose
event loop all notebooks share, neither waits for it nor grows by it.

The process reads questions from its standard input and writes answers to its standard output. A question is a JSON
header and a body; an answer is a status as in HTTP and a JSON text. ``python -m nbblog.worker`` is that process.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from .core.config import BlogConfig, read_config
from .core.errors import FileRefused, NbblogError
from .files import folder_reader, read_visible
from .livepreview import CellsMissing, Desk, Preview, RequestError, read_request
from .neighbours import folder_posts

MOST_PREVIEWS = 16
"""Panels whose articles are kept; one beyond that is sent whole again when it next asks."""
_SECONDS_OF_POSTS = 5.0
"""How long what was found of other posts holds."""
_LENGTHS = struct.Struct(">II")


class RenderingFailed(Exception):
    """The process gave no answer; the message says why, in a line."""


class Worker:
    """The process, started when it is first asked. One question at a time: callers on several threads take turns."""

    def __init__(self, seconds: float) -> None:
        """``seconds`` is how long one rendering may take."""
        self._seconds = seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, header: Mapping[str, Any], body: bytes) -> tuple[int, bytes]:
        """Status and JSON text. Raises ``RenderingFailed`` when there is none in time; the next question is asked of a
        new process, as is this one when the process had ended before."""
        with self._turn:
            for _ in range(2):
                try:
                    return self._ask(self._start(), header, body)
                except (OSError, EOFError):
                    self._end()
            raise RenderingFailed("the preview could not be rendered: its process ended, twice")

    def _ask(self, process: subprocess.Popen[bytes], header: Mapping[str, Any], body: bytes) -> tuple[int, bytes]:
        assert process.stdin and process.stdout
        is_late = threading.Event()

        def stop() -> None:
            is_late.set()
            process.kill()

        late = threading.Timer(self._seconds, stop)
        late.start()
        try:
            _write(process.stdin, json.dumps(header).encode(), body)
            status, text = _read(process.stdout)
        except (OSError, EOFError):
            if not is_late.is_set():
                raise
            self._end()
            raise RenderingFailed(f"the preview could not be rendered in {self._seconds:g} s") from None
        finally:
            late.cancel()
        return int(status), text

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._process:
            self._process.kill()
            with self._turn:
                self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            # Python looks for modules in the current folder first, and that must not be one with somebody's files.
            self._process = subprocess.Popen(  # noqa: S603  no word of it comes from outside
                [sys.executable, "-m", __name__],
                cwd=Path(__file__).parent.parent,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            assert self._process.stdout
            try:
                _read(self._process.stdout)
            except EOFError:
                self._end()
                raise RenderingFailed("the preview could not be rendered: its process does not start") from None
        return self._process

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    # What it can no longer be sent is sent in closing, once more in vain.
                    with suppress(OSError):
                        pipe.close()
            self._process = None


def _write(pipe: IO[bytes], first: bytes, second: bytes) -> None:
    pipe.write(_LENGTHS.pack(len(first), len(second)))
    pipe.write(first)
    pipe.write(second)
    pipe.flush()


def _read(pipe: IO[bytes]) -> tuple[bytes, bytes]:
    """Both parts. Raises ``EOFError`` where the other side is gone."""
    first, second = _LENGTHS.unpack(_read_exactly(pipe, _LENGTHS.size))
    return _read_exactly(pipe, first), _read_exactly(pipe, second)


def _read_exactly(pipe: IO[bytes], size: int) -> bytes:
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content


class _Room:
    """What the process knows: a preview for each panel, and what was found of the posts of folders."""

    def __init__(self) -> None:
        self._previews: OrderedDict[str, Preview] = OrderedDict()
        self._posts: dict[tuple[str, BlogConfig], tuple[float, Any]] = {}

    def answer(self, header: Mapping[str, Any], body: bytes) -> tuple[int, Mapping[str, Any]]:
        """Status and answer to one question."""
        try:
            return 200, self._preview(str(header["session"])).answer(read_request(body), self._read_desk(header))
        except RequestError as error:
            return 400, {"message": str(error)}
        except CellsMissing as error:
            return 409, {"message": str(error)}
        except NbblogError as error:
            return 422, {"message": str(error)}
        except Exception:
            traceback.print_exc()
            return 500, {"message": "the preview met with a fault of its own; the server's log has it"}

    def _preview(self, session: str) -> Preview:
        preview = self._previews.pop(session, None) or Preview()
        self._previews[session] = preview
        if len(self._previews) > MOST_PREVIEWS:
            self._previews.popitem(last=False)
        return preview

    def _read_desk(self, header: Mapping[str, Any]) -> Desk:
        config = read_config(header["config"])
        desk = Desk(header["name"], _read_nothing, config=config, trust=header["trust"])
        if header["template"]:
            desk = replace(desk, template_dir=Path(header["template"]))
        if header["folder"] is None:
            return desk
        folder = Path(header["folder"])
        read = folder_reader(Path(header["root"]), folder, None if header["hidden"] else read_visible)
        return replace(desk, read_file=read, find_post=self._find_posts(folder, config))

    def _find_posts(self, folder: Path, config: BlogConfig) -> Any:
        now, key = time.monotonic(), (str(folder), config)
        found, find = self._posts.get(key, (0.0, None))
        if find is None or now - found > _SECONDS_OF_POSTS:
            self._posts = {key: (now, folder_posts(folder, config))}
        return self._posts[key][1]


def _read_nothing(target: str) -> bytes:
    raise FileRefused(target, "this server keeps its contents elsewhere than in files")


def main() -> None:
    """Answer until standard input ends, as it does when the server is gone."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not stand between the answers.
    os.dup2(2, 1)
    room = _Room()
    _write(answers, b"", b"")
    while True:
        try:
            header, body = _read(questions)
        except EOFError:
            return
        status, answer = room.answer(json.loads(header), body)
        text = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
        _write(answers, str(status).encode(), text)


if __name__ == "__main__":
    main()

"""Posts rendered by several processes at once, each writing its pages into the folder where the site comes together."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

from .core.entry import Entry
from .core.errors import BuildError, NbblogError
from .core.markdown import PostLink
from .postpage import PostRenderer, PostTask
from .settings import Blog
from .staging import Made, write_file

WORTH_IT = 40
"""From so many posts on, other processes save more time than they take to start."""


@dataclass(frozen=True, slots=True)
class WrittenPost:
    """A rendered post whose files are in the folder."""

    entry: Entry
    notebook: str
    """The hash of its bytes."""
    files: Mapping[str, Made]
    asked: Mapping[str, PostLink | None]
    read: Mapping[str, str]


class PostWriter:
    """Renders posts and writes their files."""

    def __init__(self, blog: Blog, posts: Mapping[str, tuple[str, str]], folder: Path) -> None:
        """``posts`` has the folder of the page and the title of every post, by slug."""
        self._renderer = PostRenderer(blog, posts)
        self._folder = folder
        self._written: dict[str, Made] = {}

    def write(self, task: PostTask) -> WrittenPost | str:
        """The post, or in one line why there is none. Raises ``OSError``."""
        try:
            post = self._renderer.render(task)
        except NbblogError as error:
            return str(error)
        made = {path: self._write(path, content) for path, content in post.files.items()}
        return WrittenPost(post.entry, post.notebook, made, post.asked, post.read)

    def _write(self, path: str, content: bytes) -> Made:
        if path not in self._written:
            made = write_file(self._folder, path, content)
            if not path.startswith("assets/"):
                return made
            self._written[path] = made
        return self._written[path]


def write_posts(
    blog: Blog, posts: Mapping[str, tuple[str, str]], folder: Path, tasks: list[PostTask], jobs: int | None
) -> Iterator[WrittenPost | str]:
    """What became of each task, in their order. ``jobs`` is the number of processes; by itself it is that of the cores,
    or one where there is little to do. Raises ``BuildError`` if a process dies."""
    jobs = min(jobs or _cores(), len(tasks)) if jobs or len(tasks) >= WORTH_IT else 1
    if jobs <= 1:
        writer = PostWriter(blog, posts, folder)
        yield from map(writer.write, tasks)
        return
    # A fork of a process that has threads may hang, and ours may be JupyterLab's.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (blog, posts, folder))
    try:
        yield from pool.map(_write, tasks, chunksize=max(1, min(16, len(tasks) // (4 * jobs))))
    except BrokenProcessPool:
        raise BuildError("a process that rendered posts was ended from outside, perhaps for want of memory") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


_writer: list[PostWriter] = []


def _begin(blog: Blog, posts: Mapping[str, tuple[str, str]], folder: Path) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _writer[:] = [PostWriter(blog, posts, folder)]


def _write(task: PostTask) -> WrittenPost | str:
    return _writer[0].write(task)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)



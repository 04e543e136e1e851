"""Posts rendered by several processes at once, each writing its pages into the folder where the site comes together."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import active_children, connection, get_context, parent_process
from pathlib import Path
from typing import Protocol, TypeVar

from .core.entry import Entry
from .core.errors import BuildError, NbblogError
from .core.markdown import PostLink
from .postpage import PostRenderer, PostTask, RenderedPost
from .settings import Blog
from .staging import Made, write_file

T = TypeVar("T")

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


class Crew(Protocol):
    """Who does a build's work: processes of this machine, or a cluster."""

    @property
    def size(self) -> int:
        """How many functions it calls at once."""

    def call(self, function: Callable[..., T], *args: object) -> T:
        """What the function gives or raises; it and its arguments can be pickled. Raises ``BuildError``."""

    def write_posts(
        self, blog: Blog, posts: Mapping[str, tuple[str, str]], folder: Path, tasks: list[PostTask]
    ) -> Iterator[WrittenPost | str]:
        """What became of each task, in their order: the post, whose files are in ``folder``, or in one line why there
        is none. ``posts`` is as for ``PostRenderer``. Raises ``BuildError``, ``OSError``."""


class PostWriter:
    """Writes the files of rendered posts into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[str, Made] = {}

    def write(self, post: RenderedPost) -> WrittenPost:
        """Raises ``OSError``."""
        made = {path: self._write(path, content) for path, content in post.files.items()}
        return WrittenPost(post.entry, post.notebook, made, post.asked, post.read)

    def _write(self, path: str, content: bytes) -> Made:
        if path not in self._written:
            made = write_file(self._folder, path, content)
            if not path.startswith("assets/"):
                return made
            self._written[path] = made
        return self._written[path]


class Cores:
    """This machine's cores: a process for each, which writes the pages that it renders."""

    def __init__(self, jobs: int | None = None) -> None:
        """``jobs`` is their number; by itself it is that of the cores, or one where there is little to do."""
        self._jobs = jobs

    @property
    def size(self) -> int:
        return self._jobs or _cores()

    def call(self, function: Callable[..., T], *args: object) -> T:
        """In this process: what is called starts processes of its own."""
        return function(*args)

    def write_posts(
        self, blog: Blog, posts: Mapping[str, tuple[str, str]], folder: Path, tasks: list[PostTask]
    ) -> Iterator[WrittenPost | str]:
        """Raises ``BuildError`` if a process dies."""
        jobs = min(self.size, len(tasks)) if self._jobs or len(tasks) >= WORTH_IT else 1
        if jobs <= 1:
            renderer, writer = PostRenderer(blog, posts), PostWriter(folder)
            yield from (_write_one(renderer, writer, task) for task in tasks)
            return
        others = active_children()
        # A fork of a process that has threads may hang, and ours may be JupyterLab's.
        pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (blog, posts, folder))
        try:
            yield from pool.map(_write, tasks, chunksize=max(1, min(16, len(tasks) // (4 * jobs))))
        except BrokenProcessPool:
            # One that began while the pool broke is not ended by it, but waited for.
            for process in set(active_children()).difference(others):
                process.kill()
            raise BuildError(
                "a process that rendered posts was ended from outside, perhaps for want of memory"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _write_one(renderer: PostRenderer, writer: PostWriter, task: PostTask) -> WrittenPost | str:
    try:
        post = renderer.render(task)
    except NbblogError as error:
        return str(error)
    return writer.write(post)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


_mine: list[tuple[PostRenderer, PostWriter]] = []


def _begin(blog: Blog, posts: Mapping[str, tuple[str, str]], folder: Path) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _mine[:] = [(PostRenderer(blog, posts), PostWriter(folder))]


def _write(task: PostTask) -> WrittenPost | str:
    return _write_one(*_mine[0], task)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)



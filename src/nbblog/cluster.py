"""A build's work on the workers of a Dask cluster, which see the blog's folder as this machine does.

Notebooks travel with their tasks, and pages come back and are written here; pictures and the author's theme are read
where a post is rendered. When a worker dies, Dask gives what it had to another.
"""

from __future__ import annotations

import logging
from asyncio import TimeoutError as AsyncTimeoutError
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, TypeVar

from .core.errors import BuildError, NbblogError
from .core.text import one_line
from .postpage import PostRenderer, PostTask, RenderedPost, notebook_reader
from .settings import Blog, load_settings, settings_digest
from .workers import PostWriter, WrittenPost

T = TypeVar("T")
_GONE = "the Dask scheduler has gone"
_AHEAD = 2
"""Tasks for each thread that are on their way at once: enough that none waits, few enough for this machine's memory."""


class Cluster:
    """The workers of the Dask scheduler at one address; a context manager that leaves it at its end."""

    def __init__(self, address: str, blog: Blog) -> None:
        """Raises ``BuildError`` if it cannot be reached, has no workers, or they do not see the blog as it is here."""
        try:
            from distributed import Client
            from distributed.comm.addressing import get_address_host_port
        except ImportError:
            raise BuildError("--dask needs Dask: pip install 'nbblog[dask]'") from None
        # What it says of each worker that comes or goes is for those who run the cluster.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            get_address_host_port(address, strict=True)  # where a client finds the fault, it hangs at its end
            self._client = Client(address, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise BuildError(f"{address}: no Dask scheduler answers: {one_line(str(error))[:200]}") from None
        try:
            self._compare(address, blog)
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    @property
    def size(self) -> int:
        """The threads of all workers at this moment. Raises ``BuildError``."""
        try:
            threads: Mapping[str, int] = self._client.nthreads()
        except OSError:
            raise BuildError(_GONE) from None
        return max(1, sum(threads.values()))

    def call(self, function: Callable[..., T], *args: object) -> T:
        """On some worker. Raises ``BuildError`` if each that tried it died."""
        future = self._client.submit(function, *args, pure=False)
        with _named():
            result: T = future.result()
        return result

    def write_posts(
        self, blog: Blog, posts: Mapping[str, tuple[str, str]], folder: Path, tasks: list[PostTask]
    ) -> Iterator[WrittenPost | str]:
        """Files are written here. A post that kills each worker that tries it is an error of this post."""
        writer, read = PostWriter(folder), notebook_reader(blog)
        # Made on a worker, so that it can be made again where that one dies.
        renderer = self._client.submit(PostRenderer, blog, posts, pure=False)
        waiting: deque[Any] = deque()
        for task in tasks:
            if len(waiting) >= _AHEAD * self.size:
                yield _finish(writer, waiting.popleft())
            try:
                notebook = read(task.head.source)
            except NbblogError as error:
                waiting.append(str(error))
            else:
                waiting.append(self._client.submit(_render, renderer, task, notebook, pure=False))
        while waiting:
            yield _finish(writer, waiting.popleft())

    def _compare(self, address: str, blog: Blog) -> None:
        """Whether each worker has our program and sees the same settings and theme."""
        import dask

        try:
            self._client.wait_for_workers(1, timeout=dask.config.get("distributed.comm.timeouts.connect"))
        except (TimeoutError, AsyncTimeoutError):  # two classes before Python 3.11
            raise BuildError(f"{address}: the Dask scheduler has no workers") from None
        try:
            seen = self._client.run(_look, blog.root)
        except Exception as error:  # whatever keeps a worker from importing us
            raise BuildError(f"{address}: a worker cannot run nbblog: {one_line(str(error))[:200]}") from None
        mine = _look(blog.root)
        for worker, theirs in seen.items():
            if theirs != mine:
                why = "does not see" if not theirs else "has another nbblog, or other settings, for"
                raise BuildError(f"{address}: the worker {worker} {why} {blog.root}")


def _finish(writer: PostWriter, waiting: Any) -> WrittenPost | str:
    """``waiting`` is a future, or why there is none."""
    if isinstance(waiting, str):
        return waiting
    try:
        with _named():
            post = waiting.result()
    except _WorkersDied as error:
        return str(error)
    return post if isinstance(post, str) else writer.write(post)


@contextmanager
def _named() -> Iterator[None]:
    """Dask's errors as ours."""
    from distributed import CancelledError, KilledWorker

    try:
        yield
    except KilledWorker:
        raise _WorkersDied("each of the cluster's workers that tried it died, perhaps for want of memory") from None
    except CancelledError:
        raise BuildError(_GONE) from None


class _WorkersDied(BuildError):
    pass


def _look(root: Path) -> str:
    try:
        blog = load_settings(root)
    except NbblogError:
        return ""
    return settings_digest(blog) if blog.root == root.resolve() else ""


_turns = Lock()
"""A renderer is made for one thread, and workers have several."""


def _render(renderer: PostRenderer, task: PostTask, notebook: bytes) -> RenderedPost | str:
    # Not all of our errors can be pickled.
    with _turns:
        try:
            return renderer.render_notebook(task, notebook)
        except NbblogError as error:
            return str(error)

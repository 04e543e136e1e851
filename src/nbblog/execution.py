"""Posts run again, each in a new kernel, and what came of it kept by what they say (jupyter-cache's own folder).

The author's notebooks stay as they are: copies with the new outputs are what the site is then built from. A kernel is
given the few variables of the environment that programs need, and no passwords or tokens that stand in the others;
when its notebook is done, whatever it started is ended with it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from .core.errors import BuildError, NbblogError
from .core.freshness import mark_run
from .core.reading import read_post
from .core.text import one_line
from .files import parse_notebook
from .kernels import SKIP, KernelLimits, run_notebook
from .postpage import notebook_reader
from .settings import Blog
from .workers import Cores, Crew

if TYPE_CHECKING:
    from nbformat import NotebookNode

CACHE = ".jupyter_cache"
"""Below the blog's folder; MyST-NB, Jupyter Book and others keep theirs there too."""
_HERE = Cores()
_USUAL = KernelLimits()


@dataclass(slots=True)
class Executed:
    """What became of running a blog's posts."""

    blog: Blog
    """The blog whose notebooks have the new outputs."""
    ran: int = 0
    """How many notebooks were run; of the others the outputs were kept from before, or they have no code."""
    errors: dict[str, str] = field(default_factory=dict)
    """One line by the notebook's path below the content folder."""


def execute_posts(
    blog: Blog,
    sources: list[str],
    folder: Path,
    *,
    crew: Crew = _HERE,
    limits: KernelLimits = _USUAL,
    say: Callable[[int, int], None] = lambda done, of: None,
) -> Executed:
    """Run the notebooks of these paths that have code and were not run as they are, as many at a time as ``crew`` can
    (by itself one for each core). Copies with their outputs are written into ``folder``. Raises ``BuildError`` without
    jupyter-cache, or where the system cannot see to ``limits``. A notebook with an error that is not tagged
    ``raises-exception`` has no copy: its line is in the result's ``errors``."""
    if limits.mebibytes is not None and sys.platform != "linux":
        raise BuildError("--memory: only Linux can limit a kernel's memory")
    try:
        from jupyter_cache import get_cache
    except ImportError:
        raise BuildError("--execute needs jupyter-cache: pip install 'nbblog[execute]'") from None
    cache, lock = get_cache(str(blog.root / CACHE)), Lock()
    read = notebook_reader(blog)
    done = Executed(replace(blog, executed=folder))
    finished = 0

    def execute(source: str) -> None:
        nonlocal finished
        try:
            raw = read(source)
            notebook = _prepare(blog, source, raw)
            if notebook is None:
                return
            with lock:  # the cache is a data base of one thread
                known = _find(cache, notebook)
            if known is None:
                known = crew.call(run_notebook, notebook, source, (blog.content / source).parent, limits)
                with lock:
                    done.ran += 1
                    _keep(cache, known, source)
            _write(folder / source, known)
        except NbblogError as error:
            done.errors[source] = str(error)
        finally:
            with lock:
                finished += 1
                say(finished, len(sources))

    with ThreadPoolExecutor(min(crew.size, max(1, len(sources)))) as pool:
        list(pool.map(execute, sources))
    return done


def _prepare(blog: Blog, source: str, raw: bytes) -> NotebookNode | None:
    """The notebook with cells marked that are not to run; ``None`` if none is."""
    import nbformat

    parsed = parse_notebook(raw, source, max_bytes=blog.config.limits.notebook_bytes)
    post = read_post(parsed, name=source, config=blog.config)
    running = {code.number for code in post.code if code.source.strip()}
    if not running:
        return None
    try:
        notebook: NotebookNode = nbformat.reads(json.dumps(parsed), as_version=4)
    except Exception as error:  # nbformat's errors have no common root
        raise BuildError(f"{source}: cannot be run: {one_line(str(error))[:200]}") from None
    for number, cell in enumerate(notebook.cells, 1):
        if cell.get("cell_type") == "code" and number not in running:
            tags = cell.setdefault("metadata", {}).setdefault("tags", [])
            if SKIP not in tags:
                tags.append(SKIP)
    return notebook


def _find(cache: Any, notebook: NotebookNode) -> NotebookNode | None:
    try:
        _, merged = cache.merge_match_into_notebook(notebook)
    except KeyError:
        return None
    except Exception:  # a cache that is damaged, or of another version: it is only slower
        return None
    return merged


def _keep(cache: Any, notebook: NotebookNode, source: str) -> None:
    from jupyter_cache.base import CacheBundleIn

    with suppress(Exception):  # as above
        cache.cache_notebook_bundle(CacheBundleIn(notebook, source), check_validity=False, overwrite=True)


def _write(path: Path, notebook: NotebookNode) -> None:
    import nbformat

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(nbformat.from_dict(mark_run(notebook)), version=4) + "\n", "utf-8")

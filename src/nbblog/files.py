"""Reading from disk what a post may use: notebooks, and the files beside them."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from .core.errors import FileRefused, NotebookError
from .core.notebook import MAX_BYTES, needs_upgrade, read_notebook

_CAN_WALK = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW") and hasattr(os, "O_DIRECTORY")
_REPARSE_POINT = 0x400
"""``FILE_ATTRIBUTE_REPARSE_POINT`` of Windows."""
_LINK = "a symbolic link, or below one: links are not followed"
MAX_FILE_BYTES = 20 * 1024 * 1024
"""The largest file that a post may use."""


def load_notebook(path: Path) -> dict[str, Any]:
    """The notebook at ``path`` as a version 4 mapping. Raises ``NotebookError`` when it is not one."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise NotebookError(str(path), f"cannot be read: {error.strerror}") from error
    return parse_notebook(raw, str(path))


def parse_notebook(raw: bytes, name: str, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The notebook in ``raw`` as a version 4 mapping, older formats upgraded in memory by nbformat.

    Raises ``NotebookError``; ``name`` stands in its message."""
    notebook = read_notebook(raw, name, max_bytes=max_bytes)
    return upgrade(notebook, name) if needs_upgrade(notebook) else notebook


def upgrade(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """A version 1, 2 or 3 notebook as version 4. nbformat is imported only here: it costs a second."""
    import nbformat

    try:
        notebook.setdefault("metadata", {})
        # From text, not from the mapping: nbformat joins the lines of old notebooks only while it reads.
        upgraded: dict[str, Any] = nbformat.reads(json.dumps(notebook), as_version=4)
    except Exception as error:
        # The old readers trust their input wholly: a damaged file shows as a KeyError, AttributeError, TypeError…
        old = notebook.get("nbformat", 1)
        raise NotebookError(name, f"a version {old} notebook that is damaged ({type(error).__name__})") from error
    # nbformat invents other ids each time; ours come from what a cell holds, so that a page is the same each time.
    for cell in upgraded["cells"]:
        cell.pop("id", None)
    return upgraded


ReadParts = Callable[[Path, list[str], str, int], bytes]
"""Takes a folder, the components of a path below it, the target as it was written, for messages, and the most bytes."""


def folder_reader(
    root: Path, folder: Path | None = None, read_parts: ReadParts | None = None, *, max_bytes: int = MAX_FILE_BYTES
) -> Callable[[str], bytes]:
    """A function that reads files for a post: ``read(target)`` gives bytes or raises ``FileRefused``.

    Targets are URLs relative to ``folder`` (by default ``root``). Only regular files inside ``root`` are read, and
    no symbolic link is followed, not even one that is put in place between a check and the opening. ``read_parts`` is
    the way to do that: ``read_below`` where the system can, else ``read_checked``."""
    root = root.resolve()
    start = (folder or root).resolve()
    read_parts = read_parts or (read_below if _CAN_WALK else read_checked)

    def read(target: str) -> bytes:
        return read_parts(root, _components(target, start, root), target, max_bytes)

    return read


def read_visible(root: Path, parts: list[str], target: str, most: int) -> bytes:
    """As the system's way, but hidden files are refused, as Jupyter's own contents refuse them."""
    if any(part.startswith(".") for part in parts):
        raise FileRefused(target, "a hidden file, which this server does not show")
    return read_below(root, parts, target, most) if _CAN_WALK else read_checked(root, parts, target, most)


def _components(target: str, start: Path, root: Path) -> list[str]:
    if urlsplit(target).scheme or target.startswith(("/", "\\")) or "\0" in target:
        raise FileRefused(target, "only files beside the notebook can be used")
    relative = unquote(urlsplit(target).path).replace("\\", "/")
    if "\0" in relative or relative.startswith("/"):
        raise FileRefused(target, "only files beside the notebook can be used")
    # Not Path.resolve(): that would follow the very links that are to be refused.
    path = Path(os.path.normpath(start / relative))
    if not path.is_relative_to(root) or path == root:
        raise FileRefused(target, f"outside the folder {root.name or root}")
    return list(path.relative_to(root).parts)


def read_below(root: Path, parts: list[str], target: str, most: int) -> bytes:
    """Every component is opened by itself with ``O_NOFOLLOW`` below the one before."""
    opened: list[int] = []
    try:
        opened.append(os.open(root, os.O_RDONLY | os.O_DIRECTORY))
        for part in parts[:-1]:
            opened.append(os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=opened[-1]))
        opened.append(os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=opened[-1]))
        return _read_regular(opened[-1], target, most)
    except OSError as error:
        raise FileRefused(target, _reason(error)) from error
    finally:
        for descriptor in opened:
            os.close(descriptor)


def read_checked(root: Path, parts: list[str], target: str, most: int) -> bytes:
    """For Windows, which opens whole paths only: the file is opened, and then must still be what stands at that path
    without a link on the way. A link that was there for a moment led to another file than the one found now."""
    path = root.joinpath(*parts)
    try:
        if any(":" in part for part in parts) and os.name == "nt":
            raise FileRefused(target, "a colon in its name means another thing than a file")
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        try:
            _refuse_links(root, parts, target)
            if not os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                raise FileRefused(target, "it changed while it was read")
            return _read_regular(descriptor, target, most)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise FileRefused(target, _reason(error)) from error


def _refuse_links(root: Path, parts: list[str], target: str) -> None:
    path = root
    for part in parts:
        path = path / part
        status = os.lstat(path)
        # A junction of Windows is no symbolic link, but a reparse point as that is.
        if stat.S_ISLNK(status.st_mode) or getattr(status, "st_file_attributes", 0) & _REPARSE_POINT:
            raise FileRefused(target, _LINK)


def _read_regular(descriptor: int, target: str, most: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise FileRefused(target, "not a regular file")
    if status.st_size > most:
        raise FileRefused(target, f"larger than {most // 2**20} MB")
    with open(os.dup(descriptor), "rb") as file:
        return file.read()


def _reason(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return _LINK
    return "no such file" if error.errno == errno.ENOENT else str(error.strerror)

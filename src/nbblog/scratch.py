"""Where a publishing works: a folder of its own below the system's temporary one, gone afterwards. What a killed one
left the next one takes away."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir, mkdtemp

from .core.errors import BuildError, PublishError
from .core.text import one_line

_NAME = "nbblog-publish-"
_HELD = "held"
"""A file that says that whoever made the folder has locked it; the system frees the lock of one that was killed."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """An empty folder, gone afterwards. Raises ``BuildError`` if there can be none, as on a full disk."""
    try:
        folder = TemporaryDirectory(prefix="nbblog-")
    except OSError as error:
        raise BuildError(f"no place for temporary files: {one_line(error.strerror or str(error))}") from None
    with folder as name:
        yield Path(name)


@contextmanager
def open_scratch() -> Iterator[Path]:
    """An empty folder, gone afterwards. Raises ``PublishError`` if there can be none."""
    lock = None
    try:
        _sweep()
        folder = Path(mkdtemp(prefix=_NAME))
    except OSError as error:
        raise PublishError(f"{error.filename or 'nowhere to work'}: {error.strerror}") from None
    try:
        with suppress(ImportError, OSError):  # Windows; a file system without locks: then only age tells
            lock = _lock(folder)
            (folder / _HELD).touch()
        yield _make(folder / "git")
    finally:
        _remove(folder)
        if lock is not None:
            os.close(lock)


def _make(folder: Path) -> Path:
    try:
        folder.mkdir()
    except OSError as error:
        raise PublishError(f"{folder}: {error.strerror}") from None
    return folder


def _remove(folder: Path) -> None:
    """It is known as ours until nothing else is in it: we may be killed here, or git of a killed one be at work yet."""
    shutil.rmtree(folder / "git", ignore_errors=True)
    if not (folder / "git").exists():
        shutil.rmtree(folder, ignore_errors=True)


def _lock(folder: Path) -> int:
    """The open folder, locked. Raises ``ImportError``, ``OSError``."""
    import fcntl

    lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def _sweep() -> None:
    """Take away what killed publishings left: our own folders that are locked no longer, or old."""
    for left in Path(gettempdir()).glob(f"{_NAME}*"):
        with suppress(OSError):
            if _is_left(left):
                _remove(left)


def _is_left(folder: Path) -> bool:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
        return False
    if (folder / _HELD).exists():
        with suppress(ImportError, OSError):
            os.close(_lock(folder))
            return True
    return status.st_mtime < time.time() - 86_400

"""What one run of the command worked out and the next may use again: formulas, and templates as Python's bytecode.

Starting KaTeX and compiling a template take longer than all the rest of a short page. Each result is a small file,
named by the hash of all that it depends on, and begins with the hash of what it holds; so nothing is ever out of date,
and what is damaged counts as not there. Nothing depends on a file being there, and no page differs by it.

``NBBLOG_CACHE`` names the folder; if it is empty, nothing is kept. Without it, it is ``nbblog`` in the user's cache.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

_MOST = 5_000
"""Files in a folder. When there are more, all are removed, and what is still of use is soon there again."""
_DIGEST = 32


def cache_folder() -> Path | None:
    """The user's folder for what can be made again, or ``None`` where nothing is to be kept."""
    named = os.environ.get("NBBLOG_CACHE")
    if named is not None:
        return Path(named) if named else None
    home = os.path.expanduser("~")
    if home == "~":
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path(home, "AppData", "Local"), "nbblog", "cache")
    if sys.platform == "darwin":
        return Path(home, "Library", "Caches", "nbblog")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path(home, ".cache"), "nbblog")


def private_folder(folder: Path | None, kind: str) -> Path | None:
    """The folder ``kind`` of ``folder``, made if it is not there; ``None`` if others may write to it, or it cannot be
    made."""
    if folder is None:
        return None
    own = folder / kind
    try:
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        return own if _is_own(own) else None
    except OSError:
        return None


class Kept:
    """Bytes by key in one folder. Never raises, and never takes long: at worst it keeps nothing."""

    def __init__(self, folder: Path | None, kind: str, *, of: str = "") -> None:
        """They are in the folder ``kind`` of ``folder``, if only this user may write to it; ``of`` is what they all
        depend on besides their keys."""
        self._folder = folder / kind if folder else None
        self._of = of
        self._checked = False

    def get(self, key: str) -> bytes | None:
        """What was kept under this key, whole."""
        folder = self._own_folder()
        try:
            raw = (folder / self._name(key)).read_bytes() if folder else b""
        except OSError:
            return None
        content = raw[_DIGEST:]
        return content if raw[:_DIGEST] == sha256(content).digest() else None

    def put(self, key: str, content: bytes) -> None:
        """Keep it: other processes see it whole or not at all."""
        folder = self._own_folder()
        if folder is None:
            return
        name = self._name(key)
        written = folder / f"{name}.{os.getpid()}"
        try:
            written.write_bytes(sha256(content).digest() + content)
            written.replace(folder / name)
        except OSError:
            with suppress(OSError):
                written.unlink()

    def _name(self, key: str) -> str:
        return sha256(f"{self._of}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()

    def _own_folder(self) -> Path | None:
        if self._folder and not self._checked:
            self._checked = True
            self._folder = private_folder(self._folder.parent, self._folder.name)
            if self._folder:
                _clear_if_full(self._folder)
        return self._folder


def _is_own(folder: Path) -> bool:
    """Whether nobody else can put a file there: its content goes into pages and is run."""
    if sys.platform == "win32":
        return True  # a profile's folders are its user's by the rights that they inherit
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _clear_if_full(folder: Path) -> None:
    with suppress(OSError):
        files = list(os.scandir(folder))
        for file in files if len(files) > _MOST else ():
            os.unlink(file.path)

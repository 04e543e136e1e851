"""A site is written whole beside the old one, and takes its place in one step: readers see the one or the other.

Only a folder that carries our marker, an empty one, or none at all is ever replaced. What did not change is not
written again but linked from the old site, whose files are never written to.

The site that was replaced waits in the user's cache, and the next one comes together in it: to make the folders of a
thousand posts takes longer than all the rest of a build after one edit, and longer yet soon after as many were removed.
"""

from __future__ import annotations

import ctypes
import errno
import glob
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from .core.errors import BuildError
from .kept import cache_folder, private_folder

MARKER = ".nbblog-site.json"
"""Says that a folder or a branch is ours, and which files in it are."""
_NEW, _OLD = ".nbblog-new", ".nbblog-old"
_SPARES = 8
"""So many sites that were replaced are kept, each of another blog."""


class Made(NamedTuple):
    """A file of the site, as it was written: as long as the last three are the same, nobody has touched it."""

    digest: str
    """SHA-256 in hexadecimal digits."""
    size: int
    """Bytes."""
    modified: int
    """Nanoseconds since 1970."""
    inode: int

    def is_at(self, path: str) -> bool:
        """Whether it is this very file that stands there."""
        try:
            status = os.lstat(path)
        except OSError:
            return False
        return (status.st_size, status.st_mtime_ns, status.st_ino) == (self.size, self.modified, self.inode)


def write_file(folder: Path, path: str, content: bytes) -> Made:
    """Write a file of the site into the folder where it comes together. One that another process has begun is left to
    it: what two pages share is named by what is in it. Raises ``OSError``."""
    target = f"{folder}/{path}"
    try:
        file = open(target, "xb")  # noqa: SIM115
    except FileNotFoundError:
        _make_folder(folder, target)
        return write_file(folder, path, content)
    except FileExistsError:
        pass
    else:
        with file:
            file.write(content)
    return _describe(target, sha256(content).hexdigest())


def _make_folder(root: Path, file: str) -> None:
    # Not the root itself: it is gone when the build was given up, and must not come back with half a site in it.
    if not root.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(root))
    os.makedirs(os.path.dirname(file), exist_ok=True)


def _describe(path: str, digest: str) -> Made:
    status = os.lstat(path)
    return Made(digest, status.st_size, status.st_mtime_ns, status.st_ino)


class Staging:
    """The folder in which a site comes together."""

    def __init__(self, output: Path, folder: Path) -> None:
        self._output = output
        self.folder = folder
        self.files: dict[str, Made] = {}
        """By site path."""
        self._is_new = False
        self._written: set[str] = set()
        self._spare_folders: list[str] = []

    def begin(self) -> None:
        """Get ready for files that are written into the folder. Until then nothing is in it: most builds find a site
        that is as it would be, and need no other."""
        if not self._is_new:
            self._is_new = True
            there = self._take_spare()
            for path, one in self.files.items():
                if path not in there:
                    self.files[path] = self._link(path, one)

    def _take_spare(self) -> set[str]:
        """Begin with the site before the last, if it is still there: of its files those stay that are to be in the new
        one, and are given back. Anything else is removed, so that what is written later finds its place free."""
        spare = _find_spare(self._output)
        stays: set[str] = set()
        if spare is None or not spare.exists():
            return stays
        try:
            os.rename(spare, self.folder)
            start = len(str(self.folder)) + 1
            for folder, inodes in _walk(str(self.folder)):
                self._spare_folders.append(folder)
                for path, inode in inodes:
                    one = self.files.get(path[start:])
                    # A file of this number is that of the old site, of which we know that nobody has touched it.
                    if one and one.inode == inode:
                        stays.add(path[start:])
                    else:
                        os.unlink(path)
        except OSError:
            # Another folder, for there may be something in this one that cannot be removed.
            self.folder = self.folder.with_name(f"{self.folder.name}-again")
            self.folder.mkdir()
            self._spare_folders.clear()
            return set()
        return stays

    def write(self, path: str, content: bytes) -> None:
        """Add a file. One that is there already has the same content."""
        self.begin()
        if path not in self.files:
            self._written.add(path)
            self.files[path] = write_file(self.folder, path, content)

    def add_written(self, made: Mapping[str, Made]) -> None:
        """Add files that other processes have written into the folder. Of a file that two of them had, the digest
        is the same, and how it stands there at the end is what counts."""
        self._written |= made.keys() - self.files.keys()
        self.files |= {path: one for path, one in made.items() if path not in self.files}

    def keep(self, made: Mapping[str, Made]) -> bool:
        """Take these files over from the old site; ``False`` if one of them is not there as it was made."""
        # Of a large site most of the work is here; paths as objects would take twice as long.
        if not all(one.is_at(f"{self._output}/{path}") for path, one in made.items()):
            return False
        for path, one in made.items():
            if path not in self.files:
                self.files[path] = self._link(path, one) if self._is_new else one
        return True

    def _link(self, path: str, made: Made) -> Made:
        source, target = f"{self._output}/{path}", f"{self.folder}/{path}"
        try:
            os.link(source, target, follow_symlinks=False)
        except FileNotFoundError:
            _make_folder(self.folder, target)
            return self._link(path, made)
        except (OSError, NotImplementedError):  # a file system without links
            shutil.copy2(source, target, follow_symlinks=False)
            return _describe(target, made.digest)
        return made

    def finish(self, version: str) -> str:
        """Write the marker, and put the site where the old one is, which stays if it is the same. Returns the deploy
        id."""
        old = _read_marker(self._output)
        if not self._is_new and set(old.get("files", ())) == set(self.files):
            return str(old["deploy"])
        self.begin()
        for path in self._written:
            self.files[path] = _describe(f"{self.folder}/{path}", self.files[path].digest)
        self._remove_empty_folders()
        digests = {path: self.files[path].digest for path in sorted(self.files)}
        deploy = sha256(json.dumps(digests).encode()).hexdigest()[:20]
        marker = json.dumps({"nbblog": version, "deploy": deploy, "files": digests}, indent=0)
        write_file(self.folder, MARKER, marker.encode())
        if hasattr(os, "sync"):
            os.sync()
        if _swap(self.folder, self._output):
            _keep_spare(self.folder, self._output)
        return deploy

    def _remove_empty_folders(self) -> None:
        if not self._spare_folders:
            return
        used = {f"{self.folder}/{path}".rpartition("/")[0] for path in self.files}
        for folder in reversed(self._spare_folders):
            if folder not in used:
                # One that has folders in it stays.
                with suppress(OSError):
                    os.rmdir(folder)


def _read_marker(folder: Path) -> dict[str, Any]:
    try:
        marker: dict[str, Any] = json.loads((folder / MARKER).read_bytes())
    except (OSError, ValueError):
        return {}
    return marker


@contextmanager
def stage_site(output: Path) -> Iterator[Staging]:
    """An empty folder for a new site, which is gone afterwards: in place of the old one, if it was finished.

    Raises ``BuildError`` for a folder that is not ours, and for what the system refuses; the old site stays then."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with _alone(output):
            recover(output)
            _refuse_foreign(output)
            # Not always of one name: processes of a build that was killed may still write into theirs for a moment.
            new = _beside(output, f"{_NEW}-{token_hex(4)}")
            new.mkdir()
            try:
                yield Staging(output, new)
            finally:
                recover(output)
    except OSError as error:
        raise BuildError(f"{error.filename or output}: {error.strerror or error}") from error


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    """Another build of the same site waits, or is waited for; the system frees the lock of one that was killed."""
    try:
        import fcntl
    except ImportError:  # Windows: a second build fails at the folder that the first one has open
        yield
        return
    lock = os.open(output.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _walk(folder: str) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Each folder, the outer ones first, with the paths and inodes of all in it that is no folder. ``os.walk`` gives no
    inodes. Raises ``OSError``."""
    with os.scandir(folder) as found:
        entries = list(found)
    yield folder, [(one.path, one.inode()) for one in entries if not one.is_dir(follow_symlinks=False)]
    for one in entries:
        if one.is_dir(follow_symlinks=False):
            yield from _walk(one.path)


def _find_spare(output: Path) -> Path | None:
    """Where the site waits that a build into this folder has replaced."""
    spares = private_folder(cache_folder(), "sites")
    return spares / sha256(os.fsencode(output.resolve())).hexdigest() if spares else None


def _keep_spare(old: Path, output: Path) -> None:
    """Another file system cannot take it; it is removed then."""
    spare = _find_spare(output)
    if spare is None:
        return
    with suppress(OSError):
        shutil.rmtree(spare, ignore_errors=True)
        old.rename(spare)
        os.utime(spare)
        ordered = sorted(spare.parent.iterdir(), key=lambda path: path.lstat().st_mtime_ns, reverse=True)
        for path in ordered[_SPARES:]:
            shutil.rmtree(path, ignore_errors=True)


def _swap(new: Path, output: Path) -> bool:
    """Whether the old site is where the new one was.

    Where the system can exchange two folders, there is a whole site at every moment; elsewhere, between two renames,
    there is none, and ``recover`` brings the old one back if we are killed then."""
    if not output.exists():
        new.rename(output)
        return False
    if _exchange(new, output):
        return True
    output.rename(_beside(output, _OLD))
    new.rename(output)
    return False


_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def _exchange(new: Path, output: Path) -> bool:
    """Exchange two folders in one step: ``renameat2`` of Linux 3.15, ``renamex_np`` of macOS 10.12."""
    here, there = os.fsencode(new), os.fsencode(output)
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            failed = system.renameat2(_AT_FDCWD, here, _AT_FDCWD, there, _RENAME_EXCHANGE)
        elif sys.platform == "darwin":
            failed = system.renamex_np(here, there, _RENAME_SWAP)
        else:
            return False
    except (AttributeError, OSError, TypeError):
        return False
    if failed and ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(output))
    return not failed


def recover(output: Path) -> None:
    """Finish what a killed build left: the old site comes back if no new one had taken its place."""
    old = _beside(output, _OLD)
    if old.exists() and not output.exists():
        with suppress(OSError):
            old.rename(output)
    for left in (old, *output.parent.glob(f"{glob.escape(f'.{output.name}{_NEW}')}-*")):
        shutil.rmtree(left, ignore_errors=True)


def _beside(output: Path, suffix: str) -> Path:
    return output.with_name(f".{output.name}{suffix}")


def _refuse_foreign(output: Path) -> None:
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise BuildError(f"{output}: not a folder")
    if output.is_dir() and any(output.iterdir()) and not (output / MARKER).is_file():
        raise BuildError(f"{output}: has files that nbblog did not make; name another folder as `output`")

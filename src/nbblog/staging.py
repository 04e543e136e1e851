"""A site is written whole beside the old one, and takes its place by a rename: readers see the one or the other.

Only a folder that carries our marker, an empty one, or none at all is ever replaced.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from .core.errors import BuildError

MARKER = ".nbblog-site.json"
"""Says that a folder or a branch is ours, and which files in it are."""
_NEW, _OLD = ".nbblog-new", ".nbblog-old"


def replace_site(output: Path, files: Mapping[str, bytes], version: str) -> str:
    """Put ``files`` (by site path) where ``output`` is, with the marker that names them; returns the deploy id.

    Raises ``BuildError`` for a folder that is not ours, and for what the system refuses; the old site stays then."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BuildError(f"{output.parent}: {error.strerror}") from error
    with _alone(output):
        return _replace(output, files, version)


def _replace(output: Path, files: Mapping[str, bytes], version: str) -> str:
    new, old = _beside(output, _NEW), _beside(output, _OLD)
    try:
        recover(output)
        _refuse_foreign(output)
        marker, deploy = _build_marker(files, version)
        shutil.rmtree(new, ignore_errors=True)
        _write_all(new, {**files, MARKER: marker})
        if output.exists():
            output.rename(old)
        new.rename(output)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        recover(output)
        shutil.rmtree(new, ignore_errors=True)
        raise BuildError(f"{error.filename or output}: {error.strerror or error}") from error
    return deploy


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    """Another build of the same site waits, or is waited for; the system frees the lock of one that was killed."""
    try:
        import fcntl
    except ImportError:  # Windows: a second build fails at the folder that the first one has open
        yield
        return
    try:
        lock = os.open(output.parent, os.O_RDONLY)
    except OSError as error:
        raise BuildError(f"{output.parent}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def recover(output: Path) -> None:
    """Finish what a killed build left: the old site comes back if no new one had taken its place."""
    old = _beside(output, _OLD)
    if old.exists() and not output.exists():
        old.rename(output)
    elif old.exists():
        shutil.rmtree(old, ignore_errors=True)


def _beside(output: Path, suffix: str) -> Path:
    return output.with_name(f".{output.name}{suffix}")


def _refuse_foreign(output: Path) -> None:
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise BuildError(f"{output}: not a folder")
    if output.is_dir() and any(output.iterdir()) and not (output / MARKER).is_file():
        raise BuildError(f"{output}: has files that nbblog did not make; name another folder as `output`")


def _build_marker(files: Mapping[str, bytes], version: str) -> tuple[bytes, str]:
    digests = {path: sha256(files[path]).hexdigest() for path in sorted(files)}
    deploy = sha256(json.dumps(digests).encode()).hexdigest()[:20]
    return json.dumps({"nbblog": version, "deploy": deploy, "files": digests}, indent=0).encode(), deploy


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
    if hasattr(os, "sync"):
        os.sync()

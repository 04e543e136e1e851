"""Odd states in which an author's repository can be when it is published from, and all that can be seen of one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_NAMED = (
    *("-c", "user.name=Ada", "-c", "user.email=ada@example.org"),
    *("-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"),
)


def git(folder: Path, *words: str) -> str:
    """What git prints. Raises ``CalledProcessError``."""
    command = ["git", *_NAMED, *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def read_state(author: Path, folder: Path) -> dict[str, object]:
    """Every byte, mode, link and time of change below ``author``, and what git says of ``folder`` in it."""
    seen: dict[str, object] = {}
    for path in sorted(author.rglob("*")):
        status = path.lstat()
        content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        seen[str(path.relative_to(author))] = (status.st_mode, status.st_mtime_ns, content)
    for words in (
        ("status", "--porcelain=v2", "--branch", "--ignored", "--show-stash"),
        *(("rev-parse", "HEAD"), ("symbolic-ref", "HEAD"), ("stash", "list")),
        *(("ls-files", "--stage", "--sparse", "--debug"), ("for-each-ref",)),
        *(("config", "--list", "--show-origin"), ("worktree", "list")),
    ):
        # Without optional locks git only looks.
        done = subprocess.run(["git", "--no-optional-locks", *words], cwd=folder, capture_output=True)
        seen[" ".join(words)] = (done.returncode, done.stdout)
    return seen


def _start(folder: Path, *options: str) -> Path:
    """A blog with two commits, on ``main``."""
    git(folder.parent, "init", "-q", "-b", "main", *options, folder.name)
    for text in ("one", "two"):
        (folder / "post").write_text(text, "utf-8")
        git(folder, "add", "post")
        git(folder, "commit", "-q", "-m", text)
    return folder


def _dirty(author: Path) -> Path:
    folder = _start(author / "blog")
    for name, text in (("post", "stashed"), ("post", "staged"), ("new", "staged")):
        (folder / name).write_text(text, "utf-8")
        git(folder, "add", name)
        if text == "stashed":
            git(folder, "stash", "push", "-q")
    (folder / "post").write_text("changed", "utf-8")
    (folder / "untracked").write_text("untracked", "utf-8")
    return folder


def _detached(author: Path) -> Path:
    folder = _start(author / "blog")
    git(folder, "checkout", "-q", "--detach", "HEAD^")
    return folder


def _unborn(author: Path) -> Path:
    git(author, "init", "-q", "-b", "main", "blog")
    return author / "blog"


def _fork(author: Path) -> Path:
    """Two branches that cannot be brought together."""
    folder = _start(author / "blog")
    git(folder, "checkout", "-q", "-b", "other", "HEAD^")
    (folder / "post").write_text("three", "utf-8")
    git(folder, "commit", "-q", "-a", "-m", "three")
    return folder


def _stop(*words: str) -> Callable[[Path], Path]:
    def make(author: Path) -> Path:
        folder = _fork(author)
        with suppress(subprocess.CalledProcessError):
            git(folder, *words)
        assert git(folder, "ls-files", "--unmerged")
        return folder

    return make


def _bisecting(author: Path) -> Path:
    folder = _start(author / "blog")
    git(folder, "bisect", "start", "HEAD", "HEAD^")
    return folder


def _site_checked_out(author: Path) -> Path:
    folder = _start(author / "blog")
    git(folder, "checkout", "-q", "-b", "gh-pages")
    (folder / "post").write_text("changed", "utf-8")
    return folder


def _linked(author: Path) -> Path:
    folder = _start(author / "blog")
    git(folder, "worktree", "add", "-q", "-b", "gh-pages", "../linked")
    return author / "linked"


def _submodule(author: Path) -> Path:
    _start(author / "module")
    above = _start(author / "above")
    git(above, "submodule", "--quiet", "add", "../module", "blog")
    return above / "blog"


def _with_submodule(author: Path) -> Path:
    return _submodule(author).parent


def _shallow(author: Path) -> Path:
    folder = _start(author / "whole")
    git(author, "clone", "-q", "--depth=1", folder.as_uri(), "blog")
    return author / "blog"


def _partial(author: Path) -> Path:
    folder = _start(author / "whole")
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(author, "clone", "-q", "--filter=blob:none", "--no-checkout", folder.as_uri(), "blog")
    return author / "blog"


def _separate(author: Path) -> Path:
    return _start(author / "blog", f"--separate-git-dir={author / 'git'}")


def _sparse(author: Path) -> Path:
    folder = _start(author / "blog")
    for name in ("in", "out"):
        (folder / name).mkdir()
        (folder / name / "file").write_text(name, "utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "folders")
    git(folder, "sparse-checkout", "set", "--sparse-index", "in")
    return folder


def _sha256(author: Path) -> Path:
    return _start(author / "blog", "--object-format=sha256")


def _locked(author: Path) -> Path:
    """As while another git is at work, or after one that was killed."""
    folder = _start(author / "blog")
    for name in ("index.lock", "HEAD.lock", "config.lock", "packed-refs.lock", "refs/heads/gh-pages.lock"):
        (folder / ".git" / name).touch()
    return folder


def _read_only(author: Path) -> Path:
    """Nothing of it may be written."""
    return _start(author / "blog")


def _damaged(author: Path) -> Path:
    """Its index and its newest commit are lost; a site is none of its objects."""
    folder = _start(author / "blog")
    (folder / ".git" / "index").write_bytes(b"DIRC")
    name = git(folder, "rev-parse", "HEAD").strip()
    lost = folder / ".git" / "objects" / name[:2] / name[2:]
    lost.chmod(0o644)
    lost.write_bytes(b"")
    return folder


STATES: dict[str, Callable[[Path], Path]] = {
    "dirty": _dirty,
    "detached": _detached,
    "unborn": _unborn,
    "mid-rebase": _stop("rebase", "main"),
    "mid-merge": _stop("merge", "main"),
    "mid-cherry-pick": _stop("cherry-pick", "main"),
    "mid-bisect": _bisecting,
    "gh-pages checked out": _site_checked_out,
    "linked worktree": _linked,
    "submodule": _submodule,
    "with a submodule": _with_submodule,
    "shallow clone": _shallow,
    "partial clone": _partial,
    "separate git dir": _separate,
    "sparse checkout": _sparse,
    "sha256": _sha256,
    "locked": _locked,
    "read-only": _read_only,
    "damaged": _damaged,
}
"""By name: makes the repository below a folder, and gives the folder from which it is published."""


def set_remote(folder: Path, address: str) -> None:
    """Name the remote as an author does, whatever the state: a lock on the settings is put back afterwards."""
    lock = Path(folder, git(folder, "rev-parse", "--git-common-dir").strip(), "config.lock")
    was_locked = lock.exists()
    lock.unlink(missing_ok=True)
    git(folder, "config", "remote.origin.url", address)
    if was_locked:
        lock.touch()


def protect(author: Path) -> Callable[[], None]:
    """Take the right to write away from every git folder below; what gives it back."""
    paths = [path for path in author.rglob("*") if ".git" in path.relative_to(author).parts and not path.is_symlink()]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(modes[path] & ~0o222)

    def restore() -> None:
        for path in paths:
            path.chmod(modes[path])

    return restore

"""A finished site becomes the commit of a branch: made in a folder of its own, pushed without force.

The author's repository is only read, so its HEAD, index, work tree and stash stay as they are in whatever state it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from .core.errors import FileRefused, PublishError
from .core.secrets import find_secrets
from .files import folder_reader, parse_notebook
from .git import Git, Setting, author_git, mask_login, publishing_git, read_settings
from .staging import MARKER

_TRIES = 10
_SCRATCH = "nbblog-publish-"
_ADDRESS = re.compile(r"(?:https?|ssh|file)://|/|\.\.?/|[\w.-]+@[\w.-]+:")
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f\\\"]|(?:^|/)(?:\.\.?)?(?:/|\Z)|(?:^|/)\.(?!nbblog-site\.json\Z|nojekyll\Z)|(?i:git~\d)"
)


@dataclass(frozen=True, slots=True)
class Published:
    """What a publishing changed; site paths in order."""

    target: str
    """The remote's address, without a password."""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    commit: str | None
    """``None`` if nothing changed, or only what would change was asked."""


@dataclass(frozen=True, slots=True)
class _Tip:
    commit: str | None
    blobs: Mapping[str, str]
    """Each file's mode and object by its path."""
    listed: frozenset[str]
    """The files that its marker names."""


def publish_site(
    site: Path, repository: Path, *, branch: str = "gh-pages", remote: str = "origin", dry_run: bool = False,
    adopt: bool = False, allow_secrets: bool = False,
) -> Published:  # fmt: skip
    """Put the files that a build made in ``site`` on the branch of the repository's remote.

    A branch that no publishing made is refused unless ``adopt``; then its files go. Notebooks with passwords or tokens
    are refused unless ``allow_secrets``. Raises ``PublishError``."""
    _check_branch(branch)
    files = _read_site(site)
    if not allow_secrets:
        _refuse_secrets(files)
    settings, address = _read_repository(repository, remote)
    _sweep()
    with TemporaryDirectory(prefix=_SCRATCH) as scratch:
        git = publishing_git(Path(scratch), settings)
        git.run("init", "--quiet", "--bare", "--template=", scratch)
        for attempt in range(_TRIES):
            tip = _fetch(git, address, branch, adopt)
            done = _compare(files, tip, mask_login(address))
            if dry_run or not (done.added or done.changed or done.removed):
                return done
            commit = _commit(git, files, done, tip, settings)
            if _push(git, address, branch, commit, tip):
                return Published(done.target, done.added, done.changed, done.removed, commit)
            time.sleep(0.05 * attempt)
    raise PublishError(f"others keep publishing to {branch}: try again")


def roll_back(repository: Path, *, branch: str = "gh-pages", remote: str = "origin") -> str:
    """Put the site before the last publishing on the branch again, as a new commit; that commit. Twice: as it was.

    Raises ``PublishError``, also if the branch has moved meanwhile or has no earlier site."""
    _check_branch(branch)
    settings, address = _read_repository(repository, remote)
    _sweep()
    with TemporaryDirectory(prefix=_SCRATCH) as scratch:
        git = publishing_git(Path(scratch), settings)
        git.run("init", "--quiet", "--bare", "--template=", scratch)
        tip = _fetch(git, address, branch, False, depth=2)
        try:
            tree = git.run("rev-parse", "--verify", f"{tip.commit}^^{{tree}}").decode().strip()
            _listed(git.run("cat-file", "blob", f"{tree}:{MARKER}"))
        except (PublishError, ValueError):
            raise PublishError(f"{branch} has no earlier site to go back to") from None
        head = f"committer {_name_author(settings)} {int(time.time())} +0000\ndata 12\nRolled back.\n"
        stream = f"feature done\ncommit refs/nbblog/new\n{head}from {tip.commit}\nM 040000 {tree} \ndone\n"
        git.run("fast-import", "--quiet", "--force", given=stream.encode())
        commit = git.run("rev-parse", "--verify", "refs/nbblog/new").decode().strip()
        if not _push(git, address, branch, commit, tip):
            raise PublishError(f"{branch} has moved meanwhile: look at it before you roll back")
    return commit


def _check_branch(branch: str) -> None:
    if branch in ("main", "master") or not re.fullmatch(r"\w[\w./-]*", branch):
        raise PublishError(f"`{branch}` cannot be published to: name a branch for the site alone, such as gh-pages")


def _read_repository(repository: Path, remote: str) -> tuple[list[Setting], str]:
    """The settings that hold in the author's repository, and the address of its remote."""
    author = author_git(repository)
    settings = read_settings(author)
    top = Path(os.fsdecode(author.run("rev-parse", "--show-toplevel").removesuffix(b"\n")))
    return settings, _find_address(settings, top, remote)


def _sweep() -> None:
    """Take away what a killed publishing left: our own folders that nothing has changed for a day."""
    for left in Path(gettempdir()).glob(f"{_SCRATCH}*"):
        with suppress(OSError):
            status = left.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_mtime < time.time() - 86_400:
                shutil.rmtree(left, ignore_errors=True)


def _read_site(site: Path) -> dict[str, bytes]:
    """The files that the marker names, each as the build made it, and the marker. No link is followed."""
    read = folder_reader(site)
    try:
        raw = read(MARKER)
        listed = _listed(raw)
    except (FileRefused, ValueError):
        raise PublishError(f"{site}: not a site that `nbblog build` made") from None
    files = {MARKER: raw}
    for path, digest in listed.items():
        if _UNSAFE.search(path):
            raise PublishError(f"{site}: {path!r} is no name for a published file")
        try:
            files[path] = read(path.replace("%", "%25").replace("?", "%3F").replace("#", "%23"))
        except FileRefused as error:
            raise PublishError(f"{site / path}: {error.reason}") from None
        if hashlib.sha256(files[path]).hexdigest() != digest:
            raise PublishError(f"{site / path}: changed since the build; build again")
    return files


def _refuse_secrets(files: Mapping[str, bytes]) -> None:
    """Only certain ones stop a publishing; where they stand is said, and not what they are."""
    # Posts first: a list only repeats what stands in one of them.
    for path in sorted(files, key=lambda path: (not path.startswith("posts/"), path)):
        found = [secret for secret in find_secrets(_as_notebook(path, files[path])) if secret.strict]
        if found:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            raise PublishError(f"{path}, {found[0]}{more}; take it out of the notebook, and withdraw it")


def _as_notebook(path: str, content: bytes) -> Mapping[str, Any]:
    """What readers get of the file: a page or a text stands as the one cell of a notebook."""
    if path.endswith(".ipynb"):
        return parse_notebook(content, path)
    is_text = path.endswith((".html", ".md", ".xml", ".txt", ".csv"))
    text = re.sub(r"<style>.*?</style>", "", content.decode("utf-8", "replace"), flags=re.DOTALL) if is_text else ""
    return {"nbformat": 4, "cells": [{"cell_type": "markdown", "source": text}]}


def _listed(raw: bytes) -> dict[str, str]:
    marker = json.loads(raw)
    files = marker.get("files") if isinstance(marker, dict) else None
    if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
        raise ValueError("not a marker")
    return files


def _find_address(settings: list[Setting], repository: Path, remote: str) -> str:
    values = {line.key: line.value for line in settings}
    address = values.get(f"remote.{remote}.pushurl") or values.get(f"remote.{remote}.url")
    if not address:
        raise PublishError(f"{repository}: git knows no remote `{remote}`; `git remote add {remote} URL` names one")
    if not _ADDRESS.match(address):
        raise PublishError(f"{mask_login(address)}: only https, ssh and file addresses are published to")
    path = Path(address.removeprefix("file://"))
    if not address.startswith(("/", ".", "file://")):
        return address
    place = (repository / path).resolve()
    if place.is_relative_to(repository.resolve()):
        raise PublishError(f"{place}: the remote is inside the blog's own folder")
    return str(place)


def _fetch(git: Git, address: str, branch: str, adopt: bool, *, depth: int = 1) -> _Tip:
    """The branch as the remote has it. Raises ``PublishError`` if it is not ours to change."""
    ref = f"refs/heads/{branch}"
    if not git.run("ls-remote", "--end-of-options", address, ref).strip():
        return _Tip(None, {}, frozenset())
    refs = f"+{ref}:refs/nbblog/tip"
    git.run("fetch", "--quiet", f"--depth={depth}", "--no-tags", "--end-of-options", address, refs)
    commit = git.run("rev-parse", "--verify", "refs/nbblog/tip").decode().strip()
    blobs = {}
    listing = git.run("ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape")
    for line in listing.split("\0")[:-1]:
        about, _, path = line.partition("\t")
        mode, _, name = about.split()
        blobs[path] = f"{mode} {name}"
    try:
        listed = frozenset(_listed(git.run("cat-file", "blob", f"{commit}:{MARKER}"))) | {MARKER}
    except (PublishError, ValueError):
        if git.run("ls-remote", "--symref", "--end-of-options", address, "HEAD").startswith(f"ref: {ref}\t".encode()):
            raise PublishError(f"{branch} is the remote's main branch: name a branch for the site alone") from None
        if not adopt:
            raise PublishError(f"the branch {branch} holds something else; --adopt replaces it") from None
        listed = frozenset(blobs) - {"CNAME"}
    return _Tip(commit, blobs, listed)


def _compare(files: Mapping[str, bytes], tip: _Tip, target: str) -> Published:
    """What the branch lacks, has otherwise, and has too much. Files that no marker names stay."""
    digest = "sha256" if any(len(blob) > 60 for blob in tip.blobs.values()) else "sha1"
    blobs = {}
    for path, content in files.items():
        name = hashlib.new(digest, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        blobs[path] = f"100644 {name}"
    added = tuple(sorted(blobs.keys() - tip.blobs.keys()))
    changed = tuple(sorted(path for path, blob in blobs.items() if tip.blobs.get(path, blob) != blob))
    removed = tuple(sorted((tip.listed & tip.blobs.keys()) - blobs.keys()))
    return Published(target, added, changed, removed, None)


def _commit(git: Git, files: Mapping[str, bytes], done: Published, tip: _Tip, settings: list[Setting]) -> str:
    """The commit on top of the tip, by ``git fast-import``: bytes as they are, without filters."""
    head = f"feature done\ncommit refs/nbblog/new\ncommitter {_name_author(settings)} {int(time.time())} +0000\n"
    stream = [head.encode()]
    stream.append(b"data 22\nPublished with nbblog.\n")
    if tip.commit:
        stream.append(f"from {tip.commit}\n".encode())
    stream += [b'D "%s"\n' % path.encode("utf-8", "surrogateescape") for path in done.removed]
    for path in (*done.added, *done.changed):
        stream.append(b'M 100644 inline "%s"\ndata %d\n%s\n' % (path.encode(), len(files[path]), files[path]))
    git.run("fast-import", "--quiet", "--force", given=b"".join([*stream, b"done\n"]))
    return git.run("rev-parse", "--verify", "refs/nbblog/new").decode().strip()


def _name_author(settings: list[Setting]) -> str:
    values = {line.key: re.sub(r"[<>\n]", "", line.value) for line in settings}
    return f"{values.get('user.name') or 'nbblog'} <{values.get('user.email') or 'nbblog@localhost'}>"


def _push(git: Git, address: str, branch: str, commit: str, tip: _Tip) -> bool:
    """Whether the branch is at the commit now; ``False`` if it has moved meanwhile."""
    ref = f"refs/heads/{branch}"
    try:
        git.run("push", "--quiet", "--no-verify", "--end-of-options", address, f"{commit}:{ref}", seconds=3600)
    except PublishError as error:
        now = git.run("ls-remote", "--end-of-options", address, ref).decode().partition("\t")[0]
        if now != commit and now == (tip.commit or "") and not re.search(r"rejected\]|lock", str(error)):
            raise
        return now == commit
    return True

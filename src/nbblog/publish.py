"""A finished site becomes the commit of a branch: made in a folder of its own, pushed without force.

The author's repository is only read, so its HEAD, index, work tree and stash stay as they are in whatever state it is.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile

from .core.errors import PublishError
from .git import REMOTE, Git, Setting, author_git, mask_login, names_own_login, publishing_git, read_settings
from .scratch import open_scratch
from .sitefiles import SiteFiles, read_marker, read_site
from .staging import MARKER

_TRIES = 10
_ADDRESS = re.compile(r"(?:https?|ssh|file)://|/|\.\.?/|[\w.-]+@[\w.-]+:")


@dataclass(frozen=True, slots=True)
class Published:
    """What a publishing changed; site paths in order."""

    target: str
    """The remote's address, without a password."""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    commit: str | None = None
    """``None`` if nothing changed, or only what would change was asked."""
    domain: str = ""
    """The site's own host name, as the branch has it then."""


@dataclass(frozen=True, slots=True)
class _Remote:
    """The remote from a folder of ours."""

    git: Git
    address: str
    branch: str
    settings: list[Setting]
    """Those that hold in the author's repository."""

    @property
    def ref(self) -> str:
        return f"refs/heads/{self.branch}"


@dataclass(frozen=True, slots=True)
class _Tip:
    commit: str | None
    blobs: Mapping[str, str]
    """Each file's mode and object by its path."""
    listed: frozenset[str]
    """The files that its marker names."""
    domain: str = ""
    """What its ``CNAME`` says."""


def publish_site(
    site: Path, repository: Path, *, branch: str = "gh-pages", remote: str = "origin", dry_run: bool = False,
    adopt: bool = False, allow_secrets: bool = False,
) -> Published:  # fmt: skip
    """Put the files that a build made in ``site`` on the branch of the repository's remote.

    A branch that no publishing made is refused unless ``adopt``; then its files go. Pages and notebooks with passwords
    or tokens are refused unless ``allow_secrets``. Raises ``PublishError``."""
    _check_branch(branch)
    files = read_site(site, allow_secrets=allow_secrets)
    with _open_remote(repository, remote, branch) as there:
        for attempt in range(_TRIES):
            tip = _fetch(there, adopt)
            done = _compare(files, tip, mask_login(there.address))
            if dry_run or not (done.added or done.changed or done.removed):
                return done
            commit = _commit(there, files, done, tip)
            try:
                if _push(there, commit, tip):
                    return replace(done, commit=commit)
            except _OtherFormat:
                there = _enter(there, "sha256")
            time.sleep(0.05 * attempt)
    raise PublishError(f"others keep publishing to {branch}: try again")


def roll_back(repository: Path, *, branch: str = "gh-pages", remote: str = "origin") -> str:
    """Put the site before the last publishing on the branch again, as a new commit; that commit. Twice: as it was.

    Raises ``PublishError``, also if the branch has moved meanwhile or has no earlier site."""
    _check_branch(branch)
    with _open_remote(repository, remote, branch) as there:
        tip, earlier = _find_earlier(there)
        commit = _import(there, "Rolled back.", tip, _restore(there, tip, earlier))
        if not _push(there, commit, tip):
            raise PublishError(f"{branch} has moved meanwhile: look at it before you roll back")
    return commit


def _check_branch(branch: str) -> None:
    if branch in ("main", "master") or not re.fullmatch(r"\w[\w./-]*", branch):
        raise PublishError(f"`{branch}` cannot be published to: name a branch for the site alone, such as gh-pages")


# --- The remote -----------------------------------------------------------------------------------------------------


@contextmanager
def _open_remote(repository: Path, remote: str, branch: str) -> Iterator[_Remote]:
    """The remote of the author's repository, from a folder that is taken away again."""
    author = author_git(repository)
    settings = read_settings(author)
    top = Path(os.fsdecode(author.run("rev-parse", "--show-toplevel").removesuffix(b"\n")))
    address = _find_address(author, settings, top, remote)
    with open_scratch() as scratch:
        there = _Remote(publishing_git(scratch, settings, address), address, branch, settings)
        names = [line.split()[0] for line in _list_tips(there).splitlines() if not line.startswith("ref:")]
        # An empty remote does not say which format it has; nearly all have this one.
        yield _enter(there, "sha256" if names and len(names[0]) == 64 else "sha1")


def _enter(there: _Remote, kind: str) -> _Remote:
    """The remote from a new folder, of the object format ``kind``, beside or in the present one."""
    folder = there.git.folder / kind
    there.git.run("init", "--quiet", "--bare", "--template=", f"--object-format={kind}", str(folder))
    return replace(there, git=publishing_git(folder, there.settings, there.address))


def _find_address(author: Git, settings: list[Setting], top: Path, remote: str) -> str:
    """Where the remote is, after the author's own abbreviations (``url.….insteadOf``)."""
    if not {f"remote.{remote}.url", f"remote.{remote}.pushurl"} & {line.key for line in settings}:
        raise PublishError(f"{top}: git knows no remote `{remote}`; `git remote add {remote} URL` names one")
    address = os.fsdecode(author.run("remote", "get-url", "--push", "--", remote).removesuffix(b"\n"))
    if not _ADDRESS.match(address) or "\n" in address:
        raise PublishError(f"{mask_login(address)}: only https, ssh and file addresses are published to")
    path = Path(address.removeprefix("file://"))
    if not address.startswith(("/", ".", "file://")):
        return address
    place = (top / path).resolve()
    if place.is_relative_to(top.resolve()):
        raise PublishError(f"{place}: the remote is inside the blog's own folder")
    return str(place)


def _list_tips(there: _Remote) -> str:
    """What git says of the remote's main branch and of ours."""
    try:
        return there.git.run("ls-remote", "--symref", REMOTE, "HEAD", there.ref).decode("utf-8", "replace")
    except PublishError as error:
        own = "; the login that the repository's own settings name is not used" * names_own_login(there.settings)
        raise PublishError(f"{error}{own}") from None


def _find_tip(there: _Remote) -> str | None:
    for line in _list_tips(there).splitlines():
        name, _, ref = line.partition("\t")
        if ref == there.ref and not name.startswith("ref:"):
            return name
    return None


def _fetch(there: _Remote, adopt: bool, *, depth: int = 1) -> _Tip:
    """The branch as the remote has it, without what its files hold. Raises ``PublishError`` if it is not ours."""
    git = there.git
    if not _find_tip(there):
        return _Tip(None, {}, frozenset())
    refs = f"+{there.ref}:refs/nbblog/tip"
    git.run("fetch", "--quiet", f"--depth={depth}", "--filter=blob:none", "--no-tags", REMOTE, refs)
    commit = git.run("rev-parse", "--verify", "refs/nbblog/tip").decode().strip()
    tip = _read_commit(git, commit)
    if tip.listed:
        return tip
    _refuse_foreign(there, adopt)
    return replace(tip, listed=frozenset(tip.blobs) - {"CNAME"})


def _read_commit(git: Git, commit: str) -> _Tip:
    """Nothing is listed in it if no publishing made it."""
    blobs = {}
    listing = git.run("ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape")
    for line in listing.split("\0")[:-1]:
        about, _, path = line.partition("\t")
        mode, _, name = about.split()
        blobs[path] = f"{mode} {name}"
    domain = git.run("cat-file", "blob", f"{commit}:CNAME") if "CNAME" in blobs else b""
    try:
        listed = frozenset(read_marker(git.run("cat-file", "blob", f"{commit}:{MARKER}"))) | {MARKER}
    except (PublishError, ValueError):
        listed = frozenset()
    return _Tip(commit, blobs, listed, _host_name(domain))


def _find_earlier(there: _Remote) -> tuple[_Tip, _Tip]:
    """The branch as it is, and as it was when it last had another site: the newest commits may be of others, who put
    a domain there, say. Raises ``PublishError`` if it never had."""
    for depth in (2, 20, 200, 2000):
        tip = _fetch(there, False, depth=depth)
        if not tip.commit:
            break
        commits = there.git.run("rev-list", "--first-parent", tip.commit).decode().split()
        for commit in commits[1:]:
            earlier = _read_commit(there.git, commit)
            if earlier.listed and earlier.blobs[MARKER] != tip.blobs[MARKER]:
                return tip, earlier
        if len(commits) < depth:
            break
    raise PublishError(f"{there.branch} has no earlier site to go back to")


def _refuse_foreign(there: _Remote, adopt: bool) -> None:
    if _list_tips(there).startswith(f"ref: {there.ref}\t"):
        raise PublishError(f"{there.branch} is the remote's main branch: name a branch for the site alone")
    if not adopt:
        raise PublishError(f"the branch {there.branch} holds something else; --adopt replaces it")


def _host_name(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace").strip()
    return text if re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", text) else ""


# --- The commit -----------------------------------------------------------------------------------------------------


def _compare(files: SiteFiles, tip: _Tip, target: str) -> Published:
    """What the branch lacks, has otherwise, and has too much. Files that no marker names stay: a ``CNAME`` that
    GitHub's settings put there, say."""
    kind = "sha256" if any(len(blob) > 60 for blob in tip.blobs.values()) else "sha1"
    blobs = {path: f"100644 {file.blobs[kind]}" for path, file in files.files.items()}
    added = tuple(sorted(blobs.keys() - tip.blobs.keys()))
    changed = tuple(sorted(path for path, blob in blobs.items() if tip.blobs.get(path, blob) != blob))
    removed = tuple(sorted((tip.listed & tip.blobs.keys()) - blobs.keys()))
    domain = _host_name(files.read("CNAME")) if "CNAME" in blobs else "" if "CNAME" in removed else tip.domain
    return Published(target, added, changed, removed, None, domain)


def _commit(there: _Remote, files: SiteFiles, done: Published, tip: _Tip) -> str:
    """The commit on top of the tip: bytes as they are, without filters."""

    def write() -> Iterator[bytes]:
        for path in done.removed:
            yield b"D %s\n" % _quote(path)
        for path in (*done.added, *done.changed):
            content = files.read(path)
            yield b"M 100644 inline %s\ndata %d\n" % (_quote(path), len(content))
            yield content
            yield b"\n"

    return _import(there, "Published with nbblog.", tip, write())


def _restore(there: _Remote, tip: _Tip, earlier: _Tip) -> Iterator[bytes]:
    """The earlier site's files, and beside them what is beside the site now."""
    tree = there.git.run("rev-parse", "--verify", f"{earlier.commit}^{{tree}}").strip()
    yield b"M 040000 %s \n" % tree
    beside = tip.blobs.keys() - tip.listed - earlier.listed
    for path in sorted(earlier.blobs.keys() - earlier.listed - beside):
        yield b"D %s\n" % _quote(path)
    for path in sorted(beside):
        mode, _, name = tip.blobs[path].partition(" ")
        yield b"M %s %s %s\n" % (mode.encode(), name.encode(), _quote(path))


def _import(there: _Remote, message: str, tip: _Tip, changes: Iterator[bytes]) -> str:
    """The commit that ``git fast-import`` makes of the changes."""
    head = f"feature done\ncommit refs/nbblog/new\ncommitter {_name_author(there.settings)} {int(time.time())} +0000\n"
    head += f"data {len(message)}\n{message}\n" + (f"from {tip.commit}\n" if tip.commit else "")
    try:
        with TemporaryFile(dir=there.git.folder) as stream:
            stream.write(head.encode())
            stream.writelines(changes)
            stream.write(b"done\n")
            stream.seek(0)
            there.git.run("fast-import", "--quiet", "--force", given=stream)
    except OSError as error:
        raise PublishError(f"{there.git.folder}: {error.strerror}") from None
    return there.git.run("rev-parse", "--verify", "refs/nbblog/new").decode().strip()


def _quote(path: str) -> bytes:
    """The path between quotes as fast-import reads it; a branch may hold any name."""
    raw = path.encode("utf-8", "surrogateescape")
    return b'"%s"' % raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")


def _name_author(settings: list[Setting]) -> str:
    values = {line.key: re.sub(r"[<>\n]", "", line.value) for line in settings}
    return f"{values.get('user.name') or 'nbblog'} <{values.get('user.email') or 'nbblog@localhost'}>"


_MOVED = re.compile(r"\[rejected\]|cannot lock|unable to lock|\.lock\b|failed to update ref")
"""What git says of a branch that another is just moving; a remote whose hook refuses says ``[remote rejected]``."""


_FORMAT = "does not support this repository's hash algorithm"


class _OtherFormat(Exception):
    """The remote, so far empty, wants objects of the other format."""


def _push(there: _Remote, commit: str, tip: _Tip) -> bool:
    """Whether the branch is at the commit now; ``False`` if it has moved meanwhile. Raises ``_OtherFormat``."""
    try:
        there.git.run("push", "--quiet", "--no-verify", "--no-thin", REMOTE, f"{commit}:{there.ref}", seconds=3600)
    except PublishError as error:
        if _FORMAT in str(error) and not tip.commit and len(commit) == 40:
            raise _OtherFormat from None
        now = _find_tip(there)
        if now != commit and now == tip.commit and not _MOVED.search(str(error)):
            raise
        return now == commit
    return True

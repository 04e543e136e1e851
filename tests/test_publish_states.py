"""Publishing under odd circumstances: whatever state the author's repository is in, with others at the same time, when
it is killed or the disk is full, with settings that would run something. Over file and over HTTP."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest
from author_states import STATES, git, protect, read_state, set_remote
from git_server import GitServer
from test_publish import PAGES, write_site

from nbblog.core.errors import PublishError
from nbblog.publish import publish_site, roll_back

PROGRAM = """
import sys
from pathlib import Path
from nbblog.core.errors import PublishError
from nbblog.publish import publish_site
for line in sys.stdin:
    try:
        print(publish_site(Path(line.strip()), Path(sys.argv[1])).commit, flush=True)
    except PublishError as error:
        print(error, flush=True)
"""
"""Publishes each site that it is told of; says the commit, or why there is none."""


@dataclass(frozen=True)
class Remote:
    """A bare repository, and how it is reached."""

    folder: Path
    address: str

    def read(self, revision: str = "gh-pages") -> dict[str, bytes]:
        """All files of a branch or commit."""
        packed = subprocess.run(["git", "archive", revision], cwd=self.folder, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            files = [member for member in archive.getmembers() if member.isfile()]
            return {member.name: archive.extractfile(member).read() for member in files}  # type: ignore[union-attr]


@pytest.fixture(params=["file", "http"])
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    """An empty one."""
    folder = tmp_path / "remotes" / "remote.git"
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "--bare")
    if request.param == "file":
        yield Remote(folder, folder.as_uri())
        return
    git(folder, "config", "http.receivepack", "true")
    server = GitServer(folder.parent)
    yield Remote(folder, f"{server.url}/remote.git")
    server.close()


@pytest.fixture
def author(tmp_path: Path) -> Path:
    """Where an author's repositories are made."""
    (tmp_path / "author").mkdir()
    return tmp_path / "author"


def expected(site: Path) -> dict[str, bytes]:
    """All that a branch should have of a site, as ``Remote.read`` gives it."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.mark.parametrize("state", STATES)
def test_nothing_of_the_authors_repository_changes(author: Path, tmp_path: Path, remote: Remote, state: str) -> None:
    """No byte, mode or time of a file, and nothing that git says of it; the site arrives all the same."""
    folder = STATES[state](author)
    set_remote(folder, remote.address)
    sites = [write_site(tmp_path / name, {**PAGES, "index.html": name.encode()}) for name in ("first", "second")]
    restore = protect(author) if state == "read-only" else lambda: None
    before = read_state(author, folder)
    publish_site(sites[0], folder)
    publish_site(sites[1], folder)
    assert remote.read() == expected(sites[1])
    roll_back(folder)
    assert remote.read() == expected(sites[0])
    assert read_state(author, folder) == before
    restore()


@pytest.mark.parametrize("formats", [("sha1", "sha256"), ("sha256", "sha1"), ("sha256", "sha256")], ids="-".join)
def test_the_remote_has_objects_of_its_own_format(
    author: Path, tmp_path: Path, remote: Remote, formats: tuple[str, str]
) -> None:
    """Also at the first publishing, when an empty remote does not say which."""
    git(author, "init", "-q", f"--object-format={formats[0]}")
    (remote.folder / "config").unlink()
    git(remote.folder, "init", "-q", "--bare", f"--object-format={formats[1]}")
    git(remote.folder, "config", "http.receivepack", "true")
    set_remote(author, remote.address)
    for text in (b"1", b"2"):
        site = write_site(tmp_path / text.decode(), {**PAGES, "index.html": text})
        assert len(publish_site(site, author).commit or "") == {"sha1": 40, "sha256": 64}[formats[1]]
        assert remote.read() == expected(site)
    git(remote.folder, "fsck", "--strict")


@pytest.fixture
def blog(author: Path, remote: Remote) -> Path:
    """An author's repository with the remote, and something in its index."""
    git(author, "init", "-q", "-b", "main", "blog")
    (author / "blog" / "post").write_text("draft", "utf-8")
    git(author / "blog", "add", "post")
    set_remote(author / "blog", remote.address)
    return author / "blog"


def test_two_publishers_at_once_lose_nothing(blog: Path, tmp_path: Path, remote: Remote) -> None:
    """In each round two programs begin at the same moment; every commit that one of them named is on the branch, on top
    of the others, whole."""
    pages = {f"posts/{number}/index.html": b"%d" % number for number in range(5)}
    publish_site(write_site(tmp_path / "first", pages), blog)
    command = [sys.executable, "-c", PROGRAM, str(blog)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in "ab"]
    made, again = {}, 0
    for number in range(50 if remote.address.startswith("file:") else 10):
        sites = [write_site(tmp_path / f"{number}{name}", {**pages, name: b"%d" % number}) for name in "ab"]
        for running, site in zip(both, sites, strict=True):
            assert running.stdin
            running.stdin.write(f"{site}\n")
            running.stdin.flush()
        for running, site in zip(both, sites, strict=True):
            assert running.stdout
            said = running.stdout.readline().strip()
            again += "try again" in said
            if "try again" not in said:
                made[said] = site
    for running in both:
        running.communicate()
    (first, *others) = git(remote.folder, "rev-list", "--first-parent", "--reverse", "gh-pages").split()
    assert first not in made
    assert set(others) == made.keys()
    for commit in random.Random(1).sample(others, 5):
        assert remote.read(commit) == expected(made[commit])
    git(remote.folder, "fsck", "--strict")


def switch_off(running: subprocess.Popen[str]) -> None:
    """Kill it with all that it has started, as on a machine without power; the remote's side is another machine, and
    comes to its own end."""
    here, there = [psutil.Process(running.pid)], []
    for parent in here:  # it grows: whoever is stopped starts nothing more
        with suppress(psutil.NoSuchProcess):
            parent.suspend()
            for child in parent.children():
                is_remote = "receive-pack" in " ".join(child.cmdline())
                (there if is_remote else here).append(child)
    for one in here:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    running.communicate()
    while any(map(is_at_work, [*here, *there])):
        sleep(0.002)


def is_at_work(one: psutil.Process) -> bool:
    """Neither gone nor dead."""
    try:
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("remote", ["file"], indirect=True)
def test_switched_off_at_any_moment_nothing_is_left(
    blog: Path, tmp_path: Path, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty times: the branch has the old tree or the new one, the next publishing arrives and takes away what was
    left on the author's machine (but for an empty folder, if that was all), and both repositories are whole."""
    sites = [write_site(tmp_path / name, {**PAGES, "index.html": name.encode() * 9999}) for name in ("old", "new")]
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PROGRAM, str(blog)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    began = monotonic()
    publish_site(sites[0], blog)
    duration = monotonic() - began
    before = read_state(blog, blog)
    chance, running = random.Random(2), begin()
    for _ in range(30):
        assert running.stdin and running.stdout
        running.stdin.write(f"{tmp_path}\n")
        running.stdin.flush()
        assert "not a site" in running.stdout.readline()  # it has started
        following = begin()
        running.stdin.write(f"{sites[1]}\n")
        running.stdin.flush()
        sleep(chance.uniform(0, duration * 1.5))
        switch_off(running)
        assert remote.read() in (expected(sites[0]), expected(sites[1]))
        publish_site(sites[0], blog)
        assert remote.read() == expected(sites[0])
        assert list((tmp_path / "temporary").glob("*/*")) == []
        running = following
    running.kill()
    running.communicate()
    assert read_state(blog, blog) == before
    git(remote.folder, "fsck", "--strict")
    left = [path.name for path in remote.folder.rglob("*") if re.search(r"\.lock$|tmp_|incoming", path.name)]
    assert left == []
    assert git(remote.folder, "branch", "--format=%(refname:short)") == "gh-pages\n"


def test_rolling_back_finds_the_earlier_site_below_what_others_added(
    blog: Path, tmp_path: Path, remote: Remote
) -> None:
    """GitHub's settings put a domain on the branch as a commit of its own; the site goes back, and the domain stays as
    it is now. Again: as it was."""
    sites = [write_site(tmp_path / name, {"index.html": name.encode(), name: b""}) for name in ("a", "b")]
    publish_site(sites[0], blog)
    git(tmp_path, "clone", "-q", "-b", "gh-pages", remote.folder.as_uri(), "other")

    def add(path: str, text: str) -> None:
        git(tmp_path / "other", "pull", "-q")
        (tmp_path / "other" / path).write_text(text, "utf-8")
        git(tmp_path / "other", "add", path)
        git(tmp_path / "other", "commit", "-q", "-m", path)
        git(tmp_path / "other", "push", "-q", "origin", "gh-pages")

    add("CNAME", "old.example.org")
    publish_site(sites[1], blog)
    add("CNAME", "new.example.org")
    for number in range(3):
        add(f"beside{number}", "of others")
    beside = {"CNAME": b"new.example.org", **{f"beside{number}": b"of others" for number in range(3)}}
    roll_back(blog)
    assert remote.read() == expected(sites[0]) | beside
    roll_back(blog)
    assert remote.read() == expected(sites[1]) | beside
    git(remote.folder, "fsck", "--strict")


def test_rolling_back_needs_a_site_and_an_earlier_one(blog: Path, tmp_path: Path, remote: Remote) -> None:
    """Without them it is a line."""
    with pytest.raises(PublishError, match="has no earlier site to go back to"):
        roll_back(blog)
    publish_site(write_site(tmp_path / "site", PAGES), blog)
    with pytest.raises(PublishError, match="has no earlier site to go back to"):
        roll_back(blog)
    git(blog, "commit", "-q", "-m", "Other")
    git(blog, "push", "-q", "--force", "origin", "main:gh-pages")
    with pytest.raises(PublishError, match="holds something else"):
        roll_back(blog)
    assert remote.read() == {"post": b"draft"}


def test_the_same_site_again_touches_nothing(blog: Path, tmp_path: Path, remote: Remote) -> None:
    """Neither here nor at the remote, whatever was written to the folder anew."""
    publish_site(write_site(tmp_path / "a", PAGES), blog)
    before = read_state(remote.folder.parent, remote.folder)
    assert publish_site(write_site(tmp_path / "b", PAGES), blog).commit is None
    assert read_state(remote.folder.parent, remote.folder) == before

"""Publishing under odd circumstances: whatever state the author's repository is in, with others at the same time, when
it is killed or the disk is full, with settings that would run something. Over file and over HTTP."""

from __future__ import annotations

import io
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from urllib.parse import urljoin

import psutil
import pytest
from author_states import STATES, git, protect, read_state, set_remote
from click.testing import CliRunner
from git_server import GitServer
from test_publish import PAGES, write_site
from tries import many

from nbblog.cli import cli
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


@pytest.mark.tries("Publishing", "odd states of the author's repository, over file and HTTP", 1)
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


INTERLEAVED = 50


# Half of the rounds over file and those over HTTP, as each of the two runs counts once.
@pytest.mark.tries("Publishing", "rounds of two publishers at the same moment", (INTERLEAVED + 4) // 2)
def test_two_publishers_at_once_lose_nothing(blog: Path, tmp_path: Path, remote: Remote) -> None:
    """In each round two programs begin at the same moment; every commit that one of them named is on the branch, on top
    of the others, whole."""
    pages = {f"posts/{number}/index.html": b"%d" % number for number in range(5)}
    publish_site(write_site(tmp_path / "first", pages), blog)
    command = [sys.executable, "-c", PROGRAM, str(blog)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in "ab"]
    made, again = {}, 0
    for number in range(INTERLEAVED if remote.address.startswith("file:") else 4):
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


SWITCHED_OFF = many(30, 100)


@pytest.mark.tries("Publishing", "killed with all it had started, at a random moment", SWITCHED_OFF)
@pytest.mark.parametrize("remote", ["file"], indirect=True)
def test_switched_off_at_any_moment_nothing_is_left(
    blog: Path, tmp_path: Path, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every time the branch has the old tree or the new one, the next publishing arrives and takes away what was
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
    for _ in range(SWITCHED_OFF):
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
    # Objects that were on their way when git itself was ended there are git's to take away, at its next housekeeping.
    assert [path.name for path in remote.folder.rglob("*.lock")] == []
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


def run_command(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command ``nbblog`` as an author starts it."""
    command = [sys.executable, "-c", "from nbblog.cli import main; main()", *words]
    named = {**os.environ, "NO_COLOR": "1", **environment}
    return subprocess.run(command, cwd=folder, env=named, capture_output=True, text=True)


FULL = (0, 16, 100, 1000, 30_000, 1_000_000, 2_900_000)


@pytest.mark.tries("Publishing", "full disks, full at one of several places", len(FULL))
@pytest.mark.parametrize("remote", ["file"], indirect=True)
def test_wherever_the_disk_is_full_it_is_one_line(blog: Path, tmp_path: Path, remote: Remote) -> None:
    """No file may grow beyond so many bytes, which writers see as a full disk: git's first ones, ours, the remote's.
    The branch stays, and nothing is left."""
    old = write_site(tmp_path / "old", PAGES)
    publish_site(old, blog)
    before = read_state(blog, blog)
    new = write_site(tmp_path / "new", {**PAGES, "large.bin": random.Random(1).randbytes(3 << 20)})
    (tmp_path / "temporary").mkdir()
    code = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    code += "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop()),) * 2)\n"
    for size in FULL:
        command = [sys.executable, "-c", code + PROGRAM, str(blog), str(size)]
        place = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
        done = subprocess.run(command, input=f"{new}\n", env=place, capture_output=True, text=True)
        assert (done.stderr, done.stdout.count("\n")) == ("", 1), size
        assert not re.fullmatch(r"[0-9a-f]{40}\n", done.stdout), size
        assert list((tmp_path / "temporary").iterdir()) == []
    assert remote.read() == expected(old)
    assert read_state(blog, blog) == before
    git(remote.folder, "fsck", "--strict")
    publish_site(new, blog)
    assert remote.read() == expected(new)


@pytest.mark.parametrize("remote", ["file"], indirect=True)
def test_no_place_to_work_in_is_one_line(blog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the temporary folder is gone, or may not be written."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(PublishError, match=r"gone/nbblog-publish-\w+: No such file"):
        publish_site(write_site(tmp_path / "site", PAGES), blog)


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Path]:
    """A program that leaves a trace when it is run, which no test may find."""
    path = tmp_path / "trap"
    path.write_text(f'#!/bin/sh\necho "$0 $@" >>"{tmp_path / "ran"}"\nexec cat\n', "utf-8")
    path.chmod(0o755)
    yield path
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text("utf-8")


PROGRAMS = (
    *("core.askPass", "core.editor", "core.fsmonitor", "core.gitProxy", "core.pager", "core.sshCommand"),
    *("core.alternateRefsCommand", "credential.helper", "diff.external", "gpg.program", "gpg.ssh.program"),
    *("interactive.diffFilter", "merge.x.driver", "remote.origin.receivepack", "remote.origin.uploadpack"),
    *("sequence.editor", "ssh.variant", "uploadpack.packObjectsHook", "trailer.x.command", "trailer.x.cmd"),
    *("filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.x.command"),
)
"""Settings that name a program."""
VALUES = {
    "commit.gpgSign": "true",
    "push.gpgSign": "if-asked",
    "push.recurseSubmodules": "on-demand",
    "remote.origin.proxy": "http://127.0.0.1:9",
    "http.proxy": "http://127.0.0.1:9",
    "http.sslVerify": "false",
    "fetch.recurseSubmodules": "true",
    "protocol.allow": "always",
    "protocol.ext.allow": "always",
    "receive.fsckObjects": "true",
    "transfer.hideRefs": "refs/heads",
    "remote.origin.mirror": "true",
    "remote.origin.push": "+refs/heads/*:refs/heads/*",
    "push.followTags": "true",
    "push.default": "matching",
    "core.attributesFile": "attributes",
    "core.bigFileThreshold": "1",
    "core.autocrlf": "true",
    "core.eol": "crlf",
    "i18n.commitEncoding": "utf-16",
    "user.signingKey": "x",
}
"""Settings that send something else, or elsewhere."""


@pytest.mark.tries("Publishing", "settings of git that run or change something", len(PROGRAMS) + len(VALUES))
def test_settings_of_the_repository_run_and_change_nothing(
    blog: Path, tmp_path: Path, remote: Remote, trap: Path
) -> None:
    """Programs, hooks, templates, proxies, aliases of git's own commands, an included file, filters: the branch has the
    site's bytes and nothing else is sent."""
    git(blog, "commit", "-q", "-m", "One")
    git(blog, "tag", "-a", "-m", "tag", "v1")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-push", "reference-transaction", "post-commit", "pre-auto-gc", "post-index-change", "update"):
        (hooks / name).symlink_to(trap)
        (blog / ".git" / "hooks" / name).symlink_to(trap)
    (tmp_path / "template" / "hooks").mkdir(parents=True)
    (tmp_path / "template" / "hooks" / "pre-push").symlink_to(trap)
    (blog / ".gitattributes").write_text("* filter=x diff=x merge=x text eol=crlf working-tree-encoding=utf-16\n")
    (blog / ".git" / "info" / "attributes").write_text("* filter=x\n")
    for name in ("push", "fetch", "config", "ls-remote", "fast-import", "rev-parse"):
        git(blog, "config", f"alias.{name}", f"!{trap}")
    included = tmp_path / "included"
    for key in PROGRAMS:
        git(blog, "config", "-f", str(included), key, f"!{trap}" if key == "credential.helper" else str(trap))
    for key, value in {**VALUES, "core.hooksPath": str(hooks), "init.templateDir": str(tmp_path / "template")}.items():
        git(blog, "config", "-f", str(included), key, value)
    git(blog, "config", "include.path", str(included))
    site = write_site(tmp_path / "site", {**PAGES, "lines.txt": b"one\ntwo\r\n"})
    publish_site(site, blog)
    assert remote.read() == expected(site)
    publish_site(write_site(tmp_path / "next", PAGES), blog)
    roll_back(blog)
    assert remote.read() == expected(site)
    assert git(remote.folder, "for-each-ref", "--format=%(refname)") == "refs/heads/gh-pages\n"


ADDRESSES = (
    *("ext::{trap}", "fd::7", "--upload-pack={trap}", "-oProxyCommand={trap}", "transport::{trap}", "ftp://h/x", ""),
    *("ssh://-oProxyCommand={trap}/x", "ssh://127.0.0.1:9/x --receive-pack={trap}", "-oProxyCommand={trap}:x"),
)


@pytest.mark.tries("Publishing", "addresses of remotes that are commands", 3)
@pytest.mark.parametrize("remote", ["file"], indirect=True)
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_no_command(blog: Path, tmp_path: Path, trap: Path, address: str, remote: Remote) -> None:
    """Nor is one that an abbreviation leads to, the name of a remote, or that of a branch."""
    site = write_site(tmp_path / "site", PAGES)
    address = address.format(trap=str(trap).replace(" ", "% "))
    for allowed in ("protocol.allow", "protocol.ext.allow", "protocol.fd.allow"):
        git(blog, "config", allowed, "always")
    if address.startswith("-"):
        git(blog, "config", f"remote.{address}.url", remote.address)
    git(blog, "config", "remote.origin.url", address)
    with pytest.raises(PublishError):
        publish_site(site, blog)
    git(blog, "config", "remote.origin.url", "near:x")
    git(blog, "config", f"url.{address}.insteadOf", "near:x")
    with pytest.raises(PublishError):
        publish_site(site, blog)
    with pytest.raises(PublishError):
        publish_site(site, blog, branch=address)
    assert git(remote.folder, "for-each-ref") == ""
    git(blog, "config", "--unset", f"url.{address}.insteadOf")
    if address.startswith("-"):
        publish_site(site, blog, remote=address)
        assert remote.read() == expected(site)


@pytest.mark.parametrize("remote", ["file"], indirect=True)
def test_a_program_of_the_blog_is_not_taken_for_git(blog: Path, tmp_path: Path, remote: Remote, trap: Path) -> None:
    """Not even if PATH names the current folder; and what a hook's own git says to it of index and folders is not
    followed."""
    (blog / "git").symlink_to(trap)
    (blog / "git-push").symlink_to(trap)
    (blog / "nbblog.toml").touch()
    site = write_site(blog / "_site", PAGES)
    hooks = {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "GIT_WORK_TREE": ".", "GIT_QUARANTINE_PATH": "/x"}
    before = read_state(blog, blog)
    done = run_command(blog, "publish", PATH=f".:{os.curdir}:bin::{os.environ['PATH']}", **hooks)
    assert (done.returncode, done.stderr) == (0, "")
    assert remote.read() == expected(site)
    assert read_state(blog, blog) == before


def test_no_output_and_no_commit_has_the_token(tmp_path: Path, author: Path) -> None:
    """That stands in the remote's address: when it works, when there is nothing to do, when the server refuses it, when
    it repeats it, when it is gone."""
    token = "hunter2" + "x" * 9
    folder = tmp_path / "remote.git"
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    server = GitServer(tmp_path, "Basic " + b64encode(f"ada:{token}".encode()).decode())
    blog = STATES["dirty"](author)
    set_remote(blog, server.url.replace("://", f"://ada:{token}@") + "/remote.git")
    (blog / "nbblog.toml").touch()
    said = []

    def run(*words: str, fails: bool = False) -> None:
        done = run_command(blog, "publish", *words, GIT_TRACE="0")
        assert (done.returncode != 0) == fails, done
        assert not fails or done.stderr.count("\n") == 1
        said.append(done.stdout + done.stderr)

    for text in (b"1", b"2"):
        write_site(blog / "_site", {**PAGES, "index.html": text})
        run("--dry-run")
        run()
    run()
    run("--rollback")
    assert token not in git(folder, "log", "--all", "--patch", "--format=fuller")
    hook = folder / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho no: http://ada:{token}@h/ >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    run(fails=True)
    server.login = "Basic other"
    run(fails=True)
    run("--rollback", fails=True)
    server.close()
    run(fails=True)
    assert [text for text in said if token in text] == []
    assert sum("***@" in text for text in said) >= 4


class Pages(BaseHTTPRequestHandler):
    """A host that takes its time: what it shows of a branch depends on how often it was asked."""

    remote: Remote
    revisions: tuple[str, ...]
    """What it answers with, one request after the other, then always the last; "503" is an error."""
    asked: list[str]

    def do_GET(self) -> None:
        revision = self.revisions[min(len(self.asked), len(self.revisions) - 1)]
        self.asked.append(self.path)
        path = self.path.partition("?")[0].removeprefix("/tides/")
        content = None if revision == "503" else self.remote.read(revision).get(path or "index.html")
        self.send_response(503 if revision == "503" else 200 if content is not None else 404)
        self.end_headers()
        self.wfile.write(content or b"not this one")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.parametrize("remote", ["file"], indirect=True)
def test_waiting_sees_through_a_host_that_switches_late(blog: Path, remote: Remote) -> None:
    """It shows the old site, an error, some of each, and then the new one; only then is it said."""
    (blog / "nbblog.toml").touch()
    write_site(blog / "_site", {**PAGES, "index.html": b"old"})
    publish_site(blog / "_site", blog)
    old = git(remote.folder, "rev-parse", "gh-pages").strip()
    new = write_site(blog / "_site", {**PAGES, "index.html": b"new"})
    handler = type("Late", (Pages,), {"remote": remote, "revisions": (old, old, "503", "gh-pages"), "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/tides/"
    (blog / "nbblog.toml").write_text(f'site_url = "{url}"\n', "utf-8")
    done = run_command(blog, "publish", "--wait")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(rf"{url} shows it, \d+ seconds later", done.stdout.splitlines()[-1])
    assert len(handler.asked) == 4
    assert remote.read() == expected(new)
    handler.revisions = (old,)
    late = run_command(blog, "publish", "--wait", "0")
    assert (late.returncode, late.stderr) == (1, f"nbblog: published, but not seen yet at {url} after 0 seconds\n")
    server.shutdown()
    server.server_close()


SITES = {
    "ada/ada.github.io": "https://ada.github.io/",
    "Ada/Tides": "https://ada.github.io/Tides/",
    "ada/tides own domain": "https://tides.example.org/",
}


@pytest.mark.parametrize("remote", ["file"], indirect=True)
@pytest.mark.parametrize(("name", "url"), SITES.items(), ids=list(SITES))
def test_a_new_blog_is_published_where_its_repository_says(
    tmp_path: Path, remote: Remote, name: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user's own site at the root, a project's in a folder, a domain of its own with the file that GitHub asks for:
    the links of every page lead to files of the branch."""
    repository, _, is_own = name.partition(" ")
    address = f"https://github.com/{repository}.git"
    (tmp_path / "settings").write_text(f'[url "{remote.address}"]\n\tinsteadOf = {address}\n', "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "settings"))
    git(tmp_path, "init", "-q", "blog")
    git(tmp_path / "blog", "config", "remote.origin.url", address)
    run = CliRunner().invoke
    run(cli, ["init", str(tmp_path / "blog")], catch_exceptions=False)
    settings = tmp_path / "blog" / "nbblog.toml"
    if is_own:
        text = re.sub(r'(?m)^site_url = .*', f'site_url = "{url.rstrip("/")}"\ncname = "tides.example.org"',
                      settings.read_text("utf-8"))  # fmt: skip
        settings.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path / "blog")
    run(cli, ["build"], catch_exceptions=False)
    assert run(cli, ["publish"], catch_exceptions=False).output.splitlines()[-1] == url
    files = remote.read()
    assert files.get("CNAME") == (b"tides.example.org\n" if is_own else None)
    assert f"<loc>{url}posts/welcome/</loc>".encode() in files["sitemap.xml"]
    pages = [path for path in files if path.endswith(".html") and b'"refresh"' not in files[path]]
    assert {"index.html", "404.html", "posts/welcome/index.html"} <= set(pages)
    dead = []
    for page in pages:
        text = re.sub(r"<script.*?</script>", "", files[page].decode(), flags=re.DOTALL)
        # The page of what is not found is shown at any address, and says which one it means.
        base = re.search(r'<base href="([^"]+)">', text)
        here = urljoin(urljoin(url, "deep/down/here" if page == "404.html" else page), base[1] if base else "")
        for link in re.findall(r'<(?:a|link|img)\b[^>]*?\b(?:href|src)="([^"#]+)', text):
            full, _, _ = urljoin(here, unescape(link)).partition("#")
            path = full.removeprefix(url)
            is_there = path != full and (path in files or f"{path}index.html" in files)
            if not is_there and not re.match(r"data:|https://(?!ada\.github\.io/|tides\.example)", full):
                dead.append((page, link))
    assert dead == []

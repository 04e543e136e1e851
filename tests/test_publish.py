"""Publishing to real bare repositories: what arrives, what is refused, and what of the author's stays untouched."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import string
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest
from git_server import GitServer

from nbblog.core.errors import PublishError
from nbblog.publish import MARKER, publish_site, roll_back

PAGES = {"index.html": b"<p>1\r\n", "posts/tides/index.html": b"<p>tides", ".nojekyll": b""}


def git(folder: Path, *words: str) -> str:
    named = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always"]
    return subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def write_site(folder: Path, files: dict[str, bytes]) -> Path:
    """A folder as a build leaves it."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    (folder / MARKER).write_text(json.dumps({"nbblog": "0", "deploy": "0", "files": digests}), "utf-8")
    return folder


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """An author's repository with a bare remote beside it."""
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(tmp_path, "init", "-q", "-b", "main", "blog")
    (tmp_path / "blog" / "post").write_text("draft", "utf-8")
    git(tmp_path / "blog", "remote", "add", "origin", (tmp_path / "remote.git").as_uri())
    git(tmp_path / "blog", "add", "post")
    return tmp_path / "blog"


def show(blog: Path, path: str) -> bytes:
    remote = blog.parent / "remote.git"
    return subprocess.run(["git", "show", f"gh-pages:{path}"], cwd=remote, check=True, capture_output=True).stdout


def test_first_publish_holds_the_site_byte_by_byte(blog: Path, tmp_path: Path) -> None:
    """And nothing else."""
    site = write_site(tmp_path / "site", PAGES)
    (site / "stray.txt").write_text("not made by the build", "utf-8")
    done = publish_site(site, blog)
    assert set(done.added) == {*PAGES, MARKER}
    assert {path: show(blog, path) for path in PAGES} == PAGES
    assert set(git(blog.parent / "remote.git", "ls-tree", "-r", "--name-only", "gh-pages").split()) == set(done.added)


def test_update_adds_changes_and_removes(blog: Path, tmp_path: Path) -> None:
    """On top of what was there; the same site again makes no commit."""
    publish_site(write_site(tmp_path / "a", PAGES), blog)
    after = {"index.html": b"2", ".nojekyll": b"", "new/index.html": b"3"}
    done = publish_site(write_site(tmp_path / "b", after), blog)
    assert done.added == ("new/index.html",)
    assert done.changed == (MARKER, "index.html")
    assert done.removed == ("posts/tides/index.html",)
    assert publish_site(tmp_path / "b", blog).commit is None
    assert git(blog.parent / "remote.git", "rev-list", "--count", "gh-pages") == "2\n"


def test_dry_run_changes_nothing(blog: Path, tmp_path: Path) -> None:
    """It only says what would change."""
    assert len(publish_site(write_site(tmp_path / "site", PAGES), blog, dry_run=True).added) == 4
    assert git(blog.parent / "remote.git", "branch") == ""


def test_foreign_branch_is_refused_until_adopted(blog: Path, tmp_path: Path) -> None:
    """Its domain stays when it is."""
    git(blog, "commit", "-q", "-m", "Something else")
    (blog / "CNAME").write_text("blog.example.org", "utf-8")
    git(blog, "add", "CNAME")
    git(blog, "commit", "-q", "-m", "A domain")
    git(blog, "push", "-q", "origin", "main:gh-pages")
    site = write_site(tmp_path / "site", PAGES)
    with pytest.raises(PublishError, match="--adopt"):
        publish_site(site, blog)
    assert show(blog, "post") == b"draft"
    assert publish_site(site, blog, adopt=True).removed == ("post",)
    assert show(blog, "CNAME") == b"blog.example.org"


def test_authors_repository_is_untouched_and_its_commands_do_not_run(blog: Path, tmp_path: Path) -> None:
    """Every byte of it stays, with something staged and hostile settings."""
    trap = f"touch {tmp_path / 'ran'}"
    for key in ("core.sshCommand", "core.fsmonitor", "credential.helper", "filter.x.clean", "core.pager"):
        git(blog, "config", key, f"!{trap}" if key == "credential.helper" else trap)
    for hook in ("pre-push", "reference-transaction", "post-commit"):
        (blog / ".git" / "hooks" / hook).write_text(f"#!/bin/sh\n{trap}\n", "utf-8")
        (blog / ".git" / "hooks" / hook).chmod(0o755)
    before = {path: path.read_bytes() for path in blog.rglob("*") if path.is_file()}
    publish_site(write_site(tmp_path / "site", PAGES), blog)
    assert {path: path.read_bytes() for path in blog.rglob("*") if path.is_file()} == before
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("address", ["ext::sh -c touch% ran", "--upload-pack=touch", "git://example.org/x"])
def test_address_that_runs_something_is_refused(blog: Path, tmp_path: Path, address: str) -> None:
    """Before git sees it."""
    git(blog, "config", "remote.origin.url", address)
    with pytest.raises(PublishError, match="only https, ssh and file"):
        publish_site(write_site(tmp_path / "site", PAGES), blog)


def test_link_in_the_site_is_refused(blog: Path, tmp_path: Path) -> None:
    """What it leads to is not published."""
    site = write_site(tmp_path / "site", PAGES)
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(blog / "post")
    with pytest.raises(PublishError, match="link"):
        publish_site(site, blog)


def test_token_in_the_address_is_not_repeated(blog: Path, tmp_path: Path) -> None:
    """Also not in what git says."""
    git(blog, "config", "remote.origin.url", "http://ada:TOKENXYZ@127.0.0.1:9/blog.git")
    with pytest.raises(PublishError) as caught:
        publish_site(write_site(tmp_path / "site", PAGES), blog)
    assert "TOKENXYZ" not in str(caught.value)


@pytest.mark.parametrize("name", ["../out", "/abs", ".git/config", "a\nD index.html", 'a"b', "a//b", "GIT~1/x", ""])
def test_odd_name_is_refused(blog: Path, tmp_path: Path, name: str) -> None:
    """A marker cannot name a file outside the site, or one that means something to git."""
    site = write_site(tmp_path / "site", PAGES)
    (site / MARKER).write_text(json.dumps({"files": {name: "0"}}), "utf-8")
    with pytest.raises(PublishError, match="no name for a published file"):
        publish_site(site, blog)


def test_moved_remote_keeps_both_commits(blog: Path, tmp_path: Path) -> None:
    """Two publishers at the same time: both arrive, one on top of the other."""
    sites = [write_site(tmp_path / name, {**PAGES, "index.html": name.encode()}) for name in "abcd"]
    publish_site(write_site(tmp_path / "first", PAGES), blog)
    with ThreadPoolExecutor(4) as pool:
        commits = {done.commit for done in pool.map(lambda site: publish_site(site, blog), sites)}
    assert commits <= set(git(blog.parent / "remote.git", "rev-list", "gh-pages").split())
    assert len(commits) == 4
    git(blog.parent / "remote.git", "fsck", "--strict")


@pytest.mark.parametrize("state", ["detached", "unborn", "merging", "worktree"])
def test_state_of_the_repository_does_not_matter(blog: Path, tmp_path: Path, state: str) -> None:
    """Its HEAD, index and files stay as they are."""
    if state != "unborn":
        git(blog, "commit", "-q", "-m", "One")
    if state == "detached":
        git(blog, "checkout", "-q", "--detach")
    if state == "merging":
        (blog / ".git" / "MERGE_HEAD").write_text(git(blog, "rev-parse", "HEAD"), "utf-8")
    folder = blog
    if state == "worktree":
        git(blog, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "gh-pages")
        folder = tmp_path / "tree"
    before = {path: path.read_bytes() for path in blog.rglob("*") if path.is_file()}
    publish_site(write_site(tmp_path / "site", PAGES), folder)
    assert {path: path.read_bytes() for path in blog.rglob("*") if path.is_file()} == before


def test_token_in_a_notebook_stops_the_publishing(blog: Path, tmp_path: Path) -> None:
    """Its place is named, and it is not shown; whoever wants to can."""
    token = "ghp_" + "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=36))
    cell = {"cell_type": "code", "source": f"t = '{token}'", "metadata": {}, "outputs": [], "execution_count": None}
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}
    site = write_site(tmp_path / "site", {**PAGES, "posts/tides/tides.ipynb": json.dumps(notebook).encode()})
    with pytest.raises(PublishError, match=r"tides\.ipynb, cell 1, source, line 1: a GitHub token") as caught:
        publish_site(site, blog)
    assert token not in str(caught.value)
    assert publish_site(site, blog, allow_secrets=True).commit


def test_token_in_a_page_stops_the_publishing_also_between_marks(blog: Path, tmp_path: Path) -> None:
    """Its line is named. Base64 beside it, as of pictures, is none and does not hide it."""
    word = "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=40))
    picture = f'<img src="data:image/png;base64,{word * 200}">'
    header = f"<i>'Authorization'</i>: <i>&quot;Bearer {word}&quot;</i>"
    for kind, text in (("a GitHub token", f"<p>ghp_{word[:36]}"), ("a token in a header", header)):
        site = write_site(tmp_path / kind, {**PAGES, "posts/tides/index.html": f"{picture}\n{text}".encode()})
        with pytest.raises(PublishError, match=rf"^posts/tides/index\.html, line 2: {kind}, "):
            publish_site(site, blog)


def test_killed_at_any_moment_the_branch_is_old_or_new(
    blog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty times, all within its own duration; the next publishing completes, and the remote is whole."""
    sites = [write_site(tmp_path / str(number), {"index.html": bytes([number]) * 9999}) for number in (1, 2)]
    code = "import sys; from pathlib import Path; from nbblog.publish import publish_site"
    chance = random.Random(1)
    words = [sys.executable, "-c", f"{code}; publish_site(Path(sys.argv[1]), Path(sys.argv[2]))"]
    began = monotonic()
    subprocess.run([*words, str(sites[1]), str(blog)], check=True)
    duration = monotonic() - began
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    for number in range(30):
        running = subprocess.Popen([*words, str(sites[number % 2]), str(blog)], stderr=subprocess.DEVNULL)
        sleep(chance.uniform(duration / 2, duration))
        running.kill()
        running.wait()
        assert show(blog, "index.html") in (b"\1" * 9999, b"\2" * 9999)
    publish_site(write_site(tmp_path / "last", PAGES), blog)
    assert show(blog, "index.html") == PAGES["index.html"]
    git(blog.parent / "remote.git", "fsck", "--strict")


def test_what_a_killed_publishing_left_is_taken_away(
    blog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day later; what is newer may be at work, and a link is not followed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    for name in ("nbblog-publish-old", "nbblog-publish-new", "other"):
        (tmp_path / "temporary" / name).mkdir(parents=True)
    (tmp_path / "temporary" / "nbblog-publish-link").symlink_to(blog)
    for name in ("nbblog-publish-old", "other", "nbblog-publish-link"):
        os.utime(tmp_path / "temporary" / name, (0, 0), follow_symlinks=False)
    publish_site(write_site(tmp_path / "site", PAGES), blog)
    left = {path.name for path in (tmp_path / "temporary").iterdir()}
    assert left == {"nbblog-publish-new", "nbblog-publish-link", "other"}
    assert (blog / "post").exists()


def test_publishing_over_http_uses_the_token_that_the_checkout_left(blog: Path, tmp_path: Path) -> None:
    """As in GitHub's Actions, where it stands in the repository as a header; first, again, and refused without it."""
    server = GitServer(tmp_path, "Bearer TOKENXYZ")
    try:
        git(blog, "config", "remote.origin.url", f"{server.url}/remote.git")
        site = write_site(tmp_path / "a", {**PAGES, "large.bin": random.Random(1).randbytes(3 << 20)})
        with pytest.raises(PublishError, match="git ls-remote"):
            publish_site(site, blog)
        git(blog, "config", f"http.{server.url}/.extraheader", "Authorization: Bearer TOKENXYZ")
        assert publish_site(site, blog).target == f"{server.url}/remote.git"
        assert "large.bin" in publish_site(write_site(tmp_path / "b", PAGES), blog).removed
        assert show(blog, "index.html") == PAGES["index.html"]
    finally:
        server.close()


def test_main_branch_of_the_remote_is_never_replaced(blog: Path, tmp_path: Path) -> None:
    """Whatever it is called, and also when adopting was asked for."""
    git(blog, "commit", "-q", "-m", "One")
    git(blog, "push", "-q", "origin", "main:trunk")
    git(blog.parent / "remote.git", "symbolic-ref", "HEAD", "refs/heads/trunk")
    site = write_site(tmp_path / "site", PAGES)
    for name in ("main", "master", "trunk"):
        with pytest.raises(PublishError, match="a branch for the site alone"):
            publish_site(site, blog, branch=name, adopt=True)


def test_remote_inside_the_authors_repository_is_refused(blog: Path, tmp_path: Path) -> None:
    """Its hooks came with the repository; also when the blog is a folder of it."""
    git(blog, "init", "-q", "--bare", "inside.git")
    (blog / "deep").mkdir()
    for address in ("./inside.git", (blog / "inside.git").as_uri(), str(blog / "inside.git")):
        git(blog, "config", "remote.origin.url", address)
        with pytest.raises(PublishError, match="inside the blog's own folder"):
            publish_site(write_site(tmp_path / "site", PAGES), blog / "deep")


def test_full_disk_is_one_line_and_leaves_the_branch(blog: Path, tmp_path: Path) -> None:
    """Files cannot grow beyond 1 MB here, which writers see as a full disk."""
    publish_site(write_site(tmp_path / "a", PAGES), blog)
    site = write_site(tmp_path / "b", {**PAGES, "large.bin": random.Random(1).randbytes(3 << 20)})
    code = (
        "import resource, signal, sys; from pathlib import Path; from nbblog.publish import publish_site\n"
        "from nbblog.core.errors import PublishError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "try: publish_site(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "except PublishError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(site), str(blog)], capture_output=True, text=True)
    assert done.stdout.endswith(": File too large\n")
    assert (done.stdout.count("\n"), done.stderr) == (1, "")
    assert git(blog.parent / "remote.git", "rev-list", "--count", "gh-pages") == "1\n"
    assert publish_site(site, blog).commit


def test_rolling_back_brings_the_site_before_it_and_again_the_later_one(blog: Path, tmp_path: Path) -> None:
    """As commits on top; a first site has none before it."""
    publish_site(write_site(tmp_path / "a", PAGES), blog)
    with pytest.raises(PublishError, match="no earlier site"):
        roll_back(blog)
    publish_site(write_site(tmp_path / "b", {"index.html": b"2"}), blog)
    remote = blog.parent / "remote.git"
    later, earlier = (git(remote, "rev-parse", f"gh-pages{back}^{{tree}}") for back in ("", "^"))
    roll_back(blog)
    assert git(remote, "rev-parse", "gh-pages^{tree}") == earlier
    roll_back(blog)
    assert git(remote, "rev-parse", "gh-pages^{tree}") == later
    assert git(remote, "rev-list", "--count", "gh-pages") == "4\n"


def test_authors_abbreviation_of_an_address_is_followed(blog: Path, tmp_path: Path) -> None:
    """As ``git push`` would: the repository's own too, for what it leads to is looked at like any address."""
    git(blog, "config", "remote.origin.url", "near:remote.git")
    git(blog, "config", f"url.{tmp_path.as_uri()}/.insteadOf", "near:")
    site = write_site(tmp_path / "site", PAGES)
    assert publish_site(site, blog).target == str(tmp_path / "remote.git")
    git(blog, "config", "url.ext::sh -c touch% ran% .pushInsteadOf", "near:")
    with pytest.raises(PublishError, match="only https, ssh and file"):
        publish_site(site, blog)


def test_domain_that_the_remote_was_given_stays(blog: Path, tmp_path: Path) -> None:
    """GitHub's settings put it on the branch; a domain of the build's own replaces it, and goes with it."""
    site = write_site(tmp_path / "a", PAGES)
    publish_site(site, blog)
    git(tmp_path, "clone", "-q", "-b", "gh-pages", (tmp_path / "remote.git").as_uri(), "other")
    (tmp_path / "other" / "CNAME").write_text("tides.org\n", "utf-8")
    git(tmp_path / "other", "add", "CNAME")
    git(tmp_path / "other", "commit", "-q", "-m", "Create CNAME")
    git(tmp_path / "other", "push", "-q", "origin", "gh-pages")
    assert publish_site(write_site(tmp_path / "b", {"index.html": b"2"}), blog).domain == "tides.org"
    assert show(blog, "CNAME") == b"tides.org\n"
    assert publish_site(write_site(tmp_path / "c", {"CNAME": b"moon.org\n"}), blog).domain == "moon.org"
    done = publish_site(site, blog)
    assert ("CNAME" in done.removed, done.domain) == (True, "")


def test_what_files_hold_is_not_fetched(blog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the remote can leave it out, as GitHub's can; a change or rollback is then as fast as the site is small."""
    git(blog.parent / "remote.git", "config", "uploadpack.allowFilter", "true")
    large = random.Random(1).randbytes(25 << 20)
    publish_site(write_site(tmp_path / "a", {**PAGES, "film.mp4": large}), blog)
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_SSH_VARIANT", "simple")
    publish_site(write_site(tmp_path / "b", {**PAGES, "film.mp4": large, "index.html": b"2"}), blog)
    assert show(blog, "film.mp4") == large
    roll_back(blog)
    assert show(blog, "index.html") == PAGES["index.html"]
    git(blog.parent / "remote.git", "fsck", "--strict")
    del trace


def test_too_old_git_is_said_in_a_line(blog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And git that is not there."""
    site = write_site(tmp_path / "site", PAGES)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(PublishError, match="git is not installed"):
        publish_site(site, blog)
    (tmp_path / "bin" / "git").write_text("#!/bin/sh\necho git version 2.25.1\n", "utf-8")
    (tmp_path / "bin" / "git").chmod(0o755)
    with pytest.raises(PublishError, match=r"git version 2\.25\.1 is too old: publishing needs git 2\.31 or later"):
        publish_site(site, blog)


def test_what_a_refusing_remote_says_is_repeated_without_tokens(blog: Path, tmp_path: Path) -> None:
    """At once, in one line, without what moves a terminal's cursor; the branch stays, and the next one arrives."""
    publish_site(write_site(tmp_path / "a", {"index.html": b"1"}), blog)
    token = "ghp_" + "".join(random.Random(3).choices(string.ascii_letters, k=36))
    hook = tmp_path / "remote.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    told = f"\\033[2Jblocked: quota of https://ada:pw1@h/ {token} exceeded"
    hook.write_text(f"#!/bin/sh\nprintf '{told}\\n\\n' >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    site = write_site(tmp_path / "b", {"index.html": b"2"})
    with pytest.raises(PublishError, match="exceeded") as caught:
        publish_site(site, blog)
    assert not re.search(rf"{token}|pw1|[\x00-\x1f]", str(caught.value))
    assert show(blog, "index.html") == b"1"
    hook.unlink()
    assert publish_site(site, blog).commit


def test_hostile_names_on_the_branch_are_only_names(blog: Path, tmp_path: Path) -> None:
    """Its marker lists a file whose name would be a command of the import."""
    name = 'a"\nM 100644 inline "evil'
    (blog / name).write_text("1", "utf-8")
    (blog / MARKER).write_text(json.dumps({"files": {name: "0"}}), "utf-8")
    git(blog, "add", name, MARKER)
    git(blog, "commit", "-q", "-m", "Odd")
    git(blog, "push", "-q", "origin", "main:gh-pages")
    assert name in publish_site(write_site(tmp_path / "site", PAGES), blog).removed
    left = git(blog.parent / "remote.git", "ls-tree", "-r", "-z", "--name-only", "gh-pages").split("\0")
    assert {path for path in left if path} == {*PAGES, MARKER, "post"}

"""Where a published site is, and waiting until it is there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest
from click.testing import CliRunner
from folder_server import FolderServer
from test_publish import PAGES, blog, git, write_site

from nbblog.cli import cli
from nbblog.served import NotSeenYet, find_site_url, github_repository, wait_until_served
from nbblog.sitefiles import read_site
from nbblog.staging import MARKER

__all__ = ["blog"]

ADDRESSES = {
    "git@github.com:Ada/Tides.git": "https://ada.github.io/Tides/",
    "ssh://git@ssh.github.com:443/ada/tides.git": "https://ada.github.io/tides/",
    "https://***@github.com/ada/tides": "https://ada.github.io/tides/",
    "https://github.com/Ada/ada.github.io.git": "https://ada.github.io/",
    "https://github.com.example.org/ada/tides": "",
    "/srv/git/tides.git": "",
}


@pytest.mark.parametrize(("address", "url"), ADDRESSES.items(), ids=list(ADDRESSES))
def test_remote_at_github_says_where_its_pages_are(address: str, url: str) -> None:
    """A user's own site is at the root; what is elsewhere is not guessed."""
    assert find_site_url(None, "", address) == url


def test_settings_come_before_the_domain_and_that_before_github() -> None:
    """With a slash at the end."""
    target = "git@github.com:ada/tides.git"
    assert find_site_url("https://tides.org/blog", "a.org", target) == "https://tides.org/blog/"
    assert find_site_url(None, "a.org", target) == "https://a.org/"
    assert github_repository(target) == "ada/tides"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FolderServer]:
    (tmp_path / "served").mkdir()
    running = FolderServer(tmp_path / "served")
    yield running
    running.close()


@pytest.mark.parametrize("has_marker", [True, False], ids=["marker", "page"])
def test_waiting_ends_when_the_site_is_there(server: FolderServer, tmp_path: Path, has_marker: bool) -> None:
    """By its marker; where hidden files are left out, by a page that changed."""
    write_site(tmp_path / "served", {**PAGES, "index.html": b"the old one"})
    site = write_site(tmp_path / "site", PAGES)

    def arrive() -> None:
        shutil.copytree(site, tmp_path / "served", dirs_exist_ok=True)

    if not has_marker:
        (tmp_path / "served" / MARKER).unlink()
        arrive = lambda: (tmp_path / "served" / "index.html").write_bytes(PAGES["index.html"])  # noqa: E731
    files = read_site(site)
    with pytest.raises(NotSeenYet, match="published, but not seen yet at http"):
        wait_until_served(server.url, files, ("index.html",), seconds=0.2, pause=0.05)
    Timer(0.3, arrive).start()
    assert wait_until_served(server.url, files, ("index.html",), seconds=60, pause=0.05) > 0.1


def test_nothing_there_and_no_answer_are_waited_for(server: FolderServer, tmp_path: Path) -> None:
    """A page that is not found, a host that is not there."""
    files = read_site(write_site(tmp_path / "site", PAGES))
    for url in (server.url, "http://127.0.0.1:9/", "file:///etc/"):
        with pytest.raises(NotSeenYet):
            wait_until_served(url, files, ("index.html",), seconds=0, pause=0)


def test_command_answers_with_the_address(
    blog: Path, server: FolderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And waits for it; a time-out is an error, and the site is published all the same."""
    write_site(blog / "_site", PAGES)
    (blog / "nbblog.toml").write_text(f'site_url = "{server.url}"\n', "utf-8")
    monkeypatch.chdir(blog)
    late = CliRunner().invoke(cli, ["publish", "--wait", "0"])
    assert (late.exit_code, str(late.exception)) != (0, "None")
    assert "not seen yet" in f"{late.exception}{late.output}"
    assert git(blog.parent / "remote.git", "rev-list", "--count", "gh-pages") == "1\n"
    shutil.copytree(blog / "_site", tmp_path / "served", dirs_exist_ok=True)
    done = CliRunner().invoke(cli, ["publish", "--wait"])
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, f"{server.url} shows it, 0 seconds later")


def test_dry_run_names_every_page(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that come, change and go; other files are counted."""
    monkeypatch.chdir(blog)
    (blog / "nbblog.toml").touch()
    write_site(blog / "_site", {f"posts/{number}/index.html": b"1" for number in range(30)})
    CliRunner().invoke(cli, ["publish"], catch_exceptions=False)
    shutil.rmtree(blog / "_site")
    write_site(blog / "_site", {f"posts/{number}/index.html": b"2" for number in range(1, 40)})
    done = CliRunner().invoke(cli, ["publish", "--dry-run"], catch_exceptions=False)
    signs = [line[0] for line in done.output.splitlines() if line.endswith(".html")]
    assert [signs.count(sign) for sign in "+~-"] == [10, 29, 1]
    assert "~ 1 other file\n" in done.output

"""The blog in the author's browser: renewed in place, and shown to nobody else."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from nbblog.core.errors import BuildError
from nbblog.serve import BlogServer, add_script
from nbblog.settings import load_settings


def write_post(blog: Path, last: str, title: str = "Tides") -> None:
    """A long post that ends in ``last``."""
    texts = [f"---\ntitle: {title}\ndate: 2026-01-02\nslug: tides\n---"]
    texts += [f"Paragraph {number}.\n\n" * 12 for number in range(6)]
    texts += ["<details><summary>More</summary>\n\nHidden.\n\n</details>", last]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text, "id": f"c{n}"} for n, text in enumerate(texts)]
    cells[0]["cell_type"] = "raw"
    (blog / "posts").mkdir(exist_ok=True)
    made = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    (blog / "posts" / "new").write_text(made, "utf-8")
    # Editors put a new file in the old one's place.
    os.replace(blog / "posts" / "new", blog / "posts" / "tides.ipynb")


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A blog of one long post, with an address of its own."""
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "nbblog.toml").write_text('site_title = "Sea"\nsite_url = "https://example.org/sea"\n', "utf-8")
    write_post(folder, "The end.")
    return folder


def start(blog: Path) -> tuple[subprocess.Popen[str], str]:
    """``nbblog serve`` in ``blog``, on any free port, and its address."""
    # The fault handler prints where every thread stands if the server has to be killed.
    python = [sys.executable, "-X", "faulthandler", "-c", "from nbblog.cli import main; main()"]
    command = [*python, "serve", "--port", "0", "--no-open"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=blog, text=True, stdout=pipe, stderr=pipe)
    assert process.stdout
    return process, process.stdout.readline().split()[0]


@pytest.fixture
def url(blog: Path) -> Iterator[str]:
    """The address of a running server."""
    process, url = start(blog)
    yield url
    process.terminate()
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        raise AssertionError(process.communicate(timeout=20)) from None


def ask(url: str, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of one request whose path is sent as it is written."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    result = answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return result


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """The post in a browser."""
    page = browser.new_page()
    page.goto(f"{url}posts/tides/")
    page.wait_for_load_state("load")
    yield page
    page.close()


def test_a_saved_change_takes_its_place_where_one_reads(blog: Path, page: Page) -> None:
    """The page is the same document: its scroll position and what the reader opened stay."""
    page.locator("summary", has_text="More").click()
    page.evaluate("() => { window.mark = 1; scrollTo({ top: 700, behavior: 'instant' }) }")
    write_post(blog, "Another end.")
    expect(page.get_by_text("Another end.")).to_be_attached()
    is_open = "document.querySelector('.nb-body details').open"
    assert page.evaluate(f"() => [window.mark, scrollY, {is_open}]") == [1, 700, True]


def test_an_error_stands_in_the_page_until_it_is_mended(blog: Path, page: Page) -> None:
    """The last good version stays meanwhile."""
    (blog / "posts" / "tides.ipynb").write_text("{", "utf-8")
    expect(page.get_by_role("alert")).to_contain_text("tides.ipynb")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("tides.ipynb")
    expect(page.get_by_text("The end.")).to_be_attached()
    write_post(blog, "Mended.")
    expect(page.get_by_text("Mended.")).to_be_attached()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_two_browsers_see_a_change(blog: Path, browser: Browser, url: str) -> None:
    """Each has a stream of its own."""
    pages = [browser.new_context().new_page() for _ in range(2)]
    for page in pages:
        page.goto(f"{url}posts/tides/")
    write_post(blog, "For both.")
    for page in pages:
        expect(page.get_by_text("For both.")).to_be_attached()
        page.context.close()


def test_changed_settings_show(blog: Path, page: Page) -> None:
    """The site's title stands in its header, which is outside the article."""
    (blog / "nbblog.toml").write_text('site_title = "Ocean"\n', "utf-8")
    expect(page.locator(".nb-site-title")).to_have_text("Ocean")


def test_the_script_is_within_the_pages_policy(blog: Path, browser: Browser, url: str) -> None:
    """The browser reports nothing that it refused, on any kind of page."""
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    for path in ("", "posts/tides/", "archive/", "not-there/"):
        with page.expect_request("**/-/events"):
            page.goto(url + path)
    page.close()
    assert said == []


@pytest.mark.parametrize("headers", [{"Host": "evil.test"}, {"Host": "evil.test:80"}, {"Origin": "http://evil.test"},
                                     {"Origin": "null"}])  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/-/events"])
def test_other_names_and_other_sites_are_refused(url: str, path: str, headers: dict[str, str]) -> None:
    """A name that leads here by DNS rebinding, or a foreign page, gets nothing of the blog."""
    status, body, _ = ask(url, path, **headers)
    assert status == 403 and b"Sea" not in body


@pytest.mark.parametrize("path", ["/../outside.txt", "/..%2foutside.txt", "/%2e%2e/outside.txt", "/..%5coutside.txt",
                                  "//../outside.txt", "/posts/../../outside.txt", "/%2f..%2foutside.txt",
                                  "/.nbblog-site.json", "/outside.txt%00.html", "/assets/", "/assets",
                                  "/posts/%ff", "/C:/outside.txt"])  # fmt: skip
def test_only_files_of_the_site_are_shown(url: str, path: str) -> None:
    """No way leads out of the folder, and no folder is listed."""
    assert ask(url, path)[0] == 404


def test_a_link_out_of_the_site_is_not_followed(blog: Path, tmp_path: Path) -> None:
    """Neither as a file nor as a folder on the way."""
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    server = BlogServer(load_settings(blog), tmp_path / "made" / "site", 0)
    (tmp_path / "made" / "site" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "made" / "site" / "way").symlink_to(tmp_path)
    assert [ask(server.url, path)[0] for path in ("/link.txt", "/way/secret.txt")] == [404, 404]
    server.close()


def test_answers_are_what_a_web_server_gives(url: str) -> None:
    """Kinds, no caching, no body for HEAD, the slash of folders; nothing is taken."""
    status, body, headers = ask(url, "/posts/tides/", "HEAD")
    assert (status, body, headers["content-type"]) == (200, b"", "text/html; charset=utf-8")
    assert headers["cache-control"] == "no-store" and headers["x-content-type-options"] == "nosniff"
    assert (ask(url, "/posts/tides")[0], ask(url, "/posts/tides")[2]["location"]) == (301, "/posts/tides/")
    assert ask(url, "/sitemap.xml")[2]["content-type"] == "application/xml"
    assert ask(url, "/", "POST")[0] == 501


def test_a_policy_without_scripts_gets_only_ours() -> None:
    """``'none'`` beside another source would be void."""
    page = '<meta http-equiv="Content-Security-Policy" content="script-src &#39;none&#39;; a b">'
    assert re.search(r"script-src &#x27;sha256-[^ ;]+&#x27;; a b", add_script(page, 1))


def test_a_taken_port_is_one_line(blog: Path, url: str) -> None:
    """With the next as advice."""
    port = int(url.rstrip("/").rpartition(":")[2])
    with pytest.raises(BuildError, match=f"try --port {port + 1}"):
        BlogServer(load_settings(blog), blog.parent / "site", port)


def test_ctrl_c_ends_it_quietly(blog: Path) -> None:
    """Also while a browser listens, and the author's folder is as it was."""
    process, url = start(blog)
    listening = http.client.HTTPConnection(urlsplit(url).netloc)
    listening.request("GET", "/-/events")
    listening.getresponse().readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "built\n")
    assert sorted(path.name for path in blog.iterdir()) == ["nbblog.toml", "posts"]

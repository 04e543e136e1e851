"""A site's search in a real browser: it finds posts, under any path, and runs nothing of what it finds."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from nbblog.build import build_blog
from nbblog.search import can_index
from nbblog.settings import load_settings

DAY = date(2026, 3, 1)
POSTS = {
    "ebb": "# Ebb\n\nThe quokka_index falls twice a day.",
    "flood": "# Flood\n\nThe quokka_index rises, `<img src=x onerror=window.hit=1>` and <b>falls</b> again.",
    "moon": "# Moon\n\nNothing of that kind.",
}


def write(blog: Path, name: str, text: str, head: str = "") -> None:
    """A post of one text cell."""
    cells = [{"cell_type": "raw", "metadata": {}, "source": f"---\ndate: 2026-01-02\n{head}---", "id": "head"},
             {"cell_type": "markdown", "metadata": {}, "source": text, "id": "text"}]  # fmt: skip
    (blog / "posts").mkdir(exist_ok=True)
    (blog / "posts" / f"{name}.ipynb").write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), "utf-8"
    )


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A blog of three posts and a draft, in a folder that is served as ``/repo/``."""
    root = tmp_path / "blog"
    root.mkdir()
    (root / "nbblog.toml").write_text('site_title = "Tides"\noutput = "out/repo"\n', "utf-8")
    for name, text in POSTS.items():
        write(root, name, text)
    write(root, "secret", "# Secret\n\nThe quokka_index is made up.", "draft: true\n")
    return root


def build(blog: Path) -> dict[str, bytes]:
    """Build it, and give the site's files by path."""
    assert not build_blog(load_settings(blog), today=DAY).errors
    site = blog / "out" / "repo"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The folder at an address."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def page(browser: Browser, blog: Path) -> Iterator[Page]:
    """The page of the search, whose console stays empty."""
    build(blog)
    context = browser.new_context(reduced_motion="reduce")
    shown = context.new_page()
    said: list[str] = []
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda error: said.append(str(error)))
    with serve(blog / "out") as site:
        shown.goto(f"{site}repo/")
        shown.get_by_role("link", name="Search").click()
        yield shown
        context.close()
    assert said == []


def test_words_find_the_posts_that_have_them(page: Page) -> None:
    """And the address of the page keeps the words."""
    box = page.get_by_role("searchbox", name="Search")
    box.fill("quokka_index")
    expect(page.get_by_role("status")).to_have_text("2 posts found.")
    assert sorted(page.locator(".nb-results h2").all_inner_texts()) == ["Ebb", "Flood"]
    page.wait_for_url("**/repo/search/?q=quokka_index")
    page.reload()
    expect(page.get_by_role("status")).to_have_text("2 posts found.")
    page.get_by_role("link", name="Ebb").click()
    page.wait_for_url("**/repo/posts/ebb/")


def test_what_is_found_is_text_and_marks(page: Page) -> None:
    """Markup that a post shows as text stays text in its excerpt."""
    page.get_by_role("searchbox").fill("onerror")
    expect(page.get_by_role("status")).to_have_text("1 post found.")
    assert "<img src=x" in page.locator(".nb-results p").inner_text()
    assert page.locator(".nb-results mark").count() >= 1
    assert page.locator(".nb-results img").count() == 0 and page.evaluate("window.hit") is None


def test_words_that_no_post_has_are_said_to_be_in_none(page: Page) -> None:
    """The reader's words stand there as text."""
    page.get_by_role("searchbox").fill("xyzzyq <b>")
    expect(page.get_by_role("status")).to_have_text("Nothing found for “xyzzyq <b>”.")
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_role("status")).to_have_text("")


def test_a_search_that_cannot_be_made_says_so(browser: Browser, blog: Path) -> None:
    """From disk a browser loads no modules; the archive is there all the same."""
    build(blog)
    page = browser.new_page()
    page.goto((blog / "out" / "repo" / "search" / "index.html").as_uri() + "?q=ebb")
    expect(page.get_by_role("status")).to_contain_text("Search does not work here")
    page.close()


def test_the_index_has_no_trace_of_drafts_and_is_the_same_each_time(blog: Path) -> None:
    """Whatever was in it before."""
    assert can_index()
    first = build(blog)
    write(blog, "ebb", POSTS["ebb"] + " More.")
    changed = build(blog)
    assert {path for path in changed if "pf_meta" in path} != {path for path in first if "pf_meta" in path}
    write(blog, "ebb", POSTS["ebb"])
    assert build(blog) == first
    assert json.loads(first["pagefind/pagefind-entry.json"])["languages"]["en"]["page_count"] == len(POSTS)


def test_a_site_without_search_has_no_page_for_it(blog: Path) -> None:
    """Nor one without posts."""
    (blog / "nbblog.toml").write_text('output = "out/repo"\nsearch = false\n', "utf-8")
    files = build(blog)
    assert not any(path.startswith(("search/", "pagefind/")) for path in files)
    assert b"search/" not in files["index.html"]

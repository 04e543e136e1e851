"""The example blog, the documentation with the example notebooks: each type of its pages is one to be proud of."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from test_look import check_html, open_page, run_axe

from nbblog.build import build_blog
from nbblog.check import check_blog
from nbblog.settings import Blog, load_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DAY = date(2026, 3, 1)
PAGES = {
    "home": "", "second page": "page/2/", "post": "posts/guide-how-to/", "reference": "posts/reference-publish/",
    "archive": "archive/", "topics": "tags/", "topic": "tags/reference/", "authors": "authors/",
    "author": "authors/admin/", "search": "search/", "nowhere": "404.html",
}  # fmt: skip


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Blog:
    folder = tmp_path_factory.mktemp("blog") / "example"
    subprocess.run([sys.executable, root / "scripts" / "example_blog.py", folder], check=True)
    blog = load_settings(folder)
    assert not build_blog(blog, today=DAY).errors
    return blog


@pytest.fixture(scope="module")
def site(blog: Blog, serve: Callable[[Path], str]) -> str:
    return serve(blog.output)


def test_nothing_is_to_be_mended(blog: Blog) -> None:
    """As ``nbblog check --strict`` has it: links, pictures, order of execution, secrets and all."""
    found = check_blog(blog, today=DAY)
    assert [one for one in found if one.severity != "info"] == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_axe_finds_nothing(browser: Browser, site: str, root: Path, page: str, width: int, scheme: Any) -> None:
    """On a page of each type, on a screen and a phone; none scrolls sideways."""
    with open_page(browser, site + PAGES[page], width, color_scheme=scheme, bypass_csp=True) as shown:
        assert run_axe(shown, root) == []
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_checker_of_the_html_standard_finds_nothing(blog: Blog, root: Path) -> None:
    """On all pages that are not frames."""
    pages = [path for path in sorted(blog.output.rglob("*.html")) if path.parent.name != "assets"]
    assert check_html(root, pages) == []


# A host shows its 404.html at any address, so the links of that one page are full addresses.
@pytest.mark.parametrize("page", [page for page in PAGES if page != "nowhere"])
def test_opened_from_the_disk_every_link_leads_to_a_file(browser: Browser, blog: Blog, page: str) -> None:
    """Without a server that gives the ``index.html`` of a folder."""
    path = blog.output / PAGES[page]
    shown = browser.new_page()
    shown.goto((path if path.is_file() else path / "index.html").as_uri())
    links = shown.evaluate("[...document.links].map(({ href }) => href)")
    shown.close()
    targets = [Path(unquote(urlsplit(link).path)) for link in links if link.startswith("file:")]
    assert targets
    assert [target for target in targets if not target.is_file()] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_it_is_to_those_who_search(blog: Blog, page: str) -> None:
    """In its description."""
    path = blog.output / PAGES[page]
    text = (path if path.is_file() else path / "index.html").read_text("utf-8")
    (description,) = re.findall(r'<meta name="description" content="([^"]*)">', text)
    assert len(description) > 20
    wanted = {"topic": "Topic: reference · nbblog: A notebook", "archive": "Archive · nbblog: A notebook"}
    assert description.startswith(wanted.get(page, ""))


def test_a_card_whose_picture_does_not_come_has_an_empty_box(browser: Browser, site: str) -> None:
    """Of the same size, and not the browser's sign for a broken picture."""
    shown = browser.new_page(viewport={"width": 1280, "height": 900})
    shown.route("**/*", lambda route: route.abort() if route.request.resource_type == "image" else route.continue_())
    shown.goto(site)
    pictures = shown.locator(".nb-card img")
    assert pictures.count()
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        is_empty = "image => image.src.startsWith('data:') && image.naturalWidth"
        shown.wait_for_function(is_empty, arg=picture.element_handle())
        box = picture.bounding_box()
        assert box is not None
        assert abs(box["width"] / box["height"] - 4 / 3) < 0.02
    shown.close()

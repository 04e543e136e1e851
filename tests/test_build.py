"""The site of a blog: whole or as it was, the same each time, and every link in it leads somewhere."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import feedparser
import nbformat
import psutil
import pytest
from blog_folder import read_site, write_post
from click.testing import CliRunner
from tries import many

from nbblog.build import build_blog
from nbblog.cli import cli
from nbblog.core.asnotebook import NOT_SHOWN
from nbblog.core.errors import BuildError, ConfigError
from nbblog.core.site import redirect_path
from nbblog.kept import Kept, cache_folder
from nbblog.records import Record, load_record, save_record
from nbblog.settings import load_settings, settings_digest
from nbblog.workers import Cores

DAY = date(2026, 3, 1)


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A blog of a series of three, a draft, a post of the future, and one in a folder of its own."""
    (tmp_path / "nbblog.toml").write_text(
        'site_title = "Tides"\nsite_url = "https://example.org/repo"\nposts_per_page = 2\nauthor = "Ada"\n', "utf-8"
    )
    for number in (1, 2, 3):
        write_post(tmp_path, f"2026-01-0{number}-part-{number}.ipynb", f"# One\n\n## Two\n\n[[post:part-{number}]] $x$",
                   title=f"Part {number}", series="A Series", categories=["C++", "sea"],
                   aliases=[f"/old/{number}.html"])  # fmt: skip
    write_post(tmp_path, "2026-01-05-secret.ipynb", "hidden words", title="Unfinished", draft=True,
               categories=["quiet"])  # fmt: skip
    write_post(tmp_path, "2030-01-05-later.ipynb", "words of the future", title="Later")
    write_post(tmp_path, "deep/2025-12-01-alone.ipynb", "No series here.", title="Alone & <b>")
    return tmp_path


def rendered(blog: Path, **options: Any) -> int:
    """Build it, and give how many of its posts were rendered."""
    result = build_blog(load_settings(blog), today=DAY, **options)
    assert result.errors == {}
    return result.rendered


def build(blog: Path, *, drafts: bool = False) -> dict[str, bytes]:
    """Build it, and give the site's files by path."""
    result = build_blog(load_settings(blog), drafts=drafts, today=DAY)
    assert result.errors == {}
    return read_site(blog)


def test_every_link_of_the_site_leads_to_one_of_its_files(blog: Path) -> None:
    """Relative links, so at any address; those of the page for lost readers are full ones."""
    files = build(blog)
    pages = {path: text.decode() for path, text in files.items() if path.endswith(".html")}
    assert len(pages) >= 14
    for path, html in pages.items():
        shown = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
        for url in re.findall(r'\b(?:href|src|data-urls)="([^"#]+)', shown):
            if path == "404.html" or ":" in url:
                continue
            target = unquote(urljoin(f"https://x/{path}", url)).removeprefix("https://x/")
            assert (target if not target.endswith("/") and target else f"{target}index.html") in files, (path, url)


def test_there_is_a_page_for_each_thing_and_for_each_former_address(blog: Path) -> None:
    """Topics, series and authors have pages; a list goes on in a second page."""
    files = build(blog)
    assert {
        "index.html", "page/2/index.html", "archive/index.html", "404.html", "tags/index.html", "tags/sea/index.html",
        "series/a-series/index.html", "authors/ada/index.html", "posts/part-1/index.html", "old/1.html", ".nojekyll",
    } <= set(files)  # fmt: skip
    assert "../posts/part-1/" in files["old/1.html"].decode()


def test_the_sitemap_has_every_page_once_with_its_posts_own_dates(blog: Path) -> None:
    """Not those that only lead on, nor the one for lost readers."""
    files = build(blog)
    found = re.findall(r"<loc>https://example.org/repo/([^<]*)</loc>", files["sitemap.xml"].decode())
    pages = [path.removesuffix("index.html") for path in files if path.endswith("index.html")]
    assert found == sorted(pages)
    assert "posts/part-1/</loc><lastmod>2026-01-01</lastmod>" in files["sitemap.xml"].decode()
    assert files["robots.txt"].decode().endswith("Sitemap: https://example.org/repo/sitemap.xml\n")


def test_there_are_feeds_of_all_posts_and_of_each_topic(blog: Path) -> None:
    """The newest posts whole, in every format, and pages that lead to them."""
    settings = blog / "nbblog.toml"
    settings.write_text(f"{settings.read_text('utf-8')}feed_posts = 2\n", "utf-8")
    files = build(blog)
    for path in ("feed.xml", "rss.xml", "feed.json", "tags/sea/feed.xml"):
        feed = feedparser.parse(files[path]) if path.endswith(".xml") else None
        items = feed.entries if feed else json.loads(files[path])["items"]
        links = [item["link" if feed else "url"] for item in items]
        assert links == ["https://example.org/repo/posts/part-3/", "https://example.org/repo/posts/part-2/"], path
        assert b"Part 3" in files[path] and b"Two" in files[path]
    post, topic = files["posts/part-1/index.html"].decode(), files["tags/sea/index.html"].decode()
    assert 'type="application/rss+xml" title="RSS" href="../../rss.xml"' in post
    assert 'type="application/atom+xml" title="Atom" href="feed.xml"' in topic and "rss.xml" not in topic
    listed = files["llms.txt"].decode()
    assert "- [Part 3](https://example.org/repo/posts/part-3/index.md)" in listed and "Unfinished" not in listed
    described = re.search(r'<script type="application/ld\+json">(.*?)</script>', files["index.html"].decode())
    assert described and json.loads(described[1])["blogPost"][0]["headline"] == "Part 3"


def test_a_post_stands_beside_its_page_as_markdown_and_as_a_notebook(blog: Path) -> None:
    """With what the page shows; what it hides is in no file of the site."""
    cells = nbformat.v4
    book = cells.new_notebook(cells=[
        cells.new_raw_cell("---\ntitle: Tide\nauthor: Ada\nplan: SECRET-1\n---"),
        cells.new_markdown_cell("Shown. <!-- SECRET-2 --> `<!-- code -->`",
                                attachments={"left.png": {"image/png": "SECRET"}}),
        cells.new_code_cell("key = 'SECRET-3'", metadata={"tags": ["remove-cell"]}),
        cells.new_code_cell("#| echo: false\nkey = 'SECRET-4'", execution_count=1,
                            outputs=[cells.new_output("stream", name="stdout", text="seven")]),
        cells.new_code_cell("print(key)", metadata={"tags": ["hide-output"], "slideshow": "SECRET-5"}),
        cells.new_code_cell("eight", metadata={"tags": ["remove-output"]},
                            outputs=[cells.new_output("stream", name="stdout", text="SECRET-6")]),
    ], metadata={"secret": "SECRET-7", "kernelspec": {"name": "python3", "display_name": "Python 3"}})  # fmt: skip
    (blog / "posts" / "2026-01-08-tide.ipynb").write_text(nbformat.writes(book), "utf-8")
    files = build(blog)
    assert not [path for path, content in files.items() if b"SECRET" in content]
    twin = nbformat.reads(files["posts/tide/tide.ipynb"].decode(), as_version=4)
    nbformat.validate(twin)
    sources = [cell.source for cell in twin.cells]
    assert sources[0].startswith('---\ntitle: "Tide"\nauthor: ["Ada"]\ndate: "2026-01-08"\n')
    assert sources[1:] == ["Shown.  `<!-- code -->`", NOT_SHOWN, "print(key)", "eight"]
    assert twin.cells[2].outputs[0].text == "seven" and twin.cells[4].outputs == []
    told = files["posts/tide/index.md"].decode()
    assert "# Tide\n\nShown. `<!-- code -->`\n\n```\nseven\n```\n" in told
    page = files["posts/tide/index.html"].decode()
    assert '<link rel="alternate" type="text/markdown" href="index.md">' in page
    assert 'href="tide.ipynb" type="application/x-ipynb+json" download' in page
    settings = blog / "nbblog.toml"
    settings.write_text(f"{settings.read_text('utf-8')}twins = false\n", "utf-8")
    assert not [path for path in build(blog) if path.endswith((".md", ".ipynb"))]


def test_a_feed_is_made_anew_when_a_post_in_it_changes(blog: Path, kept: Path) -> None:
    """Also when only its text did."""
    before = build(blog)
    write_post(blog, "2026-01-03-part-3.ipynb", "Another text.", title="Part 3", series="A Series", categories=["sea"])
    after = build(blog)
    assert all(after[path] != before[path] and b"Another text" in after[path] for path in ("feed.xml", "rss.xml"))


def test_drafts_and_posts_of_the_future_leave_no_trace(blog: Path) -> None:
    """Neither they nor their topics are anywhere, unless they are asked for."""
    assert not [path for path, text in build(blog).items() if re.search(rb"Unfinished|hidden words|quiet|Later", text)]
    assert {"posts/secret/index.html", "posts/later/index.html"} <= set(build(blog, drafts=True))


def test_the_same_notebooks_give_the_same_bytes(blog: Path) -> None:
    """Whatever the folder had before."""
    before = build(blog)
    write_post(blog, "2026-01-09-other.ipynb", "Passing.", title="Other")
    assert build(blog) != before
    (blog / "posts" / "2026-01-09-other.ipynb").unlink()
    assert build(blog) == before


def test_a_bad_post_leaves_the_site_as_it_was_and_is_named(blog: Path) -> None:
    """The others are looked at all the same."""
    before = build(blog)
    (blog / "posts" / "2026-01-02-part-2.ipynb").write_text("{", "utf-8")
    result = build_blog(load_settings(blog), today=DAY)
    assert list(result.errors) == ["2026-01-02-part-2.ipynb"]
    assert result.posts == 3
    assert read_site(blog) == before


def test_two_posts_of_one_slug_are_an_error(blog: Path) -> None:
    """One of them would be lost."""
    write_post(blog, "more/2026-02-01-part-1.ipynb", "Again.", title="Again")
    (message,) = build_blog(load_settings(blog), today=DAY).errors.values()
    assert "slug `part-1`" in message


def test_a_folder_of_others_is_never_replaced(blog: Path) -> None:
    """Nor is one that holds the notebooks."""
    (blog / "_site").mkdir()
    (blog / "_site" / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(BuildError, match="did not make"):
        build_blog(load_settings(blog), today=DAY)
    assert read_site(blog) == {"thesis.txt": b"years of work"}
    (blog / "nbblog.toml").write_text('output = "posts/site"\n', "utf-8")
    with pytest.raises(BuildError, match="beside each other"):
        build_blog(load_settings(blog), today=DAY)


KILLS = many(12, 100)


@pytest.mark.tries("Builds", "killed with kill -9 at a random moment", KILLS)
def test_a_build_killed_at_any_moment_leaves_a_whole_site(blog: Path) -> None:
    """The old or the new one, and the next build works."""
    sites = [build(blog)]
    post = blog / "posts" / "2026-01-02-part-2.ipynb"
    old = post.read_text("utf-8")
    new = old.replace("## Two", "## Three")
    post.write_text(new, "utf-8")
    sites.append(build(blog))
    code = (
        "import sys; from datetime import date; from pathlib import Path; from nbblog.build import build_blog;"
        "from nbblog.settings import load_settings; print(flush=True);"
        "build_blog(load_settings(Path(sys.argv[1])), today=date(2026, 3, 1))"
    )
    chance = random.Random(3)
    for number in range(KILLS):
        post.write_text(old if number % 2 else new, "utf-8")
        process = subprocess.Popen([sys.executable, "-c", code, str(blog)], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.24))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert read_site(blog) in sites
    post.write_text(old, "utf-8")
    assert build(blog) == sites[0]
    assert [path.name for path in blog.glob("._site*")] == []


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for what builds keep."""
    folder = tmp_path / "kept"
    monkeypatch.setenv("NBBLOG_CACHE", str(folder))
    return folder


def test_only_what_would_change_is_rendered(blog: Path, kept: Path) -> None:
    """A post is, when it, a post that it names, a neighbour in its series, a picture or a setting changes."""
    write_post(blog, "2026-01-07-shown.ipynb", "[[image:dot.svg|A dot]]", title="Shown")
    dot = blog / "posts" / "dot.svg"
    dot.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    assert rendered(blog) == 5
    before = read_site(blog)
    inodes = {path: (blog / "_site" / path).stat().st_ino for path in before}
    assert rendered(blog) == 0
    assert read_site(blog) == before
    same = {path for path in before if (blog / "_site" / path).stat().st_ino == inodes[path]}
    assert same >= {path for path in before if path.endswith(".html") and not path.startswith("old/")}
    write_post(blog, "2026-01-07-shown.ipynb", "[[image:dot.svg|A point]] [[post:part-1]]", title="Shown")
    assert rendered(blog) == 1
    dot.write_text(dot.read_text("utf-8").replace("9", "8"), "utf-8")
    assert rendered(blog) == 1
    write_post(blog, "2026-01-01-part-1.ipynb", "New.", title="Part One", series="A Series", categories=["sea"])
    assert rendered(blog) == 4  # itself, the next part, the other that it is related to, and the one that names it
    (blog / "_site" / "posts" / "part-1" / "index.html").write_text("by hand", "utf-8")
    assert rendered(blog) == 1
    settings = blog / "nbblog.toml"
    settings.write_text(settings.read_text("utf-8") + "echo = false\n", "utf-8")
    assert rendered(blog) == 5


def test_a_site_comes_together_in_the_one_before_the_last(blog: Path, kept: Path) -> None:
    """And holds nothing of it but what it would hold anyway, whatever has become of that one."""
    post = blog / "posts" / "2026-01-02-part-2.ipynb"
    texts = [post.read_text("utf-8").replace("## Two", f"## {word}") for word in ("Three", "Four")]
    sites = []
    for text in texts:
        post.write_text(text, "utf-8")
        sites.append(build(blog))
    (spare,) = (kept / "sites").iterdir()
    folder = spare / "posts" / "part-2"
    inode = folder.stat().st_ino
    post.write_text(texts[0], "utf-8")
    assert build(blog) == sites[0]
    assert (blog / "_site" / "posts" / "part-2").stat().st_ino == inode

    (spare / "posts" / "part-1" / "index.html").unlink()
    (spare / "posts" / "part-1" / "index.html").write_text("another page", "utf-8")
    (spare / "new").mkdir()
    (spare / "new" / "page.html").write_text("a page of nobody", "utf-8")
    (spare / "link").symlink_to(blog / "posts")
    shutil.rmtree(spare / "posts" / "part-3")
    (spare / "posts" / "part-3").symlink_to(blog / "_site" / "posts" / "part-3")
    post.write_text(texts[1], "utf-8")
    assert build(blog) == sites[1]
    assert not (blog / "_site" / "new").exists()
    assert not any(path.is_symlink() for path in (blog / "_site").rglob("*"))
    assert post.read_text("utf-8") == texts[1]

    post.unlink()
    build(blog)
    assert not (blog / "_site" / "posts" / "part-2").exists()
    shutil.rmtree(spare)
    spare.write_text("no folder", "utf-8")
    post.write_text(texts[0], "utf-8")
    assert build(blog) == sites[0]
    assert [path.name for path in blog.glob("._site*")] == []


def test_few_sites_that_were_replaced_are_kept(tmp_path: Path, kept: Path) -> None:
    """Each of another blog; the oldest go."""
    for number in range(10):
        folder = tmp_path / f"blog-{number}"
        (folder / "posts").mkdir(parents=True)
        (folder / "nbblog.toml").write_text('site_title = "Few"\n', "utf-8")
        for text in ("one", "two"):
            write_post(folder, "2026-01-01-a.ipynb", text, title="A")
            build(folder)
    assert len(list((kept / "sites").iterdir())) == 8


def test_a_build_does_without_what_was_kept(blog: Path, kept: Path) -> None:
    """Lost, cut off or damaged: the site is the same."""
    before = build(blog)
    records = list((kept / "builds").iterdir())
    assert len(records) == 1
    for damage in (lambda raw: raw[:-9], lambda raw: raw[:40] + b"!" + raw[41:], lambda raw: b""):
        records[0].write_bytes(damage(records[0].read_bytes()))
        assert rendered(blog) == 4
        assert read_site(blog) == before
    shutil.rmtree(kept)
    assert rendered(blog) == 4
    assert read_site(blog) == before


def test_a_record_runs_nothing(blog: Path, kept: Path) -> None:
    """Even if someone could write one."""

    class Trap:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(blog / "ran"),)

    before = build(blog)
    settings = load_settings(blog)
    save_record(settings.output, settings_digest(settings), Trap())  # type: ignore[arg-type]
    assert rendered(blog) == 4
    assert not (blog / "ran").exists()
    assert read_site(blog) == before


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("nbblog.kept", "os.mkdir"), ("nbblog.kept", "Kept.put.__globals__"), ("nbblog.kept", "Kept"),
     ("nbblog.settings", "Path"), ("nbblog.workers", "ProcessPoolExecutor"), ("builtins", "eval")],
)  # fmt: skip
def test_a_record_names_plain_classes_only(blog: Path, module: str, name: str) -> None:
    """Whatever else it names, it counts as not there, and the build is the same."""
    before = build(blog)
    settings = load_settings(blog)
    kept = Kept(cache_folder(), "builds", of=settings_digest(settings))
    kept.put(str(settings.output.resolve()), f"\x80\x04c{module}\n{name}\n.".encode("latin-1"))
    assert load_record(settings.output, settings_digest(settings)) == Record()
    assert rendered(blog) == 4
    assert read_site(blog) == before


def test_former_addresses_stay_in_the_site(blog: Path) -> None:
    """And take no place of its own; the others still lead on."""
    hostile = ["../../out", "/a/../../out", "javascript:alert(1)", "/%2e%2e/%2e%2e/out", "C:/x", "/con", "/a%2fb",
               "/.git/config", "/feed.xml", "/assets/x", "/index.html", "/Posts/part-2/", "/" + "long" * 200,
               "/" + "a/" * 300, "/posts/part-2/index.html/deeper", "/old/1.html"]  # fmt: skip
    usable = ["//evil.example/x", "/old", "/fine/address/", "/fine/address.html", "/fine", "/fine/address.html/below"]
    before = set(build(blog))
    write_post(blog, "2026-02-01-many.ipynb", "x", title="Many", categories=["sea"], authors=["Ada"],
               aliases=[*hostile, *usable])  # fmt: skip
    site = build(blog)
    pages = {path for path in set(site) - before if b"This page has moved" in site[path]}
    folders = {"evil.example/x", "old", "fine/address", "fine"}
    assert pages == {f"{folder}/index.html" for folder in folders} | {"fine/address.html"}
    assert b"../../posts/many/" in site["evil.example/x/index.html"]
    assert not (blog.parent / "out").exists()
    notices = build_blog(load_settings(blog), today=DAY).notices
    dropped = {source: [one.detail for one in found if one.code == "alias-unused"] for source, found in notices.items()}
    *refused, taken = hostile
    # The newest post has the address that two want.
    assert dropped.pop("2026-02-01-many.ipynb") == [*refused, "/fine/address.html/below"]
    assert list(filter(None, dropped.values())) == [[taken]]
    assert [redirect_path(alias) for alias in ("/a\0b", "/a\u202eb", "/x ", "/x.", "/.x", "/a\nb", "#")] == [None] * 7


def test_processes_give_the_same_site(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors too come as from one."""
    monkeypatch.setenv("NBBLOG_CACHE", "")
    for number in range(12):
        write_post(blog, f"2025-02-{number + 1:02}-many-{number}.ipynb", f"$x^{number}$ [[post:part-1]]",
                   title=f"Many {number}", categories=["many"])  # fmt: skip
    before = build(blog)
    assert rendered(blog, crew=Cores(3)) == 16
    assert read_site(blog) == before
    (blog / "posts" / "2025-02-01-many-0.ipynb").write_text("{", "utf-8")
    errors = [build_blog(load_settings(blog), today=DAY, crew=Cores(jobs)).errors for jobs in (1, 3)]
    assert errors[0] == errors[1] != {}


def test_markdown_links_lead_to_posts_and_copies_of_files(blog: Path) -> None:
    """As they do in JupyterLab; what is no post, or would run in a browser, stays as it was written."""
    (blog / "posts" / "deep" / "tides 50%.csv").write_text("a,b\n", "utf-8")
    (blog / "posts" / "deep" / "page.html").write_text("<script>alert(1)</script>", "utf-8")
    write_post(blog, "deep/2026-02-01-links.ipynb",
               "[one](../2026-01-01-part-1.ipynb#Two-Things) [data](tides%2050%25.csv) [page](page.html) "
               "[draft](../2026-01-05-secret.ipynb) [out](../../nbblog.toml) [gone](gone.csv)",
               title="Links")  # fmt: skip
    site = build(blog)
    page = site["posts/links/index.html"].decode()
    assert '<a href="../part-1/#two-things" rel="noopener noreferrer">one</a>' in page
    (copy,) = [path for path in site if path.endswith(".csv")]
    assert (site[copy], copy.startswith("assets/")) == (b"a,b\n", True)
    assert f'<a href="../../{copy}" download="tides 50%.csv"' in page
    for untouched in ("page.html", "../2026-01-05-secret.ipynb", "../../nbblog.toml", "gone.csv"):
        assert f'<a href="{untouched}"' in page
    assert not [path for path in site if b"hidden words" in site[path] or b"alert(1)" in site[path]]
    # The post that is linked has another title, and so another address: the page is made anew.
    write_post(blog, "2026-01-01-part-1.ipynb", "New.", title="Part 1", slug="first")
    assert '<a href="../first/#two-things"' in build(blog)["posts/links/index.html"].decode()


def test_links_in_html_lead_where_markdown_links_do(blog: Path) -> None:
    """In a block and in a line of text; comments, scripts and other addresses stay as they were."""
    (blog / "posts" / "tides & co.csv").write_text("a,b\n", "utf-8")
    (blog / "posts" / "page.html").write_text("<script>alert(1)</script>", "utf-8")
    write_post(blog, "2026-02-01-links.ipynb",
               "<div><a class='x' HREF='tides%20&amp;%20co.csv'>data</a> "
               "<a\nhref = 2026-01-01-part-1.ipynb>one</a></div>\n\n"
               'Words and <a href="2026-01-01-part-1.ipynb#Two" title="> it">two</a>, <a name="href">none</a>, '
               '<a href="page.html">page</a>, <a href="https://example.org/a.csv">far</a>, '
               '<a href="../nbblog.toml">out</a>, <a href="2026-01-05-secret.ipynb">draft</a>\n\n'
               '<!-- <a href="tides%20&amp;%20co.csv"> -->',
               title="Links")  # fmt: skip
    site = build(blog)
    page = site["posts/links/index.html"].decode()
    (copy,) = [path for path in site if path.endswith(".csv")]
    assert f'<a href="../../{copy}" download="tides &amp; co.csv"' in page
    assert page.count('<a href="../part-1/"') >= 1
    assert '<a href="../part-1/#two"' in page
    for untouched in ("page.html", "https://example.org/a.csv", "../nbblog.toml", "2026-01-05-secret.ipynb"):
        assert f'<a href="{untouched}"' in page
    assert not [path for path in site if b"hidden words" in site[path] or b"alert(1)" in site[path]]


def test_the_footer_is_on_every_page(blog: Path) -> None:
    """A line of Markdown, whose links are paths in the site; it is sanitised like any other."""
    settings = blog / "nbblog.toml"
    line = "© *Ada* · [Words](posts/part-1/) [Away](https://example.net/) [Hot](javascript:alert(1)) <script>x</script>"
    settings.write_text(f'{settings.read_text("utf-8")}footer = "{line}"\n', "utf-8")
    site = build(blog)
    for page, up in (
        ("index.html", "posts/"), ("posts/part-2/index.html", "../"), ("tags/sea/index.html", "../../posts/")
    ):  # fmt: skip
        html = site[page].decode().rpartition("<footer")[2].partition("</footer>")[0]
        assert f'<span>© <em>Ada</em> · <a href="{up}part-1/"' in html
        assert '<a href="https://example.net/" rel="noopener noreferrer">Away</a>' in html
        assert "[Hot](javascript:alert(1)) </span>" in html
        assert "<script" not in html


def test_a_post_links_to_its_notebook_at_github(blog: Path) -> None:
    """And to Colab; from the repository's first folder, wherever the blog is in it."""
    settings = blog / "nbblog.toml"
    settings.write_text(f'{settings.read_text("utf-8")}repository = "ada/tides"\n', "utf-8")
    place = "ada/tides/blob/HEAD/posts/deep/2025-12-01-alone.ipynb"
    page = build(blog)["posts/alone/index.html"].decode()
    assert f'<a href="https://github.com/{place}">See the notebook on GitHub</a>' in page
    assert f'<a href="https://colab.research.google.com/github/{place}">' in page
    (blog.parent / ".git").mkdir()
    page = build(blog)["posts/alone/index.html"].decode()
    assert f"/blob/HEAD/{blog.name}/posts/deep/2025-12-01-alone.ipynb" in page
    settings.write_text(settings.read_text("utf-8").replace("ada/tides", "ada tides"), "utf-8")
    with pytest.raises(ConfigError, match="a repository at GitHub such as ada/tides"):
        load_settings(blog)


def test_a_worker_that_is_killed_leaves_the_old_site(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, and nothing of the new one is left."""
    monkeypatch.setenv("NBBLOG_CACHE", "")
    before = build(blog)
    for number in range(60):
        write_post(blog, f"2025-02-01-many-{number}.ipynb", "$x$ " * 100, title=f"Many {number}")

    def kill_one() -> None:
        for _ in range(2000):
            workers = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
            if workers:
                workers[0].kill()
                return
            time.sleep(0.005)

    killer = threading.Thread(target=kill_one)
    killer.start()
    with pytest.raises(BuildError, match="ended from outside"):
        build_blog(load_settings(blog), today=DAY, crew=Cores(2))
    killer.join()
    assert read_site(blog) == before
    assert [path.name for path in blog.glob("._site*")] == []


def test_keeping_going_keeps_the_last_good_version_of_a_post(blog: Path, kept: Path) -> None:
    """The others are renewed; without a last version it is left out."""
    before = build(blog)
    (blog / "posts" / "2026-01-02-part-2.ipynb").write_text("{", "utf-8")
    write_post(blog, "2026-01-03-part-3.ipynb", "Renewed words.", title="Part 3", series="A Series")
    write_post(blog, "2026-01-08-new.ipynb", "x", title="New")
    (blog / "posts" / "2026-01-09-broken.ipynb").write_text("{", "utf-8")
    result = build_blog(load_settings(blog), today=DAY, keep_going=True)
    assert list(result.errors) == ["2026-01-02-part-2.ipynb", "2026-01-09-broken.ipynb"]
    after = read_site(blog)
    assert after["posts/part-2/index.html"] == before["posts/part-2/index.html"]
    assert b"Renewed words." in after["posts/part-3/index.html"]
    assert "posts/new/index.html" in after
    assert not [path for path in after if "broken" in path]


def test_the_command_says_what_it_made(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And `publish` takes it from there, to a real remote."""
    monkeypatch.chdir(blog)
    run = CliRunner().invoke(cli, ["build"])
    assert (run.exit_code, "4 posts" in run.output) == (0, True), run.output
    for arguments in (["init", "-q", "."], ["init", "-q", "--bare", "../remote.git"],
                      ["remote", "add", "origin", "../remote.git"]):  # fmt: skip
        subprocess.run(["git", *arguments], check=True)
    dry = CliRunner().invoke(cli, ["publish", "--dry-run"])
    assert "+ index.html" in dry.output
    assert "nothing was sent" in dry.output
    assert "published to gh-pages" in CliRunner().invoke(cli, ["publish"]).output
    assert "already" in CliRunner().invoke(cli, ["publish"]).output
    listed = subprocess.run(["git", "--git-dir", "../remote.git", "ls-tree", "-r", "--name-only", "gh-pages"],
                            check=True, capture_output=True, text=True)  # fmt: skip
    assert set(listed.stdout.split()) == set(read_site(blog))


def test_a_page_with_a_token_is_not_published(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is named, and the token is not shown."""
    token = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5"
    write_post(blog, "2026-01-09-leak.ipynb", f"My key is {token}.", title="Leak")
    build(blog)
    monkeypatch.chdir(blog)
    subprocess.run(["git", "init", "-q", "."], check=True)
    run = subprocess.run(["nbblog", "publish"], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("nbblog: posts/leak/index.html")
    assert token not in run.stdout + run.stderr

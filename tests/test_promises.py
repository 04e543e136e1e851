"""What SECURITY.md promises and no other test shows: builds at once, damaged, elsewhere, without network."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from blog_folder import read_pages, write_post
from tries import many

from nbblog.build import BuildResult, build_blog
from nbblog.settings import load_settings

DAY = date(2026, 3, 1)


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A blog of five posts with a cache of its own."""
    root = tmp_path / "blog"
    (root / "posts").mkdir(parents=True)
    (root / "nbblog.toml").write_text('site_title = "Tides"\nsite_url = "https://example.org/repo"\n', "utf-8")
    for number in range(5):
        write_post(root, f"2026-01-0{number + 1}-part-{number}.ipynb", f"## Two\n\n$x^{number}$ `code`",
                   title=f"Part {number}", series="A Series", categories=["sea"])  # fmt: skip
    monkeypatch.setenv("NBBLOG_CACHE", str(tmp_path / "cache"))
    return root


def build(blog: Path) -> BuildResult:
    """What became of it."""
    return build_blog(load_settings(blog), today=DAY)


@pytest.mark.tries("Builds", "addresses inside the author's network", 43)
def test_a_build_asks_no_address(blog: Path) -> None:
    """However it is written: pictures, films and links stay where they are, and readers' browsers fetch them."""
    asked: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_POST = do_GET

    with HTTPServer(("127.0.0.1", 0), Canary) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_port
        hosts = ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"]
        ways = ["![x]({0})", "[[image:{0}|x]]", "[[video:{0}]]", "[[file:{0}|x]]", "[[embed:{0}]]", '<img src="{0}">']
        text = "\n\n".join(way.format(f"http://{host}:{port}/c.png") for host in hosts for way in ways)
        write_post(blog, "2026-02-01-far.ipynb", text, title="Far", image=f"http://127.0.0.1:{port}/card.png")
        assert build(blog).errors == {}
        server.shutdown()
    assert asked == []
    assert f"http://127.0.0.1:{port}/c.png" in read_pages(blog)["posts/far/index.html"].decode()


ROUNDS, FLIPS = many(1, 10), many(12, 100)


@pytest.mark.tries("Builds", "builds of one blog at the same moment", 4 * ROUNDS)
def test_builds_at_once_leave_one_whole_site(blog: Path) -> None:
    """Each by the command; they take turns."""
    build(blog)
    expected = read_pages(blog)
    command = [sys.executable, "-c", "from nbblog.cli import main; main()", "build"]
    for number in range(ROUNDS):
        (blog / "_site").rename(blog.parent / f"before{number}")
        with ThreadPoolExecutor(4) as pool:
            runs = list(pool.map(lambda _: subprocess.run(command, cwd=blog, capture_output=True, text=True), range(4)))
        assert [(run.returncode, run.stderr) for run in runs] == [(0, "")] * 4
        assert read_pages(blog) == expected
        assert sorted(path.name for path in blog.iterdir() if path.name.startswith("._")) == []


@pytest.mark.tries("Builds", "bits flipped in what earlier builds kept", 6 * FLIPS)
def test_flipped_bits_in_what_was_kept_change_nothing(blog: Path) -> None:
    """Neither in the records of builds nor in formulas, templates and cards."""
    build(blog)
    expected = read_pages(blog)
    chance = random.Random(1)
    kept = sorted(path for path in Path(os.environ["NBBLOG_CACHE"]).rglob("*") if path.is_file())
    for number in range(FLIPS):
        for path in chance.sample(kept, min(len(kept), 6)):
            raw = bytearray(path.read_bytes())
            if raw:
                raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
                path.write_bytes(raw)
        if number % 3 == 0:
            (blog / "_site").rename(blog.parent / f"before{number}")
        assert build(blog).errors == {}
        assert read_pages(blog) == expected


def test_another_machine_makes_the_same_bytes(blog: Path, tmp_path: Path) -> None:
    """Another time zone, language, hash seed, home, umask and folder."""
    elsewhere = tmp_path / "another place é" / "blog"
    elsewhere.parent.mkdir()
    sites = []
    worlds: list[tuple[str, str, str]] = [("UTC", "C.UTF-8", "1"), ("Pacific/Kiritimati", "tr_TR.UTF-8", "4711")]
    for zone, language, seed in worlds:
        environment = {**os.environ, "TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONHASHSEED": seed,
                       "HOME": str(tmp_path / seed), "NBBLOG_CACHE": str(tmp_path / f"cache {seed}")}  # fmt: skip
        command = [sys.executable, "-c", "import os; os.umask(0o077); from nbblog.cli import main; main()", "build"]
        subprocess.run(command, cwd=blog, env=environment, check=True, capture_output=True)
        sites.append(read_pages(blog))
        blog = blog.rename(elsewhere)
        (blog / "_site").rename(tmp_path / f"old {seed}")
        for path in (blog / "posts").iterdir():
            os.utime(path, (0, 0))
        elsewhere = tmp_path / "third"
    assert sites[0] == sites[1]


def test_a_notebook_that_is_being_saved_stops_no_build(blog: Path) -> None:
    """It is read once: as it was, as it is, or it is an error of this post."""
    build(blog)
    path = blog / "posts" / "2026-01-01-part-0.ipynb"
    whole, done = path.read_text("utf-8"), threading.Event()

    def save_again_and_again() -> None:
        number = 0
        while not done.is_set():
            number += 1
            with path.open("w", encoding="utf-8") as file:
                text = whole.replace("## Two", f"## Two {number}")
                file.write(text[: len(text) // 2])
                file.flush()
                file.write(text[len(text) // 2 :])

    writer = threading.Thread(target=save_again_and_again)
    writer.start()
    try:
        for _ in range(10):
            assert set(build(blog).errors) <= {path.name}
            assert b"## Two" in read_pages(blog)["posts/part-0/index.md"]
    finally:
        done.set()
        writer.join()
    assert build(blog).errors == {}


ODD = [
    "con", "NUL.x", "a b", "ünï", "日本語", "x" * 120, "-dash", "a'b", 'a"b', "a<b>", "a|b", "a*b?", "$(touch x)",
    "`x`", "%2e%2e", "a\tb", "a\nb", "..x", "e\u0301 two", "\u202egnp", "{{7*7}}", "#x", "&amp;", "😀", "a:b",
]  # fmt: skip


def test_names_of_a_site_can_be_had_everywhere(blog: Path) -> None:
    """Whatever its notebooks are called: no device of Windows, no mark that it refuses, 120 bytes at most, one form of
    each letter, and no two that differ in case only."""
    for number, name in enumerate(ODD):
        write_post(blog, f"{name}{number if number > 1 else ''}.ipynb", "x", title=name)
    assert build(blog).errors == {}
    paths = [path for path in read_pages(blog) if not path.startswith(("assets/", "pagefind/"))]
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        assert path == unicodedata.normalize("NFC", path)
        for part in path.split("/"):
            assert len(part.encode()) <= 120
            assert not set(part) & set('<>:"\\|?*') and part.isprintable() and part[-1] not in ". "
            assert part.partition(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}


def test_names_that_differ_in_case_or_form_only_are_two_sources_of_one_slug(blog: Path) -> None:
    """The error names both."""
    for first, second in (("Upper", "upper"), ("caf\u00e9", "cafe\u0301")):
        write_post(blog, f"{first}.ipynb", "x", title="1")
        write_post(blog, f"{second}.ipynb", "x", title="2")
    messages = list(build(blog).errors.values())
    assert len(messages) == 2
    assert all("has the slug `" in message and message.count(".ipynb") == 2 for message in messages)


@pytest.mark.parametrize("output", [".", "..", "/", "posts", "posts/deep"])
def test_no_folder_of_the_authors_is_a_site(blog: Path, output: str) -> None:
    """Nothing in it changes."""
    (blog / "nbblog.toml").write_text(f'output = "{output}"\n', "utf-8")
    before = sorted(blog.parent.rglob("*"))
    with pytest.raises(Exception, match=r"output|beside each other|did not make"):
        build(blog)
    assert sorted(path for path in blog.parent.rglob("*") if "cache" not in path.parts) == before

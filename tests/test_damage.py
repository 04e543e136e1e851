"""Notebooks damaged as files are damaged, and disks that are full while a site is built."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from blog_folder import read_site, write_post
from tries import many

from nbblog.build import build_blog
from nbblog.core.config import BlogConfig
from nbblog.core.errors import NbblogError
from nbblog.files import folder_reader, parse_notebook
from nbblog.onepage import render_one_page
from nbblog.settings import load_settings

EXAMPLES = Path(__file__).resolve().parent.parent / "example_notebooks"
DAMAGED = many(60, 3000)
SMALL = ("markup.ipynb", "interact.ipynb")


def damage(raw: bytes, chance: random.Random) -> bytes:
    """What a bad disk, a lost connection or a careless merge leaves."""
    start, end = sorted(chance.sample(range(len(raw)), 2))
    end = min(end, start + 5000)
    kind = chance.randrange(5)
    if kind == 0:
        return raw[:start]
    if kind == 1:
        return raw[:start] + raw[end:]
    if kind == 2:
        return raw[:end] + raw[start:]
    if kind == 3:
        return raw[:start] + bytes(end - start) + raw[end:]
    flipped = bytearray(raw)
    for _ in range(chance.choice((1, 1, 1, 5, 40))):
        flipped[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def render(raw: bytes, read_file: Callable[[str], bytes]) -> str:
    """The page, or why there is none."""
    try:
        notebook = parse_notebook(raw, "x.ipynb")
        return render_one_page(notebook, name="x.ipynb", config=BlogConfig(), read_file=read_file, files_dir="f").html
    except NbblogError as error:
        return str(error)


@pytest.mark.tries("Hostile notebooks", "files with bits flipped, bytes lost, doubled or zeroed", DAMAGED)
def test_a_damaged_file_is_a_page_or_one_line() -> None:
    """Never anything else, whatever byte it hits."""
    chance = random.Random(1)
    raws = [(EXAMPLES / name).read_bytes() for name in SMALL]
    read_file = folder_reader(EXAMPLES)
    pages = 0
    for _ in range(DAMAGED):
        said = render(damage(chance.choice(raws), chance), read_file)
        pages += said.rstrip().endswith("</html>")
        assert said.rstrip().endswith("</html>") or said.isprintable()
    assert 0 < pages < DAMAGED


FULL = (0, 10, 100, 1000, 3000, 10_000, 20_000, 50_000, 100_000, 390_000)
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop()),) * 2)
from nbblog.cli import main
main()
"""


@pytest.mark.tries("Builds", "full disks, full at one of several places", len(FULL))
def test_a_full_disk_is_one_line_and_leaves_the_site(tmp_path: Path) -> None:
    """No file may grow beyond so many bytes, which a writer sees as a full disk."""
    (tmp_path / "nbblog.toml").write_text('site_title = "Tides"\nsite_url = "https://example.org"\n', "utf-8")
    post = write_post(tmp_path, "one.ipynb", "Old words.", title="One")
    build_blog(load_settings(tmp_path), today=date(2026, 3, 1))
    old = read_site(tmp_path)
    noise = random.Random(1).randbytes(200_000).hex()
    write_post(tmp_path, "one.ipynb", f"New words.\n\n{noise}", title="One")
    for size in FULL:
        command = [sys.executable, "-c", LIMITED, "build", str(size)]
        place = {**os.environ, "NBBLOG_CACHE": str(tmp_path / "cache")}
        done = subprocess.run(command, cwd=tmp_path, env=place, capture_output=True, text=True)
        assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, ""), (size, done.stderr)
        assert read_site(tmp_path) == old
        assert [path.name for path in tmp_path.glob("._site*")] == []
    assert post.exists()
    assert build_blog(load_settings(tmp_path), today=date(2026, 3, 1)).rendered == 1
    assert read_site(tmp_path) != old

"""What runs for days neither grows nor leaves files open: a server that builds the site again and again, a preview that
is asked for every keystroke."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psutil
import pytest
from blog_folder import write_post
from tries import many

from nbblog.build import build_blog
from nbblog.settings import load_settings
from nbblog.worker import Worker

REBUILDS, PREVIEWS = many(40, 1000), many(200, 1000)
MEASURES = 4
"""At the end of each quarter; the first one is for what is made once."""
_ALLOWED = 8 << 20
"""Bytes that an allocator may hold more at the end than after the first quarter."""


def observe(process: psutil.Process, times: int, do: Callable[[int], None]) -> list[tuple[int, int]]:
    """Bytes of memory and open files after each quarter."""
    seen = []
    for number in range(times):
        do(number)
        if (number + 1) % (times // MEASURES) == 0:
            gc.collect()
            seen.append((process.memory_info().rss, process.num_fds()))
    return seen


def assert_flat(seen: list[tuple[int, int]], what: str, record: Callable[[str, object], None]) -> None:
    """And tell what was seen."""
    first, last = seen[0], seen[-1]
    told = " → ".join(f"{memory / 2**20:.0f}" for memory, _ in seen)
    record("measured", f"Running long|{what}: {told} MiB, {first[1]} → {last[1]} open files, after each quarter")
    assert last[1] <= first[1]
    assert last[0] <= first[0] + _ALLOWED


@pytest.mark.tries("Running long", "rebuilds in one process, each after an edit", REBUILDS)
def test_rebuilds_do_not_grow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """Each after an edit of one post of six, with a formula that was not there before."""
    monkeypatch.setenv("NBBLOG_CACHE", str(tmp_path / "cache"))
    (tmp_path / "nbblog.toml").write_text('site_title = "Tides"\nsite_url = "https://example.org"\n', "utf-8")
    for number in range(6):
        write_post(tmp_path, f"{number}.ipynb", f"Words {number}.", title=f"Part {number}", categories=["sea"])

    def rebuild(number: int) -> None:
        write_post(tmp_path, "0.ipynb", f"Edit {number}: $x^{{{number}}}$ `{number}`", title=f"Part {number}")
        assert build_blog(load_settings(tmp_path), today=date(2026, 3, 1)).errors == {}

    assert_flat(observe(psutil.Process(), REBUILDS, rebuild), "rebuilds", record_property)
    assert len([path for path in tmp_path.iterdir() if path.name.startswith("._")]) == 0


@pytest.mark.tries("Running long", "previews of a notebook of 60 cells, each after an edit", PREVIEWS)
def test_previews_do_not_grow(record_property: Callable[[str, object], None]) -> None:
    """In the process that renders them for JupyterLab."""
    worker = Worker(30)
    header = {"name": "post.ipynb", "folder": None, "root": None, "hidden": False, "config": {}, "trust": False,
              "template": "", "session": "s"}  # fmt: skip

    def ask(number: int) -> None:
        texts = [f"# T\n\nKey {number} $y_{{{number}}}$", *(f"Cell {at} with `code` and $x^{at}$" for at in range(59))]
        cells = [{"cell_type": "markdown", "id": f"c{at}", "metadata": {}, "source": t} for at, t in enumerate(texts)]
        keyed = [{"key": cell["source"], "cell": cell} for cell in cells]
        body = json.dumps({"have": 0, "notebook": {"cells": keyed, "metadata": {}}})
        assert worker.ask(header, body.encode())[0] == 200

    try:
        ask(0)
        process = worker._process
        assert process
        assert_flat(observe(psutil.Process(process.pid), PREVIEWS, ask), "previews", record_property)
    finally:
        worker.close()

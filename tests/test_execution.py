"""Posts run by the command: in new kernels, once, with nothing left running and no secrets told."""

from __future__ import annotations

import json
import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner, Result

from nbblog.cli import cli
from nbblog.core.freshness import judge
from nbblog.core.reading import read_post
from nbblog.kernels import scrub
from nbblog.scaffold import create_blog


def code(source: str, count: int | None = None, *outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    """A code cell as it was saved."""
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source.splitlines(keepends=True),
            "execution_count": count, "outputs": list(outputs)}  # fmt: skip


def notebook(*cells: dict[str, Any], kernel: str = "python3") -> dict[str, Any]:
    """A notebook of these cells."""
    return {"nbformat": 4, "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}},
            "cells": [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells)]}  # fmt: skip


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A blog without posts, in whose folder the commands are run."""
    root = tmp_path / "blog"
    create_blog(root, today=date(2026, 1, 1))
    for post in (root / "posts").iterdir():
        post.unlink()
    monkeypatch.chdir(root)
    return root


def write(blog: Path, name: str, *cells: dict[str, Any], kernel: str = "python3") -> Path:
    """A post with a title and these cells."""
    path = blog / "posts" / f"{name}.ipynb"
    title = {"cell_type": "markdown", "metadata": {}, "source": f"# {name.title()}"}
    path.write_text(json.dumps(notebook(title, *cells, kernel=kernel), indent=1), "utf-8")
    return path


def build(*arguments: str) -> Result:
    """The command's answer."""
    return CliRunner().invoke(cli, ["build", *arguments])


def page(blog: Path, name: str) -> str:
    """The post's page."""
    return (blog / "_site" / "posts" / name / "index.html").read_text("utf-8")


def test_posts_are_run_where_they_stand_and_stay_as_they_are(blog: Path) -> None:
    """The page has the new outputs, and says so; the notebook keeps those that it had."""
    (blog / "posts" / "depth.txt").write_text("42 fathoms", "utf-8")
    old = {"output_type": "stream", "name": "stdout", "text": "7 fathoms"}
    path = write(blog, "sea", code("print(open('depth.txt').read())", 9, old))
    before = path.read_bytes()
    assert build("--execute").exit_code == 0
    assert "42 fathoms" in page(blog, "sea") and "7 fathoms" not in page(blog, "sea").replace("42 fathoms", "")
    assert "The outputs were made by running exactly this code" in page(blog, "sea")
    assert path.read_bytes() == before
    assert build().exit_code == 0
    assert "7 fathoms" in page(blog, "sea") and "exactly this code" not in page(blog, "sea")


def test_what_was_run_as_it_is_is_not_run_again(blog: Path) -> None:
    """Text may change; other code is run."""
    counting = "with open('log', 'a') as log:\n    print('x', end='', file=log)"
    write(blog, "sea", code(counting))
    log = blog / "posts" / "log"
    for _ in range(2):
        assert build("--execute").exit_code == 0
    assert log.read_text() == "x"
    write(blog, "sea", {"cell_type": "markdown", "metadata": {}, "source": "More text."}, code(counting))
    assert build("--execute").exit_code == 0
    assert log.read_text() == "x" and "More text." in page(blog, "sea")
    write(blog, "sea", code(counting + "\n1 + 1"))
    assert build("--execute").exit_code == 0
    assert log.read_text() == "xx"


def test_a_cell_that_fails_keeps_the_old_site_and_is_named(blog: Path) -> None:
    """The others are run all the same."""
    write(blog, "calm", code("print('calm')"))
    assert build("--execute").exit_code == 0
    before = page(blog, "calm")
    write(blog, "storm", code("1"), code("1 / 0"))
    answer = build("--execute")
    assert answer.exit_code == 1
    assert "storm.ipynb, cell 3: ZeroDivisionError: division by zero" in answer.output
    assert page(blog, "calm") == before and not (blog / "_site" / "posts" / "storm").exists()
    assert build("--execute", "--keep-going").exit_code == 1
    assert not (blog / "_site" / "posts" / "storm").exists()


def test_an_error_that_is_meant_and_cells_that_are_not_to_run(blog: Path) -> None:
    """By Jupyter's tags and Quarto's option."""
    write(blog, "sea", code("1 / 0", tags=("raises-exception",)), code("#| eval: false\nopen('made', 'w')"),
          code("open('made too', 'w')", tags=("skip-execution",)), code("print('afterwards')"))  # fmt: skip
    answer = build("--execute")
    assert answer.exit_code == 0, answer.output
    assert "ZeroDivisionError" in page(blog, "sea") and "afterwards" in page(blog, "sea")
    assert sorted(os.listdir(blog / "posts")) == ["sea.ipynb"]


def test_a_cell_that_takes_too_long_is_ended_with_all_that_it_started(blog: Path) -> None:
    """Nothing of it goes on running."""
    write(blog, "sea", code("import subprocess\nchild = subprocess.Popen(['sleep', '1000'])\n"
                            "open('pid', 'w').write(str(child.pid))"), code("while True: pass"))  # fmt: skip
    answer = build("--execute", "--timeout", "2")
    assert answer.exit_code == 1
    assert "sea.ipynb, cell 3: took longer than 2 seconds" in answer.output
    child = int((blog / "posts" / "pid").read_text())
    for _ in range(100):
        if not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child is alive")


def test_a_post_that_takes_too_long_is_ended(blog: Path) -> None:
    """Though no cell of it does, and though it takes no interrupt."""
    deaf = code("import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(1)")
    write(blog, "long", deaf, *(code("time.sleep(1)") for _ in range(20)))
    answer = build("--execute", "--timeout", "2", "--post-timeout", "4")
    assert answer.exit_code == 1
    assert "took longer than 4 seconds with all before" in answer.output


def test_a_kernel_that_dies_or_is_not_there_is_one_line(blog: Path) -> None:
    """For each of them."""
    write(blog, "dead", code("import os\nos._exit(3)"))
    write(blog, "gone", code("1"), kernel="no-such-kernel")
    lines = [line for line in build("--execute").output.splitlines() if line.startswith("error")]
    assert [line.split(": ")[1] for line in lines] == ["dead.ipynb, cell 2", "gone.ipynb"]
    assert "its kernel died" in lines[0] and "there is no kernel `no-such-kernel` here" in lines[1]


def test_a_kernel_takes_no_more_memory_than_it_may(blog: Path) -> None:
    """What wants more fails in its cell, what its children want too; the next notebook goes on."""
    write(blog, "greedy", code("print('begun')"), code("x = [bytearray(2**20) for _ in range(20_000)]"))
    child = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'bytearray(2**31)'], check=True)"
    write(blog, "parent", code(child))
    write(blog, "modest", code("print(len(bytearray(2**20)))"))
    run = build("--execute", "--keep-going", "--memory", "1024")
    assert "error: greedy.ipynb, cell 3: MemoryError" in run.output
    assert "error: parent.ipynb, cell 2: CalledProcessError" in run.output
    assert "2 posts failed" in run.output
    assert "1048576" in page(blog, "modest")


def test_of_endless_output_the_beginning_is_kept(blog: Path) -> None:
    """With a word about the rest; the cells after it are whole."""
    flood = "for _ in range(150):\n    print('y' * 2**20)"
    write(blog, "flood", code(flood), code("print('still here')"))
    assert build("--execute").exit_code == 0
    shown = page(blog, "flood")
    assert "The rest was left out: more than 64 million characters." in shown
    assert "still here" in shown
    assert len(shown) < 4_000_000
    assert sum(path.stat().st_size for path in (blog / "_site" / "assets").iterdir()) < 70 << 20


def test_a_kernel_is_told_no_tokens(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment it has what programs need."""
    monkeypatch.setenv("GITHUB_TOKEN", "not-for-notebooks")
    write(blog, "sea", code("import os\nprint(sorted(os.environ))\nprint('GITHUB_TOKEN' in os.environ)"))
    answer = build("--execute")
    assert answer.exit_code == 0, answer.output
    assert "not-for-notebooks" not in page(blog, "sea") and "False" in page(blog, "sea")
    kept = scrub({"PATH": "/bin", "LC_ALL": "C", "JUPYTER_TOKEN": "x", "AWS_SECRET_ACCESS_KEY": "y"})
    assert kept == {"PATH": "/bin", "LC_ALL": "C"}


def test_a_damaged_cache_costs_time_and_nothing_else(blog: Path) -> None:
    """Its data base may be anything."""
    write(blog, "sea", code("print(6 * 7)"))
    assert build("--execute").exit_code == 0
    for path in (blog / ".jupyter_cache").rglob("*"):
        if path.is_file():
            path.write_bytes(b"nonsense")
    answer = build("--execute")
    assert answer.exit_code == 0, answer.output
    assert "42" in page(blog, "sea")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((), "unknown"),
        ((None, None), "unknown"),
        ((1, 2, 3), "in order"),
        ((4, 5, 6), "unknown"),
        ((1, 3, 2), "mixed"),
        ((1, None, 2), "mixed"),
        ((2, 2), "mixed"),
    ],
)
def test_saved_counts_say_how_the_cells_ran(counts: tuple[int | None, ...], expected: str) -> None:
    """Gaps alone say nothing: a cell may have been run twice until it was right."""
    saved = notebook(*(code(f"x = {number}", count) for number, count in enumerate(counts)))
    post = read_post(saved, name="a.ipynb")
    assert post.freshness == expected == judge(saved, post.code)


def test_a_page_says_how_its_cells_ran(blog: Path) -> None:
    """Where anything can be said."""
    for name, counts in (("ordered", (1, 2)), ("mixed", (2, 1)), ("silent", (3, 5))):
        write(blog, name, *(code("1", count) for count in counts))
    assert build().exit_code == 0
    assert "in order, in a new kernel" in page(blog, "ordered")
    assert "Some cells ran out of order" in page(blog, "mixed")
    assert " ran " not in page(blog, "silent").partition('<footer class="nb-article-foot')[2]

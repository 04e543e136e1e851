"""``nbblog check``: what is wrong is found, where it stands, and what is right is not complained of."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nbblog.cli import cli
from nbblog.scaffold import create_blog

TOKEN = "ghp_" + "Zk3xQ9vT7mB2nL5wR8yC1dF6gH4jK0pS3aUe"
HEAD = "---\ntitle: Tides\ndate: 2026-01-02\nauthor: Ada\n---"


def markdown(source: str) -> dict[str, Any]:
    """A text cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def code(source: str, count: int | None, *outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    """A code cell as it was saved."""
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source.splitlines(keepends=True),
            "execution_count": count, "outputs": list(outputs)}  # fmt: skip


def write(path: Path, *cells: dict[str, Any]) -> Path:
    """A notebook of a head and these cells, as Jupyter writes it."""
    head = {"cell_type": "raw", "metadata": {}, "source": HEAD.splitlines(keepends=True)}
    numbered = [{"id": f"cell-{number}", **cell} for number, cell in enumerate((head, *cells))]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": numbered}
    path.write_text(json.dumps(notebook, indent=1) + "\n", "utf-8")
    return path


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new blog, in whose folder the commands are run."""
    create_blog(tmp_path / "blog", today=date(2026, 1, 1))
    monkeypatch.chdir(tmp_path / "blog")
    return tmp_path / "blog"


def check(*arguments: str) -> Result:
    """The command's answer."""
    return CliRunner().invoke(cli, ["check", *arguments])


def findings(*arguments: str) -> list[dict[str, Any]]:
    """What it says of the post of the test."""
    found = json.loads(CliRunner().invoke(cli, ["check", "--format", "json", *arguments]).stdout)
    return [one for one in found if one["source"] == "posts/tides.ipynb"]


def codes(*arguments: str) -> list[str]:
    """The codes of these."""
    return [one["code"] for one in findings(*arguments)]


def test_a_new_blog_has_nothing_to_mend(blog: Path) -> None:
    """Its first post included."""
    answer = check("--strict")
    assert answer.exit_code == 0, answer.output
    assert " error" not in answer.output and " warning" not in answer.output


def test_the_seed_article_has_nothing_to_mend(blog: Path) -> None:
    """What its sections cost is said all the same."""
    example = Path(__file__).parent.parent / "example_notebooks" / "system-design.ipynb"
    (blog / "posts" / "tides.ipynb").write_bytes(example.read_bytes())
    assert set(codes()) == {"section-cost"}


def test_a_link_within_the_site_that_leads_nowhere_is_found_with_its_cell_and_line(blog: Path) -> None:
    """By whichever of Markdown's and HTML's ways it is written."""
    write(blog / "posts" / "tides.ipynb", markdown("# Tides\n\nSee [this](../gone/) and <a href='no.pdf'>that</a>."))
    found = findings()
    assert [(one["code"], one["message"], one["cell"], one["line"]) for one in found] == [
        ("link-broken", "../gone/", 2, 3), ("link-broken", "no.pdf", 2, 3),
    ]  # fmt: skip
    assert all(one["severity"] == "error" and one["fix"] for one in found)
    assert check().exit_code == 1


def test_links_that_lead_somewhere_are_not_found(blog: Path) -> None:
    """To another post's page, to one's own twin, an anchor, a mailbox, another site, and in code that is shown."""
    write(blog / "posts" / "tides.ipynb", markdown(
        "# Tides\n\n## Ebb\n\n[a](../welcome/) [b](index.md) [c](#ebb) [d](mailto:a@example.org) [e](../../archive/)"
        " [f](https://example.org/x) [g](../..) `[h](no.pdf)`\n\n```html\n<a href='no.html'>\n```\n"))  # fmt: skip
    assert codes() == []


def test_cells_that_ran_out_of_order_or_not_at_all_are_found(blog: Path) -> None:
    """A reader would not get these outputs by running the notebook."""
    write(blog / "posts" / "tides.ipynb", code("a = 1", 3), code("b = 2", None), code("c = 3", 2), code("", None))
    assert [(one["code"], one["cell"]) for one in findings()] == [("cell-not-run", 3), ("execution-order", 4)]


def test_code_that_ran_in_order_or_is_not_to_run_is_not_found(blog: Path) -> None:
    """Counts may have gaps."""
    write(blog / "posts" / "tides.ipynb",
          code("a = 1", 2), code("#| eval: false\nb = 2", None), code("c = 3", 7))  # fmt: skip
    assert codes() == []


def test_an_error_among_the_outputs_is_found_unless_it_is_meant(blog: Path) -> None:
    """Jupyter's own tag says that it is."""
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no tide", "traceback": ["ValueError: no tide"]}
    write(blog / "posts" / "tides.ipynb", code("f()", 1, error), code("g()", 2, error, tags=("raises-exception",)))
    assert [(one["code"], one["cell"], one["message"]) for one in findings()] == [
        ("output-error", 2, "ValueError: no tide")
    ]


def test_a_token_is_found_and_not_repeated(blog: Path) -> None:
    """Neither in the text for people nor in that for programs."""
    write(blog / "posts" / "tides.ipynb", code(f"import os\nkey = '{TOKEN}'", 1))
    (found,) = findings()
    assert (found["code"], found["severity"], found["cell"], found["line"]) == ("secret", "error", 2, 2)
    assert all(TOKEN not in check("--format", form).output for form in ("text", "json", "github"))


def test_a_post_that_cannot_be_rendered_is_found_and_the_others_are_checked(blog: Path) -> None:
    """Nothing of the site is written."""
    (blog / "posts" / "broken.ipynb").write_text("{", "utf-8")
    write(blog / "posts" / "tides.ipynb", markdown("![](gone.png)"))
    answer = check()
    assert answer.exit_code == 1
    assert "[post-failed]" in answer.output and "[image-refused]" in answer.output
    assert not (blog / "_site").exists()


def test_warnings_count_only_where_one_is_strict(blog: Path) -> None:
    """As with ``nbblog build``."""
    write(blog / "posts" / "tides.ipynb", code("a = 1", None))
    assert (check().exit_code, check("--strict").exit_code) == (0, 1)


def test_what_the_settings_ignore_is_not_found(blog: Path) -> None:
    """By its code."""
    with (blog / "nbblog.toml").open("a") as settings:
        settings.write('\nignore = ["cell-not-run"]\n')
    write(blog / "posts" / "tides.ipynb", code("a = 1", None))
    assert codes() == []


def test_only_the_posts_that_are_named_are_told_of(blog: Path) -> None:
    """From inside the blog, by their paths."""
    for name in ("tides", "ebb"):
        write(blog / "posts" / f"{name}.ipynb", code("a = 1", None))
    answer = check("posts/ebb.ipynb")
    assert "posts/ebb.ipynb" in answer.output and "tides" not in answer.output


def test_an_annotation_names_the_line_of_the_file(blog: Path) -> None:
    """That of the notebook as it is stored, which GitHub shows, with the characters of its commands escaped."""
    path = write(blog / "posts" / "tides.ipynb", markdown("# Tides"), markdown("One\nTwo\n\n[x](100%25,a.b)\n"))
    out = check("--format", "github").stdout
    (line,) = [line for line in out.splitlines() if "tides" in line]
    number = int(line.partition(",line=")[2].partition(",")[0])
    assert "100%25,a.b" in path.read_text().splitlines()[number - 1]
    assert line.startswith("::error file=posts/tides.ipynb,line=")
    assert "title=link-broken::cell 3, line 4: 100%2525,a.b" in line


@contextmanager
def other_site() -> Iterator[tuple[str, list[str]]]:
    """A server with some pages, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            known = {"/here": 200, "/private": 403, "/no-head": 405 if self.command == "HEAD" else 200}
            self.send_response(known.get(self.path, 404))
            self.end_headers()

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_dead_links_to_other_sites_are_found_where_asked(blog: Path) -> None:
    """Each page is asked for once; what is only not shown to programs is not dead."""
    with other_site() as (site, asked):
        write(blog / "posts" / "tides.ipynb", markdown(
            f"[a]({site}/here#x) [b]({site}/here#y) [c]({site}/private) [d]({site}/no-head) [e]({site}/gone)\n\n"
            "[f](http://127.0.0.1:9/)"))  # fmt: skip
        assert codes() == [] and asked == []
        found = {one["message"].partition(": ")[0] for one in findings("--links")}
    assert found == {f"{site}/gone", "http://127.0.0.1:9/"}
    assert asked.count("HEAD /here") == 1

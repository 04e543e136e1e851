"""``jupyter nbconvert --to nbblog`` as its users call it: the real command, real files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

SRC = Path(__file__).parent.parent
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x01\x08\x02\x00\x00\x00\x7b\x40\xe8\xdd"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x04\x00\x01\x00\xb5\x1d\xd7\xa9\x00\x00\x00\x00IEND\xaeB`\x82"
)


def nbconvert(folder: Path, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the real command in ``folder``."""
    command = [sys.executable, "-m", "nbconvert", "--to", "nbblog", *arguments]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    return subprocess.run(command, cwd=folder, input=stdin, capture_output=True, env=environment, check=False)


def write_notebook(path: Path, *cells: nbformat.NotebookNode, **metadata: object) -> Path:
    """A notebook file with these cells."""
    path.write_text(nbformat.writes(new_notebook(cells=list(cells), metadata=metadata)), "utf-8")
    return path


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """A post with a local picture, some code and its output."""
    (tmp_path / "dot.png").write_bytes(PNG)
    output = new_output("stream", name="stdout", text="42\n")
    head = new_markdown_cell("# A post\n\nBy Ada · 1/21/2026\n\nHello, *reader*.\n\n[[image:dot.png|A dot]]")
    return write_notebook(tmp_path / "post.ipynb", head, new_code_cell("print(6 * 7)", outputs=[output]))


def test_the_page_and_its_files_stand_beside_the_notebook(post: Path) -> None:
    """One command writes the page and a folder of files, says where, and every local link leads to a file."""
    done = nbconvert(post.parent, post.name)
    assert done.returncode == 0, done.stderr.decode()
    assert b"post.html" in done.stderr
    page = post.with_suffix(".html").read_text("utf-8")
    assert "<h1>A post</h1>" in page
    assert '<time datetime="2026-01-21">1/21/2026</time>' in page
    assert "<em>reader</em>" in page
    links = re.findall(r"post_files/[^\"')\s]+", page)
    assert any(link.endswith(".png") for link in links)
    for link in links:
        assert (post.parent / link).is_file()


def test_embed_makes_one_file(post: Path) -> None:
    """Our flag, nbconvert's and the setting put pictures and fonts into the page; nothing else is written."""
    for flag in ("--embed", "--embed-images", "--NbBlogExporter.embed=True"):
        done = nbconvert(post.parent, flag, post.name, "--output-dir", f"out{flag[-6:]}")
        out = post.parent / f"out{flag[-6:]}"
        assert done.returncode == 0, done.stderr.decode()
        assert [path.name for path in out.iterdir()] == ["post.html"]
        page = (out / "post.html").read_text("utf-8")
        assert "data:image/png;base64," in page
        assert "post_files" not in page


def test_stdin_and_stdout(post: Path) -> None:
    """A notebook on standard input comes out as one whole page on standard output."""
    done = nbconvert(
        post.parent, "--stdin", "--stdout", stdin=write_notebook(post, new_markdown_cell("# Hi\n\nYou.")).read_bytes()
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(b"<!doctype html>")
    assert b"_files/" not in done.stdout


def test_several_files_and_globs(tmp_path: Path) -> None:
    """Many notebooks in one call, by name and by pattern, each get their page."""
    for name in ("a", "b", "c d"):
        write_notebook(tmp_path / f"{name}.ipynb", new_markdown_cell(f"# Post {name}\n\nText."))
    done = nbconvert(tmp_path, "*.ipynb", "--output-dir", "pages")
    assert done.returncode == 0, done.stderr.decode()
    assert {path.name for path in (tmp_path / "pages").glob("*.html")} == {"a.html", "b.html", "c d.html"}


def test_a_name_with_odd_characters_keeps_its_links(tmp_path: Path) -> None:
    """Spaces, ``#`` and ``%`` in the notebook's name are escaped in URLs."""
    (tmp_path / "dot.png").write_bytes(PNG)
    write_notebook(tmp_path / "50% of #1.ipynb", new_markdown_cell("# T\n\n[[image:dot.png|d]]"))
    done = nbconvert(tmp_path, "50% of #1.ipynb")
    assert done.returncode == 0, done.stderr.decode()
    assert "50%25%20of%20%231_files/" in (tmp_path / "50% of #1.html").read_text("utf-8")


def test_execute_runs_the_notebook_first(tmp_path: Path) -> None:
    """``--execute`` uses a real kernel, and its outputs are shown."""
    write_notebook(tmp_path / "x.ipynb", new_markdown_cell("# T"), new_code_cell("print('sum', 20 + 22)"))
    done = nbconvert(tmp_path, "x.ipynb", "--execute")
    assert done.returncode == 0, done.stderr.decode()
    assert "sum 42" in (tmp_path / "x.html").read_text("utf-8")


def test_a_cell_that_fails_under_execute_is_one_line(tmp_path: Path) -> None:
    """The error names the exception; no traceback, no page."""
    write_notebook(tmp_path / "x.ipynb", new_markdown_cell("# T"), new_code_cell("1 / 0"))
    done = nbconvert(tmp_path, "x.ipynb", "--execute")
    assert done.returncode == 1
    assert b"ZeroDivisionError" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "x.html").exists()


def test_no_input_hides_code(post: Path) -> None:
    """nbconvert's own flags mean here what they mean there."""
    done = nbconvert(post.parent, post.name, "--no-input")
    assert done.returncode == 0, done.stderr.decode()
    page = post.with_suffix(".html").read_text("utf-8")
    assert "print" not in re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert "42" in page


def test_tags_given_to_the_tag_remover_are_obeyed(tmp_path: Path) -> None:
    """A preprocessor that was given something to do still does it."""
    cell = new_markdown_cell("Secret words.", metadata={"tags": ["private"]})
    write_notebook(tmp_path / "x.ipynb", new_markdown_cell("# T\n\nOpen words."), cell)
    done = nbconvert(tmp_path, "x.ipynb", "--TagRemovePreprocessor.remove_cell_tags=private")
    assert done.returncode == 0, done.stderr.decode()
    page = (tmp_path / "x.html").read_text("utf-8")
    assert "Open words" in page and "Secret words" not in page


def test_an_authors_template_changes_a_piece(post: Path) -> None:
    """A folder with a template that extends ours changes one block; ``custom.css`` is added."""
    mine = post.parent / "mine"
    mine.mkdir()
    (mine / "index.html.j2").write_text(
        '{% extends "nbblog/index.html.j2" %}{% block site_footer %}<p>My foot</p>{% endblock %}'
    )
    (mine / "custom.css").write_text(":root { --nb-accent: #123456; }")
    done = nbconvert(post.parent, post.name, "--template", "mine")
    assert done.returncode == 0, done.stderr.decode()
    page = post.with_suffix(".html").read_text("utf-8")
    assert "My foot" in page and "#123456" in page and "<h1>A post</h1>" in page


def test_settings_reach_the_page(post: Path) -> None:
    """Site title, scheme and locale are settings of the exporter."""
    options = ("site_title=Notes & more", "theme=dark", "locale=de")
    done = nbconvert(post.parent, post.name, *(f"--NbBlogExporter.{option}" for option in options))
    assert done.returncode == 0, done.stderr.decode()
    page = post.with_suffix(".html").read_text("utf-8")
    assert "Notes &amp; more" in page and 'data-scheme="dark"' in page and 'lang="de"' in page
    assert ">21.1.2026</time>" in page


BAD = {
    "empty": b"",
    "object": b"{}",
    "list": b"[]",
    "other": b'{"a": 1}',
    "conflict": b'<<<<<<< HEAD\n{"cells": []}\n=======\n{}\n>>>>>>> x\n',
    "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n",
    "latin1": b'{"cells": [], "metadata": {"a": "caf\xe9"}, "nbformat": 4, "nbformat_minor": 5}',
    "deep": b'{"cells": ' + b"[" * 200_000,
    "v5": b'{"cells": [], "metadata": {}, "nbformat": 5, "nbformat_minor": 0}',
    "v3": b'{"worksheets": [{"cells": [{"cell_type": "code"}]}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}',
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_line_and_the_old_page_stays(tmp_path: Path, kind: str) -> None:
    """What is not a notebook ends with status 1 and one line that names the file; what was there is still there."""
    (tmp_path / "x.ipynb").write_bytes(BAD[kind])
    (tmp_path / "x.html").write_text("the old page")
    done = nbconvert(tmp_path, "x.ipynb")
    lines = [line for line in done.stderr.decode().splitlines() if "ERROR" in line]
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert len(lines) == 1 and "x.ipynb: " in lines[0]
    assert (tmp_path / "x.html").read_text() == "the old page"


def test_a_byte_order_mark_is_fine(post: Path) -> None:
    """Editors on Windows write one."""
    post.write_bytes(b"\xef\xbb\xbf" + post.read_bytes())
    assert nbconvert(post.parent, post.name).returncode == 0


def test_limits_can_be_set(post: Path) -> None:
    """Of the notebook's size, and of an output's; a name or a number that is none is one line."""
    done = nbconvert(post.parent, post.name, "--NbBlogExporter.limits=notebook_bytes=20")
    assert done.returncode == 1 and b"over the limit" in done.stderr
    done = nbconvert(post.parent, post.name, "--NbBlogExporter.limits=output_bytes=1")
    assert done.returncode == 0 and b"[output-truncated]" in done.stderr
    for wrong in ("limits=bytes=1", "limits=output_bytes=x", "theme=pink"):
        done = nbconvert(post.parent, post.name, f"--NbBlogExporter.{wrong}")
        assert done.returncode == 1 and b"Traceback" not in done.stderr
        assert len([line for line in done.stderr.splitlines() if b"ERROR" in line]) == 1


def test_a_post_in_the_same_folder_is_linked(post: Path) -> None:
    """By its slug, under its title; an unknown one gives a notice."""
    write_notebook(post.parent / "2026-02-01-next.ipynb", new_markdown_cell("# Next\n\n[[post:post#x]] [[post:none]]"))
    done = nbconvert(post.parent, "2026-02-01-next.ipynb")
    page = (post.parent / "2026-02-01-next.html").read_text("utf-8")
    assert '<a href="post.html#x">A post</a> none' in page
    assert b"none [post-unknown]" in done.stderr


def test_a_broken_template_is_one_line(post: Path) -> None:
    """A fault in an author's own template names the template and the line."""
    (post.parent / "mine").mkdir()
    (post.parent / "mine" / "index.html.j2").write_text("a\n{% if %}")
    done = nbconvert(post.parent, post.name, "--template", "mine")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr and b"index.html.j2, line 2" in done.stderr


def test_jupyterlab_lists_the_exporter() -> None:
    """*Save and Export Notebook As* shows exporters that say ``export_from_notebook``."""
    from nbconvert.exporters import get_export_names, get_exporter

    assert "nbblog" in get_export_names()
    assert get_exporter("nbblog")().export_from_notebook


def test_notices_are_printed_with_cell_and_line(tmp_path: Path) -> None:
    """What an author should know stands on stderr, and the page is written all the same."""
    write_notebook(tmp_path / "x.ipynb", new_markdown_cell("# T\n\nText.\n\n[[image:https://example.org/a.png]]"))
    done = nbconvert(tmp_path, "x.ipynb")
    assert done.returncode == 0
    assert b"x.ipynb, cell 1, line 5: " in done.stderr and b"[image-alt-missing]" in done.stderr
    done = nbconvert(tmp_path, "x.ipynb", "--NbBlogExporter.ignore=image-alt-missing")
    assert b"image-alt-missing" not in done.stderr.replace(b"ignore=image-alt-missing", b"")


def test_a_notebook_in_memory_is_an_export_too(post: Path) -> None:
    """The server and other programs pass a notebook that is already read."""
    from nbblog.exporter import NbBlogExporter

    html, resources = NbBlogExporter().from_notebook_node(
        nbformat.read(post, 4), {"metadata": {"name": "post", "path": str(post.parent)}}
    )
    assert "<h1>A post</h1>" in html
    assert any(name.startswith("post_files/") for name in resources["outputs"])


def test_bad_input_in_a_program_is_an_exception(tmp_path: Path) -> None:
    """Outside the command nothing exits: the caller gets nbconvert's own kind of exception."""
    from nbconvert.utils.exceptions import ConversionException

    from nbblog.exporter import NbBlogExporter

    (tmp_path / "x.ipynb").write_bytes(json.dumps({"a": 1}).encode())
    with pytest.raises(ConversionException, match=r"x\.ipynb"):
        NbBlogExporter().from_filename(str(tmp_path / "x.ipynb"))

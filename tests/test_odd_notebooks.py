"""Odd and broken notebooks: each becomes a page that says what is wrong, or one line that names what the file is."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hostile_notebooks import bundle, code_cell, failed, printed, raw_cell, render, render_bytes, shown, text_cell

from nbblog.core.errors import NbblogError
from nbblog.files import ReadParts, folder_reader, read_below, read_checked


def write_png(width: int, height: int) -> bytes:
    """A PNG that claims this size and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(500_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


PNG = b64encode(write_png(4, 3)).decode()


def write(*cells: Any, **more: Any) -> bytes:
    """A notebook file."""
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}
    return json.dumps(notebook).encode()


TEXT = text_cell("# Title\n\nWords.")

# --- Files that are no notebook: one line that says what they are -----------------------------------------------------

REFUSED = {
    "an empty file": (b"", "is empty (0 bytes)"),
    "white space": (b" \n\n", "is empty"),
    "a list": (b"[]", "is JSON, but a list, not a notebook"),
    "an empty object": (b"{}", "is an empty JSON object, not a notebook"),
    "another object": (b'{"a": 1}', "it has no list of cells"),
    "null": (b"null", "is JSON, but null, not a notebook"),
    "text": (b"Hello", "is not JSON"),
    "a cut file": (write(TEXT)[:-20], "is not JSON"),
    "an LFS pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "is a Git LFS pointer, not the notebook itself; run `git lfs pull`",
    ),
    "a conflict": (
        write(TEXT).replace(b', "cells"', b',\n<<<<<<< HEAD\n"a": 1,\n=======\n>>>>>>> other\n"cells"'),
        "has Git conflict markers (line 2)",
    ),
    "version 5": (write(TEXT, nbformat=5), "has notebook format 5"),
    "a number of 5,000 digits": (b'{"cells": [' + b"9" * 5000 + b"]}", "thousands of digits"),
    "broken UTF-8": (write(TEXT).replace(b"Words", b"W\xf6rter"), "is not UTF-8: byte 0xf6 at offset"),
    "UTF-16": (write(TEXT).decode().encode("utf-16"), "is UTF-16 or UTF-32 text"),
    "a picture": (write_png(1, 1), "is a PNG picture"),
    "nested lists": (b"[" * 200_000, "nested too deeply"),
    "nested objects": (b'{"cells":' * 200_000 + b"1" + b"}" * 200_000, "nested too deeply"),
    "a damaged version 3": (b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": 3}]}]}', "version 3"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_notebook_is_named_in_one_line(name: str) -> None:
    """The message says what the file is; it is one line, without control characters."""
    raw, reason = REFUSED[name]
    with pytest.raises(NbblogError) as error:
        render_bytes(raw)
    message = str(error.value)
    assert message.startswith("hostile.ipynb") and reason in message
    assert message.isprintable() and len(message) < 300


# --- Odd ones: a page, and a notice where something is missing --------------------------------------------------------

V2 = {"nbformat": 2, "worksheets": [{"cells": [{"cell_type": "markdown", "source": "Old words"}]}], "metadata": {}}
V3 = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": ""},
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 2, "source": "Old heading", "metadata": {}},
                {
                    "cell_type": "code",
                    "language": "python",
                    "input": ["print('old code')"],
                    "collapsed": False,
                    "prompt_number": 1,
                    "outputs": [{"output_type": "stream", "stream": "stdout", "text": ["old output"]}],
                },
            ]
        }
    ],
}
NAMES = ("..", "a\0b", "..\\..\\e.png", "/etc/x.png", "../../x.png", "é ü.png")
ATTACHED = [text_cell(f"![x](<attachment:{name}>)", attachments={name: {"image/png": PNG}}) for name in NAMES]
WITHOUT_IDS = [{**text_cell(f"Words {n}"), **({"id": "same"} if n < 3 else {})} for n in range(5)]
PAGES: dict[str, tuple[bytes, list[str], set[str]]] = {
    "a byte order mark": (b"\xef\xbb\xbf" + write(TEXT), ["Words."], set()),
    "lone surrogates": (
        write(text_cell("a\ud800b *\udfff*"), code_cell(printed("c\ud800d"), failed("E\ud800", "v\udc00", "t"))),
        ["a\ufffdb", "c\ufffdd", "E\ufffd"],
        set(),
    ),
    "null bytes": (write(text_cell("a\x00b\x07"), code_cell(printed("c\x00d"))), ["a\ufffdb", "c\ufffdd"], set()),
    "attachments with odd names": (write(TEXT, *ATTACHED), ["Words."], {"attachment-name"}),
    "a missing attachment": (write(text_cell("![the plot](attachment:x.png)")), ["the plot"], {"attachment-missing"}),
    "a kernel that is a word": (
        write(code_cell(source="x = 1"), metadata={"kernelspec": "python3", "language_info": "python"}),
        ["x"],
        set(),
    ),
    "not a number": (
        write(
            code_cell(bundle("application/json", {"a": float("nan"), "b": float("inf")})), execution_count=float("nan")
        ),
        ["NaN"],
        set(),
    ),
    "missing and repeated ids": (write(*WITHOUT_IDS), [f"Words {n}" for n in range(5)], set()),
    "version 2": (json.dumps(V2).encode(), ["Old words"], set()),
    "version 3": (json.dumps(V3).encode(), ["Old heading", "old code", "old output"], set()),
    "version 4.99": (
        write(TEXT, {"cell_type": "future", "source": "New words"}, nbformat_minor=99),
        ["Words.", "New words"],
        {"notebook-newer", "cell-type-unknown"},
    ),
    "no cells": (write(), ["Hostile"], {"title-missing"}),
    "cells that are none": (write(3, None, "x", [], {}, TEXT), ["Words."], {"notebook-malformed"}),
    "deep brackets": (write(TEXT, text_cell("[" * 50_000)), ["Words."], {"markdown-too-large"}),
    "deep emphasis": (write(TEXT, text_cell("*a **a " * 20_000)), ["Words."], set()),
    "deep data": (
        write(TEXT, code_cell(bundle("application/json", json.loads("[" * 400 + "]" * 400)))),
        ["Words."],
        {"output-malformed"},
    ),
    "a YAML bomb": (
        write(text_cell("---\ntitle: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n\nWords."), TEXT),
        ["Words."],
        {"front-matter-unreadable"},
    ),
    "YAML that calls": (
        write(raw_cell("---\ntitle: !!python/object/apply:os.system [true]\n---", ""), TEXT),
        ["Words."],
        {"front-matter-unreadable"},
    ),
    "a file name in an output": (
        write(TEXT, code_cell(bundle("image/png", PNG, filename="../../x.png", filenames={"image/png": "/tmp/x"}))),
        ["Words."],
        set(),
    ),
}


@pytest.mark.tries("Hostile notebooks", "kinds of odd notebook", 1)
@pytest.mark.parametrize("name", PAGES)
def test_an_odd_notebook_is_a_page(name: str) -> None:
    """What can be read is there, what cannot is said; ids are unique, and files stay in their folder."""
    raw, words, codes = PAGES[name]
    page = render_bytes(raw)
    text = re.sub(r"<[^>]*>", "", page.html)
    assert [word for word in words if word not in text] == []
    assert codes <= {notice.code for notice in page.notices}
    cells = re.findall(r'data-cell="([^"]*)"', page.html)
    assert len(cells) == len(set(cells))
    assert all(re.fullmatch(r"hostile_files/[\w.-]+", file) for file in page.files)
    assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff]", page.html)


def test_attachments_with_odd_names_are_shown() -> None:
    """A name is a key and nothing else: the picture behind it is on the page, under a name of ours."""
    page = render_bytes(write(*ATTACHED[1:]))
    assert page.html.count('<img src="hostile_files/') >= 3
    assert "etc" not in " ".join(page.files)


@pytest.mark.parametrize("name", ["version 2", "version 3", "missing and repeated ids"])
def test_a_page_is_the_same_each_time(name: str) -> None:
    """Ids that a file does not have come from what its cells hold, not from chance."""
    assert render_bytes(PAGES[name][0]) == render_bytes(PAGES[name][0])


TEMPLATES = ("{{7*7}}", "{% include 'x' %}", "{{ config }}", "${7*7}", "<%= 7*7 %>", "{# x #}", "{{''.__class__}}")


@pytest.mark.tries("Hostile notebooks", "templates in text, code, outputs and heads", 1)
@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_in_a_notebook_are_words(template: str) -> None:
    """In text, code, outputs and every field of the front matter a template stays as it was typed."""
    fields = dict.fromkeys(("title", "subtitle", "description", "series", "license"), template)
    start = text_cell(f"---\n{json.dumps({**fields, 'author': [template], 'categories': [template]})}\n---\n\nWords.")
    cells = [
        text_cell(f"Words `{template}` and ```{template}```"),
        code_cell(
            printed(template), shown(text__plain=template), failed(template, template, template), source=template
        ),
    ]
    html = render(cells, start=start).html
    text = re.sub(r"<[^>]*>", "", html).replace("&#39;", "'").replace("&#x27;", "'").replace("&lt;", "<")
    text = text.replace("&gt;", ">").replace("&quot;", '"')
    assert text.count(template) >= 12
    assert "49" not in re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL)


def test_a_million_printed_lines_make_a_small_page() -> None:
    """The beginning is on the page, the whole is a file beside it."""
    page = render_bytes(write(code_cell(printed("".join(f"line {n}\n" for n in range(1_000_000))))))
    assert len(page.html) < 2 * 2**20
    assert "line 0\n" in page.html and "output-truncated" in {notice.code for notice in page.notices}
    assert max(len(content) for content in page.files.values()) > 10_000_000


# --- Files beside the notebook ----------------------------------------------------------------------------------------


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A folder with a post's files; the picture one level up is none of them."""
    folder = tmp_path / "posts"
    (folder / "real").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(write_png(1, 1) + b"TOPSECRET")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "folder").symlink_to(tmp_path)
    (folder / "inside.png").symlink_to(folder / "real" / "own.png")
    (folder / "real" / "own.png").write_bytes(write_png(1, 1))
    os.mkfifo(folder / "pipe.png")
    return folder


OUTSIDE = (
    *("../secret.png", "real/../../secret.png", "..%2fsecret.png", "%2e%2e/secret.png", "..\\secret.png", "link.png"),
    *(
        "folder/secret.png",
        "inside.png",
        "/etc/passwd",
        "file:///etc/passwd",
        "real/../link.png",
    ),
    *("pipe.png", "real", ".", "posts/../../secret.png", "link.png?x", "link.png#x", "&#46;&#46;/secret.png"),
)
SAID = ("![x](<{0}>)", "[[image:{0}|x]]", "[[file:{0}|x]]", "[[video:{0}]]", '<img src="{0}" alt="x">', "[x](<{0}>)")


READERS = (read_below, read_checked)
"""The way of Unix, and that of Windows."""


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_file_outside_the_folder_is_used(target: str, secrets: Path) -> None:
    """However a path is written, what it would bring is refused by name, and none of it is on the page."""
    page = render_bytes(write(*(text_cell(said.format(target)) for said in SAID)), secrets)
    assert not any(b"TOPSECRET" in content or b"root:" in content for content in page.files.values())
    assert b64encode(b"TOPSECRET").decode()[:8] not in page.html
    refused = [notice for notice in page.notices if notice.code in ("image-refused", "file-refused", "media-refused")]
    assert len(refused) >= 3


@pytest.mark.parametrize("read_parts", READERS)
def test_each_way_of_reading_refuses_the_same(read_parts: ReadParts, secrets: Path) -> None:
    """What is inside is read; links, other folders and what is no file are not, and nothing waits for a pipe."""
    read = folder_reader(secrets, read_parts=read_parts)
    assert read("real/own.png") == read("real\\own.png") == (secrets / "real" / "own.png").read_bytes()
    for target in (*OUTSIDE, "none.png", "real/none.png"):
        with pytest.raises(NbblogError, match=re.escape(target)):
            read(target)


def test_a_linked_picture_is_refused_by_name(secrets: Path) -> None:
    """The notice says which file it was, and that links are not followed."""
    page = render_bytes(write(text_cell("[[image:link.png|x]]")), secrets)
    assert [notice.detail for notice in page.notices if notice.code == "image-refused"] == [
        "link.png: a symbolic link, or below one: links are not followed"
    ]


@pytest.mark.parametrize("read_parts", READERS)
def test_a_link_put_in_place_later_is_refused(read_parts: ReadParts, secrets: Path) -> None:
    """The file is opened once, without following links: what it was before does not matter."""
    read = folder_reader(secrets, read_parts=read_parts)
    assert read("real/own.png")
    (secrets / "real" / "own.png").unlink()
    (secrets / "real" / "own.png").symlink_to(secrets.parent / "secret.png")
    with pytest.raises(NbblogError, match="symbolic link"):
        read("real/own.png")


# --- Memory -----------------------------------------------------------------------------------------------------------

MEASURE = """
import json, resource, sys
from pathlib import Path
from hostile_notebooks import render_bytes
from test_odd_notebooks import *
folder = Path(sys.argv[2])
render_bytes(write(TEXT, text_cell("$x$"), code_cell(source="x = 1")), folder)
def peak():
    # On Linux ru_maxrss begins at the peak of the process that started this one; VmHWM is this program's own.
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
before = peak()
page = render_bytes(Path(sys.argv[1]).read_bytes(), folder)
after = peak()
print(json.dumps([before, after, len(page.html)]))
"""


def measure(raw: bytes, folder: Path) -> tuple[int, int, int]:
    """The peak of a process's memory in bytes before and after it rendered the notebook, and the page's length."""
    path = folder / "large.ipynb"
    path.write_bytes(raw)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", MEASURE, str(path), str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    before, after, length = json.loads(done.stdout)
    return before, after, length


def test_a_picture_that_claims_to_be_huge_costs_no_memory(tmp_path: Path) -> None:
    """A kilobyte that claims 100,000 by 100,000 pixels is shown or copied, never unpacked."""
    huge = write_png(100_000, 100_000)
    (tmp_path / "huge.png").write_bytes(huge)
    output = code_cell(shown(image__png=b64encode(huge).decode()))
    before, after, _ = measure(write(text_cell("[[image:huge.png|A picture]]"), output), tmp_path)
    assert len(huge) < 2_000
    assert after - before < 100 * 2**20


def test_a_notebook_of_60_megabytes_takes_six_times_as_much(tmp_path: Path) -> None:
    """Printed text and pictures, which is what large notebooks are made of."""
    lines = "".join(f"line {n} of what a long loop prints\n" for n in range(1_000_000))
    picture = b64encode(write_png(800, 600) + os.urandom(9 * 2**20)).decode()
    raw = write(code_cell(printed(lines)), code_cell(shown(image__png=picture), shown(image__png=picture)))
    _, after, length = measure(raw, tmp_path)
    assert len(raw) > 60_000_000
    assert after < 6 * len(raw)
    assert length < 2 * 2**20


# --- The real command -------------------------------------------------------------------------------------------------


def nbconvert(folder: Path, name: str) -> subprocess.CompletedProcess[bytes]:
    """Run the real command in ``folder``."""
    command = [sys.executable, "-m", "nbconvert", "--to", "nbblog", name]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    return subprocess.run(command, cwd=folder, capture_output=True, env=environment, check=False)


@pytest.mark.parametrize("name", ["an LFS pointer", "nested objects"])
def test_the_command_refuses_in_one_line(name: str, tmp_path: Path) -> None:
    """Exit 1, the message, no traceback, and the page that was there stays as it was."""
    (tmp_path / "post.ipynb").write_bytes(REFUSED[name][0])
    (tmp_path / "post.html").write_text("the old page")
    done = nbconvert(tmp_path, "post.ipynb")
    assert done.returncode == 1
    assert REFUSED[name][1].encode() in done.stderr and b"Traceback" not in done.stderr
    assert (tmp_path / "post.html").read_text() == "the old page"


def test_the_command_writes_odd_notebooks_and_no_secrets(secrets: Path) -> None:
    """Surrogates, templates, control characters and paths to elsewhere: a whole page, notices, no secret anywhere."""
    cells = [text_cell(said.format(target)) for said in SAID for target in ("../secret.png", "link.png")]
    cells += [
        text_cell("a\ud800b {{7*7}}"),
        code_cell(printed("{% raw %}\x00\x1b]8;;javascript:x\x07y"), source="{{7*7}}"),
    ]
    (secrets / "post.ipynb").write_bytes(write(text_cell("# T\x1b[2J\n\nWords."), *cells, *ATTACHED))
    done = nbconvert(secrets, "post.ipynb")
    assert done.returncode == 0, done.stderr.decode()
    page = (secrets / "post.html").read_text("utf-8")
    assert "a\ufffdb {{7*7}}" in page and "{% raw %}" in page and page.rstrip().endswith("</html>")
    written = [secrets / "post.html", *(secrets / "post_files").iterdir()]
    assert not any(b"TOPSECRET" in path.read_bytes() or path.is_symlink() for path in written)
    assert b"link.png: a symbolic link" in done.stderr and b"../secret.png: outside the folder" in done.stderr
    assert b"\x1b[2J" not in done.stderr

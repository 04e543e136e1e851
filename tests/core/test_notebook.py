"""Bytes become a notebook, or one line that says what the file is."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.core.errors import NotebookError
from nbblog.core.notebook import needs_upgrade, newer_minor, read_notebook

EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

REFUSED = [
    (b"", "is empty (0 bytes)"),
    (b" \n\n", "is empty (3 bytes of white space)"),
    (b"\x00" * 8, "is empty"),
    (b"{}", "an empty JSON object"),
    (b"[]", "is JSON, but a list, not a notebook"),
    (b"null", "is JSON, but null, not a notebook"),
    (b"true", "is JSON, but true or false, not a notebook"),
    (b"12", "is JSON, but a number, not a notebook"),
    (b'"x"', "is JSON, but a string, not a notebook"),
    (b'{"a": 1}', "it has no list of cells"),
    (b'{"cells": {}}', "it has no list of cells"),
    (b'{"cells": [1,\n  2,,]}', "is not JSON: Expecting value at line 2, column 5"),
    (b'{"cells": [', "is not JSON"),
    (b"just text", "is not JSON"),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "run `git lfs pull`"),
    (b'{\n<<<<<<< HEAD\n "a": 1\n=======\n "a": 2\n>>>>>>> branch\n}', "Git conflict markers (line 2)"),
    ('{"cells": []}'.encode("utf-16"), "UTF-16"),
    ('{"cells": []}'.encode("utf-16-le"), "UTF-16"),
    ('{"cells": []}'.encode("utf-32"), "UTF-16 or UTF-32"),
    (b'{"cells": "\xe9"}', "is not UTF-8: byte 0xe9 at offset 11"),
    (b'\xef\xbb\xbf{"cells": "\xe9"}', "is not UTF-8: byte 0xe9 at offset 14"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "is a PNG picture, not a notebook (byte 0x89 at offset 0"),
    (b"PK\x03\x04", "is a ZIP archive"),
    (b"\n<!DOCTYPE html><title>GitHub</title>", "is a web page"),
    (json.dumps({**EMPTY, "nbformat": 5}).encode(), "notebook format 5"),
    (b'{"cells": [' + b"1" * 5000 + b"]}", "thousands of digits"),
]


@pytest.mark.parametrize(("raw", "reason"), REFUSED)
def test_refused(raw: bytes, reason: str) -> None:
    """The error is one line with the file's name, what it is, and what to do."""
    with pytest.raises(NotebookError) as caught:
        read_notebook(raw, "post.ipynb")
    message = str(caught.value)
    assert message.startswith("post.ipynb: ")
    assert reason in message
    assert "\n" not in message


@pytest.mark.parametrize("depth", [600, 5_000, 200_000])
@pytest.mark.parametrize("around", [(b"", b""), (b'{"cells": ', b"}")])
def test_deep_nesting_is_one_line(depth: int, around: tuple[bytes, bytes]) -> None:
    """Two hundred thousand levels do not end the interpreter."""
    with pytest.raises(NotebookError, match="nested too deeply"):
        read_notebook(around[0] + b"[" * depth + b"]" * depth + around[1], "post.ipynb")


def test_size_limit() -> None:
    """A notebook over the limit is refused with its size and the limit's name."""
    raw = json.dumps(EMPTY).encode() + b" " * 3 * 2**20
    with pytest.raises(NotebookError, match=r"is 3 MiB, over the limit of 1 MiB.*notebook_bytes"):
        read_notebook(raw, "post.ipynb", max_bytes=2**20)


ACCEPTED = [
    json.dumps(EMPTY).encode(),
    b"\xef\xbb\xbf" + json.dumps(EMPTY).encode(),
    json.dumps(EMPTY, indent=1).replace("\n", "\r\n").encode(),
    b'{"cells": []}',
    b'{"cells": [], "nbformat": "4"}',
    b'{"nbformat": 4}',
    b'{"cells": [], "metadata": {"x": NaN, "y": -Infinity}}',
    b'{"cells": [{"source": "\\ud800"}]}',
    json.dumps({**EMPTY, "nbformat_minor": 99}).encode(),
    b'{"cells": [{"source": "<<<<<<< HEAD"}]}',
]


@pytest.mark.parametrize("raw", ACCEPTED)
def test_accepted(raw: bytes) -> None:
    """What can be read as a notebook is."""
    assert isinstance(read_notebook(raw, "post.ipynb"), dict)


@pytest.mark.parametrize(
    ("notebook", "needed"),
    [({"nbformat": 3, "worksheets": []}, True), ({"nbformat": 2}, True), ({"nbformat": 1}, True),
     ({"worksheets": []}, True), (EMPTY, False), ({"nbformat": 4, "nbformat_minor": 0, "cells": []}, False),
     ({"nbformat": True, "cells": []}, False), ({"nbformat": 0, "cells": []}, False)],
)  # fmt: skip
def test_needs_upgrade(notebook: dict[str, object], needed: bool) -> None:
    """Formats 1 to 3 are for the host to convert."""
    assert needs_upgrade(notebook) is needed


@pytest.mark.parametrize(("minor", "newer"), [(0, None), (5, None), (99, 99), ("9", None), (None, None), (True, None)])
def test_newer_minor(minor: object, newer: int | None) -> None:
    """A minor version that is not known yet is named."""
    assert newer_minor({"nbformat": 4, "nbformat_minor": minor}) == newer


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_notebook_or_an_error_of_ours(raw: bytes) -> None:
    """No input raises anything else."""
    with suppress(NotebookError):
        read_notebook(raw, "post.ipynb")

"""A section's program is tried alone, and not believed."""

from __future__ import annotations

from typing import Any

import pytest

from nbblog.authoring.cells import Source
from nbblog.authoring.proving import Trial, differs, programs
from nbblog.core.runnable import Program


def attempt(cell: str, prelude: str = "", seconds: int = 20, **arguments: Any) -> tuple[list[Any], str]:
    """What the program answers, or why not."""
    start = "from nbblog import interact\n"
    return Trial(Program(prelude, start + cell), 0, [arguments], seconds).finish()


def test_program_answers() -> None:
    """With the parts that the page will have."""
    answers, reason = attempt("interact(lambda n: n * K, n=1)", "K = 3", n=2)
    assert (answers, reason) == ([[{"kind": "text", "text": "6"}]], "")


@pytest.mark.parametrize(
    ("prelude", "reason"),
    [
        ("import nothing_of_this_name", "it ends with ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("1 / 0", "it ends with ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "it ends with SystemExit: 3"),
        ("import os\nos._exit(3)", "Python itself ends"),
        ("open('beside-the-notebook.csv')", "it ends with FileNotFoundError: [Errno 2] No such file or directory:"
         " 'beside-the-notebook.csv'"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "it ends with PermissionError: a browser's"
         " Python has no socket.getaddrinfo"),
        ("import subprocess\nsubprocess.run(['true'])", "it ends with PermissionError: a browser's Python has no"
         " subprocess.Popen"),
        ("import os\nos.system('true')", "it ends with PermissionError: a browser's Python has no os.system"),
        ("import os\nos.remove('/tmp/anything')", "it ends with PermissionError: a browser's Python has no file"
         " '/tmp/anything'"),
        ("import pathlib\npathlib.Path('/tmp/anything').write_text('x')", "it ends with PermissionError: a browser's"
         " Python has no file '/tmp/anything'"),
        ("input()", "it ends with EOFError: EOF when reading a line"),
    ],
)
def test_program_that_cannot_run_says_why(prelude: str, reason: str) -> None:
    """In the words of Python."""
    assert attempt("interact(lambda n: n, n=1)", prelude, n=1) == ([], reason)


def test_program_without_a_section_says_so() -> None:
    """The cell may show one only in the notebook."""
    assert attempt("", n=1) == ([], "it ends with LookupError: the cell calls interact 0 times, not 1")


def test_endless_program_is_ended() -> None:
    """It has a time limit."""
    assert attempt("while True: pass", seconds=1, n=1) == ([], "it takes longer than 1 seconds")


def test_printing_does_not_disturb_the_answer() -> None:
    """Neither by the print function nor by the system's."""
    cell = "import os\nos.write(1, b'x')\nprint('x')\ninteract(lambda n: n, n=1)"
    assert attempt(cell, n=1)[1] == ""


def test_program_may_write_files_of_its_own() -> None:
    """So can a browser's Python."""
    prelude = "import os, tempfile\nopen('own.txt', 'w').write('3')\nK = int(open('own.txt').read())"
    cell = "os.remove('own.txt')\ntempfile.NamedTemporaryFile()\ninteract(lambda n: n * K, n=1)"
    assert attempt(cell, prelude, n=2)[1] == ""


def test_smallest_program_is_tried_first() -> None:
    """Then the cells as they have run, then all of them."""
    cell = "interact(lambda n: n * K, n=1)"
    source = Source(cell, ("K = 1", "other = 1", "K = 2", "K = 1", cell), (5, ""))
    assert [program.prelude for program in programs(source)] == [
        "K = 2",
        f"K = 1\n{cell}",
        "K = 1\nother = 1\nK = 2",
    ]


def test_all_programs_have_the_hash_of_what_the_publisher_finds() -> None:
    """The last one is the first with more before it."""
    source = Source("print(K)", ("K = 1", "import numpy, json"), (3, ""))
    first, last = programs(source)
    assert (first.sha256, first.packages, last.packages) == (last.sha256, (), ("numpy",))


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        ({"kind": "text", "text": "1"}, {"kind": "text", "text": "1"}, False),
        ({"kind": "text", "text": "1"}, {"kind": "text", "text": "2"}, True),
        ({"kind": "text", "text": "1"}, {"kind": "prose", "text": "1"}, True),
        ({"kind": "image", "mime": "image/png", "data": "a"}, {"kind": "image", "mime": "image/svg+xml"}, False),
        ({"kind": "plot", "spec": {"x": (1, 2)}}, {"kind": "plot", "spec": {"x": [1, 2]}}, False),
        (
            {"kind": "error", "name": "E", "message": "m", "traceback": "a"},
            {"kind": "error", "name": "E", "message": "m", "traceback": "b"},
            False,
        ),
        ({"kind": "html", "html": "x", "bundle": {}}, {"kind": "html", "html": "x"}, False),
    ],
)
def test_answers_are_compared_as_they_look(ours: dict[str, Any], theirs: dict[str, Any], result: bool) -> None:
    """Not by what differs from machine to machine."""
    assert differs([ours], [theirs]) is result


def test_state_that_only_the_kernel_has_is_noticed(kernel: Any) -> None:
    """The text of the cells does not show it."""
    saved = kernel.section("hidden = 1", "hidden_in = globals()\nhidden_in['hidden'] += 1",
                           "@interact(n=(1, 3))\ndef seen(n=1):\n    return n * hidden")
    assert (saved["code"]["live"], "hidden_in" in saved["code"]["prelude"]) == (True, True)


def test_module_beside_the_notebook_is_noticed(kernel: Any, tmp_path: Any) -> None:
    """A browser does not have it."""
    (tmp_path / "beside.py").write_text("RATE = 3\n")
    saved = kernel.section(f"import sys\nsys.path.append({str(tmp_path)!r})", "import beside",
                           "@interact(n=(1, 3))\ndef rated(n=1):\n    return n * beside.RATE")
    assert (saved["code"]["live"], saved["states"]["baked"]) == (False, 3)
    assert "beside" in saved["code"]["reason"]


def test_file_is_noticed_without_a_trial(kernel: Any) -> None:
    """The program's text tells."""
    saved = kernel.section("import os\nlines = open(os.devnull).read()",
                           "@interact(n=(1, 3))\ndef counted(n=1):\n    return n * len(lines)")
    assert (saved["code"]["live"], saved["code"]["reason"][:16]) == (False, "it uses files (`")


def test_value_without_json_is_told(kernel: Any) -> None:
    """The page cannot send it back to Python."""
    saved = kernel.section("@interact(pick=[('none', object())])\ndef picked(pick):\n    return 1")
    assert saved["code"]["reason"] == "`pick` has values that a page cannot name"


def test_slow_function_is_tried_in_its_default_state(kernel: Any) -> None:
    """So that the cell does not take longer than its budget."""
    cell = "import time\n@interact(n=(1, 3), bake=False)\ndef slow(n=1):\n    time.sleep(1.1)\n    return n"
    saved = kernel.section(cell)
    assert saved["code"]["live"]

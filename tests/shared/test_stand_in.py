"""An author's program runs where there is no notebook. Each test has a Python of its own, as a page does."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nbblog.shared

FOLDER = Path(nbblog.shared.__file__).parent
START = """
import json, sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("nbblog_shared", sys.argv[1] + "/__init__.py", submodule_search_locations=[sys.argv[1]])
sys.modules["nbblog_shared"] = module_from_spec(spec)
spec.loader.exec_module(sys.modules["nbblog_shared"])
from nbblog_shared.calling import answer
from nbblog_shared.stand_in import run_cell, run_program
prelude, cell, index, arguments = json.loads(sys.argv[2])
if index is None:
    print(json.dumps(run_cell(prelude, cell)))
else:
    print(json.dumps(answer(run_program(prelude, cell)[index], arguments)))
"""


def run(cell: str, prelude: str = "", index: int | None = None, **arguments: Any) -> list[dict[str, Any]]:
    """The parts of a section's answer, or of a cell without one."""
    asked = json.dumps([prelude, cell, index, arguments])
    command = [sys.executable, "-I", "-S", "-c", START, str(FOLDER), asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    parts: list[dict[str, Any]] = json.loads(done.stdout)
    return parts


def text(parts: list[dict[str, Any]]) -> str:
    assert [part["kind"] for part in parts] == ["text"], parts
    return str(parts[0]["text"]).strip()


@pytest.mark.parametrize(
    "cell",
    [
        "from nbblog import interact\n@interact(n=(1, 9))\ndef double(n=2):\n    return 2 * n",
        "from nbblog import interact\n@interact\ndef double(n=2):\n    return 2 * n",
        "import nbblog\nnbblog.interact(lambda n: 2 * n, n=3)",
        "from ipywidgets import interact\ninteract(lambda n: 2 * n, n=3)",
        "from ipywidgets import interact_manual\ninteract_manual(lambda n: 2 * n, n=3)",
        "from nbblog import interactive\nw = interactive(lambda n: print(2 * n), n=3)\nw.layout.width = '1px'\nw",
        "import nbblog\nnbblog.interactive(lambda n: 2 * n, {'auto_display': True}, n=3)",
        "from nbblog import interact\ninteract.options(manual=True)(lambda n: 2 * n, n=3)",
        "from nbblog import interact\ninteract(n=3)(lambda n: 2 * n)",
        "from nbblog import interact, slider\ninteract(lambda n: 2 * n, n=slider(1, 9, unit='x'), bake=False)",
        "import ipywidgets as w\nw.interact(lambda n: 2 * n, n=w.IntSlider(min=1, max=9))",
    ],
)
def test_interact_notes_its_function(cell: str) -> None:
    """In every way it can be called."""
    assert text(run(cell, index=0, n=7)) == "14"


def test_value_may_be_kept_from_being_shown() -> None:
    """As ``interactive`` does it, and an option of ``interact``."""
    assert run("from nbblog import interactive\ninteractive(lambda n: 2 * n, n=3)", index=0, n=7) == []
    cell = "from nbblog import interact\ninteract.options(auto_display=False)(lambda n: 2 * n, n=3)"
    assert run(cell, index=0, n=7) == []


def test_calls_are_counted_in_the_cell_alone() -> None:
    """What earlier statements show is no section of this cell."""
    prelude = "from nbblog import interact\ninteract(lambda n: 'earlier', n=1)"
    cell = "interact(lambda n: 'first', n=1)\ninteract(lambda n: 'second', n=1)"
    assert text(run(cell, prelude, 1, n=1)) == "'second'"


def test_earlier_statements_define_what_the_cell_uses() -> None:
    """What they print is dropped."""
    cell = "from nbblog import interact\ninteract(lambda n: n * K, n=1)\nprint('dropped')"
    assert text(run(cell, "K = 3\nprint('dropped')", 0, n=2)) == "6"


def test_fixed_value_is_filled_in() -> None:
    """The page has no control for it."""
    cell = "from nbblog import interact, fixed\ninteract(lambda n, k: n * k, n=1, k=fixed(5))"
    assert text(run(cell, index=0, n=2)) == "10"


def test_value_of_an_unknown_widget_is_filled_in() -> None:
    """Of one that a page has no counterpart of."""
    cell = "import ipywidgets as w\nw.interact(lambda n, r: (n, r), n=1, r=w.IntRangeSlider(value=(2, 4)))"
    assert text(run(cell, index=0, n=1)) == "(1, (2, 4))"


def test_fixed_default_is_filled_in() -> None:
    """ipywidgets reads it as a control."""
    cell = "from nbblog import interact, fixed\ninteract(lambda n, k=fixed(5): n * k, n=1)"
    assert text(run(cell, index=0, n=2)) == "10"


@pytest.mark.parametrize(
    ("control", "default", "sent", "got"),
    [
        ("(0.0, 9.0, 0.5)", "", 3, "3.0"),
        ("(0, 9)", "", 3, "3"),
        ("(0, 9.5)", "", 3, "3.0"),
        ("slider(0.5, 9)", "", 3, "3.0"),
        ("slider(1, 9)", "", 3, "3"),
        ("slider(stops=[1, 2.5])", "", 1, "1.0"),
        ("slider(1, 9)", "=2.5", 3, "3.0"),
        ("w.FloatSlider()", "", 3, "3.0"),
        ("w.FloatLogSlider()", "", 1000, "1000.0"),
        ("w.IntSlider()", "", 3, "3"),
        ("w.BoundedFloatText()", "", 3, "3.0"),
        ("w.Dropdown(options=[1.0, 2.0])", "", 1, "1.0"),
        ("w.Dropdown(options=[('one', 1.0)])", "", 1, "1.0"),
        ("[1.0, 2.0]", "", 1, "1.0"),
        ("{'one': 1.0}", "", 1, "1.0"),
        ("[1, True]", "", True, "True"),
        ("0.5", "", 2, "2.0"),
        ("5", "", 2, "2"),
        ("True", "", False, "False"),
        ("float", "", 2, "2.0"),
        ("'text'", "", "1", "'1'"),
    ],
)
def test_argument_is_what_the_control_gives_in_python(control: str, default: str, sent: Any, got: str) -> None:
    """JavaScript writes 1.0 as 1."""
    cell = f"import ipywidgets as w\nfrom nbblog import interact, slider\ninteract(lambda n{default}: n, n={control})"
    assert text(run(cell, index=0, n=sent)) == got


def test_display_goes_to_the_answer() -> None:
    """In order with what is printed, whatever way it was imported."""
    cell = """
from nbblog import interact
from IPython.display import HTML, Markdown, Math, clear_output
from IPython.display import display as show
@interact
def section(n=1):
    print("forgotten")
    clear_output()
    print("one")
    display({"n": n})
    show(HTML("<b>bold</b>"), Markdown("*m*"), Math("x"))
    show({"text/plain": "raw"}, raw=True)
"""
    kinds = [part["kind"] for part in run(cell, index=0, n=1)]
    assert kinds == ["text", "table", "html", "markdown", "latex", "text"]


def test_plot_is_real() -> None:
    """It needs no library."""
    cell = "from nbblog import interact, plot\ninteract(lambda n: plot([1], [n]), n=1)"
    assert run(cell, index=0, n=4)[0]["spec"]["series"] == [{"name": "", "y": [4]}]


def test_cell_without_controls_is_shown_as_in_a_notebook() -> None:
    """The value of its last expression comes last."""
    assert [part["text"] for part in run("print(x)\nx + 1", "x = 1")] == ["1\n", "2"]


def test_semicolon_hides_the_last_value() -> None:
    """As in a notebook."""
    assert run("1 + 1;") == []


def test_error_in_a_cell_has_its_line() -> None:
    """The line's text too."""
    error = run("x = 1\nhelper(x)", "def helper(n):\n    return n / 0")[0]
    assert "  Cell, line 2, in <module>\n    helper(x)" in error["traceback"]
    assert "  An earlier cell, in helper\n    return n / 0" in error["traceback"]


def test_shared_modules_need_the_standard_library_only() -> None:
    """And name each other relatively: a browser's Python has no nbblog."""
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert {name.partition(".")[0] for name in names} <= {*sys.stdlib_module_names, "__future__"}, path.name

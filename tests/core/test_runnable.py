"""The program of a section is the smallest part of the notebook that gives the same answer."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from program_notebooks import CASES
from section_bundles import MIME, checkbox, range_control, section, text

from nbblog.core.article import Article, render_article
from nbblog.core.checks import check_section
from nbblog.core.post import Cell, Post
from nbblog.core.programs import effects
from nbblog.core.programs.packages import MISSING_MODULES, BrowserPackages, why_not_loaded
from nbblog.core.reading import read_post
from nbblog.core.runnable import Reason, build_program, has_changed, program_of
from nbblog.core.surroundings import Surroundings
from nbblog.live import packages_lock
from nbblog.onepage import math_renderer


def cells_of(notebook: str) -> list[str]:
    return [cell.strip() for cell in f"\n{notebook}\n".split("\n---\n")]


def run(*parts: str) -> str:
    """What a program leaves in ``answer``, as text."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(StringIO()):
        for part in parts:
            exec(part, namespace)
    return repr(namespace["answer"])


def wanted(cells: Sequence[str]) -> list[str]:
    """The statements that the program must have: those that do not begin on a line that is marked."""
    found: list[str] = []
    for cell in cells:
        lines = cell.split("\n")
        for statement in ast.parse(cell).body:
            first = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", ()))])
            if not lines[first - 1].endswith("# -"):
                found.append(ast.unparse(statement))
    return found


@pytest.mark.parametrize("name", CASES)
def test_program_gives_the_same_answer(name: str) -> None:
    """Run in a namespace of its own, as the whole notebook in its."""
    *earlier, cell = cells_of(CASES[name])
    program = build_program(earlier, cell)
    assert run(program.prelude, program.cell) == run(*earlier, cell)


@pytest.mark.parametrize("name", CASES)
def test_program_is_the_smallest(name: str) -> None:
    """Statements that are not needed stay away, the others are there in their order."""
    *earlier, cell = cells_of(CASES[name])
    program = build_program(earlier, cell)
    assert [ast.unparse(statement) for statement in ast.parse(program.prelude).body] == wanted(earlier)


# --- Any program ----------------------------------------------------------------------------------------------------

NAMES = st.sampled_from("abcd")
FUNCTIONS = st.sampled_from("fgh")
START = """
a = [1]
b = [[2], 3]
c = []
d = 3
def f(x=None): return x
def g(x=None): return [x]
def h(x=None): return 0
"""


def filled(template: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.fixed_dictionaries(parts).map(lambda values: template.format(**values))


EXPRESSIONS = st.recursive(
    NAMES | st.sampled_from(["1", "[]", "x"]),
    lambda inner: st.one_of(
        filled("[{a}, {b}]", a=inner, b=NAMES),
        filled("{f}({a})", f=FUNCTIONS, a=inner),
        filled("[{a} for i in [{b}, 1]]", a=inner, b=inner),
        filled("({a} if {b} else {c})", a=inner, b=NAMES, c=inner),
        filled("(lambda i={b}: {a})()", a=inner, b=NAMES),
        filled("len(str({a}))", a=inner),
    ),
    max_leaves=4,
)


def indented(block: str) -> str:
    return "\n".join(f"    {line}" for line in block.split("\n"))


SIMPLE = st.one_of(
    filled("{a} = {e}", a=NAMES, e=EXPRESSIONS),
    filled("{a} += [{e}]", a=NAMES, e=EXPRESSIONS),
    filled("{a}.append({e})", a=NAMES, e=EXPRESSIONS),
    filled("{a}[0] = {e}", a=NAMES, e=EXPRESSIONS),
    filled("{a}[0].append({e})", a=NAMES, e=EXPRESSIONS),
    filled("{a}, {b} = {e}, {b}", a=NAMES, b=NAMES, e=EXPRESSIONS),
    filled("{f}({e})", f=FUNCTIONS, e=EXPRESSIONS),
    filled("print({e})", e=EXPRESSIONS),
    filled("del {a}", a=NAMES),
)
BLOCKS = st.one_of(
    SIMPLE,
    filled("if {a}:\n{s}\nelse:\n{t}", a=NAMES, s=SIMPLE.map(indented), t=SIMPLE.map(indented)),
    filled("for {a} in [{b}, {e}]:\n{s}", a=NAMES, b=NAMES, e=EXPRESSIONS, s=SIMPLE.map(indented)),
    filled("try:\n{s}\nexcept Exception:\n{t}", s=SIMPLE.map(indented), t=SIMPLE.map(indented)),
    filled(
        "def {f}(x=None):\n    {g}\n{s}\n    return {e}",
        f=FUNCTIONS,
        g=st.sampled_from(["pass", "global a, b, c, d"]),
        s=st.one_of(SIMPLE, filled("x.append({e})", e=EXPRESSIONS)).map(indented),
        e=EXPRESSIONS,
    ),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(BLOCKS, min_size=2, max_size=12), EXPRESSIONS)
def test_any_program_gives_the_same_answer(statements: list[str], expression: str) -> None:
    """Programs of assignments, changes, functions and their side effects, without the statements that fail."""
    earlier = [START]
    for statement in statements:
        if answers([*earlier, statement, "answer = 0"]):
            earlier.append(statement)
    cell = f"answer = {expression}, a"
    if expected := answers([*earlier, cell]):
        program = build_program(earlier, cell)
        assert answers([program.prelude, program.cell]) == expected


def answers(parts: Iterable[str]) -> str | None:
    """The answer of a program, or ``None`` of one that fails."""
    try:
        return run(*parts)
    except Exception:
        return None


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(st.sampled_from("ab=%!?\n ()[]{}'\"#\\:.,@\t\rdef lambda") | st.characters()), max_size=4))
def test_any_text_is_no_error(cells: list[str]) -> None:
    """What is no Python has a reason."""
    program = build_program(cells, "".join(cells))
    assert program.sha256 or program.unsupported


def test_a_notebook_of_thousands_of_functions_keeps_all() -> None:
    """Where the search would take too long, every statement is in the program but those that only show something."""
    count = effects.MOST_STEPS // 200
    writers = "\n".join(f"def f{n}():\n    global v{n}\n    v{n} = f{n - 1}()" for n in range(1, count))
    calls = "\n".join(f"f{n}()" for n in range(1, count))
    program = build_program(["def f0(): return 1", writers, calls, "unused = 1\nprint(unused)"], "v1")
    assert program.prelude.startswith("def f0") and program.prelude.endswith(f"f{count - 1}()\nunused = 1")


# --- IPython --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1", []),
        ("%%time\nx = 1", "# %%time\nx = 1", []),
        ("%time x = 1", "x = 1", []),
        ("!pip install numpy\n%pip install numpy\nx = 1", "# !pip install numpy\n# %pip install numpy\nx = 1", []),
        ("%run other.py", "# %run other.py", ["ipython"]),
        ("files = !ls 'a", "# files = !ls 'a", ["ipython"]),
        ("t = %timeit -o f()", "# t = %timeit -o f()", ["ipython"]),
        ("x = 1\nx?\n?x\nlen??", "x = 1\n# x?\n# ?x\n# len??", []),
        ("if True:\n    %run a\n    x = 1", "if True:\n    pass  # %run a\n    x = 1", ["ipython"]),
        ("!echo it's \\\n  here\nx = 1", "# !echo it's \\\n# here\nx = 1", ["ipython"]),
        ("x = (7\n%2)\ny = '''\n%run a\n!ls\n'''", "x = (7\n%2)\ny = '''\n%run a\n!ls\n'''", []),
        ("%who\ny = [\n  '%',\n]\nz = 7 \\\n%2", "# %who\ny = [\n  '%',\n]\nz = 7 \\\n%2", []),
    ],
)
def test_lines_of_ipython_are_comments(source: str, text: str, kinds: list[str]) -> None:
    """Those that a program can do without are no reason against it."""
    program = build_program([], source)
    assert program.cell == text
    assert [reason.kind for reason in program.unsupported] == kinds
    ast.parse(program.cell)


def test_lines_of_ipython_in_earlier_cells_matter_where_something_is_missing() -> None:
    """A notebook's shell commands are its own affair otherwise."""
    earlier = ["!ls\na = 1", "files = !ls"]
    assert build_program(earlier, "a").unsupported == ()
    assert [(one.kind, one.cell, one.line) for one in build_program(earlier, "files").unsupported] == [
        ("ipython", 0, 1),
        ("ipython", 1, 1),
    ]


def test_option_lines_and_line_endings_do_not_matter() -> None:
    """Kernels get the cell as it is, with all that the page's author wrote on top."""
    program = build_program(["#| echo: false\r\na = 1\r\nb = 2"], "#| label: x\n\na")
    assert program.prelude == "a = 1"
    assert program.sha256 == build_program(["a = 1\nb = 2"], "a").sha256


# --- Reasons and packages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "kind", "detail"),
    [
        ("x = = 1", "syntax", "invalid syntax (line 1)"),
        ("from math import *\npi", "star-import", "`from math import *`"),
        ("nothing + 1", "undefined", "`nothing`"),
        ("def f(): return nothing", "undefined", "`nothing`"),
        ("await f()\ndef f(): pass", "await", "`await` outside a function"),
        ("async with f as g: pass\nf = 1", "await", "`await` outside a function"),
        ("import asyncio as a\na.run(1)", "await", "`a.run()`"),
        ("name = input('?')", "input", "`input()`"),
        ("def f():\n    return open('a').read()", "files", "`open()`"),
        ("import pandas as pd\npd.read_csv('a')", "files", "`pd.read_csv()`"),
        ("from pathlib import Path\nPath('a').write_text('b')", "files", "`Path.write_text()`"),
        ("from .beside import f", "files", "the module `.beside` beside the notebook"),
        ("import requests", "network", "the module `requests`"),
        ("from urllib.request import urlopen", "network", "the module `urllib.request`"),
        ("from urllib import request", "network", "the module `urllib.request`"),
        ("import subprocess", "processes", "the module `subprocess`"),
        ("import os as o\no.system('ls')", "processes", "`o.system()`"),
        ("from concurrent.futures import Future", "processes", "the module `concurrent.futures`"),
        ("def f():\n    import threading", "threads", "the module `threading`"),
        ("import tkinter", "module", "the module `tkinter`"),
    ],
)
def test_reasons(source: str, kind: str, detail: str) -> None:
    """What no browser can do is said, in words that follow "because"."""
    program = build_program([], source)
    assert [(one.kind, one.detail) for one in program.unsupported] == [(kind, detail)]
    assert program.reason.endswith(f"({detail})")


@pytest.mark.parametrize(
    "source",
    [
        "import urllib.parse, io, os.path, json\nio.StringIO('a').read(); os.path.join('a'); json.loads('1')",
        "async def f(): return await g()\nasync def g(): pass",
        "display(__name__, len([])); print(f'{max(1, 2)}')",
        "import sqlite3, tempfile, time, asyncio, IPython, ipywidgets\nfrom nbblog import interact",
        "def f(path): return path.text\nopen_it = f",
    ],
)
def test_no_reasons(source: str) -> None:
    """What a browser can do is nothing to be said."""
    program = build_program([], source)
    assert (program.unsupported, program.packages) == ((), ())


def test_reasons_are_about_the_program_alone() -> None:
    """Other cells may do what they want."""
    earlier = ["import requests\ntable = requests.get('a')", "def unused(): return open('b')", "x = = 1", "k = 1"]
    assert build_program(earlier, "k").unsupported == ()
    assert build_program(earlier, "table").unsupported == (Reason("network", "the module `requests`", 0, 1),)


def test_star_imports_are_in_the_program_where_names_are_missing() -> None:
    """Nobody knows what they bring; so they are said as well."""
    earlier = ["from math import *", "from os.path import *\nk = 2"]
    assert build_program(earlier, "k").prelude == "k = 2"
    program = build_program(earlier, "answer = floor(2.5) + k")
    assert run(program.prelude, program.cell) == "4"
    assert [one.kind for one in program.unsupported] == ["star-import", "star-import"]


def test_packages() -> None:
    """The top-level names of what the program imports, wherever in it, but for the standard library and stand-ins."""
    earlier = ["import numpy as np, scipy.stats as stats\nimport pandas", "def f():\n    from sklearn.svm import SVC"]
    cell = "from nbblog import interact\nimport math, ipywidgets\n@interact(x=3)\ndef g(x): return np.sin(x), f()"
    assert build_program(earlier, cell).packages == ("numpy", "scipy", "sklearn")
    assert build_program(earlier, "1").packages == ()


def test_the_browsers_standard_library_is_known() -> None:
    """Which modules of this Python's it lacks, by the list that comes with it."""
    there = set(packages_lock()["modules"])
    public = {name for name in sys.stdlib_module_names if not name.startswith("_")}
    assert public - there == public & MISSING_MODULES


def test_packages_that_a_page_can_load() -> None:
    """So far none; a host that has some says which."""
    available = BrowserPackages({"numpy": "numpy"})
    assert why_not_loaded(["numpy"]) == "it imports `numpy`, which the page's Python does not have"
    assert why_not_loaded(["numpy"], available) == why_not_loaded([]) == ""
    assert why_not_loaded(["a", "numpy", "b"], available).startswith("it imports `a` and `b`,")


# --- The hash -------------------------------------------------------------------------------------------------------

SYNTAX = '''
from __future__ import annotations
import a.b as c, d
async def f(x: int, /, y=1, *z, k: str = "a", **w) -> None:
    "Words."
    async with x as y, z: pass
    async for i in await y: yield i, (yield)
class A(B, metaclass=C):
    x: int = 0x1_000; y = 1e3, 1j, b"\\x00", ..., None, True
    @property
    def get(self): return super().get if self else lambda a, *b: a[b, 1:2, ...]
try: pass
except (E, F) as e: raise G from e
else: del x, y.z
finally: assert x, f"{x!r:>{width}} {y=}" f"{{}}" "z"
match x:
    case [1, *rest] | {"a": 1, **more} if rest: pass
    case A(x=1) | None | -1 | "a" "b" as y: pass
    case _: pass
while x := y: continue
else: [*a, *{**b, "c": 1}], {x for x in y if x if y}, {x: y for x, y in z}, not x < y <= z
x @= y if z else 10 ** 5000
'''


def test_the_hash_is_the_same_in_every_python() -> None:
    """A kernel and a publisher of different versions must agree: this is the hash that all of them find."""
    program = build_program([], SYNTAX)
    assert program.sha256 == "76a2e79bd391bee0e1390e74b27da3b2682a304f9c7ae1a55e0fb6b46360fcef"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 'x'  # why", 'a  =  "x"'),
        ("a = [1,\n  2]\n\n\nb=3", "a = [1, 2]; b = 3"),
        ("%matplotlib inline\na = f'{b}' 'c'\nb = 0x10", "a = f\"{b}c\"\nb = 16"),
        ("def f():\n  return (1)", "def f():\n    # words\n    return 1"),
    ],
)
def test_the_hash_is_of_what_the_code_means(one: str, other: str) -> None:
    """Comments, white space, quotation marks and spellings of a number are nothing."""
    assert build_program([], one).sha256 == build_program([], other).sha256


@pytest.mark.parametrize(
    ("one", "other"),
    [("a = 1", "a = 1.0"), ("a = 'b'", "a = b'b'"), ("a = 1", "a = True"), ("a; b", "b; a"), ("f(x)", "f(*x)"),
     ("def f(): 'a'", "def f(): 'b'"), ("f'{x}'", "f'{x!s}'"), ("a = {}", "a = []"), ("a", "a\na")],
)  # fmt: skip
def test_the_hash_knows_what_is_different(one: str, other: str) -> None:
    """Whatever changes what the cell does."""
    assert build_program([], one).sha256 != build_program([], other).sha256


def test_the_hash_does_not_know_when_earlier_cells_ran() -> None:
    """Authors run cells in any order, and again."""
    in_order = build_program(["import math", "def f(): return math.pi"], "f()")
    as_run = build_program(["import math", "def f(): return math.pi", "import math", "print(1)"], "f()")
    assert (in_order.prelude != as_run.prelude, in_order.sha256) == (True, as_run.sha256)
    assert build_program(["import math", "def f(): return math.e"], "f()").sha256 != in_order.sha256


# --- A post ---------------------------------------------------------------------------------------------------------


def post_of(*cells: str | dict[str, Any]) -> Post:
    written = [{"source": cell} if isinstance(cell, str) else cell for cell in cells]
    whole = [{"cell_type": "code", "metadata": {}, "outputs": [], **cell} for cell in written]
    return read_post({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": whole}, name="post.ipynb")


def test_program_of_a_cell() -> None:
    """Cells that readers do not see are earlier code, as are hidden lines; those that do not run are not."""
    post = post_of(
        {"source": "a = 1", "metadata": {"tags": ["remove-cell"]}},
        "#| echo: false\nb = a",
        "#| eval: false\nb = 9",
        "%%bash\nb=8",
        "c = 2  #| hide_line\nd = 4",
        "#| runnable: true\nb + c",
        "b = 7",
    )
    program = program_of(post, next(cell for cell in post.cells if cell.number == 6))
    assert (program.prelude, program.cell) == ("a = 1\nb = a\nc = 2", "b + c")


def test_program_of_a_cell_whose_text_is_not_shown() -> None:
    """It runs what the notebook has."""
    post = post_of("a = 1", {"source": "#| echo: false\na + 1", "outputs": [stream("2")]})
    (cell,) = (cell for cell in post.cells if cell.number == 2)
    assert (cell.source, program_of(post, cell).cell) == ("", "a + 1")


def test_reasons_in_a_post_name_the_cell() -> None:
    """By its number in the notebook."""
    post = post_of({"cell_type": "markdown", "source": "# T"}, "x = open('a')", "x")
    assert program_of(post, post.cells[-1]).unsupported == (Reason("files", "`open()`", 2, 1),)


def stream(written: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": written}


def saved_section(code: dict[str, Any]) -> dict[str, Any]:
    content = section(lambda on: [text("1")], [checkbox("on")], code=code)
    return {**content, "states": {**content["states"], "baked": 2, "total": 2}}


def codes(post: Post, cell: Cell, code: Any) -> list[str]:
    return [notice.code for notice in check_section(post, cell, saved_section(code))]


def test_a_section_that_was_baked_from_this_code_is_not_stale() -> None:
    """Comments and cells that it does not need may change."""
    post = post_of("k = 1  # new\nother = 2", "@interact(on=True)\ndef f(on): return k\nfrom nbblog import interact")
    cell = post.cells[-1]
    sha256 = build_program(["k = 1"], cell.source).sha256
    assert codes(post, cell, {"sha256": sha256, "live": True}) == []
    assert not has_changed(post, cell, "")


@pytest.mark.parametrize("earlier", ["k = 2", "from a import k", ""])
def test_a_section_that_was_baked_from_other_code_is_stale(earlier: str) -> None:
    """Be it in the cell, or in one that it needs."""
    post = post_of(earlier, "def f(on): return k")
    sha256 = build_program(["k = 1"], "def f(on): return k").sha256
    (notice,) = check_section(post, post.cells[-1], saved_section({"sha256": sha256, "live": True}))
    assert str(notice).startswith("cell 2: `capacity` was baked from other code than stands here [section-stale]")


def test_code_that_this_python_cannot_parse_is_not_called_stale() -> None:
    """The kernel's may be newer."""
    post = post_of("k = = 1", "def f(on): return k")
    assert codes(post, post.cells[-1], {"sha256": "0" * 64, "live": True}) == []


@pytest.mark.parametrize(
    ("code", "notices"),
    [
        ({"live": True, "packages": ["numpy"]}, ["section-not-live"]),
        ({"live": False, "packages": ["numpy"], "reason": "it uses files (`open()`)"}, ["section-not-live"]),
        ({"live": False, "reason": "the section says live=False"}, []),
        ({"live": False, "reason": "", "packages": "numpy", "sha256": 3}, []),
        (None, []),
    ],
)
def test_an_author_is_told_why_readers_cannot_run_a_section(code: Any, notices: list[str]) -> None:
    """Unless it is as they wanted it."""
    post = post_of("def f(on): return 1")
    assert codes(post, post.cells[0], code) == notices


@pytest.mark.parametrize("content", [None, 3, [], {}, {"code": []}, {"code": {"sha256": []}}])
def test_no_section_is_nothing_to_check(content: object) -> None:
    """An output is anybody's."""
    post = post_of("1")
    assert check_section(post, post.cells[0], content) == ()


def test_packages_matter_more_where_answers_are_missing() -> None:
    """A page cannot load them."""
    post = post_of("def f(on): return 1")
    code = {"live": True, "packages": ["numpy", "pandas"]}
    parts = saved_section(code)
    whole, typed = {**parts, "controls": []}, {**parts, "controls": [{"kind": "text"}]}
    partial = {**parts, "states": {**parts["states"], "baked": 1}}
    found = [check_section(post, post.cells[0], content)[0] for content in (whole, typed, partial)]
    assert [notice.code for notice in found] == ["section-not-live", "section-packages", "section-packages"]
    assert "it imports `numpy` and `pandas`, which the page's Python does not have" in str(found[2])
    assert check_section(post, post.cells[0], partial, BrowserPackages({"numpy": "numpy", "pandas": "pandas"})) == ()


def article_of(*cells: str | dict[str, Any]) -> Article:
    around = Surroundings(asset_url=lambda asset: asset.name, read_file=lambda target: b"", maths=math_renderer())
    return render_article(post_of(*cells), around)


def test_an_article_checks_its_sections() -> None:
    """Each with what was baked in it; answers that are missing for ever are a warning."""
    content = section(
        lambda a: [text(str(a))],
        [range_control("a", [1, 2])],
        keep=lambda number: number == 0,
        code={"cell": "x", "prelude": "", "sha256": "0" * 64, "live": True, "packages": ["numpy"]},
    )
    output = {"output_type": "display_data", "metadata": {}, "data": {MIME: content}}
    article = article_of({"source": "def f(a): return a", "outputs": [output]})
    codes = [notice.code for notice in article.notices if notice.code.startswith("section-")]
    assert sorted(codes) == ["section-incomplete", "section-packages", "section-stale"]
    assert "python" not in article.libraries


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["k = 1", "#| runnable: true\nk + 1"], ""),
        (["k = open('a')", "#| runnable: true\nk"], "it uses files (`open()`)"),
        (["#| runnable: true\nimport numpy\nnumpy.pi"], "it imports `numpy`, which the page's Python does not have"),
        (["#| runnable: true\nk"], "it uses a name that no earlier cell defines (`k`)"),
    ],
)
def test_a_runnable_cell_runs_or_says_why_not(cells: list[str], reason: str) -> None:
    """The page has Python only where it can be used."""
    article = article_of(*cells)
    details = [notice.detail for notice in article.notices if notice.code == "section-not-run"]
    assert details == ([reason] if reason else [])
    assert ("python" in article.libraries) == (not reason)

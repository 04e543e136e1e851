"""``interact`` in a real kernel: what the cell saves, and what the author sees."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nbblog.core.runnable import build_program

MIME = "application/vnd.nbblog.interact.v1+json"
FORMS = {"application/vnd.jupyter.widget-view+json", MIME, "text/html", "text/plain"}


def test_cell_has_one_output_in_four_forms(kernel: Any) -> None:
    """Live controls, what the page needs, and the default answer as HTML and as text."""
    cell = '@interact(n=(0, 3))\ndef forms(n=2):\n    """The square."""\n    return {"n²": n * n}'
    (output,) = kernel.run(cell)
    assert output["output_type"] == "display_data"
    assert set(output["data"]) == FORMS
    html, text = output["data"]["text/html"], output["data"]["text/plain"]
    assert "<strong>The square.</strong>" in html
    assert "<td class=\"nb-num\">4</td>" in html
    assert text == "The square.\nn: 2\nn²  4"


def test_saved_section_is_as_documented(kernel: Any, answers_of: Any) -> None:
    """All its keys, and every state."""
    saved = kernel.section('@interact(n=(0, 3), up=True)\ndef documented(n=2, up=True):\n    """T"""\n    return n, up')
    assert list(saved) == ["version", "name", "title", "controls", "states", "code", "message"]
    assert (saved["version"], saved["name"], saved["title"]) == (1, "documented", "T")
    assert saved["controls"] == [
        {
            **{"name": "n", "label": "n", "kind": "range", "stops": [0, 1, 2, 3], "labels": ["0", "1", "2", "3"]},
            **{"default": 2, "unit": "", "uniform": True},
        },
        {
            **{"name": "up", "label": "up", "kind": "checkbox", "stops": [False, True], "labels": ["no", "yes"]},
            "default": 1,
        },
    ]
    assert {key: saved["states"][key] for key in ("total", "baked", "pure")} == {"total": 8, "baked": 8, "pure": True}
    assert answers_of(saved)[5] == [{"kind": "text", "text": "(2, True)"}]
    assert list(saved["code"]) == ["cell", "prelude", "index", "sha256", "live", "reason", "packages"]
    assert saved["message"] == "8 of 8 states baked, 1 KB: every answer is instant and works offline"


def test_sections_of_a_cell_are_counted(kernel: Any) -> None:
    """Each run of the cell counts anew."""
    cell = "for word in 'ab':\n    interact(lambda n, word=fixed(word): word * n, n=(0, 3))"
    for _ in range(2):
        saved = kernel.sections(cell)
        assert [one["code"]["index"] for one in saved] == [0, 1]
        assert [one["code"]["live"] for one in saved] == [True, True]


def test_program_is_the_one_that_the_publisher_finds(kernel: Any) -> None:
    """Although the kernel has run some cells twice, and unchanged."""
    earlier = "rate = 3\ndef scaled(n):\n    return rate * n"
    cell = "@interact(n=(0, 3))\ndef published(n=2):\n    return scaled(n)"
    code = kernel.section(earlier, cell, "1", earlier, cell)["code"]
    assert code["cell"] == cell
    assert earlier in code["prelude"]
    imports = "from nbblog import fixed, interact, interact_manual, interactive, plot, slider"
    expected = build_program([imports, earlier], cell)
    assert (code["sha256"], code["live"]) == (expected.sha256, True)


def test_display_and_print_belong_to_the_answer(kernel: Any, answers_of: Any) -> None:
    """Nothing of it is left in the cell."""
    cell = """
from IPython.display import HTML, display as show
@interact(n=(0, 2))
def displayed(n=1):
    print("n is", n)
    show(HTML("<b>bold</b>"))
    display({"n": n})
"""
    kinds = [part["kind"] for part in answers_of(kernel.section(cell))[0]]
    assert kinds == ["text", "html", "table"]


def test_error_in_a_state_is_an_answer(kernel: Any, answers_of: Any) -> None:
    """The others are baked all the same."""
    saved = kernel.section("@interact(n=(0, 2))\ndef divided(n=1):\n    return 6 / n")
    (error,) = answers_of(saved)[0]
    assert (error["name"], saved["states"]["baked"], saved["code"]["live"]) == ("ZeroDivisionError", 3, True)
    assert "  Cell, line 3, in divided\n    return 6 / n" in error["traceback"]
    assert error["traceback"].count("line") == 1


def test_figure_is_a_picture(kernel: Any, answers_of: Any) -> None:
    """In the format that the notebook has chosen; nothing of it is shown again at the cell's end."""
    cell = """
import matplotlib.pyplot as plt
@interact(n=(1, 2))
def drawn(n=1):
    plt.plot([1, n])
    plt.show()
    print("below")
"""
    saved = kernel.section(cell)
    picture, text = answers_of(saved)[0]
    assert (picture["kind"], picture["mime"], text["text"]) == ("image", "image/png", "below\n")
    assert base64.b64decode(picture["data"]).startswith(b"\x89PNG")
    assert (saved["states"]["pure"], saved["code"]["live"], saved["code"]["packages"]) == (True, True, ["matplotlib"])


def test_figure_in_svg_is_the_same_each_time(kernel: Any, answers_of: Any) -> None:
    """Its ids would else be random."""
    cell = """%config InlineBackend.figure_formats = ["svg"]
@interact(n=(1, 2))
def outlined(n=1):
    fig, ax = plt.subplots()
    ax.plot([1, n])
"""
    saved = kernel.section(cell)
    assert saved["states"]["pure"]
    assert [part["mime"] for part in answers_of(saved)[0]] == ["image/svg+xml"]


def test_chart_is_drawn_in_the_notebook(kernel: Any) -> None:
    """As an element beside the controls, and as a picture in the file."""
    cell = "@interact(n=(1, 2))\ndef charted(n=1):\n    return plot([1, 2], [1, n])"
    (output,) = kernel.run(cell)
    assert '<img alt="" src="data:image/svg+xml;base64,' in output["data"]["text/html"]
    (shown,) = kernel.run("print(charted.widget.out.outputs[0]['data']['text/html'][:4])")
    assert shown["text"] == "<svg\n"


def test_plot_alone_is_shown_too(kernel: Any) -> None:
    """In a cell without controls."""
    (output,) = kernel.run("plot([1, 2], [3, 4])")
    assert set(output["data"]) == {"image/svg+xml", "text/plain"}


def test_moving_a_control_asks_the_kernel(kernel: Any) -> None:
    """As in ipywidgets; the answer is shown in the same form as on the page."""
    kernel.run("@interact(n=(0, 3))\ndef moved(n=2):\n    return {'n': n * 7}")
    (shown,) = kernel.run(
        "moved.widget.children[0].value = 3\nprint(moved.widget.result, moved.widget.kwargs)\n"
        "print(moved.widget.out.outputs[0]['data']['text/html'])"
    )
    assert shown["text"].startswith("{'n': 21} {'n': 3}\n<table class=\"nb-table\">")


def test_manual_section_waits_for_its_button(kernel: Any) -> None:
    """The page has its answers all the same."""
    saved = kernel.section("@interact_manual(n=(0, 3))\ndef waited(n=2):\n    return n")
    assert saved["states"]["baked"] == 4
    (shown,) = kernel.run(
        "before = waited.widget.out.outputs\nwaited.widget.manual_button.click()\n"
        "print(before, len(waited.widget.out.outputs))"
    )
    assert shown["text"] == "() 1\n"


def test_function_is_not_shown_beside_its_section(kernel: Any) -> None:
    """``interact`` returns it, and may be the cell's last line; later it is shown as any other."""
    outputs = kernel.run("def returned(n=1):\n    return n\ninteract(returned, n=(0, 3))")
    assert [output["output_type"] for output in outputs] == ["display_data"]
    (shown,) = kernel.run("returned")
    assert shown["data"]["text/plain"] == "<function __main__.returned(n=1)>"
    (shown,) = kernel.run("def other(): pass\ninteract(returned, n=(0, 3), bake=False)\nother")[1:]
    assert shown["data"]["text/plain"] == "<function __main__.other()>"


def test_section_can_be_shown_by_the_author(kernel: Any) -> None:
    """``interactive`` makes it, and the cell's last value shows it."""
    (output,) = kernel.run("made = interactive(lambda n: print(n) or n, n=(0, 3))\nmade")
    assert output["output_type"] == "execute_result"
    assert set(output["data"]) == FORMS


def test_interactive_shows_what_ipywidgets_shows(kernel: Any, answers_of: Any) -> None:
    """Not the value, which the widget keeps; its last child is the answer."""
    saved = kernel.section("valued = interactive(lambda n: print(n) or 5 * n, n=(0, 3))\nvalued")
    assert answers_of(saved)[2] == [{"kind": "text", "text": "2\n"}]
    assert saved["code"]["live"]
    (shown,) = kernel.run("print(valued.result, valued.children[-1] is valued.out)")
    assert shown["text"] == "5 True\n"


def test_section_of_another_cell_cannot_run_on_the_page(kernel: Any) -> None:
    """The cell that shows it does not make it."""
    saved = kernel.section("elsewhere = interactive(lambda n: n, n=(0, 3))", "elsewhere")
    assert (saved["code"]["live"], saved["states"]["baked"]) == (False, 4)
    assert saved["code"]["reason"] == "it was not made in the cell that shows it"


def test_long_baking_is_one_output_in_the_end(kernel: Any) -> None:
    """The controls are there meanwhile."""
    cell = "import time\n@interact(n=(0, 29))\ndef long(n=2):\n    time.sleep(0.05)\n    return n"
    assert kernel.section(cell)["states"]["baked"] == 30


def test_interruption_keeps_what_is_baked(kernel: Any) -> None:
    """And the cell ends well."""
    saved = kernel.section(
        "calls = []\n@interact(n=(0, 9))\ndef stopped(n=0):\n    calls.append(n)\n"
        "    if n == 5:\n        raise KeyboardInterrupt\n    return n"
    )
    assert (saved["states"]["baked"], "(stopped)" in saved["message"]) == (5, True)


def test_random_section_is_told(kernel: Any) -> None:
    """Its answers are not compared with those of the program alone."""
    saved = kernel.section("import random\n@interact(n=(0, 9))\ndef chance(n=0):\n    return random.random()")
    assert (saved["states"]["pure"], saved["code"]["live"]) == (False, True)
    assert "Two runs of the same state differ" in saved["message"]


def test_baking_can_be_left_out(kernel: Any) -> None:
    """The default state is saved."""
    saved = kernel.section("@interact(n=(0, 9), bake=False)\ndef unbaked(n=4):\n    return n")
    assert saved["message"] == "1 of 10 baked: other answers load Python in the reader's browser (5.6 MB, once)"


def test_code_can_be_kept_from_running(kernel: Any) -> None:
    """``live=False``."""
    saved = kernel.section("@interact(n=(0, 9), bake=False, live=False)\ndef kept(n=4):\n    return n")
    assert saved["message"].endswith("the page has no other answers, because the section says live=False")


def test_chart_of_another_library_stays_live_in_the_notebook(kernel: Any, answers_of: Any) -> None:
    """The page has its text, and the author is told."""
    cell = """
class Chart:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"application/vnd.plotly.v1+json": {"data": []}, "text/plain": "Figure()"}
@interact(n=(0, 2))
def foreign(n=1):
    return Chart()
"""
    saved = kernel.section(cell)
    assert answers_of(saved)[0] == [{"kind": "text", "text": "Figure()"}]
    assert "only the text of what is application/vnd.plotly.v1+json" in saved["message"]
    (shown,) = kernel.run("print(list(foreign.widget.out.outputs[0]['data']))")
    assert shown["text"] == "['application/vnd.plotly.v1+json', 'text/plain']\n"


def test_notebook_written_for_ipywidgets_needs_one_other_line(kernel: Any) -> None:
    """Every way in which ``interact`` is called there."""
    cell = """
import ipywidgets as widgets
def f(x):
    return x
interact(f, x=10);
interact(f, x=True);
interact(f, x='Hi there!');
interact(f, x=widgets.IntSlider(min=-10, max=30, step=1, value=10));
interact(f, x=(0.0, 10.0, 0.01));
interact(f, x=['apples', 'oranges']);
interact(f, x=[('one', 10), ('two', 20)]);
@interact(x=True, y=1.0)
def g(x, y):
    return (x, y)
interact(lambda p, q: (p, q), p=5, q=fixed(20));
@interact
def h(x: bool, y: int = 3):
    return x, y
"""
    saved = kernel.sections(cell)
    assert [one["states"]["total"] for one in saved] == [41, 2, 1, 41, 1001, 2, 2, 82, 21, 26]
    assert all(one["states"]["baked"] == one["states"]["total"] and one["code"]["live"] for one in saved)


@pytest.fixture(scope="module")
def small_notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("notebook") / "small.ipynb"
    notebook = nbformat.v4.new_notebook()
    source = "from nbblog import interact\n@interact(n=(0, 3))\ndef square(n=2):\n    return {'n²': n * n}"
    notebook.cells = [nbformat.v4.new_code_cell(source)]
    nbformat.write(notebook, path)
    return path


def test_nbconvert_runs_it(small_notebook: Path) -> None:
    """``jupyter nbconvert --execute`` saves the same."""
    options = ["--execute", "--to", "notebook", "--output", "done.ipynb", str(small_notebook)]
    subprocess.run([sys.executable, "-m", "nbconvert", *options], check=True, capture_output=True)
    notebook = json.loads(small_notebook.with_name("done.ipynb").read_text("utf-8"))
    (output,) = notebook["cells"][0]["outputs"]
    assert set(output["data"]) == FORMS
    assert output["data"][MIME]["states"]["baked"] == 4
    assert "widgets" in notebook["metadata"]


PLAIN = "from nbblog import interact\ninteract(lambda n: {'n²': n * n}, n=(0, 3))\nprint('done')"


@pytest.mark.parametrize("command", [["-c", PLAIN], ["-m", "IPython", "--no-banner", "-c", PLAIN]])
def test_without_a_notebook_the_answer_is_printed(command: list[str]) -> None:
    """In a script and in a terminal."""
    done = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True)
    assert done.stdout == "n: 1\nn²  1\ndone\n"

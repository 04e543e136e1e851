"""A section as HTML: native controls, the first answer, and notices for its author; from any output, a page."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from section_bundles import (
    MIME,
    checkbox,
    choice_control,
    notebook,
    pack_states,
    plot,
    prose,
    range_control,
    section,
    table,
    text,
)

from nbblog.core.config import BlogConfig
from nbblog.onepage import OnePage, render_one_page

FIELD = {"name": "n", "label": "n", "kind": "number", "unit": "ms", "value": 2.5, "min": 0, "max": 9, "step": 0.5}


def build(*cells: Any, files_dir: str | None = "page_files") -> OnePage:
    return render_one_page(
        notebook(*cells),
        name="page.ipynb",
        config=BlogConfig(),
        read_file=lambda target: b"",
        files_dir=files_dir,
    )


def html_of(content: Any) -> str:
    """The section's element in a page."""
    match = re.search(r"<nbblog-interact.*?</nbblog-interact>", build(content).html, re.DOTALL)
    return match[0] if match else ""


def island_of(content: Any) -> dict[str, Any]:
    match = re.search(r'<script type="application/json">(.*?)</script>', html_of(content))
    assert match
    found: dict[str, Any] = json.loads(match[1])
    return found


def tag_of(html: str, name: str) -> dict[str, str]:
    """The attributes of the first element of this ``name``."""
    match = re.search(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', html)
    assert match
    return {key: unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', match[0])}


def one(*controls: Any, **more: Any) -> dict[str, Any]:
    return section(lambda **values: [text(repr(values))], controls, **more)


def test_a_range_of_snapped_stops_is_an_index() -> None:
    """Its stops stand beside it as JSON; what it stands at is there in words."""
    found = tag_of(html_of(one(range_control("users", [1000, 2500, 10_000], 1, unit="users"))), "users")
    assert (found["min"], found["max"], found["step"], found["value"]) == ("0", "2", "1", "1")
    assert json.loads(found["data-stops"]) == [1000, 2500, 10_000]
    assert found["aria-valuetext"] == "2,500 users"


def test_a_range_of_equal_steps_is_a_native_one() -> None:
    """Without an error of binary fractions in its attributes."""
    stops = [round(place * 0.1, 1) for place in range(1, 8)]
    found = tag_of(html_of(one(range_control("ratio", stops, 2, uniform=True))), "ratio")
    assert (found["min"], found["max"], found["step"], found["value"]) == ("0.1", "0.7", "0.1", "0.3")
    assert "data-stops" not in found


def test_steps_that_are_not_equal_are_not_taken_for_equal() -> None:
    """Whatever the output claims."""
    found = tag_of(html_of(one(range_control("ratio", [1, 2, 4], uniform=True))), "ratio")
    assert json.loads(found["data-stops"]) == [1, 2, 4]


def test_a_choice_carries_its_values() -> None:
    """Labels are what is read, JSON what is meant; an empty label is a dash."""
    choice = {**choice_control("tier", ["small", None]), "labels": ["Small <one>", ""]}
    html = html_of(one(choice))
    assert '<option value="Small &lt;one&gt;" selected data-json="&quot;small&quot;">Small &lt;one&gt;</option>' in html
    assert '<option value="–" data-json="null">–</option>' in html


def test_every_control_has_its_label_around_it() -> None:
    """A checkbox before its name, radio buttons in a group with a legend."""
    html = html_of(one(checkbox("cached", 1), choice_control("tier", ["a", "b"], 1, kind="radio")))
    assert re.search(r'<label><input type="checkbox" name="cached" checked><span[^>]*>cached</span></label>', html)
    assert re.search(r"<fieldset[^>]*><legend[^>]*>tier</legend>", html)
    assert re.search(r'<input type="radio" name="tier" value="b" checked', html)


def test_a_field_is_off_where_python_cannot_run() -> None:
    """It would get no answer but its first."""
    assert " disabled>" in html_of(one(FIELD))
    live = one(FIELD, code={"cell": "x", "live": True})
    assert " disabled" not in html_of(live)
    assert tag_of(html_of(live), "n")["step"] == "0.5"


def test_the_first_answer_stands_in_the_page() -> None:
    """The one to what the controls stand at, its chart drawn."""

    def function(n: int) -> list[dict[str, Any]]:
        return [prose(f"It is {n}."), table({"n": n}), plot([1, 2], {"": [n, 1]}, title=f"Chart {n}")]

    html = html_of(section(function, [range_control("n", [5, 6, 7], 1)]))
    answer = html[html.index('class="nb-answer"') : html.index('class="nb-actions"')]
    assert "It is 6." in answer
    assert ">Chart 6</text>" in answer
    assert "It is 7." not in html


def test_a_section_without_charts_needs_no_chart_script() -> None:
    """And one without code none that runs it."""
    controls = [range_control("n", [1, 2])]
    plain, charts = build(one(*controls)).html, build(section(lambda n: [plot([1], {"": [n]})], controls)).html
    assert "drawChart=" not in plain
    assert "drawChart=" in charts
    assert "openRunner=" not in plain


def test_buttons_are_those_that_can_do_something() -> None:
    """Nothing runs where there is no code, nothing is downloaded where there is no table."""
    plain = html_of(one(range_control("n", [1, 2])))
    assert re.findall(r'data-action="(\w+)"( hidden)?', plain) == [("link", ""), ("csv", " hidden"), ("reset", "")]
    live = html_of(one(range_control("n", [1, 2]), code={"cell": "x = 1", "live": True}))
    assert re.findall(r'data-action="(\w+)"', live) == ["run", "stop", "edit", "link", "csv", "reset"]


def test_code_is_in_the_page_only_where_it_can_run() -> None:
    """What no reader can run, no reader needs."""
    code = {"cell": "secret = 1", "prelude": "more = 2", "reason": "it opens a file"}
    assert island_of(one(range_control("n", [1, 2]), code=code))["code"] == {"live": False, "reason": "it opens a file"}
    assert island_of(one(range_control("n", [1, 2]), code={**code, "live": True}))["code"]["prelude"] == "more = 2"


@pytest.mark.parametrize(
    ("source", "metadata", "is_there"),
    [
        ("#| label: x\n\nshown = 1\n", {}, False),
        ("other = 1", {}, True),
        ("shown = 1", {"tags": ["remove-input"]}, True),
    ],
)
def test_code_that_readers_see_is_in_the_page_once(source: str, metadata: dict[str, Any], is_there: bool) -> None:
    """The lines of options are not code; a section whose code is hidden, or another, brings its own."""
    bundle = one(range_control("n", [1, 2]), code={"cell": "#| label: x\nshown = 1", "live": True})
    output = {"output_type": "display_data", "data": {MIME: bundle, "text/plain": ""}, "metadata": {}}
    cell = {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [output]}
    assert ("cell" in island_of(cell)["code"]) is is_there


def test_a_module_that_no_page_has_is_not_run() -> None:
    """The baked answers stay."""
    html = html_of(one(range_control("n", [1, 2]), code={"cell": "x", "live": True, "packages": ["numpy"]}))
    assert 'data-action="run"' not in html
    assert 'data-action="reset"' in html


def test_a_result_that_is_no_function_of_its_inputs_is_noticed() -> None:
    """And so are answers that are not there."""
    content = one(range_control("n", [1, 2, 3]), keep=lambda number: number < 2)
    content["states"]["pure"] = False
    assert {"section-impure", "section-incomplete"} <= {notice.code for notice in build(content).notices}
    content["code"] = {"cell": "x", "prelude": "", "live": True}
    assert {"section-impure", "section-partial"} <= {notice.code for notice in build(content).notices}


def test_a_widget_of_the_same_output_is_not_shown_too() -> None:
    """It would do nothing without a kernel."""
    bundle = {MIME: one(range_control("n", [1, 2])), "application/vnd.jupyter.widget-view+json": {"model_id": "a"}}
    page = build(bundle)
    assert "nbblog-frame" not in page.html
    bundle[MIME] = {"version": 2}
    page = build({**bundle, "text/html": "<p>static</p>"})
    assert "<p>static</p>" in page.html


def test_pictures_have_sizes_and_words() -> None:
    """Each is a file; that they have no words is noticed once."""

    def function(n: int) -> list[dict[str, Any]]:
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{n}0" height="20"><rect width="{n}" height="9"/></svg>'
        return [{"kind": "image", "mime": "image/svg+xml", "data": svg}]

    page = build(section(function, [range_control("n", [1, 2, 3])]))
    assert len([name for name in page.files if name.endswith(".svg")]) == 3
    assert re.search(r'<img src="[^"]*" alt="" width="10" height="20"', page.html)
    assert [notice.code for notice in page.notices].count("image-alt-missing") == 1


@pytest.mark.parametrize(("source", "runs"), [("print(6 * 7)", True), ("open('a')", False), ("import numpy", False)])
def test_a_runnable_cell_that_cannot_run_is_an_ordinary_cell(source: str, runs: bool) -> None:
    """And its author is told why."""
    page = build({"cell_type": "code", "source": f"#| runnable: true\n{source}"})
    assert ("<nbblog-interact" in page.html) is runs
    assert ("section-not-run" not in {notice.code for notice in page.notices}) is runs
    assert "published" in page.html


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
KINDS = st.sampled_from(["text", "table", "prose", "html", "plot", "image", "markdown", "latex", "error", "other"])
TEXTS = st.text(max_size=30) | st.sampled_from(["<p>1</p>", "<b", "$x^2$", "\x1b[31m1", "[a](b)", "&#1;", "-5,2 3e4"])
PARTS = st.fixed_dictionaries(
    {"kind": KINDS},
    optional=dict.fromkeys(("text", "html", "data", "mime", "name", "message", "traceback", "spec"), TEXTS | JSON),
)


@given(st.lists(st.lists(PARTS, max_size=4), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_parts_make_a_page(distinct: list[Any]) -> None:
    """Whatever the answers hold, there is a section, and it says what it would say to a browser."""
    content = one(range_control("n", [1, 2, 3, 4]))
    answers = [number % len(distinct) for number in range(4)]
    content["states"]["data"] = pack_states(None, answers, distinct)
    page = build(content)
    assert page.html.count("<nbblog-interact") == page.html.count("</nbblog-interact>") == 1

"""Python values become parts."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.shared.plotting import plot
from nbblog.shared.showing import bundle_parts, show, value_parts
from nbblog.shared.tables import cell_text, number_text


def rich(method: str, content: Any) -> object:
    return type("Rich", (), {method: lambda self: content})()


@pytest.mark.parametrize("value", ["text", 3, 2.5, True, [1, 2], (1, 2), {1}, np.float64(1.5), b"x", [], {}])
def test_plain_value_is_its_repr(value: object) -> None:
    """As Jupyter shows the last line of a cell."""
    assert show(value) == [{"kind": "text", "text": repr(value)}]


def test_none_is_nothing() -> None:
    """As in a notebook."""
    assert show(None) == []


def test_printed_text_comes_before_the_value() -> None:
    """What is displayed stands between them."""
    assert [part["kind"] for part in show(1, "hello\n", [{"a": 1}])] == ["text", "table", "text"]


def test_blank_output_is_nothing() -> None:
    """An empty print leaves no empty block."""
    assert show(None, "\n  \n") == []


def test_colours_of_a_terminal_are_left_out() -> None:
    """Parts are plain."""
    assert show(None, "\x1b[31mred\x1b[0m")[0]["text"] == "red"


def test_progress_bar_is_shown_as_it_ends() -> None:
    """Each state of it overwrites the one before."""
    assert show(None, "start\n 10%\r 50%\r100%\nend\r\n")[0]["text"] == "start\n100%\nend\r\n"


def test_dict_is_a_table_of_two_columns() -> None:
    """Keys are row headers."""
    assert show({"rows": 1200, "rate": 0.25}) == [
        {
            "kind": "table",
            "html": '<table class="nb-table"><tbody>'
            '<tr><th scope="row">rows</th><td class="nb-num">1,200</td></tr>'
            '<tr><th scope="row">rate</th><td class="nb-num">0.25</td></tr>'
            "</tbody></table>",
        }
    ]


def test_list_of_dicts_is_a_table_with_a_header() -> None:
    """Columns come from all rows; a column of numbers has the class, its header too."""
    html = show([{"name": "a", "n": 1}, {"name": "b", "n": None, "more": True}])[0]["html"]
    assert '<th scope="col">name</th><th scope="col" class="nb-num">n</th><th scope="col">more</th>' in html
    assert '<tr><td>b</td><td class="nb-num"></td><td>yes</td></tr>' in html


def test_table_escapes_what_it_holds() -> None:
    """Keys and values are text."""
    html = show({"<i>": "<script>"})[0]["html"]
    assert "<i>" not in html
    assert "<script>" not in html


def test_tuple_with_something_rich_is_its_items() -> None:
    """Strings among them are paragraphs, ``None`` is nothing."""
    parts = show(("Text.", {"a": 1}, None, plot([1], [2]), 5))
    assert [part["kind"] for part in parts] == ["prose", "table", "plot", "text"]


@pytest.mark.parametrize(
    ("method", "part"),
    [
        ("_repr_html_", {"kind": "html", "html": "x"}),
        ("_repr_markdown_", {"kind": "markdown", "text": "x"}),
        ("_repr_latex_", {"kind": "latex", "text": "x"}),
        ("_repr_svg_", {"kind": "image", "mime": "image/svg+xml", "data": "x"}),
    ],
)
def test_object_shows_itself(method: str, part: dict[str, str]) -> None:
    """By the methods that Jupyter knows."""
    assert show(rich(method, "x")) == [part]


def test_picture_of_bytes_is_base64() -> None:
    """``_repr_png_`` gives bytes."""
    assert show(rich("_repr_png_", b"\x89PNG")) == [{"kind": "image", "mime": "image/png", "data": "iVBORw=="}]


def test_bundle_with_metadata_is_read() -> None:
    """``_repr_mimebundle_`` may give two mappings."""
    assert show(rich("_repr_mimebundle_", ({"text/html": "x"}, {}))) == [{"kind": "html", "html": "x"}]


def test_object_whose_form_fails_is_its_repr() -> None:
    """A broken object takes nothing else with it."""

    class Broken:
        def _repr_html_(self) -> str:
            raise ValueError

        def __repr__(self) -> str:
            raise TypeError

    assert show(Broken()) == [{"kind": "text", "text": "<Broken: its repr raises TypeError>"}]


def test_class_is_its_repr() -> None:
    """The methods of a class are for its objects."""
    assert show(pd.DataFrame)[0]["kind"] == "text"


def test_data_frame_is_its_own_html() -> None:
    """Not a table of ours."""
    assert show(pd.DataFrame({"a": [1]}))[0]["kind"] == "html"


def test_repr_has_no_addresses() -> None:
    """They differ from run to run."""
    assert show(object()) == [{"kind": "text", "text": "<object object>"}]


def test_long_list_is_written_over_several_lines() -> None:
    """As Jupyter does it."""
    assert show(["word" * 5] * 9)[0]["text"].count("\n") == 8


def test_form_for_notebooks_only_comes_along() -> None:
    """The notebook can then show the chart itself."""
    bundle = {"application/vnd.plotly.v1+json": {"data": []}, "text/plain": "Figure()"}
    assert bundle_parts(bundle) == [{"kind": "text", "text": "Figure()", "bundle": bundle}]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_000_000, "1,000,000"),
        (31_536_000.0, "31,536,000"),
        (1234567.891, "1,234,570"),
        (0.1 + 0.2, "0.3"),
        (1e-4, "0.0001"),
        (1e-5, "1e-05"),
        (9.99e15, "9,990,000,000,000,000"),
        (1e16, "1e+16"),
        (-0.0, "0"),
        (float("inf"), "∞"),
        (True, "yes"),
        (np.bool_(False), "no"),
        (np.int64(1200), "1,200"),
        (np.float32(0.5), "0.5"),
        (Decimal("12345.5"), "12,345.5"),
        (Fraction(1, 3), "0.333333"),
        (None, ""),
        ("1,2", "1,2"),
    ],
)
def test_cell_is_written_for_a_reader(value: object, text: str) -> None:
    """Thousands have separators; six digits are enough."""
    assert cell_text(value) == text


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_in_a_cell_is_near_the_number(value: float) -> None:
    """Six digits of it, without an exponent where that can be."""
    text = number_text(value)
    assert abs(float(text.replace(",", "")) - value) <= abs(value) * 5.0001e-6 + 1e-320
    assert "e" not in text or not 1.1e-4 <= abs(value) < 9e15


class Tags(HTMLParser):
    """Which elements are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_like)
def test_parts_of_any_value_are_json(value: object) -> None:
    """And tables in them are whole."""

    parts = value_parts(value)
    assert json.loads(json.dumps(parts)) == parts
    for part in parts:
        if part["kind"] == "table":
            tags = Tags()
            tags.feed(part["html"])
            assert tags.open == []

"""Charts: any JSON gives one SVG element with every text escaped, and what is drawn is what was asked for."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.charts import draw_chart
from nbblog.core.svg import sanitise_svg

SVG = "{http://www.w3.org/2000/svg}"
LINE: dict[str, Any] = {
    "v": 1,
    "kind": "line",
    "title": "Servers",
    "x": [1000, 10_000, 100_000, 1_000_000],
    "series": [{"name": "", "y": [1, 2, 5, 17]}],
    "xLabel": "Users a day",
    "yLabel": "Servers needed",
    "logX": True,
    "logY": False,
    "marks": [[100_000, 5, "Today"]],
    "lines": [[8, "What there is"]],
    "yMin": None,
    "yMax": None,
}
BARS: dict[str, Any] = {**LINE, "kind": "bar", "x": ["random", "two choices"], "logX": False, "marks": []}
BARS["series"] = [{"name": "", "y": [480.25, 33]}]


def parse(spec: Any, width: int = 640) -> ElementTree.Element:
    """The chart, read by a strict parser."""
    return ElementTree.fromstring(draw_chart(spec, width))


def texts(spec: Any, width: int = 640) -> list[str]:
    return [element.text or "" for element in parse(spec, width).iter(f"{SVG}text")]


def test_a_line_chart_says_what_its_author_said() -> None:
    """Title, names of the axes, marks and reference lines are all there as text."""
    assert {"Servers", "Users a day", "Servers needed", "Today", "What there is"} <= set(texts(LINE))


def test_ticks_are_round_numbers_with_short_units() -> None:
    """A logarithmic axis has powers of ten, a linear one round steps from zero."""
    assert {"1k", "10k", "100k", "1M"} & set(texts(LINE)) >= {"10k", "100k", "1M"}
    assert {"0", "5", "10", "15", "20"} <= set(texts(LINE))


def test_bars_carry_their_values() -> None:
    """Each bar has its category and its number."""
    assert {"random", "two choices", "480.3", "33"} <= set(texts(BARS))


def test_bars_without_room_for_their_names_lie_down() -> None:
    """On a phone the same bars are horizontal, at the same height of the picture."""
    wide, narrow = (parse({**BARS, "x": ["least connections", "power of two choices"]}, width) for width in (640, 290))
    shapes = [[rect for rect in chart.iter(f"{SVG}rect") if rect.get("rx")] for chart in (wide, narrow)]
    assert [max(rects, key=lambda rect: float(rect.get("width", 0))).get("height") for rects in shapes][1] == "24"
    assert wide.get("height") == narrow.get("height") == "320"


def test_series_differ_by_more_than_colour() -> None:
    """Each curve has a dash of its own and its name beside it."""
    spec = {**LINE, "series": [{"name": "one", "y": [1, 2, 3, 4]}, {"name": "two", "y": [4, 3, 2, 1]}]}
    dashes = re.findall(r'stroke-width="2.5"[^>]*stroke-dasharray="([^"]*)"', draw_chart(spec))
    assert len(dashes) == len(set(dashes)) == 2
    assert {"one", "two"} <= set(texts(spec))


def test_a_gap_is_no_line() -> None:
    """Where a value is missing the curve begins anew."""
    spec = {**LINE, "series": [{"name": "", "y": [1, None, 2, 3]}]}
    assert re.search(r'd="M[\d. ]+M[\d. ]+L', draw_chart(spec))


def test_the_picture_has_words() -> None:
    """It is an image whose name tells its title, its axes and its values."""
    chart = parse(LINE)
    assert chart.get("role") == "img"
    assert "Servers needed by Users a day" in str(chart.get("aria-label"))
    assert "1,000: 1" in str(chart.get("aria-label"))


@pytest.mark.parametrize("width", [200, 290, 640, 2000])
def test_no_label_leaves_the_picture(width: int) -> None:
    """Every text begins and ends within the width, as far as its letters can be counted."""
    for text in parse(LINE, width).iter(f"{SVG}text"):
        x, room = float(text.get("x", 0)), 0.5 * 12.5 * len(text.text or "")
        start = {"end": x - room, "middle": x - room / 2}.get(str(text.get("text-anchor")), x)
        assert start >= -1
        assert start + room <= width + 1


def test_text_is_escaped_wherever_it_stands() -> None:
    """No text of the specification becomes markup."""
    evil = "</text><script>alert(1)</script>\"'&<a onload=x>"
    spec = {
        **LINE,
        "kind": "line",
        "title": evil,
        "xLabel": evil,
        "yLabel": evil,
        "marks": [[1000, 1, evil]],
        "lines": [[1, evil]],
        "series": [{"name": evil, "y": [1, 2, 3, 4]}, {"name": evil, "y": [1, 2, 3, 4]}],
    }
    names = {element.tag.removeprefix(SVG) for element in parse(spec).iter()}
    assert names <= {"svg", "rect", "path", "text", "circle"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=20,
)
NUMBERS = st.none() | st.floats() | st.integers(-(10**20), 10**20) | JSON
NUMBERS_LIST = st.lists(NUMBERS, max_size=15)
SPECS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["line", "step", "bar", "barh"]) | JSON,
        "x": st.lists(NUMBERS, max_size=15) | st.lists(st.text(max_size=30), max_size=15) | JSON,
        "series": st.lists(st.fixed_dictionaries({"name": JSON, "y": NUMBERS_LIST}), max_size=9) | JSON,
        "title": JSON,
        "xLabel": JSON,
        "yLabel": JSON,
        "logX": st.booleans(),
        "logY": st.booleans(),
        "marks": st.lists(st.tuples(NUMBERS, NUMBERS, JSON), max_size=4) | JSON,
        "lines": st.lists(st.tuples(NUMBERS, JSON), max_size=4) | JSON,
        "yMin": NUMBERS,
        "yMax": NUMBERS,
    }
)


@given(SPECS | JSON, st.integers(-10, 5000))
@settings(max_examples=300, deadline=None)
def test_any_json_gives_a_chart_that_the_gate_for_drawings_keeps(spec: Any, width: int) -> None:
    """Nothing raises, nothing is NaN, and what comes out is a drawing without anything that acts or loads."""
    drawn = draw_chart(spec, width)
    assert not re.search(r'="[^"]*(NaN|Infinity|undefined)', re.sub(r'aria-label="[^"]*"', "", drawn))
    assert len(sanitise_svg(drawn).data) > 100

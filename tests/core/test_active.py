"""Charts, widgets, scripts and frames as HTML: what is drawn, what is said instead, what is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.core.active import is_active, render_active
from nbblog.core.active.frames import build_frame_page, build_library_frame
from nbblog.core.active.plotly import decode_array, upgrade_figure
from nbblog.core.active.scripts import find_elements
from nbblog.core.csp import content_security_policy
from nbblog.core.errors import FileRefused
from nbblog.core.fragment import Collector, Fragment
from nbblog.core.html import Safe
from nbblog.core.island import script_hash, write_json
from nbblog.core.post import Bundle, Cell, FrontMatter, Post

NOTEBOOK = json.loads((Path(__file__).parent.parent / "active.ipynb").read_text("utf-8"))
PLOTLY = "application/vnd.plotly.v1+json"
VEGA = "application/vnd.vegalite.v5+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
LINE = {"data": [{"type": "scatter", "x": [1, 2], "y": [3.5, 4]}], "layout": {"title": {"text": "A line"}}}


def refuse(target: str) -> bytes:
    raise FileRefused(target, "no such file")


def render(
    mime: str,
    content: Any,
    *,
    trust: bool = False,
    frames: bool = True,
    fallback: str = "",
    state: Any = None,
    read_file: Callable[[str], bytes] = refuse,
    **others: Any,
) -> Fragment | None:
    collector = Collector(asset_url=lambda asset: asset.name, read_file=read_file)
    post = Post("a.ipynb", FrontMatter("A"), (), widget_state=state or {})
    html = render_active(
        mime,
        Bundle({mime: content, **others}),
        Cell("code", 1, "c", ""),
        post,
        collector,
        fallback=Safe(fallback),
        trust=trust,
        frames=frames,
    )
    return None if html is None else collector.finish(html)


def shown(mime: str, content: Any, **keywords: Any) -> Fragment:
    fragment = render(mime, content, **keywords)
    assert fragment is not None
    return fragment


def saved(cell: str, mime: str) -> Any:
    """An output that Plotly, Altair, Bokeh or ipywidgets really wrote."""
    outputs = next(item["outputs"] for item in NOTEBOOK["cells"] if item["id"] == cell)
    return next(output["data"][mime] for output in outputs if output["data"].get(mime))


def island(html: str) -> Any:
    match = re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert match
    return json.loads(match[1])


def codes(fragment: Fragment) -> list[str]:
    return [notice.code for notice in fragment.notices]


MODEL = {"model_name": "A", "model_module": "@jupyter-widgets/base", "model_module_version": "2.0.0"}
STATE = NOTEBOOK["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]


def test_island_keeps_every_character_from_the_parser() -> None:
    """A JSON island holds no character that could end it, and reads back as what it was."""
    value = {"</script>": "<!--\u2028\u2029 & ]]> <script>"}
    written = write_json(value)
    assert written is not None
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == value


def test_island_writes_no_number_that_browsers_refuse() -> None:
    """NaN and the infinities are null in an island."""
    assert write_json([float("nan"), {"a": float("inf")}, 1.5]) == '[null,{"a":null},1.5]'


def test_island_of_endless_nesting_is_none() -> None:
    """What is nested too deeply to be written is not an error."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert write_json(deep) is None


def test_plotly_is_drawn_from_its_data() -> None:
    """A Plotly figure becomes an element with its data, its title as its name, and its height kept free."""
    fragment = shown(PLOTLY, {**LINE, "layout": {"title": {"text": "A <b>line</b>"}, "height": 321}})
    assert '<nbblog-plotly class="nb-plot" role="figure" aria-label="A line">' in fragment.html
    assert "--nb-height:321px" in fragment.html
    assert island(fragment.html)["data"] == LINE["data"]
    assert fragment.libraries == {"plotly"}


def test_plotly_without_javascript_is_a_table() -> None:
    """The figures of a chart stand in the page as a table."""
    html = shown(PLOTLY, LINE).html
    assert '<th scope="col">x</th><th scope="col">y</th>' in html
    assert '<td class="nb-num">2</td><td class="nb-num">4</td>' in html


def test_plotly_with_a_picture_shows_it_instead_of_words() -> None:
    """The bundle's picture is what a reader without JavaScript sees."""
    html = shown(PLOTLY, LINE, fallback="<img src=x alt=y>").html
    assert '<div class="nb-plot-fallback" style="--nb-height:450px"><img src=x alt=y></div>' in html


def test_plotly_title_cannot_leave_its_attribute() -> None:
    """Titles, axis names and series are text, whatever they hold."""
    evil = '"><img src=x onerror=alert(1)>'
    trace = {"x": [evil], "y": [1], "name": evil, "type": evil}
    html = shown(PLOTLY, {"data": [trace, trace], "layout": {"title": evil, "xaxis": {"title": evil}}}).html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1, 2], [1, 2]),
        ({"dtype": "i1", "bdata": "AAH/"}, [0, 1, -1]),
        ({"dtype": "f8", "bdata": "AAAAAAAA8D8="}, [1.0]),
        ({"dtype": "u1", "bdata": "AQIDBA==", "shape": "2, 2"}, [[1, 2], [3, 4]]),
        ({"dtype": "f8", "bdata": "not base64"}, []),
        ({"dtype": "f16", "bdata": "AAAA"}, []),
        ({"dtype": "u1", "bdata": 5}, []),
        (None, []),
    ],
)
def test_typed_arrays_are_decoded(value: Any, expected: list[Any]) -> None:
    """Plotly's base64 arrays are numbers again; a damaged one is empty."""
    assert decode_array(value) == expected


def test_old_plotly_figures_are_brought_up_to_date() -> None:
    """Titles as text, which today's Plotly no longer reads, become objects; what a user stored is left alone."""
    old = {
        "data": [
            {"type": "heatmapgl", "z": [[1]], "colorbar": {"title": "C", "titleside": "right"}, "meta": {"title": "m"}}
        ],
        "layout": {"title": "T", "titlefont": {"size": 9}, "xaxis": {"title": "X"}},
    }
    new = upgrade_figure(old)
    assert new["layout"] == {"title": {"font": {"size": 9}, "text": "T"}, "xaxis": {"title": {"text": "X"}}}
    assert new["data"][0]["type"] == "heatmap"
    assert new["data"][0]["colorbar"] == {"title": {"side": "right", "text": "C"}}
    assert new["data"][0]["meta"] == {"title": "m"}


def test_plotly_in_html_is_data_again() -> None:
    """A figure in a script of an HTML output is drawn without running the script."""
    fragment = shown("text/html", _plotly_html())
    assert island(fragment.html)["layout"]["title"]["text"] == "Squares"
    assert "newPlot" not in fragment.html
    assert codes(fragment) == ["image-alt-missing"]


def _plotly_html() -> str:
    outputs = next(item["outputs"] for item in NOTEBOOK["cells"] if item["id"] == "plotly-html")
    return next(str(output["data"]["text/html"]) for output in outputs if "newPlot" in output["data"]["text/html"])


def test_plotly_map_tiles_are_not_fetched() -> None:
    """A map that needs a tile server is told in words, with a notice."""
    fragment = shown(PLOTLY, {"data": [{"type": "scattermap", "lat": [1], "lon": [2]}], "layout": {}})
    assert codes(fragment) == ["output-needs-network"]
    assert "<nbblog-plotly" not in fragment.html
    assert not fragment.libraries


@pytest.mark.parametrize("figure", [None, [], "x", {}, {"data": None}, {"data": "x"}])
def test_no_figure_is_left_to_the_next_part(figure: Any) -> None:
    """What is no Plotly figure is for the next MIME type."""
    assert render(PLOTLY, figure) is None


@pytest.mark.parametrize(
    "figure",
    [
        {"data": [None, 5, {}], "layout": None},
        {"data": [{"x": 5, "y": {"bdata": None}, "type": []}], "layout": {"title": [], "height": "x", "xaxis": 3}},
        {"data": [{"z": [[], [1, 2], 5], "x": ["a"], "y": []}], "layout": {"title": {"text": {}}}},
        {"data": [{"labels": [{}], "values": [[1]]}], "layout": {"height": float("nan")}},
    ],
)
def test_odd_figures_do_not_fail(figure: Any) -> None:
    """Whatever stands in a figure, a page comes out."""
    assert "nb-plotly" in shown(PLOTLY, figure).html


@pytest.mark.parametrize("mime", [VEGA, "application/vnd.vegalite.v6.json", "application/vnd.vegalite.v2+json"])
def test_vega_lite_is_drawn_from_its_data(mime: str) -> None:
    """A Vega-Lite specification becomes an element with its data and a description of its axes."""
    fragment = shown(mime, saved("vega-lite", VEGA))
    assert 'aria-label="Lines" data-kind="lite"' in fragment.html
    assert "Interactive chart (line); x: x; y: y; color: c." in fragment.html
    assert fragment.libraries == {"vega"}


def test_vega_is_not_taken_for_vega_lite() -> None:
    """A Vega specification is told from a Vega-Lite one."""
    spec = {"$schema": "https://vega.github.io/schema/vega/v5.json", "marks": [], "height": 100}
    assert "data-kind" not in shown("application/vnd.vega.v5+json", spec).html


def test_altair_html_is_data_again() -> None:
    """The specification in Altair's script is drawn without running the script."""
    fragment = shown("text/html", saved("altair-html", "text/html"))
    assert island(fragment.html)["mark"] == {"type": "line"}
    assert "vegaEmbed" not in fragment.html


def test_figures_beside_the_notebook_come_along() -> None:
    """A CSV file that a chart names is put into it as numbers and text."""
    spec = {"mark": "bar", "data": {"url": "a.csv"}, "encoding": {"x": {"field": "n"}}}
    fragment = shown(VEGA, spec, read_file=lambda target: b"n,t\n1,x\n2.5,y\n")
    assert island(fragment.html)["data"]["values"] == [{"n": 1, "t": "x"}, {"n": 2.5, "t": "y"}]


@pytest.mark.parametrize("url", ["https://example.org/a.json", "//example.org/a", "missing.csv"])
def test_figures_from_elsewhere_are_not_fetched(url: str) -> None:
    """A chart whose data are not there is told in words, with a notice."""
    fragment = shown(VEGA, {"mark": "bar", "data": {"url": url}, "title": "T"})
    assert codes(fragment) == ["output-needs-network"]
    assert "<nbblog-vega" not in fragment.html
    assert "T" in fragment.html


@pytest.mark.parametrize(
    "spec",
    [
        {"mark": None, "layer": [None, {"mark": 5}], "height": {"step": 20}},
        {"vconcat": [{"hconcat": [{"mark": "bar"}]}, 5], "title": {"text": ["a", {}]}},
        {"marks": "x", "data": [5, {"values": "a,b"}], "encoding": 3},
        {"mark": "bar", "data": {"values": [{}, 5]}, "encoding": {"y": {"type": "nominal", "field": []}}},
    ],
)
def test_odd_specifications_do_not_fail(spec: Any) -> None:
    """Whatever stands in a specification, a page comes out."""
    assert "nb-vega" in shown(VEGA, spec).html


def test_bokeh_document_is_found_in_its_script() -> None:
    """A Bokeh plot waits for its frame with its document, and keeps its height free."""
    script = saved("bokeh", "application/javascript")
    fragment = shown("application/vnd.bokehjs_exec.v0+json", "", **{"application/javascript": script})
    assert 'aria-label="Bokeh circles" data-library="bokeh"' in fragment.html
    assert "--nb-height:316px" in fragment.html
    assert fragment.libraries == {"bokeh"}
    assert "embed_document" not in fragment.html


def test_bokeh_of_another_age_is_told_in_words() -> None:
    """A document that today's BokehJS cannot read is named, with a notice."""
    script = 'var docs_json = {"a":{"version":"2.4.3","roots":{"references":[]}}};'
    fragment = shown("application/javascript", script)
    assert codes(fragment) == ["output-not-drawn"]
    assert "Bokeh 2.4.3" in fragment.html


@pytest.mark.parametrize(
    "html",
    [
        '<div id="x" data-root-id="p1" style="display: contents;"></div>',
        "<script>window.PlotlyConfig = {MathJaxConfig: 'local'};</script>",
        '<style>.bk-notebook-logo {}</style><div><a class="bk-notebook-logo"></a><span>Loading BokehJS</span></div>',
    ],
)
def test_loaders_leave_no_trace(html: str) -> None:
    """Outputs that only fetch a library for later ones show nothing."""
    fragment = shown("text/html", html)
    assert not fragment.html
    assert not fragment.notices


def test_widget_brings_only_the_models_it_needs() -> None:
    """A widget's frame gets its models, its children's and its links, and no others."""
    view = saved("linked-widgets", WIDGET)
    fragment = shown(WIDGET, view, state=STATE)
    models = island(fragment.html)["state"]
    names = {model["model_name"] for model in models.values()}
    assert {"HBoxModel", "IntSliderModel", "IntTextModel", "LinkModel"} <= names
    assert len(models) < len(STATE["state"])
    assert fragment.libraries == {"widgets"}


def test_widget_says_what_it_holds_without_javascript() -> None:
    """Labels and values of a widget, and what an output widget printed, are text in the page."""
    assert "n: 3\none\nhello" in shown(WIDGET, saved("widgets", WIDGET), state=STATE).html
    assert "inside output" in shown(WIDGET, saved("output-widget", WIDGET), state=STATE).html


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"state": []},
        {"state": {"a": 5}},
        {"state": {"a": {"model_name": 5, "state": {}}}},
        {"state": {"a": {"model_name": "X", "model_module": "x", "model_module_version": "1", "state": []}}},
        {"state": {"a": {**MODEL, "state": {"layout": "IPY_MODEL_gone"}}}},
        {"state": {"a": {"model_name": "X", "model_module": "anywidget", "model_module_version": "1", "state": {}}}},
    ],
)
def test_widget_without_a_usable_state_is_told_in_words(state: Any) -> None:
    """A missing or malformed state, or a widget with code of its own, gives a note and a notice."""
    fragment = shown(WIDGET, {"model_id": "a"}, state=state)
    assert codes(fragment) == ["output-not-drawn"]
    assert 'class="nb-output nb-dropped"' in fragment.html


@pytest.mark.parametrize("view", [None, "x", {}, {"model_id": []}])
def test_widget_view_that_is_none_is_told_in_words(view: Any) -> None:
    """A damaged view gives a note and a notice."""
    assert codes(shown(WIDGET, view, state=STATE)) == ["output-not-drawn"]


def test_models_that_refer_to_each_other_are_taken_once() -> None:
    """A circle of models ends."""
    state = {"state": {"a": {**MODEL, "state": {"children": ["IPY_MODEL_a"]}}}}
    assert list(island(shown(WIDGET, {"model_id": "a"}, state=state).html)["state"]) == ["a"]


def test_page_that_is_one_file_has_no_frames() -> None:
    """Where a page has no files beside it, widgets are told in words, with a notice."""
    fragment = shown(WIDGET, saved("widgets", WIDGET), state=STATE, frames=False)
    assert codes(fragment) == ["output-not-drawn"]
    assert "<nbblog-frame" not in fragment.html
    assert "n: 3" in fragment.html


def test_javascript_does_not_run() -> None:
    """A JavaScript output is a note and a notice; its code is not in the page."""
    fragment = shown("application/javascript", "alert('x')")
    assert fragment.html == '<p class="nb-output nb-dropped">Left out here: JavaScript.</p>'
    assert codes(fragment) == ["output-script-dropped"]


def test_html_loses_its_script_and_keeps_its_words() -> None:
    """What is static in an HTML output is shown, and a note says that a script was left out."""
    fragment = shown("text/html", "<b>Words</b><script>alert(1)</script><p onclick=alert(2)>more</p>")
    assert "<b>Words</b>" in fragment.html
    assert "alert" not in fragment.html
    assert codes(fragment) == ["output-script-dropped"]


def test_script_that_only_adds_a_button_leaves_no_note() -> None:
    """A Colab table is complete without its script: no note for the reader, a notice for the author."""
    html = '<div class="colab-df-container"><table><tr><td>1</td></tr></table><script>x()</script></div>'
    fragment = shown("text/html", html)
    assert "nb-dropped" not in fragment.html
    assert codes(fragment) == ["output-script-dropped"]


def test_html_without_anything_active_is_not_ours() -> None:
    """Static HTML is left to the sanitiser."""
    assert not is_active("text/html", "<table><tr><td>script</td></tr></table>")
    assert render("text/html", "<table><tr><td>1</td></tr></table>") is None


@pytest.mark.parametrize(
    "source",
    [
        "https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0",
        "//youtube.com/embed/dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ",
    ],
)
def test_video_frame_is_a_card(source: str) -> None:
    """A frame of a known player is a card with a link; nothing of the other site is loaded."""
    html = shown("text/html", f'<iframe width="400" src="{source}"></iframe>').html
    assert 'class="nb-embed" data-src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in html
    assert "<iframe" not in html


def test_frame_of_another_site_is_a_link() -> None:
    """A frame of any other site is a link to it."""
    html = shown("text/html", '<iframe src="https://example.org/x?a=1&amp;b=2"></iframe>').html
    assert 'href="https://example.org/x?a=1&amp;b=2"' in html


@pytest.mark.parametrize("source", ["javascript:alert(1)", "data:text/html,<script>", "/etc/passwd", "http://[", ""])
def test_frame_of_no_web_address_is_left_out(source: str) -> None:
    """A frame that leads to no web address gives a note, never a link."""
    html = shown("text/html", f'<iframe src="{source}"></iframe>').html
    assert "<a " not in html
    assert "nb-dropped" in html


def test_trusted_script_gets_a_frame_of_its_own() -> None:
    """With trust, HTML with a script is a file of its own that waits to be framed, and keeps its fallback."""
    fragment = shown("text/html", "<b>Words</b><script>draw('</script>')</script>", trust=True)
    (asset,) = fragment.assets
    page = asset.data.decode()
    assert f'data-src="{asset.name}"' in fragment.html
    assert "<b>Words</b>" in fragment.html
    assert "connect-src &#x27;none&#x27;" in page
    assert "<b>Words</b>" not in page
    assert 'self.origin === "null"' in page


def test_fallback_stays_when_a_script_is_left_out() -> None:
    """The bundle's picture is shown where a script was."""
    assert shown("application/javascript", "draw()", fallback="<img src=x alt=y>").html.startswith("<img src=x")


def test_scripts_are_found_in_linear_time() -> None:
    """A hundred thousand unclosed elements are one element, read once."""
    assert len(list(find_elements("<script>" * 100_000, "script"))) == 1
    assert len(list(find_elements("<script " * 100_000, "script"))) == 1


def test_only_whole_names_are_elements() -> None:
    """A custom element whose name begins like a script is none."""
    assert not list(find_elements("<script-x>a</script-x><scripty>", "script"))


def test_frame_page_allows_exactly_its_scripts() -> None:
    """A frame's policy has the hash of each script as it stands there, whatever a library holds."""
    page = build_frame_page([b"a='</script><!--'", b"b()"]).decode()
    scripts = re.findall(r"<script>(.*?)</script>", page)
    assert scripts == ["a='<\\/script><\\!--'", "b()"]
    assert all(script_hash(script).replace("'", "&#x27;") in page for script in scripts)
    assert "unsafe-eval" not in page


def test_library_frame_has_its_parts_in_order() -> None:
    """Our script comes first, then Bokeh, then its extensions; the name has the version and the content's hash."""
    files = {
        "bokeh-gl-3.1.0.min.js": b"gl()",
        "bokeh-3.1.0.min.js": b"core()",
        "bokeh-tables-3.1.0.min.js": b"tables()",
    }
    ((name, page),) = build_library_frame("bokeh", files, "ours()").items()
    assert re.fullmatch(r"bokeh-3\.1\.0-[0-9a-f]{8}\.html", name)
    assert re.findall(r"<script>(\w+)\(\)", page.decode()) == ["ours", "core", "gl", "tables"]


def test_policy_of_a_plain_page_runs_only_its_own_scripts() -> None:
    """A page with nothing to draw loads no script and no frame."""
    policy = content_security_policy(scripts=["a()"])
    assert f"script-src {script_hash('a()')};" in policy
    assert "frame-src 'none'" in policy
    assert "unsafe-eval" not in policy


def test_policy_grows_with_what_the_page_needs() -> None:
    """Libraries, frames and players add their sources and no others."""
    policy = content_security_policy(scripts=["a()"], libraries={"vega", "bokeh"}, embeds=["player.vimeo.com"])
    assert f"script-src {script_hash('a()')} 'strict-dynamic';" in policy
    assert "frame-src 'self' https://player.vimeo.com;" in policy


def test_hash_is_of_the_text_a_parser_sees() -> None:
    """Line ends and NUL are hashed as an HTML parser hands them on."""
    assert script_hash("a\r\nb\0") == script_hash("a\nb\ufffd")


_TEXT = """data layout title text type x y z bdata dtype shape name xaxis height width values datasets mark marks layer
hconcat vconcat encoding field url format spec color axis config view state children model_id model_name model_module
outputs roots version attributes id IPY_MODEL_a a step aggregate description value index _options_labels"""
_WORDS = _TEXT.split()
_KEYS = st.sampled_from(_WORDS)
_LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.sampled_from([*_WORDS, "<b>", ""])
_JSON = st.recursive(
    _LEAVES, lambda part: st.lists(part, max_size=4) | st.dictionaries(_KEYS, part, max_size=5), max_leaves=25
)


@given(st.dictionaries(_KEYS, _JSON, max_size=6), _JSON)
@settings(max_examples=150, deadline=None)
def test_nothing_in_a_bundle_is_a_failure(content: dict[str, Any], more: Any) -> None:
    """Whatever JSON stands where a chart, a widget or a document should, rendering ends without an error."""
    render(PLOTLY, {**content, "data": [more, content]})
    render(VEGA, {**content, "mark": more})
    render(WIDGET, {"model_id": "a"}, state={"state": {"a": content, "b": more}})
    render(WIDGET, {"model_id": "a"}, state={"state": {"a": {**MODEL, "state": content}}})
    documents = json.dumps({"d": {"version": "3.1", **content, "roots": more}})
    render("application/javascript", f"docs_json = {documents}")
    render("text/html", f'<script>Plotly.newPlot("a", {documents}, {documents}); spec = {documents}</script>')

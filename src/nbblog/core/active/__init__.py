"""Outputs that are more than text and pictures: charts, widgets, scripts and frames.

Charts of Plotly and Vega are data, drawn in the page by the site's own library. Bokeh documents and widgets are
data too, but their libraries need a frame. Scripts of a notebook do not run unless its author says that they are
trusted, and then in a frame. Whatever is not drawn leaves words for the reader and a notice for the author.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from nbblog.core.errors import FileRefused
from nbblog.core.fragment import Collector
from nbblog.core.html import Safe, escape, join, sanitise, tag
from nbblog.core.notices import NoticeCode
from nbblog.core.post import Bundle, Cell, Post

from . import bokeh, plotly, vega, widgets
from .charts import render_chart, render_words
from .embeds import render_embed
from .frames import build_trusted_frame, render_frame
from .island import render_island, write_json
from .scripts import Element, find_bokeh, find_elements, find_plotly, find_vega, has_scripts

__all__ = ["is_active", "render_active", "render_mermaid"]

_PLOTLY = "application/vnd.plotly.v1+json"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_BOKEH = re.compile(r"application/vnd\.bokehjs_(exec|load)\.v0\+json")
# Altair 6 writes "vnd.vegalite.v6.json", without the plus sign.
_VEGA = re.compile(r"application/vnd\.vega(lite)?\.v\d{1,2}[.+]json")
_SCRIPTS = ("application/javascript", "text/javascript")
# What folium shows to those who must first trust a notebook: in a page it would be wrong advice.
_MAP_NOTE = "Make this Notebook Trusted to load map"
_MAX_CHARTS = 20
"""Charts in one HTML output."""
_MAX_DOCUMENT = 16 * 2**20
"""Characters of JSON that a frame is given."""

# Outputs that only fetch a library for later ones; what they would say on a page is of no use to a reader.
_LOADERS = re.compile(r"PlotlyConfig|bk-notebook-logo|_bokeh_onload_callbacks|require(?:js)?\.(?:config|undef)\(")
_BOKEH_PLACE = re.compile(r"data-root-id=|bk-notebook-logo")
# Scripts that add a button to a table which is complete without it (Colab, scikit-learn).
_DECORATION = re.compile(r"\bcolab-df\b|\bsk-(?:top-)?container\b")


def is_active(mime: str, content: Any) -> bool:
    """Whether ``render_active`` is the one to ask about this part of an output."""
    if mime == "text/html":
        return isinstance(content, str) and (has_scripts(content) or _BOKEH_PLACE.search(content) is not None)
    return mime in (_PLOTLY, _WIDGET, *_SCRIPTS) or bool(_BOKEH.fullmatch(mime) or _VEGA.fullmatch(mime))


def render_active(
    mime: str, bundle: Bundle, cell: Cell, post: Post, collector: Collector, *, fallback: Safe, trust: bool
) -> Safe | None:
    """The part ``mime`` of an output as finished ``nb-output`` blocks; empty when a reader needs to see nothing;
    ``None`` when it is not active after all, or of no use, and the next part should be taken.

    ``fallback`` is what else the bundle has for a reader without scripts (its picture), or empty. ``trust`` lets the
    notebook's own scripts run, in frames without origin or network. Never raises."""
    content = bundle.data.get(mime)
    try:
        if mime == _PLOTLY:
            return _render_plotly([content], fallback, collector)
        if _VEGA.fullmatch(mime):
            return _render_vega(content, fallback, collector)
        if mime == _WIDGET:
            return _render_widget(content, post, fallback, collector)
        if _BOKEH.fullmatch(mime):
            return _render_bokeh_bundle(bundle, fallback, collector)
        if mime in _SCRIPTS:
            return _render_script(str(content), bundle, fallback, collector, trust)
        return _render_html(content, fallback, collector, trust) if isinstance(content, str) else None
    except RecursionError:
        return None


def render_mermaid(source: str, collector: Collector) -> Safe:
    """A mermaid diagram: its source as text, drawn in the page by the site's own mermaid."""
    code = tag("code", escape(source), class_="language-mermaid")
    text = tag("pre", code, tabindex=0, role="region", aria_label="Diagram")
    island = write_json(source)
    if island is None:
        return text
    collector.require("mermaid")
    content = join([tag("div", text, class_="nb-plot-fallback"), render_island(island)])
    return tag("nbblog-mermaid", content, class_="nb-mermaid nb-plot", role="figure", aria_label="Diagram")


def _render_plotly(figures: list[Any], fallback: Safe, collector: Collector) -> Safe | None:
    blocks = []
    for figure in figures:
        if not isinstance(figure, dict) or not isinstance(figure.get("data"), list):
            continue
        drawn = not plotly.needs_network(figure)
        island = write_json(plotly.upgrade_figure(figure)) if drawn else None
        if not drawn:
            collector.notice(NoticeCode.OUTPUT_NEEDS_NETWORK, "a Plotly map takes its tiles from a map server")
        if island is not None:
            collector.require("plotly")
        blocks.append(render_chart(plotly.read_chart(figure), island, fallback))
    return join(blocks) if blocks else None


def _render_vega(spec: Any, fallback: Safe, collector: Collector) -> Safe | None:
    if not vega.is_spec(spec):
        return None
    island = None
    try:
        spec = vega.inline_files(spec, collector.read_file)
        island = write_json(spec)
    except vega.RemoteFigures as error:
        collector.notice(NoticeCode.OUTPUT_NEEDS_NETWORK, f"a Vega chart takes its figures from {error.url[:200]}")
    except FileRefused as error:
        collector.notice(NoticeCode.OUTPUT_NEEDS_NETWORK, f"the figures of a Vega chart: {error}")
    if island is not None:
        collector.require("vega")
    return render_chart(vega.read_chart(spec), island, fallback)


def _render_bokeh_bundle(bundle: Bundle, fallback: Safe, collector: Collector) -> Safe | None:
    codes = [bundle.data.get(mime) for mime in (*_SCRIPTS, "text/html")]
    for code in codes:
        documents = find_bokeh(code) if isinstance(code, str) else None
        if documents:
            return _render_bokeh(documents, fallback, collector)
    if any(_BOKEH.fullmatch(mime) and "load" in mime for mime in bundle.data):
        return Safe("")
    return fallback or _drop("a Bokeh plot that a server drew", collector)


def _render_bokeh(documents: Mapping[str, Any], fallback: Safe, collector: Collector) -> Safe:
    title, height = bokeh.read_title(documents), bokeh.read_height(documents)
    island = write_json(documents)
    if not bokeh.is_drawable(documents) or island is None or len(island) > _MAX_DOCUMENT:
        version = bokeh.read_version(documents)
        return join([fallback, _drop(f"a plot of Bokeh {version} ({title})", collector, NoticeCode.OUTPUT_NOT_DRAWN)])
    collector.require("bokeh")
    words = fallback or render_words(title, "Interactive Bokeh plot.")
    return render_frame(words, title=title, height=height, library="bokeh", island=island)


def _render_widget(view: Any, post: Post, fallback: Safe, collector: Collector) -> Safe:
    model_id = view.get("model_id") if isinstance(view, dict) else None
    try:
        models = widgets.select_models(post.widget_state, str(model_id))
    except widgets.WidgetProblem as problem:
        return fallback or _drop(f"a widget: {problem.reason}", collector, NoticeCode.OUTPUT_NOT_DRAWN)
    island = write_json({"state": models, "model_id": model_id})
    lines = widgets.read_text(models, str(model_id))
    text = tag("pre", escape("\n".join(lines)), tabindex=0, role="region", aria_label="Output") if lines else Safe("")
    words = fallback or join([tag("p", escape("Interactive widget"), class_="nb-plot-title"), text])
    if island is None or len(island) > _MAX_DOCUMENT:
        collector.notice(NoticeCode.OUTPUT_NOT_DRAWN, "a widget: its saved state is too large")
        return tag("div", words, class_="nb-output nb-text")
    collector.require("widgets")
    height = 32 * min(max(len(lines), 1), 12) + 16
    return render_frame(words, title="Interactive widget", height=height, library="widgets", island=island)


def _render_script(code: str, bundle: Bundle, fallback: Safe, collector: Collector, trust: bool) -> Safe | None:
    documents = find_bokeh(code)
    if documents:
        return _render_bokeh(documents, fallback, collector)
    if _LOADERS.search(code[:20_000]):
        return Safe("")
    if trust:
        place = '<div id="output"></div><script>var element = document.getElementById("output");</script>'
        framed = _render_trusted(f"{place}<script>{code}</script>", fallback, collector)
        if framed is not None:
            return framed
    if isinstance(bundle.data.get("text/html"), str):
        collector.notice(NoticeCode.OUTPUT_SCRIPT_DROPPED, "JavaScript")
        return None
    return join([fallback, _drop("JavaScript", collector)])


def _render_html(html: str, fallback: Safe, collector: Collector, trust: bool) -> Safe | None:
    charts = _render_charts(html, fallback, collector)
    if charts is not None:
        return charts
    static = Safe("") if _MAP_NOTE in html else sanitise(html)
    seen = _has_content(static)
    scripts = [e for e in find_elements(html, "script") if e.text.strip() or "src" in e.attributes]
    frames = list(islice(find_elements(html, "iframe"), _MAX_CHARTS))
    if "bk-notebook-logo" in html or (not seen and (_BOKEH_PLACE.search(html) or _LOADERS.search(html))):
        return Safe("")
    if not scripts and not frames:
        return None
    if trust and (scripts or any("srcdoc" in frame.attributes for frame in frames)):
        framed = _render_trusted(html, static if seen else fallback, collector)
        if framed is not None:
            return framed
    quiet = _DECORATION.search(html) is not None
    return _render_static(static if seen else fallback, scripts, frames, collector, quiet=quiet)


def _render_charts(html: str, fallback: Safe, collector: Collector) -> Safe | None:
    """What a script in the HTML would draw, drawn from the data in it."""
    charts = _render_plotly(list(islice(find_plotly(html), _MAX_CHARTS)), fallback, collector)
    specs = [] if charts is not None else islice(filter(vega.is_spec, find_vega(html)), _MAX_CHARTS)
    blocks = [block for spec in specs if (block := _render_vega(spec, fallback, collector)) is not None]
    if charts is None and not blocks and (documents := find_bokeh(html)):
        return _render_bokeh(documents, fallback, collector)
    return join(blocks) if blocks else charts


def _render_static(
    static: Safe, scripts: list[Element], frames: list[Element], collector: Collector, *, quiet: bool
) -> Safe:
    parts = [tag("div", static, class_="nb-output nb-html")] if static else []
    for frame in frames:
        card = render_embed(frame.attributes.get("src", ""), frame.attributes.get("title", ""))
        parts.append(card or _drop("an embedded document", collector))
    if scripts and (quiet or frames):
        collector.notice(NoticeCode.OUTPUT_SCRIPT_DROPPED, "a script in HTML")
    elif scripts:
        parts.append(_drop("a script in HTML", collector))
    return join(parts)


def _render_trusted(html: str, fallback: Safe, collector: Collector) -> Safe | None:
    """A frame that runs the notebook's scripts; ``None`` where the host gives pages no files beside them."""
    url = collector.add_asset(build_trusted_frame(html))
    # A frame without a file of its own inherits the page's policy, and nothing in it would run.
    if url.startswith("data:"):
        collector.notice(NoticeCode.OUTPUT_NOT_DRAWN, "a trusted script needs a page with files beside it")
        return None
    return render_frame(fallback, title="Interactive output", height=0, source=url)


def _drop(what: str, collector: Collector, code: NoticeCode = NoticeCode.OUTPUT_SCRIPT_DROPPED) -> Safe:
    collector.notice(code, what)
    return tag("p", escape(f"Left out here: {what}."), class_="nb-output nb-dropped")


def _has_content(html: Safe) -> bool:
    return bool(re.search(r"<(?:img|video|audio|hr|input|table)\b", html) or re.sub(r"<[^>]*>", "", html).strip())
